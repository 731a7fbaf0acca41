#include "pattern/nccl_hang/nccl.h"

void
nccl_some_add(struct some *s, uint32_t rank)
{
	s->n++;
	if (s->nrun && s->run[s->nrun - 1].to + 1 == rank)
		s->run[s->nrun - 1].to = rank;
	else if (s->nrun < NAMED) {
		s->run[s->nrun].from = s->run[s->nrun].to = rank;
		s->nrun++;
	}
}

/* Two consecutive ranks are listed as two, not as a range. */
void
nccl_put_some(struct buf *b, const struct some *s)
{
	size_t named = 0, left = NAMED;

	buf_add(b, s->n == 1 ? S("rank ") : S("ranks "));
	for (size_t i = 0; i < s->nrun && left; i++) {
		uint32_t from = s->run[i].from, to = s->run[i].to;

		if (to - from == 1 && left == 1)
			to = from;
		if (named)
			buf_add(b, S(", "));
		buf_u64(b, from);
		if (to > from) {
			buf_add(b, to - from > 1 ? S("-") : S(", "));
			buf_u64(b, to);
		}
		left -= to - from == 1 ? 2 : 1;
		named += to - from + (size_t)1;
	}
	if (s->n > named) {
		buf_add(b, S(" and "));
		buf_u64(b, s->n - named);
		buf_add(b, S(" more"));
	}
}

void
nccl_put_ranks(struct buf *b, const uint32_t *rank, size_t n)
{
	struct some s = {0};

	for (size_t i = 0; i < n; i++)
		nccl_some_add(&s, rank[i]);
	nccl_put_some(b, &s);
}
