/*
 * flightrec - records of PyTorch's NCCL flight recorder: whole dumps of a rank,
 * single entries, and flat records.  They show a rank's unfinished and finished
 * collectives, its progress by its own count, and the members of process groups.
 *
 * A dump does not contain its rank.  It is, in this order: a `rank` member; from the
 * file's name; the only rank that all of its process groups have in common.
 * Sources: FlightRecorderDetail.hpp and the flight recorder tutorial of
 * PyTorch 2.3 to 2.10; NVIDIA Resiliency Extension (file names).
 */
#include <string.h>

#include "base/num.h"
#include "input/dialect/flightrec.h"
#include "input/filename.h"

static const char unknown_rank[] =
	"a flight-recorder dump without its rank: add a \"rank\" member, or name its file nccl_trace_rank_N";

static const char torn[] =
	"flight-recorder entries without their rank or the pg_config of their dump: name its file nccl_trace_rank_N; "
	"if it is larger, --max-line of twice its size reads it whole";

/* Read an entry outside of a dump, which also has its group's description. */
static void
lone_entry(struct reader *r, const struct speaker *who, const struct entry *e, struct str desc)
{
	struct entry_group g = flightrec_group(r, e);
	uint32_t group = reader_id(r, g.name);
	struct completed done;

	if (g.desc.n)
		desc = g.desc;
	if (desc.n && group)
		events_add(r->ev, EVENT_PROCESS_GROUP, &(struct process_group){.e = {.t = NO_TIME}, .group = group, .desc = reader_note(r, desc)});
	if (flightrec_add(r, who, e, group, &done) == COMPLETE)
		events_add(r->ev, EVENT_COMPLETED, &done);
}

static bool
is_rank(struct value v, uint32_t *rank)
{
	int64_t n;

	if (!value_ok(v) || !value_i64(v, &n) || n < 0 || n > RANK_MAX)
		return false;
	*rank = (uint32_t)n;
	return true;
}

/* The next number in "[0, 1, 2]" or "0,1,2".  1: found, 0: at the end, -1: not such a
 * list. */
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

/* Members of a group, ascending, without duplicates; n 0: unknown. */
struct group_ranks {
	uint32_t *p;
	size_t n;
};

static struct group_ranks
ranks_of(struct reader *r, struct value v)
{
	struct str s = value_is_array(v) && !v.any ? json_raw(v.j, v.at) : text(r, v), rest = s;
	struct group_ranks l = {0};
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
has_rank(struct group_ranks l, uint32_t rank)
{
	size_t lo = 0;

	SORT_BISECT(lo, l.n, i, l.p[i] < rank);
	return lo < l.n && l.p[lo] == rank;
}

/* A group in a dump's pg_config. */
struct group_config {
	struct str name, desc;
	struct group_ranks ranks;
};

/* A group's number in the dump's process, its name, and its progress. */
struct local {
	int64_t id;
	struct str name; /* "no string": unknown from entries */
	int64_t enqueued, completed;
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
	d->config = mem_new(&r->mem, struct group_config, n);
	for (m = value_first(list); value_ok(m); m = value_next(list, m)) {
		struct group_config *c = &d->config[d->nconfig];

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

/* Members with a dump's file name. */
static const struct str files[] = {STR_INIT("file"), STR_INIT("filename"), STR_INIT("file_name"), STR_INIT("path")};

static bool
find_rank(struct reader *r, struct dump *d)
{
	static const struct str members[] = {STR_INIT("rank"), STR_INIT("global_rank"), STR_INIT("nccl.rank")};
	const struct group_config *least = NULL;
	uint32_t *rank = &d->who.rank;
	size_t found = 0, i;

	for (i = 0; i < NELEM(members); i++)
		if (is_rank(value_get(d->v, members[i]), rank))
			return true;
	for (i = 0; i < NELEM(files); i++)
		if (filename_dump_rank(text(r, value_get(d->v, files[i])), rank) && fits(d, *rank))
			return true;
	if (filename_dump_rank(r->file, rank) && fits(d, *rank)) {
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
	const struct group_config *a = x, *b = y;
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
 * Read pg_status, whose keys are group numbers in this process.  Entries have the name for
 * a number; a number without entries gets the name at the same position, if there are as
 * many numbers as names: both ascend in order of creation.
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
					   .e = {.t = NO_TIME, .node = d->who.node, .uid = d->who.file},
					   .enqueued = s[i].enqueued,
					   .completed = s[i].completed,
					   .rank = d->who.rank,
					   .group = reader_id(r, name),
					   .dump = true,
				   });
	}
}

/* Is a dump only a part, whose list of entries goes on after it, or was cut? */
static bool
is_part(struct reader *r, struct value v)
{
	bool says = str_eq(text(r, value_get(v, S("part"))), S("true"));

	r->part |= !says && r->open > 1 && !value_ok(value_around(v));
	return says || r->part;
}

static void
add_groups(struct reader *r, const struct dump *d)
{
	struct progress p = {
		.e = {.t = NO_TIME, .node = d->who.node, .uid = d->who.file}, .enqueued = -1, .completed = -1, .rank = d->who.rank, .dump = true};
	struct buf *b = &r->ev->scratch;

	p.part = is_part(r, d->v);
	p.whole = !p.part;
	events_add(r->ev, EVENT_PROGRESS, &p);
	p.part = p.whole = false;
	for (size_t i = 0; i < d->nconfig; i++) {
		const struct group_config *c = &d->config[i];
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

/* By group, in this dump's order, then collective. */
static int
done_cmp(const void *x, const void *y, const void *ctx)
{
	const struct completed *a = x, *b = y;

	(void)ctx;
	return a->group != b->group ? SORT_ORDER(a->group, b->group) : SORT_ORDER(a->from, b->from);
}

/* Add consecutive collectives as one record, unless --since or --until needs each
 * one. */
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

/* Add to its groups what their records cannot show. */
static void
add_doubt(struct reader *r, const struct dump *d, bool lost)
{
	for (size_t i = 0; i < d->nconfig; i++)
		events_add(r->ev, EVENT_PROGRESS,
			   &(struct progress){
				   .e = {.t = NO_TIME, .node = d->who.node, .uid = d->who.file},
				   .enqueued = -1,
				   .completed = -1,
				   .rank = d->who.rank,
				   .group = reader_name(r, d->config[i].name),
				   .dump = true,
				   .retires = d->doubt,
				   .numberless = lost,
			   });
}

static void
read_entries(struct reader *r, struct dump *d)
{
	enum { RECENT = 64 }; /* cache of numbers whose name was just added */
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
	static const struct str siblings[] = {
		STR_INIT("pg_status"), STR_INIT("nccl_version"), STR_INIT("comm_lib_version"), STR_INIT("version"),
	};

	if (value_is_object(value_get(v, S("pg_config"))))
		return true;
	for (size_t i = 0; i < NELEM(siblings); i++)
		if (value_is_array(value_get(v, S("entries"))) && value_ok(value_get(v, siblings[i])))
			return true;
	return false;
}

/*
 * Are these entries without the member that identifies a dump?  That happens if a large
 * dump is read in parts and the member follows the entries.  They are read if the rank is
 * known from elsewhere.
 */
static bool
is_torn(struct value v)
{
	struct value list = value_get(v, S("entries")), e = value_first(list);

	if (value_ok(e) && !value_is_object(e)) /* the 0 in place of earlier parts */
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

/* The name of a dump's file; if there is one for each rank, without this rank's number. */
static uint32_t
file_of(struct reader *r, const struct dump *d)
{
	struct buf *b = &r->ev->scratch;
	struct str name = {0}, rest, before, behind = {0};
	uint32_t own, rank = d->who.rank;
	uint64_t n;

	for (size_t i = 0; i < NELEM(files) && !name.n; i++)
		name = text(r, value_get(d->v, files[i]));
	if (!name.n) {
		name = r->file;
		r->needs_file = name.n > 0;
	}
	if (!filename_dump_rank(name, &own) || own != rank)
		return reader_name(r, name);
	rest = before = name;
	while (rest.n) {
		struct str digits = rest;

		if (!num_eat(&rest, &n)) {
			rest = str_from(rest, 1);
		} else if (n == rank) {
			before = str_head(name, (size_t)(digits.p - name.p));
			behind = rest;
		}
	}
	b->n = 0;
	buf_add(b, before);
	buf_add(b, behind);
	return reader_name(r, buf_str(b));
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
	d.who.file = d.who.node ? 0 : file_of(r, &d);
	d.who.t = NO_TIME;
	d.who.seen = r->written ? r->written : NO_TIME;
	d.who.dump = true;
	add_groups(r, &d);
	read_entries(r, &d);
}

/* Read an entry extracted from a dump; its file may be much newer. */
static void
read_entry(struct reader *r, struct value v)
{
	struct speaker who = {.t = NO_TIME, .seen = NO_TIME, .dump = true};
	struct entry e;

	e = flightrec_entry(r, v, PREFIX_LEN);
	if (!is_rank(entry_get(&e, RANK), &who.rank)) {
		if (!filename_dump_rank(r->file, &who.rank)) {
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
