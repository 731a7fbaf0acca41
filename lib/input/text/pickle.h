/*
 * pickle - converts a Python pickle of plain data to a JSON value: dicts,
 * lists, tuples, strings, integers, floats, booleans and None, in protocols 0
 * to 5.  Nothing is executed or imported: an opcode that would, and any other
 * that such data does not need, is an error.  No recursion; the expansion of
 * small pickles is bounded.
 *
 * Tuples become arrays; integer keys become strings; floats keep six fraction
 * digits, those that JSON cannot express become null.
 * Source: CPython's Lib/pickletools.py, which describes every opcode.
 * Layer text: includes json.
 */
#ifndef PICKLE_H
#define PICKLE_H

#include "json/json.h"

/* Is a file that begins with these bytes a pickle rather than JSON? */
bool pickle_is(struct str head);

struct pickle_error {
	const char *why;    /* a constant message */
	struct str opcode;  /* name of the opcode, if the error is about one */
	uint64_t at;        /* its offset in the pickle, from 0 */
	size_t shaped;      /* dicts that were made in one step, being like an earlier one */
};

/*
 * Convert the first pickle in text to one JSON value in b, at most max bytes,
 * and its tokens in j, whose text is that of b.  On an error returns false; b
 * and j are then undefined.  m: scratch memory.
 */
bool pickle_json(struct str text, uint64_t max, struct mem *m, struct buf *b, struct json *j, struct pickle_error *e);

#endif
