#include <stdlib.h>

#include "input/dialect/dialect.h"
#include "base/test.h"
#include "pattern/pcie_aer/pcie.h"

/*
 * Random incidents, compared with a slow and simple implementation, and with
 * themselves: in another order, with copies, shifted in time, in shards.
 */
enum { NODES = 3, GPUS = 4, RECORDS = 60, ROUNDS = 300 };

#define T0 INT64_C(1772600767000000000)
#define WINDOW (300 * SECOND)

struct record {
	int64_t t;
	int node, gpu;
	int report;   /* severity, or 0: a rate */
	int rate;     /* of 100 */
};

static uint64_t seed = 88172645463325252u;

static unsigned
rnd(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 33) % n;
}

static void
put_record(struct buf *b, const struct record *r, int64_t shift)
{
	static const char *const severity[] = {"", "corrected", "nonfatal", "fatal"};

	b->n = 0;
	if (r->report) {
		buf_add(b, S("{\"kernelevents.pcie_aer.severity\":\""));
		buf_add(b, str_of(severity[r->report]));
		buf_chr(b, '"');
	} else {
		buf_add(b, S("{\"tracecore.alert.pcie_rate_collapse.bytes_per_second\":"));
		buf_i64(b, r->rate);
		buf_add(b, S(",\"tracecore.alert.pcie_rate_collapse.baseline_bytes_per_second\":100"));
	}
	buf_add(b, S(",\"gpu.id\":\"0000:"));
	buf_hex(b, 0x10 + (uint64_t)r->gpu, 2);
	buf_add(b, S(":00.0\",\"host.name\":\"n"));
	buf_i64(b, r->node);
	buf_add(b, S("\",\"time\":"));
	buf_i64(b, r->t + shift);
	buf_chr(b, '}');
}

/* The verdicts of the records as JSON lines, or only their number. */
static size_t
judge(struct buf *out, const struct record *r, const unsigned *order, size_t n, int64_t shift, int node, bool fatal_alone)
{
	struct events ev = {.wants = pcie_aer.wants, .since = NO_TIME, .until = NO_TIME};
	struct reader reader = {.ev = &ev, .boot_time = NO_TIME};
	struct pcie_options c = {.window = WINDOW, .drop = 500000, .fatal_alone = fatal_alone};
	struct verdicts vs = {.id = pcie_aer.id, .name = pcie_aer.name};
	struct buf line = {0}, notice = {0}, scratch = {0}, explain = {0};
	struct mem m = {0};
	struct settled settled;
	size_t found;

	for (size_t i = 0; i < n; i++) {
		if (node >= 0 && r[order[i]].node != node)
			continue;
		put_record(&line, &r[order[i]], shift);
		reader_value_text(&reader, buf_str(&line));
	}
	events_sort(&ev);
	settled = settle(&ev, (struct str){0}, &m);
	pcie_aer.detect(&(struct detection){
		.ev = &ev, .settled = &settled, .names = &ev.names, .spare = &ev.scratch, .config = &c, .out = &vs, .notice = &notice, .scratch = &scratch, .mem = &m,
		.explain = n % 2 ? &explain : NULL,
	});
	for (size_t i = 0; out && i < vs.n; i++)
		jsonl_put(out, &vs, &vs.v[i]);
	found = vs.n;
	verdicts_free(&vs);
	buf_free(&line);
	buf_free(&notice);
	buf_free(&scratch);
	buf_free(&explain);
	mem_free(&m);
	reader_free(&reader);
	events_free(&ev);
	return found;
}

static int
record_cmp(const void *x, const void *y)
{
	const struct record *a = x, *b = y;

	if (a->t != b->t)
		return SORT_ORDER(a->t, b->t);
	return SORT_ORDER(!a->report, !b->report);
}

/*
 * The simple implementation: the pairs "report time, collapse time" of the
 * verdicts, per GPU and episode, as "R C\n"; C is - for a fatal report alone.
 */
static void
opinion(struct buf *out, struct record *r, size_t n, int node, int gpu, bool fatal_alone)
{
	struct record x[RECORDS];
	size_t k = 0, from, to;
	bool seen = false;

	for (size_t i = 0; i < n; i++) /* ignore collapses before the first report */
		if (r[i].node == node && r[i].gpu == gpu && (r[i].report || r[i].rate <= 50)) {
			seen |= r[i].report != 0;
			if (seen)
				x[k++] = r[i];
		}
	for (from = 0; from < k; from = to) {
		const struct record *best = NULL, *hit = NULL, *fatal = NULL;

		for (to = from + 1; to < k; to++) {
			int64_t d = x[to].t - x[to - 1].t;

			if (d > WINDOW || (d == WINDOW && !(x[to - 1].report && !x[to].report)))
				break;
		}
		for (size_t i = from; i < to; i++) {
			if (x[i].report == 3)
				fatal = &x[i];
			for (size_t h = 0; x[i].report && h < k; h++)
				if (!x[h].report && x[h].t >= x[i].t && x[h].t - x[i].t <= WINDOW) {
					best = &x[i];
					hit = &x[h];
					break;
				}
		}
		if (!best && !(fatal_alone && fatal))
			continue;
		time_put(out, best ? best->t : fatal->t);
		buf_chr(out, ' ');
		if (hit)
			time_put(out, hit->t);
		else
			buf_chr(out, '-');
		buf_chr(out, '\n');
	}
}

/* The same pairs from the verdicts of one GPU. */
static void
pairs(struct buf *out, struct str json, int node, int gpu)
{
	static const struct str stamp = STR_INIT("\"timestamp\":\"");
	struct buf who = {0};
	struct str v, t;

	buf_add(&who, S("\"gpu_id\":\"0000:"));
	buf_hex(&who, 0x10 + (uint64_t)gpu, 2);
	buf_add(&who, S(":00.0\",\"node\":\"n"));
	buf_i64(&who, node);
	buf_chr(&who, '"');
	while (str_cut(&json, '\n', &v)) {
		if (!str_has(v, buf_str(&who)))
			continue;
		v = str_from(v, str_find(v, stamp) + stamp.n);
		str_cut(&v, '"', &t);
		buf_add(out, t);
		buf_chr(out, ' ');
		if (str_has(v, stamp)) {
			v = str_from(v, str_find(v, stamp) + stamp.n);
			str_cut(&v, '"', &t);
			buf_add(out, t);
		} else {
			buf_chr(out, '-');
		}
		buf_chr(out, '\n');
	}
	buf_free(&who);
}

static size_t
make(struct record *r)
{
	static const int64_t grain[] = {1, SECOND, 30 * SECOND, 100 * SECOND};
	size_t n = 1 + rnd(RECORDS);
	int64_t g = grain[rnd(NELEM(grain))];

	for (size_t i = 0; i < n; i++) {
		r[i] = (struct record){
			.t = T0 + (int64_t)rnd(40) * g + (rnd(3) ? 0 : (int64_t)rnd(3) * WINDOW),
			.node = (int)rnd(NODES),
			.gpu = (int)rnd(rnd(2) ? GPUS : 1),
			.report = rnd(2) ? 1 + (int)rnd(3) : 0,
			.rate = 49 + (int)rnd(4),
		};
	}
	return n;
}

/* Verdicts for a text of JSON lines. */
static size_t
judge_text(struct buf *out, struct str text, bool siblings)
{
	struct events ev = {.wants = pcie_aer.wants, .since = NO_TIME, .until = NO_TIME};
	struct reader reader = {.ev = &ev, .boot_time = NO_TIME};
	struct pcie_options c = {.window = WINDOW, .drop = 500000, .siblings = siblings};
	struct verdicts vs = {.id = pcie_aer.id, .name = pcie_aer.name};
	struct buf notice = {0}, scratch = {0};
	struct mem m = {0};
	struct settled settled;
	struct str line;
	size_t found;

	while (str_cut(&text, '\n', &line))
		if (line.n)
			reader_value_text(&reader, line);
	events_sort(&ev);
	settled = settle(&ev, (struct str){0}, &m);
	pcie_aer.detect(&(struct detection){
		.ev = &ev, .settled = &settled, .names = &ev.names, .spare = &ev.scratch, .config = &c, .out = &vs, .notice = &notice, .scratch = &scratch, .mem = &m});
	out->n = 0;
	for (size_t i = 0; i < vs.n; i++)
		jsonl_put(out, &vs, &vs.v[i]);
	found = vs.n;
	verdicts_free(&vs);
	buf_free(&notice);
	buf_free(&scratch);
	mem_free(&m);
	reader_free(&reader);
	events_free(&ev);
	return found;
}

static void
put_sample(struct buf *b, int gpu, int64_t value, int64_t t)
{
	buf_add(b, S("{\"metric.name\":\"DCGM_FI_PROF_PCIE_RX_BYTES\",\"value\":"));
	buf_i64(b, value);
	buf_add(b, S(",\"gpu.id\":\"0000:"));
	buf_hex(b, 1 + (uint64_t)gpu, 2);
	buf_add(b, S(":00.0\",\"host.name\":\"n\",\"time\":"));
	buf_i64(b, t);
	buf_add(b, S("}\n"));
}

/* More than initial capacities and limits. */
static void
test_many(void)
{
	struct buf text = {0}, out = {0};
	struct record r;

	TEST("a hundred nodes");
	for (int i = 0; i < 100; i++) {
		struct buf line = {0};

		r = (struct record){.t = T0, .node = i, .report = 1};
		put_record(&line, &r, 0);
		buf_add(&text, buf_str(&line));
		buf_chr(&text, '\n');
		r = (struct record){.t = T0 + SECOND, .node = i, .rate = 10};
		put_record(&line, &r, 0);
		buf_add(&text, buf_str(&line));
		buf_chr(&text, '\n');
		buf_free(&line);
	}
	CHECK(judge_text(&out, buf_str(&text), false) == 100);

	TEST("a baseline uses the latest 1024 samples of the GPU");
	for (int older = 0; older < 2; older++) {
		text.n = 0;
		/* 512 low ones, 512 high ones, and 2 low ones before */
		for (int i = 0; i < 1024 + 2 * older; i++)
			put_sample(&text, 0, i < 512 ? 200 : i < 1024 ? 1000 : 1, T0 - (i + 1) * SECOND);
		buf_add(&text, S("{\"kernelevents.pcie_aer.severity\":\"fatal\",\"gpu.id\":\"0000:01:00.0\",\"host.name\":\"n\",\"time\":"));
		buf_i64(&text, T0);
		buf_add(&text, S("}\n"));
		put_sample(&text, 0, 100, T0 + SECOND);
		put_sample(&text, 0, 100, T0 + 2 * SECOND);
		CHECK(judge_text(&out, buf_str(&text), false) == 1);
		CHECK(str_has(buf_str(&out), S("\"baseline_bytes_per_second\":600,")));
	}

	TEST("of a hundred other GPUs the nearest addresses are used");
	text.n = 0;
	for (int i = 0; i < 100; i++)
		put_sample(&text, i, i < 70 ? 1000 : 1, T0 + SECOND);
	buf_add(&text, S("{\"kernelevents.pcie_aer.severity\":\"fatal\",\"gpu.id\":\"0000:01:00.0\",\"host.name\":\"n\",\"time\":"));
	buf_i64(&text, T0);
	buf_add(&text, S("}\n"));
	put_sample(&text, 0, 300, T0 + 2 * SECOND);
	CHECK(judge_text(&out, buf_str(&text), true) == 1);
	CHECK(str_has(buf_str(&out), S("\"baseline_bytes_per_second\":1000,")));
	buf_free(&text);
	buf_free(&out);
}

int
main(void)
{
	struct record r[RECORDS];
	unsigned order[2 * RECORDS];
	struct buf a = {0}, b = {0}, ours = {0}, theirs = {0};
	size_t total = 0;

	test_many();
	TEST("random incidents");
	for (int round = 0; round < ROUNDS; round++) {
		bool fatal_alone = round % 3 == 0;
		size_t n = make(r), m = n;

		qsort(r, n, sizeof(*r), record_cmp);
		for (unsigned i = 0; i < n; i++)
			order[i] = i;
		a.n = 0;
		total += judge(&a, r, order, n, 0, -1, fatal_alone);
		for (int node = 0; node < NODES; node++)
			for (int gpu = 0; gpu < GPUS; gpu++) {
				ours.n = theirs.n = 0;
				pairs(&ours, buf_str(&a), node, gpu);
				opinion(&theirs, r, n, node, gpu, fatal_alone);
				CHECK_ROW(round, str_eq(buf_str(&ours), buf_str(&theirs)));
				if (!str_eq(buf_str(&ours), buf_str(&theirs)))
					printf("# ours\n%.*stheirs\n%.*s", (int)ours.n, ours.p ? ours.p : "", (int)theirs.n, theirs.p ? theirs.p : "");
			}
		/* in another order, some twice */
		for (unsigned i = 0; i < n; i++)
			if (rnd(3) == 0)
				order[m++] = i;
		for (size_t i = m; i > 1; i--) {
			unsigned k = rnd((unsigned)i), swap = order[k];

			order[k] = order[i - 1];
			order[i - 1] = swap;
		}
		b.n = 0;
		judge(&b, r, order, m, 0, -1, fatal_alone);
		CHECK_ROW(round, str_eq(buf_str(&a), buf_str(&b)));
		/* later, and by node */
		CHECK_ROW(round, judge(NULL, r, order, m, 86400 * SECOND, -1, fatal_alone) ==
					 judge(NULL, r, order, m, 0, 0, fatal_alone) + judge(NULL, r, order, m, 0, 1, fatal_alone) +
						 judge(NULL, r, order, m, 0, 2, fatal_alone));
	}
	TEST("the incidents covered all results");
	CHECK(total > ROUNDS);
	buf_free(&a);
	buf_free(&b);
	buf_free(&ours);
	buf_free(&theirs);
	return test_done();
}
