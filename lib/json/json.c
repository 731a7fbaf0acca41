#include "json/json.h"

#include <string.h>

#include "json/lex.h"
#include "json/shape.h"

enum { /* json_scan.want */
	VALUE,          /* at the start, after ':', and after ',' in an array */
	VALUE_OR_CLOSE, /* after '[' */
	NAME_OR_CLOSE,  /* after '{' */
	NAME,           /* after ',' in an object */
	COLON,
	COMMA_OR_CLOSE,
	NOTHING, /* after the value */
};

/* Is the open container at this depth, from 1, an object? */
static bool
is_object(const struct json_scan *s, unsigned depth)
{
	return s->object[(depth - 1) / 64] >> ((depth - 1) % 64) & 1;
}

static bool
in_object(const struct json_scan *s)
{
	return is_object(s, s->depth);
}

/* The string, number or word at p fails at bad: may it be valid, but cut off by
 * the end of the input so far? */
SELDOM static bool
goes_on(const char *p, const char *bad, const char *end)
{
	static const struct str words[] = {STR_INIT("true"), STR_INIT("false"), STR_INIT("null")};
	struct str rest = {p, (size_t)(end - p)};

	for (size_t i = 0; i < NELEM(words); i++)
		if (str_starts(words[i], rest))
			return true;
	if (bad == end)
		return true;
	if (*p != '"' || *bad != '\\')
		return false;
	if (end - bad == 1)
		return true;
	return bad[1] == 'u' && hex(bad + 2, end) >= 0; /* fewer than four digits */
}

enum stop { GO_ON, STOP_HERE, STOP_BEHIND };

/* A value in an array at this depth ends with the byte at offset at. */
static enum stop
value_end(struct json_doc *d, unsigned array, bool object, uint64_t at, enum json_is *is)
{
	if (at >= d->limit) {
		if (!json_has_part(d))
			*is = JSON_LONG;
		return STOP_HERE;
	}
	if (!d->array || (object && !d->objects) || (object == d->objects && array < d->array)) {
		d->array = array;
		d->from = d->began[array];
		d->objects = object;
	}
	if (array == d->array)
		d->to = at + 1;
	if (at + 1 < (array == d->cut ? d->enough : d->deep))
		return GO_ON;
	return object || json_has_part(d) ? STOP_BEHIND : GO_ON;
}

/* The innermost open container ends with the byte at offset at. */
SELDOM static enum stop
element_end(const struct json_scan *s, uint64_t at, enum json_is *is)
{
	struct json_doc *d = s->doc;
	unsigned array = s->depth - 1;
	bool object = is_object(s, s->depth);

	*is = JSON_PART;
	if (d->array == s->depth) {
		if (at >= d->limit && json_has_part(d))
			return STOP_HERE;
		if (d->objects) {
			d->closed.array = d->array;
			d->closed.to = d->to;
			memcpy(d->closed.object, s->object, sizeof(s->object));
		}
		object |= d->objects;
		d->array = 0; /* complete, and so are its elements */
	}
	if (d->cut == s->depth)
		d->cut = 0;
	if (array == 0 || is_object(s, array))
		return GO_ON;
	return value_end(d, array, object, at, is);
}

/* A string, number or word that began at offset from ends with the byte at
 * offset at. */
SELDOM static enum stop
scalar_end(const struct json_scan *s, uint64_t from, uint64_t at, enum json_is *is)
{
	*is = JSON_PART;
	if (!s->depth || in_object(s))
		return GO_ON;
	s->doc->began[s->depth] = from;
	return value_end(s->doc, s->depth, false, at, is);
}

/* The value is complete: only blanks may follow it on its line, or another
 * value if that is allowed. */
SELDOM static enum json_is
line_end(struct json_scan *s, struct str text, const char *p)
{
	const char *end = text.n ? text.p + text.n : text.p;

	while (p < end && is_blank(*p) && *p != '\n')
		p++;
	s->fed += (uint64_t)(p - text.p);
	if (p == end)
		return s->doc->open ? JSON_MORE : JSON_DONE;
	if (*p == '\n') {
		s->fed++;
		return JSON_DONE;
	}
	if (s->doc->more && (*p == '{' || *p == '['))
		return JSON_DONE;
	s->why = "text after the value";
	s->at = s->fed;
	return JSON_BAD;
}

/*
 * May the object that begins at an offset be matched against shapes as a
 * whole?  Not if a part may end inside it, which only the check can see.
 */
static bool
may_match(const struct json_scan *s, uint64_t at)
{
	const struct json_doc *d = s->doc;

	return s->depth && !in_object(s) && (!d || (at + SHAPE_BYTES < d->deep && at + SHAPE_BYTES < d->limit));
}

enum json_is
json_scan(struct json_scan *s, struct str text)
{
	const char *p = text.p, *end = text.n ? text.p + text.n : text.p;
	const char *why, *next, *bad, *begun = NULL;
	unsigned level = 0; /* depth of the element that begins at begun and is to be learned */
	struct json *j = s->to;
	enum json_is is;
	enum stop stop;
	bool plain;

	if (j && s->fed == 0) {
		if (!s->doc && json_fits(j, text)) {
			s->fed = text.n;
			s->want = NOTHING;
			return JSON_DONE;
		}
		j->n = 0;
		j->shape = 0;
		json_forget(j);
	}
	if (s->doc && s->want == NOTHING)
		return line_end(s, text, p);
#define AT(q) (s->fed + (uint64_t)((q) - text.p))
	for (;; p = next) {
		while (p < end && is_blank(*p))
			p++;
		if (p == end) {
			s->fed += text.n;
			if (s->want != NOTHING)
				return JSON_MORE;
			if (j && s->fed == text.n)
				json_tokens(j, text);
			return JSON_DONE;
		}
		bad = p;
		next = p + 1;
		switch (s->want) {
		case NAME_OR_CLOSE:
			if (*p == '}')
				goto close;
			/* fallthrough */
		case NAME:
			why = "expected a member name";
			if (*p != '"')
				goto fail;
			next = string(p, end, &bad, &why, &plain);
			if (!next)
				goto token;
			s->tokens++;
			s->want = COLON;
			if (next < end && *next == ':') {
				next++;
				s->want = VALUE;
			}
			continue;
		case COLON:
			why = "expected ':'";
			if (*p != ':')
				goto fail;
			s->want = VALUE;
			continue;
		case COMMA_OR_CLOSE:
			if (*p == ',') {
				s->want = in_object(s) ? NAME : VALUE;
				continue;
			}
			why = in_object(s) ? "expected ',' or '}'" : "expected ',' or ']'";
			if (*p != (in_object(s) ? '}' : ']'))
				goto fail;
			goto close;
		case NOTHING:
			why = "text after the value";
			goto fail;
		case VALUE_OR_CLOSE:
			if (*p == ']')
				goto close;
			/* fallthrough */
		case VALUE:
			break;
		}
		why = "more than 4M names and values, and more than one in 8 bytes";
		if (++s->tokens > JSON_MANY && s->tokens > AT(p) / 8)
			goto fail;
		if (j && *p == '{' && may_match(s, AT(p))) {
			next = json_element(j, p, end, AT(p), s->depth);
			if (!next) {
				/* inner ones are learned first: then they are
				 * spans of it */
				begun = p;
				level = s->depth + 1;
				goto open;
			}
			s->tokens += (uint64_t)j->own.shape[j->own.last[true]]->n - 1;
			if (s->doc)
				s->doc->began[s->depth] = AT(p);
			is = JSON_PART;
			stop = s->doc ? value_end(s->doc, s->depth, true, AT(next - 1), &is) : GO_ON;
			s->want = COMMA_OR_CLOSE;
			if (stop == STOP_BEHIND) {
				s->fed = AT(next);
				return is;
			}
			continue;
		}
	open:
		next = p + 1;
		if (*p == '{' || *p == '[') {
			why = "nested deeper than 512";
			if (s->depth == JSON_DEPTH)
				goto fail;
			s->object[s->depth / 64] &= ~(UINT64_C(1) << (s->depth % 64));
			s->object[s->depth / 64] |= (uint64_t)(*p == '{') << (s->depth % 64);
			s->depth++;
			s->want = *p == '{' ? NAME_OR_CLOSE : VALUE_OR_CLOSE;
			if (s->doc)
				s->doc->began[s->depth - 1] = AT(p);
			continue;
		}
		next = scalar(p, end, &bad, &why, &plain);
		if (!next || (next == end && s->doc && s->doc->open && *p != '"'))
			goto token;
		stop = s->doc ? scalar_end(s, AT(p), AT(next - 1), &is) : GO_ON;
		if (stop == STOP_HERE) {
			s->fed = AT(p);
			return is;
		}
		s->want = s->depth ? COMMA_OR_CLOSE : NOTHING;
		if (stop == STOP_BEHIND) {
			s->fed = AT(next);
			return is;
		}
		if (s->depth && next < end && *next == ',') {
			next++;
			s->want = in_object(s) ? NAME : VALUE;
		}
		continue;
	close:
		if (begun && s->depth == level) {
			if (s->tokens > SHAPE_TOKENS || AT(next) > SHAPE_BYTES)
				json_learn_element(j, (struct str){begun, (size_t)(next - begun)});
			begun = NULL;
		}
		stop = s->doc ? element_end(s, AT(p), &is) : GO_ON;
		if (stop == STOP_HERE) {
			s->fed = AT(p);
			return is;
		}
		s->depth--;
		s->want = s->depth ? COMMA_OR_CLOSE : NOTHING;
		if (stop == STOP_BEHIND) {
			s->fed = AT(next);
			return is;
		}
		if (s->doc && s->want == NOTHING)
			return line_end(s, text, next);
		continue;
	token:
		if (s->doc && s->doc->open && (next || goes_on(p, bad, end))) {
			s->fed = AT(p);
			return JSON_MORE;
		}
		goto fail;
	}
#undef AT
fail:
	s->why = why;
	s->at = s->fed + (uint64_t)(bad - text.p);
	return JSON_BAD;
}

const char *
json_check(struct str text, uint64_t *at)
{
	struct json_scan s = {0};

	switch (json_scan(&s, text)) {
	case JSON_DONE:
		return NULL;
	case JSON_MORE:
		*at = text.n;
		return "ends too early";
	default:
		break;
	}
	*at = s.at;
	return s.why;
}

const char *
json_parse(struct json *j, struct str text)
{
	struct json_scan s = {.to = j};
	enum json_is is = json_scan(&s, text);

	j->text = text;
	return is == JSON_DONE ? NULL : is == JSON_BAD ? s.why : "ends too early";
}

void
json_free(struct json *j)
{
	mem_give(j->tok, j->cap * sizeof(*j->tok));
	mem_give(j->name, j->cap * sizeof(*j->name));
	for (unsigned k = 0; k < JSON_SHAPES; k++)
		mem_give(j->own.shape[k], j->own.shape[k] ? sizeof(*j->own.shape[k]) : 0);
	mem_give(j->own.span, j->own.spancap * sizeof(*j->own.span));
	mem_give(j->own.place, j->own.placecap * sizeof(*j->own.place));
	mem_give(j->own.map, j->own.mapcap * sizeof(*j->own.map));
	buf_free(&j->own.skeleton);
	*j = (struct json){0};
}
