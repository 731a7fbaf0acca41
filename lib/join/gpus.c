#include "join/gpus.h"

enum { BY_ADDRESS, BY_UUID, BY_INDEX };
/* So many words on one name of one node are looked through for one that tells
 * more; those that do not are about numbers that it did not keep. */
enum { LOOK = 256 };

static bool
has(const struct gpu *g, unsigned by)
{
	return by == BY_ADDRESS ? g->gpu.known : by == BY_UUID ? g->uuid != 0 : g->index >= 0;
}

struct order {
	const struct idx *names;
	enum nodes_by node;
	unsigned by;
};

/* By node and the name in question. */
static int
key_cmp(const struct known_as *a, const struct known_as *b, const struct order *o)
{
	int d = o->node == NODES_BY_NAME ? SORT_ORDER(a->g.e.node, b->g.e.node) : SORT_ORDER(a->label, b->label);

	if (d)
		return d;
	if (o->by == BY_ADDRESS)
		return pci_cmp(a->g.gpu, b->g.gpu);
	return o->by == BY_UUID ? SORT_ORDER(a->g.uuid, b->g.uuid) : SORT_ORDER(a->g.index, b->g.index);
}

/* Numbers of strings order only what is looked up by equality; what may
 * decide is ordered by content. */
static int
word_cmp(const struct known_as *a, const struct known_as *b, const struct idx *names)
{
	int d = SORT_ORDER(a->g.e.t, b->g.e.t);

	d = d ? d : pci_cmp(a->g.gpu, b->g.gpu);
	d = d ? d : idx_cmp(names, a->g.uuid, b->g.uuid);
	d = d ? d : SORT_ORDER(a->g.index, b->g.index);
	return d ? d : idx_cmp(names, a->g.e.node, b->g.e.node);
}

static int
known_cmp(const void *x, const void *y, const void *ctx)
{
	const struct order *o = ctx;
	int d = key_cmp(x, y, o);

	return d ? d : word_cmp(x, y, o->names);
}

struct gpus
gpus_gather(struct events *ev, uint32_t fallback, struct mem *m)
{
	const struct event_list *list = &ev->list[EVENT_GPU];
	const struct gpu *g = list->p;
	struct gpus k = {.ev = ev};

	for (struct order o = {.names = &ev->names}; o.by < GPUS_BY; o.by++) {
		size_t n = 0;

		for (unsigned node = 0; node < NELEM(k.by); node++)
			k.by[node][o.by] = mem_new(m, struct known_as, list->n);
		for (size_t i = 0; i < list->n; i++) {
			struct known_as to = {.g = g[i]};

			if (g[i].gpu.known + (g[i].uuid != 0) + (g[i].index >= 0) < 2 || !has(&g[i], o.by))
				continue;
			if (!to.g.e.node)
				to.g.e.node = fallback;
			to.label = nodes_label(ev, to.g.e.node);
			k.by[NODES_BY_NAME][o.by][n] = k.by[NODES_BY_LABEL][o.by][n] = to;
			n++;
		}
		for (o.node = 0; o.node < NELEM(k.by); o.node++)
			sort(k.by[o.node][o.by], n, sizeof(struct known_as), known_cmp, &o, &ev->scratch);
		k.n[o.by] = n;
	}
	return k;
}

/* Where the words on key that are later than t begin. */
static size_t
later(const struct known_as *p, size_t n, const struct order *o, const struct known_as *key, int64_t t)
{
	size_t lo = 0;
	int d;

	SORT_BISECT(lo, n, i, (d = key_cmp(&p[i], key, o)) < 0 || (d == 0 && p[i].g.e.t <= t));
	return lo;
}

/* The word on key from its node that counts at t and has the name wanted. */
static const struct gpu *
word(const struct gpus *k, unsigned by, struct known_as key, int64_t t, unsigned wanted)
{
	const struct known_as *before = NULL, *after = NULL;
	struct nodes_run run[2];
	size_t n = nodes_runs(key.g.e.node, key.label, run);

	for (size_t r = 0; r < n; r++) {
		struct order o = {&k->ev->names, run[r].by, by};
		const struct known_as *p = k->by[o.node][by];
		size_t at, i;

		key.g.e.node = key.label = run[r].key;
		at = later(p, k->n[by], &o, &key, t);
		for (i = at; i-- > 0 && at - i <= LOOK && key_cmp(&p[i], &key, &o) == 0;)
			if (has(&p[i].g, wanted)) {
				before = !before || word_cmp(&p[i], before, o.names) > 0 ? &p[i] : before;
				break;
			}
		for (i = at; i < k->n[by] && i - at < LOOK && key_cmp(&p[i], &key, &o) == 0; i++)
			if (has(&p[i].g, wanted)) {
				after = !after || word_cmp(&p[i], after, o.names) < 0 ? &p[i] : after;
				break;
			}
	}
	return before ? &before->g : after ? &after->g : NULL;
}

void
gpus_fill(const struct gpus *k, uint32_t node, int64_t t, struct pci *gpu, uint32_t *uuid, int16_t *index)
{
	struct known_as key = {.g = {.e.node = node, .gpu = *gpu, .uuid = *uuid, .index = *index}};

	if (gpu->known && *uuid && *index >= 0)
		return;
	key.label = idx_find(&k->ev->names, node_label(idx_at(&k->ev->names, node)));
	if (node && !key.label)
		return; /* a label that no word has */
	/* a name that was filled in may lead to the next one */
	for (bool more = true; more;) {
		more = false;
		for (unsigned want = 0; want < GPUS_BY; want++)
			for (unsigned by = 0; by < GPUS_BY && !has(&key.g, want); by++) {
				const struct gpu *g = by != want && has(&key.g, by) ? word(k, by, key, t, want) : NULL;

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
