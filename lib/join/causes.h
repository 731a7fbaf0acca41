/*
 * causes - what happened to nodes, each thing of a class, looked up by node,
 * class and time: what came before an effect, what is nearest to it, when it
 * was over, and what no effect used.  Every look-up is a bisection, whatever
 * the input makes up.
 * Layer join: includes event.
 */
#ifndef CAUSES_H
#define CAUSES_H

#include "event/event.h"

struct cause {
	int64_t t;
	uint32_t node, cls;
	const void *of; /* the record, or what the pattern made of it */
};

struct causes {
	struct cause *c; /* by node, class, time, and what the pattern says */
	size_t n;
	int64_t *used;   /* NULL: unused; otherwise +1 where a window begins, -1 behind it */
};

/* Closed at both ends. */
struct window {
	int64_t from, to;
};
static inline struct window
window_before(int64_t t, int64_t width, int64_t skew)
{
	return (struct window){time_diff(time_diff(t, width), skew), time_add(t, skew)};
}

/* Put them in order; ties orders what is of one node, class and time. */
void causes_sort(struct causes *cs, sort_cmp *ties, const void *ctx, struct buf *scratch);
/* A node's of a class: the latest in a window, of equal times the first; the
 * first later than t; the nearest to t, before it if two are.  Or NULL. */
const struct cause *causes_latest(const struct causes *cs, uint32_t node, uint32_t cls, struct window w);
const struct cause *causes_after(const struct causes *cs, uint32_t node, uint32_t cls, int64_t t);
const struct cause *causes_nearest(const struct causes *cs, uint32_t node, uint32_t cls, int64_t t);
/* Note that those in the window were of use, if anybody asks. */
void causes_use(const struct causes *cs, uint32_t node, uint32_t cls, struct window w);

/* What of a node and class was of no use. */
struct unused {
	const struct cause *c; /* the first */
	uint64_t count;
	int64_t last;
};
struct unused *causes_unused(const struct causes *cs, struct mem *m, size_t *n);

#endif
