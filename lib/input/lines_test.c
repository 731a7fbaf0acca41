#include "input/lines.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/test.h"
#include "base/test_edge.h"

/* clang-format off */
static const struct {
	struct str text;
	size_t at;
	uint64_t n;
} rows[] = {
	{STR_INIT(""), 0, 0},
	{STR_INIT("no end"), 0, 0},
	{STR_INIT("a\nb\nc"), 4, 2},
	{STR_INIT("a\n\nb\n"), 2, 1},           /* blank */
	{STR_INIT("a\n \t\r\nb\n"), 2, 1},
	{STR_INIT("a\r\nb\r\n"), 6, 2},
	{STR_INIT("a\n\"b\"\n"), 2, 1},         /* values, and lines that may be one */
	{STR_INIT("a\n  {\"b\":1}\n"), 2, 1},
	{STR_INIT("a\n[ {\n"), 2, 1},
	{STR_INIT("a\n[]\n"), 2, 1},
	{STR_INIT("a\n{\nb\n"), 2, 1},
	{STR_INIT("a\n\x1e{}\n"), 2, 1},
	{STR_INIT("a\n\0{}\n"), 2, 1},
	{STR_INIT("[   81.2] usb\n{'loss': 1}\n\t12%|\xe2\x96\x88\n[rank0]: x\n"), 46, 4},
};
/* clang-format on */

static uint32_t seed = 1;

static unsigned
roll(unsigned n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 16) % n;
}

int
main(void)
{
	TEST("where it stops, and the number of lines skipped");
	for (size_t i = 0; i < NELEM(rows); i++) {
		uint64_t n = 0, plain = 0;

		CHECK_ROW(i, lines_text(test_edge(rows[i].text), &n) == rows[i].at && n == rows[i].n);
		CHECK_ROW(i, lines_text_plain(test_edge(rows[i].text), &plain) == rows[i].at && plain == rows[i].n);
	}
	TEST("both versions give the same for 2000 texts");
	for (int round = 0; round < 2000; round++) {
		size_t len = roll(400);
		unsigned rare = round % 2 ? 12 : 120; /* frequency of non-letters */
		char *exact = malloc(len + !len);
		uint64_t n = 0, plain = 0;

		if (!exact)
			return 2;
		for (size_t i = 0; i < len; i++)
			exact[i] = roll(rare) ? "abc y_\xe9"[roll(7)] : "\n\n\n\n[{\"\t\r"[roll(9)];
		CHECK_ROW(round, lines_text((struct str){exact, len}, &n) == lines_text_plain((struct str){exact, len}, &plain));
		CHECK_ROW(round, n == plain);
		free(exact);
	}
	return test_done();
}
