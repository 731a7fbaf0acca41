#include "input/json.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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
 * backslash, a control character.
 */
#ifdef __SSE2__
static inline const char *
string_stop(const char *p, const char *end)
{
	for (; end - p >= 16; p += 16) {
		__m128i c = _mm_loadu_si128((const void *)p);
		__m128i control = _mm_cmpeq_epi8(_mm_min_epu8(c, _mm_set1_epi8(0x1f)), c);
		__m128i quote = _mm_cmpeq_epi8(c, _mm_set1_epi8('"')), back = _mm_cmpeq_epi8(c, _mm_set1_epi8('\\'));
		int stops = _mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, back)));

		if (stops)
			return p + __builtin_ctz((unsigned)stops);
	}
	while (p < end && (unsigned char)*p >= 0x20 && *p != '"' && *p != '\\')
		p++;
	return p;
}
#else
/* Eight at a time: where a byte is one, the top bit comes up (borrows make
 * more, never fewer). */
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
#endif

/* The byte after the string whose quote is at p, or NULL, *bad and *why. Is it
 * plain, without escapes? */
static inline const char *
string(const char *p, const char *end, const char **bad, const char **why, bool *plain)
{
	*plain = true;
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
		*plain = false;
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

/* ---- tokens ---- */

static void
more_tokens(struct json *j)
{
	size_t cap = j->cap;

	j->tok = mem_more(j->tok, cap, &j->cap, sizeof(*j->tok));
	j->name = mem_grow(j->name, cap * sizeof(*j->name), j->cap * sizeof(*j->name));
}

/* A new token, of the text's bytes from..to: its number. */
static inline int
add_token(struct json_scan *s, jsmntype_t type, uint64_t from, uint64_t to)
{
	struct json *j = s->to;

	if ((size_t)j->n == j->cap)
		more_tokens(j);
	j->tok[j->n] = (jsmntok_t){type, (int)from, (int)to, j->n + 1, s->up};
	j->name[j->n] = 0;
	return j->n++;
}

/* Token i is a member's name.  One with escapes has the hash 0 and lights all
 * bits. */
static inline void
name_token(struct json_scan *s, int i, const char *p, size_t n, bool plain)
{
	struct json *j = s->to;

	j->name[i] = plain ? json_hash((struct str){p, n}) : 0;
	j->name[s->up] |= plain ? json_light(j->name[i]) : UINT64_MAX;
	s->up = i;
}

/* Token i is whole: what follows belongs to where it is in. */
static inline void
end_token(struct json_scan *s, int i)
{
	jsmntok_t *tok = s->to->tok;

	tok[i].size = s->to->n;
	s->up = tok[i].parent;
	if (s->up >= 0 && tok[s->up].type == JSMN_STRING) { /* a name has its value */
		tok[s->up].size = s->to->n;
		s->up = tok[s->up].parent;
	}
}

/* ---- the check ---- */

enum json_is
json_scan(struct json_scan *s, struct str text)
{
	const char *p = text.p, *end = text.n ? text.p + text.n : text.p;
	const char *why, *next, *bad;
	struct json *j = s->to;
	jsmntype_t type;
	bool plain;

	if (j && s->fed == 0) {
		j->n = 0;
		j->escapes = false;
		s->up = -1;
	}
#define AT(q) (s->fed + (uint64_t)((q) - text.p))
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
			next = string(p, end, &bad, &why, &plain);
			if (!next)
				goto fail;
			if (j) {
				j->escapes |= !plain;
				name_token(s, add_token(s, JSMN_STRING, AT(p + 1), AT(next - 1)), p + 1, (size_t)(next - p) - 2, plain);
			}
			s->want = COLON;
			if (next < end && *next == ':') {
				next++;
				s->want = VALUE;
			}
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
		type = JSMN_PRIMITIVE;
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
			if (j)
				s->up = add_token(s, *p == '{' ? JSMN_OBJECT : JSMN_ARRAY, AT(p), AT(p));
			continue;
		case '"':
			type = JSMN_STRING;
			next = string(p, end, &bad, &why, &plain);
			if (j && next)
				j->escapes |= !plain;
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
		if (j)
			end_token(s, add_token(s, type, AT(p + (type == JSMN_STRING)), AT(next - (type == JSMN_STRING))));
		s->want = s->depth ? COMMA_OR_CLOSE : NOTHING;
		if (s->depth && next < end && *next == ',') {
			next++;
			s->want = in_object(s) ? NAME : VALUE;
		}
		continue;
	close:
		if (j) {
			j->tok[s->up].end = (int)AT(next);
			end_token(s, s->up);
		}
		s->depth--;
		s->want = s->depth ? COMMA_OR_CLOSE : NOTHING;
	}
#undef AT
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

void
json_parse(struct json *j, struct str text)
{
	struct json_scan s = {.to = j};

	json_scan(&s, text);
	j->text = text;
}

void
json_free(struct json *j)
{
	mem_give(j->tok, j->cap * sizeof(*j->tok));
	mem_give(j->name, j->cap * sizeof(*j->name));
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

	if (!j->escapes || j->tok[i].type != JSMN_STRING || s.n == 0 || !memchr(s.p, '\\', s.n))
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

bool
json_is(const struct json *j, int i, struct str s)
{
	const jsmntok_t *t = &j->tok[i];
	size_t n = (size_t)(t->end - t->start);

	if (!j->escapes)
		return n == s.n && (n == 0 || memcmp(j->text.p + t->start, s.p, n) == 0);
	return n >= s.n && is_unescaped(json_raw(j, i), s);
}

int
json_find(const struct json *j, int i, struct str name, uint64_t hash)
{
	int found = -1, end = json_after(j, i);

	for (i++; i < end; i = json_after(j, i))
		if ((j->name[i] == hash || j->name[i] == 0) && json_is(j, i, name))
			found = i + 1;
	return found;
}
