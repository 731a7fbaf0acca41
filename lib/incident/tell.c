#include "base/num.h"
#include "incident/incident.h"
#include "incident/page.h"
#include "join/phrase.h"

/* The facts of one incident, in the order of the story. */
struct story {
	struct facts *fs;
	struct fact *root;
	struct fact **f;
	size_t n;
	int64_t first, last;
	struct ids {
		uint32_t *id;
		size_t n, cap;
	} nodes, pods, jobs, cordon, gpus, innocent;
	struct fact *hang;
	struct str kind, missing;
	bool full;
	struct str id;
	const struct story *previous; /* of the same part, and */
	uint32_t nth;                 /* how many of it there are by now */
	struct ids beside;            /* numbers of others, from 1 */
};

static struct str
facts_name(const struct facts *fs, uint32_t id)
{
	return idx_at(fs->names, id);
}

static void
ids_add(const struct facts *fs, struct ids *to, uint32_t id)
{
	if (!id)
		return;
	to->id = mem_extend(fs->d->mem, to->id, to->n, &to->cap, sizeof(*to->id));
	to->id[to->n++] = id;
}

/* By name, each once. */
static void
ids_sort(const struct facts *fs, struct ids *to)
{
	sort(to->id, to->n, sizeof(*to->id), ids_cmp, fs->names, fs->d->spare);
	to->n = sort_unique(to->id, to->n, sizeof(*to->id), ids_cmp, fs->names);
}

static bool
ids_has(const struct facts *fs, const struct ids *x, uint32_t id)
{
	size_t lo = 0;

	SORT_BISECT(lo, x->n, i, idx_cmp(fs->names, x->id[i], id) < 0);
	return lo < x->n && x->id[lo] == id;
}

/* ---- roots ---- */

/* Is f an effect of a watchdog, or the end of a pod that waited, and so clean-up? */
static bool
fact_is_aftermath(const struct fact *f)
{
	for (const struct fact *c = f; c; c = c->cause)
		if (c->kind == FACT_WATCHDOG || c->late || (c->kind == FACT_ENDED && c->cause && c->cause->kind == FACT_HANG))
			return true;
	return f->kind == FACT_XID && f->cause && f->cls > XID_UNKNOWN && (f->cause->kind == FACT_LOST || f->cause->kind == FACT_ENDED);
}

/* A cordon and a pressure are no roots: the first pod that was lost of it is,
 * and what else came of it hangs below that. */
static bool
is_carrier(const struct fact *f)
{
	return f && (f->kind == FACT_CORDON || f->kind == FACT_PRESSURE);
}

/* The carrier that a fact hangs below, if it does; in *top the fact just below that. */
static struct fact *
carrier_of(struct fact *f, struct fact **top)
{
	for (; f->cause; f = f->cause)
		if (is_carrier(f->cause)) {
			*top = f;
			return f->cause;
		}
	return NULL;
}

/* A carrier's first pod that was lost, else one that was lost further down, else
 * what ranks waited for. */
static void
find_leads(struct facts *fs)
{
	struct fact *carrier, *top;

	for (size_t i = 0; i < fs->n; i++) {
		struct fact *f = &fs->f[i];

		if (is_carrier(f->cause) && f->kind == FACT_LOST && !f->cause->lead)
			f->cause->lead = f;
	}
	for (size_t i = 0; i < fs->n; i++)
		if (fs->f[i].kind == FACT_LOST && (carrier = carrier_of(&fs->f[i], &top)) && !carrier->lead)
			carrier->lead = &fs->f[i];
	for (size_t i = 0; i < fs->n; i++)
		if (fs->f[i].kind == FACT_HANG && (carrier = carrier_of(&fs->f[i], &top)) && !carrier->lead)
			carrier->lead = top;
}

static void
lower_carriers(struct facts *fs)
{
	find_leads(fs);
	for (size_t i = 0; i < fs->n; i++) {
		struct fact *f = &fs->f[i], *first = f->lead;

		if (is_carrier(f->cause) && f->cause->lead)
			f->cause = f->cause->lead;
		if (!is_carrier(f) || !first)
			continue;
		first->lo = num_min(first->lo, f->lo);
		first->planned |= f->kind == FACT_CORDON;
		if (f->kind == FACT_CORDON)
			for (size_t k = 0; k < f->nev; k++)
				fact_evidence(fs, first, f->ev[k].kind, f->ev[k].uid, f->ev[k].t, f->ev[k].text);
	}
	for (size_t i = 0; i < fs->n; i++)
		if (is_carrier(&fs->f[i]) && fs->f[i].lead)
			fs->f[i].lead->cause = NULL;
}

/* Clean-up behind an end, and pods that end behind the watchdogs of their job,
 * are counted, not told one by one. */
static void
fold_aftermath(struct facts *fs)
{
	for (size_t i = 0; i < fs->n; i++) {
		struct fact *f = &fs->f[i], *to = NULL;

		if ((f->kind == FACT_XID && fact_is_aftermath(f)) ||
		    (f->kind == FACT_ENDED && f->cause && ((f->cause->kind == FACT_ENDED && f->causes) || f->cause->how == LOST_LIMIT)))
			to = f->cause;
		else if (f->kind == FACT_ENDED && fact_is_aftermath(f) && f->cause->lead)
			to = f->cause->lead;
		else if (f->kind == FACT_ENDED && fact_is_aftermath(f))
			f->cause->lead = f;
		while (to && to->gone)
			to = to->gone;
		if (to) {
			to->folded += f->folded + 1;
			to->hi = num_max(to->hi, f->hi);
			f->gone = to;
		}
	}
	for (size_t i = 0; i < fs->n; i++)
		while (fs->f[i].cause && fs->f[i].cause->gone)
			fs->f[i].cause = fs->f[i].cause->gone;
}

static bool
is_incident(const struct facts *fs, const struct fact *f)
{
	switch (f->kind) {
	case FACT_XID:
		return f->cls == XID_HARDWARE || f->pattern.n || ((f->cls == XID_UNKNOWN || f->cls == XID_APPLICATION) && f->followed);
	case FACT_NOTREADY:
		return f->followed;
	case FACT_ENDED:
		return f->gpu_pod || f->followed;
	case FACT_HANG:
		/* if it is not known for whom they wait, for one at least */
		return f->waiting.n + f->blamed.n + str_eq(f->detail, S("unknown")) >= fs->c->min_ranks;
	case FACT_LINK:
	case FACT_STORAGE:
	case FACT_PANIC:
	case FACT_REBOOT:
		return f->followed;
	case FACT_CORDON:
	case FACT_PRESSURE:
	case FACT_WATCHDOG:
		return false;
	case FACT_LOST:
		return f->pattern.n || f->how != LOST_LIMIT || f->followed;
	default:
		return true;
	}
}

static bool
root_is_reported(const struct facts *fs, const struct fact *root)
{
	return fs->c->all || is_incident(fs, root);
}

/* ---- words ---- */

static struct str
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

static struct str
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

/* Was it stopped from outside?  The shell's code for SIGTERM. */
static bool
fact_is_stopped(const struct fact *f)
{
	return f->kind == FACT_ENDED && f->code == 128 + 15;
}

/* "0-15,24-31" */
static void
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
	};

	for (size_t i = 0; i < NELEM(words); i++)
		if (str_eq(f->detail, words[i].is)) {
			buf_add(b, f->blamed.n > 1 ? words[i].many : words[i].one);
			return;
		}
	buf_add(b, S(": "));
	buf_add(b, f->detail);
}

static void
fact_put(struct buf *b, const struct facts *fs, const struct fact *f)
{
	const struct xid_info *info;

	switch (f->kind) {
	case FACT_PCIE:
		buf_add(b, f->grave ? S("PCIe link failed on ") : S("PCIe link failing on "));
		put_where(b, fs, f);
		break;
	case FACT_HBM:
		buf_add(b, S("Memory failing on "));
		put_where(b, fs, f);
		break;
	case FACT_XID:
		info = catalog_find(f->code);
		buf_add(b, S("Xid "));
		buf_u64(b, f->code);
		if (info && info->what.n <= 60)
			phrase_in_brackets(b, info->what);
		buf_add(b, S(" on "));
		put_where(b, fs, f);
		break;
	case FACT_SXID:
		buf_add(b, S("SXid "));
		buf_u64(b, f->code);
		buf_add(b, S(" (NVSwitch error) on "));
		put_where(b, fs, f);
		break;
	case FACT_LINK:
		if (f->nnode > 1) {
			buf_add(b, S("Network ports down on "));
			phrase_count(b, f->nnode, S("node"), S("nodes"));
			buf_add(b, S(" at once"));
			break;
		}
		buf_add(b, S("Network port or link down on "));
		put_where(b, fs, f);
		break;
	case FACT_STORAGE:
		if (f->nnode > 1) {
			buf_add(b, S("File system not responding on "));
			phrase_count(b, f->nnode, S("node"), S("nodes"));
			break;
		}
		buf_add(b, S("File system not responding on "));
		put_where(b, fs, f);
		break;
	case FACT_MACHINE_CHECK:
		buf_add(b, S("Machine check, CPU or memory failing on "));
		put_where(b, fs, f);
		break;
	case FACT_PANIC:
		buf_add(b, S("Kernel panic or lockup on "));
		put_where(b, fs, f);
		break;
	case FACT_REBOOT:
		buf_add(b, S("Reboot of "));
		put_where(b, fs, f);
		break;
	case FACT_HEAT:
		buf_add(b, S("Thermal throttling on "));
		if (str_eq(f->detail, S("room")))
			phrase_count(b, f->nnode, S("node"), S("nodes"));
		else
			put_where(b, fs, f);
		break;
	case FACT_NOTREADY:
		buf_add(b, S("NodeNotReady on "));
		if (f->nnode > 1)
			phrase_count(b, f->nnode, S("node"), S("nodes"));
		else
			put_where(b, fs, f);
		break;
	case FACT_LOST:
		phrase_short(b, f->pod ? facts_name(fs, f->pod) : S("A job"), 60);
		buf_add(b, f->how == LOST_PREEMPTION ? S(" was preempted on ") : f->pattern.n ? S(" was evicted from ") :
			       S(" was cancelled at its time limit on "));
		put_where(b, fs, f);
		break;
	case FACT_ENDED:
		phrase_short(b, f->pod ? facts_name(fs, f->pod) : f->oom ? S("A process") : S("A task"), 60);
		buf_add(b, f->oom ? S(" was OOM-killed on ") : f->gpu_memory ? S(" ran out of GPU memory on ") :
			      fact_is_stopped(f) ? S(" was stopped on ") : S(" failed on "));
		put_where(b, fs, f);
		break;
	case FACT_HANG:
		if (f->blamed.n && !str_eq(f->detail, S("stalled"))) {
			buf_add(b, f->blamed.n > 1 ? S("Ranks ") : S("Rank "));
			if (f->blamed.n > 32) {
				buf_u64(b, f->blamed.r[0]);
				buf_add(b, S(" and others"));
			} else {
				ranks_put(b, f->blamed);
			}
			put_diagnosis(b, f);
		} else {
			phrase_count(b, f->waiting.n + f->blamed.n, S("rank"), S("ranks"));
			buf_add(b, S(" waiting in a collective"));
		}
		break;
	case FACT_WATCHDOG:
		buf_add(b, S("Watchdog timeout of "));
		phrase_count(b, f->folded, S("rank"), S("ranks"));
		break;
	default:
		buf_add(b, S("Pattern "));
		buf_add(b, f->pattern);
		buf_add(b, S(" on "));
		put_where(b, fs, f);
	}
}

/* ---- what a story amounts to ---- */

static struct str
kind_of(const struct fact *root)
{
	if (root->planned)
		return S("maintenance");
	switch (root->kind) {
	case FACT_HEAT:
		return str_eq(root->detail, S("room")) ? S("environment") : S("fault");
	case FACT_LOST:
		return root->how == LOST_LIMIT ? S("application") : root->how == LOST_PREEMPTION ? S("preemption") : root->how == LOST_API ? S("maintenance") :
		       root->how == LOST_PRESSURE ? S("fault") : S("unknown");
	case FACT_ENDED:
		return fact_is_stopped(root) ? S("unknown") : S("application");
	case FACT_XID:
		return root->cls == XID_APPLICATION ? S("application") : S("fault");
	case FACT_NOTREADY:
		return root->nnode > 2 ? S("environment") : S("fault");
	case FACT_HANG:
		return str_eq(root->detail, S("mismatch")) || str_eq(root->detail, S("deadlock")) || str_eq(root->detail, S("never_joined")) ?
			       S("application") : S("unknown");
	case FACT_STORAGE:
		return S("environment");
	case FACT_LINK:
		return root->nnode > 2 ? S("environment") : S("fault");
	case FACT_REBOOT:
		return S("maintenance");
	case FACT_OTHER:
		return S("unknown");
	default:
		return S("fault");
	}
}

/* The GPUs of a node that are to be taken out of use. */
static void
find_cordon(struct story *s, const struct ids *removed)
{
	const struct fact *r = s->root;
	bool fell = false;

	for (size_t i = 0; i < s->n; i++)
		fell |= s->f[i]->kind == FACT_XID && s->f[i]->code == 79 && s->f[i]->cause == r;
	if (r->kind == FACT_PCIE || r->kind == FACT_HBM || r->kind == FACT_SXID || (r->kind == FACT_XID && r->cls == XID_HARDWARE) ||
	    r->kind == FACT_MACHINE_CHECK || r->kind == FACT_PANIC || (r->kind == FACT_NOTREADY && r->nnode <= 1 && !r->planned) || (r->kind == FACT_HEAT && fell && r->nnode <= 1))
		ids_add(s->fs, &s->cordon, r->node);
	if (s->cordon.n && ids_has(s->fs, removed, s->cordon.id[0]))
		s->cordon.n = 0; /* it is gone already */
}

static void
find_members(struct story *s)
{
	int64_t watchdog = INT64_MAX;

	for (size_t i = 0; i < s->n; i++)
		if (s->f[i]->kind == FACT_WATCHDOG)
			watchdog = num_min(watchdog, s->f[i]->lo);
	s->first = INT64_MAX;
	s->last = INT64_MIN;
	for (size_t i = 0; i < s->n; i++) {
		const struct fact *f = s->f[i];

		s->first = num_min(s->first, f->lo);
		s->last = num_max(s->last, f->hi);
		if (f->kind == FACT_HANG) {
			s->hang = s->hang ? s->hang : s->f[i];
			ids_add(s->fs, &s->jobs, f->job);
			for (size_t k = 0; k < f->nnode && f->blamed.n; k++)
				ids_add(s->fs, &s->nodes, f->nodes[k]);
			for (size_t k = 0; k < f->npod && f->blamed.n; k++)
				ids_add(s->fs, &s->pods, f->blamed_pods[k]);
			for (size_t k = 0; k < f->nwaiting; k++)
				ids_add(s->fs, &s->innocent, f->waiting_nodes[k]);
			continue;
		}
		if (f->kind == FACT_WATCHDOG || fact_is_aftermath(f))
			continue;
		ids_add(s->fs, &s->nodes, f->node);
		for (size_t k = 0; k < f->nnode; k++)
			ids_add(s->fs, &s->nodes, f->nodes[k]);
		if ((f->kind == FACT_LOST || f->kind == FACT_ENDED) && f->at < watchdog) {
			ids_add(s->fs, &s->pods, f->pod);
			ids_add(s->fs, &s->jobs, jobs_of_pod(s->fs, f->pod));
		}
		if (f->gpu.known && f->kind != FACT_SXID) {
			struct buf *b = s->fs->d->scratch;

			b->n = 0;
			buf_add(b, f->node ? facts_name(s->fs, f->node) : S("-"));
			buf_chr(b, '/');
			pci_put(b, f->gpu);
			ids_add(s->fs, &s->gpus, idx_add(s->fs->names, buf_str(b)));
		}
	}
	ids_sort(s->fs, &s->nodes);
	ids_sort(s->fs, &s->pods);
	ids_sort(s->fs, &s->jobs);
	ids_sort(s->fs, &s->gpus);
	ids_sort(s->fs, &s->innocent);
}

static void
missing(struct buf *b, struct str layer)
{
	if (b->n)
		buf_chr(b, ',');
	buf_add(b, layer);
}

static bool
story_has_rival(const struct story *s)
{
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->f[i]->nrival; k++)
			if (s->f[i]->rival[k]->root != s->root)
				return true;
	return false;
}

/* Is every link sure, and what could have made it so? */
static void
find_confidence(struct story *s)
{
	const struct fact *r = s->root, *h = s->hang;
	const bool *has = s->fs->has;
	bool gpu = r->kind == FACT_XID || r->kind == FACT_HBM || r->kind == FACT_PCIE || r->kind == FACT_SXID;
	struct buf *b = s->fs->d->scratch;

	b->n = 0;
	if (h && !gpu && h == r && !has[EVENT_XID] && !has[EVENT_AER])
		missing(b, S("kernel_event"));
	if (!has[EVENT_LOSS] && !has[EVENT_PLACEMENT] && !has[EVENT_POD] && (gpu || h))
		missing(b, S("pod_event"));
	if (r->kind == FACT_LOST && r->how == LOST_PRESSURE && r->lo == r->at)
		missing(b, S("node_condition"));
	if (h && h->guessed)
		missing(b, S("nccl_record"));
	if (h && (h->assumed || h->unplaced))
		missing(b, S("rank_placement"));
	s->missing = mem_str(s->fs->d->mem, buf_str(b));
	s->full = !s->missing.n && !story_has_rival(s) && !str_eq(s->kind, S("unknown"));
	for (size_t i = 0; i < s->n; i++)
		s->full &= !s->f[i]->cause || s->f[i]->causes || fact_is_aftermath(s->f[i]);
}

static int
story_cmp(const void *x, const void *y, const void *ctx)
{
	return fact_cmp(*(struct fact *const *)x, *(struct fact *const *)y, ctx);
}

/* Causes before effects; of what may come next the earliest first. */
static void
order_story(struct story *s)
{
	size_t done = 0;

	sort(s->f, s->n, sizeof(struct fact *), story_cmp, s->fs, s->fs->d->spare);
	while (done < s->n) {
		size_t next = done;

		while (next < s->n && s->f[next] != s->root && (!s->f[next]->cause || !s->f[next]->cause->number))
			next++;
		if (next == s->n)
			break;
		for (struct fact *f = s->f[next]; next > done; next--) {
			s->f[next] = s->f[next - 1];
			s->f[next - 1] = f;
		}
		s->f[done]->number = (uint32_t)done + 1;
		done++;
	}
}

/* A story of the n facts at f, which have one root. */
static void
story_make(struct story *s, const struct ids *removed)
{
	order_story(s);
	find_members(s);
	find_cordon(s, removed);
	s->kind = kind_of(s->root);
	find_confidence(s);
}

/* ---- the verdict ---- */

static struct str
keep(const struct facts *fs, struct buf *b)
{
	return verdict_keep(fs->d->out, b);
}

static void
put_id(const struct facts *fs, struct buf *b, const struct fact *f, int64_t first)
{
	time_put(b, first);
	buf_chr(b, '/');
	buf_add(b, f->node ? facts_name(fs, f->node) : S("-"));
	buf_chr(b, '/');
	if (f->gpu.known)
		pci_put(b, f->gpu);
	else if (f->pod)
		buf_add(b, facts_name(fs, f->pod));
	else
		buf_chr(b, '-');
	buf_chr(b, '/');
	buf_add(b, fact_word(f));
}

static void
list_ids(const struct facts *fs, const char *key, const struct ids *x, bool always)
{
	struct verdicts *vs = fs->d->out;

	if (!x->n && !always)
		return;
	verdict_open(vs, key, ITEM_LIST);
	for (size_t i = 0; i < x->n; i++)
		verdict_str(vs, NULL, facts_name(fs, x->id[i]));
	verdict_close(vs);
}

/* Is a fact of one node?  A hang is where the ranks to blame ran. */
static bool
at_one(const struct fact *f)
{
	return f->kind == FACT_HANG ? f->nnode == 1 && f->blamed.n : f->nnode <= 1;
}

static void
put_root(const struct facts *fs, const char *key, const struct fact *f)
{
	struct verdicts *vs = fs->d->out;
	struct buf *b = fs->d->spare;

	verdict_open(vs, key, ITEM_OBJECT);
	verdict_str(vs, "pattern", fact_signal(fs, f));
	if (at_one(f))
		verdict_str(vs, "node", facts_name(fs, f->node));
	verdict_str(vs, "gpu_id", phrase_pci(vs, b, f->gpu));
	verdict_str(vs, "gpu_uuid", facts_name(fs, f->uuid));
	verdict_str(vs, "gpu_serial", facts_name(fs, f->serial));
	if (f->kind == FACT_LOST || f->kind == FACT_ENDED)
		verdict_str(vs, "pod", facts_name(fs, f->pod));
	if (f->kind == FACT_HANG && f->npod == 1 && f->blamed.n)
		verdict_str(vs, "pod", facts_name(fs, f->blamed_pods[0]));
	if (f->kind == FACT_HANG && f->blamed.n == 1)
		verdict_int(vs, "rank", f->blamed.r[0]);
	if (f->kind == FACT_HEAT || (f->kind != FACT_HANG && f->nnode > 1)) {
		verdict_str(vs, "scope", f->kind == FACT_HEAT ? f->detail : S("room"));
		verdict_open(vs, "nodes", ITEM_LIST);
		for (size_t i = 0; i < f->nnode; i++)
			verdict_str(vs, NULL, facts_name(fs, f->nodes[i]));
		verdict_close(vs);
	}
	if (f->kind == FACT_HANG)
		verdict_str(vs, "diagnosis", f->detail);
	if (f->kind == FACT_LOST)
		verdict_str(vs, "eviction_kind", f->detail);
	verdict_time(vs, "time", f->lo);
	verdict_close(vs);
}

static void
put_links(const struct story *s)
{
	const struct facts *fs = s->fs;
	struct verdicts *vs = fs->d->out;
	struct buf *b = fs->d->spare;
	struct str last = {0};

	verdict_open(vs, "chain", ITEM_LIST);
	for (size_t i = 0; i < s->n; i++) {
		struct str one = fact_signal(fs, s->f[i]);

		if (!str_eq(one, last))
			verdict_str(vs, NULL, one);
		last = one;
	}
	verdict_close(vs);
	verdict_open(vs, "links", ITEM_LIST);
	for (size_t i = 0; i < s->n; i++) {
		const struct fact *f = s->f[i];

		verdict_open(vs, NULL, ITEM_OBJECT);
		verdict_int(vs, "n", f->number);
		verdict_str(vs, "pattern", f->pattern);
		verdict_str(vs, "fact", fact_word(f));
		b->n = 0;
		fact_put(b, fs, f);
		verdict_str(vs, "what", keep(fs, b));
		if (f->kind == FACT_XID || f->kind == FACT_SXID)
			verdict_int(vs, "xid_code", f->code);
		if (at_one(f))
			verdict_str(vs, "node", facts_name(fs, f->node));
		verdict_str(vs, "gpu_id", phrase_pci(vs, b, f->gpu));
		if (f->kind == FACT_LOST || f->kind == FACT_ENDED)
			verdict_str(vs, "pod", facts_name(fs, f->pod));
		if (f->blamed.n) {
			b->n = 0;
			ranks_put(b, f->blamed);
			verdict_str(vs, "ranks", keep(fs, b));
		}
		verdict_time(vs, "at", f->at);
		if (f->lo < f->at)
			verdict_time(vs, "not_before", f->lo);
		if (f->hi > f->at && (f->kind == FACT_HEAT || f->kind == FACT_PCIE || f->kind == FACT_LINK || f->kind == FACT_STORAGE))
			verdict_time(vs, "until", f->hi);
		if (f->cause) {
			verdict_int(vs, "from", f->cause->number);
			verdict_str(vs, "rule", f->rule ? str_of(f->rule->id) : S("C16"));
			verdict_str(vs, "strength", f->causes ? S("causes") : S("precedes"));
			verdict_seconds(vs, "delay_seconds", time_diff(f->at, f->cause->at));
		}
		if (f->folded)
			verdict_int(vs, "folded", f->folded);
		verdict_close(vs);
	}
	verdict_close(vs);
}

static void
put_competing(const struct story *s)
{
	struct verdicts *vs = s->fs->d->out;
	struct fact **said;
	size_t n = 0;

	if (!story_has_rival(s))
		return;
	for (size_t i = 0; i < s->n; i++)
		n += s->f[i]->nrival;
	said = mem_new(s->fs->d->mem, struct fact *, n);
	n = 0;
	verdict_open(vs, "competing", ITEM_LIST);
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->f[i]->nrival; k++) {
			struct fact *r = s->f[i]->rival[k]->root;
			bool again = r == s->root;

			for (size_t j = 0; j < n && !again; j++)
				again = said[j] == r;
			if (again)
				continue;
			said[n++] = r;
			verdict_open(vs, NULL, ITEM_OBJECT);
			put_root(s->fs, "root", r);
			verdict_str(vs, "why", s->f[i]->unplaced ? S("placement unknown") : r->lo > s->root->lo ? S("later") : S("less direct"));
			verdict_close(vs);
		}
	verdict_close(vs);
}

/* "Xid 79 (what) on gpu-7 GPU 0000:3b:00.0: ns/pod lost, 63 ranks waiting; 2026-…Z" */
static void
put_headline(const struct story *s, struct verdict *v)
{
	const struct facts *fs = s->fs;
	struct buf *b = fs->d->spare;
	bool named = false, lost = false;

	for (size_t i = 0; i < s->n; i++)
		lost |= s->f[i]->kind == FACT_LOST || s->f[i]->kind == FACT_ENDED;
	b->n = 0;
	fact_put(b, fs, s->root);
	if (s->pods.n && s->root->kind != FACT_LOST && s->root->kind != FACT_ENDED && s->root->kind != FACT_HANG) {
		buf_add(b, S(": "));
		if (s->pods.n == 1)
			phrase_short(b, facts_name(fs, s->pods.id[0]), 50);
		else
			phrase_count(b, s->pods.n, S("pod"), S("pods"));
		/* a pod whose ranks are silent may still run */
		buf_add(b, lost ? S(" lost") : S(" hit"));
		named = true;
	}
	if (s->hang && s->hang->waiting.n && !(s->hang == s->root && !s->hang->blamed.n)) {
		buf_add(b, named ? S(", ") : S(": "));
		buf_u64(b, s->hang->waiting.n);
		buf_add(b, s->hang->waiting.n == 1 ? S(" rank waiting") : S(" ranks waiting"));
	}
	phrase_ending(b, s->first);
	v->headline = keep(fs, b);
}

static enum action
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
	case FACT_NOTREADY:
		return S("Check the node's console, power and network before it takes pods again.");
	case FACT_SXID:
		return S("Drain the node and reset its GPUs and NVSwitches; replace the board if it recurs.");
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
		return r->how == LOST_LIMIT ? S("Give the job more time, or let it save its state before its limit.") : S("Check the evidence.");
	case FACT_ENDED:
		return r->oom ? S("Raise its memory limit, or find what uses the memory.") :
		       r->gpu_memory ? S("Make its batches smaller, or spread the model over more GPUs.") :
		       fact_is_stopped(r) ? S("Find out who stopped it: a user, a controller or the scheduler.") :
				S("Read the job's log before its end.");
	default:
		return S("Check the evidence.");
	}
}

static void
story_advice(const struct story *s, struct verdict *v)
{
	const struct facts *fs = s->fs;
	struct buf *b = fs->d->spare;

	b->n = 0;
	if (s->cordon.n && s->root->kind != FACT_PCIE && s->root->kind != FACT_HBM && !s->root->pattern.n) {
		buf_add(b, S("Cordon "));
		buf_add(b, str_head(facts_name(fs, s->cordon.id[0]), PHRASE_NAME));
		buf_add(b, S(". "));
	}
	buf_add(b, todo_of(s));
	if (s->hang && s->hang != s->root && s->jobs.n == 1) {
		buf_add(b, S(" Restart "));
		buf_add(b, str_head(facts_name(fs, s->jobs.id[0]), PHRASE_NAME));
		buf_add(b, S(" from its last checkpoint"));
		if (s->cordon.n) {
			buf_add(b, S(" without "));
			buf_add(b, str_head(facts_name(fs, s->cordon.id[0]), PHRASE_NAME));
		}
		buf_chr(b, '.');
	}
	v->remediation = keep(fs, b);
}

static void
put_ranks_members(const struct story *s)
{
	enum { LISTED_MAX = 64 };
	struct verdicts *vs = s->fs->d->out;
	struct buf *b = s->fs->d->spare;
	const struct fact *h = s->hang;
	size_t n = h ? h->blamed.n : 0;

	verdict_open(vs, "ranks_blamed", ITEM_LIST);
	for (size_t i = 0; i < n && i < LISTED_MAX; i++)
		verdict_int(vs, NULL, h->blamed.r[i]);
	verdict_close(vs);
	if (n > LISTED_MAX)
		verdict_int(vs, "ranks_blamed_omitted", (int64_t)(n - LISTED_MAX));
	if (h && h->waiting.n) {
		b->n = 0;
		ranks_put(b, h->waiting);
		verdict_str(vs, "ranks_waiting", keep(s->fs, b));
	}
}

static int
evidence_cmp(const void *x, const void *y, const void *ctx)
{
	const struct evidence *a = x, *b = y;
	int d = SORT_ORDER(a->t, b->t);

	(void)ctx;
	d = d ? d : str_cmp(a->kind, b->kind);
	d = d ? d : str_cmp(a->uid, b->uid);
	return d ? d : str_cmp(a->text, b->text);
}

enum { EVIDENCE_MAX = 64 };

/* all: room for so many. */
static void
put_evidence(const struct story *s, struct evidence *all)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		struct fact *f = s->f[i];

		sort(f->ev, f->nev, sizeof(*f->ev), evidence_cmp, NULL, s->fs->d->spare);
		for (size_t k = 0; k < f->nev && n < EVIDENCE_MAX; k++) {
			size_t same = 0;

			while (same < n && evidence_cmp(&all[same], &f->ev[k], NULL) != 0)
				same++;
			if (same == n)
				all[n++] = f->ev[k];
		}
	}
	for (size_t i = 0; i < n; i++)
		verdict_evidence(s->fs->d->out, all[i].kind, all[i].uid, all[i].t, all[i].text);
}

/* The ids of the verdicts that the story was told from. */
static void
put_said(const struct story *s)
{
	struct verdicts *vs = s->fs->d->out;
	bool open = false;

	for (size_t i = 0; i < s->n; i++) {
		struct fact *f = s->f[i];

		sort(f->said, f->nsaid, sizeof(*f->said), ids_cmp, s->fs->names, s->fs->d->spare);
		for (size_t k = 0; k < f->nsaid; k++) {
			if (!open)
				verdict_open(vs, "verdicts", ITEM_LIST);
			open = true;
			verdict_str(vs, NULL, facts_name(s->fs, f->said[k]));
		}
	}
	if (open)
		verdict_close(vs);
}

/* ---- stories beside each other ---- */

/* What broke in a story, as far as it has a name that may come again. */
static int
part_cmp(const void *x, const void *y, const void *ctx)
{
	const struct fact *a = (*(struct story *const *)x)->root, *b = (*(struct story *const *)y)->root;
	int d = idx_cmp(ctx, a->node, b->node);

	d = d ? d : pci_cmp(a->gpu, b->gpu);
	return d ? d : a->gpu.known ? 0 : SORT_ORDER(a->kind, b->kind);
}

static bool
has_part(const struct fact *f)
{
	return f->node && (f->gpu.known || (f->kind != FACT_HANG && f->kind != FACT_LOST && f->kind != FACT_ENDED));
}

static int
part_first_cmp(const void *x, const void *y, const void *ctx)
{
	int d = part_cmp(x, y, ctx);

	return d ? d : SORT_ORDER(*(struct story *const *)x, *(struct story *const *)y);
}

/* Number the stories of one part, which are in their order. */
static void
stories_number(struct facts *fs, struct story *all, size_t n)
{
	struct story **s = mem_new(fs->d->mem, struct story *, n);
	size_t to = 0;

	for (size_t i = 0; i < n; i++)
		if (has_part(all[i].root))
			s[to++] = &all[i];
	sort(s, to, sizeof(struct story *), part_first_cmp, fs->names, fs->d->spare);
	for (size_t i = 0; i < to; i++) {
		bool again = i && part_cmp(&s[i - 1], &s[i], fs->names) == 0;

		s[i]->nth = again ? s[i - 1]->nth + 1 : 1;
		s[i]->previous = again ? s[i - 1] : NULL;
	}
}

/* A node or job of a story. */
struct beside {
	uint32_t id, story;
};

static int
beside_cmp(const void *x, const void *y, const void *ctx)
{
	const struct beside *a = x, *b = y;
	int d = SORT_ORDER(a->id, b->id);

	(void)ctx;
	return d ? d : SORT_ORDER(a->story, b->story);
}

static bool
is_near(const struct story *a, const struct story *b)
{
	return a->first <= time_add(b->last, 60 * MINUTE) && b->first <= time_add(a->last, 60 * MINUTE);
}

/* Of each story the others on its nodes or of its jobs within an hour, as far as
 * they are among the nearest. */
static void
stories_beside(struct facts *fs, struct story *all, size_t n)
{
	enum { NEAREST = 8 }; /* before, and behind */
	struct beside *b;
	size_t nb = 0;

	for (size_t i = 0; i < n; i++)
		nb += all[i].nodes.n + all[i].jobs.n;
	b = mem_new(fs->d->mem, struct beside, nb);
	nb = 0;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < all[i].nodes.n; k++)
			b[nb++] = (struct beside){all[i].nodes.id[k], (uint32_t)i};
		for (size_t k = 0; k < all[i].jobs.n; k++)
			b[nb++] = (struct beside){all[i].jobs.id[k], (uint32_t)i};
	}
	sort(b, nb, sizeof(*b), beside_cmp, NULL, fs->d->spare);
	for (size_t i = 0; i < nb; i++) {
		struct story *s = &all[b[i].story];

		for (size_t k = i; k-- && i - k <= NEAREST && b[k].id == b[i].id;)
			if (is_near(&all[b[k].story], s))
				ids_add(s->fs, &s->beside, b[k].story + 1);
		for (size_t k = i + 1; k < nb && k - i <= NEAREST && b[k].id == b[i].id; k++)
			if (is_near(&all[b[k].story], s))
				ids_add(s->fs, &s->beside, b[k].story + 1);
	}
}

static void
story_put_others(const struct story *all, size_t i)
{
	const struct story *s = &all[i];
	struct verdicts *vs = s->fs->d->out;
	struct ids see = s->beside;

	if (s->previous) {
		verdict_int(vs, "recurrence", s->nth);
		verdict_str(vs, "previous", s->previous->id);
	}
	sort(see.id, see.n, sizeof(*see.id), sort_u32, NULL, s->fs->d->spare);
	see.n = sort_unique(see.id, see.n, sizeof(*see.id), sort_u32, NULL);
	if (!see.n)
		return;
	verdict_open(vs, "see_also", ITEM_LIST);
	for (size_t k = 0; k < see.n; k++)
		verdict_str(vs, NULL, all[see.id[k] - 1].id);
	verdict_close(vs);
}

static void
put_story(const struct story *all, size_t i, struct evidence *room)
{
	const struct story *s = &all[i];
	const struct facts *fs = s->fs;
	struct verdicts *vs = fs->d->out;
	struct verdict *v = verdict_add(vs);
	int64_t resolved = s->root->resolved;
	uint32_t folded = 0;

	v->final_at = INT64_MAX;
	put_headline(s, v);
	story_advice(s, v);
	v->confidence = s->full ? S("full") : S("partial");
	v->missing = s->missing;
	v->planned = kind_planned(s->kind);
	v->id = mem_str(&vs->mem, s->id);
	v->action = story_action(s->root);
	verdict_str(vs, "kind", s->kind);
	verdict_time(vs, "first", s->first);
	verdict_time(vs, "last", s->last);
	verdict_time(vs, "resolved_at", resolved);
	put_root(fs, "root", s->root);
	put_links(s);
	list_ids(fs, "nodes", &s->nodes, true);
	list_ids(fs, "pods", &s->pods, true);
	list_ids(fs, "jobs", &s->jobs, false);
	put_ranks_members(s);
	list_ids(fs, "gpus", &s->gpus, false);
	list_ids(fs, "cordon", &s->cordon, true);
	verdict_open(vs, "not_to_blame", ITEM_LIST);
	for (size_t k = 0; k < s->innocent.n; k++)
		if (!ids_has(fs, &s->nodes, s->innocent.id[k])) {
			verdict_open(vs, NULL, ITEM_OBJECT);
			verdict_str(vs, "what", facts_name(fs, s->innocent.id[k]));
			verdict_str(vs, "why", S("its ranks waited"));
			verdict_close(vs);
		}
	verdict_close(vs);
	put_competing(s);
	story_put_others(all, i);
	for (size_t k = 0; k < s->n; k++)
		folded += s->f[k]->folded;
	if (folded)
		verdict_int(vs, "folded", folded);
	put_said(s);
	coverage_tell(fs, s->nodes.id, s->nodes.n, s->first, s->last);
	put_evidence(s, room);
}

static int
first_cmp(const void *x, const void *y, const void *ctx)
{
	const struct story *a = x, *b = y;
	int d = SORT_ORDER(a->first, b->first);

	(void)ctx;
	d = d ? d : str_cmp(a->id, b->id);
	return d ? d : fact_cmp(a->root, b->root, ctx);
}

static int
root_cmp(const void *x, const void *y, const void *ctx)
{
	const struct fact *a = *(struct fact *const *)x, *b = *(struct fact *const *)y;

	(void)ctx;
	return a->root != b->root ? SORT_ORDER(a->root, b->root) : SORT_ORDER(a, b);
}

/* Find the root of each fact; all that are told by root, in n. */
static struct fact **
roots_find(struct facts *fs, size_t *n)
{
	struct fact **f = mem_new(fs->d->mem, struct fact *, fs->n);

	lower_carriers(fs);
	fold_aftermath(fs);
	*n = 0;
	for (size_t i = 0; i < fs->n; i++) {
		struct fact *x = &fs->f[i];

		for (x->root = x; x->root->cause; x->root = x->root->cause)
			;
		if (x->gone)
			continue;
		if (x->cause)
			x->cause->followed = true;
		f[(*n)++] = x;
	}
	sort(f, *n, sizeof(struct fact *), root_cmp, NULL, fs->d->spare);
	return f;
}

void
incidents_tell(struct facts *fs)
{
	struct story *all;
	struct evidence *room = mem_new(fs->d->mem, struct evidence, EVIDENCE_MAX);
	struct ids removed = {0};
	struct fact **f;
	size_t n = 0, nf;

	f = roots_find(fs, &nf);
	for (size_t i = 0; i < fs->n; i++)
		if (fs->f[i].kind == FACT_CORDON && fs->f[i].grave)
			ids_add(fs, &removed, fs->f[i].node);
	ids_sort(fs, &removed);
	for (size_t i = 0; i < nf; i++)
		n += f[i] == f[i]->root && root_is_reported(fs, f[i]);
	all = mem_new(fs->d->mem, struct story, n);
	n = 0;
	for (size_t i = 0, end; i < nf; i = end) {
		struct story *s = &all[n];
		struct buf *b = fs->d->spare;

		for (end = i; end < nf && f[end]->root == f[i]->root; end++)
			;
		if (!root_is_reported(fs, f[i]->root))
			continue;
		*s = (struct story){.fs = fs, .root = f[i]->root, .f = f + i, .n = end - i};
		story_make(s, &removed);
		b->n = 0;
		put_id(fs, b, s->root, s->first);
		s->id = mem_str(fs->d->mem, buf_str(b));
		n++;
	}
	sort(all, n, sizeof(*all), first_cmp, fs, fs->d->spare);
	stories_number(fs, all, n);
	stories_beside(fs, all, n);
	passed_gather(fs);
	for (size_t i = 0; i < n; i++) {
		passed_tell(fs, all[i].first, all[i].id);
		put_story(all, i, room);
	}
	passed_tell(fs, INT64_MAX, (struct str){0});
}
