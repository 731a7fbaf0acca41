#include "join/serials.h"

#include "join/gpus.h"

#include "base/test.h"

/* Lines of one node: of a GPU (address and UUID), of an Xid, each by bus
 * number, or of the serial number, which then belongs to the GPU with this bus,
 * or to none. */
enum what { NOTHING, LINE, XID };

static const struct {
	const char *name;
	struct line {
		enum what what;
		uint8_t bus;
		int64_t us;
	} lines[4];
	int64_t us;
	uint8_t of;
} rows[] = {
	{"no GPU is named", {{0}}, 5, 0},
	{"after its GPU's line", {{LINE, 1, 0}}, 38, 1},
	{"before it", {{LINE, 1, 38}}, 1, 1},
	{"a second after", {{LINE, 1, 1}}, 1000001, 1},
	{"more than a second after", {{LINE, 1, 1}}, 1000002, 0},
	{"a second before", {{LINE, 1, 1000001}}, 1, 1},
	{"more than a second before", {{LINE, 1, 1000002}}, 1, 0},
	{"only before its Xid", {{XID, 1, 17}}, 1, 1},
	{"the last of several GPUs' lines before it", {{LINE, 1, 0}, {XID, 1, 50}, {LINE, 2, 60}, {XID, 2, 90}}, 70, 2},
	{"also for the first GPU", {{LINE, 1, 0}, {XID, 1, 50}, {LINE, 2, 60}, {XID, 2, 90}}, 40, 1},
	{"two GPUs' lines at the same time", {{LINE, 1, 5}, {LINE, 2, 5}}, 6, 0},
	{"two GPUs' lines, whole seconds", {{LINE, 1, 0}, {LINE, 2, 0}}, 0, 0},
	{"one GPU's lines, whole seconds", {{LINE, 1, 0}, {XID, 1, 0}, {XID, 1, 0}}, 0, 1},
	{"another's the second before, whole seconds", {{LINE, 1, 0}, {LINE, 2, 1000000}}, 1000000, 0},
	{"Xids alone, of two GPUs", {{XID, 1, 0}, {XID, 2, 9}}, 5, 0},
	{"another GPU's Xid and its own line", {{XID, 2, 0}, {LINE, 1, 3}, {XID, 1, 9}}, 5, 1},
};

static struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};

static struct event
at(int64_t us)
{
	return (struct event){.t = us * 1000, .node = events_node(&ev, S("n"))};
}

static void
add(const struct line *l)
{
	struct pci gpu = {.known = 1, .bus = l->bus};

	if (l->what == LINE)
		events_add(&ev, EVENT_GPU,
			   &(struct gpu){.e = at(l->us), .gpu = gpu, .uuid = events_id(&ev, l->bus == 1 ? S("GPU-1") : S("GPU-2")),
					 .index = -1, .kernel = 1});
	else if (l->what == XID)
		events_add(&ev, EVENT_XID, &(struct xid){.e = at(l->us), .gpu = gpu, .code = 79});
}

/* The serial number found for a GPU. */
static struct str
serial(const struct gpus *k, uint8_t bus)
{
	return idx_at(&ev.names, gpus_serial(k, at(0).node, 0, (struct pci){.known = 1, .bus = bus}, 0));
}

int
main(void)
{
	struct buf scratch = {0};

	TEST("owner of a serial number");
	for (size_t i = 0; i < NELEM(rows); i++) {
		struct mem m = {0};
		struct gpus k;

		events_reset(&ev);
		events_add(&ev, EVENT_GPU, &(struct gpu){.e = at(rows[i].us), .index = -1, .kernel = 1, .serial = events_id(&ev, S("165"))});
		for (size_t l = 0; l < NELEM(rows[i].lines); l++)
			add(&rows[i].lines[l]);
		events_sort(&ev);
		serials_name(&ev, &m);
		k = gpus_gather(&ev, &scratch, &m);
		CHECK_ROW(i, str_eq(serial(&k, 1), rows[i].of == 1 ? S("165") : S("")));
		CHECK_ROW(i, str_eq(serial(&k, 2), rows[i].of == 2 ? S("165") : S("")));
		mem_free(&m);
	}
	buf_free(&scratch);
	events_free(&ev);
	return test_done();
}
