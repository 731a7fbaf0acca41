#include "input/dialect/dialect.h"

#include <string.h>

#include "base/test.h"
#include "input/foreign.h"

#define TS "2026-03-04T05:06:07Z"
#define T INT64_C(1772600767000000000)
#define X79 "NVRM: Xid (PCI:0000:3b:00): 79, off"
#define HUNG "Watchdog caught collective operation timeout: WorkNCCL(SeqNum=7, OpType=ALLREDUCE, Timeout(ms)=600000) ran for 600001 milliseconds before timing out."
/* a pod's Event without a time */
#define EVICTED "{'involvedObject':{'kind':'Pod','namespace':'ml','name':'train-0'},'reason':'Evicted','message':'low'}"

static struct events ev;
static struct reader r = {.ev = &ev, .boot_time = NO_TIME, .scrape_time = NO_TIME};
static struct buf text;

/* Read the value; ' stands for ". */
static void
read_value(struct str s)
{
	struct buf b = {0};

	for (size_t i = 0; i < s.n; i++)
		buf_chr(&b, s.p[i] == '\'' ? '"' : s.p[i]);
	text.n = 0;
	buf_add(&text, buf_str(&b));
	buf_free(&b);
	events_reset(&ev);
	ev.wants = ~0u;
	ev.since = ev.until = NO_TIME;
	reader_value_text(&r, buf_str(&text));
}

static const struct xid *
xid(size_t i)
{
	return (const struct xid *)events_at(&ev, EVENT_XID, i);
}

static void
wrappers(void)
{
	static const struct {
		struct str text;
		bool framed; /* the members around it are its own */
	} rows[] = {
		{STR_INIT("{'items':[" EVICTED "],'time':'" TS "'}"), false},
		{STR_INIT("{'items':" EVICTED ",'time':'" TS "'}"), false},
		{STR_INIT("{'type':'ADDED','object':" EVICTED ",'time':'" TS "'}"), false},
		{STR_INIT("{'verb':'ADDED','event':" EVICTED ",'time':'" TS "'}"), false},
		{STR_INIT("{'verb':'create','responseObject':" EVICTED ",'time':'" TS "'}"), false},
		{STR_INIT("{'verb':'create','requestObject':" EVICTED ",'time':'" TS "'}"), false},
		{STR_INIT("{'kubernetes':{'event':" EVICTED "},'time':'" TS "'}"), false},
		{STR_INIT("{'dmesg':[" EVICTED "],'time':'" TS "'}"), false},
		{STR_INIT("{'_source':" EVICTED ",'time':'" TS "'}"), false},
		{STR_INIT("{'_index':'i','fields':" EVICTED ",'time':'" TS "'}"), false},
		{STR_INIT("{'hits':{'hits':[" EVICTED "]},'time':'" TS "'}"), false},
		{STR_INIT("{'events':[" EVICTED "],'time':'" TS "'}"), false},
		{STR_INIT("{'tables':[" EVICTED "],'time':'" TS "'}"), false},
		{STR_INIT("{'timeSeries':[" EVICTED "],'time':'" TS "'}"), false},
		{STR_INIT("{'logName':'l','jsonPayload':" EVICTED ",'time':'" TS "'}"), true},
		{STR_INIT("{'sourcetype':'s','event':" EVICTED ",'time':'" TS "'}"), true},
		{STR_INIT("{'specversion':'1.0','data':" EVICTED ",'time':'" TS "'}"), true},
		{STR_INIT("{'cloudEventsVersion':'0.1','data':" EVICTED ",'time':'" TS "'}"), true},
		{STR_INIT("{'datetime':'x','logContent':" EVICTED ",'time':'" TS "'}"), true},
		{STR_INIT("{'query_time':'x','gpus':[" EVICTED "],'time':'" TS "'}"), true},
	};

	TEST("a wrapper's time is the value's, unless it is that of a list or a query");
	for (size_t i = 0; i < NELEM(rows); i++) {
		read_value(rows[i].text);
		CHECK_ROW(i, ev.list[EVENT_LOSS].n == 1);
		if (ev.list[EVENT_LOSS].n)
			CHECK_ROW(i, events_at(&ev, EVENT_LOSS, 0)->t == (rows[i].framed ? T : NO_TIME));
	}
	TEST("and not that of the next element of the list");
	read_value(S("[{'logName':'l','jsonPayload':{'kernelevents.xid':79},'time':'" TS "'},{'kernelevents.xid':48}]"));
	CHECK(ev.list[EVENT_XID].n == 2 && xid(0)->e.t == T && xid(1)->e.t == NO_TIME);
	TEST("a member named like a wrapper is no wrapper if it contains nothing");
	read_value(S("{'timeSeries':'x','log':'" X79 "'}"));
	CHECK(ev.list[EVENT_XID].n == 1);
	read_value(S("{'items':'x','log':'" X79 "'}"));
	CHECK(ev.list[EVENT_XID].n == 1);
	read_value(S("{'log':'" X79 "'}"));
	CHECK(ev.list[EVENT_XID].n == 1);
}

static void
results(void)
{
	TEST("what is said of one value is not said of the next");
	read_value(S("{'status':'error','errorType':'bad_data','error':'DCGM_FI_DEV_GPU_TEMP'}"));
	CHECK(r.why && !strcmp(r.why, "query failed: DCGM_FI_DEV_GPU_TEMP"));
	read_value(S("{'kernelevents.xid':79}"));
	CHECK(!r.why);
	read_value(S("{'metric':'dcgm.clock_throttle_reasons','aggr':'avg','interval':15,'scope':'gpu:2','pointlist':[[1772600767000.0,64.0]]}"));
	CHECK(r.remark.n > 0);
	read_value(S("{'kernelevents.xid':79}"));
	CHECK(r.remark.n == 0);
	read_value(S("{'_TRANSPORT':'stdout','MESSAGE':'" X79 "'}"));
	CHECK(r.answered);
	read_value(S("{'kernelevents.xid':79}"));
	CHECK(!r.answered);

	TEST("a value with too many levels is not read, and says why");
	text.n = 0;
	for (int i = 0; i < JSON_DEPTH + 1; i++)
		buf_chr(&text, '[');
	for (int i = 0; i < JSON_DEPTH + 1; i++)
		buf_chr(&text, ']');
	reader_value_text(&r, buf_str(&text));
	CHECK(r.why);
	TEST("lists as deep as allowed");
	text.n = 0;
	for (int i = 0; i < JSON_DEPTH; i++)
		buf_chr(&text, '[');
	for (int i = 0; i < JSON_DEPTH; i++)
		buf_chr(&text, ']');
	reader_value_text(&r, buf_str(&text));
	CHECK(!r.why);
}

static void
ranks(void)
{
	static const struct {
		struct str text;
		uint32_t named, local; /* 1 + the rank in the file's name */
		int64_t rank, said;    /* the record's; the one only the file has, or -1 */
	} rows[] = {
		{STR_INIT("{'log':'" HUNG "'}"), 4, false, 3, 3},
		{STR_INIT("{'log':'" HUNG "'}"), 1, false, 0, 0},
		{STR_INIT("{'log':'" HUNG "'}"), 4, true, -1, -1},
		{STR_INIT("{'log':'" HUNG "'}"), 0, false, -1, -1},
		{STR_INIT("{'rank':5,'log':'" HUNG "'}"), 4, false, 5, -1},
		{STR_INIT("{'a':{'rank':5,'b':{'log':'" HUNG "'}}}"), 4, false, 5, -1},
		{STR_INIT("{'log':'[rank6]: " HUNG "'}"), 4, false, 6, -1},
		{STR_INIT("{'log':'x'}"), 4, false, -2, -1},
	};

	TEST("the rank in the file's name is the rank of lines without one, and that is said");
	for (size_t i = 0; i < NELEM(rows); i++) {
		const struct watchdog *w;

		r.named = (struct origin){.t = NO_TIME, .rank = rows[i].named, .rank_of_file = true, .rank_local = rows[i].local};
		read_value(rows[i].text);
		CHECK_ROW(i, ev.list[EVENT_WATCHDOG].n == (rows[i].rank > -2));
		CHECK_ROW(i, r.rank == rows[i].said);
		w = ev.list[EVENT_WATCHDOG].p;
		if (ev.list[EVENT_WATCHDOG].n)
			CHECK_ROW(i, w->rank == (rows[i].rank < 0 ? UINT32_MAX : (uint32_t)rows[i].rank));
	}
	r.named = NO_ORIGIN;
	TEST("a launcher's cycle is no line of a rank");
	read_value(S("{'cycle_start_time':'" TS "','cycle_number':1,'active_nodes':'a','active_ranks':'0'}"));
	{
		const struct watchdog *w = ev.list[EVENT_WATCHDOG].p;

		CHECK(ev.list[EVENT_WATCHDOG].n == 1 && w->seq == -1 && w->enqueued == -1 && w->completed == -1 && w->ran == -1);
		CHECK(ev.list[EVENT_WATCHDOG].n == 1 && w->rank == UINT32_MAX && w->local == UINT32_MAX && w->other == UINT32_MAX);
	}
	TEST("a dump without its host needs its file's name, other values do not");
	r.file = S("dump_0");
	read_value(S("{'version':'2.4','pg_config':{'0':{'name':'0','desc':'default_pg','ranks':'[0, 1]'}},'pg_status':{},'entries':[],'rank':0}"));
	CHECK(r.needs_file);
	read_value(S("{'kernelevents.xid':79}"));
	CHECK(!r.needs_file);
	r.file = (struct str){0};
}

/* Values of one form, one after the other: nothing is left from the first. */
static void
caches(void)
{
	TEST("attributes of a resource are those of the current value");
	for (int i = 0; i < 2; i++) {
		read_value(i ? S("{'resourceLogs':[{'resource':{'attributes':[{'key':'host.name','value':{'stringValue':'b'}}]},'scopeLogs':[{'logRecords':[{'attributes':[{'key':'kernelevents.xid','value':{'intValue':'79'}}]}]}]}]}") :
			       S("{'resourceLogs':[{'resource':{'attributes':[{'key':'host.name','value':{'stringValue':'a'}}]},'scopeLogs':[{'logRecords':[{'attributes':[{'key':'kernelevents.xid','value':{'intValue':'79'}}]}]}]}]}"));
		CHECK_ROW(i, ev.list[EVENT_XID].n == 1 && str_eq(idx_at(&ev.names, xid(0)->e.node), i ? S("b") : S("a")));
	}
	TEST("labels of a resource are those of the current value");
	for (int i = 0; i < 2; i++) {
		read_value(i ? S("{'resourceMetrics':[{'resource':{'attributes':[{'key':'Hostname','value':{'stringValue':'b'}}]},'scopeMetrics':[{'metrics':[{'name':'DCGM_FI_DEV_GPU_TEMP','gauge':{'dataPoints':["
				 "{'asInt':'1','timeUnixNano':'1772600767000000000','attributes':[{'key':'gpu','value':{'stringValue':'1'}}]}]}}]}]}]}") :
			       S("{'resourceMetrics':[{'resource':{'attributes':[{'key':'Hostname','value':{'stringValue':'a'}}]},'scopeMetrics':[{'metrics':[{'name':'DCGM_FI_DEV_GPU_TEMP','gauge':{'dataPoints':["
				 "{'asInt':'1','timeUnixNano':'1772600767000000000','attributes':[{'key':'gpu','value':{'stringValue':'1'}}]}]}}]}]}]}"));
		CHECK_ROW(i, ev.list[EVENT_SAMPLE].n == 1 && str_eq(idx_at(&ev.names, events_at(&ev, EVENT_SAMPLE, 0)->node), i ? S("b") : S("a")));
	}
	TEST("whether names have dots is looked up for each value");
	for (int i = 0; i < 4; i++) {
		read_value(i % 2 ? S("[{'kubernetes.host':'gpu-7','log':'" X79 "'}]") : S("[{'kubernetes_xhost':'x','log':'" X79 "'}]"));
		CHECK_ROW(i, ev.list[EVENT_XID].n == 1 && str_eq(idx_at(&ev.names, xid(0)->e.node), i % 2 ? S("gpu-7") : S("")));
		read_value(i % 2 ? S("{'kubernetes.host':'gpu-7','log':'" X79 "'}") : S("{'kubernetes_xhost':'x','log':'" X79 "'}"));
		CHECK_ROW(i, ev.list[EVENT_XID].n == 1 && str_eq(idx_at(&ev.names, xid(0)->e.node), i % 2 ? S("gpu-7") : S("")));
	}
	TEST("what was learned of a form is kept for the next value of it, and for no other");
	read_value(S("{'kernelevents.xid':79,'gpu.id':'3b:00.0'}"));
	read_value(S("{'kernelevents.xid':48,'gpu.id':'3b:00.0'}"));
	CHECK(r.known.shape && r.known.shape == r.json.shape && dialects[r.known.dialect] == &flat_dialect && r.known.takes && r.known.kind);
	read_value(S("{'a':'" X79 "'}"));
	read_value(S("{'a':'" X79 "'}"));
	CHECK(r.known.shape && r.known.shape == r.json.shape && dialects[r.known.dialect] == &envelope_dialect && !r.known.kind);
}

static void
inner_values(void)
{
	static const struct str words[] = {STR_INIT("NVRM:")};
	static struct sift screen;
	enum { MANY = 2000 };

	sift_init(&screen, words, NELEM(words));
	r.screen = &screen;
	TEST("a value with thousands of objects in strings");
	text.n = 0;
	buf_add(&text, S("{\"time\":\"" TS "\",\"a\":{\"b\":["));
	for (int i = 0; i < MANY; i++) {
		buf_add(&text, i ? S(",\"{\\\"c\\\":{\\\"gpu.id\\\":\\\"3b:00.0\\\",\\\"kernelevents.message\\\":\\\"NVRM: \\\",\\\"log\\\":\\\"") : S("\"{\\\"c\\\":{\\\"log\\\":\\\""));
		buf_add(&text, S(X79));
		buf_u64(&text, (unsigned)i);
		buf_add(&text, S("\\\"}}\""));
	}
	buf_add(&text, S("]}}"));
	events_reset(&ev);
	reader_value_text(&r, buf_str(&text));
	CHECK(ev.list[EVENT_XID].n == MANY && xid(0)->e.t == T && xid(MANY - 1)->e.t == T);
	TEST("a line after an object in a string has its own surroundings");
	read_value(S("[{'host':'a','time':'" TS "','in':'{\\'log\\':\\'" X79 "\\'}'},{'log':'" X79 "'}]"));
	CHECK(ev.list[EVENT_XID].n == 2 && xid(0)->e.t == T && xid(0)->e.node && xid(1)->e.t == NO_TIME && !xid(1)->e.node);
	read_value(S("{'host':'a','in':'{\\'host\\':\\'b\\',\\'log\\':\\'" X79 "\\'}','log':'" X79 "'}"));
	CHECK(ev.list[EVENT_XID].n == 2 && str_eq(idx_at(&ev.names, xid(0)->e.node), S("b")) && str_eq(idx_at(&ev.names, xid(1)->e.node), S("a")));
	TEST("a member named like a host, which is an object in a string");
	read_value(S("{'gpu-7':'{\\'a\\':{\\'log\\':\\'" X79 "\\'}}'}"));
	CHECK(ev.list[EVENT_XID].n == 1 && str_eq(idx_at(&ev.names, xid(0)->e.node), S("gpu-7")));
	TEST("an Event in a string has the namespace of the record around it");
	r.screen = NULL;
	sift_init(&screen, (const struct str[]){STR_INIT("Evicted")}, 1);
	r.screen = &screen;
	read_value(S("{'stream':{'namespace':'ml'},'time':'" TS "','log':'{\\'involvedObject\\':{\\'kind\\':\\'Pod\\',\\'name\\':\\'train-0\\'},\\'reason\\':\\'Evicted\\',\\'message\\':\\'low\\'}'}"));
	CHECK(ev.list[EVENT_LOSS].n == 1 && str_eq(idx_at(&ev.names, ((struct loss *)ev.list[EVENT_LOSS].p)->ns), S("ml")));
	CHECK(ev.list[EVENT_LOSS].n == 1 && events_at(&ev, EVENT_LOSS, 0)->t == T);
	r.screen = NULL;
}

/* What a part of a value depends on: where its records' traces are. */
static void
traces(void)
{
	static const struct {
		struct str text;
		uint32_t at; /* number of the token */
	} rows[] = {
		/* an array of up to 16 elements as a whole, or else the string in it */
		{STR_INIT("{'a':['" X79 "',1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]}"), 2},
		{STR_INIT("{'a':['" X79 "',1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]}"), 3},
		/* cells with their names as a row */
		{STR_INIT("{'a':[{'field':'@message','value':'" X79 "'},{'field':'host','value':'gpu-7'}]}"), 2},
		/* an element of a list, an object inside an object, a record of OTLP */
		{STR_INIT("[1,{'kernelevents.xid':79}]"), 2},
		{STR_INIT("{'a':{'involvedObject':{'kind':'Pod','name':'train-0'},'reason':'Evicted'}}"), 2},
		{STR_INIT("{'resourceLogs':[{'scopeLogs':[{'logRecords':[{'attributes':[{'key':'kernelevents.xid','value':{'intValue':'79'}}]}]}]}]}"), 9},
		{STR_INIT("{'metric':'dcgm.temperature','scope':'gpu:2','pointlist':[[1772600767000.0,31.0]]}"), 0},
	};

	TEST("a list may be divided between its elements, and nowhere else");
	ev.trail.on = true;
	for (size_t i = 0; i < NELEM(rows); i++) {
		const struct trace *t;
		size_t n;

		ev.trail.at = 0;
		ev.trail.list.n = 0;
		read_value(rows[i].text);
		t = events_trail(&ev, &n);
		CHECK_ROW(i, n > 0 && t[n - 1].at == rows[i].at);
	}
	ev.trail.on = false;
}

static size_t
found(const struct str *list, size_t n, struct str s)
{
	size_t times = 0;

	for (size_t i = 0; i < n; i++)
		times += str_eq(list[i], s);
	return times;
}

static void
words(void)
{
	struct str list[2 * SIFT_WORDS], few[2];
	size_t n = dialect_words(~0u, list, NELEM(list));

	TEST("each word of the screen once, at most as many as there is room for");
	for (size_t i = 0; i < n; i++)
		CHECK_ROW(i, found(list, n, list[i]) == 1);
	CHECK(n < NELEM(list) && found(list, n, S("NVRM:")) && found(list, n, S("DisruptionTarget")) && found(list, n, S("kernelevents.xid")));
	few[1] = S("untouched");
	CHECK(dialect_words(~0u, few, 1) == 1 && str_eq(few[0], list[0]) && str_eq(few[1], S("untouched")));
	CHECK(dialect_words(~0u, few, 0) == 0);
	CHECK(dialect_words(~0u, list, n) == n && dialect_words(~0u, list, n - 1) == n - 1);
	TEST("only words of kinds that are wanted");
	n = dialect_words(1u << EVENT_CONDITION, list, NELEM(list));
	CHECK(found(list, n, S("NoExecute")) == 1 && found(list, n, S("DiskPressure")) == 1 && !found(list, n, S("DisruptionTarget")) && !found(list, n, S("NVRM:")));
	CHECK(dialect_words(0, list, NELEM(list)) == 0);
	TEST("claims and what they claim");
	n = dialect_claims(1u << EVENT_LOSS, list, NELEM(list));
	CHECK(found(list, n, S("TaintManagerEviction")) == 1 && !found(list, n, S("EvictionThresholdMet")) && !found(list, n, S("kernelevents.xid\":")));
	CHECK(dialect_claims(0, list, NELEM(list)) == 0 && dialect_claims(~0u, list, 1) == 1);
	CHECK(dialect_claimed(S("TaintManagerEviction")) == 1u << EVENT_LOSS);
	CHECK(dialect_claimed(S("EvictionThresholdMet")) == 1u << EVENT_CONDITION);
	CHECK(dialect_claimed(S("detected by watchdog at work")) == 1u << EVENT_WATCHDOG);
	CHECK(dialect_claimed(S("TaintManager")) == 0 && dialect_claimed(S("")) == 0);
	TEST("marks of other programs' output are words, except those of first lines");
	n = dialect_words(~0u, list, NELEM(list));
	for (const struct foreign *f = foreigns; f->mark.n; f++)
		CHECK_ROW(f - foreigns, f->where == FOREIGN_IN_FIRST || found(list, n, f->mark) == 1);
	n = dialect_words(1u << EVENT_RANK, list, NELEM(list));
	for (const struct foreign *f = foreigns; f->mark.n; f++)
		CHECK_ROW(f - foreigns, f->gives & 1u << EVENT_RANK || !found(list, n, f->mark));
}

static void
shapes(void)
{
	TEST("a dialect that decides by shape refuses an object without any of its members");
	read_value(S("{'a':{'b':[1,{'c':'d'}]}}"));
	for (size_t i = 0; dialects[i]; i++)
		CHECK_ROW(i, !dialects[i]->by_shape || !dialects[i]->by_shape(value_of(&r.json)));
	read_value(S("[]"));
	for (size_t i = 0; dialects[i]; i++)
		CHECK_ROW(i, !dialects[i]->by_shape || !dialects[i]->by_shape(value_of(&r.json)));
}

int
main(void)
{
	wrappers();
	results();
	ranks();
	caches();
	inner_values();
	traces();
	words();
	shapes();
	reader_free(&r);
	events_free(&ev);
	buf_free(&text);
	return test_done();
}
