/*
 * incident - correlates the findings of all patterns.  Findings and records
 * become facts; a table of rules links causes to effects; each root with its
 * effects is a story, reported as one incident.
 * Facts: fact.c (common), facts.c (from records), xids.c (from Xids),
 * verdicts.c (from verdict lines; this run's patterns are read back as bytes,
 * like verdicts of another run).  seats.c: where ranks ran; jobs.c: the jobs of
 * pods, nodes and ranks; declared.c: jobs of dumps without Pods; links.c: the rules; report.c: verdicts of pattern 0,
 * from stories (story.h); coverage.c: the records present by data source and
 * node; passed.c: incident lines of the input; inquest.c: the program.  Output
 * formats: page.h.
 * Sources of the windows: the kubelet's lease and node-monitor-grace-period
 * (40-50 s until NotReady, 300 s of toleration), ProcessGroupNCCL's timeout.
 * Layer incident: includes join, pattern/pattern.h.
 */
#ifndef INCIDENT_H
#define INCIDENT_H

#include "join/catalog.h"
#include "join/dump_files.h"
#include "join/recovery.h"
#include "pattern/pattern.h"

#define MINUTE (60 * SECOND)

struct inquest_config {
	struct str ranks_file;
	int64_t ahead;  /* ns that the host may enqueue ahead of its GPU */
	int64_t before; /* ns from a cause to a hang, at most */
	uint64_t min_ranks;
	unsigned format, summary; /* enum page_format, rollup_by */
	bool all;       /* also report roots that are not incidents */
	struct str seats; /* text of ranks_file */
	struct str expect_file, expected; /* expected: text of expect_file */
	struct str topology, rules;       /* file names for patterns with these options */
	void *own[8];   /* configurations of the patterns, ordered like inquest_patterns */
};

/* Patterns run by inquest, terminated by NULL. */
extern const struct pattern *const inquest_patterns[];
extern const struct pattern inquest;
extern const struct formats inquest_formats; /* page.c */

enum fact_kind {
	FACT_PCIE, FACT_HBM, FACT_HEAT, FACT_XID, FACT_SXID, FACT_NOTREADY, FACT_CORDON, FACT_PRESSURE,
	FACT_LINK, FACT_STORAGE, FACT_MACHINE_CHECK, FACT_PANIC, FACT_REBOOT, FACT_LOST, FACT_ENDED, FACT_HANG, FACT_WATCHDOG, FACT_OTHER, FACT_KINDS,
};

/* Cause of a pod's loss, as its own record gives it. */
enum lost_how { LOST_UNKNOWN, LOST_TAINT, LOST_NODE, LOST_SHUTDOWN, LOST_PRESSURE, LOST_LIMIT, LOST_API, LOST_PREEMPTION };

struct ranks {
	uint32_t *r; /* ascending */
	size_t n;
};

/* A piece of evidence; its strings are numbers in facts.names. */
struct fact_evidence {
	int64_t t;
	struct fact_evidence *next;
	uint32_t kind, text;
	uint32_t uid;  /* or 0 */
	uint32_t node; /* of the first fact that had it */
};

/* The ranks of a hang, and where they ran. */
struct hang_ranks {
	struct ranks blamed, waiting;
	uint32_t *pods, *gpus;     /* of the blamed ranks; GPUs as "node/address" */
	uint32_t *waiting_nodes;
	size_t npod, ngpu, nwaiting;
	uint32_t world;            /* number of ranks in the job, or 0 */
	bool unplaced, assumed;    /* nodes of the ranks: unknown; only assumed */
	bool guessed;              /* blamed only because they have no records */
};

/* A fact.  There may be a million: rare members are kept elsewhere, the others
 * are ordered by size. */
struct fact {
	int64_t lo, hi;   /* closed interval in which it happened; hi: end of a lasting fact */
	int64_t at;       /* when it was seen */
	int64_t resolved;
	struct str pattern; /* that reported it; empty: a signal from records */
	struct str remedy, detail; /* the verdict's remediation; its scope, diagnosis or eviction kind */
	struct hang_ranks *ranks; /* of FACT_HANG, or NULL */
	uint32_t *nodes;  /* if on several nodes, or NULL */
	uint32_t *gpus;   /* HEAT: all GPUs as "node/address" */
	uint32_t *said;   /* ids of the first 16 verdicts that report it */
	struct fact_evidence *ev; /* nev of them */
	uint32_t nnode, ngpu, nsaid, nev;
	uint32_t node;
	struct pci gpu;
	uint32_t uuid, serial;
	uint32_t pod, job;  /* "namespace/name" */
	uint32_t code;      /* Xid or exit code */
	uint32_t folded;    /* number of lesser facts folded into it */
	uint8_t kind;       /* enum fact_kind */
	uint8_t cls;        /* enum xid_class */
	uint8_t action;     /* enum action, from the verdict */
	uint8_t how;        /* enum lost_how */
	bool grave;         /* PCIE: fatal; HEAT: large clock drop; ENDED: node out of memory, not a cgroup; CORDON: node removed */
	bool corrected;     /* PCIE: only corrected errors */
	bool named;         /* LINK: reported by NCCL; NOTREADY: by a job's launcher */
	bool oom, gpu_pod;
	bool gpu_memory;    /* ENDED: out of GPU memory */
	bool passed;        /* from a verdict line of the input, not from this run's records */
	bool planned;       /* its node was already cordoned */
	bool late;          /* ENDED: after its job had lost a pod */
	bool undated;       /* LOST: without a time; between the pod's start and the input's end */

	/* links.c */
	bool causes;        /* its cause is certain; false: only precedes it */
	bool followed;      /* it has effects */
	uint32_t nrival;
	struct fact **rival; /* other possible causes */
	struct fact *cause;
	const struct rule *rule;
	uint32_t tried;     /* number of the last effect it was tried for as a cause */
	uint32_t number;    /* in the story of its incident, from 1 */
	struct fact *lead;  /* the effect that stands for the others */
	struct fact *root;
	struct fact *gone;  /* the fact it was folded into, or NULL */
};

struct facts {
	const struct detection *d;
	const struct inquest_config *c;
	const struct events *ev;
	struct idx *names;
	struct fact *f; /* on the heap: there may be many */
	size_t n, cap;
	struct recoveries back;
	struct named *named; /* private to jobs.c */
	size_t nnamed;
	struct dump_files files; /* of dumps without hosts; found by declared.c */
	struct dumper {
		uint32_t node, job;
		uint32_t size; /* number of the job's ranks */
	} *declared; /* hosts and the jobs of their dumps; private to declared.c */
	size_t ndeclared;
	struct seat *seat;
	size_t nseat, seat_cap;
	struct stand {
		uint32_t node, pod; /* pod: index of a pod with GPUs on the node */
	} *stand; /* private to jobs.c */
	size_t nstand;
	struct heard {
		int64_t *t;   /* times of records except Xids, by layer and node */
		bool *sorted; /* per layer and node: its times are in order */
		uint32_t *at; /* index of the first time of each layer and node */
		uint32_t *xid, *xid_at; /* indices of Xids, by node; each node's first one */
		size_t nodes; /* the highest number of a node's name, plus 1 */
		struct labelled {
			uint32_t label, node;
		} *full; /* FQDNs by short host name */
		size_t nfull;
	} heard; /* private to coverage.c */
	struct held {
		size_t n, nodes;
		int64_t first, last; /* NO_TIME: no record has a time */
	} *held; /* records of each layer */
	struct passed *passed; /* incident lines of the input, not printed yet */
	size_t npassed;
	bool has[EVENT_KINDS]; /* the input has records of the kind */
};

/* ---- fact.c ---- */

/* Reserve space for n more facts. */
void facts_room(struct facts *fs, size_t n);
struct fact *facts_add(struct facts *fs, enum fact_kind kind, int64_t lo, int64_t hi);
/* Add the id of a verdict that reports f (0: no id), once, up to 16. */
void fact_said(struct facts *fs, struct fact *f, uint32_t id);
/* Append evidence to a fact, unless it has FACT_EVIDENCE_MAX already; uid and
 * text are numbers of names.  fact_show: unless the fact has evidence with that
 * time and text; fact_share: all evidence of another fact. */
enum { FACT_EVIDENCE_MAX = 8 };
void fact_add_evidence(struct facts *fs, struct fact *f, struct str kind, uint32_t uid, int64_t t, uint32_t text);
void fact_show(struct facts *fs, struct fact *f, struct fact_evidence e);
void fact_share(struct facts *fs, struct fact *f, const struct fact *of);
/* Number of "namespace/name" ("name" if ns is empty); 0 if name is empty. */
uint32_t facts_pod(struct facts *fs, struct str ns, struct str name);
/* Compares uint32_t numbers of names by name; ctx is the struct idx. */
sort_cmp ids_cmp;

/* Numbers of names (struct facts). */
struct ids {
	uint32_t *id;
	size_t n, cap;
};

/* Add a name, unless it is 0. */
void ids_add(const struct facts *fs, struct ids *to, uint32_t id);
/* Sort by name and remove duplicates. */
void ids_sort(const struct facts *fs, struct ids *to);
/* Does a sorted list contain a name? */
bool ids_has(const struct facts *fs, const struct ids *x, uint32_t id);

/* ---- facts.c ---- */

/* Make facts from records that no pattern reports. */
void facts_gather(struct facts *fs);
/* Sort facts; merge those reported twice or that belong to another fact. */
void facts_fold(struct facts *fs);
int fact_cmp(const void *a, const void *b, const void *ctx);

/* ---- xids.c ---- */

/* An iterator over Xids as facts, most important first.  All records may be
 * Xids, nearly all folded into another fact, so one fact exists at a time. */
struct xids {
	struct fact f; /* the current Xid as a fact, without evidence */
	const struct xid *x; /* the current Xid */
	size_t next, n;      /* next == n: at the end */
	const struct xid *all;
	size_t nall;
	uint32_t *at; /* on the heap: n of nall, by node name, hardware errors first, then content */
};
struct xids xids_by_weight(const struct facts *fs);
void xids_next(struct xids *xs);
void xids_free(struct xids *xs);
/* Add the current Xid as evidence of a fact. */
void xids_show(struct facts *fs, const struct xids *xs, struct fact *f);

/* ---- verdicts.c ---- */

/* Does this shard have only nodes?  If so, it prints the verdicts of patterns that
 * correlate by node; the shard with KEY_ACROSS reads them. */
bool facts_is_part(const struct facts *fs);
void facts_report_part(struct facts *fs);
/* Run the patterns (those that correlate by node: on this shard's nodes) and make
 * facts of their verdicts and of those in the input. */
void facts_judge(struct facts *fs);

/* ---- seats.c ---- */

struct seat {
	uint32_t job, rank, node, pod;
	struct pci gpu;
	int64_t from;
	uint8_t weak;    /* BY_HAND to BY_VERDICT (seats.c), surest first */
	bool assumed;
};
/* Add the host that a verdict gives for a rank of a hang that began at t: the one
 * in the rank's own records, or its position in a launcher's list of nodes. */
void seats_of_verdict(struct facts *fs, uint32_t rank, uint32_t host, int64_t t);
/* Add places from all other sources; call after facts_judge. */
void seats_gather(struct facts *fs);
/* Find the nodes of each hang's ranks, and the ranks without records. */
void seats_place(struct facts *fs);
/* After causes are known: in hangs without a cause, clear ranks that are blamed
 * only because they have no records. */
void seats_doubt(struct facts *fs);
/* Parse the text of --ranks.  NULL, or an error message and its line number. */
const char *seats_parse(void *to, struct str text, struct mem *m, uint64_t *line);

/* ---- jobs.c ---- */

/* Index pods by name and by node; call first. */
void jobs_index(struct facts *fs);
/* Find a pod by name or address; ns 0: in any namespace.  Or NULL. */
const struct pod *jobs_pod(const struct facts *fs, uint32_t ns, uint32_t name);
/* Job of a pod (a number from facts_pod), or 0; number of GPUs it requests. */
uint32_t jobs_of_pod(const struct facts *fs, uint32_t pod);
uint32_t jobs_gpus(const struct facts *fs, uint32_t pod);
/* Did all its containers exit with 0? */
bool jobs_succeeded(const struct facts *fs, uint32_t pod);
/* Its start time, or NO_TIME. */
int64_t jobs_began(const struct facts *fs, uint32_t pod);
/* The only job with GPU pods on a node, or 0; *pod: its last pod, or NULL. */
uint32_t jobs_on(const struct facts *fs, uint32_t node, const struct pod **pod);
/* Does a job have a GPU pod on this node?  On any node? */
bool jobs_runs_on(const struct facts *fs, uint32_t job, uint32_t node);
bool jobs_is_placed(const struct facts *fs, uint32_t job);
/* Job of records with this host, a pod or a node; or else the job of its dumps; or 0. */
uint32_t jobs_of(const struct facts *fs, uint32_t host);
/* Job of a record of a rank: of its host, or else of its file. */
uint32_t jobs_of_record(const struct facts *fs, const struct event *e);
/* Jobs of all records of ranks, by name (0: records without a job).  Returns
 * their number, or 0 if there is only one. */
size_t jobs_named(struct facts *fs, uint32_t **jobs);
/* The records as one job sees them; lists live in the detection's arena. */
void jobs_view(const struct facts *fs, uint32_t job, struct events *view);

/* ---- declared.c ---- */

#define JOB_UNNAMED '\001' /* such a job has no name; its number's text begins with this */
static inline bool
job_is_named(const struct facts *fs, uint32_t job)
{
	struct str s = idx_at(fs->names, job);

	return s.n && *s.p != JOB_UNNAMED;
}
/* Find the jobs of hosts by their dumps, if these are of several. */
void declared_index(struct facts *fs);
/* The job of a host's dumps, or 0. */
uint32_t declared_job(const struct facts *fs, uint32_t node);
/* Number of ranks of such a job, or 0. */
uint32_t declared_size(const struct facts *fs, uint32_t job);

/* ---- links.c ---- */

struct rule {
	const char *id;
	unsigned causes, effects;     /* bits 1 << fact_kind */
	int64_t min, max;             /* ns from cause to effect */
	/* 0: no link; 1: it only precedes; 2: it causes */
	int (*match)(const struct facts *fs, const struct fact *cause, const struct fact *effect, int64_t delay);
};
void facts_link(struct facts *fs);
bool fact_on(const struct fact *f, uint32_t node);

/* ---- coverage.c ---- */

/* Index the times of records by layer and node; call before facts_gather. */
void coverage_gather(struct facts *fs);
/* A host's name as the records have it: the FQDN for a short host name or the
 * reverse.  COVERAGE_SEVERAL: several FQDNs have this short name. */
#define COVERAGE_SEVERAL UINT32_MAX
uint32_t coverage_node(const struct facts *fs, uint32_t name);
/* Time of a node's last kernel record or measurement in the minute before
 * `before`, or the start of that minute: it was alive then. */
int64_t facts_alive(const struct facts *fs, uint32_t node, int64_t before);
/* The time of the last record, or NO_TIME. */
int64_t coverage_last(const struct facts *fs);
/* Add to the newest verdict a member with the records of each layer, and those
 * of n nodes without any from --before ahead of `first` until `last`. */
void coverage_report(const struct facts *fs, const uint32_t *node, size_t n, int64_t first, int64_t last);
/* Parse the text of --expect.  NULL, or an error message and its line number. */
const char *expect_parse(void *to, struct str text, struct mem *m, uint64_t *line);
/* Print notices about expected nodes that have no records of their own. */
void coverage_notice(struct facts *fs);

/* ---- passed.c ---- */

/* Collect the incident lines of the input, which are printed in order of time. */
void passed_gather(struct facts *fs);
/* Print those that precede this run's incident (first, id), except a line with
 * the same id, which it replaces. */
void passed_report(struct facts *fs, int64_t first, struct str id);

/* ---- report.c ---- */

void incidents_report(struct facts *fs);

#endif
