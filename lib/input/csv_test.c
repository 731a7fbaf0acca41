#include "input/csv.h"

#include "base/test.h"
#include "base/time.h"

#define HOUR (3600 * SECOND)

/* A line of names, a row, and its object; "": the row has none; NULL: no names. */
static const struct {
	struct str names, row, object;
	bool zoneless;
} rows[] = {
	{STR_INIT("_HOSTNAME,MESSAGE"), STR_INIT("gpu-7,\"a, \"\"b\"\"\""), STR_INIT("{\"_HOSTNAME\":\"gpu-7\",\"MESSAGE\":\"a, \\\"b\\\"\"}"), false},
	{STR_INIT("\"@timestamp\";\"message\""), STR_INIT("1;"), STR_INIT("{\"@timestamp\":\"1\",\"message\":\"\"}"), false},
	{STR_INIT("host\tLine\r"), STR_INIT("a,b\tc\r"), STR_INIT("{\"host\":\"a,b\",\"Line\":\"c\"}"), false},
	{STR_INIT("jsonPayload.MESSAGE,resource.labels.node_name"), STR_INIT("x,y"), STR_INIT("{\"MESSAGE\":\"x\",\"resource.labels.node_name\":\"y\"}"), false},
	{STR_INIT("\"timestamp\",\"source\",\"message\""), STR_INIT("\"1\",\"gpu-7\",\"x\""),
		STR_INIT("{\"timestamp\":\"1\",\"logsource\":\"gpu-7\",\"message\":\"x\"}"), false},
	/* times */
	{STR_INIT("TimeGenerated [UTC],SyslogMessage"), STR_INIT("\"5/14/2026, 3:12:00.401 AM\",x"),
		STR_INIT("{\"TimeGenerated\":\"2026-05-14T03:12:00.401Z\",\"SyslogMessage\":\"x\"}"), false},
	{STR_INIT("TimeGenerated [UTC],SyslogMessage"), STR_INIT("\"12/1/2026, 12:12:00 PM\",x"),
		STR_INIT("{\"TimeGenerated\":\"2026-12-01T12:12:00Z\",\"SyslogMessage\":\"x\"}"), false},
	{STR_INIT("Time,message"), STR_INIT("\"5/14/2026, 12:12:00 AM\",x"), STR_INIT("{\"Time\":\"2026-05-13T22:12:00Z\",\"message\":\"x\"}"), true},
	{STR_INIT("@timestamp,message"), STR_INIT("\"May 4, 2026 @ 03:12:00.401\",x"),
		STR_INIT("{\"@timestamp\":\"2026-05-04T01:12:00.401Z\",\"message\":\"x\"}"), true},
	{STR_INIT("Time [UTC],message"), STR_INIT("5/14/2026 15:12:00,x"), STR_INIT("{\"Time\":\"2026-05-14T15:12:00Z\",\"message\":\"x\"}"), false},
	{STR_INIT("Time,message"), STR_INIT("\"5/14/2026, 3:12:00 p.m.\",x"), STR_INIT("{\"Time\":\"5/14/2026, 3:12:00 p.m.\",\"message\":\"x\"}"), false},
	{STR_INIT("Time,message"), STR_INIT("\"5/14/2026, 13:12:00 PM\",x"), STR_INIT("{\"Time\":\"5/14/2026, 13:12:00 PM\",\"message\":\"x\"}"), false},
	{STR_INIT("a,message"), STR_INIT("\"13/14/2026, 3:12:00 AM\",\"May 40, 2026 @ 03:12:00\""),
		STR_INIT("{\"a\":\"13/14/2026, 3:12:00 AM\",\"message\":\"May 40, 2026 @ 03:12:00\"}"), false},
	/* nvidia-smi, also with pdsh's labels */
	{STR_INIT("timestamp, pci.bus_id, clocks.current.sm [MHz], utilization.gpu [%]"), STR_INIT("2026/05/14 03:12:00.123, 00000000:3B:00.0, 345 MHz, [N/A]"),
		STR_INIT("{\"timestamp\":\"2026-05-14T01:12:00.123Z\",\"pci.bus_id\":\"00000000:3B:00.0\",\"clocks.current.sm\":\"345 MHz\",\"utilization.gpu\":\"[N/A]\"}"), true},
	{STR_INIT("gpu-7: index, temperature.gpu"), STR_INIT("gpu-8: 0, 91"), STR_INIT("{\"host\":\"gpu-8\",\"index\":\"0\",\"temperature.gpu\":\"91\"}"), false},
	{STR_INIT("gpu-7: index, temperature.gpu"), STR_INIT("gpu-8: index, temperature.gpu"), STR_INIT("{\"host\":\"gpu-8\"}"), false},
	{STR_INIT("gpu-7: index, temperature.gpu"), STR_INIT("0, 91"), STR_INIT(""), false},
	/* a different number of columns; unterminated quotes */
	{STR_INIT("a,message"), STR_INIT("x"), STR_INIT(""), false},
	{STR_INIT("a,message"), STR_INIT("x,y,z"), STR_INIT(""), false},
	{STR_INIT("a,message"), STR_INIT("x,\"y"), STR_INIT(""), false},
	{STR_INIT("a,message"), STR_INIT("x,\"y\"z"), STR_INIT(""), false},
	/* no names, or none of a text */
	{STR_INIT("message"), {NULL, 0}, STR_INIT(""), false},
	{STR_INIT("time,value"), {NULL, 0}, STR_INIT(""), false},
	{STR_INIT("May 14 03:12:00 gpu-7 kernel: a,message"), {NULL, 0}, STR_INIT(""), false},
	{STR_INIT("time,temperature"), {NULL, 0}, STR_INIT(""), false},
	{STR_INIT("he said: a,message"), {NULL, 0}, STR_INIT(""), false},
	{STR_INIT("a,,message"), {NULL, 0}, STR_INIT(""), false},
	{STR_INIT("a,\"message"), {NULL, 0}, STR_INIT(""), false},
	{STR_INIT(""), {NULL, 0}, STR_INIT(""), false},
};

/* Lines after the names "a,message", and the results: "row", "more" and "broken" with
 * the kept lines. */
static const struct {
	struct str lines, says;
} several[] = {
	{STR_INIT("1,x\n2,y"), STR_INIT("row 1,x|row 2,y|")},
	{STR_INIT("1,\"x\ny\"\n2,z"), STR_INIT("more|row 1,\"x\ny\"|row 2,z|")},
	{STR_INIT("1,\"x\"\"\n\n\n\"\"y,\"\r\n2,z"), STR_INIT("more|row 1,\"x\"\"\n\n\n\"\"y,\"\r|row 2,z|")},
	{STR_INIT("\"x\ny\",\"z\nw\""), STR_INIT("more|more|row \"x\ny\",\"z\nw\"|")},
	/* an unterminated quote swallows no good row */
	{STR_INIT("1,\"x\n2,\"y\"\n3,z"), STR_INIT("more|broken 1,\"x\n2,\"y\"|row 3,z|")},
	{STR_INIT("1,\"x\"y"), STR_INIT("row 1,\"x\"y|")},
};

/* The first line of a file: is it names above rows that are arrays, or a row of
 * nvidia-smi without names? */
static const struct {
	struct str line;
	bool arrays, headless;
} first[] = {
	{STR_INIT("[\"timestamp\",\"host\", \"message\"]\r"), true, false},
	{STR_INIT("[\"timestamp\",\"host\"]"), false, false},
	{STR_INIT("[\"message\"]"), false, false},
	{STR_INIT("[\"a\",\"message\",1]"), false, false},
	{STR_INIT("[\"a\" \"message\"]"), false, false},
	{STR_INIT("[\"2026-05-14 03:12:00\",\"log\"]"), false, false},
	{STR_INIT("[\"]"), false, false},
	{STR_INIT("[\"\",\"message\"]"), false, false},
	{STR_INIT("2026/05/14 03:40:50.123, 00000000:87:00.0, 88"), false, true},
	{STR_INIT("gpu-7: 0, GPU-11111111-2222-3333-4444-555555555555, 88 %"), false, true},
	{STR_INIT("00000000:87:00.0"), false, false},
	{STR_INIT("0, 88, 1215 MHz"), false, false},
	{STR_INIT("timestamp, pci.bus_id"), false, false},
};

/* Times as exports write them, and in UTC; NULL: not such a time. */
static const struct {
	const char *cell, *utc;
} times[] = {
	/* Azure's */
	{"1/1/2026, 1:00:00 AM", "2026-01-01T01:00:00Z"}, {"12/31/2026, 12:59:59.999 PM", "2026-12-31T12:59:59.999Z"}, {"12/31/2026, 12:00:00 AM", "2026-12-31T00:00:00Z"},
	{"12/31/2026, 11:00:00 PM", "2026-12-31T23:00:00Z"}, {"5/14/2026 0:00:00", "2026-05-14T00:00:00Z"}, {"5/14/2026 23:59:60.999", "2026-05-15T00:00:00.999Z"},
	{"5/14/2026 23:59:61", NULL}, {"5/14/2026 24:00:00", NULL}, {"5/14/2026 23:60:00", NULL}, {"5/14/2026 0:12:00 AM", NULL}, {"5/14/2026 13:12:00 AM", NULL},
	{"5/14/2026 3:12:00 XM", NULL}, {"5/14/2026 3:12:00AM", NULL}, {"5/14/2026 3:12", NULL}, {"5/14/2026 3:12-00", NULL}, {"5/14/2026 3-12:00", NULL}, {"5/14/2026 3:12:-1", NULL},
	{"5/14/2026 x:12:00", NULL}, {"5/14/2026 3:x:00", NULL}, {"5/14/2026 3:12:x", NULL}, {"0/1/2026 3:12:00", NULL}, {"13/1/2026 3:12:00", NULL}, {"1/0/2026 3:12:00", NULL},
	{"1/32/2026 3:12:00", NULL}, {"2/30/2026 3:12:00", NULL}, {"2/29/2028 3:12:00", "2028-02-29T03:12:00Z"}, {"1/1/10000 3:12:00", NULL}, {"1/1/9999 3:12:00", NULL},
	{"5-14/2026 3:12:00", NULL}, {"5/14-2026 3:12:00", NULL}, {"5/14/x 3:12:00", NULL}, {"x/14/2026 3:12:00", NULL}, {"5/x/2026 3:12:00", NULL}, {"5/14/2026,3:12:00", NULL},
	{"5/14/2026;3:12:00", NULL}, {"4294967301/14/2026 3:12:00", NULL}, {"5/4294967310/2026 3:12:00", NULL},
	/* Kibana's */
	{"Jan 1, 2026 @ 00:00:00", "2026-01-01T00:00:00Z"}, {"Sep 9, 2026 @ 23:59:59.5", "2026-09-09T23:59:59.500Z"}, {"Oct 10, 2026 @ 03:12:00", "2026-10-10T03:12:00Z"},
	{"Dec 31, 2026 @ 03:12:00", "2026-12-31T03:12:00Z"}, {"Dec 32, 2026 @ 03:12:00", NULL}, {"Feb 30, 2026 @ 03:12:00", NULL}, {"Jax 1, 2026 @ 03:12:00", NULL},
	{"May 4, 10000 @ 03:12:00", NULL}, {"May 4, 999 @ 03:12:00", NULL}, {"May 4 2026 @ 03:12:00", NULL}, {"May 4, 2026 03:12:00", NULL}, {"May 4, 2026 @ 03:12", NULL},
	{"May 4, 2026 @ 03:12:00x", NULL}, {"May", NULL}, {"May x, 2026 @ 03:12:00", NULL}, {"May 4, x @ 03:12:00", NULL}, {"anFebruary", NULL},
	/* nvidia-smi's */
	{"2026/05/14 03:12:00.401", "2026-05-14T03:12:00.401Z"}, {"2026/05/14 03:12:00x", NULL}, {"2026-05-14 03:12:00", NULL}, {"2026/", NULL}, {"2026", NULL},
};

static void
check_times(void)
{
	struct csv c = {.sep = ','};
	struct buf row = {0}, json = {0}, want = {0};

	CHECK(csv_begin(&c, S("t [UTC],message")));
	for (size_t i = 0; i < NELEM(times); i++) {
		bool zoneless = false;

		row.n = json.n = want.n = 0;
		buf_chr(&row, '"');
		buf_add(&row, str_of(times[i].cell));
		buf_add(&row, S("\",x"));
		buf_add(&want, S("{\"t\":\""));
		buf_add(&want, str_of(times[i].utc ? times[i].utc : times[i].cell));
		buf_add(&want, S("\",\"message\":\"x\"}"));
		CHECK_ROW(i, csv_object(&c, buf_str(&row), 2 * HOUR, &json, &zoneless) && !zoneless);
		CHECK_ROW(i, str_eq(buf_str(&json), buf_str(&want)));
		if (!str_eq(buf_str(&json), buf_str(&want)))
			printf("# %.*s\n", (int)json.n, json.p);
	}
	csv_free(&c);
	buf_free(&row);
	buf_free(&json);
	buf_free(&want);
}

#define N64 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl"

/* Lines of names, or not. */
static const struct {
	const char *line;
	bool is;
} names[] = {
	{"a,message", true}, {"a,@message", true}, {"a,MSG", true}, {"a,_raw", true}, {"a,line", true}, {"a,log", true}, {"a,body", true}, {"a,content", true},
	{"a,textPayload", true}, {"a,SyslogMessage", true}, {"a,LogMessage", true}, {"a,messages", false}, {"a,jsonPayload.message", true}, {"a,_source.message", true},
	{"a,other.message", false}, {"a,message [x]", true}, {"a,temperature.gpu", true}, {"a,clocks_event_reasons.hw_slowdown", true}, {"a,nothing.gpu", false},
	{N64 ",message", true}, {N64 "m,message", false}, {"a_@.-/[]% 9,message", true}, {"a(,message", false}, {"a+,message", false}, {",message", false},
	{"message", false}, {"message,", false}, {"a;message", true}, {"a\tmessage", true}, {"a|message", false}, {"\"a\",\"message\"", true}, {"\"a\"x,message", false},
	{"gpu-7: a,message", true}, {"a b: a,message", false}, {": a,message", false}, {"a.-_7: a,message", true},
};

/* Rows without names. */
static const struct {
	const char *line;
	bool is;
} rows_alone[] = {
	{"0, 00000000:3B:00.0", true}, {"0, 0000000:3B:00.0", false}, {"0, 00000000:3B:00:0", false}, {"0, 00000000:3B.00.0", false}, {"0, 00000000:3B:00.00", false},
	{"0, GPU-0a1b2c3d-0000-1111-2222-333344445555", true}, {"0, GPU-0a1b2c3d-0000-1111-2222-33334444555", false}, {"0, gpu-0a1b2c3d-0000-1111-2222-333344445555", false},
	{"GPU-0a1b2c3d-0000-1111-2222-333344445555", false}, {"00000000:3B:00.0,\"x", false}, {"n: 00000000:3B:00.0, 7", true},
	{"00000000:3B:00.0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,"
	 "51,52,53,54,55,56,57,58,59,60,61,62,63", true},
	{"00000000:3B:00.0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,"
	 "51,52,53,54,55,56,57,58,59,60,61,62,63,64", false},
};

static void
check_names(void)
{
	enum { MOST = 16384, ROW = 256 * 1024 };
	struct csv c = {.sep = ','};
	struct buf b = {0};
	struct str row;

	for (size_t i = 0; i < NELEM(names); i++)
		CHECK_ROW(i, csv_begin(&c, str_of(names[i].line)) == names[i].is);
	for (size_t i = 0; i < NELEM(rows_alone); i++)
		CHECK_ROW(i, csv_is_headless(&c, str_of(rows_alone[i].line)) == rows_alone[i].is);

	/* up to 16 KiB of names */
	for (size_t n = MOST - 1; n <= MOST + 1; n++) {
		b.n = 0;
		buf_add(&b, S("message"));
		while (b.n < n)
			buf_add(&b, n - b.n == 1 ? S("a") : S(",a"));
		CHECK_ROW(n, csv_begin(&c, buf_str(&b)) == (n <= MOST));
	}

	/* a row of lines up to 256 KiB */
	CHECK(csv_begin(&c, S("a,message")));
	b.n = 0;
	while (b.n < ROW - 9)
		buf_chr(&b, 'x');
	CHECK(csv_take(&c, S("1,\"x"), 2, &row) == CSV_MORE);
	CHECK(csv_take(&c, buf_str(&b), 3, &row) == CSV_MORE && row.n == ROW - 4);
	CHECK(csv_take(&c, S("abc"), 4, &row) == CSV_MORE && row.n == ROW);
	CHECK(csv_take(&c, S(""), 5, &row) == CSV_BROKEN && row.n == ROW + 1);
	csv_drop(&c);
	CHECK(csv_take(&c, S("1,\"x"), 2, &row) == CSV_MORE);
	CHECK(csv_take(&c, S("y\""), UINT64_MAX, &row) == CSV_BROKEN && row.n <= ROW + 10); /* not a newline for each missing line */
	csv_drop(&c);
	csv_free(&c);
	buf_free(&b);
}

static void
check_first(void)
{
	struct csv c = {.sep = ','};

	for (size_t i = 0; i < NELEM(first); i++) {
		CHECK_ROW(i, csv_begins_arrays(&c, first[i].line) == first[i].arrays);
		CHECK_ROW(i, !first[i].arrays || c.columns == 3);
		CHECK_ROW(i, csv_is_headless(&c, first[i].line) == first[i].headless);
	}
	CHECK(csv_begin(&c, S("sep=;\r")) && c.waits && !c.names.n);
	CHECK(csv_begin(&c, S("a b;message")) && !c.waits && c.sep == ';' && c.columns == 2);
	CHECK(!csv_begin(&c, S("sep=;;")) && !c.waits);
	csv_free(&c);
}

static void
check_several(void)
{
	for (size_t i = 0; i < NELEM(several); i++) {
		struct csv c = {.sep = ','};
		struct str rest = several[i].lines, line, row;
		struct buf says = {0};

		csv_begin(&c, S("a,message"));
		for (uint64_t n = 2; str_cut(&rest, '\n', &line); n++) {
			enum csv_what what;

			if (!line.n)
				continue;
			what = csv_take(&c, line, n, &row);
			buf_add(&says, what == CSV_MORE ? S("more") : what == CSV_ROW ? S("row ") : S("broken "));
			if (what != CSV_MORE) {
				buf_add(&says, row);
				csv_drop(&c);
			}
			buf_chr(&says, '|');
		}
		CHECK_ROW(i, str_eq(buf_str(&says), several[i].says));
		csv_free(&c);
		buf_free(&says);
	}
}

int
main(void)
{
	struct csv c = {.sep = ','};
	struct buf json = {0};

	TEST("rows as objects");
	for (size_t i = 0; i < NELEM(rows); i++) {
		bool zoneless = false, is;

		CHECK_ROW(i, csv_begin(&c, rows[i].names) == (rows[i].row.p != NULL));
		if (!rows[i].row.p)
			continue;
		json.n = 0;
		is = csv_object(&c, rows[i].row, 2 * HOUR, &json, &zoneless);
		CHECK_ROW(i, is == (rows[i].object.n > 0));
		CHECK_ROW(i, !is || str_eq(buf_str(&json), rows[i].object));
		CHECK_ROW(i, zoneless == rows[i].zoneless);
	}
	csv_free(&c);
	buf_free(&json);
	TEST("times");
	check_times();
	TEST("names of columns, and rows without them");
	check_names();
	TEST("a file's first line");
	check_first();
	TEST("rows of several lines");
	check_several();
	return test_done();
}
