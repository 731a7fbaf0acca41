/*
 * flat - the native dialect: one object with dotted attribute names, which
 * follow OpenTelemetry where it has one; also the attributes of OTLP records
 * and of their flattened renderings ({"attributes":{…},"resource":{…}}).
 */
#include "base/num.h"
#include "input/input.h"
#include "input/kernel.h"
#include "input/metric.h"

const struct str flat_words[] = {
	STR_INIT("kernelevents.xid"),
	{NULL, 0},
};

struct str
flat_get(const struct flat *f, struct str name)
{
	return value_text(value_get(f->attrs, name), &f->r->mem);
}

struct str
flat_scoped(const struct flat *f, struct str name)
{
	struct str s = flat_get(f, name);

	return s.n || !value_ok(f->resource) ? s : value_text(value_get(f->resource, name), &f->r->mem);
}

int64_t
flat_time(const struct flat *f)
{
	struct str s = flat_get(f, S("time"));
	int64_t t;

	if (s.n && (num_i64(s, &t) ? t != NO_TIME : time_parse(s, &t)))
		return t;
	return f->t != NO_TIME ? f->t : reader_time(f->r, f->attrs, usual_times);
}

struct str
flat_node(const struct flat *f)
{
	struct str node = flat_scoped(f, S("k8s.node.name"));

	if (node.n == 0)
		node = flat_scoped(f, S("host.name"));
	return node.n ? node : f->r->base.node;
}

struct event
flat_header(const struct flat *f, struct str node, struct str uid)
{
	return (struct event){
		.t = flat_time(f),
		.node = events_node(f->r->ev, node),
		.uid = reader_name(f->r, uid),
	};
}

void
flat_gpu(const struct flat *f, struct pci *gpu, struct str *uuid)
{
	struct str id = flat_scoped(f, S("gpu.id"));

	*uuid = flat_scoped(f, S("gpu.uuid"));
	if (!pci_parse(id, gpu) && id.n && uuid_len(id) == id.n)
		*uuid = id;
}

static void
xid(const struct flat *f)
{
	struct str message = flat_get(f, S("kernelevents.message")), uuid, rest;
	struct xid x = {0};
	struct kernel k;
	int64_t code;

	if (!value_i64(value_get(f->attrs, S("kernelevents.xid")), &code) || code < 1 || code > 999999)
		return;
	x.code = (uint32_t)code;
	if (message.n == 0)
		message = f->body;
	flat_gpu(f, &x.gpu, &uuid);
	x.e = flat_header(f, flat_node(f), flat_get(f, S("log.record.uid")));
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
pod_node(const struct flat *f)
{
	struct str node = flat_scoped(f, S("k8s.node.name"));

	if (node.n == 0)
		node = flat_get(f, S("host.name"));
	if (node.n == 0 && !value_ok(value_get(f->attrs, S("k8s.node.name"))) &&
	    !value_ok(value_get(f->resource, S("k8s.node.name"))))
		node = flat_scoped(f, S("host.name"));
	return node.n ? node : f->r->base.node;
}

static void
pod(const struct flat *f)
{
	struct str name = flat_scoped(f, S("k8s.pod.name")), uid = flat_scoped(f, S("k8s.pod.uid"));
	struct str note = flat_get(f, S("k8s.event.note"));
	struct pod_event p;

	if (str_eq(flat_scoped(f, S("k8s.object.kind")), S("Pod"))) {
		if (name.n == 0)
			name = flat_scoped(f, S("k8s.object.name"));
		if (uid.n == 0)
			uid = flat_scoped(f, S("k8s.object.uid"));
	}
	p = (struct pod_event){
		.reason = flat_get(f, S("k8s.event.reason")),
		.note = note.n ? note : f->body,
		.name = name,
		.ns = flat_scoped(f, S("k8s.namespace.name")),
		.pod_uid = uid,
		.uid = flat_scoped(f, S("k8s.event.uid")),
		.node = pod_node(f),
	};
	p.first = p.last = flat_time(f);
	pod_event_add(f->r, &p);
}

/* A measurement by its name: {"metric.name":…,"value":…,"gpu.id":…} */
static void
sample(const struct flat *f)
{
	const struct metric *m = metric_named(flat_get(f, S("metric.name")));
	struct sample s = {.start = NO_TIME, .index = -1};
	struct str uuid;

	if (!m || !metric_value(m, flat_get(f, S("value")), &s.value))
		return;
	flat_gpu(f, &s.gpu, &uuid);
	s.field = m->field;
	s.uuid = reader_name(f->r, uuid);
	s.e = flat_header(f, flat_node(f), (struct str){0});
	reader_sample(f->r, &s);
}

/* The attribute that makes a record one of a kind, and who reads it. */
static const struct {
	struct str gate;
	flat_read_kind *read;
} kinds[] = {
	{STR_INIT("kernelevents.xid"), xid},
	{STR_INIT("k8s.event.reason"), pod},
	{STR_INIT("metric.name"), sample},
	{STR_INIT("nccl.fr.collective_seq_id"), flightrec_flat},
};

bool
flat_record(struct reader *r, struct value attrs, struct value resource, struct str body, int64_t t)
{
	struct flat f = {r, attrs, resource, body, t};

	for (size_t i = 0; i < NELEM(kinds); i++)
		if (value_ok(value_get(attrs, kinds[i].gate))) {
			kinds[i].read(&f);
			return true;
		}
	return false;
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
