#include "base/time.h"

#include "base/test.h"
#include "base/test_edge.h"

#define MARK 424242 /* value of *ns that must not change */
#define SEC(s, ns) (INT64_C(s) * SECOND + (ns))

/* With a zone, time_eat must read all of it, too. */
/* clang-format off */
static const struct {
	struct str s;
	bool ok;
	int64_t ns;
} zoned[] = {
	{STR_INIT("1970-01-01T00:00:00Z"), true, 0},
	{STR_INIT("1970-01-01t00:00:00z"), true, 0},
	{STR_INIT("1970-01-01 00:00:00Z"), true, 0},
	{STR_INIT("1970-01-01T00:00:01Z"), true, SEC(1, 0)},
	{STR_INIT("1969-12-31T23:59:59Z"), true, SEC(-1, 0)},
	/* RFC 3339, section 5.8 */
	{STR_INIT("1985-04-12T23:20:50.52Z"), true, SEC(482196050, 520000000)},
	{STR_INIT("1996-12-19T16:39:57-08:00"), true, SEC(851042397, 0)},
	{STR_INIT("1990-12-31T23:59:60Z"), true, SEC(662688000, 0)},
	{STR_INIT("1990-12-31T15:59:60-08:00"), true, SEC(662688000, 0)},
	{STR_INIT("1937-01-01T12:00:27.87+00:20"), true, SEC(-1041337173, 870000000)},
	/* leap years */
	{STR_INIT("2000-01-01T00:00:00Z"), true, SEC(946684800, 0)},
	{STR_INIT("2000-02-29T00:00:00Z"), true, SEC(951782400, 0)},
	{STR_INIT("2000-03-01T00:00:00Z"), true, SEC(951868800, 0)},
	{STR_INIT("2024-02-29T00:00:00Z"), true, SEC(1709164800, 0)},
	{STR_INIT("1900-02-28T00:00:00Z"), true, SEC(-2203977600, 0)},
	{STR_INIT("1900-03-01T00:00:00Z"), true, SEC(-2203891200, 0)},
	{STR_INIT("2100-03-01T00:00:00Z"), true, SEC(4107542400, 0)},
	{STR_INIT("1972-02-29T00:00:00Z"), true, SEC(68169600, 0)},
	{STR_INIT("1678-01-01T00:00:00Z"), true, SEC(-9214560000, 0)},
	{STR_INIT("2262-01-01T00:00:00Z"), true, SEC(9214646400, 0)},
	{STR_INIT("2038-01-19T03:14:08Z"), true, SEC(2147483648, 0)},
	{STR_INIT("2023-02-29T00:00:00Z"), false, 0},
	{STR_INIT("1900-02-29T00:00:00Z"), false, 0},
	{STR_INIT("2100-02-29T00:00:00Z"), false, 0},
	{STR_INIT("2024-02-30T00:00:00Z"), false, 0},
	/* fractions */
	{STR_INIT("1970-01-01T00:00:00.5Z"), true, 500000000},
	{STR_INIT("1970-01-01T00:00:00,5Z"), true, 500000000},
	{STR_INIT("1970-01-01T00:00:00,123+00:00"), true, 123000000},
	{STR_INIT("1970-01-01T00:00:00.0Z"), true, 0},
	{STR_INIT("1970-01-01T00:00:00.000000001Z"), true, 1},
	{STR_INIT("1970-01-01T00:00:00.123456789Z"), true, 123456789},
	{STR_INIT("1970-01-01T00:00:00.1234567899Z"), true, 123456789},
	{STR_INIT("1970-01-01T00:00:00.00000000099999999999999999999999Z"), true, 0},
	{STR_INIT("1969-12-31T23:59:59.999999999Z"), true, -1},
	{STR_INIT("1969-12-31T23:59:59.9999999999Z"), true, -1},
	{STR_INIT("1969-12-31T23:59:58.25Z"), true, SEC(-1, -750000000)},
	{STR_INIT("1970-01-01T00:00:00.Z"), false, 0},
	{STR_INIT("1970-01-01T00:00:00,Z"), false, 0},
	{STR_INIT("1970-01-01T00:00:00..5Z"), false, 0},
	{STR_INIT("1970-01-01T00:00:00.5.5Z"), false, 0},
	{STR_INIT("1970-01-01T00:00:00.-5Z"), false, 0},
	/* zones */
	{STR_INIT("1970-01-01T02:00:00+02:00"), true, 0},
	{STR_INIT("1970-01-01T02:00:00+0200"), true, 0},
	{STR_INIT("1970-01-01T02:00:00+02"), true, 0},
	{STR_INIT("1970-01-01 02:00:00 +0200"), true, 0},
	{STR_INIT("1970-01-01T02:30:00.5+02:30"), true, 500000000},
	{STR_INIT("1969-12-31T22:00:00-02:00"), true, 0},
	{STR_INIT("1969-12-31T22:00:00-0200"), true, 0},
	{STR_INIT("1969-12-31T22:00:00-02"), true, 0},
	{STR_INIT("1969-12-31T22:00:00.25-02"), true, 250000000},
	{STR_INIT("1970-01-01T00:00:00-00:00"), true, 0},
	{STR_INIT("1970-01-01T23:59:00+23:59"), true, 0},
	{STR_INIT("1969-12-31T00:01:00-23:59"), true, 0},
	{STR_INIT("1970-01-01 00:00:00 UTC"), true, 0},
	{STR_INIT("1970-01-01 00:00:00.5 UTC"), true, 500000000},
	{STR_INIT("1970-01-01 00:00:00 +0000 UTC"), true, 0},
	{STR_INIT("1970-01-01 00:00:00.000000007 +0000 UTC"), true, 7},
	{STR_INIT("1970-01-01T00:00:00+24:00"), false, 0},
	{STR_INIT("1970-01-01T00:00:00-24:00"), false, 0},
	{STR_INIT("1970-01-01T00:00:00+02:60"), false, 0},
	{STR_INIT("1970-01-01T00:00:00+2:00"), false, 0},
	{STR_INIT("1970-01-01T00:00:00+2"), false, 0},
	{STR_INIT("1970-01-01T00:00:00+"), false, 0},
	{STR_INIT("1970-01-01T00:00:00+-2"), false, 0},
	{STR_INIT("1970-01-01T00:00:00A"), false, 0},
	{STR_INIT("1970-01-01T00:00:00 CET"), false, 0},
	/* second 60 is the next minute's 0 */
	{STR_INIT("2016-12-31T23:59:60Z"), true, SEC(1483228800, 0)},
	{STR_INIT("2016-12-31T23:59:60.25Z"), true, SEC(1483228800, 250000000)},
	{STR_INIT("1970-01-01T00:00:60Z"), true, SEC(60, 0)},
	{STR_INIT("1969-12-31T23:59:60Z"), true, 0},
	{STR_INIT("1970-01-01T00:00:61Z"), false, 0},
	/* fields out of range */
	{STR_INIT("1970-00-01T00:00:00Z"), false, 0},
	{STR_INIT("1970-13-01T00:00:00Z"), false, 0},
	{STR_INIT("1970-01-00T00:00:00Z"), false, 0},
	{STR_INIT("1970-01-32T00:00:00Z"), false, 0},
	{STR_INIT("1970-03-32T00:00:00Z"), false, 0},
	{STR_INIT("1970-04-31T00:00:00Z"), false, 0},
	{STR_INIT("1970-06-31T00:00:00Z"), false, 0},
	{STR_INIT("1970-09-31T00:00:00Z"), false, 0},
	{STR_INIT("1970-11-31T00:00:00Z"), false, 0},
	{STR_INIT("1970-01-01T24:00:00Z"), false, 0},
	{STR_INIT("1970-01-01T00:60:00Z"), false, 0},
	{STR_INIT("1970-01-01T00:00:99Z"), false, 0},
	/* other forms */
	{{NULL, 0}, false, 0},
	{STR_INIT(""), false, 0},
	{STR_INIT("Z"), false, 0},
	{STR_INIT("now"), false, 0},
	{STR_INIT("1970"), false, 0},
	{STR_INIT("1970-01-01"), false, 0},
	{STR_INIT("1970-01-01T"), false, 0},
	{STR_INIT("1970-01-01Z"), false, 0},
	{STR_INIT("1970-01-01T00:00Z"), false, 0},
	{STR_INIT("1970-01-01T00:00:0Z"), false, 0},
	{STR_INIT("1970-01-01T0:00:00Z"), false, 0},
	{STR_INIT("1970-1-01T00:00:00Z"), false, 0},
	{STR_INIT("1970-01-1T00:00:00Z"), false, 0},
	{STR_INIT("70-01-01T00:00:00Z"), false, 0},
	{STR_INIT("01970-01-01T00:00:00Z"), false, 0},
	{STR_INIT("-1970-01-01T00:00:00Z"), false, 0},
	{STR_INIT("+1970-01-01T00:00:00Z"), false, 0},
	{STR_INIT("19700101T000000Z"), false, 0},
	{STR_INIT("1970/01/01T00:00:00Z"), true, 0},
	{STR_INIT("1970/01-01T00:00:00Z"), false, 0},
	{STR_INIT("1970-01-01T00.00.00Z"), false, 0},
	{STR_INIT("1970-01-01T000:00:00Z"), false, 0},
	{STR_INIT("1970-01-01_00:00:00Z"), false, 0},
	{STR_INIT("1970-01-01  00:00:00Z"), false, 0},
	{STR_INIT(" 1970-01-01T00:00:00Z"), false, 0},
	{STR_INIT("1970-01-01T-1:00:00Z"), false, 0},
	{STR_INIT("1970-01-01T+1:00:00Z"), false, 0},
	{STR_INIT("1970-01-01T 1:00:00Z"), false, 0},
	{STR_INIT("197O-01-01T00:00:00Z"), false, 0},
	{STR_INIT("1970-01-01T00:00:00\0Z"), false, 0},
	/* limits: INT64_MAX is 9223372036.854775807 s, NO_TIME is no time */
	{STR_INIT("2262-04-11T23:47:15.999999999Z"), true, SEC(9223372035, 999999999)},
	{STR_INIT("2262-04-11T23:47:16Z"), true, SEC(9223372036, 0)},
	{STR_INIT("2262-04-11T23:47:16.854775807Z"), true, INT64_MAX},
	{STR_INIT("2262-04-11T23:47:16.8547758079Z"), true, INT64_MAX},
	{STR_INIT("2262-04-12T01:47:16.854775807+02:00"), true, INT64_MAX},
	{STR_INIT("2262-04-11T23:47:16.854775808Z"), false, 0},
	{STR_INIT("2262-04-11T23:47:16.999999999Z"), false, 0},
	{STR_INIT("2262-04-11T23:47:17Z"), false, 0},
	{STR_INIT("2262-04-11T23:47:17+00:01"), true, SEC(9223371977, 0)},
	{STR_INIT("2262-04-12T00:00:00Z"), false, 0},
	{STR_INIT("2263-01-01T00:00:00Z"), false, 0},
	{STR_INIT("9999-12-31T23:59:59Z"), false, 0},
	{STR_INIT("1677-09-21T00:12:45Z"), true, SEC(-9223372035, 0)},
	{STR_INIT("1677-09-21T00:12:44Z"), true, SEC(-9223372036, 0)},
	{STR_INIT("1677-09-21T00:12:43.145224193Z"), true, INT64_MIN + 1},
	{STR_INIT("1677-09-20T22:12:43.145224193-02:00"), true, INT64_MIN + 1},
	{STR_INIT("1677-09-21T00:12:43.145224192Z"), false, 0},
	{STR_INIT("1677-09-21T00:12:43.145224191Z"), false, 0},
	{STR_INIT("1677-09-21T00:12:43Z"), false, 0},
	{STR_INIT("1677-09-20T23:59:59Z"), false, 0},
	{STR_INIT("1600-02-29T00:00:00Z"), false, 0},
	{STR_INIT("0001-01-01T00:00:00Z"), false, 0},
	{STR_INIT("0000-01-01T00:00:00Z"), false, 0},
};

/* No zone: UTC for time_parse, failure for time_eat. */
static const struct {
	struct str s;
	int64_t ns;
} bare[] = {
	{STR_INIT("1970-01-01T00:00:00"), 0},
	{STR_INIT("1970-01-01 00:00:01"), SEC(1, 0)},
	{STR_INIT("1970-01-01t00:00:01.5"), SEC(1, 500000000)},
	{STR_INIT("1970-01-01 00:00:01,123"), SEC(1, 123000000)},
	{STR_INIT("2016-12-31 23:59:60"), SEC(1483228800, 0)},
	{STR_INIT("1970/01/01 00:00:01.123"), SEC(1, 123000000)},
};

static const struct {
	struct str s;
	int64_t ns;
	struct str left;
} eats[] = {
	{STR_INIT("1970-01-01T00:00:01Z rest"), SEC(1, 0), STR_INIT(" rest")},
	{STR_INIT("1970-01-01T00:00:01Zrest"), SEC(1, 0), STR_INIT("rest")},
	{STR_INIT("1970-01-01T00:00:01.25Z: a"), SEC(1, 250000000), STR_INIT(": a")},
	{STR_INIT("1970-01-01T01:00:01+01:00 a"), SEC(1, 0), STR_INIT(" a")},
	{STR_INIT("1970-01-01T01:00:01+0100 a"), SEC(1, 0), STR_INIT(" a")},
	{STR_INIT("1970-01-01T01:00:01+01 a"), SEC(1, 0), STR_INIT(" a")},
	{STR_INIT("1970-01-01 00:00:01 UTC a"), SEC(1, 0), STR_INIT(" a")},
	{STR_INIT("1970-01-01 00:00:01 +0000 UTC m=+0.1"), SEC(1, 0), STR_INIT(" m=+0.1")},
	{STR_INIT("1970-01-01T00:00:01Z1970-01-01T00:00:01Z"), SEC(1, 0), STR_INIT("1970-01-01T00:00:01Z")},
	{STR_INIT("1970-01-01T00:00:01Z\0"), SEC(1, 0), STR_INIT("\0")},
};

static const struct str not_eaten[] = {
	STR_INIT("1970-01-01T00:00:00 rest"),
	STR_INIT("1970-01-01T00:00:00.5 rest"),
	STR_INIT("1970-01-01T00:00:00rest"),
	STR_INIT("1970-01-01T00:00:00 +1"),
	STR_INIT("1970-01-01T00:00:00, Z"),
	STR_INIT("2263-01-01T00:00:00Z rest"),
};

static const struct {
	struct str s;
	unsigned digits;
	bool ok;
	int64_t ns;
} epochs[] = {
	{STR_INIT("0"), 0, true, 0},
	{STR_INIT("-0"), 0, true, 0},
	{STR_INIT("1"), 0, true, SEC(1, 0)},
	{STR_INIT("+1"), 0, true, SEC(1, 0)},
	{STR_INIT("-1"), 0, true, SEC(-1, 0)},
	{STR_INIT("1"), 3, true, 1000000},
	{STR_INIT("1"), 6, true, 1000},
	{STR_INIT("1"), 9, true, 1},
	{STR_INIT("-1"), 9, true, -1},
	{STR_INIT("1.5"), 0, true, SEC(1, 500000000)},
	{STR_INIT("-1.5"), 0, true, SEC(-1, -500000000)},
	{STR_INIT("-0.5"), 3, true, -500000},
	{STR_INIT("1711111111"), 0, true, SEC(1711111111, 0)},
	{STR_INIT("1711111111.123456789"), 0, true, SEC(1711111111, 123456789)},
	{STR_INIT("1711111111123.456789"), 3, true, SEC(1711111111, 123456789)},
	{STR_INIT("1711111111123456.789"), 6, true, SEC(1711111111, 123456789)},
	{STR_INIT("1711111111123456789"), 9, true, SEC(1711111111, 123456789)},
	{STR_INIT("1711111111123456789.9"), 9, true, SEC(1711111111, 123456789)},
	{STR_INIT("9223372036"), 0, true, SEC(9223372036, 0)},
	{STR_INIT("9223372036.854775807"), 0, true, INT64_MAX},
	{STR_INIT("9223372036.854775808"), 0, false, 0},
	{STR_INIT("9223372037"), 0, false, 0},
	{STR_INIT("9223372036854"), 3, true, SEC(9223372036, 854000000)},
	{STR_INIT("9223372036855"), 3, false, 0},
	{STR_INIT("9223372036854775807"), 9, true, INT64_MAX},
	{STR_INIT("9223372036854775808"), 9, false, 0},
	{STR_INIT("-9223372036.854775807"), 0, true, INT64_MIN + 1},
	{STR_INIT("-9223372036.854775808"), 0, false, 0},
	{STR_INIT("-9223372036854775807"), 9, true, INT64_MIN + 1},
	{STR_INIT("-9223372036854775808"), 9, false, 0},
	{STR_INIT("-9223372037"), 0, false, 0},
	{STR_INIT("99999999999999999999999"), 9, false, 0},
	{{NULL, 0}, 0, false, 0},
	{STR_INIT(""), 0, false, 0},
	{STR_INIT("-"), 0, false, 0},
	{STR_INIT(" 1"), 0, false, 0},
	{STR_INIT("1 "), 0, false, 0},
	{STR_INIT("1s"), 0, false, 0},
	{STR_INIT("0x1"), 0, false, 0},
	{STR_INIT("1970-01-01T00:00:00Z"), 0, false, 0},
};

static const struct {
	struct str s;
	bool ok;
	int64_t ns;
} guesses[] = {
	{STR_INIT("1970-01-01T00:00:01Z"), true, SEC(1, 0)},
	{STR_INIT("1970-01-01 00:00:01"), true, SEC(1, 0)},
	{STR_INIT("2263-01-01T00:00:00Z"), false, 0},
	{STR_INIT("0"), true, 0},
	{STR_INIT("1.5"), true, SEC(1, 500000000)},
	{STR_INIT("1711111111"), true, SEC(1711111111, 0)},
	{STR_INIT("1711111111.123456789"), true, SEC(1711111111, 123456789)},
	{STR_INIT("1711111111123"), true, SEC(1711111111, 123000000)},
	{STR_INIT("1711111111123.5"), true, SEC(1711111111, 123500000)},
	{STR_INIT("1711111111123456"), true, SEC(1711111111, 123456000)},
	{STR_INIT("1711111111123456789"), true, SEC(1711111111, 123456789)},
	/* seconds out of range, up to 10^11 */
	{STR_INIT("9223372036"), true, SEC(9223372036, 0)},
	{STR_INIT("9223372037"), false, 0},
	{STR_INIT("99999999999"), false, 0},
	{STR_INIT("99999999999.9"), false, 0},
	{STR_INIT("100000000000"), true, SEC(100000000, 0)},
	{STR_INIT("100000000000.5"), true, SEC(100000000, 500000)},
	{STR_INIT("9223372036854"), true, SEC(9223372036, 854000000)},
	{STR_INIT("99999999999999"), false, 0},
	{STR_INIT("100000000000000"), true, SEC(100000000, 0)},
	{STR_INIT("9223372036854775"), true, SEC(9223372036, 854775000)},
	{STR_INIT("99999999999999999"), false, 0},
	{STR_INIT("100000000000000000"), true, SEC(100000000, 0)},
	{STR_INIT("9223372036854775807"), true, INT64_MAX},
	{STR_INIT("9223372036854775808"), false, 0},
	{STR_INIT("-1"), true, SEC(-1, 0)},
	{STR_INIT("-0.5"), true, -500000000},
	{STR_INIT("-1711111111123"), true, SEC(-1711111111, -123000000)},
	{STR_INIT("-9223372036"), true, SEC(-9223372036, 0)},
	{STR_INIT("-99999999999"), false, 0},
	{STR_INIT("-100000000001"), true, SEC(-100000000, -1000000)},
	{STR_INIT("-9223372036854775807"), true, INT64_MIN + 1},
	{STR_INIT("-9223372036854775808"), false, 0},
	{STR_INIT("-100000000000"), true, SEC(-100000000, 0)},
	{STR_INIT("-100000000000000"), true, SEC(-100000000, 0)},
	{STR_INIT("-100000000000000000"), true, SEC(-100000000, 0)},
	{{NULL, 0}, false, 0},
	{STR_INIT(""), false, 0},
	{STR_INIT("now"), false, 0},
	{STR_INIT("12:00:00"), false, 0},
};

static const struct {
	int64_t ns;
	struct str text;
} written[] = {
	{0, STR_INIT("1970-01-01T00:00:00Z")},
	{1, STR_INIT("1970-01-01T00:00:00.000000001Z")},
	{999, STR_INIT("1970-01-01T00:00:00.000000999Z")},
	{1000, STR_INIT("1970-01-01T00:00:00.000001Z")},
	{1001, STR_INIT("1970-01-01T00:00:00.000001001Z")},
	{120000, STR_INIT("1970-01-01T00:00:00.000120Z")},
	{1000000, STR_INIT("1970-01-01T00:00:00.001Z")},
	{1000001, STR_INIT("1970-01-01T00:00:00.001000001Z")},
	{100000000, STR_INIT("1970-01-01T00:00:00.100Z")},
	{999999999, STR_INIT("1970-01-01T00:00:00.999999999Z")},
	{SEC(1, 0), STR_INIT("1970-01-01T00:00:01Z")},
	{SEC(3599, 0), STR_INIT("1970-01-01T00:59:59Z")},
	{SEC(3600, 0), STR_INIT("1970-01-01T01:00:00Z")},
	{SEC(82800, 0), STR_INIT("1970-01-01T23:00:00Z")},
	{SEC(86399, 0), STR_INIT("1970-01-01T23:59:59Z")},
	{SEC(86400, 0), STR_INIT("1970-01-02T00:00:00Z")},
	{-1, STR_INIT("1969-12-31T23:59:59.999999999Z")},
	{-1000000, STR_INIT("1969-12-31T23:59:59.999Z")},
	{SEC(-1, 0), STR_INIT("1969-12-31T23:59:59Z")},
	{SEC(-1, -1), STR_INIT("1969-12-31T23:59:58.999999999Z")},
	{SEC(-86400, 0), STR_INIT("1969-12-31T00:00:00Z")},
	{SEC(-86400, -1), STR_INIT("1969-12-30T23:59:59.999999999Z")},
	{SEC(951782400, 0), STR_INIT("2000-02-29T00:00:00Z")},
	{SEC(951868800, 0), STR_INIT("2000-03-01T00:00:00Z")},
	{SEC(951868800, -1), STR_INIT("2000-02-29T23:59:59.999999999Z")},
	{SEC(4107542400, -1), STR_INIT("2100-02-28T23:59:59.999999999Z")},
	{SEC(-2203891200, -1000), STR_INIT("1900-02-28T23:59:59.999999Z")},
	{SEC(1711111111, 123456789), STR_INIT("2024-03-22T12:38:31.123456789Z")},
	{INT64_MAX, STR_INIT("2262-04-11T23:47:16.854775807Z")},
	{INT64_MIN + 1, STR_INIT("1677-09-21T00:12:43.145224193Z")},
};

static const struct {
	int64_t a, b, diff;
} diffs[] = {
	{0, 0, 0},
	{5, 3, 2},
	{3, 5, -2},
	{-5, 3, -8},
	{5, -3, 8},
	{INT64_MAX, INT64_MAX, 0},
	{INT64_MIN, INT64_MIN, 0},
	{INT64_MAX, 0, INT64_MAX},
	{INT64_MIN, 0, INT64_MIN},
	{INT64_MAX, 1, INT64_MAX - 1},
	{INT64_MIN, -1, INT64_MIN + 1},
	{INT64_MAX, -1, INT64_MAX},
	{INT64_MIN, 1, INT64_MIN},
	{INT64_MAX, INT64_MIN, INT64_MAX},
	{INT64_MIN, INT64_MAX, INT64_MIN},
	{0, INT64_MAX, -INT64_MAX},
	{-1, INT64_MAX, INT64_MIN},
	{-2, INT64_MAX, INT64_MIN},
	{-1, INT64_MIN, INT64_MAX},
	{0, INT64_MIN, INT64_MAX},
	{1, INT64_MIN, INT64_MAX},
	{-2, INT64_MIN, INT64_MAX - 1},
	{INT64_MAX - 1, -1, INT64_MAX},
	{INT64_MIN + 1, 1, INT64_MIN},
};
/* clang-format on */

static void
test_parse(void)
{
	TEST("time_parse with a zone");
	for (size_t i = 0; i < NELEM(zoned); i++) {
		int64_t ns = MARK;

		CHECK_ROW(i, time_parse(test_edge(zoned[i].s), &ns) == zoned[i].ok);
		CHECK_ROW(i, ns == (zoned[i].ok ? zoned[i].ns : MARK));
	}

	TEST("time_parse without a zone");
	for (size_t i = 0; i < NELEM(bare); i++) {
		int64_t ns = MARK;

		CHECK_ROW(i, time_parse(test_edge(bare[i].s), &ns) && ns == bare[i].ns);
	}

	TEST("time_parse reads all or nothing");
	for (size_t i = 0; i < NELEM(eats); i++) {
		int64_t ns = MARK;

		CHECK_ROW(i, !time_parse(test_edge(eats[i].s), &ns) && ns == MARK);
	}
}

static void
test_eat(void)
{
	TEST("time_eat with nothing after the time");
	for (size_t i = 0; i < NELEM(zoned); i++) {
		struct str s = test_edge(zoned[i].s);
		int64_t ns = MARK;

		CHECK_ROW(i, time_eat(&s, &ns) == zoned[i].ok);
		CHECK_ROW(i, ns == (zoned[i].ok ? zoned[i].ns : MARK));
		CHECK_ROW(i, s.n == (zoned[i].ok ? 0 : zoned[i].s.n));
	}

	TEST("time_eat leaves the text after the time");
	for (size_t i = 0; i < NELEM(eats); i++) {
		struct str s = test_edge(eats[i].s);
		int64_t ns = MARK;

		CHECK_ROW(i, time_eat(&s, &ns) && ns == eats[i].ns);
		CHECK_ROW(i, str_eq(s, eats[i].left));
	}

	TEST("time_eat requires a zone");
	for (size_t i = 0; i < NELEM(bare); i++) {
		struct str s = test_edge(bare[i].s);
		int64_t ns = MARK;

		CHECK_ROW(i, !time_eat(&s, &ns) && ns == MARK);
		CHECK_ROW(i, str_eq(s, bare[i].s));
	}
	for (size_t i = 0; i < NELEM(not_eaten); i++) {
		struct str s = test_edge(not_eaten[i]);
		int64_t ns = MARK;

		CHECK_ROW(i, !time_eat(&s, &ns) && ns == MARK);
		CHECK_ROW(i, str_eq(s, not_eaten[i]));
	}
}

/* Dates and times without a zone: what is left, or "no string" if it is none. */
static const struct {
	struct str s, left;
	int64_t ns;
} locals[] = {
	{STR_INIT("1970-01-01T00:00:01"), STR_INIT(""), SECOND},
	{STR_INIT("1970-01-01 00:00:01 rest"), STR_INIT(" rest"), SECOND},
	{STR_INIT("1970/01/01t00:00:01,25x"), STR_INIT("x"), SECOND + SECOND / 4},
	{STR_INIT("1970-01-01T23:59:60Z"), STR_INIT("Z"), 86400 * SECOND},
	{STR_INIT("1970-01-01T00:00:00.1234567891"), STR_INIT(""), 123456789},
	{STR_INIT(""), {NULL, 0}, 0}, {STR_INIT("197"), {NULL, 0}, 0}, {STR_INIT("1970"), {NULL, 0}, 0}, {STR_INIT("1970-1"), {NULL, 0}, 0},
	{STR_INIT("1970-01/01T00:00:01"), {NULL, 0}, 0}, {STR_INIT("1970-01-1T00:00:01"), {NULL, 0}, 0}, {STR_INIT("1970-01-01_00:00:01"), {NULL, 0}, 0},
	{STR_INIT("1970-01-01T0:00:01"), {NULL, 0}, 0}, {STR_INIT("1970-01-01T00-00:01"), {NULL, 0}, 0}, {STR_INIT("1970-01-01T00:0:01"), {NULL, 0}, 0},
	{STR_INIT("1970-01-01T00:00-01"), {NULL, 0}, 0}, {STR_INIT("1970-01-01T00:00:1"), {NULL, 0}, 0}, {STR_INIT("1970-01-01T00:00:01."), {NULL, 0}, 0},
	{STR_INIT("1970-00-01T00:00:01"), {NULL, 0}, 0}, {STR_INIT("1970-13-01T00:00:01"), {NULL, 0}, 0}, {STR_INIT("1970-01-00T00:00:01"), {NULL, 0}, 0},
	{STR_INIT("1970-01-32T00:00:01"), {NULL, 0}, 0}, {STR_INIT("1970-02-29T00:00:01"), {NULL, 0}, 0}, {STR_INIT("1970-01-01T24:00:00"), {NULL, 0}, 0},
	{STR_INIT("1970-01-01T00:60:00"), {NULL, 0}, 0}, {STR_INIT("1970-01-01T00:00:61"), {NULL, 0}, 0}, {STR_INIT("9999-01-01T00:00:00"), {NULL, 0}, 0},
};

/* Seconds of days. */
static const struct {
	int64_t year;
	unsigned month, day;
	int64_t second;
	bool ok;
	int64_t is;
} days[] = {
	{1970, 1, 1, 0, true, 0}, {1970, 1, 1, 86400, true, 86400}, {1970, 1, 1, -1, true, -1}, {1969, 12, 31, 0, true, -86400},
	{2000, 2, 29, 0, true, 951782400}, {2000, 12, 31, 0, true, 978220800}, {1900, 2, 29, 0, false, 0}, {2100, 2, 29, 0, false, 0}, {2024, 2, 30, 0, false, 0},
	{2026, 4, 30, 0, true, 1777507200}, {2026, 4, 31, 0, false, 0}, {2026, 1, 31, 0, true, 1769817600}, {2026, 1, 32, 0, false, 0}, {2026, 1, 0, 0, false, 0},
	{2026, 0, 1, 0, false, 0}, {2026, 13, 1, 0, false, 0}, {-1, 1, 1, 0, false, 0}, {0, 1, 1, 0, false, 0}, {9999, 1, 1, 0, false, 0}, {10000, 1, 1, 0, false, 0},
	/* to the ends of the range */
	{2262, 4, 11, 85636, true, 9223372036}, {2262, 4, 11, 85637, false, 0}, {1677, 9, 21, 764, true, -9223372036}, {1677, 9, 21, 763, false, 0},
};

static void
test_civil(void)
{
	TEST("time_eat_local");
	for (size_t i = 0; i < NELEM(locals); i++) {
		struct str s = test_edge(locals[i].s);
		int64_t ns = MARK;
		bool ok = locals[i].left.p;

		CHECK_ROW(i, time_eat_local(&s, &ns) == ok && ns == (ok ? locals[i].ns : MARK));
		CHECK_ROW(i, str_eq(s, ok ? locals[i].left : locals[i].s));
	}

	TEST("time_civil");
	for (size_t i = 0; i < NELEM(days); i++) {
		int64_t ns = MARK;

		CHECK_ROW(i, time_civil(days[i].year, days[i].month, days[i].day, days[i].second, &ns) == days[i].ok);
		CHECK_ROW(i, ns == (days[i].ok ? days[i].is * SECOND : MARK));
	}

	TEST("time_year");
	for (int64_t y = 1678; y <= 2262; y++) {
		int64_t ns = 0;

		CHECK_ROW(y, time_civil(y, 1, 1, 0, &ns) && time_year(ns) == y && time_year(ns - SECOND) == y - 1);
	}
	CHECK(time_year(INT64_MAX) == 2262 && time_year(INT64_MIN + 1) == 1677 && time_year(0) == 1970);
}

static void
test_numbers(void)
{
	TEST("time_epoch");
	for (size_t i = 0; i < NELEM(epochs); i++) {
		int64_t ns = MARK;

		CHECK_ROW(i, time_epoch(test_edge(epochs[i].s), epochs[i].digits, &ns) == epochs[i].ok);
		CHECK_ROW(i, ns == (epochs[i].ok ? epochs[i].ns : MARK));
	}

	TEST("time_guess");
	for (size_t i = 0; i < NELEM(guesses); i++) {
		int64_t ns = MARK;

		CHECK_ROW(i, time_guess(test_edge(guesses[i].s), &ns) == guesses[i].ok);
		CHECK_ROW(i, ns == (guesses[i].ok ? guesses[i].ns : MARK));
	}
}

static void
test_put(void)
{
	struct buf b = {0};

	TEST("time_put");
	for (size_t i = 0; i < NELEM(written); i++) {
		b.n = 0;
		time_put(&b, written[i].ns);
		CHECK_ROW(i, str_eq(buf_str(&b), written[i].text));
	}

	TEST("time_parse reads the output of time_put");
	for (size_t i = 0; i < NELEM(written); i++) {
		int64_t ns = MARK;

		CHECK_ROW(i, time_parse(written[i].text, &ns) && ns == written[i].ns);
	}

	TEST("time_put appends");
	b.n = 0;
	buf_add(&b, S("at "));
	time_put(&b, 0);
	CHECK(str_eq(buf_str(&b), S("at 1970-01-01T00:00:00Z")));
	buf_free(&b);
}

static void
put_padded(struct buf *b, unsigned v)
{
	if (v < 10)
		buf_chr(b, '0');
	buf_u64(b, v);
}

/* Every day from 1678-01-01 to 2261-12-31. */
static void
test_calendar(void)
{
	static const unsigned len[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	struct buf want = {0}, got = {0};
	int64_t t = SEC(-9214560000, 0);
	size_t bad = 0;

	TEST("every day of 584 years");
	for (unsigned y = 1678; y < 2262; y++)
		for (unsigned m = 1; m <= 12; m++) {
			bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
			unsigned last = len[m - 1] + (m == 2 && leap);
			int64_t ns;

			for (unsigned d = 1; d <= last; d++, t += SEC(86400, 0)) {
				want.n = got.n = 0;
				buf_u64(&want, y);
				buf_chr(&want, '-');
				put_padded(&want, m);
				buf_chr(&want, '-');
				put_padded(&want, d);
				buf_add(&want, S("T00:00:00Z"));
				time_put(&got, t);
				bad += !str_eq(buf_str(&want), buf_str(&got));
				bad += !time_parse(buf_str(&want), &ns) || ns != t;
			}
			want.n = 0;
			buf_u64(&want, y);
			buf_chr(&want, '-');
			put_padded(&want, m);
			buf_chr(&want, '-');
			put_padded(&want, last + 1);
			buf_add(&want, S("T00:00:00Z"));
			bad += time_parse(buf_str(&want), &ns);
		}
	CHECK(bad == 0);
	CHECK(t == SEC(9214646400, 0));
	buf_free(&want);
	buf_free(&got);
}

/* Every second of 1969-12-31 and of 1970-01-01. */
static void
test_clock(void)
{
	struct buf want = {0}, got = {0};
	size_t bad = 0;

	TEST("every second of two days");
	for (int64_t t = -86400; t < 86400;)
		for (unsigned h = 0; h < 24; h++)
			for (unsigned m = 0; m < 60; m++)
				for (unsigned s = 0; s < 60; s++, t++) {
					int64_t ns;

					want.n = got.n = 0;
					buf_add(&want, t < 0 ? S("1969-12-31T") : S("1970-01-01T"));
					put_padded(&want, h);
					buf_chr(&want, ':');
					put_padded(&want, m);
					buf_chr(&want, ':');
					put_padded(&want, s);
					buf_chr(&want, 'Z');
					time_put(&got, t * SECOND);
					bad += !str_eq(buf_str(&want), buf_str(&got));
					bad += !time_parse(buf_str(&want), &ns) || ns != t * SECOND;
				}
	CHECK(bad == 0);
	buf_free(&want);
	buf_free(&got);
}

int
main(void)
{
	test_parse();
	test_eat();
	test_civil();
	test_numbers();
	test_put();
	test_calendar();
	test_clock();

	TEST("time_diff");
	for (size_t i = 0; i < NELEM(diffs); i++)
		CHECK_ROW(i, time_diff(diffs[i].a, diffs[i].b) == diffs[i].diff);

	TEST("time_add is saturated");
	CHECK(time_add(-3, 5) == 2);
	CHECK(time_add(INT64_MAX - 1, 1) == INT64_MAX && time_add(INT64_MAX - 1, 2) == INT64_MAX);
	CHECK(time_add(INT64_MAX, INT64_MAX) == INT64_MAX && time_add(INT64_MIN, INT64_MAX) == -1);

	TEST("time_apart, in either order and between extremes");
	CHECK(time_apart(7, 3) == 4 && time_apart(3, 7) == 4 && time_apart(3, 3) == 0);
	CHECK(time_apart(INT64_MIN, INT64_MAX) == UINT64_MAX && time_apart(INT64_MAX, INT64_MIN) == UINT64_MAX);
	return test_done();
}
