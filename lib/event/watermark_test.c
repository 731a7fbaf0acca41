#include "event/watermark.h"

#include "base/str.h"
#include "base/test.h"

enum { STEP = 60 };

/* Records, and the time after each; a NULL name ends a scenario. */
static const struct {
	const char *source;
	int64_t t, is;
} seen[] = {
	/* a single source moves time freely */
	{"a", 100, 100}, {"a", 90, 100}, {"a", 5000, 5000}, {"a", 5001, 5001}, {NULL, 0, 0},
	/* one of several is far ahead, once or repeatedly, and alone */
	{"a", 100, 100}, {"b", 110, 110}, {"c", 170, 170}, {"bad", 231, 170}, {"bad", 99999, 170}, {"a", 230, 230},
	{"bad", 99999, 230}, {"b", 240, 240}, {NULL, 0, 0},
	/* a step of all sources: the second one confirms it */
	{"a", 100, 100}, {"b", 110, 110}, {"a", 1000, 110}, {"a", 1010, 110}, {"b", 1005, 1010}, {NULL, 0, 0},
	/* time advances to the source behind */
	{"a", 100, 100}, {"b", 110, 110}, {"a", 99999, 110}, {"b", 1000, 1000}, {"b", 1010, 1010}, {NULL, 0, 0},
	{"a", 100, 100}, {"b", 110, 110}, {"a", 1000, 110}, {"b", 99999, 1000}, {"a", 88888, 88888}, {NULL, 0, 0},
	/* the very first source is far ahead */
	{"bad", 99999, 99999}, {"a", 100, 100}, {"bad", 99999, 100}, {"b", 110, 110}, {"b", 150, 150}, {NULL, 0, 0},
	/* less far ahead: time does not go back */
	{"a", 160, 160}, {"b", 100, 160}, {"c", 50, 160}, {NULL, 0, 0},
	{"a", 160, 160}, {"b", 99, 99}, {"b", 159, 159}, {NULL, 0, 0},
	/* at most a step between the two: time goes on to the source ahead */
	{"a", 100, 100}, {"b", 110, 110}, {"a", 1000, 110}, {"b", 1060, 1060}, {NULL, 0, 0},
	{"a", 100, 100}, {"b", 110, 110}, {"a", 1000, 110}, {"b", 1061, 1000}, {NULL, 0, 0},
	/* after a record within the step, a source ahead must be confirmed anew */
	{"a", 100, 100}, {"b", 110, 110}, {"a", 1000, 110}, {"c", 120, 120}, {"b", 1000, 120}, {"c", 1000, 1000}, {NULL, 0, 0},
	/* extreme times */
	{"a", INT64_MAX, INT64_MAX}, {"b", 0, 0}, {"a", INT64_MAX, 0}, {"b", INT64_MAX, INT64_MAX}, {NULL, 0, 0},
};

int
main(void)
{
	struct watermark w = {.t = NO_TIME, .step = STEP};

	TEST("time after each record");
	for (size_t i = 0; i < NELEM(seen); i++) {
		if (!seen[i].source) {
			w = (struct watermark){.t = NO_TIME, .step = STEP};
			continue;
		}
		watermark_see(&w, seen[i].t, str_hash(str_of(seen[i].source)));
		CHECK_ROW(i, w.t == seen[i].is);
	}
	return test_done();
}
