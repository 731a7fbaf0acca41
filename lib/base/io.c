#include "base/io.h"

#include <errno.h>
#include <string.h>

#include "base/fd.h"

#ifndef CHUNK_IN /* smaller for fuzzing: lines are cut everywhere */
#define CHUNK_IN (256 * 1024)
#endif
enum { CHUNK_OUT = 64 * 1024 };

bool
out_flush(struct out *o)
{
	size_t done = 0;

	if (o->fd < 0)
		return true;
	while (!o->err && done < o->b.n) {
		ssize_t r = fd_write(o->fd, o->b.p + done, o->b.n - done);

		if (r > 0)
			done += (size_t)r;
		else
			o->err = r ? errno : ENOSPC; /* no endless loop */
	}
	o->b.n = 0;
	return !o->err;
}

void
out_spill(struct out *o)
{
	if (o->b.n >= CHUNK_OUT)
		out_flush(o);
}

/* Read once more into in->b; returns like unpack_read. */
static ssize_t
fill(struct in *in)
{
	size_t want = in->block ? in->block : CHUNK_IN;
	ssize_t r;

	if (in->tie)
		out_flush(in->tie);
	if (in->tick)
		in->tick(in->ctx);
	if (in->start) {
		in->b.n -= in->start;
		memmove(in->b.p, in->b.p + in->start, in->b.n);
		in->off += in->start;
		in->pos -= in->start;
		in->start = 0;
	}
	if (in->b.n > want)
		want = in->b.n; /* double for a long line: no quadratic rescanning */
	buf_room(&in->b, want);
	r = unpack_read(&in->packed, in->fd, in->b.p + in->b.n, want);
	if (r > 0)
		in->b.n += (size_t)r;
	if (r == 0)
		in->eof = true;
	return r;
}

/* Skip the next n bytes without adding them to the kept ones. */
static void
drop(struct in *in, size_t n)
{
	if (in->start == in->pos) {
		in->pos += n;
		in->start = in->pos;
		return;
	}
	in->b.n -= n;
	memmove(in->b.p + in->pos, in->b.p + in->pos + n, in->b.n - in->pos);
	in->off += n;
}

/* Number of bytes of the block, from offset at, known to contain no newline. */
static size_t
bare(const struct in *in, size_t at)
{
	uint64_t from = in->off + at;

	return from >= in->from && from < in->bare ? (size_t)(in->bare - from) : 0;
}

enum in_what
in_line(struct in *in, bool keep, struct str *line)
{
	size_t seen = bare(in, in->pos);
	bool too_long = false;

	if (!keep)
		in->start = in->pos;
	for (;;) {
		size_t left = in->b.n - in->pos;
		char *at = left ? in->b.p + in->pos : NULL, *nl = NULL;

		if (left > seen)
			nl = memchr(at + seen, '\n', left - seen);
		in->from = in->off + in->pos;
		in->bare = in->from + (nl ? (size_t)(nl - at) : left);
		if (!nl && !in->eof && left > in->limit && !in->begun) {
			/* skip the rest of this line */
			too_long = true;
			in->off += left;
			in->b.n = in->pos;
			left = 0;
			in->bare = 0;
		}
		if (in->begun && (nl ? (size_t)(nl - at) : left) > in->begun) {
			*line = (struct str){at, in->begun};
			return IN_BEGUN;
		}
		if (nl || in->eof) {
			size_t n = nl ? (size_t)(nl - at) : left;

			if (!nl && n == 0 && !too_long)
				return IN_END;
			in->line++;
			if (too_long || n > in->limit) {
				drop(in, n + (nl != NULL));
				in->bare = 0;
				return IN_LONG;
			}
			in->pos += n + (nl != NULL);
			*line = (struct str){at, n};
			return IN_LINE;
		}
		seen = left;
		if (fill(in) < 0)
			return IN_ERROR;
	}
}

bool
in_is_open(const struct in *in)
{
	return in->eof && in->pos && in->pos == in->b.n && in->b.p[in->pos - 1] != '\n';
}

enum in_what
in_more(struct in *in, bool *open)
{
	size_t some = in->block ? in->block : CHUNK_IN / 4;

	for (;;) {
		size_t left = in->b.n - in->pos, n = left, none = bare(in, in->pos);

		while (n > none && in->b.p[in->pos + n - 1] != '\n')
			n--;
		n = n > none ? n : 0;
		*open = n == 0 && !in->eof;
		if (n == 0 && (in->eof || left >= some))
			n = left;
		in->pos += n;
		if (n)
			return IN_LINE;
		if (in->eof)
			return IN_END;
		if (fill(in) < 0)
			return IN_ERROR;
	}
}

enum in_what
in_head(struct in *in, size_t n, struct str *head)
{
	while (in->b.n - in->pos < n && !in->eof)
		if (fill(in) < 0)
			return IN_ERROR;
	*head = str_head(str_from(buf_str(&in->b), in->pos), n);
	return IN_LINE;
}

enum in_what
in_rest(struct in *in, struct str *rest)
{
	in->start = in->pos;
	while (!in->eof) {
		if (in->b.n - in->pos > in->limit)
			return IN_LONG;
		if (fill(in) < 0)
			return IN_ERROR;
	}
	*rest = str_from(buf_str(&in->b), in->pos);
	in->pos = in->b.n;
	return rest->n > in->limit ? IN_LONG : IN_LINE;
}

struct str
in_kept(const struct in *in)
{
	size_t n = in->pos - in->start;

	return (struct str){n ? in->b.p + in->start : NULL, n};
}

size_t
in_bare(const struct in *in)
{
	return bare(in, in->start);
}

void
in_let_go(struct in *in, size_t n)
{
	in->start += n;
}

void
in_cut(struct in *in, size_t at, size_t n, char c)
{
	char *kept = in->b.p + in->start;

	kept[at] = c;
	memmove(kept + n - 1, kept, at + 1);
	in->start += n - 1;
}

void
in_back(struct in *in, size_t n)
{
	in->pos = in->start + n;
}

void
in_free(struct in *in)
{
	unpack_free(&in->packed);
	buf_free(&in->b);
}
