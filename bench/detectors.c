/*
 * detectors - run each pattern on a window of typed records in steady state,
 * including the rendering of verdicts, and count the cost of a pass:
 *	detectors [BENCH [PASSES]]
 * prints bench, records, verdicts, and per pass: calls of malloc, calloc and
 * realloc, bytes requested, nanoseconds.  Status 2 if the number of verdicts is
 * wrong.  Heap calls are intercepted by the linker (--wrap).
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/num.h"
#include "filter/filter.h"
#include "input/text/aer.h"
#include "input/text/eviction.h"
#include "event/metric.h"

static uint64_t calls, bytes;

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);

void *
__wrap_malloc(size_t n)
{
	calls++;
	bytes += n;
	return __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	calls++;
	bytes += n * size;
	return __real_calloc(n, size);
}

void *
__wrap_realloc(void *p, size_t n)
{
	calls++;
	bytes += n;
	return __real_realloc(p, n);
}

static const int64_t T0 = INT64_C(1790200000) * SECOND;

static uint32_t
named(struct events *ev, struct str prefix, uint64_t n)
{
	struct buf *b = &ev->scratch;

	b->n = 0;
	buf_add(b, prefix);
	buf_u64(b, n);
	return idx_add(&ev->names, buf_str(b));
}

/* 128 Xids on as many nodes, and 896 evictions that are all attributed to them. */
static void
xid_window(struct events *ev)
{
	for (unsigned i = 0; i < 128; i++)
		events_add(ev, EVENT_XID,
			   &(struct xid){
				   .e = {.t = T0 + i, .node = named(ev, S("gpu-node-"), i), .uid = named(ev, S("s=1;i="), i)},
				   .gpu = {.bus = 0x3b, .known = 1},
				   .code = 79,
				   .text = idx_add(&ev->names, S("NVRM: Xid (PCI:0000:3b:00): 79, GPU has fallen off the bus.")),
			   });
	for (unsigned i = 0; i < 896; i++)
		events_add(ev, EVENT_LOSS,
			   &(struct loss){
				   .e = {.t = T0 + SECOND + i, .node = named(ev, S("gpu-node-"), i % 128), .uid = named(ev, S("ev-"), i)},
				   .name = named(ev, S("job-rank-"), i),
				   .ns = idx_add(&ev->names, S("training")),
				   .pod_uid = named(ev, S("pod-"), i),
				   .reason = idx_add(&ev->names, S("Evicted")),
				   .note = idx_add(&ev->names, S("The node was low on resource: memory.")),
			   });
}

/* 820 evictions, 64 conditions that caused them, 140 unrelated ones. */
static void
eviction_window(struct events *ev)
{
	for (unsigned i = 0; i < 64 + 140; i++)
		events_add(ev, EVENT_CONDITION,
			   &(struct condition){
				   .e = {.t = T0 + i, .node = named(ev, S("gpu-node-"), i), .uid = named(ev, S("node-"), i)},
				   .note = idx_add(&ev->names, S("kubelet has insufficient memory available")),
				   .pressure = PRESSURE_MEMORY,
				   .on = i < 64,
			   });
	for (unsigned i = 0; i < 820; i++)
		events_add(ev, EVENT_LOSS,
			   &(struct loss){
				   .e = {.t = T0 + SECOND + i, .node = named(ev, S("gpu-node-"), i % 64), .uid = named(ev, S("ev-"), i)},
				   .name = named(ev, S("job-rank-"), i),
				   .ns = idx_add(&ev->names, S("training")),
				   .pod_uid = named(ev, S("pod-"), i),
				   .reason = idx_add(&ev->names, S("Evicted")),
				   .note = idx_add(&ev->names, S("The node was low on resource: memory. ")),
			   });
}

/* 8 process groups of 128 ranks; each eighth of a group has a collective of its
 * own: 128 in all, every other one hangs. */
static void
hang_window(struct events *ev)
{
	for (unsigned i = 0; i < 1024; i++) {
		uint32_t group = named(ev, S("group-"), i / 128), rank = i % 128;
		struct event e = {.t = T0 + i, .node = named(ev, S("gpu-node-"), i / 8)};

		if (rank / 8 % 2 == 0)
			events_add(ev, EVENT_COMPLETED, &(struct completed){.e = e, .from = 1, .to = 1, .rank = rank, .group = group});
		else
			events_add(ev, EVENT_COLLECTIVE,
				   &(struct collective){
					   .e = e,
					   .started = NO_TIME,
					   .seen = NO_TIME,
					   .seq = 1 + rank / 8,
					   .rank = rank,
					   .group = group,
					   .op = idx_add(&ev->names, S("nccl:all_reduce")),
					   .shape = idx_add(&ev->names, S("[[128,4096]]|[\"BFloat16\"]|[[128,4096]]|[\"BFloat16\"]")),
					   .dump = 1,
				   });
	}
}

static struct sample
measured(struct events *ev, uint16_t field, unsigned gpu, int64_t t, int64_t value)
{
	return (struct sample){
		.e = {.t = t, .node = named(ev, S("gpu-node-"), gpu / 8)},
		.value = value,
		.start = NO_TIME,
		.gpu = {.bus = (uint8_t)(1 + gpu % 8), .known = 1},
		.index = -1,
		.field = field & SAMPLE_FIELD,
	};
}

/* 341 GPUs with an increasing count of uncorrected errors and an Xid each;
 * every other Xid is a memory error. */
static void
memory_window(struct events *ev)
{
	struct sample s;

	for (unsigned i = 0; i < 341; i++) {
		for (unsigned k = 0; k < 2 + (i == 0); k++) {
			s = measured(ev, METRIC_ECC_DBE_VOL, i, T0 + i + (int64_t)k * 30 * SECOND, k != 0);
			events_add(ev, EVENT_SAMPLE, &s);
		}
		events_add(ev, EVENT_XID,
			   &(struct xid){
				   .e = {.t = T0 + 20 * SECOND + i, .node = s.e.node, .uid = named(ev, S("s=1;i="), i)},
				   .gpu = s.gpu,
				   .code = i % 2 ? 31 : 94,
				   .text = idx_add(&ev->names, S("NVRM: Xid (PCI:0000:3b:00): 94, Contained: DRAM")),
			   });
	}
}

/* 16 nodes of 8 GPUs.  On every other node 3 GPUs are too hot, with a verdict
 * each; on the others 5, with one verdict for the node. */
static void
heat_window(struct events *ev)
{
	for (unsigned i = 0; i < 128; i++)
		for (unsigned k = 0; k < 8; k++) {
			bool hot = i % 8 < (i / 8 % 2 ? 5 : 3);
			struct sample s = measured(ev, METRIC_CLOCKS_EVENT, i, T0 + (int64_t)(i / 8 * 600 + k * 30) * SECOND, hot ? 0x20 : 0);

			events_add(ev, EVENT_SAMPLE, &s);
		}
}

/* 512 GPUs with an error report and a throughput, half of them low. */
static void
link_window(struct events *ev)
{
	for (unsigned i = 0; i < 512; i++) {
		struct pci gpu = {.bus = (uint8_t)(1 + i % 8), .known = 1};
		uint32_t node = named(ev, S("gpu-node-"), i / 8);

		events_add(ev, EVENT_AER,
			   &(struct aer){
				   .e = {.t = T0 + i, .node = node, .uid = named(ev, S("s=1;i="), i)},
				   .dev = gpu,
				   .status = 1 << 14,
				   .text = idx_add(&ev->names, S("Completion Timeout")),
				   .part = AER_FLAT,
				   .severity = AER_NONFATAL,
				   .layer = AER_TRANSACTION,
				   .driver = AER_DRIVER_NVIDIA,
			   });
		events_add(ev, EVENT_RATE,
			   &(struct rate){
				   .e = {.t = T0 + SECOND + i, .node = node},
				   .value = INT64_C(1000000000000) * (i % 2 ? 4 : 20),
				   .baseline = INT64_C(20000000000000),
				   .gpu = gpu,
			   });
	}
}

static const struct bench {
	struct str name;
	const struct pattern *p;
	void (*fill)(struct events *ev);
	const char *arg;
	size_t verdicts; /* worked out by hand from the window */
} benches[] = {
	{STR_INIT("xid_correlation"), &xid_correlation, xid_window, NULL, 896},
	{STR_INIT("pod_evicted"), &pod_evicted, eviction_window, NULL, 820},
	{STR_INIT("nccl_hang"), &nccl_hang, hang_window, "--all", 64},
	{STR_INIT("hbm_ecc"), &hbm_ecc, memory_window, NULL, 171},
	{STR_INIT("thermal_throttle"), &thermal_throttle, heat_window, NULL, 8 * 3 + 8},
	{STR_INIT("pcie_aer"), &pcie_aer, link_window, NULL, 256},
};

/* No bench uses an option with a file. */
static bool
load(struct program *p, struct str file, const char *(*parse)(void *, struct str, struct mem *, uint64_t *), void *to)
{
	(void)p, (void)parse, (void)to;
	return file.n == 0;
}

/* The pattern's config, set by its command line. */
static bool
configure(const struct bench *x, void *config, struct events *ev, struct mem *m)
{
	char prog[] = "detectors", arg[32], *argv[] = {prog, arg, NULL};
	struct out null = {.fd = -1};
	struct diag d = {.to = &null};
	struct opt_run o = {.set = {{x->p->opt, config}}, .out = &null, .diag = &d};
	struct program program = {.diag = &d, .out = &null, .mem = m, .load = load};
	bool good;

	if (x->p->config)
		memcpy(config, x->p->config, x->p->config_size);
	if (x->arg)
		memcpy(arg, x->arg, strlen(x->arg) + 1);
	good = opt_parse(&o, x->arg ? 2 : 1, argv) < 0 && (!x->p->setup || x->p->setup(config, &program) < 0);
	events_keep_fields(ev, program.fields);
	buf_free(&null.b);
	return good;
}

static int64_t
clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

/* False if the number of verdicts is wrong. */
static bool
run(const struct bench *x, uint64_t passes, struct buf *report)
{
	struct events ev = {.wants = x->p->wants, .since = NO_TIME, .until = NO_TIME};
	struct verdicts vs = {.id = x->p->id, .name = x->p->name};
	struct buf out = {0}, notice = {0}, scratch = {0};
	struct mem run = {0}, config = {0};
	struct settled settled;
	uint64_t c = 0, n = 0, records = 0;
	int64_t began = 0;
	char *conf = mem_get(&config, x->p->config_size, 1);
	bool good = configure(x, conf, &ev, &config);

	x->fill(&ev);
	events_sort(&ev);
	settled = settle(&ev, (struct str){0}, &config);
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		records += ev.list[k].n;
	/* the first passes allocate */
	for (uint64_t i = 0; i < passes + 4; i++) {
		if (i == 4) {
			c = calls;
			n = bytes;
			began = clock_ns();
		}
		mem_reset(&run);
		verdicts_reset(&vs);
		out.n = notice.n = 0;
		x->p->detect(&(struct detection){
			.ev = &ev, .settled = &settled, .names = &ev.names, .spare = &ev.scratch, .config = conf, .out = &vs, .notice = &notice, .scratch = &scratch, .mem = &run});
		for (size_t v = 0; v < vs.n; v++)
			jsonl_put(&out, &vs, &vs.v[v]);
	}
	began = clock_ns() - began;
	c = calls - c;
	n = bytes - n;
	buf_add(report, x->name);
	for (size_t i = 0; i < 5; i++) {
		const uint64_t column[] = {records, vs.n, c / passes, n / passes, (uint64_t)began / passes};

		buf_chr(report, '\t');
		buf_u64(report, column[i]);
	}
	buf_chr(report, '\n');
	good = good && vs.n == x->verdicts;
	events_free(&ev);
	verdicts_free(&vs);
	buf_free(&out);
	buf_free(&notice);
	buf_free(&scratch);
	mem_free(&run);
	mem_free(&config);
	return good;
}

int
main(int argc, char *argv[])
{
	struct out out = {.fd = STDOUT_FILENO};
	uint64_t passes = 100;
	size_t done = 0;
	bool good = true;

	if (argc > 2 && (!num_u64(str_of(argv[2]), &passes) || passes == 0))
		return EX_FAIL;
	for (size_t i = 0; i < NELEM(benches); i++) {
		if (argc > 1 && !str_eq(str_of(argv[1]), benches[i].name))
			continue;
		good = run(&benches[i], passes, &out.b) && good;
		done++;
	}
	return out_flush(&out) && done && good ? EX_FINE : EX_FAIL;
}
