#include "base/num.h"
#include "incident/incident.h"

/* Reliability of sources, best first (inquest(1)). */
enum { BY_HAND = 1, BY_RECORD, BY_INIT, BY_LINE, BY_POD, BY_VERDICT };

static void
add_seat(struct facts *fs, struct seat s)
{
	fs->seat = mem_extend(fs->d->mem, fs->seat, fs->nseat, &fs->seat_cap, sizeof(*fs->seat));
	fs->seat[fs->nseat++] = s;
}

/* The node of a host name. */
static uint32_t
node_of(const struct facts *fs, uint32_t host)
{
	uint32_t node = coverage_node(fs, host);

	return node == COVERAGE_SEVERAL ? host : node;
}

static uint32_t
pod_id(struct facts *fs, const struct pod *p)
{
	return p ? facts_pod(fs, idx_at(fs->names, p->ns), idx_at(fs->names, p->name)) : 0;
}

/* ---- places by source ---- */

/* From labels and environment: node rank * processes + local rank. */
static void
from_pods(struct facts *fs)
{
	enum { PROCS_MAX = 1024 };
	const struct event_list *l = &fs->ev->list[EVENT_POD];
	const struct pod *p = l->p;
	uint32_t *mastered = mem_new(fs->d->mem, uint32_t, l->n);
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		if (p[i].master)
			mastered[n++] = p[i].job;
	sort(mastered, n, sizeof(*mastered), sort_u32, NULL, fs->d->spare);
	for (size_t i = 0; i < l->n; i++) {
		uint32_t index = (uint32_t)p[i].index, id = pod_id(fs, &p[i]);
		size_t lo = 0;

		if (p[i].index < 0 || !p[i].procs || p[i].procs > PROCS_MAX)
			continue;
		SORT_BISECT(lo, n, k, mastered[k] < p[i].job);
		if (p[i].worker && lo < n && mastered[lo] == p[i].job)
			index++;
		for (uint32_t r = 0; r < p[i].procs; r++)
			add_seat(fs, (struct seat){
				.job = p[i].job, .rank = index * p[i].procs + r, .node = p[i].e.node, .pod = id, .from = p[i].e.t,
				.weak = BY_POD, .assumed = p[i].assumed});
	}
}

static const struct pod *
pod_of_line(const struct facts *fs, const struct rank_at *r)
{
	const struct pod *p = jobs_pod(fs, r->ns, r->pod);

	return p ? p : jobs_pod(fs, 0, r->host);
}

/* The largest communicator of a job. */
struct world {
	uint32_t job, size;
};

static int
world_cmp(const void *x, const void *y, const void *ctx)
{
	const struct world *a = x, *b = y;

	(void)ctx;
	return a->job != b->job ? SORT_ORDER(a->job, b->job) : SORT_ORDER(b->size, a->size);
}

static uint32_t
world_of(const struct world *w, size_t n, uint32_t job)
{
	size_t lo = 0;

	SORT_BISECT(lo, n, i, w[i].job < job);
	return lo < n && w[lo].job == job ? w[lo].size : 0;
}

/* A rank with records from a pod or node. */
struct voice {
	uint32_t pod, node, rank;
};

static int
voice_cmp(const void *x, const void *y, const void *ctx)
{
	const struct voice *a = x, *b = y;
	int d = SORT_ORDER(a->pod, b->pod);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->node, b->node);
	return d ? d : SORT_ORDER(a->rank, b->rank);
}

/* Number of ranks with records from r's place; v: each once. */
static size_t
ranks_in(const struct voice *v, size_t n, const struct rank_at *r)
{
	struct voice from = {.pod = r->pod, .node = r->e.node}, to = {.pod = r->pod, .node = r->e.node, .rank = UINT32_MAX};
	size_t lo = 0, hi = 0;

	SORT_BISECT(lo, n, i, voice_cmp(&v[i], &from, NULL) < 0);
	SORT_BISECT(hi, n, i, voice_cmp(&v[i], &to, NULL) <= 0);
	return hi - lo;
}

static void
from_lines(struct facts *fs)
{
	const struct event_list *l = &fs->ev->list[EVENT_RANK];
	const struct rank_at *r = l->p;
	struct world *w = mem_new(fs->d->mem, struct world, l->n);
	struct voice *from = mem_new(fs->d->mem, struct voice, l->n);
	size_t nw = 0, nfrom = 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct pod *p = pod_of_line(fs, &r[i]);

		if (r[i].from == RANK_INIT)
			w[nw++] = (struct world){p ? p->job : 0, r[i].world};
		else if (r[i].from == RANK_LINE)
			from[nfrom++] = (struct voice){r[i].pod, r[i].e.node, r[i].rank};
	}
	sort(w, nw, sizeof(*w), world_cmp, NULL, fs->d->spare);
	sort(from, nfrom, sizeof(*from), voice_cmp, NULL, fs->d->spare);
	nfrom = sort_unique(from, nfrom, sizeof(*from), voice_cmp, NULL);

	for (size_t i = 0; i < l->n; i++) {
		const struct pod *p = pod_of_line(fs, &r[i]);
		struct seat s = {.rank = r[i].rank, .gpu = r[i].gpu, .from = r[i].e.t, .weak = BY_INIT};
		size_t others = 0;

		s.pod = p ? pod_id(fs, p) : facts_pod(fs, idx_at(fs->names, r[i].ns), idx_at(fs->names, r[i].pod));
		s.job = p ? p->job : 0;
		s.node = p && p->e.node ? p->e.node : r[i].e.node ? r[i].e.node : node_of(fs, r[i].host);
		if (r[i].from == RANK_INIT) {
			/* a communicator of a subset of the ranks has its own numbers */
			if (r[i].world < world_of(w, nw, s.job))
				continue;
		} else if (r[i].from == RANK_LINE) {
			/* a launcher's log has the lines of all ranks */
			s.weak = BY_LINE;
			others = ranks_in(from, nfrom, &r[i]);
			if (others > (p && p->gpus ? p->gpus : 8))
				continue;
		}
		if (s.node)
			add_seat(fs, s);
	}
}

/* Add a rank on a host, which may be a pod. */
static void
add_on_host(struct facts *fs, uint32_t host, struct seat s)
{
	const struct pod *p = jobs_pod(fs, 0, host), *on;

	if (p) {
		s.node = p->e.node;
		s.job = p->job;
	} else {
		s.node = node_of(fs, host);
		s.job = jobs_on(fs, s.node, &on);
		p = s.job ? on : NULL;
		s.job = s.job ? s.job : declared_job(fs, host);
	}
	s.pod = pod_id(fs, p);
	if (s.node)
		add_seat(fs, s);
}

static void
from_record(struct facts *fs, uint32_t rank, uint32_t host)
{
	add_on_host(fs, host, (struct seat){.rank = rank, .from = NO_TIME, .weak = BY_RECORD});
}

void
seats_of_verdict(struct facts *fs, uint32_t rank, uint32_t host, int64_t t)
{
	add_on_host(fs, host, (struct seat){.rank = rank, .from = t, .weak = BY_VERDICT, .assumed = true});
}

static void
from_records(struct facts *fs)
{
	const struct event_list *c = &fs->ev->list[EVENT_COLLECTIVE], *d = &fs->ev->list[EVENT_COMPLETED], *p = &fs->ev->list[EVENT_PROGRESS];
	const struct collective *col = c->p;
	const struct completed *done = d->p;
	const struct progress *pro = p->p;
	uint32_t node = 0, rank = 0;

	for (size_t i = 0; i < c->n; i++)
		if (col[i].e.node && (col[i].e.node != node || col[i].rank != rank))
			from_record(fs, rank = col[i].rank, node = col[i].e.node);
	for (size_t i = 0; i < d->n; i++)
		if (done[i].e.node && (done[i].e.node != node || done[i].rank != rank))
			from_record(fs, rank = done[i].rank, node = done[i].e.node);
	for (size_t i = 0; i < p->n; i++)
		if (pro[i].e.node && (pro[i].e.node != node || pro[i].rank != rank))
			from_record(fs, rank = pro[i].rank, node = pro[i].e.node);
}

/* ---- --ranks ---- */

/* rank[-rank]<TAB>node[<TAB>pod[<TAB>gpu]] */
static bool
hand_line(struct str line, uint64_t *a, uint64_t *b, struct str *node, struct str *pod, struct pci *gpu)
{
	struct str ranks = {0}, word = {0};

	*pod = (struct str){0};
	*gpu = (struct pci){0};
	if (!str_cut(&line, '\t', &ranks) || !str_cut(&line, '\t', node) || !node->n || !num_eat(&ranks, a))
		return false;
	*b = *a;
	if (str_eat(&ranks, S("-")) && !num_eat(&ranks, b))
		return false;
	if (str_cut(&line, '\t', pod) && str_cut(&line, '\t', &word) && word.n && !pci_parse(word, gpu))
		return false;
	return ranks.n == 0 && *b >= *a && *b < 1 << 24;
}

const char *
seats_parse(void *to, struct str text, struct mem *m, uint64_t *line)
{
	struct str rest = text, one, node, pod;
	struct pci gpu;
	uint64_t a, b;

	(void)m;
	for (*line = 1; str_cut(&rest, '\n', &one); ++*line)
		if (one.n && *one.p != '#' && !hand_line(one, &a, &b, &node, &pod, &gpu))
			return "not rank[-rank], a tab and a node";
	*(struct str *)to = text;
	return NULL;
}

static void
from_hand(struct facts *fs)
{
	struct str rest = fs->c->seats, one, node, pod;
	struct pci gpu;
	uint64_t a, b;

	while (str_cut(&rest, '\n', &one))
		if (one.n && *one.p != '#' && hand_line(one, &a, &b, &node, &pod, &gpu))
			for (; a <= b; a++)
				add_seat(fs, (struct seat){
					.rank = (uint32_t)a, .node = node_of(fs, idx_add(fs->names, node_canon(node, mem_bytes(fs->d->mem, node.n)))),
					.pod = idx_add(fs->names, pod), .gpu = gpu, .from = NO_TIME, .weak = BY_HAND});
}

static int
seat_cmp(const void *x, const void *y, const void *ctx)
{
	const struct seat *a = x, *b = y;
	const struct idx *names = ctx;
	int d = a->job != b->job ? idx_cmp(names, a->job, b->job) : 0;

	d = d ? d : SORT_ORDER(a->rank, b->rank);
	d = d ? d : SORT_ORDER(a->weak, b->weak);
	d = d ? d : SORT_ORDER(b->from, a->from);
	d = d ? d : a->node != b->node ? idx_cmp(names, a->node, b->node) : 0;
	d = d ? d : a->pod != b->pod ? idx_cmp(names, a->pod, b->pod) : 0;
	return d ? d : pci_cmp(a->gpu, b->gpu);
}

void
seats_gather(struct facts *fs)
{
	from_hand(fs);
	from_records(fs);
	from_lines(fs);
	from_pods(fs);
	sort(fs->seat, fs->nseat, sizeof(*fs->seat), seat_cmp, fs->names, fs->d->spare);
}

/* ---- where a rank ran ---- */

/* The most reliable seat of a rank at a time, completed from weaker ones; false: none. */
static bool
seat_of(const struct facts *fs, uint32_t job, uint32_t rank, int64_t t, struct seat *s)
{
	struct seat key = {.job = job, .rank = rank, .from = INT64_MAX};
	bool found = false, bad = false;
	size_t lo = 0;

	SORT_BISECT(lo, fs->nseat, i, seat_cmp(&fs->seat[i], &key, fs->names) < 0);
	for (size_t i = lo; i < fs->nseat && fs->seat[i].job == job && fs->seat[i].rank == rank; i++) {
		const struct seat *o = &fs->seat[i];

		if (o->from != NO_TIME && o->from > time_add(t, fs->c->ahead))
			continue;
		if (!found) {
			*s = *o;
			found = true;
		} else if (o->node == s->node) {
			s->pod = s->pod ? s->pod : o->pod;
			s->gpu = s->gpu.known ? s->gpu : o->gpu;
		} else if (o->weak == s->weak && (o->weak <= BY_RECORD || o->from == s->from)) {
			bad = true; /* equally reliable but different: neither is used */
		}
	}
	return found && !bad;
}

static bool
seat_find(const struct facts *fs, uint32_t job, uint32_t rank, int64_t t, struct seat *s)
{
	struct seat own = {0}, any = {0};
	bool o = job && seat_of(fs, job, rank, t, &own), a = seat_of(fs, 0, rank, t, &any);

	if (!o && !a)
		return false;
	*s = o && (!a || own.weak <= any.weak) ? own : any;
	return true;
}

/* Do records with hosts but no job contradict the node that its job gives for a rank,
 * in seats i to end? */
static bool
contradicted(const struct facts *fs, size_t i, size_t end)
{
	struct seat s;

	for (; i < end; i++)
		if (!fs->seat[i].assumed && seat_of(fs, 0, fs->seat[i].rank, NO_TIME, &s) && s.weak <= BY_RECORD && s.node != fs->seat[i].node)
			return true;
	return false;
}

/* *job: the only job with ranks up to max, or the only one with exactly these; false:
 * ambiguous.  checked: skip jobs that records contradict. */
static bool
only_job(const struct facts *fs, uint32_t max, bool checked, uint32_t *job)
{
	uint32_t found = 0, exact = 0;
	size_t jobs = 0, exacts = 0;

	for (size_t i = 0, end; i < fs->nseat; i = end) {
		uint32_t top = 0;

		for (end = i; end < fs->nseat && fs->seat[end].job == fs->seat[i].job; end++)
			top = fs->seat[end].rank;
		if (top < max || !fs->seat[i].job || (checked && contradicted(fs, i, end)))
			continue;
		jobs++;
		found = fs->seat[i].job;
		if (top == max) {
			exacts++;
			exact = found;
		}
	}
	*job = jobs == 1 ? found : exacts == 1 ? exact : 0;
	return jobs == 1 || exacts == 1 || (!jobs && !checked);
}

/* The job of dumps that name neither host nor job: the only one with so many ranks, or 0. */
static uint32_t
job_of_size(const struct facts *fs, uint32_t size)
{
	uint32_t found = 0;

	for (size_t i = 0, end; i < fs->nseat; i = end) {
		for (end = i; end < fs->nseat && fs->seat[end].job == fs->seat[i].job; end++)
			;
		if (!fs->seat[i].job || fs->seat[end - 1].rank + 1 != size)
			continue;
		if (found)
			return 0;
		found = fs->seat[i].job;
	}
	return found;
}

/* Does any record give a place to a rank of this job? */
static bool
has_seats(const struct facts *fs, uint32_t job)
{
	for (size_t i = 0; i < fs->nseat; i++)
		if (fs->seat[i].job == job)
			return true;
	return false;
}

/* *job: the job of a hang, from its records' nodes, or else the only one with all its
 * ranks; 0: no jobs known.  False: ambiguous. */
static bool
job_of(const struct facts *fs, uint32_t max, uint32_t *job)
{
	bool found = false;

	for (size_t i = 0; i < fs->nseat; i++)
		if (fs->seat[i].weak <= BY_RECORD && fs->seat[i].job) {
			if (found && *job != fs->seat[i].job) {
				*job = 0;
				return false;
			}
			*job = fs->seat[i].job;
			found = true;
		}
	return found || only_job(fs, max, false, job) || only_job(fs, max, true, job);
}

/* ---- hangs ---- */

static struct ranks
both(struct facts *fs, struct ranks a, struct ranks b)
{
	struct ranks r = {mem_new(fs->d->mem, uint32_t, a.n + b.n), 0};

	for (size_t i = 0; i < a.n; i++)
		r.r[r.n++] = a.r[i];
	for (size_t i = 0; i < b.n; i++)
		r.r[r.n++] = b.r[i];
	sort(r.r, r.n, sizeof(*r.r), sort_u32, NULL, fs->d->spare);
	r.n = sort_unique(r.r, r.n, sizeof(*r.r), sort_u32, NULL);
	return r;
}

static struct ranks
without(struct ranks a, struct ranks b)
{
	struct ranks r = {a.r, 0};

	for (size_t i = 0, k = 0; i < a.n; i++) {
		while (k < b.n && b.r[k] < a.r[i])
			k++;
		if (k == b.n || b.r[k] != a.r[i])
			r.r[r.n++] = a.r[i];
	}
	return r;
}

static int
job_cmp(const void *x, const void *y, const void *ctx)
{
	const struct fact *a = *(struct fact *const *)x, *b = *(struct fact *const *)y;

	(void)ctx;
	return a->job != b->job ? SORT_ORDER(a->job, b->job) : SORT_ORDER(a, b);
}

/* Hangs by job, then in their order. */
static struct fact **
hangs_by_job(struct facts *fs, size_t *n)
{
	struct fact **hang;

	*n = 0;
	for (size_t i = 0; i < fs->n; i++)
		*n += fs->f[i].kind == FACT_HANG;
	hang = mem_new(fs->d->mem, struct fact *, *n);
	*n = 0;
	for (size_t i = 0; i < fs->n; i++)
		if (fs->f[i].kind == FACT_HANG)
			hang[(*n)++] = &fs->f[i];
	sort(hang, *n, sizeof(struct fact *), job_cmp, NULL, fs->d->spare);
	return hang;
}

/* All blamed, or else all waiting ranks of n hangs. */
static struct ranks
all_of(struct facts *fs, struct fact *const *hang, size_t n, bool blamed)
{
	struct ranks r = {0};
	size_t to = 0;

	for (size_t i = 0; i < n; i++)
		to += blamed ? hang[i]->ranks->blamed.n : hang[i]->ranks->waiting.n;
	r.r = mem_new(fs->d->mem, uint32_t, to);
	for (size_t i = 0; i < n; i++) {
		struct ranks own = blamed ? hang[i]->ranks->blamed : hang[i]->ranks->waiting;

		for (size_t k = 0; k < own.n; k++)
			r.r[r.n++] = own.r[k];
	}
	sort(r.r, r.n, sizeof(*r.r), sort_u32, NULL, fs->d->spare);
	r.n = sort_unique(r.r, r.n, sizeof(*r.r), sort_u32, NULL);
	return r;
}

/* Merge n hangs into the first, with the ranks of the first one that blames any. */
static void
merge(struct facts *fs, struct fact *const *hang, size_t n)
{
	struct fact *into = hang[0];
	bool blames = into->ranks->blamed.n > 0;

	for (size_t i = 1; i < n; i++) {
		struct fact *f = hang[i];

		if (!blames && f->ranks->blamed.n) {
			into->detail = f->detail;
			into->remedy = f->remedy;
			into->action = f->action;
			into->folded = 0;
			blames = true;
		}
		fact_share(fs, into, f);
		for (size_t k = 0; k < f->nsaid; k++)
			fact_said(fs, into, f->said[k]);
		into->folded += f->folded + 1;
		f->gone = into;
	}
	into->ranks->blamed = all_of(fs, hang, n, true);
	into->ranks->waiting = without(all_of(fs, hang, n, false), into->ranks->blamed);
}

/* Merge hangs of a job that began within a minute. */
static void
merge_hangs(struct facts *fs)
{
	size_t n, to = 0;
	struct fact **hang = hangs_by_job(fs, &n);

	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && hang[end]->job == hang[i]->job && time_diff(hang[end]->lo, hang[i]->lo) <= MINUTE; end++)
			;
		merge(fs, hang + i, end - i);
	}
	for (size_t i = 0; i < fs->n; i++)
		if (!fs->f[i].gone)
			fs->f[to++] = fs->f[i];
	fs->n = to;
}

/* May a record be of a job, judging by its node? */
static bool
is_of(const struct facts *fs, const struct event *e, uint32_t job)
{
	uint32_t own = job ? jobs_of_record(fs, e) : 0;

	return !own || own == job;
}

/* All ranks of a job in any record of collectives. */
static struct ranks
heard_ranks(struct facts *fs, uint32_t job)
{
	const struct event_list *c = &fs->ev->list[EVENT_COLLECTIVE], *d = &fs->ev->list[EVENT_COMPLETED], *p = &fs->ev->list[EVENT_PROGRESS];
	const struct collective *col = c->p;
	const struct completed *done = d->p;
	const struct progress *pro = p->p;
	struct ranks r = {mem_new(fs->d->mem, uint32_t, c->n + d->n + p->n), 0};

	for (size_t i = 0; i < c->n; i++)
		if (is_of(fs, &col[i].e, job))
			r.r[r.n++] = col[i].rank;
	for (size_t i = 0; i < d->n; i++)
		if (is_of(fs, &done[i].e, job))
			r.r[r.n++] = done[i].rank;
	for (size_t i = 0; i < p->n; i++)
		if (is_of(fs, &pro[i].e, job))
			r.r[r.n++] = pro[i].rank;
	sort(r.r, r.n, sizeof(*r.r), sort_u32, NULL, fs->d->spare);
	r.n = sort_unique(r.r, r.n, sizeof(*r.r), sort_u32, NULL);
	return r;
}

/* All ranks of a job with an unfinished collective. */
static struct ranks
waiting_ranks(struct facts *fs, uint32_t job)
{
	const struct event_list *c = &fs->ev->list[EVENT_COLLECTIVE];
	const struct collective *col = c->p;
	struct ranks r = {mem_new(fs->d->mem, uint32_t, c->n), 0};

	for (size_t i = 0; i < c->n; i++)
		if (is_of(fs, &col[i].e, job))
			r.r[r.n++] = col[i].rank;
	sort(r.r, r.n, sizeof(*r.r), sort_u32, NULL, fs->d->spare);
	r.n = sort_unique(r.r, r.n, sizeof(*r.r), sort_u32, NULL);
	return r;
}

/* The highest rank that a job's Pods give a place, or 0. */
static uint32_t
top_of_pods(const struct facts *fs, uint32_t job)
{
	struct seat key = {.job = job, .rank = UINT32_MAX, .from = INT64_MAX};
	size_t lo = 0;

	SORT_BISECT(lo, fs->nseat, i, seat_cmp(&fs->seat[i], &key, fs->names) < 0);
	while (lo && job && fs->seat[lo - 1].job == job && fs->seat[lo - 1].weak != BY_POD)
		lo--;
	return lo && job && fs->seat[lo - 1].job == job ? fs->seat[lo - 1].rank : 0;
}

/* Number of ranks of a hang's job: from the hang, its job's NCCL lines or Pods, whichever
 * is most; top: the highest known rank. */
static uint32_t
world_of_hang(const struct facts *fs, const struct fact *f, uint32_t top)
{
	const struct event_list *l = &fs->ev->list[EVENT_RANK];
	uint32_t world = top + 1, job = f->job, last;

	if (job || job_of(fs, top, &job)) {
		last = top_of_pods(fs, job);
		world = last > top && last < 2 * (top + 1) ? last + 1 : world;
	}

	for (size_t i = 0; i < l->n && f->ranks->world <= top + 1; i++) {
		const struct rank_at *r = (const struct rank_at *)l->p + i;
		const struct pod *p = pod_of_line(fs, r);

		if (f->job && p && p->job && p->job != f->job)
			continue;
		if (r->world > world && r->world <= 2 * (top + 1))
			world = r->world;
	}
	return world > f->ranks->world ? world : f->ranks->world;
}

/* If several groups stall at once and ranks without records are missing from 0 to the
 * last, blame these instead.  In a single hang with no known culprit this is a guess. */
static void
find_holes(struct facts *fs, struct fact *f, struct ranks heard)
{
	bool unknown = str_eq(f->detail, S("unknown"));
	struct ranks hole;
	uint32_t world;

	heard = both(fs, heard, f->ranks->waiting);
	if (f->ranks->blamed.n || !(f->folded || unknown) || !heard.n)
		return;
	world = world_of_hang(fs, f, heard.r[heard.n - 1]);
	if (world == heard.n || world > 4 * heard.n)
		return;
	hole = (struct ranks){mem_new(fs->d->mem, uint32_t, world - heard.n), 0};
	for (uint32_t r = 0, k = 0; r < world; r++) {
		while (k < heard.n && heard.r[k] < r)
			k++;
		if (k == heard.n || heard.r[k] != r)
			hole.r[hole.n++] = r;
	}
	f->ranks->blamed = hole;
	f->ranks->guessed = !f->folded;
	f->detail = S("silent");
}

/* Ranks that merely have no records are blamed only if there is a cause. */
void
seats_doubt(struct facts *fs)
{
	for (size_t i = 0; i < fs->n; i++) {
		struct fact *f = &fs->f[i];

		if (!f->ranks || !f->ranks->guessed || f->cause)
			continue;
		f->ranks->blamed.n = 0;
		f->detail = S("unknown");
	}
}

/* Sort by name, remove duplicates and 0; returns their number. */
static uint32_t
each_once(struct facts *fs, uint32_t *list, size_t n)
{
	size_t to = 0;

	for (size_t i = 0; i < n; i++)
		if (list[i])
			list[to++] = list[i];
	n = to;
	sort(list, n, sizeof(*list), ids_cmp, fs->names, fs->d->spare);
	return (uint32_t)sort_unique(list, n, sizeof(*list), ids_cmp, fs->names);
}

/* Is a fact a broken node or GPU, which may be the cause of any hang? */
static bool
is_breakage(const struct fact *f)
{
	return !f->undated && (f->kind == FACT_PCIE || f->kind == FACT_HBM || f->kind == FACT_SXID || f->kind == FACT_NOTREADY ||
	       f->kind == FACT_MACHINE_CHECK || f->kind == FACT_PANIC || f->kind == FACT_REBOOT || f->kind == FACT_LOST || (f->kind == FACT_ENDED && f->gpu_pod) ||
	       (f->kind == FACT_XID && f->cls <= XID_UNKNOWN));
}

/* If all other ranks have places, and one node without any broke then: assume that node. */
static void
eliminate(struct facts *fs, struct fact *f, const struct ranks *all)
{
	const uint32_t *taken = f->ranks->waiting_nodes;
	uint32_t node = 0;
	size_t per = f->ranks->nwaiting ? all->n / f->ranks->nwaiting : 0;

	if (!f->ranks->nwaiting || f->ranks->blamed.n != per || all->n % f->ranks->nwaiting)
		return;
	for (size_t i = 0; i < fs->n; i++) {
		const struct fact *x = &fs->f[i];
		bool has = false;

		if (!is_breakage(x) || x->lo > time_add(f->lo, fs->c->ahead) || time_diff(f->lo, x->hi) > fs->c->before)
			continue;
		for (size_t k = 0; k < f->ranks->nwaiting; k++)
			has |= taken[k] == x->node;
		if (has || !x->node || x->node == node)
			continue;
		if (node)
			return;
		node = x->node;
	}
	if (!node)
		return;
	f->nodes = mem_new(fs->d->mem, uint32_t, 1);
	f->nodes[0] = f->node = node;
	f->nnode = 1;
	f->ranks->assumed = true;
	f->ranks->unplaced = false;
}

/* Number of consecutive ranks on one node around the ith one. */
static size_t
row_of(const uint32_t *node, size_t n, size_t i)
{
	size_t from = i, to = i + 1;

	while (from && node[from - 1] == node[i])
		from--;
	while (to < n && node[to] == node[i])
		to++;
	return to - from;
}

/* Ranks per node, if every node has as many consecutive ones; 0 if not, or if a rank
 * has no place.  nodes: number of nodes. */
static size_t
ranks_a_node(const uint32_t *node, size_t n, size_t nodes)
{
	size_t most = 0, rows = 0;

	for (size_t i = 0; i < n; i += row_of(node, n, i), rows++) {
		if (!node[i])
			return 0;
		most = num_max(most, row_of(node, n, i));
	}
	return rows == nodes ? most : 0;
}

/* Node of a rank without a place in records: the only node whose block of `per`
 * consecutive ranks can include it.  r: placed ranks, their nodes in `node`. */
static uint32_t
node_in_gap(struct ranks r, const uint32_t *node, size_t per, uint32_t rank)
{
	bool below, above;
	size_t i = 0, gap;

	SORT_BISECT(i, r.n, k, r.r[k] < rank);
	if (!per || !r.n)
		return 0;
	gap = (i < r.n ? r.r[i] : rank + 1) - (i ? r.r[i - 1] + 1 : 0);
	below = i && row_of(node, r.n, i - 1) + gap <= per;
	above = i < r.n && row_of(node, r.n, i) + gap <= per;
	if (below && above && node[i - 1] != node[i])
		return 0;
	return below ? node[i - 1] : above ? node[i] : 0;
}

/* heard: ranks with records, which wait unless blamed; top: the job's highest rank;
 * only: this is the job's only hang. */
static void
place(struct facts *fs, struct fact *f, struct ranks heard, uint32_t top, bool only)
{
	struct ranks blamed = f->ranks->blamed, all = without(both(fs, heard, f->ranks->waiting), f->ranks->blamed);
	uint32_t job = 0, max = top, *node = mem_new(fs->d->mem, uint32_t, all.n);
	size_t per;
	bool known, stalled = !f->ranks->blamed.n;
	struct seat s;

	if (only && !stalled && fs->ev->list[EVENT_COLLECTIVE].n)
		f->ranks->waiting = without(waiting_ranks(fs, f->job), f->ranks->blamed);
	if (stalled)
		blamed = f->ranks->waiting; /* no rank blamed: the cause stopped the waiting ones */
	if (f->ranks->blamed.n && f->ranks->blamed.r[f->ranks->blamed.n - 1] > max)
		max = f->ranks->blamed.r[f->ranks->blamed.n - 1];
	if (fs->nstand && f->job && !job_is_named(fs, f->job) && !has_seats(fs, f->job))
		f->job = job_of_size(fs, declared_size(fs, f->job));
	known = f->job || job_of(fs, max, &job);
	f->job = f->job ? f->job : job;
	f->nodes = mem_new(fs->d->mem, uint32_t, blamed.n);
	f->ranks->pods = mem_new(fs->d->mem, uint32_t, blamed.n);
	f->ranks->gpus = mem_new(fs->d->mem, uint32_t, blamed.n);
	f->ranks->waiting_nodes = mem_new(fs->d->mem, uint32_t, all.n);
	for (size_t i = 0; known && i < all.n; i++)
		if (seat_find(fs, f->job, all.r[i], f->lo, &s))
			f->ranks->waiting_nodes[f->ranks->nwaiting++] = node[i] = s.node;
	f->ranks->nwaiting = each_once(fs, f->ranks->waiting_nodes, f->ranks->nwaiting);
	per = stalled ? 0 : ranks_a_node(node, all.n, f->ranks->nwaiting);
	for (size_t i = 0; known && i < blamed.n; i++) {
		if (!seat_find(fs, f->job, blamed.r[i], f->lo, &s))
			s = (struct seat){.node = node_in_gap(all, node, per, blamed.r[i]), .assumed = true};
		if (!s.node) {
			f->ranks->unplaced = true;
			continue;
		}
		f->nodes[f->nnode++] = s.node;
		f->ranks->pods[f->ranks->npod++] = s.pod;
		f->ranks->assumed |= s.assumed;
		if (s.gpu.known) {
			struct buf *b = fs->d->scratch;

			b->n = 0;
			buf_add(b, idx_at(fs->names, s.node));
			buf_chr(b, '/');
			pci_put(b, s.gpu);
			f->ranks->gpus[f->ranks->ngpu++] = idx_add(fs->names, buf_str(b));
		}
	}
	f->nnode = each_once(fs, f->nodes, f->nnode);
	f->ranks->npod = each_once(fs, f->ranks->pods, f->ranks->npod);
	f->ranks->ngpu = each_once(fs, f->ranks->gpus, f->ranks->ngpu);
	f->ranks->unplaced |= !known || !f->nnode;
	if (f->ranks->unplaced && known && f->ranks->blamed.n && !f->nnode)
		eliminate(fs, f, &all);
	f->node = f->nnode ? f->nodes[0] : 0;
	if (stalled && f->nnode == 1 && str_eq(f->detail, S("stalled")))
		f->ranks->blamed = f->ranks->waiting; /* all on one node: blame that node's */
}

/* Did all blamed ranks' pods succeed?  If so, the job's unfinished records are no
 * hang. */
static bool
has_finished(const struct facts *fs, const struct fact *f)
{
	size_t n = 0;

	while (f->ranks && n < f->ranks->npod && jobs_succeeded(fs, f->ranks->pods[n]))
		n++;
	return n && n == f->ranks->npod;
}

static void
drop_finished(struct facts *fs)
{
	size_t to = 0;

	for (size_t i = 0; i < fs->n; i++)
		if (!has_finished(fs, &fs->f[i]))
			fs->f[to++] = fs->f[i];
	fs->n = to;
}

void
seats_place(struct facts *fs)
{
	/* if hangs times ranks exceed this, only the ranks that a hang names get a place */
	enum { PLACES_MAX = 1 << 22 };
	struct fact **hang;
	size_t n, nameless;

	merge_hangs(fs);
	hang = hangs_by_job(fs, &n);
	for (nameless = 0; nameless < n && !hang[nameless]->job; nameless++)
		;
	for (size_t i = 0, end; i < n; i = end) {
		struct ranks heard = heard_ranks(fs, hang[i]->job);
		uint32_t job = hang[i]->job, top = heard.n ? heard.r[heard.n - 1] : 0;
		bool only, many;

		for (end = i; end < n && hang[end]->job == job; end++)
			;
		only = end - i + (job ? nameless : 0) == 1;
		many = end - i > PLACES_MAX / (heard.n + 1);
		if (many)
			heard.n = 0;
		for (size_t k = i; k < end; k++) {
			if (!many)
				find_holes(fs, hang[k], heard);
			place(fs, hang[k], heard, top, only);
		}
	}
	drop_finished(fs);
}
