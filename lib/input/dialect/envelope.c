/*
 * envelope - any other object that contains kernel lines in a string, or an
 * object of Kubernetes at some depth: Fluent Bit, Loki, CloudWatch,
 * Elasticsearch, syslog as JSON, the SageMaker HyperPod agent.  Node and time
 * are from the usual members of the nearest object around the line.  Also
 * NVSentinel's HealthEvent and DCGM policy reports, which have the Xid without
 * the line.
 * Sources: NVSentinel health_event.proto; fluent bit and Loki documentation;
 * HyperPod agent output.
 */
#include "base/num.h"
#include "input/dialect/dialect.h"
#include "input/text/kernel.h"

const struct str envelope_words[] = {
	STR_INIT("XID Error"),
	STR_INIT("\"errorCode\""),
	{NULL, 0},
};

/* Members with the pod that wrote a line, and its namespace. */
static const struct str usual_pods = STR_INIT(
	"kubernetes/pod_name|kubernetes/pod/name|k8s.pod.name|pod_name|pod|labels/pod|stream/pod|resource/k8s.pod.name|"
	"resource/labels/pod_name");
static const struct str usual_namespaces = STR_INIT(
	"kubernetes/namespace_name|kubernetes/namespace|k8s.namespace.name|namespace_name|namespace|labels/namespace|"
	"stream/namespace|resource/k8s.namespace.name|resource/labels/namespace_name");

/* Members with the rank that wrote a line. */
static const struct str usual_ranks = STR_INIT(
	"global_rank|RANK|rank|gen_ai.training.rank|nccl.rank|labels/global_rank|labels/rank|attributes/rank|attributes/global_rank|"
	"extra/rank|extra/global_rank|record/extra/rank");

/* Members with the Slurm job. */
static const struct str usual_jobs = STR_INIT("SLURM_JOB_ID|slurm_job_id|slurm/job_id|labels/slurm_job_id|stream/slurm_job_id|slurm.job.id");

/* The name in a cell of CloudWatch Logs Insights, {"field":"@message","value":…}, or in a
 * label of Coralogix, {"key":"timestamp","value":…}; not ok if v is neither. */
static struct value
pair_name(struct value v)
{
	enum { PAIR_MAX = 32 }; /* tokens; this is called for each string in v */
	struct value name = {v.j, -1, false};

	if (!value_is_object(v) || json_after(v.j, v.at) - v.at > PAIR_MAX)
		return name;
	name = value_get(v, S("field"));
	if (!value_ok(name))
		name = value_get(v, S("key"));
	if (!value_ok(value_get(v, S("value"))))
		name.at = -1;
	return name;
}

static bool
is_pair(struct value v)
{
	return value_ok(pair_name(v));
}

/* The node in a set of labels from Loki or VictoriaLogs,
 * {host="gpu-7",job="kernel"}; or empty. */
static struct str
labels_node(struct str labels)
{
	static const struct str names[] = {
		STR_INIT("node=\""), STR_INIT("nodename=\""), STR_INIT("node_name=\""), STR_INIT("hostname=\""), STR_INIT("host=\""),
		STR_INIT("instance=\""),
	};
	struct str node = {0}, rest, label;

	if (!str_eat(&labels, S("{")))
		return node;
	for (size_t i = 0; i < NELEM(names) && !node.n; i++)
		for (rest = labels; str_cut(&rest, ',', &label) && !node.n;) {
			label = str_trim(label);
			if (str_eat(&label, names[i]))
				str_cut(&label, '"', &node);
		}
	return node;
}

/* The node, if no usual member has it. */
static struct str
unusual_node(struct reader *r, struct value v)
{
	struct str node = labels_node(reader_text(r, v, S("_stream|labels")));

	/* Graylog's */
	if (node.n == 0 && (value_ok(value_get(v, S("facility"))) || value_ok(value_get(v, S("gl2_message_id")))))
		node = reader_text(r, v, S("source"));
	/* Puppet Bolt's */
	if (node.n == 0 && value_ok(value_at(v, S("value/stdout"))))
		node = reader_text(r, v, S("target"));
	return memchr(node.p ? node.p : "", '/', node.n) ? (struct str){0} : node;
}

/* Is a member's name that of this label?  Collectors replace '.', '/' and '-' and add
 * prefixes: label_, k8s-pod/. */
static bool
is_label(struct str name, struct str label)
{
	if (name.n < label.n || (name.n > label.n && !strchr("_/.", name.p[name.n - label.n - 1])))
		return false;
	name = str_from(name, name.n - label.n);
	for (size_t i = 0; i < label.n; i++)
		if (name.p[i] != label.p[i] && !(strchr("./-", label.p[i]) && strchr("./-_", name.p[i])))
			return false;
	return true;
}

/* The job from a pod's labels among the members of v, or empty. */
static struct str
job_among(struct reader *r, struct value v)
{
	for (const struct str *l = kubernetes_jobs; l->n; l++)
		for (struct value m = value_first(v); value_is_object(v) && value_ok(m); m = value_next(v, m))
			if (is_label(value_name(m, &r->mem), *l))
				return value_text(value_of_member(m), &r->mem);
	return (struct str){0};
}

/* Add the pod that wrote a line. */
static void
learn_pod(struct reader *r, struct value v, struct origin *o)
{
	static const struct str labels[] = {
		STR_INIT("kubernetes/labels"), STR_INIT("kubernetes/pod_labels"), STR_INIT("labels"), STR_INIT("stream"),
		STR_INIT("resource"),
	};
	struct str pod = reader_text(r, v, usual_pods), job = reader_text(r, v, usual_jobs);

	for (size_t i = 0; i < NELEM(labels) && !job.n; i++)
		job = job_among(r, value_at(v, labels[i]));
	if (job.n)
		o->job = job;
	if (!pod.n)
		return;
	o->pod = pod;
	o->ns = reader_text(r, v, usual_namespaces);
}

/* Add the rank that wrote a line. */
static void
learn_rank(struct reader *r, struct value v, struct origin *o)
{
	uint64_t n;

	if (!num_u64(reader_text(r, v, usual_ranks), &n) || n >= INT32_MAX)
		return;
	o->rank = (uint32_t)n + 1;
	o->rank_of_file = o->rank_local = false;
}

void
envelope_learn(struct reader *r, struct value v, struct origin *o)
{
	struct str node = reader_text(r, v, kube_nodes), ns;
	int64_t t = reader_time(r, v, usual_times);
	bool own = node.n;

	if (node.n == 0)
		node = value_text(value_get(value_get(v, S("labels")), S("compute.googleapis.com/resource_name")), &r->mem);
	if (node.n == 0)
		node = reader_text(r, v, usual_nodes);
	if (node.n == 0)
		node = unusual_node(r, v);
	if (node.n) {
		o->node = node;
		o->own_node = own;
	}
	if (t != NO_TIME)
		o->t = t;
	if (events_want(r->ev, EVENT_LOSS)) {
		ns = reader_text(r, v, S("stream/namespace|labels/namespace|namespace"));
		if (ns.n)
			o->ns = ns;
	}
	if (events_want(r->ev, EVENT_RANK) || events_want(r->ev, EVENT_WATCHDOG)) {
		learn_pod(r, v, o);
		learn_rank(r, v, o);
	}
	reader_program(r, v, &o->program);
}

/* Add the contents of a cell with that name. */
static void
learn_cell(struct reader *r, struct str name, struct value cell, struct origin *o)
{
	struct str text = value_text(cell, &r->mem), path;
	int64_t t;

	for (struct str list = usual_nodes; text.n && str_cut(&list, '|', &path);)
		if (str_eq(path, name))
			o->node = text;
	for (struct str list = usual_times; text.n && str_cut(&list, '|', &path);)
		if (str_eq(path, name) && reader_is_time(text, &t))
			o->t = t;
}

static void
learn_array(struct reader *r, struct value v, struct origin *o)
{
	struct value first = value_first(v), meta;
	int64_t t;

	/* Loki: ["1790000000000000000", "line", {"structuredMetadata":{…}}] */
	if (value_is_string(first) && reader_is_time(value_text(first, &r->mem), &t))
		o->t = t;
	for (struct value e = first; value_ok(e); e = value_next(v, e)) {
		if (is_pair(e)) {
			learn_cell(r, value_text(pair_name(e), &r->mem), value_get(e, S("value")), o);
		} else if (value_is_string(first) && value_is_object(e)) {
			meta = value_get(e, S("structuredMetadata"));
			envelope_learn(r, value_ok(meta) ? meta : e, o);
		}
	}
}

/* Node and time in the object or array v, or else those from around it. */
static struct origin
learn(struct reader *r, struct value v, struct origin o)
{
	if (value_is_array(v)) {
		learn_array(r, v, &o);
	} else if (!is_pair(v)) {
		for (struct value m = value_first(v); value_ok(m); m = value_next(v, m))
			if (value_is_array(value_of_member(m)) && is_pair(value_first(value_of_member(m))))
				learn_array(r, value_of_member(m), &o);
		envelope_learn(r, v, &o);
	}
	return o;
}

/* May a member's name be a host name?  Names of fields rarely have digits; an only
 * member's name must be more specific than "k8s". */
static bool
is_host(struct str name, bool alone)
{
	bool letter = false;
	unsigned digits = alone ? 0 : 1, marks = 0;

	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool number = char_digit(c), is = char_letter(c);

		if (!number && !is && (i == 0 || !strchr("-.", c)))
			return false;
		digits += number;
		marks += !number && !is;
		letter |= is || c == '.';
	}
	return letter && (digits > 1 || (digits && marks));
}

/* Is v the member "hosts" of Ansible's callback json, or in the list "return" of Salt's API? */
static bool
is_of_hosts(struct value v)
{
	struct value up = value_around(v);

	if (value_is_array(up))
		return value_is_object(value_around(up)) && json_is(up.j, up.at - 1, S("return"));
	return value_is_object(up) && json_is(v.j, v.at - 1, S("hosts"));
}

/* Is each member named like a host: {"gpu-7":…,"gpu-8":…}, output of tools that run a
 * command on many hosts? */
static bool
has_hosts(struct value v)
{
	struct value m = value_first(v);
	bool alone;

	if (!value_is_object(v) || !value_ok(m))
		return false;
	if (is_of_hosts(v))
		return true;
	alone = !value_ok(value_next(v, m));
	while (value_ok(m) && is_host(json_raw(m.j, m.at), alone))
		m = value_next(v, m);
	return !value_ok(m);
}

/* Set the host from the name of the member that v is. */
static void
learn_host(struct value v, struct origin *o)
{
	o->node = json_raw(v.j, v.at - 1);
	o->own_node = false;
}

/*
 * Node and time of a line at v: from the values around it, the nearest first.  Lines are
 * read in the order of the text, so each object and array is examined once: r->path has
 * those around the last line.
 */
static struct origin
origin_of(struct reader *r, struct value v)
{
	struct value way[JSON_DEPTH + 1], line = v;
	struct origin o;
	size_t n = 0;

	while (r->npath > r->outer && json_after(v.j, r->path[r->npath - 1].at) <= v.at)
		r->npath--;
	for (v = value_around(v); value_ok(v) && !(r->npath > r->outer && r->path[r->npath - 1].at == v.at); v = value_around(v))
		way[n++] = v;
	while (n--) {
		o = r->npath > r->outer ? r->path[r->npath - 1].o : r->base;
		if (r->npath > r->outer && r->path[r->npath - 1].hosts)
			learn_host(way[n], &o);
		r->path[r->npath].at = way[n].at;
		r->path[r->npath].hosts = has_hosts(way[n]);
		r->path[r->npath++].o = learn(r, way[n], o);
	}
	if (r->npath == r->outer)
		return r->base;
	o = r->path[r->npath - 1].o;
	if (r->path[r->npath - 1].hosts)
		learn_host(line, &o);
	return o;
}

static void
add_xid(struct reader *r, uint64_t code, struct pci gpu, const struct origin *o, struct str text)
{
	if (code < 1 || code > 999999)
		return;
	events_add(r->ev, EVENT_XID,
		   &(struct xid){
			   .e = {.t = o->t, .node = events_node(r->ev, o->node), .uid = reader_id(r, o->uid)},
			   .gpu = gpu,
			   .code = code & XID_CODE,
			   .text = reader_note(r, text),
			   .nonfatal = kernel_nonfatal((uint32_t)code, text),
		   });
}

/* The address among a HealthEvent's impacted entities. */
static struct pci
impacted(struct reader *r, struct value v)
{
	struct value list = value_get(v, S("entitiesImpacted")), e = value_first(list);
	struct pci gpu = {0};

	for (; value_ok(e); e = value_next(list, e))
		if (str_ieq(reader_text(r, e, S("entityType")), S("PCI")) &&
		    pci_parse(reader_text(r, e, S("entityValue")), &gpu))
			break;
	return gpu;
}

static bool
health_event(struct reader *r, struct value v)
{
	struct value codes = value_get(v, S("errorCode")), c;
	struct str check = reader_text(r, v, S("checkName")), message = reader_text(r, v, S("message"));
	struct origin o = r->base;
	uint64_t code;

	if (!value_is_array(codes) || !value_ok(value_get(v, S("nodeName"))))
		return false;
	o.t = reader_time(r, v, S("generatedTimestamp"));
	o.node = reader_text(r, v, S("nodeName"));
	o.uid = reader_text(r, v, S("id"));
	o.own_time = o.own_node = true;
	if (str_eq(reader_text(r, v, S("isHealthy")), S("true"))) {
		events_add(r->ev, EVENT_RECOVERY,
			   &(struct recovery){
				   .e = {.t = o.t, .node = events_node(r->ev, o.node)},
				   .gpu = impacted(r, v),
			   });
	} else if (text_has(r->ev, message)) {
		reader_message(r, message, &o);
	} else if (str_has(check, S("XID")) && !str_has(check, S("SXID"))) {
		struct pci gpu = impacted(r, v);

		message = id_cut(str_trim(message));
		for (c = value_first(codes); value_ok(c); c = value_next(codes, c))
			if (num_u64(value_text(c, &r->mem), &code))
				add_xid(r, code, gpu, &o, message);
	}
	return true;
}

/* {"msg":"DCGM Policy Violation found ","condition: ":"XID Error","data: ":{"ErrNum":79}} */
static bool
policy_violation(struct reader *r, struct value v)
{
	struct value n = value_at(v, S("data: /ErrNum"));
	struct origin o;
	int64_t code;

	if (!str_eq(reader_text(r, v, S("condition: ")), S("XID Error")) || !value_i64(n, &code))
		return false;
	o = origin_of(r, n);
	add_xid(r, (uint64_t)code, (struct pci){0}, &o, (struct str){0});
	return true;
}

/* The short array around a string, which may be a row: Loki's begins with the
 * time. */
static struct value
row_of(struct value s)
{
	enum { ROW_MAX = 16 };
	struct value v = value_around(s), e;
	size_t n = 0;

	if (is_pair(v)) {
		s = v;
		v = value_around(v);
	}
	if (!value_is_array(v))
		return s;
	for (e = value_first(v); value_ok(e) && n <= ROW_MAX; e = value_next(v, e))
		n++;
	return n <= ROW_MAX ? v : s;
}

/* Is v an object of Kubernetes' API: an Event, possibly flattened, or another kind except
 * a List? */
static bool
is_kubernetes(struct value v)
{
	static const struct str events[] = {
		STR_INIT("involvedObject"), STR_INIT("regarding"), STR_INIT("event.involvedObject.name"),
		STR_INIT("kubernetes.event.involved_object.name"),
	};

	for (size_t i = 0; i < NELEM(events); i++)
		if (value_ok(value_get(v, events[i])))
			return true;
	return value_is_string(value_get(v, S("kind"))) && value_is_object(value_get(v, S("metadata"))) &&
	       value_is_object(value_get(v, S("status")));
}

/* Is v, inside an object, a value that other dialects read? */
static bool
read_nested(struct reader *r, struct value v)
{
	reader_at(r, v);
	return (is_kubernetes(v) && dialect_read(&kubernetes_dialect, r, v)) || dialect_read(&datadog_dialect, r, v);
}

/* Is an array the rows of a table? */
static bool
read_table(struct reader *r, struct value list)
{
	struct origin o;
	struct table t;

	if (!rows_find(list, &t))
		return false;
	o = origin_of(r, list);
	return rows_read(r, &t, &o);
}

static bool
read(struct reader *r, struct value v)
{
	int end = json_after(v.j, v.at);
	struct origin o;

	if (health_event(r, v) || policy_violation(r, v))
		return true;
	for (struct value s = v; s.at < end; s.at++) {
		struct str text;
		int up = v.j->tok[s.at].parent;

		if (s.at > v.at && (value_is_object(s) ? read_nested(r, s) : value_is_array(s) && read_table(r, s))) {
			s.at = json_after(v.j, s.at) - 1;
			continue;
		}
		if (v.j->tok[s.at].type != JSMN_STRING || (up >= 0 && v.j->tok[up].type == JSMN_OBJECT))
			continue; /* not a string, or a member's name */
		reader_at(r, row_of(s));
		if (str_starts(json_raw(v.j, s.at), S("{"))) {
			o = origin_of(r, s);
			if (reader_inner(r, s, &o))
				continue;
		}
		text = json_text(v.j, s.at, &r->mem);
		if (!text_has(r->ev, text))
			continue;
		o = origin_of(r, s);
		reader_message(r, text, &o);
	}
	return true;
}

static const struct word words[] = {
	{STR_INIT("XID Error"), 1u << EVENT_XID},
	{STR_INIT("\"errorCode"), 1u << EVENT_XID | 1u << EVENT_RECOVERY},
	{.gives = 0},
}, claims[] = {
	{STR_INIT("\"condition: \":\"XID Error"), 1u << EVENT_XID},
	{.gives = 0},
};

const struct dialect envelope_dialect = {.read = read, .words = words, .claims = claims};
