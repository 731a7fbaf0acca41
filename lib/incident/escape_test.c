/* Input's text in HTML and Markdown (page.h). */
#include "incident/page.h"

#include "base/test.h"

#define BAD "\xef\xbf\xbd" /* U+FFFD */
#define DOTS "\xe2\x80\xa6"

static const struct {
	const char *text;
	size_t max;
	const char *html;
} pages[] = {
	{"", 9, ""},
	{"a & b", 9, "a &amp; b"},
	{"<b>\"'", 9, "&lt;b&gt;&quot;&#39;"},
	/* ends of lines are blanks; hidden and invalid characters are shown */
	{"a\nb\rc\td", 9, "a b c d"},
	{"a\x01" "b\x7f", 9, "a" BAD "b" BAD},
	{"\xe2\x80\x8b" "a", 9, BAD "a"}, /* U+200B */
	{"\xff" "a\xc3", 9, BAD "a" BAD},
	{"\xef\xbf\xbd", 9, BAD},
	{"\xef\xbf\xbe\xef\xbf\xbf", 9, BAD BAD}, /* no characters */
	{"\xc3\xa4", 9, "\xc3\xa4"},
	/* cut to bytes of the input, in whole characters */
	{"abc", 3, "abc"},
	{"abcd", 3, "abc" DOTS},
	{"ab\xc3\xa4", 3, "ab" DOTS},
	{"ab\xc3\xa4", 4, "ab\xc3\xa4"},
	{"<<<", 2, "&lt;&lt;" DOTS},
};

static const struct {
	const char *text, *markdown;
} lines[] = {
	{"", ""},
	{"a-b (c) 1.5", "a-b (c) 1.5"},
	{"\\`*_[]<>|~&@#!$", "\\\\\\`\\*\\_\\[\\]\\<\\>\\|\\~\\&\\@\\#\\!\\$"},
	/* what would be a link */
	{"http://x", "http\\://x"},
	{"a: b", "a: b"},
	{"a:", "a:"},
	{"www.x", "www\\.x"},
	{"aWWW.x", "aWWW\\.x"},
	{"ww.x", "ww.x"},
	{"www", "www"},
	{"a\nb", "a b"},
	{"\x01", BAD},
};

static bool
is_text(struct buf *b, const char *want)
{
	bool same = str_eq(buf_str(b), str_of(want));

	if (!same)
		printf("# %.*s, not %s\n", (int)b->n, b->p ? b->p : "", want);
	buf_free(b);
	return same;
}

int
main(void)
{
	struct buf b = {0};

	TEST("HTML");
	for (size_t i = 0; i < NELEM(pages); i++) {
		html_text(&b, str_of(pages[i].text), pages[i].max);
		CHECK_ROW(i, is_text(&b, pages[i].html));
	}
	TEST("Markdown");
	for (size_t i = 0; i < NELEM(lines); i++) {
		markdown_text(&b, str_of(lines[i].text));
		CHECK_ROW(i, is_text(&b, lines[i].markdown));
	}
	return test_done();
}
