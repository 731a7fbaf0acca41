/*
 * Arbitrary bytes as a loss's text, annotations and a quantity: results are within the
 * text and not negative, and the top consumer is one of those named.
 */
#include "base/fuzz.h"
#include "input/text/eviction.h"

static bool
is_part(struct str part, struct str whole)
{
	return part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str all = {(const char *)data, n}, note = all;
	struct eviction_use u, top;
	struct eviction e;
	bool named = false;
	int64_t v = -1;

	check(!quantity_parse(all, &v) || v >= 0);
	for (unsigned i = 0; i < 4; i++) {
		struct eviction_text t = {i & 2 ? all : S("Evicted"), all, i & 1 ? all : S(""), i & 2};

		eviction_parse(&t, &e);
		check(e.kind < EVICTION_KINDS && e.pressure < PRESSURES && e.threshold >= -1);
		check(e.pressure == PRESSURE_UNKNOWN || e.named >> e.pressure & 1);
	}
	check(eviction_top(&(struct eviction_text){.offenders = all}, &top) ? is_part(top.name, all) && top.used >= 0 : true);
	if (!eviction_top(&(struct eviction_text){.note = all}, &top))
		top.name = (struct str){0};
	while (eviction_next(&note, note_cut(all), &u)) {
		check(is_part(u.name, all) && u.used >= -1 && u.request >= -1);
		named |= u.name.p == top.name.p && u.used == top.used;
	}
	check(named || top.name.n == 0);
	return 0;
}
