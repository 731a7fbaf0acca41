#include "input/text/kernel.h"
#include "pattern/xid_correlation/xid.h"

/*
 * Bursts are found by a sweep from a node's first Xid on.  If Xids continue
 * without a pause for CHAIN, a burst also begins at each multiple of it: then
 * dropping records with --follow (XID_CHAIN) makes no difference.
 */
static const int64_t CHAIN = XID_CHAIN / 2;

#define NONE UINT32_MAX

/* The most severe Xids so far of a burst, of a GPU in it. */
struct gravest {
	uint32_t x[XID_VIEWS]; /* NONE: unset */
};

/* A node's burst, and a GPU's part of it. */
struct burst {
	int64_t chain, first, last; /* NO_TIME: unset */
	uint32_t from;              /* its first Xid */
	struct gravest all, asked;  /* asked: of GPUs with an Xid 154 that requests an action */
	uint32_t root[XID_VIEWS];
	uint8_t grade[XID_VIEWS];
};

struct gpu_burst {
	uint32_t from; /* the burst, identified by its first Xid */
	bool asked;
	struct gravest best;
};

/* ---- severity ---- */

/* 0 is the most severe.  Xids that name another one as their cause are last;
 * the others are by class. */
static uint8_t
grade_of(const struct xid_join *j, const struct xid *x, const struct xid_series *s)
{
	unsigned grade = s->rank * 4u;

	if (j->c->latest)
		return 0;
	if (s->rank == XID_HARDWARE)
		grade += x->nvswitch ? 2 : catalog_grade(x->code);
	return (uint8_t)(kernel_previous(name(j, x->text)) ? grade + 64 : grade);
}

/* Is x, not y, the root? */
static bool
beats(const struct xid_join *j, uint32_t x, uint32_t y)
{
	const struct xid *a = &j->x[x], *b;
	int d;

	if (y == NONE)
		return true;
	b = &j->x[y];
	d = SORT_ORDER(j->grade[x], j->grade[y]);
	d = d ? d : SORT_ORDER(a->e.t, b->e.t);
	d = d ? d : xid_gpu_order(a->gpu, b->gpu);
	d = d ? d : SORT_ORDER(a->code, b->code);
	return (d ? d : xid_cmp(a, b, j->ev)) < 0;
}

static void
put(const struct xid_join *j, struct gravest *g, uint32_t x)
{
	for (unsigned v = 0; v < XID_VIEWS; v++)
		if (x != NONE && (v == XID_ANY || xid_series_at(j, x)->rank <= XID_UNKNOWN) && beats(j, x, g->x[v]))
			g->x[v] = x;
}

static bool
asks(const struct xid_join *j, const struct xid *x)
{
	return x->code == 154 && !x->nvswitch && !j->c->latest && kernel_action(name(j, x->text)).n;
}

/* ---- the sweep ---- */

static const struct gravest no_one = {{NONE, NONE}};

static bool
begins(const struct xid_join *j, const struct burst *b, int64_t t)
{
	int64_t cell = piece_begin(CHAIN, t);

	return b->first == NO_TIME || time_diff(t, b->first) > (j->c->latest ? 0 : XID_BURST) ||
	       (cell > b->last && time_diff(cell, b->chain) >= CHAIN);
}

static void
add(const struct xid_join *j, struct burst *b, struct gpu_burst *p, uint32_t i)
{
	const struct xid *x = &j->x[i];
	int64_t t = x->e.t;

	if (b->first == NO_TIME || time_diff(t, b->last) > XID_BURST)
		b->chain = t;
	if (begins(j, b, t)) {
		b->first = t;
		b->from = i;
		b->all = b->asked = no_one;
		for (unsigned v = 0; v < XID_VIEWS; v++)
			b->root[v] = NONE;
	}
	b->last = t;
	if (p->from != b->from)
		*p = (struct gpu_burst){.from = b->from, .best = no_one};
	put(j, &b->all, i);
	if (asks(j, x))
		p->asked = true;
	else
		put(j, &p->best, i);
	for (unsigned v = 0; v < XID_VIEWS && p->asked; v++)
		put(j, &b->asked, p->best.x[v]);
}

/* Record the burst's root if it changed. */
static void
note(struct xid_join *j, struct burst *b, unsigned v, uint32_t i, size_t *cap)
{
	struct roots *r = &j->roots[v];
	bool asked = b->asked.x[v] != NONE;
	uint32_t x = asked ? b->asked.x[v] : b->all.x[v];
	uint8_t grade;

	if (x == NONE)
		return;
	grade = (uint8_t)(asked || j->c->latest ? j->grade[x] : j->grade[x] + 128);
	if (x == b->root[v] && grade == b->grade[v])
		return;
	b->root[v] = x;
	b->grade[v] = grade;
	r->r = mem_extend(j->d->mem, r->r, r->n, cap, sizeof(*r->r));
	r->r[r->n++] = (struct root){.node = j->x[i].e.node, .from = b->from, .at = i, .x = x, .grade = grade};
}

static int
root_cmp(const void *x, const void *y, const void *ctx)
{
	const struct root *a = x, *b = y;
	int d = SORT_ORDER(a->node, b->node);

	(void)ctx;
	return d ? d : SORT_ORDER(a->at, b->at);
}

static int
final_cmp(const void *x, const void *y, const void *ctx)
{
	const struct root *a = x, *b = y;
	int d = SORT_ORDER(a->node, b->node);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->grade, b->grade);
	return d ? d : SORT_ORDER(a->at, b->at);
}

/* Is it the last root of its burst? */
static bool
is_last(const struct roots *r, size_t i)
{
	return i + 1 == r->n || r->r[i + 1].node != r->r[i].node || r->r[i + 1].from != r->r[i].from;
}

static void
order(const struct xid_join *j, struct roots *r)
{
	size_t n = 0;

	sort(r->r, r->n, sizeof(*r->r), root_cmp, NULL, j->d->spare);
	for (size_t i = 0; i < r->n; i++)
		n += is_last(r, i);
	r->final = mem_new(j->d->mem, struct root, n);
	for (size_t i = 0; i < r->n; i++)
		if (is_last(r, i))
			r->final[r->nfinal++] = r->r[i];
	sort(r->final, r->nfinal, sizeof(*r->final), final_cmp, NULL, j->d->spare);
}

void
xid_bursts(struct xid_join *j)
{
	size_t nxid = j->ev->list[EVENT_XID].n, nodes = (size_t)events_last_node(j->ev) + 1, cap[XID_VIEWS] = {0};
	struct burst *bursts = mem_new(j->d->mem, struct burst, nodes);
	struct gpu_burst *parts = mem_new(j->d->mem, struct gpu_burst, j->ngpu);

	j->grade = mem_new(j->d->mem, uint8_t, nxid);
	for (size_t i = 0; i < nodes; i++)
		bursts[i].first = NO_TIME;
	for (size_t i = 0; i < j->ngpu; i++)
		parts[i].from = NONE;
	for (uint32_t i = 0; i < nxid; i++) {
		const struct xid_series *s = j->series_of[i] == NONE ? NULL : xid_series_at(j, i);
		struct burst *b = &bursts[j->x[i].e.node];

		if (!s || !s->can_cause)
			continue;
		j->grade[i] = grade_of(j, &j->x[i], s);
		add(j, b, &parts[s->gpu], i);
		for (unsigned v = 0; v < XID_VIEWS; v++)
			note(j, b, v, i, &cap[v]);
	}
	for (unsigned v = 0; v < XID_VIEWS; v++)
		order(j, &j->roots[v]);
}

/* ---- attribution ---- */

/* The most severe root of the bursts before Xid `before`, whose own Xid is lo
 * or later; of equal ones the latest; or NULL. */
static const struct root *
gravest_before(const struct roots *r, uint32_t node, uint32_t before, uint32_t lo)
{
	const struct root *f = r->final;
	size_t at = 0, end;

	SORT_BISECT(at, r->nfinal, i, f[i].node < node);
	for (; at < r->nfinal && f[at].node == node; at = end) {
		uint8_t grade = f[at].grade;
		size_t last = at;

		end = at;
		SORT_BISECT(end, r->nfinal, i, f[i].node == node && f[i].grade == grade);
		SORT_BISECT(last, end, i, f[i].at < before);
		if (last > at && f[last - 1].x >= lo)
			return &f[last - 1];
	}
	return NULL;
}

/* Had the GPU reported by then that power smoothing is available again (162)
 * after it was lost (163)? */
static bool
is_cancelled(const struct xid_join *j, uint32_t x, const struct xid_span *w)
{
	const struct xid_series *lost = xid_series_at(j, x), *back = lost;

	if (j->x[x].code != 163 || j->x[x].nvswitch)
		return false;
	while (back > j->series && back[-1].gpu == lost->gpu)
		back--;
	for (; back < j->series + j->nseries && back->gpu == lost->gpu; back++)
		if (back->x->code == 162 && xid_bisect(j, back, x) < xid_bisect(j, back, w->hi))
			return true;
	return false;
}

bool
xid_drained(const struct xid_join *j, const struct lost *l, const struct candidate *h, size_t n, uint32_t *x)
{
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		uint32_t at = j->cause[h[i].at];
		const struct xid *e = &j->x[at];
		int64_t back;

		if (h[i].s->rank != XID_HARDWARE || !h[i].s->can_cause)
			continue;
		back = recovery_after(&j->rec, &(struct trouble){e->e.t, e->e.node, e->gpu, e->uuid, e->boot});
		if (back != NO_TIME && back <= l->t)
			continue;
		if (any && (j->grade[at] > j->grade[*x] || (j->grade[at] == j->grade[*x] && e->e.t <= j->x[*x].e.t)))
			continue;
		*x = at;
		any = true;
	}
	return any;
}

bool
xid_blame(const struct xid_join *j, const struct lost *l, struct xid_span w, uint32_t *x)
{
	const struct roots *r = &j->roots[!j->c->latest && xid_by_node(j, l) ? XID_GRAVE : XID_ANY];
	const struct root *latest, *other;
	size_t n = 0;

	/* the last burst may be cut by the loss */
	SORT_BISECT(n, r->n, i, r->r[i].node < l->node || (r->r[i].node == l->node && r->r[i].at < w.hi));
	if (n == 0 || r->r[n - 1].node != l->node)
		return false;
	latest = &r->r[n - 1];
	other = gravest_before(r, l->node, latest->from, w.lo);
	if (latest->x >= w.lo && (!other || latest->grade <= other->grade))
		other = latest;
	if (!other || is_cancelled(j, other->x, &w))
		return false;
	*x = other->x;
	xid_use(j, l->node, w);
	return true;
}
