#include "pattern/nccl_hang/jobs.h"

#include "base/num.h"

/* The newest time in the records; the file of a dump may be much newer. */
static int64_t
newest_of(const struct job_records *all)
{
	const struct record_list *open = &all->list[EVENT_COLLECTIVE], *done = &all->list[EVENT_COMPLETED];
	const struct collective *c = open->p;
	const struct completed *f = done->p;
	int64_t t = NO_TIME; /* the lowest */

	for (size_t i = 0; i < open->n; i++)
		t = num_max(t, num_max(num_max(c[i].e.t, c[i].started), c[i].dump ? NO_TIME : c[i].seen));
	for (size_t i = 0; i < done->n; i++)
		t = num_max(t, f[i].e.t);
	return t;
}

struct jobs
nccl_jobs(const struct detection *d)
{
	struct job_records all = {0};
	struct jobs writers, jobs, out = {0};
	size_t cap = 0;

	for (size_t k = 0; k < EVENT_KINDS; k++)
		all.list[k] = (struct record_list){d->ev->list[k].p, d->ev->list[k].n};
	all.newest = newest_of(&all);
	writers = jobs_of_logs(d, &all);
	for (size_t k = 0; k < writers.n; k++) {
		jobs = jobs_of_dumps(d, &writers.of[k]);
		for (size_t i = 0; i < jobs.n; i++)
			jobs_attempts(d, &jobs.of[i], &out, &cap);
	}
	return out;
}
