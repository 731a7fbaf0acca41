/*
 * sign - lines of the kernel log about failures of a network port, an NVLink, a file
 * system or memory, which no other reader handles but which may block a job; NCCL's
 * lines about ports; launchers' lines about failed tasks.
 * Sources: mlx5_core's and bnxt_en's messages and IB core's on port states,
 * fs/nfs (server not responding), kernel/hung_task.c, lustre's and GPFS'
 * evictions, lustre/ptlrpc/import.c (connections), net/ceph/mon_client.c and
 * fs/ceph/mds_client.c, block/blk-core.c (I/O error), fs/ext4/super.c and fs/xfs/xfs_fsops.c,
 * kernel/watchdog.c (hard LOCKUP), arch/x86/kernel/cpu/mce, drivers/edac/edac_mc.c
 * ("UE"), drivers/firmware/efi/cper.c ("event severity: fatal"), mm/memory-failure.c,
 * PyTorch's CUDACachingAllocator.cpp, XLA's messages on GPU memory, the text of ENOSPC, NCCL's net_ib.cc ("port error"), the kernel's
 * mm/oom_kill.c and kernel/reboot.c; Slurm's src/srun/libsrun/allocate.c and
 * src/common/slurm_protocol_defs.c ("Node failure on", "DUE TO PREEMPTION"), src/slurmctld/ping_nodes.c, the
 * task's ends in launch_slurm.c; Open MPI's help-orterun.txt; torchrun's
 * elastic/multiprocessing/api.py ("failed (exitcode: ...") and errors/__init__.py
 * (the report's "exitcode  : ").
 */
#include "base/hostlist.h"
#include "input/text/stamps.h"
#include "input/text/text.h"

enum { LINE_MAX_BYTES = 400 };

static const struct {
	struct str mark;
	struct str with; /* must also be in the line; or empty */
	enum sign_of of;
	bool over;
	bool names; /* the node follows the mark */
	bool lists; /* a list of nodes follows it, up to the next blank */
} marks[] = {
	{STR_INIT("Link down"), STR_INIT(""), SIGN_LINK, false, false, false},
	{STR_INIT("Link up"), STR_INIT(""), SIGN_LINK, true, false, false},
	{STR_INIT("NIC Link is Down"), STR_INIT(""), SIGN_LINK, false, false, false},
	{STR_INIT("NIC Link is Up"), STR_INIT(""), SIGN_LINK, true, false, false},
	{STR_INIT("link becomes ready"), STR_INIT(""), SIGN_LINK, true, false, false},
	{STR_INIT("port error"), STR_INIT(""), SIGN_LINK, false, false, false},
	{STR_INIT("not responding"), STR_INIT("nfs: server"), SIGN_STORAGE, false, false, false},
	{STR_INIT("nfs: server"), STR_INIT(" OK"), SIGN_STORAGE, true, false, false},
	{STR_INIT("blocked for more than"), STR_INIT("task"), SIGN_STORAGE, false, false, false},
	{STR_INIT("No space left on device"), STR_INIT(""), SIGN_STORAGE, false, false, false},
	{STR_INIT("was evicted by"), STR_INIT("Lustre"), SIGN_STORAGE, false, false, false},
	{STR_INIT("was lost; in progress operations"), STR_INIT("Lustre"), SIGN_STORAGE, false, false, false},
	{STR_INIT("Connection restored to "), STR_INIT("Lustre"), SIGN_STORAGE, true, false, false},
	{STR_INIT("session lost, hunting for new mon"), STR_INIT("libceph: mon"), SIGN_STORAGE, false, false, false},
	{STR_INIT("session established"), STR_INIT("libceph: mon"), SIGN_STORAGE, true, false, false},
	{STR_INIT(" hung"), STR_INIT("ceph: "), SIGN_STORAGE, false, false, false},
	{STR_INIT(" came back"), STR_INIT("ceph: "), SIGN_STORAGE, true, false, false},
	{STR_INIT("I/O error, dev "), STR_INIT(""), SIGN_STORAGE, false, false, false},
	{STR_INIT("emounting filesystem read-only"), STR_INIT(""), SIGN_STORAGE, false, false, false},
	{STR_INIT("EXT4-fs error (device "), STR_INIT(""), SIGN_STORAGE, false, false, false},
	{STR_INIT("Shutting down filesystem"), STR_INIT("XFS ("), SIGN_STORAGE, false, false, false},
	{STR_INIT("expelled from "), STR_INIT("cluster"), SIGN_STORAGE, false, false, false},
	{STR_INIT("Machine Check Exception: "), STR_INIT("[Hardware Error]"), SIGN_MACHINE_CHECK, false, false, false},
	{STR_INIT("Uncorrected hardware memory error"), STR_INIT(""), SIGN_MACHINE_CHECK, false, false, false},
	{STR_INIT("event severity: fatal"), STR_INIT("[Hardware Error]"), SIGN_MACHINE_CHECK, false, false, false},
	{STR_INIT("EDAC MC"), STR_INIT(" UE "), SIGN_MACHINE_CHECK, false, false, false},
	{STR_INIT("due to hardware memory corruption"), STR_INIT("Memory failure: "), SIGN_MACHINE_CHECK, false, false, false},
	{STR_INIT("Kernel panic - not syncing"), STR_INIT(""), SIGN_PANIC, false, false, false},
	{STR_INIT("Watchdog detected hard LOCKUP"), STR_INIT(""), SIGN_PANIC, false, false, false},
	{STR_INIT("of memory: Killed process"), STR_INIT(""), SIGN_OOM, false, false, false},
	{STR_INIT("oom_kill event"), STR_INIT(" in StepId="), SIGN_OOM, false, false, false},
	{STR_INIT("reboot: Restarting system"), STR_INIT(""), SIGN_REBOOT, false, false, false},
	{STR_INIT("reboot: Power down"), STR_INIT(""), SIGN_REBOOT, false, false, false},
	{STR_INIT("srun: error: Node failure on "), STR_INIT(""), SIGN_NODE_LOST, false, true, false},
	{STR_INIT("error: Nodes "), STR_INIT(" not responding, setting DOWN"), SIGN_NODE_LOST, false, true, true},
	{STR_INIT("srun: error: "), STR_INIT(": Out Of Memory"), SIGN_OOM, false, true, false},
	{STR_INIT("srun: error: "), STR_INIT(": task"), SIGN_ENDED, false, true, false},
	{STR_INIT(" on node "), STR_INIT(" noticed that process rank "), SIGN_ENDED, false, true, false},
	{STR_INIT(" ON "), STR_INIT(" DUE TO PREEMPTION "), SIGN_PREEMPTED, false, true, false},
	{STR_INIT(" ON "), STR_INIT(" DUE TO TIME LIMIT "), SIGN_TIME_LIMIT, false, true, false},
	{STR_INIT("failed (exitcode: "), STR_INIT(") local_rank: "), SIGN_ENDED, false, false, false},
	{STR_INIT("  exitcode  : "), STR_INIT(" (pid: "), SIGN_ENDED, false, false, false},
	{STR_INIT("CUDA out of memory"), STR_INIT(""), SIGN_GPU_MEMORY, false, false, false},
	{STR_INIT("CUDA error: out of memory"), STR_INIT(""), SIGN_GPU_MEMORY, false, false, false},
	{STR_INIT("RESOURCE_EXHAUSTED: Out of memory"), STR_INIT(""), SIGN_GPU_MEMORY, false, false, false},
};

static const struct word words[] = {
	{STR_INIT("ink down"), 1u << EVENT_SIGN},
	{STR_INIT("ink up"), 1u << EVENT_SIGN},
	{STR_INIT("ink is "), 1u << EVENT_SIGN},
	{STR_INIT("link becomes ready"), 1u << EVENT_SIGN},
	{STR_INIT("port error"), 1u << EVENT_SIGN},
	{STR_INIT("nfs: server"), 1u << EVENT_SIGN},
	{STR_INIT("blocked for more than"), 1u << EVENT_SIGN},
	{STR_INIT("No space left on device"), 1u << EVENT_SIGN},
	{STR_INIT("was evicted by"), 1u << EVENT_SIGN},
	{STR_INIT("was lost; in progress"), 1u << EVENT_SIGN},
	{STR_INIT("Connection restored to "), 1u << EVENT_SIGN},
	{STR_INIT("ceph: "), 1u << EVENT_SIGN},
	{STR_INIT("I/O error, dev "), 1u << EVENT_SIGN},
	{STR_INIT("filesystem read-only"), 1u << EVENT_SIGN},
	{STR_INIT("EXT4-fs error"), 1u << EVENT_SIGN},
	{STR_INIT("Shutting down filesystem"), 1u << EVENT_SIGN},
	{STR_INIT("expelled from "), 1u << EVENT_SIGN},
	{STR_INIT("Machine Check Exception"), 1u << EVENT_SIGN},
	{STR_INIT("Uncorrected hardware memory error"), 1u << EVENT_SIGN},
	{STR_INIT("event severity: fatal"), 1u << EVENT_SIGN},
	{STR_INIT("EDAC MC"), 1u << EVENT_SIGN},
	{STR_INIT("hardware memory corruption"), 1u << EVENT_SIGN},
	{STR_INIT("Kernel panic"), 1u << EVENT_SIGN},
	{STR_INIT("hard LOCKUP"), 1u << EVENT_SIGN},
	{STR_INIT("CUDA out of memory"), 1u << EVENT_SIGN},
	{STR_INIT("CUDA error: out of memory"), 1u << EVENT_SIGN},
	{STR_INIT("RESOURCE_EXHAUSTED: Out of"), 1u << EVENT_SIGN},
	{STR_INIT("of memory: Killed process"), 1u << EVENT_SIGN},
	{STR_INIT("oom_kill event"), 1u << EVENT_SIGN},
	{STR_INIT("reboot: "), 1u << EVENT_SIGN},
	{STR_INIT("srun: error: "), 1u << EVENT_SIGN},
	{STR_INIT("not responding, setting DOWN"), 1u << EVENT_SIGN},
	{STR_INIT("noticed that process rank "), 1u << EVENT_SIGN},
	{STR_INIT("DUE TO PREEMPTION"), 1u << EVENT_SIGN},
	{STR_INIT("DUE TO TIME LIMIT"), 1u << EVENT_SIGN},
	{STR_INIT("failed (exitcode: "), 1u << EVENT_SIGN},
	{STR_INIT("  exitcode  : "), 1u << EVENT_SIGN},
	{.gives = 0},
}, claims[] = {
	{STR_INIT("Kernel panic - not syncing: "), 1u << EVENT_SIGN},
	{.gives = 0},
};

/* The node's name after a mark: up to a space, a colon, a comma or the end. */
static struct str
node_behind(struct str line, struct str mark)
{
	struct str s = str_from(line, str_find(line, mark) + mark.n);
	size_t n = 0;

	while (n < s.n && (unsigned char)s.p[n] > ' ' && s.p[n] != ':' && s.p[n] != ',')
		n++;
	return str_head(s, n);
}

/* Add a sign of mark i; named: the node that the line names, or empty. */
static void
add(struct text *t, struct str line, size_t i, struct str named)
{
	const struct origin *o = t->o;
	struct stamps s;

	stamps_eat_known(&line, &s, t->known);
	events_add(t->ev, EVENT_SIGN,
		   &(struct sign){
			   .e = {.t = o->t != NO_TIME || s.at.kind != STAMP_FULL ? o->t : s.at.ns,
				 .node = events_node(t->ev, named.n ? named : o->node.n ? o->node : s.host),
				 .uid = events_id(t->ev, o->uid)},
			   .text = events_note(t->ev, str_head(line, LINE_MAX_BYTES)),
			   .of = (uint8_t)marks[i].of,
			   .over = marks[i].over,
			   .named = str_has(line, S("NCCL")),
			   .pod = events_id(t->ev, o->pod),
			   .ns = events_id(t->ev, o->ns),
		   });
}

/* Add a sign for each node named behind mark i. */
static void
add_all(struct text *t, struct str line, size_t i)
{
	enum { NODES_MAX = 4096 };
	struct str rest = str_from(line, str_find(line, marks[i].mark) + marks[i].mark.n), name;
	size_t left = NODES_MAX;
	struct buf names = {0};

	hostlist_put(&names, str_head(rest, str_find(rest, S(" "))), &left);
	for (rest = buf_str(&names); str_cut(&rest, '\n', &name);)
		if (name.n)
			add(t, line, i, name);
	buf_free(&names);
}

static bool
sign_next(struct text *t)
{
	struct str line;

	while (str_cut(&t->rest, '\n', &line))
		for (size_t i = 0; i < NELEM(marks); i++)
			if (str_has(line, marks[i].mark) && str_has(line, marks[i].with)) {
				if (t->ev && marks[i].lists)
					add_all(t, line, i);
				else if (t->ev)
					add(t, line, i, marks[i].names ? node_behind(line, marks[i].mark) : (struct str){0});
				return true; /* the first mark wins */
			}
	return false;
}

const struct text_reader sign_text = {
	.next = sign_next,
	.gives = 1u << EVENT_SIGN,
	.words = words,
	.claims = claims,
};
