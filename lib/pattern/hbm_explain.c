#include "pattern/hbm.h"
#include "pattern/nodes.h"
#include "pattern/phrase.h"

/* The Xid of the GPU that is nearest to a time, before if two are. */
static const struct err *
nearest_xid(const struct joining *j, const struct who *w, int64_t t)
{
	size_t after = hbm_first_xid(j, w, t, INT64_MAX), lo = hbm_xids_from(j, w, t), to;
	const struct err *e = j->want.e, *best = after == SIZE_MAX ? NULL : &e[after];

	for (to = lo; lo-- > 0 && to - lo <= HBM_LOOK && hbm_gpu_cmp(&e[lo].who, w) == 0;)
		if (nodes_agree(j->ev, e[lo].who.node, w->node)) {
			if (!best || time_diff(t, e[lo].x->e.t) <= time_diff(best->x->e.t, t))
				best = &e[lo];
			break;
		}
	return best;
}

/* Is there a memory Xid on another GPU of the node? */
static bool
other_gpu(const struct joining *j, const struct who *w)
{
	size_t lo = 0, from;

	SORT_BISECT(lo, j->want.n, i, j->want.e[i].who.label < w->label);
	for (from = lo; lo < j->want.n && lo - from < HBM_LOOK && j->want.e[lo].who.label == w->label; lo++)
		if (nodes_agree(j->ev, j->want.e[lo].who.node, w->node))
			return true;
	return false;
}

static void
explain_who(const struct joining *j, struct buf *b, const struct who *w, uint32_t uuid)
{
	phrase_gpu(b, "gpu_id", w->gpu);
	phrase_str(b, "gpu_uuid", name(j, uuid));
	if (w->index >= 0)
		phrase_int(b, "gpu_index", w->index);
	phrase_str(b, "node", name(j, w->node));
}

static struct str
why_idle(const struct joining *j, const struct series *s, const struct err *x)
{
	switch (s->s->field) {
	case METRIC_ECC_SBE_VOL:
	case METRIC_ECC_SBE_AGG:
		return S("the errors were corrected");
	case METRIC_ECC_DBE_AGG:
	case METRIC_ECC_DBE_AGG_DEV:
	case METRIC_ECC_DBE_AGG_SRM:
		return S("the counter is over the board's life; only what is counted since the driver was loaded joins");
	}
	if (s->small == s->idle)
		return S("the counter grew by less than --delta");
	if (!x)
		return s->who.index >= 0 ? S("nothing tells the GPU's address") :
		       !s->who.node && j->want.n ? S("the counter names no node: --node=NAME names it") :
		       other_gpu(j, &s->who) ? S("no memory Xid of this GPU; another GPU of the node has one") :
					       S("no memory Xid of this GPU");
	return x->x->e.t < s->last ? S("the nearest Xid came before the sample that precedes the growth") :
				     S("the nearest Xid came too long after the growth");
}

static void
explain_series(const struct joining *j, const struct series *s)
{
	const struct err *x = nearest_xid(j, &s->who, s->last);
	const struct metric *m = metric_of(s->s->field);
	struct buf *b = j->d->explain;

	phrase_open(b, S("counter that grew without a verdict"));
	phrase_str(b, "metric", m->name);
	explain_who(j, b, &s->who, s->uuid);
	phrase_int(b, "count", (int64_t)s->idle);
	phrase_int(b, "sum", s->sum);
	phrase_time(b, "first", s->first);
	phrase_time(b, "last", s->last);
	if (x) {
		buf_key(b, "nearest");
		buf_chr(b, '{');
		phrase_int(b, "xid_code", x->x->code);
		phrase_time(b, "time", x->x->e.t);
		phrase_seconds(b, "delay_seconds", time_diff(x->x->e.t, s->last));
		buf_chr(b, '}');
		phrase_seconds(b, "window_seconds", j->c->window);
	}
	phrase_close(b, why_idle(j, s, x));
}

/* What counters of a GPU are in the input, and whether one grew. */
static struct str
why_alone(const struct joining *j, const struct err *e)
{
	bool counted = false, grew = false, other = false;
	size_t from = hbm_series_from(j, &e->who, 0);

	for (size_t i = from; i < j->nseries && i - from < HBM_LOOK && hbm_gpu_cmp(&j->series[i].who, &e->who) == 0; i++) {
		const struct series *s = &j->series[i];

		if (!nodes_agree(j->ev, s->who.node, e->who.node) || hbm_use(s->s->field) == STATE)
			continue;
		counted |= hbm_use(s->s->field) == LAYER;
		grew |= hbm_use(s->s->field) == LAYER && s->idle;
		other |= hbm_use(s->s->field) == NEAR_MISS && s->idle;
	}
	if (grew)
		return S("the GPU's error counters grew, but not around the Xid");
	if (other)
		return S("the GPU counted only corrected errors, or errors over the board's life");
	if (counted)
		return S("the GPU's error counters did not grow around the Xid");
	return e->who.node ? S("the input has no error counter of this GPU") :
			     S("the Xid names no node: --node=NAME names it");
}

struct alone {
	const struct err *e; /* the first */
	uint64_t count;
	int64_t last;
};

static int
alone_cmp(const void *x, const void *y, const void *ctx)
{
	const struct err *a = ((const struct alone *)x)->e, *b = ((const struct alone *)y)->e;
	const struct events *ev = ctx;
	int d = idx_cmp(&ev->names, a->who.node, b->who.node);

	d = d ? d : pci_cmp(a->who.gpu, b->who.gpu);
	d = d ? d : idx_cmp(&ev->names, a->who.uuid, b->who.uuid);
	d = d ? d : SORT_ORDER(a->x->code, b->x->code);
	return d ? d : xid_cmp(a->x, b->x, ev);
}

static int
repeat_cmp(const void *x, const void *y, const void *ctx)
{
	const struct err *a = *(const struct err *const *)x, *b = *(const struct err *const *)y;
	int d = hbm_gpu_cmp(&a->who, &b->who);

	d = d ? d : SORT_ORDER(a->who.node, b->who.node);
	d = d ? d : SORT_ORDER(a->x->code, b->x->code);
	return d ? d : hbm_err_cmp(a, b, ctx);
}

static void
explain_xids(const struct joining *j)
{
	const struct err **e = mem_new(j->d->mem, const struct err *, j->want.n);
	struct alone *a = mem_new(j->d->mem, struct alone, j->want.n);
	struct buf *b = j->d->explain;
	size_t n = 0, na = 0;

	/* an Xid that follows one that was joined belongs to it */
	for (size_t i = 0, held = SIZE_MAX; i < j->want.n; i++) {
		const struct err *x = &j->want.e[i];

		if (x->joined)
			held = i;
		else if (held == SIZE_MAX || hbm_gpu_cmp(&j->want.e[held].who, &x->who) != 0 ||
			 time_diff(x->x->e.t, j->want.e[held].x->e.t) > j->c->window)
			e[n++] = x;
	}
	sort(e, n, sizeof(*e), repeat_cmp, j->ev, &j->ev->scratch);
	for (size_t i = 0; i < n; i++) {
		const struct err *before = i ? e[i - 1] : NULL;

		if (!before || hbm_gpu_cmp(&before->who, &e[i]->who) != 0 || before->who.node != e[i]->who.node ||
		    before->x->code != e[i]->x->code)
			a[na++] = (struct alone){e[i], 0, 0};
		a[na - 1].count++;
		a[na - 1].last = e[i]->x->e.t;
	}
	sort(a, na, sizeof(*a), alone_cmp, j->ev, &j->ev->scratch);
	for (size_t i = 0; i < na; i++) {
		phrase_open(b, S("memory Xid without a verdict"));
		phrase_int(b, "xid_code", a[i].e->x->code);
		explain_who(j, b, &a[i].e->who, a[i].e->uuid);
		phrase_int(b, "count", (int64_t)a[i].count);
		phrase_time(b, "first", a[i].e->x->e.t);
		phrase_time(b, "last", a[i].last);
		phrase_close(b, why_alone(j, a[i].e));
	}
}

static int
idle_cmp(const void *x, const void *y, const void *ctx)
{
	const struct series *a = *(const struct series *const *)x, *b = *(const struct series *const *)y;
	const struct events *ev = ctx;
	int d = idx_cmp(&ev->names, a->who.node, b->who.node);

	d = d ? d : pci_cmp(a->who.gpu, b->who.gpu);
	d = d ? d : idx_cmp(&ev->names, a->who.uuid, b->who.uuid);
	d = d ? d : SORT_ORDER(a->who.index, b->who.index);
	d = d ? d : SORT_ORDER(a->s->field, b->s->field);
	d = d ? d : SORT_ORDER(a->s->delta, b->s->delta);
	d = d ? d : SORT_ORDER(a->s->instance, b->s->instance);
	return d ? d : idx_cmp(&ev->names, a->s->part, b->s->part);
}

void
hbm_explain(const struct joining *j)
{
	const struct series **s = mem_new(j->d->mem, const struct series *, j->nseries);
	size_t n = 0;

	for (size_t i = 0; i < j->nseries; i++)
		if (j->series[i].idle && hbm_use(j->series[i].s->field) != STATE)
			s[n++] = &j->series[i];
	sort(s, n, sizeof(*s), idle_cmp, j->ev, &j->ev->scratch);
	for (size_t i = 0; i < n; i++)
		explain_series(j, s[i]);
	explain_xids(j);
}
