/*
 * hear - what lines of the watchdog say, as records like a flight recorder's.
 *
 * Such a line has less than an entry: a timeout names no group, a group's
 * tag no global rank, counters no operation.  Lines of one rank complete each
 * other by the number of the collective that they share; what stays open is
 * left open.
 *
 * In this order: whose each line is (line_ranks.c), of which group a timeout is
 * (line_groups.c), what all that a rank says of a group comes to (weigh.c, with
 * PyTorch's own report: desync.c), and the records of it, which take their place
 * among those that were read (heard.c).  Lists live in the detection's arena.
 * Layer pattern: includes pattern.
 */
#ifndef NCCL_HEAR_H
#define NCCL_HEAR_H

#include "input/text/watchdog.h"
#include "pattern/nccl_hang/nccl.h"

/* A line, with what is known of it from others. */
struct log_line {
	const struct watchdog *w;
	uint32_t rank;  /* global, or scoped, or UINT32_MAX */
	uint32_t group; /* its name; 0: not known */
};

/* A rank of a group is this one of all. */
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
	bool any_timeout; /* some line reports one; zero_timeout: of the default group */
	bool zero_timeout;
	struct buf lack; /* an array of struct member_lack, of the heap until hear_weigh ends */
	struct buf collective, progress, team; /* arrays of records; of the heap, until heard_merge */
};

static inline bool
hear_is_timeout(const struct watchdog *w)
{
	return w->part == WATCHDOG_TIMEOUT || w->part == WATCHDOG_FAILURE;
}

/* ---- line_ranks.c ---- */

/* Find each line's rank, and the group that it names itself. */
void hear_ranks(struct hearing *h);
/* The ranks of a group of a size, from those known of some; NULL if these do
 * not determine all. */
uint32_t *hear_members(const struct hearing *h, uint32_t group, uint32_t size, const uint32_t *rank, size_t nrank);
/* One more than the highest number in the group of which it is known which rank it is. */
uint32_t hear_known(const struct hearing *h, uint32_t group);

/* ---- line_groups.c ---- */

/* Find the groups of timeouts that do not name theirs, by others of their number. */
void hear_groups(struct hearing *h);

/* ---- heard.c ---- */

/* Add a record: what a rank waits in; how far it is in a group, -1: not known. */
void heard_collective(struct hearing *h, const struct collective *c);
void heard_progress(struct hearing *h, uint32_t group, uint32_t rank, uint32_t node, int64_t enqueued, int64_t completed);
/* Put the records in order among those of the job, except those about ranks of which a
 * flight recorder has records: only these count. */
void heard_merge(struct hearing *h);

/* ---- weigh.c ---- */

/* Add records of what lines say, group by group, rank by rank. */
void hear_weigh(struct hearing *h);

/* ---- desync.c ---- */

#define SEVERAL UINT32_MAX /* groups */

/* Ranks, ascending. */
struct rank_list {
	uint32_t *rank;
	size_t n;
};

bool rank_list_has(const struct rank_list *l, uint32_t rank);
/* Put a list in order, each rank once. */
void rank_list_sort(const struct hearing *h, struct rank_list *l);

/* A desync report's word on a group: the number that its laggards lack. Its
 * ranks are the group's. */
struct desync_report {
	uint32_t group;
	bool global;        /* and so they are in the default group, */
	const uint32_t *of; /* else by this list, or not known */
	uint32_t size;
	int64_t lacks;  /* -1: there is none */
	int64_t joined; /* what others joined and do not finish; -1 */
	bool never;     /* some laggards joined nothing, and so others' number is it */
	struct rank_list laggard, joiner, starter; /* of lines of a kind, each */
};

/* Where no line has a group, as before torch 2.3, and PyTorch itself says who
 * lags, it says so of the timeouts: these get the default group. */
void desync_give_group(struct hearing *h);
/* Who lags in a group (or SEVERAL), by all reports; least: the lowest number that timed out,
 * or INT64_MAX. */
struct desync_report desync_gather(struct hearing *h, uint32_t group, int64_t least);
/* Add records of the report's others: they came to what the laggards lack.  Those who timed out said
 * more themselves. */
void desync_add(struct hearing *h, const struct desync_report *r, const struct rank_list *timed_out);

#endif
