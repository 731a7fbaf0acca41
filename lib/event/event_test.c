#include "event/event.h"

#include <string.h>

#include "base/test.h"

static struct events ev;

static uint32_t
name(const char *s)
{
	return idx_add(&ev.names, str_of(s));
}

static uint32_t
node(const char *s)
{
	return events_node(&ev, str_of(s));
}

static struct pci
gpu(uint8_t bus)
{
	return (struct pci){.bus = bus, .known = 1};
}

static void
start(void)
{
	events_reset(&ev);
	ev.wants = ~0u;
	ev.since = ev.until = NO_TIME;
}

/* clang-format off */

/* Xids, given in ascending order of content, all different. */
static const struct {
	int64_t t;
	const char *node, *text;
	bool nvswitch;
	uint8_t bus; /* 0: unknown */
	uint32_t code;
} xids[] = {
	{NO_TIME, "", "a", 0, 1, 79},
	{NO_TIME, "n1", "a", 0, 1, 79},
	{-5, "n1", "a", 0, 1, 79},
	{10, "", "a", 0, 1, 79},
	{10, "n1", "a", 0, 0, 79},
	{10, "n1", "a", 0, 1, 48},
	{10, "n1", "", 0, 1, 79},
	{10, "n1", "a", 0, 1, 79},
	{10, "n1", "b", 0, 1, 79},
	{10, "n1", "a", 0, 2, 13},
	{10, "n1", "a", 1, 1, 79},
	{10, "n10", "a", 0, 1, 79},
	{10, "n2", "a", 0, 1, 79},
	{11, "n1", "a", 0, 1, 79},
	{INT64_MAX, "n1", "a", 0, 1, 79},
};

/* Losses, the same way. */
static const struct {
	int64_t t;
	const char *ns, *name, *pod_uid;
	uint8_t from;
	const char *reason, *node, *note, *offenders;
	uint8_t source;
} losses[] = {
	{NO_TIME, "a", "p", "u", LOSS_OBJECT, "Evicted", "n1", "x", "", 0},
	{10, "", "p", "u", LOSS_EVENT, "Evicted", "n1", "x", "", 0},
	{10, "a", "o", "u", LOSS_EVENT, "Evicted", "n1", "x", "", 0},
	{10, "a", "p", "", LOSS_EVENT, "Evicted", "n1", "x", "", 0},
	{10, "a", "p", "u", LOSS_EVENT, "Evicted", "", "x", "", 0},
	{10, "a", "p", "u", LOSS_EVENT, "Evicted", "n1", "", "", 0},
	{10, "a", "p", "u", LOSS_EVENT, "Evicted", "n1", "x", "", 0},
	{10, "a", "p", "u", LOSS_EVENT, "Evicted", "n1", "x", "", 1},
	{10, "a", "p", "u", LOSS_EVENT, "Evicted", "n1", "x", "a", 0},
	{10, "a", "p", "u", LOSS_EVENT, "Evicted", "n1", "x", "b", 0},
	{10, "a", "p", "u", LOSS_EVENT, "Evicted", "n1", "y", "", 0},
	{10, "a", "p", "u", LOSS_EVENT, "Preempted", "n1", "x", "", 0},
	{10, "a", "p", "u", LOSS_OBJECT, "Evicted", "n1", "x", "", 0},
	{10, "a", "p", "u", LOSS_CANCEL, "Evicted", "n1", "x", "", 0},
	{10, "a", "p", "v", LOSS_EVENT, "Evicted", "n1", "x", "", 0},
	{10, "b", "p", "u", LOSS_EVENT, "Evicted", "n1", "x", "", 0},
	{11, "a", "p", "u", LOSS_EVENT, "Evicted", "n1", "x", "", 0},
};

/* Conditions, the same way. */
static const struct {
	int64_t t;
	const char *node;
	uint8_t pressure, on;
	const char *reason, *note;
} conditions[] = {
	{NO_TIME, "n1", 1, 1, "R", "x"},
	{9, "n2", 3, 1, "R", "x"},
	{10, "", 1, 1, "R", "x"},
	{10, "n1", 0, 0, "R", "x"},
	{10, "n1", 1, 0, "R", "x"},
	{10, "n1", 1, 1, "", "x"},
	{10, "n1", 1, 1, "R", ""},
	{10, "n1", 1, 1, "R", "x"},
	{10, "n1", 1, 1, "S", "x"},
	{10, "n1", 2, 0, "R", "x"},
	{10, "n2", 1, 0, "R", "x"},
	{11, "n1", 1, 0, "R", "x"},
};

/* since, until, t: is the record kept? */
static const struct {
	int64_t since, until, t;
	bool kept;
} bounds[] = {
	{NO_TIME, NO_TIME, 0, true},
	{NO_TIME, NO_TIME, NO_TIME, true},
	{10, NO_TIME, 9, false},
	{10, NO_TIME, 10, true},
	{10, NO_TIME, INT64_MAX, true},
	{NO_TIME, 20, 20, true},
	{NO_TIME, 20, 21, false},
	{NO_TIME, 20, INT64_MIN + 1, true},
	{10, 20, 15, true},
	{10, 20, 9, false},
	{10, 20, 21, false},
	{10, 10, 10, true},
	{10, 20, NO_TIME, true},
	{-20, -10, -15, true},
	{-20, -10, 0, false},
};
/* clang-format on */

static struct xid
xid_row(size_t i, const char *uid)
{
	return (struct xid){
		.e = {.t = xids[i].t, .node = node(xids[i].node), .uid = name(uid)},
		.gpu = xids[i].bus ? gpu(xids[i].bus) : (struct pci){0},
		.code = xids[i].code & XID_CODE,
		.text = name(xids[i].text),
		.nvswitch = xids[i].nvswitch,
	};
}

static struct loss
loss_row(size_t i, const char *uid)
{
	return (struct loss){
		.e = {.t = losses[i].t, .node = node(losses[i].node), .uid = name(uid)},
		.name = name(losses[i].name),
		.ns = name(losses[i].ns),
		.pod_uid = name(losses[i].pod_uid),
		.reason = name(losses[i].reason),
		.note = name(losses[i].note),
		.offenders = name(losses[i].offenders),
		.from = losses[i].from,
		.source = losses[i].source,
	};
}

static struct condition
condition_row(size_t i, const char *uid)
{
	return (struct condition){
		.e = {.t = conditions[i].t, .node = node(conditions[i].node), .uid = name(uid)},
		.reason = name(conditions[i].reason),
		.note = name(conditions[i].note),
		.pressure = conditions[i].pressure,
		.on = conditions[i].on,
	};
}

/* i-th of n in a scrambled order: p is coprime to n. */
static size_t
mixed(size_t i, size_t p, size_t n)
{
	return i * p % n;
}

static int
sign(int d)
{
	return (d > 0) - (d < 0);
}

static const struct xid *
xid_at(size_t i)
{
	return (const struct xid *)ev.list[EVENT_XID].p + i;
}

static struct str
string(uint32_t id)
{
	return idx_at(&ev.names, id);
}

/* The time of record i. */
static int64_t
l_t(const struct events *of, enum event_kind k, size_t i)
{
	return events_at(of, k, i)->t;
}

static bool
trace_is(const struct trace *t, struct str key, uint32_t at)
{
	return str_eq(idx_at(&ev.trail.keys, t->key), key) && t->at == at;
}

/* Samples of one time, and which of them stay: a GPU's own, or those of its MIG instances. */
static const struct {
	const char *node, *uuid, *instance;
	uint8_t bus;
	int16_t index;
	uint16_t field;
	bool stays;
} instances[] = {
	{"a", "g", "", 1, 1, 150, true}, {"a", "g", "m", 1, 1, 150, false}, {"a", "g", "n", 1, 1, 150, false},
	{"a", "g", "m", 1, 1, 155, true}, {"a", "g", "n", 1, 1, 155, true},
	{"a", "g", "m", 1, 2, 150, true}, {"a", "h", "m", 1, 1, 150, true}, {"a", "g", "m", 2, 1, 150, true}, {"b", "g", "m", 1, 1, 150, true},
};

static void
test_instances(void)
{
	const struct sample *s;
	size_t n = 0;

	TEST("MIG instances are kept only where the GPU has no sample of its own");
	start();
	for (size_t i = NELEM(instances); i-- > 0;)
		events_add(&ev, EVENT_SAMPLE, &(struct sample){
			.e = {.t = 1, .node = node(instances[i].node), .uid = name(instances[i].instance)}, .start = NO_TIME, .gpu = gpu(instances[i].bus),
			.uuid = name(instances[i].uuid), .index = instances[i].index, .field = instances[i].field & 0x3fffu});
	events_sort(&ev);
	s = ev.list[EVENT_SAMPLE].p;
	for (size_t i = 0; i < NELEM(instances); i++) {
		size_t k = 0;

		while (k < ev.list[EVENT_SAMPLE].n &&
		       !(s[k].e.node == node(instances[i].node) && s[k].uuid == name(instances[i].uuid) && s[k].e.uid == name(instances[i].instance) &&
			 s[k].gpu.bus == instances[i].bus && s[k].index == instances[i].index && s[k].field == instances[i].field))
			k++;
		CHECK_ROW(i, (k < ev.list[EVENT_SAMPLE].n) == instances[i].stays);
		n += instances[i].stays;
	}
	CHECK(ev.list[EVENT_SAMPLE].n == n);
}

/* Uses of a GPU by pods, ascending; joined: with the one before. */
static const struct {
	const char *node, *uuid, *ns, *name;
	uint8_t bus; /* 0: unknown */
	int16_t index;
	uint8_t scraped;
	int64_t t, last;
	bool joined;
} uses[] = {
	{"a", "g", "x", "p", 0, 1, 0, 10, 20, false},
	{"a", "g", "x", "p", 0, 1, 0, 15, 16, true},                                               /* the last stays 20 */
	{"a", "g", "x", "p", 0, 1, 0, 20 + TENANT_KNOWN, 30 + TENANT_KNOWN, true},
	{"a", "g", "x", "p", 0, 1, 0, 31 + 2 * TENANT_KNOWN, 31 + 2 * TENANT_KNOWN, false},
	{"a", "g", "x", "q", 0, 1, 0, 32 + 2 * TENANT_KNOWN, 32 + 2 * TENANT_KNOWN, false},
	{"a", "g", "y", "q", 0, 1, 0, 33 + 2 * TENANT_KNOWN, 33 + 2 * TENANT_KNOWN, false},
	{"a", "g", "y", "q", 0, 1, 1, 34 + 2 * TENANT_KNOWN, 34 + 2 * TENANT_KNOWN, false},
	{"a", "h", "y", "q", 0, 1, 1, 1, 1, false},
	{"a", "h", "y", "q", 0, 2, 1, 2, 2, false},
	{"a", "h", "y", "q", 1, 2, 1, 3, 3, false},
	{"a", "i", "y", "q", 1, 2, 1, 4, 4, false}, /* of one address, but other names */
	{"a", "i", "y", "q", 1, 3, 1, 5, 5, false},
	{"b", "i", "y", "q", 1, 3, 1, 6, 6, false},
};

static void
test_tenants(void)
{
	const struct tenant *got;
	size_t n = 0;

	TEST("uses of a GPU by the same pod are joined");
	start();
	for (size_t i = NELEM(uses); i-- > 0;)
		events_add(&ev, EVENT_TENANT, &(struct tenant){
			.e = {.t = uses[i].t, .node = node(uses[i].node)}, .last = uses[i].last, .gpu = uses[i].bus ? gpu(uses[i].bus) : (struct pci){0},
			.uuid = name(uses[i].uuid), .index = uses[i].index, .scraped = uses[i].scraped, .name = name(uses[i].name), .ns = name(uses[i].ns)});
	events_sort(&ev);
	got = ev.list[EVENT_TENANT].p;
	for (size_t i = 0; i < NELEM(uses); i++)
		if (!uses[i].joined) {
			CHECK_ROW(i, n < ev.list[EVENT_TENANT].n && got[n].e.t == uses[i].t);
			n++;
		}
	CHECK(ev.list[EVENT_TENANT].n == n);
	CHECK(got[0].last == 30 + TENANT_KNOWN && got[1].last == 31 + 2 * TENANT_KNOWN);
	/* kept while the pod is known */
	events_cut(&ev, 1u << EVENT_TENANT, 30 + 2 * TENANT_KNOWN);
	CHECK(((struct tenant *)ev.list[EVENT_TENANT].p)[0].e.t == 10);
	events_cut(&ev, 1u << EVENT_TENANT, 31 + 2 * TENANT_KNOWN);
	CHECK(((struct tenant *)ev.list[EVENT_TENANT].p)[0].e.t != 10);
}

/* The keys of records on node n, with the kinds below scraped, correlated across nodes, or both. */
static void
test_keys(void)
{
	static const uint16_t across[] = {150, 0};

	start(); /* after each start, node "n" has the same number */
	const struct {
		enum event_kind k;
		union {
			struct sample sample;
			struct tenant tenant;
			struct gpu gpu;
			struct xid xid;
		} as;
		const char *key, *more;
	} rows[] = {
		{EVENT_SAMPLE, {.sample = {.e = {.t = 1, .node = node("n")}, .field = 1}}, "n", ""},
		{EVENT_SAMPLE, {.sample = {.e = {.t = 1, .node = node("n")}, .field = 1, .scraped = 1}}, "n", ""},
		{EVENT_SAMPLE, {.sample = {.e = {.t = 1, .node = node("n")}, .field = 1, .uuid = 1}}, "n", ""},
		{EVENT_SAMPLE, {.sample = {.e = {.t = 1, .node = node("n")}, .field = 1, .uuid = 1, .scraped = 1}}, "*", ""},
		{EVENT_SAMPLE, {.sample = {.e = {.t = 1, .node = node("n")}, .field = 150}}, "n", "-"},
		{EVENT_SAMPLE, {.sample = {.e = {.t = 1, .node = node("n")}, .field = 150, .uuid = 1, .scraped = 1}}, "*", ""},
		{EVENT_TENANT, {.tenant = {.e = {.t = 1, .node = node("n")}, .uuid = 1}}, "n", ""},
		{EVENT_TENANT, {.tenant = {.e = {.t = 1, .node = node("n")}, .scraped = 1}}, "n", ""},
		{EVENT_TENANT, {.tenant = {.e = {.t = 1, .node = node("n")}, .scraped = 1, .uuid = 1}}, "*", ""},
		{EVENT_GPU, {.gpu = {.e = {.t = 1, .node = node("n")}, .uuid = 1}}, "n", ""},
		{EVENT_GPU, {.gpu = {.e = {.t = 1, .node = node("n")}, .uuid = 1, .kernel = 1}}, "*", ""},
		{EVENT_GPU, {.gpu = {.e = {.t = 1, .node = node("n")}, .uuid = 1, .scraped = 1}}, "*", ""},
		{EVENT_GPU, {.gpu = {.e = {.t = 1, .node = node("n")}, .kernel = 1, .scraped = 1}}, "n", ""},
		{EVENT_XID, {.xid = {.e = {.t = 1, .node = node("n")}}}, "n", "-"},
		{EVENT_XID, {.xid = {.e = {.t = 1}}}, "-", ""},
	};

	TEST("keys of records");
	for (size_t i = 0; i < NELEM(rows); i++) {
		static const char *const kept[] = {"n", "*", "-", "m"};
		const struct trace *trace;
		size_t n;

		start();
		ev.keys = (struct keys){.by_node = ~0u, .scraped = ~0u, .across = 1u << EVENT_XID, .across_fields = across};
		ev.trail.on = true;
		node("n");
		events_add(&ev, rows[i].k, &rows[i].as);
		trace = events_trail(&ev, &n);
		CHECK_ROW(i, n == (*rows[i].more ? 2u : 1u));
		for (size_t at = 0; at < n; at++)
			CHECK_ROW(i, trace_is(&trace[at], str_of(rows[i].key), 0) || trace_is(&trace[at], str_of(rows[i].more), 0));
		ev.trail.on = false;
		/* a shard keeps just the records with its key */
		for (size_t k = 0; k < NELEM(kept); k++) {
			bool has = strcmp(rows[i].key, kept[k]) == 0 || strcmp(rows[i].more, kept[k]) == 0;

			start();
			node("n");
			ev.key = str_of(kept[k]);
			events_add(&ev, rows[i].k, &rows[i].as);
			CHECK_ROW(i, (ev.list[rows[i].k].n == 1) == has && (ev.other_shard == 0) == has);
			ev.key = (struct str){0};
		}
		events_forget(&ev);
	}
	ev.keys = (struct keys){0};
}

static void
test_shard(void)
{
	struct events view;
	struct buf b = {0};
	struct mem m = {0};

	TEST("the records of a shard's nodes");
	start();
	idx_add(&ev.shard, S("n1"));
	idx_add(&ev.shard, S("n3"));
	for (int i = 0; i < 5; i++) {
		static const char *const names[] = {"n1", "n2", "n1.cluster", "", "n3"};

		events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = i, .node = node(names[i])}});
		events_add(&ev, EVENT_LOSS, &(struct loss){.e = {.t = 9 - i, .node = node(names[i])}});
	}
	events_in_shard(&ev, &view, &b, &m);
	CHECK(view.list[EVENT_XID].n == 3 && view.list[EVENT_LOSS].n == 3 && l_t(&view, EVENT_XID, 0) == 0 && l_t(&view, EVENT_XID, 1) == 2 &&
	      l_t(&view, EVENT_XID, 2) == 4 && l_t(&view, EVENT_LOSS, 2) == 5);
	CHECK(ev.list[EVENT_XID].n == 5 && ev.list[EVENT_LOSS].n == 5);
	idx_add(&ev.shard, KEY_ACROSS);
	events_in_shard(&ev, &view, &b, &m);
	CHECK(view.list[EVENT_XID].n == 4 && l_t(&view, EVENT_XID, 2) == 3);
	mem_free(&m);
	buf_free(&b);
	idx_reset(&ev.shard);
}

static void
test_bounded(void)
{
	static const struct {
		enum event_kind k;
		bool bounded;
	} rows[] = {
		{EVENT_XID, true}, {EVENT_SAMPLE, true}, {EVENT_COLLECTIVE, true}, {EVENT_WATCHDOG, true}, {EVENT_PLACEMENT, false},
		{EVENT_GPU, false}, {EVENT_POD, false}, {EVENT_RANK, false}, {EVENT_TENANT, false},
	};
	union {
		struct event e;
		char room[512];
	} r = {.e = {.t = 9}};

	TEST("kinds of records without bounds");
	for (size_t i = 0; i < NELEM(rows); i++) {
		start();
		ev.since = 10;
		events_add(&ev, rows[i].k, &r);
		CHECK_ROW(i, (ev.list[rows[i].k].n == 0) == rows[i].bounded && ev.outside == rows[i].bounded);
	}
	TEST("late collectives: not dumps, not completed ones");
	start();
	ev.following = true;
	ev.horizon = INT64_MAX;
	ev.decided = 100;
	ev.collective_lateness = 10;
	events_add(&ev, EVENT_COLLECTIVE, &(struct collective){.e = {.t = 89}, .seen = 1});
	CHECK(ev.late == 1 && ev.list[EVENT_COLLECTIVE].n == 0);
	events_add(&ev, EVENT_COLLECTIVE, &(struct collective){.e = {.t = 90}, .seen = 1});
	events_add(&ev, EVENT_COLLECTIVE, &(struct collective){.e = {.t = 9}, .dump = 1});
	events_add(&ev, EVENT_COMPLETED, &(struct completed){.e = {.t = 9}});
	CHECK(ev.late == 1 && ev.list[EVENT_COLLECTIVE].n == 2 && ev.list[EVENT_COMPLETED].n == 1);
	for (int dates = 0; dates < 3; dates++) {
		uint64_t undated = ev.undated;
		size_t had = ev.list[EVENT_COLLECTIVE].n;

		events_add(&ev, EVENT_COLLECTIVE, &(struct collective){.dump = 1, .seq = 7 + dates, .e = {.t = NO_TIME},
			.started = dates == 1 ? 100 : NO_TIME, .seen = dates == 2 ? 100 : NO_TIME});
		CHECK_ROW(dates, ev.undated - undated == (dates == 0) && ev.list[EVENT_COLLECTIVE].n - had == (dates > 0));
	}
	events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = 99}});
	events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = 100}});
	CHECK(ev.late == 2 && ev.list[EVENT_XID].n == 1);
	events_reset(&ev);
	CHECK(ev.late == 0);
	ev.following = false;
}

/* Names of a GPU, the second of which replaces the first unless it differs. */
static void
test_outdone(void)
{
	const struct gpu rows[] = {
		{.e = {.t = 2}, .uuid = 1, .index = -1}, {.e = {.t = 2}, .uuid = 1, .index = -1, .kernel = 1}, {.e = {.t = 2}, .uuid = 1, .index = -1, .serial = 1},
		{.e = {.t = 9}, .uuid = 1, .index = -1}, {.e = {.t = 10}, .uuid = 1, .index = -1}, {.e = {.t = 1}, .uuid = 1, .index = -1, .scraped = 1},
	};

	TEST("which names of a GPU are replaced by later ones");
	for (size_t i = 0; i < NELEM(rows); i++) {
		start();
		node("g");
		events_add(&ev, EVENT_GPU, &(struct gpu){.e = {.t = 1}, .uuid = 1, .index = -1});
		events_add(&ev, EVENT_GPU, &rows[i]);
		events_cut(&ev, ~0u, 10);
		CHECK_ROW(i, ev.list[EVENT_GPU].n == (i == 0 || i == 3 ? 1u : 2u));
	}
	for (int i = 0; i < 3; i++) {
		start();
		node("g");
		for (int t = 1; t <= 5; t++)
			events_add(&ev, EVENT_GPU, &(struct gpu){.e = {.t = t}, .gpu = gpu(1), .index = i == 0 ? 0 : -1, .serial = i == 1, .kernel = i == 2});
		events_sort(&ev);
		CHECK_ROW(i, ev.list[EVENT_GPU].n == (i == 0 ? 2u : 5u)); /* without a name, all may be about other lines */
		events_cut(&ev, ~0u, 10);
		CHECK_ROW(i, ev.list[EVENT_GPU].n == (i < 2 ? 1u : 0u));
	}
	TEST("old transitions of a node stay");
	start();
	events_add(&ev, EVENT_CONDITION, &(struct condition){.e = {.t = 1, .node = node("n")}});
	events_add(&ev, EVENT_CONDITION, &(struct condition){.e = {.t = 2, .node = node("n")}});
	events_cut(&ev, ~0u, 10);
	CHECK(ev.list[EVENT_CONDITION].n == 2);
	events_cut(&ev, ~0u, EVENT_STATE_AGE + 1);
	CHECK(ev.list[EVENT_CONDITION].n == 2);
	events_cut(&ev, ~0u, EVENT_STATE_AGE + 2);
	CHECK(ev.list[EVENT_CONDITION].n == 1);
}

static void
test_names(void)
{
	char text[1200];

	TEST("names are cut to 1024 bytes, notes trimmed");
	start();
	memset(text, 'a', sizeof(text));
	CHECK(string(events_id(&ev, (struct str){text, 1024})).n == 1024 && string(events_id(&ev, (struct str){text, 1025})).n == 1024);
	CHECK(string(events_node(&ev, (struct str){text, 1025})).n == 1024);
	CHECK(str_eq(string(events_note(&ev, S(" a b\n"))), S("a b")));

	TEST("many names are forgotten together with the records");
	start();
	for (int i = 0; ev.names.n < 4096; i++) {
		text[0] = (char)('a' + i / 676);
		text[1] = (char)('a' + i / 26 % 26);
		text[2] = (char)('a' + i % 26);
		events_id(&ev, (struct str){text, 3});
	}
	events_forget(&ev);
	CHECK(ev.names.n == 4096 && events_last_node(&ev) == 0);
	events_id(&ev, S("one more"));
	events_forget(&ev);
	CHECK(ev.names.n < 4096);

	TEST("the last node is forgotten with its records");
	start();
	events_add(&ev, EVENT_XID, &(struct xid){.e = {.node = node("n1")}});
	CHECK(events_last_node(&ev) == node("n1") && node("n1") > 0);
	events_forget(&ev);
	CHECK(ev.list[EVENT_XID].n == 0 && events_last_node(&ev) == 0);
}

int
main(void)
{
	struct event_list own[EVENT_KINDS];
	struct mem m = {0};
	const struct trace *trace;
	size_t n;
	const struct event_list *l = &ev.list[EVENT_XID];

	TEST("names of kinds");
	CHECK(str_eq(event_name(EVENT_XID), S("xid")));
	CHECK(str_eq(event_name(EVENT_LOSS), S("pod_loss")));
	CHECK(str_eq(event_name(EVENT_CONDITION), S("node_condition")));
	CHECK(str_eq(event_name(EVENT_PLACEMENT), S("placement")));
	CHECK(str_eq(event_name(EVENT_GPU), S("gpu")));
	CHECK(str_eq(event_name(EVENT_RECOVERY), S("recovery")));

	TEST("node names are canonical, 0 if empty");
	start();
	CHECK(node("") == 0);
	CHECK(events_node(&ev, (struct str){0}) == 0);
	CHECK(node("gpu-7") != 0);
	CHECK(node("GPU-7") == node("gpu-7"));
	CHECK(node(" gpu-7 ") == node("gpu-7"));
	CHECK(node("gpu-7") != node("gpu-7.cluster.local"));
	CHECK(str_eq(string(node("GPU-7.Cluster")), S("gpu-7.cluster")));

	TEST("Xids: order of content, whatever the order of arrival");
	for (size_t p = 1; p < NELEM(xids); p++) {
		if (NELEM(xids) % 3 == 0 && (p % 3 == 0 || p % 5 == 0))
			continue; /* 15 rows: p must be coprime */
		start();
		for (size_t i = 0; i < p; i++)
			name(&"zyxwvutsrqponm"[i]); /* other numbers, same order */
		for (size_t i = 0; i < NELEM(xids); i++) {
			struct xid x = xid_row(mixed(i, p, NELEM(xids)), "");

			events_add(&ev, EVENT_XID, &x);
			events_add(&ev, EVENT_XID, &x);
		}
		CHECK_ROW(p, l->seen == 2 * NELEM(xids));
		events_sort(&ev);
		CHECK_ROW(p, l->n == NELEM(xids));
		for (size_t i = 0; i < l->n; i++) {
			struct xid want = xid_row(i, "");

			CHECK_ROW(i, memcmp(&want, xid_at(i), sizeof(want)) == 0);
		}
	}

	TEST("Xids: the comparison is consistent");
	start();
	for (size_t i = 0; i < NELEM(xids); i++)
		for (size_t k = 0; k < NELEM(xids); k++) {
			struct xid a = xid_row(i, ""), b = xid_row(k, "");

			CHECK_ROW(i, sign(xid_cmp(&a, &b, &ev)) == sign((int)i - (int)k));
		}

	TEST("losses: order and comparison");
	start();
	for (size_t i = 0; i < NELEM(losses); i++) {
		struct loss a = loss_row(mixed(i, 5, NELEM(losses)), "");

		events_add(&ev, EVENT_LOSS, &a);
		events_add(&ev, EVENT_LOSS, &a);
	}
	events_sort(&ev);
	CHECK(ev.list[EVENT_LOSS].n == NELEM(losses));
	for (size_t i = 0; i < ev.list[EVENT_LOSS].n; i++) {
		struct loss a = loss_row(i, "");

		CHECK_ROW(i, memcmp(&a, (struct loss *)ev.list[EVENT_LOSS].p + i, sizeof(a)) == 0);
		for (size_t k = 0; k < NELEM(losses); k++) {
			struct loss b = loss_row(k, "");

			CHECK_ROW(i, sign(loss_cmp(&a, &b, &ev)) == sign((int)i - (int)k));
		}
	}

	TEST("conditions: order and comparison");
	start();
	for (size_t i = 0; i < NELEM(conditions); i++) {
		struct condition a = condition_row(mixed(i, 5, NELEM(conditions)), "u");

		events_add(&ev, EVENT_CONDITION, &a);
		events_add(&ev, EVENT_CONDITION, &a);
		a.e.uid = name("v");
		events_add(&ev, EVENT_CONDITION, &a);
		a.e.uid = 0;
		events_add(&ev, EVENT_CONDITION, &a);
	}
	events_sort(&ev);
	CHECK(ev.list[EVENT_CONDITION].n == NELEM(conditions));
	for (size_t i = 0; i < ev.list[EVENT_CONDITION].n; i++) {
		struct condition a = condition_row(i, "u");

		CHECK_ROW(i, memcmp(&a, (struct condition *)ev.list[EVENT_CONDITION].p + i, sizeof(a)) == 0);
		for (size_t k = 0; k < NELEM(conditions); k++) {
			struct condition b = condition_row(k, "u");

			CHECK_ROW(i, (condition_cmp(&a, &b, &ev) > 0) - (condition_cmp(&a, &b, &ev) < 0) == (i > k) - (i < k));
		}
	}

	TEST("records that differ only in uid are one, the lowest uid stays");
	for (int round = 0; round < 6; round++) {
		static const char *const uids[6][3] = {
			{"b", "a", "c"}, {"c", "b", "a"}, {"a", "b", "c"},
			{"", "a", "b"}, {"b", "", "a"}, {"a", "b", ""},
		};

		start();
		for (int i = 0; i < 3; i++) {
			struct xid x = xid_row(7, uids[round][i]);
			struct loss y = loss_row(6, uids[round][i]);

			events_add(&ev, EVENT_XID, &x);
			events_add(&ev, EVENT_LOSS, &y);
		}
		events_sort(&ev);
		CHECK_ROW(round, l->n == 1 && str_eq(string(xid_at(0)->e.uid), S("a")));
		CHECK_ROW(round, ev.list[EVENT_LOSS].n == 1 &&
					 str_eq(string(((struct loss *)ev.list[EVENT_LOSS].p)->e.uid), S("a")));
	}

	TEST("placements, GPUs and recoveries: no duplicates");
	start();
	for (int i = 0; i < 6; i++) {
		events_add(&ev, EVENT_PLACEMENT, &(struct placement){.e = {.t = i % 2, .node = node("n")}, .name = name("p")});
		events_add(&ev, EVENT_GPU, &(struct gpu){.e = {.t = 1, .node = node("n")}, .gpu = gpu((uint8_t)(i % 3)), .uuid = name("GPU-1")});
		events_add(&ev, EVENT_RECOVERY, &(struct recovery){.e = {.t = 1, .node = node("n")}, .reboot = i % 2 == 1});
	}
	events_sort(&ev);
	CHECK(ev.list[EVENT_PLACEMENT].n == 2 && ev.list[EVENT_PLACEMENT].seen == 6);
	CHECK(ev.list[EVENT_GPU].n == 3);
	CHECK(ev.list[EVENT_RECOVERY].n == 2);
	events_sort(&ev);
	CHECK(ev.list[EVENT_PLACEMENT].n == 2);

	TEST("repeated names of a GPU: the first and the last are kept");
	start();
	for (int t = 1; t <= 5; t++) {
		const struct gpu same[] = {
			{.gpu = gpu(0), .uuid = name("GPU-a"), .index = -1}, {.gpu = gpu(0), .uuid = name("GPU-b"), .index = -1},
			{.gpu = gpu(0), .uuid = name("GPU-a"), .index = 3},  {.gpu = gpu(1), .uuid = name("GPU-a"), .index = -1},
			{.gpu = gpu(1), .index = 3},                         {.gpu = gpu(2), .index = -1}, /* without
			                                                                                    * names:
			                                                                                    * all
			                                                                                    * stay */
		};

		for (size_t i = 0; i < NELEM(same); i++) {
			struct gpu g = same[i];

			g.e = (struct event){.t = t, .node = node("n")};
			events_add(&ev, EVENT_GPU, &g);
			g.e.node = node("m");
			events_add(&ev, EVENT_GPU, &g);
		}
	}
	events_sort(&ev);
	CHECK(ev.list[EVENT_GPU].n == 2 * (5 * 2 + 5));
	for (size_t i = 0; i < ev.list[EVENT_GPU].n; i++) {
		const struct gpu *g = (struct gpu *)ev.list[EVENT_GPU].p + i;

		CHECK_ROW(i, g->gpu.bus == 2 || g->e.t == 1 || g->e.t == 5);
	}

	TEST("bounds, both ends included; records without a timestamp are inside");
	for (size_t i = 0; i < NELEM(bounds); i++) {
		start();
		ev.since = bounds[i].since;
		ev.until = bounds[i].until;
		events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = bounds[i].t}, .code = 79});
		events_add(&ev, EVENT_LOSS, &(struct loss){.e = {.t = bounds[i].t}});
		events_add(&ev, EVENT_RECOVERY, &(struct recovery){.e = {.t = bounds[i].t}});
		CHECK_ROW(i, l->n == bounds[i].kept);
		CHECK_ROW(i, ev.list[EVENT_LOSS].n == bounds[i].kept);
		CHECK_ROW(i, ev.list[EVENT_RECOVERY].n == bounds[i].kept);
		CHECK_ROW(i, ev.outside == (bounds[i].kept ? 0 : 3));
		/* placements and GPU names may be older */
		events_add(&ev, EVENT_PLACEMENT, &(struct placement){.e = {.t = bounds[i].t}});
		events_add(&ev, EVENT_GPU, &(struct gpu){.e = {.t = bounds[i].t}});
		CHECK_ROW(i, ev.list[EVENT_PLACEMENT].n == 1 && ev.list[EVENT_GPU].n == 1);
	}

	TEST("bounds that are set after all records were added");
	for (size_t i = 0; i < NELEM(bounds); i++) {
		start();
		for (unsigned code = 77; code < 80; code++)
			events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = code == 78 ? bounds[i].t : NO_TIME}, .code = (uint16_t)code});
		events_add(&ev, EVENT_PLACEMENT, &(struct placement){.e = {.t = bounds[i].t}});
		CHECK_ROW(i, events_newest(&ev) == bounds[i].t);
		events_bound(&ev, bounds[i].since, bounds[i].until);
		CHECK_ROW(i, l->n == (bounds[i].kept ? 3 : 2) && ev.outside == (bounds[i].kept ? 0 : 1));
		CHECK_ROW(i, ((struct xid *)l->p)[l->n - 1].code == 79 && ev.list[EVENT_PLACEMENT].n == 1);
	}

	TEST("unwanted kinds are dropped");
	start();
	ev.wants = 1u << EVENT_XID;
	CHECK(events_want(&ev, EVENT_XID) && !events_want(&ev, EVENT_LOSS));
	events_add(&ev, EVENT_XID, &(struct xid){.code = 79});
	events_add(&ev, EVENT_LOSS, &(struct loss){.from = LOSS_EVENT});
	CHECK(l->n == 1 && l->seen == 1);
	CHECK(ev.list[EVENT_LOSS].n == 0 && ev.list[EVENT_LOSS].seen == 0);

	TEST("counts, first and last");
	start();
	events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = NO_TIME, .node = node("n")}});
	CHECK(l->first == NO_TIME && l->last == NO_TIME);
	events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = 20}});
	CHECK(l->first == 20 && l->last == 20);
	events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = -7, .node = node("m")}});
	events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = 30}});
	events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = NO_TIME}});
	events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = 5}});
	CHECK(l->first == -7 && l->last == 30);
	CHECK(l->seen == 6 && l->no_time == 2 && l->no_node == 4);

	TEST("number of nodes");
	start();
	CHECK(events_nodes(&ev) == 0);
	events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = 1}});
	CHECK(events_nodes(&ev) == 0 && events_last_node(&ev) == 0);
	for (int i = 0; i < 100; i++) {
		char s[] = "node-00";

		s[5] = (char)('0' + i % 10);
		events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = i, .node = node(s)}});
		s[6] = '1';
		events_add(&ev, EVENT_PLACEMENT, &(struct placement){.e = {.t = i, .node = node(s)}});
		events_add(&ev, EVENT_RECOVERY, &(struct recovery){.e = {.t = i, .node = node("NODE-00")}});
	}
	CHECK(events_nodes(&ev) == 20);
	node("no node's");
	CHECK(events_last_node(&ev) == node("node-91"));

	TEST("many copies take no room");
	start();
	for (int i = 0; i < 100000; i++)
		events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = i % 3}, .code = 45});
	CHECK(l->seen == 100000 && l->cap < 1000);
	events_sort(&ev);
	CHECK(l->n == 3);

	TEST("many different records are all kept, sorted");
	start();
	for (int i = 0; i < 50000; i++)
		events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = (int64_t)i * 7919 % 50000}, .code = 45});
	events_sort(&ev);
	CHECK(l->n == 50000);
	for (size_t i = 0; i < l->n; i++)
		if (xid_at(i)->e.t != (int64_t)i)
			CHECK_ROW(i, xid_at(i)->e.t == (int64_t)i);

	TEST("trimmed lists have room for their records, and can grow again");
	events_trim(&ev);
	CHECK(l->n == 50000 && l->cap == 50000 && xid_at(49999)->e.t == 49999);
	events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = 50000}, .code = 45});
	CHECK(l->n == 50001 && xid_at(0)->e.t == 0 && xid_at(50000)->e.t == 50000);

	TEST("traces: key and place of each added record, distinct, ascending");
	start();
	ev.keys = (struct keys){.by_node = 1u << EVENT_XID, .every = 1u << EVENT_LOSS};
	ev.trail.on = true;
	events_trail(&ev, &n);
	CHECK(n == 0);
	for (int i = 0; i < 3; i++) {
		ev.trail.at = 9;
		events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = i, .node = node("n-2.cluster")}});
		ev.trail.at = 7;
		events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = 3, .node = node("N-1")}});
		ev.trail.at = 8 - (uint32_t)(i == 1);
		events_add(&ev, EVENT_LOSS, &(struct loss){.e = {.t = i, .node = node("n-3")}});
	}
	trace = events_trail(&ev, &n);
	CHECK(n == 4 && trace_is(&trace[0], S("*"), 7) && trace_is(&trace[1], S("*"), 8) &&
	      trace_is(&trace[2], S("n-1"), 7) && trace_is(&trace[3], S("n-2"), 9));
	CHECK(ev.seen == 9);

	TEST("dropped records are counted");
	events_forget(&ev);
	CHECK(l->n == 0 && l->seen == 6 && ev.seen == 9 && l->first == 0 && l->last == 3);
	events_trail(&ev, &n);
	CHECK(n == 0 && ev.trail.at == 0);
	ev.trail.on = false;

	TEST("records of other keys are dropped and counted");
	ev.key = S("n-1");
	events_add(&ev, EVENT_XID, &(struct xid){.e = {.node = node("n-1.cluster")}});
	events_add(&ev, EVENT_XID, &(struct xid){.e = {.node = node("n-2")}});
	events_add(&ev, EVENT_XID, &(struct xid){.code = 1});
	CHECK(l->n == 1 && ev.other_shard == 2);
	ev.nodeless = S("n-1");
	events_add(&ev, EVENT_XID, &(struct xid){.code = 1});
	CHECK(l->n == 2 && ev.other_shard == 2);
	ev.key = S("*");
	events_add(&ev, EVENT_LOSS, &(struct loss){.e = {.t = 9}});
	events_add(&ev, EVENT_PLACEMENT, &(struct placement){.e = {.t = 9}});
	CHECK(ev.list[EVENT_LOSS].n == 1 && ev.list[EVENT_PLACEMENT].n == 0 && ev.other_shard == 3);
	ev.key = S("-");
	events_add(&ev, EVENT_PLACEMENT, &(struct placement){.e = {.t = 9}});
	CHECK(ev.list[EVENT_PLACEMENT].n == 1 && ev.other_shard == 3);
	ev.key = ev.nodeless = (struct str){0};

	TEST("records before a time are dropped; the latest of a pod or GPU stays");
	start();
	for (int64_t t = 1; t < 6; t++) {
		events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = t}});
		events_add(&ev, EVENT_LOSS, &(struct loss){.e = {.t = t}});
		events_add(&ev, EVENT_PLACEMENT, &(struct placement){.e = {.t = t, .node = node("n")}, .name = node("p")});
		events_add(&ev, EVENT_PLACEMENT, &(struct placement){.e = {.t = t == 1 ? 1 : 9, .node = node("n")}, .name = node("q")});
		events_add(&ev, EVENT_GPU, &(struct gpu){.e = {.t = t}, .uuid = node(t & 1 ? "a" : "b"), .index = -1});
		events_add(&ev, EVENT_GPU, &(struct gpu){.e = {.t = t}, .index = -1});
	}
	events_add(&ev, EVENT_GPU, &(struct gpu){.e = {.t = 1}, .gpu = gpu(1)});
	events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = NO_TIME}});
	events_sort(&ev);
	events_cut(&ev, ~(1u << EVENT_LOSS), 4);
	CHECK(l->n == 3 && xid_at(0)->e.t == NO_TIME && xid_at(1)->e.t == 4 && xid_at(2)->e.t == 5);
	CHECK(ev.list[EVENT_LOSS].n == 5);
	CHECK(ev.list[EVENT_PLACEMENT].n == 5); /* p at 3, 4, 5; q at 1 and 9 */
	CHECK(events_at(&ev, EVENT_PLACEMENT, 0)->t == 3 && events_at(&ev, EVENT_PLACEMENT, 3)->t == 1);
	CHECK(ev.list[EVENT_GPU].n == 7); /* a at 1 (3 repeats it) and 5, b at 2 and 4, number 0, the rest
	                                   * at 4 and 5 */

	TEST("late records are dropped and counted; pods and GPUs are never late");
	ev.following = true;
	ev.horizon = INT64_MAX;
	ev.mark.t = NO_TIME;
	ev.decided = 7;
	for (int64_t t = 6; t < 8; t++) {
		events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = t}});
		events_add(&ev, EVENT_PLACEMENT, &(struct placement){.e = {.t = t}});
	}
	events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = NO_TIME}, .code = 1});
	CHECK(ev.late == 1 && l->n == 5 && ev.list[EVENT_PLACEMENT].n == 7);
	CHECK(ev.mark.t == 7);
	/* records without a timestamp from another source do not set the clock back */
	events_add(&ev, EVENT_GPU, &(struct gpu){.e = {.t = NO_TIME, .node = node("other")}, .index = -1});
	CHECK(ev.mark.t == 7);

	TEST("records beyond the horizon and collectives without a timestamp are dropped, and do not move time");
	ev.horizon = 8;
	events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = 9}});
	events_add(&ev, EVENT_PLACEMENT, &(struct placement){.e = {.t = 9}});
	CHECK(ev.ahead == 2 && ev.late == 1 && l->n == 5 && ev.list[EVENT_PLACEMENT].n == 7 && ev.mark.t == 7);
	ev.wants |= 1u << EVENT_COLLECTIVE;
	for (int i = 0; i < 4; i++)
		events_add(&ev, EVENT_COLLECTIVE, &(struct collective){.dump = 1, .e = {.t = i == 1 ? 8 : NO_TIME},
			.started = i == 2 ? 8 : NO_TIME, .seen = i == 3 ? 8 : NO_TIME});
	CHECK(ev.undated == 1 && ev.list[EVENT_COLLECTIVE].n == 3);
	ev.following = false;

	TEST("placements and GPU names are dropped in the end");
	start();
	events_add(&ev, EVENT_PLACEMENT, &(struct placement){.e = {.t = 1}});
	events_add(&ev, EVENT_GPU, &(struct gpu){.e = {.t = 1}, .index = 0});
	events_add(&ev, EVENT_PLACEMENT, &(struct placement){.e = {.t = NO_TIME}, .name = 1});
	events_sort(&ev);
	events_cut(&ev, ~0u, EVENT_STATE_AGE + 1);
	CHECK(ev.list[EVENT_PLACEMENT].n == 2 && ev.list[EVENT_GPU].n == 1);
	events_cut(&ev, ~0u, EVENT_STATE_AGE + 2);
	CHECK(ev.list[EVENT_PLACEMENT].n == 1 && ev.list[EVENT_GPU].n == 0);

	TEST("a record of another pod or GPU replaces none");
	for (int other = 0; other < 5; other++) {
		start();
		for (int64_t t = 1; t < 3; t++) {
			const char *a = t > 1 && other == 1 ? "b" : "a", *b = t > 1 && other == 2 ? "b" : "a";
			const char *c = t > 1 && other == 3 ? "b" : "a";
			struct gpu g = {.e = {.t = t, .node = node(a)}, .uuid = node(b), .index = t > 1 && other == 3};

			pci_parse(t > 1 && other == 4 ? S("2:00.0") : S("1:00.0"), &g.gpu);
			events_add(&ev, EVENT_GPU, &g);
			events_add(&ev, EVENT_PLACEMENT, &(struct placement){.e = {.t = t, .uid = node(c)}, .name = node(a), .ns = node(b)});
		}
		events_sort(&ev);
		events_cut(&ev, ~0u, 4);
		CHECK_ROW(other, ev.list[EVENT_GPU].n == (other ? 2 : 1));
		CHECK_ROW(other, ev.list[EVENT_PLACEMENT].n == (other && other < 4 ? 2 : 1));
	}

	TEST("fields of samples that are kept");
	CHECK(events_want_field(&ev, 1) && events_want_field(&ev, 7));
	events_keep_fields(&ev, (const uint16_t[]){7, 9, 0});
	CHECK(!events_want_field(&ev, 1) && events_want_field(&ev, 7) && !events_want_field(&ev, 8) && events_want_field(&ev, 9));
	events_keep_fields(&ev, NULL);
	CHECK(events_want_field(&ev, 1));

	TEST("packing does not change records; nor does work on copies");
	start();
	node("nobody has it");
	events_add(&ev, EVENT_XID, &(struct xid){.e = {.node = node("n"), .uid = node("u")}, .text = node("t"), .uuid = node("g"), .boot = node("b")});
	events_add(&ev, EVENT_LOSS, &(struct loss){.name = node("a"), .ns = node("b"), .pod_uid = node("c"), .reason = node("d"), .note = node("e"), .offenders = node("f")});
	events_copy(&ev, own, &m);
	CHECK(l->n == 1 && xid_at(0)->e.node);
	((struct xid *)l->p)->e.node = 0;
	ev.list[EVENT_XID].n = 0;
	events_give_back(&ev, own);
	mem_free(&m);
	events_pack(&ev);
	CHECK(l->n == 1 && ev.names.n == 11); /* "b" once; and "no string" */
	CHECK(idx_find(&ev.names, S("nobody has it")) == 0);
	CHECK(str_eq(idx_at(&ev.names, xid_at(0)->e.node), S("n")) && str_eq(idx_at(&ev.names, xid_at(0)->e.uid), S("u")));
	CHECK(str_eq(idx_at(&ev.names, xid_at(0)->text), S("t")) && str_eq(idx_at(&ev.names, xid_at(0)->uuid), S("g")));
	CHECK(str_eq(idx_at(&ev.names, xid_at(0)->boot), S("b")));
	CHECK(str_eq(idx_at(&ev.names, ((struct loss *)ev.list[EVENT_LOSS].p)->offenders), S("f")));
	CHECK(str_eq(idx_at(&ev.names, ((struct loss *)ev.list[EVENT_LOSS].p)->ns), S("b")));

	TEST("reset drops the records, keeps wants and bounds");
	ev.since = 5;
	ev.until = 6;
	ev.wants = 3;
	events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = 1}});
	CHECK(ev.outside == 1);
	events_reset(&ev);
	CHECK(ev.outside == 0 && ev.since == 5 && ev.until == 6 && ev.wants == 3);
	CHECK(l->n == 0 && l->seen == 0 && l->cap >= 50000);
	CHECK(events_nodes(&ev) == 0);
	events_sort(&ev);
	CHECK(l->n == 0);

	test_instances();
	test_tenants();
	test_keys();
	test_shard();
	test_bounded();
	test_outdone();
	test_names();

	events_free(&ev);
	return test_done();
}
