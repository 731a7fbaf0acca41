/*
 * From linked facts to stories: which are told, with what, and in which words (roots.c,
 * story.c, advice.c, related.c, words.c).  Facts are in test_facts.h's notation; "by=1"
 * says that the fact is an effect of the first one.
 */
#include "incident/story.h"
#include "incident/test_facts.h"

#include "base/test.h"

/* The stories of facts, in order of their roots. */
struct told {
	struct made m;
	struct story s[8];
	size_t n;
	struct verdicts out;
};

static bool
tell(struct told *t, const char *text, bool all)
{
	struct ids removed = {0};
	size_t n;
	struct fact **f;
	bool good;

	t->n = 0;
	t->out = (struct verdicts){0};
	good = made_facts(&t->m, text);
	t->m.c.all = all;
	t->m.d.out = &t->out;
	for (size_t i = 0; i < t->m.fs.n; i++) {
		t->m.fs.f[i].tried = t->m.fs.f[i].number; /* story.c numbers anew */
		t->m.fs.f[i].number = 0;
		if (t->m.fs.f[i].kind == FACT_CORDON && t->m.fs.f[i].grave)
			ids_add(&t->m.fs, &removed, t->m.fs.f[i].node);
	}
	f = roots_find(&t->m.fs, &n);
	for (size_t i = 0, end; i < n && t->n < NELEM(t->s); i = end) {
		for (end = i; end < n && f[end]->root == f[i]->root; end++)
			;
		if (!root_is_reported(&t->m.fs, f[i]->root))
			continue;
		t->s[t->n] = (struct story){.fs = &t->m.fs, .root = f[i]->root, .f = f + i, .n = end - i};
		story_make(&t->s[t->n++], &removed);
	}
	return good;
}

static void
tell_free(struct told *t)
{
	verdicts_free(&t->out);
	made_free(&t->m);
}

static bool
is_text(const char *facts, bool good, const struct buf *b, const char *want)
{
	struct str s = {b->p, b->n};

	if (good && str_eq(s, str_of(want)))
		return true;
	printf("# %s\n#%s %.*s\n# not: %s\n", facts, good ? "" : " (unknown word)", (int)b->n, b->p ? b->p : "", want);
	return false;
}

/* ---- which facts are told, in which order ---- */

static const struct {
	const char *facts, *all, *usual; /* usual: without --all */
} roots[] = {
	{"", "", ""},
	{"xid node=a code=79; lost node=a pattern=16 by=1; lost node=b pattern=14", "1 2, 3", "1 2, 3"},
	/* causes before effects, else by time */
	{"hang @2 blamed=0 waiting=1 by=2; xid node=a code=79 @3; notready node=a @1 by=2", "2 3 1", "2 3 1"},
	/* what is an incident by itself, and what only with effects */
	{"xid node=a code=79", "1", "1"},
	{"xid node=a code=999 class=unknown", "1", ""},
	{"xid node=a code=13 class=application", "1", ""},
	{"xid node=a code=13 class=application pattern=16", "1", "1"},
	{"xid node=a code=45 class=consequence; lost by=1", "1 2", ""},
	{"xid node=a code=13 class=application; lost by=1", "1 2", "1 2"},
	{"xid node=a code=999 class=unknown; lost by=1", "1 2", "1 2"},
	{"notready node=a", "1", ""},
	{"notready node=a named", "1", "1"},
	{"notready node=a; lost by=1", "1 2", "1 2"},
	{"ended node=a", "1", ""},
	{"ended node=a gpu_pod", "1", "1"},
	{"ended node=a; hang blamed=0 waiting=1 by=1", "1 2", "1 2"},
	{"hang blamed=0 waiting=1", "1", "1"},
	{"hang blamed=0", "1", ""},
	{"hang waiting=0,1", "1", "1"},
	{"hang waiting=0 detail=unknown", "1", "1"},
	{"link node=a", "1", ""},
	{"link node=a; hang by=1", "1 2", "1 2"},
	{"storage node=a", "1", ""},
	{"panic node=a", "1", ""},
	{"reboot node=a", "1", ""},
	{"panic node=a; lost by=1", "1 2", "1 2"},
	{"watchdog", "1", ""},
	{"cordon node=a", "1", ""},
	{"pressure node=a", "1", ""},
	{"lost how=limit", "1", ""},
	{"lost how=limit pattern=14", "1", "1"},
	{"lost how=limit; hang by=1", "1 2", "1 2"},
	{"lost", "1", "1"},
	{"pcie; hbm; sxid; machine_check; heat; other", "1, 2, 5, 3, 4, 6", "1, 2, 5, 3, 4, 6"},
	/* a node that is not ready follows a reboot, but is no reason to tell of it */
	{"reboot node=a; notready node=a @1 by=1", "1 2", ""},
	{"panic node=a; notready node=a @1 by=1", "1 2", "1 2"},
	{"reboot node=a; notready node=a @1 by=1; lost @2 by=2", "1 2 3", "1 2 3"},

	/* below a cordon or pressure, the first pod lost to it is told instead */
	{"pressure node=a; lost pod=p @1 by=1; lost pod=q @2 by=1", "1, 2 3", "2 3"},
	{"cordon node=a; lost pod=p @1 by=1", "1, 2", "2"},
	{"cordon node=a; notready node=a @1 by=1; lost pod=p @2 by=2", "1, 3 2", "3 2"},
	{"cordon node=a; notready node=a @1 by=1; lost pod=p @2 by=2; lost pod=q @3 by=1", "1, 4 2 3", "4 2 3"},
	{"cordon node=a; reboot node=a @1 by=1; hang blamed=0 waiting=1 @2 by=2", "1, 2 3", "2 3"},
	{"cordon node=a; reboot node=a @1 by=1", "1 2", ""},

	/* clean-up is counted, not told: Xids behind a watchdog, a loss or an end */
	{"hang blamed=0 waiting=1; watchdog @1 by=1; xid code=45 class=consequence @2 by=2", "1 2+1", "1 2+1"},
	{"lost; xid code=45 class=consequence @1 by=1", "1+1", "1+1"},
	{"ended gpu_pod; xid code=13 class=application @1 by=1 folded=2", "1+3", "1+3"},
	{"lost; xid code=79 @1 by=1", "1 2", "1 2"},
	{"lost; xid code=999 class=unknown @1 by=1", "1 2", "1 2"},
	{"xid code=79; xid code=45 class=consequence @1 by=1", "1 2", "1 2"},
	/* pods that end after the watchdogs: the first stands for the others */
	{"hang blamed=0 waiting=1; watchdog @1 by=1; ended @2 by=2; ended @3 by=2; ended @4 by=2", "1 2 3+2", "1 2 3+2"},
	{"hang blamed=0 waiting=1; ended @2 by=1; ended @3 by=1", "1 2+1", "1 2+1"},
	/* of ends together, those that follow another one, one at its limit or a lost node */
	{"ended gpu_pod; ended @1 by=1", "1+1", "1+1"},
	{"ended gpu_pod; ended @1 perhaps=1", "1 2", "1 2"},
	{"lost how=limit pattern=14; ended @1 by=1", "1+1", "1+1"},
	{"lost; ended @1 by=1", "1 2", "1 2"},
	{"notready named; ended @1 by=1", "1+1", "1+1"},
	{"notready; ended @1 by=1", "1 2", "1 2"},
	{"ended gpu_pod; ended @1 by=1; ended @2 by=2; lost @3 by=3", "1+2 4", "1+2 4"},
	{"lost; ended late @1 perhaps=1; ended late @2 perhaps=1; xid code=45 class=consequence @3 by=3", "1 2+2", "1 2+2"},
};

static bool
roots_are(const char *facts, bool all, const char *want)
{
	struct told t;
	struct buf b = {0};
	bool good = tell(&t, facts, all);

	for (size_t i = 0; i < t.n; i++)
		for (size_t k = 0; k < t.s[i].n; k++) {
			buf_add(&b, k ? S(" ") : i ? S(", ") : S(""));
			buf_u64(&b, t.s[i].f[k]->tried);
			if (t.s[i].f[k]->folded) {
				buf_chr(&b, '+');
				buf_u64(&b, t.s[i].f[k]->folded);
			}
		}
	good = is_text(facts, good, &b, want);
	tell_free(&t);
	buf_free(&b);
	return good;
}

/* ---- what a story has ---- */

static const struct {
	const char *facts, *has;
} stories[] = {
	/* first and last, places */
	{"xid node=a gpu=1 code=79 @5..7; lost node=a pod=x/p how=node @6..9 by=1; pod x/p node=a job=j gpus=8; has pod",
		"fault full 5-9 nodes=a pods=x/p jobs=j gpus=a/0000:01:00.0 cordon=a"},
	{"xid gpu=1 code=79 @5", "fault 5-5 gpus=-/0000:01:00.0 missing=pod_event"},
	{"sxid node=a gpu=1", "fault 0-0 nodes=a cordon=a missing=pod_event"},
	{"link nodes=b,a; hang by=1 blamed=0 waiting=1 detail=stalled", "fault 0-0 nodes=a,b missing=pod_event"},
	/* what may have happened before its root did not, unless it was seen before */
	{"notready node=a @5..9; lost node=a @7 by=1", "fault full 5-9 nodes=a cordon=a"},
	{"xid node=a code=79 @5; hang @3..60 blamed=0 waiting=1 by=1", "fault 5-60 nodes=a cordon=a missing=pod_event"},
	{"xid node=a code=79 @5; lost node=a undated @1..99 by=1", "fault 5-5 nodes=a cordon=a missing=pod_event"},
	{"lost node=a undated @1..99", "unknown 1-99 nodes=a"},
	{"xid node=a code=79 @5; notready node=a @1..9 by=1", "fault 5-9 nodes=a cordon=a missing=pod_event"},
	{"xid node=a code=79 @5; notready node=a @1..3 by=1", "fault 3-5 nodes=a cordon=a missing=pod_event"},
	/* a hang: the places of its blamed ranks; nodes of waiting ones are not to blame */
	{"hang job=j nodes=b,a pods=q,p waits=d,c blamed=0 waiting=1 detail=silent",
		"unknown 0-0 nodes=a,b pods=p,q jobs=j innocent=c,d missing=kernel_event,pod_event"},
	{"hang job=j nodes=b,a pods=q,p waits=d,c waiting=0,1 detail=silent",
		"unknown 0-0 jobs=j missing=kernel_event,pod_event"}, /* any may be the cause */
	{"has pod; panic; hang waits=d,c waiting=0,1 detail=silent by=1", "fault full 0-0 innocent=c,d"},
	{"hang waits=c blamed=0 waiting=1 unplaced detail=silent", "unknown 0-0 missing=kernel_event,pod_event,rank_placement"},
	{"hang waits=c blamed=0 waiting=1 assumed detail=silent", "unknown 0-0 innocent=c missing=kernel_event,pod_event,rank_placement"},
	{"hang blamed=0 waiting=1 guessed detail=silent", "unknown 0-0 missing=kernel_event,pod_event,nccl_record"},
	{"has xid; hang blamed=0 waiting=1 detail=silent", "unknown 0-0 missing=pod_event"},
	{"has aer; hang blamed=0 waiting=1 detail=silent", "unknown 0-0 missing=pod_event"},
	{"has loss; hang blamed=0 waiting=1 detail=silent", "unknown 0-0 missing=kernel_event"},
	{"has placement; hang blamed=0 waiting=1 detail=silent", "unknown 0-0 missing=kernel_event"},
	{"has pod; hang blamed=0 waiting=1 detail=silent", "unknown 0-0 missing=kernel_event"},
	{"has pod; panic; hang blamed=0 waiting=1 detail=silent by=1", "fault full 0-0"},
	{"panic; hang blamed=0 waiting=1 detail=silent by=1", "fault 0-0 missing=pod_event"},
	/* a cause on one node does not explain ranks that stopped on another */
	{"has pod; panic node=a; hang nodes=a blamed=0 waiting=2 detail=silent by=1", "fault full 0-0 nodes=a cordon=a"},
	{"has pod; panic node=a; hang nodes=a,b blamed=0,1 waiting=2 detail=silent by=1", "fault 0-0 nodes=a,b cordon=a missing=nccl_record"},
	{"has pod; panic node=a; hang nodes=b,a blamed=0,1 waiting=2 detail=stuck_on_device by=1", "fault 0-0 nodes=a,b cordon=a"},
	{"has pod; panic node=a; hang nodes=a,b blamed=0,1 waiting=2 detail=stalled by=1", "fault full 0-0 nodes=a,b cordon=a"},
	{"has pod; panic node=a; hang nodes=a,b waiting=0,1,2 detail=silent by=1", "fault full 0-0 nodes=a cordon=a"},
	{"has pod; panic node=a; notready node=b by=1 @1; hang nodes=a,b blamed=0,1 waiting=2 detail=silent by=1", "fault full 0-1 nodes=a,b cordon=a"},
	{"has pod; panic node=a; hang nodes=a,b blamed=0,1 waiting=2 detail=silent by=1 rivals=3; link node=b", "fault 0-0 nodes=a,b cordon=a"},
	{"has pod; link node=a; hang nodes=a,b blamed=0,1 waiting=2 detail=silent by=1", "fault full 0-0 nodes=a,b"},
	{"has pod; lost node=a how=api; hang nodes=a,b blamed=0,1 waiting=2 detail=silent by=1", "maintenance full 0-0 nodes=a,b"},
	/* the program's own */
	{"hang blamed=0 waiting=1 detail=mismatch", "application full 0-0"},
	{"hang blamed=0 waiting=1 detail=deadlock", "application full 0-0"},
	{"hang blamed=0 waiting=1 detail=never_joined", "application 0-0 missing=kernel_event,pod_event"},
	{"hang blamed=0 waiting=1 detail=stuck_on_device", "unknown 0-0 missing=kernel_event,pod_event"},
	/* watchdogs and what ends behind them took part, but were not hit by it */
	{"hang blamed=0 waiting=1 detail=mismatch; watchdog node=z @9 by=1; ended node=b pod=x/p @10 by=2", "application full 0-10"},
	{"xid node=a code=79; lost node=a pod=x/p @4 by=1; hang @3 blamed=0 waiting=1 by=1; watchdog @5 by=3",
		"fault 0-5 nodes=a pods=x/p cordon=a missing=pod_event"},
	{"xid node=a code=79; lost node=a pod=x/p @5 by=1; hang @3 blamed=0 waiting=1 by=1; watchdog @5 by=3",
		"fault 0-5 nodes=a cordon=a missing=pod_event"},
	{"ended node=a pod=x/p gpu_pod; pod x/p node=a job=j gpus=8; has xid", "application full 0-0 nodes=a pods=x/p jobs=j"},
	/* kinds */
	{"xid node=a code=13 class=application pattern=16", "application 0-0 nodes=a missing=pod_event"},
	{"xid node=a nodes=a,b,c code=144", "environment 0-0 nodes=a,b,c missing=pod_event"},
	{"xid node=a nodes=a,b code=144", "fault 0-0 nodes=a,b missing=pod_event"},
	{"xid node=a nodes=a code=144", "fault 0-0 nodes=a cordon=a missing=pod_event"},
	{"notready node=a nodes=a,b,c named", "environment full 0-0 nodes=a,b,c"},
	{"notready node=a nodes=a,b named", "fault full 0-0 nodes=a,b"},
	{"notready node=a nodes=a named", "fault full 0-0 nodes=a cordon=a"},
	{"notready node=a planned named", "maintenance full 0-0 nodes=a"},
	{"heat node=a detail=gpu", "fault full 0-0 nodes=a"},
	{"heat node=a detail=room", "environment full 0-0 nodes=a"},
	{"lost node=a", "unknown 0-0 nodes=a"},
	{"lost node=a how=limit pattern=14", "application full 0-0 nodes=a"},
	{"lost node=a how=preemption", "preemption full 0-0 nodes=a"},
	{"lost node=a how=api", "maintenance full 0-0 nodes=a"},
	{"lost node=a how=shutdown", "maintenance full 0-0 nodes=a"},
	{"lost node=a how=taint", "unknown 0-0 nodes=a"},
	{"lost node=a how=pressure", "fault 0-0 nodes=a missing=node_condition"},
	{"lost node=a how=pressure @0..1", "fault full 0-1 nodes=a"},
	{"lost node=a how=pressure @0..1 undated", "fault 0-1 nodes=a missing=node_condition"},
	/* of a failed pod, the kernel may know more */
	{"ended node=a gpu_pod code=1", "application 0-0 nodes=a missing=kernel_event"},
	{"ended node=a gpu_pod code=1; has xid", "application full 0-0 nodes=a"},
	{"ended node=a gpu_pod code=1; has aer", "application full 0-0 nodes=a"},
	{"ended node=a gpu_pod code=1; has recovery", "application full 0-0 nodes=a"},
	{"ended node=a code=1; hang blamed=0 waiting=1 detail=mismatch by=1", "application full 0-0 nodes=a"},
	{"ended node=a gpu_pod code=134; has xid", "unknown 0-0 nodes=a"},
	{"ended node=a gpu_pod code=134 oom; has xid", "application full 0-0 nodes=a"},
	{"ended node=a gpu_pod code=134 gpu_memory; has xid", "application full 0-0 nodes=a"},
	{"ended node=a gpu_pod code=134 remedy=x; has xid", "application full 0-0 nodes=a"},
	{"ended node=a gpu_pod code=143", "unknown 0-0 nodes=a"},
	{"ended node=a pod=x/p gpu_pod code=137; has xid", "unknown 0-0 nodes=a pods=x/p"},
	{"ended node=a gpu_pod code=137; has xid", "application full 0-0 nodes=a"},
	{"ended node=a pod=x/p gpu_pod code=137 oom", "application full 0-0 nodes=a pods=x/p"},
	{"ended node=a pod=x/p gpu_pod code=137 gpu_memory", "application full 0-0 nodes=a pods=x/p"},
	{"storage node=a; hang waiting=0,1 by=1 detail=mismatch", "environment full 0-0 nodes=a"},
	{"link node=a nodes=a,b,c; hang waiting=0,1 by=1 detail=mismatch", "environment full 0-0 nodes=a,b,c"},
	{"link node=a nodes=a,b; hang waiting=0,1 by=1 detail=mismatch", "fault full 0-0 nodes=a,b"},
	{"reboot node=a; lost node=a by=1", "maintenance full 0-0 nodes=a"},
	{"other node=a pattern=99", "unknown 0-0 nodes=a"},
	{"pcie node=a", "fault 0-0 nodes=a cordon=a missing=pod_event"},
	{"hbm node=a code=48", "fault 0-0 nodes=a cordon=a missing=pod_event"},
	{"hbm node=a", "fault 0-0 nodes=a cordon=a missing=kernel_event,pod_event"},
	{"machine_check node=a", "fault full 0-0 nodes=a cordon=a"},
	{"panic node=a; lost node=a by=1", "fault full 0-0 nodes=a cordon=a"},
	{"xid node=a code=999 class=unknown; lost node=a by=1", "fault 0-0 nodes=a missing=pod_event"},
	/* a node whose GPU fell off the bus by its heat; a removed one is gone */
	{"heat node=a; xid node=a code=79 by=1", "fault full 0-0 nodes=a cordon=a"},
	{"heat node=a; xid node=a code=119 by=1", "fault full 0-0 nodes=a"},
	{"heat node=a; lost node=a code=79 by=1", "fault full 0-0 nodes=a"},
	{"heat node=a nodes=a,b; xid node=a code=79 by=1", "fault full 0-0 nodes=a,b"},
	{"heat node=a; xid node=a code=119 by=1; xid node=a code=79 by=2", "fault full 0-0 nodes=a"},
	{"machine_check node=a; cordon node=a grave", "fault full 0-0 nodes=a"},
	{"machine_check node=a; cordon node=b grave", "fault full 0-0 nodes=a cordon=a"},
	/* full: each effect is certain, or clean-up */
	{"machine_check node=a; notready node=a perhaps=1", "fault 0-0 nodes=a cordon=a"},
	{"machine_check node=a; lost node=a by=1; ended node=b late @1 perhaps=2", "fault full 0-1 nodes=a cordon=a"},
};

static void
put_ids(struct buf *b, const struct told *t, const char *what, const struct ids *ids)
{
	for (size_t i = 0; i < ids->n; i++) {
		buf_add(b, i ? S(",") : str_of(what));
		buf_add(b, idx_at(&t->m.ev.names, ids->id[i]));
	}
}

static bool
story_has(const char *facts, const char *want)
{
	struct told t;
	struct buf b = {0};
	bool good = tell(&t, facts, false);

	if (t.n == 1) {
		const struct story *s = &t.s[0];

		buf_add(&b, s->kind);
		buf_add(&b, s->full ? S(" full ") : S(" "));
		buf_i64(&b, s->first / SECOND);
		buf_chr(&b, '-');
		buf_i64(&b, s->last / SECOND);
		put_ids(&b, &t, " nodes=", &s->nodes);
		put_ids(&b, &t, " pods=", &s->pods);
		put_ids(&b, &t, " jobs=", &s->jobs);
		put_ids(&b, &t, " gpus=", &s->gpus);
		put_ids(&b, &t, " cordon=", &s->cordon);
		put_ids(&b, &t, " innocent=", &s->innocent);
		buf_add(&b, s->missing.n ? S(" missing=") : S(""));
		buf_add(&b, s->missing);
	}
	good = is_text(facts, good, &b, want);
	tell_free(&t);
	buf_free(&b);
	return good;
}

/* ---- words and actions ---- */

static const struct {
	const char *facts, *words, *signal;
	enum action action;
	const char *todo; /* begins so */
} words[] = {
	{"xid node=a gpu=1 code=79", "Xid 79 (GPU has fallen off the bus) on a GPU 0000:01:00.0", "signal:xid-79", ACTION_POWER_CYCLE, "Cordon a. Check the evidence."},
	{"xid gpu=1 code=79", "Xid 79 (GPU has fallen off the bus) on GPU 0000:01:00.0", "signal:xid-79", ACTION_POWER_CYCLE, "Check the evidence."},
	{"xid code=79 pattern=16 remedy=Look.", "Xid 79 (GPU has fallen off the bus) on an unnamed node", "16", ACTION_POWER_CYCLE, "Look."},
	{"xid node=a code=79 action=reset_gpu", "Xid 79 (GPU has fallen off the bus) on a", "signal:xid-79", ACTION_RESET_GPU, "Cordon a. Check the evidence."},
	{"xid node=a nodes=a,b,c code=9999", "Xid 9999 on 3 nodes", "signal:xid-9999", ACTION_COLLECT_LOGS, "Check the NVLink switches"},
	{"sxid node=a gpu=1 code=12028", "SXid 12028 (NVSwitch error) on a", "signal:sxid-12028", ACTION_RESET_GPU, "Cordon a. Drain the node and reset"},
	{"hbm node=a gpu=1", "Memory failing on a GPU 0000:01:00.0", "signal:row-remap-failure", ACTION_COLLECT_LOGS,
		"Drain the node and replace the GPU: row remapping failed. No Xid"},
	{"pcie node=a gpu=1", "PCIe link failing on a GPU 0000:01:00.0", "signal:other", ACTION_COLLECT_LOGS, "Check the evidence."},
	{"pcie node=a gpu=1 grave", "PCIe link failed on a GPU 0000:01:00.0", "signal:other", ACTION_COLLECT_LOGS, "Check the evidence."},
	{"heat node=a grave", "Thermal throttling on a", "signal:other", ACTION_COLLECT_LOGS, "Check the evidence."},
	{"heat nodes=a,b detail=room", "Thermal throttling on 2 nodes", "signal:other", ACTION_COLLECT_LOGS, "Check the evidence."},
	{"notready node=a", "NodeNotReady on a", "signal:node-not-ready", ACTION_INSPECT_HARDWARE, "Cordon a. Check the node's console"},
	{"notready node=a nodes=a,b", "NodeNotReady on 2 nodes", "signal:node-not-ready", ACTION_INSPECT_HARDWARE, "Check what these nodes share"},
	{"link node=a", "Network port or link down on a", "signal:link", ACTION_CHECK_FABRIC, "Node a: Check cable"},
	{"link node=a nodes=a,b", "Network ports down on 2 nodes at once", "signal:link", ACTION_CHECK_FABRIC, "Check the switch"},
	{"storage node=a", "File system not responding on a", "signal:storage", ACTION_COLLECT_LOGS, "Node a: Check the file server, or"},
	{"storage node=a nodes=a,b", "File system not responding on 2 nodes", "signal:storage", ACTION_COLLECT_LOGS, "Check the file server that"},
	{"machine_check node=a", "Machine check, CPU or memory failing on a", "signal:machine-check", ACTION_INSPECT_HARDWARE, "Cordon a. Run"},
	{"machine_check node=a nodes=a,b", "Machine check, CPU or memory failing on a", "signal:machine-check", ACTION_INSPECT_HARDWARE, "Cordon a. Run"},
	{"panic node=a", "Kernel panic or lockup on a", "signal:panic", ACTION_REBOOT_NODE, "Cordon a. Read the console"},
	{"reboot node=a", "Reboot of a", "signal:reboot", ACTION_RESTART_JOB, "Find out why the node was rebooted"},
	{"cordon node=a", "Cordon of a", "signal:cordon", ACTION_COLLECT_LOGS, "Uncordon the node"},
	{"pressure node=a", "Resource pressure on a", "signal:pressure", ACTION_COLLECT_LOGS, "Check the evidence."},
	{"lost node=a pod=x/p how=preemption", "x/p was preempted on a", "signal:job-preempted", ACTION_RESTART_JOB, "Preempted by a job"},
	{"lost node=a pattern=14", "A job was evicted from a", "14", ACTION_RESTART_JOB, "Check the evidence."},
	{"lost node=a how=limit", "A job was cancelled at its time limit on a", "signal:time-limit", ACTION_RESTART_JOB, "Give the job more time"},
	{"ended node=a pod=x/p code=1", "x/p failed on a", "signal:pod-failed", ACTION_COLLECT_LOGS, "Read the job's log"},
	{"ended node=a gpu_pod", "A task failed on a", "signal:pod-failed", ACTION_COLLECT_LOGS, "Read the job's log"},
	{"ended node=a oom", "A process was OOM-killed on a", "signal:oom-killed", ACTION_FIX_CAPACITY, "Raise its memory limit"},
	{"ended node=a oom gpu_pod", "A task was OOM-killed on a", "signal:oom-killed", ACTION_FIX_CAPACITY, "Raise its memory limit"},
	{"ended node=a oom grave detail=python", "Process python was OOM-killed on a", "signal:oom-killed", ACTION_FIX_CAPACITY, "Find what filled"},
	{"ended node=a pod=x/p detail=python grave", "x/p failed on a", "signal:pod-failed", ACTION_COLLECT_LOGS, "Read the job's log"},
	{"ended node=a pod=x/p gpu_memory", "x/p ran out of GPU memory on a", "signal:pod-failed", ACTION_FIX_PROGRAM, "Make its batches smaller"},
	{"ended node=a pod=x/p code=143", "x/p was stopped on a", "signal:pod-failed", ACTION_COLLECT_LOGS, "Find out who stopped"},
	{"ended node=a pod=x/p code=137", "x/p was killed on a", "signal:pod-failed", ACTION_COLLECT_LOGS, "Find out who killed"},
	{"ended node=a code=134", "A task aborted on a", "signal:pod-failed", ACTION_COLLECT_LOGS, "It aborted: read its log"},
	{"ended node=a code=137", "A task failed on a", "signal:pod-failed", ACTION_COLLECT_LOGS, "Read the job's log"},
	{"watchdog folded=1", "Watchdog timeout of 1 rank", "signal:watchdog", ACTION_COLLECT_LOGS, "Check the evidence."},
	{"other node=a pattern=99", "Pattern 99 on a", "99", ACTION_COLLECT_LOGS, "Check the evidence."},
	{"hang waiting=0,1,2", "3 ranks waiting in a collective", "signal:other", ACTION_COLLECT_LOGS, "Check the evidence."},
	{"hang waiting=0,1 blamed=2 detail=stalled", "3 ranks waiting in a collective", "signal:other", ACTION_COLLECT_LOGS, ""},
	{"hang blamed=3 detail=silent", "Rank 3 is silent", "signal:other", ACTION_COLLECT_LOGS, ""},
	{"hang blamed=3,4,5,7,8,10 detail=silent", "Ranks 3-5,7-8,10 are silent", "signal:other", ACTION_COLLECT_LOGS, ""},
	{"hang node=a nodes=a blamed=3 detail=never_joined", "Rank 3 on a never joined a collective", "signal:other", ACTION_COLLECT_LOGS, ""},
	{"hang node=a nodes=a,b blamed=3,5 detail=deadlock", "Ranks 3,5 on 2 nodes are deadlocked", "signal:other", ACTION_COLLECT_LOGS, ""},
	{"hang node=a nodes=a assumed blamed=3 detail=odd", "Rank 3: odd", "signal:other", ACTION_COLLECT_LOGS, ""},
	{"hang node=a nodes=a unplaced blamed=3 detail=left", "Rank 3 left a communicator", "signal:other", ACTION_COLLECT_LOGS, ""},
	{"hang detail=error blamed=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31",
		"Ranks 0-31 got errors from NCCL", "signal:other", ACTION_COLLECT_LOGS, ""},
	{"hang detail=error blamed=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33",
		"Ranks 1 and others got errors from NCCL", "signal:other", ACTION_COLLECT_LOGS, ""},
	/* the job, too, without the node to cordon */
	{"machine_check node=a; hang by=1", "Machine check, CPU or memory failing on a", "signal:machine-check", ACTION_INSPECT_HARDWARE,
		"Cordon a. Run the node's CPU and memory diagnostics; replace what the machine check names. "
		"Restart the job from its last checkpoint without a."},
	/* and without other nodes of its ranks that broke */
	{"machine_check node=a; hang by=1 rivals=3,4,5,6; panic node=c; hbm node=b @1; reboot node=d; pcie node=a @1", "Machine check, CPU or memory failing on a",
		"signal:machine-check", ACTION_INSPECT_HARDWARE,
		"Cordon a. Run the node's CPU and memory diagnostics; replace what the machine check names. "
		"Restart the job from its last checkpoint without a, b and c."},
	{"machine_check node=a; hang by=1 rivals=3 unplaced; panic node=c", "Machine check, CPU or memory failing on a",
		"signal:machine-check", ACTION_INSPECT_HARDWARE,
		"Cordon a. Run the node's CPU and memory diagnostics; replace what the machine check names. "
		"Restart the job from its last checkpoint without a."},
	{"machine_check node=a; hang by=1 rivals=3 assumed; panic node=c", "Machine check, CPU or memory failing on a",
		"signal:machine-check", ACTION_INSPECT_HARDWARE,
		"Cordon a. Run the node's CPU and memory diagnostics; replace what the machine check names. "
		"Restart the job from its last checkpoint without a."},
	{"link node=a; hang by=1 job=x/j", "Network port or link down on a", "signal:link", ACTION_CHECK_FABRIC,
		"Node a: Check cable, transceiver and switch port of the link that went down. Restart x/j from its last checkpoint."},
	{"link node=a; hang by=1; lost pod=x/p by=1; pod x/p node=a job=x/j", "Network port or link down on a", "signal:link", ACTION_CHECK_FABRIC,
		"Node a: Check cable, transceiver and switch port of the link that went down. Restart x/j from its last checkpoint."},
};

static bool
words_are(size_t row)
{
	struct told t;
	struct buf b = {0};
	struct verdict *v;
	struct str signal;
	bool good = tell(&t, words[row].facts, true);

	fact_put(&b, &t.m.fs, t.s[0].root);
	good = is_text(words[row].facts, good, &b, words[row].words);
	signal = fact_signal(&t.m.fs, t.s[0].root);
	good &= str_eq(signal, str_of(words[row].signal));
	good &= story_action(t.s[0].root) == words[row].action;
	v = verdict_add(&t.out);
	story_advice(&t.s[0], v);
	if (!str_starts(v->remediation, str_of(words[row].todo)) || !good)
		printf("# %.*s, %d, %.*s\n", (int)signal.n, signal.p, (int)story_action(t.s[0].root), (int)v->remediation.n, v->remediation.p);
	good &= str_starts(v->remediation, str_of(words[row].todo));
	tell_free(&t);
	buf_free(&b);
	return good;
}

/* ---- other stories ---- */

static const struct {
	const char *facts, *related; /* of each story: number-recurrence/previous:others */
} related[] = {
	/* the same GPU, or the same node and kind, again */
	{"pcie node=a gpu=1; hbm node=a gpu=1 @61m; hbm node=a gpu=2 @999m", "1-1 2-2/1 3-1"},
	{"pcie node=a gpu=1; pcie node=a gpu=1 @999m; pcie node=a gpu=1 @9999m", "1-1 2-2/1 3-3/2"},
	{"panic node=a; machine_check node=a @999m; panic node=a @9999m", "1-1 2-1 3-2/1"},
	{"pcie node=a gpu=1; pcie node=b gpu=1 @999m", "1-1 2-1"},
	{"panic; panic @999m", "1-0 2-0"},
	{"lost node=a; lost node=a @999m", "1-0 2-0"},
	{"ended node=a; ended node=a @999m", "1-0 2-0"},
	{"hang node=a nodes=a; hang node=a nodes=a @999m", "1-0 2-0"},
	{"lost node=a gpu=1; lost node=a gpu=1 @999m", "1-1 2-2/1"},
	/* on the same node or of the same job, within an hour */
	{"pcie node=a; panic node=a @60m", "1-1:2 2-1:1"},
	{"pcie node=a; panic node=a @60m+", "1-1 2-1"},
	{"pcie node=a @0..1; panic node=a @61m", "1-1 2-1"},
	{"pcie node=a @0..60; panic node=a @61m", "1-1:2 2-1:1"},
	{"pcie node=a; panic node=b", "1-1 2-1"},
	{"hang job=j; hang job=j @1", "1-0:2 2-0:1"},
	{"hang job=j; hang job=k @1", "1-0 2-0"},
	{"hang job=j nodes=a blamed=1; hang job=j nodes=a blamed=1 @1; panic node=a @2", "1-0:2,3 2-0:1,3 3-1:1,2"},
};

static bool
has_number(const struct ids *list, size_t n)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->id[i] == n)
			return true;
	return false;
}

static void
put_related(struct buf *b, const struct told *t, size_t i)
{
	const struct story *s = &t->s[i];

	buf_add(b, i ? S(" ") : S(""));
	buf_u64(b, s->root->tried);
	buf_chr(b, '-');
	buf_u64(b, s->nth);
	if (s->previous) {
		buf_chr(b, '/');
		buf_u64(b, s->previous->root->tried);
	}
	for (size_t k = 0, n = 0; k < t->n; k++)
		if (has_number(&s->related, k + 1)) {
			buf_chr(b, n++ ? ',' : ':');
			buf_u64(b, t->s[k].root->tried);
		}
}

static bool
related_are(const char *facts, const char *want)
{
	struct told t;
	struct buf b = {0};
	bool good = tell(&t, facts, true);

	stories_number(&t.m.fs, t.s, t.n);
	stories_relate(&t.m.fs, t.s, t.n);
	for (size_t i = 0; i < t.n; i++)
		put_related(&b, &t, i);
	good = is_text(facts, good, &b, want);
	tell_free(&t);
	buf_free(&b);
	return good;
}

int
main(void)
{
	TEST("words, signal, action and what to do");
	for (size_t i = 0; i < NELEM(words); i++)
		CHECK_ROW(i, words_are(i));
	TEST("recurrences and related stories");
	for (size_t i = 0; i < NELEM(related); i++)
		CHECK_ROW(i, related_are(related[i].facts, related[i].related));
	TEST("facts that are told");
	for (size_t i = 0; i < NELEM(roots); i++) {
		CHECK_ROW(i, roots_are(roots[i].facts, true, roots[i].all));
		CHECK_ROW(i, roots_are(roots[i].facts, false, roots[i].usual));
	}
	TEST("what a story has");
	for (size_t i = 0; i < NELEM(stories); i++)
		CHECK_ROW(i, story_has(stories[i].facts, stories[i].has));
	return test_done();
}
