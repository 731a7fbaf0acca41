/*
 * page - incidents for people: text, Markdown, an HTML page with a picture of
 * each, and a roll-up of many.  A writer sees an incident as its JSON line has
 * it (incident.schema.json), whether this run made it or another did: what was
 * read once can be written in every form.  Such a line is input: any member may
 * be absent, of another type, or hostile.
 * line.c reads lines, escape.c has texts in HTML and Markdown, say.c what the writers share, paragraph.c, markdown.c,
 * html.c with picture.c, and rollup.c write, page.c chooses.
 * Layer incident: includes json, verdict.
 */
#ifndef PAGE_H
#define PAGE_H

#include "json/value.h"
#include "verdict/verdict.h"

enum page_format { PAGE_JSONL, PAGE_TEXT, PAGE_MARKDOWN, PAGE_HTML };
#define PAGE_FORMATS "jsonl|text|markdown|html"

/* A fact of the story: an element of `links`. */
struct incident_step {
	int64_t n, from;   /* its number; that of its cause, or 0 */
	int64_t at, since; /* when it was seen; it did not happen before, or at */
	int64_t until;     /* it went on, or NO_TIME */
	struct str fact, what, node, gpu, pod, ranks, rule, strength;
	int64_t code, folded; /* or 0 */
	bool shared;       /* it is a root that nodes share */
	const struct incident_step *cause; /* an earlier step, or NULL */
};

struct incident {
	struct value v;
	struct mem *mem;
	struct str id, headline, remediation, action, kind, confidence, blamed, waiting; /* the latter as "0-3,7" */
	int64_t first, last, resolved; /* or NO_TIME */
	struct incident_step *step;
	size_t nstep;
};

/* ---- line.c ---- */

/* Strings are views of the line or live in m. */
void incident_read(struct incident *to, struct value v, struct mem *m);
/* Is it of a kind that was planned: a preemption, maintenance? */
bool kind_planned(struct str kind);
/* An object in the form in which this program writes JSON: no blanks, texts
 * escaped as buf_json does. */
void incident_line(struct buf *b, struct value v);

/* ---- escape.c ---- */

/* The next character of *s, which is removed there, as it can be shown: what is
 * hidden or no character is U+FFFD, a line's end a blank. */
struct str glyph(struct str *s);

/* s as HTML's text: at most max bytes of it, on a character's border; what is
 * hidden or no character becomes U+FFFD. */
void html_text(struct buf *b, struct str s, size_t max);
/* s as text of Markdown, in a line or in a cell of a table. */
void markdown_text(struct buf *b, struct str s);

/* ---- say.c ---- */

/* How many ranks "0-3,7" are: 5. */
uint64_t ranks_count(struct str ranges);
/* At most so many ranges, ", " between them, then how many ranks more. */
void ranks_say(struct buf *b, struct str ranges, size_t max);
/* "<1 ms", "18 ms", "52 s", "3 min 50 s", "2 h 5 min", "4 d": of the length of d. */
void span_say(struct buf *b, int64_t d);
/* "02:31:10.001": the time of day, milliseconds if there are any. */
void clock_say(struct buf *b, int64_t t);
/* "2026-05-14 02:31:10.001200" or, without one, "-". */
void time_say(struct buf *b, int64_t t);
/* "dgx-a03 0000:3a:00.0", "train/llm-0": where a step was. */
void where_say(struct buf *b, const struct incident_step *s);
/* "+18 ms", "-52 s" of a step behind another; nothing without one. */
void after_say(struct buf *b, const struct incident_step *s, const struct incident_step *before);
/* Is it what goes on from `since` to `at`, or did it happen once in between? */
bool step_lasts(const struct incident_step *s);
/* What it was, since when, how much is folded into it. */
void what_say(struct buf *b, const struct incident_step *s);
/* "from 1, causes (C4)", or "root". */
void why_say(struct buf *b, const struct incident_step *s);
/* Where the root was, as `where_say`; "4 nodes" where there are several. */
void root_say(struct buf *b, struct value root, struct mem *m);
/* Texts in a list, ", " between them, at most max; then how many more. */
void list_say(struct buf *b, struct value list, size_t max, struct mem *m);
/* What the input held: "kernel event 12 (3 nodes), ...". */
void coverage_say(struct buf *b, const struct incident *i);

/* A record of the evidence: "02:31:10.001 kernel event: what it says". */
void evidence_say(struct buf *b, const struct incident *i, struct value e);
/* Those that are shown where not all are: the first ones that differ in more than
 * digits, the cause's first.  Returns how many; more: "and 3 more", or nothing. */
enum { EVIDENCE_SHOWN = 5 };
size_t evidence_pick(const struct incident *i, struct value pick[EVIDENCE_SHOWN], struct buf *more);

/* What is said of an incident beside its story: what to do, how sure, ... */
struct remark {
	struct str label, word; /* on pages; in text, where it is empty: not there */
	void (*say)(struct buf *b, const struct incident *i); /* or nothing */
};
enum { REMARKS_FIRST = 2 }; /* what to do stands before the story */
extern const struct remark remarks[]; /* ended by a NULL */

/* ---- writers ---- */

void incident_text(struct buf *b, const struct incident *i, struct look look);
void text_paragraph(struct buf *b, struct look look, struct str s);
/* "  NAME   text" as one of its paragraphs; nothing for an empty text. */
void text_labelled(struct buf *b, struct look look, struct str name, struct str text);
void incident_markdown(struct buf *b, const struct incident *i);
/* An <article>; n: its number on the page, from 1. */
void incident_html(struct buf *b, const struct incident *i, uint64_t n);
/* A row of the page's list of incidents. */
void incident_html_row(struct buf *b, const struct incident *i, uint64_t n);
void page_html(struct buf *b, struct str rows, struct str articles, uint64_t n);
/* What stands around all that is on a page. */
void page_begin(struct buf *b, struct str title);
void page_end(struct buf *b);
/* An <svg>. */
void incident_picture(struct buf *b, const struct incident *i, uint64_t n);

/* ---- rollup.c ---- */

enum rollup_by { ROLLUP_GPU, ROLLUP_NODE, ROLLUP_OFF };

/* What must be known of one incident, for one GPU or node. */
struct rollup_entry {
	struct str node, gpu, uuid, action, headline, id;
	int64_t first, last;
};
struct rollup {
	struct mem *mem; /* of all it keeps */
	enum rollup_by by;
	struct rollup_entry *e;
	size_t n, cap;
};
void rollup_add(struct rollup *r, const struct incident *i);
/* The rows, those with the most incidents first. */
void rollup_put(struct rollup *r, enum page_format format, struct look look, struct buf *b);

#endif
