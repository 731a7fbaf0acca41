/*
 * watermark - how far time is in a stream whose records' clocks may be wrong.
 * It follows the newest record, but a step further than is usual waits until
 * another source is there, too: one clock that is wrong moves nothing.  Where
 * one source alone was heard, its word is taken; when the second one is far
 * behind it, time goes back to that one.
 * Layer event: includes base.
 */
#ifndef WATERMARK_H
#define WATERMARK_H

#include "base/time.h"

struct watermark {
	int64_t t;       /* how far time is; NO_TIME: no record was seen */
	int64_t step;    /* the longest step that a source makes alone, ns */
	int64_t waiting; /* the newest record of a longer one, or NO_TIME; */
	uint64_t by;     /* its source */
	uint64_t first;  /* the source of the first record */
	bool several;    /* there is another */
};

/* A record with a time came from a source: any number that is its own. */
void watermark_see(struct watermark *w, int64_t t, uint64_t source);

#endif
