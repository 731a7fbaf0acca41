/*
 * ras - output of `ncclras -f json`: for each communicator the number of operations of
 * each kind that each rank launched, and the ranks that did not answer; and processes
 * reported dead while it monitors (-m).
 * Source: src/ras/client_support.cc of NCCL 2.28 to 2.30.
 */
#include "base/num.h"
#include "input/dialect/dialect.h"
#include "input/text/ras.h"

static uint64_t
hash_of(struct reader *r, struct value comm)
{
	struct str s = reader_text(r, comm, S("hash"));
	uint64_t hash = 0;

	str_eat(&s, S("0x"));
	num_hex(s, &hash);
	return hash;
}

static uint32_t
number_of(struct value v, struct str name)
{
	int64_t n;
	struct value m = value_get(v, name);

	return value_ok(m) && value_i64(m, &n) && n >= 0 && n <= INT32_MAX ? (uint32_t)n : UINT32_MAX;
}

static void
add_word(struct reader *r, struct ras x, enum ras_part part, struct str word)
{
	x.part = (uint8_t)part;
	x.word = reader_id(r, word);
	events_add(r->ev, EVENT_RAS, &x);
}

static bool
is_set(struct reader *r, struct value rank, struct str path)
{
	return str_eq(reader_text(r, rank, path), S("true"));
}

/* A rank's state, in NCCL's order: an aborting rank is not running. */
static struct str
state_of(struct reader *r, struct value rank, int64_t init)
{
	if (is_set(r, rank, S("status/abort_flag")))
		return S("ABORT");
	if (is_set(r, rank, S("status/finalize_called")) || is_set(r, rank, S("status/destroy_flag")))
		return S("FINALIZE");
	return init ? S("INIT") : S("RUNNING");
}

static void
read_status(struct reader *r, struct value rank, struct ras x)
{
	int64_t init, async = 0;

	if (!value_i64(value_at(rank, S("status/init_state")), &init))
		return;
	add_word(r, x, RAS_STATE, state_of(r, rank, init));
	value_i64(value_at(rank, S("status/async_error")), &async);
	async = ras_error(async).n ? async : init;
	if (ras_error(async).n)
		add_word(r, x, RAS_ERROR, ras_error(async));
}

/* Read a rank; for ranks that launched operations, each kind separately. */
static void
read_rank(struct reader *r, struct value rank, struct ras x, int64_t *total)
{
	struct value counts = value_get(rank, S("collective_counts")), m;

	x.rank = number_of(rank, S("rank"));
	x.n = 1;
	x.e.node = events_node(r->ev, reader_text(r, rank, S("host")));
	value_i64(value_get(rank, S("pid")), &x.pid);
	if (x.rank == UINT32_MAX)
		return;
	if (x.part == RAS_MISSING) {
		if (is_set(r, rank, S("status/considered_dead")))
			x.part = RAS_DEAD;
		if (x.part == RAS_MISSING && str_eq(reader_text(r, rank, S("status/unresponsive")), S("false")))
			add_word(r, x, RAS_STATE, S("NOCOMM")); /* the process answered */
		else
			events_add(r->ev, EVENT_RAS, &x);
		return;
	}
	read_status(r, rank, x);
	if (!value_is_object(counts))
		return;
	for (m = value_first(counts); value_ok(m); m = value_next(counts, m))
		if (value_i64(value_of_member(m), &x.count) && x.count >= 0 && *total <= INT64_MAX - x.count) {
			*total += x.count;
			x.op = reader_name(r, value_name(m, &r->mem));
			events_add(r->ev, EVENT_RAS, &x);
		}
}

static void
read_comm(struct reader *r, struct value comm, int64_t t)
{
	struct value list = value_get(comm, S("ranks")), v;
	struct ras x = {.e = {.t = t}, .hash = hash_of(r, comm), .size = number_of(comm, S("size")), .part = RAS_LAUNCHED, .pid = -1};
	int64_t total = 0;

	if (x.size == UINT32_MAX)
		x.size = 0;
	for (v = value_first(list); value_is_array(list) && value_ok(v); v = value_next(list, v))
		read_rank(r, v, x, &total);
	list = value_get(comm, S("missing_ranks"));
	x.part = RAS_MISSING;
	for (v = value_first(list); value_is_array(list) && value_ok(v); v = value_next(list, v))
		read_rank(r, v, x, &total);
	x.part = RAS_TOTAL;
	x.count = total;
	x.rank = UINT32_MAX;
	events_add(r->ev, EVENT_RAS, &x);
}

/* Is it an event about a process, printed by `ncclras -m -f json`? */
static bool
is_peer_event(struct value v)
{
	return value_is_string(value_get(v, S("event"))) && value_ok(value_at(v, S("peer/pid"))) &&
	       value_ok(value_at(v, S("peer/cuda_devs")));
}

static void
read_peer_event(struct reader *r, struct value v)
{
	struct ras x = {.e = {.t = reader_time(r, v, S("timestamp"))}, .rank = UINT32_MAX, .part = RAS_DEAD};

	x.e.node = events_node(r->ev, reader_text(r, v, S("peer/host")));
	if (str_eq(reader_text(r, v, S("event")), S("PEER_DEAD")) && value_i64(value_at(v, S("peer/pid")), &x.pid) && x.pid >= 0)
		events_add(r->ev, EVENT_RAS, &x);
}

static bool
by_shape(struct value v)
{
	struct value list = value_get(v, S("communicators")), c = value_first(list);

	if (is_peer_event(v))
		return true;
	return value_is_array(list) && value_is_object(c) && value_ok(value_get(c, S("hash"))) &&
	       value_is_array(value_get(c, S("ranks")));
}

static bool
read(struct reader *r, struct value v)
{
	struct value list = value_get(v, S("communicators")), c = value_first(list);
	int64_t t = reader_time(r, v, S("timestamp"));

	if (is_peer_event(v) && events_want(r->ev, EVENT_RAS))
		read_peer_event(r, v);
	for (; value_ok(c) && events_want(r->ev, EVENT_RAS); c = value_next(list, c))
		if (value_is_object(c))
			read_comm(r, c, t);
	return true;
}

static const struct word words[] = {
	{STR_INIT("collective_counts"), 1u << EVENT_RAS},
	{STR_INIT("\"communicators\""), 1u << EVENT_RAS},
	{STR_INIT("\"PEER_DEAD\""), 1u << EVENT_RAS},
	{.gives = 0},
}, claims[] = {
	{STR_INIT("\"collective_counts\""), 1u << EVENT_RAS},
	{.gives = 0},
};

const struct dialect ras_json_dialect = {.by_shape = by_shape, .read = read, .words = words, .claims = claims};
