#define _XOPEN_SOURCE 700 /* mkdtemp, posix_openpt */
#include "filter/filter.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/num.h"
#include "base/sift.h"
#include "base/test.h"

#define XID79 "NVRM: Xid (PCI:0000:3b:00): 79, pid=1234, name=python, GPU has fallen off the bus."
#define TRY(filter) "try '" filter " --help'\n"
#define NO_XIDS "xid-correlate: no Xids, no pod events: cannot correlate\n"
#define EXPOSED "hbm-ecc: f1:1: not JSON but Prometheus text exposition format: use --exposition\n"
#define NO_ECC "hbm-ecc: no memory Xids, no counters of uncorrectable errors: cannot correlate\n"

#define XID10 "{\"Xid\n{\"Xid\n{\"Xid\n{\"Xid\n{\"Xid\n{\"Xid\n{\"Xid\n{\"Xid\n{\"Xid\n{\"Xid\n"
#define BAD(line) "xid-correlate: f1:" line ": not JSON: string without end at byte 6\n"
#define BAD10 BAD("1") BAD("2") BAD("3") BAD("4") BAD("5") BAD("6") BAD("7") BAD("8") BAD("9") BAD("10")

static char folder[] = "/tmp/filter_test.XXXXXX";

/* ---- one run on files f1, f2 in a folder ---- */

struct result {
	int status;
	struct out out, err;
};

static void
put_file(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static const struct pattern *
filter_named(const char *name)
{
	size_t i = 0;

	while (!str_eq(filters[i]->filter, str_of(name)))
		i++;
	return filters[i];
}

/* A descriptor above the standard ones, which may be closed. */
static int
open_high(const char *name, int flags)
{
	int low = open(name, flags), fd = fcntl(low, F_DUPFD_CLOEXEC, 3);

	close(low);
	return fd;
}

/* cmd: words separated by blanks. */
static void
run(const char *filter, const char *cmd, struct result *r)
{
	int dir = open_high(folder, O_RDONLY | O_DIRECTORY), in = open_high("/dev/null", O_RDONLY);
	char words[1024] = "", *argv[32] = {words};
	struct filter_io io = {.in = in, .dir = dir, .out = &r->out, .err = &r->err};
	int n = 1;

	r->out = r->err = (struct out){.fd = -1};
	memcpy(words + 1, cmd, strlen(cmd) + 1);
	for (char *p = words + 1; *p; n++) {
		argv[n] = p;
		p += strcspn(p, " ");
		if (*p)
			*p++ = '\0';
	}
	r->status = filter_run(filter_named(filter), n, argv, &io);
	close(dir);
	close(in);
}

static void
forget(struct result *r)
{
	buf_free(&r->out.b);
	buf_free(&r->err.b);
}

/* clang-format off */
static const struct {
	const char *name, *filter, *cmd, *f1;
	int status;
	const char *err; /* all messages; those of --explain are JSON */
} rows[] = {
	/* text of exporters, without --exposition */
	{"a metric's help shows what the file is", "hbm-ecc", "f1", "# HELP DCGM_FI_DEV_ECC_DBE_VOL_TOTAL Total\n", 3, EXPOSED},
	{"so does its type", "hbm-ecc", "f1", "# TYPE DCGM_FI_DEV_ECC_DBE_VOL_TOTAL counter\n", 3, EXPOSED},
	{"and a series named by a label", "hbm-ecc", "f1", "{__name__=\"DCGM_FI_DEV_ECC_DBE_VOL_TOTAL\",gpu=\"0\",Hostname=\"n\"} 3\n", 3, EXPOSED},
	{"a metric that no filter uses is no reason to ask for it", "hbm-ecc", "f1", "# HELP node_load1 1m load average.\n# TYPE node_load1 gauge\nnode_load1 3\n", 0, NO_ECC},
	{"nor is a comment", "hbm-ecc", "f1", "# DCGM_FI_DEV_ECC_DBE_VOL_TOTAL is in this file\n", 0, NO_ECC},
	{"nor a filter that uses no metric", "pod-evicted", "f1", "# HELP DCGM_FI_DEV_ECC_DBE_VOL_TOTAL Total\n", 0,
		"pod-evicted: no node conditions, no pod events: cannot correlate\n"},

	/* options */
	{"a reason of three letters", "pod-evicted", "-q --reason=OOM f1", "", 0, ""},
	{"of two", "pod-evicted", "--reason=OO f1", "", 2,
		"pod-evicted: --reason: invalid list 'OO' (expected reasons such as Evicted, separated by commas)\n" TRY("pod-evicted")},
	{"with all characters that are allowed", "pod-evicted", "-q --reason=aZ0-9._,Other f1", "", 0, ""},
	{"with another", "pod-evicted", "--reason=Evicted,a:b f1", "", 2,
		"pod-evicted: --reason: invalid list 'Evicted,a:b' (expected reasons such as Evicted, separated by commas)\n" TRY("pod-evicted")},
	{"the first year", "xid-correlate", "-q --year=2000 f1", "", 0, ""},
	{"before it", "xid-correlate", "--year=1999 f1", "", 2, "xid-correlate: --year: invalid year '1999' (expected 2000 to 9999)\n" TRY("xid-correlate")},
	{"the last year", "xid-correlate", "-q --year=9999 f1", "", 0, ""},
	{"after it", "xid-correlate", "--year=10000 f1", "", 2, "xid-correlate: --year: invalid year '10000' (expected 2000 to 9999)\n" TRY("xid-correlate")},
	{"a zone", "xid-correlate", "-q --timezone=+02:00 f1", "", 0, ""},
	{"no zone", "xid-correlate", "--timezone=Mars f1", "", 2,
		"xid-correlate: --timezone: invalid time zone 'Mars' (expected UTC or an offset such as +02:00)\n" TRY("xid-correlate")},
	{"keys of what", "xid-correlate", "--key f1", "", 2, "xid-correlate: --key requires --select\n" TRY("xid-correlate")},
	{"selected from when", "xid-correlate", "--select --since=-1h f1", "", 2,
		"xid-correlate: --select requires absolute times in --since and --until, because the newest record is not known yet\n" TRY("xid-correlate")},
	{"selected up to when", "xid-correlate", "--select --until=-1h f1", "", 2,
		"xid-correlate: --select requires absolute times in --since and --until, because the newest record is not known yet\n" TRY("xid-correlate")},
	{"selected from a date", "xid-correlate", "--select --since=2026-06-02T14:00:00Z f1", "", 0, ""},
	{"no rules in an empty file", "xid-correlate", "-q --rules=f1 /dev/null", "", 0, ""},
	{"nor in an empty line", "xid-correlate", "-q --rules=f1 /dev/null", "\n", 0, ""},
	{"a rule of one byte", "xid-correlate", "-q --rules=f1 /dev/null", "7", 2, "xid-correlate: f1:1: the second field is not a class: hardware, unknown, application, consequence, informational\n"},
	{"rules that are not there", "xid-correlate", "-q --rules=none /dev/null", "", 2, "xid-correlate: none: No such file or directory\n"},
	{"rules in a folder", "xid-correlate", "-q --rules=. /dev/null", "", 2, "xid-correlate: .: Is a directory\n"},
	{"explained while following", "xid-correlate", "--follow --explain f1", "", 2, "xid-correlate: --explain cannot be used with --follow\n" TRY("xid-correlate")},

	/* what is not read */
	{"a bad line is reported if it may be relevant", "xid-correlate", "-q f1", "{x\n{\"Xid\n", 3, BAD("2")},
	{"ten bad lines are reported", "xid-correlate", "-q f1", XID10, 3, BAD10},
	{"more are counted", "xid-correlate", "-q f1", XID10 "{\"Xid\n", 3, BAD10 "xid-correlate: 1 more rejected\n"},
	{"only the first with --strict", "xid-correlate", "-q --strict f1 f1", "{x\n{\"Xid\n", 3, "xid-correlate: f1:1: not JSON: expected a member name at byte 2\n"},
	{"the first of two outputs of other programs is named", "pod-evicted", "f1", "NAME   READY   STATUS\nevicting pod ml/a\n", 3,
		"pod-evicted: f1:1: not JSON but a table: use kubectl get -o json\n"},
	{"a table ends with its file", "xid-correlate", "f1 f3", "_time,host,message\n2026-06-02T14:00:01Z,n,\"" XID79 "\"\n", 3,
		"xid-correlate: 1 line holds \"NVRM: Xid (\" in a form that is not read, at f3:1: a row without names of columns: put a line of them first\n"
		"xid-correlate: 1 Xid from 1 node, no pod events: cannot correlate\n"},
	{"a series of kube-state-metrics", "inquest", "--exposition f1", "kube_pod_status_reason{namespace=\"ml\",pod=\"a\",reason=\"Evicted\"} 1\n", 3,
		"inquest: f1:1: not JSON but a series of kube-state-metrics: use kubectl get events,pods,nodes -A -o json\n"},
	{"Fluent Bit's line with two texts is no record", "xid-correlate", "-q f1", "[0] t: [[1790000000.0, {}], {\"host\"=>\"n\", \"message\"=>\"" XID79 "\" \"x\"}]\n", 0, ""},
	{"it is a quote", "xid-correlate", "f1", "[0] t: [[1790000000.0, {}], {\"host\"=>\"n\", \"message\"=>\"" XID79 "\" \"x\"}]\n", 0,
		"xid-correlate: no Xids, no pod events: cannot correlate\n"
		"xid-correlate: 1 line only quotes \"NVRM: Xid (\", and the original is not in the input: first at f1:1\n"},
	{"a file that is not there", "xid-correlate", "-q none f1", "", 2, "xid-correlate: none: No such file or directory\n"},
};
/* clang-format on */

static void
test_messages(int dir)
{
	for (size_t i = 0; i < NELEM(rows); i++) {
		struct result r;

		TEST(rows[i].name);
		put_file(dir, "f1", rows[i].f1);
		run(rows[i].filter, rows[i].cmd, &r);
		CHECK(r.status == rows[i].status && r.out.b.n == 0);
		CHECK(str_eq(buf_str(&r.err.b), str_of(rows[i].err)));
		if (!str_eq(buf_str(&r.err.b), str_of(rows[i].err)))
			printf("# status %d, out %d: %.*s\n", r.status, (int)r.out.b.n, (int)r.err.b.n, r.err.b.p ? r.err.b.p : "");
		forget(&r);
	}
}

/* ---- lines that are read in pieces, by the number of records ---- */

static void
test_counts(int dir)
{
	static const struct {
		const char *name, *cmd, *f1, *want; /* want: in the output of --stats */
	} counts[] = {
		{"the end of a container's line is missing: its beginning is read", "f1", "2026-06-02T14:00:00.5Z stdout P " XID79 "\n", "\"xid\":{\"count\":1,"},
		{"of the other stream, too", "f1", "2026-06-02T14:00:00.5Z stderr P " XID79 "\n", "\"xid\":{\"count\":1,"},
		{"both at once", "f1", "2026-06-02T14:00:00.5Z stdout P " XID79 "\n2026-06-02T14:00:01.5Z stderr P " XID79 "\n", "\"xid\":{\"count\":2,"},
		{"a file without its last newline", "f1", "2026-06-02T14:00:00.5Z n kernel: " XID79, "\"xid\":{\"count\":1,"},
		{"Fluent Bit's line", "f1", "[0] t: [[1790000000.0, {}], {\"host\"=>\"n\", \"message\"=>\"" XID79 "\"}]\n", "\"xid\":{\"count\":1,"},
		{"two files", "f1 f2", "2026-06-02T14:00:00.5Z n kernel: " XID79 "\n", "\"lines\":2,\"bytes\":232,"},
		{"lines of text are counted", "f1 f2", "2026-06-02T14:00:00.5Z n kernel: " XID79 "\n", "\"text_lines\":2,"},
		{"what was not used is counted, too", "f1", "[0] t: [[1790000000.0, {}], {\"host\"=>\"n\", \"message\"=>\"" XID79 "\" \"x\"}]\n",
			",\"rejected\":0,\"text_lines\":1,\"unread\":0,\"quoted\":1,\"uncounted\":0,\"verdicts\":0,\"allocations\":"},
		{"after a lost quote each line of a table is read: a row", "f1",
			"_time,host,message\n2026-06-02T14:00:00Z,n,\"begin\n2026-06-02T14:00:01Z,n,\"" XID79 "\"\n", "\"xid\":{\"count\":1,"},
		{"an object behind a label", "f1",
			"_time,host,message\n2026-06-02T14:00:00Z,n,\"begin\nn: {\"time\":\"2026-06-02T14:00:03Z\",\"host\":\"n\",\"message\":\"" XID79 "\"}\n", "\"xid\":{\"count\":1,"},
		{"a line", "f1", "_time,host,message\n2026-06-02T14:00:00Z,n,\"begin\n2026-06-02T14:00:03Z n kernel: " XID79 "\n", "\"xid\":{\"count\":1,"},
	};

	put_file(dir, "f2", "2026-06-02T14:00:09.5Z n kernel: " XID79 "\n");
	for (size_t i = 0; i < NELEM(counts); i++) {
		char cmd[64] = "-q --stats ";
		struct result r;

		TEST(counts[i].name);
		put_file(dir, "f1", counts[i].f1);
		memcpy(cmd + 11, counts[i].cmd, strlen(counts[i].cmd) + 1);
		run("xid-correlate", cmd, &r);
		CHECK(r.status == 0 && str_has(buf_str(&r.err.b), str_of(counts[i].want)));
		if (!str_has(buf_str(&r.err.b), str_of(counts[i].want)))
			printf("# status %d: %.*s\n", r.status, (int)r.err.b.n, r.err.b.p ? r.err.b.p : "");
		forget(&r);
	}
}

/* ---- reasons for the screen ---- */

static void
test_reasons(void)
{
	char cmd[3 * SIFT_LONGEST] = "-q --reason=";
	const size_t from = strlen(cmd);
	struct result r;

	TEST("the longest reason, and one that is longer");
	for (size_t n = SIFT_LONGEST; n <= SIFT_LONGEST + 1; n++) {
		memset(cmd + from, 'a', n);
		memcpy(cmd + from + n, " f1", 4);
		run("pod-evicted", cmd, &r);
		CHECK(r.status == (n == SIFT_LONGEST ? 0 : 2));
		forget(&r);
	}
}

/* ---- --help ---- */

static void
test_help(void)
{
	for (size_t i = 0; filters[i]; i++) {
		struct result r;
		struct str rest, line;

		TEST(filters[i]->filter.p);
		run(filters[i]->filter.p, "--help", &r);
		CHECK(r.status == 0 && r.err.b.n == 0);
		rest = buf_str(&r.out.b);
		while (str_cut(&rest, '\n', &line) && rest.p) {
			size_t plain = 0;

			while (plain < line.n && (unsigned char)line.p[plain] >= ' ')
				plain++;
			CHECK(plain == line.n && line.n <= 80);
			/* a letter before the comma */
			CHECK(!str_starts(line, S("  -")) || line.p[3] == '-' || (char_letter(line.p[3]) && line.p[4] == ','));
		}
		forget(&r);
	}
}

/* ---- folders ---- */

static void
test_folders(int dir)
{
	static const struct {
		const char *name, *cmd, *out, *err; /* out: the first bytes of the lines */
	} walks[] = {
		{"files at any depth, by name; links and binary files are left out with a notice", "--select d", "12345",
			"xid-correlate: d: 1 link or special file was left out: d/link\nxid-correlate: d: 2 binary files were left out, first d/b/bin\n"},
		{"a slash behind its name", "--select d/", "12345",
			"xid-correlate: d/: 1 link or special file was left out: d/link\nxid-correlate: d/: 2 binary files were left out, first d/b/bin\n"},
		{"quietly", "-q --select d", "12345", ""},
		{"each folder has its own notice", "--select d/b d/a", "3412", "xid-correlate: d/b: 1 binary file was left out: d/b/bin\n"},
		{"links only", "--select links", "", "xid-correlate: links: no file in this folder\nxid-correlate: links: 2 links or special files were left out, first links/1\n"},
		{"nothing", "--select d/none", "", "xid-correlate: d/none: no file in this folder\n"},
		{"a binary file that is named is read", "-q --select d/bin", "\001", ""},
	};
	static const char *const folders[] = {"d", "d/a", "d/b", "links", "d/none", "many"};
	static const struct {
		const char *name, *begin;
	} files[] = {
		{"d/a/1", "1"}, {"d/a/2", "2"}, {"d/b/1", "3"}, {"d/b/2", "\b\t\v\f\r\033"}, {"d/b/bin", "\037"}, {"d/bin", "\001"}, {"d/c", "5"},
	};
	struct result r;
	char name[] = "many/00";
	int before = open("/dev/null", O_RDONLY), after;

	close(before);
	for (size_t i = 0; i < NELEM(folders); i++)
		CHECK(mkdirat(dir, folders[i], 0700) == 0);
	for (size_t i = 0; i < NELEM(files); i++) {
		struct buf b = {0};

		if (i == 3)
			buf_chr(&b, '4');
		buf_add(&b, str_of(files[i].begin));
		buf_add(&b, S(" 2026-06-02T14:00:00.5Z n kernel: " XID79 "\n"));
		buf_chr(&b, '\0');
		put_file(dir, files[i].name, b.p);
		buf_free(&b);
	}
	CHECK(symlinkat("c", dir, "d/link") == 0 && symlinkat("c", dir, "links/1") == 0 && symlinkat("none", dir, "links/2") == 0);
	for (size_t i = 0; i < NELEM(walks); i++) {
		struct str rest, line;
		struct buf b = {0};

		TEST(walks[i].name);
		run("xid-correlate", walks[i].cmd, &r);
		rest = buf_str(&r.out.b);
		while (str_cut(&rest, '\n', &line) && line.n)
			buf_chr(&b, *line.p);
		CHECK(r.status == 0 && str_eq(buf_str(&b), str_of(walks[i].out)));
		CHECK(str_eq(buf_str(&r.err.b), str_of(walks[i].err)));
		if (test_case_bad)
			printf("# status %d: %.*s: %.*s\n", r.status, (int)b.n, b.p ? b.p : "", (int)r.err.b.n, r.err.b.p ? r.err.b.p : "");
		buf_free(&b);
		forget(&r);
	}
	TEST("two hundred files, by name");
	for (int i = 0; i < 200; i++) {
		char text[] = "000 2026-06-02T14:00:00.5Z n kernel: " XID79 "\n";

		name[5] = (char)('0' + i / 16);
		name[6] = (char)('A' + i % 16);
		text[0] = (char)('0' + i / 100);
		text[1] = (char)('0' + i / 10 % 10);
		text[2] = (char)('0' + i % 10);
		put_file(dir, name, text);
	}
	run("xid-correlate", "-q --select many", &r);
	{
		struct str rest = buf_str(&r.out.b), line;
		uint64_t n = 0, is;

		for (; str_cut(&rest, '\n', &line) && line.n; n++)
			CHECK(num_u64(str_head(line, 3), &is) && is == n);
		CHECK(n == 200);
	}
	forget(&r);
	for (int i = 0; i < 200; i++) {
		name[5] = (char)('0' + i / 16);
		name[6] = (char)('A' + i % 16);
		unlinkat(dir, name, 0);
	}
	TEST("all folders are closed");
	after = open("/dev/null", O_RDONLY);
	CHECK(after == before);
	close(after);
	unlinkat(dir, "d/link", 0);
	unlinkat(dir, "links/1", 0);
	unlinkat(dir, "links/2", 0);
	for (size_t i = 0; i < NELEM(files); i++)
		unlinkat(dir, files[i].name, 0);
	for (size_t i = NELEM(folders); i-- > 0;)
		unlinkat(dir, folders[i], AT_REMOVEDIR);
}

/* ---- the rank in a file's name ---- */

#define HUNG "[E325 17:13:23.163175227 ProcessGroupNCCL.cpp:607] Watchdog caught collective operation timeout: " \
	"WorkNCCL(SeqNum=5, OpType=ALLREDUCE, NumelIn=1, NumelOut=1, Timeout(ms)=600000) ran for 600006 milliseconds before timing out.\n"

static void
test_ranks(int dir)
{
	static const char *const files[] = {"rank_0.log", "rank_3.log", "other.log"};
	struct result r;

	TEST("a selected line says the rank that its file's name said, 0 too, and none otherwise");
	for (size_t i = 0; i < NELEM(files); i++)
		put_file(dir, files[i], HUNG);
	run("nccl-hang", "-q --select rank_0.log other.log rank_3.log", &r);
	CHECK(r.status == 0 && r.err.b.n == 0 && str_eq(buf_str(&r.out.b), S("[rank0]:" HUNG HUNG "[rank3]:" HUNG)));
	forget(&r);

	TEST("a dump's rank is not said of the lines of text after it");
	put_file(dir, files[1], "{\"version\":\"2.9\",\"pg_config\":{},\"entries\":[]}\ngpu-7 | CHANGED | rc=0 >>\n" XID79 "\n");
	run("inquest", "-q --select --key rank_3.log", &r);
	CHECK(r.status == 0 && r.err.b.n == 0 && str_starts(buf_str(&r.out.b), S("-\t{\"rank\":3,\"file\":\"rank_3.log\",\"version\"")));
	CHECK(str_has(buf_str(&r.out.b), S("\ngpu-7\t{\"host\":\"gpu-7\",\"message\":\"" XID79 "\"}\n")));
	if (test_case_bad)
		printf("# %.*s\n", (int)r.out.b.n, r.out.b.p ? r.out.b.p : "");
	forget(&r);
	for (size_t i = 0; i < NELEM(files); i++)
		unlinkat(dir, files[i], 0);
}

/* ---- large files ---- */

/* f1 is n bytes of comment. */
static void
put_comment(int dir, size_t n)
{
	static char line[4096];
	int fd = openat(dir, "f1", O_WRONLY | O_CREAT | O_TRUNC, 0600);

	memset(line, '#', sizeof(line));
	for (; n; n -= num_min(n, sizeof(line)))
		CHECK(write(fd, line, num_min(n, sizeof(line))) > 0);
	close(fd);
}

static void
test_large(int dir)
{
	struct result r;

	TEST("rules of 16M are read, larger ones are an error");
	for (size_t more = 0; more < 2; more++) {
		put_comment(dir, 16 * 1024 * 1024 + more);
		run("xid-correlate", "-q --rules=f1 /dev/null", &r);
		CHECK_ROW(more, r.status == (more ? 2 : 0));
		CHECK_ROW(more, str_eq(buf_str(&r.err.b), more ? S("xid-correlate: f1: larger than 16M\n") : S("")));
		forget(&r);
	}
}

static void
test_dump(int dir)
{
	struct buf b = {0};
	struct result r;

	TEST("a dump of 3M is read in one piece, as its parts do not say whose they are");
	buf_add(&b, S("{\"version\":\"2.9\",\"pg_config\":{},\"rank\":3,\"entries\":[\n"));
	for (size_t i = 0; i < 20000; i++) {
		buf_add(&b, i ? S(",\n") : S(""));
		buf_add(&b, S("{\"frames\":[],\"process_group\":[\"0\",\"default_pg\"],\"record_id\":"));
		buf_u64(&b, i);
		buf_add(&b, S(",\"pg_id\":0,\"collective_seq_id\":"));
		buf_u64(&b, i);
		buf_add(&b, S(",\"profiling_name\":\"nccl:all_reduce\",\"time_created_ns\":1790000000000000000,\"state\":\"completed\"}"));
	}
	buf_add(&b, S("\n]}\n"));
	CHECK(b.n > 3000000);
	buf_chr(&b, '\0');
	put_file(dir, "f1", b.p);
	run("nccl-hang", "-q --stats f1", &r);
	CHECK(r.status == 0 && str_has(buf_str(&r.err.b), S("\"progress\":{\"count\":1,")));
	forget(&r);
	buf_free(&b);
}

/* A document of many keys: each key has all that surrounds its record. */
static void
test_keys(int dir)
{
	struct buf b = {0};
	struct result r;

	TEST("a value whose keys share too much of it is reported, not written once for each key");
	for (size_t many = 2; many <= 200; many += 198) {
		b.n = 0;
		buf_add(&b, S("{\"shared\":\""));
		for (size_t i = 0; i < 5000; i++)
			buf_chr(&b, 'x');
		buf_add(&b, S("\",\"items\":["));
		for (size_t i = 0; i < many; i++) {
			buf_add(&b, i ? S(",{\"host\":\"n") : S("{\"host\":\"n"));
			buf_u64(&b, i);
			buf_add(&b, S("\",\"message\":\"" XID79 "\"}"));
		}
		buf_add(&b, S("]}\n"));
		buf_chr(&b, '\0');
		put_file(dir, "f1", b.p);
		run("xid-correlate", "-q --select --key f1", &r);
		CHECK_ROW(many, r.status == (many == 2 ? 0 : 3));
		CHECK_ROW(many, str_eq(buf_str(&r.err.b), many == 2 ? S("") : S("xid-correlate: f1:1: --key: too many keys share too much of it\n")));
		/* a line for each key has the text that both share */
		CHECK_ROW(many, many == 2 ? r.out.b.n > 2 * 5000 && str_starts(buf_str(&r.out.b), S("n0\t{\"shared\":\"xx")) : r.out.b.n == 0);
		forget(&r);
	}
	buf_free(&b);
}

/* ---- the terminal ---- */

static void
test_look(void)
{
	static const struct {
		const char *name, *term, *no_color, *columns;
		unsigned short wide; /* of the terminal */
		size_t want;
		bool bold;
	} looks[] = {
		{"as wide as the terminal", "xterm", NULL, NULL, 100, 100, true},
		{"at most 132 columns", "xterm", NULL, NULL, 133, 132, true},
		{"at least 40", "xterm", NULL, NULL, 39, 40, true},
		{"of unknown width", "xterm", NULL, NULL, 0, 0, true},
		{"COLUMNS goes first", "xterm", NULL, "90", 100, 90, true},
		{"unless it is no number", "xterm", NULL, "x", 100, 100, true},
		{"or 0", "xterm", NULL, "0", 100, 100, true},
		{"within the same limits", "xterm", NULL, "133", 100, 132, true},
		{"a terminal that can do nothing", "dumb", NULL, NULL, 100, 100, false},
		{"a terminal without a name", "", NULL, NULL, 100, 100, false},
		{"nor set", NULL, NULL, NULL, 100, 100, false},
		{"no colors wanted", "xterm", "1", NULL, 100, 100, false},
		{"an empty NO_COLOR says nothing", "xterm", "", NULL, 100, 100, true},
	};
	int master = posix_openpt(O_RDWR | O_NOCTTY), tty = -1, null = open("/dev/null", O_RDONLY);
	struct look look;

	if (master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0)
		tty = open(ptsname(master), O_RDWR | O_NOCTTY);
	for (size_t i = 0; i < NELEM(looks) && tty >= 0; i++) {
		struct winsize size = {.ws_col = looks[i].wide, .ws_row = 24};
		const char *const set[][2] = {{"TERM", looks[i].term}, {"NO_COLOR", looks[i].no_color}, {"COLUMNS", looks[i].columns}};

		TEST(looks[i].name);
		for (size_t k = 0; k < NELEM(set); k++)
			CHECK((set[k][1] ? setenv(set[k][0], set[k][1], 1) : unsetenv(set[k][0])) == 0);
		CHECK(ioctl(tty, TIOCSWINSZ, &size) == 0);
		look = filter_look(tty);
		CHECK_ROW(i, look.columns == looks[i].want && look.bold == looks[i].bold);
	}
	TEST("no terminal: the same everywhere");
	CHECK(setenv("COLUMNS", "90", 1) == 0 && setenv("TERM", "xterm", 1) == 0);
	look = filter_look(null);
	CHECK(look.columns == 0 && !look.bold);
	close(null);
	close(tty);
	close(master);
}

int
main(void)
{
	int dir;

	if (!mkdtemp(folder))
		return 1;
	dir = open(folder, O_RDONLY | O_DIRECTORY);
	put_file(dir, "f3", "2026-06-02T14:00:09Z,n,\"" XID79 "\"\n");
	test_messages(dir);
	test_counts(dir);
	test_reasons();
	test_help();
	test_folders(dir);
	test_ranks(dir);
	test_large(dir);
	test_dump(dir);
	test_keys(dir);
	close(STDIN_FILENO); /* files may get its number */
	test_messages(dir);
	test_counts(dir);
	test_folders(dir);
	test_look();
	unlinkat(dir, "f1", 0);
	unlinkat(dir, "f2", 0);
	unlinkat(dir, "f3", 0);
	close(dir);
	rmdir(folder);
	return test_done();
}
