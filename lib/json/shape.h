/*
 * shape - texts, and elements of arrays, that equal earlier ones except in
 * their strings, numbers and words: learning and recognizing them (shape.c),
 * and their tokens (tokens.c).  Private to lib/json; see json.h for the
 * purpose.
 * Layer json: includes base.
 */
#ifndef JSON_SHAPE_H
#define JSON_SHAPE_H

#include "json/json.h"

enum { SHAPE_TOKENS = 256, SHAPE_BYTES = 8192 };

/* A text and its gaps, the bytes between scalars, which all texts of the shape
 * share. */
struct json_shape {
	uint64_t number; /* json.shape; 0: unset */
	uint64_t like;   /* hash that texts of this shape have in common */
	unsigned next;   /* the shape that followed it last time */
	bool used;       /* since it was considered for replacement */
	uint64_t held;   /* number of the last text with this shape, which may be in use */
	int common[JSON_SHAPES]; /* number of leading gaps in common with each other shape */
	unsigned depth;  /* nesting depth */
	char text[SHAPE_BYTES];
	size_t bytes; /* length of text */
	int gaps, n;
	struct gap {
		size_t n;
		int at;      /* offset in text */
		enum gap_end { AT_END, AT_STRING, AT_WORD } end; /* what follows it */
		bool escapes; /* the string after it has escapes */
	} gap[SHAPE_TOKENS + 1];
	jsmntok_t tok[SHAPE_TOKENS]; /* start and end are relative to their gaps */
	uint64_t name[SHAPE_TOKENS];
	struct {
		uint16_t from, to; /* gaps in or at which the token begins and ends */
	} in[SHAPE_TOKENS];
	struct {
		uint64_t hash; /* hash of a name that was looked up, or 0; */
		int at, found; /* in which object, and the result of json_find */
	} asked[64];
};

/* A part of the text that has a shape. */
struct json_span {
	uint64_t from, to;
	size_t place; /* index of its gaps in json_private.place */
	size_t hole;  /* offset of its placeholder in the skeleton */
	unsigned shape;
};

static inline bool
json_is_name(const jsmntok_t *tok, int i)
{
	return tok[i].type == JSMN_STRING && tok[i].parent >= 0 && tok[tok[i].parent].type == JSMN_OBJECT;
}

static inline bool
json_is_container(const jsmntok_t *t)
{
	return t->type == JSMN_OBJECT || t->type == JSMN_ARRAY;
}

/* ---- shape.c ---- */

/* Record that shape k followed the last one, of elements or of texts. */
static inline void
json_came(struct json *j, bool element, unsigned k)
{
	struct json_shape *last = j->own.shape[j->own.last[element]];

	last->next = k;
	j->own.shape[k]->used = true;
	j->own.last[element] = k;
}

/* Learn the shape of a text of n tokens if a similar one was seen before. */
void json_learn(struct json *j, bool element, int n, struct str text);
/*
 * The byte after the text at p, if it has a known shape, *k, and is therefore
 * JSON; otherwise NULL.  Sets place to the offsets of its gaps, and *stay if
 * they were there before the call.
 *
 * The text is compared with the one from which the shape was learned.  Only
 * values that differ from it are checked.
 */
const char *json_match(const struct json *j, bool element, const char *p, const char *end, int *place, unsigned *k, bool *escapes, bool *stay);

/* ---- tokens.c ---- */

/* Does the text have a known shape, and is therefore JSON?  If so, sets its tokens. */
bool json_fits(struct json *j, struct str text);
/* The byte after the array element at p, if it has a known shape, which is
 * recorded; otherwise NULL.  The element begins at offset `at`, inside depth
 * arrays and objects. */
const char *json_element(struct json *j, const char *p, const char *end, uint64_t at, unsigned depth);
/* Learn an element of unknown shape, in a text too long to have a shape itself;
 * only as long as learned shapes recur. */
void json_learn_element(struct json *j, struct str text);

#endif
