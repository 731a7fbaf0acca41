#include "input/banner.h"

#include "base/test.h"

int
main(void)
{
	static const struct {
		struct str line, host;
	} rows[] = {
		{STR_INIT("=== gpu-7 ==="), STR_INIT("gpu-7")},
		{STR_INIT("##### gpu-7 #####"), STR_INIT("gpu-7")},
		{STR_INIT("--- gpu-7 ---"), STR_INIT("gpu-7")},
		{STR_INIT("********** gpu-7: **********"), STR_INIT("gpu-7")},
		{STR_INIT("==> gpu-7 <=="), STR_INIT("gpu-7")},
		{STR_INIT("=== node/gpu-7.b.example.net ==="), STR_INIT("gpu-7.b.example.net")},
		{STR_INIT("=== dmesg ==="), STR_INIT("")},
		{STR_INIT("=== dmesg of gpu-7 ==="), STR_INIT("")},
		{STR_INIT("=== run2 ==="), STR_INIT("")},
		{STR_INIT("==> kern.log.1 <=="), STR_INIT("")},
		{STR_INIT("==> gpu-7.local <=="), STR_INIT("")},
		{STR_INIT("==> /var/log/gpu-7/kern <=="), STR_INIT("")},
		{STR_INIT("===== 3 passed in 0.12s ====="), STR_INIT("")},
	};
	static const struct str others[] = {
		STR_INIT(""), STR_INIT("="), STR_INIT("==="), STR_INIT("======"), STR_INIT("=== "), STR_INIT("== gpu-7 =="), STR_INIT("=== gpu-7"),
		STR_INIT("=== gpu-7 =="), STR_INIT("=== gpu-7 ===="), STR_INIT("===gpu-7==="), STR_INIT("==> gpu-7"), STR_INIT("--- a/x1"),
		STR_INIT("--- gpu-7 ==="), STR_INIT("+++ gpu-7 +++"), STR_INIT("===  ==="), STR_INIT("*** JOB 77 ON gpu-7 CANCELLED ***x"),
	};
	static const struct str order[] = {
		STR_INIT("--- a ---"), STR_INIT("----- a -----"), STR_INIT("*** a ***"), STR_INIT("=== a ==="), STR_INIT("==== a ===="), STR_INIT("### a ###"),
	};
	struct banner b, last = {0};

	TEST("the host that a banner names");
	for (size_t i = 0; i < NELEM(rows); i++)
		CHECK_ROW(i, banner_read(rows[i].line, &b) && str_eq(b.host, rows[i].host));
	TEST("lines that are no banners");
	for (size_t i = 0; i < NELEM(others); i++)
		CHECK_ROW(i, !banner_read(others[i], &b));
	TEST("the order of marks");
	for (size_t i = 0; i < NELEM(order); i++, last = b)
		CHECK_ROW(i, banner_read(order[i], &b) && b.level > last.level);
	CHECK(banner_read(S("==> a <=="), &b) && banner_read(S("=== a ==="), &last) && b.level == last.level);
	return test_done();
}
