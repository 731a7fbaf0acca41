#include "join/recovery.h"

#include <string.h>

enum {
	OF_BOOT, /* first record of a boot of the node */
	OF_NODE, /* driver load or boot */
	OF_UUID, /* a GPU, by UUID */
	OF_GPU,  /* a GPU, by address; without an address, the whole node */
};

static int
key_cmp(const struct recovered *a, const struct recovered *b)
{
	int d = SORT_ORDER(a->node, b->node);

	d = d ? d : SORT_ORDER(a->of, b->of);
	d = d ? d : pci_cmp(a->gpu, b->gpu);
	return d ? d : SORT_ORDER(a->uuid, b->uuid);
}

static int
recovered_cmp(const void *x, const void *y, const void *ctx)
{
	const struct recovered *a = x, *b = y;
	int d = key_cmp(a, b);

	(void)ctx;
	return d ? d : SORT_ORDER(a->t, b->t);
}

static int
boot_cmp(const void *x, const void *y, const void *ctx)
{
	const struct recovered *a = x, *b = y;
	int d = SORT_ORDER(a->node, b->node);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->boot, b->boot);
	return d ? d : SORT_ORDER(a->t, b->t);
}

static int
same_boot(const void *x, const void *y, const void *ctx)
{
	const struct recovered *a = x, *b = y;

	(void)ctx;
	return a->node != b->node || a->boot != b->boot;
}

/*
 * The first record of each boot of each node.  Records are sorted by time, so
 * only the first record of a node and those where its boot id changes qualify;
 * last: each node's boot id so far.
 */
static size_t
boots(struct recovered *to, uint32_t *last, const struct event *e, uint32_t boot)
{
	uint32_t node = e->node;

	if (!boot || e->t == NO_TIME || last[node] == boot)
		return 0;
	last[node] = boot;
	if (to)
		*to = (struct recovered){.t = e->t, .node = node, .boot = boot, .of = OF_BOOT};
	return 1;
}

static size_t
all_boots(const struct recoveries *k, struct recovered *to, uint32_t *last, size_t names)
{
	const struct event_list *recoveries = &k->ev->list[EVENT_RECOVERY], *xids = &k->ev->list[EVENT_XID];
	const struct event_list *aers = &k->ev->list[EVENT_AER];
	const struct recovery *r = recoveries->p;
	const struct xid *x = xids->p;
	const struct aer *a = aers->p;
	size_t n = 0;

	memset(last, 0, names * sizeof(*last));
	for (size_t i = 0; i < recoveries->n; i++)
		n += boots(to ? to + n : NULL, last, &r[i].e, r[i].boot);
	memset(last, 0, names * sizeof(*last));
	for (size_t i = 0; i < xids->n; i++)
		n += boots(to ? to + n : NULL, last, &x[i].e, x[i].boot);
	memset(last, 0, names * sizeof(*last));
	for (size_t i = 0; i < aers->n; i++)
		n += boots(to ? to + n : NULL, last, &a[i].e, a[i].boot);
	return n;
}

struct recoveries
recovery_gather(const struct events *ev, struct buf *scratch, struct mem *m)
{
	const struct event_list *recoveries = &ev->list[EVENT_RECOVERY], *xids = &ev->list[EVENT_XID];
	const struct recovery *r = recoveries->p;
	const struct xid *x = xids->p;
	struct recoveries k = {.ev = ev};
	size_t names = (size_t)events_last_node(ev) + 1, nboot, none = 0;
	uint32_t *last = mem_new(m, uint32_t, names);
	struct recovered *boot, to;

	nboot = all_boots(&k, NULL, last, names);
	boot = mem_new(m, struct recovered, nboot);
	all_boots(&k, boot, last, names);
	sort(boot, nboot, sizeof(*boot), boot_cmp, NULL, scratch);
	nboot = sort_unique(boot, nboot, sizeof(*boot), same_boot, NULL);
	for (size_t i = 0; i < xids->n; i++)
		none += x[i].recovered;
	k.r = mem_new(m, struct recovered, recoveries->n + none + nboot);
	for (size_t i = 0; i < recoveries->n; i++) {
		if (r[i].e.t == NO_TIME)
			continue;
		to = (struct recovered){.t = r[i].e.t, .node = r[i].e.node};
		to.of = r[i].uuid ? OF_UUID : r[i].reboot ? OF_NODE : OF_GPU;
		to.uuid = r[i].uuid;
		to.gpu = to.of == OF_GPU ? r[i].gpu : (struct pci){0};
		k.r[k.n++] = to;
	}
	for (size_t i = 0; i < xids->n; i++) {
		if (x[i].e.t == NO_TIME || !x[i].recovered)
			continue;
		to = (struct recovered){
			.t = x[i].e.t, .node = x[i].e.node, .of = OF_GPU, .gpu = x[i].gpu};
		k.r[k.n++] = to;
	}
	for (size_t i = 0; i < nboot; i++)
		k.r[k.n++] = boot[i];
	sort(k.r, k.n, sizeof(*k.r), recovered_cmp, NULL, scratch);
	return k;
}

/* The first recovery of key later than t on its node, or NULL. */
static const struct recovered *
first_after(const struct recoveries *k, const struct recovered *key, int64_t t)
{
	const struct recovered *r = k->r;
	size_t lo = 0;
	int d;

	SORT_BISECT(lo, k->n, i, (d = key_cmp(&r[i], key)) < 0 || (d == 0 && r[i].t <= t));
	for (size_t i = lo; i < k->n && key_cmp(&r[i], key) == 0; i++)
		if (r[i].of != OF_BOOT || r[i].boot != key->boot)
			return &r[i];
	return NULL;
}

int64_t
recovery_after(const struct recoveries *k, const struct trouble *x)
{
	struct recovered key = {.node = x->node, .boot = x->boot};
	const struct recovered *r;
	int64_t best = NO_TIME;
	int last;

	for (key.of = OF_BOOT; key.of <= OF_GPU; key.of++) {
		key.uuid = key.of == OF_UUID ? x->uuid : 0;
		if ((key.of == OF_BOOT && !x->boot) || (key.of == OF_UUID && !x->uuid))
			continue;
		/* by address, and then those that name no GPU */
		last = key.of == OF_GPU && x->gpu.known;
		for (int named = 0; named <= last; named++) {
			key.gpu = named ? x->gpu : (struct pci){0};
			r = first_after(k, &key, x->t);
			if (r && (best == NO_TIME || r->t < best))
				best = r->t;
		}
		key.gpu = (struct pci){0};
	}
	return best;
}
