#include "filter/run.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/dialect/dialect.h"
#include "input/filename.h"
#include "input/fluentbit.h"
#include "input/foreign.h"
#include "input/graphite.h"
#include "input/influx.h"
#include "input/series.h"
#include "input/text/pickle.h"

enum { REPORTS_MAX = 10 };

int
run_open(struct run *r, const char *name)
{
	int fd = openat(r->io->dir, name, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		DIAG(&r->diag, str_of(name), S(": "), diag_errno(errno));
		r->status = EX_FAIL;
	}
	return fd;
}

/* ---- reading ---- */

/* Does `promtool query range` begin a series with this line, "name{…} =>"? */
static bool
begins_range(struct str line)
{
	enum { RANGE_MAX = 4096 }; /* bytes; each value is read together with it */

	return str_ends(line, S("} =>")) && line.n <= RANGE_MAX;
}

/* A line of a series printed by promtool, "64 @[1778728200]", in the form of an
 * instant query: preceded by its series.  Other lines unchanged. */
static struct str
ranged(struct run *r, struct str line)
{
	struct buf *b = &r->pickle.json;

	if (!r->range.n || !str_has(line, S(" @[")) || str_has(line, S("{")))
		return line;
	b->n = 0;
	buf_add(b, buf_str(&r->range));
	buf_chr(b, ' ');
	buf_add(b, line);
	return buf_str(b);
}

/* A line of exposition text with pdsh's label, in the form of the node's own
 * exporter: the label becomes the node, unless the line has another node
 * label.  Other lines unchanged. */
static struct str
labelled(struct run *r, struct str line)
{
	struct buf *b = &r->pickle.json;
	struct str rest = line, host = csv_label(&rest);
	size_t name = str_find(rest, S("{"));

	if (!host.n || rest.n == 0 || char_digit(*rest.p))
		return line;
	if (*rest.p == '#')
		return rest;
	name = name < rest.n ? name : str_find(rest, S(" "));
	b->n = 0;
	buf_add(b, str_head(rest, name));
	buf_add(b, S("{host=\""));
	buf_add(b, host);
	rest = str_from(rest, name);
	buf_add(b, str_eat(&rest, S("{")) ? S("\",") : S("\"}"));
	buf_add(b, rest);
	return buf_str(b);
}

/* Output of another program that matters if nothing else of the operand is read. */
static void
keep_other(struct run *r, struct str is, uint64_t line, bool json)
{
	if (!is.n || r->unread.other.n)
		return;
	r->unread.other = is;
	r->unread.other_line = line;
	r->unread.other_is_json = json;
}

/* Read a line of exposition text; false if it is not one. */
static bool
exposition(struct run *r, struct str name, const struct stream_item *it)
{
	uint64_t before = r->ev.seen;
	struct str line = str_trim(it->text);

	run_tick(r);
	if (!r->opt.exposition || !line.n)
		return false;
	if (begins_range(line)) {
		r->range.n = 0;
		buf_add(&r->range, line);
		return true;
	}
	line = labelled(r, ranged(r, line));
	if (exposition_read(&r->reader, line, true) == EXPOSITION_NOT)
		return false;
	if (str_starts(line, S("kube_"))) {
		const struct foreign *f = foreign_find(line, false, false, &r->ev);

		keep_other(r, f ? f->is : S(""), it->line, false);
	}
	r->reader.json.text = (struct str){0};
	run_select(r, line.p == str_trim(it->text).p ? it->text : line, before, false);
	run_left_out(r, name, it->line);
	if (r->opt.follow && r->ev.seen > before)
		run_follow(r);
	return true;
}

/* The name of the metric in a line of exposition text, also in a comment. */
static struct str
exposed_name(struct str line)
{
	if (str_eat(&line, S("{__name__=\"")))
		return str_head(line, str_find(line, S("\"")));
	if (!str_eat(&line, S("# HELP ")))
		str_eat(&line, S("# TYPE "));
	line = str_head(line, str_find(line, S("{")));
	return str_head(line, str_find(line, S(" ")));
}

/* Would the line be read with --exposition? */
static bool
looks_exposed(struct run *r, struct str line)
{
	struct str own;

	if (!events_want(&r->ev, EVENT_SAMPLE) || r->opt.exposition)
		return false;
	own = labelled(r, line);
	return series_used(exposed_name(own)) &&
	       (str_starts(own, S("# ")) || begins_range(str_trim(own)) || exposition_read(&r->reader, own, false) == EXPOSITION_SAMPLE);
}

/* Description of a file that contains such a line, and what to use instead; or
 * empty. *alone: only if nothing else in it is read. */
static struct str
looks_like(struct run *r, const struct stream_item *it, bool *alone)
{
	const struct foreign *f = foreign_find(it->text, it->line == 1, r->unread.other.n || run_records(r) != r->unread.before, &r->ev);

	*alone = f && f->alone;
	if (f && !*alone)
		return f->is;
	if (looks_exposed(r, it->text)) {
		*alone = false;
		return S("Prometheus text exposition format: use --exposition");
	}
	if (f)
		return f->is;
	*alone = it->line == 1 && events_want(&r->ev, EVENT_SAMPLE) && csv_is_headless(&r->csv, it->text);
	if (*alone)
		return S("nvidia-smi's CSV without names of columns: use --format=csv without noheader");
	if (it->line == 1 && events_want(&r->ev, EVENT_COLLECTIVE) && pickle_is(it->text))
		return S("a Python pickle: pass it as a FILE operand");
	return (struct str){0};
}

/* Count a rejected line or file.  Is it to be reported? */
static bool
reject(struct run *r)
{
	r->status = ex_worst(r->status, EX_PARTIAL);
	return r->rejected++ < REPORTS_MAX;
}

/* is: what it is instead of JSON, if known. */
static void
report(struct run *r, struct str name, const struct stream_item *it, struct str is)
{
	if (!reject(r))
		return;
	if (r->reader.why)
		DIAG(&r->diag, name, S(":"), diag_u64(it->line), S(": "), str_of(it->why));
	else if (it->at && str_starts(str_from(it->text, (size_t)it->at - 1), S("NaN")))
		DIAG(&r->diag, name, S(":"), diag_u64(it->line), S(": not JSON but Python output with NaN: convert it with jq -c ."));
	else if (!it->at && is.n)
		DIAG(&r->diag, name, S(":"), diag_u64(it->line), S(": "), is);
	else if (it->at && is.n)
		DIAG(&r->diag, name, S(":"), diag_u64(it->line), S(": not JSON but "), is);
	else if (it->at)
		DIAG(&r->diag, name, S(":"), diag_u64(it->line), S(": not JSON: "), str_of(it->why), S(" at byte "), diag_u64(it->at));
	else
		DIAG(&r->diag, name, S(":"), diag_u64(it->line), S(": "), str_of(it->why), S("="), diag_u64(r->opt.max_line));
}

/* Is a line output of another program?  Reported once per operand. */
static bool
is_foreign(struct run *r, struct str name, struct stream_item *it)
{
	bool alone;
	struct str is = looks_like(r, it, &alone);

	if (alone)
		keep_other(r, is, it->line, false);
	if (!is.n || alone)
		return false;
	if (!r->unread.foreign) {
		r->unread.foreign = r->unread.any_foreign = true;
		it->at = 1;
		report(r, name, it, is);
	}
	return true;
}

/* Report the remarks on a value that was read. */
static void
remark(struct run *r, struct str name, uint64_t line)
{
	if (r->reader.remark.n && r->remarks++ < REPORTS_MAX && !r->opt.quiet)
		DIAG(&r->diag, name, S(":"), diag_u64(line), S(": "), r->reader.remark);
}

/* Read a value with take; it->text is its text in the input. */
static void
decode(struct run *r, struct str name, struct str text, struct stream_item *it, void (*take)(struct reader *, struct str))
{
	uint64_t seen = r->ev.seen, outside = r->ev.outside, other_shard = r->ev.other_shard;
	uint64_t records = run_records(r), uncounted = r->ev.uncounted.total, waiting = r->plain.waiting.n;
	bool keep, whole = !r->unread.open && !it->open;

	run_tick(r);
	r->reader.open = it->open + it->cut;
	r->reader.part = false;
	take(&r->reader, text);
	if (r->ev.other_shard > other_shard && r->ev.outside == outside && r->ev.seen == seen)
		r->reader.why = "the key matches no record on this line";
	if (!r->unread.open)
		r->unread.gave = false;
	r->unread.open = it->open > 0;
	r->unread.gave |= run_records(r) != records || r->plain.waiting.n != waiting;
	keep = r->ev.uncounted.total > uncounted;
	if (keep)
		r->status = ex_worst(r->status, EX_PARTIAL);
	else if (!r->unread.gave && !r->unread.open && !r->reader.answered && !r->reader.why &&
		 !(r->reader.why = answer_error(&r->reader))) {
		bool alone = !r->unread.other.n && run_records(r) == r->unread.before;
		const struct foreign *f = alone ? foreign_value(&r->reader.json, &r->ev, &r->reader.mem) : NULL;

		keep_other(r, f ? f->is : S(""), it->line, true);
		keep = run_unread(r, name, text, it->line);
	}
	remark(r, name, it->line);
	if ((r->unread.gave || keep) && !r->unread.open)
		run_answer(r, name, it->line, whole);
	it->why = run_select(r, it->text.n && !r->opt.key ? it->text : text, seen, keep);
	if (!it->why)
		it->why = r->reader.why;
	r->reader.why = it->why;
	if (it->why)
		report(r, name, it, (struct str){0});
	r->reader.why = NULL;
	run_left_out(r, name, it->line);
	if (r->opt.follow && r->ev.seen > seen)
		run_follow(r);
}

/* The current block is complete: read it if it is relevant. */
static void
read_block(struct run *r, struct str name)
{
	struct stream_item it = {.line = r->blocks.first};
	struct buf *json = &r->pickle.json;

	if (r->blocks.form == BLOCKS_NONE)
		return;
	json->n = 0;
	if (sift_find(r->sift, buf_str(&r->blocks.raw)) < r->blocks.raw.n) {
		blocks_object(&r->blocks, json);
		it.text = buf_str(&r->blocks.raw);
		decode(r, name, buf_str(json), &it, reader_value_text);
	}
	blocks_begin(&r->blocks);
}

/* Does a line belong to a block? */
static bool
is_in_block(struct run *r, struct str name, const struct stream_item *it)
{
	bool begins;

	r->blocks.ansible |= blocks_may_be_ansible(it->text, r->stream.ntext == 1);
	begins = blocks_begins(&r->blocks, it->text, it->line);
	if (begins)
		read_block(r, name);
	r->stream.next = blocks_take(&r->blocks, it->text, it->line, begins);
	if (r->stream.next && in_is_open(&r->stream.in))
		blocks_cut(&r->blocks);
	if (!r->stream.next)
		read_block(r, name);
	r->stream.text = r->blocks.form == BLOCKS_ANSIBLE && !r->blocks.closed;
	return r->stream.next;
}

/* Is the text before an object one word with a colon: "name:", as printed by pdsh and
 * grep; or with a tab or bar: a message's key, as printed by kcat? */
static bool
is_label(struct str head)
{
	bool key = str_ends(head, S("\t")) || str_ends(head, S("|"));

	head = str_trim(head);
	if (!key)
		return str_ends(head, S(":")) && str_find(head, S(" ")) == head.n;
	return stamps_is_host(str_head(head, head.n - str_ends(head, S("|"))));
}

/* Or is it stamps, followed by at most a tag, as printed by Fluentd? */
static bool
are_stamps(struct str text, size_t at, struct stamps *s)
{
	struct str rest = text, tag;

	stamps_eat(&rest, s);
	if (rest.n < text.n - at)
		return false; /* they continue in the object */
	tag = str_trim(str_head(rest, rest.n - (text.n - at)));
	return str_find(tag, S(" ")) == tag.n && (!tag.n || s->program || s->at.kind >= STAMP_ZONELESS);
}

/* Offset of an object that is a whole line of text except for a label or stamps
 * before it; text.n if there is none. */
static size_t
object_behind(struct str text, struct stamps *s)
{
	size_t at = str_find(text, S("{\""));
	struct str object;
	uint64_t bad;

	*s = NO_STAMPS;
	if (at == 0 || at == text.n || !str_ends(str_trim(text), S("}")))
		return text.n;
	if (!blocks_is_ansible(text, &s->host, &object) && !is_label(str_head(text, at)) && !are_stamps(text, at, s))
		return text.n;
	return json_check(str_trim(str_from(text, at)), &bad) ? text.n : at;
}

/* Read the object after stamps in a line of text (raw: the line in the input)
 * as a string with their time and host; false if there is none. */
static bool
read_object(struct run *r, struct str name, struct stream_item *it, struct str raw)
{
	const struct str reset = S("\033[0m"); /* of colors */
	struct buf *json = &r->pickle.json;
	struct str text = str_head(it->text, it->text.n - (str_ends(it->text, reset) ? reset.n : 0));
	struct stamps s;
	size_t at = object_behind(text, &s);
	int64_t t;

	if (at == text.n)
		return false;
	t = stamps_time(&s, &r->plain.clock, r->plain.near);
	json->n = 0;
	buf_chr(json, '{');
	if (t != NO_TIME) {
		buf_key(json, "time");
		buf_chr(json, '"');
		time_put(json, t);
		buf_chr(json, '"');
	}
	if (s.host.n) {
		buf_key(json, "host");
		buf_json(json, s.host);
	}
	if (s.program) {
		buf_key(json, "program");
		buf_json(json, S("another"));
	}
	buf_key(json, "log");
	buf_json(json, str_trim(str_from(text, at)));
	buf_chr(json, '}');
	it->text = raw;
	decode(r, name, buf_str(json), it, reader_value_text);
	return true;
}

/* Read the object that a line of text stands for in InfluxDB's protocol, Graphite's
 * with tags or Fluent Bit's output; false if it is none of them. */
static bool
read_protocol(struct run *r, struct str name, struct stream_item *it)
{
	struct buf *json = &r->pickle.json;
	uint64_t at;

	json->n = 0;
	if (!influx_object(it->text, json) && !graphite_object(it->text, json) && (!fluentbit_object(it->text, json) || json_check(buf_str(json), &at)))
		return false;
	decode(r, name, buf_str(json), it, reader_value_text);
	return true;
}

/* Read any other line of text. */
static void
read_line(struct run *r, struct str name, struct stream_item *it, struct str raw)
{
	uint64_t before = r->ev.seen, records = run_records(r), waiting = r->plain.waiting.n, by_file = r->ev.by_file;
	int64_t rank;
	bool keep, alone;

	if (exposition(r, name, it) || is_foreign(r, name, it))
		return;
	if (r->opt.exposition && sift_find(r->sift, it->text) < it->text.n && !text_has(&r->ev, it->text)) {
		it->why = "expected a value";
		it->at = 1;
		report(r, name, it, (struct str){0});
		return;
	}
	run_tick(r);
	r->reader.rank = -1;
	r->reader.needs_file = false;
	r->stream.next = plain_read(&r->plain, &r->ev, it->text, it->line);
	/* lines that wait for their year are read later */
	keep = run_records(r) == records && r->plain.waiting.n == waiting && !r->unread.foreign &&
	       run_unread_line(r, name, it->text, it->line);
	keep |= r->parted;
	r->parted = false;
	if (r->opt.select && !r->opt.key && (r->ev.seen > before || keep)) /* once above the first relevant line */
		buf_add(&r->io->out->b, plain_above(&r->plain));
	rank = r->ev.by_file > by_file ? (int64_t)r->reader.named.rank - 1 : -1;
	alone = r->opt.key || rank >= 0 || (r->plain.header.of_file && r->plain.header.gave_host);
	r->reader.json.text = (struct str){0}; /* of a previous value, in a buffer that may be reused */
	run_select(r, alone ? plain_alone(&r->plain, &r->ev, it->text, rank) : raw, before, keep);
	run_left_out(r, name, it->line);
	if (r->opt.follow && r->ev.seen > before)
		run_follow(r);
}

/* A line of text that was split is complete, or its end is missing. */
static void
read_partial(struct run *r, struct str name, struct partial *p)
{
	struct stream_item it = {.line = p->first, .text = buf_str(&p->line)};

	if (!p->on)
		return;
	if (p->over) {
		it.why = "longer than --max-line";
		report(r, name, &it, (struct str){0});
	} else if (!read_object(r, name, &it, buf_str(&p->raw))) {
		read_line(r, name, &it, buf_str(&p->raw));
	}
	partial_begin(p);
}

/* Read the pieces kept: as one line, or each as a line. */
static void
read_pieces(struct run *r, struct str name)
{
	struct wrapped *w = &r->wrapped;
	struct stream_item it = {.line = w->first, .text = buf_str(&w->line)};
	struct str rest = buf_str(&w->raw);

	if (!w->on)
		return;
	if (wrapped_is_line(w, &r->ev))
		read_line(r, name, &it, rest);
	else
		for (; str_cut(&rest, '\n', &it.text) && rest.p; it.line++) {
			r->parted = true;
			read_line(r, name, &it, it.text);
		}
	r->parted = !w->ended;
	wrapped_drop(w);
}

/* Keep a line that is a piece of a wrapped one; false if it is not. */
static bool
read_piece(struct run *r, struct str name, const struct stream_item *it)
{
	struct wrapped *w = &r->wrapped;

	if (!events_want(&r->ev, EVENT_WATCHDOG))
		return false;
	if (!w->on || !wrapped_go_on(w, it->text, it->line)) {
		read_pieces(r, name);
		if (!wrapped_begin(w, &r->ev, it->text, it->line))
			return false;
	}
	if (w->ended)
		read_pieces(r, name);
	r->stream.next = w->on;
	return true;
}

static void
read_partials(struct run *r, struct str name)
{
	for (size_t i = 0; i < NELEM(r->partials.of); i++)
		read_partial(r, name, &r->partials.of[i]);
}

/* Read a row of a table; false if it is not one. --select prints it as an
 * object: the row alone lacks the column names. */
static bool
put_row(struct run *r, struct str name, struct str row, uint64_t line)
{
	struct stream_item it = {.line = line};
	struct buf *json = &r->pickle.json;
	bool zoneless = false;

	json->n = 0;
	if (!csv_object(&r->csv, row, r->plain.clock.zone, json, &zoneless))
		return false;
	if (sift_find(r->sift, buf_str(json)) < json->n) {
		r->plain.zoneless += zoneless && !r->plain.clock.zoned;
		decode(r, name, buf_str(json), &it, reader_value_text);
	}
	return true;
}

/* Kept lines that are not one row: treat each as a line. */
static void
read_kept(struct run *r, struct str name)
{
	struct str rest = buf_str(&r->csv.row), line;

	for (uint64_t n = r->csv.first; str_cut(&rest, '\n', &line); n++) {
		struct stream_item it = {.line = n, .text = line};

		if (line.n && !put_row(r, name, line, n) && !read_object(r, name, &it, line))
			read_line(r, name, &it, line);
	}
	csv_drop(&r->csv);
}

/* Read a line of a table; false if it is not one. */
static bool
read_row(struct run *r, struct str name, struct stream_item *it)
{
	struct str row;

	if (it->line == 1 || (it->line == 2 && r->csv.waits))
		return csv_begin(&r->csv, it->text);
	if (!r->csv.names.n)
		return false;
	switch (csv_take(&r->csv, it->text, it->line, &row)) {
	case CSV_MORE:
		r->stream.text = true;
		break;
	case CSV_BROKEN:
		read_kept(r, name);
		break;
	case CSV_ROW:
		if (!r->csv.row.n)
			return put_row(r, name, row, it->line);
		if (put_row(r, name, row, r->csv.first))
			csv_drop(&r->csv);
		else
			read_kept(r, name);
		break;
	}
	return true;
}

/* Is a text an array of n elements? */
static bool
is_row(struct run *r, struct str text, size_t n)
{
	struct value v, e;

	if (json_parse(&r->reader.json, text))
		return false;
	v = value_of(&r->reader.json);
	for (e = value_first(v); n && value_is_array(v) && value_ok(e); e = value_next(v, e))
		n--;
	return !n && !value_ok(e);
}

/* Read a row that is an array, below a row of names, like a row of a table;
 * false if it is not one. --select prints an object, with the names. */
static bool
read_array(struct run *r, struct str name, struct stream_item *it)
{
	struct stream_item row = {.line = it->line};
	struct buf *json = &r->pickle.json;

	if (r->opt.keyed || !str_starts(it->text, S("[")))
		return false;
	if (it->line == 1 && csv_begins_arrays(&r->csv, it->text)) {
		buf_add(&r->columns, it->text);
		return true;
	}
	if (!r->columns.n || !is_row(r, it->text, r->csv.columns))
		return false;
	json->n = 0;
	buf_add(json, S("{\"columns\":"));
	buf_add(json, buf_str(&r->columns));
	buf_add(json, S(",\"rows\":["));
	buf_add(json, it->text);
	buf_add(json, S("]}"));
	decode(r, name, buf_str(json), &row, reader_value_text);
	return true;
}

/* Lines at the beginning of a file that are read whatever they contain: one of them may
 * be the first banner, or the first of Ansible's results. */
enum { BEGIN_LINES = 16 };

static void
read_text(struct run *r, struct str name, struct stream_item *it)
{
	struct partial *p;

	if (!r->opt.keyed) {
		if (read_array(r, name, it))
			return;
		if (read_row(r, name, it)) {
			r->stream.next = true;
			return;
		}
		if (is_in_block(r, name, it))
			return;
		switch (partials_take(&r->partials, it->text, it->line, &p)) {
		case PARTIAL_LAST:
			read_partial(r, name, p);
			/* fallthrough */
		case PARTIAL_MORE:
			r->stream.next = partials_open(&r->partials);
			return;
		case PARTIAL_NONE:
			break;
		}
		if (read_piece(r, name, it))
			return;
	}
	if (!read_object(r, name, it, it->text) && !read_protocol(r, name, it))
		read_line(r, name, it, it->text);
	r->stream.next |= partials_open(&r->partials) || r->csv.names.n || r->blocks.ansible || it->line < BEGIN_LINES;
}

static void
read_stream(struct run *r, struct str name)
{
	struct stream_item it;

	r->stream.keyed = r->opt.keyed;
	r->stream.keys = &r->ev.shard;
	if (r->dumps) {
		r->stream.whole = r->opt.max_line; /* a dump has to be read as a whole */
		r->stream.dumps = r->dumps;
	}
	if (r->opt.select)
		r->stream.some = 1; /* each element on its own */
	r->stream.first = true; /* it may be an error in place of records */
	r->stream.texts = !r->opt.strict && r->opt.exposition;
	r->partials.max = r->opt.max_line;
	r->stream.next = true; /* the first line of text */
	r->blocks.ansible = false;
	r->unread.foreign = false;
	plain_begin(&r->plain, &r->reader.named);
	r->csv.names.n = r->range.n = r->columns.n = 0;
	csv_drop(&r->csv);
	while (!r->stop && !r->io->out->err) {
		enum stream_what what = stream_next(&r->stream, &it);

		r->ev.key = it.key;
		switch (what) {
		case STREAM_VALUE:
			if (read_array(r, name, &it))
				continue;
			if (r->blocks.form) { /* its tokens replace the value's */
				read_block(r, name);
				decode(r, name, it.text, &it, reader_value_text);
			} else {
				decode(r, name, it.text, &it, reader_value_parsed);
			}
			continue;
		case STREAM_TEXT:
			read_text(r, name, &it);
			continue;
		case STREAM_REJECT:
			if (exposition(r, name, &it))
				continue;
			if (!it.at || !is_foreign(r, name, &it))
				report(r, name, &it, (struct str){0});
			r->stop = r->opt.strict;
			continue;
		case STREAM_ERROR:
			DIAG(&r->diag, name, S(": "), diag_errno(errno));
			r->status = EX_FAIL;
			break;
		case STREAM_END:
			break;
		}
		break;
	}
	read_block(r, name);
	read_kept(r, name);
	read_partials(r, name);
	read_pieces(r, name);
	r->wrapped.known = 0;
	r->parted = false;
}

/* ---- pickles ---- */

/* Is the operand a pickle, and does this pattern use flight-recorder data? */
static bool
is_pickle(struct run *r)
{
	struct str head;

	return events_want(&r->ev, EVENT_COLLECTIVE) && r->reader.file.n && in_head(&r->stream.in, 2, &head) == IN_LINE &&
	       pickle_is(head);
}

static void
reject_pickle(struct run *r, struct str name, const struct pickle_error *e)
{
	r->stop = r->opt.strict;
	if (!reject(r))
		return;
	if (e->opcode.n)
		DIAG(&r->diag, name, S(": not a plain pickle: opcode "), e->opcode, S(" at byte "), diag_u64(e->at), S(": "), str_of(e->why));
	else
		DIAG(&r->diag, name, S(": not a plain pickle: "), str_of(e->why), S(" at byte "), diag_u64(e->at));
}

static void
read_pickle(struct run *r, struct str name)
{
	struct stream_item it = {.line = 1};
	struct buf *json = &r->pickle.json;
	struct pickle_error e = {0};
	struct str text;

	mem_reset(&r->pickle.mem);
	switch (in_rest(&r->stream.in, &text)) {
	case IN_ERROR:
		DIAG(&r->diag, name, S(": "), diag_errno(errno));
		r->status = EX_FAIL;
		break;
	case IN_LONG:
		it.why = "longer than --max-line";
		report(r, name, &it, (struct str){0});
		break;
	default:
		if (r->stream.in.packed.why)
			break;
		if (!pickle_json(text, r->opt.max_line, &r->pickle.mem, json, &r->reader.json, &e)) {
			reject_pickle(r, name, &e);
			break;
		}
		mem_reset(&r->pickle.mem);
		decode(r, name, buf_str(json), &it, reader_value_parsed);
	}
}

/* ---- files ---- */

/* Report compressed data that end too early. */
static void
report_packed(struct run *r, struct str name)
{
	const struct unpack *u = &r->stream.in.packed;

	if (!u->why)
		return;
	if (r->stream.in.line)
		DIAG(&r->diag, name, S(":"), diag_u64(r->stream.in.line), S(": "), str_of(u->format), S(" data "), str_of(u->why));
	else
		DIAG(&r->diag, name, S(": "), str_of(u->format), S(" data "), str_of(u->why));
	r->status = ex_worst(r->status, u->unreadable ? EX_FAIL : EX_PARTIAL);
	r->stop = r->opt.strict;
}

static void
tick(void *ctx)
{
	struct run *r = ctx;

	meter_draw(&r->meter, r->bytes + stream_bytes(&r->stream), r->stream.in.fd);
	run_wait(r);
}

/* Report text of other programs only if the operand has nothing else: it may
 * well be part of a useful file. */
static bool
report_other(struct run *r, struct str name)
{
	struct stream_item it = {.line = r->unread.other_line, .at = !r->unread.other_is_json};

	if (!r->unread.other.n)
		return false;
	r->unread.any_foreign = true;
	report(r, name, &it, r->unread.other);
	return true;
}

/* Report stamps without a zone that go back by an hour: times may be off by an hour. */
static void
report_fall(struct run *r, struct str name)
{
	if (r->plain.fell.line && !r->opt.quiet)
		DIAG(&r->diag, name, S(":"), diag_u64(r->plain.fell.line),
		     S(": timestamps fall back by about an hour, as at the end of daylight saving time: without a zone they may be an hour off"));
}

static void
read_input(struct run *r, int fd, struct str name)
{
	struct stream *s = &r->stream;
	struct quoted quoted = r->unread.quoted;

	r->unread.other.n = 0;
	r->unread.before = run_records(r);
	r->ev.origin = str_hash(name);
	s->json = &r->reader.json;
	stream_open(s, fd, r->opt.max_line, r->opt.strict ? NULL : r->sift, r->io->out);
	s->in.tick = r->opt.follow || r->meter.diag ? tick : NULL;
	s->in.ctx = r;
	s->in.block = r->io->block;
	if (is_pickle(r))
		read_pickle(r, name);
	else if (run_is_binary(r))
		run_skip(r, name.p, SKIPPED_BINARY);
	else
		read_stream(r, name);
	if (!r->stop && !r->io->out->err)
		report_packed(r, name);
	if ((run_records(r) == r->unread.before && !r->unread.n && !r->unread.foreign && report_other(r, name)) || r->unread.foreign) {
		r->unread.n = 0;
		r->unread.quoted = quoted;
	}
	run_unread_total(r, name);
	run_answers_end(r, name);
	report_fall(r, name);
	r->lines += s->in.line;
	r->text_lines += s->ntext;
	r->bytes += stream_bytes(s);
	meter_next(&r->meter, fd);
	stream_close(s);
}

/* Properties of an operand for dialects: its name and modification time. */
static void
describe(struct run *r, const char *name, int fd)
{
	const int64_t most = INT64_MAX / SECOND; /* largest number of seconds that a time can hold */
	struct stat st;

	r->reader.file = str_of(name);
	r->reader.written = 0;
	r->reader.named = NO_ORIGIN;
	if (events_want(&r->ev, EVENT_WATCHDOG) || events_want(&r->ev, EVENT_RANK)) {
		struct filename f = filename_of_log(r->reader.file);

		r->reader.named.node = f.host;
		r->reader.named.rank = (uint32_t)(f.rank + 1);
		r->reader.named.rank_of_file = f.rank >= 0;
		r->reader.named.rank_local = f.local;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_mtim.tv_sec < most && st.st_mtim.tv_sec > -most)
		r->reader.written = st.st_mtim.tv_sec * SECOND + st.st_mtim.tv_nsec;
}

/* Total bytes of all files, or 0 if one of them has no size. */
static uint64_t
total(const struct run *r, char *const files[])
{
	struct stat st;
	uint64_t n = 0;

	for (; *files; files++) {
		bool in = strcmp(*files, "-") == 0;

		if ((in ? fstat(r->io->in, &st) : fstatat(r->io->dir, *files, &st, 0)) != 0 || !S_ISREG(st.st_mode))
			return 0;
		n += (uint64_t)st.st_size;
	}
	return n;
}

static void
read_file(struct run *r, const char *path)
{
	int fd = run_open(r, path);

	if (fd < 0)
		return;
	describe(r, path, fd);
	read_input(r, fd, str_of(path));
	close(fd);
}

void
run_read(struct run *r, char *const files[])
{
	static char dash[] = "-", *just_stdin[] = {dash, NULL};

	if (!*files)
		files = just_stdin;
	if (r->io->typed && !r->opt.quiet && strcmp(*files, "-") == 0)
		DIAG(&r->diag, S("reading the terminal; Ctrl-D ends the input"));
	if (r->opt.progress)
		meter_begin(&r->meter, &r->diag, total(r, files));
	for (; *files && !r->stop; files++) {
		if (strcmp(*files, "-") == 0) {
			r->reader.file = (struct str){0};
			r->reader.named = NO_ORIGIN;
			r->reader.written = 0;
			read_input(r, r->io->in, S("(stdin)"));
		} else if (run_is_folder(r, *files)) {
			run_folder(r, *files, read_file);
		} else {
			read_file(r, *files);
		}
	}
	if (r->rejected > REPORTS_MAX)
		DIAG(&r->diag, diag_u64(r->rejected - REPORTS_MAX), S(" more rejected"));
	meter_end(&r->meter);
}
