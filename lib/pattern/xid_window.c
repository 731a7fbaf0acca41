#include "pattern/xid.h"

static const int64_t WINDOW = 60 * SECOND;

enum { LOOK = 1024 }; /* series of a run */

/* ---- order ---- */

static uint32_t
key_of(const struct cause *c, enum nodes_by by)
{
	return by == NODES_BY_NAME ? c->node : c->label;
}

/* Is a a better candidate than b?  Then it is below 0. */
static int
better(const struct xid *a, const struct xid *b, const struct events *ev)
{
	int d = SORT_ORDER(b->e.t, a->e.t);

	d = d ? d : xid_gpu_order(a->gpu, b->gpu);
	d = d ? d : SORT_ORDER(a->code, b->code);
	return d ? d : xid_cmp(a, b, ev);
}

struct ordering {
	const struct joining *j;
	enum nodes_by by;
};

static int
order_cmp(const void *x, const void *y, const void *ctx)
{
	const struct ordering *o = ctx;
	const struct cause *a = &o->j->cause[*(const uint32_t *)x], *b = &o->j->cause[*(const uint32_t *)y];
	int d = SORT_ORDER(key_of(a, o->by), key_of(b, o->by));

	d = d ? d : SORT_ORDER(a->rank, b->rank);
	return d ? d : better(b->x, a->x, o->j->ev);
}

/* May a short name of a loss mean the full one of a cause? */
static bool
names_differ(const struct joining *j)
{
	bool full = false, brief = false;

	for (size_t i = 0; i < j->nseries; i++)
		full |= j->series[i].node != j->series[i].label;
	for (size_t i = 0; i < j->nlost; i++)
		brief |= j->lost[i].node && j->lost[i].node == j->lost[i].label;
	return full && brief;
}

void
xid_order(struct joining *j)
{
	enum nodes_by last = names_differ(j) ? NODES_BY_LABEL : NODES_BY_NAME;

	for (enum nodes_by by = NODES_BY_NAME; by <= last; by++) {
		j->order[by] = mem_new(j->d->mem, uint32_t, j->ncause);
		for (size_t i = 0; i < j->ncause; i++)
			j->order[by][i] = (uint32_t)i;
		sort(j->order[by], j->ncause, sizeof(uint32_t), order_cmp, &(struct ordering){j, by}, &j->ev->scratch);
		if (j->d->explain)
			j->used[by] = mem_new(j->d->mem, int64_t, j->ncause + 1);
	}
}

/* ---- who is to blame ---- */

int64_t
xid_window(const struct joining *j, const struct lost *l)
{
	static const struct str slow = STR_INIT("TaintManagerEviction,NodeNotReady,DeletionByTaintManager");

	if (j->c->window >= 0)
		return j->c->window;
	return str_listed(slow, name(j, loss_at(j->ev, l)->reason)) ? XID_WINDOW_TAINT : WINDOW;
}

struct span
xid_span(const struct joining *j, const struct lost *l)
{
	int64_t skew = j->d->skew;

	return (struct span){time_diff(time_diff(l->t, xid_window(j, l)), skew), time_add(l->t, skew)};
}

static size_t
runs_of(const struct joining *j, const struct lost *l, struct nodes_run run[2])
{
	size_t n = nodes_runs(l->node, l->label, run);

	if (!j->order[NODES_BY_LABEL])
		run[0].by = NODES_BY_NAME;
	return n;
}

/* The order of a cause and the run's rank at t. */
static int
against(const struct cause *c, const struct nodes_run *run, unsigned rank, int64_t t)
{
	int d = SORT_ORDER(key_of(c, run->by), run->key);

	d = d ? d : SORT_ORDER(c->rank, rank);
	return d ? d : SORT_ORDER(c->x->e.t, t);
}

/* The first in the run's order of that rank at t or later; with after, behind t. */
static size_t
bisect(const struct joining *j, const struct nodes_run *run, unsigned rank, int64_t t, bool after)
{
	const uint32_t *o = j->order[run->by];
	size_t lo = 0;

	SORT_BISECT(lo, j->ncause, i, against(&j->cause[o[i]], run, rank, t) < after);
	return lo;
}

/* The best of the run's causes of a rank in the span, or NULL. */
static const struct cause *
last(const struct joining *j, const struct nodes_run *run, unsigned rank, struct span w)
{
	size_t to = bisect(j, run, rank, w.to, true);
	const struct cause *c = to ? &j->cause[j->order[run->by][to - 1]] : NULL;

	return c && key_of(c, run->by) == run->key && c->rank == rank && c->x->e.t >= w.from ? c : NULL;
}

/* All of the run's causes in the span were of use. */
static void
use(const struct joining *j, const struct nodes_run *run, struct span w)
{
	for (unsigned rank = 0; rank <= XID_NO_CAUSE; rank++) {
		j->used[run->by][bisect(j, run, rank, w.from, false)]++;
		j->used[run->by][bisect(j, run, rank, w.to, true)]--;
	}
}

const struct cause *
xid_blame(const struct joining *j, const struct lost *l, struct span w)
{
	const struct cause *best = NULL, *c;
	struct nodes_run run[2];
	size_t n = runs_of(j, l, run);

	for (size_t r = 0; r < n; r++)
		for (unsigned rank = 0; rank < XID_NO_CAUSE && (!best || rank <= best->rank); rank++) {
			c = last(j, &run[r], rank, w);
			if (c && (!best || rank < best->rank || better(c->x, best->x, j->ev) < 0))
				best = c;
		}
	for (size_t r = 0; r < n && best && j->d->explain; r++)
		use(j, &run[r], w);
	return best;
}

/* ---- what else was there ---- */

void
xid_series(const struct joining *j, uint32_t label, const struct nodes_run *run, size_t *from, size_t *to)
{
	const struct series *s = j->series;
	bool all = run->by == NODES_BY_LABEL;

	*from = 0;
	SORT_BISECT(*from, j->nseries, i, s[i].label < label ||
		    (s[i].label == label && !all && idx_cmp(&j->ev->names, s[i].node, run->key) < 0));
	for (*to = *from; *to < j->nseries && *to - *from < LOOK && s[*to].label == label; ++*to)
		if (!all && s[*to].node != run->key)
			break;
}

size_t
xid_hits_max(const struct joining *j)
{
	return j->nseries < 2 * LOOK ? j->nseries : 2 * LOOK;
}

size_t
xid_hits(const struct joining *j, const struct lost *l, struct span w, struct hit *h)
{
	struct nodes_run run[2];
	size_t n = 0, from, to;

	for (size_t r = 0, nrun = runs_of(j, l, run); r < nrun; r++)
		for (xid_series(j, l->label, &run[r], &from, &to); from < to; from++) {
			const struct series *s = &j->series[from];
			struct hit one = {s, xid_bisect(j, s, w.from, false), xid_bisect(j, s, w.to, true), 0};

			if (one.from == one.to)
				continue;
			one.at = xid_bisect(j, s, j->cause[one.to - 1].x->e.t, false);
			h[n++] = one;
		}
	return n;
}
