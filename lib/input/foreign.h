/*
 * foreign - text that people give although it is read by nothing, as other
 * programs print it for people, and what would help.
 * Sources: nvidia-smi(1), dcgmi dmon, lspci(8), ipmitool(1): what they print.
 * Layer input: includes event.
 */
#ifndef FOREIGN_H
#define FOREIGN_H

#include "event/event.h"

/*
 * What a line shows its file to be, if that would hold records of a kind that
 * is wanted, and what would help; else empty.  first: it is the first line.
 */
struct str foreign_text(struct str line, bool first, unsigned wants);

/* Of a screen: one is in each such line, but the first; ended by no kinds. */
extern const struct word foreign_words[];

#endif
