#include "pattern/xid_correlation/xid.h"

static const int64_t WINDOW = 60 * SECOND;

enum { LOOK = 1024 }; /* series of a node */

/* ---- order ---- */

/* Is a a better candidate than b?  Then it is below 0. */
static int
better(const struct xid *a, const struct xid *b, const struct events *ev)
{
	int d = SORT_ORDER(b->e.t, a->e.t);

	d = d ? d : xid_gpu_order(a->gpu, b->gpu);
	d = d ? d : SORT_ORDER(a->code, b->code);
	return d ? d : xid_cmp(a, b, ev);
}

static int
order_cmp(const void *x, const void *y, const void *ctx)
{
	const struct joining *j = ctx;

	return better(&j->x[*(const uint32_t *)y], &j->x[*(const uint32_t *)x], j->ev);
}

static unsigned
rank_of(const struct joining *j, const struct series *s)
{
	return !s->can_cause ? XID_NO_CAUSE : j->c->latest ? 0 : s->rank;
}

/* Put the causes of the series [from, to), which are one node's, in order,
 * grade by grade. */
static void
order_node(struct joining *j, size_t from, size_t to, size_t *cap)
{
	uint32_t *o = j->order;
	size_t at = j->series[from].from, end;

	for (unsigned rank = 0; rank <= XID_NO_CAUSE; rank++) {
		end = at;
		for (size_t i = from; i < to; i++)
			if (rank_of(j, &j->series[i]) == rank)
				for (size_t k = j->series[i].from; k < j->series[i].to; k++)
					o[end++] = j->cause[k];
		if (end == at)
			continue;
		sort(o + at, end - at, sizeof(*o), order_cmp, j, j->d->spare);
		j->grade = mem_extend(j->d->mem, j->grade, j->ngrade, cap, sizeof(*j->grade));
		j->grade[j->ngrade++] = (struct grade){(uint32_t)at, (uint32_t)end, j->series[from].node, (uint8_t)rank};
		at = end;
	}
}

void
xid_order(struct joining *j)
{
	size_t cap = 0, to;

	j->order = mem_new(j->d->mem, uint32_t, j->ncause);
	for (size_t from = 0; from < j->nseries; from = to) {
		for (to = from + 1; to < j->nseries && j->series[to].node == j->series[from].node; to++)
			;
		order_node(j, from, to, &cap);
	}
	if (j->d->explain)
		j->used = mem_new(j->d->mem, int64_t, j->ncause + 1);
}

/* ---- who is to blame ---- */

bool
xid_by_node(const struct joining *j, const struct lost *l)
{
	static const struct str reasons = STR_INIT("TaintManagerEviction,NodeNotReady,DeletionByTaintManager");

	return str_listed(reasons, name(j, loss_at(j->ev, l)->reason));
}

int64_t
xid_window(const struct joining *j, const struct lost *l)
{
	if (j->c->window >= 0)
		return j->c->window;
	return xid_by_node(j, l) ? XID_WINDOW_TAINT : WINDOW;
}

struct span
xid_span(const struct joining *j, const struct lost *l)
{
	struct span w = {time_diff(time_diff(l->t, xid_window(j, l)), j->d->skew), time_add(l->t, j->d->skew), 0, 0};

	w.lo = xid_since(j, w.from);
	w.hi = w.to < INT64_MAX ? xid_since(j, w.to + 1) : (uint32_t)j->ev->list[EVENT_XID].n;
	return w;
}

/* A node's causes of that rank, or NULL. */
static const struct grade *
grade_of(const struct joining *j, uint32_t node, unsigned rank)
{
	const struct grade *g = j->grade;
	size_t lo = 0;

	SORT_BISECT(lo, j->ngrade, i, g[i].node < node || (g[i].node == node && g[i].rank < rank));
	return lo < j->ngrade && g[lo].node == node && g[lo].rank == rank ? &g[lo] : NULL;
}

/* Where the grade's causes from x on are in the order. */
static size_t
bisect(const struct joining *j, const struct grade *g, uint32_t x)
{
	size_t lo = g->from;

	SORT_BISECT(lo, g->to, i, j->order[i] < x);
	return lo;
}

/* All of the grade's causes in the span were of use. */
static void
use(const struct joining *j, const struct grade *g, struct span w)
{
	j->used[bisect(j, g, w.lo)]++;
	j->used[bisect(j, g, w.hi)]--;
}

bool
xid_blame(const struct joining *j, const struct lost *l, struct span w, uint32_t *x)
{
	const struct grade *g;
	unsigned rank, end = !j->c->latest && xid_by_node(j, l) ? XID_APPLICATION : XID_NO_CAUSE;

	for (rank = 0; rank < end; rank++) {
		size_t to = (g = grade_of(j, l->node, rank)) ? bisect(j, g, w.hi) : 0;

		if (!g || to == g->from || j->order[to - 1] < w.lo)
			continue;
		*x = j->order[to - 1];
		break;
	}
	if (rank == end)
		return false;
	for (rank = 0; rank <= XID_NO_CAUSE && j->d->explain; rank++)
		if ((g = grade_of(j, l->node, rank)))
			use(j, g, w);
	return true;
}

/* ---- what else was there ---- */

void
xid_series(const struct joining *j, uint32_t node, size_t *from, size_t *to)
{
	const struct series *s = j->series;

	*from = 0;
	SORT_BISECT(*from, j->nseries, i, s[i].node < node);
	for (*to = *from; *to < j->nseries && *to - *from < LOOK && s[*to].node == node; ++*to)
		;
}

size_t
xid_hits_max(const struct joining *j)
{
	return j->nseries < LOOK ? j->nseries : LOOK;
}

size_t
xid_hits(const struct joining *j, const struct lost *l, struct span w, struct hit *h)
{
	size_t n = 0, from, to;

	for (xid_series(j, l->node, &from, &to); from < to; from++) {
		const struct series *s = &j->series[from];
		struct hit one = {s, xid_bisect(j, s, w.lo), xid_bisect(j, s, w.hi), 0};

		if (one.from == one.to)
			continue;
		one.at = xid_bisect(j, s, xid_since(j, xid_at(j, one.to - 1)->e.t));
		h[n++] = one;
	}
	return n;
}
