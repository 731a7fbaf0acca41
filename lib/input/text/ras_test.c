#include "input/text/ras.h"

#include "base/buf.h"
#include "base/test.h"

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
	}

	TEST("a report in one message");
	rest = buf_str(&whole);
	while (ras_next(&rest, &again, &l))
		n--;
	CHECK(n == 0);
	buf_free(&b);
	buf_free(&whole);
	return test_done();
}
