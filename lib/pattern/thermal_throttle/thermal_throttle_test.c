#include "pattern/pattern.h"

#include <stdlib.h>
#include <string.h>

#include "event/metric.h"

#include "base/test.h"

/*
 * Records in: "a1m60=32" is node a, GPU 0000:01:00.0, field m, after 60 s, the
 * value 32.  Fields: m mask, v thermal violation, s and h the counters of
 * software and hardware slowdown, p of the power brake (all four in
 * milliseconds; V: violation as the increase in the last minute), t temperature,
 * c clock, x highest clock.  Node -: unset.
 * Out: the members of each verdict in order, times in seconds, each followed by |.
 */
static const struct {
	const char *name, *args, *in, *out;
} rows[] = {
	{"nothing", "", "", ""},
	{"a minute of throttling", "", "a1m0=32 a1m60=32", "gpu a 01 [sw_thermal] 0 60 60 1 0|"},
	{"slightly less than a minute", "", "a1m0=32 a1m59=32", ""},
	{"one sample has no duration", "-w 0", "a1m7=64", "gpu a 01 [hw_thermal] 7 7 0 1 0|"},
	{"bits that cause verdicts", "",
		"a1m0=64 a1m60=64 b1m0=32 b1m60=32 c1m0=8 c1m60=8 d1m0=72 d1m60=72 e1m0=104 e1m60=104",
		"gpu a 01 [hw_thermal] 0 60 60 1 0|gpu b 01 [sw_thermal] 0 60 60 1 0|gpu c 01 [hw_slowdown] 0 60 60 1 0|"
		"gpu d 01 [hw_slowdown,hw_thermal] 0 60 60 1 0|gpu e 01 [hw_slowdown,sw_thermal,hw_thermal] 0 60 60 1 0|"},
	{"bits that never cause a verdict", "",
		"a1m0=1 a1m60=1 b1m0=2 b1m60=2 c1m0=4 c1m60=4 d1m0=16 d1m60=16 e1m0=128 e1m60=128 f1m0=256 f1m60=256 "
		"g1m0=136 g1m60=136 h1m0=407 h1m60=407 i1m0=65536 i1m60=65536 j1m0=-1 j1m60=-1", ""},
	{"with the power brake a slowdown is not thermal, but thermal bits are", "", "a1m0=232 a1m60=200",
		"gpu a 01 [sw_thermal,hw_thermal] 0 60 60 1 0|"},
	{"the power brake, with --power", "--power", "a1m0=128 a1m60=136 a1m120=0",
		"gpu a 01 [hw_power_brake] 0 60 60 1 0 120|"},
	{"a gap of two minutes", "", "a1m0=32 a1m120=32", "gpu a 01 [sw_thermal] 0 120 120 1 0|"},
	{"a gap of a second more", "", "a1m0=32 a1m121=32", ""},
	{"a clean sample between", "", "a1m0=32 a1m30=0 a1m60=32", "gpu a 01 [sw_thermal] 0 60 30 0.667 0|"},
	{"nearly two minutes apart", "", "a1m0=32 a1m60=32 a1m61=0 a1m179=32 a1m239=32",
		"gpu a 01 [sw_thermal] 0 239 238 0.8 0|"},
	{"two minutes apart", "", "a1m0=32 a1m60=32 a1m61=0 a1m180=32 a1m240=32",
		"gpu a 01 [sw_thermal] 0 240 239 0.8 0|"},
	{"two minutes and a bit", "", "a1m0=32 a1m60=32 a1m61=0 a1m181=32 a1m241=32",
		"gpu a 01 [sw_thermal] 0 60 60 1 0 61|gpu a 01 [sw_thermal] 181 241 60 1 0|"},
	{"a clean sample in between does not end an episode", "", "a1m0=32 a1m60=32 a1m90=0 a1m120=32 a1m150=0 a1m180=0",
		"gpu a 01 [sw_thermal] 0 120 90 0.75 0 150|"},
	{"interrupted by a gap, clean only later", "--gap=60s", "a1m0=32 a1m60=32 a1m121=32 a1m181=32 a1m182=0",
		"gpu a 01 [sw_thermal] 0 60 60 1 0 182|gpu a 01 [sw_thermal] 121 181 60 1 0 182|"},
	{"a counter that grows by a tenth of the time", "", "a1v0=0 a1v60=6000 a1v120=12000",
		"gpu a 01 [thermal_violation] 0 120 12 1 0|"},
	{"by less", "", "a1v0=0 a1v60=6000 a1v120=11999 a1v180=18000", "gpu a 01 [thermal_violation] 0 180 12.001 0.667 0|"},
	{"by less each time", "", "a1v0=0 a1v60=5999 a1v120=11998 a1v180=17997", ""},
	{"by a whole minute in one", "", "a1v0=0 a1v60=60000", "gpu a 01 [thermal_violation] 0 60 60 1 0|"},
	{"by nearly", "", "a1v0=0 a1v60=59999", ""},
	{"a reset is no increase", "", "a1v0=900000 a1v60=0 a1v120=0 a1v180=900000 a1v240=0", ""},
	{"back after half an hour", "", "a1v0=900000 a1v60=0 a1v1740=0 a1v1800=900000", ""},
	{"back later than that", "", "a1v0=900000 a1v60=0 a1v1740=0 a1v1801=900000", "gpu a 01 [thermal_violation] 1740 1801 61 1 0|"},
	{"a zero between two equal counts", "", "a1v0=100000 a1v60=0 a1v120=100000", ""},
	{"back as fast as real time", "", "a1v0=80000 a1v60=0 a1v120=90000", "gpu a 01 [thermal_violation] 60 120 60 1 0|"},
	{"a reset in an episode", "", "a1v0=9000 a1v60=39000 a1v120=69000 a1v180=0 a1v240=30000 a1v300=60000",
		"gpu a 01 [thermal_violation] 0 300 120 1 0|"},
	{"increases per interval", "", "a1V60=30000 a1V120=30000", "gpu a 01 [thermal_violation] 0 120 60 1 0|"},
	{"an increase before the gap is ignored", "", "a1v0=0 a1v121=121000 a1v242=242000", ""},
	{"of simultaneous counts the highest", "", "a1v0=0 a1v60=3000 a1v60=30000 a1v120=60000",
		"gpu a 01 [thermal_violation] 0 120 60 1 0|"},
	{"a specific counter shows the reason", "", "a1v0=0 a1v60=60000 a1h0=0 a1h60=60000", "gpu a 01 [hw_thermal] 0 60 60 1 0|"},
	{"the most specific signal is used", "", "a1m0=32 a1m60=32 a1m120=0 a1s0=0 a1s60=20000 a1s120=70000",
		"gpu a 01 [sw_thermal] 0 120 70 1 0|"},
	{"clean when every signal is", "", "a1m0=32 a1m60=32 a1m120=0 a1s0=0 a1s60=20000 a1s120=70000 a1s180=70000",
		"gpu a 01 [sw_thermal] 0 120 70 1 0 180|"},
	{"the hottest while hot", "", "a1m0=32 a1m60=32 a1t-1=99000 a1t0=80000 a1t60=81500 a1t61=99000",
		"gpu a 01 [sw_thermal] 0 60 60 1 81.5 0|"},
	{"the clock against its own highest", "", "a1m0=32 a1m60=32 a1c0=1000000 a1c60=1500000 a1x0=2000000 b1c0=1 a2c0=500000",
		"gpu a 01 [sw_thermal] 0 60 60 1 37.5 0|"},
	{"the clock against the siblings", "", "a1m0=32 a1m60=32 a1c0=900000 a1c60=900000 a2m0=0 a2c0=1200000 a3m0=1 a3c0=300000",
		"gpu a 01 [sw_thermal] 0 60 60 1 25 2|"},
	{"siblings on other nodes are ignored", "", "a1m0=32 a1m60=32 a1c0=900000 b1m0=0 b1c0=1200000",
		"gpu a 01 [sw_thermal] 0 60 60 1 0|"},
	{"throttling siblings are ignored", "--node-share=1",
		"a1m0=32 a1m60=32 a1c0=900000 a2m0=32 a2m60=32 a2c0=700000 a3m0=0 a3c0=1000000",
		"gpu a 01 [sw_thermal] 0 60 60 1 10 1|gpu a 02 [sw_thermal] 0 60 60 1 30 1|"},
	{"half of the node", "", "a1m0=32 a1m60=32 a2m60=32 a2m120=32 a3m0=0 a4m0=0",
		"node a [01,02] [sw_thermal] 0 120 60 1 2|"},
	{"less than half", "", "a1m0=32 a1m60=32 a2m60=32 a2m120=32 a3m0=0 a4m0=0 a5m0=0",
		"gpu a 01 [sw_thermal] 0 60 60 1 3|gpu a 02 [sw_thermal] 60 120 60 1 3|"},
	{"a GPU without thermal signals is not counted", "", "a1m0=32 a1m60=32 a2m60=32 a2m120=32 a3m0=0 a4m0=0 a5t0=1",
		"node a [01,02] [sw_thermal] 0 120 60 1 2|"},
	{"never a single GPU", "--node-share=1%", "a1m0=32 a1m60=32", "gpu a 01 [sw_thermal] 0 60 60 1 0|"},
	{"three nodes", "",
		"a1m0=32 a1m60=32 a2m0=32 a2m60=32 b1m30=32 b1m90=32 b2m30=32 b2m90=32 c1m60=32 c1m120=32 c2m60=32 c2m120=32",
		"room [a,b,c] [a/01,a/02,b/01,b/02,c/01,c/02] [sw_thermal] 0 120 60 1 0|"},
	{"three nodes, one of them without a name, are not a room", "",
		"-1m0=32 -1m60=32 -2m0=32 -2m60=32 b1m30=32 b1m90=32 b2m30=32 b2m90=32 c1m60=32 c1m120=32 c2m60=32 c2m120=32",
		"node [01,02] [sw_thermal] 0 60 60 1 0|node b [01,02] [sw_thermal] 30 90 60 1 0|"
		"node c [01,02] [sw_thermal] 60 120 60 1 0|"},
	{"three nodes, at most two at a time", "",
		"a1m0=32 a1m60=32 a2m0=32 a2m60=32 b1m60=32 b1m120=32 b2m60=32 b2m120=32 c1m61=32 c1m121=32 c2m61=32 c2m121=32",
		"node a [01,02] [sw_thermal] 0 60 60 1 0|node b [01,02] [sw_thermal] 60 120 60 1 0|"
		"node c [01,02] [sw_thermal] 61 121 60 1 0|"},
	{"a long episode connects a room", "",
		"a1m0=32 a1m100=32 a1m200=32 a1m300=32 a2m0=32 a2m100=32 a2m200=32 a2m300=32 "
		"b1m0=32 b1m100=32 b1m200=32 b1m300=32 b2m0=32 b2m100=32 b2m200=32 b2m300=32 "
		"c1m30=32 c1m90=32 c2m30=32 c2m90=32 d1m150=32 d1m210=32 d2m150=32 d2m210=32",
		"room [a,b,c,d] [a/01,a/02,b/01,b/02,c/01,c/02,d/01,d/02] [sw_thermal] 0 300 300 1 0|"},
	{"a counter over a gap of two minutes", "", "a1v0=0 a1v120=60000 a1v240=120000",
		"gpu a 01 [thermal_violation] 0 240 120 1 0|"},
	{"a reset, then as slow as before", "", "a1v0=100000 a1v60=90000 a1v120=120000 a1v180=150000",
		"gpu a 01 [thermal_violation] 60 180 60 1 0|"},
	{"of simultaneous masks all bits", "", "a1m0=32 a1m0=64 a1m60=32", "gpu a 01 [sw_thermal,hw_thermal] 0 60 60 1 0|"},
	{"a sibling's clock at the very beginning", "", "a1m0=32 a1m60=32 a1c0=500000 a2m0=0 a2c0=1000000 a2c-1=1",
		"gpu a 01 [sw_thermal] 0 60 60 1 50 1|"},
	{"a sibling's clock at the very end", "", "a1m0=32 a1m60=32 a1c0=500000 a2m0=0 a2c60=1000000 a2c61=1",
		"gpu a 01 [sw_thermal] 0 60 60 1 50 1|"},
	{"only the first has no highest clock of its own", "--node-share=1",
		"a1m0=32 a1m60=32 a1c0=500000 a2m0=32 a2m60=32 a2c0=500000 a2x0=2000000 a3m0=0 a3c0=1000000",
		"gpu a 01 [sw_thermal] 0 60 60 1 50 1|gpu a 02 [sw_thermal] 0 60 60 1 75 1|"},
	{"the highest plausible clock and temperature", "", "a1m0=32 a1m60=32 a1t0=1000000 a1c0=5000000 a1x0=10000000",
		"gpu a 01 [sw_thermal] 0 60 60 1 1000 50 0|"},
	{"implausible values", "", "a1m0=32 a1m60=32 a1t0=1000001 a1c0=5000000 a1x0=10000001", "gpu a 01 [sw_thermal] 0 60 60 1 0|"},
	{"the coldest", "", "a1m0=32 a1m60=32 a1t0=-273150", "gpu a 01 [sw_thermal] 0 60 60 1 -273.15 0|"},
	{"thermal and power-brake episodes are separate", "--power", "a1m0=32 a1m60=32 a2m0=128 a2m60=128",
		"gpu a 01 [sw_thermal] 0 60 60 1 1|gpu a 02 [hw_power_brake] 0 60 60 1 1|"},
	{"order: first, node, GPU", "", "b1m0=32 b1m60=32 a9m1=32 a9m61=32 a1m1=32 a1m61=32 a2m1=0 a3m1=0 a4m1=0",
		"gpu b 01 [sw_thermal] 0 60 60 1 0|gpu a 01 [sw_thermal] 1 61 60 1 3|gpu a 09 [sw_thermal] 1 61 60 1 3|"},
};

#define T0 (INT64_C(1790200000) * SECOND)

static struct {
	struct events ev;
	struct verdicts vs;
	struct mem mem, config_mem;
	struct buf scratch, notice, explain, out;
	void *config;
} run;

/* Add one record of the text; returns the text after it. */
static const char *
add(const char *in, int64_t shift)
{
	static const struct {
		char letter;
		uint16_t field;
		int64_t unit;
	} fields[] = {
		{'m', METRIC_CLOCKS_EVENT, 1}, {'v', METRIC_THERMAL_VIOLATION, 1000000}, {'V', METRIC_THERMAL_VIOLATION, 1000000},
		{'s', METRIC_SW_THERMAL, 1000000}, {'h', METRIC_HW_THERMAL, 1000000}, {'p', METRIC_HW_POWER_BRAKE, 1000000},
		{'t', METRIC_GPU_TEMP, 1}, {'c', METRIC_SM_CLOCK, 1}, {'x', METRIC_SM_CLOCK_MAX, 1},
	};
	char node, field;
	unsigned bus;
	long long at, value;
	int n;
	struct sample s = {.start = NO_TIME, .index = -1};

	if (sscanf(in, " %c%1x%c%lld=%lld%n", &node, &bus, &field, &at, &value, &n) != 5)
		return NULL;
	s.e.t = T0 + at * SECOND + shift;
	s.e.node = node == '-' ? 0 : events_node(&run.ev, (struct str){&node, 1});
	s.gpu = (struct pci){.bus = (uint8_t)bus, .known = 1};
	for (size_t i = 0; i < NELEM(fields); i++)
		if (fields[i].letter == field) {
			s.field = fields[i].field & SAMPLE_FIELD;
			s.value = value * fields[i].unit;
		}
	if (field == 'V') {
		s.delta = 1;
		s.start = s.e.t - 60 * SECOND;
	}
	events_add(&run.ev, EVENT_SAMPLE, &s);
	return in + n;
}

static bool
configure(const char *args)
{
	static char prog[] = "thermal";
	static char text[200];
	const struct pattern *p = &thermal_throttle;
	struct out out = {.fd = -1};
	struct diag d = {.to = &out, .prog = p->filter};
	struct program program = {.diag = &d, .out = &out, .mem = &run.config_mem};
	char *argv[8] = {prog}, *word;
	int argc = 1;
	struct opt_run o = {.prog = p->filter, .about = p->about, .operands = "", .out = &out, .diag = &d};
	bool good;

	snprintf(text, sizeof(text), "%s", args);
	for (word = strtok(text, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	run.config = mem_get(&run.config_mem, p->config_size, 1);
	o.set[0] = (struct opt_set){p->opt, run.config};
	good = opt_parse(&o, argc, argv) == -1 && p->setup(run.config, &program) == -1;
	events_keep_fields(&run.ev, program.fields);
	buf_free(&out.b);
	return good;
}

static void
detect(bool explain)
{
	struct settled settled;

	mem_reset(&run.mem);
	verdicts_reset(&run.vs);
	run.notice.n = run.explain.n = 0;
	events_sort(&run.ev);
	settled = settle(&run.ev, (struct str){0}, &run.mem);
	thermal_throttle.detect(&(struct detection){
		.ev = &run.ev, .settled = &settled, .names = &run.ev.names, .spare = &run.ev.scratch, .config = run.config, .out = &run.vs, .notice = &run.notice,
		.explain = explain ? &run.explain : NULL, .scratch = &run.scratch, .mem = &run.mem});
}

static void
say(struct buf *b, const struct item *it, size_t n, int64_t shift)
{
	bool first = true, list = false;

	for (; n; n--, it++) {
		struct str s = it->s;

		if (it->kind == ITEM_END) {
			buf_chr(b, ']');
			list = first = false;
			continue;
		}
		if (!first)
			buf_chr(b, list ? ',' : ' ');
		first = it->kind == ITEM_LIST;
		if (it->kind == ITEM_LIST) {
			buf_chr(b, '[');
			list = true;
		} else if (it->kind == ITEM_INT) {
			buf_i64(b, it->n);
		} else if (it->kind == ITEM_SECONDS) {
			buf_fixed(b, it->n, 9);
		} else if (it->kind == ITEM_TIME) {
			buf_fixed(b, it->n - T0 - shift, 9);
		} else { /* "0000:01:00.0" is 01 */
			size_t at = str_find(s, S("0000:"));

			buf_add(b, str_head(s, at));
			if (at < s.n)
				buf_add(b, str_head(str_from(s, at + 5), 2));
		}
	}
	buf_chr(b, '|');
}

static void
say_all(struct buf *b, int64_t shift)
{
	b->n = 0;
	for (size_t i = 0; i < run.vs.n; i++)
		say(b, run.vs.item + run.vs.v[i].item, run.vs.v[i].nitem, shift);
}

static void
render(struct buf *b)
{
	b->n = 0;
	for (size_t i = 0; i < run.vs.n; i++)
		jsonl_put(b, &run.vs, &run.vs.v[i]);
}

static uint64_t seed;

static unsigned
below(unsigned n)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (unsigned)((seed * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % n;
}

/* A random scenario: few nodes and GPUs, mostly every half minute. */
static size_t
scenario(char record[][32])
{
	static const char letter[] = "mmmmvshtcxV";
	static const int mask[] = {0, 0, 1, 4, 32, 32, 64, 72, 128, 136};
	size_t n = 20 + below(300), dense = below(3);

	for (size_t i = 0; i < n; i++) {
		char f = letter[below(sizeof(letter) - 1)];
		unsigned at = below(40) * 30 + (below(8) == 0) * below(30);
		long v = f == 'm' ? mask[dense ? 4 + below(4) : below(10)] : f == 't' ? 60000 + (long)below(40) * 1000 :
			 f == 'c' || f == 'x' ? 900000 + (long)below(9) * 100000 : f == 'V' ? (long)below(60000) :
			 (long)at * 900 + (long)below(3000);

		snprintf(record[i], 32, "%c%x%c%u=%ld", "abcd"[below(4)], 1 + below(3), f, at, v);
	}
	return n;
}

static void
add_all(char record[][32], size_t n, int64_t shift, char node)
{
	for (size_t i = 0; i < n; i++)
		if (!node || record[i][0] == node)
			add(record[i], shift);
}

int
main(void)
{
	static char record[400][32];
	struct buf want = {0}, got = {0};
	size_t found = 0;

	run.ev = (struct events){.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
	run.vs.id = thermal_throttle.id;
	run.vs.name = thermal_throttle.name;
	for (size_t i = 0; i < NELEM(rows); i++) {
		TEST(rows[i].name);
		CHECK(configure(rows[i].args));
		for (int turn = 0; turn < 2; turn++) { /* --explain changes no verdict */
			events_reset(&run.ev);
			for (const char *in = rows[i].in; in && *in;)
				in = add(in, 0);
			detect(turn);
			say_all(&got, 0);
			CHECK(str_eq(buf_str(&got), str_of(rows[i].out)));
			if (!str_eq(buf_str(&got), str_of(rows[i].out)))
				printf("# got %.*s\n", (int)got.n, got.p ? got.p : "");
		}
	}

	TEST("invalid options");
	CHECK(!configure("--share=0"));
	CHECK(!configure("--share=0%"));
	CHECK(!configure("--share=1.000001"));
	CHECK(!configure("--share=100.0001%"));
	CHECK(!configure("--share=-1"));
	CHECK(!configure("--share=%"));
	CHECK(!configure("--node-share=x"));
	CHECK(!configure("--room-nodes=1"));
	CHECK(!configure("--room-nodes=4294967296"));
	CHECK(configure("--share=100% --node-share=1 --room-nodes=2"));

	TEST("extreme times: no overflow");
	CHECK(configure("--gap=100000d -w 1"));
	events_reset(&run.ev);
	for (int i = -4; i <= 4; i++) {
		struct sample s = {.e.t = INT64_C(2305843009213693951) * i, .start = NO_TIME, .index = 1, .field = METRIC_CLOCKS_EVENT, .value = 32};

		events_add(&run.ev, EVENT_SAMPLE, &s);
		s.field = METRIC_THERMAL_VIOLATION;
		s.value = i == 4 ? INT64_MAX : INT64_MAX / 8 * (i + 4);
		events_add(&run.ev, EVENT_SAMPLE, &s);
		s.field = METRIC_GPU_TEMP;
		events_add(&run.ev, EVENT_SAMPLE, &s);
		s.field = METRIC_SM_CLOCK;
		s.value = INT64_MIN + i + 4;
		events_add(&run.ev, EVENT_SAMPLE, &s);
	}
	detect(true);
	render(&got);
	CHECK(run.vs.n == 1);

	TEST("order, repetition and shifts in time do not matter: 2000 scenarios");
	for (seed = 1; seed < 2001; seed++) {
		uint64_t keep = seed;
		size_t n;

		seed = keep * UINT64_C(0x9e3779b97f4a7c15);
		n = scenario(record);
		configure(below(2) ? "--power" : "--gap=60s -w 30s");
		events_reset(&run.ev);
		add_all(record, n, 0, 0);
		detect(below(2));
		render(&want);
		found += run.vs.n;
		/* shuffled, every third one twice; other names first */
		events_reset(&run.ev);
		idx_add(&run.ev.names, S("zzz"));
		for (size_t i = n; i-- > 1;) {
			size_t k = below((unsigned)i + 1);
			char t[32];

			memcpy(t, record[i], 32);
			memmove(record[i], record[k], 32);
			memcpy(record[k], t, 32);
		}
		add_all(record, n, 0, 0);
		add_all(record, n / 3, 0, 0);
		detect(true);
		render(&got);
		CHECK_ROW(keep, str_eq(buf_str(&want), buf_str(&got)));
		say_all(&want, 0);
		events_reset(&run.ev);
		add_all(record, n, INT64_C(123456789) * SECOND + 1, 0);
		detect(false);
		say_all(&got, INT64_C(123456789) * SECOND + 1);
		CHECK_ROW(keep, str_eq(buf_str(&want), buf_str(&got)));
		seed = keep;
	}
	CHECK(found > 2000);

	TEST("without rooms, a cluster's verdicts are those of its nodes");
	for (seed = 5001; seed < 5501; seed++) {
		uint64_t keep = seed;
		size_t n, all, sum = 0;

		seed = keep * UINT64_C(0x9e3779b97f4a7c15);
		n = scenario(record);
		configure("--room-nodes=5 --power");
		events_reset(&run.ev);
		add_all(record, n, 0, 0);
		detect(false);
		all = run.vs.n;
		render(&want);
		for (const char *node = "abcd"; *node; node++) {
			events_reset(&run.ev);
			add_all(record, n, 0, *node);
			detect(false);
			sum += run.vs.n;
			for (size_t i = 0; i < run.vs.n; i++) {
				got.n = 0;
				jsonl_put(&got, &run.vs, &run.vs.v[i]);
				CHECK_ROW(keep, str_has(buf_str(&want), buf_str(&got)));
			}
		}
		CHECK_ROW(keep, sum == all);
		seed = keep;
	}

	buf_free(&want);
	buf_free(&got);
	buf_free(&run.scratch);
	buf_free(&run.notice);
	buf_free(&run.explain);
	buf_free(&run.out);
	verdicts_free(&run.vs);
	events_free(&run.ev);
	mem_free(&run.mem);
	mem_free(&run.config_mem);
	return test_done();
}
