/*
 * dmesg - items of `dmesg --json` (util-linux 2.38 and later) and of Fluent Bit's kmsg
 * input.  Their times count from boot: --boot-time dates them; Fluent Bit adds the
 * absolute time, and dmesg --time-format prints other times.
 */
#include "base/num.h"
#include "input/dialect/dialect.h"

static bool
is_util_linux(struct value v)
{
	/* with their own host and time they are from other programs */
	return (value_ok(value_get(v, S("pri"))) || value_ok(value_get(v, S("fac")))) && !value_ok(value_get(v, S("timereported")));
}

static bool
by_shape(struct value v)
{
	return value_is_string(value_get(v, S("msg"))) &&
	       (is_util_linux(v) || (value_ok(value_get(v, S("priority"))) && value_ok(value_get(v, S("sequence")))));
}

/* Does "time" count from boot?  "+0.000003" counts from the previous line. */
static bool
counts(struct str time, int64_t *since_boot)
{
	return !str_starts(time, S("+")) && num_fixed(time, 9, since_boot);
}

/* The message; if dmesg's time does not count from boot, "[time] " is put before it. */
static struct str
message_of(struct reader *r, struct value v)
{
	struct str msg = value_text(value_get(v, S("msg")), &r->mem), time = value_text(value_get(v, S("time")), &r->mem);
	struct buf b = {.cap = msg.n + time.n + 3};
	struct stamps s;
	struct str rest;
	int64_t n;

	if (!is_util_linux(v) || !time.n || counts(time, &n))
		return msg;
	b.p = mem_bytes(&r->mem, b.cap);
	buf_chr(&b, '[');
	buf_add(&b, time);
	buf_add(&b, S("] "));
	rest = buf_str(&b);
	stamps_eat(&rest, &s);
	buf_add(&b, msg);
	return s.at.kind == STAMP_NONE ? msg : buf_str(&b);
}

static bool
read(struct reader *r, struct value v)
{
	struct origin o = r->base;
	int64_t since_boot, usec;
	uint64_t before;

	if (is_util_linux(v)) {
		if (!counts(value_text(value_get(v, S("time")), &r->mem), &since_boot))
			since_boot = NO_TIME;
	} else {
		if (!num_fixed(value_text(value_get(v, S("sec")), &r->mem), 9, &since_boot) ||
		    !value_i64(value_get(v, S("usec")), &usec) || usec < 0 || usec > 999999)
			since_boot = NO_TIME;
		else if (since_boot < INT64_MAX - usec * 1000)
			since_boot += usec * 1000;
		o.t = reader_time(r, v, usual_times);
	}
	if (r->boot_time != NO_TIME && since_boot != NO_TIME &&
	    (since_boot < 0 || r->boot_time <= INT64_MAX - since_boot))
		o.t = r->boot_time + since_boot;
	o.own_time = true;
	if (o.node.n == 0)
		o.node = reader_text(r, v, usual_nodes);
	before = r->ev->seen;
	reader_message(r, message_of(r, v), &o);
	if (o.t == NO_TIME && since_boot != NO_TIME)
		r->ev->since_boot += r->ev->seen - before;
	return true;
}

const struct dialect dmesg_dialect = {.by_shape = by_shape, .read = read};
