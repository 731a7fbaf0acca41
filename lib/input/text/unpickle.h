/*
 * unpickle - the machine that pickle.c runs: opcodes (pickle_ops.c) change its
 * stack and memo (pickle_objects.c), with the words, numbers and text that they
 * carry (pickle_scalar.c); the object that is left becomes JSON (pickle_put.c).
 * Dicts that are alike are made at once: the first one teaches a shape
 * (pickle_learn.c), later ones are compared with it (pickle_match.c).
 * What is small and in every opcode's way is inline.  Objects live in v->m.
 * Layer text: includes json.
 */
#ifndef UNPICKLE_H
#define UNPICKLE_H

#include "json/json.h"

/*
 * What bounds the memory for a pickle: plain data has no more objects and
 * places in containers than bytes, but for very little, and few are on the
 * stack at once, as CPython adds to containers by the thousand.
 */
enum { OBJECTS_MAX = 16 * 1024 * 1024, OBJECTS_FREE = 4096, STACK_MAX = 1024 * 1024 };

enum op {
	REFUSED, /* known, and not needed by plain data */
	STOP, PROTO, FRAME, MARK, POP, POP_MARK, DUP, PUT, BINPUT, LONG_BINPUT, MEMOIZE, GET, BINGET, LONG_BINGET,
	NONE, TRUE, FALSE, INT, BININT, BININT1, BININT2, LONG, LONG1, LONG4, FLOAT, BINFLOAT, STRING, BINSTRING,
	SHORT_BINSTRING, UNICODE, SHORT_BINUNICODE, BINUNICODE, BINUNICODE8, EMPTY_LIST, APPEND, APPENDS, LIST,
	EMPTY_TUPLE, TUPLE, TUPLE1, TUPLE2, TUPLE3, EMPTY_DICT, DICT, SETITEM, SETITEMS,
};

/* ---- pickle_ops.c ---- */

/* The opcodes by their byte: one without a name is none. */
extern const struct pickle_opcode {
	struct str name;
	enum op op;
} pickle_ops[256];

/* ---- pickle_objects.c ---- */

/* Up to PLAIN are those that may be names. */
enum obj_kind {
	WORD,
	NUMBER,
	INTEGER,
	TEXT,  /* not seen yet whether it is */
	PLAIN, /* text that is the same in JSON */
	SAME,  /* as another object */
	ARRAY,
	TUPLE_OF,
	OBJECT,
	SHAPED, /* of a known shape, or a part of such */
};

/* Elements of a list that were added together; names and values of a dict by
 * turns. */
struct part {
	struct part *next;
	size_t n;
	struct obj *o[];
};

struct obj {
	union {
		const char *p;     /* of a word, a number as JSON has it; text undone */
		int64_t integer;
		struct obj *same;
		struct part *last; /* of a container, whose next is the first; or NULL */
		struct shaped *shaped;
	};
	uint32_t n;                /* of p: a pickle has at most 1 GiB; of a dict, the
	                            * opcode that began it; of what is in a shape, its token */
	uint8_t kind;
	bool closed;               /* a list or dict in a shape: nothing is added to it */
	uint16_t slot;             /* of a shape: the value that it stands for */
};

enum { LOG = 1024, SHAPES = 16 };

struct machine {
	struct str in;
	size_t at;           /* in it */
	struct mem *m;
	struct obj *room;    /* of m: so many are free there */
	size_t nroom;
	struct obj **stack;  /* NULL is a mark */
	size_t n, cap;
	size_t marks;
	struct obj **memo;   /* by number; NULL: nothing */
	size_t nmemo, memocap;
	size_t objects;
	const char *why;
	struct did {
		size_t at;     /* where an opcode begins */
		struct obj *o; /* on top of the stack after it */
	} log[LOG];
	size_t nlog;         /* opcodes so far: the last LOG are there */
	struct shape *shape[SHAPES];
	unsigned nshapes, last; /* the one that was met last */
	size_t met, tried;   /* dicts of a known shape; others that were to be learned */
	size_t wasted;       /* bytes compared with what they were not */
	bool unshaped;       /* no shape is looked for, */
	bool again;          /* nor may it have been */
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

/* Memory for so many objects, or for something else of their size. */
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

/* The object on top, left there; NULL if there is none or it is a mark. */
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

/* What every pickle has once. */
extern struct obj pickle_none, pickle_true, pickle_false, pickle_no_elements;

/* These change the stack or the memo; false: v->why says what is wrong. */

bool pickle_push_container(struct machine *v, enum obj_kind kind);
/* Where what follows the topmost mark begins; the mark is dropped later. */
bool pickle_find_mark(struct machine *v, size_t *from);
/* A new container of what follows the topmost mark. */
bool pickle_gather_mark(struct machine *v, enum obj_kind kind);
/* The last n objects as a tuple, or into the container below them. */
bool pickle_gather_n(struct machine *v, size_t n, bool into);
/* APPENDS, SETITEMS: what follows the mark into the container before it. */
bool pickle_extend(struct machine *v, enum obj_kind kind);
/* Give a number to an object; to the one on top.  Push what has a number. */
bool pickle_memo_set(struct machine *v, uint64_t i, struct obj *o);
bool pickle_memo_put(struct machine *v, uint64_t i);
bool pickle_memo_get(struct machine *v, uint64_t i);

/* ---- pickle_scalar.c ---- */

/* The rest of the line. */
bool pickle_take_line(struct machine *v, struct str *s);
/* What the opcode at hand makes: a word, a number, text. */
bool pickle_scalar(struct machine *v, enum op op, struct obj *o);

/* ---- shapes ---- */

/*
 * Dumps have dicts by the thousand that differ in a few values.  What they have
 * in common is a shape: the dict that has taught it, its JSON text and tokens.
 */
enum { SHAPE_TOKENS = 256, SHAPE_BYTES = 8192 };

struct shape {
	unsigned next; /* the shape that came behind it */
	unsigned depth;
	/* its opcodes, but the first, one behind the other */
	struct shape_step {
		enum { COMPARE, VALUE, REMEMBER } what;
		int slot;         /* of a value, or one to be remembered; else -1 */
		int token;        /* of a container to be remembered; or -1 */
		struct obj *name; /* to be remembered; or NULL */
		size_t at, n;     /* where it stands in the pickle */
	} *step;
	size_t nsteps;
	/* its values, which others have, too */
	struct shape_slot {
		int token;
		int from, to; /* of the text, with quotes */
		struct obj *o;
	} *slot;
	unsigned slots;
	struct str text;
	jsmntok_t *tok;
	uint64_t *name;
	int n;
	bool escapes; /* in the text */
};

/* A dict of a shape, and the values that differ from its values, in their order. */
struct shaped {
	const struct shape *shape;
	size_t n;
	struct obj value[];
};

/* ---- pickle_put.c ---- */

/* The tree that begins with o, as text and its tokens; NULL, or why not.  Notes
 * in seen, if any, whose tokens they are: at most SHAPE_TOKENS. */
const char *pickle_put(struct buf *b, struct json *j, struct obj *o, uint64_t max, struct obj **seen);

/* ---- pickle_match.c ---- */

/*
 * Has the dict that begins with the opcode before the one at hand a shape that
 * is known?  Then it is pushed, or there is an error.
 */
bool pickle_shaped(struct machine *v);

/* ---- pickle_learn.c ---- */

/* A dict was made: its shape is known from now on, if others may have it.  b and j:
 * what lives meanwhile. */
void pickle_learn(struct machine *v, struct obj *root, struct buf *b, struct json *j);

#endif
