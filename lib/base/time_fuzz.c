/*
 * Arbitrary bytes as a time, duration, size or number: accepted values can be
 * printed and parsed again with the same result; failures change nothing.
 */
#include "base/fuzz.h"
#include "base/num.h"
#include "base/opt.h"
#include "base/time.h"

static void
comes_back(struct buf *b, int64_t t)
{
	int64_t again;

	check(t != NO_TIME);
	b->n = 0;
	time_put(b, t);
	check(time_parse(buf_str(b), &again) && again == t);
	check(time_diff(t, again) == 0);
}

static void
fixed(struct buf *b, int64_t v, unsigned digits)
{
	int64_t again;

	b->n = 0;
	buf_fixed(b, v, digits);
	check(num_fixed(buf_str(b), digits, &again) && again == v);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str all = {(const char *)data, n}, rest = all;
	struct buf b = {0};
	uint64_t u = 7, again;
	int64_t t = 7;

	if (time_parse(all, &t) || time_guess(all, &t) || opt_time(all, &t))
		comes_back(&b, t);
	else
		check(t == 7);
	if (time_eat(&rest, &t)) {
		check(rest.n < n && rest.p + rest.n == all.p + n);
		comes_back(&b, t);
	} else {
		check(rest.p == all.p && rest.n == n);
	}
	for (unsigned digits = 0; digits <= 9; digits += 3) {
		if (time_epoch(all, digits, &t))
			comes_back(&b, t);
		if (num_fixed(all, digits, &t))
			fixed(&b, t, digits);
	}
	if (num_duration(all, &t))
		fixed(&b, t, 9);
	if (num_i64(all, &t))
		fixed(&b, t, 0);
	check(num_size(all, &u) || u == 7);
	check(num_hex(all, &u) || num_u64(all, &u) || num_size(all, &u) || u == 7);
	if (num_u64(all, &u)) {
		b.n = 0;
		buf_u64(&b, u);
		check(num_u64(buf_str(&b), &again) && again == u && b.n <= n);
	}
	rest = all;
	check(num_eat(&rest, &u) ? rest.n < n : rest.p == all.p && rest.n == n);
	buf_free(&b);
	return 0;
}
