/*
 * Every value that yields records passes the screen, however much of it is
 * removed.  Values from the inputs of the golden cases and testdata lose
 * members, elements and parts of their strings as long as they still yield
 * records; the remainder must contain a word of the screen, and all of them,
 * one after the other in two orders, must be selected both with --strict and
 * without.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/test.h"
#include "base/test_files.h"
#include "filter/filter.h"
#include "input/dialect/dialect.h"

enum { FILTERS_MAX = 16, VALUE_MAX = 100000 };

static uint64_t seed = 1;

static unsigned
below(unsigned n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

/* A filter's view of the current value. */
struct view {
	struct events ev;
	struct reader r;
	struct sift screen;
	struct idx known; /* values already shrunk */
	struct buf left;  /* the remainder of each, one per line */
};
static struct view views[FILTERS_MAX];
static size_t shrunk, steps;

static void
open_views(void)
{
	struct str word[SIFT_WORDS];
	size_t n;

	for (size_t i = 0; filters[i]; i++) {
		struct view *v = &views[i];

		v->ev = (struct events){.wants = filters[i]->wants, .since = NO_TIME, .until = NO_TIME};
		v->r = (struct reader){.ev = &v->ev, .boot_time = NO_TIME, .scrape_time = NO_TIME, .screen = &v->screen};
		word[0] = S("\\u00");
		n = 1 + dialect_words(filters[i]->wants, word + 1, SIFT_WORDS - 1);
		sift_init(&v->screen, word, n);
	}
}

/* Does the value yield records for the filter, or a reason why not? */
static bool
gives(struct view *v, struct str text)
{
	events_reset(&v->ev);
	v->ev.seen = 0;
	reader_value_text(&v->r, text);
	return v->ev.seen || v->r.why;
}

static bool
is_seen(const struct view *v, struct str text)
{
	return sift_find(&v->screen, text) < text.n;
}

/* Range of token i of j, with quotes; of a member's name, with its value. */
static void
span(const struct json *j, int i, size_t *from, size_t *to)
{
	const jsmntok_t *t = &j->tok[i], *last = t;

	if (t->parent >= 0 && j->tok[t->parent].type == JSMN_OBJECT)
		last = t + 1;
	*from = (size_t)t->start - (t->type == JSMN_STRING);
	*to = (size_t)last->end + (last->type == JSMN_STRING);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The text without member or element i and one comma next to it. */
static void
put_without(struct buf *b, const struct json *j, int i)
{
	struct str s = j->text;
	size_t from, to;

	span(j, i, &from, &to);
	while (to < s.n && is_blank(s.p[to]))
		to++;
	if (to < s.n && s.p[to] == ',') {
		to++;
	} else {
		while (from && is_blank(s.p[from - 1]))
			from--;
		from -= from && s.p[from - 1] == ',';
	}
	buf_add(b, str_head(s, from));
	buf_add(b, str_from(s, to));
}

/* The text with another string at i: way 0 empty, 1 its first half, 2 its
 * second half, 3 its first word, 4 in lower case. */
static void
put_other(struct buf *b, const struct json *j, int i, int way)
{
	const jsmntok_t *t = &j->tok[i];
	struct str was = json_raw(j, i), part = was;
	size_t at;

	if (way <= 1)
		part = str_head(was, way ? was.n / 2 : 0);
	else if (way == 2)
		part = str_from(was, was.n / 2);
	else if (way == 3)
		part = str_head(was, str_find(was, S(" ")));
	buf_add(b, str_head(j->text, (size_t)t->start));
	at = b->n;
	buf_add(b, part);
	for (; way == 4 && at < b->n; at++)
		if (b->p[at] >= 'A' && b->p[at] <= 'Z')
			b->p[at] = (char)(b->p[at] | 0x20);
	buf_add(b, str_from(j->text, (size_t)t->end));
}

/* Is token i a member's name or an element? */
static bool
can_go(const struct json *j, int i)
{
	int up = j->tok[i].parent;

	return up >= 0 && (j->tok[up].type == JSMN_OBJECT || j->tok[up].type == JSMN_ARRAY);
}

/* Replace the text by next if that still yields records. */
static bool
take(struct view *v, struct buf *text, const struct buf *next)
{
	uint64_t at;
	struct str s = buf_str(next);

	if (str_eq(s, buf_str(text)) || json_check(s, &at) || !gives(v, s))
		return false;
	steps++;
	text->n = 0;
	buf_add(text, s);
	return true;
}

/* Remove everything that can be removed, large parts first. */
static void
shrink(struct view *v, struct buf *text)
{
	struct json j = {0};
	struct buf next = {0};
	unsigned tries = text->n > 10000 ? 200 : 1000;
	bool changed = true;

	while (changed) {
		changed = false;
		json_parse(&j, buf_str(text));
		for (int i = 1; i < j.n && tries; i++) {
			int way = 0;

			/* vary the order */
			if (below(8) == 0)
				continue;
			next.n = 0;
			if (can_go(&j, i)) {
				put_without(&next, &j, i);
				tries--;
				if (take(v, text, &next)) {
					changed = true;
					json_parse(&j, buf_str(text));
					i--;
					continue;
				}
			}
			for (; j.tok[i].type == JSMN_STRING && way < 5 && tries; way++) {
				next.n = 0;
				put_other(&next, &j, i, way);
				tries--;
				if (take(v, text, &next)) {
					changed = true;
					json_parse(&j, buf_str(text));
					break;
				}
			}
		}
	}
	json_free(&j);
	buf_free(&next);
}

/*
 * Common properties of values of which only one is shrunk: names, nesting (of
 * arrays the first element), and the text around the screen's matches.
 */
static void
put_kind(struct buf *b, const struct view *v)
{
	const struct json *j = &v->r.json;
	size_t hit = sift_find(&v->screen, j->text);

	for (int i = 0; i < j->n; i++) {
		const jsmntok_t *t = &j->tok[i];
		int up = t->parent;

		if (up >= 0 && j->tok[up].type == JSMN_ARRAY && i != up + 1) {
			i = json_after(j, i) - 1;
			continue;
		}
		buf_chr(b, (char)('0' + t->type));
		if (up >= 0 && j->tok[up].type == JSMN_OBJECT)
			buf_add(b, json_raw(j, i));
	}
	buf_add(b, str_head(str_from(j->text, hit), 40));
}

static void
shrink_value(int row, struct str value)
{
	struct buf b = {0};
	size_t known;

	if (value.n > VALUE_MAX)
		return;
	for (size_t i = 0; filters[i]; i++) {
		struct view *v = &views[i];

		if (!gives(v, value))
			continue;
		b.n = 0;
		put_kind(&b, v);
		known = v->known.n;
		idx_add(&v->known, buf_str(&b));
		if (v->known.n == known)
			continue;
		b.n = 0;
		buf_add(&b, value);
		shrink(v, &b);
		shrunk++;
		/* a word found now was there before */
		CHECK_ROW(row, is_seen(v, buf_str(&b)));
		if (!is_seen(v, buf_str(&b)))
			printf("#  %.*s: %.*s\n", (int)filters[i]->filter.n, filters[i]->filter.p, (int)(b.n < 300 ? b.n : 300), b.p);
		for (size_t k = 0; k < b.n; k++)
			buf_chr(&v->left, b.p[k] == '\n' || b.p[k] == '\r' ? ' ' : b.p[k]);
		buf_chr(&v->left, '\n');
	}
	buf_free(&b);
}

static void
shrink_file(int row, struct str text)
{
	struct str line;
	uint64_t at;

	if (!json_check(text, &at)) {
		shrink_value(row, text);
		return;
	}
	while (text.n && str_cut(&text, '\n', &line))
		if (!json_check(line, &at))
			shrink_value(row, line);
}

/* The lines selected by a filter. */
static void
select_lines(const struct pattern *p, struct str text, bool strict, struct buf *out)
{
	static char quiet[] = "-q", select[] = "--select", every[] = "--strict";
	char *argv[] = {quiet, quiet, select, strict ? every : NULL, NULL}, name[] = "/tmp/inquest-shrink-XXXXXX";
	struct out o = {.fd = -1}, err = {.fd = -1};
	struct filter_io io = {.in = mkstemp(name), .dir = AT_FDCWD, .out = &o, .err = &err};

	unlink(name);
	if (pwrite(io.in, text.p, text.n, 0) != (ssize_t)text.n)
		exit(2);
	filter_run(p, strict ? 4 : 3, argv, &io);
	out->n = 0;
	buf_add(out, buf_str(&o.b));
	buf_free(&o.b);
	buf_free(&err.b);
	close(io.in);
}

/* The lines in reverse order. */
static void
put_reversed(struct buf *b, struct str text)
{
	size_t end = text.n;

	while (end) {
		size_t from = end - 1;

		while (from && text.p[from - 1] != '\n')
			from--;
		buf_add(b, (struct str){text.p + from, end - from});
		end = from;
	}
}

static void
select_left(size_t i)
{
	struct buf with = {0}, without = {0}, back = {0}, forth = {0};
	struct str left = buf_str(&views[i].left);

	select_lines(filters[i], left, false, &with);
	select_lines(filters[i], left, true, &without);
	CHECK_ROW((int)i, str_eq(buf_str(&with), buf_str(&without)));
	put_reversed(&back, left);
	select_lines(filters[i], buf_str(&back), false, &with);
	put_reversed(&forth, buf_str(&with));
	CHECK_ROW((int)i, str_eq(buf_str(&forth), buf_str(&without)));
	buf_free(&with);
	buf_free(&without);
	buf_free(&back);
	buf_free(&forth);
}

/* A line with a claim is selected by each filter that wants the claimed kind. */
static void
see_claims(const struct word *claims)
{
	for (; claims && claims->gives; claims++)
		for (size_t i = 0; filters[i]; i++)
			CHECK_ROW((int)i, !(claims->gives & filters[i]->wants) || is_seen(&views[i], claims->text));
}

int
main(void)
{
	TEST("a claim is seen by each filter that wants it");
	open_views();
	for (size_t i = 0; dialects[i]; i++)
		see_claims(dialects[i]->claims);
	for (size_t i = 0; text_readers[i]; i++)
		see_claims(text_readers[i]->claims);
	TEST("what is read is seen, whatever is taken away from it");
	test_files("golden/*/*/in*", shrink_file);
	test_files("testdata/incidents/*/*", shrink_file);
	test_files("testdata/fuzz/*/*", shrink_file);
	printf("# %zu values, %zu steps\n", shrunk, steps);
	CHECK(shrunk > 500 && steps > 5 * shrunk);
	TEST("what is left is selected with --strict and without, in any order");
	for (size_t i = 0; filters[i]; i++)
		select_left(i);
	for (size_t i = 0; filters[i]; i++) {
		reader_free(&views[i].r);
		events_free(&views[i].ev);
		idx_free(&views[i].known);
		buf_free(&views[i].left);
	}
	return test_done();
}
