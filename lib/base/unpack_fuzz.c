/*
 * Arbitrary bytes as a compressed file: it ends, the result does not depend on
 * the sizes of reads, and uncompressed data are unchanged.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fuzz.h"
#include "base/unpack.h"

enum { MOST = 1 << 20 };

static const char *
unpack_all(int fd, size_t step, struct buf *b)
{
	struct unpack u = {0};
	const char *why;
	ssize_t r = 1;

	lseek(fd, 0, SEEK_SET);
	while (b->n < MOST && (r = unpack_read(&u, fd, buf_room(b, step), step)) > 0)
		b->n += (size_t)r;
	if (r < 0 || (u.why && !u.format))
		abort();
	why = u.why;
	unpack_free(&u);
	return why;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf a = {0}, b = {0};
	const char *why, *again;
	size_t both;
	static int fd = -1;

	if (fd < 0) {
		char name[] = "/tmp/inquest-fuzz-XXXXXX";

		fd = mkstemp(name);
		unlink(name);
	}
	if (ftruncate(fd, 0) != 0 || pwrite(fd, data, n, 0) != (ssize_t)n)
		return 0;
	why = unpack_all(fd, 256 * 1024, &a);
	again = unpack_all(fd, 16, &b);
	/* corrupt data may be decoded to a different extent */
	both = a.n < b.n ? a.n : b.n;
	if (a.n < MOST && (why != again || (both && memcmp(a.p, b.p, both) != 0)))
		abort();
	if (a.n < MOST && a.n != b.n && !(why && strcmp(why, "is corrupt") == 0))
		abort();
	buf_free(&a);
	buf_free(&b);
	return 0;
}
