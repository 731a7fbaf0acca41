#include "base/sift.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/test.h"

static struct sift sift;

/* clang-format off */
static const struct str some[] = {
	STR_INIT("NVRM: Xid"), STR_INIT("Evicted"), STR_INIT("lost"), STR_INIT("\\u00"), STR_INIT("\"a\""),
};

static const struct {
	struct str text;
	size_t at; /* SIZE_MAX: no word */
} rows[] = {
	{STR_INIT(""), SIZE_MAX},
	{STR_INIT("N"), SIZE_MAX},
	{STR_INIT("lo"), SIZE_MAX},
	{STR_INIT("los"), SIZE_MAX},
	{STR_INIT("lost"), 0},
	{STR_INIT("llost"), 1},
	{STR_INIT("lolost"), 2},
	{STR_INIT("lost lost"), 0},
	{STR_INIT("losT loS\0t"), SIZE_MAX},
	{STR_INIT("Evicte"), SIZE_MAX},
	{STR_INIT("victed"), SIZE_MAX},
	{STR_INIT("Evicted"), 0},
	{STR_INIT("x Evicted lost"), 2},
	{STR_INIT("Evictelost"), 6},
	{STR_INIT("NVRM: XiNVRM: Xid"), 8},
	{STR_INIT("NVRM: Xi lost"), 9},
	{STR_INIT("{\"b\":\"NVRM: Xid (\"}"), 6},
	{STR_INIT("\"\\u0045"), 1},
	{STR_INIT("\\\\u00"), 1},
	{STR_INIT("{\"a\":1}"), 1},
	{STR_INIT("evicted nvrm: xid LOST"), SIZE_MAX},
	{STR_INIT("\0\0\0lost"), 3},
	{STR_INIT("\xff\xff\xfelost"), 3},
	{STR_INIT("vrm: xid vicTed NVRM:  Xid ost 'a' Evicteded lost"), 35},
};
/* clang-format on */

/* Words whose bytes can be combined to other words. */
static const struct str many[] = {
	STR_INIT("ider"), STR_INIT("ithe"), STR_INIT("rtbe"), STR_INIT("ived"), STR_INIT("aged"), STR_INIT("rted"),
	STR_INIT("king"), STR_INIT("ming"), STR_INIT("poll"), STR_INIT("coin"), STR_INIT("akes"), STR_INIT("ends"),
	STR_INIT("wait"), STR_INIT("dump"), STR_INIT("ount"), STR_INIT("chap"), STR_INIT("fail"), STR_INIT("lost"),
	STR_INIT("deat"), STR_INIT("vine"), STR_INIT("iner"), STR_INIT("erro"), STR_INIT("rank"), STR_INIT("late"),
};

static uint32_t seed = 1;

static unsigned
roll(unsigned n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 16) % n;
}

/*
 * Is at correct?  A word begins there and none ends before it; or there is no
 * word at all.
 */
static bool
right(const struct str *word, size_t n, struct str s, size_t at)
{
	bool any = false, there = false;

	for (size_t i = 0; i < s.n; i++)
		for (size_t w = 0; w < n; w++) {
			if (!str_starts(str_from(s, i), word[w]))
				continue;
			any = true;
			there |= i == at;
			if (i + word[w].n <= at)
				return false;
		}
	return any ? there : at == s.n;
}

/* The bits of all words in s. */
static unsigned
all(const struct str *word, size_t n, const unsigned short *of, struct str s)
{
	unsigned bits = 0;

	for (size_t w = 0; w < n; w++)
		bits |= str_has(s, word[w]) ? of[w] : 0;
	return bits;
}

/* Both search functions, in a copy that ends where the text does. */
static bool
found(const struct str *word, size_t n, struct str s)
{
	size_t shift = roll(2); /* not aligned */
	char *exact = malloc(s.n + shift + !s.n);
	unsigned short of[SIFT_WORDS];
	unsigned bits;
	bool fine;

	if (s.n)
		memcpy(exact + shift, s.p, s.n);
	s.p = exact + shift;
	fine = right(word, n, s, sift_find(&sift, s)) && right(word, n, s, sift_find_plain(&sift, s));
	for (size_t w = 0; w < n; w++)
		of[w] = (unsigned short)(1u << w % 16);
	bits = all(word, n, of, s);
	fine = fine && sift_all(&sift, of, s) == bits && sift_all_plain(&sift, of, s) == bits;
	free(exact);
	return fine;
}

/* Does this machine use the vectorized search? */
static bool
has_bins(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
	return __builtin_cpu_supports("avx2");
#else
	return false;
#endif
}

/* Number of positions in a text that pass a bin. */
static size_t
passes(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i + SIFT_MARK <= s.n; i++) {
		unsigned bins[SIFT_SETS] = {~0u, ~0u};

		for (size_t k = 0; k < SIFT_MARK; k++) {
			unsigned c = (unsigned char)s.p[i + k];

			for (size_t set = 0; set < SIFT_SETS; set++)
				bins[set] &= (unsigned)(sift.low[set][k][c & 15] & sift.high[set][k][c >> 4]);
		}
		n += (bins[0] | bins[1]) != 0;
	}
	return n;
}

int
main(void)
{
	struct str word[SIFT_WORDS];
	struct buf b = {0}, w = {0};
	int sets = 0;

	TEST("start of a word");
	sift_init(&sift, some, NELEM(some));
	for (size_t i = 0; i < NELEM(rows); i++) {
		size_t at = rows[i].at == SIZE_MAX ? rows[i].text.n : rows[i].at;

		CHECK_ROW(i, sift_find(&sift, rows[i].text) == at);
		CHECK_ROW(i, sift_find_plain(&sift, rows[i].text) == at);
		CHECK_ROW(i, found(some, NELEM(some), rows[i].text));
	}
	CHECK(sift_find(&sift, (struct str){0}) == 0);
	CHECK(sift_find_plain(&sift, (struct str){0}) == 0);

	TEST("each word at every place of texts of every length");
	for (size_t len = 3; len < 100; len += 4)
		for (size_t k = 0; k < NELEM(some); k++)
			for (size_t i = 0; i + some[k].n <= len; i++) {
				b.n = 0;
				while (b.n < len)
					buf_chr(&b, "Evicte NVRM: Xi los"[b.n % 19]);
				memcpy(b.p + i, some[k].p, some[k].n);
				CHECK_ROW(len, sift_find(&sift, buf_str(&b)) == i);
				CHECK_ROW(len, sift_find_plain(&sift, buf_str(&b)) == i);
			}

	TEST("a word at the end of a text");
	for (size_t n = 0; n < 10; n++) {
		CHECK_ROW(n, sift_find(&sift, str_head(S("NVRM: Xid"), n)) == (n == 9 ? 0 : n));
		CHECK_ROW(n, found(some, NELEM(some), str_head(S("NVRM: Xid"), n)));
	}

	TEST("of many lines, the first one with a word is found");
	for (size_t first = 0; first < 20; first++) {
		size_t from = 0, to = 0;

		b.n = 0;
		for (size_t i = 0; i < 20; i++) {
			if (i == first)
				from = b.n;
			buf_add(&b, S("{\"n\":1,\"Evict\":\"NVRM: Xi\"}"));
			if (i >= first)
				buf_add(&b, i % 2 ? S("lost NVRM: Xid") : S("NVRM: Xid lost"));
			buf_chr(&b, '\n');
			if (i == first)
				to = b.n;
		}
		CHECK_ROW(first, sift_find(&sift, buf_str(&b)) >= from && sift_find(&sift, buf_str(&b)) < to);
		CHECK_ROW(first, found(some, NELEM(some), buf_str(&b)));
	}

	TEST("words inside words, and repeated words");
	word[0] = S("aab");
	word[1] = S("aabaab");
	word[2] = S("baa");
	word[3] = S("aab");
	sift_init(&sift, word, 4);
	CHECK(found(word, 4, S("aaaab")));
	CHECK(found(word, 4, S("aabaab")));
	CHECK(found(word, 4, S("bbaabaab")));
	CHECK(found(word, 4, S("abab")));

	TEST("three ASCII bytes are enough, except newline, before a byte of any value");
	word[0] = S("\0\x7f\0");
	word[1] = S("\x7f\x7f\x7f");
	word[2] = S("\x01\x0f\r");
	sift_init(&sift, word, 3);
	CHECK(sift_find(&sift, S("\xff\0\0\x7f\0")) == 2);
	CHECK(sift_find(&sift, S("\0\xfe\x7f\x7f\x7f")) == 2);
	CHECK(sift_find(&sift, S("\x7f\0\xfe\x7f\x7f")) == 5);
	CHECK(sift_find(&sift, S("\n\x01\x0f\r\n")) == 1);
	for (unsigned c = 0; c < 256; c++) {
		b.n = 0;
		buf_add(&b, S("the word and 64 bytes, the rest of which is looked at in the same step; \x81\x8f\r \x01\x0f\r"));
		buf_chr(&b, (char)c);
		buf_add(&b, S(" behind it, and sixty-four more bytes, so that it is no remainder of any kind"));
		CHECK_ROW(c, sift_find(&sift, buf_str(&b)) == 76);
	}

	TEST("long words");
	for (size_t k = 0; k < 200; k++)
		buf_chr(&w, (char)('a' + k % 7));
	word[0] = str_head(buf_str(&w), 200);
	word[1] = S("zab");
	sift_init(&sift, word, 2);
	b.n = 0;
	buf_add(&b, S("abcdefgx"));
	buf_add(&b, buf_str(&w));
	CHECK(sift_find(&sift, buf_str(&b)) == 8);
	CHECK(sift_find(&sift, str_head(buf_str(&b), 207)) == 207);
	w.p[199] = 'Q'; /* its mark is at its end */
	sift_init(&sift, word, 2);
	CHECK(sift_find(&sift, buf_str(&b)) == b.n);
	b.n = 0;
	buf_add(&b, S("abcdefgx"));
	buf_add(&b, buf_str(&w));
	buf_add(&b, S("zab"));
	CHECK(sift_find(&sift, buf_str(&b)) == 8);
	CHECK(sift_find(&sift, str_head(buf_str(&b), 207)) == 207);
	CHECK(sift_find(&sift, str_from(buf_str(&b), 9)) == 199);

	TEST("marks are rare in the sample");
	word[0] = S("NVRM: Xid");
	sift_init(&sift, word, 1);
	CHECK(sift.at[0] == 0);
	sift_learn(&sift, S("NVRM: NVRM: NVRM:"), 0);
	CHECK(sift.at[0] == 5 && sift_find(&sift, S("NVRM: NVRM: Xid")) == 6);

	TEST("bins that exclude frequent text without marks");
	b.n = 0;
	while (b.n < 65536)
		buf_add(&b, S("after 7654 iterations: checkpointing done, reader weighing\n"));
	sift_init(&sift, many, NELEM(many));
	CHECK(passes(buf_str(&b)));
	sift_learn(&sift, buf_str(&b), UINT64_MAX);
	CHECK(!has_bins() || !passes(buf_str(&b)));
	buf_add(&b, S("aged"));
	CHECK(sift_find(&sift, buf_str(&b)) == b.n - 4);

	TEST("bins that exclude frequent text that the hashes let pass: \"vm=7\" has a hash of \"[s=\" and another byte");
	b.n = 0;
	while (b.n < 65536)
		buf_add(&b, S("after 7654 iterations: checkpointing done, reader weighing, vm=7\n"));
	for (int round = 0; round < 10; round++) {
		w.n = 0;
		buf_room(&w, 1024);
		for (size_t i = 0; i < 65; i++) {
			word[i] = (struct str){w.p + w.n, 8};
			for (int k = 0; k < 8; k++)
				buf_chr(&w, "abcdefghijklmnopqrstuvwxyz= "[roll(28)]);
		}
		word[0] = S("[s="); /* one bit for both */
		word[64] = S("vm: ");
		sift_init(&sift, word, 65);
		sift_learn(&sift, buf_str(&b), UINT64_MAX);
		CHECK_ROW(round, !has_bins() || !passes(buf_str(&b)));
	}

	TEST("no words: nothing found");
	sift_init(&sift, NULL, 0);
	CHECK(sift_find(&sift, buf_str(&b)) == b.n);
	CHECK(sift_find_plain(&sift, buf_str(&b)) == b.n);

	TEST("320 words, each found");
	{
		static char name[SIFT_WORDS][8];

		CHECK(SIFT_WORDS == 320);
		for (size_t i = 0; i < SIFT_WORDS; i++) {
			memcpy(name[i], "word-00", 8);
			name[i][5] = (char)('0' + i / 16);
			name[i][6] = (char)('0' + i % 16);
			word[i] = (struct str){name[i], 7};
		}
		sift_init(&sift, word, SIFT_WORDS);
		for (size_t i = 0; i < SIFT_WORDS; i++) {
			b.n = 0;
			buf_add(&b, S("word-6 word-a0 word- "));
			buf_add(&b, word[i]);
			buf_add(&b, S(" and more, for what looks at 32 bytes at once"));
			CHECK_ROW(i, sift_find(&sift, buf_str(&b)) == 21);
			CHECK_ROW(i, sift_find_plain(&sift, buf_str(&b)) == 21);
		}
		CHECK(sift_find(&sift, S("word-a0 word-0a")) == 15);
	}

	TEST("the same as a slow search, in 10000 texts of few letters; with learned marks in every third round");
	for (int round = 0; round < 100; round++) {
		size_t n = 1 + roll(round % 2 ? SIFT_WORDS : 6);

		w.n = 0;
		buf_room(&w, 4096); /* words are views of it */
		for (size_t i = 0; i < n; i++) {
			size_t len = 3 + roll(7);

			word[i] = (struct str){w.p + w.n, len};
			while (len--)
				buf_chr(&w, "abcA\"\x7f"[roll(6)]);
		}
		sift_init(&sift, word, n);
		if (round % 3 == 0)
			sift_learn(&sift, buf_str(&b), 1 << 24);
		sets += sift.both;
		for (int k = 0; k < 100; k++) {
			size_t len = roll(240);

			b.n = 0;
			while (len--)
				buf_chr(&b, "abcA\"\x7f\xe9\xff"[roll(8)]);
			CHECK_ROW(round, found(word, n, buf_str(&b)));
		}
	}

	CHECK(sets > 5); /* rounds with two sets of bins */

	buf_free(&b);
	buf_free(&w);
	return test_done();
}
