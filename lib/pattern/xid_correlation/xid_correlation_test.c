/*
 * Attribution against a naive version of its rule, on random clusters so small that bursts,
 * windows and ties often coincide; then rows of log lines.
 */
#include "filter/test_run.h"
#include "pattern/pattern.h"

enum { NODES = 3, GPUS = 2, XIDS = 24, LOSSES = 6 };

/* Gravest first: what all follows from, memory, the rest, one program's; then by class. */
static const struct code {
	uint32_t code;
	unsigned grade;
	bool takes_node; /* an error that can take a node down */
} codes[] = {
	{79, 0, true}, {48, 1, true}, {119, 2, true}, {94, 3, true}, {998, 4, true},
	{13, 8, false}, {45, 12, false}, {63, 16, false}, {154, 16, false},
};

static struct one_xid {
	int t, node, gpu;
	const struct code *is;
} xids[XIDS];

static struct one_loss {
	int t, node;
	bool taint;
} losses[LOSSES];

static uint64_t seed;

static int
dice(int n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (int)((seed >> 33) % (unsigned)n);
}

static int
by_time(const void *x, const void *y)
{
	return ((const struct one_xid *)x)->t - ((const struct one_xid *)y)->t;
}

/* Did an Xid 154 of that GPU, from Xid `from` of the burst up to a time, request an action? */
static bool
is_asked(int from, int first, int until, const struct one_xid *x)
{
	for (int i = from; i < XIDS; i++)
		if (xids[i].node == x->node && xids[i].gpu == x->gpu && xids[i].is->code == 154 && xids[i].t <= until && xids[i].t <= first + 10)
			return true;
	return false;
}

/* Is a rather the root than b? */
static bool
beats(const struct one_xid *a, bool a_asked, const struct one_xid *b, bool b_asked)
{
	if (a_asked != b_asked)
		return a_asked;
	if (a->is->grade != b->is->grade)
		return a->is->grade < b->is->grade;
	if (a->t != b->t)
		return a->t < b->t;
	return a->gpu != b->gpu ? a->gpu < b->gpu : a->is->code < b->is->code;
}

/* The Xid that the rule blames for a loss, or NULL. */
static const struct one_xid *
blame(const struct one_loss *l)
{
	const struct one_xid *best = NULL;
	bool best_asked = false;
	int first = -1000;

	for (int from = 0; from < XIDS; from++) {
		const struct one_xid *root = NULL;
		bool root_asked = false;

		if (xids[from].node != l->node || xids[from].t > l->t || xids[from].t - first <= 10)
			continue;
		first = xids[from].t; /* a burst */
		for (int i = from; i < XIDS && xids[i].t - first <= 10 && xids[i].t <= l->t; i++) {
			bool asked = is_asked(from, first, l->t, &xids[i]) && xids[i].is->code != 154;

			if (xids[i].node != l->node || (l->taint && !xids[i].is->takes_node))
				continue;
			if (!root || beats(&xids[i], asked, root, root_asked)) {
				root = &xids[i];
				root_asked = asked;
			}
		}
		if (!root || l->t - root->t > (l->taint ? 360 : 60))
			continue;
		/* between bursts: the gravest, then the latest */
		if (!best || root_asked > best_asked || (root_asked == best_asked && root->is->grade <= best->is->grade)) {
			best = root;
			best_asked = root_asked;
		}
	}
	return best;
}

static struct item
member(const struct verdicts *vs, const struct verdict *v, struct str name)
{
	for (size_t i = v->item; i < v->item + v->nitem; i++)
		if (vs->item[i].name && str_eq(str_of(vs->item[i].name), name))
			return vs->item[i];
	return (struct item){.n = -1, .s = S("          ")};
}

static void
cluster(struct events *ev)
{
	static const char *const pods[LOSSES] = {"p0", "p1", "p2", "p3", "p4", "p5"};
	char text[20];

	for (int i = 0; i < XIDS; i++)
		xids[i] = (struct one_xid){dice(12) * 40 + dice(16), dice(NODES), dice(GPUS), &codes[dice(NELEM(codes))]};
	qsort(xids, XIDS, sizeof(*xids), by_time);
	for (int i = 0; i < XIDS; i++) {
		const struct one_xid *x = &xids[i];

		(void)snprintf(text, sizeof(text), "n%d", x->node);
		events_add(ev, EVENT_XID, &(struct xid){
			.e = {.t = x->t * SECOND, .node = events_node(ev, str_of(text))},
			.gpu = {.bus = (uint8_t)(1 + x->gpu), .known = 1}, .code = x->is->code & XID_CODE,
			.text = x->is->code == 154 ? events_note(ev, S("GPU recovery action changed from 0x0 (None) to 0x1 (GPU Reset Required)")) : 0,
		});
	}
	for (int i = 0; i < LOSSES; i++) {
		losses[i] = (struct one_loss){dice(13) * 40 + dice(20), dice(NODES), dice(2)};
		(void)snprintf(text, sizeof(text), "n%d", losses[i].node);
		events_add(ev, EVENT_LOSS, &(struct loss){
			.e = {.t = losses[i].t * SECOND, .node = events_node(ev, str_of(text))},
			.name = idx_add(&ev->names, str_of(pods[i])),
			.reason = idx_add(&ev->names, losses[i].taint ? S("TaintManagerEviction") : S("Evicted")),
		});
	}
}

static void
test_naive(void)
{
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
	struct verdicts vs = {0};
	struct buf scratch = {0}, notice = {0}, explain = {0};
	struct mem mem = {0};
	unsigned char *config = mem_get(&mem, xid_correlation.config_size, 1);
	size_t found = 0;

	TEST("2000 random clusters: the naive rule blames the same Xid");
	for (size_t i = 0; i < xid_correlation.config_size; i++)
		config[i] = ((const unsigned char *)xid_correlation.config)[i];
	for (int round = 1; round <= 2000; round++) {
		struct mem run = {0};
		struct settled settled;
		size_t want = 0;

		seed = (uint64_t)round;
		events_reset(&ev);
		verdicts_reset(&vs);
		notice.n = explain.n = 0;
		cluster(&ev);
		events_sort(&ev);
		settled = settle(&ev, (struct str){0}, &run);
		xid_correlation.detect(&(struct detection){
			.ev = &ev, .settled = &settled, .names = &ev.names, .spare = &ev.scratch, .config = config, .out = &vs,
			.notice = &notice, .scratch = &scratch, .mem = &run, .explain = round % 2 ? &explain : NULL,
		});
		for (int i = 0; i < LOSSES; i++) {
			const struct one_xid *x = blame(&losses[i]);
			const struct verdict *v = NULL;

			want += x != NULL;
			for (size_t k = 0; k < vs.n; k++)
				if (member(&vs, &vs.v[k], S("pod_name")).s.p[1] == '0' + i)
					v = &vs.v[k];
			CHECK_ROW(round, !x == !v);
			if (!x || !v)
				continue;
			CHECK_ROW(round, member(&vs, v, S("xid_code")).n == x->is->code);
			CHECK_ROW(round, member(&vs, v, S("gpu_id")).s.p[6] == '1' + x->gpu);
			CHECK_ROW(round, member(&vs, v, S("delay_seconds")).n == (losses[i].t - x->t) * SECOND);
		}
		CHECK_ROW(round, vs.n == want);
		found += want;
		mem_free(&run);
		if (test_case_bad > 5)
			break;
	}
	CHECK(found > 3000);
	events_free(&ev);
	verdicts_free(&vs);
	buf_free(&scratch);
	buf_free(&notice);
	buf_free(&explain);
	mem_free(&mem);
}

/* ---- rows of lines ---- */

#define DAY "2026-03-04T"
#define KERNEL(node, at, text) DAY at "Z " node " kernel: " text "\n"
#define XID(node, bus, at, code, text) KERNEL(node, at, "NVRM: Xid (PCI:0000:" bus ":00): " code ", " text)
#define SXID(node, at, text) KERNEL(node, at, "nvidia-nvswitch3: SXid (PCI:0000:c1:00.0): 20034, " text ", Link 30 LTSSM Fault Up")
#define ASKS(node, bus, at) XID(node, bus, at, "154", "GPU recovery action changed from 0x0 (None) to 0x1 (GPU Reset Required)")
#define LOST(node, pod, at, reason, note) \
	"{'k8s.event.reason':'" reason "','k8s.event.note':'" note "','k8s.pod.name':'" pod "','k8s.namespace.name':'t','k8s.node.name':'" node \
	"','k8s.event.uid':'e-" pod "','time':'" DAY at "Z'}\n"
#define GONE(node, pod, at) LOST(node, pod, at, "Evicted", "gone")
#define DRAINED(node, pod, at) LOST(node, pod, at, "EvictionByEvictionAPI", "Eviction API: evicting")
#define APART(xid, loss) XID("a", "3b", xid, "79", "fell off") GONE("a", "p", loss)
#define ZONE "is the time zone right?"

static const struct test_run rows[] = {
	/* another time zone: a multiple of a quarter, an hour at least; the loss may follow by a minute */
	{"an hour apart", "-x", APART("04:00:00", "05:00:00"), "the nearest Xid is a multiple of 15 minutes away: " ZONE "|1 pod loss is a multiple of 15 minutes, at least an hour, from the nearest Xid of the node: " ZONE},
	{"an hour and a minute", "-x", APART("04:00:00", "05:01:00"), ZONE "|" ZONE},
	{"a second more", "-x", APART("04:00:00", "05:01:01"), "'why':'the nearest Xid came too long before the loss'|!" ZONE},
	{"less than an hour", "-x", APART("04:00:00", "04:45:00"), "!" ZONE},
	{"an hour and a quarter", "-x", APART("04:00:00", "05:15:30"), ZONE "|" ZONE},
	{"of three pods the two that are hours apart", "", XID("a", "3b", "04:00:00", "79", "x") GONE("a", "p", "05:00:00") GONE("a", "q", "05:10:00") GONE("a", "r", "05:30:00"), "2 pod losses are a multiple of 15 minutes"},
	{"one that is correlated shows that the time zone is right", "", XID("a", "3b", "04:00:00", "79", "x") GONE("a", "p", "03:00:00") GONE("a", "q", "04:00:30"), "took down t/q|!" ZONE},
	{"also the first", "", XID("a", "3b", "04:00:00", "79", "x") GONE("a", "p", "05:00:00") GONE("a", "q", "04:00:30"), "took down t/q|!" ZONE},
	{"an hour ahead", "-x", APART("05:00:00", "04:00:00"), ZONE "|" ZONE},
	{"an hour ahead less a minute", "-x", APART("05:00:00", "04:01:00"), ZONE "|" ZONE},
	{"a second less", "-x", APART("05:00:00", "04:01:01"), "'why':'the nearest Xid came after the loss'|!" ZONE},
	{"more than an hour ahead", "-x", APART("05:00:00", "03:59:59"), "!" ZONE},
	{"two losses an hour apart", "", APART("04:00:00", "05:00:00") GONE("a", "q", "05:00:01"), "2 pod losses are a multiple of 15 minutes"},
	{"one verdict shows that the time zone is right", "", APART("04:00:00", "05:00:00") GONE("a", "q", "04:00:01"), "t/q|!time zone"},
	{"the nearest of several Xids counts, the earlier of two equally near", "-x", XID("a", "3b", "04:00:00", "79", "x") XID("a", "3b", "04:10:00", "79", "x") XID("a", "3b", "04:20:00", "119", "x") GONE("a", "p", "04:15:00"),
		"'nearest':{'xid_code':79,'gpu_id':'0000:3b:00.0','time':'" DAY "04:10:00Z','delay_seconds':300},'window_seconds':60,"},
	{"the nearest is later", "-x", XID("a", "3b", "04:10:00", "79", "x") XID("a", "3b", "04:20:00", "119", "x") GONE("a", "p", "04:15:01"),
		"'nearest':{'xid_code':119,'gpu_id':'0000:3b:00.0','time':'" DAY "04:20:00Z','delay_seconds':-299},'window_seconds':60,'why':'the nearest Xid came after the loss'"},
	{"at the very time of the loss it is none of a later node", "-x", XID("b", "3b", "04:10:00", "79", "x") XID("a", "3b", "04:00:00", "31", "x") GONE("a", "p", "04:10:00"),
		"'nearest':{'xid_code':31,|'delay_seconds':600}"},

	/* why not */
	{"a drain long after a hardware error", "-x", XID("a", "3b", "04:00:00", "79", "x") DRAINED("a", "p", "04:31:00"), "'delay_seconds':1860},'window_seconds':1800,'why':'the nearest Xid came too long before the loss'"},
	{"a drain after a program's error", "-x", XID("a", "3b", "04:00:00", "31", "x") DRAINED("a", "p", "04:20:00"), "'window_seconds':1800,'why':'the nearest Xid is not a hardware error: drains are attributed only to those'"},
	{"a drain after the driver was loaded anew", "-x", XID("a", "3b", "04:00:00", "79", "x") KERNEL("a", "04:05:00", "NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  580.82") DRAINED("a", "p", "04:20:00"),
		"'why':'a reset, reboot or recovery came between the nearest Xid and the drain'"},
	{"at the very time of the drain", "-x", XID("a", "3b", "04:00:00", "79", "x") KERNEL("a", "04:20:00", "NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  580.82") DRAINED("a", "p", "04:20:00"),
		"'why':'a reset, reboot or recovery came between"},
	{"a moment later", "", XID("a", "3b", "04:00:00", "79", "x") KERNEL("a", "04:20:01", "NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  580.82") DRAINED("a", "p", "04:20:00"),
		": t/p drained after it, EvictionByEvictionAPI 1200 s later|'confidence':'partial'|'resolved_at':'" DAY "04:20:01Z'"},
	{"of two unresolved errors the graver, then the later", "", XID("a", "3b", "04:00:00", "48", "x") XID("a", "3c", "04:05:00", "48", "x") XID("a", "3d", "04:10:00", "119", "x") DRAINED("a", "p", "04:20:00"),
		"Xid 48 |GPU 0000:3c:00.0: t/p drained after it"},
	{"the graver one came first", "", XID("a", "3b", "04:00:00", "79", "x") XID("a", "3c", "04:05:00", "119", "x") DRAINED("a", "p", "04:20:00"), "Xid 79 |GPU 0000:3b:00.0: t/p drained"},
	{"a nonfatal SXid", "-x", SXID("a", "04:00:00", "Non-fatal") GONE("a", "p", "04:00:30"), "'why':'the nearest Xid cannot be the cause: it is nonfatal or a recovery'|SXid that took no pod down','xid_code':20034,|'why':'this class of error does not kill pods'"},
	{"a program's error and a taint", "-x", XID("a", "3b", "04:00:00", "31", "x") LOST("a", "p", "04:03:00", "TaintManagerEviction", "x"),
		"'delay_seconds':180},'window_seconds':360,'why':'application errors, clean-up and informational Xids do not take a node down'|'nearest_loss':'t/p','delay_seconds':180,'why':'application errors"},
	{"the same with --attribution=latest", "--attribution=latest", XID("a", "3b", "04:00:00", "31", "x") LOST("a", "p", "04:03:00", "TaintManagerEviction", "x"), "Xid 31 |took down t/p"},
	{"an unknown error does", "", XID("a", "3b", "04:00:00", "998", "x") LOST("a", "p", "04:03:00", "TaintManagerEviction", "x"), "Xid 998 |took down t/p|'xid_class':'unknown'"},
	{"an Xid after the loss, one before the window", "-x", XID("a", "3b", "04:00:00", "79", "x") XID("a", "3b", "04:05:00", "79", "x") GONE("a", "p", "04:04:00"),
		"Xid that took no pod down','xid_code':79,|'count':2,'first':'" DAY "04:00:00Z','last':'" DAY "04:05:00Z','nearest_loss':'t/p','delay_seconds':-60,'why':'no pod of this node was lost within the window'"},
	{"what a verdict used is not listed", "-x", XID("b", "3b", "04:00:30", "79", "x") XID("a", "3b", "04:00:00", "79", "x") XID("a", "3b", "04:10:00", "79", "x") XID("a", "3c", "04:10:00", "31", "x") XID("a", "3b", "04:20:00", "79", "x") XID("c", "3b", "04:10:00", "79", "x") GONE("a", "p", "04:10:30"),
		"took down t/p|'node':'a','count':2,'first':'" DAY "04:00:00Z','last':'" DAY "04:20:00Z'|'node':'b','count':1,|'node':'c','count':1,|!'xid_code':31,'xid_class'"},
	{"power smoothing came back before the loss", "-x", XID("a", "3b", "04:00:00", "163", "x") XID("a", "3b", "04:00:20", "162", "x") GONE("a", "p", "04:00:30"),
		"'xid_code':162,'xid_class':'informational'|'why':'this class of error does not kill pods'|'xid_code':163,|'why':'power smoothing was re-enabled (Xid 162) before the loss'"},
	{"after it", "", XID("a", "3b", "04:00:00", "163", "x") XID("a", "3b", "04:00:31", "162", "x") GONE("a", "p", "04:00:30"), "Xid 163 |took down t/p"},
	{"of another GPU", "", XID("a", "3b", "04:00:00", "163", "x") XID("a", "3c", "04:00:20", "162", "x") GONE("a", "p", "04:00:30"), "Xid 163 |took down t/p"},
	{"before it was lost", "", XID("a", "3b", "04:00:00", "162", "x") XID("a", "3b", "04:00:20", "163", "x") GONE("a", "p", "04:00:30"), "Xid 163 |took down t/p"},

	/* severities within a burst that the random clusters lack */
	{"a fatal SXid is as grave as most errors: the earlier is the root", "", SXID("a", "04:00:00", "Fatal") XID("a", "3b", "04:00:01", "119", "x") GONE("a", "p", "04:00:30"), "SXid 20034 (|on a NVSwitch 0000:c1:00.0: took down t/p"},
	{"the other one is earlier", "", XID("a", "3b", "04:00:00", "119", "x") SXID("a", "04:00:01", "Fatal") GONE("a", "p", "04:00:30"), "Xid 119 (|took down t/p"},
	{"graver than the end of one program", "", XID("a", "3b", "04:00:00", "94", "x") SXID("a", "04:00:01", "Fatal") GONE("a", "p", "04:00:30"), "SXid 20034 (|took down t/p"},
	{"less than bad memory", "", SXID("a", "04:00:00", "Fatal") XID("a", "3b", "04:00:01", "48", "x") GONE("a", "p", "04:00:30"), "Xid 48 (|took down t/p"},
	{"a line that names an earlier Xid is no root", "", XID("a", "3b", "04:00:00", "79", "x, caused by previous Xid 13") XID("a", "3c", "04:00:01", "13", "x") GONE("a", "p", "04:00:30"), "Xid 13 (|took down t/p"},
	{"a burst with an action asked for comes first, though a graver one without came later", "", XID("a", "3b", "04:00:00", "119", "x") ASKS("a", "3b", "04:00:01") XID("a", "3c", "04:00:20", "79", "x") GONE("a", "p", "04:00:30"),
		"Xid 119 (|took down t/p|Recovery action reported by the driver (Xid 154): GPU Reset Required|'recovery_action':'GPU Reset Required'"},
	{"unless the latest is wanted", "--attribution=latest", XID("a", "3b", "04:00:00", "119", "x") ASKS("a", "3b", "04:00:01") XID("a", "3c", "04:00:20", "79", "x") GONE("a", "p", "04:00:30"), "Xid 79 (|took down t/p"},
	{"an action asked for makes a GPU's own Xid the root", "", XID("a", "3c", "04:00:00", "79", "x") XID("a", "3b", "04:00:01", "31", "x") ASKS("a", "3b", "04:00:02") GONE("a", "p", "04:00:30"), "Xid 31 (|GPU 0000:3b:00.0: took down t/p"},
	{"an action asked for on another GPU is not quoted", "", XID("a", "3b", "04:00:00", "79", "x") XID("a", "3c", "04:00:02", "119", "x") ASKS("a", "3c", "04:00:01") GONE("a", "p", "04:00:30"), "Xid 119 (|GPU 0000:3c:00.0|'recovery_action':'GPU Reset Required'"},
	{"the last of two actions", "", XID("a", "3b", "04:00:00", "119", "x") ASKS("a", "3b", "04:00:01") XID("a", "3b", "04:00:02", "154", "GPU recovery action changed from 0x1 (GPU Reset Required) to 0x2 (Node Reboot Required)") GONE("a", "p", "04:00:30"),
		"'action':'reboot_node'|'recovery_action':'Node Reboot Required'"},

	/* what else was in the window */
	{"repeats of the blamed Xid, and others by time", "", XID("a", "3b", "04:00:00", "79", "x") XID("a", "3b", "04:00:03", "79", "x") XID("a", "3b", "04:00:05", "79", "x") XID("a", "3c", "04:00:02", "31", "x") XID("a", "3c", "04:00:06", "31", "x") GONE("a", "p", "04:00:30"),
		"'xid_code':79|'first':'" DAY "04:00:00Z','last':'" DAY "04:00:05Z','delay_seconds':30,|'related_xids':[{'code':31,'gpu_id':'0000:3c:00.0','count':2,'first':'" DAY "04:00:02Z','last':'" DAY "04:00:06Z'},"
		"{'code':79,'gpu_id':'0000:3b:00.0','count':2,'first':'" DAY "04:00:03Z','last':'" DAY "04:00:05Z'}]"},
	{"the blamed one is the last of its kind", "--attribution=latest", XID("a", "3b", "04:00:00", "79", "x") XID("a", "3b", "04:00:03", "79", "x") XID("a", "3b", "04:00:05", "79", "x") GONE("a", "p", "04:00:30"),
		"'related_xids':[{'code':79,'gpu_id':'0000:3b:00.0','count':2,'first':'" DAY "04:00:00Z','last':'" DAY "04:00:03Z'}]"},
	{"it is in the middle", "-w 4s --attribution=latest", XID("a", "3b", "04:00:00", "79", "x") XID("a", "3b", "04:00:03", "79", "x") XID("a", "3b", "04:00:05", "79", "x") GONE("a", "p", "04:00:04"),
		"'delay_seconds':1,|'related_xids':[{'code':79,'gpu_id':'0000:3b:00.0','count':1,'first':'" DAY "04:00:00Z','last':'" DAY "04:00:00Z'}]"},
	{"nothing else", "", XID("a", "3b", "04:00:00", "79", "x") GONE("a", "p", "04:00:30"), "t/p|!related_xids"},

	/* the pod's own record has another cause */
	{"pressure and a program's error", "", XID("a", "3b", "04:00:00", "31", "x") LOST("a", "p", "04:00:30", "Evicted", "The node was low on resource: memory. "),
		": preceded the loss of t/p, Evicted 30 s later|Restart pod t/p.|own record gives node pressure as the cause: see pod-evicted.|'confidence':'partial'"},
	{"pressure and an unknown one", "", XID("a", "3b", "04:00:00", "998", "x") LOST("a", "p", "04:00:30", "Evicted", "The node was low on resource: memory. "), ": took down t/p|'confidence':'full'"},
	{"pressure kept it out", "", XID("a", "3b", "04:00:00", "79", "x") LOST("a", "p", "04:00:30", "Evicted", "Pod The node had condition: [MemoryPressure]. "), ": preceded the loss of t/p|gives node pressure as the cause|'confidence':'partial'"},
	{"a broken device kept it out", "", XID("a", "3b", "04:00:00", "31", "x") LOST("a", "p", "04:00:30", "UnexpectedAdmissionError", "x"), ": kept out t/p, UnexpectedAdmissionError 30 s later|Recreate pod t/p.|'confidence':'full'"},
	{"its own limit", "", XID("a", "3b", "04:00:00", "79", "x") LOST("a", "p", "04:00:30", "Evicted", "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. "), "Reschedule pod t/p onto another node.|own record gives its own storage limit as the cause"},
	{"preemption", "", XID("a", "3b", "04:00:00", "79", "x") LOST("a", "p", "04:00:30", "Preempted", "x"), "gives preemption as the cause"},
	{"a requested eviction and a program's error", "", XID("a", "3b", "04:00:00", "31", "x") DRAINED("a", "p", "04:00:30"), "gives an eviction that a drain or a controller requested as the cause|'confidence':'partial'"},
	{"a requested eviction and a broken GPU", "", XID("a", "3b", "04:00:00", "79", "x") DRAINED("a", "p", "04:00:30"), ": t/p drained after it, |!own record"},
	{"balancing", "", XID("a", "3b", "04:00:00", "79", "x") LOST("a", "p", "04:00:30", "ScaleDown", "x"), "gives a controller that balances or scales the cluster as the cause"},
	{"a shutdown and a program's error", "", XID("a", "3b", "04:00:00", "31", "x") LOST("a", "p", "04:00:30", "Terminated", "Pod was terminated in response to imminent node shutdown."), "gives a shutdown of the node as the cause"},
	{"a shutdown and an unknown error", "", XID("a", "3b", "04:00:00", "998", "x") LOST("a", "p", "04:00:30", "Terminated", "Pod was terminated in response to imminent node shutdown."), ": took down t/p|!own record"},
	{"a lost node and a program's error", "", XID("a", "3b", "04:00:00", "31", "x") LOST("a", "p", "04:00:30", "NodeLost", "x"), "gives the loss of the node as the cause"},
	{"a lost node and an unknown error", "", XID("a", "3b", "04:00:00", "998", "x") LOST("a", "p", "04:00:30", "NodeLost", "x"), ": took down t/p|!own record"},
	{"clean-up after what is in the input", "", XID("a", "3b", "04:00:00", "31", "x") XID("a", "3b", "04:02:00", "45", "x, preemptive removal, caused by previous Xid 31") GONE("a", "p", "04:02:30"), "Xid 45 (clean-up after Xid 31) on a"},
	{"that came later", "", XID("a", "3b", "04:02:31", "31", "x") XID("a", "3b", "04:02:00", "45", "x, preemptive removal, caused by previous Xid 31") GONE("a", "p", "04:02:30"), "Xid 45 (clean-up after Xid 31, which is not in the input) on a"},
	{"at the same time", "", XID("a", "3b", "04:02:00", "45", "x, caused by previous Xid 31") XID("a", "3c", "04:02:00", "31", "x") LOST("a", "p", "04:02:30", "Evicted", "x"), "Xid 31 (|took down t/p"},

	/* --lone */
	{"lone errors by time; what took a pod down is none", "--lone", XID("b", "3b", "04:00:10", "79", "x") XID("a", "3b", "04:00:00", "119", "x") XID("a", "3b", "05:00:00", "48", "x") XID("a", "3b", "05:00:01", "31", "x") XID("c", "3b", "05:00:00", "31", "x") GONE("a", "p", "04:00:30"),
		"Xid 119 (|took down t/p|Xid 79 (|on b GPU 0000:3b:00.0: no pod loss matches it; " DAY "04:00:10Z|'missing_layers':['pod_event']|Xid 48 (|related_xids':[{'code':31,|!Xid 31 ("},
	{"it recurs within ten minutes", "--lone", XID("a", "3b", "04:00:00", "79", "x") XID("a", "3b", "04:10:00", "79", "x"), "04:00:00Z|!; " DAY "04:10:00Z"},
	{"it recurs later", "--lone", XID("a", "3b", "04:00:00", "79", "x") XID("a", "3b", "04:10:01", "79", "x"), "; " DAY "04:00:00Z|; " DAY "04:10:01Z"},
	{"a burst of several GPUs is one", "--lone", XID("a", "3b", "04:00:00", "119", "x") XID("a", "3c", "04:00:10", "79", "x") XID("a", "3d", "04:00:11", "79", "x"),
		"Xid 79 (|GPU 0000:3c:00.0|'related_xids':[{'code':119,|Xid 79 (|GPU 0000:3d:00.0: no pod loss|!Xid 119 ("},

	/* nodes without lines */
	{"three dark nodes, one is named", "", XID("a", "3b", "04:00:00", "79", "x") GONE("a", "p", "04:00:30") GONE("z", "q", "04:00:31") GONE("y", "r", "04:00:32") GONE("x", "s", "04:00:33"),
		"3 pod losses are on nodes without any line of the NVIDIA driver: z"},
	{"one", "", XID("a", "3b", "04:00:00", "79", "x") GONE("a", "p", "04:00:30") GONE("z", "q", "04:00:31"), "1 pod loss is on nodes without any line of the NVIDIA driver: z"},
	{"on the node of --node", "--node=zz", XID("a", "3b", "04:00:00", "79", "x") GONE("a", "p", "04:00:30") GONE("", "q", "04:00:31"), "1 pod loss is on nodes without any line of the NVIDIA driver: zz"},
	{"a loss before the log begins", "", XID("a", "3b", "04:00:00", "79", "x") GONE("a", "p", "03:59:30"), "1 pod loss is older than the NVIDIA driver|s log of the node, which begins on a at " DAY "04:00:00Z"},
	{"two of them, the first is told", "", XID("b", "3b", "04:10:00", "79", "x") XID("a", "3b", "04:00:00", "79", "x") GONE("b", "p", "03:59:30") GONE("a", "q", "03:59:31"), "2 pod losses are older than the NVIDIA driver|s log of the node, which begins on b at " DAY "04:10:00Z"},
	{"the log begins with another line of the driver", "", KERNEL("a", "03:50:00", "NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  580.82") XID("a", "3b", "04:00:00", "79", "x") GONE("a", "p", "03:59:30"), "!older than"},
	{"at the loss", "", KERNEL("a", "03:59:30", "NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  580.82") XID("a", "3b", "04:00:00", "79", "x") GONE("a", "p", "03:59:30"), "!older than"},
	{"within --skew", "--skew=20s", KERNEL("a", "03:59:50", "NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  580.82") XID("a", "3b", "04:00:00", "79", "x") GONE("a", "p", "03:59:30"), "!older than"},
	{"beyond --skew", "--skew=20s", KERNEL("a", "03:59:51", "NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  580.82") XID("a", "3b", "04:00:00", "79", "x") GONE("a", "p", "03:59:30"), "1 pod loss is older than the NVIDIA driver|s log of the node, which begins on a at " DAY "03:59:51Z"},
	{"no node in common is said once", "", XID("a", "3b", "04:00:00", "79", "x") GONE("z", "q", "04:00:31"), "no node has both|!without any line"},

	/* a line without a code */
	{"a line a second after the Xid tells of the same fall", "-x", XID("a", "3b", "04:00:00", "79", "x") KERNEL("a", "04:00:01", "NVRM: GPU 0000:3b:00.0: GPU has fallen off the bus."), "'count':1,'first':'" DAY "04:00:00Z','last':'" DAY "04:00:00Z','why':"},

	/* options */
	{"a code that is none", "--catalog=4294967375", "", "--catalog: invalid Xid code |4294967375|(expected one that --catalog alone prints)"},
	{"one that is", "--catalog=79", "", "79\t"},
	{"a long window keeps Xids as long, with --follow", "-f -w 3h", XID("a", "3b", "04:00:00", "79", "x") XID("b", "3b", "06:30:00", "79", "x") GONE("b", "q", "06:30:10") XID("c", "3b", "06:50:00", "31", "x") GONE("a", "p", "06:55:00"),
		"took down t/q|took down t/p"},
	{"a drain half an hour later, with --follow and --lone", "-f --lone", XID("a", "3b", "04:00:00", "79", "x") XID("b", "3b", "04:10:00", "79", "x") GONE("b", "q", "04:10:10") XID("c", "3b", "04:25:00", "31", "x") DRAINED("a", "p", "04:29:00") XID("c", "3b", "06:25:00", "31", "x"),
		"took down t/q|t/p drained after it|!no pod loss"},
};

/* Xids that never pause for ten seconds: from ten minutes on, a multiple of ten minutes parts a burst. */
static void
test_chain(void)
{
	static const struct {
		const char *name;
		int begin;      /* seconds before the multiple */
		const char *gpu; /* the blamed one: the first of one burst, or the latest burst's */
	} chains[] = {
		{"a chain of ten minutes is cut", 600, "GPU 0000:3c:00.0: took down t/p"},
		{"a second less is not", 599, "GPU 0000:3b:00.0: took down t/p"},
		{"twenty minutes", 1182, "GPU 0000:3c:00.0: took down t/p"},
		{"two minutes", 122, "GPU 0000:3b:00.0: took down t/p"},
	};
	struct buf in = {0}, said = {0};
	char line[200];

	for (size_t i = 0; i < NELEM(chains); i++) {
		TEST(chains[i].name);
		in.n = 0;
		/* bursts of two, ten seconds apart; the last one begins with the first Xid 119 */
		for (int t = -chains[i].begin; t < -2; t = t < -591 && t > -602 ? -591 : t == -591 ? -582 : t + 10) {
			int s = 5 * 3600 + 20 * 60 + t;

			(void)snprintf(line, sizeof(line), DAY "%02d:%02d:%02dZ a kernel: NVRM: Xid (PCI:0000:3a:00): 31, x\n", s / 3600, s / 60 % 60, s % 60);
			buf_add(&in, str_of(line));
		}
		buf_add(&in, S(XID("a", "3b", "05:19:58", "119", "x") XID("a", "3c", "05:20:02", "119", "x") GONE("a", "p", "05:20:30")));
		buf_chr(&in, '\0');
		test_run(&xid_correlation, "", in.p, &said);
		CHECK(test_says(buf_str(&said), str_of(chains[i].gpu)));
		if (test_case_bad)
			printf("# said %.*s\n", (int)said.n, said.p);
	}
	buf_free(&in);
	buf_free(&said);
}

static void
put_codes(struct buf *b, const char *node, const char *at, int from, int n)
{
	char line[200];

	for (int i = from; i < from + n; i++) {
		(void)snprintf(line, sizeof(line), DAY "%sZ %s kernel: NVRM: Xid (PCI:0000:3a:00): %d, x\n", at, node, i);
		buf_add(b, str_of(line));
	}
}

/* Limits of what is looked at. */
static void
test_many(void)
{
	struct buf in = {0}, said = {0};

	TEST("a line without a code and its Xid are at most 1024 records apart");
	for (int row = 0; row < 4; row++) {
		in.n = 0;
		buf_add(&in, row < 2 ? S(XID("a", "3b", "04:00:00", "79", "x")) : S(KERNEL("a", "04:00:00", "NVRM: GPU 0000:3b:00.0: GPU has fallen off the bus.")));
		put_codes(&in, "b", "04:00:00.5", 1000, 1023 + row % 2);
		buf_add(&in, row < 2 ? S(KERNEL("a", "04:00:01", "NVRM: GPU 0000:3b:00.0: GPU has fallen off the bus.")) : S(XID("a", "3b", "04:00:01", "79", "x")));
		buf_chr(&in, '\0');
		test_run(&xid_correlation, "-x", in.p, &said);
		CHECK_ROW(row, str_has(buf_str(&said), row % 2 ? S("\"node\":\"a\",\"count\":2,") : S("\"node\":\"a\",\"count\":1,")));
	}
	TEST("of a node at most 1024 kinds of Xids are listed");
	in.n = 0;
	put_codes(&in, "a", "04:00:00", 1000, 600);
	put_codes(&in, "b", "04:00:00", 1000, 1030);
	buf_add(&in, S(GONE("b", "p", "04:00:10")));
	buf_chr(&in, '\0');
	test_run(&xid_correlation, "", in.p, &said);
	CHECK(test_says(buf_str(&said), S("\"xid_code\":1000,|{\"code\":1001,|{\"code\":1064,|\"related_omitted\":959,")));
	buf_free(&in);
	buf_free(&said);
}

/* How long --follow keeps records. */
static void
test_kept(void)
{
	static const struct {
		const char *args;
		int64_t skew, after, back; /* seconds */
	} are[] = {
		/* the longest window, which is that of drains, a loss of 600 s, twins of a second, a chain of 1200 s */
		{"", 0, 1, 3601},
		{"", 2, 3, 3603},
		{"--drain-window=1m", 0, 1, 360 + 1801},
		{"--drain-window=361s", 0, 1, 361 + 1801},
		{"-w 3h", 0, 1, 10800 + 1801},
		{"-w 361s --drain-window=1m", 0, 1, 361 + 1801},
		/* an Xid alone waits for a loss in that window, which spans 600 s, and for the rest of its burst */
		{"--lone", 0, 1800 + 600 + 10 + 1, 3601},
		{"--lone", 2, 1802 + 600 + 10 + 1 + 2, 3603},
	};

	TEST("--follow keeps what an attribution may need");
	for (size_t i = 0; i < NELEM(are); i++) {
		struct reach r = test_reach(&xid_correlation, are[i].args, are[i].skew * SECOND, 0);

		CHECK_ROW(i, r.after == are[i].after * SECOND && r.back == are[i].back * SECOND);
	}
}

int
main(void)
{
	test_naive();
	test_kept();
	test_many();
	test_chain();
	test_rows(&xid_correlation, rows, NELEM(rows));
	return test_done();
}
