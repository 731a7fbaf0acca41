#include "input/text/watchdog.h"

#include "base/buf.h"
#include "base/test.h"
#include "base/test_edge.h"
#include "input/text/text.h"

#define TAG "[PG ID 0 PG GUID 0(default_pg) Rank 5] "
#define WORK "WorkNCCL(SeqNum=812, OpType=ALLREDUCE, NumelIn=64, NumelOut=64, Timeout(ms)=600000)"
#define GIL "Could not acquire GIL within 300 ms"
/* 50 and 255 characters */
#define D50 "12345678901234567890123456789012345678901234567890"
#define D255 D50 D50 D50 D50 D50 "12345"
#define CAUGHT "Watchdog caught collective operation timeout: "

/* A line, and the members that are set from it, in order. */
static const struct {
	const char *line, *says;
} lines[] = {
	/* timeouts, in all versions */
	{"[rank5]:[E812 03:10:00.000000001 ProcessGroupNCCL.cpp:632] [Rank 1] " CAUGHT WORK
	 " ran for 600061 milliseconds before timing out.",
		"timeout rank=5 local=1 seq=812 op=ALLREDUCE in=64 out=64 ran=600061 timeout=600000"},
	{"[E ProcessGroupNCCL.cpp:737] [Rank 3] " CAUGHT
	 "WorkNCCL(SeqNum=17, OpType=BROADCAST, Timeout(ms)=1800000) ran for 1800100 milliseconds before timing out.",
		"timeout local=3 seq=17 op=BROADCAST ran=1800100 timeout=1800000"},
	{"[E ProcessGroupNCCL.cpp:361] [Rank 2] " CAUGHT
	 "WorkNCCL(OpType=ALLGATHER, TensorShape=[8], Timeout(ms)=1800000) ran for 1800100 milliseconds before timing out.",
		"timeout local=2 op=ALLGATHER ran=1800100 timeout=1800000"},
	{"[rank5]: Work " WORK " timed out in blocking wait.",
		"timeout rank=5 seq=812 op=ALLREDUCE in=64 out=64 timeout=600000"},
	{"[rank5]: " CAUGHT "WorkNCCL(SeqNum=9, OpType=COALESCED, NumelIn=18446744073709551615, "
	 "NumelOut=18446744073709551615, Timeout(ms)=600000) ran for 600000 milliseconds",
		"timeout rank=5 seq=9 op=COALESCED ran=600000 timeout=600000"},
	{"[rank5]: " TAG "Process group watchdog thread terminated with exception: [Rank 5] " CAUGHT WORK,
		"timeout rank=5 local=5 group=0 desc=default_pg seq=812 op=ALLREDUCE in=64 out=64 timeout=600000 repeat"},
	{"  what():  [Rank 5] NCCL watchdog thread terminated with exception: [Rank 5] " CAUGHT WORK,
		"timeout local=5 seq=812 op=ALLREDUCE in=64 out=64 timeout=600000 repeat"},
	{"[rank5]: " CAUGHT "WorkXCCL(SeqNum=9, OpType=ALLREDUCE, Timeout(ms)=600000) ran for 600000 milliseconds",
		"timeout rank=5 seq=9 op=ALLREDUCE ran=600000 timeout=600000"},
	{"RuntimeError: [Rank 1] Caught collective operation timeout: " WORK " ran for 600061 milliseconds before timing out.",
		"timeout local=1 seq=812 op=ALLREDUCE in=64 out=64 ran=600061 timeout=600000 repeat"},
	{"[rank5]: " CAUGHT "NCCL(SeqNum=9, OpType=ALLREDUCE, Timeout(ms)=600000) ran for 600000 milliseconds", NULL},
	{"[rank6]: RuntimeError: [gloo/transport/tcp/unbound_buffer.cc:81] Timed out waiting 1800000ms for recv operation to complete",
		"timeout rank=6 group=gloo op=gloo:recv ran=1800000 timeout=1800000"},
	{"Timed out waiting 1800000ms for a peer", NULL},
	{"Timed out waiting for a pod", NULL},
	/* lines that blame no rank */
	{"[rank1]:[E] [PG 0 Rank 1] Heartbeat monitor timed out! Process will be terminated after dumping debug info.",
		"stuck rank=1 local=1 group=0"},
	{"[rank1]: First PG on this rank that detected no heartbeat of its watchdog.", "stuck rank=1"},
	{"[rank1]: ProcessGroupXCCL's watchdog got stuck for 480 seconds", "stuck rank=1"},
	{"[rank2]: DistStoreError: wait timeout after 600000ms, keys: /a/b, /c", "store rank=2 op=/a/b timeout=600000"},
	{"wait timeout after 5s", NULL},
	{"DistStoreError: Timed out after 901 seconds waiting for clients. 1/3 clients joined.", "store op=1/3 ran=901000 timeout=901000 size=3"},
	{"3 clients joined", NULL},
	{"Timed out after 9 seconds waiting for clients. 1/3x clients joined.", NULL},
	{"Timed out after 9 seconds waiting for clients. 1/0 clients joined.", NULL},
	{"[rank3]: [3] is setting up NCCL communicator and retrieving ncclUniqueId from [0] via c10d key-value store by key "
	 "'0', but store->get('0') got error: wait timeout after 600000ms", "store rank=3 op=ncclUniqueId timeout=600000"},
	{"[rank3]:[W] [PG ID 0 PG GUID 0 Rank 3] Failed to check the \"should dump\" flag on TCPStore, (maybe TCPStore server "
	 "has shut down too early), with error: Broken pipe", "lost rank=3 local=3 group=0"},
	{"[rank1]:[W] [c10d] recvValue failed on SocketImpl(fd=86, addr=[localhost]:54074)", "lost rank=1"},
	{"[W] [c10d] sendBytes failed on SocketImpl(fd=77, addr=[::1]:39732): Broken pipe", "lost"},
	/* other libraries */
	{"[rank9]:E TorchWorkNCCLX.cpp:259] [TC][rank=1][name=tp 1] Operation timed out after 600012 ms",
		"timeout rank=9 local=1 group=tp 1 ran=600012"},
	{"E x.cpp:3] [TC][rank=1][name=a] Graph monitor: collective TIMED OUT for graph 0 collective 4 on rank 1 - elapsed "
	 "31ms > timeout 30ms", "timeout local=1 group=a ran=31"},
	{"E x.cpp:3] [TC][rank=1][name=a] Operation timed out after 600", NULL},
	{"E x.cpp:3] [TC][rank=1] Operation timed out after 600012 ms", NULL},
	{"[rank1]: Operation timed out after 600012 ms", NULL},
	{"[ERROR] HCCL(21,train):2026 [task_exception_handler.cc:908] [21][TaskExecStage][Timeout][Host]Task run failed",
		"foreign op=HCCL"},
	{"[1791436800.1] [n7:77:0] ucc_schedule.h:168 UCC WARN timeout 60 sec. has expired on req 0x7f10", "foreign op=UCC"},
	{"the lease of 3 sec. has expired on n7", NULL},
	{"n7:34:39 [4] ib.c:16 NCCL WARN NET/IB : Got completion from peer 192.0.2.36<548> with status=12 opcode=0",
		"network ranks=192.0.2.36 host=n7"},
	{"2026-10-08T05:10:00Z n7:34:39 [4] NCCL WARN Call to recv from fe80::1%eth0<5> failed : Connection reset by peer",
		"network ranks=fe80::1%eth0 host=n7 t"},
	{"n7:34:39 [4] misc/ibvwrap.cc:252 NCCL WARN Call to ibv_modify_qp failed with error Connection timed out", "network host=n7"},
	{"n7:34:39 [4] init.cc:12 NCCL WARN Duplicate GPU detected", NULL},
	{"NCCL WARN Call to recv from 192.0.2.1<5> failed", NULL},
	{"[rank0]: socketProgress: Connection closed by remote peer 192.0.2.7<4921>", "network rank=0 ranks=192.0.2.7"},
	{"RuntimeError: [pair.cc:547] Connection closed by peer [192.0.2.7]:51022", "network ranks=192.0.2.7"},
	{"RuntimeError: [pair.cc:547] Connection closed by peer [", NULL},
	/* how a rank ended */
	{"[rank3]: torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1 GiB", "ended rank=3 op=torch.OutOfMemoryError"},
	{"(Worker pid=7) [rank3]: ValueError: math", "ended rank=3 op=ValueError"},
	{"3: KeyError: 'x'", "ended rank=3 op=KeyError"},
	{"[1,3]<stderr>:KeyError: 'x'", "ended rank=3 op=KeyError"},
	{"KeyError: 'x'", NULL},
	{"[rank3]: after a ValueError: math", NULL},
	{"03:00: KeyError: 'x'", NULL},
	{"[rank0]: torch.distributed.DistBackendError: math", NULL},
	{"[rank0]: RuntimeError: NCCL communicator was aborted on rank 0", NULL},
	{"[rank2]:[E] " TAG "Process group watchdog thread terminated with exception: CUDA error: an illegal memory access was encountered",
		"ended rank=2 local=5 group=0 desc=default_pg op=an illegal memory access was encountered"},
	{"[rank: 3] Child process with PID 887 terminated with code 1. Forcefully", "ended rank=3 op=code 1"},
	{"[rank: 3] Child process with PID 887 terminated with code -6.", NULL},
	{"  rank      : 11 (local_rank: 3)\n  exitcode  : -9 (pid: 4)", "ended rank=11 op=signal 9 (SIGKILL)"},
	{"0:   rank      : 11 (local_rank: 3)\n0:   exitcode  : -11 (pid: 4)", "ended rank=11 op=signal 11 (SIGSEGV)"},
	{"  rank      : 11 (local_rank: 3)\n  exitcode  : -6 (pid: 4)", NULL},
	{"  rank      : 11 (local_rank: 3)\n  exitcode  : -91 (pid: 4)", NULL},
	{"  rank      : 11 (local_rank: 3)\n  error_file: <N/A>\n  exitcode  : -9 (pid: 4)", NULL},
	{"  rank      : 11 (local_rank: 3)", NULL},
	{"mpirun noticed that process rank 2 with PID 0 on node n2 exited on signal 9 (Killed).", "ended rank=2 op=signal 9 (Killed)"},
	{"mpirun noticed that process rank 2 with PID 0 on node n2 exited on signal 6 (Aborted).", NULL},
	{"srun: error: n7: tasks 3-4: Segmentation fault (core dumped)", "host op=Segmentation fault (core dumped) ranks=3-4 host=n7"},
	{"Some " WORK " is fine", NULL},
	{CAUGHT "WorkNCCL(SeqNum=812, OpType=ALLREDUCE, Timeout(ms)=", NULL},
	/* counters */
	{"[rank5]:[E 2299] " TAG " failure detected by watchdog at work sequence id: 812 PG status: "
	 "last enqueued work: 815, last completed work: 811",
		"failure rank=5 local=5 group=0 desc=default_pg seq=812 enqueued=815 completed=811"},
	{"[rank5]:[E 2299] " TAG " failure detected by watchdog at work sequence id: 812 PG status: "
	 "last enqueued work: 815, last started work: 812 (ALLREDUCE), last completed work: 811",
		"failure rank=5 local=5 group=0 desc=default_pg seq=812 enqueued=815 completed=811"},
	{"[rank1]:[E ProcessGroupNCCL.cpp:1537] [PG 0 Rank 1] Timeout at NCCL work: 3, last enqueued NCCL work: 4, "
	 "last completed NCCL work: 2.",
		"failure rank=1 local=1 group=0 seq=3 enqueued=4 completed=2"},
	{"[PG 3 (TENSOR) Rank 1] Timeout at NCCL work: 3, last enqueued NCCL work: 4, last completed NCCL work: 2.",
		"failure local=1 group=3 process-local desc=TENSOR seq=3 enqueued=4 completed=2"},
	{"[rank1]:[E] [PG ID 4 PG GUID 31(TENSOR (a)) Rank 1] Exception (either an error or timeout) detected by "
	 "watchdog at work: 3, last enqueued NCCL work: 3, last completed NCCL work: -1.",
		"failure rank=1 local=1 group=31 desc=TENSOR (a) seq=3 enqueued=3"},
	{"[rank1]: Timeout at NCCL work: 3, last enqueued NCCL work: 4, last completed NCCL work: 76280750235782912.",
		"failure rank=1 seq=3 enqueued=4"},
	{"[rank1]: Timeout at NCCL work: 3, last enqueued NCCL work: 4, last completed NCCL work: 3.",
		"failure rank=1 seq=3 enqueued=4"},
	{"[rank1]: Timeout at NCCL work: 3, last enqueued NCCL work: 2, last completed NCCL work: 7.",
		"failure rank=1 seq=3 enqueued=2"},
	{"[rank1]: Timeout at NCCL work: -1, last enqueued NCCL work: 2, last completed NCCL work: 1.", NULL},
	{"[rank1]: [PG ID 0 PG GUID 0 Rank 1] Received a dump signal due to a collective timeout from  rank 2. Last enqueued "
	 "NCCL work: 52, last completed NCCL work: 76280750235782912.", "dump rank=1 local=1 other=2 group=0"},
	{"[rank1]: [PG ID 0 PG GUID 0 Rank 1] Received a dump signal due to a collective timeout from  rank 2. Last enqueued "
	 "NCCL work: 52, last completed NCCL work: 77.", "dump rank=1 local=1 other=2 group=0"},
	{"[rank1]: [PG ID 0 PG GUID 0 Rank 1] Received a dump signal due to a collective timeout from  rank 2. Last enqueued "
	 "NCCL work: 52, last completed NCCL work: -1.", "dump rank=1 local=1 other=2 group=0 enqueued=52"},
	/* requests to dump */
	{"(Worker[rank=8] pid=77, ip=192.0.2.9) [E] [PG ID 0 PG GUID 0(default_pg) Rank 8] Received a dump signal due "
	 "to a collective timeout from  rank 2 and we will try our best to dump the debug info. Last enqueued NCCL "
	 "work: 62, last completed NCCL work: 62.This is most likely caused by incorrect usages of collectives",
		"dump rank=8 local=8 other=2 group=0 desc=default_pg enqueued=62 completed=62 host=192.0.2.9"},
	{"[rank2]: Received a dump signal due to a collective timeout from this local rank and we will try. Last "
	 "enqueued NCCL work: 63, last completed NCCL work: 61.",
		"dump rank=2 other=2 enqueued=63 completed=61"},
	{"[rank6]:[E] [PG ID 0 PG GUID 0 Rank 6] First PG on this rank to signal dumping.",
		"alarm rank=6 local=6 group=0"},
	{"[rank7]:[E] [PG ID 0 PG GUID 0 Rank 7] Observed flight recorder dump signal from another rank via TCPStore.",
		"heard rank=7 local=7 group=0"},
	{"[rank7]: ProcessGroupNCCL's watchdog got stuck for 480 seconds", "stuck rank=7"},
	{"[rank7]: Could not acquire GIL within 300 ms on exit", "heard rank=7"},
	{"[I] [PG ID 2 PG GUID 9 Rank 3] NCCL Work update periodically: last enqueued NCCL work: 12, last completed "
	 "NCCL work: 11.",
		"progress local=3 group=9 enqueued=12 completed=11"},
	/* before torch 2.5 */
	{"[rank1]:[E] [PG 0 Rank 1] Received a timeout signal from this local rank and will start to dump the debug info. Last "
	 "enqueued NCCL work: 15, last completed NCCL work: 11.", "dump rank=1 local=1 other=1 group=0 enqueued=15 completed=11"},
	{"[rank1]:[E] [PG 0 Rank 1] Received a dump signal from this local rank and will start to dump the debug info. Last "
	 "enqueued NCCL work: 15, last completed NCCL work: 11.", "dump rank=1 local=1 other=1 group=0 enqueued=15 completed=11"},
	{"[rank3]:[E] [PG 0 Rank 3] Received a global timeout from another rank and will start to dump the debug info. Last "
	 "enqueued NCCL work: 11, last completed NCCL work: 11.", "dump rank=3 local=3 group=0 enqueued=11 completed=11"},
	{"[rank3]:[E] [PG 0 Rank 3] Received a global timeout from another rank and will start to dump the debug info.",
		"heard rank=3 local=3 group=0"},
	/* the remainder of a wrapped line: a number may continue, the group is unknown */
	{"[rank1]: [PG ID 0 PG GUID 0 Rank 1] Received a dump signal due to a collective timeout from  rank 2. Last enqueued "
	 "NCCL work: 11, last completed NCCL work: 1", NULL},
	{"[I] [PG ID 2 PG GUID 9 Rank 3] NCCL Work update periodically: last enqueued NCCL work: 12, last completed "
	 "NCCL work: 1", NULL},
	{"GUID 37(TENSOR) Rank 3]  failure detected by watchdog at work sequence id: 12 PG status: last enqueued work: 13, "
	 "last completed work: 11", NULL},
	{" failure detected by watchdog at work sequence id: 12 PG status: last enqueued work: 13, last completed work: 11",
		NULL},
	{"Rank 3] NCCL Work update periodically: last enqueued NCCL work: 12, last completed NCCL work: 11.", NULL},
	{"[3, 7] finished collective #182, but didn't join collective #18", NULL},
	{"[4] joined but didn't finish collective #9", NULL},
	{"Detected mismatch between collectives on ranks. Rank 1 is running collective: CollectiveFingerPrint("
	 "SequenceNumber=4, OpType=ALLREDUCE, TensorShape=[8, 2]), but Ra", NULL},
	{"Detected mismatch between collectives on ranks. Rank 1 is running inconsistent collective: CollectiveFingerPrint("
	 "SequenceNumber=4, OpType=ALLRED", NULL},
	{"[I] [PG ID 2 PG GUID 7(TP) Rank 1] ProcessGroupNCCL initialization options: size: 6", NULL},
	{"[I] [PG ID 2 PG GUID 7(TP) Rank 1] ProcessGroupNCCL initialization options: size: 64, global rank: 1", NULL},
	{"ID 2 PG GUID 7(TP) Rank 1] ProcessGroupNCCL initialization options: size: 64, global rank: 1, PG Name: 7", NULL},
	/* desync reports */
	{"\t     [3, 7] finished collective #182, but didn't join collective #183 (count from 1)",
		"lagging seq=183 ranks=3, 7"},
	{"\t   - [4] joined but didn't finish collective #9 (count from 1)", "joined seq=9 ranks=4"},
	{"\t - To our best knowledge, ranks [1, 2] are the lagging ranks that caused this timeout. They never joined",
		"lagging ranks=1, 2"},
	{"\t     [0, 1, 2] started _ALLGATHER_BASE", "started op=_ALLGATHER_BASE ranks=0, 1, 2"},
	{"[rank0]:\t     [7] finished ALLREDUCE", "finished rank=0 op=ALLREDUCE ranks=7"},
	{"[2] started worker", NULL},
	{"[two] started ALLREDUCE", NULL},
	{"x] finished collective #1, but didn't join collective #2", NULL},
	/* PyTorch's own comparison, and barriers */
	{"[rank1]: RuntimeError: Detected mismatch between collectives on ranks. Rank 1 is running collective: "
	 "CollectiveFingerPrint(SequenceNumber=4, OpType=ALLREDUCE, TensorShape=[8, 2], TensorDtypes=Float), but Rank 3 "
	 "is running collective: CollectiveFingerPrint(SequenceNumber=4, OpType=BARRIER).",
		"mismatch rank=1 local=1 other=3 seq=4 op=ALLREDUCE shape=8, 2 other-op=BARRIER"},
	{"Detected mismatch between collectives on ranks. Rank 2 is running inconsistent collective: "
	 "CollectiveFingerPrint(OpType=REDUCE, TensorShape=[4], TensorDtypes=Int)",
		"mismatch local=2 op=REDUCE shape=4"},
	{"RuntimeError: [Rank 0]: Ranks 4, 5 failed to pass monitoredBarrier in 20000 ms", "barrier local=0 ranks=4, 5"},
	{"RuntimeError: [Rank 0]: Rank 4 failed to pass monitoredBarrier in 20000 ms", "barrier local=0 ranks=4"},
	{"[rank3]: RuntimeError: Rank 3 successfully reached monitoredBarrier, but received errors while waiting for send/recv from rank 0.",
		"barrier rank=3 local=3"},
	{"Rank 3a successfully reached monitoredBarrier, but received errors", NULL},
	{"failed to pass monitoredBarrier in 20000 ms", NULL},
	/* groups and hosts */
	{"[rank9]:[I] [PG ID 2 PG GUID 7(TP) Rank 1] ProcessGroupNCCL initialization options: size: 2, global rank: 9, "
	 "TIMEOUT(ms): 600000, PG Name: 7",
		"group rank=9 local=1 group=7 desc=TP size=2"},
	{"[I] [PG 2 Rank 1] ProcessGroupNCCL initialization options: size: 2, global rank: 9", NULL},
	{"node1:4711:4800 [3] NCCL INFO comm 0x5581 rank 11 nranks 16 cudaDev 3 nvmlDev 3 busId 86000 commId 0x9 - "
	 "Init COMPLETE",
		"host rank=11 ranks=11 size=16 host=node1"},
	{"NCCL INFO comm 0x5581 rank 11 nranks 16 - Init COMPLETE", NULL},
	{"srun: error: node07: tasks 8-10,14: Aborted (core dumped)", "host ranks=8-10,14 host=node07"},
	{"srun: error: node07: task 3: Killed", "host ranks=3 host=node07"},
	{"srun: error: Unable to create step", NULL},
	/* the rank of a line */
	{"6: [PG ID 1 PG GUID 1(x) Rank 2] Observed flight recorder dump signal from another rank",
		"heard rank=6 local=2 group=1 desc=x"},
	{"[default3]:[rank11]: Could not acquire GIL within 300 ms", "heard rank=11"},
	{"loss 0.3:  40%|####  [rank4]: Could not acquire GIL within 300 ms", "heard rank=4"},
	{"[rank99999999999999999999]: Could not acquire GIL within 300 ms", "heard"},
	{"[rank1]: Could not acquire GIL within 300 ms [repeated 7x across cluster]", "heard rank=1 thinned"},
	{"2026-07-10T18:00:32.5Z [rank1]: Could not acquire GIL within 300 ms", "heard rank=1 t"},
	/* rank 0, whatever its number in a group */
	{"[rank0]: [PG 0 Rank 5] " GIL, "heard rank=0 local=5 group=0"},
	{"0: KeyError: 'x'", "ended rank=0 op=KeyError"},
	{"n7:[4] NCCL WARN Call to send to 192.0.2.1<5> failed", "network ranks=192.0.2.1 host=n7"},
	/* numbers at their limits */
	{"[rank2147483647]: " GIL, "heard rank=2147483647"},
	{"[rank2147483648]: " GIL, "heard"},
	{"2147483647: a " GIL, "heard rank=2147483647"},
	{"2147483648: a " GIL, "heard"},
	{"[1,1234567]<stdout>:" GIL, "heard rank=1234567"},
	{"[1,12345678]<stdout>:" GIL, "heard"},
	{"[1,3]<stderr>" GIL, "heard"},
	{"3:a " GIL, "heard"},
	{"x: a " GIL, "heard"},
	{"[rank1]: Timeout at NCCL work: 9007199254740992, last enqueued NCCL work: 9007199254740992, last completed NCCL work: 0.",
		"failure rank=1 seq=9007199254740992 enqueued=9007199254740992 completed=0"},
	{"[rank1]: Timeout at NCCL work: 9007199254740993, last enqueued NCCL work: 4, last completed NCCL work: 2.", NULL},
	{"[rank1]: Timeout at NCCL work: 0, last enqueued NCCL work: 1, last completed NCCL work: 0.", "failure rank=1 seq=0 enqueued=1"},
	{"[rank1]: Timeout at NCCL work: 1, last enqueued NCCL work: 1.", NULL},
	{"[rank1]: Timeout at NCCL work: 1, last completed NCCL work: 1.", NULL},
	{"[rank5]: " CAUGHT "WorkNCCL(SeqNum=9, OpType=SEND, Timeout(ms)=4611686018426) ran for 0 milliseconds", "timeout rank=5 seq=9 op=SEND ran=0 timeout=4611686018426"},
	{"[rank5]: " CAUGHT "WorkNCCL(SeqNum=9, OpType=SEND, Timeout(ms)=4611686018427) ran for 4611686018427 milliseconds", "timeout rank=5 seq=9 op=SEND"},
	{"[rank5]: " CAUGHT "WorkNCCL(SeqNum=9, OpType=SEND, Timeout(ms)=0) ran for 600", "timeout rank=5 seq=9 op=SEND timeout=0"},
	{"[rank5]: " CAUGHT "WorkNCCL(SeqNum=9, OpType=, Timeout(ms)=1) ran for 1 milliseconds", NULL},
	{"[rank5]: " CAUGHT "WorkNCCL(SeqNum=9, OpType=SEND, Timeout(ms)=1", NULL},
	{"[rank5]: " CAUGHT "WirkNCCL(SeqNum=9, OpType=SEND, Timeout(ms)=1) ran for 1 milliseconds", NULL},
	{"[rank5]: Work WorkNCCL(SeqNum=9, OpType=SEND, Timeout(ms)=1) is fine", NULL},
	{"[rank5]: WorkNCCL(SeqNum=9, OpType=SEND, Timeout(ms)=1) timed out in blocking wait", NULL},
	{"[rank1]: [PG ID 0 PG GUID 0 Rank 1] Received a dump signal due to a collective timeout from  rank 2147483648. Last enqueued "
	 "NCCL work: 52, last completed NCCL work: 52.", "dump rank=1 local=1 group=0 enqueued=52 completed=52"},
	{"[rank1]: [PG ID 0 PG GUID 0 Rank 1] Received a dump signal due to a collective timeout from somebody. Last enqueued "
	 "NCCL work: 52, last completed NCCL work: 51.", "dump rank=1 local=1 group=0 enqueued=52 completed=51"},
	/* names of groups */
	{"[PG 7 (default_pg) Rank 12] " GIL, "heard rank=12 local=12 group=0 desc=default_pg"},
	{"[PG 3] " GIL, "heard group=3 process-local"},
	{"[PG 3 Rank 4 " GIL, "heard"},
	{"[PG ID 5 Rank 1] " GIL, "heard local=1 group=5 process-local"},
	{"[PG ID 5 PG GUID 37(TENSOR Rank 1] " GIL, "heard local=1 group=37"},
	{"[PG ID 5 PG GUID 37 TENSOR) Rank 1] " GIL, "heard local=1 group=37 TENSOR)"},
	{"[PG 1 Rank 2][PG 3 (B) Rank 4] " GIL, "heard local=4 group=3 process-local desc=B"},
	{"[Rank 6] " GIL, "heard local=6"},
	{"[PG 3 Rank 4] [Rank 6] " GIL, "heard local=4 group=3 process-local"},
	/* where a line is from */
	{"[rank=3]: " GIL, "heard rank=3"},
	{"2026-07-10T18:00:32 [rank1]: " GIL, "heard rank=1"},
	{"gpu-7: 2026-07-10T18:00:32Z [rank1]: " GIL, "heard rank=1 host=gpu-7 t"},
	{"[pod/train-0/main] [rank1]: " GIL, "heard rank=1 pod=train-0"},
	{"(Worker pid=7, ip=192.0.2.9) [rank8]: " GIL, "heard rank=8 host=192.0.2.9"},
	/* operations of desync reports */
	{"[1] started REDUCE_SCATTER", "started op=REDUCE_SCATTER ranks=1"}, {"[1] started REDUCE", "started op=REDUCE ranks=1"},
	{"[1] started _GATHER_", "started op=_GATHER_ ranks=1"}, {"[1] started SCATTER", "started op=SCATTER ranks=1"},
	{"[1] started BROADCAST", "started op=BROADCAST ranks=1"}, {"[1] started BARRIER", "started op=BARRIER ranks=1"},
	{"[1] started ALLTOALL", "started op=ALLTOALL ranks=1"}, {"[1] started ASENDZ", "started op=ASENDZ ranks=1"},
	{"[1] started RECV", "started op=RECV ranks=1"}, {"[1] started COALESCED", "started op=COALESCED ranks=1"},
	{"[1] started AZ", NULL}, {"[1] started SEND2", NULL}, {"[1] started [SEND", NULL}, {"[1] started @SEND", NULL}, {"[1] started SENd", NULL},
	{"[] started SEND", NULL}, {"1, 2] started SEND", NULL}, {"[1, 2 started SEND", NULL}, {"[1, -1] started SEND", "started op=SEND ranks=1, -1"},
	{"[1 2] finished SEND", "finished op=SEND ranks=1 2"}, {"[9] finished worker", NULL},
	{"[9] joined but didn't finish collective #9 (", "joined seq=9 ranks=9"}, {"[x] joined but didn't finish collective #9 (", NULL},
	{"[9] joined but didn't finish collective #x (", NULL}, {"[x] are the lagging ranks that caused this timeout", NULL},
	{"[9] finished collective #1, but didn't join collective #x (", NULL}, {"[9] finished collective #1, but didn't join collective #0 (", "lagging seq=0 ranks=9"},
	{"[9] finished, but didn't join collective #2 (", NULL},
	/* calls */
	{"Detected mismatch between collectives on ranks. Rank 1 is running collective: CollectiveFingerPrint("
	 "SequenceNumber=0, OpType=ALLREDUCE, TensorShape=[8]), but Rank 0 is running collective: BARRIER.",
		"mismatch local=1 other=0 seq=0 op=ALLREDUCE shape=8 other-op=BARRIER"},
	{"Detected mismatch between collectives on ranks. Rank 0 is running collective: CollectiveFingerPrint("
	 "OpType=ALLREDUCE), but Rank 2 is running collective: CollectiveFingerPrint(OpType=ALLGATHER, TensorShape=[2, 4])",
		"mismatch local=0 other=2 op=ALLREDUCE other-op=ALLGATHER other-shape=2, 4"},
	{"Detected mismatch between collectives on ranks. Rank x is running collective: CollectiveFingerPrint("
	 "OpType=ALLREDUCE), but Rank 2 is running collective: CollectiveFingerPrint(OpType=ALLGATHER, TensorShape=[2, 4])", NULL},
	{"Detected mismatch between collectives on ranks. Rank 1 is running inconsistent collective: OpType=REDUCE, TensorShape=[4]", NULL},
	{"Ranks x failed to pass monitoredBarrier in 20000 ms", NULL}, {"Rank4 failed to pass monitoredBarrier in 20000 ms", NULL},
	/* groups and hosts */
	{"[I] [PG ID 2 PG GUID 7(TP) Rank 1] ProcessGroupNCCL initialization options: size: 2147483647, global rank: 0, PG Name: 8",
		"group rank=0 local=1 group=7 desc=TP size=2147483647"},
	{"[I] [PG ID 2 PG GUID 7(TP) Rank 1] ProcessGroupNCCL initialization options: size: 2147483648, global rank: 0, PG Name: 8", NULL},
	{"[I] [PG ID 2 PG GUID 7(TP) Rank 1] ProcessGroupNCCL initialization options: size: 0, global rank: 0, PG Name: 8", NULL},
	{"[I] [PG ID 2 PG GUID 7(TP) Rank 1] ProcessGroupNCCL initialization options: size: 1, PG Name: 8", "group local=1 group=7 desc=TP size=1"},
	{"[I] [Rank 1] ProcessGroupNCCL initialization options: size: 1, global rank: 9, PG Name: 8, x", "group rank=9 local=1 group=8 size=1"},
	{"[I] [Rank 1] ProcessGroupNCCL initialization options: size: 1, global rank: 9, x", NULL},
	{"n1:7:8 [3] NCCL INFO comm 0x5581 rank 10 nranks 11 - Init COMPLETE", "host rank=10 ranks=10 size=11 host=n1"},
	{"n1:7:8 [3] NCCL INFO comm 0x5581 rank 0 nranks 1 - Init COMPLETE", "host rank=0 ranks=0 size=1 host=n1"},
	{"n1:7:8 [3] NCCL INFO comm 0x5581 rank 11 nranks 11 - Init COMPLETE", NULL},
	{"n1:7:8 [3] NCCL INFO comm 0x5581 nranks 11 - Init COMPLETE", NULL},
	{"n1 [3] NCCL INFO comm 0x5581 rank 1 nranks 11 - Init COMPLETE", NULL},
	{"srun: error: " D255 ": tasks 8: Killed", "host ranks=8 host=" D255},
	{"srun: error: x" D255 ": tasks 8: Killed", NULL},
	{"srun: error: : tasks 8: Killed", NULL}, {"srun: error: n: tasks 8", NULL}, {"srun: error: n: tasks : Killed", NULL}, {"srun: error: n: step 8: Killed", NULL},
	{"srun: error: n: tasks 8: Bus error", "host op=Bus error ranks=8 host=n"}, {"srun: error: n: tasks 8: Illegal instruction", "host op=Illegal instruction ranks=8 host=n"},
	{"srun: error: n: tasks 8: Floating point exception", "host op=Floating point exception ranks=8 host=n"},
	{"srun: error: n: tasks 8: Out Of Memory", "host op=Out Of Memory ranks=8 host=n"},
	{"srun: error: n: tasks 8: Bus error" D50 "1234", "host op=Bus error" D50 "1234 ranks=8 host=n"},
	{"srun: error: n: tasks 8: Bus error" D50 "12345", "host ranks=8 host=n"},
	/* waits */
	{"Timed out waiting 0ms for send operation to complete", "timeout group=gloo op=gloo:send ran=0 timeout=0"},
	{"[TC][rank=0][name=a] Operation timed out after 0 ms", "timeout local=0 group=a ran=0"},
	{"[TC][rank=x][name=a] Operation timed out after 600012 ms", NULL}, {"[TC][rank=1][name=a] Operation timed out after x ms", NULL},
	{"[TC][rank=1][name=a] Graph monitor: collective TIMED OUT for graph 0 - elapsed 31", NULL},
	{"[rank2]: DistStoreError: wait timeout after 0ms, keys: a", "store rank=2 op=a timeout=0"}, {"wait timeout after 5ms, keys: ", NULL},
	{"[rank3]: retrieving ncclUniqueId from [0], got error: Broken pipe", "store rank=3 op=ncclUniqueId"},
	{"Timed out after 0 seconds waiting for clients. 1/3 clients joined.", "store op=1/3 size=3"},
	{"Timed out after 9007199254739 seconds waiting for clients. 1/3 clients joined.", "store op=1/3 size=3"},
	{"Timed out after 4611686018 seconds waiting for clients. 1/3 clients joined.", "store op=1/3 ran=4611686018000 timeout=4611686018000 size=3"},
	{"Timed out after 9 seconds waiting for clients. 1/2147483647 clients joined.", "store op=1/2147483647 ran=9000 timeout=9000 size=2147483647"},
	{"Timed out after 9 seconds waiting for clients. 1/2147483648 clients joined.", NULL},
	{"Timed out after 9 seconds waiting for clients. 00000000000000000000000000001/3 clients joined.",
		"store op=00000000000000000000000000001/3 ran=9000 timeout=9000 size=3"},
	{"Timed out after 9 seconds waiting for clients. 000000000000000000000000000001/3 clients joined.", NULL},
	{"waited 9 seconds for clients. 1/3 clients joined.", NULL},
	{"[21][TaskExecStage][Timeout][Host]Task run failed", NULL}, {"UCC WARN 60 sec. has expired on req 0x7f10", NULL},
	/* networks */
	{"n7:34:39 [4] NCCL WARN Call to send to 192.0.2.1<5> failed", "network ranks=192.0.2.1 host=n7"},
	{"n7:34:39 [4] NCCL WARN Call to connect to 192.0.2.1<5> failed", "network ranks=192.0.2.1 host=n7"},
	{"n7:34:39 [4] NCCL WARN socketStartConnect: Connect to 192.0.2.1<5> failed", "network ranks=192.0.2.1 host=n7"},
	{"n7:34:39 [4] NCCL WARN Call to ibv_poll_cq<5> failed", "network host=n7"},
	{"n7:34:39 [4] NCCL WARN Call to send to 192.0.2.1<5>", NULL},
	{"n7:34:39 [4] NCCL WARN Call to send to 192.0.2.1 failed", "network host=n7"},
	{"n7:34:39 [4] NCCL WARN Call to send to " D50 "1234567890123<5> failed", "network ranks=" D50 "1234567890123 host=n7"},
	{"n7:34:39 [4] NCCL WARN Call to send to " D50 "12345678901234<5> failed", "network host=n7"},
	{D255 ":34:39 [4] NCCL WARN Call to send to 192.0.2.1<5> failed", "network ranks=192.0.2.1 host=" D255},
	{"x" D255 ":34:39 [4] NCCL WARN Call to send to 192.0.2.1<5> failed", NULL},
	{"Connection closed by remote peer " D50 "1234567890123<5>", "network ranks=" D50 "1234567890123"},
	{"Connection closed by remote peer " D50 "12345678901234<5>", NULL}, {"Connection closed by remote peer <5>", NULL},
	{"Connection closed by remote peer 192.0.2.1", NULL},
	{"n7:1[4] NCCL WARN Call to send to 192.0.2.1<5> failed", "network ranks=192.0.2.1 host=n7"},
	/* of the tag in front, these lines have their own group */
	{"[PG 3 Rank 1] Timed out waiting 5ms for recv operation", "timeout local=1 group=gloo op=gloo:recv ran=5 timeout=5"},
	{"[PG 3 Rank 1] [TC][rank=2][name=a] Operation timed out after 6 ms", "timeout local=2 group=a ran=6"},
	{"[I] [PG  Rank 1] ProcessGroupNCCL initialization options: size: 1, PG Name: 8", "group local=1 group=8 size=1"},
	/* pieces of lines */
	{"[rank1]: " GIL "[rank", "heard rank=1"},
	{"[] NCCL Work update periodically: last enqueued NCCL work: 12, last completed NCCL work: 0.", "progress enqueued=12 completed=0"},
	{"[rank3]: srun: error: n: tasks 8: Killed", "host ranks=8 host=n"},
	/* ends */
	{"[rank3]: a_1.X" D50 D50 "12345678Error: math", "ended rank=3 op=a_1.X" D50 D50 "12345678Error"},
	{"[rank3]: " D50 D50 "1234567890123456789012Error: math", "ended rank=3 op=" D50 D50 "1234567890123456789012Error"},
	{"[rank3]: " D50 D50 "12345678901234567890123Error: math", NULL},
	{"[rank0]: OSError: z", "ended rank=0 op=OSError"},
	{"[node3]: OSError: z", NULL}, {"[rank3] [b]: OSError: z", NULL}, {"x 3: OSError: z", NULL},
	{"[rank3]: DistError: z", NULL}, {"[rank3]: ChildFailedError: z", NULL}, {"[rank3]: SignalError: z", NULL}, {"[rank3]: TimeoutError: z", NULL},
	{"[rank3]: ConnectionError: z", NULL}, {"[rank3]: BrokenPipeError: z", NULL}, {"[rank3]: EOFError: z", NULL}, {"[rank3]: RayTaskError: z", NULL},
	{"[rank3]: ActorDiedError: z", NULL}, {"[rank3]: OSError: RCCL", NULL}, {"[rank3]: OSError: gloo", NULL}, {"[rank3]: OSError: a Collective", NULL},
	{"[rank3]: OSError: Connection", NULL}, {"[rank3]: OSError: Timed out", NULL}, {"[rank3]: OSError: Timeout", NULL}, {"[rank3]: OSError: Broken pipe", NULL},
	{"[rank3]: OSError: monitoredBarrier", NULL}, {"[rank3]: OSError: a Store", NULL}, {"[rank3]: OSError: aborted", NULL},
	{"[rank0]:[E] watchdog thread terminated with exception: CUDA error: " D50 D50 "123456789012345678901234567",
		"ended rank=0 op=" D50 D50 "123456789012345678901234567"},
	{"[rank0]:[E] watchdog thread terminated with exception: CUDA error: " D50 D50 "1234567890123456789012345678", NULL},
	{"watchdog thread terminated with exception: CUDA error: x", NULL}, {"[rank0]: watchdog thread terminated with exception: CUDA error: ", NULL},
	{"[rank: 0] Child process with PID 887 terminated with 1234567890123456789012345678901. x", "ended rank=0 op=1234567890123456789012345678901"},
	{"[rank: 0] Child process with PID 887 terminated with 12345678901234567890123456789012. x", NULL},
	{"[rank: x] Child process with PID 887 terminated with code 1.", NULL}, {"[rank: 0] Child process with PID 887 left", NULL},
	{"mpirun noticed that process rank 0 with PID 0 on node n2 exited on signal 11 (Segmentation fault).", "ended rank=0 op=signal 11 (Segmentation fault)"},
	{"mpirun noticed that process rank 0 with PID 0 on node n2 exited on signal 9 " D50 "1234.", "ended rank=0 op=signal 9 " D50 "1234"},
	{"mpirun noticed that process rank 0 with PID 0 on node n2 exited on signal 9 " D50 "12345.", NULL},
	{"mpirun noticed that process rank x with PID 0 on node n2 exited on signal 9 (Killed).", NULL},
	{"", NULL},
	{"an ordinary line", NULL},
};

static void
put_number(struct buf *b, const char *name, int64_t n)
{
	if (n < 0)
		return;
	buf_chr(b, ' ');
	buf_add(b, str_of(name));
	buf_chr(b, '=');
	buf_i64(b, n);
}

static void
put_text(struct buf *b, const char *name, struct str s)
{
	if (s.n == 0)
		return;
	buf_chr(b, ' ');
	buf_add(b, str_of(name));
	buf_chr(b, '=');
	buf_add(b, s);
}

/* Are numbers that are not in the line -1? */
static bool
are_unset(const struct watchdog_line *l)
{
	const int64_t n[] = {l->rank, l->local, l->other, l->seq, l->enqueued, l->completed, l->in, l->out, l->ran_ns, l->timeout_ns, l->size};

	for (size_t i = 0; i < NELEM(n); i++)
		if (n[i] < -1)
			return false;
	return true;
}

static struct str
render(struct buf *b, const struct watchdog_line *l)
{
	static const char *const parts[] = {
		[WATCHDOG_TIMEOUT] = "timeout", [WATCHDOG_FAILURE] = "failure", [WATCHDOG_DUMP] = "dump",
		[WATCHDOG_PROGRESS] = "progress", [WATCHDOG_LAGGING] = "lagging", [WATCHDOG_JOINED] = "joined",
		[WATCHDOG_STARTED] = "started", [WATCHDOG_FINISHED] = "finished", [WATCHDOG_MISMATCH] = "mismatch",
		[WATCHDOG_BARRIER] = "barrier", [WATCHDOG_GROUP] = "group", [WATCHDOG_ALARM] = "alarm",
		[WATCHDOG_HEARD] = "heard", [WATCHDOG_HOST] = "host", [WATCHDOG_STUCK] = "stuck", [WATCHDOG_STORE] = "store",
		[WATCHDOG_NETWORK] = "network", [WATCHDOG_LOST] = "lost", [WATCHDOG_FOREIGN] = "foreign",
		[WATCHDOG_ENDED] = "ended",
	};

	b->n = 0;
	buf_add(b, str_of(parts[l->part]));
	put_number(b, "rank", l->rank);
	put_number(b, "local", l->local);
	put_number(b, "other", l->other);
	put_text(b, "group", l->group);
	buf_add(b, l->process_local ? S(" process-local") : S(""));
	put_text(b, "desc", l->desc);
	put_number(b, "seq", l->seq);
	put_number(b, "enqueued", l->enqueued);
	put_number(b, "completed", l->completed);
	put_text(b, "op", l->op);
	put_number(b, "in", l->in);
	put_number(b, "out", l->out);
	put_text(b, "shape", l->shape);
	put_text(b, "other-op", l->other_op);
	put_text(b, "other-shape", l->other_shape);
	put_number(b, "ran", l->ran_ns < 0 ? -1 : l->ran_ns / 1000000);
	put_number(b, "timeout", l->timeout_ns < 0 ? -1 : l->timeout_ns / 1000000);
	put_text(b, "ranks", l->ranks);
	put_number(b, "size", l->size);
	put_text(b, "host", l->host);
	put_text(b, "pod", l->pod);
	buf_add(b, l->repeat ? S(" repeat") : S(""));
	buf_add(b, l->thinned ? S(" thinned") : S(""));
	buf_add(b, l->t != NO_TIME ? S(" t") : S(""));
	return buf_str(b);
}

/* Does it contain a word of the screen? */
static bool
has_word(struct str s)
{
	for (const struct word *w = watchdog_text.words; w->gives; w++)
		if (str_has(s, w->text))
			return true;
	return false;
}

/* The ranks of a list, with blanks between them. */
static struct str
ranks_of(struct buf *b, const char *list)
{
	struct watchdog_ranks w = {.rest = test_edge(str_of(list))};
	uint32_t rank;

	b->n = 0;
	while (watchdog_rank(&w, &rank) && b->n < 100) {
		buf_u64(b, rank);
		buf_chr(b, ' ');
	}
	return buf_str(b);
}

static size_t
count_ranks(const char *list)
{
	struct watchdog_ranks w = {.rest = str_of(list)};
	uint32_t rank;
	size_t n = 0;

	while (watchdog_rank(&w, &rank))
		n++;
	return n;
}

int
main(void)
{
	struct watchdog_line l;
	struct buf b = {0};
	struct str rest;

	TEST("contents of each line");
	for (size_t i = 0; i < NELEM(lines); i++) {
		rest = test_edge(str_of(lines[i].line));
		if (!lines[i].says) {
			CHECK_ROW(i, !watchdog_next(&rest, &l));
			continue;
		}
		CHECK_ROW(i, watchdog_next(&rest, &l));
		CHECK_ROW(i, str_eq(render(&b, &l), str_of(lines[i].says)));
		if (!str_eq(buf_str(&b), str_of(lines[i].says)))
			printf("# %.*s\n# %s\n", (int)b.n, b.p, lines[i].says);
		CHECK_ROW(i, are_unset(&l) && has_word(str_of(lines[i].line)));
		CHECK_ROW(i, !watchdog_next(&rest, &l));
	}

	TEST("several lines in one message, and several records in one line");
	rest = S("text\n[rank1]: Could not acquire GIL within 1 ms\n\n[rank2]: Could not acquire GIL within 1 ms"
		 "[rank3]: Could not acquire GIL within 1 ms");
	for (int i = 1; i <= 3; i++)
		CHECK(watchdog_next(&rest, &l) && l.rank == i);
	CHECK(!watchdog_next(&rest, &l));

	rest = S("x[rank1]: " GIL "[rankx]: " GIL "[rank2]: " GIL "[rank3]: " GIL);
	for (int i = 1; i <= 3; i++)
		CHECK(watchdog_next(&rest, &l) && l.rank == i);
	CHECK(!watchdog_next(&rest, &l));

	TEST("lists of ranks");
	CHECK(count_ranks("4, 5, 6") == 3);
	CHECK(count_ranks("8-12,14-15") == 7);
	CHECK(count_ranks("") == 0);
	CHECK(count_ranks("5-3") == 0);
	CHECK(count_ranks("0-99999999999") == 0);
	CHECK(str_eq(ranks_of(&b, "4, 5,7-9 ,1"), S("4 5 7 8 9 1 ")));
	CHECK(str_eq(ranks_of(&b, ", 5-5 5-x"), S("5 ")));
	CHECK(str_eq(ranks_of(&b, "2147483646-2147483647,2147483648"), S("2147483646 2147483647 ")));
	CHECK(str_eq(ranks_of(&b, "1,2147483647-2147483648"), S("1 ")));
	CHECK(str_eq(ranks_of(&b, "1,2147483647,3"), S("1 2147483647 3 ")));
	CHECK(count_ranks("0-4096") == 4097 && count_ranks("0-4097") == 0);
	CHECK(count_ranks("1, x") == 1);
	buf_free(&b);
	return test_done();
}
