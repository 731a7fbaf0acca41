/*
 * sort - sort arrays of small structs.  A natural merge sort: stable, O(n log
 * n) in the worst case, O(n) for sorted input; one scratch buffer, reused, of
 * at most half the array's size.
 * Layer base: includes buf.
 */
#ifndef SORT_H
#define SORT_H

#include "base/buf.h"

/* Comparison of two elements: <0, 0, >0. ctx is passed through by sort. */
typedef int sort_cmp(const void *a, const void *b, const void *ctx);

/* Sort n elements of size bytes at p. */
void sort(void *p, size_t n, size_t size, sort_cmp *cmp, const void *ctx, struct buf *scratch);

/* Remove all but the first of equal neighbors; returns the number left. */
size_t sort_unique(void *p, size_t n, size_t size, sort_cmp *cmp, const void *ctx);

/* For comparison functions: the sign of a - b. */
#define SORT_ORDER(a, b) (((a) > (b)) - ((a) < (b)))
/* Comparison of int64_t, of uint32_t. */
sort_cmp sort_i64, sort_u32;

/* Median of n > 0 sorted numbers; the mean of two is rounded down. */
int64_t sort_median(const int64_t *v, size_t n);

/*
 * Move lo to the first i in [lo, hi) for which below is false, or to hi. below
 * is an expression in i, true up to some i and false from there on.
 */
#define SORT_BISECT(lo, hi, i, below) \
	for (size_t i##_hi = (hi), i = 0; (lo) < i##_hi;) \
		if (i = (lo) + (i##_hi - (lo)) / 2, (below)) \
			(lo) = i + 1; \
		else \
			i##_hi = i

#endif
