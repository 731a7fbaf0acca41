#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/test.h"

enum { MI = 1024 * 1024, NO_LIMIT = 1 << 30 };

/*
 * Results of in_line up to the end: the line's number, then =TEXT; or !; if it
 * is too long.  A point is the end.
 */
/* clang-format off */
static const struct {
	struct str in;
	size_t limit;
	struct str out;
} lines[] = {
	{STR_INIT(""), 10, STR_INIT(".")},
	{STR_INIT("\n"), 10, STR_INIT("1=;.")},
	{STR_INIT("a"), 10, STR_INIT("1=a;.")},
	{STR_INIT("a\n"), 10, STR_INIT("1=a;.")},
	{STR_INIT("\n\n"), 10, STR_INIT("1=;2=;.")},
	{STR_INIT("\na"), 10, STR_INIT("1=;2=a;.")},
	{STR_INIT("a\n\nb"), 10, STR_INIT("1=a;2=;3=b;.")},
	{STR_INIT("one\ntwo\nthree\n"), 10, STR_INIT("1=one;2=two;3=three;.")},
	{STR_INIT("one\ntwo\nthree"), 10, STR_INIT("1=one;2=two;3=three;.")},
	{STR_INIT("a\r\nb\r\n"), 10, STR_INIT("1=a\r;2=b\r;.")},
	{STR_INIT("a\0b\n\0"), 10, STR_INIT("1=a\0b;2=\0;.")},
	{STR_INIT("\xff\x80\n"), 10, STR_INIT("1=\xff\x80;.")},
	/* at the limit and over it */
	{STR_INIT("abc\n"), 3, STR_INIT("1=abc;.")},
	{STR_INIT("abc"), 3, STR_INIT("1=abc;.")},
	{STR_INIT("abcd\n"), 3, STR_INIT("1!;.")},
	{STR_INIT("abcd"), 3, STR_INIT("1!;.")},
	{STR_INIT("abcdefghijklmnop"), 3, STR_INIT("1!;.")},
	{STR_INIT("abcd\nef\n"), 3, STR_INIT("1!;2=ef;.")},
	{STR_INIT("abcd\n\n"), 3, STR_INIT("1!;2=;.")},
	{STR_INIT("abc\nabcd\nabc\n"), 3, STR_INIT("1=abc;2!;3=abc;.")},
	{STR_INIT("ab\nabcdefghijklm\nabcde\nabc"), 3, STR_INIT("1=ab;2!;3!;4=abc;.")},
	{STR_INIT("abc\ndefg"), 3, STR_INIT("1=abc;2!;.")},
	{STR_INIT("\nabcdefgh\n\n"), 3, STR_INIT("1=;2!;3=;.")},
	{STR_INIT("\n\na\n\n"), 0, STR_INIT("1=;2=;3!;4=;.")},
	{STR_INIT("abcdefgh"), 8, STR_INIT("1=abcdefgh;.")},
	{STR_INIT("abcdefgh\n"), SIZE_MAX, STR_INIT("1=abcdefgh;.")},
};

/*
 * Kept bytes.  Commands: l a line, k a line with keep, gN drop N bytes, bN back
 * to byte N. Results: =TEXT, ! or ., then [the kept bytes].
 */
static const struct keeping {
	struct str in;
	size_t limit;
	const char *orders;
	struct str out;
} keeps[] = {
	{STR_INIT("a\nbb\nccc\n"), 10, "", STR_INIT("")},
	{STR_INIT("a\nbb\nccc\n"), 10, "g0b0", STR_INIT("[][]")},
	{STR_INIT("a\nbb\nccc\n"), 10, "lll", STR_INIT("=a[a\n]=bb[bb\n]=ccc[ccc\n]")},
	{STR_INIT("a\nbb\nccc\n"), 10, "kkk", STR_INIT("=a[a\n]=bb[a\nbb\n]=ccc[a\nbb\nccc\n]")},
	{STR_INIT("a\nbb\nccc\n"), 10, "lkk", STR_INIT("=a[a\n]=bb[a\nbb\n]=ccc[a\nbb\nccc\n]")},
	{STR_INIT("a\nbb\nccc\n"), 10, "lkl", STR_INIT("=a[a\n]=bb[a\nbb\n]=ccc[ccc\n]")},
	{STR_INIT("a\nbb\nccc"), 10, "lkk", STR_INIT("=a[a\n]=bb[a\nbb\n]=ccc[a\nbb\nccc]")},
	{STR_INIT("a\nbb"), 10, "kkkk", STR_INIT("=a[a\n]=bb[a\nbb].[a\nbb].[a\nbb]")},
	{STR_INIT("a\nbb\n"), 10, "kkk", STR_INIT("=a[a\n]=bb[a\nbb\n].[a\nbb\n]")},
	{STR_INIT("\n\n"), 10, "kkk", STR_INIT("=[\n]=[\n\n].[\n\n]")},
	{STR_INIT(""), 10, "kl", STR_INIT(".[].[]")},
	/* dropping */
	{STR_INIT("a\nbb\nccc\n"), 10, "kkg2k", STR_INIT("=a[a\n]=bb[a\nbb\n][bb\n]=ccc[bb\nccc\n]")},
	{STR_INIT("a\nbb\nccc\n"), 10, "kg2k", STR_INIT("=a[a\n][]=bb[bb\n]")},
	{STR_INIT("abc\ndef\n"), 10, "kg3k", STR_INIT("=abc[abc\n][\n]=def[\ndef\n]")},
	{STR_INIT("abc\ndef\n"), 10, "kg0k", STR_INIT("=abc[abc\n][abc\n]=def[abc\ndef\n]")},
	/* back */
	{STR_INIT("a\nbb\nccc\n"), 10, "kkb0k", STR_INIT("=a[a\n]=bb[a\nbb\n][]=a[a\n]")},
	{STR_INIT("a\nbb\nccc\n"), 10, "kkb2kk", STR_INIT("=a[a\n]=bb[a\nbb\n][a\n]=bb[a\nbb\n]=ccc[a\nbb\nccc\n]")},
	{STR_INIT("a\nbb\nccc\n"), 10, "kkb2l", STR_INIT("=a[a\n]=bb[a\nbb\n][a\n]=bb[bb\n]")},
	{STR_INIT("a\nbb\nccc\n"), 10, "lb0l", STR_INIT("=a[a\n][]=a[a\n]")},
	{STR_INIT("abc\ndef\n"), 10, "lb2ll", STR_INIT("=abc[abc\n][ab]=c[c\n]=def[def\n]")},
	{STR_INIT("a\nbb\nccc"), 10, "kkkkb2kkk", STR_INIT("=a[a\n]=bb[a\nbb\n]=ccc[a\nbb\nccc].[a\nbb\nccc][a\n]=bb[a\nbb\n]=ccc[a\nbb\nccc].[a\nbb\nccc]")},
	{STR_INIT("a\nbb\nccc\n"), 10, "kkkg2b3kk", STR_INIT("=a[a\n]=bb[a\nbb\n]=ccc[a\nbb\nccc\n][bb\nccc\n][bb\n]=ccc[bb\nccc\n].[bb\nccc\n]")},
	{STR_INIT("a\nbb\nccc\n"), 10, "lkb2g2l", STR_INIT("=a[a\n]=bb[a\nbb\n][a\n][]=bb[bb\n]")},
	/* the limit is per line, not for the kept bytes */
	{STR_INIT("aaa\nbbb\nccc\n"), 3, "kkk", STR_INIT("=aaa[aaa\n]=bbb[aaa\nbbb\n]=ccc[aaa\nbbb\nccc\n]")},
	{STR_INIT("aaaa\nbbb\nccc\n"), 3, "lkk", STR_INIT("![]=bbb[bbb\n]=ccc[bbb\nccc\n]")},
	{STR_INIT("a\nbbbb\nc\n"), 3, "lll", STR_INIT("=a[a\n]![]=c[c\n]")},
};

/* A line that is too long is neither returned nor kept. */
static const struct keeping long_keeps[] = {
	{STR_INIT("aaaa\nb\n"), 3, "kk", STR_INIT("![]=b[b\n]")},
	{STR_INIT("a\nbbbb\nc\n"), 3, "kkk", STR_INIT("=a[a\n]![a\n]=c[a\nc\n]")},
	{STR_INIT("a\nbbbbbbbbbbbbbbbbb\nc"), 3, "kkk", STR_INIT("=a[a\n]![a\n]=c[a\nc]")},
	{STR_INIT("a\nbbbbbbb"), 3, "kkk", STR_INIT("=a[a\n]![a\n].[a\n]")},
	{STR_INIT("a\nbbbb\nc\n"), 3, "kkb0kk", STR_INIT("=a[a\n]![a\n][]=a[a\n]=c[a\nc\n]")},
};

/* Lines of more than two bytes are first returned with just these. */
static const struct keeping begun_keeps[] = {
	{STR_INIT("aaaa\nb\n"), 9, "ll", STR_INIT("~aa[]=aaaa[aaaa\n]")},
	{STR_INIT("aaaa\nb\n"), 2, "ll", STR_INIT("~aa[]![]")},
	{STR_INIT("aaaa"), 9, "ll", STR_INIT("~aa[]=aaaa[aaaa]")},
	{STR_INIT("aa\nb\n"), 9, "lll", STR_INIT("=aa[aa\n]=b[b\n].[]")},
};
/* clang-format on */

/* Bytes that one read(2) returns; 0: all at once. */
static const struct {
	size_t n;
	const char *name;
} chunks[] = {
	{0, "lines, all at once"},
	{1, "lines, byte by byte"},
	{2, "lines, two bytes at a time"},
	{3, "lines, three bytes at a time"},
	{5, "lines, five bytes at a time"},
};

static bool
put(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t r = write(fd, p, n);

		if (r <= 0)
			return false;
		p += r;
		n -= (size_t)r;
	}
	return true;
}

/* A private file, already unlinked. */
static int
scratch_file(void)
{
	char name[] = "/tmp/io_test.XXXXXX";
	int fd = mkstemp(name);

	if (fd >= 0)
		unlink(name);
	return fd;
}

/*
 * A descriptor from which s can be read: a pipe, or packets of n bytes sent by
 * another process.  Call it while no memory is allocated: valgrind would report
 * it in the child, too.
 */
static int
feed(struct str s, size_t n, pid_t *child)
{
	int fd[2];

	*child = 0;
	if (n == 0) {
		if (pipe(fd) != 0 || !put(fd[1], s.p, s.n))
			return -1;
		close(fd[1]);
		return fd[0];
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd) != 0)
		return -1;
	fflush(stdout);
	*child = fork();
	if (*child == 0) {
		close(fd[0]);
		while (s.n) {
			struct str some = str_head(s, n);

			if (send(fd[1], some.p, some.n, MSG_NOSIGNAL) < 0)
				break;
			s = str_from(s, some.n);
		}
		_exit(0);
	}
	close(fd[1]);
	return fd[0];
}

static void
fed(int fd, pid_t child)
{
	close(fd);
	if (child > 0)
		waitpid(child, NULL, 0);
}

static void
test_lines(void)
{
	for (size_t c = 0; c < NELEM(chunks); c++) {
		TEST(chunks[c].name);
		for (size_t i = 0; i < NELEM(lines); i++) {
			struct in in = {.limit = lines[i].limit};
			struct buf got = {0};
			enum in_what what;
			struct str line;
			uint64_t last;
			pid_t child;

			in.fd = feed(lines[i].in, chunks[c].n, &child);
			while ((what = in_line(&in, false, &line)) == IN_LINE || what == IN_LONG) {
				buf_u64(&got, in.line);
				buf_chr(&got, what == IN_LINE ? '=' : '!');
				if (what == IN_LINE)
					buf_add(&got, line);
				buf_chr(&got, ';');
			}
			buf_chr(&got, what == IN_END ? '.' : '?');
			CHECK_ROW(i, str_eq(buf_str(&got), lines[i].out));
			last = in.line;
			CHECK_ROW(i, in_line(&in, false, &line) == IN_END && in.line == last);
			fed(in.fd, child);
			in_free(&in);
			buf_free(&got);
		}
	}
}

/* Offset of line number n. */
static size_t
begin_of(struct str s, uint64_t n)
{
	struct str rest = s, line = s;

	for (uint64_t i = 0; i < n; i++)
		str_cut(&rest, '\n', &line);
	return (size_t)(line.p - s.p);
}

static void
test_offsets(void)
{
	TEST("off and b.p show the offset of a line in the input");
	for (size_t c = 0; c < NELEM(chunks); c++)
		for (size_t i = 0; i < NELEM(lines); i++) {
			struct in in = {.limit = lines[i].limit};
			enum in_what what;
			struct str line;
			pid_t child;

			in.fd = feed(lines[i].in, chunks[c].n, &child);
			while ((what = in_line(&in, false, &line)) == IN_LINE || what == IN_LONG)
				if (what == IN_LINE)
					CHECK_ROW(c * 100 + i, in.off + (size_t)(line.p - in.b.p) == begin_of(lines[i].in, in.line));
			CHECK_ROW(c * 100 + i, in.off + in.pos == lines[i].in.n);
			fed(in.fd, child);
			in_free(&in);
		}
}

static void
obey(struct in *in, const char *order, struct buf *got)
{
	struct str line, kept;

	switch (*order) {
	case 'g':
		in_let_go(in, (size_t)(order[1] - '0'));
		break;
	case 'b':
		in_back(in, (size_t)(order[1] - '0'));
		break;
	default:
		switch (in_line(in, *order == 'k', &line)) {
		case IN_LINE:
			buf_chr(got, '=');
			buf_add(got, line);
			break;
		case IN_LONG:
			buf_chr(got, '!');
			break;
		case IN_END:
			buf_chr(got, '.');
			break;
		case IN_BEGUN:
			buf_chr(got, '~');
			buf_add(got, line);
			in->begun = 0;
			break;
		case IN_ERROR:
			buf_chr(got, '?');
		}
	}
	kept = in_kept(in);
	buf_chr(got, '[');
	buf_add(got, kept);
	buf_chr(got, ']');
}

static void
test_keeping(const struct keeping *k, size_t n, size_t begun)
{
	for (size_t c = 0; c < NELEM(chunks); c++)
		for (size_t i = 0; i < n; i++) {
			struct in in = {.limit = k[i].limit, .begun = begun};
			struct buf got = {0};
			pid_t child;

			in.fd = feed(k[i].in, chunks[c].n, &child);
			for (const char *o = k[i].orders; *o; o += *o == 'g' || *o == 'b' ? 2 : 1)
				obey(&in, o, &got);
			CHECK_ROW(c * 100 + i, str_eq(buf_str(&got), k[i].out));
			fed(in.fd, child);
			in_free(&in);
			buf_free(&got);
		}
}

/* Line i of the large file: its number, repeated. */
static void
put_large(struct buf *b, size_t i)
{
	size_t n = i % 1000 == 999 ? 700000 : i * 7919 % 5000;

	for (size_t begin = b->n; b->n - begin < n;)
		buf_u64(b, i);
}

static void
test_large(bool keep)
{
	enum { N = 3000, STEP = 50 };
	struct in in = {.limit = NO_LIMIT, .fd = scratch_file()};
	struct buf all = {0}, want = {0};
	size_t bad = 0, at = 0, kept = 0;
	struct str line;

	for (size_t i = 0; i < N; i++) {
		put_large(&all, i);
		buf_chr(&all, '\n');
	}
	CHECK(put(in.fd, all.p, all.n) && lseek(in.fd, 0, SEEK_SET) == 0);
	for (size_t i = 0; i < N; i++) {
		want.n = 0;
		put_large(&want, i);
		bad += in_line(&in, keep && i % STEP, &line) != IN_LINE || !str_eq(line, buf_str(&want));
		bad += in.line != i + 1;
		bad += in.off + (size_t)(line.p - in.b.p) != at;
		at += want.n + 1;
		kept = (keep && i % STEP ? kept : 0) + want.n + 1;
		bad += !str_eq(in_kept(&in), (struct str){all.p + at - kept, kept});
	}
	bad += in_line(&in, false, &line) != IN_END;
	CHECK(bad == 0 && at == all.n);
	close(in.fd);
	in_free(&in);
	buf_free(&all);
	buf_free(&want);
}

static void
test_endless(void)
{
	struct in in = {.limit = 100};
	char block[65536];
	struct str line;
	pid_t child;
	int fd[2];

	TEST("a line far over the limit takes no memory");
	CHECK(pipe(fd) == 0);
	fflush(stdout);
	if ((child = fork()) == 0) {
		close(fd[0]);
		memset(block, 'x', sizeof(block));
		for (size_t i = 0; i < 512; i++)
			put(fd[1], block, sizeof(block));
		put(fd[1], "\nend\n", 5);
		_exit(0);
	}
	close(fd[1]);
	in.fd = fd[0];
	CHECK(in_line(&in, false, &line) == IN_LONG && in.line == 1);
	CHECK(in_line(&in, false, &line) == IN_LINE && in.line == 2);
	CHECK(str_eq(line, S("end")));
	CHECK(in.b.cap <= 2 * MI);
	CHECK(in_line(&in, false, &line) == IN_END);
	fed(in.fd, child);
	in_free(&in);
}

static void
test_errors(void)
{
	struct in in = {.fd = -1, .limit = 100};
	struct str line;
	int fd[2];

	TEST("an unreadable descriptor");
	errno = 0;
	CHECK(in_line(&in, false, &line) == IN_ERROR && errno == EBADF);
	CHECK(in.line == 0);
	in_free(&in);
	in = (struct in){.fd = open("/", O_RDONLY), .limit = 100};
	errno = 0;
	CHECK(in_line(&in, false, &line) == IN_ERROR && errno == EISDIR);
	close(in.fd);
	in_free(&in);

	TEST("an error is returned again");
	CHECK(pipe(fd) == 0);
	in = (struct in){.fd = -1, .limit = 100};
	CHECK(in_head(&in, 2, &line) == IN_ERROR && errno == EBADF);
	CHECK(put(fd[1], "a\n", 2));
	in.fd = fd[0];
	errno = 0;
	CHECK(in_line(&in, false, &line) == IN_ERROR && errno == EBADF);
	close(fd[0]);
	close(fd[1]);
	in_free(&in);

	TEST("lines before the error are returned");
	CHECK(pipe(fd) == 0);
	in = (struct in){.fd = fd[0], .limit = 100};
	CHECK(put(fd[1], "a\nb\nc", 5));
	CHECK(in_line(&in, false, &line) == IN_LINE && str_eq(line, S("a")));
	in.fd = -1;
	CHECK(in_line(&in, false, &line) == IN_LINE && str_eq(line, S("b")));
	errno = 0;
	CHECK(in_line(&in, false, &line) == IN_ERROR && errno == EBADF);
	CHECK(in.line == 2);
	close(fd[0]);
	close(fd[1]);
	in_free(&in);
	in_free(&in);
	CHECK(!in.b.p);
}

/* Does fd contain exactly s? */
static bool
holds(int fd, struct str s)
{
	char got[256];
	ssize_t n;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	n = read(fd, got, sizeof(got));
	if (n < 0)
		n = 0;
	return str_eq((struct str){got, (size_t)n}, s);
}

static void
test_tie(void)
{
	struct out o = {0};
	struct in in = {.limit = 100, .tie = &o};
	struct str line;
	int from[2], to[2];

	TEST("pending output is written before a read, and only then");
	CHECK(pipe(from) == 0 && pipe(to) == 0);
	in.fd = from[0];
	o.fd = to[1];
	CHECK(put(from[1], "a\nb\n", 4));
	buf_add(&o.b, S("first"));
	CHECK(in_line(&in, false, &line) == IN_LINE && str_eq(line, S("a")));
	CHECK(o.b.n == 0 && holds(to[0], S("first")));
	buf_add(&o.b, S("second"));
	CHECK(in_line(&in, false, &line) == IN_LINE && str_eq(line, S("b")));
	CHECK(str_eq(buf_str(&o.b), S("second")) && holds(to[0], S("")));
	close(from[1]);
	CHECK(in_line(&in, false, &line) == IN_END);
	CHECK(o.b.n == 0 && holds(to[0], S("second")));
	close(from[0]);
	close(to[0]);
	close(to[1]);
	in_free(&in);
	buf_free(&o.b);
}

static void
test_out(void)
{
	struct out o = {.fd = scratch_file()};
	int fd = o.fd, keep;
	char *back;

	TEST("out_spill writes large buffers only");
	buf_add(&o.b, S("little"));
	out_spill(&o);
	CHECK(str_eq(buf_str(&o.b), S("little")) && lseek(fd, 0, SEEK_CUR) == 0);
	memset(buf_room(&o.b, MI), 'm', MI);
	o.b.n += MI;
	out_spill(&o);
	CHECK(o.b.n == 0 && o.err == 0);

	TEST("out_flush writes everything, once");
	buf_add(&o.b, S("\0end"));
	CHECK(out_flush(&o) && o.b.n == 0 && o.err == 0);
	CHECK(out_flush(&o));
	CHECK(lseek(fd, 0, SEEK_CUR) == MI + 10);
	back = buf_room(&o.b, MI + 10);
	CHECK(pread(fd, back, MI + 10, 0) == MI + 10);
	CHECK(memcmp(back, "littlemm", 8) == 0);
	CHECK(memcmp(back + MI + 4, "mm\0end", 6) == 0);

	TEST("descriptor 0 can be used");
	keep = dup(0);
	CHECK(dup2(fd, 0) == 0 && ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0);
	o.fd = 0;
	buf_add(&o.b, S("x"));
	CHECK(out_flush(&o) && o.b.n == 0 && lseek(fd, 0, SEEK_CUR) == 1);
	CHECK(dup2(keep, 0) == 0);
	close(keep);

	TEST("-1: output is collected, not written");
	o.fd = -1;
	buf_add(&o.b, S("x"));
	memset(buf_room(&o.b, MI), 'm', MI);
	o.b.n += MI;
	out_spill(&o);
	CHECK(out_flush(&o) && o.err == 0);
	CHECK(o.b.n == MI + 1 && o.b.p[0] == 'x');
	close(fd);
	buf_free(&o.b);
}

static int go;

static void
wake(int sig)
{
	(void)sig;
	put(go, "g", 1);
}

/* The reader waits until the writer, blocked by a full pipe, is interrupted. */
static void
test_partial(int flags)
{
	struct out o = {0};
	struct itimerval soon = {.it_value.tv_usec = 20000};
	int data[2], start[2], status = 1;
	pid_t child;

	CHECK(pipe(data) == 0 && pipe(start) == 0 && fcntl(data[1], F_SETFL, flags) == 0);
	fflush(stdout);
	if ((child = fork()) == 0) {
		size_t n = 0, bad = 0;
		unsigned char c[4096];
		ssize_t r;

		close(data[1]);
		bad += read(start[0], c, 1) != 1;
		while ((r = read(data[0], c, sizeof(c))) > 0)
			for (ssize_t i = 0; i < r; i++, n++)
				bad += c[i] != n % 251;
		_exit(bad || n != MI);
	}
	close(data[0]);
	go = start[1];
	o.fd = data[1];
	for (size_t i = 0; i < MI; i++)
		buf_chr(&o.b, (char)(i % 251));
	sigaction(SIGALRM, &(struct sigaction){.sa_handler = wake}, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	CHECK(out_flush(&o) && o.b.n == 0 && o.err == 0);
	close(data[1]);
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	signal(SIGALRM, SIG_DFL);
	close(start[0]);
	close(start[1]);
	buf_free(&o.b);
}

/* The writer waits a quarter of a second before each line. */
static void
test_nonblocking(void)
{
	struct in in = {.limit = 100};
	clock_t used = clock();
	struct str line;
	pid_t child;
	int fd[2];

	CHECK(pipe(fd) == 0 && fcntl(fd[0], F_SETFL, O_NONBLOCK) == 0);
	fflush(stdout);
	if ((child = fork()) == 0) {
		close(fd[0]);
		for (int i = 0; i < 2; i++) {
			nanosleep(&(struct timespec){.tv_nsec = 250000000}, NULL);
			put(fd[1], "line\n", 5);
		}
		_exit(0);
	}
	close(fd[1]);
	in.fd = fd[0];
	for (int i = 0; i < 2; i++)
		CHECK(in_line(&in, false, &line) == IN_LINE && str_eq(line, S("line")));
	CHECK(in_line(&in, false, &line) == IN_END);
	CHECK(clock() - used < CLOCKS_PER_SEC / 20);
	fed(in.fd, child);
	in_free(&in);
}

static void
test_out_errors(void)
{
	struct out o = {0};
	int fd[2], file = scratch_file();

	TEST("a failed write is remembered");
	o.fd = dup(file);
	close(o.fd);
	buf_add(&o.b, S("lost"));
	CHECK(!out_flush(&o) && o.err == EBADF);
	buf_add(&o.b, S("lost"));
	CHECK(!out_flush(&o) && o.err == EBADF);

	TEST("nothing is written after a failed write, even if possible");
	o.fd = file;
	errno = 0;
	buf_add(&o.b, S("too late"));
	CHECK(!out_flush(&o) && o.err == EBADF);
	memset(buf_room(&o.b, MI), 'm', MI);
	o.b.n += MI;
	out_spill(&o);
	CHECK(!out_flush(&o) && o.err == EBADF);
	CHECK(lseek(file, 0, SEEK_END) == 0);
	CHECK(o.b.n < MI);
	close(file);

	TEST("a closed pipe");
	signal(SIGPIPE, SIG_IGN);
	CHECK(pipe(fd) == 0);
	close(fd[0]);
	o.fd = fd[1];
	o.err = 0;
	o.b.n = 0;
	memset(buf_room(&o.b, MI), 'm', MI);
	o.b.n += MI;
	out_spill(&o);
	CHECK(o.err == EPIPE);
	CHECK(!out_flush(&o));
	close(fd[1]);
	signal(SIGPIPE, SIG_DFL);

	TEST("a full disk");
	o.fd = open("/dev/full", O_WRONLY);
	if (o.fd >= 0) {
		o.err = 0;
		buf_add(&o.b, S("lost"));
		CHECK(!out_flush(&o) && o.err == ENOSPC);
		close(o.fd);
	}
	buf_free(&o.b);
}

/* A pipe with a text, closed after it. */
static int
pipe_of(struct str text)
{
	int fd[2];

	CHECK(pipe(fd) == 0 && write(fd[1], text.p, text.n) == (ssize_t)text.n);
	close(fd[1]);
	return fd[0];
}

static void
test_rest(void)
{
	struct str text = S("line\n12345678"), head, line, rest;

	TEST("the rest of an input, up to the limit");
	for (size_t limit = 7; limit <= 9; limit++) {
		struct in in = {.fd = pipe_of(text), .limit = limit};

		CHECK_ROW(limit, in_line(&in, false, &line) == IN_LINE && str_eq(line, S("line")));
		CHECK_ROW(limit, in_rest(&in, &rest) == (limit < 8 ? IN_LONG : IN_LINE));
		CHECK_ROW(limit, limit < 8 || str_eq(rest, S("12345678")));
		CHECK_ROW(limit, limit < 8 || in_line(&in, false, &line) == IN_END);
		close(in.fd);
		in_free(&in);
	}

	TEST("the beginning of an input stays there");
	for (size_t n = 0; n <= text.n + 2; n++) {
		struct in in = {.fd = pipe_of(text), .limit = 100};

		CHECK_ROW(n, in_head(&in, n, &head) == IN_LINE && str_eq(head, str_head(text, n)));
		CHECK_ROW(n, in_line(&in, false, &line) == IN_LINE && str_eq(line, S("line")));
		CHECK_ROW(n, in_head(&in, 3, &head) == IN_LINE && str_eq(head, S("123")));
		close(in.fd);
		CHECK_ROW(n, n <= text.n || in_rest(&in, &rest) == IN_LINE); /* all was read */
		in_free(&in);
	}

	TEST("errors are reported");
	{
		struct in in = {.fd = -1, .limit = 100};

		CHECK(in_head(&in, 1, &head) == IN_ERROR && in_rest(&in, &rest) == IN_ERROR);
		in_free(&in);
	}
}

int
main(void)
{
	test_lines();
	test_rest();

	TEST("keep, drop, read again");
	test_keeping(keeps, NELEM(keeps), 0);

	TEST("a line over the limit is not kept");
	test_keeping(long_keeps, NELEM(long_keeps), 0);

	TEST("a long line that is returned when begun: its first bytes only");
	test_keeping(begun_keeps, NELEM(begun_keeps), 2);

	test_offsets();

	TEST("a large file with lines longer than a block");
	test_large(false);

	TEST("a large file, fifty lines kept at a time");
	test_large(true);

	test_endless();
	test_errors();
	test_tie();
	test_out();

	TEST("a short write is continued");
	test_partial(0);

	TEST("a slow reader and a non-blocking descriptor");
	test_partial(O_NONBLOCK);

	TEST("a slow writer and a non-blocking descriptor: poll, no busy loop");
	test_nonblocking();

	test_out_errors();
	return test_done();
}
