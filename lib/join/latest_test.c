#include "join/latest.h"

#include "base/test.h"

static struct events ev;

static uint32_t
name(const char *s)
{
	return events_node(&ev, str_of(s));
}

static struct pci
gpu(uint8_t bus)
{
	return (struct pci){.bus = bus, .known = 1};
}

static void
start(void)
{
	events_reset(&ev);
	ev.wants = ~0u;
	ev.since = ev.until = NO_TIME;
}

/* One sample of each of eight series, each pair different in one property. */
static void
add_samples(int64_t t, int64_t value)
{
	const struct sample one = {.e = {.t = t, .node = name("n")}, .value = value, .start = t - 1, .gpu = gpu(1), .index = -1, .field = 7};

	for (int i = 0; i < 8; i++) {
		struct sample s = one;

		s.e.node = i == 1 ? name("m") : s.e.node;
		s.gpu = i == 2 ? gpu(2) : s.gpu;
		s.uuid = i == 3 ? name("GPU-1") : 0;
		s.index = i == 4 ? 0 : -1;
		s.field = i == 5 ? 8 : 7;
		s.delta = i == 6;
		s.e.uid = i == 7 ? name("1") : 0;
		events_add(&ev, EVENT_SAMPLE, &s);
	}
}

static void
add_rates(int64_t t, int64_t value)
{
	for (int i = 0; i < 5; i++)
		events_add(&ev, EVENT_RATE, &(struct rate){
			.e = {.t = t, .node = name(i == 1 ? "m" : "n")}, .value = value, .gpu = gpu(i == 2 ? 2 : 1),
			.uuid = i == 3 ? name("GPU-1") : 0, .direction = i == 4 ? name("rx") : 0});
}

static const int64_t values[] = {5, 3, 9, 2, 9, 1, 8}; /* at 10, 20, … 70 */
static const size_t order[] = {3, 0, 6, 1, 5, 2, 4};

static void
fill(void (*add)(int64_t, int64_t))
{
	start();
	for (size_t i = 0; i < NELEM(order); i++)
		add(10 * (int64_t)order[i] + 10, values[order[i]]);
}

/* Number of samples of a field (rates: 0) with this time. */
static size_t
count(enum event_kind k, unsigned field, int64_t t)
{
	size_t n = 0;

	for (size_t i = 0; i < ev.list[k].n; i++) {
		const struct event *e = events_at(&ev, k, i);

		n += e->t == t && (k == EVENT_RATE || ((const struct sample *)(const void *)e)->field == field);
	}
	return n;
}

int
main(void)
{
	static const uint16_t none[] = {0}, seven[] = {9, 7, 0};
	int64_t before[8] = {0};
	struct mem m = {0};

	TEST("the last sample of each series before the time; samples at the time stay");
	fill(add_samples);
	latest_keep_all(&ev, 60, none, &m);
	CHECK(ev.list[EVENT_SAMPLE].n == 8 * 3);
	for (int64_t t = 50; t <= 70; t += 10)
		CHECK_ROW(t, count(EVENT_SAMPLE, 7, t) == 7 && count(EVENT_SAMPLE, 8, t) == 1);

	TEST("old samples lose their start, newer ones keep it");
	for (size_t i = 0; i < ev.list[EVENT_SAMPLE].n; i++) {
		const struct sample *s = (const struct sample *)ev.list[EVENT_SAMPLE].p + i;

		CHECK_ROW(i, s->start == (s->e.t < 60 ? NO_TIME : s->e.t - 1) && s->value == values[s->e.t / 10 - 1]);
	}

	TEST("a second call changes nothing");
	latest_keep_all(&ev, 60, none, &m);
	CHECK(ev.list[EVENT_SAMPLE].n == 8 * 3);

	TEST("of peak fields the highest sample, too; of equal ones the latest");
	fill(add_samples);
	latest_keep_all(&ev, 65, seven, &m);
	CHECK(ev.list[EVENT_SAMPLE].n == 8 * 2 + 7);
	CHECK(count(EVENT_SAMPLE, 7, 50) == 7 && count(EVENT_SAMPLE, 7, 60) == 7 && count(EVENT_SAMPLE, 7, 70) == 7);
	CHECK(count(EVENT_SAMPLE, 8, 50) == 0 && count(EVENT_SAMPLE, 8, 60) == 1 && count(EVENT_SAMPLE, 8, 70) == 1);

	TEST("each node has its own time; nodes without samples do not matter");
	start();
	name("nobody measured");
	add_samples(10, 1);
	add_samples(20, 2);
	add_samples(30, 3);
	before[name("n")] = 30;
	before[name("m")] = 20;
	latest_keep(&ev, before, none);
	CHECK(count(EVENT_SAMPLE, 7, 10) == 1 && count(EVENT_SAMPLE, 7, 20) == 7 && count(EVENT_SAMPLE, 7, 30) == 7);
	CHECK(count(EVENT_SAMPLE, 8, 10) == 0 && count(EVENT_SAMPLE, 8, 20) == 1);

	TEST("nothing before the time: no change");
	start();
	add_samples(10, 1);
	latest_keep_all(&ev, 10, seven, &m);
	CHECK(ev.list[EVENT_SAMPLE].n == 8 && ((const struct sample *)ev.list[EVENT_SAMPLE].p)->start == 9);

	TEST("rates: the last one of each series before the time");
	fill(add_rates);
	latest_keep_all(&ev, 60, none, &m);
	CHECK(ev.list[EVENT_RATE].n == 5 * 3);
	for (int64_t t = 50; t <= 70; t += 10)
		CHECK_ROW(t, count(EVENT_RATE, 0, t) == 5);
	latest_keep_all(&ev, 80, none, &m);
	CHECK(ev.list[EVENT_RATE].n == 5 && count(EVENT_RATE, 0, 70) == 5);

	TEST("no records");
	start();
	latest_keep_all(&ev, 80, seven, &m);
	CHECK(ev.list[EVENT_SAMPLE].n == 0 && ev.list[EVENT_RATE].n == 0);

	mem_free(&m);
	events_free(&ev);
	return test_done();
}
