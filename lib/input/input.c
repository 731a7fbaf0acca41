#include "input/input.h"

#include <string.h>


static dialect_read *const dialects[] = {
	journald_read, /* the most there is */
	otlp_read,
	measurements_read,
	prometheus_read,
	flightrec_read,
	kubernetes_read,
	dmesg_read,
	flat_read,
	envelope_read,
};

/* Wrappers whose content is what counts: a list, or one thing. */
static const struct {
	struct str path;
	struct str beside; /* a member that must be there too, if any */
} wrappers[] = {
	{STR_INIT("items"), STR_INIT("")},            /* Kubernetes List */
	{STR_INIT("object"), STR_INIT("type")},       /* Kubernetes watch */
	{STR_INIT("event"), STR_INIT("verb")},        /* heptio eventrouter */
	{STR_INIT("responseObject"), STR_INIT("verb")}, /* Kubernetes audit */
	{STR_INIT("requestObject"), STR_INIT("verb")},
	{STR_INIT("kubernetes/event"), STR_INIT("")}, /* metricbeat */
	{STR_INIT("dmesg"), STR_INIT("")},            /* util-linux dmesg --json */
	{STR_INIT("_source"), STR_INIT("")},          /* Elasticsearch hit */
	{STR_INIT("hits/hits"), STR_INIT("")},        /* Elasticsearch answer */
	{STR_INIT("events"), STR_INIT("")},           /* tools that list events */
};

const struct str usual_times = STR_INIT(
	"timestamp|@timestamp|time|ts|generatedTimestamp|eventTime|lastTimestamp|date|datetime|_time|"
	"Timestamp|TimeGenerated|ingestionTime");
const struct str usual_nodes = STR_INIT(
	"k8s.node.name|nodeName|node_name|node|_HOSTNAME|hostname|host.name|host/name|host/hostname|host|"
	"Hostname|kubernetes/host|kubernetes/node_name|kubernetes/node/name|kubernetes/pod_node_name|labels/node|labels/nodename|"
	"labels/node_name|labels/hostname|labels/host|stream/node|stream/nodename|stream/node_name|"
	"stream/hostname|stream/host|resource/k8s.node.name|resource/host.name|resource/labels/node_name|"
	"fields/host|MachineName|Computer");

struct str
reader_text(struct reader *r, struct value v, struct str paths)
{
	struct str path, text;

	while (str_cut(&paths, '|', &path)) {
		text = value_text(value_at(v, path), &r->mem);
		if (text.n)
			return text;
	}
	return (struct str){0};
}

int64_t
reader_time(struct reader *r, struct value v, struct str paths)
{
	struct str path;
	int64_t t;

	while (str_cut(&paths, '|', &path))
		if (time_guess(value_text(value_at(v, path), &r->mem), &t))
			return t;
	return NO_TIME;
}

struct value
reader_resource(struct reader *r, struct value resource, struct str name, struct str *text)
{
	struct reader_asked *a = &r->asked[r->inside];
	size_t i = 0;

	if (!value_ok(resource)) {
		if (text)
			*text = (struct str){0};
		return resource;
	}
	if (a->at != resource.at)
		a->n = 0;
	a->at = resource.at;
	while (i < a->n && !str_eq(a->name[i], name))
		i++;
	if (i == NELEM(a->name))
		i = a->n = 0;
	if (i == a->n) {
		a->name[i] = name;
		a->v[i] = value_get(resource, name);
		a->text[i] = id_cut(value_text(a->v[i], &r->mem));
		a->n++;
	}
	if (text)
		*text = a->text[i];
	return a->v[i];
}

uint32_t
reader_name(struct reader *r, struct str s)
{
	return idx_add(&r->ev->names, s);
}

void
reader_sample(struct reader *r, const struct sample *s)
{
	if (!s->gpu.known && !s->uuid && s->index < 0)
		return;
	if (s->gpu.known + (s->uuid != 0) + (s->index >= 0) > 1)
		events_add(r->ev, EVENT_GPU,
			   &(struct gpu){
				   .e = {.t = s->e.t, .node = s->e.node},
				   .gpu = s->gpu,
				   .uuid = s->uuid,
				   .index = s->index,
			   });
	events_add(r->ev, EVENT_SAMPLE, s);
}

/* What v wraps, or a value that is not ok. */
static struct value
unwrap(struct value v)
{
	struct value in;

	for (size_t i = 0; i < NELEM(wrappers); i++) {
		if (wrappers[i].beside.n && !value_ok(value_get(v, wrappers[i].beside)))
			continue;
		in = value_at(v, wrappers[i].path);
		if (value_is_object(in) || value_is_array(in))
			return in;
	}
	in.at = -1;
	return in;
}

/* Read v itself; false if it should be opened instead. */
static bool
dialect(struct reader *r, struct value v)
{
	bool known = reader_knows(r, v);

	for (size_t i = known ? r->known.dialect : 0; i < NELEM(dialects); i++) {
		if (dialects[i] == envelope_read && value_ok(unwrap(v)))
			return false;
		r->by_text = false;
		if (dialects[i](r, v))
			return true;
		if (known && r->known.dialect == i && !r->by_text)
			r->known.dialect++;
	}
	return true;
}

void
reader_value(struct reader *r, struct value v)
{
	struct {
		struct value list, next;
	} stack[JSON_DEPTH + 1];
	size_t n = 0;

	for (;;) {
		while (value_ok(v)) {
			if (value_is_array(v)) {
				stack[n].list = v;
				stack[n++].next = value_first(v);
				break;
			}
			reader_at(r, v);
			if (!value_is_object(v) || dialect(r, v))
				break;
			v = unwrap(v);
		}
		while (n && !value_ok(stack[n - 1].next))
			n--;
		if (n == 0)
			return;
		v = stack[n - 1].next;
		stack[n - 1].next = value_next(stack[n - 1].list, v);
	}
}

bool
reader_inner(struct reader *r, struct value string, const struct origin *o)
{
	struct str raw, text;
	struct origin base = r->base;
	uint64_t at;

	/* the screen sees what stands in the line, so that nothing depends on
	 * whether it is used */
	if (r->inside || !r->screen || !value_is_string(string))
		return false;
	raw = json_raw(string.j, string.at);
	if (!str_starts(raw, S("{")) || sift_find(r->screen, raw) == raw.n)
		return false;
	text = json_text(string.j, string.at, &r->mem);
	if (json_check(text, &at))
		return false;
	json_parse(&r->inner, text);
	r->base = *o;
	r->outer = r->npath;
	r->inside = true;
	r->asked[true].at = r->asked[true].labels_at = -1;
	reader_value(r, value_of(&r->inner));
	r->base = base;
	r->npath = r->outer;
	r->outer = 0;
	r->inside = false;
	return true;
}

void
reader_take(struct reader *r, struct str text)
{
	mem_reset(&r->mem);
	r->json.text = text;
	if (r->known.shape != r->json.shape) {
		memset(&r->known, 0, sizeof(r->known));
		r->known.shape = r->json.shape;
	}
	r->base = NO_ORIGIN;
	r->observed = NO_TIME;
	r->npath = r->outer = 0;
	r->inside = false;
	r->asked[false].at = r->asked[false].labels_at = -1;
	r->why = NULL;
	r->rank = -1;
	reader_value(r, value_of(&r->json));
}

void
reader_read(struct reader *r, struct str text)
{
	json_parse(&r->json, text);
	reader_take(r, text);
}

void
reader_free(struct reader *r)
{
	json_free(&r->json);
	json_free(&r->inner);
	mem_free(&r->mem);
}
