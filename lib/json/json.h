/*
 * json - RFC 8259: a strict, resumable check, jsmn's tokens of what it passes,
 * and look-up on these.  (jsmn alone accepts a third of what must be rejected.)
 * Nothing here recurses; depth is at most JSON_DEPTH.  Bytes in strings that are
 * not UTF-8 are let through (log texts have them); whoever prints them repairs
 * them.
 *
 * Logs say the same over and over: some shapes of texts and of objects in arrays
 * are remembered (the same bytes but for strings, numbers and words, not counting
 * names).  What has one of them is checked against that, and has its tokens; a
 * whole text is asked for names that were found already.
 * json.c has the check, tokens.c what it makes, shape.c (shape.h) what is
 * remembered, find.c the look-up.
 * Layer json: includes base.
 */
#ifndef JSON_H
#define JSON_H

#ifndef JSMN_H
#define JSMN_PARENT_LINKS /* as jsmn.c has it */
#define JSMN_HEADER
#include <jsmn.h>
#endif

#include "base/buf.h"

enum { JSON_DEPTH = 512 };

enum { JSON_SHAPES = 32 };

/* A parsed text. Start from {0}; the arrays are reused and grow. */
struct json {
	struct str text;
	jsmntok_t *tok; /* in document order; .size: index after its subtree */
	uint64_t *name; /* of a member's name, a hash; of an object, a Bloom filter of
	                 * its members' names; else 0 */
	int n;
	size_t cap;
	bool escapes; /* the text has a backslash somewhere */
	uint64_t shape; /* texts that have the same one, but 0, have the same
	                 * members' names and tokens, which are elsewhere */
	struct json_private {
		struct json_shape *shape[JSON_SHAPES]; /* NULL: none yet */
		uint64_t numbers;  /* given to shapes */
		uint64_t texts;    /* and to texts, from 1 */
		uint64_t seen[256]; /* what texts look like that were new */
		int line[257];     /* places of a text's gaps */
		unsigned last[2];  /* shapes, of a text, of an element */
		unsigned oldest;
		struct json_span *span; /* what of the text has one, in its order */
		size_t nspan, spancap, nof; /* nof: tokens in them */
		size_t tried;      /* elements without one */
		int *place;        /* of their gaps, in each */
		size_t nplace, placecap;
		struct buf skeleton; /* the text without them */
		int *map;          /* where the skeleton's tokens are */
		size_t mapcap;
	} own;
};

/* ---- the check ---- */

enum json_is {
	JSON_MORE, /* a proper beginning: more is needed */
	JSON_DONE, /* one whole value, with nothing but blanks around it */
	JSON_BAD,  /* cannot become a value any more */
	JSON_PART, /* of a document: elements are complete, see struct json_doc */
	JSON_LONG, /* of a document: an element is beyond the limit */
};

/*
 * What the check of a document notes: its elements, the objects in arrays, so
 * that they can be read and cut out before the document is at its end.  Of open
 * arrays the outermost one that has complete elements counts.  Where there are
 * none, other values in arrays are elements, too, if they take JSON_PLAIN bytes.
 * Offsets are those of the check.
 */
enum { JSON_PLAIN = 64 * 1024 };

struct json_doc {
	unsigned cut;      /* depth of the array that has given parts, or 0; of it */
	uint64_t enough;   /* an element that ends here or later makes a part, */
	uint64_t deep;     /* and of others one that ends here or later */
	uint64_t limit;    /* no element may end later */
	unsigned array;    /* depth of the array that has elements, or 0; */
	uint64_t from, to; /* where they begin and end */
	bool objects;      /* there are objects in them */
	bool open;         /* the bytes fed may end anywhere, not only with a line */
	bool more;         /* an object or array may stand behind the value in its line */
	uint64_t began[JSON_DEPTH + 1]; /* the last element of the array so deep */
	struct json_closed {   /* the last array that had objects and is complete: */
		unsigned array; /* its depth, or 0 */
		uint64_t to;    /* where they end */
		uint64_t object[JSON_DEPTH / 64]; /* as in the check, until then */
	} closed;
};
/* Are there elements? */
static inline bool
json_has_part(const struct json_doc *d)
{
	return d->array && (d->objects || d->to - d->from >= JSON_PLAIN);
}

/* A value has at most so many names and values, or one in 8 bytes: tokens take
 * 28 bytes each. */
enum { JSON_MANY = 4 * 1024 * 1024 };

/* Start from {0}. */
struct json_scan {
	uint64_t fed;    /* bytes seen so far */
	const char *why; /* when JSON_BAD: a constant message */
	uint64_t at;     /* and the offset of the byte it is about */
	unsigned depth;  /* open arrays and objects */
	unsigned want;   /* what may come next: private */
	uint64_t tokens; /* names and values so far */
	struct json *to; /* gets the tokens of a value that is fed at once; of a
	                  * document json_tokens makes them; NULL: none are wanted */
	struct json_doc *doc; /* of a document, else NULL */
	uint64_t object[JSON_DEPTH / 64]; /* bit d: level d is an object */
};

/*
 * Feed the next bytes.  They must end where a line ends (a value that spans
 * lines cannot break inside a string, number or word): feed whole lines,
 * newline included, or all that there is.
 * Of a document the check stops where a part is, and behind the line in which
 * the value ends, or where another may begin in it; fed is what it has seen of the bytes.
 */
enum json_is json_scan(struct json_scan *s, struct str text);

/* The whole text at once: NULL if it is one JSON value, else why not. */
const char *json_check(struct str text, uint64_t *at);

/* ---- look-up ---- */

/* Make the tokens of a text whose document was scanned with j; or of as much of
 * it as was scanned, with what closes it. */
void json_tokens(struct json *j, struct str text);
/* What was scanned of a document is no longer of use. */
void json_forget(struct json *j);
/* Parse text, which is shorter than 1 GiB + 1 and must outlive j's use: NULL; or
 * why it is no value. */
const char *json_parse(struct json *j, struct str text);
void json_free(struct json *j);

/* ---- values that are made, not parsed ---- */

/* The tokens of what is written as JSON are added as it is: first there is none. */
void json_make(struct json *j);
void json_more(struct json *j); /* room for more */
/* A name or a value that begins at an offset of the text; up: the token of the
 * name, array or object that it belongs to, or -1. */
static inline int
json_add(struct json *j, jsmntype_t type, size_t start, int up)
{
	if ((size_t)j->n == j->cap)
		json_more(j);
	j->tok[j->n] = (jsmntok_t){.type = type, .start = (int)start, .parent = up};
	j->name[j->n] = 0;
	return j->n++;
}
/* It ends there, and so do those in it. */
static inline void
json_end(struct json *j, int i, size_t end)
{
	int up = j->tok[i].parent;

	j->tok[i].end = (int)end;
	j->tok[i].size = j->n;
	if (up >= 0 && j->tok[up].type == JSMN_STRING)
		j->tok[up].size = j->n;
}
/* It is a name, in the text so far. */
void json_name(struct json *j, int i, struct str text);

/* Bytes of token i as they stand; strings without their quotes. */
static inline struct str
json_raw(const struct json *j, int i)
{
	const jsmntok_t *t = &j->tok[i];

	return (struct str){j->text.p + t->start, (size_t)(t->end - t->start)};
}
/* Index of the token after i and everything in it. */
static inline int
json_after(const struct json *j, int i)
{
	return j->tok[i].size;
}
/* Is token i, a string, equal to s once its escapes are undone? */
bool json_is(const struct json *j, int i, struct str s);

/* The bit of a name's hash in a Bloom filter. */
static inline uint64_t
json_name_bit(uint64_t hash)
{
	return UINT64_C(1) << (hash >> 58);
}
int json_find(const struct json *j, int i, struct str name, uint64_t hash);

/* Value of member name of the object at i; the last one if it is repeated;
 * -1 if there is none or i is no object. */
static inline int
json_get(const struct json *j, int i, struct str name)
{
	uint64_t hash = str_ends_hash(name);

	if (i < 0 || j->tok[i].type != JSMN_OBJECT || !(j->name[i] & json_name_bit(hash)))
		return -1;
	return json_find(j, i, name, hash);
}

/*
 * Text of token i, escapes undone, in m if it has any.  A surrogate without
 * its mate becomes U+FFFD.
 */
struct str json_unescape(const struct json *j, int i, struct mem *m);
static inline struct str
json_text(const struct json *j, int i, struct mem *m)
{
	return j->escapes ? json_unescape(j, i, m) : json_raw(j, i);
}

#endif
