/*
 * recovery - when a GPU or its node came back: resets, driver loads, kernel
 * starts, an Xid 154 whose action is None again, and the first record of
 * another boot.
 * Layer join: includes event.
 */
#ifndef RECOVERY_H
#define RECOVERY_H

#include "event/event.h"

struct recoveries {
	const struct events *ev;
	struct recovered {
		int64_t t;
		uint32_t node;
		struct pci gpu;
		uint32_t uuid, boot;
		unsigned of; /* enum in recovery.c: the node, a boot of it, a GPU */
	} *r; /* by node, of, gpu, uuid and time */
	size_t n;
};

/* From ev, which is sorted and settled.  Lives in m. */
struct recoveries recovery_gather(const struct events *ev, struct buf *scratch, struct mem *m);

/* A failure of a node or GPU; unknown members are 0. */
struct trouble {
	int64_t t;
	uint32_t node;
	struct pci gpu;
	uint32_t uuid;
	uint32_t boot; /* another boot seen later is a recovery */
};

/* When it ended: the first recovery later than t, or NO_TIME. */
int64_t recovery_after(const struct recoveries *k, const struct trouble *x);

#endif
