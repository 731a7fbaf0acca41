/*
 * reach - how long a stream must remember, as two lengths of time, ns.  What is
 * final (final_at in verdict.h) and what is forgotten follow from the same two.
 * Layer join: includes latest and loss.
 */
#ifndef REACH_H
#define REACH_H

#include "event/event.h"

struct reach {
	int64_t after; /* records up to so long after a moment change what is said of it */
	int64_t back;  /* what is said of a moment rests on records up to so long before it */
	const uint16_t *peaks; /* measurements whose highest value lasts (latest.h); NULL: none */
};

/*
 * Drop from ev what neither records from `decided` on nor verdicts that are not
 * final then can need.  Of lost pods (EVENT_LOSS) what is said is of them: they
 * go as soon as it is final.  The last value of a series stays (latest.h).
 */
void reach_forget(struct events *ev, const struct reach *r, int64_t decided, struct mem *m);

#endif
