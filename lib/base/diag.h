/*
 * diag - messages to the user, one line each:
 *	prog: message
 *	prog: file:line: message
 * (GNU coding standards 4.4).  Quotes from the input are escaped: a file name
 * or pod name cannot drive a terminal.
 * Layer base: includes io.
 */
#ifndef DIAG_H
#define DIAG_H

#include "base/io.h"

/* Exit statuses, the same for all filters; see EXIT STATUS in their manual pages. */
enum {
	EX_FINE = 0,    /* nothing to report */
	EX_FOUND = 1,   /* verdicts were found, and -e was given */
	EX_FAIL = 2,    /* usage, unreadable file, failed write (of messages, too), out of memory */
	EX_PARTIAL = 3, /* finished, but some input was rejected or not read */
};

/* Combine two exit statuses: 2 > 3 > 1 > 0. */
int ex_worst(int a, int b);

struct diag {
	struct out *to;
	struct str prog;
	struct str before; /* written before each message: clears the progress meter */
	bool quiet; /* no notices */
};

/* Print the parts, one after the other, as one message. */
void diag_parts(struct diag *d, const struct str *part, size_t n);
#define DIAG(d, ...) \
	diag_parts((d), (const struct str[]){__VA_ARGS__}, sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str))

/* v in decimal; valid until the fourth call after this one. */
struct str diag_u64(uint64_t v);
/* The system's text for an errno value; same lifetime as strerror's. */
struct str diag_errno(int err);

#endif
