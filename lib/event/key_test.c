#include "event/key.h"

#include "base/test.h"

enum { PLAIN, BY_NODE, EVERY }; /* kinds of records */

#define A16 "aaaaaaaaaaaaaaaa"
#define A62 A16 A16 A16 "aaaaaaaaaaaaaa"

static const struct {
	unsigned kind;
	struct str node, key;
} rows[] = {
	{PLAIN, STR_INIT(""), STR_INIT("-")},
	{PLAIN, STR_INIT("gpu-7"), STR_INIT("-")},
	{EVERY, STR_INIT(""), STR_INIT("*")},
	{EVERY, STR_INIT("gpu-7"), STR_INIT("*")},
	{BY_NODE, STR_INIT(""), STR_INIT("-")},
	{BY_NODE, STR_INIT("gpu-7"), STR_INIT("gpu-7")},
	{BY_NODE, STR_INIT("gpu_7.cluster.local"), STR_INIT("gpu_7")},
	{BY_NODE, STR_INIT(".local"), STR_INIT("-")},
	{BY_NODE, STR_INIT("10.0.0.7"), STR_INIT("10.0.0.7")},
	{BY_NODE, STR_INIT("fe80::7"), STR_INIT("fe80%3a%3a7")},
	{BY_NODE, STR_INIT("*"), STR_INIT("%2a")},
	{BY_NODE, STR_INIT("a\tb\nc d%\xc3\xa9\0"), STR_INIT("a%09b%0ac%20d%25%c3%a9%00")},
	{BY_NODE, STR_INIT(A62 "b"), STR_INIT(A62 "b")},
	{BY_NODE, STR_INIT(A62 "bc"), STR_INIT(A62 "b")},
};

int
main(void)
{
	static const struct keys keys = {.by_node = 1u << BY_NODE, .every = 1u << EVERY, .scraped = 1u << BY_NODE};
	struct buf b = {0};

	TEST("keys");
	for (size_t i = 0; i < NELEM(rows); i++) {
		b.n = 0;
		key_put(&b, keys, rows[i].kind, rows[i].node, false);
		CHECK_ROW(i, str_eq(buf_str(&b), rows[i].key));
		b.n = 0;
		key_put(&b, keys, rows[i].kind, rows[i].node, true);
		CHECK_ROW(i, str_eq(buf_str(&b), rows[i].kind == BY_NODE ? S("*") : rows[i].key));
	}
	buf_free(&b);
	return test_done();
}
