#include "join/rules.h"

#include "base/test.h"

static const struct {
	struct str text;
	size_t n;         /* number of rules, if why is NULL */
	const char *why;  /* beginning of the error message */
	uint64_t line;
} files[] = {
	{STR_INIT(""), 0, NULL, 0},
	{STR_INIT("# nothing\n\n  \n"), 0, NULL, 0},
	{STR_INIT("79\thardware\tX\tY\n"), 1, NULL, 0},
	{STR_INIT("79\thardware"), 1, NULL, 0},
	{STR_INIT("79\thardware\r\n48\tunknown\r\n"), 2, NULL, 0},
	{STR_INIT("79\thardware\n79\tapplication\n79\tinformational\n"), 1, NULL, 0},
	{STR_INIT("999999\tunknown\n1\tconsequence\n"), 2, NULL, 0},
	{STR_INIT("79\n"), 0, "the second field", 1},
	{STR_INIT("\n79\tgrave\n"), 0, "the second field", 2},
	{STR_INIT("79\tnvswitch\n"), 0, "the second field", 1},
	{STR_INIT("0\thardware\n"), 0, "the first field", 1},
	{STR_INIT("1000000\thardware\n"), 0, "the first field", 1},
	{STR_INIT("Xid\tclass\n"), 0, "the first field", 1},
	{STR_INIT("79 hardware\n"), 0, "the first field", 1},
	{STR_INIT("79\thardware\ta\tb\tc\n"), 0, "more than four", 1},
};

int
main(void)
{
	struct rules r = {0};
	struct mem m = {0};
	struct xid_info x;
	uint64_t line;
	bool by_rule;

	TEST("valid and invalid files");
	for (size_t i = 0; i < NELEM(files); i++) {
		const char *why = rules_parse(&r, files[i].text, &m, &line);

		CHECK_ROW(i, !why == !files[i].why);
		if (why && files[i].why)
			CHECK_ROW(i, str_starts(str_of(why), str_of(files[i].why)) && line == files[i].line);
		else
			CHECK_ROW(i, r.n == files[i].n);
	}

	TEST("codes ascend; the last rule of a code wins");
	CHECK(!rules_parse(&r, S("79\thardware\tA\n13\tunknown\n79\tapplication\tB\tC\n48\thardware\n"), &m, &line));
	CHECK(r.n == 3 && r.x[0].code == 13 && r.x[1].code == 48 && r.x[2].code == 79);
	CHECK(r.x[2].cls == XID_APPLICATION && str_eq(r.x[2].action, S("B")) && str_eq(r.x[2].todo, S("C")));

	TEST("a rule overrides the catalog, which completes it");
	x = rules_find(&r, 79, &by_rule);
	CHECK(by_rule && x.cls == XID_APPLICATION && str_eq(x.action, S("B")) && str_eq(x.todo, S("C")));
	CHECK(str_eq(x.name, S("ROBUST_CHANNEL_GPU_HAS_FALLEN_OFF_THE_BUS")));
	x = rules_find(&r, 48, &by_rule);
	CHECK(by_rule && x.cls == XID_HARDWARE && str_eq(x.action, S("WORKFLOW_XID_48")) && x.todo.n);

	TEST("without a rule: the catalog, or an unknown code");
	x = rules_find(&r, 45, &by_rule);
	CHECK(!by_rule && x.cls == XID_CONSEQUENCE);
	x = rules_find(&r, 999, &by_rule);
	CHECK(!by_rule && x.code == 999 && x.cls == XID_UNKNOWN && x.name.n == 0 && x.action.n == 0 && x.todo.n);

	TEST("a rule for a code that is not in the catalog");
	CHECK(!rules_parse(&r, S("500\thardware\tSWAP\tSwap it.\n"), &m, &line));
	x = rules_find(&r, 500, &by_rule);
	CHECK(by_rule && x.cls == XID_HARDWARE && str_eq(x.action, S("SWAP")) && str_eq(x.todo, S("Swap it.")));

	mem_free(&m);
	return test_done();
}
