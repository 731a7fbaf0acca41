/*
 * pod_evicted - which pressure on which node evicted which pod.
 *
 * The rule: the cause of a pod's loss is the latest pressure on its node that
 * was active at the time (span.h), of a kind that the loss's note may mean.
 */
#include "input/text/eviction.h"
#include "input/text/kernel.h"
#include "join/causes.h"
#include "join/evidence.h"
#include "join/layers.h"
#include "join/loss.h"
#include "join/phrase.h"
#include "pattern/pattern.h"
#include "pattern/pod_evicted/span.h"

struct evicted_options {
	int64_t window;
	bool full_only;
	struct str reasons;
};

/* "CAUSE on NODE: POD DID", and the remediation. */
struct loss_kind {
	struct str cause; /* if no pressure is known */
	struct str did;   /* consequence for the pod */
	struct str todo;
	enum action action; /* action that todo requests */
};

static const struct loss_kind kinds[EVICTION_KINDS] = {
	[EVICTION_NODE_PRESSURE] = {
		STR_INIT("Node-pressure eviction"), STR_INIT(" evicted"),
		STR_INIT("Find out which resource ran out on the node: memory, disk or PIDs."), ACTION_FIX_CAPACITY},
	[EVICTION_LOCAL_LIMIT] = {
		STR_INIT("Pod storage limit exceeded"), STR_INIT(" evicted"),
		STR_INIT("The node is not at fault: raise the pod's emptyDir or ephemeral-storage limit, or write less."), ACTION_FIX_PROGRAM},
	[EVICTION_TAINT] = {
		STR_INIT("NoExecute taint"), STR_INIT(" evicted"),
		STR_INIT("Check which NoExecute taint the node has (kubectl describe node) and what set it."), ACTION_OBSERVE},
	[EVICTION_PREEMPTION] = {
		STR_INIT("Preemption"), STR_INIT(" evicted"),
		STR_INIT("Preempted by a higher-priority pod: add capacity, or raise this pod's priority."), ACTION_FIX_CAPACITY},
	[EVICTION_NODE_SHUTDOWN] = {
		STR_INIT("Node shutdown"), STR_INIT(" terminated"),
		STR_INIT("The node was shut down or restarted: find out why."), ACTION_OBSERVE},
	[EVICTION_NODE_LOST] = {
		STR_INIT("Node failure or removal"), STR_INIT(" lost"),
		STR_INIT("The node stopped reporting or was removed: check its kubelet, network and power, and the autoscaler."), ACTION_INSPECT_HARDWARE},
	[EVICTION_API] = {
		STR_INIT("API-initiated eviction"), STR_INIT(" evicted"),
		STR_INIT("Evicted through the API by a drain, the autoscaler or another controller; the node itself may be healthy."), ACTION_NONE},
	[EVICTION_ADMISSION] = {
		STR_INIT("Node pressure"), STR_INIT(" rejected"),
		STR_INIT("The pod never ran: keep new pods off the node until its pressure is over."), ACTION_FIX_CAPACITY},
	[EVICTION_UNKNOWN] = {
		STR_INIT("Eviction of unknown cause"), STR_INIT(" evicted"),
		STR_INIT("Neither reason nor message shows what evicted the pod: check for drains, the autoscaler and other controllers."),
		ACTION_OBSERVE},
};

/* EVICTION_ADMISSION without a pressure; EVICTION_TAINT of a device. */
static const struct loss_kind refused = {
	STR_INIT("Pod admission failure"), STR_INIT(" rejected by the kubelet"),
	STR_INIT("The pod never ran: its message shows what the kubelet could not provide (a device, CPU, memory)."), ACTION_OBSERVE,
}, device_taint = {
	STR_INIT("Device taint"), STR_INIT(" evicted"),
	STR_INIT("Check which DeviceTaintRule or ResourceSlice taints the pod's device "
		 "(kubectl get devicetaintrules,resourceslices -o yaml) and what set it."), ACTION_OBSERVE,
};

/* Taints of a node that is not ready: what to check. */
static const struct str lapse_keys[] = {
	[LAPSE_UNKNOWN] = {NULL, 0},
	[LAPSE_NOT_READY] = STR_INIT("node.kubernetes.io/not-ready"),
	[LAPSE_UNREACHABLE] = STR_INIT("node.kubernetes.io/unreachable"),
}, lapse_todo[] = {
	[LAPSE_UNKNOWN] = {NULL, 0},
	[LAPSE_NOT_READY] = STR_INIT("The kubelet reported its node not ready: check the Ready condition's message, the container "
				     "runtime and the network plugin."),
	[LAPSE_UNREACHABLE] = STR_INIT("The kubelet stopped reporting: check the node's power, network and kubelet."),
};

static const struct str pressure_todo[PRESSURES] = {
	[PRESSURE_MEMORY] = STR_INIT("Free memory: find what grew, and give pods memory requests that cover what they use."),
	[PRESSURE_DISK] = STR_INIT("Free disk: remove unused images, logs, checkpoints and emptyDir data, or enlarge the disk; "
				   "give pods ephemeral-storage requests and limits."),
	[PRESSURE_PID] = STR_INIT("Find what starts so many processes, and set a per-pod PID limit (podPidsLimit)."),
};

static const struct str of_resource[PRESSURES] = {
	[PRESSURE_MEMORY] = STR_INIT(" (memory)"),
	[PRESSURE_DISK] = STR_INIT(" (disk)"),
	[PRESSURE_PID] = STR_INIT(" (PIDs)"),
};

#define TO(member) offsetof(struct evicted_options, member)
static const struct opt options[] = {
	{'w', "window", OPT_DURATION, TO(window), "DUR", "5m",
		"correlate an eviction with a pressure that holds, or began up to DUR before it"},
	{0, "full-only", OPT_FLAG, TO(full_only), NULL, NULL,
		"print only evictions that a node's condition explains"},
	{0, "reason", OPT_STR, TO(reasons), "LIST", NULL,
		"set the comma-separated Event reasons that mean a lost pod [all but NodeNotReady]"},
	{.kind = OPT_END},
};

static int
setup(void *config, struct program *p)
{
	struct evicted_options *c = config;

	p->reasons = c->reasons.n ? c->reasons : eviction_reasons;
	p->words = c->reasons;
	return -1;
}

/* ---- events ---- */

enum { LOST }; /* the class of losses, for --explain */

struct evicted_join {
	const struct detection *d;
	const struct evicted_options *c;
	const struct events *ev;
	struct causes marks; /* conditions, taints, reboots, and ready nodes */
	struct causes spans, anywhere; /* pressures; for --explain: of all nodes as one */
	const struct lost *lost;
	size_t nlost;
	bool *joined;
	struct loss_groups groups; /* by span; n NULL: not needed */
	struct layer conditions, losses; /* losses: those that a pressure may have caused */
	uint64_t timeless, apart, nodeless; /* losses: without a timestamp; without a cause, with a node;
	                                     * without a node */
	uint64_t dateless, homeless;        /* pressures without a timestamp, without a node */
};

static inline struct str
name(const struct evicted_join *j, uint32_t id)
{
	return idx_at(&j->ev->names, id);
}

static unsigned
lapse_at(const struct cause *c)
{
	return ((const struct node_word *)c->of)->lapse;
}

static int
mark_ties(const void *x, const void *y, const void *ctx)
{
	const struct condition *a = ((const struct cause *)x)->of, *b = ((const struct cause *)y)->of;
	const struct events *ev = ctx;
	int d = SORT_ORDER(a == NULL, b == NULL);

	/* equal classes; of two ways of being not ready, the more severe */
	if (((const struct cause *)x)->cls > TAINT)
		return SORT_ORDER(lapse_at(y), lapse_at(x));

	if (d || !a)
		return d;
	d = SORT_ORDER(a->e.uid == 0, b->e.uid == 0);
	d = d ? d : idx_cmp(&ev->names, a->e.uid, b->e.uid);
	return d ? d : condition_cmp(a, b, ev);
}

static int
span_ties(const void *x, const void *y, const void *ctx)
{
	const struct pressure_span *a = ((const struct cause *)x)->of, *b = ((const struct cause *)y)->of;

	return condition_cmp(a->c, b->c, ctx);
}

static uint32_t
class_of(const struct condition *c)
{
	if (c->taint)
		return TAINT;
	return c->on ? ON + c->pressure : c->pressure ? OVER + c->pressure : REBOOT;
}

static void
gather(struct evicted_join *j)
{
	const struct event_list *conditions = &j->ev->list[EVENT_CONDITION], *recoveries = &j->ev->list[EVENT_RECOVERY];
	const struct event_list *nodes = &j->ev->list[EVENT_NODE];
	const struct condition *c = conditions->p;
	const struct recovery *r = recoveries->p;
	const struct node_word *w = nodes->p;
	struct cause *to = j->marks.c = mem_new(j->d->mem, struct cause, conditions->n + recoveries->n + nodes->n);

	for (size_t i = 0; i < conditions->n; i++) {
		if (!c[i].taint) {
			layer_add(&j->conditions, c[i].e.t == NO_TIME ? 0 : c[i].e.node, j->d->mem);
			j->homeless += c[i].on && !c[i].e.node;
			j->dateless += c[i].on && c[i].e.t == NO_TIME;
		}
		if (c[i].e.t != NO_TIME)
			*to++ = (struct cause){c[i].e.t, c[i].e.node, class_of(&c[i]), &c[i]};
	}
	for (size_t i = 0; i < recoveries->n; i++)
		if (r[i].reboot == 2 && r[i].e.t != NO_TIME)
			*to++ = (struct cause){r[i].e.t, r[i].e.node, REBOOT, NULL};
	for (size_t i = 0; i < nodes->n; i++)
		if (w[i].e.t != NO_TIME && w[i].state <= NODE_NOT_READY)
			*to++ = (struct cause){w[i].e.t, w[i].e.node, w[i].state == NODE_READY ? READY : w[i].lapse ? LAPSE : LAPSE_SOMEHOW, &w[i]};
	j->marks.n = (size_t)(to - j->marks.c);
	causes_sort(&j->marks, mark_ties, j->ev, j->d->spare, j->d->mem);
	j->spans = spans_of(&j->marks, j->d->mem);
	if (!j->d->explain)
		return;
	j->spans.used = mem_new(j->d->mem, int64_t, j->spans.n + 1);
	j->anywhere.c = mem_new(j->d->mem, struct cause, j->spans.n);
	for (size_t i = 0; i < j->spans.n; i++) {
		j->anywhere.c[i] = j->spans.c[i];
		j->anywhere.c[i].node = 0;
	}
	j->anywhere.n = j->spans.n;
	causes_sort(&j->anywhere, span_ties, j->ev, j->d->spare, j->d->mem);
}

/* ---- the rule ---- */

/* The NoExecute taint of a node; key empty: not ready, but how is unknown. */
struct taint {
	struct str key;
	int64_t since; /* NO_TIME: unknown */
};

/* An eviction and its context. */
struct found {
	const struct lost *l;
	struct eviction e;
	const struct cause *cause; /* a span, or NULL */
	struct taint taint;
	unsigned pressure;         /* from the note or from the cause, enum pressure */
	uint32_t pods;             /* number in this verdict; 0: only one */
	int64_t last;              /* time of the last loss */
	bool has_top;
	struct eviction_use top;
};

#define EACH_PRESSURE(p, may) \
	for (unsigned p = PRESSURE_MEMORY; p < PRESSURES; p++) \
		if ((may) >> p & 1)

static const struct loss_kind *
kind_of(const struct evicted_join *j, const struct found *f)
{
	if (f->e.kind == EVICTION_ADMISSION && !f->e.may)
		return &refused;
	if (f->e.kind == EVICTION_TAINT && eviction_is_device_taint(name(j, loss_at(j->ev, f->l)->reason)))
		return &device_taint;
	return &kinds[f->e.kind];
}

static const struct cause *
span_of(const struct evicted_join *j, const struct causes *spans, uint32_t node, unsigned pressure, int64_t t)
{
	return span_at(spans, node, pressure, t, j->c->window, j->d->skew);
}

/* The latest of these pressures active at a time; of equal times the lowest. */
static const struct cause *
cause_of(const struct evicted_join *j, const struct causes *spans, uint32_t node, int64_t t, unsigned may)
{
	const struct cause *best = NULL, *c;

	if (t == NO_TIME)
		return NULL;
	EACH_PRESSURE(p, may)
		if ((c = span_of(j, spans, node, p, t)) && (!best || c->t > best->t))
			best = c;
	return best;
}

/* The last time in a window that the node became not ready without becoming
 * ready again in it. */
static const struct cause *
lapse_of(const struct evicted_join *j, uint32_t node, uint32_t cls, struct window w)
{
	const struct cause *c = causes_latest(&j->marks, node, cls, w);

	return c && !causes_latest(&j->marks, node, READY, (struct window){time_add(c->t, 1), w.to}) ? c : NULL;
}

/* The last NoExecute taint on the node before a loss; for a node that is not
 * ready, its Ready condition and Events show it, too. */
static struct taint
taint_of(const struct evicted_join *j, const struct found *f)
{
	struct window w = window_before(f->l->t, SPAN_TAINT, j->d->skew);
	const struct cause *c, *lapse;
	uint32_t node = f->l->node;

	if (kind_of(j, f) != &kinds[EVICTION_TAINT] || f->l->t == NO_TIME)
		return (struct taint){.since = NO_TIME};
	c = causes_latest(&j->marks, node, TAINT, w);
	lapse = lapse_of(j, node, LAPSE, w);
	if (c && (!lapse || lapse->t <= c->t))
		return (struct taint){name(j, ((const struct condition *)c->of)->reason), c->t};
	lapse = lapse ? lapse : lapse_of(j, node, LAPSE_SOMEHOW, w);
	return lapse ? (struct taint){lapse_keys[lapse_at(lapse)], lapse->t} : (struct taint){.since = NO_TIME};
}

/* ---- texts ---- */

static struct eviction_text
text_of(const struct evicted_join *j, const struct lost *l)
{
	const struct loss *r = loss_at(j->ev, l);

	return (struct eviction_text){name(j, r->reason), name(j, r->note), name(j, r->offenders), r->source};
}

/* How the node is not ready, according to its taint. */
static enum node_lapse
lapse_of_key(struct str key)
{
	return str_eq(key, lapse_keys[LAPSE_NOT_READY]) ? LAPSE_NOT_READY :
	       str_eq(key, lapse_keys[LAPSE_UNREACHABLE]) ? LAPSE_UNREACHABLE : LAPSE_UNKNOWN;
}

static struct str
todo_of(const struct evicted_join *j, const struct found *f)
{
	enum node_lapse lapse = lapse_of_key(f->taint.key);

	return lapse ? lapse_todo[lapse] : kind_of(j, f)->todo;
}

static bool
is_inodes(const struct found *f)
{
	return str_ifind(f->e.resource, S("inode")) < f->e.resource.n;
}

/* Is the amount in bytes?  PIDs and inodes are counts. */
static bool
is_bytes(const struct found *f)
{
	return f->pressure != PRESSURE_PID && !is_inodes(f);
}

/* "9.9 GiB", "4099 inodes": at most one fraction digit. */
static void
put_amount(struct buf *b, int64_t n, const struct found *f)
{
	static const struct str unit[] = {STR_INIT(" KiB"), STR_INIT(" MiB"), STR_INIT(" GiB"), STR_INIT(" TiB")};
	bool bytes = is_bytes(f);
	size_t i = 0;

	if (n < 0) {
		buf_chr(b, '-');
		n = -n;
	}
	if (!bytes || n < 1024) {
		buf_i64(b, n);
		buf_add(b, !bytes ? is_inodes(f) ? S(" inodes") : S(" PIDs") : n == 1 ? S(" byte") : S(" bytes"));
		return;
	}
	while (i + 1 < NELEM(unit) && n >> 10 * (i + 1) >= 1024)
		i++;
	n >>= 10 * i;
	buf_fixed(b, n / 1024 * 10 + n % 1024 * 10 / 1024, 1);
	buf_add(b, unit[i]);
}

/* "DiskPressure on gpu-7: ns/pod evicted 41 s later; 2026-…Z".  Names are
 * shortened until it fits; the time never is. */
static struct str
headline(const struct evicted_join *j, const struct found *f)
{
	/* bytes for each name, decreasing; an escaped byte takes six */
	static const struct {
		bool detail;
		size_t node, pod;
	} room[] = {{true, 63, PHRASE_NAME}, {false, 63, PHRASE_NAME}, {false, 63, 80}, {false, 40, 40}, {false, 12, 12}, {false, 4, 4}};
	const struct lost *l = f->l;
	struct str pod = loss_pod(j->ev, l, j->d->spare);
	struct buf *b = j->d->scratch;

	PHRASE_TRIES(b, room, i) {
		if (f->cause) {
			buf_add(b, pressure_type(f->pressure));
		} else if (f->taint.key.n) {
			buf_add(b, S("Taint "));
			phrase_short(b, f->taint.key, room[i].node);
		} else {
			buf_add(b, kind_of(j, f)->cause);
			if (f->e.may)
				buf_add(b, is_inodes(f) ? S(" (inodes)") : of_resource[f->pressure]);
		}
		phrase_on(b, name(j, l->node), room[i].node);
		buf_add(b, S(": "));
		phrase_pods(b, f->pods, pod, room[i].pod);
		buf_add(b, kind_of(j, f)->did);
		if (f->cause) {
			buf_chr(b, ' ');
			phrase_delay(b, time_diff(l->t, f->cause->t));
			if (l->t < f->cause->t)
				buf_add(b, S(" it was reported"));
		}
		if (room[i].detail && f->e.threshold >= 0) {
			buf_add(b, S(" ("));
			if (f->e.available != EVICTION_UNSAID) {
				put_amount(b, f->e.available, f);
				buf_add(b, S(" left, "));
			}
			buf_add(b, f->e.kind == EVICTION_LOCAL_LIMIT ? S("limit ") : S("threshold "));
			put_amount(b, f->e.threshold, f);
			buf_chr(b, ')');
		}
		phrase_ending(b, l->t);
	}
	return verdict_keep(j->d->out, b);
}

static void
put_top(struct buf *b, const struct found *f)
{
	if (!f->has_top || f->top.used < 0)
		return;
	buf_add(b, f->top.name.n ? S(" Its container ") : S(" The pod"));
	phrase_short(b, f->top.name, 63);
	buf_add(b, S(" used "));
	put_amount(b, f->top.used, f);
	if (f->top.request > 0) {
		buf_add(b, S(" (requested: "));
		put_amount(b, f->top.request, f);
		buf_chr(b, ')');
	} else if (f->top.request == 0) {
		buf_add(b, S(" (no request set)"));
	}
	buf_chr(b, '.');
}

static struct str
remediation(const struct evicted_join *j, const struct found *f)
{
	struct str pod = loss_pod(j->ev, f->l, j->d->spare);
	struct buf *b = j->d->scratch;

	b->n = 0;
	phrase_where(b, name(j, f->l->node), S(""), (struct pci){0});
	if (b->n)
		buf_add(b, S(": "));
	if (!f->pressure || f->e.kind != EVICTION_NODE_PRESSURE)
		buf_add(b, todo_of(j, f));
	if (f->taint.key.n) {
		buf_add(b, S(" The NoExecute taint "));
		phrase_short(b, f->taint.key, 63);
		buf_add(b, S(" was added "));
	} else if (f->taint.since != NO_TIME) {
		buf_add(b, S(" The node was reported not ready "));
	}
	if (f->taint.since != NO_TIME) {
		time_put(b, f->taint.since);
		buf_chr(b, '.');
	}
	phrase_fact(b, S(" The eviction was requested by "), name(j, loss_at(j->ev, f->l)->requested_by), 120);
	phrase_fact(b, S(" The volume is "), f->e.volume, 63);
	if (f->pressure) {
		if (f->e.kind != EVICTION_NODE_PRESSURE)
			buf_chr(b, ' ');
		buf_add(b, pressure_todo[f->pressure]);
	}
	if (f->pods) {
		buf_add(b, S(" Recreate the pods if no controller (such as a Job) has done so."));
		return verdict_keep(j->d->out, b);
	}
	buf_add(b, S(" Recreate pod "));
	phrase_short(b, pod, 317);
	buf_add(b, S(" if no controller (such as a Job) has done so."));
	put_top(b, f);
	return verdict_keep(j->d->out, b);
}

static void
cause_evidence(const struct evicted_join *j, const struct cause *m)
{
	const struct condition *c = ((const struct pressure_span *)m->of)->c;
	struct str note = name(j, c->note), reason = name(j, c->reason), type = pressure_type(m->cls - ON);
	struct buf *b = j->d->scratch;

	b->n = 0;
	if (reason.n) {
		buf_add(b, reason);
	} else {
		buf_add(b, type);
		buf_add(b, S(" is True"));
	}
	if (note.n) {
		buf_add(b, S(": "));
		buf_add(b, note);
	}
	evidence_add(j->d->out, S("node_condition"),
		     &(struct source){.uid = name(j, c->e.uid), .where = name(j, m->node), .what = reason.n ? reason : type, .t = m->t}, b);
}

static void
put_number(struct verdicts *vs, const char *key, int64_t n)
{
	if (n >= 0)
		verdict_int(vs, key, n);
}

/* Was it lost with its node, which may come back? */
static bool
is_of_node(const struct found *f)
{
	if (f->taint.since != NO_TIME)
		return !f->taint.key.n || lapse_of_key(f->taint.key);
	return f->e.kind == EVICTION_NODE_LOST || f->e.kind == EVICTION_NODE_SHUTDOWN;
}

static void
emit(const struct evicted_join *j, const struct found *f)
{
	const struct lost *l = f->l;
	const struct loss *r = loss_at(j->ev, l);
	struct verdicts *vs = j->d->out;
	struct verdict *v = verdict_add(vs);
	const struct cause *ready;
	int64_t end = NO_TIME;

	v->final_at = l->t == NO_TIME ? INT64_MAX : time_add(time_add(l->final_at, j->d->skew), f->e.may ? SPAN_REPORTED : 0);
	v->headline = headline(j, f);
	v->remediation = remediation(j, f);
	v->confidence = f->cause ? S("full") : S("partial");
	v->missing = !f->cause && f->e.may && !span_known(&j->marks, l->node, l->t, j->d->skew) ? S("node_condition") : (struct str){0};
	loss_id(j->ev, l, vs, v, j->d->scratch);
	v->action = kind_of(j, f)->action;
	if (f->pods) {
		loss_group_pods(j->ev, j->lost, &j->groups, (uint32_t)(f->cause - j->spans.c), vs, j->d->scratch);
	} else {
		verdict_str(vs, "pod_name", name(j, r->name));
		verdict_str(vs, "pod_namespace", name(j, r->ns));
		verdict_str(vs, "pod_uid", name(j, l->pod_uid));
	}
	verdict_str(vs, "node", name(j, l->node));
	verdict_str(vs, "reason", name(j, r->reason));
	verdict_str(vs, "eviction_kind", eviction_kind_name(f->e.kind));
	if (f->e.may)
		verdict_str(vs, "pressure", pressure_name(f->pressure));
	verdict_str(vs, "resource", f->e.resource);
	put_number(vs, "threshold", f->e.threshold);
	if (f->e.available != EVICTION_UNSAID)
		verdict_int(vs, "available", f->e.available);
	verdict_str(vs, "volume", f->e.volume);
	verdict_str(vs, "taint", f->taint.key);
	verdict_str(vs, "requested_by", name(j, r->requested_by));
	if (f->has_top) {
		verdict_open(vs, "top_consumer", ITEM_OBJECT);
		verdict_str(vs, "container", f->top.name);
		put_number(vs, "used", f->top.used);
		put_number(vs, "request", f->top.request);
		verdict_close(vs);
	}
	if (l->t != NO_TIME) {
		verdict_time(vs, "first", l->t);
		verdict_time(vs, "last", f->last);
	}
	if (f->cause) {
		verdict_seconds(vs, "delay_seconds", time_diff(l->t, f->cause->t));
		end = span_over(&j->marks, f->cause->node, f->pressure, f->cause->t);
	} else if (l->t != NO_TIME && (f->e.may || is_of_node(f))) {
		end = span_over(&j->marks, l->node, f->pressure, l->t);
	}
	if (l->t != NO_TIME && is_of_node(f) && (ready = causes_after(&j->marks, l->node, READY, l->t)) && (end == NO_TIME || ready->t < end))
		end = ready->t;
	verdict_time(vs, "resolved_at", end);
	if (f->cause)
		cause_evidence(j, f->cause);
	loss_evidence(j->ev, l, vs, j->d->spare, j->d->scratch);
}

/* ---- near misses ---- */

/* Why no pressure caused a loss, and which one nearly did. */
static struct str
why_apart(const struct evicted_join *j, const struct lost *l, const struct eviction *e, const struct cause **m)
{
	unsigned may = e->may;
	const struct cause *c;

	*m = NULL;
	if (l->t == NO_TIME)
		return S("the loss has no timestamp");
	if (e->kind == EVICTION_TAINT && taint_of(j, &(struct found){.l = l, .e = *e}).since == NO_TIME)
		return S("no taint of the node is known that was added in the 10 minutes before");
	if (!may)
		return S("this kind of eviction is not caused by node pressure");
	if ((*m = cause_of(j, &j->spans, l->node, l->t, ~may)))
		return S("the node was under another pressure than the eviction names");
	EACH_PRESSURE(p, may)
		if ((c = causes_nearest(&j->spans, l->node, ON + p, l->t)) &&
		    (!*m || time_apart(c->t, l->t) < time_apart((*m)->t, l->t) || (time_apart(c->t, l->t) == time_apart((*m)->t, l->t) && c->t < (*m)->t)))
			*m = c;
	if (*m)
		return time_diff(l->t, (*m)->t) < 0 ? S("the nearest pressure began after the eviction") :
								 S("the nearest pressure was over or last reported too long before the eviction");
	if ((*m = cause_of(j, &j->anywhere, 0, l->t, may)))
		return !l->node ? S("the loss has no node name") :
		       ((const struct pressure_span *)(*m)->of)->c->e.node ? S("the pressure was on another node") :
									     S("the condition has no node name: use --node=NAME");
	return !l->node ? S("the loss has no node name") :
	       e->named ? S("no such pressure on this node") : S("no pressure on this node");
}

static void
explain_loss(const struct evicted_join *j, const struct lost *l)
{
	const struct eviction_text t = text_of(j, l);
	struct buf *b = j->d->explain, *pod = j->d->spare;
	const struct cause *m;
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
		phrase_str(b, "condition", pressure_type(m->cls - ON));
		phrase_str(b, "node", name(j, ((const struct pressure_span *)m->of)->c->e.node));
		phrase_time(b, "time", m->t);
		phrase_seconds(b, "delay_seconds", time_diff(l->t, m->t));
		buf_chr(b, '}');
		phrase_seconds(b, "window_seconds", j->c->window);
	}
	phrase_close(b, why);
}

static int
unused_cmp(const void *x, const void *y, const void *ctx)
{
	const struct unused *a = x, *b = y;
	int d = idx_cmp(ctx, a->c->node, b->c->node);

	return d ? d : SORT_ORDER(a->c->cls, b->c->cls);
}

static int
no_ties(const void *x, const void *y, const void *ctx)
{
	(void)x, (void)y, (void)ctx;
	return 0;
}

/* Pressures that evicted no pod. */
static void
explain_pressures(const struct evicted_join *j)
{
	struct causes losses = {.c = mem_new(j->d->mem, struct cause, j->nlost)};
	struct buf *b = j->d->explain, *pod = j->d->spare;
	size_t n;
	struct unused *u = causes_unused(&j->spans, j->d->mem, &n);

	for (size_t i = 0; i < j->nlost; i++)
		if (j->lost[i].t != NO_TIME)
			losses.c[losses.n++] = (struct cause){j->lost[i].t, j->lost[i].node, LOST, &j->lost[i]};
	causes_sort(&losses, no_ties, NULL, j->d->spare, j->d->mem);
	sort(u, n, sizeof(*u), unused_cmp, &j->ev->names, j->d->spare);
	for (size_t i = 0; i < n; i++) {
		const struct cause *l = causes_nearest(&losses, u[i].c->node, LOST, u[i].last);

		phrase_open(b, S("pressure that evicted no pod"));
		phrase_str(b, "condition", pressure_type(u[i].c->cls - ON));
		phrase_str(b, "node", name(j, u[i].c->node));
		phrase_int(b, "count", (int64_t)u[i].count);
		phrase_time(b, "first", u[i].c->t);
		phrase_time(b, "last", u[i].last);
		if (l) {
			phrase_str(b, "nearest_loss", loss_pod(j->ev, l->of, pod));
			phrase_seconds(b, "delay_seconds", time_diff(l->t, u[i].last));
		}
		phrase_close(b, !u[i].c->node ? S("the condition has no node name: use --node=NAME") :
					  l ? S("no pod of this node was evicted for it within the window") :
					      S("no pod of this node was lost"));
	}
}

static void
notice(struct evicted_join *j)
{
	struct layer *conditions = &j->conditions, *losses = &j->losses;
	struct buf *b = j->d->notice;
	size_t nodes = layer_nodes(conditions, j->d->spare);

	layer_nodes(losses, j->d->spare);
	if (j->nlost == 0 || (conditions->n == 0 && j->apart + j->nodeless)) {
		losses->n = j->nlost;
		layers_absent(b, conditions, losses, j->nlost ? S("all verdicts are partial") : S("cannot correlate"));
	}
	layers_apart(b, conditions, losses, j->d->names);
	layers_clause(b, j->apart ? j->homeless : 0, S("node condition has"), S("node conditions have"),
		      S(" no node name and cannot be correlated: use --node=NAME"));
	layers_clause(b, nodes ? j->nodeless : 0, S("lost pod"), S("lost pods"), S(" cannot be placed on a node"));
	layers_clause(b, j->dateless, S("node condition has"), S("node conditions have"), S(" no timestamp and cannot be correlated"));
	layers_clause(b, j->timeless, S("pod loss has no timestamp and is"), S("pod losses have no timestamp and are"), S(" not correlated"));
}

/* Text output: losses grouped by pressure. */
static void
group(struct evicted_join *j)
{
	uint32_t *cause = mem_new(j->d->mem, uint32_t, j->nlost);

	for (size_t i = 0; i < j->nlost; i++) {
		const struct eviction_text t = text_of(j, &j->lost[i]);
		const struct cause *c;
		struct eviction e;

		eviction_parse(&t, &e);
		c = cause_of(j, &j->spans, j->lost[i].node, j->lost[i].t, e.may);
		cause[i] = c ? (uint32_t)(c - j->spans.c) : NO_LOSS;
	}
	j->groups = loss_group(cause, j->nlost, j->spans.n, j->d->mem);
}

/* The resource that the kubelet reported to be short of with the pressure; or empty. */
static struct str
reclaimed(const struct evicted_join *j, const struct cause *span)
{
	struct str note = name(j, ((const struct pressure_span *)span->of)->c->note);

	return str_eat(&note, S("Attempting to reclaim ")) ? note : (struct str){0};
}

static void
judge(struct evicted_join *j, size_t i)
{
	const struct lost *l = &j->lost[i];
	const struct eviction_text t = text_of(j, l);
	struct found f = {.l = l, .last = l->t};
	const struct cause *c;

	eviction_parse(&t, &f.e);
	f.cause = cause_of(j, &j->spans, l->node, l->t, f.e.may);
	f.taint = taint_of(j, &f);
	EACH_PRESSURE(p, f.cause ? f.e.may : 0)
		if ((c = span_of(j, &j->spans, l->node, p, l->t)))
			causes_use(&j->spans, l->node, ON + p, (struct window){c->t, c->t});
	if (f.e.may)
		layer_add(&j->losses, l->node, j->d->mem);
	j->joined[i] = f.cause != NULL;
	if (l->t == NO_TIME)
		j->timeless++;
	else if (!f.cause && f.e.may)
		*(l->node ? &j->apart : &j->nodeless) += 1;
	f.pressure = f.cause ? f.cause->cls - ON : f.e.pressure;
	if (f.cause && !f.e.resource.n)
		f.e.resource = reclaimed(j, f.cause);
	f.has_top = eviction_top(&t, &f.top);
	if (f.cause && j->groups.n && j->groups.n[f.cause - j->spans.c] > 1) {
		if (j->groups.head[f.cause - j->spans.c] != i)
			return;
		f.pods = j->groups.n[f.cause - j->spans.c];
		f.has_top = false;
		for (uint32_t k = (uint32_t)i; k != NO_LOSS; k = j->groups.next[k])
			f.last = j->lost[k].t;
	}
	if (f.cause || (!j->c->full_only && (l->t != NO_TIME || loss_at(j->ev, l)->started != NO_TIME)))
		emit(j, &f);
}

static struct reach
reach(const struct detection *d)
{
	const struct evicted_options *c = d->config;

	return (struct reach){
		.after = time_add(d->skew, SPAN_REPORTED),
		.back = time_add(time_add(c->window > SPAN_TAINT ? c->window : SPAN_TAINT, d->skew), LOSS_SPAN),
	};
}

static void
detect(const struct detection *d)
{
	struct losses losses = loss_fold(d->ev, d->settled->nodeless, d->spare, d->mem);
	struct evicted_join j = {
		.d = d, .c = d->config, .ev = d->ev,
		.conditions = {.one = S("node condition"), .many = S("node conditions")},
		.losses = {.one = S("pod loss"), .many = S("pod losses"), .none = S("pod events")},
	};

	j.lost = losses.l;
	j.nlost = losses.n;
	gather(&j);
	j.joined = mem_new(d->mem, bool, j.nlost);
	if (d->grouped)
		group(&j);
	for (size_t i = 0; i < j.nlost; i++)
		judge(&j, i);
	if (d->explain) {
		for (size_t i = 0; i < j.nlost; i++)
			if (!j.joined[i])
				explain_loss(&j, &j.lost[i]);
		explain_pressures(&j);
		loss_explain(d->ev, &losses, d->spare, d->explain);
	}
	notice(&j);
}

const struct pattern pod_evicted = {
	.filter = STR_INIT("pod-evicted"),
	.id = STR_INIT("14"),
	.name = STR_INIT("pod_evicted"),
	.about = STR_INIT("Say which pressure on which node evicted which pod."),
	.wants = 1u << EVENT_LOSS | 1u << EVENT_PLACEMENT | 1u << EVENT_CONDITION | 1u << EVENT_RECOVERY | 1u << EVENT_NODE,
	.opt = options,
	.config_size = sizeof(struct evicted_options),
	.setup = setup,
	.detect = detect,
	.reach = reach,
};
