/*
 * Arbitrary bytes through every dialect: one JSON value, else lines of JSON or
 * exposition text.  What is read twice makes no more records than read once.
 */
#include <stdlib.h>

#include "input/dialect/dialect.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(bool ok)
{
	if (!ok)
		abort();
}

static void
read_all(struct reader *r, struct str all)
{
	struct str line;
	uint64_t at;

	if (!json_check(all, &at)) {
		reader_value_text(r, all);
		return;
	}
	while (all.n && str_cut(&all, '\n', &line))
		if (!json_check(line, &at))
			reader_value_text(r, line);
		else
			exposition_read(r, line, true);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str all = {(const char *)data, n};
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
	struct reader r = {.ev = &ev, .boot_time = 1790000000 * SECOND, .scrape_time = NO_TIME, .file = S("rank_3")};
	size_t had[EVENT_KINDS];

	read_all(&r, all);
	events_sort(&ev);
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		had[k] = ev.list[k].n;
	read_all(&r, all);
	events_sort(&ev);
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		check(ev.list[k].n == had[k] && ev.list[k].seen >= had[k]);
	reader_free(&r);
	events_free(&ev);
	return 0;
}
