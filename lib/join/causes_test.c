#include "join/causes.h"

#include "base/test.h"

enum { A, B };

static int
by_address(const void *x, const void *y, const void *ctx)
{
	const struct cause *a = x, *b = y;

	(void)ctx;
	return SORT_ORDER(a->of, b->of);
}

/* The first of MANY later than t, the slow way. */
enum { MANY = 40 };
static const struct cause *
later(const struct cause *c, int64_t t)
{
	for (size_t i = 0; i < MANY; i++)
		if (c[i].t > t)
			return &c[i];
	return NULL;
}

/* After each lookup each other one, near and far, before and after it. */
static size_t
misled(struct buf *scratch, struct mem *m)
{
	struct cause c[MANY];
	struct causes cs = {.c = c, .n = MANY};
	size_t bad = 0;

	for (size_t i = 0; i < MANY; i++)
		c[i] = (struct cause){.t = (int64_t)(i - i % 3), .node = 1};
	causes_sort(&cs, by_address, NULL, scratch, m);
	for (int64_t from = -1; from <= MANY; from++)
		for (int64_t t = -1; t <= MANY; t++)
			bad += causes_after(&cs, 1, A, from) != later(c, from) || causes_after(&cs, 1, A, t) != later(c, t);
	return bad;
}

int
main(void)
{
	static const char of[9];
	/* node, class, time, and the order of causes with equal times */
	struct cause c[] = {
		{7, 1, A, of + 7}, {3, 1, A, of + 2}, {3, 1, A, of + 1}, {9, 1, B, of + 3}, {5, 2, A, of + 4}, {1, 1, A, of}, {5, 1, A, of + 5},
	};
	int64_t used[NELEM(c) + 1] = {0};
	struct causes cs = {.c = c, .n = NELEM(c), .used = used};
	struct buf scratch = {0};
	struct mem m = {0};
	struct unused *u;
	size_t n;

	causes_sort(&cs, by_address, NULL, &scratch, &m);
	TEST("latest in a closed window; of equal times the first");
	CHECK(causes_latest(&cs, 1, A, (struct window){1, 4})->of == of + 1);
	CHECK(causes_latest(&cs, 1, A, (struct window){3, 3})->of == of + 1);
	CHECK(causes_latest(&cs, 1, A, (struct window){0, 99})->t == 7);
	CHECK(!causes_latest(&cs, 1, A, (struct window){8, 99}) && !causes_latest(&cs, 1, A, (struct window){-5, 0}));
	CHECK(causes_latest(&cs, 1, B, (struct window){0, 9})->t == 9 && !causes_latest(&cs, 2, B, (struct window){0, 99}));
	CHECK(!causes_latest(&cs, 0, A, (struct window){0, 99}) && !causes_latest(&cs, 3, A, (struct window){0, 99}));

	TEST("first one after a time");
	CHECK(causes_after(&cs, 1, A, 0)->t == 1 && causes_after(&cs, 1, A, 1)->of == of + 1 && causes_after(&cs, 1, A, 3)->t == 5);
	CHECK(!causes_after(&cs, 1, A, 7) && causes_after(&cs, 2, A, INT64_MIN)->t == 5);

	TEST("nearest; the earlier one of two");
	CHECK(causes_nearest(&cs, 1, A, 6)->t == 5 && causes_nearest(&cs, 1, A, 4)->of == of + 1 && causes_nearest(&cs, 1, A, 99)->t == 7);
	CHECK(causes_nearest(&cs, 1, A, -9)->t == 1 && !causes_nearest(&cs, 2, B, 5));

	TEST("wherever the lookup before it ended");
	CHECK(misled(&scratch, &m) == 0);

	TEST("unused causes");
	causes_use(&cs, 1, A, (struct window){2, 5});
	causes_use(&cs, 1, A, (struct window){4, 6});
	u = causes_unused(&cs, &m, &n);
	CHECK(n == 3);
	CHECK(u[0].c->t == 1 && u[0].count == 2 && u[0].last == 7);
	CHECK(u[1].c->t == 9 && u[1].count == 1 && u[2].c->node == 2);
	buf_free(&scratch);
	mem_free(&m);
	return test_done();
}
