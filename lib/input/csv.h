/*
 * csv - tables of log lines and Events that log stores and databases export: a
 * line of column names first, then a line for each row.  Each row is turned into
 * the object that it stands for.  A row of several lines is none.
 * Sources: RFC 4180; what Azure's Log Analytics, Kibana, Splunk, CloudWatch Logs
 * Insights, Datadog and Google's Logs Explorer download.
 * Layer input: includes base.
 */
#ifndef CSV_H
#define CSV_H

#include "base/buf.h"

/* The table at hand. Start from {0}. */
struct csv {
	struct buf names; /* the line of its columns; empty: there is none */
	char sep;
	size_t columns;
};

/* A file begins with this line.  Is it one of names, of which one is of a text
 * that programs log?  Then there is a table at hand, else none. */
bool csv_begin(struct csv *c, struct str line);
/* The row as an object, behind what is in json; false if it has another number of
 * columns.  Times get the form of RFC 3339: in the zone, ns east of UTC, where
 * neither they nor their column's name tell one; *zoneless: there was one. */
bool csv_object(const struct csv *c, struct str row, int64_t zone, struct buf *json, bool *zoneless);
void csv_free(struct csv *c);

#endif
