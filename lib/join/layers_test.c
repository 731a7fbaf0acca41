#include "join/layers.h"

#include "base/test.h"

/* Nodes of records: one letter each, '-' for unset. */
static const struct {
	const char *a, *b, *absent, *apart;
} rows[] = {
	{"", "", "no Xids, no pod events: cannot correlate", ""},
	{"x", "", "1 Xid from 1 node, no pod events: cannot correlate", ""},
	{"xyx--", "", "5 Xids from 2 nodes, no pod events: cannot correlate", ""},
	{"", "x", "no Xids, 1 pod loss: cannot correlate", ""},
	{"--", "xx", "2 Xids, 2 pod losses: cannot correlate", ""},
	{"yx", "zx", "2 Xids from 2 nodes, 2 pod losses: cannot correlate", ""},
	{"yx", "zw", "2 Xids from 2 nodes, 2 pod losses: cannot correlate", "no node has both: Xids on x, pod losses on w"},
	{"z", "-y", "1 Xid from 1 node, 2 pod losses: cannot correlate", "no node has both: Xids on z, pod losses on y"},
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
		layers_absent(&b, &x, &l, S("cannot correlate"));
		CHECK_ROW(i, str_eq(buf_str(&b), str_of(rows[i].absent)));
		b.n = 0;
		layers_apart(&b, &x, &l, &names);
		CHECK_ROW(i, str_eq(buf_str(&b), str_of(rows[i].apart)));
		idx_free(&names);
	}

	TEST("clauses");
	b.n = 0;
	layers_clause(&b, 0, S("Xid has"), S("Xids have"), S(" no node name"));
	layers_clause(&b, 1, S("Xid has"), S("Xids have"), S(" no node name"));
	layers_clause(&b, 2, S("Xid has"), S("Xids have"), S(" no timestamp"));
	CHECK(str_eq(buf_str(&b), S("1 Xid has no node name; 2 Xids have no timestamp")));

	TEST("no node: one name is of no use to lines of several tasks");
	CHECK(str_ends(layers_no_node(&(struct events){0}), S(": use --node=NAME")));
	CHECK(str_ends(layers_no_node(&(struct events){.of_tasks = 1}), S(" correlated")));
	buf_free(&b);
	buf_free(&scratch);
	mem_free(&m);
	return test_done();
}
