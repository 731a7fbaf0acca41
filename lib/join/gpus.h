/*
 * gpus - resolves which GPU a record is about when records name GPUs
 * differently: by PCI address, by UUID, by index on the node.  Names that
 * appear together in any record are known for all records.
 * Layer join: includes event.
 */
#ifndef GPUS_H
#define GPUS_H

#include "event/event.h"

enum { GPUS_BY = 3 }; /* address, UUID, index */

struct gpus {
	const struct events *ev;
	struct gpu *by[GPUS_BY]; /* records with this name, sorted by node, name
	                          * and time */
	size_t n[GPUS_BY];
};

/* From ev's GPU records, whose nodes are settled (settle.h).  Lives in m. */
struct gpus gpus_gather(const struct events *ev, struct buf *scratch, struct mem *m);

/*
 * Fill in the names of a GPU on a node that the record lacks and the input
 * contains, through one intermediate name if need be.  Unset: *index -1, *uuid
 * 0, gpu->known 0.  The UUID of a MIG instance is replaced by its GPU's, if the
 * GPU is known.  The most reliable name decides: address, UUID, index.  If
 * records contradict each other, the latest one not after t wins, or the
 * earliest after it.
 */
void gpus_fill(const struct gpus *k, uint32_t node, int64_t t, struct pci *gpu, uint32_t *uuid, int16_t *index);

/* A query of gpus_fill and its answer, valid for from <= t < to: records of one
 * series repeat it.  Start from {0}.  Returns true if the record lacked some of
 * the names. */
struct gpus_answer {
	struct gpu asked, known;
	int64_t from, to;
};
bool gpus_fill_again(const struct gpus *k, struct gpus_answer *last, const struct event *e, struct pci *gpu,
		     uint32_t *uuid, int16_t *index);

/* Serial number of a GPU's board, by its UUID, or by its address if no other
 * UUID had that address; 0: unknown.  Contradictions as above. */
uint32_t gpus_serial(const struct gpus *k, uint32_t node, int64_t t, struct pci gpu, uint32_t uuid);

#endif
