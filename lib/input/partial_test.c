#include "input/partial.h"

#include "base/test.h"
#include "base/test_edge.h"

#define AT "2026-05-14T03:12:00.401223456Z "

static struct partials p = {.max = 64};

/* Take lines in order; returns the result for the last one. */
static enum partial_what
take(struct str text, struct partial **which)
{
	enum partial_what what = PARTIAL_NONE;
	struct str line;

	for (size_t i = 0; i < NELEM(p.of); i++)
		partial_begin(&p.of[i]);
	for (uint64_t n = 1; str_cut(&text, '\n', &line); n++)
		what = partials_take(&p, test_edge(line), n, which);
	return what;
}

static const struct {
	struct str text;
	enum partial_what what;
	struct str line;
	uint64_t first;
} rows[] = {
	{STR_INIT("no stamp"), PARTIAL_NONE, STR_INIT(""), 0},
	{STR_INIT(AT "stdout F whole"), PARTIAL_NONE, STR_INIT(""), 0},
	{STR_INIT(AT "stdlog P x"), PARTIAL_NONE, STR_INIT(""), 0},
	{STR_INIT("stdout P no time"), PARTIAL_NONE, STR_INIT(""), 0},
	{STR_INIT("what stands here is no stdout P time"), PARTIAL_NONE, STR_INIT(""), 0},
	/* a time has at least 20 bytes, at most 36, and a year */
	{STR_INIT("2026-05-14 stdout P x"), PARTIAL_NONE, STR_INIT(""), 0},
	{STR_INIT("2026-05-14T03:12:00 stdout P x"), PARTIAL_NONE, STR_INIT(""), 0},
	{STR_INIT("2026-05-14T03:12:00Z stdout P x"), PARTIAL_MORE, STR_INIT("2026-05-14T03:12:00Z stdout F x"), 1},
	{STR_INIT("2026-05-14T03:12:00.1234567890+02:00 stdout P x"), PARTIAL_MORE, STR_INIT("2026-05-14T03:12:00.1234567890+02:00 stdout F x"), 1},
	{STR_INIT("2026-05-14T03:12:00.12345678901+02:00 stdout P x"), PARTIAL_NONE, STR_INIT(""), 0},
	{STR_INIT("2026/05/14T03:12:00Z stdout P x"), PARTIAL_NONE, STR_INIT(""), 0},
	{STR_INIT("2026-05-14T03:12:00Z stdout"), PARTIAL_NONE, STR_INIT(""), 0}, {STR_INIT("2026-05-14T03:12:00Z stdout X x"), PARTIAL_NONE, STR_INIT(""), 0},
	{STR_INIT(""), PARTIAL_NONE, STR_INIT(""), 0}, {STR_INIT(" std"), PARTIAL_NONE, STR_INIT(""), 0},
	{STR_INIT(AT "stdout P begins"), PARTIAL_MORE, STR_INIT(AT "stdout F begins"), 1},
	{STR_INIT(AT "stdout P NV\n" AT "stdout F RM: x"), PARTIAL_LAST, STR_INIT(AT "stdout F NVRM: x"), 1},
	{STR_INIT(AT "stderr P a \n" AT "stderr P b\n" AT "stderr F "), PARTIAL_LAST, STR_INIT(AT "stderr F a b"), 1},
	/* each stream by itself */
	{STR_INIT("x\n" AT "stdout P a\n" AT "stderr P b\n" AT "stderr F c\n" AT "stdout F d"), PARTIAL_LAST,
		STR_INIT(AT "stdout F ad"), 2},
	/* a whole line of the other stream */
	{STR_INIT(AT "stdout P a\n" AT "stderr F b"), PARTIAL_NONE, STR_INIT(""), 0},
};

int
main(void)
{
	struct partial *which;

	TEST("pieces are joined per stream");
	for (size_t i = 0; i < NELEM(rows); i++) {
		CHECK_ROW(i, take(rows[i].text, &which) == rows[i].what);
		if (rows[i].what == PARTIAL_NONE)
			continue;
		CHECK_ROW(i, str_eq(buf_str(&which->line), rows[i].line));
		CHECK_ROW(i, which->first == rows[i].first && which->on && !which->over && partials_open(&p));
	}
	TEST("the lines are kept unchanged");
	take(S(AT "stdout P a\n" AT "stdout F b"), &which);
	CHECK(str_eq(buf_str(&which->raw), S(AT "stdout P a\n" AT "stdout F b\n")));
	partial_begin(which);
	CHECK(!partials_open(&p));
	TEST("a line that grows too long is not kept");
	CHECK(take(S(AT "stdout P 0123456789\n" AT "stdout P 0123456789012345678901234567890\n" AT "stdout F x"), &which) == PARTIAL_LAST);
	CHECK(which->over && which->line.n <= p.max + 64);
	partials_free(&p);
	return test_done();
}
