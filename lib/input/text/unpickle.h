/*
 * unpickle - the machine that pickle.c runs: opcodes (pickle_ops.c) change its
 * stack and memo (pickle_objects.c) and carry words, numbers and text
 * (pickle_scalar.c); the final object becomes JSON (pickle_put.c).  Similar
 * dicts are made in one step: a shape is learned from the first one
 * (pickle_learn.c), later ones are compared with it (pickle_match.c).  Small
 * functions used by every opcode are inline.  Objects live in v->m.
 * Layer text: includes json.
 */
#ifndef UNPICKLE_H
#define UNPICKLE_H

#include "json/json.h"

/*
 * Memory limits for a pickle.  Plain data has at most as many objects and
 * places in containers as bytes, apart from tiny pickles, and only few objects
 * on the stack at once, because CPython adds to containers in batches of a
 * thousand.
 */
enum { OBJECTS_MAX = 16 * 1024 * 1024, OBJECTS_FREE = 4096, STACK_MAX = 1024 * 1024 };

enum op {
	REFUSED, /* known, but not needed for plain data */
	STOP, PROTO, FRAME, MARK, POP, POP_MARK, DUP, PUT, BINPUT, LONG_BINPUT, MEMOIZE, GET, BINGET, LONG_BINGET,
	NONE, TRUE, FALSE, INT, BININT, BININT1, BININT2, LONG, LONG1, LONG4, FLOAT, BINFLOAT, STRING, BINSTRING,
	SHORT_BINSTRING, UNICODE, SHORT_BINUNICODE, BINUNICODE, BINUNICODE8, EMPTY_LIST, APPEND, APPENDS, LIST,
	EMPTY_TUPLE, TUPLE, TUPLE1, TUPLE2, TUPLE3, EMPTY_DICT, DICT, SETITEM, SETITEMS,
};

/* ---- pickle_ops.c ---- */

/* The opcodes by byte; without a name: no opcode. */
extern const struct pickle_opcode {
	struct str name;
	enum op op;
} pickle_ops[256];

/* ---- pickle_objects.c ---- */

/* Kinds up to PLAIN may be member names. */
enum obj_kind {
	WORD,
	NUMBER,
	INTEGER,
	TEXT,  /* text, not checked yet for PLAIN */
	PLAIN, /* text that needs no escapes in JSON */
	SAME,  /* reference to another object */
	ARRAY,
	TUPLE_OF,
	OBJECT,
	SHAPED, /* of a known shape, or part of one */
};

/* Elements of a list that were added together; for a dict names and values
 * alternate. */
struct part {
	struct part *next;
	size_t n;
	struct obj *o[];
};

struct obj {
	union {
		const char *p;     /* of a word; of a number in JSON's form; of text, undecoded */
		int64_t integer;
		struct obj *same;
		struct part *last; /* of a container, whose next is the first; or NULL */
		struct shaped *shaped;
	};
	uint32_t n;                /* of p: a pickle has at most 1 GiB; of a
	                            * dict: the opcode that began it; inside a
	                            * shape: its token */
	uint8_t kind;
	bool closed;               /* a list or dict in a shape: nothing may be added */
	uint16_t slot;             /* in a shape: the slot of the value */
};

enum { LOG = 1024, SHAPES = 16 };

struct machine {
	struct str in;
	size_t at;           /* offset in it */
	struct mem *m;
	struct obj *room;    /* free objects of m: nroom */
	size_t nroom;
	struct obj **stack;  /* NULL is a mark */
	size_t n, cap;
	size_t marks;
	struct obj **memo;   /* by number; NULL: unset */
	size_t nmemo, memocap;
	size_t objects;
	const char *why;
	struct did {
		size_t at;     /* offset of an opcode */
		struct obj *o; /* top of the stack after it */
	} log[LOG];
	size_t nlog;         /* opcodes so far: the last LOG are in log */
	struct shape *shape[SHAPES];
	unsigned nshapes, last; /* the last one that matched */
	size_t met, tried;   /* dicts that matched a shape; others that were candidates */
	size_t wasted;       /* bytes compared without a match */
	bool unshaped;       /* shapes are not used, */
	bool again;          /* and the pickle must be run again without them */
};

static inline bool
fail(struct machine *v, const char *why)
{
	v->why = why;
	return false;
}

static inline bool
push(struct machine *v, struct obj *o)
{
	if (v->n >= STACK_MAX)
		return fail(v, "more than 1M objects at once");
	if (v->n == v->cap)
		v->stack = mem_more(v->stack, v->n, &v->cap, sizeof(*v->stack));
	v->stack[v->n++] = o;
	return true;
}

static inline bool
count(struct machine *v, size_t n)
{
	v->objects += n;
	if (v->objects > OBJECTS_MAX)
		return fail(v, "more than 16M objects");
	return v->objects <= v->in.n + OBJECTS_FREE || fail(v, "more objects than bytes");
}

/* Memory for n objects, or for something else of their size. */
static inline void *
room(struct machine *v, size_t n)
{
	enum { SOME = 1024 };

	if (n > v->nroom) {
		v->nroom = n > SOME ? n : SOME;
		v->room = mem_new(v->m, struct obj, v->nroom);
	}
	v->room += n;
	v->nroom -= n;
	return v->room - n;
}

static inline struct obj *
new_object(struct machine *v, enum obj_kind kind)
{
	struct obj *o;

	if (!count(v, 1))
		return NULL;
	o = room(v, 1);
	*o = (struct obj){.kind = (uint8_t)kind};
	return o;
}

/* The top object, not removed; NULL if there is none or it is a mark. */
static inline struct obj *
peek(struct machine *v)
{
	if (v->n == 0 || !v->stack[v->n - 1]) {
		fail(v, "takes from an empty stack");
		return NULL;
	}
	return v->stack[v->n - 1];
}

static inline bool
take(struct machine *v, uint64_t n, struct str *s)
{
	if (n > v->in.n - v->at)
		return fail(v, "ends too early");
	*s = (struct str){v->in.p + v->at, (size_t)n};
	v->at += (size_t)n;
	return true;
}

/* A little-endian number of n bytes. */
static inline bool
take_number(struct machine *v, unsigned n, uint64_t *u)
{
	struct str s;

	if (!take(v, n, &s))
		return false;
	*u = 0;
	for (unsigned i = n; i-- > 0;)
		*u = *u << 8 | (unsigned char)s.p[i];
	return true;
}

/* Constants, once for every pickle. */
extern struct obj pickle_none, pickle_true, pickle_false, pickle_no_elements;

/* These change the stack or the memo; false: v->why is the error. */

bool pickle_push_container(struct machine *v, enum obj_kind kind);
/* Index of the first object above the topmost mark; the mark is removed later. */
bool pickle_find_mark(struct machine *v, size_t *from);
/* Make a container of the objects above the topmost mark. */
bool pickle_gather_mark(struct machine *v, enum obj_kind kind);
/* Make a tuple of the last n objects, or add them to the container below them. */
bool pickle_gather_n(struct machine *v, size_t n, bool into);
/* APPENDS, SETITEMS: add the objects above the mark to the container below it. */
bool pickle_extend(struct machine *v, enum obj_kind kind);
/* Memoize an object, or the top object; push a memoized object. */
bool pickle_memo_set(struct machine *v, uint64_t i, struct obj *o);
bool pickle_memo_put(struct machine *v, uint64_t i);
bool pickle_memo_get(struct machine *v, uint64_t i);

/* ---- pickle_scalar.c ---- */

/* The remainder of the line. */
bool pickle_take_line(struct machine *v, struct str *s);
/* Make the object of the current opcode: a word, a number, text. */
bool pickle_scalar(struct machine *v, enum op op, struct obj *o);

/* ---- shapes ---- */

/*
 * Dumps contain thousands of dicts that differ in a few values.  Their common
 * part is a shape: the dict from which it was learned, its JSON text and
 * tokens.
 */
enum { SHAPE_TOKENS = 256, SHAPE_BYTES = 8192 };

struct shape {
	unsigned next; /* the shape that followed it last time */
	unsigned depth;
	/* opcodes after the first, in sequence */
	struct shape_step {
		enum { COMPARE, VALUE, REMEMBER } what;
		int slot;         /* of VALUE; REMEMBER: to be memoized; or -1 */
		int token;        /* REMEMBER: of a container; or -1 */
		struct obj *name; /* REMEMBER; or NULL */
		size_t at, n;     /* range in the pickle */
	} *step;
	size_t nsteps;
	/* values, which vary between dicts */
	struct shape_slot {
		int token;
		int from, to; /* range of the text, with quotes */
		struct obj *o;
	} *slot;
	unsigned slots;
	struct str text;
	jsmntok_t *tok;
	uint64_t *name;
	int n;
	bool escapes; /* in the text */
};

/* A dict of a shape: its own values that differ from the shape's, in order. */
struct shaped {
	const struct shape *shape;
	size_t n;
	struct obj value[];
};

/* ---- pickle_put.c ---- */

/* Write the tree below o as text and its tokens.  Returns NULL or the error.
 * seen, if not NULL, gets the objects of the tokens, at most SHAPE_TOKENS. */
const char *pickle_put(struct buf *b, struct json *j, struct obj *o, uint64_t max, struct obj **seen);

/* ---- pickle_match.c ---- */

/*
 * Does the dict that begins with the previous opcode have a known shape?  If
 * so, pushes it, or sets an error.
 */
bool pickle_shaped(struct machine *v);

/* ---- pickle_learn.c ---- */

/* A dict was made: learn its shape if others may have it. b and j: scratch. */
void pickle_learn(struct machine *v, struct obj *root, struct buf *b, struct json *j);

#endif
