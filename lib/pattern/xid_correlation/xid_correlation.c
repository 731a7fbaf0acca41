/*
 * xid_correlation - which GPU error took which pod down.
 *
 * Each node's Xids are swept once into bursts, each with one root; the root in
 * a lost pod's window is found by bisection.  What else was in the window is
 * told by series (node, GPU, code), each ascending in time: the cost does not
 * grow with the repeats of a flood.
 */
#include "input/text/kernel.h"
#include "join/layers.h"
#include "join/phrase.h"
#include "pattern/xid_correlation/xid.h"

static const struct xid_options start = {.window = -1};

#define TO(member) offsetof(struct xid_options, member)
static const struct opt options[] = {
	{'w', "window", OPT_DURATION, TO(window), "DUR", NULL,
		"join an Xid with losses up to DUR after it, whatever the reason [60s, but 6m for TaintManagerEviction, NodeNotReady and DeletionByTaintManager]"},
	{0, "attribution", OPT_CHOICE, TO(latest), "gravest|latest", "gravest",
		"which Xid of several is blamed"},
	{0, "reason", OPT_STR, TO(reasons), "LIST", NULL,
		"reasons that count as losing a pod, separated by commas [those of pod-evicted(1), and NodeNotReady]"},
	{0, "rules", OPT_STR, TO(rules_file), "FILE", NULL,
		"re-grade Xid codes: lines of code TAB class TAB action TAB text"},
	{0, "catalog", OPT_MAYBE, TO(catalog), "CODE", NULL,
		"print what is known of Xid codes as TSV and exit"},
	{.kind = OPT_END},
};

static int
setup(void *config, struct program *p)
{
	struct xid_options *c = config;

	if (c->catalog.given) {
		if (c->catalog.n > UINT32_MAX || (c->catalog.n && !catalog_find((uint32_t)c->catalog.n))) {
			DIAG(p->diag, S("--catalog: no such Xid: "), diag_u64(c->catalog.n));
			return EX_FAIL;
		}
		catalog_put(&p->out->b, (uint32_t)c->catalog.n);
		return EX_FINE;
	}
	p->reasons = p->words = c->reasons;
	return p->load(p, c->rules_file, rules_parse, &c->rules) ? -1 : EX_FAIL;
}

static void
begin(int64_t *first, const struct event *e)
{
	if (e->t != NO_TIME && (first[e->node] == NO_TIME || e->t < first[e->node]))
		first[e->node] = e->t;
}

/* When the driver's lines of each node begin, by its name's number; NO_TIME:
 * none was read. */
static int64_t *
beginnings(const struct xid_join *j)
{
	const struct event_list *list = j->ev->list;
	size_t nodes = (size_t)events_last_node(j->ev) + 1;
	int64_t *first = mem_new(j->d->mem, int64_t, nodes);

	for (size_t i = 0; i < nodes; i++)
		first[i] = NO_TIME;
	for (size_t i = 0; i < list[EVENT_XID].n; i++)
		begin(first, &j->x[i].e);
	for (size_t i = 0; i < list[EVENT_RECOVERY].n; i++)
		begin(first, &((const struct recovery *)list[EVENT_RECOVERY].p)[i].e);
	for (size_t i = 0; i < list[EVENT_GPU].n; i++)
		if (((const struct gpu *)list[EVENT_GPU].p)[i].kernel)
			begin(first, &((const struct gpu *)list[EVENT_GPU].p)[i].e);
	return first;
}

/* Losses from before the lines of their node begin: one of the nodes is named. */
static void
notice_dark(const struct xid_join *j)
{
	const int64_t *first = beginnings(j);
	const struct lost *one = NULL;
	struct buf *b = j->d->notice;
	uint64_t n = 0;

	for (size_t i = 0; i < j->nlost; i++) {
		const struct lost *l = &j->lost[i];

		if (j->joined[i] || !l->node || l->t == NO_TIME || first[l->node] == NO_TIME ||
		    first[l->node] <= time_add(l->t, j->d->skew))
			continue;
		n++;
		if (!one)
			one = l;
	}
	if (!one)
		return;
	layers_clause(b, n, S("pod loss is"), S("pod losses are"), S(" from before the driver's lines of the node begin: on "));
	phrase_short(b, name(j, one->node), PHRASE_NAME);
	buf_add(b, S(" at "));
	time_put(b, first[one->node]);
}

static void
notice(const struct xid_join *j)
{
	struct layer xids = {.one = S("Xid"), .many = S("Xids")};
	struct layer losses = {.one = S("pod loss"), .many = S("pod losses"), .none = S("pod events")};
	struct buf *b = j->d->notice;
	uint64_t nodeless = 0, noded = 0, timeless = 0;

	for (size_t i = 0; i < j->nseries; i++)
		layer_add(&xids, j->series[i].node, j->d->mem);
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
		layers_absent(b, &xids, &losses, S("nothing to join"));
		return;
	}
	layers_apart(b, &xids, &losses, j->d->names);
	layers_clause(b, noded ? j->nodeless : 0, S("Xid carries"), S("Xids carry"),
		      S(" no node and cannot be joined: --node=NAME names it"));
	layers_clause(b, xids.nnode ? nodeless : 0, S("lost pod"), S("lost pods"), S(" cannot be placed on a node"));
	layers_clause(b, j->timeless, S("Xid carries"), S("Xids carry"),
		      layers_no_time(j->d->ev));
	layers_clause(b, timeless, S("pod loss carries"), S("pod losses carry"), S(" no time and cannot be joined"));
	notice_dark(j);
}

static void
forget(const struct detection *d, struct events *ev, int64_t decided)
{
	const struct xid_options *c = d->config;
	int64_t window = c->window > XID_WINDOW_TAINT ? c->window : XID_WINDOW_TAINT;
	int64_t loss = time_diff(time_diff(decided, d->skew), XID_TWIN);

	loss_forget(ev, loss, d->mem);
	loss = time_diff(time_diff(time_diff(loss, window), d->skew), LOSS_SPAN + XID_TWIN);
	events_cut(ev, xid_correlation.wants & ~(1u << EVENT_LOSS | 1u << EVENT_XID), loss);
	events_cut(ev, 1u << EVENT_XID, time_diff(loss, XID_CHAIN));
}

static void
detect(const struct detection *d)
{
	struct xid_join j = {.d = d, .c = d->config, .ev = d->ev};
	struct losses losses = loss_fold(d->ev, d->settled->nodeless, d->spare, d->mem);
	const struct lost *lost = losses.l;
	struct candidate *candidates;
	size_t n;

	j.lost = lost;
	j.nlost = losses.n;
	xid_gather(&j);
	xid_bursts(&j);
	j.rec = recovery_gather(d->ev, d->spare, d->mem);
	j.joined = mem_new(d->mem, bool, j.nlost);
	candidates = mem_new(d->mem, struct candidate, xid_candidates_max(&j));
	for (size_t i = 0; i < j.nlost; i++) {
		struct xid_span w = xid_span(&j, &lost[i]);
		const struct xid_series *s;
		uint32_t x;

		if (lost[i].t == NO_TIME || !xid_blame(&j, &lost[i], w, &x))
			continue;
		j.joined[i] = true;
		n = xid_candidates(&j, &lost[i], w, candidates);
		s = xid_series_at(&j, x);
		xid_emit(&j, &lost[i], candidates, n, &(struct candidate){.s = s, .at = xid_bisect(&j, s, x)});
	}
	if (d->explain) {
		for (size_t i = 0; i < j.nlost; i++)
			if (!j.joined[i])
				xid_explain_loss(&j, &lost[i]);
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
		.every = 1u << EVENT_LOSS | 1u << EVENT_PLACEMENT, /* often of a node that only others tell */
	},
	.opt = options,
	.config_size = sizeof(struct xid_options),
	.config = &start,
	.setup = setup,
	.detect = detect,
	.forget = forget,
};
