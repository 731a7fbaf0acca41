/*
 * lex - scanners for strings, numbers and words of JSON: the end, or the
 * error.  Inline because the check (json.c) and the comparison with shapes
 * (shape.c) call them for each value.
 * Layer json: includes base.
 */
#ifndef JSON_LEX_H
#define JSON_LEX_H

#include <string.h>

#include "base/num.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* For hot functions with few callers, and for the rare paths in them. */
#ifdef __GNUC__
#define INLINE __attribute__((always_inline)) inline
#define SELDOM __attribute__((noinline, cold))
#else
#define INLINE inline
#define SELDOM
#endif

static inline bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static inline bool
is_digit(const char *p, const char *end)
{
	return p < end && (unsigned char)(*p - '0') < 10;
}

static inline const char *
digits(const char *p, const char *end)
{
	size_t n = 8;

	while (n == 8 && end - p >= 8)
		p += n = num_digits_of_8(p);
	while (n == 8 && is_digit(p, end))
		p++;
	return p;
}

/* The byte after the number at p; or NULL, with *bad at the error. */
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
static inline int
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
static inline int
hex4(const char *p, const char *end)
{
	return end - p < 4 ? -1 : hex(p, p + 4);
}

/*
 * The first byte from p on that ends a plain run of a string: a quote,
 * backslash or control character.
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
/* Eight at a time: the top bit of such bytes is set (borrows may set more,
 * never fewer). */
static inline const char *
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

/* The byte after the string whose opening quote is at p; or NULL, *bad and
 * *why. *plain: it has no escapes. */
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

static inline const char *
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

#endif
