#include "incident/incident.h"

/* Class of an Xid; XID_NVSWITCH for an SXid. */
static enum xid_class
class_of(const struct xid *x)
{
	const struct xid_info *info = catalog_find(x->code);

	return x->nvswitch ? XID_NVSWITCH : info ? info->cls : XID_UNKNOWN;
}

static bool
is_fault(const struct xid *x)
{
	return x->e.t != NO_TIME && !x->recovered && (!x->nvswitch || x->fatal);
}

/* Rank of nodes in order of names: for each number of a name, the number of nodes
 * before it. */
static uint32_t *
rank_nodes(const struct facts *fs, const struct event_list *l, size_t names)
{
	const struct xid *x = l->p;
	uint32_t *node = mem_new(fs->d->mem, uint32_t, names), *rank = mem_new(fs->d->mem, uint32_t, names);
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		if (!rank[x[i].e.node]) {
			rank[x[i].e.node] = 1;
			node[n++] = x[i].e.node;
		}
	sort(node, n, sizeof(*node), ids_cmp, fs->names, fs->d->spare);
	for (size_t i = 0; i < n; i++)
		rank[node[i]] = (uint32_t)i;
	return rank;
}

/* Bucket of an Xid: by node, a node's hardware errors first. */
static size_t
place_of(const struct xid *x, const uint32_t *rank)
{
	return 2 * (size_t)rank[x->e.node] + (!x->nvswitch && class_of(x) != XID_HARDWARE);
}

static void
make_fact(struct xids *xs)
{
	enum { AHEAD = 8 };
	const struct xid *x;
	const struct xid_info *info;

	if (xs->next == xs->n)
		return;
	if (xs->n - xs->next > AHEAD)
		mem_soon(&xs->all[xs->at[xs->next + AHEAD]]);
	x = xs->x = &xs->all[xs->at[xs->next]];
	info = x->nvswitch ? NULL : catalog_find(x->code);
	xs->f = (struct fact){
		.kind = x->nvswitch ? FACT_SXID : FACT_XID,
		.lo = x->e.t,
		.hi = x->e.t,
		.at = x->e.t,
		.node = x->e.node,
		.gpu = x->gpu,
		.uuid = x->uuid,
		.code = x->code,
		.cls = (uint8_t)class_of(x),
		.remedy = info ? info->todo : (struct str){0},
		.resolved = NO_TIME,
	};
}

struct xids
xids_by_weight(const struct facts *fs)
{
	const struct event_list *l = &fs->ev->list[EVENT_XID];
	size_t names = (size_t)events_last_node(fs->ev) + 1;
	uint32_t *rank = rank_nodes(fs, l, names), *from = mem_new(fs->d->mem, uint32_t, 2 * names + 1);
	struct xids xs = {.all = l->p, .nall = l->n, .at = l->n ? mem_grow(NULL, 0, l->n * sizeof(*xs.at)) : NULL};

	for (size_t i = 0; i < l->n; i++)
		from[place_of(&xs.all[i], rank) + 1] += is_fault(&xs.all[i]);
	for (size_t i = 0; i < 2 * names; i++)
		from[i + 1] += from[i];
	xs.n = from[2 * names];
	for (size_t i = 0; i < l->n; i++)
		if (is_fault(&xs.all[i]))
			xs.at[from[place_of(&xs.all[i], rank)]++] = (uint32_t)i;
	if (l->n)
		make_fact(&xs);
	return xs;
}

void
xids_next(struct xids *xs)
{
	xs->next++;
	make_fact(xs);
}

void
xids_free(struct xids *xs)
{
	mem_give(xs->at, xs->nall * sizeof(*xs->at));
}

/* The kernel's line; if the record has none, its code. */
static uint32_t
text_of(const struct facts *fs, const struct xid *x)
{
	struct buf *b = fs->d->spare;

	if (x->text)
		return x->text;
	b->n = 0;
	buf_add(b, x->nvswitch ? S("SXid ") : S("Xid "));
	buf_u64(b, x->code);
	return idx_add(fs->names, buf_str(b));
}

void
xids_show(struct facts *fs, const struct xids *xs, struct fact *f)
{
	const struct event *e = &xs->x->e;

	if (f->nev < FACT_EVIDENCE_MAX)
		fact_show(fs, f, (struct fact_evidence){
			.t = e->t, .kind = idx_add(fs->names, S("kernel_event")), .uid = e->uid, .text = text_of(fs, xs->x), .node = e->node});
}
