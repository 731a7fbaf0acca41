/*
 * span - how long a node was under pressure.  A pressure begins with a
 * transition to True and lasts until the transition to False, a reboot, or 5
 * minutes after it was last reported: the kubelet reports its node's status at
 * least that often (nodeStatusReportFrequency).  A transition to True within a
 * span extends it.
 * Layer pattern: includes join.
 */
#ifndef SPAN_H
#define SPAN_H

#include "join/causes.h"
#include "input/text/eviction.h"

#define SPAN_KNOWN (300 * SECOND) /* nodeStatusReportFrequency */
/* The kubelet evicts as soon as the threshold is crossed, but reports the
 * condition up to this much later: 10 s, and the time of its check. */
#define SPAN_REPORTED (15 * SECOND)
/* Maximal age of a loss's taint; the default toleration is 300 s. */
#define SPAN_TAINT (600 * SECOND)

/* Classes of causes: reboot, end of a pressure, its beginning, NoExecute taint,
 * node not ready (LAPSE: how is known; LAPSE_SOMEHOW: unknown), ready again. */
enum { REBOOT, OVER, ON = OVER + PRESSURES, TAINT = ON + PRESSURES, LAPSE, LAPSE_SOMEHOW, READY };

struct pressure_span {
	const struct condition *c; /* the transition that began it */
	int64_t end;
};

/* The spans of marks, which are sorted: causes of the classes ON, sorted, with
 * `of` a struct pressure_span.  They live in m. */
struct causes spans_of(const struct causes *marks, struct mem *m);
/* The latest span of a node's pressure that may have caused a loss at t: the
 * loss is in the span, at most window after its beginning, or SPAN_REPORTED
 * before. */
const struct cause *span_at(const struct causes *spans, uint32_t node, unsigned pressure, int64_t t, int64_t window, int64_t skew);
/* When a pressure active at t ended, by itself or by a reboot; or NO_TIME. */
int64_t span_over(const struct causes *marks, uint32_t node, unsigned pressure, int64_t t);
/* Is any condition of the node known that may have caused or followed a loss at t? */
bool span_known(const struct causes *marks, uint32_t node, int64_t t, int64_t skew);

#endif
