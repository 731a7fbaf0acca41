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

/* What a rank is in a group that hangs. */
enum diagnosis {
	DONE,
	WAITING, /* at the front */
	UNHEARD, /* its log says nothing of this group */
	SILENT,
	NEVER_JOINED,
	STUCK_ON_DEVICE, /* in order of severity: the higher of two about one rank wins */
};

/* "stuck_on_device", ... */
extern const struct str nccl_diagnosis[];

/* A member of a group. */
struct member {
	uint32_t grp, rank;
	uint32_t state;      /* of job.state */
	uint8_t is;          /* enum diagnosis; in groups that hang */
	bool spoke, hung;
	bool own;            /* a record is about this rank and group */
	bool heard;          /* its log says something, of whatever group */
	const struct collective *pend; /* its lowest unfinished one, or NULL, */
	size_t npend;        /* and how many records there are from that on */
	int64_t pending;     /* lowest unfinished, by its records and its own
	                      * count: a full ring forgets; -1: none */
	int64_t done;        /* highest completed, by its records; -1: none */
	int64_t last;        /* highest in its records; -1 */
	int64_t enqueued, completed; /* by its own count; -1: not known */
};

struct grp {
	uint32_t name, desc;
	uint32_t ranks;      /* team size; 0: unknown, members are the ranks seen */
	size_t from, to;     /* its members, by rank */
	size_t item, nitem;  /* its unfinished collectives, when it hangs */
	uint32_t size;       /* number of members if a record gives it; or 0 */
	int64_t front;       /* -1: nothing is pending */
	int64_t highest;     /* pending of all: the front, unless some came to it
	                      * by a way that proves nothing */
	int64_t done;        /* highest completed of all */
	unsigned sources;    /* whose word it is: bits, by enum hang_source */
	int64_t first;       /* when the first of its pending ones was created */
	bool mixed;          /* own counts include point-to-point */
	bool retires;        /* a call that returned counts as completed */
	bool numberless;     /* numbers do not compare between ranks */
	bool skipped;        /* --groups leaves it out */
	size_t hung;         /* members that hang */
	size_t blamed, silent; /* members that are; silent ones apart */
	uint32_t *quiet;     /* with --all: the silent ranks */
	size_t up;           /* union-find over groups that share ranks */
	size_t waiters;      /* in find_cycle(): blamed ranks that wait here; in
	                      * peel(): groups before this one */
	size_t waited;       /* in find_cycle(): ranks blamed here */
	bool left, crossed;  /* not on a cycle; on one */
};

/* An unfinished collective of a member. */
struct pending {
	const struct collective *c;
	uint32_t member;
	bool hung;
};

/* A rank in groups that hang. */
struct rank_state {
	uint32_t rank, node;
	size_t from, to;  /* of job.by_rank: its members */
	uint8_t is;       /* the gravest that any group says */
	bool spoke, hung;
	int64_t due;      /* when it begins to hang; INT64_MAX: not known */
	bool behind;      /* waits where a rank that spoke is blamed */
	bool blocked;     /* waits where none is: the group itself is at fault */
	size_t open, open_to; /* of job.open: what it sends or receives */
	const struct collective *traced; /* the one begun first of those that it
	                      * hangs in and that have a stack, or NULL */
	bool held;        /* there waits for a rank that has not come, is stuck or held, */
	int64_t held_from; /* at the earliest since then; NO_TIME: not known; INT64_MAX: not */
	bool culprit, counted;
	/* in find_cycle(): not on a cycle; groups where blamed ranks wait for
	 * it, and where it waits for some */
	bool left;
	size_t waited, waits;
};

/* An unfinished send or receive. */
struct open_p2p {
	uint32_t rank, peer;
	uint32_t grp;
	int64_t began; /* or NO_TIME */
	bool both; /* the other end has come to it, too */
	/* in the first of a rank: who has not come, two at most, for whom it waits, itself
	 * or through others; UINT32_MAX: none */
	uint32_t absent[2];
};

/* A rank that spoke, and a group it spoke of. */
struct group_speaker {
	uint32_t group, rank, node;
	bool member; /* else of no group in particular */
	bool record; /* in speakers: a flight recorder's, not a log's alone */
	bool dump;   /* in speakers: it made a whole dump */
	uint32_t grp;
};

/* Records of a kind. */
struct record_list {
	const void *p;
	size_t n;
};

/* Ranks whose number is known within their group alone are SCOPED + where they
 * are in job.scoped. */
#define SCOPED UINT32_C(0x80000000)
struct scoped {
	uint32_t group, local;
};

struct rank_host {
	uint32_t rank, node;
};

/* A member of a group whose size is not known, and that says nothing of the group. */
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
	int64_t newest; /* of all the input, or when the next attempt began */
	uint32_t job;   /* "namespace/job", where the input is of several; else 0 */
};

struct jobs {
	struct job_records *of;
	size_t n;
};

struct job {
	const struct detection *d;
	const struct nccl_options *c;
	const struct events *ev;
	struct record_list list[EVENT_KINDS]; /* its records; and then with what was heard */
	struct scoped *scoped;    /* ranks from SCOPED on, by group and number */
	size_t nscoped;
	struct rank_host *host;   /* by rank: where it ran, as logs say */
	size_t nhost;
	struct rank_host *pod;    /* by rank: "namespace/pod" whose container wrote its lines */
	size_t npod;
	struct rank_host *placed; /* as host, by hand */
	size_t nplaced;
	struct rank_host *seat;   /* as host, by what a launcher says of its nodes */
	size_t nseat;
	uint32_t *idle;           /* ranks that reported and hang nowhere, ascending; none if some
	                           * that reported have no number */
	size_t nidle;
	uint32_t *alarm;          /* who called for dumps, ascending */
	size_t nalarm;
	struct member_lack *lack; /* by group and rank: members that lines of their neighbours show */
	size_t nlack;
	struct rank_end *end;     /* by rank, once each */
	size_t nend;
	uint32_t world;           /* ranks of the largest communicator; 0: not known */
	uint32_t named;           /* its name, where the input is of several; else 0 */
	bool mingled;             /* records of one rank are of two jobs or attempts */
	bool thinned;             /* logs of some ranks were left out */
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
	uint32_t *by_rank; /* members of groups that hang */
	size_t nby_rank;
	struct rank_state *state;
	size_t nstate;
	struct open_p2p *open; /* by rank, peer and group */
	size_t nopen;
	uint64_t pending, young, lone; /* members; ranks for the last */
	int64_t oldest;                /* age of the oldest that is too young */
	bool by_newest;                /* and that ages by the newest record */
};

struct age {
	int64_t ns;        /* INT64_MAX: old enough; NO_TIME: not known */
	struct str basis;  /* "dump": never shown as a number, so that a copied
	                    * file's time changes no byte of a verdict */
};

/* The name of an id. */
static inline struct str
name(const struct job *a, uint32_t id)
{
	return idx_at(&a->ev->names, id);
}

/* Groups that share ranks. */
struct hung_groups {
	size_t *grp;
	size_t n;
	size_t hung; /* ranks that hang */
	bool timed_out; /* a watchdog says so */
};

enum { NAMED = 6 }; /* ranks, and runs of them, that sentences name; lists have more */

/* Some ranks: how many, and the first runs of them. */
struct some {
	size_t n, nrun;
	struct {
		uint32_t from, to;
	} run[NAMED];
};

/* One more, ascending. */
void nccl_some_add(struct some *s, uint32_t rank);
/* "rank 3", "ranks 3, 16-23 and 12 more" */
void nccl_put_some(struct buf *b, const struct some *s);
void nccl_put_ranks(struct buf *b, const uint32_t *rank, size_t n);

/* What is said of culprits, which findings of one group may share. */
struct culprit_tally {
	struct some all, of[STUCK_ON_DEVICE + 1]; /* by diagnosis */
	uint32_t *host, *pod;           /* once each, by name */
	size_t nhost, npod;
};

/* What is to be said. */
struct hang {
	const struct job *job;
	const struct hung_groups *in; /* NULL: about one collective alone */
	const struct grp *g;
	int64_t seq;
	struct str word;           /* mismatch, deadlock, stalled; none: each
	                            * culprit has its own */
	const struct pending *item;   /* about one collective: who hangs in it */
	size_t nitem;
	uint32_t *culprit;         /* members, by rank */
	size_t nculprit;
	const struct culprit_tally *tally; /* of them */
	bool open;                 /* mismatch: calls that are not known may make others the minority */
	bool sure;                 /* else it is what is most likely */
	int64_t final_at;          /* as soon as --min-ranks hang */
};

struct hangs {
	struct hang *f;
	size_t n;
};

/* Members of a list of events of a kind. */
#define EACH(T, x, kind) \
	for (const struct T *x = a->list[kind].p, *x##_end = a->list[kind].n ? x + a->list[kind].n : x; \
	     x < x##_end; x++)

/* The members of an incident. */
#define EACH_MEMBER(a, in, c) \
	for (size_t c##_g = 0; c##_g < (in)->n; c##_g++) \
		for (struct member *c = &(a)->member[(a)->grp[(in)->grp[c##_g]].from], \
			  *c##_end = &(a)->member[(a)->grp[(in)->grp[c##_g]].to]; \
		     c < c##_end; c++)

/* ---- jobs.c ---- */

enum { PARTS_MAX = 64 }; /* jobs in one input, and attempts of one */
enum { NCCL_FALL = 16 }; /* numbers that fall by more have restarted, */
#define NCCL_RESTART (10 * SECOND) /* which takes at least so long */

/* Does a later number of a rank show that its numbers restarted? */
static inline bool
nccl_falls(int64_t before, int64_t at, int64_t seq, int64_t t)
{
	return before > seq + NCCL_FALL && at != NO_TIME && t != NO_TIME && time_diff(t, at) >= NCCL_RESTART;
}

/* The records by job and attempt, as far as they differ; at least one. */
struct jobs nccl_jobs(const struct detection *d);

/* ---- ranks.c ---- */

/* Compile a POSIX extended regular expression; the caller frees it. */
bool nccl_regex(regex_t *re, struct str s, struct mem *m);
/* Groups, members, what they have finished and not, and who hangs. */
void nccl_gather(struct job *a);
/* When it was started, else created; or NO_TIME. */
int64_t nccl_begun(const struct collective *c);
/* Which of two is to be spoken of: the one begun first, then the lowest rank's. */
bool nccl_begun_before(const struct collective *p, const struct collective *q);
struct age nccl_age(const struct job *a, const struct collective *c);
/* Is it old enough to hang? */
bool nccl_is_old(const struct job *a, struct age age);
/* When it will be, or was; INT64_MAX where only the end of the input decides. */
int64_t nccl_due(const struct job *a, const struct collective *c);
/* The items of a group's collective: a range of a->item. */
void nccl_items(const struct job *a, const struct grp *g, int64_t seq, size_t *from, size_t *to);
/* Ranks of the job that have no records: from 0 to the highest seen, unless they
 * outnumber those that have (*many), and those whose host logs name; how many. */
size_t nccl_holes(const struct job *a, uint32_t **hole, bool *many);
/* Who is known of a rank that spoke; NULL of one that did not. */
const struct group_speaker *nccl_speaker(const struct job *a, uint32_t rank);
/* "nccl:all_reduce" without the backend. */
struct str nccl_op(struct str op);
/* At least n. */
static inline void
raise(int64_t *to, int64_t n)
{
	if (n > *to)
		*to = n;
}

/* Is p the better group to speak of? By whether it is known which, the first creation of what is
 * pending, size, name and members. */
bool nccl_before(const struct job *a, const struct grp *p, const struct grp *q);
/* Order of struct open_p2p, without both. */
sort_cmp nccl_open_cmp;

/* A group known from a log alone, without its name: no rank of it is blamed. */
static inline bool
nccl_is_unnamed(const struct grp *g)
{
	return !g->name && g->sources & 1u << FROM_WATCHDOG;
}

/* A rank's number, as it is shown. */
static inline uint32_t
nccl_shown(const struct job *a, uint32_t rank)
{
	return rank < SCOPED ? rank : a->scoped[rank - SCOPED].local;
}

/* ---- placement.c ---- */

/* Check a file of --ranks; to is a struct str, its text.  What is wrong, or NULL. */
const char *nccl_placement_parse(void *to, struct str text, struct mem *m, uint64_t *line);
/* Where its ranks ran: a->placed, a->seat. */
void nccl_place(struct job *a);
/* The node (or pod) of a rank, in a list by rank; 0: none. */
uint32_t nccl_placed(const struct rank_host *of, size_t n, uint32_t rank);

/* ---- hear.c ---- */

/* Add to the records what lines of the watchdog say: a->list. */
void nccl_hear(struct job *a);

/* ---- ras.c ---- */

/* Add the verdicts of NCCL RAS. */
void nccl_ras(const struct detection *d);

/* ---- together.c ---- */

/* The group that stands for all that are united with group i. */
size_t nccl_top(const struct job *a, size_t i);
/* Groups x and y, and what is united with them, are one incident. */
void nccl_unite(const struct job *a, size_t x, size_t y);
/* Unite groups that hang and began to within a minute, if all their ranks are
 * of one larger group: a node that is lost takes part in many. */
void nccl_join_common(const struct job *a);

/* ---- blame.c ---- */

enum { PARTS = 4 }; /* of a shape: sizes and dtypes, in and out */

/* What is to be said. */
struct hangs nccl_judge(struct job *a);
/* A rank in groups that hang; NULL: it is in none. */
struct rank_state *nccl_state(const struct job *a, uint32_t rank);
/* Does a rank wait for a peer that has not come, itself or through others? */
bool nccl_is_held(const struct job *a, uint32_t rank);
/* Does a rank hang in a group other than g? */
bool nccl_hangs_beside(const struct job *a, uint32_t rank, const struct grp *g);
/* The order in which it is; ctx is the struct idx of names. */
sort_cmp nccl_hang_cmp;

/* ---- mismatch.c ---- */

/* What operations demand of their callers, by name without the backend. */
enum demand { SAME = 1, ROOTED = 2, IN_PLACE = 4 };

/* What a collective's operation demands: bits of enum demand. */
unsigned nccl_demand(const struct job *a, const struct collective *c);
/*
 * The members whose call of a collective differs from what most call; all of
 * them when no call has the most.  The members, by rank, or NULL.  *open: the calls of other members,
 * which are not known, could make the majority another.
 */
uint32_t *nccl_mismatch(const struct job *a, const struct grp *g, int64_t seq, size_t *n, bool *open);

/* ---- cycle.c ---- */

/*
 * Who waits for whom, among the blamed: take away, again and again, those
 * that no remaining one waits for and those that wait for none remaining, and from
 * the beginning those that something else holds (a peer: unless held).  What
 * stays is on a cycle: culprits; how many.
 */
size_t nccl_cycle(struct job *a, const struct hung_groups *in, bool held);
/*
 * All ranks entered everything, yet in different orders: a device that runs
 * one collective after the other waits for one that waits for it.  Its ranks
 * are culprits, and f->g the group to speak of.
 */
bool nccl_crossed(struct job *a, struct hang *f);

/* ---- verdict.c ---- */

/* Add the verdict. */
void nccl_emit(const struct hang *f);

#endif
