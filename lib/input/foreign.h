/*
 * foreign - output of other programs that no reader takes, and what to use
 * instead.
 * Sources: nvidia-smi(1), dcgmi dmon, lspci(8), ipmitool(1): what they print.
 * Layer input: includes event.
 */
#ifndef FOREIGN_H
#define FOREIGN_H

#include "event/event.h"

/*
 * What a line shows its file to be and what to use instead, a constant text, if
 * such a file has records of a kind that is wanted (bit by enum event_kind); else
 * empty.  first: it is the file's first line.
 */
struct str foreign_text(struct str line, bool first, unsigned wants);

/* For the screen: each such line, CSV aside, has one; a row of no kinds ends them. */
extern const struct word foreign_words[];

#endif
