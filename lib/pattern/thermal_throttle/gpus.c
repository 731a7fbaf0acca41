#include "base/num.h"
#include "pattern/thermal_throttle/thermal.h"

/* The samples that use the same names for a GPU. */
struct same_names {
	uint32_t node, uuid;
	struct pci gpu;
	int16_t index;
	const struct sample *s;
	size_t n;
};

/* Equal for the same GPU, by the most reliable of its names. */
static int
run_cmp(const void *x, const void *y, const void *ctx)
{
	const struct same_names *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;
	int d = idx_cmp(names, a->node, b->node);

	/* unknown names are last */
	d = d ? d : SORT_ORDER(b->gpu.known, a->gpu.known);
	d = d ? d : pci_cmp(a->gpu, b->gpu);
	d = d ? d : SORT_ORDER(a->uuid == 0, b->uuid == 0);
	d = d ? d : idx_cmp(names, a->uuid, b->uuid);
	return d || a->gpu.known || a->uuid ? d : SORT_ORDER(a->index, b->index);
}

static int
sample_cmp(const void *x, const void *y, const void *ctx)
{
	const struct sample *a = x, *b = y;
	int d = SORT_ORDER(a->field, b->field);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->e.t, b->e.t);
	d = d ? d : SORT_ORDER(a->delta, b->delta);
	d = d ? d : SORT_ORDER(a->start, b->start);
	return d ? d : SORT_ORDER(a->value, b->value);
}

static struct same_names *
gather_runs(struct thermal *w, size_t *nrun)
{
	const struct event_list *list = &w->ev->list[EVENT_SAMPLE];
	const struct sample *s = list->p;
	struct same_names *run = NULL;
	size_t n = 0;

	for (size_t turn = 0;; turn++) {
		n = 0;
		for (size_t i = 0, to; i < list->n; i = to) {
			for (to = i + 1; to < list->n && s[to].e.node == s[i].e.node && s[to].uuid == s[i].uuid &&
				 s[to].index == s[i].index && pci_cmp(s[to].gpu, s[i].gpu) == 0;
			     to++)
				;
			if (turn) {
				run[n] = (struct same_names){s[i].e.node, s[i].uuid, s[i].gpu, s[i].index, s + i, to - i};
				w->nodeless += s[i].e.node ? 0 : to - i;
			}
			n++;
		}
		if (turn)
			break;
		run = mem_new(w->d->mem, struct same_names, n);
	}
	sort(run, n, sizeof(*run), run_cmp, w->ev, w->d->spare);
	*nrun = n;
	return run;
}

/* The samples of several runs as one array. */
static const struct sample *
joined(const struct thermal *w, const struct same_names *run, size_t n, size_t *total)
{
	struct sample *s;

	*total = run->n;
	if (n == 1)
		return run->s;
	for (size_t i = 1; i < n; i++)
		*total += run[i].n;
	s = mem_new(w->d->mem, struct sample, *total);
	*total = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < run[i].n; k++)
			s[(*total)++] = run[i].s[k];
	sort(s, *total, sizeof(*s), sample_cmp, NULL, w->d->spare);
	return s;
}

/* Divide a GPU's samples into series. */
static void
cut(struct thermal *w, struct gpu_series *g, const struct sample *s, size_t n)
{
	size_t to, dated;

	for (size_t i = 0; i < n; i = to) {
		for (to = i + 1; to < n && s[to].field == s[i].field; to++)
			;
		for (dated = i; dated < to && s[dated].e.t == NO_TIME; dated++)
			;
		for (size_t k = 0; k < SERIES; k++)
			if (thermal_series[k].field == s[i].field) {
				w->timeless += dated - i;
				g->of[k] = (struct slice){s + dated, to - dated};
			}
	}
	for (size_t i = 0; i < g->of[CLOCK_MAX].n; i++)
		if (thermal_is_clock(g->of[CLOCK_MAX].s[i].value))
			g->clock_max = num_max(g->clock_max, g->of[CLOCK_MAX].s[i].value);
}

/* Is there a sample of a signal? */
static bool
reports(const struct gpu_series *g, enum throttle_cause cause)
{
	for (size_t k = MASK; k < SIGNALS; k++)
		for (size_t i = 0; (k == MASK || thermal_series[k].cause == cause) && i < g->of[k].n; i++)
			if (g->of[k].s[i].value >= 0)
				return true;
	return false;
}

void
thermal_gather_gpus(struct thermal *w)
{
	size_t nrun, to, total;
	struct same_names *run = gather_runs(w, &nrun);

	w->gpu = mem_new(w->d->mem, struct gpu_series, nrun);
	w->host = mem_new(w->d->mem, struct host, nrun);
	for (size_t i = 0; i < nrun; i = to) {
		struct gpu_series *g = &w->gpu[w->ngpu];
		const struct sample *s;
		struct host *h;

		for (to = i + 1; to < nrun && run_cmp(&run[i], &run[to], w->ev) == 0; to++)
			;
		*g = (struct gpu_series){.node = run[i].node, .uuid = run[i].uuid, .gpu = run[i].gpu, .index = run[i].index};
		s = joined(w, &run[i], to - i, &total);
		cut(w, g, s, total);
		if (w->nhost == 0 || w->host[w->nhost - 1].node != g->node)
			w->host[w->nhost++] = (struct host){.node = g->node, .from = w->ngpu};
		h = &w->host[w->nhost - 1];
		h->to = ++w->ngpu;
		for (unsigned cause = 0; cause < CAUSES; cause++)
			h->reporting[cause] += reports(g, cause);
	}
}

void
thermal_put_gpu(struct buf *b, const struct thermal *w, const struct gpu_series *g)
{
	if (g->gpu.known)
		pci_put(b, g->gpu);
	else if (g->uuid)
		buf_add(b, name(w, g->uuid));
	else
		buf_i64(b, g->index);
}
