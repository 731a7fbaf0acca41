/*
 * nccl_hang - which collective hung, and which ranks are to blame.
 *
 * Per process group, each member's lowest unfinished collective is compared
 * with the highest of them, the front.  Every collective below the front was
 * completed by at least one rank, so all ranks had joined it: a rank still in one
 * is stuck on its device.  A rank with records that is not at the front never joined
 * it; a rank without records is silent.  The others wait for those.  Groups that
 * share ranks are one incident, and its culprits are those blamed in some group that
 * wait for no rank blamed in another.
 *
 * NCCL runs the collectives of a communicator one after the other: once a
 * rank completed one, it completed those before.
 */
#include <string.h>

#include "base/num.h"
#include "input/text/watchdog.h"
#include "pattern/nccl_hang/nccl.h"

static const struct nccl_options start = {.now = NO_TIME};

#define HOUR (3600 * SECOND) /* a hang's lines come within it */
#define TO(member) offsetof(struct nccl_options, member)
static const struct opt options[] = {
	{'t', "threshold", OPT_DURATION, TO(threshold), "DUR", "5m",
		"count a rank as hung if a collective has not finished for DUR"},
	{0, "min-ranks", OPT_NUM, TO(min_ranks), "N", "2", "report only hangs of at least N ranks"},
	{0, "now", OPT_STR, TO(now_text), "TIME", NULL,
		"compute ages at TIME, or at \"clock\", which is now [see nccl-hang(1)]"},
	{'a', "all", OPT_FLAG, TO(all), NULL, NULL, "print one verdict per hung collective, not per incident"},
	{0, "groups", OPT_STR, TO(groups), "REGEX", NULL,
		"analyze only process groups whose name or description matches (POSIX extended)"},
	{0, "ranks", OPT_STR, TO(ranks_file), "FILE", NULL,
		"read where ranks ran: rank[-rank] and node, or a list of hosts with as many ranks each"},
	{.kind = OPT_END},
};

static int
setup(void *config, struct program *p)
{
	struct nccl_options *c = config;
	regex_t re;

	if (c->threshold < SECOND) {
		DIAG(p->diag, S("--threshold: invalid duration '"), diag_u64((uint64_t)c->threshold), S("ns' (expected 1s or more)"));
		return opt_usage(p->diag);
	}
	p->collective_lateness = c->threshold;
	if (c->min_ranks == 0) {
		DIAG(p->diag, S("--min-ranks: invalid number '0' (expected 1 or more)"));
		return opt_usage(p->diag);
	}
	if (str_eq(c->now_text, S("clock"))) {
		c->now = p->now;
	} else if (c->now_text.n && !opt_time(c->now_text, &c->now)) {
		DIAG(p->diag, S("--now: invalid time '"), c->now_text, S("' (expected RFC 3339, YYYY-MM-DD, \"YYYY-MM-DD hh:mm\", epoch seconds or clock)"));
		return opt_usage(p->diag);
	}
	if (p->following)
		c->now = NO_TIME; /* the clock advances */
	if (c->groups.n) {
		if (!nccl_regex(&re, c->groups, p->mem)) {
			DIAG(p->diag, S("--groups: invalid regular expression '"), c->groups, S("' (expected a POSIX extended one)"));
			return opt_usage(p->diag);
		}
		regfree(&re);
	}
	return p->load(p, c->ranks_file, nccl_placement_parse, &c->placement) ? -1 : EX_FAIL;
}

/* ---- near misses ---- */

static void
key_int(struct buf *b, const char *key, int64_t n)
{
	if (n < 0)
		return;
	buf_key(b, key);
	buf_i64(b, n);
}

/* A line for each group, for experts to check the verdict. */
static void
explain(const struct job *a)
{
	struct buf *b = a->d->explain;

	for (size_t i = 0; i < a->ngrp; i++) {
		const struct grp *g = &a->grp[i];
		bool counted = false;

		if (g->skipped)
			continue;
		for (size_t k = g->from; k < g->to; k++)
			counted |= a->member[k].enqueued >= 0;
		buf_add(b, S("{\"explain\":\"process group\""));
		buf_key(b, "pg_name");
		buf_json(b, name(a, g->name));
		if (g->desc) {
			buf_key(b, "pg_desc");
			buf_json(b, name(a, g->desc));
		}
		key_int(b, "group_size", (int64_t)(g->to - g->from));
		key_int(b, "front", g->front);
		buf_key(b, "hanging");
		buf_u64(b, g->hung);
		if (g->mixed && counted) {
			buf_key(b, "counts");
			buf_json(b, S("pg_status includes point-to-point operations"));
		}
		buf_key(b, "members");
		buf_chr(b, '[');
		for (size_t k = g->from; k < g->to; k++) {
			const struct member *c = &a->member[k];
			int64_t enqueued = c->last, completed = c->done;

			raise(&enqueued, c->enqueued);
			raise(&completed, c->completed);
			buf_add(b, k > g->from ? S(",{") : S("{"));
			key_int(b, "rank", c->rank);
			key_int(b, "pending", c->pending);
			key_int(b, "enqueued", enqueued);
			key_int(b, "completed", completed);
			buf_key(b, "is");
			buf_json(b, g->hung ? nccl_diagnosis[c->is] : c->spoke ? nccl_diagnosis[c->pending >= 0 ? WAITING : DONE] : nccl_diagnosis[SILENT]);
			buf_chr(b, '}');
		}
		buf_add(b, S("]}\n"));
	}
}

/* ---- notices ---- */

/* A clause about n lines, with one as an example. */
static void
clause(struct buf *b, uint64_t n, struct str one, struct str many, struct str shown)
{
	if (b->n)
		buf_add(b, S("; "));
	buf_u64(b, n);
	buf_add(b, n == 1 ? one : many);
	buf_add(b, S(" ("));
	buf_add(b, n == 1 ? S("") : S("first "));
	buf_plain(b, shown);
	buf_chr(b, ')');
}

/* Is it a line of this part; of timeouts: one without a rank? */
static bool
is_line(const struct watchdog *w, enum watchdog_part part)
{
	return w->part == part &&
	       (part != WATCHDOG_TIMEOUT || (!w->repeat && w->rank == UINT32_MAX && w->local == UINT32_MAX));
}

/* The first such line in the order of records; *n: their number. */
static const struct watchdog *
first_line(const struct detection *d, enum watchdog_part part, uint64_t *n)
{
	const struct event_list *l = &d->ev->list[EVENT_WATCHDOG];
	const struct watchdog *w = l->p, *first = NULL;

	*n = 0;
	for (size_t i = 0; i < l->n; i++)
		if (is_line(&w[i], part)) {
			first = first ? first : &w[i];
			++*n;
		}
	return first;
}

/* Ranks whose watchdog itself was stuck. */
static void
put_stuck(const struct detection *d, struct buf *b)
{
	const struct event_list *l = &d->ev->list[EVENT_WATCHDOG];
	const struct watchdog *w = l->p;
	uint32_t *rank = mem_new(d->mem, uint32_t, l->n);
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		if (w[i].part == WATCHDOG_STUCK && w[i].rank != UINT32_MAX)
			rank[n++] = w[i].rank;
	sort(rank, n, sizeof(*rank), sort_u32, NULL, d->spare);
	n = sort_unique(rank, n, sizeof(*rank), sort_u32, NULL);
	if (b->n)
		buf_add(b, S("; "));
	buf_add(b, S("the watchdogs of "));
	if (n)
		nccl_put_ranks(b, rank, n);
	else
		buf_add(b, S("ranks that are not named"));
	buf_add(b, S(" got stuck, which blames no rank: a CUDA or NCCL call or the GIL blocks these processes (see py-spy dump --native)"));
}

/* Put facts from lines that are in no verdict; false if there are none. */
static bool
put_lines(const struct detection *d, struct buf *b)
{
	const struct idx *names = &d->ev->names;
	struct buf *shown = d->scratch;
	const struct watchdog *w;
	uint64_t n;

	shown->n = 0;
	w = first_line(d, WATCHDOG_TIMEOUT, &n);
	if (w) {
		buf_add(shown, idx_at(names, w->op));
		if (w->seq >= 0) {
			buf_add(shown, S(" #"));
			buf_i64(shown, w->seq);
		}
		clause(b, n, S(" timeout of a rank that is not named"), S(" timeouts of ranks that are not named"), buf_str(shown));
		buf_add(b, S(": name the files rank_N.log, or add a \"rank\" member"));
	}
	w = first_line(d, WATCHDOG_NETWORK, &n);
	if (w) {
		shown->n = 0;
		buf_add(shown, idx_at(names, w->e.node));
		if (w->ranks) {
			buf_add(shown, w->e.node ? S(" with ") : S("with "));
			buf_add(shown, idx_at(names, w->ranks));
		}
		clause(b, n, S(" network error of NCCL or gloo"), S(" network errors of NCCL or gloo"), buf_str(shown));
		buf_add(b, S(": check these links, and whether the peer's process died"));
	}
	if (d->out->n)
		return b->n;
	w = first_line(d, WATCHDOG_STORE, &n);
	if (w) {
		clause(b, n, S(" wait for the store of the process group timed out"),
			S(" waits for the store of the process group timed out"), idx_at(names, w->op));
		buf_add(b, S(": a rank did not arrive, or did not set this key"));
	}
	w = first_line(d, WATCHDOG_LOST, &n);
	if (w) {
		shown->n = 0;
		if (w->rank != UINT32_MAX)
			buf_add(shown, S("rank "));
		if (w->rank != UINT32_MAX)
			buf_u64(shown, w->rank);
		else
			buf_add(shown, S("rank not named"));
		clause(b, n, S(" connection to the TCPStore was lost"), S(" connections to the TCPStore were lost"), buf_str(shown));
		buf_add(b, S(": the process that hosts it, mostly that of rank 0, ended first, as it also does when a job is done"));
	}
	w = first_line(d, WATCHDOG_FOREIGN, &n);
	if (w) {
		clause(b, n, S(" timeout that names neither rank nor collective"),
			S(" timeouts that name neither rank nor collective"), idx_at(names, w->op));
		buf_add(b, S(": not analyzed, see the log of this library"));
	}
	if (first_line(d, WATCHDOG_STUCK, &n))
		put_stuck(d, b);
	return b->n;
}

/* Notice: no line reports a timeout, but a dump signal implies one. */
static void
put_elsewhere(const struct detection *d, struct buf *b)
{
	const struct event_list *l = &d->ev->list[EVENT_WATCHDOG];
	const struct watchdog *w = l->p, *signal = NULL;

	for (size_t i = 0; i < l->n; i++)
		if (w[i].part == WATCHDOG_DUMP && (!signal || (signal->other == UINT32_MAX && w[i].other != UINT32_MAX)))
			signal = &w[i];
	if (!signal) {
		buf_add(b, S("no collective timed out"));
	} else if (signal->other == UINT32_MAX || signal->other == signal->rank) {
		buf_add(b, S("a collective timed out on a rank of which no such line was read"));
	} else {
		buf_add(b, S("a collective timed out on rank "));
		buf_u64(b, signal->other);
		buf_add(b, S(", of which no such line was read"));
	}
}

/* Notice about dumps in which no collective hangs, but members without a dump may wait. */
static bool
put_dumps(const struct job *a, struct buf *b)
{
	uint32_t *without = mem_new(a->d->mem, uint32_t, a->nmember);
	size_t dumps = 0, n = 0;

	for (size_t i = 0; i < a->nspeakers; i++)
		dumps += a->speakers[i].dump;
	for (size_t i = 0; i < a->nmember; i++)
		if (!a->member[i].spoke && !a->grp[a->member[i].grp].skipped)
			without[n++] = a->member[i].rank;
	sort(without, n, sizeof(*without), sort_u32, NULL, a->d->spare);
	n = sort_unique(without, n, sizeof(*without), sort_u32, NULL);
	if (!dumps || !n)
		return false;
	buf_u64(b, dumps);
	buf_add(b, dumps == 1 ? S(" dump, in which no collective hangs; none of ") : S(" dumps, in which no collective hangs; none of "));
	nccl_put_ranks(b, without, n);
	buf_add(b, S(": collect the dumps of all ranks"));
	return true;
}

static void
notice(const struct detection *d, const struct job *job, size_t n)
{
	struct buf *b = d->notice;
	struct job all = {.c = d->config, .oldest = NO_TIME}, *a = &all;
	size_t lines = d->ev->list[EVENT_WATCHDOG].n, polls = d->ev->list[EVENT_RAS].n;

	for (size_t i = 0; i < n; i++) {
		a->mingled |= job[i].mingled;
		a->nspeakers += job[i].nspeakers;
		a->lone += job[i].lone;
		a->young += job[i].young;
		a->pending += job[i].pending;
		a->oldest = num_max(a->oldest, job[i].oldest);
		a->by_newest |= job[i].by_newest;
	}

	if (a->mingled) {
		buf_add(b, S("some records are of two jobs or attempts that cannot be distinguished: run the filter on each separately"));
		return;
	}
	if (put_lines(d, b) || d->out->n)
		return;
	if (a->nspeakers == 0 && lines == 0 && polls == 0) {
		buf_add(b, S("no flight-recorder records, watchdog lines or RAS reports: nothing to judge"));
		return;
	}
	if (a->lone) {
		buf_u64(b, a->lone);
		buf_add(b, a->lone == 1 ? S(" rank hangs") : S(" ranks hang"));
		buf_add(b, S(", below --min-ranks="));
		buf_u64(b, a->c->min_ranks);
		buf_add(b, S(": not reported"));
	} else if (a->young) {
		buf_u64(b, a->pending);
		buf_add(b, a->pending == 1 ? S(" unfinished collective call, not older than --threshold=") :
					     S(" unfinished collective calls, none older than --threshold="));
		buf_fixed(b, a->c->threshold, 9);
		buf_chr(b, 's');
		if (a->oldest == NO_TIME) {
			buf_add(b, S(" (age unknown)"));
		} else {
			buf_add(b, S(" (oldest: "));
			buf_fixed(b, a->oldest < 0 ? 0 : a->oldest, 9);
			buf_add(b, a->by_newest ? S("s before the newest record; use --now=TIME for another reference time)") : S("s)"));
		}
	} else if (lines) {
		buf_u64(b, lines);
		buf_add(b, lines == 1 ? S(" line of watchdogs, NCCL and srun, ") : S(" lines of watchdogs, NCCL and srun, "));
		buf_u64(b, a->nspeakers);
		buf_add(b, a->nspeakers == 1 ? S(" rank reporting: ") : S(" ranks reporting: "));
		put_elsewhere(d, b);
	}
	for (size_t i = 0; i < n && !b->n; i++)
		if (put_dumps(&job[i], b))
			return;
	if (b->n == 0 && polls) {
		buf_add(b, S("RAS reports, in which no rank is behind, silent, in error or in another state for --threshold"));
	}
}

/* ---- --follow ---- */

static int
done_cmp(const void *x, const void *y, const void *ctx)
{
	const struct completed *a = x, *b = y;
	int d = SORT_ORDER(a->group, b->group);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->rank, b->rank);
	d = d ? d : SORT_ORDER(a->e.node, b->e.node);
	d = d ? d : SORT_ORDER(a->e.t, b->e.t);
	return d ? d : SORT_ORDER(a->to, b->to);
}

static bool
is_of_same(const struct completed *a, const struct completed *b)
{
	return a->group == b->group && a->rank == b->rank && a->e.node == b->e.node;
}

/* Keep the highest completed range of each rank, group and attempt, with the newest
 * time. */
static void
forget_done(struct events *ev)
{
	struct event_list *l = &ev->list[EVENT_COMPLETED];
	struct completed *p = l->p;
	size_t to = 0, attempts = 0; /* attempts: of the last one kept */

	sort(p, l->n, sizeof(*p), done_cmp, NULL, &ev->scratch);
	for (size_t i = 0; i < l->n; i++) {
		struct completed *last = to ? &p[to - 1] : NULL;

		if (!last || !is_of_same(last, &p[i]))
			attempts = 0;
		if (!attempts || (attempts < PARTS_MAX && nccl_falls(last->to, last->e.t, p[i].to, p[i].e.t))) {
			p[to++] = p[i];
			attempts++;
			continue;
		}
		if (p[i].to > last->to) {
			last->from = p[i].from;
			last->to = p[i].to;
		}
		last->e.t = num_max(last->e.t, p[i].e.t);
	}
	l->n = to;
}

/* Is it the same call in another state?  Coalesced calls share a number. */
static bool
is_restated(const struct collective *a, const struct collective *b)
{
	return a->group == b->group && a->rank == b->rank && a->seq == b->seq && a->e.node == b->e.node &&
	       a->op == b->op && a->shape == b->shape;
}

/* Drop collectives completed since, and all but the most advanced state of a call. */
static void
forget_collectives(struct events *ev)
{
	struct event_list *l = &ev->list[EVENT_COLLECTIVE], *completed = &ev->list[EVENT_COMPLETED];
	struct collective *p = l->p;
	struct completed *done = completed->p;
	size_t to = 0;

	for (size_t i = 0; i < l->n; i++) {
		struct completed key = {.e = {.t = NO_TIME, .node = p[i].e.node}, .group = p[i].group, .rank = p[i].rank, .to = -1};
		size_t at = 0;

		SORT_BISECT(at, completed->n, k, done_cmp(&done[k], &key, NULL) < 0);
		while (at < completed->n && is_of_same(&done[at], &key) &&
		       (done[at].to < p[i].seq || nccl_falls(done[at].to, done[at].e.t, p[i].seq, p[i].e.t)))
			at++;
		if (at < completed->n && is_of_same(&done[at], &key)) {
			done[at].e.t = num_max(done[at].e.t, num_max(p[i].e.t, num_max(p[i].started, p[i].dump ? NO_TIME : p[i].seen)));
			continue;
		}
		if (to && is_restated(&p[to - 1], &p[i]))
			continue;
		p[to++] = p[i];
	}
	l->n = to;
}

static int
progress_cmp(const void *x, const void *y, const void *ctx)
{
	const struct progress *a = x, *b = y;
	int d = SORT_ORDER(a->group, b->group);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->rank, b->rank);
	d = d ? d : SORT_ORDER(a->e.node, b->e.node);
	d = d ? d : SORT_ORDER(a->p2p, b->p2p);
	d = d ? d : SORT_ORDER(a->open, b->open);
	d = d ? d : SORT_ORDER(a->dump, b->dump);
	return d ? d : SORT_ORDER(a->peer, b->peer);
}

/* Keep the highest of a rank's own counts, and all flags that limit their use. */
static void
forget_progress(struct events *ev)
{
	struct event_list *l = &ev->list[EVENT_PROGRESS];
	struct progress *p = l->p;
	size_t to = 0;

	sort(p, l->n, sizeof(*p), progress_cmp, NULL, &ev->scratch);
	for (size_t i = 0; i < l->n; i++) {
		if (to && progress_cmp(&p[to - 1], &p[i], NULL) == 0) {
			raise(&p[to - 1].enqueued, p[i].enqueued);
			raise(&p[to - 1].completed, p[i].completed);
			p[to - 1].retires |= p[i].retires;
			p[to - 1].numberless |= p[i].numberless;
			p[to - 1].began = num_min(p[to - 1].began, p[i].began);
		} else {
			p[to++] = p[i];
		}
	}
	l->n = to;
}

/* Compares lines other than timeouts: equal if about the same state of a rank. */
static int
said_cmp(const void *x, const void *y, const void *ctx)
{
	const struct watchdog *a = x, *b = y;
	int d = SORT_ORDER(a->part, b->part);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->group, b->group);
	d = d ? d : SORT_ORDER(a->rank, b->rank);
	d = d ? d : SORT_ORDER(a->local, b->local);
	d = d ? d : SORT_ORDER(a->size, b->size);
	d = d ? d : SORT_ORDER(a->ranks, b->ranks);
	return d ? d : SORT_ORDER(a->e.node, b->e.node);
}

static int
line_cmp(const void *x, const void *y, const void *ctx)
{
	const struct watchdog *a = x, *b = y;
	int d = said_cmp(x, y, ctx);

	d = d ? d : SORT_ORDER(a->e.t, b->e.t);
	return d ? d : SORT_ORDER(a->enqueued, b->enqueued);
}

/* Keep hosts of ranks and members of groups, and the latest progress; all other lines
 * are of hangs already reported. */
static void
forget_lines(struct events *ev, int64_t decided)
{
	struct event_list *l = &ev->list[EVENT_WATCHDOG];
	struct watchdog *p = l->p;
	size_t to = 0;

	sort(p, l->n, sizeof(*p), line_cmp, NULL, &ev->scratch);
	for (size_t i = 0; i < l->n; i++) {
		bool lasts = p[i].part == WATCHDOG_HOST || p[i].part == WATCHDOG_GROUP || p[i].part == WATCHDOG_PROGRESS ||
			     p[i].part == WATCHDOG_CYCLE;

		if (lasts && to && said_cmp(&p[to - 1], &p[i], NULL) == 0)
			p[to - 1] = p[i];
		else if (lasts || p[i].e.t == NO_TIME || p[i].e.t >= decided)
			p[to++] = p[i];
	}
	l->n = to;
}

/* Drop RAS reports too old to prove that nothing was launched since. */
static void
forget_reports(struct events *ev, int64_t decided)
{
	struct event_list *l = &ev->list[EVENT_RAS];
	struct ras *p = l->p;
	size_t to = 0;

	for (size_t i = 0; i < l->n; i++)
		if (p[i].e.t == NO_TIME || p[i].e.t >= decided)
			p[to++] = p[i];
	l->n = to;
}

/* Drop only records that no later verdict needs. */
static void
forget(const struct detection *d, struct events *ev, int64_t decided)
{
	const struct nccl_options *c = d->config;

	forget_lines(ev, time_diff(decided, HOUR));
	forget_reports(ev, time_diff(decided, num_max(time_add(c->threshold, c->threshold), HOUR)));
	forget_done(ev);
	forget_collectives(ev);
	forget_progress(ev);
}

static void
detect(const struct detection *d)
{
	struct jobs jobs = nccl_jobs(d);
	struct job *job = mem_new(d->mem, struct job, jobs.n);
	struct hangs all = {0}, *of = mem_new(d->mem, struct hangs, jobs.n);

	for (size_t i = 0; i < jobs.n; i++) {
		job[i] = (struct job){.d = d, .c = d->config, .ev = d->ev, .newest = jobs.of[i].newest, .named = jobs.of[i].job};
		memcpy(job[i].list, jobs.of[i].list, sizeof(job[i].list));
		nccl_gather(&job[i]);
		of[i] = nccl_judge(&job[i]);
		all.n += of[i].n;
	}
	all.f = mem_new(d->mem, struct hang, all.n);
	all.n = 0;
	for (size_t i = 0; i < jobs.n; i++)
		for (size_t k = 0; k < of[i].n; k++)
			all.f[all.n++] = of[i].f[k];
	sort(all.f, all.n, sizeof(*all.f), nccl_hang_cmp, &d->ev->names, d->spare);
	for (size_t i = 0; i < all.n; i++)
		nccl_emit(&all.f[i]);
	nccl_ras(d);
	for (size_t i = 0; i < jobs.n && d->explain; i++)
		explain(&job[i]);
	notice(d, job, jobs.n);
}

const struct pattern nccl_hang = {
	.filter = STR_INIT("nccl-hang"),
	.id = STR_INIT("15"),
	.name = STR_INIT("nccl_hang"),
	.about = STR_INIT("Say which collective hung, and which ranks are to blame."),
	.wants = 1u << EVENT_COLLECTIVE | 1u << EVENT_COMPLETED | 1u << EVENT_PROGRESS | 1u << EVENT_PROCESS_GROUP | 1u << EVENT_WATCHDOG |
		1u << EVENT_RAS,
	.opt = options,
	.config_size = sizeof(struct nccl_options),
	.config = &start,
	.setup = setup,
	.detect = detect,
	.forget = forget,
};
