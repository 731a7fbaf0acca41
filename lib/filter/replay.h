/*
 * replay - golden cases: run a filter's code in process on a case's input and
 * compare every byte with the case's files.  A case is a folder
 * <filter>/<case>/ with
 *	cmd         the command line after the filter's name: words, which
 *	            single quotes may group
 *	in          standard input, if there is one
 *	in.* in1 …  further inputs: operands after those in cmd, by name
 *	out err rc  expected output, messages, status; missing: empty, empty, 0
 * Names in cmd are relative to the case's folder.
 * A folder without cmd and inputs is not a case.
 * Layer top: includes filter, which it runs.
 */
#ifndef REPLAY_H
#define REPLAY_H

#include "filter/filter.h"

struct replay {
	bool update;        /* rewrite what differs */
	struct str only;    /* filter or pattern to limit to; "no string": all */
	struct str ignored; /* JSON members that are not compared (differ.h) */
	struct out *out;    /* TAP 14 */
	struct diag *diag;
	int status;         /* 0 all equal, 1 some differ, 2 trouble */
	uint64_t n, found;  /* cases run; cases found, including those that -p excludes */
};

/*
 * Replay each folder that is a case, or all cases below it, sorted by name; the
 * default folder is "golden".  Symbolic links to folders below it are skipped,
 * with a message; inputs may be links, and so may expected outputs unless they
 * are rewritten.  An unknown filter, a folder without cases, and no case at all
 * are errors.
 */
void replay(struct replay *r, char *const dirs[], size_t n);

#endif
