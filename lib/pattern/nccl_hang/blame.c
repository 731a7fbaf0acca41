#include "base/num.h"
#include "pattern/nccl_hang/nccl.h"

/* Is this member, with nothing pending, past a collective? */
static bool
is_past(const struct grp *g, const struct member *c, int64_t seq)
{
	if (c->done >= seq)
		return true;
	/* records are more reliable than counts that include point-to-point */
	if (g->mixed && c->last >= 0)
		return false;
	return c->completed >= seq;
}

/* Do a member's records leave open whether it reached a collective after the first?
 * Dumps of FlightRecorderHook may contain only unfinished collectives. */
static bool
is_untold(const struct member *c, int64_t seq)
{
	return seq > 1 && c->last < 0 && c->done < 0 && c->enqueued < 0 && c->completed < 0;
}

/*
 * Have all ranks joined the collective in which this member, behind the front, waits?
 * Proven if a rank completed a later one, unless all between have a root: in those,
 * some ranks complete before others join.
 */
static bool
is_proven(const struct job *a, const struct grp *g, const struct member *c)
{
	if (g->retires)
		return false;
	if (c->pend && c->pend->source != FROM_RECORDER)
		return !a->again && c->pend->op && c->enqueued >= g->front && g->done >= c->pending && !(nccl_demand(a, c->pend) & ROOTED);
	if (!c->pend || c->pending < c->pend->seq)
		return true; /* a full ring has lost its entry */
	for (const struct collective *p = c->pend; p < c->pend + c->npend && p->seq < g->front; p++)
		if (!(nccl_demand(a, p) & ROOTED))
			return true;
	return false;
}

/*
 * Does a member with an entry wait inside that call?  Its enqueued count grows only
 * when the call has returned.
 */
static bool
is_in_call(const struct grp *g, const struct member *c)
{
	return !g->mixed && c->pend && c->pending == c->pend->seq && c->enqueued >= 0 && c->enqueued < c->pending &&
	       !c->pend->running;
}

/* Has a member completed its call of a collective? */
static bool
is_entered(const struct grp *g, const struct member *c, int64_t seq)
{
	if (c->pend && c->pend->running && c->pend->seq == seq)
		return true;
	return c->pending >= 0 && !g->mixed && c->enqueued >= seq;
}

static void
blame(const struct job *a, struct grp *g)
{
	int64_t front = g->front;
	bool entered = false;

	g->highest = front;
	for (size_t k = g->from; k < g->to; k++) {
		const struct member *c = &a->member[k];

		if (c->pending >= 0 && c->pending < front && !is_proven(a, g, c))
			front = c->pending;
	}
	for (size_t k = g->from; k < g->to; k++)
		entered |= is_entered(g, &a->member[k], front);
	for (size_t k = g->from; k < g->to; k++) {
		struct member *c = &a->member[k];

		c->is = !c->spoke	       ? (c->heard ? UNHEARD : SILENT) :
			g->numberless || nccl_is_unnamed(g) ? (c->pending < 0 ? DONE : WAITING) :
			c->pending < 0	       ? (is_past(g, c, front) ? DONE : c->cut || (g->retires && is_untold(c, front)) ? UNHEARD : NEVER_JOINED) :
			c->pending < front && is_proven(a, g, c) ? STUCK_ON_DEVICE :
			c->pending == front && entered && is_in_call(g, c) ? NEVER_JOINED :
						  WAITING;
		g->blamed += c->is == NEVER_JOINED || c->is == STUCK_ON_DEVICE;
		g->silent += c->is == SILENT;
	}
	g->front = front;
}

/*
 * If there is no other culprit: members that wait in the front are stuck if at least as
 * many have completed it.  (Not in collectives with a root, where completion proves
 * nothing about other ranks.)  Returns their number.
 */
static size_t
blame_stragglers(const struct job *a, struct grp *g)
{
	size_t past = 0, at = 0;
	bool rooted = false, apart = false;

	for (size_t k = g->from; k < g->to; k++) {
		const struct member *c = &a->member[k];

		at += c->is == WAITING;
		past += c->is == DONE && (c->done >= g->front || (!g->mixed && c->completed >= g->front));
		rooted |= c->is == WAITING && c->pend && nccl_demand(a, c->pend) & ROOTED;
		/* no rank can complete a collective that a member has not called */
		apart |= c->is == WAITING && c->pend && c->pend->source != FROM_RECORDER && (a->again || c->enqueued < g->done);
	}
	if (rooted || apart || past < at || g->blamed)
		return 0;
	at = 0;
	for (size_t k = g->from; k < g->to; k++) {
		struct member *c = &a->member[k];

		/* a member that waits in a later one has left the front */
		if (c->is != WAITING || (c->pending > g->front && !g->numberless && !nccl_is_unnamed(g)))
			continue;
		c->is = STUCK_ON_DEVICE;
		at++;
	}
	g->blamed = at;
	return at;
}

/* ---- incidents ---- */

static int
by_rank_cmp(const void *x, const void *y, const void *ctx)
{
	const struct job *a = ctx;
	const struct member *p = &a->member[*(const uint32_t *)x], *q = &a->member[*(const uint32_t *)y];

	return p->rank != q->rank ? SORT_ORDER(p->rank, q->rank) : SORT_ORDER(p->grp, q->grp);
}

struct rank_state *
nccl_state(const struct job *a, uint32_t rank)
{
	size_t lo = 0;

	SORT_BISECT(lo, a->nstate, i, a->state[i].rank < rank);
	return lo < a->nstate && a->state[lo].rank == rank ? &a->state[lo] : NULL;
}

/* Index of the first open operation of a rank, or of the next rank that has one. */
static size_t
open_of(const struct job *a, uint32_t rank)
{
	size_t lo = 0;

	SORT_BISECT(lo, a->nopen, i, a->open[i].rank < rank);
	return lo;
}

bool
nccl_is_held(const struct job *a, uint32_t rank)
{
	size_t at = open_of(a, rank);

	return at < a->nopen && a->open[at].rank == rank && a->open[at].absent[0] != UINT32_MAX;
}

bool
nccl_hangs_beside(const struct job *a, uint32_t rank, const struct grp *g)
{
	const struct rank_state *w = nccl_state(a, rank);

	for (size_t i = w ? w->from : 0; w && i < w->to; i++) {
		const struct member *c = &a->member[a->by_rank[i]];

		if (c->hung && &a->grp[c->grp] != g)
			return true;
	}
	return false;
}

static void
gather_idle(struct job *a)
{
	a->idle = mem_new(a->d->mem, uint32_t, a->nspeakers);
	for (size_t i = 0; i < a->nspeakers; i++)
		if (!nccl_is_held(a, a->speakers[i].rank) && !nccl_hangs_beside(a, a->speakers[i].rank, NULL))
			a->idle[a->nidle++] = a->speakers[i].rank;
	if (a->nspeakers && a->speakers[a->nspeakers - 1].rank >= SCOPED)
		a->nidle = 0;
}

static bool
has_open(const struct open_p2p *o, size_t n, struct open_p2p key)
{
	size_t lo = 0;

	SORT_BISECT(lo, n, i, nccl_open_cmp(&o[i], &key, NULL) < 0);
	return lo < n && nccl_open_cmp(&o[lo], &key, NULL) == 0;
}

/* Note that the rank of o, its first open operation, waits for an absent one; false if
 * already noted, or if it is the rank itself. */
static bool
waits_for(struct open_p2p *o, uint32_t absent)
{
	size_t k = o->absent[0] != UINT32_MAX;

	if (o->rank == absent || o->absent[0] == absent || o->absent[1] != UINT32_MAX)
		return false;
	o->absent[k] = absent;
	return true;
}

/* Find the absent peers that each rank waits for, directly or through ranks that wait
 * for them. */
static void
spread_absent(struct job *a)
{
	struct open_p2p *o = a->open;
	size_t n = a->nopen, *queue = mem_new(a->d->mem, size_t, 2 * n), nq = 0, at;

	for (size_t i = 0; i < n; i++) {
		at = open_of(a, o[i].rank);
		if (!o[i].both && waits_for(&o[at], o[i].peer))
			queue[nq++] = at;
	}
	while (nq) {
		size_t from = queue[--nq];

		for (size_t i = from; i < n && o[i].rank == o[from].rank; i++) {
			at = open_of(a, o[i].peer);
			for (int k = 0; k < 2 && o[i].both; k++)
				if (o[from].absent[k] != UINT32_MAX && waits_for(&o[at], o[from].absent[k]))
					queue[nq++] = at;
		}
	}
}

/* Ranks with an open send or receive share an incident: one pipeline stage waits for
 * the other. */
static void
link_peers(struct job *a)
{
	struct open_p2p *o = a->open;
	size_t n = a->nopen;

	for (size_t i = 0; i < n; i++)
		o[i].both = has_open(o, n, (struct open_p2p){.rank = o[i].peer, .peer = o[i].rank, .grp = o[i].grp});
	spread_absent(a);
	for (size_t i = 0; i < n; i++) {
		struct rank_state *w = nccl_state(a, o[i].rank), *x = nccl_state(a, o[i].peer);

		if (!w)
			continue;
		if (w->open_to == 0)
			w->open = i;
		w->open_to = i + 1;
		if (x)
			nccl_unite(a, a->member[a->by_rank[w->from]].grp, a->member[a->by_rank[x->from]].grp);
	}
}

/* Gather the ranks of hanging groups, and unite groups that share ranks. */
static void
gather_states(struct job *a)
{
	size_t n = 0;

	for (size_t i = 0; i < a->ngrp; i++)
		n += a->grp[i].hung ? a->grp[i].to - a->grp[i].from : 0;
	a->by_rank = mem_new(a->d->mem, uint32_t, n);
	a->state = mem_new(a->d->mem, struct rank_state, n);
	for (size_t i = 0; i < a->nmember; i++)
		if (a->grp[a->member[i].grp].hung)
			a->by_rank[a->nby_rank++] = (uint32_t)i;
	sort(a->by_rank, n, sizeof(*a->by_rank), by_rank_cmp, a, a->d->spare);
	for (size_t i = 0; i < n; i++) {
		struct member *c = &a->member[a->by_rank[i]];
		struct rank_state *w = a->nstate ? &a->state[a->nstate - 1] : NULL;
		const struct group_speaker *p;

		if (w && w->rank == c->rank) {
			nccl_unite(a, c->grp, a->member[a->by_rank[w->from]].grp);
		} else {
			p = nccl_speaker(a, c->rank);
			w = &a->state[a->nstate++];
			*w = (struct rank_state){.rank = c->rank, .node = p ? p->node : 0, .from = i, .spoke = p, .due = INT64_MAX};
			if (nccl_placed(a->host, a->nhost, c->rank))
				w->node = nccl_placed(a->host, a->nhost, c->rank);
			if (nccl_placed(a->placed, a->nplaced, c->rank))
				w->node = nccl_placed(a->placed, a->nplaced, c->rank);
			if (!w->node)
				w->node = nccl_placed(a->seat, a->nseat, c->rank);
			if (!w->node && p)
				w->node = a->d->settled->nodeless;
		}
		w->to = i + 1;
		w->hung |= c->hung;
		if (c->pend && c->pend->stack && (!w->traced || nccl_begun_before(c->pend, w->traced)))
			w->traced = c->pend;
		if (c->hung)
			w->due = num_min(w->due, nccl_due(a, c->pend));
		c->state = (uint32_t)(w - a->state);
	}
	link_peers(a);
	nccl_join_common(a);
}

/* Combine each rank's state from all of its groups. */
static void
sum_up(struct job *a, const struct hung_groups *in)
{
	EACH_MEMBER(a, in, c) {
		struct rank_state *w = &a->state[c->state];

		w->is = DONE;
		w->behind = w->blocked = w->culprit = false;
	}
	EACH_MEMBER(a, in, c) {
		struct rank_state *w = &a->state[c->state];
		const struct grp *g = &a->grp[c->grp];

		if (c->is > w->is)
			w->is = c->is;
		w->behind |= c->is == WAITING && g->blamed;
		w->blocked |= c->is == WAITING && !g->blamed;
	}
	EACH_MEMBER(a, in, c) {
		struct rank_state *w = &a->state[c->state];

		if (&a->member[a->by_rank[w->from]] != c)
			continue; /* each rank once */
		w->held = nccl_is_held(a, w->rank);
		w->held_from = INT64_MAX;
		for (size_t i = w->open; i < w->open_to; i++) {
			const struct rank_state *x = nccl_state(a, a->open[i].peer);

			w->held |= x && x->is == STUCK_ON_DEVICE;
			w->held_from = num_min(w->held_from, a->open[i].began);
		}
		if (!w->held)
			w->held_from = INT64_MAX;
	}
}

/* Mark the blamed ranks that wait neither for another blamed one nor for a peer; returns
 * their number. */
static size_t
find_culprits(struct job *a, const struct hung_groups *in)
{
	size_t n = 0;

	EACH_MEMBER(a, in, c) {
		struct rank_state *w = &a->state[c->state];
		const struct grp *g = &a->grp[c->grp];

		if (w->is < NEVER_JOINED)
			continue;
		/* a rank that never joined because another group blocks it is a victim; calls
		 * that returned do not show that a peer is stuck */
		w->culprit = !w->behind && !(w->is == NEVER_JOINED && (w->blocked || w->held || (g->retires && w->open < w->open_to)));
		n += w->culprit;
	}
	return n;
}

/* Mark silent ranks that are peers in open sends or receives of ranks that never
 * joined; returns their number. */
static size_t
find_silent_peers(struct job *a, const struct hung_groups *in)
{
	size_t n = 0;

	if (a->thinned)
		return 0;
	EACH_MEMBER(a, in, c) {
		const struct rank_state *w = &a->state[c->state];

		for (size_t i = w->open; w->is == NEVER_JOINED && i < w->open_to; i++) {
			struct rank_state *x = nccl_state(a, a->open[i].peer);

			if (x && x->is == SILENT) {
				x->culprit = true;
				n++;
			}
		}
	}
	return n;
}

/* Last resort: a rank stuck in a collective that it entered before those that it
 * waits in. */
static size_t
find_first_stuck(struct job *a, const struct hung_groups *in)
{
	size_t n = 0;

	EACH_MEMBER(a, in, c) {
		struct rank_state *w = &a->state[c->state];
		int64_t stuck = INT64_MAX, waits = INT64_MAX;

		if (&a->member[a->by_rank[w->from]] != c)
			continue; /* each rank once */
		for (size_t i = w->from; i < w->to; i++) {
			const struct member *k = &a->member[a->by_rank[i]];
			int64_t *t = k->is == STUCK_ON_DEVICE ? &stuck : &waits;

			if (k->pend && k->pend->e.t != NO_TIME && k->pend->e.t < *t)
				*t = k->pend->e.t;
		}
		w->culprit |= stuck < waits;
		n += w->culprit;
	}
	return n;
}

/* ---- judging ---- */

static int
member_id_cmp(const void *x, const void *y, const void *ctx)
{
	const struct job *a = ctx;
	const struct member *p = &a->member[*(const uint32_t *)x], *q = &a->member[*(const uint32_t *)y];
	const struct grp *gp = &a->grp[p->grp], *gq = &a->grp[q->grp];
	int d = SORT_ORDER(p->rank, q->rank);

	d = d ? d : -SORT_ORDER(p->is, q->is);
	if (d == 0 && gp != gq)
		d = nccl_before(a, gp, gq) ? -1 : 1;
	return d;
}

static int
member_rank_same(const void *x, const void *y, const void *ctx)
{
	const struct job *a = ctx;

	return SORT_ORDER(a->member[*(const uint32_t *)x].rank, a->member[*(const uint32_t *)y].rank);
}

/* For each culprit, find the member with its most severe and first blame; and the
 * group in which one of them was blamed first. */
static void
name_culprits(const struct job *a, struct hang *f, enum diagnosis is)
{
	size_t n = 0;

	EACH_MEMBER(a, f->in, c)
		n++;
	f->culprit = mem_new(a->d->mem, uint32_t, n);
	EACH_MEMBER(a, f->in, c) {
		const struct grp *g = &a->grp[c->grp];

		if (!a->state[c->state].culprit || (is == NEVER_JOINED ? c->is < is : c->is != is))
			continue;
		if (is == WAITING && !g->crossed)
			continue;
		f->culprit[f->nculprit++] = (uint32_t)(c - a->member);
		if (c->is == a->state[c->state].is && (!f->g || nccl_before(a, g, f->g)))
			f->g = g;
	}
	sort(f->culprit, f->nculprit, sizeof(*f->culprit), member_id_cmp, a, a->d->spare);
	f->nculprit = sort_unique(f->culprit, f->nculprit, sizeof(*f->culprit), member_rank_same, a);
}

static int
name_cmp(const void *x, const void *y, const void *ctx)
{
	return idx_cmp(ctx, *(const uint32_t *)x, *(const uint32_t *)y);
}

static const struct culprit_tally *
count(const struct job *a, const uint32_t *member, size_t n)
{
	struct culprit_tally *t = mem_new(a->d->mem, struct culprit_tally, 1);

	t->host = mem_new(a->d->mem, uint32_t, n);
	t->pod = mem_new(a->d->mem, uint32_t, n);
	for (size_t i = 0; i < n; i++) {
		const struct member *c = &a->member[member[i]];

		nccl_some_add(&t->all, nccl_shown(a, c->rank));
		nccl_some_add(&t->of[c->is], nccl_shown(a, c->rank));
		if (a->state[c->state].node)
			t->host[t->nhost++] = a->state[c->state].node;
		if (nccl_placed(a->pod, a->npod, c->rank))
			t->pod[t->npod++] = nccl_placed(a->pod, a->npod, c->rank);
	}
	sort(t->pod, t->npod, sizeof(*t->pod), name_cmp, &a->ev->names, a->d->spare);
	t->npod = sort_unique(t->pod, t->npod, sizeof(*t->pod), sort_u32, NULL);
	sort(t->host, t->nhost, sizeof(*t->host), name_cmp, &a->ev->names, a->d->spare);
	t->nhost = sort_unique(t->host, t->nhost, sizeof(*t->host), sort_u32, NULL);
	return t;
}

/*
 * According to logs, members wait in calls with different numbers, and one behind has
 * not reached the call of another: their programs diverged.  The minority are
 * culprits; all of them if halves are equal.
 */
static bool
is_diverged(const struct job *a, const struct grp *g, const struct member *c)
{
	return c->pending < g->highest && c->enqueued >= 0 && c->enqueued < g->highest && c->pend->op &&
	       !(nccl_demand(a, c->pend) & ROOTED);
}

static void
find_diverged(const struct job *a, const struct grp *g, struct hang *f)
{
	size_t n[2] = {0, 0};

	for (int once = 0; once < 2; once++) {
		for (size_t k = g->from; k < g->to; k++) {
			const struct member *c = &a->member[k];
			bool behind;

			if (c->pending < 0 || !c->pend || c->pend->source == FROM_RECORDER)
				continue;
			behind = is_diverged(a, g, c);
			if (once == 0)
				n[behind]++;
			else if (n[behind] <= n[!behind])
				f->culprit[f->nculprit++] = (uint32_t)k;
		}
		if (n[0] == 0 || n[1] == 0 || nccl_is_unnamed(g) || g->numberless)
			return;
		if (once == 0)
			f->culprit = mem_new(a->d->mem, uint32_t, n[0] + n[1]);
	}
	f->g = g;
	f->sure = false;
}

/* Have all members joined, and are all members known? */
static bool
has_all_entered(const struct job *a, const struct grp *g)
{
	bool all = g->ranks && !a->mingled && !g->retires && !g->numberless && !nccl_is_unnamed(g);

	if (g->sources & 1u << FROM_WATCHDOG && g->highest > g->front)
		return false; /* members ahead may have left the others' collective */

	for (size_t k = g->from; k < g->to; k++)
		all &= a->member[k].is == WAITING || a->member[k].is == DONE;
	return all;
}

/* Does a group wait for a member that never joined because it waits for a peer? */
static bool
is_held_up(const struct job *a, const struct grp *g)
{
	bool held = false;

	for (size_t k = g->from; k < g->to; k++)
		held |= a->member[k].is == NEVER_JOINED && a->state[a->member[k].state].held;
	return held;
}

/* Set held_from of members that wait in held-up groups. */
static void
spread_held(struct job *a, const struct hung_groups *in)
{
	for (size_t i = 0; i < in->n; i++) {
		const struct grp *g = &a->grp[in->grp[i]];

		for (size_t k = is_held_up(a, g) ? g->from : g->to; k < g->to; k++) {
			struct rank_state *w = &a->state[a->member[k].state];

			if (a->member[k].is == WAITING && a->member[k].pend)
				w->held_from = num_min(w->held_from, a->member[k].pend->e.t);
		}
	}
}

/* Was a member's rank held before it joined here? */
static bool
is_held_before(const struct job *a, const struct member *c)
{
	int64_t from = a->state[c->state].held_from;

	return from != INT64_MAX && (!c->pend || c->pend->e.t == NO_TIME || from <= c->pend->e.t);
}

/* Have all members joined in all groups without blamed ranks, and is there a group
 * whose members wait for nothing else? */
static bool
is_all_entered(struct job *a, const struct hung_groups *in)
{
	bool all = true, free = false;

	spread_held(a, in);
	for (size_t i = 0; i < in->n; i++) {
		const struct grp *g = &a->grp[in->grp[i]];
		bool held = g->blamed;

		all &= g->blamed || has_all_entered(a, g);
		for (size_t k = g->from; k < g->to && !held; k++)
			held = is_held_before(a, &a->member[k]);
		free |= !held;
	}
	return all && free;
}

/* Are all ranks without records culprits?  If not, logs of other ranks are missing, too,
 * and a rank of another group may be at fault. */
static bool
is_silence_all(struct job *a, const struct hung_groups *in)
{
	uint32_t *hole;
	bool many;
	size_t n = nccl_holes(a, &hole, &many);

	for (size_t i = 0; i < in->n; i++)
		many |= a->grp[in->grp[i]].size > a->grp[in->grp[i]].to - a->grp[in->grp[i]].from;
	for (size_t i = 0; i < n && !many; i++) {
		const struct rank_state *w = nccl_state(a, hole[i]);

		many |= !w || !w->culprit;
	}
	return !many;
}

/* How well a group explains a hang whose missing rank is unknown.  2: a member that
 * waits nowhere may not have joined; 1: a member may be unknown; 0: neither. */
static unsigned
lacks(const struct job *a, const struct grp *g)
{
	for (size_t k = g->from; k < g->to; k++) {
		const struct member *c = &a->member[k];
		const struct rank_state *w = &a->state[c->state];

		if ((c->is == UNHEARD || c->is == SILENT) && !w->blocked && !w->behind)
			return 2;
	}
	return !has_all_entered(a, g);
}

/* Find the group at fault if members call the same number differently. */
static void
find_mismatched(const struct job *a, struct hang *f)
{
	for (size_t i = 0; i < f->in->n; i++) {
		const struct grp *g = &a->grp[f->in->grp[i]];
		size_t n;
		bool open = false;
		uint32_t *members = g->blamed || g->numberless || nccl_is_unnamed(g) ? NULL : nccl_mismatch(a, g, g->front, &n, &open);

		if (members && (!f->g || nccl_before(a, g, f->g))) {
			f->g = g;
			f->culprit = members;
			f->nculprit = n;
			f->sure = !open;
			f->open = open;
		}
	}
}

/* Find the group at fault if no rank with records is: silent members, a mismatch or
 * the fabric. */
static void
judge_groups(struct job *a, struct hang *f)
{
	const struct hung_groups *in = f->in;
	size_t silent = 0;
	unsigned most = 0;
	bool logs = true /* alone */, fine = false;

	for (size_t i = 0; i < in->n; i++) {
		const struct grp *g = &a->grp[in->grp[i]];

		if (!g->blamed && g->silent && g->ranks && !nccl_is_unnamed(g) && !a->thinned) {
			silent++;
			logs &= !(g->sources & 1u << FROM_RECORDER);
			for (size_t k = g->from; k < g->to; k++)
				a->state[a->member[k].state].culprit |= a->member[k].is == SILENT;
		}
	}
	if (!silent || logs) /* calls that differ outweigh missing logs, not missing dumps */
		find_mismatched(a, f);
	if (!f->g && silent && (!logs || in->n == 1 || is_silence_all(a, in))) {
		f->sure = false;
		name_culprits(a, f, SILENT);
		return;
	}
	for (size_t i = 0; i < in->n && !f->g; i++)
		if (!a->grp[in->grp[i]].blamed)
			find_diverged(a, &a->grp[in->grp[i]], f);
	if (f->g) {
		f->word = S("mismatch");
		return;
	}
	if (nccl_crossed(a, f)) {
		f->word = S("deadlock");
		name_culprits(a, f, WAITING);
		return;
	}
	for (size_t i = 0; i < in->n; i++)
		fine |= !a->grp[in->grp[i]].blamed;
	f->word = fine && is_all_entered(a, in) ? S("stalled") : S("unknown");
	for (size_t i = 0; i < in->n; i++) {
		const struct grp *g = &a->grp[in->grp[i]];
		unsigned lack = lacks(a, g);

		if ((g->blamed && fine) || (f->g && lack < most))
			continue;
		if (!f->g || lack > most || nccl_before(a, g, f->g))
			f->g = g;
		most = lack;
	}
}

static struct hang
judge(struct job *a, const struct hung_groups *in)
{
	struct hang f = {.in = in};
	size_t culprits, more = 0;
	bool fine = false, deadlock = false, silent = false;

	sum_up(a, in);
	culprits = find_culprits(a, in);
	if (culprits == 0)
		culprits = find_first_stuck(a, in);
	for (size_t i = 0; i < in->n && culprits == 0; i++)
		more += blame_stragglers(a, &a->grp[in->grp[i]]);
	if (more) {
		sum_up(a, in);
		culprits = find_culprits(a, in);
	}
	for (size_t i = 0; i < in->n; i++)
		fine |= a->grp[in->grp[i]].blamed == 0;
	if (culprits == 0) {
		culprits = nccl_cycle(a, in, false);
		deadlock = culprits;
	}
	if (culprits == 0 && !fine) {
		culprits = find_silent_peers(a, in);
		silent = culprits;
	}
	if (culprits == 0 && !fine) { /* every rank waits for another */
		culprits = nccl_cycle(a, in, true);
		deadlock = culprits;
	}
	if (deadlock)
		f.word = S("deadlock");
	f.sure = !silent;
	if (culprits)
		name_culprits(a, &f, silent ? SILENT : NEVER_JOINED);
	else
		judge_groups(a, &f);
	f.seq = f.g->front;
	for (size_t i = 0; i < f.nculprit && f.word.n == 0; i++) {
		const struct member *c = &a->member[f.culprit[i]];

		if (&a->grp[c->grp] == f.g && c->pending >= 0 && c->pending < f.seq)
			f.seq = c->pending;
	}
	f.tally = count(a, f.culprit, f.nculprit);
	return f;
}

/* ---- findings and their order ---- */

int
nccl_hang_cmp(const void *x, const void *y, const void *ctx)
{
	const struct hang *p = x, *q = y;
	int d = SORT_ORDER(p->seq, q->seq);

	d = d ? d : SORT_ORDER(p->g->first, q->g->first);
	d = d ? d : idx_cmp(ctx, p->g->name, q->g->name);
	d = d ? d : idx_cmp(ctx, p->g->ranks, q->g->ranks);
	return d ? d : SORT_ORDER(p->job, q->job); /* jobs are in order of content */
}

static int
top_cmp(const void *x, const void *y, const void *ctx)
{
	const struct job *a = ctx;
	size_t p = *(const size_t *)x, q = *(const size_t *)y;

	return a->grp[p].up != a->grp[q].up ? SORT_ORDER(a->grp[p].up, a->grp[q].up) : SORT_ORDER(p, q);
}

/* The earliest of n times; used if a watchdog reported a timeout. */
static int64_t
first_due(const int64_t *t, size_t n)
{
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < n; i++)
		first = num_min(first, t[i]);
	return first;
}

/* Time from which --min-ranks ranks hang, or all of them if fewer; t: when each of
 * them began to. */
static int64_t
enough(const struct job *a, int64_t *t, size_t n)
{
	sort(t, n, sizeof(*t), sort_i64, NULL, a->d->spare);
	return t[(n < a->c->min_ranks ? n : a->c->min_ranks) - 1];
}

/* Number of members that others wait for and that hang nowhere. */
static size_t
absent(const struct job *a, const struct grp *g)
{
	size_t n = 0;

	for (size_t k = g->from; k < g->to; k++)
		n += a->member[k].is == NEVER_JOINED && !a->member[k].hung;
	return n;
}

/* Judge the hanging groups, incident by incident. */
static struct hangs
judge_incidents(struct job *a)
{
	size_t *grp = mem_new(a->d->mem, size_t, a->ngrp), n = 0, k;
	int64_t *due = mem_new(a->d->mem, int64_t, a->nstate);
	struct hangs all = {0};

	for (size_t i = 0; i < a->ngrp; i++)
		if (a->grp[i].hung) {
			a->grp[i].up = nccl_top(a, i);
			grp[n++] = i;
		}
	sort(grp, n, sizeof(*grp), top_cmp, a, a->d->spare);
	all.f = mem_new(a->d->mem, struct hang, n);
	for (size_t i = 0; i < n; i = k) {
		struct hung_groups *in = mem_new(a->d->mem, struct hung_groups, 1);
		size_t missed = 0;

		for (k = i; k < n && a->grp[grp[k]].up == a->grp[grp[i]].up; k++)
			;
		*in = (struct hung_groups){.grp = grp + i, .n = k - i};
		for (size_t g = i; g < k; g++) {
			blame(a, &a->grp[grp[g]]);
			missed += absent(a, &a->grp[grp[g]]);
		}
		EACH_MEMBER(a, in, c) {
			struct rank_state *w = &a->state[c->state];

			in->timed_out |= c->hung && c->pend->timed_out;
			if (w->hung)
				due[in->hung++] = w->due;
			w->hung = false; /* counted */
		}
		if (in->hung + missed < a->c->min_ranks && !in->timed_out) {
			a->lone += in->hung;
			continue;
		}
		all.f[all.n] = judge(a, in);
		all.f[all.n++].final_at = in->timed_out ? first_due(due, in->hung) : enough(a, due, in->hung);
	}
	return all;
}

/* The blamed members for the front of a group and for all collectives behind it. */
static struct hang
blamed(const struct job *a, struct grp *g)
{
	struct hang f = {.g = g};
	enum diagnosis least = g->blamed ? NEVER_JOINED : SILENT;
	size_t silent = 0;

	g->quiet = mem_new(a->d->mem, uint32_t, g->silent);
	f.culprit = mem_new(a->d->mem, uint32_t, g->blamed + g->silent);
	for (size_t i = g->from; i < g->to; i++) {
		if (a->member[i].is == SILENT)
			g->quiet[silent++] = a->member[i].rank;
		if (a->member[i].is >= least)
			f.culprit[f.nculprit++] = (uint32_t)i;
	}
	f.tally = count(a, f.culprit, f.nculprit);
	return f;
}

/* A finding about one collective in its group; front: the result of blamed(). */
static struct hang
judge_one(const struct job *a, const struct hang *front, size_t from, size_t to)
{
	struct hang f = *front;

	f.seq = a->item[from].c->seq;
	f.item = a->item + from;
	f.nitem = to - from;
	if (f.seq >= f.g->front && f.nculprit)
		return f;
	if (f.seq < f.g->front) {
		f.nculprit = 0;
		f.culprit = mem_new(a->d->mem, uint32_t, to - from);
		for (size_t i = from; i < to; i++)
			f.culprit[f.nculprit++] = a->item[i].member;
	} else {
		bool open;

		f.culprit = nccl_mismatch(a, f.g, f.seq, &f.nculprit, &open);
		f.word = f.culprit ? S("mismatch") : has_all_entered(a, f.g) ? S("stalled") : S("unknown");
	}
	f.tally = count(a, f.culprit, f.nculprit);
	return f;
}

static struct hangs
judge_each(struct job *a)
{
	struct hangs all = {.f = mem_new(a->d->mem, struct hang, a->nitem)};
	int64_t *due = mem_new(a->d->mem, int64_t, a->nitem);
	size_t to;

	for (size_t i = 0; i < a->ngrp; i++) {
		struct grp *g = &a->grp[i];
		struct hang front;

		if (!g->hung)
			continue;
		blame(a, g);
		if (!g->blamed && !g->silent)
			blame_stragglers(a, g);
		front = blamed(a, g);
		for (size_t from = g->item; from < g->item + g->nitem; from = to) {
			size_t hung = 0;

			for (to = from; to < g->item + g->nitem && a->item[to].c->seq == a->item[from].c->seq; to++)
				if (a->item[to].hung)
					due[hung++] = nccl_due(a, a->item[to].c);
			if (hung && (a->item[from].c->timed_out || hung + (a->item[from].c->seq == g->front ? absent(a, g) : 0) >= a->c->min_ranks)) {
				all.f[all.n] = judge_one(a, &front, from, to);
				all.f[all.n++].final_at = enough(a, due, hung);
			} else if (a->item[from].c->seq == g->front) {
				a->lone += hung;
			}
		}
	}
	return all;
}

/* Maximum difference of call numbers between diverged programs whose calls still
 * matched. */
enum { OUT_OF_STEP = 1000 };

/* According to logs, does a member wait far beyond the calls of an idle one, or even
 * further beyond the call in which another waits?  No rank gets that far alone: they
 * are from two jobs. */
static bool
is_torn(const struct job *a, const struct grp *g)
{
	int64_t front = 0, least = INT64_MAX, pending = INT64_MAX;

	for (size_t k = g->from; k < g->to; k++) {
		const struct member *c = &a->member[k];

		if (c->pend && c->pend->source == FROM_WATCHDOG && c->pend->op && !(nccl_demand(a, c->pend) & ROOTED)) {
			raise(&front, c->pend->seq);
			pending = num_min(pending, c->pend->seq);
		}
		if (!c->pend && c->enqueued >= 0 && c->enqueued == c->completed)
			least = num_min(least, c->enqueued);
	}
	return !nccl_is_unnamed(g) && (least < front - NCCL_FALL || pending < front - OUT_OF_STEP);
}

struct hangs
nccl_judge(struct job *a)
{
	struct hangs found;

	for (size_t i = 0; i < a->ngrp; i++)
		a->mingled |= is_torn(a, &a->grp[i]);
	for (size_t i = 0; i < a->ngrp; i++)
		a->grp[i].numberless |= a->mingled;
	gather_states(a);
	gather_idle(a);
	found = a->c->all ? judge_each(a) : judge_incidents(a);
	for (size_t i = 0; i < found.n; i++)
		found.f[i].job = a;
	return found;
}
