/*
 * json - RFC 8259: a strict, resumable check, jsmn's tokens of the accepted
 * text, and lookup in them.  (jsmn alone accepts a third of the texts that must
 * be rejected.)  No recursion; nesting is at most JSON_DEPTH.  Invalid UTF-8 in
 * strings is accepted (log texts contain it); it is replaced when printed.
 *
 * Logs repeat themselves: the shapes of some texts, and of objects in arrays,
 * are remembered (a shape is a text without the values of its strings, numbers
 * and words; member names belong to it).  A text with a known shape is checked
 * against it and gets its tokens, and lookups of the same names are cached.
 * json.c: the check; tokens.c: tokens; shape.c (shape.h): shapes; find.c:
 * lookup.
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

/* A parsed text.  Start from {0}; the arrays are reused and grow. */
struct json {
	struct str text;
	jsmntok_t *tok; /* in document order; .size: index after its subtree */
	uint64_t *name; /* of a member's name: a hash; of an object: a Bloom
	                 * filter of its members' names; otherwise 0 */
	int n;
	size_t cap;
	bool escapes; /* the text has a backslash somewhere */
	uint64_t shape; /* texts with the same shape, if not 0, have the same
	                 * member names and tokens, at other offsets */
	struct json_private {
		struct json_shape *shape[JSON_SHAPES]; /* NULL: none yet */
		uint64_t numbers;  /* number of shapes learned */
		uint64_t texts;    /* number of texts parsed, from 1 */
		uint64_t seen[256]; /* hashes of the shapes of new texts */
		int line[257];     /* positions of a text's gaps */
		unsigned last[2];  /* last shape of a text, of an element */
		unsigned oldest;
		struct json_span *span; /* parts of the text that have a shape, in order */
		size_t nspan, spancap, nof; /* nof: number of their tokens */
		size_t tried;      /* elements without a shape */
		int *place;        /* positions of the gaps of each span */
		size_t nplace, placecap;
		struct buf skeleton; /* the text without its spans */
		int *map;          /* where the skeleton's tokens are in the text */
		size_t mapcap;
	} own;
};

/* ---- the check ---- */

enum json_is {
	JSON_MORE, /* valid so far, incomplete */
	JSON_DONE, /* one whole value, with nothing but blanks around it */
	JSON_BAD,  /* cannot become a value */
	JSON_PART, /* of a document: elements are complete, see struct json_doc */
	JSON_LONG, /* of a document: an element is beyond the limit */
};

/*
 * What the check records about a document: its elements, the objects in arrays,
 * so that they can be read and removed before the end of the document.  Of the
 * open arrays the outermost one with complete elements is used.  If there is
 * none, other values in arrays are elements, too, once they take JSON_PLAIN
 * bytes.  Offsets are those of the check.
 */
enum { JSON_PLAIN = 64 * 1024 };

struct json_doc {
	unsigned cut;      /* depth of the array that has yielded parts, or 0 */
	uint64_t enough;   /* an element of that array ending here or later completes a part, */
	uint64_t deep;     /* in another array, one ending here or later */
	uint64_t limit;    /* no element may end later */
	unsigned array;    /* depth of the array that has elements, or 0 */
	uint64_t from, to; /* the range of its elements */
	bool objects;      /* the range contains objects */
	bool open;         /* the bytes fed may end anywhere, not only after a line */
	bool more;         /* another object or array may follow the value on its line */
	uint64_t began[JSON_DEPTH + 1]; /* by depth: start of the last element of the array */
	struct json_closed {   /* the last complete array of objects */
		unsigned array; /* its depth, or 0 */
		uint64_t to;    /* end of its objects */
		uint64_t object[JSON_DEPTH / 64]; /* json_scan.object at that point */
	} closed;
};
/* Are there elements? */
static inline bool
json_has_part(const struct json_doc *d)
{
	return d->array && (d->objects || d->to - d->from >= JSON_PLAIN);
}

/* Limit of names and values per value, or one in 8 bytes: tokens take 28 bytes each. */
enum { JSON_MANY = 4 * 1024 * 1024 };

/* Start from {0}. */
struct json_scan {
	uint64_t fed;    /* bytes seen so far */
	const char *why; /* if JSON_BAD: the error, a constant message, */
	uint64_t at;     /* and its offset */
	unsigned depth;  /* open arrays and objects */
	unsigned want;   /* what may come next; private */
	uint64_t tokens; /* names and values so far */
	struct json *to; /* gets the tokens of a value that is fed in one piece;
	                  * for documents json_tokens makes them; NULL: not
	                  * needed */
	struct json_doc *doc; /* for a document; otherwise NULL */
	uint64_t object[JSON_DEPTH / 64]; /* bit d: level d is an object */
};

/*
 * Feed the next bytes.  They must end at the end of a line (a string, number or
 * word cannot span lines): feed whole lines, newline included, or all that
 * remains.  In a document the check stops where a part is complete, and after
 * the line in which the value ends, or where another value may begin in that
 * line; fed is the number of bytes checked.
 */
enum json_is json_scan(struct json_scan *s, struct str text);

/* The whole text in one piece: NULL if it is one JSON value, or the error. */
const char *json_check(struct str text, uint64_t *at);

/* ---- look-up ---- */

/* Make the tokens of text: a document that was scanned with j, or the part
 * scanned so far with the missing closing brackets added. */
void json_tokens(struct json *j, struct str text);
/* Discard the state of a document's scan. */
void json_forget(struct json *j);
/* Parse text, which is at most 1 GiB long and must outlive the use of j.
 * Returns NULL or the error. */
const char *json_parse(struct json *j, struct str text);
void json_free(struct json *j);

/* ---- values made by the program, not parsed ---- */

/* Start the tokens of a value that is being written as JSON: none yet. */
void json_make(struct json *j);
void json_more(struct json *j); /* room for more */
/* Add a name or a value that begins at an offset of the text; up: token of its
 * name, array or object, or -1.  Returns the token. */
static inline int
json_add(struct json *j, jsmntype_t type, size_t start, int up)
{
	if ((size_t)j->n == j->cap)
		json_more(j);
	j->tok[j->n] = (jsmntok_t){.type = type, .start = (int)start, .parent = up};
	j->name[j->n] = 0;
	return j->n++;
}
/* Set the end of a value, and of everything in it. */
static inline void
json_end(struct json *j, int i, size_t end)
{
	int up = j->tok[i].parent;

	j->tok[i].end = (int)end;
	j->tok[i].size = j->n;
	if (up >= 0 && j->tok[up].type == JSMN_STRING)
		j->tok[up].size = j->n;
}
/* Mark a token as a name; text: the text so far. */
void json_name(struct json *j, int i, struct str text);

/* Bytes of token i as written; strings without their quotes. */
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

/* Value of member `name` of the object at i; the last one if repeated; -1 if
 * there is none or i is not an object. */
static inline int
json_get(const struct json *j, int i, struct str name)
{
	uint64_t hash = str_ends_hash(name);

	if (i < 0 || j->tok[i].type != JSMN_OBJECT || !(j->name[i] & json_name_bit(hash)))
		return -1;
	return json_find(j, i, name, hash);
}

/*
 * Text of token i, unescaped; in m if it has escapes.  An unpaired surrogate
 * becomes U+FFFD.
 */
struct str json_unescape(const struct json *j, int i, struct mem *m);
static inline struct str
json_text(const struct json *j, int i, struct mem *m)
{
	return j->escapes ? json_unescape(j, i, m) : json_raw(j, i);
}

#endif
