#include "pattern/nodes.h"
#include "pattern/xid.h"

/* Twin lines of one fall off the bus are printed within this, and not more
 * than so many records of the cluster apart. */
enum { TWIN_LOOK = 1024 };

int
xid_gpu_order(struct pci a, struct pci b)
{
	int d = SORT_ORDER(b.known, a.known);

	return d ? d : pci_cmp(a, b);
}

/* Same node, GPU and code together; stable, so that time order stays. */
static int
cause_cmp(const void *x, const void *y, const void *ctx)
{
	const struct cause *a = x, *b = y;
	int d = SORT_ORDER(a->label, b->label);

	if (d == 0 && a->node != b->node)
		d = idx_cmp(&((const struct events *)ctx)->names, a->node, b->node);
	d = d ? d : xid_gpu_order(a->gpu, b->gpu);
	d = d ? d : SORT_ORDER(a->nvswitch, b->nvswitch);
	d = d ? d : SORT_ORDER(a->code, b->code);
	d = d ? d : SORT_ORDER(a->fatal, b->fatal);
	return d ? d : SORT_ORDER(a->to_none, b->to_none);
}

static int
named_cmp(const void *x, const void *y, const void *ctx)
{
	const struct gpu *a = x, *b = y;
	int d = SORT_ORDER(a->e.node, b->e.node);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->e.t, b->e.t);
	return d ? d : pci_cmp(a->gpu, b->gpu);
}

static void
gather_named(struct joining *j, uint32_t fallback)
{
	const struct event_list *list = &j->ev->list[EVENT_GPU];
	const struct gpu *g = list->p;

	j->named = mem_new(j->d->mem, struct gpu, list->n);
	for (size_t i = 0; i < list->n; i++) {
		if (g[i].uuid || g[i].index >= 0)
			continue;
		j->named[j->nnamed] = g[i];
		if (!g[i].e.node)
			j->named[j->nnamed].e.node = fallback;
		j->nnamed++;
	}
	sort(j->named, j->nnamed, sizeof(*j->named), named_cmp, NULL, &j->ev->scratch);
}

/* An Xid that does not name its GPU follows a line that does. */
static void
name_gpu(const struct joining *j, struct xid *x)
{
	const struct gpu *g = j->named;
	size_t lo = 0; /* the first that comes later */

	SORT_BISECT(lo, j->nnamed, i, g[i].e.node < x->e.node || (g[i].e.node == x->e.node && g[i].e.t <= x->e.t));
	if (lo && g[lo - 1].e.node == x->e.node && time_diff(x->e.t, g[lo - 1].e.t) <= XID_TWIN)
		x->gpu = g[lo - 1].gpu;
}

uint32_t
xid_uuid(const struct joining *j, const struct cause *c)
{
	struct pci gpu = c->x->gpu;
	uint32_t uuid = c->x->uuid;
	int16_t index = -1;

	if (gpu.known && !c->x->nvswitch)
		gpus_fill(&j->gpus, c->node, c->x->e.t, &gpu, &uuid, &index);
	return uuid;
}

static bool
is_coded_twin(const struct joining *j, const struct xid *bare, const struct xid *x)
{
	return !x->bare && x->code == bare->code && nodes_agree(j->ev, x->e.node, bare->e.node) &&
	       (!bare->gpu.known || pci_cmp(x->gpu, bare->gpu) == 0);
}

/* Is the i-th the line without a code beside an Xid 79 of the same GPU? */
static bool
is_twin(const struct joining *j, const struct xid *x, size_t n, size_t i)
{
	if (!x[i].bare)
		return false;
	for (size_t k = 1; k <= TWIN_LOOK && k <= i && time_diff(x[i].e.t, x[i - k].e.t) <= XID_TWIN; k++)
		if (is_coded_twin(j, &x[i], &x[i - k]))
			return true;
	for (size_t k = 1; k <= TWIN_LOOK && i + k < n && time_diff(x[i + k].e.t, x[i].e.t) <= XID_TWIN; k++)
		if (is_coded_twin(j, &x[i], &x[i + k]))
			return true;
	return false;
}

static void
gather_causes(struct joining *j, uint32_t fallback)
{
	struct event_list *list = &j->ev->list[EVENT_XID];
	struct xid *x = list->p;

	j->cause = mem_new(j->d->mem, struct cause, list->n);
	for (size_t i = 0; i < list->n; i++) {
		if (!x[i].e.node)
			x[i].e.node = fallback;
		if (!x[i].gpu.known && x[i].bare && x[i].e.t != NO_TIME)
			name_gpu(j, &x[i]);
		if (!x[i].gpu.known && x[i].uuid) {
			int16_t index = -1;

			gpus_fill(&j->gpus, x[i].e.node, x[i].e.t, &x[i].gpu, &x[i].uuid, &index);
		}
	}
	for (size_t i = 0; i < list->n; i++) {
		if (x[i].detail)
			continue;
		j->nodeless += x[i].e.node == 0;
		j->timeless += x[i].e.t == NO_TIME;
		if (x[i].e.t == NO_TIME || is_twin(j, x, list->n, i))
			continue;
		j->cause[j->ncause++] = (struct cause){
			.x = &x[i],
			.gpu = x[i].gpu,
			.label = nodes_label(j->ev, x[i].e.node),
			.node = x[i].e.node,
			.code = x[i].code,
			.nvswitch = x[i].nvswitch,
			.fatal = x[i].fatal,
			.to_none = x[i].to_none,
		};
	}
	sort(j->cause, j->ncause, sizeof(*j->cause), cause_cmp, j->ev, &j->ev->scratch);
}

struct xid_info
xid_known(const struct joining *j, const struct series *s, bool *by_rule)
{
	*by_rule = false;
	if (!s->x->nvswitch)
		return rules_find(&j->c->rules, s->x->code, by_rule);
	return (struct xid_info){
		.code = s->x->code,
		.cls = XID_NVSWITCH,
		.what = s->x->fatal ? S("a fatal NVSwitch error") : S("an NVSwitch error"),
		.todo = S("Drain the node and reset its GPUs and NVSwitches together. If it recurs, collect "
			  "nvidia-bug-report.sh and have the switch board checked."),
	};
}

static struct series
series_of(const struct joining *j, size_t from, size_t to)
{
	const struct cause *c = &j->cause[from];
	struct series s = {.from = from, .to = to, .label = c->label, .node = c->node, .x = c->x};
	bool by_rule;

	s.rank = c->nvswitch ? XID_HARDWARE : xid_known(j, &s, &by_rule).cls;
	s.can_cause = c->nvswitch ? c->fatal : !c->to_none;
	return s;
}

static void
gather_series(struct joining *j)
{
	size_t n = j->ncause != 0, to;
	struct series *s;

	for (size_t i = 1; i < j->ncause; i++)
		n += cause_cmp(&j->cause[i - 1], &j->cause[i], j->ev) != 0;
	j->series = mem_new(j->d->mem, struct series, n);
	for (size_t from = 0; from < j->ncause; from = to) {
		for (to = from + 1; to < j->ncause && cause_cmp(&j->cause[from], &j->cause[to], j->ev) == 0; to++)
			;
		s = &j->series[j->nseries++];
		*s = series_of(j, from, to);
		for (size_t i = from; i < to; i++) {
			j->cause[i].series = (uint32_t)(s - j->series);
			j->cause[i].rank = !s->can_cause ? XID_NO_CAUSE : j->c->latest ? 0 : (uint8_t)s->rank;
		}
	}
}

void
xid_gather(struct joining *j, uint32_t fallback)
{
	gather_named(j, fallback);
	gather_causes(j, fallback);
	gather_series(j);
	xid_order(j);
}

size_t
xid_bisect(const struct joining *j, const struct series *s, int64_t t, bool after)
{
	size_t lo = s->from;

	SORT_BISECT(lo, s->to, i, j->cause[i].x->e.t < t || (after && j->cause[i].x->e.t == t));
	return lo;
}
