/*
 * flightrec - what PyTorch's NCCL flight recorder says: whole dumps of a
 * rank, entries that stand alone, and flat records.  Which collectives a rank
 * has not finished, which it has, how far it is by its own count, and who
 * belongs to a process group.
 *
 * A dump does not say whose it is.  In this order: a `rank` member; the name
 * of its file; the one rank that all of its process groups have in common.
 * Sources: FlightRecorderDetail.hpp and the flight recorder tutorial of
 * PyTorch 2.3 to 2.10; NVIDIA Resiliency Extension (file names).
 */
#include <string.h>

#include "base/num.h"
#include "input/dialect/flat.h"

static const char unknown_rank[] =
	"a flight-recorder dump without its rank: add a \"rank\" member, or name its file nccl_trace_rank_N";

static const char torn[] =
	"flight-recorder entries without their rank or the pg_config of their dump: name its file nccl_trace_rank_N; "
	"if it is larger, --max-line of twice its size reads it whole";

enum { STACK_MAX = 16, RANK_MAX = 0x7fffffff };

/* ---- entries ---- */

enum field {
	RANK, PG_ID, STATE, P2P, FRAMES, RETIRED, IN_SIZES, OUT_SIZES, IN_DTYPES, OUT_DTYPES, GROUP, OP, CREATED, SEQ,
	STARTED, COMPLETED, FIELDS
};

/* By length; in dumps without the prefix. */
#define PREFIX "nccl.fr."
enum { PREFIX_LEN = sizeof(PREFIX) - 1 };
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

/* Where to begin looking for a name of some length. */
static const unsigned char by_length[] = {
	[5] = PG_ID, [6] = P2P, [7] = RETIRED, [8] = IN_SIZES, [9] = IN_SIZES, [10] = IN_SIZES, [11] = IN_SIZES,
	[12] = OUT_SIZES, [13] = OUT_DTYPES, [14] = OP, [15] = CREATED, [17] = SEQ, [26] = STARTED,
	[28] = COMPLETED,
};

struct entry {
	struct value v;
	int at[FIELDS]; /* tokens; -1: it has no such field */
	int64_t number; /* in its group, where its own counts other things; -1 */
};

static struct value
entry_get(const struct entry *e, enum field f)
{
	struct value v = e->v;

	v.at = e->at[f];
	return v;
}

/* Who made the records at hand. */
struct speaker {
	uint32_t rank, node;
	int64_t t;    /* of the record, when it carries no better one; */
	int64_t seen; /* and when it was observed; or NO_TIME */
	bool dump;
	bool retires;      /* what is retired counts as completed */
	bool process_wide; /* one count numbers all that the process calls */
};

/* The members of v that are fields, whose names stand there without the
 * first skip bytes. */
static void
find_fields(struct reader *r, struct value v, size_t skip, int at[FIELDS])
{
	size_t drop = PREFIX_LEN - skip;
	struct str name;

	for (unsigned i = 0; i < FIELDS; i++)
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

static struct entry
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

static struct str
text(struct reader *r, struct value v)
{
	return value_text(v, &r->mem);
}

/* A number of nanoseconds since 1970; 0 and null: not known. */
static int64_t
moment(struct value v)
{
	int64_t t;

	return value_ok(v) && value_i64(v, &t) && t > 0 ? t : NO_TIME;
}

/* A process group, as an entry has it. */
struct group {
	struct str name, desc;
};

/* A dump's groups are known by name, what carries only a number by that. */
static struct group
flightrec_group(struct reader *r, const struct entry *e)
{
	struct value v = entry_get(e, GROUP), first = v, second;
	struct group g = {0};

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

/* What is written at v without its blanks and quotes, at most 4096 bytes. */
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

static bool
entry_is_true(struct reader *r, const struct entry *e, enum field f)
{
	return str_eq(text(r, entry_get(e, f)), S("true"));
}

/* "all_reduce" of "nccl:all_reduce" */
static struct str
op_of(struct str op)
{
	return str_from(op, str_find(op, S(":")) + 1);
}

static bool
flightrec_is_p2p(struct reader *r, const struct entry *e, struct str op)
{
	struct str s = op_of(op);

	return entry_is_true(r, e, P2P) || str_starts(s, S("send ")) || str_starts(s, S("recv "));
}

/* What torchcomms numbers as if it were a collective. */
static bool
flightrec_is_no_collective(struct str op)
{
	static const struct str others[] = {
		STR_INIT("send"), STR_INIT("recv"), STR_INIT("split"), STR_INIT("new_window"), STR_INIT("batch_op_issue")};

	for (size_t i = 0; i < NELEM(others); i++)
		if (str_eq(op_of(op), others[i]))
			return true;
	return false;
}

/* The other end of "nccl:send 0->3" or "nccl:recv 0<-3". */
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

enum entry_is { NOTHING, PENDING, COMPLETE, POINT_TO_POINT };

/* What an entry of a group says; everything but a completed collective is
 * added. */
static enum entry_is
flightrec_add(struct reader *r, const struct speaker *who, const struct entry *e, uint32_t group, struct completed *d)
{
	struct str state = text(r, entry_get(e, STATE)), op = text(r, entry_get(e, OP));
	int64_t completed = moment(entry_get(e, COMPLETED)), started = moment(entry_get(e, STARTED)), created = moment(entry_get(e, CREATED));
	int64_t t = created != NO_TIME ? created : who->t;
	bool is_completed = str_ieq(state, S("completed")) || (state.n == 0 && completed != NO_TIME) ||
		(who->retires && entry_is_true(r, e, RETIRED));
	struct collective c;
	int64_t seq;

	*d = (struct completed){.e = {.t = completed != NO_TIME ? completed : t, .node = who->node}, .rank = who->rank, .group = group};
	if (flightrec_is_p2p(r, e, op) || (who->process_wide && flightrec_is_no_collective(op))) {
		events_add(r->ev, EVENT_PROGRESS,
			   &(struct progress){
				   .e = {.t = NO_TIME, .node = who->node},
				   .enqueued = -1,
				   .completed = -1,
				   .rank = who->rank,
				   .group = group,
				   .dump = who->dump,
				   .p2p = true,
				   .open = !is_completed,
				   .peer = is_completed ? UINT32_MAX : peer_of(op),
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
		.e = {.t = t, .node = who->node},
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

/* An entry outside of a dump, which also tells its group's description. */
static void
lone_entry(struct reader *r, const struct speaker *who, const struct entry *e, struct str desc)
{
	struct group g = flightrec_group(r, e);
	uint32_t group = reader_id(r, g.name);
	struct completed done;

	if (g.desc.n)
		desc = g.desc;
	if (desc.n && group)
		events_add(r->ev, EVENT_PROCESS_GROUP, &(struct process_group){.e = {.t = NO_TIME}, .group = group, .desc = reader_note(r, desc)});
	if (flightrec_add(r, who, e, group, &done) == COMPLETE)
		events_add(r->ev, EVENT_COMPLETED, &done);
}

/* ---- who speaks ---- */

static bool
is_rank(struct value v, uint32_t *rank)
{
	int64_t n;

	if (!value_ok(v) || !value_i64(v, &n) || n < 0 || n > RANK_MAX)
		return false;
	*rank = (uint32_t)n;
	return true;
}

/* Without what says only how a file is written or packed. */
static struct str
without_endings(struct str file)
{
	static const struct str endings[] = {
		STR_INIT(".gz"), STR_INIT(".zst"), STR_INIT(".xz"), STR_INIT(".json"), STR_INIT(".jsonl"), STR_INIT(".ndjson"),
		STR_INIT(".pickle"), STR_INIT(".pkl"), STR_INIT(".txt"), STR_INIT(".log"), STR_INIT(".bin"),
	};

	for (size_t i = 0; i < NELEM(endings); i++)
		if (str_ends(file, endings[i])) {
			file.n -= endings[i].n;
			i = (size_t)-1; /* from the first again */
		}
	return file;
}

static bool
is_letter(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}

static bool
is_separator(char c)
{
	return c == '_' || c == '-' || c == '.' || c == '=';
}

/* The digits at the end of *s, and a separator before them, removed there;
 * empty if there are none. */
static struct str
eat_last_digits(struct str *s)
{
	size_t i = s->n;
	struct str digits;

	while (i && s->p[i - 1] >= '0' && s->p[i - 1] <= '9')
		i--;
	digits = str_from(*s, i);
	if (digits.n == 0)
		return digits;
	s->n = i - (i && is_separator(s->p[i - 1]));
	return digits;
}

/* Where what follows a name's last word "rank", and a separator, begins; 0
 * without that word. */
static size_t
behind_rank(struct str name)
{
	size_t found = 0;

	for (size_t at = 0, next; (next = str_ifind(str_from(name, at), S("rank"))) < name.n - at; at += next + 4)
		if (at + next == 0 || !is_letter(name.p[at + next - 1]))
			found = at + next + 4;
	return found && found < name.n && is_separator(name.p[found]) ? found + 1 : found;
}

/*
 * The rank in a part of a file's path: the number behind "rank", "dump" or
 * "trace", which ends the name; or behind "rank" and a host's name, or before
 * a stamp (20260908, with _hhmmss or not).
 */
static bool
rank_in(struct str name, uint32_t *rank)
{
	static const struct str words[] = {STR_INIT("rank"), STR_INIT("dump"), STR_INIT("trace")};
	size_t behind = behind_rank(name), i;
	struct str before = name, digits = eat_last_digits(&before), stamp, rest;
	uint64_t n;

	for (i = 0; i < NELEM(words); i++)
		if (before.n >= words[i].n && str_ieq(str_from(before, before.n - words[i].n), words[i]))
			break;
	if (i == NELEM(words)) {
		if (!behind || before.n < behind)
			return false;
		stamp = digits;
		rest = before;
		if (digits.n == 6)
			stamp = eat_last_digits(&rest);
		if ((stamp.n == 8 || stamp.n == 14) && str_starts(stamp, S("20")) && rest.n >= behind) {
			digits = eat_last_digits(&rest);
			if (digits.n == 0 || digits.p < name.p + behind)
				return false;
		}
	}
	if (!num_u64(digits, &n) || n > RANK_MAX)
		return false;
	*rank = (uint32_t)n;
	return true;
}

/* The rank that a file's name tells, or else the folder that it is in. */
static bool
flightrec_rank_named(struct str file, uint32_t *rank)
{
	struct str name = without_endings(file), folder;

	for (;;) {
		size_t at = name.n;

		while (at && name.p[at - 1] != '/')
			at--;
		folder = str_head(name, at ? at - 1 : 0);
		if (rank_in(str_from(name, at), rank))
			return true;
		if (folder.n == 0 || behind_rank(folder) == 0)
			return false;
		name = folder;
	}
}

/* The next number in "[0, 1, 2]" or "0,1,2". 1: here it is, 0: no more,
 * -1: this is no such list. */
static int
next_rank(struct str *s, uint32_t *rank)
{
	uint64_t n;

	while (s->n && strchr(" \t\r\n[],\"", s->p[0]) && s->p[0])
		*s = str_from(*s, 1);
	if (s->n == 0)
		return 0;
	if (!num_eat(s, &n) || n > RANK_MAX)
		return -1;
	*rank = (uint32_t)n;
	return 1;
}

static int
u32_cmp(const void *x, const void *y, const void *ctx)
{
	const uint32_t *a = x, *b = y;

	(void)ctx;
	return SORT_ORDER(*a, *b);
}

/* Members of a group, ascending, once each; n 0: not known. */
struct ranks {
	uint32_t *p;
	size_t n;
};

static struct ranks
ranks_of(struct reader *r, struct value v)
{
	struct str s = value_is_array(v) && !v.any ? json_raw(v.j, v.at) : text(r, v), rest = s;
	struct ranks l = {0};
	size_t cap = 1;
	int got;

	for (size_t i = 0; i < s.n; i++)
		cap += s.p[i] == ',';
	l.p = mem_new(&r->mem, uint32_t, cap);
	while ((got = next_rank(&rest, &l.p[l.n])) > 0)
		if (++l.n == cap)
			break;
	if (got < 0 || (got > 0 && next_rank(&rest, &l.p[0]) != 0))
		l.n = 0;
	sort(l.p, l.n, sizeof(*l.p), u32_cmp, NULL, &r->ev->scratch);
	l.n = sort_unique(l.p, l.n, sizeof(*l.p), u32_cmp, NULL);
	return l;
}

static bool
has_rank(struct ranks l, uint32_t rank)
{
	size_t lo = 0;

	SORT_BISECT(lo, l.n, i, l.p[i] < rank);
	return lo < l.n && l.p[lo] == rank;
}

/* ---- dumps ---- */

/* A group as a dump's pg_config has it. */
struct config {
	struct str name, desc;
	struct ranks ranks;
};

/* A group's number in the dump's process, its name, and how far it is. */
struct local {
	int64_t id;
	struct str name; /* none: not known from entries */
	int64_t enqueued, completed;
};

struct dump {
	struct value v, entries;
	struct config *config;
	size_t nconfig;
	struct speaker who;
	bool asked; /* whether it is of a recorder that writes otherwise; */
	bool doubt; /* it is, and shows of nothing that it completed */
};

static void
read_config(struct reader *r, struct dump *d)
{
	struct value list = value_get(d->v, S("pg_config")), m, v;
	size_t n = 0;

	if (!value_is_object(list))
		return;
	for (m = value_first(list); value_ok(m); m = value_next(list, m))
		n++;
	d->config = mem_new(&r->mem, struct config, n);
	for (m = value_first(list); value_ok(m); m = value_next(list, m)) {
		struct config *c = &d->config[d->nconfig];

		v = value_of_member(m);
		c->name = text(r, value_get(v, S("name")));
		if (c->name.n == 0)
			c->name = value_name(m, &r->mem);
		c->desc = text(r, value_get(v, S("desc")));
		c->ranks = ranks_of(r, value_get(v, S("ranks")));
		d->nconfig += c->name.n != 0;
	}
}

/* May the dump be of this rank? */
static bool
fits(const struct dump *d, uint32_t rank)
{
	for (size_t i = 0; i < d->nconfig; i++)
		if (d->config[i].ranks.n && !has_rank(d->config[i].ranks, rank))
			return false;
	return true;
}

static bool
find_rank(struct reader *r, struct dump *d)
{
	static const struct str members[] = {STR_INIT("rank"), STR_INIT("global_rank"), STR_INIT("nccl.rank")};
	static const struct str files[] = {STR_INIT("file"), STR_INIT("filename"), STR_INIT("file_name"), STR_INIT("path")};
	const struct config *least = NULL;
	uint32_t *rank = &d->who.rank;
	size_t found = 0, i;

	for (i = 0; i < NELEM(members); i++)
		if (is_rank(value_get(d->v, members[i]), rank))
			return true;
	for (i = 0; i < NELEM(files); i++)
		if (flightrec_rank_named(text(r, value_get(d->v, files[i])), rank) && fits(d, *rank))
			return true;
	if (flightrec_rank_named(r->file, rank) && fits(d, *rank)) {
		r->rank = *rank;
		return true;
	}
	for (i = 0; i < d->nconfig; i++)
		if (d->config[i].ranks.n && (!least || d->config[i].ranks.n < least->ranks.n))
			least = &d->config[i];
	for (i = 0; least && i < least->ranks.n && found < 2; i++)
		if (fits(d, least->ranks.p[i])) {
			*rank = least->ranks.p[i];
			found++;
		}
	return found == 1;
}

static int
local_cmp(const void *x, const void *y, const void *ctx)
{
	const struct local *a = x, *b = y;
	int d = SORT_ORDER(a->id, b->id);

	(void)ctx;
	return d ? d : str_cmp(a->name, b->name);
}

static int
local_same(const void *x, const void *y, const void *ctx)
{
	const struct local *a = x, *b = y;

	(void)ctx;
	return a->id != b->id;
}

static bool
is_number(struct str s)
{
	uint64_t n;

	return num_u64(s, &n);
}

/* Numbers by value before other names. */
static int
config_cmp(const void *x, const void *y, const void *ctx)
{
	const struct config *a = x, *b = y;
	bool na = is_number(a->name), nb = is_number(b->name);

	(void)ctx;
	if (na != nb)
		return na ? -1 : 1;
	if (na && a->name.n != b->name.n)
		return SORT_ORDER(a->name.n, b->name.n);
	return str_cmp(a->name, b->name);
}

static int64_t
counter(struct value status, struct str name)
{
	struct value v = value_get(status, name);
	int64_t n;

	return value_ok(v) && value_i64(v, &n) && n >= 0 ? n : -1;
}

/*
 * pg_status is keyed by the group's number in this process.  Entries tell its
 * name; a number without entries is the name of the same place, if as many
 * numbers as names are known: both count up as groups are made.
 */
static void
read_status(struct reader *r, struct dump *d, struct local *pair, size_t npair)
{
	struct value list = value_get(d->v, S("pg_status")), m;
	struct local *s;
	size_t n = 0, at = 0;

	if (!value_is_object(list))
		return;
	for (m = value_first(list); value_ok(m); m = value_next(list, m))
		n++;
	s = mem_new(&r->mem, struct local, n);
	n = 0;
	for (m = value_first(list); value_ok(m); m = value_next(list, m)) {
		struct value v = value_of_member(m);

		if (!num_i64(value_name(m, &r->mem), &s[n].id))
			continue;
		s[n].enqueued = counter(v, S("last_enqueued_collective"));
		s[n++].completed = counter(v, S("last_completed_collective"));
	}
	sort(s, n, sizeof(*s), local_cmp, NULL, &r->ev->scratch);
	n = sort_unique(s, n, sizeof(*s), local_same, NULL);
	sort(pair, npair, sizeof(*pair), local_cmp, NULL, &r->ev->scratch);
	sort(d->config, d->nconfig, sizeof(*d->config), config_cmp, NULL, &r->ev->scratch);
	for (size_t i = 0; i < n; i++) {
		struct str name = n == d->nconfig ? d->config[i].name : (struct str){0};

		while (at < npair && pair[at].id < s[i].id)
			at++;
		if (at < npair && pair[at].id == s[i].id)
			name = pair[at].name;
		if (name.n)
			events_add(r->ev, EVENT_PROGRESS,
				   &(struct progress){
					   .e = {.t = NO_TIME, .node = d->who.node},
					   .enqueued = s[i].enqueued,
					   .completed = s[i].completed,
					   .rank = d->who.rank,
					   .group = reader_id(r, name),
					   .dump = true,
				   });
	}
}

static void
add_groups(struct reader *r, const struct dump *d)
{
	struct progress p = {
		.e = {.t = NO_TIME, .node = d->who.node}, .enqueued = -1, .completed = -1, .rank = d->who.rank, .dump = true};
	struct buf *b = &r->ev->scratch;

	events_add(r->ev, EVENT_PROGRESS, &p);
	for (size_t i = 0; i < d->nconfig; i++) {
		const struct config *c = &d->config[i];
		struct process_group t = {.e = {.t = NO_TIME}};

		t.group = p.group = reader_id(r, c->name);
		t.desc = reader_note(r, c->desc);
		b->n = 0;
		for (size_t k = 0; k < c->ranks.n; k++) {
			if (k)
				buf_chr(b, ',');
			buf_u64(b, c->ranks.p[k]);
		}
		t.ranks = p.ranks = reader_name(r, buf_str(b));
		events_add(r->ev, EVENT_PROCESS_GROUP, &t);
		events_add(r->ev, EVENT_PROGRESS, &p);
	}
}

/* By group, in this dump's own order, and collective. */
static int
done_cmp(const void *x, const void *y, const void *ctx)
{
	const struct completed *a = x, *b = y;

	(void)ctx;
	return a->group != b->group ? SORT_ORDER(a->group, b->group) : SORT_ORDER(a->from, b->from);
}

/* Collectives that follow each other are one record, unless bounds on time
 * ask for each. */
static void
add_done(struct reader *r, struct completed *d, size_t n)
{
	bool bounds = r->ev->since != NO_TIME || r->ev->until != NO_TIME;
	size_t k;

	sort(d, n, sizeof(*d), done_cmp, NULL, &r->ev->scratch);
	for (size_t i = 0; i < n; i = k) {
		for (k = i + 1; k < n && !bounds && d[k].group == d[i].group && d[k].from - d[i].to <= 1; k++) {
			d[i].to = d[k].to;
			if (d[k].e.t > d[i].e.t)
				d[i].e.t = d[k].e.t;
		}
		events_add(r->ev, EVENT_COMPLETED, &d[i]);
	}
}

/* What its groups' records do not tell. */
static void
add_doubt(struct reader *r, const struct dump *d, bool lost)
{
	for (size_t i = 0; i < d->nconfig; i++)
		events_add(r->ev, EVENT_PROGRESS,
			   &(struct progress){
				   .e = {.t = NO_TIME, .node = d->who.node},
				   .enqueued = -1,
				   .completed = -1,
				   .rank = d->who.rank,
				   .group = reader_name(r, d->config[i].name),
				   .dump = true,
				   .retires = d->doubt,
				   .numberless = lost,
			   });
}

/* ---- recorders that write otherwise ---- */

/*
 * FlightRecorderHook of PyTorch 2.14 (the recorder of gloo, nccl2 and
 * torchcomms) may know no device: what is finished stays scheduled and is said
 * to be retired, and its pg_status counts calls of all kinds.  In what
 * ProcessGroupNCCL writes, retired and not completed is what timed out.
 */
static void
flightrec_look_for_hook(struct reader *r, struct dump *d)
{
	bool other = false, completes = false;

	for (struct value v = value_first(d->entries); value_ok(v); v = value_next(d->entries, v)) {
		struct entry e = flightrec_entry(r, v, PREFIX_LEN);
		struct str op = text(r, entry_get(&e, OP));

		other |= !str_starts(op, S("nccl:")) && !str_starts(op, S("xccl:"));
		completes |= str_ieq(text(r, entry_get(&e, STATE)), S("completed"));
	}
	d->who.retires = other || !completes;
	d->doubt = !completes;
	d->asked = true;
}

/* An entry's number in the process, and its place among the entries. */
struct numbered {
	struct str group;
	int64_t seq;
	size_t at;
	bool is_collective;
};

static int
numbered_cmp(const void *x, const void *y, const void *ctx)
{
	const struct numbered *a = x, *b = y;

	(void)ctx;
	return SORT_ORDER(a->seq, b->seq);
}

static int
numbered_group_cmp(const void *x, const void *y, const void *ctx)
{
	const struct numbered *a = x, *b = y;
	int d = str_cmp(a->group, b->group);

	d = d ? d : SORT_ORDER(b->is_collective, a->is_collective);
	return d ? d : numbered_cmp(x, y, ctx);
}

/*
 * torchcomms counts all calls of a process, sends and receives too, as
 * collective_seq_id, of all groups together (FlightRecorder.cpp).  The
 * numbers of the entries in their groups, by place among the entries; NULL of
 * a dump that is not so.  Where the first ones are no longer there the
 * numbers say nothing: *lost.
 */
static int64_t *
flightrec_numbers(struct reader *r, const struct dump *d, size_t n, bool *lost)
{
	struct numbered *num = mem_new(&r->mem, struct numbered, n);
	int64_t *out, next = 0;
	size_t i = 0;
	bool mixed = false;

	for (struct value v = value_first(d->entries); value_ok(v); v = value_next(d->entries, v), i++) {
		struct entry e = flightrec_entry(r, v, PREFIX_LEN);
		struct str op = text(r, entry_get(&e, OP));

		if (!value_i64(entry_get(&e, SEQ), &num[i].seq) || flightrec_is_p2p(r, &e, op))
			return NULL;
		num[i].group = flightrec_group(r, &e).name;
		num[i].at = i;
		num[i].is_collective = !flightrec_is_no_collective(op);
		mixed |= !num[i].is_collective || !str_eq(num[i].group, num[0].group);
	}
	sort(num, n, sizeof(*num), numbered_cmp, NULL, &r->ev->scratch);
	for (i = 1; i < n; i++)
		if (num[i].seq != num[i - 1].seq + 1)
			return NULL;
	if (!mixed)
		return NULL;
	*lost = num[0].seq > 1;
	out = mem_new(&r->mem, int64_t, n);
	sort(num, n, sizeof(*num), numbered_group_cmp, NULL, &r->ev->scratch);
	for (i = 0; i < n; i++) {
		if (i == 0 || !str_eq(num[i].group, num[i - 1].group))
			next = 0;
		out[num[i].at] = *lost ? num[i].seq : next++;
	}
	return out;
}

/* May it be of such a recorder? They leave pg_status empty, or name no NCCL. */
static bool
flightrec_may_be_other(struct reader *r, const struct dump *d)
{
	struct value status = value_get(d->v, S("pg_status")), first = value_first(d->entries);
	struct entry e;
	struct str op;

	if (!value_ok(first))
		return false;
	if (value_is_object(status) && !value_ok(value_first(status)))
		return true;
	e = flightrec_entry(r, first, PREFIX_LEN);
	op = text(r, entry_get(&e, OP));
	return !str_starts(op, S("nccl:")) && !str_starts(op, S("xccl:"));
}

static void
read_entries(struct reader *r, struct dump *d)
{
	enum { RECENT = 64 }; /* numbers whose name was just noted */
	struct local recent[RECENT] = {{0}}, *pair;
	struct value v = value_first(d->entries);
	struct completed *done;
	struct entry e;
	int64_t *number = NULL;
	size_t n = 0, ndone = 0, npair = 0, at = 0;
	bool lost = false;

	for (; value_ok(v); v = value_next(d->entries, v))
		n++;
	done = mem_new(&r->mem, struct completed, n + 1);
	pair = mem_new(&r->mem, struct local, n);
	if (flightrec_may_be_other(r, d)) {
		number = flightrec_numbers(r, d, n, &lost);
		d->who.process_wide = number;
		flightrec_look_for_hook(r, d);
	}
	for (v = value_first(d->entries); value_ok(v); v = value_next(d->entries, v), at++) {
		struct local p = {0};

		e = flightrec_entry(r, v, PREFIX_LEN);
		e.number = number ? number[at] : -1;
		if (!d->asked && entry_is_true(r, &e, RETIRED) && !str_ieq(text(r, entry_get(&e, STATE)), S("completed")))
			flightrec_look_for_hook(r, d);
		p.name = flightrec_group(r, &e).name;
		ndone += flightrec_add(r, &d->who, &e, reader_id(r, p.name), &done[ndone]) == COMPLETE;
		if (!value_i64(entry_get(&e, PG_ID), &p.id) || !value_ok(entry_get(&e, GROUP)))
			continue;
		if (recent[(uint64_t)p.id % RECENT].id == p.id && str_eq(recent[(uint64_t)p.id % RECENT].name, p.name))
			continue;
		recent[(uint64_t)p.id % RECENT] = pair[npair++] = p;
	}
	add_done(r, done, ndone);
	if (d->doubt || lost)
		add_doubt(r, d, lost);
	else if (!number)
		read_status(r, d, pair, npair);
}

static bool
is_dump(struct value v)
{
	static const struct str beside[] = {
		STR_INIT("pg_status"), STR_INIT("nccl_version"), STR_INIT("comm_lib_version"), STR_INIT("version"),
	};

	if (value_is_object(value_get(v, S("pg_config"))))
		return true;
	for (size_t i = 0; i < NELEM(beside); i++)
		if (value_is_array(value_get(v, S("entries"))) && value_ok(value_get(v, beside[i])))
			return true;
	return false;
}

/*
 * Entries without what tells that they are a dump's: as it is where a large
 * dump comes in parts and has it behind them.  They are read where the rank is
 * known without that.
 */
static bool
is_torn(struct value v)
{
	struct value list = value_get(v, S("entries")), e = value_first(list);

	if (value_ok(e) && !value_is_object(e)) /* in place of earlier parts */
		e = value_next(list, e);
	return value_is_array(list) && value_ok(value_get(e, S("collective_seq_id"))) &&
	       value_ok(value_get(e, S("profiling_name")));
}

static uint32_t
host_of(struct reader *r, struct value v)
{
	struct str host = reader_text(r, v, S("host_name|slurm_node_name"));

	return events_node(r->ev, host.n ? host : reader_text(r, v, usual_nodes));
}

static void
read_dump(struct reader *r, struct value v)
{
	struct dump d = {.v = v, .entries = value_get(v, S("entries"))};

	read_config(r, &d);
	if (!find_rank(r, &d)) {
		r->why = is_dump(v) ? unknown_rank : torn;
		return;
	}
	d.who.node = host_of(r, v);
	d.who.t = NO_TIME;
	d.who.seen = r->written ? r->written : NO_TIME;
	d.who.dump = true;
	add_groups(r, &d);
	read_entries(r, &d);
}

/* An entry taken out of a dump.  Its file may have been made much later. */
static void
read_entry(struct reader *r, struct value v)
{
	struct speaker who = {.t = NO_TIME, .seen = NO_TIME, .dump = true};
	struct entry e;

	e = flightrec_entry(r, v, PREFIX_LEN);
	if (!is_rank(entry_get(&e, RANK), &who.rank)) {
		if (!flightrec_rank_named(r->file, &who.rank)) {
			r->why = "a flight-recorder entry without its rank: add a \"rank\" member";
			return;
		}
		r->rank = who.rank;
	}
	who.node = host_of(r, v);
	lone_entry(r, &who, &e, (struct str){0});
}

static bool
by_shape(struct value v)
{
	return is_dump(v) || is_torn(v) || (value_ok(value_get(v, S("collective_seq_id"))) && value_ok(value_get(v, S("profiling_name"))));
}

static bool
read(struct reader *r, struct value v)
{
	if (!events_want(r->ev, EVENT_COLLECTIVE))
		return true;
	if (is_dump(v) || is_torn(v))
		read_dump(r, v);
	else
		read_entry(r, v);
	return true;
}

enum { ALL = 1u << EVENT_COLLECTIVE | 1u << EVENT_COMPLETED | 1u << EVENT_PROGRESS | 1u << EVENT_PROCESS_GROUP };

static const struct word words[] = {
	{STR_INIT("collective_seq_id"), ALL},
	{STR_INIT("pg_config"), ALL},
	{STR_INIT("\"entries"), ALL},
	{.gives = 0},
}, claims[] = {
	{STR_INIT("\"pg_config\":{"), ALL},
	{STR_INIT("\"collective_seq_id\":"), ALL},
	{.gives = 0},
};

const struct dialect flightrec_dialect = {.by_shape = by_shape, .read = read, .words = words, .claims = claims};

/* ---- flat records ---- */

void
flightrec_flat(const struct flat *f)
{
	static const struct str ranks[] = {
		STR_INIT("gen_ai.training.rank"), STR_INIT("nccl.rank"), STR_INIT("nccl.fr.rank")};
	struct speaker who = {.seen = f->r->observed};
	struct entry e;
	struct event h;
	size_t i;
	uint64_t n;

	for (i = 0; i < NELEM(ranks); i++)
		if (num_u64(flat_scoped(f, ranks[i]), &n) && n <= RANK_MAX)
			break;
	if (i == NELEM(ranks))
		return;
	who.rank = (uint32_t)n;
	h = flat_header(f, flat_node(f), (struct str){0});
	who.node = h.node;
	who.t = h.t;
	e = flightrec_entry(f->r, f->attrs, 0);
	if (e.at[GROUP] < 0)
		e.at[GROUP] = value_get(f->attrs, S("nccl.fr.pg_name")).at;
	lone_entry(f->r, &who, &e, flat_get(f, S("nccl.fr.pg_desc")));
}
