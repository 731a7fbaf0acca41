/*
 * journald - entries printed by `journalctl -o json` (systemd.io,
 * JOURNAL_EXPORT_FORMATS): one object each; values are strings, except null for a long
 * one, an array of byte numbers if it is not printable UTF-8, and an array of strings if
 * the field occurs more than once.
 * Vector's journald source prints the same with MESSAGE as message.
 */
#include "input/dialect/dialect.h"

/* A field's bytes: the string, the decoded array, or the first of several. */
static struct str
field(struct reader *r, struct value v)
{
	struct value e = v;
	struct buf b;
	int64_t n;

	while (value_is_array(v)) {
		e = value_first(v);
		if (!value_is_string(e) && !value_is_array(e))
			break;
		v = e;
	}
	if (!value_is_array(v))
		return value_text(v, &r->mem);
	if (!value_ok(e))
		return (struct str){0};
	b = (struct buf){.p = mem_bytes(&r->mem, json_raw(v.j, v.at).n)};
	for (; value_ok(e); e = value_next(v, e)) {
		if (!value_i64(e, &n) || n < 0 || n > 255)
			return (struct str){0};
		b.p[b.n++] = (char)n;
	}
	return buf_str(&b);
}

/*
 * An array of bytes contains no word of a line, so the screen searches for the field's
 * name, in these three spellings.
 */
static const struct word words[] = {
	{STR_INIT("\"MESSAGE\":["), ~0u},
	{STR_INIT("\"MESSAGE\": ["), ~0u},
	{STR_INIT("\"MESSAGE\" : ["), ~0u},
	{.gives = 0},
};

/* Does the array v have a spelling that the screen finds? */
static bool
is_seen(struct value v)
{
	struct str before = str_head(v.j->text, (size_t)v.j->tok[v.at].start + 1);

	for (const struct word *w = words; w->gives; w++)
		if (!v.any && str_ends(before, w->text))
			return true;
	return false;
}

/* Read MESSAGE, each one if the field occurs more than once. */
static void
messages(struct reader *r, struct value v, const struct origin *o)
{
	struct value e = value_first(v);
	bool seen;

	if (!value_is_array(v)) {
		if (!reader_inner(r, v, o))
			reader_message(r, field(r, v), o);
		return;
	}
	seen = is_seen(v);
	if (!value_is_string(e) && !value_is_array(e)) {
		if (seen)
			reader_message(r, field(r, v), o);
		return;
	}
	for (; value_ok(e); e = value_next(v, e))
		if (seen || value_is_string(e))
			reader_message(r, field(r, e), o);
}

/* The time in a field, if the clock was set. */
static bool
when(struct reader *r, struct value v, struct str name, int64_t *t)
{
	return time_epoch(field(r, value_get(v, name)), 6, t) && *t >= TIME_SET;
}

static bool
by_shape(struct value v)
{
	return value_ok(value_get(v, S("MESSAGE"))) || value_ok(value_get(v, S("__REALTIME_TIMESTAMP")));
}

static bool
read(struct reader *r, struct value v)
{
	struct value message = value_get(v, S("MESSAGE"));
	struct str transport, who;
	struct origin o = r->base;
	int64_t t;

	if (!value_ok(message))
		message = value_get(v, S("message"));
	transport = field(r, value_get(v, S("_TRANSPORT")));
	who = field(r, value_get(v, S("SYSLOG_IDENTIFIER")));
	if (transport.n || who.n)
		o.program = transport.n ? !str_eq(transport, S("kernel")) : !str_eq(who, S("kernel"));
	else
		reader_program(r, v, &o.program);
	if (when(r, v, S("_SOURCE_REALTIME_TIMESTAMP"), &t) || when(r, v, S("__REALTIME_TIMESTAMP"), &t))
		o.t = t;
	o.own_time = o.t != NO_TIME;
	if (o.t == NO_TIME)
		o.t = reader_time(r, v, usual_times);
	who = field(r, value_get(v, S("_HOSTNAME")));
	o.own_node = who.n;
	if (who.n == 0 && o.node.n == 0)
		who = reader_text(r, v, usual_nodes);
	if (who.n)
		o.node = who;
	o.uid = field(r, value_get(v, S("__CURSOR")));
	o.boot = field(r, value_get(v, S("_BOOT_ID")));
	messages(r, message, &o);
	return true;
}

const struct dialect journald_dialect = {.by_shape = by_shape, .read = read, .words = words};
