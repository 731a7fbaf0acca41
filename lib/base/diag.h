/*
 * diag - messages to the user, one line each:
 *	prog: message
 *	prog: file:line: message
 * (GNU coding standards 4.4).  What they quote from the input is escaped:
 * a file name or a pod name cannot drive a terminal.
 * Layer base: includes io.
 */
#ifndef DIAG_H
#define DIAG_H

#include "base/io.h"

/* Exit statuses, the same for all filters; see each EXIT STATUS section. */
enum {
	EX_FINE = 0,    /* nothing to complain about */
	EX_FOUND = 1,   /* verdicts, and -e asked for it */
	EX_FAIL = 2,    /* usage, unreadable file, failed write (of messages, too), no memory */
	EX_PARTIAL = 3, /* finished, but some input was rejected, or is not read */
};

/* Combine two exit statuses: 2 > 3 > 1 > 0. */
int ex_worst(int a, int b);

struct diag {
	struct out *to;
	struct str prog;
	struct str before; /* written before each message: clears what is drawn */
	bool quiet; /* no notices */
};

/* The parts, one after the other, as one message. */
void diag_parts(struct diag *d, const struct str *part, size_t n);
#define DIAG(d, ...) \
	diag_parts((d), (const struct str[]){__VA_ARGS__}, sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str))

/* v in decimal; lives until the fourth call after this one. */
struct str diag_u64(uint64_t v);
/* The system's words for an errno value; same lifetime as strerror's. */
struct str diag_errno(int err);

#endif
