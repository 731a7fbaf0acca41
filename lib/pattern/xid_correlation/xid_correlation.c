/*
 * xid_correlation - which GPU error took down which pod.
 *
 * The Xids of each node are divided into bursts in one pass, each with one
 * root; the root in a lost pod's window is found by binary search.  Other Xids
 * in the window are listed by series (node, GPU, code), ascending in time: the
 * cost does not grow with repeats in a burst.
 */
#include "input/text/eviction.h"
#include "input/text/kernel.h"
#include "join/layers.h"
#include "join/phrase.h"
#include "pattern/xid_correlation/xid.h"

static const struct xid_options start = {.window = -1};

#define TO(member) offsetof(struct xid_options, member)
static const struct opt options[] = {
	{'w', "window", OPT_DURATION, TO(window), "DUR", NULL,
		"correlate an Xid with losses up to DUR after it, whatever the reason [60s, but 6m for TaintManagerEviction, NodeNotReady and DeletionByTaintManager]"},
	{0, "drain-window", OPT_DURATION, TO(drain_window), "DUR", "30m",
		"correlate an unresolved hardware Xid with pods that are drained up to DUR after it"},
	{0, "lone", OPT_FLAG, TO(lone), NULL, NULL,
		"report hardware Xids that took no pod down, too"},
	{0, "attribution", OPT_CHOICE, TO(latest), "gravest|latest", "gravest",
		"choose which Xid of several is blamed"},
	{0, "reason", OPT_STR, TO(reasons), "LIST", NULL,
		"set the comma-separated Event reasons that mean a lost pod [those of pod-evicted(1), and NodeNotReady]"},
	{0, "rules", OPT_STR, TO(rules_file), "FILE", NULL,
		"re-grade Xid codes: lines of code TAB class TAB action TAB text"},
	{0, "catalog", OPT_MAYBE, TO(catalog), "CODE", NULL,
		"print the catalog of Xid codes as TSV and exit"},
	{.kind = OPT_END},
};

static int
setup(void *config, struct program *p)
{
	struct xid_options *c = config;

	if (c->catalog.given) {
		if (c->catalog.n > UINT32_MAX || (c->catalog.n && !catalog_find((uint32_t)c->catalog.n))) {
			DIAG(p->diag, S("--catalog: invalid Xid code '"), diag_u64(c->catalog.n), S("' (expected one that --catalog alone prints)"));
			return opt_usage(p->diag);
		}
		catalog_put(&p->out->b, (uint32_t)c->catalog.n);
		return EX_FINE;
	}
	p->reasons = p->words = c->reasons;
	return p->load(p, c->rules_file, rules_parse, &c->rules) ? -1 : EX_FAIL;
}

/* A line without a time may be of any time. */
static void
begin(int64_t *first, const struct event *e)
{
	int64_t t = e->t == NO_TIME ? NO_TIME + 1 : e->t;

	if (first[e->node] == NO_TIME || t < first[e->node])
		first[e->node] = t;
}

static void
gather_beginnings(struct xid_join *j)
{
	const struct event_list *list = j->ev->list;
	size_t nodes = (size_t)events_last_node(j->ev) + 1;

	for (size_t i = 0; i < j->nlost; i++) /* a pod without any node is on --node's */
		nodes = j->lost[i].node < nodes ? nodes : (size_t)j->lost[i].node + 1;
	j->begin = mem_new(j->d->mem, int64_t, nodes);
	for (size_t i = 0; i < nodes; i++)
		j->begin[i] = NO_TIME;
	for (size_t i = 0; i < list[EVENT_XID].n; i++)
		begin(j->begin, &j->x[i].e);
	for (size_t i = 0; i < list[EVENT_RECOVERY].n; i++)
		begin(j->begin, &((const struct recovery *)list[EVENT_RECOVERY].p)[i].e);
	for (size_t i = 0; i < list[EVENT_GPU].n; i++)
		if (((const struct gpu *)list[EVENT_GPU].p)[i].kernel)
			begin(j->begin, &((const struct gpu *)list[EVENT_GPU].p)[i].e);
}

/* Losses that cannot be explained: before the first line of their node, or on a
 * node without lines; one of the nodes is named. */
static void
notice_dark(const struct xid_join *j, bool apart)
{
	const struct lost *early = NULL, *dark = NULL;
	struct buf *b = j->d->notice;
	uint64_t nearly = 0, ndark = 0;

	for (size_t i = 0; i < j->nlost; i++) {
		const struct lost *l = &j->lost[i];

		if (j->joined[i] || !l->node || l->t == NO_TIME)
			continue;
		if (xid_is_dark(j, l->node)) {
			ndark++;
			dark = dark ? dark : l;
		} else if (j->begin[l->node] != NO_TIME && j->begin[l->node] > time_add(l->t, j->d->skew)) {
			nearly++;
			early = early ? early : l;
		}
	}
	if (early) {
		layers_clause(b, nearly, S("pod loss is"), S("pod losses are"), S(" older than the NVIDIA driver's log of the node, which begins on "));
		phrase_short(b, name(j, early->node), PHRASE_NAME);
		buf_add(b, S(" at "));
		time_put(b, j->begin[early->node]);
	}
	if (dark && !apart && !j->nodeless) {
		layers_clause(b, ndark, S("pod loss is"), S("pod losses are"), S(" on nodes without any line of the NVIDIA driver: "));
		phrase_short(b, name(j, dark->node), PHRASE_NAME);
	}
}

/* Nothing is correlated, but a time zone's shift would change that. */
static void
notice_zone(const struct xid_join *j)
{
	struct buf *b = j->d->notice;
	uint64_t n = 0;

	for (size_t i = 0; i < j->nlost; i++)
		if (j->joined[i])
			return;
	for (size_t i = 0; i < j->nlost; i++)
		n += xid_is_zone_away(j, &j->lost[i]);
	layers_clause(b, n, S("pod loss is"), S("pod losses are"),
		      S(" a multiple of 15 minutes, at least an hour, from the nearest Xid of the node: is the time zone right?"));
}

static void
notice(const struct xid_join *j)
{
	struct layer xids = {.one = S("Xid"), .many = S("Xids")};
	struct layer losses = {.one = S("pod loss"), .many = S("pod losses"), .none = S("pod events")};
	struct buf *b = j->d->notice;
	uint64_t nodeless = 0, noded = 0, timeless = 0;
	size_t before;
	bool apart;

	for (size_t i = 0; i < j->nsite; i++)
		layer_add(&xids, j->site[i].node, j->d->mem);
	xids.n = j->ev->list[EVENT_XID].n;
	for (size_t i = 0; i < j->nlost; i++) {
		layer_add(&losses, j->lost[i].t == NO_TIME ? 0 : j->lost[i].node, j->d->mem);
		timeless += j->lost[i].t == NO_TIME;
		if (!j->joined[i])
			*(j->lost[i].node ? &noded : &nodeless) += 1;
	}
	layer_nodes(&xids, j->d->spare);
	layer_nodes(&losses, j->d->spare);
	if (xids.n == 0 || losses.n == 0) {
		layers_absent(b, &xids, &losses, S("cannot correlate"));
		return;
	}
	before = b->n;
	layers_apart(b, &xids, &losses, j->d->names);
	apart = b->n > before;
	layers_clause(b, noded ? j->nodeless : 0, S("Xid has"), S("Xids have"),
		      layers_no_node(j->d->ev));
	layers_clause(b, xids.nnode ? nodeless : 0, S("lost pod"), S("lost pods"), S(" cannot be placed on a node"));
	layers_clause(b, j->timeless, S("Xid has"), S("Xids have"),
		      layers_no_time(j->d->ev));
	layers_clause(b, timeless, S("pod loss has"), S("pod losses have"), S(" no timestamp and cannot be correlated"));
	notice_dark(j, apart);
	notice_zone(j);
}

static struct reach
reach(const struct detection *d)
{
	const struct xid_options *c = d->config;

	return (struct reach){
		.after = xid_after(d, c->lone),
		.back = time_add(xid_reach(d), LOSS_SPAN + XID_TWIN + XID_CHAIN),
	};
}

/* Find the Xid that caused a loss, in *x, and the other ones in its window. */
static bool
attribute(const struct xid_join *j, struct xid_finding *f, struct candidate *h, uint32_t *x)
{
	const struct lost *l = f->l;
	struct xid_span w = xid_span(j, l);

	if (l->t == NO_TIME)
		return false;
	f->h = h;
	if (xid_blame(j, l, w, x)) {
		f->drained = xid_series_at(j, *x)->rank == XID_HARDWARE && xid_is_drain(j, l);
		f->n = xid_candidates(j, l->node, w, h);
		return true;
	}
	if (!xid_is_drain(j, l))
		return false;
	w = xid_before(j, l->t, j->c->drain_window);
	f->n = xid_candidates(j, l->node, w, h);
	if (!xid_drained(j, l, h, f->n, x))
		return false;
	f->drained = true;
	xid_use(j, l->node, xid_before(j, time_add(j->x[*x].e.t, XID_BURST), XID_BURST));
	return true;
}

/* The group of losses taken down by one Xid, or drained after it. */
static uint32_t
group_of(const struct xid_join *j, const struct xid_finding *f, uint32_t x)
{
	return f->drained ? x + (uint32_t)j->ev->list[EVENT_XID].n : x;
}

/* Text output: losses grouped by Xid. */
static void
group(struct xid_join *j, struct candidate *h)
{
	uint32_t *cause = mem_new(j->d->mem, uint32_t, j->nlost), x;

	for (size_t i = 0; i < j->nlost; i++) {
		struct xid_finding f = {.l = &j->lost[i]};

		cause[i] = attribute(j, &f, h, &x) && xid_took_down(j, f.l, x) ? group_of(j, &f, x) : NO_LOSS;
	}
	j->groups = loss_group(cause, j->nlost, 2 * j->ev->list[EVENT_XID].n, j->d->mem);
}

/* Emit the verdict of a loss, if it has one. */
static bool
judge(const struct xid_join *j, const struct lost *l, struct candidate *h)
{
	struct xid_finding f = {.l = l};
	uint32_t x;

	if (!attribute(j, &f, h, &x))
		return false;
	f.group = group_of(j, &f, x);
	if (j->groups.n && j->groups.n[f.group] > 1 && xid_took_down(j, l, x)) {
		if (&j->lost[j->groups.head[f.group]] != l)
			return true;
		f.pods = j->groups.n[f.group];
	}
	f.best.s = xid_series_at(j, x);
	f.best.at = xid_bisect(j, f.best.s, x);
	xid_emit(j, &f);
	return true;
}

static int
root_order(const void *x, const void *y, const void *ctx)
{
	const struct root *a = x, *b = y;

	(void)ctx;
	return SORT_ORDER(a->x, b->x);
}

/* Hardware Xids that took down no pod, sorted by time: roots of bursts of which
 * nothing was used, and which do not recur from minutes before. */
static void
judge_lone(const struct xid_join *j, struct candidate *h)
{
	const struct roots *r = &j->roots[XID_ANY];
	struct root *lone = mem_new(j->d->mem, struct root, r->nfinal);
	bool *used = xid_used(j);

	if (r->nfinal)
		memcpy(lone, r->final, r->nfinal * sizeof(*lone));
	sort(lone, r->nfinal, sizeof(*lone), root_order, NULL, j->d->spare);
	for (size_t i = 0; i < r->nfinal; i++) {
		uint32_t x = lone[i].x;
		struct xid_finding f = {.h = h, .best.s = xid_series_at(j, x)};

		f.best.at = xid_bisect(j, f.best.s, x);
		if (f.best.s->rank != XID_HARDWARE || used[x] ||
		    (f.best.at > f.best.s->from && time_diff(j->x[x].e.t, xid_at(j, f.best.at - 1)->e.t) <= XID_AGAIN))
			continue;
		f.n = xid_candidates(j, lone[i].node, xid_before(j, time_add(j->x[lone[i].from].e.t, XID_BURST), XID_BURST), h);
		xid_emit(j, &f);
	}
}

static void
detect(const struct detection *d)
{
	struct xid_join j = {.d = d, .c = d->config, .ev = d->ev};
	struct losses losses = loss_fold(d->ev, d->settled->nodeless, d->spare, d->mem);
	struct candidate *h;

	j.lost = losses.l;
	j.nlost = losses.n;
	xid_gather(&j);
	if (!j.nlost && !j.c->lone && !d->explain) { /* there is nothing to judge */
		notice(&j);
		return;
	}
	xid_divide(&j);
	xid_bursts(&j);
	gather_beginnings(&j);
	j.rec = recovery_gather(d->ev, d->spare, d->mem);
	j.joined = mem_new(d->mem, bool, j.nlost);
	h = mem_new(d->mem, struct candidate, xid_candidates_max(&j));
	if (d->grouped)
		group(&j, h);
	for (size_t i = 0; i < j.nlost; i++)
		j.joined[i] = judge(&j, &j.lost[i], h);
	if (j.c->lone)
		judge_lone(&j, h);
	if (d->explain) {
		for (size_t i = 0; i < j.nlost; i++)
			if (!j.joined[i])
				xid_explain_loss(&j, &j.lost[i]);
		xid_explain_causes(&j);
		loss_explain(d->ev, &losses, d->spare, d->explain);
	}
	notice(&j);
}

const struct pattern xid_correlation = {
	.filter = STR_INIT("xid-correlate"),
	.id = STR_INIT("16"),
	.name = STR_INIT("xid_correlation"),
	.about = STR_INIT("Say which GPU error took which pod down."),
	.wants = 1u << EVENT_XID | 1u << EVENT_LOSS | 1u << EVENT_PLACEMENT | 1u << EVENT_GPU | 1u << EVENT_RECOVERY |
		1u << EVENT_NODE,
	.keys = {
		.by_node = 1u << EVENT_XID | 1u << EVENT_GPU | 1u << EVENT_RECOVERY | 1u << EVENT_NODE,
		.every = 1u << EVENT_LOSS | 1u << EVENT_PLACEMENT, /* often on a node that only others name */
	},
	.opt = options,
	.config_size = sizeof(struct xid_options),
	.config = &start,
	.setup = setup,
	.detect = detect,
	.reach = reach,
};
