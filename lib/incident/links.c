#include "base/num.h"
#include "incident/incident.h"

enum { NO, PRECEDES, CAUSES };

#define K(kind) (1u << FACT_##kind)

bool
fact_on(const struct fact *f, uint32_t node)
{
	if (f->node == node)
		return true;
	for (size_t i = 0; i < f->nnode; i++)
		if (f->nodes[i] == node)
			return true;
	return false;
}

static bool
same_gpu(const struct fact *a, const struct fact *b)
{
	return a->node == b->node && a->gpu.known && pci_cmp(a->gpu, b->gpu) == 0;
}

/* Was the cause's GPU used by another pod than the lost one (N9)? */
static bool
other_pod(const struct fact *cause, const struct fact *effect)
{
	return cause->pod && effect->pod && cause->pod != effect->pod;
}

static bool
is_hardware(const struct fact *f)
{
	return f->kind == FACT_HBM || f->kind == FACT_SXID || f->kind == FACT_MACHINE_CHECK || (f->kind == FACT_XID && f->cls <= XID_UNKNOWN);
}

static bool
has_id(const uint32_t *list, size_t n, uint32_t id)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == id)
			return true;
	return false;
}

/* Is a hang the program's own fault (N15)? */
static bool
is_own(const struct fact *hang)
{
	return str_eq(hang->detail, S("mismatch")) || str_eq(hang->detail, S("deadlock")) || str_eq(hang->detail, S("never_joined"));
}

static bool
is_slow(const struct fact *hang)
{
	return str_eq(hang->detail, S("stuck_on_device")) || str_eq(hang->detail, S("stalled"));
}

/* Is the cause's GPU one of the blamed ranks' GPUs, or either unknown? */
static bool
gpu_fits(const struct facts *fs, const struct fact *cause, const struct fact *hang)
{
	struct buf *b = fs->d->scratch;

	if (!cause->gpu.known || cause->kind == FACT_SXID || !hang->ranks->ngpu)
		return true;
	b->n = 0;
	buf_add(b, idx_at(fs->names, cause->node));
	buf_chr(b, '/');
	pci_put(b, cause->gpu);
	return has_id(hang->ranks->gpus, hang->ranks->ngpu, idx_find(fs->names, buf_str(b)));
}

/* A rank that never joined may hang in the driver of the GPU that failed: its own, or
 * one of its node if its own is unknown. */
static int
stops_rank(const struct facts *fs, const struct fact *cause, const struct fact *hang)
{
	if (!str_eq(hang->detail, S("never_joined")) || cause->kind == FACT_SXID || !cause->gpu.known || !is_hardware(cause))
		return NO;
	return !hang->ranks->ngpu ? PRECEDES : gpu_fits(fs, cause, hang) ? CAUSES : NO;
}

/* ---- conditions of the rules ---- */

static int
c1(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)fs, (void)delay;
	return same_gpu(c, e) && is_hardware(e) ? CAUSES : NO;
}

static int
c2(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	bool late = e->how == LOST_TAINT || e->how == LOST_NODE;
	int64_t within = e->kind == FACT_ENDED ? 2 * MINUTE : late ? 6 * MINUTE : MINUTE;

	if (!is_hardware(c) || !fact_on(c, e->node) || other_pod(c, e) || e->how > LOST_NODE || e->oom || e->gpu_memory)
		return NO;
	if (c->resolved != NO_TIME && c->resolved < e->lo)
		return NO;
	if (delay <= time_add(within, fs->d->skew))
		return CAUSES;
	return c->cls == XID_HARDWARE ? PRECEDES : NO;
}

static bool
is_nvlink(uint32_t code)
{
	return code == 74 || (code >= 144 && code <= 150);
}

/* Is a, rather than b, the root of a burst of hardware Xids?  (xid-correlate(1)) */
static bool
is_graver(const struct facts *fs, const struct fact *a, const struct fact *b)
{
	int d = SORT_ORDER(catalog_grade(a->code), catalog_grade(b->code));

	return (d ? d : fact_cmp(a, b, fs)) < 0;
}

static int
c3(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)delay;
	if (c->cls != XID_HARDWARE || e->cls > XID_UNKNOWN || c->node != e->node || !c->gpu.known || !e->gpu.known || !is_graver(fs, c, e))
		return NO;
	return same_gpu(c, e) || c->code == e->code || (c->code == 79 && is_nvlink(e->code)) ? CAUSES : NO;
}

/* Row remap pending or failed after an error in that GPU's memory. */
static int
c3b(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)fs, (void)delay;
	return (c->code == 48 || c->code == 94 || c->code == 95) && (e->code == 63 || e->code == 64) && same_gpu(c, e) ? CAUSES : NO;
}

static int
c4(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)fs, (void)delay;
	if (c->kind == FACT_PANIC || c->kind == FACT_REBOOT)
		return c->node == e->node ? CAUSES : NO;
	if (!fact_on(c, e->node) || !(is_hardware(c) || (c->kind == FACT_PCIE && c->grave)))
		return NO;
	return c->kind == FACT_PCIE || c->kind == FACT_MACHINE_CHECK || c->code == 79 ? CAUSES : PRECEDES;
}

/* A node out of memory may become unresponsive. */
static int
c4b(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)fs, (void)delay;
	return c->oom && c->grave && !c->pod && c->node == e->node ? PRECEDES : NO;
}

static int
c5(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)fs, (void)delay;
	return fact_on(c, e->node) && (e->how == LOST_NODE || e->how == LOST_TAINT) ? CAUSES : NO;
}

static int
c7(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)fs, (void)delay;
	if (is_own(e) && !(c->oom && str_eq(e->detail, S("never_joined"))))
		return NO;
	if (e->ranks->npod && c->pod)
		return !has_id(e->ranks->pods, e->ranks->npod, c->pod) ? NO : c->undated || (c->gpu_memory && !c->gpu_pod) ? PRECEDES : CAUSES;
	if (c->undated)
		return NO;
	/* a program may catch the exception */
	if (c->gpu_memory && !c->gpu_pod)
		return NO;
	/* a process of an unknown pod on that node */
	if (c->oom && !c->pod)
		return has_id(e->nodes, e->nnode, c->node) ? PRECEDES : NO;
	return c->node && has_id(e->nodes, e->nnode, c->node) && (c->kind == FACT_LOST || c->gpu_pod) ? CAUSES : NO;
}

static int
c7b(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	int strength = is_own(e) ? stops_rank(fs, c, e) : CAUSES;

	(void)delay;
	if (!strength)
		return NO;
	if (!(is_hardware(c) || c->kind == FACT_PCIE || c->kind == FACT_NOTREADY || c->kind == FACT_PANIC ||
			  c->kind == FACT_REBOOT))
		return NO;
	if (c->kind == FACT_PCIE && c->corrected && !is_slow(e))
		return NO;
	if (c->pod && e->ranks->npod && !has_id(e->ranks->pods, e->ranks->npod, c->pod))
		return NO;
	for (size_t i = 0; i < e->nnode; i++)
		if (fact_on(c, e->nodes[i]))
			return gpu_fits(fs, c, e) ? strength : NO;
	return NO;
}

static int
c7c(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)delay;
	return c->cls == XID_APPLICATION && e->ranks->ngpu && !is_own(e) && c->gpu.known && has_id(e->nodes, e->nnode, c->node) &&
			       gpu_fits(fs, c, e) ? CAUSES : NO;
}

/* A network port of a node with waiting ranks; a file system of one whose rank never joined. */
static int
c7d(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	bool never = str_eq(e->detail, S("never_joined"));
	size_t on = 0, waiting = 0;

	(void)fs, (void)delay;
	for (size_t i = 0; i < e->nnode; i++)
		on += fact_on(c, e->nodes[i]);
	if (c->pod && e->ranks->npod && !has_id(e->ranks->pods, e->ranks->npod, c->pod))
		return NO;
	if (c->kind == FACT_STORAGE)
		return on && (never || str_eq(e->detail, S("silent"))) ? never ? CAUSES : PRECEDES : NO;
	if (!is_slow(e))
		return NO;
	/* certain if NCCL reports it or all nodes of blamed ranks have it */
	if (on)
		return c->named || (on == e->nnode && (e->ranks->blamed.n || c->nnode)) ? CAUSES : PRECEDES;
	for (size_t i = 0; i < e->ranks->nwaiting; i++)
		waiting += fact_on(c, e->ranks->waiting_nodes[i]);
	return waiting ? c->named ? CAUSES : PRECEDES : NO;
}

static int
c8(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	bool hot = !c->ngpu || !e->ranks->ngpu;

	(void)delay;
	if (!is_slow(e) || !e->nnode || !gpu_fits(fs, c, e))
		return NO;
	for (size_t i = 0; i < e->ranks->ngpu && !hot; i++)
		hot = has_id(c->gpus, c->ngpu, e->ranks->gpus[i]);
	if (!hot)
		return NO;
	for (size_t i = 0; i < e->nnode; i++)
		if (!fact_on(c, e->nodes[i]))
			return NO;
	/* one GPU of the node; the ranks' GPUs are unknown */
	if (c->gpu.known && !e->ranks->ngpu)
		return PRECEDES;
	return c->grave ? CAUSES : PRECEDES;
}

static int
c8b(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)fs, (void)delay;
	return e->code == 79 && (same_gpu(c, e) || (!c->gpu.known && fact_on(c, e->node))) ? PRECEDES : NO;
}

static int
c10(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)fs, (void)delay;
	return c->node == e->node && e->how == LOST_PRESSURE ? CAUSES : NO;
}

/* The kernel names the process that it killed for memory, but not its pod. */
static int
c11(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)fs, (void)delay;
	return c->oom && !c->pod && c->node == e->node && e->pod && e->gpu_pod && !e->oom && !e->gpu_memory ? PRECEDES : NO;
}

static int
c13(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)fs, (void)delay;
	return c->node == e->node && (e->code == 74 || e->code == 45) ? CAUSES : NO;
}

static int
c14(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)fs, (void)delay;
	return !c->job || !e->job || c->job == e->job ? CAUSES : NO;
}

static int
c14b(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)fs, (void)delay;
	return c->job && e->job ? c->job == e->job ? CAUSES : NO : e->gpu_pod ? CAUSES : NO;
}

/* Waiting ranks end when their watchdogs time out, even if the watchdogs' lines are
 * missing. */
static int
c14h(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)fs, (void)delay;
	return e->node && (has_id(c->ranks->waiting_nodes, c->ranks->nwaiting, e->node) || has_id(c->nodes, c->nnode, e->node)) &&
			       (!c->job || !e->job || c->job == e->job) ? CAUSES : NO;
}

/* Clean-up Xids on a job's nodes after its watchdogs' timeout. */
static int
c14x(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)delay;
	if (e->cls != XID_CONSEQUENCE && e->cls != XID_APPLICATION)
		return NO;
	return !c->job || jobs_runs_on(fs, c->job, e->node) ? CAUSES : NO;
}

static int
c15(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)fs, (void)delay;
	return c->node == e->node && (e->code == 43 || e->code == 45 || e->code == 31 || e->code == 13) && !other_pod(c, e) ? CAUSES : NO;
}

static int
c15b(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)fs, (void)delay;
	return c->pod == e->pod ? CAUSES : NO;
}

static int
c16(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)fs, (void)delay;
	return c->node == e->node && (e->kind != FACT_LOST || e->how == LOST_API || e->how == LOST_SHUTDOWN) ? CAUSES : NO;
}

/* A cordon may come with a taint; but health checks taint because of a fault, which
 * is then the cause. */
static int
c16b(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)fs, (void)delay;
	return c->node == e->node && e->how == LOST_TAINT ? CAUSES : NO;
}

/* A node drained after a pod failed there is a response: the loss of that pod is no
 * news, and the other pods of its job go for the same reason. */
static bool
had_failed(const struct fact *c, const struct fact *e)
{
	return c->pod && (c->pod == e->pod || (c->job && c->job == e->job && c->node == e->node && c->gpu_pod && c->code != 128 + 15));
}

static int
c17(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)fs, (void)delay;
	return (e->how == LOST_API || e->how == LOST_SHUTDOWN) && had_failed(c, e) ? CAUSES : NO;
}

static int
c17b(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)fs, (void)delay;
	return e->how == LOST_TAINT && had_failed(c, e) ? CAUSES : NO;
}

/* On a node's shutdown the kubelet ends its pods and becomes NotReady, in either
 * order. */
static int
c16c(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)fs, (void)delay;
	return c->how == LOST_SHUTDOWN && c->node == e->node && e->nnode <= 1 ? CAUSES : NO;
}

/* A node's shutdown stops its pods first. */
static int
c16d(const struct facts *fs, const struct fact *c, const struct fact *e, int64_t delay)
{
	(void)fs, (void)delay;
	return c->node == e->node && e->gpu_pod && e->code == 128 + 15 ? CAUSES : NO;
}

/* The table of rules, most direct first. */
static const struct rule rules[] = {
	{"C10", K(PRESSURE), K(LOST), -MINUTE, 10 * MINUTE, c10},
	{"C17", K(ENDED), K(LOST), 11 * SECOND, 60 * MINUTE, c17}, /* up to 10 s: C15 */
	{"C16", K(CORDON), K(LOST) | K(NOTREADY) | K(REBOOT), 0, 60 * MINUTE, c16},
	{"C13", K(SXID), K(XID), -SECOND, MINUTE, c13},
	{"C1", K(PCIE), K(XID), -5 * SECOND, 10 * MINUTE, c1},
	{"C8b", K(HEAT), K(XID), 0, 2 * MINUTE, c8b},
	{"C3", K(XID), K(XID), -10 * SECOND, 10 * SECOND, c3},
	{"C3", K(XID), K(XID), 0, 5 * MINUTE, c3b},
	{"C4", K(XID) | K(PCIE), K(MACHINE_CHECK), -5 * SECOND, MINUTE, c4},
	{"C4", K(MACHINE_CHECK), K(PANIC), 0, MINUTE, c4},
	{"C4", K(XID) | K(HBM) | K(PCIE) | K(MACHINE_CHECK) | K(PANIC) | K(REBOOT), K(NOTREADY) | K(REBOOT), 0, 6 * MINUTE, c4},
	{"C4", K(ENDED), K(NOTREADY), 0, 2 * MINUTE, c4b},
	{"C16", K(LOST), K(NOTREADY), -2 * MINUTE, 60 * MINUTE, c16c},
	{"C2", K(XID) | K(HBM) | K(MACHINE_CHECK), K(LOST) | K(ENDED), -SECOND, INT64_MAX, c2}, /* Kubernetes has whole seconds */
	{"C16", K(REBOOT), K(ENDED), -2 * MINUTE, 0, c16d},
	{"C5", K(NOTREADY), K(LOST), -2 * SECOND, 6 * MINUTE, c5},
	{"C17", K(ENDED), K(LOST), 11 * SECOND, 60 * MINUTE, c17b},
	{"C16", K(CORDON), K(LOST), 0, 60 * MINUTE, c16b},
	{"C14b", K(WATCHDOG), K(ENDED), -SECOND, 15 * MINUTE, c14b},
	{"C14b", K(HANG), K(ENDED), 2 * MINUTE, 65 * MINUTE, c14h},
	{"C11", K(ENDED), K(ENDED), 0, MINUTE, c11},
	{"C15", K(LOST), K(ENDED), -10 * SECOND, 10 * MINUTE, c15b},
	{"C15", K(LOST) | K(ENDED), K(XID), -10 * SECOND, 2 * MINUTE, c15},
	{"C14b", K(WATCHDOG), K(XID), -10 * SECOND, 2 * MINUTE, c14x},
	{"C7", K(LOST) | K(ENDED), K(HANG), .match = c7},
	{"C7b", K(HBM) | K(XID) | K(PCIE) | K(SXID) | K(NOTREADY) | K(MACHINE_CHECK) | K(PANIC) | K(REBOOT), K(HANG), .match = c7b},
	{"C7c", K(XID), K(HANG), .match = c7c},
	{"C7d", K(LINK) | K(STORAGE), K(HANG), .match = c7d},
	{"C8", K(HEAT), K(HANG), .match = c8},
	{"C14", K(HANG), K(WATCHDOG), -5 * SECOND, 65 * MINUTE, c14},
};

/* ---- times ---- */

/* Effect minus cause: from the nearest point of the cause's interval. */
static int64_t
delay_of(const struct fact *c, const struct fact *e)
{
	if (e->hi < c->lo)
		return time_diff(e->hi, c->lo);
	return e->lo > c->hi ? time_diff(e->lo, c->hi) : 0;
}

static bool
in_time(const struct facts *fs, const struct rule *r, const struct fact *c, const struct fact *e, int64_t delay)
{
	int64_t min = r->min, max = r->max;

	if (e->kind == FACT_HANG) {
		/* the host enqueues ahead of its GPU */
		min = -fs->c->ahead;
		max = r->match == c8 || (r->match == c7d && c->resolved != NO_TIME) ? MINUTE : r->match == c7c ? fs->c->ahead : fs->c->before;
	}
	return delay >= time_diff(min, fs->d->skew) && delay <= time_add(max, fs->d->skew) && c != e;
}

/* ---- choice of the cause ---- */

struct choice {
	struct fact *cause;
	const struct rule *rule;
	bool causes;
	int rank;
	int64_t far;
};

/* Does a pod get notice before its end: API eviction, shutdown, preemption? */
static bool
is_asked(const struct fact *f)
{
	return f->kind == FACT_LOST && (f->how == LOST_API || f->how == LOST_SHUTDOWN || f->how == LOST_PREEMPTION);
}

/* Directness of a hang's cause, 0 first: pods lost before it, failures, facts that
 * were noticed only later. */
static int
directness(const struct facts *fs, const struct fact *c, const struct fact *e)
{
	if (e->kind != FACT_HANG)
		return 0;
	switch (c->kind) {
	case FACT_LOST:
	case FACT_ENDED:
		/* such notice precedes the pod's end; otherwise it is late */
		return c->at <= time_add(time_add(e->lo, is_asked(c) ? SECOND : 20 * SECOND), fs->d->skew) ? 0 : 6;
	case FACT_HBM:
		return 1;
	case FACT_XID:
		return c->cls == XID_APPLICATION ? 5 : 2;
	case FACT_PCIE:
	case FACT_NOTREADY:
	case FACT_MACHINE_CHECK:
	case FACT_PANIC:
		return 2;
	case FACT_SXID:
		return 3;
	default:
		return 4;
	}
}

static int
choice_cmp(const struct facts *fs, const struct choice *a, const struct choice *b)
{
	int d = SORT_ORDER(a->rank, b->rank);

	d = d ? d : SORT_ORDER(b->causes, a->causes);
	d = d ? d : SORT_ORDER(a->cause->kind == FACT_XID ? a->cause->cls : 0, b->cause->kind == FACT_XID ? b->cause->cls : 0);
	d = d ? d : a->rank || a->cause->kind == b->cause->kind ? 0 : SORT_ORDER(a->rule, b->rule);
	d = d ? d : SORT_ORDER(a->far, b->far);
	return d ? d : fact_cmp(a->cause, b->cause, fs);
}

/* Is the cause already an effect of its effect? */
static bool
is_below(const struct fact *cause, const struct fact *effect)
{
	for (const struct fact *f = cause; f; f = f->cause)
		if (f == effect)
			return true;
	return false;
}

/* ---- candidates for causes ---- */

/* Facts by place (node, pod or neither), then by time. */
struct place {
	uint32_t node, pod;
	int64_t lo, hi, reach; /* reach: latest hi of this and the preceding facts */
	struct fact *f;
	unsigned kind; /* a bit */
};

struct near {
	struct place *at;
	size_t n;
	uint32_t asked; /* number of effects so far */
	struct choice *all; /* for the current effect */
	size_t cap;
	struct rules_of {
		const struct rule *rule[NELEM(rules)];
		size_t n;
		unsigned causes; /* kinds of their causes, as bits */
	} of[FACT_KINDS]; /* the rules for each kind of effect */
	int64_t longest[FACT_KINDS]; /* the longest window of its rules */
	int64_t ahead[FACT_KINDS];   /* how long before its cause an effect may be */
};

static int
place_cmp(const void *x, const void *y, const void *ctx)
{
	const struct place *a = x, *b = y;
	int d = SORT_ORDER(a->node, b->node);

	d = d ? d : SORT_ORDER(a->pod, b->pod);
	(void)ctx;
	return d ? d : SORT_ORDER(a->f, b->f); /* facts are in order */
}

static void
near_add(struct near *k, uint32_t node, uint32_t pod, struct fact *f)
{
	k->at[k->n++] = (struct place){.node = node, .pod = pod, .lo = f->lo, .hi = f->hi, .f = f, .kind = 1u << f->kind};
}

static struct near
near_index(struct facts *fs)
{
	struct near k = {0};
	size_t n = 0;

	for (size_t i = 0; i < fs->n; i++)
		n += 2 + fs->f[i].nnode;
	k.at = mem_new(fs->d->mem, struct place, n);
	for (size_t i = 0; i < fs->n; i++) {
		struct fact *f = &fs->f[i];

		if (f->kind == FACT_HANG || f->kind == FACT_WATCHDOG) {
			near_add(&k, 0, 0, f);
			continue;
		}
		if (f->node)
			near_add(&k, f->node, 0, f);
		for (size_t j = 0; j < f->nnode; j++)
			if (f->nodes[j] != f->node)
				near_add(&k, f->nodes[j], 0, f);
		if (f->pod)
			near_add(&k, 0, f->pod, f);
	}
	sort(k.at, k.n, sizeof(*k.at), place_cmp, fs, fs->d->spare);
	for (size_t i = 0; i < k.n; i++) {
		bool first = !i || k.at[i].node != k.at[i - 1].node || k.at[i].pod != k.at[i - 1].pod;

		k.at[i].reach = first ? k.at[i].hi : num_max(k.at[i].hi, k.at[i - 1].reach);
	}
	for (size_t r = 0; r < NELEM(rules); r++)
		for (enum fact_kind e = 0; e < FACT_KINDS; e++)
			if (rules[r].effects >> e & 1) {
				k.of[e].rule[k.of[e].n++] = &rules[r];
				k.of[e].causes |= rules[r].causes;
				k.longest[e] = num_max(k.longest[e], rules[r].max);
				k.ahead[e] = num_max(k.ahead[e], -rules[r].min);
			}
	k.ahead[FACT_HANG] = fs->c->ahead;
	k.longest[FACT_HANG] = num_max(num_max(fs->c->before, fs->c->ahead), MINUTE);
	return k;
}

/* Facts tried per place, so that a burst does not cost quadratic time. */
enum { NEAR_MAX = 1024 };

/* Time of the first watchdog timeout that a hang may have caused; neither has a place. */
static int64_t
first_watchdog(const struct near *near, const struct fact *hang)
{
	const struct place *p = near->at;
	size_t lo = 0;

	SORT_BISECT(lo, near->n, i, p[i].node == 0 && p[i].pod == 0 && p[i].lo < hang->lo);
	for (size_t n = 0; lo < near->n && n < NEAR_MAX && p[lo].node == 0 && p[lo].pod == 0; lo++, n++)
		if (p[lo].f->kind == FACT_WATCHDOG && (!hang->job || !p[lo].f->job || p[lo].f->job == hang->job))
			return p[lo].lo;
	return INT64_MAX;
}

/* Possible causes of an effect. */
struct candidates {
	struct facts *fs;
	struct near *near;
	struct fact *e;
	int64_t watchdog; /* of a hang: its first watchdog timeout, or INT64_MAX */
	struct choice best;
	size_t n; /* number in near->all */
};

static void
try_cause(struct candidates *k, struct fact *c)
{
	struct facts *fs = k->fs;
	struct fact *e = k->e;
	const struct rules_of *of = &k->near->of[e->kind];
	int64_t delay = delay_of(c, e);

	if (c == e || c->tried == k->near->asked || is_below(c, e))
		return;
	c->tried = k->near->asked;
	/* pods that end after the watchdog timeout are effects (N14) */
	if ((c->kind == FACT_LOST || c->kind == FACT_ENDED) && time_add(c->undated ? c->lo : c->at, SECOND) > k->watchdog)
		return;
	/* a resolved fact is no longer a cause (N7) */
	if (e->kind == FACT_HANG && c->resolved != NO_TIME && c->resolved < e->lo)
		return;
	for (size_t r = 0; r < of->n; r++) {
		struct choice x;
		int says;

		if (!(of->rule[r]->causes >> c->kind & 1) || !in_time(fs, of->rule[r], c, e, delay))
			continue;
		/* an undated fact explains only its own pod and ranks */
		if ((c->undated && of->rule[r]->match != c7 && of->rule[r]->match != c15b) || e->undated)
			continue;
		says = of->rule[r]->match(fs, c, e, delay);
		if (says == NO)
			continue;
		x = (struct choice){c, of->rule[r], says == CAUSES, directness(fs, c, e), delay < 0 ? -delay : delay};
		k->near->all = mem_extend(fs->d->mem, k->near->all, k->n, &k->near->cap, sizeof(x));
		k->near->all[k->n++] = x;
		if (!k->best.cause || choice_cmp(fs, &x, &k->best) < 0)
			k->best = x;
	}
}

/* Try the facts of a place that begin before the effect ends, latest first. */
static void
try_place(struct candidates *k, uint32_t node, uint32_t pod)
{
	int64_t until = time_add(time_add(k->e->hi, k->near->ahead[k->e->kind]), k->fs->d->skew);
	int64_t since = time_diff(time_diff(k->e->lo, k->near->longest[k->e->kind]), k->fs->d->skew);
	const struct place *p = k->near->at;
	size_t to = 0;

	SORT_BISECT(to, k->near->n, i,
		    p[i].node < node || (p[i].node == node && (p[i].pod < pod || (p[i].pod == pod && p[i].lo <= until))));
	for (size_t n = 0; to && n < NEAR_MAX && p[to - 1].node == node && p[to - 1].pod == pod && p[to - 1].reach >= since; n++)
		if (p[--to].hi >= since && p[to].kind & k->near->of[k->e->kind].causes)
			try_cause(k, p[to].f);
}

/* Other possible causes kept per effect. */
enum { RIVALS_MAX = 64 };

static int
rival_cmp(const void *x, const void *y, const void *ctx)
{
	return fact_cmp(*(struct fact *const *)x, *(struct fact *const *)y, ctx);
}

static int
cause_cmp(const void *x, const void *y, const void *ctx)
{
	return fact_cmp(((const struct choice *)x)->cause, ((const struct choice *)y)->cause, ctx);
}

static void
link_effect(struct facts *fs, struct near *near, struct fact *e)
{
	struct candidates k = {.fs = fs, .near = near, .e = e, .watchdog = e->kind == FACT_HANG ? first_watchdog(near, e) : INT64_MAX};
	size_t n = 0;

	near->asked++;
	if (e->node)
		try_place(&k, e->node, 0);
	for (size_t i = 0; i < e->nnode; i++)
		try_place(&k, e->nodes[i], 0);
	for (size_t i = 0; e->ranks && i < e->ranks->nwaiting; i++)
		try_place(&k, e->ranks->waiting_nodes[i], 0);
	if (e->pod)
		try_place(&k, 0, e->pod);
	for (size_t i = 0; e->ranks && i < e->ranks->npod; i++)
		try_place(&k, 0, e->ranks->pods[i]);
	try_place(&k, 0, 0);
	if (!k.best.cause)
		return;
	e->cause = k.best.cause;
	e->rule = k.best.rule;
	e->causes = k.best.causes;
	/* all Xids of a burst are effects of its root */
	while (e->rule->match == c3 && e->cause->rule && e->cause->rule->match == c3)
		e->cause = e->cause->cause;
	if ((e->kind != FACT_HANG && e->kind != FACT_LOST) || e->rule->match == c17 || e->rule->match == c17b)
		return;
	for (size_t i = 0; i < k.n; i++)
		if (near->all[i].cause != e->cause && near->all[i].causes >= e->causes)
			near->all[n++] = near->all[i];
	sort(near->all, n, sizeof(struct choice), cause_cmp, fs, fs->d->spare);
	e->nrival = n < RIVALS_MAX ? (uint32_t)n : RIVALS_MAX;
	e->rival = mem_new(fs->d->mem, struct fact *, e->nrival);
	for (size_t i = 0; i < e->nrival; i++)
		e->rival[i] = near->all[i].cause;
}

/* Pods of one job that fail or are preempted within a minute are one failure: they
 * follow the first one with its own cause, or else the first. */
static const struct rule together[FACT_KINDS] = {
	[FACT_LOST] = {"C11", K(LOST), K(LOST), -MINUTE, MINUTE, NULL},
	[FACT_ENDED] = {"C15", K(ENDED), K(ENDED), -MINUTE, MINUTE, NULL},
};

static bool
comes_with_others(const struct fact *f, enum fact_kind kind)
{
	return f->kind == kind && f->job && !f->undated && (kind == FACT_ENDED || f->how == LOST_PREEMPTION || f->how == LOST_API);
}

static int
job_cmp(const void *x, const void *y, const void *ctx)
{
	const struct fact *a = *(struct fact *const *)x, *b = *(struct fact *const *)y;
	int d = idx_cmp(((const struct facts *)ctx)->names, a->job, b->job);

	d = d ? d : SORT_ORDER(a->how, b->how);
	return d ? d : fact_cmp(a, b, ctx);
}

static void
link_together(struct facts *fs, enum fact_kind kind, struct fact **f)
{
	size_t n = 0;

	for (size_t i = 0; i < fs->n; i++)
		if (comes_with_others(&fs->f[i], kind))
			f[n++] = &fs->f[i];
	sort(f, n, sizeof(struct fact *), job_cmp, fs, fs->d->spare);
	for (size_t i = 0, end; i < n; i = end) {
		struct fact *first = NULL;

		for (end = i; end < n && f[end]->job == f[i]->job && f[end]->how == f[i]->how && time_diff(f[end]->lo, f[i]->lo) <= MINUTE; end++)
			if (!first && f[end]->cause)
				first = f[end];
		/* a pod that was stopped did not start the failure */
		for (size_t k = i; k < end && !first; k++)
			if (f[k]->code != 128 + 15)
				first = f[k];
		first = first ? first : f[i];
		for (size_t k = i; k < end; k++)
			if (f[k] != first && !f[k]->cause && !is_below(first, f[k])) {
				f[k]->cause = first;
				f[k]->rule = &together[kind];
				f[k]->causes = true;
			}
	}
}

/* Launchers name nodes and tasks, but no job: tasks that fail within a minute are of
 * one job.  They follow its loss or its node's; or else a task with a cause, the
 * first one killed for memory, or the first one that was not stopped. */
static bool
is_task(const struct fact *f)
{
	return !f->pod && !f->job && (f->kind == FACT_LOST || (f->kind == FACT_NOTREADY && f->named) || (f->kind == FACT_ENDED && f->gpu_pod));
}

/* Likelihood that a task was the first of its job to fail; 0: lowest. */
static int
likely_first(const struct fact *f)
{
	if (f->kind != FACT_ENDED)
		return 4;
	return f->cause ? 3 : f->oom ? 2 : f->code != 128 + 15;
}

static int
at_cmp(const void *x, const void *y, const void *ctx)
{
	const struct fact *a = *(struct fact *const *)x, *b = *(struct fact *const *)y;
	int d = SORT_ORDER(a->at, b->at);

	return d ? d : fact_cmp(a, b, ctx);
}

static void
link_tasks(struct facts *fs, struct fact **f)
{
	size_t n = 0;

	for (size_t i = 0; i < fs->n; i++)
		if (is_task(&fs->f[i]))
			f[n++] = &fs->f[i];
	sort(f, n, sizeof(struct fact *), at_cmp, fs, fs->d->spare);
	for (size_t i = 0, end; i < n; i = end) {
		struct fact *first = f[i];

		for (end = i; end < n && time_diff(f[end]->at, f[i]->at) <= MINUTE; end++)
			if (likely_first(f[end]) > likely_first(first))
				first = f[end];
		for (size_t k = i; k < end; k++)
			if (f[k]->kind == FACT_ENDED && f[k] != first && !f[k]->cause && !is_below(first, f[k])) {
				f[k]->cause = first;
				f[k]->rule = &together[FACT_ENDED];
				f[k]->causes = true;
			}
	}
}

/* After a job lost a pod, or one failed for a known cause, its other pods end when
 * their watchdogs time out; pods that abort follow any failed one.  Pods that began
 * later belong to another attempt. */
static const struct rule later = {"C15", K(LOST) | K(ENDED), K(ENDED), 0, 65 * MINUTE, NULL};

static int
peer_cmp(const void *x, const void *y, const void *ctx)
{
	const struct fact *a = *(struct fact *const *)x, *b = *(struct fact *const *)y;
	int d = idx_cmp(((const struct facts *)ctx)->names, a->job, b->job);

	return d ? d : fact_cmp(a, b, ctx);
}

/* Is the cause of a pod's loss or failure known? */
static bool
is_explained(const struct fact *f)
{
	return f->kind == FACT_LOST || f->cause || f->oom || f->gpu_memory;
}

static void
link_peers(struct facts *fs, struct fact **f)
{
	enum { ABORTED = 128 + 6 }; /* SIGABRT, as sent by watchdogs */
	size_t n = 0;

	for (size_t i = 0; i < fs->n; i++)
		if (fs->f[i].job && later.causes >> fs->f[i].kind & 1 && !fs->f[i].undated)
			f[n++] = &fs->f[i];
	sort(f, n, sizeof(struct fact *), peer_cmp, fs, fs->d->spare);
	for (size_t i = 0, k; i < n; i++) {
		struct fact *e = f[i], *c;
		int64_t began = jobs_began(fs, e->pod);

		if (e->kind != FACT_ENDED || e->cause)
			continue;
		for (k = i; k && f[k]->pod == e->pod && f[k]->job == e->job && time_diff(e->lo, f[k]->lo) <= later.max; k--)
			;
		c = f[k];
		if (c->job != e->job || c->pod == e->pod || began == NO_TIME || began > c->lo || time_diff(e->lo, c->lo) > later.max ||
		    !(is_explained(c) || e->code == ABORTED) || is_below(c, e))
			continue;
		e->cause = c;
		e->rule = &later;
		e->late = true;
	}
}

/* Did a job (0: any) have ranks at a fact's place? */
static bool
may_run_on(const struct facts *fs, uint32_t job, const struct fact *f)
{
	bool runs = !job || jobs_runs_on(fs, job, f->node);

	for (size_t i = 0; i < f->nnode && !runs; i++)
		runs = jobs_runs_on(fs, job, f->nodes[i]);
	return runs;
}

/* May a fact have stopped a hang's ranks, whose nodes are unknown?  job: a job with
 * known nodes, or 0. */
static bool
is_suspect(const struct facts *fs, const struct fact *c, const struct fact *e, uint32_t job)
{
	const unsigned kinds = K(HBM) | K(PCIE) | K(SXID) | K(MACHINE_CHECK) | K(NOTREADY) | K(LOST) | K(XID);
	int64_t delay = delay_of(c, e);

	return kinds >> c->kind & 1 && !c->undated && !(c->kind == FACT_XID && c->cls > XID_UNKNOWN) && !c->cause && !is_below(e, c) &&
	       delay >= -fs->c->ahead && delay <= fs->c->before && may_run_on(fs, job, c);
}

/* For a hang whose ranks' nodes are unknown: add the latest suspects as rivals. */
static void
suspect(struct facts *fs, struct fact *e)
{
	int64_t until = time_add(e->hi, fs->c->ahead);
	uint32_t job = e->job && jobs_is_placed(fs, e->job) ? e->job : 0;
	struct fact **had = e->rival;
	size_t to = 0;

	e->rival = mem_new(fs->d->mem, struct fact *, RIVALS_MAX);
	for (size_t i = 0; i < e->nrival; i++)
		e->rival[i] = had[i];
	SORT_BISECT(to, fs->n, i, fs->f[i].lo <= until);
	for (size_t n = 0; to-- && n < 4 * NEAR_MAX && e->nrival < RIVALS_MAX; n++)
		if (is_suspect(fs, &fs->f[to], e, job))
			e->rival[e->nrival++] = &fs->f[to];
	sort(e->rival, e->nrival, sizeof(struct fact *), rival_cmp, fs, fs->d->spare);
}

/* Assumed places exclude no suspect unless they match the only failure; they blame no
 * node if only other nodes failed. */
static void
doubt_places(struct fact *e)
{
	struct hang_ranks *r = e->ranks;

	if (!e->cause || e->nrival)
		r->nwaiting = 0;
	if (e->cause || !e->nrival)
		return;
	r->unplaced = true;
	r->npod = r->ngpu = e->nnode = 0;
	e->node = 0;
}

/* Link hangs whose ranks have no place, or only an assumed one. */
static void
link_unplaced(struct facts *fs)
{
	for (size_t i = 0; i < fs->n; i++) {
		struct fact *e = &fs->f[i];

		if (e->kind != FACT_HANG || is_own(e) || !(e->ranks->assumed || (e->ranks->unplaced && !e->cause)))
			continue;
		suspect(fs, e);
		if (e->ranks->assumed)
			doubt_places(e);
	}
}

void
facts_link(struct facts *fs)
{
	/* effects of effects come later, so that no cycle can form */
	static const enum fact_kind order[] = {
		FACT_XID, FACT_MACHINE_CHECK, FACT_PANIC, FACT_REBOOT, FACT_NOTREADY, FACT_LOST, FACT_HANG, FACT_WATCHDOG, FACT_ENDED,
	};
	struct near near = near_index(fs);
	struct fact **f = mem_new(fs->d->mem, struct fact *, fs->n); /* for each kind in turn */

	for (size_t k = 0; k < NELEM(order); k++)
		for (size_t i = 0; i < fs->n; i++)
			if (fs->f[i].kind == order[k])
				link_effect(fs, &near, &fs->f[i]);
	link_together(fs, FACT_LOST, f);
	link_together(fs, FACT_ENDED, f);
	link_tasks(fs, f);
	link_peers(fs, f);
	link_unplaced(fs);
}
