#include <string.h>

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

/* The parts of an entry's record: its call's shape, stack, and the group's number in the
 * process. */
static void
test_parts(void)
{
	static const struct {
		const char *rest, *shape, *stack, *pg;
	} rows[] = {
		{"", "", "", "9"},
		{",\"input_sizes\":[[2, 4]]", "[[2,4]]|||", "", "9"},
		{",\"output_dtypes\":\"Fl\\to'a\\\"t\"", "|||Float", "", "9"},
		{",\"input_dtypes\":[\"Float\"],\"output_dtypes\":[\"Float\",\"Half\"]", "|Float||[Float,Half]", "", "9"},
		{",\"input_dtypes\":[]", "", "", "9"},
		{",\"input_dtypes\":\"a|b\"", "|a/b||", "", "9"},
		{",\"input_sizes\":null,\"output_sizes\":[1]", "||[1]|", "", "9"},
		/* frames: their function, file and line; names without line breaks, or without a name */
		{",\"frames\":[{\"name\":\"f\",\"filename\":\"a.py\",\"line\":3},{\"name\":\"g\",\"filename\":\"b.py\"},{\"name\":\"h\",\"line\":4}]", "", "f (a.py:3)\ng (b.py)\nh", "9"},
		{",\"frames\":[{\"name\":\"f\\n\\rg\",\"filename\":\"a\\nb\",\"line\":\"1\\n2\"},{\"filename\":\"c\"},\"text\"]", "", "f  g (a b:1 2)\n? (c)\ntext", "9"},
		{",\"frames\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]", "", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16", "9"},
		{",\"frames\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]", "", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16", "9"},
		{",\"frames\":\"f\"", "", "", "9"},
		/* names as long as fields, and longer ones, are none */
		{",\"abcde\":1,\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaa\":1,\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\":1,\"a\":1,\"\":1", "", "", "9"},
		/* of two members of a name, the last; the number's text at most 64 bytes */
		{",\"pg_id\":\"1234567890123456789012345678901234567890123456789012345678901234\"", "", "",
			"1234567890123456789012345678901234567890123456789012345678901234"},
		{",\"pg_id\":\"12345678901234567890123456789012345678901234567890123456789012345\"", "", "",
			"1234567890123456789012345678901234567890123456789012345678901234"},
	};

	for (size_t i = 0; i < NELEM(rows); i++) {
		const struct collective *c;
		struct buf b = {0};

		buf_add(&b, S("{\"rank\":1,\"collective_seq_id\":4,\"profiling_name\":\"nccl:x\",\"process_group\":\"9\",\"pg_id\":9"));
		buf_add(&b, str_of(rows[i].rest));
		buf_add(&b, S("}"));
		buf_chr(&b, '\0');
		read_text(NULL, b.p);
		buf_free(&b);
		c = ev.list[EVENT_COLLECTIVE].p;
		CHECK_ROW(i, ev.list[EVENT_COLLECTIVE].n == 1);
		if (ev.list[EVENT_COLLECTIVE].n != 1)
			continue;
		CHECK_ROW(i, is(c->shape, rows[i].shape));
		CHECK_ROW(i, is(c->stack, rows[i].stack));
		CHECK_ROW(i, is(c->pg, rows[i].pg));
		CHECK_ROW(i, c->seq == 4 && c->rank == 1 && is(c->op, "nccl:x"));
	}
}

/* Long names in a stack, and long sizes, are cut. */
static void
test_long(void)
{
	static const struct {
		const char *before, *after;
		size_t n, left; /* number of bytes, and of those in the record */
		bool shape;
	} rows[] = {
		{"\"frames\":[\"", "\"]", 256, 256, false}, {"\"frames\":[\"", "\"]", 257, 256, false},
		{"\"frames\":[{\"filename\":\"", "\"}]", 512, 516, false}, {"\"frames\":[{\"filename\":\"", "\"}]", 513, 516, false},
		{"\"frames\":[{\"filename\":\"f\",\"line\":\"", "\"}]", 20, 26, false}, {"\"frames\":[{\"filename\":\"f\",\"line\":\"", "\"}]", 21, 26, false},
		{"\"input_sizes\":\"", "\"", 4096, 4099, true}, {"\"input_sizes\":\"", "\"", 4097, 4099, true},
		{"\"input_sizes\":[", "]", 4094, 4099, true}, {"\"input_sizes\":[", "]", 4095, 4099, true},
	};

	for (size_t i = 0; i < NELEM(rows); i++) {
		const struct collective *c;
		struct buf b = {0};

		buf_add(&b, S("{\"rank\":1,\"collective_seq_id\":4,\"profiling_name\":\"nccl:x\","));
		buf_add(&b, str_of(rows[i].before));
		for (size_t k = 0; k < rows[i].n; k++)
			buf_chr(&b, '1');
		buf_add(&b, str_of(rows[i].after));
		buf_add(&b, S("}"));
		buf_chr(&b, '\0');
		read_text(NULL, b.p);
		buf_free(&b);
		c = ev.list[EVENT_COLLECTIVE].p;
		CHECK_ROW(i, ev.list[EVENT_COLLECTIVE].n == 1 && name(rows[i].shape ? c->shape : c->stack).n == rows[i].left);
	}
}

/* The peer of a send or receive in a dump; -1: of a completed one, or none is named. */
static void
test_peer(void)
{
	static const struct {
		const char *op, *more;
		bool p2p;
		int64_t peer;
	} rows[] = {
		{"nccl:send 0->3", "", true, 3},
		{"nccl:recv 0<-3", "", true, 3},
		{"nccl:send 0->12 x", "", true, 12},
		{"nccl:send 0->2147483647", "", true, 2147483647},
		{"nccl:send 0->2147483648", "", true, -1},
		{"nccl:send 0->", "", true, -1},
		{"nccl:send 0 3", "", true, -1},
		{"nccl:send 0->3", ",\"state\":\"COMPLETED\"", true, -1},
		{"nccl:x 0->3", ",\"is_p2p\":true", true, 3},
		{"nccl:x 0->3", ",\"is_p2p\":false", false, -1},
		{"nccl:send", "", false, -1},
		{"nccl:sender 0->3", "", false, -1},
	};

	for (size_t i = 0; i < NELEM(rows); i++) {
		const struct progress *p;
		const struct collective *c;
		struct buf b = {0};
		bool found = false;

		buf_add(&b, S("{\"rank\":0,\"pg_config\":{},\"entries\":[{\"pg_id\":1,\"collective_seq_id\":4,\"time_created_ns\":7,\"profiling_name\":\""));
		buf_add(&b, str_of(rows[i].op));
		buf_chr(&b, '"');
		buf_add(&b, str_of(rows[i].more));
		buf_add(&b, S("}]}"));
		buf_chr(&b, '\0');
		read_text(NULL, b.p);
		buf_free(&b);
		p = ev.list[EVENT_PROGRESS].p;
		c = ev.list[EVENT_COLLECTIVE].p;
		for (size_t k = 0; k < ev.list[EVENT_PROGRESS].n; k++) {
			bool open = !strstr(rows[i].more, "COMPLETED");

			if (!p[k].p2p)
				continue;
			found = true;
			CHECK_ROW(i, p[k].open == open && p[k].began == (open ? 7 : 0) && p[k].enqueued == -1 && p[k].completed == -1);
			CHECK_ROW(i, p[k].peer == (rows[i].peer < 0 ? UINT32_MAX : (uint32_t)rows[i].peer));
		}
		CHECK_ROW(i, found == rows[i].p2p);
		CHECK_ROW(i, ev.list[EVENT_COLLECTIVE].n == !rows[i].p2p && (rows[i].p2p || c->e.t == 7));
	}
}

/* Which entries are records, and since when. */
static void
test_states(void)
{
	static const struct {
		const char *rest;
		unsigned pending, done;
		int64_t t;
	} rows[] = {
		{",\"collective_seq_id\":0,\"time_created_ns\":5", 1, 0, 5},
		{",\"collective_seq_id\":-1,\"time_created_ns\":5", 0, 0, 0},
		{",\"time_created_ns\":5", 0, 0, 0},
		{",\"collective_seq_id\":1,\"time_created_ns\":0", 1, 0, NO_TIME},
		{",\"collective_seq_id\":1,\"time_created_ns\":1", 1, 0, 1},
		{",\"collective_seq_id\":1,\"time_created_ns\":-1", 1, 0, NO_TIME},
		{",\"collective_seq_id\":1,\"time_created_ns\":null", 1, 0, NO_TIME},
		{",\"collective_seq_id\":1,\"state\":\"Completed\",\"time_created_ns\":5", 0, 1, 5},
		{",\"collective_seq_id\":1,\"state\":\"completed\",\"time_created_ns\":5,\"time_discovered_completed_ns\":9", 0, 1, 9},
		{",\"collective_seq_id\":1,\"time_created_ns\":5,\"time_discovered_completed_ns\":9", 0, 1, 9},
		{",\"collective_seq_id\":1,\"state\":\"started\",\"time_created_ns\":5,\"time_discovered_completed_ns\":9", 1, 0, 5},
	};

	for (size_t i = 0; i < NELEM(rows); i++) {
		const struct collective *c;
		const struct completed *d;
		struct buf b = {0};

		buf_add(&b, S("{\"rank\":0,\"pg_config\":{},\"entries\":[{\"pg_id\":1,\"profiling_name\":\"nccl:x\""));
		buf_add(&b, str_of(rows[i].rest));
		buf_add(&b, S("}]}"));
		buf_chr(&b, '\0');
		read_text(NULL, b.p);
		buf_free(&b);
		c = ev.list[EVENT_COLLECTIVE].p;
		d = ev.list[EVENT_COMPLETED].p;
		CHECK_ROW(i, ev.list[EVENT_COLLECTIVE].n == rows[i].pending && (!rows[i].pending || c->e.t == rows[i].t));
		CHECK_ROW(i, ev.list[EVENT_COMPLETED].n == rows[i].done && (!rows[i].done || d->e.t == rows[i].t));
	}
}

/* Text with " for ' */
static void
put_quoted(struct buf *b, const char *s)
{
	for (; *s; s++)
		buf_chr(b, *s == '\'' ? '"' : *s);
}

/*
 * The records of a dump: calls GROUP#NUMBER, completed GROUP<FROM-TO@TIME, counts
 * GROUP+CALLED/COMPLETED with R (its records only show that calls returned), N (numbers are
 * not comparable), p (point-to-point), and members GROUP=RANKS.
 */
static void
put_records(struct buf *b)
{
	const struct collective *c = ev.list[EVENT_COLLECTIVE].p;
	const struct completed *d = ev.list[EVENT_COMPLETED].p;
	const struct progress *p = ev.list[EVENT_PROGRESS].p;
	const struct process_group *t = ev.list[EVENT_PROCESS_GROUP].p;

	for (size_t i = 0; i < ev.list[EVENT_COLLECTIVE].n; i++) {
		buf_add(b, b->n ? S(" ") : S(""));
		buf_add(b, name(c[i].group));
		buf_chr(b, '#');
		buf_i64(b, c[i].seq);
	}
	for (size_t i = 0; i < ev.list[EVENT_COMPLETED].n; i++) {
		buf_add(b, b->n ? S(" ") : S(""));
		buf_add(b, name(d[i].group));
		buf_chr(b, '<');
		buf_i64(b, d[i].from);
		buf_chr(b, '-');
		buf_i64(b, d[i].to);
		if (d[i].e.t != NO_TIME) {
			buf_chr(b, '@');
			buf_i64(b, d[i].e.t);
		}
	}
	for (size_t i = 0; i < ev.list[EVENT_PROGRESS].n; i++) {
		buf_add(b, b->n ? S(" ") : S(""));
		buf_add(b, name(p[i].group));
		buf_chr(b, '+');
		buf_i64(b, p[i].enqueued);
		buf_chr(b, '/');
		buf_i64(b, p[i].completed);
		buf_add(b, p[i].retires ? S("R") : S(""));
		buf_add(b, p[i].numberless ? S("N") : S(""));
		buf_add(b, p[i].p2p ? S("p") : S(""));
	}
	for (size_t i = 0; i < ev.list[EVENT_PROCESS_GROUP].n; i++) {
		buf_add(b, b->n ? S(" ") : S(""));
		buf_add(b, name(t[i].group));
		buf_chr(b, '=');
		buf_add(b, name(t[i].ranks));
	}
}

static void
test_dumps(void)
{
#define E(g, op, more) "{'pg_id':1,'process_group':['" g "',''],'profiling_name':'" op "'," more "}"
#define SEQ(n) "'collective_seq_id':" #n
#define DONE ",'state':'completed'"
#define OLD ",'state':'scheduled','retired':true"
	static const struct {
		const char *rest, *entries, *out;
	} rows[] = {
		/* consecutive ones as one record, with the latest time */
		{"", E("A", "nccl:x", SEQ(1) DONE ",'time_created_ns':5") "," E("A", "nccl:x", SEQ(2) DONE ",'time_created_ns':9") ","
			 E("A", "nccl:x", SEQ(3) DONE ",'time_created_ns':7"), "A<1-3@9 +-1/-1"},
		{"", E("A", "nccl:x", SEQ(1) DONE) "," E("A", "nccl:x", SEQ(3) DONE) "," E("B", "nccl:x", SEQ(2) DONE) "," E("A", "nccl:x", SEQ(3) DONE),
			"A<1-1 A<3-3 B<2-2 +-1/-1"},
		{"", E("A", "nccl:x", SEQ(1) DONE) "," E("B", "nccl:x", SEQ(2) DONE), "A<1-1 B<2-2 +-1/-1"},
		/* its counts, from 0 on */
		{"'pg_status':{'1':{'last_enqueued_collective':0,'last_completed_collective':-1}},", E("A", "nccl:x", SEQ(1)), "A#1 +-1/-1 A+0/-1"},
		{"'pg_status':{'1':{'last_enqueued_collective':'7','last_completed_collective':6}},", E("A", "nccl:x", SEQ(1)), "A#1 +-1/-1 A+7/6"},
		{"'pg_status':{'2':{'last_enqueued_collective':7}},", E("A", "nccl:x", SEQ(1)), "A#1 +-1/-1"},
		/* numbers of all groups in one sequence: in each group they begin at 0 */
		{"'pg_status':{},", E("A", "y:x", SEQ(1) DONE) "," E("B", "y:x", SEQ(2) DONE) "," E("A", "y:x", SEQ(3)), "A#1 A<0-0 B<0-0 +-1/-1"},
		{"'pg_status':{},", E("A", "y:x", SEQ(0) DONE) "," E("B", "y:x", SEQ(1) DONE) "," E("A", "y:x", SEQ(2)), "A#1 A<0-0 B<0-0 +-1/-1"},
		{"'pg_status':{},", E("A", "y:x", SEQ(3)) "," E("B", "y:x", SEQ(2) DONE) "," E("A", "y:x", SEQ(1) DONE), "A#1 A<0-0 B<0-0 +-1/-1"},
		{"'pg_status':{},", E("A", "nccl:x", SEQ(1) DONE) "," E("B", "nccl:x", SEQ(2) DONE) "," E("A", "nccl:x", SEQ(3)), "A#1 A<0-0 B<0-0 +-1/-1"},
		{"", E("A", "y:x", SEQ(1) DONE) "," E("B", "y:x", SEQ(2) DONE) "," E("A", "y:x", SEQ(3)), "A#1 A<0-0 B<0-0 +-1/-1"},
		{"", E("A", "nccl:x", SEQ(1) DONE) "," E("B", "nccl:x", SEQ(2) DONE) "," E("A", "nccl:x", SEQ(3)), "A#3 A<1-1 B<2-2 +-1/-1"},
		/* not with gaps, of one group, without a number, or with sends */
		{"'pg_status':{},", E("A", "y:x", SEQ(1) DONE) "," E("B", "y:x", SEQ(2) DONE) "," E("A", "y:x", SEQ(4)), "A#4 A<1-1 B<2-2 +-1/-1"},
		{"'pg_status':{},", E("A", "y:x", SEQ(1) DONE) "," E("A", "y:x", SEQ(2) DONE) "," E("A", "y:x", SEQ(3)), "A#3 A<1-2 +-1/-1"},
		{"'pg_status':{},", E("A", "y:x", SEQ(1) DONE) "," E("B", "y:x", SEQ(2) DONE) "," E("A", "y:x", "'a':3"), "A<1-1 B<2-2 +-1/-1"},
		{"'pg_status':{},", E("A", "y:x", SEQ(1) DONE) "," E("B", "y:send 0->1", SEQ(2)) "," E("C", "y:x", SEQ(3)), "C#3 A<1-1 +-1/-1 B+-1/-1p"},
		/* if the first ones are lost, they mean nothing */
		{"'pg_status':{},'pg_config':{'A':{'ranks':[0]}},", E("A", "y:x", SEQ(2) DONE) "," E("B", "y:x", SEQ(3) DONE) "," E("A", "y:x", SEQ(4)),
			"A#4 A<2-2 B<3-3 +-1/-1 A+-1/-1 A+-1/-1N A=0"},
		{"'pg_status':{},'pg_config':{'A':{'ranks':[0]}},", E("A", "y:x", SEQ(1) DONE) "," E("B", "y:x", SEQ(2)), "B#0 A<0-0 +-1/-1 A+-1/-1 A=0"},
		/* calls that are no collectives have numbers there, but behind those */
		{"'pg_status':{},", E("A", "y:split", SEQ(1)) "," E("A", "y:x", SEQ(2)), "A#0 +-1/-1 A+-1/-1p"},
		{"'pg_status':{},", E("A", "y:new_window", SEQ(1)) "," E("A", "y:batch_op_issue", SEQ(2)) "," E("A", "y:x", SEQ(3)), "A#0 +-1/-1 A+-1/-1p"},
		{"'pg_status':{},", E("A", "y:splits", SEQ(1)) "," E("A", "y:x", SEQ(2)), "A#1 A#2 +-1/-1"},
		{"", E("A", "nccl:split", SEQ(1)) "," E("A", "nccl:x", SEQ(2)), "A#1 A#2 +-1/-1"},
		/* retired ones are complete, if the recorder is another, or nothing ever completes: then
		 * that is all that the dump shows */
		{"'pg_status':{},'pg_config':{'A':{'ranks':[0]}},", E("A", "nccl:x", SEQ(1) OLD) "," E("A", "nccl:x", SEQ(2)), "A#2 A<1-1 +-1/-1 A+-1/-1 A+-1/-1R A=0"},
		{"'pg_status':{},'pg_config':{'A':{'ranks':[0]}},", E("A", "xccl:x", SEQ(1) OLD) "," E("A", "xccl:x", SEQ(2)), "A#2 A<1-1 +-1/-1 A+-1/-1 A+-1/-1R A=0"},
		{"'pg_status':{},'pg_config':{'A':{'ranks':[0]}},", E("A", "nccl:x", SEQ(1) DONE) "," E("A", "nccl:x", SEQ(2) OLD), "A#2 A<1-1 +-1/-1 A+-1/-1 A=0"},
		{"'pg_status':{},'pg_config':{'A':{'ranks':[0]}},", E("A", "y:x", SEQ(1) DONE) "," E("A", "y:x", SEQ(2) OLD), "A<1-2 +-1/-1 A+-1/-1 A=0"},
		{"'pg_status':{'1':{'last_enqueued_collective':7}},'pg_config':{'A':{'ranks':[0]}},", E("A", "nccl:x", SEQ(1) OLD) "," E("A", "nccl:x", SEQ(2)),
			"A#2 A<1-1 +-1/-1 A+-1/-1 A+-1/-1R A=0"},
		{"'pg_status':{'1':{'last_enqueued_collective':7}},'pg_config':{'A':{'ranks':[0]}},", E("A", "nccl:x", SEQ(1) DONE ",'retired':true") "," E("A", "nccl:x", SEQ(2)),
			"A#2 A<1-1 +-1/-1 A+-1/-1 A+7/-1 A=0"},
		{"'pg_status':{'1':{'last_enqueued_collective':7}},'pg_config':{'A':{'ranks':[0]}},", E("A", "nccl:x", SEQ(1) ",'state':'scheduled','retired':false"),
			"A#1 +-1/-1 A+-1/-1 A+7/-1 A=0"},
	};
#undef E
#undef SEQ
#undef DONE
#undef OLD

	for (size_t i = 0; i < NELEM(rows); i++) {
		struct buf b = {0}, out = {0};

		buf_add(&b, S("{\"rank\":0,\"version\":\"2.9\","));
		put_quoted(&b, rows[i].rest);
		buf_add(&b, S("\"entries\":["));
		put_quoted(&b, rows[i].entries);
		buf_add(&b, S("]}"));
		buf_chr(&b, '\0');
		read_text(NULL, b.p);
		put_records(&out);
		CHECK_ROW(i, str_eq(buf_str(&out), str_of(rows[i].out)));
		if (!str_eq(buf_str(&out), str_of(rows[i].out)))
			printf("#   is: %.*s\n#  not: %s\n", (int)out.n, out.p ? out.p : "", rows[i].out);
		buf_free(&b);
		buf_free(&out);
	}
}

/* What names the job of dumps without hosts: their file, without the rank's number. */
static void
test_file(void)
{
	static const struct {
		const char *file, *rest, *uid;
	} rows[] = {
		{"a/nccl_trace_rank_3", "", "a/nccl_trace_rank_"},
		{"3/job3/rank_3.json", "", "3/job3/rank_.json"},
		{"a/rank_3_4.json", ",\"rank\":3", "a/rank_3_4.json"},
		{"a/rank_3", ",\"rank\":5", "a/rank_3"},
		{"a/b", ",\"rank\":5", "a/b"},
		{"a/b", ",\"file\":\"c/rank_3\"", "c/rank_"},
		{"a/b", ",\"filename\":\"c/rank_3\",\"path\":\"d/rank_3\"", "c/rank_"},
		{"a/rank_3", ",\"hostname\":\"h\"", ""},
		{NULL, ",\"rank\":5", ""},
	};

	for (size_t i = 0; i < NELEM(rows); i++) {
		const struct progress *p;
		struct buf b = {0};

		buf_add(&b, S("{\"version\":\"2.9\",\"entries\":[]"));
		buf_add(&b, str_of(rows[i].rest));
		buf_add(&b, S("}"));
		buf_chr(&b, '\0');
		read_text(rows[i].file, b.p);
		buf_free(&b);
		p = ev.list[EVENT_PROGRESS].p;
		CHECK_ROW(i, ev.list[EVENT_PROGRESS].n == 1 && is(p->e.uid, rows[i].uid));
	}
}

/* Dumps, and those without the member that marks one, if the rank is known. */
static void
test_torn(void)
{
#define E "{\"collective_seq_id\":4,\"profiling_name\":\"nccl:x\"}"
	static const struct {
		const char *json;
		size_t calls;
		const char *why; /* its beginning; NULL: read */
	} rows[] = {
		{"{\"rank\":0,\"entries\":[" E "]}", 1, NULL},
		{"{\"rank\":0,\"entries\":[0," E "]}", 1, NULL},
		{"{\"entries\":[" E "]}", 0, "flight-recorder entries without their rank"},
		{"{\"entries\":[0," E "]}", 0, "flight-recorder entries without their rank"},
		{"{\"version\":\"2.9\",\"entries\":[" E "]}", 0, "a flight-recorder dump without its rank"},
		{"{\"pg_status\":{},\"entries\":[]}", 0, "a flight-recorder dump without its rank"},
		{"{\"nccl_version\":\"2\",\"entries\":[]}", 0, "a flight-recorder dump without its rank"},
		{"{\"comm_lib_version\":\"2\",\"entries\":[]}", 0, "a flight-recorder dump without its rank"},
		{"{\"version\":\"2.9\"}", 0, NULL},
		{"{\"version\":\"2.9\",\"entries\":1}", 0, NULL},
		{"{\"rank\":0,\"entries\":[{\"collective_seq_id\":4}]}", 0, NULL},
		{"{\"rank\":0,\"entries\":[{\"profiling_name\":\"x\"}]}", 0, NULL},
		{"{\"rank\":0,\"entries\":[0,0," E "]}", 0, NULL},
		{E, 0, "a flight-recorder entry without its rank"},
	};
#undef E

	for (size_t i = 0; i < NELEM(rows); i++) {
		read_text(NULL, rows[i].json);
		CHECK_ROW(i, ev.list[EVENT_COLLECTIVE].n == rows[i].calls);
		CHECK_ROW(i, rows[i].why ? reader.why && str_starts(str_of(reader.why), str_of(rows[i].why)) : !reader.why);
	}
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
	TEST("parts of a call");
	test_parts();
	TEST("long parts of a call");
	test_long();
	TEST("peers of sends and receives");
	test_peer();
	TEST("states and times of calls");
	test_states();
	TEST("numbers, completion and counts in a dump");
	test_dumps();
	TEST("the file of dumps without hosts");
	test_file();
	TEST("dumps without all of their members");
	test_torn();
	TEST("bounds on time");
	test_bounds();
	TEST("dumps without an unfinished collective that is wanted");
	test_unwanted();
	reader_free(&reader);
	events_free(&ev);
	return test_done();
}
