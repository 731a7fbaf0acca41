#include "input/plain.h"

#include "base/test.h"

#define T0 (INT64_C(1772600767) * SECOND) /* 2026-03-04T05:06:07Z */
#define X(code) "NVRM: Xid (PCI:0000:3b:00): " #code ", x"
#define K "Mar  4 05:06:07 gpu-7 kernel: "
#define D15 "---------------"
#define A91 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk-7"

/* Lines, and their Xids: "CODE SECONDS NODE," each, where seconds count
 * from T0, - is none.  "^" stands for a line that is missing. */
struct row {
	struct str lines, says;
};
#define ROW(lines, says) {STR_INIT(lines), STR_INIT(says)}

/* In the year 2026, in UTC. */
static const struct row rows[] = {
	ROW(K X(79), "79 0 gpu-7,"),
	ROW("2026-03-04T05:06:08Z gpu-7 kernel: " X(79), "79 1 gpu-7,"),
	ROW(X(79), "79 - -,"),
	/* colors of a terminal, NULs, text that was overwritten */
	ROW("\033[1m" K "\033[0;31m" X(79) "\033[m", "79 0 gpu-7,"), ROW("\033[@" K X(79), "79 0 gpu-7,"), ROW("\033[?25h" K X(79), "79 0 gpu-7,"),
	ROW("\033" K X(79) "\033", "79 0 gpu-7,"), ROW(K X(79) "\033[3", "79 0 gpu-7,"), ROW(K X(79) "\033[", "79 0 gpu-7,"),
	ROW("\0" K "\0\0" X(79) "\0", "79 0 gpu-7,"), ROW("10%\r" K X(79), "79 0 gpu-7,"), ROW(K X(79) "\r" K X(48) "\r", "79 0 gpu-7,48 0 gpu-7,"),
	ROW(K X(79) "\rMar  4 05:06:09 gpu-7 kernel: " X(48), "79 0 gpu-7,48 2 gpu-7,"),
	/* Ansible's line ends, if the beginning of the line is Ansible's */
	ROW("gpu-7 | CHANGED | rc=0 | (stdout) " K X(79) "\\n" K X(48), "79 0 gpu-7,48 0 gpu-7,"),
	ROW(A91 " | CHANGED | rc=0 | (stdout) [1.5] " X(79) "\\n[2.5] " X(48), "79 - " A91 ",48 - " A91 ","),
	ROW("x" A91 " | CHANGED | rc=0 | (stdout) [1.5] " X(79) "\\n[2.5] " X(48), "79 - x" A91 ","),
	/* an indented line continues the one before */
	ROW(K "a\n " X(79), "79 0 gpu-7,"), ROW(K "a\n\t" X(79), "79 0 gpu-7,"), ROW(K "a\n" X(79), "79 - -,"), ROW(K "a\n^\n " X(79), "79 - -,"), ROW(" " X(79), "79 - -,"),
	ROW(K "a\n [1.5] " X(79), "79 - -,"), ROW(K "a\n  gpu-9 kernel: " X(79), "79 - gpu-9,"), ROW(K "a\nMar  4 05:06:08 gpu-8 kernel: b\n " X(79), "79 1 gpu-8,"),
	/* names between lines of dashes */
	ROW(D15 "\ngpu-7\n" D15 "\n" X(79) "\n" X(48), "79 - gpu-7,48 - gpu-7,"), ROW(D15 "-\ngpu-7\n" D15 "-\n" X(79), "79 - gpu-7,"),
	ROW("--------------\ngpu-7\n--------------\n" X(79), "79 - -,"), ROW(D15 "x\ngpu-7\n" D15 "x\n" X(79), "79 - -,"),
	ROW(D15 "\ngpu-[7-8]\n" D15 "\n" X(79), "79 - -,"), ROW(D15 "\ngpu-7,gpu-8\n" D15 "\n" X(79), "79 - -,"), ROW(D15 "\ngpu-7 gpu-8\n" D15 "\n" X(79), "79 - -,"),
	ROW(D15 "\ngpu-7\n" D15 "\na\n" D15 "\ngpu-8\n" D15 "\n" X(79), "79 - gpu-8,"), ROW(D15 "\ngpu-7\n" X(79), "79 - -,"), ROW(D15 "\ngpu-7\na\n" X(79), "79 - -,"),
	ROW(D15 "\ngpu-7\n" D15 "\n" D15 "\n" X(79) "\na\n" X(48), "48 - -,"), /* the first is taken for a name */
	ROW(D15 "\ngpu-7\n" D15 "\n" K X(79), "79 0 gpu-7,"), ROW(D15 "\ngpu-8\n" D15 "\n" K X(79), "79 0 gpu-7,"),
	/* Ansible's and pssh's headers */
	ROW("gpu-7 | CHANGED | rc=0 >>\n" X(79), "79 - gpu-7,"), ROW("gpu-7 | FAILED | rc=1 >>\n" X(79), "79 - gpu-7,"), ROW("gpu-7 | CHANGED >>\n" X(79), "79 - -,"),
	ROW("gpu-7 CHANGED | rc=0 >>\n" X(79), "79 - -,"), ROW("gpu-7 | CHANGED | rc=0 >\n" X(79), "79 - -,"), ROW("gpu/7 | CHANGED | rc=0 >>\n" X(79), "79 - -,"),
	ROW("gpu-8 | CHANGED | rc=0 >>\ngpu/7 | CHANGED | rc=0 >>\n" X(79), "79 - -,"),
	ROW("[1] 03:20:00 [SUCCESS] gpu-7\n" X(79), "79 - gpu-7,"), ROW("[12] 03:20:00 [FAILURE] gpu-7 Exited with error code 1\n" X(79), "79 - gpu-7,"),
	ROW("[1] 03:20:00 [OTHER] gpu-7\n" X(79), "79 - -,"), ROW("[x] 03:20:00 [SUCCESS] gpu-7\n" X(79), "79 - -,"), ROW("[1] 3:20:00 [SUCCESS] gpu-7\n" X(79), "79 - -,"),
	ROW("[1] 03:20:00 [SUCCESS]\n" X(79), "79 - -,"), ROW("[1]03:20:00 [SUCCESS] gpu-7\n" X(79), "79 - -,"), ROW("1] 03:20:00 [SUCCESS] gpu-7\n" X(79), "79 - -,"),
	/* Salt's names and indented lines */
	ROW("gpu-7:\n    " X(79) "\ngpu-8:\n    " X(48), "79 - gpu-7,48 - gpu-8,"), ROW("gpu-7:\n    " X(79) "\nminion:\n    " X(48), "79 - gpu-7,48 - minion,"),
	ROW("minion:\n    " X(79), "79 - -,"), ROW("a\ngpu-7:\n    " X(79), "79 - -,"), ROW("gpu-7\n    " X(79), "79 - -,"), ROW("    gpu-7:\n    " X(79), "79 - -,"),
	ROW("gpu-7:\n    " X(79) "\nSummary\n" X(48), "79 - gpu-7,48 - -,"), ROW("g/7:\n    " X(79), "79 - -,"), ROW("gpu-7:\n    a:\n    " X(79), "79 - gpu-7,"),
	/* labels of all lines of a download */
	ROW("Common labels: {\"hostname\":\"gpu-7\",\"transport\":\"kernel\"}\n" X(79), "79 - gpu-7,"), ROW("Common labels: {\"node\":\"gpu-7\",\"host\":\"b\"}\n" X(79), "79 - gpu-7,"),
	ROW("Common labels: {\"nodename\":\"gpu-7\"}\n" X(79), "79 - gpu-7,"), ROW("Common labels: {\"node_name\":\"gpu-7\"}\n" X(79), "79 - gpu-7,"),
	ROW("Common labels: {\"host\":\"\",\"a\":\"b\"}\n" X(79), "79 - -,"), ROW("Other labels: {\"host\":\"gpu-7\"}\n" X(79), "79 - -,"),
	ROW("Common labels: {\"host\":\"gpu-7\",\"transport\":\"stdout\"}\n" X(79), ""), ROW("Common labels: {\"syslog_identifier\":\"a\"}\n" X(79), ""),
	ROW("Common labels: {\"unit\":\"a\",\"transport\":\"kernel\"}\n" X(79), ""), ROW("Common labels: {\"unit\":\"a\"}\ngpu-7 | CHANGED | rc=0 >>\n" X(79), "79 - gpu-7,"),
	/* dmesg -H prints a minute once */
	ROW("[Mar 4 05:06] a\n[  +0.000010] " X(79), "79 -7 -,"), ROW("gpu-7: [Mar 4 05:06] a\ngpu-7: [  +0.000010] " X(79), "79 -7 gpu-7,"),
	ROW("gpu-7: [Mar 4 05:06] a\ngpu-8: [  +0.000010] " X(79), "79 - gpu-8,"), ROW("[Mar 4 05:06] a\n" X(79), "79 - -,"), ROW("[  +0.000010] " X(79), "79 - -,"),
	ROW("[Mar 4 05:06] a\n[Mar 4 05:07] a\n[  +0.000010] " X(79), "79 53 -,"),
	ROW("gpu-7: [Mar 4 05:06] a\ngpu-8: [Mar 4 05:07] a\ngpu-8: [  +0.000010] " X(79), "79 53 gpu-8,"),
	/* Slurm's task numbers are not nodes */
	ROW("3: " K X(79), "79 0 gpu-7,"), ROW("3: [1.5] " X(79), "79 - -,"),
};

/* Without a year, and the time of boot at T0: lines wait. */
static const struct row waiting[] = {
	ROW(K X(79) "\n2026-03-05T00:00:00Z gpu-8 kernel: " X(48), "48 68033 gpu-8,79 0 gpu-7,"),
	ROW(K X(79), "79 - gpu-7,"),
	ROW(K "a\n " X(79), "79 - -,"), /* not to be joined later */
	ROW("[  100.0] " X(79) "\n[  101.0] " X(48), "79 100 -,48 101 -,"),
	ROW("[  100.0] " X(79) "\n[    1.0] " X(48), "79 - -,48 1 -,"),
	ROW("[  100.0] " X(79) "\n[   99.0] " X(48), "79 100 -,48 99 -,"),
	ROW("[  100.0] " X(79) "\n[   98.999999999] " X(48), "79 - -,48 98 -,"),
	ROW("[  100.0] a\n[    1.0] " X(79) "\n[    1.5] " X(48) "\n[    0.4] " X(13), "79 - -,48 - -,13 0 -,"),
	ROW("2026-03-05T00:00:00Z gpu-8 kernel: a\n" K X(79), "79 - gpu-7,"), /* no record shows the year */
};

/* Stamps without a zone, and the number of the line where they go back by an hour. */
static const struct {
	const char *lines[3];
	uint64_t at;
} falls[] = {
	{{"Oct 25 02:59:00 a kernel: x", "Oct 25 02:00:00 a kernel: x", "Oct 25 01:00:00 a kernel: x"}, 2},
	{{"Oct 25 02:59:00 a kernel: x", "Oct 25 02:59:00 b kernel: x", "Oct 25 02:00:00 a kernel: x"}, 0},
	{{"Oct 25 02:59:00 a kernel: x", "Oct 25 02:59:00 b kernel: x", "Oct 25 02:00:00 b kernel: x"}, 3},
	{{"Oct 25 02:50:00 a kernel: x", "Oct 25 02:00:00 a kernel: x"}, 2},
	{{"Oct 25 02:49:59 a kernel: x", "Oct 25 02:00:00 a kernel: x"}, 0},
	{{"Oct 25 03:10:00 a kernel: x", "Oct 25 02:00:00 a kernel: x"}, 2},
	{{"Oct 25 03:10:01 a kernel: x", "Oct 25 02:00:00 a kernel: x"}, 0},
	{{"Oct 25 02:00:00 a kernel: x", "Oct 25 02:59:00 a kernel: x"}, 0},
	{{"2026-10-25T02:59:00 a kernel: x", "2026-10-25T02:00:00 a kernel: x"}, 2},
	{{"Sun 2026-10-25 02:59:00 CEST a kernel: x", "Sun 2026-10-25 02:00:00 CET a kernel: x"}, 2},
	{{"2026-10-25T02:59:00Z a kernel: x", "2026-10-25T02:00:00Z a kernel: x"}, 0},
	{{"[ 3600.0] x", "[    1.0] x"}, 0},
};

/* A header, a line below it, and the line as printed for itself. */
static const struct {
	const char *above, *line;
	int64_t rank;
	const char *alone;
} alones[] = {
	{"", X(79), -1, X(79)},
	{"", "Could not acquire GIL within 1 ms", 3, "[rank3]:Could not acquire GIL within 1 ms"},
	{"", "Could not acquire GIL within 1 ms", 0, "[rank0]:Could not acquire GIL within 1 ms"},
	{"gpu-7 | CHANGED | rc=0 >>", K X(79), -1, K X(79)},
	{"gpu-7 | CHANGED | rc=0 >>", "[1.5] " X(79), -1, "gpu-7: [1.5] " X(79)},
	{"gpu-7 | CHANGED | rc=0 >>", X(79), -1, "{\"host\":\"gpu-7\",\"message\":\"" X(79) "\"}"}, /* "gpu-7: NVRM" would be a quote */
	{"gpu-7 | CHANGED | rc=0 >>", "nothing", -1, "gpu-7: nothing"},
	{"gpu-7 | CHANGED | rc=0 >>", "Could not acquire GIL within 1 ms", 3, "gpu-7: [rank3]:Could not acquire GIL within 1 ms"},
	{"[Mar 4 05:06] a", "[  +0.000010] " X(79), -1, "[Mar 4 05:06] [  +0.000010] " X(79)},
	{"gpu-7: [Mar 4 05:06] a", "gpu-7: [  +0.000010] " X(79), -1, "gpu-7: [Mar 4 05:06] [  +0.000010] " X(79)},
	{"gpu-7: [Mar 4 05:06] a", "gpu-7: b", -1, "gpu-7: b"},
};

static const char *const headers[] = {
	D15, "gpu-7 | CHANGED | rc=0 >>", "[1] 03:20:00 [SUCCESS] gpu-7", "gpu-7:", "Common labels: {\"a\":\"b\"}", "[Mar 4 05:06] a",
	/* no headers */
	"a", K "a",
};

static struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
static struct plain p;

static void
start(void)
{
	events_reset(&ev);
	ev.seen = 0;
	plain_free(&p);
	p = (struct plain){.clock = {.year = 2026, .boot = NO_TIME}, .near = NO_TIME};
	plain_begin(&p, &NO_ORIGIN);
}

static void
read_lines(struct str lines)
{
	struct str line;

	for (uint64_t n = 1; str_cut(&lines, '\n', &line); n++)
		if (!str_eq(line, S("^")))
			plain_read(&p, &ev, line, n);
}

static struct str
says(struct buf *b)
{
	const struct xid *x = ev.list[EVENT_XID].p;

	b->n = 0;
	for (size_t i = 0; i < ev.list[EVENT_XID].n; i++, x++) {
		buf_u64(b, x->code);
		buf_chr(b, ' ');
		if (x->e.t == NO_TIME)
			buf_chr(b, '-');
		else
			buf_i64(b, (x->e.t - T0) / SECOND);
		buf_chr(b, ' ');
		buf_add(b, x->e.node ? idx_at(&ev.names, x->e.node) : S("-"));
		buf_chr(b, ',');
	}
	return buf_str(b);
}

static void
check(struct buf *b, size_t row, struct str want)
{
	CHECK_ROW(row, str_eq(says(b), want));
	if (!str_eq(says(b), want))
		printf("#  %.*s\n#  %.*s\n", (int)b->n, b->p, (int)want.n, want.p);
}

int
main(void)
{
	static const struct origin file = {.t = NO_TIME, .node = STR_INIT("gpu-9")};
	struct buf b = {0};
	struct str one, other;
	struct sift screen;

	TEST("lines, their times and nodes");
	for (size_t i = 0; i < NELEM(rows); i++) {
		start();
		read_lines(rows[i].lines);
		check(&b, i, rows[i].says);
	}

	TEST("lines that wait for the year, or for the last boot");
	for (size_t i = 0; i < NELEM(waiting); i++) {
		start();
		p.wait = true;
		p.clock.year = 0;
		p.clock.boot = T0;
		read_lines(waiting[i].lines);
		plain_end(&p, &ev);
		check(&b, i, waiting[i].says);
	}

	TEST("boots are counted in each file");
	start();
	p.wait = true;
	p.clock.boot = T0;
	read_lines(S("[  100.0] " X(79)));
	plain_begin(&p, &NO_ORIGIN);
	read_lines(S("[    1.0] " X(48)));
	plain_end(&p, &ev);
	check(&b, 0, S("79 100 -,48 1 -,"));
	CHECK(p.waiting.n == 0);

	TEST("the end of summer time");
	for (size_t i = 0; i < NELEM(falls); i++) {
		start();
		for (size_t n = 0; n < 3 && falls[i].lines[n]; n++)
			plain_read(&p, &ev, str_of(falls[i].lines[n]), n + 1);
		CHECK_ROW(i, p.fell.line == falls[i].at);
	}
	plain_begin(&p, &NO_ORIGIN);
	CHECK(p.fell.line == 0);

	TEST("lines below headers, on their own");
	for (size_t i = 0; i < NELEM(alones); i++) {
		start();
		plain_read(&p, &ev, str_of(alones[i].above), 1);
		plain_read(&p, &ev, str_of(alones[i].line), 2);
		CHECK_ROW(i, str_eq(plain_alone(&p, &ev, str_of(alones[i].line), alones[i].rank), str_of(alones[i].alone)));
	}

	TEST("a header says that the next line is needed");
	for (size_t i = 0; i < NELEM(headers); i++) {
		start();
		CHECK_ROW(i, plain_read(&p, &ev, str_of(headers[i]), 1) == (i < NELEM(headers) - 2));
	}

	TEST("header lines above a line, once");
	start();
	read_lines(S(D15 "\ngpu-7\n" D15 "\n" X(79)));
	CHECK(str_eq(plain_above(&p), S(D15 "\ngpu-7\n" D15 "\n")) && plain_above(&p).n == 0);
	start();
	read_lines(S("[Mar 4 05:06] a\n[  +0.1] " X(79)));
	CHECK(str_eq(plain_above(&p), S("[Mar 4 05:06] a\n")));
	start();
	read_lines(S("[Mar 4 05:06] a\n[Mar 4 05:07] b\n[  +0.1] " X(79)));
	CHECK(str_eq(plain_above(&p), S("[Mar 4 05:07] b\n")));
	CHECK(str_eq(plain_alone(&p, &ev, S("[  +0.1] " X(79)), -1), S("[Mar 4 05:07] [  +0.1] " X(79))));
	start();
	read_lines(S("a\n[Mar 4 05:06] " X(79)));
	CHECK(plain_above(&p).n == 0); /* the line is the header */

	TEST("the host in a file's name is a header's");
	start();
	plain_begin(&p, &file);
	read_lines(S("[1.5] " X(79)));
	check(&b, 0, S("79 - gpu-9,"));
	CHECK(p.header.of_file && p.header.gave_host);
	start();
	plain_begin(&p, &file);
	read_lines(S("gpu-7 | CHANGED | rc=0 >>\n" X(48)));
	CHECK(!p.header.of_file);
	plain_begin(&p, &NO_ORIGIN);
	CHECK(!p.header.of_file && !p.header.host.n);

	TEST("a file's header and minute end with it");
	start();
	read_lines(S("gpu-7: [Mar 4 05:06] a"));
	plain_begin(&p, &NO_ORIGIN);
	read_lines(S("gpu-7: [  +0.1] " X(79)));
	check(&b, 0, S("79 - gpu-7,"));
	start();
	read_lines(S("gpu-7:\n    a\n" D15));
	plain_begin(&p, &NO_ORIGIN);
	read_lines(S("a\n" X(79) "\ngpu-8:\n    " X(48)));
	check(&b, 0, S("79 - -,48 - -,"));
	start();
	read_lines(S("Common labels: {\"unit\":\"a\"}"));
	plain_begin(&p, &NO_ORIGIN);
	read_lines(S(X(79)));
	check(&b, 0, S("79 - -,"));
	start();
	read_lines(S(K "a"));
	plain_begin(&p, &NO_ORIGIN);
	plain_read(&p, &ev, S(" " X(79)), 2);
	check(&b, 0, S("79 - -,"));

	TEST("a device is named for the indented lines below");
	for (int i = 0; i < 2; i++) {
		start();
		plain_read(&p, &ev, S(K "NVRM: The NVIDIA GPU 0000:9b:00.0"), 1);
		plain_read(&p, &ev, i ? S(" NVRM: fallen off the bus") : S(K "NVRM: fallen off the bus"), 2);
		CHECK_ROW(i, ev.list[EVENT_XID].n == 1 && ((struct xid *)ev.list[EVENT_XID].p)->gpu.known == i);
	}

	TEST("hosts whose stamps count from one boot");
	start();
	p.clock.boot = T0;
	read_lines(S("gpu-7: [1.5] " X(79) "\ngpu-7.b: [1.5] " X(79) "\nGPU-7: [1.5] " X(79) "\n[1.5] " X(79) "\ngpu-8: [1.5] a\ngpu-8: 2026-03-04T05:06:07Z " X(79)));
	CHECK(!plain_hosts(&p, &one, &other) && str_eq(one, S("gpu-7")) && !other.n);
	read_lines(S("gpu-8: [1.5] " X(79) "\ngpu-9: [1.5] " X(79)));
	CHECK(plain_hosts(&p, &one, &other) && str_eq(one, S("gpu-7")) && str_eq(other, S("gpu-8")));
	start();
	read_lines(S("gpu-7: [1.5] " X(79) "\ngpu-8: [1.5] " X(79)));
	CHECK(!plain_hosts(&p, &one, &other) && !one.n); /* their time is unknown anyway */

	TEST("hints on how to date lines");
	start();
	p.clock.year = 0;
	ev.of_tasks = ev.since_boot = 0;
	b.n = 0;
	plain_notice(&p, &ev, &b);
	CHECK(b.n == 0);
	read_lines(S(K X(79) "\n" K X(48) "\n" K "a\nWed 2026-03-04 05:06:07 CEST gpu-7 kernel: " X(13) "\nxy  4 05:06:07 gpu-7 kernel: " X(14)
		"\n1970-01-01T00:00:21Z gpu-7 kernel: " X(15) "\n2026-03-04T05:06:07 gpu-7 kernel: " X(16) "\n3: [1.5] " X(17)));
	plain_notice(&p, &ev, &b);
	CHECK(str_eq(buf_str(&b), S("2 lines without a year: use --year=YYYY; 1 line with an ambiguous time-zone name: use --timezone=+HH:MM; "
		"1 line with a month name in an unknown language: use LC_ALL=C; 1 line dated before 2000: timestamp ignored; "
		"1 line labelled with a task's number (srun --label), not a node: use pdsh, or print $SLURMD_NODENAME in front; "
		"1 line without a time zone, read as UTC: use --timezone=+HH:MM")));
	CHECK(ev.since_boot == 1);
	start();
	p.clock.zoned = true;
	read_lines(S("2026-03-04T05:06:07 gpu-7 kernel: " X(16) "\n" K X(79)));
	CHECK(p.zoneless == 0);
	p.clock.zoned = false;
	read_lines(S("2026-03-04T05:06:07 gpu-7 kernel: " X(16) "\n" K X(79) "\n2026-03-04T05:06:07Z gpu-7 kernel: " X(16)));
	CHECK(p.zoneless == 2);

	TEST("without a word of the screen, a line is skipped");
	start();
	sift_init(&screen, (const struct str[]){STR_INIT("Xid")}, 1);
	p.screen = &screen;
	read_lines(S("a\n" K "b\n " X(79))); /* it would continue the line before */
	check(&b, 0, S("79 - -,"));
	start();
	p.screen = &screen;
	read_lines(S("[Mar 4 05:06] a\n[  +0.1] b\ngpu-7: c\n[  +0.1] " X(79)));
	check(&b, 0, S("79 -7 -,"));

	buf_free(&b);
	plain_free(&p);
	events_free(&ev);
	return test_done();
}
