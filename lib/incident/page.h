/*
 * page - incidents in human-readable form: text, Markdown, an HTML page with a
 * picture of each, and a roll-up of many.  Writers get an incident from its JSON
 * line (incident.schema.json), of this run or another.  Such a line is untrusted
 * input: any member may be absent, of the wrong type, or hostile.
 * line.c reads lines; escape.c escapes HTML and Markdown; say.c has the phrases
 * that writers share; paragraph.c, markdown.c, html.c with picture.c, and
 * rollup.c are the writers; page.c selects one.
 * Layer incident: includes json, verdict.
 */
#ifndef PAGE_H
#define PAGE_H

#include "json/value.h"
#include "verdict/verdict.h"

enum page_format { PAGE_JSONL, PAGE_TEXT, PAGE_MARKDOWN, PAGE_HTML };
#define PAGE_FORMATS "jsonl|text|markdown|html"

/* A fact of the incident: an element of `links`. */
struct incident_step {
	int64_t n, from;   /* its number; that of its cause, or 0 */
	int64_t at, since; /* when it was seen; earliest time it may have happened, or at */
	int64_t until;     /* end of a lasting fact, or NO_TIME */
	struct str fact, what, node, gpu, pod, ranks, rule, strength;
	int64_t code, folded; /* or 0 */
	bool shared;       /* a root on several nodes */
	const struct incident_step *cause; /* an earlier step, or NULL */
};

struct incident {
	struct value v;
	struct mem *mem;
	struct str id, headline, remediation, action, kind, confidence, blamed, waiting; /* ranks as "0-3,7" */
	int64_t first, last, resolved; /* or NO_TIME */
	struct incident_step *step;
	size_t nstep;
};

/* ---- line.c ---- */

/* Read an incident's JSON; strings point into the line or live in m. */
void incident_read(struct incident *to, struct value v, struct mem *m);
/* Is it a planned kind: a preemption or maintenance? */
bool kind_planned(struct str kind);
/* Append an object as this program writes JSON: no blanks, strings escaped by
 * buf_json. */
void incident_line(struct buf *b, struct value v);

/* ---- escape.c ---- */

/* Remove the next character of *s and return it in printable form: U+FFFD for
 * hidden or invalid characters, a blank for an end of line. */
struct str glyph(struct str *s);

/* Append at most max bytes of s, in whole characters, as HTML text; hidden or
 * invalid characters become U+FFFD. */
void html_text(struct buf *b, struct str s, size_t max);
/* Append s as Markdown text, for a line or a cell of a table. */
void markdown_text(struct buf *b, struct str s);

/* ---- say.c ---- */

/* Number of ranks in a list: 5 for "0-3,7". */
uint64_t ranks_count(struct str ranges);
/* At most max ranges, separated by ", ", then the number of further ranks. */
void ranks_say(struct buf *b, struct str ranges, size_t max);
/* Duration of d ns: "<1 ms", "18 ms", "52 s", "3 min 50 s", "2 h 5 min", "4 d". */
void span_say(struct buf *b, int64_t d);
/* Time of day: "02:31:10.001", without milliseconds if they are 0. */
void clock_say(struct buf *b, int64_t t);
/* "2026-05-14 02:31:10.001200", or "-" for NO_TIME. */
void time_say(struct buf *b, int64_t t);
/* Place of a step: "dgx-a03 0000:3a:00.0", "train/llm-0". */
void where_say(struct buf *b, const struct incident_step *s);
/* Time from another step: "+18 ms", "-52 s"; nothing if `before` is NULL. */
void after_say(struct buf *b, const struct incident_step *s, const struct incident_step *before);
/* Did it last from `since` to `at`?  False: it happened once in between. */
bool step_lasts(const struct incident_step *s);
/* The fact, its start, and the number of facts folded into it. */
void what_say(struct buf *b, const struct incident_step *s);
/* Link to the cause: "from 1, causes (C4)", or "root". */
void why_say(struct buf *b, const struct incident_step *s);
/* Place of the root, as where_say, or "4 nodes". */
void root_say(struct buf *b, struct value root, struct mem *m);
/* At most max texts of a list, separated by ", ", then the number of further ones. */
void list_say(struct buf *b, struct value list, size_t max, struct mem *m);
/* Records in the input: "kernel event 12 (3 nodes), ...". */
void coverage_say(struct buf *b, const struct incident *i);

/* A piece of evidence: "02:31:10.001 kernel event: its text". */
void evidence_say(struct buf *b, const struct incident *i, struct value e);
/* Select evidence to show: the first pieces that differ in more than digits, the
 * cause's first.  Returns their number; more: "and 3 more", or nothing. */
enum { EVIDENCE_SHOWN = 5 };
size_t evidence_pick(const struct incident *i, struct value pick[EVIDENCE_SHOWN], struct buf *more);

/* A remark on an incident besides its story: what to do, confidence, ... */
struct remark {
	struct str label, word; /* on pages; in text (empty: omitted there) */
	void (*say)(struct buf *b, const struct incident *i); /* may append nothing */
};
enum { REMARKS_FIRST = 2 }; /* number of remarks that precede the story */
extern const struct remark remarks[]; /* ended by one whose say is NULL */

/* ---- writers ---- */

void incident_text(struct buf *b, const struct incident *i, struct look look);
void text_paragraph(struct buf *b, struct look look, struct str s);
/* "  NAME   text" as a paragraph of it; nothing for an empty text. */
void text_labelled(struct buf *b, struct look look, struct str name, struct str text);
void incident_markdown(struct buf *b, const struct incident *i);
/* An <article>; n: its number on the page, from 1. */
void incident_html(struct buf *b, const struct incident *i, uint64_t n);
/* A row of the page's list of incidents. */
void incident_html_row(struct buf *b, const struct incident *i, uint64_t n);
void page_html(struct buf *b, struct str rows, struct str articles, uint64_t n);
/* Begin and end of a page. */
void page_begin(struct buf *b, struct str title);
void page_end(struct buf *b);
/* An <svg>. */
void incident_picture(struct buf *b, const struct incident *i, uint64_t n);

/* ---- rollup.c ---- */

enum rollup_by { ROLLUP_GPU, ROLLUP_NODE, ROLLUP_OFF };

/* One incident, as part of the row of its GPU or node. */
struct rollup_entry {
	struct str node, gpu, uuid, action, headline, id;
	int64_t first, last;
};
struct rollup {
	struct mem *mem; /* for all its memory */
	enum rollup_by by;
	struct rollup_entry *e;
	size_t n, cap;
};
void rollup_add(struct rollup *r, const struct incident *i);
/* Write the rows, most incidents first. */
void rollup_put(struct rollup *r, enum page_format format, struct look look, struct buf *b);

#endif
