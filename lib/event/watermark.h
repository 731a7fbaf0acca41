/*
 * watermark - the time that a stream has reached, although clocks of its
 * records may be wrong.  It follows the newest record, but a step longer than
 * `step` waits until a second source confirms it: one wrong clock moves
 * nothing.  While there is only one source, its time is used; if the second
 * source is then far behind it, the watermark goes back to the second one.
 * Layer event: includes base.
 */
#ifndef WATERMARK_H
#define WATERMARK_H

#include "base/time.h"

struct watermark {
	int64_t t;       /* current time; NO_TIME: no record yet */
	int64_t step;    /* longest step that a single source can cause, ns */
	int64_t waiting; /* newest record of a longer step, or NO_TIME; */
	uint64_t by;     /* its source */
	uint64_t first;  /* the source of the first record */
	bool several;    /* there are further sources */
};

/* A record with a timestamp arrived.  source: any number unique to its source. */
void watermark_see(struct watermark *w, int64_t t, uint64_t source);

#endif
