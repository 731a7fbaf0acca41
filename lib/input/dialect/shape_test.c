/*
 * The cache for shapes changes nothing: a reader that reads value after value yields the
 * same records as one that clears the cache each time, for the inputs of golden cases and
 * testdata, and for the same with other texts and numbers in the same places.
 */
#include "base/test.h"
#include "base/test_files.h"
#include "input/dialect/dialect.h"

static uint64_t seed = 1;

static unsigned
below(unsigned n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

static struct events kept = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
static struct events fresh = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
static struct reader keeps = {.ev = &kept, .boot_time = NO_TIME, .scrape_time = NO_TIME};
static struct reader forgets = {.ev = &fresh, .boot_time = NO_TIME, .scrape_time = NO_TIME};
static uint64_t values, known, records;

static bool
same_records(void)
{
	for (unsigned k = 0; k < EVENT_KINDS; k++) {
		const struct event_list *a = &kept.list[k], *b = &fresh.list[k];

		if (a->n != b->n)
			return false;
		if (a->n && memcmp(a->p, b->p, (size_t)((char *)events_at(&kept, k, a->n) - (char *)a->p)) != 0)
			return false;
		records += a->n;
	}
	return kept.names.n == fresh.names.n && str_eq(str_of(keeps.why ? keeps.why : ""), str_of(forgets.why ? forgets.why : "")) && keeps.rank == forgets.rank;
}

static void
compare(int row, struct str text)
{
	reader_value_text(&keeps, text);
	json_free(&forgets.json);
	reader_value_text(&forgets, text);
	CHECK_ROW(row, same_records());
	events_reset(&kept);
	events_reset(&fresh);
	values++;
	known += keeps.known.shape != 0;
}

/* Put the text with some other scalars. */
static void
put_varied(struct buf *b, const struct json *j)
{
	static const struct str strings[] = {
		STR_INIT(""), STR_INIT("Node"), STR_INIT("Pod"), STR_INIT("Event"), STR_INIT("Evicted"), STR_INIT("True"),
		STR_INIT("matrix"), STR_INIT("kernel"), STR_INIT("gpu-7"), STR_INIT("79"), STR_INIT("2026-02-03T04:05:06Z"),
		STR_INIT("NVRM: Xid (PCI:0000:3b:00): 79, pid=1, GPU has fallen off the bus."), STR_INIT("completed"),
		STR_INIT("0000:3b:00.0"), STR_INIT("XID Error"), STR_INIT("DCGM_FI_DEV_GPU_TEMP"),
	}, others[] = {STR_INIT("0"), STR_INIT("79"), STR_INIT("-1.5e3"), STR_INIT("1790000000000000000"), STR_INIT("null"), STR_INIT("true")};
	size_t at = 0;

	for (int i = 0; i < j->n; i++) {
		const jsmntok_t *t = &j->tok[i];
		bool name = t->parent >= 0 && j->tok[t->parent].type == JSMN_OBJECT;

		if (name || below(3) || (t->type != JSMN_STRING && t->type != JSMN_PRIMITIVE))
			continue;
		buf_add(b, (struct str){j->text.p + at, (size_t)t->start - at});
		buf_add(b, t->type == JSMN_STRING ? strings[below(NELEM(strings))] : others[below(NELEM(others))]);
		at = (size_t)t->end;
	}
	buf_add(b, str_from(j->text, at));
}

static void
compare_lines(int row, struct str text)
{
	struct str line;
	struct json j = {0};
	struct buf b = {0};
	uint64_t at;

	while (str_cut(&text, '\n', &line)) {
		if (line.n > 10000 || json_check(line, &at))
			continue;
		compare(row, line);
		json_parse(&j, line);
		for (int i = 0; i < 4; i++) {
			b.n = 0;
			put_varied(&b, &j);
			CHECK_ROW(row, !json_check(buf_str(&b), &at));
			compare(row, buf_str(&b));
		}
	}
	json_free(&j);
	buf_free(&b);
}

static void
compare_files(const char *pattern)
{
	TEST(pattern);
	values = known = records = 0;
	if (test_files(pattern, compare_lines))
		CHECK(known > values / 2 && records > values / 8);
}

int
main(void)
{
	compare_files("golden/*/*/in*");
	compare_files("testdata/incidents/*/*");
	compare_files("testdata/fuzz/input/*");
	reader_free(&keeps);
	reader_free(&forgets);
	events_free(&kept);
	events_free(&fresh);
	return test_done();
}
