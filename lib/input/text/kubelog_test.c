#include "input/text/text.h"

#include "base/test.h"
#include "base/test_edge.h"
#include "input/text/test_records.h"

#define HEAD "I0514 03:30:10.300330    2023 "
#define LOW "The node was low on resource: memory. "
#define REFERENCE \
	"Event(v1.ObjectReference{Kind:\"Pod\", Namespace:\"shop\", Name:\"web-1\", UID:\"u1\", APIVersion:\"v1\", " \
	"ResourceVersion:\"7\", FieldPath:\"\"}): type: 'Warning' reason: "

static struct events ev = {.since = NO_TIME, .until = NO_TIME, .wants = ~0u};

/* A line logged on dgx-a03, and its only record of a kind: the pod, its uid, the node,
 * the text; for a condition the node. */
static const struct {
	struct str line;
	enum event_kind kind;
	struct str name, ns, uid, node, note;
} rows[] = {
	{STR_INIT(HEAD "eviction_manager.go:622] \"Evicting pod\" pod=\"shop/web-1\" podUID=\"u1\" message=\"" LOW "\""), EVENT_LOSS,
		STR_INIT("web-1"), STR_INIT("shop"), STR_INIT("u1"), STR_INIT("dgx-a03"), STR_INIT("The node was low on resource: memory.")},
	{STR_INIT("\"Evicting pod\" pod=\"shop/web-1\" podUID=\"u1\" message=\"Usage of EmptyDir volume \\\"c\\\" exceeds\""), EVENT_LOSS,
		STR_INIT("web-1"), STR_INIT("shop"), STR_INIT("u1"), STR_INIT("dgx-a03"), STR_INIT("Usage of EmptyDir volume \"c\" exceeds")},
	{STR_INIT("\"Evicting pod\" pod=\"shop/web-1\" podUID=\"u1\" message=\"Usage of EmptyDir volume \\\"c\\\"\" x=\"y\""), EVENT_LOSS,
		STR_INIT("web-1"), STR_INIT("shop"), STR_INIT("u1"), STR_INIT("dgx-a03"), STR_INIT("Usage of EmptyDir volume \"c\"")},
	{STR_INIT("\"Evicting pod\" pod=\"shop/web-1\" podUID=\"u1\" message=\"" LOW "\\"), EVENT_LOSS,
		STR_INIT("web-1"), STR_INIT("shop"), STR_INIT("u1"), STR_INIT("dgx-a03"), STR_INIT("The node was low on resource: memory. \\")},
	{STR_INIT(HEAD "eviction_manager.go:627] \"Eviction manager: pod is evicted successfully\" pod=\"shop/web-1\""), EVENT_LOSS,
		STR_INIT("web-1"), STR_INIT("shop"), STR_INIT(""), STR_INIT("dgx-a03"), STR_INIT("")},
	{STR_INIT(HEAD "eviction_manager.go:563] eviction manager: pod web-1_shop(u1) is evicted successfully"), EVENT_LOSS,
		STR_INIT("web-1"), STR_INIT("shop"), STR_INIT("u1"), STR_INIT("dgx-a03"), STR_INIT("")},
	{STR_INIT(HEAD "event.go:389] \"Event occurred\" object=\"shop/web-1\" fieldPath=\"\" kind=\"Pod\" apiVersion=\"v1\" "
		"type=\"Warning\" reason=\"Evicted\" message=\"" LOW "\""), EVENT_LOSS,
		STR_INIT("web-1"), STR_INIT("shop"), STR_INIT(""), STR_INIT("dgx-a03"), STR_INIT("The node was low on resource: memory.")},
	/* the controller's host is not the pod's node */
	{STR_INIT(HEAD "event.go:389] \"Event occurred\" object=\"shop/web-1\" kind=\"Pod\" reason=\"TaintManagerEviction\" "
		"message=\"Marking for deletion Pod shop/web-1\""), EVENT_LOSS,
		STR_INIT("web-1"), STR_INIT("shop"), STR_INIT(""), STR_INIT(""), STR_INIT("Marking for deletion Pod shop/web-1")},
	{STR_INIT(HEAD "event.go:278] " REFERENCE "'Evicted' " LOW), EVENT_LOSS,
		STR_INIT("web-1"), STR_INIT("shop"), STR_INIT("u1"), STR_INIT("dgx-a03"), STR_INIT("The node was low on resource: memory.")},
	{STR_INIT("name=web-1 kind=Pod objectAPIversion=v1 reportingcontroller=kubelet sourcehost=dgx-b01 reason=Evicted "
		"type=Warning count=1 msg=\"" LOW "\""), EVENT_LOSS,
		STR_INIT("web-1"), STR_INIT("jobs"), STR_INIT(""), STR_INIT("dgx-b01"), STR_INIT("The node was low on resource: memory.")},
	{STR_INIT(HEAD "evictions.go:551] \"Evicted pod\" pod=\"shop/web-1\" reason=\"\" strategy=\"LowNodeUtilization\" node=\"gpu-7\" profile=\"p\""),
		EVENT_LOSS, STR_INIT("web-1"), STR_INIT("shop"), STR_INIT(""), STR_INIT("gpu-7"), STR_INIT("")},
	{STR_INIT(HEAD "evictions.go:1] \"Evicted pod\" pod=\"shop/web-1\" reason=\"NodeTaint\""),
		EVENT_LOSS, STR_INIT("web-1"), STR_INIT("shop"), STR_INIT(""), STR_INIT(""), STR_INIT("")},
	{STR_INIT(HEAD "taint_eviction.go:113] \"Deleting pod\" controller=\"taint-eviction-controller\" pod=\"shop/web-1\""),
		EVENT_LOSS, STR_INIT("web-1"), STR_INIT("shop"), STR_INIT(""), STR_INIT(""), STR_INIT("")},
	{STR_INIT(HEAD "taint_manager.go:106] \"NoExecuteTaintManager is deleting pod\" pod=\"shop/web-1\""),
		EVENT_LOSS, STR_INIT("web-1"), STR_INIT("shop"), STR_INIT(""), STR_INIT(""), STR_INIT("")},
	{STR_INIT(HEAD "preemption.go:400] \"Preemptor Pod preempted victim Pod\" preemptor=\"ml/train-0\" victim=\"shop/web-1\" node=\"gpu-7\""),
		EVENT_LOSS, STR_INIT("web-1"), STR_INIT("shop"), STR_INIT(""), STR_INIT("gpu-7"), STR_INIT("")},
	{STR_INIT(HEAD "kubelet_node_status.go:724] \"Recording event message for node\" node=\"dgx-a03\" event=\"NodeHasDiskPressure\""),
		EVENT_CONDITION, STR_INIT(""), STR_INIT(""), STR_INIT(""), STR_INIT("dgx-a03"), STR_INIT("")},
	{STR_INIT(HEAD "kubelet_node_status.go:486] Recording NodeHasDiskPressure event message for node dgx-a03"),
		EVENT_CONDITION, STR_INIT(""), STR_INIT(""), STR_INIT(""), STR_INIT("dgx-a03"), STR_INIT("")},
	{STR_INIT(HEAD "eviction_manager.go:369] \"Eviction manager: attempting to reclaim\" resourceName=\"memory\""),
		EVENT_CONDITION, STR_INIT(""), STR_INIT(""), STR_INIT(""), STR_INIT("dgx-a03"), STR_INIT("Attempting to reclaim memory")},
	{STR_INIT(HEAD "eviction_manager.go:380] \"Eviction manager: must evict pod(s) to reclaim\" resourceName=\"inodes\""),
		EVENT_CONDITION, STR_INIT(""), STR_INIT(""), STR_INIT(""), STR_INIT("dgx-a03"), STR_INIT("Attempting to reclaim inodes")},
	{STR_INIT(HEAD "eviction_manager.go:349] eviction manager: attempting to reclaim ephemeral-storage"),
		EVENT_CONDITION, STR_INIT(""), STR_INIT(""), STR_INIT(""), STR_INIT("dgx-a03"), STR_INIT("Attempting to reclaim ephemeral-storage")},
};

#define T " @1000000000"
#define NOW(reason) HEAD "event.go:389] \"Event occurred\" object=\"shop/web-1\" kind=\"Pod\" reason=\"" reason "\""

/* Lines logged on dgx-a03, and all that is recorded about losses and nodes. */
static const struct {
	const char *line, *says;
} whole[] = {
	/* what the kubelet evicts ran on its node; quotes are undone, whatever they are at */
	{"\"Evicting pod\" pod=\"web-1\" message=\"\\\"a\\\" b\\nc \\\\d\"", "loss" T " node=dgx-a03 pod=/web-1 Evicted kubelet {\"a\" b c \\d}"},
	{"\"Evicting pod\" pod=\"shop/web-1\" podUID=\"u1\" podUID", "loss" T " node=dgx-a03 pod=shop/web-1 (u1) Evicted kubelet"},
	{"\"Evicting pod\" pod=\"shop/web-1\" podUID=\"u1\" message=\"x\\", "loss" T " node=dgx-a03 pod=shop/web-1 (u1) Evicted kubelet {x\\}"},
	/* other components' evictions, by their own reasons */
	{"\"Evicted pod\" pod=\"shop/web-1\"", "loss" T " pod=shop/web-1 EvictionByEvictionAPI other"},
	{"\"Evicted pod\" pod=\"shop/web-1\" reason=\"NodeTaint\"", "loss" T " pod=shop/web-1 EvictionByEvictionAPI other"},
	{"\"Evicted pod\" pod=\"shop/web-1\" strategy=\"PodLifeTime\" node=\"gpu-7\"", "loss" T " node=gpu-7 pod=shop/web-1 PodLifeTime other"},
	{"\"Deleting pod\" controller=\"taint-eviction-controller\" pod=\"shop/web-1\"", "loss" T " pod=shop/web-1 TaintManagerEviction other"},
	{"\"NoExecuteTaintManager is deleting pod\" pod=\"shop/web-1\"", "loss" T " pod=shop/web-1 TaintManagerEviction other"},
	{"\"Preemptor Pod preempted victim Pod\" preemptor=\"ml/a\" victim=\"shop/web-1\" node=\"gpu-7\"", "loss" T " node=gpu-7 pod=shop/web-1 Preempted other"},
	/* of Events the reason tells whether the logging node is the pod's */
	{NOW("Evicted"), "loss" T " node=dgx-a03 pod=shop/web-1 Evicted unknown"},
	{NOW("Preempting"), "loss" T " node=dgx-a03 pod=shop/web-1 Preempting unknown"},
	{NOW("OutOfcpu"), "loss" T " node=dgx-a03 pod=shop/web-1 OutOfcpu unknown"},
	{NOW("Preempted"), "loss" T " pod=shop/web-1 Preempted unknown"},
	{"\"Event occurred\" object=\"gpu-7\" kind=\"Node\" reason=\"NodeNotReady\" message=\"m\"", "node" T " node=gpu-7 notready {m}"},
	{"\"Event occurred\" object=\"web-1\" kind=\"Pod\" reason=\"Evicted\"", "loss" T " node=dgx-a03 pod=/web-1 Evicted unknown"},
	/* a kubelet's word about its own node */
	{"\"Recording event message for node\" node=\"gpu-7\" event=\"NodeNotReady\"", "node" T " node=gpu-7 notready kubelet"},
	{"Recording NodeHasDiskPressure event message for node gpu-7", "condition" T " node=gpu-7 NodeHasDiskPressure disk on"},
	{"\"Eviction manager: attempting to reclaim\" resourceName=\"memory\"",
		"condition" T " node=dgx-a03 EvictionThresholdMet memory on {Attempting to reclaim memory}"},
	/* a shipper's line has its own namespace, or that of the record around it */
	{"count=1 name=web-1 namespace=shop kind=Pod objectAPIversion=v1 reason=Evicted", "loss" T " pod=shop/web-1 Evicted unknown"},
	{"count=1 name=web-1 kind=Pod objectAPIversion=v1 reason=Evicted", "loss" T " pod=jobs/web-1 Evicted unknown"},
};

/* Lines without a loss. */
static const struct str none[] = {
	STR_INIT(HEAD "eviction_manager.go:405] \"Eviction manager: pods ranked for eviction\" pods=[\"shop/web-1\"]"),
	STR_INIT(HEAD "x.go:1] \"Evicting pod\""), STR_INIT("he said \"Evicting pod\" pod=\"shop/web-1\""),
	STR_INIT(HEAD "event.go:1] \"Event occurred\" object=\"shop/web-1\" kind=\"Job\" reason=\"Evicted\""),
	STR_INIT("name=web-1 kind=Pod reason=Evicted msg=x"), STR_INIT(HEAD "event.go:1] " REFERENCE "'BackOff' x"),
	STR_INIT(HEAD "eviction_manager.go:390] \"Eviction manager: able to reduce resource pressure without evicting pods.\" resourceName=\"memory\""),
	STR_INIT(HEAD "x.go:1] \"Eviction manager: attempting to reclaim\" "),
	STR_INIT(HEAD "evictions.go:1] \"Evicted pod in dry run mode\" pod=\"shop/web-1\""), STR_INIT(HEAD "x.go:1] \"Deleting pod\" pod=\"shop/web-1\""),
	STR_INIT(HEAD "x.go:1] \"Evicting pod\" and so x=\"1\" pod=\"shop/web-1\""),
	STR_INIT(HEAD "x.go:1] \"Evicting pod\" \"x\"y=\"1\" pod=\"shop/web-1\""),
	STR_INIT(HEAD "x.go:1] \"Event occurred\" object=\"shop/web-1\" kind=\"Pod\""),
	STR_INIT(HEAD "x.go:1] \"Event occurred\" kind=\"Pod\" reason=\"Evicted\""),
	STR_INIT("Event(v1.ObjectReference{"), STR_INIT("\"Evicting pod\" pod=\""),
};

static struct str
name(uint32_t id)
{
	return idx_at(&ev.names, id);
}

static void
tell(struct str line)
{
	const struct origin o = {.t = SECOND, .node = S("dgx-a03"), .ns = S("jobs"), .own_time = true, .own_node = true};

	events_reset(&ev);
	text_read(&ev, test_edge(line), &o);
}

/* Are these all records about losses and nodes? */
static void
is(size_t row, const char *says)
{
	static struct buf b;
	struct str got = test_records(&ev, 1u << EVENT_LOSS | 1u << EVENT_CONDITION | 1u << EVENT_NODE, &b);

	CHECK_ROW(row, str_eq(got, str_of(says)));
	if (!str_eq(got, str_of(says)))
		printf("# got:  %.*s\n# want: %s\n", (int)got.n, got.p, says);
}

int
main(void)
{
	struct buf b = {0};

	TEST("lines with Events");
	for (size_t i = 0; i < NELEM(rows); i++) {
		tell(rows[i].line);
		CHECK_ROW(i, ev.list[rows[i].kind].n == 1);
		if (ev.list[rows[i].kind].n == 1)
			CHECK_ROW(i, str_eq(name(events_at(&ev, rows[i].kind, 0)->node), rows[i].node));
		if (rows[i].kind == EVENT_CONDITION && ev.list[EVENT_CONDITION].n == 1)
			CHECK_ROW(i, str_eq(name(((const struct condition *)ev.list[EVENT_CONDITION].p)->note), rows[i].note));
		if (rows[i].kind == EVENT_LOSS && ev.list[EVENT_LOSS].n == 1) {
			const struct loss *l = ev.list[EVENT_LOSS].p;

			CHECK_ROW(i, l->e.t == SECOND);
			CHECK_ROW(i, str_eq(name(l->name), rows[i].name) && str_eq(name(l->ns), rows[i].ns));
			CHECK_ROW(i, str_eq(name(l->pod_uid), rows[i].uid) && str_eq(name(l->note), rows[i].note));
		}
	}
	TEST("who lost the pod, where, and why");
	for (size_t i = 0; i < NELEM(whole); i++) {
		tell(str_of(whole[i].line));
		is(i, whole[i].says);
	}
	TEST("a pod is found among 64 fields of a line");
	for (int before = 62; before < 66; before++) {
		b.n = 0;
		buf_add(&b, S("\"Evicting pod\""));
		for (int i = 0; i < before; i++)
			buf_add(&b, S(" x=\"1\""));
		buf_add(&b, S(" pod=\"shop/web-1\" podUID=\"u1\" message=\"x\" y=\"1\""));
		tell(buf_str(&b));
		is((size_t)before, before < 63 ? "loss" T " node=dgx-a03 pod=shop/web-1 (u1) Evicted kubelet" :
			before == 63 ? "loss" T " node=dgx-a03 pod=shop/web-1 Evicted kubelet" : "");
	}
	TEST("lines without Events");
	for (size_t i = 0; i < NELEM(none); i++) {
		tell(none[i]);
		CHECK_ROW(i, ev.list[EVENT_LOSS].n == 0 && ev.list[EVENT_CONDITION].n == 0);
	}
	buf_free(&b);
	events_free(&ev);
	return test_done();
}
