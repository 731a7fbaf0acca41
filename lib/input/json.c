#define JSMN_STATIC
#define JSMN_PARENT_LINKS
#include <jsmn.h>

#include "input/json.h"

#include <string.h>

/* ---- the check ---- */

enum { /* json_scan.want */
	VALUE,          /* at the beginning, after ':' and after ',' in an array */
	VALUE_OR_CLOSE, /* after '[' */
	NAME_OR_CLOSE,  /* after '{' */
	NAME,           /* after ',' in an object */
	COLON,
	COMMA_OR_CLOSE,
	NOTHING, /* after the value */
};

static bool
in_object(const struct json_scan *s)
{
	unsigned d = s->depth - 1;

	return s->object[d / 64] >> (d % 64) & 1;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_digit(const char *p, const char *end)
{
	return p < end && (unsigned char)(*p - '0') < 10;
}

static const char *
digits(const char *p, const char *end)
{
	while (is_digit(p, end))
		p++;
	return p;
}

/* The byte after the number at p, or NULL with *bad where it goes wrong. */
static const char *
number(const char *p, const char *end, const char **bad)
{
	p += *p == '-';
	*bad = p;
	if (!is_digit(p, end))
		return NULL;
	p = *p == '0' ? p + 1 : digits(p, end);
	if (p < end && *p == '.') {
		*bad = ++p;
		if (!is_digit(p, end))
			return NULL;
		p = digits(p, end);
	}
	if (p < end && (*p | 0x20) == 'e') {
		p++;
		p += p < end && (*p == '+' || *p == '-');
		*bad = p;
		if (!is_digit(p, end))
			return NULL;
		p = digits(p, end);
	}
	return p;
}

/* Value of four hex digits at p, or -1. */
static int
hex4(const char *p, const char *end)
{
	int v = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int c = p[i], low = c | 0x20;

		if (c >= '0' && c <= '9')
			v = v * 16 + c - '0';
		else if (low >= 'a' && low <= 'f')
			v = v * 16 + low - 'a' + 10;
		else
			return -1;
	}
	return v;
}

/*
 * The first byte from p on that cannot simply be part of a string: a quote, a
 * backslash, a control character.  Eight at a time: where a byte is one, the
 * top bit comes up (borrows make more, never fewer).
 */
static const char *
string_stop(const char *p, const char *end)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;

	for (; end - p >= 8; p += 8) {
		uint64_t w, quote, back;

		memcpy(&w, p, 8);
		quote = w ^ ones * '"';
		back = w ^ ones * '\\';
		if ((((w - ones * 0x20) & ~w) | ((quote - ones) & ~quote) | ((back - ones) & ~back)) & tops)
			break;
	}
	while (p < end && (unsigned char)*p >= 0x20 && *p != '"' && *p != '\\')
		p++;
	return p;
}

/* The byte after the string whose quote is at p, or NULL, *bad and *why. */
static const char *
string(const char *p, const char *end, const char **bad, const char **why)
{
	for (p++;; p++) {
		p = string_stop(p, end);
		*bad = p;
		*why = "string without end";
		if (p == end || *p == '\n')
			return NULL;
		if (*p == '"')
			return p + 1;
		*why = "control character in a string";
		if (*p != '\\')
			return NULL;
		*why = "bad escape";
		if (++p == end)
			return NULL;
		if (*p == 'u') {
			if (hex4(p + 1, end) < 0)
				return NULL;
			p += 4;
		} else if (!*p || !strchr("\"\\/bfnrt", *p)) {
			return NULL;
		}
	}
}

static const char *
word(const char *p, const char *end, struct str w)
{
	return (size_t)(end - p) >= w.n && memcmp(p, w.p, w.n) == 0 ? p + w.n : NULL;
}

enum json_is
json_scan(struct json_scan *s, struct str text)
{
	const char *p = text.p, *end = text.n ? text.p + text.n : text.p;
	const char *why, *next, *bad;

	for (;; p = next) {
		while (p < end && is_blank(*p))
			p++;
		if (p == end) {
			s->fed += text.n;
			return s->want == NOTHING ? JSON_DONE : JSON_MORE;
		}
		bad = p;
		next = p + 1;
		switch (s->want) {
		case NAME_OR_CLOSE:
			if (*p == '}')
				goto close;
			/* fallthrough */
		case NAME:
			why = "expected a member name";
			if (*p != '"')
				goto fail;
			next = string(p, end, &bad, &why);
			if (!next)
				goto fail;
			s->want = COLON;
			continue;
		case COLON:
			why = "expected ':'";
			if (*p != ':')
				goto fail;
			s->want = VALUE;
			continue;
		case COMMA_OR_CLOSE:
			if (*p == ',') {
				s->want = in_object(s) ? NAME : VALUE;
				continue;
			}
			why = in_object(s) ? "expected ',' or '}'" : "expected ',' or ']'";
			if (*p != (in_object(s) ? '}' : ']'))
				goto fail;
			goto close;
		case NOTHING:
			why = "text after the value";
			goto fail;
		case VALUE_OR_CLOSE:
			if (*p == ']')
				goto close;
			/* fallthrough */
		case VALUE:
			break;
		}
		why = "expected a value";
		switch (*p) {
		case '{':
		case '[':
			why = "nested deeper than 512";
			if (s->depth == JSON_DEPTH)
				goto fail;
			s->object[s->depth / 64] &= ~(UINT64_C(1) << (s->depth % 64));
			s->object[s->depth / 64] |= (uint64_t)(*p == '{') << (s->depth % 64);
			s->depth++;
			s->want = *p == '{' ? NAME_OR_CLOSE : VALUE_OR_CLOSE;
			continue;
		case '"':
			next = string(p, end, &bad, &why);
			break;
		case 't':
			next = word(p, end, S("true"));
			break;
		case 'f':
			next = word(p, end, S("false"));
			break;
		case 'n':
			next = word(p, end, S("null"));
			break;
		default:
			if (*p != '-' && !is_digit(p, end))
				goto fail;
			why = "bad number";
			next = number(p, end, &bad);
		}
		if (!next)
			goto fail;
		s->want = s->depth ? COMMA_OR_CLOSE : NOTHING;
		continue;
	close:
		s->depth--;
		s->want = s->depth ? COMMA_OR_CLOSE : NOTHING;
	}
fail:
	s->why = why;
	s->at = s->fed + (uint64_t)(bad - text.p);
	return JSON_BAD;
}

const char *
json_check(struct str text, uint64_t *at)
{
	struct json_scan s = {0};

	switch (json_scan(&s, text)) {
	case JSON_DONE:
		return NULL;
	case JSON_MORE:
		*at = text.n;
		return "ends too early";
	case JSON_BAD:
		break;
	}
	*at = s.at;
	return s.why;
}

/* ---- look-up ---- */

/*
 * Replace each token's size by the index after its subtree.  Backwards, the
 * first child met is an element's last, and knows where that one ends.
 */
static void
link_tokens(jsmntok_t *tok, int n)
{
	for (int i = 0; i < n; i++)
		tok[i].size = 0;
	for (int i = n - 1; i >= 0; i--) {
		int up = tok[i].parent;

		if (tok[i].size == 0)
			tok[i].size = i + 1;
		if (up >= 0 && tok[up].size == 0)
			tok[up].size = tok[i].size;
	}
}

void
json_parse(struct json *j, struct str text)
{
	jsmn_parser ps;

	j->text = text;
	j->escapes = text.n && memchr(text.p, '\\', text.n);
	jsmn_init(&ps);
	for (;;) {
		j->n = jsmn_parse(&ps, text.p, text.n, j->tok, j->tok ? (unsigned)j->cap : 0);
		if (j->tok && j->n != JSMN_ERROR_NOMEM)
			break;
		j->tok = mem_more(j->tok, j->cap, &j->cap, sizeof(*j->tok));
		if (ps.toknext == 0)
			jsmn_init(&ps);
	}
	link_tokens(j->tok, j->n);
}

void
json_free(struct json *j)
{
	mem_give(j->tok, j->cap * sizeof(*j->tok));
	*j = (struct json){0};
}

struct str
json_raw(const struct json *j, int i)
{
	const jsmntok_t *t = &j->tok[i];

	return (struct str){j->text.p + t->start, (size_t)(t->end - t->start)};
}

/* Write the escape sequence at *p, of a valid string, as UTF-8 at q, which
 * has room for 4. */
static size_t
escape(const char **p, const char *end, char *q)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *e = memchr(from, (*p)[1], 5);
	struct buf b = {.p = q, .cap = 4};
	int c, d = -1;

	if ((*p)[1] != 'u') {
		*q = e ? to[e - from] : (*p)[1];
		*p += 2;
		return 1;
	}
	c = hex4(*p + 2, end);
	*p += 6;
	if (c >= 0xd800 && c < 0xdc00 && end - *p >= 6 && (*p)[0] == '\\' && (*p)[1] == 'u')
		d = hex4(*p + 2, end);
	if (d >= 0xdc00 && d < 0xe000) {
		c = 0x10000 + ((c - 0xd800) << 10) + d - 0xdc00;
		*p += 6;
	} else if (c >= 0xd800 && c < 0xe000) {
		c = 0xfffd;
	}
	buf_utf8(&b, (uint32_t)c);
	return b.n;
}

struct str
json_text(const struct json *j, int i, struct mem *m)
{
	struct str s = json_raw(j, i);
	const char *p = s.p, *end = s.p + s.n;
	char *q, *start;

	if (j->tok[i].type != JSMN_STRING || s.n == 0 || !memchr(s.p, '\\', s.n))
		return s;
	q = start = mem_bytes(m, s.n); /* every escape shrinks */
	while (p < end)
		if (*p == '\\')
			q += escape(&p, end, q);
		else
			*q++ = *p++;
	return (struct str){start, (size_t)(q - start)};
}

/* The same of a string that has escapes. */
static bool
is_unescaped(struct str raw, struct str s)
{
	const char *p = raw.p, *end = raw.p + raw.n;
	size_t n, at = 0;
	char c[4];

	while (p < end && at < s.n) {
		n = 1;
		if (*p == '\\')
			n = escape(&p, end, c);
		else
			c[0] = *p++;
		if (n > s.n - at || memcmp(s.p + at, c, n) != 0)
			return false;
		at += n;
	}
	return p == end && at == s.n;
}

static inline bool
is(const struct json *j, int i, struct str s)
{
	const jsmntok_t *t = &j->tok[i];
	size_t n = (size_t)(t->end - t->start);

	if (!j->escapes)
		return n == s.n && (n == 0 || memcmp(j->text.p + t->start, s.p, n) == 0);
	return n >= s.n && is_unescaped(json_raw(j, i), s);
}

bool
json_is(const struct json *j, int i, struct str s)
{
	return is(j, i, s);
}

int
json_get(const struct json *j, int i, struct str name)
{
	int found = -1, end;

	if (i < 0 || j->tok[i].type != JSMN_OBJECT)
		return -1;
	end = json_after(j, i);
	for (i++; i < end; i = json_after(j, i))
		if (is(j, i, name))
			found = i + 1;
	return found;
}
