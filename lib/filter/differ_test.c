#include "filter/differ.h"

#include "base/test.h"

/* Ignored members, two outputs, the explanation; NULL: they do not differ. */
static const struct row {
	const char *ignored, *want, *got, *why;
} rows[] = {
	/* bytes */
	{NULL, "", "", NULL},
	{NULL, "a\nb\n", "a\nb\n", NULL},
	{NULL, "a\nb\n", "a\nc\n", "  line: 2\n  expected: \"b\"\n  actual: \"c\"\n"},
	{NULL, "a\n", "a\nb\n", "  line: 2\n  expected: \"\"\n  actual: \"b\"\n"},
	{NULL, "a\nb\n", "a\n", "  line: 2\n  expected: \"b\"\n  actual: \"\"\n"},
	{NULL, "a\n", "a", "  line: 2\n  expected: \"\"\n  actual: \"\"\n"},
	{NULL, "a\n", "", "  line: 1\n  expected: \"a\"\n  actual: \"\"\n"},
	{NULL, "{\"a\":1}", "{\"a\": 1}", "  line: 1\n  expected: \"{\\\"a\\\":1}\"\n  actual: \"{\\\"a\\\": 1}\"\n"},
	/* the member, old and new */
	{NULL, "{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":3}", "  line: 1\n  member: \"b\"\n  old: 2\n  new: 3\n"},
	{NULL, "{\"a\":\"x\\n\"}", "{\"a\":\"\\u0079\"}", "  line: 1\n  member: \"a\"\n  old: \"x\\n\"\n  new: \"y\"\n"},
	{NULL, "{\"a\":null}", "{\"a\":[1]}", "  line: 1\n  member: \"a\"\n  old: null\n  new: \"[1]\"\n"},
	{NULL, "{\"a\":{\"b\":[0,{\"c\":1}]}}", "{\"a\":{\"b\":[0,{\"c\":2}]}}", "  line: 1\n  member: \"a.b[1].c\"\n  old: 1\n  new: 2\n"},
	{NULL, "{\"a\":[[1],2]}", "{\"a\":[[1,2]]}", "  line: 1\n  member: \"a[0][1]\"\n  old: (none)\n  new: 2\n"},
	{NULL, "{\"a\":[1,[]]}", "{\"a\":[1]}", "  line: 1\n  member: \"a[1]\"\n  old: \"[]\"\n  new: (none)\n"},
	{NULL, "{\"a\":1,\"b\":2}", "{\"a\":1}", "  line: 1\n  member: \"b\"\n  old: 2\n  new: (none)\n"},
	{NULL, "{\"a\":1,\"c\":3}", "{\"a\":1,\"b\":2,\"c\":3}", "  line: 1\n  member: \"b\"\n  old: (none)\n  new: 2\n"},
	{NULL, "{\"a\":1,\"b\":2,\"c\":3}", "{\"a\":1,\"c\":3}", "  line: 1\n  member: \"b\"\n  old: 2\n  new: (none)\n"},
	{NULL, "{\"a\":1,\"b\":2}", "{\"a\":1,\"c\":2}", "  line: 1\n  member: \"c\"\n  old: (none)\n  new: 2\n"},
	{NULL, "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", "  line: 1\n  member: \"a\"\n  old: 1\n  new: 1\n"},
	/* an object that ends earlier, before a member with the same name */
	{NULL, "{\"x\":{\"a\":1},\"b\":2}", "{\"x\":{\"a\":1,\"b\":3}}", "  line: 1\n  member: \"x.b\"\n  old: (none)\n  new: 3\n"},
	{NULL, "{\"x\":{\"a\":1,\"b\":3}}", "{\"x\":{\"a\":1},\"b\":2}", "  line: 1\n  member: \"x.b\"\n  old: 3\n  new: (none)\n"},
	{NULL, "1", "2", "  line: 1\n  expected: \"1\"\n  actual: \"2\"\n"},
	/* ignored */
	{"h", "{\"h\":1,\"b\":2}", "{\"h\":\"x\",\"b\":2}", NULL},
	{"h", "{\"h\":1,\"b\":2}", "{\"b\":2}", NULL},
	{"h", "{\"b\":2}", "{\"b\":2,\"h\":[{}]}", NULL},
	{"h", "{\"h\":1}", "{}", NULL},
	{"h,r", "{\"h\":1,\"r\":1,\"e\":[{\"h\":2}],\"z\":{\"r\":3,\"y\":4}}", "{\"h\":2,\"e\":[{}],\"z\":{\"y\":4}}", NULL},
	{"h,r", "{\"h\":1,\"r\":1,\"c\":1}\n{\"h\":1,\"c\":2}\n", "{\"h\":2,\"r\":2,\"c\":1}\n{\"h\":1,\"c\":3}\n", "  line: 2\n  member: \"c\"\n  old: 2\n  new: 3\n"},
	{"h", "{\"hh\":1}", "{\"hh\":2}", "  line: 1\n  member: \"hh\"\n  old: 1\n  new: 2\n"},
	{"h", "{\"a\":\"h\"}", "{\"a\":\"i\"}", "  line: 1\n  member: \"a\"\n  old: \"h\"\n  new: \"i\"\n"},
	{"h", "[\"h\"]", "[]", "  line: 1\n  member: \"[0]\"\n  old: \"h\"\n  new: (none)\n"},
	{"h", "{\"h\":1}\n", "", "  line: 1\n  expected: \"{\\\"h\\\":1}\"\n  actual: \"\"\n"},
	{"h", "{\"h\":1}\n", "{\"h\":2}\n{\"h\":1}\n", "  line: 2\n  expected: \"\"\n  actual: \"{\\\"h\\\":1}\"\n"},
	{"h", "h: 1\n", "h: 2\n", "  line: 1\n  expected: \"h: 1\"\n  actual: \"h: 2\"\n"},
	{"h", "{\"h\":1}", "{\"h\":1", "  line: 1\n  expected: \"{\\\"h\\\":1}\"\n  actual: \"{\\\"h\\\":1\"\n"},
};

int
main(void)
{
	TEST("the first difference, and what is ignored");
	for (size_t i = 0; i < NELEM(rows); i++) {
		const struct row *r = &rows[i];
		struct buf why = {0};
		bool differs = differ(str_of(r->want), str_of(r->got), str_of(r->ignored), &why);

		CHECK_ROW(i, differs == (r->why != NULL));
		/* if a member is named, the full lines are not listed in the table */
		CHECK_ROW(i, !r->why || (strstr(r->why, "member") ? str_starts(buf_str(&why), str_of(r->why)) : str_eq(buf_str(&why), str_of(r->why))));
		CHECK_ROW(i, differs || why.n == 0);
		/* after the member, the full lines */
		CHECK_ROW(i, !differs || (str_has(buf_str(&why), S("\n  expected: \"")) && str_ends(buf_str(&why), S("\"\n"))));
		buf_free(&why);
	}

	TEST("the explanation has the whole lines");
	{
		struct buf why = {0};

		CHECK(differ(S("{\"a\":1}\n{\"a\":2}\n"), S("{\"a\":1}\n{\"a\":3}\n"), (struct str){0}, &why));
		CHECK(str_eq(buf_str(&why), S("  line: 2\n  member: \"a\"\n  old: 2\n  new: 3\n  expected: \"{\\\"a\\\":2}\"\n  actual: \"{\\\"a\\\":3}\"\n")));
		buf_free(&why);
	}

	TEST("as deep as JSON may be");
	{
		struct buf a = {0}, b = {0}, why = {0};

		for (int i = 0; i < JSON_DEPTH; i++)
			buf_chr(&a, '[');
		buf_add(&b, buf_str(&a));
		buf_chr(&b, '1');
		for (int i = 0; i < JSON_DEPTH; i++) {
			buf_chr(&a, ']');
			buf_chr(&b, ']');
		}
		CHECK(differ(buf_str(&a), buf_str(&b), (struct str){0}, &why) && str_has(buf_str(&why), S("[0]\"\n  old: (none)\n  new: 1\n")));
		buf_free(&a);
		buf_free(&b);
		buf_free(&why);
	}
	return test_done();
}
