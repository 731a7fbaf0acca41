#include "input/text/node_xid.h"

#include "base/test.h"
#include "input/text/test_records.h"

/* What a Node's condition or an Event says, and the Xids in it. */
static const struct {
	const char *type, *reason, *note, *says;
} rows[] = {
	{"AcceleratedHardwareReady", "NvidiaXID79Error", "fell off", "xid @5 node=gpu-7 uid=e1 code=79 concluded {fell off}"},
	{"AcceleratedHardwareReady", "NvidiaXID79Error", "", "xid @5 node=gpu-7 uid=e1 code=79 concluded {NvidiaXID79Error}"},
	{"NvidiaXid48", "Found", "", "xid @5 node=gpu-7 uid=e1 code=48 concluded {NvidiaXid48}"},
	{"NvidiaXid48", "NvidiaXid79", "", "xid @5 node=gpu-7 uid=e1 code=79 concluded {NvidiaXid79}"},
	{"GpuXid48", "Found", "", ""},
	{"NvidiaXid", "NvidiaXID", "", ""},
	/* a code has six digits, and is not 0 */
	{"", "NvidiaXID0", "", ""},
	{"", "NvidiaXID999999", "", "xid @5 node=gpu-7 uid=e1 code=999999 concluded {NvidiaXID999999}"},
	{"", "NvidiaXID1000000", "", ""},
	/* a list of codes: those that are true */
	{"XidCriticalError", "", "{\"79\":true,\"48\": false,\"62\" : true}",
		"xid @5 node=gpu-7 uid=e1 code=79 concluded {{\"79\":true,\"48\": false,\"62\" : true}}; "
		"xid @5 node=gpu-7 uid=e1 code=62 concluded {{\"79\":true,\"48\": false,\"62\" : true}}"},
	{"Problem", "XidCritical", "{\"79\":true}", "xid @5 node=gpu-7 uid=e1 code=79 concluded {{\"79\":true}}"},
	{"XidCriticalError", "", "{\"7x\":true,\"x7\":true,\"48\":\"true\",\"49\",\"50\" true}", ""},
	{"XidCriticalError", "", "{\"79", ""},
	{"XidCriticalError", "NvidiaXID79Error", "", ""},
	{"Problem", "Other", "{\"79\":true}", ""},
	/* the driver's own line is read by another reader */
	{"", "NvidiaXID79Error", "NVRM: Xid (PCI:0000:3b:00): 79, x", ""},
};

int
main(void)
{
	struct events ev = {.since = NO_TIME, .until = NO_TIME, .wants = 1u << EVENT_XID};
	struct buf b = {0};

	TEST("Xids in conditions and Events of nodes");
	for (size_t i = 0; i < NELEM(rows); i++) {
		struct str got;

		events_reset(&ev);
		node_report_add(&ev, &(struct node_report){
			.type = str_of(rows[i].type), .reason = str_of(rows[i].reason), .note = str_of(rows[i].note), .uid = S("e1"), .node = S("gpu-7"), .t = 5});
		got = test_records(&ev, ~0u, &b);
		CHECK_ROW(i, str_eq(got, str_of(rows[i].says)));
		if (!str_eq(got, str_of(rows[i].says)))
			printf("# got:  %.*s\n# want: %s\n", (int)got.n, got.p, rows[i].says);
	}
	TEST("a condition is bad if it is True, or False and named Ready");
	CHECK(node_report_is_bad(S("AcceleratedHardwareReady"), S("False")) && !node_report_is_bad(S("AcceleratedHardwareReady"), S("True")));
	CHECK(node_report_is_bad(S("XidCritical"), S("true")) && !node_report_is_bad(S("XidCritical"), S("False")));
	CHECK(!node_report_is_bad(S("XidCritical"), S("Unknown")) && !node_report_is_bad(S("Ready"), S("Unknown")));
	events_free(&ev);
	buf_free(&b);
	return test_done();
}
