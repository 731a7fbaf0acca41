#include "pattern/nccl_hang/jobs.h"

#include <string.h>

#include "base/num.h"
#include "input/text/watchdog.h"

#define A_MINUTE (60 * SECOND)    /* minimum time to continue on another host */
#define TIMEOUT (600 * SECOND)    /* PyTorch's default */

/* A new attempt began later than `after`, and by `by` at the latest. */
struct between {
	int64_t after, by;
};

/* A rank's record about a group at a time. */
struct moment {
	uint32_t group, rank, node;
	int64_t t, seq, from; /* completed: from..seq */
	bool open;            /* false: completed */
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

/* The attempts in which a rank on a host is seen, as bits. */
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

/* Find numbers of a rank that fall. */
static void
find_falls(struct attempts_split *s)
{
	for (size_t i = 0, k; i < s->n; i = k) {
		const struct moment *last[2] = {NULL, NULL}; /* the highest open; completed */

		for (k = i; k < s->n && is_same_rank(&s->moment[i], &s->moment[k]); k++) {
			const struct moment *m = &s->moment[k];
			bool fell = false;

			/* calls are in order, and so are completions; no collective is
			 * called after a later one completed */
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

/* Moments without a host last. */
static int
move_cmp(const void *x, const void *y, const void *ctx)
{
	const struct moment *p = x, *q = y;
	int d = SORT_ORDER(!p->node, !q->node);

	d = d ? d : SORT_ORDER(p->rank, q->rank);

	d = d ? d : SORT_ORDER(p->t, q->t);
	return d ? d : idx_cmp(ctx, p->node, q->node);
}

/* Find ranks that move from one host to another for good.  Changes the order of
 * moments. */
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

/* Find intervals longer than a timeout without records of any rank. */
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

/* Find such intervals with an unfinished collective before them whose rank continued
 * after them. */
static void
find_left_behind(struct attempts_split *s)
{
	struct between *left = NULL, *b; /* from its call to the rank's next record */
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

/* Start of a hang that a watchdog's timeout ended. */
static int64_t
hang_began(const struct watchdog *w)
{
	return time_diff(w->e.t, num_max(w->ran, w->timeout_ms * (SECOND / 1000)));
}

/* Find timeouts of a rank whose hang began after its previous timeout. */
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

/* Find signals to dump that come too late after the last timeout to be sent by it,
 * without another timeout logged at about the same time. */
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

/* Find numbers of a group, from any of its ranks, that fall after an interval longer
 * than a timeout without its lines. */
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

/* Is it a line of a starting program? */
static bool
is_start(const struct watchdog *w)
{
	return w->part == WATCHDOG_GROUP || w->part == WATCHDOG_HOST || w->part == WATCHDOG_CYCLE;
}

/* Find starts reported by a launcher, if it runs only one job. */
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

/* Choose the fewest times so that each interval contains one; false if too many. */
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

/* Time of a record, or NO_TIME. */
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

/* Find the attempts in which each rank is seen. */
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

/* The attempts in which a rank on a host is seen; all if in none. */
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
	if (kind == EVENT_WATCHDOG && w->part == WATCHDOG_ENDED && w->e.t == NO_TIME)
		return false; /* its attempt is unknown */
	if (kind == EVENT_PROGRESS)
		return seen_in(s, p->rank, p->e.node) >> attempt & 1;
	return attempt_at(s, time_of(kind, record)) == attempt;
}

/* Drop counters of ranks seen in several attempts: counters have no time, so their
 * attempt is unknown. */
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

void
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
