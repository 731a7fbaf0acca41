#include "input/stream.h"

#include <string.h>

#include "input/lines.h"

enum { WHOLE = 1024 * 1024, SOME = 256 * 1024 };

enum { ESCAPE = 6 }; /* bytes of the longest escape; an incomplete one may be invalid */

static const char too_long[] = "longer than --max-line", too_early[] = "ends too early";

void
stream_open(struct stream *s, int fd, uint64_t max_line, struct sift *sift, struct out *tie)
{
	struct buf b = s->in.b, part;

	b.n = 0;
	part = s->part;
	*s = (struct stream){.sift = sift, .json = s->json, .part = part, .whole = WHOLE, .some = SOME,
			     .before = s->before, .learn = s->learn};
	s->in = (struct in){.fd = fd, .limit = max_line, .tie = tie, .b = b};
}

uint64_t
stream_bytes(const struct stream *s)
{
	return s->in.off + (s->at.any ? s->in.start + s->scan.fed : s->in.pos);
}

void
stream_close(struct stream *s)
{
	s->before += stream_bytes(s);
	unpack_free(&s->in.packed);
	s->in.fd = -1;
}

void
stream_free(struct stream *s)
{
	in_free(&s->in);
	buf_free(&s->part);
}

/* Let the screen learn from the current text once there was enough to be worth it, and
 * again after much more. */
static void
learn(struct stream *s, struct str ahead, uint64_t begin)
{
	enum { ENOUGH = 256 * 1024, MUCH = 4 * ENOUGH, SAMPLE = 64 * 1024 };

	begin += s->before;
	if (ahead.n < SAMPLE || begin < ENOUGH || begin < s->learn)
		return;
	sift_learn(s->sift, ahead, begin);
	s->learn = begin * (begin < MUCH ? 16 : 4);
}

/*
 * Does the current line contain a word of the screen?  The block is searched ahead, once:
 * no word begins before `clear`.
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
		s->found = false;
		ahead = (struct str){line.p, in->b.n - (size_t)(line.p - in->b.p)};
		learn(s, ahead, begin);
		hit = sift_find(s->sift, ahead);
		s->found = hit < ahead.n;
		if (hit == ahead.n)
			hit -= hit < s->sift->longest - 1 ? hit : s->sift->longest - 1;
		s->clear = begin + hit;
		if (end <= s->clear)
			return false;
	}
	/* a word begins at clear, or clear is too near the block's end to decide */
	return s->found || sift_find(s->sift, line) < line.n;
}

static enum stream_what
reject(struct stream_item *it, struct str line, const char *why, uint64_t at)
{
	it->text = line;
	it->why = why;
	it->at = at;
	return STREAM_REJECT;
}

/* ---- documents ---- */

static uint64_t
least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Count newlines, eight bytes at a time: the top bit of each newline stays set. */
static uint64_t
newlines(struct str s)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), low = ones * 0x7f;
	uint64_t n = 0;

	for (; s.n >= 8; s = str_from(s, 8)) {
		uint64_t w;

		memcpy(&w, s.p, 8);
		w ^= ones * '\n';
		w = ~(((w & low) + low) | w | low);
		n += (w >> 7) * ones >> 56;
	}
	for (; s.n; s = str_from(s, 1))
		n += s.p[0] == '\n';
	return n;
}

/* Begin a document with the kept bytes; first: number of its first line. */
static void
begin(struct stream *s, uint64_t first)
{
	memset(&s->at, 0, sizeof(s->at));
	s->at.any = true;
	s->at.first = first;
	s->at.began = s->in.off + s->in.start;
	s->at.whole = s->whole;
	s->doc.deep = least(s->whole, s->in.limit / 2);
	s->doc.cut = 0;
	s->doc.limit = s->in.limit;
	s->doc.array = s->doc.closed.array = 0;
	s->doc.open = false;
	s->doc.more = s->sift || s->texts;
	s->scan = (struct json_scan){.to = s->json, .doc = &s->doc};
}

/* Continue after n bytes of the document; last: number of the line that ends there. */
static void
resume(struct stream *s, size_t n, uint64_t last)
{
	in_back(&s->in, n);
	s->in.line = last;
	s->at.any = false;
}

/* Continue after the document: with the rest of its last line, or the next line. */
static void
resume_behind(struct stream *s, struct str text)
{
	bool whole = str_ends(text, S("\n")), more = !whole && text.n < in_kept(&s->in).n;

	resume(s, text.n, s->at.first + s->at.lines - (whole || more));
}

/* Continue after the line in which the first n bytes end; it may not be complete
 * yet. */
static void
end_line(struct stream *s, size_t n, uint64_t number)
{
	struct str line;

	resume(s, n, number - 1);
	s->in.begun = 0;
	in_line(&s->in, false, &line); /* an error is reported again later */
}

/* The document is too long: only validate it from now on. */
static void
pass_over(struct stream *s)
{
	s->at.passed = true;
	s->scan.to = NULL;
	s->doc.enough = s->doc.deep = s->doc.limit = UINT64_MAX;
	s->doc.array = s->doc.closed.array = 0;
}

/* If only validating, keep just the current line. */
static void
keep_little(struct stream *s)
{
	struct str seen = str_head(in_kept(&s->in), (size_t)s->scan.fed);
	size_t n = seen.n;

	while (n && seen.p[n - 1] != '\n')
		n--;
	s->at.gone = n ? false : s->at.gone;
	if (seen.n - n > s->in.limit) {
		s->at.gone = true;
		n = seen.n;
	}
	in_let_go(&s->in, n);
	s->scan.fed -= n;
}

/* Return the first n bytes of the document as a value, with `open` brackets added to
 * close it; object: as in json_scan. */
static enum stream_what
give(struct stream *s, struct stream_item *it, size_t n, unsigned open, const uint64_t *object)
{
	struct str text = str_head(in_kept(&s->in), n);

	if (open || n < s->scan.fed) {
		s->part.n = 0;
		buf_add(&s->part, text);
		for (unsigned d = open; d-- > 0;)
			buf_chr(&s->part, object[d / 64] >> (d % 64) & 1 ? '}' : ']');
		text = buf_str(&s->part);
	}
	it->text = text;
	it->line = s->at.first;
	if (s->json)
		json_tokens(s->json, text);
	return STREAM_VALUE;
}

/* Return the last part of a document that is not read further. */
static enum stream_what
last(struct stream *s, struct stream_item *it)
{
	s->at.given = false;
	return give(s, it, s->at.hole + 1, s->at.depth, s->at.object);
}

/* The line that contains offset at, with its newline. */
static struct str
line_of(struct str text, size_t at)
{
	size_t from = at < text.n ? at : text.n, n;

	while (from && text.p[from - 1] != '\n')
		from--;
	text = str_from(text, from);
	n = str_find(text, S("\n"));
	return str_head(text, n + (n < text.n));
}

/* Remove elements already returned from the kept bytes. */
static void
cut_out(struct stream *s)
{
	struct json_doc *d = &s->doc;
	struct str line;
	size_t n;

	if (!s->at.cut || s->at.depth != d->array)
		s->at.hole = (size_t)d->from;
	s->at.cut = true;
	s->at.depth = d->array;
	memcpy(s->at.object, s->scan.object, sizeof(s->at.object));
	n = (size_t)d->to - s->at.hole;
	line = line_of(in_kept(&s->in), (size_t)d->to);
	if (line.p > in_kept(&s->in).p + s->at.hole)
		s->at.began = s->in.off + (uint64_t)(line.p - s->in.b.p);
	in_cut(&s->in, s->at.hole, n, '0');
	for (unsigned i = d->array; i <= s->scan.depth; i++)
		d->began[i] -= d->began[i] >= d->to ? n - 1 : 0;
	s->scan.tokens = 0;
	if (s->json)
		json_forget(s->json);
	s->scan.fed -= n - 1;
	s->scan.at -= s->scan.why ? n - 1 : 0;
	d->cut = d->array;
	d->array = d->closed.array = 0;
	if (s->at.hole > s->in.limit / 2) {
		pass_over(s);
		return;
	}
	/* at least as many bytes of elements as around them, to avoid re-reading
	 * the latter repeatedly */
	d->deep = s->at.hole + least(s->at.hole > s->at.whole ? s->at.hole : s->at.whole, (s->in.limit - s->at.hole) / 2);
	d->enough = s->at.hole + least(s->at.hole > s->some ? s->at.hole : s->some, (s->in.limit - s->at.hole) / 2);
}

/* Return the complete elements; false if nothing from an offset on (at most their
 * beginning) has a word of the screen. */
static bool
part(struct stream *s, struct stream_item *it, size_t from)
{
	struct json_doc *d = &s->doc;
	struct str text = str_from(str_head(in_kept(&s->in), (size_t)d->to), from);
	bool matters = !s->sift || sift_find(s->sift, text) < text.n;

	if (matters) {
		it->open = d->array;
		give(s, it, (size_t)d->to, d->array, s->scan.object);
		s->at.given = true;
	}
	cut_out(s);
	return matters;
}

/* Return the complete part of a document that breaks after an array; false if it has no
 * word of the screen. */
static bool
closed(struct stream *s, struct stream_item *it)
{
	struct json_closed *c = &s->doc.closed;
	unsigned open = c->array;
	struct str text = str_head(in_kept(&s->in), (size_t)c->to);

	c->array = 0;
	if (!s->at.given && s->sift && sift_find(s->sift, text) == text.n)
		return false;
	s->at.given = false;
	give(s, it, text.n, open, c->object);
	return true;
}

static bool
looks_whole(struct str t)
{
	char a = t.p[0], z = t.p[t.n - 1];

	return (a == '{' && z == '}') || (a == '[' && z == ']');
}

static bool
is_whole(struct str line)
{
	uint64_t at;

	line = str_trim(line);
	return line.n && looks_whole(line) && !json_check(line, &at);
}

/*
 * Did the first line only look like the beginning of a document that breaks at an offset,
 * where a line begins?  Yes if no line is between them, or if the line before the offset
 * is a value by itself and does not continue a list of values.
 */
static bool
is_false(struct str text, size_t at)
{
	size_t first = str_find(text, S("\n")) + 1;
	struct str above, before = str_trim(str_head(text, at));

	if (before.n == 0 || (size_t)(before.p - text.p) + before.n < first)
		return true;
	above = line_of(text, (size_t)(before.p - text.p) + before.n - 1);
	if (!is_whole(above))
		return false;
	at = (size_t)(above.p - text.p);
	return at <= first || !str_ends(str_trim(str_head(text, at)), S(","));
}

/* Keep the whole line that contains an offset, unless it is too long. */
static bool
has_all(struct stream *s, size_t at)
{
	for (;;) {
		struct str line = line_of(in_kept(&s->in), at);

		if (!s->doc.open || str_ends(line, S("\n")) || line.n > s->in.limit)
			return true;
		switch (in_more(&s->in, &s->doc.open)) {
		case IN_ERROR:
			s->at.any = false;
			return false;
		case IN_END:
			s->doc.open = false;
			return true;
		default:
			break;
		}
	}
}

/*
 * The document breaks at an offset of its kept bytes.  STREAM_END: no item to return
 * yet.
 */
static enum stream_what
broken(struct stream *s, struct stream_item *it, const char *why, size_t at)
{
	struct json_scan scan = {0};
	struct str text, line;
	size_t from, end;
	bool huge;
	uint64_t number, byte;

	if (!has_all(s, at))
		return STREAM_ERROR;
	text = in_kept(&s->in);
	while (why == too_early && at && text.p[at - 1] == '\n')
		at--;
	line = line_of(text, at);
	from = (size_t)(line.p - text.p);
	end = from + line.n;
	number = s->at.first + s->at.lines - newlines(str_head(text, (size_t)s->scan.fed)) + newlines(str_head(text, from));
	if (!s->at.cut && !s->at.passed && !s->at.alone && from && is_false(text, why == too_early ? end : from)) {
		s->again += at;
		begin(s, s->at.first);
		s->at.alone = true;
		return STREAM_END;
	}
	if (s->doc.array && s->doc.objects && !s->at.passed) {
		/* the text around them is not read later */
		if (!part(s, it, s->at.given ? (size_t)s->doc.from : 0))
			return STREAM_END;
		/* no further part will follow */
		it->cut = it->open;
		it->open = 0;
		s->at.given = false;
		return STREAM_VALUE;
	}
	if (s->doc.closed.array && !s->at.passed && closed(s, it))
		return STREAM_VALUE;
	if (s->at.given)
		return last(s, it);
	byte = s->in.off + (uint64_t)(text.p - s->in.b.p) + at + 1;
	byte -= s->at.cut && from <= s->at.hole ? s->at.began : s->in.off + (uint64_t)(line.p - s->in.b.p);
	huge = line.n - str_ends(line, S("\n")) > s->in.limit || (number == s->at.first && s->at.longline);
	if (huge || (s->at.passed && number == s->at.first) || (s->at.gone && from == 0))
		end_line(s, (size_t)s->scan.fed, number);
	else if (why == too_early || (!s->at.passed && (number == s->at.first || json_scan(&scan, line) == JSON_BAD)))
		resume(s, end, number);
	else /* the line may be a value by itself */
		resume(s, from, number - 1);
	if (s->at.passed)
		return reject(it, (struct str){0}, too_long, 0);
	it->line = number;
	if (huge)
		line = (struct str){0};
	if (str_ends(line, S("\n")))
		line.n--;
	return reject(it, line, why, byte);
}

/* Allow splitting of documents that do not begin like a dump. */
static void
find_dump(struct stream *s)
{
	struct str begun = str_head(in_kept(&s->in), WHOLE);

	if (!s->dumps || s->at.whole <= WHOLE || s->scan.fed < WHOLE || s->at.cut || sift_find(s->dumps, begun) < begun.n)
		return;
	s->at.whole = WHOLE;
	s->doc.deep = least(WHOLE, s->in.limit / 2);
}

/* Length of the first kept line. */
static size_t
first_line(const struct stream *s, struct str text)
{
	size_t bare = in_bare(&s->in), n = bare < text.n ? bare : text.n;

	return n + str_find(str_from(text, n), S("\n")) + 1;
}

/* The next item of the current document.  STREAM_END: none yet. */
static enum stream_what
document(struct stream *s, struct stream_item *it)
{
	for (;;) {
		struct str text = in_kept(&s->in), rest;
		size_t had = (size_t)s->scan.fed, end;
		bool open = s->doc.open;
		enum json_is is = JSON_BAD;

		if (s->at.alone)
			text = str_head(text, first_line(s, text));
		rest = str_from(text, had);
		if (s->at.done)
			is = JSON_DONE;
		else if (!s->scan.why)
			is = json_scan(&s->scan, rest);
		if (is == JSON_BAD)
			s->scan.fed = s->scan.at;
		s->at.lines += newlines(str_head(rest, (size_t)s->scan.fed - had));
		end = (size_t)(is == JSON_BAD ? s->scan.at : s->scan.fed);
		if (is == JSON_MORE && text.n > end + ESCAPE)
			end = text.n - ESCAPE;
		if (is != JSON_BAD && end && text.p[end - 1] == '\n')
			end--;
		s->at.done = is == JSON_DONE;
		if (is == JSON_LONG || (is != JSON_PART && !s->at.passed && !json_has_part(&s->doc) && end > s->in.limit))
			pass_over(s);
		if (s->at.passed && s->at.given)
			return last(s, it);
		if (is == JSON_LONG)
			continue;
		if (is == JSON_PART || (!s->at.passed && is != JSON_DONE && end > s->in.limit)) {
			if (part(s, it, (size_t)s->doc.from))
				return STREAM_VALUE;
			continue;
		}
		switch (is) {
		case JSON_DONE:
			text = str_head(text, (size_t)s->scan.fed);
			if (s->at.passed) {
				it->line = s->at.first;
				resume_behind(s, text);
				return reject(it, (struct str){0}, too_long, 0);
			}
			give(s, it, text.n, 0, s->scan.object);
			resume_behind(s, text);
			if (s->sift && !(s->first && s->at.first == 1) && !s->at.given &&
			    sift_find(s->sift, it->text) == it->text.n)
				return STREAM_END;
			return STREAM_VALUE;
		case JSON_BAD:
			return broken(s, it, s->scan.why, (size_t)s->scan.at);
		default:
			break;
		}
		if (s->at.passed)
			keep_little(s);
		if (s->at.alone)
			return broken(s, it, too_early, text.n);
		find_dump(s);
		switch (in_more(&s->in, &s->doc.open)) {
		case IN_ERROR:
			s->at.any = false;
			return STREAM_ERROR;
		case IN_END:
			if (open) /* a token may have been incomplete at its end */
				break;
			return broken(s, it, too_early, in_kept(&s->in).n);
		default:
			break;
		}
	}
}

/* ---- lines ---- */

/* Is the current line a value? */
static bool
is_value(struct stream *s, struct stream_item *it, struct str line)
{
	it->line = s->in.line;
	it->text = line;
	s->scan = (struct json_scan){.to = s->json};
	return json_scan(&s->scan, line) == JSON_DONE;
}

/* The value that begins with the current line.  STREAM_END: a document begins. */
static enum stream_what
value(struct stream *s, struct stream_item *it, struct str line)
{
	bool open;

	if (is_value(s, it, line))
		return STREAM_VALUE;
	open = !s->scan.why;
	if (s->keyed && open)
		return reject(it, line, too_early, line.n + 1);
	/* its complete elements are returned */
	if (!s->keyed && (open || (s->scan.at < line.n && line.p[s->scan.at] == '{') || str_has(line, S("[")))) {
		begin(s, it->line);
		s->at.alone = !open || s->again / 16 > s->in.off + s->in.start;
		return STREAM_END;
	}
	return reject(it, line, s->scan.why, s->scan.at + 1);
}

/* If line after line has a word of the screen, only one in SAMPLE is searched; others are
 * read, but an invalid line might have been skipped. */
static bool
is_dense(struct stream *s)
{
	enum { DENSE = 64, SAMPLE = 64 };

	return s->hits >= DENSE && s->hits++ % SAMPLE != 0;
}

/*
 * Does the current line continue n bytes that were skipped?  If so, they begin a
 * document.
 */
static bool
goes_on(struct stream *s, struct str line, size_t n)
{
	struct str whole = in_kept(&s->in);
	struct json_scan scan = {0};
	uint64_t first = s->in.line;

	s->passed = false;
	if (line.p[0] && strchr(",]}", line.p[0]) && json_scan(&scan, str_head(whole, n)) == JSON_MORE) {
		first -= newlines(str_head(whole, n));
		begin(s, first);
		return true;
	}
	in_let_go(&s->in, n);
	return false;
}

/* Is the available part of a long line the beginning of a document? */
static bool
is_begun(struct stream *s, struct str line, size_t before)
{
	bool marked = s->in.line == 0 && str_eat(&line, S("\xef\xbb\xbf"));

	line = str_trim(line);
	if (s->keyed || !line.n || !strchr("{[", line.p[0]) || !line.p[0])
		return false;
	if (marked)
		in_back(&s->in, 3);
	in_let_go(&s->in, marked ? 3 : before);
	s->passed = false;
	begin(s, s->in.line + 1);
	s->at.longline = true;
	return true;
}

/* Does a line begin with a quoted cell, followed by another, like a row of CSV? */
static bool
begins_row(struct str t)
{
	size_t i = 1;

	while (i < t.n && t.p[i] != '"')
		i += t.p[i] == '\\' ? 2 : 1;
	return i + 1 < t.n && (t.p[i + 1] == ',' || t.p[i + 1] == ';' || t.p[i + 1] == '\t');
}

/*
 * Does a line begin like a value?  "{'loss': 0.1}", "[81231.4] usb", "[1, 2]"
 * and "130" do not.
 */
static bool
begins_value(struct str t)
{
	char c = t.p[0];
	size_t i = 1;

	if (c == '"')
		return t.p[t.n - 1] == '"' && !begins_row(t);
	if (c != '{' && c != '[')
		return false;
	while (i < t.n && strchr(" \t\r\n", t.p[i]) && t.p[i])
		i++;
	return i == t.n || t.p[i] == '"' || (c == '{' ? t.p[i] == '}' : t.p[i] == '{' || t.p[i] == '[' || t.p[i] == ']');
}

/*
 * Remove NULs in front of a value, left by a crash or a truncated file, and the RS of a
 * JSON text sequence (RFC 7464), printed by journalctl -o json-seq.  before: number of
 * bytes kept in front of the line.
 */
static void
drop_nuls(struct stream *s, struct str *line, size_t before)
{
	size_t n = 0;

	while (n < line->n && (line->p[n] == '\0' || line->p[n] == '\x1e'))
		n++;
	if (n == 0 || n == line->n || !begins_value(str_from(*line, n)))
		return;
	in_let_go(&s->in, before + n);
	s->passed = false;
	*line = str_from(*line, n);
}

/* Skip and count lines of text without a word of the screen, unless all lines of text
 * are wanted. */
static void
pass_text(struct stream *s)
{
	struct in *in = &s->in;
	struct str clear;
	uint64_t n = 0;

	if (!s->sift || s->texts || s->keyed || s->next || s->passed || in->line == 0 || in->off + in->pos >= s->clear)
		return;
	clear = (struct str){in->b.p + in->pos, (size_t)(s->clear - in->off) - in->pos};
	if (clear.n > in->limit) /* a line may be longer */
		return;
	in->pos += lines_text(clear, &n);
	in->line += n;
	s->ntext += n;
}

enum stream_what
stream_next(struct stream *s, struct stream_item *it)
{
	struct str line, t;
	enum stream_what what;
	size_t before;

	it->open = it->cut = 0;
	s->in.begun = (size_t)least(s->whole, s->in.limit);
	for (;;) {
		it->key = (struct str){0}; /* not the key of a skipped line */
		if (s->at.any) {
			what = document(s, it);
			if (what != STREAM_END)
				return what;
			continue;
		}
		if (in_kept(&s->in).n > s->in.limit)
			s->passed = false;
		pass_text(s);
		before = s->passed ? in_kept(&s->in).n : 0;
		it->line = s->in.line + 1;
		switch (in_line(&s->in, s->passed, &line)) {
		case IN_END:
			return STREAM_END;
		case IN_ERROR:
			return STREAM_ERROR;
		case IN_LONG:
			s->passed = false;
			return reject(it, (struct str){0}, too_long, 0);
		case IN_BEGUN:
			if (!is_begun(s, line, before))
				s->in.begun = 0;
			continue;
		case IN_LINE:
			s->in.begun = (size_t)least(s->whole, s->in.limit);
			break;
		}
		if (s->in.line == 1 && str_eat(&line, S("\xef\xbb\xbf")))
			in_let_go(&s->in, 3);
		if (s->sift || s->texts)
			drop_nuls(s, &line, before);
		t = str_trim(line);
		if (s->keyed && t.n) {
			struct str rest = line, key;

			str_cut(&rest, '\t', &key);
			if (!rest.p)
				return reject(it, line, "expected a key and a tab", 1);
			it->key = key;
			if (s->keys)
				idx_add(s->keys, key);
			line = rest;
			t = str_trim(line);
		}
		if (t.n == 0)
			continue;
		if (s->passed && goes_on(s, t, before))
			continue;
		if ((s->sift || s->texts) && (s->text || !begins_value(t))) {
			s->ntext++;
			if (!s->texts && !s->next && s->in.line > 1 && !has_word(s, line))
				continue;
			s->next = s->text = false;
			it->line = s->in.line;
			it->text = line;
			return STREAM_TEXT;
		}
		if (s->sift && looks_whole(t)) {
			if (is_dense(s) && is_value(s, it, line))
				return STREAM_VALUE;
			s->hits++;
			if (!has_word(s, line)) {
				s->hits = 0;
				if (s->first && s->in.line == 1 && is_value(s, it, line))
					return STREAM_VALUE;
				s->passed = !s->keyed;
				continue;
			}
		}
		what = value(s, it, line);
		if (what != STREAM_END)
			return what;
	}
}
