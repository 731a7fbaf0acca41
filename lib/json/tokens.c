#include "json/shape.h"

#include <string.h>

#include "base/sort.h"

void
json_more(struct json *j)
{
	size_t cap = j->cap;

	j->tok = mem_more(j->tok, cap, &j->cap, sizeof(*j->tok));
	j->name = mem_grow(j->name, cap * sizeof(*j->name), j->cap * sizeof(*j->name));
}

void
json_name(struct json *j, int i, struct str text)
{
	const jsmntok_t *t = &j->tok[i];
	struct str s = {text.p + t->start, (size_t)(t->end - t->start)};
	bool plain = !j->escapes || !memchr(s.p, '\\', s.n);

	j->name[i] = plain ? str_ends_hash(s) : 0;
	j->name[t->parent] |= plain ? json_name_bit(j->name[i]) : UINT64_MAX;
}

void
json_make(struct json *j)
{
	j->n = 0;
	j->shape = 0;
	j->escapes = false;
}

/* Put the tokens of a text with a known shape at index `at`: it begins at an
 * offset and belongs to token up. */
static void
put_tokens(struct json *j, const struct json_shape *h, const int *place, int at, int up, int offset)
{
	for (int i = 0; i < h->n; i++) {
		const jsmntok_t *t = &h->tok[i];

		j->tok[at + i] = (jsmntok_t){
			.type = t->type,
			.start = t->start + offset + place[h->in[i].from],
			.end = t->end + offset + place[h->in[i].to],
			.size = t->size + at,
			.parent = i ? t->parent + at : up,
		};
	}
	memcpy(j->name + at, h->name, (size_t)h->n * sizeof(*h->name));
}

/* Room for the gaps of one more shape. */
static void
more_places(struct json_private *o)
{
	while (o->placecap < o->nplace + SHAPE_TOKENS + 1)
		o->place = mem_more(o->place, o->placecap, &o->placecap, sizeof(*o->place));
}

bool
json_fits(struct json *j, struct str text)
{
	const char *end = text.n ? text.p + text.n : text.p;
	const struct json_shape *h;
	int *place = j->own.line;
	bool escapes, stay;
	unsigned k;

	if (json_match(j, false, text.p, end, place, &k, &escapes, &stay) != end || !end)
		return false;
	h = j->own.shape[k];
	if (j->shape != h->number)
		put_tokens(j, h, place, 0, -1, 0);
	for (int at = 0; at < h->n && j->shape == h->number && !stay; at++) {
		j->tok[at].start = h->tok[at].start + place[h->in[at].from];
		j->tok[at].end = h->tok[at].end + place[h->in[at].to];
	}
	json_came(j, false, k);
	j->n = h->n;
	j->shape = h->number;
	j->escapes = escapes;
	return true;
}

const char *
json_element(struct json *j, const char *p, const char *end, uint64_t at, unsigned depth)
{
	struct json_private *o = &j->own;
	const struct json_shape *h;
	const char *next;
	bool escapes, stay;
	unsigned k;

	more_places(o);
	next = json_match(j, true, p, end, o->place + o->nplace, &k, &escapes, &stay);
	if (!next || depth + o->shape[k]->depth > JSON_DEPTH)
		return NULL;
	h = o->shape[k];
	json_came(j, true, k);
	o->span = mem_more(o->span, o->nspan, &o->spancap, sizeof(*o->span));
	o->span[o->nspan++] = (struct json_span){.from = at, .to = at + (uint64_t)(next - p), .place = o->nplace, .shape = k};
	o->nplace += (size_t)h->gaps;
	o->nof += (size_t)h->n;
	o->shape[k]->held = o->texts;
	return next;
}

/* jsmn's tokens of a text that passed the check. */
static int
jsmn(struct json *j, struct str text)
{
	jsmn_parser parser;
	int n;

	jsmn_init(&parser);
	if (!j->cap)
		json_more(j);
	while ((n = jsmn_parse(&parser, text.p, text.n, j->tok, (unsigned)j->cap)) == JSMN_ERROR_NOMEM)
		json_more(j);
	return n > 0 ? n : 0;
}

/* The text with a 0 in place of each span. */
static struct str
skeleton(struct json *j, struct str text)
{
	struct buf *b = &j->own.skeleton;
	size_t done = 0;

	b->n = 0;
	for (size_t i = 0; i < j->own.nspan; i++) {
		struct json_span *s = &j->own.span[i];

		buf_add(b, (struct str){text.p + done, (size_t)s->from - done});
		s->hole = b->n;
		buf_chr(b, '0');
		done = (size_t)s->to;
	}
	buf_add(b, str_from(text, done));
	return buf_str(b);
}

/* An end in the skeleton as an end in the text: both are the offset after a byte. */
static int
end_in_text(const struct json *j, int end)
{
	const struct json_span *span = j->own.span;
	size_t lo = 0;

	SORT_BISECT(lo, j->own.nspan, i, span[i].hole < (size_t)end);
	return lo ? end + (int)((size_t)span[lo - 1].to - span[lo - 1].hole - 1) : end;
}

/* Insert the spans' tokens among the skeleton's n; map: their new indices. */
static void
put_spans(struct json *j, int n, int *map)
{
	const struct json_private *o = &j->own;
	int all = n - (int)o->nspan + (int)o->nof, at = 0, more = 0;
	size_t k = 0;

	while (j->cap < (size_t)all)
		json_more(j);
	memmove(j->tok + all - n, j->tok, (size_t)n * sizeof(*j->tok));
	for (int i = 0; i < n; i++) {
		jsmntok_t t = j->tok[all - n + i];
		int up = t.parent < 0 ? -1 : map[t.parent];

		map[i] = at;
		if (k < o->nspan && (size_t)t.start == o->span[k].hole) {
			const struct json_span *s = &o->span[k++];

			put_tokens(j, o->shape[s->shape], o->place + s->place, at, up, (int)s->from);
			at += o->shape[s->shape]->n;
			more = (int)(s->to - s->hole - 1);
			continue;
		}
		t.end = json_is_container(&t) ? end_in_text(j, t.end) : t.end + more;
		t.start += more;
		t.parent = up;
		j->tok[at] = t;
		j->name[at++] = 0;
	}
	j->n = all;
}

/* Add the data for lookup to n of jsmn's tokens: hashes of names, and as the
 * size the index after the subtree. */
static void
add_look_up(struct json *j, struct str text, int n, const int *map)
{
	jsmntok_t *tok = j->tok;

	for (int i = 0; i < n; i++) {
		int at = map ? map[i] : i;
		jsmntok_t *t = &tok[at];

		if (map && (i + 1 < n ? map[i + 1] : j->n) > at + 1)
			continue; /* a span */
		t->size = 0;
		if (json_is_name(tok, at))
			json_name(j, at, text);
	}
	for (int i = n; i-- > 0;) {
		jsmntok_t *t = &tok[map ? map[i] : i];

		if (!t->size)
			t->size = (int)(t - tok) + 1;
		if (t->parent >= 0 && !tok[t->parent].size)
			tok[t->parent].size = t->size;
	}
}

void
json_learn_element(struct json *j, struct str text)
{
	enum { FIRST = 16 };
	int n;

	if (text.n > SHAPE_BYTES || j->own.tried++ > FIRST + j->own.nspan)
		return;
	n = jsmn(j, text);
	if (n > SHAPE_TOKENS)
		return;
	j->escapes = true; /* assumed */
	memset(j->name, 0, (size_t)n * sizeof(*j->name));
	add_look_up(j, text, n, NULL);
	json_learn(j, true, n, text);
}

void
json_forget(struct json *j)
{
	j->own.nspan = j->own.nplace = j->own.nof = j->own.tried = 0;
	j->own.texts++;
}

void
json_tokens(struct json *j, struct str text)
{
	struct json_private *o = &j->own;
	int n, *map = NULL;

	while (o->nspan && o->span[o->nspan - 1].to > text.n)
		o->nof -= (size_t)o->shape[o->span[--o->nspan].shape]->n;
	j->text = text;
	j->shape = 0;
	j->escapes = text.n && memchr(text.p, '\\', text.n);
	n = j->n = jsmn(j, o->nspan ? skeleton(j, text) : text);
	if (n > 0 && o->nspan) {
		while (o->mapcap < (size_t)n)
			o->map = mem_more(o->map, o->mapcap, &o->mapcap, sizeof(*o->map));
		map = o->map;
		put_spans(j, n, map);
	} else {
		memset(j->name, 0, (size_t)n * sizeof(*j->name));
	}
	add_look_up(j, text, n, map);
	if (n > 0 && n <= SHAPE_TOKENS && !map && text.n <= SHAPE_BYTES)
		json_learn(j, false, n, text);
	json_forget(j);
}
