#include "base/num.h"
#include "join/evidence.h"
#include "join/phrase.h"
#include "join/tenant.h"
#include "pattern/thermal_throttle/thermal.h"

enum { EVIDENCE_MAX = 16 };
enum { NODES_NAMED = 3 }; /* named in sentences; the others are counted */

/* ---- sentences ---- */

/* part of whole in units of 1/scale, rounded. */
static int64_t
ratio(int64_t part, int64_t whole, int64_t scale)
{
	/* the error is below 10^-12 */
	while (whole > INT64_MAX / 2 / scale) {
		whole /= 2;
		part /= 2;
	}
	return (part * scale + whole / 2) / whole;
}

/* Whole seconds from ten on, milliseconds below. */
static void
put_seconds(struct buf *b, int64_t ns)
{
	int64_t unit = ns >= 10 * SECOND ? SECOND : ns >= 1000000 ? 1000000 : 1;

	buf_fixed(b, ns / unit * unit, 9);
	buf_add(b, S(" s"));
}

/* "90 s", "24 min", "3 h 5 min" */
static void
put_span(struct buf *b, int64_t ns)
{
	int64_t minutes = (ns / SECOND + 30) / 60;

	if (ns < 120 * SECOND) {
		put_seconds(b, ns);
		return;
	}
	if (minutes >= 120) {
		buf_i64(b, minutes / 60);
		buf_add(b, minutes % 60 ? S(" h ") : S(" h"));
		minutes %= 60;
	}
	if (minutes) {
		buf_i64(b, minutes);
		buf_add(b, S(" min"));
	}
}

static void
put_gpu_short(struct buf *b, const struct thermal *w, size_t gpu, size_t max)
{
	const struct gpu_series *g = &w->gpu[gpu];

	if (!g->gpu.known && g->uuid)
		phrase_head(b, name(w, g->uuid), max);
	else
		thermal_put_gpu(b, w, g);
}

static int
by_host(const void *x, const void *y, const void *ctx)
{
	const struct host *const *a = x, *const *b = y;

	(void)ctx;
	return SORT_ORDER(*a, *b);
}

/* The nodes of a finding, distinct, by name. */
static const struct host **
hosts_of(const struct thermal *w, const struct thermal_finding *f, size_t *n)
{
	const struct host **h = mem_new(w->d->mem, const struct host *, f->nnode_episode);

	for (size_t i = 0; i < f->nnode_episode; i++)
		h[i] = f->node_episode[i]->host;
	sort(h, f->nnode_episode, sizeof(*h), by_host, NULL, w->d->spare);
	*n = sort_unique(h, f->nnode_episode, sizeof(*h), by_host, NULL);
	return h;
}

/* "a, b, c and 2 others" */
static void
put_nodes(struct buf *b, const struct thermal *w, const struct host *const *h, size_t n, size_t max)
{
	size_t named = n > NODES_NAMED + 1 ? NODES_NAMED : n; /* never "1 other" */

	for (size_t i = 0; i < named; i++) {
		buf_add(b, i ? S(", ") : S(""));
		phrase_head(b, name(w, h[i]->node), max);
	}
	if (n > named) {
		buf_add(b, S(" and "));
		buf_u64(b, n - named);
		buf_add(b, S(" others"));
	}
}

/* " on gpu-7 GPU 0000:3b:00.0: ", " on 3 nodes (a, b, c): 20 of 24 GPUs for " */
static void
put_who(struct buf *b, const struct thermal *w, const struct thermal_finding *f, const struct summary *a, size_t max)
{
	size_t n;
	const struct host **h = hosts_of(w, f, &n);

	if (f->scope != NODE || h[0]->node)
		buf_add(b, S(" on "));
	if (f->scope == ROOM) {
		phrase_count(b, n, S("node"), S("nodes"));
		if (max) {
			buf_add(b, S(" ("));
			put_nodes(b, w, h, n, max);
			buf_chr(b, ')');
		}
	} else {
		phrase_head(b, name(w, h[0]->node), max);
	}
	if (f->scope == GPU) {
		buf_add(b, h[0]->node ? S(" GPU ") : S("GPU "));
		put_gpu_short(b, w, f->gpu, max);
		buf_add(b, S(": "));
		return;
	}
	buf_add(b, S(": "));
	buf_u64(b, a->n);
	buf_add(b, S(" of "));
	buf_u64(b, a->reporting);
	buf_add(b, S(" GPUs for "));
}

/*
 * "Thermal throttling on gpu-7: 8 of 8 GPUs for 14 min, peak 91 °C, clocks down
 * 38%; since 2026-...Z".  Names are shortened until it fits.
 */
static struct str
headline(const struct thermal *w, const struct thermal_finding *f, const struct summary *a, int64_t loss)
{
	static const size_t room[] = {63, 36, 20, 4, 0}; /* bytes of a name */
	struct buf *b = w->d->scratch;

	PHRASE_TRIES(b, room, i) {
		buf_add(b, f->cause == HEAT ? S("Thermal throttling") :
			a->reasons & POWER_BRAKE ? S("HW power brake slowdown") : S("HW slowdown (not thermal)"));
		put_who(b, w, f, a, room[i]);
		put_span(b, a->throttled);
		if (f->cause == HEAT && a->temperature != NONE) {
			buf_add(b, S(", peak "));
			buf_fixed(b, a->temperature, 3);
			buf_add(b, S(" °C"));
		}
		if (loss >= 5) {
			buf_add(b, S(", clocks down "));
			buf_i64(b, (loss + 5) / 10);
			buf_chr(b, '%');
		}
		buf_add(b, S("; since "));
		phrase_second(b, f->first);
	}
	return verdict_keep(w->d->out, b);
}

static struct str
remediation(const struct thermal *w, const struct thermal_finding *f, const struct summary *a)
{
	static const struct str todo[CAUSES][ROOM + 1] = {
		[HEAT] = {
			[GPU] = STR_INIT("check this GPU for dust, a loose heat sink, dried thermal paste and a blocked or missing air duct. Move its workload elsewhere until temperatures are normal; replace it if they do not recover."),
			[NODE] = STR_INIT("The node's GPUs are overheating together: check its fans, air filters and inlet temperature, or the flow of its coolant. Cordon it until temperatures are normal; swapping single GPUs will not help."),
			[ROOM] = STR_INIT("Several nodes are overheating together: have the cooling of the room or row checked (chillers, pumps, air handlers, coolant loop). Reduce load on these nodes until cooling is restored; the nodes are not at fault."),
		},
		[POWER] = {
			[GPU] = STR_INIT("check the power cables and the slot of this GPU, and the node's power supplies."),
			[NODE] = STR_INIT("The node's GPUs are slowed down together: check its power supplies, their redundancy and their power limit."),
			[ROOM] = STR_INIT("Several nodes are slowed down together: have the power feed of the rack or room checked."),
		},
	};
	struct buf *b = w->d->scratch;
	size_t n, others = a->reporting - f->node_episode[0]->gpus;
	const struct host **h = hosts_of(w, f, &n);

	b->n = 0;
	if (h[0]->node) {
		buf_add(b, f->scope == ROOM ? S("Nodes ") : S("Node "));
		put_nodes(b, w, h, n, PHRASE_NAME);
	}
	if (f->scope == GPU) {
		buf_add(b, b->n ? S(", GPU ") : S("GPU "));
		put_gpu_short(b, w, f->gpu, PHRASE_NAME);
	}
	if (b->n)
		buf_add(b, S(": "));
	if (a->reasons & HW_THERMAL)
		buf_add(b, S("Hardware thermal slowdown is active, the last stage before a thermal shutdown: drain first. "));
	if (f->scope == GPU) {
		if (others) {
			buf_add(b, S("Its "));
			phrase_count(b, others, S("sibling is fine, so "), S("siblings are fine, so "));
		} else {
			buf_add(b, S("No other GPU on this node to compare with; "));
		}
	}
	buf_add(b, todo[f->cause][f->scope]);
	return verdict_keep(w->d->out, b);
}

static struct str
gpu_name(const struct thermal *w, size_t gpu, bool with_node)
{
	struct buf *b = w->d->scratch;

	b->n = 0;
	if (with_node) {
		buf_add(b, name(w, w->gpu[gpu].node));
		buf_chr(b, '/');
	}
	thermal_put_gpu(b, w, &w->gpu[gpu]);
	return verdict_keep(w->d->out, b);
}

/* ---- evidence ---- */

struct evidence_item {
	const struct hot_sample *l;
	size_t gpu;
};

static int
turn_cmp(const void *x, const void *y, const void *ctx)
{
	const struct gpu_share *a = x, *b = y;
	int d = SORT_ORDER(a->turn, b->turn);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->first, b->first);
	return d ? d : SORT_ORDER(a->gpu, b->gpu);
}

static int
node_first_cmp(const void *x, const void *y, const void *ctx)
{
	const struct gpu_share *a = x, *b = y;
	const struct gpu_series *g = ctx;
	int d = SORT_ORDER(g[a->gpu].node, g[b->gpu].node); /* only for grouping */

	d = d ? d : SORT_ORDER(a->first, b->first);
	return d ? d : SORT_ORDER(a->gpu, b->gpu);
}

static int
item_cmp(const void *x, const void *y, const void *ctx)
{
	const struct evidence_item *a = x, *b = y;
	int d = SORT_ORDER(a->l->t, b->l->t);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->gpu, b->gpu);
	return d ? d : SORT_ORDER(a->l->field, b->l->field);
}

static void
put_reasons(struct buf *b, unsigned r)
{
	struct str before = {0};

	for (size_t i = 0; i < REASONS; i++)
		if (r & thermal_reasons[i].bit) {
			buf_add(b, before);
			buf_add(b, thermal_reasons[i].name);
			before = S(", ");
		}
}

/* "DEV_CLOCKS_EVENT_REASONS 0x48 (hw_slowdown, hw_thermal), 91 C" */
static void
put_hot_sample(struct buf *b, const struct hot_sample *l)
{
	thermal_put_field(b, l->field);
	if (l->field == METRIC_CLOCKS_EVENT) {
		buf_add(b, S(" 0x"));
		buf_hex(b, (uint64_t)l->value, 1);
		buf_add(b, S(" ("));
		put_reasons(b, l->reasons);
		buf_chr(b, ')');
	} else {
		buf_add(b, S(" grew by "));
		buf_fixed(b, l->value, 9);
		buf_add(b, S(" s in "));
		buf_fixed(b, time_diff(l->t, l->from), 9);
		buf_add(b, S(" s"));
	}
	if (l->temperature != NONE) {
		buf_add(b, S(", GPU "));
		buf_fixed(b, l->temperature, 3);
		buf_add(b, S(" °C"));
	}
	if (l->memory != NONE) {
		buf_add(b, S(", memory "));
		buf_fixed(b, l->memory, 3);
		buf_add(b, S(" °C"));
	}
	if (l->clock != NONE) {
		buf_add(b, S(", SM clock "));
		buf_fixed(b, l->clock, 3);
		buf_add(b, S(" MHz"));
	}
}

static void
add_evidence(const struct thermal *w, const struct evidence_item *p)
{
	const struct gpu_series *g = &w->gpu[p->gpu];
	struct buf *b = w->d->scratch, *field = w->d->spare;
	struct str gpu = gpu_name(w, p->gpu, false);

	field->n = 0;
	thermal_put_field(field, p->l->field);
	if (g->node) {
		buf_add(b, name(w, g->node));
		buf_chr(b, ' ');
	}
	buf_add(b, S("GPU "));
	buf_add(b, gpu);
	buf_add(b, S(": "));
	put_hot_sample(b, p->l);
	evidence_add(w->d->out, S("hw_throttle"), &(struct source){.where = name(w, g->node), .what = gpu, .which = buf_str(field), .t = p->l->t}, b);
}

/* First and worst sample of each GPU, as far as there is room; nodes take
 * turns, so that each of a room's nodes is included. */
static void
evidence(const struct thermal *w, struct summary *a)
{
	struct evidence_item item[EVIDENCE_MAX];
	size_t n = 0;

	sort(a->part, a->n, sizeof(*a->part), node_first_cmp, w->gpu, w->d->spare);
	for (size_t i = 1; i < a->n; i++)
		if (w->gpu[a->part[i].gpu].node == w->gpu[a->part[i - 1].gpu].node)
			a->part[i].turn = a->part[i - 1].turn + 1;
	sort(a->part, a->n, sizeof(*a->part), turn_cmp, NULL, w->d->spare);
	for (size_t i = 0; i < a->n && n < EVIDENCE_MAX; i++) {
		const struct gpu_share *p = &a->part[i];

		item[n++] = (struct evidence_item){&p->start, p->gpu};
		if (n < EVIDENCE_MAX && (p->worst.t != p->start.t || p->worst.field != p->start.field))
			item[n++] = (struct evidence_item){&p->worst, p->gpu};
	}
	sort(item, n, sizeof(*item), item_cmp, NULL, w->d->spare);
	for (size_t i = 0; i < n; i++)
		add_evidence(w, &item[i]);
}

/* Members on the GPU and its pod. */
static void
gpu_members(const struct thermal *w, const struct gpu_series *g, struct str id, int64_t t)
{
	struct verdicts *vs = w->d->out;

	verdict_str(vs, "gpu_id", id);
	verdict_str(vs, "gpu_uuid", name(w, g->uuid));
	verdict_str(vs, "gpu_serial", name(w, gpus_serial(&w->d->settled->gpus, g->node, t, g->gpu, g->uuid)));
	tenant_members(w->ev, &(struct gpu){.e.node = g->node, .gpu = g->gpu, .uuid = g->uuid, .index = g->index}, t, vs);
}

void
thermal_emit(const struct thermal *w, const struct thermal_finding *f)
{
	static const struct str scopes[] = {STR_INIT("gpu"), STR_INIT("node"), STR_INIT("room")};
	struct summary a = thermal_sum_up(w, f);
	struct verdicts *vs = w->d->out;
	struct verdict *v = verdict_add(vs);
	int64_t loss = a.due ? ratio(num_max(a.due - a.had, 0), a.due, 1000) : 0;
	size_t n, healthy = a.reporting;
	const struct host **h = hosts_of(w, f, &n);

	v->headline = headline(w, f, &a, loss);
	v->remediation = remediation(w, f, &a);
	v->final_at = f->final_at;
	v->id = phrase_id(vs, w->d->scratch, f->scope == ROOM ? (struct str){0} : name(w, h[0]->node),
		f->scope == GPU ? gpu_name(w, f->gpu, false) : scopes[f->scope], f->first);
	v->action = f->cause == HEAT ? ACTION_FIX_COOLING : ACTION_FIX_POWER;
	verdict_str(vs, "scope", scopes[f->scope]);
	if (f->scope == ROOM) {
		verdict_open(vs, "nodes", ITEM_LIST);
		for (size_t i = 0; i < n; i++)
			verdict_str(vs, NULL, name(w, h[i]->node));
		verdict_close(vs);
	} else {
		verdict_str(vs, "node", name(w, h[0]->node));
	}
	if (f->scope == GPU) {
		gpu_members(w, &w->gpu[f->gpu], gpu_name(w, f->gpu, false), f->first);
	} else {
		verdict_open(vs, "gpu_ids", ITEM_LIST);
		for (size_t i = 0; i < a.n; i++)
			verdict_str(vs, NULL, gpu_name(w, a.part[i].gpu, f->scope == ROOM));
		verdict_close(vs);
	}
	verdict_open(vs, "reasons", ITEM_LIST);
	for (size_t i = 0; i < REASONS; i++)
		if (a.reasons & thermal_reasons[i].bit)
			verdict_str(vs, NULL, thermal_reasons[i].name);
	verdict_close(vs);
	verdict_time(vs, "first", f->first);
	verdict_time(vs, "last", f->last);
	verdict_seconds(vs, "throttled_seconds", a.throttled);
	verdict_fixed(vs, "share", ratio(a.hot, a.moments, 1000), 3);
	if (a.temperature != NONE)
		verdict_fixed(vs, "max_temperature_c", a.temperature, 3);
	if (a.due)
		verdict_fixed(vs, "clock_loss_percent", loss, 1);
	for (size_t i = 0; i < f->nnode_episode; i++)
		healthy -= f->node_episode[i]->gpus;
	verdict_int(vs, "healthy_siblings", (int64_t)healthy);
	verdict_time(vs, "resolved_at", a.resolved);
	evidence(w, &a);
}
