/*
 * eviction - parses the text about a lost pod: why it was lost, the node's
 * pressure, threshold, available amount, and each container's usage and
 * request.  Pure: text in, numbers out.
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
	EVICTION_NODE_PRESSURE, /* the kubelet reclaimed resources */
	EVICTION_LOCAL_LIMIT,   /* the pod exceeded its own limit */
	EVICTION_TAINT,
	EVICTION_PREEMPTION,    /* for a pod of higher priority */
	EVICTION_NODE_SHUTDOWN,
	EVICTION_NODE_LOST,
	EVICTION_API,           /* a drain, or another controller */
	EVICTION_ADMISSION,     /* refused by the kubelet, never ran */
	EVICTION_UNKNOWN,       /* unknown text of an unknown source */
	EVICTION_KINDS,
};

/*
 * The reasons that mean a lost pod, a comma list: in Events about a pod, in Pod
 * objects and in their DisruptionTarget conditions.  OutOf stands for all
 * reasons that begin with it (OutOfcpu, OutOfnvidia.com/gpu).  NodeNotReady is
 * not included: the pod may survive.
 */
extern const struct str eviction_reasons;
/* Does such a list contain a reason? */
bool eviction_reason_listed(struct str list, struct str reason);
/* Reasons of controllers that mark a pod for deletion, and may cancel it. */
bool eviction_is_marking(struct str reason);
/* The same for tainted devices: a DeviceTaintRule or a ResourceSlice. */
bool eviction_is_device_taint(struct str reason);
/* Reasons after which a pod may survive: its node does not respond. */
bool eviction_is_suspicion(struct str reason);

/* "unknown", "memory", "disk", "pid". */
struct str pressure_name(enum pressure p);
/* "MemoryPressure" and so on; "no string" for PRESSURE_UNKNOWN. */
struct str pressure_type(enum pressure p);
/* The reverse, ignoring case; false if s is none of them. */
bool pressure_of_type(struct str s, enum pressure *p);
/* The first pressure named in a text: a resource (memory, nodefs, inodes, pids
 * …) or a condition type, ignoring case. */
enum pressure pressure_in(struct str s);

/* "node_pressure" and so on, as in verdicts; empty for EVICTION_UNKNOWN. */
struct str eviction_kind_name(enum eviction_kind k);

/*
 * A Kubernetes quantity as an integer, rounded up as in Kubernetes: "100Mi",
 * "1.5Gi", "2e3", "128974848000m"; and docker's "811kB".  False if it is not
 * one (e.g. a percentage), negative, beyond int64, or has more digits than 64
 * bits.
 */
bool quantity_parse(struct str s, int64_t *v);

struct eviction {
	enum eviction_kind kind;
	enum pressure pressure; /* the first one named */
	unsigned named;         /* all pressures reported for the node: bits, 1 << enum pressure */
	unsigned may;           /* possible causes, the same bits: all if none
	                         * is named; 0: no pressure is possible */
	struct str resource;    /* resource the node was low on, "inodes"; or empty */
	struct str volume;      /* emptyDir that exceeded its limit; or empty */
	int64_t threshold;      /* bytes or counts; -1: unknown */
	int64_t available;      /* may be negative; EVICTION_UNSAID: unknown */
};

#define EVICTION_UNSAID INT64_MIN

/* Reporter of a loss. */
enum eviction_source { EVICTION_BY_KUBELET, EVICTION_BY_OTHER, EVICTION_BY_UNKNOWN };

/*
 * The data on a loss.  offenders: the kubelet's annotations on the Event as one
 * text of three lines: starved_resource, offending_containers and
 * offending_containers_usage, comma lists; or empty.
 */
struct eviction_text {
	struct str reason, note, offenders;
	uint8_t source; /* enum eviction_source */
};

/* Why the pod was lost: by the reason, or else the note, or else the source. */
enum eviction_kind eviction_kind_of(const struct eviction_text *t);
/* Does it drain a node: an eviction through the API, by Karpenter or a node
 * repair controller, but not by the descheduler or an autoscaler? */
bool eviction_is_drain(const struct eviction_text *t);
/* Did a controller move the pod to balance or scale the cluster: the
 * descheduler, an autoscaler, Karpenter's consolidation or drift? */
bool eviction_is_balancing(const struct eviction_text *t);
/* Parse everything: the reason first, then the note, then the annotations. */
void eviction_parse(const struct eviction_text *t, struct eviction *e);

/* Usage of a container, and its request; -1: unknown. */
struct eviction_use {
	struct str name; /* of the container; empty if unknown */
	int64_t used, request;
};

/* The next usage in a note, which keeps the text after it.  False at its end.
 * cut: the note is so long that its end may be missing. */
bool eviction_next(struct str *note, bool cut, struct eviction_use *u);
bool note_cut(struct str note);

/* The container furthest over its request (ties: by name), from the note, or
 * else the annotations.  False if neither shows one. */
bool eviction_top(const struct eviction_text *t, struct eviction_use *top);

#endif
