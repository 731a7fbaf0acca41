/*
 * meter - how far a long run is, for the person who waits: one line on a
 * terminal that is drawn over itself four times a second, and wiped before
 * messages and at the end.
 * Layer base: includes diag.
 */
#ifndef METER_H
#define METER_H

#include "base/diag.h"

struct meter {
	struct diag *diag; /* NULL: all of this does nothing */
	uint64_t total, done; /* bytes of all files, of those that are read; total 0: not known */
	int64_t began, next;  /* ns; next: when it is drawn again */
};

/* Begin, if the messages go to a terminal. */
void meter_begin(struct meter *p, struct diag *d, uint64_t total);
/* So many bytes were read in all; fd is the file at hand. */
void meter_draw(struct meter *p, uint64_t bytes, int fd);
/* A file is read. */
void meter_next(struct meter *p, int fd);
void meter_end(struct meter *p);

/* The line's text, without name: bytes in ns, and of total, if not 0, share. */
void meter_put(struct buf *b, uint64_t bytes, int64_t ns, uint64_t share, uint64_t total);

#endif
