/*
 * jobs - the records of several jobs, and of several attempts of one, apart.
 * Group and rank numbers restart in each.
 *
 * Jobs: a dump says who is in the default group.  Two that do not agree are of
 * two jobs (dump_jobs.c); so are hosts that have a whole default group each.  What
 * carries a log's lines names their job, or their pod (log_jobs.c).
 * Attempts: an attempt ends before another begins, on all ranks.  It did
 * between two times of a rank where its numbers fall, where it is on another
 * host, where its watchdog's next timeout began after the last one, and where
 * all were silent for longer than a timeout and it left a collective behind
 * (attempts.c).
 * Lists of all of these live in the detection's arena.  jobs.c joins the three.
 * Layer pattern: includes pattern.
 */
#ifndef NCCL_JOBS_H
#define NCCL_JOBS_H

#include "pattern/nccl_hang/nccl.h"

/* ---- slices.c ---- */

/* Does a part have a record? */
typedef bool has_record(const void *ctx, size_t part, enum event_kind kind, const void *record);

/* A part of records: of each list those that it has, in their order. */
struct job_records jobs_take(struct mem *m, const struct job_records *of, has_record *has, const void *ctx, size_t part);
/* The rank that a record is of; of any kind but EVENT_PROCESS_GROUP. */
uint32_t jobs_rank_of(enum event_kind kind, const void *record);

/* ---- log_jobs.c ---- */

/* By who wrote lines: first what is of no job that is known; one part, if there are
 * not several jobs, or too many. */
struct jobs jobs_of_logs(const struct detection *d, const struct job_records *all);

/* ---- dump_jobs.c ---- */

/* By what dumps say: the same. */
struct jobs jobs_of_dumps(const struct detection *d, const struct job_records *all);

/* ---- attempts.c ---- */

/* Add the attempts, in their order, to out, which has room for cap: one at least. */
void jobs_attempts(const struct detection *d, const struct job_records *all, struct jobs *out, size_t *cap);

#endif
