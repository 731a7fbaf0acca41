/*
 * layers - the kinds of records that a pattern correlates, and the notice on why
 * it could not: a layer is absent, no node has both, or records have no node or
 * no time.
 * Layer join: includes event.
 */
#ifndef LAYERS_H
#define LAYERS_H

#include "event/event.h"

struct layer {
	struct str one, many; /* "Xid", "Xids" */
	struct str none;      /* in place of many when there is no record; or empty */
	uint64_t n;           /* its records */
	uint32_t *node;       /* their nodes' names, ascending numbers after layer_nodes */
	size_t nnode, cap;
};

/* Count a record of a node, 0: it has none.  The nodes live in m. */
void layer_add(struct layer *l, uint32_t node, struct mem *m);
/* After the last record: the number of their nodes. */
size_t layer_nodes(struct layer *l, struct buf *scratch);

/* "12 Xids from 3 nodes, no pod events: cannot correlate"; so: what follows the
 * colon. */
void layers_absent(struct buf *notice, const struct layer *a, const struct layer *b, struct str so);
/* A clause if both have nodes, but none in common: the first of each by name. */
void layers_apart(struct buf *notice, const struct layer *a, const struct layer *b, const struct idx *names);
/* A clause on n records, if there are any: "3 Xids have" and why. */
void layers_clause(struct buf *notice, uint64_t n, struct str one, struct str many, struct str why);
/* Why records of the kernel without a time are left out, and what helps, if
 * their lines count from boot. */
struct str layers_no_time(const struct events *ev);

#endif
