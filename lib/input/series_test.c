#include "input/series.h"

#include "base/test.h"

#define TEMP S("DCGM_FI_DEV_GPU_TEMP")
#define UUID "GPU-0a1b2c3d-0000-1111-2222-333344445555"
#define DIGITS "0a1b2c3d-0000-1111-2222-333344445555"

/* Labels, "name=text,…"; the node, and whether it is a scrape address or made up. */
static const struct {
	const char *labels, *node;
	bool scraped, in_this_order;
} hosts[] = {
	{"Hostname=a,node=b", "a", false, false},
	{"host=a,node=b,Hostname=c", "c", false, false},
	{"host=,node=b,Hostname=", "b", false, false},
	{"other=a", "", false, false},
	/* the name of the exporter's pod is no node: the next best name */
	{"Hostname=p,pod=p,node=b", "b", false, false},
	{"Hostname=p,pod=p,node=b,host=c", "b", false, false},
	{"Hostname=p,pod=p,node=p,host=c", "c", false, false},
	{"Hostname=p,pod=p,node=p,host=c,k8s.node.name=d", "d", false, false},
	{"Hostname=p,pod=p,instance=gpu-7:9400", "gpu-7", false, false},
	{"Hostname=p,pod=p", "", false, false},
	/* of one name the later text */
	{"Hostname=a,Hostname=b", "b", false, true},
	{"Hostname=a,Hostname=b,pod=b", "", false, true},
	{"Hostname=a,node=b,node=c,pod=a", "c", false, true},
	/* scrape addresses */
	{"instance=10.0.0.7:9400", "10.0.0.7", true, false}, {"instance=10.0.0.7", "10.0.0.7", true, false}, {"instance=gpu-7", "gpu-7", false, false},
	{"instance=http://gpu-7:9400/metrics", "gpu-7", false, false}, {"instance=http://10.0.0.7/a:b", "10.0.0.7", true, false},
	{"instance=[fd00::7]:9400", "fd00::7", true, false}, {"instance=fd00::7", "fd00::7", true, false}, {"instance=[fd00::7", "fd00::7", true, false},
	{"instance=1234567890", "1234567890", true, false}, {"instance=1/2", "1", true, false}, {"instance=:9400", "", false, false},
	{"instance=gpu-7:", "gpu-7", false, false}, {"server.address=b,instance=a", "a", false, false}, {"net.host.name=c,service.instance.id=b", "b", false, false},
	/* names made up for pods and containers */
	{"Hostname=exporter-x7b2k", "exporter-x7b2k", true, false}, {"Hostname=0123456789ab", "0123456789ab", true, false}, {"instance=exporter-x7b2k:9400", "exporter-x7b2k", true, false},
};

/* Labels that identify a GPU: address, UUID, number (-1: none), and its MIG instance. */
static const struct {
	const char *labels, *pci, *uuid, *mig;
	int index;
} gpus[] = {
	{"gpu=3", "", "", "", 3}, {"gpu=0", "", "", "", 0}, {"gpu=32766", "", "", "", 32766}, {"gpu=32767,UUID=" UUID, "", UUID, "", -1},
	{"gpu=" UUID, "", UUID, "", -1}, {"gpu=3b:00.0", "0000:3b:00.0", "", "", -1}, {"pci_bus_id=00000000:3B:00.0,gpu=1", "0000:3b:00.0", "", "", 1},
	{"gpu_id=7,gpu=8", "", "", "", 7}, {"UUID=" UUID ",gpu=GPU-ffffffff-0000-1111-2222-333344445555", "", UUID, "", -1},
	{"pci_bus_id=3b:00.0,gpu=3c:00.0", "0000:3b:00.0", "", "", -1},
	/* without "GPU-" */
	{"UUID=" DIGITS, "", UUID, "", -1}, {"UUID=00000000-0000-0000-0000-000000000000,gpu=1", "", "", "", 1}, {"UUID=0a1b2c3d+0000-1111-2222-333344445555,gpu=1", "", "", "", 1},
	{"UUID=0a1b2c3d-0000-1111-2222-33334444555g,gpu=1", "", "", "", 1}, {"UUID=" DIGITS "5,gpu=1", "", "", "", 1},
	{"UUID=00000000-0000-0000-0000-000000000001", "", "GPU-00000000-0000-0000-0000-000000000001", "", -1},
	{"UUID=10000000-0000-0000-0000-000000000000", "", "GPU-10000000-0000-0000-0000-000000000000", "", -1},
	/* MIG instances */
	{"gpu=1,GPU_I_ID=3", "", "", "3", 1}, {"gpu=1,UUID=MIG-0a1b2c3d-0000-1111-2222-333344445555", "", "MIG-0a1b2c3d-0000-1111-2222-333344445555", "MIG-0a1b2c3d-0000-1111-2222-333344445555", 1},
	{"gpu=1,gpu_i_id=2,UUID=MIG-0a1b2c3d-0000-1111-2222-333344445555", "", "MIG-0a1b2c3d-0000-1111-2222-333344445555", "2", 1},
};

static struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
static struct reader r = {.ev = &ev};

/* Labels from a list: each n-th one first, for another order. */
static struct series
labelled(const char *list, size_t first)
{
	struct series s = {0};

	for (size_t part = 0; part < 2; part++) {
		struct str rest = str_of(list), one, name;

		for (size_t i = 0; str_cut(&rest, ',', &one); i++)
			if ((i < first) == (part == 1) && str_cut(&one, '=', &name))
				series_label(&s, name, one);
	}
	return s;
}

static struct str
name_of(uint32_t id)
{
	return idx_at(&ev.names, id);
}

/* Add values of a series and return the number of records of a kind. */
static size_t
added(const char *labels, const char *const *values, enum event_kind k)
{
	struct series s = labelled(labels, 0);
	struct measure m;

	events_reset(&ev);
	mem_reset(&r.mem);
	if (!series_measure(&r, &s, TEMP, &m))
		return 0;
	for (int64_t t = 7; *values; values++)
		series_add(&r, &m, t++, str_of(*values));
	series_end(&r, &m);
	return ev.list[k].n;
}

int
main(void)
{
	static const char *const once[] = {"30", NULL}, *const twice[] = {"30", "x", "31", NULL}, *const none[] = {"x", NULL};
	static const uint16_t fields[] = {METRIC_SM_CLOCK, 0};
	struct measure m;
	struct series s;

	TEST("the node, whatever the order of the labels");
	for (size_t i = 0; i < NELEM(hosts); i++)
		for (size_t first = 0; first < (hosts[i].in_this_order ? 1 : 5); first++) {
			struct buf b = {0};

			buf_add(&b, str_of(hosts[i].labels));
			buf_add(&b, S(",gpu=0"));
			buf_chr(&b, '\0');
			s = labelled(b.p, first);
			CHECK_ROW(i, series_measure(&r, &s, TEMP, &m));
			CHECK_ROW(i, str_eq(name_of(m.sample.e.node), str_of(hosts[i].node)) && m.sample.scraped == hosts[i].scraped);
			buf_free(&b);
		}

	TEST("the GPU");
	for (size_t i = 0; i < NELEM(gpus); i++) {
		struct buf b = {0};

		s = labelled(gpus[i].labels, 0);
		r.answered = false;
		CHECK_ROW(i, series_measure(&r, &s, TEMP, &m) && r.answered);
		if (m.sample.gpu.known)
			pci_put(&b, m.sample.gpu);
		CHECK_ROW(i, str_eq(buf_str(&b), str_of(gpus[i].pci)) && m.sample.index == gpus[i].index);
		CHECK_ROW(i, str_eq(name_of(m.sample.uuid), str_of(gpus[i].uuid)) && str_eq(name_of(m.sample.e.uid), str_of(gpus[i].mig)));
		buf_free(&b);
	}
	s = labelled("Hostname=a", 0);
	r.answered = false;
	CHECK(!series_measure(&r, &s, TEMP, &m) && !r.answered);

	TEST("the metric");
	s = labelled("gpu=0,error.type=uncorrected,gpu.clock.violation=thermal", 0);
	CHECK(series_measure(&r, &s, TEMP, &m) && m.m->field == METRIC_GPU_TEMP && m.sample.field == METRIC_GPU_TEMP && m.shift == 0 && m.wanted);
	CHECK(series_measure(&r, &s, S("gpu.dcgm.clock.throttle_duration.time"), &m) && m.m->field == METRIC_THERMAL_VIOLATION && m.shift == 9);
	s = labelled("gpu=0,gpu.clock.violation=power", 0);
	CHECK(series_measure(&r, &s, S("gpu.dcgm.clock.throttle_duration.time"), &m) && m.m->field == METRIC_POWER_VIOLATION);
	s = labelled("gpu=0,gpu.clock.violation=board", 0);
	CHECK(!series_measure(&r, &s, S("gpu.dcgm.clock.throttle_duration.time"), &m));
	CHECK(!series_measure(&r, &s, S("DCGM_FI_DEV_NOTHING"), &m));
	CHECK(series_measure(&r, &s, S("clocks_event_reasons.hw_slowdown"), &m) && m.reason == 8 && m.m->field == METRIC_CLOCKS_EVENT);
	CHECK(series_used(TEMP) && series_used(S("hw.errors")) && series_used(S("gpu.dcgm.ecc_errors")) && series_used(S("clocks_event_reasons.hw_slowdown")));
	CHECK(!series_used(S("up")));
	events_keep_fields(&ev, fields);
	CHECK(series_measure(&r, &s, TEMP, &m) && !m.wanted);
	CHECK(added("gpu=0", once, EVENT_SAMPLE) == 0);
	events_keep_fields(&ev, NULL);

	TEST("samples, the GPU's names and its pod");
	CHECK(added("gpu=0", twice, EVENT_SAMPLE) == 2);
	CHECK(((struct sample *)ev.list[EVENT_SAMPLE].p)[0].e.t == 7 && ((struct sample *)ev.list[EVENT_SAMPLE].p)[0].value == 30000);
	CHECK(((struct sample *)ev.list[EVENT_SAMPLE].p)[1].e.t == 9 && ((struct sample *)ev.list[EVENT_SAMPLE].p)[1].start == NO_TIME);
	CHECK(added("gpu=0", once, EVENT_GPU) == 0 && added("UUID=" UUID, once, EVENT_GPU) == 0 && added("pci_bus_id=3b:00.0", once, EVENT_GPU) == 0);
	CHECK(added("gpu=0,UUID=" UUID, once, EVENT_GPU) == 1 && added("gpu=0,pci_bus_id=3b:00.0", once, EVENT_GPU) == 1);
	CHECK(added("pci_bus_id=3b:00.0,UUID=" UUID, once, EVENT_GPU) == 1 && added("gpu=0,serial=1650522000123", once, EVENT_GPU) == 1);
	CHECK(added("gpu=0,serial=x,UUID=", once, EVENT_GPU) == 0 && added("gpu=0,UUID=" UUID, none, EVENT_GPU) == 0);
	CHECK(added("gpu=0,UUID=" UUID, twice, EVENT_GPU) == 2);
	CHECK(events_at(&ev, EVENT_GPU, 0)->t == 7 && events_at(&ev, EVENT_GPU, 1)->t == 9);
	CHECK(added("gpu=0", once, EVENT_TENANT) == 0 && added("gpu=0,pod=p", none, EVENT_TENANT) == 0);
	CHECK(added("gpu=0,pod=p,namespace=n", twice, EVENT_TENANT) == 1);
	if (ev.list[EVENT_TENANT].n == 1) {
		const struct tenant *t = ev.list[EVENT_TENANT].p;

		CHECK(t->e.t == 7 && t->last == 9 && str_eq(name_of(t->name), S("p")) && str_eq(name_of(t->ns), S("n")) && t->index == 0);
	}
	/* if the GPU's pod is exported, the other one is the exporter */
	CHECK(added("gpu=0,pod=p,namespace=n,exported_pod=q,exported_namespace=m", once, EVENT_TENANT) == 1);
	if (ev.list[EVENT_TENANT].n == 1) {
		const struct tenant *t = ev.list[EVENT_TENANT].p;

		CHECK(t->last == 7 && str_eq(name_of(t->name), S("q")) && str_eq(name_of(t->ns), S("m")));
	}

	TEST("the order of values does not matter for the times");
	s = labelled("gpu=0,UUID=" UUID, 0);
	CHECK(series_measure(&r, &s, TEMP, &m) && !m.any);
	CHECK(series_add(&r, &m, 5, S("30")) && m.any && m.first == 5 && m.last == 5);
	CHECK(series_add(&r, &m, 9, S("30")) && series_add(&r, &m, 3, S("30")) && series_add(&r, &m, 4, S("30")) && m.first == 3 && m.last == 9);
	CHECK(!series_add(&r, &m, 1, S("hot")) && m.first == 3);
	reader_free(&r);
	events_free(&ev);
	return test_done();
}
