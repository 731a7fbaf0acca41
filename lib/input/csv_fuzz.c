/*
 * Arbitrary bytes as a table: a row becomes JSON, no larger than its names and escapes
 * can make it; kept rows are bounded and are discarded.
 */
#include "base/fuzz.h"
#include "base/time.h"
#include "input/csv.h"
#include "json/json.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str rest = {(const char *)data, n}, line, row;
	struct csv c = {.sep = ','};
	struct buf json = {0};
	bool zoneless;
	uint64_t at;

	if (!str_cut(&rest, '\n', &line) || !csv_begin(&c, line))
		rest.p = NULL;
	for (uint64_t i = 2; str_cut(&rest, '\n', &line); i++) {
		if (!line.n)
			continue;
		switch (csv_take(&c, line, i, &row)) {
		case CSV_ROW:
			json.n = 0;
			if (csv_object(&c, row, SECOND, &json, &zoneless))
				check(!json_check(buf_str(&json), &at) && json.n <= 8 * (c.names.n + row.n) + 256);
			csv_drop(&c);
			break;
		case CSV_BROKEN:
			csv_drop(&c);
			break;
		case CSV_MORE:
			check(row.n && c.first <= c.last && c.last == i);
			break;
		}
	}
	csv_free(&c);
	buf_free(&json);
	return 0;
}
