/*
 * banner - headings that shell loops print above what a host wrote: "=== gpu-7 ===",
 * "##### gpu-7 #####", "*** gpu-7 ***", "--- gpu-7 ---", and head's and tail's
 * "==> gpu-7 <==".
 * Layer input: includes text.
 */
#ifndef BANNER_H
#define BANNER_H

#include "base/str.h"

struct banner {
	unsigned level;  /* rank of its marks: a higher one stands above a lower one */
	struct str host; /* the host that it names, or empty: it names something else */
};

/* Is a line, without blanks around it, a banner: text between equally many marks, at
 * least three? */
bool banner_read(struct str line, struct banner *b);

#endif
