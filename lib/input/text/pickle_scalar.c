#include "input/text/unpickle.h"

#include <string.h>

#include "base/num.h"

bool
pickle_take_line(struct machine *v, struct str *s)
{
	struct str rest = str_from(v->in, v->at);
	size_t n = str_find(rest, S("\n"));

	if (n == rest.n)
		return fail(v, "ends too early");
	*s = str_trim(str_head(rest, n));
	v->at += n + 1;
	return true;
}

static bool
make(struct obj *o, enum obj_kind kind, struct str s)
{
	*o = (struct obj){.p = s.p, .n = (uint32_t)s.n, .kind = (uint8_t)kind};
	return true;
}

static bool
make_i64(struct obj *o, int64_t n)
{
	*o = (struct obj){.integer = n, .kind = INTEGER};
	return true;
}

static bool
make_u64(struct machine *v, struct obj *o, uint64_t n)
{
	char tmp[24];
	struct buf b = {.p = tmp, .cap = sizeof(tmp)};

	if (n <= INT64_MAX)
		return make_i64(o, (int64_t)n);
	buf_u64(&b, n);
	return make(o, NUMBER, mem_str(v->m, buf_str(&b)));
}

/* Two's complement, little-endian. */
static bool
make_long(struct machine *v, struct obj *o, struct str s)
{
	bool minus = s.n && (signed char)s.p[s.n - 1] < 0;
	uint64_t u = minus ? UINT64_MAX : 0;

	if (s.n == 9 && !minus && s.p[8] == 0)
		s.n = 8; /* an unsigned 64-bit number */
	else if (s.n > 8)
		return fail(v, "an integer beyond 64 bits");
	for (size_t i = s.n; i-- > 0;)
		u = u << 8 | (unsigned char)s.p[i];
	return minus ? make_i64(o, (int64_t)u) : make_u64(v, o, u);
}

/* Decimal digits: INT and LONG; "00" and "01" of INT are booleans. */
static bool
make_decimal(struct machine *v, struct obj *o, struct str s, bool is_int)
{
	uint64_t u;
	int64_t n;

	if (is_int && (str_eq(s, S("00")) || str_eq(s, S("01")))) {
		*o = s.p[1] == '1' ? pickle_true : pickle_false;
		return true;
	}
	if (!is_int && str_ends(s, S("L")))
		s.n--;
	if (num_i64(s, &n))
		return make_i64(o, n);
	return num_u64(s, &u) ? make_u64(v, o, u) : fail(v, "an integer that is none or beyond 64 bits");
}

static bool
make_float(struct machine *v, struct obj *o, double d)
{
	char tmp[48];
	struct buf b = {.p = tmp, .cap = sizeof(tmp)};

	if (d > -9e12 && d < 9e12) {
		buf_fixed(&b, (int64_t)(d * 1e6), 6);
	} else if (d > -9e18 && d < 9e18) {
		buf_i64(&b, (int64_t)d);
	} else {
		*o = pickle_none; /* NaN, infinity, and numbers out of range */
		return true;
	}
	return make(o, NUMBER, mem_str(v->m, buf_str(&b)));
}

static bool
make_binfloat(struct machine *v, struct obj *o, struct str s)
{
	uint64_t u = 0;
	double d;

	_Static_assert(sizeof(d) == sizeof(u), "IEEE 754");
	for (size_t i = 0; i < 8; i++)
		u = u << 8 | (unsigned char)s.p[i];
	memcpy(&d, &u, sizeof(d));
	return make_float(v, o, d);
}

/* repr() of a float: digits as JSON has them, or nan, inf. */
static bool
make_text_float(struct machine *v, struct obj *o, struct str s)
{
	char tmp[48];
	struct buf b = {.p = tmp, .cap = sizeof(tmp)};
	int64_t n;

	*o = pickle_none;
	if (!num_fixed(s, 6, &n))
		return true;
	buf_fixed(&b, n, 6);
	return make(o, NUMBER, mem_str(v->m, buf_str(&b)));
}

static int
hex(char c)
{
	int low = c | 0x20;

	return char_digit(c) ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/* Value of n hex digits at the start of s, or -1. */
static int64_t
hex_value(struct str s, size_t n)
{
	int64_t c = 0;

	if (s.n < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (hex(s.p[i]) < 0)
			return -1;
		c = c * 16 + hex(s.p[i]);
	}
	return c;
}

/*
 * Unescaped text: in UNICODE only \u and \U are escapes, other bytes are Latin-1; in
 * STRING, the text that repr() prints between quotes.
 */
static bool
make_escaped(struct machine *v, struct obj *o, struct str s, bool unicode)
{
	static const char from[] = "abfnrtv\\'\"", to[] = "\a\b\f\n\r\t\v\\'\"";
	struct buf b = {0};
	const char *e;

	if (!unicode) {
		if (s.n < 2 || (s.p[0] != '\'' && s.p[0] != '"') || s.p[s.n - 1] != s.p[0])
			return fail(v, "a string without quotes");
		s = str_head(str_from(s, 1), s.n - 2);
	}
	while (s.n) {
		char c = s.p[0];
		size_t digits = 0;
		int64_t code = -1;

		s = str_from(s, 1);
		if (c != '\\' || s.n == 0) {
			if (unicode)
				buf_utf8(&b, (unsigned char)c);
			else
				buf_chr(&b, c);
			continue;
		}
		if (unicode ? s.p[0] == 'u' || s.p[0] == 'U' : s.p[0] == 'x') {
			digits = s.p[0] == 'u' ? 4 : s.p[0] == 'U' ? 8 : 2;
			code = hex_value(str_from(s, 1), digits);
		}
		e = unicode ? NULL : memchr(from, s.p[0], sizeof(from) - 1);
		if (code >= 0 && code <= 0x10ffff) {
			if (unicode)
				buf_utf8(&b, code >= 0xd800 && code < 0xe000 ? 0xfffd : (uint32_t)code);
			else
				buf_chr(&b, (char)code);
			s = str_from(s, 1 + digits);
		} else if (e) {
			buf_chr(&b, to[e - from]);
			s = str_from(s, 1);
		} else {
			buf_chr(&b, c);
		}
	}
	s = mem_str(v->m, buf_str(&b));
	buf_free(&b);
	return make(o, TEXT, s);
}

bool
pickle_scalar(struct machine *v, enum op op, struct obj *o)
{
	uint64_t u;
	struct str s;

	switch (op) {
	case BININT:
		return take_number(v, 4, &u) && make_i64(o, (int32_t)(uint32_t)u);
	case BININT1:
		return take_number(v, 1, &u) && make_i64(o, (int64_t)u);
	case BININT2:
		return take_number(v, 2, &u) && make_i64(o, (int64_t)u);
	case LONG1:
		return take_number(v, 1, &u) && take(v, u, &s) && make_long(v, o, s);
	case LONG4:
		return take_number(v, 4, &u) && take(v, u, &s) && make_long(v, o, s);
	case INT:
		return pickle_take_line(v, &s) && make_decimal(v, o, s, true);
	case LONG:
		return pickle_take_line(v, &s) && make_decimal(v, o, s, false);
	case FLOAT:
		return pickle_take_line(v, &s) && make_text_float(v, o, s);
	case BINFLOAT:
		return take(v, 8, &s) && make_binfloat(v, o, s);
	case STRING:
		return pickle_take_line(v, &s) && make_escaped(v, o, s, false);
	case UNICODE:
		return pickle_take_line(v, &s) && make_escaped(v, o, s, true);
	case SHORT_BINSTRING:
	case SHORT_BINUNICODE:
		return take_number(v, 1, &u) && take(v, u, &s) && make(o, TEXT, s);
	case BINSTRING:
	case BINUNICODE:
		return take_number(v, 4, &u) && take(v, u, &s) && make(o, TEXT, s);
	case BINUNICODE8:
		return take_number(v, 8, &u) && take(v, u, &s) && make(o, TEXT, s);
	default:
		return false;
	}
}
