#include "pattern/pod_evicted/evicted.h"
#include "join/nodes.h"

/* ---- transitions ---- */

static int
mark_cmp(const struct joining *j, const struct mark *a, const struct mark *b)
{
	const struct idx *names = &j->ev->names;
	int d = SORT_ORDER(a->on, b->on);

	d = d ? d : SORT_ORDER(a->pressure, b->pressure);
	d = d ? d : SORT_ORDER(a->t, b->t);
	d = d ? d : SORT_ORDER(a->c == NULL, b->c == NULL);
	if (d || !a->c)
		return d;
	d = SORT_ORDER(a->c->e.uid == 0, b->c->e.uid == 0);
	d = d ? d : idx_cmp(names, a->c->e.uid, b->c->e.uid);
	return d ? d : condition_cmp(a->c, b->c, j->ev);
}

static int
by_label(const void *x, const void *y, const void *ctx)
{
	const struct mark *a = x, *b = y;
	int d = SORT_ORDER(a->label, b->label);

	return d ? d : mark_cmp(ctx, a, b);
}

/* Where a label has one name, as they stand. */
static int
by_node(const void *x, const void *y, const void *ctx)
{
	const struct joining *j = ctx;
	const struct mark *a = &j->mark[*(const uint32_t *)x], *b = &j->mark[*(const uint32_t *)y];
	int d = SORT_ORDER(a->label, b->label);

	d = d ? d : SORT_ORDER(a->node, b->node);
	return d ? d : mark_cmp(j, a, b);
}

static int
by_time(const void *x, const void *y, const void *ctx)
{
	const struct joining *j = ctx;

	return mark_cmp(j, &j->mark[*(const uint32_t *)x], &j->mark[*(const uint32_t *)y]);
}

static uint32_t *
order(const struct joining *j, sort_cmp *cmp)
{
	uint32_t *o = mem_new(j->d->mem, uint32_t, j->n);

	for (size_t i = 0; i < j->n; i++)
		o[i] = (uint32_t)i;
	sort(o, j->n, sizeof(*o), cmp, j, &j->ev->scratch);
	return o;
}

static void
add_mark(struct joining *j, const struct event *e, const struct condition *c, uint32_t fallback)
{
	uint32_t node = e->node ? e->node : fallback;

	if (c && c->on) {
		j->on++;
		j->nodeless += node == 0;
		j->timeless += e->t == NO_TIME;
	}
	if (e->t == NO_TIME)
		return;
	j->reboots += !c || (!c->on && !c->pressure);
	j->mark[j->n++] = (struct mark){
		.c = c,
		.t = e->t,
		.node = node,
		.label = nodes_label(j->ev, node),
		.on = c && c->on,
		.pressure = c ? c->pressure : 0,
	};
}

void
evicted_gather(struct joining *j, uint32_t fallback)
{
	const struct event_list *conditions = &j->ev->list[EVENT_CONDITION], *recoveries = &j->ev->list[EVENT_RECOVERY];
	const struct condition *c = conditions->p;
	const struct recovery *r = recoveries->p;

	j->mark = mem_new(j->d->mem, struct mark, conditions->n + recoveries->n);
	for (size_t i = 0; i < conditions->n; i++)
		add_mark(j, &c[i].e, &c[i], fallback);
	for (size_t i = 0; i < recoveries->n; i++)
		if (r[i].reboot == 2)
			add_mark(j, &r[i].e, NULL, fallback);
	sort(j->mark, j->n, sizeof(*j->mark), by_label, j, &j->ev->scratch);
	j->order[BY_NODE] = order(j, by_node);
	if (!j->d->explain)
		return;
	j->order[BY_TIME] = order(j, by_time);
	j->used[BY_NODE] = mem_new(j->d->mem, int64_t, j->n + 1);
	j->used[BY_LABEL] = mem_new(j->d->mem, int64_t, j->n + 1);
}

/* One node's transitions of one kind: a range of the marks in one of the
 * orders. */
struct run {
	enum order o;
	uint32_t label, node; /* of interest by node or label; by node */
	uint8_t on, pressure;
};

static const struct mark *
at(const struct joining *j, const struct run *r, size_t i)
{
	return &j->mark[j->order[r->o] ? j->order[r->o][i] : i];
}

/* The order of a mark and the run's time t. */
static int
against(const struct run *r, const struct mark *m, int64_t t)
{
	int d = r->o == BY_TIME ? 0 : SORT_ORDER(m->label, r->label);

	if (d == 0 && r->o == BY_NODE)
		d = SORT_ORDER(m->node, r->node);
	d = d ? d : SORT_ORDER(m->on, r->on);
	d = d ? d : SORT_ORDER(m->pressure, r->pressure);
	return d ? d : SORT_ORDER(m->t, t);
}

/* The first mark of the run at t or later, or behind t, with after; where the
 * run ends when there is none. */
static size_t
bisect(const struct joining *j, const struct run *r, int64_t t, bool after)
{
	size_t lo = 0;

	SORT_BISECT(lo, j->n, i, against(r, at(j, r, i), t) < after);
	return lo;
}

/* The run's mark at i, or NULL: it is not of the run. */
static const struct mark *
within(const struct joining *j, const struct run *r, size_t i)
{
	const struct mark *m = i < j->n ? at(j, r, i) : NULL;

	return m && against(r, m, m->t) == 0 ? m : NULL;
}

/* The runs of a node: one or two. */
static size_t
runs_of(uint32_t node, uint32_t label, bool on, unsigned pressure, struct run run[2])
{
	struct nodes_run where[2];
	size_t n = nodes_runs(node, label, where);

	for (size_t i = 0; i < n; i++)
		run[i] = (struct run){where[i].by == NODES_BY_LABEL ? BY_LABEL : BY_NODE, label, where[i].key, on, (uint8_t)pressure};
	return n;
}

/* ---- joining ---- */

/* The later, then the lower pressure, then the lower uid. */
static bool
better(const struct joining *j, const struct mark *a, const struct mark *b)
{
	int d = b ? SORT_ORDER(b->t, a->t) : -1;

	return (d ? d : mark_cmp(j, a, b)) < 0;
}

struct span {
	int64_t from, to; /* closed */
};

/* When a pressure must have begun to be the cause of what was at t. */
static struct span
window(const struct joining *j, int64_t t)
{
	int64_t skew = j->d->skew;

	return (struct span){time_diff(time_diff(t, j->c->window), skew), time_diff(t, -skew)};
}

/* The latest of a run in the window, or NULL. */
static const struct mark *
latest(const struct joining *j, const struct run *r, struct span w, bool use)
{
	size_t to = bisect(j, r, w.to, true);
	const struct mark *last = to ? within(j, r, to - 1) : NULL, *before;

	if (!last || last->t < w.from)
		return NULL;
	if (use && j->d->explain) {
		j->used[r->o][bisect(j, r, w.from, false)]++;
		j->used[r->o][to]--;
	}
	/* of equal times the first */
	before = to > 1 ? within(j, r, to - 2) : NULL;
	return before && before->t == last->t ? at(j, r, bisect(j, r, last->t, false)) : last;
}

const struct mark *
evicted_cause(const struct joining *j, const struct lost *l, unsigned may, bool use)
{
	const struct mark *best = NULL, *m;
	struct run run[2];

	for (unsigned p = PRESSURE_MEMORY; p < PRESSURES; p++)
		for (size_t n = may >> p & 1 ? runs_of(l->node, l->label, true, p, run) : 0; n--;) {
			m = latest(j, &run[n], window(j, l->t), use);
			if (m && better(j, m, best))
				best = m;
		}
	return best;
}

int64_t
evicted_over(const struct joining *j, uint32_t node, uint32_t label, unsigned pressure, int64_t t)
{
	int64_t end = NO_TIME;
	struct run run[2];

	for (unsigned p = j->reboots ? PRESSURE_UNKNOWN : PRESSURE_MEMORY; p < PRESSURES; p++)
		for (size_t n = p == PRESSURE_UNKNOWN || p == pressure ? runs_of(node, label, false, p, run) : 0; n--;) {
			const struct mark *m = within(j, &run[n], bisect(j, &run[n], t, true));

			if (m && (end == NO_TIME || m->t < end))
				end = m->t;
		}
	return end;
}

const struct mark *
evicted_nearest(const struct joining *j, const struct lost *l, unsigned may)
{
	const struct mark *best = NULL;
	struct run run[2];

	for (unsigned p = PRESSURE_MEMORY; p < PRESSURES; p++)
		for (size_t n = may >> p & 1 ? runs_of(l->node, l->label, true, p, run) : 0; n--;) {
			size_t i = bisect(j, &run[n], l->t, true);

			for (size_t k = i ? i - 1 : i; k <= i; k++) {
				const struct mark *m = within(j, &run[n], k);
				uint64_t d = m ? time_apart(m->t, l->t) : 0, bd = best ? time_apart(best->t, l->t) : 0;

				if (m && (!best || d < bd || (d == bd && m->t < best->t)))
					best = m;
			}
		}
	return best;
}

const struct mark *
evicted_elsewhere(const struct joining *j, const struct lost *l, unsigned may)
{
	const struct mark *best = NULL, *m;

	for (unsigned p = PRESSURE_MEMORY; p < PRESSURES; p++)
		if (may >> p & 1) {
			m = latest(j, &(struct run){BY_TIME, 0, 0, true, (uint8_t)p}, window(j, l->t), false);
			if (m && better(j, m, best))
				best = m;
		}
	return best;
}
