#include "pattern/nccl_hang/jobs.h"

#include <string.h>

#include "base/num.h"
#include "input/text/watchdog.h"

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
		digits += char_digit(s.p[i]);
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

	while (s.n && char_digit(s.p[s.n - 1]))
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
	while (n > 1 && char_digit(all.p[n - 1]))
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

struct jobs
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
