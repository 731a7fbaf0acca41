#include "join/causes.h"

struct order {
	sort_cmp *ties;
	const void *ctx;
};

static int
cause_cmp(const void *x, const void *y, const void *ctx)
{
	const struct cause *a = x, *b = y;
	const struct order *o = ctx;
	int d = SORT_ORDER(a->node, b->node);

	d = d ? d : SORT_ORDER(a->cls, b->cls);
	d = d ? d : SORT_ORDER(a->t, b->t);
	return d ? d : o->ties(a, b, o->ctx);
}

void
causes_sort(struct causes *cs, sort_cmp *ties, const void *ctx, struct buf *scratch, struct mem *m)
{
	sort(cs->c, cs->n, sizeof(*cs->c), cause_cmp, &(struct order){ties, ctx}, scratch);
	causes_index(cs, m);
}

static bool
is_first(const struct causes *cs, size_t i)
{
	return i == 0 || cs->c[i - 1].node != cs->c[i].node || cs->c[i - 1].cls != cs->c[i].cls;
}

void
causes_index(struct causes *cs, struct mem *m)
{
	size_t n = 0;

	for (size_t i = 0; i < cs->n; i++)
		n += is_first(cs, i);
	cs->run = mem_new(m, struct causes_run, n + 1);
	cs->nrun = n;
	n = 0;
	for (size_t i = 0; i < cs->n; i++)
		if (is_first(cs, i))
			cs->run[n++] = (struct causes_run){cs->c[i].node, cs->c[i].cls, i, i};
	cs->run[n].from = cs->n;
}

static bool
is_before(const struct cause *c, int64_t t, bool behind)
{
	return c->t < t || (behind && c->t == t);
}

/* Index of the first cause at t or later, or, with behind, after t: in growing steps
 * from where the last lookup ended, then by binary search. */
static size_t
bisect(const struct causes *cs, uint32_t node, uint32_t cls, int64_t t, bool behind)
{
	const struct cause *c = cs->c;
	struct causes_run *run;
	size_t lo = 0, hi, step = 1;

	SORT_BISECT(lo, cs->nrun, i, cs->run[i].node < node || (cs->run[i].node == node && cs->run[i].cls < cls));
	if (lo == cs->nrun || cs->run[lo].node != node || cs->run[lo].cls != cls)
		return cs->nrun ? cs->run[lo].from : 0;
	run = &cs->run[lo];
	lo = run->from;
	hi = run[1].from;
	if (run->at < hi && is_before(&c[run->at], t, behind)) {
		for (lo = run->at + 1; step < hi - lo && is_before(&c[lo + step], t, behind); step *= 2)
			lo += step + 1;
		hi = step < hi - lo ? lo + step : hi;
	} else {
		for (hi = run->at; step < hi - lo && !is_before(&c[hi - step], t, behind); step *= 2)
			hi -= step;
		lo = step < hi - lo ? hi - step : lo;
	}
	SORT_BISECT(lo, hi, i, is_before(&c[i], t, behind));
	return run->at = lo;
}

/* The i-th cause, if it is of this node and class; or NULL. */
static const struct cause *
within(const struct causes *cs, size_t i, uint32_t node, uint32_t cls)
{
	return i < cs->n && cs->c[i].node == node && cs->c[i].cls == cls ? &cs->c[i] : NULL;
}

static const struct cause *
first_at(const struct causes *cs, const struct cause *c)
{
	return c ? &cs->c[bisect(cs, c->node, c->cls, c->t, false)] : NULL;
}

const struct cause *
causes_latest(const struct causes *cs, uint32_t node, uint32_t cls, struct window w)
{
	const struct cause *c = within(cs, bisect(cs, node, cls, w.to, true) - 1, node, cls);

	return c && c->t >= w.from ? first_at(cs, c) : NULL;
}

const struct cause *
causes_after(const struct causes *cs, uint32_t node, uint32_t cls, int64_t t)
{
	return within(cs, bisect(cs, node, cls, t, true), node, cls);
}

const struct cause *
causes_nearest(const struct causes *cs, uint32_t node, uint32_t cls, int64_t t)
{
	size_t i = bisect(cs, node, cls, t, true);
	const struct cause *before = within(cs, i - 1, node, cls), *after = within(cs, i, node, cls);

	if (before && after)
		return time_apart(after->t, t) < time_apart(before->t, t) ? after : first_at(cs, before);
	return before ? first_at(cs, before) : after;
}

void
causes_use(const struct causes *cs, uint32_t node, uint32_t cls, struct window w)
{
	if (!cs->used)
		return;
	cs->used[bisect(cs, node, cls, w.from, false)]++;
	cs->used[bisect(cs, node, cls, w.to, true)]--;
}

struct unused *
causes_unused(const struct causes *cs, struct mem *m, size_t *n)
{
	struct unused *u = mem_new(m, struct unused, cs->n);
	int64_t depth = 0;

	*n = 0;
	for (size_t i = 0; i < cs->n; i++) {
		const struct cause *c = &cs->c[i];
		struct unused *last = *n ? &u[*n - 1] : NULL;

		depth += cs->used[i];
		if (depth > 0)
			continue;
		if (!last || last->c->node != c->node || last->c->cls != c->cls)
			*(last = &u[(*n)++]) = (struct unused){.c = c};
		last->count++;
		last->last = c->t;
	}
	return u;
}
