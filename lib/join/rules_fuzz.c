/* Arbitrary bytes as a file of rules: an error with its line, or sorted rules
 * that can all be found. */
#include "base/fuzz.h"
#include "join/rules.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str all = {(const char *)data, n};
	struct rules r;
	struct mem m = {0};
	uint64_t line;
	bool by_rule;

	if (rules_parse(&r, all, &m, &line)) {
		check(line >= 1 && line <= n + 1);
	} else {
		for (size_t i = 0; i < r.n; i++) {
			struct xid_info x = rules_find(&r, r.x[i].code, &by_rule);

			check(by_rule && x.cls == r.x[i].cls && (i == 0 || r.x[i - 1].code < r.x[i].code));
		}
		rules_find(&r, 0, &by_rule);
		check(!by_rule);
	}
	mem_free(&m);
	return 0;
}
