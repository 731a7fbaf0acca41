#include "pattern/nccl_hang/hear.h"

#include <string.h>

void
heard_collective(struct hearing *h, const struct collective *c)
{
	buf_add(&h->collective, (struct str){(const char *)c, sizeof(*c)});
}

void
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

/* Sort key of the lists. */
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

/* Merge the heard records of a kind into the job's list, in order. */
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

/* Are there flight-recorder records of a rank and group?  If so, only these count. */
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

void
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
