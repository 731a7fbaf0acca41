#include "join/tenant.h"

#include "base/test.h"

/* Labels, times in minutes, and the pod that used GPU 1 of node n in minute 10. */
static const struct {
	const char *name;
	struct {
		const char *node, *pod;
		int from, to;
		uint8_t bus;
	} seen[3];
	const char *want;
} rows[] = {
	{"nobody", {{0}}, ""},
	{"the pod at that time", {{"n", "a", 5, 15, 1}}, "a"},
	{"two minutes ago", {{"n", "a", 5, 8, 1}}, "a"},
	{"three minutes ago", {{"n", "a", 5, 7, 1}}, ""},
	{"just then", {{"n", "a", 10, 10, 1}}, "a"},
	{"later", {{"n", "a", 11, 15, 1}}, ""},
	{"on another GPU", {{"n", "a", 5, 15, 2}}, ""},
	{"on another node", {{"m", "a", 5, 15, 1}}, ""},
	{"repeated labels", {{"n", "a", 5, 9, 1}, {"n", "a", 9, 10, 1}}, "a"},
	{"two at once", {{"n", "a", 5, 10, 1}, {"n", "b", 9, 10, 1}}, ""},
	{"an exporter is not the tenant", {{"n", "nvidia-dcgm-exporter-x1", 5, 15, 1}, {"n", "a", 5, 15, 1}}, "a"},
	{"nor is one by another name", {{"n", "gpu-exporter-1", 5, 15, 1}, {"n", "telegraf-1", 5, 15, 1}, {"n", "a", 5, 15, 1}}, "a"},
	{"nor a collector", {{"n", "dcgm-1", 5, 15, 1}, {"n", "gpu-collector", 5, 15, 1}, {"n", "prometheus-0", 5, 15, 1}}, ""},
	{"one after the other", {{"n", "a", 1, 2, 1}, {"n", "b", 9, 10, 1}, {"n", "c", 11, 12, 1}}, "b"},
};

/* Is a pod's label seen behind n of an exporter? */
static bool
sees_behind(int n)
{
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
	const struct gpu gpu = {.e.node = events_node(&ev, S("n")), .gpu = {.known = true, .bus = 1}};
	struct tenant t = {.e.node = gpu.e.node, .last = 600 * SECOND, .gpu = gpu.gpu, .name = idx_add(&ev.names, S("a"))};
	const struct tenant *at;
	struct buf b = {0};

	for (int i = 0; i <= n; i++) {
		t.e.t = i * SECOND;
		events_add(&ev, EVENT_TENANT, &t);
		b.n = 0;
		buf_add(&b, S("dcgm-exporter-"));
		buf_i64(&b, i);
		t.name = idx_add(&ev.names, buf_str(&b));
	}
	events_sort(&ev);
	at = tenant_at(&ev, &gpu, 600 * SECOND);
	events_free(&ev);
	buf_free(&b);
	return at != NULL;
}

/* Two labels at once, the pod's namespaces: is there a tenant? */
static bool
has_tenant(const char *ns, const char *other)
{
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
	const struct gpu gpu = {.e.node = events_node(&ev, S("n")), .gpu = {.known = true, .bus = 1}};
	struct tenant t = {.e = {.t = SECOND, .node = gpu.e.node}, .last = 600 * SECOND, .gpu = gpu.gpu, .name = idx_add(&ev.names, S("a"))};
	bool has;

	t.ns = idx_add(&ev.names, str_of(ns));
	events_add(&ev, EVENT_TENANT, &t);
	t.ns = idx_add(&ev.names, str_of(other));
	t.e.t = 2 * SECOND;
	events_add(&ev, EVENT_TENANT, &t);
	events_sort(&ev);
	has = tenant_at(&ev, &gpu, 600 * SECOND) != NULL;
	events_free(&ev);
	return has;
}

int
main(void)
{
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};

	for (size_t i = 0; i < NELEM(rows); i++) {
		const struct tenant *t;

		TEST(rows[i].name);
		events_reset(&ev);
		for (size_t k = 0; k < 3 && rows[i].seen[k].pod; k++)
			events_add(&ev, EVENT_TENANT,
				   &(struct tenant){
					   .e = {.t = rows[i].seen[k].from * 60 * SECOND, .node = events_node(&ev, str_of(rows[i].seen[k].node))},
					   .last = rows[i].seen[k].to * 60 * SECOND,
					   .gpu = {.known = true, .bus = rows[i].seen[k].bus},
					   .name = idx_add(&ev.names, str_of(rows[i].seen[k].pod)),
				   });
		events_sort(&ev);
		t = tenant_at(&ev, &(struct gpu){.e.node = events_node(&ev, S("n")), .gpu = {.known = true, .bus = 1}}, 600 * SECOND);
		CHECK(str_eq(t ? idx_at(&ev.names, t->name) : S(""), str_of(rows[i].want)));
	}
	events_free(&ev);
	TEST("pods of one name in two namespaces are two");
	CHECK(has_tenant("x", "x") && !has_tenant("x", "y"));
	TEST("how many labels of one GPU are examined");
	CHECK(sees_behind(255) && !sees_behind(256));
	return test_done();
}
