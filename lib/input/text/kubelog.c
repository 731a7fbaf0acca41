/*
 * kubelog - Events as lines of text: logged by Kubernetes' components (klog), or
 * turned into key=value lines (logfmt) by shippers.  Events are kept for an hour and
 * some are never sent: a kubelet's log may be the only source.
 * Sources: k8s.io/klog (structured lines), client-go tools/record ("Event
 * occurred"; before 1.21 Event(v1.ObjectReference{…})), pkg/kubelet/eviction and
 * kubelet_node_status.go of 1.16 to 1.34, loki.source.kubernetes_events;
 * pkg/controller/tainteviction, pkg/scheduler/framework/preemption,
 * sigs.k8s.io/descheduler's evictions.go.
 */
#include "input/text/eviction.h"
#include "input/text/pod_event.h"
#include "input/text/stamps.h"
#include "input/text/text.h"

enum { FIELDS_MAX = 64 }; /* in one line */

/* ---- contents of a line ---- */

/* The text up to the closing quote, after the opening one; escapes stay. */
static bool
eat_quoted(struct str *s, struct str *text)
{
	size_t n = 0;

	if (!str_eat(s, S("\"")))
		return false;
	while (n < s->n && s->p[n] != '"')
		n += s->p[n] == '\\' ? 2 : 1;
	*text = str_head(*s, n);
	*s = str_from(*s, n < s->n ? n + 1 : n);
	return true;
}

/* The next ` key="value"`, ` key=value` or ` key=[…]`. */
static bool
eat_field(struct str *s, struct str *key, struct str *text)
{
	struct str t = str_trim(*s);
	size_t n = str_find(t, S("="));

	*key = str_head(t, n);
	if (n == t.n || memchr(key->p, ' ', n) || memchr(key->p, '"', n))
		return false;
	t = str_from(t, n + 1);
	if (!eat_quoted(&t, text)) {
		*text = str_head(t, str_find(t, S(" ")));
		t = str_from(t, text->n);
	}
	*s = t;
	return true;
}

/* "namespace/name"; nodes have no namespace. */
static void
set_object(struct pod_event *p, struct str object)
{
	p->name = object;
	if (str_has(object, S("/"))) {
		str_cut(&object, '/', &p->ns);
		p->name = object;
	}
}

/* Members set from fields, by key. */
static const struct key_field {
	struct str keys;
	size_t to; /* offset of a struct str in struct pod_event */
} fields[] = {
	{STR_INIT("reason,event"), offsetof(struct pod_event, reason)},
	{STR_INIT("message,msg"), offsetof(struct pod_event, note)},
	{STR_INIT("podUID"), offsetof(struct pod_event, pod_uid)},
	{STR_INIT("name"), offsetof(struct pod_event, name)},
	{STR_INIT("namespace"), offsetof(struct pod_event, ns)},
	{STR_INIT("sourcehost"), offsetof(struct pod_event, node)},
	{STR_INIT("resourceName"), offsetof(struct pod_event, note)},
	{STR_INIT("strategy"), offsetof(struct pod_event, reason)},
};

/* of_pod: the node field is where the pod ran. */
static void
read_fields(struct str s, struct pod_event *p, struct str *kind, bool of_pod)
{
	struct str key, text;

	for (size_t i = 0; i < FIELDS_MAX && eat_field(&s, &key, &text); i++) {
		if (of_pod && str_eq(key, S("node")))
			p->node = text;
		else if (str_listed(S("object,pod,node,victim"), key))
			set_object(p, text);
		else if (str_eq(key, S("kind")))
			*kind = text;
		for (size_t k = 0; k < NELEM(fields); k++)
			if (str_listed(fields[k].keys, key))
				*(struct str *)((char *)p + fields[k].to) = text;
	}
}

/* Event(v1.ObjectReference{Kind:"Pod", Namespace:"ml", Name:"train-0", UID:"…", …}):
 * type: 'Warning' reason: 'Evicted' The node was low on … */
static bool
read_reference(struct str s, struct pod_event *p, struct str *kind)
{
	const struct {
		struct str before;
		struct str *to;
	} part[] = {
		{S("Kind:\""), kind}, {S("Namespace:\""), &p->ns}, {S(" Name:\""), &p->name}, {S("UID:\""), &p->pod_uid},
	};
	struct str object = str_head(s, str_find(s, S("}): type: '"))), rest = str_from(s, object.n);

	for (size_t i = 0; i < NELEM(part); i++) {
		struct str at = str_from(object, str_find(object, part[i].before) + part[i].before.n);

		str_cut(&at, '"', part[i].to);
	}
	rest = str_from(rest, str_find(rest, S("reason: '")));
	if (!str_eat(&rest, S("reason: '")) || !str_cut(&rest, '\'', &p->reason))
		return false;
	p->note = str_trim(rest);
	return true;
}

/* "pod train-0_ml(6a1f…) is evicted successfully", as until 1.18 */
static bool
read_evicted(struct str s, struct pod_event *p)
{
	struct str rest = s, pod;

	if (!str_eat(&rest, S("pod ")) || !str_cut(&rest, ' ', &pod) || !str_starts(rest, S("is evicted successfully")))
		return false;
	str_cut(&pod, '_', &p->name);
	str_cut(&pod, '(', &p->ns);
	str_cut(&pod, ')', &p->pod_uid);
	return p->name.n;
}

/* "Recording NodeHasDiskPressure event message for node gpu-7", as until 1.20 */
static bool
read_recording(struct str s, struct pod_event *p)
{
	return str_cut(&s, ' ', &p->reason) && str_eat(&s, S("event message for node ")) && str_cut(&s, ' ', &p->name);
}

/* "memory", as until 1.18 */
static bool
read_resource(struct str s, struct pod_event *p)
{
	p->note = str_trim(s);
	return p->note.n;
}

/* ---- lines ---- */

enum line_is {
	LINE_EVICTED,   /* by the kubelet itself */
	LINE_CONDITION, /* of the kubelet's own node */
	LINE_RECLAIM,   /* the same: the resource it is low on */
	LINE_EVENT,     /* a component logged an Event */
	LINE_SHIPPED,   /* an Event as a shipper's line */
	LINE_MOVED,     /* eviction by the descheduler */
	LINE_TAINTED,   /* eviction because of a taint */
	LINE_PREEMPTED, /* preemption by the scheduler */
};

/* The beginning of a line after its header, and the reader of the rest. */
static const struct form {
	struct str begins;
	enum line_is is;
	bool (*read)(struct str rest, struct pod_event *p); /* NULL: fields */
} forms[] = {
	{STR_INIT("\"Evicting pod\" "), LINE_EVICTED, NULL},
	{STR_INIT("\"Eviction manager: pod is evicted successfully\" "), LINE_EVICTED, NULL},
	{STR_INIT("\"Eviction manager: attempting to reclaim\" "), LINE_RECLAIM, NULL},
	{STR_INIT("\"Eviction manager: must evict pod(s) to reclaim\" "), LINE_RECLAIM, NULL},
	{STR_INIT("eviction manager: attempting to reclaim "), LINE_RECLAIM, read_resource},
	{STR_INIT("eviction manager: must evict pod(s) to reclaim "), LINE_RECLAIM, read_resource},
	{STR_INIT("eviction manager: "), LINE_EVICTED, read_evicted},
	{STR_INIT("\"Recording event message for node\" "), LINE_CONDITION, NULL},
	{STR_INIT("Recording "), LINE_CONDITION, read_recording},
	{STR_INIT("\"Event occurred\" "), LINE_EVENT, NULL},
	{STR_INIT("\"Evicted pod\" "), LINE_MOVED, NULL},
	{STR_INIT("\"Deleting pod\" controller=\"taint-eviction-controller\" "), LINE_TAINTED, NULL},
	{STR_INIT("\"NoExecuteTaintManager is deleting pod\" "), LINE_TAINTED, NULL},
	{STR_INIT("\"Preemptor Pod preempted victim Pod\" "), LINE_PREEMPTED, NULL},
	{STR_INIT("name="), LINE_SHIPPED, NULL},
	{STR_INIT("count="), LINE_SHIPPED, NULL},
};

/* An Event from a line. */
struct line_event {
	struct pod_event p;
	struct str kind; /* of its object */
	enum line_is is;
	struct stamps s;
};

static bool
read_line(struct str s, struct line_event *t, struct stamped *known)
{
	*t = (struct line_event){.p = {.first = NO_TIME, .source = EVICTION_BY_UNKNOWN}};
	stamps_eat_known(&s, &t->s, known);
	if (str_eat(&s, S("Event(v1.ObjectReference{"))) {
		t->is = LINE_EVENT;
		return read_reference(s, &t->p, &t->kind);
	}
	for (size_t i = 0; i < NELEM(forms); i++) {
		struct str rest = s;

		if (!str_eat(&rest, forms[i].begins))
			continue;
		t->is = forms[i].is;
		if (forms[i].read)
			return forms[i].read(rest, &t->p);
		read_fields(forms[i].is == LINE_SHIPPED ? s : rest, &t->p, &t->kind, t->is >= LINE_MOVED);
		if (t->is == LINE_RECLAIM)
			return t->p.note.n;
		return t->p.name.n && (t->is == LINE_EVICTED || t->is >= LINE_MOVED || t->p.reason.n) && (t->is != LINE_SHIPPED || str_has(s, S(" objectAPIversion=")));
	}
	return false;
}

/* Is it a reason used only by the kubelet, which runs on the node? */
static bool
is_kubelets(struct str reason)
{
	return str_listed(S("Evicted,Preempting,UnexpectedAdmissionError,TopologyAffinityError,NodeAffinity,NodeShutdown,Shutdown,Terminated,Killing"),
			  reason) ||
	       str_starts(reason, S("OutOf"));
}

/* A quoted text with quotes unescaped and line ends as blanks. */
static struct str
unquoted(struct str s, struct buf *b)
{
	if (!memchr(s.p, '\\', s.n))
		return s;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n)
			buf_chr(b, s.p[++i] == 'n' ? ' ' : s.p[i]);
		else
			buf_chr(b, s.p[i]);
	}
	return buf_str(b);
}

static void
add(struct text *text, struct line_event *t)
{
	const struct origin *o = text->o;
	struct pod_event *p = &t->p;
	struct str host = origin_node(o, t->s.host);
	struct buf note = {0};

	p->last = origin_time(o, t->s.at.kind == STAMP_FULL ? t->s.at.ns : NO_TIME);
	if (p->note.n)
		p->note = unquoted(p->note, &note);
	if (t->is == LINE_EVICTED)
		p->reason = S("Evicted");
	if (t->is >= LINE_MOVED)
		p->source = EVICTION_BY_OTHER;
	if (t->is == LINE_MOVED && !eviction_reason_listed(eviction_reasons, p->reason))
		p->reason = S("EvictionByEvictionAPI");
	if (t->is == LINE_TAINTED)
		p->reason = S("TaintManagerEviction");
	if (t->is == LINE_PREEMPTED)
		p->reason = S("Preempted");
	if (t->is == LINE_RECLAIM) { /* the kubelet also sends an Event with this text */
		p->reason = S("EvictionThresholdMet");
		p->name = host;
		buf_add(&note, S("Attempting to reclaim "));
		buf_add(&note, p->note);
		p->note = buf_str(&note);
	}
	if (t->is == LINE_EVICTED || t->is == LINE_CONDITION)
		p->source = EVICTION_BY_KUBELET;
	if (t->is == LINE_EVICTED || (t->is == LINE_EVENT && is_kubelets(p->reason)))
		p->node = host;
	if (t->is == LINE_SHIPPED && p->ns.n == 0)
		p->ns = o->ns;
	if (t->is == LINE_CONDITION || t->is == LINE_RECLAIM || str_eq(t->kind, S("Node"))) {
		p->node = p->name;
		node_event_add(text->ev, p);
		node_state_add(text->ev, p);
	} else if (t->is == LINE_EVICTED || t->is >= LINE_MOVED || str_eq(t->kind, S("Pod"))) {
		pod_event_add(text->ev, p);
	}
	buf_free(&note);
}

enum { POD = 1u << EVENT_LOSS | 1u << EVENT_PLACEMENT, NODE = 1u << EVENT_CONDITION | 1u << EVENT_NODE };

static const struct word words[] = {
	{STR_INIT("Evicting pod"), POD},
	{STR_INIT("is evicted successfully"), POD},
	{STR_INIT("event message for node"), NODE},
	{STR_INIT("to reclaim"), NODE},
	{STR_INIT("\"Evicted pod\""), POD},
	{STR_INIT("taint-eviction-controller"), POD},
	{STR_INIT("NoExecuteTaintManager is deleting"), POD},
	{STR_INIT("preempted victim"), POD},
	{STR_INIT("Event occurred"), POD | NODE},
	{STR_INIT("}): type: '"), POD | NODE},
	{STR_INIT(" objectAPIversion="), POD | NODE},
	{.gives = 0},
}, claims[] = {
	{STR_INIT("\"Evicting pod\" pod="), 1u << EVENT_LOSS},
	{.gives = 0},
};

static bool
next(struct text *text)
{
	struct str line;
	struct line_event t;

	while (str_cut(&text->rest, '\n', &line)) {
		if (!read_line(line, &t, text->known))
			continue;
		if (text->ev)
			add(text, &t);
		return true;
	}
	return false;
}

const struct text_reader kubelog_text = {
	.next = next,
	.gives = POD | NODE,
	.words = words,
	.claims = claims,
};
