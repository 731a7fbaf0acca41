#include "base/fd.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <unistd.h>

/* Should a failed call be retried?  Returns when it may succeed. */
static bool
again(int fd, short event)
{
	struct pollfd p = {.fd = fd, .events = event};

	return errno == EINTR || (errno == EAGAIN && (poll(&p, 1, -1) >= 0 || errno == EINTR));
}

ssize_t
fd_read(int fd, void *to, size_t n)
{
	ssize_t r;

	do
		r = read(fd, to, n);
	while (r < 0 && again(fd, POLLIN));
	return r;
}

ssize_t
fd_write(int fd, const void *from, size_t n)
{
	ssize_t r;

	do
		r = write(fd, from, n);
	while (r < 0 && again(fd, POLLOUT));
	return r;
}
