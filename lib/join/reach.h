/*
 * reach - how long a stream must remember, as two lengths of time, ns.  Which
 * verdicts are final (final_at in verdict.h) and which records are discarded follow
 * from the same two.
 * Layer join: includes latest and loss.
 */
#ifndef REACH_H
#define REACH_H

#include "event/event.h"

struct reach {
	int64_t after; /* a record changes verdicts up to so long before it */
	int64_t back;  /* a verdict uses records up to so long before it */
	const uint16_t *peaks; /* measurements whose highest value lasts (latest.h); NULL: none */
};

/*
 * Drop from ev the records that neither records from `decided` on nor verdicts that
 * are not final then can need.  Lost pods (EVENT_LOSS) are what verdicts are about:
 * they go as soon as their verdict is final.  The last value of a series stays (latest.h).
 */
void reach_forget(struct events *ev, const struct reach *r, int64_t decided, struct mem *m);

#endif
