#include "pattern/nccl_hang/nccl.h"

#include <string.h>

#include "base/num.h"
#include "input/text/watchdog.h"

/*
 * jobs - the records of several jobs, and of several attempts of one, apart.
 * Group and rank numbers restart in each.
 *
 * Jobs: a dump says who is in the default group.  Two that do not agree are of
 * two jobs; so are hosts that have a whole default group each.
 * Attempts: an attempt ends before another begins, on all ranks.  It did
 * between two times of a rank where its numbers fall, where it is on another
 * host, where its watchdog's next timeout began after the last one, and where
 * all were silent for longer than a timeout and it left a collective behind.
 */

#define A_MINUTE (60 * SECOND)    /* to go on on another host takes so long */
#define TIMEOUT (600 * SECOND)    /* PyTorch's own */

static const enum event_kind kinds[] = {EVENT_COLLECTIVE, EVENT_COMPLETED, EVENT_PROGRESS, EVENT_PROCESS_GROUP, EVENT_WATCHDOG};

/* ---- slices of lists ---- */

/* Does a part have a record? */
typedef bool has_record(const void *ctx, size_t part, enum event_kind kind, const void *record);

static size_t
size_of(enum event_kind kind)
{
	return kind == EVENT_COLLECTIVE ? sizeof(struct collective) :
	       kind == EVENT_COMPLETED	? sizeof(struct completed) :
	       kind == EVENT_PROGRESS	? sizeof(struct progress) :
	       kind == EVENT_PROCESS_GROUP	? sizeof(struct process_group) :
					  sizeof(struct watchdog);
}

static struct job_records
jobs_take(struct mem *m, const struct job_records *of, has_record *has, const void *ctx, size_t part)
{
	struct job_records out = *of;

	for (size_t i = 0; i < NELEM(kinds); i++) {
		const struct record_list *l = &of->list[kinds[i]];
		size_t size = size_of(kinds[i]), n = 0;
		const char *p = l->p;
		char *to;

		for (size_t k = 0; k < l->n; k++)
			n += has(ctx, part, kinds[i], p + k * size);
		to = mem_bytes(m, n * size);
		out.list[kinds[i]] = (struct record_list){to, n};
		for (size_t k = 0; k < l->n; k++)
			if (has(ctx, part, kinds[i], p + k * size)) {
				memcpy(to, p + k * size, size);
				to += size;
			}
	}
	return out;
}

static uint32_t
jobs_rank_of(enum event_kind kind, const void *record)
{
	return kind == EVENT_COLLECTIVE ? ((const struct collective *)record)->rank :
	       kind == EVENT_COMPLETED	? ((const struct completed *)record)->rank :
	       kind == EVENT_PROGRESS	? ((const struct progress *)record)->rank :
					  ((const struct watchdog *)record)->rank;
}

/* ---- jobs of log lines ---- */

/*
 * What carries a log's lines names their job by a label, or their pod.  Pods of
 * one job have names that begin alike; yet what begins otherwise may be of the
 * same job, and is another's only where a rank, or the numbers of the default
 * group, would be in two places at once.
 */
struct writer {
	uint32_t name;
	uint32_t labelled; /* its namespace and job, by name */
	uint32_t alike;    /* and how the pods of its job begin */
	uint32_t node;     /* for writer_nodes: of its lines */
};

struct writers {
	const struct idx *names;
	struct writer *by_name, *by_node; /* nodes with one job alone */
	size_t n, nnode;
	bool split;
};

static int
writer_cmp(const void *x, const void *y, const void *ctx)
{
	const struct writer *p = x, *q = y;

	(void)ctx;
	return SORT_ORDER(p->name, q->name);
}

/* Is a part of a pod's name one that Kubernetes makes up: a number, or letters
 * and digits of its own, which leave out vowels? */
static bool
is_made_up(struct str s)
{
	size_t digits = 0;

	for (size_t i = 0; i < s.n; i++)
		digits += s.p[i] >= '0' && s.p[i] <= '9';
	if (digits == s.n)
		return true;
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("bcdfghjklmnpqrstvwxz2456789", s.p[i]))
			return false;
	return s.n == 5 || (s.n >= 8 && s.n <= 10);
}

/* Is it what a pod does in its job? */
static bool
is_role(struct str s)
{
	static const struct str roles[] = {
		STR_INIT("worker"), STR_INIT("master"), STR_INIT("launcher"), STR_INIT("leader"), STR_INIT("head"),
		STR_INIT("node"), STR_INIT("rank"), STR_INIT("replica"), STR_INIT("trainer"), STR_INIT("chief"),
	};

	while (s.n && s.p[s.n - 1] >= '0' && s.p[s.n - 1] <= '9')
		s = str_head(s, s.n - 1);
	for (size_t i = 0; i < NELEM(roles); i++)
		if (str_eq(s, roles[i]) || (str_starts(s, roles[i]) && str_eq(str_from(s, roles[i].n), S("s"))))
			return true;
	return false;
}

/* How the pods of a pod's job begin: its name up to what it does, without what is
 * made up at the end. */
static struct str
job_of_pod(struct str pod)
{
	struct str rest = pod, part, all = pod;
	size_t n = 0; /* what is not made up */

	while (str_cut(&rest, '-', &part)) {
		size_t end = (size_t)(part.p + part.n - all.p);

		if (part.p > all.p && is_role(part))
			return str_head(all, n ? n : end);
		if (part.p == all.p || !is_made_up(part))
			n = end;
	}
	while (n > 1 && all.p[n - 1] >= '0' && all.p[n - 1] <= '9')
		n--;
	return str_head(all, n);
}

static void
read_writer(const struct detection *d, struct writer *w)
{
	struct str rest = idx_at(&d->ev->names, w->name), job, ns;
	struct buf *b = d->scratch;

	str_cut(&rest, '|', &job);
	str_cut(&rest, '/', &ns);
	b->n = 0;
	buf_add(b, ns);
	if (ns.n)
		buf_chr(b, '/');
	buf_add(b, job);
	w->labelled = idx_add(d->names, buf_str(b));
	if (!job.n)
		buf_add(b, job_of_pod(rest));
	w->alike = idx_add(d->names, buf_str(b));
}

static const struct writer *
writer_of(const struct writers *s, uint32_t name)
{
	struct writer key = {.name = name};
	size_t lo = 0;

	SORT_BISECT(lo, s->n, i, writer_cmp(&s->by_name[i], &key, NULL) < 0);
	return lo < s->n && s->by_name[lo].name == name ? &s->by_name[lo] : NULL;
}

/* A rank, or the default group, in one job as pods' names have it; and how far. */
struct seen_place {
	uint32_t labelled, rank, alike;
	int64_t at;
};

static int
seen_place_cmp(const void *x, const void *y, const void *ctx)
{
	const struct seen_place *p = x, *q = y;
	int d = SORT_ORDER(p->labelled, q->labelled);

	(void)ctx;
	d = d ? d : SORT_ORDER(p->rank, q->rank);
	d = d ? d : SORT_ORDER(p->alike, q->alike);
	return d ? d : SORT_ORDER(p->at, q->at);
}

/* Where a line says that its rank is in the default group; -1: it does not. */
static int64_t
place_in_default(const struct watchdog *w, uint32_t zero)
{
	if (w->part == WATCHDOG_FAILURE && (!w->group || w->group == zero))
		return w->seq;
	return w->part == WATCHDOG_DUMP && w->enqueued == w->completed ? w->enqueued : -1;
}

/* Are pods whose names begin otherwise of several jobs? */
static bool
are_several(const struct detection *d, const struct writers *s, const struct record_list *l)
{
	const struct watchdog *w = l->p;
	uint32_t zero = idx_find(s->names, S("0"));
	struct seen_place *p = mem_new(d->mem, struct seen_place, 2 * l->n);
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct writer *by = writer_of(s, w[i].writer);
		int64_t at = place_in_default(&w[i], zero);

		if (!by || w[i].part == WATCHDOG_HOST)
			continue;
		if (w[i].rank != UINT32_MAX)
			p[n++] = (struct seen_place){by->labelled, w[i].rank, by->alike, 0};
		if (at >= 0)
			p[n++] = (struct seen_place){by->labelled, UINT32_MAX, by->alike, at};
	}
	sort(p, n, sizeof(*p), seen_place_cmp, NULL, d->spare);
	for (size_t i = 0, k; i < n; i = k) {
		int64_t lowest = p[i].at, highest = lowest; /* of the first of each job */

		for (k = i + 1; k < n && p[k].labelled == p[i].labelled && p[k].rank == p[i].rank; k++) {
			if (p[k].alike == p[k - 1].alike)
				continue;
			if (p[k].rank != UINT32_MAX)
				return true;
			lowest = num_min(lowest, p[k].at);
			highest = num_max(highest, p[k].at);
		}
		if (highest - lowest > NCCL_FALL)
			return true;
	}
	return false;
}

static int
job_cmp(const void *x, const void *y, const void *ctx)
{
	const struct writer *p = x, *q = y;
	int d = idx_cmp(ctx, p->labelled, q->labelled);

	return d ? d : idx_cmp(ctx, p->alike, q->alike);
}

static int
writer_node_cmp(const void *x, const void *y, const void *ctx)
{
	const struct writer *p = x, *q = y;
	int d = SORT_ORDER(p->node, q->node);

	(void)ctx;
	d = d ? d : SORT_ORDER(p->labelled, q->labelled);
	return d ? d : SORT_ORDER(p->alike, q->alike);
}

/* Who wrote, and on which nodes. */
static void
gather_writers(const struct detection *d, struct writers *s, const struct record_list *l)
{
	const struct watchdog *w = l->p;
	size_t n = 0;

	s->by_name = mem_new(d->mem, struct writer, l->n);
	for (size_t i = 0; i < l->n; i++)
		if (w[i].writer)
			s->by_name[s->n++].name = w[i].writer;
	sort(s->by_name, s->n, sizeof(*s->by_name), writer_cmp, NULL, d->spare);
	s->n = sort_unique(s->by_name, s->n, sizeof(*s->by_name), writer_cmp, NULL);
	for (size_t i = 0; i < s->n; i++)
		read_writer(d, &s->by_name[i]);
	if (!are_several(d, s, l))
		for (size_t i = 0; i < s->n; i++)
			s->by_name[i].alike = s->by_name[i].labelled;
	s->by_node = mem_new(d->mem, struct writer, l->n);
	for (size_t i = 0; i < l->n; i++) {
		const struct writer *by = writer_of(s, w[i].writer);

		if (!by || !w[i].e.node)
			continue;
		s->by_node[n] = *by;
		s->by_node[n++].node = w[i].e.node;
	}
	sort(s->by_node, n, sizeof(*s->by_node), writer_node_cmp, NULL, d->spare);
	s->nnode = sort_unique(s->by_node, n, sizeof(*s->by_node), writer_node_cmp, NULL);
}

/* The job of a record: of who wrote it, else of all that its node wrote; NULL: not
 * known. */
static const struct writer *
job_of_record(const struct writers *s, enum event_kind kind, const void *record)
{
	const struct event *e = record;
	const struct watchdog *w = record;
	struct writer key = {.node = e->node};
	size_t lo = 0;

	if (kind == EVENT_WATCHDOG && w->writer)
		return writer_of(s, w->writer);
	if (!e->node)
		return NULL;
	SORT_BISECT(lo, s->nnode, i, writer_node_cmp(&s->by_node[i], &key, NULL) < 0);
	if (lo == s->nnode || s->by_node[lo].node != e->node)
		return NULL;
	return lo + 1 < s->nnode && s->by_node[lo + 1].node == e->node ? NULL : &s->by_node[lo];
}

struct writer_job {
	const struct writers *of;
	const struct writer *job; /* by part; NULL: of none that is known */
};

static bool
is_of_writer(const void *ctx, size_t part, enum event_kind kind, const void *record)
{
	const struct writer_job *j = ctx;
	const struct writer *w;

	if (kind == EVENT_PROCESS_GROUP)
		return part == 0;
	w = job_of_record(j->of, kind, record);
	return part == 0 ? !w : w && job_cmp(w, &j->job[part - 1], j->of->names) == 0;
}

static struct jobs
jobs_of_logs(const struct detection *d, const struct job_records *all)
{
	const struct record_list *l = &all->list[EVENT_WATCHDOG];
	struct writers s = {.names = &d->ev->names};
	struct jobs out = {.of = mem_new(d->mem, struct job_records, PARTS_MAX + 1)};
	struct writer *job;
	size_t n;

	gather_writers(d, &s, l);
	job = mem_new(d->mem, struct writer, s.n);
	if (s.n)
		memcpy(job, s.by_name, s.n * sizeof(*job));
	sort(job, s.n, sizeof(*job), job_cmp, s.names, d->spare);
	n = sort_unique(job, s.n, sizeof(*job), job_cmp, s.names);
	if (n < 2 || n > PARTS_MAX) {
		out.of[out.n++] = *all;
		return out;
	}
	for (size_t i = 0; i <= n; i++) {
		out.of[out.n] = jobs_take(d->mem, all, is_of_writer, &(struct writer_job){&s, job}, i);
		if (i)
			out.of[out.n].job = job[i - 1].alike;
		out.n++;
	}
	return out;
}

/* ---- jobs of dumps ---- */

/* A rank on a host, and what it says is its default group. */
struct declared {
	uint32_t node, rank, ranks;
	uint32_t whole; /* the host, if all of these run there */
	size_t job;     /* from 1 on */
};

struct jobs_split {
	const struct idx *names;
	struct declared *by_node; /* by host and rank */
	size_t n, njob;
	struct declared *group;   /* by name, list and job: who has it */
	size_t ngroup;
};

static int
by_node_cmp(const void *x, const void *y, const void *ctx)
{
	const struct declared *p = x, *q = y;
	int d = idx_cmp(ctx, p->node, q->node);

	d = d ? d : SORT_ORDER(p->rank, q->rank);
	return d ? d : idx_cmp(ctx, p->ranks, q->ranks);
}

static int
by_job_cmp(const void *x, const void *y, const void *ctx)
{
	const struct declared *p = x, *q = y;
	int d = idx_cmp(ctx, p->ranks, q->ranks);

	return d ? d : idx_cmp(ctx, p->whole, q->whole);
}

/* How many ranks "0,1,2" lists. */
static size_t
list_size(struct str s)
{
	size_t n = s.n != 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == ',';
	return n;
}

/* Number the jobs; false where there is one, or where a rank says two things. */
static bool
number_jobs(const struct detection *d, struct jobs_split *s)
{
	struct declared *p = s->by_node, *sorted;
	size_t k;

	sort(p, s->n, sizeof(*p), by_node_cmp, s->names, d->spare);
	s->n = sort_unique(p, s->n, sizeof(*p), by_node_cmp, s->names);
	for (size_t i = 0; i < s->n; i = k) {
		bool one = true;

		for (k = i + 1; k < s->n && p[k].node == p[i].node; k++) {
			if (p[k].rank == p[k - 1].rank)
				return false;
			one &= p[k].ranks == p[i].ranks;
		}
		for (size_t at = i; at < k && one && k - i == list_size(idx_at(s->names, p[i].ranks)); at++)
			p[at].whole = p[at].node;
	}
	sorted = mem_new(d->mem, struct declared, s->n);
	if (s->n)
		memcpy(sorted, p, s->n * sizeof(*p));
	sort(sorted, s->n, sizeof(*p), by_job_cmp, s->names, d->spare);
	s->njob = sort_unique(sorted, s->n, sizeof(*p), by_job_cmp, s->names);
	if (s->njob < 2 || s->njob > PARTS_MAX)
		return false;
	for (size_t i = 0; i < s->n; i++) {
		size_t lo = 0;

		SORT_BISECT(lo, s->njob, j, by_job_cmp(&sorted[j], &p[i], s->names) < 0);
		p[i].job = lo + 1;
	}
	return true;
}

/* The job of a rank on a host, or of the host; 0: not known. */
static size_t
job_of(const struct jobs_split *s, uint32_t node, uint32_t rank)
{
	struct declared key = {.node = node, .rank = rank};
	size_t lo = 0, job;

	SORT_BISECT(lo, s->n, i, by_node_cmp(&s->by_node[i], &key, s->names) < 0);
	if (lo < s->n && s->by_node[lo].node == node && s->by_node[lo].rank == rank)
		return s->by_node[lo].job;
	key.rank = 0;
	lo = 0;
	SORT_BISECT(lo, s->n, i, by_node_cmp(&s->by_node[i], &key, s->names) < 0);
	job = lo < s->n && s->by_node[lo].node == node ? s->by_node[lo].job : 0;
	for (; lo < s->n && s->by_node[lo].node == node; lo++)
		job = s->by_node[lo].job == job ? job : 0;
	return job;
}

static int
group_cmp(const void *x, const void *y, const void *ctx)
{
	const struct declared *p = x, *q = y; /* rank: the group's name */
	int d = SORT_ORDER(p->rank, q->rank);

	(void)ctx;
	d = d ? d : SORT_ORDER(p->ranks, q->ranks);
	return d ? d : SORT_ORDER(p->job, q->job);
}

static bool
is_of_job(const void *ctx, size_t job, enum event_kind kind, const void *record)
{
	const struct jobs_split *s = ctx;
	const struct event *e = record;
	const struct process_group *t = record;
	struct declared key = {.job = job};
	size_t lo = 0, any = 0;

	if (kind != EVENT_PROCESS_GROUP)
		return job_of(s, e->node, jobs_rank_of(kind, record)) == job;
	key.rank = t->group;
	key.ranks = t->ranks;
	SORT_BISECT(lo, s->ngroup, i, group_cmp(&s->group[i], &key, NULL) < 0);
	if (lo < s->ngroup && group_cmp(&s->group[lo], &key, NULL) == 0)
		return true;
	key.job = 0;
	SORT_BISECT(any, s->ngroup, i, group_cmp(&s->group[i], &key, NULL) < 0);
	return any == s->ngroup || s->group[any].rank != t->group || s->group[any].ranks != t->ranks;
}

/* The jobs of all records: as many as there are, and what is of none. */
static struct jobs
jobs_of_dumps(const struct detection *d, const struct job_records *all)
{
	const struct record_list *l = &all->list[EVENT_PROGRESS];
	const struct progress *p = l->p;
	struct jobs_split s = {.names = &d->ev->names, .by_node = mem_new(d->mem, struct declared, l->n)};
	struct jobs out = {.of = mem_new(d->mem, struct job_records, PARTS_MAX + 1)};
	uint32_t zero = idx_find(s.names, S("0"));

	for (size_t i = 0; i < l->n; i++)
		if (p[i].ranks && p[i].group == zero)
			s.by_node[s.n++] = (struct declared){.node = p[i].e.node, .rank = p[i].rank, .ranks = p[i].ranks};
	if (!number_jobs(d, &s)) {
		out.of[out.n++] = *all;
		return out;
	}
	s.group = mem_new(d->mem, struct declared, l->n);
	for (size_t i = 0; i < l->n; i++)
		if (p[i].ranks)
			s.group[s.ngroup++] = (struct declared){
				.rank = p[i].group, .ranks = p[i].ranks, .job = job_of(&s, p[i].e.node, p[i].rank)};
	sort(s.group, s.ngroup, sizeof(*s.group), group_cmp, NULL, d->spare);
	for (size_t job = 0; job <= s.njob; job++)
		out.of[out.n++] = jobs_take(d->mem, all, is_of_job, &s, job);
	return out;
}

/* ---- attempts ---- */

/* A new attempt began behind after, at the latest at by. */
struct between {
	int64_t after, by;
};

/* What a rank says of a group, when. */
struct moment {
	uint32_t group, rank, node;
	int64_t t, seq, from; /* completed: from..seq */
	bool open;            /* else completed */
};

struct attempts_split {
	const struct detection *d;
	const struct job_records *all;
	struct moment *moment;
	size_t n;
	struct buf between;
	int64_t cut[PARTS_MAX];
	size_t ncut;
	struct rank_attempts *seen; /* by rank and host */
	size_t nseen;
};

/* In which attempts a rank on a host is seen: bit by bit. */
struct rank_attempts {
	uint32_t rank, node;
	uint64_t in;
};

static void
add_between(struct attempts_split *s, int64_t after, int64_t by)
{
	struct between b = {after, by};

	buf_add(&s->between, (struct str){(const char *)&b, sizeof(b)});
}

static int
moment_cmp(const void *x, const void *y, const void *ctx)
{
	const struct moment *p = x, *q = y;
	int d = SORT_ORDER(p->group, q->group);

	(void)ctx;
	d = d ? d : SORT_ORDER(p->rank, q->rank);
	d = d ? d : SORT_ORDER(p->t, q->t);
	d = d ? d : SORT_ORDER(p->open, q->open);
	d = d ? d : SORT_ORDER(p->seq, q->seq);
	return d ? d : SORT_ORDER(p->node, q->node);
}

static void
gather_moments(struct attempts_split *s)
{
	const struct record_list *open = &s->all->list[EVENT_COLLECTIVE], *done = &s->all->list[EVENT_COMPLETED];
	const struct collective *c = open->p;
	const struct completed *f = done->p;

	s->moment = mem_new(s->d->mem, struct moment, open->n + done->n);
	for (size_t i = 0; i < open->n; i++)
		if (nccl_begun(&c[i]) != NO_TIME)
			s->moment[s->n++] = (struct moment){
				c[i].group, c[i].rank, c[i].e.node, c[i].e.t != NO_TIME ? c[i].e.t : c[i].started, c[i].seq, c[i].seq, true};
	for (size_t i = 0; i < done->n; i++)
		if (f[i].e.t != NO_TIME)
			s->moment[s->n++] = (struct moment){f[i].group, f[i].rank, f[i].e.node, f[i].e.t, f[i].to, f[i].from, false};
	sort(s->moment, s->n, sizeof(*s->moment), moment_cmp, NULL, s->d->spare);
}

static bool
is_same_rank(const struct moment *p, const struct moment *q)
{
	return p->group == q->group && p->rank == q->rank;
}

/* Numbers that fall, and hosts that change for good. */
static void
find_falls(struct attempts_split *s)
{
	for (size_t i = 0, k; i < s->n; i = k) {
		const struct moment *last[2] = {NULL, NULL}; /* the highest open; completed */

		for (k = i; k < s->n && is_same_rank(&s->moment[i], &s->moment[k]); k++) {
			const struct moment *m = &s->moment[k];
			bool fell = false;

			/* what is open was called in order, and what is completed ended so;
			 * nothing is called when later ones are completed */
			for (int o = !m->open; o < 2; o++) {
				const struct moment *before = last[o];

				if (before && nccl_falls(before->seq, before->t, m->seq, m->t)) {
					add_between(s, before->t, m->t);
					fell = true;
				}
			}
			if (fell)
				last[0] = last[1] = NULL;
			if (!last[!m->open] || m->seq >= last[!m->open]->seq)
				last[!m->open] = m;
		}
	}
}

/* Those of no host last. */
static int
move_cmp(const void *x, const void *y, const void *ctx)
{
	const struct moment *p = x, *q = y;
	int d = SORT_ORDER(!p->node, !q->node);

	d = d ? d : SORT_ORDER(p->rank, q->rank);

	d = d ? d : SORT_ORDER(p->t, q->t);
	return d ? d : idx_cmp(ctx, p->node, q->node);
}

/* A rank that is on one host, and then for good on another.  Moments get another
 * order. */
static void
find_moves(struct attempts_split *s)
{
	struct moment *p = s->moment;
	size_t n = 0, k;

	sort(p, s->n, sizeof(*p), move_cmp, &s->d->ev->names, s->d->spare);
	while (n < s->n && p[n].node)
		n++;
	for (size_t i = 0; i < n; i = k) {
		size_t changes = 0;

		for (k = i + 1; k < n && p[k].rank == p[i].rank; k++)
			changes += p[k].node != p[k - 1].node;
		if (changes > PARTS_MAX)
			continue;
		for (size_t at = i + 1; at < k; at++) {
			bool back = false;

			if (p[at].node == p[at - 1].node || time_diff(p[at].t, p[at - 1].t) < A_MINUTE)
				continue;
			for (size_t q = at; q < k && !back; q++)
				back = p[q].node == p[at - 1].node;
			if (!back)
				add_between(s, p[at - 1].t, p[at].t);
		}
	}
}

static int
between_cmp(const void *x, const void *y, const void *ctx)
{
	const struct between *p = x, *q = y;

	(void)ctx;
	return p->by != q->by ? SORT_ORDER(p->by, q->by) : SORT_ORDER(q->after, p->after);
}

/* Times when all were silent for longer than a timeout. */
static struct between *
find_silences(struct attempts_split *s, size_t *n)
{
	int64_t *t = mem_new(s->d->mem, int64_t, s->n), least = num_max(((const struct nccl_options *)s->d->config)->threshold, TIMEOUT);
	struct between *out = NULL;
	size_t cap = 0;

	*n = 0;
	for (size_t i = 0; i < s->n; i++)
		t[i] = s->moment[i].t;
	sort(t, s->n, sizeof(*t), sort_i64, NULL, s->d->spare);
	for (size_t i = 1; i < s->n; i++)
		if (time_diff(t[i], t[i - 1]) > least) {
			out = mem_extend(s->d->mem, out, *n, &cap, sizeof(*out));
			out[(*n)++] = (struct between){t[i - 1], t[i]};
		}
	return out;
}

/* Silences before which a collective was left that never ended, though its rank
 * went on. */
static void
find_left_behind(struct attempts_split *s)
{
	struct between *left = NULL, *b; /* from when it was called to what came next */
	size_t n, k, nleft = 0, cap = 0;

	for (size_t i = 0; i < s->n; i = k) {
		const struct moment *open = NULL; /* the last */

		for (k = i; k < s->n && is_same_rank(&s->moment[i], &s->moment[k]); k++) {
			const struct moment *m = &s->moment[k];

			if (m->open) {
				open = m;
				continue;
			}
			if (open && m->seq >= open->seq) {
				if (m->from > open->seq) {
					left = mem_extend(s->d->mem, left, nleft, &cap, sizeof(*left));
					left[nleft++] = (struct between){open->t, m->t};
				}
				open = NULL;
			}
		}
	}
	if (nleft == 0)
		return;
	b = find_silences(s, &n);
	for (size_t i = 0; i < nleft; i++) {
		size_t lo = 0;

		SORT_BISECT(lo, n, j, b[j].after < left[i].after);
		if (lo < n && b[lo].by <= left[i].by)
			add_between(s, b[lo].after, b[lo].by);
	}
}

static int
timeout_cmp(const void *x, const void *y, const void *ctx)
{
	const struct watchdog *p = *(const struct watchdog *const *)x, *q = *(const struct watchdog *const *)y;
	int d = SORT_ORDER(p->rank, q->rank);

	(void)ctx;
	d = d ? d : SORT_ORDER(p->rank == UINT32_MAX ? p->local : 0, q->rank == UINT32_MAX ? q->local : 0);
	return d ? d : SORT_ORDER(p->e.t, q->e.t);
}

/* When a hang began that a watchdog's timeout ended. */
static int64_t
hang_began(const struct watchdog *w)
{
	return time_diff(w->e.t, num_max(w->ran, w->timeout_ms * (SECOND / 1000)));
}

/* Timeouts of a rank that began after its last one. */
static void
find_timeouts(struct attempts_split *s)
{
	const struct record_list *l = &s->all->list[EVENT_WATCHDOG];
	const struct watchdog *w = l->p, **p = mem_new(s->d->mem, const struct watchdog *, l->n);
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		if (w[i].part == WATCHDOG_TIMEOUT && !w[i].repeat && w[i].e.t != NO_TIME)
			p[n++] = &w[i];
	sort(p, n, sizeof(*p), timeout_cmp, NULL, s->d->spare);
	for (size_t i = 1; i < n; i++)
		if (p[i]->rank == p[i - 1]->rank &&
		    (p[i]->rank != UINT32_MAX || p[i]->local == p[i - 1]->local) && hang_began(p[i]) > p[i - 1]->e.t)
			add_between(s, p[i - 1]->e.t, hang_began(p[i]));
}

/* Signals to dump that no timeout of the last ones' can have sent, nor one that
 * is logged at about the same time. */
static void
find_signals(struct attempts_split *s)
{
	const struct record_list *l = &s->all->list[EVENT_WATCHDOG];
	const struct watchdog *w = l->p;
	int64_t *t = mem_new(s->d->mem, int64_t, l->n);
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		if (w[i].part == WATCHDOG_TIMEOUT && w[i].e.t != NO_TIME)
			t[n++] = w[i].e.t;
	sort(t, n, sizeof(*t), sort_i64, NULL, s->d->spare);
	for (size_t i = 0; i < l->n; i++) {
		size_t lo = 0;

		if ((w[i].part != WATCHDOG_DUMP && w[i].part != WATCHDOG_ALARM) || w[i].e.t == NO_TIME)
			continue;
		SORT_BISECT(lo, n, k, t[k] <= time_add(w[i].e.t, A_MINUTE));
		if (lo && time_diff(w[i].e.t, t[lo - 1]) > TIMEOUT)
			add_between(s, t[lo - 1], w[i].e.t);
	}
}

static int
word_cmp(const void *x, const void *y, const void *ctx)
{
	const struct moment *p = x, *q = y;
	int d = SORT_ORDER(p->group, q->group);

	(void)ctx;
	d = d ? d : SORT_ORDER(p->t, q->t);
	return d ? d : SORT_ORDER(p->seq, q->seq);
}

/* Numbers that fall in what ranks, one or another, say of a group after its lines
 * ended for longer than a timeout. */
static void
find_group_falls(struct attempts_split *s)
{
	const struct record_list *l = &s->all->list[EVENT_WATCHDOG];
	const struct watchdog *w = l->p;
	struct moment *p = mem_new(s->d->mem, struct moment, l->n);
	uint32_t zero = idx_find(&s->d->ev->names, S("0"));
	size_t n = 0;
	int64_t highest = -1;

	for (size_t i = 0; i < l->n; i++)
		if ((w[i].part == WATCHDOG_FAILURE || w[i].part == WATCHDOG_DUMP) && w[i].e.t != NO_TIME && !w[i].process_local)
			p[n++] = (struct moment){
				.group = w[i].group ? w[i].group : zero, .t = w[i].e.t, .seq = num_max(w[i].seq, w[i].completed)};
	sort(p, n, sizeof(*p), word_cmp, NULL, s->d->spare);
	for (size_t i = 0; i < n; i++) {
		bool same = i && p[i].group == p[i - 1].group;

		if (same && highest > p[i].seq + NCCL_FALL && time_diff(p[i].t, p[i - 1].t) > TIMEOUT) {
			add_between(s, p[i - 1].t, p[i].t);
			same = false;
		}
		highest = same ? num_max(highest, p[i].seq) : p[i].seq;
	}
}

/* A line of a program that starts. */
static bool
is_start(const struct watchdog *w)
{
	return w->part == WATCHDOG_GROUP || w->part == WATCHDOG_HOST || w->part == WATCHDOG_CYCLE;
}

/* Starts that a launcher tells of, if it is one job's. */
static void
find_cycles(struct attempts_split *s)
{
	const struct record_list *l = &s->all->list[EVENT_WATCHDOG];
	const struct watchdog *w = l->p, *one = NULL;

	for (size_t i = 0; i < l->n; i++) {
		if (w[i].part != WATCHDOG_CYCLE)
			continue;
		if (one && one->desc != w[i].desc)
			return;
		one = &w[i];
	}
	for (size_t i = 0; i < l->n; i++)
		if (w[i].part == WATCHDOG_CYCLE && w[i].e.t != NO_TIME)
			add_between(s, time_diff(w[i].e.t, 1), w[i].e.t);
}

/* As few times as are needed for one to be in each; false if they are many. */
static bool
find_cuts(struct attempts_split *s)
{
	const struct record_list *l = &s->all->list[EVENT_WATCHDOG];
	const struct watchdog *w = l->p;
	struct between *b = (void *)s->between.p;
	size_t n = s->between.n / sizeof(*b), k;

	sort(b, n, sizeof(*b), between_cmp, NULL, s->d->spare);
	for (size_t i = 0; i < n; i = k) {
		int64_t after = b[i].after, cut = b[i].by;

		for (k = i; k < n && b[k].after < cut; k++)
			after = num_max(after, b[k].after);
		if (s->ncut == PARTS_MAX - 1)
			return false;
		for (size_t at = 0; at < l->n; at++)
			if (is_start(&w[at]) && w[at].e.t > after && w[at].e.t < cut)
				cut = w[at].e.t;
		s->cut[s->ncut++] = cut;
	}
	return s->ncut > 0;
}

/* When a record is of; NO_TIME: unknown. */
static int64_t
time_of(enum event_kind kind, const void *record)
{
	const struct collective *c = record;
	int64_t t = ((const struct event *)record)->t;

	if (kind == EVENT_COLLECTIVE && t == NO_TIME)
		return c->started;
	return t;
}

static size_t
attempt_at(const struct attempts_split *s, int64_t t)
{
	size_t lo = 0;

	if (t == NO_TIME)
		return s->ncut;
	SORT_BISECT(lo, s->ncut, i, s->cut[i] <= t);
	return lo;
}

static int
rank_attempts_cmp(const void *x, const void *y, const void *ctx)
{
	const struct rank_attempts *p = x, *q = y;

	(void)ctx;
	return p->rank != q->rank ? SORT_ORDER(p->rank, q->rank) : SORT_ORDER(p->node, q->node);
}

/* Which ranks are seen in which attempts. */
static void
gather_seen(struct attempts_split *s)
{
	struct rank_attempts *p = mem_new(s->d->mem, struct rank_attempts, s->n);
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		p[i] = (struct rank_attempts){
			s->moment[i].rank, s->moment[i].node, UINT64_C(1) << attempt_at(s, s->moment[i].t)};
	sort(p, s->n, sizeof(*p), rank_attempts_cmp, NULL, s->d->spare);
	for (size_t i = 0; i < s->n; i++) {
		if (n && rank_attempts_cmp(&p[n - 1], &p[i], NULL) == 0)
			p[n - 1].in |= p[i].in;
		else
			p[n++] = p[i];
	}
	s->seen = p;
	s->nseen = n;
}

/* The attempts that a rank on a host is seen in; all, if in none. */
static uint64_t
seen_in(const struct attempts_split *s, uint32_t rank, uint32_t node)
{
	struct rank_attempts key = {rank, node, 0};
	size_t lo = 0;

	SORT_BISECT(lo, s->nseen, i, rank_attempts_cmp(&s->seen[i], &key, NULL) < 0);
	return lo < s->nseen && rank_attempts_cmp(&s->seen[lo], &key, NULL) == 0 ? s->seen[lo].in : ~UINT64_C(0);
}

static bool
is_of_attempt(const void *ctx, size_t attempt, enum event_kind kind, const void *record)
{
	const struct attempts_split *s = ctx;
	const struct progress *p = record;
	const struct watchdog *w = record;

	if (kind == EVENT_PROCESS_GROUP || (kind == EVENT_WATCHDOG && is_start(w) && w->e.t == NO_TIME))
		return true;
	if (kind == EVENT_PROGRESS)
		return seen_in(s, p->rank, p->e.node) >> attempt & 1;
	return attempt_at(s, time_of(kind, record)) == attempt;
}

/* Counters have no time: those of a rank that is in several attempts are of
 * any of them. */
static void
drop_counters(const struct attempts_split *s, struct job_records *r)
{
	struct record_list *l = &r->list[EVENT_PROGRESS];
	struct progress *p = mem_new(s->d->mem, struct progress, l->n);

	if (l->n)
		memcpy(p, l->p, l->n * sizeof(*p));
	for (size_t i = 0; i < l->n; i++) {
		uint64_t in = seen_in(s, p[i].rank, p[i].e.node);

		if (in & (in - 1))
			p[i].enqueued = p[i].completed = -1;
	}
	l->p = p;
}

static void
jobs_attempts(const struct detection *d, const struct job_records *all, struct jobs *out, size_t *cap)
{
	struct attempts_split s = {.d = d, .all = all};
	bool cuts;

	gather_moments(&s);
	find_falls(&s);
	find_left_behind(&s);
	find_timeouts(&s);
	find_signals(&s);
	find_group_falls(&s);
	find_cycles(&s);
	find_moves(&s);
	cuts = find_cuts(&s);
	for (size_t i = 0; i <= s.ncut; i++)
		out->of = mem_extend(d->mem, out->of, out->n + i, cap, sizeof(*out->of));
	if (cuts) {
		gather_seen(&s);
		for (size_t i = 0; i <= s.ncut; i++) {
			out->of[out->n] = jobs_take(d->mem, all, is_of_attempt, &s, i);
			if (i < s.ncut)
				out->of[out->n].newest = s.cut[i];
			drop_counters(&s, &out->of[out->n++]);
		}
	} else {
		out->of[out->n++] = *all;
	}
	buf_free(&s.between);
}

/* The newest time of all; a dump's file may be much younger. */
static int64_t
newest_of(const struct job_records *all)
{
	const struct record_list *open = &all->list[EVENT_COLLECTIVE], *done = &all->list[EVENT_COMPLETED];
	const struct collective *c = open->p;
	const struct completed *f = done->p;
	int64_t t = NO_TIME; /* the lowest */

	for (size_t i = 0; i < open->n; i++)
		t = num_max(t, num_max(num_max(c[i].e.t, c[i].started), c[i].dump ? NO_TIME : c[i].seen));
	for (size_t i = 0; i < done->n; i++)
		t = num_max(t, f[i].e.t);
	return t;
}

struct jobs
nccl_jobs(const struct detection *d)
{
	struct job_records all = {0};
	struct jobs writers, jobs, out = {0};
	size_t cap = 0;

	for (size_t k = 0; k < EVENT_KINDS; k++)
		all.list[k] = (struct record_list){d->ev->list[k].p, d->ev->list[k].n};
	all.newest = newest_of(&all);
	writers = jobs_of_logs(d, &all);
	for (size_t k = 0; k < writers.n; k++) {
		jobs = jobs_of_dumps(d, &writers.of[k]);
		for (size_t i = 0; i < jobs.n; i++)
			jobs_attempts(d, &jobs.of[i], &out, &cap);
	}
	return out;
}
