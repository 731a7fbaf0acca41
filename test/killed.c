/*
 * killed - golden-replay -u, killed before each of its system calls in turn:
 * each file it rewrites is complete, old or new, and the next run finishes the
 * work.
 * usage: killed GOLDEN-REPLAY
 * Prints TAP.
 */
#define _DEFAULT_SOURCE /* ptrace's types */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"

#ifdef __linux__
#include <sys/ptrace.h>

#define USUAL "golden/xid-correlate/usual/"

static char top[] = "/tmp/inquest-killed-XXXXXX";
static const char *program;

static const struct file {
	const char *name, *old;
} files[] = {
	{"out", "an old verdict\n"},
	{"err", "an old message\n"},
	{"rc", "3\n"},
};

static void
die(const char *what)
{
	perror(what);
	exit(2);
}

/* Contents of a file below dir; empty if it does not exist. */
static struct buf
content(int dir, const char *name)
{
	struct buf b = {0};
	int fd = openat(dir, name, O_RDONLY);
	ssize_t n;

	while (fd >= 0 && (n = fd_read(fd, buf_room(&b, 4096), 4096)) > 0)
		b.n += (size_t)n;
	if (fd >= 0)
		close(fd);
	return b;
}

static void
restore(int dir)
{
	for (size_t i = 0; i < NELEM(files); i++) {
		struct str old = str_of(files[i].old);
		int fd = openat(dir, files[i].name, O_WRONLY | O_CREAT | O_TRUNC, 0666);

		if (fd_write(fd, old.p, old.n) != (ssize_t)old.n || close(fd) != 0)
			die(files[i].name);
	}
}

/* Run golden-replay on the case; kill it before its nth system call (0:
 * never).  Returns the status of waitpid. */
static int
run(const char *option, unsigned n)
{
	char *argv[] = {(char *)program, (char *)option, top, NULL};
	unsigned calls = 0;
	bool enters = true;
	int st = 0;
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		if (dup2(null, 1) < 0 || ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
			_exit(98);
		setenv("ASAN_OPTIONS", "detect_leaks=0", 1); /* cannot be traced */
		execv(program, argv);
		_exit(99);
	}
	if (pid < 0)
		die("fork");
	while (waitpid(pid, &st, 0) == pid && WIFSTOPPED(st)) {
		if (WSTOPSIG(st) == (SIGTRAP | 0x80)) {
			if (enters && ++calls == n)
				kill(pid, SIGKILL);
			enters = !enters;
		} else { /* after exec */
			ptrace(PTRACE_SETOPTIONS, pid, NULL, (void *)PTRACE_O_TRACESYSGOOD);
		}
		ptrace(n ? PTRACE_SYSCALL : PTRACE_CONT, pid, NULL, NULL);
	}
	return st;
}

/* Is each file either old or new?  Count the new ones. */
static bool
whole(int dir, const struct buf *want, unsigned *done)
{
	bool ok = true;

	for (size_t i = 0; i < NELEM(files); i++) {
		struct buf b = content(dir, files[i].name);
		bool is_new = str_eq(buf_str(&b), buf_str(&want[i]));

		ok &= is_new || str_eq(buf_str(&b), str_of(files[i].old));
		*done += is_new;
		buf_free(&b);
	}
	return ok;
}

int
main(int argc, char *argv[])
{
	struct buf want[NELEM(files)] = {0};
	unsigned n, torn = 0, stages[NELEM(files) + 1] = {0}, stuck = 0;
	char from[4096], remove[64];
	int dir, st;

	program = argc == 2 ? argv[1] : "build/golden-replay";
	if (!realpath(USUAL "in", from) || !mkdtemp(top) || (dir = open(top, O_DIRECTORY)) < 0 ||
	    mkdirat(dir, "xid-correlate", 0777) != 0 || mkdirat(dir, "xid-correlate/c", 0777) != 0 ||
	    (dir = openat(dir, "xid-correlate/c", O_DIRECTORY)) < 0 || symlinkat(from, dir, "in") != 0)
		die(top);
	want[0] = content(AT_FDCWD, USUAL "out");
	st = run("-V", 0);
	if (WIFEXITED(st) && WEXITSTATUS(st) == 98) {
		printf("ok 1 - killed # SKIP no ptrace here\n1..1\n");
		return 0;
	}
	for (n = 1;; n++) {
		unsigned done = 0;

		restore(dir);
		st = run("-u", n);
		torn += !whole(dir, want, &done);
		stages[done]++;
		if (!WIFSIGNALED(st))
			break;
		st = run("-u", 0);
		done = 0;
		stuck += !WIFEXITED(st) || WEXITSTATUS(st) != 0 || !whole(dir, want, &done) || done != NELEM(files);
	}
	printf("%s 1 - golden-replay -u, killed at each of %u calls: every file is whole\n", torn || WEXITSTATUS(st) != 0 ? "not ok" : "ok", n - 1);
	printf("%s 2 - the next run ends the work\n", stuck ? "not ok" : "ok");
	/* many calls before the first file, for startup, then some per file */
	printf("%s 3 - it was killed with none, some and all of the files rewritten\n",
	       stages[0] > 10 && stages[1] > 1 && stages[2] > 1 && stages[3] > 1 ? "ok" : "not ok");
	printf("# %u, %u, %u, %u calls with 0, 1, 2, 3 of them; %u torn, %u stuck\n1..3\n", stages[0], stages[1], stages[2], stages[3], torn, stuck);
	buf_free(&want[0]);
	snprintf(remove, sizeof(remove), "rm -r %s", top);
	return system(remove) != 0;
}
#else
int
main(void)
{
	printf("ok 1 - killed # SKIP no ptrace here\n1..1\n");
	return 0;
}
#endif
