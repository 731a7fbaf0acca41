#include "base/num.h"
#include "pattern/pcie_aer/pcie.h"

enum { HISTORY_MIN = 20 }; /* number of own rates needed for a baseline */

static const int64_t MINUTE = 60 * SECOND;

/* Index of the latest report at t or before, plus one; 0 if there is none. */
static size_t
reports_until(const struct gpu_work *w, int64_t t)
{
	size_t lo = 0;

	SORT_BISECT(lo, w->nreport, i, w->report[i]->t <= t);
	return lo;
}

/* Start of the run of reports that includes t. */
static int64_t
run_start(const struct gpu_work *w, int64_t t)
{
	size_t i = reports_until(w, time_add(t, w->j->d->skew));
	int64_t piece = w->j->split_every_ns;

	if (!i)
		return t;
	return piece ? num_max(w->run[i - 1].since, time_diff(piece_begin(piece, t), piece)) : w->run[i - 1].since;
}

static void
add_bad(struct gpu_work *w, const struct bad_sample *h)
{
	w->bad = mem_extend(w->j->d->mem, w->bad, w->nbad, &w->badcap, sizeof(*h));
	w->bad[w->nbad++] = *h;
}

/* ---- levels ---- */

enum { GEN_MOST = 6, WIDTH_MOST = 16 }; /* the fastest link */

/* A series' value at t: the latest one so far, or, with any, the first one
 * after; 0 if there is none. */
static int64_t
level_at(const struct gpu_work *w, enum pcie_measure series, int64_t t, bool any)
{
	struct point_range r = w->series[series];
	size_t at = pcie_bisect(w->j, r, t, true);

	if (at > r.from)
		return point_at(w->j, at - 1).value;
	return any && at < r.to ? point_at(w->j, at).value : 0;
}

/* The level of a series at t, or else its maximum's; 0: unknown, or above most. */
static int64_t
level_or_max(const struct gpu_work *w, enum pcie_measure series, enum pcie_measure max, int64_t t, int64_t most)
{
	int64_t v = level_at(w, series, t, true);

	v = v ? v : level_at(w, max, t, true);
	return v <= most ? v : 0;
}

/* ---- rates ---- */

/* Does t follow an uncorrected error in its run of reports?  It may be why the
 * GPU is idle, or its work paused. */
static bool
after_uncorrected(const struct gpu_work *w, int64_t t)
{
	int64_t skew = w->j->d->skew;
	size_t i = reports_until(w, time_add(t, skew));

	return i && w->run[i - 1].uncorrected != NO_TIME &&
	       time_diff(t, w->run[i - 1].uncorrected) <= time_add(w->j->c->window, skew);
}

/* The sign of a * b - c * d, computed exactly; none is negative. */
static int
product_cmp(uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	/* b and d are below 2^32: three 32-bit digits */
	uint64_t a0 = (a & UINT32_MAX) * b, a1 = (a >> 32) * b + (a0 >> 32);
	uint64_t c0 = (c & UINT32_MAX) * d, c1 = (c >> 32) * d + (c0 >> 32);

	return a1 != c1 ? SORT_ORDER(a1, c1) : SORT_ORDER(a0 & UINT32_MAX, c0 & UINT32_MAX);
}

/* 1 - value/baseline, of PCIE_DROP_ONE, rounded; 0 <= value <= baseline. */
static int64_t
ratio(int64_t value, int64_t baseline)
{
	while (baseline > INT64_MAX / 4 / PCIE_DROP_ONE) {
		baseline /= 2;
		value /= 2;
	}
	return ((baseline - value) * PCIE_DROP_ONE + baseline / 2) / baseline;
}

/* Lowest usable baseline: --floor, or 5 % of the link's capacity if that is
 * less.  Source: PCI Express Base Specification 6.0, 4.2, net of coding. */
static int64_t
floor_at(const struct gpu_work *w, int64_t t)
{
	static const int64_t lane[GEN_MOST + 1] = {0, 250, 500, 985, 1969, 3938, 7563}; /* MB/s */
	int64_t gen = level_or_max(w, GEN_MAX, GEN, t, GEN_MOST), width = level_or_max(w, WIDTH_MAX, WIDTH, t, 2 * WIDTH_MOST);
	int64_t share = lane[gen] * width * (1000000000 / 20);

	return share ? num_min(share, w->j->c->floor) : w->j->c->floor;
}

static bool
is_low(const struct gpu_work *w, int64_t value, int64_t baseline)
{
	return product_cmp((uint64_t)value, PCIE_DROP_ONE, (uint64_t)baseline, (uint64_t)(PCIE_DROP_ONE - w->j->c->drop)) <= 0;
}

int
pcie_judge_rate(struct gpu_work *w, size_t at, struct point_range r, struct bad_sample *h)
{
	struct point p = point_at(w->j, at);
	const struct history *own = NULL;

	*h = (struct bad_sample){.t = p.t, .at = at, .what = COLLAPSE};
	if (p.start == NO_TIME && pcie_is_idle(w, p.t) && !after_uncorrected(w, p.t))
		return 0;
	if (p.start != NO_TIME) {
		h->basis = GIVEN;
		h->baseline = p.start;
	} else if (w->j->c->siblings && pcie_others_median(w, RATE, p.direction, p.t, &h->baseline)) {
		h->basis = SIBLINGS;
	} else if ((own = pcie_history(w, r, run_start(w, p.t)))->n >= HISTORY_MIN) {
		h->basis = OWN;
		h->baseline = own->median;
	}
	if (h->basis == NO_BASIS || h->baseline <= 0 || h->baseline < floor_at(w, p.t))
		return -1;
	if (!is_low(w, p.value, h->baseline) || (h->basis == OWN && !is_low(w, p.value, own->low)))
		return 0;
	h->ratio = ratio(p.value, h->baseline);
	return 1;
}

/*
 * A GPU with phases of work has low rates now and then.  Against its own
 * history two low rates in a row are a collapse, unless all rates are normal
 * again within the window without any recovery; at good is the next rate that
 * is not low.
 */
static bool
is_lasting(const struct gpu_work *w, const struct bad_sample *h, struct point_range r, size_t good)
{
	const struct pcie_join *j = w->j;
	struct trouble trouble = {.t = h->t, .node = w->u->node, .gpu = w->u->gpu, .uuid = w->u->uuid};
	int64_t back, t;

	if (good == h->at + 1 || time_diff(point_at(j, h->at + 1).t, h->t) > j->c->window)
		return false;
	if (good == r.to || (t = point_at(j, good).t, time_diff(t, h->t) > j->c->window) || after_uncorrected(w, h->t))
		return true;
	back = recovery_after(&j->recoveries, &trouble);
	return back != NO_TIME && back <= t;
}

static void
judge_rates(struct gpu_work *w, int64_t since)
{
	const struct pcie_join *j = w->j;
	struct point_range all = w->series[RATE], r;

	for (r.from = all.from; r.from < all.to; r.from = r.to) {
		size_t good = r.from;

		r = pcie_series(j, w->u, RATE, point_at(j, r.from).direction);
		for (size_t i = pcie_bisect(j, r, since, false); i < r.to; i++) {
			struct bad_sample h, next;
			int d = pcie_judge_rate(w, i, r, &h);
			bool lasts = d > 0;

			if (d > 0 && h.basis == OWN) {
				good = good > i ? good : i + 1;
				while (good < r.to && pcie_judge_rate(w, good, r, &next) > 0)
					good++;
				lasts = is_lasting(w, &h, r, good);
			}
			if (lasts)
				add_bad(w, &h);
			else if (reports_until(w, time_add(h.t, j->d->skew))) {
				w->nobase += d < 0;
				w->npause += d > 0;
				w->nidle += d == 0 && j->d->explain && pcie_is_idle(w, h.t);
			}
		}
	}
}

/* ---- links ---- */

int64_t
pcie_max(const struct gpu_work *w, enum pcie_measure max, enum pcie_measure series, int64_t t)
{
	int64_t best = level_at(w, max, t, true);

	if (best == 0)
		for (size_t i = w->series[series].from; i < w->series[series].to; i++)
			best = num_max(best, point_at(w->j, i).value);
	return best;
}

struct link_state
pcie_link_at(const struct gpu_work *w, int64_t t, int64_t most_width, int64_t most_gen)
{
	struct link_state l = {
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
 * Is the link narrower than possible, or gone?  Or slower, unless the GPU is
 * idle or the other GPUs' links are as slow: links save power that way.
 */
static bool
judge_link(struct gpu_work *w, enum pcie_measure series, int64_t t, const struct link_state *l)
{
	int64_t others;

	if (series == WIDTH)
		return l->gone || (l->width && l->width < l->max_width);
	return l->gen && l->gen < l->max_gen && !pcie_is_idle(w, t) && !(pcie_others_median(w, GEN, 0, t, &others) && others <= l->gen);
}

static void
judge_links(struct gpu_work *w, int64_t since)
{
	static const enum pcie_measure both[] = {WIDTH, GEN};
	int64_t most_width = pcie_max(w, WIDTH_MAX, WIDTH, INT64_MIN), most_gen = pcie_max(w, GEN_MAX, GEN, INT64_MIN);

	for (size_t k = 0; k < NELEM(both); k++) {
		struct point_range r = w->series[both[k]];
		bool known = false;

		for (size_t i = r.from; i < r.to; i++) {
			struct point p = point_at(w->j, i);
			int64_t t = p.t;
			struct link_state l;

			known |= p.value > 0;
			if (t < since)
				continue;
			l = pcie_link_at(w, t, most_width, most_gen);
			l.gone = both[k] == WIDTH && known && p.value == 0;
			if (judge_link(w, both[k], t, &l))
				add_bad(w, &(struct bad_sample){.t = t, .at = i, .what = DEGRADED, .link = l});
		}
	}
}

/* ---- replays ---- */

/*
 * Tolerated replays of a link per minute.  Unknown properties are 0 and count
 * as the fastest.  Source: DCGM's health watch, per lane and minute and
 * generation; rounded up.
 */
static int64_t
replay_limit(int64_t gen, int64_t width)
{
	static const int64_t hundredths[GEN_MOST + 1] = {0, 15, 30, 48, 96, 192, 384};

	return (hundredths[gen ? gen : GEN_MOST] * (width ? width : WIDTH_MOST) + 99) / 100;
}

/* Increase of a counter in the step that ends with r.from + i, and its start; a
 * reset is no increase. */
static int64_t
step(const struct pcie_join *j, struct point_range r, size_t i, int64_t *since)
{
	struct point p = point_at(j, i), before = point_at(j, i > r.from ? i - 1 : i);

	*since = p.delta && p.start != NO_TIME ? p.start : before.t;
	if (p.delta)
		return p.value;
	return p.value > before.value ? p.value - before.value : 0;
}

static void
judge_replays(struct gpu_work *w, int64_t since)
{
	const struct pcie_join *j = w->j;
	struct point_range r = w->series[REPLAY];
	int64_t began, unused;
	uint64_t sum = 0; /* sum of the steps from lo to i */

	for (size_t i = r.from, lo = r.from; i < r.to; i++) {
		int64_t t = point_at(j, i).t, width, gen, limit, span;

		sum += (uint64_t)step(j, r, i, &began);
		/* the last minute, or the last step if that is longer */
		for (; lo < i && (step(j, r, lo, &began), time_diff(t, began) > MINUTE); lo++)
			sum -= (uint64_t)step(j, r, lo, &unused);
		step(j, r, lo, &began);
		span = time_diff(t, began);
		if (span < MINUTE)
			span = MINUTE;
		if (t < since)
			continue;
		width = level_or_max(w, WIDTH, WIDTH_MAX, t, 2 * WIDTH_MOST);
		gen = level_or_max(w, GEN, GEN_MAX, t, GEN_MOST);
		limit = replay_limit(gen, width);
		if (product_cmp(sum, 60000, (uint64_t)span / 1000000, (uint64_t)limit) > 0)
			add_bad(w, &(struct bad_sample){
				.t = t, .at = i, .what = REPLAYS, .growth = (int64_t)(sum >> 1 > INT64_MAX / 2 ? INT64_MAX : sum),
				.span = span, .limit = limit, .link = {.width = width, .gen = gen},
			});
	}
}

/* ---- the GPU gone ---- */

static void
judge_xids(struct gpu_work *w, int64_t since)
{
	enum { FELL_OFF_THE_BUS = 79 };
	struct point_range r = pcie_xids(w->j, w->u);

	for (size_t i = r.from; i < r.to; i++) {
		const struct xid *x = w->j->xid[i];

		if (x->code == FELL_OFF_THE_BUS && !x->nvswitch && x->e.t >= since && !(x->uuid && w->u->uuid && x->uuid != w->u->uuid))
			add_bad(w, &(struct bad_sample){.t = x->e.t, .xid = x, .what = LOST});
	}
}

static int
bad_cmp(const void *x, const void *y, const void *ctx)
{
	const struct pcie_join *j = ctx;
	const struct bad_sample *a = x, *b = y;
	struct point p, q;
	int d = SORT_ORDER(a->t, b->t);

	d = d ? d : SORT_ORDER(a->what, b->what);
	if (d || a->what == LOST)
		return d ? d : SORT_ORDER(a->xid, b->xid);
	p = point_at(j, a->at);
	q = point_at(j, b->at);
	d = SORT_ORDER(b->ratio, a->ratio);
	d = d ? d : idx_cmp(&j->ev->names, p.direction, q.direction);
	d = d ? d : SORT_ORDER(p.value, q.value);
	d = d ? d : SORT_ORDER(a->baseline, b->baseline);
	/* points are sorted */
	return d ? d : SORT_ORDER(a->at, b->at);
}

void
pcie_judge(struct gpu_work *w, int64_t since)
{
	const struct pcie_join *j = w->j;
	struct point_range r = {w->u->from, w->u->from};

	for (unsigned k = 0; k < SERIES; k++) {
		r.from = r.to;
		while (r.to < w->u->to && point_at(j, r.to).series == k)
			r.to++;
		w->series[k] = r;
	}
	w->history = (struct history){.from = SIZE_MAX};
	judge_rates(w, since);
	judge_links(w, since);
	judge_replays(w, since);
	judge_xids(w, since);
	sort(w->bad, w->nbad, sizeof(*w->bad), bad_cmp, j, j->d->spare);
}
