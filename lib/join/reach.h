/*
 * reach - how long a stream must keep records, as two durations in ns.  They
 * determine which verdicts are final (final_at in verdict.h) and which records
 * are discarded.
 * Layer join: includes latest and loss.
 */
#ifndef REACH_H
#define REACH_H

#include "event/event.h"

struct reach {
	int64_t after; /* a record can change verdicts up to this long before it */
	int64_t back;  /* a verdict uses records up to this long before it */
	const uint16_t *peaks; /* fields whose highest value is kept, ended by
	                        * 0; NULL: none */
};

/*
 * Drop from ev the records that neither later records (from `decided` on) nor
 * verdicts that are not final by then can need.  Lost pods (EVENT_LOSS) are the
 * subject of verdicts: they are dropped once their verdict is final.  The last
 * value of a series is kept (latest.h).
 */
void reach_forget(struct events *ev, const struct reach *r, int64_t decided, struct mem *m);

#endif
