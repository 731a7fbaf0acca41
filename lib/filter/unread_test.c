#include <string.h>
#include <unistd.h>

#include "base/test.h"
#include "filter/run.h"

#define XID "NVRM: Xid (PCI:0000:3b:00): 79"
#define SXID ": SXid (PCI:0000:c1:00.0): 20034"

enum seen { NOTHING, QUOTED, UNREAD };

/* A line of text that was not read, and what is counted. */
static const struct {
	const char *line;
	enum seen is;
} lines[] = {
	{"an ordinary line", NOTHING},
	{"", NOTHING},
	/* the kernel's own text, after stamps, columns and its tags */
	{XID, UNREAD}, {"kernel: " XID, UNREAD}, {"AER: " XID, UNREAD}, {"DPC: " XID, UNREAD}, {"[    1.5] " XID, UNREAD},
	{"a> " XID, UNREAD}, {"a| " XID, UNREAD}, {"a; " XID, UNREAD}, {"a\n" XID, UNREAD}, {"a," XID, UNREAD}, {"7 " XID, UNREAD}, {"7" XID, UNREAD},
	/* after words and programs' tags it is quoted */
	{"he said " XID, QUOTED}, {"he said\t" XID, QUOTED}, {"kernels: " XID, QUOTED}, {"a, " XID, QUOTED}, {"a: " XID, QUOTED}, {"a' " XID, QUOTED}, {"(" XID, QUOTED},
	{"sudo[4102]: [1.5] " XID, QUOTED}, {"x 1 sudo: [1.5] " XID, QUOTED}, {": [x] " XID, UNREAD}, {"7x: [x] " XID, UNREAD}, {"\"x: [x] " XID, UNREAD},
	{"x nvidia: [x] " XID, UNREAD}, {"x kernel: [x] " XID, UNREAD}, {"x kernel: y: [x] " XID, QUOTED},
	{"I0304 05:06:07.0 2023 a:1] " XID, QUOTED},
	{"he said " XID " and [1.5] " XID, UNREAD}, {"he said " XID " and " XID, QUOTED},
	/* in strings: the beginning of one, members of JSON inside one, its lines */
	{"\"" XID, UNREAD}, {"a\"" XID, UNREAD}, {"\\\"" XID, QUOTED}, {"a \\\"" XID, QUOTED}, {"{\\\"a\\\":\\\"" XID, UNREAD}, {"[\\\"a\\\", \\\"" XID, UNREAD},
	{"[\\\"a\\\",\\\\\\\"" XID, UNREAD}, {"[\\\"" XID, UNREAD}, {"a\\n" XID, UNREAD}, {"a\\t" XID, UNREAD}, {"a\\r" XID, QUOTED}, {"an" XID, QUOTED}, {"n" XID, QUOTED},
	/* after a device's name and address */
	{"nvidia 0000:3b:00.0: " XID, UNREAD}, {"[1.5] nvidia 0000:3b:00.0: " XID, UNREAD}, {"he saw nvidia 0000:3b:00.0: " XID, QUOTED}, {"0000:3b:00.0: " XID, QUOTED},
	{"nvidia-nvswitch0" SXID, UNREAD}, {"[1.5] nvidia_nvswitch0" SXID, UNREAD}, {"he saw nvidia-nvswitch0" SXID, QUOTED}, {"[1.5] Nvidia0" SXID, QUOTED},
	{"[1.5] az-_09" SXID, UNREAD}, {"[1.5] {z9" SXID, QUOTED}, {"[1.5] `a9" SXID, QUOTED}, {"[1.5] nvidia" SXID, QUOTED}, {"[1.5] nvidia:" SXID, QUOTED},
	{"a,x0" SXID, UNREAD}, {"a, x0" SXID, QUOTED}, {"[1.5] a-" SXID, QUOTED}, {": " XID, QUOTED}, {"a/0 " XID, UNREAD}, {"he saw 9 a0 " XID, UNREAD}, {"he saw a: " XID, QUOTED},
	/* watchdog lines may follow any word, but not a quotation mark */
	{"he said WorkNCCL(SeqNum=7", UNREAD}, {"he said 'WorkNCCL(SeqNum=7", QUOTED}, {"he said `WorkNCCL(SeqNum=7", QUOTED},
	{"WorkNCCL(SeqNum=7", UNREAD}, {"he said launched up to operation 7", UNREAD}, {"he 'launched up to operation 7", QUOTED},
};

/* Values and lines that were not read, and whether it is known why. */
static const struct {
	const char *text, *claim;
	bool known;
} reasons[] = {
	{"{\"DCGM Diagnostic\":[]}", "DCGM Diagnostic", true}, {"{\"DCGM GPU Diagnostic\":[]}", "DCGM GPU Diagnostic", true},
	{"{\"Health Monitor Report\":[]}", "Health Monitor Report", true}, {"{\"dcgm.temperature\":7}", "dcgm.temperature", false},
	{"[\"7\",\"" XID "\"]", "NVRM: Xid (", true}, {"{\"a\":\"" XID "\"}", "NVRM: Xid (", false}, {"{\"a\":[7,\"" XID "\"]}", "NVRM: Xid (", true},
	{"7," XID, "NVRM: Xid (", true}, {"7;" XID, "NVRM: Xid (", true}, {"7\t" XID, "NVRM: Xid (", true}, {"7;\"" XID, "NVRM: Xid (", true},
	{"7 " XID, "NVRM: Xid (", false}, {XID, "NVRM: Xid (", false}, {"\"" XID, "NVRM: Xid (", false},
};

static struct run r;

static void
start(void)
{
	r.unread.n = r.unread.quoted.n = 0;
	r.unread.how = r.unread.claim = (struct str){0};
	r.status = 0;
}

/* The messages since the last call. */
static struct str
told(int fd)
{
	static char text[4096];
	ssize_t n;

	buf_chr(&r.diag.to->b, '\n'); /* so that there is something to read */
	out_flush(r.diag.to);
	n = read(fd, text, sizeof(text));
	return (struct str){text, n > 0 ? (size_t)n - 1 : 0};
}

static void
test_notices(void)
{
	static const char *const names[] = {"b", "a", "a", "c", "d", "e", "f", "g", "h"};
	struct out to;
	int fd[2];

	TEST("notices");
	CHECK(pipe(fd) == 0);
	to = (struct out){.fd = fd[1]};
	r.diag = (struct diag){.to = &to, .prog = S("p")};
	r.opt.quiet = false;

	start();
	run_unread_line(&r, S("f"), S(XID), 4);
	run_unread_total(&r, S("f"));
	CHECK(str_eq(told(fd[0]), S("p: 1 line holds \"NVRM: Xid (\" in a form that is not read, at f:4\n")));
	run_unread_total(&r, S("f"));
	CHECK(told(fd[0]).n == 0);
	start();
	run_unread_line(&r, S("f"), S(XID), 4);
	run_unread_line(&r, S("f"), S(XID), 5);
	r.unread.other = S("a report");
	run_unread_total(&r, S("f"));
	CHECK(str_eq(told(fd[0]), S("p: 2 lines hold \"NVRM: Xid (\" or the like in a form that is not read, first at f:4: a report\n")));
	start();
	run_unread_line(&r, S("f"), S("7," XID), 4);
	run_unread_total(&r, S("f"));
	CHECK(str_eq(told(fd[0]), S("p: 1 line holds \"NVRM: Xid (\" in a form that is not read, at f:4: a row without names of columns: put a line of them first\n")));
	r.unread.other = (struct str){0};

	/* a stream reports the first immediately, and more than that at the end */
	r.opt.follow = true;
	for (uint64_t n = 1; n <= 2; n++) {
		start();
		for (uint64_t line = 1; line <= n; line++)
			run_unread_line(&r, S("f"), S(XID), line);
		CHECK_ROW(n, str_eq(told(fd[0]), S("p: f:1: \"NVRM: Xid (\" is in a form that is not read\n")));
		run_unread_total(&r, S("f"));
		CHECK_ROW(n, (told(fd[0]).n > 0) == (n == 2));
	}
	r.opt.follow = false;

	start();
	run_quoted_total(&r);
	CHECK(told(fd[0]).n == 0);
	run_unread_line(&r, S("f"), S("he said " XID), 4);
	run_quoted_total(&r);
	CHECK(str_eq(told(fd[0]), S("p: 1 line only quotes \"NVRM: Xid (\", and the original is not in the input: first at f:4\n")));
	run_unread_line(&r, S("g"), S("he said " XID), 5);
	run_quoted_total(&r);
	CHECK(str_eq(told(fd[0]), S("p: 2 lines only quote \"NVRM: Xid (\", and the original is not in the input: first at f:4\n")));
	events_add(&r.ev, EVENT_XID, &(struct xid){.code = 79});
	run_quoted_total(&r);
	CHECK(told(fd[0]).n == 0);

	run_uncounted_total(&r);
	CHECK(told(fd[0]).n == 0);
	for (size_t i = 0; i < NELEM(names); i++) {
		r.ev.uncounted.n[idx_add(&r.ev.uncounted.names, str_of(names[i]))]++;
		r.ev.uncounted.total++;
		run_uncounted_total(&r);
		if (i == 0)
			CHECK(str_eq(told(fd[0]), S("p: 1 pod event with a reason that is not counted: b 1\n")));
		else if (i == 2)
			CHECK(str_eq(told(fd[0]), S("p: 3 pod events with reasons that are not counted: a 2, b 1\n")));
		else if (i == 8)
			CHECK(str_eq(told(fd[0]), S("p: 9 pod events with reasons that are not counted: a 2, b 1, c 1, d 1, e 1, f 1, g 1, h 1\n")));
		else
			told(fd[0]);
	}
	r.ev.uncounted.n[idx_add(&r.ev.uncounted.names, S("i"))]++;
	run_uncounted_total(&r);
	CHECK(str_ends(told(fd[0]), S(", h 1, others\n"))); /* eight are shown */
	r.ev.uncounted.n[idx_find(&r.ev.uncounted.names, S("i"))] = 0;
	r.ev.uncounted.n[0] = 1;
	run_uncounted_total(&r);
	CHECK(str_ends(told(fd[0]), S(", h 1, others\n"))); /* and there are others without a name */
	r.opt.quiet = true;
	run_uncounted_total(&r);
	run_quoted_total(&r);
	CHECK(told(fd[0]).n == 0);
	close(fd[0]);
	close(fd[1]);
	buf_free(&to.b);
}

int
main(void)
{
	static const uint16_t temperature[] = {150, 0};
	struct buf b = {0};

	r.opt.quiet = true;
	r.ev = (struct events){.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
	run_claims(&r);

	TEST("claims in lines of text");
	for (size_t i = 0; i < NELEM(lines); i++) {
		start();
		CHECK_ROW(i, run_unread_line(&r, S("f"), str_of(lines[i].line), i + 1) == (lines[i].is == UNREAD));
		CHECK_ROW(i, r.unread.n == (lines[i].is == UNREAD) && r.unread.quoted.n == (lines[i].is == QUOTED));
		CHECK_ROW(i, r.status == (lines[i].is == UNREAD ? EX_PARTIAL : 0));
	}

	TEST("why it is not read");
	for (size_t i = 0; i < NELEM(reasons); i++) {
		start();
		CHECK_ROW(i, run_unread(&r, S("f"), str_of(reasons[i].text), 1));
		CHECK_ROW(i, (r.unread.how.n > 0) == reasons[i].known && str_eq(r.unread.claim, str_of(reasons[i].claim)));
		/* with names of columns, that is not why */
		start();
		buf_chr(&r.columns, '[');
		run_unread(&r, S("f"), str_of(reasons[i].text), 1);
		CHECK_ROW(i, (r.unread.how.n > 0) == (i < 3));
		r.columns.n = 0;
	}

	TEST("the first line of each kind, and their numbers");
	start();
	for (uint64_t line = 4; line < 7; line++) {
		run_unread_line(&r, S("f"), S(XID), line);
		run_unread_line(&r, S("g"), S("he said " XID), line + 10);
	}
	CHECK(r.unread.n == 3 && r.unread.line == 4 && r.unread.quoted.n == 3 && r.unread.quoted.line == 14 && str_eq(r.unread.quoted.name, S("g")));
	run_quoted_explain(&r, &b);
	CHECK(str_eq(buf_str(&b), S("{\"explain\":\"quotes\",\"lines\":3,\"quoted\":\"NVRM: Xid (\",\"first_file\":\"g\",\"first_line\":14}\n")));
	run_unread_total(&r, S("f"));
	CHECK(r.unread.total == 3 && r.unread.n == 0);
	b.n = 0;
	start();
	run_quoted_explain(&r, &b);
	CHECK(b.n == 0);

	test_notices();

	TEST("metrics that the filter does not keep are no claims");
	events_keep_fields(&r.ev, temperature);
	CHECK(run_unread(&r, S("f"), S("{\"DCGM_FI_DEV_GPU_TEMP\":7}"), 1));
	CHECK(!run_unread(&r, S("f"), S("{\"DCGM_FI_DEV_POWER_USAGE\":7}"), 1));
	CHECK(!run_unread(&r, S("f"), S("{\"DCGM_FI_DEV_NOTHING\":7}"), 1));
	CHECK(run_unread(&r, S("f"), S("{\"DCGM_FI_DEV_POWER_USAGE\":7,\"DCGM_FI_DEV_GPU_TEMP\":7}"), 1));
	CHECK(run_unread(&r, S("f"), S("{\"target\":\"n1.DCGM_FI_DEV_GPU_TEMP\"}"), 1));
	CHECK(!run_unread(&r, S("f"), S("{\"target\":\"n1.DCGM_FI_DEV_POWER_USAGE\"}"), 1));
	CHECK(run_unread(&r, S("f"), S("{\"dcgm.temperature\":7}"), 1));

	TEST("claims of losses do not matter if reasons are chosen");
	CHECK(run_unread(&r, S("f"), S("{\"a\":\"TaintManagerEviction\"}"), 1));
	r.ev.chosen = true;
	run_claims(&r);
	CHECK(!run_unread(&r, S("f"), S("{\"a\":\"TaintManagerEviction\"}"), 1) && run_unread(&r, S("f"), S(XID), 1));

	TEST("the number of records, kept or not");
	r.ev.seen = 1;
	r.ev.outside = 2;
	r.ev.other_shard = 4;
	r.ev.late = 8;
	r.ev.ahead = 16;
	r.ev.undated = 32;
	CHECK(run_records(&r) == 63);
	buf_free(&b);
	buf_free(&r.columns);
	mem_free(&r.mem);
	return test_done();
}
