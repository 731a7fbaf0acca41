#include "join/layers.h"

#include "join/phrase.h"

void
layer_add(struct layer *l, uint32_t node, struct mem *m)
{
	l->n++;
	if (!node || (l->nnode && l->node[l->nnode - 1] == node))
		return;
	l->node = mem_extend(m, l->node, l->nnode, &l->cap, sizeof(*l->node));
	l->node[l->nnode++] = node;
}

size_t
layer_nodes(struct layer *l, struct buf *scratch)
{
	sort(l->node, l->nnode, sizeof(*l->node), sort_u32, NULL, scratch);
	l->nnode = sort_unique(l->node, l->nnode, sizeof(*l->node), sort_u32, NULL);
	return l->nnode;
}

static void
put_layer(struct buf *b, const struct layer *l)
{
	phrase_count(b, l->n, l->one, l->n || !l->none.n ? l->many : l->none);
}

void
layers_absent(struct buf *notice, const struct layer *a, const struct layer *b, struct str so)
{
	put_layer(notice, a);
	if (a->nnode) {
		buf_add(notice, S(" from "));
		phrase_count(notice, a->nnode, S("node"), S("nodes"));
	}
	buf_add(notice, S(", "));
	put_layer(notice, b);
	buf_add(notice, S(": "));
	buf_add(notice, so);
}

static bool
share(const struct layer *a, const struct layer *b)
{
	for (size_t i = 0, k = 0; i < a->nnode && k < b->nnode;)
		if (a->node[i] == b->node[k])
			return true;
		else if (a->node[i] < b->node[k])
			i++;
		else
			k++;
	return false;
}

/* "Xids on gpu-7" */
static void
put_first(struct buf *b, const struct layer *l, const struct idx *names)
{
	uint32_t first = l->node[0];

	for (size_t i = 1; i < l->nnode; i++)
		if (idx_cmp(names, l->node[i], first) < 0)
			first = l->node[i];
	buf_add(b, l->many);
	buf_add(b, S(" on "));
	phrase_short(b, idx_at(names, first), PHRASE_NAME);
}

void
layers_apart(struct buf *notice, const struct layer *a, const struct layer *b, const struct idx *names)
{
	if (!a->nnode || !b->nnode || share(a, b))
		return;
	if (notice->n)
		buf_add(notice, S("; "));
	buf_add(notice, S("no node has both: "));
	put_first(notice, a, names);
	buf_add(notice, S(", "));
	put_first(notice, b, names);
}

void
layers_clause(struct buf *notice, uint64_t n, struct str one, struct str many, struct str why)
{
	if (!n)
		return;
	phrase_clause(notice, n, one, many);
	buf_add(notice, why);
}

struct str
layers_no_time(const struct events *ev)
{
	return ev->since_boot ? S(" no timestamp and cannot be correlated: for dmesg use --boot-time=TIME")
			      : S(" no timestamp and cannot be correlated");
}

struct str
layers_no_node(const struct events *ev)
{
	return ev->of_tasks ? S(" no node name and cannot be correlated")
			    : S(" no node name and cannot be correlated: use --node=NAME");
}
