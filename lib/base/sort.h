/*
 * sort - order arrays of small structs.  A natural merge sort: stable, n log n
 * at worst whatever the input was made for, n when it is in order already;
 * one scratch buffer, reused, of half the array's size at most.
 * Layer base: includes buf.
 */
#ifndef SORT_H
#define SORT_H

#include "base/buf.h"

/* Order of two elements: <0, 0, >0. ctx is what sort was given. */
typedef int sort_cmp(const void *a, const void *b, const void *ctx);

/* Sort n elements of size bytes at p. */
void sort(void *p, size_t n, size_t size, sort_cmp *cmp, const void *ctx, struct buf *scratch);

/* Remove all but the first of equal neighbours; returns how many are left. */
size_t sort_unique(void *p, size_t n, size_t size, sort_cmp *cmp, const void *ctx);

/* For comparison functions: the sign of a - b. */
#define SORT_ORDER(a, b) (((a) > (b)) - ((a) < (b)))
/* Order of int64_t, of uint32_t. */
sort_cmp sort_i64, sort_u32;

/* The middle of n > 0 numbers in order, the mean of two rounded down. */
int64_t sort_median(const int64_t *v, size_t n);

/*
 * Move lo to the first i in [lo, hi) that is not below, hi if all are; below
 * is an expression in i, true up to some i and false from there on.
 */
#define SORT_BISECT(lo, hi, i, below) \
	for (size_t i##_hi = (hi), i = 0; (lo) < i##_hi;) \
		if (i = (lo) + (i##_hi - (lo)) / 2, (below)) \
			(lo) = i + 1; \
		else \
			i##_hi = i

#endif
