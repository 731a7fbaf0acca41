#include "pattern/nccl_hang/hear.h"

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

/* Index in the map of the first entry not below group and local. */
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

/* Number ranks known only within their group from SCOPED on. */
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

/* Name for a group known only by a process-local number: a separate group for each
 * rank; but ranks whose local and global numbers are equal share one. */
static uint32_t
name_of_local(const struct hearing *h, const struct watchdog *w, uint32_t rank)
{
	struct buf *b = h->a->d->scratch;

	rank = rank == w->local ? 0 : rank;
	b->n = 0;
	buf_add(b, name(h->a, w->group));
	if (rank < SCOPED) {
		buf_add(b, S(" of rank "));
		buf_u64(b, rank);
	} else {
		buf_add(b, S(" of an unknown rank"));
	}
	return idx_add(h->a->d->names, buf_str(b));
}

void
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
		/* counters without a tag and calls that PyTorch compares are of the
		 * default group */
		if (!l->group && (l->w->part == WATCHDOG_FAILURE || l->w->part == WATCHDOG_DUMP || l->w->part == WATCHDOG_MISMATCH))
			l->group = h->zero;
	}
}

uint32_t
hear_known(const struct hearing *h, uint32_t group)
{
	uint32_t size = 0;

	for (size_t at = map_at(h, group, 0); at < h->nmap && h->map[at].group == group; at++)
		size = h->map[at].local + 1; /* ascending */
	return size;
}

uint32_t *
hear_members(const struct hearing *h, uint32_t group, uint32_t size, const uint32_t *rank, size_t nrank)
{
	uint32_t *of = mem_new(h->a->d->mem, uint32_t, size);
	size_t at = map_at(h, group, 0), last = 0, n = 0;
	/* in other groups than the default one, half of the ranks must be known to match */
	bool same = group == h->zero ? nrank > 0 : nrank > 1 && 2 * nrank >= size;

	for (size_t i = 0; i < size; i++)
		of[i] = UINT32_MAX;
	for (; group && at < h->nmap && h->map[at].group == group; at++)
		if (h->map[at].local < size)
			of[h->map[at].local] = h->map[at].global;
	/* local and global numbers ascend together: if two members are equally far apart in
	 * both, all between them are known */
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
