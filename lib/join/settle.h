/*
 * settle - decides the node and the GPU of every record once for all patterns,
 * which then compare them by equality.
 *
 * Nodes.  A record without a node gets --node's.  A short name and the only
 * full name with that first label are one node; if two full names share the
 * label, the short name remains a node of its own.  Of the names of a node,
 * Kubernetes' own is shown, or else the full one.  A series (metric sample)
 * whose node is not named in any kernel or Kubernetes record takes the node
 * that its UUID has in kernel records, if that is exactly one: exporters in
 * pods may report the pod's name or the scrape address.
 *
 * GPUs.  An address, UUID or index that a record lacks is taken from other
 * records (gpus.h).  An Xid line without a GPU is about the GPU named by a line
 * before it, a board's serial number about the only GPU named by lines near
 * it.  A MIG instance counts as its GPU.  GPUs with equal addresses and
 * different UUIDs are different GPUs.
 * Layer join: includes event.
 */
#ifndef SETTLE_H
#define SETTLE_H

#include "join/gpus.h"

struct settled {
	struct gpus gpus;
	uint32_t nodeless; /* name from --node: also for lost pods without any other node */
	/* short names that may mean several nodes: how many, the first by name,
	 * and the first two of its full names */
	size_t ambiguous;
	uint32_t brief, full[2];
};

/* An Xid line that does not name its GPU follows the line that does within
 * this. */
#define SETTLE_NAMED SECOND

/* A node condition or Event that repeats the Xid of a kernel line follows it
 * within this, and is ignored. */
#define SETTLE_CONCLUDED (600 * SECOND)

/*
 * Settle the records of ev, which is sorted, and sort them again.  node: from
 * --node, or empty.  The result lives in m.
 */
struct settled settle(struct events *ev, struct str node, struct mem *m);

/* Append the clause of the notice on ambiguous names, if there are any. */
void settle_notice(const struct settled *s, const struct events *ev, struct buf *notice);

#endif
