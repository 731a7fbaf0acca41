#include "pattern/nccl_hang/nccl.h"

#include <string.h>

#include "base/num.h"

const struct str nccl_diagnosis[] = {
	[DONE] = STR_INIT("fine"),
	[WAITING] = STR_INIT("waits"),
	[UNHEARD] = STR_INIT("unknown"),
	[SILENT] = STR_INIT("silent"),
	[NEVER_JOINED] = STR_INIT("never_joined"),
	[STUCK_ON_DEVICE] = STR_INIT("stuck_on_device"),
};

bool
nccl_regex(regex_t *re, struct str s, struct mem *m)
{
	char *z = mem_bytes(m, s.n + 1);

	memcpy(z, s.p, s.n);
	z[s.n] = '\0';
	return regcomp(re, z, REG_EXTENDED | REG_NOSUB) == 0;
}

static int
pair_cmp(const void *x, const void *y, const void *ctx)
{
	const struct group_speaker *p = x, *q = y;
	int d = SORT_ORDER(q->member, p->member);

	d = d || p->group == q->group ? d : idx_cmp(ctx, p->group, q->group);
	return d ? d : SORT_ORDER(p->rank, q->rank);
}

/* By rank, then host: known ones first, in order of names. */
static int
said_cmp(const void *x, const void *y, const void *ctx)
{
	const struct group_speaker *p = x, *q = y;
	int d = SORT_ORDER(p->rank, q->rank);

	d = d ? d : SORT_ORDER(!p->node, !q->node);
	d = d ? d : idx_cmp(ctx, p->node, q->node);
	return d ? d : SORT_ORDER(q->dump, p->dump);
}

static int
said_same(const void *x, const void *y, const void *ctx)
{
	const struct group_speaker *p = x, *q = y;

	(void)ctx;
	return SORT_ORDER(p->rank, q->rank);
}

/* The pair for a record in the array b: the last one if it is equal, or a new
 * one. */
static struct group_speaker *
add_pair(struct buf *b, uint32_t group, uint32_t rank, uint32_t node, bool member)
{
	struct group_speaker *p = (void *)buf_room(b, sizeof(*p));

	if (b->n && p[-1].group == group && p[-1].rank == rank && p[-1].node == node && p[-1].member == member)
		return p - 1;
	*p = (struct group_speaker){.group = group, .rank = rank, .node = node, .member = member};
	b->n += sizeof(*p);
	return p;
}

/* Are there flight-recorder records of one rank and group from several hosts?  n pairs,
 * in order. */
static bool
has_two_hosts(const struct job *a, size_t n)
{
	uint32_t node = 0;

	for (size_t i = 0; i < n; i++) {
		const struct group_speaker *p = &a->pair[i];

		if (i == 0 || pair_cmp(p - 1, p, &a->ev->names) != 0)
			node = 0;
		if (!p->member || !p->record || !p->node)
			continue;
		if (node && p->node != node)
			return true;
		node = p->node;
	}
	return false;
}

/* Gather the ranks with records about each group, and the newest time. */
static void
gather_pairs(struct job *a)
{
	struct buf *l = a->d->scratch;
	size_t n;

	l->n = 0;
	EACH(collective, c, EVENT_COLLECTIVE) {
		add_pair(l, c->group, c->rank, c->e.node, true)->record |= c->source == FROM_RECORDER;
		raise(&a->newest, c->e.t);
		raise(&a->newest, c->started);
		raise(&a->newest, c->dump ? NO_TIME : c->seen);
	}
	EACH(completed, d, EVENT_COMPLETED) {
		add_pair(l, d->group, d->rank, d->e.node, true)->record = true;
	}
	EACH(progress, p, EVENT_PROGRESS) {
		struct group_speaker *pair = add_pair(l, p->group, p->rank, p->e.node, p->group != 0);

		pair->dump |= p->dump;
		pair->part |= p->part;
		pair->whole |= p->whole;
		pair->record |= p->source == FROM_RECORDER;
	}
	n = l->n / sizeof(struct group_speaker);
	a->speakers = mem_new(a->d->mem, struct group_speaker, n);
	a->pair = mem_new(a->d->mem, struct group_speaker, n);
	if (n) {
		memcpy(a->speakers, l->p, l->n);
		memcpy(a->pair, l->p, l->n);
	}
	sort(a->speakers, n, sizeof(*a->speakers), said_cmp, &a->ev->names, a->d->spare);
	for (size_t i = n; i-- > 1;)
		if (a->speakers[i - 1].rank == a->speakers[i].rank) {
			a->speakers[i - 1].dump |= a->speakers[i].dump;
			a->speakers[i - 1].part |= a->speakers[i].part;
			a->speakers[i - 1].whole |= a->speakers[i].whole;
			a->speakers[i - 1].record |= a->speakers[i].record;
		}
	a->nspeakers = sort_unique(a->speakers, n, sizeof(*a->speakers), said_same, NULL);
	sort(a->pair, n, sizeof(*a->pair), pair_cmp, &a->ev->names, a->d->spare);
	a->mingled |= has_two_hosts(a, n);
	a->npair = sort_unique(a->pair, n, sizeof(*a->pair), pair_cmp, &a->ev->names);
	while (a->npair && !a->pair[a->npair - 1].member)
		a->npair--;
}

size_t
nccl_holes(const struct job *a, uint32_t **hole, bool *many)
{
	size_t n = a->nspeakers, k = 0;
	uint32_t next = 0;

	while (n && a->speakers[n - 1].rank >= SCOPED)
		n--;
	*many = n && a->speakers[n - 1].rank + UINT64_C(1) > 2 * n;
	if (*many)
		return 0;
	*hole = mem_new(a->d->mem, uint32_t, n + n + a->nhost);
	for (size_t i = 0; i < n; i++, next++)
		for (; next < a->speakers[i].rank; next++)
			(*hole)[k++] = next;
	for (size_t i = 0; i < a->nhost; i++)
		if (a->host[i].rank >= next)
			(*hole)[k++] = a->host[i].rank;
	return k;
}

const struct group_speaker *
nccl_speaker(const struct job *a, uint32_t rank)
{
	size_t lo = 0;

	SORT_BISECT(lo, a->nspeakers, i, a->speakers[i].rank < rank);
	return lo < a->nspeakers && a->speakers[lo].rank == rank ? &a->speakers[lo] : NULL;
}

/* Gather groups: one for each name and list of ranks, and one for each name without a
 * list. */
static void
gather_groups(struct job *a)
{
	const struct record_list *list = &a->list[EVENT_PROCESS_GROUP];
	const struct process_group *t = list->p;
	size_t i = 0, k = 0;

	a->grp = mem_new(a->d->mem, struct grp, list->n + a->npair);
	while (i < list->n || k < a->npair) {
		int d = i == list->n ? 1 : k == a->npair ? -1 : idx_cmp(&a->ev->names, t[i].group, a->pair[k].group);
		uint32_t group = d <= 0 ? t[i].group : a->pair[k].group, desc = 0, size = 0;
		size_t from = a->ngrp;

		for (; i < list->n && t[i].group == group; i++) {
			struct grp *g = a->ngrp > from ? &a->grp[a->ngrp - 1] : NULL;

			if (!desc)
				desc = t[i].desc;
			if (t[i].size)
				size = t[i].size;
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
		for (; from < a->ngrp; from++) {
			if (!a->grp[from].desc)
				a->grp[from].desc = desc;
			a->grp[from].size = a->grp[from].ranks ? 0 : size;
		}
		while (k < a->npair && a->pair[k].group == group)
			k++;
	}
}

static void
skip_groups(struct job *a)
{
	regex_t re;
	int no;

	if (a->c->groups.n == 0)
		return;
	/* setup has compiled it once: only lack of memory can fail */
	if (!nccl_regex(&re, a->c->groups, a->d->mem))
		mem_fail();
	for (size_t i = 0; i < a->ngrp; i++) {
		const uint32_t ids[] = {a->grp[i].name, a->grp[i].desc};
		struct buf *b = a->d->scratch;

		a->grp[i].skipped = true;
		for (size_t k = 0; k < NELEM(ids); k++) {
			b->n = 0;
			buf_add(b, name(a, ids[k]));
			buf_chr(b, '\0');
			no = regexec(&re, b->p, 0, NULL, 0);
			if (no && no != REG_NOMATCH)
				mem_fail();
			if (!no)
				a->grp[i].skipped = false;
		}
	}
	regfree(&re);
}

static int
member_cmp(const void *x, const void *y, const void *ctx)
{
	const struct member *p = x, *q = y;

	(void)ctx;
	return p->grp != q->grp ? SORT_ORDER(p->grp, q->grp) : SORT_ORDER(p->rank, q->rank);
}

static int
member_rank_cmp(const void *x, const void *y, const void *ctx)
{
	const struct member *p = x, *q = y;

	(void)ctx;
	return p->rank != q->rank ? SORT_ORDER(p->rank, q->rank) : SORT_ORDER(p->grp, q->grp);
}

/*
 * Add the members of groups from..to, which have one name, and of the n pairs with
 * that name: a rank belongs to the first group that lists it, or else to the first one.
 */
static void
place(struct job *a, size_t from, size_t to, struct group_speaker *p, size_t n)
{
	size_t begin = a->nmember, listed, lo, hi;
	uint64_t rank;

	for (size_t g = from; g < to; g++) {
		struct str s = name(a, a->grp[g].ranks);

		while (num_eat(&s, &rank)) {
			a->member[a->nmember++] = (struct member){.grp = (uint32_t)g, .rank = (uint32_t)rank};
			s = str_from(s, 1);
		}
	}
	listed = a->nmember;
	sort(a->member + begin, listed - begin, sizeof(*a->member), member_rank_cmp, NULL, a->d->spare);
	for (size_t i = 0; i < n; i++) {
		for (lo = begin, hi = listed; lo < hi;) {
			size_t mid = lo + (hi - lo) / 2;

			if (a->member[mid].rank < p[i].rank)
				lo = mid + 1;
			else
				hi = mid;
		}
		p[i].grp = (uint32_t)from;
		if (lo < listed && a->member[lo].rank == p[i].rank)
			p[i].grp = a->member[lo].grp;
		else
			a->member[lo = a->nmember++] = (struct member){.grp = (uint32_t)from, .rank = p[i].rank};
		a->member[lo].own = true;
	}
	sort(a->member + begin, a->nmember - begin, sizeof(*a->member), member_cmp, NULL, a->d->spare);
}

static void
gather_members(struct job *a)
{
	size_t n = a->npair, at = 0, to;

	for (size_t g = 0; g < a->ngrp; g++) {
		struct str s = name(a, a->grp[g].ranks);

		n += s.n != 0;
		for (size_t i = 0; i < s.n; i++)
			n += s.p[i] == ',';
	}
	a->member = mem_new(a->d->mem, struct member, n);
	for (size_t g = 0; g < a->ngrp; g = to) {
		size_t first = at;

		for (to = g + 1; to < a->ngrp && a->grp[to].name == a->grp[g].name; to++)
			;
		while (at < a->npair && a->pair[at].group == a->grp[g].name)
			at++;
		place(a, g, to, a->pair + first, at - first);
	}
	for (size_t i = 0; i < a->nmember; i++) {
		struct member *c = &a->member[i];
		struct grp *g = &a->grp[c->grp];
		const struct group_speaker *said;

		if (i == 0 || c->grp != a->member[i - 1].grp)
			g->from = i;
		g->to = i + 1;
		c->done = c->last = c->enqueued = c->completed = -1;
		said = nccl_speaker(a, c->rank);
		c->heard = said;
		c->spoke = said && (said->record || c->own);
		c->cut = said && said->part && !said->whole;
	}
}

static struct member *
member_at(const struct job *a, const struct grp *g, uint32_t rank)
{
	size_t lo = g->from;

	SORT_BISECT(lo, g->to, i, a->member[i].rank < rank);
	return &a->member[lo];
}

/* The member of a record.  Call in the order of a->pair; *at: position there. */
static struct member *
member_of(const struct job *a, size_t *at, uint32_t group, uint32_t rank)
{
	while (a->pair[*at].group != group || a->pair[*at].rank != rank)
		++*at;
	return member_at(a, &a->grp[a->pair[*at].grp], rank);
}

int
nccl_open_cmp(const void *x, const void *y, const void *ctx)
{
	const struct open_p2p *p = x, *q = y;
	int d = SORT_ORDER(p->rank, q->rank);

	(void)ctx;
	d = d ? d : SORT_ORDER(p->peer, q->peer);
	return d ? d : SORT_ORDER(p->grp, q->grp);
}

static void
fill_members(struct job *a)
{
	struct member *member = NULL;
	size_t at = 0;
	uint32_t group = 0, rank = 0;

	EACH(completed, d, EVENT_COMPLETED) {
		if (!member || d->group != group || d->rank != rank)
			member = member_of(a, &at, group = d->group, rank = d->rank);
		raise(&member->done, d->to);
		raise(&member->last, d->to);
	}
	member = NULL;
	at = 0;
	EACH(collective, c, EVENT_COLLECTIVE) {
		if (!member || c->group != group || c->rank != rank)
			member = member_of(a, &at, group = c->group, rank = c->rank);
		raise(&member->last, c->seq);
		a->grp[member->grp].sources |= 1u << c->source;
		if (c->seq <= member->done)
			continue;
		if (!member->pend)
			member->pend = c;
		member->npend = (size_t)(c - member->pend) + 1;
	}
	at = 0;
	a->open = mem_new(a->d->mem, struct open_p2p, a->list[EVENT_PROGRESS].n);
	EACH(progress, p, EVENT_PROGRESS) {
		const struct grp *g;

		if (!p->group)
			continue;
		member = member_of(a, &at, p->group, p->rank);
		raise(&member->enqueued, p->enqueued);
		raise(&member->completed, p->completed);
		a->grp[member->grp].sources |= 1u << p->source;
		a->grp[member->grp].mixed |= p->p2p;
		a->grp[member->grp].retires |= p->retires;
		a->grp[member->grp].numberless |= p->numberless;
		g = &a->grp[member->grp];
		if (p->open && p->peer < g->to - g->from)
			a->open[a->nopen++] = (struct open_p2p){.rank = p->rank, .peer = a->member[g->from + p->peer].rank, .grp = member->grp,
				.began = p->began, .absent = {UINT32_MAX, UINT32_MAX}};
	}
	sort(a->open, a->nopen, sizeof(*a->open), nccl_open_cmp, NULL, a->d->spare);
}

/* ---- ages ---- */

int64_t
nccl_begun(const struct collective *c)
{
	return c->started != NO_TIME ? c->started : c->e.t;
}

bool
nccl_begun_before(const struct collective *p, const struct collective *q)
{
	int64_t tp = nccl_begun(p), tq = nccl_begun(q);

	if ((tp == NO_TIME) != (tq == NO_TIME))
		return tq == NO_TIME;
	return tp != tq ? tp < tq : p->rank < q->rank;
}

struct age
nccl_age(const struct job *a, const struct collective *c)
{
	int64_t now = a->newest, t = nccl_begun(c);
	struct str basis = S("newest");
	bool dump = c->dump;

	if (c->source != FROM_RECORDER) {
		if (t != NO_TIME && c->seen > t)
			return (struct age){time_diff(c->seen, t), S("watchdog")};
		return (struct age){c->timeout_ms ? (int64_t)c->timeout_ms * (SECOND / 1000) : NO_TIME, S("watchdog")};
	}
	if (a->c->now != NO_TIME) {
		now = a->c->now;
		basis = S("now");
	} else if (c->seen != NO_TIME && (dump || !a->d->follow)) {
		now = c->seen;
		basis = c->dump ? S("dump") : S("observed");
	} else {
		const struct group_speaker *said = nccl_speaker(a, c->rank);

		dump = dump || (said && said->dump);
		if (dump) {
			t = NO_TIME;
		} else if (a->d->follow) {
			now = a->d->follow->now;
			basis = S("now");
		}
	}
	if (t == NO_TIME)
		return dump ? (struct age){INT64_MAX, S("dump")} : (struct age){NO_TIME, basis};
	return (struct age){time_diff(now, t), basis};
}

bool
nccl_is_old(const struct job *a, struct age age)
{
	return age.ns != NO_TIME && age.ns >= time_diff(a->c->threshold, a->d->skew);
}

int64_t
nccl_due(const struct job *a, const struct collective *c)
{
	const struct group_speaker *said = nccl_speaker(a, c->rank);
	int64_t t = nccl_begun(c);

	if (c->source != FROM_RECORDER)
		return c->seen == NO_TIME ? INT64_MAX : c->seen;
	if (t == NO_TIME || c->dump || (said && said->dump))
		return INT64_MAX;
	return time_diff(time_add(t, a->c->threshold), a->d->skew);
}

/* Is it old enough?  If not, request another pass at the time it will be. */
static bool
has_come(const struct job *a, const struct collective *c, struct age age)
{
	struct follow *follow = a->d->follow;

	if (c->source != FROM_RECORDER)
		return c->timed_out;
	if (nccl_is_old(a, age))
		return true;
	if (follow)
		follow->wake_at = num_min(follow->wake_at, nccl_due(a, c));
	return false;
}

static bool
hangs(struct job *a, const struct collective *c)
{
	struct age age = nccl_age(a, c);

	if (has_come(a, c, age))
		return true;
	a->young++;
	if (age.ns > a->oldest)
		a->oldest = age.ns;
	a->by_newest |= str_eq(age.basis, S("newest"));
	return false;
}

/* Find the front of each group, and the hanging members. */
static void
find_fronts(struct job *a)
{
	a->oldest = NO_TIME;
	for (size_t i = 0; i < a->ngrp; i++) {
		struct grp *g = &a->grp[i];

		g->front = g->done = -1;
		g->first = INT64_MAX;
		g->up = i;
		g->numberless |= a->mingled;
		for (size_t k = g->from; k < g->to; k++)
			g->mixed |= a->member[k].last >= 0 && a->member[k].enqueued > a->member[k].last &&
				!(a->member[k].pend && a->member[k].pend->source != FROM_RECORDER);
		for (size_t k = g->from; k < g->to; k++) {
			struct member *c = &a->member[k];
			int64_t next = c->completed > c->done ? c->completed + 1 : c->done + 1;

			c->pending = c->pend ? c->pend->seq : -1;
			if (!g->mixed && c->completed >= 0 && c->enqueued >= next && (!c->pend || next < c->pending))
				c->pending = next;
			raise(&g->front, c->pending);
			raise(&g->done, num_max(c->done, c->completed));
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

struct str
nccl_op(struct str op)
{
	size_t at = str_find(op, S(":"));

	return at < op.n ? str_from(op, at + 1) : op;
}

static int
item_cmp(const void *x, const void *y, const void *ctx)
{
	const struct pending *p = x, *q = y;

	(void)ctx;
	return p->c->seq != q->c->seq ? SORT_ORDER(p->c->seq, q->c->seq) : SORT_ORDER(p->member, q->member);
}

/* Unfinished collectives of groups that hang, by group, collective, rank. */
static void
gather_items(struct job *a)
{
	size_t n = 0;

	for (size_t i = 0; i < a->nmember; i++)
		if (a->grp[a->member[i].grp].hung)
			n += a->member[i].npend;
	a->item = mem_new(a->d->mem, struct pending, n);
	for (size_t i = 0; i < a->ngrp; i++) {
		struct grp *g = &a->grp[i];

		g->item = a->nitem;
		for (size_t k = g->from; k < g->to && g->hung; k++) {
			const struct member *c = &a->member[k];

			for (size_t at = 0; at < c->npend; at++) {
				const struct collective *p = c->pend + at;

				if (at && p->seq == p[-1].seq)
					continue;
				a->item[a->nitem++] = (struct pending){p, (uint32_t)k, has_come(a, p, nccl_age(a, p))};
			}
		}
		g->nitem = a->nitem - g->item;
		sort(a->item + g->item, g->nitem, sizeof(*a->item), item_cmp, NULL, a->d->spare);
	}
}

/* The items of a group's collective: a range. */
void
nccl_items(const struct job *a, const struct grp *g, int64_t seq, size_t *from, size_t *to)
{
	size_t lo = g->item;

	SORT_BISECT(lo, g->item + g->nitem, i, a->item[i].c->seq < seq);
	for (*from = *to = lo; *to < g->item + g->nitem && a->item[*to].c->seq == seq; ++*to)
		;
}

bool
nccl_before(const struct job *a, const struct grp *p, const struct grp *q)
{
	int d = SORT_ORDER(nccl_is_unnamed(p), nccl_is_unnamed(q));

	d = d ? d : SORT_ORDER(p->first, q->first);
	d = d ? d : SORT_ORDER(p->to - p->from, q->to - q->from);
	d = d ? d : idx_cmp(&a->ev->names, p->name, q->name);
	return (d ? d : idx_cmp(&a->ev->names, p->ranks, q->ranks)) < 0;
}

void
nccl_gather(struct job *a)
{
	nccl_hear(a);
	gather_pairs(a);
	gather_groups(a);
	skip_groups(a);
	gather_members(a);
	nccl_place(a);
	fill_members(a);
	find_fronts(a);
	gather_items(a);
}
