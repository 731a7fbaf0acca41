/*
 * gpus - which GPU a record is about, when records name GPUs differently:
 * by PCI address, by UUID, by number on the node.  Names that any record
 * of the input has together are known for all records.
 * Layer join: includes event.
 */
#ifndef GPUS_H
#define GPUS_H

#include "event/event.h"

enum { GPUS_BY = 3 }; /* address, UUID, number */

struct gpus {
	const struct events *ev;
	struct gpu *by[GPUS_BY]; /* those that have this name, by node, name and time */
	size_t n[GPUS_BY];
};

/* From ev's GPU records, whose nodes are settled (settle.h).  Lives in m. */
struct gpus gpus_gather(const struct events *ev, struct buf *scratch, struct mem *m);

/*
 * Fill in the names of a GPU on a node that the record lacks and the input has,
 * by way of one more name if need be.  *index may be -1, *uuid 0, gpu unknown.
 * A MIG instance's UUID is replaced by its GPU's, as far as its GPU is known.
 * The surest name decides: address, UUID, number.  Contradictions: the latest
 * record not after t counts, else the earliest after it.
 */
void gpus_fill(const struct gpus *k, uint32_t node, int64_t t, struct pci *gpu, uint32_t *uuid, int16_t *index);

/* A question of gpus_fill and its answer, which holds from a time to before
 * another: records of one series repeat it.  Start from {0}.  True if
 * the record lacked some of the names. */
struct gpus_answer {
	struct gpu asked, known;
	int64_t from, to;
};
bool gpus_fill_again(const struct gpus *k, struct gpus_answer *last, const struct event *e, struct pci *gpu,
		     uint32_t *uuid, int16_t *index);

/* The serial number of a GPU's board, by its UUID, else by its address as long as no
 * other UUID had it; 0 if none is known.  Contradictions as above. */
uint32_t gpus_serial(const struct gpus *k, uint32_t node, int64_t t, struct pci gpu, uint32_t uuid);

#endif
