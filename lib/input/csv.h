/*
 * csv - tables of log lines and Events that log stores and databases export, and
 * of measurements that nvidia-smi prints: a line of column names first, then a
 * row for each, which may span lines within quotes.  Each row is turned into the
 * object that it stands for.
 * Sources: RFC 4180; what Azure's Log Analytics, Kibana, Splunk, CloudWatch Logs
 * Insights, Datadog and Google's Logs Explorer download; nvidia-smi(1),
 * --query-gpu with --format=csv; pdsh(1), whose labels stand in front of lines.
 * Layer input: includes base, event.
 */
#ifndef CSV_H
#define CSV_H

#include "base/buf.h"

/* The table at hand. Start from {0}. */
struct csv {
	struct buf names; /* the line of its columns; empty: there is none */
	char sep;
	size_t columns;
	bool labels;      /* each line has the node in front, "gpu-7: " */
	bool waits;       /* the line was Excel's "sep=;": the names follow */
	struct buf row;   /* lines whose quotes do not end yet; of these */
	uint64_t first, last; /* the numbers of the first and the last */
	struct buf name, cell; /* those at hand, quotes undone */
};

/* A file begins with this line.  Is it one of names, of which one is of a text
 * that programs log or of a measurement?  Then there is a table at hand, else none. */
bool csv_begin(struct csv *c, struct str line);
/* The same of names in an array of JSON, whose rows are arrays (ClickHouse's
 * JSONCompactEachRowWithNames).  Nothing is at hand then but the answer. */
bool csv_begins_arrays(struct csv *c, struct str line);
/* A file begins with this line.  Is it a row of what nvidia-smi measured, without
 * names of columns above it? */
bool csv_is_headless(struct csv *c, struct str line);

/* Eat "gpu-7: " in front of a line, as pdsh prints it: the node; or nothing, and it is
 * empty. */
struct str csv_label(struct str *line);

enum csv_what {
	CSV_ROW,    /* *row may be one: the line, or all that were kept */
	CSV_MORE,   /* it was kept, and more of the row follows */
	CSV_BROKEN, /* it was kept, but what is kept is no row: each line counts alone */
};

/* Take line number n. */
enum csv_what csv_take(struct csv *c, struct str line, uint64_t n, struct str *row);
/* What was kept was used. */
void csv_drop(struct csv *c);
/* The row as an object, behind what is in json; false if it has another number of
 * columns.  The line of names, once more, is nothing.  Times get the form of RFC
 * 3339: in the zone, ns east of UTC, where neither they nor their column's name say
 * one; *zoneless: there was one. */
bool csv_object(struct csv *c, struct str row, int64_t zone, struct buf *json, bool *zoneless);
void csv_free(struct csv *c);

#endif
