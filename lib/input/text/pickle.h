/*
 * pickle - a Python pickle as a JSON value, for what plain data needs: dicts,
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
 * The first pickle in text as one JSON value in b, at most max bytes, and its
 * tokens in j, whose text is that of b.  False on an error; they then hold
 * anything.  m is for what lives meanwhile.
 */
bool pickle_json(struct str text, uint64_t max, struct mem *m, struct buf *b, struct json *j, struct pickle_error *e);

#endif
