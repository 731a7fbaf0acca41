/* Arbitrary bytes as a pickle: an error, or JSON; and no more of it than asked. */
#include <stdlib.h>

#include "input/text/pickle.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	enum { MAX = 1 << 16 };
	struct str text = {(const char *)data, n};
	struct pickle_error e;
	struct mem m = {0};
	struct buf b = {0};
	uint64_t at;

	pickle_is(text);
	if (pickle_json(text, MAX, &m, &b, &e)) {
		if (b.n > MAX || json_check(buf_str(&b), &at))
			abort();
	} else if (!e.why || e.at > n) {
		abort();
	}
	mem_free(&m);
	buf_free(&b);
	return 0;
}
