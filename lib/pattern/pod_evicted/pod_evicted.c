/*
 * pod_evicted - which pressure on which node evicted which pod.
 *
 * The rule: a lost pod's cause is the latest pressure of a kind that its note
 * may mean, on its node, within --window before it.
 */
#include "input/text/eviction.h"
#include "input/text/kernel.h"
#include "join/causes.h"
#include "join/layers.h"
#include "join/loss.h"
#include "join/phrase.h"
#include "pattern/pattern.h"

struct config {
	int64_t window;
	bool full_only;
	struct str reasons;
};

/* "CAUSE on NODE evicted POD" and what to do about it. */
static const struct {
	struct str cause; /* when no pressure is known */
	struct str did;   /* to the pod */
	struct str todo;
	bool joins;       /* may be a pressure's doing */
	enum action action; /* what todo asks for */
} kinds[EVICTION_KINDS] = {
	[EVICTION_NODE_PRESSURE] = {
		STR_INIT("Node pressure"), STR_INIT("evicted"),
		STR_INIT("Look at what the kubelet was short of: memory, disk or process ids."), true, ACTION_FIX_CAPACITY},
	[EVICTION_LOCAL_LIMIT] = {
		STR_INIT("A storage limit of its own"), STR_INIT("evicted"),
		STR_INIT("The node is not to blame: raise the pod's emptyDir or ephemeral-storage limit, or write less."), false, ACTION_FIX_PROGRAM},
	[EVICTION_TAINT] = {
		STR_INIT("A taint"), STR_INIT("evicted"),
		STR_INIT("See which NoExecute taint the node has (kubectl describe node) and what set it."), true, ACTION_OBSERVE},
	[EVICTION_PREEMPTION] = {
		STR_INIT("Preemption"), STR_INIT("evicted"),
		STR_INIT("A pod of higher priority took the place: add capacity, or raise this pod's priority."), false, ACTION_FIX_CAPACITY},
	[EVICTION_NODE_SHUTDOWN] = {
		STR_INIT("Node shutdown"), STR_INIT("ended"),
		STR_INIT("The node was shut down or restarted: find out by whom."), false, ACTION_OBSERVE},
	[EVICTION_NODE_LOST] = {
		STR_INIT("Node loss"), STR_INIT("took down"),
		STR_INIT("The node stopped answering: see its kubelet, network and power."), true, ACTION_INSPECT_HARDWARE},
	[EVICTION_API] = {
		STR_INIT("An API request"), STR_INIT("evicted"),
		STR_INIT("A drain, an autoscaler or another controller asked for it: the node need not be ill."), false, ACTION_NONE},
	[EVICTION_ADMISSION] = {
		STR_INIT("Node pressure"), STR_INIT("kept out"),
		STR_INIT("The pod never ran: keep new pods off the node until its pressure is over."), true, ACTION_FIX_CAPACITY},
};

static const struct str pressure_todo[PRESSURES] = {
	[PRESSURE_MEMORY] = STR_INIT("Free memory: find what grew, and give pods memory requests that cover what they use."),
	[PRESSURE_DISK] = STR_INIT("Free disk: remove unused images, logs, checkpoints and emptyDir data, or enlarge the disk; "
				   "give pods ephemeral-storage requests and limits."),
	[PRESSURE_PID] = STR_INIT("Find what starts so many processes, and limit process ids per pod (podPidsLimit)."),
};

static const struct str low[PRESSURES] = {
	[PRESSURE_MEMORY] = STR_INIT("Low memory"),
	[PRESSURE_DISK] = STR_INIT("Low disk"),
	[PRESSURE_PID] = STR_INIT("Few process ids"),
};

/* The kernel's first line after a start. */

static const struct str reasons = STR_INIT(
	"Evicted,TaintManagerEviction,NodeLost,NodeShutdown,Terminated,DisruptionTarget");

#define TO(member) offsetof(struct config, member)
static const struct opt options[] = {
	{'w', "window", OPT_DURATION, TO(window), "DUR", "5m",
		"join an eviction with a pressure that began up to DUR before it"},
	{0, "full-only", OPT_FLAG, TO(full_only), NULL, NULL,
		"only evictions that a node's condition explains"},
	{0, "reason", OPT_STR, TO(reasons), "LIST", NULL,
		"reasons that count as losing a pod, separated by commas [Events: Evicted, TaintManagerEviction; Pods: Evicted, NodeLost, NodeShutdown, Terminated, DisruptionTarget]"},
	{.kind = OPT_END},
};

static int
setup(void *config, struct program *p)
{
	struct config *c = config;

	p->reasons = c->reasons.n ? c->reasons : reasons;
	p->words = c->reasons;
	return -1;
}

/* ---- what happened ---- */

/* Classes of causes: a pressure's beginning, its end; a reboot, which ends all. */
enum { REBOOT, OVER = 1, ON = OVER + PRESSURES };
enum { LOST };

struct join {
	const struct detection *d;
	const struct config *c;
	const struct events *ev;
	struct causes marks, anywhere; /* of conditions and reboots; --explain: of all nodes as one */
	const struct lost *lost;
	size_t nlost;
	bool *joined;
	struct layer conditions, losses; /* losses: of which a pressure may be the cause */
	uint64_t timeless, apart, nodeless; /* losses; without a cause, and a node, or not */
	uint64_t dateless, homeless;        /* pressures that carry no time, no node */
};

static inline struct str
name(const struct join *j, uint32_t id)
{
	return idx_at(&j->ev->names, id);
}

static int
mark_ties(const void *x, const void *y, const void *ctx)
{
	const struct condition *a = ((const struct cause *)x)->of, *b = ((const struct cause *)y)->of;
	const struct events *ev = ctx;
	int d = SORT_ORDER(a == NULL, b == NULL);

	if (d || !a)
		return d;
	d = SORT_ORDER(a->e.uid == 0, b->e.uid == 0);
	d = d ? d : idx_cmp(&ev->names, a->e.uid, b->e.uid);
	return d ? d : condition_cmp(a, b, ev);
}

static void
gather(struct join *j)
{
	const struct event_list *conditions = &j->ev->list[EVENT_CONDITION], *recoveries = &j->ev->list[EVENT_RECOVERY];
	const struct condition *c = conditions->p;
	const struct recovery *r = recoveries->p;
	struct cause *to = j->marks.c = mem_new(j->d->mem, struct cause, conditions->n + recoveries->n);

	for (size_t i = 0; i < conditions->n; i++) {
		layer_add(&j->conditions, c[i].e.t == NO_TIME ? 0 : c[i].e.node, j->d->mem);
		j->homeless += c[i].on && !c[i].e.node;
		j->dateless += c[i].on && c[i].e.t == NO_TIME;
		if (c[i].e.t != NO_TIME)
			*to++ = (struct cause){c[i].e.t, c[i].e.node, c[i].on ? ON + c[i].pressure : c[i].pressure ? OVER + c[i].pressure : REBOOT, &c[i]};
	}
	for (size_t i = 0; i < recoveries->n; i++)
		if (r[i].reboot == 2 && r[i].e.t != NO_TIME)
			*to++ = (struct cause){r[i].e.t, r[i].e.node, REBOOT, NULL};
	j->marks.n = (size_t)(to - j->marks.c);
	causes_sort(&j->marks, mark_ties, j->ev, j->d->spare);
	if (!j->d->explain)
		return;
	j->marks.used = mem_new(j->d->mem, int64_t, j->marks.n + 1);
	j->anywhere.c = mem_new(j->d->mem, struct cause, j->marks.n);
	for (size_t i = 0; i < j->marks.n; i++) {
		j->anywhere.c[i] = j->marks.c[i];
		j->anywhere.c[i].node = 0;
	}
	j->anywhere.n = j->marks.n;
	causes_sort(&j->anywhere, mark_ties, j->ev, j->d->spare);
}

/* ---- the rule ---- */

/* One eviction and all that is known of it. */
struct found {
	const struct lost *l;
	struct eviction e;
	const struct cause *cause; /* or NULL */
	unsigned pressure;         /* named or joined, enum pressure */
	bool has_top;
	struct eviction_use top;
};

#define EACH_PRESSURE(p, may) \
	for (unsigned p = PRESSURE_MEMORY; p < PRESSURES; p++) \
		if ((may) >> p & 1)

static struct window
window(const struct join *j, const struct lost *l)
{
	return window_before(l->t, j->c->window, j->d->skew);
}

/* Which pressures a loss may come from: bit by enum pressure. */
static unsigned
may_join(const struct eviction *e)
{
	if (!kinds[e->kind].joins)
		return 0;
	return e->named ? e->named : 1u << PRESSURE_MEMORY | 1u << PRESSURE_DISK | 1u << PRESSURE_PID;
}

/* The latest of these pressures in the loss's window, of equal times the lowest. */
static const struct cause *
cause_of(const struct join *j, const struct causes *marks, uint32_t node, const struct lost *l, unsigned may)
{
	const struct cause *best = NULL, *c;

	EACH_PRESSURE(p, may)
		if ((c = causes_latest(marks, node, ON + p, window(j, l))) && (!best || c->t > best->t))
			best = c;
	return best;
}

/* When what began at t was over, by its end or a reboot; or NO_TIME. */
static int64_t
over(const struct join *j, uint32_t node, unsigned pressure, int64_t t)
{
	const struct cause *end = pressure ? causes_after(&j->marks, node, OVER + pressure, t) : NULL;
	const struct cause *reboot = causes_after(&j->marks, node, REBOOT, t);

	if (end && reboot)
		return end->t < reboot->t ? end->t : reboot->t;
	return end ? end->t : reboot ? reboot->t : NO_TIME;
}

/* ---- what is said ---- */

static struct eviction_text
text_of(const struct join *j, const struct lost *l)
{
	const struct loss *r = loss_at(j->ev, l);

	return (struct eviction_text){name(j, r->reason), name(j, r->note), name(j, r->offenders), r->foreign};
}

/* For people: at most one digit behind the point. */
static void
put_amount(struct buf *b, int64_t n, bool bytes)
{
	static const struct str unit[] = {STR_INIT(" KiB"), STR_INIT(" MiB"), STR_INIT(" GiB"), STR_INIT(" TiB")};
	size_t i = 0;

	if (!bytes || n < 1024) {
		buf_i64(b, n);
		if (bytes)
			buf_add(b, n == 1 ? S(" byte") : S(" bytes"));
		return;
	}
	while (i + 1 < NELEM(unit) && n >> 10 * (i + 1) >= 1024)
		i++;
	n >>= 10 * i;
	buf_fixed(b, n / 1024 * 10 + n % 1024 * 10 / 1024, 1);
	buf_add(b, unit[i]);
}

/* Counts are of processes or inodes, all else is bytes. */
static bool
is_bytes(const struct join *j, const struct found *f)
{
	struct str note = name(j, loss_at(j->ev, f->l)->note);

	return f->pressure != PRESSURE_PID && str_ifind(note, S("inode")) == note.n;
}

/* "DiskPressure on gpu-7 evicted ns/pod 41 s later, 2026-…Z".  What does not
 * fit is shortened; never the time. */
static struct str
headline(const struct join *j, const struct found *f)
{
	/* bytes for each name, less and less; an escaped byte takes six */
	static const struct {
		bool detail;
		size_t node, pod;
	} room[] = {{true, 63, PHRASE_NAME}, {false, 63, PHRASE_NAME}, {false, 63, 80}, {false, 40, 40}, {false, 12, 12}, {false, 4, 4}};
	const struct lost *l = f->l;
	struct str pod = loss_pod(j->ev, l, j->d->spare);
	struct buf *b = j->d->scratch;

	for (size_t i = 0; i < NELEM(room); i++) {
		b->n = 0;
		if (f->cause)
			buf_add(b, pressure_type(f->pressure));
		else if (kinds[f->e.kind].joins && f->pressure)
			buf_add(b, low[f->pressure]);
		else
			buf_add(b, kinds[f->e.kind].cause);
		if (l->node) {
			buf_add(b, S(" on "));
			phrase_short(b, name(j, l->node), room[i].node);
		}
		buf_chr(b, ' ');
		buf_add(b, kinds[f->e.kind].did);
		buf_chr(b, ' ');
		phrase_short(b, pod, room[i].pod);
		if (f->cause) {
			buf_chr(b, ' ');
			phrase_delay(b, time_diff(l->t, f->cause->t));
		}
		if (room[i].detail && f->e.threshold >= 0) {
			buf_add(b, f->e.available < 0 ? S(" (limit ") : S(" ("));
			if (f->e.available >= 0) {
				put_amount(b, f->e.available, is_bytes(j, f));
				buf_add(b, S(" left, threshold "));
			}
			put_amount(b, f->e.threshold, is_bytes(j, f));
			buf_chr(b, ')');
		}
		buf_add(b, S(", "));
		time_put(b, l->t);
		if (b->n <= HEADLINE_MAX)
			break;
	}
	return verdict_keep(j->d->out, b);
}

static void
put_top(struct buf *b, const struct join *j, const struct found *f)
{
	bool bytes = is_bytes(j, f);

	if (!f->has_top || f->top.used < 0)
		return;
	if (f->top.name.n) {
		buf_add(b, S(" Its container "));
		phrase_short(b, f->top.name, 63);
	} else {
		buf_add(b, S(" It"));
	}
	buf_add(b, S(" used "));
	put_amount(b, f->top.used, bytes);
	if (f->top.request >= 0) {
		buf_add(b, S(" and had asked for "));
		put_amount(b, f->top.request, bytes);
	}
	buf_chr(b, '.');
}

static struct str
remediation(const struct join *j, const struct found *f)
{
	struct str pod = loss_pod(j->ev, f->l, j->d->spare);
	struct buf *b = j->d->scratch;

	b->n = 0;
	if (f->l->node) {
		buf_add(b, S("Node "));
		phrase_short(b, name(j, f->l->node), PHRASE_NAME);
		buf_add(b, S(": "));
	}
	if (!f->pressure || f->e.kind != EVICTION_NODE_PRESSURE)
		buf_add(b, kinds[f->e.kind].todo);
	if (f->pressure) {
		if (f->e.kind != EVICTION_NODE_PRESSURE)
			buf_chr(b, ' ');
		buf_add(b, pressure_todo[f->pressure]);
	}
	buf_add(b, S(" Pod "));
	phrase_short(b, pod, 317);
	buf_add(b, S(" must be started again unless its controller did."));
	put_top(b, j, f);
	return verdict_keep(j->d->out, b);
}

static void
cause_evidence(const struct join *j, const struct cause *m)
{
	const struct condition *c = m->of;
	struct str uid = name(j, c->e.uid), note = name(j, c->note), reason = name(j, c->reason);
	struct buf *b = j->d->scratch;

	b->n = 0;
	if (uid.n == 0)
		uid = phrase_uid(j->d->out, b, name(j, m->node), reason.n ? reason : pressure_type(m->cls - ON), m->t);
	if (reason.n) {
		buf_add(b, reason);
	} else {
		buf_add(b, pressure_type(m->cls - ON));
		buf_add(b, S(" is True"));
	}
	if (note.n) {
		buf_add(b, S(": "));
		buf_add(b, note);
	}
	verdict_evidence(j->d->out, S("node_condition"), uid, m->t, verdict_keep(j->d->out, b));
}

static void
put_number(struct verdicts *vs, const char *key, int64_t n)
{
	if (n >= 0)
		verdict_int(vs, key, n);
}

static void
emit(const struct join *j, const struct found *f)
{
	const struct lost *l = f->l;
	const struct loss *r = loss_at(j->ev, l);
	struct verdicts *vs = j->d->out;
	struct verdict *v = verdict_add(vs);
	int64_t end = NO_TIME;

	v->settled = time_diff(l->settled, -j->d->skew);
	v->headline = headline(j, f);
	v->remediation = remediation(j, f);
	v->confidence = f->cause ? S("full") : S("partial");
	v->missing = f->cause ? (struct str){0} : S("node_condition");
	loss_id(j->ev, l, vs, v, j->d->scratch);
	v->action = kinds[f->e.kind].action;
	verdict_str(vs, "pod_name", name(j, r->name));
	verdict_str(vs, "pod_namespace", name(j, r->ns));
	verdict_str(vs, "pod_uid", name(j, l->pod_uid));
	verdict_str(vs, "node", name(j, l->node));
	verdict_str(vs, "reason", name(j, r->reason));
	verdict_str(vs, "eviction_kind", eviction_kind_name(f->e.kind));
	if (kinds[f->e.kind].joins)
		verdict_str(vs, "pressure", pressure_name(f->pressure));
	put_number(vs, "threshold", f->e.threshold);
	put_number(vs, "available", f->e.available);
	if (f->has_top) {
		verdict_open(vs, "top_consumer", ITEM_OBJECT);
		verdict_str(vs, "container", f->top.name);
		put_number(vs, "used", f->top.used);
		put_number(vs, "request", f->top.request);
		verdict_close(vs);
	}
	verdict_time(vs, "first", l->t);
	verdict_time(vs, "last", l->t);
	if (f->cause) {
		verdict_seconds(vs, "delay_seconds", time_diff(l->t, f->cause->t));
		end = over(j, f->cause->node, f->pressure, f->cause->t);
	} else if (kinds[f->e.kind].joins || f->e.kind == EVICTION_NODE_SHUTDOWN) {
		end = over(j, l->node, f->pressure, l->t);
	}
	if (end != NO_TIME)
		verdict_time(vs, "resolved_at", end);
	if (f->cause)
		cause_evidence(j, f->cause);
	loss_evidence(j->ev, l, vs, j->d->spare, j->d->scratch);
}

/* ---- near misses ---- */

/* Why a loss met no pressure, and which one it nearly met. */
static struct str
why_apart(const struct join *j, const struct lost *l, const struct eviction *e, const struct cause **m)
{
	unsigned may = may_join(e);
	const struct cause *c;

	*m = NULL;
	if (l->t == NO_TIME)
		return S("the loss carries no time");
	if (!may)
		return S("its kind has another cause than a node's pressure");
	if ((*m = cause_of(j, &j->marks, l->node, l, ~may)))
		return S("the node was under another pressure than the eviction names");
	EACH_PRESSURE(p, may)
		if ((c = causes_nearest(&j->marks, l->node, ON + p, l->t)) &&
		    (!*m || time_apart(c->t, l->t) < time_apart((*m)->t, l->t) || (time_apart(c->t, l->t) == time_apart((*m)->t, l->t) && c->t < (*m)->t)))
			*m = c;
	if (*m)
		return time_diff(l->t, (*m)->t) < -j->d->skew ? S("the nearest pressure began after the eviction") :
								 S("the nearest pressure began too long before the eviction");
	if ((*m = cause_of(j, &j->anywhere, 0, l, may)))
		return l->node ? S("the pressure was on another node") : S("the loss carries no node");
	return !l->node ? S("the loss carries no node") :
	       e->named ? S("no such pressure on this node") : S("no pressure on this node");
}

static void
explain_loss(const struct join *j, const struct lost *l)
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
		phrase_str(b, "node", name(j, ((const struct condition *)m->of)->e.node));
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

/* Pressures that took nothing down. */
static void
explain_pressures(const struct join *j)
{
	struct causes losses = {.c = mem_new(j->d->mem, struct cause, j->nlost)};
	struct buf *b = j->d->explain, *pod = j->d->spare;
	size_t n;
	struct unused *u = causes_unused(&j->marks, j->d->mem, &n);

	for (size_t i = 0; i < j->nlost; i++)
		if (j->lost[i].t != NO_TIME)
			losses.c[losses.n++] = (struct cause){j->lost[i].t, j->lost[i].node, LOST, &j->lost[i]};
	causes_sort(&losses, no_ties, NULL, j->d->spare);
	sort(u, n, sizeof(*u), unused_cmp, &j->ev->names, j->d->spare);
	for (size_t i = 0; i < n; i++) {
		const struct cause *l = causes_nearest(&losses, u[i].c->node, LOST, u[i].last);

		if (u[i].c->cls < ON)
			continue;
		phrase_open(b, S("pressure that evicted nobody"));
		phrase_str(b, "condition", pressure_type(u[i].c->cls - ON));
		phrase_str(b, "node", name(j, u[i].c->node));
		phrase_int(b, "count", (int64_t)u[i].count);
		phrase_time(b, "first", u[i].c->t);
		phrase_time(b, "last", u[i].last);
		if (l) {
			phrase_str(b, "nearest_loss", loss_pod(j->ev, l->of, pod));
			phrase_seconds(b, "delay_seconds", time_diff(l->t, u[i].last));
		}
		phrase_close(b, !u[i].c->node ? S("the condition carries no node: --node=NAME names it") :
					  l ? S("no pod of this node was evicted for it within the window") :
					      S("no pod of this node was lost"));
	}
}

static void
notice(struct join *j)
{
	struct layer *conditions = &j->conditions, *losses = &j->losses;
	struct buf *b = j->d->notice;
	size_t nodes = layer_nodes(conditions, j->d->spare);

	layer_nodes(losses, j->d->spare);
	if (j->nlost == 0 || (conditions->n == 0 && j->apart + j->nodeless)) {
		losses->n = j->nlost;
		layers_absent(b, conditions, losses, j->nlost ? S("no verdict is full") : S("nothing to join"));
	}
	layers_apart(b, conditions, losses, j->d->names);
	layers_clause(b, j->apart ? j->homeless : 0, S("node condition carries"), S("node conditions carry"),
		      S(" no node and cannot be joined: --node=NAME names it"));
	layers_clause(b, nodes ? j->nodeless : 0, S("lost pod"), S("lost pods"), S(" cannot be placed on a node"));
	layers_clause(b, j->dateless, S("node condition carries"), S("node conditions carry"), S(" no time and cannot be joined"));
	layers_clause(b, j->timeless, S("pod loss carries no time and gives"), S("pod losses carry no time and give"), S(" no verdict"));
}

static void
judge(struct join *j, size_t i)
{
	const struct lost *l = &j->lost[i];
	const struct eviction_text t = text_of(j, l);
	struct found f = {.l = l};
	unsigned may;

	if (l->t == NO_TIME) {
		j->timeless++;
		return;
	}
	eviction_parse(&t, &f.e);
	may = may_join(&f.e);
	f.cause = cause_of(j, &j->marks, l->node, l, may);
	EACH_PRESSURE(p, may)
		if (causes_latest(&j->marks, l->node, ON + p, window(j, l)))
			causes_use(&j->marks, l->node, ON + p, window(j, l));
	if (may)
		layer_add(&j->losses, l->node, j->d->mem);
	j->joined[i] = f.cause != NULL;
	if (!f.cause && may)
		*(l->node ? &j->apart : &j->nodeless) += 1;
	f.pressure = f.cause ? f.cause->cls - ON : f.e.pressure;
	f.has_top = eviction_top(&t, &f.top);
	if (f.cause || !j->c->full_only)
		emit(j, &f);
}

static void
forget(const struct detection *d, struct events *ev, int64_t decided)
{
	const struct config *c = d->config;
	int64_t loss = time_diff(decided, d->skew);

	loss_forget(ev, loss, d->mem);
	events_cut(ev, pod_evicted.wants & ~(1u << EVENT_LOSS),
		   time_diff(time_diff(time_diff(loss, c->window), d->skew), LOSS_SPAN));
}

static void
detect(const struct detection *d)
{
	struct join j = {
		.d = d, .c = d->config, .ev = d->ev,
		.conditions = {.one = S("node condition"), .many = S("node conditions")},
		.losses = {.one = S("pod loss"), .many = S("pod losses"), .none = S("pod events")},
	};

	j.lost = loss_fold(d->ev, d->settled->nodeless, d->spare, d->mem, &j.nlost);
	gather(&j);
	j.joined = mem_new(d->mem, bool, j.nlost);
	for (size_t i = 0; i < j.nlost; i++)
		judge(&j, i);
	if (d->explain) {
		for (size_t i = 0; i < j.nlost; i++)
			if (!j.joined[i])
				explain_loss(&j, &j.lost[i]);
		explain_pressures(&j);
	}
	notice(&j);
}

const struct pattern pod_evicted = {
	.filter = STR_INIT("pod-evicted"),
	.id = STR_INIT("14"),
	.name = STR_INIT("pod_evicted"),
	.about = STR_INIT("Say which pressure on which node evicted which pod."),
	.wants = 1u << EVENT_LOSS | 1u << EVENT_PLACE | 1u << EVENT_CONDITION | 1u << EVENT_RECOVERY,
	.opt = options,
	.config_size = sizeof(struct config),
	.setup = setup,
	.detect = detect,
	.forget = forget,
};
