/*
 * meter - progress of a long run: one line on a terminal, redrawn four times a
 * second, and erased before messages and at the end.
 * Layer base: includes diag.
 */
#ifndef METER_H
#define METER_H

#include "base/diag.h"

struct meter {
	struct diag *diag; /* NULL: disabled */
	uint64_t total, done; /* bytes of all files, bytes read; total 0: unknown */
	int64_t began, next;  /* ns; next: time of the next redraw */
};

/* Start, if messages go to a terminal. */
void meter_begin(struct meter *p, struct diag *d, uint64_t total);
/* Number of bytes read in all; fd is the current file. */
void meter_draw(struct meter *p, uint64_t bytes, int fd);
/* The current file is finished. */
void meter_next(struct meter *p, int fd);
void meter_end(struct meter *p);

/* The line's text, without name: bytes in ns; share of total, unless 0. */
void meter_put(struct buf *b, uint64_t bytes, int64_t ns, uint64_t share, uint64_t total);

#endif
