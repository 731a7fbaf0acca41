/*
 * span - how long a node was under pressure.  A pressure begins with a
 * transition to True and holds until the transition to False, a reboot, or
 * 5 minutes after it was last reported: the kubelet reports its node's status
 * at least that often (nodeStatusReportFrequency).  A transition to True within
 * a span prolongs it.
 * Layer pattern: includes join.
 */
#ifndef SPAN_H
#define SPAN_H

#include "join/causes.h"
#include "input/text/eviction.h"

#define SPAN_KNOWN (300 * SECOND) /* nodeStatusReportFrequency */
/* The kubelet evicts when it finds the threshold crossed, and reports with a later
 * sync, up to this long afterwards: 10 s, and the time of its check. */
#define SPAN_REPORTED (15 * SECOND)
/* A loss's taint was added at most so long before it: the usual toleration is 300 s. */
#define SPAN_TAINT (600 * SECOND)

/* Classes of causes: a reboot, a pressure's end, its beginning, a NoExecute taint, the
 * node not ready (LAPSE: in a known way; LAPSE_SOMEHOW: in an unknown one), ready again. */
enum { REBOOT, OVER, ON = OVER + PRESSURES, TAINT = ON + PRESSURES, LAPSE, LAPSE_SOMEHOW, READY };

struct pressure_span {
	const struct condition *c; /* the transition that began it */
	int64_t end;
};

/* The spans of marks, which are in order: causes of the classes ON, in order,
 * each of a struct pressure_span.  They live in m. */
struct causes spans_of(const struct causes *marks, struct mem *m);
/* The latest span of a node's pressure that a loss at t may come from: it lies
 * in the span, at most window after its beginning, or SPAN_REPORTED before. */
const struct cause *span_at(const struct causes *spans, uint32_t node, unsigned pressure, int64_t t, int64_t window, int64_t skew);
/* When a pressure that holds at t ended, by itself or by a reboot; or NO_TIME. */
int64_t span_over(const struct causes *marks, uint32_t node, unsigned pressure, int64_t t);
/* Is any condition of the node known that a loss at t may come from or follow? */
bool span_known(const struct causes *marks, uint32_t node, int64_t t, int64_t skew);

#endif
