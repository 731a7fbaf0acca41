#include <stdlib.h>

#include "filter/test_run.h"
#include "input/dialect/dialect.h"
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

static void
put_fatal(struct buf *b, int gpu, int64_t t)
{
	buf_add(b, S("{\"kernelevents.pcie_aer.severity\":\"fatal\",\"gpu.id\":\"0000:"));
	buf_hex(b, 1 + (uint64_t)gpu, 2);
	buf_add(b, S(":00.0\",\"host.name\":\"n\",\"time\":"));
	buf_i64(b, t);
	buf_add(b, S("}\n"));
}

/* A rate in an alert. */
static void
put_rate(struct buf *b, const char *direction, int64_t value, int64_t t)
{
	buf_add(b, S("{\"tracecore.alert.pcie_rate_collapse.bytes_per_second\":"));
	buf_i64(b, value);
	buf_add(b, S(",\"gpu.id\":\"0000:01:00.0\",\"host.name\":\"n\",\"log.record.uid\":\"u\",\"tracecore.alert.pcie_rate_collapse.direction\":\""));
	buf_add(b, str_of(direction));
	buf_add(b, S("\",\"time\":"));
	buf_i64(b, t);
	buf_add(b, S("}\n"));
}

/* Two low rates in a row are a collapse, unless they are one that was told twice. */
static void
test_twice(struct buf *text, struct buf *out)
{
	TEST("one low rate in a sample and in an alert is one");
	for (int apart = 0; apart < 2; apart++) {
		text->n = 0;
		for (int i = 0; i < 30; i++)
			put_sample(text, 0, 1000, T0 - (i + 1) * SECOND);
		put_fatal(text, 0, T0);
		put_sample(text, 0, 100, T0 + SECOND);
		put_rate(text, "rx", 100, T0 + (1 + apart) * SECOND);
		put_sample(text, 0, 1000, T0 + 3 * SECOND);
		CHECK_ROW(apart, judge_text(out, buf_str(text), false) == (size_t)apart);
	}

	TEST("low rates for a moment are a collapse only if a recovery ended them");
	for (int after = 0; after < 3; after++) {
		text->n = 0;
		for (int i = 0; i < 30; i++)
			put_rate(text, "", 1000, T0 - (i + 1) * SECOND);
		buf_add(text, S("{\"kernelevents.pcie_aer.severity\":\"corrected\",\"gpu.id\":\"0000:01:00.0\",\"host.name\":\"n\",\"time\":"));
		buf_i64(text, T0);
		buf_add(text, S("}\n{\"_TRANSPORT\":\"kernel\",\"_HOSTNAME\":\"n\",\"MESSAGE\":\"NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  580.82\",\"__REALTIME_TIMESTAMP\":\""));
		buf_i64(text, (T0 + (9 + after) * SECOND) / 1000);
		buf_add(text, S("\"}\n"));
		put_rate(text, "", 100, T0 + SECOND);
		put_rate(text, "", 100, T0 + 2 * SECOND);
		put_rate(text, "", 1000, T0 + 10 * SECOND);
		CHECK_ROW(after, judge_text(out, buf_str(text), false) == (after < 2));
	}
}

/* The history of a GPU alone, of one direction, without its idle times. */
static void
test_history(struct buf *text, struct buf *out)
{
	TEST("samples of a GPU before it in the list are not its own");
	text->n = 0;
	for (int i = 0; i < 900; i++) {
		put_sample(text, 0, 50000, T0 - (i + 1) * SECOND);
		put_sample(text, 1, 1000, T0 - (i + 1) * SECOND);
	}
	put_fatal(text, 1, T0);
	put_sample(text, 1, 100, T0 + SECOND);
	put_sample(text, 1, 100, T0 + 2 * SECOND);
	CHECK(judge_text(out, buf_str(text), false) == 1);
	CHECK(str_has(buf_str(out), S("\"baseline_bytes_per_second\":1000,")));

	TEST("a level is reached by two rates in a row, not by two with an idle time between");
	for (int idle = 0; idle < 2; idle++) {
		text->n = 0;
		for (int i = 0; i < 30; i++)
			put_sample(text, 0, i == 10 || i == 12 ? 300 : i == 11 ? idle ? 0 : 300 : 1000, T0 - (30 - i) * 100 * SECOND);
		if (idle) { /* at the time of sample 11 alone */
			buf_add(text, S("{\"metric.name\":\"DCGM_FI_DEV_GPU_UTIL\",\"value\":0,\"gpu.id\":\"0000:01:00.0\",\"host.name\":\"n\",\"time\":"));
			buf_i64(text, T0 - 19 * 100 * SECOND);
			buf_add(text, S("}\n"));
		}
		put_fatal(text, 0, T0);
		put_sample(text, 0, 200, T0 + SECOND);
		put_sample(text, 0, 200, T0 + 2 * SECOND);
		/* half of 300 is less than 200 */
		CHECK_ROW(idle, judge_text(out, buf_str(text), false) == (size_t)idle);
	}
	TEST("two directions, each with its own history");
	text->n = 0;
	for (int i = 0; i < 30; i++) {
		put_sample(text, 0, 1000, T0 - (i + 1) * SECOND);
		buf_add(text, S("{\"metric.name\":\"DCGM_FI_PROF_PCIE_TX_BYTES\",\"value\":100,\"gpu.id\":\"0000:01:00.0\",\"host.name\":\"n\",\"time\":"));
		buf_i64(text, T0 - (i + 1) * SECOND);
		buf_add(text, S("}\n"));
	}
	put_fatal(text, 0, T0);
	for (int i = 1; i < 3; i++) {
		put_sample(text, 0, 900, T0 + i * SECOND);
		buf_add(text, S("{\"metric.name\":\"DCGM_FI_PROF_PCIE_TX_BYTES\",\"value\":40,\"gpu.id\":\"0000:01:00.0\",\"host.name\":\"n\",\"time\":"));
		buf_i64(text, T0 + i * SECOND);
		buf_add(text, S("}\n"));
	}
	CHECK(judge_text(out, buf_str(text), false) == 1);
	CHECK(str_has(buf_str(out), S("\"bytes_per_second\":40,\"baseline_bytes_per_second\":100,")));
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

	TEST("32 on each side");
	for (int low = 0; low < 3; low++) {
		static const int at[] = {0, 20, 79};
		static const struct str want[] = {STR_INIT("\"baseline_bytes_per_second\":2000,"), STR_INIT("\"baseline_bytes_per_second\":3000,"), STR_INIT("\"baseline_bytes_per_second\":2000,")};

		text.n = 0;
		/* at an end of the list 32 are near: half at 1000, half at 3000 */
		for (int i = 0; i < 80; i++) {
			int away = i > at[low] ? i - at[low] : at[low] - i;

			if (away)
				put_sample(&text, i, away <= 16 ? low == 1 ? 3000 : 1000 : away <= 32 ? 3000 : 9000, T0 + 2 * SECOND);
		}
		put_sample(&text, at[low], 100, T0 + 2 * SECOND);
		buf_add(&text, S("{\"kernelevents.pcie_aer.severity\":\"fatal\",\"gpu.id\":\"0000:"));
		buf_hex(&text, 1 + (uint64_t)at[low], 2);
		buf_add(&text, S(":00.0\",\"host.name\":\"n\",\"time\":"));
		buf_i64(&text, T0);
		buf_add(&text, S("}\n"));
		CHECK_ROW(low, judge_text(&out, buf_str(&text), true) == 1);
		CHECK_ROW(low, str_has(buf_str(&out), want[low]));
	}
	test_history(&text, &out);
	test_twice(&text, &out);
	buf_free(&text);
	buf_free(&out);
}

/* ---- rows of lines ---- */

#define DAY "2026-03-04T05:"
#define ON(node, bus, at) "'gpu.id':'0000:" bus ":00.0','host.name':'" node "','time':'" DAY at "Z'}\n"
#define AER(node, bus, at, severity) "{'kernelevents.pcie_aer.severity':'" severity "'," ON(node, bus, at)
#define RATE(node, bus, at, rate, base) \
	"{'tracecore.alert.pcie_rate_collapse.bytes_per_second':" rate \
	",'tracecore.alert.pcie_rate_collapse.baseline_bytes_per_second':" base "," ON(node, bus, at)
#define M(node, bus, at, name, value) "{'metric.name':'DCGM_FI_" name "','value':" value "," ON(node, bus, at)
#define WIDTH(node, bus, at, value) M(node, bus, at, "DEV_PCIE_LINK_WIDTH", value)
#define WIDTH_MAX(node, bus, at, value) M(node, bus, at, "DEV_PCIE_MAX_LINK_WIDTH", value)
#define GEN(node, bus, at, value) M(node, bus, at, "DEV_PCIE_LINK_GEN", value)
#define GEN_MAX(node, bus, at, value) M(node, bus, at, "DEV_PCIE_MAX_LINK_GEN", value)
#define REPLAYS(node, bus, at, value) M(node, bus, at, "DEV_PCIE_REPLAY_COUNTER", value)
#define TX(bus, at, value) M("a", bus, at, "PROF_PCIE_TX_BYTES", value)
#define RX(bus, at, value) M("a", bus, at, "PROF_PCIE_RX_BYTES", value)
#define KERNEL(node, at, text) DAY at "Z " node " kernel: " text "\n"
#define LINE(node, bus, at, severity) KERNEL(node, at, "nvidia 0000:" bus ":00.0: PCIe Bus Error: severity=" severity ", type=Data Link Layer, (Transmitter ID)")
#define STATUS(node, bus, at, bits) KERNEL(node, at, "nvidia 0000:" bus ":00.0:   device [10de:2330] error status/mask=" bits "/00000000")
#define SUPPRESSED(node, at, n) KERNEL(node, at, "aer_ratelimit: " n " callbacks suppressed")
#define BAD(rate, base) AER("a", "3b", "00:00", "corrected") RATE("a", "3b", "00:05", rate, base)

static const struct test_run rows[] = {
	/* amounts: two decimals below ten */
	{"a rate in GB/s", "", BAD("1234567890", "9999999999"), "to 1.23 GB/s (baseline 9.99 GB/s)"},
	{"ten GB/s have one decimal", "", BAD("1000000000", "10000000000"), "to 1 GB/s (baseline 10 GB/s)"},
	{"eleven and a bit", "", BAD("1009999999", "11990000000"), "to 1 GB/s (baseline 11.9 GB/s)"},
	{"slightly below a GB/s", "", BAD("999999999", "4000000000"), "to 999.9 MB/s (baseline 4 GB/s)"},
	{"a rate in MB/s", "", BAD("1000000", "4000000000"), "to 1 MB/s ("},
	{"nearly ten MB/s", "", BAD("9990000", "4000000000"), "to 9.99 MB/s ("},
	{"a rate in kB/s", "", BAD("999999", "4000000000"), "to 999.9 kB/s ("},
	{"one kB/s", "", BAD("1000", "4000000000"), "to 1 kB/s ("},
	{"bytes", "", BAD("999", "4000000000"), "to 999 B/s ("},
	{"half a percent is rounded up", "", BAD("1500000000", "4000000000"), "throughput down 63% to|'drop_ratio':0.625,"},
	{"less is rounded down", "", BAD("1500400000", "4000000000"), "throughput down 62% to|'drop_ratio':0.6249,"},
	{"a ratio has four digits", "", BAD("1500200000", "4000000000"), "'drop_ratio':0.625,"}, /* 0.62495 */
	{"nothing is left", "", BAD("0", "4000000000"), "throughput down 100% to 0 B/s|'bytes_per_second':0,'baseline_bytes_per_second':4000000000,'drop_ratio':1,"},
	{"a baseline of --floor counts, one byte less does not", "--floor=2000",
		AER("a", "3b", "00:00", "corrected") RATE("a", "3b", "00:05", "10", "2000") AER("a", "3c", "00:00", "corrected") RATE("a", "3c", "00:05", "10", "1999"),
		"'gpu_id':'0000:3b:00.0'|!0000:3c:00.0"},

	{"of simultaneous rates the greater loss", "--floor=0", AER("a", "3b", "00:00", "corrected") RATE("a", "3b", "00:05", "10", "100") RATE("a", "3b", "00:05", "30", "1000"), "'bytes_per_second':30,"},
	{"of equal losses the lower rate", "--floor=0", AER("a", "3b", "00:00", "corrected") RATE("a", "3b", "00:05", "10", "30000001") RATE("a", "3b", "00:05", "11", "30000000"), "'bytes_per_second':10,"},
	{"of equal rates the lower baseline", "--floor=0", AER("a", "3b", "00:00", "corrected") RATE("a", "3b", "00:05", "10", "30000001") RATE("a", "3b", "00:05", "10", "30000000"), "'baseline_bytes_per_second':30000000,"},

	/* the lowest baseline of a slow link: lanes by 250, 500, 985, 1969, 3938, 7563 MB/s */
	{"5 % of generation 1, 4 lanes", "", AER("a", "3b", "00:00", "corrected") GEN_MAX("a", "3b", "00:00", "1") WIDTH_MAX("a", "3b", "00:00", "4") RATE("a", "3b", "00:05", "10", "50000000")
		AER("b", "3b", "00:00", "corrected") GEN_MAX("b", "3b", "00:00", "1") WIDTH_MAX("b", "3b", "00:00", "4") RATE("b", "3b", "00:05", "10", "49999999"), "'node':'a'|'baseline_bytes_per_second':50000000,|!'node':'b'"},
	{"5 % of generation 2, 4 lanes", "", AER("a", "3b", "00:00", "corrected") GEN_MAX("a", "3b", "00:00", "2") WIDTH_MAX("a", "3b", "00:00", "4") RATE("a", "3b", "00:05", "10", "100000000")
		AER("b", "3b", "00:00", "corrected") GEN_MAX("b", "3b", "00:00", "2") WIDTH_MAX("b", "3b", "00:00", "4") RATE("b", "3b", "00:05", "10", "99999999"), "'node':'a'|'baseline_bytes_per_second':100000000,|!'node':'b'"},
	{"5 % of generation 3, 4 lanes", "", AER("a", "3b", "00:00", "corrected") GEN_MAX("a", "3b", "00:00", "3") WIDTH_MAX("a", "3b", "00:00", "4") RATE("a", "3b", "00:05", "10", "197000000")
		AER("b", "3b", "00:00", "corrected") GEN_MAX("b", "3b", "00:00", "3") WIDTH_MAX("b", "3b", "00:00", "4") RATE("b", "3b", "00:05", "10", "196999999"), "'node':'a'|'baseline_bytes_per_second':197000000,|!'node':'b'"},
	{"5 % of generation 4, 2 lanes", "", AER("a", "3b", "00:00", "corrected") GEN_MAX("a", "3b", "00:00", "4") WIDTH_MAX("a", "3b", "00:00", "2") RATE("a", "3b", "00:05", "10", "196900000")
		AER("b", "3b", "00:00", "corrected") GEN_MAX("b", "3b", "00:00", "4") WIDTH_MAX("b", "3b", "00:00", "2") RATE("b", "3b", "00:05", "10", "196899999"), "'node':'a'|'baseline_bytes_per_second':196900000,|!'node':'b'"},
	{"5 % of generation 5, 1 lane", "", AER("a", "3b", "00:00", "corrected") GEN_MAX("a", "3b", "00:00", "5") WIDTH_MAX("a", "3b", "00:00", "1") RATE("a", "3b", "00:05", "10", "196900000")
		AER("b", "3b", "00:00", "corrected") GEN_MAX("b", "3b", "00:00", "5") WIDTH_MAX("b", "3b", "00:00", "1") RATE("b", "3b", "00:05", "10", "196899999"), "'node':'a'|'baseline_bytes_per_second':196900000,|!'node':'b'"},
	{"5 % of generation 6, 1 lane", "", AER("a", "3b", "00:00", "corrected") GEN_MAX("a", "3b", "00:00", "6") WIDTH_MAX("a", "3b", "00:00", "1") RATE("a", "3b", "00:05", "10", "378150000")
		AER("b", "3b", "00:00", "corrected") GEN_MAX("b", "3b", "00:00", "6") WIDTH_MAX("b", "3b", "00:00", "1") RATE("b", "3b", "00:05", "10", "378149999"), "'node':'a'|'baseline_bytes_per_second':378150000,|!'node':'b'"},
	{"33 lanes are no link: --floor counts", "", AER("a", "3b", "00:00", "corrected") GEN_MAX("a", "3b", "00:00", "1") WIDTH_MAX("a", "3b", "00:00", "33") RATE("a", "3b", "00:05", "10", "999999999"), "!'node':'a','severity'"},
	{"the fastest link: --floor is less", "", AER("a", "3b", "00:00", "corrected") GEN_MAX("a", "3b", "00:00", "6") WIDTH_MAX("a", "3b", "00:00", "32") RATE("a", "3b", "00:05", "10", "1000000000"), "'baseline_bytes_per_second':1000000000,"},

	/* reports in a headline */
	{"one report", "", BAD("1", "4000000000"), ": 1 corrected AER error, throughput"},
	{"several severities: the worst, and its layer", "",
		"{'kernelevents.pcie_aer.severity':'corrected','kernelevents.pcie_aer.type':'Physical Layer'," ON("a", "3b", "00:00")
		"{'kernelevents.pcie_aer.severity':'nonfatal','kernelevents.pcie_aer.type':'Transaction Layer'," ON("a", "3b", "00:02")
		"{'kernelevents.pcie_aer.severity':'corrected','kernelevents.pcie_aer.type':'Data Link Layer'," ON("a", "3b", "00:04")
		RATE("a", "3b", "00:05", "1", "4000000000"),
		"3 AER errors, worst nonfatal, throughput|Drain the node, reset the GPU and restart the jobs|'severity':'nonfatal','aer_type':'Transaction Layer','aer_count':3"},
	{"of one severity the first layer told", "",
		AER("a", "3b", "00:00", "corrected")
		"{'kernelevents.pcie_aer.severity':'corrected','kernelevents.pcie_aer.type':'Physical Layer'," ON("a", "3b", "00:01")
		"{'kernelevents.pcie_aer.severity':'corrected','kernelevents.pcie_aer.type':'Data Link Layer'," ON("a", "3b", "00:02")
		RATE("a", "3b", "00:05", "1", "4000000000"), "'severity':'corrected','aer_type':'Physical Layer','aer_count':3"},
	{"a line's errors by name, counted", "",
		LINE("a", "3b", "00:00", "Corrected") STATUS("a", "3b", "00:00", "00000041") LINE("a", "3b", "00:02", "Corrected") STATUS("a", "3b", "00:02", "00001040")
		LINE("a", "3b", "00:03", "Uncorrected (Fatal)") STATUS("a", "3b", "00:03", "00000010") RATE("a", "3b", "00:05", "1", "4000000000"),
		"3 AER errors, worst fatal (DLP, RxErr, BadTLP, ...), throughput|'errors':[{'name':'DLP','count':1},{'name':'RxErr','count':1},{'name':'BadTLP','count':2},{'name':'Timeout','count':1}],'aer_count':3"},
	{"three names need no dots", "",
		LINE("a", "3b", "00:00", "Corrected") STATUS("a", "3b", "00:00", "00001041") RATE("a", "3b", "00:05", "1", "4000000000"),
		"1 corrected AER error (RxErr, BadTLP, Timeout), throughput|[RxErr, BadTLP, Timeout]"},
	{"reports that the kernel left out make the count a minimum", "",
		LINE("a", "3b", "00:00", "Corrected") STATUS("a", "3b", "00:00", "00000040") SUPPRESSED("a", "00:04", "30")
		LINE("a", "3b", "00:04", "Corrected") STATUS("a", "3b", "00:04", "00000040") RATE("a", "3b", "00:05", "1", "4000000000"),
		"at least 32 corrected AER errors (BadTLP)|'aer_count':32,'aer_count_at_least':true|'aer_per_minute':32,"},
	{"errors per minute over two minutes and more", "",
		AER("a", "3b", "00:00", "corrected") AER("a", "3b", "01:00", "corrected") AER("a", "3b", "02:07", "corrected") RATE("a", "3b", "02:08", "1", "4000000000"),
		"'aer_count':3,'first':'" DAY "00:00Z','last':'" DAY "02:07Z','aer_per_minute':1.42,"}, /* 3 / 127 s * 60 = 1.417 */
	{"an overflow of reports", "",
		LINE("a", "3b", "00:00", "Corrected") STATUS("a", "3b", "00:00", "00000040") SUPPRESSED("a", "00:01", "2147483647")
		LINE("a", "3b", "00:01", "Corrected") STATUS("a", "3b", "00:01", "00000040") RATE("a", "3b", "00:05", "1", "4000000000"),
		"'aer_count':2147483649,|'aer_per_minute':1000000000,"},
	{"a record without a text is told in words", "", BAD("1", "4000000000"), "'kind':'pcie_aer'|'description':'corrected PCIe error'"},
	{"with its layer", "", "{'kernelevents.pcie_aer.severity':'fatal','kernelevents.pcie_aer.type':'Physical Layer'," ON("a", "3b", "00:00") RATE("a", "3b", "00:05", "1", "4000000000"),
		"'description':'fatal PCIe error, Physical Layer'"},

	/* the link */
	{"a narrow link", "", AER("a", "3b", "00:00", "corrected") WIDTH_MAX("a", "3b", "00:05", "16") WIDTH("a", "3b", "00:05", "8"),
		"link at x8 (maximum x16)|Verify that the link comes back at x16.|'link':{'width':8,'max_width':16},'delay_seconds':5,|'description':'link at x8 (maximum x16)'"},
	{"a slow link", "", AER("a", "3b", "00:00", "corrected") GEN_MAX("a", "3b", "00:05", "5") GEN("a", "3b", "00:05", "1"),
		"link at Gen1 (maximum Gen5)|Verify that the link comes back at Gen5.|'link':{'gen':1,'max_gen':5},"},
	{"narrow and its speed known", "", AER("a", "3b", "00:00", "corrected") GEN_MAX("a", "3b", "00:04", "5") GEN("a", "3b", "00:04", "5")
		WIDTH_MAX("a", "3b", "00:04", "16") WIDTH("a", "3b", "00:05", "1"),
		"link at Gen5 x1 (maximum Gen5 x16)|'link':{'width':1,'max_width':16,'gen':5,'max_gen':5},"},
	{"a link that is gone", "", AER("a", "3b", "00:00", "corrected") WIDTH("a", "3b", "00:01", "16") GEN_MAX("a", "3b", "00:01", "5") WIDTH("a", "3b", "00:05", "0"),
		"PCIe link failing on a GPU 0000:3b:00.0: 1 corrected AER error, link down: x0 (maximum Gen5 x16)|power-cycle it|'action':'power_cycle'|'link':{'width':0,'max_width':16,'max_gen':5},"},
	{"a width of zero that was never another is no measurement", "", AER("a", "3b", "00:00", "corrected") WIDTH_MAX("a", "3b", "00:01", "16") WIDTH("a", "3b", "00:05", "0"),
		"!pcie_aer/"},
	{"a width at its maximum, later narrow, later wide: resolved", "", AER("a", "3b", "00:00", "corrected") WIDTH_MAX("a", "3b", "00:01", "16")
		WIDTH("a", "3b", "00:02", "16") WIDTH("a", "3b", "00:03", "8") WIDTH("a", "3b", "00:04", "15") WIDTH("a", "3b", "00:05", "16") WIDTH("a", "3b", "00:06", "16"),
		"'delay_seconds':3,'resolved_at':'" DAY "00:05Z'"},
	{"a slow link, then a fast one", "", AER("a", "3b", "00:00", "corrected") GEN_MAX("a", "3b", "00:01", "5")
		GEN("a", "3b", "00:03", "1") GEN("a", "3b", "06:00", "4") GEN("a", "3b", "12:00", "5"), "link at Gen1|!resolved_at"},
	{"a slow link that is fast next", "", AER("a", "3b", "00:00", "corrected") GEN_MAX("a", "3b", "00:01", "5")
		GEN("a", "3b", "00:03", "1") GEN("a", "3b", "00:09", "5"), "link at Gen1|'resolved_at':'" DAY "00:09Z'"},

	/* replays: 4 lanes' worth of generation 1: 0.15 per lane and minute, rounded up */
	{"replays above the limit", "", AER("a", "3b", "00:00", "corrected") GEN("a", "3b", "00:00", "1") WIDTH("a", "3b", "00:00", "4") REPLAYS("a", "3b", "00:00", "10") REPLAYS("a", "3b", "01:00", "12"),
		"2 replays in 60 s (limit for Gen1 x4: 1/min)"},
	{"replays at the limit", "", AER("a", "3b", "00:00", "corrected") GEN("a", "3b", "00:00", "1") WIDTH("a", "3b", "00:00", "4") REPLAYS("a", "3b", "00:00", "10") REPLAYS("a", "3b", "01:00", "11"),
		"!replays in"},
	{"the limit of generation 6", "", AER("a", "3b", "00:00", "corrected") GEN("a", "3b", "00:00", "6") WIDTH("a", "3b", "00:00", "16") REPLAYS("a", "3b", "00:00", "0") REPLAYS("a", "3b", "01:00", "63"),
		"63 replays in 60 s (limit for Gen6 x16: 62/min)"},
	{"of generation 5", "", AER("a", "3b", "00:00", "corrected") GEN("a", "3b", "00:00", "5") WIDTH("a", "3b", "00:00", "16") REPLAYS("a", "3b", "00:00", "0") REPLAYS("a", "3b", "01:00", "32"),
		"32 replays in 60 s (limit for Gen5 x16: 31/min)"},
	{"of generation 4", "", AER("a", "3b", "00:00", "corrected") GEN("a", "3b", "00:00", "4") WIDTH("a", "3b", "00:00", "16") REPLAYS("a", "3b", "00:00", "0") REPLAYS("a", "3b", "01:00", "17"),
		"17 replays in 60 s (limit for Gen4 x16: 16/min)"},
	{"nothing to round up", "", AER("a", "3b", "00:00", "corrected") GEN("a", "3b", "00:00", "1") WIDTH("a", "3b", "00:00", "20") REPLAYS("a", "3b", "00:00", "0") REPLAYS("a", "3b", "01:00", "4"),
		"4 replays in 60 s (limit for Gen1 x20: 3/min)"},
	{"of generation 3 with 32 lanes", "", AER("a", "3b", "00:00", "corrected") GEN("a", "3b", "00:00", "3") WIDTH("a", "3b", "00:00", "32") REPLAYS("a", "3b", "00:00", "0") REPLAYS("a", "3b", "01:00", "17"),
		"17 replays in 60 s (limit for Gen3 x32: 16/min)"},
	{"33 lanes are no link: the fastest counts", "", AER("a", "3b", "00:00", "corrected") GEN("a", "3b", "00:00", "2") WIDTH("a", "3b", "00:00", "33") REPLAYS("a", "3b", "00:00", "0") REPLAYS("a", "3b", "01:00", "6"),
		"6 replays in 60 s (limit for Gen2: 5/min)"},
	{"generation 7 is unknown: the fastest counts", "", AER("a", "3b", "00:00", "corrected") GEN("a", "3b", "00:00", "7") WIDTH("a", "3b", "00:00", "1") REPLAYS("a", "3b", "00:00", "0") REPLAYS("a", "3b", "01:00", "5"),
		"5 replays in 60 s (limit for x1: 4/min)"},
	{"nothing is known of the link", "", AER("a", "3b", "00:00", "corrected") REPLAYS("a", "3b", "00:00", "0") REPLAYS("a", "3b", "02:00", "200"),
		"200 replays in 120 s (limit for the fastest link: 62/min)"},
	{"three short steps of one minute", "", AER("a", "3b", "00:00", "corrected") GEN("a", "3b", "00:00", "1") WIDTH("a", "3b", "00:00", "16")
		REPLAYS("a", "3b", "00:00", "0") REPLAYS("a", "3b", "00:20", "1") REPLAYS("a", "3b", "00:40", "2") REPLAYS("a", "3b", "01:00", "4"),
		"4 replays in 60 s (limit for Gen1 x16: 3/min)"},
	{"the fourth step leaves the first out", "", AER("a", "3b", "00:00", "corrected") GEN("a", "3b", "00:00", "1") WIDTH("a", "3b", "00:00", "16")
		REPLAYS("a", "3b", "00:00", "0") REPLAYS("a", "3b", "00:20", "1") REPLAYS("a", "3b", "00:40", "2") REPLAYS("a", "3b", "01:00", "3") REPLAYS("a", "3b", "01:20", "4"),
		"!replays in"},

	/* siblings */
	{"of a sibling's two values at one time the lower", "--siblings", AER("a", "3b", "00:00", "corrected") TX("3b", "00:05", "100")
		TX("3c", "00:05", "4000000000") TX("3c", "00:05", "2000000000"), "'baseline_bytes_per_second':2000000000,|'direction':'tx'"},
	{"the nearest of each, a minute away at most", "--siblings", AER("a", "3b", "00:00", "corrected") TX("3b", "02:00", "100") TX("3c", "00:59", "8000000000")
		TX("3d", "01:00", "5000000000") TX("3d", "03:01", "7000000000") TX("3e", "01:01", "4000000000") TX("3e", "02:58", "3000000000"), "'baseline_bytes_per_second':4000000000,"},
	{"none of another node, whose GPUs are judged before", "--siblings", AER("a", "3b", "00:00", "corrected") TX("3b", "00:05", "100") TX("3c", "00:05", "4000000000") TX("3d", "00:05", "4000000000")
		AER("b", "3b", "00:00", "corrected") M("b", "3b", "00:05", "PROF_PCIE_TX_BYTES", "100") M("b", "3c", "00:05", "PROF_PCIE_TX_BYTES", "8000000000"), "'node':'a'|'baseline_bytes_per_second':4000000000,|'node':'b'|'baseline_bytes_per_second':8000000000,"},
	{"the later of two before, though a later one is near, too", "--siblings", AER("a", "3b", "00:00", "corrected") TX("3b", "02:00", "100") TX("3c", "00:10", "9000000000") TX("3c", "01:40", "4000000000") TX("3c", "02:30", "8000000000"), "'baseline_bytes_per_second':4000000000,"},
	{"the last one before, of which another is far away", "--siblings", AER("a", "3b", "00:00", "corrected") TX("3b", "02:00", "100") TX("3c", "00:10", "9000000000") TX("3c", "01:30", "4000000000"), "'baseline_bytes_per_second':4000000000,"},
	{"the first one after, of which another is far away", "--siblings", AER("a", "3b", "00:00", "corrected") TX("3b", "02:00", "100") TX("3c", "02:30", "4000000000") TX("3c", "09:30", "9000000000"), "'baseline_bytes_per_second':4000000000,"},
	{"two nodes with the same addresses", "", AER("a", "3b", "00:00", "corrected") AER("b", "3b", "00:00", "corrected") WIDTH("a", "3b", "00:01", "16") WIDTH("b", "3b", "00:02", "16") WIDTH("a", "3b", "00:03", "8") WIDTH("b", "3b", "00:04", "4")
		WIDTH("a", "3b", "00:05", "16") WIDTH("b", "3b", "00:06", "16"), "'node':'a'|'delay_seconds':3,'resolved_at':'" DAY "00:05Z'|'node':'b'|'delay_seconds':4,'resolved_at':'" DAY "00:06Z'"},
	{"none is near enough", "--siblings", AER("a", "3b", "00:00", "corrected") TX("3b", "02:00", "100") TX("3c", "00:59", "8000000000") TX("3c", "03:01", "8000000000"), "!pcie_aer/"},
	{"each direction by itself", "--siblings", AER("a", "3b", "00:00", "corrected") TX("3b", "00:05", "4900000000") RX("3b", "00:05", "100")
		TX("3c", "00:05", "5000000000") RX("3c", "00:05", "9000000000") TX("3d", "00:05", "7000000000") RX("3d", "00:05", "3000000000"),
		"'baseline_bytes_per_second':6000000000,|'direction':'rx'"},

	/* what the explanations and notices say */
	{"nothing at all", "", "", "no PCIe error reports, no measurements of PCIe throughput, link or replays: cannot correlate"},
	{"of nodes apart, each is told once", "", AER("a", "3b", "00:00", "corrected") AER("a", "3b", "01:00", "corrected") WIDTH("b", "3b", "00:00", "16") WIDTH("b", "3b", "00:01", "16"), "no node has both: PCIe error reports on a, measurements on b|!cannot correlate"},
	{"no node, in one layer only", "", AER("a", "3b", "00:00", "corrected") "{'kernelevents.pcie_aer.severity':'fatal','gpu.id':'0000:3b:00.0','time':'" DAY "00:00Z'}\n" WIDTH("a", "3b", "00:00", "16"),
		"1 PCIe error report has no node name"},
	{"two of them", "", AER("a", "3b", "00:00", "corrected") WIDTH("a", "3b", "00:00", "16")
		"{'metric.name':'DCGM_FI_DEV_PCIE_LINK_WIDTH','value':8,'gpu.id':'0000:3b:00.0','time':'" DAY "00:00Z'}\n"
		"{'metric.name':'DCGM_FI_DEV_PCIE_LINK_GEN','value':3,'gpu.id':'0000:3c:00.0','time':'" DAY "00:00Z'}\n",
		"2 measurements have no node name and cannot be correlated: use --node=NAME"},
	{"utilization is no measurement of a link", "", AER("a", "3b", "00:00", "corrected") M("a", "3b", "00:01", "DEV_GPU_UTIL", "0"),
		"1 PCIe error report, no measurements of PCIe throughput"},
	{"neither time", "", AER("a", "3b", "00:00", "corrected") WIDTH("a", "3b", "00:00", "16") "{'metric.name':'DCGM_FI_DEV_PCIE_LINK_WIDTH','value':8,'gpu.id':'0000:3b:00.0','host.name':'a'}\n"
		"{'metric.name':'DCGM_FI_DEV_PCIE_LINK_WIDTH','value':8,'gpu.id':'0000:3c:00.0','host.name':'a'}\n",
		"2 measurements have no timestamp"},
	{"nor address", "", AER("a", "3b", "00:00", "corrected") WIDTH("a", "3b", "00:00", "16") "{'metric.name':'DCGM_FI_DEV_PCIE_LINK_WIDTH','value':8,'gpu.id':'3','host.name':'a','time':'" DAY "00:00Z'}\n",
		"1 record names a GPU whose PCI address is unknown"},
	{"an explanation names what was not measured", "-x", AER("a", "3b", "00:00", "corrected") WIDTH("a", "3b", "00:02", "16") WIDTH_MAX("a", "3b", "00:02", "16"),
		"PCIe error reports without a verdict','gpu_id':'0000:3b:00.0','node':'a','severity':'corrected','count':1,|'why':'throughput: not measured; link: normal; replays: not measured'"},
	{"replays only", "-x", AER("a", "3b", "00:00", "corrected") REPLAYS("a", "3b", "00:02", "16"), "throughput: not measured; link: not measured; replays: normal"},
	{"a width of zero is no link", "-x", AER("a", "3b", "00:00", "corrected") WIDTH("a", "3b", "00:02", "0"), "throughput: not measured; link: not measured; replays: not measured"},
	{"a generation is", "-x", AER("a", "3b", "00:00", "corrected") GEN("a", "3b", "00:02", "4"), "throughput: not measured; link: normal; replays: not measured"},
	{"measured before the window", "-x", AER("a", "3b", "10:00", "corrected") WIDTH("a", "3b", "09:59", "16"), "'why':'nothing was measured within the window'"},
	{"measured at its end", "-x", AER("a", "3b", "10:00", "corrected") WIDTH("a", "3b", "15:00", "16"), "'why':'throughput: not measured; link: normal"},
	{"measured after it", "-x", AER("a", "3b", "10:00", "corrected") WIDTH("a", "3b", "15:01", "16"), "'why':'nothing was measured within the window'"},
	{"the worst and the last of several", "-x", AER("a", "3b", "10:00", "corrected") AER("a", "3b", "20:00", "fatal") AER("a", "3b", "30:00", "nonfatal") WIDTH("b", "3b", "15:01", "16"),
		"'severity':'fatal','count':3,'first':'" DAY "10:00Z','last':'" DAY "30:00Z','why':'no throughput, link or replay data of this GPU'"},
	{"a link that is narrow before the error, and after it", "-x", AER("a", "3b", "10:00", "corrected") WIDTH_MAX("a", "3b", "09:00", "16") WIDTH("a", "3b", "09:00", "8") WIDTH("a", "3b", "09:30", "8"),
		"'why':'the degradation was measured before the first error'|degraded link without a verdict','gpu_id':'0000:3b:00.0','node':'a','count':2,'first':'" DAY "09:00Z','last':'" DAY "09:30Z','what':'link at x8 (maximum x16)','why':'it precedes the first error'"},
	{"narrow too late", "-x", AER("a", "3b", "10:00", "corrected") WIDTH_MAX("a", "3b", "09:00", "16") WIDTH("a", "3b", "15:01", "8"),
		"'why':'the degradation was measured too long after the errors'|'count':1,|'why':'no error within the window before it'"},
	{"a lost GPU without an error", "-x", KERNEL("a", "00:00", "NVRM: Xid (PCI:0000:3b:00): 79, pid=1, GPU has fallen off the bus.") WIDTH("a", "3b", "00:01", "16"),
		"lost GPU without a verdict','gpu_id':'0000:3b:00.0','node':'a','count':1,|'what':'GPU has fallen off the bus (Xid 79)','why':'no AER errors of this GPU'"},
	{"a low rate without an error", "-x", RATE("a", "3b", "00:05", "1", "4000000000"), "throughput collapse without a verdict|'why':'no AER errors of this GPU'"},
};

/* How long --follow keeps records. */
static void
test_kept(void)
{
	static const struct {
		const char *args;
		int64_t skew, piece, after, back; /* seconds */
	} are[] = {
		/* two windows, the skew, a minute around a sample, two seconds of lines; five pieces */
		{"", 0, 3600, 662, 18000},
		{"", 2, 3600, 664, 18000},
		{"-w 1m", 2, 3600, 184, 18000},
		/* a piece is two windows and two skews at least */
		{"", 2, 605, 664, 3025},
		{"", 2, 603, 664, 3020},
		{"-w 1m", 0, 1, 182, 600},
		{"", 2, 0, 664, 0},
	};

	TEST("--follow keeps what a piece of an episode may need");
	for (size_t i = 0; i < NELEM(are); i++) {
		struct reach r = test_reach(&pcie_aer, are[i].args, are[i].skew * SECOND, are[i].piece * SECOND);

		CHECK_ROW(i, r.after == are[i].after * SECOND && r.back == are[i].back * SECOND);
	}
}

int
main(void)
{
	struct record r[RECORDS];
	unsigned order[2 * RECORDS];
	struct buf a = {0}, b = {0}, ours = {0}, theirs = {0};
	size_t total = 0;

	test_many();
	test_kept();
	test_rows(&pcie_aer, rows, NELEM(rows));
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
