/*
 * gpus - which GPU a record is about, when records name GPUs differently:
 * by PCI address, by UUID, by number on the node.  What any record of the
 * input tells together is known for all.
 * Layer join: includes input, nodes.
 */
#ifndef GPUS_H
#define GPUS_H

#include "join/nodes.h"

enum { GPUS_BY = 3 }; /* address, UUID, number */

struct gpus {
	const struct events *ev;
	struct known_as {
		struct gpu g;
		uint32_t label; /* of its node */
	} *by[2][GPUS_BY];      /* those that have this name, by node's name or
	                         * label (enum nodes_by), name and time */
	size_t n[GPUS_BY];
};

/* From ev's GPU records, those without a node given to fallback (0: none).
 * Lives in m. */
struct gpus gpus_gather(struct events *ev, uint32_t fallback, struct mem *m);

/*
 * Fill in what the input knows of a GPU on a node and the record does not
 * say, over one more name if need be.  *index may be -1, *uuid 0, gpu unknown.
 * The surest name decides: address, UUID, number.  Contradictions: the latest
 * word not after t counts, else the earliest after it.
 */
void gpus_fill(const struct gpus *k, uint32_t node, int64_t t, struct pci *gpu, uint32_t *uuid, int16_t *index);

#endif
