#include "input/csv.h"

#include "base/test.h"
#include "base/time.h"

#define HOUR (3600 * SECOND)

/* A line of names, a row, and the object; none: "" for a row, NULL for names. */
static const struct {
	struct str names, row, object;
	bool zoneless;
} rows[] = {
	{STR_INIT("_HOSTNAME,MESSAGE"), STR_INIT("gpu-7,\"a, \"\"b\"\"\""), STR_INIT("{\"_HOSTNAME\":\"gpu-7\",\"MESSAGE\":\"a, \\\"b\\\"\"}"), false},
	{STR_INIT("\"@timestamp\";\"message\""), STR_INIT("1;"), STR_INIT("{\"@timestamp\":\"1\",\"message\":\"\"}"), false},
	{STR_INIT("host\tLine\r"), STR_INIT("a,b\tc\r"), STR_INIT("{\"host\":\"a,b\",\"Line\":\"c\"}"), false},
	{STR_INIT("jsonPayload.MESSAGE,resource.labels.node_name"), STR_INIT("x,y"), STR_INIT("{\"MESSAGE\":\"x\",\"resource.labels.node_name\":\"y\"}"), false},
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
	/* other columns than names, quotes that do not end */
	{STR_INIT("a,message"), STR_INIT("x"), STR_INIT(""), false},
	{STR_INIT("a,message"), STR_INIT("x,y,z"), STR_INIT(""), false},
	{STR_INIT("a,message"), STR_INIT("x,\"y"), STR_INIT(""), false},
	{STR_INIT("a,message"), STR_INIT("x,\"y\"z"), STR_INIT(""), false},
	/* no names, or of no text */
	{STR_INIT("message"), {NULL, 0}, STR_INIT(""), false},
	{STR_INIT("time,value"), {NULL, 0}, STR_INIT(""), false},
	{STR_INIT("May 14 03:12:00 gpu-7 kernel: a,message"), {NULL, 0}, STR_INIT(""), false},
	{STR_INIT("a,,message"), {NULL, 0}, STR_INIT(""), false},
	{STR_INIT("a,\"message"), {NULL, 0}, STR_INIT(""), false},
	{STR_INIT(""), {NULL, 0}, STR_INIT(""), false},
};

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
	return test_done();
}
