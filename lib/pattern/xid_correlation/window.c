#include "pattern/xid_correlation/xid.h"

static const int64_t WINDOW = 60 * SECOND;

enum { LOOK = 1024 }; /* series of a run */

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

static unsigned
rank_of(const struct joining *j, const struct series *s)
{
	return !s->can_cause ? XID_NO_CAUSE : j->c->latest ? 0 : s->rank;
}

/* Put the causes of the series [from, to), which are one node's or label's, in
 * order, grade by grade. */
static void
order_run(struct joining *j, enum nodes_by by, size_t from, size_t to, size_t *cap)
{
	uint32_t *o = j->order[by];
	size_t at = j->series[from].from, end;

	for (unsigned rank = 0; rank <= XID_NO_CAUSE; rank++) {
		end = at;
		for (size_t i = from; i < to; i++)
			if (rank_of(j, &j->series[i]) == rank)
				for (size_t k = j->series[i].from; k < j->series[i].to; k++)
					o[end++] = j->cause[k];
		if (end == at)
			continue;
		sort(o + at, end - at, sizeof(*o), order_cmp, j, &j->ev->scratch);
		j->grade[by] = mem_extend(j->d->mem, j->grade[by], j->ngrade[by], cap, sizeof(*j->grade[by]));
		j->grade[by][j->ngrade[by]++] = (struct grade){(uint32_t)at, (uint32_t)end, j->series[from].label, j->series[from].node, (uint8_t)rank};
		at = end;
	}
}

void
xid_order(struct joining *j)
{
	enum nodes_by last = names_differ(j) ? NODES_BY_LABEL : NODES_BY_NAME;
	const struct series *s = j->series;

	for (enum nodes_by by = NODES_BY_NAME; by <= last; by++) {
		size_t cap = 0, to;

		j->order[by] = mem_new(j->d->mem, uint32_t, j->ncause);
		for (size_t from = 0; from < j->nseries; from = to) {
			for (to = from + 1; to < j->nseries && s[to].label == s[from].label; to++)
				if (by == NODES_BY_NAME && s[to].node != s[from].node)
					break;
			order_run(j, by, from, to, &cap);
		}
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
	struct span w = {time_diff(time_diff(l->t, xid_window(j, l)), j->d->skew), time_add(l->t, j->d->skew), 0, 0};

	w.lo = xid_since(j, w.from);
	w.hi = w.to < INT64_MAX ? xid_since(j, w.to + 1) : (uint32_t)j->ev->list[EVENT_XID].n;
	return w;
}

static size_t
runs_of(const struct joining *j, const struct lost *l, struct nodes_run run[2])
{
	size_t n = nodes_runs(l->node, l->label, run);

	if (!j->order[NODES_BY_LABEL])
		run[0].by = NODES_BY_NAME;
	return n;
}

/* The run's causes of that rank, or NULL. */
static const struct grade *
grade_of(const struct joining *j, uint32_t label, const struct nodes_run *run, unsigned rank)
{
	const struct grade *g = j->grade[run->by];
	const struct idx *names = &j->ev->names;
	bool all = run->by == NODES_BY_LABEL;
	size_t lo = 0, n = j->ngrade[run->by];
	int d;

	SORT_BISECT(lo, n, i, (d = SORT_ORDER(g[i].label, label)) < 0 ||
		    (d == 0 && ((d = all ? 0 : idx_cmp(names, g[i].node, run->key)) < 0 || (d == 0 && g[i].rank < rank))));
	return lo < n && g[lo].label == label && (all || g[lo].node == run->key) && g[lo].rank == rank ? &g[lo] : NULL;
}

/* Where the grade's causes from x on are in the order. */
static size_t
bisect(const struct joining *j, const struct nodes_run *run, const struct grade *g, uint32_t x)
{
	const uint32_t *o = j->order[run->by];
	size_t lo = g->from;

	SORT_BISECT(lo, g->to, i, o[i] < x);
	return lo;
}

/* All of the grade's causes in the span were of use. */
static void
use(const struct joining *j, const struct nodes_run *run, const struct grade *g, struct span w)
{
	j->used[run->by][bisect(j, run, g, w.lo)]++;
	j->used[run->by][bisect(j, run, g, w.hi)]--;
}

bool
xid_blame(const struct joining *j, const struct lost *l, struct span w, uint32_t *x)
{
	unsigned best = XID_NO_CAUSE; /* its rank */
	struct nodes_run run[2];
	size_t n = runs_of(j, l, run);
	const struct grade *g;

	for (size_t r = 0; r < n; r++)
		for (unsigned rank = 0; rank < XID_NO_CAUSE && rank <= best; rank++) {
			size_t to = (g = grade_of(j, l->label, &run[r], rank)) ? bisect(j, &run[r], g, w.hi) : 0;
			uint32_t c = g && to > g->from ? j->order[run[r].by][to - 1] : 0;

			if (!g || to == g->from || c < w.lo)
				continue;
			if (rank < best || better(&j->x[c], &j->x[*x], j->ev) < 0)
				*x = c;
			best = rank;
		}
	for (size_t r = 0; r < n && best < XID_NO_CAUSE && j->d->explain; r++)
		for (unsigned rank = 0; rank <= XID_NO_CAUSE; rank++)
			if ((g = grade_of(j, l->label, &run[r], rank)))
				use(j, &run[r], g, w);
	return best < XID_NO_CAUSE;
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
			struct hit one = {s, xid_bisect(j, s, w.lo), xid_bisect(j, s, w.hi), 0};

			if (one.from == one.to)
				continue;
			one.at = xid_bisect(j, s, xid_since(j, xid_at(j, one.to - 1)->e.t));
			h[n++] = one;
		}
	return n;
}
