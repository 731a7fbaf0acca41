/*
 * value - uniform access to a record in plain JSON, in OTLP/JSON's AnyValue
 * ({"stringValue":"x"}, {"kvlistValue":{"values": [{"key":…,"value":…}]}}) or
 * in an OTLP attribute list.  Dialects read a Kubernetes Event or a journal
 * entry from any of these with the same code.
 * Source: opentelemetry-proto common.proto, its JSON mapping.
 * Layer json: includes json.
 */
#ifndef VALUE_H
#define VALUE_H

#include "json/json.h"

struct value {
	const struct json *j;
	int at;   /* token, or -1: no such value */
	bool any; /* in OTLP's encoding */
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

/* Member by name, the last one if repeated; not ok if there is none. */
struct value value_get_any(struct value v, struct str name);
static inline struct value
value_get(struct value v, struct str name)
{
	if (v.any)
		return value_get_any(v, name);
	v.at = json_get(v.j, v.at, name);
	return v;
}
/* Member of a member ...: "a/b/c".  Names that contain a slash cannot be looked up. */
struct value value_at(struct value v, struct str path);

/* Mark v as an OTLP attribute list or AnyValue. */
struct value value_otlp(struct value v);

/* First and next element of an array, or member of an object. */
struct value value_first(struct value v);
struct value value_next(struct value v, struct value element);
/* The object or array that contains v; not ok at the top. */
struct value value_around(struct value v);
/* Name and value of a member returned by value_first or value_next. */
struct str value_name(struct value member, struct mem *m);
struct value value_of_member(struct value member);

/* Text of a string, unescaped (in m if need be), or the digits or word of a
 * number or boolean; "no string" for null, containers and missing values. */
struct str value_text(struct value v, struct mem *m);
/* Integer from a number or a string of digits; otherwise false, n unchanged. */
bool value_i64(struct value v, int64_t *n);

#endif
