#include "join/latest.h"

/* By series, as identified by its names of the GPU, and time. */
static int
sample_series(const struct sample *a, const struct sample *b)
{
	int d = SORT_ORDER(a->e.node, b->e.node);

	d = d ? d : pci_cmp(a->gpu, b->gpu);
	d = d ? d : SORT_ORDER(a->uuid, b->uuid);
	d = d ? d : SORT_ORDER(a->index, b->index);
	d = d ? d : SORT_ORDER(a->field, b->field);
	d = d ? d : SORT_ORDER(a->delta, b->delta);
	return d ? d : SORT_ORDER(a->e.uid, b->e.uid);
}

static int
sample_cmp(const void *x, const void *y, const void *ctx)
{
	const struct sample *a = x, *b = y;
	int d = sample_series(a, b);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->e.t, b->e.t);
	return d ? d : SORT_ORDER(a->value, b->value);
}

static int
rate_series(const struct rate *a, const struct rate *b)
{
	int d = SORT_ORDER(a->e.node, b->e.node);

	d = d ? d : pci_cmp(a->gpu, b->gpu);
	d = d ? d : SORT_ORDER(a->uuid, b->uuid);
	return d ? d : SORT_ORDER(a->direction, b->direction);
}

static int
rate_cmp(const void *x, const void *y, const void *ctx)
{
	const struct rate *a = x, *b = y;
	int d = rate_series(a, b);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->e.t, b->e.t);
	return d ? d : SORT_ORDER(a->value, b->value);
}

static void
keep_samples(struct events *ev, const int64_t *before, const uint16_t *peaks)
{
	struct event_list *l = &ev->list[EVENT_SAMPLE];
	struct sample *s = l->p;
	size_t to = 0, end;

	sort(s, l->n, sizeof(*s), sample_cmp, NULL, &ev->scratch);
	for (size_t i = 0; i < l->n; i = end) {
		int64_t from = before[s[i].e.node];
		size_t last = i, peak = i;

		for (end = i; end < l->n && sample_series(&s[i], &s[end]) == 0; end++) {
			if (s[end].e.t >= from)
				continue;
			last = end;
			if (s[end].value >= s[peak].value)
				peak = end;
		}
		if (!field_listed(peaks, s[i].field))
			peak = last;
		for (size_t k = i; k < end; k++) {
			if (s[k].e.t < from && k != last && k != peak)
				continue;
			s[to] = s[k];
			if (s[to].e.t < from)
				s[to].start = NO_TIME;
			to++;
		}
	}
	l->n = to;
}

static void
keep_rates(struct events *ev, const int64_t *before)
{
	struct event_list *l = &ev->list[EVENT_RATE];
	struct rate *r = l->p;
	size_t to = 0;

	sort(r, l->n, sizeof(*r), rate_cmp, NULL, &ev->scratch);
	for (size_t i = 0; i < l->n; i++)
		if (r[i].e.t >= before[r[i].e.node] || i + 1 == l->n || rate_series(&r[i], &r[i + 1]) != 0 ||
		    r[i + 1].e.t >= before[r[i].e.node])
			r[to++] = r[i];
	l->n = to;
}

void
latest_keep(struct events *ev, const int64_t *before, const uint16_t *peaks)
{
	keep_samples(ev, before, peaks);
	keep_rates(ev, before);
}

void
latest_keep_all(struct events *ev, int64_t before, const uint16_t *peaks, struct mem *m)
{
	int64_t *of = mem_new(m, int64_t, ev->names.n + 1);

	for (size_t i = 0; i <= ev->names.n; i++)
		of[i] = before;
	latest_keep(ev, of, peaks);
}
