/*
 * jobs - separates the records of several jobs, and of several attempts of one
 * job: group and rank numbers restart in each.
 *
 * Jobs: a dump lists the ranks of the default group.  Two dumps that contradict
 * each other are of two jobs (dump_jobs.c); so are hosts that each have a whole
 * default group, and files of dumps without hosts (join/dump_files.h).  The record around a log line names its job or pod (log_jobs.c).
 * Attempts: an attempt ends on all ranks before the next one begins.  Signs of a
 * new attempt between two times of a rank: its numbers fall; it is on another
 * host; its watchdog's next timeout began after the last one; or no rank had
 * records for longer than a timeout and it left a collective behind (attempts.c).
 * Lists live in the detection's arena.  jobs.c combines all of these.
 * Layer pattern: includes pattern.
 */
#ifndef NCCL_JOBS_H
#define NCCL_JOBS_H

#include "pattern/nccl_hang/nccl.h"

/* ---- slices.c ---- */

/* Does a record belong to a part? */
typedef bool has_record(const void *ctx, size_t part, enum event_kind kind, const void *record);

/* The records that belong to a part, each list in its order. */
struct job_records jobs_take(struct mem *m, const struct job_records *of, has_record *has, const void *ctx, size_t part);
/* The rank of a record of any kind except EVENT_PROCESS_GROUP. */
uint32_t jobs_rank_of(enum event_kind kind, const void *record);

/* ---- log_jobs.c ---- */

/* Split by the writers of lines; the first part has records of no known job.  A single
 * part if there is only one job, or too many. */
struct jobs jobs_of_logs(const struct detection *d, const struct job_records *all);

/* ---- dump_jobs.c ---- */

/* The same, split by the default groups in dumps. */
struct jobs jobs_of_dumps(const struct detection *d, const struct job_records *all);

/* ---- attempts.c ---- */

/* Append the attempts (at least one) in order to out, whose capacity is *cap. */
void jobs_attempts(const struct detection *d, const struct job_records *all, struct jobs *out, size_t *cap);

#endif
