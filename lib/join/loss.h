/*
 * loss - lost pods, each counted once.  An Event, its watch replays and the Pod
 * object that outlives it report the same loss; a canceled deletion withdraws
 * it.  A loss without a node name takes the node from other records of the pod,
 * but not from later ones, which may be about another pod of that name; except
 * those with the same uid, and the kubelet's Killing within a minute and before
 * any Scheduled.
 *
 * NodeNotReady of a pod is only a suspicion.  It is withdrawn by a canceled
 * deletion, by the node becoming ready within the toleration, or by the pod
 * becoming ready again; unless there was already another record of the loss, or
 * a successor.
 * Layer join: includes input, verdict/verdict.h and base.
 */
#ifndef LOSS_H
#define LOSS_H

#include "event/event.h"
#include "verdict/verdict.h"

#define LOSS_SPAN (600 * SECOND) /* records of a pod within this span are one loss */
#define LOSS_TOLERATION (300 * SECOND) /* default toleration of node.kubernetes.io/not-ready */

struct lost {
	int64_t t;     /* time of the loss, or NO_TIME */
	int64_t final_at; /* no record after this time can change the loss */
	uint32_t at;   /* index of the record that represents it: an Event's, or
	                * else a Pod object's; it has everything that is not a
	                * member here */
	uint32_t node; /* canonical name, or 0 */
	uint32_t pod_uid;
	bool daemonset; /* its controller recreates it on the same node only */
	uint8_t alive;  /* enum loss_alive: why it was withdrawn */
};

/* Losses grouped by cause, for text output: linked lists of indices, in
 * order. */
struct loss_groups {
	uint32_t *head, *next; /* head: per cause; NO_LOSS: empty, end of list */
	uint32_t *n;           /* number per cause */
};
#define NO_LOSS UINT32_MAX

/* Why a loss is withdrawn. */
enum loss_alive { LOSS_STANDS, LOSS_CANCELLED, LOSS_NODE_READY, LOSS_POD_READY };

struct losses {
	struct lost *l; /* sorted by time, then uid, then the rest */
	size_t n;
	struct lost *withdrawn; /* withdrawn losses, in the same order */
	size_t nwithdrawn;
};

/* The record that represents a loss. */
static inline const struct loss *
loss_at(const struct events *ev, const struct lost *l)
{
	return (const struct loss *)ev->list[EVENT_LOSS].p + l->at;
}

/*
 * The losses in ev, which is sorted and settled.  Records of one pod (same uid,
 * or same namespace and name) within 10 minutes of the first are one loss,
 * represented by the earliest Event, or else by the earliest object.  fallback:
 * node of losses that have no other, or 0.  The arrays live in m.
 */
struct losses loss_fold(const struct events *ev, uint32_t fallback, struct buf *scratch, struct mem *m);

/* Drop the records of losses that began more than LOSS_SPAN before a time. */
void loss_forget(struct events *ev, int64_t before, struct mem *m);

/* "ns/name", or "name", in b. */
struct str loss_pod(const struct events *ev, const struct lost *l, struct buf *b);

/* The verdict's id: the pod's uid or "ns/name", and the time of the loss.
 * Overwrites b. */
void loss_id(const struct events *ev, const struct lost *l, struct verdicts *vs, struct verdict *v, struct buf *b);

/* Indices of the n losses, sorted by node, then in their own order: by time. */
uint32_t *loss_by_node(const struct lost *l, size_t n, struct buf *scratch, struct mem *m);
/* The loss nearest in time to t on a node, the earlier if two are; or NULL. */
const struct lost *loss_nearest(const struct lost *l, size_t n, const uint32_t *by_node, uint32_t node, int64_t t);

/* Group nlost losses by cause: cause[i] is below ncause, or NO_LOSS.  Lives in
 * m. */
struct loss_groups loss_group(const uint32_t *cause, size_t nlost, size_t ncause, struct mem *m);
/* Add the member "pods": the pods in a cause's group. */
void loss_group_pods(const struct events *ev, const struct lost *l, const struct loss_groups *g, uint32_t cause, struct verdicts *vs, struct buf *b);

/* Append withdrawn losses as lines of --explain.  Overwrites pod. */
void loss_explain(const struct events *ev, const struct losses *ls, struct buf *pod, struct buf *b);

/* Add the loss as evidence of the newest verdict.  Overwrites both buffers. */
void loss_evidence(const struct events *ev, const struct lost *l, struct verdicts *vs, struct buf *pod, struct buf *b);

#endif
