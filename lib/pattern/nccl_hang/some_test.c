/* Lists of ranks in sentences. */
#include "pattern/nccl_hang/nccl.h"

#include "base/num.h"
#include "base/test.h"

static const struct {
	const char *ranks, *text;
} lists[] = {
	{"3", "rank 3"},
	{"3,4", "ranks 3, 4"},
	{"3,4,5", "ranks 3-5"},
	{"3,5", "ranks 3, 5"},
	{"0,2,4,6,8,10", "ranks 0, 2, 4, 6, 8, 10"},
	{"0,2,4,6,8,10,12", "ranks 0, 2, 4, 6, 8, 10 and 1 more"},
	{"0,2,4,6,8,10,12,14,16", "ranks 0, 2, 4, 6, 8, 10 and 3 more"},
	{"0,2,4,6,8,10,11,12", "ranks 0, 2, 4, 6, 8, 10-12"},
	/* a pair is two of the six; one of it, if there is room for one */
	{"0,2,4,6,8,9", "ranks 0, 2, 4, 6, 8, 9"},
	{"0,2,4,6,8,10,11", "ranks 0, 2, 4, 6, 8, 10 and 1 more"},
	{"0,1,3,4,6,7", "ranks 0, 1, 3, 4, 6, 7"},
	{"0,1,3,4,6,7,9", "ranks 0, 1, 3, 4, 6, 7 and 1 more"},
	{"0,1,3,4,6,8,9", "ranks 0, 1, 3, 4, 6, 8 and 1 more"},
	{"0,1,2,5,7,9,11,13,15", "ranks 0-2, 5, 7, 9, 11, 13 and 1 more"},
};

static bool
list_is(const char *ranks, const char *want)
{
	struct buf b = {0};
	struct str rest = str_of(ranks);
	uint32_t rank[16];
	uint64_t r;
	size_t n = 0;
	bool same;

	while (n < NELEM(rank) && num_eat(&rest, &r)) {
		rank[n++] = (uint32_t)r;
		rest = str_from(rest, 1);
	}
	nccl_put_ranks(&b, rank, n);
	same = str_eq(buf_str(&b), str_of(want));
	if (!same)
		printf("# %s: %.*s\n", ranks, (int)b.n, b.p);
	buf_free(&b);
	return same;
}

int
main(void)
{
	TEST("ranks in a sentence, at most six");
	for (size_t i = 0; i < NELEM(lists); i++)
		CHECK_ROW(i, list_is(lists[i].ranks, lists[i].text));
	return test_done();
}
