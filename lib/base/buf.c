#include "base/buf.h"

#include <string.h>

#include "base/unicode.h"

void
buf_grow(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : 256;

	while (n > cap - b->n) {
		if (cap > SIZE_MAX / 4)
			mem_fail();
		cap *= 2;
	}
	b->p = mem_grow(b->p, b->cap, cap);
	b->cap = cap;
}

void
buf_add(struct buf *b, struct str s)
{
	if (s.n == 0)
		return;
	memcpy(buf_room(b, s.n), s.p, s.n);
	b->n += s.n;
}

/* v in decimal, padded with zeros to min digits. */
static void
digits(struct buf *b, uint64_t v, unsigned min)
{
	char tmp[20], *end = tmp + sizeof(tmp), *p = end;

	do
		*--p = (char)('0' + v % 10);
	while (v /= 10);
	while ((size_t)(end - p) < min)
		*--p = '0';
	buf_add(b, (struct str){p, (size_t)(end - p)});
}

void
buf_u64(struct buf *b, uint64_t v)
{
	digits(b, v, 1);
}

void
buf_i64(struct buf *b, int64_t v)
{
	if (v < 0)
		buf_chr(b, '-');
	digits(b, v < 0 ? -(uint64_t)v : (uint64_t)v, 1);
}

void
buf_hex(struct buf *b, uint64_t v, unsigned width)
{
	char tmp[16], *end = tmp + sizeof(tmp), *p = end;

	for (; width > sizeof(tmp); width--)
		buf_chr(b, '0');
	do
		*--p = "0123456789abcdef"[v & 15];
	while (v >>= 4);
	while ((size_t)(end - p) < width)
		*--p = '0';
	buf_add(b, (struct str){p, (size_t)(end - p)});
}

void
buf_fixed(struct buf *b, int64_t v, unsigned n)
{
	uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v, unit = 1;

	if (v < 0)
		buf_chr(b, '-');
	while (n && u % 10 == 0) { /* trailing zeros */
		u /= 10;
		n = u ? n - 1 : 0;
	}
	for (unsigned i = 0; i < n && unit; i++)
		unit = unit <= UINT64_MAX / 10 ? unit * 10 : 0;
	digits(b, unit ? u / unit : 0, 1);
	if (n == 0)
		return;
	buf_chr(b, '.');
	for (; n > 20; n--)
		buf_chr(b, '0');
	digits(b, unit ? u % unit : u, n);
}

size_t
utf8_len(struct str s)
{
	const unsigned char *u = (const unsigned char *)s.p;
	size_t n = 0;

	if (s.n == 0)
		return 0;
	if (u[0] < 0x80)
		return 1;
	if (u[0] >= 0xc2 && u[0] < 0xf5)
		n = u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
	if (s.n < n)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((u[i] & 0xc0) != 0x80)
			return 0;
	if ((u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xed && u[1] > 0x9f) ||
	    (u[0] == 0xf0 && u[1] < 0x90) || (u[0] == 0xf4 && u[1] > 0x8f))
		return 0;
	return n;
}

void
buf_utf8(struct buf *b, uint32_t c)
{
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	char *p = buf_room(b, n);

	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		p[i] = (char)(0x80 | (c & 63));
	p[0] = (char)(lead[n] | c);
	b->n += n;
}

/* Bytes that need no escape anywhere: printable ASCII except " and \. */
static bool
is_plain(char c)
{
	return (unsigned char)(c - 0x20) < 0x5f && c != '"' && c != '\\';
}

/*
 * Are eight bytes such?  The top bit of a byte in odd is set if the byte is 0x7f or
 * above, below 0x20, or one of the two (borrows may set more, never fewer).
 */
static bool
are_plain(const char *p)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	uint64_t w, quote, back, odd;

	memcpy(&w, p, 8);
	quote = w ^ ones * '"';
	back = w ^ ones * '\\';
	odd = w | (w + ones) | (w - ones * 0x20) | (quote - ones) | (back - ones);
	return !(odd & tops);
}

/* Number of such bytes at the start of s. */
static size_t
plain_len(struct str s)
{
	size_t i = 0;

	while (i + 8 <= s.n && are_plain(s.p + i))
		i += 8;
	if (s.n >= 8 && i + 8 > s.n && are_plain(s.p + s.n - 8))
		return s.n;
	while (i < s.n && is_plain(s.p[i]))
		i++;
	return i;
}

uint32_t
utf8_point(const char *p, size_t n)
{
	static const unsigned char bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07}; /* of the first byte */
	uint32_t c = (unsigned char)p[0] & bits[n];

	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)p[i] & 0x3f);
	return c;
}

static void
escape(struct buf *b, uint32_t unit)
{
	buf_add(b, S("\\u"));
	buf_hex(b, unit, 4);
}

/* Code point c as a JSON escape (RFC 8259, section 7). */
static void
escape_point(struct buf *b, uint32_t c)
{
	if (c > 0xffff) {
		escape(b, 0xd800 + ((c - 0x10000) >> 10));
		c = 0xdc00 + (c & 0x3ff);
	}
	escape(b, c);
}

static void
text(struct buf *b, struct str s, bool json)
{
	static const char esc[] = "btn.fr"; /* 0x08 .. 0x0d */
	uint32_t point;
	size_t n;

	while (s.n) {
		unsigned char c = (unsigned char)*s.p;

		if ((n = plain_len(s))) {
			buf_add(b, str_head(s, n));
		} else if ((n = utf8_len(s)) == 0) {
			buf_utf8(b, 0xfffd);
			n = 1;
		} else if (c == '"' || c == '\\') {
			if (json)
				buf_chr(b, '\\');
			buf_chr(b, (char)c);
		} else if (c >= 0x08 && c <= 0x0d && c != 0x0b) {
			buf_chr(b, '\\');
			buf_chr(b, esc[c - 0x08]);
		} else if (unicode_hidden(point = utf8_point(s.p, n))) {
			escape_point(b, point);
		} else {
			buf_add(b, str_head(s, n));
		}
		s = str_from(s, n);
	}
}

void
buf_json(struct buf *b, struct str s)
{
	size_t n = plain_len(s);
	char *p = buf_room(b, s.n + 2);

	*p = '"';
	if (n)
		memcpy(p + 1, s.p, n);
	b->n += 1 + n;
	text(b, str_from(s, n), true);
	buf_chr(b, '"');
}

void
buf_key(struct buf *b, const char *name)
{
	char last = b->n ? b->p[b->n - 1] : '{';

	if (last != '{' && last != '[')
		buf_chr(b, ',');
	buf_json(b, str_of(name));
	buf_chr(b, ':');
}

void
buf_plain(struct buf *b, struct str s)
{
	text(b, s, false);
}

void
buf_free(struct buf *b)
{
	mem_give(b->p, b->cap);
	*b = (struct buf){0};
}
