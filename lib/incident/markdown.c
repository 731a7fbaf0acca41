#include "incident/page.h"

/* A cell of a table. */
static void
cell(struct buf *b, struct str s)
{
	buf_add(b, S("| "));
	markdown_text(b, s);
	buf_chr(b, ' ');
}

static void
row(struct buf *b, const struct incident_step *s, const struct incident_step *before, struct buf *t)
{
	t->n = 0;
	buf_i64(t, s->n);
	cell(b, buf_str(t));
	t->n = 0;
	time_say(t, s->at);
	cell(b, buf_str(t));
	t->n = 0;
	after_say(t, s, before);
	cell(b, buf_str(t));
	t->n = 0;
	where_say(t, s);
	cell(b, buf_str(t));
	t->n = 0;
	what_say(t, s);
	cell(b, buf_str(t));
	t->n = 0;
	why_say(t, s);
	cell(b, buf_str(t));
	buf_add(b, S("|\n"));
}

static void
put_evidence(struct buf *b, const struct incident *i, struct buf *t)
{
	struct value pick[EVIDENCE_SHOWN];
	struct buf more = {0};
	size_t n = evidence_pick(i, pick, &more);

	if (!n)
		return;
	for (size_t k = 0; k < n; k++) {
		t->n = 0;
		evidence_say(t, i, pick[k]);
		buf_add(b, S("- "));
		markdown_text(b, buf_str(t));
		buf_chr(b, '\n');
	}
	if (more.n) {
		buf_add(b, S("- "));
		buf_add(b, buf_str(&more));
		buf_chr(b, '\n');
	}
	buf_chr(b, '\n');
	buf_free(&more);
}

void
incident_markdown(struct buf *b, const struct incident *i)
{
	struct buf t = {0};

	buf_add(b, S("## "));
	markdown_text(b, i->headline);
	buf_add(b, S("\n\n"));
	for (size_t k = 0; remarks[k].say; k++) {
		t.n = 0;
		remarks[k].say(&t, i);
		if (!t.n)
			continue;
		buf_add(b, S("- **"));
		buf_add(b, remarks[k].label);
		buf_add(b, S(":** "));
		markdown_text(b, buf_str(&t));
		buf_chr(b, '\n');
	}
	buf_add(b, S("\n| # | When (UTC) | After | Where | What | Why |\n|--:|---|--:|---|---|---|\n"));
	for (size_t k = 0; k < i->nstep; k++)
		row(b, &i->step[k], k ? &i->step[k - 1] : NULL, &t);
	buf_chr(b, '\n');
	put_evidence(b, i, &t);
	buf_free(&t);
}
