#include "pattern/nccl_hang/hear.h"

#include <string.h>

#include "base/num.h"

#define A_TIMEOUT (600 * SECOND) /* PyTorch's default */

/* Group size implied by an operation's element counts, or 0. */
static uint32_t
size_by_op(const struct job *a, const struct watchdog *w)
{
	struct str op = name(a, w->op), shape = name(a, w->shape), in = {0}, type = {0}, out = {0};
	uint64_t small, large;

	str_cut(&shape, '|', &in);
	str_cut(&shape, '|', &type);
	str_cut(&shape, '|', &out);
	if (!num_u64(in, &small) || !num_u64(out, &large))
		return 0;
	if (str_has(op, S("SCATTER"))) {
		uint64_t t = small;

		small = large;
		large = t;
	} else if (!str_has(op, S("GATHER"))) {
		return 0;
	}
	if (str_has(op, S("COALESCED")) || small == 0 || large % small || large / small < 2 || large / small > 1 << 20)
		return 0;
	return (uint32_t)(large / small);
}

static void
add_group(struct hearing *h, uint32_t group, uint32_t desc, uint32_t size, const uint32_t *rank, size_t nrank)
{
	struct job *a = h->a;
	struct process_group t = {.e = {.t = NO_TIME}, .group = group, .desc = desc, .size = size};
	struct buf *b = a->d->scratch;
	const uint32_t *of = size ? hear_members(h, group, size, rank, nrank) : NULL;

	b->n = 0;
	for (size_t i = 0; i < size && of; i++) {
		if (i)
			buf_chr(b, ',');
		buf_u64(b, of[i]);
	}
	t.ranks = idx_add(a->d->names, buf_str(b));
	buf_add(&h->team, (struct str){(const char *)&t, sizeof(t)});
}

/*
 * For a group of unknown size: infer members between ranks whose local and global
 * numbers are known, if both are consecutive there; add those without lines.  rank: n
 * ranks with lines about the group, ascending.
 */
static void
add_lack(struct hearing *h, uint32_t group, const uint32_t *rank, size_t n)
{
	uint32_t size = hear_known(h, group);
	const uint32_t *of = size > n && size <= 2 * n ? hear_members(h, group, size, NULL, 0) : NULL;
	size_t k = 0;

	for (size_t i = 0; i < size && of; i++) {
		struct member_lack lack = {group, of[i]};

		while (k < n && rank[k] < of[i])
			k++;
		if (k == n || rank[k] != of[i])
			buf_add(&h->lack, (struct str){(const char *)&lack, sizeof(lack)});
	}
}

/* If ranks reached a monitored barrier, and rank 0, which counts them, did not answer:
 * add that one. */
static void
add_counter(struct hearing *h)
{
	struct member_lack lack = {idx_add(h->a->d->names, S("monitoredBarrier")), 0};

	for (size_t i = 0; i < h->n; i++) {
		const struct watchdog *w = h->line[i].w;

		if (w->part == WATCHDOG_BARRIER && !w->ranks && (w->rank == UINT32_MAX || w->rank == w->local)) {
			buf_add(&h->lack, (struct str){(const char *)&lack, sizeof(lack)});
			return;
		}
	}
}

/* Is a line about a rank's progress in a group? */
static bool
is_of_group(const struct log_line *l)
{
	return l->rank != UINT32_MAX &&
	       (hear_is_timeout(l->w) || l->w->part == WATCHDOG_DUMP || l->w->part == WATCHDOG_PROGRESS) &&
	       (l->group || l->w->part == WATCHDOG_TIMEOUT);
}

static int
by_group_cmp(const void *x, const void *y, const void *ctx)
{
	const struct log_line *const *p = x, *const *q = y;
	int d = (*p)->group == (*q)->group ? 0 : idx_cmp(ctx, (*p)->group, (*q)->group);

	d = d ? d : SORT_ORDER((*p)->rank, (*q)->rank);
	return d ? d : SORT_ORDER((*p)->w, (*q)->w); /* the order of records */
}

static int64_t
began(const struct watchdog *w)
{
	return w->e.t != NO_TIME && w->ran >= 0 ? time_diff(w->e.t, w->ran) : w->e.t;
}

/* The same by clocks without a year, or NO_TIME. */
static int64_t
clock_began(const struct watchdog *w)
{
	return w->clock && w->ran >= 0 ? time_diff(w->clock, w->ran) : NO_TIME;
}

/* When the first rank of a group began to hang; INT64_MAX: unknown. */
struct beginning {
	int64_t t, clock;
};

/* Is a line, other than a timeout, from before? */
static bool
is_before(const struct watchdog *w, struct beginning hang)
{
	int64_t t = hang.t == INT64_MAX ? NO_TIME : hang.t;

	if (w->e.t == NO_TIME && w->clock && hang.clock != INT64_MAX)
		return w->clock < hang.clock;
	return w->e.t < t && (w->part == WATCHDOG_PROGRESS || w->e.t != NO_TIME);
}

static bool
is_address(struct str node)
{
	for (size_t i = 0; i < node.n; i++)
		if (!strchr("0123456789abcdef.:", node.p[i]))
			return false;
	return node.n && (str_has(node, S(".")) || str_has(node, S(":")));
}

/* Are they two nodes, not the name and the address of one? */
static bool
are_two_nodes(const struct job *a, uint32_t p, uint32_t q)
{
	return p != q && p && q && is_address(name(a, p)) == is_address(name(a, q));
}

/* Are two timeouts of one rank in one group from two jobs or attempts? */
static bool
is_of_another(const struct job *a, const struct watchdog *p, const struct watchdog *q)
{
	int64_t apart = p->seq > q->seq ? p->seq - q->seq : q->seq - p->seq;

	return are_two_nodes(a, p->e.node, q->e.node) || (apart > NCCL_FALL && (p->e.t == NO_TIME || q->e.t == NO_TIME));
}

/* Do two failures of one rank in one group contradict each other?  By one, the rank had
 * not called the collective of the other, less than a timeout apart. */
static bool
is_contradicted(const struct watchdog *p, const struct watchdog *q)
{
	const struct watchdog *low = p->seq < q->seq ? p : q, *high = p->seq < q->seq ? q : p;
	bool dated = p->e.t != NO_TIME && q->e.t != NO_TIME;

	if (low->enqueued < 0 || low->enqueued >= high->seq)
		return false;
	return !dated || (time_diff(q->e.t, p->e.t) < A_TIMEOUT && time_diff(p->e.t, q->e.t) < A_TIMEOUT);
}

/* Combine the lines p..end of one rank about one group, and add records for them. */
static void
weigh(struct hearing *h, struct log_line *const *p, struct log_line *const *end, struct beginning hang, const struct desync_report *r)
{
	const struct log_line *first = *p;
	const struct watchdog *wait = NULL, *failed = NULL;
	int64_t enqueued = -1, completed = -1, seq = INT64_MAX;
	bool dump = false, lags = r->lacks >= 0 && first->group == r->group;
	struct collective c = {.started = NO_TIME, .rank = first->rank, .group = first->group, .source = FROM_WATCHDOG};

	for (struct log_line *const *q = p; q < end; q++) {
		const struct watchdog *w = (*q)->w;

		if (hear_is_timeout(w)) {
			h->a->mingled |= wait && is_of_another(h->a, wait, w);
			h->a->again |= wait && first->group && wait->seq != w->seq;
			if (w->part == WATCHDOG_FAILURE && first->group && first->rank < SCOPED) {
				h->a->mingled |= failed && is_contradicted(failed, w);
				failed = !failed || w->seq < failed->seq ? w : failed;
			}
			if (!wait || w->seq < seq || (w->seq == seq && wait->part != WATCHDOG_TIMEOUT))
				wait = w;
			seq = w->seq < seq ? w->seq : seq;
		} else if (is_before(w, hang)) {
			continue; /* not about this hang */
		}
		dump |= w->part == WATCHDOG_DUMP;
		raise(&enqueued, w->enqueued);
		raise(&completed, w->completed);
	}
	h->a->mingled |= wait && wait->seq >= 0 && completed > wait->seq + NCCL_FALL;
	if (lags && rank_list_has(&r->laggard, first->rank))
		return;
	if (wait) {
		c.e = (struct event){.t = began(wait), .node = wait->e.node};
		c.seen = wait->e.t;
		c.op = lags ? 0 : wait->op;
		c.shape = lags ? 0 : wait->shape;
		c.timeout_ms = wait->timeout_ms;
		c.timed_out = true;
		c.seq = lags ? r->lacks : num_max(wait->seq, 0); /* 0: unknown */
		c.numberless = !lags && wait->seq < 0 && c.group;
		heard_collective(h, &c);
		heard_progress(h, c.group, c.rank, c.e.node, lags ? -1 : enqueued, c.seq - 1);
		return;
	}
	if (enqueued > completed && dump) {
		c.e = (struct event){.t = hang.t == INT64_MAX ? NO_TIME : hang.t, .node = first->w->e.node};
		c.seen = first->w->e.t;
		c.timed_out = h->zero_timeout || !h->any_timeout;
		c.seq = lags ? r->lacks : completed < 0 ? 1 : completed + 1;
		heard_collective(h, &c);
	}
	if (enqueued >= 0)
		heard_progress(h, first->group, first->rank, first->w->e.node, enqueued, completed);
}

/* State shared by the groups. */
struct weighing {
	struct hearing *h;
	struct desync_report report;
	struct rank_list timed_out; /* in the report's group */
	uint32_t *rank;             /* space for the ranks of a group */
	const struct log_line **sized; /* lines with the size of their group, by group */
	size_t nsized;
};

static int
sized_cmp(const void *x, const void *y, const void *ctx)
{
	const struct log_line *const *p = x, *const *q = y;

	(void)ctx;
	return (*p)->group != (*q)->group ? SORT_ORDER((*p)->group, (*q)->group) : SORT_ORDER(*p, *q);
}

static void
gather_sized(struct weighing *g)
{
	const struct hearing *h = g->h;

	g->sized = mem_new(h->a->d->mem, const struct log_line *, h->n);
	for (size_t i = 0; i < h->n; i++)
		if (h->line[i].w->part == WATCHDOG_GROUP)
			g->sized[g->nsized++] = &h->line[i];
	sort(g->sized, g->nsized, sizeof(*g->sized), sized_cmp, NULL, h->a->d->spare);
}

/* Size of a group from the last line that has it, or else size. */
static uint32_t
size_said(const struct weighing *g, uint32_t group, uint32_t size)
{
	size_t lo = 0;

	SORT_BISECT(lo, g->nsized, i, g->sized[i]->group <= group);
	return lo && g->sized[lo - 1]->group == group ? g->sized[lo - 1]->w->size : size;
}

/* Combine the lines p..end about a group, rank by rank. */
static void
weigh_group(struct weighing *g, struct log_line *const *p, struct log_line *const *end)
{
	struct hearing *h = g->h;
	uint32_t group = (*p)->group, size = 0, desc = 0, *rank = g->rank;
	struct beginning hang = {INT64_MAX, INT64_MAX};
	size_t nrank = 0;
	bool sizes_differ = false;

	for (struct log_line *const *q = p; q < end; q++) {
		const struct watchdog *w = (*q)->w;
		uint32_t by_op = size_by_op(h->a, w);

		sizes_differ |= by_op && size && by_op != size;
		size = by_op ? by_op : size;
		desc = w->desc ? w->desc : desc;
		if (hear_is_timeout(w) && began(w) != NO_TIME)
			hang.t = num_min(hang.t, began(w));
		if (hear_is_timeout(w) && clock_began(w) != NO_TIME)
			hang.clock = num_min(hang.clock, clock_began(w));
		if (hear_is_timeout(w) && group == g->report.group)
			g->timed_out.rank[g->timed_out.n++] = (*q)->rank;
		if ((*q)->rank < SCOPED && (nrank == 0 || rank[nrank - 1] != (*q)->rank))
			rank[nrank++] = (*q)->rank;
	}
	for (struct log_line *const *q = p, *const *k; q < end; q = k) {
		for (k = q + 1; k < end && (*k)->rank == (*q)->rank; k++)
			;
		weigh(h, q, k, hang, &g->report);
	}
	/* different sizes of the default group, or one not above its ranks, are from two
	 * jobs */
	h->a->mingled |= group == h->zero && (sizes_differ || (size && nrank && rank[nrank - 1] >= size));
	size = size_said(g, group, size);
	if (size < nrank)
		size = 0; /* impossible */
	if (!size && group == g->report.group)
		size = g->report.size;
	/* the default group has all ranks, and so does the largest communicator */
	if (!size && group == h->zero && nrank && rank[nrank - 1] < h->a->world)
		size = h->a->world;
	if (!size && group && group != h->zero && !sizes_differ)
		add_lack(h, group, rank, nrank);
	add_group(h, group, desc, sizes_differ ? 0 : size, rank, nrank);
}

void
hear_weigh(struct hearing *h)
{
	struct job *a = h->a;
	struct mem *m = a->d->mem;
	struct weighing g = {.h = h, .timed_out = {.rank = mem_new(m, uint32_t, h->n)}, .rank = mem_new(m, uint32_t, h->n)};
	struct log_line **p = mem_new(m, struct log_line *, h->n);
	uint32_t only = 0;
	size_t n = 0;
	int64_t least = INT64_MAX;

	desync_give_group(h);
	for (size_t i = 0; i < h->n; i++)
		if (is_of_group(&h->line[i]))
			p[n++] = &h->line[i];
	sort(p, n, sizeof(*p), by_group_cmp, &a->ev->names, a->d->spare);
	for (size_t i = 0; i < n; i++)
		if (hear_is_timeout(p[i]->w)) {
			h->any_timeout = true;
			h->zero_timeout |= p[i]->group == h->zero;
			only = !only || only == p[i]->group ? p[i]->group : SEVERAL;
			if (p[i]->w->seq >= 0)
				least = num_min(least, p[i]->w->seq);
		}
	g.report = desync_gather(h, h->zero_timeout || !only ? h->zero : only, least);
	gather_sized(&g);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && p[end]->group == p[i]->group; end++)
			;
		weigh_group(&g, p + i, p + end);
	}
	add_counter(h);
	rank_list_sort(h, &g.timed_out);
	desync_add(h, &g.report, &g.timed_out);
	a->nlack = h->lack.n / sizeof(*a->lack);
	a->lack = mem_new(m, struct member_lack, a->nlack);
	if (a->nlack)
		memcpy(a->lack, h->lack.p, h->lack.n);
	buf_free(&h->lack);
}
