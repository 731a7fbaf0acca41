#include "pattern/nccl_hang/jobs.h"

#include <string.h>

#include "join/dump_files.h"

/* A rank on a host (or in a file, join/dump_files.h), and its default group according to its dump. */
struct declared {
	uint32_t node, rank, ranks;
	uint32_t whole; /* the host, if all ranks of the group run there; or the file */
	size_t job;     /* from 1 on */
};

struct jobs_split {
	const struct idx *names;
	struct dump_files files;
	struct declared *by_node; /* by host and rank */
	size_t n, njob;
	struct declared *group;   /* by name, list and job: their members */
	size_t ngroup;
};

static int
by_node_cmp(const void *x, const void *y, const void *ctx)
{
	const struct declared *p = x, *q = y;
	int d = idx_cmp(ctx, p->node, q->node);

	d = d ? d : SORT_ORDER(p->rank, q->rank);
	return d ? d : idx_cmp(ctx, p->ranks, q->ranks);
}

static int
by_job_cmp(const void *x, const void *y, const void *ctx)
{
	const struct declared *p = x, *q = y;
	int d = idx_cmp(ctx, p->ranks, q->ranks);

	return d ? d : idx_cmp(ctx, p->whole, q->whole);
}

static bool
is_file(const struct jobs_split *s, uint32_t place)
{
	struct str name = idx_at(s->names, place);

	return name.n && *name.p == DUMP_FILES_MARK;
}

/* Number the jobs; false if there is only one, or if a rank contradicts itself. */
static bool
number_jobs(const struct detection *d, struct jobs_split *s)
{
	struct declared *p = s->by_node, *sorted;
	size_t k;

	sort(p, s->n, sizeof(*p), by_node_cmp, s->names, d->spare);
	s->n = sort_unique(p, s->n, sizeof(*p), by_node_cmp, s->names);
	for (size_t i = 0; i < s->n; i = k) {
		bool one = true;

		for (k = i + 1; k < s->n && p[k].node == p[i].node; k++) {
			if (p[k].rank == p[k - 1].rank)
				return false;
			one &= p[k].ranks == p[i].ranks;
		}
		one &= k - i == str_items(idx_at(s->names, p[i].ranks));
		for (size_t at = i; at < k && (one || is_file(s, p[i].node)); at++)
			p[at].whole = p[i].node;
	}
	sorted = mem_new(d->mem, struct declared, s->n);
	if (s->n)
		memcpy(sorted, p, s->n * sizeof(*p));
	sort(sorted, s->n, sizeof(*p), by_job_cmp, s->names, d->spare);
	s->njob = sort_unique(sorted, s->n, sizeof(*p), by_job_cmp, s->names);
	if (s->njob < 2 || s->njob > PARTS_MAX)
		return false;
	for (size_t i = 0; i < s->n; i++) {
		size_t lo = 0;

		SORT_BISECT(lo, s->njob, j, by_job_cmp(&sorted[j], &p[i], s->names) < 0);
		p[i].job = lo + 1;
	}
	return true;
}

/* The job of a rank on a host, or else of the host; 0: unknown. */
static size_t
job_of(const struct jobs_split *s, uint32_t node, uint32_t rank)
{
	struct declared key = {.node = node, .rank = rank};
	size_t lo = 0, job;

	SORT_BISECT(lo, s->n, i, by_node_cmp(&s->by_node[i], &key, s->names) < 0);
	if (lo < s->n && s->by_node[lo].node == node && s->by_node[lo].rank == rank)
		return s->by_node[lo].job;
	key.rank = 0;
	lo = 0;
	SORT_BISECT(lo, s->n, i, by_node_cmp(&s->by_node[i], &key, s->names) < 0);
	job = lo < s->n && s->by_node[lo].node == node ? s->by_node[lo].job : 0;
	for (; lo < s->n && s->by_node[lo].node == node; lo++)
		job = s->by_node[lo].job == job ? job : 0;
	return job;
}

static int
group_cmp(const void *x, const void *y, const void *ctx)
{
	const struct declared *p = x, *q = y; /* rank: the group's name */
	int d = SORT_ORDER(p->rank, q->rank);

	(void)ctx;
	d = d ? d : SORT_ORDER(p->ranks, q->ranks);
	return d ? d : SORT_ORDER(p->job, q->job);
}

static bool
is_of_job(const void *ctx, size_t job, enum event_kind kind, const void *record)
{
	const struct jobs_split *s = ctx;
	const struct event *e = record;
	const struct process_group *t = record;
	struct declared key = {.job = job};
	size_t lo = 0, any = 0;

	if (kind != EVENT_PROCESS_GROUP)
		return job_of(s, dump_files_place(&s->files, e), jobs_rank_of(kind, record)) == job;
	key.rank = t->group;
	key.ranks = t->ranks;
	SORT_BISECT(lo, s->ngroup, i, group_cmp(&s->group[i], &key, NULL) < 0);
	if (lo < s->ngroup && group_cmp(&s->group[lo], &key, NULL) == 0)
		return true;
	key.job = 0;
	SORT_BISECT(any, s->ngroup, i, group_cmp(&s->group[i], &key, NULL) < 0);
	return any == s->ngroup || s->group[any].rank != t->group || s->group[any].ranks != t->ranks;
}

struct jobs
jobs_of_dumps(const struct detection *d, const struct job_records *all)
{
	const struct record_list *l = &all->list[EVENT_PROGRESS], *c = &all->list[EVENT_COLLECTIVE], *done = &all->list[EVENT_COMPLETED];
	const struct progress *p = l->p;
	struct jobs_split s = {.names = d->names, .by_node = mem_new(d->mem, struct declared, l->n)};
	struct jobs out = {.of = mem_new(d->mem, struct job_records, PARTS_MAX + 1)};
	uint32_t zero = idx_find(s.names, S("0"));

	s.files = dump_files_find(p, l->n, c->p, c->n, done->p, done->n, d->names, d->spare, d->mem);
	for (size_t i = 0; i < l->n; i++)
		if (p[i].ranks && p[i].group == zero)
			s.by_node[s.n++] = (struct declared){.node = dump_files_place(&s.files, &p[i].e), .rank = p[i].rank, .ranks = p[i].ranks};
	if (!number_jobs(d, &s)) {
		out.of[out.n++] = *all;
		return out;
	}
	s.group = mem_new(d->mem, struct declared, l->n);
	for (size_t i = 0; i < l->n; i++)
		if (p[i].ranks)
			s.group[s.ngroup++] = (struct declared){
				.rank = p[i].group, .ranks = p[i].ranks, .job = job_of(&s, dump_files_place(&s.files, &p[i].e), p[i].rank)};
	sort(s.group, s.ngroup, sizeof(*s.group), group_cmp, NULL, d->spare);
	for (size_t job = 0; job <= s.njob; job++)
		out.of[out.n++] = jobs_take(d->mem, all, is_of_job, &s, job);
	return out;
}
