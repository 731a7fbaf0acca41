/*
 * test_edge - for *_test.c: text at the end of mapped memory, so that a test
 * crashes if a byte behind it is read.
 * Layer base: includes str.
 */
#ifndef TEST_EDGE_H
#define TEST_EDGE_H

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/str.h"

/* A copy of s, up to 1 MiB, that an unmapped page follows; valid until the next call. */
static inline struct str
test_edge(struct str s)
{
	enum { MAX = 1 << 20, PAGE = 1 << 16 }; /* no page is larger */
	static char *end;

	if (!end) {
		int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
		char *p = mmap(NULL, MAX + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);

		close(fd);
		if (p == MAP_FAILED || mprotect(p + MAX, PAGE, PROT_NONE) != 0)
			return s;
		end = p + MAX;
	}
	if (s.n > MAX)
		return s;
	if (s.n)
		memcpy(end - s.n, s.p, s.n);
	return (struct str){end - s.n, s.n};
}

#endif
