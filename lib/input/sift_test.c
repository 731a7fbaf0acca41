#include "input/sift.h"

#include <string.h>

#include "base/buf.h"
#include "base/test.h"

static struct sift sift;

/* clang-format off */
static const struct str some[] = {
	STR_INIT("NVRM: Xid"), STR_INIT("Evicted"), STR_INIT("lost"), STR_INIT("\\u00"),
};

static const struct {
	struct str text;
	size_t at; /* SIZE_MAX: none is there */
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
	{STR_INIT("Evicted"), 0},
	{STR_INIT("x Evicted lost"), 2},
	{STR_INIT("Evictelost"), 6},
	{STR_INIT("NVRM: XiNVRM: Xid"), 8},
	{STR_INIT("NVRM: Xi lost"), 9},
	{STR_INIT("{\"a\":\"NVRM: Xid (\"}"), 6},
	{STR_INIT("\"\\u0045"), 1},
	{STR_INIT("\\\\u00"), 1},
	{STR_INIT("evicted nvrm: xid LOST"), SIZE_MAX},
	{STR_INIT("\0\0\0lost"), 3},
	{STR_INIT("\xff\xff\xfelost"), 3},
};
/* clang-format on */

/* The same question, answered slowly. */
static size_t
slow(const struct str *word, size_t n, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		for (size_t w = 0; w < n; w++)
			if (str_starts(str_from(s, i), word[w]))
				return i;
	return s.n;
}

static uint32_t seed = 1;

static unsigned
roll(unsigned n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 16) % n;
}

int
main(void)
{
	struct str word[SIFT_WORDS];
	struct buf b = {0}, w = {0};

	TEST("where the first of the words begins");
	sift_init(&sift, some, NELEM(some));
	for (size_t i = 0; i < NELEM(rows); i++) {
		size_t at = rows[i].at == SIZE_MAX ? rows[i].text.n : rows[i].at;

		CHECK_ROW(i, sift_find(&sift, rows[i].text) == at);
	}
	CHECK(sift_find(&sift, (struct str){0}) == 0);

	TEST("one word in every place of a long text");
	for (size_t i = 0; i < 300; i++) {
		b.n = 0;
		for (size_t k = 0; k < 300; k++)
			buf_chr(&b, "Evicte "[k % 7]);
		memcpy(b.p + i, "lost", b.n - i < 4 ? b.n - i : 4);
		CHECK_ROW(i, sift_find(&sift, buf_str(&b)) == (i <= 296 ? i : 300));
	}

	TEST("a word ends where the text does");
	for (size_t n = 0; n < 10; n++)
		CHECK_ROW(n, sift_find(&sift, str_head(S("NVRM: Xid"), n)) == (n == 9 ? 0 : n));

	TEST("the one that begins first, not the one that ends first");
	word[0] = S("bc");
	word[1] = S("abcdef");
	sift_init(&sift, word, 2);
	CHECK(sift_find(&sift, S("xabcdef")) == 1);
	CHECK(sift_find(&sift, S("xabcdex")) == 2);

	TEST("words in words, and a word twice");
	word[0] = S("aab");
	word[1] = S("aabaab");
	word[2] = S("ba");
	word[3] = S("aab");
	sift_init(&sift, word, 4);
	CHECK(sift_find(&sift, S("aaaab")) == 2);
	CHECK(sift_find(&sift, S("aaba")) == 0);
	CHECK(sift_find(&sift, S("bba")) == 1);

	TEST("two bytes are enough, any bytes");
	word[0] = S("\0\xff");
	word[1] = S("\xff\xff");
	sift_init(&sift, word, 2);
	CHECK(sift_find(&sift, S("\xff\0\0\xff")) == 2);
	CHECK(sift_find(&sift, S("\0\xfe\xff\xff")) == 2);
	CHECK(sift_find(&sift, S("\xff\0\xfe\xff")) == 4);

	TEST("long words");
	for (size_t k = 0; k < 1000; k++)
		buf_chr(&w, (char)('a' + k % 7));
	word[0] = str_head(buf_str(&w), 300);
	word[1] = str_head(buf_str(&w), 700);
	sift_init(&sift, word, 2);
	b.n = 0;
	buf_add(&b, S("abcdefg"));
	buf_chr(&b, 'x');
	buf_add(&b, buf_str(&w));
	CHECK(sift_find(&sift, buf_str(&b)) == 8);
	CHECK(sift_find(&sift, str_head(buf_str(&b), 307)) == 307);
	CHECK(sift_find(&sift, str_head(buf_str(&b), 308)) == 8);

	TEST("no words, nothing found");
	sift_init(&sift, NULL, 0);
	CHECK(sift_find(&sift, buf_str(&b)) == b.n);

	TEST("64 words, each found");
	{
		static char name[SIFT_WORDS][8];

		CHECK(SIFT_WORDS == 64);
		for (size_t i = 0; i < SIFT_WORDS; i++) {
			memcpy(name[i], "word-00", 8);
			name[i][5] = (char)('0' + i / 10);
			name[i][6] = (char)('0' + i % 10);
			word[i] = (struct str){name[i], 7};
		}
		sift_init(&sift, word, SIFT_WORDS);
		for (size_t i = 0; i < SIFT_WORDS; i++) {
			b.n = 0;
			buf_add(&b, S("word-6 word-99 word- "));
			buf_add(&b, word[i]);
			CHECK_ROW(i, sift_find(&sift, buf_str(&b)) == 21);
		}
		CHECK(sift_find(&sift, S("word-64 word-77")) == 15);
	}

	TEST("the same as a slow search, 20000 texts of few letters");
	for (int round = 0; round < 200; round++) {
		size_t n = 1 + roll(6);

		w.n = 0;
		for (size_t i = 0; i < n; i++) {
			size_t len = 2 + roll(7);

			buf_room(&w, 4096);
			word[i] = (struct str){w.p + w.n, len};
			while (len--)
				buf_chr(&w, (char)('a' + roll(3)));
		}
		sift_init(&sift, word, n);
		for (int k = 0; k < 100; k++) {
			size_t len = roll(40);

			b.n = 0;
			while (len--)
				buf_chr(&b, (char)('a' + roll(3)));
			CHECK_ROW(round, sift_find(&sift, buf_str(&b)) == slow(word, n, buf_str(&b)));
		}
	}

	buf_free(&b);
	buf_free(&w);
	return test_done();
}
