/*
 * pod_evicted against a naive version of its rule: every condition is tried for
 * every loss, on random scenarios so small that windows, ties and names often
 * coincide.
 */
#include <stdio.h>

#include "base/test.h"
#include "input/text/eviction.h"
#include "pattern/pattern.h"

enum { MANY = 40 };
#define STEP (10 * SECOND)

static const char *const nodes[] = {"", "a", "a.east", "a.west", "b", "10.0.0.1", "10.0.0.2"};
static const char *const notes[] = {
	"The node was low on resource: memory. ",
	"The node was low on resource: ephemeral-storage. ",
	"The node was low on resource: pids. ",
	"evicted",
	"Pod The node had condition: [MemoryPressure PIDPressure]. ",
	"Usage of EmptyDir volume \"memory\" exceeds the limit \"1Mi\". ",
};
/* possible pressures of each, worked out by hand: memory 1, disk 2, pid 4 */
static const unsigned may[] = {1, 2, 4, 7, 5, 0};

static uint32_t seed = 14;

static uint32_t
below(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

static struct events ev;

static uint32_t
letter(char c, uint32_t n)
{
	char s[3] = {c, (char)('0' + n / 10), (char)('0' + n % 10)};

	return idx_add(&ev.names, (struct str){s, 3});
}

static struct condition conds[MANY];
static struct loss losses[MANY];
static unsigned note_of[MANY];

static void
scenario(void)
{
	events_reset(&ev);
	ev.wants = ~0u;
	ev.since = ev.until = NO_TIME;
	for (uint32_t i = 0; i < MANY; i++) {
		conds[i] = (struct condition){
			.e = {.t = below(75) * STEP, .node = events_node(&ev, str_of(nodes[below(NELEM(nodes))])), .uid = letter('c', below(MANY))},
			.pressure = (uint8_t)(1 + below(3)),
			.on = below(4) != 0,
			.last = NO_TIME,
			.note = letter('n', i),
		};
		if (conds[i].on && below(3) == 0)
			conds[i].last = time_add(conds[i].e.t, below(75) * STEP);
		note_of[i] = below(NELEM(notes));
		losses[i] = (struct loss){
			.e = {.t = below(75) * STEP, .node = events_node(&ev, str_of(nodes[below(NELEM(nodes))])), .uid = letter('e', i)},
			.name = letter('p', i),
			.reason = idx_add(&ev.names, S("Evicted")),
			.note = idx_add(&ev.names, str_of(notes[note_of[i]])),
		};
	}
	for (uint32_t i = 0, at = below(MANY); i < MANY; i++, at = (at + 7) % MANY) {
		events_add(&ev, EVENT_CONDITION, &conds[at]);
		events_add(&ev, EVENT_LOSS, &losses[at]);
	}
	events_sort(&ev);
}

static bool
is_used(const char *name)
{
	bool used = false;

	for (size_t i = 0; i < MANY; i++)
		used |= str_eq(idx_at(&ev.names, conds[i].e.node), str_of(name)) || str_eq(idx_at(&ev.names, losses[i].e.node), str_of(name));
	return used;
}

/* A short name equals its full one, unless there are two. */
static bool
same_node(const struct event *a, const struct event *b)
{
	return a->node == b->node ||
	       (node_same(idx_at(&ev.names, a->node), idx_at(&ev.names, b->node)) && !(is_used("a.east") && is_used("a.west")));
}

static void
configure(void *config, int64_t window, bool full_only)
{
	char prog[] = "pod-evicted", width[40], full[] = "--full-only", *argv[] = {prog, width, full, NULL};
	struct out out = {.fd = -1};
	struct diag diag = {.to = &out};
	struct opt_run o = {.set = {{pod_evicted.opt, config}}, .out = &out, .diag = &diag};

	snprintf(width, sizeof(width), "--window=%lldns", (long long)window);
	CHECK(opt_parse(&o, 2 + full_only, argv) == -1);
	buf_free(&out.b);
}

/* Is a the better cause? */
static bool
beats(const struct condition *a, const struct condition *b)
{
	int d;

	if (!b || a->e.t != b->e.t)
		return !b || a->e.t > b->e.t;
	if (a->pressure != b->pressure)
		return a->pressure < b->pressure;
	d = idx_cmp(&ev.names, a->e.uid, b->e.uid);
	return d ? d < 0 : condition_cmp(a, b, &ev) < 0;
}

/* The first end of its pressure after a condition. */
static int64_t
end_of(const struct condition *c)
{
	int64_t end = INT64_MAX;

	for (size_t k = 0; k < MANY; k++)
		if (!conds[k].on && conds[k].pressure == c->pressure && conds[k].e.t > c->e.t && conds[k].e.t < end &&
		    same_node(&c->e, &conds[k].e))
			end = conds[k].e.t;
	return end;
}

/* The next condition after a on the loss's node with this pressure, or NULL. */
static const struct condition *
next_of(size_t i, unsigned pressure, const struct condition *a)
{
	const struct condition *next = NULL;

	for (size_t k = 0; k < MANY; k++) {
		const struct condition *c = &conds[k];

		if (!c->on || c->pressure != pressure || !same_node(&losses[i].e, &c->e) || (a && (c == a || c->e.t < a->e.t)) ||
		    (a && c->e.t == a->e.t && !beats(a, c)))
			continue;
		if (!next || c->e.t < next->e.t || (c->e.t == next->e.t && beats(c, next)))
			next = c;
	}
	return next;
}

/* Iterate over the spans; returns the latest that may have caused the loss. */
static const struct condition *
cause(size_t i, int64_t window, int64_t skew)
{
	const struct condition *best = NULL;
	int64_t t = losses[i].e.t;

	for (unsigned p = 1; p <= 3; p++) {
		const struct condition *began = NULL;
		int64_t until = 0, limit = 0;

		for (const struct condition *c = may[note_of[i]] >> (p - 1) & 1 ? next_of(i, p, NULL) : NULL; c; c = next_of(i, p, c)) {
			int64_t known = (c->last > c->e.t ? c->last : c->e.t) + 300 * SECOND;

			if (!began || c->e.t > until || c->e.t == limit) {
				began = c;
				until = 0;
				limit = end_of(c);
			}
			if (known > limit)
				known = limit;
			if (known > until)
				until = known;
			if (began->e.t - 15 * SECOND - skew <= t && (t <= until + skew || t <= began->e.t + window + skew) && beats(began, best))
				best = began;
		}
	}
	return best;
}

/* The first end of the same pressure after it. */
static int64_t
over(size_t i, const struct condition *c)
{
	const struct event *from = c ? &c->e : &losses[i].e;
	unsigned pressure = c ? c->pressure : note_of[i] < 3 ? note_of[i] + 1 : note_of[i] == 4 ? 1 : 0;
	int64_t end = NO_TIME;

	if (may[note_of[i]] == 0)
		return NO_TIME;
	for (size_t k = 0; k < MANY; k++)
		if (!conds[k].on && conds[k].pressure == pressure && conds[k].e.t > from->t &&
		    same_node(from, &conds[k].e) && (end == NO_TIME || conds[k].e.t < end))
			end = conds[k].e.t;
	return end;
}

static int64_t
member(const struct verdicts *vs, const struct verdict *v, const char *name)
{
	for (size_t i = 0; i < v->nitem; i++)
		if (vs->item[v->item + i].name && str_eq(str_of(vs->item[v->item + i].name), str_of(name)))
			return vs->item[v->item + i].n;
	return NO_TIME;
}

/* The loss of a verdict, by its evidence's uid. */
static size_t
loss_of(const struct verdicts *vs, const struct verdict *v)
{
	for (size_t i = 0; i < MANY; i++)
		if (str_eq(vs->ev[v->ev + v->nev - 1].uid, idx_at(&ev.names, losses[i].e.uid)))
			return i;
	return MANY;
}

static bool
right(const struct verdicts *vs, const struct verdict *v, int64_t window, int64_t skew)
{
	size_t i = loss_of(vs, v);
	const struct condition *c;
	const struct evidence *e = &vs->ev[v->ev];

	if (i == MANY)
		return false;
	c = cause(i, window, skew);
	if (member(vs, v, "resolved_at") != over(i, c))
		return false;
	if (!c)
		return v->nev == 1 && str_eq(v->confidence, S("partial"));
	return v->nev == 2 && str_eq(v->confidence, S("full")) && e->t == c->e.t &&
	       str_eq(e->uid, idx_at(&ev.names, c->e.uid)) && str_ends(e->text, idx_at(&ev.names, c->note)) &&
	       member(vs, v, "delay_seconds") == losses[i].e.t - c->e.t;
}

int
main(void)
{
	struct buf explain = {0}, notice = {0}, scratch = {0};
	struct verdicts vs = {0};
	struct mem mem = {0};
	size_t full = 0;

	TEST("2000 random scenarios: the naive rule gives the same results");
	for (int round = 0; round < 2000; round++) {
		int64_t window = below(12) * 60 * SECOND;
		bool full_only = below(8) == 0;
		struct settled settled;
		void *config = mem_get(&mem, pod_evicted.config_size, 1);
		struct detection d = {
			.ev = &ev,
			.settled = &settled,
			.names = &ev.names,
			.spare = &ev.scratch,
			.config = config,
			.skew = below(4) ? 0 : below(5) * 4 * SECOND,
			.out = &vs,
			.explain = round % 2 ? &explain : NULL,
			.notice = &notice,
			.scratch = &scratch,
			.mem = &mem,
		};
		size_t want = 0;

		configure(config, window, full_only);
		scenario();
		explain.n = notice.n = scratch.n = 0;
		settled = settle(&ev, (struct str){0}, &mem);
		pod_evicted.detect(&d);
		for (size_t i = 0; i < MANY; i++)
			want += !full_only || cause(i, window, d.skew) != NULL;
		CHECK_ROW(round, vs.n == want);
		for (size_t i = 0; i < vs.n; i++) {
			CHECK_ROW(round, right(&vs, &vs.v[i], window, d.skew));
			full += vs.v[i].nev == 2;
			if (i)
				CHECK_ROW(round, losses[loss_of(&vs, &vs.v[i - 1])].e.t <= losses[loss_of(&vs, &vs.v[i])].e.t);
		}
		verdicts_reset(&vs);
		mem_reset(&mem);
	}
	CHECK(full > 10000);

	verdicts_free(&vs);
	mem_free(&mem);
	buf_free(&explain);
	buf_free(&notice);
	buf_free(&scratch);
	events_free(&ev);
	return test_done();
}
