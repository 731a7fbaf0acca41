#include "join/nodes.h"

#include "base/test.h"

static struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};

static uint32_t
node(const char *name)
{
	return events_node(&ev, str_of(name));
}

static void
seen(enum event_kind kind, const char *name)
{
	union {
		struct sample sample;
		struct xid xid;
	} r = {0};

	r.sample.e = (struct event){.t = (int64_t)ev.list[kind].n, .node = node(name)};
	events_add(&ev, kind, &r);
}

/* What a name of the input stands for: among samples, among both. */
static const struct {
	const char *name, *of_samples, *of_both;
} rows[] = {
	{"gpu-1", "gpu-1.east", "gpu-1.east"},
	{"gpu-1.east", "gpu-1.east", "gpu-1.east"},
	{"gpu-2", "gpu-2", "gpu-2"}, /* has two full names */
	{"gpu-2.west", "gpu-2.west", "gpu-2.west"},
	{"gpu-3", "gpu-3", "gpu-3.east"}, /* an Xid knows the full one */
	{"gpu-4.east", "gpu-4.east", "gpu-4.east"},
	{"10.0.0.1", "10.0.0.1", "10.0.0.1"},
	{"", "", ""},
};

static void
test_settle(void)
{
	static const enum event_kind kinds[] = {EVENT_XID, EVENT_SAMPLE};
	struct mem m = {0};
	uint32_t *samples, *both;

	TEST("a short name stands for the one full name of its label");
	for (size_t i = 0; i < NELEM(rows); i++)
		seen(EVENT_SAMPLE, rows[i].name);
	for (int again = 0; again < 3; again++)
		seen(EVENT_SAMPLE, again == 1 ? "gpu-2.east" : "gpu-1.east");
	seen(EVENT_XID, "gpu-3.east");
	both = nodes_settle(&ev, kinds, NELEM(kinds), &m);
	samples = nodes_settle(&ev, kinds + 1, 1, &m);
	for (size_t i = 0; i < NELEM(rows); i++) {
		CHECK_ROW(i, samples[node(rows[i].name)] == node(rows[i].of_samples));
		CHECK_ROW(i, both[node(rows[i].name)] == node(rows[i].of_both));
	}
	mem_free(&m);
}

static void
test_runs(void)
{
	uint32_t label = node("gpu-1"), full = node("gpu-1.east");
	struct nodes_run run[2];

	TEST("a short name meets its label, a full one itself and the short one");
	CHECK(nodes_runs(label, label, run) == 1 && run[0].by == NODES_BY_LABEL && run[0].key == label);
	CHECK(nodes_runs(full, label, run) == 2 && run[0].by == NODES_BY_NAME && run[0].key == full);
	CHECK(run[1].by == NODES_BY_NAME && run[1].key == label);
	CHECK(nodes_runs(0, 0, run) == 1 && run[0].by == NODES_BY_NAME && run[0].key == 0);
}

int
main(void)
{
	TEST("the label of a name");
	CHECK(nodes_label(&ev, node("gpu-1.east")) == node("gpu-1"));
	CHECK(nodes_label(&ev, node("gpu-1")) == node("gpu-1"));
	CHECK(nodes_label(&ev, node("10.0.0.1")) == node("10.0.0.1"));
	CHECK(nodes_label(&ev, 0) == 0);

	TEST("who may be joined");
	CHECK(nodes_agree(&ev, 0, 0));
	CHECK(!nodes_agree(&ev, 0, node("a")) && !nodes_agree(&ev, node("a"), 0));
	CHECK(nodes_agree(&ev, node("a"), node("a.east")) && nodes_agree(&ev, node("a.east"), node("a")));
	CHECK(!nodes_agree(&ev, node("a.west"), node("a.east")));
	CHECK(nodes_agree(&ev, node("a.west"), node("a.west")));

	test_runs();
	test_settle();
	events_free(&ev);
	return test_done();
}
