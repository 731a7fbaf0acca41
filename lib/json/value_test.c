#include "json/value.h"

#include <string.h>

#include "base/test.h"

/* ' stands for " in this file's JSON, for readability. */
static struct mem mem;

static struct str
json(struct str s)
{
	struct str t = mem_str(&mem, s);
	char *p = mem_bytes(&mem, t.n + 1);
	uint64_t at;

	for (size_t i = 0; i < t.n; i++)
		p[i] = t.p[i] == '\'' ? '"' : t.p[i];
	t.p = p;
	CHECK(!json_check(t, &at));
	return t;
}

static struct value
parse(struct json *j, struct str text)
{
	json_parse(j, json(text));
	return value_of(j);
}

static bool
is(struct value v, struct str text)
{
	struct str s = value_text(v, &mem);

	return s.p && str_eq(s, text);
}

/* clang-format off */

/* By path in plain JSON: the text, or "no string". */
static const struct {
	struct str text, path, means;
} plain[] = {
	{STR_INIT("{'a':'x'}"), STR_INIT("a"), STR_INIT("x")},
	{STR_INIT("{'a':'x'}"), STR_INIT("b"), {NULL, 0}},
	{STR_INIT("{'a':''}"), STR_INIT("a"), STR_INIT("")},
	{STR_INIT("{'a':5}"), STR_INIT("a"), STR_INIT("5")},
	{STR_INIT("{'a':-1.50e2}"), STR_INIT("a"), STR_INIT("-1.50e2")},
	{STR_INIT("{'a':18446744073709551615}"), STR_INIT("a"), STR_INIT("18446744073709551615")},
	{STR_INIT("{'a':true}"), STR_INIT("a"), STR_INIT("true")},
	{STR_INIT("{'a':false}"), STR_INIT("a"), STR_INIT("false")},
	{STR_INIT("{'a':null}"), STR_INIT("a"), {NULL, 0}},
	{STR_INIT("{'a':'null'}"), STR_INIT("a"), STR_INIT("null")},
	{STR_INIT("{'a':[1]}"), STR_INIT("a"), {NULL, 0}},
	{STR_INIT("{'a':{'b':1}}"), STR_INIT("a"), {NULL, 0}},
	{STR_INIT("{'a':'b\\tc'}"), STR_INIT("a"), STR_INIT("b\tc")},
	{STR_INIT("{'a':1,'a':2}"), STR_INIT("a"), STR_INIT("2")},
	{STR_INIT("{'a':{'b':{'c':'deep'}}}"), STR_INIT("a/b/c"), STR_INIT("deep")},
	{STR_INIT("{'a':{'b':{'c':'deep'}}}"), STR_INIT("a/c"), {NULL, 0}},
	{STR_INIT("{'a':{'b':'x'}}"), STR_INIT("a/b/c"), {NULL, 0}},
	{STR_INIT("{'a':[{'b':1}]}"), STR_INIT("a/b"), {NULL, 0}},
	{STR_INIT("{'a':{'b':1},'a':{'c':2}}"), STR_INIT("a/b"), {NULL, 0}},
	{STR_INIT("{'a.b':1,'a':{'b':2}}"), STR_INIT("a.b"), STR_INIT("1")},
	{STR_INIT("{'a/b':1}"), STR_INIT("a/b"), {NULL, 0}},
	{STR_INIT("{'a b: ':{'c':1}}"), STR_INIT("a b: /c"), STR_INIT("1")},
	{STR_INIT("{'\\u0061':{'\\u0062':1}}"), STR_INIT("a/b"), STR_INIT("1")},
	{STR_INIT("['a','b']"), STR_INIT("a"), {NULL, 0}},
	{STR_INIT("'a'"), STR_INIT("a"), {NULL, 0}},
	/* AnyValue is nothing special in plain JSON */
	{STR_INIT("{'a':{'stringValue':'x'}}"), STR_INIT("a"), {NULL, 0}},
	{STR_INIT("{'a':{'stringValue':'x'}}"), STR_INIT("a/stringValue"), STR_INIT("x")},
};

/* By path in an OTLP attribute list. */
static const struct {
	struct str text, path, means;
} otlp[] = {
	{STR_INIT("[{'key':'a','value':{'stringValue':'x'}}]"), STR_INIT("a"), STR_INIT("x")},
	{STR_INIT("[{'value':{'stringValue':'x'},'key':'a'}]"), STR_INIT("a"), STR_INIT("x")},
	{STR_INIT("[{'key':'a','value':{'stringValue':''}}]"), STR_INIT("a"), STR_INIT("")},
	{STR_INIT("[{'key':'a','value':{'intValue':'79'}}]"), STR_INIT("a"), STR_INIT("79")},
	{STR_INIT("[{'key':'a','value':{'intValue':79}}]"), STR_INIT("a"), STR_INIT("79")},
	{STR_INIT("[{'key':'a','value':{'doubleValue':1.5}}]"), STR_INIT("a"), STR_INIT("1.5")},
	{STR_INIT("[{'key':'a','value':{'boolValue':false}}]"), STR_INIT("a"), STR_INIT("false")},
	{STR_INIT("[{'key':'a','value':{'bytesValue':'AAE='}}]"), STR_INIT("a"), STR_INIT("AAE=")},
	/* defaults may be left out */
	{STR_INIT("[{'key':'a','value':{}}]"), STR_INIT("a"), {NULL, 0}},
	{STR_INIT("[{'key':'a'}]"), STR_INIT("a"), {NULL, 0}},
	{STR_INIT("[{'value':{'stringValue':'x'}}]"), STR_INIT("a"), {NULL, 0}},
	{STR_INIT("[]"), STR_INIT("a"), {NULL, 0}},
	/* the last of a repeated name */
	{STR_INIT("[{'key':'a','value':{'stringValue':'x'}},{'key':'b','value':{'stringValue':'y'}},"
		"{'key':'a','value':{'stringValue':'z'}}]"), STR_INIT("a"), STR_INIT("z")},
	{STR_INIT("[{'key':'b','value':{'stringValue':'a'}}]"), STR_INIT("a"), {NULL, 0}},
	{STR_INIT("[{'key':'\\u0061','value':{'stringValue':'x'}}]"), STR_INIT("a"), STR_INIT("x")},
	/* nested lists */
	{STR_INIT("[{'key':'o','value':{'kvlistValue':{'values':[{'key':'a','value':{'stringValue':'x'}},"
		"{'key':'b','value':{'kvlistValue':{'values':[{'key':'c','value':{'intValue':'3'}}]}}}]}}}]"),
		STR_INIT("o/a"), STR_INIT("x")},
	{STR_INIT("[{'key':'o','value':{'kvlistValue':{'values':[{'key':'a','value':{'stringValue':'x'}},"
		"{'key':'b','value':{'kvlistValue':{'values':[{'key':'c','value':{'intValue':'3'}}]}}}]}}}]"),
		STR_INIT("o/b/c"), STR_INIT("3")},
	{STR_INIT("[{'key':'o','value':{'kvlistValue':{'values':[]}}}]"), STR_INIT("o/a"), {NULL, 0}},
	{STR_INIT("[{'key':'o','value':{'kvlistValue':{}}}]"), STR_INIT("o/a"), {NULL, 0}},
	{STR_INIT("[{'key':'o','value':{'arrayValue':{'values':[{'stringValue':'x'}]}}}]"), STR_INIT("o"), {NULL, 0}},
	/* an AnyValue itself, and members in any order, unknown ones ignored */
	{STR_INIT("{'kvlistValue':{'values':[{'key':'a','value':{'stringValue':'x'}}]}}"), STR_INIT("a"), STR_INIT("x")},
	{STR_INIT("[{'x':1,'key':'a','y':[{'key':'b'}],'value':{'stringValue':'x'}}]"), STR_INIT("a"), STR_INIT("x")},
};

/* Integers: numbers and strings of digits. */
static const struct {
	struct str text;
	bool ok;
	int64_t n;
} ints[] = {
	{STR_INIT("0"), true, 0},
	{STR_INIT("-0"), true, 0},
	{STR_INIT("79"), true, 79},
	{STR_INIT("-5"), true, -5},
	{STR_INIT("79.0"), true, 79},
	{STR_INIT("7.9e1"), true, 79},
	{STR_INIT("1e18"), true, INT64_C(1000000000000000000)},
	{STR_INIT("9007199254740993"), true, INT64_C(9007199254740993)},
	{STR_INIT("9223372036854775807"), true, INT64_MAX},
	{STR_INIT("-9223372036854775808"), true, INT64_MIN},
	{STR_INIT("9223372036854775808"), false, 0},
	{STR_INIT("-9223372036854775809"), false, 0},
	{STR_INIT("18446744073709551616"), false, 0},
	{STR_INIT("1e19"), false, 0},
	{STR_INIT("1e999999999999"), false, 0},
	{STR_INIT("'79'"), true, 79},
	{STR_INIT("'-5'"), true, -5},
	{STR_INIT("'9223372036854775807'"), true, INT64_MAX},
	{STR_INIT("'9223372036854775808'"), false, 0},
	{STR_INIT("''"), false, 0},
	{STR_INIT("' 79'"), false, 0},
	{STR_INIT("'79,'"), false, 0},
	{STR_INIT("'0x4f'"), false, 0},
	{STR_INIT("'abc'"), false, 0},
	{STR_INIT("'-'"), false, 0},
	{STR_INIT("true"), false, 0},
	{STR_INIT("null"), false, 0},
	{STR_INIT("'null'"), false, 0},
	{STR_INIT("[79]"), false, 0},
	{STR_INIT("{'a':79}"), false, 0},
};

/* Numbers that are not integers. */
static const struct str no_ints[] = {
	STR_INIT("79.5"), STR_INIT("0.5"), STR_INIT("-0.5"), STR_INIT("1e-1"),
	STR_INIT("'79.5'"), STR_INIT("795e-1"),
};
/* clang-format on */

/* The texts of an array's elements, or of an object's "name=text", joined. */
static struct str
list(struct value v, bool names)
{
	struct buf b = {0};
	struct str s;

	for (struct value e = value_first(v); value_ok(e); e = value_next(v, e)) {
		if (names) {
			buf_add(&b, value_name(e, &mem));
			buf_chr(&b, '=');
		}
		s = value_text(names ? value_of_member(e) : e, &mem);
		buf_add(&b, s.p ? s : S("-"));
		buf_chr(&b, ';');
	}
	s = mem_str(&mem, buf_str(&b));
	buf_free(&b);
	return s;
}

int
main(void)
{
	struct json j = {0};
	struct value v, a;
	int64_t n;

	TEST("plain JSON by path");
	for (size_t i = 0; i < NELEM(plain); i++) {
		v = value_at(parse(&j, plain[i].text), plain[i].path);
		if (plain[i].means.p)
			CHECK_ROW(i, is(v, plain[i].means));
		else
			CHECK_ROW(i, !value_text(v, &mem).p);
	}

	TEST("OTLP attributes by path");
	for (size_t i = 0; i < NELEM(otlp); i++) {
		v = value_at(value_otlp(parse(&j, otlp[i].text)), otlp[i].path);
		if (otlp[i].means.p)
			CHECK_ROW(i, is(v, otlp[i].means));
		else
			CHECK_ROW(i, !value_text(v, &mem).p);
	}

	TEST("integers");
	for (size_t i = 0; i < NELEM(ints); i++) {
		n = 4711;
		CHECK_ROW(i, value_i64(parse(&j, ints[i].text), &n) == ints[i].ok);
		CHECK_ROW(i, n == (ints[i].ok ? ints[i].n : 4711));
	}
	CHECK(value_i64(value_otlp(parse(&j, S("{'intValue':'79'}"))), &n) && n == 79);
	CHECK(value_i64(value_otlp(parse(&j, S("{'intValue':80}"))), &n) && n == 80);
	CHECK(value_i64(value_otlp(parse(&j, S("{'stringValue':'81'}"))), &n) && n == 81);
	CHECK(value_i64(value_otlp(parse(&j, S("{'doubleValue':82}"))), &n) && n == 82);
	CHECK(!value_i64(value_otlp(parse(&j, S("{'boolValue':true}"))), &n));
	CHECK(!value_i64(value_otlp(parse(&j, S("{}"))), &n));
	CHECK(!value_i64(value_get(parse(&j, S("{}")), S("a")), &n));

	TEST("numbers with a fraction are not integers");
	for (size_t i = 0; i < NELEM(no_ints); i++)
		CHECK_ROW(i, !value_i64(parse(&j, no_ints[i]), &n));

	TEST("types of plain values");
	v = parse(&j, S("{'o':{},'a':[],'s':'','n':1,'t':true,'z':null}"));
	CHECK(value_ok(v) && value_is_object(v) && !value_is_array(v) && !value_is_string(v));
	CHECK(value_is_object(value_get(v, S("o"))) && !value_is_array(value_get(v, S("o"))));
	CHECK(value_is_array(value_get(v, S("a"))) && !value_is_object(value_get(v, S("a"))));
	CHECK(value_is_string(value_get(v, S("s"))) && !value_is_null(value_get(v, S("s"))));
	CHECK(!value_is_string(value_get(v, S("n"))) && !value_is_null(value_get(v, S("n"))));
	CHECK(!value_is_string(value_get(v, S("t"))) && !value_is_null(value_get(v, S("t"))));
	CHECK(value_is_null(value_get(v, S("z"))) && value_ok(value_get(v, S("z"))));
	CHECK(!value_is_string(value_get(v, S("z"))));

	TEST("missing values");
	a = value_get(v, S("none"));
	CHECK(!value_ok(a));
	CHECK(!value_is_object(a) && !value_is_array(a) && !value_is_string(a) && !value_is_null(a));
	CHECK(!value_ok(value_get(a, S("x"))) && !value_ok(value_at(a, S("x/y"))));
	CHECK(!value_ok(value_first(a)));
	CHECK(!value_text(a, &mem).p);
	a = value_otlp(a);
	CHECK(!value_is_object(a) && !value_is_array(a) && !value_is_string(a) && !value_is_null(a));
	CHECK(!value_ok(value_get(a, S("x"))) && !value_ok(value_first(a)));

	TEST("types of OTLP values");
	v = value_otlp(parse(&j, S("[{'key':'s','value':{'stringValue':'x'}},"
				   "{'key':'n','value':{'intValue':'1'}},"
				   "{'key':'o','value':{'kvlistValue':{'values':[{'key':'a','value':{}}]}}},"
				   "{'key':'l','value':{'arrayValue':{'values':[{'stringValue':'x'}]}}},"
				   "{'key':'e','value':{'arrayValue':{'values':[]}}},"
				   "{'key':'d','value':{'arrayValue':{}}}]")));
	CHECK(value_is_object(v) && !value_is_array(v));
	CHECK(value_is_string(value_get(v, S("s"))) && !value_is_object(value_get(v, S("s"))));
	CHECK(!value_is_object(value_get(v, S("n"))) && !value_is_array(value_get(v, S("n"))));
	CHECK(value_is_object(value_get(v, S("o"))) && !value_is_array(value_get(v, S("o"))));
	CHECK(value_is_array(value_get(v, S("l"))) && !value_is_object(value_get(v, S("l"))));
	CHECK(value_is_array(value_get(v, S("e"))) && !value_is_object(value_get(v, S("e"))));
	CHECK(!value_ok(value_first(value_get(v, S("e")))));
	CHECK(!value_ok(value_first(value_get(v, S("d")))));

	TEST("elements of arrays");
	CHECK(str_eq(list(parse(&j, S("[]")), false), S("")));
	CHECK(str_eq(list(parse(&j, S("[1]")), false), S("1;")));
	CHECK(str_eq(list(parse(&j, S("[1,'b',null,[2,[3]],{'c':4},true]")), false), S("1;b;-;-;-;true;")));
	CHECK(str_eq(list(parse(&j, S("'no list'")), false), S("")));
	v = parse(&j, S("{'x':[7,8],'y':9}"));
	CHECK(str_eq(list(value_get(v, S("x")), false), S("7;8;")));
	v = value_otlp(parse(&j, S("{'arrayValue':{'values':[{'stringValue':'a'},{},{'intValue':'2'}]}}")));
	CHECK(str_eq(list(v, false), S("a;-;2;")));

	TEST("members of objects");
	CHECK(str_eq(list(parse(&j, S("{}")), true), S("")));
	CHECK(str_eq(list(parse(&j, S("{'a':1,'\\u0062':'x','c':{'d':1},'e':[1],'f':null}")), true),
		     S("a=1;b=x;c=-;e=-;f=-;")));
	CHECK(str_eq(list(parse(&j, S("{'a':1,'a':2}")), true), S("a=1;a=2;")));
	v = value_otlp(parse(&j, S("[{'key':'a','value':{'stringValue':'x'}},{'key':'b','value':{'intValue':'2'}},"
				   "{'key':'c','value':{}}]")));
	CHECK(str_eq(list(v, true), S("a=x;b=2;c=-;")));

	TEST("lookup in a member's value");
	v = parse(&j, S("{'a':{'b':[1,{'c':'x'}]}}"));
	a = value_of_member(value_first(v));
	a = value_get(a, S("b"));
	CHECK(is(value_get(value_next(a, value_first(a)), S("c")), S("x")));

	TEST("what is around a value: an object or an array, not its own name");
	v = value_next(a, value_first(a));
	CHECK(is(value_get(value_around(value_get(v, S("c"))), S("c")), S("x")) && value_around(v).at == a.at);
	CHECK(value_around(a).at == value_of_member(value_first(value_of(&j))).at && value_around(value_around(a)).at == 0);
	CHECK(!value_ok(value_around(value_of(&j))));

	json_free(&j);
	mem_free(&mem);
	return test_done();
}
