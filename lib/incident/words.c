#include "incident/story.h"
#include "join/phrase.h"

struct str
fact_word(const struct fact *f)
{
	static const struct str words[FACT_KINDS] = {
		[FACT_PCIE] = STR_INIT("pcie"), [FACT_HBM] = STR_INIT("hbm"), [FACT_HEAT] = STR_INIT("heat"), [FACT_XID] = STR_INIT("xid"),
		[FACT_SXID] = STR_INIT("sxid"), [FACT_NOTREADY] = STR_INIT("notready"), [FACT_CORDON] = STR_INIT("cordon"),
		[FACT_PRESSURE] = STR_INIT("pressure"), [FACT_LINK] = STR_INIT("link"), [FACT_STORAGE] = STR_INIT("storage"), [FACT_MACHINE_CHECK] = STR_INIT("machine_check"),
		[FACT_PANIC] = STR_INIT("panic"), [FACT_REBOOT] = STR_INIT("reboot"), [FACT_LOST] = STR_INIT("lost"), [FACT_ENDED] = STR_INIT("ended"),
		[FACT_HANG] = STR_INIT("hang"), [FACT_WATCHDOG] = STR_INIT("watchdog"), [FACT_OTHER] = STR_INIT("other"),
	};

	return words[f->kind];
}

struct str
fact_signal(const struct facts *fs, const struct fact *f)
{
	struct buf *b = fs->d->scratch;

	if (f->pattern.n)
		return f->pattern;
	b->n = 0;
	switch (f->kind) {
	case FACT_XID:
	case FACT_SXID:
		buf_add(b, f->kind == FACT_XID ? S("signal:xid-") : S("signal:sxid-"));
		buf_u64(b, f->code);
		break;
	case FACT_HBM:
		buf_add(b, S("signal:row-remap-failure"));
		break;
	case FACT_NOTREADY:
		buf_add(b, S("signal:node-not-ready"));
		break;
	case FACT_ENDED:
		buf_add(b, f->oom ? S("signal:oom-killed") : S("signal:pod-failed"));
		break;
	case FACT_WATCHDOG:
		buf_add(b, S("signal:watchdog"));
		break;
	case FACT_LOST:
		buf_add(b, f->how == LOST_LIMIT ? S("signal:time-limit") : S("signal:job-preempted"));
		break;
	case FACT_MACHINE_CHECK:
		buf_add(b, S("signal:machine-check"));
		break;
	case FACT_CORDON:
	case FACT_PRESSURE:
	case FACT_LINK:
	case FACT_STORAGE:
	case FACT_PANIC:
	case FACT_REBOOT:
		buf_add(b, S("signal:"));
		buf_add(b, fact_word(f));
		break;
	default:
		buf_add(b, S("signal:other"));
	}
	return mem_str(fs->d->mem, buf_str(b));
}

bool
fact_is_stopped(const struct fact *f)
{
	return f->kind == FACT_ENDED && f->code == 128 + 15;
}

bool
fact_is_killed(const struct fact *f)
{
	return f->kind == FACT_ENDED && f->pod && f->code == 128 + 9 && !f->oom && !f->gpu_memory;
}

bool
fact_is_aborted(const struct fact *f)
{
	return f->kind == FACT_ENDED && f->code == 128 + 6 && !f->oom && !f->gpu_memory && !f->remedy.n;
}

void
ranks_put(struct buf *b, struct ranks r)
{
	for (size_t i = 0, end; i < r.n; i = end) {
		for (end = i + 1; end < r.n && r.r[end] == r.r[end - 1] + 1; end++)
			;
		if (i)
			buf_chr(b, ',');
		buf_u64(b, r.r[i]);
		if (end > i + 1) {
			buf_chr(b, '-');
			buf_u64(b, r.r[end - 1]);
		}
	}
}

/* "gpu-7 GPU 0000:3b:00.0" */
static void
put_where(struct buf *b, const struct facts *fs, const struct fact *f)
{
	bool gpu = f->gpu.known && f->kind != FACT_SXID;

	if (f->node || !gpu)
		phrase_short(b, f->node ? facts_name(fs, f->node) : S("an unnamed node"), 60);
	if (gpu) {
		buf_add(b, f->node ? S(" GPU ") : S("GPU "));
		pci_put(b, f->gpu);
	}
}

/* The state of the blamed ranks. */
static void
put_diagnosis(struct buf *b, const struct fact *f)
{
	static const struct {
		struct str is, one, many;
	} words[] = {
		{STR_INIT("never_joined"), STR_INIT(" never joined a collective"), STR_INIT(" never joined a collective")},
		{STR_INIT("silent"), STR_INIT(" is silent"), STR_INIT(" are silent")},
		{STR_INIT("mismatch"), STR_INIT(" called a mismatched collective"), STR_INIT(" called mismatched collectives")},
		{STR_INIT("deadlock"), STR_INIT(" is deadlocked"), STR_INIT(" are deadlocked")},
		{STR_INIT("stuck_on_device"), STR_INIT(" is stuck on device in a collective"), STR_INIT(" are stuck on device in a collective")},
		{STR_INIT("in_init"), STR_INIT(" is still initializing a communicator"), STR_INIT(" are still initializing a communicator")},
		{STR_INIT("left"), STR_INIT(" left a communicator"), STR_INIT(" left a communicator")},
		{STR_INIT("error"), STR_INIT(" got an error from NCCL"), STR_INIT(" got errors from NCCL")},
	};

	for (size_t i = 0; i < NELEM(words); i++)
		if (str_eq(f->detail, words[i].is)) {
			buf_add(b, f->ranks->blamed.n > 1 ? words[i].many : words[i].one);
			return;
		}
	buf_add(b, S(": "));
	buf_add(b, f->detail);
}

/* Phrases for facts of nodes and GPUs: on one, and on several nodes if they can be
 * shared. */
static const struct {
	struct str on, nodes, end;
} happens[FACT_KINDS] = {
	[FACT_PCIE] = {.on = STR_INIT("PCIe link failing on ")},
	[FACT_HBM] = {.on = STR_INIT("Memory failing on ")},
	[FACT_HEAT] = {STR_INIT("Thermal throttling on "), STR_INIT("Thermal throttling on "), STR_INIT("")},
	[FACT_NOTREADY] = {STR_INIT("NodeNotReady on "), STR_INIT("NodeNotReady on "), STR_INIT("")},
	[FACT_CORDON] = {.on = STR_INIT("Cordon of ")},
	[FACT_PRESSURE] = {.on = STR_INIT("Resource pressure on ")},
	[FACT_LINK] = {STR_INIT("Network port or link down on "), STR_INIT("Network ports down on "), STR_INIT(" at once")},
	[FACT_STORAGE] = {STR_INIT("File system not responding on "), STR_INIT("File system not responding on "), STR_INIT("")},
	[FACT_MACHINE_CHECK] = {.on = STR_INIT("Machine check, CPU or memory failing on ")},
	[FACT_PANIC] = {.on = STR_INIT("Kernel panic or lockup on ")},
	[FACT_REBOOT] = {.on = STR_INIT("Reboot of ")},
};

static void
put_happens(struct buf *b, const struct facts *fs, const struct fact *f)
{
	bool several = f->kind == FACT_HEAT ? str_eq(f->detail, S("room")) : f->nnode > 1;

	if (several && happens[f->kind].nodes.n) {
		buf_add(b, happens[f->kind].nodes);
		phrase_count(b, f->nnode, S("node"), S("nodes"));
		buf_add(b, happens[f->kind].end);
		return;
	}
	buf_add(b, f->kind == FACT_PCIE && f->grave ? S("PCIe link failed on ") : happens[f->kind].on);
	put_where(b, fs, f);
}

static void
put_xid(struct buf *b, const struct facts *fs, const struct fact *f)
{
	const struct xid_info *info = catalog_find(f->code);

	buf_add(b, S("Xid "));
	buf_u64(b, f->code);
	if (info && info->what.n <= 60)
		phrase_in_brackets(b, info->what);
	buf_add(b, S(" on "));
	if (f->nnode > 1)
		phrase_count(b, f->nnode, S("node"), S("nodes"));
	else
		put_where(b, fs, f);
}

/* A pod, or `unnamed` if its name is unknown. */
static void
put_pod(struct buf *b, const struct facts *fs, const struct fact *f, struct str unnamed)
{
	phrase_short(b, f->pod ? facts_name(fs, f->pod) : unnamed, 60);
}

static void
put_hang(struct buf *b, const struct facts *fs, const struct fact *f)
{
	if (!f->ranks->blamed.n || str_eq(f->detail, S("stalled"))) {
		phrase_count(b, f->ranks->waiting.n + f->ranks->blamed.n, S("rank"), S("ranks"));
		buf_add(b, S(" waiting in a collective"));
		return;
	}
	buf_add(b, f->ranks->blamed.n > 1 ? S("Ranks ") : S("Rank "));
	if (f->ranks->blamed.n > 32) {
		buf_u64(b, f->ranks->blamed.r[0]);
		buf_add(b, S(" and others"));
	} else {
		ranks_put(b, f->ranks->blamed);
	}
	if (f->nnode && !f->ranks->assumed && !f->ranks->unplaced) {
		buf_add(b, S(" on "));
		if (f->nnode == 1)
			phrase_short(b, facts_name(fs, f->node), 60);
		else
			phrase_count(b, f->nnode, S("node"), S("nodes"));
	}
	put_diagnosis(b, f);
}

void
fact_put(struct buf *b, const struct facts *fs, const struct fact *f)
{
	switch (f->kind) {
	case FACT_XID:
		put_xid(b, fs, f);
		break;
	case FACT_SXID:
		buf_add(b, S("SXid "));
		buf_u64(b, f->code);
		buf_add(b, S(" (NVSwitch error) on "));
		put_where(b, fs, f);
		break;
	case FACT_LOST:
		put_pod(b, fs, f, S("A job"));
		buf_add(b, f->how == LOST_PREEMPTION ? S(" was preempted on ") : f->pattern.n ? S(" was evicted from ") :
			       S(" was cancelled at its time limit on "));
		put_where(b, fs, f);
		break;
	case FACT_ENDED:
		if (!f->pod && f->detail.n) {
			buf_add(b, S("Process "));
			phrase_short(b, f->detail, 20);
		} else {
			put_pod(b, fs, f, f->oom && !f->gpu_pod ? S("A process") : S("A task"));
		}
		buf_add(b, f->oom ? S(" was OOM-killed on ") : f->gpu_memory ? S(" ran out of GPU memory on ") :
			      fact_is_stopped(f) ? S(" was stopped on ") : fact_is_killed(f) ? S(" was killed on ") :
			      fact_is_aborted(f) ? S(" aborted on ") : S(" failed on "));
		put_where(b, fs, f);
		break;
	case FACT_HANG:
		put_hang(b, fs, f);
		break;
	case FACT_WATCHDOG:
		buf_add(b, S("Watchdog timeout of "));
		phrase_count(b, f->folded, S("rank"), S("ranks"));
		break;
	case FACT_OTHER:
		buf_add(b, S("Pattern "));
		buf_add(b, f->pattern);
		buf_add(b, S(" on "));
		put_where(b, fs, f);
		break;
	default:
		put_happens(b, fs, f);
	}
}
