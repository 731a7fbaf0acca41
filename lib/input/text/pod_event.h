/*
 * pod_event - Events and conditions, in whatever form they are written.
 * Layer text: includes event.
 */
#ifndef POD_EVENT_H
#define POD_EVENT_H

#include "event/event.h"

/* What an Event about a pod says, in any dialect. Empty: not said. */
struct pod_event {
	struct str reason, note;
	struct str name, ns, pod_uid;
	struct str uid;      /* of the Event */
	struct str node;
	int64_t first, last; /* when it happened first and last; or NO_TIME */
	struct str offenders; /* annotations (input/text/eviction.h) */
	uint8_t source;      /* enum eviction_source */
};
/* Is that the reason of a loss?  NodeNotReady is one where none are chosen. */
bool pod_event_is_loss(const struct events *ev, struct str reason);
/* Add the losses, cancellations and placements that it reports. */
void pod_event_add(struct events *ev, const struct pod_event *p);
/* The same of an Event about the node p->node: the transition that it reports. */
void node_event_add(struct events *ev, const struct pod_event *p);
/* The same of such an Event: whether pods may run there; p->name is the node. */
void node_state_add(struct events *ev, const struct pod_event *p);
/* Is this the reason of such an Event? */
bool is_node_event(struct str reason);
/* A node's condition, in any dialect: status is a word, True or False, of Ready also
 * Unknown. */
struct node_condition {
	struct str type, status, note, uid;
	uint32_t node;
	int64_t t; /* of its last transition */
	int64_t last; /* when it was last reported, or NO_TIME */
};
void node_condition_add(struct events *ev, const struct node_condition *c);

#endif
