#include "input/text/text.h"

#include "base/test.h"

#define XID "NVRM: Xid (PCI:0000:3b:00): 79, GPU has fallen off the bus."
#define RESET "GPU reset executed: GPU-0a1b2c3d-0000-1111-2222-333344445555"
#define AER "pcieport 0000:00:1c.0: AER: Corrected error received: 0000:04:00.0"

static struct events ev = {.since = NO_TIME, .until = NO_TIME};

/* Does s contain a word of the reader for records of these kinds? */
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
	TEST("every kind of a reader has words, and every claim one for its kinds");
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

/* Numbers of records of three kinds from a message: "xids recoveries aers". */
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
	TEST("a check adds no records");
	events_reset(&ev);
	ev.wants = all;
	CHECK(text_has(&ev, S("x\n" XID)) && text_has(&ev, S(AER)) && text_has(&ev, S(RESET)) && !text_has(&ev, S("x")));
	ev.wants = aer;
	CHECK(!text_has(&ev, S(XID)) && text_has(&ev, S(XID "\n" AER)));
	CHECK(ev.seen == 0);
}

static void
test_words(void)
{
	static const struct str messages[] = {
		STR_INIT(XID), STR_INIT(AER), STR_INIT(RESET), STR_INIT("x"), STR_INIT(""), STR_INIT(RESET "\n" XID), STR_INIT("x\n" AER "\n" XID),
		STR_INIT("2026-05-14T03:12:00Z gpu-7 kernel: [  1.5] " XID), STR_INIT("2026-05-14T03:12:00Z gpu-7 sudo: " XID),
	};
	static struct text_words words;

	TEST("results are the same if readers get only messages with one of their words");
	text_words_init(&words, ~0u);
	CHECK(words.sift.n < SIFT_WORDS);
	for (size_t i = 0; i < NELEM(messages); i++)
		for (int program = 0; program < 2; program++) {
			unsigned all = given(messages[i], ~0u, program);

			ev.words = &words;
			CHECK_ROW(i, given(messages[i], ~0u, program) == all);
			ev.words = NULL;
		}
	ev.words = &words;
	CHECK(text_has(&ev, S(XID)) && !text_has(&ev, S("x")));
	TEST("a reader without a word in a message does not get it");
	words.sift.word[0] = S("NOTHING LIKE IT");
	CHECK(given(S(XID), ~0u, false) == 0 && given(S(AER "\n" RESET), ~0u, false) == 11);
	ev.words = NULL;
}

int
main(void)
{
	test_words();
	test_rows();
	test_messages();
	events_free(&ev);
	return test_done();
}
