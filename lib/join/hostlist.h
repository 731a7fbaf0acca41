/*
 * hostlist - Slurm's short form of many host names as the names that it means:
 * "gpu[001-004,7],login1"; numbers are as wide as the first of their range, and
 * of several brackets the last turns fastest, as with scontrol show hostnames.
 * https://slurm.schedmd.com/scontrol.html#OPT_hostnames
 * Layer join: includes base.
 */
#ifndef HOSTLIST_H
#define HOSTLIST_H

#include "base/buf.h"
#include "base/mem.h"

enum { HOSTLIST_MAX = 1 << 20 }; /* names of a text */

/* Is a word such a list, rather than one name? */
bool hostlist_is(struct str word);
/* Add the list's names to b, each with a line's end: at most *left, which they
 * are taken from.  false: it is no such list, or has more; b then holds a part. */
bool hostlist_put(struct buf *b, struct str list, size_t *left);
/* A text in which each line that is a list is replaced by its names; in m.
 * NULL, or what is wrong, with its line in *line. */
const char *hostlist_lines(struct str text, struct mem *m, struct str *lines, uint64_t *line);

#endif
