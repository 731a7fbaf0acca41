#include "incident/story.h"
#include "join/phrase.h"

enum action
story_action(const struct fact *root)
{
	static const enum action of[FACT_KINDS] = {
		[FACT_SXID] = ACTION_RESET_GPU, [FACT_NOTREADY] = ACTION_INSPECT_HARDWARE, [FACT_LINK] = ACTION_CHECK_FABRIC,
		[FACT_MACHINE_CHECK] = ACTION_INSPECT_HARDWARE, [FACT_PANIC] = ACTION_REBOOT_NODE, [FACT_REBOOT] = ACTION_RESTART_JOB, [FACT_LOST] = ACTION_RESTART_JOB,
	};
	const struct xid_info *info;

	if (root->action)
		return root->action;
	info = root->kind == FACT_XID ? catalog_find(root->code) : NULL;
	if (info)
		return catalog_action(info, (struct str){0});
	if (root->oom)
		return ACTION_FIX_CAPACITY;
	if (root->gpu_memory)
		return ACTION_FIX_PROGRAM;
	return of[root->kind] ? of[root->kind] : ACTION_COLLECT_LOGS;
}

static struct str
todo_of(const struct story *s)
{
	const struct fact *r = s->root;

	if (r->remedy.n)
		return r->remedy;
	switch (r->kind) {
	case FACT_HBM:
		return r->code ? S("Drain the node and replace the GPU: row remapping failed.") :
				 S("Drain the node and replace the GPU: row remapping failed. No Xid confirms it; read the node's kernel log first.");
	case FACT_XID:
		return r->nnode > 1 ? S("Check the NVLink switches that these nodes share, and their logs.") : S("Check the evidence.");
	case FACT_NOTREADY:
		return r->nnode > 1 ? S("Check what these nodes share: power, network, control plane.") :
				      S("Check the node's console, power and network before it takes pods again.");
	case FACT_SXID:
		return S("Drain the node and reset its GPUs and NVSwitches; replace the board if it recurs.");
	case FACT_CORDON:
		return S("Uncordon the node when its maintenance is done.");
	case FACT_REBOOT:
		return S("Find out why the node was rebooted; drain a node before a reboot.");
	case FACT_LINK:
		if (r->nnode > 1)
			return S("Check the switch that these ports share.");
		return S("Check cable, transceiver and switch port of the link that went down.");
	case FACT_STORAGE:
		return r->nnode > 1 ? S("Check the file server that these nodes share.") :
				      S("Check the file server, or the node's disk, and the mount.");
	case FACT_MACHINE_CHECK:
		return S("Run the node's CPU and memory diagnostics; replace what the machine check names.");
	case FACT_PANIC:
		return S("Read the console before the panic, and reboot the node.");
	case FACT_LOST:
		return r->how == LOST_LIMIT ? S("Give the job more time, or let it save its state before its limit.") :
		       r->how == LOST_PREEMPTION ? S("Preempted by a job of higher priority: add capacity, or raise this job's priority.") :
						   S("Check the evidence.");
	case FACT_ENDED:
		return r->oom && r->grave ? S("Find what filled the node's memory; give pods limits, and reserve memory for the system.") :
		       r->oom ? S("Raise its memory limit, or find what uses the memory.") :
		       r->gpu_memory ? S("Make its batches smaller, or spread the model over more GPUs.") :
		       fact_is_stopped(r) ? S("Find out who stopped it: a user, a controller or the scheduler.") :
		       fact_is_killed(r) ? S("Find out who killed it: the kernel, for the node's memory, a user or a controller.") :
		       fact_is_aborted(r) ? S("It aborted: read its log before that for a timeout, a failed check or a CUDA error, and its node's kernel log.") :
				S("Read the job's log before its end.");
	default:
		return S("Check the evidence.");
	}
}

/* Put "Node gpu-7: ". */
static void
put_node(struct buf *b, const struct story *s)
{
	buf_add(b, S("Node "));
	buf_add(b, str_head(facts_name(s->fs, s->root->node), PHRASE_NAME));
	buf_add(b, S(": "));
}

/* Put ", gpu-7 and gpu-8": other nodes of the hang's ranks that broke. */
static void
put_also_broken(struct buf *b, const struct story *s)
{
	const struct fact *h = s->hang;
	struct ids also = {0};

	for (size_t i = 0; i < h->nrival && !h->ranks->unplaced && !h->ranks->assumed; i++)
		if (fact_breaks_node(h->rival[i]->root) && h->rival[i]->root->node != s->cordon.id[0])
			ids_add(s->fs, &also, h->rival[i]->root->node);
	ids_sort(s->fs, &also);
	for (size_t i = 0; i < also.n && i < 8; i++) {
		buf_add(b, i + 1 < also.n ? S(", ") : S(" and "));
		buf_add(b, str_head(facts_name(s->fs, also.id[i]), PHRASE_NAME));
	}
}

void
story_advice(const struct story *s, struct verdict *v)
{
	const struct facts *fs = s->fs;
	struct buf *b = fs->d->scratch; /* sorting uses the other */

	b->n = 0;
	if (s->cordon.n && s->root->kind != FACT_PCIE && s->root->kind != FACT_HBM && !s->root->pattern.n) {
		buf_add(b, S("Cordon "));
		buf_add(b, str_head(facts_name(fs, s->cordon.id[0]), PHRASE_NAME));
		buf_add(b, S(". "));
	} else if ((s->root->kind == FACT_LINK || s->root->kind == FACT_STORAGE) && s->root->nnode <= 1) {
		put_node(b, s);
	}
	buf_add(b, todo_of(s));
	if (s->hang && s->hang != s->root && !str_has(buf_str(b), S("Restart the job"))) {
		uint32_t job = s->hang->job ? s->hang->job : s->jobs.n == 1 ? s->jobs.id[0] : 0;

		buf_add(b, S(" Restart "));
		buf_add(b, job_is_named(fs, job) ? str_head(facts_name(fs, job), PHRASE_NAME) : S("the job"));
		buf_add(b, S(" from its last checkpoint"));
		if (s->cordon.n) {
			buf_add(b, S(" without "));
			buf_add(b, str_head(facts_name(fs, s->cordon.id[0]), PHRASE_NAME));
			put_also_broken(b, s);
		}
		buf_chr(b, '.');
	}
	v->remediation = verdict_keep(fs->d->out, b);
}
