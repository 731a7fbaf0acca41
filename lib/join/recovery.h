/*
 * recovery - when a GPU or its node recovered: resets, driver loads, boots, an
 * Xid 154 whose action is None again, and the first record of another boot.
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
		unsigned of; /* enum in recovery.c: a node, a boot of a node, a GPU */
	} *r; /* sorted by node, of, gpu, uuid and time */
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
	uint32_t boot; /* a later record of another boot is a recovery */
};

/* Time of the first recovery later than t, or NO_TIME. */
int64_t recovery_after(const struct recoveries *k, const struct trouble *x);

#endif
