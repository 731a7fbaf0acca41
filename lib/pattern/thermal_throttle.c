/*
 * thermal_throttle - which GPU, node or room is too hot, and what it costs.
 *
 * Samples come sorted by node, GPU, field and time.  Each GPU's series are
 * walked once for stretches of hot samples, which become episodes; the
 * episodes of a node that overlap are a spell; what share of the node's GPUs
 * a spell catches decides between GPU and node, and how many nodes' spells
 * overlap between node and room.  After sorting, every step is one pass.
 *
 * Bits of the mask: dcgm_structs.h, DCGM_CLOCKS_EVENT_REASON_*; 0x8 comes
 * with 0x40 when heat slows the GPU down and with 0x80 when the power supply
 * does, and alone when the board does not tell.
 */
#include "base/num.h"
#include "input/kernel.h"
#include "input/metric.h"
#include "pattern/gpus.h"
#include "pattern/nodes.h"
#include "pattern/pattern.h"
#include "pattern/phrase.h"
#include "pattern/recovery.h"

enum { EVIDENCE_MAX = 16 };
enum { NODES_NAMED = 3 };                  /* in sentences; others are counted */
enum { MILLION = 1000000 };                /* shares are parts of it */
/* Beyond these are no measurements: 10 GHz in kHz, 1000 C, 0 K. */
static const int64_t CLOCK_TOP = 10000000, HEAT_TOP = 1000000, HEAT_LOW = -273150;

/* Counters that are polled more often than read stand still and then jump:
 * dcgm-exporter reads every 30 s unless told otherwise. */
static const int64_t REFRESH = 30 * SECOND;

struct config {
	int64_t gap, sustained;
	uint64_t room_nodes;
	struct str share_text, node_share_text;
	int64_t share, node_share; /* of MILLION */
	bool power;
};

static const struct config start = {.share = MILLION / 10, .node_share = MILLION / 2};

#define TO(member) offsetof(struct config, member)
static const struct opt options[] = {
	{'w', "sustained", OPT_DURATION, TO(sustained), "DUR", "60s", "ignore throttling that lasts less than DUR"},
	{0, "gap", OPT_DURATION, TO(gap), "DUR", "2m", "more than DUR between two samples is a break"},
	{0, "share", OPT_STR, TO(share_text), "SHARE", "10%", "of the time between two samples that violation time must grow by"},
	{0, "node-share", OPT_STR, TO(node_share_text), "SHARE", "50%", "of a node's GPUs that throttle together: the node's fault"},
	{0, "room-nodes", OPT_NUM, TO(room_nodes), "N", "3", "nodes that throttle together: the room's fault"},
	{0, "power", OPT_FLAG, TO(power), NULL, NULL, "report throttling by the power brake, too"},
	{.kind = OPT_END},
};

/* "10%" or "0.1", more than nothing, at most the whole. */
static bool
parse_share(struct str s, int64_t *v)
{
	bool percent = str_ends(s, S("%"));

	return num_fixed(str_head(s, s.n - percent), percent ? 4 : 6, v) && *v > 0 && *v <= MILLION;
}

/* ---- what is told apart ---- */

/* Heat and the power brake are judged each on its own. */
enum cause { HEAT, POWER, CAUSES };

enum {
	IDLE = 0x1,
	HW_SLOWDOWN = 0x8,
	SW_THERMAL = 0x20,
	HW_THERMAL = 0x40,
	POWER_BRAKE = 0x80,
	VIOLATION = 0x10000, /* no bit of the mask: the counter says no more */
};

static const struct {
	unsigned bit;
	struct str name;
	bool counts;
} reasons[] = {
	{0x2, STR_INIT("clocks_setting"), false},
	{0x4, STR_INIT("sw_power_cap"), false},
	{HW_SLOWDOWN, STR_INIT("hw_slowdown"), true},
	{0x10, STR_INIT("sync_boost"), false},
	{SW_THERMAL, STR_INIT("sw_thermal"), true},
	{HW_THERMAL, STR_INIT("hw_thermal"), true},
	{POWER_BRAKE, STR_INIT("hw_power_brake"), true},
	{0x100, STR_INIT("display_clock"), false},
	{VIOLATION, STR_INIT("thermal_violation"), true},
};

/* The series that tell of throttling, and those that go with them. */
enum { MASK, SIGNALS = 5, TEMPERATURE = SIGNALS, MEMORY, CLOCK, CLOCK_MAX, SERIES };

static const struct {
	uint16_t field;
	enum cause cause; /* of the counters */
	unsigned reason;
} series[SERIES] = {
	[MASK] = {METRIC_CLOCKS_EVENT, CAUSES, 0},
	{METRIC_THERMAL_VIOLATION, HEAT, VIOLATION},
	{METRIC_SW_THERMAL, HEAT, SW_THERMAL},
	{METRIC_HW_THERMAL, HEAT, HW_THERMAL},
	{METRIC_HW_POWER_BRAKE, POWER, POWER_BRAKE},
	[TEMPERATURE] = {METRIC_GPU_TEMP, CAUSES, 0},
	[MEMORY] = {METRIC_MEMORY_TEMP, CAUSES, 0},
	[CLOCK] = {METRIC_SM_CLOCK, CAUSES, 0},
	[CLOCK_MAX] = {METRIC_SM_CLOCK_MAX, CAUSES, 0},
};

static int
setup(void *config, struct program *p, struct reader *r, struct str words[SIFT_WORDS], size_t *nwords)
{
	struct config *c = config;
	uint16_t *fields = mem_new(p->mem, uint16_t, SERIES + 1);

	(void)words, (void)nwords;
	if (!parse_share(c->share_text, &c->share)) {
		DIAG(p->diag, S("--share: not a share: "), c->share_text);
		return EX_FAIL;
	}
	if (!parse_share(c->node_share_text, &c->node_share)) {
		DIAG(p->diag, S("--node-share: not a share: "), c->node_share_text);
		return EX_FAIL;
	}
	if (c->room_nodes < 2 || c->room_nodes > INT32_MAX) {
		DIAG(p->diag, S("--room-nodes: not a number of nodes from 2 on: "), diag_u64(c->room_nodes));
		return EX_FAIL;
	}
	for (size_t i = 0; i < SERIES; i++)
		fields[i] = series[i].field;
	r->ev->fields = fields;
	return -1;
}

static unsigned
reasons_of(int64_t mask, enum cause cause)
{
	unsigned m = (unsigned)(mask & 0xffff), hot = m & (SW_THERMAL | HW_THERMAL);

	if (cause == POWER)
		return m & POWER_BRAKE;
	if ((m & (HW_SLOWDOWN | POWER_BRAKE)) == HW_SLOWDOWN)
		hot |= HW_SLOWDOWN;
	return hot;
}

struct slice {
	const struct sample *s; /* of one field, ascending in time, all dated */
	size_t n;
};

struct watched {
	uint32_t node, uuid;
	struct pci gpu;
	int16_t index;
	struct slice of[SERIES];
	int64_t clock_max; /* 0: unknown */
	size_t spell;      /* the last that it was found in, from 1 */
	unsigned active;
};

/* A node's GPUs. */
struct host {
	uint32_t node;
	size_t from, to;
	size_t reporting[CAUSES];
};

/* One hot sample. */
struct look {
	int64_t t, from; /* from: of a counter, the sample before */
	uint16_t field;
	unsigned reasons;
	int64_t value;   /* the mask, or by how much the counter grew */
	int64_t temperature, memory, clock; /* nearest in time, or NONE */
};
#define NONE INT64_MIN

/* Consecutive hot samples of one series, long enough. */
struct stretch {
	size_t signal;
	int64_t first, last;
	int64_t throttled;
	int64_t clean; /* first sample after it that is not hot, or NO_TIME */
	unsigned reasons;
	struct look start, worst;
};

struct episode {
	size_t gpu;
	int64_t first, last;
	int64_t throttled;
	int64_t clean;
	unsigned reasons;
	struct look start, worst;
	int64_t temperature;    /* highest, or NONE */
	int64_t clocks, nclock; /* sum of samples while hot */
};

/* Episodes of a node that overlap. */
struct spell {
	const struct host *host;
	enum cause cause;
	size_t from, to;   /* its episodes */
	int64_t first, last;
	size_t gpus, peak; /* that throttled; at once */
	int64_t clock;     /* median of the other GPUs then; 0: unknown */
	bool is_node, in_room;
};

enum scope { GPU, NODE, ROOM };

struct finding {
	enum cause cause;
	enum scope scope;
	int64_t first, last;
	const struct spell *const *spell; /* several of a room, else one */
	size_t nspell;
	const struct episode *episode; /* of a GPU */
	size_t gpu;                    /* the first of all */
};

struct watch {
	const struct detection *d;
	const struct config *c;
	struct events *ev;
	struct gpus gpus;
	const uint32_t *canon; /* by name's number: the node it stands for */
	struct watched *gpu;
	size_t ngpu;
	struct host *host;
	size_t nhost;
	struct recoveries recoveries;
	struct stretch *stretch; /* of the GPU at hand */
	size_t nstretch, stretch_cap;
	struct episode *episode;
	size_t nepisode, episode_cap;
	struct spell *spell;
	size_t nspell, spell_cap;
	struct finding *finding;
	size_t nfinding, finding_cap;
	uint64_t nodeless, timeless; /* samples */
	uint64_t pairs, near;        /* consecutive samples; within --gap */
};

static struct str
name(const struct watch *w, uint32_t id)
{
	return idx_at(&w->ev->names, id);
}

/* The least part of t that is at least share of it. */
static int64_t
share_of(int64_t t, int64_t share)
{
	return t / MILLION * share + (t % MILLION * share + MILLION - 1) / MILLION;
}

/* ---- explaining ---- */

/* Address, else UUID, else number. */
static void
put_gpu(struct buf *b, const struct watch *w, const struct watched *g)
{
	if (g->gpu.known)
		pci_put(b, g->gpu);
	else if (g->uuid)
		buf_add(b, name(w, g->uuid));
	else
		buf_i64(b, g->index);
}

static void
put_field(struct buf *b, uint16_t field)
{
	buf_add(b, S("DCGM_FI_"));
	buf_add(b, metric_of(field)->name);
}

static void
explain_field(struct buf *b, uint16_t field)
{
	buf_key(b, "field");
	buf_chr(b, '"');
	put_field(b, field);
	buf_chr(b, '"');
}

static void
explain_reasons(struct buf *b, unsigned r)
{
	char before = '[';

	buf_key(b, "reasons");
	for (size_t i = 0; i < NELEM(reasons); i++)
		if (r & reasons[i].bit) {
			buf_chr(b, before);
			buf_json(b, reasons[i].name);
			before = ',';
		}
	buf_chr(b, ']');
}

static struct buf *
explain_open(const struct watch *w, struct str what, const struct watched *g)
{
	struct buf *b = w->d->explain, *id = &w->ev->scratch;

	phrase_open(b, what);
	phrase_str(b, "node", name(w, g->node));
	id->n = 0;
	put_gpu(id, w, g);
	phrase_str(b, "gpu_id", buf_str(id));
	return b;
}

/* ---- GPUs ---- */

/* The samples that give a GPU the same names. */
struct run {
	uint32_t node, uuid;
	struct pci gpu;
	int16_t index;
	const struct sample *s;
	size_t n;
};

/* Equal for the same GPU: by the surest of its names. */
static int
run_cmp(const void *x, const void *y, const void *ctx)
{
	const struct run *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;
	int d = idx_cmp(names, a->node, b->node);

	/* what is not known sorts behind */
	d = d ? d : SORT_ORDER(b->gpu.known, a->gpu.known);
	d = d ? d : pci_cmp(a->gpu, b->gpu);
	if (d || a->gpu.known)
		return d;
	d = SORT_ORDER(a->uuid == 0, b->uuid == 0);
	d = d ? d : idx_cmp(names, a->uuid, b->uuid);
	return d || a->uuid ? d : SORT_ORDER(a->index, b->index);
}

static int
sample_cmp(const void *x, const void *y, const void *ctx)
{
	const struct sample *a = x, *b = y;
	int d = SORT_ORDER(a->field, b->field);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->e.t, b->e.t);
	d = d ? d : SORT_ORDER(a->delta, b->delta);
	d = d ? d : SORT_ORDER(a->start, b->start);
	return d ? d : SORT_ORDER(a->value, b->value);
}

static struct run *
gather_runs(struct watch *w, uint32_t fallback, size_t *nrun)
{
	const struct event_list *list = &w->ev->list[EVENT_SAMPLE];
	const struct sample *s = list->p;
	struct run *run = NULL;
	size_t n = 0;

	for (size_t turn = 0;; turn++) {
		n = 0;
		for (size_t i = 0, to; i < list->n; i = to) {
			for (to = i + 1; to < list->n && s[to].e.node == s[i].e.node && s[to].uuid == s[i].uuid &&
				 s[to].index == s[i].index && pci_cmp(s[to].gpu, s[i].gpu) == 0;
			     to++)
				;
			if (turn) {
				uint32_t node = s[i].e.node ? w->canon[s[i].e.node] : fallback;

				run[n] = (struct run){node, s[i].uuid, s[i].gpu, s[i].index, s + i, to - i};
				w->nodeless += node ? 0 : to - i;
				gpus_fill(&w->gpus, node, s[i].e.t, &run[n].gpu, &run[n].uuid, &run[n].index);
			}
			n++;
		}
		if (turn)
			break;
		run = mem_new(w->d->mem, struct run, n);
	}
	sort(run, n, sizeof(*run), run_cmp, w->ev, &w->ev->scratch);
	*nrun = n;
	return run;
}

/* The samples of several runs as one. */
static const struct sample *
joined(const struct watch *w, const struct run *run, size_t n, size_t *total)
{
	struct sample *s;

	*total = run->n;
	if (n == 1)
		return run->s;
	for (size_t i = 1; i < n; i++)
		*total += run[i].n;
	s = mem_new(w->d->mem, struct sample, *total);
	*total = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < run[i].n; k++)
			s[(*total)++] = run[i].s[k];
	sort(s, *total, sizeof(*s), sample_cmp, NULL, &w->ev->scratch);
	return s;
}

static bool
is_clock(int64_t v)
{
	return v > 0 && v <= CLOCK_TOP;
}

static bool
is_temperature(int64_t v)
{
	return v >= HEAT_LOW && v <= HEAT_TOP;
}

/* Cut a GPU's samples into series. */
static void
cut(struct watch *w, struct watched *g, const struct sample *s, size_t n)
{
	size_t to, dated;

	for (size_t i = 0; i < n; i = to) {
		for (to = i + 1; to < n && s[to].field == s[i].field; to++)
			;
		for (dated = i; dated < to && s[dated].e.t == NO_TIME; dated++)
			;
		for (size_t k = 0; k < SERIES; k++)
			if (series[k].field == s[i].field) {
				w->timeless += dated - i;
				g->of[k] = (struct slice){s + dated, to - dated};
			}
	}
	for (size_t i = 0; i < g->of[CLOCK_MAX].n; i++)
		if (is_clock(g->of[CLOCK_MAX].s[i].value))
			g->clock_max = num_max(g->clock_max, g->of[CLOCK_MAX].s[i].value);
}

static bool
reports(const struct watched *g, enum cause cause)
{
	for (size_t k = MASK + 1; k < SIGNALS; k++)
		if (series[k].cause == cause && g->of[k].n)
			return true;
	return g->of[MASK].n != 0;
}

static void
gather_gpus(struct watch *w, uint32_t fallback)
{
	size_t nrun, to, total;
	struct run *run = gather_runs(w, fallback, &nrun);

	w->gpu = mem_new(w->d->mem, struct watched, nrun);
	w->host = mem_new(w->d->mem, struct host, nrun);
	for (size_t i = 0; i < nrun; i = to) {
		struct watched *g = &w->gpu[w->ngpu];
		const struct sample *s;
		struct host *h;

		for (to = i + 1; to < nrun && run_cmp(&run[i], &run[to], w->ev) == 0; to++)
			;
		*g = (struct watched){.node = run[i].node, .uuid = run[i].uuid, .gpu = run[i].gpu, .index = run[i].index};
		s = joined(w, &run[i], to - i, &total);
		cut(w, g, s, total);
		if (w->nhost == 0 || w->host[w->nhost - 1].node != g->node)
			w->host[w->nhost++] = (struct host){.node = g->node, .from = w->ngpu};
		h = &w->host[w->nhost - 1];
		h->to = ++w->ngpu;
		for (unsigned cause = 0; cause < CAUSES; cause++)
			h->reporting[cause] += reports(g, cause);
	}
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a == NO_TIME || (b != NO_TIME && b < a) ? b : a;
}

/* When an episode's GPU was first clean again, reset, or its node rebooted. */
static int64_t
resolved_at(const struct watch *w, const struct episode *e)
{
	const struct watched *g = &w->gpu[e->gpu];

	return earlier(e->clean, recovery_after(&w->recoveries, &(struct trouble){
					 .t = e->last, .node = g->node, .gpu = g->gpu, .uuid = g->uuid}));
}

/* ---- stretches of hot samples ---- */

/* Walks beside a series to what was measured nearest in time. */
struct cursor {
	struct slice of;
	size_t at;
};

static int64_t
nearest(struct cursor *c, int64_t t, int64_t within)
{
	const struct sample *s = c->of.s;
	int64_t before, after;

	if (c->of.n == 0)
		return NONE;
	while (c->at + 1 < c->of.n && s[c->at + 1].e.t <= t)
		c->at++;
	before = time_diff(t, s[c->at].e.t);
	if (before < 0)
		return -within <= before ? s[c->at].value : NONE;
	after = c->at + 1 < c->of.n ? time_diff(s[c->at + 1].e.t, t) : INT64_MAX;
	if (after < before && after <= within)
		return s[c->at + 1].value;
	return before <= within ? s[c->at].value : NONE;
}

/* The walk along one series. */
struct walk {
	struct watch *w;
	const struct watched *g;
	enum cause cause;
	struct cursor temperature, memory, clock;
	struct stretch at;
	int64_t shown;   /* when the stretch's first hot sample was taken */
	bool open;
	size_t unclean;  /* stretches from here on wait for a clean sample */
	uint64_t lost;   /* counters: growth below the share */
	int64_t lost_first, lost_last;
};

/* Hotter, then slower, then by the hardware, then the mask, which says more
 * than counters, then more, then earlier. */
static bool
is_worse(const struct look *a, const struct look *b)
{
	if (a->temperature != b->temperature)
		return a->temperature > b->temperature;
	if (a->clock != b->clock)
		return b->clock == NONE || (a->clock != NONE && a->clock < b->clock);
	if ((a->reasons ^ b->reasons) & HW_THERMAL)
		return a->reasons & HW_THERMAL;
	if (a->field != b->field)
		return a->field < b->field;
	if (a->field != METRIC_CLOCKS_EVENT && a->value != b->value)
		return a->value > b->value;
	return a->t < b->t;
}

static void
close_stretch(struct walk *k)
{
	struct watch *w = k->w;
	struct stretch *at = &k->at;
	int64_t lasted;

	if (!k->open)
		return;
	k->open = false;
	lasted = num_max(time_diff(at->last, k->shown), at->throttled);
	if (lasted >= w->c->sustained) {
		w->stretch = mem_extend(w->d->mem, w->stretch, w->nstretch, &w->stretch_cap, sizeof(*w->stretch));
		w->stretch[w->nstretch++] = *at;
	} else if (w->d->explain) {
		struct buf *b = explain_open(w, S("throttling too short for a verdict"), k->g);

		explain_reasons(b, at->reasons);
		explain_field(b, series[at->signal].field);
		phrase_time(b, "first", at->first);
		phrase_time(b, "last", at->last);
		phrase_seconds(b, "lasted_seconds", lasted);
		phrase_seconds(b, "sustained_seconds", w->c->sustained);
		phrase_close(b, S("it lasted less than --sustained"));
	}
}

static void
clean(struct walk *k, int64_t t)
{
	close_stretch(k);
	for (; k->unclean < k->w->nstretch; k->unclean++)
		k->w->stretch[k->unclean].clean = t;
}

static void
hot(struct walk *k, size_t signal, struct look l)
{
	const struct config *c = k->w->c;
	int64_t apart = k->open ? time_diff(l.t, k->at.last) : 0;
	int64_t throttled;

	if (apart > c->gap) {
		if (k->w->d->explain) {
			struct buf *b = explain_open(k->w, S("samples too far apart"), k->g);

			explain_field(b, l.field);
			phrase_time(b, "before", k->at.last);
			phrase_time(b, "after", l.t);
			phrase_seconds(b, "apart_seconds", apart);
			phrase_seconds(b, "gap_seconds", c->gap);
			phrase_close(b, S("hot before and after, but farther apart than --gap"));
		}
		close_stretch(k);
	}
	l.temperature = nearest(&k->temperature, l.t, c->gap);
	if (!is_temperature(l.temperature))
		l.temperature = NONE;
	l.memory = nearest(&k->memory, l.t, c->gap);
	/* some GPUs report 0 for a memory that has no sensor */
	if (!is_temperature(l.memory) || l.memory <= 0)
		l.memory = NONE;
	l.clock = nearest(&k->clock, l.t, c->gap);
	if (!is_clock(l.clock))
		l.clock = NONE;
	throttled = signal == MASK ? apart : num_min(l.value, time_diff(l.t, l.from));
	if (!k->open) {
		k->open = true;
		k->shown = l.t;
		k->at = (struct stretch){
			.signal = signal,
			.first = l.from,
			.last = l.t,
			.throttled = signal == MASK ? 0 : throttled,
			.clean = NO_TIME,
			.reasons = l.reasons,
			.start = l,
			.worst = l,
		};
		return;
	}
	k->at.last = l.t;
	k->at.throttled = time_add(k->at.throttled, throttled);
	k->at.reasons |= l.reasons;
	if (is_worse(&l, &k->at.worst))
		k->at.worst = l;
}

/* Samples that follow each other. */
static void
note_pair(struct walk *k, int64_t from, int64_t t)
{
	k->w->pairs++;
	k->w->near += time_diff(t, from) <= k->w->c->gap;
}

static void
walk_mask(struct walk *k)
{
	struct slice of = k->g->of[MASK];

	for (size_t i = 0; i < of.n;) {
		int64_t t = of.s[i].e.t, mask = 0, before = i ? of.s[i - 1].e.t : t;
		unsigned r;
		bool any = false;

		for (; i < of.n && of.s[i].e.t == t; i++)
			if (of.s[i].value >= 0) {
				mask |= of.s[i].value;
				any = true;
			}
		if (!any)
			continue;
		if (before != t)
			note_pair(k, before, t);
		r = reasons_of(mask, k->cause);
		if (r)
			hot(k, MASK, (struct look){.t = t, .from = t, .field = METRIC_CLOCKS_EVENT, .reasons = r, .value = mask});
		else
			clean(k, t);
	}
}

static void
explain_reset(const struct walk *k, const struct sample *a, const struct sample *b, struct str why)
{
	struct buf *x;

	if (!k->w->d->explain)
		return;
	x = explain_open(k->w, S("counter was reset"), k->g);
	explain_field(x, b->field);
	phrase_time(x, "before", a->e.t);
	phrase_time(x, "after", b->e.t);
	phrase_close(x, why);
}

/* A counter grew, from one time to another. */
static void
grew(struct walk *k, size_t signal, int64_t from, int64_t t, int64_t growth)
{
	int64_t apart = time_diff(t, from);
	bool enough = growth > 0 && growth >= share_of(apart, k->w->c->share);

	if (!enough) {
		if (growth > 0) {
			k->lost_first = k->lost++ ? k->lost_first : t;
			k->lost_last = t;
		}
		clean(k, t);
	} else if (apart <= k->w->c->gap) {
		hot(k, signal, (struct look){.t = t, .from = from, .field = series[signal].field, .reasons = series[signal].reason, .value = growth});
	} else {
		if (k->w->d->explain) {
			struct buf *b = explain_open(k->w, S("samples too far apart"), k->g);

			explain_field(b, series[signal].field);
			phrase_time(b, "before", from);
			phrase_time(b, "after", t);
			phrase_seconds(b, "apart_seconds", apart);
			phrase_seconds(b, "gap_seconds", k->w->c->gap);
			phrase_close(b, S("the counter grew, but nobody looked for longer than --gap"));
		}
		close_stretch(k);
	}
}

static void
walk_counter(struct walk *k, size_t signal)
{
	struct slice of = k->g->of[signal];
	const struct sample *last = NULL, *full = NULL; /* the latest count; the one before a reset */

	for (size_t i = 0; i < of.n; i++) {
		const struct sample *s = &of.s[i];

		/* of one moment and kind the highest */
		if (s->value < 0 || (i + 1 < of.n && s[1].e.t == s->e.t && s[1].delta == s->delta))
			continue;
		if (s->delta) {
			int64_t from = s->start != NO_TIME ? s->start : i ? s[-1].e.t : s->e.t;

			if (from < s->e.t) {
				note_pair(k, from, s->e.t);
				grew(k, signal, from, s->e.t, s->value);
			}
			continue;
		}
		if (last)
			note_pair(k, last->e.t, s->e.t);
		if (last && (s->value < last->value || s->start > last->e.t)) {
			explain_reset(k, last, s, S("the value is below the one before: no growth is known"));
			close_stretch(k);
			full = last;
		} else if (full && s->value >= full->value && s->value - last->value > time_add(time_diff(s->e.t, last->e.t), REFRESH)) {
			explain_reset(k, last, s, S("it is back faster than time went by: it was never reset"));
			close_stretch(k);
			full = NULL;
		} else if (last) {
			grew(k, signal, last->e.t, s->e.t, s->value - last->value);
		}
		last = s;
	}
}

static void
walk(struct watch *w, const struct watched *g, enum cause cause, size_t signal)
{
	struct walk k = {
		.w = w,
		.g = g,
		.cause = cause,
		.temperature = {.of = g->of[TEMPERATURE]},
		.memory = {.of = g->of[MEMORY]},
		.clock = {.of = g->of[CLOCK]},
		.unclean = w->nstretch,
	};

	if (signal == MASK)
		walk_mask(&k);
	else
		walk_counter(&k, signal);
	close_stretch(&k);
	if (k.lost && w->d->explain) {
		struct buf *b = explain_open(w, S("violation time grew too little"), g);

		explain_field(b, series[signal].field);
		phrase_int(b, "samples", (int64_t)k.lost);
		phrase_time(b, "first", k.lost_first);
		phrase_time(b, "last", k.lost_last);
		phrase_close(b, S("by less than --share of the time between samples"));
	}
}

/* ---- episodes ---- */

static int
stretch_cmp(const void *x, const void *y, const void *ctx)
{
	const struct stretch *a = x, *b = y;
	int d = SORT_ORDER(a->first, b->first);

	(void)ctx;
	return d ? d : SORT_ORDER(a->signal, b->signal);
}

/* What was measured in a stretch and in none before it. */
static void
measure(const struct watched *g, const struct stretch *s, struct episode *e, size_t at[2])
{
	struct slice t = g->of[TEMPERATURE], c = g->of[CLOCK];

	for (; at[0] < t.n && t.s[at[0]].e.t <= s->last; at[0]++)
		if (t.s[at[0]].e.t >= s->first && is_temperature(t.s[at[0]].value))
			e->temperature = num_max(e->temperature, t.s[at[0]].value);
	for (; at[1] < c.n && c.s[at[1]].e.t <= s->last; at[1]++)
		if (c.s[at[1]].e.t >= s->first && is_clock(c.s[at[1]].value)) {
			e->clocks += c.s[at[1]].value;
			e->nclock++;
		}
}

/* Stretches become episodes: those of a GPU that are less than the gap apart
 * are one. */
static void
merge(struct watch *w, size_t gpu)
{
	const struct watched *g = &w->gpu[gpu];
	size_t at[2] = {0}, to;

	sort(w->stretch, w->nstretch, sizeof(*w->stretch), stretch_cmp, NULL, &w->ev->scratch);
	for (size_t i = 0; i < w->nstretch; i = to) {
		const struct stretch *s = &w->stretch[i];
		struct episode e = {.gpu = gpu, .first = s->first, .last = s->last, .start = s->start, .worst = s->worst,
			.temperature = NONE, .clean = NO_TIME};
		int64_t throttled[SIGNALS] = {0}, back[SIGNALS];
		bool seen[SIGNALS] = {0}, ends = true;

		for (to = i; to < w->nstretch; to++) {
			s = &w->stretch[to];
			if (s->first > e.last && time_diff(s->first, e.last) >= w->c->gap)
				break;
			e.last = num_max(e.last, s->last);
			e.reasons |= s->reasons;
			if (s->start.t < e.start.t)
				e.start = s->start;
			if (is_worse(&s->worst, &e.worst))
				e.worst = s->worst;
			throttled[s->signal] = time_add(throttled[s->signal], s->throttled);
			back[s->signal] = s->clean;
			seen[s->signal] = true;
			measure(g, s, &e, at);
		}
		for (size_t k = 0; k < SIGNALS; k++) {
			if (!seen[k])
				continue;
			e.throttled = num_max(e.throttled, throttled[k]);
			ends &= back[k] != NO_TIME;
			e.clean = num_max(e.clean, back[k]); /* NO_TIME is the lowest */
		}
		if (!ends)
			e.clean = NO_TIME;
		e.throttled = num_min(e.throttled, time_diff(e.last, e.first));
		w->episode = mem_extend(w->d->mem, w->episode, w->nepisode, &w->episode_cap, sizeof(*w->episode));
		w->episode[w->nepisode++] = e;
	}
}

/* ---- spells: what throttles together on a node ---- */

static int
end_cmp(const void *x, const void *y, const void *ctx)
{
	const struct episode *const *a = x, *const *b = y;

	(void)ctx;
	return SORT_ORDER((*a)->last, (*b)->last);
}

/* How many GPUs throttle in a spell, and how many at once. */
static void
count_gpus(struct watch *w, struct spell *s)
{
	size_t n = s->to - s->from, id = (size_t)(s - w->spell) + 1, active = 0, out = 0;
	struct episode *e = w->episode + s->from, **end = mem_new(w->d->mem, struct episode *, n);

	for (size_t i = 0; i < n; i++)
		end[i] = &e[i];
	sort(end, n, sizeof(*end), end_cmp, NULL, &w->ev->scratch);
	for (size_t i = 0; i < n; i++) {
		struct watched *g = &w->gpu[e[i].gpu];

		while (out < i && time_add(end[out]->last, w->d->skew) < e[i].first)
			active -= --w->gpu[end[out++]->gpu].active == 0;
		if (g->spell != id) {
			g->spell = id;
			s->gpus++;
		}
		active += g->active++ == 0;
		if (active > s->peak)
			s->peak = active;
	}
	while (out < n)
		w->gpu[end[out++]->gpu].active--;
}

/* A clock of a GPU that is not idle. */
struct tick {
	int64_t t, clock;
	size_t gpu;
};

static int
tick_cmp(const void *x, const void *y, const void *ctx)
{
	const struct tick *a = x, *b = y;

	(void)ctx;
	return SORT_ORDER(a->t, b->t);
}

static int64_t
median(const struct watch *w, int64_t *v, size_t n)
{
	if (n == 0)
		return 0;
	sort(v, n, sizeof(*v), sort_i64, NULL, &w->ev->scratch);
	return sort_median(v, n);
}

/* The clocks of a node's GPUs, idle ones left out, ascending in time. */
static struct tick *
ticks_of(const struct watch *w, const struct host *h, size_t *n)
{
	struct tick *tick;
	size_t room = 0;

	for (size_t i = h->from; i < h->to; i++)
		room += w->gpu[i].of[CLOCK].n;
	tick = mem_new(w->d->mem, struct tick, room);
	*n = 0;
	for (size_t i = h->from; i < h->to; i++) {
		struct slice c = w->gpu[i].of[CLOCK];
		struct cursor mask = {.of = w->gpu[i].of[MASK]};

		for (size_t k = 0; k < c.n; k++) {
			int64_t m = nearest(&mask, c.s[k].e.t, w->c->gap);

			if (is_clock(c.s[k].value) && !(m >= 0 && (m & IDLE)))
				tick[(*n)++] = (struct tick){c.s[k].e.t, c.s[k].value, i};
		}
	}
	sort(tick, *n, sizeof(*tick), tick_cmp, NULL, &w->ev->scratch);
	return tick;
}

/* What the clocks of a node's other GPUs were during its spells. */
static void
compare_clocks(struct watch *w, struct spell *s, size_t n)
{
	struct tick *tick = NULL;
	int64_t *v = NULL;
	size_t ntick = 0, at = 0;

	for (size_t i = 0; i < n; i++) {
		bool needed = false;
		size_t nv = 0;

		for (size_t k = s[i].from; k < s[i].to; k++)
			needed |= w->episode[k].nclock && !w->gpu[w->episode[k].gpu].clock_max;
		if (!needed)
			continue;
		if (!tick) {
			tick = ticks_of(w, s->host, &ntick);
			v = mem_new(w->d->mem, int64_t, ntick);
		}
		/* marks of spells before were overwritten: mark anew */
		for (size_t k = s[i].from; k < s[i].to; k++)
			w->gpu[w->episode[k].gpu].spell = (size_t)(&s[i] - w->spell) + 1;
		while (at < ntick && tick[at].t < s[i].first)
			at++;
		for (; at < ntick && tick[at].t <= s[i].last; at++)
			if (w->gpu[tick[at].gpu].spell != (size_t)(&s[i] - w->spell) + 1)
				v[nv++] = tick[at].clock;
		s[i].clock = median(w, v, nv);
	}
}

static int
episode_cmp(const void *x, const void *y, const void *ctx)
{
	const struct episode *a = x, *b = y;
	int d = SORT_ORDER(a->first, b->first);

	(void)ctx;
	return d ? d : SORT_ORDER(a->gpu, b->gpu);
}

static void
explain_share(const struct watch *w, const struct spell *s, size_t reporting, size_t need)
{
	struct buf *b = w->d->explain;

	if (!b || s->is_node || s->gpus < 2)
		return;
	phrase_open(b, S("GPUs that are not a node"));
	phrase_str(b, "node", name(w, s->host->node));
	phrase_time(b, "first", s->first);
	phrase_time(b, "last", s->last);
	phrase_int(b, "gpus", (int64_t)s->gpus);
	phrase_int(b, "at_once", (int64_t)s->peak);
	phrase_int(b, "reporting", (int64_t)reporting);
	phrase_int(b, "needed", (int64_t)need);
	phrase_close(b, S("fewer than --node-share of the node's GPUs throttled at once"));
}

/* Episodes of a host, ascending, become spells. */
static void
gather_spells(struct watch *w, const struct host *h, enum cause cause, size_t from, size_t to)
{
	size_t reporting = h->reporting[cause], need, first = w->nspell;

	need = (size_t)share_of((int64_t)reporting, w->c->node_share);
	if (need < 2)
		need = 2; /* one hot GPU says nothing about its node */
	for (size_t i = from, end; i < to; i = end) {
		struct spell *s;

		w->spell = mem_extend(w->d->mem, w->spell, w->nspell, &w->spell_cap, sizeof(*w->spell));
		s = &w->spell[w->nspell++];
		*s = (struct spell){.host = h, .cause = cause, .from = i, .first = w->episode[i].first, .last = w->episode[i].last};
		for (end = i + 1; end < to && w->episode[end].first <= time_add(s->last, w->d->skew); end++)
			s->last = num_max(s->last, w->episode[end].last);
		s->to = end;
		count_gpus(w, s);
		s->is_node = s->peak >= need;
		explain_share(w, s, reporting, need);
	}
	compare_clocks(w, w->spell + first, w->nspell - first);
}

static void
gather_episodes(struct watch *w, enum cause cause)
{
	for (size_t i = 0; i < w->nhost; i++) {
		const struct host *h = &w->host[i];
		size_t from = w->nepisode;

		for (size_t g = h->from; g < h->to; g++) {
			w->nstretch = 0;
			for (size_t k = 0; k < SIGNALS; k++)
				if (k == MASK || series[k].cause == cause)
					walk(w, &w->gpu[g], cause, k);
			merge(w, g);
		}
		if (w->nepisode == from)
			continue;
		sort(w->episode + from, w->nepisode - from, sizeof(*w->episode), episode_cmp, NULL, &w->ev->scratch);
		gather_spells(w, h, cause, from, w->nepisode);
	}
}

/* What slowed a GPU down and is neither heat nor idleness. */
static void
explain_others(const struct watch *w, const struct watched *g)
{
	struct slice of = g->of[MASK];
	uint64_t count = 0;
	unsigned seen = 0, never = 0, m;
	int64_t first = 0, last = 0;
	struct buf *b;

	for (size_t i = 0; i < NELEM(reasons); i++)
		if (!reasons[i].counts || (reasons[i].bit == POWER_BRAKE && !w->c->power))
			never |= reasons[i].bit;
	for (size_t i = 0; i < of.n; i++) {
		m = (unsigned)(of.s[i].value & 0xffff) & never;
		if (!m || reasons_of(of.s[i].value, HEAT))
			continue;
		seen |= m;
		first = count++ ? first : of.s[i].e.t;
		last = of.s[i].e.t;
	}
	if (!count)
		return;
	b = explain_open(w, S("slowed down, but not by heat"), g);
	explain_reasons(b, seen);
	phrase_int(b, "samples", (int64_t)count);
	phrase_time(b, "first", first);
	phrase_time(b, "last", last);
	phrase_close(b, seen & POWER_BRAKE ? S("only heat counts; --power reports the power brake") : S("only heat counts"));
}

/* ---- findings: of a GPU, a node, a room ---- */

static struct finding *
add_finding(struct watch *w, enum scope scope, const struct spell *const *s, size_t n)
{
	struct finding *f;

	w->finding = mem_extend(w->d->mem, w->finding, w->nfinding, &w->finding_cap, sizeof(*w->finding));
	f = &w->finding[w->nfinding++];
	*f = (struct finding){.cause = s[0]->cause, .scope = scope, .first = s[0]->first, .last = s[0]->last, .spell = s, .nspell = n};
	for (size_t i = 0; i < n; i++) {
		f->first = num_min(f->first, s[i]->first);
		f->last = num_max(f->last, s[i]->last);
		f->gpu = i && f->gpu < s[i]->host->from ? f->gpu : s[i]->host->from;
	}
	return f;
}

/* A spell's beginning or end; both are part of it. */
struct edge {
	int64_t t;
	int step;
};

static int
edge_cmp(const void *x, const void *y, const void *ctx)
{
	const struct edge *a = x, *b = y;
	int d = SORT_ORDER(a->t, b->t);

	(void)ctx;
	return d ? d : SORT_ORDER(b->step, a->step);
}

/* How many spells of different nodes there are at once. */
static size_t
nodes_at_once(const struct watch *w, const struct spell *const *s, size_t n)
{
	struct edge *e = mem_new(w->d->mem, struct edge, 2 * n);
	int64_t now = 0, peak = 0;

	for (size_t i = 0; i < n; i++) {
		e[2 * i] = (struct edge){s[i]->first, 1};
		e[2 * i + 1] = (struct edge){time_add(s[i]->last, w->d->skew), -1};
	}
	sort(e, 2 * n, sizeof(*e), edge_cmp, NULL, &w->ev->scratch);
	for (size_t i = 0; i < 2 * n; i++) {
		now += e[i].step;
		peak = num_max(peak, now);
	}
	return (size_t)peak;
}

static void
explain_nodes(const struct watch *w, const struct spell *const *s, size_t n, size_t peak)
{
	struct buf *b = w->d->explain;
	int64_t last = s[0]->last;
	char before = '[';

	if (!b || peak < 2)
		return;
	phrase_open(b, S("nodes that are not a room"));
	buf_key(b, "nodes");
	for (size_t i = 0; i < n; i++) {
		last = num_max(last, s[i]->last);
		buf_chr(b, before);
		buf_json(b, name(w, s[i]->host->node));
		before = ',';
	}
	buf_chr(b, ']');
	phrase_time(b, "first", s[0]->first);
	phrase_time(b, "last", last);
	phrase_int(b, "at_once", (int64_t)peak);
	phrase_int(b, "needed", (int64_t)w->c->room_nodes);
	phrase_close(b, S("fewer than --room-nodes throttled at once"));
}

static int
spell_cmp(const void *x, const void *y, const void *ctx)
{
	const struct spell *a = *(const struct spell *const *)x, *b = *(const struct spell *const *)y;
	int d = SORT_ORDER(a->first, b->first);

	(void)ctx;
	return d ? d : SORT_ORDER(a->host, b->host);
}

/* Spells of nodes that overlap, if they are enough, are one of the room. */
static void
gather_rooms(struct watch *w, enum cause cause)
{
	const struct spell **s = mem_new(w->d->mem, const struct spell *, w->nspell);
	size_t n = 0, to;

	for (size_t i = 0; i < w->nspell; i++)
		if (w->spell[i].cause == cause && w->spell[i].is_node && w->spell[i].host->node)
			s[n++] = &w->spell[i];
	sort(s, n, sizeof(*s), spell_cmp, NULL, &w->ev->scratch);
	for (size_t i = 0; i < n; i = to) {
		int64_t last = s[i]->last;
		size_t peak;

		for (to = i + 1; to < n && s[to]->first <= time_add(last, w->d->skew); to++)
			last = num_max(last, s[to]->last);
		peak = nodes_at_once(w, s + i, to - i);
		if (peak < w->c->room_nodes) {
			explain_nodes(w, s + i, to - i, peak);
			continue;
		}
		add_finding(w, ROOM, s + i, to - i);
		for (size_t k = i; k < to; k++)
			w->spell[s[k] - w->spell].in_room = true;
	}
}

static int
finding_cmp(const void *x, const void *y, const void *ctx)
{
	const struct finding *a = x, *b = y;
	int d = SORT_ORDER(a->first, b->first);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->gpu, b->gpu); /* GPUs ascend by node and address */
	d = d ? d : SORT_ORDER(b->scope, a->scope);
	return d ? d : SORT_ORDER(a->cause, b->cause);
}

static void
gather_findings(struct watch *w)
{
	const struct spell **s = mem_new(w->d->mem, const struct spell *, w->nspell);

	for (unsigned cause = 0; cause < CAUSES; cause++)
		gather_rooms(w, cause);
	for (size_t i = 0; i < w->nspell; i++) {
		const struct spell *one = s[i] = &w->spell[i];

		if (one->in_room)
			continue;
		if (one->is_node) {
			add_finding(w, NODE, &s[i], 1);
			continue;
		}
		for (size_t k = one->from; k < one->to; k++) {
			struct finding *f = add_finding(w, GPU, &s[i], 1);

			f->episode = &w->episode[k];
			f->first = f->episode->first;
			f->last = f->episode->last;
			f->gpu = f->episode->gpu;
		}
	}
	sort(w->finding, w->nfinding, sizeof(*w->finding), finding_cmp, NULL, &w->ev->scratch);
}

/* ---- the verdict ---- */

/* What a finding says of one GPU. */
struct part {
	size_t gpu, turn; /* for evidence: its place among its node's */
	int64_t first, throttled;
	struct look start, worst;
};

struct account {
	struct part *part; /* by node and address */
	size_t n;
	size_t reporting;
	unsigned reasons;
	int64_t throttled;   /* by the GPU that throttled longest */
	int64_t temperature; /* or NONE */
	int64_t due, had;    /* clocks, as sums over samples; due 0: unknown */
	int64_t resolved;    /* or NO_TIME */
};

static int
by_gpu(const void *x, const void *y, const void *ctx)
{
	const struct episode *const *a = x, *const *b = y;
	int d = SORT_ORDER((*a)->gpu, (*b)->gpu);

	(void)ctx;
	return d ? d : SORT_ORDER((*a)->first, (*b)->first);
}

static struct account
account(const struct watch *w, const struct finding *f)
{
	struct account a = {.temperature = NONE};
	const struct episode **e;
	size_t n = 0;
	bool ends = true;

	for (size_t i = 0; i < f->nspell; i++) {
		n += f->spell[i]->to - f->spell[i]->from;
		a.reporting += f->spell[i]->host->reporting[f->cause];
	}
	n = f->scope == GPU ? 1 : n;
	e = mem_new(w->d->mem, const struct episode *, n);
	a.part = mem_new(w->d->mem, struct part, n);
	n = 0;
	for (size_t i = 0; i < f->nspell; i++)
		for (size_t k = f->spell[i]->from; k < f->spell[i]->to; k++) {
			const struct episode *one = f->scope == GPU ? f->episode : &w->episode[k];
			int64_t max = w->gpu[one->gpu].clock_max, full = max ? max : f->spell[i]->clock;

			e[n++] = one;
			/* clocks are below 2^24, samples fit into memory: no overflow */
			a.due += full * one->nclock;
			a.had += full ? one->clocks : 0;
			if (f->scope == GPU)
				break;
		}
	sort(e, n, sizeof(*e), by_gpu, NULL, &w->ev->scratch);
	a.resolved = NO_TIME;
	for (size_t i = 0; i < n; i++) {
		struct part *p = a.n ? &a.part[a.n - 1] : NULL;
		int64_t back;

		a.reasons |= e[i]->reasons;
		a.temperature = num_max(a.temperature, e[i]->temperature);
		if (!p || p->gpu != e[i]->gpu) {
			p = &a.part[a.n++];
			*p = (struct part){.gpu = e[i]->gpu, .first = e[i]->first, .start = e[i]->start, .worst = e[i]->worst};
		}
		p->throttled = time_add(p->throttled, e[i]->throttled);
		if (is_worse(&e[i]->worst, &p->worst))
			p->worst = e[i]->worst;
		a.throttled = num_max(a.throttled, p->throttled);
		if (i + 1 < n && e[i + 1]->gpu == e[i]->gpu)
			continue; /* its last episode tells */
		back = resolved_at(w, e[i]);
		ends &= back != NO_TIME;
		a.resolved = num_max(a.resolved, back);
	}
	if (!ends)
		a.resolved = NO_TIME;
	if (a.reasons & ~(unsigned)VIOLATION)
		a.reasons &= ~(unsigned)VIOLATION; /* why is known better */
	return a;
}

/* part of whole in units of 1/scale, to the nearest. */
static int64_t
ratio(int64_t part, int64_t whole, int64_t scale)
{
	/* what is cut off here is below 10^-12 */
	while (whole > INT64_MAX / 2 / scale) {
		whole /= 2;
		part /= 2;
	}
	return (part * scale + whole / 2) / whole;
}

/* Name for a sentence: at most max bytes, from the front. */
static void
put_short(struct buf *b, struct str s, size_t max)
{
	struct str head = str_head(s, max);

	while (head.n && head.n < s.n && ((unsigned char)s.p[head.n] & 0xc0) == 0x80)
		head.n--;
	buf_plain(b, head);
	if (head.n < s.n)
		buf_add(b, S("..."));
}

/* Whole seconds are enough from ten on, milliseconds below. */
static void
put_seconds(struct buf *b, int64_t ns)
{
	int64_t unit = ns >= 10 * SECOND ? SECOND : ns >= 1000000 ? 1000000 : 1;

	buf_fixed(b, ns / unit * unit, 9);
	buf_add(b, S(" s"));
}

static void
put_gpu_short(struct buf *b, const struct watch *w, size_t gpu, size_t max)
{
	const struct watched *g = &w->gpu[gpu];

	if (!g->gpu.known && g->uuid)
		put_short(b, name(w, g->uuid), max);
	else
		put_gpu(b, w, g);
}

static int
by_host(const void *x, const void *y, const void *ctx)
{
	const struct host *const *a = x, *const *b = y;

	(void)ctx;
	return SORT_ORDER(*a, *b);
}

/* The nodes of a finding by name, each once. */
static const struct host **
hosts_of(const struct watch *w, const struct finding *f, size_t *n)
{
	const struct host **h = mem_new(w->d->mem, const struct host *, f->nspell);

	for (size_t i = 0; i < f->nspell; i++)
		h[i] = f->spell[i]->host;
	sort(h, f->nspell, sizeof(*h), by_host, NULL, &w->ev->scratch);
	*n = sort_unique(h, f->nspell, sizeof(*h), by_host, NULL);
	return h;
}

/* "a, b, c and 2 others" */
static void
put_nodes(struct buf *b, const struct watch *w, const struct host *const *h, size_t n, size_t max)
{
	size_t named = n > NODES_NAMED + 1 ? NODES_NAMED : n; /* never "1 other" */

	for (size_t i = 0; i < named; i++) {
		buf_add(b, i ? S(", ") : S(""));
		put_short(b, name(w, h[i]->node), max);
	}
	if (n > named) {
		buf_add(b, S(" and "));
		buf_u64(b, n - named);
		buf_add(b, S(" others"));
	}
}

/* Who it is about, for the headline. */
static void
put_who(struct buf *b, const struct watch *w, const struct finding *f, const struct account *a, size_t max)
{
	size_t n;
	const struct host **h = hosts_of(w, f, &n);

	if (f->scope == GPU) {
		buf_add(b, S("GPU "));
		put_gpu_short(b, w, f->gpu, max);
		if (h[0]->node) {
			buf_add(b, S(" of "));
			put_short(b, name(w, h[0]->node), max);
		}
		return;
	}
	if (f->scope == ROOM) {
		phrase_count(b, n, S("node"), S("nodes"));
		if (max) {
			buf_add(b, S(" ("));
			put_nodes(b, w, h, n, max);
			buf_chr(b, ')');
		}
		buf_add(b, S(": "));
	} else if (h[0]->node) {
		buf_add(b, S("Node "));
		put_short(b, name(w, h[0]->node), max);
		buf_add(b, S(": "));
	}
	buf_u64(b, a->n);
	buf_add(b, S(" of "));
	buf_u64(b, a->reporting);
	buf_add(b, S(" GPUs"));
}

/*
 * "Node gpu-7: 8 of 8 GPUs throttled by heat for 840 s, up to 91 C, clocks
 * down 38.2 %, since 2026-...Z".  What does not fit is shortened.
 */
static struct str
headline(const struct watch *w, const struct finding *f, const struct account *a, int64_t loss)
{
	static const size_t room[] = {63, 36, 20, 4, 0}; /* bytes of a name */
	struct buf *b = w->d->scratch;

	for (size_t i = 0; i < NELEM(room); i++) {
		b->n = 0;
		put_who(b, w, f, a, room[i]);
		buf_add(b, f->cause == HEAT ? S(" throttled by heat for ") : S(" slowed by the power brake for "));
		put_seconds(b, a->throttled);
		if (f->cause == HEAT && a->temperature != NONE) {
			buf_add(b, S(", up to "));
			buf_fixed(b, a->temperature, 3);
			buf_add(b, S(" C"));
		}
		if (loss > 0) {
			buf_add(b, S(", clocks down "));
			buf_fixed(b, loss, 1);
			buf_add(b, S(" %"));
		}
		buf_add(b, S(", since "));
		time_put(b, f->first);
		if (b->n <= HEADLINE_MAX)
			break;
	}
	return verdict_keep(w->d->out, b);
}

static struct str
remediation(const struct watch *w, const struct finding *f, const struct account *a)
{
	static const struct str todo[CAUSES][ROOM + 1] = {
		[HEAT] = {
			[GPU] = STR_INIT("look at this GPU: dust, heat sink, thermal paste, a blocked or missing air duct. Move its work away until it stays cool; have it replaced if it does not."),
			[NODE] = STR_INIT("Much of the node is hot at once: check its fans, air filters and inlet temperature, or the flow of its coolant. Cordon it until it stays cool; swapping single GPUs will not help."),
			[ROOM] = STR_INIT("Several nodes are hot at once: have the cooling of the room or row checked (chillers, pumps, air handlers, coolant loop). Put less load on these nodes until it works; the nodes are not at fault."),
		},
		[POWER] = {
			[GPU] = STR_INIT("check the power cables and the slot of this GPU, and the node's power supplies."),
			[NODE] = STR_INIT("Much of the node is slowed down at once: check its power supplies, their redundancy and their power limit."),
			[ROOM] = STR_INIT("Several nodes are slowed down at once: have the power feed of the rack or room checked."),
		},
	};
	struct buf *b = w->d->scratch;
	size_t n, others = a->reporting - f->spell[0]->gpus;
	const struct host **h = hosts_of(w, f, &n);

	b->n = 0;
	if (h[0]->node) {
		buf_add(b, f->scope == ROOM ? S("Nodes ") : S("Node "));
		put_nodes(b, w, h, n, 253);
	}
	if (f->scope == GPU) {
		buf_add(b, b->n ? S(", GPU ") : S("GPU "));
		put_gpu_short(b, w, f->gpu, 253);
	}
	if (b->n)
		buf_add(b, S(": "));
	if (a->reasons & HW_THERMAL)
		buf_add(b, S("The hardware has cut its clocks, the last step before it shuts down: drain first. "));
	if (f->scope == GPU) {
		if (others) {
			buf_add(b, S("Its "));
			phrase_count(b, others, S("sibling is fine, so "), S("siblings are fine, so "));
		} else {
			buf_add(b, S("No sibling is there to compare it with; "));
		}
	}
	buf_add(b, todo[f->cause][f->scope]);
	return verdict_keep(w->d->out, b);
}

static struct str
gpu_name(const struct watch *w, size_t gpu, bool with_node)
{
	struct buf *b = w->d->scratch;

	b->n = 0;
	if (with_node) {
		buf_add(b, name(w, w->gpu[gpu].node));
		buf_chr(b, '/');
	}
	put_gpu(b, w, &w->gpu[gpu]);
	return verdict_keep(w->d->out, b);
}

/* ---- evidence ---- */

struct proof {
	const struct look *l;
	size_t gpu;
};

static int
turn_cmp(const void *x, const void *y, const void *ctx)
{
	const struct part *a = x, *b = y;
	int d = SORT_ORDER(a->turn, b->turn);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->first, b->first);
	return d ? d : SORT_ORDER(a->gpu, b->gpu);
}

static int
node_first_cmp(const void *x, const void *y, const void *ctx)
{
	const struct part *a = x, *b = y;
	const struct watched *g = ctx;
	int d = SORT_ORDER(g[a->gpu].node, g[b->gpu].node); /* only to group */

	d = d ? d : SORT_ORDER(a->first, b->first);
	return d ? d : SORT_ORDER(a->gpu, b->gpu);
}

static int
proof_cmp(const void *x, const void *y, const void *ctx)
{
	const struct proof *a = x, *b = y;
	int d = SORT_ORDER(a->l->t, b->l->t);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->gpu, b->gpu);
	return d ? d : SORT_ORDER(a->l->field, b->l->field);
}

static void
put_reasons(struct buf *b, unsigned r)
{
	struct str before = {0};

	for (size_t i = 0; i < NELEM(reasons); i++)
		if (r & reasons[i].bit) {
			buf_add(b, before);
			buf_add(b, reasons[i].name);
			before = S(", ");
		}
}

/* "DEV_CLOCKS_EVENT_REASONS 0x48 (hw_slowdown, hw_thermal), 91 C" */
static void
put_look(struct buf *b, const struct look *l)
{
	put_field(b, l->field);
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
		buf_add(b, S(" C"));
	}
	if (l->memory != NONE) {
		buf_add(b, S(", memory "));
		buf_fixed(b, l->memory, 3);
		buf_add(b, S(" C"));
	}
	if (l->clock != NONE) {
		buf_add(b, S(", SM clock "));
		buf_fixed(b, l->clock, 3);
		buf_add(b, S(" MHz"));
	}
}

static void
prove(const struct watch *w, const struct proof *p)
{
	const struct watched *g = &w->gpu[p->gpu];
	struct buf *b = w->d->scratch;
	struct str uid;

	b->n = 0;
	buf_add(b, g->node ? name(w, g->node) : S("-"));
	buf_chr(b, '/');
	put_gpu(b, w, g);
	buf_chr(b, '/');
	put_field(b, p->l->field);
	buf_chr(b, '/');
	time_put(b, p->l->t);
	uid = verdict_keep(w->d->out, b);
	if (g->node) {
		buf_add(b, name(w, g->node));
		buf_chr(b, ' ');
	}
	buf_add(b, S("GPU "));
	put_gpu(b, w, g);
	buf_add(b, S(": "));
	put_look(b, p->l);
	verdict_evidence(w->d->out, S("hw_throttle"), uid, p->l->t, verdict_keep(w->d->out, b));
}

/* First and worst sample of each GPU, as far as there is room; nodes take
 * turns, so that each of a room's is seen. */
static void
evidence(const struct watch *w, struct account *a)
{
	struct proof proof[EVIDENCE_MAX];
	size_t n = 0;

	sort(a->part, a->n, sizeof(*a->part), node_first_cmp, w->gpu, &w->ev->scratch);
	for (size_t i = 1; i < a->n; i++)
		if (w->gpu[a->part[i].gpu].node == w->gpu[a->part[i - 1].gpu].node)
			a->part[i].turn = a->part[i - 1].turn + 1;
	sort(a->part, a->n, sizeof(*a->part), turn_cmp, NULL, &w->ev->scratch);
	for (size_t i = 0; i < a->n && n < EVIDENCE_MAX; i++) {
		const struct part *p = &a->part[i];

		proof[n++] = (struct proof){&p->start, p->gpu};
		if (n < EVIDENCE_MAX && (p->worst.t != p->start.t || p->worst.field != p->start.field))
			proof[n++] = (struct proof){&p->worst, p->gpu};
	}
	sort(proof, n, sizeof(*proof), proof_cmp, NULL, &w->ev->scratch);
	for (size_t i = 0; i < n; i++)
		prove(w, &proof[i]);
}

static void
emit(const struct watch *w, const struct finding *f)
{
	static const struct str scopes[] = {STR_INIT("gpu"), STR_INIT("node"), STR_INIT("room")};
	struct account a = account(w, f);
	struct verdicts *vs = w->d->out;
	struct verdict *v = verdict_add(vs);
	int64_t loss = a.due ? ratio(num_max(a.due - a.had, 0), a.due, 1000) : 0, span = time_diff(f->last, f->first);
	size_t n, healthy = a.reporting;
	const struct host **h = hosts_of(w, f, &n);

	v->headline = headline(w, f, &a, loss);
	v->remediation = remediation(w, f, &a);
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
		verdict_str(vs, "gpu_id", gpu_name(w, f->gpu, false));
	} else {
		verdict_open(vs, "gpu_ids", ITEM_LIST);
		for (size_t i = 0; i < a.n; i++)
			verdict_str(vs, NULL, gpu_name(w, a.part[i].gpu, f->scope == ROOM));
		verdict_close(vs);
	}
	verdict_open(vs, "reasons", ITEM_LIST);
	for (size_t i = 0; i < NELEM(reasons); i++)
		if (a.reasons & reasons[i].bit)
			verdict_str(vs, NULL, reasons[i].name);
	verdict_close(vs);
	verdict_time(vs, "first", f->first);
	verdict_time(vs, "last", f->last);
	verdict_seconds(vs, "throttled_seconds", a.throttled);
	if (span)
		verdict_fixed(vs, "share", ratio(a.throttled, span, 1000), 3);
	if (a.temperature != NONE)
		verdict_fixed(vs, "max_temperature_c", a.temperature, 3);
	if (a.due)
		verdict_fixed(vs, "clock_loss_percent", loss, 1);
	for (size_t i = 0; i < f->nspell; i++)
		healthy -= f->spell[i]->gpus;
	verdict_int(vs, "healthy_siblings", (int64_t)healthy);
	if (a.resolved != NO_TIME)
		verdict_time(vs, "resolved_at", a.resolved);
	evidence(w, &a);
}

/* ---- notices ---- */

static void
notice(const struct watch *w)
{
	const struct event_list *list = &w->ev->list[EVENT_SAMPLE];
	struct buf *b = w->d->notice;
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
	if (w->near == 0) {
		if (w->pairs)
			buf_add(b, S("all samples of a GPU are farther apart than --gap: nothing is seen to last"));
		else
			buf_add(b, S("no GPU has two samples: nothing is seen to last"));
	}
	if (w->nodeless)
		phrase_clause(b, w->nodeless, S("sample carries no node: --node=NAME names it"),
			       S("samples carry no node: --node=NAME names it"));
	if (w->timeless)
		phrase_clause(b, w->timeless, S("sample carries no time and is left out"),
			       S("samples carry no time and are left out"));
}

static void
detect(const struct detection *d)
{
	static const enum event_kind samples = EVENT_SAMPLE;
	struct watch w = {.d = d, .c = d->config, .ev = d->ev};
	uint32_t fallback = events_node(d->ev, d->node);

	w.canon = nodes_settle(d->ev, &samples, 1, d->mem);
	w.gpus = gpus_gather(d->ev, fallback, d->mem);
	gather_gpus(&w, fallback);
	w.recoveries = recovery_gather(d->ev, fallback, d->mem);
	gather_episodes(&w, HEAT);
	if (w.c->power)
		gather_episodes(&w, POWER);
	if (d->explain)
		for (size_t i = 0; i < w.ngpu; i++)
			explain_others(&w, &w.gpu[i]);
	gather_findings(&w);
	for (size_t i = 0; i < w.nfinding; i++)
		emit(&w, &w.finding[i]);
	notice(&w);
}

const struct pattern thermal_throttle = {
	.filter = STR_INIT("thermal"),
	.id = STR_INIT("4"),
	.name = STR_INIT("thermal_throttle"),
	.about = STR_INIT("Say which GPU, node or room is too hot, and what it costs."),
	.wants = 1u << EVENT_SAMPLE | 1u << EVENT_GPU | 1u << EVENT_RECOVERY,
	.words = {metric_words, kernel_words, flat_words, envelope_words},
	.opt = options,
	.config_size = sizeof(struct config),
	.config = &start,
	.setup = setup,
	.detect = detect,
};
