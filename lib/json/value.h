/*
 * value - one way to look into a record, whether it is plain JSON or spelled
 * in OTLP/JSON's AnyValue ({"stringValue":"x"}, {"kvlistValue":{"values":
 * [{"key":…,"value":…}]}}) or is an OTLP attribute list.  Dialects read a
 * Kubernetes Event or a journal entry from either with the same code.
 * Source: opentelemetry-proto common.proto, its JSON mapping.
 * Layer json: includes json.
 */
#ifndef VALUE_H
#define VALUE_H

#include "json/json.h"

struct value {
	const struct json *j;
	int at;   /* token, or -1: there is no such value */
	bool any; /* in OTLP's spelling */
};

/* The whole text as plain JSON. */
struct value value_of(const struct json *j);
static inline bool
value_ok(struct value v)
{
	return v.at >= 0;
}
bool value_is_object(struct value v); /* an attribute list is one */
bool value_is_array(struct value v);
bool value_is_string(struct value v);
bool value_is_null(struct value v);

/* Member by name, the last if repeated; not ok if there is none. */
struct value value_get_any(struct value v, struct str name);
static inline struct value
value_get(struct value v, struct str name)
{
	if (v.any)
		return value_get_any(v, name);
	v.at = json_get(v.j, v.at, name);
	return v;
}
/* Member of a member ...: "a/b/c". Names with a slash cannot be asked for. */
struct value value_at(struct value v, struct str path);

/* Mark v as an OTLP attribute list or AnyValue. */
struct value value_otlp(struct value v);

/* First and next element of an array, or member of an object. */
struct value value_first(struct value v);
struct value value_next(struct value v, struct value element);
/* The object or array that v stands in; not ok at the top. */
struct value value_around(struct value v);
/* For a member that value_first or value_next gave: its name and its value. */
struct str value_name(struct value member, struct mem *m);
struct value value_of_member(struct value member);

/* Text of a string, escapes undone, in m if need be; of a number or boolean
 * its digits or word; "no string" for null, containers and nothing. */
struct str value_text(struct value v, struct mem *m);
/* Integer from a number or a string of digits; false if it is none, n as before. */
bool value_i64(struct value v, int64_t *n);

#endif
