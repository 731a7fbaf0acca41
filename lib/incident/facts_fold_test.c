/*
 * Which facts are one, and what remains of them (facts.c, incident.h), in the notation of
 * test_facts.h: facts, and those that are left, in order of content.
 */
#include "incident/test_facts.h"

#include "base/test.h"

static const struct {
	const char *facts, *left;
} rows[] = {
	{"", ""},
	/* a row remap gauge, within 10 minutes of the verdict or Xid about it */
	{"hbm node=a gpu=1 pattern=3; hbm node=a gpu=1 @10m", "hbm node=a gpu=1 pattern=3 folded=1"},
	{"hbm node=a gpu=1 pattern=3; hbm node=a gpu=1 @10m+", "hbm node=a gpu=1 pattern=3; hbm node=a gpu=1 @10m+"},
	{"hbm node=a gpu=1 pattern=3; hbm node=a gpu=1 @-10m", "hbm node=a gpu=1 pattern=3 folded=1"},
	{"hbm node=a gpu=1 pattern=3; hbm node=a gpu=1 @-10m-", "hbm node=a gpu=1 pattern=3; hbm node=a gpu=1 @-10m-"},
	{"hbm node=a gpu=1 pattern=3; hbm node=a gpu=1 pattern=3 @1m", "hbm node=a gpu=1 pattern=3; hbm node=a gpu=1 pattern=3 @1m"},
	{"hbm node=a gpu=1 pattern=3; hbm node=a gpu=2", "hbm node=a gpu=1 pattern=3; hbm node=a gpu=2"},
	{"hbm node=a gpu=1 pattern=3; hbm node=b gpu=1", "hbm node=a gpu=1 pattern=3; hbm node=b gpu=1"},
	{"hbm node=a pattern=3; hbm node=a", "hbm node=a pattern=3; hbm node=a"},
	{"pcie node=a gpu=1 pattern=5; hbm node=a gpu=1", "pcie node=a gpu=1 pattern=5; hbm node=a gpu=1"},
	{"xid node=a gpu=1 code=95; hbm node=a gpu=1 @10m", "xid node=a gpu=1 code=95 folded=1"},
	{"xid node=a gpu=1 code=95; hbm node=a gpu=1 @10m+", "xid node=a gpu=1 code=95; hbm node=a gpu=1 @10m+"},
	{"xid node=a gpu=1 code=79; hbm node=a gpu=1 @1m", "xid node=a gpu=1 code=79; hbm node=a gpu=1 @1m"},
	/* Xids of GPU memory, -1 s to 5 min from its error */
	{"hbm node=a gpu=1 pattern=3; xid node=a gpu=1 code=48 @5m", "hbm node=a gpu=1 pattern=3 folded=1 code=48"},
	{"hbm node=a gpu=1 pattern=3; xid node=a gpu=1 code=48 @5m+", "hbm node=a gpu=1 pattern=3; xid node=a gpu=1 code=48 @5m+"},
	{"hbm node=a gpu=1 pattern=3; xid node=a gpu=1 code=48 @-1", "hbm node=a gpu=1 pattern=3 folded=1 code=48"},
	{"hbm node=a gpu=1 pattern=3; xid node=a gpu=1 code=48 @-1-", "hbm node=a gpu=1 pattern=3; xid node=a gpu=1 code=48 @-1-"},
	{"hbm node=a gpu=1 pattern=3; xid node=a gpu=2 code=48", "hbm node=a gpu=1 pattern=3; xid node=a gpu=2 code=48"},
	{"hbm node=a gpu=1 pattern=3; xid node=a gpu=1 code=79", "hbm node=a gpu=1 pattern=3; xid node=a gpu=1 code=79"},
	{"hbm node=a gpu=1 pattern=3; xid node=a gpu=1 code=63; xid node=a gpu=1 code=64; xid node=a gpu=1 code=92;"
	 "xid node=a gpu=1 code=94; xid node=a gpu=1 code=95; xid node=a gpu=1 code=140; xid node=a gpu=1 code=154;"
	 "xid node=a gpu=1 code=160; xid node=a gpu=1 code=171; xid node=a gpu=1 code=172",
		"hbm node=a gpu=1 pattern=3 folded=10 code=63"},
	/* the Xid names the error; a verdict that has one keeps it */
	{"hbm node=a gpu=1 pattern=3 code=48; xid node=a gpu=1 code=95", "hbm node=a gpu=1 pattern=3 code=48 folded=1"},
	/* repeats of one Xid, 3 minutes after the last */
	{"xid node=a gpu=1 code=79; xid node=a gpu=1 code=79 @3m", "xid node=a gpu=1 code=79 @0..3m seen=0 folded=1"},
	{"xid node=a gpu=1 code=79; xid node=a gpu=1 code=79 @3m; xid node=a gpu=1 code=79 @6m",
		"xid node=a gpu=1 code=79 @0..6m seen=0 folded=2"},
	{"xid node=a gpu=1 code=79; xid node=a gpu=1 code=79 @3m+", "xid node=a gpu=1 code=79; xid node=a gpu=1 code=79 @3m+"},
	{"xid node=a gpu=1 code=79; xid node=a gpu=2 code=79", "xid node=a gpu=1 code=79; xid node=a gpu=2 code=79"},
	{"xid node=a gpu=1 code=79; xid node=b gpu=1 code=79", "xid node=a gpu=1 code=79; xid node=b gpu=1 code=79"},
	{"xid node=a gpu=1 code=79; xid node=a gpu=1 code=119", "xid node=a gpu=1 code=79; xid node=a gpu=1 code=119"},
	{"xid node=a code=79; xid node=a code=79 @1", "xid node=a code=79 @0..1 seen=0 folded=1"},
	{"xid node=a code=79 uuid=GPU-1; xid node=a code=79 uuid=GPU-2 @1", "xid node=a code=79 uuid=GPU-1; xid node=a code=79 uuid=GPU-2 @1"},
	{"xid node=a gpu=1 code=79 uuid=GPU-1; xid node=a gpu=1 code=79 uuid=GPU-2 @1", "xid node=a gpu=1 code=79 uuid=GPU-1 @0..1 seen=0 folded=1"},
	/* a verdict's is the better; those of two patterns remain */
	{"xid node=a gpu=1 code=79 pattern=16; xid node=a gpu=1 code=79 @1", "xid node=a gpu=1 code=79 pattern=16 @0..1 seen=0 folded=1"},
	{"xid node=a gpu=1 code=79 pattern=5; xid node=a gpu=1 code=79 pattern=16 @1",
		"xid node=a gpu=1 code=79 pattern=5; xid node=a gpu=1 code=79 pattern=16 @1"},
	/* consequences of a hardware error within a minute: of the node, others of the GPU */
	{"xid node=a gpu=1 code=79; xid node=a gpu=2 code=45 class=consequence @1m", "xid node=a gpu=1 code=79 folded=1"},
	{"xid node=a gpu=1 code=79; xid node=a gpu=2 code=45 class=consequence @1m+",
		"xid node=a gpu=1 code=79; xid node=a gpu=2 code=45 class=consequence @1m+"},
	{"xid node=a gpu=1 code=79; xid node=a gpu=2 code=45 class=consequence @-1",
		"xid node=a gpu=2 code=45 class=consequence @-1; xid node=a gpu=1 code=79"},
	{"xid node=a gpu=1 code=79; xid node=b gpu=1 code=45 class=consequence", "xid node=a gpu=1 code=79; xid node=b gpu=1 code=45 class=consequence"},
	{"xid node=a gpu=1 code=999 class=unknown; xid node=a gpu=1 code=45 class=consequence",
		"xid node=a gpu=1 code=45 class=consequence; xid node=a gpu=1 code=999 class=unknown"},
	{"xid node=a gpu=1 code=79; xid node=a gpu=2 code=154 class=informational", "xid node=a gpu=1 code=79 folded=1"},
	{"xid node=a gpu=1 code=79; xid node=a gpu=1 code=63 class=informational", "xid node=a gpu=1 code=79 folded=1"},
	{"xid node=a gpu=1 code=79; xid node=a gpu=1 code=13 class=application", "xid node=a gpu=1 code=79 folded=1"},
	{"xid node=a gpu=1 code=79; xid node=a gpu=1 code=999 class=unknown", "xid node=a gpu=1 code=79; xid node=a gpu=1 code=999 class=unknown"},
	{"xid node=a gpu=1 code=79; xid node=a gpu=2 code=63 class=informational",
		"xid node=a gpu=2 code=63 class=informational; xid node=a gpu=1 code=79"},
	/* hardware errors first, whichever came first in the log */
	{"xid node=a gpu=1 code=13 class=application @0; xid node=a gpu=1 code=79 @0", "xid node=a gpu=1 code=79 folded=1"},
	/* a switch's fault, as its neighbors report it for a minute, it itself again and again */
	{"sxid node=a gpu=1 code=11; sxid node=a gpu=2 code=12 @1m", "sxid node=a gpu=1 code=11 @0..1m seen=0 folded=1"},
	{"sxid node=a gpu=1 code=11; sxid node=a gpu=1 code=11 @1m", "sxid node=a gpu=1 code=11 @0..1m seen=0 folded=1"},
	{"sxid node=a gpu=1 code=11; sxid node=a gpu=1 code=12 @1m", "sxid node=a gpu=1 code=11 @0..1m seen=0 folded=1"},
	{"sxid node=a gpu=1 code=11; sxid node=a gpu=1 code=12 @1m+", "sxid node=a gpu=1 code=11; sxid node=a gpu=1 code=12 @1m+"},
	{"sxid node=a gpu=1 code=11; sxid node=a gpu=2 code=11 @1m+", "sxid node=a gpu=1 code=11; sxid node=a gpu=2 code=11 @1m+"},
	{"sxid node=a gpu=1 code=11; sxid node=a gpu=1 code=11 @3m; sxid node=a gpu=1 code=11 @6m", "sxid node=a gpu=1 code=11 @0..6m seen=0 folded=2"},
	{"sxid node=a gpu=1 code=11; sxid node=a gpu=1 code=11 @3m+", "sxid node=a gpu=1 code=11; sxid node=a gpu=1 code=11 @3m+"},
	{"sxid node=a code=11; sxid node=b code=11", "sxid node=a code=11; sxid node=b code=11"},
	{"xid node=a gpu=1 code=74; sxid node=a gpu=1", "xid node=a gpu=1 code=74; sxid node=a gpu=1"},
	/* words about a node, 5 minutes from the first */
	{"notready node=a; notready node=a @5m; notready node=b @5m", "notready node=a folded=1; notready node=b @5m"},
	{"notready node=a; notready node=a @5m+", "notready node=a; notready node=a @5m+"},
	{"cordon node=a; cordon node=a @5m", "cordon node=a folded=1"},
	{"pressure node=a; pressure node=a @5m", "pressure node=a folded=1"},
	{"cordon node=a; notready node=a", "notready node=a; cordon node=a"},
	/* a pod's losses, 10 minutes; undated ones are older than any */
	{"lost node=a pod=p; lost node=a pod=p how=node @10m", "lost node=a pod=p how=node folded=1"},
	{"lost node=a pod=p how=api; lost node=a pod=p how=node @1", "lost node=a pod=p how=api folded=1"},
	{"lost node=a pod=p; lost node=a pod=p @10m+", "lost node=a pod=p; lost node=a pod=p @10m+"},
	{"lost node=a pod=p; lost node=a pod=q", "lost node=a pod=p; lost node=a pod=q"},
	{"lost node=a pod=p undated @0..60m; lost node=a pod=p @60m", "lost node=a pod=p @60m folded=1"},
	{"lost node=a pod=p undated @0..60m; lost node=a pod=p @60m+", "lost node=a pod=p undated @0..60m; lost node=a pod=p @60m+"},
	{"lost node=a pod=p @-1 seen=1; lost node=a pod=p @-1..60m undated", "lost node=a pod=p @-1 seen=1 folded=1"},
	{"lost node=a pod=p undated @0..60m; lost node=a pod=p undated @1..60m", "lost node=a pod=p undated @0..60m folded=1"},
	{"ended node=a pod=p; lost node=a pod=p", "lost node=a pod=p; ended node=a pod=p"},
	/* ends of a pod, a minute; the kernel's line of a process does not name its pod */
	{"ended node=a pod=p code=1; ended node=a pod=p code=9", "ended node=a pod=p code=1 folded=1"},
	{"ended node=a pod=p code=1; ended node=a pod=p code=9 @1m", "ended node=a pod=p code=1 folded=1"},
	{"ended node=a pod=p; ended node=a pod=p code=9 gpu_pod gpu_memory @1m", "ended node=a pod=p code=9 gpu_pod gpu_memory folded=1"},
	{"ended node=a pod=p gpu_pod gpu_memory; ended node=a pod=p @1m", "ended node=a pod=p gpu_pod gpu_memory folded=1"},
	{"ended node=a pod=p; ended node=a pod=p @1m+", "ended node=a pod=p; ended node=a pod=p @1m+"},
	{"ended node=a pod=p; ended node=a pod=q", "ended node=a pod=p; ended node=a pod=q"},
	{"ended node=a oom; ended node=a oom pod=p job=j gpu_pod code=137 @1m", "ended node=a oom pod=p job=j gpu_pod code=137 folded=1"},
	{"ended node=a oom pod=p job=j; ended node=a oom code=3 gpu_memory @1m", "ended node=a oom pod=p job=j folded=1"},
	{"ended node=a oom gpu_pod; ended node=a oom pod=p job=j @1m", "ended node=a oom pod=p job=j folded=1"}, /* the pod knows whether it has GPUs */
	{"ended node=a oom; ended node=a pod=p", "ended node=a oom; ended node=a pod=p"},
	{"ended node=a; ended node=a pod=p oom", "ended node=a; ended node=a pod=p oom"},
	{"ended node=a oom pod=p; ended node=a pod=q oom", "ended node=a oom pod=p; ended node=a pod=q oom"},
	/* others, if equal */
	{"pcie node=a gpu=1 pattern=5; pcie node=a gpu=1 pattern=5", "pcie node=a gpu=1 pattern=5 folded=1"},
	{"pcie node=a gpu=1; pcie node=a gpu=2", "pcie node=a gpu=1; pcie node=a gpu=2"},
	{"pcie node=a gpu=1 pattern=5; pcie node=a gpu=1", "pcie node=a gpu=1; pcie node=a gpu=1 pattern=5"},
	{"pcie node=a gpu=1; pcie node=b gpu=1", "pcie node=a gpu=1; pcie node=b gpu=1"},
	{"storage node=a; storage node=a @0+", "storage node=a; storage node=a @0+"},
	{"storage node=a pod=p; storage node=a pod=q", "storage node=a pod=p; storage node=a pod=q"},
	{"storage node=a; link node=a", "link node=a; storage node=a"},
	{"hang; hang", "hang; hang"},

	/* what a repeat adds: a resolution, evidence, ids of verdicts */
	{"xid node=a gpu=1 code=79; xid node=a gpu=1 code=79 @1 resolved=9", "xid node=a gpu=1 code=79 @0..1 seen=0 resolved=9 folded=1"},
	{"xid node=a gpu=1 code=79 resolved=8; xid node=a gpu=1 code=79 @1 resolved=9", "xid node=a gpu=1 code=79 @0..1 seen=0 resolved=8 folded=1"},
	{"xid node=a gpu=1 code=79 said=x ev=one; xid node=a gpu=1 code=79 @1 said=y said=x ev=one ev=two folded=3",
		"xid node=a gpu=1 code=79 @0..1 seen=0 said=x said=y ev=one ev=one ev=two folded=4"},
	{"xid node=a gpu=1 code=79 ev=one; xid node=a gpu=1 code=79 ev=one", "xid node=a gpu=1 code=79 ev=one folded=1"},
	/* not the lines of other codes; but those of an error in memory */
	{"xid node=a gpu=1 code=79 ev=one; xid node=a gpu=1 code=45 class=consequence ev=two", "xid node=a gpu=1 code=79 ev=one folded=1"},
	{"hbm node=a gpu=1 pattern=3 ev=one; xid node=a gpu=1 code=48 ev=two", "hbm node=a gpu=1 pattern=3 ev=one ev=two folded=1 code=48"},

	/* of equal ones, the one whose evidence comes first */
	{"link node=a ev=one; link node=a ev=two", "link node=a ev=one ev=two folded=1"},
	{"link node=a ev=two; link node=a ev=one", "link node=a ev=one ev=two folded=1"},
	{"link node=a ev=one ev=two; link node=a ev=one", "link node=a ev=one ev=two folded=1"},

	/* the pod that used the GPU then, and up to two minutes after it was last seen there */
	{"pod x/p gpus=8; tenant x/p node=a gpu=1 @0..60; xid node=a gpu=1 code=79 @0", "xid node=a gpu=1 code=79 pod=x/p"},
	{"pod x/p gpus=8; tenant x/p node=a gpu=1 @0..60; xid node=a gpu=1 code=79 @0-", "xid node=a gpu=1 code=79 @0-"},
	{"pod x/p gpus=8; tenant x/p node=a gpu=1 @0..60; xid node=a gpu=1 code=79 @3m", "xid node=a gpu=1 code=79 @3m pod=x/p"},
	{"pod x/p gpus=8; tenant x/p node=a gpu=1 @0..60; xid node=a gpu=1 code=79 @3m+", "xid node=a gpu=1 code=79 @3m+"},
	{"pod x/p gpus=8; tenant x/p node=a gpu=1 @0..60; xid node=a gpu=2 code=79", "xid node=a gpu=2 code=79"},
	{"pod x/p gpus=8; tenant x/p node=a gpu=1 @0..60; xid node=b gpu=1 code=79", "xid node=b gpu=1 code=79"},
	{"pod x/p gpus=8; tenant x/p node=a gpu=1 @0..60; xid node=a gpu=1 code=79 pod=y/z", "xid node=a gpu=1 code=79 pod=y/z"},
	{"pod x/p gpus=8; tenant x/p node=a gpu=1 @0..60; pcie node=a gpu=1", "pcie node=a gpu=1 pod=x/p"},
	{"pod x/p gpus=8; tenant x/p node=a gpu=1 @0..60; hbm node=a gpu=1", "hbm node=a gpu=1 pod=x/p"},
	{"pod x/p gpus=8; tenant x/p node=a gpu=1 @0..60; heat node=a gpu=1", "heat node=a gpu=1"},
	{"pod x/p; tenant x/p node=a gpu=1 @0..60; xid node=a gpu=1 code=79", "xid node=a gpu=1 code=79"},
	/* of several, none, unless only one had it then */
	{"pod x/p gpus=8; pod x/q gpus=8; tenant x/p node=a gpu=1 @0..60; tenant x/q node=a gpu=1 @0..60; xid node=a gpu=1 code=79", "xid node=a gpu=1 code=79"},
	{"pod x/p gpus=8; pod x/q gpus=8; tenant x/p node=a gpu=1 @0..60; tenant x/q node=a gpu=1 @1..60; xid node=a gpu=1 code=79",
		"xid node=a gpu=1 code=79 pod=x/p"},
	{"pod x/p gpus=8; pod x/q gpus=8; tenant x/p node=a gpu=1 @0..60; tenant x/q node=a gpu=1 @181..999; xid node=a gpu=1 code=79 @181",
		"xid node=a gpu=1 code=79 @181 pod=x/q"},

	/* three nodes within a minute share a cause */
	{"notready node=a ev=one; notready node=b @30 ev=two; notready node=c @1m named ev=three",
		"notready node=a nodes=a,b,c @0..1m seen=0 named ev=one ev=two ev=three"},
	{"notready node=c; notready node=b @30; notready node=a @1m+", "notready node=c; notready node=b @30; notready node=a @1m+"},
	{"notready node=a; notready node=b", "notready node=a; notready node=b"},
	{"notready node=a; notready node=b @30; notready node=c @61; notready node=d @62; notready node=e @63",
		"notready node=a; notready node=b nodes=b,c,d,e @30..63 seen=30"},
	{"notready node=a; notready node=b @1; notready node=c @2; notready node=d @62; notready node=e @63; notready node=f @64",
		"notready node=a nodes=a,b,c @0..2 seen=0; notready node=d nodes=d,e,f @62..64 seen=62"},
	{"link node=a; link node=a @1; link node=b @2", "link node=a; link node=a @1; link node=b @2"},
	{"link node=a; link node=a @1; link node=b @2; link node=c @3", "link node=a nodes=a,b,c @0..3 seen=0"},
	{"link node=a; link node=a @40; link node=b @61; link node=c @100", "link node=a; link node=a nodes=a,b,c @40..100 seen=40"},
	{"storage node=a; storage node=b; storage node=c", "storage node=a nodes=a,b,c"},
	{"panic node=a; panic node=b; panic node=c", "panic node=a; panic node=b; panic node=c"},
	{"link; link node=a; link node=b", "link; link node=a; link node=b"},
	/* NVLink errors: of none of their GPUs */
	{"xid node=a gpu=1 code=144 uuid=GPU-1 pod=p remedy=r; xid node=b gpu=1 code=144; xid node=c gpu=1 code=144",
		"xid node=a nodes=a,b,c code=144 action=check_fabric"},
	{"xid node=a code=143; xid node=b code=143; xid node=c code=143", "xid node=a code=143; xid node=b code=143; xid node=c code=143"},
	{"xid node=a code=151; xid node=b code=151; xid node=c code=151", "xid node=a code=151; xid node=b code=151; xid node=c code=151"},
	/* nodes that were cordoned in the hour before are an autoscaler's */
	{"cordon node=c; notready node=a @60m; notready node=b @60m; notready node=c @60m",
		"cordon node=c; notready node=a @60m; notready node=b @60m; notready node=c @60m"},
	{"cordon node=c @-1; notready node=a @60m; notready node=b @60m; notready node=c @60m",
		"cordon node=c @-1; notready node=a nodes=a,b,c @60m"},
	{"cordon node=c @1; notready node=a; notready node=b; notready node=c", "notready node=a nodes=a,b,c; cordon node=c @1"},
	{"cordon node=c @1; notready node=a; notready node=b; notready node=c @0..1",
		"notready node=a; notready node=b; notready node=c @0..1; cordon node=c @1"},
	{"cordon node=c @-60m; cordon node=c; notready node=a; notready node=b; notready node=c @1",
		"cordon node=c @-60m; notready node=a; notready node=b; cordon node=c; notready node=c @1"},
	{"cordon node=d; notready node=a; notready node=b; notready node=c", "notready node=a nodes=a,b,c; cordon node=d"},
	{"cordon node=c; link node=a; link node=b; link node=c", "cordon node=c; link node=a nodes=a,b,c"},
};

static bool
row_is(const char *facts, const char *left)
{
	struct made m, want;
	struct buf b = {0}, w = {0};
	bool good, equal;

	good = made_facts(&m, facts);
	events_sort(&m.ev);
	facts_fold(&m.fs);
	made_put_all(&b, &m);
	good &= made_facts(&want, left);
	made_put_all(&w, &want);
	equal = str_eq(buf_str(&b), buf_str(&w));
	if (!equal || !good)
		printf("# %s\n#%s left:\n%.*s# not:\n%.*s", facts, good ? "" : " (unknown word)", (int)b.n, b.p ? b.p : "", (int)w.n, w.p ? w.p : "");
	made_free(&m);
	made_free(&want);
	buf_free(&b);
	buf_free(&w);
	return good && equal;
}

/* Number of facts left of two words about a node and n others of it in between. */
static size_t
left_of(size_t n)
{
	struct made m;
	struct buf b = {0};
	size_t left;

	buf_add(&b, S("notready node=a; notready node=a @2"));
	for (size_t i = 0; i < n; i++) {
		buf_add(&b, S("; storage node=a @1 pod=p"));
		buf_u64(&b, i);
	}
	buf_chr(&b, '\0');
	CHECK(made_facts(&m, b.p));
	facts_fold(&m.fs);
	left = m.fs.n;
	made_free(&m);
	buf_free(&b);
	return left;
}

/* Facts in order of each key. */
static const struct {
	const char *first, *second;
} order[] = {
	{"xid @1 node=b", "xid @2 node=a"},
	{"pcie node=b", "xid node=a"},
	{"xid node=a gpu=2", "xid node=b gpu=1"},
	{"xid node=a gpu=1 pod=q", "xid node=a gpu=2 pod=p"},
	{"xid pod=p code=2", "xid pod=q code=1"},
	{"xid code=1 detail=b", "xid code=2 detail=a"},
	{"xid detail=a pattern=2", "xid detail=b pattern=1"},
	{"xid @0..2 pattern=1", "xid @0..1 pattern=2"},
	{"xid @0..1 passed", "xid @0..2"},
	{"xid said=b", "xid passed said=a"},
	{"xid said=a remedy=b", "xid said=b remedy=a"},
	{"xid remedy=a ev=b", "xid remedy=b ev=a"},
	{"xid ev=a job=k", "xid ev=b job=j"},
	{"xid ev=a", "xid ev=a ev=a"},
	{"xid job=j", "xid job=k"},
};

static bool
is_first(const char *first, const char *second, uint32_t number)
{
	struct made m;
	char text[200];
	bool good;

	(void)snprintf(text, sizeof(text), "%s; %s", first, second);
	good = made_facts(&m, text) && m.fs.f[0].number == number;
	made_free(&m);
	return good;
}

int
main(void)
{
	TEST("order of facts");
	for (size_t i = 0; i < NELEM(order); i++) {
		CHECK_ROW(i, is_first(order[i].first, order[i].second, 1));
		CHECK_ROW(i, is_first(order[i].second, order[i].first, 2));
	}
	TEST("facts that are one");
	for (size_t i = 0; i < NELEM(rows); i++)
		CHECK_ROW(i, row_is(rows[i].facts, rows[i].left));
	TEST("of a burst, the last 1024 facts are tried");
	CHECK(left_of(1023) == 1024);
	CHECK(left_of(1024) == 1026);
	return test_done();
}
