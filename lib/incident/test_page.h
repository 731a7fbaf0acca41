/*
 * test_page - incident lines for tests of their writers, as text: members of the incident,
 * then one step after each ";":
 *   "resolved=9 waiting=0-3; xid node=a gpu=g at=0 code=79; lost pod=x/p at=1000 from=1".
 * A step's first word is its fact; steps are numbered from 1, unless n= is given.
 *   first= last= resolved= at= since= until=   times, in ms since 1970
 *   n= from= code= folded=                     numbers
 *   what= headline= remediation=               texts in which _ is a blank
 *   root= and others                           texts, or JSON with ' for " and without blanks
 * Layer incident: includes base/num.h, incident/page.h.
 */
#ifndef TEST_PAGE_H
#define TEST_PAGE_H

#include "base/num.h"
#include "incident/page.h"

struct paged {
	struct buf line;
	struct json json;
	struct mem mem;
	struct incident i;
};

static inline bool
paged_is_time(struct str name)
{
	return str_listed(S("first,last,resolved_at,at,not_before,until"), name);
}

static inline bool
paged_is_number(struct str name)
{
	return str_listed(S("n,from,xid_code,folded,recurrence"), name);
}

/* The name of a member, from its short form. */
static inline struct str
paged_name(struct str name)
{
	static const struct {
		const char *in_tests, *name;
	} names[] = {
		{"resolved", "resolved_at"}, {"since", "not_before"}, {"code", "xid_code"}, {"gpu", "gpu_id"}, {"waiting", "ranks_waiting"},
		{"blamed", "ranks_blamed"},
	};

	for (size_t i = 0; i < NELEM(names); i++)
		if (str_eq(name, str_of(names[i].in_tests)))
			return str_of(names[i].name);
	return name;
}

static inline void
paged_member(struct buf *b, struct str name, struct str value)
{
	int64_t ms;

	buf_chr(b, '"');
	buf_add(b, name);
	buf_add(b, S("\":"));
	if (paged_is_number(name)) {
		buf_add(b, value);
		return;
	}
	if (value.n && (*value.p == '{' || *value.p == '[')) {
		for (size_t i = 0; i < value.n; i++)
			buf_chr(b, value.p[i] == '\'' ? '"' : value.p[i]);
		return;
	}
	buf_chr(b, '"');
	if (paged_is_time(name) && num_i64(value, &ms))
		time_put(b, ms * 1000000);
	else
		for (size_t i = 0; i < value.n; i++)
			buf_chr(b, value.p[i] == '_' && str_listed(S("what,headline,remediation"), name) ? ' ' : value.p[i]);
	buf_chr(b, '"');
}

/* The members in a part of the text; n: a step's number, 0 for the incident. */
static inline void
paged_part(struct buf *b, struct str part, uint64_t n)
{
	struct str word, name;
	bool any = false, numbered = false;

	buf_chr(b, '{');
	while (str_cut(&part, ' ', &word)) {
		if (!word.n)
			continue;
		buf_add(b, any ? S(",") : S(""));
		any = true;
		if (!memchr(word.p, '=', word.n)) {
			paged_member(b, S("fact"), word);
			continue;
		}
		str_cut(&word, '=', &name);
		numbered |= str_eq(name, S("n"));
		paged_member(b, paged_name(name), word);
	}
	if (n && !numbered) {
		buf_add(b, any ? S(",\"n\":") : S("\"n\":"));
		buf_u64(b, n);
	}
}

static inline void
paged_make(struct paged *p, const char *text)
{
	struct str rest = str_of(text), part;

	*p = (struct paged){.mem = {0}};
	str_cut(&rest, ';', &part);
	paged_part(&p->line, part, 0);
	buf_add(&p->line, p->line.n > 1 ? S(",\"links\":[") : S("\"links\":["));
	for (uint64_t n = 1; str_cut(&rest, ';', &part); n++) {
		buf_add(&p->line, n > 1 ? S(",") : S(""));
		paged_part(&p->line, part, n);
		buf_chr(&p->line, '}');
	}
	buf_add(&p->line, S("]}"));
	json_parse(&p->json, buf_str(&p->line));
	incident_read(&p->i, value_of(&p->json), &p->mem);
}

static inline void
paged_free(struct paged *p)
{
	json_free(&p->json);
	buf_free(&p->line);
	mem_free(&p->mem);
}

#endif
