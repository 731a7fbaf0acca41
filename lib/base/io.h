/*
 * io - line input and block output on file descriptors.
 * Input is read in large blocks for regular files and pipes alike: a line is
 * a view into the block, nothing is copied.  (Not mapped: a mapped file that
 * is truncated while it is read kills its reader, and reading blocks measured
 * no slower.)  Packed input is unpacked (base/unpack).  Reads flush the tied
 * output first, so that no reader waits for a line that is still in our buffer.  A
 * read that failed is not tried again: its error comes again.
 * Layer base: includes buf, fd, unpack.
 */
#ifndef IO_H
#define IO_H

#include "base/buf.h"
#include "base/unpack.h"

struct out {
	int fd;       /* -1: collect in b, write nowhere */
	int err;      /* errno of the first failed write, else 0; sticky */
	struct buf b; /* pending bytes; formatters append here */
};

/* Write out pending bytes once there are many of them. */
void out_spill(struct out *o);
/* Write out everything pending; false and o->err on failure. */
bool out_flush(struct out *o);

struct in {
	int fd;
	struct unpack packed; /* why is set if the input ended too early */
	size_t limit;    /* longest line accepted, bytes */
	size_t block;    /* bytes read at once, at least 16; 0: as many as is good */
	size_t begun;    /* of a longer line the beginning is shown, and it is not
	                  * passed; 0: of none */
	struct out *tie; /* flushed before each read(2); may be NULL */
	void (*tick)(void *ctx); /* called before each; may be NULL */
	void *ctx;
	uint64_t line;   /* number of the line last returned, from 1 */
	uint64_t off;    /* bytes of the input that came before b.p[0] */
	struct buf b;
	size_t start; /* what is kept from: bytes before it may go */
	size_t pos;   /* next unread byte */
	uint64_t from, bare; /* no newline is between these offsets of the input */
	bool eof;
};

enum in_what {
	IN_END,
	IN_LINE,
	IN_LONG,  /* a line over the limit, passed over; not returned */
	IN_BEGUN, /* the first begun bytes of a longer line */
	IN_ERROR, /* see errno */
};

/*
 * Next line, without its newline; a last line lacking one still counts.
 * Without keep, everything before it is let go; with keep, what in_kept
 * returned stays and grows by this line.  Views die at the next call, but
 * for offsets into what is kept.
 */
enum in_what in_line(struct in *in, bool keep, struct str *line);

/*
 * More bytes for what is kept: the lines that are there, without a read if
 * there are any; of a line that is longer than a block what there is, and *open
 * then says that it may go on.  Lines are not counted.  IN_LINE, IN_END,
 * IN_ERROR.
 */
enum in_what in_more(struct in *in, bool *open);

/* All bytes kept, newlines included, up to the last line returned. */
struct str in_kept(const struct in *in);
/* So many of them, from the first, are known to be no newlines. */
size_t in_bare(const struct in *in);
/* Let go of the first n bytes of what is kept. */
void in_let_go(struct in *in, size_t n);
/* Take n bytes out of what is kept, from offset at on, but for the first of
 * them, which becomes c. */
void in_cut(struct in *in, size_t at, size_t n, char c);
/* Read again from n bytes into what is kept; line numbers are the caller's. */
void in_back(struct in *in, size_t n);

/*
 * The next n bytes, fewer at the end, unread as they are; or everything that
 * is left.  IN_LINE, IN_ERROR, and IN_LONG for a rest over the limit.
 */
enum in_what in_head(struct in *in, size_t n, struct str *head);
enum in_what in_rest(struct in *in, struct str *rest);

void in_free(struct in *in);

#endif
