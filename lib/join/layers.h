/*
 * layers - the kinds of records that a pattern correlates, and the notice on
 * why it could not: a kind is missing, no node has both, or records have no
 * node name or timestamp.
 * Layer join: includes event.
 */
#ifndef LAYERS_H
#define LAYERS_H

#include "event/event.h"

struct layer {
	struct str one, many; /* "Xid", "Xids" */
	struct str none;      /* used instead of many when there are no records; or empty */
	uint64_t n;           /* number of records */
	uint32_t *node;       /* node names (numbers): ascending and distinct after layer_nodes */
	size_t nnode, cap;
};

/* Count a record of a node (0: no node name).  The array lives in m. */
void layer_add(struct layer *l, uint32_t node, struct mem *m);
/* Call after the last record: sorts the nodes, returns their number. */
size_t layer_nodes(struct layer *l, struct buf *scratch);

/* Clause "12 Xids from 3 nodes, no pod events: cannot correlate"; so: the text
 * after the colon. */
void layers_absent(struct buf *notice, const struct layer *a, const struct layer *b, struct str so);
/* Clause if both have nodes, but none in common: names the first of each by
 * name. */
void layers_apart(struct buf *notice, const struct layer *a, const struct layer *b, const struct idx *names);
/* Clause "3 Xids have " + why on n records; nothing if n is 0. */
void layers_clause(struct buf *notice, uint64_t n, struct str one, struct str many, struct str why);
/* Why kernel records without a timestamp are ignored, and the option to use, if
 * their lines count from boot. */
struct str layers_no_time(const struct events *ev);
/* The same of those without a node: lines of several tasks need more than one name. */
struct str layers_no_node(const struct events *ev);

#endif
