#include "base/unpack.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/test.h"

/* Created by gzip, zstd and xz from "one\n", "two\n" and nothing. */
/* clang-format off */
#define GZ_ONE	 "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\xcfK\xe5\x02\x00\x9f\xa8\x17\xf8\x04\x00\x00\x00"
#define GZ_TWO	 "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03+)\xcf\xe7\x02\x00t\x08\x17\x96\x04\x00\x00\x00"
#define GZ_NONE	 "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00"
#define GZ_NAMED	 "\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\x03kern.log\x00\xcb\xcfK\xe5\x02\x00\x9f\xa8\x17\xf8\x04\x00\x00\x00"
#define ZSTD_ONE	 "(\xb5/\xfd\x04X!\x00\x00one\x0a\xdf\x16h\x09"
#define ZSTD_TWO	 "(\xb5/\xfd\x04X!\x00\x00two\x0a\x0f-\x04\xf9"
#define ZSTD_NONE	 "(\xb5/\xfd$\x00\x01\x00\x00\x99\xe9\xd8Q"
#define XZ_ONE	 "\xfd\x37zXZ\x00\x00\x04\xe6\xd6\xb4\x46\x02\x00!\x01\x16\x00\x00\x00t/\xe5\xa3\x01\x00\x03one\x0a\x00\xf5\x5c\xbbV\x1f\xc6\xfd\x86\x00\x01\x1c\x04o,\x9c\xc1\x1f\xb6\xf3}\x01\x00\x00\x00\x00\x04YZ"
#define XZ_TWO	 "\xfd\x37zXZ\x00\x00\x01i\x22\xde\x36\x02\x00!\x01\x16\x00\x00\x00t/\xe5\xa3\x01\x00\x03two\x0a\x00t\x08\x17\x96\x00\x01\x18\x04k\xe9\xf0\xa5\x90\x42\x99\x0d\x01\x00\x00\x00\x00\x01YZ"
#define XZ_HUGE	 "\xfd\x37zXZ\x00\x00\x04\xe6\xd6\xb4\x46\x02\x00!\x01 \x00\x00\x00\x09\x88\xa5v\x01\x00\x03one\x0a\x00\xf5\x5c\xbbV\x1f\xc6\xfd\x86\x00\x01\x1c\x04o,\x9c\xc1\x1f\xb6\xf3}\x01\x00\x00\x00\x00\x04YZ"

/* A last block of one byte that is repeated 100 times. */
#define ZSTD_RLE "(\xb5/\xfd\x20\x64\x23\x03\x00" "a"
/* A frame that requires a window of 256M. */
#define ZSTD_HUGE "(\xb5/\xfd\x00\x90\x01\x00\x00"
#define SKIPPED "\x5e*M\x18\x03\x00\x00\x00" "abc"
#define A10 "aaaaaaaaaa"
#define A100 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10

enum { PLAIN, GZIP = 1, ZSTD = 2, XZ = 4 };

static const char early[] = "ends too early", corrupt[] = "is corrupt", more[] = "is followed by something else",
	huge[] = "cannot be read: it needs more than 128M of memory";

static const struct {
	unsigned needs;
	struct str in, out;
	const char *why;
} rows[] = {
	{PLAIN, STR_INIT(""), STR_INIT(""), NULL},
	{PLAIN, STR_INIT("{}\n"), STR_INIT("{}\n"), NULL},
	{PLAIN, STR_INIT("{\"a\":\"" A100 "\"}\n{}\n"), STR_INIT("{\"a\":\"" A100 "\"}\n{}\n"), NULL},
	{PLAIN, STR_INIT("a" GZ_ONE), STR_INIT("a" GZ_ONE), NULL},
	/* beginnings of magic numbers, then other data */
	{PLAIN, STR_INIT("\x1f"), STR_INIT("\x1f"), NULL},
	{PLAIN, STR_INIT("\x1f\x8b"), STR_INIT("\x1f\x8b"), NULL},
	{PLAIN, STR_INIT("\x1e\x8b\x08" A100), STR_INIT("\x1e\x8b\x08" A100), NULL},
	{PLAIN, STR_INIT("\x1f\x8b\x09" A100), STR_INIT("\x1f\x8b\x09" A100), NULL},
	{PLAIN, STR_INIT("(\xb5/"), STR_INIT("(\xb5/"), NULL},
	{PLAIN, STR_INIT("(dp0\n."), STR_INIT("(dp0\n."), NULL},
	{PLAIN, STR_INIT("\xfd\x37zXZ"), STR_INIT("\xfd\x37zXZ"), NULL},
	{PLAIN, STR_INIT("\xfd\x37zXZ1" A10), STR_INIT("\xfd\x37zXZ1" A10), NULL},
	{PLAIN, STR_INIT("Pod " A10), STR_INIT("Pod " A10), NULL},
	{PLAIN, STR_INIT("BZh9"), STR_INIT("BZh9"), NULL},
	/* one file */
	{GZIP, STR_INIT(GZ_ONE), STR_INIT("one\n"), NULL},
	{GZIP, STR_INIT(GZ_NAMED), STR_INIT("one\n"), NULL},
	{GZIP, STR_INIT(GZ_NONE), STR_INIT(""), NULL},
	{ZSTD, STR_INIT(ZSTD_ONE), STR_INIT("one\n"), NULL},
	{ZSTD, STR_INIT(ZSTD_NONE), STR_INIT(""), NULL},
	{ZSTD, STR_INIT(ZSTD_RLE), STR_INIT(A100), NULL},
	{ZSTD, STR_INIT(SKIPPED), STR_INIT(""), NULL},
	{XZ, STR_INIT(XZ_ONE), STR_INIT("one\n"), NULL},
	{XZ, STR_INIT(XZ_TWO), STR_INIT("two\n"), NULL},
	/* several files */
	{GZIP, STR_INIT(GZ_ONE GZ_TWO), STR_INIT("one\ntwo\n"), NULL},
	{GZIP, STR_INIT(GZ_ONE GZ_NONE GZ_NONE GZ_TWO), STR_INIT("one\ntwo\n"), NULL},
	{ZSTD, STR_INIT(ZSTD_ONE ZSTD_TWO), STR_INIT("one\ntwo\n"), NULL},
	{ZSTD, STR_INIT(SKIPPED ZSTD_ONE SKIPPED ZSTD_NONE ZSTD_TWO SKIPPED), STR_INIT("one\ntwo\n"), NULL},
	{XZ, STR_INIT(XZ_ONE XZ_TWO), STR_INIT("one\ntwo\n"), NULL},
	{GZIP | ZSTD | XZ, STR_INIT(GZ_ONE ZSTD_TWO XZ_ONE), STR_INIT("one\ntwo\none\n"), NULL},
	/* padding */
	{GZIP, STR_INIT(GZ_ONE "\0\0\0\0\0"), STR_INIT("one\n"), NULL},
	{XZ, STR_INIT(XZ_ONE "\0\0\0\0" XZ_TWO "\0\0\0\0"), STR_INIT("one\ntwo\n"), NULL},
	/* followed by other data */
	{GZIP, STR_INIT(GZ_ONE "{}\n"), STR_INIT("one\n"), more},
	{GZIP, STR_INIT(GZ_ONE "\0\0x"), STR_INIT("one\n"), more},
	{GZIP, STR_INIT(GZ_ONE "\x1f"), STR_INIT("one\n"), more},
	{ZSTD, STR_INIT(ZSTD_ONE A100), STR_INIT("one\n"), more},
	{XZ, STR_INIT(XZ_ONE "\xfd"), STR_INIT("one\n"), more},
	{GZIP, STR_INIT(GZ_ONE "BZh91AY&SY"), STR_INIT("one\n"), "cannot be read: unpack it with bzip2 -d"},
	/* truncated */
	{GZIP, STR_INIT("\x1f\x8b\x08"), STR_INIT(""), early},
	{GZIP, STR_INIT("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03+)\xcf\xe7\x02\x00t\x08\x17\x96\x04\x00\x00"), STR_INIT("two\n"), early},
	{ZSTD, STR_INIT("(\xb5/\xfd"), STR_INIT(""), early},
	{ZSTD, STR_INIT("(\xb5/\xfd\x04X!\x00\x00one\x0a\xdf\x16h"), STR_INIT("one\n"), early},
	{ZSTD, STR_INIT(ZSTD_ONE "\x50*M\x18\x03"), STR_INIT("one\n"), early},
	{XZ, STR_INIT("\xfd\x37zXZ\0"), STR_INIT(""), early},
	{XZ, STR_INIT(XZ_ONE "\xfd\x37zXZ\0\0"), STR_INIT("one\n"), early},
	/* invalid checksum, block, flag */
	{GZIP, STR_INIT("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03+)\xcf\xe7\x02\x00u\x08\x17\x96\x04\x00\x00\x00"), STR_INIT("two\n"), corrupt},
	{GZIP, STR_INIT("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xff" A10), STR_INIT(""), corrupt},
	{GZIP, STR_INIT("\x1f\x8b\x08\xe0" A10), STR_INIT(""), corrupt},
	{GZIP, STR_INIT(GZ_ONE "\x1f\x8b\x08\xe0" A10), STR_INIT("one\n"), corrupt},
	{ZSTD, STR_INIT("(\xb5/\xfd\x04X!\x00\x00one\x0a\xdf\x16h\x0a"), STR_INIT("one\n"), corrupt},
	{ZSTD, STR_INIT("(\xb5/\xfd\x24\x64\x23\x03\x00" "a" "abcd"), STR_INIT(A100), corrupt},
	{ZSTD, STR_INIT("(\xb5/\xfd\x08" A10), STR_INIT(""), corrupt},
	{XZ, STR_INIT("\xfd\x37zXZ\0" A10), STR_INIT(""), corrupt},
	/* windows and dictionaries over the limit */
	{ZSTD, STR_INIT(ZSTD_HUGE), STR_INIT(""), huge},
	{XZ, STR_INIT(XZ_HUGE), STR_INIT(""), huge},
	{XZ, STR_INIT(XZ_ONE XZ_HUGE), STR_INIT("one\n"), huge},
	/* recognized, but not supported */
	{PLAIN, STR_INIT("BZh91AY&SY" A10), STR_INIT(""), "cannot be read: unpack it with bzip2 -d"},
	{PLAIN, STR_INIT("\x04\x22\x4d\x18" A10), STR_INIT(""), "cannot be read: unpack it with lz4 -d"},
};
/* clang-format on */

/* Formats that are not compiled in, and the message. */
static const struct {
	unsigned format;
	const char *why;
} without[] = {
#ifndef HAVE_zlib
	{GZIP, "cannot be read: compiled without zlib"},
#endif
#ifndef HAVE_zstd
	{ZSTD, "cannot be read: compiled without zstd"},
#endif
#ifndef HAVE_lzma
	{XZ, "cannot be read: compiled without lzma"},
#endif
	{0, NULL},
};

/* A descriptor whose reads return n bytes of s each, or all. */
static int
feed(struct str s, size_t n)
{
	int fd[2];

	if (socketpair(AF_UNIX, n ? SOCK_SEQPACKET : SOCK_STREAM, 0, fd) != 0)
		return -1;
	for (n = n ? n : s.n; s.n; s = str_from(s, n))
		if (send(fd[1], s.p, n < s.n ? n : s.n, MSG_NOSIGNAL) < 0)
			return -1;
	close(fd[1]);
	return fd[0];
}

static void
check(size_t i, size_t in, size_t out)
{
	const char *why = rows[i].why;
	struct unpack u = {0};
	struct buf got = {0};
	size_t len = rows[i].out.n, w = 0;
	ssize_t r;
	int fd = feed(rows[i].in, in);

	while (without[w].why && !(rows[i].needs & without[w].format))
		w++;
	if (without[w].why)
		why = without[w].why;
	while ((r = unpack_read(&u, fd, buf_room(&got, out), out)) > 0)
		got.n += (size_t)r;
	CHECK_ROW(i, r == 0);
	CHECK_ROW(i, why ? u.why && strcmp(u.why, why) == 0 : !u.why);
	CHECK_ROW(i, u.unreadable == (why && strncmp(why, "cannot", 6) == 0));
	CHECK_ROW(i, without[w].why ? got.n <= len : got.n == len);
	CHECK_ROW(i, got.n <= len && memcmp(got.p, rows[i].out.p, got.n) == 0);
	CHECK_ROW(i, (u.format != NULL) == (rows[i].needs != PLAIN || why));
	CHECK_ROW(i, unpack_read(&u, fd, got.p, out) == 0);
	close(fd);
	unpack_free(&u);
	buf_free(&got);
}

/* UTF-16, and the same in UTF-8. */
static const struct {
	struct str in, out;
} utf16[] = {
	{STR_INIT("\xff\xfe" "a\0" "\n\0"), STR_INIT("a\n")},
	{STR_INIT("\xfe\xff" "\0a" "\0\n"), STR_INIT("a\n")},
	{STR_INIT("\xff\xfe" "a\0b\0c\0d\0e\0f\0g\0h\0i\0j\0k\0l\0m\0n\0o\0p\0q\0r\0"), STR_INIT("abcdefghijklmnopqr")},
	{STR_INIT("\xff\xfe" "a\0" "\xe4\0" "\x2d\x4e" "\x3d\xd8\x00\xde" "b\0"), STR_INIT("a\xc3\xa4\xe4\xb8\xad\xf0\x9f\x98\x80" "b")},
	/* unpaired surrogate, half a unit */
	{STR_INIT("\xff\xfe" "a\0" "\x3d\xd8" "b\0" "\x00\xde" "c\0" "\x3d\xd8"), STR_INIT("a\xef\xbf\xbd" "b\xef\xbf\xbd" "c\xef\xbf\xbd")},
	{STR_INIT("\xff\xfe" "a\0b"), STR_INIT("a")},
	/* not UTF-16 */
	{STR_INIT("\xff\xfe\n{"), STR_INIT("\xff\xfe\n{")},
	{STR_INIT("\xff\xfe"), STR_INIT("\xff\xfe")},
	{STR_INIT("\xff"), STR_INIT("\xff")},
};

static const uint32_t edges[] = {1, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x103ff, 0x10400, 0x10ffff};

static void
put_unit(struct buf *b, uint32_t unit, bool big)
{
	buf_chr(b, (char)(big ? unit >> 8 : unit & 0xff));
	buf_chr(b, (char)(big ? unit & 0xff : unit >> 8));
}

/* Text read `in` bytes at a time (0: all), into room for `out`. */
static void
check_utf16(size_t row, struct str from, struct str to, size_t in, size_t out)
{
	struct unpack u = {0};
	struct buf got = {0};
	int fd = feed(from, in);
	ssize_t r;

	while ((r = unpack_read(&u, fd, buf_room(&got, out), out)) > 0)
		got.n += (size_t)r;
	CHECK_ROW(row, r == 0 && !u.why && str_eq(buf_str(&got), to));
	close(fd);
	unpack_free(&u);
	buf_free(&got);
}

int
main(void)
{
	static const size_t in[] = {0, 1, 2, 3, 7}, out[] = {16, 4096};
	char b[16];
	struct unpack u = {0};

	TEST("rows");
	for (size_t i = 0; i < NELEM(rows); i++)
		for (size_t k = 0; k < NELEM(in); k++)
			for (size_t n = 0; n < NELEM(out); n++)
				check(i, in[k], out[n]);

	TEST("UTF-16 with a byte-order mark");
	for (size_t i = 0; i < NELEM(utf16); i++)
		for (size_t k = 0; k < NELEM(in); k++)
			for (size_t n = 0; n < NELEM(out); n++)
				check_utf16(i, utf16[i].in, utf16[i].out, in[k], out[n]);

	TEST("the first and last characters of each length, in both orders of bytes");
	for (size_t big = 0; big < 2; big++) {
		struct buf from = {0}, to = {0};

		put_unit(&from, 0xfeff, big);
		put_unit(&from, 'a', big);
		buf_chr(&to, 'a');
		for (size_t i = 0; i < NELEM(edges); i++) {
			uint32_t c = edges[i];

			if (c >= 0x10000)
				put_unit(&from, 0xd800 + ((c - 0x10000) >> 10), big);
			put_unit(&from, c < 0x10000 ? c : 0xdc00 + (c & 0x3ff), big);
			buf_utf8(&to, c);
		}
		for (size_t k = 0; k < NELEM(in); k++)
			for (size_t n = 0; n < NELEM(out); n++)
				check_utf16(big, buf_str(&from), buf_str(&to), in[k], out[n]);
		buf_free(&from);
		buf_free(&to);
	}

	TEST("no memory is held between compressed files");
	CHECK(mem_count.bytes == 0);

	TEST("an unreadable descriptor");
	CHECK(unpack_read(&u, -1, b, sizeof(b)) == -1 && errno == EBADF);
	errno = 0;
	CHECK(unpack_read(&u, -1, b, sizeof(b)) == -1 && errno == EBADF);
	CHECK(!u.why);
	return test_done();
}
