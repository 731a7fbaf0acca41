/*
 * The rules of links.c, each condition and both ends of each window, by inquest(1).
 * Facts are in test_facts.h's notation.  A link is "EFFECT<CAUSE RULE", with ~ if the
 * cause only precedes; other possible causes follow in parentheses.
 */
#include "incident/test_facts.h"

#include "base/test.h"

static struct str
links(struct made *m, struct buf *b)
{
	struct fact *f;

	b->n = 0;
	facts_link(&m->fs);
	for (uint32_t i = 1; (f = made_fact(m, i)); i++) {
		if (!f->cause && !f->nrival)
			continue;
		buf_add(b, b->n ? S(", ") : S(""));
		buf_u64(b, f->number);
		if (f->cause) {
			buf_chr(b, f->causes ? '<' : '~');
			buf_u64(b, f->cause->number);
			buf_chr(b, ' ');
			buf_add(b, str_of(f->rule->id));
			buf_add(b, f->late ? S(" late") : S(""));
		}
		for (size_t k = 0; k < f->nrival; k++) {
			buf_add(b, k ? S(" ") : S(" ("));
			buf_u64(b, f->rival[k]->number);
		}
		buf_add(b, f->nrival ? S(")") : S(""));
	}
	return buf_str(b);
}

static bool
links_are(const char *facts, const char *want, const struct inquest_config *c, int64_t skew)
{
	struct made m;
	struct buf b = {0};
	bool good = made_facts(&m, facts), equal;

	if (!good)
		printf("# unknown word in: %s\n", facts);
	m.c = *c;
	m.d.skew = skew;
	equal = str_eq(links(&m, &b), str_of(want));
	if (!equal)
		printf("# %s\n#   links: %.*s\n#   not:   %s\n", facts, (int)b.n, b.p ? b.p : "", want);
	made_free(&m);
	buf_free(&b);
	return good && equal;
}

static const struct inquest_config usual = {.ahead = 2 * MINUTE, .before = 10 * MINUTE, .min_ranks = 2};

/* ---- windows ---- */

/* The effect's time is appended: it is linked from min to max after the cause. */
static const struct {
	const char *cause, *effect;
	int64_t min, max;
	const char *link;
} windows[] = {
	{"pressure node=a", "lost node=a how=pressure", -MINUTE, 10 * MINUTE, "2<1 C10"},
	{"ended node=a pod=p job=j gpu_pod", "lost node=a pod=q job=j how=api", 11 * SECOND, 60 * MINUTE, "2<1 C17"},
	{"ended node=a pod=p job=j gpu_pod", "lost node=a pod=q job=j how=taint", 11 * SECOND, 60 * MINUTE, "2<1 C17"},
	{"cordon node=a", "lost node=a how=api", 0, 60 * MINUTE, "2<1 C16"},
	{"cordon node=a", "lost node=a how=shutdown", 0, 60 * MINUTE, "2<1 C16"},
	{"cordon node=a", "lost node=a how=taint", 0, 60 * MINUTE, "2<1 C16"},
	{"cordon node=a", "notready node=a", 0, 60 * MINUTE, "2<1 C16"},
	{"cordon node=a", "reboot node=a", 0, 60 * MINUTE, "2<1 C16"},
	{"sxid node=a", "xid node=a code=74", -SECOND, MINUTE, "2<1 C13"},
	{"sxid node=a", "xid node=a code=45 class=consequence", -SECOND, MINUTE, "2<1 C13"},
	{"pcie node=a gpu=1", "xid node=a gpu=1 code=119", -5 * SECOND, 10 * MINUTE, "2<1 C1"},
	{"heat node=a gpu=1", "xid node=a gpu=1 code=79", 0, 2 * MINUTE, "2~1 C8b"},
	{"xid node=a gpu=1 code=79", "xid node=a gpu=1 code=119", -10 * SECOND, 10 * SECOND, "2<1 C3"},
	{"xid node=a gpu=1 code=48", "xid node=a gpu=1 code=63 class=informational", 0, 5 * MINUTE, "2<1 C3"},
	{"xid node=a gpu=1 code=79", "machine_check node=a", -5 * SECOND, MINUTE, "2<1 C4"},
	{"pcie node=a gpu=1 grave", "machine_check node=a", -5 * SECOND, MINUTE, "2<1 C4"},
	{"machine_check node=a", "panic node=a", 0, MINUTE, "2<1 C4"},
	{"machine_check node=a", "notready node=a", 0, 6 * MINUTE, "2<1 C4"},
	{"panic node=a", "notready node=a", 0, 6 * MINUTE, "2<1 C4"},
	{"panic node=a", "reboot node=a", 0, 6 * MINUTE, "2<1 C4"},
	{"reboot node=a", "notready node=a", 0, 6 * MINUTE, "2<1 C4"},
	{"xid node=a gpu=1 code=79", "reboot node=a", 0, 6 * MINUTE, "2<1 C4"},
	{"pcie node=a gpu=1 grave", "notready node=a", 0, 6 * MINUTE, "2<1 C4"},
	{"hbm node=a gpu=1", "notready node=a", 0, 6 * MINUTE, "2~1 C4"},
	{"ended node=a oom grave", "notready node=a", 0, 2 * MINUTE, "2~1 C4"},
	{"lost node=a pod=p how=shutdown", "notready node=a", -2 * MINUTE, 60 * MINUTE, "2<1 C16"},
	{"reboot node=a", "ended node=a pod=p job=j gpu_pod code=143", -2 * MINUTE, 0, "2<1 C16"},
	{"notready node=a", "lost node=a how=node", -2 * SECOND, 6 * MINUTE, "2<1 C5"},
	{"notready node=a", "lost node=a how=taint", -2 * SECOND, 6 * MINUTE, "2<1 C5"},
	{"watchdog", "ended node=a pod=p job=j gpu_pod", -SECOND, 15 * MINUTE, "2<1 C14b"},
	{"hang nodes=b waits=a", "ended node=a", 2 * MINUTE, 65 * MINUTE, "2<1 C14b"},
	{"hang nodes=b,a", "ended node=a", 2 * MINUTE, 65 * MINUTE, "2<1 C14b"},
	{"ended node=a oom", "ended node=a pod=p job=j gpu_pod", 0, MINUTE, "2~1 C11"},
	{"lost pod=p", "ended pod=p", -10 * SECOND, 10 * MINUTE, "2<1 C15"},
	{"lost node=a pod=p", "xid node=a code=45 class=consequence", -10 * SECOND, 2 * MINUTE, "2<1 C15"},
	{"ended node=a pod=p", "xid node=a code=13 class=application", -10 * SECOND, 2 * MINUTE, "2<1 C15"},
	{"watchdog", "xid node=a code=45 class=consequence", -10 * SECOND, 2 * MINUTE, "2<1 C14b"},
	{"lost node=a pod=p", "hang nodes=a", -2 * MINUTE, 10 * MINUTE, "2<1 C7"},
	{"ended node=a job=j gpu_pod", "hang nodes=a job=k", -2 * MINUTE, 10 * MINUTE, "2<1 C7"},
	{"xid node=a", "hang nodes=a", -2 * MINUTE, 10 * MINUTE, "2<1 C7b"},
	{"reboot node=a", "hang nodes=a", -2 * MINUTE, 10 * MINUTE, "2<1 C7b"},
	{"xid node=a gpu=1 class=application", "hang nodes=a gpus=a/1", -2 * MINUTE, 2 * MINUTE, "2<1 C7c"},
	{"storage node=a", "hang nodes=a detail=never_joined", -2 * MINUTE, 10 * MINUTE, "2<1 C7d"},
	{"link node=a named", "hang waits=a detail=stalled", -2 * MINUTE, 10 * MINUTE, "2<1 C7d"},
	{"link node=a named resolved=99m", "hang waits=a detail=stalled", -2 * MINUTE, MINUTE, "2<1 C7d"},
	{"heat node=a grave", "hang nodes=a detail=stalled", -2 * MINUTE, MINUTE, "2<1 C8"},
	{"hang", "watchdog", -5 * SECOND, 65 * MINUTE, "2<1 C14"},
};

static bool
window_row(size_t row, int64_t at, bool linked, const struct inquest_config *c, int64_t skew)
{
	char facts[200];

	(void)snprintf(facts, sizeof(facts), "%s; %s @%lldn", windows[row].cause, windows[row].effect, (long long)at);
	return links_are(facts, linked ? windows[row].link : "", c, skew);
}

static void
check_windows(const struct inquest_config *c, int64_t skew)
{
	for (size_t i = 0; i < NELEM(windows); i++) {
		int64_t min = windows[i].min - skew, max = windows[i].max + skew;

		CHECK_ROW(i, window_row(i, min - 1, false, c, skew));
		CHECK_ROW(i, window_row(i, min, true, c, skew));
		CHECK_ROW(i, window_row(i, max, true, c, skew));
		CHECK_ROW(i, window_row(i, max + 1, false, c, skew));
	}
}

/* ---- conditions ---- */

static const struct {
	const char *facts, *links;
} cases[] = {
	{"", ""},
	/* C10: that node's pressure evicted the pod */
	{"pressure node=a; lost node=b how=pressure", ""},
	{"pressure node=a; lost node=a how=limit", ""},
	/* C16: what a cordon comes before */
	{"cordon node=a; lost node=b how=api", ""},
	{"cordon node=a; lost node=a how=node", ""},
	{"cordon node=a; lost node=a how=preemption", ""},
	{"cordon node=a; notready node=b", ""},
	{"cordon node=a; lost node=b how=taint", ""},
	/* a taint because of a fault or of a node that is not ready is theirs */
	{"cordon node=a; xid node=a code=79 @1; lost node=a how=taint @2", "3<2 C2 (1)"},
	{"cordon node=a; lost node=a how=shutdown @1; notready node=a @2", "2<1 C16, 3<1 C16"},
	{"lost node=a how=shutdown; notready node=a @2", "2<1 C16"},
	{"lost node=a how=api; notready node=a @2", ""},
	{"lost node=b how=shutdown; notready node=a @2", ""},
	{"lost node=a how=shutdown; notready node=a nodes=a @2", "2<1 C16"},
	{"lost node=a how=shutdown; notready node=a nodes=a,b @2", ""},
	{"reboot node=a; ended node=b pod=p job=j gpu_pod code=143", ""},
	{"reboot node=a; ended node=a pod=p job=j code=143", ""},
	{"reboot node=a; ended node=a pod=p job=j gpu_pod code=142", ""},
	/* C17: a drain after a pod failed is a response to it, whatever else comes first */
	{"ended node=a pod=p; lost node=a pod=p how=api @1m", "2<1 C17"},
	{"ended node=a pod=p; lost node=b pod=p how=shutdown @1m", "2<1 C17"},
	{"ended node=a pod=p; lost node=a pod=p how=node @1m", ""},
	{"ended node=a pod=p; lost node=a pod=q how=api @1m", ""},
	{"ended node=a pod=p job=j gpu_pod; lost node=a pod=q job=k how=api @1m", ""},
	{"ended node=a pod=p job=j gpu_pod; lost node=b pod=q job=j how=api @1m", ""},
	{"ended node=a pod=p job=j; lost node=a pod=q job=j how=api @1m", ""},
	{"ended node=a pod=p job=j gpu_pod code=143; lost node=a pod=q job=j how=api @1m", ""},
	{"ended node=a pod=p gpu_pod; lost node=a pod=q how=api @1m", ""},
	{"ended node=a job=j gpu_pod; lost node=a pod=q job=j how=api @1m", ""},
	{"ended node=a pod=p; cordon node=a @30; lost node=a pod=p how=api @1m", "3<1 C17"},
	{"ended node=a pod=p; cordon node=a @30; lost node=a pod=p how=taint @1m", "3<1 C17"},
	{"ended node=a pod=p; notready node=a @30; lost node=a pod=p how=taint @1m", "3<2 C5 (1)"},
	/* C13 */
	{"sxid node=a; xid node=b code=74", ""},
	{"sxid node=a; xid node=a code=79", ""},
	/* C1: a hardware Xid of the same GPU */
	{"pcie node=a gpu=1; xid node=a gpu=1 code=999 class=unknown", "2<1 C1"},
	{"pcie node=a gpu=1; xid node=a gpu=1 code=13 class=application", ""},
	{"pcie node=a gpu=1; xid node=a gpu=2 code=79", ""},
	{"pcie node=a gpu=1; xid node=b gpu=1 code=79", ""},
	{"pcie node=a; xid node=a code=79", ""},
	/* C8b: heat of that GPU, or of its node */
	{"heat node=a gpu=2; xid node=a gpu=1 code=79", ""},
	{"heat node=a gpu=1; xid node=a gpu=1 code=119", ""},
	{"heat node=a; xid node=a gpu=1 code=79", "2~1 C8b"},
	{"heat nodes=b,a; xid node=a gpu=1 code=79", "2~1 C8b"},
	{"heat node=b; xid node=a gpu=1 code=79", ""},
	/* C3: the gravest first; of one GPU, one code, or NVLink after 79 */
	{"xid node=a gpu=1 code=119; xid node=a gpu=1 code=79 @1", "1<2 C3"},
	{"xid node=a gpu=1 code=79; xid node=a gpu=2 code=79 @1", "2<1 C3"},
	{"xid node=a gpu=1 code=79; xid node=a gpu=2 code=119 @1", ""},
	{"xid node=a gpu=1 code=79; xid node=b gpu=1 code=79 @1", ""},
	{"xid node=a code=79; xid node=a gpu=1 code=79 @1", ""},
	{"xid node=a gpu=1 code=79; xid node=a code=79 @1", ""},
	{"xid node=a gpu=1 code=79; xid node=a gpu=1 code=999 class=unknown @1", "2<1 C3"},
	{"xid node=a gpu=1 code=79; xid node=a gpu=1 code=13 class=application @1", ""},
	{"xid node=a gpu=1 code=999 class=unknown; xid node=a gpu=1 code=998 class=unknown @1", ""},
	{"xid node=a gpu=1 code=79; xid node=a gpu=2 code=73 @1", ""},
	{"xid node=a gpu=1 code=79; xid node=a gpu=2 code=74 @1", "2<1 C3"},
	{"xid node=a gpu=1 code=79; xid node=a gpu=2 code=75 @1", ""},
	{"xid node=a gpu=1 code=79; xid node=a gpu=2 code=143 @1", ""},
	{"xid node=a gpu=1 code=79; xid node=a gpu=2 code=144 @1", "2<1 C3"},
	{"xid node=a gpu=1 code=79; xid node=a gpu=2 code=150 @1", "2<1 C3"},
	{"xid node=a gpu=1 code=79; xid node=a gpu=2 code=151 @1", ""},
	{"xid node=a gpu=1 code=80; xid node=a gpu=2 code=74 @1", ""},
	/* the first of equals, by time, then by address */
	{"xid node=a gpu=1 code=119; xid node=a gpu=2 code=119", "2<1 C3"},
	/* all of a burst are effects of its root */
	{"xid node=a gpu=1 code=74; xid node=a gpu=2 code=74 @9; xid node=a gpu=3 code=74 @18", "2<1 C3, 3<1 C3"},
	/* C3b: a row remap, 63 or 64, after an uncorrectable error, 48, 94 or 95 */
	{"xid node=a gpu=1 code=94; xid node=a gpu=1 code=64 @1m", "2<1 C3"},
	{"xid node=a gpu=1 code=95; xid node=a gpu=1 code=63 class=informational @1m", "2<1 C3"},
	{"xid node=a gpu=1 code=48; xid node=a gpu=1 code=65 @1m", ""},
	{"xid node=a gpu=1 code=47; xid node=a gpu=1 code=64 @1m", ""},
	{"xid node=a gpu=1 code=48; xid node=a gpu=2 code=64 @1m", ""},
	/* C4: which faults take a node down, and which only precede it */
	{"xid node=a gpu=1 code=119; notready node=a @1m", "2~1 C4"},
	{"xid node=a gpu=1 code=999 class=unknown; notready node=a @1m", "2~1 C4"},
	{"xid node=a gpu=1 code=13 class=application; notready node=a @1m", ""},
	{"pcie node=a gpu=1; notready node=a @1m", ""},
	{"xid node=a gpu=1 code=79; notready node=b @1m", ""},
	{"panic node=a; notready node=b @1m", ""},
	{"reboot node=a; notready node=b @1m", ""},
	{"ended node=a oom; notready node=a @1m", ""},
	{"ended node=a grave; notready node=a @1m", ""},
	{"ended node=a pod=p oom grave; notready node=a @1m", ""},
	{"ended node=a oom grave; notready node=b @1m", ""},
	/* C5: the loss itself tells of the node */
	{"notready node=a; lost node=b how=node @1m", ""},
	{"notready node=a; lost node=a @1m", ""},
	{"notready node=a; lost node=a how=preemption @1m", ""},
	{"notready node=b nodes=b,a; lost node=a how=node @1m", "2<1 C5"},
	/* C2: hardware, then a pod of its node: 1 min; 2 if it failed; 6 for a dark node */
	{"xid node=a code=79; lost node=a @-1", "2<1 C2"},
	{"xid node=a code=79; lost node=a @-1-", ""},
	{"xid node=a code=79; lost node=a @1m", "2<1 C2"},
	{"xid node=a code=79; lost node=a @1m+", "2~1 C2"},
	{"xid node=a code=79; lost node=a @99m", "2~1 C2"},
	{"xid node=a code=999 class=unknown; lost node=a @1m", "2<1 C2"},
	{"xid node=a code=999 class=unknown; lost node=a @1m+", ""},
	{"xid node=a code=13 class=application; lost node=a @1m", ""},
	{"xid node=a code=79; lost node=a how=taint @6m", "2<1 C2"},
	{"xid node=a code=79; lost node=a how=node @6m", "2<1 C2"},
	{"xid node=a code=79; lost node=a how=node @6m+", "2~1 C2"},
	{"xid node=a code=79; ended node=a pod=p job=j @2m", "2<1 C2"},
	{"xid node=a code=79; ended node=a pod=p job=j @2m+", "2~1 C2"},
	{"hbm node=a; lost node=a @1", "2<1 C2"},
	{"machine_check node=a; lost node=a @1", "2<1 C2"},
	{"pcie node=a grave; lost node=a @1", ""},
	{"xid node=a code=79; lost node=b @1", ""},
	{"xid node=a code=79; lost node=a how=shutdown @1", ""},
	{"xid node=a code=79; lost node=a how=pressure @1", ""},
	{"xid node=a code=79; ended node=a pod=p job=j oom @1", ""},
	{"xid node=a code=79; ended node=a pod=p job=j gpu_memory @1", ""},
	/* the GPU was another pod's */
	{"xid node=a code=79 pod=p; lost node=a pod=q @1", ""},
	{"xid node=a code=79 pod=p; lost node=a pod=p @1", "2<1 C2"},
	{"xid node=a code=79 pod=p; lost node=a @1", "2<1 C2"},
	/* until the GPU came back */
	{"xid node=a code=79 resolved=30; lost node=a @30", "2<1 C2"},
	{"xid node=a code=79 resolved=30; lost node=a @30+", ""},
	/* C14b */
	{"watchdog job=j; ended node=a pod=p job=j @1m", "2<1 C14b"},
	{"watchdog job=j; ended node=a pod=p job=k @1m", ""},
	{"watchdog job=j; ended node=a pod=p gpu_pod @1m", "2<1 C14b"},
	{"watchdog; ended node=a pod=p job=j @1m", ""},
	{"watchdog; ended node=a pod=p gpu_pod @1m", "2<1 C14b"},
	{"hang nodes=b waits=c; ended node=a @5m", ""},
	{"hang nodes=b waits=a job=j; ended node=a job=j pod=p @5m", "2<1 C14b"},
	{"hang nodes=b waits=a job=j; ended node=a job=k pod=p @5m", ""},
	{"hang nodes=b waits=a job=j; ended node=a @5m", "2<1 C14b"},
	{"hang nodes=b waits=a; ended node=a job=j pod=p @5m", "2<1 C14b"},
	{"watchdog; xid node=a code=13 class=application", "2<1 C14b"},
	{"watchdog; xid node=a code=79", ""},
	{"watchdog; xid node=a code=63 class=informational", ""},
	{"pod x/p node=a job=j gpus=8; watchdog job=j; xid node=a code=45 class=consequence", "2<1 C14b"},
	{"pod x/p node=b job=j gpus=8; watchdog job=j; xid node=a code=45 class=consequence", ""},
	/* C11: a process killed for memory, of a pod that is not known */
	{"ended node=a; ended node=a pod=p job=j gpu_pod @1", ""},
	{"ended node=a pod=q oom; ended node=a pod=p job=j gpu_pod @1", ""},
	{"ended node=a oom; ended node=b pod=p job=j gpu_pod @1", ""},
	{"ended node=a oom; ended node=a gpu_pod code=1 @1", ""},
	{"ended node=a oom; ended node=a pod=p job=j @1", ""},
	{"ended node=a oom; ended node=a pod=p job=j gpu_pod oom @1", ""},
	{"ended node=a oom; ended node=a pod=p job=j gpu_pod gpu_memory @1", ""},
	/* C15 */
	{"lost pod=p; ended pod=q @1", ""},
	{"lost node=a; xid node=b code=45 class=consequence @1", ""},
	{"lost node=a; xid node=a code=43 class=consequence @1", "2<1 C15"},
	{"lost node=a; xid node=a code=31 class=application @1", "2<1 C15"},
	{"lost node=a; xid node=a code=44 class=consequence @1", ""},
	{"lost node=a pod=p; xid node=a pod=p code=45 class=consequence @1", "2<1 C15"},
	{"lost node=a pod=p; xid node=a pod=q code=45 class=consequence @1", ""},
	/* C7: the pod held the blamed ranks */
	{"lost node=a pod=p; hang nodes=a pods=p @1", "2<1 C7"},
	{"lost node=a pod=q; hang nodes=a pods=p @1", ""},
	{"lost node=a pod=p; hang nodes=b @1", ""},
	{"lost node=a pod=p; hang nodes=b pods=q,p @1", "2<1 C7"},
	{"lost pod=p; hang pods=p @1", "2<1 C7"},
	{"lost; hang @1", ""},
	{"lost node=a; hang nodes=a pods=p @1", "2<1 C7"},
	{"ended node=a pod=p; hang nodes=a @1", ""},
	{"ended node=a pod=p; hang nodes=a pods=p @1", "2<1 C7"},
	{"lost node=a pod=p; hang nodes=a detail=mismatch @1", ""},
	{"lost node=a pod=p; hang nodes=a detail=deadlock @1", ""},
	{"lost node=a pod=p; hang nodes=a detail=never_joined @1", ""},
	{"ended node=a pod=p oom; hang nodes=a pods=p detail=never_joined @1", "2<1 C7"},
	{"ended node=a pod=p oom; hang nodes=a pods=p detail=deadlock @1", ""},
	{"lost node=a pod=p undated; hang nodes=a pods=p @1", "2~1 C7"},
	{"lost node=a pod=p undated; hang nodes=a @1", ""},
	{"lost node=a pod=p; hang nodes=a pods=p undated @1", ""},
	{"ended node=a pod=p gpu_memory; hang nodes=a pods=p @1", "2~1 C7"},
	{"ended node=a pod=p gpu_memory gpu_pod; hang nodes=a pods=p @1", "2<1 C7"},
	{"ended node=a gpu_memory; hang nodes=a @1", ""},
	{"ended node=a gpu_memory gpu_pod; hang nodes=a @1", "2<1 C7"},
	{"ended node=a oom; hang nodes=a @1", "2~1 C7"},
	{"ended node=a oom; hang nodes=b waits=a @1", ""},
	{"ended node=a oom pod=p; hang nodes=a @1", ""},
	/* C7b: what broke on the node of the blamed ranks */
	{"hbm node=a; hang nodes=a @1", "2<1 C7b"},
	{"pcie node=a; hang nodes=a @1", "2<1 C7b"},
	{"sxid node=a; hang nodes=a @1", "2<1 C7b"},
	{"notready node=a; hang nodes=a @1", "2<1 C7b"},
	{"machine_check node=a; hang nodes=a @1", "2<1 C7b"},
	{"panic node=a; hang nodes=a @1", "2<1 C7b"},
	{"xid node=a code=13 class=application; hang nodes=a @1", ""},
	{"xid node=a code=999 class=unknown; hang nodes=a @1", "2<1 C7b"},
	{"xid node=a; hang nodes=b waits=a @1", ""},
	{"xid node=a; hang nodes=b,a @1", "2<1 C7b"},
	{"notready nodes=b,a; hang nodes=a @1", "2<1 C7b"},
	{"pcie node=a corrected; hang nodes=a detail=silent @1", ""},
	{"pcie node=a corrected; hang nodes=a detail=stalled @1", "2<1 C7b"},
	{"pcie node=a corrected; hang nodes=a detail=stuck_on_device @1", "2<1 C7b"},
	{"xid node=a corrected; hang nodes=a detail=silent @1", "2<1 C7b"},
	{"xid node=a pod=p; hang nodes=a pods=q @1", ""},
	{"xid node=a pod=p; hang nodes=a pods=q,p @1", "2<1 C7b"},
	{"xid node=a pod=p; hang nodes=a @1", "2<1 C7b"},
	{"xid node=a gpu=1; hang nodes=a gpus=a/2,a/1 @1", "2<1 C7b"},
	{"xid node=a gpu=1; hang nodes=a gpus=a/2 @1", ""},
	{"xid node=a gpu=1; hang nodes=a gpus=b/1 @1", ""},
	{"xid node=a gpu=1; hang nodes=a @1", "2<1 C7b"},
	{"xid node=a; hang nodes=a gpus=a/2 @1", "2<1 C7b"},
	{"sxid node=a gpu=1; hang nodes=a gpus=a/2 @1", "2<1 C7b"},
	{"xid node=a resolved=1; hang nodes=a @1", "2<1 C7b"},
	{"xid node=a resolved=1; hang nodes=a @1+", ""},
	/* the program's own faults, unless its GPU failed */
	{"xid node=a gpu=1; hang nodes=a detail=mismatch @1", ""},
	{"xid node=a gpu=1; hang nodes=a gpus=a/1 detail=deadlock @1", ""},
	{"xid node=a gpu=1; hang nodes=a detail=never_joined @1", "2~1 C7b"},
	{"xid node=a gpu=1; hang nodes=a gpus=a/1 detail=never_joined @1", "2<1 C7b"},
	{"xid node=a gpu=1; hang nodes=a gpus=a/2 detail=never_joined @1", ""},
	{"xid node=a; hang nodes=a detail=never_joined @1", ""},
	{"pcie node=a gpu=1; hang nodes=a detail=never_joined @1", ""},
	{"sxid node=a gpu=1; hang nodes=a detail=never_joined @1", ""},
	/* C7c: exactly that rank's GPU */
	{"xid node=a gpu=1 class=application; hang nodes=a gpus=a/2 @1", ""},
	{"xid node=a gpu=1 class=application; hang nodes=a @1", ""},
	{"xid node=a class=application; hang nodes=a gpus=a/1 @1", ""},
	{"xid node=a gpu=1 class=application; hang nodes=b gpus=a/1 @1", ""},
	{"xid node=a gpu=1 class=consequence; hang nodes=a gpus=a/1 @1", ""},
	{"xid node=a gpu=1 class=application; hang nodes=a gpus=a/1 detail=never_joined @1", ""},
	/* C7d: a port of a node whose ranks wait, files of one whose rank never joined */
	{"storage node=a; hang nodes=a detail=silent @1", "2~1 C7d"},
	{"storage node=a; hang nodes=a detail=stalled @1", ""},
	{"storage node=a; hang nodes=b waits=a detail=never_joined @1", ""},
	{"storage node=a pod=p; hang nodes=a pods=q detail=never_joined @1", ""},
	{"storage node=a pod=p; hang nodes=a pods=q,p detail=never_joined @1", "2<1 C7d"},
	{"storage node=a pod=p; hang nodes=a detail=never_joined @1", "2<1 C7d"},
	{"storage node=a; hang nodes=a pods=p detail=never_joined @1", "2<1 C7d"},
	{"link node=a; hang nodes=a detail=silent @1", ""},
	{"link node=a; hang nodes=a detail=stuck_on_device @1", "2~1 C7d"},
	{"link node=a named; hang nodes=a detail=stalled @1", "2<1 C7d"},
	{"link node=a; hang nodes=a blamed=3 detail=stalled @1", "2<1 C7d"},
	{"link node=a; hang nodes=a,b blamed=3 detail=stalled @1", "2~1 C7d"},
	{"link nodes=a,b; hang nodes=a,b detail=stalled @1", "2<1 C7d"},
	{"link nodes=a,b; hang nodes=a,b,c detail=stalled @1", "2~1 C7d"},
	{"link node=a named; hang nodes=a,b detail=stalled @1", "2<1 C7d"},
	{"link node=b named; hang nodes=a,b detail=stalled @1", "2<1 C7d"},
	{"link node=a; hang nodes=b waits=c,a detail=stalled @1", "2~1 C7d"},
	{"link node=a; hang nodes=b waits=c detail=stalled @1", ""},
	/* C8: the ranks' GPUs are hot */
	{"heat node=a; hang nodes=a detail=stalled @1", "2~1 C8"},
	{"heat node=a grave; hang nodes=a detail=stuck_on_device @1", "2<1 C8"},
	{"heat node=a grave; hang nodes=a detail=silent @1", ""},
	{"heat node=a grave; hang waits=a detail=stalled @1", ""},
	{"heat node=a grave; hang nodes=a,b detail=stalled @1", ""},
	{"heat node=b grave; hang nodes=a,b detail=stalled @1", ""},
	{"heat nodes=a,b grave; hang nodes=a,b detail=stalled @1", "2<1 C8"},
	{"heat node=a gpus=a/1,a/2 grave; hang nodes=a gpus=a/2 detail=stalled @1", "2<1 C8"},
	{"heat node=a gpus=a/1,a/2 grave; hang nodes=a gpus=a/3,a/1 detail=stalled @1", "2<1 C8"},
	{"heat node=a gpus=a/1,a/2 grave; hang nodes=a gpus=a/3 detail=stalled @1", ""},
	{"heat node=a gpus=a/1 grave; hang nodes=a detail=stalled @1", "2<1 C8"},
	{"heat node=a gpu=1 grave; hang nodes=a detail=stalled @1", "2~1 C8"},
	{"heat node=a gpu=1 grave; hang nodes=a gpus=a/1 detail=stalled @1", "2<1 C8"},
	{"heat node=a gpu=1 grave; hang nodes=a gpus=a/2 detail=stalled @1", ""},
	/* C14 */
	{"hang job=j; watchdog job=j @9m", "2<1 C14"},
	{"hang job=j; watchdog job=k @9m", ""},
	{"hang job=j; watchdog @9m", "2<1 C14"},
	{"hang; watchdog job=j @9m", "2<1 C14"},

	/* a delay counts from the nearest point of the cause, until the effect may have been */
	{"notready node=a @0..10m; lost node=a how=node @16m", "2<1 C5"},
	{"notready node=a @0..10m; lost node=a how=node @16m+", ""},
	{"notready node=a @5..10m; lost node=a how=node @3..4", "2<1 C5"},
	{"notready node=a @5..10m; lost node=a how=node @3-", ""},
	{"xid node=a code=79 @0; notready node=a @5m..9m", "2<1 C4"},
	{"xid node=a code=79 @0; notready node=a @6m+..9m", ""},
	/* a cause that lasts is found behind later ones that were over */
	{"notready node=a @-9m; notready node=a @-5m..60m; notready node=a @1m; lost node=a how=node @59m", "4<2 C5"},
	{"pcie node=a gpu=1 @-9m; pcie node=a gpu=1 @-5m..60m; pcie node=a gpu=2 @1m; xid node=a gpu=1 code=79 @59m", "4<2 C1"},
	{"pcie node=a gpu=1 @0..60m; pcie node=b gpu=1 @1m; pcie node=a gpu=2 @2m; xid node=a gpu=1 code=79 @59m", "4<1 C1"},
	/* a fact is not its own cause */
	{"xid node=a gpu=1 code=79", ""},

	/* a hang's cause, most direct first: a pod lost before it, memory, other faults,
	 * NVSwitches, the rest, a program's Xid, a pod lost later */
	{"lost node=a pod=p @20; hbm node=a; hang nodes=a", "1<2 C2, 3<1 C7 (2)"},
	{"lost node=a pod=p @20+; hbm node=a; hang nodes=a", "1<2 C2, 3<2 C7b (1)"},
	{"lost node=a pod=p how=api @1; hbm node=a; hang nodes=a", "3<1 C7 (2)"},
	{"lost node=a pod=p how=api @1+; hbm node=a; hang nodes=a", "3<2 C7b (1)"},
	{"lost node=a pod=p how=shutdown @1+; hbm node=a; hang nodes=a", "3<2 C7b (1)"},
	{"lost node=a pod=p how=preemption @1+; hbm node=a; hang nodes=a", "3<2 C7b (1)"},
	{"ended node=a pod=p gpu_pod how=api @1+; hbm node=a; hang nodes=a", "3<1 C7 (2)"},
	{"hbm node=a @-1m; xid node=a; hang nodes=a", "3<1 C7b (2)"},
	{"xid node=a @-1m; sxid node=a; hang nodes=a", "3<1 C7b (2)"},
	{"pcie node=a @-1m; sxid node=a; hang nodes=a", "3<1 C7b (2)"},
	{"machine_check node=a @-1m; sxid node=a; hang nodes=a", "3<1 C7b (2)"},
	{"panic node=a @-1m; sxid node=a; hang nodes=a", "3<1 C7b (2)"},
	{"notready node=a @-1m; sxid node=a; hang nodes=a", "3<1 C7b (2)"},
	{"sxid node=a @-1m; reboot node=a; hang nodes=a", "3<1 C7b (2)"},
	{"reboot node=a @-1m; xid node=a gpu=1 class=application; hang nodes=a gpus=a/1", "3<1 C7b (2)"},
	{"xid node=a gpu=1 class=application @-1m; lost node=a pod=p @21; hang nodes=a gpus=a/1", "3<1 C7c (2)"},
	/* then what causes it, the gravest class, the nearest; rivals are no weaker */
	{"link node=a named @-1m; link node=b; hang nodes=a,b detail=stalled", "3<1 C7d"},
	{"xid node=a class=unknown gpu=2; xid node=a gpu=1 @-1m; hang nodes=a", "3<2 C7b (1)"},
	{"xid node=a gpu=1 code=119 @-2m; xid node=a gpu=2 code=74 @-1m; hang nodes=a", "3<2 C7b (1)"},
	{"xid node=a gpu=1 code=119 @-1m; xid node=a gpu=2 code=74 @1m+; hang nodes=a", "3<1 C7b (2)"},
	{"xid node=a gpu=1 code=119; xid node=a gpu=2 code=74; hang nodes=a", "3<1 C7b (2)"},
	/* of kinds as direct, the rule that comes first; of one kind, the nearest */
	{"cordon node=a; notready node=a @1m; lost node=a how=taint @2m", "2<1 C16, 3<2 C5 (1)"},
	{"xid node=a code=79 @-1m; notready node=a; lost node=a how=node", "2<1 C4, 3<1 C2 (2)"},
	{"notready node=a @-2m; notready node=a @-1m; lost node=a how=node", "3<2 C5 (1)"},

	/* pods that end after the watchdog timed out are its effects (a second is rounding) */
	{"ended node=a gpu_pod @9; watchdog @10; hang nodes=a", "2<3 C14, 3<1 C7"},
	{"ended node=a gpu_pod @9+; watchdog @10; hang nodes=a", "1<2 C14b, 2<3 C14"},
	{"lost node=a @9+; watchdog @10; hang nodes=a", "2<3 C14"},
	{"lost node=a pod=p undated @9..99m; watchdog @10; hang nodes=a pods=p", "2<3 C14, 3~1 C7"},
	{"lost node=a pod=p undated @9+..99m; watchdog @10; hang nodes=a pods=p", "2<3 C14"},
	{"xid node=a @9+; watchdog @10; hang nodes=a", "2<3 C14, 3<1 C7b"},
	{"lost node=a @60; watchdog job=k @10; hang nodes=a job=j", "3<1 C7"},
	{"lost node=a @60; watchdog job=j @10; hang nodes=a job=j", "2<3 C14"},
	{"lost node=a @60; watchdog job=k @10; watchdog job=j @20; hang nodes=a job=j", "3<4 C14"},
	/* a timeout before the hang is another's */
	{"lost node=a @60; watchdog @-6; hang nodes=a", "3<1 C7"},
	{"lost node=a @60; watchdog; hang nodes=a", "2<3 C14"},

	/* pods of a job that fail within a minute: those with no cause follow the first with
	 * one, or the first that was not stopped */
	{"ended pod=p job=j code=1; ended pod=q job=j code=1 @1m", "2<1 C15"},
	{"ended pod=p job=j code=1; ended pod=q job=j code=1 @1m+", ""},
	{"ended pod=p job=j code=1; ended pod=q job=k code=1", ""},
	{"ended pod=p job=j code=1; ended pod=q code=1", ""},
	{"ended pod=p job=j code=143; ended pod=q job=j code=1 @1; ended pod=r job=j code=1 @2", "1<2 C15, 3<2 C15"},
	{"ended pod=p job=j code=143; ended pod=q job=j code=143 @1", "2<1 C15"},
	{"ended pod=p job=j code=1; ended pod=q node=a job=j code=1 @1; ended pod=r node=b job=j code=1 @2; xid node=a; xid node=b",
		"1<2 C15, 2<4 C2, 3<5 C2"},
	{"ended pod=p job=j how=api code=1; ended pod=q job=j code=1 @1", ""},
	{"lost pod=p job=j how=preemption; lost pod=q job=j how=preemption @1m", "2<1 C11"},
	{"lost pod=p job=j how=api; lost pod=q job=j how=api @1", "2<1 C11"},
	{"lost pod=p job=j how=api; lost pod=q job=j how=preemption @1", ""},
	{"lost pod=p job=j how=node; lost pod=q job=j how=node @1", ""},
	{"lost pod=p job=j how=api undated; lost pod=q job=j how=api @1", ""},
	/* the first never follows its effects */
	{"lost pod=p job=j; ended pod=p job=j code=1 @1; ended pod=q job=j code=1", "2<1 C15, 3<2 C15"},

	/* tasks of a launcher, without pod and job */
	{"ended node=a gpu_pod code=1; ended node=b gpu_pod code=1 @1m", "2<1 C15"},
	{"ended node=a gpu_pod code=1; ended node=b gpu_pod code=1 @1m+", ""},
	{"ended node=a code=1; ended node=b gpu_pod code=1", ""},
	{"ended node=a gpu_pod code=1; ended node=b job=j gpu_pod code=1", ""},
	{"ended node=a gpu_pod code=1; ended node=b pod=p gpu_pod code=1", ""},
	{"ended node=a gpu_pod code=143; ended node=b gpu_pod code=1 @1", "1<2 C15"},
	{"ended node=a gpu_pod code=143; ended node=b gpu_pod code=143 @1", "2<1 C15"},
	{"ended node=a gpu_pod code=1; ended node=b gpu_pod oom code=9 @1", "1<2 C15"},
	{"ended node=a gpu_pod oom; ended node=b gpu_pod code=1 @1; xid node=b code=79", "1<2 C15, 2<3 C2"},
	{"ended node=a gpu_pod code=1; lost @1; xid node=a code=79", "1<3 C2"},
	{"ended node=a gpu_pod code=1; lost @1; ended node=b gpu_pod code=1 @2; xid node=a code=79", "1<4 C2, 3<2 C15"},
	{"ended node=a gpu_pod code=1; lost @1", "1<2 C15"},
	{"ended node=a gpu_pod code=1; notready node=b named @1", "1<2 C15"},
	{"ended node=a gpu_pod code=1; notready node=b @1", ""},
	/* by the time they were seen */
	{"ended node=a gpu_pod code=1 @0 seen=3m; ended node=b gpu_pod code=1 @1m; ended node=c gpu_pod code=1 @150", "1<3 C15"},
	{"ended node=a gpu_pod code=1 @0 seen=1m; ended node=b gpu_pod code=1 @2m", "2<1 C15"},

	/* later ends of a job's other pods: from a loss, or a failure with a cause */
	{"pod x/q node=b job=j gpus=8 @-1m; lost pod=x/p job=j; ended pod=x/q job=j code=1 @65m", "2~1 C15 late"},
	{"pod x/q node=b job=j gpus=8 @-1m; lost pod=x/p job=j; ended pod=x/q job=j code=1 @65m+", ""},
	{"pod x/q node=b job=j gpus=8 @-1m; lost pod=x/p job=k; ended pod=x/q job=j code=1 @9m", ""},
	{"pod x/q node=b job=j gpus=8 @-1m; lost pod=x/p job=i; ended pod=x/q job=j code=1 @9m", ""},
	{"pod x/q job=j gpus=8 @-1m; ended pod=x/q job=j oom; ended pod=x/q job=j code=1 @9m", ""},
	{"pod x/q node=b job=j gpus=8 @0; lost pod=x/p job=j; ended pod=x/q job=j code=1 @9m", "2~1 C15 late"},
	{"pod x/q node=b job=j gpus=8 @0+; lost pod=x/p job=j; ended pod=x/q job=j code=1 @9m", ""},
	{"lost pod=x/p job=j; ended pod=x/q job=j code=1 @9m", ""},
	{"pod x/q job=j gpus=8 @-1m; lost pod=x/p job=j undated; ended pod=x/q job=j code=1 @9m", ""},
	{"pod x/q job=j gpus=8 @-1m; ended pod=x/p job=j code=1; ended pod=x/q job=j code=1 @9m", ""},
	{"pod x/q job=j gpus=8 @-1m; ended pod=x/p job=j code=1; ended pod=x/q job=j code=134 @9m", "2~1 C15 late"},
	{"pod x/q job=j gpus=8 @-1m; ended pod=x/p job=j oom; ended pod=x/q job=j code=1 @9m", "2~1 C15 late"},
	{"pod x/q job=j gpus=8 @-1m; ended pod=x/p job=j gpu_memory; ended pod=x/q job=j code=1 @9m", "2~1 C15 late"},
	{"pod x/q job=j gpus=8 @-1m; ended pod=x/p node=a job=j; xid node=a; ended pod=x/q job=j code=1 @9m",
		"1<2 C2, 3~1 C15 late"},
	/* what lasts is found behind later facts of its place */
	{"link node=a named @0..60m; panic node=a @30m; panic node=b @31m; hang nodes=a detail=stalled @70m", "4<1 C7d"},
	{"link node=a named @0..60m; panic node=a @30m; hang nodes=a detail=stalled @70m", "3<1 C7d"},
	/* past the own earlier ones of that pod */
	{"pod x/q job=j gpus=8 @-1m; lost pod=x/p job=j; ended pod=x/q job=j code=1 @5m; ended pod=x/q job=j code=1 @9m",
		"2~1 C15 late, 3~1 C15 late"},

	/* hangs of ranks without a place: what may have stopped them are rivals */
	{"xid node=a @-10m; hang unplaced", "2 (1)"},
	{"xid node=a @-10m-; hang unplaced", ""},
	{"xid node=a @2m; hang unplaced", "2 (1)"},
	{"xid node=a @2m+; hang unplaced", ""},
	{"xid node=a class=unknown; hang unplaced", "2 (1)"},
	{"xid node=a class=application; hang unplaced", ""},
	{"hbm node=a; pcie node=b; sxid node=c; machine_check node=d; notready node=e; lost node=f; hang unplaced",
		"7 (2 1 3 5 4 6)"},
	{"reboot node=a; ended node=a gpu_pod; heat node=a; hang unplaced", ""},
	{"lost pod=p undated; hang unplaced", ""},
	{"xid node=a; notready node=a @1; hang unplaced @2", "2~1 C4, 3 (1)"},
	{"xid node=a; hang unplaced detail=never_joined", ""},
	{"xid node=a; hang", ""},
	{"pod x/p node=a job=j gpus=8; xid node=a; xid node=b; hang unplaced job=j", "3 (1)"},
	{"pod x/p node=a job=k gpus=8; xid node=a; xid node=b; hang unplaced job=j", "3 (1 2)"},
	{"pod x/p node=b job=j gpus=8; notready nodes=a,b; hang unplaced job=j", "2 (1)"},
	{"pod x/p node=b job=j gpus=8; notready nodes=b,a; hang unplaced job=j", "2 (1)"},
	{"pod x/p node=b job=j gpus=8; notready nodes=c,a; hang unplaced job=j", ""},
	/* with a place that is only assumed, the others, too */
	{"xid node=a; xid node=b; hang nodes=a assumed", "3<1 C7b (2)"},
	{"xid node=a; xid node=b; hang nodes=a", "3<1 C7b"},
};

/* ---- several facts ---- */

static void
check_doubt(void)
{
	struct made m;
	struct fact *f;

	TEST("an assumed place blames no node if only others failed");
	CHECK(made_facts(&m, "xid node=b; hang node=a nodes=a pods=p gpus=a/1 waits=c assumed"));
	facts_link(&m.fs);
	f = made_fact(&m, 2);
	CHECK(!f->cause && f->nrival == 1);
	CHECK(f->ranks->unplaced && !f->node && !f->nnode && !f->ranks->npod && !f->ranks->ngpu && !f->ranks->nwaiting);
	made_free(&m);

	TEST("an assumed place without any failure stays, but clears no node");
	CHECK(made_facts(&m, "hang node=a nodes=a pods=p gpus=a/1 waits=c assumed"));
	facts_link(&m.fs);
	f = made_fact(&m, 1);
	CHECK(!f->ranks->unplaced && f->node && f->nnode == 1 && f->ranks->npod == 1 && f->ranks->ngpu == 1 && !f->ranks->nwaiting);
	made_free(&m);

	TEST("an assumed place of the only failure is kept, and clears the others");
	CHECK(made_facts(&m, "xid node=a gpu=1; hang node=a nodes=a gpus=a/1 waits=c assumed"));
	facts_link(&m.fs);
	f = made_fact(&m, 2);
	CHECK(f->cause && !f->nrival);
	CHECK(!f->ranks->unplaced && f->node && f->nnode == 1 && f->ranks->ngpu == 1 && f->ranks->nwaiting == 1);
	made_free(&m);
}

/* The links of a fact, the last one, behind n others with this beginning. */
struct crowd {
	size_t rivals;
	bool caused;
};

static struct crowd
crowd_of(const char *before, size_t n, const char *each, const char *last)
{
	struct made m;
	struct buf b = {0};
	struct fact *f;
	struct crowd found;

	buf_add(&b, str_of(before));
	for (size_t i = 0; i < n; i++) {
		buf_add(&b, str_of(each));
		buf_add(&b, S(" code="));
		buf_u64(&b, i + 200);
		buf_add(&b, S("; "));
	}
	buf_add(&b, str_of(last));
	buf_chr(&b, '\0');
	CHECK(made_facts(&m, b.p));
	facts_link(&m.fs);
	f = made_fact(&m, (uint32_t)m.fs.n);
	found = (struct crowd){f->nrival, f->cause != NULL};
	made_free(&m);
	buf_free(&b);
	return found;
}

int
main(void)
{
	struct inquest_config narrow = usual;

	TEST("windows are closed");
	check_windows(&usual, 0);
	TEST("--skew widens them on both sides");
	check_windows(&usual, 7 * SECOND);
	TEST("conditions");
	for (size_t i = 0; i < NELEM(cases); i++)
		CHECK_ROW(i, links_are(cases[i].facts, cases[i].links, &usual, 0));
	TEST("--run-ahead and --before are of hangs only");
	narrow.ahead = narrow.before = SECOND;
	CHECK(links_are("xid node=a; hang nodes=a @1", "2<1 C7b", &narrow, 0));
	CHECK(links_are("xid node=a; hang nodes=a @1+", "", &narrow, 0));
	CHECK(links_are("xid node=a; hang nodes=a @-1", "2<1 C7b", &narrow, 0));
	CHECK(links_are("xid node=a; hang nodes=a @-1-", "", &narrow, 0));
	CHECK(links_are("heat node=a grave; hang nodes=a detail=stalled @1m", "2<1 C8", &narrow, 0));
	CHECK(links_are("reboot node=a; ended node=a pod=p job=j gpu_pod code=143 @-2m", "2<1 C16", &narrow, 0));
	CHECK(links_are("lost node=a pod=p how=shutdown; notready node=a @-2m", "2<1 C16", &narrow, 0));
	narrow.ahead = narrow.before = 60 * MINUTE;
	CHECK(links_are("xid node=a; hang nodes=a @60m", "2<1 C7b", &narrow, 0));
	CHECK(links_are("xid node=a; hang nodes=a @-60m", "2<1 C7b", &narrow, 0));
	TEST("at most 64 other causes are kept");
	CHECK(crowd_of("", 64, "xid node=a", "hang nodes=a").rivals == 63);
	CHECK(crowd_of("", 65, "xid node=a", "hang nodes=a").rivals == 64);
	CHECK(crowd_of("", 66, "xid node=a", "hang nodes=a").rivals == 64);
	CHECK(crowd_of("", 63, "xid node=a", "hang unplaced").rivals == 63);
	CHECK(crowd_of("", 64, "xid node=a", "hang unplaced").rivals == 64);
	CHECK(crowd_of("", 65, "xid node=a", "hang unplaced").rivals == 64);
	TEST("of a burst, the last 1024 facts are tried, the effect among them; of all facts, 4096");
	CHECK(crowd_of("notready node=a @-1; ", 1022, "link node=a", "lost node=a how=node").caused);
	CHECK(!crowd_of("notready node=a @-1; ", 1023, "link node=a", "lost node=a how=node").caused);
	CHECK(crowd_of("xid node=a @-1; ", 4094, "link node=a", "hang unplaced").rivals == 1);
	CHECK(crowd_of("xid node=a @-1; ", 4095, "link node=a", "hang unplaced").rivals == 0);
	TEST("of its watchdogs, too");
	CHECK(!crowd_of("lost node=a @20; watchdog job=j @9; ", 1022, "watchdog job=k @8", "hang nodes=a job=j").caused);
	CHECK(crowd_of("lost node=a @20; watchdog job=j @9; ", 1024, "watchdog job=k @8", "hang nodes=a job=j").caused);
	check_doubt();
	return test_done();
}
