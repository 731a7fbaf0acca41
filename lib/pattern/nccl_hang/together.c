#include "pattern/nccl_hang/nccl.h"

/* Groups within one common group that begin to wait within this time are one incident. */
#define TOGETHER (60 * SECOND)

size_t
nccl_top(const struct job *a, size_t i)
{
	while (a->grp[i].up != i)
		i = a->grp[i].up = a->grp[a->grp[i].up].up;
	return i;
}

void
nccl_unite(const struct job *a, size_t x, size_t y)
{
	x = nccl_top(a, x);
	y = nccl_top(a, y);
	a->grp[x > y ? x : y].up = x < y ? x : y;
}

/* A hanging group, and the larger group of all its members. */
struct within {
	uint32_t grp, common;
};

static size_t
size_of(const struct grp *g)
{
	return g->to - g->from;
}

/* By rank, then its largest group first. */
static int
widest_cmp(const void *x, const void *y, const void *ctx)
{
	const struct job *a = ctx;
	const struct member *p = &a->member[*(const uint32_t *)x], *q = &a->member[*(const uint32_t *)y];
	int d = SORT_ORDER(p->rank, q->rank);

	d = d ? d : SORT_ORDER(size_of(&a->grp[q->grp]), size_of(&a->grp[p->grp]));
	return d ? d : SORT_ORDER(p->grp, q->grp);
}

static int
same_rank(const void *x, const void *y, const void *ctx)
{
	const struct job *a = ctx;

	return SORT_ORDER(a->member[*(const uint32_t *)x].rank, a->member[*(const uint32_t *)y].rank);
}

static int
within_cmp(const void *x, const void *y, const void *ctx)
{
	const struct job *a = ctx;
	const struct within *p = x, *q = y;
	int d = SORT_ORDER(p->common, q->common);

	d = d ? d : SORT_ORDER(a->grp[p->grp].first, a->grp[q->grp].first);
	return d ? d : SORT_ORDER(p->grp, q->grp);
}

/* The largest group of a rank; member: n members, sorted by widest_cmp. */
static uint32_t
widest(const struct job *a, const uint32_t *member, size_t n, uint32_t rank)
{
	size_t lo = 0;

	SORT_BISECT(lo, n, i, a->member[member[i]].rank < rank);
	return a->member[member[lo]].grp;
}

void
nccl_join_common(const struct job *a)
{
	uint32_t *member = mem_new(a->d->mem, uint32_t, a->nmember);
	struct within *in = mem_new(a->d->mem, struct within, a->ngrp);
	size_t n = 0, nin = 0;

	for (size_t i = 0; i < a->nmember; i++)
		member[n++] = (uint32_t)i;
	sort(member, n, sizeof(*member), widest_cmp, a, a->d->spare);
	n = sort_unique(member, n, sizeof(*member), same_rank, a);
	for (size_t i = 0; i < a->ngrp; i++) {
		const struct grp *g = &a->grp[i];
		uint32_t common = 0;
		bool all = g->hung && (g->first != INT64_MAX || g->sources == 1u << FROM_WATCHDOG);

		if (all && g->sources == 1u << FROM_WATCHDOG) { /* one job's logs */
			in[nin++] = (struct within){(uint32_t)i, UINT32_MAX};
			continue;
		}
		for (size_t k = g->from; k < g->to && all; k++) {
			uint32_t w = widest(a, member, n, a->member[k].rank);

			all = k == g->from || w == common;
			common = w;
		}
		if (all)
			in[nin++] = (struct within){(uint32_t)i, common};
	}
	sort(in, nin, sizeof(*in), within_cmp, a, a->d->spare);
	for (size_t i = 1; i < nin; i++)
		if (in[i].common == in[i - 1].common &&
		    time_diff(a->grp[in[i].grp].first, a->grp[in[i - 1].grp].first) <= TOGETHER)
			nccl_unite(a, in[i - 1].grp, in[i].grp);
}
