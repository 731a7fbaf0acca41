/*
 * num - numbers from text, whole string or not at all, range checked.
 * No floating point: a fraction is an integer count of its last digit.
 * Layer base: includes str.
 */
#ifndef NUM_H
#define NUM_H

#include "base/str.h"

/* Decimal digits only, no sign. Each returns false and leaves *v alone on
 * anything else, an empty string and a value out of range included. */
bool num_u64(struct str s, uint64_t *v);
/* The same with an optional leading '-'. */
bool num_i64(struct str s, int64_t *v);
/* Hexadecimal digits of either case, no prefix. */
bool num_hex(struct str s, uint64_t *v);

/*
 * A JSON number (RFC 8259, leading '+' or zeros also taken) times
 * 10^digits: ("1.5e1", 3) is 15000.  Digits beyond are cut off towards zero.
 * Linear in its length, whatever the exponent.
 */
bool num_fixed(struct str s, unsigned digits, int64_t *v);

/* Decimal digits at the start of *s, removed there; false if there are none
 * or they exceed 64 bits, with *s untouched. */
bool num_eat(struct str *s, uint64_t *v);

/* "90s", "1.5m", "250ms"; units ns us ms s m h d; no unit means seconds; at
 * most nine fraction digits. */
bool num_duration(struct str s, int64_t *ns);
/* "64M"; units K M G, powers of 1024; no unit means bytes. */
bool num_size(struct str s, uint64_t *bytes);

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
