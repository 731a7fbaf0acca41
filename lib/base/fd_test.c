#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/str.h"
#include "base/test.h"

static int fd[2];        /* a pipe */
static bool drains;      /* the signal reads from it, else it writes to it */
static volatile sig_atomic_t signals;

static void
move(int sig)
{
	char some[65536];
	int err = errno;
	ssize_t n;

	(void)sig;
	signals++;
	n = drains ? read(fd[0], some, sizeof(some)) : write(fd[1], "x", 1);
	(void)n;
	errno = err;
}

/* Open the pipe, with flags for the end that waits; a signal comes soon. */
static void
start(bool drain, int flags)
{
	CHECK(pipe(fd) == 0 && fcntl(fd[drain], F_SETFL, flags) == 0);
	drains = drain;
	signals = 0;
}

static void
ring(void)
{
	const struct itimerval soon = {.it_value = {.tv_usec = 20000}};

	CHECK(setitimer(ITIMER_REAL, &soon, NULL) == 0);
}

static void
stop(void)
{
	close(fd[0]);
	close(fd[1]);
}

int
main(void)
{
	static char many[65536];
	struct sigaction act = {.sa_handler = move};
	char c = 0;

	CHECK(sigaction(SIGALRM, &act, NULL) == 0);

	TEST("errors are returned immediately");
	errno = 0;
	CHECK(fd_read(-1, &c, 1) == -1 && errno == EBADF);
	errno = 0;
	CHECK(fd_write(-1, &c, 1) == -1 && errno == EBADF);

	TEST("a read goes on after a signal, and waits for a descriptor that does not");
	for (int flags = 0; flags <= O_NONBLOCK; flags += O_NONBLOCK) {
		start(false, flags);
		ring();
		CHECK_ROW(flags, fd_read(fd[0], &c, 1) == 1 && c == 'x' && signals == 1);
		close(fd[1]);
		CHECK_ROW(flags, fd_read(fd[0], &c, 1) == 0);
		close(fd[0]);
	}

	TEST("so does a write");
	for (int flags = 0; flags <= O_NONBLOCK; flags += O_NONBLOCK) {
		start(true, O_NONBLOCK);
		while (write(fd[1], many, sizeof(many)) > 0 || write(fd[1], many, 1) > 0)
			;
		CHECK_ROW(flags, fcntl(fd[1], F_SETFL, flags) == 0);
		ring();
		CHECK_ROW(flags, fd_write(fd[1], "y", 1) == 1 && signals == 1);
		stop();
	}
	return test_done();
}
