/*
 * lines - skips lines of text, many at a time.
 * Layer input: includes base.
 */
#ifndef LINES_H
#define LINES_H

#include "base/str.h"

/*
 * Number of bytes at the start of s that are whole lines of text; adds the number of
 * lines to *n.  Stops at a line that is blank or may begin a value: its first byte is a
 * quote, or a bracket followed by a quote or bracket, or not printable.  May stop early.
 */
size_t lines_text(struct str s, uint64_t *n);

/* The same, without the machine's special instructions: for tests. */
size_t lines_text_plain(struct str s, uint64_t *n);

#endif
