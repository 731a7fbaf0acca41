#include "pattern/nccl_hang/hear.h"

/* Timeouts and failures by number, then by rank. */
static int
by_seq_cmp(const void *x, const void *y, const void *ctx)
{
	const struct log_line *const *p = x, *const *q = y;
	int d = SORT_ORDER((*p)->w->seq, (*q)->w->seq);

	(void)ctx;
	d = d ? d : SORT_ORDER((*p)->rank, (*q)->rank);
	return d ? d : SORT_ORDER(*p, *q);
}

/* Is it a send or receive?  Their own numbers prove nothing, only that the rank waits
 * there; counters in such a line may be of either kind. */
static bool
is_p2p(const struct hearing *h, const struct watchdog *w)
{
	struct str op = name(h->a, w->op);

	return str_eq(op, S("SEND")) || str_eq(op, S("RECV")) || str_eq(op, S("COALESCED"));
}

/* An operation in a timeout's line. */
struct timed_op {
	uint32_t op, shape, group;
	int64_t ran;
};

static int
timed_op_cmp(const void *x, const void *y, const void *ctx)
{
	const struct timed_op *p = x, *q = y;
	int d = SORT_ORDER(p->op, q->op);

	(void)ctx;
	d = d ? d : SORT_ORDER(p->ran, q->ran);
	d = d ? d : SORT_ORDER(p->shape, q->shape);
	return d ? d : SORT_ORDER(p->group, q->group);
}

/* Index of the first of n that is not below key. */
static size_t
timed_op_at(const struct timed_op *t, size_t n, struct timed_op key)
{
	size_t lo = 0;

	SORT_BISECT(lo, n, i, timed_op_cmp(&t[i], &key, NULL) < 0);
	return lo;
}

/* Drop an exception's text that repeats a timeout, often without its rank.  t, here and
 * below: space for one element per line. */
static void
drop_repeats(const struct hearing *h, struct log_line *const *p, struct log_line *const *end, struct timed_op *t)
{
	size_t n = 0;

	for (struct log_line *const *q = p; q < end; q++)
		if (!(*q)->w->repeat)
			t[n++] = (struct timed_op){.op = (*q)->w->op, .ran = (*q)->w->ran};
	sort(t, n, sizeof(*t), timed_op_cmp, NULL, h->a->d->spare);
	for (; p < end; p++) {
		struct timed_op key = {.op = (*p)->w->op, .ran = (*p)->w->ran};
		size_t at = timed_op_at(t, n, key);

		if ((*p)->w->repeat && (*p)->rank >= SCOPED && at < n && timed_op_cmp(&t[at], &key, NULL) == 0)
			(*p)->rank = UINT32_MAX;
	}
}

/* The only group of two; 0: both unset; UINT32_MAX: two different ones. */
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
group_of_op(const struct timed_op *t, size_t n, uint32_t op, uint32_t shape)
{
	size_t at = timed_op_at(t, n, (struct timed_op){.op = op, .shape = shape});
	uint32_t group = 0;

	for (; at < n && group != UINT32_MAX && t[at].op == op && t[at].shape == shape; at++)
		group = one_group(group, t[at].group);
	return group;
}

/* Set the group of lines p..end without one to that of the others, if unambiguous among
 * those with the same operation or without an operation. */
static void
fill_groups(const struct hearing *h, struct log_line *const *p, struct log_line *const *end, struct timed_op *t)
{
	uint32_t any;
	size_t n = 0;

	for (struct log_line *const *q = p; q < end; q++)
		if ((*q)->group)
			t[n++] = (struct timed_op){(*q)->w->op, (*q)->w->op ? (*q)->w->shape : 0, (*q)->group, 0};
	sort(t, n, sizeof(*t), timed_op_cmp, NULL, h->a->d->spare);
	n = sort_unique(t, n, sizeof(*t), timed_op_cmp, NULL);
	any = group_of_op(t, n, 0, 0);
	for (; p < end; p++) {
		uint32_t of_op = group_of_op(t, n, (*p)->w->op, (*p)->w->shape);
		uint32_t group = (*p)->one_of ? of_op : (*p)->w->op ? one_group(any, of_op) : any;

		if (!(*p)->group && group != UINT32_MAX && !is_p2p(h, (*p)->w))
			(*p)->group = group;
	}
}

/* Are lines p..end, of one rank and number, only about a send or receive? */
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

/* Did a rank time out in several calls with one number?  They are of several groups, or
 * of two jobs.  Lines p..end are of one rank and number. */
static bool
has_several_calls(const struct hearing *h, struct log_line *const *p, struct log_line *const *end)
{
	const struct watchdog *first = NULL;

	for (; p < end; p++) {
		const struct watchdog *w = (*p)->w;

		if (!w->op || w->repeat || is_p2p(h, w))
			continue;
		if (first && (w->op != first->op || w->shape != first->shape))
			return true;
		first = w;
	}
	return false;
}

/* Timeouts of one number whose only rank is "[Rank 5]": it is the global rank if that
 * rank also reports a failure in the default group. */
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

void
hear_groups(struct hearing *h)
{
	struct log_line **p = mem_new(h->a->d->mem, struct log_line *, h->n);
	struct timed_op *t;
	size_t n = 0, k;

	for (size_t i = 0; i < h->n; i++)
		if (hear_is_timeout(h->line[i].w) && h->line[i].w->seq >= 0 && h->line[i].rank != UINT32_MAX)
			p[n++] = &h->line[i];
	sort(p, n, sizeof(*p), by_seq_cmp, NULL, h->a->d->spare);
	t = mem_new(h->a->d->mem, struct timed_op, n);
	for (size_t i = 0; i < n; i = k) { /* lines of the same rank and number */
		uint32_t group;

		for (k = i + 1; k < n && p[k]->w->seq == p[i]->w->seq && p[k]->rank == p[i]->rank; k++)
			;
		group = group_of_all(p + i, p + k);
		if (has_several_calls(h, p + i, p + k)) {
			for (size_t j = i; j < k; j++)
				p[j]->one_of = true;
			continue;
		}
		if (is_all_p2p(h, p + i, p + k))
			group = 0;
		else if (group == UINT32_MAX)
			continue;
		for (size_t j = i; j < k; j++)
			p[j]->group = group;
	}
	for (size_t i = 0; i < n; i = k) { /* lines of the same number */
		for (k = i + 1; k < n && p[k]->w->seq == p[i]->w->seq; k++)
			;
		drop_repeats(h, p + i, p + k, t);
		find_failed(h, p + i, k - i);
		fill_groups(h, p + i, p + k, t);
	}
}
