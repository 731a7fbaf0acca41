#include "base/num.h"
#include "pattern/pcie_aer/pcie.h"

enum {
	HISTORY_MAX = 1024, /* number of own rates used for a baseline, the latest ones */
	/* dcgm_fields.h: DCGM_CLOCKS_EVENT_REASON_GPU_IDLE; nvml.h: idle GPUs
	 * drop to P8 or slower */
	CLOCKS_IDLE = 0x1,
	PSTATE_IDLE = 8,
};

/* ---- idleness ---- */

static bool
says_idle(const struct point *p)
{
	switch (p->series) {
	case CLOCKS:
		return p->value & CLOCKS_IDLE;
	case UTIL:
		return p->value == 0;
	default:
		return p->value >= PSTATE_IDLE;
	}
}

bool
pcie_is_idle(const struct gpu_work *w, int64_t t)
{
	int64_t newest = INT64_MIN;
	bool idle = false;

	for (unsigned k = IDLENESS; k < SERIES; k++) {
		struct point_range r = w->series[k];
		size_t at = pcie_bisect(w->j, r, t, true);
		struct point p;

		if (at == r.from)
			continue;
		p = point_at(w->j, at - 1);
		if (time_diff(t, p.t) > PCIE_NEAR || p.t < newest)
			continue;
		/* of simultaneous samples, any one that shows idleness counts */
		idle = says_idle(&p) || (idle && p.t == newest);
		newest = p.t;
	}
	return idle;
}

/* ---- the siblings ---- */

static void
insert(int64_t *v, size_t *n, int64_t x)
{
	size_t at = (*n)++;

	for (; at && v[at - 1] > x; at--)
		v[at] = v[at - 1];
	v[at] = x;
}

/* The samples of its neighbors by address. */
static void
find_others(struct gpu_work *w, enum pcie_measure series, uint32_t direction)
{
	const struct pcie_join *j = w->j;
	const struct pcie_unit *u = w->u, *end = j->unit + j->nunit;
	struct pcie_others *others = &w->others[series];

	if (others->known && others->direction == direction)
		return;
	*others = (struct pcie_others){.known = true, .direction = direction, .r = others->r};
	while (u > j->unit && u[-1].node == w->u->node && w->u - u < PCIE_NEIGHBORS)
		u--;
	for (; u < end && u->node == w->u->node && u - w->u <= PCIE_NEIGHBORS; u++) {
		struct point_range r = pcie_series(j, u, series, direction);

		if (u != w->u && r.from < r.to)
			others->r[others->n++] = r;
	}
}

/* The sample nearest in time, the earlier of two, if it is within PCIE_NEAR. */
static bool
value_near(const struct pcie_join *j, struct point_range r, int64_t t, int64_t *value)
{
	size_t at = pcie_bisect(j, r, t, false);
	int64_t before = at > r.from ? time_diff(t, point_at(j, at - 1).t) : INT64_MAX;
	int64_t after = at < r.to ? time_diff(point_at(j, at).t, t) : INT64_MAX;

	if (num_min(before, after) > PCIE_NEAR)
		return false;
	*value = point_at(j, before <= after ? at - 1 : at).value;
	return true;
}

bool
pcie_others_median(struct gpu_work *w, enum pcie_measure series, uint32_t direction, int64_t t, int64_t *median)
{
	const struct pcie_others *others = &w->others[series];
	int64_t v[PCIE_OTHERS_MAX], value;
	size_t n = 0;

	find_others(w, series, direction);
	for (size_t i = 0; i < others->n; i++)
		if (value_near(w->j, others->r[i], t, &value))
			insert(v, &n, value);
	if (n)
		*median = sort_median(v, n);
	return n != 0;
}

/* ---- the GPU's own rates ---- */

const struct history *
pcie_history(struct gpu_work *w, struct point_range r, int64_t before)
{
	const struct pcie_join *j = w->j;
	struct history *h = &w->history;
	size_t to = pcie_bisect(j, r, before, false), from = r.from;
	struct buf *b = j->d->scratch;
	int64_t last = INT64_MAX; /* of two rates in a row the first */

	if (h->before == before && h->from == r.from)
		return h;
	if (j->split_every_ns)
		from = pcie_bisect(j, r, time_diff(before, j->split_every_ns), false);
	if (to - from > HISTORY_MAX)
		from = to - HISTORY_MAX;
	*h = (struct history){.before = before, .from = r.from, .low = INT64_MAX};
	b->n = 0;
	for (size_t i = from; i < to; i++) {
		struct point p = point_at(j, i);

		if (pcie_is_idle(w, p.t)) {
			last = INT64_MAX;
			continue;
		}
		buf_add(b, (struct str){(const char *)&p.value, sizeof(p.value)});
		h->n++;
		h->low = num_min(h->low, num_max(last, p.value));
		last = p.value;
	}
	sort(b->p, h->n, sizeof(int64_t), sort_i64, NULL, j->d->spare);
	if (h->n)
		h->median = sort_median((const int64_t *)(const void *)b->p, h->n);
	return h;
}
