/*
 * differ - compares two outputs.  They are compared line by line, each line
 * byte by byte; if members are to be ignored, JSON lines are compared member by
 * member, without these members in objects at any depth.
 * Layer top: includes json.
 */
#ifndef DIFFER_H
#define DIFFER_H

#include "json/json.h"

/*
 * Do the two differ?  If so, append the first difference to why, as lines of
 * YAML, each indented by two blanks:
 *	line        number of the line, from 1
 *	member      path of the first JSON member that differs, if both lines
 *	            are JSON: "node", "evidence_trail[0].message"
 *	old, new    its values: a string as it is, a number, true, false or
 *	            null, an object or array in a string; (none) if it is missing
 *	expected, actual    both lines
 * ignored: names separated by commas, or "no string".
 */
bool differ(struct str want, struct str got, struct str ignored, struct buf *why);

/* Append "  name: s" and a newline, s as a JSON string. */
void differ_field(struct buf *why, const char *name, struct str s);

#endif
