#include "pattern/pod_evicted/evicted.h"
#include "join/phrase.h"

/* Why a loss met no pressure, and which one it nearly met. */
static struct str
why_apart(const struct joining *j, const struct lost *l, const struct eviction *e, const struct mark **m)
{
	unsigned may = evicted_may_join(e);

	*m = NULL;
	if (l->t == NO_TIME)
		return S("the loss carries no time");
	if (!may)
		return S("its kind has another cause than a node's pressure");
	if ((*m = evicted_cause(j, l, ~may, false)))
		return S("the node was under another pressure than the eviction names");
	if ((*m = evicted_nearest(j, l, may)))
		return time_diff(l->t, (*m)->t) < -j->d->skew ? S("the nearest pressure began after the eviction") :
								 S("the nearest pressure began too long before the eviction");
	if ((*m = evicted_elsewhere(j, l, may)))
		return l->node ? S("the pressure was on another node") : S("the loss carries no node");
	return !l->node ? S("the loss carries no node") :
	       e->named ? S("no such pressure on this node") : S("no pressure on this node");
}

void
evicted_explain_loss(const struct joining *j, const struct lost *l)
{
	const struct eviction_text t = evicted_text(j, l);
	struct buf *b = j->d->explain, *pod = &j->ev->scratch;
	const struct mark *m;
	struct eviction e;
	struct str why;

	eviction_parse(&t, &e);
	why = why_apart(j, l, &e, &m);
	phrase_open(b, S("eviction without a node condition"));
	phrase_str(b, "pod", loss_pod(j->ev, l, pod));
	phrase_str(b, "node", name(j, l->node));
	phrase_str(b, "reason", name(j, loss_at(j->ev, l)->reason));
	phrase_time(b, "time", l->t);
	phrase_str(b, "eviction_kind", eviction_kind_name(e.kind));
	phrase_str(b, "pressure", pressure_name(e.pressure));
	if (m) {
		buf_key(b, "nearest");
		buf_chr(b, '{');
		phrase_str(b, "condition", pressure_type(m->pressure));
		phrase_str(b, "node", name(j, m->node));
		phrase_time(b, "time", m->t);
		phrase_seconds(b, "delay_seconds", time_diff(l->t, m->t));
		buf_chr(b, '}');
		phrase_seconds(b, "window_seconds", j->c->window);
	}
	phrase_close(b, why);
}

/* Pressures of one node and kind that took nothing down. */
struct idle {
	uint32_t node, label;
	unsigned pressure;
	uint64_t count;
	int64_t first, last;
};

static int
idle_cmp(const void *x, const void *y, const void *ctx)
{
	const struct idle *a = x, *b = y;
	int d = idx_cmp(ctx, a->node, b->node);

	return d ? d : SORT_ORDER(a->pressure, b->pressure);
}

static void
explain_idle(const struct joining *j, const uint32_t *by_label, const struct idle *i)
{
	struct buf *b = j->d->explain, *pod = &j->ev->scratch;
	const struct lost *l = loss_nearest(j->ev, j->lost, j->nlost, by_label, i->node, i->label, i->last);

	phrase_open(b, S("pressure that evicted nobody"));
	phrase_str(b, "condition", pressure_type(i->pressure));
	phrase_str(b, "node", name(j, i->node));
	buf_key(b, "count");
	buf_u64(b, i->count);
	phrase_time(b, "first", i->first);
	phrase_time(b, "last", i->last);
	if (l) {
		phrase_str(b, "nearest_loss", loss_pod(j->ev, l, pod));
		phrase_seconds(b, "delay_seconds", time_diff(l->t, i->last));
	}
	phrase_close(b, !i->node ? S("the condition carries no node: --node=NAME names it") :
				     l ? S("no pod of this node was evicted for it within the window") :
					 S("no pod of this node was lost"));
}

void
evicted_explain_pressures(const struct joining *j)
{
	struct idle *idle = mem_new(j->d->mem, struct idle, j->n);
	uint32_t *by_label = loss_by_label(j->ev, j->lost, j->nlost, j->d->mem);
	size_t n = 0;

	for (enum order o = BY_NODE; o < BY_TIME; o++) {
		int64_t depth = 0;

		for (size_t i = 0; i < j->n; i++) {
			depth += j->used[o][i];
			j->mark[j->order[o] ? j->order[o][i] : i].used |= depth > 0;
		}
	}
	for (size_t i = 0; i < j->n; i++) {
		const struct mark *m = &j->mark[j->order[BY_NODE][i]];

		if (!m->on || m->used)
			continue;
		if (n == 0 || idle[n - 1].node != m->node || idle[n - 1].pressure != m->pressure)
			idle[n++] = (struct idle){m->node, m->label, m->pressure, 0, m->t, m->t};
		idle[n - 1].count++;
		idle[n - 1].last = m->t;
	}
	sort(idle, n, sizeof(*idle), idle_cmp, &j->ev->names, &j->ev->scratch);
	for (size_t i = 0; i < n; i++)
		explain_idle(j, by_label, &idle[i]);
}
