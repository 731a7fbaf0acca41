/*
 * hbm_ecc - which GPU memory is failing, confirmed by counter and kernel.
 *
 * Counters are grouped into series, ascending in time, and yield steps: so
 * many errors since the sample before.  Each step looks up the first memory
 * Xid of its GPU by bisection; steps that share one are one verdict.
 */
#include "base/num.h"
#include "input/kernel.h"
#include "input/metric.h"
#include "pattern/catalog.h"
#include "pattern/gpus.h"
#include "pattern/loss.h"
#include "pattern/pattern.h"
#include "pattern/phrase.h"
#include "pattern/recovery.h"

enum { CODES_MAX = 64 };   /* of --xids */
enum { ROWS_MAX = 512 };   /* rows that can be remapped (A100 and later) */
/* Nodes that share a label but not a name are rare: so many records of others
 * are looked through. */
enum { LOOK = 1024, LOOK_SERIES = 64 };

struct config {
	uint64_t delta;
	int64_t window;
	struct str xids;
	uint32_t code[CODES_MAX];
	size_t ncode;
};

static const struct config start = {.xids = STR_INIT("48,63,64,94,95,140,171,172")};

#define TO(member) offsetof(struct config, member)
static const struct opt options[] = {
	{0, "delta", OPT_NUM, TO(delta), "N", "1", "errors that a counter must grow by from one sample to the next"},
	{0, "xids", OPT_STR, TO(xids), "LIST", NULL,
		"Xid codes that confirm, separated by commas [48, 63, 64, 94, 95, 140, 171, 172]"},
	{'w', "window", OPT_DURATION, TO(window), "DUR", "5m",
		"join Xids that came up to DUR after the counter was seen to grow"},
	{.kind = OPT_END},
};

/* ---- what is looked at ---- */

enum use {
	UNUSED,
	LAYER,     /* counts uncorrected errors, since the driver was loaded */
	STATE,     /* tells how far the memory has been repaired */
	NEAR_MISS, /* counts something else */
};

static const struct {
	uint16_t field;
	uint8_t use;
} uses[] = {
	{METRIC_ECC_DBE_VOL, LAYER},
	{METRIC_ECC_DBE_VOL_DEV, LAYER},
	{METRIC_ECC_DBE_VOL_SRM, LAYER},
	{METRIC_REMAP_UNCORRECTABLE, LAYER},
	{METRIC_RETIRED_DBE, LAYER},
	{METRIC_REMAP_CORRECTABLE, STATE},
	{METRIC_REMAP_FAILED, STATE},
	{METRIC_REMAP_PENDING, STATE},
	{METRIC_RETIRED_PENDING, STATE},
	{METRIC_UNREPAIRABLE, STATE},
	{METRIC_SRAM_EXCEEDED, STATE},
	{METRIC_RECOVERY_ACTION, STATE},
	{METRIC_ECC_SBE_VOL, NEAR_MISS},
	{METRIC_ECC_SBE_AGG, NEAR_MISS},
	{METRIC_ECC_DBE_AGG, NEAR_MISS},
	{METRIC_ECC_DBE_AGG_DEV, NEAR_MISS},
	{METRIC_ECC_DBE_AGG_SRM, NEAR_MISS},
};

static enum use
use_of(unsigned field)
{
	for (size_t i = 0; i < NELEM(uses); i++)
		if (uses[i].field == field)
			return uses[i].use;
	return UNUSED;
}

static int
setup(void *config, struct program *p, struct reader *r, struct str words[SIFT_WORDS], size_t *nwords)
{
	struct config *c = config;
	struct str rest = c->xids, word;
	uint64_t code;

	if (r) {
		uint16_t *fields = mem_new(p->mem, uint16_t, NELEM(uses) + 1);

		for (size_t i = 0; i < NELEM(uses); i++)
			fields[i] = uses[i].field;
		r->ev->fields = fields;
	}
	(void)words;
	(void)nwords;
	while (str_cut(&rest, ',', &word)) {
		if (!num_u64(word, &code) || code < 1 || code > 999999 || c->ncode == CODES_MAX) {
			DIAG(p->diag, S("--xids: not a list of Xid codes: "), c->xids);
			return EX_FAIL;
		}
		c->code[c->ncode++] = (uint32_t)code;
	}
	if (c->delta < 1 || c->delta > INT64_MAX) {
		DIAG(p->diag, S("--delta: at least 1"));
		return EX_FAIL;
	}
	return -1;
}

/* A GPU: its address, else its UUID, else its number on the node. */
struct who {
	uint32_t label, node;
	struct pci gpu;
	uint32_t uuid; /* 0 if there is an address */
	int16_t index; /* -1 if there is an address or a UUID */
};

struct point {
	struct who who;
	uint32_t uuid;
	const struct sample *s;
};

struct series {
	struct who who;
	uint32_t uuid;
	size_t from, to; /* its points */
	const struct sample *s; /* the first */
	uint64_t small;  /* of the steps, those below --delta */
	uint64_t idle;   /* steps without an Xid, and of these */
	int64_t first, last, sum;
};

/* So many errors were counted in [start, t]. */
struct step {
	size_t series;
	int64_t start, t, n;
	int64_t total; /* what the counter said then; -1: a delta */
	size_t xid;    /* which one confirms it */
};

struct err {
	struct who who;
	uint32_t uuid;
	const struct xid *x;
	struct xid_info info;
	bool joined;
};

struct errs {
	struct err *e;
	size_t n;
};

struct joining {
	const struct detection *d;
	const struct config *c;
	struct events *ev;
	struct gpus gpus;
	struct recoveries rec;
	struct point *point;
	size_t npoint;
	struct series *series;
	size_t nseries;
	struct step *step;
	size_t nstep, stepcap;
	struct errs want;    /* of --xids, by GPU and time */
	struct errs by_code; /* those that tell how bad it is, by GPU, code, time */
	uint64_t timeless_points, timeless_xids, nodeless_xids, nameless_xids;
};

static struct str
name(const struct joining *j, uint32_t id)
{
	return idx_at(&j->ev->names, id);
}

static bool
nodes_agree(const struct joining *j, uint32_t a, uint32_t b)
{
	return a == b || (a && b && node_same(name(j, a), name(j, b)));
}

/* Numbers of strings group; they do not order what comes out. */
static int
gpu_cmp(const struct who *a, const struct who *b)
{
	int d = SORT_ORDER(a->label, b->label);

	d = d ? d : pci_cmp(a->gpu, b->gpu);
	d = d ? d : SORT_ORDER(a->uuid, b->uuid);
	return d ? d : SORT_ORDER(a->index, b->index);
}

static int
series_cmp(const void *x, const void *y, const void *ctx)
{
	const struct point *a = x, *b = y;
	int d = gpu_cmp(&a->who, &b->who);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->s->field, b->s->field);
	d = d ? d : SORT_ORDER(a->who.node, b->who.node);
	d = d ? d : SORT_ORDER(a->s->delta, b->s->delta);
	d = d ? d : SORT_ORDER(a->s->instance, b->s->instance);
	return d ? d : SORT_ORDER(a->s->part, b->s->part);
}

static int
point_cmp(const void *x, const void *y, const void *ctx)
{
	const struct point *a = x, *b = y;
	int d = series_cmp(x, y, ctx);

	d = d ? d : SORT_ORDER(a->s->e.t, b->s->e.t);
	d = d ? d : SORT_ORDER(a->s->value, b->s->value);
	return d ? d : SORT_ORDER(a->s->start, b->s->start);
}

/* Who that is, with all that the input knows; *uuid is filled in. */
static struct who
identify(const struct joining *j, uint32_t node, int64_t t, struct pci gpu, uint32_t *uuid, int16_t index)
{
	struct who w = {.label = loss_label(j->ev, node), .node = node, .gpu = gpu, .index = index};

	gpus_fill(&j->gpus, node, t, &w.gpu, uuid, &w.index);
	if (!w.gpu.known)
		w.uuid = *uuid;
	if (w.gpu.known || w.uuid)
		w.index = -1;
	return w;
}

static void
gather_points(struct joining *j, uint32_t fallback)
{
	struct event_list *list = &j->ev->list[EVENT_SAMPLE];
	struct sample *s = list->p;
	size_t to, n = 0;

	j->point = mem_new(j->d->mem, struct point, list->n);
	for (size_t i = 0; i < list->n; i++) {
		struct point *p = &j->point[j->npoint];

		if (use_of(s[i].field) == UNUSED || s[i].value < 0)
			continue;
		if (!s[i].e.node)
			s[i].e.node = fallback;
		if (s[i].e.t == NO_TIME) {
			j->timeless_points++;
			continue;
		}
		p->s = &s[i];
		p->uuid = s[i].uuid;
		p->who = identify(j, s[i].e.node, s[i].e.t, s[i].gpu, &p->uuid, s[i].index);
		j->npoint++;
	}
	sort(j->point, j->npoint, sizeof(*j->point), point_cmp, NULL, &j->ev->scratch);
	for (size_t i = 0; i < j->npoint; i++)
		n += i == 0 || series_cmp(&j->point[i - 1], &j->point[i], NULL) != 0;
	j->series = mem_new(j->d->mem, struct series, n);
	for (size_t from = 0; from < j->npoint; from = to) {
		struct point *p = &j->point[from];

		for (to = from + 1; to < j->npoint && series_cmp(p, &j->point[to], NULL) == 0; to++)
			;
		j->series[j->nseries++] = (struct series){
			.who = p->who, .uuid = p->uuid, .from = from, .to = to, .s = p->s,
		};
	}
}

/* ---- Xids ---- */

static int
err_cmp(const void *x, const void *y, const void *ctx)
{
	const struct err *a = x, *b = y;
	int d = gpu_cmp(&a->who, &b->who);

	d = d ? d : SORT_ORDER(a->x->e.t, b->x->e.t);
	d = d ? d : SORT_ORDER(a->info.cls, b->info.cls);
	d = d ? d : SORT_ORDER(a->x->code, b->x->code);
	return d ? d : xid_cmp(a->x, b->x, ctx);
}

static int
code_cmp(const void *x, const void *y, const void *ctx)
{
	const struct err *a = x, *b = y;
	int d = gpu_cmp(&a->who, &b->who);

	d = d ? d : SORT_ORDER(a->x->code, b->x->code);
	d = d ? d : SORT_ORDER(a->x->e.t, b->x->e.t);
	return d ? d : xid_cmp(a->x, b->x, ctx);
}

static bool
wanted(const struct config *c, uint32_t code)
{
	for (size_t i = 0; i < c->ncode; i++)
		if (c->code[i] == code)
			return true;
	return false;
}

/* These say how bad it is and what to do, beside the one that confirms. */
static bool
telling(uint32_t code)
{
	static const uint32_t codes[] = {48, 63, 64, 94, 95, 140, 154, 171, 172};

	for (size_t i = 0; i < NELEM(codes); i++)
		if (codes[i] == code)
			return true;
	return false;
}

static void
gather_xids(struct joining *j, uint32_t fallback)
{
	struct event_list *list = &j->ev->list[EVENT_XID];
	struct xid *x = list->p;

	j->want.e = mem_new(j->d->mem, struct err, list->n);
	j->by_code.e = mem_new(j->d->mem, struct err, list->n);
	for (size_t i = 0; i < list->n; i++) {
		struct err e = {.x = &x[i], .uuid = x[i].uuid};
		bool want = wanted(j->c, x[i].code);
		const struct xid_info *info;

		if (x[i].nvswitch || x[i].bare || (!want && !telling(x[i].code)))
			continue;
		if (!x[i].e.node)
			x[i].e.node = fallback;
		if (x[i].e.t == NO_TIME || (!x[i].gpu.known && !x[i].uuid)) {
			j->timeless_xids += want && x[i].e.t == NO_TIME;
			j->nameless_xids += want && x[i].e.t != NO_TIME;
			continue;
		}
		e.who = identify(j, x[i].e.node, x[i].e.t, x[i].gpu, &e.uuid, -1);
		info = catalog_find(x[i].code);
		e.info = info ? *info : (struct xid_info){.code = x[i].code, .cls = XID_UNKNOWN,
			.todo = S("Drain the node, collect nvidia-bug-report.sh and ask NVIDIA support.")};
		if (want && !x[i].to_none) {
			j->want.e[j->want.n++] = e;
			j->nodeless_xids += x[i].e.node == 0;
		}
		if (telling(x[i].code))
			j->by_code.e[j->by_code.n++] = e;
	}
	sort(j->want.e, j->want.n, sizeof(*j->want.e), err_cmp, j->ev, &j->ev->scratch);
	sort(j->by_code.e, j->by_code.n, sizeof(*j->by_code.e), code_cmp, j->ev, &j->ev->scratch);
}

/* The first of the GPU's Xids in [low, high], SIZE_MAX if there is none. */
static size_t
first_xid(const struct joining *j, const struct who *w, int64_t low, int64_t high)
{
	const struct errs *s = &j->want;
	size_t lo = 0, hi = s->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int d = gpu_cmp(&s->e[mid].who, w);

		if (d < 0 || (d == 0 && s->e[mid].x->e.t < low))
			lo = mid + 1;
		else
			hi = mid;
	}
	for (hi = lo; lo < s->n && lo - hi < LOOK; lo++) {
		if (gpu_cmp(&s->e[lo].who, w) != 0 || s->e[lo].x->e.t > high)
			break;
		if (nodes_agree(j, s->e[lo].who.node, w->node))
			return lo;
	}
	return SIZE_MAX;
}

/* The last of the GPU's Xids of a code in [low, high], or NULL. */
static const struct xid *
last_of_code(const struct joining *j, const struct who *w, uint32_t code, int64_t low, int64_t high)
{
	const struct errs *s = &j->by_code;
	size_t lo = 0, hi = s->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int d = gpu_cmp(&s->e[mid].who, w);

		d = d ? d : SORT_ORDER(s->e[mid].x->code, code);
		if (d < 0 || (d == 0 && s->e[mid].x->e.t <= high))
			lo = mid + 1;
		else
			hi = mid;
	}
	for (hi = lo; lo-- > 0 && hi - lo <= LOOK;) {
		const struct err *e = &s->e[lo];

		if (gpu_cmp(&e->who, w) != 0 || e->x->code != code || e->x->e.t < low)
			break;
		if (nodes_agree(j, e->who.node, w->node))
			return e->x;
	}
	return NULL;
}

/* ---- steps ---- */

static int64_t
add(int64_t a, int64_t b) /* both are not negative */
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

static int64_t
later(int64_t t, int64_t by)
{
	return t > INT64_MAX - by ? INT64_MAX : t + by;
}

/* Did the GPU start to count anew in (from, to]? */
static bool
restarted(const struct joining *j, const struct series *s, int64_t from, int64_t to)
{
	int64_t t = recovery_after(&j->rec, &(struct trouble){from, s->who.node, s->who.gpu, s->uuid, 0});

	return t != NO_TIME && t <= to;
}

/* What a counter's sample says beyond the one before it; prev may be NULL. */
static struct step
grown(const struct joining *j, const struct series *s, const struct sample *prev, const struct sample *now)
{
	struct step r = {.t = now->e.t, .start = prev ? prev->e.t : now->e.t, .total = now->value};
	bool anew = now->start != NO_TIME && now->start < now->e.t && (!prev || now->start > prev->e.t);

	if (now->delta) {
		r.n = now->value;
		r.total = -1;
		if (now->start != NO_TIME && now->start <= now->e.t)
			r.start = now->start;
	} else if (anew) {
		r.n = now->value;
		r.start = now->start;
	} else if (prev && now->value >= prev->value) {
		r.n = now->value - prev->value;
	} else if (prev && restarted(j, s, prev->e.t, now->e.t)) {
		r.n = now->value;
	}
	return r;
}

static void
add_step(struct joining *j, const struct step *s)
{
	if (j->nstep == j->stepcap) {
		size_t cap = j->stepcap ? 2 * j->stepcap : 64;
		struct step *to = mem_new(j->d->mem, struct step, cap);

		for (size_t i = 0; i < j->nstep; i++)
			to[i] = j->step[i];
		j->step = to;
		j->stepcap = cap;
	}
	j->step[j->nstep++] = *s;
}

/* The steps of a series; those that no Xid confirms are only counted. */
static void
walk(struct joining *j, size_t series)
{
	struct series *s = &j->series[series];
	const struct sample *prev = NULL;
	bool counts = use_of(s->s->field) == LAYER, small;

	for (size_t i = s->from; i < s->to; i++) {
		const struct sample *now = j->point[i].s;
		struct step step;

		/* of equal times the highest count */
		if (i + 1 < s->to && j->point[i + 1].s->e.t == now->e.t)
			continue;
		step = grown(j, s, prev, now);
		prev = now;
		if (step.n < 1)
			continue;
		small = (uint64_t)step.n < j->c->delta;
		s->small += small;
		step.series = series;
		step.xid = !counts || small ? SIZE_MAX :
			first_xid(j, &s->who, time_diff(step.start, j->d->skew),
				  later(later(step.t, j->c->window), j->d->skew));
		if (step.xid != SIZE_MAX) {
			j->want.e[step.xid].joined = true;
			add_step(j, &step);
			continue;
		}
		if (s->idle++ == 0)
			s->first = step.t;
		s->last = step.t;
		s->sum = add(s->sum, step.n);
	}
}

static int
step_cmp(const void *x, const void *y, const void *ctx)
{
	const struct step *a = x, *b = y;
	int d = SORT_ORDER(a->xid, b->xid);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->series, b->series);
	return d ? d : SORT_ORDER(a->t, b->t);
}

/* ---- one verdict ---- */

/* A kind of counter, over its series; several count the same errors. */
struct count {
	int64_t n, total;    /* total -1: not known */
	int64_t start, t;    /* of the first step */
	int64_t last;
	uint64_t steps;
};

enum { ANY, DRAM, SRAM, ROWS, PAGES, COUNTS };
static const uint16_t count_field[COUNTS] = {
	[ANY] = METRIC_ECC_DBE_VOL,   [DRAM] = METRIC_ECC_DBE_VOL_DEV,      [SRAM] = METRIC_ECC_DBE_VOL_SRM,
	[ROWS] = METRIC_REMAP_UNCORRECTABLE, [PAGES] = METRIC_RETIRED_DBE,
};

struct incident {
	const struct err *e;
	struct count count[COUNTS];
	int64_t n, total;
	unsigned by;         /* the count that stands for it, */
	int64_t start, t, last; /* and when it grew */
	uint64_t steps;
	int64_t low, high;   /* its Xids are in here */
	uint32_t uuid;
	/* what is known of the repair; -1: nothing */
	int64_t pending, failure, rows, unrepairable, exceeded;
	struct str asked;    /* by the driver */
	int64_t resolved;
};

static int64_t
max64(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* What the steps of one series come to. */
static struct count
tally(const struct step *p, size_t n)
{
	struct count c = {.total = p[n - 1].total, .start = p[0].start, .t = p[0].t, .last = p[n - 1].t, .steps = n};

	for (size_t i = 0; i < n; i++) {
		c.n = add(c.n, p[i].n);
		if (p[i].start < c.start)
			c.start = p[i].start;
	}
	return c;
}

/* The same errors, counted by another: the higher count. */
static void
same_errors(struct count *to, const struct count *c)
{
	if (to->steps == 0) {
		*to = *c;
		return;
	}
	to->n = max64(to->n, c->n);
	to->total = max64(to->total, c->total);
	to->start = to->start < c->start ? to->start : c->start;
	to->t = to->t < c->t ? to->t : c->t;
	to->last = max64(to->last, c->last);
	to->steps = to->steps > c->steps ? to->steps : c->steps;
}

/* Errors in another part of the memory. */
static void
other_errors(struct count *to, const struct count *c)
{
	struct count sum = *to;

	if (to->steps) {
		sum.n = add(to->n, c->n);
		if (to->total >= 0 && c->total >= 0)
			sum.total = add(to->total, c->total);
	}
	same_errors(to, c);
	if (sum.steps) {
		to->n = sum.n;
		to->total = max64(to->total, sum.total);
	}
}

static struct count *
count_of(struct incident *v, uint16_t field)
{
	for (unsigned i = 0; i < COUNTS; i++)
		if (count_field[i] == field)
			return &v->count[i];
	return NULL;
}

/* Series of one counter count the same errors, whoever exports it, and MIG
 * instances repeat their GPU's. */
static void
count_up(const struct joining *j, struct incident *v, const struct step *p, size_t n)
{
	size_t to;

	for (size_t from = 0; from < n; from = to) {
		struct count one;

		for (to = from + 1; to < n && p[to].series == p[from].series; to++)
			;
		one = tally(&p[from], to - from);
		same_errors(count_of(v, j->series[p[from].series].s->field), &one);
	}
}

/* The count that stands for all. */
static void
choose(struct incident *v)
{
	struct count units = v->count[DRAM];
	const struct count *c = &v->count[ANY];

	if (v->count[SRAM].steps)
		other_errors(&units, &v->count[SRAM]);
	v->by = ANY;
	if (units.n > c->n) {
		c = &units;
		v->by = v->count[DRAM].n ? DRAM : SRAM;
	}
	if (c->n == 0) {
		v->by = v->count[ROWS].n ? ROWS : PAGES;
		c = &v->count[v->by];
	}
	v->n = c->n;
	v->total = c->total;
	v->start = c->start;
	v->t = c->t;
	v->last = c->last;
	v->steps = c->steps;
}

static bool
says(const struct joining *j, const struct incident *v, uint32_t code)
{
	return last_of_code(j, &v->e->who, code, v->low, v->high) != NULL;
}

/* The last value of a field before the trouble was over; -1 if there is none. */
static int64_t
state(const struct joining *j, const struct incident *v, uint16_t field)
{
	const struct who *w = &v->e->who;
	int64_t at = NO_TIME, value = -1;
	size_t lo = 0, hi = j->nseries;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct series *s = &j->series[mid];
		int d = gpu_cmp(&s->who, w);

		d = d ? d : SORT_ORDER(s->s->field, field);
		if (d < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (hi = lo; lo < j->nseries && lo - hi < LOOK_SERIES; lo++) {
		const struct series *s = &j->series[lo];
		size_t from = s->from, to = s->to;

		if (gpu_cmp(&s->who, w) != 0 || s->s->field != field)
			break;
		if (s->s->delta || !nodes_agree(j, s->who.node, w->node))
			continue;
		while (from < to) { /* behind the last that counts */
			size_t mid = from + (to - from) / 2;

			if (v->resolved == NO_TIME || j->point[mid].s->e.t < v->resolved)
				from = mid + 1;
			else
				to = mid;
		}
		if (from == s->from)
			continue;
		const struct sample *last = j->point[from - 1].s;

		if (at == NO_TIME || last->e.t > at || (last->e.t == at && last->value > value)) {
			at = last->e.t;
			value = last->value;
		}
	}
	return value;
}

static void
look_around(const struct joining *j, struct incident *v)
{
	/* as Xid 154 says it, by METRIC_RECOVERY_ACTION's value */
	static const struct str actions[] = {
		STR_INIT(""), STR_INIT("GPU Reset Required"), STR_INIT("Node Reboot Required"),
		STR_INIT("Drain P2P"), STR_INIT("Drain and Reset"), STR_INIT("Recover IMEX Domain"),
	};
	const struct xid *x = v->e->x, *ask = last_of_code(j, &v->e->who, 154, v->low, v->high);
	int64_t more;

	v->uuid = v->e->uuid;
	v->resolved = recovery_after(&j->rec, &(struct trouble){x->e.t, v->e->who.node, v->e->who.gpu, v->uuid, x->boot});
	v->pending = max64(state(j, v, METRIC_REMAP_PENDING), state(j, v, METRIC_RETIRED_PENDING));
	v->failure = state(j, v, METRIC_REMAP_FAILED);
	v->unrepairable = state(j, v, METRIC_UNREPAIRABLE);
	v->exceeded = state(j, v, METRIC_SRAM_EXCEEDED);
	v->rows = state(j, v, METRIC_REMAP_UNCORRECTABLE);
	more = state(j, v, METRIC_REMAP_CORRECTABLE);
	if (more >= 0)
		v->rows = add(max64(v->rows, 0), more);
	if (says(j, v, 63))
		v->pending = 1;
	if (says(j, v, 64))
		v->failure = 1;
	if (ask && !ask->to_none)
		v->asked = kernel_action(name(j, ask->text));
	more = state(j, v, METRIC_RECOVERY_ACTION);
	if (v->asked.n == 0 && more > 0 && (size_t)more < NELEM(actions))
		v->asked = actions[more];
}

/* Where the errors were: the counters know, else the Xids. */
static struct str
memory(const struct joining *j, const struct incident *v)
{
	struct str text = name(j, v->e->x->text);

	if (v->count[DRAM].n || v->count[SRAM].n)
		return v->count[DRAM].n >= v->count[SRAM].n ? S("dram") : S("sram");
	if (v->count[ROWS].n || v->count[PAGES].n || says(j, v, 171) || says(j, v, 63) || says(j, v, 64) ||
	    str_has(text, S("framebuffer")))
		return S("dram");
	return says(j, v, 172) ? S("sram") : S("unknown");
}

static void
put_gpu(const struct joining *j, struct buf *b, const struct incident *v)
{
	if (v->e->who.gpu.known) {
		buf_add(b, S("GPU "));
		pci_put(b, v->e->who.gpu);
	} else {
		phrase_short(b, name(j, v->uuid), 48); /* "GPU-…" */
	}
}

static void
put_where(const struct joining *j, struct buf *b, const struct incident *v, size_t room)
{
	put_gpu(j, b, v);
	if (v->e->who.node) {
		buf_add(b, S(" on "));
		phrase_short(b, name(j, v->e->who.node), room);
	}
}

static void
put_errors(struct buf *b, const struct incident *v, struct str memory)
{
	static const struct str what[COUNTS][2] = {
		[ROWS] = {STR_INIT(" row remapped for uncorrectable errors"), STR_INIT(" rows remapped for uncorrectable errors")},
		[PAGES] = {STR_INIT(" page retired for double-bit errors"), STR_INIT(" pages retired for double-bit errors")},
	};

	buf_i64(b, v->n);
	if (what[v->by][0].n) {
		buf_add(b, what[v->by][v->n != 1]);
		return;
	}
	buf_add(b, S(" uncorrectable "));
	if (str_eq(memory, S("dram")))
		buf_add(b, S("DRAM "));
	else if (str_eq(memory, S("sram")))
		buf_add(b, S("SRAM "));
	buf_add(b, v->n == 1 ? S("ECC error") : S("ECC errors"));
}

/*
 * "Memory of GPU 0000:3b:00.0 on gpu-7 is failing: 2 uncorrectable DRAM ECC
 * errors, confirmed by Xid 48 (what), 2026-…Z".
 */
static struct str
headline(const struct joining *j, const struct incident *v, struct str memory)
{
	static const struct {
		size_t node;
		bool what;
	} room[] = {{63, true}, {63, false}, {24, false}, {4, false}};
	struct buf *b = j->d->scratch;

	for (size_t i = 0; i < NELEM(room); i++) {
		b->n = 0;
		buf_add(b, S("Memory of "));
		put_where(j, b, v, room[i].node);
		buf_add(b, S(" is failing: "));
		put_errors(b, v, memory);
		buf_add(b, S(", confirmed by Xid "));
		buf_u64(b, v->e->x->code);
		if (room[i].what && v->e->info.what.n) {
			buf_add(b, S(" ("));
			buf_plain(b, v->e->info.what);
			buf_chr(b, ')');
		}
		buf_add(b, S(", "));
		time_put(b, v->e->x->e.t);
		if (b->n <= HEADLINE_MAX)
			break;
	}
	return verdict_keep(j->d->out, b);
}

/* Why the GPU must go; empty if it need not. */
static struct str
beyond_repair(const struct joining *j, const struct incident *v)
{
	if (v->failure > 0)
		return says(j, v, 64) ? S("Xid 64: its bad memory could not be mapped out") :
					S("remapping its bad rows has failed");
	if (v->rows >= ROWS_MAX)
		return S("all of its 512 spare rows are used");
	if (v->unrepairable > 0)
		return S("its memory is marked as beyond repair");
	if (v->exceeded > 0)
		return S("its SRAM errors exceed the threshold, and SRAM cannot be remapped");
	return (struct str){0};
}

static struct str
remediation(const struct joining *j, const struct incident *v)
{
	static const uint32_t resets[] = {48, 95, 140, 171, 172};
	struct str node = name(j, v->e->who.node), why = beyond_repair(j, v);
	struct buf *b = j->d->scratch;
	bool reset = false;

	for (size_t i = 0; i < NELEM(resets); i++)
		reset |= says(j, v, resets[i]);
	b->n = 0;
	if (why.n || reset) {
		buf_add(b, S("Drain "));
		if (node.n)
			phrase_short(b, node, 253);
		else
			buf_add(b, S("the node"));
		buf_add(b, why.n ? S(" and replace ") : S(" and reset "));
		put_gpu(j, b, v);
		if (why.n) {
			buf_add(b, S(": "));
			buf_add(b, why);
			buf_chr(b, '.');
		} else {
			buf_add(b, S(" before anything runs on it again; what ran on it may have computed with wrong data. "
				     "If it recurs, run the field diagnostic and replace the GPU."));
		}
	} else if (says(j, v, 94)) {
		buf_add(b, S("Restart the application that was hit on "));
		put_where(j, b, v, 253);
		buf_add(b, S("; others go on unharmed. Reset the GPU once it is drained."));
	} else if (says(j, v, 63)) {
		buf_add(b, S("Let the jobs on "));
		put_where(j, b, v, 253);
		buf_add(b, S(" finish, then reset it."));
	} else {
		put_where(j, b, v, 253);
		buf_add(b, S(": "));
		buf_plain(b, v->e->info.todo);
	}
	if (v->pending > 0 && !why.n)
		buf_add(b, S(" Bad memory waits to be mapped out: the reset does it."));
	if (v->asked.n) {
		buf_add(b, S(" The driver asks for: "));
		buf_plain(b, v->asked);
		buf_chr(b, '.');
	}
	return verdict_keep(j->d->out, b);
}

/* A source without an identity of its own is named by what it says. */
static struct str
made_uid(const struct joining *j, const struct incident *v, struct str what, int64_t t)
{
	struct buf *b = j->d->scratch;
	struct str node = name(j, v->e->who.node);

	b->n = 0;
	buf_add(b, node.n ? node : S("-"));
	buf_chr(b, '/');
	buf_add(b, what);
	buf_chr(b, '/');
	if (v->e->who.gpu.known)
		pci_put(b, v->e->who.gpu);
	else
		buf_add(b, name(j, v->uuid));
	buf_chr(b, '/');
	time_put(b, t);
	return verdict_keep(j->d->out, b);
}

/* "uncorrectable ECC errors grew by 2 to 5 between … and …" */
static void
counter_evidence(const struct joining *j, const struct incident *v)
{
	static const struct str what[COUNTS] = {
		[ANY] = STR_INIT("uncorrectable ECC errors"),
		[DRAM] = STR_INIT("uncorrectable ECC errors in DRAM"),
		[SRAM] = STR_INIT("uncorrectable ECC errors in SRAM"),
		[ROWS] = STR_INIT("rows remapped for uncorrectable errors"),
		[PAGES] = STR_INIT("pages retired for double-bit errors"),
	};
	const struct metric *m = metric_of(count_field[v->by]);
	struct str uid = made_uid(j, v, m->name, v->t);
	struct buf *b = j->d->scratch;

	b->n = 0;
	buf_add(b, what[v->by]);
	buf_add(b, S(" grew by "));
	buf_i64(b, v->n);
	if (v->total >= 0) {
		buf_add(b, S(" to "));
		buf_i64(b, v->total);
	}
	if (v->start != v->last) {
		buf_add(b, S(" between "));
		time_put(b, v->start);
		buf_add(b, S(" and "));
		time_put(b, v->last);
	}
	if (v->steps > 1) {
		buf_add(b, S(", in "));
		buf_u64(b, v->steps);
		buf_add(b, S(" steps"));
	}
	verdict_evidence(j->d->out, S("hw_error"), uid, v->t, verdict_keep(j->d->out, b));
}

static void
kernel_evidence(const struct joining *j, const struct incident *v)
{
	const struct xid *x = v->e->x;
	struct str uid = name(j, x->e.uid), text = name(j, x->text);
	struct buf *b = j->d->scratch;

	b->n = 0;
	buf_add(b, text.n ? S("xid-") : S("Xid "));
	buf_u64(b, x->code);
	if (text.n == 0)
		text = verdict_keep(j->d->out, b);
	b->n = 0;
	buf_add(b, S("xid-"));
	buf_u64(b, x->code);
	if (uid.n == 0)
		uid = made_uid(j, v, verdict_keep(j->d->out, b), x->e.t);
	verdict_evidence(j->d->out, S("kernel_event"), uid, x->e.t, text);
}

static void
row_remap(const struct joining *j, const struct incident *v)
{
	struct verdicts *vs = j->d->out;

	if (v->pending < 0 && v->failure < 0 && v->rows < 0)
		return;
	verdict_open(vs, "row_remap", ITEM_OBJECT);
	if (v->pending >= 0)
		verdict_bool(vs, "pending", v->pending > 0);
	if (v->failure >= 0)
		verdict_bool(vs, "failure", v->failure > 0);
	if (v->rows >= 0)
		verdict_int(vs, "remapped_rows", v->rows);
	verdict_close(vs);
}

static void
emit(const struct joining *j, const struct incident *v)
{
	struct verdicts *vs = j->d->out;
	struct verdict *out = verdict_add(vs);
	struct str where = memory(j, v);
	struct buf *b = j->d->scratch;

	out->headline = headline(j, v, where);
	out->remediation = remediation(j, v);
	if (v->e->who.gpu.known) {
		b->n = 0;
		pci_put(b, v->e->who.gpu);
		verdict_str(vs, "gpu_id", verdict_keep(vs, b));
	}
	verdict_str(vs, "gpu_uuid", name(j, v->uuid));
	verdict_str(vs, "node", name(j, v->e->who.node));
	verdict_int(vs, "xid_code", v->e->x->code);
	verdict_str(vs, "xid_name", v->e->info.name);
	verdict_int(vs, "ecc_delta", v->n);
	if (v->total >= 0)
		verdict_int(vs, "ecc_total", v->total);
	verdict_str(vs, "memory", where);
	if (says(j, v, 95))
		verdict_str(vs, "containment", S("uncontained"));
	else if (says(j, v, 94))
		verdict_str(vs, "containment", S("contained"));
	row_remap(j, v);
	verdict_str(vs, "recovery_action", v->asked.n ? v->asked : v->e->info.action);
	verdict_seconds(vs, "delay_seconds", time_diff(v->e->x->e.t, v->t));
	if (v->resolved != NO_TIME)
		verdict_time(vs, "resolved_at", v->resolved);
	if (v->e->x->e.t < v->t)
		kernel_evidence(j, v);
	counter_evidence(j, v);
	if (v->e->x->e.t >= v->t)
		kernel_evidence(j, v);
}

static int
incident_cmp(const void *x, const void *y, const void *ctx)
{
	const struct err *a = ((const struct incident *)x)->e, *b = ((const struct incident *)y)->e;
	const struct events *ev = ctx;
	int d = SORT_ORDER(a->x->e.t, b->x->e.t);

	d = d ? d : idx_cmp(&ev->names, a->who.node, b->who.node);
	d = d ? d : pci_cmp(a->who.gpu, b->who.gpu);
	d = d ? d : idx_cmp(&ev->names, a->who.uuid, b->who.uuid);
	return d ? d : xid_cmp(a->x, b->x, ev);
}

/* Steps that share an Xid are one verdict. */
static void
conclude(struct joining *j)
{
	struct incident *v;
	size_t n = 0, to;

	sort(j->step, j->nstep, sizeof(*j->step), step_cmp, NULL, &j->ev->scratch);
	for (size_t i = 0; i < j->nstep; i++)
		n += i == 0 || j->step[i].xid != j->step[i - 1].xid;
	v = mem_new(j->d->mem, struct incident, n);
	n = 0;
	for (size_t from = 0; from < j->nstep; from = to) {
		const struct step *p = &j->step[from];
		struct incident *i = &v[n++];

		i->e = &j->want.e[p->xid];
		i->low = p->start;
		i->high = p->t;
		for (to = from; to < j->nstep && j->step[to].xid == p->xid; to++) {
			if (j->step[to].start < i->low)
				i->low = j->step[to].start;
			i->high = max64(i->high, j->step[to].t);
		}
		i->low = time_diff(i->low, j->d->skew);
		i->high = later(later(i->high, j->c->window), j->d->skew);
		count_up(j, i, p, to - from);
		choose(i);
		look_around(j, i);
	}
	sort(v, n, sizeof(*v), incident_cmp, j->ev, &j->ev->scratch);
	for (size_t i = 0; i < n; i++)
		emit(j, &v[i]);
}

/* ---- near misses ---- */

/* The Xid of the GPU that is nearest to a time, before if two are. */
static const struct err *
nearest_xid(const struct joining *j, const struct who *w, int64_t t)
{
	size_t after = first_xid(j, w, t, INT64_MAX), lo = 0, hi = j->want.n;
	const struct err *e = j->want.e, *best = after == SIZE_MAX ? NULL : &e[after];

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int d = gpu_cmp(&e[mid].who, w);

		if (d < 0 || (d == 0 && e[mid].x->e.t < t))
			lo = mid + 1;
		else
			hi = mid;
	}
	for (hi = lo; lo-- > 0 && hi - lo <= LOOK && gpu_cmp(&e[lo].who, w) == 0;)
		if (nodes_agree(j, e[lo].who.node, w->node)) {
			if (!best || time_diff(t, e[lo].x->e.t) <= time_diff(best->x->e.t, t))
				best = &e[lo];
			break;
		}
	return best;
}

/* Is there a memory Xid on another GPU of the node? */
static bool
other_gpu(const struct joining *j, const struct who *w)
{
	size_t lo = 0, hi = j->want.n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (j->want.e[mid].who.label < w->label)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (hi = lo; lo < j->want.n && lo - hi < LOOK && j->want.e[lo].who.label == w->label; lo++)
		if (nodes_agree(j, j->want.e[lo].who.node, w->node))
			return true;
	return false;
}

static void
explain_who(const struct joining *j, struct buf *b, const struct who *w, uint32_t uuid)
{
	phrase_gpu(b, w->gpu);
	phrase_str(b, "gpu_uuid", name(j, uuid));
	if (w->index >= 0)
		phrase_int(b, "gpu_index", w->index);
	phrase_str(b, "node", name(j, w->node));
}

static struct str
why_idle(const struct joining *j, const struct series *s, const struct err *x)
{
	switch (s->s->field) {
	case METRIC_ECC_SBE_VOL:
	case METRIC_ECC_SBE_AGG:
		return S("the errors were corrected");
	case METRIC_ECC_DBE_AGG:
	case METRIC_ECC_DBE_AGG_DEV:
	case METRIC_ECC_DBE_AGG_SRM:
		return S("the counter is over the board's life; only what is counted since the driver was loaded joins");
	}
	if (s->small == s->idle)
		return S("the counter grew by less than --delta");
	if (!x)
		return s->who.index >= 0 ? S("nothing tells the GPU's address") :
		       !s->who.node && j->want.n ? S("the counter names no node: --node=NAME names it") :
		       other_gpu(j, &s->who) ? S("no memory Xid of this GPU; another GPU of the node has one") :
					       S("no memory Xid of this GPU");
	return x->x->e.t < s->last ? S("the nearest Xid came before the sample that precedes the growth") :
				     S("the nearest Xid came too long after the growth");
}

static void
explain_series(const struct joining *j, const struct series *s)
{
	const struct err *x = nearest_xid(j, &s->who, s->last);
	const struct metric *m = metric_of(s->s->field);
	struct buf *b = j->d->explain;

	buf_chr(b, '{');
	phrase_str(b, "explain", S("counter that grew without a verdict"));
	phrase_str(b, "metric", m->name);
	explain_who(j, b, &s->who, s->uuid);
	phrase_int(b, "count", (int64_t)s->idle);
	phrase_int(b, "sum", s->sum);
	phrase_time(b, "first", s->first);
	phrase_time(b, "last", s->last);
	if (x) {
		buf_key(b, "nearest");
		buf_chr(b, '{');
		phrase_int(b, "xid_code", x->x->code);
		phrase_time(b, "time", x->x->e.t);
		buf_key(b, "delay_seconds");
		buf_fixed(b, time_diff(x->x->e.t, s->last), 9);
		buf_chr(b, '}');
		buf_key(b, "window_seconds");
		buf_fixed(b, j->c->window, 9);
	}
	phrase_str(b, "why", why_idle(j, s, x));
	buf_add(b, S("}\n"));
}

/* What counters of a GPU are in the input, and whether one grew. */
static struct str
why_alone(const struct joining *j, const struct err *e)
{
	bool counted = false, grew = false, other = false;
	size_t lo = 0, hi = j->nseries;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (gpu_cmp(&j->series[mid].who, &e->who) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (hi = lo; lo < j->nseries && lo - hi < LOOK && gpu_cmp(&j->series[lo].who, &e->who) == 0; lo++) {
		const struct series *s = &j->series[lo];

		if (!nodes_agree(j, s->who.node, e->who.node) || use_of(s->s->field) == STATE)
			continue;
		counted |= use_of(s->s->field) == LAYER;
		grew |= use_of(s->s->field) == LAYER && s->idle;
		other |= use_of(s->s->field) == NEAR_MISS && s->idle;
	}
	if (grew)
		return S("the GPU's error counters grew, but not around the Xid");
	if (other)
		return S("the GPU counted only corrected errors, or errors over the board's life");
	if (counted)
		return S("the GPU's error counters did not grow around the Xid");
	return e->who.node ? S("the input has no error counter of this GPU") :
			     S("the Xid names no node: --node=NAME names it");
}

struct alone {
	const struct err *e; /* the first */
	uint64_t count;
	int64_t last;
};

static int
alone_cmp(const void *x, const void *y, const void *ctx)
{
	const struct err *a = ((const struct alone *)x)->e, *b = ((const struct alone *)y)->e;
	const struct events *ev = ctx;
	int d = idx_cmp(&ev->names, a->who.node, b->who.node);

	d = d ? d : pci_cmp(a->who.gpu, b->who.gpu);
	d = d ? d : idx_cmp(&ev->names, a->who.uuid, b->who.uuid);
	d = d ? d : SORT_ORDER(a->x->code, b->x->code);
	return d ? d : xid_cmp(a->x, b->x, ev);
}

static int
repeat_cmp(const void *x, const void *y, const void *ctx)
{
	const struct err *a = *(const struct err *const *)x, *b = *(const struct err *const *)y;
	int d = gpu_cmp(&a->who, &b->who);

	d = d ? d : SORT_ORDER(a->who.node, b->who.node);
	d = d ? d : SORT_ORDER(a->x->code, b->x->code);
	return d ? d : err_cmp(a, b, ctx);
}

static void
explain_xids(const struct joining *j)
{
	const struct err **e = mem_new(j->d->mem, const struct err *, j->want.n);
	struct alone *a = mem_new(j->d->mem, struct alone, j->want.n);
	struct buf *b = j->d->explain;
	size_t n = 0, na = 0;

	/* an Xid that follows one that was joined belongs to it */
	for (size_t i = 0, held = SIZE_MAX; i < j->want.n; i++) {
		const struct err *x = &j->want.e[i];

		if (x->joined)
			held = i;
		else if (held == SIZE_MAX || gpu_cmp(&j->want.e[held].who, &x->who) != 0 ||
			 time_diff(x->x->e.t, j->want.e[held].x->e.t) > j->c->window)
			e[n++] = x;
	}
	sort(e, n, sizeof(*e), repeat_cmp, j->ev, &j->ev->scratch);
	for (size_t i = 0; i < n; i++) {
		const struct err *before = i ? e[i - 1] : NULL;

		if (!before || gpu_cmp(&before->who, &e[i]->who) != 0 || before->who.node != e[i]->who.node ||
		    before->x->code != e[i]->x->code)
			a[na++] = (struct alone){e[i], 0, 0};
		a[na - 1].count++;
		a[na - 1].last = e[i]->x->e.t;
	}
	sort(a, na, sizeof(*a), alone_cmp, j->ev, &j->ev->scratch);
	for (size_t i = 0; i < na; i++) {
		buf_chr(b, '{');
		phrase_str(b, "explain", S("memory Xid without a verdict"));
		phrase_int(b, "xid_code", a[i].e->x->code);
		explain_who(j, b, &a[i].e->who, a[i].e->uuid);
		phrase_int(b, "count", (int64_t)a[i].count);
		phrase_time(b, "first", a[i].e->x->e.t);
		phrase_time(b, "last", a[i].last);
		phrase_str(b, "why", why_alone(j, a[i].e));
		buf_add(b, S("}\n"));
	}
}

static int
idle_cmp(const void *x, const void *y, const void *ctx)
{
	const struct series *a = *(const struct series *const *)x, *b = *(const struct series *const *)y;
	const struct events *ev = ctx;
	int d = idx_cmp(&ev->names, a->who.node, b->who.node);

	d = d ? d : pci_cmp(a->who.gpu, b->who.gpu);
	d = d ? d : idx_cmp(&ev->names, a->who.uuid, b->who.uuid);
	d = d ? d : SORT_ORDER(a->who.index, b->who.index);
	d = d ? d : SORT_ORDER(a->s->field, b->s->field);
	d = d ? d : SORT_ORDER(a->s->delta, b->s->delta);
	d = d ? d : SORT_ORDER(a->s->instance, b->s->instance);
	return d ? d : idx_cmp(&ev->names, a->s->part, b->s->part);
}

static void
explain(const struct joining *j)
{
	const struct series **s = mem_new(j->d->mem, const struct series *, j->nseries);
	size_t n = 0;

	for (size_t i = 0; i < j->nseries; i++)
		if (j->series[i].idle && use_of(j->series[i].s->field) != STATE)
			s[n++] = &j->series[i];
	sort(s, n, sizeof(*s), idle_cmp, j->ev, &j->ev->scratch);
	for (size_t i = 0; i < n; i++)
		explain_series(j, s[i]);
	explain_xids(j);
}

/* ---- notices ---- */

static struct buf *
clause(const struct joining *j)
{
	struct buf *b = j->d->notice;

	buf_add(b, b->n ? S("; ") : S(""));
	return b;
}

static uint64_t
nodes_of(const struct joining *j)
{
	uint64_t n = 0, *seen = mem_new(j->d->mem, uint64_t, j->ev->names.n + 1);

	for (size_t i = 0; i < j->want.n; i++) {
		uint32_t node = j->want.e[i].who.node;

		n += node && !seen[node];
		seen[node] = 1;
	}
	return n;
}

static void
notice(const struct joining *j)
{
	struct buf *b = j->d->notice;
	uint64_t counters = 0, nodeless = 0, placed = 0, nameless = 0, nodes = nodes_of(j);
	uint64_t xids = j->want.n + j->timeless_xids + j->nameless_xids;

	for (size_t i = 0; i < j->nseries; i++) {
		const struct series *s = &j->series[i];

		if (use_of(s->s->field) != LAYER)
			continue;
		counters++;
		nodeless += s->who.node == 0;
		placed += s->who.node != 0;
		nameless += s->who.index >= 0;
	}
	if (xids == 0 || counters + j->timeless_points == 0) {
		phrase_count(b, xids, S("memory Xid"), S("memory Xids"));
		if (nodes) {
			buf_add(b, S(" from "));
			phrase_count(b, nodes, S("node"), S("nodes"));
		}
		buf_add(b, S(", "));
		phrase_count(b, counters, S("counter of uncorrectable errors"), S("counters of uncorrectable errors"));
		buf_add(b, S(": nothing to join"));
		return;
	}
	if (j->nodeless_xids && placed) {
		phrase_count(clause(j), j->nodeless_xids, S("Xid carries"), S("Xids carry"));
		buf_add(b, S(" no node and cannot be joined: --node=NAME names it"));
	}
	if (nodeless && nodes) {
		phrase_count(clause(j), nodeless, S("counter names"), S("counters name"));
		buf_add(b, S(" no node and cannot be joined: --node=NAME names it"));
	}
	if (nameless) {
		phrase_count(clause(j), nameless, S("counter names"), S("counters name"));
		buf_add(b, S(" a GPU by its number alone, whose address nothing tells"));
	}
	if (j->nameless_xids) {
		phrase_count(clause(j), j->nameless_xids, S("Xid names"), S("Xids name"));
		buf_add(b, S(" no GPU and cannot be joined"));
	}
	if (j->timeless_xids) {
		phrase_count(clause(j), j->timeless_xids, S("Xid carries"), S("Xids carry"));
		buf_add(b, S(" no time and cannot be joined: --boot-time=TIME dates dmesg's"));
	}
	if (j->timeless_points) {
		phrase_count(clause(j), j->timeless_points, S("measurement carries"), S("measurements carry"));
		buf_add(b, S(" no time and cannot be joined: --scrape-time=TIME dates them"));
	}
}

static void
detect(const struct detection *d)
{
	struct joining j = {.d = d, .c = d->config, .ev = d->ev};
	uint32_t fallback = events_node(d->ev, d->node);

	j.gpus = gpus_gather(d->ev, fallback, d->mem);
	j.rec = recovery_gather(d->ev, fallback, d->mem);
	gather_xids(&j, fallback);
	gather_points(&j, fallback);
	for (size_t i = 0; i < j.nseries; i++)
		if (use_of(j.series[i].s->field) != STATE)
			walk(&j, i);
	conclude(&j);
	if (d->explain)
		explain(&j);
	notice(&j);
}

const struct pattern hbm_ecc = {
	.filter = STR_INIT("hbm-ecc"),
	.id = STR_INIT("3"),
	.name = STR_INIT("hbm_ecc"),
	.about = STR_INIT("Say which GPU memory is failing, confirmed by counter and kernel."),
	.wants = 1u << EVENT_XID | 1u << EVENT_GPU | 1u << EVENT_RECOVERY | 1u << EVENT_SAMPLE,
	.keys = {.by_node = ~0u},
	.words = {kernel_words, metric_words, flat_words, envelope_words},
	.opt = options,
	.config_size = sizeof(struct config),
	.config = &start,
	.setup = setup,
	.detect = detect,
};
