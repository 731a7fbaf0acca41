/*
 * Facts from records (facts.c): signs, that is lines about a node, and launchers' reports;
 * words about nodes, pods that failed, timeouts and a gauge.  In the notation of
 * test_facts.h: records, and the facts made of them, in order of content.
 */
#include "incident/test_facts.h"

#include "base/test.h"

static const struct {
	const char *signs, *facts;
} rows[] = {
	/* signs of one kind and node are one, until there is none for a while; what lasts, to its last */
	{"sign link node=a text=x; sign link node=a text=y @10m", "link node=a @0..10m seen=0 ev=x ev=y"},
	{"sign link node=a text=x; sign link node=a text=y @10m; sign link node=a text=z @20m", "link node=a @0..20m seen=0 ev=x ev=y ev=z"},
	{"sign link node=a text=x; sign link node=a text=y @10m+", "link node=a ev=x; link node=a @10m+ ev=y"},
	{"sign storage node=a text=x; sign storage node=a text=y @10m", "storage node=a @0..10m seen=0 ev=x ev=y"},
	{"sign storage node=a text=x; sign storage node=a text=y @10m+", "storage node=a ev=x; storage node=a @10m+ ev=y"},
	{"sign panic node=a text=x; sign panic node=a text=y @10m", "panic node=a @0..10m seen=0 ev=x ev=y"},
	{"sign panic node=a text=x; sign panic node=a text=y @10m+", "panic node=a ev=x; panic node=a @10m+ ev=y"},
	{"sign machine_check node=a text=x; sign machine_check node=a text=y @10m", "machine_check node=a @0..10m seen=0 ev=x ev=y"},
	{"sign machine_check node=a text=x; sign machine_check node=a text=y @10m+", "machine_check node=a ev=x; machine_check node=a @10m+ ev=y"},
	/* others happened at the first one */
	{"sign reboot node=a text=x; sign reboot node=a text=y @1m", "reboot node=a ev=x ev=y"},
	{"sign reboot node=a text=x; sign reboot node=a text=y @1m+", "reboot node=a ev=x; reboot node=a @1m+ ev=y"},
	{"sign ended node=a text=x; sign ended node=a text=y @1m", "ended node=a gpu_pod ev=x ev=y"},
	{"sign ended node=a text=x; sign ended node=a text=y @1m+", "ended node=a gpu_pod ev=x; ended node=a gpu_pod @1m+ ev=y"},
	{"sign oom node=a text=x; sign oom node=a text=y @1m", "ended node=a oom ev=x ev=y"},
	{"sign oom node=a text=x; sign oom node=a text=y @1m+", "ended node=a oom ev=x; ended node=a oom @1m+ ev=y"},
	{"sign preempted node=a text=x; sign preempted node=a text=y @1m", "lost node=a how=preemption detail=preemption ev=x ev=y"},
	{"sign preempted node=a text=x; sign preempted node=a text=y @1m+",
		"lost node=a how=preemption detail=preemption ev=x; lost node=a how=preemption detail=preemption @1m+ ev=y"},
	{"sign time_limit node=a text=x; sign time_limit node=a text=y @1m", "lost node=a how=limit detail=time_limit ev=x ev=y"},
	{"sign gpu_memory node=a text=x; sign gpu_memory node=a text=y @1m", "ended node=a gpu_memory ev=x ev=y"},
	{"sign gpu_memory node=a text=x; sign gpu_memory node=a text=y @1m+", "ended node=a gpu_memory ev=x; ended node=a gpu_memory @1m+ ev=y"},
	/* a lost node was alive until a minute before, at most */
	{"sign node_lost node=a text=x @9m", "notready node=a named @8m..9m ev=x"},

	/* kinds and nodes apart, and pods, but for a network port */
	{"sign link node=a text=x; sign link node=b text=y", "link node=a ev=x; link node=b ev=y"},
	{"sign link node=a text=x; sign storage node=a text=y", "link node=a ev=x; storage node=a ev=y"},
	{"sign storage node=a pod=x/p text=x; sign storage node=a pod=x/q text=y", "storage node=a pod=x/p ev=x; storage node=a pod=x/q ev=y"},
	{"sign storage node=a pod=x/p text=x; sign storage node=a pod=y/p text=y", "storage node=a pod=x/p ev=x; storage node=a pod=y/p ev=y"},
	{"sign link node=a pod=x/p text=x; sign link node=a pod=x/q text=y", "link node=a ev=x ev=y"},
	/* none without time or node; a pod's node, if the line has none */
	{"sign link text=x; sign link node=a @none text=y", ""},
	{"sign storage pod=x/p text=x; pod x/p node=a job=j", "storage node=a pod=x/p job=j ev=x"},

	/* the end of one; a later sign is another; an end alone is none */
	{"sign link node=a text=x; sign link node=a over text=y @9", "link node=a @0..9 seen=0 resolved=9 ev=x ev=y"},
	{"sign link node=a text=x; sign link node=a over text=y @9; sign link node=a text=z @10",
		"link node=a @0..9 seen=0 resolved=9 ev=x ev=y; link node=a @10 ev=z"},
	{"sign link node=a over text=y", ""},
	{"sign link node=a over text=y; sign link node=a text=x", "link node=a @0..0 resolved=0 ev=x ev=y"},
	{"sign link node=a text=x; sign link node=a named text=y @1", "link node=a @0..1 seen=0 named ev=x ev=y"},

	/* tasks of a launcher are of GPUs, unless their pod has none; stopped, if all were */
	{"sign ended node=a pod=x/p text=x; pod x/p node=a gpus=8", "ended node=a pod=x/p gpu_pod ev=x"},
	{"sign ended node=a pod=x/p text=x; pod x/p node=a", "ended node=a pod=x/p ev=x"},
	{"sign ended node=a text=task_1:_Terminated", "ended node=a gpu_pod code=143 ev=task_1:_Terminated"},
	{"sign ended node=a text=task_1:_Terminated; sign ended node=a text=task_2:_Terminated @1",
		"ended node=a gpu_pod code=143 ev=task_1:_Terminated ev=task_2:_Terminated"},
	{"sign ended node=a text=task_1:_Terminated; sign ended node=a text=task_2:_Exited @1",
		"ended node=a gpu_pod ev=task_1:_Terminated ev=task_2:_Exited"},
	/* memory: of the node or a cgroup; the process; a task, if srun says so */
	{"sign oom node=a text=Out_of_memory:_Killed_process_7_(python)_total", "ended node=a oom grave detail=python ev=Out_of_memory:_Killed_process_7_(python)_total"},
	{"sign oom node=a text=Memory_cgroup_out_of_memory:_Killed_process_7_(python)", "ended node=a oom detail=python ev=Memory_cgroup_out_of_memory:_Killed_process_7_(python)"},
	{"sign oom node=a text=Killed_process_7", "ended node=a oom ev=Killed_process_7"},
	{"sign oom node=a text=srun:_error:_a:_task_0", "ended node=a oom gpu_pod ev=srun:_error:_a:_task_0"},
	{"sign reboot node=a text=Out_of_memory:_Killed_process_7_(python)", "reboot node=a ev=Out_of_memory:_Killed_process_7_(python)"},
	{"sign oom node=a pod=x/p text=x; pod x/p node=a job=j gpus=8", "ended node=a pod=x/p job=j oom ev=x"},
	/* the node of a pod whose log does not name it */
	{"sign storage pod=x/p text=x; pod x/p; sign storage pod=y/p text=y; pod y/p node=b", "storage node=b pod=y/p ev=y"},
	/* the evidence of one fact: eight pieces */
	{"sign link node=a text=1; sign link node=a text=2; sign link node=a text=3; sign link node=a text=4; sign link node=a text=5; "
		"sign link node=a text=6; sign link node=a text=7; sign link node=a text=8; sign link node=a text=9",
		"link node=a ev=1 ev=2 ev=3 ev=4 ev=5 ev=6 ev=7 ev=8"},

	/* a node that is not ready was alive until a minute before, or until its last record */
	{"state not_ready node=a text=x @100", "notready node=a @40..100 ev=x"},
	{"state not_ready node=a text=x @100; sign storage node=a text=y @50", "notready node=a @50..100 ev=x; storage node=a @50 ev=y"},
	{"state cordoned node=a text=x @100", "cordon node=a @100 ev=x"},
	{"state removed node=a text=x @100", "cordon node=a grave @100 ev=x"},
	{"state ready node=a text=x @100; state uncordoned node=a text=x @100; state known node=a", ""},
	{"state not_ready text=x @100; state not_ready node=a text=x @none; state cordoned node=b text=y @7", "cordon node=b @7 ev=y"},

	/* a container that failed */
	{"pod x/p node=a job=j gpus=8 ended=5 code=137 oom", "ended node=a pod=x/p job=j code=137 oom gpu_pod @5 ev=x/p:_a_container_ended_with_exit_code_137"},
	{"pod x/p node=a job=j ended=5 code=1; pod x/q node=a job=j gpus=8", "ended node=a pod=x/p job=j code=1 @5 ev=x/p:_a_container_ended_with_exit_code_1"},
	{"pod x/q node=a; pod x/p ended=5 gpus=1", "ended pod=x/p gpu_pod @5 ev=x/p:_a_container_ended_with_exit_code_0"},

	/* timeouts of a job in ten minutes from the first */
	{"timeout @5; timeout @10; timeout @none", "watchdog @5..10 seen=5 folded=2 ev=Watchdog_caught_collective_operation_timeout"},
	{"timeout @0; timeout @10m", "watchdog @0..10m seen=0 folded=2 ev=Watchdog_caught_collective_operation_timeout"},
	{"timeout @0; timeout @9m; timeout @10m+", "watchdog @0..9m seen=0 folded=2 ev=Watchdog_caught_collective_operation_timeout; "
		"watchdog @10m+ folded=1 ev=Watchdog_caught_collective_operation_timeout"},
	{"timeout x/p @0; timeout x/q @1; timeout x/p @2; pod x/p job=x/j; pod x/q job=x/k",
		"watchdog job=x/j @0..2 seen=0 folded=2 ev=Watchdog_caught_collective_operation_timeout; "
		"watchdog job=x/k @1 folded=1 ev=Watchdog_caught_collective_operation_timeout"},

	/* the gauge of failed row remaps rises, from the sample before */
	{"gauge 0 node=a gpu=1 uuid=u @0; gauge 1 node=a gpu=1 uuid=u @60",
		"hbm node=a gpu=1 uuid=u action=replace_gpu @0..60 ev=the_gauge_of_row_remap_failures_rose_from_0"},
	{"gauge 0 node=a gpu=1 @0; gauge 0 node=a gpu=1 @30; gauge 2 node=a gpu=1 @60; gauge 2 node=a gpu=1 @90; gauge 3 node=a gpu=1 @95",
		"hbm node=a gpu=1 action=replace_gpu @30..60 ev=the_gauge_of_row_remap_failures_rose_from_0"},
	{"gauge 1 node=a gpu=1 @60; gauge 0 node=a gpu=1 @0; gauge 0 node=a gpu=1 @90; gauge 1 node=a gpu=1 @99",
		"hbm node=a gpu=1 action=replace_gpu @0..60 ev=the_gauge_of_row_remap_failures_rose_from_0; "
		"hbm node=a gpu=1 action=replace_gpu @90..99 ev=the_gauge_of_row_remap_failures_rose_from_0"},
	{"gauge 0 node=a gpu=1 @0; gauge 0 node=a gpu=2 @1; gauge 1 node=a gpu=1 @60; gauge 1 node=a gpu=2 @61",
		"hbm node=a gpu=1 action=replace_gpu @0..60 ev=the_gauge_of_row_remap_failures_rose_from_0; "
		"hbm node=a gpu=2 action=replace_gpu @1..61 ev=the_gauge_of_row_remap_failures_rose_from_0"},
	{"gauge 0 node=a gpu=1 @0; gauge 0 node=b gpu=1 @1; gauge 1 node=a gpu=1 @60; gauge 1 node=b gpu=1 @61",
		"hbm node=a gpu=1 action=replace_gpu @0..60 ev=the_gauge_of_row_remap_failures_rose_from_0; "
		"hbm node=b gpu=1 action=replace_gpu @1..61 ev=the_gauge_of_row_remap_failures_rose_from_0"},
	{"gauge 0 node=a gpu=1 uuid=u @0; gauge 0 node=a gpu=1 uuid=v @1; gauge 1 node=a gpu=1 uuid=u @60",
		"hbm node=a gpu=1 uuid=u action=replace_gpu @0..60 ev=the_gauge_of_row_remap_failures_rose_from_0"},
	{"gauge 1 node=a gpu=1 @0; gauge 0 node=a gpu=1 @0", "hbm node=a gpu=1 action=replace_gpu @0 ev=the_gauge_of_row_remap_failures_rose_from_0"},
	{"gauge 1 node=a gpu=1 @0; gauge 1 node=a gpu=1 @60", ""},
	{"gauge 1 node=a gpu=1 @0; gauge 0 node=a gpu=1 @60", ""},
	{"gauge 0 node=a gpu=1 @0; gauge 1 node=b gpu=1 @60", ""},
	{"gauge 0 node=a gpu=1 @0; gauge 1 node=a gpu=2 @60", ""},
	{"gauge 0 node=a gpu=1 uuid=u @0; gauge 1 node=a gpu=1 uuid=v @60", ""},
	{"gauge 0 node=a @0; gauge 1 node=a @60; gauge 0 gpu=1 @0; gauge 1 gpu=1 @60", ""},
	{"gauge 0 node=a gpu=1 @0; gauge 1 node=a gpu=1 field=393 @60; gauge 1 node=a gpu=1 @none", ""},
};

static bool
row_is(const char *signs, const char *facts)
{
	struct made m, want;
	struct buf b = {0}, w = {0};
	bool good, equal;

	good = made_facts(&m, signs);
	events_sort(&m.ev);
	coverage_gather(&m.fs);
	facts_gather(&m.fs);
	sort(m.fs.f, m.fs.n, sizeof(struct fact), fact_cmp, &m.fs, &m.spare);
	made_put_all(&b, &m);
	good &= made_facts(&want, facts);
	made_put_all(&w, &want);
	equal = str_eq(buf_str(&b), buf_str(&w));
	if (!equal || !good)
		printf("# %s\n#%s facts:\n%.*s# not:\n%.*s", signs, good ? "" : " (unknown word)", (int)b.n, b.p ? b.p : "", (int)w.n, w.p ? w.p : "");
	made_free(&m);
	made_free(&want);
	buf_free(&b);
	buf_free(&w);
	return good && equal;
}

int
main(void)
{
	TEST("facts from records");
	for (size_t i = 0; i < NELEM(rows); i++)
		CHECK_ROW(i, row_is(rows[i].signs, rows[i].facts));
	return test_done();
}
