/*
 * nodes - which names mean one node: a short name and the full ones whose
 * first label it is (node_same in input/identity.h).
 * Layer pattern: includes input.
 */
#ifndef NODES_H
#define NODES_H

#include "input/event.h"

/* Label of a node's name, interned; 0 for 0. */
uint32_t nodes_label(struct events *ev, uint32_t node);

/* May records of these two be joined?  Both have no node, or both may mean
 * the same one. */
bool nodes_agree(const struct events *ev, uint32_t a, uint32_t b);

/*
 * By a name's number: the node that it stands for among those that records of
 * these kinds name.  A short name stands for the full one of that label; where
 * there are two, for itself: nobody can tell whose it is.  Lives in m.
 */
uint32_t *nodes_settle(const struct events *ev, const enum event_kind *kind, size_t nkind, struct mem *m);

#endif
