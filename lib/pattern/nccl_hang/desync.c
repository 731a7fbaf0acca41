#include "pattern/nccl_hang/hear.h"

#include <string.h>

#include "base/num.h"

bool
rank_list_has(const struct rank_list *l, uint32_t rank)
{
	size_t lo = 0;

	SORT_BISECT(lo, l->n, i, l->rank[i] < rank);
	return lo < l->n && l->rank[lo] == rank;
}

void
rank_list_sort(const struct hearing *h, struct rank_list *l)
{
	sort(l->rank, l->n, sizeof(*l->rank), sort_u32, NULL, h->a->d->spare);
	l->n = sort_unique(l->rank, l->n, sizeof(*l->rank), sort_u32, NULL);
}

/* Global rank of a number in the report; UINT32_MAX: unknown. */
static uint32_t
reported(const struct desync_report *r, uint32_t rank)
{
	return r->global ? rank : r->of && rank < r->size ? r->of[rank] : UINT32_MAX;
}

void
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
				continue; /* such lines also yield the collective */
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

/* Lines of a report that show the progress of ranks; all of its lines. */
enum {
	SNAPSHOT = 1 << WATCHDOG_STARTED | 1 << WATCHDOG_FINISHED,
	REPORT = SNAPSHOT | 1 << WATCHDOG_LAGGING | 1 << WATCHDOG_JOINED,
};

/* The ranks in lines of some kinds (bits, 1 << enum watchdog_part): numbers in r's
 * group, or, with all, global ranks. */
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

/* Find the members of a report's group: if it shows the progress of ranks, it lists
 * all of them. */
static void
find_reported(struct hearing *h, struct desync_report *r)
{
	struct rank_list all = listed(h, r, REPORT, false);

	r->global = r->group == h->zero;
	if (all.n && all.rank[all.n - 1] == all.n - 1 && listed(h, r, SNAPSHOT, false).n)
		r->size = (uint32_t)all.n;
	r->of = r->size && !r->global ? hear_members(h, r->group, r->size, NULL, 0) : NULL;
}

struct desync_report
desync_gather(struct hearing *h, uint32_t group, int64_t least)
{
	struct desync_report r = {.group = group, .lacks = -1, .joined = -1};
	bool never = false;

	if (group == SEVERAL) /* the group that it is about is unknown */
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
	if (!r.global && !r.of) /* its ranks are unknown */
		r.lacks = r.joined = -1;
	return r;
}

void
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
