/*
 * loss - which pods were lost, once each.  An Event, its watch replays and the
 * Pod object that outlives it report one loss; a cancelled deletion
 * withdraws it; the node of a loss
 * that names none is taken from other records of the pod, but not from later ones,
 * which may be about another pod of that name; except those with the same uid,
 * and the kubelet's Killing within a minute and before any Scheduled.
 *
 * A node that does not answer (NodeNotReady of a pod) is a suspicion: it is
 * withdrawn by a cancelled deletion, by the node that is ready within the
 * toleration, or the pod that is ready again; unless another record of the
 * loss, or a successor, was there before.
 * Layer join: includes input, verdict/verdict.h and base.
 */
#ifndef LOSS_H
#define LOSS_H

#include "event/event.h"
#include "verdict/verdict.h"

#define LOSS_SPAN (600 * SECOND) /* in which records of a pod are one loss */
#define LOSS_TOLERATION (300 * SECOND) /* the usual one of node.kubernetes.io/not-ready */

struct lost {
	int64_t t;     /* of the loss, or NO_TIME */
	int64_t final_at; /* no record after this time can change the loss */
	uint32_t at;   /* which record of the list stands for it: an Event's, else
	                * a Pod object's; it has all but the members here */
	uint32_t node; /* canonical name, or 0 */
	uint32_t pod_uid;
	bool daemonset; /* its controller recreates it there, nowhere else */
	uint8_t alive;  /* enum loss_alive: why it was withdrawn */
};

/* Losses grouped by cause, for text output: their places among all, in order. */
struct loss_groups {
	uint32_t *head, *next; /* head: of each cause; NO_LOSS: none, no more */
	uint32_t *n;           /* of each cause */
};
#define NO_LOSS UINT32_MAX

/* Why a loss is withdrawn. */
enum loss_alive { LOSS_STANDS, LOSS_CANCELLED, LOSS_NODE_READY, LOSS_POD_READY };

struct losses {
	struct lost *l; /* ascending by time, then by uid, then by the rest */
	size_t n;
	struct lost *withdrawn; /* the same of withdrawn ones */
	size_t nwithdrawn;
};

/* The record that stands for a loss. */
static inline const struct loss *
loss_at(const struct events *ev, const struct lost *l)
{
	return (const struct loss *)ev->list[EVENT_LOSS].p + l->at;
}

/*
 * The losses in ev, which is sorted and settled.  Records of one pod (same uid,
 * else same namespace and name) within 10 minutes of the first are one loss: the earliest Event counts,
 * else the earliest object.  fallback: the node of those that are left
 * without one, or 0.  The arrays live in m.
 */
struct losses loss_fold(const struct events *ev, uint32_t fallback, struct buf *scratch, struct mem *m);

/* Drop the records of losses that began longer than LOSS_SPAN before a time. */
void loss_forget(struct events *ev, int64_t before, struct mem *m);

/* "ns/name", or "name", in b. */
struct str loss_pod(const struct events *ev, const struct lost *l, struct buf *b);

/* The verdict's id: the pod's uid, else "ns/name", and the loss's time; b is
 * overwritten. */
void loss_id(const struct events *ev, const struct lost *l, struct verdicts *vs, struct verdict *v, struct buf *b);

/* The n losses' places by their nodes, then as they stand: by time. */
uint32_t *loss_by_node(const struct lost *l, size_t n, struct buf *scratch, struct mem *m);
/* The loss nearest in time to t on a node, the earlier if two are; or NULL. */
const struct lost *loss_nearest(const struct lost *l, size_t n, const uint32_t *by_node, uint32_t node, int64_t t);

/* Group nlost losses by their causes, numbers below ncause; NO_LOSS: of none.
 * Lives in m. */
struct loss_groups loss_group(const uint32_t *cause, size_t nlost, size_t ncause, struct mem *m);
/* Add the member "pods": those in a cause's group. */
void loss_group_pods(const struct events *ev, const struct lost *l, const struct loss_groups *g, uint32_t cause, struct verdicts *vs, struct buf *b);

/* Withdrawn losses, as lines of --explain; pod is overwritten. */
void loss_explain(const struct events *ev, const struct losses *ls, struct buf *pod, struct buf *b);

/* The loss as evidence of the newest verdict; both buffers are overwritten. */
void loss_evidence(const struct events *ev, const struct lost *l, struct verdicts *vs, struct buf *pod, struct buf *b);

#endif
