/*
 * causes - candidate causes on nodes, looked up by node, class and time: the
 * one before an effect, the nearest one, the one that ended it, and the unused
 * ones.  Every lookup is a binary search, whatever the input, and a short one where
 * their times ascend.
 * Layer join: includes event.
 */
#ifndef CAUSES_H
#define CAUSES_H

#include "event/event.h"

struct cause {
	int64_t t;
	uint32_t node, cls;
	const void *of; /* the record, or the pattern's own struct for it */
};

/* The causes of one node and class; at is where the last lookup ended. */
struct causes_run {
	uint32_t node, cls;
	size_t from, at;
};

struct causes {
	struct cause *c; /* sorted by node, class, time, and the pattern's tie-breaker */
	size_t n;
	struct causes_run *run; /* nrun, then one that begins at n */
	size_t nrun;
	int64_t *used;   /* NULL: unused; otherwise +1 where a window begins, -1 after its end */
};

/* Closed interval. */
struct window {
	int64_t from, to;
};
static inline struct window
window_before(int64_t t, int64_t width, int64_t skew)
{
	return (struct window){time_diff(time_diff(t, width), skew), time_add(t, skew)};
}

/* Sort the causes; ties orders causes of one node, class and time. */
void causes_sort(struct causes *cs, sort_cmp *ties, const void *ctx, struct buf *scratch, struct mem *m);
/* Sorted causes can be looked up after this. */
void causes_index(struct causes *cs, struct mem *m);
/* Lookups among a node's causes of a class; each returns NULL if there is
 * none.  latest: in the window (of equal times the first); after: the first one
 * later than t; nearest: nearest to t, the earlier one of two. */
const struct cause *causes_latest(const struct causes *cs, uint32_t node, uint32_t cls, struct window w);
const struct cause *causes_after(const struct causes *cs, uint32_t node, uint32_t cls, int64_t t);
const struct cause *causes_nearest(const struct causes *cs, uint32_t node, uint32_t cls, int64_t t);
/* Mark the causes in the window as used, if `used` is set. */
void causes_use(const struct causes *cs, uint32_t node, uint32_t cls, struct window w);

/* The unused causes of a node and class. */
struct unused {
	const struct cause *c; /* the first */
	uint64_t count;
	int64_t last;
};
struct unused *causes_unused(const struct causes *cs, struct mem *m, size_t *n);

#endif
