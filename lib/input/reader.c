#include "input/reader.h"

#include <string.h>

const struct str usual_times = STR_INIT(
	"fields/timestamp|timestamp|@timestamp|time|ts|generatedTimestamp|eventTime|lastTimestamp|date|datetime|_time|"
	"Timestamp|EventTime|TimeGenerated|timereported|S_ISODATE|ISODATE|DATE|R_ISODATE|timegenerated|talos-time|"
	"generated_at|received_at|_messagetime|_messageTime|__time__|_timestamp|_ts|Date|Time|dt|TIMESTAMP|ingestionTime|clock|query_time|timestamp_nanos|log_time|TimeUnix");
const struct str kube_nodes = STR_INIT(
	"k8s.node.name|nodeName|node_name|node|kubernetes/host|kubernetes/node_name|kubernetes/node/name|"
	"kubernetes/pod_node_name|labels/node|labels/node_name|stream/node|stream/node_name|resource/k8s.node.name|"
	"resource/labels/node_name|resource/attributes/k8s.node.name|k8s_node_name|labels/k8s_node_name|stream/k8s_node_name|"
	"resource_attributes/k8s.node.name|ResourceAttributes/k8s.node.name|kubernetes_host|kubernetes_node_name");
const struct str usual_nodes = STR_INIT(
	"k8s.node.name|nodeName|node_name|node|_HOSTNAME|syslog_hostname|log/syslog/hostname|syslog/hostname|event/syslog/host|"
	"logsource|tags/hostname|hostname|host.name|host/name|host/hostname|host|"
	"Hostname|HostName|Host|kubernetes/host|kubernetes/node_name|kubernetes/node/name|kubernetes/pod_node_name|labels/node|labels/nodename|"
	"labels/node_name|labels/hostname|labels/host|stream/node|stream/nodename|stream/node_name|"
	"stream/hostname|stream/host|resource/k8s.node.name|resource/host.name|resource/labels/node_name|"
	"fields/node|fields/nodename|fields/node_name|fields/hostname|fields/host|MachineName|Computer|nodename|sysloghost|"
	"HOST|HOST_FROM|labels/compute_googleapis_com_resource_name|k8s_node_name|labels/k8s_node_name|stream/k8s_node_name|"
	"host_name|labels/host_name|stream/host_name|resource/attributes/k8s.node.name|resource/attributes/host.name|"
	"common/attributes/hostname|ResourceAttributes/k8s.node.name|ResourceAttributes/host.name|entity.name|_sourcehost|_sourceHost|"
	"__tag__:__hostname__|_host|computerName|labels/instance|stream/instance|instance|syslog/host|tags/host|"
	"labels/hostName|computername|additionalColumns/host.name|resources_string/host.name|resource_attributes/k8s.node.name|resource_attributes/host.name|kubernetes_host|kubernetes_node_name|log_hostname|"
	"InstanceName|InstanceId|logStreamName|@logStream|logStream");

/* Shippers' names for journald's _TRANSPORT, and for the author of a line. */
static const struct str transports = STR_INIT(
	"_TRANSPORT|transport|systemd/transport|journald/transport|journal/transport|journald._TRANSPORT|"
	"labels/transport|labels/_TRANSPORT|stream/transport|fields/_TRANSPORT");
static const struct str programs = STR_INIT(
	"SYSLOG_IDENTIFIER|syslog_identifier|syslog/identifier|log/syslog/appname|syslog/appname|syslog_program|PROGRAM|"
	"program|programname|ProcessName|application_name|_application_name|appname|app_name|app-name|syslogtag|ident|"
	"process/name|tags/appname|event/syslog/appName|labels/syslog_identifier|stream/syslog_identifier|"
	"fields/SYSLOG_IDENTIFIER|_SYSTEMD_UNIT|systemd_unit|systemd/unit|labels/unit|stream/unit|log_procname");

/* Is the author the kernel, "kernel:" or "kernel[0]:"? */
static bool
is_kernel(struct str who)
{
	return str_eat(&who, S("kernel")) && (!who.n || str_eq(who, S(":")) || str_starts(who, S("[0]")));
}

bool
reader_program(struct reader *r, struct value v, bool *program)
{
	struct str how = reader_text(r, v, transports), who;

	/* other transports, those of packets, prove nothing */
	if (str_listed(S("kernel,audit,driver,syslog,journal,stdout"), how)) {
		*program = !str_eq(how, S("kernel"));
		return true;
	}
	who = reader_text(r, v, programs);
	if (who.n)
		*program = !is_kernel(who);
	return who.n;
}

static bool
has_dots(struct reader *r, struct value v)
{
	for (struct value m = value_first(v); value_ok(m); m = value_next(v, m)) {
		struct str name = value_name(m, &r->mem);

		if (memchr(name.p, '.', name.n))
			return true;
	}
	return false;
}

/* Do names of an object's members contain dots, as after a shipper flattened
 * it? */
static bool
is_dotted(struct reader *r, struct value v)
{
	bool inner = v.j == &r->inner;

	if (v.any || !value_is_object(v))
		return false;
	if (r->dotted[inner].at == v.at)
		return r->dotted[inner].is;
	r->dotted[inner].at = v.at;
	r->dotted[inner].is = has_dots(r, v);
	return r->dotted[inner].is;
}

/* The text at a path; "a/b" also finds a member "a.b"; of a list with one element (as in
 * Elasticsearch's fields), that element. */
static struct str
text_at(struct reader *r, struct value v, struct str path)
{
	struct value at = value_at(v, path);
	char name[64];

	if (!value_ok(at)) {
		if (!is_dotted(r, v) || path.n >= sizeof(name) || !memchr(path.p, '/', path.n))
			return (struct str){0};
		for (size_t i = 0; i < path.n; i++)
			name[i] = path.p[i] == '/' ? '.' : path.p[i];
		at = value_get(v, (struct str){name, path.n});
	}
	if (value_is_array(at) && !at.any) {
		struct value first = value_first(at);

		if (value_ok(first) && !value_ok(value_next(at, first)))
			at.at = first.at;
	}
	return value_text(at, &r->mem);
}

struct str
reader_text(struct reader *r, struct value v, struct str paths)
{
	struct str path, text;

	while (str_cut(&paths, '|', &path)) {
		text = text_at(r, v, path);
		if (text.n)
			return text;
	}
	return (struct str){0};
}

bool
reader_is_time(struct str text, int64_t *t)
{
	return time_guess(text, t) && *t >= TIME_SET;
}

int64_t
reader_time(struct reader *r, struct value v, struct str paths)
{
	struct str path;
	int64_t t;

	while (str_cut(&paths, '|', &path))
		if (reader_is_time(text_at(r, v, path), &t))
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

struct str
reader_joined(struct reader *r, struct str a, struct str b)
{
	char *p;

	b = id_cut(b);
	p = mem_bytes(&r->mem, a.n + b.n + 1);
	memcpy(p, a.p, a.n);
	for (size_t i = 0; i < b.n; i++)
		p[a.n + i] = b.p[i] ? b.p[i] : ' ';
	p[a.n + b.n] = '\0';
	return (struct str){p, a.n + b.n};
}

uint32_t
reader_name(struct reader *r, struct str s)
{
	return idx_add(&r->ev->names, s);
}

/* Is token i a string that may contain an object, and not a member's name? */
static bool
may_be_object(const struct json *j, int i)
{
	int up = j->tok[i].parent;

	return j->tok[i].type == JSMN_STRING && (up < 0 || j->tok[up].type != JSMN_OBJECT) && str_starts(json_raw(j, i), S("{\\\""));
}

/* The text of r->inner with strings replaced by the objects that they contain, which
 * makes it no longer; false if there are none. */
static bool
unnest(struct reader *r, struct str *text)
{
	const struct json *j = &r->inner;
	struct buf b = {0};
	size_t from = 0;

	for (int i = 0; i < j->n; i++) {
		struct str in, raw;
		uint64_t at;

		if (!may_be_object(j, i) || json_check(in = json_text(j, i, &r->mem), &at))
			continue;
		if (!b.p)
			b.p = mem_bytes(&r->mem, b.cap = text->n);
		raw = json_raw(j, i);
		buf_add(&b, (struct str){text->p + from, (size_t)(raw.p - text->p) - from - 1});
		buf_add(&b, in);
		from = (size_t)(raw.p + raw.n - text->p) + 1;
	}
	if (from)
		buf_add(&b, str_from(*text, from));
	*text = from ? buf_str(&b) : *text;
	return from;
}

bool
reader_object(struct reader *r, struct str text, const struct origin *o)
{
	enum { NESTED_MAX = 4 }; /* levels of objects in strings */
	struct origin base = r->base;
	struct str flat = text;
	uint64_t at;

	if (r->inside || json_check(text, &at))
		return false;
	json_parse(&r->inner, text);
	for (unsigned n = 0; n < NESTED_MAX && unnest(r, &flat) && !json_check(flat, &at); n++)
		json_parse(&r->inner, flat);
	r->base = *o;
	r->outer = r->npath;
	r->inside = true;
	r->asked[true].at = r->asked[true].labels_at = r->dotted[true].at = -1;
	r->any(r, value_of(&r->inner));
	r->base = base;
	r->npath = r->outer;
	r->outer = 0;
	r->inside = false;
	return true;
}

bool
reader_inner(struct reader *r, struct value string, const struct origin *o)
{
	struct str raw;

	/* checked on the string alone, so the result does not depend on the rest of the
	 * line, nor on --strict */
	if (r->inside || !r->screen || !value_is_string(string))
		return false;
	raw = json_raw(string.j, string.at);
	if (!str_starts(raw, S("{")) || sift_find(r->screen, raw) == raw.n)
		return false;
	return reader_object(r, json_text(string.j, string.at, &r->mem), o);
}

void
reader_free(struct reader *r)
{
	json_free(&r->json);
	json_free(&r->inner);
	mem_free(&r->mem);
}
