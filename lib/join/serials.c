#include "join/serials.h"

/* GPUs named in lines, by node and time; same: number of entries from this one
 * on with the same node and GPU. */
struct named_gpus {
	struct gpu *p;
	size_t n, cap;
	size_t *same;
};

static void
add(struct named_gpus *a, const struct gpu *g, struct mem *m)
{
	a->p = mem_extend(m, a->p, a->n, &a->cap, sizeof(*a->p));
	a->p[a->n++] = *g;
}

static void
order(struct named_gpus *a, struct buf *scratch, struct mem *m)
{
	sort(a->p, a->n, sizeof(*a->p), gpu_time_cmp, NULL, scratch);
	a->same = mem_new(m, size_t, a->n);
	for (size_t i = a->n; i-- > 0;) {
		const struct gpu *next = i + 1 < a->n ? &a->p[i + 1] : NULL;
		bool same = next && next->e.node == a->p[i].e.node && pci_cmp(next->gpu, a->p[i].gpu) == 0;

		a->same[i] = same ? a->same[i + 1] + 1 : 1;
	}
}

/* Index of the first entry of a later node, or of this one at t or later. */
static size_t
find(const struct named_gpus *a, uint32_t node, int64_t t)
{
	size_t at = 0;

	SORT_BISECT(at, a->n, i, a->p[i].e.node < node || (a->p[i].e.node == node && a->p[i].e.t < t));
	return at;
}

/* The only GPU named in [from, to]; NULL if there is none or several. */
static const struct gpu *
only(const struct named_gpus *a, uint32_t node, int64_t from, int64_t to)
{
	size_t lo = find(a, node, from), hi = find(a, node, time_add(to, 1));

	return lo < hi && a->same[lo] >= hi - lo ? &a->p[lo] : NULL;
}

/* The GPU last named at t or before. */
static const struct gpu *
latest(const struct named_gpus *a, uint32_t node, int64_t t)
{
	size_t at = find(a, node, time_add(t, 1));
	const struct gpu *g = at ? &a->p[at - 1] : NULL;

	return g && g->e.node == node && time_diff(t, g->e.t) <= SERIALS_NEAR ? only(a, node, g->e.t, g->e.t) : NULL;
}

static bool
stands_alone(const struct gpu *g)
{
	return g->serial && !g->gpu.known && !g->uuid && g->index < 0 && g->e.t != NO_TIME;
}

void
serials_name(struct events *ev, struct mem *m)
{
	const struct xid *x = ev->list[EVENT_XID].p;
	struct gpu *g = ev->list[EVENT_GPU].p;
	size_t n = ev->list[EVENT_GPU].n, alone = 0;
	struct named_gpus all = {0}, lines = {0};

	for (size_t i = 0; i < n; i++)
		alone += stands_alone(&g[i]);
	if (!alone)
		return;
	for (size_t i = 0; i < n; i++) {
		if (!g[i].kernel || !g[i].gpu.known)
			continue;
		add(&all, &g[i], m);
		if (g[i].uuid)
			add(&lines, &g[i], m);
	}
	for (size_t i = 0; i < ev->list[EVENT_XID].n; i++)
		if (x[i].gpu.known && !x[i].nvswitch && !x[i].concluded)
			add(&all, &(struct gpu){.e = x[i].e, .gpu = x[i].gpu, .uuid = x[i].uuid}, m);
	order(&all, &ev->scratch, m);
	order(&lines, &ev->scratch, m);
	for (size_t i = 0; i < n; i++) {
		uint32_t node = g[i].e.node;
		int64_t t = g[i].e.t;
		const struct gpu *of;

		if (!stands_alone(&g[i]))
			continue;
		of = only(&all, node, time_diff(t, SERIALS_NEAR), time_add(t, SERIALS_NEAR));
		if (!of && t % SECOND)
			of = latest(&lines, node, t);
		if (of) {
			g[i].gpu = of->gpu;
			g[i].uuid = of->uuid;
		}
	}
	events_sort_kind(ev, EVENT_GPU);
}
