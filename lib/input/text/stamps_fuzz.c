/*
 * Arbitrary bytes as the prefix of a line: it is removed from the front, the host is part
 * of it, and no date overflows.
 */
#include <stdlib.h>

#include "base/fuzz.h"
#include "input/text/stamps.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const struct stamps_clock clock[] = {
		{.boot = NO_TIME},
		{.year = 2026, .zone = 14 * 3600 * SECOND, .zoned = true, .boot = INT64_MAX},
	};
	struct str all = {(const char *)data, n}, rest = all;
	struct stamps s;
	int64_t zone;

	stamps_eat(&rest, &s);
	if (rest.n && (rest.p < all.p || rest.p + rest.n > all.p + all.n))
		abort();
	if (s.host.n && (s.host.p < all.p || s.host.p + s.host.n > all.p + all.n))
		abort();
	for (size_t i = 0; i < NELEM(clock); i++) {
		stamps_time(&s, &clock[i], NO_TIME);
		stamps_time(&s, &clock[i], INT64_MAX);
		stamps_time(&s, &clock[i], NO_TIME + 1);
	}
	stamps_zone(all, &zone);
	return 0;
}
