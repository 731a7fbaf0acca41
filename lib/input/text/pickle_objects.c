#include "input/text/unpickle.h"

#include <string.h>

struct obj pickle_none = {.kind = WORD, .p = "null", .n = 4};
struct obj pickle_true = {.kind = WORD, .p = "true", .n = 4};
struct obj pickle_false = {.kind = WORD, .p = "false", .n = 5};
struct obj pickle_no_elements = {.kind = TUPLE_OF}; /* tuples never change */

bool
pickle_push_container(struct machine *v, enum obj_kind kind)
{
	struct obj *o = new_object(v, kind);

	if (!o)
		return false;
	o->n = (uint32_t)v->nlog;
	return push(v, o);
}

/* Add all objects above index `from` to a container; a dict needs pairs whose names are
 * strings or integers. */
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

bool
pickle_find_mark(struct machine *v, size_t *from)
{
	if (v->marks == 0)
		return fail(v, "takes to a mark that is not there");
	for (*from = v->n; v->stack[*from - 1]; --*from)
		;
	return true;
}

bool
pickle_gather_mark(struct machine *v, enum obj_kind kind)
{
	size_t from;
	struct obj *o;

	if (!pickle_find_mark(v, &from) || !(o = new_object(v, kind)) || !append_from(v, from, o))
		return false;
	v->n--;
	v->marks--;
	return push(v, o);
}

/* May elements be added to o? */
static bool
takes_more(struct machine *v, const struct obj *o, enum obj_kind kind)
{
	if (o && (o->kind == SHAPED || o->closed)) {
		v->again = true;
		return false;
	}
	return (o && o->kind == kind) || fail(v, "adds to what is no list or dict");
}

bool
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

bool
pickle_extend(struct machine *v, enum obj_kind kind)
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

bool
pickle_memo_set(struct machine *v, uint64_t i, struct obj *o)
{
	/* numbers increase as objects are created */
	if (i > OBJECTS_MAX || i > 2 * (uint64_t)v->objects + 1024)
		return fail(v, "a memo number that is too high");
	while (v->nmemo <= i) {
		v->memo = mem_more(v->memo, v->nmemo, &v->memocap, sizeof(*v->memo));
		v->memo[v->nmemo++] = NULL;
	}
	/* shapes that use this number would get another object */
	v->unshaped |= v->memo[i] && v->memo[i] != o;
	v->memo[i] = o;
	return true;
}

bool
pickle_memo_put(struct machine *v, uint64_t i)
{
	struct obj *o = peek(v);

	return o && pickle_memo_set(v, i, o);
}

bool
pickle_memo_get(struct machine *v, uint64_t i)
{
	if (!v->memo || i >= v->nmemo || !v->memo[i])
		return fail(v, "a memo number that was never given");
	return push(v, v->memo[i]);
}
