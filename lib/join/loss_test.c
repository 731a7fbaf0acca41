#include "join/loss.h"

#include "base/test.h"

#define MINUTE (60 * SECOND)

/* Records in, losses out.  Times are in minutes; -1: unset. */
struct record {
	int at;
	const char *pod, *uid, *node, *reason;
	enum loss_from from;
};

static const struct {
	const char *name;
	struct record in[6];
	const char *out; /* "minute pod node reason uid|" each */
} rows[] = {
	{"nothing", {{0}}, ""},
	{"one", {{1, "p", "u", "n", "Evicted", LOSS_EVENT}}, "1 p n Evicted u|"},
	{"ten minutes are one loss",
		{{1, "p", "u", "n", "Evicted", LOSS_EVENT}, {11, "p", "u", "n", "NodeLost", LOSS_EVENT}}, "1 p n Evicted u|"},
	{"eleven are two",
		{{1, "p", "u", "n", "Evicted", LOSS_EVENT}, {12, "p", "u", "n", "NodeLost", LOSS_EVENT}},
		"1 p n Evicted u|12 p n NodeLost u|"},
	{"ten minutes from the first, not from the last",
		{{1, "p", "u", "n", "A", LOSS_EVENT}, {10, "p", "u", "n", "B", LOSS_EVENT}, {12, "p", "u", "n", "C", LOSS_EVENT}},
		"1 p n A u|12 p n C u|"},
	{"the Event beats the object, though it is later",
		{{1, "p", "u", "n", "Failed", LOSS_OBJECT}, {3, "p", "u", "n", "Evicted", LOSS_EVENT}}, "3 p n Evicted u|"},
	{"the earliest of two objects",
		{{4, "p", "u", "n", "B", LOSS_OBJECT}, {3, "p", "u", "n", "A", LOSS_OBJECT}}, "3 p n A u|"},
	{"another uid is another pod",
		{{1, "p", "u", "n", "A", LOSS_EVENT}, {2, "p", "v", "n", "B", LOSS_EVENT}}, "1 p n A u|2 p n B v|"},
	{"no uid goes with any",
		{{1, "p", NULL, "n", "A", LOSS_EVENT}, {2, "p", "v", "n", "B", LOSS_EVENT}}, "1 p n A v|"},
	{"another name is another pod",
		{{1, "p", "u", "n", "A", LOSS_EVENT}, {1, "q", "u", "n", "A", LOSS_EVENT}}, "1 p n A u|1 q n A u|"},
	{"the node from another record of the loss",
		{{1, "p", "u", NULL, "A", LOSS_EVENT}, {2, "p", "u", "m", "B", LOSS_OBJECT}}, "1 p m A u|"},
	{"the fallback node", {{1, "p", "u", NULL, "A", LOSS_EVENT}}, "1 p fallback A u|"},
	{"a cancelled deletion withdraws the marking before it",
		{{1, "p", NULL, "n", "TaintManagerEviction", LOSS_EVENT}, {2, "p", NULL, "n", "x", LOSS_CANCEL}},
		"withdrawn 1 1 p n TaintManagerEviction -|"},
	{"at the same time, too",
		{{1, "p", NULL, "n", "TaintManagerEviction", LOSS_EVENT}, {1, "p", NULL, "n", "x", LOSS_CANCEL}},
		"withdrawn 1 1 p n TaintManagerEviction -|"},
	{"not the one after it",
		{{2, "p", NULL, "n", "TaintManagerEviction", LOSS_EVENT}, {1, "p", NULL, "n", "x", LOSS_CANCEL}},
		"2 p n TaintManagerEviction -|"},
	{"and nothing else that is sure",
		{{1, "p", NULL, "n", "Evicted", LOSS_EVENT}, {2, "p", NULL, "n", "x", LOSS_CANCEL}}, "1 p n Evicted -|"},
	{"only a canceled deletion", {{2, "p", NULL, "n", "x", LOSS_CANCEL}}, ""},
	{"it withdraws a suspicion, too",
		{{1, "p", NULL, "n", "NodeNotReady", LOSS_EVENT}, {2, "p", NULL, "n", "x", LOSS_CANCEL}},
		"withdrawn 1 1 p n NodeNotReady -|"},
	{"not one that a loss confirmed before",
		{{1, "p", NULL, "n", "NodeNotReady", LOSS_EVENT}, {2, "p", NULL, "n", "Evicted", LOSS_EVENT},
			{3, "p", NULL, "n", "x", LOSS_CANCEL}},
		"1 p n NodeNotReady -|"},
	{"but one that is confirmed later",
		{{1, "p", NULL, "n", "NodeNotReady", LOSS_EVENT}, {2, "p", NULL, "n", "x", LOSS_CANCEL},
			{3, "p", NULL, "n", "Evicted", LOSS_EVENT}},
		"3 p n Evicted -|"},
	{"nor by a marking that is void itself",
		{{1, "p", NULL, "n", "NodeNotReady", LOSS_EVENT}, {2, "p", NULL, "n", "TaintManagerEviction", LOSS_EVENT},
			{3, "p", NULL, "n", "x", LOSS_CANCEL}},
		"withdrawn 1 1 p n NodeNotReady -|"},
	{"a suspicion stands without further records", {{1, "p", "u", "n", "NodeNotReady", LOSS_EVENT}}, "1 p n NodeNotReady u|"},
	{"a timeless object belongs to the loss that has a time",
		{{-1, "p", "u", "n", "Evicted", LOSS_OBJECT}, {7, "p", "u", "n", "Evicted", LOSS_EVENT}}, "7 p n Evicted u|"},
	{"alone it stays without a timestamp", {{-1, "p", "u", "n", "Evicted", LOSS_OBJECT}}, "- p n Evicted u|"},
	{"ascending by time, then by name",
		{{5, "b", "u", "n", "A", LOSS_EVENT}, {5, "a", "v", "n", "A", LOSS_EVENT}, {4, "c", "w", "n", "A", LOSS_EVENT}},
		"4 c n A w|5 a n A v|5 b n A u|"},
};

static void
add(struct events *ev, const struct record *r)
{
	events_add(ev, EVENT_LOSS,
		   &(struct loss){
			   .e = {.t = r->at < 0 ? NO_TIME : r->at * MINUTE, .node = events_node(ev, str_of(r->node))},
			   .name = idx_add(&ev->names, str_of(r->pod)),
			   .pod_uid = idx_add(&ev->names, str_of(r->uid)),
			   .reason = idx_add(&ev->names, str_of(r->reason)),
			   .from = (uint8_t)r->from,
		   });
}

static void
say(struct buf *b, const struct events *ev, const struct lost *l, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct loss *r = loss_at(ev, &l[i]);
		const uint32_t part[] = {r->name, l[i].node, r->reason, l[i].pod_uid};

		if (l[i].t == NO_TIME)
			buf_chr(b, '-');
		else
			buf_i64(b, l[i].t / MINUTE);
		for (size_t k = 0; k < NELEM(part); k++) {
			buf_chr(b, ' ');
			buf_add(b, part[k] ? idx_at(&ev->names, part[k]) : S("-"));
		}
		buf_chr(b, '|');
	}
}

static bool
folds_to(struct events *ev, const char *out)
{
	uint32_t fallback = events_node(ev, S("fallback"));
	struct mem m = {0};
	struct buf b = {0};
	struct losses ls;
	bool same;

	events_sort(ev);
	ls = loss_fold(ev, fallback, &ev->scratch, &m);
	say(&b, ev, ls.l, ls.n);
	for (size_t i = 0; i < ls.nwithdrawn; i++) {
		buf_add(&b, S("withdrawn "));
		buf_u64(&b, ls.withdrawn[i].alive);
		buf_chr(&b, ' ');
		say(&b, ev, &ls.withdrawn[i], 1);
	}
	same = str_eq(buf_str(&b), str_of(out));
	if (!same)
		printf("# got %.*s\n", (int)b.n, b.p);
	buf_free(&b);
	mem_free(&m);
	return same;
}

/* Records about pods, from an Event or an object; times are in minutes, -1: unset. */
struct ran {
	enum placement_from from;
	int at, ready; /* at: of an object, time of creation */
	const char *pod, *uid, *node;
};

static void
place(struct events *ev, const struct ran *p)
{
	int64_t t = p->at < 0 ? NO_TIME : p->at * MINUTE;

	events_add(ev, EVENT_PLACEMENT,
		   &(struct placement){
			   .e = {.t = p->from == PLACE_OBJECT ? NO_TIME : t, .node = events_node(ev, str_of(p->node)),
				   .uid = idx_add(&ev->names, str_of(p->uid))},
			   .created = p->from == PLACE_OBJECT ? t : NO_TIME,
			   .ready = p->ready ? p->ready * MINUTE : NO_TIME,
			   .name = idx_add(&ev->names, str_of(p->pod)),
			   .from = (uint8_t)p->from,
		   });
}

/* A pod lost at minute 10, without a node. */
static void
test_placed(void)
{
	static const struct {
		const char *name, *uid, *reason;
		struct ran ran[5];
		int ready; /* of node n, 0: never */
		const char *out;
	} rows_placed[] = {
		{"on the node where it ran last before the loss", "u", "A",
			{{PLACE_EVENT, 3, 0, "p", "u", "third"}, {PLACE_EVENT, 9, 0, "p", NULL, "ninth"}, {PLACE_EVENT, 9, 0, "p", "other", "no"},
				{PLACE_EVENT, 9, 0, "q", "u", "no"}, {PLACE_EVENT, 11, 0, "p", "u", "no"}}, 0, "10 p ninth A u|"},
		{"or else where the same uid ran first after it", "u", "A",
			{{PLACE_EVENT, 12, 0, "p", "u", "twelfth"}, {PLACE_EVENT, 11, 0, "p", "u", "eleventh"}}, 0, "10 p eleventh A u|"},
		{"an object with the same uid has the node", "u", "A", {{PLACE_OBJECT, -1, 0, "p", "u", "object"}}, 0, "10 p object A u|"},
		{"even if created later", "u", "A", {{PLACE_OBJECT, 12, 0, "p", "u", "object"}}, 0, "10 p object A u|"},
		{"same name: an object created before", NULL, "A", {{PLACE_OBJECT, 9, 0, "p", "u", "object"}}, 0, "10 p object A -|"},
		{"not one created after", NULL, "A", {{PLACE_OBJECT, 11, 0, "p", "v", "no"}}, 0, "10 p fallback A -|"},
		{"nor one scheduled after", NULL, "A", {{PLACE_SCHEDULED, 11, 0, "p", "v", "no"}}, 0, "10 p fallback A -|"},
		{"nor a later Event of any pod", "u", "A", {{PLACE_EVENT, 11, 0, "p", NULL, "no"}}, 0, "10 p fallback A u|"},
		{"except the Killing within a minute", NULL, "A", {{PLACE_KILLING, 11, 0, "p", "u", "killed"}}, 0, "10 p killed A -|"},
		{"not later", NULL, "A", {{PLACE_KILLING, 12, 0, "p", "u", "no"}}, 0, "10 p fallback A -|"},
		{"not that of another uid", "u", "A", {{PLACE_KILLING, 11, 0, "p", "v", "no"}}, 0, "10 p fallback A u|"},
		{"not after the next was scheduled", NULL, "A",
			{{PLACE_SCHEDULED, 11, 0, "p", "v", "no"}, {PLACE_KILLING, 11, 0, "p", "u", "no"}}, 0, "10 p fallback A -|"},
		{"a suspicion, the pod became ready again", "u", "NodeNotReady", {{PLACE_OBJECT, 1, 30, "p", "u", "n"}}, 0,
			"withdrawn 3 10 p n NodeNotReady u|"},
		{"the pod was ready before", "u", "NodeNotReady", {{PLACE_OBJECT, 1, 9, "p", "u", "n"}}, 0, "10 p n NodeNotReady u|"},
		{"another pod was ready", "u", "NodeNotReady", {{PLACE_OBJECT, 1, 0, "p", "u", "n"}, {PLACE_OBJECT, 12, 13, "p", "v", "n"}}, 0,
			"10 p n NodeNotReady u|"},
		{"the node was ready within five minutes", "u", "NodeNotReady", {{PLACE_OBJECT, 1, 0, "p", "u", "n"}}, 15,
			"withdrawn 2 10 p n NodeNotReady u|"},
		{"after six", "u", "NodeNotReady", {{PLACE_OBJECT, 1, 0, "p", "u", "n"}}, 16, "10 p n NodeNotReady u|"},
		{"the pod had been replaced by then", "u", "NodeNotReady",
			{{PLACE_OBJECT, 1, 0, "p", "u", "n"}, {PLACE_SCHEDULED, 12, 0, "p", "v", "m"}}, 15, "10 p n NodeNotReady u|"},
		{"a certain loss stands even if the node is ready", "u", "Evicted", {{PLACE_OBJECT, 1, 0, "p", "u", "n"}}, 11, "10 p n Evicted u|"},
	};
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};

	for (size_t i = 0; i < NELEM(rows_placed); i++) {
		TEST(rows_placed[i].name);
		events_reset(&ev);
		add(&ev, &(struct record){10, "p", rows_placed[i].uid, NULL, rows_placed[i].reason, LOSS_EVENT});
		for (size_t k = 0; k < 5 && rows_placed[i].ran[k].pod; k++)
			place(&ev, &rows_placed[i].ran[k]);
		if (rows_placed[i].ready)
			events_add(&ev, EVENT_NODE,
				   &(struct node_word){.e = {.t = rows_placed[i].ready * MINUTE, .node = events_node(&ev, S("n"))}, .state = NODE_READY});
		CHECK(folds_to(&ev, rows_placed[i].out));
	}
	events_free(&ev);
}

static void
test_nearest(void)
{
	static const struct {
		int at;
		const char *node;
	} lost[] = {{-1, "a"}, {1, "a"}, {2, "b"}, {4, "a"}, {4, "a"}, {7, "a"}};
	static const struct {
		int at;
		const char *node;
		int want; /* index in lost, -1: none */
	} asked[] = {
		{0, "a", 1}, {2, "a", 1}, {3, "a", 3}, {9, "a", 5}, {5, "a", 3}, {6, "a", 5},
		{4, "a", 3}, {2, "b", 2}, {9, "b", 2}, {1, "c", -1},
	};
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
	struct lost l[NELEM(lost)] = {{0}};
	struct mem m = {0};
	uint32_t *by_node;

	TEST("the loss nearest in time on a node");
	for (size_t i = 0; i < NELEM(lost); i++) {
		l[i].t = lost[i].at < 0 ? NO_TIME : lost[i].at * MINUTE;
		l[i].node = events_node(&ev, str_of(lost[i].node));
	}
	by_node = loss_by_node(l, NELEM(lost), &ev.scratch, &m);
	for (size_t i = 0; i < NELEM(asked); i++) {
		uint32_t node = events_node(&ev, str_of(asked[i].node));
		const struct lost *x = loss_nearest(l, NELEM(lost), by_node, node, asked[i].at * MINUTE);

		CHECK_ROW(i, (x ? (int)(x - l) : -1) == asked[i].want);
	}
	mem_free(&m);
	events_free(&ev);
}

static void
test_evidence(void)
{
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
	struct verdicts vs = {0};
	struct buf pod = {0}, b = {0};
	struct loss r = {.name = idx_add(&ev.names, S("pod-1")), .reason = idx_add(&ev.names, S("Evicted"))};
	struct lost l = {.t = SECOND};

	TEST("a loss as evidence");
	ev.list[EVENT_LOSS].p = &r;
	verdict_add(&vs);
	loss_evidence(&ev, &l, &vs, &pod, &b);
	CHECK(str_eq(vs.ev[0].uid, S("pod-1/Evicted/1970-01-01T00:00:01Z")) && str_eq(vs.ev[0].text, S("Evicted")));
	r.ns = idx_add(&ev.names, S("ml"));
	r.note = idx_add(&ev.names, S("low on memory"));
	loss_evidence(&ev, &l, &vs, &pod, &b);
	CHECK(str_eq(vs.ev[1].uid, S("ml/pod-1/Evicted/1970-01-01T00:00:01Z")));
	CHECK(str_eq(vs.ev[1].text, S("Evicted: low on memory")) && str_eq(vs.ev[1].kind, S("pod_event")));
	r.e.uid = idx_add(&ev.names, S("u-1"));
	loss_evidence(&ev, &l, &vs, &pod, &b);
	CHECK(str_eq(vs.ev[2].uid, S("u-1")) && vs.ev[2].t == SECOND);
	buf_free(&pod);
	buf_free(&b);
	verdicts_free(&vs);
	ev.list[EVENT_LOSS].p = NULL;
	events_free(&ev);
}

int
main(void)
{
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};

	for (size_t i = 0; i < NELEM(rows); i++) {
		TEST(rows[i].name);
		for (size_t turn = 0; turn < 2; turn++) { /* also backwards, and each record twice */
			events_reset(&ev);
			for (size_t k = 0; k < 6 && rows[i].in[k].pod; k++)
				add(&ev, &rows[i].in[k]);
			for (size_t k = 6; turn && k-- > 0;)
				if (rows[i].in[k].pod)
					add(&ev, &rows[i].in[k]);
			CHECK(folds_to(&ev, rows[i].out));
		}
	}

	events_free(&ev);
	test_placed();
	test_nearest();
	test_evidence();
	return test_done();
}
