/*
 * test - for *_test.c.  TEST("name") begins a case, CHECK(cond) fails it;
 * return test_done() from main.  Prints TAP (testanything.org).
 */
#ifndef TEST_H
#define TEST_H

#include <stdio.h>

static int test_n, test_bad, test_case_bad;
static const char *test_name;

static inline void
test_end(void)
{
	if (!test_name)
		return;
	printf("%s %d - %s\n", test_case_bad ? "not ok" : "ok", ++test_n, test_name);
	test_bad += test_case_bad != 0;
	test_case_bad = 0;
}

static inline int
test_done(void)
{
	test_end();
	printf("1..%d\n", test_n);
	return test_bad != 0;
}

#define TEST(name) (test_end(), (void)(test_name = (name)))
#define CHECK(cond) \
	((cond) ? (void)0 : (void)(test_case_bad++, printf("# %s:%d: %s\n", __FILE__, __LINE__, #cond)))
/* In a loop over a table: prints the number of the failed row. */
#define CHECK_ROW(row, cond) \
	((cond) ? (void)0 : (void)(test_case_bad++, printf("# %s:%d: row %d: %s\n", __FILE__, __LINE__, (int)(row), #cond)))

#endif
