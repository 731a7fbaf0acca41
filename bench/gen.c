/*
 * gen - synthetic input of any size for benches, reproducible:
 *	gen WHAT BYTES [SEED]
 * See the table at the end for WHAT.
 */
#include <unistd.h>

#include "base/diag.h"
#include "base/num.h"
#include "base/time.h"

static uint64_t state;

/* xorshift64* (Vigna 2016): a number below n. */
static uint64_t
roll(uint64_t n)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * UINT64_C(2685821657736338717) >> 16) % n;
}

static const int64_t START = INT64_C(1790200000) * SECOND;
static int64_t now; /* of the current line */

static const struct str noise[] = {
	STR_INIT("mlx5_core 0000:5e:00.0: Port module event: module 0, Cable plugged"),
	STR_INIT("perf: interrupt took too long (3921 > 3910), lowering kernel.perf_event_max_sample_rate to 51000"),
	STR_INIT("EXT4-fs (nvme3n1p1): mounted filesystem with ordered data mode. Quota mode: none."),
	STR_INIT("nvme nvme2: I/O 448 QID 12 timeout, completion polled"),
	STR_INIT("audit: type=1400 audit(1790200015.123:456): apparmor=\\\"DENIED\\\" operation=\\\"open\\\" "
		 "profile=\\\"cri-containerd.apparmor.d\\\" name=\\\"/proc/1/maps\\\""),
	STR_INIT("cgroup: fork rejected by pids controller in /kubepods.slice/kubepods-burstable.slice"),
};

static const struct str errors[] = {
	STR_INIT("45, pid=4411, name=python, Ch 00000008"),
	STR_INIT("45, pid=4411, name=python, Ch 00000009"),
	STR_INIT("31, pid=4411, name=python, Ch 00000018, intr 00000000. MMU Fault: ENGINE CE2 HUBCLIENT_CE1 faulted"),
	STR_INIT("13, pid='<unknown>', name=<unknown>, Graphics SM Warp Exception on (GPC 3, TPC 1, SM 0): Out Of Range Address"),
	STR_INIT("79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus."),
	STR_INIT("94, pid=4411, name=python, Contained: CE User Channel (0x9). RST: No, D-RST: No"),
};

static void
journal(struct buf *b, uint64_t n, uint64_t node, struct str text, struct str more)
{
	uint64_t us = (uint64_t)now / 1000;

	buf_add(b, S("{\"__CURSOR\":\"s=2c2f7f3d64d844aa9bc1844a48026313;i="));
	buf_hex(b, n, 1);
	buf_add(b, S(";b=c4b33c96f240457abc130dcb73da2b24;m="));
	buf_hex(b, us, 1);
	buf_add(b, S(";t="));
	buf_hex(b, us, 1);
	buf_add(b, S(";x=eb931437dac873e3\",\"__REALTIME_TIMESTAMP\":\""));
	buf_u64(b, us);
	buf_add(b, S("\",\"__MONOTONIC_TIMESTAMP\":\""));
	buf_u64(b, us - 1790000000000000);
	buf_add(b, S("\",\"_BOOT_ID\":\"c4b33c96f240457abc130dcb73da2b24\",\"_MACHINE_ID\":\"6641fb6ac4e235aef340bea75f556792\","
		     "\"_HOSTNAME\":\"gpu-"));
	buf_u64(b, node);
	buf_add(b, S("\",\"_TRANSPORT\":\"kernel\",\"SYSLOG_FACILITY\":\"0\",\"SYSLOG_IDENTIFIER\":\"kernel\","
		     "\"_SOURCE_MONOTONIC_TIMESTAMP\":\""));
	buf_u64(b, us - 1790000000000037);
	buf_add(b, S("\",\"PRIORITY\":\"4\",\"MESSAGE\":\""));
	buf_add(b, text);
	buf_add(b, more);
	buf_add(b, S("\"}\n"));
}

static void
eviction(struct buf *b, uint64_t n, uint64_t node)
{
	buf_add(b, S("{\"kind\":\"Event\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"job.17a\",\"namespace\":\"train\",\"uid\":\"ev-"));
	buf_u64(b, n);
	buf_add(b, S("\"},\"involvedObject\":{\"kind\":\"Pod\",\"namespace\":\"train\",\"name\":\"job-"));
	buf_u64(b, n);
	buf_add(b, S("\",\"uid\":\"pod-"));
	buf_u64(b, n);
	buf_add(b, S("\"},\"reason\":\"Evicted\",\"message\":\"The node was low on resource: memory. \",\"source\":{\"component\":"
		     "\"kubelet\",\"host\":\"gpu-"));
	buf_u64(b, node);
	buf_add(b, S("\"},\"firstTimestamp\":\""));
	time_put(b, now / SECOND * SECOND);
	buf_add(b, S("\",\"lastTimestamp\":\""));
	time_put(b, now / SECOND * SECOND);
	buf_add(b, S("\",\"count\":1,\"type\":\"Warning\",\"eventTime\":null}\n"));
}

static void
xid(struct buf *b, uint64_t n, uint64_t node)
{
	static const struct str gpu[] = {
		STR_INIT("NVRM: Xid (PCI:0000:1b:00): "),
		STR_INIT("NVRM: Xid (PCI:0000:3b:00): "),
		STR_INIT("NVRM: Xid (PCI:0000:5d:00): "),
		STR_INIT("NVRM: Xid (PCI:0000:9b:00): "),
	};

	journal(b, n, node, gpu[roll(NELEM(gpu))], errors[roll(NELEM(errors))]);
}

static void
noted(struct buf *b, uint64_t n, uint64_t node)
{
	journal(b, n, node, noise[roll(NELEM(noise))], S(""));
}

/* A line of text in rsyslog's format. */
static void
syslog(struct buf *b, uint64_t node, struct str text, struct str more)
{
	time_put(b, now / 1000 * 1000);
	b->n--; /* Z */
	buf_add(b, S("+00:00 gpu-"));
	buf_u64(b, node);
	buf_add(b, S(" kernel: ["));
	buf_u64(b, (uint64_t)((now - START) / SECOND) + 81231);
	buf_add(b, S(".401223] "));
	buf_add(b, text);
	buf_add(b, more);
	buf_chr(b, '\n');
}

static void
xid_text(struct buf *b, uint64_t n, uint64_t node)
{
	(void)n;
	syslog(b, node, S("NVRM: Xid (PCI:0000:3b:00): "), errors[roll(NELEM(errors))]);
}

static void
noted_text(struct buf *b, uint64_t n, uint64_t node)
{
	(void)n;
	syslog(b, node, noise[roll(NELEM(noise))], S(""));
}

/* A text with numbers in place of #. */
static void
numbered(struct buf *b, struct str text, uint64_t below)
{
	struct str part;

	while (str_cut(&text, '#', &part)) {
		buf_add(b, part);
		if (text.p)
			buf_u64(b, roll(below));
	}
}

/* Output of ranks of a training job: frameworks, progress bars, NCCL. */
static void
trained_text(struct buf *b, uint64_t n, uint64_t node)
{
	static const struct str lines[] = {
		STR_INIT(" iteration #/ 500000 | consumed samples: # | elapsed time per iteration (ms): #.4 | throughput per GPU (TFLOP/s/GPU): #.2"
			 " | learning rate: 1.#E-04 | global batch size: 1024 | lm loss: 2.#E+00 | loss scale: 1.0 | grad norm: 0.# |"
			 " number of skipped iterations:   0 | number of nan iterations:   0 |"),
		STR_INIT(" [INFO] trainer.py:412: step=# loss=2.# lr=1.5e-04 tokens_per_second=# peak_memory_gib=71.#"),
		STR_INIT(" [INFO] data/loader.py:88: worker # prefetched # samples in 0.# s, queue has #"),
		STR_INIT(" [WARNING] checkpoint.py:207: saving checkpoint at iteration # to /ckpt/run-#/global_step# took #.1 s"),
		STR_INIT(" torch/_dynamo/convert_frame.py:861] [0/8] function: 'forward' (model.py:#), last reason: tensor 'x' size mismatch at index 0"),
		STR_INIT(" NCCL INFO Channel #/0 : #[3] -> #[4] via P2P/CUMEM/read"),
	};
	uint64_t kind = roll(8);

	if (kind == 6) {
		numbered(b, S("{'loss': 2.#, 'grad_norm': 0.#, 'learning_rate': 1.#e-04, 'epoch': 0.#}\n"), 10000);
		return;
	}
	if (kind == 7) {
		numbered(b, S(" 12%|\xe2\x96\x88\xe2\x96\x8f        | #/10000 [20:25<2:29:45,  1.#s/it]\n"), 10000);
		return;
	}
	buf_add(b, S("[rank"));
	buf_u64(b, node);
	buf_add(b, S("]: "));
	time_put(b, now / 1000 * 1000);
	b->p[b->n - 1] = ' '; /* Z */
	numbered(b, lines[kind], n % 10000 + 1);
	buf_chr(b, '\n');
}

/* A collective that timed out, according to its watchdog. */
static void
timeout_text(struct buf *b, uint64_t n, uint64_t node)
{
	buf_add(b, S("[rank"));
	buf_u64(b, node);
	buf_add(b, S("]:[E923 21:46:40.000718000 ProcessGroupNCCL.cpp:632] [Rank "));
	buf_u64(b, node);
	buf_add(b, S("] Watchdog caught collective operation timeout: WorkNCCL(SeqNum="));
	buf_u64(b, n + 1);
	buf_add(b, S(", OpType=ALLREDUCE, NumelIn=1024, NumelOut=1024, Timeout(ms)=600000) ran for 600026 milliseconds before timing out.\n"));
}

/* Xids, and one eviction in 64 lines. */
static void
fault(struct buf *b, uint64_t n, uint64_t node)
{
	if (n % 64 == 63)
		eviction(b, n, node);
	else
		xid(b, n, node);
}

/* One Xid, repeated at different times. */
static void
storm(struct buf *b, uint64_t n, uint64_t node)
{
	(void)node;
	if (n)
		journal(b, n, 7, S("NVRM: Xid (PCI:0000:3b:00): "), S("95, Uncontained: LTC TAG (0x2, 0x1). RST: Yes, D-RST: No"));
	else
		eviction(b, n, 7);
}

/* Copies of one Xid record. */
static void
flood(struct buf *b, uint64_t n, uint64_t node)
{
	now = START;
	storm(b, n != 0, node);
}

/* Evictions, and one Event about a node's memory in 16 lines. */
static void
pressure(struct buf *b, uint64_t n, uint64_t node)
{
	if (n % 16) {
		eviction(b, n, node);
		return;
	}
	buf_add(b, S("{\"kind\":\"Event\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"node.18b\",\"namespace\":\"default\",\"uid\":\"nev-"));
	buf_u64(b, n);
	buf_add(b, S("\"},\"involvedObject\":{\"kind\":\"Node\",\"name\":\"gpu-"));
	buf_u64(b, node);
	buf_add(b, n / 16 % 2 ? S("\"},\"reason\":\"NodeHasSufficientMemory\"") : S("\"},\"reason\":\"NodeHasInsufficientMemory\""));
	buf_add(b, S(",\"message\":\"Node status is now\",\"source\":{\"component\":\"kubelet\"},\"lastTimestamp\":\""));
	time_put(b, now / SECOND * SECOND);
	buf_add(b, S("\",\"type\":\"Normal\"}\n"));
}

enum { GPUS = 4096 }; /* 8 per node; in turn */

/* The end of a flat record. */
static void
of_gpu(struct buf *b, uint64_t gpu)
{
	buf_add(b, S(",\"gpu.id\":\"0000:"));
	buf_hex(b, 0x1b + gpu % 8 * 16, 2);
	buf_add(b, S(":00.0\",\"k8s.node.name\":\"gpu-"));
	buf_u64(b, gpu / 8);
	buf_add(b, S("\",\"time\":"));
	buf_i64(b, now);
	buf_add(b, S("}\n"));
}

static void
sample(struct buf *b, struct str metric, uint64_t value, uint64_t gpu)
{
	buf_add(b, S("{\"metric.name\":\""));
	buf_add(b, metric);
	buf_add(b, S("\",\"value\":"));
	buf_u64(b, value);
	of_gpu(b, gpu);
}

/* Counters of memory errors; for one GPU in 256 they increase now and then. */
static void
counter(struct buf *b, uint64_t n, uint64_t node)
{
	uint64_t gpu = n % GPUS;

	(void)node;
	if (n % 1024 == 1023)
		xid(b, n, gpu / 256 * 32);
	else
		sample(b, S("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL"), gpu % 256 ? 0 : n / GPUS / 8, gpu);
}

/* One GPU in 32 is too hot half of the time. */
static void
heat(struct buf *b, uint64_t n, uint64_t node)
{
	uint64_t gpu = n % GPUS;

	(void)node;
	sample(b, S("DCGM_FI_DEV_CLOCKS_EVENT_REASONS"), gpu % 32 || n / GPUS / 64 % 2 ? 0 : 0x20, gpu);
}

/* Throughputs, and one error report in 16 lines; one GPU in 64 is slow. */
static void
slow_link(struct buf *b, uint64_t n, uint64_t node)
{
	uint64_t gpu = n % GPUS;

	(void)node;
	if (roll(16) == 0) {
		buf_add(b, S("{\"kernelevents.pcie_aer.severity\":\"nonfatal\",\"kernelevents.pcie_aer.type\":\"Completion Timeout\""));
	} else {
		buf_add(b, S("{\"tracecore.alert.pcie_rate_collapse.bytes_per_second\":"));
		buf_u64(b, gpu % 64 ? 20000000000 : 4000000000);
		buf_add(b, S(",\"tracecore.alert.pcie_rate_collapse.baseline_bytes_per_second\":20000000000"));
	}
	of_gpu(b, gpu);
}

enum { BURSTY = 256, STEPS = 120 }; /* GPUs; samples of an hour */

/* A constant property of a GPU, below n (Fibonacci hashing). */
static uint64_t
trait(uint64_t gpu, uint64_t which, uint64_t n)
{
	return ((gpu * 8 + which + 1) * UINT64_C(0x9e3779b97f4a7c15) >> 32) % n;
}

/*
 * Healthy GPUs with phases of work: each pauses now and then for up to four
 * minutes, some are idle, and each reports one corrected error per hour.
 */
static void
bursty(struct buf *b, uint64_t n, uint64_t node)
{
	static const struct str metrics[] = {
		STR_INIT("DCGM_FI_PROF_PCIE_RX_BYTES"), STR_INIT("DCGM_FI_PROF_PCIE_TX_BYTES"), STR_INIT("DCGM_FI_DEV_GPU_UTIL"),
	};
	uint64_t gpu = n % BURSTY, step = n / BURSTY, usual = 2000 + trait(gpu, 0, 18000); /* MB/s */
	bool idle = trait(gpu, 1, 8) == 0;
	bool pause = (step + trait(gpu, 2, 80)) % (20 + trait(gpu, 3, 60)) <= trait(gpu, 4, 8) || roll(50) == 0;

	(void)node;
	now = START + (int64_t)(30 * step + gpu % 7) * SECOND;
	for (size_t i = 0; i < NELEM(metrics); i++) {
		uint64_t rate = idle ? roll(50) : usual * (85 + roll(30)) / 100 / (pause ? 5 + roll(1000) : 1);

		sample(b, metrics[i], i < 2 ? rate * 1000000 : idle ? 0 : pause ? roll(10) : 90 + roll(10), gpu);
	}
	if (step % STEPS == trait(gpu, 5, STEPS)) {
		now += (int64_t)roll(30) * SECOND;
		buf_add(b, S("{\"kernelevents.pcie_aer.severity\":\"corrected\",\"kernelevents.pcie_aer.type\":\"Physical Layer\""));
		of_gpu(b, gpu);
	}
}

enum { RANKS = 512, ROUNDS = 64 }; /* of a process group */

/* An entry of a flight recorder: rank's collective number seq in a group, of
 * which the last one hangs because rank 7 has not joined it. */
static void
entry(struct buf *b, struct str prefix, uint64_t group, uint64_t seq, bool hangs)
{
	static const struct str key[] = {
		STR_INIT("pg_id\":"), STR_INIT("process_group\":[\""), STR_INIT("collective_seq_id\":"),
		STR_INIT("profiling_name\":\"nccl:all_reduce\",\""), STR_INIT("time_created_ns\":"),
		STR_INIT("input_sizes\":[[128,4096]],\""), STR_INIT("input_dtypes\":[\"BFloat16\"],\""),
		STR_INIT("output_sizes\":[[128,4096]],\""), STR_INIT("output_dtypes\":[\"BFloat16\"],\""),
		STR_INIT("state\":\""), STR_INIT("is_p2p\":false}"),
	};

	for (size_t i = 0; i < NELEM(key); i++) {
		buf_add(b, prefix);
		buf_add(b, key[i]);
		switch (i) {
		case 0:
		case 1:
			buf_u64(b, group);
			buf_add(b, i ? S("\",\"data\"],\"") : S(",\""));
			break;
		case 2:
			buf_u64(b, seq);
			buf_add(b, S(",\""));
			break;
		case 4:
			buf_i64(b, now);
			buf_add(b, S(",\""));
			break;
		case 9:
			buf_add(b, hangs ? S("scheduled\",\"") : S("completed\",\""));
			break;
		}
	}
}

static void
collective(struct buf *b, uint64_t n, uint64_t node)
{
	uint64_t rank = n % RANKS, seq = n / RANKS % ROUNDS, group = n / RANKS / ROUNDS;

	(void)node;
	now += 20 * SECOND / 1000;
	if (rank == 7 && seq == ROUNDS - 1)
		return;
	buf_add(b, S("{\"time\":"));
	buf_i64(b, now);
	buf_add(b, S(",\"k8s.node.name\":\"gpu-"));
	buf_u64(b, rank / 8);
	buf_add(b, S("\",\"gen_ai.training.rank\":"));
	buf_u64(b, rank);
	buf_add(b, S(",\""));
	entry(b, S("nccl.fr."), group, seq, seq == ROUNDS - 1);
	buf_chr(b, '\n');
}

/* A Python stack of up to 12 frames, replacing the end of an entry. */
static void
stack(struct buf *b)
{
	uint64_t n = 1 + roll(12);

	b->n--;
	buf_add(b, S(",\"frames\":["));
	for (uint64_t i = 0; i < n; i++) {
		buf_add(b, i ? S(",{\"name\":\"") : S("{\"name\":\""));
		buf_add(b, i % 2 ? S("forward") : S("_call_impl"));
		buf_add(b, S("\",\"filename\":\"/opt/train/model.py\",\"line\":"));
		buf_u64(b, roll(2000));
		buf_chr(b, '}');
	}
	buf_add(b, S("]}"));
}

/* A rank's whole dump: 2000 entries, PyTorch's ring; groups of 16 ranks. */
static void
dump(struct buf *b, uint64_t n, bool stacks)
{
	enum { RING = 2000, MEMBERS = 16 };
	uint64_t rank = n % MEMBERS;

	buf_add(b, S("{\"rank\":"));
	buf_u64(b, rank);
	buf_add(b, S(",\"version\":\"2.9\",\"pg_config\":{\""));
	buf_u64(b, n / MEMBERS);
	buf_add(b, S("\":{\"name\":\""));
	buf_u64(b, n / MEMBERS);
	buf_add(b, S("\",\"desc\":\"data\",\"ranks\":\"[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]\"}},\"entries\":["));
	for (uint64_t i = 0; i < RING - (rank == 7); i++) {
		now += 20 * SECOND / 1000;
		buf_add(b, i ? S(",{\"") : S("{\""));
		entry(b, S(""), n / MEMBERS, i, i == RING - 1);
		if (stacks)
			stack(b);
	}
	buf_add(b, S("]}\n"));
}

static void
recorder(struct buf *b, uint64_t n, uint64_t node)
{
	(void)node;
	dump(b, n, false);
}

static void
stacks(struct buf *b, uint64_t n, uint64_t node)
{
	(void)node;
	dump(b, n, true);
}

/* A string of a pickle, new or memoized, in the form of PyTorch's pickler. */
static void
pickled(struct buf *b, struct str s, uint64_t memo, bool first)
{
	char head[] = {'X', (char)s.n, 0, 0, 0}, number[] = {first ? 'q' : 'h', (char)memo};

	if (first) {
		buf_add(b, (struct str){head, sizeof(head)});
		buf_add(b, s);
	}
	buf_add(b, (struct str){number, sizeof(number)});
}

/* An integer of `bytes` bytes after its opcode. */
static void
pickled_int(struct buf *b, struct str opcode, uint64_t v, unsigned bytes)
{
	buf_add(b, opcode);
	for (unsigned i = 0; i < bytes; i++)
		buf_chr(b, (char)(v >> 8 * i & 0xff));
}

/* An entry of a dump that is a pickle, inside the open list of entries. */
static void
pickled_entry(struct buf *b, uint64_t n, uint64_t node)
{
	static const struct str word[] = {
		STR_INIT("pg_id"), STR_INIT("process_group"), STR_INIT("0"), STR_INIT("data"), STR_INIT("collective_seq_id"),
		STR_INIT("profiling_name"), STR_INIT("nccl:all_reduce"), STR_INIT("time_created_ns"), STR_INIT("input_sizes"),
		STR_INIT("input_dtypes"), STR_INIT("BFloat16"), STR_INIT("output_sizes"), STR_INIT("output_dtypes"),
		STR_INIT("state"), STR_INIT("completed"), STR_INIT("is_p2p"),
	};
	/* @: the next word, #: n, $: the time; all else is copied */
	static const struct str shape = STR_INIT(
		"}(@K\0@](@@e@#@@@$@](](K\x80M\0\x10" "ee@](@e@](](K\x80M\0\x10" "ee@](@e@@@\x89u");
	static const unsigned char words[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 10, 13, 14, 15};
	bool seen[NELEM(word)] = {false};
	size_t k = 0;

	(void)node;
	now += 20 * SECOND / 1000;
	for (size_t i = 0; i < shape.n; i++)
		switch (shape.p[i]) {
		case '@':
			pickled(b, word[words[k]], words[k], n == 0 && !seen[words[k]]);
			seen[words[k++]] = true;
			break;
		case '#':
			pickled_int(b, S("J"), n, 4);
			break;
		case '$':
			pickled_int(b, S("\x8a\x08"), (uint64_t)now, 8);
			break;
		default:
			buf_chr(b, shape.p[i]);
		}
}

/* A text with one number in place of @, another in place of #. */
static void
fill(struct buf *b, struct str text, uint64_t at, uint64_t node)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '@')
			buf_u64(b, at);
		else if (text.p[i] == '#')
			buf_u64(b, node);
		else
			buf_chr(b, text.p[i]);
}

/* A pod as printed by kubectl; one in 200 was evicted. */
static void
pod(struct buf *b, uint64_t n, uint64_t node)
{
	static const struct str head = STR_INIT(
		 "        {\n            \"apiVersion\": \"v1\",\n            \"kind\": \"Pod\",\n"
		 "            \"metadata\": {\n                \"annotations\": {\n"
		 "                    \"kubernetes.io/limit-ranger\": \"LimitRanger plugin set: cpu request for container main\"\n"
		 "                },\n                \"creationTimestamp\": \"2026-09-21T01:00:00Z\",\n"
		 "                \"labels\": {\n                    \"app\": \"train\",\n"
		 "                    \"job-index\": \"@\"\n                },\n                \"name\": \"job-@\",\n"
		 "                \"namespace\": \"train\",\n                \"ownerReferences\": [\n"
		 "                    {\n                        \"apiVersion\": \"batch/v1\",\n"
		 "                        \"blockOwnerDeletion\": true,\n"
		 "                        \"controller\": true,\n                        \"kind\": \"Job\",\n"
		 "                        \"name\": \"job\",\n                        \"uid\": \"7f3c-@\"\n"
		 "                    }\n                ],\n                \"resourceVersion\": \"1@\",\n"
		 "                \"uid\": \"pod-@\"\n            },\n            \"spec\": {\n"
		 "                \"containers\": [\n                    {\n                        \"args\": [\n"
		 "                            \"--rank\",\n                            \"@\"\n"
		 "                        ],\n                        \"command\": [\n"
		 "                            \"python\",\n                            \"train.py\"\n"
		 "                        ],\n                        \"env\": [\n                            ");
	static const struct str env = STR_INIT(
		 "{\n                                \"name\": \"NCCL_OPTION_@\",\n"
		 "                                \"value\": \"@\"\n                            }");
	static const struct str spec = STR_INIT(
		 "\n                        ],\n                        \"image\": \"registry/train:1\",\n"
		 "                        \"imagePullPolicy\": \"IfNotPresent\",\n"
		 "                        \"name\": \"main\",\n                        \"resources\": {\n"
		 "                            \"limits\": {\n"
		 "                                \"nvidia.com/gpu\": \"8\"\n                            },\n"
		 "                            \"requests\": {\n                                \"cpu\": \"64\"\n"
		 "                            }\n                        },\n"
		 "                        \"volumeMounts\": [\n                            {\n"
		 "                                \"mountPath\": \"/data0\",\n"
		 "                                \"name\": \"d0\"\n                            },\n"
		 "                            {\n                                \"mountPath\": \"/data1\",\n"
		 "                                \"name\": \"d1\"\n                            },\n"
		 "                            {\n                                \"mountPath\": \"/data2\",\n"
		 "                                \"name\": \"d2\"\n                            },\n"
		 "                            {\n                                \"mountPath\": \"/data3\",\n"
		 "                                \"name\": \"d3\"\n                            },\n"
		 "                            {\n                                \"mountPath\": \"/data4\",\n"
		 "                                \"name\": \"d4\"\n                            }\n"
		 "                        ]\n                    }\n                ],\n"
		 "                \"nodeName\": \"gpu-#\",\n                \"priority\": 0,\n"
		 "                \"restartPolicy\": \"Never\",\n                \"tolerations\": [\n"
		 "                    {\n                        \"effect\": \"NoExecute\",\n"
		 "                        \"key\": \"node.kubernetes.io/not-ready\",\n"
		 "                        \"operator\": \"Exists\",\n"
		 "                        \"tolerationSeconds\": 300\n                    },\n                    {\n"
		 "                        \"effect\": \"NoExecute\",\n"
		 "                        \"key\": \"node.kubernetes.io/not-ready\",\n"
		 "                        \"operator\": \"Exists\",\n"
		 "                        \"tolerationSeconds\": 300\n                    }\n                ],\n"
		 "                \"volumes\": [\n                    {\n                        \"name\": \"d0\",\n"
		 "                        \"persistentVolumeClaim\": {\n"
		 "                            \"claimName\": \"c0\"\n                        }\n"
		 "                    },\n                    {\n                        \"name\": \"d1\",\n"
		 "                        \"persistentVolumeClaim\": {\n"
		 "                            \"claimName\": \"c1\"\n                        }\n"
		 "                    },\n                    {\n                        \"name\": \"d2\",\n"
		 "                        \"persistentVolumeClaim\": {\n"
		 "                            \"claimName\": \"c2\"\n                        }\n"
		 "                    },\n                    {\n                        \"name\": \"d3\",\n"
		 "                        \"persistentVolumeClaim\": {\n"
		 "                            \"claimName\": \"c3\"\n                        }\n"
		 "                    },\n                    {\n                        \"name\": \"d4\",\n"
		 "                        \"persistentVolumeClaim\": {\n"
		 "                            \"claimName\": \"c4\"\n                        }\n"
		 "                    }\n                ]\n            },\n            \"status\": ");
	static const struct str running = STR_INIT(
		 "{\n                \"conditions\": [\n                    {\n"
		 "                        \"lastProbeTime\": null,\n"
		 "                        \"lastTransitionTime\": \"2026-09-21T01:00:07Z\",\n"
		 "                        \"status\": \"True\",\n                        \"type\": \"Initialized\"\n"
		 "                    },\n                    {\n                        \"lastProbeTime\": null,\n"
		 "                        \"lastTransitionTime\": \"2026-09-21T01:00:07Z\",\n"
		 "                        \"status\": \"True\",\n                        \"type\": \"Ready\"\n"
		 "                    },\n                    {\n                        \"lastProbeTime\": null,\n"
		 "                        \"lastTransitionTime\": \"2026-09-21T01:00:07Z\",\n"
		 "                        \"status\": \"True\",\n"
		 "                        \"type\": \"ContainersReady\"\n                    },\n"
		 "                    {\n                        \"lastProbeTime\": null,\n"
		 "                        \"lastTransitionTime\": \"2026-09-21T01:00:07Z\",\n"
		 "                        \"status\": \"True\",\n                        \"type\": \"PodScheduled\"\n"
		 "                    }\n                ],\n                \"containerStatuses\": [\n"
		 "                    {\n                        \"containerID\": \"containerd://5f2e@\",\n"
		 "                        \"image\": \"registry/train:1\",\n"
		 "                        \"lastState\": {},\n                        \"name\": \"main\",\n"
		 "                        \"ready\": true,\n                        \"restartCount\": 0,\n"
		 "                        \"state\": {\n                            \"running\": {\n"
		 "                                \"startedAt\": \"2026-09-21T01:00:05Z\"\n"
		 "                            }\n                        }\n                    }\n"
		 "                ],\n                \"hostIP\": \"10.0.0.1\",\n"
		 "                \"phase\": \"Running\",\n                \"podIP\": \"10.1.0.1\",\n"
		 "                \"qosClass\": \"Burstable\",\n"
		 "                \"startTime\": \"2026-09-21T01:00:00Z\"\n            }");
	static const struct str evicted = STR_INIT(
		 "{\n                \"conditions\": [\n                    {\n"
		 "                        \"lastProbeTime\": null,\n"
		 "                        \"lastTransitionTime\": \"2026-09-21T03:00:07Z\",\n"
		 "                        \"message\": \"The node was low on resource: memory.\",\n"
		 "                        \"reason\": \"TerminationByKubelet\",\n"
		 "                        \"status\": \"True\",\n"
		 "                        \"type\": \"DisruptionTarget\"\n                    }\n                ],\n"
		 "                \"message\": \"The node was low on resource: memory. \",\n"
		 "                \"phase\": \"Failed\",\n                \"reason\": \"Evicted\",\n"
		 "                \"startTime\": \"2026-09-21T01:00:00Z\"\n            }");

	buf_add(b, n ? S(",\n") : S(""));
	fill(b, head, n, node);
	for (uint64_t i = 0; i < 20 + n % 3; i++) {
		buf_add(b, i ? S(", ") : S(""));
		fill(b, env, i, node);
	}
	fill(b, spec, n, node);
	fill(b, n % 200 == 7 ? evicted : running, n, node);
	buf_add(b, S("\n        }"));
}

/* Verdicts of filters on the nodes: a link, an Xid and a pod of a node, in turn. */
static void
verdict(struct buf *b, uint64_t n, uint64_t node)
{
	static const struct str said[] = {
		STR_INIT("\"pattern.id\":\"5\",\"id\":\"pcie_aer/@\",\"headline\":\"PCIe link failed\",\"remediation\":\"Reseat it.\","
			 "\"action\":\"inspect_hardware\",\"gpu_id\":\"0000:3b:00.0\",\"severity\":\"fatal\",\"node\":\"gpu-#\","),
		STR_INIT("\"pattern.id\":\"16\",\"id\":\"xid_correlation/@\",\"headline\":\"Xid 79\",\"remediation\":\"Reset it.\","
			 "\"action\":\"reset_gpu\",\"gpu_id\":\"0000:3b:00.0\",\"xid_code\":79,\"xid_class\":\"hardware\",\"node\":\"gpu-#\","),
		STR_INIT("\"pattern.id\":\"14\",\"id\":\"pod_evicted/@\",\"headline\":\"evicted\",\"remediation\":\"Check it.\","
			 "\"action\":\"none\",\"pod_namespace\":\"train\",\"pod_name\":\"job-#\",\"eviction_kind\":\"taint\",\"node\":\"gpu-#\","),
	};

	buf_chr(b, '{');
	fill(b, said[n % NELEM(said)], n, node);
	fill(b, S("\"evidence_trail\":[{\"kind\":\"kernel_event\",\"uid\":\"u-@\",\"description\":\"its first sign\",\"timestamp\":\""), n, node);
	time_put(b, START + (int64_t)n * 30 * SECOND);
	buf_add(b, S("\"}]}\n"));
}

/* A job of 4,096 ranks on 512 nodes, eight each, one of which goes dark: pods,
 * placement of ranks, Events on the node and its pod, watchdogs and dumps of
 * the others. */
enum { JOB_NODES = 512, JOB_RANKS = 8 * JOB_NODES, JOB_DARK = 137 };

static void
job_log(struct buf *b, uint64_t rank, int64_t t, struct str text)
{
	buf_add(b, S("{\"time\":\""));
	time_put(b, t);
	buf_add(b, S("\",\"log\":\""));
	fill(b, text, rank, rank / 8);
	fill(b, S("\",\"kubernetes\":{\"pod_name\":\"llm-#\",\"namespace_name\":\"train\",\"host\":\"gpu-#\"}}\n"), rank, rank / 8);
}

static void
job_event(struct buf *b, struct str object, int64_t t)
{
	fill(b, S("{\"kind\":\"Event\",\"metadata\":{\"uid\":\"event-@\"},\"involvedObject\":{"), (uint64_t)t, 0);
	fill(b, object, 0, JOB_DARK);
	buf_add(b, S("\"},\"reason\":\"NodeNotReady\",\"message\":\"Node is not ready\",\"lastTimestamp\":\""));
	time_put(b, t);
	buf_add(b, S("\"}\n"));
}

static void
job_dump(struct buf *b, uint64_t rank)
{
	static const struct str end[] = {STR_INIT("completed\",\"retired\":true"), STR_INIT("scheduled\",\"retired\":false")};

	fill(b, S("{\"version\":\"2.9\",\"rank\":@,\"pg_config\":{\"0\":{\"name\":\"0\",\"desc\":\"default_pg\"}},\"entries\":["), rank, 0);
	for (uint64_t i = 0; i < NELEM(end); i++) {
		fill(b, S("{\"record_id\":@,\"pg_id\":0,\"process_group\":[\"0\",\"default_pg\"],\"collective_seq_id\":@,"
			  "\"profiling_name\":\"nccl:all_reduce\",\"time_created_ns\":#,\"input_sizes\":[[8]],\"input_dtypes\":[\"BFloat16\"],"
			  "\"output_sizes\":[[8]],\"output_dtypes\":[\"BFloat16\"],\"is_p2p\":false,\"state\":\""),
		     99 + i, (uint64_t)START + (59 + i) * (uint64_t)SECOND);
		buf_add(b, end[i]);
		buf_add(b, i ? S("}") : S("},"));
	}
	buf_add(b, S("]}\n"));
}

static void
job(struct buf *b, uint64_t n, uint64_t node)
{
	uint64_t rank = n;

	if (n < JOB_NODES) {
		fill(b, S("{\"kind\":\"Pod\",\"metadata\":{\"name\":\"llm-#\",\"namespace\":\"train\",\"uid\":\"pod-#\",\"labels\":{"
			  "\"jobset.sigs.k8s.io/jobset-name\":\"llm\",\"batch.kubernetes.io/job-completion-index\":\"#\"},"
			  "\"creationTimestamp\":\"2026-09-23T21:00:00Z\"},\"spec\":{\"nodeName\":\"gpu-#\",\"containers\":[{\"name\":\"trainer\","
			  "\"env\":[{\"name\":\"PET_NPROC_PER_NODE\",\"value\":\"8\"}],\"resources\":{\"limits\":{\"nvidia.com/gpu\":\"8\"}}}]},"
			  "\"status\":{\"phase\":\"Running\",\"startTime\":\"2026-09-23T21:00:00Z\"}}\n"), 0, n);
	} else if ((rank -= JOB_NODES) < JOB_RANKS) {
		job_log(b, rank, START, S("llm-#:400:1200 [0] NCCL INFO ncclCommInitRankConfig comm 0x55d1 rank @ nranks 4096 cudaDev 0 nvmlDev 0 "
					  "busId 3b000 commId 0x9b - Init COMPLETE"));
	} else if ((rank -= JOB_RANKS) == 0) {
		job_event(b, S("\"kind\":\"Node\",\"name\":\"gpu-#"), START + 100 * SECOND);
		job_event(b, S("\"kind\":\"Pod\",\"namespace\":\"train\",\"name\":\"llm-#"), START + 101 * SECOND);
	} else if ((rank -= 1) < JOB_RANKS) {
		if (rank / 8 != JOB_DARK)
			job_log(b, rank, START + 660 * SECOND, S("[rank@]:[E ProcessGroupNCCL.cpp:632] [Rank @] Watchdog caught collective operation timeout: "
								  "WorkNCCL(SeqNum=100, OpType=ALLREDUCE, NumelIn=8, NumelOut=8, Timeout(ms)=600000) "
								  "ran for 600001 milliseconds before timing out."));
	} else if ((rank -= JOB_RANKS) < JOB_RANKS) {
		if (rank / 8 != JOB_DARK)
			job_dump(b, rank);
	} else {
		noted(b, n, node);
	}
}

static const struct {
	struct str name;
	void (*relevant)(struct buf *b, uint64_t n, uint64_t node);
	uint64_t one_in; /* one line in this many is relevant; the others come from other */
	struct str before, behind; /* text before and after all lines */
	void (*other)(struct buf *b, uint64_t n, uint64_t node); /* mostly a kernel's */
} kinds[] = {
	{STR_INIT("xid-correlate"), fault, 1, STR_INIT(""), STR_INIT(""), noted},
	{STR_INIT("inquest"), fault, 1, STR_INIT(""), STR_INIT(""), noted},
	{STR_INIT("pod-evicted"), pressure, 1, STR_INIT(""), STR_INIT(""), noted},
	{STR_INIT("hbm-ecc"), counter, 1, STR_INIT(""), STR_INIT(""), noted},
	{STR_INIT("thermal"), heat, 1, STR_INIT(""), STR_INIT(""), noted},
	{STR_INIT("pcie-aer"), slow_link, 1, STR_INIT(""), STR_INIT(""), noted},
	{STR_INIT("bursty"), bursty, 1, STR_INIT(""), STR_INIT(""), noted},
	{STR_INIT("nccl-hang"), collective, 1, STR_INIT(""), STR_INIT(""), noted},
	{STR_INIT("recorders"), recorder, 1, STR_INIT(""), STR_INIT(""), noted},
	{STR_INIT("stacks"), stacks, 1, STR_INIT(""), STR_INIT(""), noted},
	{STR_INIT("pickles"), pickled_entry, 1,
		STR_INIT("\x80\x02}(X\x04\0\0\0rankK\0X\x07\0\0\0versionX\x03\0\0\0" "2.9X\x07\0\0\0entries]("), STR_INIT("eu."), noted},
	{STR_INIT("pods"), pod, 1, STR_INIT("{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n"),
		STR_INIT("\n    ],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n"), noted},
	{STR_INIT("flood"), flood, 1, STR_INIT(""), STR_INIT(""), noted},
	{STR_INIT("storm"), storm, 1, STR_INIT(""), STR_INIT(""), noted},
	{STR_INIT("journal"), fault, 100, STR_INIT(""), STR_INIT(""), noted},
	{STR_INIT("kernel-text"), xid_text, 100, STR_INIT(""), STR_INIT(""), noted_text},
	{STR_INIT("training-text"), timeout_text, 10000, STR_INIT(""), STR_INIT(""), trained_text},
	{STR_INIT("verdicts"), verdict, 1, STR_INIT(""), STR_INIT(""), noted},
	{STR_INIT("job"), job, 1, STR_INIT(""), STR_INIT(""), noted},
	{STR_INIT("dump"), fault, 2000, STR_INIT(""), STR_INIT(""), noted}, /* 9,000 in 10 GB */
};

int
main(int argc, char *argv[])
{
	struct out out = {.fd = STDOUT_FILENO}, err = {.fd = STDERR_FILENO};
	struct diag d = {.to = &err, .prog = S("gen")};
	uint64_t bytes, seed = 1, done = 0;
	size_t k = 0;

	while (argc > 1 && k < NELEM(kinds) && !str_eq(kinds[k].name, str_of(argv[1])))
		k++;
	if (argc < 3 || k == NELEM(kinds) || !num_size(str_of(argv[2]), &bytes) || (argc > 3 && !num_u64(str_of(argv[3]), &seed))) {
		DIAG(&d, S("usage: gen WHAT BYTES [SEED]"));
		return EX_FAIL;
	}
	state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	now = START;
	buf_add(&out.b, kinds[k].before);
	for (uint64_t n = 0; done + out.b.n < bytes && !out.err; n++) {
		uint64_t node = roll(512);

		now += (int64_t)roll(2000000);
		if (n % kinds[k].one_in)
			kinds[k].other(&out.b, n, node);
		else
			kinds[k].relevant(&out.b, n / kinds[k].one_in, node);
		if (out.b.n >= 65536) {
			done += out.b.n;
			out_spill(&out);
		}
	}
	buf_add(&out.b, kinds[k].behind);
	out_flush(&out);
	return out.err ? EX_FAIL : EX_FINE;
}
