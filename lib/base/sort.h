/*
 * sort - order arrays of small structs.  A natural merge sort: stable, n log n
 * at worst whatever the input was made for, n when it is in order already;
 * one scratch buffer, reused.
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

#endif
