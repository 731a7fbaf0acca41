/*
 * Arbitrary bytes as a kernel message, a PCI address, a node name: readers move forward
 * and stay within the text; a printed address reads as the same address.
 */
#include <stdlib.h>

#include "base/fuzz.h"
#include "input/text/aer.h"
#include "input/text/kernel.h"

static bool
is_part(struct str part, struct str whole)
{
	return part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

static void
address(struct pci a, struct buf *b)
{
	struct pci again;

	b->n = 0;
	pci_put(b, a);
	if (a.known)
		check(pci_parse(buf_str(b), &again) && pci_cmp(a, again) == 0);
	else
		check(b->n == 0 && a.domain == 0 && a.bus == 0 && a.dev == 0 && a.fn == 0);
}

static void
names(struct str all)
{
	char *p = malloc(all.n + 1), *q = malloc(all.n + 1);
	struct str name = node_canon(all, p), again = node_canon(name, q);

	check(is_part(name, (struct str){p, all.n}) && str_eq(name, again));
	check(node_same(name, again));
	check(is_part(node_label(name), name));
	check(node_same(name, S("n1")) == node_same(S("n1"), name));
	check(uuid_len(all) <= all.n);
	free(p);
	free(q);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str all = {(const char *)data, n}, rest = all;
	struct buf b = {0};
	struct kernel k;
	struct aer_line l;
	struct pci a;

	for (size_t left = n + 1; kernel_next(&rest, &k); left = rest.n) {
		check(rest.n < left && is_part(k.text, all) && is_part(k.uuid, all) && is_part(k.host, all));
		check(is_part(kernel_action(k.text), all));
		address(k.gpu, &b);
	}
	rest = all;
	for (size_t left = n + 1; aer_next(&rest, &l); left = rest.n) {
		check(rest.n < left && is_part(l.text, all) && is_part(l.host, all));
		address(l.dev, &b);
		address(l.port, &b);
	}
	rest = all;
	if (pci_eat(&rest, &a)) {
		check(rest.n < n);
		address(a, &b);
	}
	names(all);
	buf_free(&b);
	return 0;
}
