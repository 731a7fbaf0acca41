#include "base/para.h"

#include "base/test.h"

/* Words in lines of a width (0: the default); blanks before the first line and others. */
static const struct {
	size_t columns, first, indent, room;
	const char *words, *text;
} rows[] = {
	{10, 0, 2, 0, "", "\n"},
	{10, 0, 2, 0, "aaaa bbbbb cc", "aaaa bbbbb\n  cc\n"},
	{10, 0, 2, 0, "aaaa bbbbbb cc", "aaaa\n  bbbbbb\n  cc\n"},
	{10, 0, 2, 0, "aaaa bbbbbb c", "aaaa\n  bbbbbb c\n"},
	{10, 3, 0, 0, "aaaaaaa b", "   aaaaaaa\nb\n"},
	{10, 4, 1, 0, "aaaaaaa b", "    aaaaaaa\n b\n"}, /* the first word is never wrapped */
	{10, 0, 2, 0, "  aaaa   bbbbb  ", "aaaa bbbbb\n"},
	{10, 0, 2, 0, "aaaaaaaaaaaa b", "aaaaaaaaaaaa\n  b\n"},
	{10, 0, 2, 0, "a bbbbbbbbbbbbb c", "a\n  bbbbbbbbbbbbb\n  c\n"},
	/* columns, not bytes; hidden characters are shown */
	{10, 0, 2, 0, "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 \xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad c",
		"\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 \xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\n  c\n"},
	/* room for what sticks to a word */
	{10, 0, 2, 1, "aaaa bbbb cc", "aaaa bbbb\n  cc\n"},
	{10, 0, 2, 2, "aaaa bbbb cc", "aaaa\n  bbbb\n  cc\n"},
	{0, 0, 0, 0, "abcdefghijklmnopqrstuvwxyzabcdefghijklmno abcdefghijklmnopqrstuvwxyzabcdefghijkl",
		"abcdefghijklmnopqrstuvwxyzabcdefghijklmno abcdefghijklmnopqrstuvwxyzabcdefghijkl\n"}, /* 80 columns */
	{0, 0, 0, 0, "abcdefghijklmnopqrstuvwxyzabcdefghijklmno abcdefghijklmnopqrstuvwxyzabcdefghijklm",
		"abcdefghijklmnopqrstuvwxyzabcdefghijklmno\nabcdefghijklmnopqrstuvwxyzabcdefghijklm\n"},
};

int
main(void)
{
	struct buf b = {0};
	struct para p;

	TEST("words are wrapped before the last column");
	for (size_t i = 0; i < NELEM(rows); i++) {
		b.n = 0;
		p = para_begin(&b, (struct look){.columns = rows[i].columns}, rows[i].first, rows[i].indent);
		p.room = rows[i].room;
		para_words(&p, str_of(rows[i].words));
		para_end(&p);
		CHECK_ROW(i, str_eq(buf_str(&b), str_of(rows[i].text)));
	}

	TEST("a word with blanks is not broken");
	b.n = 0;
	p = para_begin(&b, (struct look){.columns = 10}, 0, 1);
	para_word(&p, S("aaaa"));
	para_word(&p, S("b b b b"));
	para_word(&p, S("c"));
	CHECK(str_eq(buf_str(&b), S("aaaa\n b b b b c")) && p.column == 10);

	TEST("blanks up to a column, and text that sticks to a word");
	b.n = 0;
	p = para_begin(&b, (struct look){.columns = 10}, 1, 2);
	para_word(&p, S("a"));
	para_pad(&p, 5);
	CHECK(p.column == 5);
	para_word(&p, S("bb"));
	para_stick(&p, S(",:"));
	CHECK(p.column == 9);
	para_word(&p, S("c"));
	CHECK(str_eq(buf_str(&b), S(" a   bb,:\n  c")) && p.column == 3);
	for (size_t column = 2; column <= 4; column++) { /* no blank after it, however few are put */
		p.column = 3;
		b.n = 0;
		para_pad(&p, column);
		para_word(&p, S("d"));
		CHECK_ROW(column, str_eq(buf_str(&b), column < 4 ? S("d") : S(" d")) && p.column == (column < 4 ? 4u : 5u));
	}

	TEST("hidden characters count as they are shown");
	b.n = 0;
	p = para_begin(&b, (struct look){.columns = 40}, 0, 0);
	para_word(&p, S("a\033b"));
	CHECK(b.n > 3 && p.column == b.n && !memchr(b.p, '\033', b.n));
	buf_free(&b);
	return test_done();
}
