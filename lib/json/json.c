#include "json/json.h"

#include <string.h>

#include "base/num.h"
#include "base/sort.h"

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

/* ---- shapes ---- */

enum { SHAPE_TOKENS = 256, SHAPE_BYTES = 8192 };

/* A text, and the gaps between its scalars, which others of its shape share. */
struct json_shape {
	uint64_t number; /* json.shape; 0: there is none */
	uint64_t like;   /* what texts of its shape have in common */
	unsigned next;   /* the one that came behind it */
	bool used;       /* since it was to be replaced */
	uint64_t held;   /* of the last text that has it: the one at hand may keep it */
	int common[JSON_SHAPES]; /* gaps that others begin with, too */
	unsigned depth;  /* of its arrays and objects */
	char text[SHAPE_BYTES];
	size_t bytes; /* of it */
	int gaps, n;
	struct gap {
		size_t n;
		int at;      /* of the text */
		enum gap_end { AT_END, AT_STRING, AT_WORD } end; /* what comes behind it */
		bool escapes; /* that has some */
	} gap[SHAPE_TOKENS + 1];
	jsmntok_t tok[SHAPE_TOKENS]; /* start and end count from their gaps */
	uint64_t name[SHAPE_TOKENS];
	struct {
		uint16_t from, to; /* gaps in which tokens begin and end, or at their bounds */
	} in[SHAPE_TOKENS];
	struct {
		uint64_t hash; /* of a name that was asked for, or 0, */
		int at, found; /* in what object, and what json_find said */
	} asked[64];
};

/* A part of the text that has a shape. */
struct json_span {
	uint64_t from, to;
	size_t place; /* of json_private.place: those of its gaps */
	size_t hole;  /* what stands for it in the skeleton */
	unsigned shape;
};

static bool
json_is_name(const jsmntok_t *tok, int i)
{
	return tok[i].type == JSMN_STRING && tok[i].parent >= 0 && tok[tok[i].parent].type == JSMN_OBJECT;
}

static bool
json_is_container(const jsmntok_t *t)
{
	return t->type == JSMN_OBJECT || t->type == JSMN_ARRAY;
}

/* What n tokens have in common with others of their shape. */
static uint64_t
like_of(const jsmntok_t *tok, const uint64_t *name, int n)
{
	uint64_t like = (uint64_t)n;

	for (int i = 0; i < n; i++)
		like = (like ^ name[i] ^ (uint64_t)tok[i].type) * UINT64_C(0x9e3779b97f4a7c15);
	return like;
}

/* How deep token i is. */
static unsigned
depth_of(const jsmntok_t *tok, int i)
{
	unsigned depth = 0;

	for (; i >= 0; i = tok[i].parent)
		depth += json_is_container(&tok[i]);
	return depth;
}

/* Note the shape of a text of n tokens. */
static void
learn(struct json *j, struct json_shape *h, int n, struct str text)
{
	int end = 0, gaps = 0;

	h->number = 0;
	h->depth = 0;
	h->gaps = 0;
	h->n = n;
	memcpy(h->text, text.p, text.n);
	h->bytes = text.n;
	for (int i = 0; i < n; i++) {
		jsmntok_t *t = &h->tok[i];
		bool string;

		*t = j->tok[i];
		string = t->type == JSMN_STRING;
		h->name[i] = j->name[i];
		h->in[i].from = h->in[i].to = (uint16_t)gaps;
		if (json_is_name(h->tok, i)) {
			if (!h->name[i])
				return; /* has escapes */
		} else if (!json_is_container(t)) {
			h->gap[gaps++] = (struct gap){
				.n = (size_t)(t->start - string - end),
				.at = end,
				.end = string ? AT_STRING : AT_WORD,
				.escapes = string && t->end > t->start && memchr(h->text + t->start, '\\', (size_t)(t->end - t->start)),
			};
			h->in[i].to = (uint16_t)gaps;
			end = t->end + string;
		}
	}
	h->gap[gaps] = (struct gap){.n = text.n - (size_t)end, .at = end};
	for (int i = 0; i < n; i++)
		if (json_is_container(&h->tok[i])) {
			unsigned depth = depth_of(h->tok, i);

			h->depth = depth > h->depth ? depth : h->depth;
			h->in[i].to = h->tok[i].size < n ? h->in[h->tok[i].size].from : (uint16_t)gaps;
		}
	for (int i = 0; i < n; i++) {
		h->tok[i].start -= h->gap[h->in[i].from].at;
		h->tok[i].end -= h->gap[h->in[i].to].at;
	}
	h->gaps = gaps + 1;
	memset(h->asked, 0, sizeof(h->asked));
	h->number = ++j->own.numbers;
}

/* It came behind the last one, of elements or of lines. */
static void
json_came(struct json *j, bool element, unsigned k)
{
	struct json_shape *last = j->own.shape[j->own.last[element]];

	last->next = k;
	j->own.shape[k]->used = true;
	j->own.last[element] = k;
}

/* The gaps that two shapes begin with in common. */
static int
common(const struct json_shape *a, const struct json_shape *b)
{
	int i = 0;

	while (i < a->gaps && i < b->gaps && a->gap[i].n == b->gap[i].n && a->gap[i].end == b->gap[i].end &&
	       memcmp(a->text + a->gap[i].at, b->text + b->gap[i].at, a->gap[i].n) == 0)
		i++;
	return i;
}

/* A place for a shape that was seen again; JSON_SHAPES if those that are there
 * are of more use. */
static unsigned
room_for_shape(struct json *j)
{
	struct json_private *o = &j->own;
	unsigned k = 0;

	while (k < JSON_SHAPES && o->shape[k])
		k++;
	if (k < JSON_SHAPES) {
		o->shape[k] = mem_grow(NULL, 0, sizeof(*o->shape[k]));
		o->shape[k]->next = k;
		return k;
	}
	k = o->oldest++ % JSON_SHAPES;
	if (!o->shape[k]->used && o->shape[k]->held != o->texts)
		return k;
	o->shape[k]->used = false;
	return JSON_SHAPES;
}

/* Learn the shape of a text of n tokens if its like was seen before. */
static void
json_learn(struct json *j, bool element, int n, struct str text)
{
	struct json_private *o = &j->own;
	uint64_t like = like_of(j->tok, j->name, n), *seen = &o->seen[(like >> 32) % NELEM(o->seen)];
	struct json_shape *h;
	unsigned k = 0;

	while (k < JSON_SHAPES && o->shape[k] && o->shape[k]->like != like)
		k++;
	if (k < JSON_SHAPES && o->shape[k] && o->shape[k]->held == o->texts)
		return;
	if (*seen != like) {
		*seen = like;
		return;
	}
	if (k == JSON_SHAPES || !o->shape[k])
		k = room_for_shape(j);
	if (k == JSON_SHAPES)
		return;
	h = o->shape[k];
	learn(j, h, n, text);
	h->like = like;
	h->held = o->texts;
	for (unsigned i = 0; i < JSON_SHAPES && o->shape[i]; i++)
		h->common[i] = o->shape[i]->common[k] = common(h, o->shape[i]);
	json_came(j, element, k);
	if (element)
		return;
	j->shape = h->number;
	for (int i = 0; i < h->gaps; i++)
		o->line[i] = h->gap[i].at;
}

/* How many bytes at p and q are the same, of n. */
static INLINE size_t
same_bytes(const char *p, const char *q, size_t n)
{
	size_t i = 0;

#ifdef __SSE2__
	for (; n - i >= 16; i += 16) {
		__m128i a = _mm_loadu_si128((const void *)(p + i)), b = _mm_loadu_si128((const void *)(q + i));
		int same = _mm_movemask_epi8(_mm_cmpeq_epi8(a, b));

		if (same != 0xffff)
			return i + (size_t)__builtin_ctz(~(unsigned)same);
	}
#endif
	for (; n - i >= 8; i += 8)
		if (memcmp(p + i, q + i, 8) != 0)
			break;
	while (i < n && p[i] == q[i])
		i++;
	return i;
}

/* The byte after the value at p, if it is one of those that come behind the gap. */
static INLINE const char *
match_value(const struct gap *g, const char *p, const char *end, bool *escapes)
{
	const char *bad, *why;
	bool plain = true;

	if (p == end || (*p == '"') != (g->end == AT_STRING))
		return NULL;
	p = g->end == AT_STRING ? string(p, end, &bad, &why, &plain) : scalar(p, end, &bad, &why, &plain);
	*escapes |= p && !plain;
	return p;
}

/* Another shape that differs from this one first in gap i, and has what is at p;
 * JSON_SHAPES if there is none. */
static unsigned
other(const struct json *j, unsigned k, int i, const char *p, const char *end)
{
	bool escapes = false;

	for (unsigned o = 0; o < JSON_SHAPES && j->own.shape[o]; o++) {
		const struct json_shape *h = j->own.shape[o];
		const struct gap *g = &h->gap[i];

		if (o == k || !h->number || h->common[k] != i || i >= h->gaps || (size_t)(end - p) < g->n || memcmp(p, h->text + g->at, g->n) != 0)
			continue;
		if (g->end == AT_END || match_value(g, p + g->n, end, &escapes))
			return o;
	}
	return JSON_SHAPES;
}

/*
 * The byte after the text at p that has a known shape, *k, and so is JSON; or
 * NULL.  Where are its gaps, and are all where they were?
 *
 * It is compared with the text that has taught the shape.  A value is checked
 * where they differ in it; what is the same as there has been.
 */
static const char *
json_match(const struct json *j, bool element, const char *p, const char *end, int *place, unsigned *k, bool *escapes, bool *stay)
{
	const struct json_shape *h = j->own.shape[j->own.last[element]];
	const char *begin = p, *next;
	bool same = true, has = false;
	unsigned which;

	if (!h || !p)
		return NULL;
	which = h->next;
	h = j->own.shape[which];
	if (!h->number)
		return NULL;
	for (int i = 0;; i++) {
		const struct gap *g = &h->gap[i], *last = &h->gap[h->gaps - 1];
		int moved = (int)(p - begin) - g->at, to;
		size_t left = h->bytes - (size_t)g->at, room = (size_t)(end - p);

		to = g->at + (int)same_bytes(p, h->text + g->at, left < room ? left : room);
		for (;; g++, i++) {
			same &= place[i] == g->at + moved;
			place[i] = g->at + moved;
			if (g == last || g[1].at >= to)
				break;
			has |= g->escapes;
		}
		p = begin + place[i];
		next = NULL;
		if (g->at + (int)g->n <= to) {
			if (g == last) {
				p += g->n;
				break;
			}
			next = match_value(g, p + g->n, end, &has);
		}
		if (next) {
			p = next;
			continue;
		}
		which = other(j, which, i--, p, end);
		if (which == JSON_SHAPES)
			return NULL;
		h = j->own.shape[which];
	}
	*k = which;
	*escapes = has;
	*stay = same;
	return p;
}

/* ---- tokens ---- */

void
json_more(struct json *j)
{
	size_t cap = j->cap;

	j->tok = mem_more(j->tok, cap, &j->cap, sizeof(*j->tok));
	j->name = mem_grow(j->name, cap * sizeof(*j->name), j->cap * sizeof(*j->name));
}

void
json_name(struct json *j, int i, struct str text)
{
	const jsmntok_t *t = &j->tok[i];
	struct str s = {text.p + t->start, (size_t)(t->end - t->start)};
	bool plain = !j->escapes || !memchr(s.p, '\\', s.n);

	j->name[i] = plain ? str_ends_hash(s) : 0;
	j->name[t->parent] |= plain ? json_name_bit(j->name[i]) : UINT64_MAX;
}

void
json_make(struct json *j)
{
	j->n = 0;
	j->shape = 0;
	j->escapes = false;
}

/* The tokens of what has the shape, from number at on: it begins at an offset
 * in the token up. */
static void
put_tokens(struct json *j, const struct json_shape *h, const int *place, int at, int up, int offset)
{
	for (int i = 0; i < h->n; i++) {
		const jsmntok_t *t = &h->tok[i];

		j->tok[at + i] = (jsmntok_t){
			.type = t->type,
			.start = t->start + offset + place[h->in[i].from],
			.end = t->end + offset + place[h->in[i].to],
			.size = t->size + at,
			.parent = i ? t->parent + at : up,
		};
	}
	memcpy(j->name + at, h->name, (size_t)h->n * sizeof(*h->name));
}

/* Room for one more shape's gaps. */
static void
more_places(struct json_private *o)
{
	while (o->placecap < o->nplace + SHAPE_TOKENS + 1)
		o->place = mem_more(o->place, o->placecap, &o->placecap, sizeof(*o->place));
}

/* Is a text of a shape that is known, and so JSON?  Gives it its tokens. */
static bool
json_fits(struct json *j, struct str text)
{
	const char *end = text.n ? text.p + text.n : text.p;
	const struct json_shape *h;
	int *place = j->own.line;
	bool escapes, stay;
	unsigned k;

	if (json_match(j, false, text.p, end, place, &k, &escapes, &stay) != end || !end)
		return false;
	h = j->own.shape[k];
	if (j->shape != h->number)
		put_tokens(j, h, place, 0, -1, 0);
	for (int at = 0; at < h->n && j->shape == h->number && !stay; at++) {
		j->tok[at].start = h->tok[at].start + place[h->in[at].from];
		j->tok[at].end = h->tok[at].end + place[h->in[at].to];
	}
	json_came(j, false, k);
	j->n = h->n;
	j->shape = h->number;
	j->escapes = escapes;
	return true;
}

/* The byte after the element of a list at p, if it has a shape; noted. */
static const char *
json_element(struct json *j, const char *p, const char *end, uint64_t at, unsigned depth)
{
	struct json_private *o = &j->own;
	const struct json_shape *h;
	const char *next;
	bool escapes, stay;
	unsigned k;

	more_places(o);
	next = json_match(j, true, p, end, o->place + o->nplace, &k, &escapes, &stay);
	if (!next || depth + o->shape[k]->depth > JSON_DEPTH)
		return NULL;
	h = o->shape[k];
	json_came(j, true, k);
	o->span = mem_more(o->span, o->nspan, &o->spancap, sizeof(*o->span));
	o->span[o->nspan++] = (struct json_span){.from = at, .to = at + (uint64_t)(next - p), .place = o->nplace, .shape = k};
	o->nplace += (size_t)h->gaps;
	o->nof += (size_t)h->n;
	o->shape[k]->held = o->texts;
	return next;
}

/* jsmn's tokens of a text that the check has passed. */
static int
jsmn(struct json *j, struct str text)
{
	jsmn_parser parser;
	int n;

	jsmn_init(&parser);
	if (!j->cap)
		json_more(j);
	while ((n = jsmn_parse(&parser, text.p, text.n, j->tok, (unsigned)j->cap)) == JSMN_ERROR_NOMEM)
		json_more(j);
	return n > 0 ? n : 0;
}

/* The text with a 0 for each span. */
static struct str
skeleton(struct json *j, struct str text)
{
	struct buf *b = &j->own.skeleton;
	size_t done = 0;

	b->n = 0;
	for (size_t i = 0; i < j->own.nspan; i++) {
		struct json_span *s = &j->own.span[i];

		buf_add(b, (struct str){text.p + done, (size_t)s->from - done});
		s->hole = b->n;
		buf_chr(b, '0');
		done = (size_t)s->to;
	}
	buf_add(b, str_from(text, done));
	return buf_str(b);
}

/* Where the skeleton's byte before an offset is in the text, which is behind
 * that. */
static int
end_in_text(const struct json *j, int end)
{
	const struct json_span *span = j->own.span;
	size_t lo = 0;

	SORT_BISECT(lo, j->own.nspan, i, span[i].hole < (size_t)end);
	return lo ? end + (int)((size_t)span[lo - 1].to - span[lo - 1].hole - 1) : end;
}

/* Put the spans' tokens in between the skeleton's n; map: where these are. */
static void
put_spans(struct json *j, int n, int *map)
{
	const struct json_private *o = &j->own;
	int all = n - (int)o->nspan + (int)o->nof, at = 0, more = 0;
	size_t k = 0;

	while (j->cap < (size_t)all)
		json_more(j);
	memmove(j->tok + all - n, j->tok, (size_t)n * sizeof(*j->tok));
	for (int i = 0; i < n; i++) {
		jsmntok_t t = j->tok[all - n + i];
		int up = t.parent < 0 ? -1 : map[t.parent];

		map[i] = at;
		if (k < o->nspan && (size_t)t.start == o->span[k].hole) {
			const struct json_span *s = &o->span[k++];

			put_tokens(j, o->shape[s->shape], o->place + s->place, at, up, (int)s->from);
			at += o->shape[s->shape]->n;
			more = (int)(s->to - s->hole - 1);
			continue;
		}
		t.end = json_is_container(&t) ? end_in_text(j, t.end) : t.end + more;
		t.start += more;
		t.parent = up;
		j->tok[at] = t;
		j->name[at++] = 0;
	}
	j->n = all;
}

/* What look-up wants of n of jsmn's tokens: hashes of names, and for their size
 * the index behind them. */
static void
add_look_up(struct json *j, struct str text, int n, const int *map)
{
	jsmntok_t *tok = j->tok;

	for (int i = 0; i < n; i++) {
		int at = map ? map[i] : i;
		jsmntok_t *t = &tok[at];

		if (map && (i + 1 < n ? map[i + 1] : j->n) > at + 1)
			continue; /* a span */
		t->size = 0;
		if (json_is_name(tok, at))
			json_name(j, at, text);
	}
	for (int i = n; i-- > 0;) {
		jsmntok_t *t = &tok[map ? map[i] : i];

		if (!t->size)
			t->size = (int)(t - tok) + 1;
		if (t->parent >= 0 && !tok[t->parent].size)
			tok[t->parent].size = t->size;
	}
}

/* An element of no known shape, in a text that is too long to have one.  It is
 * learned, so long as others have what is learned. */
SELDOM static void
json_learn_element(struct json *j, struct str text)
{
	enum { FIRST = 16 };
	int n;

	if (text.n > SHAPE_BYTES || j->own.tried++ > FIRST + j->own.nspan)
		return;
	n = jsmn(j, text);
	if (n > SHAPE_TOKENS)
		return;
	j->escapes = true; /* there may be some */
	memset(j->name, 0, (size_t)n * sizeof(*j->name));
	add_look_up(j, text, n, NULL);
	json_learn(j, true, n, text);
}

void
json_forget(struct json *j)
{
	j->own.nspan = j->own.nplace = j->own.nof = j->own.tried = 0;
	j->own.texts++;
}

void
json_tokens(struct json *j, struct str text)
{
	struct json_private *o = &j->own;
	int n, *map = NULL;

	while (o->nspan && o->span[o->nspan - 1].to > text.n)
		o->nof -= (size_t)o->shape[o->span[--o->nspan].shape]->n;
	j->text = text;
	j->shape = 0;
	j->escapes = text.n && memchr(text.p, '\\', text.n);
	n = j->n = jsmn(j, o->nspan ? skeleton(j, text) : text);
	if (n > 0 && o->nspan) {
		while (o->mapcap < (size_t)n)
			o->map = mem_more(o->map, o->mapcap, &o->mapcap, sizeof(*o->map));
		map = o->map;
		put_spans(j, n, map);
	} else {
		memset(j->name, 0, (size_t)n * sizeof(*j->name));
	}
	add_look_up(j, text, n, map);
	if (n > 0 && n <= SHAPE_TOKENS && !map && text.n <= SHAPE_BYTES)
		json_learn(j, false, n, text);
	json_forget(j);
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
		if (d->objects) {
			d->closed.array = d->array;
			d->closed.to = d->to;
			memcpy(d->closed.object, s->object, sizeof(s->object));
		}
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

/* The value is whole: only blanks may follow it in its line, and another value
 * where it may. */
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
	if (s->doc->more && (*p == '{' || *p == '['))
		return JSON_DONE;
	s->why = "text after the value";
	s->at = s->fed;
	return JSON_BAD;
}

/*
 * May a shape be looked for at an offset, where an object begins?  Where parts
 * may end in it, it is to be seen whether they do.
 */
static bool
may_match(const struct json_scan *s, uint64_t at)
{
	const struct json_doc *d = s->doc;

	return s->depth && !in_object(s) && (!d || (at + SHAPE_BYTES < d->deep && at + SHAPE_BYTES < d->limit));
}

enum json_is
json_scan(struct json_scan *s, struct str text)
{
	const char *p = text.p, *end = text.n ? text.p + text.n : text.p;
	const char *why, *next, *bad, *begun = NULL;
	unsigned level = 0; /* of the element that begins at begun, to be learned */
	struct json *j = s->to;
	enum json_is is;
	enum stop stop;
	bool plain;

	if (j && s->fed == 0) {
		if (!s->doc && json_fits(j, text)) {
			s->fed = text.n;
			s->want = NOTHING;
			return JSON_DONE;
		}
		j->n = 0;
		j->shape = 0;
		json_forget(j);
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
				json_tokens(j, text);
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
			s->tokens++;
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
		why = "more than 4M names and values, and more than one in 8 bytes";
		if (++s->tokens > JSON_MANY && s->tokens > AT(p) / 8)
			goto fail;
		if (j && *p == '{' && may_match(s, AT(p))) {
			next = json_element(j, p, end, AT(p), s->depth);
			if (!next) {
				/* inner ones are learned first: then they are spans of it */
				begun = p;
				level = s->depth + 1;
				goto open;
			}
			s->tokens += (uint64_t)j->own.shape[j->own.last[true]]->n - 1;
			if (s->doc)
				s->doc->began[s->depth] = AT(p);
			is = JSON_PART;
			stop = s->doc ? value_end(s->doc, s->depth, true, AT(next - 1), &is) : GO_ON;
			s->want = COMMA_OR_CLOSE;
			if (stop == STOP_BEHIND) {
				s->fed = AT(next);
				return is;
			}
			continue;
		}
	open:
		next = p + 1;
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
			continue;
		}
		next = scalar(p, end, &bad, &why, &plain);
		if (!next || (next == end && s->doc && s->doc->open && *p != '"'))
			goto token;
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
		if (begun && s->depth == level) {
			if (s->tokens > SHAPE_TOKENS || AT(next) > SHAPE_BYTES)
				json_learn_element(j, (struct str){begun, (size_t)(next - begun)});
			begun = NULL;
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

const char *
json_parse(struct json *j, struct str text)
{
	struct json_scan s = {.to = j};
	enum json_is is = json_scan(&s, text);

	j->text = text;
	return is == JSON_DONE ? NULL : is == JSON_BAD ? s.why : "ends too early";
}

void
json_free(struct json *j)
{
	mem_give(j->tok, j->cap * sizeof(*j->tok));
	mem_give(j->name, j->cap * sizeof(*j->name));
	for (unsigned k = 0; k < JSON_SHAPES; k++)
		mem_give(j->own.shape[k], j->own.shape[k] ? sizeof(*j->own.shape[k]) : 0);
	mem_give(j->own.span, j->own.spancap * sizeof(*j->own.span));
	mem_give(j->own.place, j->own.placecap * sizeof(*j->own.place));
	mem_give(j->own.map, j->own.mapcap * sizeof(*j->own.map));
	buf_free(&j->own.skeleton);
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
	struct json_shape *h = j->shape ? j->own.shape[j->own.last[false]] : NULL;
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
