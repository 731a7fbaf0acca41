#include "base/diag.h"

#include <string.h>

int
ex_worst(int a, int b)
{
	static const int rank[] = {[EX_FINE] = 0, [EX_FOUND] = 1, [EX_PARTIAL] = 2, [EX_FAIL] = 3};

	return rank[a] > rank[b] ? a : b;
}

void
diag_parts(struct diag *d, const struct str *part, size_t n)
{
	struct buf *b = &d->to->b;

	buf_add(b, d->before);
	buf_add(b, d->prog);
	buf_add(b, S(": "));
	for (size_t i = 0; i < n; i++)
		buf_plain(b, part[i]);
	buf_chr(b, '\n');
	out_flush(d->to);
}

struct str
diag_u64(uint64_t v)
{
	static char text[4][20];
	static unsigned turn;
	char *end = text[turn++ % 4] + 20, *p = end;

	do
		*--p = (char)('0' + v % 10);
	while (v /= 10);
	return (struct str){p, (size_t)(end - p)};
}

struct str
diag_errno(int err)
{
	return str_of(strerror(err));
}
