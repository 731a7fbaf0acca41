/*
 * pod_evicted against a naive version of its rule: every condition is tried for
 * every loss, on random scenarios so small that windows, ties and names often
 * coincide.
 */
#include <stdio.h>

#include "filter/test_run.h"
#include "input/text/eviction.h"
#include "pattern/pattern.h"

enum { MANY = 40 };
#define STEP (10 * SECOND)

static const char *const nodes[] = {"", "a", "a.east", "a.west", "b", "10.0.0.1", "10.0.0.2"};
static const char *const notes[] = {
	"The node was low on resource: memory. ",
	"The node was low on resource: ephemeral-storage. ",
	"The node was low on resource: pids. ",
	"evicted",
	"Pod The node had condition: [MemoryPressure PIDPressure]. ",
	"Usage of EmptyDir volume \"memory\" exceeds the limit \"1Mi\". ",
};
/* possible pressures of each, worked out by hand: memory 1, disk 2, pid 4 */
static const unsigned may[] = {1, 2, 4, 7, 5, 0};

static uint32_t seed = 14;

static uint32_t
below(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

static struct events ev;

static uint32_t
letter(char c, uint32_t n)
{
	char s[3] = {c, (char)('0' + n / 10), (char)('0' + n % 10)};

	return idx_add(&ev.names, (struct str){s, 3});
}

static struct condition conds[MANY];
static struct loss losses[MANY];
static unsigned note_of[MANY];

static void
scenario(void)
{
	events_reset(&ev);
	ev.wants = ~0u;
	ev.since = ev.until = NO_TIME;
	for (uint32_t i = 0; i < MANY; i++) {
		conds[i] = (struct condition){
			.e = {.t = below(75) * STEP, .node = events_node(&ev, str_of(nodes[below(NELEM(nodes))])), .uid = letter('c', below(MANY))},
			.pressure = (uint8_t)(1 + below(3)),
			.on = below(4) != 0,
			.last = NO_TIME,
			.note = letter('n', i),
		};
		if (conds[i].on && below(3) == 0)
			conds[i].last = time_add(conds[i].e.t, below(75) * STEP);
		note_of[i] = below(NELEM(notes));
		losses[i] = (struct loss){
			.e = {.t = below(75) * STEP, .node = events_node(&ev, str_of(nodes[below(NELEM(nodes))])), .uid = letter('e', i)},
			.name = letter('p', i),
			.reason = idx_add(&ev.names, S("Evicted")),
			.note = idx_add(&ev.names, str_of(notes[note_of[i]])),
		};
	}
	for (uint32_t i = 0, at = below(MANY); i < MANY; i++, at = (at + 7) % MANY) {
		events_add(&ev, EVENT_CONDITION, &conds[at]);
		events_add(&ev, EVENT_LOSS, &losses[at]);
	}
	events_sort(&ev);
}

static bool
is_used(const char *name)
{
	bool used = false;

	for (size_t i = 0; i < MANY; i++)
		used |= str_eq(idx_at(&ev.names, conds[i].e.node), str_of(name)) || str_eq(idx_at(&ev.names, losses[i].e.node), str_of(name));
	return used;
}

/* A short name equals its full one, unless there are two. */
static bool
same_node(const struct event *a, const struct event *b)
{
	return a->node == b->node ||
	       (node_same(idx_at(&ev.names, a->node), idx_at(&ev.names, b->node)) && !(is_used("a.east") && is_used("a.west")));
}

static void
configure(void *config, int64_t window, bool full_only)
{
	char prog[] = "pod-evicted", width[40], full[] = "--full-only", *argv[] = {prog, width, full, NULL};
	struct out out = {.fd = -1};
	struct diag diag = {.to = &out};
	struct opt_run o = {.set = {{pod_evicted.opt, config}}, .out = &out, .diag = &diag};

	snprintf(width, sizeof(width), "--window=%lldns", (long long)window);
	CHECK(opt_parse(&o, 2 + full_only, argv) == -1);
	buf_free(&out.b);
}

/* Is a the better cause? */
static bool
beats(const struct condition *a, const struct condition *b)
{
	int d;

	if (!b || a->e.t != b->e.t)
		return !b || a->e.t > b->e.t;
	if (a->pressure != b->pressure)
		return a->pressure < b->pressure;
	d = idx_cmp(&ev.names, a->e.uid, b->e.uid);
	return d ? d < 0 : condition_cmp(a, b, &ev) < 0;
}

/* The first end of its pressure after a condition. */
static int64_t
end_of(const struct condition *c)
{
	int64_t end = INT64_MAX;

	for (size_t k = 0; k < MANY; k++)
		if (!conds[k].on && conds[k].pressure == c->pressure && conds[k].e.t > c->e.t && conds[k].e.t < end &&
		    same_node(&c->e, &conds[k].e))
			end = conds[k].e.t;
	return end;
}

/* The next condition after a on the loss's node with this pressure, or NULL. */
static const struct condition *
next_of(size_t i, unsigned pressure, const struct condition *a)
{
	const struct condition *next = NULL;

	for (size_t k = 0; k < MANY; k++) {
		const struct condition *c = &conds[k];

		if (!c->on || c->pressure != pressure || !same_node(&losses[i].e, &c->e) || (a && (c == a || c->e.t < a->e.t)) ||
		    (a && c->e.t == a->e.t && !beats(a, c)))
			continue;
		if (!next || c->e.t < next->e.t || (c->e.t == next->e.t && beats(c, next)))
			next = c;
	}
	return next;
}

/* Iterate over the spans; returns the latest that may have caused the loss. */
static const struct condition *
cause(size_t i, int64_t window, int64_t skew)
{
	const struct condition *best = NULL;
	int64_t t = losses[i].e.t;

	for (unsigned p = 1; p <= 3; p++) {
		const struct condition *began = NULL;
		int64_t until = 0, limit = 0;

		for (const struct condition *c = may[note_of[i]] >> (p - 1) & 1 ? next_of(i, p, NULL) : NULL; c; c = next_of(i, p, c)) {
			int64_t known = (c->last > c->e.t ? c->last : c->e.t) + 300 * SECOND;

			if (!began || c->e.t > until || c->e.t == limit) {
				began = c;
				until = 0;
				limit = end_of(c);
			}
			if (known > limit)
				known = limit;
			if (known > until)
				until = known;
			if (began->e.t - 15 * SECOND - skew <= t && (t <= until + skew || t <= began->e.t + window + skew) && beats(began, best))
				best = began;
		}
	}
	return best;
}

/* The first end of the same pressure after it. */
static int64_t
over(size_t i, const struct condition *c)
{
	const struct event *from = c ? &c->e : &losses[i].e;
	unsigned pressure = c ? c->pressure : note_of[i] < 3 ? note_of[i] + 1 : note_of[i] == 4 ? 1 : 0;
	int64_t end = NO_TIME;

	if (may[note_of[i]] == 0)
		return NO_TIME;
	for (size_t k = 0; k < MANY; k++)
		if (!conds[k].on && conds[k].pressure == pressure && conds[k].e.t > from->t &&
		    same_node(from, &conds[k].e) && (end == NO_TIME || conds[k].e.t < end))
			end = conds[k].e.t;
	return end;
}

static int64_t
member(const struct verdicts *vs, const struct verdict *v, const char *name)
{
	for (size_t i = 0; i < v->nitem; i++)
		if (vs->item[v->item + i].name && str_eq(str_of(vs->item[v->item + i].name), str_of(name)))
			return vs->item[v->item + i].n;
	return NO_TIME;
}

/* The loss of a verdict, by its evidence's uid. */
static size_t
loss_of(const struct verdicts *vs, const struct verdict *v)
{
	for (size_t i = 0; i < MANY; i++)
		if (str_eq(vs->ev[v->ev + v->nev - 1].uid, idx_at(&ev.names, losses[i].e.uid)))
			return i;
	return MANY;
}

static bool
right(const struct verdicts *vs, const struct verdict *v, int64_t window, int64_t skew)
{
	size_t i = loss_of(vs, v);
	const struct condition *c;
	const struct evidence *e = &vs->ev[v->ev];

	if (i == MANY)
		return false;
	c = cause(i, window, skew);
	if (member(vs, v, "resolved_at") != over(i, c))
		return false;
	if (!c)
		return v->nev == 1 && str_eq(v->confidence, S("partial"));
	return v->nev == 2 && str_eq(v->confidence, S("full")) && e->t == c->e.t &&
	       str_eq(e->uid, idx_at(&ev.names, c->e.uid)) && str_ends(e->text, idx_at(&ev.names, c->note)) &&
	       member(vs, v, "delay_seconds") == losses[i].e.t - c->e.t;
}

/* ---- rows of lines: sentences, near misses, notices ---- */

#define DAY "2026-03-04T05:"
#define IS(node, at, type, status) \
	"{'k8s.node.condition.type':'" type "','k8s.node.condition.status':'" status "','time':'" DAY at "Z','k8s.node.name':'" node "','k8s.event.uid':'c-" node at "'}\n"
#define MEMORY(at) IS("a", at, "MemoryPressure", "True")
#define DISK(at) IS("a", at, "DiskPressure", "True")
#define PIDS(at) IS("a", at, "PIDPressure", "True")
#define WHO(node, pod, reason, note) "{'k8s.event.reason':'" reason "','k8s.event.note':'" note "','k8s.pod.name':'" pod "','k8s.namespace.name':'t','k8s.node.name':'" node "','k8s.event.uid':'e-" pod "'"
#define LOST(node, pod, at, reason, note) WHO(node, pod, reason, note) ",'time':'" DAY at "Z'}\n"
#define GONE(at, note) LOST("a", "p", at, "Evicted", note)
#define LOW(at, resource) GONE(at, "The node was low on resource: " resource ". ")
#define LEFT(resource, available, threshold) GONE("10:00", "The node was low on resource: " resource ". Threshold quantity: " threshold ", available: " available ". ")
#define USED(use) GONE("10:00", "The node was low on resource: memory. Container main was using " use ", has larger consumption of memory. ")
#define NODE_EVENT(node, at, reason) \
	"{'kind':'Event','metadata':{'name':'" node "." at "','namespace':'default','uid':'n" at "'},'involvedObject':{'kind':'Node','name':'" node "'},'reason':'" reason \
	"','message':'Node status is now: " reason "','source':{'component':'node-controller'},'lastTimestamp':'" DAY at "Z'}\n"
#define BOOTED(at) DAY at "Z a kernel: Linux version 6.8.0-60-generic (buildd@lcy02) #63-Ubuntu SMP\n"
#define SIXTY "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define TAINTED(at) LOST("a", "p", at, "TaintManagerEviction", "Marking for deletion Pod t/p")

static const struct test_run rows[] = {
	/* amounts */
	{"bytes", "", LEFT("memory", "1", "1023"), "Node-pressure eviction (memory) on a: t/p evicted (1 byte left, threshold 1023 bytes); " DAY "10:00Z|'threshold':1023,'available':1,"},
	{"none", "", LEFT("memory", "0", "1024"), " (0 bytes left, threshold 1 KiB);"},
	{"fractions", "", LEFT("memory", "1536", "1048575"), " (1.5 KiB left, threshold 1023.9 KiB);"},
	{"MiB and GiB", "", LEFT("memory", "1Mi", "1Gi"), " (1 MiB left, threshold 1 GiB);|'threshold':1073741824,'available':1048576,"},
	{"TiB", "", LEFT("ephemeral-storage", "1023Gi", "2048Ti"), "(disk) on a|(1023 GiB left, threshold 2048 TiB);"},
	{"less than nothing", "", LEFT("memory", "-1536", "100Mi"), " (-1.5 KiB left, threshold 100 MiB);|'available':-1536,"},
	{"inodes are counted", "", LEFT("inodes", "4099", "5120"), "Node-pressure eviction (inodes) on a: t/p evicted (4099 inodes left, threshold 5120 inodes);"},
	{"so are processes", "", LEFT("pids", "1", "5120"), "(PIDs) on a|(1 PIDs left, threshold 5120 PIDs);"},
	{"a use above its request", "", USED("1Gi, request is 512Mi"), "Its container main used 1 GiB (requested: 512 MiB).|'top_consumer':{'container':'main','used':1073741824,'request':536870912}"},
	{"a request of nothing", "", USED("1Gi, request is 0"), "Its container main used 1 GiB (no request set).|'used':1073741824,'request':0}"},
	{"a name that no container can have is shortened", "", GONE("10:00", "The node was low on resource: memory. Container " SIXTY "aaaa was using 1Gi, request is 0, has larger consumption of memory. "), "Its container ...a|!" SIXTY "aaaa used"},
	{"the longest one is not", "", GONE("10:00", "The node was low on resource: memory. Container " SIXTY "aaa was using 1Gi, request is 0, has larger consumption of memory. "), "Its container " SIXTY "aaa used"},
	{"a limit of its own", "", GONE("10:00", "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. "), "Pod storage limit exceeded on a: t/p evicted (limit 1 GiB);|'action':'fix_program'|'eviction_kind':'local_limit'"},

	/* with a pressure */
	{"a minute later", "", MEMORY("09:00") LOW("10:00", "memory"), "MemoryPressure on a: t/p evicted 60 s later; |Free memory: find what grew|Recreate pod t/p if|'confidence':'full'|'pressure':'memory'|'delay_seconds':60,|'kind':'node_condition'|'description':'MemoryPressure is True'"},
	{"before it was reported", "", MEMORY("10:10") LOW("10:00", "memory"), "t/p evicted 10 s before it was reported; |'delay_seconds':-10,"},
	{"at its report", "", MEMORY("10:00") LOW("10:00", "memory"), "MemoryPressure on a|!it was reported"},
	{"the latest of two kinds that may be meant", "", MEMORY("09:00") DISK("09:30") GONE("10:00", "evicted"), "DiskPressure on a: t/p evicted 30 s later"},
	{"of equal times memory", "", DISK("09:30") MEMORY("09:30") GONE("10:00", "evicted"), "MemoryPressure on a: t/p evicted 30 s later"},
	{"the kind that the note means", "", DISK("09:00") PIDS("09:30") LOW("10:00", "ephemeral-storage"), "DiskPressure on a: t/p evicted 60 s later|'pressure':'disk'"},
	{"over at the first end of its kind", "", MEMORY("09:00") LOW("10:00", "memory") IS("a", "11:00", "DiskPressure", "False") IS("a", "12:00", "MemoryPressure", "False") IS("a", "13:00", "MemoryPressure", "False"), "'resolved_at':'" DAY "12:00Z'"},
	{"or at a reboot", "", MEMORY("09:00") LOW("10:00", "memory") NODE_EVENT("a", "11:30", "Rebooted") IS("a", "12:00", "MemoryPressure", "False"), "'resolved_at':'" DAY "11:30Z'"},
	{"a reboot before it does not end it", "", MEMORY("09:00") LOW("10:00", "memory") NODE_EVENT("a", "08:00", "Rebooted") NODE_EVENT("a", "11:30", "Rebooted"), "'resolved_at':'" DAY "11:30Z'"},
	{"the driver's log shows a reboot, too", "", MEMORY("09:00") LOW("10:00", "memory") BOOTED("08:00") BOOTED("11:30"), "'resolved_at':'" DAY "11:30Z'"},
	{"before the reboot", "", MEMORY("09:00") LOW("10:00", "memory") IS("a", "11:00", "MemoryPressure", "False") NODE_EVENT("a", "11:30", "Rebooted"), "'resolved_at':'" DAY "11:00Z'"},
	{"the resource that was to be freed", "", "{'kind':'Event','metadata':{'name':'a.1','namespace':'default','uid':'n1'},'involvedObject':{'kind':'Node','name':'a'},'reason':'EvictionThresholdMet','message':'Attempting to reclaim ephemeral-storage','source':{'component':'kubelet','host':'a'},'lastTimestamp':'" DAY "09:00Z'}\n" GONE("10:00", "evicted"),
		"DiskPressure on a|'resource':'ephemeral-storage'|'description':'EvictionThresholdMet: Attempting to reclaim ephemeral-storage'"},

	/* without one */
	{"no condition of that node is in the input", "", LOW("10:00", "memory"), "'confidence':'partial','missing_layers':['node_condition']"},
	{"one is", "", IS("a", "09:00", "MemoryPressure", "False") LOW("10:00", "memory"), "'confidence':'partial',|!missing_layers"},
	{"of another kind", "", IS("a", "09:00", "PIDPressure", "False") LOW("10:00", "memory"), "'confidence':'partial',|!missing_layers"},
	{"only later", "", IS("a", "10:16", "MemoryPressure", "False") LOW("10:00", "memory"), "'missing_layers':['node_condition']|'resolved_at':'" DAY "10:16Z'"},
	{"in time", "", IS("a", "10:15", "MemoryPressure", "False") LOW("10:00", "memory"), "'resolved_at':'" DAY "10:15Z'|!missing_layers"},
	{"--full-only", "--full-only", LOW("10:00", "memory"), "!pod_evicted/"},

	/* taints, and nodes that are lost */
	{"a node that was not ready", "", NODE_EVENT("a", "05:00", "NodeNotReady") TAINTED("10:00") NODE_EVENT("a", "12:00", "NodeReady"), "NoExecute taint on a: t/p evicted; |The node was reported not ready " DAY "05:00Z.|'eviction_kind':'taint'|'resolved_at':'" DAY "12:00Z'"},
	{"ten minutes before", "", NODE_EVENT("a", "05:00", "NodeNotReady") TAINTED("15:00"), "reported not ready " DAY "05:00Z."},
	{"longer ago", "", NODE_EVENT("a", "05:00", "NodeNotReady") TAINTED("15:01"), "!not ready 2"},
	{"ready again before the loss", "", NODE_EVENT("a", "05:00", "NodeNotReady") NODE_EVENT("a", "05:01", "NodeReady") TAINTED("10:00"), "NoExecute taint on a|!not ready 2"},
	{"ready before it was not", "", NODE_EVENT("a", "05:00", "NodeReady") NODE_EVENT("a", "05:00", "NodeNotReady") TAINTED("10:00"), "reported not ready " DAY "05:00Z."},
	{"the last time", "", NODE_EVENT("a", "05:00", "NodeNotReady") NODE_EVENT("a", "06:00", "NodeReady") NODE_EVENT("a", "07:00", "NodeNotReady") TAINTED("10:00"), "reported not ready " DAY "07:00Z."},
	{"ready before the reboot", "", NODE_EVENT("a", "05:00", "NodeNotReady") TAINTED("10:00") NODE_EVENT("a", "12:00", "NodeReady") NODE_EVENT("a", "13:00", "Rebooted"), "'resolved_at':'" DAY "12:00Z'"},
	{"rebooted first", "", NODE_EVENT("a", "05:00", "NodeNotReady") TAINTED("10:00") NODE_EVENT("a", "13:00", "NodeReady") NODE_EVENT("a", "12:00", "Rebooted"), "'resolved_at':'" DAY "12:00Z'"},
	{"a taint of which nothing is known does not end", "", TAINTED("10:00") NODE_EVENT("a", "12:00", "NodeReady"), "NoExecute taint on a|!resolved_at"},
	{"a pod lost with its node", "", LOST("a", "p", "10:00", "NodeLost", "x") NODE_EVENT("a", "12:00", "NodeReady"), "Node failure or removal on a: t/p lost; |'action':'inspect_hardware'|'eviction_kind':'node_lost'|'resolved_at':'" DAY "12:00Z'"},
	{"a shutdown", "", LOST("a", "p", "10:00", "Terminated", "Pod was terminated in response to imminent node shutdown.") NODE_EVENT("a", "12:00", "Rebooted"), "Node shutdown on a: t/p terminated; |'eviction_kind':'node_shutdown'|'resolved_at':'" DAY "12:00Z'"},
	{"preemption ends with nothing", "", LOST("a", "p", "10:00", "Preempted", "x") NODE_EVENT("a", "12:00", "Rebooted"), "Preemption on a: t/p evicted; |'eviction_kind':'preemption'|!resolved_at"},
	{"kept out by pressure", "", GONE("10:00", "Pod The node had condition: [MemoryPressure]. "), "Node pressure (memory) on a: t/p rejected; |The pod never ran: keep new pods off the node until its pressure is over. Free memory|'eviction_kind':'admission','pressure':'memory'"},
	{"kept out by a device", "", LOST("a", "p", "10:00", "UnexpectedAdmissionError", "x"), "Pod admission failure on a: t/p rejected by the kubelet; |'action':'observe'|'eviction_kind':'admission'|!'pressure'"},
	{"a device's taint", "", LOST("a", "p", "10:00", "DeviceTaintManagerEviction", "Marking for deletion"), "Device taint on a: t/p evicted; |devicetaintrules"},

	/* why not */
	{"another pressure", "-x", DISK("09:00") LOW("10:00", "memory"), "eviction without a node condition','pod':'t/p','node':'a','reason':'Evicted',|'nearest':{'condition':'DiskPressure','node':'a','time':'" DAY "09:00Z','delay_seconds':60},'window_seconds':300,'why':'the node was under another pressure than the eviction names'"},
	{"it began later", "-x", MEMORY("10:16") LOW("10:00", "memory"), "'delay_seconds':-16},|'why':'the nearest pressure began after the eviction'|pressure that evicted no pod','condition':'MemoryPressure','node':'a','count':1,'first':'" DAY "10:16Z','last':'" DAY "10:16Z','nearest_loss':'t/p','delay_seconds':-16,'why':'no pod of this node was evicted for it within the window'"},
	{"it was over", "-x", MEMORY("05:00") IS("a", "06:00", "MemoryPressure", "False") LOW("11:00", "memory"), "'delay_seconds':360},|'why':'the nearest pressure was over or last reported too long before the eviction'"},
	{"the nearer of two", "-x", MEMORY("00:00") MEMORY("20:00") LOW("12:00", "memory"), "'time':'" DAY "20:00Z','delay_seconds':-480},"},
	{"the nearer one is earlier", "-x", MEMORY("00:00") MEMORY("20:00") LOW("09:59", "memory"), "'time':'" DAY "00:00Z','delay_seconds':599},"},
	{"of equally near kinds the earlier", "-x", MEMORY("20:00") DISK("00:00") GONE("10:00", "evicted"), "'condition':'DiskPressure','node':'a','time':'" DAY "00:00Z'"},
	{"on another node", "-x", IS("b", "09:00", "MemoryPressure", "True") IS("a", "09:00", "DiskPressure", "False") LOW("10:00", "memory"), "'node':'b',|'why':'the pressure was on another node'|pressure that evicted no pod','condition':'MemoryPressure','node':'b','count':1,|'why':'no pod of this node was lost'"},
	{"no such pressure", "-x", IS("a", "09:00", "DiskPressure", "False") LOW("10:00", "memory"), "'why':'no such pressure on this node'"},
	{"no pressure", "-x", IS("a", "09:00", "DiskPressure", "False") GONE("10:00", "evicted"), "'why':'no pressure on this node'"},
	{"no taint", "-x", TAINTED("10:00"), "'why':'no taint of the node is known that was added in the 10 minutes before'"},
	{"no cause but its own", "-x", LOST("a", "p", "10:00", "Preempted", "x"), "'why':'this kind of eviction is not caused by node pressure'"},
	{"no time", "-x", WHO("a", "p", "Evicted", "evicted") "}\n", "'why':'the loss has no timestamp'"},
	{"used and unused pressures", "-x", MEMORY("09:00") LOW("10:00", "memory") DISK("09:00") IS("b", "08:00", "DiskPressure", "True") MEMORY("50:00") MEMORY("58:00"),
		"t/p evicted|pressure that evicted no pod','condition':'MemoryPressure','node':'a','count':2,'first':'" DAY "50:00Z','last':'" DAY "58:00Z'|'condition':'DiskPressure','node':'a','count':1,|'node':'b'"},

	/* notices */
	{"nothing", "", "", "no node conditions, no pod events: cannot correlate"},
	{"no conditions, one pod on a node and one on none", "", LOW("10:00", "memory") LOST("", "q", "10:00", "Evicted", "The node was low on resource: memory. "), "no node conditions, 2 pod losses: all verdicts are partial"},
	{"no conditions", "", LOW("10:00", "memory"), "no node conditions, 1 pod loss: all verdicts are partial"},
	{"two kinds of loss", "", LOW("10:00", "memory") LOST("a", "q", "10:00", "Preempted", "x"), "no node conditions, 2 pod losses"},
	{"nothing that pressure causes", "", LOST("a", "q", "10:00", "Preempted", "x"), "'preemption'|!node conditions"},
	{"apart", "", IS("b", "09:00", "MemoryPressure", "True") LOW("10:00", "memory"), "no node has both: node conditions on b, pod losses on a"},
	{"undated conditions and losses", "", "{'k8s.node.condition.type':'DiskPressure','k8s.node.condition.status':'True','k8s.node.name':'a'}\n" DISK("09:00") LOW("10:00", "memory") WHO("a", "q", "Evicted", "evicted") "}\n",
		"1 node condition has no timestamp and cannot be correlated; 1 pod loss has no timestamp and is not correlated"},
	{"no node", "", "{'k8s.node.condition.type':'DiskPressure','k8s.node.condition.status':'True','time':'" DAY "09:00Z'}\n" MEMORY("01:00") LOW("10:00", "ephemeral-storage"), "1 node condition has no node name and cannot be correlated: use --node=NAME"},
	{"a pod without a node", "", MEMORY("09:00") LOST("", "p", "10:00", "Evicted", "evicted"), "1 lost pod cannot be placed on a node"},

	/* text: pods of one pressure */
	{"three pods of one pressure are one paragraph", "-o text", MEMORY("09:00") LOW("10:00", "memory") LOST("a", "q", "10:01", "Evicted", "The node was low on resource: memory. ") LOST("a", "r", "10:02", "Evicted", "The node was low on resource: memory. ") LOST("a", "s", "10:03", "Evicted", "The node was low on resource: pids. "),
		"MemoryPressure on a: 3 pods|Recreate the pods if"},
	{"one pod keeps its name", "-o text", MEMORY("09:00") LOW("10:00", "memory"), "MemoryPressure on a: t/p evicted"},
};

/* How long --follow keeps records. */
static void
test_kept(void)
{
	static const struct {
		const char *args;
		int64_t skew, after, back; /* seconds */
	} are[] = {
		/* a pressure is reported within 15 s; ten minutes of a taint or the window, then a loss of 600 s */
		{"", 0, 15, 1200}, {"", 2, 17, 1202}, {"-w 599s", 0, 15, 1200}, {"-w 601s", 0, 15, 1201}, {"-w 1h", 2, 17, 4202},
	};

	TEST("--follow keeps what a cause may need");
	for (size_t i = 0; i < NELEM(are); i++) {
		struct reach r = test_reach(&pod_evicted, are[i].args, are[i].skew * SECOND, 0);

		CHECK_ROW(i, r.after == are[i].after * SECOND && r.back == are[i].back * SECOND);
	}
}

int
main(void)
{
	struct buf explain = {0}, notice = {0}, scratch = {0};
	struct verdicts vs = {0};
	struct mem mem = {0};
	size_t full = 0;

	TEST("2000 random scenarios: the naive rule gives the same results");
	for (int round = 0; round < 2000; round++) {
		int64_t window = below(12) * 60 * SECOND;
		bool full_only = below(8) == 0;
		struct settled settled;
		void *config = mem_get(&mem, pod_evicted.config_size, 1);
		struct detection d = {
			.ev = &ev,
			.settled = &settled,
			.names = &ev.names,
			.spare = &ev.scratch,
			.config = config,
			.skew = below(4) ? 0 : below(5) * 4 * SECOND,
			.out = &vs,
			.explain = round % 2 ? &explain : NULL,
			.notice = &notice,
			.scratch = &scratch,
			.mem = &mem,
		};
		size_t want = 0;

		configure(config, window, full_only);
		scenario();
		explain.n = notice.n = scratch.n = 0;
		settled = settle(&ev, (struct str){0}, &mem);
		pod_evicted.detect(&d);
		for (size_t i = 0; i < MANY; i++)
			want += !full_only || cause(i, window, d.skew) != NULL;
		CHECK_ROW(round, vs.n == want);
		for (size_t i = 0; i < vs.n; i++) {
			CHECK_ROW(round, right(&vs, &vs.v[i], window, d.skew));
			full += vs.v[i].nev == 2;
			if (i)
				CHECK_ROW(round, losses[loss_of(&vs, &vs.v[i - 1])].e.t <= losses[loss_of(&vs, &vs.v[i])].e.t);
		}
		verdicts_reset(&vs);
		mem_reset(&mem);
	}
	CHECK(full > 10000);
	test_kept();
	test_rows(&pod_evicted, rows, NELEM(rows));

	verdicts_free(&vs);
	mem_free(&mem);
	buf_free(&explain);
	buf_free(&notice);
	buf_free(&scratch);
	events_free(&ev);
	return test_done();
}
