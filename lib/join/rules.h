/*
 * rules - a site's own grading of Xid codes, which overrides the catalog:
 * --rules=FILE with lines of code TAB class TAB action TAB text.  Action and
 * text may be empty or missing; empty lines and lines that start with # are
 * ignored.
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
 * Read a struct rules from text, which must outlive it.  Returns NULL, or an
 * error message (a constant), with its line number in *line.  If a code is
 * repeated, the last line wins.
 */
const char *rules_parse(void *rules, struct str text, struct mem *m, uint64_t *line);

/*
 * The entry of a code: the site's rule, completed from the catalog; or the
 * catalog's entry; or an unknown code.
 */
struct xid_info rules_find(const struct rules *r, uint32_t code, bool *by_rule);

#endif
