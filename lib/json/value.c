#include "json/value.h"

#include "base/num.h"

struct value
value_of(const struct json *j)
{
	return (struct value){j, j->n > 0 ? 0 : -1, false};
}

static struct value
at(struct value v, int i)
{
	v.at = i;
	return v;
}

static jsmntype_t
type(struct value v)
{
	return v.at < 0 ? JSMN_UNDEFINED : v.j->tok[v.at].type;
}

static struct value
plain(struct value v, struct str name)
{
	return at(v, json_get(v.j, v.at, name));
}

/*
 * The content of an AnyValue: the list of a kvlist or array, or the scalar.
 * Anything else is returned unchanged.
 */
static struct value
open_any(struct value v)
{
	static const struct str scalar[] = {
		STR_INIT("stringValue"), STR_INIT("intValue"), STR_INIT("doubleValue"),
		STR_INIT("boolValue"), STR_INIT("bytesValue"),
	};
	struct value w;

	if (type(v) != JSMN_OBJECT)
		return v;
	w = plain(v, S("kvlistValue"));
	if (!value_ok(w))
		w = plain(v, S("arrayValue"));
	if (value_ok(w))
		return plain(w, S("values"));
	for (size_t i = 0; i < NELEM(scalar); i++) {
		w = plain(v, scalar[i]);
		if (value_ok(w))
			return w;
	}
	return at(v, -1);
}

static inline struct value
inside(struct value v)
{
	return v.any ? open_any(v) : v;
}

/* Does this array, in OTLP's encoding, contain {"key":…,"value":…}? */
static bool
is_kvlist(struct value list)
{
	return type(list) == JSMN_ARRAY && json_after(list.j, list.at) > list.at + 1 &&
	       json_get(list.j, list.at + 1, S("key")) >= 0;
}

bool
value_is_object(struct value v)
{
	if (!v.any)
		return type(v) == JSMN_OBJECT;
	v = inside(v);
	return type(v) == JSMN_OBJECT || is_kvlist(v);
}

bool
value_is_array(struct value v)
{
	v = inside(v);
	return type(v) == JSMN_ARRAY && !(v.any && is_kvlist(v));
}

bool
value_is_string(struct value v)
{
	return type(inside(v)) == JSMN_STRING;
}

bool
value_is_null(struct value v)
{
	v = inside(v);
	return type(v) == JSMN_PRIMITIVE && v.j->text.p[v.j->tok[v.at].start] == 'n';
}

struct value
value_get_any(struct value v, struct str name)
{
	int found = -1, end;

	v = inside(v);
	if (type(v) != JSMN_ARRAY)
		return plain(v, name);
	end = json_after(v.j, v.at);
	for (int i = v.at + 1; i < end; i = json_after(v.j, i)) {
		int key = json_get(v.j, i, S("key"));

		if (key >= 0 && json_is(v.j, key, name))
			found = json_get(v.j, i, S("value"));
	}
	return at(v, found);
}

struct value
value_at(struct value v, struct str path)
{
	struct str name;

	while (value_ok(v) && str_cut(&path, '/', &name))
		v = value_get(v, name);
	return v;
}

struct value
value_otlp(struct value v)
{
	v.any = true;
	return v;
}

struct value
value_first(struct value v)
{
	v = inside(v);
	if (type(v) != JSMN_ARRAY && type(v) != JSMN_OBJECT)
		return at(v, -1);
	return at(v, json_after(v.j, v.at) > v.at + 1 ? v.at + 1 : -1);
}

struct value
value_next(struct value v, struct value element)
{
	int next = json_after(v.j, element.at);

	v = inside(v);
	return at(v, next < json_after(v.j, v.at) ? next : -1);
}

struct str
value_name(struct value member, struct mem *m)
{
	int i = member.at;

	if (type(member) == JSMN_OBJECT)
		i = json_get(member.j, i, S("key"));
	if (i < 0)
		return (struct str){0};
	return json_text(member.j, i, m);
}

struct value
value_of_member(struct value member)
{
	if (type(member) == JSMN_OBJECT)
		return plain(member, S("value"));
	return at(member, member.at + 1);
}

struct str
value_text(struct value v, struct mem *m)
{
	struct str s = {0};

	v = inside(v);
	if (type(v) == JSMN_STRING)
		return json_text(v.j, v.at, m);
	if (type(v) == JSMN_PRIMITIVE)
		s = json_raw(v.j, v.at);
	return s.n && s.p[0] != 'n' ? s : (struct str){0};
}

struct value
value_around(struct value v)
{
	do
		v.at = v.j->tok[v.at].parent;
	while (value_ok(v) && v.j->tok[v.at].type == JSMN_STRING);
	return v;
}

bool
value_i64(struct value v, int64_t *n)
{
	int64_t whole, thousands;
	struct str s;

	v = inside(v);
	if (type(v) != JSMN_STRING && type(v) != JSMN_PRIMITIVE)
		return false;
	s = json_raw(v.j, v.at);
	if (num_i64(s, n))
		return true;
	/* 79.0 and 1e3 are integers, too */
	if (!num_fixed(s, 0, &whole) || (num_fixed(s, 3, &thousands) && thousands % 1000 != 0))
		return false;
	*n = whole;
	return true;
}
