#include "pattern/xid_correlation/xid.h"

static const int64_t WINDOW = 60 * SECOND;

enum { CANDIDATES_MAX = 1024 }; /* series of a node */

struct eviction_text
xid_text(const struct xid_join *j, const struct lost *l)
{
	const struct loss *r = loss_at(j->ev, l);

	return (struct eviction_text){name(j, r->reason), name(j, r->note), name(j, r->offenders), r->source};
}

bool
xid_by_node(const struct xid_join *j, const struct lost *l)
{
	static const struct str reasons = STR_INIT("TaintManagerEviction,NodeNotReady,DeletionByTaintManager");

	return str_listed(reasons, name(j, loss_at(j->ev, l)->reason));
}

bool
xid_is_drain(const struct xid_join *j, const struct lost *l)
{
	const struct eviction_text t = xid_text(j, l);

	return eviction_is_drain(&t);
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
	return xid_before(j, l->t, xid_window(j, l));
}

struct xid_span
xid_before(const struct xid_join *j, int64_t t, int64_t width)
{
	struct xid_span w = {time_diff(time_diff(t, width), j->d->skew), time_add(t, j->d->skew), 0, 0};

	w.lo = xid_since(j, w.from);
	w.hi = w.to < INT64_MAX ? xid_since(j, w.to + 1) : (uint32_t)j->ev->list[EVENT_XID].n;
	return w;
}

int64_t
xid_reach(const struct detection *d)
{
	const struct xid_options *c = d->config;
	int64_t most = c->window > XID_WINDOW_TAINT ? c->window : XID_WINDOW_TAINT;

	return time_add(most > c->drain_window ? most : c->drain_window, d->skew);
}

int64_t
xid_after(const struct detection *d, bool lone)
{
	int64_t loss = lone ? time_add(xid_reach(d), LOSS_SPAN + XID_BURST) : 0;

	return time_add(time_add(loss, XID_TWIN), d->skew);
}

void
xid_use(const struct xid_join *j, uint32_t node, struct xid_span w)
{
	size_t lo = 0, hi;

	if (!j->used)
		return;
	SORT_BISECT(lo, j->ncause, i, j->x[j->order[i]].e.node < node ||
		    (j->x[j->order[i]].e.node == node && j->order[i] < w.lo));
	hi = lo;
	SORT_BISECT(hi, j->ncause, i, j->x[j->order[i]].e.node == node && j->order[i] < w.hi);
	j->used[lo]++;
	j->used[hi]--;
}

bool *
xid_used(const struct xid_join *j)
{
	bool *used = mem_new(j->d->mem, bool, j->ev->list[EVENT_XID].n);
	int64_t depth = 0;

	for (size_t i = 0; i < j->ncause; i++) {
		depth += j->used[i];
		used[j->order[i]] = depth > 0;
	}
	return used;
}

/* ---- other Xids ---- */

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
xid_candidates(const struct xid_join *j, uint32_t node, struct xid_span w, struct candidate *h)
{
	size_t n = 0, from, to;

	for (xid_series(j, node, &from, &to); from < to; from++) {
		const struct xid_series *s = &j->series[from];
		struct candidate one = {s, xid_bisect(j, s, w.lo), xid_bisect(j, s, w.hi), 0};

		if (one.from == one.to)
			continue;
		one.at = xid_bisect(j, s, xid_since(j, xid_at(j, one.to - 1)->e.t));
		h[n++] = one;
	}
	return n;
}
