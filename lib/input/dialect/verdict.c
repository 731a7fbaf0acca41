/*
 * verdict - a verdict line of a filter, from another run: kept whole, for patterns that
 * correlate verdicts.
 * Source: inquest-verdict(5).
 */
#include "input/dialect/dialect.h"

static bool
by_shape(struct value v)
{
	return value_is_string(value_get(v, S("pattern.id"))) && value_is_array(value_get(v, S("evidence_trail")));
}

static bool
read(struct reader *r, struct value v)
{
	struct value trail = value_get(v, S("evidence_trail")), e;
	struct verdict_line l = {.e = {.t = NO_TIME}};
	int64_t t;

	for (e = value_first(trail); value_ok(e); e = value_next(trail, e)) {
		t = reader_time(r, e, S("timestamp"));
		if (t != NO_TIME && (l.e.t == NO_TIME || t < l.e.t))
			l.e.t = t;
	}
	l.e.node = events_node(r->ev, reader_text(r, v, S("node")));
	l.line = reader_name(r, json_raw(v.j, v.at));
	events_add(r->ev, EVENT_VERDICT, &l);
	return true;
}

static const struct word words[] = {
	{STR_INIT("\"pattern.id"), 1u << EVENT_VERDICT},
	{.gives = 0},
};

const struct dialect verdict_dialect = {.by_shape = by_shape, .read = read, .words = words};
