/*
 * io - line input and block output on file descriptors.
 * Input is read in large blocks, from regular files and pipes alike: a line is
 * a view into the block, nothing is copied.  (Not mapped: truncating a mapped
 * file kills its reader, and reading blocks measured no slower.)  Compressed
 * input is decompressed (base/unpack).  Reads flush the tied output first, so
 * that no consumer waits for a line in our buffer.  A failed read is not
 * retried: its error is returned again.
 * Layer base: includes buf, fd, unpack.
 */
#ifndef IO_H
#define IO_H

#include "base/buf.h"
#include "base/unpack.h"

struct out {
	int fd;       /* -1: collect in b, never write */
	int err;      /* errno of the first failed write, else 0; sticky */
	struct buf b; /* pending bytes; formatters append here */
};

/* Write pending bytes if there are many of them. */
void out_spill(struct out *o);
/* Write all pending bytes; false and o->err on failure. */
bool out_flush(struct out *o);

struct in {
	int fd;
	struct unpack packed; /* unpack.why is set if the input ended too early */
	size_t limit;    /* longest line accepted, bytes */
	size_t block;    /* bytes per read, at least 16; 0: a good size */
	size_t begun;    /* of a longer line, return that many bytes first
	                  * (IN_BEGUN) and do not skip it; 0: skip it */
	struct out *tie; /* flushed before each read(2); may be NULL */
	void (*tick)(void *ctx); /* called before each read(2); may be NULL */
	void *ctx;
	uint64_t line;   /* number of the line last returned, from 1 */
	uint64_t off;    /* bytes of the input before b.p[0] */
	struct buf b;
	size_t start; /* start of the kept bytes: bytes before it may be dropped */
	size_t pos;   /* next unread byte */
	uint64_t from, bare; /* there is no newline between these offsets of the input */
	bool eof;
};

enum in_what {
	IN_END,
	IN_LINE,
	IN_LONG,  /* line over the limit, skipped; not returned */
	IN_BEGUN, /* first `begun` bytes of a longer line */
	IN_ERROR, /* see errno */
};

/*
 * Next line, without its newline; the last line need not have one.  Without
 * keep, everything before it is dropped; with keep, the bytes of in_kept stay
 * and this line is added to them.  Views are invalid after the next call;
 * offsets into the kept bytes stay valid.
 */
enum in_what in_line(struct in *in, bool keep, struct str *line);
/* Did the input end within the line last returned, without a newline? */
bool in_is_open(const struct in *in);

/*
 * More bytes for the kept ones: the lines already in memory, or else one read.
 * Of a line longer than a block, the part read so far; *open is then true: it
 * may continue.  Lines are not counted.  IN_LINE, IN_END, IN_ERROR.
 */
enum in_what in_more(struct in *in, bool *open);

/* All kept bytes, newlines included, up to the last line returned. */
struct str in_kept(const struct in *in);
/* Number of kept bytes, from the first, known to contain no newline. */
size_t in_bare(const struct in *in);
/* Drop the first n kept bytes. */
void in_let_go(struct in *in, size_t n);
/* Replace n kept bytes at offset `at` by the single byte c. */
void in_cut(struct in *in, size_t at, size_t n, char c);
/* Read again from n bytes into the kept ones; the caller adjusts line numbers. */
void in_back(struct in *in, size_t n);

/*
 * Peek at the next n bytes, fewer at the end; or take everything that remains.
 * IN_LINE, IN_ERROR; IN_LONG if the remainder is over the limit.
 */
enum in_what in_head(struct in *in, size_t n, struct str *head);
enum in_what in_rest(struct in *in, struct str *rest);

void in_free(struct in *in);

#endif
