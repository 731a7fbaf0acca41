/*
 * thermal_throttle - which GPU, node or room throttles thermally, and the cost.
 *
 * Samples are sorted by node, GPU, field and time.  Each GPU's series are
 * traversed once for episodes of hot samples, which are merged per GPU;
 * overlapping episodes of a node's GPUs are an episode of the node.  The share
 * of its GPUs involved decides between GPU and node, the number of nodes with
 * overlapping episodes between node and room.  After sorting, every step is one
 * pass.
 */
#include "base/num.h"
#include "input/text/kernel.h"
#include "join/latest.h"
#include "join/phrase.h"
#include "pattern/thermal_throttle/thermal.h"

#define TO(member) offsetof(struct thermal_options, member)
static const struct opt options[] = {
	{'w', "sustained", OPT_DURATION, TO(sustained), "DUR", "60s", "ignore throttling that lasts less than DUR"},
	{0, "gap", OPT_DURATION, TO(gap), "DUR", "2m", "treat samples more than DUR apart as not consecutive"},
	{0, "share", OPT_SHARE, TO(share), "SHARE", "10%", "ignore samples with a smaller fraction of their interval in thermal violation"},
	{0, "node-share", OPT_SHARE, TO(node_share), "SHARE", "50%", "blame the node if this fraction of its GPUs throttle together"},
	{0, "room-nodes", OPT_NUM, TO(room_nodes), "N", "3", "blame the room if N nodes throttle together"},
	{0, "power", OPT_FLAG, TO(power), NULL, NULL, "also report HW power brake and other non-thermal slowdowns"},
	{.kind = OPT_END},
};

static int
setup(void *config, struct program *p)
{
	struct thermal_options *c = config;

	if (c->room_nodes < 2 || c->room_nodes > INT32_MAX) {
		DIAG(p->diag, S("--room-nodes: invalid number '"), diag_u64(c->room_nodes), S("' (expected 2 or more)"));
		return opt_usage(p->diag);
	}
	p->fields = thermal_fields(p->mem);
	return -1;
}

/* Number of GPUs whose UUID also occurs on another node. */
static uint64_t
count_moved(const struct thermal *w)
{
	uint32_t *node = mem_new(w->d->mem, uint32_t, w->ev->names.n + 1);
	uint64_t n = 0;

	for (size_t i = 0; i < w->ngpu; i++) {
		const struct gpu_series *g = &w->gpu[i];

		if (!g->uuid || !g->node)
			continue;
		n += node[g->uuid] && node[g->uuid] != g->node;
		node[g->uuid] = g->node;
	}
	return n;
}

static void
notice(const struct thermal *w)
{
	const struct event_list *list = &w->ev->list[EVENT_SAMPLE];
	struct buf *b = w->d->notice;
	uint64_t moved = count_moved(w);
	size_t reporting = 0;

	for (size_t i = 0; i < w->nhost; i++)
		for (unsigned cause = 0; cause < (w->c->power ? CAUSES : POWER); cause++)
			reporting += w->host[i].reporting[cause];
	if (reporting == 0) {
		phrase_count(b, list->n, S("sample"), S("samples"));
		if (list->n) {
			buf_add(b, S(" of "));
			phrase_count(b, w->ngpu, S("GPU"), S("GPUs"));
		}
		buf_add(b, S(", no clocks-event reasons and no thermal violation times: nothing to judge"));
		return;
	}
	if (!w->near) {
		if (w->pairs)
			buf_add(b, S("all samples of a GPU are more than --gap apart: nothing is seen to last"));
		else
			buf_add(b, S("no GPU has more than one sample: nothing is seen to last"));
	}
	if (w->cold && !w->c->power)
		phrase_clause(b, w->cold, S("GPU had a non-thermal HW slowdown: use --power to report it"),
			      S("GPUs had a non-thermal HW slowdown: use --power to report it"));
	if (w->braked && !w->c->power)
		phrase_clause(b, w->braked, S("GPU had a HW power brake slowdown: use --power to report it"),
			      S("GPUs had a HW power brake slowdown: use --power to report it"));
	if (moved)
		phrase_clause(b, moved, S("GPU has the UUID of one on another node: it was moved, or a node's name is wrong"),
			      S("GPUs have the UUID of one on another node: they were moved, or a node's name is wrong"));
	if (w->nodeless)
		phrase_clause(b, w->nodeless, S("sample has no node name: use --node=NAME"),
			       S("samples have no node name: use --node=NAME"));
	if (w->timeless)
		phrase_clause(b, w->timeless, S("sample has no timestamp and is left out"),
			       S("samples have no timestamp and are left out"));
}

/* ---- --follow ---- */

/* Pieces of a long episode are longer than the time needed to detect it. */
static int64_t
split_every(const struct detection *d)
{
	return d->split_every_ns ? num_max(d->split_every_ns, thermal_reach(d)) : 0;
}

/* May the sample be hot, or show that a reset was none?  b: the sample before
 * it in the order of content. */
static bool
is_warm(const struct sample *a, const struct sample *b)
{
	if (a->field == METRIC_CLOCKS_EVENT)
		return thermal_reasons_of(a->value, HEAT) || thermal_reasons_of(a->value, POWER);
	for (size_t k = MASK + 1; k < SIGNALS; k++)
		if (a->field == thermal_series[k].field)
			return a->delta || !b || b->field != a->field || b->value < a->value ||
			       (b->value > a->value && events_same_measure(a, b));
	return false;
}

/* ---- names of one node or GPU: disjoint sets, each with a representative ---- */

static uint32_t
set_of(uint32_t *set, uint32_t i)
{
	while (set[i] != i)
		i = set[i] = set[set[i]];
	return i;
}

static void
unite(uint32_t *set, uint32_t a, uint32_t b)
{
	set[set_of(set, a)] = set_of(set, b);
}

/* Sets of names that may turn out to be of one node: a short name and full
 * ones, and the names under which a GPU is known. */
static uint32_t *
gather_sets(const struct detection *d, const struct events *ev)
{
	const struct event_list *samples = &ev->list[EVENT_SAMPLE], *gpus = &ev->list[EVENT_GPU];
	const struct event_list *recoveries = &ev->list[EVENT_RECOVERY];
	const struct sample *s = samples->p;
	const struct gpu *g = gpus->p;
	const struct recovery *r = recoveries->p;
	uint32_t *set = mem_new(d->mem, uint32_t, ev->names.n + 1);

	for (uint32_t i = 0; i <= ev->names.n; i++)
		set[i] = i;
	for (uint32_t i = 1; i < ev->names.n; i++) {
		uint32_t label = idx_find(&ev->names, node_label(idx_at(&ev->names, i)));

		unite(set, i, label ? label : i);
	}
	unite(set, 0, d->settled->nodeless);
	for (size_t i = 0; i < samples->n; i++)
		if (s[i].uuid)
			unite(set, s[i].e.node, s[i].uuid);
	for (size_t i = 0; i < gpus->n; i++)
		if (g[i].uuid)
			unite(set, g[i].e.node, g[i].uuid);
	for (size_t i = 0; i < recoveries->n; i++)
		if (r[i].uuid)
			unite(set, r[i].e.node, r[i].uuid);
	return set;
}

/*
 * Drop records that verdicts which are not final cannot need.  Those depend on
 * node episodes that end within reach of `decided`, at most two pieces long,
 * which overlap episodes of a room of the same length, the first of which began
 * up to two pieces earlier; whether they are split depends on two more.  If
 * nothing on a node was warm in all that time, only recent samples matter.
 */
static void
forget(const struct detection *d, struct events *ev, int64_t decided)
{
	static const uint16_t most[] = {METRIC_SM_CLOCK_MAX, 0};
	const struct sample *s = ev->list[EVENT_SAMPLE].p;
	int64_t soon = time_diff(decided, thermal_reach(d)), before = soon, piece = split_every(d);
	int64_t *from = mem_new(d->mem, int64_t, ev->names.n + 1);
	bool *warm = mem_new(d->mem, bool, ev->names.n + 1);
	uint32_t *set = gather_sets(d, ev);

	for (unsigned pieces = 8; pieces; pieces--)
		before = time_diff(before, piece);
	for (size_t i = 0; i < ev->list[EVENT_SAMPLE].n; i++)
		if (s[i].e.t >= before && is_warm(&s[i], i ? &s[i - 1] : NULL))
			warm[set_of(set, s[i].e.node)] = true;
	for (uint32_t i = 0; i == 0 || i < ev->names.n; i++)
		from[i] = warm[set_of(set, i)] ? before : soon;
	latest_keep(ev, from, most);
	events_cut(ev, thermal_throttle.wants & ~(1u << EVENT_SAMPLE), before);
}

static void
detect(const struct detection *d)
{
	struct thermal w = {.d = d, .c = d->config, .split_every_ns = split_every(d), .ev = d->ev};

	thermal_gather_gpus(&w);
	w.recoveries = recovery_gather(d->ev, d->spare, d->mem);
	thermal_gather_episodes(&w);
	if (d->explain)
		for (size_t i = 0; i < w.ngpu; i++)
			thermal_explain_others(&w, &w.gpu[i]);
	thermal_gather_findings(&w);
	for (size_t i = 0; i < w.nfinding; i++)
		thermal_emit(&w, &w.finding[i]);
	notice(&w);
}

const struct pattern thermal_throttle = {
	.filter = STR_INIT("thermal"),
	.id = STR_INIT("4"),
	.name = STR_INIT("thermal_throttle"),
	.about = STR_INIT("Say which GPU, node or room is too hot, and what it costs."),
	.wants = 1u << EVENT_SAMPLE | 1u << EVENT_GPU | 1u << EVENT_RECOVERY | 1u << EVENT_TENANT,
	.opt = options,
	.config_size = sizeof(struct thermal_options),
	.setup = setup,
	.detect = detect,
	.forget = forget,
};
