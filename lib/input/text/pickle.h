/*
 * pickle - a Python pickle as JSON text, for what plain data needs: dicts,
 * lists, tuples, strings, integers, floats, booleans and None, in protocols 0
 * to 5.  Nothing is executed or imported: an opcode that would, and any other
 * that such data does not need, is an error.  No recursion; what a small
 * pickle may grow to is bounded.
 *
 * Tuples become arrays; integers as keys become strings; floats keep six
 * digits behind the point, those that JSON has not become null.
 * Source: CPython's Lib/pickletools.py, which describes every opcode.
 * Layer text: includes json.
 */
#ifndef PICKLE_H
#define PICKLE_H

#include "json/json.h"

/* Does a file that begins with these bytes hold a pickle rather than JSON? */
bool pickle_is(struct str head);

struct pickle_error {
	const char *why;    /* a constant message */
	struct str opcode;  /* the name of the one it is about, if any */
	uint64_t at;        /* and its offset in the pickle, from 0 */
};

/*
 * Append the first pickle in text as one JSON value to b, at most max bytes.
 * False on an error; b then holds anything.  m is for what lives meanwhile.
 */
bool pickle_json(struct str text, uint64_t max, struct mem *m, struct buf *b, struct pickle_error *e);

#endif
