#include "base/buf.h"

#include <setjmp.h>
#include <string.h>

#include "base/test.h"

#define FFFD "\xef\xbf\xbd"

/* clang-format off */
static const struct {
	uint64_t v;
	struct str text;
} unsigneds[] = {
	{0, STR_INIT("0")},
	{1, STR_INIT("1")},
	{9, STR_INIT("9")},
	{10, STR_INIT("10")},
	{99, STR_INIT("99")},
	{100, STR_INIT("100")},
	{4294967295, STR_INIT("4294967295")},
	{4294967296, STR_INIT("4294967296")},
	{9999999999999999999u, STR_INIT("9999999999999999999")},
	{10000000000000000000u, STR_INIT("10000000000000000000")},
	{UINT64_MAX, STR_INIT("18446744073709551615")},
};

static const struct {
	int64_t v;
	struct str text;
} signeds[] = {
	{0, STR_INIT("0")},
	{-1, STR_INIT("-1")},
	{1, STR_INIT("1")},
	{-10, STR_INIT("-10")},
	{INT64_MAX, STR_INIT("9223372036854775807")},
	{INT64_MIN + 1, STR_INIT("-9223372036854775807")},
	{INT64_MIN, STR_INIT("-9223372036854775808")},
};

static const struct {
	uint64_t v;
	unsigned width;
	struct str text;
} hexes[] = {
	{0, 0, STR_INIT("0")},
	{0, 1, STR_INIT("0")},
	{0, 4, STR_INIT("0000")},
	{0xabcdef, 0, STR_INIT("abcdef")},
	{0xabcdef, 6, STR_INIT("abcdef")},
	{0xabcdef, 5, STR_INIT("abcdef")},
	{0xabcdef, 8, STR_INIT("00abcdef")},
	{0x3b, 2, STR_INIT("3b")},
	{0x10, 1, STR_INIT("10")},
	{0xf, 16, STR_INIT("000000000000000f")},
	{0x0123456789abcdef, 16, STR_INIT("0123456789abcdef")},
	{UINT64_MAX, 0, STR_INIT("ffffffffffffffff")},
	{UINT64_MAX, 16, STR_INIT("ffffffffffffffff")},
};

static const struct {
	int64_t v;
	unsigned digits;
	struct str text;
} fixeds[] = {
	{0, 0, STR_INIT("0")},
	{0, 3, STR_INIT("0")},
	{0, 19, STR_INIT("0")},
	{7, 0, STR_INIT("7")},
	{-7, 0, STR_INIT("-7")},
	{100, 0, STR_INIT("100")},
	{1500, 3, STR_INIT("1.5")},
	{-20, 1, STR_INIT("-2")},
	{-5, 1, STR_INIT("-0.5")},
	{5, 3, STR_INIT("0.005")},
	{50, 3, STR_INIT("0.05")},
	{-500, 3, STR_INIT("-0.5")},
	{1001, 3, STR_INIT("1.001")},
	{1000, 3, STR_INIT("1")},
	{1010, 3, STR_INIT("1.01")},
	{1, 9, STR_INIT("0.000000001")},
	{1000000001, 9, STR_INIT("1.000000001")},
	{-1234567890, 9, STR_INIT("-1.23456789")},
	{INT64_MAX, 0, STR_INIT("9223372036854775807")},
	{INT64_MIN, 0, STR_INIT("-9223372036854775808")},
	{INT64_MAX, 9, STR_INIT("9223372036.854775807")},
	{INT64_MIN, 9, STR_INIT("-9223372036.854775808")},
	{INT64_MAX, 18, STR_INIT("9.223372036854775807")},
	{INT64_MIN, 18, STR_INIT("-9.223372036854775808")},
	{INT64_MAX, 19, STR_INIT("0.9223372036854775807")},
	{INT64_MIN, 19, STR_INIT("-0.9223372036854775808")},
	{1, 19, STR_INIT("0.0000000000000000001")},
	{-1000000000000000000, 19, STR_INIT("-0.1")},
};

static const struct {
	struct str s, text; /* of buf_json, without the quotes */
} texts[] = {
	{{NULL, 0}, STR_INIT("")},
	{STR_INIT(""), STR_INIT("")},
	{STR_INIT("abc XYZ 019"), STR_INIT("abc XYZ 019")},
	{STR_INIT("!#$%&'()*+,-./:;<=>?@[]^_`{|}~"), STR_INIT("!#$%&'()*+,-./:;<=>?@[]^_`{|}~")},
	/* C0: the short escapes of RFC 8259, else \u */
	{STR_INIT("\0"), STR_INIT("\\u0000")},
	{STR_INIT("a\0b"), STR_INIT("a\\u0000b")},
	{STR_INIT("\x01\x07"), STR_INIT("\\u0001\\u0007")},
	{STR_INIT("\b\t\n\v\f\r"), STR_INIT("\\b\\t\\n\\u000b\\f\\r")},
	{STR_INIT("\x0e\x1b\x1f"), STR_INIT("\\u000e\\u001b\\u001f")},
	{STR_INIT("\x1b[31mred"), STR_INIT("\\u001b[31mred")},
	{STR_INIT("~\x7f!"), STR_INIT("~\\u007f!")},
	/* C1: U+0080 to U+009F, not U+00A0 */
	{STR_INIT("\xc2\x80"), STR_INIT("\\u0080")},
	{STR_INIT("\xc2\x85"), STR_INIT("\\u0085")},
	{STR_INIT("\xc2\x9b" "2J"), STR_INIT("\\u009b2J")},
	{STR_INIT("\xc2\x9f"), STR_INIT("\\u009f")},
	{STR_INIT("\xc2\xa0"), STR_INIT("\xc2\xa0")},
	{STR_INIT("\xc3\x80"), STR_INIT("\xc3\x80")},
	{STR_INIT("\xe0\xa0\x80"), STR_INIT("\xe0\xa0\x80")},
	/* hidden characters of each length (unicode_test has the ranges) */
	{STR_INIT("pass\xc2\xad" "word"), STR_INIT("pass\\u00adword")},
	{STR_INIT("a\xcd\x8f" "b\xd8\x9c"), STR_INIT("a\\u034fb\\u061c")},
	{STR_INIT("\xe1\x85\x9f\xe1\xa0\x8e\xe3\x85\xa4\xef\xbf\xb9"), STR_INIT("\\u115f\\u180e\\u3164\\ufff9")},
	{STR_INIT("\xef\xb8\x8f\xf3\xa0\x84\x80"), STR_INIT("\\ufe0f\\udb40\\udd00")},
	{STR_INIT("\xf3\xa0\x80\x80\xf3\xa0\x81\x81\xf3\xa0\xbf\xbf"), STR_INIT("\\udb40\\udc00\\udb40\\udc41\\udb43\\udfff")},
	{STR_INIT("\xf3\xa1\x80\x80"), STR_INIT("\xf3\xa1\x80\x80")}, /* U+E1000 */
	{STR_INIT("\xf0\x91\x82\xbd"), STR_INIT("\\ud804\\udcbd")},
	{STR_INIT("\xe2\x80\x8a"), STR_INIT("\xe2\x80\x8a")},
	{STR_INIT("\xe2\x80\x8b"), STR_INIT("\\u200b")},
	{STR_INIT("a\xe2\x80\x8e\xe2\x80\x8f" "b"), STR_INIT("a\\u200e\\u200fb")},
	{STR_INIT("\xe2\x80\x90"), STR_INIT("\xe2\x80\x90")},
	{STR_INIT("\xe2\x80\xa7"), STR_INIT("\xe2\x80\xa7")},
	{STR_INIT("\xe2\x80\xa8"), STR_INIT("\\u2028")},
	{STR_INIT("\xe2\x80\xae" "gpj"), STR_INIT("\\u202egpj")},
	{STR_INIT("\xe2\x80\xaf"), STR_INIT("\xe2\x80\xaf")},
	{STR_INIT("\xe2\x81\x9f"), STR_INIT("\xe2\x81\x9f")},
	{STR_INIT("\xe2\x81\xa0"), STR_INIT("\\u2060")},
	{STR_INIT("\xe2\x81\xaf"), STR_INIT("\\u206f")},
	{STR_INIT("\xe2\x81\xb0"), STR_INIT("\xe2\x81\xb0")},
	{STR_INIT("\xef\xbb\xbe"), STR_INIT("\xef\xbb\xbe")},
	{STR_INIT("\xef\xbb\xbf"), STR_INIT("\\ufeff")},
	{STR_INIT("\xef\xbc\x80"), STR_INIT("\xef\xbc\x80")},
	{STR_INIT("\xf4\x8f\xbb\xbf"), STR_INIT("\xf4\x8f\xbb\xbf")}, /* U+10FEFF */
	/* the rest of Unicode is unchanged */
	{STR_INIT("h\xc3\xa9, \xe2\x82\xac, \xf0\x9f\x98\x80."), STR_INIT("h\xc3\xa9, \xe2\x82\xac, \xf0\x9f\x98\x80.")},
	{STR_INIT("\xef\xbf\xbd\xef\xbf\xbf\xf4\x8f\xbf\xbf"), STR_INIT("\xef\xbf\xbd\xef\xbf\xbf\xf4\x8f\xbf\xbf")},
	/* one U+FFFD for each stray byte */
	{STR_INIT("\x80"), STR_INIT(FFFD)},
	{STR_INIT("\x9b" "2J"), STR_INIT(FFFD "2J")},
	{STR_INIT("\xbf\xbf"), STR_INIT(FFFD FFFD)},
	{STR_INIT("\xff\xfe"), STR_INIT(FFFD FFFD)},
	{STR_INIT("a\xc3"), STR_INIT("a" FFFD)},
	{STR_INIT("\xc3" "a"), STR_INIT(FFFD "a")},
	{STR_INIT("\xc3\""), STR_INIT(FFFD "\\\"")},
	{STR_INIT("\xc3\n"), STR_INIT(FFFD "\\n")},
	{STR_INIT("\xc2\xc2\x80"), STR_INIT(FFFD "\\u0080")},
	{STR_INIT("\xe2\x82"), STR_INIT(FFFD FFFD)},
	{STR_INIT("\xe2\x82" "a"), STR_INIT(FFFD FFFD "a")},
	{STR_INIT("\xe2\xc3\xa9"), STR_INIT(FFFD "\xc3\xa9")},
	{STR_INIT("\xf0\x9f\x98"), STR_INIT(FFFD FFFD FFFD)},
	{STR_INIT("\xc0\x80"), STR_INIT(FFFD FFFD)},
	{STR_INIT("\xc1\xbf"), STR_INIT(FFFD FFFD)},
	{STR_INIT("\xe0\x9f\xbf"), STR_INIT(FFFD FFFD FFFD)},
	{STR_INIT("\xed\xa0\x80"), STR_INIT(FFFD FFFD FFFD)},
	{STR_INIT("\xed\xa0\xbd\xed\xb8\x80"), STR_INIT(FFFD FFFD FFFD FFFD FFFD FFFD)},
	{STR_INIT("\xf0\x8f\xbf\xbf"), STR_INIT(FFFD FFFD FFFD FFFD)},
	{STR_INIT("\xf4\x90\x80\x80"), STR_INIT(FFFD FFFD FFFD FFFD)},
	{STR_INIT("\xf8\x88\x80\x80\x80"), STR_INIT(FFFD FFFD FFFD FFFD FFFD)},
};

/* RFC 3629, section 4. */
static const struct {
	struct str s;
	size_t n;
} utf8s[] = {
	{{NULL, 0}, 0},
	{STR_INIT(""), 0},
	{STR_INIT("\0"), 1},
	{STR_INIT("a"), 1},
	{STR_INIT("ab"), 1},
	{STR_INIT("\x7f"), 1},
	{STR_INIT("\x80"), 0},
	{STR_INIT("\xbf\x80"), 0},
	{STR_INIT("\xc0\x80"), 0},
	{STR_INIT("\xc1\xbf"), 0},
	{STR_INIT("\xc2"), 0},
	{STR_INIT("\xc2\x7f"), 0},
	{STR_INIT("\xc2\x80"), 2},
	{STR_INIT("\xc2\xbf"), 2},
	{STR_INIT("\xc2\xc0"), 0},
	{STR_INIT("\xc2\x80\x80"), 2},
	{STR_INIT("\xdf\xbf"), 2},
	{STR_INIT("\xdf\xff"), 0},
	{STR_INIT("\xe0"), 0},
	{STR_INIT("\xe0\xa0"), 0},
	{STR_INIT("\xe0\x80\x80"), 0},
	{STR_INIT("\xe0\x9f\xbf"), 0},
	{STR_INIT("\xe0\xa0\x80"), 3},
	{STR_INIT("\xe0\xbf\xbf"), 3},
	{STR_INIT("\xe0\xa0\x7f"), 0},
	{STR_INIT("\xe0\xa0\xc0"), 0},
	{STR_INIT("\xe1\x80\x80"), 3},
	{STR_INIT("\xec\xbf\xbf"), 3},
	{STR_INIT("\xed\x80\x80"), 3},
	{STR_INIT("\xed\x9f\xbf"), 3},
	{STR_INIT("\xed\xa0\x80"), 0},
	{STR_INIT("\xed\xaf\xbf"), 0},
	{STR_INIT("\xed\xb0\x80"), 0},
	{STR_INIT("\xed\xbf\xbf"), 0},
	{STR_INIT("\xee\x80\x80"), 3},
	{STR_INIT("\xef\xbf\xbe"), 3},
	{STR_INIT("\xef\xbf\xbf"), 3},
	{STR_INIT("\xef\xc0\x80"), 0},
	{STR_INIT("\xf0\x90\x80"), 0},
	{STR_INIT("\xf0\x80\x80\x80"), 0},
	{STR_INIT("\xf0\x8f\xbf\xbf"), 0},
	{STR_INIT("\xf0\x90\x80\x80"), 4},
	{STR_INIT("\xf0\xbf\xbf\xbf"), 4},
	{STR_INIT("\xf0\x90\x80\x7f"), 0},
	{STR_INIT("\xf0\x90\xc0\x80"), 0},
	{STR_INIT("\xf1\x80\x80\x80"), 4},
	{STR_INIT("\xf3\xbf\xbf\xbf"), 4},
	{STR_INIT("\xf4\x80\x80\x80"), 4},
	{STR_INIT("\xf4\x8f\xbf\xbf"), 4},
	{STR_INIT("\xf4\x90\x80\x80"), 0},
	{STR_INIT("\xf4\xbf\xbf\xbf"), 0},
	{STR_INIT("\xf5\x80\x80\x80"), 0},
	{STR_INIT("\xf7\xbf\xbf\xbf"), 0},
	{STR_INIT("\xf8\x88\x80\x80\x80"), 0},
	{STR_INIT("\xfc\x84\x80\x80\x80\x80"), 0},
	{STR_INIT("\xfe\x80\x80\x80"), 0},
	{STR_INIT("\xff\x80\x80\x80"), 0},
};

static const struct {
	uint32_t c;
	struct str s;
} points[] = {
	{0, STR_INIT("\0")},
	{0x41, STR_INIT("A")},
	{0x7f, STR_INIT("\x7f")},
	{0x80, STR_INIT("\xc2\x80")},
	{0xe9, STR_INIT("\xc3\xa9")},
	{0x7ff, STR_INIT("\xdf\xbf")},
	{0x800, STR_INIT("\xe0\xa0\x80")},
	{0x20ac, STR_INIT("\xe2\x82\xac")},
	{0xd7ff, STR_INIT("\xed\x9f\xbf")},
	{0xe000, STR_INIT("\xee\x80\x80")},
	{0xfffd, STR_INIT(FFFD)},
	{0xffff, STR_INIT("\xef\xbf\xbf")},
	{0x10000, STR_INIT("\xf0\x90\x80\x80")},
	{0x1f600, STR_INIT("\xf0\x9f\x98\x80")},
	{0x10ffff, STR_INIT("\xf4\x8f\xbf\xbf")},
};
/* clang-format on */

static jmp_buf back;

static void
no_memory(void)
{
	longjmp(back, 1);
}

static bool
no_room(struct buf *b, size_t n)
{
	void (*before)(void) = mem_oom;
	volatile bool failed = true;

	mem_oom = no_memory;
	if (setjmp(back) == 0) {
		buf_room(b, n);
		failed = false;
	}
	mem_oom = before;
	return failed;
}

/* Does b contain "x" and then s?  Resets it to "x". */
static bool
wrote(struct buf *b, struct str s)
{
	struct str got = buf_str(b);
	bool ok = str_eat(&got, S("x")) && str_eq(got, s);

	b->n = 1;
	return ok;
}

static void
test_bytes(void)
{
	struct buf b = {0};
	const char *p;
	char *room;

	TEST("an empty builder");
	CHECK(buf_str(&b).n == 0);
	buf_add(&b, S(""));
	buf_add(&b, (struct str){0});
	CHECK(buf_str(&b).n == 0);

	TEST("append");
	buf_add(&b, S("a\0b"));
	buf_chr(&b, '\0');
	buf_chr(&b, '\xff');
	buf_add(&b, S(""));
	CHECK(str_eq(buf_str(&b), S("a\0b\0\xff")));

	TEST("truncate and reuse: the room stays");
	b.n = 2;
	buf_chr(&b, 'c');
	CHECK(str_eq(buf_str(&b), S("a\0c")));
	p = b.p;
	b.n = 0;
	buf_add(&b, S("new"));
	CHECK(b.p == p && str_eq(buf_str(&b), S("new")));

	TEST("an exact fit does not grow the buffer");
	CHECK(buf_room(&b, 253) == p + 3 && b.cap == 256);
	buf_room(&b, 254);
	CHECK(b.cap == 512);
	buf_room(&b, 1021);
	CHECK(b.cap == 1024);

	TEST("buf_room: room, nothing appended");
	room = buf_room(&b, 1000000);
	CHECK(room == b.p + 3 && b.n == 3 && b.cap >= 1000003);
	memset(room, 'z', 1000000);
	CHECK(str_eq(buf_str(&b), S("new")));
	b.n += 1000000;
	CHECK(b.p[0] == 'n' && b.p[3] == 'z' && b.p[1000002] == 'z');

	TEST("buf_free: an empty builder again");
	buf_free(&b);
	CHECK(!b.p && b.n == 0 && b.cap == 0);
	buf_free(&b);
	buf_chr(&b, 'a');
	CHECK(str_eq(buf_str(&b), S("a")));
	buf_free(&b);

	TEST("too much room: mem_oom, the contents stay");
	CHECK(no_room(&b, SIZE_MAX) && no_room(&b, SIZE_MAX / 2 + 2));
	buf_add(&b, S("here"));
	CHECK(no_room(&b, SIZE_MAX) && no_room(&b, SIZE_MAX - 3) && no_room(&b, SIZE_MAX / 2 + 2));
	CHECK(str_eq(buf_str(&b), S("here")));
	buf_free(&b);

	TEST("zero bytes of room in an empty builder");
	buf_room(&b, 0);
	CHECK(b.n == 0);
	buf_free(&b);
}

static void
test_growth(void)
{
	struct buf b = {0};
	uint64_t calls = mem_count.calls, held = mem_count.bytes;
	size_t bad = 0;

	TEST("a million appends, few moves");
	for (size_t i = 0; i < 1000000; i++)
		buf_chr(&b, (char)('a' + i % 26));
	for (size_t i = 0; i < 1000000; i++)
		bad += b.p[i] != (char)('a' + i % 26);
	CHECK(b.n == 1000000 && bad == 0);
	CHECK(mem_count.calls - calls <= 20);
	buf_free(&b);
	CHECK(mem_count.bytes == held);
}

static void
test_numbers(struct buf *b)
{
	TEST("buf_u64");
	for (size_t i = 0; i < NELEM(unsigneds); i++) {
		buf_u64(b, unsigneds[i].v);
		CHECK_ROW(i, wrote(b, unsigneds[i].text));
	}

	TEST("buf_i64");
	for (size_t i = 0; i < NELEM(signeds); i++) {
		buf_i64(b, signeds[i].v);
		CHECK_ROW(i, wrote(b, signeds[i].text));
	}

	TEST("buf_hex");
	for (size_t i = 0; i < NELEM(hexes); i++) {
		buf_hex(b, hexes[i].v, hexes[i].width);
		CHECK_ROW(i, wrote(b, hexes[i].text));
	}

	TEST("buf_fixed");
	for (size_t i = 0; i < NELEM(fixeds); i++) {
		buf_fixed(b, fixeds[i].v, fixeds[i].digits);
		CHECK_ROW(i, wrote(b, fixeds[i].text));
	}
}

static void
test_text(struct buf *b)
{
	struct buf quoted = {0};

	TEST("buf_json");
	for (size_t i = 0; i < NELEM(texts); i++) {
		quoted.n = 0;
		buf_chr(&quoted, '"');
		buf_add(&quoted, texts[i].text);
		buf_chr(&quoted, '"');
		buf_json(b, texts[i].s);
		CHECK_ROW(i, wrote(b, buf_str(&quoted)));
	}
	buf_json(b, S("\\\"/"));
	CHECK(wrote(b, S("\"\\\\\\\"/\"")));
	buf_free(&quoted);

	TEST("buf_plain");
	for (size_t i = 0; i < NELEM(texts); i++) {
		if (str_has(texts[i].s, S("\"")))
			continue;
		buf_plain(b, texts[i].s);
		CHECK_ROW(i, wrote(b, texts[i].text));
	}
	buf_plain(b, S("\\\"/\n\xc3\""));
	CHECK(wrote(b, S("\\\"/\\n" FFFD "\"")));
}

/* No byte and no pair of bytes that drives a terminal is passed on. */
static void
test_safe(struct buf *b)
{
	TEST("no control character and no ill-formed byte in the output for any two bytes");
	for (int i = 0; i < 256; i++)
		for (int k = 0; k < 256; k++) {
			char in[2] = {(char)i, (char)k};
			struct str s;
			size_t n;

			b->n = 0;
			buf_plain(b, (struct str){in, 2});
			for (s = buf_str(b); s.n; s = str_from(s, n)) {
				unsigned char c = (unsigned char)*s.p;

				n = utf8_len(s);
				CHECK_ROW(i << 8 | k, n > 0 && c >= 0x20 && c != 0x7f);
				CHECK_ROW(i << 8 | k, c != 0xc2 || (unsigned char)s.p[1] >= 0xa0);
				if (n == 0)
					break;
			}
		}
	b->n = 0;
	buf_chr(b, 'x');
}

static void
test_key(void)
{
	struct buf b = {0};

	TEST("buf_key: commas between members only");
	buf_key(&b, "first");
	CHECK(str_eq(buf_str(&b), S("\"first\":")));
	b.n = 0;
	buf_chr(&b, '{');
	buf_key(&b, "a");
	buf_chr(&b, '1');
	buf_key(&b, "b");
	buf_add(&b, S("[{"));
	buf_key(&b, "c");
	buf_json(&b, S("{["));
	buf_key(&b, "d\n\"");
	buf_add(&b, S("[]}"));
	buf_chr(&b, ']');
	buf_key(&b, "");
	buf_add(&b, S("{}"));
	buf_key(&b, "e");
	buf_add(&b, S("null}"));
	CHECK(str_eq(buf_str(&b), S("{\"a\":1,\"b\":[{\"c\":\"{[\",\"d\\n\\\"\":[]}],\"\":{},\"e\":null}")));
	buf_free(&b);
}

/* Every code point, encoded and decoded. */
static void
test_points(struct buf *b)
{
	size_t bad = 0;

	TEST("buf_utf8");
	for (size_t i = 0; i < NELEM(points); i++) {
		buf_utf8(b, points[i].c);
		CHECK_ROW(i, wrote(b, points[i].s));
	}

	TEST("every code point except surrogates is well-formed");
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		size_t want = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

		if (c >= 0xd800 && c < 0xe000)
			want = 0;
		b->n = 0;
		buf_utf8(b, c);
		bad += utf8_len(buf_str(b)) != want;
	}
	CHECK(bad == 0);
	b->n = 0;
	buf_chr(b, 'x');

	TEST("ill-formed bytes are no code point");
	for (size_t i = 0; i < NELEM(utf8s); i++)
		CHECK_ROW(i, utf8_len(utf8s[i].s) == utf8s[i].n);
}

/* More digits than a 64-bit number has.  Last: a bug here ends the program. */
static void
test_wide(struct buf *b)
{
	TEST("buf_fixed with more digits than a number has");
	fflush(stdout);
	buf_fixed(b, 1, 20);
	CHECK(wrote(b, S("0.00000000000000000001")));
	buf_fixed(b, INT64_MAX, 20);
	CHECK(wrote(b, S("0.09223372036854775807")));
	buf_fixed(b, -10, 25);
	CHECK(wrote(b, S("-0.000000000000000000000001")));
	buf_fixed(b, INT64_MIN, 30);
	CHECK(wrote(b, S("-0.000000000009223372036854775808")));
	buf_fixed(b, 1000000000000000000, 38);
	CHECK(wrote(b, S("0.00000000000000000001")));
	buf_fixed(b, 3, 64);
	CHECK(wrote(b, S("0.0000000000000000000000000000000000000000000000000000000000000003")));
	buf_fixed(b, 0, 64);
	CHECK(wrote(b, S("0")));

	TEST("buf_hex with more digits than a number has");
	buf_hex(b, 0xf, 17);
	CHECK(wrote(b, S("0000000000000000f")));
	buf_hex(b, UINT64_MAX, 20);
	CHECK(wrote(b, S("0000ffffffffffffffff")));
}

int
main(void)
{
	struct buf b = {0};

	test_bytes();
	test_growth();
	buf_chr(&b, 'x');
	test_numbers(&b);
	test_text(&b);
	test_safe(&b);
	test_points(&b);
	test_key();
	test_wide(&b);
	buf_free(&b);
	return test_done();
}
