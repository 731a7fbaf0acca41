#include "input/text/text.h"

#include "base/test.h"

#define XID "NVRM: Xid (PCI:0000:3b:00): 79, GPU has fallen off the bus."
#define RESET "GPU reset executed: GPU-0a1b2c3d-0000-1111-2222-333344445555"
#define AER "pcieport 0000:00:1c.0: AER: Corrected error received: 0000:04:00.0"

static struct events ev = {.since = NO_TIME, .until = NO_TIME};

/* Has the reader a word for records of these kinds that s holds? */
static bool
has_word(const struct text_reader *r, struct str s, unsigned gives)
{
	for (const struct word *w = r->words; w->gives; w++)
		if ((w->gives & gives) == gives && str_has(s, w->text))
			return true;
	return false;
}

static void
test_rows(void)
{
	TEST("every kind that a reader gives has words, and every claim has one for its kinds");
	for (int i = 0; text_readers[i]; i++) {
		const struct text_reader *r = text_readers[i];
		unsigned gives = 0;

		for (const struct word *w = r->words; w->gives; w++)
			gives |= w->gives;
		CHECK_ROW(i, gives == r->gives && r->claims[0].gives);
		for (const struct word *c = r->claims; c->gives; c++)
			CHECK_ROW(i, has_word(r, c->text, c->gives));
	}
}

/* How many records of three kinds a message gives: "xids recoveries aers". */
static unsigned
given(struct str message, unsigned wants, bool program)
{
	struct origin o = NO_ORIGIN;

	events_reset(&ev);
	ev.wants = wants;
	o.program = program;
	text_read(&ev, message, &o);
	return (unsigned)(ev.list[EVENT_XID].n * 100 + ev.list[EVENT_RECOVERY].n * 10 + ev.list[EVENT_AER].n);
}

static void
test_messages(void)
{
	const unsigned xid = 1u << EVENT_XID, aer = 1u << EVENT_AER, all = ~0u;

	TEST("each reader takes its lines from a message");
	CHECK(given(S(XID "\n" AER "\n" RESET "\nx\n" XID " again"), all, false) == 211);
	CHECK(given(S(XID "\n" AER "\n" RESET), xid, false) == 100);
	CHECK(given(S(XID "\n" AER "\n" RESET), aer, false) == 1);
	CHECK(given(S("x"), all, false) == 0 && given(S(""), all, false) == 0);
	TEST("other programs quote the kernel; but reset tools log as themselves");
	CHECK(given(S(XID "\n" AER), all, true) == 0);
	CHECK(given(S(RESET), all, true) == 10);
	CHECK(given(S(RESET "\n" XID), all, true) == 10);
	CHECK(given(S("x\n" RESET), all, true) == 0);
	TEST("a look adds nothing");
	events_reset(&ev);
	ev.wants = all;
	CHECK(text_has(&ev, S("x\n" XID)) && text_has(&ev, S(AER)) && text_has(&ev, S(RESET)) && !text_has(&ev, S("x")));
	ev.wants = aer;
	CHECK(!text_has(&ev, S(XID)) && text_has(&ev, S(XID "\n" AER)));
	CHECK(ev.seen == 0);
}

int
main(void)
{
	test_rows();
	test_messages();
	events_free(&ev);
	return test_done();
}
