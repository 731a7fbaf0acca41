#include "join/reach.h"
#include "join/latest.h"
#include "join/loss.h"

void
reach_forget(struct events *ev, const struct reach *r, int64_t decided, struct mem *m)
{
	static const uint16_t none[] = {0};
	const unsigned of_their_own = 1u << EVENT_LOSS | 1u << EVENT_SAMPLE | 1u << EVENT_RATE;
	int64_t open = time_diff(decided, r->after), before = time_diff(open, r->back);

	loss_forget(ev, open, m);
	latest_keep_all(ev, before, r->peaks ? r->peaks : none, m);
	events_cut(ev, ~of_their_own, before);
}
