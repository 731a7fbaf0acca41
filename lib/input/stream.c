#include "input/stream.h"

#include <string.h>

static const char too_long[] = "longer than --max-line", too_early[] = "ends too early";

void
stream_open(struct stream *s, int fd, uint64_t max_line, const struct sift *sift, struct out *tie)
{
	struct buf b = s->in.b;

	b.n = 0;
	*s = (struct stream){.sift = sift, .json = s->json};
	s->in = (struct in){.fd = fd, .limit = max_line, .tie = tie, .b = b};
}

uint64_t
stream_bytes(const struct stream *s)
{
	return s->in.off + s->in.pos;
}

void
stream_close(struct stream *s)
{
	unpack_free(&s->in.packed);
	s->in.fd = -1;
}

void
stream_free(struct stream *s)
{
	in_free(&s->in);
}

/*
 * Does the line at hand hold a word of the screen?  The block is searched
 * ahead, once: clear remembers how far it is known to hold none.
 */
static bool
has_word(struct stream *s, struct str line)
{
	const struct in *in = &s->in;
	uint64_t begin = in->off + (uint64_t)(line.p - in->b.p), end = begin + line.n;
	struct str ahead;
	size_t hit;

	if (end <= s->clear)
		return false;
	if (s->clear < begin) {
		ahead = (struct str){line.p, in->b.n - (size_t)(line.p - in->b.p)};
		hit = sift_find(s->sift, ahead);
		if (hit == ahead.n)
			hit -= hit < s->sift->longest - 1 ? hit : s->sift->longest - 1;
		s->clear = begin + hit;
		if (end <= s->clear)
			return false;
	}
	/* clear is where a word begins, or too near the block's end to know */
	return sift_find(s->sift, line) < line.n;
}

static enum stream_what
reject(struct stream_item *it, struct str line, const char *why, uint64_t at)
{
	it->text = line;
	it->why = why;
	it->at = at;
	return STREAM_REJECT;
}

/* The first bytes kept, which end with line number last, are no value: go on
 * behind them. */
static enum stream_what
reject_first(struct stream *s, struct stream_item *it, size_t first, uint64_t last)
{
	struct str line;

	s->again += in_kept(&s->in).n - first;
	in_back(&s->in, first);
	s->in.line = last;
	line = str_head(in_kept(&s->in), first);
	if (str_ends(line, S("\n")))
		line.n--;
	return reject(it, line, too_early, line.n + 1);
}

/*
 * A value that did not close in its first line.  Once it is over the limit
 * its lines are no longer kept, only checked until it closes.
 */
static enum stream_what
long_value(struct stream *s, struct stream_item *it)
{
	size_t first = in_kept(&s->in).n;
	uint64_t last = s->in.line;
	bool keep = true;
	struct str line, text;

	if (s->again / 16 > stream_bytes(s))
		return reject_first(s, it, first, last);
	for (;;) {
		switch (in_line(&s->in, keep, &line)) {
		case IN_ERROR:
			return STREAM_ERROR;
		case IN_LONG:
			return reject(it, (struct str){0}, too_long, 0);
		case IN_END:
			if (!keep)
				return reject(it, (struct str){0}, too_long, 0);
			return reject_first(s, it, first, last);
		case IN_LINE:
			break;
		}
		text = in_kept(&s->in);
		/* as of a line, its end does not count */
		if (keep && text.n - str_ends(text, S("\n")) > s->in.limit) {
			keep = false;
			s->scan.to = NULL;
			/* should this line break the value, it is the one to
			 * go back to, not the first */
			in_let_go(&s->in, (size_t)(line.p - text.p));
		}
		if (keep)
			s->scan.fed = (uint64_t)(line.p - text.p);
		switch (json_scan(&s->scan, line)) {
		case JSON_DONE:
			if (!keep)
				return reject(it, (struct str){0}, too_long, 0);
			it->text = text;
			return STREAM_VALUE;
		case JSON_BAD:
			if (keep)
				return reject_first(s, it, first, last);
			in_back(&s->in, 0);
			s->in.line--;
			return reject(it, (struct str){0}, too_long, 0);
		case JSON_MORE:
			break;
		}
	}
}

/* Is the line at hand a value? */
static bool
is_value(struct stream *s, struct stream_item *it, struct str line)
{
	it->line = s->in.line;
	it->text = line;
	s->scan = (struct json_scan){.to = s->json};
	return json_scan(&s->scan, line) == JSON_DONE;
}

/* The value that begins with the line at hand. */
static enum stream_what
value(struct stream *s, struct stream_item *it, struct str line)
{
	if (is_value(s, it, line))
		return STREAM_VALUE;
	if (s->scan.why)
		return reject(it, line, s->scan.why, s->scan.at + 1);
	return s->keyed ? reject(it, line, too_early, line.n + 1) : long_value(s, it);
}

/* Where line after line has a word of the screen, only one in SAMPLE is
 * looked at for them; but what is no value might have been passed over. */
static bool
is_dense(struct stream *s)
{
	enum { DENSE = 64, SAMPLE = 64 };

	return s->hits >= DENSE && s->hits++ % SAMPLE != 0;
}

static bool
looks_whole(struct str t)
{
	char a = t.p[0], z = t.p[t.n - 1];

	return (a == '{' && z == '}') || (a == '[' && z == ']');
}

enum stream_what
stream_next(struct stream *s, struct stream_item *it)
{
	enum stream_what what;
	struct str line, t;
	size_t before;

	for (;;) {
		if (in_kept(&s->in).n > s->in.limit)
			s->passed = false;
		before = s->passed ? in_kept(&s->in).n : 0;
		it->line = s->in.line + 1;
		it->key = (struct str){0};
		switch (in_line(&s->in, s->passed, &line)) {
		case IN_END:
			return STREAM_END;
		case IN_ERROR:
			return STREAM_ERROR;
		case IN_LONG:
			s->passed = false;
			return reject(it, (struct str){0}, too_long, 0);
		case IN_LINE:
			break;
		}
		if (s->in.line == 1 && str_eat(&line, S("\xef\xbb\xbf")))
			in_let_go(&s->in, 3);
		t = str_trim(line);
		if (s->keyed && t.n) {
			struct str rest = line, key;

			str_cut(&rest, '\t', &key);
			if (!rest.p)
				return reject(it, line, "expected a key and a tab", 1);
			it->key = key;
			line = rest;
			t = str_trim(line);
		}
		if (t.n == 0)
			continue;
		if (s->passed) {
			s->passed = false;
			if (strchr(",]}", t.p[0]) && t.p[0]) {
				/* it may go on in this line: look closely after all */
				struct str whole = in_kept(&s->in);
				struct json_scan scan = {0};

				if (json_scan(&scan, str_head(whole, before)) == JSON_MORE) {
					it->line = s->in.line;
					for (size_t i = 0; i < before; i++)
						it->line -= whole.p[i] == '\n';
					in_back(&s->in, str_find(whole, S("\n")) + 1);
					s->in.line = it->line;
					s->scan = (struct json_scan){.to = s->json};
					json_scan(&s->scan, in_kept(&s->in));
					what = long_value(s, it);
					goto have;
				}
			}
			in_let_go(&s->in, before);
		}
		if (s->sift && looks_whole(t)) {
			if (is_dense(s) && is_value(s, it, line))
				return STREAM_VALUE;
			s->hits++;
			if (!has_word(s, line)) {
				s->hits = 0;
				s->passed = !s->keyed;
				continue;
			}
		}
		what = value(s, it, line);
	have:
		if (what == STREAM_VALUE && s->sift && it->line != s->in.line &&
		    sift_find(s->sift, it->text) == it->text.n)
			continue;
		return what;
	}
}
