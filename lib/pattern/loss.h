/*
 * loss - which pods were lost, once each.  An Event, its watch replays and the
 * Pod object that outlives it tell of one loss; a cancelled deletion
 * withdraws the marking before it; a pod whose loss names no node is placed
 * by what else is known of it.
 * Layer pattern: includes input.
 */
#ifndef LOSS_H
#define LOSS_H

#include "input/event.h"

struct lost {
	int64_t t;     /* of the loss, or NO_TIME */
	uint32_t node; /* canonical name, or 0 */
	uint32_t label; /* node_label of it, interned, or 0 */
	uint32_t name, ns, pod_uid, reason, note;
	uint32_t uid;  /* of the Event, else of the Pod object, or 0 */
	uint32_t offenders; /* as in struct loss, */
	uint8_t foreign;    /* and this */
};

/*
 * The losses in ev, which is sorted, ascending by time, then by uid, then by
 * the rest.  Records of one pod (same uid, else same namespace and name) that
 * lie within 10 minutes of the first are one loss: the earliest Event counts,
 * else the earliest object.  fallback: the node of those that are left
 * without one, or 0.  The array lives in m.
 */
struct lost *loss_fold(struct events *ev, uint32_t fallback, struct mem *m, size_t *n);

/* Label of a node's name, interned; 0 for 0. */
uint32_t loss_label(struct events *ev, uint32_t node);

/* "ns/name", or "name". */
void loss_put_pod(struct buf *b, const struct events *ev, const struct lost *l);

#endif
