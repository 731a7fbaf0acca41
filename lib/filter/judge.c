#include "filter/run.h"

#include <poll.h>
#include <time.h>

#include "base/num.h"

#define SPLIT_EVERY (30 * MINUTE) /* of long episodes */

enum { TEXT = 1 }; /* of --format */

static void (*const formats[])(struct buf *, const struct verdicts *, const struct verdict *) = {
	jsonl_put,
	text_put,
};

int64_t
run_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

void
run_judge(struct run *r, struct judgement *j, struct follow *follow, struct mem *m)
{
	j->settled = settle(&r->ev, r->opt.node, m);
	verdicts_reset(&r->verdicts);
	r->verdicts.id = r->p->id;
	r->verdicts.name = r->p->name;
	r->verdicts.look = r->look;
	j->d = (struct detection){
		.ev = &r->ev,
		.settled = &j->settled,
		.names = &r->ev.names,
		.config = r->config,
		.skew = r->opt.skew,
		.follow = follow,
		.split_every_ns = r->opt.follow ? num_max(SPLIT_EVERY, r->opt.lateness) : 0,
		.grouped = r->opt.format == TEXT && !r->opt.follow && !r->p->formats,
		.out = &r->verdicts,
		.explain = r->opt.explain ? &j->explain : NULL,
		.notice = &j->notice,
		.scratch = &j->scratch,
		.spare = &r->ev.scratch,
		.mem = m,
	};
	r->p->detect(&j->d);
	settle_notice(&j->settled, &r->ev, &j->notice);
}

void
judgement_free(struct judgement *j)
{
	buf_free(&j->explain);
	buf_free(&j->notice);
	buf_free(&j->scratch);
}

void
run_put(void *ctx, const struct verdict *v)
{
	struct run *r = ctx;

	if (r->io->out->err)
		return;
	if (r->page)
		r->p->formats->put(r->page, &r->io->out->b, &r->verdicts, v);
	else
		formats[r->opt.format](&r->io->out->b, &r->verdicts, v);
	out_spill(r->io->out);
	r->printed++;
	r->found += !v->planned;
}

/* ---- verdicts as they become final ---- */

static int
final_cmp(const void *x, const void *y, const void *ctx)
{
	const struct verdict *v = ((const struct verdicts *)ctx)->v;
	size_t a = *(const size_t *)x, b = *(const size_t *)y;
	int d = SORT_ORDER(v[a].final_at, v[b].final_at);

	return d ? d : SORT_ORDER(a, b);
}

void
run_put_final(struct run *r, int64_t to)
{
	struct verdicts *vs = &r->verdicts;
	size_t *at = mem_new(&r->follow.mem, size_t, vs->n), n = 0;

	for (size_t i = 0; i < vs->n; i++) {
		const struct verdict *v = &vs->v[i];

		if (v->final_at >= to && to != INT64_MAX) {
			if (v->final_at < INT64_MAX && (r->follow.due == NO_TIME || v->final_at < r->follow.due))
				r->follow.due = v->final_at;
		} else if (v->final_at >= r->ev.decided) {
			at[n++] = i;
		}
	}
	if (to != INT64_MAX)
		sort(at, n, sizeof(*at), final_cmp, vs, &r->ev.scratch);
	for (size_t i = 0; i < n; i++)
		run_put(r, &vs->v[at[i]]);
}

static void
forget(struct run *r, const struct detection *d, int64_t decided)
{
	struct reach reach;

	if (r->p->forget) {
		r->p->forget(d, &r->ev, decided);
		return;
	}
	reach = r->p->reach(d);
	reach_forget(&r->ev, &reach, decided, d->mem);
}

/* Print the verdicts that no record from a time on can change; drop records
 * that are no longer needed. */
static void
decide(struct run *r, int64_t to)
{
	struct follow follow = {.now = r->follow.now, .wake_at = INT64_MAX};
	struct event_list own[EVENT_KINDS];
	struct judgement j = {0};

	events_sort(&r->ev);
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		r->follow.work += r->ev.list[k].n;
	events_copy(&r->ev, own, &r->follow.mem);
	run_judge(r, &j, &follow, &r->follow.mem);
	r->follow.due = follow.wake_at == INT64_MAX ? NO_TIME : follow.wake_at;
	run_put_final(r, to);
	events_give_back(&r->ev, own);
	forget(r, &j.d, to);
	events_pack(&r->ev);
	r->ev.decided = to;
	judgement_free(&j);
	mem_reset(&r->follow.mem);
}

/* Decide what is due.  Under heavy input this is done in batches, so that the
 * work stays linear in the number of records; a batch ends when the burst
 * does. */
static void
decide_due(struct run *r, bool quiet)
{
	enum { FREE = 1 << 16, EACH = 8 };
	int64_t to = time_diff(r->follow.now, r->opt.lateness);

	if (r->follow.due != NO_TIME && to > r->follow.due && to > r->ev.decided && (quiet || r->follow.work < FREE + EACH * r->ev.seen))
		decide(r, to);
}

static int64_t
monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

void
run_tick(struct run *r)
{
	if (!r->follow.live)
		return;
	r->follow.now = time_add(monotonic(), r->follow.ahead);
	r->ev.horizon = time_add(r->follow.now, MINUTE);
}

/* Are records live?  Compare them with the clock until they are. */
static void
look_at_clock(struct run *r)
{
	int64_t clock = run_clock(), t = r->ev.mark.t;

	if (t == NO_TIME || t <= time_diff(time_diff(clock, r->opt.lateness), MINUTE) || t >= time_diff(clock, -MINUTE))
		return;
	r->follow.live = true;
	r->follow.ahead = time_diff(clock, monotonic());
	run_tick(r);
}

/* Records were added: update the stream's time, and whether it is the clock's. */
void
run_follow(struct run *r)
{
	int64_t newest = events_newest(&r->ev);

	if (!r->follow.live)
		look_at_clock(r);
	if (!r->follow.live)
		r->follow.now = r->ev.mark.t;
	if (newest > r->follow.now)
		newest = r->follow.now;
	if (newest != NO_TIME && (r->follow.due == NO_TIME || newest < r->follow.due))
		r->follow.due = newest;
	decide_due(r, false);
}

void
run_wait(struct run *r)
{
	enum { QUIET_MS = 1000 };
	struct pollfd p = {.fd = r->stream.in.fd, .events = POLLIN};

	for (bool quiet = false; r->follow.live; quiet = true) {
		run_tick(r);
		decide_due(r, quiet);
		out_flush(r->io->out);
		if (r->follow.due == NO_TIME || poll(&p, 1, QUIET_MS) != 0)
			return;
	}
}

/* ---- records left out because of their time ---- */

static const struct {
	size_t count; /* in struct events */
	struct str one, many;
} left_out[] = {
	{offsetof(struct events, late), STR_INIT("dropped a late record; increase --lateness"),
		STR_INIT(" late records were dropped; increase --lateness")},
	{offsetof(struct events, ahead), STR_INIT("a record is dated more than a minute ahead of the clock and was left out"),
		STR_INIT(" records were dated more than a minute ahead of the clock and were left out")},
	{offsetof(struct events, undated), STR_INIT("a collective has no timestamp and was left out; run without --follow to include it"),
		STR_INIT(" collectives have no timestamp and were left out; run without --follow to include them")},
};

static uint64_t
count(const struct run *r, size_t i)
{
	return *(const uint64_t *)((const char *)&r->ev + left_out[i].count);
}

void
run_left_out(struct run *r, struct str name, uint64_t line)
{
	for (size_t i = 0; i < NELEM(left_out); i++) {
		if (!count(r, i) || r->follow.warned >> i & 1)
			continue;
		r->follow.warned |= 1u << i;
		if (!r->opt.quiet)
			DIAG(&r->diag, name, S(":"), diag_u64(line), S(": "), left_out[i].one);
	}
}

void
run_left_out_total(struct run *r)
{
	for (size_t i = 0; i < NELEM(left_out) && !r->opt.quiet; i++)
		if (count(r, i) > 1)
			DIAG(&r->diag, diag_u64(count(r, i)), left_out[i].many);
}
