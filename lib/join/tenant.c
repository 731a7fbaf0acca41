#include "join/tenant.h"

/* Scrapers give what they scrape the name of the exporter's own pod, where the
 * GPU has none. */
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
tenant_at(const struct events *ev, uint32_t node, struct pci gpu, int64_t t)
{
	enum { LABELS_MAX = 256 };
	const struct event_list *l = &ev->list[EVENT_TENANT];
	const struct tenant *tenants = l->p, *found = NULL;
	size_t lo = 0;
	int d;

	SORT_BISECT(lo, l->n, i, (d = idx_cmp(&ev->names, tenants[i].e.node, node)) < 0 ||
		    (d == 0 && ((d = pci_cmp(tenants[i].gpu, gpu)) < 0 || (d == 0 && tenants[i].e.t <= t))));
	for (size_t i = lo; gpu.known && i-- > 0 && lo - i <= LABELS_MAX;) {
		const struct tenant *one = &tenants[i];

		if (one->e.node != node || pci_cmp(one->gpu, gpu) != 0)
			break;
		if (time_add(one->last, TENANT_KNOWN) < t || is_exporter(idx_at(&ev->names, one->name)))
			continue;
		if (found && (found->name != one->name || found->ns != one->ns))
			return NULL;
		found = one;
	}
	return found;
}
