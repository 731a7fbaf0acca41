/* Phrases of pages: ranks, durations, times, steps (page.h). */
#include "incident/page.h"

#include "base/test.h"

#define MIN (60 * SECOND)
#define HOUR (60 * MIN)
#define DAY (24 * HOUR)

static bool
is_text(struct buf *b, const char *want)
{
	bool same = str_eq(buf_str(b), str_of(want));

	if (!same)
		printf("# %.*s, not %s\n", (int)b->n, b->p ? b->p : "", want);
	buf_free(b);
	return same;
}

static const struct {
	int64_t ns;
	const char *text;
} spans[] = {
	{0, "0 s"}, {1, "<1 ms"}, {999999, "<1 ms"}, {1000000, "1 ms"}, {18999999, "18 ms"}, {999999999, "999 ms"},
	{SECOND, "1 s"}, {SECOND * 19 / 10, "1.9 s"}, {10 * SECOND - 1, "9.9 s"}, {10 * SECOND, "10 s"}, {SECOND * 21 / 2, "10 s"}, {120 * SECOND - 1, "119 s"},
	{2 * MIN, "2 min"}, {2 * MIN + SECOND - 1, "2 min"}, {2 * MIN + SECOND, "2 min 1 s"}, {60 * MIN - 1, "59 min 59 s"},
	{60 * MIN, "60 min"}, {60 * MIN + 59 * SECOND, "60 min"}, {2 * HOUR - 1, "119 min"}, {2 * HOUR, "2 h"}, {2 * HOUR + MIN, "2 h 1 min"},
	{48 * HOUR - 1, "47 h 59 min"}, {48 * HOUR, "2 d"}, {2 * DAY + HOUR, "2 d 1 h"}, {60 * DAY - 1, "59 d 23 h"}, {60 * DAY + HOUR, "60 d"},
	{-90 * SECOND, "90 s"},
};

static const struct {
	const char *ranges;
	uint64_t n;
	size_t max;
	const char *text;
} ranks[] = {
	{"", 0, 4, ""}, {"7", 1, 4, "7"}, {"0-3,7", 5, 4, "0-3, 7"}, {"0-3,7,9", 6, 2, "0-3, 7 and 1 more"}, {"0-3,7-9,11-12", 9, 1, "0-3 and 5 more"},
	{"3-3", 1, 4, "3"}, {"3-2", 0, 4, ""}, {"1,x", 1, 4, "1"}, {"1-", 0, 4, ""}, {"1a", 0, 4, ""}, {"4294967294", 1, 4, "4294967294"}, {"4294967295", 0, 4, ""},
	{"5-4294967295", 0, 4, ""},
};

/* 2026-05-14T02:31:10.001200Z */
#define AT (INT64_C(1778725870) * SECOND + 1200000)

static void
check_times(void)
{
	struct buf b = {0};

	TEST("times");
	clock_say(&b, AT);
	CHECK(is_text(&b, "02:31:10.001"));
	clock_say(&b, AT - 1200000);
	CHECK(is_text(&b, "02:31:10"));
	clock_say(&b, AT - 200001);
	CHECK(is_text(&b, "02:31:10"));
	clock_say(&b, -1);
	CHECK(is_text(&b, "23:59:59.999"));
	clock_say(&b, NO_TIME);
	CHECK(is_text(&b, "-"));
	time_say(&b, AT);
	CHECK(is_text(&b, "2026-05-14 02:31:10.001200"));
	time_say(&b, NO_TIME);
	CHECK(is_text(&b, "-"));
	buf_add(&b, S("at "));
	clock_say(&b, AT);
	time_say(&b, AT - 1200000);
	CHECK(is_text(&b, "at 02:31:10.0012026-05-14 02:31:10"));
}

static const struct {
	struct incident_step step;
	const char *where, *what, *why;
} steps[] = {
	{{.at = AT, .since = AT}, "", "", "root"},
	{{.at = AT, .since = AT, .node = STR_INIT("a"), .gpu = STR_INIT("g"), .pod = STR_INIT("p"), .what = STR_INIT("Xid 79"), .from = 1},
		"a g p", "Xid 79", "from 1"},
	{{.at = AT, .since = AT, .pod = STR_INIT("p"), .from = 2, .strength = STR_INIT("causes")}, "p", "", "from 2, causes"},
	{{.at = AT, .since = AT, .node = STR_INIT("a"), .pod = STR_INIT("p"), .from = 2, .strength = STR_INIT("causes"), .rule = STR_INIT("C4")},
		"a p", "", "from 2, causes (C4)"},
	{{.at = AT, .since = AT, .gpu = STR_INIT("g"), .from = 3, .rule = STR_INIT("C4")}, "g", "", "from 3 (C4)"},
	/* since when it lasted, or before which it did not happen; with the date if that is a day ago */
	{{.at = AT, .since = AT - SECOND, .what = STR_INIT("Heat"), .fact = STR_INIT("heat")}, "", "Heat (since 02:31:09.001)", "root"},
	{{.at = AT, .since = AT - SECOND, .what = STR_INIT("Lost"), .fact = STR_INIT("lost")}, "", "Lost (not before 02:31:09.001)", "root"},
	{{.at = AT, .since = AT - DAY + 1200000, .what = STR_INIT("Lost")}, "", "Lost (not before 02:31:10.002)", "root"},
	{{.at = AT, .since = AT - DAY - 1200000, .what = STR_INIT("Lost")}, "", "Lost (not before 2026-05-13 02:31:10)", "root"},
	{{.at = AT, .since = AT, .what = STR_INIT("Xids"), .folded = 3}, "", "Xids (and 3 more)", "root"},
	{{.at = AT, .since = AT, .what = STR_INIT("Timeouts"), .folded = 3, .fact = STR_INIT("watchdog")}, "", "Timeouts", "root"},
};

static const char *const lasting[] = {"pcie", "heat", "link", "storage", "pressure"}, *const brief[] = {"xid", "lost", "hang", "", "lin"};

static void
check_after(int64_t before, int64_t at, const char *want)
{
	struct incident_step p = {.at = before}, s = {.at = at};
	struct buf b = {0};

	after_say(&b, &s, &p);
	CHECK(is_text(&b, want));
}

int
main(void)
{
	struct buf b = {0};
	struct incident_step one = {.at = AT};

	TEST("durations");
	for (size_t i = 0; i < NELEM(spans); i++) {
		span_say(&b, spans[i].ns);
		CHECK_ROW(i, is_text(&b, spans[i].text));
	}
	TEST("ranks");
	for (size_t i = 0; i < NELEM(ranks); i++) {
		ranks_say(&b, str_of(ranks[i].ranges), ranks[i].max);
		CHECK_ROW(i, is_text(&b, ranks[i].text));
		CHECK_ROW(i, ranks_count(str_of(ranks[i].ranges)) == ranks[i].n);
	}
	check_times();
	TEST("steps");
	for (size_t i = 0; i < NELEM(steps); i++) {
		where_say(&b, &steps[i].step);
		CHECK_ROW(i, is_text(&b, steps[i].where));
		what_say(&b, &steps[i].step);
		CHECK_ROW(i, is_text(&b, steps[i].what));
		why_say(&b, &steps[i].step);
		CHECK_ROW(i, is_text(&b, steps[i].why));
	}
	TEST("facts that last");
	for (size_t i = 0; i < NELEM(lasting); i++) {
		CHECK_ROW(i, step_lasts(&(struct incident_step){.fact = str_of(lasting[i])}));
		CHECK_ROW(i, !step_lasts(&(struct incident_step){.fact = str_of(brief[i])}));
	}
	TEST("time after another step");
	check_after(AT, AT + 18000000, "+18 ms");
	check_after(AT, AT, "+0 s");
	check_after(AT, AT - 52 * SECOND, "-52 s");
	check_after(NO_TIME, AT, "");
	check_after(AT, NO_TIME, "");
	after_say(&b, &one, NULL);
	CHECK(is_text(&b, ""));
	return test_done();
}
