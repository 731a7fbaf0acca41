#include "join/gpus.h"

#include "base/num.h"

enum { BY_ADDRESS, BY_UUID, BY_INDEX, SERIAL }; /* by SERIAL there is no lookup */
/* Number of records of one name on one node that are searched for one with
 * further names; bounds the work if a name changed owners very often. */
enum { SAME_LABEL_MAX = 256 };

static bool
has(const struct gpu *g, unsigned by)
{
	return by == BY_ADDRESS ? g->gpu.known : by == BY_UUID ? g->uuid != 0 : by == BY_INDEX ? g->index >= 0 : g->serial != 0;
}

struct gpu_order {
	const struct idx *names;
	unsigned by;
};

/* By node and this kind of name. */
static int
key_cmp(const struct gpu *a, const struct gpu *b, unsigned by)
{
	int d = SORT_ORDER(a->e.node, b->e.node);

	if (d)
		return d;
	if (by == BY_ADDRESS)
		return pci_cmp(a->gpu, b->gpu);
	return by == BY_UUID ? SORT_ORDER(a->uuid, b->uuid) : SORT_ORDER(a->index, b->index);
}

/* String numbers order only names that are looked up by equality; everything
 * that may decide is ordered by content. */
static int
word_cmp(const void *x, const void *y, const void *ctx)
{
	const struct gpu *a = x, *b = y;
	const struct gpu_order *o = ctx;
	int d = key_cmp(a, b, o->by);

	d = d ? d : SORT_ORDER(a->e.t, b->e.t);
	d = d ? d : pci_cmp(a->gpu, b->gpu);
	d = d ? d : idx_cmp(o->names, a->uuid, b->uuid);
	d = d ? d : SORT_ORDER(a->index, b->index);
	return d ? d : idx_cmp(o->names, a->serial, b->serial);
}

static bool
is_mig(const struct events *ev, uint32_t uuid)
{
	return uuid && str_starts(idx_at(&ev->names, uuid), S("MIG-"));
}

struct gpus
gpus_gather(const struct events *ev, struct buf *scratch, struct mem *m)
{
	const struct event_list *list = &ev->list[EVENT_GPU];
	const struct gpu *g = list->p;
	struct gpus k = {.ev = ev};

	for (struct gpu_order o = {.names = &ev->names}; o.by < GPUS_BY; o.by++) {
		struct gpu *to = k.by[o.by] = mem_new(m, struct gpu, list->n);

		for (size_t i = 0; i < list->n; i++) {
			struct gpu one = g[i];

			/* a MIG instance's UUID leads to its GPU, but not back */
			if (o.by != BY_UUID && is_mig(ev, one.uuid))
				one.uuid = 0;
			if (one.gpu.known + (one.uuid != 0) + (one.index >= 0) + (one.serial != 0) >= 2 && has(&one, o.by))
				*to++ = one;
		}
		k.n[o.by] = (size_t)(to - k.by[o.by]);
		sort(k.by[o.by], k.n[o.by], sizeof(struct gpu), word_cmp, &o, scratch);
	}
	return k;
}

/* The record of key that is valid at t and has the name wanted, or NULL;
 * narrows [from, to) to the time for which this is the answer. */
static const struct gpu *
word(const struct gpus *k, unsigned by, const struct gpu *key, int64_t t, unsigned wanted, struct gpus_answer *when)
{
	const struct gpu *p = k->by[by];
	size_t at = 0;
	int d;

	SORT_BISECT(at, k->n[by], i, (d = key_cmp(&p[i], key, by)) < 0 || (d == 0 && p[i].e.t <= t));
	if (at && key_cmp(&p[at - 1], key, by) == 0)
		when->from = num_max(when->from, p[at - 1].e.t);
	if (at < k->n[by] && key_cmp(&p[at], key, by) == 0 && p[at].e.t < when->to)
		when->to = p[at].e.t;
	for (size_t i = at; i-- > 0 && at - i <= SAME_LABEL_MAX && key_cmp(&p[i], key, by) == 0;)
		if (has(&p[i], wanted))
			return &p[i];
	for (size_t i = at; i < k->n[by] && i - at < SAME_LABEL_MAX && key_cmp(&p[i], key, by) == 0; i++)
		if (has(&p[i], wanted))
			return &p[i];
	return NULL;
}

static void
follow(const struct gpus *k, struct gpus_answer *a, int64_t t)
{
	struct gpu *key = &a->known;

	/* a name just filled in may lead to another one */
	for (bool more = true; more;) {
		more = false;
		for (unsigned want = 0; want < GPUS_BY; want++)
			for (unsigned by = 0; by < GPUS_BY && !has(key, want); by++) {
				const struct gpu *g = by != want && has(key, by) ? word(k, by, key, t, want, a) : NULL;

				if (!g)
					continue;
				if (want == BY_ADDRESS)
					key->gpu = g->gpu;
				else if (want == BY_UUID)
					key->uuid = g->uuid;
				else
					key->index = g->index;
				more = true;
			}
	}
}

static void
answer(const struct gpus *k, struct gpus_answer *a, int64_t t)
{
	a->known = a->asked;
	a->from = INT64_MIN;
	a->to = INT64_MAX;
	follow(k, a, t);
	if (is_mig(k->ev, a->known.uuid) && (a->known.gpu.known || a->known.index >= 0)) {
		a->known.uuid = 0;
		follow(k, a, t);
	}
}

bool
gpus_fill_again(const struct gpus *k, struct gpus_answer *last, const struct event *e, struct pci *gpu, uint32_t *uuid,
		int16_t *index)
{
	struct gpu *asked = &last->asked;

	if (gpu->known && *uuid && *index >= 0 && !is_mig(k->ev, *uuid))
		return false;
	if (e->t < last->from || e->t >= last->to || asked->e.node != e->node || asked->uuid != *uuid || asked->index != *index ||
	    pci_cmp(asked->gpu, *gpu) != 0) {
		*asked = (struct gpu){.e.node = e->node, .gpu = *gpu, .uuid = *uuid, .index = *index};
		answer(k, last, e->t);
	}
	*gpu = last->known.gpu;
	*uuid = last->known.uuid;
	*index = last->known.index;
	return asked->gpu.known != gpu->known || asked->uuid != *uuid || asked->index != *index;
}

void
gpus_fill(const struct gpus *k, uint32_t node, int64_t t, struct pci *gpu, uint32_t *uuid, int16_t *index)
{
	gpus_fill_again(k, &(struct gpus_answer){0}, &(struct event){.t = t, .node = node}, gpu, uuid, index);
}

uint32_t
gpus_serial(const struct gpus *k, uint32_t node, int64_t t, struct pci gpu, uint32_t uuid)
{
	static const unsigned order[] = {BY_UUID, BY_ADDRESS};
	struct gpu key = {.e.node = node, .gpu = gpu, .uuid = uuid, .index = -1};

	for (size_t i = 0; i < NELEM(order); i++) {
		const struct gpu *g = has(&key, order[i]) ? word(k, order[i], &key, t, SERIAL, &(struct gpus_answer){0}) : NULL;

		if (g && (!uuid || !g->uuid || g->uuid == uuid))
			return g->serial;
	}
	return 0;
}
