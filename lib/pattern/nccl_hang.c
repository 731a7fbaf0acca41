/*
 * nccl_hang - which collective hung, and which ranks are to blame.
 *
 * Per process group, each member's lowest unfinished collective is compared
 * with the highest of them, the front.  What lies below the front somebody
 * completed, so that everybody had joined it: whoever is still there is stuck
 * on its device.  Who spoke and is not at the front never joined it; who did
 * not speak is silent.  The others wait for those.  Groups that share ranks
 * are one incident, and its culprits are those blamed in some group who wait
 * for nobody blamed in another.
 *
 * NCCL runs the collectives of a communicator one after the other: once a
 * rank completed one, it completed those before.
 */
#include <regex.h>
#include <string.h>

#include "base/num.h"
#include "pattern/pattern.h"

enum { EVIDENCE_MAX = 64 };

struct config {
	int64_t threshold;
	uint64_t min_ranks;
	struct str now_text, groups;
	bool all;
	int64_t now; /* or NO_TIME */
};

static const struct config start = {.now = NO_TIME};

#define TO(member) offsetof(struct config, member)
static const struct opt options[] = {
	{'t', "threshold", OPT_DURATION, TO(threshold), "DUR", "5m",
		"a rank hangs when it has not finished a collective for DUR"},
	{0, "min-ranks", OPT_NUM, TO(min_ranks), "N", "2", "report what at least N ranks hang in"},
	{0, "now", OPT_STR, TO(now_text), "TIME", NULL,
		"count ages to TIME, or to the present if it is the word clock [to when a record was observed or a dump's file written; else a dump is old enough, and other records count to the newest]"},
	{'a', "all", OPT_FLAG, TO(all), NULL, NULL, "one verdict for each hung collective, not for each incident"},
	{0, "groups", OPT_STR, TO(groups), "REGEX", NULL,
		"only process groups whose name or description matches (POSIX extended)"},
	{.kind = OPT_END},
};

static bool
compile(regex_t *re, struct str s, struct mem *m)
{
	char *z = mem_bytes(m, s.n + 1);

	memcpy(z, s.p, s.n);
	z[s.n] = '\0';
	return regcomp(re, z, REG_EXTENDED | REG_NOSUB) == 0;
}

static int
setup(void *config, struct program *p, struct reader *r, struct str words[SIFT_WORDS], size_t *nwords)
{
	struct config *c = config;
	regex_t re;

	(void)r;
	(void)words;
	(void)nwords;
	if (c->threshold < SECOND) {
		DIAG(p->diag, S("--threshold: at least 1s"));
		return EX_FAIL;
	}
	if (c->min_ranks == 0) {
		DIAG(p->diag, S("--min-ranks: at least 1"));
		return EX_FAIL;
	}
	if (str_eq(c->now_text, S("clock"))) {
		c->now = p->now;
	} else if (c->now_text.n && !opt_time(c->now_text, &c->now)) {
		DIAG(p->diag, S("--now: not a time: "), c->now_text);
		return EX_FAIL;
	}
	if (c->groups.n) {
		if (!compile(&re, c->groups, p->mem)) {
			DIAG(p->diag, S("--groups: not a regular expression: "), c->groups);
			return EX_FAIL;
		}
		regfree(&re);
	}
	return -1;
}

/* ---- who is in which group, and how far ---- */

enum is {
	FINE,
	WAITS,  /* at the front */
	SILENT,
	NEVER_JOINED,
	STUCK,  /* the graver of two words about one rank comes later */
};

static const struct str is_name[] = {
	[FINE] = STR_INIT("fine"),
	[WAITS] = STR_INIT("waits"),
	[SILENT] = STR_INIT("silent"),
	[NEVER_JOINED] = STR_INIT("never_joined"),
	[STUCK] = STR_INIT("stuck_on_device"),
};

/* A member of a group. */
struct cell {
	uint32_t grp, rank;
	uint32_t who;        /* of all.who */
	uint8_t is;          /* enum is; in groups that hang */
	bool spoke, hung;
	const struct collective *pend; /* its lowest unfinished one, or NULL, */
	size_t npend;        /* and how many records there are from that on */
	int64_t pending;     /* lowest unfinished, by its records and its own
	                      * count: a full ring forgets; -1: none */
	int64_t done;        /* highest completed, by its records; -1: none */
	int64_t last;        /* highest in its records; -1 */
	int64_t enqueued, completed; /* by its own count; -1: not known */
};

struct grp {
	uint32_t name, desc;
	uint32_t ranks;      /* of the team; 0: members are who was seen */
	size_t from, to;     /* its cells, by rank */
	size_t item, nitem;  /* its unfinished collectives, when it hangs */
	int64_t front;       /* -1: nothing is pending */
	int64_t first;       /* when the first of its pending ones was created */
	bool mixed;          /* own counts include point-to-point */
	bool skipped;        /* --groups leaves it out */
	size_t hung;         /* members that hang */
	size_t blamed, silent; /* members that are; silent ones apart */
	size_t up;           /* union-find over groups that share ranks */
	size_t waiters;      /* in find_cycle(): blamed ranks that wait here; in
	                      * peel(): groups before this one */
	size_t waited;       /* in find_cycle(): ranks blamed here */
	bool left, crossed;  /* not on a cycle; on one */
};

/* An unfinished collective of a member. */
struct held {
	const struct collective *c;
	uint32_t cell;
	bool hung;
};

/* A rank in groups that hang. */
struct who {
	uint32_t rank, node;
	size_t from, to;  /* of all.by_rank: its cells */
	uint8_t is;       /* the gravest that any group says */
	bool spoke, hung;
	bool behind;      /* waits where a rank that spoke is blamed */
	bool blocked;     /* waits where none is: the group itself is at fault */
	size_t open, open_to; /* of all.open: what it sends or receives */
	bool held;        /* there waits for a rank that has not come, or is stuck */
	bool culprit;
	/* in find_cycle(): not on a cycle; groups where blamed ranks wait for
	 * it, and where it waits for some */
	bool left;
	size_t waited, waits;
};

/* An unfinished send or receive. */
struct open {
	uint32_t rank, peer;
	size_t grp;
	bool both; /* the other end has come to it, too */
};

/* A rank that spoke, and a group it spoke of. */
struct pair {
	uint32_t group, rank, node;
	bool member; /* else of no group in particular */
	bool dump;   /* in said: it made a whole dump */
	uint32_t grp;
};

struct all {
	const struct detection *d;
	const struct config *c;
	struct events *ev;
	int64_t newest;
	struct pair *pair;
	size_t npair;
	struct pair *said; /* by rank, once each: its host */
	size_t nsaid;
	struct grp *grp;
	size_t ngrp;
	struct cell *cell;
	size_t ncell;
	struct held *item;
	size_t nitem;
	uint32_t *by_rank; /* cells of groups that hang */
	size_t nby_rank;
	struct who *who;
	size_t nwho;
	struct open *open;
	uint64_t pending, young, lone; /* members; ranks for the last */
	int64_t oldest;                /* age of the oldest that is too young */
	bool by_newest;                /* and that ages by the newest record */
};

static struct str
name(const struct all *a, uint32_t id)
{
	return idx_at(&a->ev->names, id);
}

/* Members of a list of events of a kind. */
#define EACH(T, x, kind) \
	for (const struct T *x = a->ev->list[kind].p, *x##_end = a->ev->list[kind].n ? x + a->ev->list[kind].n : x; \
	     x < x##_end; x++)

static int
pair_cmp(const void *x, const void *y, const void *ctx)
{
	const struct pair *p = x, *q = y;
	int d = SORT_ORDER(q->member, p->member);

	d = d || p->group == q->group ? d : idx_cmp(ctx, p->group, q->group);
	return d ? d : SORT_ORDER(p->rank, q->rank);
}

/* By rank; a known host first, the lowest of several. */
static int
said_cmp(const void *x, const void *y, const void *ctx)
{
	const struct pair *p = x, *q = y;
	int d = SORT_ORDER(p->rank, q->rank);

	d = d ? d : SORT_ORDER(!p->node, !q->node);
	d = d ? d : idx_cmp(ctx, p->node, q->node);
	return d ? d : SORT_ORDER(q->dump, p->dump);
}

static int
said_same(const void *x, const void *y, const void *ctx)
{
	const struct pair *p = x, *q = y;

	(void)ctx;
	return SORT_ORDER(p->rank, q->rank);
}

struct pairs {
	struct pair *p;
	size_t n, cap;
};

static void
add_pair(struct pairs *l, uint32_t group, uint32_t rank, uint32_t node, bool member)
{
	struct pair *last = l->n ? &l->p[l->n - 1] : NULL;

	if (last && last->group == group && last->rank == rank && last->node == node && last->member == member)
		return;
	l->p = mem_more(l->p, l->n, &l->cap, sizeof(*l->p));
	l->p[l->n++] = (struct pair){.group = group, .rank = rank, .node = node, .member = member};
}

static void
latest(struct all *a, int64_t t)
{
	if (t > a->newest) /* NO_TIME is the lowest */
		a->newest = t;
}

/* Who spoke of which group, and the newest time of all. */
static void
gather_pairs(struct all *a)
{
	struct pairs l = {0};

	EACH(collective, c, EVENT_COLLECTIVE) {
		add_pair(&l, c->group, c->rank, c->e.node, true);
		latest(a, c->e.t);
		latest(a, c->started);
		latest(a, c->dump ? NO_TIME : c->seen);
	}
	EACH(done, d, EVENT_DONE) {
		add_pair(&l, d->group, d->rank, d->e.node, true);
		latest(a, d->e.t);
	}
	EACH(progress, p, EVENT_PROGRESS) {
		add_pair(&l, p->group, p->rank, p->e.node, p->group != 0);
		l.p[l.n - 1].dump |= p->dump;
	}
	a->said = mem_new(a->d->mem, struct pair, l.n);
	a->pair = mem_new(a->d->mem, struct pair, l.n);
	if (l.n) {
		memcpy(a->said, l.p, l.n * sizeof(*l.p));
		memcpy(a->pair, l.p, l.n * sizeof(*l.p));
	}
	mem_give(l.p, l.cap * sizeof(*l.p));
	sort(a->said, l.n, sizeof(*a->said), said_cmp, &a->ev->names, &a->ev->scratch);
	for (size_t i = l.n; i-- > 1;)
		if (a->said[i - 1].rank == a->said[i].rank)
			a->said[i - 1].dump |= a->said[i].dump;
	a->nsaid = sort_unique(a->said, l.n, sizeof(*a->said), said_same, NULL);
	sort(a->pair, l.n, sizeof(*a->pair), pair_cmp, &a->ev->names, &a->ev->scratch);
	a->npair = sort_unique(a->pair, l.n, sizeof(*a->pair), pair_cmp, &a->ev->names);
	while (a->npair && !a->pair[a->npair - 1].member)
		a->npair--;
}

static const struct pair *
said(const struct all *a, uint32_t rank)
{
	size_t lo = 0, hi = a->nsaid;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (a->said[mid].rank < rank)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < a->nsaid && a->said[lo].rank == rank ? &a->said[lo] : NULL;
}

/* Groups: one for each name and list of ranks, and one for each name that
 * comes without a list. */
static void
gather_groups(struct all *a)
{
	const struct event_list *list = &a->ev->list[EVENT_TEAM];
	const struct team *t = list->p;
	size_t i = 0, k = 0;

	a->grp = mem_new(a->d->mem, struct grp, list->n + a->npair);
	while (i < list->n || k < a->npair) {
		int d = i == list->n ? 1 : k == a->npair ? -1 : idx_cmp(&a->ev->names, t[i].group, a->pair[k].group);
		uint32_t group = d <= 0 ? t[i].group : a->pair[k].group, desc = 0;
		size_t from = a->ngrp;

		for (; i < list->n && t[i].group == group; i++) {
			struct grp *g = a->ngrp > from ? &a->grp[a->ngrp - 1] : NULL;

			if (!desc)
				desc = t[i].desc;
			if (!t[i].ranks)
				continue;
			if (g && g->ranks == t[i].ranks) {
				if (!g->desc)
					g->desc = t[i].desc;
				continue;
			}
			a->grp[a->ngrp++] = (struct grp){.name = group, .desc = t[i].desc, .ranks = t[i].ranks};
		}
		if (a->ngrp == from)
			a->grp[a->ngrp++] = (struct grp){.name = group};
		for (; from < a->ngrp; from++)
			if (!a->grp[from].desc)
				a->grp[from].desc = desc;
		while (k < a->npair && a->pair[k].group == group)
			k++;
	}
}

static void
skip_groups(struct all *a)
{
	regex_t re;

	if (a->c->groups.n == 0 || !compile(&re, a->c->groups, a->d->mem))
		return;
	for (size_t i = 0; i < a->ngrp; i++) {
		const uint32_t ids[] = {a->grp[i].name, a->grp[i].desc};
		struct buf *b = a->d->scratch;

		a->grp[i].skipped = true;
		for (size_t k = 0; k < NELEM(ids); k++) {
			b->n = 0;
			buf_add(b, name(a, ids[k]));
			buf_chr(b, '\0');
			if (regexec(&re, b->p, 0, NULL, 0) == 0)
				a->grp[i].skipped = false;
		}
	}
	regfree(&re);
}

static int
cell_cmp(const void *x, const void *y, const void *ctx)
{
	const struct cell *p = x, *q = y;

	(void)ctx;
	return p->grp != q->grp ? SORT_ORDER(p->grp, q->grp) : SORT_ORDER(p->rank, q->rank);
}

static int
cell_rank_cmp(const void *x, const void *y, const void *ctx)
{
	const struct cell *p = x, *q = y;

	(void)ctx;
	return p->rank != q->rank ? SORT_ORDER(p->rank, q->rank) : SORT_ORDER(p->grp, q->grp);
}

/*
 * The cells of groups from..to, which are of one name, and of the pairs that
 * are: a rank belongs to the first of them that lists it, else to the first.
 */
static void
place(struct all *a, size_t from, size_t to, struct pair *p, size_t n)
{
	size_t begin = a->ncell, listed, lo, hi;
	uint64_t rank;

	for (size_t g = from; g < to; g++) {
		struct str s = name(a, a->grp[g].ranks);

		while (num_eat(&s, &rank)) {
			a->cell[a->ncell++] = (struct cell){.grp = (uint32_t)g, .rank = (uint32_t)rank};
			s = str_from(s, 1);
		}
	}
	listed = a->ncell;
	sort(a->cell + begin, listed - begin, sizeof(*a->cell), cell_rank_cmp, NULL, &a->ev->scratch);
	for (size_t i = 0; i < n; i++) {
		for (lo = begin, hi = listed; lo < hi;) {
			size_t mid = lo + (hi - lo) / 2;

			if (a->cell[mid].rank < p[i].rank)
				lo = mid + 1;
			else
				hi = mid;
		}
		p[i].grp = (uint32_t)from;
		if (lo < listed && a->cell[lo].rank == p[i].rank)
			p[i].grp = a->cell[lo].grp;
		else
			a->cell[a->ncell++] = (struct cell){.grp = (uint32_t)from, .rank = p[i].rank};
	}
	sort(a->cell + begin, a->ncell - begin, sizeof(*a->cell), cell_cmp, NULL, &a->ev->scratch);
}

static void
gather_cells(struct all *a)
{
	size_t n = a->npair, at = 0, to;

	for (size_t g = 0; g < a->ngrp; g++) {
		struct str s = name(a, a->grp[g].ranks);

		n += s.n != 0;
		for (size_t i = 0; i < s.n; i++)
			n += s.p[i] == ',';
	}
	a->cell = mem_new(a->d->mem, struct cell, n);
	for (size_t g = 0; g < a->ngrp; g = to) {
		size_t first = at;

		for (to = g + 1; to < a->ngrp && a->grp[to].name == a->grp[g].name; to++)
			;
		while (at < a->npair && a->pair[at].group == a->grp[g].name)
			at++;
		place(a, g, to, a->pair + first, at - first);
	}
	for (size_t i = 0; i < a->ncell; i++) {
		struct cell *c = &a->cell[i];
		struct grp *g = &a->grp[c->grp];

		if (i == 0 || c->grp != a->cell[i - 1].grp)
			g->from = i;
		g->to = i + 1;
		c->done = c->last = c->enqueued = c->completed = -1;
		c->spoke = said(a, c->rank) != NULL;
	}
}

static struct cell *
cell_at(const struct all *a, const struct grp *g, uint32_t rank)
{
	size_t lo = g->from, hi = g->to;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (a->cell[mid].rank < rank)
			lo = mid + 1;
		else
			hi = mid;
	}
	return &a->cell[lo];
}

/* The cell of a record; records come in the order of a->pair, *at follows. */
static struct cell *
cell_of(const struct all *a, size_t *at, uint32_t group, uint32_t rank)
{
	while (a->pair[*at].group != group || a->pair[*at].rank != rank)
		++*at;
	return cell_at(a, &a->grp[a->pair[*at].grp], rank);
}

static void
raise(int64_t *to, int64_t n)
{
	if (n > *to)
		*to = n;
}

static void
fill_cells(struct all *a)
{
	struct cell *cell = NULL;
	size_t at = 0;
	uint32_t group = 0, rank = 0;

	EACH(done, d, EVENT_DONE) {
		if (!cell || d->group != group || d->rank != rank)
			cell = cell_of(a, &at, group = d->group, rank = d->rank);
		raise(&cell->done, d->to);
		raise(&cell->last, d->to);
	}
	cell = NULL;
	at = 0;
	EACH(collective, c, EVENT_COLLECTIVE) {
		if (!cell || c->group != group || c->rank != rank)
			cell = cell_of(a, &at, group = c->group, rank = c->rank);
		raise(&cell->last, c->seq);
		if (c->seq <= cell->done)
			continue;
		if (!cell->pend)
			cell->pend = c;
		cell->npend = (size_t)(c - cell->pend) + 1;
	}
	at = 0;
	EACH(progress, p, EVENT_PROGRESS) {
		if (!p->group)
			continue;
		cell = cell_of(a, &at, p->group, p->rank);
		raise(&cell->enqueued, p->enqueued);
		raise(&cell->completed, p->completed);
		a->grp[cell->grp].mixed |= p->p2p;
	}
}

/* ---- ages ---- */

struct age {
	int64_t ns;        /* INT64_MAX: old enough; NO_TIME: not known */
	struct str basis;
};

static int64_t
begun(const struct collective *c)
{
	return c->started != NO_TIME ? c->started : c->e.t;
}

static struct age
age_of(const struct all *a, const struct collective *c)
{
	int64_t now = a->newest, t = begun(c);
	struct str basis = S("newest");
	bool dump = c->dump;

	if (a->c->now != NO_TIME) {
		now = a->c->now;
		basis = S("now");
	} else if (c->seen != NO_TIME) {
		now = c->seen;
		basis = c->dump ? S("file") : S("observed");
	} else {
		dump = dump || said(a, c->rank)->dump;
		if (dump)
			t = NO_TIME;
	}
	if (t == NO_TIME)
		return dump ? (struct age){INT64_MAX, S("dump")} : (struct age){NO_TIME, basis};
	return (struct age){time_diff(now, t), basis};
}

static bool
hangs(struct all *a, const struct collective *c)
{
	struct age age = age_of(a, c);

	if (age.ns != NO_TIME && age.ns >= time_diff(a->c->threshold, a->d->skew))
		return true;
	a->young++;
	if (age.ns > a->oldest)
		a->oldest = age.ns;
	a->by_newest |= str_eq(age.basis, S("newest"));
	return false;
}

/* Fronts, and who hangs. */
static void
find_fronts(struct all *a)
{
	a->oldest = NO_TIME;
	for (size_t i = 0; i < a->ngrp; i++) {
		struct grp *g = &a->grp[i];

		g->front = -1;
		g->first = INT64_MAX;
		g->up = i;
		for (size_t k = g->from; k < g->to; k++)
			g->mixed |= a->cell[k].last >= 0 && a->cell[k].enqueued > a->cell[k].last;
		for (size_t k = g->from; k < g->to; k++) {
			struct cell *c = &a->cell[k];
			int64_t next = c->completed > c->done ? c->completed + 1 : c->done + 1;

			c->pending = c->pend ? c->pend->seq : -1;
			if (!g->mixed && c->completed >= 0 && c->enqueued >= next && (!c->pend || next < c->pending))
				c->pending = next;
			raise(&g->front, c->pending);
			if (!c->pend || g->skipped)
				continue;
			a->pending++;
			if (c->pend->e.t != NO_TIME && c->pend->e.t < g->first)
				g->first = c->pend->e.t;
			c->hung = hangs(a, c->pend);
			g->hung += c->hung;
		}
	}
}

/* ---- the collectives that matter ---- */

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

static struct str
plain_op(struct str op)
{
	size_t at = str_find(op, S(":"));

	return at < op.n ? str_from(op, at + 1) : op;
}

static unsigned
demand_of(const struct all *a, const struct collective *c)
{
	struct str op = plain_op(name(a, c->op));

	for (size_t i = 0; i < NELEM(ops); i++)
		if (str_ieq(ops[i].op, op))
			return ops[i].demand;
	return 0;
}

static int
item_cmp(const void *x, const void *y, const void *ctx)
{
	const struct held *p = x, *q = y;

	(void)ctx;
	return p->c->seq != q->c->seq ? SORT_ORDER(p->c->seq, q->c->seq) : SORT_ORDER(p->cell, q->cell);
}

/* Unfinished collectives of groups that hang, by group, collective, rank. */
static void
gather_items(struct all *a)
{
	size_t n = 0;

	for (size_t i = 0; i < a->ncell; i++)
		if (a->grp[a->cell[i].grp].hung)
			n += a->cell[i].npend;
	a->item = mem_new(a->d->mem, struct held, n);
	for (size_t i = 0; i < a->ngrp; i++) {
		struct grp *g = &a->grp[i];

		g->item = a->nitem;
		for (size_t k = g->from; k < g->to && g->hung; k++) {
			const struct cell *c = &a->cell[k];

			for (size_t at = 0; at < c->npend; at++) {
				const struct collective *p = c->pend + at;
				struct age age = age_of(a, p);

				if (at && p->seq == p[-1].seq)
					continue;
				a->item[a->nitem++] = (struct held){p, (uint32_t)k,
					age.ns != NO_TIME && age.ns >= time_diff(a->c->threshold, a->d->skew)};
			}
		}
		g->nitem = a->nitem - g->item;
		sort(a->item + g->item, g->nitem, sizeof(*a->item), item_cmp, NULL, &a->ev->scratch);
	}
}

/* The items of a group's collective: a range. */
static void
items_at(const struct all *a, const struct grp *g, int64_t seq, size_t *from, size_t *to)
{
	size_t lo = g->item, hi = g->item + g->nitem;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (a->item[mid].c->seq < seq)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (*from = *to = lo; *to < g->item + g->nitem && a->item[*to].c->seq == seq; ++*to)
		;
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

	return cell_rank_cmp(p, q, NULL);
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

static int
open_cmp(const void *x, const void *y, const void *ctx)
{
	const struct open *p = x, *q = y;
	int d = SORT_ORDER(p->rank, q->rank);

	(void)ctx;
	d = d ? d : SORT_ORDER(p->peer, q->peer);
	return d ? d : SORT_ORDER(p->grp, q->grp);
}

static bool
has_open(const struct open *o, size_t n, struct open key)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (open_cmp(&o[mid], &key, NULL) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n && open_cmp(&o[lo], &key, NULL) == 0;
}

/* Who still sends to or receives from a rank shares its incident: one
 * pipeline stage waits for the other. */
static void
link_peers(struct all *a)
{
	struct open *o = mem_new(a->d->mem, struct open, a->ev->list[EVENT_PROGRESS].n);
	size_t at = 0, n = 0;

	EACH(progress, p, EVENT_PROGRESS) {
		const struct grp *g;

		if (!p->group || !p->open)
			continue;
		g = &a->grp[cell_of(a, &at, p->group, p->rank)->grp];
		if (p->peer < g->to - g->from)
			o[n++] = (struct open){p->rank, a->cell[g->from + p->peer].rank, (size_t)(g - a->grp), false};
	}
	sort(o, n, sizeof(*o), open_cmp, NULL, &a->ev->scratch);
	a->open = o;
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
			p = said(a, c->rank);
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

/* Groups that share ranks. */
struct incident {
	size_t *grp;
	size_t n;
	size_t hung; /* ranks that hang */
};

/* What is to be said. */
struct finding {
	const struct incident *in; /* NULL: about one collective alone */
	const struct grp *g;
	int64_t seq;
	struct str word;           /* mismatch, deadlock, stalled; none: each
	                            * culprit has its own */
	const struct held *item;   /* about one collective: who hangs in it */
	size_t nitem;
	uint32_t *culprit;         /* cells, by rank */
	size_t nculprit;
};

#define EACH_CELL(a, in, c) \
	for (size_t c##_g = 0; c##_g < (in)->n; c##_g++) \
		for (struct cell *c = &(a)->cell[(a)->grp[(in)->grp[c##_g]].from], \
			  *c##_end = &(a)->cell[(a)->grp[(in)->grp[c##_g]].to]; \
		     c < c##_end; c++)

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

static int
u32_cmp(const void *x, const void *y, const void *ctx)
{
	const uint32_t *p = x, *q = y;

	(void)ctx;
	return SORT_ORDER(*p, *q);
}

enum { PARTS = 4 }; /* of a shape */

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
	struct str shape = name(a, c->shape), op = plain_op(name(a, c->op)), s;
	struct buf *b = a->d->scratch;

	b->n = 0;
	for (size_t i = 0; i < op.n; i++)
		buf_chr(b, (char)(op.p[i] >= 'A' && op.p[i] <= 'Z' ? op.p[i] | 0x20 : op.p[i]));
	if (demand_of(a, c) & SAME)
		for (unsigned i = 0; i < PARTS && str_cut(&shape, '|', &s); i++) {
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
	n = sort_unique(text, n, sizeof(*text), u32_cmp, NULL);
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
	items_at(a, g, seq, &from, &to);
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
	sort(out, *n, sizeof(*out), u32_cmp, NULL, &a->ev->scratch);
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

/* ---- verdicts ---- */

enum { LISTED = 6 }; /* ranks that texts name; lists have them all */

/* At most max bytes of s, cut at the end of a character. */
static void
put_short(struct buf *b, struct str s, size_t max)
{
	size_t n = max;

	if (s.n <= max) {
		buf_plain(b, s);
		return;
	}
	n -= 3;
	for (size_t back = 0; back < 3 && ((unsigned char)s.p[n] & 0xc0) == 0x80; back++)
		n--;
	buf_plain(b, str_head(s, n));
	buf_add(b, S("..."));
}

/* "rank 3", "ranks 3, 9 and 12 more" */
static void
put_ranks(struct buf *b, const uint32_t *rank, size_t n)
{
	buf_add(b, n == 1 ? S("rank ") : S("ranks "));
	for (size_t i = 0; i < n && i < LISTED; i++) {
		if (i)
			buf_add(b, S(", "));
		buf_u64(b, rank[i]);
	}
	if (n > LISTED) {
		buf_add(b, S(" and "));
		buf_u64(b, n - LISTED);
		buf_add(b, S(" more"));
	}
}

/* The group's description and name: what an engineer calls it. */
static void
put_group(const struct all *a, struct buf *b, const struct grp *g)
{
	if (g->desc) {
		put_short(b, name(a, g->desc), 48);
		buf_add(b, S(" ("));
	}
	put_short(b, g->name ? name(a, g->name) : S("no name"), 32);
	if (g->desc)
		buf_chr(b, ')');
}

/* Everything that a finding's texts and members are made of. */
struct report {
	const struct all *a;
	const struct finding *f;
	const struct collective *c;   /* one that hangs in it: the first begun */
	const struct collective *at;  /* one of its sequence */
	uint32_t *culprits, *hanging, *waiting, *silent; /* ranks */
	size_t nculprit, nhanging, nwaiting, nsilent;
	uint32_t *host; /* of the culprits, once each, by name */
	size_t nhost;
};

static struct str
diagnosis(const struct report *r, size_t culprit)
{
	if (r->f->word.n)
		return r->f->word;
	return is_name[r->a->cell[r->f->culprit[culprit]].is];
}

static uint32_t
host_of(const struct all *a, const struct cell *c)
{
	return a->who[c->who].node;
}

static int
name_cmp(const void *x, const void *y, const void *ctx)
{
	return idx_cmp(ctx, *(const uint32_t *)x, *(const uint32_t *)y);
}

/* Which of two is to be spoken of: the one begun first, then the lowest rank's. */
static bool
begun_before(const struct collective *p, const struct collective *q)
{
	int64_t tp = begun(p), tq = begun(q);

	if ((tp == NO_TIME) != (tq == NO_TIME))
		return tq == NO_TIME;
	return tp != tq ? tp < tq : p->rank < q->rank;
}

static void
gather_ranks(struct report *r)
{
	const struct all *a = r->a;
	const struct finding *f = r->f;
	struct mem *m = a->d->mem;
	size_t size = f->g->to - f->g->from, n = size, k = 0, from, to;

	r->culprits = mem_new(m, uint32_t, f->nculprit);
	r->host = mem_new(m, uint32_t, f->nculprit);
	for (size_t i = 0; i < f->nculprit; i++) {
		const struct cell *c = &a->cell[f->culprit[i]];

		r->culprits[r->nculprit++] = c->rank;
		if (host_of(a, c))
			r->host[r->nhost++] = host_of(a, c);
	}
	sort(r->host, r->nhost, sizeof(*r->host), name_cmp, &a->ev->names, &a->ev->scratch);
	r->nhost = sort_unique(r->host, r->nhost, sizeof(*r->host), u32_cmp, NULL);

	r->hanging = mem_new(m, uint32_t, size);
	r->waiting = mem_new(m, uint32_t, size);
	items_at(a, f->g, f->seq, &from, &to);
	for (size_t i = from; i < to; i++)
		if (!r->at || a->item[i].c->rank < r->at->rank)
			r->at = a->item[i].c;
	for (size_t i = f->g->from, next = from; i < f->g->to; i++) {
		const struct cell *c = &a->cell[i];
		const struct collective *p = c->hung ? c->pend : NULL;
		bool waits = c->is == WAITS;

		if (!f->in) { /* what this one collective says */
			while (next < to && a->item[next].cell < i)
				next++;
			p = next < to && a->item[next].cell == i && a->item[next].hung ? a->item[next].c : NULL;
			waits = p;
		}
		while (k < r->nculprit && r->culprits[k] < c->rank)
			k++;
		if (k < r->nculprit && r->culprits[k] == c->rank)
			waits = false;
		if (waits)
			r->waiting[r->nwaiting++] = c->rank;
		if (!p)
			continue;
		r->hanging[r->nhanging++] = c->rank;
		if (!r->c || begun_before(p, r->c))
			r->c = p;
	}
	if (f->in) {
		n = 0;
		EACH_CELL(a, f->in, c)
			n += c->is == SILENT;
	}
	r->silent = mem_new(m, uint32_t, n);
	if (f->in) {
		EACH_CELL(a, f->in, c)
			if (c->is == SILENT)
				r->silent[r->nsilent++] = c->rank;
	} else {
		for (size_t i = f->g->from; i < f->g->to; i++)
			if (a->cell[i].is == SILENT)
				r->silent[r->nsilent++] = a->cell[i].rank;
	}
	sort(r->silent, r->nsilent, sizeof(*r->silent), u32_cmp, NULL, &a->ev->scratch);
	r->nsilent = sort_unique(r->silent, r->nsilent, sizeof(*r->silent), u32_cmp, NULL);
}

/* The culprits of one diagnosis; 0 of them when none has it. */
static size_t
culprits_who(const struct report *r, enum is is, uint32_t *rank)
{
	size_t n = 0;

	for (size_t i = 0; i < r->nculprit; i++)
		if (r->a->cell[r->f->culprit[i]].is == is)
			rank[n++] = r->culprits[i];
	return n;
}

static void
put_op(const struct report *r, struct buf *b)
{
	struct str op = r->at ? plain_op(name(r->a, r->at->op)) : (struct str){0};

	put_short(b, op.n ? op : S("collective"), 40);
	buf_chr(b, ' ');
	buf_i64(b, r->f->seq);
}

/* Is this the finding's word? */
static bool
is_word(const struct report *r, struct str word)
{
	return str_eq(r->f->word, word);
}

static struct str
headline(const struct report *r)
{
	static const struct str words[] = {
		[SILENT] = STR_INIT("silent: "),
		[NEVER_JOINED] = STR_INIT("never joined by "),
		[STUCK] = STR_INIT("stuck on device: "),
	};
	const struct all *a = r->a;
	struct buf *b = a->d->scratch;
	uint32_t *rank = mem_new(a->d->mem, uint32_t, r->nculprit);
	struct str before_it = S(": ");
	size_t n;

	b->n = 0;
	put_op(r, b);
	buf_add(b, S(" of "));
	put_group(a, b, r->f->g);
	buf_add(b, S(" hangs"));
	if (r->f->word.n) {
		buf_add(b, S(": "));
		buf_add(b, r->f->word);
		if (is_word(r, S("stalled"))) {
			buf_add(b, S(", all "));
			buf_u64(b, r->f->g->to - r->f->g->from);
			buf_add(b, S(" ranks entered it"));
		} else {
			buf_add(b, S(" of "));
			put_ranks(b, r->culprits, r->nculprit);
		}
	} else {
		for (enum is is = STUCK; is >= SILENT; is--) {
			n = culprits_who(r, is, rank);
			if (n == 0)
				continue;
			buf_add(b, before_it);
			buf_add(b, words[is]);
			put_ranks(b, rank, n);
			before_it = S(", ");
		}
	}
	if (r->nwaiting && !is_word(r, S("stalled"))) {
		buf_add(b, S("; "));
		buf_u64(b, r->nwaiting);
		buf_add(b, r->nwaiting == 1 ? S(" waits") : S(" wait"));
	}
	if (begun(r->c) != NO_TIME) {
		buf_add(b, S(" since "));
		time_put(b, begun(r->c));
	}
	if (b->n > HEADLINE_MAX) {
		b->n = HEADLINE_MAX - 3;
		while (((unsigned char)b->p[b->n] & 0xc0) == 0x80)
			b->n--;
		buf_add(b, S("..."));
	}
	return verdict_keep(a->d->out, b);
}

static void
put_hosts(const struct report *r, struct buf *b)
{
	if (r->nhost == 0)
		return;
	buf_add(b, S(" (on "));
	for (size_t i = 0; i < r->nhost && i < LISTED; i++) {
		if (i)
			buf_add(b, S(", "));
		put_short(b, name(r->a, r->host[i]), 64);
	}
	if (r->nhost > LISTED)
		buf_add(b, S(" and others"));
	buf_chr(b, ')');
}

static struct str
remediation(const struct report *r)
{
	static const struct {
		struct str what, todo;
	} by_is[] = {
		[SILENT] = {STR_INIT("No record came from "),
			STR_INIT(": see whether the process and its node live (kernel log, pod events), and get the missing dump if they do. ")},
		[NEVER_JOINED] = {STR_INIT("The program did not come to the collective on "),
			STR_INIT(": look at its stack (py-spy dump), data loading, storage and exceptions on that host; the GPU waits for it. ")},
		[STUCK] = {STR_INIT("The GPU entered and does not finish on "),
			STR_INIT(": look for Xids and NVLink or network errors there (xid-correlate), and drain the node if there are any. ")},
	};
	const struct all *a = r->a;
	struct buf *b = a->d->scratch;
	uint32_t *rank = mem_new(a->d->mem, uint32_t, r->nculprit);
	size_t n;

	b->n = 0;
	if (is_word(r, S("mismatch"))) {
		buf_add(b, S("The calls differ in operation, sizes or dtype: compare the program of "));
		put_ranks(b, r->culprits, r->nculprit);
		put_hosts(r, b);
		buf_add(b, S(" with the others at this collective; a branch or a shape depends on the rank. "));
	} else if (is_word(r, S("deadlock"))) {
		buf_add(b, S("These wait for each other in different process groups, entered in different orders: "));
		put_ranks(b, r->culprits, r->nculprit);
		put_hosts(r, b);
		buf_add(b, S(". Make the program enter the groups in one order. "));
	} else if (is_word(r, S("stalled"))) {
		buf_add(b, S("Every member entered and none finishes: look at the fabric between their hosts (InfiniBand or RoCE links and switches, NVLink, NVSwitch), not at one rank. "));
	}
	for (enum is is = STUCK; is >= SILENT && r->f->word.n == 0; is--) {
		n = culprits_who(r, is, rank);
		if (n == 0)
			continue;
		buf_add(b, by_is[is].what);
		put_ranks(b, rank, n);
		put_hosts(r, b);
		buf_add(b, by_is[is].todo);
	}
	buf_add(b, S("Then restart the job."));
	return verdict_keep(a->d->out, b);
}

static void
rank_list(struct verdicts *vs, const char *what, const uint32_t *rank, size_t n)
{
	if (n == 0)
		return;
	verdict_open(vs, what, ITEM_LIST);
	for (size_t i = 0; i < n; i++)
		verdict_int(vs, NULL, rank[i]);
	verdict_close(vs);
}

static void
culprit_list(const struct report *r)
{
	struct verdicts *vs = r->a->d->out;

	if (r->nculprit == 0)
		return;
	verdict_open(vs, "culprits", ITEM_LIST);
	for (size_t i = 0; i < r->nculprit; i++) {
		const struct cell *c = &r->a->cell[r->f->culprit[i]];

		verdict_open(vs, NULL, ITEM_OBJECT);
		verdict_int(vs, "rank", c->rank);
		verdict_str(vs, "diagnosis", diagnosis(r, i));
		verdict_str(vs, "host", name(r->a, host_of(r->a, c)));
		if (c->pending >= 0)
			verdict_int(vs, "pending", c->pending);
		verdict_close(vs);
	}
	verdict_close(vs);
}

static void
stack(const struct report *r)
{
	const struct all *a = r->a;
	struct verdicts *vs = a->d->out;
	const struct collective *best = NULL;
	struct str s, line;

	if (r->nculprit) {
		const struct cell *c = &a->cell[r->f->culprit[0]];
		const struct who *w = &a->who[c->who];

		best = c->pend && c->pend->stack ? c->pend : NULL;
		for (size_t i = w->from; i < w->to && !(c->pend && c->pend->stack); i++) {
			const struct collective *p = a->cell[a->by_rank[i]].pend;

			if (p && p->stack && (!best || begun_before(p, best)))
				best = p;
		}
	}
	if (!best)
		return;
	s = name(a, best->stack);
	verdict_open(vs, "stack", ITEM_LIST);
	while (str_cut(&s, '\n', &line))
		verdict_str(vs, NULL, line);
	verdict_close(vs);
}

/* Collectives of the incident that at least somebody hangs in. */
static int64_t
blocked(const struct all *a, const struct incident *in)
{
	int64_t n = 0;

	for (size_t i = 0; i < in->n; i++) {
		const struct grp *g = &a->grp[in->grp[i]];
		int64_t seq = -1;

		for (size_t k = g->item; k < g->item + g->nitem; k++)
			if (a->item[k].hung && a->item[k].c->seq != seq) {
				seq = a->item[k].c->seq;
				n++;
			}
	}
	return n;
}

static int64_t
some_time(const struct all *a, int64_t t)
{
	return t != NO_TIME && t != INT64_MAX ? t : a->newest != NO_TIME ? a->newest : 0;
}

/* What a rank's record, or the lack of one, says. */
static void
evidence(const struct report *r, const struct cell *c, const struct collective *p, int64_t seq, bool calls)
{
	const struct all *a = r->a;
	const struct grp *g = &a->grp[c->grp];
	struct verdicts *vs = a->d->out;
	struct buf *b = a->d->scratch;
	struct str uid, shape, part;

	b->n = 0;
	buf_u64(b, c->rank);
	buf_chr(b, '/');
	buf_add(b, name(a, g->name));
	buf_chr(b, '/');
	buf_i64(b, p ? p->seq : seq);
	uid = verdict_keep(vs, b);
	buf_add(b, S("rank "));
	buf_u64(b, c->rank);
	if (host_of(a, c)) {
		buf_add(b, S(" on "));
		buf_add(b, name(a, host_of(a, c)));
	}
	buf_add(b, S(", "));
	put_group(a, b, g);
	buf_add(b, S(": "));
	if (p) {
		buf_plain(b, p->op ? plain_op(name(a, p->op)) : S("collective"));
		buf_chr(b, ' ');
		buf_i64(b, p->seq);
		shape = name(a, p->shape);
		for (unsigned i = 0; calls && i < PARTS && str_cut(&shape, '|', &part); i++) {
			buf_add(b, i == 2 && part.n ? S(" to ") : S(" "));
			put_short(b, part, 64);
		}
		buf_add(b, p->running ? S(" started, not completed") : S(" scheduled, not completed"));
		if (c->is == STUCK && !calls) {
			buf_add(b, S("; others are at "));
			buf_i64(b, g->front);
		}
	} else if (c->spoke) {
		buf_add(b, S("has not joined "));
		buf_i64(b, seq);
		if (c->done >= 0 || (c->completed >= 0 && !g->mixed)) {
			buf_add(b, S("; it completed "));
			buf_i64(b, c->done > c->completed || g->mixed ? c->done : c->completed);
		}
	} else {
		buf_add(b, S("no record of this rank, which "));
		buf_i64(b, seq);
		buf_add(b, S(" waits for"));
	}
	verdict_evidence(vs, S("nccl_record"), uid, some_time(a, p ? begun(p) : g->first), verdict_keep(vs, b));
}

/* Of a culprit: what it hangs in; of another: its record of the finding. */
static void
evidence_trail(const struct report *r)
{
	const struct all *a = r->a;
	const struct finding *f = r->f;
	size_t from, to, n = 0;

	for (size_t i = 0; i < r->nculprit && i < EVIDENCE_MAX; i++) {
		const struct cell *c = &a->cell[f->culprit[i]];

		evidence(r, c, c->pend, f->in ? a->grp[c->grp].front : f->seq, is_word(r, S("mismatch")));
	}
	if (r->nculprit)
		return;
	items_at(a, f->g, f->seq, &from, &to);
	for (; from < to && n < EVIDENCE_MAX; from++)
		if (a->item[from].hung) {
			evidence(r, &a->cell[a->item[from].cell], a->item[from].c, f->seq, false);
			n++;
		}
	/* none hangs in the front: then in what came before */
	for (size_t i = f->g->from; i < f->g->to && n < EVIDENCE_MAX && to == from && n == 0; i++)
		if (a->cell[i].hung) {
			evidence(r, &a->cell[i], a->cell[i].pend, f->seq, false);
			break;
		}
}

static void
emit(const struct all *a, const struct finding *f)
{
	struct report r = {.a = a, .f = f};
	const struct grp *g = f->g;
	struct verdicts *vs = a->d->out;
	struct verdict *v;
	struct age age;
	size_t n;

	gather_ranks(&r);
	v = verdict_add(vs);
	v->headline = headline(&r);
	v->remediation = remediation(&r);
	verdict_str(vs, "pg_id", name(a, r.c->pg));
	verdict_str(vs, "pg_name", name(a, g->name));
	verdict_str(vs, "pg_desc", name(a, g->desc));
	verdict_int(vs, "collective_seq_id", f->seq);
	if (r.at)
		verdict_str(vs, "op", name(a, r.at->op));
	verdict_str(vs, "diagnosis", r.nculprit ? diagnosis(&r, 0) : f->word);
	culprit_list(&r);
	rank_list(vs, "culprit_ranks", r.culprits, r.nculprit);
	rank_list(vs, "hanging_ranks", r.hanging, r.nhanging);
	rank_list(vs, "waiting_ranks", r.waiting, r.nwaiting);
	rank_list(vs, "silent_ranks", r.silent, r.nsilent);
	verdict_int(vs, "group_size", (int64_t)(g->to - g->from));
	age = age_of(a, r.c);
	if (age.ns != NO_TIME && age.ns != INT64_MAX)
		verdict_seconds(vs, "hung_seconds", age.ns);
	verdict_str(vs, "age_basis", age.basis);
	if (f->in) {
		verdict_int(vs, "blocked_collectives", blocked(a, f->in));
		verdict_int(vs, "blocked_groups", (int64_t)f->in->n);
	}
	if (r.nhost) {
		verdict_open(vs, "culprit_hosts", ITEM_LIST);
		for (size_t i = 0; i < r.nhost; i++)
			verdict_str(vs, NULL, name(a, r.host[i]));
		verdict_close(vs);
	}
	stack(&r);
	n = r.nculprit ? r.nculprit : r.nhanging;
	if (n > EVIDENCE_MAX)
		verdict_int(vs, "evidence_omitted", (int64_t)n - EVIDENCE_MAX);
	evidence_trail(&r);
}

/* ---- which findings, in which order ---- */

struct findings {
	struct finding *f;
	size_t n;
};

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

/* ---- near misses ---- */

static void
key_int(struct buf *b, const char *key, int64_t n)
{
	if (n < 0)
		return;
	buf_key(b, key);
	buf_i64(b, n);
}

/* A line for each group: an expert can check the verdict by it. */
static void
explain(const struct all *a)
{
	struct buf *b = a->d->explain;

	for (size_t i = 0; i < a->ngrp; i++) {
		const struct grp *g = &a->grp[i];
		bool counted = false;

		if (g->skipped)
			continue;
		for (size_t k = g->from; k < g->to; k++)
			counted |= a->cell[k].enqueued >= 0;
		buf_add(b, S("{\"explain\":\"process group\""));
		buf_key(b, "pg_name");
		buf_json(b, name(a, g->name));
		if (g->desc) {
			buf_key(b, "pg_desc");
			buf_json(b, name(a, g->desc));
		}
		key_int(b, "group_size", (int64_t)(g->to - g->from));
		key_int(b, "front", g->front);
		buf_key(b, "hanging");
		buf_u64(b, g->hung);
		if (g->mixed && counted) {
			buf_key(b, "counts");
			buf_json(b, S("pg_status counts point-to-point, too"));
		}
		buf_key(b, "members");
		buf_chr(b, '[');
		for (size_t k = g->from; k < g->to; k++) {
			const struct cell *c = &a->cell[k];
			int64_t enqueued = c->last, completed = c->done;

			raise(&enqueued, c->enqueued);
			raise(&completed, c->completed);
			buf_add(b, k > g->from ? S(",{") : S("{"));
			key_int(b, "rank", c->rank);
			key_int(b, "pending", c->pending);
			key_int(b, "enqueued", enqueued);
			key_int(b, "completed", completed);
			buf_key(b, "is");
			buf_json(b, g->hung ? is_name[c->is] : c->spoke ? is_name[c->pending >= 0 ? WAITS : FINE] : is_name[SILENT]);
			buf_chr(b, '}');
		}
		buf_add(b, S("]}\n"));
	}
}

/* ---- notices ---- */

static void
notice(const struct all *a)
{
	struct buf *b = a->d->notice;

	if (a->nsaid == 0) {
		buf_add(b, S("no flight-recorder records: nothing to judge"));
		return;
	}
	if (a->d->out->n)
		return;
	if (a->lone) {
		buf_u64(b, a->lone);
		buf_add(b, a->lone == 1 ? S(" rank hangs") : S(" ranks hang"));
		buf_add(b, S(" alone, fewer than --min-ranks="));
		buf_u64(b, a->c->min_ranks);
	} else if (a->young) {
		buf_u64(b, a->pending);
		buf_add(b, S(" unfinished, none for --threshold="));
		buf_fixed(b, a->c->threshold, 9);
		buf_chr(b, 's');
		if (a->oldest == NO_TIME) {
			buf_add(b, S(": their age is not known"));
		} else {
			buf_add(b, S(": the oldest for "));
			buf_fixed(b, a->oldest < 0 ? 0 : a->oldest, 9);
			buf_chr(b, 's');
		}
		if (a->by_newest)
			buf_add(b, S(", counted to the newest record: --now=TIME counts to another"));
	}
}

static void
detect(const struct detection *d)
{
	struct all a = {.d = d, .c = d->config, .ev = d->ev, .newest = NO_TIME};
	struct findings found;

	gather_pairs(&a);
	gather_groups(&a);
	skip_groups(&a);
	gather_cells(&a);
	fill_cells(&a);
	find_fronts(&a);
	gather_items(&a);
	gather_whos(&a);
	found = a.c->all ? judge_each(&a) : judge_incidents(&a);
	sort(found.f, found.n, sizeof(*found.f), finding_cmp, &a, &d->ev->scratch);
	for (size_t i = 0; i < found.n; i++)
		emit(&a, &found.f[i]);
	if (d->explain)
		explain(&a);
	notice(&a);
}

const struct pattern nccl_hang = {
	.filter = STR_INIT("nccl-hang"),
	.id = STR_INIT("15"),
	.name = STR_INIT("nccl_hang"),
	.about = STR_INIT("Say which collective hung, and which ranks are to blame."),
	.wants = 1u << EVENT_COLLECTIVE | 1u << EVENT_DONE | 1u << EVENT_PROGRESS | 1u << EVENT_TEAM,
	.words = {flightrec_words},
	.opt = options,
	.config_size = sizeof(struct config),
	.config = &start,
	.setup = setup,
	.detect = detect,
};
