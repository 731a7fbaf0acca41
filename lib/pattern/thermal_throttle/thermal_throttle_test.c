#include "pattern/pattern.h"

#include <stdlib.h>
#include <string.h>

#include "event/metric.h"
#include "filter/test_run.h"

/*
 * Records in: "a1m60=32" is node a, GPU 0000:01:00.0, field m, after 60 s, the
 * value 32.  Fields: m mask, v thermal violation, s and h the counters of
 * software and hardware slowdown, p of the power brake (all four in
 * milliseconds; V: violation as the increase in the last minute, W: since the sample before), t temperature,
 * c clock, x highest clock.  Node -: unset.
 * #: under another name, which has the GPU's number, too.
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
	{"overlapping intervals are no more time than passed", "", "a1V60=60000 a1V90=60000", "gpu a 01 [thermal_violation] 0 90 90 1 0|"},
	{"increases since the sample before", "", "a1W0=0 a1W60=60000 a1W120=6000", "gpu a 01 [thermal_violation] 0 120 66 1 0|"},
	{"the first of them has no interval", "", "a1W60=60000", ""},
	{"an increase before the gap is ignored", "", "a1v0=0 a1v121=121000 a1v242=242000", ""},
	{"of simultaneous counts the highest", "", "a1v0=0 a1v60=3000 a1v60=30000 a1v120=60000",
		"gpu a 01 [thermal_violation] 0 120 60 1 0|"},
	{"a GPU under two names: one series", "", "a1m0=32 a1m60=32# a1m120=32", "gpu a 01 [sw_thermal] 0 120 120 1 0|"},
	{"two names: of simultaneous counts the highest", "", "a1v0=0 a1v60=30000 a1v60=3000# a1v120=60000", "gpu a 01 [thermal_violation] 0 120 60 1 0|"},
	{"under the other name", "", "a1v0=0# a1v60=3000 a1v60=30000# a1v120=60000", "gpu a 01 [thermal_violation] 0 120 60 1 0|"},
	{"beside an increase", "", "a1v0=0 a1v60=3000 a1W60=10000# a1v60=30000 a1v120=60000", "gpu a 01 [thermal_violation] 0 120 60 1 0|"},
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
		{'m', METRIC_CLOCKS_EVENT, 1}, {'v', METRIC_THERMAL_VIOLATION, 1000000}, {'V', METRIC_THERMAL_VIOLATION, 1000000}, {'W', METRIC_THERMAL_VIOLATION, 1000000},
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
	s.delta = field == 'V' || field == 'W';
	if (field == 'V') {
		s.start = s.e.t - 60 * SECOND;
	}
	if (in[n] == '#') {
		s.index = 3;
		n++;
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

/* ---- rows of lines: sentences, near misses, notices ---- */

#define DAY "2026-03-04T"
#define M(node, bus, at, name, value) "{'metric.name':'DCGM_FI_DEV_" name "','value':" value ",'gpu.id':'0000:" bus ":00.0','host.name':'" node "','time':'" DAY at "Z'}\n"
#define MASK(node, bus, at, value) M(node, bus, at, "CLOCK_THROTTLE_REASONS", value)
#define HOT(node, bus, from, to) MASK(node, bus, from, "32") MASK(node, bus, to, "32")
#define FINE(node, bus, at) MASK(node, bus, at, "0")
#define TEMP(at, value) M("a", "3b", at, "GPU_TEMP", value)
#define CLOCKS(was, most) M("a", "3b", "05:00:00", "SM_CLOCK", was) M("a", "3b", "05:00:00", "MAX_SM_CLOCK", most)
#define VIOLATION(at, value) M("a", "3b", at, "THERMAL_VIOLATION", value)
#define LONG "--gap=9h -w 0"
#define OTHER_CAUSE "the temperature contradicts it"
#define SLOWED MASK("a", "3b", "05:00:00", "8") MASK("a", "3b", "05:01:00", "8")

static const struct test_run lines[] = {
	/* how long */
	{"119 seconds", "", HOT("a", "3b", "05:00:00", "05:01:59"), "Thermal throttling on a GPU 0000:3b:00.0: 119 s; since " DAY "05:00:00Z|No other GPU on this node to compare with; check this GPU"},
	{"two minutes", "", HOT("a", "3b", "05:00:00", "05:02:00"), ": 2 min; since"},
	{"two and nearly a half", LONG, HOT("a", "3b", "05:00:00", "05:02:29"), ": 2 min; since"},
	{"two and a half are rounded up", LONG, HOT("a", "3b", "05:00:00", "05:02:30"), ": 3 min; since"},
	{"nearly two hours", LONG, HOT("a", "3b", "05:00:00", "06:59:29"), ": 119 min; since"},
	{"two hours", LONG, HOT("a", "3b", "05:00:00", "06:59:30"), ": 2 h; since"},
	{"and a minute", LONG, HOT("a", "3b", "05:00:00", "07:00:30"), ": 2 h 1 min; since"},
	{"three hours and five minutes", LONG, HOT("a", "3b", "05:00:00", "08:05:00"), ": 3 h 5 min; since|'throttled_seconds':11100,"},
	{"no time", LONG, MASK("a", "3b", "05:00:00", "32"), ": 0 s; since"},
	{"ten seconds and a bit", LONG, HOT("a", "3b", "05:00:00", "05:00:10.9"), ": 10 s; since|'throttled_seconds':10.9,"},
	{"less than ten", LONG, HOT("a", "3b", "05:00:00", "05:00:09.9999"), ": 9.999 s; since"},
	{"a millisecond", LONG, HOT("a", "3b", "05:00:00", "05:00:00.001"), ": 0.001 s; since"},
	{"less", LONG, HOT("a", "3b", "05:00:00", "05:00:00.000999999"), ": 0.000999999 s; since"},

	/* what it costs, rounded; half a percent is worth a word */
	{"half a percent of the clock", "", HOT("a", "3b", "05:00:00", "05:01:00") CLOCKS("1991", "2000"), ", clocks down 1%; since|'clock_loss_percent':0.5,"},
	{"less", "", HOT("a", "3b", "05:00:00", "05:01:00") CLOCKS("1992", "2000"), "'clock_loss_percent':0.4,|!clocks down"},
	{"a percent and a half", "", HOT("a", "3b", "05:00:00", "05:01:00") CLOCKS("1970", "2000"), ", clocks down 2%; since|'clock_loss_percent':1.5,"},
	{"more than its highest clock is no gain", "", HOT("a", "3b", "05:00:00", "05:01:00") CLOCKS("2100", "2000"), "'clock_loss_percent':0,"},
	{"a third of the times", "", HOT("a", "3b", "05:00:00", "05:01:00") FINE("a", "3b", "05:00:30"), "'share':0.667,"},
	{"its highest temperature", "", HOT("a", "3b", "05:00:00", "05:01:00") TEMP("05:00:30", "91.5") TEMP("05:00:40", "90"), ", peak 91.5 °C; since|'max_temperature_c':91.5,"},

	/* who */
	{"one sibling", "", HOT("a", "3b", "05:00:00", "05:01:00") FINE("a", "3c", "05:00:00") FINE("a", "3d", "05:00:00") HOT("a", "3d", "05:01:01", "05:02:01"), "siblings are fine, so check this GPU|'healthy_siblings':2,"},
	{"its only sibling", "--node-share=1", HOT("a", "3b", "05:00:00", "05:01:00") FINE("a", "3c", "05:00:00"), "Its 1 sibling is fine, so check this GPU|'healthy_siblings':1,"},
	{"the hardware's own slowdown", "", MASK("a", "3b", "05:00:00", "64") MASK("a", "3b", "05:01:00", "64"), "Node a, GPU 0000:3b:00.0: Hardware thermal slowdown is active, the last stage before a thermal shutdown: drain first. No other GPU"},
	{"a node", "", HOT("a", "3b", "05:00:00", "05:01:00") HOT("a", "3c", "05:00:00", "05:01:30") FINE("a", "3d", "05:00:00"), "Thermal throttling on a: 2 of 3 GPUs for 90 s; since|Node a: The node|'scope':'node'|'gpu_ids':['0000:3b:00.0','0000:3c:00.0']|'healthy_siblings':1,"},
	{"a room of four nodes names all", "", HOT("a", "3b", "05:00:00", "05:01:00") HOT("a", "3c", "05:00:00", "05:01:00") HOT("b", "3b", "05:00:00", "05:01:00") HOT("b", "3c", "05:00:00", "05:01:00")
		HOT("c", "3b", "05:00:00", "05:01:00") HOT("c", "3c", "05:00:00", "05:01:00") HOT("d", "3b", "05:00:00", "05:01:00") HOT("d", "3c", "05:00:00", "05:01:00") FINE("d", "3d", "05:00:00"),
		"Thermal throttling on 4 nodes (a, b, c, d): 8 of 9 GPUs for 60 s; since|Nodes a, b, c, d: Several nodes|'nodes':['a','b','c','d']|'healthy_siblings':1,"},
	{"of five the first three", "", HOT("e", "3b", "05:00:00", "05:01:00") HOT("e", "3c", "05:00:00", "05:01:00") HOT("a", "3b", "05:00:00", "05:01:00") HOT("a", "3c", "05:00:00", "05:01:00") HOT("b", "3b", "05:00:00", "05:01:00") HOT("b", "3c", "05:00:00", "05:01:00")
		HOT("c", "3b", "05:00:00", "05:01:00") HOT("c", "3c", "05:00:00", "05:01:00") HOT("d", "3b", "05:00:00", "05:01:00") HOT("d", "3c", "05:00:00", "05:01:00"),
		"on 5 nodes (a, b, c and 2 others): 10 of 10 GPUs for 60 s"},
	{"two nodes are too few for a room", "-x", HOT("a", "3b", "05:00:00", "05:01:00") HOT("a", "3c", "05:00:00", "05:01:00") HOT("b", "3b", "05:00:30", "05:01:40") HOT("b", "3c", "05:00:30", "05:01:40"),
		"too few nodes throttled together','nodes':['a','b'],'first':'" DAY "05:00:00Z','last':'" DAY "05:01:40Z','at_once':2,'needed':3,"},
	{"one node is nothing to explain", "-x", HOT("a", "3b", "05:00:00", "05:01:00") HOT("a", "3c", "05:00:00", "05:01:00"), "!too few"},
	{"two of five GPUs", "-x", HOT("a", "3b", "05:00:00", "05:01:00") HOT("a", "3c", "05:01:00", "05:02:00") FINE("a", "3d", "05:00:00") FINE("a", "3e", "05:00:00") FINE("a", "3f", "05:00:00"),
		"too few GPUs of the node throttled together','node':'a','first':'" DAY "05:00:00Z','last':'" DAY "05:02:00Z','gpus':2,'at_once':2,'reporting':5,'needed':3,"},
	{"one of five", "-x", HOT("a", "3b", "05:00:00", "05:01:00") FINE("a", "3d", "05:00:00") FINE("a", "3e", "05:00:00") FINE("a", "3f", "05:00:00"), "'scope':'gpu'|!too few"},

	/* evidence */
	{"what a sample shows", "", MASK("a", "3b", "05:00:00", "72") MASK("a", "3b", "05:01:00", "64") TEMP("05:00:00", "90") M("a", "3b", "05:00:00", "MEMORY_TEMP", "95") M("a", "3b", "05:00:00", "SM_CLOCK", "1200"),
		"'description':'a GPU 0000:3b:00.0: DCGM_FI_DEV_CLOCKS_EVENT_REASONS 0x48 (hw_slowdown, hw_thermal), GPU 90 °C, memory 95 °C, SM clock 1200 MHz'"},
	{"a counter's growth", "", VIOLATION("05:00:00", "0") VIOLATION("05:00:30", "20500000000") VIOLATION("05:01:30", "80500000000"), "DCGM_FI_DEV_THERMAL_VIOLATION grew by 20.5 s in 30 s'|grew by 60 s in 60 s'"},
	{"a memory without a sensor", "", HOT("a", "3b", "05:00:00", "05:01:00") M("a", "3b", "05:00:00", "MEMORY_TEMP", "0"), "0x20 (sw_thermal)'|!memory"},
	{"a sensor a gap away", "", HOT("a", "3b", "05:00:00", "05:01:00") TEMP("05:03:00", "77"), "0x20 (sw_thermal), GPU 77 °C'"},
	{"one farther away", "", HOT("a", "3b", "05:00:00", "05:01:00") TEMP("05:03:01", "77"), "0x20 (sw_thermal)'|!77"},
	{"before it", "", HOT("a", "3b", "05:02:00", "05:03:00") TEMP("05:00:00", "77"), "0x20 (sw_thermal), GPU 77 °C'"},
	{"the nearer of two, the earlier if equally near", "", HOT("a", "3b", "05:02:00", "05:03:00") TEMP("05:01:30", "77") TEMP("05:02:30", "76"), "05:02:00Z','description':'a GPU 0000:3b:00.0: DCGM_FI_DEV_CLOCKS_EVENT_REASONS 0x20 (sw_thermal), GPU 77"},
	{"the later is nearer", "", HOT("a", "3b", "05:02:00", "05:03:00") TEMP("05:01:30", "77") TEMP("05:02:29", "78"), "05:02:00Z','description':'a GPU 0000:3b:00.0: DCGM_FI_DEV_CLOCKS_EVENT_REASONS 0x20 (sw_thermal), GPU 78"},

	/* a slowdown that is not heat: below 60 C, ten below the limit, or ten of margin */
	{"60 C may be heat", "-x", SLOWED TEMP("05:00:00", "60"), "'reasons':['hw_slowdown']|!" OTHER_CAUSE},
	{"less is none", "-x", SLOWED TEMP("05:00:00", "59.999"), "hardware slowdown that is not thermal','node':'a','gpu_id':'0000:3b:00.0','samples':2,'first':'" DAY "05:00:00Z','last':'" DAY "05:01:00Z','why':'" OTHER_CAUSE "; use --power"},
	{"ten below the limit", "-x", SLOWED TEMP("05:00:00", "80") M("a", "3b", "05:00:00", "SLOWDOWN_TEMP", "90"), OTHER_CAUSE},
	{"nine below it", "-x", SLOWED TEMP("05:00:00", "81") M("a", "3b", "05:00:00", "SLOWDOWN_TEMP", "90"), "'reasons':['hw_slowdown']|!" OTHER_CAUSE},
	{"a margin of ten", "-x", SLOWED M("a", "3b", "05:00:00", "GPU_TEMP_LIMIT", "10"), OTHER_CAUSE},
	{"of less", "-x", SLOWED M("a", "3b", "05:00:00", "GPU_TEMP_LIMIT", "9.999"), "'reasons':['hw_slowdown']|!" OTHER_CAUSE},
	{"with --power it is reported", "--power -x", SLOWED TEMP("05:00:00", "50"), "HW slowdown (not thermal) on a GPU 0000:3b:00.0: 60 s; since|check the power cables|'action':'fix_power'|'reasons':['hw_slowdown']|'why':'" OTHER_CAUSE ": the power supply or a cable'"},
	{"the brake", "--power", MASK("a", "3b", "05:00:00", "128") MASK("a", "3b", "05:01:00", "128") TEMP("05:00:00", "90"), "HW power brake slowdown on a GPU 0000:3b:00.0: 60 s; since|!peak"},

	/* near misses */
	{"too short", "-x", HOT("a", "3b", "05:00:00", "05:00:59"), "throttling too short for a verdict|'reasons':['sw_thermal'],'field':'DCGM_FI_DEV_CLOCKS_EVENT_REASONS','first':'" DAY "05:00:00Z','last':'" DAY "05:00:59Z','lasted_seconds':59,'sustained_seconds':60,"},
	{"too far apart", "-x", HOT("a", "3b", "05:00:00", "05:02:01"), "'before':'" DAY "05:00:00Z','after':'" DAY "05:02:01Z','apart_seconds':121,'gap_seconds':120,"},
	{"a counter too far apart", "-x", VIOLATION("05:00:00", "0") VIOLATION("05:02:01", "121000000000"), "'before':'" DAY "05:00:00Z','after':'" DAY "05:02:01Z','apart_seconds':121,'gap_seconds':120,'why':'the counter grew, but"},
	{"it grew too little, twice", "-x", VIOLATION("05:00:00", "0") VIOLATION("05:01:00", "1") VIOLATION("05:02:00", "1") VIOLATION("05:03:00", "9"), "violation time grew too little|'samples':2,'first':'" DAY "05:01:00Z','last':'" DAY "05:03:00Z'"},
	{"it did not grow", "-x", VIOLATION("05:00:00", "1") VIOLATION("05:01:00", "1"), "!too little"},
	{"a power cap", "-x", MASK("a", "3b", "05:00:00", "4") MASK("a", "3b", "05:01:00", "6") FINE("a", "3b", "05:02:00") MASK("a", "3b", "05:03:00", "36"), "slowdown that is not thermal','node':'a','gpu_id':'0000:3b:00.0','reasons':['clocks_setting','sw_power_cap'],'samples':2,'first':'" DAY "05:00:00Z','last':'" DAY "05:01:00Z','why':'only thermal throttling is reported'"},
	{"a brake and a display", "-x", MASK("a", "3b", "05:00:00", "128") MASK("a", "3b", "05:01:00", "256"), "'reasons':['hw_power_brake','display_clock'],'samples':2,|use --power to report the HW power brake"},
	{"every reason that never causes a verdict", "-x", MASK("a", "3b", "05:00:00", "278"), "'reasons':['clocks_setting','sw_power_cap','sync_boost','display_clock'],'samples':1,"},
	{"with --power only the display", "-x --power", MASK("a", "3b", "05:00:00", "128") MASK("a", "3b", "05:01:00", "256"), "'reasons':['display_clock'],'samples':1,|'why':'only thermal throttling is reported'}"},

	/* notices */
	{"nothing", "", "", "no samples, no clocks-event reasons and no thermal violation times: nothing to judge"},
	{"temperatures of two GPUs", "", TEMP("05:00:00", "50") M("a", "3c", "05:00:00", "GPU_TEMP", "50"), "2 samples of 2 GPUs, no clocks-event reasons"},
	{"the brake's counter alone", "", M("a", "3b", "05:00:00", "CLOCKS_EVENT_REASON_HW_POWER_BRAKE_SLOWDOWN_NS", "50"), "1 sample of 1 GPU, no clocks-event reasons"},
	{"with --power it is judged", "--power", M("a", "3b", "05:00:00", "CLOCKS_EVENT_REASON_HW_POWER_BRAKE_SLOWDOWN_NS", "50"), "no GPU has more than one sample: nothing is seen to last"},
	{"far apart", "", FINE("a", "3b", "05:00:00") FINE("a", "3b", "05:02:01") FINE("a", "3c", "05:01:00"), "all samples of a GPU are more than --gap apart: nothing is seen to last"},
	{"a gap apart", "", FINE("a", "3b", "05:00:00") FINE("a", "3b", "05:02:00"), "!apart"},
	{"simultaneous ones are one", "", FINE("a", "3b", "05:00:00") MASK("a", "3b", "05:00:00", "1"), "no GPU has more than one sample"},
	{"a cold slowdown of two GPUs", "", SLOWED TEMP("05:00:00", "50") MASK("a", "3c", "05:00:00", "8") MASK("a", "3c", "05:01:00", "8") M("a", "3c", "05:00:00", "GPU_TEMP", "50"), "2 GPUs had a non-thermal HW slowdown: use --power to report it"},
	{"of one; and one with a brake", "", SLOWED TEMP("05:00:00", "50") MASK("a", "3c", "05:00:00", "128") MASK("a", "3c", "05:01:00", "136"), "1 GPU had a non-thermal HW slowdown: use --power to report it; 1 GPU had a HW power brake slowdown: use --power to report it"},
	{"no longer, if they are reported", "--power", SLOWED TEMP("05:00:00", "50") MASK("a", "3c", "05:00:00", "128") MASK("a", "3c", "05:01:00", "136"), "!use --power"},
	{"without a time", "", HOT("a", "3b", "05:00:00", "05:01:00") "{'metric.name':'DCGM_FI_DEV_GPU_TEMP','value':50,'gpu.id':'0000:3b:00.0','host.name':'a'}\n", "1 sample has no timestamp and is left out"},
	{"without a node", "", HOT("a", "3b", "05:00:00", "05:01:00") "{'metric.name':'DCGM_FI_DEV_GPU_TEMP','value':50,'gpu.id':'0000:3b:00.0','time':'" DAY "05:00:00Z'}\n{'metric.name':'DCGM_FI_DEV_GPU_TEMP','value':51,'gpu.id':'0000:3b:00.0','time':'" DAY "05:01:00Z'}\n", "2 samples have no node name: use --node=NAME"},
	{"few nodes make no room", "--room-nodes=1", "", "--room-nodes: invalid number |1| (expected 2 or more)"},
	{"very many are allowed", "--room-nodes=2147483647", "", "!invalid"},
	{"too many", "--room-nodes=2147483648", "", "--room-nodes: invalid number |2147483648|"},
};

/* A counter that grows for half an hour, while another node's verdict becomes final. */
static void
test_follow(void)
{
	static const char *const fields[] = {
		"CLOCK_THROTTLE_REASONS", "THERMAL_VIOLATION", "CLOCKS_EVENT_REASON_SW_THERM_SLOWDOWN_NS", "CLOCKS_EVENT_REASON_HW_THERM_SLOWDOWN_NS",
		"CLOCKS_EVENT_REASON_HW_POWER_BRAKE_SLOWDOWN_NS",
	};
	struct buf in = {0}, said = {0};
	char line[400];

	for (size_t i = 0; i < NELEM(fields); i++) {
		TEST("--follow keeps what an episode began with");
		in.n = 0;
		for (int min = 0; min < 28; min++) {
			(void)snprintf(line, sizeof(line), "{'metric.name':'DCGM_FI_DEV_%s','value':%lld,'gpu.id':'0000:3b:00.0','host.name':'a','time':'" DAY "05:%02d:00Z'}\n",
				fields[i], i ? min * 60000000000LL : 32, min);
			buf_add(&in, str_of(line));
			(void)snprintf(line, sizeof(line), "{'metric.name':'DCGM_FI_DEV_CLOCK_THROTTLE_REASONS','value':%d,'gpu.id':'0000:3b:00.0','host.name':'z','time':'" DAY "05:%02d:00Z'}\n",
				min < 3 ? 32 : 0, min);
			buf_add(&in, str_of(line));
		}
		buf_chr(&in, '\0');
		CHECK(test_run(&thermal_throttle, "-f --power", in.p, &said) == 0);
		CHECK(test_says(buf_str(&said), S("\"node\":\"z\"|\"node\":\"a\"|\"first\":\"" DAY "05:00:00Z\",\"last\":\"" DAY "05:27:00Z\"")));
		if (test_case_bad)
			printf("# said %.*s\n", (int)said.n, said.p);
	}
	buf_free(&in);
	buf_free(&said);
}

/*
 * What --follow drops at second 100000: a verdict that is not final may need what began 540 s before (twice the
 * gap, the duration, and two gaps), and eight pieces of an hour before that if the node was warm since: 70660.
 */
enum { DECIDED = 100000 };

static const struct {
	const char *name, *args;
	int skew, piece; /* seconds */
	const char *in, *left;
} kept[] = {
	{"of a cold node only what is recent, and the last one before", "", 0, 3600, "a1m70660=0 a1m99458=0 a1m99459=0 a1m99460=0", "a1m99459 a1m99460"},
	{"of a warm one all", "", 0, 3600, "a1m70660=32 a1m80000=0 a1m99460=0", "a1m70660 a1m80000 a1m99460"},
	{"it was warm too long ago", "", 0, 3600, "a1m70659=32 a1m80000=0 a1m99460=0", "a1m80000 a1m99460"},
	{"and the last one before it was warm", "", 0, 3600, "a1m70658=0 a1m70659=0 a1m70660=0 a1m90000=32", "a1m70659 a1m70660 a1m90000"},
	{"warm now", "", 0, 3600, "a1m70660=0 a1m80000=0 a1m100000=32", "a1m70660 a1m80000 a1m100000"},
	{"each node by itself", "", 0, 3600, "a1m80000=0 a1m90000=0 b1m80000=0 b1m90000=32", "a1m90000 b1m80000 b1m90000"},
	{"all GPUs of a node", "", 0, 3600, "a1m80000=0 a1m90000=0 a2m80000=0 a2m90000=32", "a1m80000 a1m90000 a2m80000 a2m90000"},
	{"nothing is split", "", 0, 0, "a1m99458=32 a1m99459=32 a1m99460=32", "a1m99459 a1m99460"},
	{"pieces are as long as what a verdict needs", "", 0, 1, "a1m95140=32 a1m96000=0 a1m99000=0", "a1m95140 a1m96000 a1m99000"},
	{"and no longer", "", 0, 1, "a1m95139=32 a1m96000=0 a1m99000=0", "a1m99000"},
	{"--skew, if it is longer than the gap", "", 300, 0, "a1m99278=0 a1m99279=0 a1m99280=0", "a1m99279 a1m99280"},
	{"--gap and --sustained", "--gap=10s -w 1s", 0, 0, "a1m99957=0 a1m99958=0 a1m99959=0", "a1m99958 a1m99959"},

	{"a power brake is warm", "", 0, 3600, "a1m80000=0 a1m90000=128", "a1m80000 a1m90000"},
	{"a power cap is not", "", 0, 3600, "a1m80000=0 a1m90000=4", "a1m90000"},
	{"nor is a temperature", "", 0, 3600, "a1t80000=90 a1t90000=90", "a1t90000"},
	{"a counter that grows", "", 0, 3600, "a1v70659=5 a1v80000=6 a1v90000=6", "a1v70659 a1v80000 a1v90000"},
	{"one that does not", "", 0, 3600, "a1v70659=5 a1v80000=5 a1v90000=5", "a1v90000"},
	{"one that begins again", "", 0, 3600, "a1v70659=6 a1v80000=5 a1v90000=5", "a1v70659 a1v80000 a1v90000"},
	{"that of another GPU was higher", "", 0, 3600, "a1v70659=6 a2v80000=5 a2v90000=5", "a1v70659 a2v90000"},
	{"lower", "", 0, 3600, "a1v70659=4 a2v80000=5 a2v90000=5", "a1v70659 a2v80000 a2v90000"},
	{"the first of a counter may have grown", "", 0, 3600, "a1v80000=5 a1v90000=5", "a1v80000 a1v90000"},
	{"after one of another counter, too", "", 0, 3600, "a1m70000=0 a1h80000=0 a1h90000=0", "a1m70000 a1h80000 a1h90000"},
	{"the counter of the power brake", "", 0, 3600, "a1p80000=5 a1p90000=5", "a1p80000 a1p90000"},
	{"of the software's slowdown", "", 0, 3600, "a1s80000=5 a1s90000=5", "a1s80000 a1s90000"},
	{"an increase", "", 0, 3600, "a1V70659=0 a1V80000=0 a1V90000=0", "a1V70659 a1V80000 a1V90000"},

	{"the highest clock, though it is old", "", 0, 3600, "a1x1=5 a1x2=9 a1x3=7 a1x99460=1", "a1x2 a1x3 a1x99460"},
	{"of other clocks the last", "", 0, 3600, "a1c2=9 a1c3=7", "a1c3"},
};

static void
forget(int64_t skew, int64_t piece, uint32_t nodeless)
{
	struct settled settled = {.nodeless = nodeless};

	events_sort(&run.ev);
	mem_reset(&run.mem);
	thermal_throttle.forget(&(struct detection){.ev = &run.ev, .settled = &settled, .config = run.config, .skew = skew * SECOND,
		.split_every_ns = piece * SECOND, .mem = &run.mem}, &run.ev, T0 + DECIDED * SECOND);
}

static void
put_left(struct buf *b)
{
	static const struct {
		char letter;
		uint16_t field;
	} fields[] = {
		{'m', METRIC_CLOCKS_EVENT}, {'v', METRIC_THERMAL_VIOLATION}, {'s', METRIC_SW_THERMAL}, {'h', METRIC_HW_THERMAL},
		{'p', METRIC_HW_POWER_BRAKE}, {'t', METRIC_GPU_TEMP}, {'c', METRIC_SM_CLOCK}, {'x', METRIC_SM_CLOCK_MAX},
	};
	const struct sample *s = run.ev.list[EVENT_SAMPLE].p;

	b->n = 0;
	for (size_t i = 0; i < run.ev.list[EVENT_SAMPLE].n; i++) {
		buf_add(b, i ? S(" ") : S(""));
		buf_add(b, idx_at(&run.ev.names, s[i].e.node));
		buf_u64(b, s[i].gpu.bus);
		for (size_t k = 0; k < NELEM(fields); k++)
			if (fields[k].field == s[i].field)
				buf_chr(b, s[i].delta ? 'V' : fields[k].letter);
		buf_i64(b, (s[i].e.t - T0) / SECOND);
	}
}

static void
test_kept(void)
{
	struct buf b = {0};

	for (size_t i = 0; i < NELEM(kept); i++) {
		TEST(kept[i].name);
		CHECK(configure(kept[i].args));
		events_reset(&run.ev);
		for (const char *in = kept[i].in; in && *in;)
			in = add(in, 0);
		forget(kept[i].skew, kept[i].piece, 0);
		put_left(&b);
		CHECK(str_eq(buf_str(&b), str_of(kept[i].left)));
		if (!str_eq(buf_str(&b), str_of(kept[i].left)))
			printf("# left %.*s\n", (int)b.n, b.p ? b.p : "");
	}
	buf_free(&b);
}

/* A cold node and a warm one that may turn out to be the same. */
static void
test_kept_names(void)
{
	enum link { NAME, SAMPLE, WORD, RECOVERY };
	static const struct {
		const char *name, *cold, *warm, *nodeless;
		enum link link;
		const char *cold_uuid, *warm_uuid;
		bool same;
	} are[] = {
		{"two names", "a", "b", "", NAME, "", "", false},
		{"a short one and a full one", "g", "g.x", "", NAME, "", "", true},
		{"the other way", "g.x", "g", "", NAME, "", "", true},
		{"two full ones", "g.y", "g.x", "", NAME, "", "", false},
		{"with a short one that may be of either", "g.y", "g.x", "g", NAME, "", "", true},
		{"none, which is of --node", "", "b", "b", NAME, "", "", true},
		{"none, which is of another", "", "b", "c", NAME, "", "", false},
		{"samples of one GPU", "a", "b", "", SAMPLE, "GPU-a", "GPU-a", true},
		{"of two", "a", "b", "", SAMPLE, "GPU-a", "GPU-b", false},
		{"lines about one GPU", "a", "b", "", WORD, "GPU-a", "GPU-a", true},
		{"about two", "a", "b", "", WORD, "GPU-a", "GPU-b", false},
		{"about GPUs without a UUID", "a", "b", "", WORD, "", "", false},
		{"recoveries of one", "a", "b", "", RECOVERY, "GPU-a", "GPU-a", true},
		{"of two", "a", "b", "", RECOVERY, "GPU-a", "GPU-b", false},
		{"without a UUID", "a", "b", "", RECOVERY, "", "", false},
	};

	CHECK(configure(""));
	for (size_t i = 0; i < NELEM(are); i++) {
		uint32_t node[2], uuid[2], nodeless;
		size_t n;

		TEST(are[i].name);
		events_reset(&run.ev);
		node[0] = events_node(&run.ev, str_of(are[i].cold));
		node[1] = events_node(&run.ev, str_of(are[i].warm));
		nodeless = events_node(&run.ev, str_of(are[i].nodeless));
		uuid[0] = idx_add(&run.ev.names, str_of(are[i].cold_uuid));
		uuid[1] = idx_add(&run.ev.names, str_of(are[i].warm_uuid));
		for (int64_t k = 0; k < 4; k++) {
			struct event e = {.t = T0 + (80000 + k / 2 * 10000) * SECOND, .node = node[k % 2]};
			uint32_t of = uuid[k % 2];
			struct sample s = {.e = e, .start = NO_TIME, .index = -1, .gpu = {.bus = 1, .known = 1}, .field = METRIC_CLOCKS_EVENT};

			s.uuid = are[i].link == SAMPLE ? of : 0;
			s.value = k % 2 ? 32 : 0;
			events_add(&run.ev, EVENT_SAMPLE, &s);
			if (are[i].link == WORD)
				events_add(&run.ev, EVENT_GPU, &(struct gpu){.e = e, .uuid = of, .gpu = s.gpu, .index = -1});
			if (are[i].link == RECOVERY)
				events_add(&run.ev, EVENT_RECOVERY, &(struct recovery){.e = e, .uuid = of, .gpu = s.gpu});
		}
		forget(0, 3600, nodeless);
		n = run.ev.list[EVENT_SAMPLE].n;
		CHECK(n == (are[i].same ? 4 : 3));
	}

	TEST("recoveries as old as eight pieces");
	events_reset(&run.ev);
	for (int64_t t = 70658; t < 70662; t++)
		events_add(&run.ev, EVENT_RECOVERY, &(struct recovery){.e = {.t = T0 + t * SECOND, .node = events_node(&run.ev, S("a"))}});
	forget(0, 3600, 0);
	CHECK(run.ev.list[EVENT_RECOVERY].n == 2);
}

/* Two exporters, one of which numbers the GPUs, too. */
static void
test_two_names(void)
{
	struct sample s = {.e.t = T0, .gpu = {.bus = 1, .known = 1}, .index = -1, .start = NO_TIME, .field = METRIC_CLOCKS_EVENT, .value = 32};

	TEST("samples of a GPU under different names are one series");
	CHECK(configure(""));
	events_reset(&run.ev);
	s.e.node = events_node(&run.ev, S("a"));
	events_add(&run.ev, EVENT_SAMPLE, &s);
	s.e.t += 60 * SECOND;
	s.index = 3;
	events_add(&run.ev, EVENT_SAMPLE, &s);
	detect(false);
	say_all(&run.out, 0);
	CHECK(str_eq(buf_str(&run.out), S("gpu a 01 [sw_thermal] 0 60 60 1 0|")));
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

	test_kept();
	test_kept_names();

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

	test_follow();
	test_two_names();
	test_rows(&thermal_throttle, lines, NELEM(lines));

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
