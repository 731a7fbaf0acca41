/*
 * kubernetes - Events of core/v1 and events.k8s.io/v1 and their re-emitters,
 * Pod and Node objects.
 * Sources: k8s.io/api core/v1 and events/v1 types; pkg/controller/
 * tainteviction, pkg/scheduler/framework/preemption, pkg/kubelet/eviction and
 * nodeshutdown for reasons and texts, pkg/kubelet/nodestatus for a node's
 * conditions; metricbeat's and Gardener's renderings; NVSentinel's conditions.
 */
#include "base/num.h"
#include "input/dialect/dialect.h"
#include "input/text/eviction.h"
#include "input/text/kernel.h"
#include "input/text/node_xid.h"
#include "input/text/pod_event.h"

static const struct str any_disruption = STR_INIT("DisruptionTarget");
static const struct str by_api = STR_INIT("EvictionByEvictionAPI");

/* ---- Events ---- */

/*
 * Paths of Events' members: the API's first, then those of shippers: Alloy (Loki), New
 * Relic's nri-kube-events, the layout in the event exporter's README, Azure's
 * KubeEvents, metricbeat's dotted names, kube-eventer's documents in Elasticsearch;
 * and those in components' JSON logs (klog).
 */
static const struct {
	struct str kind, name, ns, pod_uid, uid, reason, note, component, host, instance, last, first;
} alias = {
	STR_INIT("involvedObject/kind|regarding/kind|involved_object/kind|event.involvedObject.kind|InvolvedObject/kind|details/kind|ObjectKind|kubernetes.event.involved_object.kind|kind"),
	STR_INIT("involvedObject/name|regarding/name|involved_object/name|event.involvedObject.name|InvolvedObject/name|details/name|object/name|Name|kubernetes.event.involved_object.name|name"),
	STR_INIT("involvedObject/namespace|regarding/namespace|involved_object/namespace|event.involvedObject.namespace|InvolvedObject/namespace|"
		 "details/namespace|object/namespace|Namespace|metadata/namespace|kubernetes.event.metadata.namespace|namespace"),
	STR_INIT("involvedObject/uid|regarding/uid|involved_object/uid|event.involvedObject.uid|InvolvedObject/uid|kubernetes.event.involved_object.uid"),
	STR_INIT("metadata/uid|event.metadata.uid|Metadata/uid|kubernetes.event.metadata.uid"),
	STR_INIT("reason|event.reason|details/reason|Reason|kubernetes.event.reason"),
	STR_INIT("message|note|_entry|event.message|details/message|Message|kubernetes.event.message|msg"),
	STR_INIT("reportingComponent|reportingController|source/component|deprecatedSource/component|event.source.component|Source/component|"
		 "details/component|SourceComponent|reportingcontroller|sourcecomponent|"
		 "kubernetes.event.source.component|component"),
	STR_INIT("source/host|deprecatedSource/host|event.source.host|Source/host|details/host|sourcehost|kubernetes.event.source.host"),
	STR_INIT("reportingInstance|event.reportingInstance|reportinginstance|Computer"),
	STR_INIT("series/lastObservedTime|lastTimestamp|deprecatedLastTimestamp|timestamp/last_occurrence|eventTime|firstTimestamp|"
		 "deprecatedFirstTimestamp|event.lastTimestamp|LastSeen|LastOccurrenceTimestamp|"
		 "kubernetes.event.timestamp.last_occurrence|metadata/creationTimestamp|time|timestamp|createdAt|TimeGenerated|ts|@timestamp|_time"),
	STR_INIT("firstTimestamp|deprecatedFirstTimestamp|timestamp/first_occurrence|eventTime|event.firstTimestamp|FirstSeen|FirstOccurrenceTimestamp|"
		 "kubernetes.event.timestamp.first_occurrence"),
};

static struct str
event_component(struct reader *r, struct value v)
{
	return reader_text(r, v, alias.component);
}

/* The node of a kubelet's Event; controllers' instance names are pods. */
static struct str
event_node(struct reader *r, struct value v)
{
	struct str host = reader_text(r, v, alias.host);
	struct str who = event_component(r, v);

	if (host.n == 0 && (who.n == 0 || str_eq(who, S("kubelet"))))
		host = reader_text(r, v, alias.instance);
	/* next to "component" it is the Event's host, otherwise the shipper's */
	if (host.n == 0 && str_eq(reader_text(r, v, S("component")), S("kubelet")))
		host = reader_text(r, v, S("host"));
	return host;
}

/* The kubelet's annotations in the form of eviction.h, or empty.  Lists that are too long
 * are dropped, as a truncated number would be wrong. */
static struct str
offenders(struct reader *r, struct value v)
{
	enum { OFFENDERS_MAX = 1024 };
	struct value notes = value_at(v, S("metadata/annotations"));
	const struct str part[] = {
		reader_text(r, notes, S("starved_resource")),
		reader_text(r, notes, S("offending_containers")),
		reader_text(r, notes, S("offending_containers_usage|offending_pod_usage")),
	};
	struct str all = {NULL, 0};
	char *to;

	for (size_t i = 0; i < NELEM(part); i++)
		all.n += part[i].n;
	if (all.n == 0 || all.n > OFFENDERS_MAX)
		return (struct str){0};
	all.n += NELEM(part) - 1;
	all.p = to = mem_bytes(&r->mem, all.n);
	for (size_t i = 0; i < NELEM(part); i++) {
		if (i)
			*to++ = '\n';
		for (size_t k = 0; k < part[i].n; k++)
			*to++ = part[i].p[k] == '\n' ? ' ' : part[i].p[k];
	}
	return all;
}

/* The text of an Event.  OpenShift's collector puts it into the record around the Event:
 * {"message":"...","kubernetes":{"event":{...}}}. */
static struct str
event_note(struct reader *r, struct value v)
{
	enum { LEVELS = 2, TOKENS = 1024 }; /* a record is searched once for each Event in it */
	struct str note = reader_text(r, v, alias.note);

	for (int i = 0; !note.n && i < LEVELS; i++) {
		v = value_around(v);
		if (!value_is_object(v) || json_after(v.j, v.at) - v.at > TOKENS)
			break;
		note = value_text(value_get(v, S("message")), &r->mem);
	}
	return note;
}

/* Is it the loss of an unnamed pod?  OpenShift's compact lists
 * ({"items":[{"namespace":…,"lastTimestamp":…,"reason":…,"message":…}]}) have no
 * object, and only texts of taint managers name the pod. */
static bool
is_nameless(struct reader *r, const struct pod_event *p)
{
	return p->name.n == 0 && pod_event_is_loss(r->ev, p->reason) && !str_has(p->note, S(" Pod "));
}

static bool
event(struct reader *r, struct value v)
{
	struct str kind = reader_text(r, v, alias.kind), object = reader_text(r, v, S("object")), note;
	struct pod_event p = {.reason = reader_text(r, v, alias.reason)};
	bool known = value_ok(value_get(v, S("involvedObject"))) || value_ok(value_get(v, S("regarding"))) ||
		     value_ok(value_get(v, S("involved_object"))) || value_ok(value_get(v, S("InvolvedObject")));

	note = known ? event_note(r, v) : reader_text(r, v, alias.note);
	if (!known && (p.reason.n == 0 || note.n == 0))
		return false;
	if (str_eq(kind, S("Event"))) /* the kind of the Event itself, not of its object */
		kind = (struct str){0};
	if (known || kind.n)
		p.name = reader_text(r, v, alias.name);
	if (p.name.n == 0 && str_has(object, S("/"))) { /* "Node/gpu-7" */
		str_cut(&object, '/', &kind);
		p.name = object;
	}
	/* without an object it may not be an Event */
	if (!known && !pod_event_is_loss(r->ev, p.reason) && !str_eq(p.reason, S("Scheduled")) && !str_eq(p.reason, S("Killing")) &&
	    !(events_want(r->ev, EVENT_CONDITION) && is_node_event(p.reason)))
		return false;
	p.note = note;
	/* its reason decides, whatever its text quotes; but a node's Event may contain the
	 * kernel's line */
	r->answered |= !is_nameless(r, &p) && (!str_eq(kind, S("Node")) || is_node_event(p.reason));
	p.ns = reader_text(r, v, alias.ns);
	if (p.ns.n == 0)
		p.ns = r->base.ns;
	p.pod_uid = reader_text(r, v, alias.pod_uid);
	p.uid = reader_text(r, v, alias.uid);
	p.last = reader_time(r, v, alias.last);
	p.first = reader_time(r, v, alias.first);
	if (p.last == NO_TIME)
		p.last = r->base.t;
	p.node = event_node(r, v);
	if (pod_event_is_loss(r->ev, p.reason))
		p.offenders = offenders(r, v);
	if (pod_event_is_loss(r->ev, p.reason) || str_eq(kind, S("Node"))) {
		struct str who = event_component(r, v);

		p.source = str_eq(who, S("kubelet")) ? EVICTION_BY_KUBELET : who.n ? EVICTION_BY_OTHER : EVICTION_BY_UNKNOWN;
	}
	if (is_node_event(p.reason) && (kind.n == 0 || str_eq(kind, S("Node")))) {
		struct pod_event about = p;

		if (p.name.n)
			about.node = p.name;
		node_event_add(r->ev, &about);
	}
	if (str_eq(kind, S("Node"))) {
		node_state_add(r->ev, &p);
		/* node-problem-detector puts the kernel's line here */
		reader_message(r, note, &(struct origin){.t = p.last, .node = p.name, .uid = p.uid, .own_time = true, .own_node = true,
				.concluded = true});
		node_report_add(r->ev, &(struct node_report){.reason = p.reason, .note = note, .uid = p.uid, .node = p.name, .t = p.last});
	} else if (kind.n == 0 || str_eq(kind, S("Pod"))) {
		if (p.node.n == 0)
			p.node = reader_text(r, v, S("k8s.node.name"));
		pod_event_add(r->ev, &p);
	}
	return true;
}

/* An eviction logged by the kubelet as JSON:
 * {"ts":…,"msg":"Evicting pod","pod":{"name":…,"namespace":…},"podUID":…,"message":…} */
static bool
logged_eviction(struct reader *r, struct value v)
{
	struct str said = reader_text(r, v, S("msg"));
	struct pod_event p = {.reason = S("Evicted"), .first = NO_TIME, .source = EVICTION_BY_KUBELET};

	if (!value_is_object(value_get(v, S("pod"))) ||
	    (!str_eq(said, S("Evicting pod")) && !str_eq(said, S("Eviction manager: pod is evicted successfully"))))
		return false;
	p.name = reader_text(r, v, S("pod/name"));
	p.ns = reader_text(r, v, S("pod/namespace"));
	p.pod_uid = reader_text(r, v, S("podUID"));
	p.note = reader_text(r, v, S("message"));
	p.node = r->base.node;
	p.last = reader_time(r, v, S("ts"));
	pod_event_add(r->ev, &p);
	return true;
}

/* ---- Pods ---- */

/* The pod's condition of this type if its status is the given one. */
static struct value
condition(struct reader *r, struct value pod, struct str type, struct str status)
{
	struct value list = value_at(pod, S("status/conditions")), c = value_first(list);

	for (; value_ok(c); c = value_next(list, c))
		if (str_eq(reader_text(r, c, S("type")), type) && str_eq(reader_text(r, c, S("status")), status))
			break;
	return c;
}

/* Time of the last end of a container of the pod. */
static int64_t
containers_ended(struct reader *r, struct value pod)
{
	struct value list = value_at(pod, S("status/containerStatuses")), c = value_first(list);
	int64_t t, end = NO_TIME;

	for (; value_ok(c); c = value_next(list, c)) {
		t = reader_time(r, c, S("state/terminated/finishedAt"));
		if (t > end)
			end = t;
	}
	return end;
}

/* Variables about ranks in a container's environment; of names with one meaning the first
 * wins. */
enum env { ENV_NODE_RANK, ENV_PROCS, ENV_RENDEZVOUS };

static const struct {
	struct str name;
	enum env is;
} env_names[] = {
	{STR_INIT("PET_NODE_RANK"), ENV_NODE_RANK}, {STR_INIT("NODE_RANK"), ENV_NODE_RANK}, {STR_INIT("RANK"), ENV_NODE_RANK},
	{STR_INIT("PET_NPROC_PER_NODE"), ENV_PROCS}, {STR_INIT("NPROC_PER_NODE"), ENV_PROCS},
	{STR_INIT("PET_RDZV_BACKEND"), ENV_RENDEZVOUS},
};

struct env_values {
	struct str of[NELEM(env_names)];
};

static struct env_values
env_read(struct reader *r, struct value container)
{
	struct value list = value_get(container, S("env")), e;
	struct env_values v = {0};

	for (e = value_first(list); value_ok(e); e = value_next(list, e)) {
		struct str name = value_text(value_get(e, S("name")), &r->mem);

		for (size_t i = 0; i < NELEM(env_names); i++)
			if (str_eq(name, env_names[i].name) && !v.of[i].n)
				v.of[i] = reader_text(r, e, S("value"));
	}
	return v;
}

static struct str
env_of(const struct env_values *v, enum env is)
{
	for (size_t i = 0; i < NELEM(env_names); i++)
		if (env_names[i].is == is && v->of[i].n)
			return v->of[i];
	return (struct str){0};
}

/* The value of torchrun's option in a container's words, "--name=8" or "--name", "8". */
static struct str
option_of(struct reader *r, struct value container, struct str member, struct str name)
{
	struct value list = value_get(container, member), e;
	bool found = false;

	for (e = value_first(list); value_ok(e); e = value_next(list, e)) {
		struct str word = value_text(e, &r->mem);

		if (found)
			return word;
		found = str_eat(&word, name) && word.n == 0;
		if (word.n > 1 && *word.p == '=')
			return str_from(word, 1);
	}
	return (struct str){0};
}

static struct str
torchrun(struct reader *r, struct value container, struct str dashed, struct str under)
{
	static const struct str member[] = {STR_INIT("args"), STR_INIT("command")};
	struct str s = {0};

	for (size_t i = 0; i < NELEM(member) && !s.n; i++) {
		s = option_of(r, container, member[i], dashed);
		s = s.n ? s : option_of(r, container, member[i], under);
	}
	return s;
}

/* A small number, or -1. */
static int32_t
small(struct str s)
{
	uint64_t n;

	return num_u64(s, &n) && n < 1 << 20 ? (int32_t)n : -1;
}

/* A label or annotation, whose name may have slashes. */
static struct str
label_of(struct reader *r, struct value pod, struct str name)
{
	struct str s = value_text(value_get(value_at(pod, S("metadata/labels")), name), &r->mem);

	return s.n ? s : value_text(value_get(value_at(pod, S("metadata/annotations")), name), &r->mem);
}

const struct str kubernetes_jobs[] = {
	STR_INIT("training.kubeflow.org/job-name"), STR_INIT("jobset.sigs.k8s.io/jobset-name"),
	STR_INIT("batch.kubernetes.io/job-name"), STR_INIT("leaderworkerset.sigs.k8s.io/name"),
	STR_INIT("ray.io/cluster"), STR_INIT("volcano.sh/job-name"), {NULL, 0},
};

/* The job from its controllers' labels, or else from the pod's owner. */
static struct str
job_of(struct reader *r, struct value pod)
{
	struct value list = value_at(pod, S("metadata/ownerReferences")), o;
	struct str s = {0};

	for (const struct str *l = kubernetes_jobs; l->n && !s.n; l++)
		s = label_of(r, pod, *l);
	for (o = value_first(list); value_ok(o) && !s.n; o = value_next(list, o))
		if (str_eq(reader_text(r, o, S("controller")), S("true")))
			s = reader_text(r, o, S("name"));
	return s;
}

/* The index of a pod in its job, from its labels. */
static int32_t
index_of(struct reader *r, struct value pod, struct pod *p)
{
	static const struct str label[] = {
		STR_INIT("batch.kubernetes.io/job-completion-index"), STR_INIT("training.kubeflow.org/replica-index"),
		STR_INIT("leaderworkerset.sigs.k8s.io/worker-index"), STR_INIT("apps.kubernetes.io/pod-index"),
		STR_INIT("elasticjob.dlrover/rank-index"),
	};
	struct str type = label_of(r, pod, S("training.kubeflow.org/replica-type")), group;
	int32_t n = -1;

	p->master = str_ieq(type, S("master"));
	group = label_of(r, pod, S("jobset.sigs.k8s.io/job-index"));
	if (group.n && !str_eq(group, S("0")))
		return -1; /* the number of pods before it is unknown */
	for (size_t i = 0; i < NELEM(label) && n < 0; i++)
		n = small(label_of(r, pod, label[i]));
	p->worker = n >= 0 && str_ieq(type, S("worker"));
	return n;
}

/* Does a container request GPUs? */
static bool
has_gpus(struct reader *r, struct value pod, struct str name)
{
	struct value list = value_at(pod, S("spec/containers")), c;

	for (c = value_first(list); value_ok(c); c = value_next(list, c))
		if (str_eq(reader_text(r, c, S("name")), name))
			return small(value_text(value_get(value_at(c, S("resources/limits")), S("nvidia.com/gpu")), &r->mem)) > 0;
	return false;
}

/* Time and cause of the first failure of a container.  In a pod with GPUs that did not
 * fail as a whole, only containers with GPUs count: a sidecar may be restarted. */
static void
failure_of(struct reader *r, struct value pod, struct pod *p)
{
	static const struct str state[] = {STR_INIT("state/terminated"), STR_INIT("lastState/terminated")};
	struct value list = value_at(pod, S("status/containerStatuses")), c, end;
	bool any = !p->gpus || str_eq(reader_text(r, pod, S("status/phase")), S("Failed"));
	int64_t t;

	p->ended = NO_TIME;
	for (c = value_first(list); value_ok(c); c = value_next(list, c))
		for (size_t i = 0; i < NELEM(state) && (any || has_gpus(r, pod, reader_text(r, c, S("name")))); i++) {
			end = value_at(c, state[i]);
			t = reader_time(r, end, S("finishedAt"));
			if (t == NO_TIME || str_eq(reader_text(r, end, S("exitCode")), S("0")) || (p->ended != NO_TIME && t >= p->ended))
				continue;
			p->ended = t;
			p->code = small(reader_text(r, end, S("exitCode")));
			p->oom = str_eq(reader_text(r, end, S("reason")), S("OOMKilled"));
		}
}

/* Add the pod's role in its job, from its labels, environment and limits. */
static void
pod_add(struct reader *r, struct value v, const struct loss *l)
{
	struct value list = value_at(v, S("spec/containers")), c, limits;
	struct str job = job_of(r, v), ns = reader_text(r, v, S("metadata/namespace"));
	struct buf *b = &r->ev->scratch;
	struct pod p = {.e = l->e, .name = l->name, .ns = l->ns};
	int32_t procs = -1, index;

	/* without a node it is not running yet */
	if (!p.e.node || !events_want(r->ev, EVENT_POD))
		return;
	p.e.t = reader_time(r, v, S("status/startTime|metadata/creationTimestamp"));
	p.index = index_of(r, v, &p);
	for (c = value_first(list); value_ok(c); c = value_next(list, c)) {
		struct env_values env = env_read(r, c);

		limits = value_at(c, S("resources/limits"));
		index = small(value_text(value_get(limits, S("nvidia.com/gpu")), &r->mem));
		p.gpus += index > 0 ? (uint32_t)index : 0;
		if ((index = small(env_of(&env, ENV_NODE_RANK))) >= 0) {
			p.index = index;
			p.worker = 0;
		}
		if (procs < 0)
			procs = small(env_of(&env, ENV_PROCS));
		if (procs < 0)
			procs = small(torchrun(r, c, S("--nproc-per-node"), S("--nproc_per_node")));
		p.assumed |= str_ieq(env_of(&env, ENV_RENDEZVOUS), S("c10d")) ||
			     str_ieq(torchrun(r, c, S("--rdzv-backend"), S("--rdzv_backend")), S("c10d"));
	}
	p.procs = procs > 0 ? (uint32_t)procs : p.gpus;
	p.address = reader_id(r, reader_text(r, v, S("status/podIP")));
	failure_of(r, v, &p);
	p.succeeded = str_eq(reader_text(r, v, S("status/phase")), S("Succeeded"));
	if (job.n) {
		b->n = 0;
		buf_add(b, id_cut(ns));
		buf_chr(b, '/');
		buf_add(b, id_cut(job));
		p.job = idx_add(&r->ev->names, buf_str(b));
	}
	events_add(r->ev, EVENT_POD, &p);
}

static bool
is_daemonset(struct reader *r, struct value pod)
{
	struct value list = value_at(pod, S("metadata/ownerReferences")), o = value_first(list);

	for (; value_ok(o); o = value_next(list, o))
		if (str_eq(reader_text(r, o, S("kind")), S("DaemonSet")))
			return true;
	return false;
}

static bool
pod(struct reader *r, struct value v)
{
	struct str kind = reader_text(r, v, S("kind")), phase = reader_text(r, v, S("status/phase")), reason, why, note;
	struct value disruption, ready;
	struct loss l = {.from = LOSS_OBJECT, .started = NO_TIME};
	bool failed, lost;

	if (!value_ok(value_get(v, S("metadata"))) ||
	    (!str_eq(kind, S("Pod")) && !(kind.n == 0 && phase.n && value_ok(value_get(v, S("spec"))))))
		return false;
	r->answered = true;
	l.name = reader_id(r, reader_text(r, v, S("metadata/name")));
	if (!l.name)
		return true;
	l.ns = reader_id(r, reader_text(r, v, S("metadata/namespace")));
	l.e.uid = l.pod_uid = reader_id(r, reader_text(r, v, S("metadata/uid")));
	l.e.node = events_node(r->ev, reader_text(r, v, S("spec/nodeName")));
	if (l.e.node)
		events_add(r->ev, EVENT_PLACEMENT,
			   &(struct placement){
				   .e = {.t = NO_TIME, .node = l.e.node, .uid = l.pod_uid},
				   .created = reader_time(r, v, S("metadata/creationTimestamp|status/startTime")),
				   .ready = reader_time(r, condition(r, v, S("Ready"), S("True")), S("lastTransitionTime")),
				   .name = l.name,
				   .ns = l.ns,
				   .from = PLACE_OBJECT,
				   .daemonset = is_daemonset(r, v),
			   });
	pod_add(r, v, &l);
	reason = reader_text(r, v, S("status/reason"));
	failed = str_eq(phase, S("Failed")) && pod_event_is_loss(r->ev, reason);
	disruption = condition(r, v, S("DisruptionTarget"), S("True"));
	why = reader_text(r, disruption, S("reason"));
	lost = value_ok(disruption) && (pod_event_is_loss(r->ev, any_disruption) || pod_event_is_loss(r->ev, why));
	if (!failed && !lost)
		return true;
	l.e.t = reader_time(r, disruption, S("lastTransitionTime"));
	if (l.e.t == NO_TIME)
		l.e.t = containers_ended(r, v);
	if (l.e.t == NO_TIME) {
		ready = condition(r, v, S("Ready"), S("False"));
		l.e.t = reader_time(r, ready, S("lastTransitionTime"));
	}
	l.reason = reader_name(r, failed ? reason : why.n ? why : any_disruption);
	l.source = failed || str_eq(why, S("TerminationByKubelet")) ? EVICTION_BY_KUBELET : EVICTION_BY_OTHER;
	note = failed ? reader_text(r, v, S("status/message")) : reader_text(r, disruption, S("message"));
	l.note = reader_note(r, note);
	l.started = reader_time(r, v, S("status/startTime"));
	/* for a pod that never ran, this is when the kubelet rejected it */
	if (l.started != NO_TIME &&
	    eviction_kind_of(&(struct eviction_text){failed ? reason : why, note, {0}, l.source}) == EVICTION_ADMISSION)
		l.e.t = l.started;
	if (l.started == NO_TIME)
		l.started = reader_time(r, v, S("metadata/creationTimestamp"));
	if (l.e.t != NO_TIME)
		l.started = NO_TIME;
	events_add(r->ev, EVENT_LOSS, &l);
	return true;
}

/* ---- Nodes ---- */

/* The taints that evict pods. */
static void
taints(struct reader *r, struct value v, uint32_t node, struct str uid)
{
	struct value list = value_at(v, S("spec/taints")), c = value_first(list);

	for (; node && value_ok(c); c = value_next(list, c))
		if (str_eq(reader_text(r, c, S("effect")), S("NoExecute")))
			events_add(r->ev, EVENT_CONDITION,
				   &(struct condition){
					   .e = {.t = reader_time(r, c, S("timeAdded")), .node = node, .uid = reader_id(r, uid)},
					   .last = NO_TIME,
					   .reason = reader_name(r, reader_text(r, c, S("key"))),
					   .on = 1,
					   .taint = 1,
				   });
}

static void
add_xid(struct reader *r, uint64_t code, struct pci gpu, struct str uuid, struct str text, const struct event *e)
{
	if (code < 1 || code > 999999)
		return;
	events_add(r->ev, EVENT_XID,
		   &(struct xid){
			   .e = *e, .gpu = gpu, .uuid = reader_id(r, uuid), .code = code & XID_CODE, .text = reader_note(r, text),
			   .nonfatal = kernel_nonfatal((uint32_t)code, text), .concluded = 1});
}

/*
 * Read a health agent's text in a condition: NVSentinel
 * "ErrorCode:119 PCI:0002:00:00 GPU_UUID:GPU-… kernel: [1.5] NVRM: Xid … Recommended Action=…;ErrorCode:…",
 * node-problem-detector: the driver's line.
 */
static void
health(struct reader *r, struct str says, const struct event *e)
{
	struct str one;

	reader_message(r, says, &(struct origin){.t = e->t, .node = idx_at(&r->ev->names, e->node), .uid = idx_at(&r->ev->names, e->uid), .own_time = true, .own_node = true,
			.concluded = true});
	while (str_cut(&says, ';', &one)) {
		struct str digits, address, uuid = {0}, text = str_from(one, str_find(one, S("NVRM:")));
		struct pci gpu = {0};
		uint64_t code;

		if (!str_eat(&one, S("ErrorCode:")) || !str_cut(&one, ' ', &digits) || !num_u64(digits, &code) || !text.n)
			continue;
		if (str_cut(&one, ' ', &address))
			pci_parse(address, &gpu);
		if (!str_eat(&one, S("GPU_UUID:")) || !str_cut(&one, ' ', &uuid))
			uuid.n = 0;
		add_xid(r, code, gpu, uuid, str_head(text, str_find(text, S(" Recommended Action="))), e);
	}
}

static bool
node(struct reader *r, struct value v)
{
	struct str kind = reader_text(r, v, S("kind")), uid = reader_text(r, v, S("metadata/uid"));
	struct value list = value_at(v, S("status/conditions")), c;
	struct str own_name = reader_text(r, v, S("metadata/name"));
	bool known = false;
	uint32_t name;

	if (!value_ok(value_get(v, S("metadata"))))
		return false;
	if (!str_eq(kind, S("Node")) && !(kind.n == 0 && value_is_object(value_at(v, S("status/nodeInfo")))))
		return false;
	name = events_node(r->ev, own_name);
	for (c = value_first(list); name && value_ok(c); c = value_next(list, c)) {
		struct str type = reader_text(r, c, S("type"));
		enum pressure p;

		if (node_report_is_bad(type, reader_text(r, c, S("status")))) {
			struct node_report bad = {.type = type, .reason = reader_text(r, c, S("reason")), .note = reader_text(r, c, S("message")),
				.uid = uid, .node = own_name, .t = reader_time(r, c, S("lastTransitionTime"))};

			health(r, bad.note, &(struct event){.t = bad.t, .node = name, .uid = reader_id(r, uid)});
			node_report_add(r->ev, &bad);
		}
		/* in the API's exact spelling, which the screen finds */
		if (!str_eq(type, S("Ready")) && (!pressure_of_type(type, &p) || !str_eq(type, pressure_type(p))))
			continue;
		known |= str_eq(type, S("Ready"));
		node_condition_add(r->ev, &(struct node_condition){
			.type = type,
			.status = reader_text(r, c, S("status")),
			.note = reader_text(r, c, S("message")),
			.uid = uid,
			.node = name,
			.t = reader_time(r, c, S("lastTransitionTime")),
			.last = reader_time(r, c, S("lastHeartbeatTime")),
		});
	}
	taints(r, v, name, uid);
	if (name && !known && kind.n) /* the screen has no words for others */
		events_add(r->ev, EVENT_NODE, &(struct node_word){.e = {.t = NO_TIME, .node = name, .uid = reader_id(r, uid)}, .state = NODE_KNOWN});
	return true;
}

static void
audit_add(struct reader *r, struct value v, struct str ns, struct str pod)
{
	struct loss l = {.from = LOSS_EVENT, .source = EVICTION_BY_OTHER, .started = NO_TIME};

	l.name = reader_id(r, pod);
	l.e = (struct event){
		.t = reader_time(r, v, S("requestReceivedTimestamp|RequestReceivedTime|stageTimestamp|timestamp")),
		.uid = reader_id(r, reader_text(r, v, S("auditID|AuditId|insertId|request/id"))),
	};
	if (l.e.t == NO_TIME)
		l.e.t = r->base.t;
	l.ns = reader_id(r, ns);
	l.reason = reader_name(r, by_api);
	l.requested_by = reader_id(r, reader_text(r, v, S("user/username|User/username|protoPayload/authenticationInfo/principalEmail|identity/principalName")));
	events_add(r->ev, EVENT_LOSS, &l);
}

/* Google's audit record with the method io.k8s.core.v1.pods.eviction.create, for
 * "core/v1/namespaces/ml/pods/train-0/eviction". */
static bool
audit_of_google(struct reader *r, struct value v)
{
	struct value what = value_get(v, S("protoPayload"));
	struct str path = reader_text(r, what, S("resourceName")), ns, pod;
	struct str error = reader_text(r, what, S("status/code")), code = reader_text(r, what, S("response/code"));

	if (!str_ends(reader_text(r, what, S("methodName")), S("pods.eviction.create")) || !str_eat(&path, S("core/v1/namespaces/")) ||
	    !str_cut(&path, '/', &ns) || !str_eat(&path, S("pods/")) || !str_cut(&path, '/', &pod) || !pod.n)
		return false;
	if (pod_event_is_loss(r->ev, by_api) && (!error.n || str_eq(error, S("0"))) && (!code.n || str_starts(code, S("2"))) &&
	    !value_ok(value_at(what, S("request/deleteOptions/dryRun"))))
		audit_add(r, v, ns, pod);
	return true;
}

/* Oracle's: {"identity":{…},"request":{"action":"POST","path":"/api/v1/namespaces/ml/pods/train-0/eviction",…},
 * "response":{"status":"201"}}, in an envelope with the time. */
static bool
audit_of_oracle(struct reader *r, struct value v)
{
	struct str uri = reader_text(r, v, S("request/path")), path = uri, ns, pod, rest;

	if (!str_eat(&path, S("/api/v1/namespaces/")) || !str_cut(&path, '/', &ns) || !str_eat(&path, S("pods/")) ||
	    !str_cut(&path, '/', &pod) || !pod.n || !str_cut(&path, '?', &rest) || !str_eq(rest, S("eviction")))
		return false;
	if (pod_event_is_loss(r->ev, by_api) && str_eq(reader_text(r, v, S("request/action")), S("POST")) &&
	    str_starts(reader_text(r, v, S("response/status")), S("2")) && !str_has(uri, S("dryRun=")) &&
	    !value_ok(value_at(v, S("request/parameters/dryRun"))))
		audit_add(r, v, ns, pod);
	return true;
}

/*
 * An audit record of a granted eviction, the only record that shows who requested it.
 * Refused ones (429 from a disruption budget) and dry runs are ignored.  Azure's table
 * AKSAudit has capitalized members.
 */
static bool
audit(struct reader *r, struct value v)
{
	struct value object = value_get(v, S("objectRef"));
	struct str uri = reader_text(r, v, S("requestURI|RequestUri")), code = reader_text(r, v, S("responseStatus/code|ResponseStatus/code"));
	struct str pod;

	if (!value_is_object(object))
		object = value_get(v, S("ObjectRef"));
	if (!value_is_object(object) || !str_eq(reader_text(r, object, S("subresource")), S("eviction")) ||
	    !str_eq(reader_text(r, object, S("resource")), S("pods")))
		return audit_of_google(r, v) || audit_of_oracle(r, v);
	pod = reader_text(r, object, S("name"));
	if (pod.n && pod_event_is_loss(r->ev, by_api) && str_eq(reader_text(r, v, S("stage|Stage")), S("ResponseComplete")) &&
	    str_starts(code, S("2")) && !str_has(uri, S("dryRun=")))
		audit_add(r, v, reader_text(r, object, S("namespace")), pod);
	return true;
}

static bool
by_shape(struct value v)
{
	/* each of them has one of these members */
	static const struct str some[] = {
		STR_INIT("kind"), STR_INIT("status"), STR_INIT("reason"),
		STR_INIT("involvedObject"), STR_INIT("regarding"), STR_INIT("involved_object"),
		STR_INIT("Reason"), STR_INIT("event.reason"), STR_INIT("details"), STR_INIT("pod"),
		STR_INIT("kubernetes.event.reason"), STR_INIT("ObjectRef"), STR_INIT("protoPayload"),
		STR_INIT("request"), STR_INIT("objectRef"),
	};
	size_t i = 0;

	while (i < NELEM(some) && !value_ok(value_get(v, some[i])))
		i++;
	return i < NELEM(some);
}

/* Is it an object with members that some shippers print as JSON in a string? */
static bool
is_nested(struct value v)
{
	static const struct str some[] = {STR_INIT("involvedObject"), STR_INIT("regarding"), STR_INIT("metadata")};

	for (size_t i = 0; i < NELEM(some); i++) {
		struct value in = value_get(v, some[i]);

		if (value_is_string(in) && str_starts(json_raw(in.j, in.at), S("{")))
			return true;
	}
	return false;
}

static bool
read(struct reader *r, struct value v)
{
	if (!v.any && !r->inside && is_nested(v) && reader_object(r, json_raw(v.j, v.at), &r->base))
		return true;
	return node(r, v) || pod(r, v) || audit(r, v) || logged_eviction(r, v) || event(r, v);
}

enum { POD = 1u << EVENT_LOSS | 1u << EVENT_PLACEMENT, CONDITION = 1u << EVENT_CONDITION, NODE = 1u << EVENT_NODE };

/* Words that begin with a quote are complete strings, except within JSON in a string. */
static const struct word words[] = {
	{STR_INIT("Evict"), POD},
	{STR_INIT("\"eviction"), POD},
	{STR_INIT(".eviction.create"), POD},
	{STR_INIT("/eviction"), POD},
	{STR_INIT("Preempt"), POD},
	{STR_INIT("\"Deschedul"), POD},
	{STR_INIT("\"Drain"), POD},
	{STR_INIT("\"Interrupt"), POD},
	{STR_INIT("NodeNotReady"), POD | NODE},
	{STR_INIT("NodeReady"), NODE},
	{STR_INIT("NodeNotSchedulable"), NODE},
	{STR_INIT("NodeSchedulable"), NODE},
	{STR_INIT("RemovingNode"), NODE},
	{STR_INIT("DeletingNode"), NODE},
	{STR_INIT("\"Ready"), NODE},
	{STR_INIT("\"Node"), NODE},
	{STR_INIT("NodeLost"), POD},
	{STR_INIT("NodeShutdown"), POD},
	{STR_INIT("\"Shutdown"), POD},
	{STR_INIT("\"Terminated"), POD},
	{STR_INIT("DisruptionTarget"), POD},
	{STR_INIT("\"Disrupted"), POD},
	{STR_INIT("ScaleDown"), POD},
	{STR_INIT("UnexpectedAdmissionError"), POD},
	{STR_INIT("TopologyAffinityError"), POD},
	{STR_INIT("NodeAffinity"), POD},
	{STR_INIT("\"OutOf"), POD},
	{STR_INIT("NodeUtilization"), POD},
	{STR_INIT("PodLifeTime"), POD},
	{STR_INIT("\"Remove"), POD},
	{STR_INIT("node was low on resource"), POD},
	{STR_INIT("\"Scheduled"), 1u << EVENT_PLACEMENT},
	{STR_INIT("\"Killing"), 1u << EVENT_PLACEMENT},
	{STR_INIT("\"nodeName"), 1u << EVENT_PLACEMENT | 1u << EVENT_POD},
	{STR_INIT("MemoryPressure"), CONDITION},
	{STR_INIT("DiskPressure"), CONDITION},
	{STR_INIT("PIDPressure"), CONDITION},
	{STR_INIT("NodeHasInsufficient"), CONDITION},
	{STR_INIT("NodeHasSufficient"), CONDITION},
	{STR_INIT("NodeHasNoDiskPressure"), CONDITION},
	{STR_INIT("EvictionThresholdMet"), CONDITION},
	{STR_INIT("\"Rebooted"), CONDITION},
	{STR_INIT("NoExecute"), CONDITION},
	{STR_INIT("NvidiaXID"), 1u << EVENT_XID},
	{STR_INIT("NvidiaXid"), 1u << EVENT_XID},
	{STR_INIT("XidCritical"), 1u << EVENT_XID},
	{.gives = 0},
}, claims[] = {
	{STR_INIT("The node was low on resource: "), 1u << EVENT_LOSS},
	{STR_INIT("TaintManagerEviction"), 1u << EVENT_LOSS},
	{STR_INIT("EvictionThresholdMet"), CONDITION},
	{.gives = 0},
};

const struct dialect kubernetes_dialect = {.by_shape = by_shape, .read = read, .words = words, .claims = claims};
