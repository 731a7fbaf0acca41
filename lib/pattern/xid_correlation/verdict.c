#include "input/text/eviction.h"
#include "input/text/kernel.h"
#include "join/evidence.h"
#include "join/phrase.h"
#include "pattern/xid_correlation/xid.h"

enum { RELATED_MAX = 64 }; /* entries of related_xids; the others are counted */

/* Did the kubelet refuse to admit the pod? */
static bool
is_kept_out(const struct xid_join *j, const struct lost *l)
{
	const struct eviction_text t = xid_text(j, l);

	return eviction_kind_of(&t) == EVICTION_ADMISSION;
}

/*
 * The cause recorded in the loss itself, if it is not the GPU.  A broken GPU
 * can bring its node under pressure (core dumps fill disks); other errors are
 * caused by programs, or clean up after them, which evicts no pod and stops no
 * node.
 */
static struct str
own_cause(const struct xid_join *j, const struct xid_series *s, const struct lost *l)
{
	const struct eviction_text t = xid_text(j, l);
	struct eviction e;

	switch (eviction_kind_of(&t)) {
	case EVICTION_NODE_PRESSURE:
		if (s->rank <= XID_UNKNOWN)
			break;
		eviction_parse(&t, &e);
		if (!e.named)
			break;
		return S("node pressure");
	case EVICTION_ADMISSION:
		eviction_parse(&t, &e);
		if (!e.may)
			break;
		return S("node pressure");
	case EVICTION_LOCAL_LIMIT:
		return S("its own storage limit");
	case EVICTION_PREEMPTION:
		return S("preemption");
	case EVICTION_API:
		if (eviction_is_balancing(&t))
			return S("a controller that balances or scales the cluster");
		if (s->rank == XID_HARDWARE)
			break;
		return S("an eviction that a drain or a controller requested");
	case EVICTION_NODE_SHUTDOWN:
		if (s->rank <= XID_UNKNOWN)
			break;
		return S("a shutdown of the node");
	case EVICTION_NODE_LOST:
		if (s->rank <= XID_UNKNOWN)
			break;
		return S("the loss of the node");
	default:
		break;
	}
	return (struct str){0};
}

/* Description of the Xid; for clean-up whose cause is not in the window, with
 * that cause. */
static struct str
what_of(const struct xid_join *j, const struct xid *x, const struct xid_info *info)
{
	uint32_t code = x->nvswitch ? 0 : kernel_previous(name(j, x->text));
	struct buf *b = j->d->scratch;
	size_t from, to;
	bool seen = false;

	if (!code)
		return info->what;
	for (xid_series(j, x->e.node, &from, &to); from < to; from++)
		seen |= j->series[from].x->code == code && !j->series[from].x->nvswitch && j->series[from].x->e.t <= x->e.t;
	b->n = 0;
	buf_add(b, S("clean-up after Xid "));
	buf_u64(b, code);
	if (!seen)
		buf_add(b, S(", which is not in the input"));
	return verdict_keep(j->d->out, b);
}

/*
 * "Xid 79 (what) on gpu-7 GPU 0000:3b:00.0: took down ns/pod, Evicted 41 s
 * later; 2026-…Z"; if the loss has its own cause, the Xid only preceded it.
 * Names are shortened until it fits; the time never is.
 */
static struct str
headline(const struct xid_join *j, const struct xid_finding *f, struct str what, struct str own)
{
	/* bytes for each name, decreasing; an escaped byte takes six */
	static const struct {
		size_t what, node, pod, reason;
	} room[] = {
		{HEADLINE_MAX, 63, PHRASE_NAME, 32}, {0, 63, PHRASE_NAME, 32}, {0, 63, 80, 32}, {0, 40, 60, 20}, {0, 12, 12, 6}, {0, 4, 4, 3},
	};
	const struct lost *l = f->l;
	const struct xid *x = xid_at(j, f->best.at);
	struct str pod = l ? loss_pod(j->ev, l, j->d->spare) : (struct str){0};
	struct buf *b = j->d->scratch;

	PHRASE_TRIES(b, room, i) {
		buf_add(b, x->nvswitch ? S("SXid ") : S("Xid "));
		buf_u64(b, x->code);
		phrase_in_brackets(b, str_head(what, room[i].what));
		phrase_on(b, name(j, x->e.node), room[i].node);
		if (x->gpu.known) {
			buf_add(b, x->nvswitch ? S(" NVSwitch ") : S(" GPU "));
			pci_put(b, x->gpu);
		}
		if (l) {
			buf_add(b, f->drained ? S(": ") : own.n ? S(": preceded the loss of ") :
				   is_kept_out(j, l) ? S(": kept out ") : S(": took down "));
			phrase_pods(b, f->pods, pod, room[i].pod);
			buf_add(b, f->drained ? S(" drained after it, ") : S(", "));
			phrase_short(b, name(j, loss_at(j->ev, l)->reason), room[i].reason);
			buf_chr(b, ' ');
			phrase_delay(b, l->t - x->e.t);
		} else {
			buf_add(b, S(": no pod loss matches it"));
		}
		phrase_ending(b, l ? l->t : x->e.t);
	}
	return verdict_keep(j->d->out, b);
}

/* Consequences for the pod. */
static void
put_pod(const struct xid_join *j, struct buf *b, const struct xid_finding *f, struct str own)
{
	const struct lost *l = f->l;
	bool hardware = f->best.s->rank == XID_HARDWARE;

	if (f->pods) {
		buf_add(b, hardware ? S(" Reschedule the pods onto another node.") :
							      S(" Restart the pods."));
		return;
	}
	buf_add(b, l->daemonset ? S(" Pod ") : hardware ? S(" Reschedule pod ") :
		   is_kept_out(j, l) ? S(" Recreate pod ") : S(" Restart pod "));
	phrase_short(b, loss_pod(j->ev, l, j->d->spare), 317);
	buf_add(b, l->daemonset ? S(" belongs to a DaemonSet, which restarts it on this node.") :
		   hardware ? S(" onto another node.") : S("."));
	if (own.n) {
		buf_add(b, S(" The pod's own record gives "));
		buf_add(b, own);
		buf_add(b, S(" as the cause: see pod-evicted."));
	}
}

static struct str
remediation(const struct xid_join *j, const struct xid_finding *f, struct str todo, struct str asked, struct str own)
{
	const struct xid *x = xid_at(j, f->best.at);
	struct buf *b = j->d->scratch;

	b->n = 0;
	phrase_where(b, name(j, x->e.node), x->nvswitch ? S("NVSwitch") : S("GPU"), x->gpu);
	if (b->n)
		buf_add(b, S(": "));
	buf_plain(b, todo);
	phrase_fact(b, S(" Recovery action reported by the driver (Xid 154): "), asked, SIZE_MAX);
	if (f->l)
		put_pod(j, b, f, own);
	return verdict_keep(j->d->out, b);
}

/* The line of the Xid 154 with the recovery action for the GPU; empty if none
 * is in the window. */
static struct str
asked_line(const struct xid_join *j, const struct candidate *h, size_t n, const struct xid *of)
{
	const struct xid *best = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct xid *x = xid_at(j, h[i].at);

		if (x->code != 154 || x->nvswitch || x->recovered || pci_cmp(x->gpu, of->gpu) != 0 || x->uuid != of->uuid ||
		    kernel_action(name(j, x->text)).n == 0)
			continue;
		if (!best || x->e.t > best->e.t)
			best = x;
	}
	return best ? name(j, best->text) : (struct str){0};
}

/* One series in a window, without the verdict's own Xid. */
struct related {
	const struct xid_series *s;
	uint64_t count;
	int64_t first, last;
	uint32_t uid; /* of the first one */
};

static int
related_cmp(const void *x, const void *y, const void *ctx)
{
	const struct related *a = x, *b = y;
	int d = SORT_ORDER(a->first, b->first);

	d = d ? d : xid_gpu_order(a->s->x->gpu, b->s->x->gpu);
	d = d ? d : SORT_ORDER(a->s->x->code, b->s->x->code);
	return d ? d : xid_cmp(a->s->x, b->s->x, ctx);
}

static void
related_items(const struct xid_join *j, const struct candidate *h, size_t n, size_t blamed)
{
	struct related r[RELATED_MAX] = {0};
	struct verdicts *vs = j->d->out;
	size_t nr = 0, left_out = 0;

	for (size_t i = 0; i < n; i++) {
		size_t from = h[i].from, to = h[i].to, at;
		struct related one = {h[i].s, to - from, xid_at(j, from)->e.t, xid_at(j, to - 1)->e.t,
			xid_at(j, from + (from == blamed && to - from > 1))->e.uid};

		if (blamed >= from && blamed < to) {
			if (--one.count == 0)
				continue;
			if (blamed == from)
				one.first = xid_at(j, from + 1)->e.t;
			if (blamed == to - 1)
				one.last = xid_at(j, to - 2)->e.t;
		}
		/* keep the first ones, in order */
		if (nr == RELATED_MAX) {
			left_out++;
			if (related_cmp(&one, &r[nr - 1], j->ev) > 0)
				continue;
			nr--;
		}
		for (at = nr++; at && related_cmp(&one, &r[at - 1], j->ev) < 0; at--)
			r[at] = r[at - 1];
		r[at] = one;
	}
	if (nr == 0)
		return;
	verdict_open(vs, "related_xids", ITEM_LIST);
	for (size_t i = 0; i < nr; i++) {
		verdict_open(vs, NULL, ITEM_OBJECT);
		verdict_int(vs, "code", r[i].s->x->code);
		verdict_str(vs, "gpu_id", phrase_pci(vs, j->d->scratch, r[i].s->x->gpu));
		verdict_int(vs, "count", (int64_t)r[i].count);
		verdict_time(vs, "first", r[i].first);
		verdict_time(vs, "last", r[i].last);
		verdict_str(vs, "uid", name(j, r[i].uid));
		verdict_close(vs);
	}
	verdict_close(vs);
	if (left_out)
		verdict_int(vs, "related_omitted", (int64_t)left_out);
}

bool
xid_took_down(const struct xid_join *j, const struct lost *l, uint32_t x)
{
	return !l->daemonset && !is_kept_out(j, l) && own_cause(j, xid_series_at(j, x), l).n == 0;
}

/* Members on the lost pod. */
static void
pod_members(const struct xid_join *j, const struct lost *l)
{
	const struct loss *r = loss_at(j->ev, l);
	struct verdicts *vs = j->d->out;

	loss_pod(j->ev, l, j->d->scratch);
	verdict_str(vs, "evicted_pod", verdict_keep(vs, j->d->scratch));
	verdict_str(vs, "pod_name", name(j, r->name));
	verdict_str(vs, "pod_namespace", name(j, r->ns));
	verdict_str(vs, "pod_uid", name(j, l->pod_uid));
	verdict_str(vs, "reason", name(j, r->reason));
}

/* Id of a lone Xid. */
static struct str
lone_id(const struct xid_join *j, const struct xid *x)
{
	struct buf *what = j->d->spare;

	what->n = 0;
	buf_u64(what, x->code);
	if (x->gpu.known) {
		buf_chr(what, '/');
		pci_put(what, x->gpu);
	}
	return phrase_id(j->d->out, j->d->scratch, name(j, x->e.node), buf_str(what), x->e.t);
}

void
xid_emit(const struct xid_join *j, const struct xid_finding *f)
{
	const struct lost *l = f->l;
	const struct xid *x = xid_at(j, f->best.at);
	struct verdicts *vs = j->d->out;
	struct verdict *v = verdict_add(vs);
	bool by_rule;
	struct xid_info info = xid_known(j, x, &by_rule);
	struct str line = asked_line(j, f->h, f->n, x), asked = kernel_action(line), cls = xid_class_name(info.cls);
	struct str own = l ? own_cause(j, f->best.s, l) : (struct str){0};
	int64_t back = recovery_after(&j->rec, &(struct trouble){x->e.t, x->e.node, x->gpu, x->uuid, x->boot});

	v->final_at = time_add(l ? l->final_at : x->e.t, xid_after(j->d, !l));
	v->headline = headline(j, f, what_of(j, x, &info), own);
	v->remediation = remediation(j, f, info.todo, asked, own);
	v->confidence = l && !f->drained && !own.n ? S("full") : S("partial");
	if (l) {
		loss_id(j->ev, l, vs, v, j->d->scratch);
	} else {
		v->id = lone_id(j, x);
		v->missing = S("pod_event");
	}
	v->action = catalog_asked(kernel_action_number(line));
	if (!v->action)
		v->action = catalog_action(&info, asked);
	verdict_int(vs, "xid_code", x->code);
	verdict_str(vs, "xid_name", info.name);
	verdict_str(vs, "xid_class", cls);
	verdict_str(vs, "gpu_id", phrase_pci(vs, j->d->scratch, x->gpu));
	verdict_str(vs, "gpu_uuid", name(j, x->uuid));
	verdict_str(vs, "gpu_serial", name(j, gpus_serial(&j->d->settled->gpus, x->e.node, x->e.t, x->gpu, x->uuid)));
	verdict_str(vs, "node", name(j, x->e.node));
	if (f->pods)
		loss_group_pods(j->ev, j->lost, &j->groups, f->group, vs, j->d->scratch);
	else if (l)
		pod_members(j, l);
	for (size_t i = 0; i < f->n; i++)
		if (f->h[i].s == f->best.s) {
			verdict_time(vs, "first", xid_at(j, f->h[i].from)->e.t);
			verdict_time(vs, "last", xid_at(j, f->h[i].to - 1)->e.t);
		}
	if (l)
		verdict_seconds(vs, "delay_seconds", l->t - x->e.t);
	verdict_str(vs, "recovery_action", asked.n ? asked : info.action);
	related_items(j, f->h, f->n, f->best.at);
	verdict_time(vs, "resolved_at", back);
	evidence_xid(vs, j->ev, x, phrase_pci(vs, j->d->scratch, x->gpu), by_rule ? cls : (struct str){0}, j->d->scratch, j->d->spare);
	if (l)
		loss_evidence(j->ev, l, vs, j->d->spare, j->d->scratch);
}
