/*
 * evidence - a record as evidence of a verdict, with its own identity or with one
 * that is made from its content.
 * Layer join: includes event, verdict/verdict.h.
 */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include "event/event.h"
#include "verdict/verdict.h"

struct source {
	struct str uid;         /* its own; empty: "where/what/which/time" stands for it */
	struct str where;       /* empty: "-" */
	struct str what, which; /* which may be empty */
	int64_t t;
};

/* Append evidence to the newest verdict: text is the description, which is not
 * empty, and is emptied; no string of the source may be a view of it. */
void evidence_add(struct verdicts *vs, struct str kind, const struct source *s, struct buf *text);
/* The same of an Xid: its line, or its number.  which: its GPU's name; graded:
 * the class that --rules gave it, or empty.  Both buffers are overwritten. */
void evidence_xid(struct verdicts *vs, const struct events *ev, const struct xid *x, struct str which, struct str graded,
		  struct buf *text, struct buf *what);

#endif
