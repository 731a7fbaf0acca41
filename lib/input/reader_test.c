#include "input/reader.h"

#include <string.h>

#include "base/test.h"

static struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
static struct reader r = {.ev = &ev, .boot_time = NO_TIME, .scrape_time = NO_TIME};
static struct buf text;

static struct buf
quoted(struct str s)
{
	struct buf b = {0};

	for (size_t i = 0; i < s.n; i++)
		buf_chr(&b, s.p[i] == '\'' ? '"' : s.p[i]);
	return b;
}

/* The value; ' stands for ". */
static struct value
value(struct str s)
{
	buf_free(&text);
	text = quoted(s);
	json_parse(&r.json, buf_str(&text));
	r.dotted[false].at = r.dotted[true].at = r.asked[false].at = r.asked[true].at = -1;
	r.base = NO_ORIGIN;
	return value_of(&r.json);
}

static void
texts(void)
{
	static const struct {
		struct str value, paths, is;
	} rows[] = {
		{STR_INIT("{'a':'x','b':'y'}"), STR_INIT("a|b"), STR_INIT("x")},
		{STR_INIT("{'a':'','b':'y'}"), STR_INIT("a|b"), STR_INIT("y")},
		{STR_INIT("{'b':'y'}"), STR_INIT("a|b|c"), STR_INIT("y")},
		{STR_INIT("{'b':'y'}"), STR_INIT("a"), STR_INIT("")},
		{STR_INIT("{'a':{'b':'x'}}"), STR_INIT("a/b"), STR_INIT("x")},
		/* flattened by a shipper, which leaves dots in names */
		{STR_INIT("{'a.b':'x'}"), STR_INIT("a/b"), STR_INIT("x")},
		{STR_INIT("{'a.b.c':'x'}"), STR_INIT("a/b/c"), STR_INIT("x")},
		{STR_INIT("{'a.b':'x','a':{'b':'y'}}"), STR_INIT("a/b"), STR_INIT("y")},
		{STR_INIT("{'x':1,'y.z':2,'ab':'x'}"), STR_INIT("a/b"), STR_INIT("")},
		{STR_INIT("{'b.c':{'a':'x'}}"), STR_INIT("a"), STR_INIT("")},
		{STR_INIT("['a.b','x']"), STR_INIT("a/b"), STR_INIT("")},
		/* names of up to 63 bytes */
		{STR_INIT("{'a.123456789012345678901234567890123456789012345678901234567890x':'x'}"), STR_INIT("a/123456789012345678901234567890123456789012345678901234567890x"), STR_INIT("x")},
		{STR_INIT("{'a.123456789012345678901234567890123456789012345678901234567890xy':'x'}"), STR_INIT("a/123456789012345678901234567890123456789012345678901234567890xy"), STR_INIT("")},
		/* of a list its only element */
		{STR_INIT("{'a':['x']}"), STR_INIT("a"), STR_INIT("x")},
		{STR_INIT("{'a':['x','y'],'b':'z'}"), STR_INIT("a|b"), STR_INIT("z")},
		{STR_INIT("{'a':[],'b':'z'}"), STR_INIT("a|b"), STR_INIT("z")},
		{STR_INIT("{'a.b':['x']}"), STR_INIT("a/b"), STR_INIT("x")},
	};

	TEST("text of the first path that has one");
	for (size_t i = 0; i < NELEM(rows); i++) {
		CHECK_ROW(i, str_eq(reader_text(&r, value(rows[i].value), rows[i].paths), rows[i].is));
		/* with what is cached */
		CHECK_ROW(i, str_eq(reader_text(&r, value_of(&r.json), rows[i].paths), rows[i].is));
	}
	TEST("times: not those of an unset clock");
	CHECK(reader_time(&r, value(S("{'a':'soon','b':'2026-03-04T05:06:07Z'}")), S("a|b")) == INT64_C(1772600767) * SECOND);
	CHECK(reader_time(&r, value(S("{'a':'1970-01-01T00:00:05Z','b':'2026-03-04T05:06:07Z'}")), S("a|b")) == INT64_C(1772600767) * SECOND);
	CHECK(reader_time(&r, value(S("{'a':'1970-01-01T00:00:05Z'}")), S("a|b")) == NO_TIME);
	CHECK(reader_time(&r, value(S("{}")), S("a|b")) == NO_TIME);
}

static void
programs(void)
{
	static const struct {
		struct str value;
		int is; /* 1: another program, 0: the kernel, -1: it does not say */
	} rows[] = {
		{STR_INIT("{'_TRANSPORT':'kernel'}"), 0}, {STR_INIT("{'_TRANSPORT':'stdout'}"), 1}, {STR_INIT("{'transport':'syslog'}"), 1},
		{STR_INIT("{'transport':'audit'}"), 1}, {STR_INIT("{'transport':'udp'}"), -1}, {STR_INIT("{'transport':'udp','program':'kernel'}"), 0},
		{STR_INIT("{'_TRANSPORT':'kernel','program':'python'}"), 0}, {STR_INIT("{'_TRANSPORT':'stdout','program':'kernel'}"), 1},
		{STR_INIT("{'program':'kernel'}"), 0}, {STR_INIT("{'program':'kernel:'}"), 0}, {STR_INIT("{'syslogtag':'kernel[0]:'}"), 0},
		{STR_INIT("{'program':'kernel[7]'}"), 1}, {STR_INIT("{'program':'kernels'}"), 1}, {STR_INIT("{'program':'python'}"), 1},
		{STR_INIT("{'program':''}"), -1}, {STR_INIT("{}"), -1},
	};

	TEST("did another program than the kernel write the line?");
	for (size_t i = 0; i < NELEM(rows); i++)
		for (int before = 0; before < 2; before++) {
			bool program = before, said = reader_program(&r, value(rows[i].value), &program);

			CHECK_ROW(i, said == (rows[i].is >= 0));
			CHECK_ROW(i, program == (rows[i].is < 0 ? before : rows[i].is));
		}
}

static void
joined(void)
{
	static const char nul[] = "x\0y";
	struct str s = reader_joined(&r, S("a: "), (struct str){nul, 3});

	TEST("a message with a text behind it ends with a NUL, and has none inside");
	CHECK(str_eq(s, S("a: x y")) && !s.p[s.n]);
	s = reader_joined(&r, S("a"), (struct str){0});
	CHECK(str_eq(s, S("a")) && !s.p[s.n]);
}

static void
resources(void)
{
	enum { MANY = 40 };
	struct value resource, no = {&r.json, -1, false}, v;
	struct buf b = {0};
	char names[MANY][8];
	struct str is;

	TEST("attributes of a resource, more than are cached, again and again");
	buf_add(&b, S("{'one':{"));
	for (int i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof(names[i]), "n%d", i);
		buf_add(&b, i ? S(",'") : S("'"));
		buf_add(&b, str_of(names[i]));
		buf_add(&b, S("':'v"));
		buf_u64(&b, (unsigned)i);
		buf_add(&b, S("'"));
	}
	buf_add(&b, S("},'two':{'n1':'w'}}"));
	resource = value_get(value(buf_str(&b)), S("one"));
	for (int i = 0; i < 3 * MANY; i++) {
		v = reader_resource(&r, resource, str_of(names[i % MANY]), &is);
		CHECK_ROW(i, value_ok(v) && is.p[0] == 'v' && str_eq(str_from(is, 1), str_from(str_of(names[i % MANY]), 1)));
		reader_resource(&r, resource, str_of(names[i / 3 % MANY]), &is);
		CHECK_ROW(i, str_eq(str_from(is, 1), str_from(str_of(names[i / 3 % MANY]), 1)));
	}
	TEST("of another resource, of none, of one without the attribute");
	resource = value_get(value_of(&r.json), S("two"));
	CHECK(value_ok(reader_resource(&r, resource, S("n1"), &is)) && str_eq(is, S("w")));
	CHECK(!value_ok(reader_resource(&r, resource, S("n2"), &is)) && !is.n);
	CHECK(value_ok(reader_resource(&r, resource, S("n1"), NULL)));
	is = S("before");
	CHECK(!value_ok(reader_resource(&r, no, S("n1"), &is)) && !is.n);
	CHECK(!value_ok(reader_resource(&r, no, S("n1"), NULL)));
	buf_free(&b);
}

/* ---- objects in strings ---- */

static struct buf seen;
static bool again;

static void
see(struct reader *reader, struct value v)
{
	buf_add(&seen, json_raw(v.j, v.at));
	buf_add(&seen, reader->base.node);
	again |= reader_object(reader, S("{}"), &reader->base);
}

static struct str
opened(struct str string, struct str node)
{
	struct origin o = {.t = NO_TIME, .node = node};
	bool read;

	seen.n = 0;
	again = false;
	r.npath = r.outer = 0;
	read = reader_object(&r, string, &o);
	CHECK(!r.inside && r.outer == 0 && r.npath == 0 && !r.base.node.n && !again);
	return read ? buf_str(&seen) : S("no");
}

static void
objects(void)
{
	static const struct str words[] = {STR_INIT("word")};
	static struct sift screen;
	struct origin o = NO_ORIGIN;
	struct value v;

	r.any = see;
	TEST("an object in a string, and objects in its strings, up to five levels");
	value(S("{}"));
	CHECK(str_eq(opened(S("{\"a\":1}"), S("n")), S("{\"a\":1}n")));
	CHECK(str_eq(opened(S("{\"a\":1"), S("n")), S("no")));
	CHECK(str_eq(opened(S("{\"a\":\"{\\\"b\\\":1}\",\"c\":\"d\"}"), S("")), S("{\"a\":{\"b\":1},\"c\":\"d\"}")));
	CHECK(str_eq(opened(S("{\"a\":\"{\\\"b\\\":1}\",\"c\":\"{\\\"d\\\":2}\"}"), S("")), S("{\"a\":{\"b\":1},\"c\":{\"d\":2}}")));
	CHECK(str_eq(opened(S("{\"a\":[\"{\\\"b\\\":1}\"]}"), S("")), S("{\"a\":[{\"b\":1}]}")));
	CHECK(str_eq(opened(S("{\"a\":\"{\\\"b\\\":1\"}"), S("")), S("{\"a\":\"{\\\"b\\\":1\"}")));
	/* a member's name stays */
	CHECK(str_eq(opened(S("{\"{\\\"b\\\":1}\":\"a\"}"), S("")), S("{\"{\\\"b\\\":1}\":\"a\"}")));
	for (int levels = 4; levels < 6; levels++) {
		struct buf in = {0}, out = {0};

		buf_add(&in, S("{\"x\":1}"));
		for (int i = 0; i < levels; i++) {
			out.n = 0;
			buf_add(&out, S("{\"a\":\""));
			for (size_t k = 0; k < in.n; k++) {
				if (in.p[k] == '"' || in.p[k] == '\\')
					buf_chr(&out, '\\');
				buf_chr(&out, in.p[k]);
			}
			buf_add(&out, S("\"}"));
			in.n = 0;
			buf_add(&in, buf_str(&out));
		}
		CHECK_ROW(levels, str_has(opened(buf_str(&in), S("")), S("{\"x\":1}")) == (levels == 4));
		buf_free(&in);
		buf_free(&out);
	}
	TEST("a string is opened if a filter wants one of its words");
	sift_init(&screen, words, NELEM(words));
	for (int i = 0; i < 6; i++) {
		v = value_get(value(i == 1 ? S("{'a':'{no}'}") : i == 2 ? S("{'a':' {word}'}") : i == 3 ? S("{'a':{'word':1}}") : S("{'a':'{\\'word\\':1}'}")), S("a"));
		r.screen = i == 4 ? NULL : &screen;
		r.inside = i == 5;
		seen.n = 0;
		CHECK_ROW(i, reader_inner(&r, v, &o) == (i == 0));
		CHECK_ROW(i, str_eq(buf_str(&seen), i == 0 ? S("{\"word\":1}") : S("")));
		r.inside = false;
	}
	r.screen = NULL;
	buf_free(&seen);
}

int
main(void)
{
	texts();
	programs();
	joined();
	resources();
	objects();
	buf_free(&text);
	reader_free(&r);
	events_free(&ev);
	return test_done();
}
