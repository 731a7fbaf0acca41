#include "pattern/pcie_aer/pcie.h"

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

/* The reports of a port, by its function, or of another device. */
static void
add_reports(struct gpu_work *w, struct pci dev, bool port)
{
	const struct pcie_join *j = w->j;
	const struct report *r;
	size_t n = reports_of(&j->reports, w->u->node, dev, &r);
	bool measured_itself = w->u->from < w->u->to;

	for (size_t i = 0; i < n; i++) {
		if ((port ? r[i].dev.fn != dev.fn : !measured_itself && r[i].driver == AER_DRIVER_PORT) || (r[i].uuid && w->u->uuid && r[i].uuid != w->u->uuid))
			continue;
		w->report = mem_extend(j->d->mem, w->report, w->nreport, &w->reportcap, sizeof(r));
		w->report[w->nreport++] = &r[i];
	}
}

/* The reports of the unit's device and of the ports above it. */
static void
gather_reports(struct gpu_work *w)
{
	const struct pcie_join *j = w->j;
	const struct below *above;
	size_t n = topology_of_gpu(&j->c->topology, w->u->gpu, &above);

	add_reports(w, w->u->gpu, w->u->port);
	for (size_t i = 0; i < n; i++)
		add_reports(w, above[i].port, true);
	sort(w->report, w->nreport, sizeof(*w->report), report_order, j->ev, j->d->spare);
	for (size_t i = 0; i < w->nreport; i++) {
		int64_t t = w->report[i]->t;

		w->run = mem_extend(j->d->mem, w->run, i, &w->runcap, sizeof(*w->run));
		w->run[i] = (struct report_run){
			.since = i && time_diff(t, w->report[i - 1]->t) < j->c->window ? w->run[i - 1].since : t,
			.uncorrected = w->report[i]->severity > AER_CORRECTED ? t : i ? w->run[i - 1].uncorrected : NO_TIME,
		};
	}
}

/* Does any record show that the unit is a GPU? */
static bool
is_gpu(const struct gpu_work *w, size_t from, size_t to)
{
	const struct below *b;
	struct point_range xids = pcie_xids(w->j, w->u);

	if (xids.from < xids.to)
		return !w->j->xid[xids.from]->nvswitch;
	if (w->u->from < w->u->to || w->u->uuid || topology_of_gpu(&w->j->c->topology, w->u->gpu, &b))
		return true;
	for (size_t i = from; i < to; i++)
		if (w->report[i]->driver == AER_DRIVER_NVSWITCH || w->report[i]->other)
			return false;
	for (size_t i = from; i < to; i++)
		if (w->report[i]->driver == AER_DRIVER_NVIDIA ||
		    (w->report[i]->vendor == 0x10de && w->report[i]->driver != AER_DRIVER_PORT))
			return true;
	return false;
}

/* ---- findings ---- */

/* The worst severity, its layer, and the count of each error. */
static void
sum_up(const struct gpu_work *w, struct pcie_finding *f, size_t from, size_t to)
{
	uint64_t count[2][32] = {{0}};
	struct pci port = {0}, card;

	f->first = w->report[from]->t;
	f->last = w->report[to - 1]->t;
	for (size_t i = from; i < to; i++) {
		const struct report *r = w->report[i];

		f->count += 1 + (uint64_t)r->suppressed;
		f->at_least |= r->suppressed || r->limited;
		f->mixed |= i > from && r->severity != f->severity;
		if (r->severity > f->severity) {
			f->severity = r->severity;
			f->layer = 0;
		}
		if (r->severity == f->severity && !f->layer)
			f->layer = r->layer;
		if (r->port.known)
			port = r->port;
		for (unsigned bit = 0; bit < 32; bit++)
			count[r->severity == AER_CORRECTED][bit] += r->bits >> bit & 1;
	}
	card = f->report->dev;
	card.fn = 0;
	f->port = pci_cmp(card, w->u->gpu) == 0 ? port : f->report->dev;
	for (int cor = 0; cor < 2; cor++)
		for (unsigned bit = 0; bit < 32; bit++)
			f->nerror += count[cor][bit] && aer_bit(cor, bit);
	f->error = mem_new(w->j->d->mem, struct named_count, f->nerror);
	f->nerror = 0;
	for (int cor = 0; cor < 2; cor++)
		for (unsigned bit = 0; bit < 32; bit++)
			if (count[cor][bit] && aer_bit(cor, bit))
				f->error[f->nerror++] = (struct named_count){aer_bit(cor, bit)->name, count[cor][bit]};
}

/* A copy that outlives the unit's work. */
static const struct bad_sample *
keep(const struct pcie_join *j, const struct bad_sample *h)
{
	struct bad_sample *kept = mem_new(j->d->mem, struct bad_sample, 1);

	*kept = *h;
	return kept;
}

static bool
is_any(const struct bad_sample *b)
{
	(void)b;
	return true;
}

static bool
is_collapse(const struct bad_sample *b)
{
	return b->what == COLLAPSE;
}

/* The first such sample after a report, if within the window. */
static const struct bad_sample *
bad_after(const struct gpu_work *w, const struct report *r, bool (*fits)(const struct bad_sample *))
{
	int64_t from = time_diff(r->t, w->j->d->skew);
	int64_t until = time_add(time_add(r->t, w->j->c->window), w->j->d->skew);
	size_t lo = 0;

	SORT_BISECT(lo, w->nbad, i, w->bad[i].t < from);
	for (; lo < w->nbad && w->bad[lo].t <= until; lo++)
		if (fits(&w->bad[lo]))
			return &w->bad[lo];
	return NULL;
}

/* The last time that the GPU was gone, up to a window before the report. */
static const struct bad_sample *
gone_before(const struct gpu_work *w, const struct report *r)
{
	int64_t from = time_diff(time_diff(r->t, w->j->c->window), w->j->d->skew);
	size_t at = 0;

	SORT_BISECT(at, w->nbad, i, w->bad[i].t <= r->t);
	while (at-- && w->bad[at].t >= from)
		if (is_gone(&w->bad[at]))
			return &w->bad[at];
	return NULL;
}

/*
 * The bad sample that confirms the reports [from, to), and the latest of them
 * that matches: the GPU gone, after a report or, if that is fatal, before it;
 * else the first bad sample after a report.
 */
static const struct bad_sample *
layer_two(const struct gpu_work *w, size_t from, size_t to, const struct report **r)
{
	const struct bad_sample *b;

	for (size_t i = to; i-- > from;)
		if ((b = bad_after(w, *r = w->report[i], is_gone)))
			return b;
	for (size_t i = to; i-- > from;)
		if ((*r = w->report[i])->severity == AER_FATAL && (b = gone_before(w, *r)))
			return b;
	for (size_t i = to; i-- > from;)
		if ((b = bad_after(w, *r = w->report[i], is_any)))
			return b;
	return NULL;
}

int64_t
pcie_after(const struct detection *d)
{
	const struct pcie_options *c = d->config;
	int64_t windows = time_add(c->window, c->window); /* to the collapse, to its confirmation */

	/* the lines of a report are within a second, too */
	return time_add(time_add(windows, d->skew), PCIE_NEAR + 2 * SECOND);
}

/* Find when a degradation ended: the next good sample of its series after t. */
static void
good_after(struct gpu_work *w, const struct bad_sample *h, int64_t t, int64_t *best)
{
	const struct pcie_join *j = w->j;
	struct point_range r;
	struct bad_sample next;
	struct point p;
	size_t at;

	if (h->what == LOST || h->what == REPLAYS)
		return;
	p = point_at(j, h->at);
	r = pcie_series(j, w->u, p.series, p.direction);
	at = pcie_bisect(j, r, t, true);
	if (at == r.to)
		return;
	/* the last low ones may not have lasted long enough on their own */
	while (h->basis == OWN && at + 1 < r.to && pcie_judge_rate(w, at, r, &next) > 0)
		at++;
	p = point_at(j, at);
	if (h->what == COLLAPSE ? pcie_judge_rate(w, at, r, &next) != 0 : p.value < h->link.max_width && p.series == WIDTH)
		return;
	if (h->what == DEGRADED && p.series == GEN && p.value < h->link.max_gen)
		return;
	if (*best == NO_TIME || p.t < *best)
		*best = p.t;
}

/* Add the finding of the reports [from, to) and bad samples up to end, if any. */
static bool
conclude(struct pcie_join *j, struct gpu_work *w, size_t from, size_t to, int64_t end)
{
	struct pcie_finding f = {.u = w->u, .uuid = w->u->uuid, .back = NO_TIME, .final_at = time_add(end, pcie_after(j->d))};
	int16_t none = -1;
	int64_t back;
	struct pci gpu = w->u->gpu;

	f.bad = layer_two(w, from, to, &f.report);
	if (!f.bad) {
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
	for (size_t i = from; i < to; i++)
		j->reported[w->report[i] - j->reports.r] = true;
	gpus_fill(&j->d->settled->gpus, w->u->node, f.report->t, &gpu, &f.uuid, &none);
	if (f.bad) {
		f.bad = keep(j, f.bad);
		f.rate = is_collapse(f.bad) ? f.bad : bad_after(w, f.report, is_collapse);
		if (f.rate && f.rate != f.bad)
			f.rate = keep(j, f.rate);
		f.link = f.bad->what == DEGRADED ? f.bad->link :
						   pcie_link_at(w, f.bad->t, pcie_max(w, WIDTH_MAX, WIDTH, INT64_MIN),
							   pcie_max(w, GEN_MAX, GEN, INT64_MIN));
		good_after(w, f.bad, end, &f.back);
	}
	back = recovery_after(&j->recoveries, &(struct trouble){end, w->u->node, w->u->gpu, f.uuid, f.report->boot});
	if (back != NO_TIME && (f.back == NO_TIME || back < f.back))
		f.back = back;
	j->found = mem_extend(j->d->mem, j->found, j->nfound, &j->foundcap, sizeof(*j->found));
	j->found[j->nfound++] = f;
	return true;
}

/* ---- episodes ---- */

static void
add_unexplained_bad(struct unexplained *l, const struct gpu_work *w, size_t i)
{
	if (l->nbad++ == 0) {
		l->bad = w->bad[i];
		l->first_bad = w->bad[i].t;
	}
	l->last_bad = w->bad[i].t;
}

static void
add_unexplained_report(struct unexplained *l, const struct gpu_work *w, const struct report *r)
{
	if (l->u->port && w->j->reported[r - w->j->reports.r])
		return;
	if (l->reports++ == 0)
		l->first_report = r->t;
	l->last_report = r->t;
	if (r->severity > l->severity)
		l->severity = r->severity;
}

/* Is any of the unit's points within the window of a report? */
static bool
in_window(const struct gpu_work *w, const struct report *r)
{
	int64_t from = time_diff(r->t, w->j->d->skew);
	int64_t until = time_add(time_add(r->t, w->j->c->window), w->j->d->skew);
	size_t lo = 0, n = w->series[IDLENESS].from - w->u->from;

	SORT_BISECT(lo, n, i, w->times[i] < from);
	return lo < n && w->times[lo] <= until;
}

/* Earlier samples are irrelevant, except a GPU gone then. */
static int64_t
first_that_counts(const struct gpu_work *w)
{
	return w->j->split_every_ns ? INT64_MIN : time_diff(w->report[0]->t, w->j->d->skew);
}

/*
 * Divide reports and bad samples into episodes; the remainder is stored in *l.
 * A sample exactly a window after a report still belongs to it; two reports
 * exactly a window apart are separate.
 */
static void
episodes(struct pcie_join *j, struct gpu_work *w, struct unexplained *l)
{
	int64_t gap = time_add(j->c->window, j->d->skew), since = first_that_counts(w), start = since;
	int64_t gone_since = time_diff(since, j->c->window);
	size_t r = 0, h = 0, from, bad;
	bool goes_on = false;

	for (; h < w->nbad && w->bad[h].t < since && !(is_gone(&w->bad[h]) && w->bad[h].t >= gone_since); h++)
		add_unexplained_bad(l, w, h);
	while (r < w->nreport || h < w->nbad) {
		int64_t end = INT64_MIN;
		bool after_report = false, began = false;

		from = r;
		bad = h;
		while (r < w->nreport || h < w->nbad) {
			bool is_report = h == w->nbad || (r < w->nreport && w->report[r]->t <= w->bad[h].t);
			int64_t t = is_report ? w->report[r]->t : w->bad[h].t, d = began ? time_diff(t, end) : 0;
			bool joins = is_report ? began && !after_report && is_gone(&w->bad[h - 1]) && w->report[r]->severity == AER_FATAL :
						 after_report;

			if (began && (d > gap || (d == gap && gap && !joins)))
				break;
			if (began && is_split(j->split_every_ns, start, end, t)) {
				goes_on = true;
				break;
			}
			if (!began && !goes_on)
				start = t;
			goes_on = false;
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
			add_unexplained_report(l, w, w->report[from]);
			l->in_window |= j->d->explain && in_window(w, w->report[from]);
		}
		for (; bad < h; bad++)
			add_unexplained_bad(l, w, bad);
	}
}

void
pcie_examine(struct pcie_join *j, struct gpu_work *w, const struct pcie_unit *u, struct unexplained *left, size_t *nunexplained)
{
	struct unexplained l = {.u = u};

	/* keep the arrays for the next unit */
	*w = (struct gpu_work){
		.j = j, .u = u, .report = w->report, .reportcap = w->reportcap, .run = w->run, .runcap = w->runcap,
		.bad = w->bad, .badcap = w->badcap, .room = w->room,
	};
	for (unsigned k = 0; k < SERIES; k++)
		w->others[k].r = w->room[k];
	gather_reports(w);
	if (w->nreport == 0 && !j->d->explain)
		return;
	pcie_judge(w, w->nreport && !j->d->explain ? time_diff(first_that_counts(w), j->c->window) : INT64_MIN);
	if (j->d->explain) {
		l.points = w->series[IDLENESS].from - u->from;
		w->times = mem_new(j->d->mem, int64_t, l.points);
		for (size_t i = 0; i < l.points; i++)
			w->times[i] = point_at(j, u->from + i).t;
		sort(w->times, l.points, sizeof(int64_t), sort_i64, NULL, j->d->spare);
	}
	if (w->nreport)
		episodes(j, w, &l);
	else
		for (size_t i = 0; i < w->nbad; i++)
			add_unexplained_bad(&l, w, i);
	if (!j->d->explain)
		return;
	l.nobase = w->nobase;
	l.npause = w->npause;
	l.nidle = w->nidle;
	for (unsigned k = 0; k < NELEM(l.judged); k++)
		l.judged[k] = w->series[k].from < w->series[k].to && (k != WIDTH || pcie_max(w, WIDTH, WIDTH, INT64_MIN));
	l.gpu = is_gpu(w, 0, w->nreport);
	if (l.reports || l.nbad)
		left[(*nunexplained)++] = l;
}
