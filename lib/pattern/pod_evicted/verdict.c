#include "pattern/pod_evicted/evicted.h"
#include "join/phrase.h"

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

unsigned
evicted_may_join(const struct eviction *e)
{
	if (!kinds[e->kind].joins)
		return 0;
	return e->named ? e->named : 1u << PRESSURE_MEMORY | 1u << PRESSURE_DISK | 1u << PRESSURE_PID;
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
is_bytes(const struct joining *j, const struct found *f)
{
	struct str note = name(j, loss_at(j->ev, f->l)->note);

	return f->pressure != PRESSURE_PID && str_ifind(note, S("inode")) == note.n;
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
	} room[] = {{true, 63, PHRASE_NAME}, {false, 63, PHRASE_NAME}, {false, 63, 80}, {false, 40, 40}, {false, 12, 12}, {false, 4, 4}};
	const struct lost *l = f->l;
	struct str pod = loss_pod(j->ev, l, &j->ev->scratch);
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

void
evicted_emit(const struct joining *j, const struct found *f)
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
	if (f->cause) {
		verdict_seconds(vs, "delay_seconds", time_diff(l->t, f->cause->t));
		end = evicted_over(j, f->cause->node, f->cause->label, f->pressure, f->cause->t);
	} else if (kinds[f->e.kind].joins || f->e.kind == EVICTION_NODE_SHUTDOWN) {
		end = evicted_over(j, l->node, l->label, f->pressure, l->t);
	}
	if (end != NO_TIME)
		verdict_time(vs, "resolved_at", end);
	if (f->cause)
		cause_evidence(j, f->cause);
	loss_evidence(j->ev, l, vs, &j->ev->scratch, j->d->scratch);
}
