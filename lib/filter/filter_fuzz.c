/*
 * Every filter on arbitrary bytes: it must end with status 0 or 3 and print
 * JSON verdicts.  They must be the same without the screen, from the selected
 * lines only, with --follow up to the end, and for any block size and
 * --max-line.  FILTER=name in the environment: only that filter, which leaves
 * the fuzzer more runs.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fuzz.h"
#include "filter/filter.h"
#include "incident/incident.h"

static int
file(void)
{
	char name[] = "/tmp/inquest-fuzz-XXXXXX";
	int fd = mkstemp(name);

	unlink(name);
	return fd;
}

/* Did the last run drop records dated ahead of the clock, or undated ones? */
static bool left_out;

static int
run_in(const struct pattern *p, char *const argv[], int argc, int fd, struct out *out, size_t block)
{
	struct out err = {.fd = -1};
	struct filter_io io = {.in = fd, .dir = AT_FDCWD, .out = out, .err = &err, .block = block};
	uint64_t held = mem_count.bytes - out->b.cap;
	int status;

	lseek(fd, 0, SEEK_SET);
	out->b.n = 0;
	status = filter_run(p, argc, argv, &io);
	/* invalid compressed data; --boot-time is one host's */
	if (status == EX_FAIL && (str_has(buf_str(&err.b), S(" data cannot be read: ")) || str_has(buf_str(&err.b), S(" count from their own boots: "))))
		status = EX_PARTIAL;
	left_out = str_has(buf_str(&err.b), S(" ahead of the clock ")) || str_has(buf_str(&err.b), S(" collective has no timestamp and was left out"));
	buf_free(&err.b);
	if (mem_count.bytes - out->b.cap != held)
		abort();
	return status;
}

static int
run(const struct pattern *p, char *const argv[], int argc, int fd, struct out *out)
{
	return run_in(p, argv, argc, fd, out, 0);
}

static void
check_status(int status)
{
	if (status != EX_FINE && status != EX_PARTIAL)
		abort();
}

/* With lines of at most `most` bytes, read in blocks: the same lines, in order,
 * up to the end. */
static void
try_limits(const struct pattern *p, int fd, unsigned most, size_t block)
{
	static char quiet[] = "-q", follow[] = "-qf", strict[] = "--strict";
	char limit[] = "--max-line=0000000000";
	char *plain_argv[] = {quiet, quiet, limit, NULL}, *strict_argv[] = {quiet, strict, limit, NULL};
	char *follow_argv[] = {quiet, follow, limit, NULL};
	struct out a = {.fd = -1}, b = {.fd = -1};

	for (size_t i = sizeof(limit) - 2; most; most /= 10)
		limit[i--] = (char)('0' + most % 10);
	check_status(run(p, plain_argv, 3, fd, &a));
	check_status(run_in(p, plain_argv, 3, fd, &b, block));
	if (!str_eq(buf_str(&a.b), buf_str(&b.b)))
		abort();
	check_status(run_in(p, strict_argv, 3, fd, &b, block));
	if (pattern_follows(p))
		check_status(run_in(p, follow_argv, 3, fd, &b, block));
	buf_free(&a.b);
	buf_free(&b.b);
}

/* Options that accept everything. */
static const char *
wide(const struct pattern *p)
{
	return p == &nccl_hang ? "--all\0--min-ranks=1\0--threshold=1s\0--now=2100-01-01T00:00:00Z\0" :
	       p == &thermal_throttle ? "--exposition\0--power\0--sustained=0\0--room-nodes=2\0" :
	       p == &pcie_aer ? "--exposition\0--fatal-alone\0--drop=0.01\0--window=999d\0" :
	       p == &hbm_ecc ? "--exposition\0--counters-alone\0--window=999d\0--scrape-time=2026-05-14T03:47:20Z\0" :
	       p == &inquest ? "--all\0--before=999d\0--run-ahead=999d\0" :
	       "--window=999d\0--boot-time=1790000000\0--since=0\0";
}

static void
try(const struct pattern *p, int fd, int selected)
{
	static char quiet[] = "-qx", heard[] = "-x", skew[] = "--skew=1h", strict[] = "--strict", text[] = "-otext";
	static char select[] = "--select", key[] = "--key", keyed[] = "--keyed";
	static char follow[] = "-qf", heard_follow[] = "-f", at_once[] = "--lateness=0s", never[] = "--lateness=2562047h", year[] = "--year=2026";
	char *plain_argv[] = {quiet, quiet, skew, NULL, NULL}, *strict_argv[] = {quiet, quiet, skew, strict, NULL};
	char *select_argv[] = {quiet, quiet, skew, select, NULL}, *key_argv[] = {quiet, quiet, skew, select, key, NULL};
	char *keyed_argv[] = {quiet, quiet, skew, keyed, NULL};
	char *at_once_argv[] = {quiet, follow, skew, at_once, NULL}, *never_argv[] = {heard, heard_follow, skew, never, NULL, NULL};
	char *wide_argv[8] = {quiet, quiet, text};
	struct out a = {.fd = -1}, b = {.fd = -1};
	int status = run(p, plain_argv, 3, fd, &a), argc = 3;
	struct str rest, line;
	uint64_t at;

	check_status(status);
	rest = buf_str(&a.b);
	while (rest.n && str_cut(&rest, '\n', &line))
		if (json_check(line, &at))
			abort();
	/* the screen affects only what is parsed, not the output */
	if (run(p, strict_argv, 4, fd, &b) == EX_FINE && !str_eq(buf_str(&a.b), buf_str(&b.b)))
		abort();
	run(p, select_argv, 4, fd, &b);
	if (ftruncate(selected, 0) == 0 && pwrite(selected, b.b.p, b.b.n, 0) == (ssize_t)b.b.n) {
		run(p, plain_argv, 3, selected, &b);
		if (!str_eq(buf_str(&a.b), buf_str(&b.b)))
			abort();
	}
	/* a line with several keys is repeated; this shard also has what is
	 * correlated across nodes */
	run(p, key_argv, 5, fd, &b);
	buf_add(&b.b, S("-\t{}\n"));
	if (ftruncate(selected, 0) == 0 && pwrite(selected, b.b.p, b.b.n, 0) == (ssize_t)b.b.n) {
		run(p, keyed_argv, 4, selected, &b);
		if (!str_eq(buf_str(&a.b), buf_str(&b.b)))
			abort();
	}
	check_status(run(p, keyed_argv, 4, fd, &b)); /* lines without a key, and invalid ones */
	if (pattern_follows(p)) {
		check_status(run(p, at_once_argv, 4, fd, &b));
		/* if nothing is final before the end, all verdicts come at the end */
		run(p, never_argv, 4, fd, &b);
		if (!left_out && !str_eq(buf_str(&a.b), buf_str(&b.b))) {
			/* stamps without a year: --follow takes the clock's */
			plain_argv[3] = never_argv[4] = year;
			run(p, plain_argv, 4, fd, &a);
			run(p, never_argv, 5, fd, &b);
			if (!left_out && !str_eq(buf_str(&a.b), buf_str(&b.b)))
				abort();
		}
	}
	for (const char *o = wide(p); *o; o += strlen(o) + 1)
		wide_argv[argc++] = (char *)o;
	wide_argv[argc] = NULL;
	check_status(run(p, wide_argv, argc, fd, &b));
	buf_free(&a.b);
	buf_free(&b.b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static int fd = -1, selected = -1;
	const char *only = getenv("FILTER");
	bool any = false;
	unsigned sum = (unsigned)n;

	for (size_t i = 0; i < n; i++)
		sum = sum * 31 + data[i];
	if (fd < 0) {
		fd = file();
		selected = file();
	}
	if (ftruncate(fd, 0) != 0 || pwrite(fd, data, n, 0) != (ssize_t)n)
		return 0;
	for (size_t i = 0; filters[i]; i++) {
		if (only && !str_eq(filters[i]->filter, str_of(only)))
			continue;
		any = true;
		try(filters[i], fd, selected);
		try_limits(filters[i], fd, 1 + sum / 64 % (unsigned)(n + 1), 16 + sum % 64);
	}
	if (!any)
		abort();
	return 0;
}
