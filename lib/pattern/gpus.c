#include "pattern/gpus.h"

static int
by_node(const void *x, const void *y, const void *ctx)
{
	const struct gpu *a = x, *b = y;
	const struct events *ev = ctx;

	return str_cmp(node_label(idx_at(&ev->names, a->e.node)), node_label(idx_at(&ev->names, b->e.node)));
}

struct gpus
gpus_gather(struct events *ev, uint32_t fallback, struct mem *m)
{
	const struct event_list *list = &ev->list[EVENT_GPU];
	const struct gpu *g = list->p;
	struct gpus k = {.ev = ev, .g = mem_new(m, struct gpu, list->n)};

	for (size_t i = 0; i < list->n; i++) {
		if (g[i].gpu.known + (g[i].uuid != 0) + (g[i].index >= 0) < 2)
			continue;
		k.g[k.n] = g[i];
		if (!k.g[k.n].e.node)
			k.g[k.n].e.node = fallback;
		k.n++;
	}
	sort(k.g, k.n, sizeof(*k.g), by_node, ev, &ev->scratch);
	return k;
}

/* Do the record and the wanted GPU share a name, and contradict in none that
 * is surer? */
static bool
is_about(const struct gpu *g, struct pci gpu, uint32_t uuid, int16_t index)
{
	if (gpu.known && g->gpu.known)
		return pci_cmp(gpu, g->gpu) == 0;
	if (uuid && g->uuid)
		return uuid == g->uuid;
	return index >= 0 && index == g->index;
}

/* Is a the better word on what happened at t? */
static bool
nearer(int64_t a, int64_t b, int64_t t)
{
	return a <= t ? b > t || a > b : b > t && a < b;
}

void
gpus_fill(const struct gpus *k, uint32_t node, int64_t t, struct pci *gpu, uint32_t *uuid, int16_t *index)
{
	struct str name = idx_at(&k->ev->names, node), label = node_label(name);
	const struct gpu *address = NULL, *id = NULL, *number = NULL;
	size_t lo = 0, hi = k->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (str_cmp(node_label(idx_at(&k->ev->names, k->g[mid].e.node)), label) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < k->n; lo++) {
		const struct gpu *g = &k->g[lo];
		struct str other = idx_at(&k->ev->names, g->e.node);

		if (!str_eq(node_label(other), label))
			break;
		if (!node_same(name, other) || !is_about(g, *gpu, *uuid, *index))
			continue;
		if (g->gpu.known && (!address || nearer(g->e.t, address->e.t, t)))
			address = g;
		if (g->uuid && (!id || nearer(g->e.t, id->e.t, t)))
			id = g;
		if (g->index >= 0 && (!number || nearer(g->e.t, number->e.t, t)))
			number = g;
	}
	if (!gpu->known && address)
		*gpu = address->gpu;
	if (!*uuid && id)
		*uuid = id->uuid;
	if (*index < 0 && number)
		*index = number->index;
}
