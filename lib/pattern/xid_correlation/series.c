#include "pattern/xid_correlation/xid.h"

#include <string.h>

/* Twin lines about one fall off the bus are within XID_TWIN, and within this
 * many records of the cluster. */
enum { TWIN_LOOK = 1024 };

int
xid_gpu_order(struct pci a, struct pci b)
{
	int d = SORT_ORDER(b.known, a.known);

	return d ? d : pci_cmp(a, b);
}

/* What all causes of a series share, and a cause. */
struct same {
	struct pci gpu;
	uint32_t uuid;
	unsigned code : 24;
	unsigned nvswitch : 1;
	unsigned fatal : 1;
	unsigned nonfatal : 1;
	unsigned recovered : 1;
	unsigned pad : 4;
	uint32_t of;
};

static struct same
same_of(const struct xid_join *j, uint32_t of)
{
	const struct xid *x = &j->x[of];

	return (struct same){
		.gpu = x->gpu, .uuid = x->uuid, .code = x->code, .nvswitch = x->nvswitch,
		.fatal = x->fatal, .nonfatal = x->nonfatal, .recovered = x->recovered, .of = of,
	};
}

/* Groups GPU and code; stable, so that the order of time remains. */
static int
same_cmp(const void *x, const void *y, const void *ctx)
{
	const struct same *a = x, *b = y;
	int d = xid_gpu_order(a->gpu, b->gpu);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->uuid, b->uuid);
	d = d ? d : SORT_ORDER(a->nvswitch, b->nvswitch);
	d = d ? d : SORT_ORDER(a->code, b->code);
	d = d ? d : SORT_ORDER(a->fatal, b->fatal);
	d = d ? d : SORT_ORDER(a->nonfatal, b->nonfatal);
	return d ? d : SORT_ORDER(a->recovered, b->recovered);
}

static int
index_cmp(const void *x, const void *y, const void *ctx)
{
	const struct xid_join *j = ctx;
	struct same a = same_of(j, *(const uint32_t *)x), b = same_of(j, *(const uint32_t *)y);

	return same_cmp(&a, &b, NULL);
}

static bool
is_coded_twin(const struct xid *line, const struct xid *x)
{
	return !x->code_implied && x->code == line->code && x->e.node == line->e.node &&
	       (!line->gpu.known || pci_cmp(x->gpu, line->gpu) == 0);
}

/* Is the i-th a line without a code that accompanies an Xid 79 of the same GPU? */
static bool
is_twin(const struct xid *x, size_t n, size_t i)
{
	if (!x[i].code_implied)
		return false;
	for (size_t k = 1; k <= TWIN_LOOK && k <= i && time_diff(x[i].e.t, x[i - k].e.t) <= XID_TWIN; k++)
		if (is_coded_twin(&x[i], &x[i - k]))
			return true;
	for (size_t k = 1; k <= TWIN_LOOK && i + k < n && time_diff(x[i + k].e.t, x[i].e.t) <= XID_TWIN; k++)
		if (is_coded_twin(&x[i], &x[i + k]))
			return true;
	return false;
}

static int
site_cmp(const void *x, const void *y, const void *ctx)
{
	const struct xid_site *a = x, *b = y;

	(void)ctx;
	return SORT_ORDER(a->node, b->node);
}

static bool
may_be_cause(const struct xid_join *j, size_t i)
{
	const struct xid *x = &j->x[i];

	return !x->detail && x->e.t != NO_TIME && !is_twin(j->x, j->ev->list[EVENT_XID].n, i);
}

/* Causes by node. */
static void
gather_sites(struct xid_join *j)
{
	size_t nxid = j->ev->list[EVENT_XID].n, cap = 0;
	uint32_t *number = mem_new(j->d->mem, uint32_t, (size_t)events_last_node(j->ev) + 1); /* by node
	                                                                                       * name,
	                                                                                       * from 1 */
	struct xid_site *s = NULL;
	size_t n = 0;

	for (size_t i = 0; i < nxid; i++) {
		uint32_t node = j->x[i].e.node;

		if (!may_be_cause(j, i))
			continue;
		if (!number[node]) {
			s = mem_extend(j->d->mem, s, n, &cap, sizeof(*s));
			s[n] = (struct xid_site){.node = node};
			number[node] = (uint32_t)++n;
		}
		s[number[node] - 1].n++;
		j->ncause++;
	}
	sort(s, n, sizeof(*s), site_cmp, NULL, j->d->spare);
	for (size_t i = 0, from = 0; i < n; i++) {
		number[s[i].node] = (uint32_t)i + 1;
		s[i].from = from;
		from += s[i].n;
		s[i].n = 0;
	}
	j->cause = mem_new(j->d->mem, uint32_t, j->ncause);
	for (size_t i = 0; i < nxid; i++) {
		struct xid_site *to;

		if (!may_be_cause(j, i))
			continue;
		to = &s[number[j->x[i].e.node] - 1];
		j->cause[to->from + to->n++] = (uint32_t)i;
	}
	j->site = s;
	j->nsite = n;
}

struct xid_info
xid_known(const struct xid_join *j, const struct xid *x, bool *by_rule)
{
	struct xid_info info;

	*by_rule = false;
	if (!x->nvswitch) {
		info = rules_find(&j->c->rules, x->code, by_rule);
		if (!*by_rule)
			catalog_line(&info, x->nonfatal, name(j, x->text));
		return info;
	}
	return (struct xid_info){
		.code = x->code,
		.cls = XID_NVSWITCH,
		.what = x->fatal ? S("a fatal NVSwitch error") : S("an NVSwitch error"),
		.todo = S("Drain the node and reset its GPUs and NVSwitches together. If it recurs, collect "
			  "nvidia-bug-report.sh and have the switch board checked."),
	};
}

/* Sort copies of this many Xids at a time: sorting them in place would miss the
 * cache with each comparison. */
enum { COPIES = 32768, AHEAD = 16 };

/* Sort the causes of a node; returns their copies, sorted, or NULL if there are too many. */
static const struct same *
sort_causes(const struct xid_join *j, uint32_t *cause, size_t n, struct same *copy)
{
	for (size_t from = 0, m; from < n; from += m) {
		m = n - from < COPIES ? n - from : COPIES;
		for (size_t i = 0; i < m; i++) {
			if (i + AHEAD < m)
				mem_soon(&j->x[cause[from + i + AHEAD]]);
			copy[i] = same_of(j, cause[from + i]);
		}
		sort(copy, m, sizeof(*copy), same_cmp, NULL, j->d->spare);
		for (size_t i = 0; i < m; i++)
			cause[from + i] = copy[i].of;
	}
	if (n <= COPIES)
		return copy;
	sort(cause, n, sizeof(*cause), index_cmp, j, j->d->spare);
	return NULL;
}

static struct xid_series
series_of(const struct xid_join *j, const struct xid_site *site, size_t from, size_t to)
{
	const struct xid *x = xid_at(j, from);
	struct xid_series s = {.from = (uint32_t)from, .to = (uint32_t)to, .node = site->node, .x = x};
	bool by_rule;

	s.rank = (uint8_t)(x->nvswitch ? XID_HARDWARE : xid_known(j, x, &by_rule).cls);
	s.can_cause = x->nvswitch ? x->fatal : !x->recovered && x->code != 162;
	return s;
}

static bool
is_same_gpu(const struct xid_series *a, const struct xid_series *b)
{
	return a->node == b->node && pci_cmp(a->x->gpu, b->x->gpu) == 0 && a->x->uuid == b->x->uuid &&
	       a->x->nvswitch == b->x->nvswitch;
}

static void
number_gpus(struct xid_join *j)
{
	memset(j->series_of, 0xff, j->ev->list[EVENT_XID].n * sizeof(*j->series_of));
	for (size_t i = 0; i < j->nseries; i++) {
		struct xid_series *s = &j->series[i];

		if (i == 0 || !is_same_gpu(s, s - 1))
			j->ngpu++;
		s->gpu = (uint32_t)j->ngpu - 1;
		for (size_t k = s->from; k < s->to; k++)
			j->series_of[j->cause[k]] = (uint32_t)i;
	}
}

static void
gather_series(struct xid_join *j)
{
	const struct xid_site *site = j->site; /* NULL if there are none */
	size_t n = 0, cap = 0, most = 0, end, to;
	struct same *copy;

	for (size_t i = 0; site && i < j->nsite; i++)
		most = site[i].n > most ? site[i].n : most;
	copy = mem_new(j->d->mem, struct same, most < COPIES ? most : COPIES);
	for (size_t i = 0; site && i < j->nsite; i++) {
		const size_t first = site[i].from;
		const struct same *in = sort_causes(j, j->cause + first, site[i].n, copy);

		end = first + site[i].n;
		for (size_t from = first; from < end; from = to) {
			for (to = from + 1; to < end && (in ? same_cmp(&in[from - first], &in[to - first], NULL) :
							      index_cmp(&j->cause[from], &j->cause[to], j)) == 0; to++)
				;
			j->series = mem_extend(j->d->mem, j->series, n, &cap, sizeof(*j->series));
			j->series[n++] = series_of(j, &site[i], from, to);
		}
	}
	j->nseries = n;
}

void
xid_gather(struct xid_join *j)
{
	const struct event_list *list = &j->ev->list[EVENT_XID];

	j->x = list->p;
	for (size_t i = 0; i < list->n; i++) {
		j->nodeless += !j->x[i].detail && j->x[i].e.node == 0;
		j->timeless += !j->x[i].detail && j->x[i].e.t == NO_TIME;
	}
	gather_sites(j);
}

void
xid_divide(struct xid_join *j)
{
	if (j->d->explain || j->c->lone) {
		j->order = mem_new(j->d->mem, uint32_t, j->ncause);
		memcpy(j->order, j->cause, j->ncause * sizeof(*j->order));
		j->used = mem_new(j->d->mem, int64_t, j->ncause + 1);
	}
	gather_series(j);
	j->series_of = mem_new(j->d->mem, uint32_t, j->ev->list[EVENT_XID].n);
	number_gpus(j);
}

uint32_t
xid_since(const struct xid_join *j, int64_t t)
{
	size_t lo = 0;

	SORT_BISECT(lo, j->ev->list[EVENT_XID].n, i, j->x[i].e.t < t);
	return (uint32_t)lo;
}

size_t
xid_bisect(const struct xid_join *j, const struct xid_series *s, uint32_t x)
{
	size_t lo = s->from;

	SORT_BISECT(lo, s->to, i, j->cause[i] < x);
	return lo;
}
