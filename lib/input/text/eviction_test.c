#include "input/text/eviction.h"

#include "base/buf.h"
#include "base/test.h"
#include "base/test_edge.h"

#define LOW_MEMORY "The node was low on resource: memory. "
#define LOW_DISK "The node was low on resource: ephemeral-storage. "
#define KI INT64_C(1024)

static const struct {
	const char *text;
	int64_t v; /* -1: none */
} quantities[] = {
	{"0", 0},
	{"1", 1},
	{"46993491787", 46993491787},
	{"45494108Ki", 45494108 * KI},
	{"100Mi", 100 * KI * KI},
	{"2Gi", 2 * KI * KI * KI},
	{"1.5Gi", 1536 * KI * KI},
	{"3Ti", 3 * KI * KI * KI * KI},
	{"1Pi", KI * KI * KI * KI * KI},
	{"7Ei", 7 * KI * KI * KI * KI * KI * KI},
	{"8Ei", -1},
	{"7.9999999999999999999Ei", -1},
	{"811kB", 811000},
	{"103GB", 103000000000},
	{"5B", 5},
	{"12KiB", 12 * KI},
	{"4K", 4000},
	{"4k", 4000},
	{"4M", 4000000},
	{"4G", 4000000000},
	{"4T", 4000000000000},
	{"4P", 4000000000000000},
	{"4E", 4000000000000000000},
	{"10E", -1},
	{"20E", -1},
	{"37e18", -1},
	{"16Ei", -1},
	{"17Ei", -1},
	{"99999999999Ti", -1},
	{"9E", 9000000000000000000},
	{"9223372036854775807", INT64_MAX},
	{"9223372036854775808", -1},
	{"18446744073709551615", -1},
	{"18446744073709551616", -1},
	{"1844674407370955161m", 1844674407370956},
	{"18446744073709551615n", 18446744074},
	{"99999999999999999999", -1},
	{"00000000000000000000000042", 42},
	{"0000Ki", 0},
	/* rounded up, as Kubernetes does */
	{"128974848000m", 128974848},
	{"500m", 1},
	{"1001m", 2},
	{"1000m", 1},
	{"0m", 0},
	{"1n", 1},
	{"1000000000n", 1},
	{"1u", 1},
	{"2500000u", 3},
	{"0.1Gi", 107374183},
	{"0.5", 1},
	{".5Ki", 512},
	{"5.", 5},
	{"1.0000000000000000001", -1},
	{"0.0000000000000000000000001", -1},
	{"0.00000000000000000000", 0},
	/* exponents, and an E that is a unit */
	{"1e3", 1000},
	{"1E3", 1000},
	{"1e+3", 1000},
	{"12.5e1", 125},
	{"1e-1", 1},
	{"12e0", 12},
	{"1e18", 1000000000000000000},
	{"1e19", -1},
	{"1e99999999999", -1},
	{"1e-99999999999", -1},
	{"0e99999999999", 0},
	{"1e", -1},
	{"1e+", -1},
	{"1e3Ki", -1},
	{"+5", 5},
	/* not quantities */
	{"", -1},
	{".", -1},
	{"Ki", -1},
	{"-5", -1},
	{"5%", -1},
	{"4.2%", -1},
	{"1 Gi", -1},
	{"1Gib", -1},
	{"1mB", -1},
	{"1.2.3", -1},
	{"0x10", -1},
	{"<none>", -1},
	{"5:", -1},
	{"1e:", -1},
	{"5/", -1},
	{"1nB", -1},
	{"1uB", -1},
	{"3MB", 3000000},
	{"1e3B", 1000},
	{"1BB", -1},
	/* the least and the most powers of ten, the largest numbers */
	{"1e-18", 1},
	{"1e-19", -1},
	{"2000000000000000000e-18", 2},
	{"2000000000000000001e-18", 3},
	{"922337203685477580e1", INT64_C(9223372036854775800)},
	{"922337203685477581e1", -1},
	{"9007199254740991Ki", INT64_C(9223372036854774784)},
	{"9007199254740992Ki", -1},
	{"0.000001", 1},
	{"1.25Ki", 1280},
};

/* Evictions that drain a node, and those that balance or scale the cluster. */
static const struct {
	const char *reason, *note;
	bool drain, balancing;
} moves[] = {
	{"EvictionByEvictionAPI", "Eviction API: evicting", true, false},
	{"Disrupted", "", true, false},
	{"Evicted", "Evicted pod: Unhealthy", true, false},
	{"Evicted", "Evicted pod: Underutilized", true, true},
	{"Evicted", "Evicted pod: Drifted", true, true},
	{"EvictionByEvictionAPI", "pod evicted from node by sigs.k8s.io/descheduler", false, true},
	{"ScaleDown", "deleting pod for node scale down", false, true},
	{"EvictedByVPA", "", false, true},
	{"LowNodeUtilization", "", false, true},
	{"PodLifeTime", "", false, true},
	{"RemoveDuplicates", "", false, true},
	{"RemovePodsViolatingNodeTaints", "", false, true},
	{"Evicted", LOW_MEMORY, false, false},
	{"TaintManagerEviction", "", false, false},
	{"Preempted", "", false, false},
	{"Removed", "", false, false},
	{"Preempted", "Eviction API: evicting", false, false},
	{"Evicted", "Eviction API: evicting", true, false},
	{"Evicted", "Deleting the pod to accommodate the terminationTime", true, false},
	{"Evicted", "Evicted pod: Empty", true, true},
	{"Evicted", "Evicted pod: Expired", true, true},
	{"Disrupted", "evicted by VPA Updater", false, true},
	{"Disrupted", "node scale down", false, true},
};

/*
 * A loss and the result: "KIND PRESSURE,… THRESHOLD AVAILABLE;", "NAME USED REQUEST|"
 * for each use in order, "top NAME" at the end.
 */
static const struct {
	const char *reason, *note, *offenders, *says;
	uint8_t source;
} losses[] = {
	/* the kubelet's texts, of all versions */
	{"Evicted", "", "memory\na\n1Ki", "node_pressure memory - -; top a", EVICTION_BY_UNKNOWN},
	{"Evicted", LOW_MEMORY, "", "node_pressure memory - -;", EVICTION_BY_KUBELET},
	{"Evicted", LOW_DISK "Threshold quantity: 2Gi, available: 1536Mi. Container loader was using 700Mi, request is 100Mi, "
		"has larger consumption of ephemeral-storage. ", "",
		"node_pressure disk 2147483648 1610612736; loader 734003200 104857600| top loader", EVICTION_BY_KUBELET},
	{"Evicted", LOW_DISK "Container a was using 811kB, which exceeds its request of 0. Container b was using 103GB, which "
		"exceeds its request of 0.", "", "node_pressure disk - -; a 811000 0| b 103000000000 0| top b", EVICTION_BY_KUBELET},
	{"Evicted", LOW_DISK "Container a was using 1Ki, which exceeds the request of 0. ", "", "node_pressure disk - -; a 1024 0| top a", EVICTION_BY_KUBELET},
	{"Evicted", "The node was low on resource: nodefs.", "", "node_pressure disk - -;", EVICTION_BY_KUBELET},
	{"Evicted", "The node was low on resource: [MemoryPressure].", "", "node_pressure memory - -;", EVICTION_BY_KUBELET},
	{"Evicted", "The node was low on resource: inodes. Threshold quantity: 5k, available: 4.1k. ", "", "node_pressure disk 5000 4100;", EVICTION_BY_KUBELET},
	{"Evicted", "The node was low on resource: pids. Threshold quantity: 100, available: 7. ", "", "node_pressure pid 100 7;", EVICTION_BY_KUBELET},
	{"Evicted", "The node was low on compute resources.", "", "node_pressure unknown - -;", EVICTION_BY_KUBELET},
	{"Evicted", LOW_MEMORY "Pod p-0 was using 9Gi, request is 4Gi, has larger consumption of memory. ", "",
		"node_pressure memory - -; - 9663676416 4294967296| top -", EVICTION_BY_KUBELET},
	{"Evicted", LOW_DISK "Container was using 5Ki, which exceeds its request of 0.", "", "node_pressure disk - -; - 5120 0| top -", EVICTION_BY_KUBELET},
	{"Evicted", LOW_DISK "Container c was using 88Gi, request is 0.", "", "node_pressure disk - -; c 94489280512 0| top c", EVICTION_BY_KUBELET},
	{"Evicted", "THE NODE WAS LOW ON RESOURCE: MEMORY. THRESHOLD QUANTITY: 1KI, AVAILABLE: 7", "", "node_pressure memory - 7;", EVICTION_BY_KUBELET},
	/* percentages are not quantities */
	{"Evicted", LOW_MEMORY "Threshold quantity: 10%, available: 4.2%. ", "", "node_pressure memory - -;", EVICTION_BY_KUBELET},
	/* the container furthest above its request; ties by name */
	{"Evicted", LOW_MEMORY "Container b was using 10, request is 8, x. Container a was using 5, request is 1, x. ", "",
		"node_pressure memory - -; b 10 8| a 5 1| top a", EVICTION_BY_KUBELET},
	{"Evicted", LOW_MEMORY "Container b was using 5, request is 1, x. Container a was using 4, request is 0, x. ", "",
		"node_pressure memory - -; b 5 1| a 4 0| top a", EVICTION_BY_KUBELET},
	{"Evicted", LOW_MEMORY "Container a was using 5, request is 4, x. Container b was using 9, x. ", "",
		"node_pressure memory - -; a 5 4| b 9 -| top b", EVICTION_BY_KUBELET},
	{"Evicted", LOW_MEMORY "Container a was using 0, request is 0, x. Container b was using 1, request is 0, x. ", "",
		"node_pressure memory - -; a 0 0| b 1 0| top b", EVICTION_BY_KUBELET},
	/* what is not known counts as 0 */
	{"Evicted", LOW_MEMORY "Container a was using 5, request is 1, x. Container b was using 5, x. ", "",
		"node_pressure memory - -; a 5 1| b 5 -| top b", EVICTION_BY_KUBELET},
	{"Evicted", LOW_MEMORY "Container b was using 5, x. Container a was using 5, request is 1, x. ", "",
		"node_pressure memory - -; b 5 -| a 5 1| top b", EVICTION_BY_KUBELET},
	{"Evicted", "Container c exceeded its local ephemeral storage limit \"2Gi\". Container d was using 1, request is 0, x. ", "",
		"local_limit unknown 2147483648 -; c - -| d 1 0| top d", EVICTION_BY_KUBELET},
	{"Evicted", "Container d was using 1, request is 0, x. Container c exceeded its local ephemeral storage limit \"2Gi\". ", "",
		"local_limit unknown 2147483648 -; d 1 0| c - -| top d", EVICTION_BY_KUBELET},
	/* where a quantity ends */
	{"Evicted", LOW_MEMORY "Threshold quantity: 5;x, available: 4)x. ", "", "node_pressure memory 5 4;", EVICTION_BY_KUBELET},
	{"Evicted", LOW_MEMORY "Threshold quantity: \"5\"x, available: 4.", "", "node_pressure memory 5 4;", EVICTION_BY_KUBELET},
	{"Evicted", LOW_MEMORY "Threshold quantity: 5, available: -much. ", "", "node_pressure memory 5 -;", EVICTION_BY_KUBELET},
	{"Evicted", LOW_MEMORY "Threshold quantity: , available: -7. ", "", "node_pressure memory - -7;", EVICTION_BY_KUBELET},
	/* which pressure, and of whom */
	{"Evicted", "Container c was using 5, request is 1, has larger consumption of memory. ", "", "node_pressure memory - -; c 5 1| top c", EVICTION_BY_KUBELET},
	{"NodeAffinity", "low memory", "", "admission unknown - -;", EVICTION_BY_KUBELET},
	{"Preempted", "The node had condition: [DiskPressure]. ", "", "preemption unknown - -;", EVICTION_BY_KUBELET},
	{"Evicted", "", "memory\na\n1Ki", "api unknown - -; top a", EVICTION_BY_OTHER},
	{"Evicted", "", "memory\n a , b \n1Ki, 2Ki ", "node_pressure memory - -; top b", EVICTION_BY_KUBELET},
	/* not a container's use */
	{"Evicted", LOW_MEMORY "Somebody was using 5, request is 1. ", "", "node_pressure memory - -;", EVICTION_BY_KUBELET},
	{"Evicted", LOW_MEMORY "Container a was using much, request is 1. Container b was using 2, request is more. ", "",
		"node_pressure memory - -;", EVICTION_BY_KUBELET},
	{"Evicted", LOW_MEMORY " was using ", "", "node_pressure memory - -;", EVICTION_BY_KUBELET},
	{"Evicted", LOW_MEMORY "Container a was using ", "", "node_pressure memory - -;", EVICTION_BY_KUBELET},
	/* names are not pressures */
	{"Evicted", LOW_DISK "Container memory was using 5, request is 1. ", "", "node_pressure disk - -; memory 5 1| top memory", EVICTION_BY_KUBELET},
	{"Evicted", "Container memory-hog was using too much disk", "", "node_pressure disk - -;", EVICTION_BY_KUBELET},
	{"Evicted", "Pod memory-hog went", "", "node_pressure unknown - -;", EVICTION_BY_KUBELET},
	{"TaintManagerEviction", "Marking for deletion Pod ml/memory-0", "", "taint unknown - -;", EVICTION_BY_OTHER},
	{"Preempted", "Preempted by ml/disk-0 on node memory-1", "", "preemption unknown - -;", EVICTION_BY_OTHER},
	/* by hand */
	{"Evicted", "low memory", "", "node_pressure memory - -;", EVICTION_BY_KUBELET},
	{"Evicted", "no space left on disk, memory is fine", "", "node_pressure disk - -;", EVICTION_BY_KUBELET},
	{"Evicted", "evicted", "", "node_pressure unknown - -;", EVICTION_BY_KUBELET},
	{"Evicted", "", "", "node_pressure unknown - -;", EVICTION_BY_KUBELET},
	/* limits of the pod itself */
	{"Evicted", "Usage of EmptyDir volume \"memory\" exceeds the limit \"30Mi\". ", "", "local_limit unknown 31457280 -;", EVICTION_BY_KUBELET},
	{"Evicted", "Container c exceeded its local ephemeral storage limit \"2Gi\". ", "", "local_limit unknown 2147483648 -; c - -| top c", EVICTION_BY_KUBELET},
	{"Evicted", "Container exceeded its local ephemeral storage limit \"2Gi\". ", "", "local_limit unknown 2147483648 -;", EVICTION_BY_KUBELET},
	{"Evicted", "Pod ephemeral local storage usage exceeds the total limit of containers 8Mi. ", "", "local_limit unknown 8388608 -;", EVICTION_BY_KUBELET},
	{"Evicted", "Usage of EmptyDir volume \"scratch\"", "", "local_limit unknown - -;", EVICTION_BY_KUBELET},
	{"Evicted", "Usage of EmptyDir volume \"scratch\" exceeds the limit 7%. ", "", "local_limit unknown - -;", EVICTION_BY_KUBELET},
	/* a limit of 0 is a limit; one in a later sentence is not */
	{"Evicted", "Container exceeded its local ephemeral storage limit \"0\". the total limit of containers 8Mi. ", "",
		"local_limit unknown 0 -;", EVICTION_BY_KUBELET},
	{"Evicted", "local storage usage exceeds the total limit of containers 0. It exceeds the limit 8Mi. ", "", "local_limit unknown 0 -;", EVICTION_BY_KUBELET},
	/* refused */
	{"Evicted", "Pod The node had condition: [DiskPressure]. ", "", "admission disk - -;", EVICTION_BY_KUBELET},
	{"Evicted", "The node had condition: [MemoryPressure DiskPressure PIDPressure]. ", "", "admission memory,disk,pid - -;", EVICTION_BY_KUBELET},
	{"Evicted", "The node had condition: [Strange]. ", "", "admission unknown - -;", EVICTION_BY_KUBELET},
	/* by reason */
	{"DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint", "", "taint unknown - -;", EVICTION_BY_KUBELET},
	{"DeletionByDeviceTaintManager", "", "", "taint unknown - -;", EVICTION_BY_KUBELET},
	{"PreemptionByScheduler", "", "", "preemption unknown - -;", EVICTION_BY_KUBELET},
	{"NodeShutdown", "", "", "admission unknown - -;", EVICTION_BY_KUBELET},
	{"Terminated", "Pod was terminated in response to imminent node shutdown.", "", "node_shutdown unknown - -;", EVICTION_BY_KUBELET},
	{"NodeLost", "", "", "node_lost unknown - -;", EVICTION_BY_KUBELET},
	{"NodeNotReady", "Node is not ready", "", "node_lost unknown - -;", EVICTION_BY_OTHER},
	{"DeletionByPodGC", "PodGC: node no longer exists", "", "node_lost unknown - -;", EVICTION_BY_KUBELET},
	{"EvictionByEvictionAPI", "Eviction API: evicting", "", "api unknown - -;", EVICTION_BY_KUBELET},
	/* by text, if the reason does not determine it */
	{"TerminationByKubelet", LOW_MEMORY, "", "node_pressure memory - -;", EVICTION_BY_KUBELET},
	{"TerminationByKubelet", "Pod was preempted by Kubelet to accommodate a critical pod.", "", "preemption unknown - -;", EVICTION_BY_KUBELET},
	{"TerminationByKubelet", "Pod was terminated in response to imminent node shutdown.", "", "node_shutdown unknown - -;", EVICTION_BY_KUBELET},
	{"Evicted", "Pod was rejected as the node is shutting down.", "", "admission unknown - -;", EVICTION_BY_KUBELET},
	{"Evicted", "Evicted pod: Underutilized", "", "api unknown - -;", EVICTION_BY_OTHER},
	{"Evicted", "Evicted pod: Underutilized", "", "api unknown - -;", EVICTION_BY_KUBELET},
	{"Evicted", "Evicted pod", "", "api unknown - -;", EVICTION_BY_UNKNOWN},
	{"Evicted", "low memory", "", " unknown - -;", EVICTION_BY_UNKNOWN},
	{"Evicted", LOW_MEMORY, "", "node_pressure memory - -;", EVICTION_BY_UNKNOWN},
	{"Evicted", "pod evicted from n node by sigs.k8s.io/descheduler", "", "api unknown - -;", EVICTION_BY_UNKNOWN},
	/* by reasons of other controllers */
	{"DeviceTaintManagerEviction", "Marking for deletion", "", "taint unknown - -;", EVICTION_BY_OTHER},
	{"Evict", "Pod is evicted, because of reclaim", "", "preemption unknown - -;", EVICTION_BY_OTHER},
	{"Disrupted", "Deleting the pod to accommodate", "", "api unknown - -;", EVICTION_BY_OTHER},
	{"RemovePodsViolatingNodeTaints", "", "", "api unknown - -;", EVICTION_BY_OTHER},
	{"UnexpectedAdmissionError", "Allocate failed", "", "admission unknown - -;", EVICTION_BY_KUBELET},
	{"TopologyAffinityError", "Resources cannot be allocated with Topology locality", "", "admission unknown - -;", EVICTION_BY_KUBELET},
	{"NodeAffinity", "Predicate NodeAffinity failed", "", "admission unknown - -;", EVICTION_BY_KUBELET},
	{"OutOfnvidia.com/gpu", "Node didn't have enough resource", "", "admission unknown - -;", EVICTION_BY_KUBELET},
	{"Shutdown", "Node is shutting, evicting pods", "", "node_shutdown unknown - -;", EVICTION_BY_KUBELET},
	/* a negative quantity available */
	{"Evicted", LOW_MEMORY "Threshold quantity: 100Mi, available: -2097758044639028Ki. ", "",
		"node_pressure memory 104857600 -2148104237710364672;", EVICTION_BY_KUBELET},
	{"Evicted", LOW_MEMORY, "", "node_pressure memory - -;", EVICTION_BY_OTHER},
	/* annotations */
	{"Evicted", "", "memory\na,b\n1Ki,2Ki", "node_pressure memory - -; top b", EVICTION_BY_KUBELET},
	{"Evicted", "", "memory\nb,a\n2Ki,2Ki", "node_pressure memory - -; top a", EVICTION_BY_KUBELET},
	{"Evicted", "", "evictable,memory\na\n1Ki", "node_pressure memory - -; top a", EVICTION_BY_KUBELET},
	{"Evicted", "", "ephemeral-storage\n\n7", "node_pressure disk - -; top -", EVICTION_BY_KUBELET},
	{"Evicted", "", "memory\na,b\nmuch,2Ki", "node_pressure memory - -; top b", EVICTION_BY_KUBELET},
	{"Evicted", "", "memory\na\n1,2", "node_pressure memory - -; top -", EVICTION_BY_KUBELET},
	{"Evicted", "", "memory", "node_pressure memory - -;", EVICTION_BY_KUBELET},
	{"Evicted", "", "\n\n", "node_pressure unknown - -;", EVICTION_BY_KUBELET},
	{"Evicted", LOW_DISK "Container c was using 5, request is 1. ", "memory\na\n9Gi", "node_pressure disk - -; c 5 1| top c", EVICTION_BY_KUBELET},
};

static struct buf out;

static void
say_number(int64_t n)
{
	buf_chr(&out, ' ');
	if (n == -1 || n == EVICTION_UNSAID)
		buf_chr(&out, '-');
	else
		buf_i64(&out, n);
}

static struct str
says(const struct eviction_text *t)
{
	struct str note = t->note;
	struct eviction_use u;
	struct eviction e;
	bool more = false;

	out.n = 0;
	eviction_parse(t, &e);
	buf_add(&out, eviction_kind_name(e.kind));
	buf_chr(&out, ' ');
	if (!e.named)
		buf_add(&out, pressure_name(e.pressure));
	for (unsigned p = 0; p < PRESSURES; p++)
		if (e.named >> p & 1) {
			buf_add(&out, more ? S(",") : S(""));
			buf_add(&out, pressure_name(p));
			more = true;
		}
	say_number(e.threshold);
	say_number(e.available);
	buf_chr(&out, ';');
	while (eviction_next(&note, note_cut(t->note), &u)) {
		buf_chr(&out, ' ');
		buf_add(&out, u.name.n ? u.name : S("-"));
		say_number(u.used);
		say_number(u.request);
		buf_chr(&out, '|');
	}
	CHECK(note.n == 0);
	if (eviction_top(t, &u)) {
		buf_add(&out, S(" top "));
		buf_add(&out, u.name.n ? u.name : S("-"));
	}
	return buf_str(&out);
}

int
main(void)
{
	struct buf b = {0};
	enum pressure p;

	TEST("quantities");
	for (size_t i = 0; i < NELEM(quantities); i++) {
		int64_t v = -1;
		bool is = quantity_parse(test_edge(str_of(quantities[i].text)), &v);

		CHECK_ROW(i, is == (quantities[i].v >= 0) && v == quantities[i].v);
		if (v != quantities[i].v)
			printf("# %s: %lld\n", quantities[i].text, (long long)v);
	}

	TEST("losses");
	for (size_t i = 0; i < NELEM(losses); i++) {
		const struct eviction_text t = {
			str_of(losses[i].reason), test_edge(str_of(losses[i].note)), str_of(losses[i].offenders), losses[i].source,
		};
		struct str got = says(&t);

		CHECK_ROW(i, str_eq(got, str_of(losses[i].says)));
		if (!str_eq(got, str_of(losses[i].says)))
			printf("#  %.*s\n#  %s\n", (int)got.n, got.p, losses[i].says);
	}

	TEST("evictions because of the node, and for the cluster");
	for (size_t i = 0; i < NELEM(moves); i++) {
		const struct eviction_text t = {.reason = str_of(moves[i].reason), .note = str_of(moves[i].note), .source = EVICTION_BY_UNKNOWN};

		CHECK_ROW(i, eviction_is_drain(&t) == moves[i].drain);
		CHECK_ROW(i, eviction_is_balancing(&t) == moves[i].balancing);
	}

	TEST("reasons that mean a lost pod");
	CHECK(eviction_reason_listed(eviction_reasons, S("Evicted")) && eviction_reason_listed(eviction_reasons, S("OutOfcpu")));
	CHECK(!eviction_reason_listed(eviction_reasons, S("NodeNotReady")) && !eviction_reason_listed(eviction_reasons, S("Killing")));
	CHECK(eviction_is_marking(S("TaintManagerEviction")) && eviction_is_marking(S("DeviceTaintManagerEviction")) && !eviction_is_marking(S("Evicted")));
	CHECK(eviction_is_device_taint(S("DeviceTaintManagerEviction")) && eviction_is_device_taint(S("DeletionByDeviceTaintManager")) &&
	      !eviction_is_device_taint(S("TaintManagerEviction")));
	CHECK(eviction_is_suspicion(S("NodeNotReady")) && !eviction_is_suspicion(S("NodeLost")));
	CHECK(eviction_reason_listed(S("OutOfcpu"), S("OutOfcpu")) && !eviction_reason_listed(S("OutOfcpu"), S("OutOfpods")));

	TEST("notes of 1020 bytes may have been cut");
	{
		char note[1021];

		memset(note, 'x', sizeof(note));
		CHECK(!note_cut((struct str){note, 1019}) && note_cut((struct str){note, 1020}) && note_cut((struct str){note, 1021}));
	}

	TEST("the volume above its limit, the resource the node was low on");
	{
		struct eviction e;

		eviction_parse(&(struct eviction_text){.note = S("Usage of EmptyDir volume \"scratch\" exceeds the limit \"1Gi\". ")}, &e);
		CHECK(str_eq(e.volume, S("scratch")) && e.may == 0);
		eviction_parse(&(struct eviction_text){.note = S("Usage of EmptyDir volume \"scratch")}, &e);
		CHECK(e.volume.n == 0);
		eviction_parse(&(struct eviction_text){.note = S("The node was low on resource: inodes. Threshold quantity: 5k. ")}, &e);
		CHECK(str_eq(e.resource, S("inodes")) && e.may == 1u << PRESSURE_DISK);
		eviction_parse(&(struct eviction_text){.note = S("The node was low on resource: nodefs.")}, &e);
		CHECK(str_eq(e.resource, S("nodefs")) && e.pressure == PRESSURE_DISK && e.named == 1u << PRESSURE_DISK);
		eviction_parse(&(struct eviction_text){.note = S("The node had condition: [DiskPressure PIDPressure]. ")}, &e);
		CHECK(e.resource.n == 0 && e.pressure == PRESSURE_DISK && e.may == (1u << PRESSURE_DISK | 1u << PRESSURE_PID));
	}

	TEST("any pressure may be the cause if none is named; none, if it was no pressure");
	{
		struct eviction e;

		eviction_parse(&(struct eviction_text){.reason = S("Evicted"), .source = EVICTION_BY_KUBELET}, &e);
		CHECK(e.named == 0 && e.may == (1u << PRESSURE_MEMORY | 1u << PRESSURE_DISK | 1u << PRESSURE_PID));
		eviction_parse(&(struct eviction_text){.reason = S("Evicted"), .offenders = S("pids\na\n1"), .source = EVICTION_BY_KUBELET}, &e);
		CHECK(e.named == 1u << PRESSURE_PID && e.may == 1u << PRESSURE_PID && e.pressure == PRESSURE_PID);
		eviction_parse(&(struct eviction_text){.reason = S("TaintManagerEviction"), .source = EVICTION_BY_OTHER}, &e);
		CHECK(e.named == 0 && e.may == 0 && e.pressure == PRESSURE_UNKNOWN);
	}

	TEST("of equal containers the one that used more");
	for (int i = 0; i < 2; i++) {
		struct eviction_use u;

		CHECK(eviction_top(&(struct eviction_text){.note = i ? S("Container a was using 5, request is 1. Container a was using 6, request is 2. ") :
			S("Container a was using 6, request is 2. Container a was using 5, request is 1. ")}, &u) && u.used == 6 && u.request == 2);
	}

	TEST("a text that may be truncated: its last number is used only if complete");
	for (size_t n = 1000; n < 1040; n++) {
		struct eviction_use u;

		b.n = 0;
		buf_add(&b, S(LOW_MEMORY "Container a was using 5, request is 1, x. "));
		while (b.n < n)
			buf_chr(&b, 'y');
		buf_add(&b, S(" Container b was using 70"));
		CHECK_ROW(n, eviction_top(&(struct eviction_text){.note = buf_str(&b)}, &u));
		CHECK_ROW(n, str_eq(u.name, b.n < 1020 ? S("b") : S("a")));
	}

	TEST("every prefix of every text is safe to read");
	for (size_t i = 0; i < NELEM(losses); i++)
		for (size_t n = 0; n <= str_of(losses[i].note).n; n++) {
			struct eviction_text t = {str_of(losses[i].reason), str_head(str_of(losses[i].note), n), {0}, 0};

			CHECK_ROW(i, says(&t).n > 0);
		}

	TEST("types of conditions");
	CHECK(pressure_of_type(S("MemoryPressure"), &p) && p == PRESSURE_MEMORY);
	CHECK(pressure_of_type(S("diskpressure"), &p) && p == PRESSURE_DISK);
	CHECK(pressure_of_type(S("PIDPressure"), &p) && p == PRESSURE_PID);
	CHECK(!pressure_of_type(S("Ready"), &p) && !pressure_of_type(S(""), &p) && !pressure_of_type(S("unknown"), &p));
	CHECK(str_eq(pressure_type(PRESSURE_DISK), S("DiskPressure")) && pressure_type(PRESSURE_UNKNOWN).n == 0);

	TEST("pressures in words");
	CHECK(pressure_in(S("Attempting to reclaim ephemeral-storage")) == PRESSURE_DISK);
	CHECK(pressure_in(S("Attempting to reclaim memory")) == PRESSURE_MEMORY);
	CHECK(pressure_in(S("Attempting to reclaim pids")) == PRESSURE_PID);
	CHECK(pressure_in(S("Attempting to reclaim inodes")) == PRESSURE_DISK);
	CHECK(pressure_in(S("MEMORY.available")) == PRESSURE_MEMORY);
	CHECK(pressure_in(S("victim process: python, pid: 17")) == PRESSURE_UNKNOWN);
	CHECK(pressure_in(S("on node memory-1")) == PRESSURE_UNKNOWN);
	CHECK(pressure_in(S("")) == PRESSURE_UNKNOWN);

	buf_free(&b);
	buf_free(&out);
	return test_done();
}
