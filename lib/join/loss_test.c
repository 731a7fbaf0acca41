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
	{"of two without a timestamp the first by content",
		{{-1, "p", NULL, "n", "B", LOSS_OBJECT}, {-1, "p", "u", "n", "C", LOSS_OBJECT}, {-1, "p", NULL, "n", "A", LOSS_OBJECT}}, "- p n A u|"},
	{"with several timeless objects, too",
		{{-1, "p", "u", "n", "A", LOSS_OBJECT}, {-1, "p", NULL, "n", "B", LOSS_OBJECT}, {7, "p", "u", "n", "C", LOSS_OBJECT}}, "7 p n C u|"},
	{"each canceled deletion withdraws the markings before it",
		{{1, "p", NULL, "n", "TaintManagerEviction", LOSS_EVENT}, {2, "p", NULL, "n", "x", LOSS_CANCEL},
			{3, "p", NULL, "n", "TaintManagerEviction", LOSS_EVENT}, {4, "p", NULL, "n", "x", LOSS_CANCEL}},
		"withdrawn 1 1 p n TaintManagerEviction -|"},
	{"a suspicion at the time of the canceled deletion",
		{{1, "p", NULL, "n", "NodeNotReady", LOSS_EVENT}, {1, "p", NULL, "n", "x", LOSS_CANCEL}}, "withdrawn 1 1 p n NodeNotReady -|"},
	{"an earlier record does not confirm a suspicion",
		{{1, "p", NULL, "n", "Evicted", LOSS_OBJECT}, {2, "p", NULL, "n", "NodeNotReady", LOSS_EVENT}, {3, "p", NULL, "n", "x", LOSS_CANCEL}},
		"1 p n Evicted -|"},
	{"one at the same time does",
		{{2, "p", NULL, "n", "Evicted", LOSS_OBJECT}, {2, "p", NULL, "n", "NodeNotReady", LOSS_EVENT}, {3, "p", NULL, "n", "x", LOSS_CANCEL}},
		"2 p n NodeNotReady -|"},
	{"and one at the time of the canceled deletion",
		{{1, "p", NULL, "n", "NodeNotReady", LOSS_EVENT}, {3, "p", NULL, "n", "Evicted", LOSS_OBJECT}, {3, "p", NULL, "n", "x", LOSS_CANCEL}},
		"1 p n NodeNotReady -|"},
	{"and one without a timestamp, which may be anywhere in time",
		{{1, "p", NULL, "n", "NodeNotReady", LOSS_EVENT}, {-1, "p", NULL, "n", "Evicted", LOSS_OBJECT}, {3, "p", NULL, "n", "x", LOSS_CANCEL}},
		"1 p n NodeNotReady -|"},
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

/* Records about pods, from an Event or an object; times are in a unit, -1: unset. */
struct ran {
	enum placement_from from;
	int at, ready; /* at: of an object, time of creation */
	const char *pod, *uid, *node;
};

static void
place(struct events *ev, const struct ran *p, int64_t unit)
{
	int64_t t = p->at < 0 ? NO_TIME : p->at * unit;

	events_add(ev, EVENT_PLACEMENT,
		   &(struct placement){
			   .e = {.t = p->from == PLACE_OBJECT ? NO_TIME : t, .node = events_node(ev, str_of(p->node)),
				   .uid = idx_add(&ev->names, str_of(p->uid))},
			   .created = p->from == PLACE_OBJECT ? t : NO_TIME,
			   .ready = p->ready ? p->ready * unit : NO_TIME,
			   .name = idx_add(&ev->names, str_of(p->pod)),
			   .from = (uint8_t)p->from,
		   });
}

/* A suspicion at minute 10, and when the pod was known to be alive or replaced; 0: never. */
static void
test_alive(void)
{
	static const struct {
		const char *name;
		int cancelled, pod_ready, node_ready, replaced[2];
		const char *out;
	} rows_alive[] = {
		{"a suspicion", 0, 0, 0, {0, 0}, "10 p n NodeNotReady u|"},
		{"the deletion was cancelled", 12, 0, 0, {0, 0}, "withdrawn 1 10 p n NodeNotReady u|"},
		{"of three signs of life the first: the deletion", 11, 12, 13, {0, 0}, "withdrawn 1 10 p n NodeNotReady u|"},
		{"the pod", 13, 11, 12, {0, 0}, "withdrawn 3 10 p n NodeNotReady u|"},
		{"the pod, then the node", 0, 11, 12, {0, 0}, "withdrawn 3 10 p n NodeNotReady u|"},
		{"the node", 13, 12, 11, {0, 0}, "withdrawn 2 10 p n NodeNotReady u|"},
		{"the node, then the deletion", 13, 0, 11, {0, 0}, "withdrawn 2 10 p n NodeNotReady u|"},
		{"the deletion, then the node", 11, 0, 13, {0, 0}, "withdrawn 1 10 p n NodeNotReady u|"},
		{"at the same time the deletion", 11, 11, 11, {0, 0}, "withdrawn 1 10 p n NodeNotReady u|"},
		{"or else the pod", 0, 11, 11, {0, 0}, "withdrawn 3 10 p n NodeNotReady u|"},
		{"the pod was ready then, not later", 0, 10, 0, {0, 0}, "10 p n NodeNotReady u|"},
		{"the node was ready then, not later", 0, 0, 10, {0, 0}, "10 p n NodeNotReady u|"},
		{"a successor came before", 13, 0, 0, {12, 0}, "10 p n NodeNotReady u|"},
		{"at the same time", 13, 0, 0, {13, 0}, "10 p n NodeNotReady u|"},
		{"a successor came later", 13, 0, 0, {14, 0}, "withdrawn 1 10 p n NodeNotReady u|"},
		{"the first of two successors", 13, 0, 0, {14, 12}, "10 p n NodeNotReady u|"},
		{"in either order", 13, 0, 0, {12, 14}, "10 p n NodeNotReady u|"},
		{"another pod that is there already is no successor", 13, 0, 0, {10, 0}, "withdrawn 1 10 p n NodeNotReady u|"},
	};
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};

	for (size_t i = 0; i < NELEM(rows_alive); i++) {
		TEST(rows_alive[i].name);
		events_reset(&ev);
		add(&ev, &(struct record){10, "p", "u", "n", "NodeNotReady", LOSS_EVENT});
		if (rows_alive[i].cancelled)
			add(&ev, &(struct record){rows_alive[i].cancelled, "p", "u", "n", "x", LOSS_CANCEL});
		if (rows_alive[i].pod_ready) {
			place(&ev, &(struct ran){PLACE_OBJECT, 1, rows_alive[i].pod_ready, "p", "u", "n"}, MINUTE);
			if (rows_alive[i].pod_ready > 10) /* and again, later */
				place(&ev, &(struct ran){PLACE_OBJECT, 1, 30, "p", "u", "n"}, MINUTE);
		}
		for (int k = 0; k < 2; k++)
			if (rows_alive[i].replaced[k])
				place(&ev, &(struct ran){PLACE_SCHEDULED, rows_alive[i].replaced[k], 0, "p", k ? "w" : "v", "n"}, MINUTE);
		for (int k = 0; k < (rows_alive[i].node_ready > 10 ? 2 : rows_alive[i].node_ready ? 1 : 0); k++) /* and again, later */
			events_add(&ev, EVENT_NODE,
				   &(struct node_word){.e = {.t = (rows_alive[i].node_ready + k) * MINUTE, .node = events_node(&ev, S("n"))}, .state = NODE_READY});
		events_add(&ev, EVENT_NODE, &(struct node_word){.e = {.t = 0, .node = events_node(&ev, S("m"))}, .state = NODE_READY});
		CHECK(folds_to(&ev, rows_alive[i].out));
	}
	events_free(&ev);
}

/* A pod of unknown uid lost at second 600, and records of it at later seconds. */
static void
test_sequel(void)
{
	static const struct {
		const char *name;
		struct ran ran[4];
		const char *out;
	} rows_sequel[] = {
		{"killed within sixty seconds", {{PLACE_KILLING, 660, 0, "p", "u", "killed"}}, "10 p killed A -|"},
		{"not after sixty-one", {{PLACE_KILLING, 661, 0, "p", "u", "no"}}, "10 p fallback A -|"},
		{"killed before the next was scheduled", {{PLACE_KILLING, 630, 0, "p", "u", "killed"}, {PLACE_SCHEDULED, 640, 0, "p", "v", "no"}}, "10 p killed A -|"},
		{"not after the next was scheduled", {{PLACE_SCHEDULED, 630, 0, "p", "u", "no"}, {PLACE_KILLING, 640, 0, "p", "u", "no"}}, "10 p fallback A -|"},
		{"of two the one killed first", {{PLACE_KILLING, 640, 0, "p", "u", "late"}, {PLACE_KILLING, 630, 0, "p", "v", "early"}}, "10 p early A -|"},
		{"in either order", {{PLACE_KILLING, 630, 0, "p", "u", "early"}, {PLACE_KILLING, 640, 0, "p", "v", "late"}}, "10 p early A -|"},
		{"the first of two that were scheduled",
			{{PLACE_SCHEDULED, 650, 0, "p", "u", "no"}, {PLACE_SCHEDULED, 630, 0, "p", "v", "no"}, {PLACE_KILLING, 640, 0, "p", "w", "no"}}, "10 p fallback A -|"},
		{"with the uids in the other order",
			{{PLACE_SCHEDULED, 630, 0, "p", "u", "no"}, {PLACE_SCHEDULED, 650, 0, "p", "v", "no"}, {PLACE_KILLING, 640, 0, "p", "w", "no"}}, "10 p fallback A -|"},
		{"another pod's Killing is not this one's", {{PLACE_EVENT, 630, 0, "p", "u", "no"}, {PLACE_KILLING, 630, 0, "q", "v", "no"}}, "10 p fallback A -|"},
		{"where it ran before is certain", {{PLACE_EVENT, 590, 0, "p", "u", "before"}, {PLACE_KILLING, 630, 0, "p", "u", "no"}}, "10 p before A -|"},
		{"where it ran at that time", {{PLACE_EVENT, 600, 0, "p", "u", "then"}, {PLACE_EVENT, 599, 0, "p", "u", "no"}}, "10 p then A -|"},
		{"of two uids at once the first", {{PLACE_EVENT, 590, 0, "p", "u", "b"}, {PLACE_EVENT, 590, 0, "p", "v", "a"}}, "10 p b A -|"},
		{"of two killed at once the first uid's", {{PLACE_KILLING, 630, 0, "p", "u", "b"}, {PLACE_KILLING, 630, 0, "p", "v", "a"}}, "10 p b A -|"},
		{"of two at once the first by name", {{PLACE_EVENT, 590, 0, "p", "u", "b"}, {PLACE_EVENT, 590, 0, "p", "u", "a"}, {PLACE_EVENT, 580, 0, "p", "u", "c"}}, "10 p a A -|"},
		{"of several uids the last before the loss",
			{{PLACE_EVENT, 590, 0, "p", "u", "no"}, {PLACE_EVENT, 595, 0, "p", "v", "last"}, {PLACE_EVENT, 580, 0, "p", "w", "no"}}, "10 p last A -|"},
		{"an object that was made at that time", {{PLACE_OBJECT, 600, 0, "p", "u", "object"}}, "10 p object A -|"},
		{"a second later", {{PLACE_OBJECT, 601, 0, "p", "u", "no"}}, "10 p fallback A -|"},
	};
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};

	for (size_t i = 0; i < NELEM(rows_sequel); i++) {
		TEST(rows_sequel[i].name);
		events_reset(&ev);
		add(&ev, &(struct record){10, "p", NULL, NULL, "A", LOSS_EVENT});
		for (size_t k = 0; k < 4 && rows_sequel[i].ran[k].pod; k++)
			place(&ev, &rows_sequel[i].ran[k], SECOND);
		CHECK(folds_to(&ev, rows_sequel[i].out));
	}
	events_free(&ev);
}

/* n records of other pods or uids with the same name, and one that is needed behind
 * them: is it still examined? */
static bool
sees_behind(enum placement_from what, int n)
{
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
	struct buf b = {0};
	bool sees;

	add(&ev, &(struct record){10, "p", what == PLACE_KILLING ? NULL : "z", NULL, "A", LOSS_EVENT});
	for (int i = 0; i < n; i++) {
		b.n = 0;
		buf_i64(&b, 100 + i);
		buf_chr(&b, '\0');
		if (what == PLACE_KILLING) /* one uid, many times */
			place(&ev, &(struct ran){PLACE_EVENT, 601, 0, "p", "u", b.p}, SECOND);
		else
			place(&ev, &(struct ran){PLACE_EVENT, 1, 0, "p", b.p, "no"}, SECOND);
	}
	place(&ev, &(struct ran){what, what == PLACE_KILLING ? 602 : 1, 0, "p", what == PLACE_KILLING ? "u" : "z", "seen"}, SECOND);
	sees = folds_to(&ev, what == PLACE_KILLING ? "10 p seen A -|" : "10 p seen A z|");
	buf_free(&b);
	events_free(&ev);
	return sees;
}

/* The number of losses of one name when n pods of that name were lost, and the
 * first again. */
static size_t
losses_of_lives(int n)
{
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
	struct mem m = {0};
	struct buf b = {0};
	size_t losses;

	for (int i = 0; i <= n; i++) {
		b.n = 0;
		buf_i64(&b, 100 + i % n);
		buf_chr(&b, '\0');
		add(&ev, &(struct record){i < n ? 1 : 2, "p", b.p, "n", "A", LOSS_EVENT});
	}
	events_sort(&ev);
	losses = loss_fold(&ev, 0, &ev.scratch, &m).n;
	buf_free(&b);
	mem_free(&m);
	events_free(&ev);
	return losses;
}

/* When a loss is final, in minutes. */
static void
test_final(void)
{
	static const struct {
		const char *name;
		struct record in;
		int final_at;
	} rows_final[] = {
		{"an Event with all is final", {1, "p", "u", "n", "Evicted", LOSS_EVENT}, 1},
		{"without the node other records may add it", {1, "p", "u", NULL, "Evicted", LOSS_EVENT}, 11},
		{"without the uid", {1, "p", NULL, "n", "Evicted", LOSS_EVENT}, 11},
		{"an object may get an Event", {1, "p", "u", "n", "Evicted", LOSS_OBJECT}, 11},
		{"a marking may be cancelled", {1, "p", "u", "n", "TaintManagerEviction", LOSS_EVENT}, 11},
		{"a suspicion may be withdrawn within the toleration", {1, "p", "u", "n", "NodeNotReady", LOSS_EVENT}, 6},
	};

	for (size_t i = 0; i < NELEM(rows_final); i++) {
		struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
		struct mem m = {0};
		struct losses ls;

		TEST(rows_final[i].name);
		add(&ev, &rows_final[i].in);
		events_sort(&ev);
		ls = loss_fold(&ev, 0, &ev.scratch, &m);
		CHECK(ls.n == 1 && ls.l[0].final_at == rows_final[i].final_at * MINUTE);
		mem_free(&m);
		events_free(&ev);
	}
}

static void
test_forget(void)
{
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
	struct mem m = {0};

	TEST("records of a loss are dropped together, ten minutes after the first");
	add(&ev, &(struct record){1, "p", "u", "n", "A", LOSS_EVENT});
	add(&ev, &(struct record){11, "p", "u", "n", "B", LOSS_EVENT});
	add(&ev, &(struct record){2, "q", "v", "n", "C", LOSS_EVENT});
	add(&ev, &(struct record){-1, "r", "w", "n", "D", LOSS_OBJECT});
	events_sort(&ev);
	loss_forget(&ev, 11 * MINUTE, &m);
	CHECK(ev.list[EVENT_LOSS].n == 4);
	loss_forget(&ev, 11 * MINUTE + 1, &m);
	CHECK(ev.list[EVENT_LOSS].n == 2);
	CHECK(folds_to(&ev, "- r n D w|2 q n C v|"));
	mem_free(&m);
	events_free(&ev);
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
			place(&ev, &rows_placed[i].ran[k], MINUTE);
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
	} lost[] = {{1, "z"}, {1, "z"}, {-1, "a"}, {1, "a"}, {2, "b"}, {4, "a"}, {4, "a"}, {7, "a"}};
	static const struct {
		int at;
		const char *node;
		int want; /* index in lost, -1: none */
	} asked[] = {
		{0, "a", 3}, {2, "a", 3}, {3, "a", 5}, {9, "a", 7}, {5, "a", 5}, {6, "a", 7},
		{4, "a", 5}, {2, "b", 4}, {9, "b", 4}, {1, "c", -1}, {2, "z", 0}, {0, "z", 0},
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
	test_alive();
	test_sequel();
	TEST("how many records of a hostile input are examined");
	CHECK(sees_behind(PLACE_KILLING, 63) && !sees_behind(PLACE_KILLING, 64));
	CHECK(sees_behind(PLACE_EVENT, 255) && !sees_behind(PLACE_EVENT, 256));
	CHECK(losses_of_lives(64) == 64 && losses_of_lives(65) == 66);
	test_final();
	test_forget();
	test_nearest();
	test_evidence();
	return test_done();
}
