#include "pattern/pcie_aer/pcie.h"

const uint16_t pcie_fields[] = {
	METRIC_PCIE_TX_BYTES, METRIC_PCIE_RX_BYTES, METRIC_LINK_WIDTH, METRIC_LINK_GEN,
	METRIC_LINK_WIDTH_MAX, METRIC_LINK_GEN_MAX, METRIC_PCIE_REPLAY, METRIC_CLOCKS_EVENT,
	METRIC_GPU_UTIL, METRIC_PSTATE, 0,
};

/* Nodes by name, like records. */
static int
unit_order(const struct pcie_join *j, const struct pcie_unit *a, const struct pcie_unit *b)
{
	int d = idx_cmp(&j->ev->names, a->node, b->node);

	d = d ? d : pci_cmp(a->gpu, b->gpu);
	return d ? d : idx_cmp(&j->ev->names, a->uuid, b->uuid);
}

static struct pcie_unit
unit_of(const struct point *p)
{
	return (struct pcie_unit){.node = p->node, .uuid = p->uuid, .gpu = p->gpu};
}

static int
series_order(const struct pcie_join *j, const struct point *a, const struct point *b)
{
	const struct pcie_unit u = unit_of(a), v = unit_of(b);
	int d = unit_order(j, &u, &v);

	d = d ? d : SORT_ORDER(a->series, b->series);
	return d ? d : idx_cmp(&j->ev->names, a->direction, b->direction);
}

/* Without the uid. */
static int
content_order(const struct pcie_join *j, const struct point *a, const struct point *b)
{
	int d = series_order(j, a, b);

	d = d ? d : SORT_ORDER(a->t, b->t);
	d = d ? d : SORT_ORDER(a->value, b->value);
	d = d ? d : SORT_ORDER(a->start, b->start);
	return d ? d : SORT_ORDER(a->delta, b->delta);
}

static const struct event *
event_of(const struct pcie_join *j, uint32_t n)
{
	return n < j->nsample ? &j->sample[n].e : &j->rate[n - j->nsample].e;
}

/* Are two records surely of one series? */
static bool
are_series(const struct pcie_join *j, uint32_t m, uint32_t n)
{
	if (m < j->nsample && n < j->nsample) {
		const struct sample *a = &j->sample[m], *b = &j->sample[n];

		return a->field == b->field && a->e.node == b->e.node && a->uuid == b->uuid && pci_cmp(a->gpu, b->gpu) == 0;
	}
	if (m >= j->nsample && n >= j->nsample) {
		const struct rate *a = &j->rate[m - j->nsample], *b = &j->rate[n - j->nsample];

		return a->direction == b->direction && a->e.node == b->e.node && a->uuid == b->uuid && pci_cmp(a->gpu, b->gpu) == 0;
	}
	return false;
}

static int
point_cmp(const void *x, const void *y, const void *ctx)
{
	const uint32_t m = *(const uint32_t *)x, n = *(const uint32_t *)y;
	const struct pcie_join *j = ctx;
	int64_t s = event_of(j, m)->t, t = event_of(j, n)->t;
	struct point a, b;
	int d;

	if (s != t && are_series(j, m, n))
		return SORT_ORDER(s, t);
	a = measured(j, m);
	b = measured(j, n);
	d = content_order(j, &a, &b);
	return d ? d : idx_cmp(&j->ev->names, a.uid, b.uid);
}

static int
point_same(const void *x, const void *y, const void *ctx)
{
	const uint32_t m = *(const uint32_t *)x, n = *(const uint32_t *)y;
	struct point a, b;

	if (event_of(ctx, m)->t != event_of(ctx, n)->t)
		return 1;
	a = measured(ctx, m);
	b = measured(ctx, n);
	return content_order(ctx, &a, &b);
}

/* Does a GPU, or a port above it, have reports? */
static bool
is_reported(const struct pcie_join *j, uint32_t node, struct pci gpu)
{
	const struct report *r;
	const struct below *above;
	size_t n = topology_of_gpu(&j->c->topology, card(gpu), &above);
	bool is = reports_of(&j->reports, node, gpu, &r) > 0;

	for (size_t i = 0; i < n && !is; i++)
		is = reports_of(&j->reports, node, above[i].port, &r) > 0;
	return is;
}

/* Add a record by its number, unless it is not needed. */
static void
add_point(struct pcie_join *j, size_t n, const struct event *e, struct pci gpu, bool needed)
{
	if (e->t == NO_TIME)
		j->point_timeless++;
	else if (!gpu.known)
		j->point_unnamed++;
	else if (needed)
		j->point[j->npoint++] = (uint32_t)n;
}

/* Add samples.  Whether a GPU is idle matters only if it has reports, and to --explain. */
static void
add_samples(struct pcie_join *j, const struct sample *s, size_t n)
{
	const struct sample *last = NULL; /* the last one for which this was looked up */
	bool reported = false;

	for (size_t i = 0; i < n; i++) {
		enum pcie_measure series = series_of(s[i].field);

		if (series == SERIES || s[i].value < 0)
			continue;
		if (series >= IDLENESS && (!last || last->e.node != s[i].e.node || pci_cmp(last->gpu, s[i].gpu) != 0)) {
			last = &s[i];
			reported = j->d->explain || is_reported(j, s[i].e.node, s[i].gpu);
		}
		add_point(j, i, &s[i].e, s[i].gpu, series < IDLENESS || reported);
	}
}

void
pcie_gather_points(struct pcie_join *j)
{
	const struct event_list *samples = &j->ev->list[EVENT_SAMPLE], *rates = &j->ev->list[EVENT_RATE];
	const struct rate *r = rates->p;

	j->sample = samples->p;
	j->rate = r;
	j->nsample = samples->n;
	j->tx = idx_add(j->d->names, S("tx"));
	j->rx = idx_add(j->d->names, S("rx"));
	j->point = mem_new(j->d->mem, uint32_t, samples->n + rates->n);
	add_samples(j, samples->p, samples->n);
	for (size_t i = 0; i < rates->n; i++)
		add_point(j, samples->n + i, &r[i].e, r[i].gpu, true);
	sort(j->point, j->npoint, sizeof(*j->point), point_cmp, j, j->d->spare);
	j->npoint = sort_unique(j->point, j->npoint, sizeof(*j->point), point_same, j);
}

size_t
pcie_bisect(const struct pcie_join *j, struct point_range r, int64_t t, bool after)
{
	int64_t at;

	SORT_BISECT(r.from, r.to, i, (at = point_at(j, i).t) < t || (after && at == t));
	return r.from;
}

struct point_range
pcie_series(const struct pcie_join *j, const struct pcie_unit *u, enum pcie_measure series, uint32_t direction)
{
	const struct point key = {.gpu = u->gpu, .node = u->node, .uuid = u->uuid, .direction = direction, .series = series};
	struct point_range r = {u->from, u->to};
	struct point p;

	SORT_BISECT(r.from, u->to, i, (p = point_at(j, i), series_order(j, &p, &key)) < 0);
	r.to = r.from;
	SORT_BISECT(r.to, u->to, i, (p = point_at(j, i), series_order(j, &p, &key)) <= 0);
	return r;
}

/* ---- Xids ---- */

static int
xid_unit_cmp(const struct pcie_join *j, const struct xid *a, uint32_t node, struct pci gpu)
{
	int d = idx_cmp(&j->ev->names, a->e.node, node);

	return d ? d : pci_cmp(card(a->gpu), gpu);
}

static int
xid_time_cmp(const void *x, const void *y, const void *ctx)
{
	const struct xid *a = *(const struct xid *const *)x, *b = *(const struct xid *const *)y;
	const struct pcie_join *j = ctx;
	int d = xid_unit_cmp(j, a, b->e.node, card(b->gpu));

	d = d ? d : SORT_ORDER(a->e.t, b->e.t);
	/* records are sorted by content */
	return d ? d : SORT_ORDER(a, b);
}

void
pcie_gather_xids(struct pcie_join *j)
{
	const struct event_list *list = &j->ev->list[EVENT_XID];
	const struct xid *x = list->p;
	size_t n = 0;
	bool *has; /* a node: units */

	if (!j->nunit || !list->n)
		return;
	has = mem_new(j->d->mem, bool, (size_t)events_last_node(j->ev) + 1);
	for (size_t i = 0; i < j->nunit; i++)
		has[j->unit[i].node] = true;
	for (size_t i = 0; i < list->n; i++)
		n += has[x[i].e.node];
	j->xid = mem_new(j->d->mem, const struct xid *, n);
	for (size_t i = 0; i < list->n; i++)
		if (has[x[i].e.node] && x[i].gpu.known && x[i].e.t != NO_TIME)
			j->xid[j->nxid++] = &x[i];
	sort(j->xid, j->nxid, sizeof(*j->xid), xid_time_cmp, j, j->d->spare);
}

struct point_range
pcie_xids(const struct pcie_join *j, const struct pcie_unit *u)
{
	struct point_range r = {0};

	SORT_BISECT(r.from, j->nxid, i, xid_unit_cmp(j, j->xid[i], u->node, u->gpu) < 0);
	r.to = r.from;
	if (r.from < j->nxid && xid_unit_cmp(j, j->xid[r.from], u->node, u->gpu) == 0) {
		SORT_BISECT(r.to, j->nxid, i, xid_unit_cmp(j, j->xid[i], u->node, u->gpu) <= 0);
	}
	return r;
}

/* ---- units ---- */

static int
unit_cmp(const void *x, const void *y, const void *ctx)
{
	const struct pcie_unit *a = x, *b = y;
	int d = unit_order(ctx, a, b);

	return d ? d : SORT_ORDER(a->port, b->port);
}

static void
add_unit(struct pcie_join *j, struct pcie_unit *last, struct pcie_unit u, size_t at)
{
	if (!u.port)
		u.gpu = card(u.gpu);
	if (j->nunit && last->node == u.node && last->uuid == u.uuid && last->port == u.port && pci_cmp(last->gpu, u.gpu) == 0)
		return;
	*last = u;
	last->from = last->to = at;
	if (j->unit)
		j->unit[j->nunit] = *last;
	j->nunit++;
}

/* Units, with duplicates, those with points first; without room for them they
 * are only counted. */
static void
add_units(struct pcie_join *j)
{
	struct pcie_unit last = {0};

	j->nunit = 0;
	for (size_t i = 0; i < j->npoint; i++) {
		if (i == 0 || !are_series(j, j->point[i - 1], j->point[i])) {
			struct point p = point_at(j, i);

			add_unit(j, &last, unit_of(&p), i);
		}
		if (j->unit)
			j->unit[j->nunit - 1].to++;
	}
	for (size_t i = 0; i < j->reports.n; i++) {
		const struct report *r = &j->reports.r[i];
		const struct below *b;
		size_t n;

		if (i && r[-1].node == r->node && r[-1].uuid == r->uuid && pci_cmp(r[-1].dev, r->dev) == 0)
			continue;
		n = topology_of_port(&j->c->topology, r->dev, &b);
		for (size_t k = 0; k < n; k++)
			add_unit(j, &last, (struct pcie_unit){.node = r->node, .gpu = b[k].gpu}, 0);
		add_unit(j, &last, (struct pcie_unit){
			.node = r->node, .uuid = r->uuid, .gpu = r->dev, .port = r->driver == AER_DRIVER_PORT}, 0);
	}
}

/* A device whose reports lack the UUID is the GPU at that address with one. */
static size_t
drop_nameless(struct pcie_unit *u, size_t n)
{
	size_t to = 0;

	for (size_t i = 0; i < n; i++)
		if (u[i].uuid || u[i].from < u[i].to || i + 1 == n || u[i + 1].node != u[i].node ||
		    pci_cmp(u[i + 1].gpu, u[i].gpu) != 0)
			u[to++] = u[i];
	return to;
}

void
pcie_gather_units(struct pcie_join *j)
{
	add_units(j);
	j->unit = mem_new(j->d->mem, struct pcie_unit, j->nunit);
	add_units(j);
	sort(j->unit, j->nunit, sizeof(*j->unit), unit_cmp, j, j->d->spare);
	j->nunit = sort_unique(j->unit, j->nunit, sizeof(*j->unit), unit_cmp, j);
	j->nunit = drop_nameless(j->unit, j->nunit);
}
