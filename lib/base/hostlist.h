/*
 * hostlist - expands Slurm's lists of host names, as scontrol show hostnames
 * does: "gpu[001-004,7],login1".  Numbers are as wide as the first one of their
 * range; with several brackets the last one varies fastest.
 * https://slurm.schedmd.com/scontrol.html#OPT_hostnames
 * Layer base: includes buf, mem, str.
 */
#ifndef HOSTLIST_H
#define HOSTLIST_H

#include "base/buf.h"
#include "base/mem.h"

enum { HOSTLIST_MAX = 1 << 20 }; /* names per text */

/* Is a word a list, rather than one name? */
bool hostlist_is(struct str word);
/* Append the list's names to b, each followed by a newline; at most *left,
 * which is reduced by their number.  False: not a list, or more names than
 * that; b then holds part of them. */
bool hostlist_put(struct buf *b, struct str list, size_t *left);
/* The text with each line that is a list replaced by its names; in m.  Returns
 * NULL, or an error message, with its line number in *line. */
const char *hostlist_lines(struct str text, struct mem *m, struct str *lines, uint64_t *line);

#endif
