/*
 * flat - the native dialect: one object with dotted attribute names, which
 * follow OpenTelemetry where it has one; also the attributes of OTLP records
 * and of their flattened renderings ({"attributes":{…},"resource":{…}}).
 */
#include "base/num.h"
#include "input/input.h"
#include "input/kernel.h"

const struct str flat_words[] = {
	STR_INIT("kernelevents.xid"),
	{NULL, 0},
};

struct record {
	struct reader *r;
	struct value attrs, resource;
	struct str body;
	int64_t t;
};

static struct str
get(const struct record *f, struct str name)
{
	return value_text(value_get(f->attrs, name), &f->r->mem);
}

/* The record's own, else its resource's. */
static struct str
scoped(const struct record *f, struct str name)
{
	struct str s = get(f, name);

	return s.n || !value_ok(f->resource) ? s : value_text(value_get(f->resource, name), &f->r->mem);
}

/* `time` is RFC 3339 or epoch ns; what stands beside the attributes comes next. */
static int64_t
when(const struct record *f)
{
	struct str s = get(f, S("time"));
	int64_t t;

	if (s.n && (num_i64(s, &t) ? t != NO_TIME : time_parse(s, &t)))
		return t;
	return f->t != NO_TIME ? f->t : reader_time(f->r, f->attrs, usual_times);
}

static struct event
header(const struct record *f, struct str node, struct str uid)
{
	if (node.n == 0)
		node = f->r->base.node;
	return (struct event){
		.t = when(f),
		.node = events_node(f->r->ev, node),
		.uid = reader_name(f->r, uid),
	};
}

static void
xid(const struct record *f, int64_t code)
{
	struct str node = scoped(f, S("k8s.node.name")), message = get(f, S("kernelevents.message"));
	struct str id = scoped(f, S("gpu.id")), uuid = scoped(f, S("gpu.uuid")), rest;
	struct xid x = {.code = (uint32_t)code};
	struct kernel k;

	if (code < 1 || code > 999999)
		return;
	if (node.n == 0)
		node = scoped(f, S("host.name"));
	if (message.n == 0)
		message = f->body;
	if (!pci_parse(id, &x.gpu) && uuid_len(id) == id.n && id.n)
		uuid = id;
	x.e = header(f, node, get(f, S("log.record.uid")));
	rest = message;
	if (kernel_next(&rest, &k) && k.kind == KERNEL_XID && k.code == x.code) {
		message = k.text;
		x.to_none = k.to_none;
		if (!x.gpu.known)
			x.gpu = k.gpu;
	}
	x.text = reader_note(f->r, message);
	x.uuid = reader_name(f->r, uuid);
	events_add(f->r->ev, EVENT_XID, &x);
}

/*
 * The node of a pod event.  The host.name of an OTLP resource is where the
 * collector ran; it counts only if the receiver does not speak of nodes.
 */
static struct str
pod_node(const struct record *f)
{
	struct str node = scoped(f, S("k8s.node.name"));

	if (node.n == 0)
		node = get(f, S("host.name"));
	if (node.n == 0 && !value_ok(value_get(f->attrs, S("k8s.node.name"))) &&
	    !value_ok(value_get(f->resource, S("k8s.node.name"))))
		node = scoped(f, S("host.name"));
	return node;
}

static void
pod(const struct record *f, struct str reason)
{
	struct str name = scoped(f, S("k8s.pod.name")), uid = scoped(f, S("k8s.pod.uid"));
	struct str note = get(f, S("k8s.event.note"));
	struct pod_event p;

	if (str_eq(scoped(f, S("k8s.object.kind")), S("Pod"))) {
		if (name.n == 0)
			name = scoped(f, S("k8s.object.name"));
		if (uid.n == 0)
			uid = scoped(f, S("k8s.object.uid"));
	}
	p = (struct pod_event){
		.reason = reason,
		.note = note.n ? note : f->body,
		.name = name,
		.ns = scoped(f, S("k8s.namespace.name")),
		.pod_uid = uid,
		.uid = scoped(f, S("k8s.event.uid")),
		.node = pod_node(f),
	};
	if (p.node.n == 0)
		p.node = f->r->base.node;
	p.first = p.last = when(f);
	pod_event_add(f->r, &p);
}

bool
flat_record(struct reader *r, struct value attrs, struct value resource, struct str body, int64_t t)
{
	struct record f = {r, attrs, resource, body, t};
	struct value code = value_get(attrs, S("kernelevents.xid"));
	struct str reason;
	int64_t n;

	if (value_ok(code)) {
		if (value_i64(code, &n))
			xid(&f, n);
		return true;
	}
	reason = get(&f, S("k8s.event.reason"));
	if (reason.n == 0)
		return false;
	pod(&f, reason);
	return true;
}

bool
flat_read(struct reader *r, struct value v)
{
	struct value attrs = value_get(v, S("attributes")), none = v;

	none.at = -1;
	if (flat_record(r, v, none, (struct str){0}, r->base.t))
		return true;
	if (!value_is_object(attrs))
		return false;
	return flat_record(r, attrs, value_get(v, S("resource")), reader_text(r, v, S("body")),
			   reader_time(r, v, usual_times));
}
