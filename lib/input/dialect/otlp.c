/*
 * otlp - logs in OTLP/JSON, written by the Collector's file exporter: one
 * ExportLogsServiceRequest per line, many records each.  A record's body may
 * be a kernel line, a journal entry or a Kubernetes object (in AnyValue's
 * spelling); or its attributes are a flat record.
 * Source: opentelemetry-proto, logs.proto and its JSON mapping.
 */
#include "input/dialect/flat.h"

/* The node from a record's or its resource's attributes. */
static struct str
node_of(struct reader *r, struct value attrs, struct value resource)
{
	/* hostname is the syslog receiver's */
	static const struct str names[] = {STR_INIT("k8s.node.name"), STR_INIT("hostname"), STR_INIT("host.name")};
	struct str s;

	for (size_t i = 0; i < NELEM(names); i++) {
		s = value_text(value_get(attrs, names[i]), &r->mem);
		if (s.n == 0)
			reader_resource(r, resource, names[i], &s);
		if (s.n)
			return s;
	}
	return (struct str){0};
}

static int64_t
time_of(struct reader *r, struct value record)
{
	static const struct str names[] = {STR_INIT("timeUnixNano"), STR_INIT("observedTimeUnixNano")};
	int64_t t;

	for (size_t i = 0; i < NELEM(names); i++)
		if (time_epoch(value_text(value_get(record, names[i]), &r->mem), 9, &t) && t != 0)
			return t;
	return NO_TIME;
}

/* Add the pod that wrote a line. */
static void
learn_pod(struct reader *r, struct value resource, struct origin *o)
{
	static const struct str label = STR_INIT("k8s.pod.label.");
	char text[128];
	struct buf b = {.p = text, .n = 0, .cap = sizeof(text)};

	reader_resource(r, resource, S("k8s.pod.name"), &o->pod);
	reader_resource(r, resource, S("k8s.namespace.name"), &o->ns);
	reader_resource(r, resource, S("slurm.job.id"), &o->job);
	for (const struct str *l = kubernetes_jobs; l->n && !o->job.n; l++) {
		b.n = 0;
		buf_add(&b, label);
		buf_add(&b, *l);
		o->job = value_text(value_get(resource, buf_str(&b)), &r->mem);
	}
}

static void
record(struct reader *r, struct value rec, struct value resource)
{
	struct value attrs = value_otlp(value_get(rec, S("attributes")));
	struct value body = value_otlp(value_get(rec, S("body")));
	int64_t t = time_of(r, rec);
	struct str text = value_text(body, &r->mem);
	bool flat;

	reader_at(r, rec);
	if (!time_epoch(value_text(value_get(rec, S("observedTimeUnixNano")), &r->mem), 9, &r->observed) || !r->observed)
		r->observed = NO_TIME;
	flat = flat_record(r, attrs, resource, text, t);
	r->observed = NO_TIME;
	if (flat)
		return;
	r->base = NO_ORIGIN;
	r->base.t = t;
	if (value_is_object(body)) {
		/* a watched object has its own node, not the collector's */
		if (value_ok(value_get(body, S("MESSAGE"))))
			r->base.node = node_of(r, attrs, resource);
		if (!dialect_read(&kubernetes_dialect, r, body) && !dialect_read(&journald_dialect, r, body) &&
		    value_is_object(value_get(body, S("object"))))
			dialect_read(&kubernetes_dialect, r, value_get(body, S("object")));
	} else {
		struct origin o = {.t = t, .node = node_of(r, attrs, resource)};

		if (events_want(r->ev, EVENT_WATCHDOG) && text_has(r->ev, text))
			learn_pod(r, resource, &o);
		reader_program(r, attrs, &o.program);
		if (!reader_inner(r, value_at(rec, S("body/stringValue")), &o))
			reader_message(r, text, &o);
	}
	r->base = NO_ORIGIN;
}

static bool
by_shape(struct value v)
{
	return value_ok(value_get(v, S("resourceLogs")));
}

static bool
read(struct reader *r, struct value v)
{
	struct value logs = value_get(v, S("resourceLogs")), rl, scopes, sl, records, rec, resource;

	for (rl = value_first(logs); value_ok(rl); rl = value_next(logs, rl)) {
		resource = value_otlp(value_at(rl, S("resource/attributes")));
		scopes = value_get(rl, S("scopeLogs"));
		for (sl = value_first(scopes); value_ok(sl); sl = value_next(scopes, sl)) {
			records = value_get(sl, S("logRecords"));
			for (rec = value_first(records); value_ok(rec); rec = value_next(records, rec))
				record(r, rec, resource);
		}
	}
	return true;
}

const struct dialect otlp_dialect = {.by_shape = by_shape, .read = read};
