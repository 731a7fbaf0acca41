#include "base/num.h"
#include "incident/story.h"

static struct str
kind_of(const struct fact *root)
{
	if (root->planned)
		return S("maintenance");
	switch (root->kind) {
	case FACT_HEAT:
		return str_eq(root->detail, S("room")) ? S("environment") : S("fault");
	case FACT_LOST:
		return root->how == LOST_LIMIT ? S("application") : root->how == LOST_PREEMPTION ? S("preemption") :
		       root->how == LOST_API || root->how == LOST_SHUTDOWN ? S("maintenance") : root->how == LOST_PRESSURE ? S("fault") : S("unknown");
	case FACT_ENDED:
		return fact_is_stopped(root) || fact_is_killed(root) || fact_is_aborted(root) ? S("unknown") : S("application");
	case FACT_XID:
		return root->cls == XID_APPLICATION ? S("application") : root->nnode > 2 ? S("environment") : S("fault");
	case FACT_NOTREADY:
		return root->nnode > 2 ? S("environment") : S("fault");
	case FACT_HANG:
		return str_eq(root->detail, S("mismatch")) || str_eq(root->detail, S("deadlock")) || str_eq(root->detail, S("never_joined")) ?
			       S("application") : S("unknown");
	case FACT_STORAGE:
		return S("environment");
	case FACT_LINK:
		return root->nnode > 2 ? S("environment") : S("fault");
	case FACT_CORDON:
	case FACT_REBOOT:
		return S("maintenance");
	case FACT_OTHER:
		return S("unknown");
	default:
		return S("fault");
	}
}

bool
fact_breaks_node(const struct fact *r)
{
	return r->kind == FACT_PCIE || r->kind == FACT_HBM || r->kind == FACT_SXID || (r->kind == FACT_XID && r->cls == XID_HARDWARE && r->nnode <= 1) ||
	       r->kind == FACT_MACHINE_CHECK || r->kind == FACT_PANIC || (r->kind == FACT_NOTREADY && r->nnode <= 1 && !r->planned);
}

/* Find the node to take out of service. */
static void
find_cordon(struct story *s, const struct ids *removed)
{
	const struct fact *r = s->root;
	bool fell = false;

	for (size_t i = 0; i < s->n; i++)
		fell |= s->f[i]->kind == FACT_XID && s->f[i]->code == 79 && s->f[i]->cause == r;
	if (fact_breaks_node(r) || (r->kind == FACT_HEAT && fell && r->nnode <= 1))
		ids_add(s->fs, &s->cordon, r->node);
	if (s->cordon.n && ids_has(s->fs, removed, s->cordon.id[0]))
		s->cordon.n = 0; /* already removed */
}

/* Does a fact have another possible cause on a node? */
static bool
is_rival(const struct fact *f, uint32_t node)
{
	for (size_t i = 0; i < f->nrival; i++)
		if (fact_on(f->rival[i], node))
			return true;
	return false;
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

		/* an undated effect did not precede its cause */
		if (!f->undated || s->n == 1) {
			s->first = num_min(s->first, num_max(f->lo, num_min(s->root->lo, f->at)));
			s->last = num_max(s->last, f->hi);
		}
		if (f->kind == FACT_HANG) {
			s->hang = s->hang ? s->hang : s->f[i];
			if (job_is_named(s->fs, f->job))
				ids_add(s->fs, &s->jobs, f->job);
			for (size_t k = 0; k < f->nnode && f->ranks->blamed.n; k++)
				ids_add(s->fs, &s->nodes, f->nodes[k]);
			for (size_t k = 0; k < f->ranks->npod && f->ranks->blamed.n; k++)
				ids_add(s->fs, &s->pods, f->ranks->pods[k]);
			/* an unplaced rank may have run on a node with waiting ranks; if all wait and
			 * nothing is known, any of their nodes may be the cause */
			for (size_t k = 0; k < f->ranks->nwaiting && !f->ranks->unplaced && (f->ranks->blamed.n || f->cause); k++)
				if (!is_rival(f, f->ranks->waiting_nodes[k]))
					ids_add(s->fs, &s->innocent, f->ranks->waiting_nodes[k]);
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

bool
story_has_rival(const struct story *s)
{
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->f[i]->nrival; k++)
			if (s->f[i]->rival[k]->root != s->root)
				return true;
	return false;
}

/* Might the kernel log, which the input lacks, name another cause of a failed pod? */
static bool
lacks_kernel(const struct facts *fs, const struct fact *root)
{
	return root->kind == FACT_ENDED && root->gpu_pod && !root->oom && !root->gpu_memory && !fact_is_stopped(root) &&
	       !fs->has[EVENT_XID] && !fs->has[EVENT_AER] && !fs->has[EVENT_RECOVERY];
}

/* Did ranks stop on a node where nothing failed, though the hang's cause is what failed on
 * another node? */
static bool
explains_part(const struct story *s)
{
	const struct fact *h = s->hang, *c = h ? h->cause : NULL;

	if (!c || c->kind == FACT_LOST || c->kind == FACT_ENDED || c->kind == FACT_LINK || !h->ranks->blamed.n || str_eq(h->detail, S("stalled")))
		return false;
	for (size_t i = 0; i < h->nnode; i++) {
		bool has = is_rival(h, h->nodes[i]);

		for (size_t k = 0; k < s->n && !has; k++)
			has = s->f[k] != h && fact_on(s->f[k], h->nodes[i]);
		if (!has)
			return true;
	}
	return false;
}

/* Is every link certain?  If not, which data sources are missing? */
static void
find_confidence(struct story *s)
{
	const struct fact *r = s->root, *h = s->hang;
	const bool *has = s->fs->has;
	bool gpu = r->kind == FACT_XID || r->kind == FACT_HBM || r->kind == FACT_PCIE || r->kind == FACT_SXID;
	/* only the program itself makes wrong calls */
	bool own = h && (str_eq(h->detail, S("mismatch")) || str_eq(h->detail, S("deadlock"))), part = explains_part(s);
	struct buf *b = s->fs->d->scratch;

	b->n = 0;
	if ((h && !own && h == r && !has[EVENT_XID] && !has[EVENT_AER]) || (r->kind == FACT_HBM && !r->code) || lacks_kernel(s->fs, r))
		missing(b, S("kernel_event"));
	if (!has[EVENT_LOSS] && !has[EVENT_PLACEMENT] && !has[EVENT_POD] && (gpu || (h && !own)))
		missing(b, S("pod_event"));
	if (r->kind == FACT_LOST && r->how == LOST_PRESSURE && (r->undated || r->lo == r->at))
		missing(b, S("node_condition"));
	if (h && (h->ranks->guessed || (part && str_eq(h->detail, S("silent")))))
		missing(b, S("nccl_record"));
	if (h && (h->ranks->assumed || h->ranks->unplaced))
		missing(b, S("rank_placement"));
	s->missing = mem_str(s->fs->d->mem, buf_str(b));
	s->full = !s->missing.n && !part && !story_has_rival(s) && !str_eq(s->kind, S("unknown"));
	for (size_t i = 0; i < s->n; i++)
		s->full &= !s->f[i]->cause || s->f[i]->causes || fact_is_aftermath(s->f[i]);
}

static int
story_cmp(const void *x, const void *y, const void *ctx)
{
	return fact_cmp(*(struct fact *const *)x, *(struct fact *const *)y, ctx);
}

/* Causes before effects; among possible next facts the earliest first. */
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

void
story_make(struct story *s, const struct ids *removed)
{
	order_story(s);
	find_members(s);
	find_cordon(s, removed);
	s->kind = kind_of(s->root);
	find_confidence(s);
}
