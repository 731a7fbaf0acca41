#define _XOPEN_SOURCE 700 /* mkdtemp, symlinkat */
#include "filter/replay.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/test.h"

/* A case with an empty input: what the filter says about it. */
#define ERR "xid-correlate: no Xids, no pod events: cannot correlate\n"

static char folder[] = "/tmp/replay_test.XXXXXX";
static int dir;

static void
put(const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0640);

	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

/* Does the file contain this?  NULL: it is not there. */
static bool
has(const char *name, const char *want)
{
	char text[1000];
	int fd = openat(dir, name, O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text));

	if (fd < 0)
		return !want;
	close(fd);
	return want && str_eq((struct str){text, (size_t)n}, str_of(want));
}

/* The inode, which is another after a rewrite, or 0. */
static ino_t
file_of(const char *name)
{
	struct stat st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 ? st.st_ino : 0;
}

/* Replay a folder of ours; the status, and whether out and err contain these; NULL: nothing at all. */
static int
run(bool update, const char *at, const char *out_has, const char *err_has)
{
	struct out out = {.fd = -1}, err = {.fd = -1};
	struct diag d = {.to = &err, .prog = S("golden-replay")};
	struct replay r = {.update = update, .out = &out, .diag = &d};
	char path[200], *dirs[] = {path};
	bool good;

	(void)snprintf(path, sizeof(path), "%s%s", folder, at);
	replay(&r, dirs, 1);
	good = str_has(buf_str(&out.b), str_of(out_has)) && (err_has ? str_has(buf_str(&err.b), str_of(err_has)) : err.b.n == 0);
	CHECK(good);
	if (!good)
		printf("# out %.*s\n# err %.*s\n", (int)out.b.n, out.b.p, (int)err.b.n, err.b.p ? err.b.p : "");
	buf_free(&out.b);
	buf_free(&err.b);
	return r.status;
}

#define CASE "xid-correlate/one/"

static void
test_update(void)
{
	struct rlimit limit, none;
	ino_t before;

	TEST("expected files that are missing are empty; -u makes those that are not");
	put(CASE "in", "");
	CHECK(run(false, "", "not ok 1 - xid-correlate/one\n  ---\n  file: \"err\"\n", NULL) == 1);
	CHECK(file_of(CASE "err") == 0);
	CHECK(run(true, "", "TAP version 14\nok 1 - xid-correlate/one\n1..1\n", NULL) == 0);
	CHECK(has(CASE "err", ERR) && has(CASE "out", NULL) && has(CASE "rc", NULL));
	CHECK(run(false, "", "ok 1 - xid-correlate/one\n1..1\n", NULL) == 0);

	TEST("without -u nothing is rewritten");
	put(CASE "err", "old\n");
	before = file_of(CASE "err");
	CHECK(run(false, "", "not ok 1 - xid-correlate/one\n", NULL) == 1);
	CHECK(has(CASE "err", "old\n") && file_of(CASE "err") == before);

	TEST("with -u a file that is equal stays the same file, one that differs is replaced, with its mode");
	put(CASE "err", ERR);
	before = file_of(CASE "err");
	CHECK(run(true, "", "ok 1 - ", NULL) == 0 && file_of(CASE "err") == before);
	put(CASE "err", "old\n");
	CHECK(linkat(dir, CASE "err", dir, "kept", 0) == 0);
	CHECK(run(true, "", "ok 1 - ", NULL) == 0 && has(CASE "err", ERR) && has("kept", "old\n"));
	unlinkat(dir, "kept", 0);

	TEST("a file whose output became empty is removed, not left empty");
	put(CASE "out", "old\n");
	put(CASE "rc", "3\n");
	CHECK(run(true, "", "ok 1 - ", NULL) == 0);
	CHECK(has(CASE "out", NULL) && has(CASE "rc", NULL) && has(CASE "err", ERR));

	TEST("a failed write leaves the old file, and no other");
	put(CASE "err", "old\n");
	before = file_of(CASE "err");
	CHECK(getrlimit(RLIMIT_FSIZE, &limit) == 0);
	none = limit;
	none.rlim_cur = 0;
	(void)fflush(stdout);
	(void)signal(SIGXFSZ, SIG_IGN);
	CHECK(setrlimit(RLIMIT_FSIZE, &none) == 0);
	{
		/* no output while files cannot grow */
		struct out out = {.fd = -1}, err = {.fd = -1};
		struct diag d = {.to = &err, .prog = S("golden-replay")};
		struct replay r = {.update = true, .out = &out, .diag = &d};
		char *dirs[] = {folder};

		replay(&r, dirs, 1);
		setrlimit(RLIMIT_FSIZE, &limit);
		CHECK(r.status == 2 && str_has(buf_str(&out.b), S("file: \"err\"\n  error: \"File too large\"\n")));
		buf_free(&out.b);
		buf_free(&err.b);
	}
	(void)signal(SIGXFSZ, SIG_DFL);
	CHECK(has(CASE "err", "old\n") && file_of(CASE "err") == before);
	/* the folder can be removed once the files that are known are gone */
	unlinkat(dir, CASE "in", 0);
	unlinkat(dir, CASE "err", 0);
	CHECK(unlinkat(dir, "xid-correlate/one", AT_REMOVEDIR) == 0 && mkdirat(dir, "xid-correlate/one", 0700) == 0);
}

static void
test_words(void)
{
	TEST("quotes group a word of cmd, also an empty one; further inputs are operands, by name");
	put(CASE "cmd", "--select\t-q 'a b'  in\n");
	put(CASE "a b", "1 2026-06-02T14:00:00.5Z n kernel: NVRM: Xid (PCI:0000:3b:00): 79, lost\n");
	put(CASE "in", "2 2026-06-02T14:00:00.5Z n kernel: NVRM: Xid (PCI:0000:3b:00): 79, lost\n");
	put(CASE "in2", "4 2026-06-02T14:00:00.5Z n kernel: NVRM: Xid (PCI:0000:3b:00): 79, lost\n");
	put(CASE "in.x", "3 2026-06-02T14:00:00.5Z n kernel: NVRM: Xid (PCI:0000:3b:00): 79, lost\n");
	put(CASE "out", "1 2026-06-02T14:00:00.5Z n kernel: NVRM: Xid (PCI:0000:3b:00): 79, lost\n"
			"2 2026-06-02T14:00:00.5Z n kernel: NVRM: Xid (PCI:0000:3b:00): 79, lost\n"
			"3 2026-06-02T14:00:00.5Z n kernel: NVRM: Xid (PCI:0000:3b:00): 79, lost\n"
			"4 2026-06-02T14:00:00.5Z n kernel: NVRM: Xid (PCI:0000:3b:00): 79, lost\n");
	CHECK(run(false, "", "\nok 1 - xid-correlate/one\n", NULL) == 0);
	put(CASE "cmd", "--select -q ''\n");
	CHECK(run(false, "", "not ok 1 - xid-correlate/one\n", NULL) == 1);
	unlinkat(dir, CASE "a b", 0);
	unlinkat(dir, CASE "in", 0);
	unlinkat(dir, CASE "in2", 0);
	unlinkat(dir, CASE "in.x", 0);
	unlinkat(dir, CASE "out", 0);
	unlinkat(dir, CASE "cmd", 0);
}

static void
test_folders(void)
{
	static const char *const deep[] = {"d", "d/1", "d/1/2", "d/1/2/3", "d/1/2/3/xid-correlate", "d/1/2/3/xid-correlate/one"};

	TEST("cases are found four folders below the one that is named, not five");
	for (size_t i = 0; i < NELEM(deep); i++)
		CHECK(mkdirat(dir, deep[i], 0700) == 0);
	put("d/1/2/3/xid-correlate/one/cmd", "-q\n");
	CHECK(run(false, "/d/1", "\nok 1 - xid-correlate/one\n1..1\n", NULL) == 0);
	CHECK(run(false, "/d", "TAP version 14\n1..0\n", "/d: no cases: folders <filter>/<case> with a file cmd or in\n") == 2);

	TEST("a case that is named itself, with a slash behind it, too");
	CHECK(run(false, "/d/1/2/3/xid-correlate/one", "\nok 1 - xid-correlate/one\n1..1\n", NULL) == 0);
	CHECK(run(false, "/d/1/2/3/xid-correlate/one/", "\nok 1 - xid-correlate/one\n1..1\n", NULL) == 0);

	TEST("a folder that is not there");
	CHECK(run(false, "/none", "1..0\n", "/none: No such file or directory\n") == 2);
	unlinkat(dir, "d/1/2/3/xid-correlate/one/cmd", 0);
	for (size_t i = NELEM(deep); i-- > 0;)
		unlinkat(dir, deep[i], AT_REMOVEDIR);
}

int
main(void)
{
	if (!mkdtemp(folder))
		return 1;
	dir = open(folder, O_RDONLY | O_DIRECTORY);
	CHECK(mkdirat(dir, "xid-correlate", 0700) == 0 && mkdirat(dir, "xid-correlate/one", 0700) == 0);
	test_update();
	test_words();
	test_folders();
	unlinkat(dir, "xid-correlate/one", AT_REMOVEDIR);
	unlinkat(dir, "xid-correlate", AT_REMOVEDIR);
	close(dir);
	CHECK(rmdir(folder) == 0);
	return test_done();
}
