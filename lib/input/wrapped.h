/*
 * wrapped - watchdog lines that a terminal broke at its last column, as they are when
 * copied from there.  All pieces but the last have one width.  They are joined if the
 * result is a line that is read, and no number is broken unless the width occurs twice:
 * a number may also have been cut.  Of two such lines that are interleaved neither is
 * joined: the pieces could be of different ranks.
 * Layer input: includes text.
 */
#ifndef WRAPPED_H
#define WRAPPED_H

#include "base/buf.h"
#include "event/event.h"

/* Zero: nothing is kept. */
struct wrapped {
	struct buf line; /* the pieces, joined */
	struct buf raw;  /* the lines, each with its end */
	uint64_t first, last; /* their numbers */
	size_t width;    /* of the first piece */
	size_t full;     /* pieces that are as wide */
	size_t known;    /* the width of lines joined before, or 0 */
	bool on;         /* pieces are kept, and */
	bool ended;      /* the last of them is */
	bool torn;       /* pieces are of several lines: a first one follows another */
};

/* Keep a line that may be the first piece of one; false if it is none. */
bool wrapped_begin(struct wrapped *w, const struct events *ev, struct str line, uint64_t n);
/* Keep the line, which follows; false if it is no piece of the line. */
bool wrapped_go_on(struct wrapped *w, struct str line, uint64_t n);
/* Are the pieces a line that is read?  What is kept stays until it is dropped. */
bool wrapped_is_line(struct wrapped *w, const struct events *ev);
void wrapped_drop(struct wrapped *w);
void wrapped_free(struct wrapped *w);

#endif
