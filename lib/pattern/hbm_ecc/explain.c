#include "pattern/hbm_ecc/hbm.h"
#include "join/phrase.h"

/* The GPU's Xid nearest to a time; the earlier of two. */
static const struct xid *
nearest_xid(const struct hbm_join *j, const struct gpu_name *w, int64_t t)
{
	size_t at = hbm_xids_from(j, w, t);
	const struct xid *after = at < j->nwant ? xid_at(j, at) : NULL, *before = at ? xid_at(j, at - 1) : NULL;

	if (after && hbm_gpu_cmp(hbm_erred(after), *w) != 0)
		after = NULL;
	if (!before || hbm_gpu_cmp(hbm_erred(before), *w) != 0)
		return after;
	return after && time_diff(t, before->e.t) > time_diff(after->e.t, t) ? after : before;
}

/* Is there a memory Xid on another GPU of the node? */
static bool
other_gpu(const struct hbm_join *j, const struct gpu_name *w)
{
	size_t lo = hbm_xids_from(j, &(struct gpu_name){.node = w->node}, INT64_MIN);

	return lo < j->nwant && xid_at(j, lo)->e.node == w->node;
}

static void
explain_who(const struct hbm_join *j, struct buf *b, const struct gpu_name *w, uint32_t uuid)
{
	phrase_gpu(b, "gpu_id", w->gpu);
	phrase_str(b, "gpu_uuid", name(j, uuid));
	if (w->index >= 0)
		phrase_int(b, "gpu_index", w->index);
	phrase_str(b, "node", name(j, w->node));
}

static struct str
why_idle(const struct hbm_join *j, const struct hbm_series *s, const struct gpu_name *w, const struct xid *x)
{
	switch (first_of(j, s)->field) {
	case METRIC_ECC_SBE_VOL:
	case METRIC_ECC_SBE_AGG:
		return S("the errors were corrected");
	case METRIC_ECC_DBE_AGG:
	case METRIC_ECC_DBE_AGG_DEV:
	case METRIC_ECC_DBE_AGG_SRM:
		return S("aggregate (lifetime) counter; only volatile counters are used");
	}
	if (s->small == s->idle)
		return S("the counter grew by less than --delta");
	if (!x)
		return w->index >= 0 ? S("the GPU's PCI address is unknown") :
		       !w->node && j->nwant ? S("the counter has no node name: use --node=NAME") :
		       other_gpu(j, w) ? S("no memory Xid of this GPU; another GPU of the node has one") :
					 S("no memory Xid of this GPU");
	return x->e.t < s->last ? S("the nearest Xid came before the sample that precedes the growth") :
				  S("the nearest Xid came too long after the growth");
}

static void
explain_series(const struct hbm_join *j, const struct hbm_series *s)
{
	const struct sample *first = first_of(j, s);
	const struct gpu_name w = hbm_counted(first);
	const struct xid *x = nearest_xid(j, &w, s->last);
	const struct metric *m = metric_of(first->field);
	struct buf *b = j->d->explain;

	phrase_open(b, S("counter that grew without a verdict"));
	phrase_str(b, "metric", m->name);
	explain_who(j, b, &w, first->uuid);
	phrase_int(b, "count", (int64_t)s->idle);
	phrase_int(b, "sum", s->sum);
	phrase_time(b, "first", s->first);
	phrase_time(b, "last", s->last);
	if (x) {
		buf_key(b, "nearest");
		buf_chr(b, '{');
		phrase_int(b, "xid_code", x->code);
		phrase_time(b, "time", x->e.t);
		phrase_seconds(b, "delay_seconds", time_diff(x->e.t, s->last));
		buf_chr(b, '}');
		phrase_seconds(b, "window_seconds", j->c->window);
	}
	phrase_close(b, why_idle(j, s, &w, x));
}

/* Which counters of a GPU are in the input, and whether one increased. */
static struct str
why_alone(const struct hbm_join *j, const struct gpu_name *w)
{
	bool counted = false, grew = false, other = false;

	for (size_t i = hbm_series_from(j, w, 0); i < j->nseries; i++) {
		const struct hbm_series *s = &j->series[i];
		const struct sample *first = first_of(j, s);
		enum counter_use use = hbm_use(first->field);

		if (hbm_gpu_cmp(hbm_counted(first), *w) != 0)
			break;
		counted |= use == LAYER;
		grew |= use == LAYER && s->idle;
		other |= use == NEAR_MISS && s->idle;
	}
	if (grew)
		return S("the GPU's error counters grew, but not around the Xid");
	if (other)
		return S("only corrected-error or aggregate counters of the GPU grew");
	if (counted)
		return S("the GPU's error counters did not grow around the Xid");
	return w->node ? S("the input has no error counter of this GPU") :
	       j->d->ev->of_tasks ? S("the Xid has no node name") : S("the Xid has no node name: use --node=NAME");
}

struct alone {
	const struct xid *x; /* the first */
	uint64_t count;
	int64_t last;
};

static int
alone_cmp(const void *x, const void *y, const void *ctx)
{
	const struct hbm_join *j = ctx;
	const struct xid *a = ((const struct alone *)x)->x, *b = ((const struct alone *)y)->x;
	int d = hbm_name_cmp(j, hbm_erred(a), hbm_erred(b));

	d = d ? d : SORT_ORDER(a->code, b->code);
	return d ? d : xid_cmp(a, b, j->ev);
}

static int
repeat_cmp(const void *x, const void *y, const void *ctx)
{
	const struct xid *a = *(const struct xid *const *)x, *b = *(const struct xid *const *)y;
	int d = hbm_gpu_cmp(hbm_erred(a), hbm_erred(b));

	d = d ? d : SORT_ORDER(a->e.node, b->e.node);
	d = d ? d : SORT_ORDER(a->code, b->code);
	return d ? d : hbm_xid_cmp(ctx, a, b);
}

static void
explain_xids(const struct hbm_join *j)
{
	const struct xid **x = mem_new(j->d->mem, const struct xid *, j->nwant), *held = NULL;
	struct alone *a = mem_new(j->d->mem, struct alone, j->nwant);
	bool *joined = mem_new(j->d->mem, bool, j->nwant);
	struct buf *b = j->d->explain;
	size_t n = 0, na = 0;

	for (size_t i = 0; i < j->nstep; i++)
		if (j->step[i].xid < j->nwant)
			joined[j->step[i].xid] = true;
	/* an Xid that follows one with a verdict belongs to it */
	for (size_t i = 0; i < j->nwant; i++) {
		const struct xid *e = xid_at(j, i);

		if (joined[i])
			held = e;
		else if (!held || hbm_gpu_cmp(hbm_erred(held), hbm_erred(e)) != 0 ||
			 time_diff(e->e.t, held->e.t) > j->c->window)
			x[n++] = e;
	}
	sort(x, n, sizeof(*x), repeat_cmp, j, j->d->spare);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || hbm_gpu_cmp(hbm_erred(x[i - 1]), hbm_erred(x[i])) != 0 ||
		    x[i - 1]->e.node != x[i]->e.node || x[i - 1]->code != x[i]->code)
			a[na++] = (struct alone){x[i], 0, 0};
		a[na - 1].count++;
		a[na - 1].last = x[i]->e.t;
	}
	sort(a, na, sizeof(*a), alone_cmp, j, j->d->spare);
	for (size_t i = 0; i < na; i++) {
		const struct xid *e = a[i].x;
		struct gpu_name w = hbm_erred(e);

		phrase_open(b, S("memory Xid without a verdict"));
		phrase_int(b, "xid_code", e->code);
		explain_who(j, b, &w, e->uuid);
		phrase_int(b, "count", (int64_t)a[i].count);
		phrase_time(b, "first", e->e.t);
		phrase_time(b, "last", a[i].last);
		phrase_close(b, why_alone(j, &w));
	}
}

static int
idle_cmp(const void *x, const void *y, const void *ctx)
{
	const struct hbm_join *j = ctx;
	const struct sample *a = first_of(j, *(const struct hbm_series *const *)x);
	const struct sample *b = first_of(j, *(const struct hbm_series *const *)y);
	int d = hbm_name_cmp(j, hbm_counted(a), hbm_counted(b));

	d = d ? d : SORT_ORDER(a->field, b->field);
	d = d ? d : SORT_ORDER(a->delta, b->delta);
	return d ? d : idx_cmp(&j->ev->names, a->e.uid, b->e.uid);
}

void
hbm_explain(const struct hbm_join *j)
{
	const struct hbm_series **s = mem_new(j->d->mem, const struct hbm_series *, j->nseries);
	size_t n = 0;

	for (size_t i = 0; i < j->nseries; i++)
		if (j->series[i].idle)
			s[n++] = &j->series[i];
	sort(s, n, sizeof(*s), idle_cmp, j, j->d->spare);
	for (size_t i = 0; i < n; i++)
		explain_series(j, s[i]);
	explain_xids(j);
}
