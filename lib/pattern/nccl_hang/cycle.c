#include "pattern/nccl_hang/nccl.h"

/* ---- ranks that wait for each other ---- */

/* Remove a rank from the graph, and the waits for it. */
static void
leave(struct job *a, uint32_t *queue, size_t *n, uint32_t who)
{
	struct rank_state *w = &a->state[who];

	if (w->left)
		return;
	w->left = true;
	queue[(*n)++] = who;
}

size_t
nccl_cycle(struct job *a, const struct hung_groups *in, bool held)
{
	uint32_t *queue = mem_new(a->d->mem, uint32_t, a->nstate);
	size_t n = 0, found = 0;

	for (size_t i = 0; i < in->n; i++)
		a->grp[in->grp[i]].waiters = a->grp[in->grp[i]].waited = 0;
	EACH_MEMBER(a, in, c) {
		struct rank_state *w = &a->state[c->state];

		w->waits = w->waited = 0;
		w->left = w->is < NEVER_JOINED;
		a->grp[c->grp].waiters += c->is == WAITING && !w->left;
		a->grp[c->grp].waited += c->is >= NEVER_JOINED;
	}
	EACH_MEMBER(a, in, c) {
		struct rank_state *w = &a->state[c->state];

		w->waited += c->is >= NEVER_JOINED && a->grp[c->grp].waiters;
		w->waits += c->is == WAITING && a->grp[c->grp].waited;
	}
	EACH_MEMBER(a, in, c) {
		const struct rank_state *w = &a->state[c->state];

		if (!w->waited || !w->waits || w->blocked || (w->held && !held))
			leave(a, queue, &n, c->state);
	}
	while (n) {
		const struct rank_state *w = &a->state[queue[--n]];

		for (size_t i = w->from; i < w->to; i++) {
			const struct member *c = &a->member[a->by_rank[i]];
			struct grp *g = &a->grp[c->grp];
			bool waits = c->is == WAITING;

			if (c->is < NEVER_JOINED && !waits)
				continue;
			if (waits ? --g->waiters : --g->waited)
				continue;
			for (size_t k = g->from; k < g->to; k++) {
				const struct member *x = &a->member[k];
				struct rank_state *y = &a->state[x->state];

				if (waits ? x->is < NEVER_JOINED : x->is != WAITING)
					continue;
				if ((waits ? --y->waited : --y->waits) == 0)
					leave(a, queue, &n, x->state);
			}
		}
	}
	EACH_MEMBER(a, in, c) {
		struct rank_state *w = &a->state[c->state];

		w->culprit |= !w->left;
		found += !w->left;
	}
	return found;
}

/* ---- groups entered in different orders ---- */

/* A rank entered group from before it entered group to. */
struct entered_before {
	size_t from, to;
};

static int
order_cmp(const void *x, const void *y, const void *ctx)
{
	const struct entered_before *p = x, *q = y;

	(void)ctx;
	return p->from != q->from ? SORT_ORDER(p->from, q->from) : SORT_ORDER(p->to, q->to);
}

/* Repeatedly remove groups that no remaining group precedes. */
static void
peel(const struct job *a, struct entered_before *o, size_t n)
{
	size_t *queue = mem_new(a->d->mem, size_t, 2 * n + 1), nq = 0;

	sort(o, n, sizeof(*o), order_cmp, NULL, a->d->spare);
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
		size_t g = queue[--nq], lo = 0;

		SORT_BISECT(lo, n, i, o[i].from < g);
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
	const struct job *a = ctx;
	const struct member *p = &a->member[*(const uint32_t *)x], *q = &a->member[*(const uint32_t *)y];

	return SORT_ORDER(p->pend->e.t, q->pend->e.t);
}

bool
nccl_crossed(struct job *a, struct hang *f)
{
	const struct hung_groups *in = f->in;
	struct entered_before *o;
	uint32_t *member;
	size_t n = 0, most = 0, nmember;

	EACH_MEMBER(a, in, c) {
		most += c->is == WAITING;
		a->grp[c->grp].left = false;
	}
	o = mem_new(a->d->mem, struct entered_before, most);
	member = mem_new(a->d->mem, uint32_t, most);
	EACH_MEMBER(a, in, c) {
		const struct rank_state *w = &a->state[c->state];

		if (&a->member[a->by_rank[w->from]] != c)
			continue; /* each rank once */
		nmember = 0;
		for (size_t i = w->from; i < w->to; i++) {
			const struct member *k = &a->member[a->by_rank[i]];

			if (k->is == WAITING && k->pend && k->pend->source == FROM_RECORDER && !a->grp[k->grp].blamed && k->pend->e.t != NO_TIME)
				member[nmember++] = a->by_rank[i];
		}
		sort(member, nmember, sizeof(*member), created_cmp, a, a->d->spare);
		for (size_t i = 1; i < nmember; i++)
			if (a->member[member[i - 1]].pend->e.t < a->member[member[i]].pend->e.t)
				o[n++] = (struct entered_before){a->member[member[i - 1]].grp, a->member[member[i]].grp};
	}
	peel(a, o, n);
	for (size_t i = 0; i < n; i++)
		o[i] = (struct entered_before){o[i].to, o[i].from};
	peel(a, o, n);
	for (size_t i = 0; i < in->n; i++)
		a->grp[in->grp[i]].crossed = false;
	for (size_t i = 0; i < n; i++)
		a->grp[o[i].from].crossed |= !a->grp[o[i].from].left;
	EACH_MEMBER(a, in, c) {
		struct rank_state *w = &a->state[c->state];
		size_t both = 0;

		for (size_t i = w->from; i < w->to && &a->member[a->by_rank[w->from]] == c; i++)
			both += a->grp[a->member[a->by_rank[i]].grp].crossed;
		w->culprit |= both > 1;
	}
	for (size_t i = 0; i < in->n; i++) {
		const struct grp *g = &a->grp[in->grp[i]];

		if (g->crossed && (!f->g || nccl_before(a, g, f->g)))
			f->g = g;
	}
	return f->g;
}
