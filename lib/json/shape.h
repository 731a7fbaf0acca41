/*
 * shape - texts, and elements of lists, that say the same as earlier ones but for
 * their strings, numbers and words: how they are learned and known again
 * (shape.c), and the tokens that they get (tokens.c).  Private to lib/json: json.h
 * says what comes of it.
 * Layer json: includes base.
 */
#ifndef JSON_SHAPE_H
#define JSON_SHAPE_H

#include "json/json.h"

enum { SHAPE_TOKENS = 256, SHAPE_BYTES = 8192 };

/* A text, and the gaps between its scalars, which others of its shape share. */
struct json_shape {
	uint64_t number; /* json.shape; 0: there is none */
	uint64_t like;   /* what texts of its shape have in common */
	unsigned next;   /* the one that came behind it */
	bool used;       /* since it was to be replaced */
	uint64_t held;   /* of the last text that has it: the one at hand may keep it */
	int common[JSON_SHAPES]; /* gaps that others begin with, too */
	unsigned depth;  /* of its arrays and objects */
	char text[SHAPE_BYTES];
	size_t bytes; /* of it */
	int gaps, n;
	struct gap {
		size_t n;
		int at;      /* of the text */
		enum gap_end { AT_END, AT_STRING, AT_WORD } end; /* what comes behind it */
		bool escapes; /* that has some */
	} gap[SHAPE_TOKENS + 1];
	jsmntok_t tok[SHAPE_TOKENS]; /* start and end count from their gaps */
	uint64_t name[SHAPE_TOKENS];
	struct {
		uint16_t from, to; /* gaps in which tokens begin and end, or at their bounds */
	} in[SHAPE_TOKENS];
	struct {
		uint64_t hash; /* of a name that was asked for, or 0, */
		int at, found; /* in what object, and what json_find said */
	} asked[64];
};

/* A part of the text that has a shape. */
struct json_span {
	uint64_t from, to;
	size_t place; /* of json_private.place: those of its gaps */
	size_t hole;  /* what stands for it in the skeleton */
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

/* It came behind the last one, of elements or of lines. */
static inline void
json_came(struct json *j, bool element, unsigned k)
{
	struct json_shape *last = j->own.shape[j->own.last[element]];

	last->next = k;
	j->own.shape[k]->used = true;
	j->own.last[element] = k;
}

/* Learn the shape of a text of n tokens if its like was seen before. */
void json_learn(struct json *j, bool element, int n, struct str text);
/*
 * The byte after the text at p that has a known shape, *k, and so is JSON; or
 * NULL.  Where are its gaps (place), and are all where they were (*stay)?
 *
 * It is compared with the text that has taught the shape.  A value is checked
 * where they differ in it; what is the same as there has been.
 */
const char *json_match(const struct json *j, bool element, const char *p, const char *end, int *place, unsigned *k, bool *escapes, bool *stay);

/* ---- tokens.c ---- */

/* Is a text of a shape that is known, and so JSON?  Gives it its tokens. */
bool json_fits(struct json *j, struct str text);
/* The byte after the element of a list at p, if it has a shape; noted.  It begins
 * at an offset, in depth arrays and objects. */
const char *json_element(struct json *j, const char *p, const char *end, uint64_t at, unsigned depth);
/* An element of no known shape, in a text that is too long to have one.  It is
 * learned, so long as others have what is learned. */
void json_learn_element(struct json *j, struct str text);

#endif
