/*
 * Members and evidence as text (text.c): ranges of numbers, long lists, and verdicts of more
 * lines than a screen.  Members are words: "a=1 b=x l=[ 1 2 ] o=[ { a=1 } ]"; 15*x stands for
 * x0 to x14, and 15*2 for 0, 2, 4, to 28.
 */
#include "base/num.h"
#include "verdict/verdict.h"

#include "base/test.h"

static const char *
name_of(struct str name)
{
	static const char *const names[] = {"a", "b", "c", "l", "o", "uid", "z"};

	for (size_t i = 0; i < NELEM(names); i++)
		if (str_eq(name, str_of(names[i])))
			return names[i];
	return NULL;
}

static void
add_value(struct verdicts *vs, const char *name, struct str s)
{
	int64_t n;

	if (num_i64(s, &n))
		verdict_int(vs, name, n);
	else
		verdict_str(vs, name, s);
}

static void
add_many(struct verdicts *vs, uint64_t n, struct str s)
{
	struct buf b = {0};
	int64_t step;

	for (uint64_t i = 0; i < n; i++)
		if (num_i64(s, &step)) {
			verdict_int(vs, NULL, (int64_t)i * step);
		} else {
			buf_add(&b, s);
			buf_u64(&b, i);
			verdict_str(vs, NULL, verdict_keep(vs, &b));
		}
	buf_free(&b);
}

static void
add_word(struct verdicts *vs, struct str word)
{
	struct str name = {0}, times = word;
	uint64_t n;

	if (memchr(word.p, '=', word.n))
		str_cut(&word, '=', &name);
	if (str_eq(word, S("[")))
		verdict_open(vs, name_of(name), ITEM_LIST);
	else if (str_eq(word, S("{")))
		verdict_open(vs, name_of(name), ITEM_OBJECT);
	else if (str_eq(word, S("]")) || str_eq(word, S("}")))
		verdict_close(vs);
	else if (num_eat(&times, &n) && str_eat(&times, S("*")))
		add_many(vs, n, times);
	else
		add_value(vs, name_of(name), word);
}

static void
add_words(struct verdicts *vs, const char *words)
{
	struct str rest = str_of(words), word;

	while (str_cut(&rest, ' ', &word))
		if (word.n)
			add_word(vs, word);
}

/* n members "a: 0" and on, then others, as text; from the line behind the remediation. */
static void
put_members(struct buf *b, size_t n, const char *words)
{
	struct verdicts vs = {.id = S("0"), .name = S("test")};
	struct verdict *v = verdict_add(&vs);

	v->headline = S("h");
	v->remediation = S("r");
	for (size_t i = 0; i < n; i++)
		verdict_int(&vs, "a", (int64_t)i);
	add_words(&vs, words);
	b->n = 0;
	text_put(b, &vs, &vs.v[0]);
	verdicts_free(&vs);
}

static bool
members_are(const char *words, const char *want)
{
	struct buf b = {0}, w = {0};
	bool good;

	put_members(&b, 0, words);
	buf_add(&w, S("h\n  r\n"));
	buf_add(&w, str_of(want));
	buf_add(&w, S("  evidence:\n\n"));
	good = str_eq(buf_str(&b), buf_str(&w));
	if (!good)
		printf("# %s\n# is:\n%.*s# not:\n%.*s", words, (int)b.n, b.p, (int)w.n, w.p);
	buf_free(&b);
	buf_free(&w);
	return good;
}

#define X20 "xxxxxxxxxxxxxxxxxxxx"
#define X70 X20 X20 X20 "xxxxxxxxxx"
#define X150 X20 X20 X20 X20 X20 X20 X20 "xxxxxxxxxx"

static const struct {
	const char *words, *text;
} rows[] = {
	{"a=1 b=x", "  a: 1\n  b: x\n"},
	/* three numbers in a row are a range */
	{"l=[ 1 2 ]", "  l: 1, 2\n"},
	{"l=[ 1 2 3 ]", "  l: 1-3\n"},
	{"l=[ 1 2 3 5 6 8 9 10 ]", "  l: 1-3, 5, 6, 8-10\n"},
	{"l=[ 3 2 1 ]", "  l: 3, 2, 1\n"},
	{"l=[ 1 x 2 3 ]", "  l: 1, x, 2, 3\n"},
	{"l=[ 1 2 3 ] z=4", "  l: 1-3\n  z: 4\n"},
	{"a=1 b=2 c=3", "  a: 1\n  b: 2\n  c: 3\n"},
	{"o={ a=1 b=2 c=3 }", "  o: a 1, b 2, c 3\n"},
	/* of a list of values eight, if more than six others are left */
	{"l=[ 14*x ]", "  l: x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13\n"},
	{"l=[ 15*x ]", "  l: x0, x1, x2, x3, x4, x5, x6, x7 and 7 more\n"},
	{"l=[ 15*x ] z=1", "  l: x0, x1, x2, x3, x4, x5, x6, x7 and 7 more\n  z: 1\n"},
	{"l=[ 14*2 ]", "  l: 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26\n"},
	{"l=[ 15*2 ]", "  l: 0, 2, 4, 6, 8, 10, 12, 14 and 7 more\n"},
	{"l=[ 99*1 ]", "  l: 0-98\n"},
	{"l=[ 1 2 3 4 8*10 ]", "  l: 1-4, 0, 10, 20, 30, 40, 50, 60, 70\n"},
	{"l=[ 1 2 3 4 14*10 ]", "  l: 1-4, 0, 10, 20, 30, 40, 50, 60 and 7 more\n"},
	{"l=[ 1 2 3 4 13*10 ]", "  l: 1-4, 0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120\n"},
	{"l=[ 15*x ] o=[ 15*x ]", "  l: x0, x1, x2, x3, x4, x5, x6, x7 and 7 more\n  o: x0, x1, x2, x3, x4, x5, x6, x7 and 7 more\n"},
	/* or fewer: 36 bytes of numbers, 112 of names */
	{"l=[ 10000 2000 4000 6000 8000 1000 3000 14*7 ]", "  l: 10000, 2000, 4000, 6000, 8000, 1000, 3000 and 14 more\n"},
	{"l=[ 10000 20000 4000 6000 8000 1000 3000 14*7 ]", "  l: 10000, 20000, 4000, 6000, 8000, 1000 and 15 more\n"},
	{"l=[ 10000 20000 4000 6000 8000 1000 5*7 ]", "  l: 10000, 20000, 4000, 6000, 8000, 1000, 0, 7, 14, 21, 28\n"},
	{"l=[ " X20 " " X20 " " X20 " " X20 " xxx" X20 " 9*y ]",
		"  l: " X20 ", " X20 ", " X20 ",\n      " X20 ", xxx" X20 " and 9 more\n"},
	{"l=[ " X20 " " X20 " " X20 " " X20 " 12*y ]", "  l: " X20 ", " X20 ", " X20 ",\n      " X20 ", y0, y1, y2, y3 and 8 more\n"},
	/* objects: a line for each; two, if more than six others are left; a wide one is enough */
	{"o=[ { a=1 b=x } { a=2 } ]", "  o:\n    a 1, b x\n    a 2\n"},
	{"o=[ { a=1 } { a=2 } { a=3 } { a=4 } { a=5 } { a=6 } { a=7 } { a=8 } ]",
		"  o:\n    a 1\n    a 2\n    a 3\n    a 4\n    a 5\n    a 6\n    a 7\n    a 8\n"},
	{"o=[ { a=1 } { a=2 } { a=3 } { a=4 } { a=5 } { a=6 } { a=7 } { a=8 } { a=9 } ] z=1", "  o:\n    a 1\n    a 2\n    and 7 more\n  z: 1\n"},
	{"o=[ { l=[ 1 ] } { a=2 } { l=[ 1 ] } { l=[ { a=1 } { a=2 } ] } { a=5 } { a=6 } { a=7 } { a=8 } ]",
		"  o:\n    l 1\n    a 2\n    l 1\n    l\n    a 1\n    a 2\n    a 5\n    a 6\n    a 7\n    a 8\n"},
	{"o=[ { l=[ 1 ] } { a=2 } { l=[ 1 ] } { l=[ 1 5 ] } { a=5 } { a=6 } { a=7 } { a=8 } { a=9 } ] z=1", "  o:\n    l 1\n    a 2\n    and 7 more\n  z: 1\n"},
	{"o=[ { a=" X150 "x } { a=2 } { a=3 } { a=4 } { a=5 } { a=6 } { a=7 } { a=8 } { a=9 } ]", "  o:\n    a\n        " X150 "x\n    a 2\n    and 7 more\n"},
	{"o=[ { a=" X150 "xx } { a=2 } { a=3 } { a=4 } { a=5 } { a=6 } { a=7 } { a=8 } { a=9 } ]", "  o:\n    a\n        " X150 "xx\n    and 8 more\n"},
	/* in an object: ids of records are for programs; its lists are on its line */
	{"o=[ { a=1 uid=u b=2 } ] uid=u", "  o:\n    a 1, b 2\n  uid: u\n"},
	{"o=[ { a=1 uid=7 b=2 } ]", "  o:\n    a 1, uid 7, b 2\n"},
	{"o=[ { a=1 l=[ 1 2 3 5 ] b=2 } ]", "  o:\n    a 1, l 1-3, 5, b 2\n"},
	{"o=[ { a=1 l=[ ] b=2 } ]", "  o:\n    a 1, l, b 2\n"},
	{"o=[ { l=[ 15*2 ] } ]", "  o:\n    l 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28\n"},
	{"l=[ ] z=1", "  l:\n  z: 1\n"},
	/* no comma beyond column 80 */
	{"o=[ { a=" X70 "xxx b=1 } ]", "  o:\n    a " X70 "xxx,\n        b 1\n"},
	{"o=[ { a=" X70 "xxxx b=1 } ]", "  o:\n    a\n        " X70 "xxxx,\n        b 1\n"},
	{"l=[ " X70 "xxxx y ]", "  l: " X70 "xxxx,\n      y\n"},
	{"l=[ " X70 "xxxxx y ]", "  l:\n      " X70 "xxxxx,\n      y\n"},
};

/* Evidence: n pieces, the first with a text of this length. */
static void
put_evidence(struct buf *b, size_t members, size_t n, size_t first, bool timed)
{
	struct verdicts vs = {.id = S("0"), .name = S("test")};
	struct buf text = {0};

	verdict_add(&vs)->headline = S("h");
	for (size_t i = 0; i < members; i++)
		verdict_int(&vs, "a", (int64_t)i);
	for (size_t i = 0; i < first; i++)
		buf_chr(&text, 'x');
	for (size_t i = 0; i < n; i++)
		verdict_evidence(&vs, S("k"), S("u"), timed ? (int64_t)i * SECOND : NO_TIME, i ? S("t") : buf_str(&text));
	b->n = 0;
	text_put(b, &vs, &vs.v[0]);
	buf_free(&text);
	verdicts_free(&vs);
}

static void
check_evidence(void)
{
	struct buf b = {0};

	TEST("evidence: two pieces, if more than six others are left");
	put_evidence(&b, 0, 8, 1, false);
	CHECK(str_ends(buf_str(&b), S("  evidence:\n    k x\n    k t\n    k t\n    k t\n    k t\n    k t\n    k t\n    k t\n\n")));
	put_evidence(&b, 0, 9, 1, false);
	CHECK(str_ends(buf_str(&b), S("  evidence:\n    k x\n    k t\n    and 7 more\n\n")));
	put_evidence(&b, 0, 9, 160, false);
	CHECK(str_ends(buf_str(&b), S("\n    k t\n    and 7 more\n\n")));
	TEST("one, if it is wide, or if there are many members");
	put_evidence(&b, 0, 8, 161, false);
	CHECK(!str_has(buf_str(&b), S("k t\n")) && str_ends(buf_str(&b), S("\n    and 7 more\n\n")));
	put_evidence(&b, 0, 7, 161, false);
	CHECK(str_ends(buf_str(&b), S("\n    k t\n    k t\n    k t\n    k t\n    k t\n    k t\n\n")));
	put_evidence(&b, 99, 8, 1, false);
	CHECK(str_ends(buf_str(&b), S("  evidence:\n    k x\n    and 7 more\n\n")));
	TEST("evidence without a time, or behind such");
	put_evidence(&b, 0, 2, 1, true);
	CHECK(str_ends(buf_str(&b), S("    1970-01-01T00:00:00Z k x\n    1970-01-01T00:00:01Z (1 s later) k t\n\n")));
	buf_free(&b);
}

static size_t
lines_of(const struct buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		n += b->p[i] == '\n';
	return n;
}

static void
check_dense(void)
{
	struct buf b = {0};

	TEST("40 lines have one member each; more share lines");
	put_members(&b, 36, "");
	CHECK(lines_of(&b) == 40 && str_has(buf_str(&b), S("  a: 0\n  a: 1\n")));
	put_members(&b, 37, "");
	CHECK(str_starts(buf_str(&b), S("h\n  r\n  a: 0; a: 1; a: 2; a: 3; a: 4; a: 5; a: 6; a: 7; a: 8; a: 9; a: 10; ")));
	CHECK(str_ends(buf_str(&b), S(" a: 35; a: 36\n  evidence:\n\n")));
	TEST("then one object is shown, on its own line; other lists share lines");
	put_members(&b, 37, "o=[ { a=1 } { a=2 } { a=3 } { a=4 } { a=5 } { a=6 } { a=7 } { a=8 } ] b=1 l=[ 1 2 3 ] z=2");
	CHECK(str_ends(buf_str(&b), S(" a: 35; a: 36\n  o:\n    a 1\n    and 7 more\n  b: 1; l: 1-3; z: 2\n  evidence:\n\n")));
	put_members(&b, 37, "o=[ { a=1 } { a=2 } { a=3 } { a=4 } { a=5 } { a=6 } { a=7 } ]");
	CHECK(str_ends(buf_str(&b), S(" a: 35; a: 36\n  o:\n    a 1\n    a 2\n    a 3\n    a 4\n    a 5\n    a 6\n    a 7\n  evidence:\n\n")));
	put_members(&b, 37, "o={ a=1 b=2 } l=[ ] z=1");
	CHECK(str_ends(buf_str(&b), S(" a: 35; a: 36\n  o: a 1, b 2\n  l:; z: 1\n  evidence:\n\n")));
	put_members(&b, 37, "l=[ 15*x ] z=1");	CHECK(str_has(buf_str(&b), S("; l: x0, x1, x2, x3, x4, x5, x6, x7 and 7 more; z:")));
	buf_free(&b);
}

static void
check_kinds(void)
{
	struct verdicts vs = {.id = S("0"), .name = S("test")};
	struct buf b = {0};
	struct verdict *v = verdict_add(&vs);

	TEST("action, id, confidence and kinds of values");
	v->headline = S("h");
	v->remediation = S("r");
	v->action = ACTION_RESET_GPU;
	v->id = S("i");
	v->confidence = S("full");
	verdict_bool(&vs, "y", true);
	verdict_bool(&vs, "n", false);
	verdict_seconds(&vs, "s", 1500000000);
	verdict_time(&vs, "t", SECOND);
	text_put(&b, &vs, &vs.v[0]);
	CHECK(str_eq(buf_str(&b), S("h\n  r\n  action: reset_gpu\n  id: i\n  confidence: full\n  y: yes\n  n: no\n  s: 1.5\n  t: 1970-01-01T00:00:01Z\n  evidence:\n\n")));
	b.n = 0;
	jsonl_put(&b, &vs, &vs.v[0]);
	CHECK(str_eq(buf_str(&b), S("{\"pattern.id\":\"0\",\"pattern.name\":\"test\",\"id\":\"i\",\"headline\":\"h\",\"remediation\":\"r\",\"action\":\"reset_gpu\","
		"\"confidence\":\"full\",\"y\":true,\"n\":false,\"s\":1.5,\"t\":\"1970-01-01T00:00:01Z\",\"evidence_trail\":[]}\n")));
	v->line = S("{\"a\":1}");
	b.n = 0;
	jsonl_put(&b, &vs, &vs.v[0]);
	CHECK(str_eq(buf_str(&b), S("{\"a\":1}\n")));
	buf_free(&b);
	verdicts_free(&vs);
}

int
main(void)
{
	TEST("members");
	for (size_t i = 0; i < NELEM(rows); i++)
		CHECK_ROW(i, members_are(rows[i].words, rows[i].text));
	check_evidence();
	check_dense();
	check_kinds();
	TEST("each action has a name of its own");
	for (enum action a = ACTION_NONE; a < ACTIONS; a++)
		CHECK_ROW(a, action_name(a).n && action_of(action_name(a)) == a);
	CHECK(action_of(S("")) == ACTION_UNSET && action_of(S("x")) == ACTION_UNSET);
	return test_done();
}
