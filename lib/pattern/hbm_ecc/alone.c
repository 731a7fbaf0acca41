#include "pattern/hbm_ecc/hbm.h"

/* Counters that identify a GPU by UUID only may be of any GPU on the node. */
bool
hbm_stands_alone(const struct hbm_join *j, const struct hbm_series *s)
{
	const struct sample *first = first_of(j, s);
	const struct gpu_name w = hbm_counted(first), any = {.node = w.node};
	size_t at;

	if (!j->c->alone || hbm_use(first->field) != LAYER || !w.node || (!w.gpu.known && !w.uuid))
		return false;
	at = hbm_xids_from(j, w.gpu.known ? &w : &any, INT64_MIN);
	if (at == j->nwant)
		return true;
	return w.gpu.known ? hbm_gpu_cmp(hbm_erred(xid_at(j, at)), w) != 0 : xid_at(j, at)->e.node != w.node;
}

static struct gpu_name
whose(const struct hbm_join *j, const struct growth *g)
{
	return hbm_counted(first_of(j, &j->series[g->series]));
}

static int
lone_cmp(const void *x, const void *y, const void *ctx)
{
	const struct hbm_join *j = ctx;
	const struct growth *a = x, *b = y;
	int d = hbm_gpu_cmp(whose(j, a), whose(j, b));

	d = d ? d : SORT_ORDER(a->t, b->t);
	return d ? d : SORT_ORDER(a->series, b->series);
}

void
hbm_stand_in(struct hbm_join *j)
{
	int64_t over = NO_TIME;
	size_t n = 0;

	sort(j->lone, j->nlone, sizeof(*j->lone), lone_cmp, j, j->d->spare);
	j->stand_in = mem_new(j->d->mem, struct xid, j->nlone);
	for (size_t i = 0; i < j->nlone; i++) {
		struct growth *g = &j->lone[i];
		struct gpu_name w = whose(j, g);
		int64_t end = recovery_after(&j->rec, &(struct trouble){g->t, w.node, w.gpu, w.uuid, 0});

		if (n == 0 || end != over || hbm_gpu_cmp(hbm_erred(&j->stand_in[n - 1]), w) != 0)
			j->stand_in[n++] = (struct xid){.e = {.t = g->t, .node = w.node}, .gpu = w.gpu, .uuid = w.uuid};
		over = end;
		g->xid = j->nxid + n - 1;
		j->step = mem_extend(j->d->mem, j->step, j->nstep, &j->stepcap, sizeof(*j->step));
		j->step[j->nstep++] = *g;
	}
}
