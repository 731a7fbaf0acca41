#include "join/reach.h"

#include "base/test.h"
#include "join/loss.h"

static struct events ev;

/* Xids, samples and lost pods at each of these times. */
static void
fill(const int64_t *at, size_t n)
{
	static char pods[] = "abcdefgh";

	events_reset(&ev);
	ev.wants = ~0u;
	ev.since = ev.until = NO_TIME;
	for (size_t i = 0; i < n; i++) {
		struct event e = {.t = at[i], .node = events_node(&ev, S("n"))};

		events_add(&ev, EVENT_XID, &(struct xid){.e = e, .code = 79});
		events_add(&ev, EVENT_SAMPLE, &(struct sample){.e = e, .value = (int64_t)(n - i), .index = -1, .field = 7});
		events_add(&ev, EVENT_LOSS, &(struct loss){.e = e, .name = idx_add(&ev.names, (struct str){pods + i, 1}), .started = NO_TIME});
	}
	events_sort(&ev);
}

/* The remaining records of a kind, one bit for each time. */
static unsigned
left(enum event_kind kind, const int64_t *at, size_t n)
{
	unsigned bits = 0;

	for (size_t i = 0; i < ev.list[kind].n; i++)
		for (size_t k = 0; k < n; k++)
			bits |= (unsigned)(events_at(&ev, kind, i)->t == at[k]) << k;
	return bits;
}

int
main(void)
{
	enum { AFTER = 7, BACK = 1000, DECIDED = 5000, OPEN = DECIDED - AFTER };
	static const int64_t at[] = {OPEN - BACK - 2, OPEN - BACK - 1, OPEN - BACK, OPEN - 1, DECIDED};
	static const int64_t lost[] = {0, OPEN - 1, OPEN, DECIDED};
	static const uint16_t seven[] = {7, 0};
	struct reach r = {.after = AFTER, .back = BACK};
	struct mem m = {0};

	TEST("records needed by verdicts that are not final are kept");
	fill(at, 5);
	reach_forget(&ev, &r, DECIDED, &m);
	CHECK(left(EVENT_XID, at, 5) == 0x1c);

	TEST("also the last sample before that, and of peak fields the highest one");
	CHECK(left(EVENT_SAMPLE, at, 5) == 0x1e);
	fill(at, 5);
	r.peaks = seven;
	reach_forget(&ev, &r, DECIDED, &m);
	CHECK(left(EVENT_SAMPLE, at, 5) == 0x1f);

	TEST("lost pods are dropped when their verdict is final: a loss spans LOSS_SPAN");
	fill(lost, 4);
	reach_forget(&ev, &r, DECIDED, &m);
	CHECK(left(EVENT_LOSS, lost, 4) == 0xf);
	reach_forget(&ev, &r, DECIDED + LOSS_SPAN, &m);
	CHECK(left(EVENT_LOSS, lost, 4) == 0xc);

	TEST("no records");
	fill(at, 0);
	reach_forget(&ev, &r, DECIDED, &m);
	CHECK(ev.list[EVENT_XID].n == 0);

	mem_free(&m);
	events_free(&ev);
	return test_done();
}
