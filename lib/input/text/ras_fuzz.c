/*
 * Arbitrary bytes as the text of an ncclras report: the reader moves forward and stays
 * within the text.
 */
#include "base/fuzz.h"
#include "input/text/ras.h"

static bool
is_part(struct str part, struct str whole)
{
	return part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str all = {(const char *)data, n}, rest = all;
	struct ras_report r = {0};
	struct ras_line l;

	for (size_t left = n + 1; ras_next(&rest, &r, &l); left = rest.n) {
		check(rest.n < left);
		check(is_part(l.ranks, all) && is_part(l.host, all));
		check(memchr(r.func, '\0', sizeof(r.func)) != NULL);
		check(l.part != RAS_LAUNCHED || l.count >= 0);
	}
	return 0;
}
