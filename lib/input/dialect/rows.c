/*
 * rows - tables in responses of databases and query APIs: the names of columns once, then
 * rows of cells or columns of cells.  They are recognized by their form, whatever the
 * names of members.  Each row is read as an object; a column of a metric's values, with
 * labels, as a series.
 * Sources: Azure Monitor's REST API (columns, rows; Kusto: Columns, Rows),
 * Elasticsearch SQL and ES|QL (columns, rows or values), InfluxDB 1.x
 * (columns, values next to name and tags), Trino (columns, data), ClickHouse's
 * JSONCompact (meta, data), OpenSearch SQL and Graylog (schema, datarows),
 * Splunk (json_rows, json_cols), BigQuery (schema.fields, rows of f of v),
 * Athena, Snowflake, Databricks, Pinot, Metabase, pandas (orient="split");
 * Grafana's data frames (schema.fields, data.values: columns).
 */
#include "input/dialect/dialect.h"

enum {
	LOOKED = 64, /* members searched for the names */
	DEEP = 3,    /* levels searched */
	/* if a table is mostly names, a row costs as much as the whole */
	SPREAD = 16, SMALL = 64 * 1024,
};

/* ---- finding ---- */

/* Number of elements of an array, at most max. */
static size_t
count(struct value list, size_t max)
{
	size_t n = 0;

	for (struct value e = value_first(list); value_ok(e) && n < max; e = value_next(list, e))
		n++;
	return n;
}

/* The value of an object's only member. */
static struct value
only_member(struct value v)
{
	struct value m = value_first(v);

	if (!value_is_object(v) || !value_ok(m) || value_ok(value_next(v, m)))
		return (struct value){v.j, -1, false};
	return value_of_member(m);
}

/* The cells of a row, [...] or {"f":[...]}; not ok if it is not a row. */
static struct value
cells_of(struct value row)
{
	struct value cells = value_is_array(row) ? row : only_member(row);

	return value_is_array(cells) ? cells : (struct value){row.j, -1, false};
}

/* The name of a column, or empty.  Graylog's columns, which have a column_type, name the
 * node "source", a word with many meanings. */
static struct str
name_of(struct value column)
{
	static const struct str some[] = {
		STR_INIT("field"), STR_INIT("name"), STR_INIT("ColumnName"), STR_INIT("text"), STR_INIT("Name"),
	};
	struct value name = column;

	for (size_t i = 0; i < NELEM(some) && value_is_object(column); i++) {
		name = value_get(column, some[i]);
		if (value_is_string(name))
			break;
	}
	if (!value_is_string(name))
		return (struct str){0};
	if (value_is_object(column) && value_ok(value_get(column, S("column_type"))) && json_is(name.j, name.at, S("source")))
		return S("logsource");
	return json_raw(name.j, name.at);
}

/* Does v, a member with that name, contain the names of columns?  Their types may be next
 * to them. */
static bool
is_names(struct value v, struct str member)
{
	struct value first = value_first(v);

	return value_is_array(v) && name_of(first).p && !(value_is_string(first) && str_has(member, S("ype")));
}

/* In a table with as many lists as cells, are the lists columns?  Splunk names them so;
 * Grafana has values in a separate object. */
static bool
by_columns(const struct table *t)
{
	const struct json *j = t->rows.j;
	int name = t->rows.at - 1;

	return json_is(j, name, S("columns")) || (json_is(j, name, S("values")) && value_around(t->rows).at != t->around.at);
}

/* Find the names of the columns of t->rows in v, or deeper; left: number of members
 * still to be searched. */
static bool
find_names(struct value v, unsigned depth, unsigned *left, struct table *t) /* NOLINT(misc-no-recursion): DEEP deep */
{
	size_t n;

	for (struct value m = value_first(v); value_ok(m) && *left; m = value_next(v, m)) {
		struct value in = value_of_member(m);

		--*left;
		if (value_is_object(in)) {
			if (depth && find_names(in, depth - 1, left, t))
				return true;
		} else if (in.at != t->rows.at && is_names(in, json_raw(m.j, m.at))) {
			n = count(in, (t->cells > t->nrows ? t->cells : t->nrows) + 1);
			t->names = in;
			t->columns = n == t->nrows && (n != t->cells || by_columns(t));
			if (t->columns || n == t->cells)
				return true;
		}
	}
	return false;
}

bool
rows_find(struct value list, struct table *t)
{
	struct value cells = cells_of(value_first(list)), v = value_around(list);
	unsigned left = LOOKED;

	if (list.any || !value_ok(value_first(cells)) || value_ok(value_get(value_first(cells), S("field"))))
		return false;
	*t = (struct table){.rows = list, .nrows = count(list, SIZE_MAX), .cells = count(cells, SIZE_MAX)};
	/* an object of many members may have many lists */
	for (unsigned up = 0; up < DEEP && value_is_object(v) && count(v, LOOKED + 1) <= LOOKED; up++, v = value_around(v)) {
		t->around = v;
		if (find_names(v, DEEP - 1, &left, t))
			return true;
	}
	return false;
}

/* ---- reading ---- */

/* The text of a value, a string with its quotes. */
static struct str
whole(struct value v)
{
	struct str s = json_raw(v.j, v.at);

	return value_is_string(v) ? (struct str){s.p - 1, s.n + 2} : s;
}

/* {"v":"x"} is also a cell. */
static struct value
cell_of(struct value v)
{
	struct value in = only_member(v);

	return value_ok(in) && (value_ok(value_get(v, S("v"))) || value_ok(value_get(v, S("VarCharValue")))) ? in : v;
}

/* Is it a table of InfluxDB, with a name and tags like telegraf's records? */
static bool
is_influx(const struct table *t)
{
	return value_is_string(value_get(t->around, S("name"))) && value_is_object(value_get(t->around, S("tags")));
}

/* Would all rows and series as objects be not much larger than the table? */
static bool
is_bounded(const struct table *t)
{
	uint64_t most = SMALL + SPREAD * (uint64_t)whole(t->around).n, each = whole(t->names).n, n;

	if (is_influx(t))
		each += whole(value_get(t->around, S("name"))).n + whole(value_get(t->around, S("tags"))).n;
	n = each * (t->columns ? t->cells : t->nrows);
	if (t->columns)
		n += t->nrows * (uint64_t)whole(value_first(t->rows)).n;
	return n <= most;
}

static void
put(struct buf *b, struct str name, struct str value)
{
	if (b->p[b->n - 1] != '{')
		buf_chr(b, ',');
	buf_chr(b, '"');
	buf_add(b, name);
	buf_add(b, S("\":"));
	buf_add(b, value);
}

/* Read the row of n cells; a row of InfluxDB as a record of telegraf. */
static void
read_row(struct reader *r, const struct table *t, const struct value *cell, size_t n, const struct origin *o)
{
	struct value name = value_get(t->around, S("name")), tags = value_get(t->around, S("tags")), column = value_first(t->names);
	bool influx = is_influx(t);
	struct buf b = {.cap = json_raw(t->names.j, t->names.at).n + 16 * n + 64};
	struct str time = {0};

	for (size_t i = 0; i < n; i++)
		b.cap += whole(cell[i]).n;
	b.cap += influx ? whole(name).n + whole(tags).n + b.cap : 0;
	b.p = mem_bytes(&r->mem, b.cap);
	buf_add(&b, influx ? S("{\"fields\":{") : S("{"));
	for (size_t i = 0; i < n; i++, column = value_next(t->names, column)) {
		struct str is = name_of(column);

		if (is.p)
			put(&b, is, whole(cell_of(cell[i])));
		if (str_eq(is, S("time")))
			time = whole(cell[i]);
	}
	buf_chr(&b, '}');
	if (influx) {
		put(&b, S("name"), whole(name));
		put(&b, S("tags"), whole(tags));
		if (time.n)
			put(&b, S("timestamp"), time);
		buf_chr(&b, '}');
	}
	reader_object(r, buf_str(&b), o);
}

/* Rows of cells. */
static void
read_rows(struct reader *r, const struct table *t, struct value *cell, size_t n, const struct origin *o)
{
	struct value row, cells, c;
	size_t i;

	for (row = value_first(t->rows); value_ok(row); row = value_next(t->rows, row)) {
		cells = cells_of(row);
		for (i = 0, c = value_first(cells); i < n && value_ok(c); c = value_next(cells, c))
			cell[i++] = c;
		reader_at(r, row);
		read_row(r, t, cell, i, o);
	}
}

/* Read a column of a metric's values, with labels, and a column of times in ms as a
 * series. */
static void
read_series(struct reader *r, struct value column, struct value values, struct value times, const struct origin *o)
{
	struct value labels = value_get(column, S("labels"));
	struct str name = name_of(column);
	struct buf b = {.cap = 64};

	b.cap += whole(labels).n + name.n + whole(values).n + whole(times).n;
	b.p = mem_bytes(&r->mem, b.cap);
	buf_add(&b, S("{\"metric\":"));
	buf_add(&b, str_head(whole(labels), whole(labels).n - 1));
	if (!value_ok(value_get(labels, S("__name__")))) {
		put(&b, S("__name__"), S("\""));
		buf_add(&b, name);
		buf_chr(&b, '"');
	}
	buf_add(&b, S("},\"values\":"));
	buf_add(&b, whole(values));
	buf_add(&b, S(",\"timestamps\":"));
	buf_add(&b, whole(times));
	buf_chr(&b, '}');
	reader_object(r, buf_str(&b), o);
}

/* Read columns of cells as series or rows.  False if their lengths differ. */
static bool
read_columns(struct reader *r, const struct table *t, struct value *cell, size_t n, const struct origin *o)
{
	struct value *list = mem_new(&r->mem, struct value, n), name = value_first(t->names), times = value_first(t->rows);
	size_t i = 0, rows = t->cells;

	for (struct value c = times; value_ok(c); c = value_next(t->rows, c))
		if (count(c, rows + 1) != rows)
			return false;
	reader_at(r, t->rows);
	for (struct value c = times; value_ok(c); c = value_next(t->rows, c), name = value_next(t->names, name)) {
		if (value_is_object(value_get(name, S("labels"))))
			read_series(r, name, c, times, o);
		list[i] = c;
		cell[i++] = value_first(c);
	}
	while (rows--) {
		read_row(r, t, cell, n, o);
		for (i = 0; i < n; i++)
			cell[i] = value_next(list[i], cell[i]);
	}
	return true;
}

bool
rows_read(struct reader *r, const struct table *t, const struct origin *o)
{
	size_t n = t->columns ? t->nrows : t->cells;
	struct value *cell;

	if (r->inside || !is_bounded(t))
		return false;
	cell = mem_new(&r->mem, struct value, n);
	if (t->columns)
		return read_columns(r, t, cell, n, o);
	read_rows(r, t, cell, n, o);
	return true;
}
