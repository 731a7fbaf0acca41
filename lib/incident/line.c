#include "incident/page.h"

static struct str
text(struct value v, struct str name, struct mem *m)
{
	return value_text(value_get(v, name), m);
}

static int64_t
time_of(struct value v, struct str name, struct mem *m)
{
	int64_t t;

	return time_parse(text(v, name, m), &t) ? t : NO_TIME;
}

static int64_t
number(struct value v, struct str name)
{
	int64_t n;

	return value_i64(value_get(v, name), &n) && n > 0 ? n : 0;
}

/* The cause of a step: the earlier step numbered `from`, or NULL.  Our own lines
 * number steps from 1; other lines may have none with that number. */
static const struct incident_step *
cause_of(const struct incident *i, const struct incident_step *s)
{
	const struct incident_step *c;

	if (s->from < 1 || (uint64_t)s->from > i->nstep)
		return NULL;
	c = &i->step[s->from - 1];
	return c < s && c->n == s->from ? c : NULL;
}

static void
read_steps(struct incident *to)
{
	struct value links = value_get(to->v, S("links")), nodes = value_get(value_get(to->v, S("root")), S("nodes")), e;
	size_t n = 0;

	for (e = value_first(links); value_ok(e); e = value_next(links, e))
		n++;
	to->step = mem_new(to->mem, struct incident_step, n);
	for (e = value_first(links); value_ok(e); e = value_next(links, e)) {
		struct incident_step *s = &to->step[to->nstep++];
		struct mem *m = to->mem;

		*s = (struct incident_step){
			.n = number(e, S("n")), .from = number(e, S("from")), .at = time_of(e, S("at"), m), .since = time_of(e, S("not_before"), m),
			.until = time_of(e, S("until"), m),
			.fact = text(e, S("fact"), m), .what = text(e, S("what"), m), .node = text(e, S("node"), m), .gpu = text(e, S("gpu_id"), m),
			.pod = text(e, S("pod"), m), .ranks = text(e, S("ranks"), m), .rule = text(e, S("rule"), m),
			.strength = text(e, S("strength"), m), .code = number(e, S("xid_code")), .folded = number(e, S("folded")),
		};
		if (s->since == NO_TIME || s->since > s->at)
			s->since = s->at;
		if (s->until <= s->at)
			s->until = NO_TIME;
		s->cause = cause_of(to, s);
		s->shared = !s->from && value_ok(value_first(nodes));
	}
}

/* A list of numbers as "0-3,7"; stops at one that does not ascend. */
static struct str
ranges_of(struct value list, struct mem *m)
{
	struct buf b = {0};
	struct value e;
	struct str s;
	int64_t n, from = -1, to = -1;

	for (e = value_first(list);; e = value_next(list, e)) {
		bool more = value_ok(e) && value_i64(e, &n) && n > to;

		if (more && from >= 0 && n == to + 1) {
			to = n;
			continue;
		}
		if (from >= 0) {
			if (b.n)
				buf_chr(&b, ',');
			buf_i64(&b, from);
			if (to > from) {
				buf_chr(&b, '-');
				buf_i64(&b, to);
			}
		}
		if (!more)
			break;
		from = to = n;
	}
	s = mem_str(m, buf_str(&b));
	buf_free(&b);
	return s;
}

void
incident_read(struct incident *to, struct value v, struct mem *m)
{
	struct value blamed = value_get(v, S("ranks_blamed"));

	*to = (struct incident){
		.v = v, .mem = m, .id = text(v, S("id"), m), .headline = text(v, S("headline"), m), .remediation = text(v, S("remediation"), m),
		.action = text(v, S("action"), m), .kind = text(v, S("kind"), m), .confidence = text(v, S("confidence"), m),
		.waiting = text(v, S("ranks_waiting"), m), .first = time_of(v, S("first"), m), .last = time_of(v, S("last"), m),
		.resolved = time_of(v, S("resolved_at"), m),
	};
	read_steps(to);
	/* the hang's step has all ranks, the list at most 64 */
	for (size_t i = 0; i < to->nstep && !to->blamed.n; i++)
		if (str_eq(to->step[i].fact, S("hang")))
			to->blamed = to->step[i].ranks;
	if (!to->blamed.n)
		to->blamed = ranges_of(blamed, m);
}

bool
kind_planned(struct str kind)
{
	return str_listed(S("preemption,maintenance"), kind);
}

/* JSON without blanks; it must not contain strings. */
static void
squeeze(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr(" \t\r\n", s.p[i]))
			buf_chr(b, s.p[i]);
}

void
incident_line(struct buf *b, struct value v)
{
	const struct json *j = v.j;
	struct str all = json_raw(j, v.at);
	struct mem m = {0};
	const char *at = all.p;

	for (int i = v.at, end = json_after(j, v.at); i < end; i++) {
		struct str s = json_raw(j, i);

		if (j->tok[i].type != JSMN_STRING)
			continue;
		squeeze(b, (struct str){at, (size_t)(s.p - 1 - at)});
		buf_json(b, json_text(j, i, &m));
		at = s.p + s.n + 1;
	}
	squeeze(b, (struct str){at, (size_t)(all.p + all.n - at)});
	mem_free(&m);
}
