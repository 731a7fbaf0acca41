/*
 * hear - makes records like a flight recorder's from the watchdog's log lines.
 *
 * Such a line has less than a recorder's entry: a timeout names no group, a
 * group's tag no global rank, counters no operation.  Lines of one rank complete
 * each other if they share the number of a collective; what is still missing
 * remains unknown.
 *
 * Steps: the rank of each line (line_ranks.c), the group of timeouts
 * (line_groups.c), one conclusion from all lines of a rank about a group
 * (weigh.c, with PyTorch's desync report: desync.c), and merging the resulting
 * records with those of the input (heard.c).  Lists live in the detection's arena.
 * Layer pattern: includes pattern.
 */
#ifndef NCCL_HEAR_H
#define NCCL_HEAR_H

#include "input/text/watchdog.h"
#include "pattern/nccl_hang/nccl.h"

/* A line, completed from others. */
struct log_line {
	const struct watchdog *w;
	uint32_t rank;  /* global, or scoped, or UINT32_MAX */
	uint32_t group; /* its name; 0: unknown */
	bool one_of;    /* the rank timed out in other calls with this number, too */
};

/* A rank's number in a group, and its global rank. */
struct mapped {
	uint32_t group, local, global;
};

struct hearing {
	struct job *a;
	struct log_line *line;
	size_t n;
	struct mapped *map;
	size_t nmap;
	uint32_t zero;    /* the default group's name */
	bool any_timeout; /* a line reports a timeout; zero_timeout: of the default group */
	bool zero_timeout;
	struct buf lack; /* array of struct member_lack, on the heap until hear_weigh ends */
	struct buf collective, progress, team; /* arrays of records, on the heap until heard_merge */
};

static inline bool
hear_is_timeout(const struct watchdog *w)
{
	return w->part == WATCHDOG_TIMEOUT || w->part == WATCHDOG_FAILURE;
}

/* ---- line_ranks.c ---- */

/* Find each line's rank, and its group if the line names it. */
void hear_ranks(struct hearing *h);
/* All `size` global ranks of a group, derived from known numbers and the nrank ranks
 * in rank; NULL if these do not determine all. */
uint32_t *hear_members(const struct hearing *h, uint32_t group, uint32_t size, const uint32_t *rank, size_t nrank);
/* The highest number in a group whose global rank is known, plus 1. */
uint32_t hear_known(const struct hearing *h, uint32_t group);

/* ---- line_groups.c ---- */

/* Find the groups of timeouts without one, from others with the same number. */
void hear_groups(struct hearing *h);

/* ---- heard.c ---- */

/* Add a record: a collective that a rank waits in; its progress in a group (-1: unknown). */
void heard_collective(struct hearing *h, const struct collective *c);
void heard_progress(struct hearing *h, uint32_t group, uint32_t rank, uint32_t node, int64_t enqueued, int64_t completed);
/* Merge the records with the job's, in order.  For ranks with flight-recorder records
 * only those are kept. */
void heard_merge(struct hearing *h);

/* ---- weigh.c ---- */

/* Add records for each rank of each group, from its lines. */
void hear_weigh(struct hearing *h);

/* ---- desync.c ---- */

#define SEVERAL UINT32_MAX /* groups */

/* Ranks, ascending. */
struct rank_list {
	uint32_t *rank;
	size_t n;
};

bool rank_list_has(const struct rank_list *l, uint32_t rank);
/* Sort a list and remove duplicates. */
void rank_list_sort(const struct hearing *h, struct rank_list *l);

/* PyTorch's desync report on a group: the number of the collective that laggards did
 * not join.  Ranks in the report are numbers in the group. */
struct desync_report {
	uint32_t group;
	bool global;        /* the group is the default one: numbers are global ranks */
	const uint32_t *of; /* otherwise: their global ranks; NULL: unknown */
	uint32_t size;
	int64_t lacks;  /* -1: unset */
	int64_t joined; /* collective that others joined and did not finish, or -1 */
	bool never;     /* some laggards joined nothing, so the others' number is used */
	struct rank_list laggard, joiner, starter; /* one for each kind of line */
};

/* If no line has a group (torch before 2.3) and there is a desync report, it is about
 * the timeouts: set their group to the default one. */
void desync_give_group(struct hearing *h);
/* Combine all reports about a group (or SEVERAL); least: the lowest number that timed
 * out, or INT64_MAX. */
struct desync_report desync_gather(struct hearing *h, uint32_t group, int64_t least);
/* Add records from the report: laggards did not join the collective, other ranks did.
 * Other ranks that timed out are skipped: their own lines have more detail. */
void desync_add(struct hearing *h, const struct desync_report *r, const struct rank_list *timed_out);

#endif
