/*
 * wrapped - joins watchdog lines that were wrapped by a terminal and copied from there.
 * All pieces but the last have the same width.  They are joined if the result is a
 * line that a reader recognizes, and, if a break is within a number, only if the width
 * occurs twice: the number might have been truncated.  Interleaved lines are not joined:
 * the pieces could be of different ranks.
 * Layer input: includes text.
 */
#ifndef WRAPPED_H
#define WRAPPED_H

#include "base/buf.h"
#include "event/event.h"

/* The kept pieces. Start from {0}. */
struct wrapped {
	struct buf line; /* the pieces, joined */
	struct buf raw;  /* the lines, each with its end */
	uint64_t first, last; /* line numbers of the first and last piece */
	size_t width;    /* width of the first piece */
	size_t full;     /* number of pieces with that width */
	size_t known;    /* width of lines joined earlier, or 0 */
	bool on;         /* pieces are kept */
	bool ended;      /* the last piece is kept */
	bool torn;       /* pieces of several lines: one first piece follows another */
};

/* Keep a line that may be the first piece of a line; false if it is not. */
bool wrapped_begin(struct wrapped *w, const struct events *ev, struct str line, uint64_t n);
/* Keep the next line; false if it is not a further piece. */
bool wrapped_go_on(struct wrapped *w, struct str line, uint64_t n);
/* Are the pieces a recognized line?  They stay until wrapped_drop. */
bool wrapped_is_line(struct wrapped *w, const struct events *ev);
void wrapped_drop(struct wrapped *w);
void wrapped_free(struct wrapped *w);

#endif
