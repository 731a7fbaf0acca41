/*
 * rules - a site's own grading of Xid codes, over the catalogue: --rules=FILE
 * with lines of code TAB class TAB action TAB text.  Action and text may be
 * empty or missing; empty lines and lines that start with # are comments.
 * Layer join: includes catalog.
 */
#ifndef RULES_H
#define RULES_H

#include "join/catalog.h"

struct rules {
	struct xid_info *x; /* ascending codes; views into the file's text */
	size_t n;
};

/*
 * Read a struct rules from text, which must outlive it.  NULL, or what is wrong: a
 * constant message, with its line in *line.  Of several lines of a code the last
 * one wins.
 */
const char *rules_parse(void *rules, struct str text, struct mem *m, uint64_t *line);

/*
 * The entry of a code: the site's rule, completed from the catalogue,
 * else the catalogue's entry, else an unknown code.
 */
struct xid_info rules_find(const struct rules *r, uint32_t code, bool *by_rule);

#endif
