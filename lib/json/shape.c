#include "json/shape.h"

#include <string.h>

#include "json/lex.h"

/* Hash of n tokens that texts of the same shape have in common. */
static uint64_t
like_of(const jsmntok_t *tok, const uint64_t *name, int n)
{
	uint64_t like = (uint64_t)n;

	for (int i = 0; i < n; i++)
		like = (like ^ name[i] ^ (uint64_t)tok[i].type) * UINT64_C(0x9e3779b97f4a7c15);
	return like;
}

/* Nesting depth of token i. */
static unsigned
depth_of(const jsmntok_t *tok, int i)
{
	unsigned depth = 0;

	for (; i >= 0; i = tok[i].parent)
		depth += json_is_container(&tok[i]);
	return depth;
}

/* Store the shape of a text of n tokens. */
static void
learn(struct json *j, struct json_shape *h, int n, struct str text)
{
	int end = 0, gaps = 0;

	h->number = 0;
	h->depth = 0;
	h->gaps = 0;
	h->n = n;
	memcpy(h->text, text.p, text.n);
	h->bytes = text.n;
	for (int i = 0; i < n; i++) {
		jsmntok_t *t = &h->tok[i];
		bool string;

		*t = j->tok[i];
		string = t->type == JSMN_STRING;
		h->name[i] = j->name[i];
		h->in[i].from = h->in[i].to = (uint16_t)gaps;
		if (json_is_name(h->tok, i)) {
			if (!h->name[i])
				return; /* has escapes */
		} else if (!json_is_container(t)) {
			h->gap[gaps++] = (struct gap){
				.n = (size_t)(t->start - string - end),
				.at = end,
				.end = string ? AT_STRING : AT_WORD,
				.escapes = string && t->end > t->start && memchr(h->text + t->start, '\\', (size_t)(t->end - t->start)),
			};
			h->in[i].to = (uint16_t)gaps;
			end = t->end + string;
		}
	}
	h->gap[gaps] = (struct gap){.n = text.n - (size_t)end, .at = end};
	for (int i = 0; i < n; i++)
		if (json_is_container(&h->tok[i])) {
			unsigned depth = depth_of(h->tok, i);

			h->depth = depth > h->depth ? depth : h->depth;
			h->in[i].to = h->tok[i].size < n ? h->in[h->tok[i].size].from : (uint16_t)gaps;
		}
	for (int i = 0; i < n; i++) {
		h->tok[i].start -= h->gap[h->in[i].from].at;
		h->tok[i].end -= h->gap[h->in[i].to].at;
	}
	h->gaps = gaps + 1;
	memset(h->asked, 0, sizeof(h->asked));
	h->number = ++j->own.numbers;
}

/* Number of leading gaps that two shapes have in common. */
static int
common(const struct json_shape *a, const struct json_shape *b)
{
	int i = 0;

	while (i < a->gaps && i < b->gaps && a->gap[i].n == b->gap[i].n && a->gap[i].end == b->gap[i].end &&
	       memcmp(a->text + a->gap[i].at, b->text + b->gap[i].at, a->gap[i].n) == 0)
		i++;
	return i;
}

/* A slot for a shape that was seen again; JSON_SHAPES if the present ones are
 * still in use. */
static unsigned
room_for_shape(struct json *j)
{
	struct json_private *o = &j->own;
	unsigned k = 0;

	while (k < JSON_SHAPES && o->shape[k])
		k++;
	if (k < JSON_SHAPES) {
		o->shape[k] = mem_grow(NULL, 0, sizeof(*o->shape[k]));
		o->shape[k]->next = k;
		return k;
	}
	k = o->oldest++ % JSON_SHAPES;
	if (!o->shape[k]->used && o->shape[k]->held != o->texts)
		return k;
	o->shape[k]->used = false;
	return JSON_SHAPES;
}

void
json_learn(struct json *j, bool element, int n, struct str text)
{
	struct json_private *o = &j->own;
	uint64_t like = like_of(j->tok, j->name, n), *seen = &o->seen[(like >> 32) % NELEM(o->seen)];
	struct json_shape *h;
	unsigned k = 0;

	while (k < JSON_SHAPES && o->shape[k] && o->shape[k]->like != like)
		k++;
	if (k < JSON_SHAPES && o->shape[k] && o->shape[k]->held == o->texts)
		return;
	if (*seen != like) {
		*seen = like;
		return;
	}
	if (k == JSON_SHAPES || !o->shape[k])
		k = room_for_shape(j);
	if (k == JSON_SHAPES)
		return;
	h = o->shape[k];
	learn(j, h, n, text);
	h->like = like;
	h->held = o->texts;
	for (unsigned i = 0; i < JSON_SHAPES && o->shape[i]; i++)
		h->common[i] = o->shape[i]->common[k] = common(h, o->shape[i]);
	json_came(j, element, k);
	if (element)
		return;
	j->shape = h->number;
	for (int i = 0; i < h->gaps; i++)
		o->line[i] = h->gap[i].at;
}

/* Length of the common prefix of p and q, at most n. */
static INLINE size_t
same_bytes(const char *p, const char *q, size_t n)
{
	size_t i = 0;

#ifdef __SSE2__
	for (; n - i >= 16; i += 16) {
		__m128i a = _mm_loadu_si128((const void *)(p + i)), b = _mm_loadu_si128((const void *)(q + i));
		int same = _mm_movemask_epi8(_mm_cmpeq_epi8(a, b));

		if (same != 0xffff)
			return i + (size_t)__builtin_ctz(~(unsigned)same);
	}
#endif
	for (; n - i >= 8; i += 8)
		if (memcmp(p + i, q + i, 8) != 0)
			break;
	while (i < n && p[i] == q[i])
		i++;
	return i;
}

/* The byte after the value at p, if it is of the kind that follows the gap. */
static INLINE const char *
match_value(const struct gap *g, const char *p, const char *end, bool *escapes)
{
	const char *bad, *why;
	bool plain = true;

	if (p == end || (*p == '"') != (g->end == AT_STRING))
		return NULL;
	p = g->end == AT_STRING ? string(p, end, &bad, &why, &plain) : scalar(p, end, &bad, &why, &plain);
	*escapes |= p && !plain;
	return p;
}

/* Another shape that differs from this one first in gap i and matches the bytes
 * at p; JSON_SHAPES if there is none. */
static unsigned
other(const struct json *j, unsigned k, int i, const char *p, const char *end)
{
	bool escapes = false;

	for (unsigned o = 0; o < JSON_SHAPES && j->own.shape[o]; o++) {
		const struct json_shape *h = j->own.shape[o];
		const struct gap *g = &h->gap[i];

		if (o == k || !h->number || h->common[k] != i || i >= h->gaps || (size_t)(end - p) < g->n || memcmp(p, h->text + g->at, g->n) != 0)
			continue;
		if (g->end == AT_END || match_value(g, p + g->n, end, &escapes))
			return o;
	}
	return JSON_SHAPES;
}

const char *
json_match(const struct json *j, bool element, const char *p, const char *end, int *place, unsigned *k, bool *escapes, bool *stay)
{
	const struct json_shape *h = j->own.shape[j->own.last[element]];
	const char *begin = p, *next;
	bool same = true, has = false;
	unsigned which;

	if (!h || !p)
		return NULL;
	which = h->next;
	h = j->own.shape[which];
	if (!h->number)
		return NULL;
	for (int i = 0;; i++) {
		const struct gap *g = &h->gap[i], *last = &h->gap[h->gaps - 1];
		int moved = (int)(p - begin) - g->at, to;
		size_t left = h->bytes - (size_t)g->at, room = (size_t)(end - p);

		to = g->at + (int)same_bytes(p, h->text + g->at, left < room ? left : room);
		for (;; g++, i++) {
			same &= place[i] == g->at + moved;
			place[i] = g->at + moved;
			if (g == last || g[1].at >= to)
				break;
			has |= g->escapes;
		}
		p = begin + place[i];
		next = NULL;
		if (g->at + (int)g->n <= to) {
			if (g == last) {
				p += g->n;
				break;
			}
			next = match_value(g, p + g->n, end, &has);
		}
		if (next) {
			p = next;
			continue;
		}
		which = other(j, which, i--, p, end);
		if (which == JSON_SHAPES)
			return NULL;
		h = j->own.shape[which];
	}
	*k = which;
	*escapes = has;
	*stay = same;
	return p;
}
