/*
 * unpack - fd_read that decompresses gzip, zstd and xz.  The format is detected
 * from the first bytes, never from a name; other data are passed on unchanged,
 * at no cost, except that UTF-16 after a byte-order mark becomes UTF-8.  Several
 * packed files, one after the other, are one; so is zero padding after them.  Memory is bounded, whatever the
 * data say: at most 128M.
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
	const char *format; /* of what is packed: "gzip"; NULL: plain, so far */
	const char *why;    /* NULL, or what about it made an early end: a
	                     * constant, behind "gzip data" */
	bool unreadable;    /* and not a byte of it could have been read */

	enum { UTF16_NOT, UTF16_LE, UTF16_BE } utf16;
	bool known, eof, open; /* format known; nothing left; inside a packed file */
	int err;            /* errno of the read that failed, else 0; sticky */
	const struct packing *packing;
	void *state;        /* the library's, kept for the next file */
	struct buf raw;     /* packed bytes, */
	size_t pos;         /* used so far */
};

/*
 * Up to n bytes of fd to to: how many; 0 at the end, and then why is set if it
 * came too early; -1 and errno.  n is at least 16.
 */
ssize_t unpack_read(struct unpack *u, int fd, char *to, size_t n);
/* Free what is held; u is as new: {0}. */
void unpack_free(struct unpack *u);

#endif
