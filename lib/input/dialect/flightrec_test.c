#include "base/test.h"

#include "input/dialect/dialect.h"

static struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
static struct reader reader = {.ev = &ev};

static void
read_text(const char *file, const char *json)
{
	events_reset(&ev);
	reader.file = str_of(file);
	reader_value_text(&reader, str_of(json));
	events_sort(&ev);
}

static struct str
name(uint32_t id)
{
	return idx_at(&ev.names, id);
}

static bool
is(uint32_t id, const char *s)
{
	return str_eq(name(id), str_of(s));
}

/* The rank of a dump with this file name and list of groups; -1: rejected. */
static int64_t
rank_of(const char *file, const char *rest)
{
	struct buf b = {0};
	const struct progress *p;

	buf_add(&b, S("{\"version\":\"2.9\",\"entries\":[]"));
	buf_add(&b, str_of(rest));
	buf_add(&b, S("}"));
	buf_chr(&b, '\0');
	read_text(file, b.p);
	buf_free(&b);
	p = ev.list[EVENT_PROGRESS].p;
	if (reader.why)
		return ev.list[EVENT_PROGRESS].n == 0 ? -1 : -2;
	return p->rank;
}

static void
test_rank(void)
{
	static const struct {
		const char *file, *rest;
		int64_t rank;
	} rows[] = {
		{NULL, "", -1},
		{"nccl_trace_rank_12", "", 12},
		{"/tmp/x/nccl_trace_rank_0", "", 0},
		{"_dump_12", "", 12},
		{"comm_lib_trace_rank_4095", "", 4095},
		{"rank3", "", 3},
		{"rank-3.json", "", 3},
		{"rank.3.ndjson", "", 3},
		{"RANK_3.pickle", "", 3},
		{"job-7-trace_8.pkl", "", 8},
		{"rank_3.json.gz", "", 3},
		{"nccl_trace_rank_0.zst", "", 0},
		{"nccl_trace_rank_4_20260908", "", 4},
		{"nccl_trace_rank_4_20260908_101500.json", "", 4},
		{"nccl_trace_rank_20260908", "", 20260908},
		{"nccl_trace_rank_gpu-07_12", "", 12},
		{"nccl_trace_rank_gpu-07_12_20260908101500.gz", "", 12},
		{"nccl_trace_rank_gpu-07", "", 7},
		{"rank_host", "", -1},
		{"rank_11/dump.json", "", 11},
		{"rank_11/nccl_trace_rank_12", "", 12},
		{"rank_11/x/y.json", "", 11},
		{"crank_11/y.json", "", -1},
		{"dumps-2026-11-20.json", "", -1},
		{"20", "", -1},
		{"_20", "", -1},
		{"rank_", "", -1},
		{"crank_case_5", "", -1},
		{"rank_99999999999999999999", "", -1},
		{"rank_2147483647", "", 2147483647},
		{"rank_2147483648", "", -1},
		/* a member takes precedence over the name */
		{"rank_3", ",\"rank\":5", 5},
		{"rank_3", ",\"rank\":\"5\"", 5},
		{"rank_3", ",\"rank\":5.0", 5},
		{"rank_3", ",\"rank\":-1", 3},
		{"rank_3", ",\"rank\":null", 3},
		{NULL, ",\"global_rank\":6", 6},
		{NULL, ",\"file\":\"a/_dump_6\"", 6},
		/* the name must match the groups, or else the groups decide */
		{"rank_3", ",\"pg_config\":{\"0\":{\"ranks\":\"[0, 3]\"}}", 3},
		{"rank_3", ",\"pg_config\":{\"0\":{\"ranks\":\"[0, 4]\"}}", -1},
		{"rank_3", ",\"pg_config\":{\"0\":{\"ranks\":\"[4]\"}}", 4},
		{NULL, ",\"pg_config\":{\"0\":{\"ranks\":\"[0,1,2]\"},\"1\":{\"ranks\":[2,7]}}", 2},
		{NULL, ",\"pg_config\":{\"0\":{\"ranks\":\"[0,1,2]\"},\"1\":{\"ranks\":[1,2]}}", -1},
		{NULL, ",\"pg_config\":{\"0\":{\"ranks\":\"[0,1]\"},\"1\":{\"ranks\":[2,3]}}", -1},
		{NULL, ",\"pg_config\":{\"0\":{\"ranks\":\"[5]\"},\"1\":{\"ranks\":\"0 to 7\"}}", 5},
		{NULL, ",\"pg_config\":{\"0\":{\"ranks\":\"[5]\"},\"1\":{\"ranks\":\"\\u00007\"}}", 5},
		{NULL, ",\"pg_config\":{\"0\":{\"ranks\":\"[5, 5]\"},\"1\":{}}", 5},
		{NULL, ",\"pg_config\":{\"0\":{\"ranks\":\"[]\"}}", -1},
	};

	for (size_t i = 0; i < NELEM(rows); i++)
		CHECK_ROW(i, rank_of(rows[i].file, rows[i].rest) == rows[i].rank);
}

static void
test_entries(void)
{
	const struct collective *c;
	const struct progress *p;
	const struct process_group *t;
	const struct completed *d;

	read_text(NULL,
		  "{\"rank\":3,\"hostname\":\"Gpu-7\",\"version\":\"2.9\",\"pg_config\":{\"2\":{\"name\":\"2\",\"desc\":\"TP\",\"ranks\":"
		  "\"[3, 1, 1]\"},\"9\":{\"desc\":\"DP\",\"ranks\":[3]}},\"pg_status\":{\"4\":{\"last_enqueued_collective\":\"13\","
		  "\"last_completed_collective\":\"12\"},\"11\":{\"last_enqueued_collective\":-1}},\"entries\":["
		  "{\"pg_id\":4,\"process_group\":[\"2\",\"TP\"],\"collective_seq_id\":\"10\",\"state\":\"completed\",\"time_created_ns\":5},"
		  "{\"pg_id\":4,\"process_group\":[\"2\",\"TP\"],\"collective_seq_id\":12,\"state\":\"completed\",\"time_created_ns\":7,\"time_discovered_completed_ns\":9},"
		  "{\"pg_id\":4,\"process_group\":\"2\",\"collective_seq_id\":11,\"state\":\"completed\",\"time_created_ns\":6},"
		  "{\"pg_id\":4,\"process_group\":[\"2\",\"TP\"],\"collective_seq_id\":8,\"state\":\"COMPLETED\"},"
		  "{\"pg_id\":4,\"process_group\":[\"2\",\"TP\"],\"collective_seq_id\":13,\"state\":\"started\",\"profiling_name\":\"nccl:all_reduce\","
		  "\"time_created_ns\":\"1790000000123456789\",\"time_discovered_started_ns\":1790000000123456790,"
		  "\"input_sizes\":[[2, 4], [1]],\"input_dtypes\":[\"Float\"],\"output_sizes\":\"[[2,4]]\",\"output_dtypes\":[\"Float\",\"Half\"],"
		  "\"frames\":[{\"name\":\"f\",\"filename\":\"a.py\",\"line\":3},{\"name\":\"g\\nh\"},\"text\",{}]},"
		  "{\"pg_id\":4,\"process_group\":[\"2\",\"TP\"],\"collective_seq_id\":12,\"profiling_name\":\"nccl:send 0->1\",\"is_p2p\":true,\"state\":\"scheduled\"},"
		  "{\"pg_id\":4,\"process_group\":[\"2\",\"TP\"],\"collective_seq_id\":12,\"profiling_name\":\"nccl:recv 0<-1\",\"state\":\"completed\"},"
		  "{\"pg_id\":4,\"process_group\":[\"2\",\"TP\"],\"state\":\"scheduled\"},"
		  "{\"pg_id\":4,\"process_group\":[\"2\",\"TP\"],\"collective_seq_id\":-4,\"state\":\"scheduled\"},7,null]}");
	CHECK(reader.why == NULL);
	d = ev.list[EVENT_COMPLETED].p;
	CHECK(ev.list[EVENT_COMPLETED].n == 2);
	CHECK(d[0].from == 8 && d[0].to == 8 && d[0].e.t == NO_TIME);
	CHECK(d[1].from == 10 && d[1].to == 12 && d[1].e.t == 9 && d[1].rank == 3 && is(d[1].group, "2"));
	c = ev.list[EVENT_COLLECTIVE].p;
	CHECK(ev.list[EVENT_COLLECTIVE].n == 1);
	CHECK(c->seq == 13 && c->rank == 3 && is(c->group, "2") && is(c->pg, "4") && is(c->op, "nccl:all_reduce"));
	CHECK(c->e.t == 1790000000123456789 && c->started == 1790000000123456790 && c->seen == NO_TIME);
	CHECK(c->running && c->dump && is(c->e.node, "gpu-7"));
	CHECK(is(c->shape, "[[2,4],[1]]|Float|[[2,4]]|[Float,Half]"));
	CHECK(is(c->stack, "f (a.py:3)\ng h\ntext\n?"));
	t = ev.list[EVENT_PROCESS_GROUP].p;
	CHECK(ev.list[EVENT_PROCESS_GROUP].n == 2);
	CHECK(is(t[0].group, "2") && is(t[0].desc, "TP") && is(t[0].ranks, "1,3"));
	CHECK(is(t[1].group, "9") && is(t[1].desc, "DP") && is(t[1].ranks, "3"));
	p = ev.list[EVENT_PROGRESS].p;
	/* its progress, its groups' members, its progress in each, a send, a receive */
	CHECK(ev.list[EVENT_PROGRESS].n == 7);
	CHECK(p[0].group == 0 && p[0].dump && p[0].rank == 3);
	CHECK(is(p[1].group, "2") && p[1].enqueued == -1 && is(p[1].ranks, "1,3"));
	CHECK(is(p[2].group, "2") && p[2].enqueued == 13 && p[2].completed == 12);
	CHECK(p[3].p2p && !p[3].open && p[3].peer == UINT32_MAX);
	CHECK(p[4].p2p && p[4].open && p[4].peer == 1);
	CHECK(is(p[5].group, "9") && p[5].enqueued == -1 && p[5].ranks == 0);
	CHECK(is(p[6].group, "9") && is(p[6].ranks, "3"));
}

static void
test_status(void)
{
	static const struct {
		const char *config, *status, *entries;
		const char *group; /* name of the group with number 5 */
	} rows[] = {
		/* by position: numbers by value, then other names */
		{"\"10\":{},\"9\":{},\"ab\":{}", "\"0\":{},\"5\":{\"last_enqueued_collective\":1},\"7\":{}", "", "10"},
		{"\"10\":{},\"9\":{},\"ab\":{}", "\"0\":{},\"1\":{},\"5\":{\"last_enqueued_collective\":1}", "", "ab"},
		{"\"ab\":{},\"9\":{},\"10\":{}", "\"5\":{\"last_enqueued_collective\":1},\"6\":{},\"7\":{}", "", "9"},
		{"\"9\":{},\"ab\":{},\"10\":{}", "\"4\":{},\"5\":{\"last_enqueued_collective\":1},\"7\":{}", "", "10"},
		{"\"10\":{},\"9\":{}", "\"12\":{},\"5\":{\"last_enqueued_collective\":1}", "", "9"},
		/* entries take precedence */
		{"\"10\":{},\"9\":{}", "\"12\":{},\"5\":{\"last_enqueued_collective\":1}",
			"{\"pg_id\":5,\"process_group\":[\"10\",\"x\"],\"collective_seq_id\":1,\"state\":\"completed\"}", "10"},
		/* too few names to use positions */
		{"\"10\":{}", "\"12\":{},\"5\":{\"last_enqueued_collective\":1}", "", NULL},
		{"\"10\":{}", "\"12\":{},\"5\":{\"last_enqueued_collective\":1}",
			"{\"pg_id\":\"5\",\"process_group\":\"10\",\"collective_seq_id\":1,\"state\":\"completed\"}", "10"},
		{"\"10\":{}", "\"five\":{\"last_enqueued_collective\":1}", "", NULL},
	};

	for (size_t i = 0; i < NELEM(rows); i++) {
		const struct progress *p, *found = NULL;
		struct buf b = {0};

		buf_add(&b, S("{\"rank\":0,\"pg_config\":{"));
		buf_add(&b, str_of(rows[i].config));
		buf_add(&b, S("},\"pg_status\":{"));
		buf_add(&b, str_of(rows[i].status));
		buf_add(&b, S("},\"entries\":["));
		buf_add(&b, str_of(rows[i].entries));
		buf_add(&b, S("]}"));
		buf_chr(&b, '\0');
		read_text(NULL, b.p);
		buf_free(&b);
		p = ev.list[EVENT_PROGRESS].p;
		for (size_t k = 0; k < ev.list[EVENT_PROGRESS].n; k++)
			if (p[k].enqueued == 1)
				found = &p[k];
		CHECK_ROW(i, found ? rows[i].group && is(found->group, rows[i].group) : !rows[i].group);
	}
}

static void
test_flat(void)
{
	static const struct {
		const char *json;
		unsigned pending, done, rejected;
	} rows[] = {
		{"{\"nccl.rank\":1,\"nccl.fr.collective_seq_id\":4}", 1, 0, 0},
		{"{\"nccl.fr.rank\":\"1\",\"nccl.fr.collective_seq_id\":\"4\"}", 1, 0, 0},
		{"{\"gen_ai.training.rank\":1,\"nccl.fr.collective_seq_id\":4,\"nccl.fr.state\":\"completed\"}", 0, 1, 0},
		{"{\"attributes\":{\"nccl.rank\":1,\"nccl.fr.collective_seq_id\":4},\"timestamp\":\"2026-01-01T00:00:00Z\"}", 1, 0, 0},
		{"{\"nccl.fr.collective_seq_id\":4}", 0, 0, 0},
		{"{\"nccl.rank\":-1,\"nccl.fr.collective_seq_id\":4}", 0, 0, 0},
		{"{\"nccl.rank\":1,\"nccl.fr.collective_seq_id\":\"x\"}", 0, 0, 0},
		/* without a state the times decide */
		{"{\"nccl.rank\":1,\"nccl.fr.collective_seq_id\":4,\"nccl.fr.time_discovered_completed_ns\":9}", 0, 1, 0},
		{"{\"nccl.rank\":1,\"nccl.fr.collective_seq_id\":4,\"nccl.fr.time_discovered_completed_ns\":0}", 1, 0, 0},
		/* entries by themselves */
		{"{\"rank\":1,\"collective_seq_id\":4,\"profiling_name\":\"nccl:x\"}", 1, 0, 0},
		{"{\"collective_seq_id\":4,\"profiling_name\":\"nccl:x\"}", 0, 0, 1},
		{"{\"rank\":1,\"collective_seq_id\":4}", 0, 0, 0},
		/* a list of dumps, one without its rank */
		{"[{\"rank\":1,\"pg_config\":{},\"entries\":[{\"collective_seq_id\":4}]},{\"pg_config\":{}}]", 1, 0, 1},
	};

	for (size_t i = 0; i < NELEM(rows); i++) {
		read_text(NULL, rows[i].json);
		CHECK_ROW(i, ev.list[EVENT_COLLECTIVE].n == rows[i].pending);
		CHECK_ROW(i, ev.list[EVENT_COMPLETED].n == rows[i].done);
		CHECK_ROW(i, (reader.why != NULL) == rows[i].rejected);
	}
}

/* Running: by its state, or started and without a state. */
static void
test_running(void)
{
	static const struct {
		const char *rest;
		bool running;
	} rows[] = {
		{"", false},
		{",\"nccl.fr.time_discovered_started_ns\":9", true},
		{",\"nccl.fr.state\":\"started\"", true},
		{",\"nccl.fr.state\":\"scheduled\",\"nccl.fr.time_discovered_started_ns\":9", false},
	};

	for (size_t i = 0; i < NELEM(rows); i++) {
		struct buf b = {0};

		buf_add(&b, S("{\"nccl.rank\":1,\"nccl.fr.collective_seq_id\":4"));
		buf_add(&b, str_of(rows[i].rest));
		buf_add(&b, S("}"));
		buf_chr(&b, '\0');
		read_text(NULL, b.p);
		buf_free(&b);
		CHECK_ROW(i, ev.list[EVENT_COLLECTIVE].n == 1 &&
				     ((const struct collective *)ev.list[EVENT_COLLECTIVE].p)->running == rows[i].running);
	}
}

/* A single entry has its group's name and description. */
static void
test_group(void)
{
	static const struct {
		const char *group, *name, *desc; /* desc NULL: unknown */
	} rows[] = {
		{"[\"5\",\"TP\"]", "5", "TP"},
		{"[\"5\",\"TP\",\"x\"]", "5", "TP"},
		{"[\"5\"]", "5", NULL},
		{"[]", "9", NULL},
		{"\"5\"", "5", NULL},
		{"null", "9", NULL},
	};

	for (size_t i = 0; i < NELEM(rows); i++) {
		const struct process_group *t;
		struct buf b = {0};

		buf_add(&b, S("{\"rank\":1,\"collective_seq_id\":4,\"profiling_name\":\"nccl:x\",\"pg_id\":9,\"process_group\":"));
		buf_add(&b, str_of(rows[i].group));
		buf_add(&b, S("}"));
		buf_chr(&b, '\0');
		read_text(NULL, b.p);
		buf_free(&b);
		CHECK_ROW(i, ev.list[EVENT_COLLECTIVE].n == 1 &&
				     is(((const struct collective *)ev.list[EVENT_COLLECTIVE].p)->group, rows[i].name));
		t = ev.list[EVENT_PROCESS_GROUP].p;
		CHECK_ROW(i, rows[i].desc ? ev.list[EVENT_PROCESS_GROUP].n == 1 && is(t->group, rows[i].name) && is(t->desc, rows[i].desc) :
					    ev.list[EVENT_PROCESS_GROUP].n == 0);
	}
}

/* With bounds on time, each completed collective is checked by its own time. */
static void
test_bounds(void)
{
	static const char json[] =
		"{\"rank\":0,\"pg_config\":{},\"entries\":["
		"{\"pg_id\":1,\"collective_seq_id\":1,\"state\":\"completed\",\"time_created_ns\":10},"
		"{\"pg_id\":1,\"collective_seq_id\":2,\"state\":\"completed\",\"time_created_ns\":20}]}";

	read_text(NULL, json);
	CHECK(ev.list[EVENT_COMPLETED].n == 1);
	ev.until = 15;
	read_text(NULL, json);
	CHECK(ev.list[EVENT_COMPLETED].n == 1 && ((const struct completed *)ev.list[EVENT_COMPLETED].p)->to == 1 && ev.outside == 1);
	ev.until = NO_TIME;
}

/* A filter that wants no collectives finds nothing in a dump, not even in its strings. */
static void
test_unwanted(void)
{
	static const char *const json[] = {
		"{\"rank\":0,\"pg_config\":{},\"entries\":[],\"note\":\"NVRM: Xid (PCI:0000:3b:00): 79, x\"}",
		"{\"rank\":0,\"collective_seq_id\":1,\"profiling_name\":\"x\",\"note\":\"NVRM: Xid (PCI:0000:3b:00): 79, x\"}",
		"{\"rank\":0,\"collective_seq_id\":1,\"note\":\"NVRM: Xid (PCI:0000:3b:00): 79, x\"}", /* not an entry */
	};

	ev.wants = 1u << EVENT_XID;
	for (size_t i = 0; i < NELEM(json); i++) {
		read_text(NULL, json[i]);
		CHECK_ROW(i, ev.list[EVENT_XID].n == (i == 2));
	}
	ev.wants = ~0u;
}

int
main(void)
{
	TEST("the rank of a dump");
	test_rank();
	TEST("records of a dump");
	test_entries();
	TEST("groups of numbers in pg_status");
	test_status();
	TEST("flat records and lone entries");
	test_flat();
	TEST("running collectives");
	test_running();
	TEST("groups of lone entries");
	test_group();
	TEST("bounds on time");
	test_bounds();
	TEST("dumps without an unfinished collective that is wanted");
	test_unwanted();
	reader_free(&reader);
	events_free(&ev);
	return test_done();
}
