#include "base/hostlist.h"

#include "base/test.h"

static const struct {
	const char *list, *names; /* NULL: not a list */
} rows[] = {
	{"gpu[001-003,7],login1", "gpu001 gpu002 gpu003 gpu7 login1 "},
	{"n[9-11]", "n9 n10 n11 "},
	{"n[09-11]-ib", "n09-ib n10-ib n11-ib "},
	{"r[1-2]n[3-4]", "r1n3 r1n4 r2n3 r2n4 "},
	{"a,b", "a b "},
	{"one", "one "},
	{"n[3-3]", "n3 "},
	{"n[3-2]", NULL},
	{"n[1-2", NULL},
	{"n1-2]", NULL},
	{"n[]", NULL},
	{"n[a-b]", NULL},
	{"n[1-2x]", NULL},
	{"n[1:2]", NULL},
	{"a,,b", NULL},
	{"a,", NULL},
	{",a", NULL},
	{"n[[1-2]]", NULL},
	{"n[0-999999999]", NULL},
	{"n[0-999999]n[0-999999]", NULL},
	{"n[1234567890]", NULL},
};

static bool
as(struct buf *b, const char *names)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->p[i] == '\n')
			b->p[i] = ' ';
	return str_eq(buf_str(b), str_of(names));
}

int
main(void)
{
	static char longest[300];
	struct buf b = {0};
	struct mem m = {0};
	struct str lines;
	uint64_t line;
	size_t left;

	TEST("names of a list");
	for (size_t i = 0; i < NELEM(rows); i++) {
		bool good;

		b.n = 0;
		left = HOSTLIST_MAX;
		good = hostlist_put(&b, str_of(rows[i].list), &left);
		CHECK_ROW(i, good == !!rows[i].names);
		CHECK_ROW(i, !good || as(&b, rows[i].names));
	}

	TEST("no more than *left names");
	b.n = 0;
	left = 3;
	CHECK(hostlist_put(&b, S("n[1-3]"), &left) && left == 0);
	left = 2;
	CHECK(!hostlist_put(&b, S("n[1-3]"), &left));

	TEST("at most 255 bytes before a number");
	for (size_t i = 0; i < sizeof(longest); i++)
		longest[i] = 'n';
	left = 1;
	CHECK(hostlist_put(&b, (struct str){longest, 255}, &left));
	left = 1;
	CHECK(!hostlist_put(&b, (struct str){longest, 256}, &left));

	TEST("lists in a text become lines; other lines are unchanged");
	CHECK(!hostlist_lines(S("# a,b\n0 n[1-2]\n\n n[1-2] \nlast"), &m, &lines, &line));
	CHECK(str_eq(lines, S("# a,b\n0 n[1-2]\n\nn1\nn2\nlast\n")));
	CHECK(hostlist_lines(S("a\nb\nn[2-1]\n"), &m, &lines, &line) && line == 3);

	buf_free(&b);
	mem_free(&m);
	return test_done();
}
