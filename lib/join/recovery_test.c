#include "join/recovery.h"

#include "base/test.h"

enum { NOTHING, RESET, REBOOT, XID, TO_NONE, AER };

/* Times in seconds, -1: unset; "" and "-": unset. */
struct record {
	int what, t;
	const char *node, *gpu, *uuid, *boot;
};

static const struct {
	const char *name;
	struct record in[4], x;
	int after; /* -1: never */
} rows[] = {
	{"nothing", {{0}}, {0, 5, "n", "1:00.0", "", ""}, -1},
	{"a reboot", {{REBOOT, 9, "n", "-", "", ""}}, {0, 5, "n", "1:00.0", "", ""}, 9},
	{"on another node", {{REBOOT, 9, "m", "-", "", ""}}, {0, 5, "n", "1:00.0", "", ""}, -1},
	{"with another name", {{REBOOT, 9, "n.y", "-", "", ""}}, {0, 5, "n.x", "1:00.0", "", ""}, -1},
	{"before and at the same time", {{REBOOT, 4, "n", "-", "", ""}, {REBOOT, 5, "n", "-", "", ""}}, {0, 5, "n", "1:00.0", "", ""}, -1},
	{"the first of several", {{REBOOT, 9, "n", "-", "", ""}, {REBOOT, 7, "n", "-", "", ""}, {REBOOT, 8, "n", "-", "", ""}},
		{0, 5, "n", "1:00.0", "", ""}, 7},
	{"a reset by UUID", {{RESET, 9, "n", "-", "GPU-a", ""}}, {0, 5, "n", "1:00.0", "GPU-a", ""}, 9},
	{"another UUID", {{RESET, 9, "n", "-", "GPU-b", ""}}, {0, 5, "n", "1:00.0", "GPU-a", ""}, -1},
	{"UUID not known", {{RESET, 9, "n", "-", "GPU-b", ""}}, {0, 5, "n", "1:00.0", "", ""}, -1},
	{"a reset without a GPU is of all", {{RESET, 9, "n", "-", "", ""}}, {0, 5, "n", "1:00.0", "GPU-a", ""}, 9},
	{"a 154 to None", {{TO_NONE, 9, "n", "1:00.0", "", ""}}, {0, 5, "n", "1:00.0", "", ""}, 9},
	{"of another GPU", {{TO_NONE, 9, "n", "2:00.0", "", ""}}, {0, 5, "n", "1:00.0", "", ""}, -1},
	{"an Xid is no recovery", {{XID, 9, "n", "1:00.0", "", ""}}, {0, 5, "n", "1:00.0", "", ""}, -1},
	{"unless it is in another boot", {{XID, 9, "n", "2:00.0", "", "b2"}}, {0, 5, "n", "1:00.0", "", "b1"}, 9},
	{"not in the same boot", {{XID, 9, "n", "2:00.0", "", "b1"}}, {0, 5, "n", "1:00.0", "", "b1"}, -1},
	{"the boot is unknown", {{XID, 9, "n", "2:00.0", "", "b2"}}, {0, 5, "n", "1:00.0", "", ""}, -1},
	{"the first record of a boot counts", {{XID, 3, "n", "2:00.0", "", "b2"}, {XID, 9, "n", "2:00.0", "", "b2"}},
		{0, 5, "n", "1:00.0", "", "b1"}, -1},
	{"also of another kind", {{AER, 3, "n", "2:00.0", "", "b2"}, {XID, 9, "n", "2:00.0", "", "b2"}}, {0, 5, "n", "1:00.0", "", "b1"}, -1},
	{"in either order", {{XID, 3, "n", "2:00.0", "", "b2"}, {RESET, 9, "n", "-", "GPU-b", "b2"}}, {0, 5, "n", "1:00.0", "GPU-a", "b1"}, -1},
	{"the next boot, after more of its own", {{XID, 7, "n", "2:00.0", "", "b1"}, {XID, 9, "n", "2:00.0", "", "b2"}}, {0, 5, "n", "1:00.0", "", "b1"}, 9},
	{"the second of two later boots", {{XID, 9, "n", "2:00.0", "", "b2"}, {XID, 12, "n", "2:00.0", "", "b3"}, {XID, 14, "n", "2:00.0", "", "b2"}},
		{0, 10, "n", "1:00.0", "", "b1"}, 12},
	{"one boot id on two nodes", {{XID, 7, "m", "2:00.0", "", "b2"}, {AER, 9, "n", "2:00.0", "", "b2"}}, {0, 5, "n", "1:00.0", "", "b1"}, 9},
	{"with the nodes the other way round", {{XID, 9, "n", "2:00.0", "", "b2"}, {AER, 7, "o", "2:00.0", "", "b2"}}, {0, 5, "n", "1:00.0", "", "b1"}, 9},
	{"a boot of one node is none of records without a node", {{XID, 9, "n", "2:00.0", "", "b2"}}, {0, -5, "", "1:00.0", "", "b1"}, -1},
	{"without a time neither a reset nor a boot", {{RESET, -1, "n", "-", "", "b2"}, {TO_NONE, -1, "n", "1:00.0", "", "b3"}}, {0, -9, "n", "1:00.0", "", "b1"}, -1},
	{"boot ids in resets of other GPUs", {{RESET, 7, "m", "-", "GPU-b", "b3"}, {RESET, 9, "n", "-", "GPU-b", "b2"}},
		{0, 5, "n", "1:00.0", "GPU-a", "b1"}, 9},
	{"boot ids in Xids", {{XID, 7, "m", "2:00.0", "", "b3"}, {XID, 9, "n", "2:00.0", "", "b2"}},
		{0, 5, "n", "1:00.0", "", "b1"}, 9},
	{"boot ids in PCIe errors", {{AER, 7, "m", "2:00.0", "", "b3"}, {AER, 9, "n", "2:00.0", "", "b2"}},
		{0, 5, "n", "1:00.0", "", "b1"}, 9},
	{"boot ids in each kind of record", {{RESET, 12, "n", "-", "GPU-b", "b2"}, {XID, 11, "n", "2:00.0", "", "b2"}, {AER, 10, "n", "2:00.0", "", "b2"}},
		{0, 5, "n", "1:00.0", "GPU-a", "b1"}, 10},
	{"an unknown GPU", {{TO_NONE, 9, "n", "1:00.0", "", ""}, {REBOOT, 12, "n", "-", "", ""}}, {0, 5, "n", "-", "", ""}, 12},
	{"the first of several kinds", {{TO_NONE, 9, "n", "1:00.0", "", ""}, {REBOOT, 12, "n", "-", "", ""}}, {0, 5, "n", "1:00.0", "", ""}, 9},
	{"in either order", {{TO_NONE, 12, "n", "1:00.0", "", ""}, {REBOOT, 9, "n", "-", "", ""}}, {0, 5, "n", "1:00.0", "", ""}, 9},
	{"no node", {{REBOOT, 9, "", "-", "", ""}}, {0, 5, "", "1:00.0", "", ""}, 9},
	{"with and without a node", {{REBOOT, 9, "", "-", "", ""}}, {0, 5, "n", "1:00.0", "", ""}, -1},
};

static void
add(struct events *ev, const struct record *r)
{
	struct event e = {.t = r->t == -1 ? NO_TIME : r->t * SECOND, .node = events_node(ev, str_of(r->node))};
	struct pci p = {0};
	uint32_t uuid = idx_add(&ev->names, str_of(r->uuid)), boot = idx_add(&ev->names, str_of(r->boot));

	pci_parse(str_of(r->gpu), &p);
	if (r->what == RESET || r->what == REBOOT)
		events_add(ev, EVENT_RECOVERY, &(struct recovery){.e = e, .gpu = p, .uuid = uuid, .boot = boot, .reboot = r->what == REBOOT});
	else if (r->what == AER)
		events_add(ev, EVENT_AER, &(struct aer){.e = e, .dev = p, .boot = boot});
	else if (r->what != NOTHING)
		events_add(ev, EVENT_XID, &(struct xid){.e = e, .gpu = p, .code = 154, .boot = boot, .recovered = r->what == TO_NONE});
}

int
main(void)
{
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};

	for (size_t i = 0; i < NELEM(rows); i++) {
		const struct record *x = &rows[i].x;
		struct trouble at = {.t = x->t * SECOND};
		struct mem m = {0};
		struct recoveries k;
		int64_t t;

		TEST(rows[i].name);
		events_reset(&ev);
		for (size_t n = 0; n < NELEM(rows[i].in); n++)
			add(&ev, &rows[i].in[n]);
		events_sort(&ev);
		at.node = events_node(&ev, str_of(x->node));
		pci_parse(str_of(x->gpu), &at.gpu);
		at.uuid = idx_add(&ev.names, str_of(x->uuid));
		at.boot = idx_add(&ev.names, str_of(x->boot));
		k = recovery_gather(&ev, &ev.scratch, &m);
		CHECK(k.n > 0 || rows[i].after < 0);
		CHECK(rows[i].in[0].what != NOTHING || k.n == 0);
		t = recovery_after(&k, &at);
		CHECK(t == (rows[i].after < 0 ? NO_TIME : rows[i].after * SECOND));
		mem_free(&m);
	}
	events_free(&ev);
	return test_done();
}
