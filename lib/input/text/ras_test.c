#include "input/text/ras.h"

#include "base/buf.h"
#include "base/test.h"
#include "input/text/text.h"

/* Lines in order, and the result of each for the current communicator. */
static const struct {
	const char *line, *says;
} lines[] = {
	{"  Rank 2 has launched up to operation 5 -- GPU 2 managed by process 9 on node n1",
		"0/0  launched rank=2 n=1 count=5 pid=9 host=n1"}, /* an unknown communicator */
	{"    0         2          2         4         8        16  RUNNING  MISMATCH", "0/0  about"},
	{"    1         1          2       3-4       6-8        14  RUNNING  INCOMPLETE", "0/0  about"},
	{"DEAD", NULL},
	{"  1 job process is considered dead (unreachable via the RAS network)", "0/0  about"},
	{"  Process 3486 on node 192.0.2.3 managing GPU 4", "dead pid=3486 host=192.0.2.3"},
	{"  Missing communicator data from 1 job process", NULL},
	{"  Process 3487 on node n1 managing GPU 4", NULL},
	{"#0-1 (78db921d1c117b4a) MISMATCH", "78db921d1c117b4a/8  about"},
	{"  Rank 3 -- GPU 3 managed by process 73 on node n1", "78db921d1c117b4a/8  named rank=3 n=1 pid=73 host=n1"},
	{"  Communicator ranks have different status", NULL},
	{"  6 ranks have status RUNNING", "78db921d1c117b4a/8  state n=6 word=RUNNING"},
	{"  Rank 1 has status INIT -- GPU 1 managed by process 71 on node n1",
		"78db921d1c117b4a/8  state rank=1 n=1 pid=71 word=INIT host=n1"},
	{"  Communicator ranks have different AllReduce operation counts", "78db921d1c117b4a/8 AllReduce about"},
	{"  7 ranks have launched up to operation 64", "78db921d1c117b4a/8 AllReduce launched n=7 count=64"},
	{"  Rank 7 has launched up to operation 60 -- GPU 3 managed by process 77 on node node1",
		"78db921d1c117b4a/8 AllReduce launched rank=7 n=1 count=60 pid=77 host=node1"},
	{"  2 ranks have launched up to operation 61", "78db921d1c117b4a/8 AllReduce launched n=2 count=61"},
	{"  Rank 4 -- GPU 4 managed by process 74 on node n2",
		"78db921d1c117b4a/8 AllReduce launched rank=4 n=0 count=61 pid=74 host=n2"},
	{"  Rank 5 -- [process information not found]", "78db921d1c117b4a/8 AllReduce launched rank=5 n=0 count=61"},
	{"#0-1 (78db921d1c117b4a) ERROR", "78db921d1c117b4a/8  about"},
	{"  Asynchronous errors on 3 ranks", NULL},
	{"  2 ranks reported Remote process error", "78db921d1c117b4a/8  error n=2 word=Remote process error"},
	{"  Rank 4 -- GPU 4 managed by process 74 on node n2",
		"78db921d1c117b4a/8  error rank=4 n=0 pid=74 word=Remote process error host=n2"},
	{"  Rank 0 reported System error -- GPU 0 managed by process 70 on node n1",
		"78db921d1c117b4a/8  error rank=0 n=1 pid=70 word=System error host=n1"},
	{"  Communicator ranks have different collective operation counts", "78db921d1c117b4a/8 collective about"},
	{"  3 ranks have not launched any operations", "78db921d1c117b4a/8 collective launched n=3 count=0"},
	{"  Rank 1 has not launched any operations -- GPU 0 managed by process 7 on node a",
		"78db921d1c117b4a/8 collective launched rank=1 n=1 count=0 pid=7 host=a"},
	{"#1-0 (0000000000000001) INCOMPLETE", "1/0  about"},
	{"  Missing communicator data from 3 ranks", "1/0  about n=3"},
	{"  The missing ranks: 3,4", "1/0  missing ranks=3,4"},
	{"  Rank 5 -- GPU 3 managed by process 12 on node n2", "1/0  missing rank=5 n=1 pid=12 host=n2"},
	{"  The missing rank of all", NULL},
	{"#1-0 (xyz) INCOMPLETE", NULL},
	{"  -1 ranks have launched up to operation 64", NULL},
	{"  Rank 99999999999 has launched up to operation 60", NULL},
	{"  Rank 3 has launched up to operation many", NULL},
	{"  Rank 3 has launched up to operation 60", NULL}, /* may be truncated in the number */
	{"  7 ranks have launched up to operation 64NCCL version 2.30.7", NULL},
	/* numbers at their limits */
	{"  Rank 2147483647 -- GPU 3 managed by process 9223372036854775806 on node n2",
		"1/0  missing rank=2147483647 n=1 pid=9223372036854775806 host=n2"},
	{"  Rank 2147483648 -- GPU 3 managed by process 1 on node n2", NULL},
	{"  Rank 0 -- GPU 3 managed by process 9223372036854775807 on node n2", NULL},
	{"  Rank 0 -- GPU 3 managed by process 0", "1/0  missing rank=0 n=1 pid=0"},
	{"  Rank 0 -- GPU 3", NULL},
	{"  Rank 0 -- [process information not found]", "1/0  missing rank=0 n=1"},
	{"  2147483647 ranks have launched up to operation 0", "1/0  launched n=2147483647 count=0"},
	{"  2147483648 ranks have launched up to operation 1", NULL},
	{"  1 rank has launched up to operation 1", "1/0  launched n=1 count=1"},
	{"  0 ranks have launched up to operation 1", NULL},
	{"  1 rank has status INIT", NULL},
	{"  2 ranks have status", NULL},
	{"  2 ranks reported", NULL},
	{"  2 ranks were late", NULL},
	/* what a set's lines say does not go to the ranks of the next */
	{"  2 ranks reported System error", "1/0  error n=2 word=System error"},
	{"  Missing communicator data from 1 rank", "1/0  about n=1"},
	{"  Rank 3 -- GPU 3 managed by process 12 on node n2", "1/0  missing rank=3 n=1 pid=12 host=n2"},
	{"  2 ranks have launched up to operation 9", "1/0  launched n=2 count=9"},
	{"  Communicator ranks have different Broadcast operation counts", "1/0 Broadcast about"},
	{"  Rank 3 -- GPU 3 managed by process 12 on node n2", "1/0 Broadcast named rank=3 n=1 pid=12 host=n2"},
	{"  2 ranks have launched up to operation 9", "1/0 Broadcast launched n=2 count=9"},
	{"#0-1 (78db921d1c117b4a) MISMATCH", "78db921d1c117b4a/8  about"},
	{"  Rank 3 -- GPU 3 managed by process 12 on node n2", "78db921d1c117b4a/8  named rank=3 n=1 pid=12 host=n2"},
	{"  Rank 3 -- GPU 3 has moved", NULL},
	/* names that just fit, and just do not */
	{"  Communicator ranks have different Func4567890123456789012 operation counts", "78db921d1c117b4a/8 Func4567890123456789012 about"},
	{"  Communicator ranks have different Func45678901234567890123 operation counts", "78db921d1c117b4a/8  about"},
	{"  Communicator ranks have different operation counts", "78db921d1c117b4a/8  about"},
	{"  Communicator ranks have different AllReduce operation counts.", NULL},
	{"  Other AllReduce operation counts", NULL},
	{"  2 ranks reported Error78901234567890123456789012", "78db921d1c117b4a/8  error n=2 word=Error78901234567890123456789012"},
	{"  Rank 3 -- GPU 3 managed by process 12", "78db921d1c117b4a/8  error rank=3 n=0 pid=12 word=Error78901234567890123456789012"},
	{"  2 ranks reported Error789012345678901234567890123", "78db921d1c117b4a/8  error n=2 word=Error789012345678901234567890123"},
	{"  Rank 3 -- GPU 3 managed by process 12", "78db921d1c117b4a/8  error rank=3 n=0 pid=12"},
	/* groups of the table: 16 of them, each with its size; "3-4" varies */
	{"   15         1          2         4         8        17  RUNNING  MISMATCH", "78db921d1c117b4a/8  about"},
	{"   16         1          2         4         9        17  RUNNING  MISMATCH", "78db921d1c117b4a/8  about"},
	{"  3-4         1          2         4         9        17  RUNNING  MISMATCH", "78db921d1c117b4a/8  about"},
	{"    2         1          2         4 2147483647        17  RUNNING  MISMATCH", "78db921d1c117b4a/8  about"},
	{"    3         1          2         4 2147483648        17  RUNNING  MISMATCH", "78db921d1c117b4a/8  about"},
	{"    4         1          2         4         8            RUNNING  MISMATCH", NULL},
	{"    4         1          2         4         8        17   waiting", NULL},
	{"#15-0 (000000000000000f) INCOMPLETE", "f/8  about"},
	{"#16-0 (0000000000000010) INCOMPLETE", "10/0  about"},
	{"#2-0 (0000000000000002) INCOMPLETE", "2/2147483647  about"},
	{"#3-0 (0000000000000003) INCOMPLETE", "3/0  about"},
	{"#4-0 (0000000000000004) INCOMPLETE", "4/0  about"},
	{"#1-0 (0000000000000001) INCOMPLETE", "1/0  about"},
	{"#1-0 (0000000000000001) INCOMPLETE, maybe", NULL},
	{"#1-0 (0000000000000001", NULL}, {"#1-0 0000000000000001) ERROR", NULL}, {"#1 (0000000000000001) ERROR", NULL},
	{"#-1-0 (0000000000000001) ERROR", NULL}, {"#1-x (0000000000000001) ERROR", NULL}, {"1-0 (0000000000000001) ERROR", NULL},
	/* dead processes, up to the next communicator */
	{"  2 job processes are considered dead", "1/0  about"},
	{"  Process 0 on node n1 managing GPU 4", "dead pid=0 host=n1"},
	{"  Process 7 of node n1 managing GPU 4", NULL},
	{"  Process x on node n1 managing GPU 4", NULL},
	{"  Process 7 on node n1", NULL},
	{"#1-0 (0000000000000001) ERROR", "1/0  about"},
	{"  Process 7 on node n1 managing GPU 4", NULL},
	/* the missing ones */
	{"  The missing rank: 3", "1/0  missing ranks=3"},
	{"  The missing ranks:", NULL},
	{"  Missing communicator data from nobody", NULL},
	{"", NULL},
};

static struct str
render(struct buf *b, const struct ras_report *r, const struct ras_line *l)
{
	static const char *const parts[] = {" launched", " missing", "dead", " about", " total", " error", " state", " named"};
	const struct {
		const char *name;
		int64_t n;
	} numbers[] = {{" rank=", l->rank}, {" n=", l->n}, {" count=", l->count}, {" pid=", l->pid}};

	b->n = 0;
	if (l->part != RAS_DEAD) {
		buf_hex(b, r->hash, 1);
		buf_chr(b, '/');
		buf_u64(b, r->comm_size);
		buf_chr(b, ' ');
		buf_add(b, str_of(r->func));
	}
	buf_add(b, str_of(parts[l->part]));
	for (size_t i = 0; i < NELEM(numbers); i++)
		if (numbers[i].n >= 0) {
			buf_add(b, str_of(numbers[i].name));
			buf_i64(b, numbers[i].n);
		}
	if (l->ranks.n) {
		buf_add(b, S(" ranks="));
		buf_add(b, l->ranks);
	}
	if (l->word.n) {
		buf_add(b, S(" word="));
		buf_add(b, l->word);
	}
	if (l->host.n) {
		buf_add(b, S(" host="));
		buf_add(b, l->host);
	}
	return buf_str(b);
}

/* Records of a report; only those of a communicator have the report's time. */
static void
test_records(void)
{
	struct events ev = {.since = NO_TIME, .until = NO_TIME, .wants = 1u << EVENT_RAS};
	const struct origin o = {.t = 5, .node = S("gpu-7")};
	const struct ras *r;

	TEST("records of a report");
	text_read(&ev, S("  1 job process is considered dead\n  Process 34 on node n1 managing GPU 4\n#0-1 (00000000000000f1) MISMATCH\n"
		"  Communicator ranks have different AllReduce operation counts\n  2 ranks have launched up to operation 61\n"
		"  Rank 0 -- GPU 4 managed by process 74 on node n2\n"
		"  Rank 7 has launched up to operation 60 -- GPU 3 managed by process 77 on node n3\n  The missing ranks: 3,4"), &o);
	CHECK(ev.list[EVENT_RAS].n == 8);
	r = ev.list[EVENT_RAS].p;
	for (size_t i = 0; i < ev.list[EVENT_RAS].n; i++)
		CHECK_ROW(i, r[i].hash == (i < 2 ? 0 : 0xf1) && r[i].e.t == (i < 4 ? NO_TIME : 5) && str_eq(idx_at(&ev.names, r[i].op), i < 3 ? S("") : S("AllReduce")));
	CHECK(r[0].part == RAS_ABOUT && r[0].rank == UINT32_MAX && r[0].n == 0 && r[0].pid == -1 && r[0].count == -1 && r[0].e.node == 0);
	CHECK(r[1].part == RAS_DEAD && r[1].pid == 34 && str_eq(idx_at(&ev.names, r[1].e.node), S("n1")));
	CHECK(r[4].part == RAS_LAUNCHED && r[4].n == 2 && r[4].count == 61 && r[4].rank == UINT32_MAX);
	CHECK(r[5].part == RAS_LAUNCHED && r[5].n == 0 && r[5].count == 61 && r[5].rank == 0 && str_eq(idx_at(&ev.names, r[5].e.node), S("n2")));
	CHECK(r[6].part == RAS_LAUNCHED && r[6].n == 1 && r[6].count == 60 && r[6].rank == 7 && r[6].pid == 77);
	CHECK(r[7].part == RAS_MISSING && str_eq(idx_at(&ev.names, r[7].ranks), S("3,4")));
	events_free(&ev);
}

int
main(void)
{
	struct ras_report r = {0}, again = {0};
	struct buf b = {0}, whole = {0};
	struct ras_line l;
	struct str rest;
	size_t n = 0;

	TEST("contents of each line");
	for (size_t i = 0; i < NELEM(lines); i++) {
		rest = str_of(lines[i].line);
		buf_add(&whole, rest);
		buf_chr(&whole, '\n');
		if (!lines[i].says) {
			CHECK_ROW(i, !ras_next(&rest, &r, &l));
			continue;
		}
		n++;
		CHECK_ROW(i, ras_next(&rest, &r, &l));
		CHECK_ROW(i, str_eq(render(&b, &r, &l), str_of(lines[i].says)));
		if (!str_eq(buf_str(&b), str_of(lines[i].says)))
			printf("# %.*s\n", (int)b.n, b.p);
		CHECK_ROW(i, l.rank >= -1 && l.n >= -1 && l.count >= -1 && l.pid >= -1);
	}

	TEST("NCCL's names of its results");
	CHECK(str_eq(ras_error(-1), S("Unexpected error")));
	CHECK(!ras_error(0).n && !ras_error(7).n);
	CHECK(str_eq(ras_error(1), S("Unhandled CUDA error")) && str_eq(ras_error(2), S("System error")));
	CHECK(str_eq(ras_error(3), S("Internal error")) && str_eq(ras_error(4), S("Invalid argument")));
	CHECK(str_eq(ras_error(5), S("Invalid usage")) && str_eq(ras_error(6), S("Remote process error")));
	CHECK(str_eq(ras_error(8), S("Unexpected error")));

	TEST("a report in one message");
	rest = buf_str(&whole);
	while (ras_next(&rest, &again, &l))
		n--;
	CHECK(n == 0);
	test_records();
	buf_free(&b);
	buf_free(&whole);
	return test_done();
}
