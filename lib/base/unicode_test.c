#include "base/unicode.h"

#include "base/str.h"
#include "base/test.h"

/* Code points around range limits, from the Unicode character database. */
static const struct {
	uint32_t c;
	bool hidden;
} points[] = {
	{0x0, true}, {0x1f, true}, {' ', false}, {'~', false}, {0x7f, true}, {0x9f, true}, {0xa0, false},
	{0xac, false}, {0xad, true}, {0xae, false}, /* soft hyphen */
	{0x34e, false}, {0x34f, true}, {0x350, false}, /* combining grapheme joiner */
	{0x5ff, false}, {0x600, true}, {0x605, true}, {0x606, false},
	{0x61b, false}, {0x61c, true}, {0x61d, false}, /* Arabic letter mark */
	{0x6dc, false}, {0x6dd, true}, {0x6de, false},
	{0x70e, false}, {0x70f, true}, {0x710, false},
	{0x88f, false}, {0x890, true}, {0x891, true}, {0x892, false},
	{0x8e1, false}, {0x8e2, true}, {0x8e3, false},
	{0x115e, false}, {0x115f, true}, {0x1160, true}, {0x1161, false}, /* Hangul fillers */
	{0x17b3, false}, {0x17b4, true}, {0x17b5, true}, {0x17b6, false},
	{0x180a, false}, {0x180b, true}, {0x180e, true}, {0x180f, true}, {0x1810, false}, /* Mongolian */
	{0x200a, false}, {0x200b, true}, {0x200f, true}, {0x2010, false},
	{0x2027, false}, {0x2028, true}, {0x2029, true}, {0x202a, true}, {0x202e, true}, {0x202f, false},
	{0x205f, false}, {0x2060, true}, {0x2065, true}, {0x206f, true}, {0x2070, false},
	{0x3163, false}, {0x3164, true}, {0x3165, false},
	{0xfdff, false}, {0xfe00, true}, {0xfe0f, true}, {0xfe10, false}, /* variation selectors */
	{0xfefe, false}, {0xfeff, true}, {0xff00, false},
	{0xff9f, false}, {0xffa0, true}, {0xffa1, false},
	{0xffef, false}, {0xfff0, true}, {0xfff9, true}, {0xfffb, true}, {0xfffc, false}, {0xfffd, false},
	{0x110bc, false}, {0x110bd, true}, {0x110be, false},
	{0x110cc, false}, {0x110cd, true}, {0x110ce, false},
	{0x1342f, false}, {0x13430, true}, {0x1343f, true}, {0x13440, false},
	{0x1bc9f, false}, {0x1bca0, true}, {0x1bca3, true}, {0x1bca4, false},
	{0x1d172, false}, {0x1d173, true}, {0x1d17a, true}, {0x1d17b, false},
	{0x1f600, false},
	{0xdffff, false}, {0xe0000, true}, {0xe0001, true}, {0xe0041, true}, {0xe007f, true}, {0xe0100, true},
	{0xe0fff, true}, {0xe1000, false}, /* tags, more variation selectors */
	{0x10ffff, false},
};

int
main(void)
{
	uint32_t n = 0;

	TEST("code points at the limits of ranges");
	for (size_t i = 0; i < NELEM(points); i++)
		CHECK_ROW(i, unicode_hidden(points[i].c) == points[i].hidden);

	/* 4174 are ignorable by default, 32 more are Cf, 2 Zl or Zp, 65 Cc */
	TEST("the same number as in Unicode");
	for (uint32_t c = 0; c <= 0x10ffff; c++)
		n += unicode_hidden(c);
	CHECK(n == 4273);
	return test_done();
}
