/*
 * pcie_aer - which PCIe link is failing and slowing its GPU.
 *
 * Reports of PCIe errors and measurements are grouped by GPU, each group in
 * order of time.  A GPU's measurements are judged one by one – against what
 * its siblings on the node do at that time, its link's maximum, the replays
 * that its link may have – and what is bad is joined with the reports before
 * it.  What is looked at for one measurement is bounded: the cost grows with
 * the records.
 */
#include "base/num.h"
#include "input/aer.h"
#include "input/kernel.h"
#include "input/metric.h"
#include "pattern/gpus.h"
#include "pattern/pattern.h"
#include "pattern/phrase.h"
#include "pattern/recovery.h"
#include "pattern/report.h"
#include "pattern/topology.h"

enum {
	OTHERS_MAX = 64,   /* other GPUs of a node that are asked */
	OWN_MIN = 5,       /* own measurements that make a baseline */
	OWN_MAX = 1024,    /* and the latest of them that are asked */
	DROP_DIGITS = 6,
	DROP_ONE = 1000000,
};

/* Siblings' measurements this near count as of the same time: exporters poll
 * every 15 to 60 s. */
static const int64_t NEAR = 60 * SECOND;
static const int64_t MINUTE = 60 * SECOND;

struct config {
	int64_t window;
	struct str drop_text, topology_file;
	bool fatal_alone;
	int64_t drop; /* of DROP_ONE */
	struct topology topology;
};

#define TO(member) offsetof(struct config, member)
static const struct opt options[] = {
	{'w', "window", OPT_DURATION, TO(window), "DUR", "5m",
		"join a report with what is measured up to DUR after it; what is nearer together is one episode"},
	{0, "drop", OPT_STR, TO(drop_text), "SHARE", "0.5",
		"share of the usual throughput that must be lost, above 0, at most 1"},
	{0, "fatal-alone", OPT_FLAG, TO(fatal_alone), NULL, NULL,
		"fatal reports are enough for a verdict, a partial one"},
	{0, "topology", OPT_STR, TO(topology_file), "FILE", NULL,
		"charge ports' reports to the GPUs below them: what lspci -D -PP -d 10de: prints"},
	{.kind = OPT_END},
};

static const struct str own_words[] = {
	STR_INIT("kernelevents.pcie_aer"),
	STR_INIT("pcie_rate_collapse"),
	{NULL, 0},
};

enum series { RATE, WIDTH, GEN, WIDTH_MAX, GEN_MAX, REPLAY, SERIES };

static const struct {
	uint16_t field;
	enum series series;
	struct str direction;
} fields[] = {
	{METRIC_PCIE_TX_BYTES, RATE, STR_INIT("tx")},
	{METRIC_PCIE_RX_BYTES, RATE, STR_INIT("rx")},
	{METRIC_LINK_WIDTH, WIDTH, {NULL, 0}},
	{METRIC_LINK_GEN, GEN, {NULL, 0}},
	{METRIC_LINK_WIDTH_MAX, WIDTH_MAX, {NULL, 0}},
	{METRIC_LINK_GEN_MAX, GEN_MAX, {NULL, 0}},
	{METRIC_PCIE_REPLAY, REPLAY, {NULL, 0}},
};

static int
setup(void *config, struct program *p, struct reader *r, struct str words[SIFT_WORDS], size_t *nwords)
{
	struct config *c = config;
	struct str text;
	const char *why;
	uint64_t line;

	(void)words, (void)nwords;
	if (r) {
		uint16_t *wanted = mem_new(p->mem, uint16_t, NELEM(fields) + 1);

		for (size_t i = 0; i < NELEM(fields); i++)
			wanted[i] = fields[i].field;
		r->ev->fields = wanted;
	}
	if (!num_fixed(c->drop_text, DROP_DIGITS, &c->drop) || c->drop <= 0 || c->drop > DROP_ONE) {
		DIAG(p->diag, S("--drop: not a share above 0 and at most 1: "), c->drop_text);
		return EX_FAIL;
	}
	if (c->topology_file.n) {
		if (!p->load(p, c->topology_file, &text))
			return EX_FAIL;
		why = topology_parse(&c->topology, text, p->mem, &line);
		if (why) {
			DIAG(p->diag, c->topology_file, S(":"), diag_u64(line), S(": "), str_of(why));
			return EX_FAIL;
		}
	}
	return -1;
}

/* ---- measurements ---- */

struct point {
	int64_t t, value; /* rates: 10^-3 bytes per second */
	int64_t start;    /* rates: the baseline; deltas: their start; or NO_TIME */
	struct pci gpu;
	uint32_t node, direction, uid;
	uint8_t series, delta;
	uint8_t pad[2];
};

/* A GPU, and where its points are. */
struct unit {
	uint32_t node;
	struct pci gpu;
	size_t from, to;
};

struct range {
	size_t from, to;
};

struct link {
	int64_t width, max_width, gen, max_gen; /* 0: not known */
};

enum basis { NO_BASIS, GIVEN, SIBLINGS, OWN };

enum what { COLLAPSE, DEGRADED, REPLAYS };

/* A measurement that is bad. */
struct hit {
	const struct point *p;
	enum what what;
	enum basis basis;
	int64_t baseline, ratio; /* rates: what is lost, of DROP_ONE */
	int64_t growth, limit, span; /* replays in span, and how many a minute may be */
	struct link link;
};

struct joining {
	const struct detection *d;
	const struct config *c;
	struct events *ev;
	struct gpus gpus;
	struct reports reports;
	struct point *point;
	size_t npoint;
	struct unit *unit;
	size_t nunit;
	struct recoveries recoveries;
	uint64_t point_timeless, point_unnamed;
	struct finding *found;
	size_t nfound, foundcap;
};

static struct str
name(const struct joining *j, uint32_t id)
{
	return idx_at(&j->ev->names, id);
}

/* a + b, or the nearest that int64 can hold; b is not negative. */
static int64_t
later(int64_t a, int64_t b)
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

/*
 * Short names become the full one that the input has for them; where it has
 * two, they stay: nobody can tell whose they are.
 */
static void
settle_nodes(struct events *ev, uint32_t fallback, struct mem *m)
{
	static const enum event_kind kinds[] = {EVENT_AER, EVENT_RATE, EVENT_SAMPLE, EVENT_GPU, EVENT_RECOVERY, EVENT_XID};
	static const size_t sizes[] = {
		sizeof(struct aer), sizeof(struct rate), sizeof(struct sample), sizeof(struct gpu),
		sizeof(struct recovery), sizeof(struct xid),
	};
	uint32_t *full = mem_new(m, uint32_t, ev->names.n + 1);

	for (int pass = 0; pass < 2; pass++)
		for (size_t k = 0; k < NELEM(kinds); k++)
			for (size_t i = 0; i < ev->list[kinds[k]].n; i++) {
				struct event *e = (void *)((char *)ev->list[kinds[k]].p + i * sizes[k]);
				struct str s;
				uint32_t at;

				if (pass) {
					if (full[e->node] && full[e->node] != UINT32_MAX)
						e->node = full[e->node];
					continue;
				}
				if (!e->node)
					e->node = fallback;
				s = idx_at(&ev->names, e->node);
				at = idx_find(&ev->names, node_label(s));
				if (!at || at == e->node)
					continue;
				if (!full[at])
					full[at] = e->node;
				else if (full[at] != e->node)
					full[at] = UINT32_MAX;
			}
}

static int
point_cmp(const void *x, const void *y, const void *ctx)
{
	const struct point *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;
	int d = SORT_ORDER(a->node, b->node);

	d = d ? d : pci_cmp(a->gpu, b->gpu);
	d = d ? d : SORT_ORDER(a->series, b->series);
	d = d ? d : idx_cmp(names, a->direction, b->direction);
	d = d ? d : SORT_ORDER(a->t, b->t);
	d = d ? d : SORT_ORDER(a->value, b->value);
	d = d ? d : SORT_ORDER(a->start, b->start);
	d = d ? d : SORT_ORDER(a->delta, b->delta);
	return d ? d : idx_cmp(names, a->uid, b->uid);
}

static int
point_same(const void *x, const void *y, const void *ctx)
{
	const struct point *a = x, *b = y;

	(void)ctx;
	return a->node != b->node || pci_cmp(a->gpu, b->gpu) != 0 || a->series != b->series ||
	       a->direction != b->direction || a->t != b->t || a->value != b->value || a->start != b->start ||
	       a->delta != b->delta;
}

/* Which GPU on a node a UUID or number means: asked again for each record
 * that names its GPU so, mostly with the same answer. */
struct asked {
	uint32_t node, uuid;
	int16_t index;
	struct pci gpu;
};

static void
add_point(struct joining *j, struct point p, uint32_t uuid, int16_t index, struct asked *last)
{
	if (p.t == NO_TIME) {
		j->point_timeless++;
		return;
	}
	if (!p.gpu.known) {
		if (last->node != p.node || last->uuid != uuid || last->index != index) {
			struct pci gpu = {0};

			*last = (struct asked){p.node, uuid, index, {0}};
			gpus_fill(&j->gpus, p.node, p.t, &gpu, &uuid, &index);
			last->gpu = gpu;
		}
		p.gpu = last->gpu;
	}
	p.gpu.fn = 0;
	if (p.gpu.known)
		j->point[j->npoint++] = p;
	else
		j->point_unnamed++;
}

static void
gather_points(struct joining *j)
{
	const struct event_list *samples = &j->ev->list[EVENT_SAMPLE], *rates = &j->ev->list[EVENT_RATE];
	const struct sample *s = samples->p;
	const struct rate *r = rates->p;
	struct asked last = {.index = -2};
	uint32_t direction[NELEM(fields)];

	for (size_t k = 0; k < NELEM(fields); k++)
		direction[k] = idx_add(&j->ev->names, fields[k].direction);
	j->point = mem_new(j->d->mem, struct point, samples->n + rates->n);
	for (size_t i = 0; i < samples->n; i++)
		for (size_t k = 0; k < NELEM(fields); k++) {
			if (s[i].field != fields[k].field || s[i].value < 0)
				continue;
			add_point(j,
				  (struct point){
					  .t = s[i].e.t,
					  .value = s[i].value,
					  .start = fields[k].series == REPLAY ? s[i].start : NO_TIME,
					  .gpu = s[i].gpu,
					  .node = s[i].e.node,
					  .direction = direction[k],
					  .uid = s[i].e.uid,
					  .series = (uint8_t)fields[k].series,
					  .delta = s[i].delta,
				  },
				  s[i].uuid, s[i].index, &last);
		}
	for (size_t i = 0; i < rates->n; i++)
		add_point(j,
			  (struct point){
				  .t = r[i].e.t,
				  .value = r[i].value,
				  .start = r[i].baseline,
				  .gpu = r[i].gpu,
				  .node = r[i].e.node,
				  .direction = r[i].direction,
				  .uid = r[i].e.uid,
				  .series = RATE,
			  },
			  r[i].uuid, -1, &last);
	sort(j->point, j->npoint, sizeof(*j->point), point_cmp, j->ev, &j->ev->scratch);
	j->npoint = sort_unique(j->point, j->npoint, sizeof(*j->point), point_same, NULL);
}

/* The first of the points in [from, to) at t or later; or behind t. */
static size_t
bisect(const struct joining *j, struct range r, int64_t t, bool after)
{
	size_t lo = r.from, hi = r.to;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int64_t at = j->point[mid].t;

		if (at < t || (after && at == t))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* A unit's series; of its rates, those of a direction. */
static struct range
series_of(const struct joining *j, const struct unit *u, enum series series, uint32_t direction)
{
	const struct point key = {
		.t = INT64_MIN, .value = INT64_MIN, .start = INT64_MIN,
		.gpu = u->gpu, .node = u->node, .direction = direction, .series = (uint8_t)series,
	};
	struct point end = key;
	struct range r = {u->from, u->from};

	end.t = INT64_MAX;
	for (int pass = 0; pass < 2; pass++) {
		size_t lo = r.to, hi = u->to;

		while (lo < hi) {
			size_t mid = lo + (hi - lo) / 2;
			const struct point *p = &j->point[mid];

			if (point_cmp(p, pass ? &end : &key, j->ev) < 0 || (pass && p->t == INT64_MAX))
				lo = mid + 1;
			else
				hi = mid;
		}
		*(pass ? &r.to : &r.from) = lo;
		r.to = lo;
	}
	return r;
}

/* ---- units ---- */

static int
unit_cmp(const void *x, const void *y, const void *ctx)
{
	const struct unit *a = x, *b = y;
	int d = SORT_ORDER(a->node, b->node);

	(void)ctx;
	return d ? d : pci_cmp(a->gpu, b->gpu);
}

static void
add_unit(struct joining *j, size_t *cap, uint32_t node, struct pci gpu)
{
	gpu.fn = 0;
	if (j->nunit == *cap) {
		struct unit *more = mem_new(j->d->mem, struct unit, *cap = *cap ? 2 * *cap : 64);

		for (size_t i = 0; i < j->nunit; i++)
			more[i] = j->unit[i];
		j->unit = more;
	}
	if (j->nunit && j->unit[j->nunit - 1].node == node && pci_cmp(j->unit[j->nunit - 1].gpu, gpu) == 0)
		return;
	j->unit[j->nunit++] = (struct unit){.node = node, .gpu = gpu};
}

/* All devices with points or reports, and what is below ports with reports. */
static void
gather_units(struct joining *j)
{
	size_t cap = 0;

	for (size_t i = 0; i < j->npoint; i++)
		add_unit(j, &cap, j->point[i].node, j->point[i].gpu);
	for (size_t i = 0; i < j->reports.n; i++) {
		const struct report *r = &j->reports.r[i];
		const struct below *b;
		size_t n;

		if (i && r[-1].node == r->node && pci_cmp(r[-1].dev, r->dev) == 0)
			continue;
		n = topology_of_port(&j->c->topology, r->dev, &b);
		for (size_t k = 0; k < n; k++)
			add_unit(j, &cap, r->node, b[k].gpu);
		add_unit(j, &cap, r->node, r->dev);
	}
	sort(j->unit, j->nunit, sizeof(*j->unit), unit_cmp, NULL, &j->ev->scratch);
	j->nunit = sort_unique(j->unit, j->nunit, sizeof(*j->unit), unit_cmp, NULL);
	for (size_t i = 0, at = 0; i < j->nunit; i++) {
		struct unit *u = &j->unit[i];

		u->from = at;
		while (at < j->npoint && j->point[at].node == u->node && pci_cmp(j->point[at].gpu, u->gpu) == 0)
			at++;
		u->to = at;
	}
}

/* ---- judging ---- */

/* One unit at work. */
struct work {
	const struct joining *j;
	const struct unit *u;
	const struct report **report; /* of the GPU and of the ports above it, by time */
	int64_t *run;          /* when the run that each belongs to began */
	size_t nreport;
	struct hit *hit;       /* by time */
	size_t nhit;
	struct range series[SERIES]; /* RATE: all directions */
	struct range other[SERIES][OTHERS_MAX]; /* the siblings' */
	uint32_t other_direction;
	bool others_known[SERIES];
	int64_t own_start;      /* what own_median is of: before this, and */
	struct range own_range;
	int64_t own_median;
	size_t own_n;
	size_t nobase;          /* rates without a baseline */
	int64_t *times;         /* of all points, ascending; for --explain */
};

static void
insert(int64_t *v, size_t *n, int64_t x)
{
	size_t at = (*n)++;

	for (; at && v[at - 1] > x; at--)
		v[at] = v[at - 1];
	v[at] = x;
}

static int64_t
middle(const int64_t *v, size_t n)
{
	int64_t low = v[(n - 1) / 2], high = v[n / 2];

	return low + (high - low) / 2;
}

static int
i64_cmp(const void *x, const void *y, const void *ctx)
{
	const int64_t *a = x, *b = y;

	(void)ctx;
	return SORT_ORDER(*a, *b);
}

static void
find_others(struct work *w, enum series series, uint32_t direction)
{
	const struct joining *j = w->j;
	const struct unit *first = w->u, *u;
	size_t n = 0;

	if (w->others_known[series] && (series != RATE || w->other_direction == direction))
		return;
	/* its neighbours by address */
	while (first > j->unit && first[-1].node == w->u->node && w->u - first < OTHERS_MAX)
		first--;
	for (u = first; u < j->unit + j->nunit && u->node == w->u->node && n < OTHERS_MAX && u - first <= 2 * OTHERS_MAX; u++)
		if (u != w->u && u->from < u->to) {
			struct range r = series_of(j, u, series, direction);

			if (r.from < r.to)
				w->other[series][n++] = r;
		}
	for (size_t i = n; i < OTHERS_MAX; i++)
		w->other[series][i] = (struct range){0};
	w->others_known[series] = true;
	if (series == RATE)
		w->other_direction = direction;
}

/* Median of what the other GPUs of the node have at that time. */
static bool
others_median(struct work *w, enum series series, uint32_t direction, int64_t t, int64_t *median)
{
	const struct joining *j = w->j;
	int64_t v[OTHERS_MAX];
	size_t n = 0;

	find_others(w, series, direction);
	for (size_t i = 0; i < OTHERS_MAX && w->other[series][i].to; i++) {
		struct range r = w->other[series][i];
		size_t at = bisect(j, r, t, false), best = r.to;

		if (at < r.to && time_diff(j->point[at].t, t) <= NEAR)
			best = at;
		if (at > r.from && time_diff(t, j->point[at - 1].t) <= NEAR &&
		    (best == r.to || time_diff(t, j->point[at - 1].t) <= time_diff(j->point[best].t, t)))
			best = at - 1;
		if (best < r.to)
			insert(v, &n, j->point[best].value);
	}
	if (n)
		*median = middle(v, n);
	return n != 0;
}

/* Median of the GPU's own rates before the reports began. */
static bool
own_median(struct work *w, struct range r, int64_t start, int64_t *median)
{
	const struct joining *j = w->j;
	size_t to = bisect(j, r, start, false), from = r.from;
	struct buf *b = j->d->scratch;

	if (w->own_start != start || w->own_range.from != r.from) {
		if (to - from > OWN_MAX)
			from = to - OWN_MAX;
		w->own_start = start;
		w->own_range = r;
		w->own_n = to - from;
		b->n = 0;
		for (size_t i = from; i < to; i++)
			buf_add(b, (struct str){(const char *)&j->point[i].value, sizeof(int64_t)});
		sort(b->p, w->own_n, sizeof(int64_t), i64_cmp, NULL, &j->ev->scratch);
		if (w->own_n >= OWN_MIN)
			w->own_median = middle((const int64_t *)(const void *)b->p, w->own_n);
		b->n = 0;
	}
	*median = w->own_median;
	return w->own_n >= OWN_MIN;
}

/* The latest report at t or before it: its index and one; 0 if there is none. */
static size_t
reports_until(const struct work *w, int64_t t)
{
	size_t lo = 0, hi = w->nreport;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (w->report[mid]->t <= t)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* When the run of reports that t belongs to began. */
static int64_t
run_start(const struct work *w, int64_t t)
{
	size_t i = reports_until(w, later(t, w->j->d->skew));

	return i ? w->run[i - 1] : t;
}

/* a * b and c * d, exactly: the sign of the difference; none is negative. */
static int
product_cmp(uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	/* b and d are below 2^32: three 32-bit digits */
	uint64_t a0 = (a & UINT32_MAX) * b, a1 = (a >> 32) * b + (a0 >> 32);
	uint64_t c0 = (c & UINT32_MAX) * d, c1 = (c >> 32) * d + (c0 >> 32);

	return a1 != c1 ? SORT_ORDER(a1, c1) : SORT_ORDER(a0 & UINT32_MAX, c0 & UINT32_MAX);
}

/* 1 - value/baseline, of DROP_ONE, to the nearest; 0 <= value <= baseline. */
static int64_t
ratio(int64_t value, int64_t baseline)
{
	while (baseline > INT64_MAX / 4 / DROP_ONE) {
		baseline /= 2;
		value /= 2;
	}
	return ((baseline - value) * DROP_ONE + baseline / 2) / baseline;
}

/* Judge a rate: -1 no baseline, 0 as it should be, 1 low. */
static int
judge_rate(struct work *w, const struct point *p, struct range r, struct hit *h)
{
	*h = (struct hit){.p = p, .what = COLLAPSE};
	if (p->start != NO_TIME) {
		h->basis = GIVEN;
		h->baseline = p->start;
	} else if (others_median(w, RATE, p->direction, p->t, &h->baseline)) {
		h->basis = SIBLINGS;
	} else if (own_median(w, r, run_start(w, p->t), &h->baseline)) {
		h->basis = OWN;
	}
	if (h->basis == NO_BASIS || h->baseline <= 0)
		return -1;
	if (product_cmp((uint64_t)p->value, DROP_ONE, (uint64_t)h->baseline, (uint64_t)(DROP_ONE - w->j->c->drop)) > 0)
		return 0;
	h->ratio = ratio(p->value, h->baseline);
	return 1;
}

/* A series' value at t: the latest so far, or else, with any, the first after;
 * 0 if there is none. */
static int64_t
level_at(const struct work *w, enum series series, int64_t t, bool any)
{
	struct range r = w->series[series];
	size_t at = bisect(w->j, r, t, true);

	if (at > r.from)
		return w->j->point[at - 1].value;
	return any && at < r.to ? w->j->point[at].value : 0;
}

/* The maximum that is said, or else the most that was ever measured. */
static int64_t
max_at(const struct work *w, enum series max, enum series series, int64_t t)
{
	int64_t best = level_at(w, max, t, true);

	if (best == 0)
		for (size_t i = w->series[series].from; i < w->series[series].to; i++)
			if (w->j->point[i].value > best)
				best = w->j->point[i].value;
	return best;
}

static struct link
link_at(const struct work *w, int64_t t, int64_t most_width, int64_t most_gen)
{
	struct link l = {
		.width = level_at(w, WIDTH, t, false),
		.max_width = level_at(w, WIDTH_MAX, t, true),
		.gen = level_at(w, GEN, t, false),
		.max_gen = level_at(w, GEN_MAX, t, true),
	};

	if (!l.max_width)
		l.max_width = most_width;
	if (!l.max_gen)
		l.max_gen = most_gen;
	return l;
}

/*
 * Narrower than it could be; or slower, unless the other GPUs' links are as
 * slow: idle GPUs save power that way.
 */
static bool
judge_link(struct work *w, const struct point *p, const struct link *l)
{
	int64_t others;

	if (p->series == WIDTH)
		return l->width && l->width < l->max_width;
	return l->gen && l->gen < l->max_gen && !(others_median(w, GEN, 0, p->t, &others) && others <= l->gen);
}

/*
 * Replays that a link may have in a minute.  Source: DCGM's health watch, per
 * lane and minute and generation; rounded up.
 */
static int64_t
replay_limit(int64_t gen, int64_t width)
{
	static const int64_t hundredths[] = {0, 15, 30, 48, 96, 192, 384};

	if (gen < 1 || gen >= (int64_t)NELEM(hundredths) || width < 1 || width > 32)
		return 0;
	return (hundredths[gen] * width + 99) / 100;
}

static int
hit_cmp(const void *x, const void *y, const void *ctx)
{
	const struct hit *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;
	int d = SORT_ORDER(a->p->t, b->p->t);

	d = d ? d : SORT_ORDER(a->what, b->what);
	d = d ? d : SORT_ORDER(b->ratio, a->ratio);
	d = d ? d : idx_cmp(names, a->p->direction, b->p->direction);
	d = d ? d : SORT_ORDER(a->p->value, b->p->value);
	d = d ? d : SORT_ORDER(a->baseline, b->baseline);
	d = d ? d : SORT_ORDER(a->p->series, b->p->series);
	return d ? d : point_cmp(a->p, b->p, ctx);
}

static void
judge_rates(struct work *w, int64_t since)
{
	const struct joining *j = w->j;
	struct range all = w->series[RATE], r;

	for (r.from = all.from; r.from < all.to; r.from = r.to) {
		r = series_of(j, w->u, RATE, j->point[r.from].direction);
		for (size_t i = bisect(j, r, since, false); i < r.to; i++) {
			int d = judge_rate(w, &j->point[i], r, &w->hit[w->nhit]);

			w->nhit += d > 0;
			w->nobase += d < 0;
		}
	}
}

static void
judge_links(struct work *w, int64_t since)
{
	static const enum series both[] = {WIDTH, GEN};
	int64_t most_width = max_at(w, WIDTH_MAX, WIDTH, INT64_MIN), most_gen = max_at(w, GEN_MAX, GEN, INT64_MIN);

	for (size_t k = 0; k < NELEM(both); k++) {
		struct range r = w->series[both[k]];

		for (size_t i = bisect(w->j, r, since, false); i < r.to; i++) {
			const struct point *p = &w->j->point[i];
			struct link l = link_at(w, p->t, most_width, most_gen);

			if (judge_link(w, p, &l))
				w->hit[w->nhit++] = (struct hit){.p = p, .what = DEGRADED, .link = l};
		}
	}
}


/* How much a counter grew in the step that ends with r.from + i, and since
 * when; a reset is no growth. */
static int64_t
step(const struct joining *j, struct range r, size_t i, int64_t *since)
{
	const struct point *p = &j->point[i], *before = i > r.from ? p - 1 : p;

	*since = p->delta && p->start != NO_TIME ? p->start : before->t;
	if (p->delta)
		return p->value;
	return p->value > before->value ? p->value - before->value : 0;
}

static void
judge_replays(struct work *w, int64_t since)
{
	const struct joining *j = w->j;
	struct range r = w->series[REPLAY];
	int64_t began, unused;
	uint64_t sum = 0; /* of the steps from lo to i */

	for (size_t i = r.from, lo = r.from; i < r.to; i++) {
		const struct point *p = &j->point[i];
		int64_t width = level_at(w, WIDTH, p->t, true), gen = level_at(w, GEN, p->t, true), limit, span;

		sum += (uint64_t)step(j, r, i, &began);
		/* the last minute, or the last step if that is longer */
		for (; lo < i && (step(j, r, lo, &began), time_diff(p->t, began) > MINUTE); lo++)
			sum -= (uint64_t)step(j, r, lo, &unused);
		step(j, r, lo, &began);
		span = time_diff(p->t, began);
		if (span < MINUTE)
			span = MINUTE;
		limit = replay_limit(gen ? gen : level_at(w, GEN_MAX, p->t, true),
				     width ? width : level_at(w, WIDTH_MAX, p->t, true));
		if (p->t < since || limit == 0)
			continue;
		if (product_cmp(sum, 60000, (uint64_t)span / 1000000, (uint64_t)limit) > 0)
			w->hit[w->nhit++] = (struct hit){
				.p = p, .what = REPLAYS, .growth = (int64_t)(sum >> 1 > INT64_MAX / 2 ? INT64_MAX : sum),
				.span = span, .limit = limit, .link = {width, 0, gen, 0},
			};
	}
}

/* All that is bad at since or later, by time. */
static void
judge(struct work *w, int64_t since)
{
	const struct joining *j = w->j;
	struct range r = {w->u->from, w->u->from};

	for (unsigned k = 0; k < SERIES; k++) {
		r.from = r.to;
		while (r.to < w->u->to && j->point[r.to].series == k)
			r.to++;
		w->series[k] = r;
	}
	w->own_start = INT64_MIN;
	w->own_range = (struct range){1, 0};
	/* one more: judging writes before it knows */
	w->hit = mem_new(j->d->mem, struct hit, w->u->to - w->u->from + 1);
	judge_rates(w, since);
	judge_links(w, since);
	judge_replays(w, since);
	sort(w->hit, w->nhit, sizeof(*w->hit), hit_cmp, j->ev, &j->ev->scratch);
}

/* ---- findings ---- */

struct error_count {
	struct str name;
	uint64_t n;
};

/* An episode that is worth a verdict. */
struct finding {
	const struct unit *u;
	const struct report *report;
	const struct hit *hit, *rate; /* rate: a collapse besides; NULL: none */
	struct link link;
	uint32_t uuid;
	struct pci port;
	uint8_t severity, layer;
	bool mixed; /* severities */
	uint64_t count;
	int64_t first, last; /* of the reports */
	int64_t back;        /* when it ended, or NO_TIME */
	struct error_count *error;
	size_t nerror;
};

/* The worst severity, its layer, and what errors how often. */
static void
sum_up(const struct work *w, struct finding *f, size_t from, size_t to)
{
	uint64_t count[2][32] = {{0}};
	struct pci told = {0}, card;

	f->count = to - from;
	f->first = w->report[from]->t;
	f->last = w->report[to - 1]->t;
	for (size_t i = from; i < to; i++) {
		const struct report *r = w->report[i];

		f->mixed |= i > from && r->severity != f->severity;
		if (r->severity > f->severity) {
			f->severity = r->severity;
			f->layer = 0;
		}
		if (r->severity == f->severity && !f->layer)
			f->layer = r->layer;
		if (r->port.known)
			told = r->port;
		for (unsigned bit = 0; bit < 32; bit++)
			count[r->severity == AER_CORRECTED][bit] += r->bits >> bit & 1;
	}
	card = f->report->dev;
	card.fn = 0;
	f->port = pci_cmp(card, w->u->gpu) == 0 ? told : f->report->dev;
	for (int cor = 0; cor < 2; cor++)
		for (unsigned bit = 0; bit < 32; bit++)
			f->nerror += count[cor][bit] && aer_bit(cor, bit);
	f->error = mem_new(w->j->d->mem, struct error_count, f->nerror);
	f->nerror = 0;
	for (int cor = 0; cor < 2; cor++)
		for (unsigned bit = 0; bit < 32; bit++)
			if (count[cor][bit] && aer_bit(cor, bit))
				f->error[f->nerror++] = (struct error_count){aer_bit(cor, bit)->name, count[cor][bit]};
}

/* The first hit of a report, if one is within the window. */
static const struct hit *
hit_after(const struct work *w, const struct report *r, bool rates)
{
	int64_t from = time_diff(r->t, w->j->d->skew), lo = 0, hi = (int64_t)w->nhit;
	int64_t until = later(later(r->t, w->j->c->window), w->j->d->skew);

	while (lo < hi) {
		int64_t mid = lo + (hi - lo) / 2;

		if (w->hit[mid].p->t < from)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; (size_t)lo < w->nhit && w->hit[lo].p->t <= until; lo++)
		if (!rates || w->hit[lo].what == COLLAPSE)
			return &w->hit[lo];
	return NULL;
}

/* When what was bad became good again: the next of its series after t. */
static void
good_after(struct work *w, const struct hit *h, int64_t t, int64_t *best)
{
	const struct joining *j = w->j;
	const struct point *p = h->p;
	struct range r = series_of(j, w->u, p->series, p->direction);
	size_t at = bisect(j, r, t, true);
	struct hit next;

	if (at == r.to || h->what == REPLAYS)
		return;
	p = &j->point[at];
	if (h->what == COLLAPSE ? judge_rate(w, p, r, &next) != 0 : p->value < h->link.max_width && p->series == WIDTH)
		return;
	if (h->what == DEGRADED && p->series == GEN && p->value < h->link.max_gen)
		return;
	if (*best == NO_TIME || p->t < *best)
		*best = p->t;
}

static void
keep(struct joining *j, const struct finding *f)
{
	if (j->nfound == j->foundcap) {
		struct finding *more = mem_new(j->d->mem, struct finding, j->foundcap = j->foundcap ? 2 * j->foundcap : 16);

		for (size_t i = 0; i < j->nfound; i++)
			more[i] = j->found[i];
		j->found = more;
	}
	j->found[j->nfound++] = *f;
}

/* Does anything say that the unit is a GPU? */
static bool
is_gpu(const struct work *w, size_t from, size_t to)
{
	const struct below *b;

	if (w->u->from < w->u->to || topology_of_gpu(&w->j->c->topology, w->u->gpu, &b))
		return true;
	for (size_t i = from; i < to; i++)
		if (w->report[i]->driver == AER_DRIVER_NVIDIA ||
		    (w->report[i]->vendor == 0x10de && w->report[i]->driver != AER_DRIVER_PORT))
			return true;
	return false;
}

/* The reports [from, to) and what came with them until the time end. */
static bool
conclude(struct joining *j, struct work *w, size_t from, size_t to, int64_t end)
{
	struct finding f = {.u = w->u, .back = NO_TIME};
	int16_t none = -1;
	int64_t back;
	struct pci gpu = w->u->gpu;

	for (size_t i = to; i-- > from && !f.hit;) {
		f.hit = hit_after(w, w->report[i], false);
		f.report = w->report[i];
	}
	if (!f.hit) {
		if (!j->c->fatal_alone || !is_gpu(w, from, to))
			return false;
		f.report = NULL;
		for (size_t i = to; i-- > from && !f.report;)
			if (w->report[i]->severity == AER_FATAL)
				f.report = w->report[i];
		if (!f.report)
			return false;
	}
	sum_up(w, &f, from, to);
	gpus_fill(&j->gpus, w->u->node, f.report->t, &gpu, &f.uuid, &none);
	if (f.hit) {
		f.rate = f.hit->what == COLLAPSE ? f.hit : hit_after(w, f.report, true);
		f.link = f.hit->what == DEGRADED ? f.hit->link :
						   link_at(w, f.hit->p->t, max_at(w, WIDTH_MAX, WIDTH, INT64_MIN),
							   max_at(w, GEN_MAX, GEN, INT64_MIN));
		good_after(w, f.hit, end, &f.back);
	}
	back = recovery_after(&j->recoveries, &(struct trouble){end, w->u->node, w->u->gpu, f.uuid, f.report->boot});
	if (back != NO_TIME && (f.back == NO_TIME || back < f.back))
		f.back = back;
	keep(j, &f);
	return true;
}

/* ---- the verdict ---- */

/* 10^-3 bytes per second as "12.6 GB/s". */
static void
put_rate(struct buf *b, int64_t v)
{
	static const struct {
		int64_t one;
		struct str unit;
	} units[] = {
		{INT64_C(1000000000000), STR_INIT(" GB/s")},
		{INT64_C(1000000000), STR_INIT(" MB/s")},
		{INT64_C(1000000), STR_INIT(" kB/s")},
	};

	for (size_t i = 0; i < NELEM(units); i++)
		if (v >= units[i].one) {
			buf_fixed(b, v / (units[i].one / 10), 1);
			buf_add(b, units[i].unit);
			return;
		}
	buf_i64(b, v / 1000);
	buf_add(b, S(" B/s"));
}

static void
put_percent(struct buf *b, int64_t share)
{
	buf_fixed(b, (share + 5000) / 10000, 0);
	buf_add(b, S(" %"));
}

/* "3 fatal PCIe error reports (SDES, DLP)", "3 PCIe error reports, worst fatal" */
static void
put_reports(struct buf *b, const struct finding *f, size_t names)
{
	buf_u64(b, f->count);
	buf_chr(b, ' ');
	if (!f->mixed) {
		buf_add(b, aer_severity_name(f->severity));
		buf_chr(b, ' ');
	}
	buf_add(b, f->count == 1 ? S("PCIe error report") : S("PCIe error reports"));
	if (f->mixed) {
		buf_add(b, S(", worst "));
		buf_add(b, aer_severity_name(f->severity));
	}
	for (size_t i = 0; i < f->nerror && i < names; i++) {
		buf_add(b, i ? S(", ") : S(" ("));
		buf_add(b, f->error[i].name);
	}
	if (f->nerror && names)
		buf_add(b, f->nerror > names ? S(", ...)") : S(")"));
}

/* "x8 gen 5", as far as it is known */
static void
put_lanes(struct buf *b, int64_t width, int64_t gen)
{
	if (width) {
		buf_chr(b, 'x');
		buf_i64(b, width);
	}
	if (gen) {
		buf_add(b, width ? S(" gen ") : S("gen "));
		buf_i64(b, gen);
	}
}

static void
put_link(struct buf *b, const struct link *l)
{
	buf_add(b, S("link at "));
	put_lanes(b, l->width, l->gen);
	buf_add(b, S(" of "));
	put_lanes(b, l->width ? l->max_width : 0, l->gen ? l->max_gen : 0);
}

static void
put_replays(struct buf *b, const struct hit *h)
{
	buf_i64(b, h->growth);
	buf_add(b, S(" replays in "));
	buf_fixed(b, h->span / 1000000000, 0);
	buf_add(b, S(" s, where x"));
	buf_i64(b, h->link.width);
	buf_add(b, S(" gen "));
	buf_i64(b, h->link.gen);
	buf_add(b, S(" may have "));
	buf_i64(b, h->limit);
	buf_add(b, S(" a minute"));
}

static void
put_trouble(struct buf *b, const struct hit *h)
{
	switch (h->what) {
	case COLLAPSE:
		put_rate(b, h->p->value);
		buf_add(b, S(", "));
		put_percent(b, h->ratio);
		buf_add(b, S(" below "));
		put_rate(b, h->baseline);
		break;
	case DEGRADED:
		put_link(b, &h->link);
		break;
	case REPLAYS:
		put_replays(b, h);
		break;
	}
}

/*
 * "PCIe link of gpu-7 GPU 0000:3b:00.0 is failing: 12 corrected PCIe error
 * reports (BadTLP), and 4.8 GB/s, 62 % below 12.6 GB/s, 2026-…Z"
 */
static struct str
headline(const struct joining *j, const struct finding *f)
{
	static const struct {
		size_t node, names;
	} room[] = {{63, 3}, {63, 1}, {63, 0}, {24, 0}, {8, 0}};
	struct buf *b = j->d->scratch;

	for (size_t i = 0; i < NELEM(room); i++) {
		b->n = 0;
		buf_add(b, S("PCIe link of "));
		if (f->u->node) {
			phrase_short(b, name(j, f->u->node), room[i].node);
			buf_chr(b, ' ');
		}
		buf_add(b, S("GPU "));
		pci_put(b, f->u->gpu);
		buf_add(b, f->hit ? S(" is failing: ") : S(" failed: "));
		put_reports(b, f, room[i].names);
		if (f->hit) {
			buf_add(b, S(", and "));
			put_trouble(b, f->hit);
		}
		buf_add(b, S(", "));
		time_put(b, f->hit ? f->hit->p->t : f->report->t);
		if (b->n <= HEADLINE_MAX)
			break;
	}
	return verdict_keep(j->d->out, b);
}

static struct str
remediation(const struct joining *j, const struct finding *f)
{
	struct buf *b = j->d->scratch;

	b->n = 0;
	if (f->u->node) {
		buf_add(b, S("Node "));
		phrase_short(b, name(j, f->u->node), 253);
		buf_add(b, S(", "));
	}
	buf_add(b, S("GPU "));
	pci_put(b, f->u->gpu);
	if (f->port.known) {
		buf_add(b, S(" behind port "));
		pci_put(b, f->port);
	}
	buf_add(b, S(": "));
	if (f->severity == AER_FATAL)
		buf_add(b, S("Drain the node and power-cycle it; what ran on this GPU is lost. If the reports come back, "
			     "reseat the GPU, its riser and cables, else replace them."));
	else if (f->severity >= AER_UNCORRECTED)
		buf_add(b, S("Drain the node, reset the GPU and restart what ran on it, for transactions were lost. If "
			     "the reports go on, reseat the GPU, its riser and cables, else replace them."));
	else
		buf_add(b, S("Move jobs off the GPU, drain the node and reset the GPU so that the link trains anew. If "
			     "the reports go on, reseat the GPU, its riser and cables, else replace them."));
	if (f->hit && f->hit->what == DEGRADED) {
		buf_add(b, S(" The link must come back at "));
		put_lanes(b, f->hit->link.max_width, f->hit->link.max_gen);
		buf_chr(b, '.');
	}
	if (!f->hit)
		buf_add(b, S(" No measurement of throughput or link confirms it: look at the GPU before you act."));
	return verdict_keep(j->d->out, b);
}

static struct str
put_pci(const struct joining *j, struct pci p)
{
	struct buf *b = j->d->scratch;

	b->n = 0;
	pci_put(b, p);
	return b->n ? verdict_keep(j->d->out, b) : (struct str){0};
}

/* A number of so many decimal digits. */
static void
put_number(struct verdicts *vs, const char *key, int64_t v, unsigned digits)
{
	for (; digits < 9; digits++)
		v *= 10;
	verdict_seconds(vs, key, v);
}

/* Reports a minute, in hundredths; a shorter time counts as a minute. */
static int64_t
per_minute(const struct finding *f)
{
	int64_t ms = time_diff(f->last, f->first) / 1000000;
	uint64_t n = f->count < 1000000000 ? f->count : 1000000000;

	if (ms < 60000)
		ms = 60000;
	return (int64_t)((n * 6000000 + (uint64_t)ms / 2) / (uint64_t)ms);
}

static void
link_items(struct verdicts *vs, const struct link *l)
{
	const struct {
		const char *name;
		int64_t v;
	} members[] = {
		{"width", l->width}, {"max_width", l->max_width}, {"gen", l->gen}, {"max_gen", l->max_gen},
	};

	if (!l->width && !l->gen)
		return;
	verdict_open(vs, "link", ITEM_OBJECT);
	for (size_t i = 0; i < NELEM(members); i++)
		if (members[i].v)
			verdict_int(vs, members[i].name, members[i].v);
	verdict_close(vs);
}

/* A source without an identity of its own is named by what it says. */
static struct str
made_uid(const struct joining *j, const struct unit *u, struct str what, int64_t t)
{
	struct buf *b = j->d->scratch;

	b->n = 0;
	buf_add(b, u->node ? name(j, u->node) : S("-"));
	buf_chr(b, '/');
	pci_put(b, u->gpu);
	buf_chr(b, '/');
	buf_add(b, what);
	buf_chr(b, '/');
	time_put(b, t);
	return verdict_keep(j->d->out, b);
}

static void
report_evidence(const struct joining *j, const struct finding *f)
{
	const struct report *r = f->report;
	struct str uid = name(j, r->uid), text = name(j, r->text);
	struct buf *b = j->d->scratch;
	bool any = false;

	if (uid.n == 0)
		uid = made_uid(j, f->u, S("aer"), r->t);
	b->n = 0;
	if (text.n) {
		buf_add(b, text);
	} else {
		buf_add(b, aer_severity_name(r->severity));
		buf_add(b, S(" PCIe error"));
		if (r->layer) {
			buf_add(b, S(", "));
			buf_add(b, aer_layer_name(r->layer));
		}
	}
	for (unsigned bit = 0; bit < 32; bit++) {
		const struct aer_bit *known = r->bits >> bit & 1 ? aer_bit(r->severity == AER_CORRECTED, bit) : NULL;

		if (!known)
			continue;
		buf_add(b, any ? S(", ") : S(" ["));
		buf_add(b, known->name);
		any = true;
	}
	buf_add(b, any ? S("]") : S(""));
	verdict_evidence(j->d->out, S("pcie_aer"), uid, r->t, verdict_keep(j->d->out, b));
}

static void
hit_evidence(const struct joining *j, const struct finding *f)
{
	static const struct str basis[] = {
		[NO_BASIS] = STR_INIT(""),
		[GIVEN] = STR_INIT(" (the baseline given)"),
		[SIBLINGS] = STR_INIT(" (median of the node's other GPUs)"),
		[OWN] = STR_INIT(" (its median before the reports)"),
	};
	static const struct str what[] = {STR_INIT("pcie-rate"), STR_INIT("pcie-link"), STR_INIT("pcie-replays")};
	const struct hit *h = f->hit;
	struct str uid = name(j, h->p->uid);
	struct buf *b = j->d->scratch;

	if (uid.n == 0)
		uid = made_uid(j, f->u, what[h->what], h->p->t);
	b->n = 0;
	if (h->what == COLLAPSE) {
		buf_add(b, S("PCIe "));
		buf_add(b, name(j, h->p->direction));
		buf_add(b, h->p->direction ? S(" throughput ") : S("throughput "));
	}
	put_trouble(b, h);
	buf_add(b, basis[h->basis]);
	verdict_evidence(j->d->out, h->what == COLLAPSE ? S("hw_io_collapse") : S("hw_link_degraded"), uid, h->p->t,
			 verdict_keep(j->d->out, b));
}

static void
emit(const struct joining *j, const struct finding *f)
{
	struct verdicts *vs = j->d->out;
	struct verdict *v = verdict_add(vs);

	v->headline = headline(j, f);
	v->remediation = remediation(j, f);
	v->confidence = f->hit ? S("full") : S("partial");
	if (!f->hit)
		v->missing = S("hw_io_collapse");
	verdict_str(vs, "gpu_id", put_pci(j, f->u->gpu));
	verdict_str(vs, "gpu_uuid", name(j, f->uuid));
	verdict_str(vs, "node", name(j, f->u->node));
	verdict_str(vs, "port", put_pci(j, f->port));
	verdict_str(vs, "severity", aer_severity_name(f->severity));
	verdict_str(vs, "aer_type", aer_layer_name(f->layer));
	if (f->nerror)
		verdict_open(vs, "errors", ITEM_LIST);
	for (size_t i = 0; i < f->nerror; i++) {
		verdict_open(vs, NULL, ITEM_OBJECT);
		verdict_str(vs, "name", f->error[i].name);
		verdict_int(vs, "count", (int64_t)f->error[i].n);
		verdict_close(vs);
	}
	if (f->nerror)
		verdict_close(vs);
	verdict_int(vs, "aer_count", (int64_t)f->count);
	put_number(vs, "aer_per_minute", per_minute(f) > INT64_MAX / 10000000 ? INT64_MAX / 10000000 : per_minute(f), 2);
	if (f->rate) {
		verdict_int(vs, "bytes_per_second", f->rate->p->value / 1000);
		verdict_int(vs, "baseline_bytes_per_second", f->rate->baseline / 1000);
		put_number(vs, "drop_ratio", (f->rate->ratio + 50) / 100, 4);
		verdict_str(vs, "direction", name(j, f->rate->p->direction));
	}
	link_items(vs, &f->link);
	if (f->hit)
		verdict_seconds(vs, "delay_seconds", time_diff(f->hit->p->t, f->report->t));
	if (f->back != NO_TIME)
		verdict_time(vs, "resolved_at", f->back);
	report_evidence(j, f);
	if (f->hit)
		hit_evidence(j, f);
}

static int
finding_cmp(const void *x, const void *y, const void *ctx)
{
	const struct finding *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;
	int d = SORT_ORDER(a->report->t, b->report->t);

	d = d ? d : idx_cmp(names, a->u->node, b->u->node);
	d = d ? d : pci_cmp(a->u->gpu, b->u->gpu);
	return d ? d : SORT_ORDER(a->first, b->first);
}

/* ---- near misses ---- */

static void
explain_who(const struct joining *j, struct str what, const char *key, const struct unit *u)
{
	struct buf *b = j->d->explain;

	buf_chr(b, '{');
	phrase_str(b, "explain", what);
	buf_key(b, key);
	buf_chr(b, '"');
	pci_put(b, u->gpu);
	buf_chr(b, '"');
	phrase_str(b, "node", name(j, u->node));
}

/* What a unit has that no verdict tells of. */
struct left {
	const struct unit *u;
	uint64_t reports, hits;
	int64_t first_report, last_report;
	uint8_t severity;
	bool port, gpu;        /* a port's; known as a GPU's */
	int64_t first_hit, last_hit;
	const struct hit *hit; /* the first */
	size_t nobase, points; /* rates without a baseline; all, in windows and out */
	bool in_window;        /* something was measured within a window */
};

static struct str
why_no_verdict(const struct left *l, const struct joining *j)
{
	const struct below *b;

	if (!l->u->node && l->points == 0)
		return S("the reports carry no node: --node=NAME names it");
	if (l->points == 0 && l->port)
		return j->c->topology.n == 0 ? S("a port's reports: --topology=FILE tells which GPUs are below it") :
		       topology_of_port(&j->c->topology, l->u->gpu, &b) ?
					       S("a port's reports: they are charged to the GPUs below it") :
					       S("a port's reports: no GPU is below it");
	if (l->points == 0)
		return l->gpu ? S("nothing measures this GPU's throughput, link or replays") :
				S("a device that nothing tells to be a GPU");
	if (l->hits && l->last_hit < l->first_report)
		return S("what is bad was measured before the first report");
	if (l->hits)
		return S("what is bad was measured too long after the reports");
	if (!l->in_window)
		return S("nothing was measured within the window");
	if (l->nobase)
		return S("the throughput has no baseline: no other GPU of the node, too few of its own before");
	return S("throughput, link and replays are as they should be");
}

static void
explain_reports(const struct joining *j, const struct left *l)
{
	struct buf *b = j->d->explain;

	explain_who(j, S("PCIe error reports without a verdict"), l->port && !l->points ? "port" : l->gpu || l->points ? "gpu_id" : "device", l->u);
	phrase_str(b, "severity", aer_severity_name(l->severity));
	phrase_int(b, "count", (int64_t)l->reports);
	phrase_time(b, "first", l->first_report);
	phrase_time(b, "last", l->last_report);
	phrase_str(b, "why", why_no_verdict(l, j));
	buf_add(b, S("}\n"));
}

static void
explain_hits(const struct joining *j, const struct left *l)
{
	struct buf *b = j->d->explain, *what = j->d->scratch;

	explain_who(j, l->hit->what == COLLAPSE ? S("throughput collapse without a verdict") : S("degraded link without a verdict"),
		    "gpu_id", l->u);
	phrase_int(b, "count", (int64_t)l->hits);
	phrase_time(b, "first", l->first_hit);
	phrase_time(b, "last", l->last_hit);
	what->n = 0;
	put_trouble(what, l->hit);
	phrase_str(b, "what", buf_str(what));
	what->n = 0;
	phrase_str(b, "why", !l->u->node ? S("the measurements carry no node: --node=NAME names it") :
			      !l->reports ? S("no PCIe error reports of this GPU") :
			      l->last_hit < l->first_report ? S("it came before the first report") :
							     S("no report came within the window before it"));
	buf_add(b, S("}\n"));
}

static int
left_cmp(const void *x, const void *y, const void *ctx)
{
	const struct left *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;
	int d = idx_cmp(names, a->u->node, b->u->node);

	return d ? d : pci_cmp(a->u->gpu, b->u->gpu);
}

/* ---- detection ---- */

static int
report_order(const void *x, const void *y, const void *ctx)
{
	const struct report *a = *(const struct report *const *)x, *b = *(const struct report *const *)y;
	const struct idx *names = &((const struct events *)ctx)->names;
	int d = SORT_ORDER(a->t, b->t);

	d = d ? d : SORT_ORDER(a->severity, b->severity);
	d = d ? d : pci_cmp(a->dev, b->dev);
	d = d ? d : SORT_ORDER(a->bits, b->bits);
	d = d ? d : idx_cmp(names, a->text, b->text);
	return d ? d : idx_cmp(names, a->uid, b->uid);
}

/* The reports of the unit's device and of the ports above it. */
static void
gather_reports(struct work *w)
{
	const struct joining *j = w->j;
	const struct report *r;
	const struct below *above;
	size_t n = topology_of_gpu(&j->c->topology, w->u->gpu, &above), all, most;

	most = reports_of(&j->reports, w->u->node, w->u->gpu, &r);
	for (size_t i = 0; i < n; i++) {
		const struct report *p;

		most += reports_of(&j->reports, w->u->node, above[i].port, &p);
	}
	w->report = mem_new(j->d->mem, const struct report *, most);
	all = reports_of(&j->reports, w->u->node, w->u->gpu, &r);
	for (size_t k = 0; k < all; k++)
		w->report[w->nreport++] = &r[k];
	for (size_t i = 0; i < n; i++) {
		all = reports_of(&j->reports, w->u->node, above[i].port, &r);
		for (size_t k = 0; k < all; k++)
			if (r[k].dev.fn == above[i].port.fn)
				w->report[w->nreport++] = &r[k];
	}
	sort(w->report, w->nreport, sizeof(*w->report), report_order, j->ev, &j->ev->scratch);
	w->run = mem_new(j->d->mem, int64_t, w->nreport);
	for (size_t i = 0; i < w->nreport; i++) {
		int64_t t = w->report[i]->t;

		w->run[i] = i && time_diff(t, w->report[i - 1]->t) < j->c->window ? w->run[i - 1] : t;
	}
}

static void
add_left_hit(struct left *l, const struct hit *h)
{
	if (l->hits++ == 0) {
		l->hit = h;
		l->first_hit = h->p->t;
	}
	l->last_hit = h->p->t;
}

static void
add_left_report(struct left *l, const struct report *r)
{
	if (l->reports++ == 0)
		l->first_report = r->t;
	l->last_report = r->t;
	if (r->severity > l->severity)
		l->severity = r->severity;
	l->port |= r->driver == AER_DRIVER_PORT && r->dev.dev == l->u->gpu.dev && r->dev.bus == l->u->gpu.bus &&
		   r->dev.domain == l->u->gpu.domain;
}

/* Is any of the unit's points within the window of a report? */
static bool
measured(const struct work *w, const struct report *r)
{
	int64_t from = time_diff(r->t, w->j->d->skew);
	int64_t until = later(later(r->t, w->j->c->window), w->j->d->skew);
	size_t lo = 0, hi = w->u->to - w->u->from;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (w->times[mid] < from)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < w->u->to - w->u->from && w->times[lo] <= until;
}

/*
 * Cut reports and hits into episodes; what is left over goes to *l.  A report
 * and what is measured exactly a window later still belong together, two
 * reports exactly a window apart do not.
 */
static void
episodes(struct joining *j, struct work *w, struct left *l)
{
	int64_t gap = later(j->c->window, j->d->skew), since = time_diff(w->report[0]->t, j->d->skew);
	size_t r = 0, h = 0, from, hits;

	for (; h < w->nhit && w->hit[h].p->t < since; h++)
		add_left_hit(l, &w->hit[h]);
	while (r < w->nreport || h < w->nhit) {
		int64_t end = INT64_MIN;
		bool after_report = false, began = false;

		from = r;
		hits = h;
		while (r < w->nreport || h < w->nhit) {
			bool is_report = h == w->nhit || (r < w->nreport && w->report[r]->t <= w->hit[h].p->t);
			int64_t t = is_report ? w->report[r]->t : w->hit[h].p->t, d = began ? time_diff(t, end) : 0;

			if (began && (d > gap || (d == gap && gap && !(after_report && !is_report))))
				break;
			began = true;
			after_report = is_report;
			end = t;
			if (is_report)
				r++;
			else
				h++;
		}
		if (from < r && conclude(j, w, from, r, end))
			continue;
		for (; from < r; from++) {
			add_left_report(l, w->report[from]);
			l->in_window |= j->d->explain && measured(w, w->report[from]);
		}
		for (; hits < h; hits++)
			add_left_hit(l, &w->hit[hits]);
	}
}

static void
examine(struct joining *j, struct work *w, const struct unit *u, struct left *left, size_t *nleft)
{
	struct left l = {.u = u, .points = u->to - u->from};

	*w = (struct work){.j = j, .u = u};
	gather_reports(w);
	if (w->nreport == 0 && !j->d->explain)
		return;
	judge(w, w->nreport && !j->d->explain ? time_diff(w->report[0]->t, j->d->skew) : INT64_MIN);
	if (j->d->explain) {
		w->times = mem_new(j->d->mem, int64_t, u->to - u->from);
		for (size_t i = u->from; i < u->to; i++)
			w->times[i - u->from] = j->point[i].t;
		sort(w->times, u->to - u->from, sizeof(int64_t), i64_cmp, NULL, &j->ev->scratch);
	}
	if (w->nreport)
		episodes(j, w, &l);
	else
		for (size_t i = 0; i < w->nhit; i++)
			add_left_hit(&l, &w->hit[i]);
	if (!j->d->explain)
		return;
	l.nobase = w->nobase;
	l.gpu = is_gpu(w, 0, w->nreport);
	if (l.reports || l.hits)
		left[(*nleft)++] = l;
}

/* ---- notices ---- */

static void
and(struct buf *b)
{
	if (b->n)
		buf_add(b, S("; "));
}

static void
notice(const struct joining *j)
{
	struct buf *b = j->d->notice;
	uint64_t nodeless_reports = 0, nodeless_points = 0;

	for (size_t i = 0; i < j->reports.n; i++)
		nodeless_reports += !j->reports.r[i].node;
	for (size_t i = 0; i < j->npoint; i++)
		nodeless_points += !j->point[i].node;
	if (j->reports.n == 0 || j->npoint == 0) {
		phrase_count(b, j->reports.n, S("PCIe error report"), S("PCIe error reports"));
		buf_add(b, S(", "));
		phrase_count(b, j->npoint, S("measurement"), S("measurements"));
		buf_add(b, S(" of PCIe throughput, link or replays: nothing to join"));
	} else if (nodeless_reports && nodeless_points < j->npoint) {
		phrase_count(b, nodeless_reports, S("PCIe error report carries"), S("PCIe error reports carry"));
		buf_add(b, S(" no node and cannot be joined: --node=NAME names it"));
	} else if (nodeless_points && nodeless_reports < j->reports.n) {
		phrase_count(b, nodeless_points, S("measurement carries"), S("measurements carry"));
		buf_add(b, S(" no node and cannot be joined: --node=NAME names it"));
	}
	if (j->reports.timeless) {
		and(b);
		phrase_count(b, j->reports.timeless, S("line about PCIe errors carries"), S("lines about PCIe errors carry"));
		buf_add(b, S(" no time and cannot be joined: --boot-time=TIME dates dmesg's"));
	}
	if (j->point_timeless) {
		and(b);
		phrase_count(b, j->point_timeless, S("measurement carries"), S("measurements carry"));
		buf_add(b, S(" no time and cannot be joined: --scrape-time=TIME dates them"));
	}
	if (j->point_unnamed || j->reports.unnamed) {
		and(b);
		phrase_count(b, j->point_unnamed + j->reports.unnamed, S("record names"), S("records name"));
		buf_add(b, S(" a GPU whose PCI address nothing tells"));
	}
}

static void
detect(const struct detection *d)
{
	struct joining j = {.d = d, .c = d->config, .ev = d->ev};
	uint32_t fallback = events_node(d->ev, d->node);
	struct work *w;
	struct left *left;
	size_t nleft = 0;

	settle_nodes(d->ev, fallback, d->mem);
	j.recoveries = recovery_gather(d->ev, fallback, d->mem); /* before the reports change the order */
	j.gpus = gpus_gather(d->ev, fallback, d->mem);
	j.reports = reports_tie(d->ev, &j.gpus, d->mem);
	gather_points(&j);
	gather_units(&j);
	w = mem_new(d->mem, struct work, 1);
	left = mem_new(d->mem, struct left, d->explain ? j.nunit : 0);
	for (size_t i = 0; i < j.nunit; i++)
		examine(&j, w, &j.unit[i], left, &nleft);
	sort(j.found, j.nfound, sizeof(*j.found), finding_cmp, d->ev, &d->ev->scratch);
	for (size_t i = 0; i < j.nfound; i++)
		emit(&j, &j.found[i]);
	sort(left, nleft, sizeof(*left), left_cmp, d->ev, &d->ev->scratch);
	for (size_t i = 0; i < nleft; i++) {
		if (left[i].reports)
			explain_reports(&j, &left[i]);
		if (left[i].hits)
			explain_hits(&j, &left[i]);
	}
	notice(&j);
}

const struct pattern pcie_aer = {
	.filter = STR_INIT("pcie-aer"),
	.id = STR_INIT("5"),
	.name = STR_INIT("pcie_aer"),
	.about = STR_INIT("Say which PCIe link is failing and slowing its GPU."),
	.wants = 1u << EVENT_AER | 1u << EVENT_RATE | 1u << EVENT_SAMPLE | 1u << EVENT_GPU | 1u << EVENT_RECOVERY |
		 1u << EVENT_XID,
	.keys = {.by_node = ~0u},
	.words = {aer_words, own_words, metric_words, kernel_words, flat_words, envelope_words},
	.opt = options,
	.config_size = sizeof(struct config),
	.setup = setup,
	.detect = detect,
};
