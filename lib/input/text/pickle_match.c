#include "input/text/unpickle.h"

#include <string.h>

/* State of an attempted match. */
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

/* Read a value of a dict that may have the shape. */
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

/* Number of equal bytes at p and q, at most n. */
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
 * Does the current dict have this shape?  Bytes equal to those of the dict from which the
 * shape was learned mean the same and are only compared.
 */
static bool
match(struct machine *v, const struct shape *h, struct matching *t)
{
	const struct shape_step *end = h->step + h->nsteps;
	const char *in = v->in.p;
	size_t same = 0, left; /* opcodes that end before this are equal */

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

/* Push the matched dict. */
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

bool
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
