#include "base/test.h"
#include "input/text/text.h"
#include "input/text/watchdog.h"

/* 50 digits */
#define D50 "12345678901234567890123456789012345678901234567890"
#define WORK "Watchdog caught collective operation timeout: WorkNCCL(OpType=SEND, "
#define MISMATCH "Detected mismatch between collectives on ranks. Rank 0 is running collective: CollectiveFingerPrint(OpType=SEND, TensorShape=["
#define GIL "Could not acquire GIL within 300 ms"

static struct events ev = {.since = NO_TIME, .until = NO_TIME, .wants = ~0u};

/* The record number i of a line with a context. */
static const struct watchdog *
read(const char *line, const struct origin *o, size_t i)
{
	events_reset(&ev);
	text_read(&ev, str_of(line), o);
	return ev.list[EVENT_WATCHDOG].n > i ? (const struct watchdog *)ev.list[EVENT_WATCHDOG].p + i : NULL;
}

static bool
is(uint32_t id, struct str s)
{
	return str_eq(idx_at(&ev.names, id), s);
}

/* Lines, and the shape of their first call. */
static const struct {
	const char *line, *shape;
} shapes[] = {
	{WORK "NumelIn=64, NumelOut=128, Timeout(ms)=6) ran for 1 milliseconds", "64||128|"},
	{WORK "NumelIn=0, NumelOut=0, Timeout(ms)=6) ran for 1 milliseconds", "0||0|"},
	{WORK "NumelOut=128, Timeout(ms)=6) ran for 1 milliseconds", "||128|"},
	{WORK "NumelIn=64, Timeout(ms)=6) ran for 1 milliseconds", "64|||"},
	{WORK "Timeout(ms)=6) ran for 1 milliseconds", "|||"},
	{MISMATCH "8, 2]), but Rank 1", "8,2|||"},
	{MISMATCH "8| 2]), but Rank 1", "82|||"},
	{MISMATCH "]), but Rank 1", "|||"},
	{MISMATCH D50 D50 D50 D50 D50 "1]), but Rank 1", D50 D50 D50 D50 D50 "1|||"},
	{MISMATCH D50 D50 D50 D50 D50 "12]), but Rank 1", D50 D50 D50 D50 D50 "1|||"},
};

/* Contexts of a line, and who wrote it. */
static const struct {
	const char *line;
	struct str job, ns, pod;
	const char *writer;
} writers[] = {
	{GIL, STR_INIT("j"), STR_INIT("n"), STR_INIT("p"), "j|n/p"},
	{GIL, STR_INIT("j"), STR_INIT(""), STR_INIT(""), "j|/"},
	{GIL, STR_INIT(""), STR_INIT(""), STR_INIT("p"), "|/p"},
	{GIL, STR_INIT(""), STR_INIT("n"), STR_INIT(""), ""},
	{"[pod/q/c] " GIL, STR_INIT(""), STR_INIT("n"), STR_INIT(""), "|n/q"},
	{"[pod/q/c] " GIL, STR_INIT(""), STR_INIT("n"), STR_INIT("p"), "|n/p"},
	{GIL, STR_INIT(D50 D50 D50), STR_INIT(D50), STR_INIT(D50 "1234"), D50 D50 D50 "|" D50 "/" D50 "1234"},
	{GIL, STR_INIT(D50 D50 D50), STR_INIT(D50), STR_INIT(D50 "12345"), ""},
};

/* The rank of a line: its own, or that of its context (1 + the rank, 0: none). */
static const struct {
	int64_t rank, local;
	enum watchdog_part part;
	struct str group;
	uint32_t context;
	bool local_to_host;
	int64_t is;
} ranks[] = {
	{3, -1, WATCHDOG_HEARD, STR_INIT(""), 0, false, 3},
	{3, -1, WATCHDOG_HEARD, STR_INIT(""), 6, false, 3},
	{0, -1, WATCHDOG_HEARD, STR_INIT(""), 6, false, 0},
	{-1, -1, WATCHDOG_HEARD, STR_INIT(""), 0, false, -1},
	{-1, -1, WATCHDOG_HEARD, STR_INIT(""), 1, false, 0},
	{-1, -1, WATCHDOG_HEARD, STR_INIT("g"), 6, false, 5},
	{-1, -1, WATCHDOG_HOST, STR_INIT(""), 6, false, -1},
	/* a number in the group is at most the global one */
	{-1, 5, WATCHDOG_HEARD, STR_INIT("g"), 6, false, 5},
	{-1, 6, WATCHDOG_HEARD, STR_INIT("g"), 6, false, -1},
	/* a rank of the host: only if both agree, and without a group */
	{-1, 5, WATCHDOG_HEARD, STR_INIT(""), 6, true, 5},
	{-1, 4, WATCHDOG_HEARD, STR_INIT(""), 6, true, -1},
	{-1, -1, WATCHDOG_HEARD, STR_INIT(""), 6, true, -1},
	{-1, 5, WATCHDOG_HEARD, STR_INIT("g"), 6, true, -1},
};

int
main(void)
{
	const struct watchdog *w;
	struct origin o = NO_ORIGIN;

	TEST("shapes of calls");
	for (size_t i = 0; i < NELEM(shapes); i++) {
		w = read(shapes[i].line, &o, 0);
		CHECK_ROW(i, w && is(w->shape, str_of(shapes[i].shape)));
	}

	TEST("the job and the pod that wrote a line");
	for (size_t i = 0; i < NELEM(writers); i++) {
		o = NO_ORIGIN;
		o.job = writers[i].job;
		o.ns = writers[i].ns;
		o.pod = writers[i].pod;
		w = read(writers[i].line, &o, 0);
		CHECK_ROW(i, w && is(w->writer, str_of(writers[i].writer)));
	}

	TEST("the rank that wrote a line");
	for (size_t i = 0; i < NELEM(ranks); i++)
		for (int of_file = 0; of_file < 2; of_file++) {
			struct watchdog_line l = {.rank = ranks[i].rank, .local = ranks[i].local, .part = ranks[i].part, .group = ranks[i].group};
			struct text t = {.ev = &ev, .o = &o};

			o = NO_ORIGIN;
			o.rank = ranks[i].context;
			o.rank_of_file = of_file;
			o.rank_local = ranks[i].local_to_host;
			ev.by_file = 0;
			CHECK_ROW(i, watchdog_writer(&t, &l) == ranks[i].is);
			CHECK_ROW(i, ev.by_file == (of_file && ranks[i].rank < 0 && ranks[i].is >= 0));
		}

	TEST("time and node: of the context, or else of the line");
	o = NO_ORIGIN;
	w = read("gpu-7: 2026-03-04T05:06:07Z [rank1]: " GIL, &o, 0);
	CHECK(w && w->e.t == INT64_C(1772600767) * SECOND && is(w->e.node, S("gpu-7")) && w->rank == 1);
	o.t = 7;
	o.node = S("gpu-8");
	w = read("gpu-7: 2026-03-04T05:06:07Z [rank1]: " GIL, &o, 0);
	CHECK(w && w->e.t == 7 && is(w->e.node, S("gpu-8")));
	w = read("srun: error: gpu-7: tasks 8: Killed", &o, 0); /* but srun tells where the tasks ran */
	CHECK(w && w->e.t == 7 && is(w->e.node, S("gpu-7")) && is(w->ranks, S("8")) && w->rank == UINT32_MAX);

	TEST("numbers that are not in a line, or too large");
	o = NO_ORIGIN;
	w = read(GIL, &o, 0);
	CHECK(w && w->rank == UINT32_MAX && w->local == UINT32_MAX && w->other == UINT32_MAX && w->size == 0 && w->timeout_ms == 0);
	CHECK(w && w->seq == -1 && w->enqueued == -1 && w->completed == -1 && w->ran == -1);
	w = read(WORK "Timeout(ms)=2147483647) ran for 1 milliseconds", &o, 0);
	CHECK(w && w->timeout_ms == 2147483647 && w->ran == 1000000);
	w = read(WORK "Timeout(ms)=2147483648) ran for 1 milliseconds", &o, 0);
	CHECK(w && w->timeout_ms == UINT32_MAX);
	w = read("[rank0]: [PG 0 Rank 0] Received a dump signal due to a collective timeout from  rank 2147483647. Last enqueued NCCL work: 3, "
		 "last completed NCCL work: 2.", &o, 0);
	CHECK(w && w->other == 2147483647 && w->local == 0 && w->enqueued == 3 && w->completed == 2 && !w->process_local && is(w->group, S("0")));
	w = read("n7:34:39 [4] NCCL INFO comm 0x1 rank 0 nranks 1 - Init COMPLETE", &o, 0);
	CHECK(w && w->size == 1 && w->rank == 0 && is(w->e.node, S("n7")));

	TEST("a mismatch is two records");
	w = read(MISMATCH "8]), but Rank 3 is running collective: CollectiveFingerPrint(OpType=RECV, TensorShape=[2])", &o, 0);
	CHECK(w && w->local == 0 && w->other == UINT32_MAX && is(w->op, S("SEND")) && is(w->shape, S("8|||")));
	w = read(MISMATCH "8]), but Rank 3 is running collective: CollectiveFingerPrint(OpType=RECV, TensorShape=[2])", &o, 1);
	CHECK(w && w->local == 3 && w->other == UINT32_MAX && is(w->op, S("RECV")) && is(w->shape, S("2|||")));
	CHECK(read(MISMATCH "8]), but Rank 0 is running collective: CollectiveFingerPrint(OpType=RECV)", &o, 1));
	CHECK(!read(MISMATCH "8]), but Rank x is running collective: CollectiveFingerPrint(OpType=RECV)", &o, 1));
	CHECK(!read(MISMATCH "8]), but Rank 3 is running", &o, 1));
	CHECK(!read(GIL, &o, 1));
	events_free(&ev);
	return test_done();
}
