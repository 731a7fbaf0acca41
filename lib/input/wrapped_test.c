#include "input/wrapped.h"

#include "base/test.h"
#include "input/text/text.h"

#define PG "[rank5]:[E812 03:10:00.1 ProcessGroupNCCL.cpp:632] [PG ID 0 PG GUID 0(default_pg) Rank 5] "

/* Pieces, ended by NULL, and whether they form one line. */
static const struct {
	const char *piece[5];
	bool one;
} cases[] = {
	{{PG " failure detected by watchdog at work sequence id: 15 PG status: last enqu", "eued work: 16, last completed work: 14"}, true},
	{{PG " failure detected by watchdog at work sequence id: 1", "5 PG status: last enqueued work: 16, last completed work: 14"}, false},
	{{"[rank5]:[E812 03:10:00.1 ProcessGroupNCCL.cpp:6",
	  "32] [PG ID 0 PG GUID 0(default_pg) Rank 5]  fai",
	  "lure detected by watchdog at work sequence id: ",
	  "15 PG status: last enqueued work: 16, last comp",
	  "leted work: 14"}, true},
	/* a number is not broken if a digit is only on one side */
	{{PG " failure detected by watchdog at work sequence id: 15 PG status: last enqueued work: 16", ", last completed work: 14"}, true},
	{{PG " failure detected by watchdog at work sequence id: ", "15 PG status: last enqueued work: 16, last completed work: 14"}, true},
	{{PG " is fine and goes", "on"}, false},
	{{PG " failure detected by watchdog at work sequence id: 15 PG status: last enqu"}, false},
};

static const struct {
	size_t n;
	bool begins;
} lengths[] = {{39, false}, {40, true}, {41, true}, {8191, true}, {8192, true}, {8193, false}};

static const char *const not_first[] = {
	"rank5]: a", "a [rank5]: a", "[rank5]: \033[1mbold", "ProcessGroupNCCL.hpp:12", "a.cpp:12 of a ProcessGroup", "",
};

/* A first piece at line 1, with a second piece if `more`, and the pieces of a line from `line` on. */
static const struct {
	size_t wider;
	bool more;
	uint64_t line;
	bool torn;
} twice[] = {{0, false, 2, true}, {0, false, 3, false}, {1, false, 2, false}, {0, true, 3, false}, {0, true, 2, false}};

/* A text and x up to n bytes, up to a next call. */
static struct str
padded(const char *text, size_t n)
{
	static char line[10000];

	memset(line, 'x', sizeof(line));
	memcpy(line, text, strlen(text));
	return (struct str){line, n};
}

int
main(void)
{
	struct events ev = {.wants = 1u << EVENT_WATCHDOG};
	struct wrapped w = {0};

	TEST("pieces are one line");
	for (size_t i = 0; i < NELEM(cases); i++) {
		size_t n = 0;

		CHECK_ROW((int)i, wrapped_begin(&w, &ev, str_of(cases[i].piece[0]), 10 * i + 1));
		while (++n < NELEM(cases[i].piece) && cases[i].piece[n])
			CHECK_ROW((int)i, wrapped_go_on(&w, str_of(cases[i].piece[n]), 10 * i + n + 1));
		CHECK_ROW((int)i, wrapped_is_line(&w, &ev) == cases[i].one);
		wrapped_drop(&w);
		w.known = 0;
	}
	TEST("separators of lines");
	CHECK(wrapped_begin(&w, &ev, str_of(cases[0].piece[0]), 1));
	CHECK(!wrapped_go_on(&w, S("eued"), 3));
	CHECK(!wrapped_go_on(&w, S("eued"), 1));
	CHECK(!wrapped_go_on(&w, S("[rank4]: eued"), 2));
	CHECK(!wrapped_go_on(&w, S("ProcessGroupNCCL.cpp: eued"), 2));
	CHECK(!wrapped_go_on(&w, S("2026-05-14T03:12:00Z eued"), 2));
	CHECK(!wrapped_go_on(&w, S(""), 2));
	CHECK(w.on && w.first == 1 && w.last == 1 && w.full == 1 && !w.ended);
	CHECK(wrapped_go_on(&w, str_of(cases[0].piece[1]), 2));
	CHECK(w.first == 1 && w.last == 2 && w.full == 1 && w.ended);
	CHECK(str_ends(buf_str(&w.raw), S("work: 14\n")) && str_starts(buf_str(&w.raw), str_of(cases[0].piece[0])));
	CHECK(!wrapped_go_on(&w, S("eued"), 3));
	wrapped_drop(&w);
	CHECK(!w.on && !w.ended && !w.line.n && !w.raw.n);

	TEST("first pieces by their lengths");
	for (size_t i = 0; i < NELEM(lengths); i++) {
		CHECK_ROW((int)i, wrapped_begin(&w, &ev, padded("[rank5]: a", lengths[i].n), 1) == lengths[i].begins);
		wrapped_drop(&w);
	}

	TEST("lines that are not first pieces");
	for (size_t i = 0; i < NELEM(not_first); i++)
		CHECK_ROW((int)i, !wrapped_begin(&w, &ev, padded(not_first[i], 60), 1));
	CHECK(!wrapped_begin(&w, &ev, S("[rank5]: goes on with a stray carriage return at its end\r"), 1));
	CHECK(!wrapped_begin(&w, &ev, S(PG "Could not acquire GIL within 300 ms on exit"), 1)); /* a whole line */
	CHECK(!w.on);

	TEST("further pieces by their lengths");
	CHECK(wrapped_begin(&w, &ev, padded("[rank5]: a", 60), 1));
	CHECK(!wrapped_go_on(&w, padded("b", 61), 2));
	CHECK(wrapped_go_on(&w, padded("b", 60), 2) && !w.ended && w.full == 2);
	CHECK(wrapped_go_on(&w, padded("c", 59), 3) && w.ended && w.full == 2);
	wrapped_drop(&w);
	/* a terminal's padding shows the end, too */
	CHECK(wrapped_begin(&w, &ev, padded("[rank5]: a", 60), 1));
	CHECK(wrapped_go_on(&w, S("a piece of sixty bytes, whose last two of these are blank.  "), 2) && w.ended && w.full == 2);
	wrapped_drop(&w);
	CHECK(wrapped_begin(&w, &ev, padded("[rank5]: a", 60), 1));
	CHECK(wrapped_go_on(&w, S("a piece of sixty bytes, of which just the last is a blank.. "), 2) && !w.ended);
	wrapped_drop(&w);

	TEST("a line of more than 8 KiB is not continued");
	CHECK(wrapped_begin(&w, &ev, padded("[rank5]: a", 4096), 1));
	CHECK(wrapped_go_on(&w, padded("b", 4096), 2));
	CHECK(wrapped_go_on(&w, padded("c", 4096), 3));
	CHECK(!wrapped_go_on(&w, padded("d", 4096), 4));
	wrapped_drop(&w);

	TEST("one first piece after another: pieces of several lines");
	for (size_t i = 0; i < NELEM(twice); i++) {
		w.known = w.width = w.first = w.last = 0;
		CHECK_ROW((int)i, wrapped_begin(&w, &ev, padded(PG, strlen(cases[0].piece[0]) + twice[i].wider), 1));
		if (twice[i].more)
			CHECK_ROW((int)i, wrapped_go_on(&w, S("on"), 2));
		wrapped_drop(&w);
		CHECK_ROW((int)i, wrapped_begin(&w, &ev, str_of(cases[0].piece[0]), twice[i].line));
		CHECK_ROW((int)i, wrapped_go_on(&w, str_of(cases[0].piece[1]), twice[i].line + 1));
		CHECK_ROW((int)i, wrapped_is_line(&w, &ev) == !twice[i].torn);
		wrapped_drop(&w);
	}

	TEST("a break in a number, once the width is known");
	w.known = w.width = 0;
	for (int i = 0; i < 3; i++) {
		size_t row = i == 1 ? 2 : 1, n = 0; /* only row 2 shows the width twice */
		size_t width = strlen(cases[row].piece[0]);

		w.known = i == 2 ? strlen(cases[1].piece[0]) : 0;
		CHECK_ROW(i, wrapped_begin(&w, &ev, str_of(cases[row].piece[0]), 100 * (size_t)i + 1));
		while (++n < NELEM(cases[row].piece) && cases[row].piece[n])
			CHECK_ROW(i, wrapped_go_on(&w, str_of(cases[row].piece[n]), 100 * (size_t)i + n + 1));
		CHECK_ROW(i, wrapped_is_line(&w, &ev) == (i > 0));
		CHECK_ROW(i, w.known == (i > 0 ? width : 0));
		wrapped_drop(&w);
	}
	wrapped_free(&w);
	return test_done();
}
