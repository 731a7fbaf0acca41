/*
 * faults - every filter with failing system calls: each allocation, read, write,
 * open and close in turn, short and interrupted ones, and files that shrink and
 * grow while they are read.  The calls of lib are wrapped at link time; each run
 * is a child process.  Also every filter in a jail, where the kernel kills it
 * for unneeded system calls.  Prints TAP.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <regex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "filter/filter.h"
#include "incident/incident.h"
#include "jail.h"

/* ---- the runs ---- */

#define INCIDENTS "testdata/incidents/"
enum { WORDS = 16 };

/* "@" is a generated file with 200 Xids that took down pods. */
static const struct run {
	const struct pattern *p;
	const char *in; /* standard input, or NULL */
	const char *words[WORDS];
} runs[] = {
	{&xid_correlation, NULL, {"--explain", "--stats", "@"}},
	{&xid_correlation, "@", {"-otext"}},
	{&xid_correlation, NULL, {"--rules=golden/xid-correlate/rules/site.tsv", INCIDENTS "xid79/journal.json", INCIDENTS "xid79/events.json"}},
	{&xid_correlation, NULL, {"--catalog"}},
	{&xid_correlation, "@", {"-f", "--progress"}},
	{&pod_evicted, NULL, {"-x", INCIDENTS "evicted/journal.json", INCIDENTS "evicted/events.json"}},
	{&thermal_throttle, NULL, {INCIDENTS "thermal-node/metrics.json", INCIDENTS "thermal-node/limits.json"}},
	{&hbm_ecc, INCIDENTS "hbm/kernel.json", {"-", INCIDENTS "hbm/dcgm.json"}},
	{&hbm_ecc, NULL, {"--exposition", "--node=n", "--scrape-time=2026-05-14T03:47:20Z", INCIDENTS "hbm/scrape.prom"}},
	{&pcie_aer, NULL, {"--topology=" INCIDENTS "pcie/topology.txt", INCIDENTS "pcie/pcie.json", INCIDENTS "pcie/rates.json"}},
	{&nccl_hang, NULL, {"--groups=.", INCIDENTS "nccl-loader/records.json", INCIDENTS "nccl-loader/otlp.json"}},
	{&nccl_hang, NULL, {"--now=2026-11-17T04:00:00Z", INCIDENTS "nccl-loader/nccl_trace_rank_0", INCIDENTS "nccl-loader/nccl_trace_rank_6"}},
	{&nccl_hang, NULL, {"testdata/README.md", INCIDENTS "nccl-loader/records.json"}},
	{&inquest, NULL, {"--ranks=golden/inquest/hang-ranks-option/ranks.tsv", INCIDENTS "xid79/journal.json", INCIDENTS "xid79/events.json", INCIDENTS "hbm/kernel.json",
		INCIDENTS "hbm/dcgm.json", INCIDENTS "nccl-loader/records.json"}},
	{&thermal_throttle, NULL, {"--help"}},
};

/* Does every filter have a run? */
static bool
all_run(void)
{
	for (size_t k = 0; filters[k]; k++) {
		size_t i = 0;

		while (i < NELEM(runs) && runs[i].p != filters[k])
			i++;
		if (i == NELEM(runs)) {
			printf("not ok - %s: has no run in test/faults.c\n", filters[k]->filter.p);
			return false;
		}
	}
	return true;
}

/* ---- the faults ---- */

enum call { MEMORY, READ, WRITE, COMPLAIN, OPEN, CLOSE, REGCOMP, CALLS };
enum how {
	FAIL,    /* the nth call fails */
	EVERY,   /* every other call fails */
	PIECES,  /* every call does only a part of its work */
	NOTHING, /* the nth call returns 0 */
	SHRINK,  /* the file is truncated before the nth call */
	GROW,    /* the file gets one more line */
	JAIL,    /* no faults, but the process is killed at calls that no filter needs */
};
enum outcome {
	SAME,  /* same output, messages and status */
	DEAD,  /* message, status 2, partial output */
	REPORTED,  /* the same; readable input yields whole lines */
	MUTE,  /* same output, messages may be missing, status 2 */
	ENDS,  /* status 0 or 3, whole lines */
};

static const struct fault {
	const char *name;
	enum call call;
	enum how how;
	int err;
	enum outcome outcome;
} faults[] = {
	{"no memory", MEMORY, FAIL, ENOMEM, DEAD},
	{"read fails", READ, FAIL, EIO, REPORTED},
	{"read is interrupted", READ, FAIL, EINTR, SAME},
	{"read is interrupted repeatedly", READ, EVERY, EINTR, SAME},
	{"read would block", READ, FAIL, EAGAIN, SAME},
	{"read would block repeatedly", READ, EVERY, EAGAIN, SAME},
	{"read in pieces", READ, PIECES, 0, SAME},
	{"a file shrinks during the run", READ, SHRINK, 0, ENDS},
	{"a file grows during the run", READ, GROW, 0, ENDS},
	{"open fails: no descriptors", OPEN, FAIL, EMFILE, REPORTED},
	{"disk full", WRITE, FAIL, ENOSPC, DEAD},
	{"quota", WRITE, FAIL, EDQUOT, DEAD},
	{"write fails", WRITE, FAIL, EIO, DEAD},
	{"reader gone, SIGPIPE ignored", WRITE, FAIL, EPIPE, DEAD},
	{"write writes nothing", WRITE, NOTHING, ENOSPC, DEAD},
	{"write is interrupted", WRITE, FAIL, EINTR, SAME},
	{"write is interrupted repeatedly", WRITE, EVERY, EINTR, SAME},
	{"write would block", WRITE, FAIL, EAGAIN, SAME},
	{"write would block repeatedly", WRITE, EVERY, EAGAIN, SAME},
	{"write in pieces", WRITE, PIECES, 0, SAME},
	{"close reports that the output is lost", CLOSE, FAIL, EIO, DEAD},
	{"messages cannot be written", COMPLAIN, FAIL, EIO, MUTE},
	{"messages would block", COMPLAIN, EVERY, EAGAIN, SAME},
	{"messages in pieces", COMPLAIN, PIECES, 0, SAME},
	{"no memory for a regular expression", REGCOMP, FAIL, 0, REPORTED},
	{"no system calls except those that the jail allows", CALLS, JAIL, 0, SAME},
};

static const struct fault *fault; /* of this child, or NULL */
static uint64_t nth;              /* number of the failing call, from 1 */
static struct shared {
	uint64_t calls[CALLS];
	uint64_t struck;
} *shared;
static char made[] = "/tmp/inquest-faults-XXXXXX";

/* Does the fault affect this call? */
static bool
strikes(enum call call)
{
	uint64_t n = ++shared->calls[call];

	if (!fault || fault->call != call)
		return false;
	if (fault->how == EVERY ? n % 2 == 0 : fault->how != PIECES && n != nth)
		return false;
	shared->struck++;
	errno = fault->err;
	return true;
}

static void
change_file(void)
{
	static const char line[] = "{\"kernelevents.xid\":79}\n";
	struct stat st;
	int fd;

	if (fault->how == SHRINK) {
		if (stat(made, &st) != 0 || truncate(made, st.st_size / 2) != 0)
			abort();
		return;
	}
	fd = open(made, O_WRONLY | O_APPEND);
	if (write(fd, line, sizeof(line) - 1) < 0 || close(fd) != 0)
		abort();
}

/* base/mem allocates with realloc only */
void *__real_realloc(void *, size_t), *__wrap_realloc(void *, size_t);
ssize_t __real_read(int, void *, size_t), __wrap_read(int, void *, size_t);
ssize_t __real_write(int, const void *, size_t), __wrap_write(int, const void *, size_t);
int __real_openat(int, const char *, int, ...), __wrap_openat(int, const char *, int, ...);
int __wrap_openat64(int, const char *, int, ...); /* name of the function if off_t has 64 bits */
int __real_close(int), __wrap_close(int);
int __real_regcomp(regex_t *, const char *, int), __wrap_regcomp(regex_t *, const char *, int);
int __real_poll(struct pollfd *, nfds_t, int), __wrap_poll(struct pollfd *, nfds_t, int);

void *
__wrap_realloc(void *p, size_t n)
{
	/* shrinking (mem_trim) does not allocate */
	return shared && (!p || n > malloc_usable_size(p)) && strikes(MEMORY) ? NULL : __real_realloc(p, n);
}

ssize_t
__wrap_read(int fd, void *p, size_t n)
{
	if (strikes(READ)) {
		if (fault->how == PIECES)
			return __real_read(fd, p, n % 997 + 1 < n ? n % 997 + 1 : n);
		if (fault->how != SHRINK && fault->how != GROW)
			return -1;
		change_file();
		/* a short read is possible anyway */
		return __real_read(fd, p, n > 4096 ? 4096 : n);
	}
	return __real_read(fd, p, n);
}

ssize_t
__wrap_write(int fd, const void *p, size_t n)
{
	if (fd > 2 || !strikes(fd == 1 ? WRITE : COMPLAIN))
		return __real_write(fd, p, n);
	if (fault->how == PIECES)
		return __real_write(fd, p, n % 97 + 1 < n ? n % 97 + 1 : n);
	return fault->how == NOTHING ? 0 : -1;
}

int
__wrap_openat(int dir, const char *name, int flags, ...)
{
	return strikes(OPEN) ? -1 : __real_openat(dir, name, flags);
}

int
__wrap_openat64(int dir, const char *name, int flags, ...)
{
	return __wrap_openat(dir, name, flags);
}

int
__wrap_close(int fd)
{
	if (fd == 1 && strikes(CLOSE))
		return -1;
	return __real_close(fd);
}

int
__wrap_regcomp(regex_t *re, const char *text, int flags)
{
	return strikes(REGCOMP) ? REG_ESPACE : __real_regcomp(re, text, flags);
}

/* Every other poll is interrupted. */
int
__wrap_poll(struct pollfd *p, nfds_t n, int ms)
{
	static unsigned calls;

	if (!fault || fault->err != EAGAIN || calls++ % 2)
		return __real_poll(p, n, ms);
	errno = EINTR;
	return -1;
}

/* ---- one run ---- */

struct result {
	struct str out, err;
	int status; /* -1: killed */
	struct mem mem;
	int fd[2];
};

static bool
is_made(const char *word)
{
	return strcmp(word, "@") == 0;
}

static void
die(const char *what)
{
	perror(what);
	exit(2);
}

static void
make_file(void)
{
	FILE *f = fopen(made, "w");

	for (int i = 0; f && i < 200; i++) {
		fprintf(f, "{\"kernelevents.xid\":%d,\"gpu.id\":\"0000:%02x:00.0\",\"k8s.node.name\":\"n%d\",\"time\":%lld}\n",
			i % 2 ? 79 : 94, i % 8 * 8, i, 1790000000000000000LL + i);
		fprintf(f, "{\"k8s.event.reason\":\"Evicted\",\"k8s.pod.name\":\"pod-%d\",\"k8s.namespace.name\":\"train\","
			"\"k8s.node.name\":\"n%d\",\"time\":%lld}\n", i, i, 1790000003000000000LL + i);
	}
	if (!f || fclose(f) != 0)
		die(made);
}

static void
child(const struct run *r, const int fd[2])
{
	char *argv[WORDS + 2] = {(char *)r->p->filter.p};
	int in = open(!r->in ? "/dev/null" : is_made(r->in) ? made : r->in, O_RDONLY), argc = 1;

	for (const char *const *w = r->words; *w; w++)
		argv[argc++] = is_made(*w) ? made : (char *)*w;
	if (in < 0 || dup2(in, 0) < 0 || dup2(fd[0], 1) < 0 || dup2(fd[1], 2) < 0)
		_exit(99);
	alarm(60);
	memset(shared, 0, sizeof(*shared));
	if (fault && fault->how == JAIL) {
		shared->struck = jail();
		_exit(filter_main(r->p, argc, argv));
	}
	exit(filter_main(r->p, argc, argv));
}

static struct str
slurp(int fd, struct mem *m)
{
	size_t n = (size_t)lseek(fd, 0, SEEK_END);
	char *p = mem_bytes(m, n + 1);

	if (pread(fd, p, n, 0) != (ssize_t)n)
		die("pread");
	return (struct str){p, n};
}

static struct result
run(const struct run *r, const struct fault *f, uint64_t n)
{
	static int fd[2] = {-1, -1};
	struct result res = {.status = -1};
	int st = 0;
	pid_t pid;

	for (int i = 0; i < 2; i++) {
		if (fd[i] < 0) {
			char name[] = "/tmp/inquest-faults-XXXXXX";

			fd[i] = mkstemp(name);
			unlink(name);
		}
		if (ftruncate(fd[i], 0) != 0 || lseek(fd[i], 0, SEEK_SET) != 0)
			die("ftruncate");
	}
	if (f && (f->how == SHRINK || f->how == GROW))
		make_file();
	fault = f;
	nth = n;
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		child(r, fd);
	if (pid < 0 || waitpid(pid, &st, 0) != pid)
		die("fork");
	fault = NULL;
	if (WIFEXITED(st))
		res.status = WEXITSTATUS(st);
	res.out = slurp(fd[0], &res.mem);
	res.err = slurp(fd[1], &res.mem);
	return res;
}

/* ---- expectations ---- */

static bool
whole_lines(struct str s)
{
	struct str line;
	uint64_t at;

	if (s.n && s.p[s.n - 1] != '\n')
		return false;
	while (s.n && str_cut(&s, '\n', &line))
		if (str_starts(line, S("{")) && json_check(line, &at))
			return false;
	return true;
}

/* The values of "seconds" and "allocations" vary. */
static struct str
but_stats(struct str err)
{
	size_t at = str_find(err, S("{\"lines\":"));

	return str_head(err, at);
}

static const char *
judge(const struct fault *f, const struct result *want, const struct result *got)
{
	struct str message = f->call == MEMORY ? S("out of memory\n") : f->call == REGCOMP ? S("\n") : str_of(strerror(f->err));

	switch (f->outcome) {
	case SAME:
		if (!str_eq(but_stats(want->err), but_stats(got->err)))
			return "messages changed";
		/* fall through */
	case MUTE:
		return got->status != (f->outcome == MUTE ? 2 : want->status) ? "status"
		       : !str_eq(want->out, got->out)                         ? "output changed"
									      : NULL;
	case ENDS:
		return got->status != 0 && got->status != 3 ? "status" : !whole_lines(got->out) ? "torn output" : NULL;
	case DEAD:
		if (!str_starts(want->out, got->out))
			return "output is no beginning of the right one";
		break;
	case REPORTED:
		if (!whole_lines(got->out))
			return "torn output";
	}
	return got->status != 2 ? "status is not 2" : !str_has(got->err, message) ? "no message" : NULL;
}

int
main(void)
{
	struct result want[NELEM(runs)];
	int bad_cases = 0;
	uint64_t struck;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED || close(mkstemp(made)) != 0)
		die("faults");
	signal(SIGPIPE, SIG_IGN);
	make_file();
	for (size_t i = 0; i < NELEM(runs); i++)
		want[i] = run(&runs[i], NULL, 0);
	for (size_t k = 0; k < NELEM(faults); k++) {
		const struct fault *f = &faults[k];
		const char *lacking = f->how == JAIL ? jail_try() : NULL;
		char notes[4096] = "";
		uint64_t tried = 0;
		size_t len = 0;
		int bad = 0;

		if (lacking) {
			printf("ok %zu - %s # SKIP %s\n", k + 1, f->name, lacking);
			continue;
		}
		for (size_t i = 0; i < NELEM(runs); i++) {
			bool once = f->how == EVERY || f->how == PIECES || f->how == JAIL;
			uint64_t step = 1, n = 1;

			if ((f->how == SHRINK || f->how == GROW) && i > 0)
				break;
			do {
				struct result got = run(&runs[i], f, n);
				const char *why;

				struck = shared->struck;
				/* under AddressSanitizer each object is an
				 * allocation: test a sample of them */
				if (f->call == MEMORY && shared->calls[MEMORY] > 400 && n > 200)
					step = n / 20;
				why = judge(f, &want[i], &got);
				if (struck && why && bad++ < 5)
					len += (size_t)snprintf(notes + len, sizeof(notes) - len, "# %s, call %llu: %s, status %d, %.*s\n",
						runs[i].p->filter.p, (unsigned long long)n, why, got.status,
						(int)str_head(got.err, 400).n, got.err.p);
				tried += struck != 0;
				n += step;
				mem_free(&got.mem);
			} while (struck && !once);
		}
		printf("%s %zu - %s: %llu runs\n%s", bad || !tried ? "not ok" : "ok", k + 1, f->name, (unsigned long long)tried, notes);
		bad_cases += bad || !tried;
		make_file();
	}
	for (size_t i = 0; i < NELEM(runs); i++)
		mem_free(&want[i].mem);
	printf("1..%zu\n", NELEM(faults));
	unlink(made);
	return !all_run() || bad_cases != 0;
}
