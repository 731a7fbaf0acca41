/*
 * eviction - what the text about a lost pod says: why it was lost, which
 * pressure the node was under, the threshold, what was left, and what each
 * container used against its request.  Pure: text in, numbers out.
 * Sources: pkg/kubelet/eviction/helpers.go of Kubernetes 1.4 to 1.34 (texts,
 * annotations), pkg/controller/tainteviction, podgc, pkg/kubelet/nodeshutdown,
 * scheduler preemption and core/v1 types (reasons), apimachinery's
 * api/resource quantity and docker's go-units (sizes).
 * Layer text: includes base.
 */
#ifndef EVICTION_H
#define EVICTION_H

#include "base/str.h"

enum pressure {
	PRESSURE_UNKNOWN,
	PRESSURE_MEMORY,
	PRESSURE_DISK,
	PRESSURE_PID,
	PRESSURES,
};

enum eviction_kind {
	EVICTION_NODE_PRESSURE, /* the kubelet made room */
	EVICTION_LOCAL_LIMIT,   /* the pod went over a limit of its own */
	EVICTION_TAINT,
	EVICTION_PREEMPTION,    /* for a pod of higher priority */
	EVICTION_NODE_SHUTDOWN,
	EVICTION_NODE_LOST,
	EVICTION_API,           /* a drain, or another controller */
	EVICTION_ADMISSION,     /* refused by the kubelet, never ran */
	EVICTION_UNKNOWN,       /* an unknown text of an unknown source */
	EVICTION_KINDS,
};

/*
 * The reasons that mean a lost pod, a comma list: of Events about a pod, of Pod
 * objects and of their DisruptionTarget conditions.  OutOf stands for all that
 * begin with it (OutOfcpu, OutOfnvidia.com/gpu).  NodeNotReady is none: the pod
 * may live on.
 */
extern const struct str eviction_reasons;
/* Does such a list contain a reason? */
bool eviction_reason_listed(struct str list, struct str reason);
/* Reasons of controllers that mark a pod for deletion, and may cancel that. */
bool eviction_is_marking(struct str reason);
/* The same, where devices are tainted: a DeviceTaintRule or a ResourceSlice. */
bool eviction_is_device_taint(struct str reason);
/* Reasons after which a pod may live on: its node does not answer. */
bool eviction_is_suspicion(struct str reason);

/* "unknown", "memory", "disk", "pid". */
struct str pressure_name(enum pressure p);
/* "MemoryPressure" and so on; "no string" for PRESSURE_UNKNOWN. */
struct str pressure_type(enum pressure p);
/* The reverse, letters of any case; false if s is none of them. */
bool pressure_of_type(struct str s, enum pressure *p);
/* The first pressure that a text's words name: a resource (memory, nodefs,
 * inodes, pids …) or a condition's type, letters of any case. */
enum pressure pressure_in(struct str s);

/* "node_pressure" and so on, as in verdicts; empty for EVICTION_UNKNOWN. */
struct str eviction_kind_name(enum eviction_kind k);

/*
 * A Kubernetes quantity as an integer, rounded up as Kubernetes does: "100Mi",
 * "1.5Gi", "2e3", "128974848000m"; and docker's "811kB".  False for what is
 * none (a percentage), negative, beyond int64, or has more digits than 64 bits.
 */
bool quantity_parse(struct str s, int64_t *v);

struct eviction {
	enum eviction_kind kind;
	enum pressure pressure; /* the first that is named */
	unsigned named;         /* all that a node is said to have: bit by enum pressure */
	unsigned may;           /* those that may be its cause: the same, or all if none
	                         * is named; 0: no pressure can be */
	struct str resource;    /* what the node was low on, "inodes"; or empty */
	struct str volume;      /* the emptyDir that went over its limit; or empty */
	int64_t threshold;      /* bytes or counts; -1: not said */
	int64_t available;      /* may be negative; EVICTION_UNSAID: not said */
};

#define EVICTION_UNSAID INT64_MIN

/* Who reported a loss. */
enum eviction_source { EVICTION_BY_KUBELET, EVICTION_BY_OTHER, EVICTION_BY_UNKNOWN };

/*
 * What is known of a loss.  offenders: the kubelet's annotations on the Event
 * as one text of three lines: starved_resource, offending_containers and
 * offending_containers_usage, comma lists; or empty.
 */
struct eviction_text {
	struct str reason, note, offenders;
	uint8_t source; /* enum eviction_source */
};

/* Why it was lost: by the reason, else by the note, else by its source. */
enum eviction_kind eviction_kind_of(const struct eviction_text *t);
/* Does it empty a node: an eviction by the API, by Karpenter or who repairs
 * nodes, not by the descheduler or an autoscaler? */
bool eviction_is_drain(const struct eviction_text *t);
/* Does it say that a controller moved the pod to balance or scale the cluster:
 * the descheduler, an autoscaler, Karpenter's consolidation or drift? */
bool eviction_is_balancing(const struct eviction_text *t);
/* Read all of it: the reason first, then the note, then the annotations. */
void eviction_parse(const struct eviction_text *t, struct eviction *e);

/* What a container used, and its request; -1: unknown. */
struct eviction_use {
	struct str name; /* of the container; empty if it is not said */
	int64_t used, request;
};

/* The next of them in a note, which keeps what follows.  False at its end.
 * cut: the whole note is so long that its end may be missing. */
bool eviction_next(struct str *note, bool cut, struct eviction_use *u);
bool note_cut(struct str note);

/* Who is furthest over its request (ties: by name), from the note, else from
 * the annotations.  False if neither says. */
bool eviction_top(const struct eviction_text *t, struct eviction_use *top);

#endif
