/*
 * pod_event - Events and conditions, in all formats.
 * Layer text: includes event.
 */
#ifndef POD_EVENT_H
#define POD_EVENT_H

#include "event/event.h"

/* An Event about a pod, from any dialect.  Empty strings: unset. */
struct pod_event {
	struct str reason, note;
	struct str name, ns, pod_uid;
	struct str uid;      /* of the Event */
	struct str node;
	int64_t first, last; /* first and last occurrence, or NO_TIME */
	struct str offenders; /* annotations (input/text/eviction.h) */
	uint8_t source;      /* enum eviction_source */
};
/* Is that the reason of a loss?  NodeNotReady is, unless the user chose reasons. */
bool pod_event_is_loss(const struct events *ev, struct str reason);
/* Add its losses, cancellations and placements. */
void pod_event_add(struct events *ev, const struct pod_event *p);
/* For an Event about the node p->node: add its transition. */
void node_event_add(struct events *ev, const struct pod_event *p);
/* For such an Event: add whether pods may run there; p->name is the node. */
void node_state_add(struct events *ev, const struct pod_event *p);
/* Is this the reason of such an Event? */
bool is_node_event(struct str reason);
/* A node's condition, from any dialect.  status: True or False, for Ready also
 * Unknown. */
struct node_condition {
	struct str type, status, note, uid;
	uint32_t node;
	int64_t t; /* of its last transition */
	int64_t last; /* when it was last reported, or NO_TIME */
};
void node_condition_add(struct events *ev, const struct node_condition *c);

#endif
