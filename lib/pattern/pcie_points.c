#include "input/metric.h"
#include "pattern/pcie.h"

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
	{METRIC_CLOCKS_EVENT, CLOCKS, {NULL, 0}},
};

enum { CLOCKS_IDLE = 0x1 }; /* dcgm_fields.h: DCGM_CLOCKS_EVENT_REASON_GPU_IDLE */

uint16_t *
pcie_fields(struct mem *m)
{
	uint16_t *wanted = mem_new(m, uint16_t, NELEM(fields) + 1);

	for (size_t i = 0; i < NELEM(fields); i++)
		wanted[i] = fields[i].field;
	return wanted;
}

static int
series_order(const struct point *a, const struct point *b, const struct events *ev)
{
	int d = SORT_ORDER(a->node, b->node);

	d = d ? d : pci_cmp(a->gpu, b->gpu);
	d = d ? d : SORT_ORDER(a->series, b->series);
	return d ? d : idx_cmp(&ev->names, a->direction, b->direction);
}

int
pcie_point_cmp(const void *x, const void *y, const void *ctx)
{
	const struct point *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;
	int d = series_order(a, b, ctx);

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

/* Do the clocks-event reasons, the latest within a minute, say that the GPU
 * was idle when p was measured? */
static bool
is_idle(const struct joining *j, const struct point *p)
{
	const struct point *c;
	struct point key = *p;
	size_t lo = 0;
	int d;

	key.series = CLOCKS;
	key.direction = 0;
	SORT_BISECT(lo, j->npoint, i, (d = series_order(&j->point[i], &key, j->ev)) < 0 || (d == 0 && j->point[i].t <= key.t));
	if (lo == 0)
		return false;
	c = &j->point[lo - 1];
	return series_order(c, &key, j->ev) == 0 && time_diff(key.t, c->t) <= PCIE_NEAR && (c->value & CLOCKS_IDLE);
}

/* Note which rates and speeds are those of idle GPUs, and drop what told so. */
static void
settle_idle(struct joining *j)
{
	size_t n = 0;

	for (size_t i = 0; i < j->npoint; i++)
		if (j->point[i].series == GEN || j->point[i].series == RATE)
			j->point[i].idle = is_idle(j, &j->point[i]);
	for (size_t i = 0; i < j->npoint; i++)
		if (j->point[i].series != CLOCKS)
			j->point[n++] = j->point[i];
	j->npoint = n;
}

void
pcie_gather_points(struct joining *j)
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
	sort(j->point, j->npoint, sizeof(*j->point), pcie_point_cmp, j->ev, &j->ev->scratch);
	j->npoint = sort_unique(j->point, j->npoint, sizeof(*j->point), point_same, NULL);
	settle_idle(j);
}

size_t
pcie_bisect(const struct joining *j, struct range r, int64_t t, bool after)
{
	SORT_BISECT(r.from, r.to, i, j->point[i].t < t || (after && j->point[i].t == t));
	return r.from;
}

struct range
pcie_series(const struct joining *j, const struct unit *u, enum series series, uint32_t direction)
{
	const struct point key = {
		.gpu = u->gpu, .node = u->node, .direction = direction, .series = (uint8_t)series,
	};
	struct range r = {u->from, u->to};

	SORT_BISECT(r.from, u->to, i, series_order(&j->point[i], &key, j->ev) < 0);
	r.to = r.from;
	SORT_BISECT(r.to, u->to, i, series_order(&j->point[i], &key, j->ev) <= 0);
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
	if (j->nunit && j->unit[j->nunit - 1].node == node && pci_cmp(j->unit[j->nunit - 1].gpu, gpu) == 0)
		return;
	j->unit = mem_extend(j->d->mem, j->unit, j->nunit, cap, sizeof(*j->unit));
	j->unit[j->nunit++] = (struct unit){.node = node, .gpu = gpu};
}

void
pcie_gather_units(struct joining *j)
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
