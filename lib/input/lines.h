/*
 * lines - passes over lines of text, many at a time.
 * Layer input: includes base.
 */
#ifndef LINES_H
#define LINES_H

#include "base/str.h"

/*
 * How many bytes at the start of s are whole lines of text, whose number is
 * added to *n.  It stops at a line that is blank or may begin a value, as
 * those do whose first byte is a quote, or a bracket with a quote or a bracket
 * behind it, or none that is printed; it may stop early.
 */
size_t lines_text(struct str s, uint64_t *n);

/* The same, without the machine's special instructions: for tests. */
size_t lines_text_plain(struct str s, uint64_t *n);

#endif
