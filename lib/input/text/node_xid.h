/*
 * node_xid - Xids that monitoring agents read from the kernel log and put into
 * a Node's condition or an Event, without the driver's line: a code in a type
 * or reason ("NvidiaXID79Error", "NvidiaXid48"), or a list of codes
 * ("XidCriticalError" with {"79":true}).
 * Sources: the EKS node monitoring agent's reasons, CoreWeave's condition
 * types, GKE's node problem detector.
 * Layer text: includes event.
 */
#ifndef NODE_XID_H
#define NODE_XID_H

#include "event/event.h"

/* A condition that reports a problem, or an Event.  Empty strings: unset. */
struct node_report {
	struct str type, reason, note, uid, node;
	int64_t t;
};

/* Does a condition report a problem?  "…Ready" does if it is False. */
bool node_report_is_bad(struct str type, struct str status);
/* Add its Xids. */
void node_report_add(struct events *ev, const struct node_report *n);

#endif
