/*
 * replay - golden cases: run a filter's code in process on a case's input and
 * compare every byte with what the case keeps.  A case is a folder
 * <filter>/<case>/ with
 *	cmd         the command line behind the filter's name: words, which
 *	            single quotes may group
 *	in          standard input, if there is one
 *	in.* in1 …  further inputs: operands behind those in cmd, by name
 *	out err rc  what must come out; absent: nothing, nothing, 0
 * Names in cmd are relative to the case's folder.
 * A folder without cmd and inputs is none.
 * Layer top: beside filter, which it runs.
 */
#ifndef REPLAY_H
#define REPLAY_H

#include "filter/filter.h"

struct replay {
	bool update;      /* rewrite what differs */
	struct str only;  /* filter or pattern to limit to; empty: all */
	struct out *out;  /* TAP 14 */
	struct diag *diag;
	int status;       /* 0 all equal, 1 some differ, 2 trouble */
	uint64_t n;       /* cases run */
};

/* Replay dir if it is a case, else all cases below it, by name; no case at
 * all is trouble unless a pattern limits them. */
void replay_dir(struct replay *r, const char *dir);

/*
 * Where two outputs differ first, as TAP diagnostics: the line, the first
 * JSON member in it that differs, expected and actual.
 */
void replay_diff(struct buf *b, struct str want, struct str got);

#endif
