/*
 * incident - what all patterns say of one set of records, as facts; which fact
 * caused which, by a table of rules; and the trees that come of it, one a root.
 * fact.c has what all facts have, facts.c makes facts of records, xids.c of Xids, verdicts.c of verdict lines (a pattern's own
 * output is read as bytes, as one that was made elsewhere), seats.c knows where
 * ranks ran, jobs.c whose they are, links.c joins, report.c writes the verdicts
 * of pattern 0 (of stories: story.h), coverage.c what the input held, passed.c has the incident lines of the input, inquest.c is the program;
 * page.h has how incidents are written.
 * Sources of the windows: the kubelet's lease and node-monitor-grace-period
 * (40-50 s until NotReady, 300 s of toleration), ProcessGroupNCCL's timeout.
 * Layer incident: includes join, pattern/pattern.h.
 */
#ifndef INCIDENT_H
#define INCIDENT_H

#include "join/catalog.h"
#include "join/recovery.h"
#include "pattern/pattern.h"

#define MINUTE (60 * SECOND)

struct inquest_config {
	struct str ranks_file;
	int64_t ahead;  /* the host enqueues so far ahead of its GPU */
	int64_t before; /* a cause comes so long before a hang at most */
	uint64_t min_ranks;
	unsigned format, summary; /* enum page_format, rollup_by */
	bool all;       /* roots that are no incident, too */
	struct str seats; /* ranks_file's text */
	struct str expect_file, expected; /* its text */
	struct str topology, rules;       /* files for the patterns that read them */
	void *own[8];   /* the patterns' configs, as in inquest_patterns */
};

/* The patterns that are run, ended by NULL. */
extern const struct pattern *const inquest_patterns[];
extern const struct pattern inquest;
extern const struct formats inquest_formats; /* page.c */

enum fact_kind {
	FACT_PCIE, FACT_HBM, FACT_HEAT, FACT_XID, FACT_SXID, FACT_NOTREADY, FACT_CORDON, FACT_PRESSURE,
	FACT_LINK, FACT_STORAGE, FACT_MACHINE_CHECK, FACT_PANIC, FACT_REBOOT, FACT_LOST, FACT_ENDED, FACT_HANG, FACT_WATCHDOG, FACT_OTHER, FACT_KINDS,
};

/* Why a pod was lost: what its loss says of itself. */
enum lost_how { LOST_UNKNOWN, LOST_TAINT, LOST_NODE, LOST_SHUTDOWN, LOST_PRESSURE, LOST_LIMIT, LOST_API, LOST_PREEMPTION };

struct ranks {
	uint32_t *r; /* ascending */
	size_t n;
};

/* A piece of evidence, its strings as numbers of names. */
struct fact_evidence {
	int64_t t;
	struct fact_evidence *next;
	uint32_t kind, text;
	uint32_t uid;  /* 0: none of its own */
	uint32_t node; /* of the fact that had it first */
};

/* The ranks of a hang, and where they ran. */
struct hang_ranks {
	struct ranks blamed, waiting;
	uint32_t *pods, *gpus;     /* of the blamed ones; "node/address" of each GPU */
	uint32_t *waiting_nodes;
	size_t npod, ngpu, nwaiting;
	uint32_t world;            /* how many ranks there are, or 0 */
	bool unplaced, assumed;    /* where they ran */
	bool guessed;              /* those to blame are only the ones not heard of */
};

/* There may be a million: what few of them have is elsewhere, and members are
 * ordered by size. */
struct fact {
	int64_t lo, hi;   /* when it happened, closed; hi: of what goes on, its end */
	int64_t at;       /* when it was seen */
	int64_t resolved;
	struct str pattern; /* that says so; empty: a lone signal */
	struct str remedy, detail; /* of the verdict; scope, diagnosis, eviction kind */
	struct hang_ranks *ranks; /* HANG; else NULL */
	uint32_t *nodes;  /* of several; else NULL */
	uint32_t *gpus;   /* HEAT: "node/address" of each */
	uint32_t *said;   /* ids of the verdicts that say so, the first 16 */
	struct fact_evidence *ev; /* nev of them */
	uint32_t nnode, ngpu, nsaid, nev;
	uint32_t node;
	struct pci gpu;
	uint32_t uuid, serial;
	uint32_t pod, job;  /* "namespace/name" */
	uint32_t code;      /* of Xids; exit code */
	uint32_t folded;    /* lesser facts that belong to it */
	uint8_t kind;       /* enum fact_kind */
	uint8_t cls;        /* enum xid_class */
	uint8_t action;     /* enum action: of the verdict */
	uint8_t how;        /* enum lost_how */
	bool grave;         /* PCIE: fatal; HEAT: the clock fell much; ENDED: the node's memory was full, not a group's */
	bool corrected;     /* PCIE: nothing else */
	bool named;         /* LINK: NCCL says so; NOTREADY: a job's launcher */
	bool oom, gpu_pod;
	bool gpu_memory;    /* ENDED: it asked for more of its GPU's memory than was free */
	bool passed;        /* a verdict line of the input says so, not this run's records */
	bool planned;       /* its node had been cordoned before */
	bool late;          /* ENDED: because its job had lost a pod */
	bool undated;       /* LOST: at some time of the input, since the pod began */

	/* links.c */
	bool causes;        /* else it only precedes */
	bool followed;      /* it has effects */
	uint32_t nrival;
	struct fact **rival; /* causes that were as possible */
	struct fact *cause;
	const struct rule *rule;
	uint32_t tried;     /* as a cause of the effect of that number */
	uint32_t number;    /* in the story of its incident, from 1 */
	struct fact *lead;  /* of several effects the one that counts */
	struct fact *root;
	struct fact *gone;  /* it is counted there */
};

struct facts {
	const struct detection *d;
	const struct inquest_config *c;
	const struct events *ev;
	struct idx *names;
	struct fact *f; /* of the heap: there may be many */
	size_t n, cap;
	struct recoveries back;
	struct named *named; /* jobs.c's business */
	size_t nnamed;
	struct seat *seat;
	size_t nseat, seat_cap;
	struct stand {
		uint32_t node, pod; /* a pod with GPUs there, in the list */
	} *stand; /* the same */
	size_t nstand;
	struct heard {
		int64_t *t;   /* of records but Xids, by layer and node */
		bool *sorted; /* whether those of a layer and node are sorted by time */
		uint32_t *at; /* where those of a layer and node begin */
		uint32_t *xid, *xid_at; /* Xids in their list, by node; where a node's begin */
		size_t nodes; /* numbers of names up to the last one's, and 0 */
		struct labelled {
			uint32_t label, node;
		} *full; /* full names by their first labels */
		size_t nfull;
	} heard; /* coverage.c's business */
	struct held {
		size_t n, nodes;
		int64_t first, last; /* NO_TIME: none has one */
	} *held; /* of each layer */
	struct passed *passed; /* incident lines of the input that are not printed yet */
	size_t npassed;
	bool has[EVENT_KINDS]; /* there are records of the kind */
};

/* ---- fact.c ---- */

/* Room for so many more at once. */
void facts_room(struct facts *fs, size_t n);
struct fact *facts_add(struct facts *fs, enum fact_kind kind, int64_t lo, int64_t hi);
/* A verdict says so, too: its id, or 0. */
void fact_said(struct facts *fs, struct fact *f, uint32_t id);
/* Give a fact evidence, as long as it has less than FACT_EVIDENCE_MAX; uid and
 * text are numbers.  The same unless it has that text of that time; and all that
 * another fact has. */
enum { FACT_EVIDENCE_MAX = 8 };
void fact_add_evidence(struct facts *fs, struct fact *f, struct str kind, uint32_t uid, int64_t t, uint32_t text);
void fact_show(struct facts *fs, struct fact *f, struct fact_evidence e);
void fact_share(struct facts *fs, struct fact *f, const struct fact *of);
/* "namespace/name", or 0. */
uint32_t facts_pod(struct facts *fs, struct str ns, struct str name);
/* Order of uint32_t by the names that they are numbers of; ctx is the struct idx. */
sort_cmp ids_cmp;

/* Numbers of names (struct facts). */
struct ids {
	uint32_t *id;
	size_t n, cap;
};

/* Add a name, unless it is 0. */
void ids_add(const struct facts *fs, struct ids *to, uint32_t id);
/* By name, each once. */
void ids_sort(const struct facts *fs, struct ids *to);
/* Has a sorted list a name? */
bool ids_has(const struct facts *fs, const struct ids *x, uint32_t id);

/* ---- facts.c ---- */

/* Facts from records that are no pattern's. */
void facts_gather(struct facts *fs);
/* Put facts in order; those reported twice, or that belong to another, become one. */
void facts_fold(struct facts *fs);
int fact_cmp(const void *a, const void *b, const void *ctx);

/* ---- xids.c ---- */

/* Xids may be as many as the records, and nearly all belong to another one: they
 * become facts one at a time, in the order of their weight. */
struct xids {
	struct fact f; /* the next one's, without evidence, */
	const struct xid *x; /* which is this, */
	size_t next, n;      /* or next is n: that was the last */
	const struct xid *all;
	size_t nall;
	uint32_t *at; /* of the heap: n of nall, by node's name; a node's hardware errors first; by content */
};
struct xids xids_by_weight(const struct facts *fs);
void xids_next(struct xids *xs);
void xids_free(struct xids *xs);
/* Make the next one evidence of a fact. */
void xids_show(struct facts *fs, const struct xids *xs, struct fact *f);

/* ---- verdicts.c ---- */

/* Is this a shard of nodes alone?  Then its part is to print the verdicts of the
 * patterns that join by node, which the shard of KEY_ACROSS reads. */
bool facts_is_part(const struct facts *fs);
void facts_report_part(struct facts *fs);
/* Run the patterns, those that join by node on the nodes of this shard; their verdicts and those of the input become facts. */
void facts_judge(struct facts *fs);

/* ---- seats.c ---- */

struct seat {
	uint32_t job, rank, node, pod;
	struct pci gpu;
	int64_t from;
	uint8_t weak;    /* 1: what people say; 5: what follows from a pod's place */
	bool assumed;
};
/* A verdict names the host of a rank of a hang that began at t: its own record's,
 * or that of its place in a launcher's list of nodes. */
void seats_of_verdict(struct facts *fs, uint32_t rank, uint32_t host, int64_t t);
/* All other places: after the verdicts. */
void seats_gather(struct facts *fs);
/* Find out where the ranks of each hang ran, and which are silent. */
void seats_place(struct facts *fs);
/* Once causes are known: blame no rank for a hang without one, if the only evidence
 * against the ranks is that they are silent. */
void seats_doubt(struct facts *fs);
/* The text of --ranks: NULL, or what is wrong in which line. */
const char *seats_parse(void *to, struct str text, struct mem *m, uint64_t *line);

/* ---- jobs.c ---- */

/* Pods by name and by node: before all else. */
void jobs_index(struct facts *fs);
/* A pod by its name or address, in a namespace or in any (0); or NULL. */
const struct pod *jobs_pod(const struct facts *fs, uint32_t ns, uint32_t name);
/* The job of a pod (facts_pod), or 0; how many GPUs it asked for. */
uint32_t jobs_of_pod(const struct facts *fs, uint32_t pod);
uint32_t jobs_gpus(const struct facts *fs, uint32_t pod);
/* Did all its containers end well? */
bool jobs_succeeded(const struct facts *fs, uint32_t pod);
/* When it began, or NO_TIME. */
int64_t jobs_began(const struct facts *fs, uint32_t pod);
/* The one job that has pods with GPUs on a node, or 0; the last of its pods. */
uint32_t jobs_on(const struct facts *fs, uint32_t node, const struct pod **pod);
/* Has a job a pod with GPUs on a node?  On any? */
bool jobs_runs_on(const struct facts *fs, uint32_t job, uint32_t node);
bool jobs_is_placed(const struct facts *fs, uint32_t job);
/* The job of records that name a host: a pod, or a node; or 0. */
uint32_t jobs_of(const struct facts *fs, uint32_t host);
/* The jobs whose ranks records of collectives have, 0 for those of none, by
 * name, if they are several; else 0. */
size_t jobs_named(struct facts *fs, uint32_t **jobs);
/* The records as one of them knows them; lists live in the detection's arena. */
void jobs_view(const struct facts *fs, uint32_t job, struct events *view);

/* ---- links.c ---- */

struct rule {
	const char *id;
	unsigned causes, effects;     /* kinds, bit by bit */
	int64_t min, max;             /* effect - cause */
	/* 0: no; 1: the cause precedes; 2: it causes */
	int (*match)(const struct facts *fs, const struct fact *cause, const struct fact *effect, int64_t delay);
};
void facts_link(struct facts *fs);
bool fact_on(const struct fact *f, uint32_t node);

/* ---- coverage.c ---- */

/* Which records there are of which node and when: before facts are gathered. */
void coverage_gather(struct facts *fs);
/* The name that records have of a host: they may have a full one where others have a
 * short one, or the reverse; COVERAGE_SEVERAL full names have this short one. */
#define COVERAGE_SEVERAL UINT32_MAX
uint32_t coverage_node(const struct facts *fs, uint32_t name);
/* The last sign of life of a node before a time, at most a minute before: what
 * it wrote itself, its kernel's records and measurements. */
int64_t facts_alive(const struct facts *fs, uint32_t node, int64_t before);
/* The time of the last record, or NO_TIME. */
int64_t coverage_last(const struct facts *fs);
/* What the input held of each layer, and which of some nodes are in none of a
 * layer's records from --before a time until another: a member of the newest
 * verdict. */
void coverage_report(const struct facts *fs, const uint32_t *node, size_t n, int64_t first, int64_t last);
/* The text of --expect: NULL, or what is wrong in which line. */
const char *expect_parse(void *to, struct str text, struct mem *m, uint64_t *line);
/* Of the nodes that should be there, those without any record of their own. */
void coverage_notice(struct facts *fs);

/* ---- passed.c ---- */

/* The incident lines of the input: printed unchanged, in their order. */
void passed_gather(struct facts *fs);
/* Print those that come before this run's own incident, except one with its id: the
 * one from the records replaces it. */
void passed_report(struct facts *fs, int64_t first, struct str id);

/* ---- report.c ---- */

void incidents_report(struct facts *fs);

#endif
