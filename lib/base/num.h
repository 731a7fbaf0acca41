/*
 * num - numbers from text: the whole string or nothing, range checked.
 * No floating point: a fraction is an integer count of its last digit.
 * Layer base: includes str.
 */
#ifndef NUM_H
#define NUM_H

#include "base/str.h"

/* Decimal digits only, no sign.  Each function returns false and leaves *v
 * unchanged on anything else, including an empty string and a value out of
 * range. */
bool num_u64(struct str s, uint64_t *v);
/* The same with an optional leading '-'. */
bool num_i64(struct str s, int64_t *v);
/* Hexadecimal digits of either case, no prefix. */
bool num_hex(struct str s, uint64_t *v);

/*
 * A JSON number (RFC 8259, but leading '+' and zeros are accepted) times
 * 10^digits: ("1.5e1", 3) is 15000.  Further digits are truncated.  Linear in
 * its length, whatever the exponent.
 */
bool num_fixed(struct str s, unsigned digits, int64_t *v);

/* Decimal digits at the start of *s, which are removed; false, with *s
 * unchanged, if there are none or they exceed 64 bits. */
bool num_eat(struct str *s, uint64_t *v);

/* "90s", "1.5m", "250ms"; units ns us ms s m h d; no unit means seconds; at
 * most nine fraction digits. */
bool num_duration(struct str s, int64_t *ns);
/* "64M"; units K M G, powers of 1024; no unit means bytes. */
bool num_size(struct str s, uint64_t *bytes);

/* Processing of eight digits at a time. */
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define NUM_BY_8 1
#else
#define NUM_BY_8 0
#endif

/* Number of digits at p before the first other byte, at most 8. */
static inline size_t
num_digits_of_8(const char *p)
{
#if NUM_BY_8
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t w, other; /* top bit of each byte that is not a digit */

	memcpy(&w, p, 8);
	w ^= ones * '0';
	other = (((w & ones * 0x7f) + ones * (0x7f - 9)) | w) & ones * 0x80;
	return other ? (size_t)__builtin_ctzll(other) / 8 : 8;
#else
	size_t n = 0;

	while (n < 8 && (unsigned char)(p[n] - '0') < 10)
		n++;
	return n;
#endif
}

static inline int64_t
num_min(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static inline int64_t
num_max(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

#endif
