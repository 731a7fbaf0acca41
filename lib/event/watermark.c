#include "event/watermark.h"

/* Two sources are beyond the step: time advances to the one behind. */
static void
confirm(struct watermark *w, int64_t t, uint64_t source)
{
	int64_t behind = t < w->waiting ? t : w->waiting;

	if (t > w->waiting) {
		w->waiting = t;
		w->by = source;
	}
	w->t = behind;
	if (w->waiting <= time_add(behind, w->step)) {
		w->t = w->waiting;
		w->waiting = NO_TIME;
	}
}

void
watermark_see(struct watermark *w, int64_t t, uint64_t source)
{
	if (w->t == NO_TIME) {
		*w = (struct watermark){.t = t, .step = w->step, .waiting = NO_TIME, .first = source};
		return;
	}
	if (!w->several && source != w->first) {
		w->several = true;
		if (w->t > time_add(t, w->step)) {
			w->waiting = w->t;
			w->by = w->first;
			w->t = t;
			return;
		}
	}
	if (t <= w->t)
		return;
	if (!w->several || t <= time_add(w->t, w->step)) {
		w->t = t;
		w->waiting = NO_TIME;
	} else if (w->waiting != NO_TIME && source != w->by) {
		confirm(w, t, source);
	} else if (w->waiting == NO_TIME || t > w->waiting) {
		w->waiting = t;
		w->by = source;
	}
}
