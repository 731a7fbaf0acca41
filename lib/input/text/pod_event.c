#include "input/text/pod_event.h"

#include "input/text/eviction.h"

static const struct str not_ready = STR_INIT("NodeNotReady");

/* The word in s that follows `after`, up to a blank; or empty. */
static struct str
word_after(struct str s, struct str after)
{
	struct str rest = str_from(s, str_find(s, after) + after.n), word = {0};

	str_cut(&rest, ' ', &word);
	return word;
}

bool
pod_event_is_loss(const struct events *ev, struct str reason)
{
	return eviction_reason_listed(ev->reasons.n ? ev->reasons : eviction_reasons, reason) ||
	       (ev->reasons.n == 0 && str_eq(reason, not_ready));
}

/* The node named in an Event's text, or empty. */
static struct str
node_in_note(struct str note)
{
	struct str node = word_after(note, S("Successfully assigned "));

	node = node.n ? word_after(note, S(" to ")) : word_after(note, S(" on node "));
	if (str_ends(node, S(".")))
		node.n--;
	return node;
}

/* "Marking for deletion Pod ns/name", "Cancelling deletion of Pod ns/name",
 * "Successfully assigned ns/name to node": set the pod from the text. */
static void
pod_in_note(struct str note, struct pod_event *p)
{
	static const struct str before[] = {
		STR_INIT("for deletion Pod "), STR_INIT("deletion of Pod "), STR_INIT("Successfully assigned "),
	};
	struct str pod = {0}, ns;

	for (size_t i = 0; i < NELEM(before) && pod.n == 0; i++)
		pod = word_after(note, before[i]);
	if (str_has(pod, S("/")) && str_cut(&pod, '/', &ns)) {
		p->ns = ns;
		p->name = pod;
	}
}

/* Prefixes of reasons for removed pods, used by various controllers: autoscalers,
 * drainers, spot handlers. */
static const struct str loss_stems[] = {
	STR_INIT("Evict"), STR_INIT("Preempt"), STR_INIT("ScaleDown"), STR_INIT("Deschedul"), STR_INIT("Drain"),
	STR_INIT("Interrupt"), STR_INIT("Shutdown"),
};

/* Count a pod event that is not a loss, if its reason looks like one and the user has
 * not chosen the reasons. */
static void
see_uncounted(struct events *ev, const struct pod_event *p)
{
	struct uncounted *u = &ev->uncounted;
	struct str reason = id_cut(p->reason);
	bool outside = p->last != NO_TIME && ((ev->since != NO_TIME && p->last < ev->since) ||
					      (ev->until != NO_TIME && p->last > ev->until));
	uint32_t id;
	size_t i = 0;

	while (i < NELEM(loss_stems) && !str_starts(reason, loss_stems[i]))
		i++;
	if (i == NELEM(loss_stems) || ev->chosen || !events_want(ev, EVENT_LOSS) || outside)
		return;
	id = u->names.n < UNCOUNTED_NAMES ? idx_add(&u->names, reason) : idx_find(&u->names, reason);
	u->n[id]++;
	u->total++;
}

void
pod_event_add(struct events *ev, const struct pod_event *event)
{
	struct pod_event p = *event;
	bool lost = pod_event_is_loss(ev, p.reason), taint = eviction_is_marking(p.reason);
	struct loss l = {.from = LOSS_EVENT, .started = NO_TIME};

	if (!lost && !taint && !str_eq(p.reason, S("Scheduled")) && !str_eq(p.reason, S("Killing"))) {
		see_uncounted(ev, &p);
		return;
	}
	if (p.node.n == 0)
		p.node = node_in_note(p.note);
	if (p.name.n == 0)
		pod_in_note(p.note, &p);
	if (p.name.n == 0)
		return;
	l.e = (struct event){.t = p.last, .node = events_node(ev, p.node), .uid = events_id(ev, p.uid)};
	l.name = events_id(ev, p.name);
	l.ns = events_id(ev, p.ns);
	l.pod_uid = events_id(ev, p.pod_uid);
	if (l.e.node)
		events_add(ev, EVENT_PLACEMENT,
			   &(struct placement){
				   .e = {.t = l.e.t, .node = l.e.node, .uid = l.pod_uid},
				   .created = NO_TIME,
				   .ready = NO_TIME,
				   .name = l.name,
				   .ns = l.ns,
				   .from = str_eq(p.reason, S("Scheduled")) ? PLACE_SCHEDULED :
					   str_eq(p.reason, S("Killing")) ? PLACE_KILLING :
									    PLACE_EVENT,
			   });
	if (taint && str_starts(p.note, S("Cancelling deletion")))
		l.from = LOSS_CANCEL;
	else if (!lost)
		return;
	l.reason = idx_add(&ev->names, p.reason);
	l.note = events_note(ev, p.note);
	l.offenders = idx_add(&ev->names, p.offenders);
	l.source = p.source;
	events_add(ev, EVENT_LOSS, &l);
	/* An aggregated Event also has the time of the first one. */
	if (p.first != NO_TIME && p.first != p.last) {
		l.e.t = p.first;
		events_add(ev, EVENT_LOSS, &l);
	}
}

/* Reasons of Events about nodes; if the pressure is unknown, it is in the text. */
static const struct {
	struct str reason;
	enum pressure pressure;
	bool on;
} node_events[] = {
	{STR_INIT("NodeHasInsufficientMemory"), PRESSURE_MEMORY, true},
	{STR_INIT("NodeHasDiskPressure"), PRESSURE_DISK, true},
	{STR_INIT("NodeHasInsufficientPID"), PRESSURE_PID, true},
	{STR_INIT("EvictionThresholdMet"), PRESSURE_UNKNOWN, true},
	{STR_INIT("NodeHasSufficientMemory"), PRESSURE_MEMORY, false},
	{STR_INIT("NodeHasNoDiskPressure"), PRESSURE_DISK, false},
	{STR_INIT("NodeHasSufficientPID"), PRESSURE_PID, false},
	{STR_INIT("Rebooted"), PRESSURE_UNKNOWN, false},
};

/* Row of a reason in node_events, or NELEM(node_events). */
static size_t
node_event(struct str reason)
{
	size_t i = 0;

	while (i < NELEM(node_events) && !str_eq(node_events[i].reason, reason))
		i++;
	return i;
}

bool
is_node_event(struct str reason)
{
	return node_event(reason) < NELEM(node_events);
}

void
node_event_add(struct events *ev, const struct pod_event *p)
{
	size_t i = node_event(p->reason);
	struct condition c = {.last = NO_TIME};

	if (i == NELEM(node_events) || !events_want(ev, EVENT_CONDITION))
		return;
	c.on = node_events[i].on;
	c.pressure = (uint8_t)node_events[i].pressure;
	if (c.on && !c.pressure)
		c.pressure = (uint8_t)pressure_in(p->note);
	if (c.on && !c.pressure)
		return;
	c.e = (struct event){
		.t = p->last,
		.node = events_node(ev, p->node.n ? p->node : word_after(p->note, S("Node "))),
		.uid = events_id(ev, p->uid),
	};
	c.reason = idx_add(&ev->names, p->reason);
	c.note = events_note(ev, p->note);
	events_add(ev, EVENT_CONDITION, &c);
	if (p->first != NO_TIME && p->first != p->last) {
		c.e.t = p->first;
		c.last = p->last;
		events_add(ev, EVENT_CONDITION, &c);
	}
}

static void
add_ready(struct events *ev, const struct node_condition *c)
{
	bool ready = str_ieq(c->status, S("True"));

	events_add(ev, EVENT_NODE,
		   &(struct node_word){
			   .e = {.t = c->t, .node = c->node, .uid = events_id(ev, c->uid)},
			   .note = events_note(ev, c->note),
			   .state = ready ? NODE_READY : NODE_NOT_READY,
			   .lapse = ready ? LAPSE_UNKNOWN :
				    str_ieq(c->status, S("Unknown")) ? LAPSE_UNREACHABLE : LAPSE_NOT_READY});
}

void
node_condition_add(struct events *ev, const struct node_condition *c)
{
	enum pressure p;
	bool on = str_ieq(c->status, S("True"));

	if (str_eq(c->type, S("Ready")))
		add_ready(ev, c);
	if (!pressure_of_type(c->type, &p) || (!on && !str_ieq(c->status, S("False"))))
		return;
	events_add(ev, EVENT_CONDITION,
		   &(struct condition){
			   .e = {.t = c->t, .node = c->node, .uid = events_id(ev, c->uid)},
			   .note = events_note(ev, c->note),
			   .last = on ? c->last : NO_TIME,
			   .pressure = (uint8_t)p,
			   .on = on,
		   });
}

/* Reasons of Events about whether pods may run on a node. */
static const struct {
	struct str reason;
	enum node_state state;
} node_states[] = {
	{STR_INIT("NodeNotReady"), NODE_NOT_READY}, {STR_INIT("NodeReady"), NODE_READY},
	{STR_INIT("NodeNotSchedulable"), NODE_CORDONED}, {STR_INIT("NodeSchedulable"), NODE_UNCORDONED},
	{STR_INIT("RemovingNode"), NODE_REMOVED}, {STR_INIT("DeletingNode"), NODE_REMOVED},
};

void
node_state_add(struct events *ev, const struct pod_event *p)
{
	for (size_t i = 0; i < NELEM(node_states); i++)
		if (str_eq(node_states[i].reason, p->reason)) {
			bool kubelets = node_states[i].state == NODE_NOT_READY && p->source == EVICTION_BY_KUBELET;
			struct node_word w = {
				.e = {.t = p->last, .node = events_node(ev, p->name), .uid = events_id(ev, p->uid)},
				.note = events_note(ev, p->note),
				.state = (uint8_t)node_states[i].state,
				.lapse = kubelets ? LAPSE_NOT_READY : LAPSE_UNKNOWN};

			events_add(ev, EVENT_NODE, &w);
			if (p->first != NO_TIME && p->first != p->last) {
				w.e.t = p->first;
				events_add(ev, EVENT_NODE, &w);
			}
		}
}
