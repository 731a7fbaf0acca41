/* Arbitrary bytes as a pickle: an error, or JSON with the same tokens as parsing it, no
 * larger than requested. */
#include <stdlib.h>
#include <string.h>

#include "base/fuzz.h"
#include "input/text/pickle.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	enum { MAX = 1 << 16 };
	struct str text = {(const char *)data, n};
	struct pickle_error e;
	struct mem m = {0};
	struct buf b = {0};
	struct json j = {0}, parsed = {0};

	pickle_is(text);
	if (pickle_json(text, MAX, &m, &b, &j, &e)) {
		if (b.n > MAX || json_parse(&parsed, buf_str(&b)) || j.n != parsed.n)
			abort();
		if (memcmp(j.tok, parsed.tok, (size_t)j.n * sizeof(*j.tok)) != 0 || memcmp(j.name, parsed.name, (size_t)j.n * sizeof(*j.name)) != 0)
			abort();
	} else if (!e.why || e.at > n) {
		abort();
	}
	json_free(&j);
	json_free(&parsed);
	mem_free(&m);
	buf_free(&b);
	return 0;
}
