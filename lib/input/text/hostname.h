/*
 * hostname - words that stand where a host's name may stand, but other words, too: in
 * headings and brackets.
 * Layer text: includes base.
 */
#ifndef HOSTNAME_H
#define HOSTNAME_H

#include "base/str.h"

/*
 * Is a word the name of a host, rather than of a step, a file or a device?  It begins
 * with two letters and has a digit; it is no number behind a word such as "run", "rank",
 * "gpu" (gpu0 to gpu99 may be devices; gpu-7, gpu07 are hosts) or "messages", no word
 * with a date, and no file's name.  False: it cannot be told.
 */
bool hostname_is(struct str word);

#endif
