/*
 * settle - the node and the GPU of every record, decided once for all
 * patterns, which then compare them by equality.
 *
 * Nodes.  A record without a node is --node's.  A short name and the one full
 * name whose first label it is are one node; where two full names share that
 * label the short one stays a name of its own.  Of the names of a node
 * Kubernetes' own is shown, else the full one.  A series (a measurement) whose
 * node is none that the kernel's or Kubernetes' records name takes the node
 * that its UUID has in the kernel's records, if it has exactly one there:
 * exporters in pods may name the pod, or where it was scraped.
 *
 * GPUs.  An address, UUID or number that a record does not have is the one
 * that the input names (gpus.h).  An Xid's line without a GPU is about the one
 * that a line before it names, a board's serial number about the one GPU that
 * lines near it name.  MIG instances are their GPU.  GPUs of equal
 * addresses and different UUIDs are different ones.
 * Layer join: includes event.
 */
#ifndef SETTLE_H
#define SETTLE_H

#include "join/gpus.h"

struct settled {
	struct gpus gpus;
	uint32_t nodeless; /* --node's name: of lost pods that nothing places, too */
	/* short names that may be of several nodes: how many, the first by name,
	 * and the first two of its full names */
	size_t ambiguous;
	uint32_t brief, full[2];
};

/* The line of an Xid that does not name its GPU follows the one that does
 * within this. */
#define SETTLE_NAMED SECOND

/* A Node's condition or an Event that repeats the Xid of a kernel line comes within
 * this after it, and is left out. */
#define SETTLE_CONCLUDED (600 * SECOND)

/*
 * Settle the records of ev, which is sorted, and sort them again.  node is
 * --node's or empty.  What is returned lives in m.
 */
struct settled settle(struct events *ev, struct str node, struct mem *m);

/* The clause of the notice on ambiguous names, if there are any. */
void settle_notice(const struct settled *s, const struct events *ev, struct buf *notice);

#endif
