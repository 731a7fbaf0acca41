/*
 * dialect - the table of dialects, and reading one JSON value with them.  The
 * value goes to the first dialect that recognises it; lists, watch envelopes
 * and search hits are opened and each thing inside is read on its own; what no
 * dialect recognises is searched for lines of text (envelope.c).  A new dialect
 * is one file and one name in DIALECTS.
 * Layer dialect: includes reader.
 */
#ifndef DIALECT_H
#define DIALECT_H

#include "input/reader.h"

struct dialect {
	/*
	 * False for a value that its shape alone (json.h: names, nesting and
	 * types, no texts) shows not to be of this dialect: values of that shape
	 * are not offered again.  NULL: every value is offered.
	 */
	bool (*by_shape)(struct value v);
	/* Read a value that by_shape lets through; or return false and add nothing. */
	bool (*read)(struct reader *r, struct value v);
	/* Both ended by no kinds; NULL: text readers' alone. */
	const struct word *words;  /* one of them is in each value that gives the kind */
	const struct word *claims; /* only a value to be read has one; each contains a word */
};

/* Every dialect: the more particular ones first. */
#define DIALECTS(DIALECT) \
	DIALECT(journald) /* the most there is */ \
	DIALECT(verdict) \
	DIALECT(otlp) DIALECT(measurements) DIALECT(prometheus) DIALECT(points) DIALECT(smi) DIALECT(flightrec) DIALECT(ras_json) DIALECT(cycle) DIALECT(kubernetes) DIALECT(datadog) DIALECT(dmesg) \
	DIALECT(flat) DIALECT(envelope)
#define DIALECT_DECLARE(name) extern const struct dialect name##_dialect;
DIALECTS(DIALECT_DECLARE)

/* The same as a list, ended by NULL. */
extern const struct dialect *const dialects[];

/* Labels by which controllers say of which job a pod is; ended by "no string". */
extern const struct str kubernetes_jobs[];

/* Offer a value to one dialect: for those that carry others. */
static inline bool
dialect_read(const struct dialect *d, struct reader *r, struct value v)
{
	return (!d->by_shape || d->by_shape(v)) && d->read(r, v);
}

/*
 * The screen of a filter that wants these kinds of records: of all dialects and
 * text readers the words of what gives one, and the marks of what is not read
 * (foreign.h), at most max.  Returns how many.
 */
size_t dialect_words(unsigned wants, struct str *word, size_t max);
/* The same of claims. */
size_t dialect_claims(unsigned wants, struct str *claim, size_t max);

/* The kinds of records that what has a claim gives. */
unsigned dialect_claimed(struct str claim);

/* What an object says of when, where and by whom the lines in it were written. */
void envelope_learn(struct reader *r, struct value v, struct origin *o);

/* A table in a value: the names of its columns, and rows of cells or columns of
 * cells, in the object around. */
struct table {
	struct value names, rows, around;
	size_t nrows, cells; /* rows, and cells in the first */
	bool columns;        /* rows are columns */
};
/* Is an array the rows of one? */
bool rows_find(struct value list, struct table *t);
/* Read each row; what it does not say itself is as in o.  False if it is too large, or
 * its columns are not of one length. */
bool rows_read(struct reader *r, const struct table *t, const struct origin *o);

/* Read one value: text is JSON (json_scan said so). */
void reader_value_text(struct reader *r, struct str text);
/* The same of a text whose tokens r->json has already. */
void reader_value_parsed(struct reader *r, struct str text);

/* What a line is in the text format that exporters expose to Prometheus. */
enum exposition { EXPOSITION_NOT, EXPOSITION_COMMENT, EXPOSITION_SAMPLE };
/* Tell, and with add keep what a sample measures. Not while a value is read. */
enum exposition exposition_read(struct reader *r, struct str line, bool add);

#endif
