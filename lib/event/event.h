/*
 * event - the typed records that dialects make and patterns read, and where
 * they are kept: plain arrays, strings interned, duplicates dropped, whatever
 * the order of arrival.
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
	EVENT_XID,      /* the driver reported a GPU error, or an NVSwitch one */
	EVENT_LOSS,     /* a pod was lost, or its deletion was cancelled */
	EVENT_PLACEMENT,    /* a pod ran on a node */
	EVENT_GPU,      /* a GPU's address, and its UUID, serial number or what comes next */
	EVENT_RECOVERY, /* a GPU was reset or a node came up again */
	EVENT_SAMPLE,   /* a GPU's measurement (input/metric.h) */
	EVENT_CONDITION, /* a node came under a pressure, or out of it */
	EVENT_AER,      /* a line about PCIe errors (input/aer.h) */
	EVENT_RATE,     /* a GPU's PCIe throughput, and what it should be */
	EVENT_COLLECTIVE, /* a rank has not finished a collective */
	EVENT_COMPLETED,     /* a rank completed collectives */
	EVENT_PROGRESS, /* a rank spoke of a process group: how far it is */
	EVENT_PROCESS_GROUP,     /* the ranks of a process group */
	EVENT_WATCHDOG, /* a line of PyTorch's watchdog about a collective that timed out */
	EVENT_RAS,      /* how many operations a rank of a communicator launched */
	EVENT_NODE,     /* a node became ready or not, was cordoned or not */
	EVENT_POD,      /* what a pod is: of which job, how it ended */
	EVENT_RANK,     /* a rank ran there */
	EVENT_TIMEOUT,  /* a watchdog waited too long for a collective */
	EVENT_VERDICT,  /* a verdict line of a filter */
	EVENT_TENANT,   /* a pod had a GPU */
	EVENT_SIGN,     /* a line about a network port, a file system, a panic, a task's end */
	EVENT_KINDS,
};

/* A string of at least 3 bytes, and the kinds of records, bit by enum
 * event_kind, that lines which hold it may give. */
struct word {
	struct str text;
	unsigned gives;
};

/* Every record starts with this.  Strings are numbers in events.names. */
struct event {
	int64_t t;     /* nanoseconds since 1970, or NO_TIME */
	uint32_t node; /* canonical name; 0: the record carries none */
	uint32_t uid;  /* the source's own identity of the record; 0: none */
};

#define XID_CODE 0xffffffu /* the bits of a code, which readers hold to six digits */
struct xid {
	struct event e;
	struct pci gpu;
	uint32_t text;   /* the kernel line from "NVRM:" on */
	uint32_t uuid;   /* of the GPU, if the record itself has it */
	uint32_t boot;   /* boot id */
	unsigned code : 24;
	unsigned nvswitch : 1; /* an SXid: gpu is the switch's address */
	unsigned fatal : 1;    /* an SXid that says so */
	unsigned detail : 1;   /* an SXid's second and third line */
	unsigned code_implied : 1; /* "fallen off the bus", which is Xid 79 without the number */
	unsigned recovered : 1; /* an Xid 154 whose new action is None */
	unsigned nonfatal : 1; /* an NVLink 5 error whose line requires no action */
	unsigned concluded : 1; /* from a node's condition or Event, later than the kernel's line */
	unsigned pad : 1;
};

enum loss_from { LOSS_EVENT, LOSS_OBJECT, LOSS_CANCEL };

struct loss {
	struct event e;
	uint32_t name, ns, pod_uid;
	uint32_t reason, note;
	uint32_t offenders; /* the kubelet's annotations (input/eviction.h) */
	int64_t started;    /* of an object without a time of the loss: when the pod
	                     * started or was created; or NO_TIME */
	uint8_t from;       /* enum loss_from */
	uint8_t source;     /* enum eviction_source */
	uint8_t pad[2];
	uint32_t requested_by; /* the user of an audit record, or 0 */
};

enum placement_from { PLACE_EVENT, PLACE_SCHEDULED, PLACE_KILLING, PLACE_OBJECT };
struct placement {
	struct event e; /* uid: the pod's; t: NO_TIME of an object, which has these: */
	int64_t created, ready; /* when it was, and when it became ready last; or NO_TIME */
	uint32_t name, ns;
	uint8_t from;      /* enum placement_from */
	uint8_t daemonset; /* a DaemonSet owns the pod */
	uint8_t pad[6];
};

struct gpu {
	struct event e;
	struct pci gpu;
	uint32_t uuid; /* 0, and no index: the next lines, which do not name it,
	                * are about it */
	int16_t index; /* the GPU's number on its node, or -1 */
	uint8_t kernel; /* from the kernel's log, whose node is sure; else a series */
	uint8_t scraped; /* as a sample's */
	uint32_t serial; /* of its board (serial_of), or 0; alone: of the GPU that a line
	                  * near it names */
	uint8_t pad[4];
};

struct recovery {
	struct event e;
	struct pci gpu;      /* unknown, and no uuid: the whole node */
	uint32_t uuid, boot; /* boot: the record's boot id, if any */
	uint8_t reboot;      /* 1: a driver load; 2: a kernel start */
	uint8_t pad[7];
};

#define SAMPLE_FIELD 0x3fffu /* the bits of a field */
struct sample {
	struct event e;  /* uid: the number, as it is written, or the UUID of the GPU's
	                  * MIG instance that was measured; kept only where the GPU's own
	                  * measurement is not in the input */
	int64_t value;   /* counts 10^-digits of the metric's unit */
	int64_t start;   /* of a delta: when its interval began; of a count so
	                  * far: since when it counts, if that is known; or NO_TIME */
	struct pci gpu;  /* address of the GPU; may be unknown */
	uint32_t uuid;   /* UUID of the GPU, or 0 */
	int16_t index;   /* number of the GPU on its node, or -1 */
	unsigned field : 14; /* enum metric_field */
	unsigned delta : 1;  /* what came in an interval, not the count so far */
	unsigned scraped : 1; /* the node is the address of where it was scraped, or
	                       * a name as of a pod or container */
};

/*
 * A transition, never a heartbeat.  A Node object has the last one of each type,
 * an Event one, or its first and its last.
 */
struct condition {
	struct event e;
	int64_t last;     /* when it was last reported to hold, or NO_TIME */
	uint32_t reason;  /* of the Event; a taint's key; 0: a Node's condition */
	uint32_t note;
	uint8_t pressure; /* enum pressure; unknown, and not on: a reboot ended all */
	uint8_t on;       /* the node came under it; else out of it */
	uint8_t taint;    /* a NoExecute taint was added, no pressure */
	uint8_t pad[5];
};

struct aer {
	struct event e;
	struct pci dev;    /* whose errors; may be unknown, see cper and uuid */
	struct pci port;   /* the port that reported them, if another */
	uint32_t status, mask;
	uint32_t cper;     /* the {n} that firmware's lines share, or 0 */
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
	int64_t value, baseline; /* 10^-3 bytes per second; NO_TIME: not given */
	struct pci gpu;          /* address of the GPU; may be unknown */
	uint32_t uuid;           /* UUID of the GPU, or 0 */
	uint32_t direction;      /* as the record has it, or 0 */
};

struct collective {
	struct event e;  /* t: when it was created */
	int64_t started; /* on the device; or NO_TIME */
	int64_t seen;    /* when the record was made; or NO_TIME */
	int64_t seq;
	uint32_t rank;
	uint32_t group;  /* its process group's name; 0: it has none */
	uint32_t pg;     /* the group's number in that process, as text */
	uint32_t op;     /* "nccl:all_reduce" */
	uint32_t shape;  /* input sizes, dtypes, output sizes, dtypes: words
	                  * separated by '|', each may be empty */
	uint32_t stack;  /* "name (file:line)", innermost first, by lines */
	uint8_t running; /* it started on the device */
	uint8_t dump;    /* from a whole dump: made because something hung */
	uint8_t source;  /* enum hang_source */
	uint8_t timed_out : 1; /* a watchdog's timeout: it hangs, however old */
	uint8_t differs : 1; /* PyTorch says that the call is not what others call */
	uint8_t numberless : 1; /* seq stands for one that is not known */
	uint8_t spare : 5;
	uint32_t timeout_ms; /* that it had; 0: not known */
};

/* What a record of a hang comes from. */
enum hang_source { FROM_RECORDER, FROM_WATCHDOG, FROM_RAS, HANG_SOURCES };

/* Of one group, the collectives from..to. */
struct completed {
	struct event e; /* t: when the last of them completed, else was created */
	int64_t from, to;
	uint32_t rank, group;
};

struct progress {
	struct event e;
	int64_t enqueued, completed; /* -1: not known */
	uint32_t rank;
	uint32_t group;  /* 0: of none in particular */
	uint8_t p2p;     /* it sent or received in the group point to point */
	uint8_t open;    /* with p2p: that is not finished, and the other end is */
	uint8_t dump;    /* it made a whole dump */
	uint8_t retires : 1;    /* its records show only that a call returned */
	uint8_t numberless : 1; /* its numbers compare with no other rank's */
	uint8_t source : 2;     /* enum hang_source */
	uint8_t pad : 4;
	uint32_t peer;   /* with open: number of the other end in the group, from 0; or UINT32_MAX */
	uint32_t ranks;  /* members of the group, as it lists them; or 0 */
	uint32_t unused;
	int64_t began;   /* with open: when that was called, or NO_TIME; else 0 */
};

struct process_group {
	struct event e;
	uint32_t group, desc;
	uint32_t ranks;  /* "0,1,2", ascending */
	uint32_t size;   /* number of members, where ranks is unknown; else 0 */
};

/* A line of PyTorch's watchdog (input/text/watchdog.h); a line has some of these. */
struct watchdog {
	struct event e;  /* t: of the line; node: where it was written */
	int64_t seq, enqueued, completed; /* -1: unknown */
	int64_t ran;     /* ns that rank had waited; -1: unknown */
	uint32_t rank;   /* global; UINT32_MAX: unknown, here and below */
	uint32_t local;  /* number of rank in the group */
	uint32_t other;  /* rank that raised the alarm */
	uint32_t group, desc;
	uint32_t op, shape; /* as of a collective */
	uint32_t ranks;  /* list of other ranks that the line is about */
	uint32_t size;   /* of the group, or communicator; 0: unknown */
	uint32_t timeout_ms;
	uint8_t part;    /* enum watchdog_part */
	uint8_t process_local; /* the group is a number in the process of rank */
	uint8_t repeat;  /* a timeout, printed once more */
	uint8_t thinned; /* the same of other ranks was left out */
	uint32_t writer; /* "job|namespace/pod", as far as what carries the line
	                  * has them; 0: neither */
};

/* A row of what ncclras prints (input/text/ras.h): ranks are numbers in a communicator. */
struct ras {
	struct event e; /* t: of the poll; node: where the rank runs */
	uint64_t hash;  /* of the communicator; 0: unknown */
	int64_t count;  /* operations launched */
	int64_t pid;    /* -1: unknown */
	uint32_t rank;  /* UINT32_MAX: n that are not named */
	uint32_t n;
	uint32_t size;  /* of the communicator; 0: unknown */
	uint32_t op;    /* "AllReduce"; 0: unknown */
	uint32_t ranks; /* a list of them */
	uint32_t word;  /* their error or state; 0: neither */
	uint8_t part;   /* enum ras_part */
	uint8_t pad[3];
};

enum node_state {
	NODE_READY, NODE_NOT_READY, NODE_CORDONED, NODE_UNCORDONED, NODE_REMOVED,
	NODE_KNOWN, /* there is such a node, in an unknown state: without a time */
};
/* How a node is not ready: the kubelet reports it, or reports nothing. */
enum node_lapse { LAPSE_UNKNOWN, LAPSE_NOT_READY, LAPSE_UNREACHABLE };
struct node_word {
	struct event e;
	uint32_t note;
	uint8_t state; /* enum node_state */
	uint8_t lapse; /* enum node_lapse */
	uint8_t pad[2];
};

struct pod {
	struct event e; /* t: when it began; uid: its own */
	uint32_t name, ns;
	uint32_t job;   /* "namespace/job"; 0: none is known */
	uint32_t address; /* its IP address */
	int64_t ended;  /* when its first container failed, or NO_TIME */
	int32_t index;  /* its place among the job's pods, or -1 */
	uint32_t procs; /* ranks that run in it; 0: not known */
	uint32_t gpus;  /* that it asked for */
	int32_t code;   /* exit code of what failed */
	uint8_t oom;    /* it was killed for its memory */
	uint8_t worker; /* index does not count the job's master; */
	uint8_t master; /* this is one */
	uint8_t assumed; /* a rendezvous may give its processes other ranks */
	uint8_t succeeded; /* all its containers ended well */
	uint8_t pad[3];
};

enum rank_from { RANK_INIT, RANK_LINE, RANK_TASK };
struct rank_at {
	struct event e;   /* node: as in the line, or in the record that carries it */
	uint32_t rank;
	uint32_t world;   /* INIT: ranks of that communicator; else 0 */
	uint32_t host;    /* as the line has it: a node's name or a pod's; or 0 */
	uint32_t pod, ns; /* of the envelope, or 0 */
	uint8_t from;     /* enum rank_from */
	uint8_t pad[3];
	struct pci gpu;   /* INIT: the rank's */
};

struct timeout {
	struct event e;
	int64_t seq, after; /* after: ns that it waited, or -1 */
	uint32_t rank;
	uint32_t pod, ns, pad;
};

struct tenant {
	struct event e; /* t: first seen there */
	int64_t last;
	struct pci gpu;  /* may be unknown; then */
	uint32_t uuid;   /* this, or */
	int16_t index;   /* this, shows which GPU */
	uint8_t scraped; /* as a sample's */
	uint8_t pad;
	uint32_t name, ns;
};
#define TENANT_KNOWN (120 * SECOND) /* it is known for so long after last */

enum sign_of {
	SIGN_LINK, SIGN_STORAGE, SIGN_PANIC,
	SIGN_MACHINE_CHECK, /* the CPU, or memory that no code could correct */
	SIGN_OOM,       /* the kernel, or Slurm, killed a process for its memory */
	SIGN_REBOOT,    /* the node logs that it shuts down or reboots */
	SIGN_ENDED,     /* a task of a job failed on the node */
	SIGN_NODE_LOST, /* a launcher lost the node */
	SIGN_PREEMPTED, /* a job on the node had to give way */
	SIGN_TIME_LIMIT, /* a job had run for as long as it may */
	SIGN_GPU_MEMORY, /* a program asked for more of a GPU's memory than is free */
};
struct sign {
	struct event e;
	uint32_t text;
	uint8_t of;    /* enum sign_of */
	uint8_t over;  /* it is well again */
	uint8_t named; /* NCCL itself says so */
	uint8_t pad;
	uint32_t pod, ns; /* whose container wrote it, or 0 */
};

struct verdict_line {
	struct event e; /* t: of its first evidence */
	uint32_t line;  /* the JSON */
	uint32_t pad;
};

struct event_list {
	void *p; /* n structs of its kind */
	size_t n, cap;
	size_t tidied; /* how many were left when copies were last dropped */
	uint64_t seen;       /* records of this kind that were added */
	uint64_t no_time, no_node; /* of these */
	int64_t first, last; /* times; NO_TIME when none had one */
};

/* A key that a record has, and where the record stood. */
struct trace {
	uint32_t key; /* of events.trail.keys */
	uint32_t at;
};

/* Pod events that look like losses and are not kept, by reason. */
enum { UNCOUNTED_NAMES = 64 };
struct uncounted {
	struct idx names;
	uint64_t n[UNCOUNTED_NAMES]; /* by number in names; of 0: of further reasons */
	uint64_t total;
};

struct events {
	struct idx names;
	struct event_list list[EVENT_KINDS];
	struct buf scratch;
	unsigned wants;       /* bit k: kind k is kept; others are skipped cheaply */
	const struct text_words *words; /* by which messages are handed to text readers
	                                 * (text.h); NULL: all are to all */
	const uint16_t *fields; /* measurements that are kept, ended by 0; NULL: all */
	struct str reasons;   /* of pod losses that are kept, a comma list; empty: the usual ones */
	bool chosen;          /* reasons are the user's: no others are reported */
	struct uncounted uncounted;
	int64_t since, until; /* records outside are dropped; NO_TIME: no bound */
	uint64_t seen;        /* records that were added, of all kinds */
	uint64_t outside;     /* records dropped by since and until */
	bool following;       /* records before this come too late: they are */
	int64_t decided;      /* dropped and counted, but for who ran where, which */
	uint64_t late;        /* GPU is which, what was completed, and dumps */
	int64_t collective_lateness; /* ns that collectives may be later still */
	struct watermark mark; /* how far time is, and */
	uint64_t origin;      /* the source of records without a node, for it */
	int64_t horizon;      /* records beyond it are dropped and counted; */
	uint64_t ahead;       /* INT64_MAX: there is no horizon */
	uint64_t undated;     /* collectives without any time: dropped, too */
	uint64_t since_boot;  /* records without a time whose lines count from boot */
	uint64_t by_file;     /* lines whose rank only the name of their file has */
	struct keys keys;     /* how records are keyed, and */
	struct str nodeless;  /* the canonical name of who has none, or empty */
	struct str key;       /* if there is one, only its records are kept, */
	uint64_t other_shard; /* and so many were not; */
	struct idx shard;     /* all such keys that lines had: the shard */
	struct {
		bool on;         /* keep traces of the records that are added: */
		uint32_t at;     /* where they stand, a number that the reader sets; 0: unknown */
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

/* Is the field among these, which 0 ends? */
static inline bool
field_listed(const uint16_t *fields, uint16_t field)
{
	while (*fields && *fields != field)
		fields++;
	return *fields;
}

/* Is a measurement of this field kept? */
bool events_want_field(const struct events *ev, uint16_t field);

/* Do both measure the same of one GPU, by the same names? */
bool events_same_measure(const struct sample *a, const struct sample *b);

/* What the i-th record of kind k starts with. */
struct event *events_at(const struct events *ev, enum event_kind k, size_t i);

/* Keep a copy of a record of kind k. */
void events_add(struct events *ev, enum event_kind k, const void *record);
/* The highest number of a node's name that a record has, or 0: nodes come
 * early, so that what is kept by their numbers is small. */
uint32_t events_last_node(const struct events *ev);
/* The time of the newest record, or NO_TIME. */
int64_t events_newest(const struct events *ev);
/* Set since and until, and drop the records outside them that were added before. */
void events_bound(struct events *ev, int64_t since, int64_t until);
/* How many nodes the records name. */
uint64_t events_nodes(struct events *ev);
/* The number of a node's name, of which 1024 bytes count; 0 for an empty one. */
uint32_t events_node(struct events *ev, struct str name);
/* The number of an identity, of which 1024 bytes count (id_cut). */
uint32_t events_id(struct events *ev, struct str s);
/* The number of a text to be shown, trimmed and cut to what kernel lines and
 * Event notes can have (1024 bytes), at the end of a character. */
uint32_t events_note(struct events *ev, struct str text);
/* The traces of the records that were added since events_forget, by key and
 * place, each once. */
const struct trace *events_trail(struct events *ev, size_t *n);
/* Order every list by content, who ran where first by pod, and drop the duplicates. Equal records that
 * differ in uid alone are one; the lowest uid stays. */
void events_sort(struct events *ev);
/* The same for the list of one kind. */
void events_sort_kind(struct events *ev, enum event_kind k);
/* Give back the room of lists to which no more will be added. */
void events_trim(struct events *ev);
/* Forget the records, and now and then their strings; what is counted stays. */
void events_forget(struct events *ev);
/*
 * Of lists that are in order (events_sort), drop the records of some kinds, bit
 * by kind, that are before a time; node conditions stay for EVENT_STATE_AGE more,
 * and of who ran where and which GPU is which the
 * latest word stays for EVENT_STATE_AGE more, and records without a time stay.
 */
void events_cut(struct events *ev, unsigned kinds, int64_t before);
/* Forget the strings that no record has; records get new numbers for theirs. */
void events_pack(struct events *ev);
/* Copies of the lists take the place of the lists, which are put into own, until
 * they are given back.  Strings may be added meanwhile.  The copies live in m. */
void events_copy(struct events *ev, struct event_list own[EVENT_KINDS], struct mem *m);
void events_give_back(struct events *ev, const struct event_list own[EVENT_KINDS]);
/* A view of settled records: those of nodes whose own key a line of this shard
 * had, and where some had KEY_ACROSS those of no node.  b is scratch, lists live in m. */
void events_in_shard(const struct events *ev, struct events *view, struct buf *b, struct mem *m);
/* Forget the records, keep the room and wants, since, until. */
void events_reset(struct events *ev);
void events_free(struct events *ev);

/* Order by content, uid last; ctx is the struct events. */
sort_cmp tenant_gpu_cmp; /* the GPU alone */
sort_cmp gpu_time_cmp; /* by the node's number, time and address */
sort_cmp xid_cmp, loss_cmp, condition_cmp, aer_cmp;
/* The same without the uid. */
sort_cmp aer_same;

#endif
