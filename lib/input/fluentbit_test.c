#include "input/fluentbit.h"

#include "base/test.h"

/* A line and its object; empty: not such a line. */
static const struct {
	struct str line, object;
} rows[] = {
	{STR_INIT("[0] host.kmsg: [[1778728320.401223000, {}], {\"priority\"=>4, \"msg\"=>\"a \\\"b\\\" => c\", \"x\"=>nil}]"),
		STR_INIT("{\"date\":1778728320.401223000,\"priority\":4, \"msg\":\"a \\\"b\\\" => c\", \"x\":null}")},
	{STR_INIT("[12] kmsg: [1778728320.401223000, {\"a\"=>{\"b\"=>true}}]\r"), STR_INIT("{\"date\":1778728320.401223000,\"a\":{\"b\":true}}")},
	{STR_INIT("kern: [1778728320.401223000, {\"a\":{\"b\":[1]},\"c\":\"}]\"}]"), STR_INIT("{\"date\":1778728320.401223000,\"a\":{\"b\":[1]},\"c\":\"}]\"}")},
	{STR_INIT("kern: [x, {\"a\":1}]"), STR_INIT("")},
	{STR_INIT("kern: [1.5, {\"a\":1}"), STR_INIT("")},
	{STR_INIT("kern [1.5, {\"a\":1}]"), STR_INIT("")},
	{STR_INIT("[0] kmsg: [[1778728320.4, {}], {}]"), STR_INIT("")},
	{STR_INIT("[0] kmsg: [[x, {}], {\"a\"=>1}]"), STR_INIT("")},
	{STR_INIT("[0] kmsg: [[1778728320.4, {}], {\"a\":1}]"), STR_INIT("")},
	{STR_INIT("[0] kmsg: [[1778728320.4, {}], {\"a\"=>1}"), STR_INIT("")},
	{STR_INIT("[81231.401223] NVRM: {\"a\"=>1}]"), STR_INIT("")},
	{STR_INIT(""), STR_INIT("")},
};

int
main(void)
{
	struct buf b = {0};

	TEST("lines and their objects");
	for (size_t i = 0; i < NELEM(rows); i++) {
		b.n = 0;
		CHECK_ROW(i, fluentbit_object(rows[i].line, &b) == (rows[i].object.n > 0));
		CHECK_ROW(i, str_eq(buf_str(&b), rows[i].object));
	}
	buf_free(&b);
	return test_done();
}
