/*
 * Incident lines of the input (passed.c) go between this run's incidents, in order of time
 * and id; one with the id of an incident of this run is replaced by it.
 */
#include "incident/test_facts.h"

#include "base/test.h"

/* A line of an incident: "ID FIRST KIND", FIRST in seconds, or of a pattern. */
static void
add_line(struct made *m, struct str one)
{
	struct verdict_line v = {.e.t = 0};
	struct str id, first;
	int64_t t;

	str_cut(&one, ' ', &id);
	str_cut(&one, ' ', &first);
	m->scratch.n = 0;
	if (str_starts(id, S("pattern"))) {
		buf_add(&m->scratch, S("{\"pattern.id\":\"16\",\"id\":\"x\"}"));
	} else {
		buf_add(&m->scratch, S("{\"pattern.id\":\"0\", \"id\":\""));
		buf_add(&m->scratch, id);
		if (num_i64(first, &t)) {
			buf_add(&m->scratch, S("\",\"first\":\""));
			time_put(&m->scratch, t * SECOND);
		}
		buf_add(&m->scratch, S("\",\"kind\":\""));
		buf_add(&m->scratch, one);
		buf_add(&m->scratch, S("\"}"));
	}
	v.line = idx_add(&m->ev.names, buf_str(&m->scratch));
	events_add(&m->ev, EVENT_VERDICT, &v);
}

/* The ids of verdicts' lines; "!" is a planned one. */
static void
put_ids(struct buf *b, const struct verdicts *out)
{
	b->n = 0;
	for (size_t i = 0; i < out->n; i++) {
		struct str rest = out->v[i].line, one, id = {0};

		for (int k = 0; k < 8 && str_cut(&rest, '"', &one); k++)
			id = one;
		buf_add(b, b->n ? S(" ") : S(""));
		buf_add(b, id);
		buf_add(b, out->v[i].planned ? S("!") : S(""));
	}
}

static const struct {
	const char *lines;
	int64_t first; /* of this run's incident, in seconds */
	const char *id, *before, *after;
} rows[] = {
	{"", 5, "m", "", ""},
	/* by time, then id */
	{"c 1 fault; b 2 fault; a 3 fault", 9, "m", "c b a", ""},
	{"b 1 fault; a 1 fault; c 1 fault", 9, "m", "a b c", ""},
	/* before this run's, or behind it */
	{"a 1 fault; a 5 fault; z 5 fault; a 6 fault", 5, "m", "a a", "z a"},
	/* that incident itself is reported once */
	{"a 1 fault; m 5 fault; z 6 fault", 5, "m", "a", "z"},
	{"m 5 fault; m 5 maintenance; z 6 fault", 5, "m", "", "z"},
	{"m 4 fault; m 6 fault", 5, "m", "m", "m"},
	/* the same line twice is one; two lines of one id are two */
	{"a 1 fault; a 1 fault", 5, "m", "a", ""},
	{"a 1 fault; b 1 fault; a 1 application", 5, "m", "a a b", ""},
	/* verdicts of other patterns are none */
	{"pattern; a 1 fault; pattern", 5, "m", "a", ""},
	/* planned ones, which --exit-code does not count */
	{"a 1 maintenance; b 1 preemption; c 1 environment; d 6 maintenance", 5, "m", "a! b! c", "d!"},
};

static bool
row_is(size_t row)
{
	struct made m;
	struct verdicts out = {0};
	struct buf before = {0}, after = {0};
	struct str rest = str_of(rows[row].lines), one;
	bool good = made_facts(&m, "");

	m.d.out = &out;
	while (str_cut(&rest, ';', &one)) {
		one = str_trim(one);
		if (one.n)
			add_line(&m, one);
	}
	passed_gather(&m.fs);
	passed_report(&m.fs, rows[row].first * SECOND, str_of(rows[row].id));
	put_ids(&before, &out);
	verdicts_reset(&out);
	passed_report(&m.fs, INT64_MAX, S(""));
	put_ids(&after, &out);
	good &= str_eq(buf_str(&before), str_of(rows[row].before)) && str_eq(buf_str(&after), str_of(rows[row].after)) && !m.fs.npassed;
	if (!good)
		printf("# %s: %.*s; %.*s\n", rows[row].lines, (int)before.n, before.p ? before.p : "", (int)after.n, after.p ? after.p : "");
	buf_free(&before);
	buf_free(&after);
	verdicts_free(&out);
	made_free(&m);
	return good;
}

int
main(void)
{
	TEST("incident lines of the input, before and behind one of this run");
	for (size_t i = 0; i < NELEM(rows); i++)
		CHECK_ROW(i, row_is(i));
	return test_done();
}
