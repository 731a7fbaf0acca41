#include "input/dialect/flightrec.h"

#include <string.h>

#include "base/num.h"

enum { STACK_MAX = 16 };

/* Names of fields, by length; dumps have no prefix. */
static const struct str fields[FIELDS] = {
	[RANK] = STR_INIT(PREFIX "rank"),
	[PG_ID] = STR_INIT(PREFIX "pg_id"),
	[STATE] = STR_INIT(PREFIX "state"),
	[P2P] = STR_INIT(PREFIX "is_p2p"),
	[FRAMES] = STR_INIT(PREFIX "frames"),
	[RETIRED] = STR_INIT(PREFIX "retired"),
	[IN_SIZES] = STR_INIT(PREFIX "input_sizes"),
	[OUT_SIZES] = STR_INIT(PREFIX "output_sizes"),
	[IN_DTYPES] = STR_INIT(PREFIX "input_dtypes"),
	[OUT_DTYPES] = STR_INIT(PREFIX "output_dtypes"),
	[GROUP] = STR_INIT(PREFIX "process_group"),
	[OP] = STR_INIT(PREFIX "profiling_name"),
	[CREATED] = STR_INIT(PREFIX "time_created_ns"),
	[SEQ] = STR_INIT(PREFIX "collective_seq_id"),
	[STARTED] = STR_INIT(PREFIX "time_discovered_started_ns"),
	[COMPLETED] = STR_INIT(PREFIX "time_discovered_completed_ns"),
};

/* The first field whose name has some length. */
static const unsigned char by_length[] = {
	[5] = PG_ID, [6] = P2P, [7] = RETIRED, [8] = IN_SIZES, [9] = IN_SIZES, [10] = IN_SIZES, [11] = IN_SIZES,
	[12] = OUT_SIZES, [13] = OUT_DTYPES, [14] = OP, [15] = CREATED, [17] = SEQ, [26] = STARTED,
	[28] = COMPLETED,
};

/* Find the members of v that are fields, whose names there lack the first skip
 * bytes. */
static void
find_fields(struct reader *r, struct value v, size_t skip, int at[FIELDS])
{
	size_t drop = PREFIX_LEN - skip;
	struct str name;

	for (unsigned i = FIELDS; i--;)
		at[i] = -1;
	for (struct value m = value_first(v); value_ok(m); m = value_next(v, m)) {
		name = value_name(m, &r->mem);
		if (name.n < drop || name.n - drop >= sizeof(by_length))
			continue;
		for (unsigned i = by_length[name.n - drop]; i < FIELDS && fields[i].n - skip <= name.n; i++)
			if (str_eq(str_from(fields[i], skip), name)) {
				at[i] = value_of_member(m).at;
				break;
			}
	}
}

struct entry
flightrec_entry(struct reader *r, struct value v, size_t skip)
{
	struct entry e = {.v = v, .number = -1};

	_Static_assert(sizeof(e.at) == sizeof(r->known.field), "each is remembered");
	if (!reader_knows(r, v)) {
		find_fields(r, v, skip, e.at);
		return e;
	}
	if (!r->known.entry)
		find_fields(r, v, skip, r->known.field);
	r->known.entry = true;
	memcpy(e.at, r->known.field, sizeof(e.at));
	return e;
}

/* A time in nanoseconds since 1970; 0 and null: unknown. */
static int64_t
moment(struct value v)
{
	int64_t t;

	return value_ok(v) && value_i64(v, &t) && t > 0 ? t : NO_TIME;
}

struct entry_group
flightrec_group(struct reader *r, const struct entry *e)
{
	struct value v = entry_get(e, GROUP), first = v, second;
	struct entry_group g = {0};

	if (value_is_array(v)) {
		first = value_first(v);
		second = value_ok(first) ? value_next(v, first) : first;
		g.desc = text(r, second);
	}
	g.name = text(r, first);
	if (g.name.n == 0)
		g.name = text(r, entry_get(e, PG_ID));
	return g;
}

/* Append the text of v without blanks and quotes, at most 4096 bytes. */
static void
put_bare(struct reader *r, struct buf *b, struct value v)
{
	enum { SHAPE_MAX = 4096 };
	struct str s = (struct str){0};
	char *q;

	if (value_is_array(v) && !v.any)
		s = str_head(json_raw(v.j, v.at), SHAPE_MAX);
	else if (!value_is_array(v))
		s = str_head(text(r, v), SHAPE_MAX);
	q = buf_room(b, s.n);
	for (size_t i = 0; i < s.n; i++)
		if (!strchr(" \t\r\n\"'", s.p[i]) || !s.p[i])
			*q++ = (char)(s.p[i] == '|' ? '/' : s.p[i]);
	b->n = (size_t)(q - b->p);
}

/* "[[4,4]]|Float|[[4,4]]|Float"; a list of one dtype is that dtype. */
static uint32_t
shape_of(struct reader *r, const struct entry *e)
{
	static const enum field parts[] = {IN_SIZES, IN_DTYPES, OUT_SIZES, OUT_DTYPES};
	struct buf *b = &r->ev->scratch;
	bool any = false;

	b->n = 0;
	for (size_t i = 0; i < NELEM(parts); i++) {
		struct value v = entry_get(e, parts[i]), one = v;

		if (i)
			buf_chr(b, '|');
		if ((parts[i] == IN_DTYPES || parts[i] == OUT_DTYPES) && value_is_array(v)) {
			one = value_first(v);
			if (value_ok(one) && value_ok(value_next(v, one)))
				one = v;
		}
		if (value_ok(one))
			put_bare(r, b, one);
		any |= value_ok(one);
	}
	return any ? reader_name(r, buf_str(b)) : 0;
}

/* Text without its line breaks. */
static void
put_line(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_chr(b, (char)(s.p[i] == '\n' || s.p[i] == '\r' ? ' ' : s.p[i]));
}

static uint32_t
stack_of(struct reader *r, struct value frames)
{
	struct buf *b = &r->ev->scratch;
	struct value f;
	struct str name, file, line;
	int n = 0;

	b->n = 0;
	if (!value_is_array(frames))
		return 0;
	for (f = value_first(frames); value_ok(f) && n < STACK_MAX; f = value_next(frames, f), n++) {
		name = str_head(value_is_object(f) ? text(r, value_get(f, S("name"))) : text(r, f), 256);
		file = str_head(text(r, value_get(f, S("filename"))), 512);
		line = str_head(text(r, value_get(f, S("line"))), 20);
		if (n)
			buf_chr(b, '\n');
		put_line(b, name.n ? name : S("?"));
		if (file.n) {
			buf_add(b, S(" ("));
			put_line(b, file);
			if (line.n) {
				buf_chr(b, ':');
				put_line(b, line);
			}
			buf_chr(b, ')');
		}
	}
	return reader_name(r, buf_str(b));
}

/* "all_reduce" of "nccl:all_reduce" */
static struct str
op_of(struct str op)
{
	return str_from(op, str_find(op, S(":")) + 1);
}

bool
flightrec_is_p2p(struct reader *r, const struct entry *e, struct str op)
{
	struct str s = op_of(op);

	return entry_is_true(r, e, P2P) || str_starts(s, S("send ")) || str_starts(s, S("recv "));
}

bool
flightrec_is_no_collective(struct str op)
{
	static const struct str others[] = {
		STR_INIT("send"), STR_INIT("recv"), STR_INIT("split"), STR_INIT("new_window"), STR_INIT("batch_op_issue")};

	for (size_t i = 0; i < NELEM(others); i++)
		if (str_eq(op_of(op), others[i]))
			return true;
	return false;
}

/* The peer in "nccl:send 0->3" or "nccl:recv 0<-3". */
static uint32_t
peer_of(struct str op)
{
	size_t at = str_find(op, S("->"));
	uint64_t n;

	if (at == op.n)
		at = str_find(op, S("<-"));
	op = str_from(op, at + 2);
	return num_eat(&op, &n) && n <= RANK_MAX ? (uint32_t)n : UINT32_MAX;
}

enum entry_is
flightrec_add(struct reader *r, const struct speaker *who, const struct entry *e, uint32_t group, struct completed *d)
{
	struct str state = text(r, entry_get(e, STATE)), op = text(r, entry_get(e, OP));
	int64_t completed = moment(entry_get(e, COMPLETED)), started = moment(entry_get(e, STARTED)), created = moment(entry_get(e, CREATED));
	int64_t t = created != NO_TIME ? created : who->t;
	bool is_completed = str_ieq(state, S("completed")) || (state.n == 0 && completed != NO_TIME) ||
		(who->retires && entry_is_true(r, e, RETIRED));
	struct collective c;
	int64_t seq;

	*d = (struct completed){.e = {.t = completed != NO_TIME ? completed : t, .node = who->node, .uid = who->file}, .rank = who->rank, .group = group};
	if (flightrec_is_p2p(r, e, op) || (who->process_wide && flightrec_is_no_collective(op))) {
		events_add(r->ev, EVENT_PROGRESS,
			   &(struct progress){
				   .e = {.t = NO_TIME, .node = who->node, .uid = who->file},
				   .enqueued = -1,
				   .completed = -1,
				   .rank = who->rank,
				   .group = group,
				   .dump = who->dump,
				   .p2p = true,
				   .open = !is_completed,
				   .peer = is_completed ? UINT32_MAX : peer_of(op),
				   .began = is_completed ? 0 : created,
			   });
		return POINT_TO_POINT;
	}
	if (!value_ok(entry_get(e, SEQ)) || !value_i64(entry_get(e, SEQ), &seq) || seq < 0)
		return NOTHING;
	if (e->number >= 0)
		seq = e->number;
	d->from = d->to = seq;
	if (is_completed)
		return COMPLETE;
	c = (struct collective){
		.e = {.t = t, .node = who->node, .uid = who->file},
		.started = started,
		.seen = who->seen,
		.seq = seq,
		.rank = who->rank,
		.group = group,
		.pg = reader_name(r, str_head(text(r, entry_get(e, PG_ID)), 64)),
		.op = reader_note(r, op),
		.shape = shape_of(r, e),
		.stack = stack_of(r, entry_get(e, FRAMES)),
		.running = str_ieq(state, S("started")) || (state.n == 0 && started != NO_TIME),
		.dump = who->dump,
	};
	events_add(r->ev, EVENT_COLLECTIVE, &c);
	return PENDING;
}
