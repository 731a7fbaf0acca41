#include "json/json.h"

#include <string.h>

#include "base/num.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* A few callers, millions of calls; and what is seldom called by them. */
#ifdef __GNUC__
#define INLINE __attribute__((always_inline)) inline
#define SELDOM __attribute__((noinline, cold))
#else
#define INLINE inline
#define SELDOM
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

/* Is what is open so deep, from 1, an object? */
static bool
is_object(const struct json_scan *s, unsigned depth)
{
	return s->object[(depth - 1) / 64] >> ((depth - 1) % 64) & 1;
}

static bool
in_object(const struct json_scan *s)
{
	return is_object(s, s->depth);
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
	size_t n = 8;

	while (n == 8 && end - p >= 8)
		p += n = num_digits_of_8(p);
	while (n == 8 && is_digit(p, end))
		p++;
	return p;
}

/* The byte after the number at p, or NULL with *bad where it goes wrong. */
static INLINE const char *
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

/* Value of the hex digits from p to end, or -1. */
static int
hex(const char *p, const char *end)
{
	int v = 0;

	for (; p < end; p++) {
		int c = *p, low = c | 0x20;

		if (c >= '0' && c <= '9')
			v = v * 16 + c - '0';
		else if (low >= 'a' && low <= 'f')
			v = v * 16 + low - 'a' + 10;
		else
			return -1;
	}
	return v;
}

/* Value of four hex digits at p, or -1. */
static int
hex4(const char *p, const char *end)
{
	return end - p < 4 ? -1 : hex(p, p + 4);
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
static INLINE const char *
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

/* The byte after the string, number or word at p, or NULL, *bad and *why. */
static INLINE const char *
scalar(const char *p, const char *end, const char **bad, const char **why, bool *plain)
{
	*bad = p;
	*why = "expected a value";
	*plain = true;
	switch (*p) {
	case '"':
		return string(p, end, bad, why, plain);
	case 't':
		return word(p, end, S("true"));
	case 'f':
		return word(p, end, S("false"));
	case 'n':
		return word(p, end, S("null"));
	default:
		if (*p != '-' && !is_digit(p, end))
			return NULL;
		*why = "bad number";
		return number(p, end, bad);
	}
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

	j->name[i] = plain ? str_ends_hash((struct str){p, n}) : 0;
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

/* ---- texts of one shape ---- */

enum { SHAPE_TOKENS = 256, SHAPE_BYTES = 8192 };

/* A text, and the gaps between its scalars, which others of its shape share. */
struct json_shape {
	uint64_t number; /* json.shape */
	char text[SHAPE_BYTES];
	int gaps;
	struct gap {
		size_t n;
		int at;      /* of the text; */
		int moved;   /* how much further it is in the text at hand */
		bool string; /* comes behind it; else a number or word */
	} gap[SHAPE_TOKENS + 1];
	struct {
		int start, end;
		uint16_t from, to; /* gaps in which these are, or at their bounds */
	} tok[SHAPE_TOKENS];
	struct {
		uint64_t hash; /* of a name that was asked for, or 0, */
		int at, found; /* in what object, and what json_find said */
	} asked[64];
};

static bool
is_name(const struct json *j, int i)
{
	const jsmntok_t *t = &j->tok[i];

	return t->type == JSMN_STRING && t->parent >= 0 && j->tok[t->parent].type == JSMN_OBJECT;
}

/* The tokens are a whole text's: note its shape, if the text before looks to
 * have had it, too. */
static void
learn(struct json *j, struct str text)
{
	uint64_t like = j->name[0] ^ (uint64_t)j->n;
	bool again = like == j->like;
	struct json_shape *h = j->last;
	int at = 0, gaps = 0;

	j->like = like;
	if (!again || j->n > SHAPE_TOKENS || text.n > SHAPE_BYTES)
		return;
	if (!h) {
		h = j->last = mem_grow(NULL, 0, sizeof(*h));
		h->number = 0;
	}
	memcpy(h->text, text.p, text.n);
	for (int i = 0; i < j->n; i++) {
		const jsmntok_t *t = &j->tok[i];
		bool string = t->type == JSMN_STRING;

		h->tok[i].start = t->start;
		h->tok[i].end = t->end;
		h->tok[i].from = h->tok[i].to = (uint16_t)gaps;
		if (is_name(j, i)) {
			if (!j->name[i])
				return; /* has escapes */
		} else if (string || t->type == JSMN_PRIMITIVE) {
			h->gap[gaps++] = (struct gap){.n = (size_t)(t->start - string - at), .at = at, .string = string};
			h->tok[i].to = (uint16_t)gaps;
			at = t->end + string;
		}
	}
	h->gap[gaps++] = (struct gap){.n = text.n - (size_t)at, .at = at};
	for (int i = 0; i < j->n; i++)
		if (j->tok[i].type == JSMN_OBJECT || j->tok[i].type == JSMN_ARRAY)
			h->tok[i].to = j->tok[i].size < j->n ? h->tok[j->tok[i].size].from : (uint16_t)(gaps - 1);
	h->gaps = gaps;
	memset(h->asked, 0, sizeof(h->asked));
	j->shape = ++h->number;
}

/* Is a text of the last shape, and so JSON?  Gives the tokens their places. */
static bool
fits(struct json_scan *s, struct str text)
{
	const char *p = text.p, *end = text.n ? text.p + text.n : text.p, *bad, *why;
	struct json *j = s->to;
	struct json_shape *h = j->last;
	bool plain, escapes = false, stay = true;

	if (!j->shape)
		return false;
	for (int i = 0;; i++) {
		struct gap *g = &h->gap[i];
		int moved = (int)(p - text.p) - g->at;

		if ((size_t)(end - p) < g->n || !str_same(p, h->text + g->at, g->n))
			return false;
		stay &= moved == g->moved;
		g->moved = moved;
		p += g->n;
		if (i == h->gaps - 1)
			break;
		if (p == end || (*p == '"') != g->string)
			return false;
		p = g->string ? string(p, end, &bad, &why, &plain) : scalar(p, end, &bad, &why, &plain);
		if (!p)
			return false;
		escapes |= !plain;
	}
	if (p != end)
		return false;
	for (int i = 0; i < j->n && !stay; i++) {
		j->tok[i].start = h->tok[i].start + h->gap[h->tok[i].from].moved;
		j->tok[i].end = h->tok[i].end + h->gap[h->tok[i].to].moved;
	}
	j->escapes = escapes;
	s->fed = text.n;
	s->want = NOTHING;
	return true;
}

/* ---- the check ---- */

/* The string, number or word at p goes wrong at bad; may it be that only its
 * end is not there yet? */
SELDOM static bool
goes_on(const char *p, const char *bad, const char *end)
{
	static const struct str words[] = {STR_INIT("true"), STR_INIT("false"), STR_INIT("null")};
	struct str rest = {p, (size_t)(end - p)};

	for (size_t i = 0; i < NELEM(words); i++)
		if (rest.n < words[i].n && str_starts(words[i], rest))
			return true;
	if (bad == end)
		return true;
	if (*p != '"' || *bad != '\\')
		return false;
	if (end - bad == 1)
		return true;
	return bad[1] == 'u' && end - bad < 6 && hex(bad + 2, end) >= 0;
}

enum stop { GO_ON, STOP_HERE, STOP_BEHIND };

/* A value in an array so deep ends with the byte at offset at. */
static enum stop
value_end(struct json_doc *d, unsigned array, bool object, uint64_t at, enum json_is *is)
{
	if (at >= d->limit) {
		if (!json_has_part(d))
			*is = JSON_LONG;
		return STOP_HERE;
	}
	if (!d->array || (object && !d->objects) || (object == d->objects && array < d->array)) {
		d->array = array;
		d->from = d->began[array];
		d->objects = object;
	}
	if (array == d->array)
		d->to = at + 1;
	if (at + 1 < (array == d->cut ? d->enough : d->deep))
		return GO_ON;
	return object || json_has_part(d) ? STOP_BEHIND : GO_ON;
}

/* What is open ends with the byte at offset at. */
SELDOM static enum stop
element_end(const struct json_scan *s, uint64_t at, enum json_is *is)
{
	struct json_doc *d = s->doc;
	unsigned array = s->depth - 1;
	bool object = is_object(s, s->depth);

	*is = JSON_PART;
	if (d->array == s->depth) {
		if (at >= d->limit && json_has_part(d))
			return STOP_HERE;
		object |= d->objects;
		d->array = 0; /* it is complete, as its elements are */
	}
	if (d->cut == s->depth)
		d->cut = 0;
	if (array == 0 || is_object(s, array))
		return GO_ON;
	return value_end(d, array, object, at, is);
}

/* A string, number or word does, which began at offset from. */
SELDOM static enum stop
scalar_end(const struct json_scan *s, uint64_t from, uint64_t at, enum json_is *is)
{
	*is = JSON_PART;
	if (!s->depth || in_object(s))
		return GO_ON;
	s->doc->began[s->depth] = from;
	return value_end(s->doc, s->depth, false, at, is);
}

/* The value is whole: only blanks may follow it in its line. */
SELDOM static enum json_is
line_end(struct json_scan *s, struct str text, const char *p)
{
	const char *end = text.n ? text.p + text.n : text.p;

	while (p < end && is_blank(*p) && *p != '\n')
		p++;
	s->fed += (uint64_t)(p - text.p);
	if (p == end)
		return s->doc->open ? JSON_MORE : JSON_DONE;
	if (*p == '\n') {
		s->fed++;
		return JSON_DONE;
	}
	s->why = "text after the value";
	s->at = s->fed;
	return JSON_BAD;
}

enum json_is
json_scan(struct json_scan *s, struct str text)
{
	const char *p = text.p, *end = text.n ? text.p + text.n : text.p;
	const char *why, *next, *bad;
	struct json *j = s->to;
	enum json_is is;
	enum stop stop;
	bool plain;

	if (j && s->fed == 0) {
		if (fits(s, text))
			return JSON_DONE;
		j->n = 0;
		j->shape = 0;
		j->escapes = false;
		s->up = -1;
	}
	if (s->doc && s->want == NOTHING)
		return line_end(s, text, p);
#define AT(q) (s->fed + (uint64_t)((q) - text.p))
	for (;; p = next) {
		while (p < end && is_blank(*p))
			p++;
		if (p == end) {
			s->fed += text.n;
			if (s->want != NOTHING)
				return JSON_MORE;
			if (j && s->fed == text.n)
				learn(j, text);
			return JSON_DONE;
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
				goto token;
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
		if (*p == '{' || *p == '[') {
			why = "nested deeper than 512";
			if (s->depth == JSON_DEPTH)
				goto fail;
			s->object[s->depth / 64] &= ~(UINT64_C(1) << (s->depth % 64));
			s->object[s->depth / 64] |= (uint64_t)(*p == '{') << (s->depth % 64);
			s->depth++;
			s->want = *p == '{' ? NAME_OR_CLOSE : VALUE_OR_CLOSE;
			if (s->doc)
				s->doc->began[s->depth - 1] = AT(p);
			if (j)
				s->up = add_token(s, *p == '{' ? JSMN_OBJECT : JSMN_ARRAY, AT(p), AT(p));
			continue;
		}
		next = scalar(p, end, &bad, &why, &plain);
		if (!next || (next == end && s->doc && s->doc->open && *p != '"'))
			goto token;
		if (j) {
			bool quoted = *p == '"';

			j->escapes |= !plain;
			end_token(s, add_token(s, quoted ? JSMN_STRING : JSMN_PRIMITIVE, AT(p + quoted), AT(next - quoted)));
		}
		stop = s->doc ? scalar_end(s, AT(p), AT(next - 1), &is) : GO_ON;
		if (stop == STOP_HERE) {
			s->fed = AT(p);
			return is;
		}
		s->want = s->depth ? COMMA_OR_CLOSE : NOTHING;
		if (stop == STOP_BEHIND) {
			s->fed = AT(next);
			return is;
		}
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
		stop = s->doc ? element_end(s, AT(p), &is) : GO_ON;
		if (stop == STOP_HERE) {
			s->fed = AT(p);
			return is;
		}
		s->depth--;
		s->want = s->depth ? COMMA_OR_CLOSE : NOTHING;
		if (stop == STOP_BEHIND) {
			s->fed = AT(next);
			return is;
		}
		if (s->doc && s->want == NOTHING)
			return line_end(s, text, next);
		continue;
	token:
		if (s->doc && s->doc->open && (next || goes_on(p, bad, end))) {
			s->fed = AT(p);
			return JSON_MORE;
		}
		goto fail;
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
	default:
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
	mem_give(j->last, j->last ? sizeof(*j->last) : 0);
	*j = (struct json){0};
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
json_unescape(const struct json *j, int i, struct mem *m)
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

bool
json_is(const struct json *j, int i, struct str s)
{
	const jsmntok_t *t = &j->tok[i];
	size_t n = (size_t)(t->end - t->start);

	if (!j->escapes)
		return n == s.n && str_same(j->text.p + t->start, s.p, n);
	return n >= s.n && is_unescaped(json_raw(j, i), s);
}

/* json_find, from token to token; *clash if another name has the hash. */
static int
walk(const struct json *j, int i, struct str name, uint64_t hash, bool *clash)
{
	int found = -1, end = json_after(j, i);

	*clash = false;
	for (i++; i < end; i = json_after(j, i)) {
		if (j->name[i] != hash && j->name[i] != 0)
			continue;
		if (json_is(j, i, name))
			found = i + 1;
		else
			*clash = true;
	}
	return found;
}

int
json_find(const struct json *j, int i, struct str name, uint64_t hash)
{
	struct json_shape *h = j->shape ? j->last : NULL;
	size_t slot = (hash >> 32 ^ (unsigned)i) % NELEM(h->asked);
	bool clash;
	int found;

	if (h && h->asked[slot].hash == hash && h->asked[slot].at == i) {
		found = h->asked[slot].found;
		if (found < 0 || json_is(j, found - 1, name))
			return found;
	}
	found = walk(j, i, name, hash, &clash);
	if (h && !clash) {
		h->asked[slot].hash = hash;
		h->asked[slot].at = i;
		h->asked[slot].found = found;
	}
	return found;
}
