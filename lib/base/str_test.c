#include "base/str.h"

#include <string.h>

#include "base/test.h"

#define NONE ((struct str){0})

/* clang-format off */
static const struct {
	struct str a, b;
	int cmp;  /* sign */
	bool ieq;
} orders[] = {
	{STR_INIT(""), STR_INIT(""), 0, true},
	{{NULL, 0}, {NULL, 0}, 0, true},
	{{NULL, 0}, STR_INIT(""), 0, true},
	{STR_INIT(""), {NULL, 0}, 0, true},
	{STR_INIT(""), STR_INIT("\0"), -1, false},
	{{NULL, 0}, STR_INIT("a"), -1, false},
	{STR_INIT("a"), {NULL, 0}, 1, false},
	{STR_INIT("abc"), STR_INIT("abc"), 0, true},
	{STR_INIT("abc"), STR_INIT("abd"), -1, false},
	{STR_INIT("abd"), STR_INIT("abc"), 1, false},
	{STR_INIT("ab"), STR_INIT("abc"), -1, false},
	{STR_INIT("abc"), STR_INIT("ab"), 1, false},
	{STR_INIT("b"), STR_INIT("abc"), 1, false},
	{STR_INIT("a\0b"), STR_INIT("a\0b"), 0, true},
	{STR_INIT("a\0b"), STR_INIT("a\0c"), -1, false},
	{STR_INIT("a\0b"), STR_INIT("a"), 1, false},
	{STR_INIT("\x7f"), STR_INIT("\x80"), -1, false},
	{STR_INIT("\xff"), STR_INIT("a"), 1, false},
	{STR_INIT("A"), STR_INIT("a"), -1, true},
	{STR_INIT("xid"), STR_INIT("XID"), 1, true},
	{STR_INIT("aZ09_z"), STR_INIT("Az09_Z"), 1, true},
	/* the neighbors of letters are not letters */
	{STR_INIT("@"), STR_INIT("`"), -1, false},
	{STR_INIT("["), STR_INIT("{"), -1, false},
	{STR_INIT("Z"), STR_INIT("["), -1, false},
	/* nor are letters in Latin-1 or UTF-8 */
	{STR_INIT("\xc4"), STR_INIT("\xe4"), -1, false},
	{STR_INIT("\xc3\x84"), STR_INIT("\xc3\xa4"), -1, false},
	{STR_INIT("\xc1"), STR_INIT("A"), 1, false},
};

static const struct {
	struct str s, trimmed;
} trims[] = {
	{{NULL, 0}, STR_INIT("")},
	{STR_INIT(""), STR_INIT("")},
	{STR_INIT("a"), STR_INIT("a")},
	{STR_INIT(" "), STR_INIT("")},
	{STR_INIT(" \t\r\n \r\n"), STR_INIT("")},
	{STR_INIT(" a"), STR_INIT("a")},
	{STR_INIT("a\r\n"), STR_INIT("a")},
	{STR_INIT("\t a b\t\r"), STR_INIT("a b")},
	{STR_INIT(" \n\r\ta\n\r\tb\t "), STR_INIT("a\n\r\tb")},
	/* other white space is kept */
	{STR_INIT("\va\f"), STR_INIT("\va\f")},
	{STR_INIT("\0 a \0"), STR_INIT("\0 a \0")},
	{STR_INIT("\xc2\xa0"), STR_INIT("\xc2\xa0")},
};

static const struct {
	struct str s, fix;
	bool starts, ends;
} affixes[] = {
	{{NULL, 0}, {NULL, 0}, true, true},
	{{NULL, 0}, STR_INIT(""), true, true},
	{STR_INIT("a"), {NULL, 0}, true, true},
	{{NULL, 0}, STR_INIT("a"), false, false},
	{STR_INIT(""), STR_INIT("a"), false, false},
	{STR_INIT("abc"), STR_INIT("abc"), true, true},
	{STR_INIT("abc"), STR_INIT("ab"), true, false},
	{STR_INIT("abc"), STR_INIT("bc"), false, true},
	{STR_INIT("abc"), STR_INIT("b"), false, false},
	{STR_INIT("abc"), STR_INIT("A"), false, false},
	{STR_INIT("abc"), STR_INIT("abcd"), false, false},
	{STR_INIT("bc"), STR_INIT("abc"), false, false},
	{STR_INIT("\0a\0"), STR_INIT("\0"), true, true},
	{STR_INIT("a\0b"), STR_INIT("a\0c"), false, false},
};

static const struct {
	struct str s, needle;
	size_t at, iat;
} finds[] = {
	{{NULL, 0}, {NULL, 0}, 0, 0},
	{{NULL, 0}, STR_INIT("a"), 0, 0},
	{STR_INIT(""), STR_INIT(""), 0, 0},
	{STR_INIT(""), STR_INIT("a"), 0, 0},
	{STR_INIT("abc"), STR_INIT(""), 0, 0},
	{STR_INIT("abc"), {NULL, 0}, 0, 0},
	{STR_INIT("abc"), STR_INIT("a"), 0, 0},
	{STR_INIT("abc"), STR_INIT("c"), 2, 2},
	{STR_INIT("abc"), STR_INIT("bc"), 1, 1},
	{STR_INIT("abc"), STR_INIT("abc"), 0, 0},
	{STR_INIT("abc"), STR_INIT("abcd"), 3, 3},
	{STR_INIT("abc"), STR_INIT("cd"), 3, 3},
	{STR_INIT("abc"), STR_INIT("d"), 3, 3},
	{STR_INIT("abcabc"), STR_INIT("bc"), 1, 1},
	{STR_INIT("aaab"), STR_INIT("aab"), 1, 1},
	{STR_INIT("ababac"), STR_INIT("abac"), 2, 2},
	{STR_INIT("a\0b\0c"), STR_INIT("\0c"), 3, 3},
	{STR_INIT("a\0b"), STR_INIT("b"), 2, 2},
	{STR_INIT("NVRM: Xid"), STR_INIT("xid"), 9, 6},
	{STR_INIT("nvrm: xid"), STR_INIT("XID"), 9, 6},
	{STR_INIT("XIxid"), STR_INIT("xid"), 2, 2},
	{STR_INIT("XIDxid"), STR_INIT("xid"), 3, 0},
	{STR_INIT("a[b"), STR_INIT("{"), 3, 3},
	{STR_INIT("a@b"), STR_INIT("`"), 3, 3},
	{STR_INIT("\xc4"), STR_INIT("\xe4"), 1, 1},
};

static const struct {
	struct str s;
	size_t heads;
	struct str head[5];
} cuts[] = {
	{{NULL, 0}, 0, {{0}}},
	{STR_INIT(""), 1, {STR_INIT("")}},
	{STR_INIT("a"), 1, {STR_INIT("a")}},
	{STR_INIT("a,"), 2, {STR_INIT("a"), STR_INIT("")}},
	{STR_INIT(",a"), 2, {STR_INIT(""), STR_INIT("a")}},
	{STR_INIT(","), 2, {STR_INIT(""), STR_INIT("")}},
	{STR_INIT("a,,b"), 3, {STR_INIT("a"), STR_INIT(""), STR_INIT("b")}},
	{STR_INIT(",,,"), 4, {STR_INIT(""), STR_INIT(""), STR_INIT(""), STR_INIT("")}},
	{STR_INIT("a\0,b"), 2, {STR_INIT("a\0"), STR_INIT("b")}},
	{STR_INIT("ab;cd"), 1, {STR_INIT("ab;cd")}},
};

static const struct {
	struct str list, s;
	bool listed;
} lists[] = {
	{{NULL, 0}, STR_INIT("a"), false},
	{STR_INIT(""), STR_INIT("a"), false},
	{STR_INIT("a"), STR_INIT("a"), true},
	{STR_INIT("a"), STR_INIT("A"), false},
	{STR_INIT("a,bc,d"), STR_INIT("a"), true},
	{STR_INIT("a,bc,d"), STR_INIT("bc"), true},
	{STR_INIT("a,bc,d"), STR_INIT("d"), true},
	{STR_INIT("a,bc,d"), STR_INIT("b"), false},
	{STR_INIT("a,bc,d"), STR_INIT("c"), false},
	{STR_INIT("a,bc,d"), STR_INIT("bcd"), false},
	{STR_INIT("a,bc,d"), STR_INIT("a,bc"), false},
	{STR_INIT("a,bc,d"), STR_INIT(""), false},
	{STR_INIT("a,,d"), STR_INIT(""), true},
	{STR_INIT("a, b"), STR_INIT("b"), false},
	{STR_INIT("a,b\0"), STR_INIT("b"), false},
};

/*
 * SipHash-1-3 with the key 00 01 .. 0f of the messages "", 00, 00 01, ...  From
 * a second implementation, which with 2 and 4 rounds yields the paper's
 * a129ca6149be45e5.
 */
static const struct {
	size_t n;
	uint64_t hash;
} sips[] = {
	{0, 0xabac0158050fc4dc},
	{1, 0xc9f49bf37d57ca93},
	{2, 0x82cb9b024dc7d44d},
	{3, 0x8bf80ab8e7ddf7fb},
	{4, 0xcf75576088d38328},
	{5, 0xdef9d52f49533b67},
	{6, 0xc50d2b50c59f22a7},
	{7, 0xd3927d989bb11140},
	{8, 0x369095118d299a8e},
	{9, 0x25a48eb36c063de4},
	{10, 0x79de85ee92ff097f},
	{11, 0x70c118c1f94dc352},
	{12, 0x78a384b157b4d9a2},
	{13, 0x306f760c1229ffa7},
	{14, 0x605aa111c0f95d34},
	{15, 0xd320d86d2a519956},
	{16, 0xcc4fdd1a7d908b66},
	{63, 0x9d199062b7bbb3a8},
};
/* clang-format on */

static int
sign(int v)
{
	return (v > 0) - (v < 0);
}

static bool
same(struct str a, struct str b)
{
	return a.p == b.p && a.n == b.n;
}

static void
test_parts(void)
{
	const struct str s = S("abc");

	TEST("str_from");
	CHECK(str_eq(str_from(s, 0), s));
	CHECK(same(str_from(s, 1), (struct str){s.p + 1, 2}));
	CHECK(str_from(s, 3).n == 0);
	CHECK(str_from(s, 4).n == 0);
	CHECK(str_from(s, SIZE_MAX).n == 0);
	CHECK(same(str_from(NONE, 0), NONE));
	CHECK(str_from(NONE, 1).n == 0);

	TEST("str_head");
	CHECK(str_head(s, 0).n == 0);
	CHECK(same(str_head(s, 2), (struct str){s.p, 2}));
	CHECK(same(str_head(s, 3), s));
	CHECK(same(str_head(s, 4), s));
	CHECK(same(str_head(s, SIZE_MAX), s));
	CHECK(same(str_head(NONE, 1), NONE));
}

static void
test_eat(void)
{
	TEST("str_eat removes a match, otherwise nothing");
	for (size_t i = 0; i < NELEM(affixes); i++) {
		struct str s = affixes[i].s;
		bool ate = str_eat(&s, affixes[i].fix);

		CHECK_ROW(i, ate == affixes[i].starts);
		if (ate)
			CHECK_ROW(i, s.n == affixes[i].s.n - affixes[i].fix.n);
		else
			CHECK_ROW(i, same(s, affixes[i].s));
		if (ate && s.n)
			CHECK_ROW(i, s.p == affixes[i].s.p + affixes[i].fix.n);
	}
}

/* The same bytes in a longer string: nothing may be read beyond the view. */
static void
test_view(void)
{
	const struct str s = {"xabcabc", 3}, same_bytes = {"xabyz", 3};

	TEST("nothing is read beyond a view");
	CHECK(str_find(s, S("bc")) == 3 && str_ifind(s, S("BC")) == 3 && !str_has(s, S("bc")));
	CHECK(str_find(s, S("c")) == 3 && str_ifind(s, S("C")) == 3 && !str_has(s, S("c")));
	CHECK(str_find(s, S("xabc")) == 3 && str_ifind(s, S("xabc")) == 3);
	CHECK(str_eq(s, same_bytes) && str_ieq(s, same_bytes) && str_cmp(s, same_bytes) == 0);
	CHECK(!str_starts(s, S("xabc")) && str_ends(s, S("ab")) && !str_ends(s, S("abc")));
	CHECK(str_hash(s) == str_hash(same_bytes));
	CHECK(str_listed((struct str){"a,bc", 3}, S("b")) && !str_listed((struct str){"a,bc", 3}, S("bc")));
	CHECK(str_eq(str_trim((struct str){" a ", 2}), S("a")));
}

static void
test_cut(void)
{
	TEST("str_cut");
	for (size_t i = 0; i < NELEM(cuts); i++) {
		const struct str mark = S("untouched");
		struct str rest = cuts[i].s, head = mark;
		size_t n;

		for (n = 0; str_cut(&rest, ',', &head); n++)
			CHECK_ROW(i, n < cuts[i].heads && head.p && str_eq(head, cuts[i].head[n]));
		CHECK_ROW(i, n == cuts[i].heads && !rest.p);
		head = mark;
		CHECK_ROW(i, !str_cut(&rest, ',', &head) && same(head, mark));
	}

	TEST("str_eat_to");
	for (size_t i = 0; i < NELEM(cuts); i++) {
		struct str mark = S("mark"), rest = cuts[i].s, head = mark;
		bool more = cuts[i].heads > 1; /* there is a comma */

		CHECK_ROW(i, str_eat_to(&rest, ',', &head) == more);
		CHECK_ROW(i, more ? str_eq(head, cuts[i].head[0]) && rest.n + head.n + 1 == cuts[i].s.n
				  : same(head, mark) && same(rest, cuts[i].s));
	}

	TEST("str_cut at NUL");
	{
		struct str rest = S("a\0b"), head;

		CHECK(str_cut(&rest, '\0', &head) && str_eq(head, S("a")) && str_eq(rest, S("b")));
	}
}

static void
test_hash(void)
{
	char msg[64], moved[65];

	for (size_t i = 0; i < sizeof(msg); i++)
		msg[i] = (char)i;

	TEST("the default hash is without a key: CPython's with PYTHONHASHSEED=0");
	CHECK(str_hash_key[0] == 0 && str_hash_key[1] == 0);
	CHECK(str_hash(S("a")) == 0x407448d2b89b1813);
	CHECK(str_hash(S("hello")) == 0xe2e77b41cb4e1f9e);
	CHECK(str_hash(S("12345678")) == 0x3489982430560a87);

	TEST("SipHash-1-3");
	str_hash_key[0] = 0x0706050403020100;
	str_hash_key[1] = 0x0f0e0d0c0b0a0908;
	for (size_t i = 0; i < NELEM(sips); i++)
		CHECK_ROW(i, str_hash((struct str){msg, sips[i].n}) == sips[i].hash);
	CHECK(str_hash(NONE) == sips[0].hash);

	TEST("the hash depends on the bytes, not on their address");
	for (size_t i = 0; i < NELEM(sips); i++) {
		memset(moved, 0xff, sizeof(moved));
		memcpy(moved + 1, msg, sips[i].n);
		CHECK_ROW(i, str_hash((struct str){moved + 1, sips[i].n}) == sips[i].hash);
	}

	TEST("both halves of the key matter");
	str_hash_key[0]++;
	CHECK(str_hash(S("")) != sips[0].hash);
	str_hash_key[0]--;
	str_hash_key[1] ^= UINT64_C(1) << 63;
	CHECK(str_hash(S("")) != sips[0].hash);
}

/* Strings of every length, and copies that differ in one byte. */
static void
test_same(void)
{
	char a[40], b[40];

	TEST("equal bytes, and bytes with one difference");
	for (size_t n = 0; n < sizeof(a); n++) {
		for (size_t i = 0; i < sizeof(a); i++)
			a[i] = b[i] = (char)(i * 37);
		CHECK_ROW(n, str_same(a, b, n));
		CHECK_ROW(n, str_ends_hash((struct str){a, n}) == str_ends_hash((struct str){b, n}));
		for (size_t i = 0; i < sizeof(a); i++) {
			b[i] ^= 1;
			CHECK_ROW(n, str_same(a, b, n) == (i >= n));
			CHECK_ROW(n, i < n || str_ends_hash((struct str){a, n}) == str_ends_hash((struct str){b, n}));
			b[i] ^= 1;
		}
	}
}

int
main(void)
{
	static const char z[] = "ab\0cd";

	TEST("a view of a literal includes its NULs except the last");
	CHECK(S("").n == 0 && S("").p);
	CHECK(S("a\0b").n == 3);
	CHECK(NELEM(z) == 6);

	TEST("str_of");
	CHECK(same(str_of(z), (struct str){z, 2}));
	CHECK(str_of("").n == 0 && str_of("").p);
	CHECK(same(str_of(NULL), NONE));

	TEST("equality and order");
	for (size_t i = 0; i < NELEM(orders); i++) {
		struct str a = orders[i].a, b = orders[i].b;

		CHECK_ROW(i, str_eq(a, b) == (orders[i].cmp == 0));
		CHECK_ROW(i, str_eq(b, a) == (orders[i].cmp == 0));
		CHECK_ROW(i, str_ieq(a, b) == orders[i].ieq);
		CHECK_ROW(i, str_ieq(b, a) == orders[i].ieq);
		CHECK_ROW(i, sign(str_cmp(a, b)) == orders[i].cmp);
		CHECK_ROW(i, sign(str_cmp(b, a)) == -orders[i].cmp);
	}

	TEST("only the two cases of a letter are equal, no other bytes");
	for (int i = 0; i < 256; i++)
		for (int k = 0; k < 256; k++) {
			char a = (char)i, b = (char)k;
			bool pair = (i ^ k) == 0x20 && (i | 0x20) >= 'a' && (i | 0x20) <= 'z';

			CHECK_ROW(i, str_ieq((struct str){&a, 1}, (struct str){&b, 1}) == (i == k || pair));
		}

	test_parts();
	test_same();

	TEST("str_trim");
	for (size_t i = 0; i < NELEM(trims); i++)
		CHECK_ROW(i, str_eq(str_trim(trims[i].s), trims[i].trimmed));

	TEST("str_starts, str_ends");
	for (size_t i = 0; i < NELEM(affixes); i++) {
		CHECK_ROW(i, str_starts(affixes[i].s, affixes[i].fix) == affixes[i].starts);
		CHECK_ROW(i, str_ends(affixes[i].s, affixes[i].fix) == affixes[i].ends);
	}

	test_eat();
	test_view();

	TEST("str_find, str_ifind, str_has");
	for (size_t i = 0; i < NELEM(finds); i++) {
		struct str s = finds[i].s, needle = finds[i].needle;

		CHECK_ROW(i, str_find(s, needle) == finds[i].at);
		CHECK_ROW(i, str_ifind(s, needle) == finds[i].iat);
		CHECK_ROW(i, str_has(s, needle) == (finds[i].at < s.n || needle.n == 0));
	}

	test_cut();

	TEST("str_listed");
	for (size_t i = 0; i < NELEM(lists); i++)
		CHECK_ROW(i, str_listed(lists[i].list, lists[i].s) == lists[i].listed);

	test_hash();
	return test_done();
}
