/*
 * Every filter on arbitrary bytes: it must end with status 0 or 3, give the
 * same verdicts when every line is checked, of the lines that count alone and
 * when it follows to the end, and every verdict must be JSON.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static int
file(void)
{
	char name[] = "/tmp/inquest-fuzz-XXXXXX";
	int fd = mkstemp(name);

	unlink(name);
	return fd;
}

static int
run(const struct pattern *p, char *const argv[], int argc, int fd, struct out *out)
{
	struct out err = {.fd = -1};
	struct filter_io io = {fd, AT_FDCWD, out, &err};
	int status;

	lseek(fd, 0, SEEK_SET);
	out->b.n = 0;
	status = filter_run(p, argc, argv, &io);
	buf_free(&err.b);
	return status;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static char quiet[] = "-qx", skew[] = "--skew=1h", strict[] = "--strict", text[] = "-otext", exposed[] = "--exposition";
	static char select[] = "--select", key[] = "--key", keyed[] = "--keyed";
	static char follow[] = "-qf", at_once[] = "--lateness=0s", never[] = "--lateness=2562047h";
	static int fd = -1, selected = -1;
	char *plain_argv[] = {quiet, quiet, skew, NULL}, *strict_argv[] = {quiet, quiet, skew, strict, NULL};
	char *select_argv[] = {quiet, quiet, skew, select, NULL}, *key_argv[] = {quiet, quiet, skew, select, key, NULL};
	char *keyed_argv[] = {quiet, quiet, skew, keyed, NULL};
	char *at_once_argv[] = {quiet, follow, skew, at_once, NULL}, *never_argv[] = {quiet, follow, skew, never, NULL};
	char *text_argv[] = {quiet, quiet, text, NULL}, *exposed_argv[] = {quiet, quiet, exposed, NULL};
	struct out a = {.fd = -1}, b = {.fd = -1};
	uint64_t at;

	if (fd < 0) {
		fd = file();
		selected = file();
	}
	if (ftruncate(fd, 0) != 0 || pwrite(fd, data, n, 0) != (ssize_t)n)
		return 0;
	for (size_t i = 0; filters[i]; i++) {
		struct str rest, line;
		int status = run(filters[i], plain_argv, 3, fd, &a);

		if (status != EX_FINE && status != EX_PARTIAL)
			abort();
		rest = buf_str(&a.b);
		while (rest.n && str_cut(&rest, '\n', &line))
			if (json_check(line, &at))
				abort();
		/* the screen decides only what is parsed, not what comes out */
		if (run(filters[i], strict_argv, 4, fd, &b) == EX_FINE && !str_eq(buf_str(&a.b), buf_str(&b.b)))
			abort();
		run(filters[i], select_argv, 4, fd, &b);
		if (ftruncate(selected, 0) == 0 && pwrite(selected, b.b.p, b.b.n, 0) == (ssize_t)b.b.n) {
			run(filters[i], plain_argv, 3, selected, &b);
			if (!str_eq(buf_str(&a.b), buf_str(&b.b)))
				abort();
		}
		/* a line with several keys is there several times */
		run(filters[i], key_argv, 5, fd, &b);
		if (ftruncate(selected, 0) == 0 && pwrite(selected, b.b.p, b.b.n, 0) == (ssize_t)b.b.n) {
			run(filters[i], keyed_argv, 4, selected, &b);
			if (!str_eq(buf_str(&a.b), buf_str(&b.b)))
				abort();
		}
		if (filters[i]->forget) {
			status = run(filters[i], at_once_argv, 4, fd, &b);
			if (status != EX_FINE && status != EX_PARTIAL)
				abort();
			/* when nothing is settled before the end, the end gives it all */
			run(filters[i], never_argv, 4, fd, &b);
			if (!str_eq(buf_str(&a.b), buf_str(&b.b)))
				abort();
		}
		run(filters[i], text_argv, 3, fd, &b);
		if (filters[i]->wants >> EVENT_SAMPLE & 1)
			run(filters[i], exposed_argv, 3, fd, &b);
	}
	buf_free(&a.b);
	buf_free(&b.b);
	return 0;
}
