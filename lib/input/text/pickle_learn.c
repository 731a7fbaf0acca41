#include "input/text/unpickle.h"

#include <string.h>

/* A dict to become a shape: its tokens and the objects they belong to. */
struct learning {
	struct machine *v;
	struct json *j;
	struct obj **seen;
	int at, slots; /* number of tokens matched with opcodes; number of values */
	bool value[SHAPE_TOKENS];
	bool fresh;    /* the last opcode created a name or a value */
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
		l->step[l->nsteps++] = (struct shape_step){.what = COMPARE, .at = at, .n = n};
}

/* Is o a container that is in the dict exactly once? */
static bool
has_container(const struct learning *l, const struct obj *o)
{
	return o && o->kind > SAME && o->kind != SHAPED && o->n < (uint32_t)l->j->n && l->seen[o->n] == o;
}

/* Skip containers up to the token of o; NULL: to the end. */
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

/* An opcode of n bytes at an offset memoized the top object. */
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

/* An opcode of n bytes at an offset created o, or took it from the memo. */
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
		l->step[l->nsteps++] = (struct shape_step){.what = VALUE, .slot = l->slots++, .at = at, .n = n};
	}
	l->at++;
	return true;
}

/* Learn an opcode of n bytes; false if dicts with it cannot have a shape. */
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

/* Learn the text of the dict, its tokens and values. */
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

/* Learn the shape of a dict. */
static void
learn(struct machine *v, struct obj *root, struct buf *b, struct json *j)
{
	struct obj *seen[SHAPE_TOKENS] = {0};
	struct learning l = {.v = v, .j = j, .seen = seen, .at = 1};
	size_t first = root->n; /* its first opcode; valid until tokens are made */
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

/* May other dicts have this dict's shape?  Dicts that contain dicts of known shapes are
 * not learned. */
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

void
pickle_learn(struct machine *v, struct obj *root, struct buf *b, struct json *j)
{
	if (may_learn(v, root))
		learn(v, root, b, j);
}
