#include "input/text/pod_event.h"

#include "base/test.h"
#include "input/text/test_records.h"

static struct events ev = {.since = NO_TIME, .until = NO_TIME, .wants = ~0u};
static struct buf b;

/* Are these all records? */
static void
is(size_t row, const char *says)
{
	struct str got = test_records(&ev, ~0u, &b);

	CHECK_ROW(row, str_eq(got, str_of(says)));
	if (!str_eq(got, str_of(says)))
		printf("# got:  %.*s\n# want: %s\n", (int)got.n, got.p, says);
}

#define WEB STR_INIT("web-1"), STR_INIT("shop")
#define NOBODY STR_INIT(""), STR_INIT("")

/* Events about pods, by first and last time. */
static const struct {
	struct str reason, note, name, ns, node;
	int64_t first, last;
	uint8_t source;
	const char *says;
} pods[] = {
	{STR_INIT("Evicted"), STR_INIT("low"), WEB, STR_INIT("gpu-7"), NO_TIME, 5, EVICTION_BY_KUBELET,
		"loss @5 node=gpu-7 uid=e1 pod=shop/web-1 (u1) Evicted kubelet {low} [o]; place @5 node=gpu-7 uid=u1 pod=shop/web-1 event"},
	{STR_INIT("Evicted"), STR_INIT(""), WEB, STR_INIT(""), NO_TIME, NO_TIME, EVICTION_BY_OTHER,
		"loss uid=e1 pod=shop/web-1 (u1) Evicted other [o]"},
	/* an aggregated Event has two times, unless they are equal */
	{STR_INIT("Evicted"), STR_INIT(""), WEB, STR_INIT(""), 3, 5, EVICTION_BY_OTHER,
		"loss @5 uid=e1 pod=shop/web-1 (u1) Evicted other [o]; loss @3 uid=e1 pod=shop/web-1 (u1) Evicted other [o]"},
	{STR_INIT("Evicted"), STR_INIT(""), WEB, STR_INIT(""), 5, 5, EVICTION_BY_OTHER, "loss @5 uid=e1 pod=shop/web-1 (u1) Evicted other [o]"},
	/* the node and the pod may only be in the text */
	{STR_INIT("Scheduled"), STR_INIT("Successfully assigned shop/web-1 to gpu-7"), NOBODY, STR_INIT(""), NO_TIME, 5, EVICTION_BY_OTHER,
		"place @5 node=gpu-7 uid=u1 pod=shop/web-1 scheduled"},
	{STR_INIT("Scheduled"), STR_INIT("Successfully assigned shop/web-1 to gpu-7"), WEB, STR_INIT("gpu-8"), NO_TIME, 5, EVICTION_BY_OTHER,
		"place @5 node=gpu-8 uid=u1 pod=shop/web-1 scheduled"},
	{STR_INIT("Scheduled"), STR_INIT("bound on node gpu-7 to gpu-8"), WEB, STR_INIT(""), NO_TIME, 5, EVICTION_BY_OTHER,
		"place @5 node=gpu-7 uid=u1 pod=shop/web-1 scheduled"},
	{STR_INIT("Scheduled"), STR_INIT("Successfully assigned web-1 to gpu-7"), NOBODY, STR_INIT(""), NO_TIME, 5, EVICTION_BY_OTHER, ""},
	{STR_INIT("Killing"), STR_INIT("Stopping container c"), WEB, STR_INIT("gpu-7"), NO_TIME, 5, EVICTION_BY_KUBELET,
		"place @5 node=gpu-7 uid=u1 pod=shop/web-1 killing"},
	{STR_INIT("Preempted"), STR_INIT("Preempted by ml/a on node gpu-7."), WEB, STR_INIT(""), NO_TIME, 5, EVICTION_BY_OTHER,
		"loss @5 node=gpu-7 uid=e1 pod=shop/web-1 (u1) Preempted other {Preempted by ml/a on node gpu-7.} [o]; "
		"place @5 node=gpu-7 uid=u1 pod=shop/web-1 event"},
	{STR_INIT("Preempted"), STR_INIT("Preempted by ml/a on node gpu-7"), WEB, STR_INIT(""), NO_TIME, 5, EVICTION_BY_OTHER,
		"loss @5 node=gpu-7 uid=e1 pod=shop/web-1 (u1) Preempted other {Preempted by ml/a on node gpu-7} [o]; "
		"place @5 node=gpu-7 uid=u1 pod=shop/web-1 event"},
	/* marked by a taint's controller, and canceled */
	{STR_INIT("TaintManagerEviction"), STR_INIT("Marking for deletion Pod shop/web-1"), NOBODY, STR_INIT(""), NO_TIME, 5, EVICTION_BY_OTHER,
		"loss @5 uid=e1 pod=shop/web-1 (u1) TaintManagerEviction other {Marking for deletion Pod shop/web-1} [o]"},
	{STR_INIT("TaintManagerEviction"), STR_INIT("Cancelling deletion of Pod shop/web-1"), NOBODY, STR_INIT(""), NO_TIME, 5, EVICTION_BY_OTHER,
		"loss @5 uid=e1 pod=shop/web-1 (u1) TaintManagerEviction other cancel {Cancelling deletion of Pod shop/web-1} [o]"},
	{STR_INIT("Evicted"), STR_INIT("Cancelling deletion of Pod shop/web-1"), NOBODY, STR_INIT(""), NO_TIME, 5, EVICTION_BY_OTHER,
		"loss @5 uid=e1 pod=shop/web-1 (u1) Evicted other {Cancelling deletion of Pod shop/web-1} [o]"},
	/* a pod without a name is none; other Events are no losses */
	{STR_INIT("Evicted"), STR_INIT("low"), NOBODY, STR_INIT("gpu-7"), NO_TIME, 5, EVICTION_BY_KUBELET, ""},
	{STR_INIT("BackOff"), STR_INIT("again"), WEB, STR_INIT("gpu-7"), NO_TIME, 5, EVICTION_BY_KUBELET, ""},
	{STR_INIT("NodeNotReady"), STR_INIT("Node is not ready"), WEB, STR_INIT(""), NO_TIME, 5, EVICTION_BY_OTHER,
		"loss @5 uid=e1 pod=shop/web-1 (u1) NodeNotReady other {Node is not ready} [o]"},
};

/* Events about nodes: whether pods may run there, and pressures. */
static const struct {
	struct str reason, note, node;
	int64_t first, last;
	uint8_t source;
	const char *says;
} nodes[] = {
	{STR_INIT("NodeNotReady"), STR_INIT("n"), STR_INIT("gpu-7"), NO_TIME, 5, EVICTION_BY_OTHER, "node @5 node=gpu-7 uid=e1 notready {n}"},
	{STR_INIT("NodeNotReady"), STR_INIT(""), STR_INIT("gpu-7"), NO_TIME, 5, EVICTION_BY_KUBELET, "node @5 node=gpu-7 uid=e1 notready kubelet"},
	{STR_INIT("NodeReady"), STR_INIT(""), STR_INIT("gpu-7"), NO_TIME, 5, EVICTION_BY_KUBELET, "node @5 node=gpu-7 uid=e1 ready"},
	{STR_INIT("NodeNotSchedulable"), STR_INIT(""), STR_INIT("gpu-7"), NO_TIME, 5, EVICTION_BY_KUBELET, "node @5 node=gpu-7 uid=e1 cordoned"},
	{STR_INIT("NodeSchedulable"), STR_INIT(""), STR_INIT("gpu-7"), 5, 5, EVICTION_BY_KUBELET, "node @5 node=gpu-7 uid=e1 uncordoned"},
	{STR_INIT("RemovingNode"), STR_INIT(""), STR_INIT("gpu-7"), 3, 5, EVICTION_BY_OTHER,
		"node @5 node=gpu-7 uid=e1 removed; node @3 node=gpu-7 uid=e1 removed"},
	{STR_INIT("DeletingNode"), STR_INIT(""), STR_INIT("gpu-7"), NO_TIME, NO_TIME, EVICTION_BY_OTHER, "node node=gpu-7 uid=e1 removed"},
	{STR_INIT("NodeHasInsufficientMemory"), STR_INIT("n"), STR_INIT("gpu-7"), NO_TIME, 5, EVICTION_BY_KUBELET,
		"condition @5 node=gpu-7 uid=e1 NodeHasInsufficientMemory memory on {n}"},
	{STR_INIT("NodeHasDiskPressure"), STR_INIT(""), STR_INIT("gpu-7"), 3, 5, EVICTION_BY_KUBELET,
		"condition @5 node=gpu-7 uid=e1 NodeHasDiskPressure disk on; condition @3..5 node=gpu-7 uid=e1 NodeHasDiskPressure disk on"},
	{STR_INIT("NodeHasInsufficientPID"), STR_INIT(""), STR_INIT("gpu-7"), 5, 5, EVICTION_BY_KUBELET,
		"condition @5 node=gpu-7 uid=e1 NodeHasInsufficientPID pid on"},
	{STR_INIT("NodeHasSufficientMemory"), STR_INIT(""), STR_INIT("gpu-7"), NO_TIME, 5, EVICTION_BY_KUBELET,
		"condition @5 node=gpu-7 uid=e1 NodeHasSufficientMemory memory off"},
	{STR_INIT("NodeHasNoDiskPressure"), STR_INIT(""), STR_INIT("gpu-7"), NO_TIME, 5, EVICTION_BY_KUBELET,
		"condition @5 node=gpu-7 uid=e1 NodeHasNoDiskPressure disk off"},
	{STR_INIT("NodeHasSufficientPID"), STR_INIT(""), STR_INIT("gpu-7"), NO_TIME, 5, EVICTION_BY_KUBELET,
		"condition @5 node=gpu-7 uid=e1 NodeHasSufficientPID pid off"},
	/* the text names the pressure that began; a reboot ends all */
	{STR_INIT("EvictionThresholdMet"), STR_INIT("Attempting to reclaim pids"), STR_INIT("gpu-7"), NO_TIME, 5, EVICTION_BY_KUBELET,
		"condition @5 node=gpu-7 uid=e1 EvictionThresholdMet pid on {Attempting to reclaim pids}"},
	{STR_INIT("EvictionThresholdMet"), STR_INIT("Attempting"), STR_INIT("gpu-7"), NO_TIME, 5, EVICTION_BY_KUBELET, ""},
	{STR_INIT("NodeHasDiskPressure"), STR_INIT("memory"), STR_INIT("gpu-7"), NO_TIME, 5, EVICTION_BY_KUBELET,
		"condition @5 node=gpu-7 uid=e1 NodeHasDiskPressure disk on {memory}"},
	{STR_INIT("Rebooted"), STR_INIT("memory"), STR_INIT("gpu-7"), NO_TIME, 5, EVICTION_BY_KUBELET,
		"condition @5 node=gpu-7 uid=e1 Rebooted unknown off {memory}"},
	{STR_INIT("NodeHasDiskPressure"), STR_INIT("Node gpu-8 status is now: NodeHasDiskPressure"), STR_INIT(""), NO_TIME, 5, EVICTION_BY_KUBELET,
		"condition @5 node=gpu-8 uid=e1 NodeHasDiskPressure disk on {Node gpu-8 status is now: NodeHasDiskPressure}"},
	{STR_INIT("Starting"), STR_INIT("memory"), STR_INIT("gpu-7"), NO_TIME, 5, EVICTION_BY_KUBELET, ""},
};

/* Conditions of nodes. */
static const struct {
	struct str type, status;
	int64_t last;
	const char *says;
} conditions[] = {
	{STR_INIT("Ready"), STR_INIT("True"), 7, "node @5 node=gpu-7 uid=e1 ready {n}"},
	{STR_INIT("Ready"), STR_INIT("true"), 7, "node @5 node=gpu-7 uid=e1 ready {n}"},
	{STR_INIT("Ready"), STR_INIT("False"), 7, "node @5 node=gpu-7 uid=e1 notready kubelet {n}"},
	{STR_INIT("Ready"), STR_INIT("Unknown"), 7, "node @5 node=gpu-7 uid=e1 notready unreachable {n}"},
	{STR_INIT("MemoryPressure"), STR_INIT("True"), 7, "condition @5..7 node=gpu-7 uid=e1 memory on {n}"},
	{STR_INIT("MemoryPressure"), STR_INIT("True"), NO_TIME, "condition @5 node=gpu-7 uid=e1 memory on {n}"},
	{STR_INIT("DiskPressure"), STR_INIT("false"), 7, "condition @5 node=gpu-7 uid=e1 disk off {n}"},
	{STR_INIT("DiskPressure"), STR_INIT("Unknown"), 7, ""},
	{STR_INIT("NetworkUnavailable"), STR_INIT("True"), 7, ""},
};

static void
add_pod(size_t i)
{
	const struct pod_event p = {
		.reason = pods[i].reason, .note = pods[i].note, .name = pods[i].name, .ns = pods[i].ns, .pod_uid = S("u1"), .uid = S("e1"),
		.node = pods[i].node, .first = pods[i].first, .last = pods[i].last, .offenders = S("o"), .source = pods[i].source,
	};

	events_reset(&ev);
	pod_event_add(&ev, &p);
}

static void
test_tables(void)
{
	TEST("Events about pods");
	for (size_t i = 0; i < NELEM(pods); i++) {
		add_pod(i);
		is(i, pods[i].says);
	}
	TEST("Events about nodes");
	for (size_t i = 0; i < NELEM(nodes); i++) {
		const struct pod_event p = {
			.reason = nodes[i].reason, .note = nodes[i].note, .name = nodes[i].node, .uid = S("e1"), .node = nodes[i].node,
			.first = nodes[i].first, .last = nodes[i].last, .source = nodes[i].source,
		};

		events_reset(&ev);
		node_event_add(&ev, &p);
		node_state_add(&ev, &p);
		is(i, nodes[i].says);
		CHECK_ROW(i, is_node_event(p.reason) == (ev.list[EVENT_CONDITION].n > 0 || str_eq(p.reason, S("EvictionThresholdMet"))));
		ev.wants = 1u << EVENT_NODE;
		node_event_add(&ev, &p);
		ev.wants = ~0u;
		is(i, nodes[i].says);
	}
	TEST("conditions of nodes");
	for (size_t i = 0; i < NELEM(conditions); i++) {
		events_reset(&ev);
		node_condition_add(&ev, &(struct node_condition){
			.type = conditions[i].type, .status = conditions[i].status, .note = S("n"), .uid = S("e1"), .node = events_node(&ev, S("gpu-7")),
			.t = 5, .last = conditions[i].last});
		is(i, conditions[i].says);
	}
}

/* With the user's reasons, if any. */
static void
test_reasons(void)
{
	TEST("reasons that the user chose are losses, and no others");
	CHECK(pod_event_is_loss(&ev, S("Evicted")) && pod_event_is_loss(&ev, S("NodeNotReady")) && !pod_event_is_loss(&ev, S("BackOff")));
	ev.reasons = S("BackOff,Killing");
	CHECK(!pod_event_is_loss(&ev, S("Evicted")) && !pod_event_is_loss(&ev, S("NodeNotReady")) && pod_event_is_loss(&ev, S("BackOff")));
	events_reset(&ev);
	pod_event_add(&ev, &(struct pod_event){.reason = S("Killing"), .name = S("web-1"), .first = NO_TIME, .last = 5});
	is(0, "loss @5 pod=/web-1 Killing kubelet");
	events_reset(&ev);
	pod_event_add(&ev, &(struct pod_event){.reason = S("Evicted"), .name = S("web-1"), .node = S("gpu-7"), .first = NO_TIME, .last = 5});
	is(1, "");
	TEST("a cancellation is kept whatever the user chose, but not the mark");
	pod_event_add(&ev, &(struct pod_event){.reason = S("TaintManagerEviction"), .name = S("web-1"), .first = NO_TIME, .last = 5,
		.note = S("Marking for deletion Pod shop/web-1")});
	is(2, "");
	pod_event_add(&ev, &(struct pod_event){.reason = S("TaintManagerEviction"), .name = S("web-1"), .first = NO_TIME, .last = 5,
		.note = S("Cancelling deletion of Pod shop/web-1")});
	is(3, "loss @5 pod=/web-1 TaintManagerEviction kubelet cancel {Cancelling deletion of Pod shop/web-1}");
	ev.reasons = (struct str){0};
}

static uint64_t
uncounted(struct str reason, int64_t t)
{
	uint64_t before = ev.uncounted.total;

	pod_event_add(&ev, &(struct pod_event){.reason = reason, .name = S("web-1"), .first = NO_TIME, .last = t});
	return ev.uncounted.total - before;
}

static void
test_uncounted(void)
{
	struct uncounted *u = &ev.uncounted;

	idx_free(&u->names);
	*u = (struct uncounted){.total = 0};
	TEST("what looks like a loss but is not counted as one, within the bounds, is told");
	CHECK(uncounted(S("EvictedBySpot"), 5) == 1 && uncounted(S("PreemptScheduled"), 5) == 1 && uncounted(S("ScaleDownFailed"), 5) == 1);
	CHECK(uncounted(S("Descheduled"), 5) == 1 && uncounted(S("Draining"), 5) == 1 && uncounted(S("Interrupted"), 5) == 1);
	CHECK(uncounted(S("ShutdownManager"), 5) == 1 && uncounted(S("Evicted"), 5) == 0 && uncounted(S("BackOff"), 5) == 0);
	CHECK(u->n[idx_find(&u->names, S("Draining"))] == 1 && uncounted(S("Draining"), 5) == 1 && u->n[idx_find(&u->names, S("Draining"))] == 2);
	ev.since = 4;
	ev.until = 6;
	CHECK(uncounted(S("Draining"), 3) == 0 && uncounted(S("Draining"), 4) == 1 && uncounted(S("Draining"), 6) == 1);
	CHECK(uncounted(S("Draining"), 7) == 0 && uncounted(S("Draining"), NO_TIME) == 1);
	ev.until = NO_TIME;
	CHECK(uncounted(S("Draining"), 3) == 0 && uncounted(S("Draining"), 7) == 1);
	ev.since = NO_TIME;
	ev.until = 6;
	CHECK(uncounted(S("Draining"), 3) == 1 && uncounted(S("Draining"), 7) == 0);
	ev.until = NO_TIME;
	ev.chosen = true;
	CHECK(uncounted(S("Draining"), 5) == 0);
	ev.chosen = false;
	ev.wants = 1u << EVENT_PLACEMENT;
	CHECK(uncounted(S("Draining"), 5) == 0);
	ev.wants = ~0u;
	TEST("only 63 such reasons are told apart");
	CHECK(u->n[0] == 0);
	for (int i = 0; i < 70; i++) {
		b.n = 0;
		buf_add(&b, S("Drain"));
		buf_i64(&b, i);
		CHECK_ROW(i, uncounted(buf_str(&b), 5) == 1);
	}
	CHECK(u->n[0] == 70 - (63 - 7) && u->n[63] == 1 && u->n[idx_find(&u->names, S("Drain0"))] == 1);
	CHECK(uncounted(S("Draining"), 5) == 1 && u->n[0] == 14);
}

int
main(void)
{
	test_tables();
	test_reasons();
	test_uncounted();
	events_free(&ev);
	buf_free(&b);
	return test_done();
}
