#include "base/unpack.h"

#include <errno.h>
#include <string.h>

#include "base/fd.h"

#ifdef HAVE_zlib
#define ZLIB_CONST
#include <zlib.h>
#endif
#ifdef HAVE_zstd
#include <zstd.h>
#include <zstd_errors.h>
#endif
#ifdef HAVE_lzma
#include <lzma.h>
#endif

enum { CHUNK = 64 * 1024, HEAD = 6 };
enum { MEMORY_LOG = 27 }; /* 128M; zstd's own limit, and xz -9 takes 65M */

enum step { STEP_ON, STEP_END, STEP_BAD, STEP_HUGE };

/*
 * One format. begin creates a decoder, or reuses that of the previous file:
 * creating one costs more than a small file. run decompresses from *in to *out
 * and shortens both.  If begin is NULL, the format is not compiled in, and
 * `without` is the message.
 */
struct room {
	char *p;
	size_t n;
};
struct packing {
	const char *name;
	struct str magic;
	unsigned char mask; /* of its first byte */
	void *(*begin)(void *had);
	enum step (*run)(void *state, struct str *in, struct room *out);
	void (*end)(void *state);
	const char *without;
};

#ifdef HAVE_zlib
static void *
gzip_begin(void *had)
{
	z_stream *z = had ? had : mem_grow(NULL, 0, sizeof(*z));

	if (had) {
		inflateReset(z);
		return z;
	}
	*z = (z_stream){0};
	if (inflateInit2(z, 15 + 16) != Z_OK) /* 16: gzip's header and checksum */
		mem_oom();
	return z;
}

static enum step
gzip_run(void *state, struct str *in, struct room *out)
{
	z_stream *z = state;
	int r;

	z->next_in = (const unsigned char *)in->p;
	z->avail_in = (unsigned)in->n;
	z->next_out = (unsigned char *)out->p;
	z->avail_out = out->n < CHUNK * 16 ? (unsigned)out->n : CHUNK * 16;
	r = inflate(z, Z_NO_FLUSH);
	*in = str_from(*in, in->n - z->avail_in);
	out->n -= (size_t)((char *)z->next_out - out->p);
	out->p = (char *)z->next_out;
	if (r == Z_MEM_ERROR)
		mem_oom();
	if (r == Z_STREAM_END)
		return STEP_END;
	return r == Z_OK || r == Z_BUF_ERROR ? STEP_ON : STEP_BAD;
}

static void
gzip_end(void *state)
{
	inflateEnd(state);
	mem_give(state, sizeof(z_stream));
}
#endif

#ifdef HAVE_zstd
/*
 * A failed call returns nothing of the data decoded, so input is fed block by
 * block, next bytes at a time, and only when no decoded bytes are pending.
 */
struct zstd {
	ZSTD_DStream *z;
	size_t next;
	bool wait;
};

static void *
zstd_begin(void *had)
{
	struct zstd *s = had ? had : mem_grow(NULL, 0, sizeof(*s));

	if (!had)
		s->z = ZSTD_createDStream();
	if (!s->z)
		mem_oom();
	s->next = ZSTD_initDStream(s->z);
	s->wait = false;
	ZSTD_DCtx_setParameter(s->z, ZSTD_d_windowLogMax, MEMORY_LOG);
	return s;
}

static enum step
zstd_run(void *state, struct str *in, struct room *out)
{
	struct zstd *s = state;
	bool waited;
	size_t r;

	do {
		ZSTD_inBuffer from = {in->p, s->wait ? 0 : in->n < s->next ? in->n : s->next, 0};
		ZSTD_outBuffer to = {out->p, out->n, 0};

		waited = s->wait;
		r = ZSTD_decompressStream(s->z, &to, &from);
		*in = str_from(*in, from.pos);
		out->p += to.pos;
		out->n -= to.pos;
		s->next = r;
		s->wait = out->n == 0;
	} while (waited && !s->wait && r && !ZSTD_isError(r));
	switch (ZSTD_getErrorCode(r)) {
	case ZSTD_error_no_error:
		return r ? STEP_ON : STEP_END;
	case ZSTD_error_memory_allocation:
		mem_oom();
		/* fall through */
	case ZSTD_error_frameParameter_windowTooLarge:
		return STEP_HUGE;
	default:
		return STEP_BAD;
	}
}

static void
zstd_end(void *state)
{
	ZSTD_freeDStream(((struct zstd *)state)->z);
	mem_give(state, sizeof(struct zstd));
}
#endif

#ifdef HAVE_lzma
static void *
xz_begin(void *had)
{
	lzma_stream *z = had ? had : mem_grow(NULL, 0, sizeof(*z));

	if (!had)
		*z = (lzma_stream)LZMA_STREAM_INIT;
	if (lzma_stream_decoder(z, UINT64_C(1) << MEMORY_LOG, 0) != LZMA_OK)
		mem_oom();
	return z;
}

static enum step
xz_run(void *state, struct str *in, struct room *out)
{
	lzma_stream *z = state;
	lzma_ret r;

	z->next_in = (const unsigned char *)in->p;
	z->avail_in = in->n;
	z->next_out = (unsigned char *)out->p;
	z->avail_out = out->n;
	r = lzma_code(z, LZMA_RUN);
	*in = str_from(*in, in->n - z->avail_in);
	out->p = (char *)z->next_out;
	out->n = z->avail_out;
	switch (r) {
	case LZMA_OK:
	case LZMA_BUF_ERROR:
		return STEP_ON;
	case LZMA_STREAM_END:
		return STEP_END;
	case LZMA_MEM_ERROR:
		mem_oom();
		/* fall through */
	case LZMA_MEMLIMIT_ERROR:
		return STEP_HUGE;
	default:
		return STEP_BAD;
	}
}

static void
xz_end(void *state)
{
	lzma_end(state);
	mem_give(state, sizeof(lzma_stream));
}
#endif

#ifdef HAVE_zlib
#define GZIP gzip_begin, gzip_run, gzip_end, NULL
#else
#define GZIP NULL, NULL, NULL, "cannot be read: compiled without zlib"
#endif
#ifdef HAVE_zstd
#define ZSTD zstd_begin, zstd_run, zstd_end, NULL
#else
#define ZSTD NULL, NULL, NULL, "cannot be read: compiled without zstd"
#endif
#ifdef HAVE_lzma
#define XZ xz_begin, xz_run, xz_end, NULL
#else
#define XZ NULL, NULL, NULL, "cannot be read: compiled without lzma"
#endif
#define NOT_READ(how) NULL, NULL, NULL, "cannot be read: " how

static const struct packing packings[] = {
	{"gzip", STR_INIT("\x1f\x8b\x08"), 0xff, GZIP},
	{"zstd", STR_INIT("\x28\xb5\x2f\xfd"), 0xff, ZSTD},
	{"zstd", STR_INIT("\x50\x2a\x4d\x18"), 0xf0, ZSTD}, /* a skippable frame */
	{"xz", STR_INIT("\xfd\x37zXZ\0"), 0xff, XZ},
	{"bzip2", STR_INIT("BZh91A"), 0xff, NOT_READ("unpack it with bzip2 -d")},
	{"lz4", STR_INIT("\x04\x22\x4d\x18"), 0xff, NOT_READ("unpack it with lz4 -d")},
};

/* The format with this magic number; *more: it may be one with more bytes. */
static const struct packing *
find_packing(struct str head, bool *more)
{
	*more = false;
	for (size_t i = 0; i < NELEM(packings); i++) {
		const struct packing *k = &packings[i];
		size_t n = head.n < k->magic.n ? head.n : k->magic.n;

		if (n == 0 || ((unsigned char)head.p[0] & k->mask) != (unsigned char)k->magic.p[0] ||
		    memcmp(head.p + 1, k->magic.p + 1, n - 1) != 0)
			continue;
		if (n == k->magic.n)
			return k;
		*more = true;
	}
	return NULL;
}

static ssize_t
read_some(struct unpack *u, int fd, char *to, size_t n)
{
	ssize_t r;

	if (u->err) {
		errno = u->err;
		return -1;
	}
	r = fd_read(fd, to, n);
	if (r < 0)
		u->err = errno;
	if (r == 0)
		u->eof = true;
	return r;
}

/* Read more compressed bytes; returns like read(2). */
static ssize_t
refill(struct unpack *u, int fd)
{
	size_t left = u->raw.n - u->pos;
	ssize_t r;

	if (left)
		memmove(u->raw.p, u->raw.p + u->pos, left);
	u->raw.n = left;
	u->pos = 0;
	r = read_some(u, fd, buf_room(&u->raw, CHUNK), CHUNK);
	if (r > 0)
		u->raw.n += (size_t)r;
	return r;
}

static ssize_t
give_up(struct unpack *u, const char *why)
{
	u->why = why;
	return 0;
}

static struct str
rest(const struct unpack *u)
{
	return str_from(buf_str(&u->raw), u->pos);
}

static void
leave(struct unpack *u)
{
	if (u->state)
		u->packing->end(u->state);
	u->state = NULL;
}

/* Make sure to be inside a compressed file: 1, or returns like unpack_read. */
static ssize_t
enter(struct unpack *u, int fd)
{
	const struct packing *k;
	bool more;

	for (;;) {
		while (u->format && u->pos < u->raw.n && !u->raw.p[u->pos])
			u->pos++;
		k = find_packing(rest(u), &more);
		if (k)
			break;
		if (rest(u).n && (u->eof || !more))
			return give_up(u, "is followed by something else");
		if (u->eof)
			return 0;
		if (refill(u, fd) < 0)
			return -1;
	}
	if (u->state && u->packing->begin != k->begin)
		leave(u);
	u->format = k->name;
	u->packing = k;
	if (k->without) {
		u->unreadable = true;
		return give_up(u, k->without);
	}
	u->state = k->begin(u->state);
	u->open = true;
	return 1;
}

static ssize_t
unpacked(struct unpack *u, int fd, char *to, size_t n)
{
	while (!u->why) {
		struct room out = {to, n};
		struct str in;
		enum step step;
		size_t had;
		ssize_t r;

		if (!u->open && (r = enter(u, fd)) <= 0)
			return r;
		in = rest(u);
		had = in.n;
		step = u->packing->run(u->state, &in, &out);
		u->pos += had - in.n;
		if (step == STEP_ON && had && in.n == had && out.n == n)
			step = STEP_BAD; /* never seen; would loop endlessly */
		if (step == STEP_END)
			u->open = false;
		if (step == STEP_BAD)
			give_up(u, "is corrupt");
		if (step == STEP_HUGE) {
			u->unreadable = true;
			give_up(u, "cannot be read: it needs more than 128M of memory");
		}
		if (out.n < n)
			return (ssize_t)(n - out.n);
		if (step == STEP_ON && !rest(u).n) {
			r = u->eof ? 0 : refill(u, fd);
			if (r < 0)
				return r;
			if (r == 0)
				give_up(u, "ends too early");
		}
	}
	return 0;
}

/* ---- UTF-16 ---- */

/* Is there a byte-order mark and then an ASCII character, as written by
 * PowerShell and others? *more: it may be one with more bytes. */
static int
find_utf16(struct str head, bool *more)
{
	bool le = str_starts(head, S("\xff\xfe")), be = str_starts(head, S("\xfe\xff"));

	if (head.n < 4)
		*more |= le || be || str_eq(head, S("\xff")) || str_eq(head, S("\xfe"));
	else if (le && head.p[2] && !head.p[3])
		return UTF16_LE;
	else if (be && !head.p[2] && head.p[3])
		return UTF16_BE;
	return UTF16_NOT;
}

static unsigned
unit(const struct unpack *u, size_t at)
{
	const unsigned char *p = (const unsigned char *)u->raw.p + at;

	return u->utf16 == UTF16_LE ? p[0] | (unsigned)p[1] << 8 : p[1] | (unsigned)p[0] << 8;
}

static char *
put_utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (char)c;
		return to;
	}
	if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*to++ = (char)(0xe0 | c >> 12);
		} else {
			*to++ = (char)(0xf0 | c >> 18);
			*to++ = (char)(0x80 | (c >> 12 & 63));
		}
		*to++ = (char)(0x80 | (c >> 6 & 63));
	}
	*to++ = (char)(0x80 | (c & 63));
	return to;
}

/* Convert the units in u->raw that fit into n bytes; a high surrogate waits for
 * the low one. */
static size_t
from_utf16(struct unpack *u, char *to, size_t n)
{
	char *p = to;
	size_t at = 0;

	while (at + 2 <= u->raw.n && (size_t)(p - to) + 4 <= n) {
		uint32_t c = unit(u, at), low;

		if (c >= 0xd800 && c < 0xdc00 && at + 4 > u->raw.n && !u->eof)
			break;
		low = at + 4 <= u->raw.n ? unit(u, at + 2) : 0;
		at += 2;
		if (c >= 0xd800 && c < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
			c = 0x10000 + ((c - 0xd800) << 10 | (low - 0xdc00));
			at += 2;
		} else if (c >= 0xd800 && c < 0xe000) {
			c = 0xfffd;
		}
		p = put_utf8(p, c);
	}
	u->raw.n -= at;
	memmove(u->raw.p, u->raw.p + at, u->raw.n);
	return (size_t)(p - to);
}

static ssize_t
read_utf16(struct unpack *u, int fd, char *to, size_t n)
{
	for (;;) {
		size_t done = from_utf16(u, to, n);
		ssize_t r;

		if (done || u->eof)
			return (ssize_t)done;
		r = read_some(u, fd, buf_room(&u->raw, n / 2), n / 2);
		if (r < 0)
			return r;
		u->raw.n += (size_t)r;
		u->eof |= r == 0;
	}
}

ssize_t
unpack_read(struct unpack *u, int fd, char *to, size_t n)
{
	size_t have = 0;
	bool more = true;

	if (u->format || u->why)
		return unpacked(u, fd, to, n);
	if (u->utf16)
		return read_utf16(u, fd, to, n);
	if (u->known)
		return read_some(u, fd, to, n);
	while (more && have < HEAD) {
		ssize_t r = read_some(u, fd, to + have, n - have);

		if (r < 0 && !have)
			return r;
		if (r <= 0)
			break;
		have += (size_t)r;
		if (find_packing((struct str){to, have}, &more)) {
			buf_add(&u->raw, (struct str){to, have});
			return unpacked(u, fd, to, n);
		}
		u->utf16 = find_utf16((struct str){to, have}, &more);
		if (u->utf16) {
			buf_add(&u->raw, (struct str){to + 2, have - 2});
			return read_utf16(u, fd, to, n);
		}
	}
	u->known = true;
	return (ssize_t)have;
}

void
unpack_free(struct unpack *u)
{
	leave(u);
	buf_free(&u->raw);
	*u = (struct unpack){0};
}
