#include "pattern/xid_correlation/xid.h"

static const int64_t WINDOW = 60 * SECOND;

enum { CANDIDATES_MAX = 1024 }; /* series of a node */

bool
xid_by_node(const struct xid_join *j, const struct lost *l)
{
	static const struct str reasons = STR_INIT("TaintManagerEviction,NodeNotReady,DeletionByTaintManager");

	return str_listed(reasons, name(j, loss_at(j->ev, l)->reason));
}

int64_t
xid_window(const struct xid_join *j, const struct lost *l)
{
	if (j->c->window >= 0)
		return j->c->window;
	return xid_by_node(j, l) ? XID_WINDOW_TAINT : WINDOW;
}

struct xid_span
xid_span(const struct xid_join *j, const struct lost *l)
{
	struct xid_span w = {time_diff(time_diff(l->t, xid_window(j, l)), j->d->skew), time_add(l->t, j->d->skew), 0, 0};

	w.lo = xid_since(j, w.from);
	w.hi = w.to < INT64_MAX ? xid_since(j, w.to + 1) : (uint32_t)j->ev->list[EVENT_XID].n;
	return w;
}

void
xid_use(const struct xid_join *j, uint32_t node, struct xid_span w)
{
	size_t lo = 0, hi;

	SORT_BISECT(lo, j->ncause, i, j->x[j->order[i]].e.node < node ||
		    (j->x[j->order[i]].e.node == node && j->order[i] < w.lo));
	hi = lo;
	SORT_BISECT(hi, j->ncause, i, j->x[j->order[i]].e.node == node && j->order[i] < w.hi);
	j->used[lo]++;
	j->used[hi]--;
}

/* ---- what else was there ---- */

void
xid_series(const struct xid_join *j, uint32_t node, size_t *from, size_t *to)
{
	const struct xid_series *s = j->series;

	*from = 0;
	SORT_BISECT(*from, j->nseries, i, s[i].node < node);
	for (*to = *from; *to < j->nseries && *to - *from < CANDIDATES_MAX && s[*to].node == node; ++*to)
		;
}

size_t
xid_candidates_max(const struct xid_join *j)
{
	return j->nseries < CANDIDATES_MAX ? j->nseries : CANDIDATES_MAX;
}

size_t
xid_candidates(const struct xid_join *j, const struct lost *l, struct xid_span w, struct candidate *h)
{
	size_t n = 0, from, to;

	for (xid_series(j, l->node, &from, &to); from < to; from++) {
		const struct xid_series *s = &j->series[from];
		struct candidate one = {s, xid_bisect(j, s, w.lo), xid_bisect(j, s, w.hi), 0};

		if (one.from == one.to)
			continue;
		one.at = xid_bisect(j, s, xid_since(j, xid_at(j, one.to - 1)->e.t));
		h[n++] = one;
	}
	return n;
}
