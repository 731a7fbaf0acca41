#include "input/text/pickle.h"

#include <string.h>

#include "base/num.h"
#include "input/text/unpickle.h"

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
		e->shaped = v.met;
		if (!again)
			return v.why == NULL;
		v = (struct machine){.in = text, .m = m, .unshaped = true};
	}
}
