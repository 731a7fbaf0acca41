#include "base/num.h"

#include <string.h>

#include "base/mem.h"
#include "base/test.h"
#include "base/test_edge.h"

#define MARK 424242 /* value of *v that must not change */

/* clang-format off */
static const struct {
	struct str s;
	bool ok;
	uint64_t v;
} unsigneds[] = {
	{{NULL, 0}, false, 0},
	{STR_INIT(""), false, 0},
	{STR_INIT("0"), true, 0},
	{STR_INIT("00"), true, 0},
	{STR_INIT("007"), true, 7},
	{STR_INIT("1234567890"), true, 1234567890},
	{STR_INIT("9223372036854775808"), true, 9223372036854775808u},
	{STR_INIT("18446744073709551609"), true, 18446744073709551609u},
	{STR_INIT("18446744073709551610"), true, 18446744073709551610u},
	{STR_INIT("18446744073709551615"), true, UINT64_MAX},
	{STR_INIT("18446744073709551616"), false, 0},
	{STR_INIT("18446744073709551619"), false, 0},
	{STR_INIT("18446744073709551620"), false, 0},
	{STR_INIT("20000000000000000000"), false, 0},
	{STR_INIT("99999999999999999999"), false, 0},
	{STR_INIT("100000000000000000000"), false, 0},
	{STR_INIT("184467440737095516150"), false, 0},
	{STR_INIT("000000000000000000000000000018446744073709551615"), true, UINT64_MAX},
	{STR_INIT("+1"), false, 0},
	{STR_INIT("-0"), false, 0},
	{STR_INIT("-1"), false, 0},
	{STR_INIT(" 1"), false, 0},
	{STR_INIT("1 "), false, 0},
	{STR_INIT("1\n"), false, 0},
	{STR_INIT("1\0"), false, 0},
	{STR_INIT("\0" "1"), false, 0},
	{STR_INIT("1a"), false, 0},
	{STR_INIT("1/"), false, 0},
	{STR_INIT("1:"), false, 0},
	{STR_INIT("0x1"), false, 0},
	{STR_INIT("1.0"), false, 0},
	{STR_INIT("1e3"), false, 0},
	{STR_INIT("1,000"), false, 0},
	{STR_INIT("\xb1"), false, 0},
	{STR_INIT("\xd9\xa1"), false, 0}, /* an Arabic digit */
};

static const struct {
	struct str s;
	bool ok;
	int64_t v;
} signeds[] = {
	{{NULL, 0}, false, 0},
	{STR_INIT(""), false, 0},
	{STR_INIT("-"), false, 0},
	{STR_INIT("0"), true, 0},
	{STR_INIT("-0"), true, 0},
	{STR_INIT("-1"), true, -1},
	{STR_INIT("-007"), true, -7},
	{STR_INIT("42"), true, 42},
	{STR_INIT("9223372036854775807"), true, INT64_MAX},
	{STR_INIT("9223372036854775808"), false, 0},
	{STR_INIT("18446744073709551615"), false, 0},
	{STR_INIT("18446744073709551616"), false, 0},
	{STR_INIT("-9223372036854775807"), true, -INT64_MAX},
	{STR_INIT("-9223372036854775808"), true, INT64_MIN},
	{STR_INIT("-9223372036854775809"), false, 0},
	{STR_INIT("-18446744073709551615"), false, 0},
	{STR_INIT("-18446744073709551616"), false, 0},
	{STR_INIT("--1"), false, 0},
	{STR_INIT("+1"), false, 0},
	{STR_INIT("-+1"), false, 0},
	{STR_INIT("- 1"), false, 0},
	{STR_INIT("1-"), false, 0},
};

static const struct {
	struct str s;
	bool ok;
	uint64_t v;
} hexes[] = {
	{{NULL, 0}, false, 0},
	{STR_INIT(""), false, 0},
	{STR_INIT("0"), true, 0},
	{STR_INIT("9"), true, 9},
	{STR_INIT("a"), true, 10},
	{STR_INIT("F"), true, 15},
	{STR_INIT("0123456789"), true, 0x0123456789},
	{STR_INIT("abcdef"), true, 0xabcdef},
	{STR_INIT("ABCDEF"), true, 0xabcdef},
	{STR_INIT("DeadBeef"), true, 0xdeadbeef},
	{STR_INIT("7fffffffffffffff"), true, INT64_MAX},
	{STR_INIT("ffffffffffffffff"), true, UINT64_MAX},
	{STR_INIT("10000000000000000"), false, 0},
	{STR_INIT("fffffffffffffffff"), false, 0},
	{STR_INIT("0000000000000000ffffffffffffffff"), true, UINT64_MAX},
	{STR_INIT("0x1"), false, 0},
	{STR_INIT("x1"), false, 0},
	{STR_INIT("g"), false, 0},
	{STR_INIT("1g"), false, 0},
	{STR_INIT("-1"), false, 0},
	{STR_INIT("+1"), false, 0},
	{STR_INIT(" 1"), false, 0},
	{STR_INIT("1 "), false, 0},
	{STR_INIT("1\0"), false, 0},
};

static const struct {
	struct str s;
	unsigned digits;
	bool ok;
	int64_t v;
} fixeds[] = {
	{{NULL, 0}, 3, false, 0},
	{STR_INIT(""), 3, false, 0},
	{STR_INIT("0"), 0, true, 0},
	{STR_INIT("-0"), 0, true, 0},
	{STR_INIT("+0"), 9, true, 0},
	{STR_INIT("-0.0e-0"), 9, true, 0},
	{STR_INIT("1"), 0, true, 1},
	{STR_INIT("1"), 9, true, 1000000000},
	{STR_INIT("+1"), 1, true, 10},
	{STR_INIT("-1"), 1, true, -10},
	{STR_INIT("007"), 1, true, 70},
	{STR_INIT("-007.50"), 2, true, -750},
	{STR_INIT("1.5e1"), 3, true, 15000},
	{STR_INIT("1.5E+1"), 3, true, 15000},
	{STR_INIT("15e-1"), 3, true, 1500},
	{STR_INIT("0.1"), 9, true, 100000000},
	{STR_INIT("0.3"), 18, true, 300000000000000000},
	{STR_INIT("1.000000001"), 9, true, 1000000001},
	{STR_INIT("1711111111.123456789"), 9, true, 1711111111123456789},
	{STR_INIT("0.000000001"), 9, true, 1},
	{STR_INIT("1e-9"), 9, true, 1},
	{STR_INIT("1e9"), 0, true, 1000000000},
	{STR_INIT("1e18"), 0, true, 1000000000000000000},
	{STR_INIT("1e+018"), 0, true, 1000000000000000000},
	{STR_INIT("1e-018"), 18, true, 1},
	{STR_INIT("123e-2"), 2, true, 123},
	/* truncation */
	{STR_INIT("0.9"), 0, true, 0},
	{STR_INIT("-0.9"), 0, true, 0},
	{STR_INIT("1.9"), 0, true, 1},
	{STR_INIT("-1.9"), 0, true, -1},
	{STR_INIT("1.9999999999"), 9, true, 1999999999},
	{STR_INIT("-1.9999999999"), 9, true, -1999999999},
	{STR_INIT("0.0009999999"), 3, true, 0},
	{STR_INIT("1e-10"), 9, true, 0},
	{STR_INIT("99e-1"), 0, true, 9},
	{STR_INIT("19999999999999999999999999999e-28"), 0, true, 1},
	{STR_INIT("0.99999999999999999999999999999999"), 0, true, 0},
	{STR_INIT("123456789012345678901234567890e-20"), 0, true, 1234567890},
	{STR_INIT("1234567890.12345678901234567890"), 9, true, 1234567890123456789},
	/* range */
	{STR_INIT("9223372036854775807"), 0, true, INT64_MAX},
	{STR_INIT("9223372036854775807.9"), 0, true, INT64_MAX},
	{STR_INIT("9223372036854775807.9999999999999999"), 0, true, INT64_MAX},
	{STR_INIT("9223372036854775808"), 0, false, 0},
	{STR_INIT("9223372036854775808.0"), 0, false, 0},
	{STR_INIT("-9223372036854775808"), 0, true, INT64_MIN},
	{STR_INIT("-9223372036854775808.9"), 0, true, INT64_MIN},
	{STR_INIT("-9223372036854775809"), 0, false, 0},
	{STR_INIT("9223372036.854775807"), 9, true, INT64_MAX},
	{STR_INIT("9223372036.8547758079"), 9, true, INT64_MAX},
	{STR_INIT("9223372036.854775808"), 9, false, 0},
	{STR_INIT("-9223372036.854775808"), 9, true, INT64_MIN},
	{STR_INIT("-9223372036.854775809"), 9, false, 0},
	{STR_INIT("9.223372036854775807e18"), 0, true, INT64_MAX},
	{STR_INIT("0.00009223372036854775807e23"), 0, true, INT64_MAX},
	{STR_INIT("9223372036854775807000e-3"), 0, true, INT64_MAX},
	{STR_INIT("9223372036854775808000e-3"), 0, false, 0},
	{STR_INIT("1844674407370955161.6"), 1, false, 0},
	{STR_INIT("18446744073709551616"), 0, false, 0},
	{STR_INIT("18446744073709551617"), 0, false, 0},
	{STR_INIT("36893488147419103233"), 0, false, 0},
	{STR_INIT("18446744073709551617e-1"), 0, true, 1844674407370955161},
	{STR_INIT("1e19"), 0, false, 0},
	{STR_INIT("10"), 18, false, 0},
	{STR_INIT("1e-1"), 19, true, 1000000000000000000},
	{STR_INIT("92233720368547758070"), 0, false, 0},
	/* excessive exponents */
	{STR_INIT("1e999999999999999999999999"), 0, false, 0},
	{STR_INIT("-1e999999999999999999999999"), 0, false, 0},
	{STR_INIT("0e999999999999999999999999"), 0, true, 0},
	{STR_INIT("0.000e9223372036854775807"), 9, true, 0},
	{STR_INIT("1e-999999999999999999999999"), 9, true, 0},
	{STR_INIT("1e9223372036854775807"), 0, false, 0},
	{STR_INIT("1e-9223372036854775808"), 0, true, 0},
	{STR_INIT("1e18446744073709551616"), 0, false, 0},
	{STR_INIT("1e00000000000000000000000000000001"), 0, true, 10},
	/* not numbers according to RFC 8259 */
	{STR_INIT("."), 0, false, 0},
	{STR_INIT("-"), 0, false, 0},
	{STR_INIT("+"), 0, false, 0},
	{STR_INIT("-."), 0, false, 0},
	{STR_INIT("e1"), 0, false, 0},
	{STR_INIT(".e1"), 0, false, 0},
	{STR_INIT("1e"), 0, false, 0},
	{STR_INIT("1e+"), 0, false, 0},
	{STR_INIT("1e-"), 0, false, 0},
	{STR_INIT("1e+-1"), 0, false, 0},
	{STR_INIT("1e-+1"), 0, false, 0},
	{STR_INIT("1e--1"), 0, false, 0},
	{STR_INIT("1e1.0"), 0, false, 0},
	{STR_INIT("1e1e1"), 0, false, 0},
	{STR_INIT("1.2.3"), 0, false, 0},
	{STR_INIT("1..2"), 0, false, 0},
	{STR_INIT("--1"), 0, false, 0},
	{STR_INIT("++1"), 0, false, 0},
	{STR_INIT("+-1"), 0, false, 0},
	{STR_INIT("-+1"), 0, false, 0},
	{STR_INIT("1,5"), 0, false, 0},
	{STR_INIT(" 1"), 0, false, 0},
	{STR_INIT("1 "), 0, false, 0},
	{STR_INIT("1\0"), 0, false, 0},
	{STR_INIT("0x10"), 0, false, 0},
	{STR_INIT("NaN"), 0, false, 0},
	{STR_INIT("inf"), 0, false, 0},
	{STR_INIT("1s"), 0, false, 0},
	{STR_INIT(".5"), 1, false, 0},
	{STR_INIT("-.5"), 1, false, 0},
	{STR_INIT("5."), 1, false, 0},
	{STR_INIT("5.e1"), 1, false, 0},
};

static const struct {
	struct str s;
	bool ok;
	uint64_t v;
	struct str left;
} eats[] = {
	{{NULL, 0}, false, 0, {NULL, 0}},
	{STR_INIT(""), false, 0, STR_INIT("")},
	{STR_INIT("a1"), false, 0, STR_INIT("a1")},
	{STR_INIT("-1"), false, 0, STR_INIT("-1")},
	{STR_INIT(" 1"), false, 0, STR_INIT(" 1")},
	{STR_INIT("0"), true, 0, STR_INIT("")},
	{STR_INIT("12ab3"), true, 12, STR_INIT("ab3")},
	{STR_INIT("0012.5"), true, 12, STR_INIT(".5")},
	{STR_INIT("1\0" "2"), true, 1, STR_INIT("\0" "2")},
	{STR_INIT("18446744073709551615x"), true, UINT64_MAX, STR_INIT("x")},
	{STR_INIT("18446744073709551616x"), false, 0, STR_INIT("18446744073709551616x")},
	{STR_INIT("99999999999999999999999"), false, 0, STR_INIT("99999999999999999999999")},
	{STR_INIT("999999999999999999999999"), false, 0, STR_INIT("999999999999999999999999")},
	{STR_INIT("000000000000000000000007"), true, 7, STR_INIT("")},
};

#define NS INT64_C(1)
#define US (1000 * NS)
#define MS (1000 * US)
#define SEC (1000 * MS)
#define MIN (60 * SEC)
#define HOUR (60 * MIN)
#define DAY (24 * HOUR)

static const struct {
	struct str s;
	bool ok;
	int64_t v;
} durations[] = {
	{{NULL, 0}, false, 0},
	{STR_INIT(""), false, 0},
	{STR_INIT("0"), true, 0},
	{STR_INIT("0d"), true, 0},
	{STR_INIT("90s"), true, 90 * SEC},
	{STR_INIT("1.5m"), true, 90 * SEC},
	{STR_INIT("250ms"), true, 250 * MS},
	{STR_INIT("5"), true, 5 * SEC},
	{STR_INIT("0.5"), true, 500 * MS},
	{STR_INIT("1ns"), true, 1},
	{STR_INIT("1us"), true, US},
	{STR_INIT("1ms"), true, MS},
	{STR_INIT("1s"), true, SEC},
	{STR_INIT("1m"), true, MIN},
	{STR_INIT("1h"), true, HOUR},
	{STR_INIT("1d"), true, DAY},
	{STR_INIT("007h"), true, 7 * HOUR},
	{STR_INIT("0.000000001s"), true, 1},
	{STR_INIT("1.000000001"), true, SEC + 1},
	{STR_INIT("0.001us"), true, 1},
	{STR_INIT("1.999ms"), true, 1999 * US},
	{STR_INIT("0.1d"), true, 8640 * SEC},
	{STR_INIT("0.999999999d"), true, DAY - 86400},
	{STR_INIT("0.000000001d"), true, 86400},
	{STR_INIT("0.25h"), true, 15 * MIN},
	{STR_INIT("1.010s"), true, 1010 * MS},
	{STR_INIT("-1s"), false, 0},
	{STR_INIT("+1s"), false, 0},
	{STR_INIT("s"), false, 0},
	{STR_INIT(".5s"), false, 0},
	{STR_INIT("5.s"), false, 0},
	{STR_INIT("5."), false, 0},
	{STR_INIT("."), false, 0},
	{STR_INIT("1.2.3s"), false, 0},
	{STR_INIT("1,5s"), false, 0},
	{STR_INIT("1 s"), false, 0},
	{STR_INIT(" 1s"), false, 0},
	{STR_INIT("1s "), false, 0},
	{STR_INIT("1s\0"), false, 0},
	{STR_INIT("1S"), false, 0},
	{STR_INIT("1sec"), false, 0},
	{STR_INIT("1w"), false, 0},
	{STR_INIT("1n"), false, 0},
	{STR_INIT("1K"), false, 0},
	{STR_INIT("1m30s"), false, 0},
	{STR_INIT("1e3s"), false, 0},
	{STR_INIT("0x1s"), false, 0},
	/* INT64_MAX ns is 106751 d 23 h 47 min 16.854775807 s */
	{STR_INIT("9223372036854775807ns"), true, INT64_MAX},
	{STR_INIT("9223372036854775808ns"), false, 0},
	{STR_INIT("18446744073709551615ns"), false, 0},
	{STR_INIT("18446744073709551616ns"), false, 0},
	{STR_INIT("9223372036854775us"), true, 9223372036854775 * US},
	{STR_INIT("9223372036854775.807us"), true, INT64_MAX},
	{STR_INIT("9223372036854775.808us"), false, 0},
	{STR_INIT("9223372036854776us"), false, 0},
	{STR_INIT("9223372036854ms"), true, 9223372036854 * MS},
	{STR_INIT("9223372036855ms"), false, 0},
	{STR_INIT("9223372036s"), true, 9223372036 * SEC},
	{STR_INIT("9223372036.854775807"), true, INT64_MAX},
	{STR_INIT("9223372036.854775808"), false, 0},
	{STR_INIT("9223372037s"), false, 0},
	{STR_INIT("153722867m"), true, 153722867 * MIN},
	{STR_INIT("153722868m"), false, 0},
	{STR_INIT("2562047h"), true, 2562047 * HOUR},
	{STR_INIT("2562048h"), false, 0},
	{STR_INIT("106750d"), true, 106750 * DAY},
	{STR_INIT("106751d"), true, 106751 * DAY},
	{STR_INIT("106752d"), false, 0},
	{STR_INIT("18446744073709551615d"), false, 0},
	/* the integer part fits into uint64_t, with the fraction it does not */
	{STR_INIT("213503.999999999d"), false, 0},
	{STR_INIT("307445734.999999999m"), false, 0},
	{STR_INIT("18446744073.999999999s"), false, 0},
	{STR_INIT("18446744073709.999999999ms"), false, 0},
	{STR_INIT("18446744073709551.999us"), false, 0},
};

#define KI UINT64_C(1024)
#define MI (1024 * KI)
#define GI (1024 * MI)

static const struct {
	struct str s;
	bool ok;
	uint64_t v;
} sizes[] = {
	{{NULL, 0}, false, 0},
	{STR_INIT(""), false, 0},
	{STR_INIT("0"), true, 0},
	{STR_INIT("0G"), true, 0},
	{STR_INIT("1"), true, 1},
	{STR_INIT("123456"), true, 123456},
	{STR_INIT("1K"), true, KI},
	{STR_INIT("64M"), true, 64 * MI},
	{STR_INIT("1G"), true, GI},
	{STR_INIT("0001G"), true, GI},
	{STR_INIT("1.5K"), true, 1536},
	{STR_INIT("0.5M"), true, 512 * KI},
	{STR_INIT("0.25G"), true, 256 * MI},
	{STR_INIT("1k"), false, 0},
	{STR_INIT("1m"), false, 0},
	{STR_INIT("1B"), false, 0},
	{STR_INIT("1KB"), false, 0},
	{STR_INIT("1KiB"), false, 0},
	{STR_INIT("1T"), false, 0},
	{STR_INIT("K"), false, 0},
	{STR_INIT("-1"), false, 0},
	{STR_INIT("+1"), false, 0},
	{STR_INIT("1 K"), false, 0},
	{STR_INIT("1K "), false, 0},
	{STR_INIT("1K\0"), false, 0},
	{STR_INIT("1s"), false, 0},
	{STR_INIT("1e3"), false, 0},
	{STR_INIT("0x10"), false, 0},
	{STR_INIT("8589934590G"), true, 8589934590 * GI},
	{STR_INIT("9223372036854775806"), true, 9223372036854775806},
	{STR_INIT("9223372036854775807"), true, INT64_MAX},
	{STR_INIT("18446744073709551616"), false, 0},
	{STR_INIT("18014398509481984K"), false, 0},
	{STR_INIT("17592186044416M"), false, 0},
	{STR_INIT("17179869184G"), false, 0},
	{STR_INIT("17179869185G"), false, 0},
	{STR_INIT("18446744073709551615G"), false, 0},
	/* limits of uint64_t */
	{STR_INIT("8589934591G"), true, 8589934591 * GI},
	{STR_INIT("17179869183G"), true, 17179869183 * GI},
	{STR_INIT("17179869183.999999999G"), true, UINT64_MAX - 1},
	{STR_INIT("18446744073709551615"), true, UINT64_MAX},
};
/* clang-format on */

/* The value of an ASCII hexadecimal digit, or -1. */
static int
hex_digit(int c)
{
	const char *digits = "0123456789abcdef0123456789ABCDEF", *hit;

	hit = c ? strchr(digits, c) : NULL;
	return hit ? (int)((hit - digits) % 16) : -1;
}

static void
test_single_bytes(void)
{
	TEST("of single bytes, only digits are numbers");
	for (int i = 0; i < 256; i++) {
		char c = (char)i;
		struct str s = {&c, 1};
		int hex = hex_digit(i);
		bool decimal = i >= '0' && i <= '9';
		uint64_t u = MARK, x = MARK;
		int64_t n = MARK, f = MARK;

		CHECK_ROW(i, num_u64(s, &u) == decimal);
		CHECK_ROW(i, num_i64(s, &n) == decimal);
		CHECK_ROW(i, num_fixed(s, 0, &f) == decimal);
		CHECK_ROW(i, num_hex(s, &x) == (hex >= 0));
		CHECK_ROW(i, u == (decimal ? (uint64_t)(i - '0') : MARK));
		CHECK_ROW(i, n == (decimal ? i - '0' : MARK));
		CHECK_ROW(i, f == (decimal ? i - '0' : MARK));
		CHECK_ROW(i, x == (hex >= 0 ? (uint64_t)hex : MARK));
	}
}

static void
test_inner_bytes(void)
{
	TEST("between digits, only a point and an e make another number");
	for (int i = 0; i < 256; i++) {
		char text[] = {'2', (char)i, '1'};
		struct str s = {text, 3};
		bool digit = i >= '0' && i <= '9', point = i == '.', e = i == 'e' || i == 'E';
		uint64_t u = MARK;
		int64_t v = MARK;

		CHECK_ROW(i, num_u64(s, &u) == digit);
		CHECK_ROW(i, num_fixed(s, 1, &v) == (digit || point || e));
		CHECK_ROW(i, !point || v == 21);
		CHECK_ROW(i, !e || v == 200);
		CHECK_ROW(i, num_hex(s, &u) == (hex_digit(i) >= 0));
	}
}

/* Any byte at any position among digits. */
static void
test_by_eight(void)
{
	static const char digits[] = "1234567890123456789";
	uint64_t expected;

	TEST("digits in groups of eight, up to any byte");
	for (size_t n = 0; n <= 19; n++)
		for (int i = 0; i < 256; i++) {
			char text[24] = "";
			struct str s = {text, n < 19 ? 19 : n};
			uint64_t v = MARK;

			memcpy(text, digits, 19);
			if (n < 19)
				text[n] = (char)i;
			if (i >= '0' && i <= '9')
				continue;
			CHECK_ROW(i, num_digits_of_8(text) == (n < 8 ? n : 8));
			expected = 0;
			for (size_t k = 0; k < n; k++)
				expected = expected * 10 + (unsigned)(digits[k] - '0');
			CHECK_ROW(i, num_eat(&s, &v) == (n > 0));
			CHECK_ROW(i, v == (n ? expected : MARK) && s.p == text + n);
		}
}

/*
 * A million digits each: quadratic code would take minutes.
 */
static void
test_long(void)
{
	enum { N = 1000000 };
	struct mem m = {0};
	char *p = mem_bytes(&m, N + 8);
	struct str rest;
	int64_t v = MARK;
	uint64_t u = MARK;

	TEST("a million digits");
	memset(p, '9', N + 8);
	CHECK(!num_fixed((struct str){p, N}, 9, &v) && v == MARK);
	CHECK(!num_u64((struct str){p, N}, &u) && u == MARK);
	CHECK(!num_hex((struct str){p, N}, &u) && u == MARK);
	rest = (struct str){p, N};
	CHECK(!num_eat(&rest, &u) && rest.p == p && rest.n == N);
	memcpy(p + N, "e-999991", 8); /* 999999999.999... */
	CHECK(num_fixed((struct str){p, N + 8}, 3, &v) && v == 999999999999);
	memcpy(p + N, "e+999999", 8);
	v = MARK;
	CHECK(!num_fixed((struct str){p, N + 8}, 3, &v) && v == MARK);

	p[1] = '.';
	v = MARK;
	CHECK(num_fixed((struct str){p, N}, 9, &v) && v == 9999999999);
	p[1] = '9';
	memset(p + 2, '0', N - 2);
	memcpy(p + N, "e-999997", 8); /* 99e999998 e-999997 */
	CHECK(num_fixed((struct str){p, N + 8}, 1, &v) && v == 9900);

	memset(p, '0', N);
	p[1] = '.';
	p[N - 1] = '7'; /* 7e-999998 */
	CHECK(num_fixed((struct str){p, N}, 9, &v) && v == 0);
	memcpy(p + N, "e+999999", 8);
	CHECK(num_fixed((struct str){p, N + 8}, 2, &v) && v == 7000);
	p[1] = '0';
	CHECK(num_u64((struct str){p, N}, &u) && u == 7);
	CHECK(num_hex((struct str){p, N}, &u) && u == 7);

	memset(p, '0', N);
	memcpy(p, "3e", 2);
	p[N - 1] = '2';
	CHECK(num_fixed((struct str){p, N}, 0, &v) && v == 300);
	memset(p + 2, '9', N - 2);
	v = MARK;
	CHECK(!num_fixed((struct str){p, N}, 0, &v) && v == MARK);
	p[2] = '-';
	CHECK(num_fixed((struct str){p, N}, 0, &v) && v == 0);
	mem_free(&m);
}

int
main(void)
{
	TEST("num_u64");
	for (size_t i = 0; i < NELEM(unsigneds); i++) {
		uint64_t v = MARK;

		CHECK_ROW(i, num_u64(test_edge(unsigneds[i].s), &v) == unsigneds[i].ok);
		CHECK_ROW(i, v == (unsigneds[i].ok ? unsigneds[i].v : MARK));
	}

	TEST("num_i64");
	for (size_t i = 0; i < NELEM(signeds); i++) {
		int64_t v = MARK;

		CHECK_ROW(i, num_i64(test_edge(signeds[i].s), &v) == signeds[i].ok);
		CHECK_ROW(i, v == (signeds[i].ok ? signeds[i].v : MARK));
	}

	TEST("num_hex");
	for (size_t i = 0; i < NELEM(hexes); i++) {
		uint64_t v = MARK;

		CHECK_ROW(i, num_hex(test_edge(hexes[i].s), &v) == hexes[i].ok);
		CHECK_ROW(i, v == (hexes[i].ok ? hexes[i].v : MARK));
	}

	TEST("num_fixed");
	for (size_t i = 0; i < NELEM(fixeds); i++) {
		int64_t v = MARK;

		CHECK_ROW(i, num_fixed(test_edge(fixeds[i].s), fixeds[i].digits, &v) == fixeds[i].ok);
		CHECK_ROW(i, v == (fixeds[i].ok ? fixeds[i].v : MARK));
	}

	TEST("num_eat");
	for (size_t i = 0; i < NELEM(eats); i++) {
		struct str s = test_edge(eats[i].s);
		uint64_t v = MARK;

		CHECK_ROW(i, num_eat(&s, &v) == eats[i].ok);
		CHECK_ROW(i, v == (eats[i].ok ? eats[i].v : MARK));
		CHECK_ROW(i, str_eq(s, eats[i].left));
		CHECK_ROW(i, eats[i].ok || s.n == eats[i].s.n);
	}

	test_single_bytes();
	test_inner_bytes();
	test_by_eight();
	test_long();

	TEST("num_duration");
	for (size_t i = 0; i < NELEM(durations); i++) {
		int64_t v = MARK;

		CHECK_ROW(i, num_duration(test_edge(durations[i].s), &v) == durations[i].ok);
		CHECK_ROW(i, v == (durations[i].ok ? durations[i].v : MARK));
	}

	TEST("num_size");
	for (size_t i = 0; i < NELEM(sizes); i++) {
		uint64_t v = MARK;

		CHECK_ROW(i, num_size(test_edge(sizes[i].s), &v) == sizes[i].ok);
		CHECK_ROW(i, v == (sizes[i].ok ? sizes[i].v : MARK));
	}
	return test_done();
}
