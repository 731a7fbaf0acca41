/*
 * dialect - the table of dialects, and reading one JSON value with them.  The
 * value goes to the first dialect that recognizes it; lists, watch envelopes
 * and search hits are opened and their contents read one by one; values that no
 * dialect recognizes are searched for lines of text (envelope.c).  A new
 * dialect is one file and one name in DIALECTS.
 * Layer dialect: includes reader.
 */
#ifndef DIALECT_H
#define DIALECT_H

#include "input/reader.h"

struct dialect {
	/*
	 * False if the value's shape alone (json.h: names, nesting and types,
	 * no texts) excludes this dialect: values of that shape are not offered
	 * again.  NULL: every value is offered.
	 */
	bool (*by_shape)(struct value v);
	/* Read a value accepted by by_shape; or return false and add nothing. */
	bool (*read)(struct reader *r, struct value v);
	/* Both end where gives is 0; NULL: only those of text readers. */
	const struct word *words;  /* each value that yields the kind contains one of them */
	const struct word *claims; /* strings only in values to be read; each contains a word */
};

/* All dialects, more specific ones first. */
#define DIALECTS(DIALECT) \
	DIALECT(journald) /* the most frequent */ \
	DIALECT(verdict) \
	DIALECT(otlp) DIALECT(measurements) DIALECT(prometheus) DIALECT(points) DIALECT(smi) DIALECT(flightrec) DIALECT(ras_json) DIALECT(cycle) DIALECT(kubernetes) DIALECT(datadog) DIALECT(dmesg) \
	DIALECT(flat) DIALECT(envelope)
#define DIALECT_DECLARE(name) extern const struct dialect name##_dialect;
DIALECTS(DIALECT_DECLARE)

/* The same as a list, ended by NULL. */
extern const struct dialect *const dialects[];

/* Labels in which controllers store a pod's job; ended by "no string". */
extern const struct str kubernetes_jobs[];

/* Offer a value to one dialect: for dialects whose values contain others. */
static inline bool
dialect_read(const struct dialect *d, struct reader *r, struct value v)
{
	return (!d->by_shape || d->by_shape(v)) && d->read(r, v);
}

/*
 * The words of the screen for filters that want these kinds of records: those
 * of all dialects and text readers, and the marks of unsupported formats
 * (foreign.h), at most max.  Returns their number.
 */
size_t dialect_words(unsigned wants, struct str *word, size_t max);
/* The same for claims. */
size_t dialect_claims(unsigned wants, struct str *claim, size_t max);

/* The kinds of records that a claim stands for. */
unsigned dialect_claimed(struct str claim);

/* Add to o what an object states on time, place and author of the lines in it. */
void envelope_learn(struct reader *r, struct value v, struct origin *o);

/* A table in a value: the names of its columns, and rows of cells or columns of
 * cells, in the object `around`. */
struct table {
	struct value names, rows, around;
	size_t nrows, cells; /* number of rows; cells in the first one */
	bool columns;        /* rows contains columns */
};
/* Is an array the rows of a table? */
bool rows_find(struct value list, struct table *t);
/* Read each row; o supplies what it lacks.  False if the table is too large, or
 * its columns differ in length. */
bool rows_read(struct reader *r, const struct table *t, const struct origin *o);

/* Read one value; text must be valid JSON (json_scan). */
void reader_value_text(struct reader *r, struct str text);
/* The same for a text whose tokens are already in r->json. */
void reader_value_parsed(struct reader *r, struct str text);

/* Kinds of lines in the text format that exporters expose to Prometheus. */
enum exposition { EXPOSITION_NOT, EXPOSITION_COMMENT, EXPOSITION_SAMPLE };
/* Returns the kind; with add, also adds the sample.  Not while a value is read. */
enum exposition exposition_read(struct reader *r, struct str line, bool add);

#endif
