#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/test.h"
#include "filter/filter.h"

#define T0 INT64_C(1790000000) /* the clock in seconds when the input begins */
enum { DAY = 86400 };

/* The input, one read(2) per step: records that become available when both
 * clocks have reached these times.  Seconds; wall counts from T0. */
static const struct step {
	int64_t wall, mono;
	int64_t xid, lost; /* time of an Xid on node, and of the loss of a pod named like node */
	const char *node;  /* NULL: the end */
} *at;

int __wrap_clock_gettime(clockid_t, struct timespec *), __wrap___clock_gettime64(clockid_t, struct timespec *);
ssize_t __wrap_read(int, void *, size_t);

int
__wrap_clock_gettime(clockid_t id, struct timespec *t)
{
	*t = (struct timespec){.tv_sec = id == CLOCK_REALTIME ? T0 + at->wall : at->mono};
	return 0;
}

/* name of the function if time_t has 64 bits and long has 32 */
int
__wrap___clock_gettime64(clockid_t id, struct timespec *t)
{
	return __wrap_clock_gettime(id, t);
}

/* {WHAT,"k8s.pod.name":"NODE","k8s.node.name":"NODE","time":"TIME"} */
static void
put(struct buf *b, const char *what, const char *node, int64_t t)
{
	buf_chr(b, '{');
	buf_add(b, str_of(what));
	buf_key(b, "k8s.pod.name");
	buf_json(b, str_of(node));
	buf_key(b, "k8s.node.name");
	buf_json(b, str_of(node));
	buf_key(b, "time");
	buf_chr(b, '"');
	time_put(b, (T0 + t) * SECOND);
	buf_add(b, S("\"}\n"));
}

ssize_t
__wrap_read(int fd, void *p, size_t n)
{
	struct buf b = {.p = p, .cap = n};

	(void)fd;
	if (!at->node)
		return 0;
	at++;
	if (!at->node)
		return 0;
	put(&b, "\"kernelevents.xid\":79,\"gpu.id\":\"0000:3b:00.0\"", at->node, at->xid);
	put(&b, "\"k8s.event.reason\":\"Evicted\"", at->node, at->lost);
	return (ssize_t)b.n;
}

static const struct scenario {
	const char *name;
	struct step step[8]; /* the first one is before the first read */
	size_t verdicts;
	const char *err;
} scenarios[] = {
	{"the clock jumps a day ahead and back: time passes as it did",
		{{0, 5, 0, 0, "-"}, {0, 5, -2, -1, "a"}, {DAY, 10, 3, 4, "b"}, {DAY + 100, 110, 103, 104, "c"},
			{-DAY, 115, 108, 109, "d"}, {-DAY + 100, 215, 208, 209, "e"}}, 5, ""},
	{"a record a minute ahead of the clock counts, one beyond is left out, and moves nothing",
		{{0, 5, 0, 0, "-"}, {0, 5, -2, -1, "a"}, {10, 15, 69, 70, "b"}, {20, 25, 81, 82, "bad"}, {25, 30, 23, 24, "c"},
			{30, 35, 1000000, 1000001, "bad"}, {40, 45, 38, 39, "d"}}, 4,
		"xid-correlate: (stdin):5: a record is dated more than a minute ahead of the clock and was left out\n"
		/* a loss also shows where its pod ran */
		"xid-correlate: 6 records were dated more than a minute ahead of the clock and were left out\n"},
	{"after a long silence records are as old as the clock says",
		{{0, 5, 0, 0, "-"}, {0, 5, -2, -1, "a"}, {DAY, DAY + 5, DAY - 2, DAY - 1, "b"}, {2 * DAY, 2 * DAY + 5, 2 * DAY, 2 * DAY + 1, "c"}}, 3, ""},
	{"a record of long ago is late, which is said once, with its line, and in total",
		{{0, 5, 0, 0, "-"}, {0, 5, -2, -1, "a"}, {300, 305, 298, 299, "b"}, {310, 315, -100, -99, "c"}}, 2,
		"xid-correlate: (stdin):5: dropped a late record; increase --lateness\n"
		"xid-correlate: 2 late records were dropped; increase --lateness\n"},
	{"replayed, one that is dated years ahead waits for another source, and counts in the end",
		{{100 * DAY, 5, 0, 0, "-"}, {100 * DAY, 5, 0, 1, "a"}, {100 * DAY, 5, 100, 101, "b"}, {100 * DAY, 5, 5000 * DAY, 5000 * DAY + 1, "bad"},
			{100 * DAY, 5, 200, 201, "c"}, {100 * DAY, 5, 300, 301, "d"}}, 5, ""},
};

int
main(void)
{
	char prog[] = "xid-correlate", follow[] = "-f", *argv[] = {prog, follow, NULL};

	for (size_t i = 0; i < NELEM(scenarios); i++) {
		struct out out = {.fd = -1}, err = {.fd = -1};
		struct filter_io io = {.in = open("/dev/null", O_RDONLY), .dir = AT_FDCWD, .out = &out, .err = &err};
		size_t n = 0;

		TEST(scenarios[i].name);
		at = scenarios[i].step;
		CHECK(filter_run(&xid_correlation, 2, argv, &io) == 0);
		for (size_t k = 0; k < out.b.n; k++)
			n += out.b.p[k] == '\n';
		CHECK(n == scenarios[i].verdicts);
		CHECK(str_eq(buf_str(&err.b), str_of(scenarios[i].err)));
		if (err.b.n || n != scenarios[i].verdicts)
			printf("# %zu verdicts\n# %.*s\n", n, (int)err.b.n, err.b.p ? err.b.p : "");
		close(io.in);
		buf_free(&out.b);
		buf_free(&err.b);
	}
	TEST("--stats counts what was late and what was ahead");
	for (size_t i = 0; i < NELEM(scenarios); i++) {
		char stats[] = "--stats", *words[] = {prog, follow, stats, NULL};
		bool late = strstr(scenarios[i].name, "is late,"), ahead = strstr(scenarios[i].name, "ahead of the clock counts");
		struct out out = {.fd = -1}, err = {.fd = -1};
		struct filter_io io = {.in = open("/dev/null", O_RDONLY), .dir = AT_FDCWD, .out = &out, .err = &err};

		at = scenarios[i].step;
		CHECK(filter_run(&xid_correlation, 3, words, &io) == 0);
		CHECK_ROW(i, str_has(buf_str(&err.b), late ? S(",\"late\":2,\"ahead\":0,\"undated\":0,") :
						ahead      ? S(",\"late\":0,\"ahead\":6,\"undated\":0,") : S(",\"late\":0,\"ahead\":0,\"undated\":0,")));
		close(io.in);
		buf_free(&out.b);
		buf_free(&err.b);
	}
	return test_done();
}
