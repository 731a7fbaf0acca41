#include "base/test.h"
#include "input/text/test_records.h"
#include "input/text/text.h"
#include "input/text/watchdog.h"

#define INIT(rest) "n1:7:8 [3] NCCL INFO comm 0x5581 rank 3 nranks 8 " rest "- Init COMPLETE"
#define TIMEOUT "Watchdog caught collective operation timeout: WorkNCCL(SeqNum=812, OpType=SEND, Timeout(ms)=600000) ran for 600061 milliseconds"
#define GIL "Could not acquire GIL within 300 ms"
#define GPU_7 {.t = 5, .node = STR_INIT("gpu-7"), .pod = STR_INIT("a"), .ns = STR_INIT("ml")}
#define NOWHERE {.t = NO_TIME}
#define UTC_03 "@1778727600000000000 " /* 2026-05-14T03:00:00Z */

static struct events ev = {.since = NO_TIME, .until = NO_TIME, .wants = 1u << EVENT_RANK | 1u << EVENT_TIMEOUT};

/* Messages, where they were logged, and where ranks ran. */
static const struct {
	const char *message;
	struct origin o;
	const char *says;
} rows[] = {
	/* hosts and GPUs of ranks, from NCCL */
	{INIT("cudaDev 3 busId 86000 commId 0x9 "), GPU_7, "rank @5 node=gpu-7 pod=ml/a 3/8 host=n1 gpu=0000:86:00.0 init"},
	{INIT("busId 1a2b31f0 "), GPU_7, "rank @5 node=gpu-7 pod=ml/a 3/8 host=n1 gpu=01a2:b3:1f.0 init"},
	{INIT("busId 3040 "), NOWHERE, "rank 3/8 host=n1 gpu=0000:03:04.0 init"},
	{INIT("busId ffffffff3c040 "), NOWHERE, "rank 3/8 host=n1 gpu=ffffffff:3c:04.0 init"},
	{INIT("busId 1000000003c040 "), NOWHERE, "rank 3/8 host=n1 init"},
	{INIT("busId x "), NOWHERE, "rank 3/8 host=n1 init"},
	{INIT(""), NOWHERE, "rank 3/8 host=n1 init"},
	{"n1:7:8 [3] NCCL INFO comm 0x5581 rank 0 nranks 1 - Init COMPLETE", NOWHERE, "rank 0/1 host=n1 init"},
	{INIT("") "\n" INIT("busId 86000 ") "\nx", NOWHERE, "rank 3/8 host=n1 init; rank 3/8 host=n1 gpu=0000:86:00.0 init"},
	/* hosts of tasks, from Slurm */
	{"srun: error: n9: tasks 3-4: Killed", GPU_7, "rank @5 node=gpu-7 pod=ml/a 3/0 host=n9 task; rank @5 node=gpu-7 pod=ml/a 4/0 host=n9 task"},
	{"srun: error: n9: task 0: Killed", NOWHERE, "rank 0/0 host=n9 task"},
	/* a rank's own lines show where it ran, if the record around them does */
	{"[rank5]: " GIL, GPU_7, "rank @5 node=gpu-7 pod=ml/a 5/0 line"},
	{"[rank0]: " GIL, {.t = 5, .node = STR_INIT("gpu-7")}, "rank @5 node=gpu-7 0/0 line"},
	{"[rank5]: " GIL, {.t = 5, .pod = STR_INIT("a")}, "rank @5 pod=/a 5/0 line"},
	{"[rank5]: " GIL, NOWHERE, ""},
	{GIL, GPU_7, ""},
	{GIL, {.t = 5, .node = STR_INIT("gpu-7"), .rank = 7}, "rank @5 node=gpu-7 6/0 line"},
	/* timeouts, once each */
	{"[rank5]: " TIMEOUT, GPU_7, "rank @5 node=gpu-7 pod=ml/a 5/0 line; timeout @5 node=gpu-7 pod=ml/a rank=5 seq=812 after=600000000000"},
	{"[rank0]: " TIMEOUT, NOWHERE, "timeout rank=0 seq=812 after=600000000000"},
	{TIMEOUT, NOWHERE, ""},
	{"[rank5]: terminated with exception: " TIMEOUT, NOWHERE, ""},
	{"[rank5]: " TIMEOUT "\nx\n[rank6]: " TIMEOUT, NOWHERE,
		"timeout rank=5 seq=812 after=600000000000; timeout rank=6 seq=812 after=600000000000"},
	/* the time of the record wins, or else it is the line's */
	{"2026-05-14T03:00:00Z [rank5]: " TIMEOUT, {.t = 5}, "timeout @5 rank=5 seq=812 after=600000000000"},
	{"2026-05-14T03:00:00Z [rank5]: " TIMEOUT, NOWHERE, "timeout " UTC_03 "rank=5 seq=812 after=600000000000"},
	{"2026-05-14T03:00:00 [rank5]: " TIMEOUT, NOWHERE, "timeout rank=5 seq=812 after=600000000000"},
};

int
main(void)
{
	struct buf b = {0};
	struct str got;

	TEST("where ranks ran, and their timeouts");
	for (size_t i = 0; i < NELEM(rows); i++) {
		events_reset(&ev);
		text_read(&ev, str_of(rows[i].message), &rows[i].o);
		got = test_records(&ev, ~0u, &b);
		CHECK_ROW(i, str_eq(got, str_of(rows[i].says)));
		if (!str_eq(got, str_of(rows[i].says)))
			printf("# got:  %.*s\n# want: %s\n", (int)got.n, got.p, rows[i].says);
	}
	TEST("a line shows the host of 256 tasks");
	events_reset(&ev);
	text_read(&ev, S("srun: error: n9: tasks 0-254: Killed"), &NO_ORIGIN);
	CHECK(ev.list[EVENT_RANK].n == 255);
	events_reset(&ev);
	text_read(&ev, S("srun: error: n9: tasks 0-256: Killed"), &NO_ORIGIN);
	CHECK(ev.list[EVENT_RANK].n == 256 && WATCHDOG_TASKS_MAX == 256);
	TEST("a look adds nothing");
	events_reset(&ev);
	CHECK(text_has(&ev, S("x\n[rank5]: " TIMEOUT)) && text_has(&ev, S(INIT(""))) && !text_has(&ev, S("x\nInit COMPLETE")) && ev.seen == 0);
	events_free(&ev);
	buf_free(&b);
	return test_done();
}
