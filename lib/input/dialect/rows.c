/*
 * rows - tables: the names of their columns once, and rows of cells, as
 * databases and query APIs answer.  Each row is read as the object that it
 * stands for.
 * Sources: Azure Monitor's REST API (columns, rows; Kusto: Columns, Rows),
 * Elasticsearch SQL and ES|QL (columns, rows or values), InfluxDB (columns,
 * values), Trino (columns, data), ClickHouse's JSONCompact (meta, data),
 * OpenSearch SQL (schema, datarows).
 */
#include "input/dialect/dialect.h"

static const struct {
	struct str columns, rows;
} forms[] = {
	{STR_INIT("columns"), STR_INIT("rows")},
	{STR_INIT("Columns"), STR_INIT("Rows")},
	{STR_INIT("columns"), STR_INIT("values")},
	{STR_INIT("columns"), STR_INIT("data")},
	{STR_INIT("meta"), STR_INIT("data")},
	{STR_INIT("schema"), STR_INIT("datarows")},
};

/* Of one that is all names a row costs as much as the whole. */
enum { SPREAD = 16, SMALL = 64 * 1024 };

static bool
find(struct value v, struct value *columns, struct value *rows)
{
	for (size_t i = 0; i < NELEM(forms); i++) {
		*columns = value_get(v, forms[i].columns);
		*rows = value_get(v, forms[i].rows);
		if (value_is_array(*columns) && value_is_array(*rows) && value_is_array(value_first(*rows)))
			return true;
	}
	return false;
}

/* The value as it stands, a string with its quotes. */
static struct str
whole(struct value v)
{
	struct str s = json_raw(v.j, v.at);

	return value_is_string(v) ? (struct str){s.p - 1, s.n + 2} : s;
}

/* The name of a column, as it stands. */
static struct value
name_of(struct value column)
{
	static const struct str some[] = {STR_INIT("name"), STR_INIT("ColumnName"), STR_INIT("text")};

	for (size_t i = 0; i < NELEM(some) && value_is_object(column); i++)
		if (value_ok(value_get(column, some[i])))
			return value_get(column, some[i]);
	return column;
}

/* Would all rows as objects be not much more than the table? */
static bool
is_bounded(struct value v, struct value columns, struct value rows)
{
	uint64_t n = 0, most = SMALL + SPREAD * (uint64_t)json_raw(v.j, v.at).n, names = json_raw(columns.j, columns.at).n;

	for (struct value row = value_first(rows); value_ok(row); row = value_next(rows, row))
		n += names;
	return n <= most;
}

static void
read_row(struct reader *r, struct value columns, struct value row)
{
	struct value c = value_first(columns), cell = value_first(row), name;
	struct buf b = {0};
	struct origin o = r->base;

	b.p = mem_bytes(&r->mem, b.cap = json_raw(columns.j, columns.at).n + 4 * json_raw(row.j, row.at).n + 16);
	for (; value_ok(c) && value_ok(cell); c = value_next(columns, c), cell = value_next(row, cell)) {
		name = name_of(c);
		if (!value_is_string(name))
			continue;
		buf_chr(&b, b.n ? ',' : '{');
		buf_add(&b, whole(name));
		buf_chr(&b, ':');
		buf_add(&b, whole(cell));
	}
	if (!b.n)
		return;
	buf_chr(&b, '}');
	reader_at(r, row);
	reader_object(r, buf_str(&b), &o);
}

static bool
by_shape(struct value v)
{
	struct value columns, rows;

	return find(v, &columns, &rows);
}

static bool
read(struct reader *r, struct value v)
{
	struct value columns, rows;

	if (r->inside || v.any || !find(v, &columns, &rows) || !is_bounded(v, columns, rows))
		return false;
	for (struct value row = value_first(rows); value_ok(row); row = value_next(rows, row))
		if (value_is_array(row))
			read_row(r, columns, row);
	return true;
}

const struct dialect rows_dialect = {.by_shape = by_shape, .read = read};
