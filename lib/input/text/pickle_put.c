#include "input/text/unpickle.h"

#include <string.h>

static const char too_deep[] = "nested deeper than 512";
static const char too_large[] = "more text than --max-line";
static const char too_many[] = "more than 4M names and values, and more than one in 8 bytes";

/* Put the text of a scalar; returns whether it is a string. */
static bool
put_text(struct buf *b, struct json *j, struct obj *o, bool name)
{
	bool quoted;
	size_t at = b->n;

	if (o->kind == SAME)
		o = o->same;
	quoted = name || o->kind >= TEXT;
	if (o->kind == TEXT) {
		buf_json(b, (struct str){o->p, o->n});
		/* any change makes it longer */
		if (b->n - at == (size_t)o->n + 2)
			o->kind = PLAIN;
		else
			j->escapes = true;
		return true;
	}
	if (quoted)
		buf_chr(b, '"');
	if (o->kind == INTEGER)
		buf_i64(b, o->integer);
	else
		buf_add(b, (struct str){o->p, o->n});
	if (quoted)
		buf_chr(b, '"');
	return quoted;
}

/* Put a name, or a value that is not a container; returns its token. */
static int
put_scalar(struct buf *b, struct json *j, struct obj *o, bool name, int up)
{
	size_t at = b->n;
	bool quoted = put_text(b, j, o, name);
	int i = json_add(j, quoted ? JSMN_STRING : JSMN_PRIMITIVE, at + quoted, up);

	json_end(j, i, b->n - quoted);
	if (name)
		json_name(j, i, buf_str(b));
	return i;
}

/* Put a dict with a shape, or a part of one; up: parent of its token.  False if the text
 * would exceed max. */
static bool
put_shaped(struct buf *b, struct json *j, const struct obj *o, int up, uint64_t max)
{
	struct shaped *s = o->shaped;
	const struct shape *h = s->shape;
	int i = (int)o->n, n = h->tok[i].size, done = h->tok[i].start, end = h->tok[i].end;
	int more = j->n - i, shift = (int)b->n - done, first = j->n;
	jsmntok_t *to;

	while (j->cap < (size_t)more + (size_t)n)
		json_more(j);
	to = j->tok + more;
	for (size_t k = 0; k <= s->n; k++) {
		const struct shape_slot *slot = k < s->n ? &h->slot[s->value[k].slot] : NULL;
		int stop = slot && slot->token < n ? slot->token + 1 : n, from, moved;
		bool quoted;

		if (slot && slot->token < i)
			continue;
		for (; i < stop; i++) {
			const jsmntok_t *t = &h->tok[i];

			to[i] = (jsmntok_t){t->type, t->start + shift, t->end + shift, t->size + more, t->parent + more};
		}
		if (!slot || slot->token >= n)
			break;
		buf_add(b, (struct str){h->text.p + done, (size_t)(slot->from - done)});
		from = (int)b->n;
		quoted = put_text(b, j, &s->value[k], false);
		if (b->n > max)
			return false;
		done = slot->to;
		to[slot->token].type = quoted ? JSMN_STRING : JSMN_PRIMITIVE;
		to[slot->token].start = from + quoted;
		to[slot->token].end = (int)b->n - quoted;
		moved = (int)b->n - done - shift;
		shift += moved;
		for (int a = slot->token; moved && a >= first - more; a = h->tok[a].parent)
			if (h->tok[a].type == JSMN_ARRAY || h->tok[a].type == JSMN_OBJECT)
				to[a].end += moved;
	}
	buf_add(b, (struct str){h->text.p + done, (size_t)(end - done)});
	memcpy(j->name + first, h->name + first - more, (size_t)(n + more - first) * sizeof(*h->name));
	j->tok[first].parent = up;
	j->escapes |= h->escapes;
	j->n = more + n;
	return true;
}

const char *
pickle_put(struct buf *b, struct json *j, struct obj *o, uint64_t max, struct obj **seen)
{
	struct level {
		const struct part *part, *last; /* part is NULL after the last one */
		size_t i; /* index of the next element in the part */
		int at;   /* its token */
		int name; /* in an object: name of the next value, or -1 */
		bool object;
	} stack[JSON_DEPTH], *l = NULL;
	size_t n = 0;

	b->n = 0;
	json_make(j);
	for (;;) {
		int up = !l ? -1 : l->name < 0 ? l->at : l->name, at;
		bool name = l && l->object && l->name < 0;

		if (b->n > max)
			return too_large;
		if ((uint64_t)j->n > JSON_MANY && (uint64_t)j->n > b->n / 8)
			return too_many;
		if (seen && j->n >= SHAPE_TOKENS)
			return too_many;
		if (seen)
			seen[j->n] = o;
		if (o->kind <= SAME) {
			at = put_scalar(b, j, o, name, up);
			if (l)
				l->name = name ? at : -1;
		} else if (o->kind == SHAPED) {
			if (n + o->shaped->shape->depth > JSON_DEPTH)
				return too_deep;
			if (!put_shaped(b, j, o, up, max))
				return too_large;
			if (up >= 0)
				j->tok[up].size = j->n;
			if (l)
				l->name = -1;
		} else {
			if (n == JSON_DEPTH)
				return too_deep;
			if (l)
				l->name = -1;
			l = &stack[n++];
			*l = (struct level){.last = o->last, .part = o->last ? o->last->next : NULL, .name = -1, .object = o->kind == OBJECT};
			if (seen && o != &pickle_no_elements)
				o->n = (uint32_t)j->n;
			l->at = json_add(j, l->object ? JSMN_OBJECT : JSMN_ARRAY, b->n, up);
			buf_chr(b, l->object ? '{' : '[');
		}
		for (; l && !l->part; l = --n ? l - 1 : NULL) {
			buf_chr(b, l->object ? '}' : ']');
			json_end(j, l->at, b->n);
		}
		if (!l)
			return b->n > max ? too_large : NULL;
		if (l->name >= 0)
			buf_chr(b, ':');
		else if (j->n > l->at + 1)
			buf_chr(b, ',');
		o = l->part->o[l->i++];
		if (l->i == l->part->n) {
			l->part = l->part == l->last ? NULL : l->part->next;
			l->i = 0;
		}
	}
}
