#include "join/settle.h"

#include "base/test.h"

/* A record: its kind, its node or "", its GPU's UUID or "". */
enum what { NOTHING, XID, LOSS, SERIES };

struct record {
	enum what what;
	const char *node, *uuid;
};

static struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};

static const struct {
	const char *name;
	struct record in[5];
	const char *out[5]; /* the resulting node of each */
	const char *notice;
} rows[] = {
	{"a short name equals the full one", {{XID, "g.x", ""}, {SERIES, "g", ""}}, {"g.x", "g.x"}, ""},
	{"of a label", {{XID, "g.x", ""}, {XID, "h.x", ""}, {SERIES, "g", ""}}, {"g.x", "h.x", "g.x"}, ""},
	{"unless there are two", {{XID, "g.y", ""}, {XID, "g.x", ""}, {SERIES, "g", ""}}, {"g.y", "g.x", "g"},
		"node name g is ambiguous (g.x, g.y): its records are correlated with neither"},
	{"two full names without a short one", {{XID, "g.y", ""}, {XID, "g.x", ""}}, {"g.y", "g.x"}, ""},
	{"the first two of three", {{XID, "g.z", ""}, {XID, "g.y", ""}, {XID, "g.x", ""}, {LOSS, "g", ""}}, {"g.z", "g.y", "g.x", "g"},
		"node name g is ambiguous (g.x, g.y): its records are correlated with neither"},
	{"an address has no short name", {{XID, "10.0.0.1", ""}, {XID, "10", ""}}, {"10.0.0.1", "10"}, ""},
	{"Kubernetes' own name is shown", {{XID, "g.x", ""}, {LOSS, "g", ""}}, {"g", "g"}, ""},
	{"the full one of two names is shown", {{LOSS, "g.x", ""}, {LOSS, "g", ""}}, {"g.x", "g.x"}, ""},
	{"without a node: --node's", {{XID, "", ""}, {SERIES, "", ""}, {SERIES, "here.x", ""}}, {"here.x", "here.x", "here.x"}, ""},
	{"the node of a lost pod is decided later", {{LOSS, "", ""}}, {""}, ""},
	{"a stray series gets the node of its UUID", {{XID, "g", "GPU-a"}, {SERIES, "pod-1", "GPU-a"}, {SERIES, "pod-1", "GPU-b"}},
		{"g", "g", "pod-1"}, ""},
	{"by the settled name", {{XID, "g", "GPU-a"}, {LOSS, "g.x", ""}, {SERIES, "10.0.0.1", "GPU-a"}}, {"g.x", "g.x", "g.x"}, ""},
	{"by two names of one node", {{XID, "g", "GPU-a"}, {XID, "g.x", "GPU-a"}, {SERIES, "pod-1", "GPU-a"}}, {"g.x", "g.x", "g.x"}, ""},
	{"not if two nodes have it", {{XID, "g", "GPU-a"}, {XID, "h", "GPU-a"}, {SERIES, "pod-1", "GPU-a"}}, {"g", "h", "pod-1"}, ""},
	{"a node's own name stays", {{XID, "g", "GPU-a"}, {LOSS, "h", ""}, {SERIES, "h", "GPU-a"}}, {"g", "h", "h"}, ""},
	{"also a short one", {{XID, "g", "GPU-a"}, {LOSS, "h.x", ""}, {SERIES, "h", "GPU-a"}}, {"g", "h.x", "h.x"}, ""},
	{"a full one, whose short one is the kernel's", {{XID, "g", "GPU-a"}, {XID, "h", ""}, {SERIES, "h.x", "GPU-a"}}, {"g", "h.x", "h.x"}, ""},
	{"or Kubernetes' own", {{XID, "g", "GPU-a"}, {LOSS, "h", ""}, {SERIES, "h.x", "GPU-a"}}, {"g", "h", "h"}, ""},
	{"names of the kernel are not merged", {{XID, "g", "GPU-a"}, {XID, "h", "GPU-a"}}, {"g", "h"}, ""},
	{"series do not show the node of a UUID", {{SERIES, "g", "GPU-a"}, {SERIES, "pod-1", "GPU-a"}}, {"g", "pod-1"}, ""},
};

static void
add(const struct record *r, int64_t t)
{
	struct event e = {.t = t, .node = events_node(&ev, str_of(r->node))};
	uint32_t uuid = idx_add(&ev.names, str_of(r->uuid));

	if (r->what == XID)
		events_add(&ev, EVENT_XID, &(struct xid){.e = e, .uuid = uuid});
	else if (r->what == LOSS)
		events_add(&ev, EVENT_LOSS, &(struct loss){.e = e});
	else if (r->what == SERIES)
		events_add(&ev, EVENT_SAMPLE, &(struct sample){.e = e, .uuid = uuid, .index = -1});
}

/* The node of the record with this time. */
static struct str
node_of(enum what what, int64_t t)
{
	static const enum event_kind kinds[] = {[XID] = EVENT_XID, [LOSS] = EVENT_LOSS, [SERIES] = EVENT_SAMPLE};

	for (size_t i = 0; i < ev.list[kinds[what]].n; i++) {
		const struct event *e = events_at(&ev, kinds[what], i);

		if (e->t == t)
			return idx_at(&ev.names, e->node);
	}
	return S("?");
}

static void
test_nodes(void)
{
	struct mem m = {0};
	struct buf b = {0};

	for (size_t i = 0; i < NELEM(rows); i++) {
		size_t n = NELEM(rows[i].in);

		TEST(rows[i].name);
		for (size_t first = 0; first < n; first++) {
			struct settled s;

			events_reset(&ev);
			for (size_t k = 0; k < n; k++)
				add(&rows[i].in[(first + k) % n], (int64_t)((first + k) % n));
			events_sort(&ev);
			s = settle(&ev, i == 8 ? S("here") : (struct str){0}, &m);
			for (size_t k = 0; k < n && rows[i].in[k].what; k++)
				CHECK_ROW(k, str_eq(node_of(rows[i].in[k].what, (int64_t)k), str_of(rows[i].out[k])));
			b.n = 0;
			settle_notice(&s, &ev, &b);
			CHECK_ROW(first, str_eq(buf_str(&b), str_of(rows[i].notice)));
			mem_reset(&m);
		}
	}
	buf_free(&b);
	mem_free(&m);
}

static void
test_order(void)
{
	struct mem m = {0};
	const struct xid *x;
	const struct sample *s;

	TEST("records that are equal after settling are one, sorted");
	events_reset(&ev);
	for (int64_t t = 0; t < 3; t++)
		for (int full = 0; full < 2; full++)
			add(&(struct record){XID, full ? "g.x" : "g", ""}, t);
	events_sort(&ev);
	CHECK(ev.list[EVENT_XID].n == 6);
	settle(&ev, (struct str){0}, &m);
	x = ev.list[EVENT_XID].p;
	CHECK(ev.list[EVENT_XID].n == 3 && x[0].e.t == 0 && x[1].e.t == 1 && x[2].e.t == 2);

	TEST("GPUs by any name; an Xid line after the line that names its GPU");
	events_reset(&ev);
	{
		uint32_t node = events_node(&ev, S("g")), uuid = idx_add(&ev.names, S("GPU-a"));
		struct pci gpu = {.bus = 1, .known = 1};

		events_add(&ev, EVENT_GPU, &(struct gpu){.e = {.t = 5, .node = node}, .gpu = gpu, .uuid = uuid, .index = 3});
		events_add(&ev, EVENT_GPU, &(struct gpu){.e = {.t = SECOND, .node = node}, .gpu = gpu, .index = -1});
		events_add(&ev, EVENT_SAMPLE, &(struct sample){.e = {.t = 9, .node = node}, .index = 3, .field = 1});
		events_add(&ev, EVENT_SAMPLE, &(struct sample){.e = {.t = 8, .node = node}, .index = -1, .uuid = uuid, .field = 1});
		events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = 2 * SECOND, .node = node}, .code_implied = 1});
		events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = 2 * SECOND + 1, .node = node}, .code_implied = 1});
		events_add(&ev, EVENT_XID, &(struct xid){.e = {.t = SECOND, .node = node}});
		events_add(&ev, EVENT_AER, &(struct aer){.e = {.t = 1, .node = node}, .uuid = uuid});
		events_add(&ev, EVENT_RATE, &(struct rate){.e = {.t = 1, .node = node}, .uuid = uuid});
		events_sort(&ev);
		settle(&ev, (struct str){0}, &m);
		s = ev.list[EVENT_SAMPLE].p;
		x = ev.list[EVENT_XID].p;
		CHECK(s[0].e.t == 8 && s[1].e.t == 9);
		for (int i = 0; i < 2; i++)
			CHECK_ROW(i, pci_cmp(s[i].gpu, gpu) == 0 && s[i].uuid == uuid && s[i].index == 3);
		CHECK(!x[0].gpu.known && !x[2].gpu.known);
		CHECK(pci_cmp(x[1].gpu, gpu) == 0 && x[1].uuid == uuid);
		CHECK(pci_cmp(((struct aer *)ev.list[EVENT_AER].p)->dev, gpu) == 0);
		CHECK(pci_cmp(((struct rate *)ev.list[EVENT_RATE].p)->gpu, gpu) == 0);
	}
	mem_free(&m);
}

/* A condition repeats the kernel's line of its code, GPU and node within ten
 * minutes. */
static void
test_concluded(void)
{
	static const struct {
		int64_t at; /* the kernel's line has second 0 */
		const char *node;
		uint32_t code;
		uint8_t bus, left;
	} given[] = {{0, "g", 79, 1, 1}, {600, "g", 79, 1, 1}, {601, "g", 79, 1, 2}, {-1, "g", 79, 1, 2}, {1, "h", 79, 1, 2}, {1, "g", 48, 1, 2},
		{1, "g", 79, 2, 2}, {1, "g", 79, 0, 1}};
	struct mem m = {0};

	TEST("repetitions of the kernel's line are dropped");
	for (size_t i = 0; i < NELEM(given); i++) {
		struct xid line = {.code = 79, .gpu = {.known = true, .bus = 1}};
		struct xid x = {.e.t = given[i].at * SECOND, .code = given[i].code & XID_CODE, .concluded = 1};

		x.gpu = (struct pci){.known = given[i].bus > 0, .bus = given[i].bus};
		events_reset(&ev);
		line.e.node = events_node(&ev, S("g"));
		x.e.node = events_node(&ev, str_of(given[i].node));
		events_add(&ev, EVENT_XID, &line);
		events_add(&ev, EVENT_XID, &x);
		events_sort(&ev);
		settle(&ev, S(""), &m);
		CHECK_ROW(i, ev.list[EVENT_XID].n == given[i].left);
	}
	mem_free(&m);
}

int
main(void)
{
	test_nodes();
	test_order();
	test_concluded();
	events_free(&ev);
	return test_done();
}
