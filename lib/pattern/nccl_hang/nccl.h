/*
 * nccl - state of nccl_hang: records by job and attempt (jobs.h), with what logs
 * add to them (hear.h), the ranks of each process group and their progress
 * (ranks.c), groups that hang together (together.c), the blamed ranks (blame.c),
 * mismatched calls (mismatch.c), wait-for cycles (cycle.c) and verdicts
 * (verdict.c).
 * Layer pattern: includes pattern.
 */
#ifndef NCCL_H
#define NCCL_H

#include <regex.h>

#include "pattern/pattern.h"

struct nccl_options {
	int64_t threshold;
	uint64_t min_ranks;
	struct str now_text, groups, ranks_file;
	struct str placement; /* the text of that file */
	bool all;
	int64_t now; /* or NO_TIME */
};

/* State of a rank in a hanging group. */
enum diagnosis {
	DONE,
	WAITING, /* at the front */
	UNHEARD, /* its log has no lines about this group */
	SILENT,
	NEVER_JOINED,
	STUCK_ON_DEVICE, /* in order of severity: of two for one rank the higher wins */
};

/* "stuck_on_device", ... */
extern const struct str nccl_diagnosis[];

/* A member of a group. */
struct member {
	uint32_t grp, rank;
	uint32_t state;      /* index in job.state */
	uint8_t is;          /* enum diagnosis, in hanging groups */
	bool spoke, hung;
	bool own;            /* has a record about this rank and group */
	bool cut;            /* its dump is incomplete: what is not in it proves nothing */
	bool heard;          /* its log has lines about some group */
	const struct collective *pend; /* its lowest unfinished one, or NULL */
	size_t npend;        /* number of records from that one on */
	int64_t pending;     /* lowest unfinished, by records and by its own
	                      * count (a full ring loses records); -1: none */
	int64_t done;        /* highest completed, by its records; -1: none */
	int64_t last;        /* highest in its records; -1 */
	int64_t enqueued, completed; /* by its own count; -1: unknown */
};

struct grp {
	uint32_t name, desc;
	uint32_t ranks;      /* team size; 0: unknown, members are the ranks seen */
	size_t from, to;     /* its members, by rank */
	size_t item, nitem;  /* its unfinished collectives, if it hangs */
	uint32_t size;       /* number of members if a record gives it; or 0 */
	int64_t front;       /* -1: nothing is pending */
	int64_t highest;     /* highest pending one; the front, unless only
	                      * reached in a way that proves nothing */
	int64_t done;        /* highest completed one */
	unsigned sources;    /* of its records: bits 1 << enum hang_source */
	int64_t first;       /* creation of its first pending one */
	bool mixed;          /* own counts include point-to-point */
	bool retires;        /* its records show only that calls returned */
	bool numberless;     /* numbers are not comparable between ranks */
	bool skipped;        /* excluded by --groups */
	size_t hung;         /* members that hang */
	size_t blamed, silent; /* blamed members; silent ones, not in blamed */
	uint32_t *quiet;     /* with --all: the silent ranks */
	size_t up;           /* union-find over groups that share ranks */
	size_t waiters;      /* in nccl_cycle: blamed ranks that wait here; in
	                      * peel: groups before this one */
	size_t waited;       /* in nccl_cycle: ranks blamed here */
	bool left, crossed;  /* not on a cycle; on a cycle */
};

/* An unfinished collective of a member. */
struct pending {
	const struct collective *c;
	uint32_t member;
	bool hung;
};

/* A rank in hanging groups. */
struct rank_state {
	uint32_t rank, node;
	size_t from, to;  /* its members, in job.by_rank */
	uint8_t is;       /* the most severe diagnosis in any group */
	bool spoke, hung;
	int64_t due;      /* when it begins to hang; INT64_MAX: unknown */
	bool behind;      /* waits in a group with a blamed rank that has records */
	bool blocked;     /* waits in a group without: the group itself is at fault */
	size_t open, open_to; /* its sends and receives, in job.open */
	const struct collective *traced; /* of those it hangs in with a stack,
	                      * the one begun first; or NULL */
	bool held;        /* waits there for a rank that is absent, stuck or held */
	int64_t held_from; /* earliest start of that; NO_TIME: unknown; INT64_MAX: not held */
	bool culprit, counted;
	/* in nccl_cycle: not on a cycle; number of groups where blamed ranks wait
	 * for it, and where it waits for blamed ranks */
	bool left;
	size_t waited, waits;
};

/* An unfinished send or receive. */
struct open_p2p {
	uint32_t rank, peer;
	uint32_t grp;
	int64_t began; /* or NO_TIME */
	bool both; /* the peer has reached it, too */
	/* only in the first one of a rank: up to two absent ranks that it waits for,
	 * directly or through others; UINT32_MAX: none */
	uint32_t absent[2];
};

/* A rank with records, and a group they are about. */
struct group_speaker {
	uint32_t group, rank, node;
	bool member; /* false: about no particular group */
	bool record; /* in speakers: has flight-recorder records, not only a log */
	bool dump;   /* in speakers: wrote a whole dump */
	bool part, whole; /* in speakers: of which there are parts; which is complete */
	uint32_t grp;
};

/* Records of a kind. */
struct record_list {
	const void *p;
	size_t n;
};

/* Ranks of which only the number in a group is known are SCOPED + their index in
 * job.scoped. */
#define SCOPED UINT32_C(0x80000000)
struct scoped {
	uint32_t group, local;
};

struct rank_host {
	uint32_t rank, node;
};

/* A member, without records about it, of a group of unknown size. */
struct member_lack {
	uint32_t group, rank;
};

/* A rank that ended with an exception or a signal. */
struct rank_end {
	uint32_t rank, how;
};

/* The records of a job, or of an attempt of it, each kind in its order. */
struct job_records {
	struct record_list list[EVENT_KINDS];
	int64_t newest; /* newest time in the input, or start of the next attempt */
	uint32_t job;   /* "namespace/job" if the input has several jobs; or 0 */
};

struct jobs {
	struct job_records *of;
	size_t n;
};

struct job {
	const struct detection *d;
	const struct nccl_options *c;
	const struct events *ev;
	struct record_list list[EVENT_KINDS]; /* its records; nccl_hear adds those from logs */
	struct scoped *scoped;    /* ranks from SCOPED on, by group and local number */
	size_t nscoped;
	struct rank_host *host;   /* by rank: its host according to logs */
	size_t nhost;
	struct rank_host *pod;    /* by rank: "namespace/pod" that wrote its lines */
	size_t npod;
	struct rank_host *placed; /* by rank: its host according to --ranks */
	size_t nplaced;
	struct rank_host *seat;   /* by rank: its host by a launcher's list of nodes */
	size_t nseat;
	uint32_t *idle;           /* ranks that reported and hang nowhere, ascending; empty if a
	                           * reporting rank has no number */
	size_t nidle;
	uint32_t *alarm;          /* ranks that requested dumps, ascending */
	size_t nalarm;
	struct member_lack *lack; /* by group and rank: members inferred from their neighbors' lines */
	size_t nlack;
	struct rank_end *end;     /* by rank, once each */
	size_t nend;
	uint32_t world;           /* size of the largest communicator; 0: unknown */
	uint32_t named;           /* its name if the input has several jobs; or 0 */
	bool mingled;             /* records of one rank are from two jobs or attempts */
	bool thinned;             /* logs of some ranks were left out */
	bool again;               /* ranks timed out in several collectives of one group */
	int64_t newest;
	struct group_speaker *pair;
	size_t npair;
	struct group_speaker *speakers; /* by rank, once each: its host */
	size_t nspeakers;
	struct grp *grp;
	size_t ngrp;
	struct member *member;
	size_t nmember;
	struct pending *item;
	size_t nitem;
	uint32_t *by_rank; /* members of hanging groups, by rank */
	size_t nby_rank;
	struct rank_state *state;
	size_t nstate;
	struct open_p2p *open; /* by rank, peer and group */
	size_t nopen;
	uint64_t pending, young, lone; /* pending, young: members; lone: ranks */
	int64_t oldest;                /* age of the oldest young one */
	bool by_newest;                /* that age is measured by the newest record */
};

struct age {
	int64_t ns;        /* INT64_MAX: old enough; NO_TIME: unknown */
	struct str basis;  /* "dump": never shown as a number, so that a copied
	                    * file's time changes no byte of a verdict */
};

/* The string with number id. */
static inline struct str
name(const struct job *a, uint32_t id)
{
	return idx_at(&a->ev->names, id);
}

/* Groups that share ranks. */
struct hung_groups {
	size_t *grp;
	size_t n;
	size_t hung; /* number of hanging ranks */
	bool timed_out; /* according to a watchdog */
};

enum { NAMED = 6 }; /* ranks or ranges named in sentences; lists have more */

/* A set of ranks: their number and first ranges. */
struct some {
	size_t n, nrun;
	struct {
		uint32_t from, to;
	} run[NAMED];
};

/* Add a rank; call in ascending order. */
void nccl_some_add(struct some *s, uint32_t rank);
/* "rank 3", "ranks 3, 16-23 and 12 more" */
void nccl_put_some(struct buf *b, const struct some *s);
void nccl_put_ranks(struct buf *b, const uint32_t *rank, size_t n);

/* Summary of culprits, which findings of one group may share. */
struct culprit_tally {
	struct some all, of[STUCK_ON_DEVICE + 1]; /* by diagnosis */
	uint32_t *host, *pod;           /* by name, without duplicates */
	size_t nhost, npod;
};

/* A finding. */
struct hang {
	const struct job *job;
	const struct hung_groups *in; /* the incident; NULL: only about one collective */
	const struct grp *g;
	int64_t seq;
	struct str word;           /* mismatch, deadlock, stalled; empty: each
	                            * culprit has its own diagnosis */
	const struct pending *item;   /* if about one collective: members hanging in it */
	size_t nitem;
	uint32_t *culprit;         /* members, by rank */
	size_t nculprit;
	const struct culprit_tally *tally; /* of the culprits */
	bool open;                 /* mismatch: unknown calls may make others the minority */
	bool sure;                 /* false: only the most likely explanation */
	int64_t final_at;          /* as soon as --min-ranks hang */
};

struct hangs {
	struct hang *f;
	size_t n;
};

/* Loop over the records of a kind. */
#define EACH(T, x, kind) \
	for (const struct T *x = a->list[kind].p, *x##_end = a->list[kind].n ? x + a->list[kind].n : x; \
	     x < x##_end; x++)

/* Loop over the members of an incident's groups. */
#define EACH_MEMBER(a, in, c) \
	for (size_t c##_g = 0; c##_g < (in)->n; c##_g++) \
		for (struct member *c = &(a)->member[(a)->grp[(in)->grp[c##_g]].from], \
			  *c##_end = &(a)->member[(a)->grp[(in)->grp[c##_g]].to]; \
		     c < c##_end; c++)

/* ---- jobs.c ---- */

enum { PARTS_MAX = 64 }; /* jobs in one input; attempts of one job */
enum { NCCL_FALL = 16 }; /* numbers that fall by more have restarted */
#define NCCL_RESTART (10 * SECOND) /* minimum duration of a restart */

/* Does a later number of a rank show that its numbers restarted? */
static inline bool
nccl_falls(int64_t before, int64_t at, int64_t seq, int64_t t)
{
	return before > seq + NCCL_FALL && at != NO_TIME && t != NO_TIME && time_diff(t, at) >= NCCL_RESTART;
}

/* Split the records by job and attempt; returns at least one part. */
struct jobs nccl_jobs(const struct detection *d);

/* ---- ranks.c ---- */

/* Compile a POSIX extended regular expression; the caller frees it. */
bool nccl_regex(regex_t *re, struct str s, struct mem *m);
/* Fill in groups, members, their progress, and which of them hang. */
void nccl_gather(struct job *a);
/* Time it was started, or else created, or NO_TIME. */
int64_t nccl_begun(const struct collective *c);
/* Is p the better example: begun first, or then of the lower rank? */
bool nccl_begun_before(const struct collective *p, const struct collective *q);
struct age nccl_age(const struct job *a, const struct collective *c);
/* Is it old enough to hang? */
bool nccl_is_old(const struct job *a, struct age age);
/* Time from which it is; INT64_MAX if only the end of the input decides. */
int64_t nccl_due(const struct job *a, const struct collective *c);
/* The items of a group's collective: a->item[*from] up to a->item[*to], exclusive. */
void nccl_items(const struct job *a, const struct grp *g, int64_t seq, size_t *from, size_t *to);
/* Ranks of the job without records: those below the highest rank seen, unless they
 * outnumber the ones with records (*many), and those whose host logs name.  Returns
 * their number. */
size_t nccl_holes(const struct job *a, uint32_t **hole, bool *many);
/* The entry in speakers of a rank with records, or NULL. */
const struct group_speaker *nccl_speaker(const struct job *a, uint32_t rank);
/* "nccl:all_reduce" without the backend. */
struct str nccl_op(struct str op);
/* Set *to to n if that is higher. */
static inline void
raise(int64_t *to, int64_t n)
{
	if (n > *to)
		*to = n;
}

/* Is p the better group to report?  By having a name, then creation of the first
 * pending collective, size, name and members. */
bool nccl_before(const struct job *a, const struct grp *p, const struct grp *q);
/* Compares struct open_p2p, except `both`. */
sort_cmp nccl_open_cmp;

/* A group known only from logs, without its name: none of its ranks is blamed. */
static inline bool
nccl_is_unnamed(const struct grp *g)
{
	return !g->name && g->sources & 1u << FROM_WATCHDOG;
}

/* The number to print for a rank. */
static inline uint32_t
nccl_shown(const struct job *a, uint32_t rank)
{
	return rank < SCOPED ? rank : a->scoped[rank - SCOPED].local;
}

/* ---- placement.c ---- */

/* Check the text of --ranks, stored in *to (struct str).  An error message, or NULL. */
const char *nccl_placement_parse(void *to, struct str text, struct mem *m, uint64_t *line);
/* Set a->placed and a->seat: hosts of ranks. */
void nccl_place(struct job *a);
/* The node (or pod) of a rank in a list by rank, or 0. */
uint32_t nccl_placed(const struct rank_host *of, size_t n, uint32_t rank);

/* ---- hear.c ---- */

/* Add to a->list the records made from the watchdog's lines. */
void nccl_hear(struct job *a);

/* ---- ras.c ---- */

/* Add the verdicts of NCCL RAS. */
void nccl_ras(const struct detection *d);

/* ---- together.c ---- */

/* The representative of all groups united with group i. */
size_t nccl_top(const struct job *a, size_t i);
/* Unite groups x and y, with all groups united with them, into one incident. */
void nccl_unite(const struct job *a, size_t x, size_t y);
/* Unite hanging groups that began to hang within a minute and whose ranks are all in
 * one larger group: a lost node is in many groups. */
void nccl_join_common(const struct job *a);

/* ---- blame.c ---- */

enum { PARTS = 4 }; /* of a shape: sizes and dtypes, in and out */

/* Find the hangs to report. */
struct hangs nccl_judge(struct job *a);
/* State of a rank; NULL if it is in no hanging group. */
struct rank_state *nccl_state(const struct job *a, uint32_t rank);
/* Does a rank wait for an absent peer, directly or through others? */
bool nccl_is_held(const struct job *a, uint32_t rank);
/* Does a rank hang in a group other than g? */
bool nccl_hangs_beside(const struct job *a, uint32_t rank, const struct grp *g);
/* Compares hangs in output order; ctx is the struct idx of names. */
sort_cmp nccl_hang_cmp;

/* ---- mismatch.c ---- */

/* Requirements of operations on their callers, by name without the backend. */
enum demand { SAME = 1, ROOTED = 2, IN_PLACE = 4 };

/* Requirements of a collective's operation: bits of enum demand. */
unsigned nccl_demand(const struct job *a, const struct collective *c);
/*
 * The members, by rank, whose call of a collective differs from the majority's; all
 * of them if there is no majority; NULL if all calls agree.  *open: unknown calls of
 * other members could change the majority.
 */
uint32_t *nccl_mismatch(const struct job *a, const struct grp *g, int64_t seq, size_t *n, bool *open);

/* ---- cycle.c ---- */

/*
 * Find wait-for cycles among blamed ranks: repeatedly remove ranks that no remaining
 * one waits for and ranks that wait for no remaining one; ranks blocked by something
 * else (by a peer: unless held) are removed first.  Those that remain are on a cycle
 * and become culprits; returns their number.
 */
size_t nccl_cycle(struct job *a, const struct hung_groups *in, bool held);
/*
 * Find a deadlock in which all ranks entered all collectives, but in different orders:
 * devices that run one collective at a time wait for each other.  Its ranks become
 * culprits, and f->g the group to report.
 */
bool nccl_crossed(struct job *a, struct hang *f);

/* ---- verdict.c ---- */

/* Add the verdict. */
void nccl_emit(const struct hang *f);

#endif
