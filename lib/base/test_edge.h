/*
 * test_edge - for *_test.c: text at the end of mapped memory, so that a test
 * crashes if a byte behind it is read.
 * Layer base: includes str.
 */
#ifndef TEST_EDGE_H
#define TEST_EDGE_H

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/str.h"

/* A copy of s, up to 1 MiB, that an unmapped page follows; valid until the next call. */
static inline struct str
test_edge(struct str s)
{
	enum { MAX = 1 << 20 };
	static char *end;

	if (!end) {
		int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
		char *p = mmap(NULL, MAX + (1 << 16), PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0); /* pages have at most 64 KiB */

		close(fd);
		end = p + MAX;
		if (p == MAP_FAILED || mprotect(end, 1 << 16, PROT_NONE) != 0)
			abort();
	}
	if (s.n > MAX)
		abort();
	if (s.n)
		memcpy(end - s.n, s.p, s.n);
	return (struct str){end - s.n, s.n};
}

#endif
