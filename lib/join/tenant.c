#include "join/tenant.h"

/* Scrapers label samples of unused GPUs with the exporter's own pod. */
static bool
is_exporter(struct str pod)
{
	static const struct str words[] = {
		STR_INIT("exporter"), STR_INIT("dcgm"), STR_INIT("collector"), STR_INIT("telegraf"), STR_INIT("prometheus"),
	};

	for (size_t i = 0; i < NELEM(words); i++)
		if (str_has(pod, words[i]))
			return true;
	return false;
}

const struct tenant *
tenant_at(const struct events *ev, const struct gpu *gpu, int64_t t)
{
	enum { SPANS_MAX = 256 };
	const struct event_list *l = &ev->list[EVENT_TENANT];
	const struct tenant *tenants = l->p, *found = NULL;
	struct tenant of = {.e.node = gpu->e.node, .gpu = gpu->gpu};
	size_t lo = 0;
	int d;

	if (!of.gpu.known) {
		of.uuid = gpu->uuid;
		of.index = gpu->index;
	}
	SORT_BISECT(lo, l->n, i, (d = tenant_gpu_cmp(&tenants[i], &of, ev)) < 0 || (d == 0 && tenants[i].e.t <= t));
	for (size_t i = lo; i-- > 0 && lo - i <= SPANS_MAX && tenant_gpu_cmp(&tenants[i], &of, ev) == 0;) {
		const struct tenant *one = &tenants[i];

		if (time_add(one->last, TENANT_KNOWN) < t || is_exporter(idx_at(&ev->names, one->name)))
			continue;
		if (found && (found->name != one->name || found->ns != one->ns))
			return NULL;
		found = one;
	}
	return found;
}

void
tenant_members(const struct events *ev, const struct gpu *gpu, int64_t t, struct verdicts *vs)
{
	const struct tenant *pod = tenant_at(ev, gpu, t);

	if (!pod)
		return;
	verdict_str(vs, "pod_name", idx_at(&ev->names, pod->name));
	verdict_str(vs, "pod_namespace", idx_at(&ev->names, pod->ns));
}
