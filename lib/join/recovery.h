/*
 * recovery - when a GPU or its node came back: resets, driver loads, kernel
 * starts, an Xid 154 whose action is None again, and the first record of
 * another boot.
 * Layer join: includes input.
 */
#ifndef RECOVERY_H
#define RECOVERY_H

#include "event/event.h"

struct recoveries {
	struct events *ev;
	struct recovered {
		int64_t t;
		uint32_t label, node;
		struct pci gpu;
		uint32_t uuid, boot;
		unsigned of; /* enum in recovery.c: the node, a boot of it, a GPU */
	} *r; /* by label, of, gpu, uuid and time */
	size_t n;
};

/* From ev, which is sorted; records without a node are given to fallback
 * (0: none).  Lives in m. */
struct recoveries recovery_gather(struct events *ev, uint32_t fallback, struct mem *m);

/* Of whom and when; what is not known is 0. */
struct trouble {
	int64_t t;
	uint32_t node;
	struct pci gpu;
	uint32_t uuid;
	uint32_t boot; /* another boot seen later is a recovery */
};

/* When it was over: the first recovery later than t, or NO_TIME. */
int64_t recovery_after(const struct recoveries *k, const struct trouble *x);

#endif
