#include "join/gpus.h"

#include "base/test.h"

/* The names in records, "-" for unset, and the names that result for a GPU. */
struct who {
	const char *node, *gpu, *uuid;
	int index, t;
};

static const struct {
	const char *name;
	struct who given[5], asked, known; /* known: node and t are ignored */
} rows[] = {
	{"nothing", {{0}}, {"n", "-", "GPU-a", -1, 0}, {"", "-", "GPU-a", -1, 0}},
	{"address of a UUID", {{"n", "1:00.0", "GPU-a", -1, 0}}, {"n", "-", "GPU-a", -1, 5}, {"", "1:00.0", "GPU-a", -1, 0}},
	{"UUID of an address", {{"n", "1:00.0", "GPU-a", -1, 0}}, {"n", "1:00.0", "-", -1, 5}, {"", "1:00.0", "GPU-a", -1, 0}},
	{"all names from the index", {{"n", "1:00.0", "GPU-a", 3, 0}}, {"n", "-", "-", 3, 5}, {"", "1:00.0", "GPU-a", 3, 0}},
	{"all names from index 0", {{"n", "1:00.0", "GPU-a", 0, 0}}, {"n", "-", "-", 0, 5}, {"", "1:00.0", "GPU-a", 0, 0}},
	{"over another name",
		{{"n", "1:00.0", "GPU-a", -1, 0}, {"n", "-", "GPU-a", 3, 0}}, {"n", "-", "-", 3, 5}, {"", "1:00.0", "GPU-a", 3, 0}},
	{"and back", {{"n", "1:00.0", "GPU-a", -1, 0}, {"n", "-", "GPU-a", 3, 0}}, {"n", "1:00.0", "-", -1, 5}, {"", "1:00.0", "GPU-a", 3, 0}},
	{"on another node", {{"m", "1:00.0", "GPU-a", 3, 0}}, {"n", "-", "-", 3, 5}, {"", "-", "-", 3, 0}},
	{"a node with another name", {{"n.y", "1:00.0", "GPU-a", 3, 0}}, {"n.x", "-", "-", 3, 5}, {"", "-", "-", 3, 0}},
	{"no node", {{"", "1:00.0", "GPU-a", 3, 0}}, {"", "-", "-", 3, 5}, {"", "1:00.0", "GPU-a", 3, 0}},
	{"with and without a node", {{"", "1:00.0", "GPU-a", 3, 0}}, {"n", "-", "-", 3, 5}, {"", "-", "-", 3, 0}},
	{"the latest word before",
		{{"n", "1:00.0", "GPU-a", -1, 1}, {"n", "1:00.0", "GPU-b", -1, 4}, {"n", "1:00.0", "GPU-c", -1, 6}},
		{"n", "1:00.0", "-", -1, 5}, {"", "1:00.0", "GPU-b", -1, 0}},
	{"at the same time", {{"n", "1:00.0", "GPU-b", -1, 5}, {"n", "1:00.0", "GPU-c", -1, 6}},
		{"n", "1:00.0", "-", -1, 5}, {"", "1:00.0", "GPU-b", -1, 0}},
	{"at the same time, not before", {{"n", "1:00.0", "GPU-b", -1, 4}, {"n", "1:00.0", "GPU-c", -1, 5}},
		{"n", "1:00.0", "-", -1, 5}, {"", "1:00.0", "GPU-c", -1, 0}},
	{"or else the earliest after", {{"n", "1:00.0", "GPU-b", -1, 7}, {"n", "1:00.0", "GPU-c", -1, 6}},
		{"n", "1:00.0", "-", -1, 5}, {"", "1:00.0", "GPU-c", -1, 0}},
	{"the address is surer than the number",
		{{"n", "1:00.0", "GPU-a", -1, 0}, {"n", "2:00.0", "GPU-b", 3, 0}}, {"n", "1:00.0", "-", 3, 5}, {"", "1:00.0", "GPU-a", 3, 0}},
	{"an instance's UUID becomes its GPU's", {{"n", "1:00.0", "GPU-a", -1, 0}}, {"n", "1:00.0", "MIG-b", 3, 5}, {"", "1:00.0", "GPU-a", 3, 0}},
	{"an instance's UUID leads to its GPU", {{"n", "1:00.0", "GPU-a", 3, 0}, {"n", "1:00.0", "MIG-b", -1, 0}},
		{"n", "-", "MIG-b", -1, 5}, {"", "1:00.0", "GPU-a", 3, 0}},
	{"a GPU does not get an instance's UUID", {{"n", "1:00.0", "MIG-b", 3, 0}}, {"n", "1:00.0", "-", -1, 5}, {"", "1:00.0", "-", 3, 0}},
	{"an instance of an unknown GPU", {{0}}, {"n", "-", "MIG-b", -1, 5}, {"", "-", "MIG-b", -1, 0}},
	{"a single name adds nothing", {{"n", "-", "GPU-a", -1, 0}, {"n", "1:00.0", "-", -1, 0}}, {"n", "-", "GPU-a", -1, 5}, {"", "-", "GPU-a", -1, 0}},
};

static struct pci
pci(const char *s)
{
	struct pci p = {0};

	pci_parse(str_of(s), &p);
	return p;
}

static uint32_t
uuid(struct events *ev, const char *s)
{
	return *s == '-' ? 0 : idx_add(&ev->names, str_of(s));
}

static void
add(struct events *ev, const struct who *w)
{
	events_add(ev, EVENT_GPU,
		   &(struct gpu){
			   .e = {.t = w->t, .node = events_node(ev, str_of(w->node))},
			   .gpu = pci(w->gpu),
			   .uuid = uuid(ev, w->uuid),
			   .index = (int16_t)w->index,
		   });
}

static bool
finds(struct events *ev, const struct who *asked, const struct who *known)
{
	uint32_t node = events_node(ev, str_of(asked->node)), u = uuid(ev, asked->uuid);
	struct pci p = pci(asked->gpu);
	int16_t index = (int16_t)asked->index;
	struct mem m = {0};
	struct gpus k;

	events_sort(ev);
	k = gpus_gather(ev, &ev->scratch, &m);
	gpus_fill(&k, node, asked->t, &p, &u, &index);
	mem_free(&m);
	return pci_cmp(p, pci(known->gpu)) == 0 && u == uuid(ev, known->uuid) && index == known->index;
}

int
main(void)
{
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};

	for (size_t i = 0; i < NELEM(rows); i++) {
		size_t n = NELEM(rows[i].given);

		TEST(rows[i].name);
		for (size_t first = 0; first < n; first++) {
			events_reset(&ev);
			for (size_t k = 0; k < n; k++)
				if (rows[i].given[(first + k) % n].node)
					add(&ev, &rows[i].given[(first + k) % n]);
			CHECK_ROW(first, finds(&ev, &rows[i].asked, &rows[i].known));
		}
	}

	TEST("repeated records are kept twice");
	events_reset(&ev);
	for (int t = 0; t < 1000; t++)
		add(&ev, &(struct who){"n", "1:00.0", "GPU-a", 3, t});
	events_sort(&ev);
	CHECK(ev.list[EVENT_GPU].n == 2);
	CHECK(((struct gpu *)ev.list[EVENT_GPU].p)[0].e.t == 0 && ((struct gpu *)ev.list[EVENT_GPU].p)[1].e.t == 999);

	TEST("a repeated query is answered for its own time");
	events_reset(&ev);
	add(&ev, &(struct who){"n", "1:00.0", "GPU-a", -1, 10});
	add(&ev, &(struct who){"n", "1:00.0", "GPU-b", -1, 20});
	add(&ev, &(struct who){"n", "2:00.0", "GPU-c", -1, 20});
	events_sort(&ev);
	{
		static const struct {
			const char *gpu, *uuid;
			int t;
		} asked[] = {
			{"1:00.0", "GPU-a", 15}, {"1:00.0", "GPU-a", 19}, {"1:00.0", "GPU-b", 20}, {"1:00.0", "GPU-b", 99},
			{"1:00.0", "GPU-a", 19}, {"2:00.0", "GPU-c", 19}, {"1:00.0", "GPU-a", 0}, {"1:00.0", "GPU-a", 12},
		};
		struct mem m = {0};
		struct gpus k = gpus_gather(&ev, &ev.scratch, &m);
		struct gpus_answer last = {0};

		for (size_t i = 0; i < NELEM(asked); i++) {
			struct pci p = pci(asked[i].gpu);
			uint32_t u = 0;
			int16_t index = -1;

			CHECK_ROW(i, gpus_fill_again(&k, &last, &(struct event){.t = asked[i].t, .node = events_node(&ev, S("n"))}, &p, &u, &index));
			CHECK_ROW(i, u == uuid(&ev, asked[i].uuid));
		}
		mem_free(&m);
	}
	events_free(&ev);
	return test_done();
}
