/*
 * nodes - which names mean one node: a short name and the full ones whose
 * first label it is (node_same in input/identity.h).
 * Layer join: includes input.
 */
#ifndef NODES_H
#define NODES_H

#include "event/event.h"

/* Label of a node's name, interned; 0 for 0. */
uint32_t nodes_label(struct events *ev, uint32_t node);

/* May records of these two be joined?  Both have no node, or both may mean
 * the same one. */
bool nodes_agree(const struct events *ev, uint32_t a, uint32_t b);

/*
 * Where records that may be joined with a node's are found, in arrays that are
 * ordered by name and by label: in one run or two.  A short name meets
 * whatever has its label; a full one meets itself and the short one.
 */
struct nodes_run {
	enum nodes_by { NODES_BY_NAME, NODES_BY_LABEL } by;
	uint32_t key; /* the name's number, or the label's */
};
size_t nodes_runs(uint32_t node, uint32_t label, struct nodes_run run[2]);

/*
 * By a name's number: the node that it stands for among those that records of
 * these kinds name.  A short name stands for the full one of that label; where
 * there are two, for itself: nobody can tell whose it is.  Lives in m.
 */
uint32_t *nodes_settle(const struct events *ev, const enum event_kind *kind, size_t nkind, struct mem *m);

#endif
