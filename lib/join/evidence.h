/*
 * evidence - a record as evidence of a verdict, with its own identity or one
 * derived from its content.
 * Layer join: includes event, verdict/verdict.h.
 */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include "event/event.h"
#include "verdict/verdict.h"

struct source {
	struct str uid;         /* the record's own; empty: "where/what/which/time" is used */
	struct str where;       /* empty: "-" */
	struct str what, which; /* which may be empty */
	int64_t t;
};

/* Append evidence to the newest verdict.  text: its description, not empty; it
 * is emptied.  No string of the source may be a view of text. */
void evidence_add(struct verdicts *vs, struct str kind, const struct source *s, struct buf *text);
/* The same for an Xid: its kernel line, or its number.  which: the GPU's name;
 * graded: the class from --rules, or empty.  Overwrites both buffers. */
void evidence_xid(struct verdicts *vs, const struct events *ev, const struct xid *x, struct str which, struct str graded,
		  struct buf *text, struct buf *what);

#endif
