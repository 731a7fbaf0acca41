/*
 * csv - tables of log lines and Events exported by log stores and databases, and of
 * measurements printed by nvidia-smi: a line of column names, then rows, which may span
 * lines within quotes.  Each row becomes a JSON object.
 * Sources: RFC 4180; what Azure's Log Analytics, Kibana, Splunk, CloudWatch Logs
 * Insights, Datadog and Google's Logs Explorer download; nvidia-smi(1),
 * --query-gpu with --format=csv; pdsh(1), whose labels stand in front of lines.
 * Layer input: includes base, event.
 */
#ifndef CSV_H
#define CSV_H

#include "base/buf.h"

/* The current table. Start from {0}. */
struct csv {
	struct buf names; /* the line of column names; empty: no table */
	char sep;
	size_t columns;
	bool labels;      /* each line begins with the node, "gpu-7: " */
	bool waits;       /* the line was Excel's "sep=;": the names follow */
	struct buf row;   /* lines kept so far of a row with an open quote */
	uint64_t first, last; /* numbers of the first and last of them */
	struct buf name, cell; /* the current ones, unquoted */
};

/* Begin a file with this line.  Returns whether it is a line of column names, at least
 * one of a log text or a measurement; if so, the table begins. */
bool csv_begin(struct csv *c, struct str line);
/* The same for names in a JSON array, followed by rows that are arrays (ClickHouse's
 * JSONCompactEachRowWithNames); begins no table. */
bool csv_begins_arrays(struct csv *c, struct str line);
/* Is this first line of a file a row of nvidia-smi's measurements, without column names
 * above it? */
bool csv_is_headless(struct csv *c, struct str line);

/* Remove "gpu-7: ", as printed by pdsh, from the start of a line; returns the node, or
 * empty if there is none. */
struct str csv_label(struct str *line);

enum csv_what {
	CSV_ROW,    /* *row may be a row: the line, or all lines kept */
	CSV_MORE,   /* the line was kept; more of the row follows */
	CSV_BROKEN, /* the kept lines are not a row: use each by itself */
};

/* Take line number n. */
enum csv_what csv_take(struct csv *c, struct str line, uint64_t n, struct str *row);
/* Discard the kept lines. */
void csv_drop(struct csv *c);
/* Append the row to json, as an object; false if its number of columns differs.  A
 * repeated line of names appends nothing.  Times become RFC 3339, in the zone (ns east
 * of UTC) if neither they nor the column's name contain one; *zoneless: that happened. */
bool csv_object(struct csv *c, struct str row, int64_t zone, struct buf *json, bool *zoneless);
void csv_free(struct csv *c);

#endif
