/*
 * buf - the byte builder.  All formatters append to a struct buf, whatever is
 * done with it afterwards.
 * Layer base: includes mem, str, unicode.
 */
#ifndef BUF_H
#define BUF_H

#include "base/mem.h"

struct buf {
	char *p;  /* n bytes used of cap; owned, released by buf_free */
	size_t n; /* writable: set to 0 to reuse, lower it to truncate */
	size_t cap;
};

/* Make room for n more bytes: the slow path of buf_room. */
void buf_grow(struct buf *b, size_t n);
/* Room for n more bytes; returns where to write them.  The caller then adds to n. */
static inline char *
buf_room(struct buf *b, size_t n)
{
	if (n > b->cap - b->n || !b->p)
		buf_grow(b, n);
	return b->p + b->n;
}
void buf_add(struct buf *b, struct str s);
static inline void
buf_chr(struct buf *b, char c)
{
	*buf_room(b, 1) = c;
	b->n++;
}
void buf_u64(struct buf *b, uint64_t v); /* decimal */
void buf_i64(struct buf *b, int64_t v);
void buf_hex(struct buf *b, uint64_t v, unsigned width); /* lower case, 0-padded */
/*
 * v / 10^digits as a plain decimal number, with no more fraction digits than
 * needed: (1500, 3) is "1.5", (-20, 1) is "-2".
 */
void buf_fixed(struct buf *b, int64_t v, unsigned digits);

/*
 * s as a JSON string (RFC 8259), quotes included.  Hidden characters
 * (base/unicode) are escaped, those beyond U+FFFF as a surrogate pair.  Each
 * byte that is not part of well-formed UTF-8 becomes U+FFFD.
 */
void buf_json(struct buf *b, struct str s);
/*
 * The beginning of a JSON member: a comma unless the object or array has just
 * been opened, the name and a colon.
 */
void buf_key(struct buf *b, const char *name);
/*
 * s for a terminal: the same replacements and escapes, but no quotes; quote and
 * backslash are unchanged.
 */
void buf_plain(struct buf *b, struct str s);

void buf_free(struct buf *b);

/* The contents of b; valid until the next append. */
static inline struct str
buf_str(const struct buf *b)
{
	return (struct str){b->p, b->n};
}

/* Length of the well-formed UTF-8 sequence at the start of s (RFC 3629), or 0. */
size_t utf8_len(struct str s);
/* The code point that n well-formed bytes encode. */
uint32_t utf8_point(const char *p, size_t n);
/* Append code point c, at most 10ffff, as UTF-8. */
void buf_utf8(struct buf *b, uint32_t c);

#endif
