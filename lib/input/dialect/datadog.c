/*
 * datadog - Kubernetes' Events as stored by Datadog's cluster agent: an Event's members
 * are in tags ("event_reason:Evicted"); or several Events about one object are lines of
 * one text.  Version 2 of the API has title and host in an object "attributes".
 * Sources: DataDog/datadog-agent, pkg/collector/corechecks/cluster/
 * kubernetesapiserver (bundled_events.go, unbundled_events.go); Datadog's API
 * reference, events.
 */
#include "base/num.h"
#include "input/dialect/dialect.h"
#include "input/text/eviction.h"
#include "input/text/pod_event.h"

/* The text of a tag "name:…". */
static struct str
tag(struct reader *r, struct value v, struct str name)
{
	struct value tags = value_get(v, S("tags")), e = value_first(tags);

	for (; value_ok(e); e = value_next(tags, e)) {
		struct str s = value_text(e, &r->mem);

		if (str_eat(&s, name) && str_eat(&s, S(":")))
			return s;
	}
	return (struct str){0};
}

/* The node: the host, to whose name the agent may add the cluster's. */
static struct str
node_of(struct reader *r, struct value v)
{
	struct str node = tag(r, v, S("kube_node")), cluster = tag(r, v, S("kube_cluster_name"));

	if (node.n)
		return node;
	node = reader_text(r, v, S("host|hostname|attributes/hostname"));
	if (cluster.n && str_ends(node, cluster) && node.n > cluster.n + 1 && node.p[node.n - cluster.n - 1] == '-')
		node.n -= cluster.n + 1;
	return node;
}

static void
add(struct reader *r, struct pod_event *p, struct str kind)
{
	if (str_eq(kind, S("Pod"))) {
		pod_event_add(r->ev, p);
	} else if (str_eq(kind, S("Node"))) {
		p->node = p->name;
		node_event_add(r->ev, p);
		node_state_add(r->ev, p);
	}
}

/* "2 **Evicted**: The node was low on …": each such line. */
static void
add_lines(struct reader *r, struct str text, struct pod_event *p, struct str kind)
{
	struct str line;
	uint64_t n;

	while (str_cut(&text, '\n', &line)) {
		line = str_trim(line);
		if (!num_eat(&line, &n) || !str_eat(&line, S(" **")) || !str_cut(&line, '*', &p->reason) || !str_eat(&line, S("*: ")))
			continue;
		p->note = line;
		add(r, p, kind);
	}
}

static bool
by_shape(struct value v)
{
	return value_is_array(value_get(v, S("tags"))) &&
	       (value_is_string(value_get(v, S("title"))) || value_is_string(value_at(v, S("attributes/title"))));
}

static bool
read(struct reader *r, struct value v)
{
	struct str text = reader_text(r, v, S("text|message")), kind = tag(r, v, S("kube_kind"));
	struct pod_event p = {.reason = tag(r, v, S("event_reason")), .note = text, .first = NO_TIME};

	if (!kind.n)
		kind = tag(r, v, S("kubernetes_kind"));
	if (!kind.n || (!p.reason.n && !str_starts(text, S("%%%"))))
		return false;
	r->answered = true;
	p.name = tag(r, v, S("kube_name"));
	if (!p.name.n)
		p.name = tag(r, v, str_eq(kind, S("Pod")) ? S("pod_name") : S("name"));
	p.ns = tag(r, v, S("kube_namespace"));
	p.node = node_of(r, v);
	p.last = reader_time(r, v, S("date_happened|timestamp|attributes/timestamp"));
	p.source = str_eq(tag(r, v, S("source_component")), S("kubelet")) ? EVICTION_BY_KUBELET : EVICTION_BY_UNKNOWN;
	if (p.reason.n)
		add(r, &p, kind);
	else
		add_lines(r, text, &p, kind);
	return true;
}

const struct dialect datadog_dialect = {.by_shape = by_shape, .read = read};
