/*
 * xid_correlation - which GPU error took which pod down.
 *
 * Xids are grouped into series (node, GPU, code), each ascending in time, and
 * series by their node's label.  For each lost pod the series of its node are
 * looked up by bisection: the cost grows with the pods and the series, not
 * with the repeats of a flood.
 */
#include "pattern/catalog.h"
#include "pattern/gpus.h"
#include "pattern/loss.h"
#include "pattern/pattern.h"
#include "pattern/phrase.h"
#include "pattern/recovery.h"
#include "pattern/rules.h"
#include "input/kernel.h"

enum { RELATED_MAX = 64 }; /* entries of related_xids; the rest is counted */

/* Twin lines of one fall off the bus are printed within this, and not more
 * than so many records of the cluster apart. */
static const int64_t TWIN = SECOND;
enum { TWIN_LOOK = 1024 };
static const int64_t WINDOW = 60 * SECOND;
/* The default toleration of node.kubernetes.io/not-ready is 300 s. */
static const int64_t WINDOW_TAINT = 360 * SECOND;

struct config {
	int64_t window; /* -1: the usual ones */
	unsigned latest; /* attribution: gravest, latest */
	struct str reasons, rules_file;
	struct opt_maybe catalog;
	struct rules rules;
};

static const struct config start = {.window = -1};

#define TO(member) offsetof(struct config, member)
static const struct opt options[] = {
	{'w', "window", OPT_DURATION, TO(window), "DUR", NULL,
		"join an Xid with losses up to DUR after it, whatever the reason [60s, but 6m for TaintManagerEviction, NodeNotReady and DeletionByTaintManager]"},
	{0, "attribution", OPT_CHOICE, TO(latest), "gravest|latest", "gravest",
		"which Xid of several is blamed"},
	{0, "reason", OPT_STR, TO(reasons), "LIST", NULL,
		"reasons that count as losing a pod, separated by commas [Events: Evicted, TaintManagerEviction, Preempted, NodeNotReady; Pods: Evicted, NodeLost, NodeShutdown, Terminated, DisruptionTarget]"},
	{0, "rules", OPT_STR, TO(rules_file), "FILE", NULL,
		"re-grade Xid codes: lines of code TAB class TAB action TAB text"},
	{0, "catalog", OPT_MAYBE, TO(catalog), "CODE", NULL,
		"print what is known of Xid codes as TSV and exit"},
	{.kind = OPT_END},
};

static int
setup(void *config, struct program *p, struct reader *r, struct str words[SIFT_WORDS], size_t *nwords)
{
	struct config *c = config;
	struct str text, rest = c->reasons, word;
	const char *why;
	uint64_t line;

	if (c->catalog.given) {
		if (c->catalog.n > UINT32_MAX || (c->catalog.n && !catalog_find((uint32_t)c->catalog.n))) {
			DIAG(p->diag, S("--catalog: no such Xid: "), diag_u64(c->catalog.n));
			return EX_FAIL;
		}
		catalog_put(&p->out->b, (uint32_t)c->catalog.n);
		return EX_FINE;
	}
	r->reasons = c->reasons;
	while (str_cut(&rest, ',', &word)) {
		if (word.n < SIFT_MARK || word.n > 200 || *nwords == SIFT_WORDS) {
			DIAG(p->diag, S("--reason: not a list of reasons: "), c->reasons);
			return EX_FAIL;
		}
		words[(*nwords)++] = word;
	}
	if (c->rules_file.n) {
		if (!p->load(p, c->rules_file, &text))
			return EX_FAIL;
		why = rules_parse(&c->rules, text, p->mem, &line);
		if (why) {
			DIAG(p->diag, c->rules_file, S(":"), diag_u64(line), S(": "), str_of(why));
			return EX_FAIL;
		}
	}
	return -1;
}

/* ---- causes ---- */

struct cause {
	const struct xid *x;
	uint32_t label, node;
};

struct series {
	size_t from, to; /* its causes, ascending in time */
	uint32_t label, node;
	const struct xid *x; /* the first */
	struct xid_info info;
	unsigned rank;   /* 0 is gravest */
	bool can_cause;
	bool by_rule;
};

struct joining {
	const struct detection *d;
	const struct config *c;
	struct events *ev;
	struct cause *cause;
	size_t ncause;
	struct series *series;
	size_t nseries;
	struct gpus gpus;
	struct gpu *named; /* lines that name the GPU of the next ones */
	size_t nnamed;
	struct recoveries rec;
	const struct lost *lost;
	size_t nlost;
	int64_t *used;  /* of causes: +1 where a verdict's window begins, -1 behind it */
	bool *joined;   /* of losses */
	uint64_t nodeless, timeless; /* Xids */
};

static struct str
name(const struct joining *j, uint32_t id)
{
	return idx_at(&j->ev->names, id);
}

/* Addresses ascend; one that is not known comes last. */
static int
gpu_order(struct pci a, struct pci b)
{
	int d = SORT_ORDER(b.known, a.known);

	return d ? d : pci_cmp(a, b);
}

/* Same node, GPU and code together; stable, so that time order stays. */
static int
cause_cmp(const void *x, const void *y, const void *ctx)
{
	const struct cause *a = x, *b = y;
	int d = SORT_ORDER(a->label, b->label);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->node, b->node);
	d = d ? d : gpu_order(a->x->gpu, b->x->gpu);
	d = d ? d : SORT_ORDER(a->x->nvswitch, b->x->nvswitch);
	d = d ? d : SORT_ORDER(a->x->code, b->x->code);
	d = d ? d : SORT_ORDER(a->x->fatal, b->x->fatal);
	return d ? d : SORT_ORDER(a->x->to_none, b->x->to_none);
}

static bool
nodes_agree(const struct joining *j, uint32_t a, uint32_t b)
{
	return a == b || (a && b && node_same(name(j, a), name(j, b)));
}

static int
named_cmp(const void *x, const void *y, const void *ctx)
{
	const struct gpu *a = x, *b = y;
	int d = SORT_ORDER(a->e.node, b->e.node);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->e.t, b->e.t);
	return d ? d : pci_cmp(a->gpu, b->gpu);
}

static void
gather_named(struct joining *j, uint32_t fallback)
{
	const struct event_list *list = &j->ev->list[EVENT_GPU];
	const struct gpu *g = list->p;

	j->named = mem_new(j->d->mem, struct gpu, list->n);
	for (size_t i = 0; i < list->n; i++) {
		if (g[i].uuid || g[i].index >= 0)
			continue;
		j->named[j->nnamed] = g[i];
		if (!g[i].e.node)
			j->named[j->nnamed].e.node = fallback;
		j->nnamed++;
	}
	sort(j->named, j->nnamed, sizeof(*j->named), named_cmp, NULL, &j->ev->scratch);
}

/* An Xid that does not name its GPU follows a line that does. */
static void
name_gpu(const struct joining *j, struct xid *x)
{
	size_t lo = 0, hi = j->nnamed;

	while (lo < hi) { /* the first that comes later */
		size_t mid = lo + (hi - lo) / 2;
		const struct gpu *g = &j->named[mid];

		if (g->e.node < x->e.node || (g->e.node == x->e.node && g->e.t <= x->e.t))
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo && j->named[lo - 1].e.node == x->e.node && time_diff(x->e.t, j->named[lo - 1].e.t) <= TWIN)
		x->gpu = j->named[lo - 1].gpu;
}

/* The UUID of a GPU, from the record or from what else the input says. */
static uint32_t
uuid_of(const struct joining *j, const struct cause *c)
{
	struct pci gpu = c->x->gpu;
	uint32_t uuid = c->x->uuid;
	int16_t index = -1;

	if (gpu.known && !c->x->nvswitch)
		gpus_fill(&j->gpus, c->node, c->x->e.t, &gpu, &uuid, &index);
	return uuid;
}

static bool
is_coded_twin(const struct joining *j, const struct xid *bare, const struct xid *x)
{
	return !x->bare && x->code == bare->code && nodes_agree(j, x->e.node, bare->e.node) &&
	       (!bare->gpu.known || pci_cmp(x->gpu, bare->gpu) == 0);
}

/* Is the i-th the line without a code beside an Xid 79 of the same GPU? */
static bool
is_twin(const struct joining *j, const struct xid *x, size_t n, size_t i)
{
	if (!x[i].bare)
		return false;
	for (size_t k = 1; k <= TWIN_LOOK && k <= i && time_diff(x[i].e.t, x[i - k].e.t) <= TWIN; k++)
		if (is_coded_twin(j, &x[i], &x[i - k]))
			return true;
	for (size_t k = 1; k <= TWIN_LOOK && i + k < n && time_diff(x[i + k].e.t, x[i].e.t) <= TWIN; k++)
		if (is_coded_twin(j, &x[i], &x[i + k]))
			return true;
	return false;
}

static void
gather_causes(struct joining *j, uint32_t fallback)
{
	struct event_list *list = &j->ev->list[EVENT_XID];
	struct xid *x = list->p;

	j->cause = mem_new(j->d->mem, struct cause, list->n);
	for (size_t i = 0; i < list->n; i++) {
		if (!x[i].e.node)
			x[i].e.node = fallback;
		if (!x[i].gpu.known && x[i].bare && x[i].e.t != NO_TIME)
			name_gpu(j, &x[i]);
		if (!x[i].gpu.known && x[i].uuid) {
			int16_t index = -1;

			gpus_fill(&j->gpus, x[i].e.node, x[i].e.t, &x[i].gpu, &x[i].uuid, &index);
		}
	}
	for (size_t i = 0; i < list->n; i++) {
		if (x[i].detail)
			continue;
		j->nodeless += x[i].e.node == 0;
		j->timeless += x[i].e.t == NO_TIME;
		if (x[i].e.t == NO_TIME || is_twin(j, x, list->n, i))
			continue;
		j->cause[j->ncause++] = (struct cause){&x[i], loss_label(j->ev, x[i].e.node), x[i].e.node};
	}
	sort(j->cause, j->ncause, sizeof(*j->cause), cause_cmp, NULL, &j->ev->scratch);
}

static struct series
series_of(const struct joining *j, size_t from, size_t to)
{
	const struct cause *c = &j->cause[from];
	struct series s = {.from = from, .to = to, .label = c->label, .node = c->node, .x = c->x, .can_cause = true};

	if (c->x->nvswitch) {
		s.info = (struct xid_info){
			.code = c->x->code,
			.cls = XID_NVSWITCH,
			.what = c->x->fatal ? S("a fatal NVSwitch error") : S("an NVSwitch error"),
			.todo = S("Drain the node and reset its GPUs and NVSwitches together. If it recurs, collect "
				  "nvidia-bug-report.sh and have the switch board checked."),
		};
		s.rank = XID_HARDWARE;
		s.can_cause = c->x->fatal;
	} else {
		s.info = rules_find(&j->c->rules, c->x->code, &s.by_rule);
		s.rank = s.info.cls;
		s.can_cause = !c->x->to_none;
	}
	return s;
}

static void
gather_series(struct joining *j)
{
	size_t n = j->ncause != 0, to;

	for (size_t i = 1; i < j->ncause; i++)
		n += cause_cmp(&j->cause[i - 1], &j->cause[i], NULL) != 0;
	j->series = mem_new(j->d->mem, struct series, n);
	for (size_t from = 0; from < j->ncause; from = to) {
		for (to = from + 1; to < j->ncause && cause_cmp(&j->cause[from], &j->cause[to], NULL) == 0; to++)
			;
		j->series[j->nseries++] = series_of(j, from, to);
	}
}

/* ---- joining ---- */

/* The first of the series' causes at t or later; or behind t, with after. */
static size_t
bisect(const struct joining *j, const struct series *s, int64_t t, bool after)
{
	size_t lo = s->from, hi = s->to;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int64_t at = j->cause[mid].x->e.t;

		if (at < t || (after && at == t))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* A series' causes in a loss's window. */
struct hit {
	const struct series *s;
	size_t from, to;
	size_t at; /* the candidate: the latest, of equal times the first */
};

/* The series of a label: a range. */
static void
series_range(const struct joining *j, uint32_t label, size_t *from, size_t *to)
{
	size_t lo = 0, hi = j->nseries;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (j->series[mid].label < label)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (*from = *to = lo; *to < j->nseries && j->series[*to].label == label; ++*to)
		;
}

static int64_t
window_of(const struct joining *j, const struct lost *l)
{
	static const struct str slow = STR_INIT("TaintManagerEviction,NodeNotReady,DeletionByTaintManager");

	if (j->c->window >= 0)
		return j->c->window;
	return str_listed(slow, name(j, l->reason)) ? WINDOW_TAINT : WINDOW;
}

static bool
hit(const struct joining *j, const struct series *s, const struct lost *l, struct hit *h)
{
	int64_t skew = j->d->skew;
	/* times are far from the ends of int64 when windows are sane */
	int64_t back = time_diff(l->t, window_of(j, l)), low = time_diff(back, skew);
	int64_t high = l->t > INT64_MAX - skew ? INT64_MAX : l->t + skew;

	if (!nodes_agree(j, s->node, l->node))
		return false;
	*h = (struct hit){s, bisect(j, s, low, false), bisect(j, s, high, true), 0};
	if (h->from == h->to)
		return false;
	h->at = bisect(j, s, j->cause[h->to - 1].x->e.t, false);
	return true;
}

/* Is a a better candidate than b? */
static bool
better(const struct joining *j, const struct hit *a, const struct hit *b)
{
	const struct xid *x = j->cause[a->at].x, *y = j->cause[b->at].x;
	int d = j->c->latest ? 0 : SORT_ORDER(a->s->rank, b->s->rank);

	d = d ? d : SORT_ORDER(y->e.t, x->e.t);
	d = d ? d : gpu_order(x->gpu, y->gpu);
	d = d ? d : SORT_ORDER(x->code, y->code);
	return (d ? d : xid_cmp(x, y, j->ev)) < 0;
}

/* ---- the verdict ---- */

static uint64_t
distance(int64_t a, int64_t b)
{
	return a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;
}

/* Whole seconds are enough from ten on, milliseconds below; but what is not
 * nothing never becomes 0. */
static void
put_delay(struct buf *b, int64_t ns)
{
	uint64_t u = distance(ns, 0), unit = 1;

	if (ns == 0) {
		buf_add(b, S("at the same time"));
		return;
	}
	if (u >= 1000000)
		unit = u >= 10 * SECOND ? SECOND : 1000000;
	u = (u + unit / 2) / unit * unit;
	buf_fixed(b, u > INT64_MAX ? INT64_MAX : (int64_t)u, 9);
	buf_add(b, ns < 0 ? S(" s before") : S(" s later"));
}

/*
 * "Xid 79 (what) on gpu-7 GPU 0000:3b:00.0 took down ns/pod: Evicted 41 s
 * later, 2026-…Z".  What does not fit is shortened; never the time.
 */
static struct str
headline(const struct joining *j, const struct hit *h, const struct lost *l)
{
	/* bytes for each name, less and less; an escaped byte takes six */
	static const struct {
		size_t what, node, pod, reason;
	} room[] = {
		{HEADLINE_MAX, 63, 253, 32}, {0, 63, 253, 32}, {0, 63, 80, 32}, {0, 40, 60, 20}, {0, 12, 12, 6}, {0, 4, 4, 3},
	};
	const struct cause *c = &j->cause[h->at];
	struct buf *b = j->d->scratch, *pod = &j->ev->scratch;

	pod->n = 0;
	loss_put_pod(pod, j->ev, l);
	for (size_t i = 0; i < NELEM(room); i++) {
		b->n = 0;
		buf_add(b, c->x->nvswitch ? S("SXid ") : S("Xid "));
		buf_u64(b, c->x->code);
		if (room[i].what) {
			buf_add(b, S(" ("));
			buf_plain(b, h->s->info.what);
			buf_chr(b, ')');
		}
		if (l->node) {
			buf_add(b, S(" on "));
			phrase_short(b, name(j, l->node), room[i].node);
		}
		if (c->x->gpu.known) {
			buf_add(b, c->x->nvswitch ? S(" NVSwitch ") : S(" GPU "));
			pci_put(b, c->x->gpu);
		}
		buf_add(b, S(" took down "));
		phrase_short(b, buf_str(pod), room[i].pod);
		buf_add(b, S(": "));
		phrase_short(b, name(j, l->reason), room[i].reason);
		buf_chr(b, ' ');
		put_delay(b, l->t - c->x->e.t);
		buf_add(b, S(", "));
		time_put(b, l->t);
		if (b->n <= HEADLINE_MAX)
			break;
	}
	return verdict_keep(j->d->out, b);
}

static struct str
remediation(const struct joining *j, const struct hit *h, const struct lost *l, struct str asked)
{
	const struct cause *c = &j->cause[h->at];
	struct buf *b = j->d->scratch, *pod = &j->ev->scratch;

	b->n = pod->n = 0;
	loss_put_pod(pod, j->ev, l);
	if (l->node) {
		buf_add(b, S("Node "));
		phrase_short(b, name(j, l->node), 253);
	}
	if (c->x->gpu.known) {
		buf_add(b, l->node ? S(", ") : S(""));
		buf_add(b, c->x->nvswitch ? S("NVSwitch ") : S("GPU "));
		pci_put(b, c->x->gpu);
	}
	if (b->n)
		buf_add(b, S(": "));
	buf_plain(b, h->s->info.todo);
	if (asked.n) {
		buf_add(b, S(" The driver asks for: "));
		buf_plain(b, asked);
		buf_chr(b, '.');
	}
	buf_add(b, S(" Pod "));
	phrase_short(b, buf_str(pod), 317);
	buf_add(b, h->s->rank == XID_HARDWARE ? S(" must be restarted on another node.") : S(" must be restarted."));
	return verdict_keep(j->d->out, b);
}

/* What an Xid 154 of the blamed GPU in the window asks for; empty if none. */
static struct str
asked_action(const struct joining *j, const struct hit *h, size_t n, const struct cause *c)
{
	const struct xid *best = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct xid *x = j->cause[h[i].at].x;

		if (x->code != 154 || x->nvswitch || x->to_none || pci_cmp(x->gpu, c->x->gpu) != 0 ||
		    kernel_action(name(j, x->text)).n == 0)
			continue;
		if (!best || x->e.t > best->e.t)
			best = x;
	}
	return best ? kernel_action(name(j, best->text)) : (struct str){0};
}

/* A source without an identity of its own is named by what it says. */
static struct str
made_uid(const struct joining *j, struct str where, struct str what, int64_t t)
{
	struct buf *b = j->d->scratch;

	buf_add(b, where.n ? where : S("-"));
	buf_chr(b, '/');
	buf_add(b, what);
	buf_chr(b, '/');
	time_put(b, t);
	return verdict_keep(j->d->out, b);
}

static void
cause_evidence(const struct joining *j, const struct hit *h)
{
	const struct cause *c = &j->cause[h->at];
	struct str uid = name(j, c->x->e.uid), text = name(j, c->x->text);
	struct buf *b = j->d->scratch, *what = &j->ev->scratch;

	b->n = what->n = 0;
	buf_add(what, c->x->nvswitch ? S("sxid-") : S("xid-"));
	buf_u64(what, c->x->code);
	if (c->x->gpu.known) {
		buf_chr(what, '/');
		pci_put(what, c->x->gpu);
	}
	if (uid.n == 0)
		uid = made_uid(j, name(j, c->node), buf_str(what), c->x->e.t);
	if (text.n == 0) {
		buf_add(b, S("Xid "));
		buf_u64(b, c->x->code);
	} else {
		buf_add(b, text);
	}
	if (h->s->by_rule) {
		buf_add(b, S(" (graded "));
		buf_add(b, xid_class_name(h->s->info.cls));
		buf_add(b, S(" by --rules)"));
	}
	verdict_evidence(j->d->out, S("kernel_event"), uid, c->x->e.t, verdict_keep(j->d->out, b));
}

static void
loss_evidence(const struct joining *j, const struct lost *l)
{
	struct str uid = name(j, l->uid), note = name(j, l->note);
	struct buf *b = j->d->scratch, *pod = &j->ev->scratch;

	b->n = pod->n = 0;
	loss_put_pod(pod, j->ev, l);
	buf_chr(pod, '/');
	buf_add(pod, name(j, l->reason));
	if (uid.n == 0)
		uid = made_uid(j, (struct str){pod->p, pod->n - name(j, l->reason).n - 1}, name(j, l->reason), l->t);
	buf_add(b, name(j, l->reason));
	if (note.n) {
		buf_add(b, S(": "));
		buf_add(b, note);
	}
	verdict_evidence(j->d->out, S("pod_event"), uid, l->t, verdict_keep(j->d->out, b));
}

/* One series in a window, the blamed record left out. */
struct related {
	const struct series *s;
	uint64_t count;
	int64_t first, last;
};

static int
related_cmp(const void *x, const void *y, const void *ctx)
{
	const struct related *a = x, *b = y;
	int d = SORT_ORDER(a->first, b->first);

	d = d ? d : gpu_order(a->s->x->gpu, b->s->x->gpu);
	d = d ? d : SORT_ORDER(a->s->x->code, b->s->x->code);
	return d ? d : xid_cmp(a->s->x, b->s->x, ctx);
}

static struct str
put_gpu(const struct joining *j, struct pci gpu)
{
	struct buf *b = j->d->scratch;

	b->n = 0;
	pci_put(b, gpu);
	return b->n ? verdict_keep(j->d->out, b) : (struct str){0};
}

static void
related_items(const struct joining *j, const struct hit *h, size_t n, size_t blamed)
{
	struct related r[RELATED_MAX];
	struct verdicts *vs = j->d->out;
	size_t nr = 0, left_out = 0;

	for (size_t i = 0; i < n; i++) {
		size_t from = h[i].from, to = h[i].to, at;
		struct related one = {h[i].s, to - from, j->cause[from].x->e.t, j->cause[to - 1].x->e.t};

		if (blamed >= from && blamed < to) {
			if (--one.count == 0)
				continue;
			if (blamed == from)
				one.first = j->cause[from + 1].x->e.t;
			if (blamed == to - 1)
				one.last = j->cause[to - 2].x->e.t;
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
		verdict_str(vs, "gpu_id", put_gpu(j, r[i].s->x->gpu));
		verdict_int(vs, "count", (int64_t)r[i].count);
		verdict_time(vs, "first", r[i].first);
		verdict_time(vs, "last", r[i].last);
		verdict_close(vs);
	}
	verdict_close(vs);
	if (left_out)
		verdict_int(vs, "related_omitted", (int64_t)left_out);
}

static void
emit(const struct joining *j, const struct lost *l, const struct hit *h, size_t n, const struct hit *best)
{
	const struct cause *c = &j->cause[best->at];
	struct verdicts *vs = j->d->out;
	struct verdict *v = verdict_add(vs);
	struct str asked = asked_action(j, h, n, c);
	uint32_t uuid = uuid_of(j, c);
	int64_t back = recovery_after(&j->rec, &(struct trouble){c->x->e.t, c->node, c->x->gpu, uuid, c->x->boot});
	struct buf *b = j->d->scratch;

	v->headline = headline(j, best, l);
	v->remediation = remediation(j, best, l, asked);
	verdict_int(vs, "xid_code", c->x->code);
	verdict_str(vs, "xid_name", best->s->info.name);
	verdict_str(vs, "xid_class", xid_class_name(best->s->info.cls));
	verdict_str(vs, "gpu_id", put_gpu(j, c->x->gpu));
	verdict_str(vs, "gpu_uuid", name(j, uuid));
	verdict_str(vs, "node", name(j, l->node));
	b->n = 0;
	loss_put_pod(b, j->ev, l);
	verdict_str(vs, "evicted_pod", verdict_keep(vs, b));
	verdict_str(vs, "pod_name", name(j, l->name));
	verdict_str(vs, "pod_namespace", name(j, l->ns));
	verdict_str(vs, "pod_uid", name(j, l->pod_uid));
	verdict_str(vs, "reason", name(j, l->reason));
	verdict_seconds(vs, "delay_seconds", l->t - c->x->e.t);
	verdict_str(vs, "recovery_action", asked.n ? asked : best->s->info.action);
	related_items(j, h, n, best->at);
	if (back != NO_TIME)
		verdict_time(vs, "resolved_at", back);
	cause_evidence(j, best);
	loss_evidence(j, l);
}

/* ---- near misses ---- */

/* The cause on the loss's node that is nearest in time, before if two are. */
static const struct cause *
nearest(const struct joining *j, const struct lost *l)
{
	const struct cause *best = NULL;
	size_t from, to;

	series_range(j, l->label, &from, &to);
	for (size_t i = from; i < to; i++) {
		const struct series *s = &j->series[i];
		size_t at = bisect(j, s, l->t, false);

		if (!nodes_agree(j, s->node, l->node))
			continue;
		for (size_t k = at > s->from ? at - 1 : at; k <= at && k < s->to; k++) {
			const struct cause *c = &j->cause[k];
			uint64_t d = distance(c->x->e.t, l->t), bd = best ? distance(best->x->e.t, l->t) : 0;

			if (!best || d < bd || (d == bd && xid_cmp(c->x, best->x, j->ev) < 0))
				best = c;
		}
	}
	return best;
}

static void
explain_loss(const struct joining *j, const struct lost *l)
{
	struct buf *b = j->d->explain, *pod = &j->ev->scratch;
	const struct cause *c = l->t == NO_TIME ? NULL : nearest(j, l);
	struct str why = S("no Xid on this node");
	int64_t delay;

	pod->n = 0;
	loss_put_pod(pod, j->ev, l);
	buf_chr(b, '{');
	phrase_str(b, "explain", S("pod loss without a verdict"));
	phrase_str(b, "pod", buf_str(pod));
	phrase_str(b, "node", name(j, l->node));
	phrase_str(b, "reason", name(j, l->reason));
	phrase_time(b, "time", l->t);
	if (l->t == NO_TIME)
		why = S("the loss carries no time");
	else if (!l->node && !c)
		why = S("the loss carries no node");
	if (c) {
		delay = time_diff(l->t, c->x->e.t);
		why = delay < -j->d->skew ? S("the nearest Xid came after the loss") :
		      delay > window_of(j, l) + j->d->skew ? S("the nearest Xid came too long before the loss") :
							     S("the nearest Xid is no cause: not fatal, or a recovery");
		buf_key(b, "nearest");
		buf_chr(b, '{');
		buf_key(b, "xid_code");
		buf_u64(b, c->x->code);
		phrase_gpu(b, c->x->gpu);
		phrase_time(b, "time", c->x->e.t);
		buf_key(b, "delay_seconds");
		buf_fixed(b, delay, 9);
		buf_chr(b, '}');
		buf_key(b, "window_seconds");
		buf_fixed(b, window_of(j, l), 9);
	}
	phrase_str(b, "why", why);
	buf_add(b, S("}\n"));
}

/* The loss nearest to a time on a series' node. */
static const struct lost *
nearest_loss(const struct joining *j, const struct series *s, int64_t t)
{
	const struct lost *best = NULL;

	for (size_t i = 0; i < j->nlost; i++) {
		const struct lost *l = &j->lost[i];

		if (l->t == NO_TIME || l->label != s->label || !nodes_agree(j, l->node, s->node))
			continue;
		if (!best || distance(l->t, t) < distance(best->t, t))
			best = l;
	}
	return best;
}

struct idle {
	const struct series *s;
	uint64_t count;
	int64_t first, last;
};

static int
idle_cmp(const void *x, const void *y, const void *ctx)
{
	const struct idle *a = x, *b = y;
	const struct events *ev = ctx;
	int d = idx_cmp(&ev->names, a->s->node, b->s->node);

	d = d ? d : gpu_order(a->s->x->gpu, b->s->x->gpu);
	d = d ? d : SORT_ORDER(a->s->x->code, b->s->x->code);
	return d ? d : xid_cmp(a->s->x, b->s->x, ev);
}

static void
explain_idle(const struct joining *j, const struct idle *i)
{
	struct buf *b = j->d->explain, *pod = &j->ev->scratch;
	const struct lost *l = nearest_loss(j, i->s, i->last);

	buf_chr(b, '{');
	phrase_str(b, "explain", i->s->x->nvswitch ? S("SXid that took no pod down") : S("Xid that took no pod down"));
	buf_key(b, "xid_code");
	buf_u64(b, i->s->x->code);
	phrase_str(b, "xid_class", xid_class_name(i->s->info.cls));
	phrase_gpu(b, i->s->x->gpu);
	phrase_str(b, "node", name(j, i->s->node));
	buf_key(b, "count");
	buf_u64(b, i->count);
	phrase_time(b, "first", i->first);
	phrase_time(b, "last", i->last);
	if (l) {
		pod->n = 0;
		loss_put_pod(pod, j->ev, l);
		phrase_str(b, "nearest_loss", buf_str(pod));
		buf_key(b, "delay_seconds");
		buf_fixed(b, time_diff(l->t, i->last), 9);
	}
	phrase_str(b, "why", !i->s->node ? S("the Xid carries no node: --node=NAME names it") :
					  l   ? S("no pod of this node was lost within the window") :
						S("no pod of this node was lost"));
	buf_add(b, S("}\n"));
}

static void
explain_causes(const struct joining *j)
{
	struct idle *idle = mem_new(j->d->mem, struct idle, j->nseries);
	int64_t depth = 0;
	size_t n = 0;

	for (size_t i = 0; i < j->nseries; i++) {
		const struct series *s = &j->series[i];
		struct idle *to = &idle[n];

		*to = (struct idle){.s = s};
		for (size_t k = s->from; k < s->to; k++) {
			depth += j->used[k];
			if (depth > 0)
				continue;
			if (to->count++ == 0)
				to->first = j->cause[k].x->e.t;
			to->last = j->cause[k].x->e.t;
		}
		n += to->count != 0;
	}
	sort(idle, n, sizeof(*idle), idle_cmp, j->ev, &j->ev->scratch);
	for (size_t i = 0; i < n; i++)
		explain_idle(j, &idle[i]);
}

/* ---- notices ---- */

static uint64_t
nodes_of(const struct joining *j)
{
	uint64_t n = 0;

	for (size_t i = 0; i < j->nseries; i++)
		n += j->series[i].node && (i == 0 || j->series[i].node != j->series[i - 1].node);
	return n;
}

static void
notice(const struct joining *j)
{
	const struct event_list *xids = &j->ev->list[EVENT_XID];
	struct buf *b = j->d->notice;
	uint64_t lost_nodeless = 0, lost_noded = 0, lost_timeless = 0, nodes = nodes_of(j);

	for (size_t i = 0; i < j->nlost; i++) {
		lost_timeless += j->lost[i].t == NO_TIME;
		if (!j->joined[i])
			*(j->lost[i].node ? &lost_noded : &lost_nodeless) += 1;
	}
	if (xids->n == 0 || j->nlost == 0) {
		phrase_count(b, xids->n, S("Xid"), S("Xids"));
		if (nodes) {
			buf_add(b, S(" from "));
			phrase_count(b, nodes, S("node"), S("nodes"));
		}
		buf_add(b, S(", "));
		phrase_count(b, j->nlost, S("pod loss"), j->nlost ? S("pod losses") : S("pod events"));
		buf_add(b, S(": nothing to join"));
		return;
	}
	if (j->nodeless && lost_noded) {
		phrase_count(b, j->nodeless, S("Xid carries"), S("Xids carry"));
		buf_add(b, S(" no node and cannot be joined: --node=NAME names it"));
	}
	if (lost_nodeless && nodes) {
		buf_add(b, b->n ? S("; ") : S(""));
		phrase_count(b, lost_nodeless, S("lost pod"), S("lost pods"));
		buf_add(b, S(" cannot be placed on a node"));
	}
	if (j->timeless) {
		buf_add(b, b->n ? S("; ") : S(""));
		phrase_count(b, j->timeless, S("Xid carries"), S("Xids carry"));
		buf_add(b, S(" no time and cannot be joined: --boot-time=TIME dates dmesg's"));
	}
	if (lost_timeless) {
		buf_add(b, b->n ? S("; ") : S(""));
		phrase_count(b, lost_timeless, S("pod loss carries"), S("pod losses carry"));
		buf_add(b, S(" no time and cannot be joined"));
	}
}

static void
detect(const struct detection *d)
{
	struct joining j = {.d = d, .c = d->config, .ev = d->ev};
	uint32_t fallback = events_node(d->ev, d->node);
	struct lost *lost = loss_fold(d->ev, fallback, d->mem, &j.nlost);
	struct hit *hits;

	j.lost = lost;
	j.gpus = gpus_gather(d->ev, fallback, d->mem);
	gather_named(&j, fallback);
	gather_causes(&j, fallback);
	gather_series(&j);
	j.rec = recovery_gather(d->ev, fallback, d->mem);
	j.used = mem_new(d->mem, int64_t, j.ncause + 1);
	j.joined = mem_new(d->mem, bool, j.nlost);
	hits = mem_new(d->mem, struct hit, j.nseries);
	for (size_t i = 0; i < j.nlost; i++) {
		const struct lost *l = &lost[i];
		const struct hit *best = NULL;
		size_t from, to, n = 0;

		if (l->t == NO_TIME)
			continue;
		series_range(&j, l->label, &from, &to);
		for (; from < to; from++)
			n += hit(&j, &j.series[from], l, &hits[n]);
		for (size_t k = 0; k < n; k++)
			if (hits[k].s->can_cause && (!best || better(&j, &hits[k], best)))
				best = &hits[k];
		if (!best)
			continue;
		j.joined[i] = true;
		for (size_t k = 0; k < n; k++) {
			j.used[hits[k].from]++;
			j.used[hits[k].to]--;
		}
		emit(&j, l, hits, n, best);
	}
	if (d->explain) {
		for (size_t i = 0; i < j.nlost; i++)
			if (!j.joined[i])
				explain_loss(&j, &lost[i]);
		explain_causes(&j);
	}
	notice(&j);
}

const struct pattern xid_correlation = {
	.filter = STR_INIT("xid-correlate"),
	.id = STR_INIT("16"),
	.name = STR_INIT("xid_correlation"),
	.about = STR_INIT("Say which GPU error took which pod down."),
	.wants = 1u << EVENT_XID | 1u << EVENT_LOSS | 1u << EVENT_PLACE | 1u << EVENT_GPU | 1u << EVENT_RECOVERY,
	.keys = {
		.by_node = 1u << EVENT_XID | 1u << EVENT_GPU | 1u << EVENT_RECOVERY,
		.every = 1u << EVENT_LOSS | 1u << EVENT_PLACE, /* often of a node that only others tell */
	},
	.words = {kernel_words, kubernetes_words, flat_words, envelope_words},
	.opt = options,
	.config_size = sizeof(struct config),
	.config = &start,
	.setup = setup,
	.detect = detect,
};
