#include "base/num.h"

/* Value of the 8 digits at p: adjacent digits are combined to numbers of two
 * digits, of four, of eight. */
static uint64_t
eight(const char *p)
{
#if NUM_BY_8
	uint64_t w;

	memcpy(&w, p, 8);
	w = (w & UINT64_C(0x0f0f0f0f0f0f0f0f)) * (10 << 8 | 1) >> 8;
	w = (w & UINT64_C(0x00ff00ff00ff00ff)) * (100 << 16 | 1) >> 16;
	return (w & UINT64_C(0x0000ffff0000ffff)) * (UINT64_C(10000) << 32 | 1) >> 32;
#else
	uint64_t r = 0;

	for (size_t i = 0; i < 8; i++)
		r = r * 10 + (unsigned)(p[i] - '0');
	return r;
#endif
}

bool
num_eat(struct str *s, uint64_t *v)
{
	uint64_t r = 0;
	size_t i;

	for (i = 0; i < 16 && s->n - i >= 8 && num_digits_of_8(s->p + i) == 8; i += 8)
		r = r * 100000000 + eight(s->p + i);
	for (; i < s->n && char_digit(s->p[i]); i++) {
		unsigned d = (unsigned)(s->p[i] - '0');

		if (i >= 19 && r > (UINT64_MAX - d) / 10) /* 19 digits always fit */
			return false;
		r = r * 10 + d;
	}
	if (i == 0)
		return false;
	*s = str_from(*s, i);
	*v = r;
	return true;
}

bool
num_u64(struct str s, uint64_t *v)
{
	uint64_t r;

	if (!num_eat(&s, &r) || s.n)
		return false;
	*v = r;
	return true;
}

/* The signed value of a magnitude; false if it is out of range. */
static bool
with_sign(uint64_t u, bool neg, int64_t *v)
{
	if (u > (uint64_t)INT64_MAX + neg)
		return false;
	*v = neg ? (int64_t)-u : (int64_t)u;
	return true;
}

bool
num_i64(struct str s, int64_t *v)
{
	bool neg = s.n && *s.p == '-';
	uint64_t u;

	return num_u64(str_from(s, neg), &u) && with_sign(u, neg, v);
}

bool
num_hex(struct str s, uint64_t *v)
{
	uint64_t r = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i], low = (char)(c | 0x20);
		unsigned d = 16;

		if (char_digit(c))
			d = (unsigned)(c - '0');
		else if (low >= 'a' && low <= 'f')
			d = (unsigned)(low - 'a') + 10;
		if (d > 15 || r >> 60)
			return false;
		r = r << 4 | d;
	}
	*v = r;
	return true;
}

bool
num_fixed(struct str s, unsigned digits, int64_t *v)
{
	bool neg = str_eat(&s, S("-")), digit = false, point = false, eneg;
	int64_t exp = digits; /* power of ten still to be applied to r */
	uint64_t r = 0, e = 0;
	size_t i;

	if (!neg)
		str_eat(&s, S("+"));
	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '.' && digit && !point) {
			point = true;
			digit = false;
			continue;
		}
		if (!char_digit(s.p[i]))
			break;
		digit = true;
		exp -= point;
		if (r <= (UINT64_MAX - 9) / 10)
			r = r * 10 + (unsigned)(s.p[i] - '0');
		else
			exp++; /* excess digits are cut off */
	}
	if (!digit) /* before and after the decimal point */
		return false;
	s = str_from(s, i);
	if (s.n && (*s.p | 0x20) == 'e') {
		s = str_from(s, 1);
		eneg = str_eat(&s, S("-"));
		if (!eneg)
			str_eat(&s, S("+"));
		if (s.n == 0)
			return false;
		for (; s.n && char_digit(*s.p); s = str_from(s, 1))
			if (e < INT64_MAX / 100)
				e = e * 10 + (unsigned)(*s.p - '0');
		exp += eneg ? -(int64_t)e : (int64_t)e;
	}
	if (s.n)
		return false;
	for (; exp < 0 && r; exp++)
		r /= 10;
	for (; exp > 0 && r; exp--) {
		if (r > UINT64_MAX / 10)
			return false;
		r *= 10;
	}
	return with_sign(r, neg, v);
}

static const struct unit {
	struct str name;
	int64_t size;
} durations[] = {
	{STR_INIT("ns"), 1},
	{STR_INIT("us"), 1000},
	{STR_INIT("ms"), 1000000},
	{STR_INIT("s"), 1000000000},
	{STR_INIT("m"), 60 * INT64_C(1000000000)},
	{STR_INIT("h"), 3600 * INT64_C(1000000000)},
	{STR_INIT("d"), 86400 * INT64_C(1000000000)},
	{STR_INIT(""), 1000000000},
}, sizes[] = {
	{STR_INIT("K"), 1 << 10},
	{STR_INIT("M"), 1 << 20},
	{STR_INIT("G"), 1 << 30},
	{STR_INIT(""), 1},
};

/* A decimal number with an optional fraction, then one of the units. */
static bool
measure(struct str s, const struct unit *u, size_t n, uint64_t *v)
{
	uint64_t whole, frac = 0, scale = 1, size;

	if (!num_eat(&s, &whole))
		return false;
	if (str_eat(&s, S("."))) {
		size_t len = s.n;

		if (!num_eat(&s, &frac) || len - s.n > 9)
			return false;
		for (len -= s.n; len; len--)
			scale *= 10;
	}
	for (; n; n--, u++)
		if (str_eq(s, u->name))
			break;
	if (n == 0)
		return false;
	size = (uint64_t)u->size;
	if (whole > UINT64_MAX / size)
		return false;
	whole *= size;
	/* frac < scale <= 10^9: the product is split so that it cannot overflow */
	frac = frac * (size / scale) + frac * (size % scale) / scale;
	if (frac > UINT64_MAX - whole)
		return false;
	*v = whole + frac;
	return true;
}

bool
num_duration(struct str s, int64_t *ns)
{
	uint64_t v;

	if (!measure(s, durations, NELEM(durations), &v) || v > INT64_MAX)
		return false;
	*ns = (int64_t)v;
	return true;
}

bool
num_size(struct str s, uint64_t *bytes)
{
	uint64_t v;

	if (!measure(s, sizes, NELEM(sizes), &v))
		return false;
	*bytes = v;
	return true;
}
