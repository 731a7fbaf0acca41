#include "base/diag.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/test.h"

/* clang-format off */
static const struct {
	int a, b, worst;
} worsts[] = {
	{EX_FINE, EX_FINE, EX_FINE},
	{EX_FINE, EX_FOUND, EX_FOUND},
	{EX_FINE, EX_FAIL, EX_FAIL},
	{EX_FINE, EX_PARTIAL, EX_PARTIAL},
	{EX_FOUND, EX_FOUND, EX_FOUND},
	{EX_FOUND, EX_FAIL, EX_FAIL},
	{EX_FOUND, EX_PARTIAL, EX_PARTIAL},
	{EX_FAIL, EX_FAIL, EX_FAIL},
	{EX_FAIL, EX_PARTIAL, EX_FAIL},
	{EX_PARTIAL, EX_PARTIAL, EX_PARTIAL},
};

static const struct {
	struct str part, text;
} parts[] = {
	{{NULL, 0}, STR_INIT("prog: \n")},
	{STR_INIT(""), STR_INIT("prog: \n")},
	{STR_INIT("no such thing"), STR_INIT("prog: no such thing\n")},
	{STR_INIT("say \"a\\b\""), STR_INIT("prog: say \"a\\b\"\n")},
	{STR_INIT("two\nlines\r\n"), STR_INIT("prog: two\\nlines\\r\\n\n")},
	{STR_INIT("\x1b[2J\x07"), STR_INIT("prog: \\u001b[2J\\u0007\n")},
	{STR_INIT("\xc2\x9b" "2J\x7f"), STR_INIT("prog: \\u009b2J\\u007f\n")},
	{STR_INIT("\x9b" "2J"), STR_INIT("prog: \xef\xbf\xbd" "2J\n")},
	{STR_INIT("a\0b"), STR_INIT("prog: a\\u0000b\n")},
	{STR_INIT("caf\xc3\xa9"), STR_INIT("prog: caf\xc3\xa9\n")},
};

static const struct {
	uint64_t v;
	struct str text;
} numbers[] = {
	{0, STR_INIT("0")},
	{7, STR_INIT("7")},
	{10, STR_INIT("10")},
	{1234567890, STR_INIT("1234567890")},
	{9999999999999999999u, STR_INIT("9999999999999999999")},
	{UINT64_MAX, STR_INIT("18446744073709551615")},
};
/* clang-format on */

static void
test_messages(void)
{
	struct out o = {.fd = -1};
	struct diag d = {.to = &o, .prog = S("prog")};

	TEST("one line each, without terminal control");
	for (size_t i = 0; i < NELEM(parts); i++) {
		o.b.n = 0;
		DIAG(&d, parts[i].part);
		CHECK_ROW(i, str_eq(buf_str(&o.b), parts[i].text));
	}

	TEST("the parts are one message");
	o.b.n = 0;
	DIAG(&d, S("a\tb"), S(":"), diag_u64(12), S(": "), (struct str){0}, S("bad"));
	CHECK(str_eq(buf_str(&o.b), S("prog: a\\tb:12: bad\n")));

	TEST("several messages");
	o.b.n = 0;
	DIAG(&d, S("one"));
	DIAG(&d, S("two"));
	CHECK(str_eq(buf_str(&o.b), S("prog: one\nprog: two\n")));

	TEST("no parts");
	o.b.n = 0;
	diag_parts(&d, NULL, 0);
	CHECK(str_eq(buf_str(&o.b), S("prog: \n")));
	buf_free(&o.b);
}

static void
test_written(void)
{
	struct out o = {0};
	struct diag d = {.to = &o, .prog = S("prog")};
	char text[64];
	ssize_t n;
	int fd[2];

	TEST("a message is written immediately");
	CHECK(pipe(fd) == 0);
	o.fd = fd[1];
	DIAG(&d, S("now"));
	CHECK(o.b.n == 0);
	close(fd[1]);
	n = read(fd[0], text, sizeof(text));
	CHECK(n == 10 && memcmp(text, "prog: now\n", 10) == 0);
	close(fd[0]);

	TEST("no file descriptor for messages");
	DIAG(&d, S("lost"));
	CHECK(o.err == EBADF && o.b.n == 0);
	buf_free(&o.b);
}

static void
test_numbers(void)
{
	struct str a, b, c, d;

	TEST("diag_u64");
	for (size_t i = 0; i < NELEM(numbers); i++)
		CHECK_ROW(i, str_eq(diag_u64(numbers[i].v), numbers[i].text));

	TEST("four numbers are valid at once, whatever the order");
	for (int i = 0; i < 4; i++) {
		a = diag_u64(UINT64_MAX);
		b = diag_u64(2);
		c = diag_u64(33333333333);
		d = diag_u64(0);
		CHECK_ROW(i, str_eq(a, S("18446744073709551615")) && str_eq(b, S("2")));
		CHECK_ROW(i, str_eq(c, S("33333333333")) && str_eq(d, S("0")));
		diag_u64(1);
		CHECK_ROW(i, str_eq(b, S("2")) && str_eq(c, S("33333333333")) && str_eq(d, S("0")));
	}
}

int
main(void)
{
	TEST("2 > 3 > 1 > 0");
	CHECK(EX_FINE == 0 && EX_FOUND == 1 && EX_FAIL == 2 && EX_PARTIAL == 3);
	for (size_t i = 0; i < NELEM(worsts); i++) {
		CHECK_ROW(i, ex_worst(worsts[i].a, worsts[i].b) == worsts[i].worst);
		CHECK_ROW(i, ex_worst(worsts[i].b, worsts[i].a) == worsts[i].worst);
	}

	test_messages();
	test_written();
	test_numbers();

	TEST("diag_errno equals strerror");
	CHECK(str_eq(diag_errno(ENOENT), str_of(strerror(ENOENT))));
	CHECK(str_eq(diag_errno(ENOENT), S("No such file or directory")));
	return test_done();
}
