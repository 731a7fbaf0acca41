/*
 * event - the typed records that dialects produce and patterns read, and their
 * lists: plain arrays with interned strings and no duplicates, whatever the
 * order of arrival.
 * Layer event: includes identity, key, watermark, base.
 */
#ifndef EVENT_H
#define EVENT_H

#include "base/idx.h"
#include "base/sort.h"
#include "base/time.h"
#include "event/identity.h"
#include "event/key.h"
#include "event/watermark.h"

enum event_kind {
	EVENT_XID,      /* GPU error reported by the driver, or an NVSwitch error */
	EVENT_LOSS,     /* pod lost, or its deletion canceled */
	EVENT_PLACEMENT,    /* pod ran on a node */
	EVENT_GPU,      /* GPU's address, with its UUID or serial number, or for
	                 * the next lines */
	EVENT_RECOVERY, /* GPU reset, or node came back up */
	EVENT_SAMPLE,   /* GPU metric sample (event/metric.h) */
	EVENT_CONDITION, /* node pressure began or ended */
	EVENT_AER,      /* line about PCIe errors (input/text/aer.h) */
	EVENT_RATE,     /* GPU's PCIe throughput, measured and expected */
	EVENT_COLLECTIVE, /* unfinished collective of a rank */
	EVENT_COMPLETED,     /* range of collectives that a rank completed */
	EVENT_PROGRESS, /* progress of a rank in a process group */
	EVENT_PROCESS_GROUP,     /* ranks of a process group */
	EVENT_WATCHDOG, /* line of PyTorch's watchdog about a collective that timed out */
	EVENT_RAS,      /* number of operations that a rank of a communicator launched */
	EVENT_NODE,     /* node became ready or not ready, was cordoned or uncordoned */
	EVENT_POD,      /* pod: its job, how it ended */
	EVENT_RANK,     /* host that a rank ran on */
	EVENT_TIMEOUT,  /* watchdog timeout on a collective */
	EVENT_VERDICT,  /* verdict line of a filter */
	EVENT_TENANT,   /* pod that used a GPU */
	EVENT_SIGN,     /* line about a network port, file system, panic or the end of a task */
	EVENT_KINDS,
};

/* A string of at least 3 bytes, and the kinds of records (bits, 1 << enum
 * event_kind) that lines containing it may yield. */
struct word {
	struct str text;
	unsigned gives;
};

/* Start of every record.  Strings are numbers in events.names. */
struct event {
	int64_t t;     /* nanoseconds since 1970, or NO_TIME */
	uint32_t node; /* canonical name; 0: unset */
	uint32_t uid;  /* the source's own id of the record; 0: unset */
};

#define XID_CODE 0xffffffu /* bits of a code; readers limit codes to six digits */
struct xid {
	struct event e;
	struct pci gpu;
	uint32_t text;   /* the kernel line from "NVRM:" on */
	uint32_t uuid;   /* of the GPU, if in the record itself */
	uint32_t boot;   /* boot id */
	unsigned code : 24;
	unsigned nvswitch : 1; /* an SXid: gpu is the switch's address */
	unsigned fatal : 1;    /* an SXid logged as fatal */
	unsigned detail : 1;   /* second or third line of an SXid */
	unsigned code_implied : 1; /* "fallen off the bus" without a number, i.e. Xid 79 */
	unsigned recovered : 1; /* an Xid 154 whose new action is None */
	unsigned nonfatal : 1; /* an NVLink 5 error whose line requires no action */
	unsigned concluded : 1; /* from a node condition or Event, after the
	                         * kernel line */
	unsigned pad : 1;
};

enum loss_from { LOSS_EVENT, LOSS_OBJECT, LOSS_CANCEL };

struct loss {
	struct event e;
	uint32_t name, ns, pod_uid;
	uint32_t reason, note;
	uint32_t offenders; /* the kubelet's annotations (input/text/eviction.h) */
	int64_t started;    /* of a Pod object without a time of loss: when the
	                     * pod started or was created; or NO_TIME */
	uint8_t from;       /* enum loss_from */
	uint8_t source;     /* enum eviction_source */
	uint8_t pad[2];
	uint32_t requested_by; /* the user of an audit record, or 0 */
};

enum placement_from { PLACE_EVENT, PLACE_SCHEDULED, PLACE_KILLING, PLACE_OBJECT };
struct placement {
	struct event e; /* uid: the pod's; t: NO_TIME for an object, which sets created and ready */
	int64_t created, ready; /* when it was created, when it last became ready; or NO_TIME */
	uint32_t name, ns;
	uint8_t from;      /* enum placement_from */
	uint8_t daemonset; /* a DaemonSet owns the pod */
	uint8_t pad[6];
};

struct gpu {
	struct event e;
	struct pci gpu;
	uint32_t uuid; /* 0, and index -1: the next lines, which do not name a
	                * GPU, are about this one */
	int16_t index; /* the GPU's number on its node, or -1 */
	uint8_t kernel; /* from the kernel log, whose node is reliable; 0: from a series */
	uint8_t scraped; /* like sample.scraped */
	uint32_t serial; /* board's serial number (serial_of), or 0; without
	                  * UUID and index: of the GPU named by a line near
	                  * it */
	uint8_t pad[4];
};

struct recovery {
	struct event e;
	struct pci gpu;      /* unknown, and no uuid: the whole node */
	uint32_t uuid, boot; /* boot: the record's boot id, or 0 */
	uint8_t reboot;      /* 1: driver load; 2: boot of the kernel */
	uint8_t pad[7];
};

#define SAMPLE_FIELD 0x3fffu /* the bits of a field */
struct sample {
	struct event e;  /* uid: the number as written, or the UUID of the
	                  * measured MIG instance; instances are kept only where
	                  * the input has no sample of the GPU itself */
	int64_t value;   /* counts 10^-digits of the metric's unit */
	int64_t start;   /* of a delta: start of its interval; of a running
	                  * total: start of the count, if known; or NO_TIME */
	struct pci gpu;  /* address of the GPU; may be unknown */
	uint32_t uuid;   /* UUID of the GPU, or 0 */
	int16_t index;   /* number of the GPU on its node, or -1 */
	unsigned field : 14; /* enum metric_field */
	unsigned delta : 1;  /* increase in an interval, not a running total */
	unsigned scraped : 1; /* the node is the scrape address, or a name made
	                       * up for a pod or container */
};

/*
 * A transition, not a heartbeat.  A Node object yields the last one of each
 * type, an Event one, or its first and its last.
 */
struct condition {
	struct event e;
	int64_t last;     /* when it was last reported, or NO_TIME */
	uint32_t reason;  /* reason of the Event; key of a taint; 0: a Node's condition */
	uint32_t note;
	uint8_t pressure; /* enum pressure; unknown and on == 0: a reboot ended all pressures */
	uint8_t on;       /* 1: began; 0: ended */
	uint8_t taint;    /* a NoExecute taint was added, not a pressure */
	uint8_t pad[5];
};

struct aer {
	struct event e;
	struct pci dev;    /* device with the errors; if unknown, see cper and uuid */
	struct pci port;   /* reporting port, if it is another device */
	uint32_t status, mask;
	uint32_t cper;     /* {n} shared by the lines of firmware, or 0 */
	uint32_t text;     /* the line */
	uint32_t uuid, boot;
	uint16_t vendor;   /* PCI vendor of dev, or 0 */
	uint8_t part;      /* enum aer_part */
	uint8_t severity;  /* enum aer_severity */
	uint8_t layer;     /* enum aer_layer */
	uint8_t driver;    /* enum aer_driver */
	uint8_t pad[2];
};

struct rate {
	struct event e;
	int64_t value, baseline; /* 10^-3 bytes per second; NO_TIME: unset */
	struct pci gpu;          /* address of the GPU; may be unknown */
	uint32_t uuid;           /* UUID of the GPU, or 0 */
	uint32_t direction;      /* as written in the record, or 0 */
};

struct collective {
	struct event e;  /* t: when it was created */
	int64_t started; /* start on the device, or NO_TIME */
	int64_t seen;    /* when the record was made, or NO_TIME */
	int64_t seq;
	uint32_t rank;
	uint32_t group;  /* name of the process group, or 0 */
	uint32_t pg;     /* number of the group in that process, as text */
	uint32_t op;     /* "nccl:all_reduce" */
	uint32_t shape;  /* input sizes, dtypes, output sizes, dtypes: words
	                  * separated by '|', each may be empty */
	uint32_t stack;  /* "name (file:line)", innermost first, by lines */
	uint8_t running; /* started on the device */
	uint8_t dump;    /* from a whole dump, which is made because something hung */
	uint8_t source;  /* enum hang_source */
	uint8_t timed_out : 1; /* timed out according to a watchdog: hangs, whatever its age */
	uint8_t differs : 1; /* according to PyTorch the call differs from the other ranks' calls */
	uint8_t numberless : 1; /* seq is a placeholder for an unknown number */
	uint8_t spare : 5;
	uint32_t timeout_ms; /* its timeout; 0: unknown */
};

/* Source of a record about a hang. */
enum hang_source { FROM_RECORDER, FROM_WATCHDOG, FROM_RAS, HANG_SOURCES };

/* Collectives from..to of one group. */
struct completed {
	struct event e; /* t: when the last of them completed, or else was created */
	int64_t from, to;
	uint32_t rank, group;
};

struct progress {
	struct event e;
	int64_t enqueued, completed; /* -1: unknown */
	uint32_t rank;
	uint32_t group;  /* 0: no particular group */
	uint8_t p2p;     /* used point-to-point operations in the group */
	uint8_t open;    /* with p2p: one is unfinished, and its peer is set */
	uint8_t dump;    /* wrote a whole dump */
	uint8_t retires : 1;    /* its records show only that a call returned */
	uint8_t numberless : 1; /* its numbers are not comparable with other ranks' */
	uint8_t source : 2;     /* enum hang_source */
	uint8_t part : 1;       /* from the part of a dump; whole: from one that is complete */
	uint8_t whole : 1;
	uint8_t pad : 2;
	uint32_t peer;   /* with open: number of the peer in the group, from 0; or UINT32_MAX */
	uint32_t ranks;  /* members of the group according to its list, or 0 */
	uint32_t unused;
	int64_t began;   /* with open: time of that call, or NO_TIME; otherwise 0 */
};

struct process_group {
	struct event e;
	uint32_t group, desc;
	uint32_t ranks;  /* "0,1,2", ascending */
	uint32_t size;   /* number of members, if ranks is unknown; otherwise 0 */
};

/* A line of PyTorch's watchdog (input/text/watchdog.h), which sets some members. */
struct watchdog {
	struct event e;  /* t: of the line; node: where it was logged */
	int64_t seq, enqueued, completed; /* -1: unknown */
	int64_t ran;     /* ns that the rank had waited; -1: unknown */
	int64_t clock;   /* of a line without a year: time in 2000, comparable within a
	                  * log; 0: unset */
	uint32_t rank;   /* global; UINT32_MAX: unknown, also below */
	uint32_t local;  /* number of rank in the group */
	uint32_t other;  /* rank that raised the alarm */
	uint32_t group, desc;
	uint32_t op, shape; /* as in struct collective */
	uint32_t ranks;  /* list of other ranks named in the line */
	uint32_t size;   /* size of the group or communicator; 0: unknown */
	uint32_t timeout_ms;
	uint8_t part;    /* enum watchdog_part */
	uint8_t process_local; /* group is a number local to the process of rank */
	uint8_t repeat;  /* repeated line of an earlier timeout */
	uint8_t thinned; /* the same lines of other ranks were left out */
	uint32_t writer; /* "job|namespace/pod", as far as set in the record
	                  * around the line; 0: neither */
};

/* A row printed by ncclras (input/text/ras.h); ranks are numbers in a communicator. */
struct ras {
	struct event e; /* t: of the poll; node: of the rank */
	uint64_t hash;  /* of the communicator; 0: unknown */
	int64_t count;  /* operations launched */
	int64_t pid;    /* -1: unknown */
	uint32_t rank;  /* UINT32_MAX: n unnamed ranks */
	uint32_t n;
	uint32_t size;  /* of the communicator; 0: unknown */
	uint32_t op;    /* "AllReduce"; 0: unknown */
	uint32_t ranks; /* list of the ranks */
	uint32_t word;  /* their error or state; 0: neither */
	uint8_t part;   /* enum ras_part */
	uint8_t pad[7];
};

enum node_state {
	NODE_READY, NODE_NOT_READY, NODE_CORDONED, NODE_UNCORDONED, NODE_REMOVED,
	NODE_KNOWN, /* the node exists, in an unknown state and without a time */
};
/* How a node is not ready: reported by the kubelet, or not reporting. */
enum node_lapse { LAPSE_UNKNOWN, LAPSE_NOT_READY, LAPSE_UNREACHABLE };
struct node_word {
	struct event e;
	uint32_t note;
	uint8_t state; /* enum node_state */
	uint8_t lapse; /* enum node_lapse */
	uint8_t pad[2];
};

struct pod {
	struct event e; /* t: when it began; uid: the pod's */
	uint32_t name, ns;
	uint32_t job;   /* "namespace/job"; 0: unknown */
	uint32_t address; /* its IP address */
	int64_t ended;  /* when its first container failed, or NO_TIME */
	int32_t index;  /* index among the job's pods, or -1 */
	uint32_t procs; /* ranks running in it; 0: unknown */
	uint32_t gpus;  /* GPUs requested */
	int32_t code;   /* exit code of the failed container */
	uint8_t oom;    /* OOM-killed */
	uint8_t worker; /* index does not count the job's master */
	uint8_t master; /* this is the master */
	uint8_t assumed; /* a rendezvous may assign other ranks to its processes */
	uint8_t succeeded; /* all its containers succeeded */
	uint8_t pad[3];
};

enum rank_from { RANK_INIT, RANK_LINE, RANK_TASK };
struct rank_at {
	struct event e;   /* node: from the line, or from the record around it */
	uint32_t rank;
	uint32_t world;   /* INIT: ranks of that communicator; else 0 */
	uint32_t host;    /* as in the line: name of a node or pod; or 0 */
	uint32_t pod, ns; /* from the record around the line, or 0 */
	uint8_t from;     /* enum rank_from */
	uint8_t pad[3];
	struct pci gpu;   /* INIT: GPU of the rank */
};

struct timeout {
	struct event e;
	int64_t seq, after; /* after: ns waited, or -1 */
	uint32_t rank;
	uint32_t pod, ns, pad;
};

struct tenant {
	struct event e; /* t: first seen there */
	int64_t last;
	struct pci gpu;  /* may be unknown; then uuid */
	uint32_t uuid;   /* or, if that is 0, */
	int16_t index;   /* index identifies the GPU */
	uint8_t scraped; /* like sample.scraped */
	uint8_t pad;
	uint32_t name, ns;
};
#define TENANT_KNOWN (120 * SECOND) /* the use is known until this long after last */

enum sign_of {
	SIGN_LINK, SIGN_STORAGE, SIGN_PANIC,
	SIGN_MACHINE_CHECK, /* CPU error, or uncorrectable memory error */
	SIGN_OOM,       /* kernel or Slurm killed a process for its memory */
	SIGN_REBOOT,    /* node logged its shutdown or reboot */
	SIGN_ENDED,     /* a task of a job failed on the node */
	SIGN_NODE_LOST, /* launcher lost the node */
	SIGN_PREEMPTED, /* job on the node was preempted */
	SIGN_TIME_LIMIT, /* job reached its time limit */
	SIGN_GPU_MEMORY, /* program ran out of GPU memory */
};
struct sign {
	struct event e;
	uint32_t text;
	uint8_t of;    /* enum sign_of */
	uint8_t over;  /* recovered */
	uint8_t named; /* reported by NCCL itself */
	uint8_t pad;
	uint32_t pod, ns; /* pod that logged it, or 0 */
};

struct verdict_line {
	struct event e; /* t: of its first evidence */
	uint32_t line;  /* the JSON */
	uint32_t pad;
};

struct event_list {
	void *p; /* n structs of its kind */
	size_t n, cap;
	size_t tidied; /* number left when duplicates were last dropped */
	uint64_t seen;       /* records of this kind added */
	uint64_t no_time, no_node; /* those without a timestamp, without a node */
	int64_t first, last; /* times; NO_TIME: no record had a timestamp */
};

/* A key of a record, and where the record was read. */
struct trace {
	uint32_t key; /* number in events.trail.keys */
	uint32_t at;
};

/* Pod events that look like losses but are not counted as such, by reason. */
enum { UNCOUNTED_NAMES = 64 };
struct uncounted {
	struct idx names;
	uint64_t n[UNCOUNTED_NAMES]; /* by number in names; [0]: all further reasons */
	uint64_t total;
};

enum { EVENT_FIELDS = 1536 }; /* all metrics' fields are below (metric.h) */

struct events {
	struct idx names;
	struct event_list list[EVENT_KINDS];
	struct buf scratch;
	unsigned wants;       /* bit k: kind k is kept; the others are skipped cheaply */
	const struct text_words *words; /* decide which text readers get a
	                                 * message (text.h); NULL: all readers
	                                 * get all messages */
	bool some_fields;     /* only samples of these fields are kept */
	bool field[EVENT_FIELDS];
	struct str reasons;   /* reasons of kept pod losses, a comma list;
	                       * empty: the default */
	bool chosen;          /* reasons were set by the user: others are not reported */
	struct uncounted uncounted;
	int64_t since, until; /* records outside are dropped; NO_TIME: no bound */
	uint32_t last_node;   /* see events_last_node */
	uint64_t seen;        /* records added, of all kinds */
	uint64_t outside;     /* records dropped by since and until */
	bool following;       /* records older than decided are late: dropped and counted, */
	int64_t decided;      /* except placements, GPUs, completed collectives */
	uint64_t late;        /* and dumps */
	int64_t collective_lateness; /* ns that collectives may arrive later than other records */
	struct watermark mark; /* the stream's time */
	uint64_t origin;      /* source of records without a node, for mark */
	int64_t horizon;      /* later records are dropped and counted in ahead; */
	uint64_t ahead;       /* INT64_MAX: no horizon */
	uint64_t undated;     /* collectives without any timestamp: dropped */
	uint64_t since_boot;  /* records dated since boot, without an absolute time */
	uint64_t of_tasks;    /* lines that gave records and were labelled with a task's number */
	uint64_t by_file;     /* lines whose rank is only in the name of their file */
	struct keys keys;     /* how records are keyed */
	struct str nodeless;  /* canonical node name of records without one, or empty */
	struct str key;       /* if not empty, only records of this key are kept */
	uint64_t other_shard; /* number of records dropped by key */
	struct idx shard;     /* keys of this shard's lines */
	struct {
		bool on;         /* keep traces of added records */
		uint32_t at;     /* where they were read, set by the reader; 0:
		                  * unknown */
		struct buf list; /* of struct trace */
		struct idx keys;
	} trail;
};

#define EVENT_STATE_AGE (7 * 86400 * SECOND)

/* Name of a kind, for --stats. */
struct str event_name(enum event_kind k);

static inline bool
events_want(const struct events *ev, enum event_kind k)
{
	return ev->wants >> k & 1;
}

/* Is the field in the list, which is ended by 0? */
static inline bool
field_listed(const uint16_t *fields, uint16_t field)
{
	while (*fields && *fields != field)
		fields++;
	return *fields;
}

/* Keep only samples of the listed fields, ended by 0; NULL: all. */
void events_keep_fields(struct events *ev, const uint16_t *fields);

/* Are samples of this field kept? */
static inline bool
events_want_field(const struct events *ev, uint16_t field)
{
	return !ev->some_fields || ev->field[field];
}

/* Are both samples of the same metric of one GPU, identified by the same names? */
bool events_same_measure(const struct sample *a, const struct sample *b);

/* The struct event of the i-th record of kind k. */
struct event *events_at(const struct events *ev, enum event_kind k, size_t i);

/* Keep a copy of a record of kind k. */
void events_add(struct events *ev, enum event_kind k, const void *record);
/* No number of a node name in a record is higher; 0 if there are no records.  Node
 * names are interned early, so arrays indexed by this number are small. */
static inline uint32_t
events_last_node(const struct events *ev)
{
	return ev->last_node;
}
/* A record has this node now: events_add does this itself. */
static inline void
events_set_node(struct events *ev, struct event *e, uint32_t node)
{
	e->node = node;
	ev->last_node = node > ev->last_node ? node : ev->last_node;
}
/* The time of the newest record, or NO_TIME. */
int64_t events_newest(const struct events *ev);
/* Set since and until, and drop records outside them that are already there. */
void events_bound(struct events *ev, int64_t since, int64_t until);
/* Number of distinct nodes in the records. */
uint64_t events_nodes(struct events *ev);
/* The number of a node name, at most 1024 bytes of it; 0 if it is empty. */
uint32_t events_node(struct events *ev, struct str name);
/* The number of an identity, at most 1024 bytes of it (id_cut). */
uint32_t events_id(struct events *ev, struct str s);
/* The number of a text for display, trimmed and cut to 1024 bytes, the limit of
 * kernel lines and Event notes, at a character boundary. */
uint32_t events_note(struct events *ev, struct str text);
/* The traces of the records added since events_forget, by key and place,
 * without duplicates. */
const struct trace *events_trail(struct events *ev, size_t *n);
/* Sort every list by content (placements by pod first) and drop duplicates.
 * Records that differ only in uid are one; the lowest uid stays. */
void events_sort(struct events *ev);
/* The same for the list of one kind. */
void events_sort_kind(struct events *ev, enum event_kind k);
/* Free the unused space of lists that no longer grow. */
void events_trim(struct events *ev);
/* Drop the records, and now and then their strings; the counters stay. */
void events_forget(struct events *ev);
/*
 * Drop records before a time from lists of some kinds (bits, 1 << kind), which are
 * sorted (events_sort).  Kept are records without a time and, for EVENT_STATE_AGE
 * more, node conditions and the latest placement of each pod and state of each GPU.
 */
void events_cut(struct events *ev, unsigned kinds, int64_t before);
/* Drop unreferenced strings; the others get new numbers, also in the records. */
void events_pack(struct events *ev);
/* Replace the lists by copies, which live in m; the originals are stored in own
 * until events_give_back restores them.  Strings may be added in between. */
void events_copy(struct events *ev, struct event_list own[EVENT_KINDS], struct mem *m);
void events_give_back(struct events *ev, const struct event_list own[EVENT_KINDS]);
/* A view of settled records: only those of nodes whose own key is in ev->shard,
 * and those without a node if KEY_ACROSS is. b is scratch, lists live in m. */
void events_in_shard(const struct events *ev, struct events *view, struct buf *b, struct mem *m);
/* Drop the records; keep the memory and wants, since, until. */
void events_reset(struct events *ev);
void events_free(struct events *ev);

/* Comparison by content, uid last; ctx is the struct events. */
sort_cmp tenant_gpu_cmp; /* the GPU only */
sort_cmp gpu_time_cmp; /* by node number, time and address */
sort_cmp xid_cmp, loss_cmp, condition_cmp, aer_cmp;
/* The same without the uid. */
sort_cmp aer_same;

#endif
