#include "base/unicode.h"
#include "incident/page.h"

struct str
glyph(struct str *s)
{
	struct str one = str_head(*s, utf8_len(*s));
	uint32_t c = one.n ? utf8_point(one.p, one.n) : 0;

	*s = str_from(*s, one.n ? one.n : 1);
	if (c == '\n' || c == '\r' || c == '\t')
		return S(" ");
	return unicode_hidden(c) || c == 0xfffe || c == 0xffff ? S("\xef\xbf\xbd") : one;
}

void
html_text(struct buf *b, struct str s, size_t max)
{
	static const struct {
		char c;
		struct str is;
	} escapes[] = {
		{'&', STR_INIT("&amp;")}, {'<', STR_INIT("&lt;")}, {'>', STR_INIT("&gt;")}, {'"', STR_INIT("&quot;")}, {'\'', STR_INIT("&#39;")},
	};
	size_t all = s.n;

	while (s.n) {
		struct str one = glyph(&s);

		for (size_t i = 0; i < NELEM(escapes); i++)
			if (*one.p == escapes[i].c)
				one = escapes[i].is;
		if (all - s.n > max) {
			buf_add(b, S("\xe2\x80\xa6"));
			break;
		}
		buf_add(b, one);
	}
}

/*
 * Would this byte be markup in Markdown?  GitHub Flavored Markdown Spec: any ASCII
 * punctuation may be escaped by a backslash; a table cell ends at a
 * pipe; URLs, "www." and mail addresses become links without markup.
 */
static bool
is_mark(struct str s, size_t k)
{
	char c = s.p[k];

	if (c == ':')
		return k + 1 < s.n && s.p[k + 1] == '/';
	if (c == '.')
		return k >= 3 && str_ieq((struct str){s.p + k - 3, 3}, S("www"));
	return strchr("\\`*_[]<>|~&@#!$", c) && c;
}

void
markdown_text(struct buf *b, struct str s)
{
	for (struct str rest = s; rest.n;) {
		if (is_mark(s, s.n - rest.n))
			buf_chr(b, '\\');
		buf_add(b, glyph(&rest));
	}
}
