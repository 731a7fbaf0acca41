#include "input/text/ras.h"

#include "base/num.h"
#include "input/text/text.h"

enum { RANK_MAX = 0x7fffffff };

static int64_t
eat_number(struct str *s)
{
	uint64_t n;

	str_eat_blanks(s);
	return num_eat(s, &n) && n < INT64_MAX ? (int64_t)n : -1;
}

/* Remove the text up to a mark and the mark; false if there is none. */
static bool
skip_to(struct str *s, struct str mark)
{
	size_t at = str_find(*s, mark);

	if (at == s->n)
		return false;
	*s = str_from(*s, at + mark.n);
	return true;
}

/* " -- GPU 3 managed by process 1650386 on node node1" */
static void
read_place(struct str s, struct ras_line *l)
{
	if (!skip_to(&s, S(" managed by process ")))
		return;
	l->pid = eat_number(&s);
	if (str_eat(&s, S(" on node ")))
		l->host = str_head(s, str_find(s, S(" ")));
}

/* "#0-1 (78db921d1c117b4a) MISMATCH": the subject of the following lines. */
static bool
read_head(struct str s, struct ras_report *r)
{
	int64_t group;
	uint64_t hash;
	struct str hex;

	if (!str_eat(&s, S("#")) || (group = eat_number(&s)) < 0 || !str_eat(&s, S("-")) || eat_number(&s) < 0 ||
	    !str_eat(&s, S(" (")) || !str_eat_to(&s, ')', &hex) || !num_hex(hex, &hash))
		return false;
	if (!str_eq(s, S(" MISMATCH")) && !str_eq(s, S(" INCOMPLETE")) && !str_eq(s, S(" ERROR")))
		return false;
	r->hash = hash;
	r->dead = r->sets = false;
	r->func[0] = '\0';
	r->comm_size = (size_t)group < NELEM(r->size) ? r->size[group] : 0;
	return true;
}

/* Copy a text into an array of max bytes; empty if it is longer. */
static void
keep(char *to, size_t max, struct str s)
{
	size_t n = s.n < max ? s.n : 0;

	if (n)
		memcpy(to, s.p, n);
	to[n] = '\0';
}

/* "    0         1          2         4         8         8  RUNNING  MISMATCH" */
static bool
read_table(struct str s, struct ras_report *r)
{
	int64_t n[6];

	if (!str_has(s, S("  RUNNING")))
		return false;
	for (size_t i = 0; i < NELEM(n); i++) {
		n[i] = eat_number(&s);
		if (n[i] < 0)
			return false;
		if (str_eat(&s, S("-"))) /* "3-4": it varies */
			n[i] = -eat_number(&s);
	}
	if ((uint64_t)n[0] < NELEM(r->size))
		r->size[n[0]] = (uint64_t)n[4] <= RANK_MAX ? (uint32_t)n[4] : 0;
	return true;
}

/* "different AllReduce operation counts" */
static bool
read_func(struct str s, struct ras_report *r)
{
	if (!str_ends(s, S("operation counts")) || !skip_to(&s, S("have different ")))
		return false;
	keep(r->func, sizeof(r->func), str_trim(str_head(s, str_find(s, S("operation counts")))));
	r->sets = false;
	return true;
}

/* State of ranks: " has launched up to operation 60 -- GPU …", " have not launched any
 * operations", " reported System error", " has status INIT".  For one rank the place
 * follows; without it the line was truncated, maybe within the number. */
static bool
read_deed(struct str s, bool one, struct ras_line *l)
{
	size_t end = str_find(s, S(" -- "));
	struct str what = str_head(s, end);

	if (str_eat(&what, S(" reported "))) {
		l->part = RAS_ERROR;
		l->word = str_trim(what);
		return l->word.n;
	}
	if (!str_eat(&what, S(" has ")) && !str_eat(&what, S(" have ")))
		return false;
	if (str_eat(&what, S("status "))) {
		l->part = RAS_STATE;
		l->word = str_trim(what);
		return l->word.n;
	}
	l->part = RAS_LAUNCHED;
	if (str_eat(&what, S("not launched any operations")))
		l->count = 0;
	else if (!(one && end == s.n) && str_eat(&what, S("launched up to operation ")))
		l->count = eat_number(&what);
	return l->count >= 0 && !what.n;
}

/* Rank 5, of a set in earlier lines, or " has launched …". */
static bool
read_rank(struct str s, const struct ras_report *r, struct ras_line *l)
{
	l->rank = eat_number(&s);
	if (l->rank < 0 || l->rank > RANK_MAX)
		return false;
	if (str_starts(s, S(" -- "))) {
		l->part = r->sets ? r->set : RAS_NAMED;
		l->n = l->part == RAS_MISSING || l->part == RAS_NAMED ? 1 : 0;
		l->count = l->part == RAS_LAUNCHED ? r->count : -1;
		l->word = str_of(r->sets ? r->word : "");
	} else {
		l->n = 1;
		if (!read_deed(s, true, l))
			return false;
	}
	read_place(s, l);
	return l->pid >= 0 || l->part == RAS_LAUNCHED || str_ends(s, S("[process information not found]"));
}

/* "2 ranks have launched up to operation 60": lines below name them. */
static bool
read_set(struct str s, struct ras_report *r, struct ras_line *l)
{
	bool many;

	l->n = eat_number(&s);
	many = str_eat(&s, S(" ranks"));
	if (l->n <= 0 || l->n > RANK_MAX || !(many || str_eat(&s, S(" rank"))) || !read_deed(s, false, l))
		return false;
	if (!many && l->part != RAS_LAUNCHED)
		return false;
	r->sets = true;
	r->set = l->part;
	r->count = l->count;
	keep(r->word, sizeof(r->word), l->word);
	return true;
}

/* The ranks of this communicator that are named in the lines below are missing. */
static bool
begin_missing(struct ras_report *r)
{
	r->sets = true;
	r->set = RAS_MISSING;
	r->word[0] = '\0';
	return true;
}

static bool
read_process(struct str s, struct ras_line *l)
{
	l->part = RAS_DEAD;
	l->pid = eat_number(&s);
	if (l->pid < 0 || !str_eat(&s, S(" on node ")))
		return false;
	l->host = str_head(s, str_find(s, S(" ")));
	return str_has(s, S(" managing GPU"));
}

/* Read a line; true if it sets *l. */
static bool
read_line(struct str s, struct ras_report *r, struct ras_line *l)
{
	*l = (struct ras_line){.part = RAS_ABOUT, .rank = -1, .n = -1, .count = -1, .pid = -1};
	if (read_head(s, r) || read_table(s, r) || read_func(s, r))
		return true;
	if (str_has(s, S("considered dead"))) {
		r->dead = true;
		return true;
	}
	if (str_eat(&s, S("Missing communicator data from "))) {
		r->dead = false;
		l->n = eat_number(&s);
		return str_starts(s, S(" rank")) && begin_missing(r);
	}
	if (r->dead && str_eat(&s, S("Process ")))
		return read_process(s, l);
	if (str_eat(&s, S("The missing rank"))) {
		l->part = RAS_MISSING;
		str_eat(&s, S("s"));
		if (!str_eat(&s, S(":")))
			return false;
		l->ranks = str_trim(s);
		return l->ranks.n;
	}
	if (str_eat(&s, S("Rank ")))
		return read_rank(s, r, l);
	return read_set(s, r, l);
}

bool
ras_next(struct str *message, struct ras_report *r, struct ras_line *l)
{
	while (message->n) {
		size_t end = str_find(*message, S("\n"));
		struct str line = str_trim(str_head(*message, end));

		*message = str_from(*message, end + 1);
		if (read_line(line, r, l))
			return true;
	}
	return false;
}

struct str
ras_error(int64_t result)
{
	static const struct str names[] = {
		[1] = STR_INIT("Unhandled CUDA error"), [2] = STR_INIT("System error"), [3] = STR_INIT("Internal error"),
		[4] = STR_INIT("Invalid argument"), [5] = STR_INIT("Invalid usage"), [6] = STR_INIT("Remote process error"),
		[7] = {NULL, 0},
	};

	if (result < 0 || result >= (int64_t)NELEM(names))
		return S("Unexpected error");
	return names[result];
}

/* ---- records ---- */

static void
add(struct text *t, const struct ras_line *l)
{
	struct ras r = {
		/* only if the report is in one message; single lines have their own times */
		.e = {.t = t->ras.hash && l->part != RAS_ABOUT ? t->o->t : NO_TIME, .node = events_node(t->ev, l->host)},
		.hash = t->ras.hash,
		.count = l->count,
		.pid = l->pid,
		.rank = l->rank < 0 ? UINT32_MAX : (uint32_t)l->rank,
		.n = l->n < 0 ? 0 : (uint32_t)l->n,
		.size = t->ras.comm_size,
		.op = events_id(t->ev, str_of(t->ras.func)),
		.ranks = events_id(t->ev, l->ranks),
		.word = events_id(t->ev, l->word),
		.part = (uint8_t)l->part,
	};

	events_add(t->ev, EVENT_RAS, &r);
}

static bool
next(struct text *t)
{
	struct ras_line l;

	if (!ras_next(&t->rest, &t->ras, &l))
		return false;
	if (t->ev)
		add(t, &l);
	return true;
}

static const struct word words[] = {
	{STR_INIT("launched up to operation"), 1u << EVENT_RAS},
	{STR_INIT("not launched any operations"), 1u << EVENT_RAS},
	{STR_INIT("Missing communicator data"), 1u << EVENT_RAS},
	{STR_INIT(" ranks reported "), 1u << EVENT_RAS},
	{STR_INIT(" ranks have status "), 1u << EVENT_RAS},
	{STR_INIT("The missing rank"), 1u << EVENT_RAS},
	{STR_INIT("different operation counts"), 1u << EVENT_RAS},
	{STR_INIT(" operation counts"), 1u << EVENT_RAS},
	{STR_INIT(" managed by process "), 1u << EVENT_RAS},
	{STR_INIT("[process information not found]"), 1u << EVENT_RAS},
	{STR_INIT(" managing GPU"), 1u << EVENT_RAS},
	{STR_INIT(") MISMATCH"), 1u << EVENT_RAS},
	{STR_INIT(") INCOMPLETE"), 1u << EVENT_RAS},
	{STR_INIT(") ERROR"), 1u << EVENT_RAS},
	{STR_INIT("  RUNNING  "), 1u << EVENT_RAS},
	{STR_INIT("considered dead"), 1u << EVENT_RAS},
	{.gives = 0},
}, claims[] = {
	{STR_INIT("launched up to operation"), 1u << EVENT_RAS},
	{.gives = 0},
};

const struct text_reader ras_text = {
	.next = next,
	.gives = 1u << EVENT_RAS,
	.words = words,
	.claims = claims,
};
