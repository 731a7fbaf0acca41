#include "incident/page.h"
#include "verdict/para.h"

enum {
	LABEL = 9, /* "  DO     " */
	WHEN = 15, /* times and delays end here */
	WHAT = 20, /* behind "   1 " */
};

static void
pad(struct para *p, size_t column)
{
	for (; p->column < column; p->column++)
		buf_chr(p->b, ' ');
}

void
text_paragraph(struct buf *b, struct str s)
{
	struct para p = para_begin(b, 0, 0);

	para_words(&p, s);
	para_end(&p);
}

void
text_labelled(struct buf *b, struct str name, struct str text)
{
	struct para p;

	if (!text.n)
		return;
	p = para_begin(b, 2, LABEL);
	para_word(&p, name);
	pad(&p, LABEL);
	p.open = true;
	para_words(&p, text);
	para_end(&p);
}

/* A word that ends at a column. */
static void
to_the_right(struct para *p, struct str s, size_t column)
{
	pad(p, column > s.n ? column - s.n : 0);
	p->open = true;
	para_word(p, s);
}

/* Why, at the right of the last line or of one more. */
static void
put_why(struct para *p, const struct incident_step *s, struct buf *t)
{
	t->n = 0;
	why_say(t, s);
	if (p->column + 2 + t->n > PARA_COLUMNS) {
		para_end(p);
		p->column = 0;
	}
	to_the_right(p, buf_str(t), PARA_COLUMNS);
}

static void
put_step(struct buf *b, const struct incident_step *s, const struct incident_step *before, struct buf *t)
{
	struct para p = para_begin(b, 0, WHAT);

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
put_resolved(struct buf *b, const struct incident *i, struct buf *t)
{
	struct para p = para_begin(b, 0, WHAT);

	t->n = 0;
	clock_say(t, i->resolved);
	to_the_right(&p, buf_str(t), WHEN);
	pad(&p, WHAT);
	p.open = true;
	para_words(&p, S("resolved"));
	para_end(&p);
}

/* Remarks from one to another. */
static void
put_remarks(struct buf *b, const struct incident *i, size_t from, size_t to, struct buf *t)
{
	for (size_t k = from; k < to && remarks[k].say; k++) {
		t->n = 0;
		if (remarks[k].word.n)
			remarks[k].say(t, i);
		text_labelled(b, remarks[k].word, buf_str(t));
	}
}

void
incident_text(struct buf *b, const struct incident *i, bool bold)
{
	struct buf t = {0};

	if (bold)
		buf_add(b, S("\033[1m"));
	text_paragraph(b, i->headline);
	if (bold)
		buf_add(b, S("\033[m"));
	put_remarks(b, i, 0, REMARKS_FIRST, &t);
	for (size_t k = 0; k < i->nstep; k++)
		put_step(b, &i->step[k], k ? &i->step[k - 1] : NULL, &t);
	if (i->resolved != NO_TIME)
		put_resolved(b, i, &t);
	put_remarks(b, i, REMARKS_FIRST, SIZE_MAX, &t);
	buf_chr(b, '\n');
	buf_free(&t);
}
