#include "base/test.h"
#include "base/test_edge.h"
#include "input/text/test_records.h"
#include "input/text/text.h"

static struct events ev = {.since = NO_TIME, .until = NO_TIME, .wants = 1u << EVENT_SIGN};
static struct buf b;

static void
tell(const char *line, const struct origin *o)
{
	events_reset(&ev);
	text_read(&ev, test_edge(str_of(line)), o);
}

/* Is this the only record? */
static void
is(size_t row, const char *says)
{
	struct str got = test_records(&ev, ~0u, &b);

	CHECK_ROW(row, str_eq(got, str_of(says)));
	if (!str_eq(got, str_of(says)))
		printf("# got:  %.*s\n# want: %s\n", (int)got.n, got.p, says);
}

/* Lines logged on gpu-7, and the node and kind of the sign. */
static const struct {
	const char *line, *says;
} lines[] = {
	/* ports */
	{"mlx5_core 0000:86:00.0 ens1f0np0: Link down", "node=gpu-7 link"},
	{"mlx5_core 0000:86:00.0 ens1f0np0: Link up", "node=gpu-7 link over"},
	{"bnxt_en 0000:19:00.0 ens2f0: NIC Link is Down", "node=gpu-7 link"},
	{"bnxt_en 0000:19:00.0 ens2f0: NIC Link is Up, 100000 Mbps", "node=gpu-7 link over"},
	{"IPv6: ADDRCONF(NETDEV_CHANGE): ib0: link becomes ready", "node=gpu-7 link over"},
	{"n7:34:39 [4] NCCL WARN NET/IB : mlx5_0:1 Got async event : port error", "node=gpu-7 link nccl"},
	/* storage */
	{"nfs: server 10.0.0.9 not responding, still trying", "node=gpu-7 storage"},
	{"nfs: server 10.0.0.9 OK", "node=gpu-7 storage over"},
	{"nfs: server 10.0.0.9 is there", NULL},
	{"the pod is not responding", NULL},
	{"INFO: task python:42 blocked for more than 122 seconds.", "node=gpu-7 storage"},
	{"blocked for more than 122 seconds.", NULL},
	{"write /data/x: No space left on device", "node=gpu-7 storage"},
	{"LustreError: 167-0: fs-MDT0000-mdc: This client was evicted by fs-MDT0000", "node=gpu-7 storage"},
	{"the pod was evicted by the kubelet", NULL},
	{"Lustre: fs-OST0001: Connection to fs-OST0001 (at 10.0.0.9@o2ib) was lost; in progress operations using this", "node=gpu-7 storage"},
	{"Lustre: fs-OST0001: Connection restored to 10.0.0.9@o2ib (at 10.0.0.9@o2ib)", "node=gpu-7 storage over"},
	{"Connection restored to 10.0.0.9", NULL},
	{"libceph: mon0 10.0.0.9:6789 session lost, hunting for new mon", "node=gpu-7 storage"},
	{"libceph: mon0 10.0.0.9:6789 session established", "node=gpu-7 storage over"},
	{"ssh: session established", NULL},
	{"ceph: mds0 hung", "node=gpu-7 storage"},
	{"ceph: mds0 came back", "node=gpu-7 storage over"},
	{"the process hung and came back", NULL},
	{"blk_update_request: I/O error, dev nvme0n1, sector 7", "node=gpu-7 storage"},
	{"EXT4-fs (sda1): Remounting filesystem read-only", "node=gpu-7 storage"},
	{"EXT4-fs error (device sda1): ext4_find_entry:1455", "node=gpu-7 storage"},
	{"XFS (dm-0): Corruption of in-memory data detected.  Shutting down filesystem", "node=gpu-7 storage"},
	{"Shutting down filesystem", NULL},
	{"mmfs: [E] This node was expelled from the cluster fs1 by gpu-8 (expelled from gpfs)", "node=gpu-7 storage"},
	{"expelled from school", NULL},
	/* CPU and memory */
	{"mce: [Hardware Error]: CPU 3: Machine Check Exception: 5 Bank 7: be00", "node=gpu-7 machine_check"},
	{"Machine Check Exception: none", NULL},
	{"mce: Uncorrected hardware memory error in user-access at 7f00", "node=gpu-7 machine_check"},
	{"{1}[Hardware Error]: event severity: fatal", "node=gpu-7 machine_check"},
	{"event severity: fatal", NULL},
	{"EDAC MC0: 1 UE memory read error on CPU_SrcID#0", "node=gpu-7 machine_check"},
	{"EDAC MC0: 1 CE memory read error on CPU_SrcID#0", NULL},
	{"Memory failure: 0x1f: Killing python:42 due to hardware memory corruption", "node=gpu-7 machine_check"},
	{"due to hardware memory corruption", NULL},
	{"Kernel panic - not syncing: Fatal exception", "node=gpu-7 panic"},
	{"NMI watchdog: Watchdog detected hard LOCKUP on cpu 3", "node=gpu-7 panic"},
	{"Out of memory: Killed process 42 (python) total-vm:1kB", "node=gpu-7 oom"},
	{"slurmstepd: error: Detected 1 oom_kill event in StepId=9.0. Some of the step tasks", "node=gpu-7 oom"},
	{"oom_kill event of 9.0", NULL},
	{"reboot: Restarting system", "node=gpu-7 reboot"},
	{"reboot: Power down", "node=gpu-7 reboot"},
	{"reboot: no", NULL},
	/* launchers name the node; up to a blank, a colon, a comma or the end */
	{"srun: error: Node failure on n9", "node=n9 node_lost"},
	{"srun: error: Node failure on n9, n10", "node=n9 node_lost"},
	{"srun: error: Node failure on n9:", "node=n9 node_lost"},
	{"srun: error: Node failure on n9\t.", "node=n9 node_lost"},
	{"srun: error: n9: task 3: Out Of Memory", "node=n9 oom"},
	{"srun: error: : task 3: Out Of Memory", "node=gpu-7 oom"},
	{"srun: error: n9: task 3: Exited with exit code 1", "node=n9 ended"},
	{"srun: error: n9: tasks 3-4: Killed", "node=n9 ended"},
	{"srun: error: Unable to create step", NULL},
	{"mpirun noticed that process rank 2 with PID 0 on node n9 exited on signal 9 (Killed).", "node=n9 ended"},
	{"slurmstepd: error: *** JOB 9 ON n9 CANCELLED AT 2026-05-14T03:00:00 DUE TO PREEMPTION ***", "node=n9 preempted"},
	{"slurmstepd: error: *** JOB 9 ON n9 CANCELLED AT 2026-05-14T03:00:00 DUE TO TIME LIMIT ***", "node=n9 time_limit"},
	{"JOB 9 ON n9 CANCELLED", NULL},
	{"E0514 api.py:869] failed (exitcode: 1) local_rank: 3 (pid: 42) of binary: python", "node=gpu-7 ended"},
	{"failed (exitcode: 1)", NULL},
	{"  exitcode  : 1 (pid: 42)", "node=gpu-7 ended"},
	{"  exitcode  : 1", NULL},
	{"torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB", "node=gpu-7 gpu_memory"},
	{"RuntimeError: CUDA error: out of memory", "node=gpu-7 gpu_memory"},
	{"RESOURCE_EXHAUSTED: Out of memory while trying to allocate 7 bytes", "node=gpu-7 gpu_memory"},
};

#define DOWN "ens1: Link down"

static const struct {
	const char *list, *nodes;
} down[] = {
	{"gpu-[7,9-10] not responding, setting DOWN", "gpu-7 gpu-9 gpu-10"},
	{"gpu-8 not responding, setting DOWN", "gpu-8"},
	{"a,b[1-2] not responding, setting DOWN", "a b1 b2"},
};
#define UTC_03 "1778727600000000000" /* 2026-05-14T03:00:00Z */

int
main(void)
{
	struct origin o = {.t = 5, .node = S("gpu-7"), .own_time = true, .own_node = true};
	struct buf want = {0}, line = {0};

	TEST("lines about what may block a job, and the node");
	for (size_t i = 0; i < NELEM(lines); i++) {
		want.n = 0;
		if (lines[i].says) {
			buf_add(&want, S("sign @5 "));
			buf_add(&want, str_of(lines[i].says));
			buf_add(&want, S(" {"));
			buf_add(&want, str_trim(str_of(lines[i].line)));
			buf_chr(&want, '}');
		}
		buf_chr(&want, 0);
		tell(lines[i].line, &o);
		is(i, want.p);
	}
	TEST("several lines; of two marks in one the first counts");
	tell("x\n" DOWN "\nens2: Link up and NIC Link is Down\n\n" DOWN, &o);
	is(0, "sign @5 node=gpu-7 link {ens1: Link down}; sign @5 node=gpu-7 link over {ens2: Link up and NIC Link is Down}; "
		"sign @5 node=gpu-7 link {ens1: Link down}");
	CHECK(text_has(&ev, S("x\n" DOWN)) && !text_has(&ev, S("x\nLink")));
	TEST("slurmctld's list of nodes that it sets down: a sign for each, up to the next blank");
	for (size_t i = 0; i < NELEM(down); i++) {
		struct str names = str_of(down[i].nodes), name;

		want.n = line.n = 0;
		buf_add(&line, S("[2026-05-14T03:17:00.000] error: Nodes "));
		buf_add(&line, str_of(down[i].list));
		while (str_cut(&names, ' ', &name)) {
			buf_add(&want, want.n ? S("; sign @5 node=") : S("sign @5 node="));
			buf_add(&want, name);
			buf_add(&want, S(" node_lost {error: Nodes "));
			buf_add(&want, str_of(down[i].list));
			buf_chr(&want, '}');
		}
		buf_chr(&line, 0);
		buf_chr(&want, 0);
		tell(line.p, &o);
		is(i, want.p);
	}
	TEST("at most 4096 of them");
	tell("error: Nodes n[1-4096] not responding, setting DOWN", &o);
	CHECK(ev.list[EVENT_SIGN].n == 4096);
	tell("error: Nodes n[1-5000] not responding, setting DOWN", &o);
	CHECK(ev.list[EVENT_SIGN].n == 4096);
	TEST("whether a text has a sign is told without adding it");
	CHECK(text_has(&ev, S("error: Nodes n1 not responding, setting DOWN")) && !text_has(&ev, S("error: Nodes n1 not responding")));
	TEST("time and node of the record, or else of the line; its pod and its own id");
	tell("2026-05-14T03:00:00Z gpu-8 kernel: " DOWN, &o);
	is(0, "sign @5 node=gpu-7 link {ens1: Link down}");
	tell("2026-05-14T03:00:00Z gpu-8 kernel: " DOWN, &NO_ORIGIN);
	is(1, "sign @" UTC_03 " node=gpu-8 link {ens1: Link down}");
	tell("May 14 03:00:00 gpu-8 kernel: " DOWN, &NO_ORIGIN);
	is(2, "sign node=gpu-8 link {ens1: Link down}");
	tell(DOWN, &(struct origin){.t = NO_TIME, .uid = S("e1"), .pod = S("a"), .ns = S("ml")});
	is(3, "sign uid=e1 pod=ml/a link {ens1: Link down}");
	TEST("400 bytes of the line are shown");
	for (size_t n = 398; n < 403; n++) {
		struct str note;

		line.n = 0;
		buf_add(&line, S(DOWN " "));
		while (line.n < n)
			buf_chr(&line, 'x');
		buf_chr(&line, 0);
		tell(line.p, &o);
		note = idx_at(&ev.names, ((const struct sign *)events_at(&ev, EVENT_SIGN, 0))->text);
		CHECK_ROW(n, note.n == (n < 400 ? n : 400));
	}
	events_free(&ev);
	buf_free(&b);
	buf_free(&want);
	buf_free(&line);
	return test_done();
}
