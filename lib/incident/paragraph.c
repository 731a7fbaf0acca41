#include "base/para.h"
#include "incident/page.h"

enum {
	LABEL = 9, /* "  DO     " */
	WHEN = 15, /* times and delays end here */
	WHAT = 20, /* after "   1 " */
};

void
text_paragraph(struct buf *b, struct look look, struct str s)
{
	struct para p = para_begin(b, look, 0, 0);

	para_words(&p, s);
	para_end(&p);
}

void
text_labelled(struct buf *b, struct look look, struct str name, struct str text)
{
	struct para p;

	if (!text.n)
		return;
	p = para_begin(b, look, 2, LABEL);
	para_word(&p, name);
	para_pad(&p, LABEL);
	para_words(&p, text);
	para_end(&p);
}

/* Put a word so that it ends at a column. */
static void
to_the_right(struct para *p, struct str s, size_t column)
{
	para_pad(p, column > s.n ? column - s.n : 0);
	para_word(p, s);
}

/* Put the link right-aligned on the last line, or on a new one. */
static void
put_why(struct para *p, const struct incident_step *s, struct buf *t)
{
	t->n = 0;
	why_say(t, s);
	if (p->column + 2 + t->n > p->columns) {
		para_end(p);
		p->column = 0;
	}
	to_the_right(p, buf_str(t), p->columns);
}

static void
put_step(struct buf *b, struct look look, const struct incident_step *s, const struct incident_step *before, struct buf *t)
{
	struct para p = para_begin(b, look, 0, WHAT);

	t->n = 0;
	after_say(t, s, before);
	if (!t->n)
		clock_say(t, s->at);
	to_the_right(&p, buf_str(t), WHEN);
	t->n = 0;
	buf_i64(t, s->n);
	to_the_right(&p, buf_str(t), WHAT - 1);
	t->n = 0;
	what_say(t, s);
	para_words(&p, buf_str(t));
	put_why(&p, s, t);
	para_end(&p);
}

static void
put_resolved(struct buf *b, struct look look, const struct incident *i, struct buf *t)
{
	struct para p = para_begin(b, look, 0, WHAT);

	t->n = 0;
	clock_say(t, i->resolved);
	to_the_right(&p, buf_str(t), WHEN);
	para_pad(&p, WHAT);
	para_words(&p, S("resolved"));
	para_end(&p);
}

/* Remarks number from..to. */
static void
put_remarks(struct buf *b, struct look look, const struct incident *i, size_t from, size_t to, struct buf *t)
{
	for (size_t k = from; k < to && remarks[k].say; k++) {
		t->n = 0;
		if (remarks[k].word.n)
			remarks[k].say(t, i);
		text_labelled(b, look, remarks[k].word, buf_str(t));
	}
}

static void
put_evidence(struct buf *b, struct look look, const struct incident *i, struct buf *t)
{
	struct value pick[EVIDENCE_SHOWN];
	struct str word = S("SEEN");
	struct buf more = {0};
	size_t n = evidence_pick(i, pick, &more);

	for (size_t k = 0; k < n; k++) {
		t->n = 0;
		evidence_say(t, i, pick[k]);
		text_labelled(b, look, word, buf_str(t));
		word = S("");
	}
	text_labelled(b, look, word, buf_str(&more));
	buf_free(&more);
}

void
incident_text(struct buf *b, const struct incident *i, struct look look)
{
	struct buf t = {0};

	if (look.bold)
		buf_add(b, S("\033[1m"));
	text_paragraph(b, look, i->headline);
	if (look.bold)
		buf_add(b, S("\033[m"));
	put_remarks(b, look, i, 0, REMARKS_FIRST, &t);
	for (size_t k = 0; k < i->nstep; k++)
		put_step(b, look, &i->step[k], k ? &i->step[k - 1] : NULL, &t);
	if (i->resolved != NO_TIME)
		put_resolved(b, look, i, &t);
	put_remarks(b, look, i, REMARKS_FIRST, SIZE_MAX, &t);
	put_evidence(b, look, i, &t);
	buf_chr(b, '\n');
	buf_free(&t);
}
