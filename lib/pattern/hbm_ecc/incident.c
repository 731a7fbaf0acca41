#include "base/num.h"
#include "input/text/kernel.h"
#include "pattern/hbm_ecc/hbm.h"

/* Number of series of a GPU's counter examined for its latest value. */
enum { LOOK_SERIES = 64 };

/* Totals of the steps of one series. */
static struct error_count
tally(const struct growth *p, size_t n)
{
	struct error_count c = {.total = p[n - 1].total, .start = p[0].start, .t = p[0].t, .last = p[n - 1].t, .steps = n};

	for (size_t i = 0; i < n; i++) {
		c.n = time_add(c.n, p[i].n);
		if (p[i].start < c.start)
			c.start = p[i].start;
	}
	return c;
}

/* The same errors in another counter: take the higher count. */
static void
same_errors(struct error_count *to, const struct error_count *c)
{
	if (to->steps == 0) {
		*to = *c;
		return;
	}
	to->n = num_max(to->n, c->n);
	to->total = num_max(to->total, c->total);
	to->start = to->start < c->start ? to->start : c->start;
	to->t = to->t < c->t ? to->t : c->t;
	to->last = num_max(to->last, c->last);
	to->steps = to->steps > c->steps ? to->steps : c->steps;
}

/* Errors in another part of the memory. */
static void
other_errors(struct error_count *to, const struct error_count *c)
{
	struct error_count sum = *to;

	if (to->steps) {
		sum.n = time_add(to->n, c->n);
		if (to->total >= 0 && c->total >= 0)
			sum.total = time_add(to->total, c->total);
	}
	same_errors(to, c);
	if (sum.steps) {
		to->n = sum.n;
		to->total = num_max(to->total, sum.total);
	}
}

static struct error_count *
count_of(struct hbm_incident *v, uint16_t field)
{
	for (unsigned i = 0; i < COUNTS; i++)
		if (hbm_count_field[i] == field)
			return &v->count[i];
	return NULL;
}

/* Series of one counter count the same errors, whichever exporter they are
 * from, and MIG instances repeat their GPU's. */
static void
count_up(const struct hbm_join *j, struct hbm_incident *v, const struct growth *p, size_t n)
{
	size_t to;

	for (size_t from = 0; from < n; from = to) {
		struct error_count one;

		for (to = from + 1; to < n && p[to].series == p[from].series; to++)
			;
		one = tally(&p[from], to - from);
		same_errors(count_of(v, first_of(j, &j->series[p[from].series])->field), &one);
	}
}

/* Choose the count for the verdict. */
static void
choose(struct hbm_incident *v)
{
	struct error_count units = v->count[DRAM];
	const struct error_count *c = &v->count[ANY];

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

/* The last value of a field before the incident was resolved, and its time; -1
 * and NO_TIME if there is none. */
static int64_t
state_at(const struct hbm_join *j, const struct hbm_incident *v, uint16_t field, int64_t *t)
{
	const struct gpu_name *w = &v->who;
	int64_t at = NO_TIME, value = -1;
	size_t from = hbm_series_from(j, w, field);

	for (size_t k = from; k < j->nseries && k - from < LOOK_SERIES; k++) {
		const struct hbm_series *s = &j->series[k];
		const struct sample *first = first_of(j, s), *last;
		struct gpu_name counted = hbm_counted(first);
		size_t end = s->from;

		if (hbm_gpu_cmp(counted, *w) != 0 || first->field != field)
			break;
		if (first->delta)
			continue;
		SORT_BISECT(end, s->to, i, v->resolved == NO_TIME || sample_at(j, i)->e.t < v->resolved);
		if (end == s->from)
			continue;
		last = sample_at(j, end - 1);
		if (at == NO_TIME || last->e.t > at || (last->e.t == at && last->value > value)) {
			at = last->e.t;
			value = last->value;
		}
	}
	*t = at;
	return value;
}

static int64_t
state(const struct hbm_join *j, const struct hbm_incident *v, uint16_t field)
{
	int64_t at;

	return state_at(j, v, field, &at);
}

/* Does a line decide, because no counter was sampled at its time or later? */
static bool
line_counts(const struct xid *x, int64_t counter)
{
	return x && (counter == NO_TIME || counter < x->e.t);
}

/* State of the memory's repair, from counters, or else from lines. */
static void
look_at_repair(const struct hbm_join *j, struct hbm_incident *v)
{
	const struct xid *full = hbm_last_asking(j, v, 64, ACTION_REPLACE_GPU);
	int64_t at, retired, correctable;

	v->pending = state_at(j, v, METRIC_REMAP_PENDING, &at);
	v->pending = num_max(v->pending, state_at(j, v, METRIC_RETIRED_PENDING, &retired));
	at = num_max(at, retired);
	if (line_counts(hbm_last_of_code(j, v, 63), at) || line_counts(hbm_last_of_code(j, v, 177), at) ||
	    line_counts(hbm_last_asking(j, v, 64, ACTION_RESET_GPU), at))
		v->pending = 1;
	v->failure = state_at(j, v, METRIC_REMAP_FAILED, &at);
	v->no_spare = line_counts(full, at);
	if (v->no_spare)
		v->failure = 1;
	v->unrepairable = state(j, v, METRIC_UNREPAIRABLE);
	v->exceeded = state(j, v, METRIC_SRAM_EXCEEDED);
	v->rows = state(j, v, METRIC_REMAP_UNCORRECTABLE);
	correctable = state(j, v, METRIC_REMAP_CORRECTABLE);
	if (correctable >= 0)
		v->rows = time_add(num_max(v->rows, 0), correctable);
}

static void
look_around(const struct hbm_join *j, struct hbm_incident *v)
{
	/* texts of Xid 154, by METRIC_RECOVERY_ACTION's value; 6 and 7 are of
	 * NVML 615, whose texts are unknown */
	static const struct str actions[] = {
		STR_INIT(""), STR_INIT("GPU Reset Required"), STR_INIT("Node Reboot Required"),
		STR_INIT("Drain P2P"), STR_INIT("Drain and Reset"), STR_INIT("Recover IMEX Domain"),
		STR_INIT("Bus Reset"), STR_INIT("System Reboot"),
	};
	const struct xid *x = v->x, *ask = hbm_last_of_code(j, v, 154);
	int64_t gauge;

	v->resolved = recovery_after(&j->rec, &(struct trouble){x->e.t, x->e.node, x->gpu, x->uuid, x->boot});
	look_at_repair(j, v);
	if (ask && !ask->recovered)
		v->asked = kernel_action(name(j, ask->text));
	gauge = state(j, v, METRIC_RECOVERY_ACTION);
	if (v->asked.n == 0 && gauge > 0 && (size_t)gauge < NELEM(actions))
		v->asked = actions[gauge];
	v->reboot = v->asked.n ? catalog_action(v->info, v->asked) == ACTION_REBOOT_NODE : hbm_last_asking(j, v, 160, ACTION_REBOOT_NODE) != NULL;
}

/* Order of verdicts. */
static int
incident_cmp(const struct hbm_join *j, const struct xid *a, const struct xid *b)
{
	int d = SORT_ORDER(a->e.t, b->e.t);

	d = d ? d : hbm_name_cmp(j, hbm_erred(a), hbm_erred(b));
	return d ? d : xid_cmp(a, b, j->ev);
}

static int
step_cmp(const void *x, const void *y, const void *ctx)
{
	const struct growth *a = x, *b = y;
	const struct hbm_join *j = ctx;
	int d = a->xid == b->xid ? 0 : incident_cmp(j, xid_at(j, a->xid), xid_at(j, b->xid));

	d = d ? d : SORT_ORDER(a->xid, b->xid);
	d = d ? d : SORT_ORDER(a->series, b->series);
	return d ? d : SORT_ORDER(a->t, b->t);
}

void
hbm_conclude(struct hbm_join *j)
{
	size_t to;

	sort(j->step, j->nstep, sizeof(*j->step), step_cmp, j, j->d->spare);
	for (size_t from = 0; from < j->nstep; from = to) {
		const struct growth *p = &j->step[from];
		const struct xid *x = xid_at(j, p->xid);
		struct hbm_incident v = {
			.x = x, .info = hbm_info(x->code), .who = hbm_erred(x), .low = p->start, .high = p->t,
		};

		for (to = from; to < j->nstep && j->step[to].xid == p->xid; to++) {
			if (j->step[to].start < v.low)
				v.low = j->step[to].start;
			v.high = num_max(v.high, j->step[to].t);
		}
		v.low = time_diff(v.low, j->d->skew);
		v.high = time_add(time_add(v.high, j->c->window), j->d->skew);
		count_up(j, &v, p, to - from);
		choose(&v);
		look_around(j, &v);
		hbm_emit(j, &v);
	}
}
