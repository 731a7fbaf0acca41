#include "pattern/nccl_hang/nccl.h"

#include "base/num.h"
#include "input/text/watchdog.h"

/*
 * hear - what lines of the watchdog say, as records like a flight recorder's.
 *
 * Such a line tells less than an entry: a timeout names no group, a group's
 * tag no global rank, counters no operation.  Lines of one rank complete each
 * other by the number of the collective that they share; what stays open is
 * left open.
 */

/* A line, with what is known of it from others. */
struct log_line {
	const struct watchdog *w;
	uint32_t rank;  /* global, or scoped, or UINT32_MAX */
	uint32_t group; /* its name; 0: not known */
};

/* A rank of a group is this one of all. */
struct mapped {
	uint32_t group, local, global;
};

struct hearing {
	struct job *a;
	struct log_line *line;
	size_t n;
	struct mapped *map;
	size_t nmap;
	uint32_t zero;    /* the default group's name */
	bool any_timeout; /* some line tells of one; the default group has one */
	bool zero_timeout;
	struct buf collective, progress, team; /* arrays of records */
};

static bool
hear_is_timeout(const struct watchdog *w)
{
	return w->part == WATCHDOG_TIMEOUT || w->part == WATCHDOG_FAILURE;
}

/* ---- whose line it is ---- */

static int
mapped_cmp(const void *x, const void *y, const void *ctx)
{
	const struct mapped *p = x, *q = y;
	int d = p->group == q->group ? 0 : idx_cmp(ctx, p->group, q->group);

	d = d ? d : SORT_ORDER(p->local, q->local);
	return d ? d : SORT_ORDER(p->global, q->global);
}

static int
mapped_same(const void *x, const void *y, const void *ctx)
{
	const struct mapped *p = x, *q = y;

	(void)ctx;
	return p->group != q->group || p->local != q->local;
}

static void
gather_map(struct hearing *h)
{
	const struct idx *names = &h->a->ev->names;

	h->map = mem_new(h->a->d->mem, struct mapped, h->n);
	for (size_t i = 0; i < h->n; i++) {
		const struct watchdog *w = h->line[i].w;

		if (w->group && !w->process_local && w->rank != UINT32_MAX && w->local != UINT32_MAX)
			h->map[h->nmap++] = (struct mapped){w->group, w->local, w->rank};
	}
	sort(h->map, h->nmap, sizeof(*h->map), mapped_cmp, names, h->a->d->spare);
	h->nmap = sort_unique(h->map, h->nmap, sizeof(*h->map), mapped_same, NULL);
}

/* The first of the map that is of a group, or behind it. */
static size_t
map_at(const struct hearing *h, uint32_t group, uint32_t local)
{
	struct mapped key = {group, local, 0};
	size_t lo = 0;

	SORT_BISECT(lo, h->nmap, i, mapped_cmp(&h->map[i], &key, &h->a->ev->names) < 0);
	return lo;
}

static uint32_t
global_of(const struct hearing *h, uint32_t group, uint32_t local)
{
	size_t at = map_at(h, group, local);

	if (group == h->zero)
		return local;
	return at < h->nmap && h->map[at].group == group && h->map[at].local == local ? h->map[at].global : UINT32_MAX;
}

static int
scoped_cmp(const void *x, const void *y, const void *ctx)
{
	const struct scoped *p = x, *q = y;
	int d = p->group == q->group ? 0 : idx_cmp(ctx, p->group, q->group);

	return d ? d : SORT_ORDER(p->local, q->local);
}

/* Ranks that are known in their group alone get numbers above all others. */
static void
gather_scoped(struct hearing *h)
{
	struct job *a = h->a;

	a->scoped = mem_new(a->d->mem, struct scoped, h->n);
	for (size_t i = 0; i < h->n; i++)
		if (h->line[i].rank == UINT32_MAX && h->line[i].w->local != UINT32_MAX)
			a->scoped[a->nscoped++] = (struct scoped){h->line[i].w->group, h->line[i].w->local};
	sort(a->scoped, a->nscoped, sizeof(*a->scoped), scoped_cmp, &a->ev->names, a->d->spare);
	a->nscoped = sort_unique(a->scoped, a->nscoped, sizeof(*a->scoped), scoped_cmp, &a->ev->names);
	for (size_t i = 0; i < h->n; i++) {
		struct scoped key = {h->line[i].w->group, h->line[i].w->local};
		size_t lo = 0;

		if (h->line[i].rank != UINT32_MAX || key.local == UINT32_MAX)
			continue;
		SORT_BISECT(lo, a->nscoped, k, scoped_cmp(&a->scoped[k], &key, &a->ev->names) < 0);
		h->line[i].rank = SCOPED + (uint32_t)lo;
	}
}

/* A group that has but a number in one process is another in each; yet a rank
 * that has the same number in its group as of all is in a group with all below it. */
static uint32_t
name_of_local(const struct hearing *h, const struct watchdog *w, uint32_t rank)
{
	struct buf *b = h->a->d->scratch;

	rank = rank == w->local ? 0 : rank;
	b->n = 0;
	buf_add(b, name(h->a, w->group));
	buf_add(b, S(" of rank "));
	buf_u64(b, rank);
	return idx_add(h->a->d->names, buf_str(b));
}

static void
hear_ranks(struct hearing *h)
{
	gather_map(h);
	for (size_t i = 0; i < h->n; i++) {
		struct log_line *l = &h->line[i];
		const struct watchdog *w = l->w;

		l->rank = w->rank;
		if (w->part == WATCHDOG_MISMATCH)
			l->rank = global_of(h, w->group ? w->group : h->zero, w->local);
		else if (l->rank == UINT32_MAX && w->group && !w->process_local && w->local != UINT32_MAX)
			l->rank = global_of(h, w->group, w->local);
	}
	gather_scoped(h);
	for (size_t i = 0; i < h->n; i++) {
		struct log_line *l = &h->line[i];

		l->group = l->w->group;
		if (l->group && l->w->process_local && l->rank != UINT32_MAX)
			l->group = name_of_local(h, l->w, l->rank);
		/* counters without a tag are the default group's, and calls that
		 * PyTorch compares */
		if (!l->group && (l->w->part == WATCHDOG_FAILURE || l->w->part == WATCHDOG_DUMP || l->w->part == WATCHDOG_MISMATCH))
			l->group = h->zero;
	}
}

/* ---- of which group a timeout is ---- */

/* Timeouts and failures by number; of one number by rank. */
static int
by_seq_cmp(const void *x, const void *y, const void *ctx)
{
	const struct log_line *const *p = x, *const *q = y;
	int d = SORT_ORDER((*p)->w->seq, (*q)->w->seq);

	(void)ctx;
	d = d ? d : SORT_ORDER((*p)->rank, (*q)->rank);
	return d ? d : SORT_ORDER(*p, *q);
}

/* Sends and receives have numbers of their own, which say nothing; that a rank
 * waits in one does.  Counters beside may be of either kind. */
static bool
is_p2p(const struct hearing *h, const struct watchdog *w)
{
	struct str op = name(h->a, w->op);

	return str_eq(op, S("SEND")) || str_eq(op, S("RECV")) || str_eq(op, S("COALESCED"));
}

/* What a line of a timeout says of an operation. */
struct told {
	uint32_t op, shape, group;
	int64_t ran;
};

static int
told_cmp(const void *x, const void *y, const void *ctx)
{
	const struct told *p = x, *q = y;
	int d = SORT_ORDER(p->op, q->op);

	(void)ctx;
	d = d ? d : SORT_ORDER(p->ran, q->ran);
	d = d ? d : SORT_ORDER(p->shape, q->shape);
	return d ? d : SORT_ORDER(p->group, q->group);
}

/* The first of n that is not below key. */
static size_t
told_at(const struct told *t, size_t n, struct told key)
{
	size_t lo = 0;

	SORT_BISECT(lo, n, i, told_cmp(&t[i], &key, NULL) < 0);
	return lo;
}

/* An exception's text repeats a timeout, and often not whose it is.  t: room for
 * one of each line, here and below. */
static void
drop_repeats(const struct hearing *h, struct log_line *const *p, struct log_line *const *end, struct told *t)
{
	size_t n = 0;

	for (struct log_line *const *q = p; q < end; q++)
		if (!(*q)->w->repeat)
			t[n++] = (struct told){.op = (*q)->w->op, .ran = (*q)->w->ran};
	sort(t, n, sizeof(*t), told_cmp, NULL, h->a->d->spare);
	for (; p < end; p++) {
		struct told key = {.op = (*p)->w->op, .ran = (*p)->w->ran};
		size_t at = told_at(t, n, key);

		if ((*p)->w->repeat && (*p)->rank >= SCOPED && at < n && told_cmp(&t[at], &key, NULL) == 0)
			(*p)->rank = UINT32_MAX;
	}
}

/* One group of two; 0: neither is any, UINT32_MAX: several. */
static uint32_t
one_group(uint32_t a, uint32_t b)
{
	return !a || a == b ? b : b ? UINT32_MAX : a;
}

static uint32_t
group_of_all(struct log_line *const *p, struct log_line *const *end)
{
	uint32_t group = 0;

	for (; p < end; p++)
		group = one_group(group, (*p)->group);
	return group;
}

static uint32_t
group_of_op(const struct told *t, size_t n, uint32_t op, uint32_t shape)
{
	size_t at = told_at(t, n, (struct told){.op = op, .shape = shape});
	uint32_t group = 0;

	for (; at < n && group != UINT32_MAX && t[at].op == op && t[at].shape == shape; at++)
		group = one_group(group, t[at].group);
	return group;
}

/* Of lines p..end those of no group are of the one that others like them have: of
 * the same operation, or of one that they do not say. */
static void
fill_groups(const struct hearing *h, struct log_line *const *p, struct log_line *const *end, struct told *t)
{
	uint32_t any;
	size_t n = 0;

	for (struct log_line *const *q = p; q < end; q++)
		if ((*q)->group)
			t[n++] = (struct told){(*q)->w->op, (*q)->w->op ? (*q)->w->shape : 0, (*q)->group, 0};
	sort(t, n, sizeof(*t), told_cmp, NULL, h->a->d->spare);
	n = sort_unique(t, n, sizeof(*t), told_cmp, NULL);
	any = group_of_op(t, n, 0, 0);
	for (; p < end; p++) {
		uint32_t group = (*p)->w->op ? one_group(any, group_of_op(t, n, (*p)->w->op, (*p)->w->shape)) : any;

		if (!(*p)->group && group != UINT32_MAX && !is_p2p(h, (*p)->w))
			(*p)->group = group;
	}
}

/* Are lines p..end, of one rank and number, about a send or receive alone? */
static bool
is_all_p2p(const struct hearing *h, struct log_line *const *p, struct log_line *const *end)
{
	bool any = false;

	for (; p < end; p++) {
		if ((*p)->w->op && !is_p2p(h, (*p)->w))
			return false;
		any |= (*p)->w->op != 0;
	}
	return any;
}

/* Timeouts of one number that name no rank but "[Rank 5]": it is rank 5, if that
 * tells of a failure in the default group, too. */
static void
find_failed(const struct hearing *h, struct log_line *const *p, size_t n)
{
	uint32_t *failed = mem_new(h->a->d->mem, uint32_t, n); /* ascending */
	size_t nfailed = 0, i, lo;

	for (i = 0; i < n && p[i]->rank < SCOPED; i++)
		if (p[i]->w->part == WATCHDOG_FAILURE && p[i]->group == h->zero &&
		    (nfailed == 0 || failed[nfailed - 1] != p[i]->rank))
			failed[nfailed++] = p[i]->rank;
	for (; i < n; i++) {
		if (p[i]->w->group || p[i]->w->part != WATCHDOG_TIMEOUT)
			continue;
		lo = 0;
		SORT_BISECT(lo, nfailed, k, failed[k] < p[i]->w->local);
		if (lo < nfailed && failed[lo] == p[i]->w->local) {
			p[i]->rank = failed[lo];
			p[i]->group = h->zero;
		}
	}
}

static void
hear_groups(struct hearing *h)
{
	struct log_line **p = mem_new(h->a->d->mem, struct log_line *, h->n);
	struct told *t;
	size_t n = 0, k;

	for (size_t i = 0; i < h->n; i++)
		if (hear_is_timeout(h->line[i].w) && h->line[i].w->seq >= 0 && h->line[i].rank != UINT32_MAX)
			p[n++] = &h->line[i];
	sort(p, n, sizeof(*p), by_seq_cmp, NULL, h->a->d->spare);
	t = mem_new(h->a->d->mem, struct told, n);
	for (size_t i = 0; i < n; i = k) { /* the same rank and number */
		uint32_t group;

		for (k = i + 1; k < n && p[k]->w->seq == p[i]->w->seq && p[k]->rank == p[i]->rank; k++)
			;
		group = group_of_all(p + i, p + k);
		if (is_all_p2p(h, p + i, p + k))
			group = 0;
		else if (group == UINT32_MAX)
			continue;
		for (size_t j = i; j < k; j++)
			p[j]->group = group;
	}
	for (size_t i = 0; i < n; i = k) { /* others at this number */
		for (k = i + 1; k < n && p[k]->w->seq == p[i]->w->seq; k++)
			;
		drop_repeats(h, p + i, p + k, t);
		find_failed(h, p + i, k - i);
		fill_groups(h, p + i, p + k, t);
	}
}

/* ---- how large a group is, and who is in it ---- */

/* The size that an operation's counts of elements tell; 0: none. */
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

/* The ranks of a group of a size, by what is known of some; NULL if that does
 * not tell all. */
static uint32_t *
hear_members(const struct hearing *h, uint32_t group, uint32_t size, const uint32_t *rank, size_t nrank)
{
	uint32_t *of = mem_new(h->a->d->mem, uint32_t, size);
	size_t at = map_at(h, group, 0), last = 0, n = 0;
	/* of a group that is not the default one the half must be known to be the first */
	bool same = group == h->zero ? nrank > 0 : nrank > 1 && 2 * nrank >= size;

	for (size_t i = 0; i < size; i++)
		of[i] = UINT32_MAX;
	for (; group && at < h->nmap && h->map[at].group == group; at++)
		if (h->map[at].local < size)
			of[h->map[at].local] = h->map[at].global;
	/* the ranks of a group ascend with its members' global ones: where two are
	 * as far apart in both, each between them is known */
	for (size_t i = 0; i < size; i++) {
		uint32_t before = last ? of[last - 1] + 1 : 0;

		if (of[i] == UINT32_MAX)
			continue;
		same &= of[i] == i;
		for (size_t k = last; k < i && of[i] - before == i - last; k++)
			of[k] = before + (uint32_t)(k - last);
		last = i + 1;
	}
	for (size_t i = 0; i < nrank; i++)
		same &= rank[i] < size;
	for (size_t i = 0; i < size; i++) {
		if (of[i] == UINT32_MAX && same)
			of[i] = (uint32_t)i;
		n += of[i] != UINT32_MAX;
	}
	return n == size ? of : NULL;
}

static void
heard_group(struct hearing *h, uint32_t group, uint32_t desc, uint32_t size, const uint32_t *rank, size_t nrank)
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

/* ---- what a rank says of a group ---- */

static void
heard_collective(struct hearing *h, const struct collective *c)
{
	buf_add(&h->collective, (struct str){(const char *)c, sizeof(*c)});
}

static void
heard_progress(struct hearing *h, uint32_t group, uint32_t rank, uint32_t node, int64_t enqueued, int64_t completed)
{
	struct progress p = {
		.e = {.t = NO_TIME, .node = node},
		.enqueued = enqueued,
		.completed = completed,
		.rank = rank,
		.group = group,
		.source = FROM_WATCHDOG,
		.peer = UINT32_MAX,
	};

	buf_add(&h->progress, (struct str){(const char *)&p, sizeof(p)});
}

/* Is a line of use where all that a rank says of a group is weighed? */
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

#define SEVERAL UINT32_MAX /* groups */

/* Ranks, ascending. */
struct rank_list {
	uint32_t *rank;
	size_t n;
};

static bool
rank_list_has(const struct rank_list *l, uint32_t rank)
{
	size_t lo = 0;

	SORT_BISECT(lo, l->n, i, l->rank[i] < rank);
	return lo < l->n && l->rank[lo] == rank;
}

/* A desync report's word on a group: the number that its laggards lack. Its
 * ranks are the group's. */
struct desync_report {
	uint32_t group;
	bool global;        /* and so they are in the default group, */
	const uint32_t *of; /* else by this list, or not known */
	uint32_t size;
	int64_t lacks;  /* -1: there is none */
	int64_t joined; /* what others joined and do not finish; -1 */
	bool never;     /* some laggards joined nothing, and so others' number is it */
	struct rank_list laggard, joiner, starter; /* of lines of a kind, each */
};

static bool
is_address(struct str node)
{
	for (size_t i = 0; i < node.n; i++)
		if (!strchr("0123456789abcdef.:", node.p[i]))
			return false;
	return node.n && (str_has(node, S(".")) || str_has(node, S(":")));
}

/* Are they two nodes, and not one by its name and its address? */
static bool
are_two_nodes(const struct job *a, uint32_t p, uint32_t q)
{
	return p != q && p && q && is_address(name(a, p)) == is_address(name(a, q));
}

/* Are two timeouts, of one rank in one group, of two jobs or attempts? */
static bool
is_of_another(const struct job *a, const struct watchdog *p, const struct watchdog *q)
{
	int64_t apart = p->seq > q->seq ? p->seq - q->seq : q->seq - p->seq;

	return are_two_nodes(a, p->e.node, q->e.node) || (apart > NCCL_FALL && (p->e.t == NO_TIME || q->e.t == NO_TIME));
}

/* What the lines p..end, of one rank about one group, say together. */
static void
weigh(struct hearing *h, struct log_line *const *p, struct log_line *const *end, int64_t group_began, const struct desync_report *r)
{
	const struct log_line *first = *p;
	const struct watchdog *wait = NULL;
	int64_t enqueued = -1, completed = -1, seq = INT64_MAX;
	bool dump = false, lags = r->lacks >= 0 && first->group == r->group;
	struct collective c = {.started = NO_TIME, .rank = first->rank, .group = first->group, .source = FROM_WATCHDOG};

	for (struct log_line *const *q = p; q < end; q++) {
		const struct watchdog *w = (*q)->w;

		if (hear_is_timeout(w)) {
			h->a->mingled |= wait && is_of_another(h->a, wait, w);
			if (w->seq < seq || (w->seq == seq && wait->part != WATCHDOG_TIMEOUT))
				wait = w;
			seq = w->seq < seq ? w->seq : seq;
		} else if (w->part == WATCHDOG_PROGRESS && (w->e.t == NO_TIME || w->e.t < group_began)) {
			continue;
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
		heard_collective(h, &c);
		heard_progress(h, c.group, c.rank, c.e.node, lags ? -1 : enqueued, c.seq - 1);
		return;
	}
	if (enqueued > completed && dump) {
		c.e = (struct event){.t = group_began, .node = first->w->e.node};
		c.seen = first->w->e.t;
		c.timed_out = h->zero_timeout || !h->any_timeout;
		c.seq = lags ? r->lacks : completed < 0 ? 1 : completed + 1;
		heard_collective(h, &c);
	}
	if (enqueued >= 0)
		heard_progress(h, first->group, first->rank, first->w->e.node, enqueued, completed);
}

/* A rank of the report, of all; UINT32_MAX: not known. */
static uint32_t
reported(const struct desync_report *r, uint32_t rank)
{
	return r->global ? rank : r->of && rank < r->size ? r->of[rank] : UINT32_MAX;
}

/* The report's others: they came to what the laggards lack. Those who timed out said
 * more themselves. */
static void
desync_add(struct hearing *h, const struct desync_report *r, const struct rank_list *timed_out)
{
	uint32_t rank;
	bool lags = r->lacks >= 0;

	for (size_t i = 0; i < r->laggard.n && lags; i++)
		heard_progress(h, r->group, r->laggard.rank[i], 0, r->never ? -1 : r->lacks - 1, r->never ? -1 : r->lacks - 1);
	for (size_t i = 0; i < h->n && (lags || r->joined >= 0); i++) {
		const struct watchdog *w = h->line[i].w;
		struct watchdog_ranks list = {.rest = name(h->a, w->ranks)};
		struct collective c = {
			.e = {.t = w->e.t}, .started = NO_TIME, .seen = w->e.t, .group = r->group, .timed_out = true,
			.source = FROM_WATCHDOG,
		};

		if (w->part != WATCHDOG_STARTED && w->part != WATCHDOG_FINISHED && w->part != WATCHDOG_JOINED)
			continue;
		while (watchdog_rank(&list, &rank)) {
			bool joined = rank_list_has(&r->joiner, rank = reported(r, rank));

			if (rank == UINT32_MAX || rank_list_has(&r->laggard, rank) || rank_list_has(timed_out, rank))
				continue;
			if (w->part == WATCHDOG_JOINED && rank_list_has(&r->starter, rank))
				continue; /* such a line has the collective, too */
			c.rank = rank;
			c.seq = lags ? r->lacks : r->joined + !joined;
			c.op = lags ? 0 : w->op;
			if (w->part == WATCHDOG_FINISHED)
				heard_progress(h, r->group, rank, 0, c.seq, c.seq);
			else
				heard_collective(h, &c);
		}
	}
}

/* Lines of a report that say how far ranks are; all of its lines. */
enum {
	SNAPSHOT = 1 << WATCHDOG_STARTED | 1 << WATCHDOG_FINISHED,
	REPORT = SNAPSHOT | 1 << WATCHDOG_LAGGING | 1 << WATCHDOG_JOINED,
};

static void
rank_list_sort(const struct hearing *h, struct rank_list *l)
{
	sort(l->rank, l->n, sizeof(*l->rank), sort_u32, NULL, h->a->d->spare);
	l->n = sort_unique(l->rank, l->n, sizeof(*l->rank), sort_u32, NULL);
}

/* The ranks of lines of kinds, bits by enum watchdog_part, by their numbers in r's
 * group, or of all. */
static struct rank_list
listed(const struct hearing *h, const struct desync_report *r, unsigned parts, bool all)
{
	struct rank_list l = {0};
	struct buf *b = h->a->d->scratch;
	uint32_t rank;

	b->n = 0;
	for (size_t i = 0; i < h->n; i++) {
		struct watchdog_ranks list = {.rest = name(h->a, h->line[i].w->ranks)};

		while (parts >> h->line[i].w->part & 1 && watchdog_rank(&list, &rank))
			if (!all || (rank = reported(r, rank)) != UINT32_MAX)
				buf_add(b, (struct str){(const char *)&rank, sizeof(rank)});
	}
	l.n = b->n / sizeof(rank);
	l.rank = mem_new(h->a->d->mem, uint32_t, l.n);
	if (l.n)
		memcpy(l.rank, b->p, b->n);
	rank_list_sort(h, &l);
	return l;
}

/* Who is in the group of a report: where it says how far its ranks are, it does
 * so of all. */
static void
find_reported(struct hearing *h, struct desync_report *r)
{
	struct rank_list all = listed(h, r, REPORT, false);

	r->global = r->group == h->zero;
	if (all.n && all.rank[all.n - 1] == all.n - 1 && listed(h, r, SNAPSHOT, false).n)
		r->size = (uint32_t)all.n;
	r->of = r->size && !r->global ? hear_members(h, r->group, r->size, NULL, 0) : NULL;
}

/* Who lags, by the desync reports. */
static struct desync_report
desync_gather(struct hearing *h, uint32_t group, int64_t least)
{
	struct desync_report r = {.group = group, .lacks = -1, .joined = -1};
	bool never = false;

	if (group == SEVERAL) /* which of them it is about is not known */
		return r;
	find_reported(h, &r);
	for (size_t i = 0; i < h->n; i++) {
		const struct watchdog *w = h->line[i].w;

		if (w->part == WATCHDOG_JOINED)
			r.joined = r.joined < 0 ? w->seq : num_min(r.joined, w->seq);
		if (w->part != WATCHDOG_LAGGING)
			continue;
		if (w->seq >= 0)
			r.lacks = r.lacks < 0 ? w->seq : num_min(r.lacks, w->seq);
		never |= w->seq < 0;
	}
	r.never = r.lacks < 0 && never;
	if (r.never)
		r.lacks = least != INT64_MAX ? least : 1;
	r.laggard = listed(h, &r, 1 << WATCHDOG_LAGGING, true);
	r.joiner = listed(h, &r, 1 << WATCHDOG_JOINED, true);
	r.starter = listed(h, &r, 1 << WATCHDOG_STARTED, true);
	if (!r.global && !r.of) /* it names no rank */
		r.lacks = r.joined = -1;
	return r;
}

/* Where no line tells a group, as before torch 2.3, and PyTorch itself says who
 * lags, it says so of the timeouts. */
static void
desync_give_group(struct hearing *h)
{
	bool any = false;

	for (size_t i = 0; i < h->n; i++) {
		any |= REPORT >> h->line[i].w->part & 1;
		if (hear_is_timeout(h->line[i].w) && h->line[i].group)
			return;
	}
	for (size_t i = 0; i < h->n && any; i++) {
		struct log_line *l = &h->line[i];

		if (l->w->part != WATCHDOG_TIMEOUT || l->rank == UINT32_MAX)
			continue;
		l->rank = nccl_shown(h->a, l->rank);
		l->group = h->zero;
	}
}

/* Group by group, rank by rank. */
static void
hear_weigh(struct hearing *h)
{
	struct job *a = h->a;
	struct log_line **p = mem_new(a->d->mem, struct log_line *, h->n);
	uint32_t *rank = mem_new(a->d->mem, uint32_t, h->n), only = 0;
	size_t n = 0, k, end;
	int64_t least = INT64_MAX;
	struct desync_report r;
	struct rank_list timed_out = {.rank = mem_new(a->d->mem, uint32_t, h->n)};

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
	r = desync_gather(h, h->zero_timeout || !only ? h->zero : only, least);
	for (size_t i = 0; i < n; i = end) {
		uint32_t size = 0, desc = 0;
		int64_t start = INT64_MAX;
		size_t nrank = 0;
		bool sizes_differ = false;

		for (end = i; end < n && p[end]->group == p[i]->group; end++) {
			const struct watchdog *w = p[end]->w;
			uint32_t by_op = size_by_op(a, w);

			sizes_differ |= by_op && size && by_op != size;
			size = by_op ? by_op : size;
			desc = w->desc ? w->desc : desc;
			if (hear_is_timeout(w) && began(w) != NO_TIME)
				start = num_min(start, began(w));
			if (hear_is_timeout(w) && p[end]->group == r.group)
				timed_out.rank[timed_out.n++] = p[end]->rank;
			if (p[end]->rank < SCOPED && (nrank == 0 || rank[nrank - 1] != p[end]->rank))
				rank[nrank++] = p[end]->rank;
		}
		for (size_t at = i; at < end; at = k) {
			for (k = at + 1; k < end && p[k]->rank == p[at]->rank; k++)
				;
			weigh(h, p + at, p + k, start == INT64_MAX ? NO_TIME : start, &r);
		}
		for (size_t at = 0; at < h->n; at++)
			if (h->line[at].w->part == WATCHDOG_GROUP && h->line[at].group == p[i]->group)
				size = h->line[at].w->size;
		if (!size && p[i]->group == r.group)
			size = r.size;
		/* the default group is of all ranks, and the largest communicator its */
		if (!size && p[i]->group == h->zero && nrank && rank[nrank - 1] < a->world)
			size = a->world;
		heard_group(h, p[i]->group, desc, sizes_differ ? 0 : size, rank, nrank);
	}
	rank_list_sort(h, &timed_out);
	desync_add(h, &r, &timed_out);
}

/* ---- what PyTorch concluded itself, and who is heard at all ---- */

static void
add_barrier(struct hearing *h, const struct log_line *l)
{
	uint32_t group = idx_add(h->a->d->names, S("monitoredBarrier")), rank;
	uint32_t by = l->w->rank != UINT32_MAX ? l->w->rank : l->w->local;
	struct watchdog_ranks list = {.rest = name(h->a, l->w->ranks)};
	struct collective c = {
		.e = l->w->e, .started = NO_TIME, .seen = l->w->e.t, .rank = by, .group = group, .op = group, .timed_out = true,
		.source = FROM_WATCHDOG,
	};

	if (by == UINT32_MAX)
		return;
	heard_collective(h, &c);
	while (watchdog_rank(&list, &rank))
		if (rank != by)
			heard_progress(h, group, rank, 0, -1, -1);
}

static void
add_mismatch(struct hearing *h, const struct log_line *l)
{
	struct collective c = {
		.e = l->w->e, .started = NO_TIME, .seen = l->w->e.t, .seq = num_max(l->w->seq, 0), .rank = l->rank,
		.group = l->group, .op = l->w->op, .shape = l->w->shape, .timed_out = true, .differs = true,
		.numberless = l->w->seq < 0, .source = FROM_WATCHDOG,
	};

	if (l->rank != UINT32_MAX)
		heard_collective(h, &c);
}

static int
place_cmp(const void *x, const void *y, const void *ctx)
{
	const struct rank_host *p = x, *q = y;

	return p->rank != q->rank ? SORT_ORDER(p->rank, q->rank) : idx_cmp(ctx, p->node, q->node);
}

static int
place_same(const void *x, const void *y, const void *ctx)
{
	const struct rank_host *p = x, *q = y;

	(void)ctx;
	return p->rank != q->rank;
}

/* Which rank ran where: NCCL tells it of each communicator, of which the
 * largest counts, and srun of its tasks. */
static void
gather_hosts(struct hearing *h)
{
	struct job *a = h->a;
	struct buf *b = a->d->scratch;
	uint32_t world = 0, rank;

	for (size_t i = 0; i < h->n; i++)
		if (h->line[i].w->part == WATCHDOG_HOST && h->line[i].w->size > world)
			world = h->line[i].w->size;
	b->n = 0;
	for (size_t i = 0; i < h->n; i++) {
		const struct watchdog *w = h->line[i].w;
		struct watchdog_ranks list = {.rest = name(a, w->ranks)};

		if (w->part != WATCHDOG_HOST || (w->size && w->size < world))
			continue;
		while (watchdog_rank(&list, &rank)) {
			struct rank_host p = {rank, w->e.node};

			buf_add(b, (struct str){(const char *)&p, sizeof(p)});
		}
	}
	a->nhost = b->n / sizeof(*a->host);
	a->host = mem_new(a->d->mem, struct rank_host, a->nhost);
	if (a->nhost)
		memcpy(a->host, b->p, b->n);
	sort(a->host, a->nhost, sizeof(*a->host), place_cmp, &a->ev->names, a->d->spare);
	a->nhost = sort_unique(a->host, a->nhost, sizeof(*a->host), place_same, NULL);
	a->world = world;
}

/* Whose container wrote which rank's lines. */
static void
gather_pods(struct hearing *h)
{
	struct job *a = h->a;

	a->pod = mem_new(a->d->mem, struct rank_host, h->n);
	for (size_t i = 0; i < h->n; i++) {
		struct str pod = name(a, h->line[i].w->writer), job;

		if (h->line[i].rank == UINT32_MAX || h->line[i].w->part == WATCHDOG_HOST || !str_cut(&pod, '|', &job) ||
		    str_ends(pod, S("/")))
			continue;
		pod = str_starts(pod, S("/")) ? str_from(pod, 1) : pod;
		a->pod[a->npod++] = (struct rank_host){h->line[i].rank, idx_add(a->d->names, pod)};
	}
	sort(a->pod, a->npod, sizeof(*a->pod), place_cmp, &a->ev->names, a->d->spare);
	a->npod = sort_unique(a->pod, a->npod, sizeof(*a->pod), place_same, NULL);
}

static void
gather_others(struct hearing *h)
{
	struct job *a = h->a;

	a->alarm = mem_new(a->d->mem, uint32_t, h->n);
	for (size_t i = 0; i < h->n; i++) {
		const struct log_line *l = &h->line[i];
		const struct watchdog *w = l->w;

		a->thinned |= w->thinned;
		if (w->part == WATCHDOG_BARRIER)
			add_barrier(h, l);
		if (w->part == WATCHDOG_MISMATCH)
			add_mismatch(h, l);
		if (w->part == WATCHDOG_DUMP && w->other != UINT32_MAX)
			a->alarm[a->nalarm++] = w->other;
		if (w->part == WATCHDOG_ALARM && l->rank < SCOPED)
			a->alarm[a->nalarm++] = l->rank;
		if (l->rank != UINT32_MAX && w->part != WATCHDOG_HOST && w->part != WATCHDOG_GROUP)
			heard_progress(h, 0, l->rank, w->e.node, -1, -1);
	}
	sort(a->alarm, a->nalarm, sizeof(*a->alarm), sort_u32, NULL, a->d->spare);
	a->nalarm = sort_unique(a->alarm, a->nalarm, sizeof(*a->alarm), sort_u32, NULL);
}

/* ---- one list of both ---- */

/* What the lists are in order of. */
struct place_in_list {
	uint32_t group, rank, ranks;
	int64_t seq;
};

static int
list_cmp(const struct job *a, const struct place_in_list *p, const struct place_in_list *q)
{
	const struct idx *names = &a->ev->names;
	int d = p->group == q->group ? 0 : idx_cmp(names, p->group, q->group);

	d = d ? d : SORT_ORDER(p->rank, q->rank);
	d = d ? d : SORT_ORDER(p->seq, q->seq);
	return d || p->ranks == q->ranks ? d : idx_cmp(names, p->ranks, q->ranks);
}

#define MERGED(T, ...) \
	static int T##_cmp(const void *x, const void *y, const void *ctx) \
	{ \
		const struct T *p = x, *q = y; \
\
		return list_cmp(ctx, &(struct place_in_list)__VA_ARGS__); \
	}
MERGED(collective, {p->group, p->rank, 0, p->seq}, &(struct place_in_list){q->group, q->rank, 0, q->seq})
MERGED(progress, {p->group, p->rank, 0, 0}, &(struct place_in_list){q->group, q->rank, 0, 0})
MERGED(process_group, {p->group, 0, p->ranks, 0}, &(struct place_in_list){q->group, 0, q->ranks, 0})

/* The records of a kind, and what was heard, in order: a.list. */
static void
merge(struct hearing *h, enum event_kind kind, size_t size, const struct buf *heard, sort_cmp *cmp)
{
	struct job *a = h->a;
	const struct record_list *l = &a->list[kind];
	size_t n = heard->n / size, i = 0, k = 0;
	char *out = mem_bytes(a->d->mem, (l->n + n) * size), *to = out, *q = heard->p;
	const char *p = l->p;

	sort(q, n, size, cmp, a, a->d->spare);
	for (; i < l->n || k < n; to += size) {
		bool old = k == n || (i < l->n && cmp(p + i * size, q + k * size, a) <= 0);

		memcpy(to, old ? p + i++ * size : q + k++ * size, size);
	}
	a->list[kind] = (struct record_list){out, l->n + n};
}

/* Has a recorder told of a rank and group? Its word counts alone. */
static bool
is_recorded(const struct job *a, uint32_t group, uint32_t rank)
{
	const struct record_list *l = &a->list[EVENT_PROGRESS];
	const struct progress *p = l->p;
	struct progress key = {.group = group, .rank = rank};
	size_t lo = 0;

	SORT_BISECT(lo, l->n, i, progress_cmp(&p[i], &key, a) < 0);
	return lo < l->n && p[lo].group == group && p[lo].rank == rank;
}

static void
drop_recorded(struct hearing *h)
{
	struct job *a = h->a;
	struct collective *c = (void *)h->collective.p;
	struct progress *p = (void *)h->progress.p;
	size_t n = 0;

	for (size_t i = 0; i < h->collective.n / sizeof(*c); i++)
		if (!is_recorded(a, c[i].group, c[i].rank))
			c[n++] = c[i];
	h->collective.n = n * sizeof(*c);
	n = 0;
	for (size_t i = 0; i < h->progress.n / sizeof(*p); i++)
		if (!is_recorded(a, p[i].group, p[i].rank))
			p[n++] = p[i];
	h->progress.n = n * sizeof(*p);
}

static void
heard_merge(struct hearing *h)
{
	drop_recorded(h);
	merge(h, EVENT_COLLECTIVE, sizeof(struct collective), &h->collective, collective_cmp);
	merge(h, EVENT_PROGRESS, sizeof(struct progress), &h->progress, progress_cmp);
	merge(h, EVENT_PROCESS_GROUP, sizeof(struct process_group), &h->team, process_group_cmp);
	buf_free(&h->collective);
	buf_free(&h->progress);
	buf_free(&h->team);
}

void
nccl_hear(struct job *a)
{
	const struct record_list *l = &a->list[EVENT_WATCHDOG];
	const struct watchdog *w = l->p;
	struct hearing h = {.a = a, .n = l->n};

	if (l->n == 0)
		return;
	h.zero = idx_add(a->d->names, S("0"));
	h.line = mem_new(a->d->mem, struct log_line, l->n);
	for (size_t i = 0; i < l->n; i++)
		h.line[i].w = &w[i];
	hear_ranks(&h);
	hear_groups(&h);
	gather_hosts(&h);
	gather_pods(&h);
	hear_weigh(&h);
	gather_others(&h);
	heard_merge(&h);
}
