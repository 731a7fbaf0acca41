/*
 * filter - the main program of all filters: options, inputs, decoding, the
 * pattern, verdicts, messages and the exit status (see the manual pages and
 * CONTRIBUTING.md).  It runs on file descriptors or in memory: golden-replay
 * runs the same code.
 * Layer top: may include everything.
 */
#ifndef FILTER_H
#define FILTER_H

#include "pattern/pattern.h"

struct filter_io {
	int in;           /* standard input */
	int dir;          /* directory for relative names (AT_FDCWD) */
	struct out *out;  /* standard output: a descriptor, or memory */
	struct out *err;
	bool typed;       /* in is a terminal */
	struct look look; /* of text output */
	size_t block;     /* bytes of input per read, or 0 (struct in) */
};

/* Run one filter; returns its exit status, 0 to 3 (base/diag.h). */
int filter_run(const struct pattern *p, int argc, char *const argv[], struct filter_io *io);

/* The same on the process's own descriptors: the main function of a filter. */
int filter_main(const struct pattern *p, int argc, char *const argv[]);

/* Appearance of text on a descriptor; the same for all that are not terminals. */
struct look filter_look(int fd);

/* All filters, ended by NULL. */
extern const struct pattern *const filters[];

#endif
