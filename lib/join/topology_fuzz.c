/* Arbitrary bytes as a topology: an error with its line, or sorted pairs that
 * can be found from both ends. */
#include "base/fuzz.h"
#include "join/topology.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str all = {(const char *)data, n};
	const struct below *first;
	struct topology t;
	struct mem m = {0};
	uint64_t line;

	if (topology_parse(&t, all, &m, &line)) {
		check(line >= 1 && line <= n + 1);
	} else {
		for (size_t i = 0; i < t.n; i++) {
			const struct below *b = &t.by_port[i];
			size_t found = topology_of_port(&t, b->port, &first);

			check(found >= 1 && found <= TOPOLOGY_WIDTH && first <= b && b < first + found);
			check(topology_of_gpu(&t, b->gpu, &first) >= 1 && pci_cmp(first->gpu, b->gpu) == 0);
			check(i == 0 || pci_cmp(t.by_port[i - 1].port, b->port) <= 0);
		}
	}
	mem_free(&m);
	return 0;
}
