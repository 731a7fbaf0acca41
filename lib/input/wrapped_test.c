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
	{{PG " is fine and goes", "on"}, false},
	{{PG " failure detected by watchdog at work sequence id: 15 PG status: last enqu"}, false},
};

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
	CHECK(!wrapped_go_on(&w, S("[rank4]: eued"), 2));
	CHECK(!wrapped_go_on(&w, S("2026-05-14T03:12:00Z eued"), 2));
	CHECK(!wrapped_go_on(&w, S(""), 2));
	wrapped_drop(&w);
	/* two lines at once */
	CHECK(wrapped_begin(&w, &ev, str_of(cases[0].piece[0]), 2));
	CHECK(wrapped_go_on(&w, str_of(cases[0].piece[1]), 3));
	CHECK(!wrapped_is_line(&w, &ev));
	wrapped_free(&w);
	return test_done();
}
