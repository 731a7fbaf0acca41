#include "base/sort.h"

#include <string.h>

struct sorting {
	char *p;
	size_t n, size;
	sort_cmp *cmp;
	const void *ctx;
	struct buf *tmp;
};

/* End of the ascending run that begins at element i. */
static size_t
run_end(const struct sorting *j, size_t i)
{
	while (++i < j->n && j->cmp(j->p + (i - 1) * j->size, j->p + i * j->size, j->ctx) <= 0)
		;
	return i;
}

/* Merge the neighbors l and r; l is copied to tmp. */
static void
merge_up(const struct sorting *j, char *l, char *r, char *rend)
{
	size_t z = j->size, n = (size_t)(r - l);
	char *to = l, *lend = j->tmp->p + n;

	l = memcpy(j->tmp->p, l, n);
	while (l < lend && r < rend) {
		bool left = j->cmp(l, r, j->ctx) <= 0;

		memcpy(to, left ? l : r, z);
		to += z;
		*(left ? &l : &r) += z;
	}
	memcpy(to, l, (size_t)(lend - l));
}

/* The same from the end; r is copied to tmp. */
static void
merge_down(const struct sorting *j, char *l, char *r, char *rend)
{
	size_t z = j->size, n = (size_t)(rend - r);
	char *to = rend, *lend = r;

	r = memcpy(j->tmp->p, r, n);
	rend = r + n;
	while (l < lend && r < rend) {
		bool left = j->cmp(lend - z, rend - z, j->ctx) > 0;

		to -= z;
		*(left ? &lend : &rend) -= z;
		memcpy(to, left ? lend : rend, z);
	}
	memcpy(to - (rend - r), r, (size_t)(rend - r));
}

/* Room for n elements: at least doubled, at most half of all elements. */
static void
room(const struct sorting *j, size_t n)
{
	size_t most = j->n / 2 * j->size;

	n *= j->size;
	j->tmp->n = 0;
	if (n <= j->tmp->cap)
		return;
	if (n < 2 * j->tmp->cap)
		n = 2 * j->tmp->cap < most ? 2 * j->tmp->cap : most;
	j->tmp->p = mem_grow(j->tmp->p, j->tmp->cap, n);
	j->tmp->cap = n;
}

/* Merge the neighbors [a, b) and [b, c); the shorter one is copied to tmp.
 * Elements already in place at either end are skipped: most, if little is out
 * of order. */
static void
merge(const struct sorting *j, size_t a, size_t b, size_t c)
{
	char *p = j->p;
	size_t z = j->size, end = b;

	SORT_BISECT(a, b, i, j->cmp(p + i * z, p + b * z, j->ctx) <= 0);
	SORT_BISECT(end, c, i, j->cmp(p + i * z, p + (b - 1) * z, j->ctx) < 0);
	room(j, b - a <= end - b ? b - a : end - b);
	(b - a <= end - b ? merge_up : merge_down)(j, p + a * z, p + b * z, p + end * z);
}

void
sort(void *p, size_t n, size_t size, sort_cmp *cmp, const void *ctx, struct buf *scratch)
{
	struct sorting j = {.p = p, .n = n, .size = size, .cmp = cmp, .ctx = ctx, .tmp = scratch};
	size_t stack[64], lens = 0; /* ends of pending runs, see below */
	size_t at = 0;

	stack[0] = 0;
	/* Pending runs are on a stack and are merged while the lower one is at
	 * most twice as long: each is then more than twice the next, so 64 are
	 * enough. */
	while (at < n) {
		at = run_end(&j, at);
		stack[++lens] = at;
		while (lens > 1 && (at == n || stack[lens - 1] - stack[lens - 2] <= 2 * (stack[lens] - stack[lens - 1]))) {
			merge(&j, stack[lens - 2], stack[lens - 1], stack[lens]);
			stack[lens - 1] = stack[lens];
			lens--;
		}
	}
}

size_t
sort_unique(void *p, size_t n, size_t size, sort_cmp *cmp, const void *ctx)
{
	char *q = p;
	size_t kept = n != 0;

	for (size_t i = 1; i < n; i++)
		if (cmp(q + (kept - 1) * size, q + i * size, ctx) != 0) {
			if (kept != i)
				memcpy(q + kept * size, q + i * size, size);
			kept++;
		}
	return kept;
}

int
sort_i64(const void *x, const void *y, const void *ctx)
{
	const int64_t *a = x, *b = y;

	(void)ctx;
	return SORT_ORDER(*a, *b);
}

int
sort_u32(const void *x, const void *y, const void *ctx)
{
	const uint32_t *a = x, *b = y;

	(void)ctx;
	return SORT_ORDER(*a, *b);
}

int64_t
sort_median(const int64_t *v, size_t n)
{
	int64_t low = v[(n - 1) / 2], high = v[n / 2];

	return low + (int64_t)(((uint64_t)high - (uint64_t)low) / 2);
}
