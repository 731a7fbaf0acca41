#include "join/phrase.h"
#include "pattern/xid_correlation/xid.h"

#define NO_NODE_DOWN S("application errors, clean-up and informational Xids do not take a node down")

/* Can an error of this kind have taken down the pod? */
static bool
takes_down(const struct xid_join *j, const struct xid_series *s, const struct lost *l)
{
	return s->rank <= XID_UNKNOWN || !xid_by_node(j, l) || j->c->latest;
}

/* The cause on the loss's node that is nearest in time; the earlier of two. */
static const struct xid *
nearest(const struct xid_join *j, const struct lost *l)
{
	const struct xid *best = NULL;
	uint32_t since = xid_since(j, l->t);
	size_t from, to;

	for (xid_series(j, l->node, &from, &to); from < to; from++) {
		const struct xid_series *s = &j->series[from];
		size_t at = xid_bisect(j, s, since);

		for (size_t k = at > s->from ? at - 1 : at; k <= at && k < s->to; k++) {
			const struct xid *x = xid_at(j, k);
			uint64_t d = time_apart(x->e.t, l->t), bd = best ? time_apart(best->e.t, l->t) : 0;

			if (!best || d < bd || (d == bd && xid_cmp(x, best, j->ev) < 0))
				best = x;
		}
	}
	return best;
}

static bool
may_cause(const struct xid_join *j, const struct xid *x)
{
	return xid_series_at(j, (uint32_t)(x - j->x))->can_cause;
}

/* Does the delay suggest another time zone: an hour or more, a multiple of a
 * quarter of an hour plus at most the default window? */
static bool
is_zone_away(int64_t delay)
{
	const int64_t quarter = 900 * SECOND;
	int64_t into = delay % quarter;

	return time_apart(delay, 0) >= 4 * (uint64_t)quarter - 60 * SECOND && (into < 0 ? into + quarter : into) <= 60 * SECOND;
}

bool
xid_is_zone_away(const struct xid_join *j, const struct lost *l)
{
	const struct xid *x = l->t == NO_TIME || !l->node ? NULL : nearest(j, l);

	return x && is_zone_away(time_diff(l->t, x->e.t));
}

/* Why the nearest hardware error did not cause a pod's drain, or the nearest
 * Xid any other loss. */
static struct str
why_too_long(const struct xid_join *j, const struct lost *l, const struct xid *x, int64_t delay)
{
	if (!xid_is_drain(j, l) || delay > j->c->drain_window + j->d->skew)
		return S("the nearest Xid came too long before the loss");
	return xid_series_at(j, (uint32_t)(x - j->x))->rank != XID_HARDWARE ?
		       S("the nearest Xid is not a hardware error: drains are attributed only to those") :
		       S("a reset, reboot or recovery came between the nearest Xid and the drain");
}

void
xid_explain_loss(const struct xid_join *j, const struct lost *l)
{
	struct buf *b = j->d->explain, *pod = j->d->spare;
	const struct xid *x = l->t == NO_TIME ? NULL : nearest(j, l);
	struct str why = l->node && xid_is_dark(j, l->node) ? S("the input has no line of the NVIDIA driver from this node") :
								  S("no Xid on this node");
	int64_t delay, window;

	phrase_open(b, S("pod loss without a verdict"));
	phrase_str(b, "pod", loss_pod(j->ev, l, pod));
	phrase_str(b, "node", name(j, l->node));
	phrase_str(b, "reason", name(j, loss_at(j->ev, l)->reason));
	phrase_time(b, "time", l->t);
	if (l->t == NO_TIME)
		why = S("the loss has no timestamp");
	else if (!l->node && !x)
		why = S("the loss has no node name");
	if (x) {
		delay = time_diff(l->t, x->e.t);
		window = xid_is_drain(j, l) && delay > xid_window(j, l) + j->d->skew ? j->c->drain_window : xid_window(j, l);
		why = is_zone_away(delay) ? S("the nearest Xid is a multiple of 15 minutes away: is the time zone right?") :
		      delay < -j->d->skew ? S("the nearest Xid came after the loss") :
		      delay > xid_window(j, l) + j->d->skew ? why_too_long(j, l, x, delay) :
		      !may_cause(j, x) ? S("the nearest Xid cannot be the cause: it is nonfatal or a recovery") :
		      takes_down(j, xid_series_at(j, (uint32_t)(x - j->x)), l) ?
					S("the nearest Xid is a consequence of one that came too long before the loss") :
					NO_NODE_DOWN;
		buf_key(b, "nearest");
		buf_chr(b, '{');
		buf_key(b, "xid_code");
		buf_u64(b, x->code);
		phrase_gpu(b, "gpu_id", x->gpu);
		phrase_time(b, "time", x->e.t);
		phrase_seconds(b, "delay_seconds", delay);
		buf_chr(b, '}');
		phrase_seconds(b, "window_seconds", window);
	}
	phrase_close(b, why);
}

struct idle {
	const struct xid_series *s;
	uint64_t count;
	int64_t first, last;
};

static int
idle_cmp(const void *x, const void *y, const void *ctx)
{
	const struct idle *a = x, *b = y;
	const struct events *ev = ctx;
	int d = idx_cmp(&ev->names, a->s->node, b->s->node);

	d = d ? d : xid_gpu_order(a->s->x->gpu, b->s->x->gpu);
	d = d ? d : SORT_ORDER(a->s->x->code, b->s->x->code);
	return d ? d : xid_cmp(a->s->x, b->s->x, ev);
}

static bool
is_within(const struct xid_join *j, const struct idle *i, const struct lost *l)
{
	int64_t delay = time_diff(l->t, i->last);

	return delay >= 0 && delay <= xid_window(j, l);
}

static void
explain_idle(const struct xid_join *j, const uint32_t *by_node, const struct idle *i)
{
	struct buf *b = j->d->explain, *pod = j->d->spare;
	const struct lost *l = loss_nearest(j->lost, j->nlost, by_node, i->s->node, i->last);
	bool by_rule;

	phrase_open(b, i->s->x->nvswitch ? S("SXid that took no pod down") : S("Xid that took no pod down"));
	buf_key(b, "xid_code");
	buf_u64(b, i->s->x->code);
	phrase_str(b, "xid_class", xid_class_name(xid_known(j, i->s->x, &by_rule).cls));
	phrase_gpu(b, "gpu_id", i->s->x->gpu);
	phrase_str(b, "node", name(j, i->s->node));
	buf_key(b, "count");
	buf_u64(b, i->count);
	phrase_time(b, "first", i->first);
	phrase_time(b, "last", i->last);
	if (l) {
		phrase_str(b, "nearest_loss", loss_pod(j->ev, l, pod));
		phrase_seconds(b, "delay_seconds", time_diff(l->t, i->last));
	}
	phrase_close(b, !i->s->node ? j->ev->of_tasks ? S("the Xid has no node name") : S("the Xid has no node name: use --node=NAME") :
			    !i->s->can_cause ? S("this class of error does not kill pods") :
			    !l ? S("no pod of this node was lost") :
			    !takes_down(j, i->s, l) ? NO_NODE_DOWN :
			    !is_within(j, i, l) ? S("no pod of this node was lost within the window") :
			    i->s->x->code == 163 ? S("power smoothing was re-enabled (Xid 162) before the loss") :
						   S("it is a consequence of an Xid that came too long before the loss"));
}

void
xid_explain_causes(const struct xid_join *j)
{
	struct idle *idle = mem_new(j->d->mem, struct idle, j->nseries);
	uint32_t *by_node = loss_by_node(j->lost, j->nlost, j->d->spare, j->d->mem);
	bool *used = xid_used(j);
	size_t n = 0;

	for (size_t i = 0; i < j->nseries; i++) {
		const struct xid_series *s = &j->series[i];
		struct idle *to = &idle[n];

		*to = (struct idle){.s = s};
		for (size_t k = s->from; k < s->to; k++) {
			if (used[j->cause[k]])
				continue;
			if (to->count++ == 0)
				to->first = xid_at(j, k)->e.t;
			to->last = xid_at(j, k)->e.t;
		}
		n += to->count != 0;
	}
	sort(idle, n, sizeof(*idle), idle_cmp, j->ev, j->d->spare);
	for (size_t i = 0; i < n; i++)
		explain_idle(j, by_node, &idle[i]);
}
