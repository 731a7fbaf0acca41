/*
 * unpack - fd_read that decompresses gzip, zstd and xz.  The format is detected
 * from the first bytes, never from a name; other data are passed on unchanged,
 * at no cost, except that UTF-16 with a byte-order mark becomes UTF-8.  Several
 * concatenated compressed files are one; zero padding after them is ignored.
 * Memory is bounded, whatever the data: at most 128M.
 * Formats: RFC 1952, RFC 8878, the xz file format 1.2.0; decoded by zlib,
 * libzstd and liblzma, each as far as compiled in (HAVE_zlib, HAVE_zstd,
 * HAVE_lzma).
 * Layer base: includes buf, fd.
 */
#ifndef UNPACK_H
#define UNPACK_H

#include <sys/types.h>

#include "base/buf.h"

struct unpack {
	const char *format; /* compression format: "gzip"; NULL: plain, so far */
	const char *why;    /* error message (a constant) that follows "gzip
	                     * data"; NULL: no error */
	bool unreadable;    /* with why: not a single byte could be decoded */

	enum { UTF16_NOT, UTF16_LE, UTF16_BE } utf16;
	bool known, eof, open; /* format known; no more data; inside a compressed file */
	int err;            /* errno of a failed read, or 0; sticky */
	const struct packing *packing;
	void *state;        /* the library's state, kept for the next file */
	struct buf raw;     /* compressed bytes */
	size_t pos;         /* used part of raw */
};

/*
 * Read up to n bytes (n is at least 16): their number; 0 at the end, with why
 * set if the data ended too early; -1 and errno.
 */
ssize_t unpack_read(struct unpack *u, int fd, char *to, size_t n);
/* Free everything; u is {0} again. */
void unpack_free(struct unpack *u);

#endif
