#include "pattern/nccl_hang/hear.h"

#include <string.h>

#include "base/num.h"

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

/* Processes that never joined the store, which reports only their number. */
static void
add_rendezvous(struct hearing *h, const struct log_line *l)
{
	const struct watchdog *w = l->w;
	struct buf *b = h->a->d->scratch;
	struct process_group t = {.e = {.t = NO_TIME}, .group = idx_add(h->a->d->names, S("TCPStore")), .size = w->size};
	struct collective c = {
		.e = {.t = w->e.t != NO_TIME && w->ran >= 0 ? time_diff(w->e.t, w->ran) : w->e.t, .node = w->e.node},
		.started = NO_TIME, .seen = w->e.t, .rank = l->rank, .group = t.group, .timed_out = true, .numberless = true,
		.timeout_ms = w->timeout_ms, .source = FROM_WATCHDOG,
	};
	struct str all = name(h->a, w->op), came;

	str_cut(&all, '/', &came);
	if (l->rank >= SCOPED || str_eq(came, all))
		return;
	b->n = 0;
	buf_add(b, S("rendezvous ("));
	buf_add(b, name(h->a, w->op));
	buf_add(b, S(" joined)"));
	c.op = idx_add(h->a->d->names, buf_str(b));
	t.ranks = idx_add(h->a->d->names, S(""));
	heard_collective(h, &c);
	buf_add(&h->team, (struct str){(const char *)&t, sizeof(t)});
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

/* Find the hosts of ranks: from NCCL's lines of the largest communicator, and from
 * srun's lines about tasks. */
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
		for (size_t k = 0; k < WATCHDOG_TASKS_MAX && watchdog_rank(&list, &rank); k++) {
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

/* Find the pod that wrote each rank's lines. */
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

static int
end_cmp(const void *x, const void *y, const void *ctx)
{
	const struct rank_end *p = x, *q = y;

	return p->rank != q->rank ? SORT_ORDER(p->rank, q->rank) : idx_cmp(ctx, p->how, q->how);
}

static int
end_same(const void *x, const void *y, const void *ctx)
{
	const struct rank_end *p = x, *q = y;

	(void)ctx;
	return p->rank != q->rank;
}

/* Find ranks that ended for a reason other than a watchdog. */
static void
gather_ends(struct hearing *h)
{
	struct job *a = h->a;
	struct buf *b = a->d->scratch;
	struct rank_end end;

	b->n = 0;
	for (size_t i = 0; i < h->n; i++) {
		const struct watchdog *w = h->line[i].w;
		struct watchdog_ranks list = {.rest = name(a, w->ranks)};

		end = (struct rank_end){w->rank, w->op};
		if (w->part == WATCHDOG_ENDED && w->rank != UINT32_MAX)
			buf_add(b, (struct str){(const char *)&end, sizeof(end)});
		for (size_t k = 0; w->part == WATCHDOG_HOST && w->op && k < WATCHDOG_TASKS_MAX && watchdog_rank(&list, &end.rank); k++)
			buf_add(b, (struct str){(const char *)&end, sizeof(end)});
	}
	a->nend = b->n / sizeof(*a->end);
	a->end = mem_new(a->d->mem, struct rank_end, a->nend);
	if (a->nend)
		memcpy(a->end, b->p, b->n);
	sort(a->end, a->nend, sizeof(*a->end), end_cmp, &a->ev->names, a->d->spare);
	a->nend = sort_unique(a->end, a->nend, sizeof(*a->end), end_same, NULL);
}

/* Does a line of any content show that its rank is running? */
static bool
shows_life(const struct watchdog *w)
{
	return w->part != WATCHDOG_HOST && w->part != WATCHDOG_GROUP && w->part != WATCHDOG_ENDED && w->part != WATCHDOG_NETWORK;
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
		if (w->part == WATCHDOG_STORE && w->size)
			add_rendezvous(h, l);
		if (w->part == WATCHDOG_DUMP && w->other != UINT32_MAX)
			a->alarm[a->nalarm++] = w->other;
		if (w->part == WATCHDOG_ALARM && l->rank < SCOPED)
			a->alarm[a->nalarm++] = l->rank;
		if (l->rank != UINT32_MAX && shows_life(w))
			heard_progress(h, 0, l->rank, w->e.node, -1, -1);
	}
	sort(a->alarm, a->nalarm, sizeof(*a->alarm), sort_u32, NULL, a->d->spare);
	a->nalarm = sort_unique(a->alarm, a->nalarm, sizeof(*a->alarm), sort_u32, NULL);
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
	gather_ends(&h);
	hear_weigh(&h);
	gather_others(&h);
	heard_merge(&h);
}
