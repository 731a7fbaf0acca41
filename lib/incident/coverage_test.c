/*
 * What the input covers (coverage.c): records of each layer, nodes without any, signs of
 * life, host names, and the notices about expected nodes.  Records are texts: a kind's name,
 * then node= and the time in test_facts.h's notation; "gpu kernel" is a line of the kernel.
 */
#include "event/kind.h"
#include "incident/test_facts.h"

#include "base/test.h"

static bool
add_record(struct made *m, struct str rest)
{
	uint64_t zero[64] = {0};
	struct event *e = (void *)zero;
	struct str word, name;
	enum event_kind kind = 0;

	e->t = NO_TIME;
	if (!made_next(&rest, &word))
		return true;
	while (kind < EVENT_KINDS && !str_eq(kinds[kind].name, word))
		kind++;
	while (made_next(&rest, &word)) {
		struct str value = word;

		if (word.p[0] == '@')
			e->t = made_time(str_from(word, 1));
		else if (str_eq(word, S("kernel")))
			((struct gpu *)(void *)e)->kernel = 1;
		else if (str_cut(&value, '=', &name) && str_eq(name, S("node")))
			e->node = events_node(&m->ev, value);
		else
			return false;
	}
	if (kind == EVENT_KINDS)
		return false;
	events_add(&m->ev, kind, e);
	return true;
}

static bool
make(struct made *m, const char *records)
{
	struct str rest = str_of(records), one;
	bool good = made_facts(m, "");

	while (str_cut(&rest, ';', &one))
		good &= add_record(m, one);
	events_sort(&m->ev);
	coverage_gather(&m->fs);
	if (!good)
		printf("# unknown word: %s\n", records);
	return good;
}

/* ---- signs of life ---- */

static const struct {
	const char *records;
	int64_t last; /* when a was last alive before @100, in seconds */
} lives[] = {
	{"", 40}, {"xid node=a @50", 50}, {"xid node=b @50", 40}, {"xid @50", 40}, {"xid node=a @39", 40}, {"xid node=a @41", 41},
	{"xid node=a @99", 99}, {"xid node=a @100", 40}, {"xid node=a @50; xid node=a @60; xid node=a @100; xid node=a @101", 60},
	{"aer node=a @50", 50}, {"recovery node=a @50", 50}, {"sign node=a @50", 50}, {"sample node=a @50", 50}, {"rate node=a @50", 50}, {"gpu node=a @50", 50},
	{"gpu kernel node=a @50", 50}, {"gpu kernel node=a @50; sample node=a @60", 60}, {"gpu kernel node=a @60; sample node=a @50", 60},
	{"xid node=a @50; aer node=a @60", 60}, {"xid node=a @60; aer node=a @50", 60}, {"xid node=a @60; aer node=a @110", 60}, {"xid node=a @110; aer node=a @60", 60},
	/* a rank, the node's controller and pods' records are no signs of it */
	{"collective node=a @50", 40}, {"node_state node=a @50", 40}, {"node_condition node=a @50", 40}, {"pod_loss node=a @50", 40}, {"placement node=a @50", 40},
	/* in any order, of several nodes */
	{"aer node=b @70; aer node=a @50; aer node=c @80; aer node=a @45; aer node=a @120; xid node=c @90; xid node=b @95", 50},
	{"xid node=b @70; xid node=a @50; xid node=c @80; xid node=a @45; aer node=c @90; aer node=b @95", 50},
};

static bool
life_is(size_t row)
{
	struct made m;
	bool good = make(&m, lives[row].records);

	good &= facts_alive(&m.fs, events_node(&m.ev, S("a")), 100 * SECOND) == lives[row].last * SECOND;
	if (!good)
		printf("# %s\n", lives[row].records);
	made_free(&m);
	return good;
}

/* ---- the last record, and names of hosts ---- */

static const struct {
	const char *records, *name, *is;
} names[] = {
	{"", "a", "a"}, {"xid node=a", "a", "a"}, {"xid node=a.x.y", "a", "a.x.y"}, {"sample node=a.x.y", "a", "a.x.y"}, {"pod_loss node=a.x.y", "a", "a.x.y"},
	{"xid node=a", "a.x.y", "a"}, {"xid node=a.z", "a.x.y", "a.x.y"}, {"xid node=b", "a.x.y", "a.x.y"}, {"xid node=a.x; xid node=a", "a", "a"},
	{"xid node=a.x; xid node=a", "a.x", "a.x"}, {"xid node=a.x; xid node=a.y", "a", "several"}, {"xid node=a.x; xid node=b.y", "a", "a.x"},
	{"xid node=a.x; xid node=b.y", "b", "b.y"}, {"xid node=a.x; xid node=b.y", "c", "c"}, {"xid node=c.x; xid node=a.y; xid node=b.z", "a", "a.y"},
	{"xid node=c.x; xid node=b.y; xid node=a.z; xid node=b.x", "b", "several"}, {"xid node=c.x; xid node=b.y; xid node=a.z; xid node=b.x", "c", "c.x"},
	{"xid node=c.x; xid node=b.y; xid node=a.z; xid node=b.x", "a", "a.z"}, {"watchdog node=b.y; verdict node=a.x", "a", "a"},
};

static bool
name_is(size_t row)
{
	struct made m;
	bool good = make(&m, names[row].records);
	uint32_t node = coverage_node(&m.fs, idx_add(&m.ev.names, str_of(names[row].name)));
	struct str is = node == COVERAGE_SEVERAL ? S("several") : idx_at(&m.ev.names, node);

	good &= str_eq(is, str_of(names[row].is));
	if (!good)
		printf("# %s: %.*s\n", names[row].records, (int)is.n, is.p);
	made_free(&m);
	return good;
}

static const struct {
	const char *records;
	int64_t last; /* in seconds, or NO_TIME */
} lasts[] = {
	{"", NO_TIME}, {"xid", NO_TIME}, {"xid @5", 5}, {"aer @5; xid @7", 7}, {"aer @7; xid @5", 7}, {"pod_loss @5; node_state @9; collective @8", 9},
	{"pod_loss @5; xid @-9", 5}, {"pod_loss @-5", -5},
	/* measurements aside: shards have different ones */
	{"sample @9; pod_loss @5", 5}, {"gpu @9; pod_loss @5", 5}, {"gpu kernel @9; pod_loss @5", 9}, {"sample @9", NO_TIME},
};

static bool
last_is(size_t row)
{
	struct made m;
	bool good = make(&m, lasts[row].records);
	int64_t t = coverage_last(&m.fs);

	good &= t == (lasts[row].last == NO_TIME ? NO_TIME : lasts[row].last * SECOND);
	if (!good)
		printf("# %s\n", lasts[row].records);
	made_free(&m);
	return good;
}

/* ---- an incident's member ---- */

static const struct {
	const char *records, *nodes; /* nodes of an incident at @20m..30m */
	const char *layers, *silent;
} reports[] = {
	{"", "a", "", ""},
	/* records, nodes, and the first and last time */
	{"xid node=a @5; xid node=b @7; xid node=a @6", "", "kernel_event 3/2 5..7", ""},
	{"xid node=a @5; aer node=a @9; sign node=a @1; recovery node=c @7", "", "kernel_event 4/2 1..9", ""},
	{"aer node=a @5; xid node=a @9", "", "kernel_event 2/1 5..9", ""},
	{"xid node=a @5; aer node=a @9", "", "kernel_event 2/1 5..9", ""},
	{"xid node=a; xid node=b @7", "", "kernel_event 2/2 7..7", ""},
	{"xid node=a; aer node=a", "", "kernel_event 2/1 none", ""},
	{"xid @5", "", "kernel_event 1/0 5..5", ""},
	{"sample node=a @1; rate node=b @2; gpu node=c @3; gpu kernel node=d @4", "", "kernel_event 1/1 4..4, hw_metrics 3/3 1..3", ""},
	{"collective node=a @1; completed node=b @2; progress node=c @3; watchdog node=d @4; ras node=e @5; rank node=f @6; timeout node=g @7", "",
		"nccl_record 7/7 1..7", ""},
	{"node_state node=a @1; node_condition node=b @2; pod_loss node=a @3; placement node=a @4; pod node=b @5", "", "node_condition 2/2 1..2, pod_event 3/2 3..5", ""},
	{"verdict node=a @1; tenant node=a @2; process_group node=a @2", "", "", ""},
	/* nodes that a layer is silent about, from 10 min before to the end */
	{"xid node=a @20m", "a,b", "kernel_event 1/1 1200..1200", "kernel_event b"},
	{"xid node=c @20m", "b,a", "kernel_event 1/1 1200..1200", "kernel_event b,a"},
	{"xid node=a @10m", "a", "kernel_event 1/1 600..600", ""},
	{"xid node=a @10m-", "a", "kernel_event 1/1 599..599", "kernel_event a"},
	{"xid node=a @30m", "a", "kernel_event 1/1 1800..1800", ""},
	{"xid node=a @30m+", "a", "kernel_event 1/1 1800..1800", "kernel_event a"},
	{"aer node=a @9m; aer node=a @31m", "a", "kernel_event 2/1 540..1860", "kernel_event a"},
	{"aer node=a @31m; aer node=a @9m; aer node=a @15m", "a", "kernel_event 3/1 540..1860", ""},
	{"xid node=a @31m; aer node=a @15m", "a", "kernel_event 2/1 900..1860", ""},
	{"xid node=a @15m; aer node=a @31m", "a", "kernel_event 2/1 900..1860", ""},
	{"xid node=a @9m; aer node=a @15m", "a", "kernel_event 2/1 540..900", ""},
	{"xid node=a @15m; aer node=a @9m", "a", "kernel_event 2/1 540..900", ""},
	{"xid node=a @9m; aer node=a @31m", "a", "kernel_event 2/1 540..1860", "kernel_event a"},
	{"xid node=a @20m; sample node=b @20m; collective node=c @20m", "a,b,c",
		"kernel_event 1/1 1200..1200, hw_metrics 1/1 1200..1200, nccl_record 1/1 1200..1200", "kernel_event b,c; hw_metrics a,c; nccl_record a,b"},
	/* not a layer of which no record names its node; nodes and pods are not asked for */
	{"xid @20m", "a", "kernel_event 1/0 1200..1200", ""},
	{"node_state node=b @20m; pod_loss node=b @20m", "a", "node_condition 1/1 1200..1200, pod_event 1/1 1200..1200", ""},
};

static const struct item *
put_items(struct buf *b, const struct item *it, const char *between)
{
	for (size_t depth = 0; depth || it->kind != ITEM_END; it++) {
		if (it->kind == ITEM_END) {
			depth--;
		} else if (it->kind == ITEM_STR) {
			if (b->n && b->p[b->n - 1] != ' ')
				buf_add(b, it->name ? str_of(between) : S(","));
			buf_add(b, it->s);
			buf_add(b, it->name ? S(" ") : S(""));
		} else if (it->kind == ITEM_INT) {
			buf_i64(b, it->n);
			buf_add(b, str_eq(str_of(it->name), S("records")) ? S("/") : S(" none"));
		} else if (it->kind == ITEM_TIME) {
			if (str_eq(str_of(it->name), S("first")))
				b->n -= 4;
			else
				buf_add(b, S(".."));
			buf_i64(b, time_diff(it->n, 0) / SECOND);
		} else {
			depth++;
		}
	}
	return it;
}

static bool
report_is(size_t row)
{
	struct made m;
	struct verdicts out = {0};
	struct buf layers = {0}, silent = {0};
	bool good = make(&m, reports[row].records);
	uint32_t *node = NULL;
	size_t n = *reports[row].nodes ? made_list(&m, str_of(reports[row].nodes), 'n', &node) : 0;
	const struct item *it;

	m.d.out = &out;
	verdict_add(&out);
	coverage_report(&m.fs, node, n, 20 * MINUTE, 30 * MINUTE);
	good &= str_eq(str_of(out.item[0].name), S("coverage")) && str_eq(str_of(out.item[1].name), S("layers"));
	it = put_items(&layers, out.item + 2, ", ") + 1;
	good &= str_eq(str_of(it->name), S("silent"));
	it = put_items(&silent, it + 1, "; ");
	good &= it + 2 == out.item + out.nitem && it[1].kind == ITEM_END;
	good &= str_eq(buf_str(&layers), str_of(reports[row].layers)) && str_eq(buf_str(&silent), str_of(reports[row].silent));
	if (!good)
		printf("# %s: %.*s; %.*s\n", reports[row].records, (int)layers.n, layers.p ? layers.p : "", (int)silent.n, silent.p ? silent.p : "");
	verdicts_free(&out);
	buf_free(&layers);
	buf_free(&silent);
	made_free(&m);
	return good;
}

/* ---- notices ---- */

static const struct {
	const char *records, *expected; /* lines of --expect; NULL: not given */
	const char *notice;
} notices[] = {
	{"", NULL, ""},
	/* kernel lines without a host */
	{"xid @5", NULL, "1 kernel event has no node name and is taken to be of one node: use --node=NAME"},
	{"xid @5; xid @6; aer @7; xid node=a @8", NULL, "3 kernel events have no node name and are taken to be of one node: use --node=NAME"},
	{"aer @5", NULL, "1 kernel event has no node name and is taken to be of one node: use --node=NAME"},
	{"sign @5; recovery @6; sample @7", NULL, ""},
	/* expected nodes without records of a layer, at any time or in that of the losses */
	{"xid node=a; sample node=a; collective node=a", "a", ""},
	{"xid node=a; sample node=a; collective node=a", "a\nb", "2 expected nodes: no kernel record of b; no metrics of b; no dump of b"},
	{"xid node=a", "a", "1 expected node: no metrics of any; no dump of any"},
	{"xid node=a; sample node=b; collective node=c", "c\nb\na", "3 expected nodes: no kernel record of b, c; no metrics of a, c; no dump of a, b"},
	{"xid; sample node=a; collective node=a", "a", "1 kernel event has no node name and is taken to be of one node: use --node=NAME"},
	{"xid; sample node=a; collective", "a\nb", "1 kernel event has no node name and is taken to be of one node: use --node=NAME; 2 expected nodes: no metrics of b"},
	{"xid node=a @20m; sample node=a @20m; collective node=a @20m; pod_loss node=a @20m", "a", ""},
	{"xid node=a @10m; sample node=a @20m; collective node=a @20m; pod_loss node=a @20m", "a", ""},
	{"xid node=a @10m-; sample node=a @20m; collective node=a @20m+; pod_loss node=a @20m", "a",
		"1 expected node, from 1970-01-01T00:10:00Z to 1970-01-01T00:20:00Z: no kernel record of any; no dump of any"},
	{"xid node=a @15m; sample node=a @29m; collective node=a @10m-; pod_loss node=a @30m; pod_loss node=b @20m; pod_loss node=c", "a",
		"1 expected node, from 1970-01-01T00:10:00Z to 1970-01-01T00:30:00Z: no dump of any"},
	{"xid node=a @15m; sample node=a @29m; collective node=a; pod_loss node=c", "a", ""},
	/* lists: comments, blanks, kubectl's prefix, other names of hosts, nodes of Kubernetes, each once */
	{"xid node=a.x; sample node=a.x; collective node=a.x", "# no\n\n a \nnode/a.x\nA", ""},
	{"xid node=a; sample node=a; collective node=a; node_state node=b; node_state", "a", "2 expected nodes: no kernel record of b; no metrics of b; no dump of b"},
	{"xid node=a.x; sample node=a.y; collective node=a.x", "a", "1 expected node: ambiguous, as several nodes begin so: a"},
	{"xid node=a.x; sample node=a.x; collective node=a.x; xid node=b.x; xid node=b.y; xid node=c.x; xid node=c.y", "a\nc\nb\nb",
		"3 expected nodes: ambiguous, as several nodes begin so: b, c"},
	/* eight are named */
	{"xid node=z; sample node=z; collective node=z; sample node=a; sample node=b; sample node=c; sample node=d; sample node=e; sample node=f; sample node=g; sample node=h; "
		"collective node=a; collective node=b; collective node=c; collective node=d; collective node=e; collective node=f; collective node=g; collective node=h",
		"z\na\nb\nc\nd\ne\nf\ng\nh", "9 expected nodes: no kernel record of a, b, c, d, e, f, g, h"},
	{"xid node=z", "z\na\nb\nc\nd\ne\nf\ng\nh\ni\nj",
		"11 expected nodes: no kernel record of a, b, c, d, e, f, g, h and 2 more; no metrics of any; no dump of any"},
};

static bool
notice_is(size_t row)
{
	struct made m;
	struct buf b = {0};
	bool good = make(&m, notices[row].records);

	m.d.notice = &b;
	if (notices[row].expected) {
		m.c.expect_file = S("nodes");
		m.c.expected = str_of(notices[row].expected);
	}
	coverage_notice(&m.fs);
	good &= str_eq(buf_str(&b), str_of(notices[row].notice));
	if (!good)
		printf("# %s\n# is:  %.*s\n# not: %s\n", notices[row].records, (int)b.n, b.p ? b.p : "", notices[row].notice);
	buf_free(&b);
	made_free(&m);
	return good;
}

static const struct {
	const char *text;
	uint64_t line; /* of the error, or 0 */
} lists[] = {
	{"", 0}, {"a\nb\n", 0}, {"a\n\n b\t\n# a comment, of words\n", 0}, {"a b", 1}, {"a\n\nb c\n", 3}, {"a\n  # x y\nb\001c\n", 3}, {"a\nb\t#\n", 2},
};

static bool
list_is(size_t row)
{
	struct mem m = {0};
	struct str to;
	uint64_t line;
	const char *wrong = expect_parse(&to, str_of(lists[row].text), &m, &line);
	bool good = lists[row].line ? wrong && str_eq(str_of(wrong), S("not the name of a node")) && line == lists[row].line : !wrong;

	mem_free(&m);
	return good;
}

int
main(void)
{
	struct made m;
	struct buf b = {0};

	TEST("a node's last sign of life, at most a minute before");
	for (size_t i = 0; i < NELEM(lives); i++)
		CHECK_ROW(i, life_is(i));
	TEST("the last record");
	for (size_t i = 0; i < NELEM(lasts); i++)
		CHECK_ROW(i, last_is(i));
	TEST("short and full names of hosts");
	for (size_t i = 0; i < NELEM(names); i++)
		CHECK_ROW(i, name_is(i));
	TEST("records of each layer; nodes of which a layer has none");
	for (size_t i = 0; i < NELEM(reports); i++)
		CHECK_ROW(i, report_is(i));
	TEST("notices about expected nodes and nameless lines");
	for (size_t i = 0; i < NELEM(notices); i++)
		CHECK_ROW(i, notice_is(i));
	TEST("--node does not help with lines of tasks");
	CHECK(make(&m, "xid @5"));
	m.d.notice = &b;
	m.ev.of_tasks = true;
	coverage_notice(&m.fs);
	CHECK(str_eq(buf_str(&b), S("1 kernel event has no node name and is taken to be of one node")));
	buf_free(&b);
	made_free(&m);
	TEST("lists of expected nodes");
	for (size_t i = 0; i < NELEM(lists); i++)
		CHECK_ROW(i, list_is(i));
	return test_done();
}
