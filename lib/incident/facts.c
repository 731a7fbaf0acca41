#include "incident/incident.h"

#include <string.h>

#include "base/num.h"
#include "event/metric.h"
#include "join/phrase.h"

static uint32_t
pod_of(struct facts *fs, uint32_t ns, uint32_t name)
{
	return facts_pod(fs, idx_at(fs->names, ns), idx_at(fs->names, name));
}

/* ---- facts from records ---- */

static void
gather_nodes(struct facts *fs)
{
	const struct event_list *l = &fs->ev->list[EVENT_NODE];
	const struct node_word *w = l->p;

	for (size_t i = 0; i < l->n; i++) {
		struct fact *f;

		if (w[i].e.t == NO_TIME || !w[i].e.node)
			continue;
		if (w[i].state == NODE_NOT_READY) {
			f = facts_add(fs, FACT_NOTREADY, facts_alive(fs, w[i].e.node, w[i].e.t), w[i].e.t);
		} else if (w[i].state == NODE_CORDONED || w[i].state == NODE_REMOVED) {
			f = facts_add(fs, FACT_CORDON, w[i].e.t, w[i].e.t);
			f->grave = w[i].state == NODE_REMOVED;
		} else {
			continue;
		}
		f->node = w[i].e.node;
		fact_add_evidence(fs, f, S("node_event"), w[i].e.uid, f->at, w[i].note);
	}
}

/* The fact of each sign; signs no further apart than `within` are one fact. */
static const struct {
	enum fact_kind kind;
	int64_t within;
	bool lasts; /* until the last sign; false: it happened at the first one */
} sign_facts[] = {
	[SIGN_LINK] = {FACT_LINK, 10 * MINUTE, true},
	[SIGN_STORAGE] = {FACT_STORAGE, 10 * MINUTE, true},
	[SIGN_PANIC] = {FACT_PANIC, 10 * MINUTE, true},
	[SIGN_MACHINE_CHECK] = {FACT_MACHINE_CHECK, 10 * MINUTE, true},
	[SIGN_OOM] = {FACT_ENDED, MINUTE, false},
	[SIGN_REBOOT] = {FACT_REBOOT, MINUTE, false},
	[SIGN_ENDED] = {FACT_ENDED, MINUTE, false},
	[SIGN_NODE_LOST] = {FACT_NOTREADY, MINUTE, false},
	[SIGN_PREEMPTED] = {FACT_LOST, MINUTE, false},
	[SIGN_TIME_LIMIT] = {FACT_LOST, MINUTE, false},
	[SIGN_GPU_MEMORY] = {FACT_ENDED, MINUTE, false},
};

/* Pod of a sign, or 0; a network port belongs to the node, whichever pod reports it. */
static uint32_t
whose(const struct sign *s)
{
	return s->of == SIGN_LINK ? 0 : s->pod;
}

static int
sign_order(const void *x, const void *y, const void *ctx)
{
	const struct sign *a = x, *b = y;
	const struct idx *names = &((const struct facts *)ctx)->ev->names;
	int d = idx_cmp(names, a->e.node, b->e.node);

	d = d ? d : SORT_ORDER(a->of, b->of);
	d = d ? d : idx_cmp(names, whose(a), whose(b));
	d = d || !whose(a) ? d : idx_cmp(names, a->ns, b->ns);
	d = d ? d : SORT_ORDER(a->e.t, b->e.t);
	d = d ? d : SORT_ORDER(a->over, b->over);
	return d ? d : idx_cmp(names, a->text, b->text);
}

/* "pt_data_worker" of "Killed process 4711 (pt_data_worker) total-vm:…", or empty. */
static struct str
killed(struct str text)
{
	struct str s = str_from(text, str_find(text, S("Killed process "))), name;

	return str_cut(&s, '(', &name) && s.n && str_cut(&s, ')', &name) ? name : (struct str){0};
}

/* Does a launcher report how a task ended? */
static bool
is_task(const struct facts *fs, const struct sign *s)
{
	return s->of == SIGN_ENDED || (s->of == SIGN_OOM && str_has(idx_at(fs->names, s->text), S("srun: error: ")));
}

/* "srun: error: gpu-7: tasks 8-15: Terminated": terminated by the launcher. */
static bool
is_stopped(const struct facts *fs, const struct sign *s)
{
	return s->of == SIGN_ENDED && str_has(idx_at(fs->names, s->text), S(": Terminated"));
}

static struct fact *
sign_begin(struct facts *fs, const struct sign *s)
{
	struct fact *f = facts_add(fs, sign_facts[s->of].kind, s->e.t, s->e.t);

	f->node = s->e.node;
	f->pod = whose(s) ? pod_of(fs, s->ns, s->pod) : 0;
	f->job = jobs_of_pod(fs, f->pod);
	f->oom = s->of == SIGN_OOM;
	if (f->oom)
		f->detail = killed(idx_at(fs->names, s->text));
	f->grave = f->oom && str_has(idx_at(fs->names, s->text), S("Out of memory: Killed"));
	f->gpu_memory = s->of == SIGN_GPU_MEMORY;
	f->gpu_pod = is_task(fs, s) && (!f->pod || jobs_gpus(fs, f->pod));
	f->code = is_stopped(fs, s) ? 128 + 15 : 0;
	if (s->of == SIGN_NODE_LOST) {
		f->lo = facts_alive(fs, f->node, f->at);
		f->named = true;
	}
	if (s->of == SIGN_PREEMPTED) {
		f->how = LOST_PREEMPTION;
		f->detail = S("preemption");
	}
	if (s->of == SIGN_TIME_LIMIT) {
		f->how = LOST_LIMIT;
		f->detail = S("time_limit");
	}
	return f;
}

/* Node of a pod whose log does not name it, or 0. */
static uint32_t
node_of_pod(const struct facts *fs, const struct sign *s)
{
	const struct pod *p = jobs_pod(fs, s->ns, s->pod);

	return p ? p->e.node : 0;
}

/* Signs of one kind and node are one fact until recovery, or until no sign follows
 * for a while. */
static void
gather_signs(struct facts *fs)
{
	const struct event_list *l = &fs->ev->list[EVENT_SIGN];
	struct sign *s = mem_new(fs->d->mem, struct sign, l->n);
	struct fact *f = NULL;
	int64_t last = 0;

	if (l->n)
		memcpy(s, l->p, l->n * sizeof(*s));
	for (size_t i = 0; i < l->n; i++)
		if (!s[i].e.node && s[i].pod)
			s[i].e.node = node_of_pod(fs, &s[i]);
	sort(s, l->n, sizeof(*s), sign_order, fs, fs->d->spare);
	for (size_t i = 0; i < l->n; i++) {
		if (i && (s[i].e.node != s[i - 1].e.node || s[i].of != s[i - 1].of || whose(&s[i]) != whose(&s[i - 1]) || (whose(&s[i]) && s[i].ns != s[i - 1].ns)))
			f = NULL;
		if (s[i].e.t == NO_TIME || !s[i].e.node)
			continue;
		if (f && (f->resolved != NO_TIME || time_diff(s[i].e.t, last) > sign_facts[s[i].of].within))
			f = NULL;
		if (!f && s[i].over)
			continue;
		if (!f)
			f = sign_begin(fs, &s[i]);
		last = s[i].e.t;
		if (sign_facts[s[i].of].lasts)
			f->hi = last;
		f->named |= s[i].named;
		if (s[i].of == SIGN_ENDED && !is_stopped(fs, &s[i]))
			f->code = 0;
		if (s[i].over)
			f->resolved = last;
		fact_add_evidence(fs, f, s[i].of < SIGN_ENDED && !is_task(fs, &s[i]) && !s[i].named ? S("kernel_event") : S("job_log"), s[i].e.uid, last, s[i].text);
	}
}

static void
gather_ends(struct facts *fs)
{
	const struct event_list *l = &fs->ev->list[EVENT_POD];
	const struct pod *p = l->p;

	for (size_t i = 0; i < l->n; i++) {
		struct buf *b = fs->d->spare;
		struct fact *f;

		if (p[i].ended == NO_TIME)
			continue;
		f = facts_add(fs, FACT_ENDED, p[i].ended, p[i].ended);
		f->node = p[i].e.node;
		f->pod = pod_of(fs, p[i].ns, p[i].name);
		f->job = p[i].job;
		f->code = (uint32_t)p[i].code;
		f->oom = p[i].oom;
		f->gpu_pod = p[i].gpus > 0;
		b->n = 0;
		buf_add(b, idx_at(fs->names, f->pod));
		buf_add(b, S(": a container ended with exit code "));
		buf_i64(b, p[i].code);
		fact_add_evidence(fs, f, S("pod_event"), p[i].e.uid, f->at, idx_add(fs->names, buf_str(b)));
	}
}

/* A watchdog timeout and its job. */
struct given_up {
	uint32_t job;
	int64_t t;
};

static int
given_up_cmp(const void *x, const void *y, const void *ctx)
{
	const struct given_up *a = x, *b = y;
	int d = SORT_ORDER(a->job, b->job);

	(void)ctx;
	return d ? d : SORT_ORDER(a->t, b->t);
}

/* Watchdog timeouts of a job within ten minutes are one fact. */
static void
gather_timeouts(struct facts *fs)
{
	const struct event_list *l = &fs->ev->list[EVENT_TIMEOUT];
	const struct timeout *t = l->p;
	struct given_up *g = mem_new(fs->d->mem, struct given_up, l->n);
	struct fact *f = NULL;
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		if (t[i].e.t != NO_TIME)
			g[n++] = (struct given_up){jobs_of_pod(fs, pod_of(fs, t[i].ns, t[i].pod)), t[i].e.t};
	sort(g, n, sizeof(*g), given_up_cmp, NULL, fs->d->spare);
	for (size_t i = 0; i < n; i++) {
		if (!f || f->job != g[i].job || time_diff(g[i].t, f->lo) > 10 * MINUTE) {
			f = facts_add(fs, FACT_WATCHDOG, g[i].t, g[i].t);
			f->job = g[i].job;
			f->resolved = NO_TIME;
			fact_add_evidence(fs, f, S("job_log"), 0, f->at,
				      idx_add(fs->names, S("Watchdog caught collective operation timeout")));
		}
		f->hi = g[i].t;
		f->folded++;
	}
}

static int
remap_cmp(const void *x, const void *y, const void *ctx)
{
	const struct sample *a = *(const struct sample *const *)x, *b = *(const struct sample *const *)y;
	int d = SORT_ORDER(a->e.node, b->e.node);

	(void)ctx;
	d = d ? d : pci_cmp(a->gpu, b->gpu);
	d = d ? d : SORT_ORDER(a->uuid, b->uuid);
	d = d ? d : SORT_ORDER(a->e.t, b->e.t);
	return d ? d : SORT_ORDER(a->value, b->value);
}

static void
add_remap(struct facts *fs, const struct sample *before, const struct sample *s)
{
	struct fact *f = facts_add(fs, FACT_HBM, before->e.t, s->e.t);

	f->node = s->e.node;
	f->gpu = s->gpu;
	f->uuid = s->uuid;
	f->cls = XID_HARDWARE;
	f->action = ACTION_REPLACE_GPU;
	fact_add_evidence(fs, f, S("hw_error"), 0, f->at, idx_add(fs->names, S("the gauge of row remap failures rose from 0")));
}

/* Failed row remaps: the gauge rises.  Exporters have it more often than error
 * counters, without which no pattern reports it.  If already raised at first: no fact. */
static void
gather_remaps(struct facts *fs)
{
	const struct event_list *l = &fs->ev->list[EVENT_SAMPLE];
	const struct sample *s = l->p, **of;
	size_t n = 0, to = 0;

	for (size_t i = 0; i < l->n; i++)
		n += s[i].field == METRIC_REMAP_FAILED;
	of = mem_new(fs->d->mem, const struct sample *, n);
	for (size_t i = 0; i < l->n; i++)
		if (s[i].field == METRIC_REMAP_FAILED && s[i].e.t != NO_TIME && s[i].e.node && s[i].gpu.known)
			of[to++] = &s[i];
	sort(of, to, sizeof(*of), remap_cmp, NULL, fs->d->spare);
	for (size_t i = 1; i < to; i++)
		if (of[i]->e.node == of[i - 1]->e.node && pci_cmp(of[i]->gpu, of[i - 1]->gpu) == 0 && of[i]->uuid == of[i - 1]->uuid &&
		    of[i - 1]->value == 0 && of[i]->value > 0)
			add_remap(fs, of[i - 1], of[i]);
}

void
facts_gather(struct facts *fs)
{
	gather_nodes(fs);
	gather_signs(fs);
	gather_ends(fs);
	gather_timeouts(fs);
	gather_remaps(fs);
}

/* ---- order and merging ---- */

/* By the first verdict that reports the fact. */
static int
said_cmp(const struct fact *a, const struct fact *b, const struct idx *names)
{
	return idx_cmp(names, a->nsaid ? a->said[0] : 0, b->nsaid ? b->said[0] : 0);
}

static int
evidence_cmp(const struct fact_evidence *a, const struct fact_evidence *b, const struct idx *names)
{
	int d = 0;

	for (; d == 0 && a && b; a = a->next, b = b->next) {
		d = SORT_ORDER(a->t, b->t);
		d = d ? d : idx_cmp(names, a->text, b->text);
	}
	return d ? d : SORT_ORDER(a != NULL, b != NULL);
}

int
fact_cmp(const void *x, const void *y, const void *ctx)
{
	const struct fact *a = x, *b = y;
	const struct idx *names = &((const struct facts *)ctx)->ev->names;
	int d = SORT_ORDER(a->lo, b->lo);

	d = d ? d : SORT_ORDER(a->kind, b->kind);
	d = d ? d : idx_cmp(names, a->node, b->node);
	d = d ? d : pci_cmp(a->gpu, b->gpu);
	d = d ? d : idx_cmp(names, a->pod, b->pod);
	d = d ? d : SORT_ORDER(a->code, b->code);
	d = d ? d : str_cmp(a->detail, b->detail);
	d = d ? d : str_cmp(a->pattern, b->pattern);
	d = d ? d : SORT_ORDER(a->hi, b->hi);
	d = d ? d : SORT_ORDER(a->passed, b->passed); /* this run's records first */
	d = d ? d : said_cmp(a, b, names);
	d = d ? d : str_cmp(a->remedy, b->remedy);
	d = d ? d : evidence_cmp(a->ev, b->ev, names);
	return d ? d : idx_cmp(names, a->job, b->job);
}

static bool
same_gpu(const struct fact *a, const struct fact *b)
{
	return a->node == b->node && a->gpu.known && pci_cmp(a->gpu, b->gpu) == 0;
}

/* Xids of GPU memory (hbm-ecc(1)), including the requested recovery action. */
static bool
is_memory_code(uint32_t code)
{
	static const uint32_t codes[] = {48, 63, 64, 92, 94, 95, 140, 154, 160, 171, 172};

	for (size_t i = 0; i < NELEM(codes); i++)
		if (codes[i] == code)
			return true;
	return false;
}

/* Does fact b, which sorts after a, belong to a? */
static bool
is_part(const struct fact *a, const struct fact *b)
{
	int64_t d = time_diff(b->lo, a->lo);

	switch (b->kind) {
	case FACT_HBM:
		/* the gauge shows the same error as a verdict or Xid */
		return !b->pattern.n && (a->kind == FACT_HBM || (a->kind == FACT_XID && is_memory_code(a->code))) && same_gpu(a, b) &&
		       time_apart(a->at, b->at) <= 10 * MINUTE;
	case FACT_XID:
		if (a->kind == FACT_HBM)
			return same_gpu(a, b) && is_memory_code(b->code) && d >= -SECOND && d <= 5 * MINUTE;
		if (a->kind != FACT_XID || a->node != b->node)
			return false;
		if (a->code == b->code && pci_cmp(a->gpu, b->gpu) == 0 && (a->gpu.known || a->uuid == b->uuid))
			return d >= 0 && time_diff(b->lo, a->hi) <= 3 * MINUTE && a->pattern.n >= b->pattern.n;
		/* consequences of a hardware error of the GPU or its node */
		return a->cls == XID_HARDWARE && d >= 0 && d <= MINUTE &&
		       (b->cls == XID_CONSEQUENCE || b->code == 154 ||
			(same_gpu(a, b) && (b->cls == XID_INFORMATIONAL || b->cls == XID_APPLICATION)));
	case FACT_SXID:
		/* one switch's fault is also reported by its neighbors and with several codes */
		return a->kind == FACT_SXID && a->node == b->node && d >= 0 &&
		       (d <= MINUTE || (pci_cmp(a->gpu, b->gpu) == 0 && a->code == b->code && time_diff(b->lo, a->hi) <= 3 * MINUTE));
	case FACT_NOTREADY:
	case FACT_CORDON:
	case FACT_PRESSURE:
		return a->kind == b->kind && a->node == b->node && d >= 0 && d <= 5 * MINUTE;
	case FACT_LOST:
		return a->kind == FACT_LOST && a->pod == b->pod && ((d >= 0 && d <= 10 * MINUTE) || (a->undated && b->at <= a->at));
	case FACT_ENDED:
		/* a kernel line about a process does not name its pod */
		return a->kind == FACT_ENDED && d >= 0 && d <= MINUTE &&
		       (a->pod == b->pod || (a->oom && b->oom && (!a->pod || !b->pod)));
	default:
		return a->kind == b->kind && str_eq(a->pattern, b->pattern) && a->node == b->node && pci_cmp(a->gpu, b->gpu) == 0 &&
		       a->pod == b->pod && d == 0 && a->kind != FACT_HANG;
	}
}

/* Facts that may belong to a verdict sort after it; then by time. */
static int
weight_cmp(const void *x, const void *y, const void *ctx)
{
	const struct fact *a = x, *b = y;
	int d = idx_cmp(&((const struct facts *)ctx)->ev->names, a->node, b->node);

	d = d ? d : SORT_ORDER(a->kind != FACT_HBM || !a->pattern.n, b->kind != FACT_HBM || !b->pattern.n);
	d = d ? d : SORT_ORDER(a->kind == FACT_XID && a->cls != XID_HARDWARE, b->kind == FACT_XID && b->cls != XID_HARDWARE);
	d = d ? d : SORT_ORDER(a->pattern.n == 0, b->pattern.n == 0);
	return d ? d : fact_cmp(x, y, ctx);
}

/* Is the evidence of b, which belongs to a, also evidence of a? */
static bool
shows(const struct fact *a, const struct fact *b)
{
	return a->kind != FACT_XID || b->kind != FACT_XID || a->code == b->code;
}

static void
absorb(struct facts *fs, struct fact *a, const struct fact *b)
{
	if (a->kind == b->kind && (a->kind != FACT_XID || a->code == b->code)) {
		a->hi = a->kind == FACT_XID || a->kind == FACT_SXID ? num_max(a->hi, b->hi) : a->hi;
		if (!a->pattern.n) {
			a->action = b->action;
			a->pattern = b->pattern;
		}
		a->resolved = a->resolved == NO_TIME ? b->resolved : a->resolved;
		if (a->kind == FACT_ENDED && !a->pod) {
			a->pod = b->pod;
			a->job = b->job;
			a->gpu_pod = b->gpu_pod;
		}
		if (a->kind == FACT_ENDED && a->pod == b->pod) {
			a->gpu_pod |= b->gpu_pod;
			a->gpu_memory |= b->gpu_memory;
			a->code = a->code ? a->code : b->code;
		}
		if (a->kind == FACT_LOST && a->how == LOST_UNKNOWN)
			a->how = b->how;
		if (a->undated && !b->undated) {
			a->lo = b->lo;
			a->hi = b->hi;
			a->at = b->at;
			a->undated = false;
		}
	}
	if (a->kind == FACT_HBM && !a->code)
		a->code = b->code;
	if (shows(a, b))
		for (const struct fact_evidence *e = b->ev; e; e = e->next)
			fact_show(fs, a, *e);
	for (size_t i = 0; i < b->nsaid; i++)
		fact_said(fs, a, b->said[i]);
	a->folded += b->folded + 1;
}

/* Merge facts of several nodes into the first. */
static void
merge(struct facts *fs, struct fact **f, size_t n)
{
	struct ids nodes = {0};

	for (size_t i = 0; i < n; i++)
		ids_add(fs, &nodes, f[i]->node);
	ids_sort(fs, &nodes);
	f[0]->nodes = nodes.id;
	f[0]->nnode = (uint32_t)nodes.n;
	for (size_t i = 1; i < n; i++) {
		f[0]->hi = num_max(f[0]->hi, f[i]->hi);
		f[0]->named |= f[i]->named;
		fact_share(fs, f[0], f[i]);
		f[i]->gone = f[0];
	}
	if (f[0]->kind == FACT_XID) { /* a shared cause: none of their GPUs broke */
		f[0]->gpu = (struct pci){0};
		f[0]->uuid = f[0]->serial = f[0]->pod = 0;
		f[0]->remedy = (struct str){0};
		f[0]->action = ACTION_CHECK_FABRIC;
	}
}

/* Number of facts of a node nearby in time. */
struct count {
	uint32_t node, n;
};

static int
count_cmp(const void *x, const void *y, const void *ctx)
{
	const struct count *a = x, *b = y;

	(void)ctx;
	return SORT_ORDER(a->node, b->node);
}

static struct count *
count_of(struct count *c, size_t n, const struct fact *f)
{
	size_t lo = 0;

	SORT_BISECT(lo, n, i, c[i].node < f->node);
	return &c[lo];
}

/* Three or more nodes with one fact within a minute share a cause: nodes that were
 * not cordoned and go dark, power or network of the room; ports down, a switch;
 * NVLinks down, the rack; blocked on a file system, its server.
 * f: facts of one kind, by time. */
static void
merge_room(struct facts *fs, struct fact **f, size_t n)
{
	enum { ROOM = 3 };
	struct count *c;
	size_t end = 0, nodes = 0, nc = n;

	if (n < ROOM)
		return;
	c = mem_new(fs->d->mem, struct count, n);
	for (size_t i = 0; i < n; i++)
		c[i].node = f[i]->node;
	sort(c, nc, sizeof(*c), count_cmp, NULL, fs->d->spare);
	nc = sort_unique(c, nc, sizeof(*c), count_cmp, NULL);
	for (size_t i = 0; i < n; i++) {
		for (; end < n && time_diff(f[end]->lo, f[i]->lo) <= MINUTE; end++)
			nodes += count_of(c, nc, f[end])->n++ == 0;
		if (nodes < ROOM) {
			nodes -= --count_of(c, nc, f[i])->n == 0;
			continue;
		}
		merge(fs, f + i, end - i);
		for (; i < end; i++)
			count_of(c, nc, f[i])->n = 0;
		nodes = 0;
		i = end - 1;
	}
}

/* May facts of this kind on several nodes have one cause? */
static bool
may_be_shared(const struct fact *f, enum fact_kind kind)
{
	return f->kind == kind && f->node && (kind != FACT_XID || (f->code >= 144 && f->code <= 150));
}

static int
node_cmp(const void *x, const void *y, const void *ctx)
{
	const struct fact *a = *(struct fact *const *)x, *b = *(struct fact *const *)y;
	int d = SORT_ORDER(a->node, b->node);

	return d ? d : fact_cmp(a, b, ctx);
}

/* Was f's node cordoned while f lasted or in the hour before?  c: cordons by node. */
static bool
was_cordoned(struct fact *const *c, size_t n, const struct fact *f)
{
	size_t lo = 0;

	SORT_BISECT(lo, n, i, c[i]->node < f->node);
	for (; lo < n && c[lo]->node == f->node && c[lo]->lo <= f->hi; lo++)
		if (time_apart(c[lo]->lo, f->hi) <= 60 * MINUTE)
			return true;
	return false;
}

static void
merge_rooms(struct facts *fs)
{
	static const enum fact_kind shared[] = {FACT_NOTREADY, FACT_LINK, FACT_STORAGE, FACT_XID};
	struct fact **f = mem_new(fs->d->mem, struct fact *, fs->n), **cordon = mem_new(fs->d->mem, struct fact *, fs->n);
	size_t n, ncordon = 0, to = 0;

	for (size_t i = 0; i < fs->n; i++)
		if (fs->f[i].kind == FACT_CORDON)
			cordon[ncordon++] = &fs->f[i];
	sort(cordon, ncordon, sizeof(struct fact *), node_cmp, fs, fs->d->spare);
	for (size_t k = 0; k < NELEM(shared); k++) {
		n = 0;
		for (size_t i = 0; i < fs->n; i++)
			if (may_be_shared(&fs->f[i], shared[k]) && !(shared[k] == FACT_NOTREADY && was_cordoned(cordon, ncordon, &fs->f[i])))
				f[n++] = &fs->f[i];
		merge_room(fs, f, n);
	}
	for (size_t i = 0; i < fs->n; i++)
		if (!fs->f[i].gone)
			fs->f[to++] = fs->f[i];
	fs->n = to;
}

/* Find the pod that used a fact's GPU at that time. */
static void
find_tenant(struct facts *fs, struct fact *f)
{
	const struct event_list *l = &fs->ev->list[EVENT_TENANT];
	const struct tenant *t = l->p;
	uint32_t pod = 0;
	size_t lo = 0;
	int d;

	if (f->pod || !f->gpu.known || (f->kind != FACT_XID && f->kind != FACT_PCIE && f->kind != FACT_HBM))
		return;
	SORT_BISECT(lo, l->n, i, (d = idx_cmp(fs->names, t[i].e.node, f->node)) < 0 || (d == 0 && pci_cmp(t[i].gpu, f->gpu) < 0));
	for (size_t i = lo; i < l->n && t[i].e.node == f->node && pci_cmp(t[i].gpu, f->gpu) == 0; i++) {
		uint32_t id = pod_of(fs, t[i].ns, t[i].name);

		if (t[i].e.t > f->at || time_add(t[i].last, 2 * MINUTE) < f->at || !jobs_gpus(fs, id))
			continue;
		if (pod && pod != id)
			return;
		pod = id;
	}
	f->pod = pod;
}

/* Set UUID and serial number of a fact's GPU, if the input contains them. */
static void
name_gpu(struct facts *fs, struct fact *f)
{
	int16_t index = -1;

	if (!f->gpu.known || f->kind == FACT_SXID)
		return;
	gpus_fill(&fs->d->settled->gpus, f->node, f->at, &f->gpu, &f->uuid, &index);
	if (!f->serial)
		f->serial = gpus_serial(&fs->d->settled->gpus, f->node, f->at, f->gpu, f->uuid);
}

/* Set the time at which the failed GPU was reset or its node rebooted. */
static void
resolve(const struct facts *fs, struct fact *f)
{
	bool node = f->kind == FACT_NOTREADY || f->kind == FACT_SXID || f->kind == FACT_MACHINE_CHECK;

	if (f->resolved == NO_TIME && f->node && (node || f->kind == FACT_XID || f->kind == FACT_PCIE || f->kind == FACT_HBM))
		f->resolved = recovery_after(&fs->back, &(struct trouble){
			.t = f->at, .node = f->node, .gpu = node ? (struct pci){0} : f->gpu, .uuid = f->uuid});
}

static int
by_weight(const void *x, const void *y, const void *ctx)
{
	return weight_cmp(*(struct fact *const *)x, *(struct fact *const *)y, ctx);
}

static int
by_content(const void *x, const void *y, const void *ctx)
{
	return fact_cmp(*(struct fact *const *)x, *(struct fact *const *)y, ctx);
}

/* Facts are large: sort pointers, then move each once. */
static void
sort_facts(struct facts *fs, sort_cmp *cmp)
{
	struct fact **p = mem_new(fs->d->mem, struct fact *, fs->n);

	for (size_t i = 0; i < fs->n; i++)
		p[i] = &fs->f[i];
	sort(p, fs->n, sizeof(struct fact *), cmp, fs, fs->d->spare);
	for (size_t i = 0; i < fs->n; i++) {
		struct fact first = fs->f[i];
		size_t to = i, from;

		if (p[i] == &fs->f[i])
			continue;
		while ((from = (size_t)(p[to] - fs->f)) != i) {
			fs->f[to] = fs->f[from];
			p[to] = &fs->f[to];
			to = from;
		}
		fs->f[to] = first;
		p[to] = &fs->f[to];
	}
}

/* Index of a node's first kept fact, and of the first to which an Xid may belong. */
struct kept {
	size_t all, xid;
};

/* Fold a fact into the first kept one of its node that it belongs to, or keep it as
 * well.  Returns the fact that has it now. */
static struct fact *
fold(struct facts *fs, const struct fact *f, struct kept *k)
{
	enum { NEAR_MAX = 1024 };
	size_t i;

	if (!fs->n || fs->f[fs->n - 1].node != f->node)
		k->all = k->xid = fs->n;
	while (k->xid < fs->n && fs->f[k->xid].kind != FACT_XID && fs->f[k->xid].kind != FACT_HBM)
		k->xid++;
	i = f->kind == FACT_XID ? k->xid : k->all;
	/* limited, so that a burst does not cost quadratic time */
	i = fs->n - i > NEAR_MAX ? fs->n - NEAR_MAX : i;
	while (i < fs->n && !is_part(&fs->f[i], f))
		i++;
	if (i < fs->n)
		absorb(fs, &fs->f[i], f);
	else
		fs->f[fs->n++] = *f;
	return &fs->f[i];
}

/* Make more space before the remaining facts, which are at the end of the array. */
static void
widen(struct facts *fs, size_t left)
{
	size_t had = fs->cap;

	fs->f = mem_more(fs->f, fs->cap, &fs->cap, sizeof(*fs->f));
	memmove(fs->f + fs->cap - left, fs->f + had - left, left * sizeof(*fs->f));
}

/* Fold all facts and Xids, by weight.  In one array, without a second copy: kept
 * facts grow from its front, remaining ones are at its end. */
static void
fold_all(struct facts *fs)
{
	struct xids xs = xids_by_weight(fs);
	struct kept k = {0};
	size_t left = fs->n;

	if (left)
		memmove(fs->f + fs->cap - left, fs->f, left * sizeof(*fs->f));
	fs->n = 0;
	while (left || xs.next < xs.n) {
		struct fact *f, own;

		if (xs.next == xs.n || (left && weight_cmp(&fs->f[fs->cap - left], &xs.f, fs) <= 0)) {
			own = fs->f[fs->cap - left--];
			fold(fs, &own, &k);
			continue;
		}
		if (fs->n + left == fs->cap)
			widen(fs, left);
		f = fold(fs, &xs.f, &k);
		if (shows(f, &xs.f))
			xids_show(fs, &xs, f);
		xids_next(&xs);
	}
	xids_free(&xs);
	if (fs->n) {
		fs->f = mem_trim(fs->f, fs->cap * sizeof(*fs->f), fs->n * sizeof(*fs->f));
		fs->cap = fs->n;
	}
}

void
facts_fold(struct facts *fs)
{
	sort_facts(fs, by_weight);
	fold_all(fs);
	sort_facts(fs, by_content);
	merge_rooms(fs);
	for (size_t i = 0; i < fs->n; i++) {
		name_gpu(fs, &fs->f[i]);
		resolve(fs, &fs->f[i]);
		find_tenant(fs, &fs->f[i]);
	}
}
