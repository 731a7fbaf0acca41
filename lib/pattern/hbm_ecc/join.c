/*
 * Counters are grouped into series, ascending in time, and yield steps:
 * increases since the previous sample.  For each step the first memory Xid of
 * its GPU is found by binary search.
 */
#include "pattern/hbm_ecc/hbm.h"

/* Number of Xids of a code whose lines are examined. */
enum { LOOK_XIDS = 64 };

const uint16_t hbm_count_field[COUNTS] = {
	[ANY] = METRIC_ECC_DBE_VOL,   [DRAM] = METRIC_ECC_DBE_VOL_DEV,      [SRAM] = METRIC_ECC_DBE_VOL_SRM,
	[ROWS] = METRIC_REMAP_UNCORRECTABLE, [PAGES] = METRIC_RETIRED_DBE,
};

/* By field. */
static const uint8_t uses[] = {
	[METRIC_ECC_DBE_VOL] = LAYER,
	[METRIC_ECC_DBE_VOL_DEV] = LAYER,
	[METRIC_ECC_DBE_VOL_SRM] = LAYER,
	[METRIC_REMAP_UNCORRECTABLE] = LAYER,
	[METRIC_RETIRED_DBE] = LAYER,
	[METRIC_REMAP_CORRECTABLE] = STATE,
	[METRIC_REMAP_FAILED] = STATE,
	[METRIC_REMAP_PENDING] = STATE,
	[METRIC_RETIRED_PENDING] = STATE,
	[METRIC_UNREPAIRABLE] = STATE,
	[METRIC_SRAM_EXCEEDED] = STATE,
	[METRIC_RECOVERY_ACTION] = STATE,
	[METRIC_ECC_SBE_VOL] = NEAR_MISS,
	[METRIC_ECC_SBE_AGG] = NEAR_MISS,
	[METRIC_ECC_DBE_AGG] = NEAR_MISS,
	[METRIC_ECC_DBE_AGG_DEV] = NEAR_MISS,
	[METRIC_ECC_DBE_AGG_SRM] = NEAR_MISS,
};

enum counter_use
hbm_use(unsigned field)
{
	return field < NELEM(uses) ? uses[field] : UNUSED;
}

uint16_t *
hbm_fields(struct mem *m)
{
	uint16_t *fields = mem_new(m, uint16_t, NELEM(uses) + 1);
	size_t n = 0;

	for (size_t i = 0; i < NELEM(uses); i++)
		if (uses[i] != UNUSED)
			fields[n++] = (uint16_t)i;
	return fields;
}

/* ---- counters ---- */

static struct gpu_name
whose(uint32_t node, struct pci gpu, uint32_t uuid, int16_t index)
{
	return (struct gpu_name){node, gpu, uuid, gpu.known || uuid ? -1 : index};
}

struct gpu_name
hbm_counted(const struct sample *s)
{
	return whose(s->e.node, s->gpu, s->uuid, s->index);
}

struct gpu_name
hbm_erred(const struct xid *x)
{
	return whose(x->e.node, x->gpu, x->uuid, -1);
}

int
hbm_gpu_cmp(struct gpu_name a, struct gpu_name b)
{
	int d = SORT_ORDER(a.node, b.node);

	d = d ? d : pci_cmp(a.gpu, b.gpu);
	d = d ? d : SORT_ORDER(a.uuid, b.uuid);
	return d ? d : SORT_ORDER(a.index, b.index);
}

int
hbm_name_cmp(const struct hbm_join *j, struct gpu_name a, struct gpu_name b)
{
	int d = idx_cmp(&j->ev->names, a.node, b.node);

	d = d ? d : pci_cmp(a.gpu, b.gpu);
	d = d ? d : idx_cmp(&j->ev->names, a.uuid, b.uuid);
	return d ? d : SORT_ORDER(a.index, b.index);
}

/* By names, as the list is sorted: little is left to do. */
static int
series_cmp(const struct hbm_join *j, const struct sample *a, const struct sample *b)
{
	bool same = a->e.node == b->e.node && a->uuid == b->uuid && a->index == b->index && pci_cmp(a->gpu, b->gpu) == 0;
	int d = same ? 0 : hbm_name_cmp(j, hbm_counted(a), hbm_counted(b));

	d = d ? d : SORT_ORDER(a->field, b->field);
	d = d ? d : SORT_ORDER(a->delta, b->delta);
	return d ? d : SORT_ORDER(a->e.uid, b->e.uid);
}

static int
sample_cmp(const void *x, const void *y, const void *ctx)
{
	const struct hbm_join *j = ctx;
	const struct sample *s = j->ev->list[EVENT_SAMPLE].p, *a = &s[*(const uint32_t *)x], *b = &s[*(const uint32_t *)y];
	int d = series_cmp(j, a, b);

	d = d ? d : SORT_ORDER(a->e.t, b->e.t);
	d = d ? d : SORT_ORDER(a->value, b->value);
	return d ? d : SORT_ORDER(a->start, b->start);
}

void
hbm_gather_series(struct hbm_join *j)
{
	const struct event_list *list = &j->ev->list[EVENT_SAMPLE];
	const struct sample *s = list->p;
	size_t to, n = 0;

	j->sample = mem_new(j->d->mem, uint32_t, list->n);
	for (size_t i = 0; i < list->n; i++) {
		if (hbm_use(s[i].field) == UNUSED || s[i].value < 0)
			continue;
		if (s[i].e.t == NO_TIME)
			j->timeless_points++;
		else
			j->sample[n++] = (uint32_t)i;
	}
	sort(j->sample, n, sizeof(*j->sample), sample_cmp, j, j->d->spare);
	for (size_t i = 0; i < n; i++)
		j->nseries += i == 0 || series_cmp(j, sample_at(j, i - 1), sample_at(j, i)) != 0;
	j->series = mem_new(j->d->mem, struct hbm_series, j->nseries);
	j->nseries = 0;
	for (size_t from = 0; from < n; from = to) {
		for (to = from + 1; to < n && series_cmp(j, sample_at(j, from), sample_at(j, to)) == 0; to++)
			;
		j->series[j->nseries++] = (struct hbm_series){.from = from, .to = to};
	}
}

size_t
hbm_series_from(const struct hbm_join *j, const struct gpu_name *w, uint16_t field)
{
	const struct sample *s;
	size_t lo = 0;
	int d;

	SORT_BISECT(lo, j->nseries, i, (s = first_of(j, &j->series[i]), d = hbm_name_cmp(j, hbm_counted(s), *w)) < 0 ||
		    (d == 0 && s->field < field));
	return lo;
}

/* ---- Xids ---- */

/* Severity of a code, 0 is the most severe.  Hardware errors that harm one
 * program or none are least severe; running out of spare rows is worse than a
 * repair. */
static int
grade(uint32_t code)
{
	int cls = (int)hbm_info(code)->cls;

	return code == 94 || code == 161 ? 1 : 2 * cls;
}

int
hbm_xid_cmp(const struct hbm_join *j, const struct xid *a, const struct xid *b)
{
	int d = hbm_gpu_cmp(hbm_erred(a), hbm_erred(b));

	d = d ? d : SORT_ORDER(a->e.t, b->e.t);
	d = d ? d : SORT_ORDER(grade(a->code), grade(b->code));
	d = d ? d : SORT_ORDER(a->code, b->code);
	return d ? d : xid_cmp(a, b, j->ev);
}

static int
order_cmp(const void *x, const void *y, const void *ctx)
{
	const struct hbm_join *j = ctx;
	const struct xid *all = j->ev->list[EVENT_XID].p;

	return hbm_xid_cmp(j, &all[*(const uint32_t *)x], &all[*(const uint32_t *)y]);
}

static int
gpu_code_cmp(const struct xid *x, const struct gpu_name *w, uint32_t code)
{
	int d = hbm_gpu_cmp(hbm_erred(x), *w);

	return d ? d : SORT_ORDER(x->code, code);
}

static int
decisive_cmp(const void *x, const void *y, const void *ctx)
{
	const struct hbm_join *j = ctx;
	const struct xid *a = xid_at(j, *(const uint32_t *)x), *b = xid_at(j, *(const uint32_t *)y);
	struct gpu_name w = hbm_erred(b);
	int d = gpu_code_cmp(a, &w, b->code);

	d = d ? d : SORT_ORDER(a->e.t, b->e.t);
	return d ? d : xid_cmp(a, b, j->ev);
}

static bool
wanted(const struct hbm_options *c, uint32_t code)
{
	for (size_t i = 0; i < c->ncode; i++)
		if (c->code[i] == code)
			return true;
	return false;
}

/* Xids that show severity and action, in addition to the confirming one. */
static bool
is_decisive(uint32_t code)
{
	static const uint32_t codes[] = {48, 63, 64, 94, 95, 140, 154, 160, 161, 171, 172, 177};

	for (size_t i = 0; i < NELEM(codes); i++)
		if (codes[i] == code)
			return true;
	return false;
}

const struct xid_info *
hbm_info(uint32_t code)
{
	/* --xids may name any code */
	static const struct xid_info unknown = {
		.cls = XID_UNKNOWN,
		.todo = STR_INIT("Drain the node, collect nvidia-bug-report.sh and ask NVIDIA support."),
	};
	const struct xid_info *info = catalog_find(code);

	return info ? info : &unknown;
}

static void
swap(uint32_t *a, uint32_t *b)
{
	uint32_t x = *a;

	*a = *b;
	*b = x;
}

struct reach
hbm_reach(const struct detection *d)
{
	const struct hbm_options *c = d->config;
	int64_t either = time_add(time_add(time_add(c->window, d->skew), d->skew), HBM_LAG);

	return (struct reach){.after = either, .back = either};
}

void
hbm_gather_xids(struct hbm_join *j)
{
	const struct event_list *list = &j->ev->list[EVENT_XID];
	const struct xid *x = list->p;
	size_t n = 0;

	j->xid = mem_new(j->d->mem, uint32_t, list->n);
	for (size_t i = 0; i < list->n; i++) {
		bool want = wanted(j->c, x[i].code);

		if (x[i].nvswitch || x[i].code_implied || (!want && !is_decisive(x[i].code)))
			continue;
		if (x[i].e.t == NO_TIME || (!x[i].gpu.known && !x[i].uuid)) {
			j->timeless_xids += want && x[i].e.t == NO_TIME;
			j->nameless_xids += want && x[i].e.t != NO_TIME;
			continue;
		}
		j->ndecisive += is_decisive(x[i].code);
		want &= !x[i].recovered;
		j->nodeless_xids += want && x[i].e.node == 0;
		j->xid[n] = (uint32_t)i;
		if (want)
			swap(&j->xid[n], &j->xid[j->nwant++]);
		n++;
	}
	j->nxid = n;
	if (!j->ev->list[EVENT_SAMPLE].n) /* nothing will be looked up */
		return;
	sort(j->xid, j->nwant, sizeof(*j->xid), order_cmp, j, j->d->spare);
	j->decisive = mem_new(j->d->mem, uint32_t, j->ndecisive);
	j->ndecisive = 0;
	for (size_t i = 0; i < n; i++)
		if (is_decisive(xid_at(j, i)->code))
			j->decisive[j->ndecisive++] = (uint32_t)i;
	sort(j->decisive, j->ndecisive, sizeof(*j->decisive), decisive_cmp, j, j->d->spare);
}

size_t
hbm_xids_from(const struct hbm_join *j, const struct gpu_name *w, int64_t t)
{
	const struct xid *x;
	size_t lo = 0;
	int d;

	SORT_BISECT(lo, j->nwant, i, (x = xid_at(j, i), d = hbm_gpu_cmp(hbm_erred(x), *w)) < 0 || (d == 0 && x->e.t < t));
	return lo;
}

size_t
hbm_first_xid(const struct hbm_join *j, const struct gpu_name *w, int64_t low, int64_t high)
{
	size_t at = hbm_xids_from(j, w, low);
	const struct xid *x = at < j->nwant ? xid_at(j, at) : NULL;

	return x && hbm_gpu_cmp(hbm_erred(x), *w) == 0 && x->e.t <= high ? at : SIZE_MAX;
}

/* Does a line request an action (unset: any), and contain one of the words? */
static bool
is_said(const struct hbm_join *j, const struct xid *x, const struct str *word, size_t nword, enum action asked)
{
	struct xid_info info = *hbm_info(x->code);
	bool has = !nword;

	for (size_t i = 0; i < nword && !has; i++)
		has = str_has(name(j, x->text), word[i]);
	catalog_line(&info, x->nonfatal, name(j, x->text));
	return has && (!asked || info.asked == asked);
}

static const struct xid *
last_said(const struct hbm_join *j, const struct hbm_incident *v, uint32_t code, const struct str *word, size_t nword, enum action asked)
{
	const struct gpu_name *w = &v->who;
	const struct xid *x;
	size_t lo = 0;
	int d;

	SORT_BISECT(lo, j->ndecisive, i, (x = xid_at(j, j->decisive[i]), d = gpu_code_cmp(x, w, code)) < 0 || (d == 0 && x->e.t <= v->high));
	for (size_t k = lo; k && lo - k < LOOK_XIDS; k--) {
		x = xid_at(j, j->decisive[k - 1]);
		if (gpu_code_cmp(x, w, code) != 0 || x->e.t < v->low)
			break;
		if (is_said(j, x, word, nword, asked))
			return x;
	}
	return NULL;
}

const struct xid *
hbm_last_of_code(const struct hbm_join *j, const struct hbm_incident *v, uint32_t code)
{
	return last_said(j, v, code, NULL, 0, ACTION_UNSET);
}

const struct xid *
hbm_last_with(const struct hbm_join *j, const struct hbm_incident *v, uint32_t code, const struct str *word, size_t nword)
{
	return last_said(j, v, code, word, nword, ACTION_UNSET);
}

const struct xid *
hbm_last_asking(const struct hbm_join *j, const struct hbm_incident *v, uint32_t code, enum action asked)
{
	return last_said(j, v, code, NULL, 0, asked);
}

bool
hbm_says(const struct hbm_join *j, const struct hbm_incident *v, uint32_t code)
{
	return hbm_last_of_code(j, v, code) != NULL;
}

/* ---- steps ---- */

/* Was the GPU's counter reset in (from, to]? */
static bool
restarted(const struct hbm_join *j, const struct hbm_series *s, int64_t from, int64_t to)
{
	const struct sample *first = first_of(j, s);
	int64_t t = recovery_after(&j->rec, &(struct trouble){from, first->e.node, first->gpu, first->uuid, 0});

	return t != NO_TIME && t <= to;
}

/* The increase shown by a counter's sample over the previous one; prev may be NULL. */
static struct growth
grown(const struct hbm_join *j, const struct hbm_series *s, const struct sample *prev, const struct sample *now)
{
	struct growth r = {.t = now->e.t, .start = prev ? prev->e.t : now->e.t, .total = now->value};
	bool reset = now->start != NO_TIME && now->start < now->e.t && (!prev || now->start > prev->e.t);

	if (now->delta) {
		r.n = now->value;
		r.total = -1;
		if (now->start != NO_TIME && now->start <= now->e.t)
			r.start = now->start;
	} else if (reset) {
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
hbm_walk(struct hbm_join *j, size_t series, bool alone)
{
	struct hbm_series *s = &j->series[series];
	const struct sample *prev = NULL, *first = first_of(j, s);
	bool counts = hbm_use(first->field) == LAYER, small;
	struct gpu_name w = hbm_counted(first);

	for (size_t i = s->from; i < s->to; i++) {
		const struct sample *now = sample_at(j, i);
		struct growth step;

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
			hbm_first_xid(j, &w, time_diff(step.start, j->d->skew),
				  time_add(time_add(step.t, j->c->window), j->d->skew));
		if (step.xid != SIZE_MAX) {
			j->step = mem_extend(j->d->mem, j->step, j->nstep, &j->stepcap, sizeof(*j->step));
			j->step[j->nstep++] = step;
			continue;
		}
		if (alone && !small) {
			j->lone = mem_extend(j->d->mem, j->lone, j->nlone, &j->lonecap, sizeof(*j->lone));
			j->lone[j->nlone++] = step;
			continue;
		}
		if (s->idle++ == 0)
			s->first = step.t;
		s->last = step.t;
		s->sum = time_add(s->sum, step.n);
	}
}
