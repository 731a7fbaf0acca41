#include "base/idx.h"

#include <string.h>

#include "base/buf.h"
#include "base/test.h"

enum { LOTS = 100000 };

/* clang-format off */
static const struct str words[] = {
	STR_INIT("a"),
	STR_INIT("b"),
	STR_INIT("A"),
	STR_INIT("ab"),
	STR_INIT("a\0"),
	STR_INIT("a\0b"),
	STR_INIT("\0"),
	STR_INIT("\0\0"),
	STR_INIT(" "),
	STR_INIT("a "),
	STR_INIT("\xff"),
	STR_INIT("\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
	STR_INIT("GPU-8c2f1e34-0000-1111-2222-333344445555"),
	STR_INIT("GPU-8c2f1e34-0000-1111-2222-333344445556"),
};
/* clang-format on */

static int
sign(int v)
{
	return (v > 0) - (v < 0);
}

/* The i-th of many strings, none of them in words. */
static struct str
numbered(struct buf *b, size_t i)
{
	b->n = 0;
	buf_add(b, S("node-"));
	buf_u64(b, i);
	return buf_str(b);
}

static void
test_empty(void)
{
	struct idx x = {0};

	TEST("an empty index");
	CHECK(idx_find(&x, S("a")) == 0);
	CHECK(idx_find(&x, S("")) == 0);
	CHECK(idx_at(&x, 0).n == 0 && !idx_at(&x, 0).p);
	CHECK(idx_cmp(&x, 0, 0) == 0);
	idx_reset(&x);
	CHECK(idx_find(&x, S("a")) == 0);
	idx_free(&x);
	idx_free(&x);

	TEST("the empty string is number 0, never stored");
	CHECK(idx_add(&x, S("")) == 0);
	CHECK(idx_add(&x, (struct str){0}) == 0);
	CHECK(idx_find(&x, S("")) == 0);
	CHECK(idx_add(&x, S("a")) == 1);
	CHECK(idx_add(&x, S("")) == 0);
	CHECK(idx_find(&x, (struct str){0}) == 0);
	CHECK(!idx_at(&x, 0).p && idx_at(&x, 0).n == 0);
	idx_free(&x);
}

static void
test_words(void)
{
	struct idx x = {0};
	char text[64];

	TEST("distinct strings get distinct numbers, from 1 in order of arrival");
	for (size_t i = 0; i < NELEM(words); i++) {
		memcpy(text, words[i].p, words[i].n);
		CHECK_ROW(i, idx_find(&x, words[i]) == 0);
		CHECK_ROW(i, idx_add(&x, (struct str){text, words[i].n}) == i + 1);
		memset(text, '?', sizeof(text));
	}

	TEST("equal strings get equal numbers, and can be retrieved");
	for (size_t i = 0; i < NELEM(words); i++) {
		CHECK_ROW(i, idx_add(&x, words[i]) == i + 1);
		CHECK_ROW(i, idx_find(&x, words[i]) == i + 1);
		CHECK_ROW(i, str_eq(idx_at(&x, (uint32_t)i + 1), words[i]));
	}

	TEST("idx_find stores nothing");
	CHECK(idx_find(&x, S("other")) == 0);
	CHECK(idx_find(&x, S("a\0\0")) == 0);
	CHECK(idx_find(&x, S("GPU")) == 0);
	CHECK(idx_add(&x, S("next")) == NELEM(words) + 1);

	TEST("idx_cmp is bytewise");
	for (uint32_t a = 0; a <= NELEM(words); a++)
		for (uint32_t b = 0; b <= NELEM(words); b++) {
			struct str s = a ? words[a - 1] : S(""), t = b ? words[b - 1] : S("");

			CHECK_ROW(a * 100 + b, sign(idx_cmp(&x, a, b)) == sign(str_cmp(s, t)));
		}
	CHECK(idx_cmp(&x, 1, 2) < 0); /* a b */
	CHECK(idx_cmp(&x, 1, 3) > 0); /* a A */
	CHECK(idx_cmp(&x, 1, 4) < 0); /* a ab */
	CHECK(idx_cmp(&x, 11, 1) > 0); /* ff a */
	CHECK(idx_cmp(&x, 0, 7) < 0); /* "" NUL */
	idx_free(&x);
}

static void
test_lots(void)
{
	struct idx x = {0};
	struct buf b = {0};
	struct mem_count c = mem_count;
	uint64_t held = mem_count.bytes;
	struct str first;
	size_t bad = 0, slots, cap;

	TEST("many strings");
	for (size_t i = 1; i <= LOTS; i++)
		bad += idx_add(&x, numbered(&b, i)) != i;
	first = idx_at(&x, 1);
	for (size_t i = 1; i <= LOTS; i++) {
		bad += idx_find(&x, numbered(&b, i)) != i;
		bad += !str_eq(idx_at(&x, (uint32_t)i), buf_str(&b));
		bad += idx_add(&x, buf_str(&b)) != i;
	}
	for (size_t i = LOTS + 1; i <= 2 * LOTS; i++)
		bad += idx_find(&x, numbered(&b, i)) != 0;
	CHECK(bad == 0);
	CHECK(str_eq(first, S("node-1")));

	TEST("addresses of strings do not change");
	CHECK(idx_at(&x, 1).p == first.p);

	TEST("idx_reset drops the strings, keeps the room");
	slots = x.slots;
	cap = x.cap;
	idx_reset(&x);
	for (size_t i = 1; i <= LOTS; i++)
		bad += idx_find(&x, numbered(&b, i)) != 0;
	CHECK(bad == 0);
	c.calls = mem_count.calls;
	CHECK(idx_add(&x, S("node-77")) == 1);
	CHECK(idx_add(&x, S("fresh")) == 2);
	CHECK(idx_find(&x, S("node-1")) == 0);
	CHECK(str_eq(idx_at(&x, 1), S("node-77")));
	CHECK(x.slots == slots && x.cap == cap);
	for (size_t i = 1; i <= LOTS; i++)
		idx_add(&x, numbered(&b, i));
	CHECK(x.slots == slots && x.cap == cap);
	CHECK(idx_find(&x, S("node-77")) == 1);
	CHECK(idx_find(&x, S("node-1")) == 3);
	CHECK(idx_find(&x, S("node-100000")) == LOTS + 1);

	TEST("room does not grow with the number of resets");
	c.bytes = mem_count.bytes;
	for (size_t k = 0; k < 20; k++) {
		idx_reset(&x);
		for (size_t i = 1; i <= LOTS / 10; i++)
			idx_add(&x, numbered(&b, i));
	}
	CHECK(mem_count.bytes <= c.bytes);

	TEST("idx_free frees everything");
	idx_free(&x);
	buf_free(&b);
	CHECK(x.n == 0 && !x.s && !x.slot && x.cap == 0 && x.slots == 0);
	CHECK(mem_count.bytes == held);
	CHECK(idx_add(&x, S("again")) == 1);
	idx_free(&x);
	CHECK(mem_count.bytes == held);
}

static void
test_long(void)
{
	static char text[100000];
	static const size_t lens[] = {254, 255, 256, 257, sizeof(text)};
	struct idx x = {0};
	uint64_t bytes = 0;

	TEST("long strings, and the total of bytes");
	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < NELEM(lens); i++) {
		struct str s = {text, lens[i]};

		CHECK_ROW(i, idx_find(&x, s) == 0);
		CHECK_ROW(i, idx_add(&x, s) == i + 1 && idx_add(&x, s) == i + 1);
		bytes += lens[i];
		CHECK_ROW(i, x.bytes == bytes);
	}
	for (size_t i = 0; i < NELEM(lens); i++)
		CHECK_ROW(i, str_eq(idx_at(&x, (uint32_t)i + 1), (struct str){text, lens[i]}));
	idx_reset(&x);
	CHECK(x.bytes == 0);
	idx_free(&x);
}

static void
test_key(void)
{
	struct idx x = {0};
	struct buf b = {0};
	size_t bad = 0;

	TEST("any hash key");
	str_hash_key[0] = 0x123456789abcdef0;
	str_hash_key[1] = UINT64_MAX;
	for (size_t i = 1; i <= 1000; i++)
		bad += idx_add(&x, numbered(&b, i)) != i;
	for (size_t i = 1; i <= 1000; i++)
		bad += idx_find(&x, numbered(&b, i)) != i;
	CHECK(bad == 0);
	idx_free(&x);
	buf_free(&b);
}

/* Frequent strings are found by the quick hash. */
static void
test_near(void)
{
	static const struct str alike[] = {
		STR_INIT("beginning.a.the-end"), STR_INIT("beginning.b.the-end"), STR_INIT("beginning.c.the-end")};
	struct idx x = {0};

	TEST("strings with equal ends, one after the other");
	for (size_t i = 0; i < 3; i++)
		CHECK_ROW(i, str_ends_hash(alike[i]) == str_ends_hash(alike[0]));
	for (size_t i = 0; i < 30; i++)
		CHECK_ROW(i, idx_add(&x, alike[i % 3]) == i % 3 + 1);

	TEST("and none is found after a reset");
	idx_reset(&x);
	CHECK(idx_add(&x, alike[2]) == 1);
	CHECK(idx_add(&x, alike[0]) == 2);
	CHECK(idx_add(&x, alike[2]) == 1);
	idx_free(&x);
}

int
main(void)
{
	test_empty();
	test_words();
	test_lots();
	test_long();
	test_near();
	test_key();
	return test_done();
}
