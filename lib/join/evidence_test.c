#include "join/evidence.h"

#include "base/test.h"

static struct verdicts vs;
static struct buf text, what;

static bool
is(size_t i, const char *uid, const char *said, int64_t t)
{
	return i < vs.nev && str_eq(vs.ev[i].uid, str_of(uid)) && str_eq(vs.ev[i].text, str_of(said)) && vs.ev[i].t == t;
}

static void
test_source(void)
{
	TEST("a record without an identity gets one from its content");
	verdict_add(&vs);
	buf_add(&text, S("its own"));
	evidence_add(&vs, S("k"), &(struct source){S("uid"), S("gpu-7"), S("xid-79"), S(""), SECOND}, &text);
	buf_add(&text, S("made"));
	evidence_add(&vs, S("k"), &(struct source){S(""), S("gpu-7"), S("xid-79"), S(""), SECOND}, &text);
	buf_add(&text, S("nowhere"));
	evidence_add(&vs, S("k"), &(struct source){S(""), S(""), S("xid-79"), S("0000:3b:00.0"), SECOND}, &text);
	CHECK(is(0, "uid", "its own", SECOND));
	CHECK(is(1, "gpu-7/xid-79/1970-01-01T00:00:01Z", "made", SECOND));
	CHECK(is(2, "-/xid-79/0000:3b:00.0/1970-01-01T00:00:01Z", "nowhere", SECOND));
	CHECK(text.n == 0 && str_eq(vs.ev[0].kind, S("k")));
	verdicts_reset(&vs);
}

static void
test_xid(void)
{
	struct events ev = {0};
	struct xid x = {.e = {.t = 0, .node = idx_add(&ev.names, S("gpu-7"))}, .code = 79};

	TEST("an Xid is described by its line, or else by its number");
	verdict_add(&vs);
	evidence_xid(&vs, &ev, &x, S("GPU-a"), S(""), &text, &what);
	x.nvswitch = true;
	x.text = idx_add(&ev.names, S("the line"));
	evidence_xid(&vs, &ev, &x, S(""), S("hardware"), &text, &what);
	x.e.uid = idx_add(&ev.names, S("uid"));
	evidence_xid(&vs, &ev, &x, S("GPU-a"), S(""), &text, &what);
	CHECK(is(0, "gpu-7/xid-79/GPU-a/1970-01-01T00:00:00Z", "Xid 79", 0));
	CHECK(is(1, "gpu-7/sxid-79/1970-01-01T00:00:00Z", "the line (graded hardware by --rules)", 0));
	CHECK(is(2, "uid", "the line", 0));
	events_free(&ev);
}

int
main(void)
{
	test_source();
	test_xid();
	buf_free(&text);
	buf_free(&what);
	verdicts_free(&vs);
	return test_done();
}
