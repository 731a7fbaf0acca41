#include "incident/incident.h"

#include <string.h>

#include "base/num.h"

/* Kinds of records identified by rank: two jobs both have a rank 3 and a group "0". */

static const struct {
	enum event_kind kind;
	size_t size;
} by_rank[] = {
	{EVENT_COLLECTIVE, sizeof(struct collective)}, {EVENT_COMPLETED, sizeof(struct completed)}, {EVENT_PROGRESS, sizeof(struct progress)},
	{EVENT_WATCHDOG, sizeof(struct watchdog)}, {EVENT_RAS, sizeof(struct ras)},
};

/* ---- pods by name ---- */

/* A pod under its name or its address. */
struct named {
	uint32_t name;
	uint32_t at; /* index in the list of pods */
};

const struct pod *
jobs_pod(const struct facts *fs, uint32_t ns, uint32_t name)
{
	const struct pod *p = fs->ev->list[EVENT_POD].p, *found = NULL;
	size_t lo = 0;

	SORT_BISECT(lo, fs->nnamed, i, fs->named[i].name < name);
	for (size_t i = lo; name && i < fs->nnamed && fs->named[i].name == name; i++)
		if (!ns || p[fs->named[i].at].ns == ns)
			found = &p[fs->named[i].at];
	return found;
}

static int
named_cmp(const void *x, const void *y, const void *ctx)
{
	const struct named *a = x, *b = y;

	(void)ctx;
	return a->name != b->name ? SORT_ORDER(a->name, b->name) : SORT_ORDER(a->at, b->at);
}

static void
index_names(struct facts *fs)
{
	const struct event_list *l = &fs->ev->list[EVENT_POD];
	const struct pod *p = l->p;

	fs->named = mem_new(fs->d->mem, struct named, 2 * l->n);
	for (size_t i = 0; i < l->n; i++) {
		fs->named[fs->nnamed++] = (struct named){p[i].name, (uint32_t)i};
		if (p[i].address)
			fs->named[fs->nnamed++] = (struct named){p[i].address, (uint32_t)i};
	}
	sort(fs->named, fs->nnamed, sizeof(*fs->named), named_cmp, NULL, fs->d->spare);
}

static const struct pod *
pod_by_id(const struct facts *fs, uint32_t pod)
{
	struct str name = idx_at(fs->names, pod), ns;
	uint32_t in;

	if (!str_cut(&name, '/', &ns) || !name.p)
		return NULL;
	in = idx_find(fs->names, ns);
	return in ? jobs_pod(fs, in, idx_find(fs->names, name)) : NULL; /* no record is of that namespace */
}

uint32_t
jobs_of_pod(const struct facts *fs, uint32_t pod)
{
	const struct pod *p = pod_by_id(fs, pod);

	return p ? p->job : 0;
}

uint32_t
jobs_gpus(const struct facts *fs, uint32_t pod)
{
	const struct pod *p = pod_by_id(fs, pod);

	return p ? p->gpus : 0;
}

bool
jobs_succeeded(const struct facts *fs, uint32_t pod)
{
	const struct pod *p = pod_by_id(fs, pod);

	return p && p->succeeded;
}

int64_t
jobs_began(const struct facts *fs, uint32_t pod)
{
	const struct pod *p = pod_by_id(fs, pod);

	return p ? p->e.t : NO_TIME;
}

/* ---- job of a node's records ---- */

static int
stand_cmp(const void *x, const void *y, const void *ctx)
{
	const struct stand *a = x, *b = y;
	int d = SORT_ORDER(a->node, b->node);

	(void)ctx;
	return d ? d : SORT_ORDER(a->pod, b->pod);
}

uint32_t
jobs_on(const struct facts *fs, uint32_t node, const struct pod **pod)
{
	const struct pod *p = fs->ev->list[EVENT_POD].p;
	size_t lo = 0;

	*pod = NULL;
	SORT_BISECT(lo, fs->nstand, i, fs->stand[i].node < node);
	for (size_t i = lo; i < fs->nstand && fs->stand[i].node == node; i++) {
		const struct pod *at = &p[fs->stand[i].pod];

		if (*pod && (*pod)->job != at->job) {
			*pod = NULL;
			return 0;
		}
		*pod = at;
	}
	return *pod ? (*pod)->job : 0;
}

bool
jobs_runs_on(const struct facts *fs, uint32_t job, uint32_t node)
{
	const struct pod *p = fs->ev->list[EVENT_POD].p;
	size_t lo = 0;

	SORT_BISECT(lo, fs->nstand, i, fs->stand[i].node < node);
	for (size_t i = lo; i < fs->nstand && fs->stand[i].node == node; i++)
		if (p[fs->stand[i].pod].job == job)
			return true;
	return job && declared_job(fs, node) == job;
}

bool
jobs_is_placed(const struct facts *fs, uint32_t job)
{
	const struct pod *p = fs->ev->list[EVENT_POD].p;

	for (size_t i = 0; i < fs->nstand; i++)
		if (p[fs->stand[i].pod].job == job)
			return true;
	return false;
}

/* Job of a host's Pods. */
static uint32_t
pods_job(const struct facts *fs, uint32_t host)
{
	const struct pod *p = host ? jobs_pod(fs, 0, host) : NULL;

	return p ? p->job : host ? jobs_on(fs, host, &p) : 0;
}

uint32_t
jobs_of(const struct facts *fs, uint32_t host)
{
	uint32_t job = pods_job(fs, host);

	return job || !host ? job : declared_job(fs, host);
}

uint32_t
jobs_of_record(const struct facts *fs, const struct event *e)
{
	return jobs_of(fs, dump_files_place(&fs->files, e));
}

static int
declared_cmp(const void *x, const void *y, const void *ctx)
{
	const struct dumper *a = x, *b = y; /* node: a Pod's job */
	int d = SORT_ORDER(a->job, b->job);

	(void)ctx;
	return d ? d : SORT_ORDER(a->node, b->node);
}

/* If one of a job's hosts has a Pod, the job is that Pod's; 0: of Pods of several jobs. */
static void
name_declared(struct facts *fs)
{
	struct dumper *own = fs->declared, *pods = mem_new(fs->d->mem, struct dumper, fs->ndeclared);
	size_t n = fs->ndeclared, npods = 0;

	for (size_t i = 0; i < n; i++) {
		pods[npods] = (struct dumper){.node = pods_job(fs, own[i].node), .job = own[i].job};
		npods += pods[npods].node != 0;
	}
	sort(pods, npods, sizeof(*pods), declared_cmp, NULL, fs->d->spare);
	npods = sort_unique(pods, npods, sizeof(*pods), declared_cmp, NULL);
	for (size_t i = 0; i < n; i++) {
		size_t lo = 0;

		SORT_BISECT(lo, npods, k, pods[k].job < own[i].job);
		if (lo < npods && pods[lo].job == own[i].job)
			own[i].job = lo + 1 < npods && pods[lo + 1].job == own[i].job ? 0 : pods[lo].node;
	}
}

void
jobs_index(struct facts *fs)
{
	const struct event_list *l = &fs->ev->list[EVENT_POD];
	const struct pod *p = l->p;

	index_names(fs);
	fs->stand = mem_new(fs->d->mem, struct stand, l->n);
	for (size_t i = 0; i < l->n; i++)
		if (p[i].e.node && p[i].gpus)
			fs->stand[fs->nstand++] = (struct stand){p[i].e.node, (uint32_t)i};
	sort(fs->stand, fs->nstand, sizeof(*fs->stand), stand_cmp, NULL, fs->d->spare);
	declared_index(fs);
	name_declared(fs);
}

/* ---- several jobs ---- */

static int
id_cmp(const void *x, const void *y, const void *ctx)
{
	return idx_cmp(ctx, *(const uint32_t *)x, *(const uint32_t *)y);
}

size_t
jobs_named(struct facts *fs, uint32_t **jobs)
{
	uint32_t *all, last = 0;
	size_t n = 0, to;

	for (size_t k = 0; k < NELEM(by_rank); k++)
		n += fs->ev->list[by_rank[k].kind].n;
	all = mem_new(fs->d->mem, uint32_t, n);
	n = 0;
	for (size_t k = 0; k < NELEM(by_rank); k++)
		for (size_t i = 0; i < fs->ev->list[by_rank[k].kind].n; i++) {
			uint32_t node = dump_files_place(&fs->files, events_at(fs->ev, by_rank[k].kind, i));

			if (i == 0 || node != last)
				all[n++] = node;
			last = node;
		}
	sort(all, n, sizeof(*all), sort_u32, NULL, fs->d->spare);
	n = sort_unique(all, n, sizeof(*all), sort_u32, NULL);
	for (size_t i = 0; i < n; i++)
		all[i] = jobs_of(fs, all[i]);
	sort(all, n, sizeof(*all), id_cmp, fs->names, fs->d->spare);
	n = sort_unique(all, n, sizeof(*all), id_cmp, fs->names);
	for (to = 0; to < n && !all[to]; to++)
		;
	*jobs = all;
	return n - to > 1 ? n : 0;
}

/* Number of a job's ranks according to its dumps, or else its pods; or 0. */
static uint32_t
world_of(const struct facts *fs, uint32_t job)
{
	const struct event_list *l = &fs->ev->list[EVENT_POD];
	const struct pod *p = l->p;
	uint32_t n = declared_size(fs, job);

	if (n)
		return n;
	for (size_t i = 0; i < l->n; i++)
		n += p[i].job == job ? p[i].procs : 0;
	return n;
}

/* Are all members of a group below the job's number of ranks (0: unknown)? */
static bool
fits(const struct facts *fs, const struct process_group *t, uint32_t world)
{
	struct str list = idx_at(fs->names, t->ranks), one;
	uint64_t rank;

	while (world && str_cut(&list, ',', &one))
		if (num_u64(one, &rank) && rank >= world)
			return false;
	return true;
}

static size_t
members(const struct facts *fs, const struct process_group *t)
{
	struct str list = idx_at(fs->names, t->ranks), one;
	size_t n = 0;

	while (str_cut(&list, ',', &one))
		n++;
	return n;
}

/* Keep a job's groups: not those of larger jobs, and of a group with several lists
 * only the one of all its ranks. */
static void
take_groups(const struct facts *fs, struct event_list *l, uint32_t world)
{
	const struct event_list *from = &fs->ev->list[EVENT_PROCESS_GROUP];
	const struct process_group *t = from->p;
	struct process_group *own = mem_new(fs->d->mem, struct process_group, from->n);

	*l = *from;
	l->p = own;
	l->n = 0;
	for (size_t i = 0, end; i < from->n; i = end) {
		const struct process_group *whole = NULL;

		for (end = i; end < from->n && t[end].group == t[i].group; end++)
			if (world && members(fs, &t[end]) == world && fits(fs, &t[end], world))
				whole = &t[end];
		for (size_t k = i; k < end; k++)
			if (whole ? &t[k] == whole || !t[k].ranks : fits(fs, &t[k], world))
				own[l->n++] = t[k];
	}
}

void
jobs_view(const struct facts *fs, uint32_t job, struct events *view)
{
	*view = *fs->ev;
	for (size_t k = 0; k < NELEM(by_rank); k++) {
		const struct event_list *from = &fs->ev->list[by_rank[k].kind];
		struct event_list *l = &view->list[by_rank[k].kind];
		char *p = mem_get(fs->d->mem, by_rank[k].size, from->n);

		l->p = p;
		l->n = 0;
		for (size_t i = 0; i < from->n; i++) {
			const struct event *e = events_at(fs->ev, by_rank[k].kind, i);

			if (jobs_of_record(fs, e) == job)
				memcpy(p + l->n++ * by_rank[k].size, e, by_rank[k].size);
		}
	}
	take_groups(fs, &view->list[EVENT_PROCESS_GROUP], world_of(fs, job));
}
