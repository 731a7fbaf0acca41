#include "pattern/gpus.h"

#include "pattern/nodes.h"

enum { BY_ADDRESS, BY_UUID, BY_INDEX };
/* So many words on one name are looked through for one from this node that
 * tells more; nodes that share a label but not a name are rare. */
enum { LOOK = 256 };

static bool
has(const struct gpu *g, unsigned by)
{
	return by == BY_ADDRESS ? g->gpu.known : by == BY_UUID ? g->uuid != 0 : g->index >= 0;
}

/* By label and the name in question. */
static int
key_cmp(const struct known_as *a, const struct known_as *b, unsigned by)
{
	if (a->label != b->label)
		return SORT_ORDER(a->label, b->label);
	if (by == BY_ADDRESS)
		return pci_cmp(a->g.gpu, b->g.gpu);
	return by == BY_UUID ? SORT_ORDER(a->g.uuid, b->g.uuid) : SORT_ORDER(a->g.index, b->g.index);
}

struct sorting {
	const struct idx *names;
	unsigned by;
};

/* Numbers of strings order only what is looked up by equality; what may
 * decide is ordered by content. */
static int
known_cmp(const void *x, const void *y, const void *ctx)
{
	const struct known_as *a = x, *b = y;
	const struct sorting *s = ctx;
	int d = key_cmp(a, b, s->by);

	d = d ? d : SORT_ORDER(a->g.e.t, b->g.e.t);
	d = d ? d : pci_cmp(a->g.gpu, b->g.gpu);
	d = d ? d : idx_cmp(s->names, a->g.uuid, b->g.uuid);
	d = d ? d : SORT_ORDER(a->g.index, b->g.index);
	return d ? d : idx_cmp(s->names, a->g.e.node, b->g.e.node);
}

struct gpus
gpus_gather(struct events *ev, uint32_t fallback, struct mem *m)
{
	const struct event_list *list = &ev->list[EVENT_GPU];
	const struct gpu *g = list->p;
	struct gpus k = {.ev = ev};

	for (unsigned by = 0; by < GPUS_BY; by++) {
		struct sorting s = {&ev->names, by};

		k.by[by] = mem_new(m, struct known_as, list->n);
		for (size_t i = 0; i < list->n; i++) {
			struct known_as *to = &k.by[by][k.n[by]];

			if (g[i].gpu.known + (g[i].uuid != 0) + (g[i].index >= 0) < 2 || !has(&g[i], by))
				continue;
			to->g = g[i];
			if (!to->g.e.node)
				to->g.e.node = fallback;
			to->label = nodes_label(ev, to->g.e.node);
			k.n[by]++;
		}
		sort(k.by[by], k.n[by], sizeof(*k.by[by]), known_cmp, &s, &ev->scratch);
	}
	return k;
}

/* Where the words on key that are later than t begin. */
static size_t
later(const struct gpus *k, unsigned by, const struct known_as *key, int64_t t)
{
	const struct known_as *p = k->by[by];
	size_t lo = 0;
	int d;

	SORT_BISECT(lo, k->n[by], i, (d = key_cmp(&p[i], key, by)) < 0 || (d == 0 && p[i].g.e.t <= t));
	return lo;
}

/* The word on key from its node that counts at t and has the name wanted. */
static const struct gpu *
word(const struct gpus *k, unsigned by, const struct known_as *key, int64_t t, unsigned wanted)
{
	struct str name = idx_at(&k->ev->names, key->g.e.node);
	const struct known_as *p = k->by[by];
	size_t at = later(k, by, key, t);

	for (size_t i = at; i-- > 0 && at - i <= LOOK && key_cmp(&p[i], key, by) == 0;)
		if (has(&p[i].g, wanted) && node_same(name, idx_at(&k->ev->names, p[i].g.e.node)))
			return &p[i].g;
	for (size_t i = at; i < k->n[by] && i - at < LOOK && key_cmp(&p[i], key, by) == 0; i++)
		if (has(&p[i].g, wanted) && node_same(name, idx_at(&k->ev->names, p[i].g.e.node)))
			return &p[i].g;
	return NULL;
}

void
gpus_fill(const struct gpus *k, uint32_t node, int64_t t, struct pci *gpu, uint32_t *uuid, int16_t *index)
{
	struct known_as key = {.g = {.e.node = node, .gpu = *gpu, .uuid = *uuid, .index = *index}};

	if (gpu->known && *uuid && *index >= 0)
		return;
	key.label = idx_find(&k->ev->names, node_label(idx_at(&k->ev->names, node)));
	/* a name that was filled in may lead to the next one */
	for (bool more = true; more;) {
		more = false;
		for (unsigned want = 0; want < GPUS_BY; want++)
			for (unsigned by = 0; by < GPUS_BY && !has(&key.g, want); by++) {
				const struct gpu *g = by != want && has(&key.g, by) ? word(k, by, &key, t, want) : NULL;

				if (!g)
					continue;
				if (want == BY_ADDRESS)
					key.g.gpu = g->gpu;
				else if (want == BY_UUID)
					key.g.uuid = g->uuid;
				else
					key.g.index = g->index;
				more = true;
			}
	}
	*gpu = key.g.gpu;
	*uuid = key.g.uuid;
	*index = key.g.index;
}
