#include "base/sort.h"

#include <string.h>

#include "base/test.h"

enum { MOST = 100000 };

struct pair {
	uint32_t key, seq;
};

/* ctx of the comparison. */
struct tally {
	size_t calls, skew; /* skew: calls with an element at an odd address */
	int dir;            /* -1: descending */
};

static int
by_key(const void *a, const void *b, const void *ctx)
{
	const struct pair *x = a, *y = b;
	struct tally *t = *(struct tally *const *)ctx;

	t->calls++;
	t->skew += (uintptr_t)a % _Alignof(struct pair) != 0 || (uintptr_t)b % _Alignof(struct pair) != 0;
	return SORT_ORDER(x->key, y->key) * t->dir;
}

static int
by_first_byte(const void *a, const void *b, const void *ctx)
{
	const unsigned char *x = a, *y = b;

	(void)ctx;
	return SORT_ORDER(*x, *y);
}

static uint32_t
next(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* Ascending runs of the given length; adjacent ones interleave. */
static size_t
put_run(uint32_t *key, size_t at, size_t n, size_t len, uint32_t run)
{
	for (size_t i = 0; i < len && at < n; i++)
		key[at++] = (uint32_t)i * 2048 + (2047 - run % 2048);
	return at;
}

static void
random_keys(uint32_t *key, size_t n)
{
	uint32_t state = 1;

	for (size_t i = 0; i < n; i++)
		key[i] = next(&state);
}

static void
few_keys(uint32_t *key, size_t n)
{
	uint32_t state = 2;

	for (size_t i = 0; i < n; i++)
		key[i] = next(&state) % 3;
}

static void
descending(uint32_t *key, size_t n)
{
	for (size_t i = 0; i < n; i++)
		key[i] = (uint32_t)(n - i);
}

static void
descending_pairs(uint32_t *key, size_t n)
{
	for (size_t i = 0; i < n; i++)
		key[i] = (uint32_t)((n - i) / 2);
}

static void
pipe_organ(uint32_t *key, size_t n)
{
	for (size_t i = 0; i < n; i++)
		key[i] = (uint32_t)(i < n / 2 ? i : n - i);
}

static void
zigzag(uint32_t *key, size_t n)
{
	for (size_t i = 0; i < n; i++)
		key[i] = (uint32_t)(i % 2 ? i : n - i);
}

static void
sawtooth(uint32_t *key, size_t n)
{
	for (size_t i = 0; i < n; i++)
		key[i] = (uint32_t)(i % 317);
}

static void
late_smallest(uint32_t *key, size_t n)
{
	for (size_t i = 0; i < n; i++)
		key[i] = (uint32_t)i + 1;
	key[n - 1] = 0;
}

/* Run lengths that halve: the stack of runs becomes deep. */
static void
halving(uint32_t *key, size_t n)
{
	size_t at = 0;
	uint32_t run = 0;

	while (at < n)
		at = put_run(key, at, n, (n - at + 1) / 2, run++);
}

static void
doubling(uint32_t *key, size_t n)
{
	size_t at = 0, len = 1;
	uint32_t run = 0;

	for (; at < n; len *= 2)
		at = put_run(key, at, n, len, run++);
}

/* Lengths 1 2 1 4 1 2 1 8 ..., as in a binary counter. */
static void
ruler(uint32_t *key, size_t n)
{
	size_t at = 0;

	for (uint32_t run = 1; at < n; run++)
		at = put_run(key, at, n, run & -run, run);
}

/* Deep stacks of halving runs, each ended by a run that forces merging them. */
static void
swallowing(uint32_t *key, size_t n)
{
	size_t at = 0;
	uint32_t run = 0;

	while (at < n) {
		for (size_t len = 1024; len; len /= 2)
			at = put_run(key, at, n, len, run++);
		at = put_run(key, at, n, 4096, run++);
	}
}

/* Long runs alternating with runs of one element. */
static void
lopsided(uint32_t *key, size_t n)
{
	size_t at = 0;

	for (uint32_t run = 0; at < n; run++)
		at = put_run(key, at, n, run % 2 ? 1 : 500, run);
}

static void (*const pattern[])(uint32_t *key, size_t n) = {
	random_keys,
	few_keys,
	descending,
	descending_pairs,
	pipe_organ,
	zigzag,
	sawtooth,
	late_smallest,
	halving,
	doubling,
	ruler,
	swallowing,
	lopsided,
};

static const size_t lengths[] = {2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 100, 1000, 1023, 1024, 1025, 65537, MOST};

static size_t
log2_up(size_t n)
{
	size_t k = 0;

	while (((size_t)1 << k) < n)
		k++;
	return k;
}

/* Is p ascending, stable, and a permutation of key? */
static bool
in_order(const struct pair *p, const uint32_t *key, size_t n, int dir, unsigned char *seen)
{
	memset(seen, 0, n);
	for (size_t i = 0; i < n; i++) {
		if (p[i].seq >= n || seen[p[i].seq]++ || p[i].key != key[p[i].seq])
			return false;
		if (i && p[i - 1].key != p[i].key && (p[i - 1].key < p[i].key) != (dir > 0))
			return false;
		if (i && p[i - 1].key == p[i].key && p[i - 1].seq > p[i].seq)
			return false;
	}
	return true;
}

static void
test_patterns(struct mem *m, struct buf *scratch)
{
	uint32_t *key = mem_new(m, uint32_t, MOST);
	struct pair *p = mem_new(m, struct pair, MOST);
	unsigned char *seen = mem_new(m, unsigned char, MOST);

	TEST("sorted, stable, n log n comparisons, whatever the pattern");
	for (size_t k = 0; k < NELEM(pattern) * NELEM(lengths) * 2; k++) {
		size_t n = lengths[k / 2 % NELEM(lengths)], most = n * log2_up(n);
		struct tally t = {.dir = k % 2 ? -1 : 1}, *ctx = &t;

		pattern[k / 2 / NELEM(lengths)](key, n);
		for (size_t i = 0; i < n; i++)
			p[i] = (struct pair){key[i], (uint32_t)i};
		sort(p, n, sizeof(*p), by_key, &ctx, scratch);
		CHECK_ROW(k, in_order(p, key, n, t.dir, seen));
		CHECK_ROW(k, t.calls <= most + most / 2 + 2 * n);
		CHECK_ROW(k, t.skew == 0);
	}

	TEST("sorted already: n comparisons, no scratch");
	for (size_t k = 0; k < NELEM(lengths) * 2; k++) {
		size_t n = lengths[k / 2];
		struct tally t = {.dir = 1}, *ctx = &t;
		struct buf unused = {0};

		for (size_t i = 0; i < n; i++)
			p[i] = (struct pair){key[i] = (uint32_t)(k % 2 ? 7 : i), (uint32_t)i};
		sort(p, n, sizeof(*p), by_key, &ctx, &unused);
		CHECK_ROW(k, in_order(p, key, n, 1, seen));
		CHECK_ROW(k, t.calls <= n);
		CHECK_ROW(k, unused.cap == 0);
		buf_free(&unused);
	}
}

/* Keys 0 to 5, up to six of them: errors in short runs show up here. */
static void
test_exhaustive(struct buf *scratch)
{
	struct pair p[6];
	uint32_t key[6];
	unsigned char seen[6];
	size_t bad = 0;

	TEST("every array of up to six keys");
	for (size_t n = 0; n <= 6; n++) {
		uint32_t all = 1;

		for (size_t i = 0; i < n; i++)
			all *= 6;
		for (uint32_t c = 0; c < all; c++) {
			struct tally t = {.dir = 1}, *ctx = &t;
			uint32_t rest = c;

			for (size_t i = 0; i < n; i++, rest /= 6)
				p[i] = (struct pair){key[i] = rest % 6, (uint32_t)i};
			sort(p, n, sizeof(*p), by_key, &ctx, scratch);
			bad += !in_order(p, key, n, 1, seen);
		}
	}
	CHECK(bad == 0);
}

static void
test_sizes(struct buf *scratch)
{
	static const size_t sizes[] = {1, 2, 3, 5, 8, 17, 64, 1000};
	unsigned char a[60 * 1000];

	TEST("elements of any size");
	for (size_t k = 0; k < NELEM(sizes); k++) {
		size_t z = sizes[k], bad = 0;
		uint32_t state = 3;

		for (size_t i = 0; i < 60; i++)
			memset(a + i * z, (int)(next(&state) & 0xff), z);
		sort(a, 60, z, by_first_byte, NULL, scratch);
		for (size_t i = 0; i < 60; i++) {
			bad += i > 0 && a[(i - 1) * z] > a[i * z];
			for (size_t j = 1; j < z; j++)
				bad += a[i * z + j] != a[i * z];
		}
		CHECK_ROW(k, bad == 0);
	}
}

static void
test_scratch(void)
{
	struct buf scratch = {0};
	unsigned char a[200];
	uint64_t calls;

	TEST("the scratch buffer is reused");
	buf_add(&scratch, S("what was there before"));
	for (size_t i = 0; i < sizeof(a); i++)
		a[i] = (unsigned char)(255 - i);
	sort(a, sizeof(a), 1, by_first_byte, NULL, &scratch);
	calls = mem_count.calls;
	for (size_t k = 0; k < 10; k++) {
		for (size_t i = 0; i < sizeof(a); i++)
			a[i] = (unsigned char)(255 - i);
		sort(a, sizeof(a), 1, by_first_byte, NULL, &scratch);
	}
	CHECK(mem_count.calls == calls);
	CHECK(scratch.cap <= 256);
	buf_free(&scratch);
	for (size_t i = 0; i < sizeof(a); i++)
		a[i] = (unsigned char)(255 - i);
	sort(a, sizeof(a), 1, by_first_byte, NULL, &scratch);
	CHECK(scratch.cap <= sizeof(a) / 2);
	CHECK(a[0] == 56 && a[199] == 255);
	buf_free(&scratch);

	TEST("almost sorted: hardly any scratch");
	for (size_t i = 0; i < sizeof(a); i++)
		a[i] = (unsigned char)i;
	a[0] = 2;   /* 2 1 2 3 4 ... */
	a[199] = 9; /* ... 198 9 */
	for (size_t i = 150; i < 199; i++)
		a[i] = 8;
	a[149] = 8; /* ... 148 8 8 8 ... 8 9 */
	sort(a, sizeof(a), 1, by_first_byte, NULL, &scratch);
	CHECK(scratch.cap < 60);
	for (size_t i = 1; i < sizeof(a); i++)
		CHECK_ROW(i, a[i - 1] <= a[i]);
	CHECK(a[0] == 1 && a[1] == 2 && a[2] == 2 && a[8] == 8 && a[58] == 8 && a[59] == 9 && a[60] == 9 && a[199] == 148);
	buf_free(&scratch);

	TEST("zero elements and one");
	sort(NULL, 0, 8, by_first_byte, NULL, &scratch);
	a[0] = 9;
	a[1] = 1;
	sort(a, 0, 1, by_first_byte, NULL, &scratch);
	sort(a, 1, 1, by_first_byte, NULL, &scratch);
	CHECK(a[0] == 9 && a[1] == 1);
	buf_free(&scratch);
}

/* clang-format off */
static const struct {
	struct str in, out;
} uniques[] = {
	{STR_INIT(""), STR_INIT("")},
	{STR_INIT("a0"), STR_INIT("a0")},
	{STR_INIT("a0a1"), STR_INIT("a0")},
	{STR_INIT("a0b1"), STR_INIT("a0b1")},
	{STR_INIT("a0a1a2a3"), STR_INIT("a0")},
	{STR_INIT("a0a1b2b3b4c5"), STR_INIT("a0b2c5")},
	{STR_INIT("a0b1b2c3"), STR_INIT("a0b1c3")},
	{STR_INIT("a0b1c2c3"), STR_INIT("a0b1c2")},
	{STR_INIT("a0b1a2a3b4"), STR_INIT("a0b1a2b4")}, /* adjacent ones only */
};
/* clang-format on */

static void
test_unique(void)
{
	char a[16];

	TEST("sort_unique keeps the first of equal neighbors");
	for (size_t i = 0; i < NELEM(uniques); i++) {
		size_t n;

		memcpy(a, uniques[i].in.p, uniques[i].in.n);
		n = sort_unique(a, uniques[i].in.n / 2, 2, by_first_byte, NULL);
		CHECK_ROW(i, str_eq((struct str){a, 2 * n}, uniques[i].out));
	}
	CHECK(sort_unique(NULL, 0, 2, by_first_byte, NULL) == 0);
}

static void
test_bisect(void)
{
	static const int v[] = {1, 3, 3, 3, 8};
	/* the first one not below 0, 1, ... 9 */
	static const size_t want[] = {0, 0, 1, 1, 4, 4, 4, 4, 4, 5};
	size_t steps = 0, lo = 0;

	TEST("SORT_BISECT finds the first that is not below");
	for (int x = 0; x < (int)NELEM(want); x++)
		for (size_t from = 0; from <= NELEM(v); from++)
			for (size_t to = from; to <= NELEM(v); to++) {
				size_t at = from, expect = want[x] < from ? from : want[x] > to ? to : want[x];

				SORT_BISECT(at, to, i, v[i] < x);
				CHECK_ROW(x, at == expect);
			}
	SORT_BISECT(lo, (size_t)1 << 40, i, (steps++, i < 12345678901));
	CHECK(lo == 12345678901 && steps <= 41);

	TEST("sort_median");
	CHECK(sort_median((const int64_t[]){4}, 1) == 4);
	CHECK(sort_median((const int64_t[]){4, 7}, 2) == 5 && sort_median((const int64_t[]){-3, 0}, 2) == -2);
	CHECK(sort_median((const int64_t[]){1, 2, 90}, 3) == 2);
	CHECK(sort_median((const int64_t[]){INT64_MIN, INT64_MAX}, 2) == -1);

	TEST("sort_i64 and sort_u32 order numbers");
	CHECK(sort_i64(&(int64_t){INT64_MIN}, &(int64_t){INT64_MAX}, NULL) < 0);
	CHECK(sort_i64(&(int64_t){2}, &(int64_t){1}, NULL) > 0 && sort_i64(&(int64_t){2}, &(int64_t){2}, NULL) == 0);
	CHECK(sort_u32(&(uint32_t){1}, &(uint32_t){UINT32_MAX}, NULL) < 0);
	CHECK(sort_u32(&(uint32_t){2}, &(uint32_t){1}, NULL) > 0 && sort_u32(&(uint32_t){2}, &(uint32_t){2}, NULL) == 0);
}

int
main(void)
{
	struct mem m = {0};
	struct buf scratch = {0};
	uint64_t none = 0, all = UINT64_MAX;

	TEST("SORT_ORDER is the sign of the difference, at any distance");
	CHECK(SORT_ORDER(1, 2) == -1 && SORT_ORDER(2, 1) == 1 && SORT_ORDER(2, 2) == 0);
	CHECK(SORT_ORDER(INT64_MIN, INT64_MAX) == -1 && SORT_ORDER(INT64_MAX, INT64_MIN) == 1);
	CHECK(SORT_ORDER(all, none) == 1 && SORT_ORDER(none, all) == -1);

	test_patterns(&m, &scratch);
	test_exhaustive(&scratch);
	test_sizes(&scratch);
	test_scratch();
	test_unique();
	test_bisect();
	mem_free(&m);
	buf_free(&scratch);
	return test_done();
}
