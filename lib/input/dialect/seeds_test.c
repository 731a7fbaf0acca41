/*
 * The fuzz seeds reach every dialect and every text reader: a line of one of them,
 * or an element of an array on a line, is of its kind and gives a record.
 */
#include "base/test.h"
#include "base/test_files.h"
#include "input/dialect/dialect.h"

enum { MOST = 64 };
static bool dialect_reached[MOST], text_reached[MOST];
static struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};

static void
ignore(struct reader *r, struct value v)
{
	(void)r;
	(void)v;
}

static struct reader reader = {.ev = &ev, .boot_time = NO_TIME, .scrape_time = NO_TIME};

static void
offer_value(struct value v)
{
	uint64_t before = ev.seen;

	for (size_t i = 0; dialects[i]; i++)
		if (dialect_read(dialects[i], &reader, v)) {
			dialect_reached[i] |= ev.seen > before;
			return;
		}
}

static void
offer_json(struct str line)
{
	struct value v;

	reader_value_text(&reader, line);
	reader.any = ignore;
	v = value_of(&reader.json);
	if (value_is_object(v))
		offer_value(v);
	for (struct value e = value_first(v); value_is_array(v) && value_ok(e); e = value_next(v, e))
		if (value_is_object(e))
			offer_value(e);
}

static void
offer_text(struct str line)
{
	for (size_t i = 0; text_readers[i]; i++) {
		struct stamped known = {0};
		struct text t = {.rest = line, .known = &known};

		text_reached[i] |= text_readers[i]->next(&t);
	}
}

static void
offer_lines(int row, struct str text)
{
	struct str line;
	uint64_t at;

	(void)row;
	while (str_cut(&text, '\n', &line)) {
		line = str_trim(line);
		if (!line.n)
			continue;
		if (json_check(line, &at))
			offer_text(line);
		else
			offer_json(line);
	}
}

int
main(void)
{
	size_t i;

	TEST("seeds of the filters' fuzz target");
	CHECK(test_files("testdata/fuzz/filter/*", offer_lines) > 0);
	for (i = 0; dialects[i]; i++)
		CHECK_ROW(i, dialect_reached[i]);
	CHECK(i < MOST);
	for (i = 0; text_readers[i]; i++)
		CHECK_ROW(i, text_reached[i]);
	CHECK(i < MOST);
	reader_free(&reader);
	events_free(&ev);
	return test_done();
}
