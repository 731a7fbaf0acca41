/*
 * filter - the program that every filter is: options, inputs, decoding, the
 * pattern, verdicts, messages and the exit status (contract in
 * CONTRIBUTING.md and inquest's manual pages).  It runs on descriptors or in
 * memory alike: golden-replay runs the same code.
 * Layer top: may include everything.
 */
#ifndef FILTER_H
#define FILTER_H

#include "pattern/pattern.h"

struct filter_io {
	int in;           /* standard input */
	int dir;          /* relative names are opened from here (AT_FDCWD) */
	struct out *out;  /* standard output: a descriptor, or memory */
	struct out *err;
	bool typed;       /* in is a terminal */
	struct look look; /* of text output */
	size_t block;     /* bytes of input read at once, or 0 (struct in) */
};

/* Run one filter; returns its exit status, 0 to 3 (base/diag.h). */
int filter_run(const struct pattern *p, int argc, char *const argv[], struct filter_io *io);

/* The same on the process's own descriptors: the whole of a filter's main. */
int filter_main(const struct pattern *p, int argc, char *const argv[]);

/* How text on a descriptor looks; the same for all that are no terminal. */
struct look filter_look(int fd);

/* All filters, ended by NULL. */
extern const struct pattern *const filters[];

#endif
