#include "join/nodes.h"

uint32_t
nodes_label(struct events *ev, uint32_t node)
{
	return idx_add(&ev->names, node_label(idx_at(&ev->names, node)));
}

bool
nodes_agree(const struct events *ev, uint32_t a, uint32_t b)
{
	return a == b || (a && b && node_same(idx_at(&ev->names, a), idx_at(&ev->names, b)));
}

size_t
nodes_runs(uint32_t node, uint32_t label, struct nodes_run run[2])
{
	run[0] = (struct nodes_run){node && node == label ? NODES_BY_LABEL : NODES_BY_NAME, node};
	run[1] = (struct nodes_run){NODES_BY_NAME, label};
	return node == label ? 1 : 2;
}

uint32_t *
nodes_settle(const struct events *ev, const enum event_kind *kind, size_t nkind, struct mem *m)
{
	size_t n = ev->names.n + 1;
	uint32_t *full = mem_new(m, uint32_t, n); /* of a label; UINT32_MAX: several */
	bool *seen = mem_new(m, bool, n);

	for (size_t k = 0; k < nkind; k++)
		for (size_t i = 0; i < ev->list[kind[k]].n; i++) {
			uint32_t node = events_at(ev, kind[k], i)->node, label;

			if (seen[node])
				continue;
			seen[node] = true;
			label = idx_find(&ev->names, node_label(idx_at(&ev->names, node)));
			if (label && label != node)
				full[label] = full[label] ? UINT32_MAX : node;
		}
	for (uint32_t i = 0; i < n; i++)
		if (full[i] == 0 || full[i] == UINT32_MAX)
			full[i] = i;
	return full;
}
