/*
 * flat - the native dialect: one object with dotted attribute names, which are
 * OpenTelemetry's if it has one; also the attributes of OTLP records
 * and of their flattened renderings ({"attributes":{…},"resource":{…}}).
 */
#include "base/num.h"
#include "input/dialect/flat.h"
#include "input/text/aer.h"
#include "input/text/kernel.h"
#include "input/text/pod_event.h"
#include "input/series.h"

static void
xid(const struct flat *f)
{
	struct str message = flat_get(f, S("kernelevents.message")), uuid, rest;
	struct xid x = {0};
	struct kernel k;
	int64_t code;

	if (!value_i64(value_get(f->attrs, S("kernelevents.xid")), &code) || code < 1 || code > 999999)
		return;
	x.code = (uint32_t)code & XID_CODE;
	if (message.n == 0)
		message = f->body;
	flat_gpu(f, &x.gpu, &uuid);
	x.e = flat_header(f, flat_node(f), flat_get(f, S("log.record.uid")));
	rest = message;
	if (kernel_next(&rest, &k) && k.kind == KERNEL_XID && k.code == x.code) {
		message = k.text;
		x.recovered = k.recovered;
		x.nonfatal = k.nonfatal;
		if (!x.gpu.known)
			x.gpu = k.gpu;
	}
	x.text = reader_note(f->r, message);
	x.uuid = reader_id(f->r, uuid);
	if (x.gpu.known && x.uuid)
		events_add(f->r->ev, EVENT_GPU,
			   &(struct gpu){.e = {.t = x.e.t, .node = x.e.node}, .gpu = x.gpu, .uuid = x.uuid, .index = -1, .kernel = 1});
	events_add(f->r->ev, EVENT_XID, &x);
}

/*
 * The node of a pod event.  The host.name of an OTLP resource is the collector's host; it
 * is used only if the receiver does not add nodes.
 */
static struct str
pod_node(const struct flat *f)
{
	struct str node = flat_scoped(f, S("k8s.node.name"));

	if (node.n == 0)
		node = flat_get(f, S("host.name"));
	if (node.n == 0 && !value_ok(value_get(f->attrs, S("k8s.node.name"))) &&
	    !value_ok(reader_resource(f->r, f->resource, S("k8s.node.name"), NULL)))
		node = flat_scoped(f, S("host.name"));
	return node;
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
	if (is_node_event(p.reason)) {
		if (str_eq(flat_scoped(f, S("k8s.object.kind")), S("Node")))
			p.node = flat_scoped(f, S("k8s.object.name"));
		node_event_add(f->r->ev, &p);
	} else {
		pod_event_add(f->r->ev, &p);
	}
}

static void
condition(const struct flat *f)
{
	struct event e = flat_header(f, pod_node(f), (struct str){0});
	struct str note = flat_get(f, S("k8s.event.note"));

	node_condition_add(f->r->ev, &(struct node_condition){
		.type = flat_get(f, S("k8s.node.condition.type")),
		.status = flat_get(f, S("k8s.node.condition.status")),
		.note = note.n ? note : f->body,
		.uid = flat_scoped(f, S("k8s.event.uid")),
		.node = e.node,
		.t = e.t,
		.last = NO_TIME,
	});
	/* a pod's event may be about its node */
	if (flat_scoped(f, S("k8s.pod.name")).n)
		pod(f);
}

/* The labels of an OTLP resource. */
static const struct series *
resource_labels(struct reader *r, struct value resource)
{
	struct reader_asked *a = &r->asked[r->inside];

	if (a->labels_at != resource.at) {
		a->labels_at = resource.at;
		a->labels = mem_new(&r->mem, struct series, 1);
		series_labels(r, a->labels, resource);
	}
	return a->labels;
}

/* Set *m from the attributes of a measurement. */
static bool
measured(const struct flat *f, struct str metric, struct measure *m)
{
	struct series s = {0};

	/* a filter that wants no measurements needs only this */
	if (!events_want(f->r->ev, EVENT_SAMPLE) && flat_scoped(f, S("gpu.uuid")).n == 0)
		return false;
	series_labels(f->r, &s, f->attrs);
	for (size_t i = 0; i < LABELS && value_ok(f->resource); i++)
		if (s.label[i].rank == 0)
			s.label[i] = resource_labels(f->r, f->resource)->label[i];
	if (!series_measure(f->r, &s, metric, m))
		return false;
	/* the node as in all flat records, or else from exporters' labels */
	if (flat_node(f).n)
		m->sample.e.node = events_node(f->r->ev, flat_node(f)), m->sample.scraped = 0;
	return true;
}

/* A measurement by its name: {"metric.name":…,"value":…,"gpu.id":…} */
static void
sample(const struct flat *f)
{
	struct measure m;

	if (!measured(f, flat_get(f, S("metric.name")), &m))
		return;
	series_add(f->r, &m, flat_time(f), flat_get(f, S("value")));
	series_end(f->r, &m);
}

/* Memory errors, in an interval or in total. */
static void
errors(const struct flat *f)
{
	struct str delta = flat_get(f, S("hw.errors.delta")), start = flat_get(f, S("start_time"));
	struct measure m;

	if (!measured(f, S("hw.errors"), &m))
		return;
	m.sample.delta = delta.n > 0;
	if (!num_i64(start, &m.sample.start))
		time_parse(start, &m.sample.start);
	series_add(f->r, &m, flat_time(f), delta.n ? delta : flat_get(f, S("hw.errors")));
	series_end(f->r, &m);
}

/* Thermal state of a GPU at one time: a sample for each attribute. */
static void
thermal(const struct flat *f)
{
	static const struct str names[] = {
		STR_INIT("hw.gpu.clocks_event_reasons"), STR_INIT("hw.gpu.thermal_violation_ns"),
		STR_INIT("hw.temperature"), STR_INIT("hw.gpu.sm_clock"), STR_INIT("hw.gpu.sm_clock_max"),
	};
	struct measure m;

	for (size_t i = 0; i < NELEM(names); i++)
		if (value_ok(value_get(f->attrs, names[i])) && measured(f, names[i], &m)) {
			series_add(f->r, &m, flat_time(f), flat_get(f, names[i]));
			series_end(f->r, &m);
		}
}

/* A report of PCIe errors: {"kernelevents.pcie_aer.severity":…,"gpu.id":…};
 * pci.id may name a port or any other device. */
static void
aer(const struct flat *f)
{
	struct str type = flat_get(f, S("kernelevents.pcie_aer.type")), uuid;
	const struct aer_bit *bit = aer_bit_named(str_trim(type));
	struct aer x = {.part = AER_FLAT};
	enum aer_severity severity;
	enum aer_layer layer = AER_NO_LAYER;

	if (!aer_severity_of(flat_get(f, S("kernelevents.pcie_aer.severity")), &severity))
		return;
	flat_gpu(f, &x.dev, &uuid);
	if (x.dev.known || uuid.n)
		x.driver = AER_DRIVER_NVIDIA;
	else if (!pci_parse(flat_scoped(f, S("pci.id")), &x.dev))
		return;
	if (bit && bit->correctable == (severity == AER_CORRECTED)) {
		x.status = UINT32_C(1) << bit->bit;
		x.layer = bit->layer;
	} else if (aer_layer_of(type, &layer)) {
		x.layer = (uint8_t)layer;
	}
	x.severity = (uint8_t)severity;
	x.uuid = reader_id(f->r, uuid);
	x.e = flat_header(f, flat_node(f), flat_get(f, S("log.record.uid")));
	x.text = reader_note(f->r, f->body);
	if (x.dev.known && x.uuid)
		events_add(f->r->ev, EVENT_GPU,
			   &(struct gpu){.e = {.t = x.e.t, .node = x.e.node}, .gpu = x.dev, .uuid = x.uuid, .index = -1, .kernel = 1});
	events_add(f->r->ev, EVENT_AER, &x);
}

/* Low throughput in an alert: {"tracecore.alert.pcie_rate_collapse.
 * bytes_per_second":…,"gpu.id":…}, optionally with the expected value. */
static void
rate(const struct flat *f)
{
	struct str name = S("tracecore.alert.pcie_rate_collapse.bytes_per_second"), uuid;
	struct rate x = {.baseline = NO_TIME};

	if (!num_fixed(flat_get(f, name), 3, &x.value) || x.value < 0)
		return;
	name = flat_get(f, S("tracecore.alert.pcie_rate_collapse.baseline_bytes_per_second"));
	if (name.n && !num_fixed(name, 3, &x.baseline))
		return;
	flat_gpu(f, &x.gpu, &uuid);
	if (!x.gpu.known && uuid.n == 0)
		return;
	x.uuid = reader_id(f->r, uuid);
	x.direction = reader_id(f->r, str_trim(flat_get(f, S("tracecore.alert.pcie_rate_collapse.direction"))));
	x.e = flat_header(f, flat_node(f), flat_get(f, S("log.record.uid")));
	if (x.gpu.known && x.uuid)
		events_add(f->r->ev, EVENT_GPU,
			   &(struct gpu){.e = {.t = x.e.t, .node = x.e.node}, .gpu = x.gpu, .uuid = x.uuid, .index = -1});
	events_add(f->r->ev, EVENT_RATE, &x);
}

/* The attribute that shows a record's kind, and the kind's reader. */
static const struct {
	struct str gate;
	void (*read)(const struct flat *f);
} kinds[] = {
	{STR_INIT("kernelevents.xid"), xid},
	{STR_INIT("k8s.node.condition.type"), condition},
	{STR_INIT("k8s.event.reason"), pod},
	{STR_INIT("hw.gpu.clocks_event_reasons"), thermal},
	{STR_INIT("hw.gpu.thermal_violation_ns"), thermal},
	{STR_INIT("metric.name"), sample},
	{STR_INIT("hw.errors.delta"), errors},
	{STR_INIT("hw.errors"), errors},
	{STR_INIT("kernelevents.pcie_aer.severity"), aer},
	{STR_INIT("tracecore.alert.pcie_rate_collapse.bytes_per_second"), rate},
	{STR_INIT("nccl.fr.collective_seq_id"), flightrec_flat},
};

/* The kind of a record with these attributes, or NELEM(kinds). */
static size_t
kind_of(struct value attrs)
{
	size_t i = 0;

	while (i < NELEM(kinds) && !value_ok(value_get(attrs, kinds[i].gate)))
		i++;
	return i;
}

bool
flat_record(struct reader *r, struct value attrs, struct value resource, struct str body, int64_t t)
{
	struct flat f = {r, attrs, resource, body, t};
	bool known = reader_knows(r, attrs);
	size_t i = known && r->known.kind ? r->known.kind - 1 : kind_of(attrs);

	if (known)
		r->known.kind = i + 1;
	if (i < NELEM(kinds))
		kinds[i].read(&f);
	return i < NELEM(kinds);
}

/* Members that contain attributes, and the paths of the text next to them: OTLP in plain
 * JSON, Splunk's HTTP event collector, Splunk's export, rows written to ClickHouse by the
 * Collector. */
static const struct {
	struct str attrs, body;
} holders[] = {
	{STR_INIT("attributes"), STR_INIT("body|body/text|message")},
	{STR_INIT("fields"), STR_INIT("event")},
	{STR_INIT("result"), STR_INIT("result/_raw")},
	{STR_INIT("LogAttributes"), STR_INIT("Body")},
};

static bool
by_shape(struct value v)
{
	size_t i = 0;

	while (i < NELEM(holders) && kind_of(value_get(v, holders[i].attrs)) == NELEM(kinds))
		i++;
	return i < NELEM(holders) || kind_of(v) < NELEM(kinds);
}

static bool
read(struct reader *r, struct value v)
{
	struct value none = v, resource = value_get(v, S("resource"));

	none.at = -1;
	if (!value_ok(resource))
		resource = value_get(v, S("ResourceAttributes"));
	if (flat_record(r, v, none, (struct str){0}, r->base.t))
		return true;
	if (value_is_object(value_get(resource, S("attributes"))))
		resource = value_get(resource, S("attributes"));
	for (size_t i = 0; i < NELEM(holders); i++)
		if (flat_record(r, value_get(v, holders[i].attrs), resource, reader_text(r, v, holders[i].body),
				reader_time(r, v, usual_times)))
			return true;
	return false;
}

/*
 * The gate attributes, except those of pod events, whose reasons are words
 * (kubernetes.c).  No record has an address and a UUID without gpu.uuid.
 */
static const struct word words[] = {
	{STR_INIT("gpu.uuid"), 1u << EVENT_GPU},
	{STR_INIT("kernelevents.xid"), 1u << EVENT_XID},
	{STR_INIT("k8s.node.condition.type"), 1u << EVENT_CONDITION | 1u << EVENT_NODE},
	{STR_INIT("hw.gpu.clocks_event_reasons"), 1u << EVENT_SAMPLE},
	{STR_INIT("hw.gpu.thermal_violation_ns"), 1u << EVENT_SAMPLE},
	{STR_INIT("metric.name"), 1u << EVENT_SAMPLE},
	{STR_INIT("hw.errors"), 1u << EVENT_SAMPLE},
	{STR_INIT("kernelevents.pcie_aer.severity"), 1u << EVENT_AER},
	{STR_INIT("pcie_rate_collapse.bytes_per_second"), 1u << EVENT_RATE},
	{STR_INIT("nccl.fr.collective_seq_id"),
		1u << EVENT_COLLECTIVE | 1u << EVENT_COMPLETED | 1u << EVENT_PROGRESS | 1u << EVENT_PROCESS_GROUP},
	{.gives = 0},
}, claims[] = {
	{STR_INIT("kernelevents.xid\":"), 1u << EVENT_XID},
	{STR_INIT("kernelevents.pcie_aer.severity\":"), 1u << EVENT_AER},
	{STR_INIT("tracecore.alert.pcie_rate_collapse.bytes_per_second"), 1u << EVENT_RATE},
	{STR_INIT("nccl.fr.collective_seq_id\":"), 1u << EVENT_COLLECTIVE},
	{STR_INIT("hw.gpu.clocks_event_reasons\":"), 1u << EVENT_SAMPLE},
	{.gives = 0},
};

const struct dialect flat_dialect = {.by_shape = by_shape, .read = read, .words = words, .claims = claims};
