#include "verdict/verdict.h"

#include "base/test.h"

#define TEN "xxxxxxxxx "

/* Under AddressSanitizer arenas give every object a block (base/mem.c). */
#if defined(__SANITIZE_ADDRESS__)
#define LONE_BLOCKS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LONE_BLOCKS 1
#endif
#endif
#ifndef LONE_BLOCKS
#define LONE_BLOCKS 0
#endif

static void
fill(struct verdicts *vs)
{
	struct verdict *v = verdict_add(vs);

	v->headline = S("It \"broke\"\n");
	v->remediation = S("Mend it.");
	v->confidence = S("partial");
	v->missing = S("a,b");
	verdict_int(vs, "n", -7);
	verdict_str(vs, "gone", S(""));
	verdict_str(vs, "s", S("\x1b[0m"));
	verdict_seconds(vs, "d", 1500000000);
	verdict_time(vs, "t", 0);
	verdict_time(vs, "never", NO_TIME);
	verdict_open(vs, "list", ITEM_LIST);
	verdict_int(vs, NULL, 1);
	verdict_int(vs, NULL, 2);
	verdict_close(vs);
	verdict_open(vs, "empty", ITEM_LIST);
	verdict_close(vs);
	verdict_open(vs, "objects", ITEM_LIST);
	for (int i = 0; i < 2; i++) {
		verdict_open(vs, NULL, ITEM_OBJECT);
		verdict_int(vs, "a", i);
		verdict_str(vs, "b", S("x"));
		verdict_close(vs);
	}
	verdict_close(vs);
	verdict_evidence(vs, S("pod_event"), S("u1"), 1, S("first"));
	verdict_evidence(vs, S("hw_error"), S("u2"), SECOND, S("second"));
}

#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)

static const struct {
	int64_t cause, t;
	const char *says;
} lates[] = {
	{0, 0, ""},
	{0, 499999, ""},
	{0, 500000, "(1 ms later) "},
	{1500000, 0, "(2 ms earlier) "},
	{0, 999499999, "(999 ms later) "},
	{0, 999500000, "(1 s later) "},
	{SECOND, 42 * SECOND, "(41 s later) "},
	{42 * SECOND, SECOND, "(41 s earlier) "},
	{-SECOND, 51598777000, "(53 s later) "},
	{0, 119 * SECOND + 499999999, "(119 s later) "},
	{0, 119 * SECOND + 500000000, "(2 min later) "},
	{0, 120 * MINUTE - 30 * SECOND - 1, "(119 min later) "},
	{0, 120 * MINUTE - 30 * SECOND, "(2 h later) "},
	{0, 48 * HOUR - 30 * MINUTE - 1, "(47 h later) "},
	{0, 48 * HOUR, "(2 days later) "},
	{0, 2412 * HOUR - 1, "(100 days later) "},
	{0, 2412 * HOUR, "(101 days later) "},
	{-INT64_MAX, INT64_MAX, "(213504 days later) "}, /* 2^64 - 2 ns */
	{INT64_MAX, -INT64_MAX, "(213504 days earlier) "},
};

struct taking {
	struct verdicts *vs;
	struct buf *b;
};

static void
take(void *ctx, const struct verdict *v)
{
	const struct taking *t = ctx;

	jsonl_put(t->b, t->vs, v);
}

int
main(void)
{
	struct verdicts vs = {.id = S("0"), .name = S("test")};
	struct buf b = {0}, want = {0};
	struct str line, rest;
	uint64_t calls;

	TEST("JSON: members in order, empty ones omitted");
	fill(&vs);
	jsonl_put(&b, &vs, &vs.v[0]);
	CHECK(str_eq(buf_str(&b), S("{\"pattern.id\":\"0\",\"pattern.name\":\"test\",\"headline\":\"It \\\"broke\\\"\\n\","
				    "\"remediation\":\"Mend it.\",\"confidence\":\"partial\",\"missing_layers\":[\"a\",\"b\"],"
				    "\"n\":-7,\"s\":\"\\u001b[0m\",\"d\":1.5,\"t\":\"1970-01-01T00:00:00Z\",\"list\":[1,2],"
				    "\"empty\":[],\"objects\":[{\"a\":0,\"b\":\"x\"},{\"a\":1,\"b\":\"x\"}],"
				    "\"evidence_trail\":[{\"kind\":\"pod_event\",\"uid\":\"u1\","
				    "\"timestamp\":\"1970-01-01T00:00:00.000000001Z\",\"description\":\"first\"},"
				    "{\"kind\":\"hw_error\",\"uid\":\"u2\",\"timestamp\":\"1970-01-01T00:00:01Z\","
				    "\"description\":\"second\"}]}\n")));

	TEST("text: one line per member and object, no terminal escapes");
	b.n = 0;
	text_put(&b, &vs, &vs.v[0]);
	CHECK(str_eq(buf_str(&b), S("It \"broke\"\\n\n  Mend it.\n  confidence: partial (missing: a,b)\n  n: -7\n"
				    "  s: \\u001b[0m\n  d: 1.5\n  t: 1970-01-01T00:00:00Z\n  list: 1, 2\n  empty:\n"
				    "  objects:\n    a 0, b x\n    a 1, b x\n  evidence:\n"
				    "    1970-01-01T00:00:00.000000001Z pod_event first\n"
				    "    1970-01-01T00:00:01Z (1 s later) hw_error second\n\n")));

	TEST("text: bold headlines, if wanted");
	vs.look.bold = true;
	b.n = 0;
	text_put(&b, &vs, &vs.v[0]);
	vs.look.bold = false;
	CHECK(str_starts(buf_str(&b), S("\x1b[1mIt \"broke\"\\n\x1b[m\n  Mend it.\n")));

	TEST("text: delay of evidence");
	for (size_t i = 0; i < NELEM(lates); i++) {
		verdicts_reset(&vs);
		verdict_add(&vs)->headline = S("h");
		verdict_evidence(&vs, S("k"), S("u"), lates[i].cause, S("c"));
		verdict_evidence(&vs, S("k"), S("u"), lates[i].t, S("e"));
		b.n = 0;
		text_put(&b, &vs, &vs.v[0]);
		want.n = 0;
		buf_add(&want, S("Z "));
		buf_add(&want, str_of(lates[i].says));
		buf_add(&want, S("k e\n\n"));
		CHECK_ROW(i, str_ends(buf_str(&b), buf_str(&want)));
	}

	TEST("text: folded at blanks, not before 80 columns; long words on their own lines");
	verdicts_reset(&vs);
	*verdict_add(&vs) = (struct verdict){
		.headline = S(TEN TEN TEN TEN TEN TEN TEN TEN "y " TEN TEN TEN TEN TEN TEN TEN "xxxxxxxxxx y"),
		.remediation = S("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9 " TEN TEN TEN TEN TEN TEN "xxxxxxxx z "
				 TEN TEN TEN TEN TEN TEN TEN "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
	};
	b.n = 0;
	text_put(&b, &vs, &vs.v[0]);
	rest = buf_str(&b);
	str_cut(&rest, '\n', &line);
	CHECK(line.n == 79); /* eight words of nine; "y" would be column 81 */
	str_cut(&rest, '\n', &line);
	CHECK(str_starts(line, S("y xxx")) && line.n == 71);
	str_cut(&rest, '\n', &line);
	CHECK(str_eq(line, S("xxxxxxxxxx y")));
	str_cut(&rest, '\n', &line);
	CHECK(line.n == 80 + 9 && str_ends(line, S("xxxxxxxx z")) == false); /* nine letters take two bytes each */
	str_cut(&rest, '\n', &line);
	CHECK(str_starts(line, S("  z xxx")));
	str_cut(&rest, '\n', &line);
	CHECK(line.n == 2 + 81);

	TEST("text: no break between the bracket and the missing sources");
	for (size_t n = 47; n <= 48; n++) {
		verdicts_reset(&vs);
		*verdict_add(&vs) = (struct verdict){
			.confidence = S("partial"), .missing = {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", n}};
		b.n = 0;
		text_put(&b, &vs, &vs.v[0]);
		rest = buf_str(&b);
		while (str_cut(&rest, '\n', &line) && !str_starts(line, S("  confidence:")))
			continue;
		/* 32 columns before it */
		CHECK_ROW(n, line.n == (n == 47 ? 80 : 31));
		str_cut(&rest, '\n', &line);
		CHECK_ROW(n, str_starts(line, n == 47 ? S("  evidence:") : S("      xxx")) && (n == 47 || line.n == 6 + 48 + 1));
	}

	TEST("a pass in steady state allocates nothing");
	calls = 0;
	for (int pass = 0; pass < 4; pass++) {
		if (pass == 2)
			calls = mem_count.calls;
		verdicts_reset(&vs);
		b.n = 0;
		for (int i = 0; i < 200; i++) {
			fill(&vs);
			buf_add(&want, S("a text that is kept until the next pass"));
			CHECK(verdict_keep(&vs, &want).n && !want.n);
			jsonl_put(&b, &vs, &vs.v[i]);
		}
	}
	CHECK(LONE_BLOCKS || mem_count.calls == calls);

	TEST("verdict_keep copies");
	b.n = 0;
	buf_add(&b, S("abc"));
	line = verdict_keep(&vs, &b);
	CHECK(b.n == 0 && str_eq(line, S("abc")));
	buf_add(&b, S("xyz"));
	CHECK(str_eq(line, S("abc")));

	TEST("decimal numbers");
	verdicts_reset(&vs);
	verdict_add(&vs);
	verdict_fixed(&vs, "a", 382, 1);
	verdict_fixed(&vs, "b", -1500, 3);
	verdict_fixed(&vs, "c", 7, 0);
	verdict_fixed(&vs, "d", 1, 9);
	b.n = 0;
	jsonl_put(&b, &vs, vs.v);
	CHECK(str_has(buf_str(&b), S("\"a\":38.2,\"b\":-1.5,\"c\":7,\"d\":0.000000001")));

	TEST("a complete verdict is passed to take and then dropped");
	verdicts_reset(&vs);
	b.n = 0;
	vs.take = take;
	vs.ctx = &(struct taking){&vs, &b};
	for (int i = 0; i < 3; i++) {
		verdict_add(&vs);
		CHECK(vs.n == 1 && vs.nitem == 0 && vs.nev == 0);
		verdict_int(&vs, "i", i);
		verdict_evidence(&vs, S("k"), S("u"), 0, S("t"));
	}
	CHECK(str_has(buf_str(&b), S("\"i\":0,\"evidence_trail\":[{\"kind\":\"k\"")));
	CHECK(str_has(buf_str(&b), S("\"i\":1,\"evidence_trail\":[{\"kind\":\"k\"")));
	CHECK(!str_has(buf_str(&b), S("\"i\":2")) && vs.item[0].n == 2);

	buf_free(&b);
	buf_free(&want);
	verdicts_free(&vs);
	return test_done();
}
