#include "join/layers.h"

#include "base/test.h"

/* Records' nodes: a letter each, '-' for none. */
static const struct {
	const char *a, *b, *absent, *apart;
} rows[] = {
	{"", "", "no Xids, no pod events: nothing to join", ""},
	{"x", "", "1 Xid from 1 node, no pod events: nothing to join", ""},
	{"xyx--", "", "5 Xids from 2 nodes, no pod events: nothing to join", ""},
	{"", "x", "no Xids, 1 pod loss: nothing to join", ""},
	{"--", "xx", "2 Xids, 2 pod losses: nothing to join", ""},
	{"yx", "zx", "2 Xids from 2 nodes, 2 pod losses: nothing to join", ""},
	{"yx", "zw", "2 Xids from 2 nodes, 2 pod losses: nothing to join", "no node has both: Xids on x, pod losses on w"},
	{"z", "-y", "1 Xid from 1 node, 2 pod losses: nothing to join", "no node has both: Xids on z, pod losses on y"},
};

static void
fill(struct layer *l, struct idx *names, const char *nodes, struct buf *scratch, struct mem *m)
{
	for (; *nodes; nodes++)
		layer_add(l, *nodes == '-' ? 0 : idx_add(names, (struct str){nodes, 1}), m);
	layer_nodes(l, scratch);
}

int
main(void)
{
	struct buf b = {0}, scratch = {0};
	struct mem m = {0};

	TEST("two layers");
	for (size_t i = 0; i < NELEM(rows); i++) {
		struct layer x = {.one = S("Xid"), .many = S("Xids")};
		struct layer l = {.one = S("pod loss"), .many = S("pod losses"), .none = S("pod events")};
		struct idx names = {0};

		fill(&x, &names, rows[i].a, &scratch, &m);
		fill(&l, &names, rows[i].b, &scratch, &m);
		b.n = 0;
		layers_absent(&b, &x, &l, S("nothing to join"));
		CHECK_ROW(i, str_eq(buf_str(&b), str_of(rows[i].absent)));
		b.n = 0;
		layers_apart(&b, &x, &l, &names);
		CHECK_ROW(i, str_eq(buf_str(&b), str_of(rows[i].apart)));
		idx_free(&names);
	}

	TEST("clauses");
	b.n = 0;
	layers_clause(&b, 0, S("Xid carries"), S("Xids carry"), S(" no node"));
	layers_clause(&b, 1, S("Xid carries"), S("Xids carry"), S(" no node"));
	layers_clause(&b, 2, S("Xid carries"), S("Xids carry"), S(" no time"));
	CHECK(str_eq(buf_str(&b), S("1 Xid carries no node; 2 Xids carry no time")));
	buf_free(&b);
	buf_free(&scratch);
	mem_free(&m);
	return test_done();
}
