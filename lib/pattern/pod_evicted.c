/*
 * pod_evicted - which pressure on which node evicted which pod.
 *
 * Transitions of nodes' conditions are put in order by node, pressure and
 * time, and once more by the nodes' labels, where short and full names of one
 * node stand together.  For each lost pod the latest transition is found by
 * bisection, whatever names and ties a hostile input makes up.
 */
#include "input/eviction.h"
#include "input/kernel.h"
#include "pattern/loss.h"
#include "pattern/nodes.h"
#include "pattern/pattern.h"
#include "pattern/phrase.h"

/* The kernel's first line after a start. */
static const struct str start_words[] = {STR_INIT("Linux version "), {NULL, 0}};

static const struct str reasons = STR_INIT(
	"Evicted,TaintManagerEviction,NodeLost,NodeShutdown,Terminated,DisruptionTarget");

struct config {
	int64_t window;
	bool full_only;
	struct str reasons;
};

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
setup(void *config, struct program *p, struct reader *r, struct str words[SIFT_WORDS], size_t *nwords)
{
	struct config *c = config;

	r->reasons = c->reasons.n ? c->reasons : reasons;
	return loss_words(c->reasons, p->diag, words, nwords) ? -1 : EX_FAIL;
}

/* ---- kinds of loss ---- */

/* "CAUSE on NODE evicted POD" and what to do about it. */
static const struct {
	struct str cause; /* when no pressure is known */
	struct str did;   /* to the pod */
	struct str todo;
	bool joins;       /* may be a pressure's doing */
} kinds[EVICTION_KINDS] = {
	[EVICTION_NODE_PRESSURE] = {
		STR_INIT("Node pressure"), STR_INIT("evicted"),
		STR_INIT("Look at what the kubelet was short of: memory, disk or process ids."), true},
	[EVICTION_LOCAL_LIMIT] = {
		STR_INIT("A storage limit of its own"), STR_INIT("evicted"),
		STR_INIT("The node is not to blame: raise the pod's emptyDir or ephemeral-storage limit, or write less."), false},
	[EVICTION_TAINT] = {
		STR_INIT("A taint"), STR_INIT("evicted"),
		STR_INIT("See which NoExecute taint the node has (kubectl describe node) and what set it."), true},
	[EVICTION_PREEMPTION] = {
		STR_INIT("Preemption"), STR_INIT("evicted"),
		STR_INIT("A pod of higher priority took the place: add capacity, or raise this pod's priority."), false},
	[EVICTION_NODE_SHUTDOWN] = {
		STR_INIT("Node shutdown"), STR_INIT("ended"),
		STR_INIT("The node was shut down or restarted: find out by whom."), false},
	[EVICTION_NODE_LOST] = {
		STR_INIT("Node loss"), STR_INIT("took down"),
		STR_INIT("The node stopped answering: see its kubelet, network and power."), true},
	[EVICTION_API] = {
		STR_INIT("An API request"), STR_INIT("evicted"),
		STR_INIT("A drain, an autoscaler or another controller asked for it: the node need not be ill."), false},
	[EVICTION_ADMISSION] = {
		STR_INIT("Node pressure"), STR_INIT("kept out"),
		STR_INIT("The pod never ran: keep new pods off the node until its pressure is over."), true},
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

/* ---- transitions ---- */

struct mark {
	const struct condition *c; /* NULL: a reboot */
	int64_t t;
	uint32_t node, label;
	uint8_t on, pressure; /* not on and unknown: a reboot, which ends all */
	bool used; /* for --explain */
};

enum order { BY_NODE, BY_LABEL, BY_TIME, ORDERS };

struct joining {
	const struct detection *d;
	const struct config *c;
	struct events *ev;
	struct mark *mark;
	size_t n;
	/* marks by node, or label, or nothing; then on, pressure, time, uid */
	uint32_t *order[ORDERS];
	int64_t *used[BY_TIME]; /* +1 where a verdict's window begins, -1 behind it */
	const struct lost *lost;
	struct eviction *eviction; /* of each */
	bool *joined;
	size_t nlost;
	uint64_t on, nodeless, timeless; /* pressures */
};

static struct str
name(const struct joining *j, uint32_t id)
{
	return idx_at(&j->ev->names, id);
}

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

static uint32_t
key_of(const struct mark *m, enum order o)
{
	return o == BY_NODE ? m->node : o == BY_LABEL ? m->label : 0;
}

struct ordering {
	const struct joining *j;
	enum order o;
};

static int
order_cmp(const void *x, const void *y, const void *ctx)
{
	const struct ordering *by = ctx;
	const struct mark *a = &by->j->mark[*(const uint32_t *)x], *b = &by->j->mark[*(const uint32_t *)y];
	int d = SORT_ORDER(key_of(a, by->o), key_of(b, by->o));

	return d ? d : mark_cmp(by->j, a, b);
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
	j->mark[j->n++] = (struct mark){
		.c = c,
		.t = e->t,
		.node = node,
		.label = nodes_label(j->ev, node),
		.on = c && c->on,
		.pressure = c ? c->pressure : 0,
	};
}

static void
gather(struct joining *j, uint32_t fallback)
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
	for (enum order o = BY_NODE; o < ORDERS; o++) {
		j->order[o] = mem_new(j->d->mem, uint32_t, j->n);
		for (size_t i = 0; i < j->n; i++)
			j->order[o][i] = (uint32_t)i;
		sort(j->order[o], j->n, sizeof(uint32_t), order_cmp, &(struct ordering){j, o}, &j->ev->scratch);
	}
	for (enum order o = BY_NODE; o < BY_TIME; o++)
		j->used[o] = mem_new(j->d->mem, int64_t, j->n + 1);
}

/*
 * One node's transitions of one kind: a range of the marks in one of the
 * orders.  A short name meets whatever has its label; a full one meets itself
 * and the short one.
 */
struct run {
	enum order o;
	uint32_t key;
	uint8_t on, pressure;
};

static const struct mark *
at(const struct joining *j, const struct run *r, size_t i)
{
	return &j->mark[j->order[r->o][i]];
}

/* The order of a mark and the run's time t. */
static int
against(const struct run *r, const struct mark *m, int64_t t)
{
	int d = SORT_ORDER(key_of(m, r->o), r->key);

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
	bool is_short = node && node == label;

	run[0] = (struct run){is_short ? BY_LABEL : BY_NODE, node, on, (uint8_t)pressure};
	run[1] = (struct run){BY_NODE, label, on, (uint8_t)pressure};
	return node == label ? 1 : 2;
}

/* ---- joining ---- */

/* Which pressures a loss may come from: bit by enum pressure. */
static unsigned
may_join(const struct eviction *e)
{
	if (!kinds[e->kind].joins)
		return 0;
	return e->named ? e->named : 1u << PRESSURE_MEMORY | 1u << PRESSURE_DISK | 1u << PRESSURE_PID;
}

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
	size_t from = bisect(j, r, w.from, false), to = bisect(j, r, w.to, true);

	if (from >= to)
		return NULL;
	if (use) {
		j->used[r->o][from]++;
		j->used[r->o][to]--;
	}
	return at(j, r, bisect(j, r, at(j, r, to - 1)->t, false));
}

/* The best of these pressures on the loss's node in its window, or NULL. */
static const struct mark *
cause_of(const struct joining *j, const struct lost *l, unsigned may, bool use)
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

/* When what began at t was over, by a condition of that pressure (unknown:
 * none) or by a reboot; NO_TIME: not seen. */
static int64_t
over(const struct joining *j, uint32_t node, uint32_t label, unsigned pressure, int64_t t)
{
	int64_t end = NO_TIME;
	struct run run[2];

	for (unsigned p = PRESSURE_UNKNOWN; p < PRESSURES; p++)
		for (size_t n = p == PRESSURE_UNKNOWN || p == pressure ? runs_of(node, label, false, p, run) : 0; n--;) {
			const struct mark *m = within(j, &run[n], bisect(j, &run[n], t, true));

			if (m && (end == NO_TIME || m->t < end))
				end = m->t;
		}
	return end;
}

/* ---- the verdict ---- */

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

/* One eviction and all that is known of it. */
struct found {
	const struct lost *l;
	const struct eviction *e;
	const struct mark *cause; /* or NULL */
	unsigned pressure;        /* named or joined, enum pressure */
	bool has_top;
	struct eviction_use top;
};

/* Counts are of processes or inodes, all else is bytes. */
static bool
is_bytes(const struct joining *j, const struct found *f)
{
	return f->pressure != PRESSURE_PID && str_ifind(name(j, f->l->note), S("inode")) == name(j, f->l->note).n;
}

/* "DiskPressure on gpu-7 evicted ns/pod 41 s later, 2026-…Z".  What does not
 * fit is shortened; never the time. */
static struct str
headline(const struct joining *j, const struct found *f)
{
	/* bytes for each name, less and less; an escaped byte takes six */
	static const struct {
		bool detail;
		size_t node, pod;
	} room[] = {{true, 63, 253}, {false, 63, 253}, {false, 63, 80}, {false, 40, 40}, {false, 12, 12}, {false, 4, 4}};
	const struct lost *l = f->l;
	struct str pod = loss_pod(j->ev, l, &j->ev->scratch);
	struct buf *b = j->d->scratch;

	for (size_t i = 0; i < NELEM(room); i++) {
		b->n = 0;
		if (f->cause)
			buf_add(b, pressure_type(f->pressure));
		else if (kinds[f->e->kind].joins && f->pressure)
			buf_add(b, low[f->pressure]);
		else
			buf_add(b, kinds[f->e->kind].cause);
		if (l->node) {
			buf_add(b, S(" on "));
			phrase_short(b, name(j, l->node), room[i].node);
		}
		buf_chr(b, ' ');
		buf_add(b, kinds[f->e->kind].did);
		buf_chr(b, ' ');
		phrase_short(b, pod, room[i].pod);
		if (f->cause) {
			buf_chr(b, ' ');
			phrase_delay(b, time_diff(l->t, f->cause->t));
		}
		if (room[i].detail && f->e->threshold >= 0) {
			buf_add(b, f->e->available < 0 ? S(" (limit ") : S(" ("));
			if (f->e->available >= 0) {
				put_amount(b, f->e->available, is_bytes(j, f));
				buf_add(b, S(" left, threshold "));
			}
			put_amount(b, f->e->threshold, is_bytes(j, f));
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
put_top(struct buf *b, const struct joining *j, const struct found *f)
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
remediation(const struct joining *j, const struct found *f)
{
	struct str pod = loss_pod(j->ev, f->l, &j->ev->scratch);
	struct buf *b = j->d->scratch;

	b->n = 0;
	if (f->l->node) {
		buf_add(b, S("Node "));
		phrase_short(b, name(j, f->l->node), 253);
		buf_add(b, S(": "));
	}
	if (!f->pressure || f->e->kind != EVICTION_NODE_PRESSURE)
		buf_add(b, kinds[f->e->kind].todo);
	if (f->pressure) {
		if (f->e->kind != EVICTION_NODE_PRESSURE)
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
cause_evidence(const struct joining *j, const struct mark *m)
{
	const struct condition *c = m->c;
	struct str uid = name(j, c->e.uid), note = name(j, c->note), reason = name(j, c->reason);
	struct buf *b = j->d->scratch;

	b->n = 0;
	if (uid.n == 0)
		uid = phrase_uid(j->d->out, b, name(j, m->node), reason.n ? reason : pressure_type(m->pressure), m->t);
	if (reason.n) {
		buf_add(b, reason);
	} else {
		buf_add(b, pressure_type(m->pressure));
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
emit(const struct joining *j, const struct found *f)
{
	const struct lost *l = f->l;
	struct verdicts *vs = j->d->out;
	struct verdict *v = verdict_add(vs);
	int64_t end = NO_TIME;

	v->headline = headline(j, f);
	v->remediation = remediation(j, f);
	v->confidence = f->cause ? S("full") : S("partial");
	v->missing = f->cause ? (struct str){0} : S("node_condition");
	verdict_str(vs, "pod_name", name(j, l->name));
	verdict_str(vs, "pod_namespace", name(j, l->ns));
	verdict_str(vs, "pod_uid", name(j, l->pod_uid));
	verdict_str(vs, "node", name(j, l->node));
	verdict_str(vs, "reason", name(j, l->reason));
	verdict_str(vs, "eviction_kind", eviction_kind_name(f->e->kind));
	if (kinds[f->e->kind].joins)
		verdict_str(vs, "pressure", pressure_name(f->pressure));
	put_number(vs, "threshold", f->e->threshold);
	put_number(vs, "available", f->e->available);
	if (f->has_top) {
		verdict_open(vs, "top_consumer", ITEM_OBJECT);
		verdict_str(vs, "container", f->top.name);
		put_number(vs, "used", f->top.used);
		put_number(vs, "request", f->top.request);
		verdict_close(vs);
	}
	if (f->cause) {
		verdict_seconds(vs, "delay_seconds", time_diff(l->t, f->cause->t));
		end = over(j, f->cause->node, f->cause->label, f->pressure, f->cause->t);
	} else if (kinds[f->e->kind].joins || f->e->kind == EVICTION_NODE_SHUTDOWN) {
		end = over(j, l->node, l->label, f->pressure, l->t);
	}
	if (end != NO_TIME)
		verdict_time(vs, "resolved_at", end);
	if (f->cause)
		cause_evidence(j, f->cause);
	loss_evidence(j->ev, l, vs, &j->ev->scratch, j->d->scratch);
}

/* ---- near misses ---- */

/* The pressure nearest in time to a loss among these, on its node; before it
 * if two are. */
static const struct mark *
nearest(const struct joining *j, const struct lost *l, unsigned may)
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

/* The latest of these pressures on any node in the loss's window. */
static const struct mark *
elsewhere(const struct joining *j, const struct lost *l, unsigned may)
{
	const struct mark *best = NULL, *m;

	for (unsigned p = PRESSURE_MEMORY; p < PRESSURES; p++)
		if (may >> p & 1) {
			m = latest(j, &(struct run){BY_TIME, 0, true, (uint8_t)p}, window(j, l->t), false);
			if (m && better(j, m, best))
				best = m;
		}
	return best;
}

/* Why a loss met no pressure, and which one it nearly met. */
static struct str
why_apart(const struct joining *j, const struct lost *l, const struct eviction *e, const struct mark **m)
{
	unsigned may = may_join(e);

	*m = NULL;
	if (l->t == NO_TIME)
		return S("the loss carries no time");
	if (!may)
		return S("its kind has another cause than a node's pressure");
	if ((*m = cause_of(j, l, ~may, false)))
		return S("the node was under another pressure than the eviction names");
	if ((*m = nearest(j, l, may)))
		return time_diff(l->t, (*m)->t) < -j->d->skew ? S("the nearest pressure began after the eviction") :
								 S("the nearest pressure began too long before the eviction");
	if ((*m = elsewhere(j, l, may)))
		return l->node ? S("the pressure was on another node") : S("the loss carries no node");
	return !l->node ? S("the loss carries no node") :
	       e->named ? S("no such pressure on this node") : S("no pressure on this node");
}

static void
explain_loss(const struct joining *j, const struct lost *l, const struct eviction *e)
{
	struct buf *b = j->d->explain, *pod = &j->ev->scratch;
	const struct mark *m;
	struct str why = why_apart(j, l, e, &m);

	phrase_open(b, S("eviction without a node condition"));
	phrase_str(b, "pod", loss_pod(j->ev, l, pod));
	phrase_str(b, "node", name(j, l->node));
	phrase_str(b, "reason", name(j, l->reason));
	phrase_time(b, "time", l->t);
	phrase_str(b, "eviction_kind", eviction_kind_name(e->kind));
	phrase_str(b, "pressure", pressure_name(e->pressure));
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

/* Losses by their nodes' labels, then as they stand: by time. */
static int
lost_cmp(const void *x, const void *y, const void *ctx)
{
	const struct lost *l = ctx;

	return SORT_ORDER(l[*(const uint32_t *)x].label, l[*(const uint32_t *)y].label);
}

/* The loss nearest to a node's last pressure, of those next to it in time. */
static const struct lost *
nearest_loss(const struct joining *j, const uint32_t *by_label, const struct idle *idle)
{
	enum { LOOK = 64 };
	const struct lost *best = NULL;
	const struct lost *l = j->lost;
	size_t lo = 0;

	SORT_BISECT(lo, j->nlost, i, l[by_label[i]].label < idle->label ||
		    (l[by_label[i]].label == idle->label && l[by_label[i]].t < idle->last));
	for (size_t i = lo > LOOK ? lo - LOOK : 0; i < j->nlost && i < lo + LOOK; i++) {
		l = &j->lost[by_label[i]];
		if (l->label != idle->label || l->t == NO_TIME || !node_same(name(j, l->node), name(j, idle->node)))
			continue;
		if (!best || time_apart(l->t, idle->last) < time_apart(best->t, idle->last))
			best = l;
	}
	return best;
}

static void
explain_idle(const struct joining *j, const uint32_t *by_label, const struct idle *i)
{
	struct buf *b = j->d->explain, *pod = &j->ev->scratch;
	const struct lost *l = nearest_loss(j, by_label, i);

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

static void
explain_pressures(const struct joining *j)
{
	struct idle *idle = mem_new(j->d->mem, struct idle, j->n);
	uint32_t *by_label = mem_new(j->d->mem, uint32_t, j->nlost);
	size_t n = 0;

	for (enum order o = BY_NODE; o < BY_TIME; o++) {
		int64_t depth = 0;

		for (size_t i = 0; i < j->n; i++) {
			depth += j->used[o][i];
			j->mark[j->order[o][i]].used |= depth > 0;
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
	for (size_t i = 0; i < j->nlost; i++)
		by_label[i] = (uint32_t)i;
	sort(by_label, j->nlost, sizeof(*by_label), lost_cmp, j->lost, &j->ev->scratch);
	sort(idle, n, sizeof(*idle), idle_cmp, &j->ev->names, &j->ev->scratch);
	for (size_t i = 0; i < n; i++)
		explain_idle(j, by_label, &idle[i]);
}

/* ---- notices ---- */

static uint64_t
nodes_of(const struct joining *j)
{
	uint32_t last = 0;
	uint64_t n = 0;

	for (size_t i = 0; i < j->n; i++) {
		const struct mark *m = &j->mark[j->order[BY_NODE][i]];

		n += m->c && m->node && m->node != last;
		if (m->c)
			last = m->node;
	}
	return n;
}

static void
notice(const struct joining *j)
{
	uint64_t conditions = j->ev->list[EVENT_CONDITION].n, nodes = nodes_of(j);
	uint64_t timeless = 0, nodeless = 0, apart = 0;
	struct buf *b = j->d->notice;

	for (size_t i = 0; i < j->nlost; i++) {
		timeless += j->lost[i].t == NO_TIME;
		if (j->joined[i] || j->lost[i].t == NO_TIME || !may_join(&j->eviction[i]))
			continue;
		*(j->lost[i].node ? &apart : &nodeless) += 1;
	}
	if (j->nlost == 0 || (conditions == 0 && apart + nodeless)) {
		phrase_count(b, conditions, S("node condition"), S("node conditions"));
		if (nodes) {
			buf_add(b, S(" from "));
			phrase_count(b, nodes, S("node"), S("nodes"));
		}
		buf_add(b, S(", "));
		phrase_count(b, j->nlost, S("pod loss"), j->nlost ? S("pod losses") : S("pod events"));
		buf_add(b, j->nlost ? S(": no verdict is full") : S(": nothing to join"));
	}
	if (j->nodeless && apart)
		phrase_clause(b, j->nodeless, S("node condition carries no node and cannot be joined: --node=NAME names it"),
		      S("node conditions carry no node and cannot be joined: --node=NAME names it"));
	if (nodeless && nodes)
		phrase_clause(b, nodeless, S("lost pod cannot be placed on a node"), S("lost pods cannot be placed on a node"));
	if (j->timeless)
		phrase_clause(b, j->timeless, S("node condition carries no time and cannot be joined"),
		      S("node conditions carry no time and cannot be joined"));
	if (timeless)
		phrase_clause(b, timeless, S("pod loss carries no time and gives no verdict"),
		      S("pod losses carry no time and give no verdict"));
}

static void
judge(struct joining *j, size_t i)
{
	const struct lost *l = &j->lost[i];
	const struct eviction_text t = {name(j, l->reason), name(j, l->note), name(j, l->offenders), l->foreign};
	struct eviction *e = &j->eviction[i];
	struct found f = {.l = l, .e = e};

	eviction_parse(&t, e);
	if (l->t == NO_TIME)
		return;
	f.cause = cause_of(j, l, may_join(e), true);
	j->joined[i] = f.cause != NULL;
	f.pressure = f.cause ? f.cause->pressure : e->pressure;
	f.has_top = eviction_top(&t, &f.top);
	if (f.cause || !j->c->full_only)
		emit(j, &f);
}

static void
detect(const struct detection *d)
{
	struct joining j = {.d = d, .c = d->config, .ev = d->ev};
	uint32_t fallback = events_node(d->ev, d->node);

	j.lost = loss_fold(d->ev, fallback, d->mem, &j.nlost);
	gather(&j, fallback);
	j.joined = mem_new(d->mem, bool, j.nlost);
	j.eviction = mem_new(d->mem, struct eviction, j.nlost);
	for (size_t i = 0; i < j.nlost; i++)
		judge(&j, i);
	if (d->explain) {
		for (size_t i = 0; i < j.nlost; i++)
			if (!j.joined[i])
				explain_loss(&j, &j.lost[i], &j.eviction[i]);
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
	.words = {pressure_words, kubernetes_words, start_words},
	.opt = options,
	.config_size = sizeof(struct config),
	.setup = setup,
	.detect = detect,
};
