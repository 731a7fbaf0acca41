#include "input/text/ras.h"

#include "base/num.h"
#include "input/text/text.h"

enum { RANK_MAX = 0x7fffffff };

static void
eat_blanks(struct str *s)
{
	while (s->n && (*s->p == ' ' || *s->p == '\t'))
		*s = str_from(*s, 1);
}

static int64_t
eat_number(struct str *s)
{
	uint64_t n;

	eat_blanks(s);
	return num_eat(s, &n) && n < INT64_MAX ? (int64_t)n : -1;
}

/* " -- GPU 3 managed by process 1650386 on node node1" */
static void
read_place(struct str s, struct ras_line *l)
{
	size_t at = str_find(s, S(" managed by process "));

	if (at == s.n)
		return;
	s = str_from(s, at + sizeof(" managed by process ") - 1);
	l->pid = eat_number(&s);
	if (str_eat(&s, S(" on node ")))
		l->host = str_head(s, str_find(s, S(" ")));
}

/* "#0-1 (78db921d1c117b4a) MISMATCH": what follows is about it. */
static bool
read_head(struct str s, struct ras_report *r)
{
	int64_t group;
	uint64_t hash;
	struct str hex;

	if (!str_eat(&s, S("#")) || (group = eat_number(&s)) < 0 || !str_eat(&s, S("-")) || eat_number(&s) < 0 ||
	    !str_eat(&s, S(" (")) || !str_cut(&s, ')', &hex) || !s.p || !num_hex(hex, &hash))
		return false;
	if (!str_eq(s, S(" MISMATCH")) && !str_eq(s, S(" INCOMPLETE")) && !str_eq(s, S(" ERROR")))
		return false;
	r->hash = hash;
	r->dead = false;
	r->func[0] = '\0';
	r->comm_size = (size_t)group < NELEM(r->size) ? r->size[group] : 0;
	return true;
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
	if ((size_t)n[0] < NELEM(r->size) && n[0] >= 0)
		r->size[n[0]] = n[4] > 0 && n[4] <= RANK_MAX ? (uint32_t)n[4] : 0;
	return true;
}

/* "different AllReduce operation counts" */
static bool
read_func(struct str s, struct ras_report *r)
{
	size_t at = str_find(s, S("have different ")), n;

	if (at == s.n || !str_ends(s, S("operation counts")))
		return false;
	s = str_from(s, at + sizeof("have different ") - 1);
	s = str_trim(str_head(s, s.n - (sizeof("operation counts") - 1)));
	n = s.n < sizeof(r->func) ? s.n : 0;
	if (n)
		memcpy(r->func, s.p, n);
	r->func[n] = '\0';
	return true;
}

/* "has launched up to operation 60 …", "have not launched any operations" */
static bool
read_launched(struct str s, struct ras_line *l)
{
	if (!str_eat(&s, S(" has ")) && !str_eat(&s, S(" have ")))
		return false;
	l->part = RAS_LAUNCHED;
	if (str_eat(&s, S("not launched any operations")))
		l->count = 0;
	else if (str_eat(&s, S("launched up to operation ")))
		l->count = eat_number(&s);
	read_place(s, l);
	return l->count >= 0;
}

static bool
read_rank(struct str s, struct ras_line *l)
{
	l->rank = eat_number(&s);
	l->n = 1;
	if (l->rank < 0 || l->rank > RANK_MAX)
		return false;
	if (str_starts(s, S(" -- GPU "))) {
		l->part = RAS_MISSING;
		read_place(s, l);
		return l->pid >= 0;
	}
	return read_launched(s, l);
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

/* Read a line; true if it says something, else it may have changed *r. */
static bool
read_line(struct str s, struct ras_report *r, struct ras_line *l)
{
	*l = (struct ras_line){.rank = -1, .n = -1, .count = -1, .pid = -1};
	if (read_head(s, r)) {
		l->part = RAS_ABOUT;
		return true;
	}
	if (read_table(s, r) || read_func(s, r))
		return false;
	if (str_has(s, S("considered dead"))) {
		r->dead = true;
		return false;
	}
	if (str_starts(s, S("Missing communicator data from "))) {
		r->dead = false;
		return false;
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
		return read_rank(s, l);
	l->n = eat_number(&s);
	return l->n > 0 && l->n <= RANK_MAX && (str_eat(&s, S(" ranks")) || str_eat(&s, S(" rank"))) && read_launched(s, l);
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

/* ---- records ---- */

static void
add(struct text *t, const struct ras_line *l)
{
	struct ras r = {
		/* of a report in one message; its lines alone are dated one by one */
		.e = {.t = t->ras.hash && l->part != RAS_ABOUT ? t->o->t : NO_TIME, .node = events_node(t->ev, l->host)},
		.hash = t->ras.hash,
		.count = l->count,
		.pid = l->pid,
		.rank = l->rank < 0 ? UINT32_MAX : (uint32_t)l->rank,
		.n = l->n < 0 ? 0 : (uint32_t)l->n,
		.size = t->ras.comm_size,
		.op = events_id(t->ev, str_of(t->ras.func)),
		.ranks = events_id(t->ev, l->ranks),
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
	{STR_INIT("The missing rank"), 1u << EVENT_RAS},
	{STR_INIT("different operation counts"), 1u << EVENT_RAS},
	{STR_INIT(" operation counts"), 1u << EVENT_RAS},
	{STR_INIT(" managed by process "), 1u << EVENT_RAS},
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
