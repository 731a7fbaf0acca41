#include "input/csv.h"

#include <string.h>

#include "base/num.h"
#include "base/time.h"
#include "event/metric.h"

enum {
	NAMES_MAX = 16384,   /* bytes of all names, which are repeated in each row's object */
	ROW_MAX = 256 * 1024, /* bytes of a row that spans lines: a quote may be unterminated */
};

/* ---- cells ---- */

/* The next cell of a row, unquoted in b; false at its end, or at an unterminated
 * quote. */
static bool
next_cell(struct str *row, char sep, struct buf *b, struct str *cell)
{
	size_t n;

	if (!row->p)
		return false;
	if (!str_eat(row, S("\"")))
		return str_cut(row, sep, cell);
	for (b->n = 0; (n = str_find(*row, S("\""))) < row->n;) {
		buf_add(b, str_head(*row, n));
		*row = str_from(*row, n + 1);
		if (str_eat(row, S("\""))) {
			buf_chr(b, '"');
			continue;
		}
		if (row->n && *row->p != sep)
			return false;
		*row = row->n ? str_from(*row, 1) : (struct str){0};
		*cell = buf_str(b);
		return true;
	}
	return false;
}

/* Does a line end within quotes?  inside: it begins within quotes.  *broken: a closing
 * quote is followed by neither the next cell nor the end. */
static bool
ends_inside(struct str s, char sep, bool inside, bool *broken)
{
	struct str cell;

	*broken = false;
	for (;;) {
		if (!inside && !str_eat(&s, S("\""))) {
			if (!str_eat_to(&s, sep, &cell))
				return false;
			continue;
		}
		do {
			size_t n = str_find(s, S("\""));

			if (n == s.n)
				return true;
			s = str_from(s, n + 1);
		} while (str_eat(&s, S("\"")));
		if (!s.n || str_eq(s, S("\r")))
			return false;
		*broken = *s.p != sep;
		if (*broken)
			return false;
		s = str_from(s, 1);
		inside = false;
	}
}

struct str
csv_label(struct str *line)
{
	size_t n = str_find(*line, S(": "));
	struct str label = str_head(*line, n);

	for (size_t i = 0; i < label.n; i++) {
		char c = label.p[i];

		if (!char_letter(c) && !char_digit(c) && !(c && strchr("-._", c)))
			return (struct str){0};
	}
	if (n == line->n || n == 0)
		return (struct str){0};
	*line = str_from(*line, n + 2);
	return label;
}

/* Are these Graylog's default columns, in which "source" is the host? */
static bool
is_graylog(struct str names)
{
	return str_eq(names, S("\"timestamp\",\"source\",\"message\"")) || str_eq(names, S("timestamp,source,message"));
}

/* A name without additions by exports: "TimeGenerated [UTC]",
 * "jsonPayload.MESSAGE". */
static struct str
bare(struct str name)
{
	name = str_trim(name);
	name = str_head(name, str_find(name, S(" [")));
	if (!str_eat(&name, S("jsonPayload.")))
		str_eat(&name, S("_source."));
	return name;
}

/* ---- times ---- */

/* "2026/05/14 03:12:00.401", nvidia-smi's format */
static bool
read_slashes(struct str s, int64_t *ns)
{
	return s.n > 4 && s.p[4] == '/' && time_eat_local(&s, ns) && !s.n;
}

/* "3:12:00.401 AM", or 15:12:00.401, as a time of day. */
static bool
read_clock(struct str s, int64_t *ns)
{
	uint64_t hour, minute;
	struct str second;

	if (!num_eat(&s, &hour) || !str_eat(&s, S(":")) || !num_eat(&s, &minute) || !str_eat(&s, S(":")) || hour > 23 || minute > 59)
		return false;
	if (!str_cut(&s, ' ', &second) || !num_fixed(second, 9, ns) || *ns < 0 || *ns >= 61 * SECOND)
		return false;
	if (s.n) {
		if (hour < 1 || hour > 12 || (!str_eq(s, S("AM")) && !str_eq(s, S("PM"))))
			return false;
		hour = hour % 12 + (*s.p == 'P' ? 12 : 0);
	}
	*ns += (int64_t)(hour * 60 + minute) * 60 * SECOND;
	return true;
}

/* "5/14/2026, 3:12:00.401 AM" */
static bool
read_american(struct str s, int64_t *ns)
{
	uint64_t month, day, year;
	int64_t of_day;

	if (!num_eat(&s, &month) || !str_eat(&s, S("/")) || !num_eat(&s, &day) || !str_eat(&s, S("/")) || !num_eat(&s, &year))
		return false;
	str_eat(&s, S(","));
	if (!str_eat(&s, S(" ")) || !read_clock(s, &of_day) || month > 12 || day > 31 || year > 9999 ||
	    !time_civil((int64_t)year, (unsigned)month, (unsigned)day, of_day / SECOND, ns))
		return false;
	*ns += of_day % SECOND;
	return true;
}

/* "May 14, 2026 @ 03:12:00.401" */
static bool
read_kibana(struct str s, int64_t *ns)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	uint64_t day, year;
	struct buf iso = {0};
	size_t month = 0;
	bool is;

	while (month < 12 && !str_starts(s, (struct str){months + 3 * month, 3}))
		month++;
	if (month == 12 || s.n < 4)
		return false;
	s = str_from(s, 4);
	if (!num_eat(&s, &day) || !str_eat(&s, S(", ")) || !num_eat(&s, &year) || !str_eat(&s, S(" @ ")) || day > 31 || year > 9999)
		return false;
	buf_u64(&iso, year);
	buf_add(&iso, month < 9 ? S("-0") : S("-"));
	buf_u64(&iso, month + 1);
	buf_add(&iso, day < 10 ? S("-0") : S("-"));
	buf_u64(&iso, day);
	buf_chr(&iso, 'T');
	buf_add(&iso, s);
	s = buf_str(&iso);
	is = time_eat_local(&s, ns) && !s.n;
	buf_free(&iso);
	return is;
}

/* ---- lines ---- */

/* Does a column with that name contain texts of logs or Events? */
static bool
is_text(struct str name)
{
	static const struct str texts[] = {
		STR_INIT("message"), STR_INIT("@message"), STR_INIT("msg"), STR_INIT("_raw"), STR_INIT("line"), STR_INIT("log"),
		STR_INIT("body"), STR_INIT("content"), STR_INIT("textpayload"), STR_INIT("syslogmessage"), STR_INIT("logmessage"),
	};

	for (size_t i = 0; i < NELEM(texts); i++)
		if (str_ieq(name, texts[i]))
			return true;
	return false;
}

static bool
is_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!char_letter(c) && !char_digit(c) && !(c && strchr("_@.-/[]% ", c)))
			return false;
	}
	return name.n > 0 && name.n <= 64;
}

/* "temperature.gpu", "clocks.current.sm [MHz]" */
static bool
is_measured(struct str name)
{
	return str_has(name, S(".")) && (metric_named(name) || metric_reason(name));
}

static bool
is_names(struct csv *c, struct str line, char sep)
{
	struct str cell;
	bool names = true, text = false;

	c->sep = sep;
	for (c->columns = 0; names && next_cell(&line, sep, &c->cell, &cell); c->columns++) {
		names = is_name(cell);
		text |= is_text(bare(cell)) || is_measured(bare(cell));
	}
	return names && text && c->columns > 1 && !line.p;
}

bool
csv_begin(struct csv *c, struct str line)
{
	csv_drop(c);
	c->names.n = 0;
	line = str_trim(line);
	c->waits = line.n == sizeof("sep=;") - 1 && str_starts(line, S("sep="));
	if (c->waits)
		return true;
	c->labels = csv_label(&line).n;
	if (line.n > NAMES_MAX || (!is_names(c, line, ',') && !is_names(c, line, ';') && !is_names(c, line, '\t')))
		return false;
	buf_add(&c->names, line);
	return true;
}

bool
csv_begins_arrays(struct csv *c, struct str line)
{
	struct str cell;
	bool is;

	line = str_trim(line);
	if (!str_eat(&line, S("[\"")) || !str_ends(line, S("\"]")))
		return false;
	line.n -= 2;
	c->row.n = 0;
	while (line.p) { /* names have no characters to be escaped */
		size_t n = str_find(line, S("\""));

		cell = str_head(line, n);
		line = n < line.n ? str_from(line, n) : (struct str){0};
		buf_add(&c->row, cell);
		buf_chr(&c->row, ',');
		if (!line.p)
			break;
		str_eat(&line, S("\""));
		line = str_trim(line);
		if (!str_eat(&line, S(",")))
			return false;
		line = str_trim(line);
		if (!str_eat(&line, S("\"")))
			return false;
	}
	c->row.n--;
	is = is_names(c, buf_str(&c->row), ',');
	csv_drop(c);
	return is;
}

/* "00000000:3B:00.0", "GPU-6c93…" */
static bool
is_gpu(struct str cell)
{
	size_t n = str_find(cell, S(":"));

	return (str_starts(cell, S("GPU-")) && cell.n == sizeof("GPU-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx") - 1) ||
	       (n == 8 && cell.n == sizeof("00000000:3B:00.0") - 1 && cell.p[11] == ':' && cell.p[14] == '.');
}

bool
csv_is_headless(struct csv *c, struct str line)
{
	struct str cell;
	bool gpu = false;
	size_t n = 0;

	line = str_trim(line);
	csv_label(&line);
	for (; n < 64 && next_cell(&line, ',', &c->cell, &cell); n++)
		gpu |= is_gpu(str_trim(cell));
	return gpu && n > 1 && !line.p;
}

enum csv_what
csv_take(struct csv *c, struct str line, uint64_t n, struct str *row)
{
	bool inside = c->row.n, broken = false, more = !c->labels && ends_inside(line, c->sep, inside, &broken);

	if (!inside && !more) {
		*row = line;
		return CSV_ROW;
	}
	if (!inside)
		c->first = n;
	else /* empty lines are also part of it */
		for (; c->last < n && c->row.n <= ROW_MAX; c->last++)
			buf_chr(&c->row, '\n');
	c->last = n;
	buf_add(&c->row, line);
	*row = buf_str(&c->row);
	if (broken || row->n > ROW_MAX)
		return CSV_BROKEN;
	return more ? CSV_MORE : CSV_ROW;
}

void
csv_drop(struct csv *c)
{
	c->row.n = 0;
}

/* Put a cell; times as RFC 3339. */
static void
put_cell(struct buf *json, struct str name, struct str cell, int64_t zone, bool *zoneless)
{
	int64_t ns;

	if (!read_slashes(cell, &ns) && !read_american(cell, &ns) && !read_kibana(cell, &ns)) {
		buf_json(json, cell);
		return;
	}
	if (!str_ends(name, S(" [UTC]"))) {
		ns = time_diff(ns, zone);
		*zoneless = true;
	}
	buf_chr(json, '"');
	time_put(json, ns);
	buf_chr(json, '"');
}

bool
csv_object(struct csv *c, struct str row, int64_t zone, struct buf *json, bool *zoneless)
{
	struct str names = buf_str(&c->names), name, cell, label = {0};
	bool graylog = is_graylog(names);
	size_t n = 0;

	row = str_head(row, row.n - str_ends(row, S("\r")));
	if (c->labels && !(label = csv_label(&row)).n)
		return false;
	buf_chr(json, '{');
	if (label.n) {
		buf_key(json, "host");
		buf_json(json, label);
	}
	if (str_eq(row, names)) {
		buf_chr(json, '}');
		return true;
	}
	for (; next_cell(&names, c->sep, &c->name, &name) && next_cell(&row, c->sep, &c->cell, &cell); n++) {
		if (n || label.n)
			buf_chr(json, ',');
		buf_json(json, graylog && str_eq(name, S("source")) ? S("logsource") : bare(name));
		buf_chr(json, ':');
		put_cell(json, name, str_trim(cell), zone, zoneless);
	}
	buf_chr(json, '}');
	return n == c->columns && !row.p;
}

void
csv_free(struct csv *c)
{
	buf_free(&c->names);
	buf_free(&c->row);
	buf_free(&c->name);
	buf_free(&c->cell);
}
