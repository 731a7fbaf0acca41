/*
 * Arbitrary bytes as lines of the journal's blocks: the result is JSON, no larger than
 * escapes can make it.
 */
#include "base/fuzz.h"
#include "input/blocks.h"
#include "json/json.h"

static void
end(struct blocks *b, struct buf *json)
{
	uint64_t at;

	if (b->form == BLOCKS_NONE)
		return;
	json->n = 0;
	blocks_object(b, json);
	check(!json_check(buf_str(json), &at) && json->n <= 8 * b->raw.n + 256);
	blocks_begin(b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str rest = {(const char *)data, n}, line;
	struct blocks b = {.form = BLOCKS_NONE, .ansible = true};
	struct buf json = {0};
	bool begins;

	for (uint64_t i = 1; str_cut(&rest, '\n', &line); i++) {
		if (!line.n)
			continue;
		begins = blocks_begins(&b, line, i);
		if (begins)
			end(&b, &json);
		if (!blocks_take(&b, line, i, begins))
			end(&b, &json);
	}
	end(&b, &json);
	blocks_free(&b);
	buf_free(&json);
	return 0;
}
