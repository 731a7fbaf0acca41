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
} ops[256] = {
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
	ARRAY,
	TUPLE_OF,
	OBJECT,
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
		struct part *last; /* of a container, whose next is the first; or NULL */
	};
	uint32_t n;                /* of p: a pickle has at most 1 GiB */
	uint8_t kind;
};

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
};

static struct obj none = {.kind = WORD, .p = "null", .n = 4};
static struct obj yes = {.kind = WORD, .p = "true", .n = 4};
static struct obj no = {.kind = WORD, .p = "false", .n = 5};
static struct obj no_elements = {.kind = TUPLE_OF}; /* nothing is ever added to a tuple */

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
	o->kind = (uint8_t)kind;
	return o;
}

/* A word, a number, text. */
static bool
push_new(struct machine *v, enum kind kind, struct str s)
{
	struct obj *o = new_object(v, kind);

	if (!o)
		return false;
	o->p = s.p;
	o->n = (uint32_t)s.n;
	return push(v, o);
}

static bool
push_container(struct machine *v, enum kind kind)
{
	struct obj *o = new_object(v, kind);

	return o && push(v, o);
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
find_mark(struct machine *v, size_t *from)
{
	if (v->marks == 0)
		return fail(v, "takes to a mark that is not there");
	for (*from = v->n; v->stack[*from - 1]; --*from)
		;
	return true;
}

/* A new container of what follows the topmost mark. */
static bool
gather_mark(struct machine *v, enum kind kind)
{
	size_t from;
	struct obj *o;

	if (!find_mark(v, &from) || !(o = new_object(v, kind)) || !append_from(v, from, o))
		return false;
	v->n--;
	v->marks--;
	return push(v, o);
}

/* The last n objects as a tuple, or into the container below them. */
static bool
gather_n(struct machine *v, size_t n, bool into)
{
	struct obj *o;

	if (v->n < n + into)
		return fail(v, "takes from an empty stack");
	for (size_t i = 0; i < n + into; i++)
		if (!v->stack[v->n - 1 - i])
			return fail(v, "takes from an empty stack");
	if (into) {
		o = v->stack[v->n - n - 1];
		if (o->kind != (n == 1 ? ARRAY : OBJECT))
			return fail(v, "adds to what is no list or dict");
		return append_from(v, v->n - n, o);
	}
	o = new_object(v, TUPLE_OF);
	return o && append_from(v, v->n - n, o) && push(v, o);
}

/* APPENDS, SETITEMS: what follows the mark into the container before it. */
static bool
extend(struct machine *v, enum kind kind)
{
	size_t from;
	struct obj *o;

	if (!find_mark(v, &from))
		return false;
	o = from > 1 ? v->stack[from - 2] : NULL;
	if (!o || o->kind != kind)
		return fail(v, "adds to what is no list or dict");
	if (!append_from(v, from, o))
		return false;
	v->n--;
	v->marks--;
	return true;
}

static bool
memo_put(struct machine *v, uint64_t i)
{
	struct obj *o = peek(v);

	if (!o)
		return false;
	/* numbers count up as objects are made */
	if (i > OBJECTS_MAX || i > 2 * (uint64_t)v->objects + 1024)
		return fail(v, "a memo number that is too high");
	while (v->nmemo <= i) {
		v->memo = mem_more(v->memo, v->nmemo, &v->memocap, sizeof(*v->memo));
		v->memo[v->nmemo++] = NULL;
	}
	v->memo[i] = o;
	return true;
}

static bool
memo_get(struct machine *v, uint64_t i)
{
	if (i >= v->nmemo || !v->memo[i])
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
take_line(struct machine *v, struct str *s)
{
	struct str rest = str_from(v->in, v->at);
	size_t n = str_find(rest, S("\n"));

	if (n == rest.n)
		return fail(v, "ends too early");
	*s = str_trim(str_head(rest, n));
	v->at += n + 1;
	return true;
}

static bool
push_i64(struct machine *v, int64_t n)
{
	struct obj *o = new_object(v, INTEGER);

	if (!o)
		return false;
	o->integer = n;
	return push(v, o);
}

static bool
push_u64(struct machine *v, uint64_t n)
{
	char tmp[24];
	struct buf b = {.p = tmp, .cap = sizeof(tmp)};

	if (n <= INT64_MAX)
		return push_i64(v, (int64_t)n);
	buf_u64(&b, n);
	return push_new(v, NUMBER, mem_str(v->m, buf_str(&b)));
}

/* Two's complement, little-endian. */
static bool
push_long(struct machine *v, struct str s)
{
	bool minus = s.n && (signed char)s.p[s.n - 1] < 0;
	uint64_t u = minus ? UINT64_MAX : 0;

	if (s.n == 9 && !minus && s.p[8] == 0)
		s.n = 8; /* an unsigned 64-bit number */
	else if (s.n > 8)
		return fail(v, "an integer beyond 64 bits");
	for (size_t i = s.n; i-- > 0;)
		u = u << 8 | (unsigned char)s.p[i];
	return minus ? push_i64(v, (int64_t)u) : push_u64(v, u);
}

/* Decimal digits: INT and LONG; "00" and "01" of INT are booleans. */
static bool
push_decimal(struct machine *v, struct str s, bool is_int)
{
	uint64_t u;
	int64_t n;

	if (is_int && (str_eq(s, S("00")) || str_eq(s, S("01"))))
		return push(v, s.p[1] == '1' ? &yes : &no);
	if (!is_int && str_ends(s, S("L")))
		s.n--;
	if (num_i64(s, &n))
		return push_i64(v, n);
	return num_u64(s, &u) ? push_u64(v, u) : fail(v, "an integer that is none or beyond 64 bits");
}

static bool
push_float(struct machine *v, double d)
{
	char tmp[48];
	struct buf b = {.p = tmp, .cap = sizeof(tmp)};

	if (d > -9e12 && d < 9e12)
		buf_fixed(&b, (int64_t)(d * 1e6), 6);
	else if (d > -9e18 && d < 9e18)
		buf_i64(&b, (int64_t)d);
	else
		return push(v, &none); /* NaN, infinity and numbers out of range */
	return push_new(v, NUMBER, mem_str(v->m, buf_str(&b)));
}

static bool
push_binfloat(struct machine *v, struct str s)
{
	uint64_t u = 0;
	double d;

	_Static_assert(sizeof(d) == sizeof(u), "IEEE 754");
	for (size_t i = 0; i < 8; i++)
		u = u << 8 | (unsigned char)s.p[i];
	memcpy(&d, &u, sizeof(d));
	return push_float(v, d);
}

/* repr() of a float: digits as JSON has them, or nan, inf. */
static bool
push_text_float(struct machine *v, struct str s)
{
	int64_t n;

	if (num_fixed(s, 6, &n)) {
		char tmp[48];
		struct buf b = {.p = tmp, .cap = sizeof(tmp)};

		buf_fixed(&b, n, 6);
		return push_new(v, NUMBER, mem_str(v->m, buf_str(&b)));
	}
	return push(v, &none);
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
push_escaped(struct machine *v, struct str s, bool unicode)
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
	return push_new(v, TEXT, s);
}

/* ---- running ---- */

/* One opcode; false on an error, and at the end with *done. */
static bool
step(struct machine *v, enum op op, bool *done)
{
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
		if (!find_mark(v, &from))
			return false;
		v->n = from - 1;
		v->marks--;
		return true;
	case DUP:
		return peek(v) && push(v, peek(v));
	case PUT:
		return take_line(v, &s) && (num_u64(s, &u) || fail(v, "a memo number that is none")) && memo_put(v, u);
	case BINPUT:
		return take_number(v, 1, &u) && memo_put(v, u);
	case LONG_BINPUT:
		return take_number(v, 4, &u) && memo_put(v, u);
	case MEMOIZE:
		return memo_put(v, v->nmemo);
	case GET:
		return take_line(v, &s) && (num_u64(s, &u) || fail(v, "a memo number that is none")) && memo_get(v, u);
	case BINGET:
		return take_number(v, 1, &u) && memo_get(v, u);
	case LONG_BINGET:
		return take_number(v, 4, &u) && memo_get(v, u);
	case NONE:
		return push(v, &none);
	case TRUE:
		return push(v, &yes);
	case FALSE:
		return push(v, &no);
	case INT:
		return take_line(v, &s) && push_decimal(v, s, true);
	case BININT:
		return take_number(v, 4, &u) && push_i64(v, (int32_t)(uint32_t)u);
	case BININT1:
		return take_number(v, 1, &u) && push_u64(v, u);
	case BININT2:
		return take_number(v, 2, &u) && push_u64(v, u);
	case LONG:
		return take_line(v, &s) && push_decimal(v, s, false);
	case LONG1:
		return take_number(v, 1, &u) && take(v, u, &s) && push_long(v, s);
	case LONG4:
		return take_number(v, 4, &u) && take(v, u, &s) && push_long(v, s);
	case FLOAT:
		return take_line(v, &s) && push_text_float(v, s);
	case BINFLOAT:
		return take(v, 8, &s) && push_binfloat(v, s);
	case STRING:
		return take_line(v, &s) && push_escaped(v, s, false);
	case UNICODE:
		return take_line(v, &s) && push_escaped(v, s, true);
	case SHORT_BINSTRING:
	case SHORT_BINUNICODE:
		return take_number(v, 1, &u) && take(v, u, &s) && push_new(v, TEXT, s);
	case BINSTRING:
	case BINUNICODE:
		return take_number(v, 4, &u) && take(v, u, &s) && push_new(v, TEXT, s);
	case BINUNICODE8:
		return take_number(v, 8, &u) && take(v, u, &s) && push_new(v, TEXT, s);
	case EMPTY_LIST:
		return push_container(v, ARRAY);
	case EMPTY_TUPLE:
		return push(v, &no_elements);
	case EMPTY_DICT:
		return push_container(v, OBJECT);
	case APPEND:
		return gather_n(v, 1, true);
	case SETITEM:
		return gather_n(v, 2, true);
	case APPENDS:
		return extend(v, ARRAY);
	case SETITEMS:
		return extend(v, OBJECT);
	case LIST:
		return gather_mark(v, ARRAY);
	case TUPLE:
		return gather_mark(v, TUPLE_OF);
	case DICT:
		return gather_mark(v, OBJECT);
	case TUPLE1:
		return gather_n(v, 1, false);
	case TUPLE2:
		return gather_n(v, 2, false);
	case TUPLE3:
		return gather_n(v, 3, false);
	}
	return false;
}

/* ---- as JSON ---- */

static const char too_deep[] = "nested deeper than 512";
static const char too_large[] = "more text than --max-line";
static const char too_many[] = "more than 4M names and values, and more than one in 8 bytes";

/* A name, or a value that holds no others; its token. */
static int
put_scalar(struct buf *b, struct json *j, struct obj *o, bool name, int up)
{
	bool quoted = name || o->kind >= TEXT;
	size_t at = b->n;
	int i;

	if (o->kind == TEXT) {
		buf_json(b, (struct str){o->p, o->n});
		/* whatever is changed grows */
		if (b->n - at == (size_t)o->n + 2)
			o->kind = PLAIN;
		else
			j->escapes = true;
	} else {
		if (quoted)
			buf_chr(b, '"');
		if (o->kind == INTEGER)
			buf_i64(b, o->integer);
		else
			buf_add(b, (struct str){o->p, o->n});
		if (quoted)
			buf_chr(b, '"');
	}
	i = json_add(j, quoted ? JSMN_STRING : JSMN_PRIMITIVE, at + quoted, up);
	json_end(j, i, b->n - quoted);
	if (name)
		json_name(j, i, buf_str(b));
	return i;
}

/* The tree that begins with o, as text and its tokens; NULL, or why not. */
static const char *
put_json(struct buf *b, struct json *j, struct obj *o, uint64_t max)
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
		if (o->kind <= PLAIN) {
			at = put_scalar(b, j, o, name, up);
			if (l)
				l->name = name ? at : -1;
		} else {
			if (n == JSON_DEPTH)
				return too_deep;
			if (l)
				l->name = -1;
			l = &stack[n++];
			*l = (struct level){.last = o->last, .part = o->last ? o->last->next : NULL, .name = -1, .object = o->kind == OBJECT};
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

bool
pickle_json(struct str text, uint64_t max, struct mem *m, struct buf *b, struct json *j, struct pickle_error *e)
{
	struct machine v = {.in = text, .m = m};
	bool done = false;

	*e = (struct pickle_error){0};
	while (!done) {
		unsigned char c;

		e->at = v.at;
		if (v.at == text.n) {
			v.why = "ends too early";
			break;
		}
		c = (unsigned char)text.p[v.at++];
		e->opcode = ops[c].name;
		if (c != '.' && ops[c].op == REFUSED && ops[c].name.n == 0) {
			v.why = "not an opcode";
			break;
		}
		if (!step(&v, ops[c].op, &done))
			break;
	}
	if (!v.why) {
		v.why = put_json(b, j, v.stack[0], max);
		j->text = buf_str(b);
		e->opcode = (struct str){0};
	}
	mem_give(v.stack, v.cap * sizeof(*v.stack));
	mem_give(v.memo, v.memocap * sizeof(*v.memo));
	e->why = v.why;
	return v.why == NULL;
}
