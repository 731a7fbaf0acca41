/*
 * detectors - run each pattern alone on a window of typed records in steady
 * state, verdicts rendered to bytes inside, and count what a pass costs:
 *	detectors [BENCH [PASSES]]
 * prints bench, records, verdicts, and per pass: calls of malloc, calloc and
 * realloc, bytes asked for, nanoseconds.  The heap is counted where it is:
 * the linker hands us the calls (--wrap).
 */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/num.h"
#include "filter.h"

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

/* 128 Xids on as many nodes, and 896 evictions that all join. */
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

static const struct bench {
	struct str name;
	const struct pattern *p;
	void (*fill)(struct events *ev);
} benches[] = {
	{STR_INIT("xid_correlation"), &xid_correlation, xid_window},
};

static int64_t
clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

static void
run(const struct bench *x, uint64_t passes, struct buf *report)
{
	struct events ev = {.wants = x->p->wants, .since = NO_TIME, .until = NO_TIME};
	struct verdicts vs = {.id = x->p->id, .name = x->p->name};
	struct buf out = {0}, notice = {0}, scratch = {0};
	struct mem run = {0}, config = {0};
	uint64_t c = 0, n = 0, records = 0;
	int64_t began = 0;
	char *conf = mem_get(&config, x->p->config_size, 1);

	for (size_t i = 0; x->p->config && i < x->p->config_size; i++)
		conf[i] = ((const char *)x->p->config)[i];
	x->fill(&ev);
	events_sort(&ev);
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		records += ev.list[k].n;
	/* the first passes find their room */
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
			.ev = &ev, .config = conf, .out = &vs, .notice = &notice, .scratch = &scratch, .mem = &run});
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
	events_free(&ev);
	verdicts_free(&vs);
	buf_free(&out);
	buf_free(&notice);
	buf_free(&scratch);
	mem_free(&run);
	mem_free(&config);
}

int
main(int argc, char *argv[])
{
	struct out out = {.fd = STDOUT_FILENO};
	uint64_t passes = 100;
	size_t done = 0;

	if (argc > 2 && (!num_u64(str_of(argv[2]), &passes) || passes == 0))
		return EX_FAIL;
	for (size_t i = 0; i < NELEM(benches); i++) {
		if (argc > 1 && !str_eq(str_of(argv[1]), benches[i].name))
			continue;
		run(&benches[i], passes, &out.b);
		done++;
	}
	return out_flush(&out) && done ? EX_FINE : EX_FAIL;
}
