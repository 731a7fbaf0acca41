#include "pattern/pod_evicted/span.h"

int64_t
span_over(const struct causes *marks, uint32_t node, unsigned pressure, int64_t t)
{
	const struct cause *end = pressure ? causes_after(marks, node, OVER + pressure, t) : NULL;
	const struct cause *reboot = causes_after(marks, node, REBOOT, t);

	if (end && reboot)
		return end->t < reboot->t ? end->t : reboot->t;
	return end ? end->t : reboot ? reboot->t : NO_TIME;
}

/* The times of conditions that the kubelet can have known when it evicted at t. */
static struct window
until_reported(int64_t t, int64_t skew)
{
	return (struct window){INT64_MIN, time_add(time_add(t, SPAN_REPORTED), skew)};
}

bool
span_known(const struct causes *marks, uint32_t node, int64_t t, int64_t skew)
{
	for (uint32_t cls = OVER + PRESSURE_MEMORY; cls < TAINT; cls++)
		if (causes_latest(marks, node, cls, until_reported(t, skew)))
			return true;
	return false;
}

struct causes
spans_of(const struct causes *marks, struct mem *m)
{
	struct causes spans = {.c = mem_new(m, struct cause, marks->n)};
	struct pressure_span *s = mem_new(m, struct pressure_span, marks->n);
	const struct cause *first = NULL; /* of the current span */
	int64_t over = NO_TIME;

	for (size_t i = 0; i < marks->n; i++) {
		const struct cause *c = &marks->c[i];
		const struct condition *cond = c->of;
		struct pressure_span *at;
		int64_t end;

		if (c->cls <= ON || c->cls >= TAINT)
			continue;
		end = time_add(cond->last > c->t ? cond->last : c->t, SPAN_KNOWN);
		at = spans.n ? &s[spans.n - 1] : NULL;
		if (!at || !first || first->node != c->node || first->cls != c->cls || c->t > at->end || c->t == over) {
			at = &s[spans.n];
			*at = (struct pressure_span){cond, c->t};
			spans.c[spans.n++] = (struct cause){c->t, c->node, c->cls, at};
			over = span_over(marks, c->node, c->cls - ON, c->t);
			first = c;
		}
		if (over != NO_TIME && end > over)
			end = over;
		if (end > at->end)
			at->end = end;
	}
	causes_index(&spans, m);
	return spans;
}

const struct cause *
span_at(const struct causes *spans, uint32_t node, unsigned pressure, int64_t t, int64_t window, int64_t skew)
{
	/* spans of one pressure do not overlap: earlier ones had ended before */
	const struct cause *c = causes_latest(spans, node, ON + pressure, until_reported(t, skew));
	const struct pressure_span *s;
	int64_t end;

	if (!c)
		return NULL;
	s = c->of;
	end = time_add(c->t, window);
	return t <= time_add(end > s->end ? end : s->end, skew) ? c : NULL;
}
