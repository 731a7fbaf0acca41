/*
 * Counters are grouped into series, ascending in time, and yield steps: so
 * many errors since the sample before.  Each step looks up the first memory
 * Xid of its GPU by bisection.
 */
#include "pattern/hbm.h"
#include "pattern/nodes.h"

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

enum use
hbm_use(unsigned field)
{
	for (size_t i = 0; i < NELEM(uses); i++)
		if (uses[i].field == field)
			return uses[i].use;
	return UNUSED;
}

uint16_t *
hbm_fields(struct mem *m)
{
	uint16_t *fields = mem_new(m, uint16_t, NELEM(uses) + 1);

	for (size_t i = 0; i < NELEM(uses); i++)
		fields[i] = uses[i].field;
	return fields;
}

/* ---- counters ---- */

int
hbm_gpu_cmp(const struct who *a, const struct who *b)
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
	const struct sample *s = (const struct sample *)ctx + a->at, *t = (const struct sample *)ctx + b->at;
	int d = hbm_gpu_cmp(&a->who, &b->who);

	d = d ? d : SORT_ORDER(s->field, t->field);
	d = d ? d : SORT_ORDER(a->who.node, b->who.node);
	d = d ? d : SORT_ORDER(s->delta, t->delta);
	d = d ? d : SORT_ORDER(s->instance, t->instance);
	return d ? d : SORT_ORDER(s->part, t->part);
}

static int
point_cmp(const void *x, const void *y, const void *ctx)
{
	const struct point *a = x, *b = y;
	const struct sample *s = (const struct sample *)ctx + a->at, *t = (const struct sample *)ctx + b->at;
	int d = series_cmp(x, y, ctx);

	d = d ? d : SORT_ORDER(s->e.t, t->e.t);
	d = d ? d : SORT_ORDER(s->value, t->value);
	return d ? d : SORT_ORDER(s->start, t->start);
}

/* Who that is, with all that the input knows; *uuid is filled in. */
static struct who
identify(const struct joining *j, uint32_t node, int64_t t, struct pci gpu, uint32_t *uuid, int16_t index)
{
	struct who w = {.label = nodes_label(j->ev, node), .node = node, .gpu = gpu, .index = index};

	gpus_fill(&j->gpus, node, t, &w.gpu, uuid, &w.index);
	if (!w.gpu.known)
		w.uuid = *uuid;
	if (w.gpu.known || w.uuid)
		w.index = -1;
	return w;
}

void
hbm_gather_points(struct joining *j, uint32_t fallback)
{
	struct event_list *list = &j->ev->list[EVENT_SAMPLE];
	struct sample *s = list->p;
	size_t to, n = 0;

	j->sample = s;
	j->point = mem_new(j->d->mem, struct point, list->n);
	for (size_t i = 0; i < list->n; i++) {
		struct point *p = &j->point[j->npoint];

		if (hbm_use(s[i].field) == UNUSED || s[i].value < 0)
			continue;
		if (!s[i].e.node)
			s[i].e.node = fallback;
		if (s[i].e.t == NO_TIME) {
			j->timeless_points++;
			continue;
		}
		p->at = (uint32_t)i;
		p->uuid = s[i].uuid;
		p->who = identify(j, s[i].e.node, s[i].e.t, s[i].gpu, &p->uuid, s[i].index);
		j->npoint++;
	}
	sort(j->point, j->npoint, sizeof(*j->point), point_cmp, s, &j->ev->scratch);
	for (size_t i = 0; i < j->npoint; i++)
		n += i == 0 || series_cmp(&j->point[i - 1], &j->point[i], s) != 0;
	j->series = mem_new(j->d->mem, struct series, n);
	for (size_t from = 0; from < j->npoint; from = to) {
		struct point *p = &j->point[from];

		for (to = from + 1; to < j->npoint && series_cmp(p, &j->point[to], s) == 0; to++)
			;
		j->series[j->nseries++] = (struct series){
			.who = p->who, .uuid = p->uuid, .from = from, .to = to, .s = sample_at(j, from),
		};
	}
}

size_t
hbm_series_from(const struct joining *j, const struct who *w, uint16_t field)
{
	const struct series *s = j->series;
	size_t lo = 0;
	int d;

	SORT_BISECT(lo, j->nseries, i, (d = hbm_gpu_cmp(&s[i].who, w)) < 0 || (d == 0 && s[i].s->field < field));
	return lo;
}

/* ---- Xids ---- */

int
hbm_err_cmp(const void *x, const void *y, const void *ctx)
{
	const struct err *a = x, *b = y;
	int d = hbm_gpu_cmp(&a->who, &b->who);

	d = d ? d : SORT_ORDER(a->x->e.t, b->x->e.t);
	d = d ? d : SORT_ORDER(a->info->cls, b->info->cls);
	d = d ? d : SORT_ORDER(a->x->code, b->x->code);
	return d ? d : xid_cmp(a->x, b->x, ctx);
}

static int
gpu_code_cmp(const struct err *e, const struct who *w, uint32_t code)
{
	int d = hbm_gpu_cmp(&e->who, w);

	return d ? d : SORT_ORDER(e->x->code, code);
}

static int
code_cmp(const void *x, const void *y, const void *ctx)
{
	const struct err *a = x, *b = y;
	int d = hbm_gpu_cmp(&a->who, &b->who);

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

/* --xids may name any code. */
static const struct xid_info unknown = {
	.cls = XID_UNKNOWN,
	.todo = STR_INIT("Drain the node, collect nvidia-bug-report.sh and ask NVIDIA support."),
};

void
hbm_gather_xids(struct joining *j, uint32_t fallback)
{
	struct event_list *list = &j->ev->list[EVENT_XID];
	struct xid *x = list->p;

	j->want.e = mem_new(j->d->mem, struct err, list->n);
	j->by_code.e = mem_new(j->d->mem, struct err, list->n);
	for (size_t i = 0; i < list->n; i++) {
		struct err e = {.x = &x[i], .uuid = x[i].uuid};
		bool want = wanted(j->c, x[i].code);

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
		e.info = catalog_find(x[i].code);
		if (!e.info)
			e.info = &unknown;
		if (want && !x[i].to_none) {
			j->want.e[j->want.n++] = e;
			j->nodeless_xids += x[i].e.node == 0;
		}
		if (telling(x[i].code))
			j->by_code.e[j->by_code.n++] = e;
	}
	sort(j->want.e, j->want.n, sizeof(*j->want.e), hbm_err_cmp, j->ev, &j->ev->scratch);
	sort(j->by_code.e, j->by_code.n, sizeof(*j->by_code.e), code_cmp, j->ev, &j->ev->scratch);
}

size_t
hbm_xids_from(const struct joining *j, const struct who *w, int64_t t)
{
	const struct err *e = j->want.e;
	size_t lo = 0;
	int d;

	SORT_BISECT(lo, j->want.n, i, (d = hbm_gpu_cmp(&e[i].who, w)) < 0 || (d == 0 && e[i].x->e.t < t));
	return lo;
}

size_t
hbm_first_xid(const struct joining *j, const struct who *w, int64_t low, int64_t high)
{
	const struct errs *s = &j->want;
	size_t lo = hbm_xids_from(j, w, low), from;

	for (from = lo; lo < s->n && lo - from < HBM_LOOK; lo++) {
		if (hbm_gpu_cmp(&s->e[lo].who, w) != 0 || s->e[lo].x->e.t > high)
			break;
		if (nodes_agree(j->ev, s->e[lo].who.node, w->node))
			return lo;
	}
	return SIZE_MAX;
}

const struct xid *
hbm_last_of_code(const struct joining *j, const struct who *w, uint32_t code, int64_t low, int64_t high)
{
	const struct errs *s = &j->by_code;
	size_t lo = 0, to;
	int d;

	SORT_BISECT(lo, s->n, i, (d = gpu_code_cmp(&s->e[i], w, code)) < 0 || (d == 0 && s->e[i].x->e.t <= high));
	for (to = lo; lo-- > 0 && to - lo <= HBM_LOOK;) {
		const struct err *e = &s->e[lo];

		if (gpu_code_cmp(e, w, code) != 0 || e->x->e.t < low)
			break;
		if (nodes_agree(j->ev, e->who.node, w->node))
			return e->x;
	}
	return NULL;
}

/* ---- steps ---- */

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

void
hbm_walk(struct joining *j, size_t series)
{
	struct series *s = &j->series[series];
	const struct sample *prev = NULL;
	bool counts = hbm_use(s->s->field) == LAYER, small;

	for (size_t i = s->from; i < s->to; i++) {
		const struct sample *now = sample_at(j, i);
		struct step step;

		/* of equal times the highest count */
		if (i + 1 < s->to && sample_at(j, i + 1)->e.t == now->e.t)
			continue;
		step = grown(j, s, prev, now);
		prev = now;
		if (step.n < 1)
			continue;
		small = (uint64_t)step.n < j->c->delta;
		s->small += small;
		step.series = series;
		step.xid = !counts || small ? SIZE_MAX :
			hbm_first_xid(j, &s->who, time_diff(step.start, j->d->skew),
				  time_add(time_add(step.t, j->c->window), j->d->skew));
		if (step.xid != SIZE_MAX) {
			j->want.e[step.xid].joined = true;
			j->step = mem_extend(j->d->mem, j->step, j->nstep, &j->stepcap, sizeof(*j->step));
			j->step[j->nstep++] = step;
			continue;
		}
		if (s->idle++ == 0)
			s->first = step.t;
		s->last = step.t;
		s->sum = time_add(s->sum, step.n);
	}
}
