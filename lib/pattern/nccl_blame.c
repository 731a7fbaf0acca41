#include "pattern/nccl.h"

/* What operations demand of their callers, by name without the backend. */
enum demand { SAME = 1, ROOTED = 2, IN_PLACE = 4 };

static const struct {
	struct str op;
	unsigned demand;
} ops[] = {
	{STR_INIT("all_reduce"), SAME | IN_PLACE},
	{STR_INIT("allreduce"), SAME | IN_PLACE},
	{STR_INIT("allreduce_coalesced"), SAME | IN_PLACE},
	{STR_INIT("all_reduce_barrier"), SAME},
	{STR_INIT("barrier"), SAME},
	{STR_INIT("broadcast"), SAME | ROOTED},
	{STR_INIT("_broadcast_oop"), SAME | ROOTED},
	{STR_INIT("reduce"), SAME | ROOTED},
	{STR_INIT("_reduce_oop"), SAME | ROOTED},
	{STR_INIT("all_gather"), SAME},
	{STR_INIT("allgather"), SAME},
	{STR_INIT("_all_gather_base"), SAME},
	{STR_INIT("all_gather_into_tensor"), SAME},
	{STR_INIT("all_gather_into_tensor_coalesced"), SAME},
	{STR_INIT("allgather_into_tensor_coalesced"), SAME},
	{STR_INIT("reduce_scatter"), SAME},
	{STR_INIT("_reduce_scatter_base"), SAME},
	{STR_INIT("reduce_scatter_tensor"), SAME},
	{STR_INIT("reduce_scatter_tensor_coalesced"), SAME},
	{STR_INIT("gather"), ROOTED},
	{STR_INIT("scatter"), ROOTED},
};

static unsigned
demand_of(const struct all *a, const struct collective *c)
{
	struct str op = nccl_op(name(a, c->op));

	for (size_t i = 0; i < NELEM(ops); i++)
		if (str_ieq(ops[i].op, op))
			return ops[i].demand;
	return 0;
}

/* ---- what is blamed ---- */

/* Is this member, with nothing pending, past a collective? */
static bool
is_past(const struct grp *g, const struct cell *c, int64_t seq)
{
	if (c->done >= seq)
		return true;
	/* counts that mix in point-to-point say little; its records say more */
	if (g->mixed && c->last >= 0)
		return false;
	return c->completed >= seq;
}

static void
blame(const struct all *a, struct grp *g)
{
	g->blamed = g->silent = 0;
	for (size_t k = g->from; k < g->to; k++) {
		struct cell *c = &a->cell[k];

		c->is = !c->spoke	       ? SILENT :
			c->pending < 0	       ? (is_past(g, c, g->front) ? FINE : NEVER_JOINED) :
			c->pending < g->front ? STUCK :
						  WAITS;
		g->blamed += c->is == NEVER_JOINED || c->is == STUCK;
		g->silent += c->is == SILENT;
	}
}

/*
 * Nobody else is a culprit: members at the front that at least as many
 * have completed are stuck as well.  (Where one rank sends to all or all to one,
 * completing it proves nothing about the others.)  Returns how many.
 */
static size_t
blame_stragglers(const struct all *a, struct grp *g)
{
	size_t past = 0, at = 0;
	bool rooted = false;

	for (size_t k = g->from; k < g->to; k++) {
		const struct cell *c = &a->cell[k];

		at += c->is == WAITS;
		past += c->is == FINE && (c->done >= g->front || (!g->mixed && c->completed >= g->front));
		rooted |= c->is == WAITS && c->pend && demand_of(a, c->pend) & ROOTED;
	}
	if (rooted || past < at || g->blamed)
		return 0;
	for (size_t k = g->from; k < g->to; k++)
		if (a->cell[k].is == WAITS)
			a->cell[k].is = STUCK;
	g->blamed = at;
	return at;
}

/* ---- incidents ---- */

static size_t
top(const struct all *a, size_t i)
{
	while (a->grp[i].up != i)
		i = a->grp[i].up = a->grp[a->grp[i].up].up;
	return i;
}

static int
by_rank_cmp(const void *x, const void *y, const void *ctx)
{
	const struct all *a = ctx;
	const struct cell *p = &a->cell[*(const uint32_t *)x], *q = &a->cell[*(const uint32_t *)y];

	return p->rank != q->rank ? SORT_ORDER(p->rank, q->rank) : SORT_ORDER(p->grp, q->grp);
}

static void
unite(const struct all *a, size_t x, size_t y)
{
	x = top(a, x);
	y = top(a, y);
	a->grp[x > y ? x : y].up = x < y ? x : y;
}

static struct who *
who_at(const struct all *a, uint32_t rank)
{
	size_t lo = 0, hi = a->nwho;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (a->who[mid].rank < rank)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < a->nwho && a->who[lo].rank == rank ? &a->who[lo] : NULL;
}

static bool
has_open(const struct open *o, size_t n, struct open key)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (nccl_open_cmp(&o[mid], &key, NULL) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n && nccl_open_cmp(&o[lo], &key, NULL) == 0;
}

/* Who still sends to or receives from a rank shares its incident: one
 * pipeline stage waits for the other. */
static void
link_peers(struct all *a)
{
	struct open *o = a->open;
	size_t n = a->nopen;

	for (size_t i = 0; i < n; i++) {
		struct who *w = who_at(a, o[i].rank), *x = who_at(a, o[i].peer);

		if (!w)
			continue;
		o[i].both = has_open(o, n, (struct open){o[i].peer, o[i].rank, o[i].grp, false});
		if (w->open_to == 0)
			w->open = i;
		w->open_to = i + 1;
		if (x)
			unite(a, a->cell[a->by_rank[w->from]].grp, a->cell[a->by_rank[x->from]].grp);
	}
}

/* The ranks of groups that hang, and which groups share some. */
static void
gather_whos(struct all *a)
{
	size_t n = 0;

	for (size_t i = 0; i < a->ngrp; i++)
		n += a->grp[i].hung ? a->grp[i].to - a->grp[i].from : 0;
	a->by_rank = mem_new(a->d->mem, uint32_t, n);
	a->who = mem_new(a->d->mem, struct who, n);
	for (size_t i = 0; i < a->ncell; i++)
		if (a->grp[a->cell[i].grp].hung)
			a->by_rank[a->nby_rank++] = (uint32_t)i;
	sort(a->by_rank, n, sizeof(*a->by_rank), by_rank_cmp, a, &a->ev->scratch);
	for (size_t i = 0; i < n; i++) {
		struct cell *c = &a->cell[a->by_rank[i]];
		struct who *w = a->nwho ? &a->who[a->nwho - 1] : NULL;
		const struct pair *p;

		if (w && w->rank == c->rank) {
			unite(a, c->grp, a->cell[a->by_rank[w->from]].grp);
		} else {
			p = nccl_said(a, c->rank);
			w = &a->who[a->nwho++];
			*w = (struct who){.rank = c->rank, .node = p ? p->node : 0, .from = i, .spoke = p};
			if (!w->node && p)
				w->node = events_node(a->ev, a->d->node);
		}
		w->to = i + 1;
		w->hung |= c->hung;
		c->who = (uint32_t)(w - a->who);
	}
	link_peers(a);
}

/* What the groups say of their members together. */
static void
sum_up(struct all *a, const struct incident *in)
{
	EACH_CELL(a, in, c) {
		struct who *w = &a->who[c->who];

		w->is = FINE;
		w->behind = w->blocked = w->culprit = false;
	}
	EACH_CELL(a, in, c) {
		struct who *w = &a->who[c->who];
		const struct grp *g = &a->grp[c->grp];

		if (c->is > w->is)
			w->is = c->is;
		w->behind |= c->is == WAITS && g->blamed;
		w->blocked |= c->is == WAITS && !g->blamed;
	}
	EACH_CELL(a, in, c) {
		struct who *w = &a->who[c->who];

		if (&a->cell[a->by_rank[w->from]] != c)
			continue; /* each rank once */
		w->held = false;
		for (size_t i = w->open; i < w->open_to; i++) {
			const struct who *x = who_at(a, a->open[i].peer);

			w->held |= !a->open[i].both || (x && x->is == STUCK);
		}
	}
}

/* Who is blamed and waits for nobody blamed; how many.  Whom a peer holds
 * does not count, unless it must. */
static size_t
find_culprits(struct all *a, const struct incident *in, bool held)
{
	size_t n = 0;

	EACH_CELL(a, in, c) {
		struct who *w = &a->who[c->who];

		if (w->is < NEVER_JOINED)
			continue;
		/* who never came because another group holds it is a victim */
		w->culprit = !w->behind && !(w->is == NEVER_JOINED && (w->blocked || (w->held && !held)));
		n += w->culprit;
	}
	return n;
}

/* Nobody at all qualified: a rank stuck in what it entered before it entered
 * anything that it waits in. */
static size_t
find_first_stuck(struct all *a, const struct incident *in)
{
	size_t n = 0;

	EACH_CELL(a, in, c) {
		struct who *w = &a->who[c->who];
		int64_t stuck = INT64_MAX, waits = INT64_MAX;

		for (size_t i = w->from; i < w->to && c->is == STUCK; i++) {
			const struct cell *k = &a->cell[a->by_rank[i]];
			int64_t *t = k->is == STUCK ? &stuck : &waits;

			if (k->pend && k->pend->e.t != NO_TIME && k->pend->e.t < *t)
				*t = k->pend->e.t;
		}
		w->culprit |= stuck < waits;
		n += w->culprit;
	}
	return n;
}

/* Out of the graph: what hung on this rank hangs on it no more. */
static void
leave(struct all *a, uint32_t *queue, size_t *n, uint32_t who)
{
	struct who *w = &a->who[who];

	if (w->left)
		return;
	w->left = true;
	queue[(*n)++] = who;
}

/*
 * Who waits for whom, among the blamed: take away, again and again, those
 * that nobody left waits for and those that wait for nobody left, and from
 * the beginning those that something else holds (a peer: unless held).  What stays is on a cycle.
 */
static size_t
find_cycle(struct all *a, const struct incident *in, bool held)
{
	uint32_t *queue = mem_new(a->d->mem, uint32_t, a->nwho);
	size_t n = 0, found = 0;

	for (size_t i = 0; i < in->n; i++)
		a->grp[in->grp[i]].waiters = a->grp[in->grp[i]].waited = 0;
	EACH_CELL(a, in, c) {
		struct who *w = &a->who[c->who];

		w->waits = w->waited = 0;
		w->left = w->is < NEVER_JOINED;
		a->grp[c->grp].waiters += c->is == WAITS && !w->left;
		a->grp[c->grp].waited += c->is >= NEVER_JOINED;
	}
	EACH_CELL(a, in, c) {
		struct who *w = &a->who[c->who];

		w->waited += c->is >= NEVER_JOINED && a->grp[c->grp].waiters;
		w->waits += c->is == WAITS && a->grp[c->grp].waited;
	}
	EACH_CELL(a, in, c) {
		const struct who *w = &a->who[c->who];

		if (!w->waited || !w->waits || w->blocked || (w->held && !held))
			leave(a, queue, &n, c->who);
	}
	while (n) {
		const struct who *w = &a->who[queue[--n]];

		for (size_t i = w->from; i < w->to; i++) {
			const struct cell *c = &a->cell[a->by_rank[i]];
			struct grp *g = &a->grp[c->grp];
			bool waits = c->is == WAITS;

			if (c->is < NEVER_JOINED && !waits)
				continue;
			if (waits ? --g->waiters : --g->waited)
				continue;
			for (size_t k = g->from; k < g->to; k++) {
				const struct cell *x = &a->cell[k];
				struct who *y = &a->who[x->who];

				if (waits ? x->is < NEVER_JOINED : x->is != WAITS)
					continue;
				if ((waits ? --y->waited : --y->waits) == 0)
					leave(a, queue, &n, x->who);
			}
		}
	}
	EACH_CELL(a, in, c) {
		struct who *w = &a->who[c->who];

		w->culprit |= !w->left;
		found += !w->left;
	}
	return found;
}

/* Is p the better group to speak of? By the first creation of what is
 * pending, size, name and members. */
static bool
before(const struct all *a, const struct grp *p, const struct grp *q)
{
	int d = SORT_ORDER(p->first, q->first);

	d = d ? d : SORT_ORDER(p->to - p->from, q->to - q->from);
	d = d ? d : idx_cmp(&a->ev->names, p->name, q->name);
	return (d ? d : idx_cmp(&a->ev->names, p->ranks, q->ranks)) < 0;
}

/* ---- mismatch ---- */

/* A member's call, and which of the calls it is. */
struct call {
	uint32_t cell, text;
};

static int
call_cmp(const void *x, const void *y, const void *ctx)
{
	const struct call *p = x, *q = y;

	(void)ctx;
	return p->text != q->text ? SORT_ORDER(p->text, q->text) : SORT_ORDER(p->cell, q->cell);
}

static int
text_cmp(const void *x, const void *y, const void *ctx)
{
	return idx_cmp(ctx, *(const uint32_t *)x, *(const uint32_t *)y);
}

int
nccl_u32_cmp(const void *x, const void *y, const void *ctx)
{
	const uint32_t *p = x, *q = y;

	(void)ctx;
	return SORT_ORDER(*p, *q);
}

/* Which parts of a shape all of the records state, bit by bit. */
static unsigned
parts_of(struct str shape)
{
	unsigned parts = 0;
	struct str s;

	for (unsigned i = 0; i < PARTS && str_cut(&shape, '|', &s); i++)
		parts |= (unsigned)(s.n != 0) << i;
	return parts;
}

/* The same coalesced call is several records of one collective. */
static size_t
records_of(const struct all *a, const struct held *it)
{
	const struct cell *c = &a->cell[it->cell];
	size_t n = 1;

	while (it->c + n < c->pend + c->npend && it->c[n].seq == it->c->seq)
		n++;
	return n;
}

/* A record as far as it must be the same for all. */
static uint32_t
record_text(const struct all *a, const struct collective *c, unsigned parts)
{
	struct str shape = name(a, c->shape), op = nccl_op(name(a, c->op)), s;
	struct buf *b = a->d->scratch;

	b->n = 0;
	for (size_t i = 0; i < op.n; i++)
		buf_chr(b, (char)(op.p[i] >= 'A' && op.p[i] <= 'Z' ? op.p[i] | 0x20 : op.p[i]));
	if (demand_of(a, c) & SAME)
		for (unsigned i = 0; parts && i < PARTS && str_cut(&shape, '|', &s); i++) {
			buf_chr(b, '|');
			if (parts >> i & 1)
				buf_add(b, s);
		}
	return idx_add(&a->ev->names, buf_str(b));
}

static uint32_t
call_text(const struct all *a, const struct held *it, unsigned parts)
{
	size_t n = records_of(a, it);
	uint32_t *text;
	struct buf *b = a->d->scratch;

	if (n == 1)
		return record_text(a, it->c, parts);
	text = mem_new(a->d->mem, uint32_t, n);
	for (size_t i = 0; i < n; i++)
		text[i] = record_text(a, it->c + i, parts);
	sort(text, n, sizeof(*text), text_cmp, &a->ev->names, &a->ev->scratch);
	n = sort_unique(text, n, sizeof(*text), nccl_u32_cmp, NULL);
	b->n = 0;
	for (size_t i = 0; i < n; i++) {
		buf_add(b, name(a, text[i]));
		buf_chr(b, '\n');
	}
	return idx_add(&a->ev->names, buf_str(b));
}

/* Does a call contradict itself? */
static bool
is_odd(const struct all *a, const struct collective *c)
{
	struct str shape = name(a, c->shape), part[PARTS] = {{0}};

	for (unsigned i = 0; i < PARTS && str_cut(&shape, '|', &part[i]); i++)
		;
	return demand_of(a, c) & IN_PLACE && part[0].n && part[2].n && !str_eq(part[0], part[2]);
}

/*
 * The members whose call of a collective differs from what most call; all of
 * them when no call has the most.  The cells, by rank, or NULL.
 */
static uint32_t *
mismatch(const struct all *a, const struct grp *g, int64_t seq, size_t *n)
{
	size_t from, to, ncall = 0, most = 0, ties = 0, odd = 0, k;
	uint32_t *out, common = 0;
	unsigned parts = ~0u;
	struct call *call;

	*n = 0;
	nccl_items(a, g, seq, &from, &to);
	call = mem_new(a->d->mem, struct call, to - from);
	for (size_t i = from; i < to; i++)
		for (size_t r = records_of(a, &a->item[i]); r--;) {
			parts &= parts_of(name(a, a->item[i].c[r].shape));
			odd += is_odd(a, a->item[i].c + r);
		}
	for (size_t i = from; i < to; i++)
		call[ncall++] = (struct call){a->item[i].cell, call_text(a, &a->item[i], parts)};
	sort(call, ncall, sizeof(*call), call_cmp, NULL, &a->ev->scratch);
	for (size_t i = 0; i < ncall; i = k) {
		for (k = i; k < ncall && call[k].text == call[i].text; k++)
			;
		ties = k - i > most ? 1 : ties + (k - i == most);
		if (k - i > most) {
			most = k - i;
			common = call[i].text;
		}
	}
	if (ncall == 0 || (most == ncall && !odd))
		return NULL;
	if (ties > 1 || most == ncall)
		common = UINT32_MAX;
	out = mem_new(a->d->mem, uint32_t, ncall);
	for (size_t i = 0; i < ncall; i++)
		if (call[i].text != common)
			out[(*n)++] = call[i].cell;
	sort(out, *n, sizeof(*out), nccl_u32_cmp, NULL, &a->ev->scratch);
	return out;
}

/* ---- judging ---- */

static int
cell_id_cmp(const void *x, const void *y, const void *ctx)
{
	const struct all *a = ctx;
	const struct cell *p = &a->cell[*(const uint32_t *)x], *q = &a->cell[*(const uint32_t *)y];
	const struct grp *gp = &a->grp[p->grp], *gq = &a->grp[q->grp];
	int d = SORT_ORDER(p->rank, q->rank);

	d = d ? d : -SORT_ORDER(p->is, q->is);
	if (d == 0 && gp != gq)
		d = before(a, gp, gq) ? -1 : 1;
	return d;
}

static int
cell_rank_same(const void *x, const void *y, const void *ctx)
{
	const struct all *a = ctx;

	return SORT_ORDER(a->cell[*(const uint32_t *)x].rank, a->cell[*(const uint32_t *)y].rank);
}

/* The culprits' cells, each rank once, where it is blamed the most and first;
 * and the group in which one of them was blamed first. */
static void
name_culprits(const struct all *a, struct finding *f, enum is is)
{
	size_t n = 0;

	EACH_CELL(a, f->in, c)
		n++;
	f->culprit = mem_new(a->d->mem, uint32_t, n);
	EACH_CELL(a, f->in, c) {
		const struct grp *g = &a->grp[c->grp];

		if (!a->who[c->who].culprit || (is == NEVER_JOINED ? c->is < is : c->is != is))
			continue;
		if (is == WAITS && !g->crossed)
			continue;
		f->culprit[f->nculprit++] = (uint32_t)(c - a->cell);
		if (c->is == a->who[c->who].is && (!f->g || before(a, g, f->g)))
			f->g = g;
	}
	sort(f->culprit, f->nculprit, sizeof(*f->culprit), cell_id_cmp, a, &a->ev->scratch);
	f->nculprit = sort_unique(f->culprit, f->nculprit, sizeof(*f->culprit), cell_rank_same, a);
}

/* A rank entered group from before it entered group to. */
struct order {
	size_t from, to;
};

static int
order_cmp(const void *x, const void *y, const void *ctx)
{
	const struct order *p = x, *q = y;

	(void)ctx;
	return p->from != q->from ? SORT_ORDER(p->from, q->from) : SORT_ORDER(p->to, q->to);
}

/* Take away groups that no remaining group is before, again and again. */
static void
peel(const struct all *a, struct order *o, size_t n)
{
	size_t *queue = mem_new(a->d->mem, size_t, 2 * n + 1), nq = 0;

	sort(o, n, sizeof(*o), order_cmp, NULL, &a->ev->scratch);
	for (size_t i = 0; i < n; i++)
		a->grp[o[i].from].waiters = a->grp[o[i].to].waiters = 0;
	for (size_t i = 0; i < n; i++)
		if (!a->grp[o[i].from].left)
			a->grp[o[i].to].waiters++;
	for (size_t i = 0; i < n; i++)
		if (a->grp[o[i].from].waiters == 0 && !a->grp[o[i].from].left) {
			a->grp[o[i].from].left = true;
			queue[nq++] = o[i].from;
		}
	while (nq) {
		size_t g = queue[--nq], lo = 0, hi = n;

		while (lo < hi) {
			size_t mid = lo + (hi - lo) / 2;

			if (o[mid].from < g)
				lo = mid + 1;
			else
				hi = mid;
		}
		for (; lo < n && o[lo].from == g; lo++) {
			struct grp *to = &a->grp[o[lo].to];

			if (--to->waiters == 0 && !to->left) {
				to->left = true;
				queue[nq++] = o[lo].to;
			}
		}
	}
}

static int
created_cmp(const void *x, const void *y, const void *ctx)
{
	const struct all *a = ctx;
	const struct cell *p = &a->cell[*(const uint32_t *)x], *q = &a->cell[*(const uint32_t *)y];

	return SORT_ORDER(p->pend->e.t, q->pend->e.t);
}

/*
 * Everybody entered everything, yet in different orders: a device that runs
 * one collective after the other waits for one that waits for it.
 */
static bool
crossed(struct all *a, struct finding *f)
{
	const struct incident *in = f->in;
	struct order *o;
	uint32_t *cell;
	size_t n = 0, most = 0, ncell;

	EACH_CELL(a, in, c) {
		most += c->is == WAITS;
		a->grp[c->grp].left = false;
	}
	o = mem_new(a->d->mem, struct order, most);
	cell = mem_new(a->d->mem, uint32_t, most);
	EACH_CELL(a, in, c) {
		const struct who *w = &a->who[c->who];

		if (&a->cell[a->by_rank[w->from]] != c)
			continue; /* each rank once */
		ncell = 0;
		for (size_t i = w->from; i < w->to; i++) {
			const struct cell *k = &a->cell[a->by_rank[i]];

			if (k->is == WAITS && k->pend && !a->grp[k->grp].blamed && k->pend->e.t != NO_TIME)
				cell[ncell++] = a->by_rank[i];
		}
		sort(cell, ncell, sizeof(*cell), created_cmp, a, &a->ev->scratch);
		for (size_t i = 1; i < ncell; i++)
			if (a->cell[cell[i - 1]].pend->e.t < a->cell[cell[i]].pend->e.t)
				o[n++] = (struct order){a->cell[cell[i - 1]].grp, a->cell[cell[i]].grp};
	}
	peel(a, o, n);
	for (size_t i = 0; i < n; i++)
		o[i] = (struct order){o[i].to, o[i].from};
	peel(a, o, n);
	for (size_t i = 0; i < in->n; i++)
		a->grp[in->grp[i]].crossed = false;
	for (size_t i = 0; i < n; i++)
		a->grp[o[i].from].crossed |= !a->grp[o[i].from].left;
	EACH_CELL(a, in, c) {
		struct who *w = &a->who[c->who];
		size_t both = 0;

		for (size_t i = w->from; i < w->to && &a->cell[a->by_rank[w->from]] == c; i++)
			both += a->grp[a->cell[a->by_rank[i]].grp].crossed;
		w->culprit |= both > 1;
	}
	for (size_t i = 0; i < in->n; i++) {
		const struct grp *g = &a->grp[in->grp[i]];

		if (g->crossed && (!f->g || before(a, g, f->g)))
			f->g = g;
	}
	return f->g;
}

/* The group at fault when no rank that spoke is: silent members, a mismatch,
 * or the fabric. */
static void
judge_groups(struct all *a, struct finding *f)
{
	const struct incident *in = f->in;
	size_t silent = 0;

	for (size_t i = 0; i < in->n; i++) {
		const struct grp *g = &a->grp[in->grp[i]];

		if (!g->blamed && g->silent) {
			silent++;
			for (size_t k = g->from; k < g->to; k++)
				a->who[a->cell[k].who].culprit |= a->cell[k].is == SILENT;
		}
	}
	if (silent) {
		name_culprits(a, f, SILENT);
		return;
	}
	for (size_t i = 0; i < in->n; i++) {
		const struct grp *g = &a->grp[in->grp[i]];
		size_t n;
		uint32_t *cells = g->blamed ? NULL : mismatch(a, g, g->front, &n);

		if (cells && (!f->g || before(a, g, f->g))) {
			f->g = g;
			f->culprit = cells;
			f->nculprit = n;
		}
	}
	if (f->g) {
		f->word = S("mismatch");
		return;
	}
	if (crossed(a, f)) {
		f->word = S("deadlock");
		name_culprits(a, f, WAITS);
		return;
	}
	for (size_t i = 0; i < in->n; i++) {
		const struct grp *g = &a->grp[in->grp[i]];

		if (!g->blamed && (!f->g || before(a, g, f->g)))
			f->g = g;
	}
	f->word = S("stalled");
}

static struct finding
judge(struct all *a, const struct incident *in)
{
	struct finding f = {.in = in};
	size_t culprits, more = 0;
	bool fine = false, deadlock = false;

	for (size_t i = 0; i < in->n; i++)
		blame(a, &a->grp[in->grp[i]]);
	sum_up(a, in);
	culprits = find_culprits(a, in, false);
	if (culprits == 0)
		culprits = find_first_stuck(a, in);
	for (size_t i = 0; i < in->n && culprits == 0; i++)
		more += blame_stragglers(a, &a->grp[in->grp[i]]);
	if (more) {
		sum_up(a, in);
		culprits = find_culprits(a, in, false);
	}
	for (size_t i = 0; i < in->n; i++)
		fine |= a->grp[in->grp[i]].blamed == 0;
	if (culprits == 0) {
		culprits = find_cycle(a, in, false);
		deadlock = culprits;
	}
	if (culprits == 0 && !fine)
		culprits = find_culprits(a, in, true);
	if (culprits == 0 && !fine) { /* so that everybody waits for somebody */
		culprits = find_cycle(a, in, true);
		deadlock = culprits;
	}
	if (deadlock)
		f.word = S("deadlock");
	if (culprits)
		name_culprits(a, &f, NEVER_JOINED);
	else
		judge_groups(a, &f);
	f.seq = f.g->front;
	for (size_t i = 0; i < f.nculprit && f.word.n == 0; i++) {
		const struct cell *c = &a->cell[f.culprit[i]];

		if (&a->grp[c->grp] == f.g && c->pending >= 0 && c->pending < f.seq)
			f.seq = c->pending;
	}
	return f;
}

/* ---- which findings, in which order ---- */

static int
finding_cmp(const void *x, const void *y, const void *ctx)
{
	const struct finding *p = x, *q = y;
	const struct all *a = ctx;
	int d = SORT_ORDER(p->seq, q->seq);

	d = d ? d : SORT_ORDER(p->g->first, q->g->first);
	d = d ? d : idx_cmp(&a->ev->names, p->g->name, q->g->name);
	return d ? d : idx_cmp(&a->ev->names, p->g->ranks, q->g->ranks);
}

static int
top_cmp(const void *x, const void *y, const void *ctx)
{
	const struct all *a = ctx;
	size_t p = *(const size_t *)x, q = *(const size_t *)y;

	return a->grp[p].up != a->grp[q].up ? SORT_ORDER(a->grp[p].up, a->grp[q].up) : SORT_ORDER(p, q);
}

/* The groups that hang, incident by incident. */
static struct findings
judge_incidents(struct all *a)
{
	size_t *grp = mem_new(a->d->mem, size_t, a->ngrp), n = 0, k;
	struct findings all = {0};

	for (size_t i = 0; i < a->ngrp; i++)
		if (a->grp[i].hung) {
			a->grp[i].up = top(a, i);
			grp[n++] = i;
		}
	sort(grp, n, sizeof(*grp), top_cmp, a, &a->ev->scratch);
	all.f = mem_new(a->d->mem, struct finding, n);
	for (size_t i = 0; i < n; i = k) {
		struct incident *in = mem_new(a->d->mem, struct incident, 1);

		for (k = i; k < n && a->grp[grp[k]].up == a->grp[grp[i]].up; k++)
			;
		*in = (struct incident){.grp = grp + i, .n = k - i};
		EACH_CELL(a, in, c) {
			struct who *w = &a->who[c->who];

			in->hung += w->hung;
			w->hung = false; /* counted */
		}
		if (in->hung >= a->c->min_ranks)
			all.f[all.n++] = judge(a, in);
		else
			a->lone += in->hung;
	}
	return all;
}

/* One collective in its own group's terms. */
static struct finding
judge_one(const struct all *a, const struct grp *g, size_t from, size_t to)
{
	struct finding f = {.g = g, .seq = a->item[from].c->seq, .item = a->item + from, .nitem = to - from};
	enum is least = g->blamed ? NEVER_JOINED : SILENT;
	uint32_t *cells;
	size_t n;

	f.culprit = mem_new(a->d->mem, uint32_t, g->to - g->from);
	for (size_t i = from; i < to && f.seq < g->front; i++)
		f.culprit[f.nculprit++] = a->item[i].cell;
	for (size_t i = g->from; i < g->to && f.seq >= g->front; i++)
		if (a->cell[i].is >= least)
			f.culprit[f.nculprit++] = (uint32_t)i;
	if (f.nculprit)
		return f;
	cells = mismatch(a, g, f.seq, &n);
	f.word = S("stalled");
	if (cells) {
		f.word = S("mismatch");
		f.culprit = cells;
		f.nculprit = n;
	}
	return f;
}

static struct findings
judge_each(struct all *a)
{
	struct findings all = {.f = mem_new(a->d->mem, struct finding, a->nitem)};
	size_t to;

	for (size_t i = 0; i < a->ngrp; i++) {
		struct grp *g = &a->grp[i];

		if (!g->hung)
			continue;
		blame(a, g);
		if (!g->blamed && !g->silent)
			blame_stragglers(a, g);
		for (size_t from = g->item; from < g->item + g->nitem; from = to) {
			size_t hung = 0;

			for (to = from; to < g->item + g->nitem && a->item[to].c->seq == a->item[from].c->seq; to++)
				hung += a->item[to].hung;
			if (hung >= a->c->min_ranks)
				all.f[all.n++] = judge_one(a, g, from, to);
			else if (a->item[from].c->seq == g->front)
				a->lone += hung;
		}
	}
	return all;
}

struct findings
nccl_judge(struct all *a)
{
	struct findings found;

	gather_whos(a);
	found = a->c->all ? judge_each(a) : judge_incidents(a);
	sort(found.f, found.n, sizeof(*found.f), finding_cmp, a, &a->ev->scratch);
	return found;
}
