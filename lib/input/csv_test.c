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
	TEST("a file's first line");
	check_first();
	TEST("rows of several lines");
	check_several();
	return test_done();
}
