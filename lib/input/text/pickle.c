#include "input/text/pickle.h"

#include <string.h>

#include "base/num.h"

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

static const struct {
	struct str name;
	enum op op;
} pickle_ops[256] = {
	['.'] = {STR_INIT("STOP"), STOP},
	[0x80] = {STR_INIT("PROTO"), PROTO},
	[0x95] = {STR_INIT("FRAME"), FRAME},
	['('] = {STR_INIT("MARK"), MARK},
	['0'] = {STR_INIT("POP"), POP},
	['1'] = {STR_INIT("POP_MARK"), POP_MARK},
	['2'] = {STR_INIT("DUP"), DUP},
	['p'] = {STR_INIT("PUT"), PUT},
	['q'] = {STR_INIT("BINPUT"), BINPUT},
	['r'] = {STR_INIT("LONG_BINPUT"), LONG_BINPUT},
	[0x94] = {STR_INIT("MEMOIZE"), MEMOIZE},
	['g'] = {STR_INIT("GET"), GET},
	['h'] = {STR_INIT("BINGET"), BINGET},
	['j'] = {STR_INIT("LONG_BINGET"), LONG_BINGET},
	['N'] = {STR_INIT("NONE"), NONE},
	[0x88] = {STR_INIT("NEWTRUE"), TRUE},
	[0x89] = {STR_INIT("NEWFALSE"), FALSE},
	['I'] = {STR_INIT("INT"), INT},
	['J'] = {STR_INIT("BININT"), BININT},
	['K'] = {STR_INIT("BININT1"), BININT1},
	['M'] = {STR_INIT("BININT2"), BININT2},
	['L'] = {STR_INIT("LONG"), LONG},
	[0x8a] = {STR_INIT("LONG1"), LONG1},
	[0x8b] = {STR_INIT("LONG4"), LONG4},
	['F'] = {STR_INIT("FLOAT"), FLOAT},
	['G'] = {STR_INIT("BINFLOAT"), BINFLOAT},
	['S'] = {STR_INIT("STRING"), STRING},
	['T'] = {STR_INIT("BINSTRING"), BINSTRING},
	['U'] = {STR_INIT("SHORT_BINSTRING"), SHORT_BINSTRING},
	['V'] = {STR_INIT("UNICODE"), UNICODE},
	[0x8c] = {STR_INIT("SHORT_BINUNICODE"), SHORT_BINUNICODE},
	['X'] = {STR_INIT("BINUNICODE"), BINUNICODE},
	[0x8d] = {STR_INIT("BINUNICODE8"), BINUNICODE8},
	[']'] = {STR_INIT("EMPTY_LIST"), EMPTY_LIST},
	['a'] = {STR_INIT("APPEND"), APPEND},
	['e'] = {STR_INIT("APPENDS"), APPENDS},
	['l'] = {STR_INIT("LIST"), LIST},
	[')'] = {STR_INIT("EMPTY_TUPLE"), EMPTY_TUPLE},
	['t'] = {STR_INIT("TUPLE"), TUPLE},
	[0x85] = {STR_INIT("TUPLE1"), TUPLE1},
	[0x86] = {STR_INIT("TUPLE2"), TUPLE2},
	[0x87] = {STR_INIT("TUPLE3"), TUPLE3},
	['}'] = {STR_INIT("EMPTY_DICT"), EMPTY_DICT},
	['d'] = {STR_INIT("DICT"), DICT},
	['s'] = {STR_INIT("SETITEM"), SETITEM},
	['u'] = {STR_INIT("SETITEMS"), SETITEMS},
	/* named in the error */
	['c'] = {STR_INIT("GLOBAL"), REFUSED},
	[0x93] = {STR_INIT("STACK_GLOBAL"), REFUSED},
	['R'] = {STR_INIT("REDUCE"), REFUSED},
	['b'] = {STR_INIT("BUILD"), REFUSED},
	['i'] = {STR_INIT("INST"), REFUSED},
	['o'] = {STR_INIT("OBJ"), REFUSED},
	[0x81] = {STR_INIT("NEWOBJ"), REFUSED},
	[0x92] = {STR_INIT("NEWOBJ_EX"), REFUSED},
	['P'] = {STR_INIT("PERSID"), REFUSED},
	['Q'] = {STR_INIT("BINPERSID"), REFUSED},
	[0x82] = {STR_INIT("EXT1"), REFUSED},
	[0x83] = {STR_INIT("EXT2"), REFUSED},
	[0x84] = {STR_INIT("EXT4"), REFUSED},
	['B'] = {STR_INIT("BINBYTES"), REFUSED},
	['C'] = {STR_INIT("SHORT_BINBYTES"), REFUSED},
	[0x8e] = {STR_INIT("BINBYTES8"), REFUSED},
	[0x96] = {STR_INIT("BYTEARRAY8"), REFUSED},
	[0x97] = {STR_INIT("NEXT_BUFFER"), REFUSED},
	[0x98] = {STR_INIT("READONLY_BUFFER"), REFUSED},
	[0x8f] = {STR_INIT("EMPTY_SET"), REFUSED},
	[0x90] = {STR_INIT("ADDITEMS"), REFUSED},
	[0x91] = {STR_INIT("FROZENSET"), REFUSED},
};

/* ---- objects ---- */

/* Up to PLAIN are those that may be names. */
enum kind {
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

static struct obj pickle_none = {.kind = WORD, .p = "null", .n = 4};
static struct obj pickle_true = {.kind = WORD, .p = "true", .n = 4};
static struct obj pickle_false = {.kind = WORD, .p = "false", .n = 5};
static struct obj pickle_no_elements = {.kind = TUPLE_OF}; /* nothing is ever added to a tuple */

static bool
fail(struct machine *v, const char *why)
{
	v->why = why;
	return false;
}

static bool
push(struct machine *v, struct obj *o)
{
	if (v->n >= STACK_MAX)
		return fail(v, "more than 1M objects at once");
	if (v->n == v->cap)
		v->stack = mem_more(v->stack, v->n, &v->cap, sizeof(*v->stack));
	v->stack[v->n++] = o;
	return true;
}

static bool
count(struct machine *v, size_t n)
{
	v->objects += n;
	if (v->objects > OBJECTS_MAX)
		return fail(v, "more than 16M objects");
	return v->objects <= v->in.n + OBJECTS_FREE || fail(v, "more objects than bytes");
}

/* Memory for so many objects, or for something else of their size. */
static void *
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

static struct obj *
new_object(struct machine *v, enum kind kind)
{
	struct obj *o;

	if (!count(v, 1))
		return NULL;
	o = room(v, 1);
	*o = (struct obj){.kind = (uint8_t)kind};
	return o;
}

static bool
pickle_push_container(struct machine *v, enum kind kind)
{
	struct obj *o = new_object(v, kind);

	if (!o)
		return false;
	o->n = (uint32_t)v->nlog;
	return push(v, o);
}

/* The object on top, left there; NULL if there is none or it is a mark. */
static struct obj *
peek(struct machine *v)
{
	if (v->n == 0 || !v->stack[v->n - 1]) {
		fail(v, "takes from an empty stack");
		return NULL;
	}
	return v->stack[v->n - 1];
}

/* Everything above index from goes into to; a dict wants pairs, whose names
 * are strings or integers. */
static bool
append_from(struct machine *v, size_t from, struct obj *to)
{
	size_t n = v->n - from;
	struct part *part;

	if (to->kind == OBJECT && n % 2)
		return fail(v, "a name without a value");
	for (size_t i = from; to->kind == OBJECT && i < v->n; i += 2)
		if (v->stack[i]->kind > PLAIN)
			return fail(v, "a name that is no string");
	v->n = from;
	if (n == 0)
		return true;
	if (!count(v, n))
		return false;
	part = room(v, (sizeof(*part) + n * sizeof(*part->o) + sizeof(*to) - 1) / sizeof(*to));
	memcpy(part->o, v->stack + from, n * sizeof(*part->o));
	part->n = n;
	part->next = to->last ? to->last->next : part;
	if (to->last)
		to->last->next = part;
	to->last = part;
	return true;
}

/* Where what follows the topmost mark begins; the mark is dropped later. */
static bool
pickle_find_mark(struct machine *v, size_t *from)
{
	if (v->marks == 0)
		return fail(v, "takes to a mark that is not there");
	for (*from = v->n; v->stack[*from - 1]; --*from)
		;
	return true;
}

/* A new container of what follows the topmost mark. */
static bool
pickle_gather_mark(struct machine *v, enum kind kind)
{
	size_t from;
	struct obj *o;

	if (!pickle_find_mark(v, &from) || !(o = new_object(v, kind)) || !append_from(v, from, o))
		return false;
	v->n--;
	v->marks--;
	return push(v, o);
}

/* May something be added to o? */
static bool
takes_more(struct machine *v, const struct obj *o, enum kind kind)
{
	if (o && (o->kind == SHAPED || o->closed)) {
		v->again = true;
		return false;
	}
	return (o && o->kind == kind) || fail(v, "adds to what is no list or dict");
}

/* The last n objects as a tuple, or into the container below them. */
static bool
pickle_gather_n(struct machine *v, size_t n, bool into)
{
	struct obj *o;

	if (v->n < n + into)
		return fail(v, "takes from an empty stack");
	for (size_t i = 0; i < n + into; i++)
		if (!v->stack[v->n - 1 - i])
			return fail(v, "takes from an empty stack");
	if (into) {
		o = v->stack[v->n - n - 1];
		return takes_more(v, o, n == 1 ? ARRAY : OBJECT) && append_from(v, v->n - n, o);
	}
	o = new_object(v, TUPLE_OF);
	return o && append_from(v, v->n - n, o) && push(v, o);
}

/* APPENDS, SETITEMS: what follows the mark into the container before it. */
static bool
pickle_extend(struct machine *v, enum kind kind)
{
	size_t from;
	struct obj *o;

	if (!pickle_find_mark(v, &from))
		return false;
	o = from > 1 ? v->stack[from - 2] : NULL;
	if (!takes_more(v, o, kind) || !append_from(v, from, o))
		return false;
	v->n--;
	v->marks--;
	return true;
}

static bool
pickle_memo_set(struct machine *v, uint64_t i, struct obj *o)
{
	/* numbers count up as objects are made */
	if (i > OBJECTS_MAX || i > 2 * (uint64_t)v->objects + 1024)
		return fail(v, "a memo number that is too high");
	while (v->nmemo <= i) {
		v->memo = mem_more(v->memo, v->nmemo, &v->memocap, sizeof(*v->memo));
		v->memo[v->nmemo++] = NULL;
	}
	/* what is taken from there in a shape is no longer what it was */
	v->unshaped |= v->memo[i] && v->memo[i] != o;
	v->memo[i] = o;
	return true;
}

static bool
pickle_memo_put(struct machine *v, uint64_t i)
{
	struct obj *o = peek(v);

	return o && pickle_memo_set(v, i, o);
}

static bool
pickle_memo_get(struct machine *v, uint64_t i)
{
	if (!v->memo || i >= v->nmemo || !v->memo[i])
		return fail(v, "a memo number that was never given");
	return push(v, v->memo[i]);
}

/* ---- arguments ---- */

static bool
take(struct machine *v, uint64_t n, struct str *s)
{
	if (n > v->in.n - v->at)
		return fail(v, "ends too early");
	*s = (struct str){v->in.p + v->at, (size_t)n};
	v->at += (size_t)n;
	return true;
}

/* A little-endian number of n bytes. */
static bool
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

/* The rest of the line. */
static bool
pickle_take_line(struct machine *v, struct str *s)
{
	struct str rest = str_from(v->in, v->at);
	size_t n = str_find(rest, S("\n"));

	if (n == rest.n)
		return fail(v, "ends too early");
	*s = str_trim(str_head(rest, n));
	v->at += n + 1;
	return true;
}

/* ---- words, numbers, text ---- */

static bool
make(struct obj *o, enum kind kind, struct str s)
{
	*o = (struct obj){.p = s.p, .n = (uint32_t)s.n, .kind = (uint8_t)kind};
	return true;
}

static bool
make_i64(struct obj *o, int64_t n)
{
	*o = (struct obj){.integer = n, .kind = INTEGER};
	return true;
}

static bool
make_u64(struct machine *v, struct obj *o, uint64_t n)
{
	char tmp[24];
	struct buf b = {.p = tmp, .cap = sizeof(tmp)};

	if (n <= INT64_MAX)
		return make_i64(o, (int64_t)n);
	buf_u64(&b, n);
	return make(o, NUMBER, mem_str(v->m, buf_str(&b)));
}

/* Two's complement, little-endian. */
static bool
make_long(struct machine *v, struct obj *o, struct str s)
{
	bool minus = s.n && (signed char)s.p[s.n - 1] < 0;
	uint64_t u = minus ? UINT64_MAX : 0;

	if (s.n == 9 && !minus && s.p[8] == 0)
		s.n = 8; /* an unsigned 64-bit number */
	else if (s.n > 8)
		return fail(v, "an integer beyond 64 bits");
	for (size_t i = s.n; i-- > 0;)
		u = u << 8 | (unsigned char)s.p[i];
	return minus ? make_i64(o, (int64_t)u) : make_u64(v, o, u);
}

/* Decimal digits: INT and LONG; "00" and "01" of INT are booleans. */
static bool
make_decimal(struct machine *v, struct obj *o, struct str s, bool is_int)
{
	uint64_t u;
	int64_t n;

	if (is_int && (str_eq(s, S("00")) || str_eq(s, S("01")))) {
		*o = s.p[1] == '1' ? pickle_true : pickle_false;
		return true;
	}
	if (!is_int && str_ends(s, S("L")))
		s.n--;
	if (num_i64(s, &n))
		return make_i64(o, n);
	return num_u64(s, &u) ? make_u64(v, o, u) : fail(v, "an integer that is none or beyond 64 bits");
}

static bool
make_float(struct machine *v, struct obj *o, double d)
{
	char tmp[48];
	struct buf b = {.p = tmp, .cap = sizeof(tmp)};

	if (d > -9e12 && d < 9e12) {
		buf_fixed(&b, (int64_t)(d * 1e6), 6);
	} else if (d > -9e18 && d < 9e18) {
		buf_i64(&b, (int64_t)d);
	} else {
		*o = pickle_none; /* NaN, infinity, and numbers out of range */
		return true;
	}
	return make(o, NUMBER, mem_str(v->m, buf_str(&b)));
}

static bool
make_binfloat(struct machine *v, struct obj *o, struct str s)
{
	uint64_t u = 0;
	double d;

	_Static_assert(sizeof(d) == sizeof(u), "IEEE 754");
	for (size_t i = 0; i < 8; i++)
		u = u << 8 | (unsigned char)s.p[i];
	memcpy(&d, &u, sizeof(d));
	return make_float(v, o, d);
}

/* repr() of a float: digits as JSON has them, or nan, inf. */
static bool
make_text_float(struct machine *v, struct obj *o, struct str s)
{
	char tmp[48];
	struct buf b = {.p = tmp, .cap = sizeof(tmp)};
	int64_t n;

	*o = pickle_none;
	if (!num_fixed(s, 6, &n))
		return true;
	buf_fixed(&b, n, 6);
	return make(o, NUMBER, mem_str(v->m, buf_str(&b)));
}

static int
hex(char c)
{
	int low = c | 0x20;

	return c >= '0' && c <= '9' ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/* n hex digits at the start of s; -1 if they are none. */
static int64_t
hex_value(struct str s, size_t n)
{
	int64_t c = 0;

	if (s.n < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (hex(s.p[i]) < 0)
			return -1;
		c = c * 16 + hex(s.p[i]);
	}
	return c;
}

/*
 * Text with escapes undone: of UNICODE only \u and \U, whose other bytes are
 * Latin-1; of STRING what repr() writes between its quotes.
 */
static bool
make_escaped(struct machine *v, struct obj *o, struct str s, bool unicode)
{
	static const char from[] = "abfnrtv\\'\"", to[] = "\a\b\f\n\r\t\v\\'\"";
	struct buf b = {0};
	const char *e;

	if (!unicode) {
		if (s.n < 2 || (s.p[0] != '\'' && s.p[0] != '"') || s.p[s.n - 1] != s.p[0])
			return fail(v, "a string without quotes");
		s = str_head(str_from(s, 1), s.n - 2);
	}
	while (s.n) {
		char c = s.p[0];
		size_t digits = 0;
		int64_t code = -1;

		s = str_from(s, 1);
		if (c != '\\' || s.n == 0) {
			if (unicode)
				buf_utf8(&b, (unsigned char)c);
			else
				buf_chr(&b, c);
			continue;
		}
		if (unicode ? s.p[0] == 'u' || s.p[0] == 'U' : s.p[0] == 'x') {
			digits = s.p[0] == 'u' ? 4 : s.p[0] == 'U' ? 8 : 2;
			code = hex_value(str_from(s, 1), digits);
		}
		e = unicode ? NULL : memchr(from, s.p[0], sizeof(from) - 1);
		if (code >= 0 && code <= 0x10ffff) {
			if (unicode)
				buf_utf8(&b, code >= 0xd800 && code < 0xe000 ? 0xfffd : (uint32_t)code);
			else
				buf_chr(&b, (char)code);
			s = str_from(s, 1 + digits);
		} else if (e) {
			buf_chr(&b, to[e - from]);
			s = str_from(s, 1);
		} else {
			buf_chr(&b, c);
		}
	}
	s = mem_str(v->m, buf_str(&b));
	buf_free(&b);
	return make(o, TEXT, s);
}

/* What the opcode at hand makes. */
static bool
pickle_scalar(struct machine *v, enum op op, struct obj *o)
{
	uint64_t u;
	struct str s;

	switch (op) {
	case BININT:
		return take_number(v, 4, &u) && make_i64(o, (int32_t)(uint32_t)u);
	case BININT1:
		return take_number(v, 1, &u) && make_i64(o, (int64_t)u);
	case BININT2:
		return take_number(v, 2, &u) && make_i64(o, (int64_t)u);
	case LONG1:
		return take_number(v, 1, &u) && take(v, u, &s) && make_long(v, o, s);
	case LONG4:
		return take_number(v, 4, &u) && take(v, u, &s) && make_long(v, o, s);
	case INT:
		return pickle_take_line(v, &s) && make_decimal(v, o, s, true);
	case LONG:
		return pickle_take_line(v, &s) && make_decimal(v, o, s, false);
	case FLOAT:
		return pickle_take_line(v, &s) && make_text_float(v, o, s);
	case BINFLOAT:
		return take(v, 8, &s) && make_binfloat(v, o, s);
	case STRING:
		return pickle_take_line(v, &s) && make_escaped(v, o, s, false);
	case UNICODE:
		return pickle_take_line(v, &s) && make_escaped(v, o, s, true);
	case SHORT_BINSTRING:
	case SHORT_BINUNICODE:
		return take_number(v, 1, &u) && take(v, u, &s) && make(o, TEXT, s);
	case BINSTRING:
	case BINUNICODE:
		return take_number(v, 4, &u) && take(v, u, &s) && make(o, TEXT, s);
	case BINUNICODE8:
		return take_number(v, 8, &u) && take(v, u, &s) && make(o, TEXT, s);
	default:
		return false;
	}
}

/* ---- running ---- */

/* One opcode; false on an error, and at the end with *done. */
static bool
step(struct machine *v, enum op op, bool *done)
{
	struct obj *o;
	uint64_t u;
	struct str s;
	size_t from;

	switch (op) {
	case REFUSED:
		return fail(v, "not plain data");
	case STOP:
		*done = true;
		return v->n == 1 && v->stack[0] ? false : fail(v, "leaves no single object");
	case PROTO:
		return take_number(v, 1, &u) && (u <= 5 || fail(v, "a protocol above 5"));
	case FRAME:
		return take_number(v, 8, &u) && (u <= v->in.n - v->at || fail(v, "ends too early"));
	case MARK:
		v->marks++;
		return push(v, NULL);
	case POP:
		if (v->n == 0)
			return fail(v, "takes from an empty stack");
		v->marks -= v->stack[--v->n] == NULL;
		return true;
	case POP_MARK:
		if (!pickle_find_mark(v, &from))
			return false;
		v->n = from - 1;
		v->marks--;
		return true;
	case DUP:
		return peek(v) && push(v, peek(v));
	case PUT:
		return pickle_take_line(v, &s) && (num_u64(s, &u) || fail(v, "a memo number that is none")) && pickle_memo_put(v, u);
	case BINPUT:
		return take_number(v, 1, &u) && pickle_memo_put(v, u);
	case LONG_BINPUT:
		return take_number(v, 4, &u) && pickle_memo_put(v, u);
	case MEMOIZE:
		return pickle_memo_put(v, v->nmemo);
	case GET:
		return pickle_take_line(v, &s) && (num_u64(s, &u) || fail(v, "a memo number that is none")) && pickle_memo_get(v, u);
	case BINGET:
		return take_number(v, 1, &u) && pickle_memo_get(v, u);
	case LONG_BINGET:
		return take_number(v, 4, &u) && pickle_memo_get(v, u);
	case NONE:
		return push(v, &pickle_none);
	case TRUE:
		return push(v, &pickle_true);
	case FALSE:
		return push(v, &pickle_false);
	case INT:
	case BININT:
	case BININT1:
	case BININT2:
	case LONG:
	case LONG1:
	case LONG4:
	case FLOAT:
	case BINFLOAT:
	case STRING:
	case BINSTRING:
	case SHORT_BINSTRING:
	case UNICODE:
	case SHORT_BINUNICODE:
	case BINUNICODE:
	case BINUNICODE8:
		o = new_object(v, WORD);
		return o && pickle_scalar(v, op, o) && push(v, o);
	case EMPTY_LIST:
		return pickle_push_container(v, ARRAY);
	case EMPTY_TUPLE:
		return push(v, &pickle_no_elements);
	case EMPTY_DICT:
		return pickle_push_container(v, OBJECT);
	case APPEND:
		return pickle_gather_n(v, 1, true);
	case SETITEM:
		return pickle_gather_n(v, 2, true);
	case APPENDS:
		return pickle_extend(v, ARRAY);
	case SETITEMS:
		return pickle_extend(v, OBJECT);
	case LIST:
		return pickle_gather_mark(v, ARRAY);
	case TUPLE:
		return pickle_gather_mark(v, TUPLE_OF);
	case DICT:
		return pickle_gather_mark(v, OBJECT);
	case TUPLE1:
		return pickle_gather_n(v, 1, false);
	case TUPLE2:
		return pickle_gather_n(v, 2, false);
	case TUPLE3:
		return pickle_gather_n(v, 3, false);
	}
	return false;
}

/* ---- as JSON ---- */

static const char too_deep[] = "nested deeper than 512";
static const char too_large[] = "more text than --max-line";
static const char too_many[] = "more than 4M names and values, and more than one in 8 bytes";

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

/* The text of a scalar; is it a string? */
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
		/* whatever is changed grows */
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

/* A name, or a value that holds no others; its token. */
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

/* What has a shape, or a part of that; up is its token's parent.  False if there
 * would be more text. */
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

/* The tree that begins with o, as text and its tokens; NULL, or why not.  Notes
 * in seen, if any, whose tokens they are: at most SHAPE_TOKENS. */
static const char *
pickle_put(struct buf *b, struct json *j, struct obj *o, uint64_t max, struct obj **seen)
{
	struct level {
		const struct part *part, *last; /* part is NULL behind the last */
		size_t i; /* of the part: what comes next */
		int at;   /* its token */
		int name; /* of an object: the name whose value comes next, or -1 */
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

/* ---- dicts of a known shape ---- */

/* What a match remembers, until it is one. */
struct matching {
	const struct shape *shape;
	struct shaped *s;
	struct {
		uint64_t number;
		const struct shape_step *step;
	} put[SHAPE_TOKENS];
	size_t nputs, nmemo;
};

static struct obj *
value_in(const struct matching *t, int slot)
{
	struct obj *o = t->shape->slot[slot].o;

	for (size_t i = t->s->n; i-- > 0;)
		if (t->s->value[i].slot == slot)
			o = &t->s->value[i];
	return o->kind == SAME ? o->same : o;
}

/* A value of what may have a shape. */
static bool
match_value(struct machine *v, const struct matching *t, struct obj *to)
{
	enum op op = v->at < v->in.n ? pickle_ops[(unsigned char)v->in.p[v->at++]].op : STOP;
	struct obj *o = NULL;
	uint64_t u;

	switch (op) {
	case NONE:
		*to = pickle_none;
		return true;
	case TRUE:
		*to = pickle_true;
		return true;
	case FALSE:
		*to = pickle_false;
		return true;
	case BINGET:
	case LONG_BINGET:
		if (!take_number(v, op == BINGET ? 1 : 4, &u))
			return false;
		if (u < v->nmemo)
			o = v->memo[u];
		for (size_t i = t->nputs; !o && i-- > 0;)
			if (t->put[i].number == u && t->put[i].step->slot >= 0)
				o = value_in(t, t->put[i].step->slot);
		if (!o || o->kind > SAME)
			return false;
		*to = (struct obj){.same = o->kind == SAME ? o->same : o, .kind = SAME};
		return true;
	default:
		return op >= INT && op <= BINUNICODE8 && pickle_scalar(v, op, to);
	}
}

static bool
match_put(struct machine *v, struct matching *t, const struct shape_step *step)
{
	enum op op = v->at < v->in.n ? pickle_ops[(unsigned char)v->in.p[v->at++]].op : STOP;
	uint64_t u = t->nmemo;

	if (op != MEMOIZE && !((op == BINPUT || op == LONG_BINPUT) && take_number(v, op == BINPUT ? 1 : 4, &u)))
		return false;
	if (u > OBJECTS_MAX || (u < v->nmemo && v->memo[u]))
		return false;
	t->put[t->nputs].number = u;
	t->put[t->nputs++].step = step;
	if (t->nmemo <= u)
		t->nmemo = (size_t)u + 1;
	return true;
}

/* How many bytes at p and q are the same, of n. */
static size_t
same_bytes(const char *p, const char *q, size_t n)
{
	size_t i = 0;

	while (n - i >= 8 && memcmp(p + i, q + i, 8) == 0)
		i += 8;
	while (i < n && p[i] == q[i])
		i++;
	return i;
}

/*
 * Does the dict at hand have this shape?  What stands there as in the dict that
 * has taught it means the same, and is only compared.
 */
static bool
match(struct machine *v, const struct shape *h, struct matching *t)
{
	const struct shape_step *end = h->step + h->nsteps;
	const char *in = v->in.p;
	size_t same = 0, left; /* opcodes that end here are as they were there */

	t->shape = h;
	t->nputs = 0;
	t->nmemo = v->nmemo;
	for (const struct shape_step *step = h->step; step < end; step++) {
		if (step->what == REMEMBER) {
			if (!match_put(v, t, step))
				return false;
			same = 0;
			continue;
		}
		if (same == 0) {
			left = end[-1].at + end[-1].n - step->at;
			left = left < v->in.n - v->at ? left : v->in.n - v->at;
			same = step->at + same_bytes(in + v->at, in + step->at, left);
		}
		if (step->at + step->n <= same) {
			v->at += step->n;
			continue;
		}
		if (step->what != VALUE || !match_value(v, t, &t->s->value[t->s->n]))
			return false;
		t->s->value[t->s->n++].slot = (uint16_t)step->slot;
		same = 0;
	}
	return true;
}

/* It does: push it. */
static bool
take_shaped(struct machine *v, const struct matching *t)
{
	struct obj *root = new_object(v, SHAPED), *o;

	if (!root || !count(v, t->s->n + t->nputs))
		return false;
	root->shaped = t->s;
	for (size_t i = 0; i < t->nputs; i++) {
		const struct shape_step *step = t->put[i].step;

		o = step->name ? step->name : step->slot >= 0 ? value_in(t, step->slot) : root;
		if (step->token > 0) {
			o = room(v, 1);
			*o = *root;
			o->n = (uint32_t)step->token;
		}
		if (!pickle_memo_set(v, t->put[i].number, o))
			return false;
	}
	return push(v, root);
}

/*
 * Has the dict that begins with the opcode before the one at hand a shape that
 * is known?  Then it is pushed, or there is an error.
 */
static bool
pickle_shaped(struct machine *v)
{
	enum { FREE = 65536, FACTOR = 8 };
	size_t at = v->at, units, used;
	struct matching t;
	unsigned first;

	if (v->unshaped || !v->nshapes)
		return false;
	first = v->shape[v->last]->next;
	for (unsigned i = 0; i < v->nshapes && v->wasted < FREE + FACTOR * at; i++) {
		unsigned k = (first + i) % v->nshapes;
		const struct shape *h = v->shape[k];
		bool is;

		_Static_assert(sizeof(*t.s) == sizeof(*t.s->value), "room is for objects");
		units = 1 + h->slots;
		t.s = room(v, units);
		*t.s = (struct shaped){.shape = h};
		is = match(v, h, &t);
		used = is ? 1 + t.s->n : 0;
		v->room -= units - used;
		v->nroom += units - used;
		if (is) {
			v->shape[v->last]->next = k;
			v->last = k;
			v->met++;
			return take_shaped(v, &t);
		}
		v->wasted += v->at - at;
		v->at = at;
		v->why = NULL;
	}
	return false;
}

/* What is to become a shape: a dict, its tokens and whose they are. */
struct learning {
	struct machine *v;
	struct json *j;
	struct obj **seen;
	int at, slots; /* tokens that are explained by opcodes, values of them */
	bool value[SHAPE_TOKENS];
	bool fresh;    /* the last opcode made a name or a value */
	size_t nputs, nsteps;
	struct shape_step step[LOG];
};

static void
learn_compare(struct learning *l, size_t at, size_t n)
{
	struct shape_step *last = l->nsteps ? &l->step[l->nsteps - 1] : NULL;

	if (last && last->what == COMPARE)
		last->n += n;
	else
		l->step[l->nsteps++] = (struct shape_step){.what = COMPARE, .slot = -1, .token = -1, .at = at, .n = n};
}

/* Is o a container in the dict, which stands there once? */
static bool
has_container(const struct learning *l, const struct obj *o)
{
	return o && o->kind > SAME && o->kind != SHAPED && o->n < (uint32_t)l->j->n && l->seen[o->n] == o;
}

/* Pass over containers to the token of o; NULL: to the end. */
static bool
find_token(struct learning *l, const struct obj *o)
{
	while (l->at < l->j->n && l->seen[l->at] != o) {
		if (!has_container(l, l->seen[l->at]) || l->seen[l->at]->n != (uint32_t)l->at)
			return false;
		l->at++;
	}
	return l->at < l->j->n || !o;
}

/* The object on top was given a number by an opcode of n bytes at an offset. */
static bool
learn_put(struct learning *l, struct obj *o, size_t at, size_t n)
{
	struct shape_step step = {.what = REMEMBER, .token = -1, .slot = -1, .at = at, .n = n};

	if (l->nputs++ == SHAPE_TOKENS)
		return false;
	if (has_container(l, o))
		step.token = (int)o->n;
	else if (!l->fresh)
		return false;
	else if (l->value[l->at - 1])
		step.slot = l->slots - 1;
	else
		step.name = o;
	l->step[l->nsteps++] = step;
	return true;
}

/* What was made or taken out of the memo and is o, by an opcode of n bytes at an
 * offset. */
static bool
learn_object(struct learning *l, const struct obj *o, size_t at, size_t n)
{
	const jsmntok_t *t;

	if (!o || !find_token(l, o))
		return false;
	t = &l->j->tok[l->at];
	if (o->kind > SAME) {
		l->at = t->size;
		learn_compare(l, at, n);
		return true;
	}
	if (t->type == JSMN_STRING && l->j->tok[t->parent].type == JSMN_OBJECT) {
		learn_compare(l, at, n);
	} else {
		l->value[l->at] = true;
		l->step[l->nsteps++] = (struct shape_step){.what = VALUE, .slot = l->slots++, .token = -1, .at = at, .n = n};
	}
	l->at++;
	return true;
}

/* An opcode of n bytes; false if dicts that have it can have no shape. */
static bool
learn_opcode(struct learning *l, const struct did *did, size_t n)
{
	enum op op = pickle_ops[(unsigned char)l->v->in.p[did->at]].op;
	bool fresh = op >= NONE && op <= BINUNICODE8, ok;

	switch (op) {
	case BINPUT:
	case LONG_BINPUT:
	case MEMOIZE:
		ok = learn_put(l, did->o, did->at, n);
		break;
	case BINGET:
	case LONG_BINGET:
	case EMPTY_TUPLE:
		ok = learn_object(l, did->o, did->at, n);
		break;
	case MARK:
	case EMPTY_LIST:
	case EMPTY_DICT:
	case LIST:
	case DICT:
	case TUPLE:
	case TUPLE1:
	case TUPLE2:
	case TUPLE3:
	case APPEND:
	case APPENDS:
	case SETITEM:
	case SETITEMS:
		learn_compare(l, did->at, n);
		ok = true;
		break;
	default:
		ok = fresh && learn_object(l, did->o, did->at, n);
		break;
	}
	l->fresh = fresh;
	return ok;
}

/* The text of the dict, its tokens and values. */
static void
learn_text(const struct learning *l, struct str text, struct shape *h)
{
	struct mem *m = l->v->m;
	unsigned depth[SHAPE_TOKENS];

	h->n = l->j->n;
	h->escapes = l->j->escapes;
	h->text = mem_str(m, text);
	h->slot = mem_new(m, struct shape_slot, (size_t)l->slots);
	h->tok = mem_new(m, jsmntok_t, (size_t)h->n);
	h->name = mem_new(m, uint64_t, (size_t)h->n);
	memcpy(h->tok, l->j->tok, (size_t)h->n * sizeof(*h->tok));
	memcpy(h->name, l->j->name, (size_t)h->n * sizeof(*h->name));
	for (int i = 0; i < h->n; i++) {
		const jsmntok_t *t = &h->tok[i];
		int quoted = t->type == JSMN_STRING;

		depth[i] = (i ? depth[t->parent] : 0) + (t->type == JSMN_ARRAY || t->type == JSMN_OBJECT);
		h->depth = depth[i] > h->depth ? depth[i] : h->depth;
		if (l->value[i])
			h->slot[h->slots++] = (struct shape_slot){i, t->start - quoted, t->end + quoted, l->seen[i]};
	}
}

/* The shape of a dict. */
static void
learn(struct machine *v, struct obj *root, struct buf *b, struct json *j)
{
	struct obj *seen[SHAPE_TOKENS] = {0};
	struct learning l = {.v = v, .j = j, .seen = seen, .at = 1};
	size_t first = root->n; /* until its tokens are made */
	struct shape *h;

	if (pickle_put(b, j, root, SHAPE_BYTES, seen) || j->n > SHAPE_TOKENS)
		return;
	for (size_t i = first + 1; i < v->nlog; i++) {
		size_t at = v->log[i % LOG].at, end = i + 1 < v->nlog ? v->log[(i + 1) % LOG].at : v->at;

		if (!learn_opcode(&l, &v->log[i % LOG], end - at))
			return;
	}
	if (!find_token(&l, NULL))
		return;
	for (int i = 0; i < j->n; i++)
		if (seen[i] && (seen[i]->kind == ARRAY || seen[i]->kind == OBJECT))
			seen[i]->closed = true;
	h = v->shape[v->nshapes] = mem_new(v->m, struct shape, 1);
	h->next = v->nshapes++;
	h->step = mem_new(v->m, struct shape_step, l.nsteps);
	memcpy(h->step, l.step, l.nsteps * sizeof(*l.step));
	h->nsteps = l.nsteps;
	learn_text(&l, buf_str(b), h);
}

/* A dict was made.  May others have its shape?  Those that hold dicts of known
 * shapes have none. */
static bool
may_learn(struct machine *v, const struct obj *root)
{
	enum { FIRST = 64 };
	size_t first = root->n;

	if (v->unshaped || v->nshapes == SHAPES || root->kind != OBJECT || first + LOG < v->nlog)
		return false;
	if (v->log[first % LOG].o != root || v->in.p[v->log[first % LOG].at] != '}')
		return false;
	for (size_t i = first; i < v->nlog; i++) {
		const struct did *did = &v->log[i % LOG];

		if (did->o && did->o->kind == SHAPED && v->in.p[did->at] == '}')
			return false;
	}
	return v->tried++ < FIRST + v->met / 8;
}

static void
pickle_learn(struct machine *v, struct obj *root, struct buf *b, struct json *j)
{
	if (may_learn(v, root))
		learn(v, root, b, j);
}

bool
pickle_is(struct str head)
{
	unsigned char a, z;

	if (head.n < 2)
		return false;
	a = (unsigned char)head.p[0];
	z = (unsigned char)head.p[1];
	if (a == 0x80)
		return z <= 5;
	/* protocols 0 and 1 begin with the container and put it into the memo */
	if (a == '(')
		return strchr("dltp(", z) && z;
	return (a == '}' || a == ']') && z && strchr("q(pr.", z);
}

/* Run the opcodes to the end; false on an error. */
static bool
run(struct machine *v, struct buf *b, struct json *j, struct pickle_error *e)
{
	bool done = false;

	while (!done) {
		unsigned char c;
		enum op op;

		e->at = v->at;
		if (v->at == v->in.n) {
			e->opcode = (struct str){0};
			return fail(v, "ends too early");
		}
		c = (unsigned char)v->in.p[v->at++];
		op = pickle_ops[c].op;
		e->opcode = pickle_ops[c].name;
		if (op == REFUSED && pickle_ops[c].name.n == 0)
			return fail(v, "not an opcode");
		if (!(op == EMPTY_DICT && pickle_shaped(v)) && (v->why || !step(v, op, &done)))
			return done && !v->why;
		v->log[v->nlog++ % LOG] = (struct did){(size_t)e->at, v->n ? v->stack[v->n - 1] : NULL};
		if (op == SETITEMS)
			pickle_learn(v, v->stack[v->n - 1], b, j);
	}
	return true;
}

bool
pickle_json(struct str text, uint64_t max, struct mem *m, struct buf *b, struct json *j, struct pickle_error *e)
{
	struct machine v = {.in = text, .m = m};

	*e = (struct pickle_error){0};
	for (;;) {
		bool again;

		if (run(&v, b, j, e)) {
			v.why = pickle_put(b, j, v.stack[0], max, NULL);
			j->text = buf_str(b);
			e->opcode = (struct str){0};
		}
		mem_give(v.stack, v.cap * sizeof(*v.stack));
		mem_give(v.memo, v.memocap * sizeof(*v.memo));
		again = v.again;
		e->why = v.why;
		if (!again)
			return v.why == NULL;
		v = (struct machine){.in = text, .m = m, .unshaped = true};
	}
}
