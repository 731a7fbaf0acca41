#include "input/plain.h"

/* A sequence that drives a terminal (ECMA-48) at the start of s: its length. */
static size_t
escape_len(struct str s)
{
	size_t n = 1;

	if (n == s.n || s.p[n] != '[')
		return n;
	for (n++; n < s.n && (unsigned char)s.p[n] < 0x40; n++)
		;
	return n < s.n ? n + 1 : n;
}

/*
 * The line without colours and NULs; what was overwritten on a terminal, behind
 * a carriage return, is a line of its own.
 */
static struct str
clean(struct plain *p, struct str line)
{
	line = str_head(line, (size_t)(str_trim(line).p + str_trim(line).n - line.p));
	if (!memchr(line.p, '\033', line.n) && !memchr(line.p, '\r', line.n) && !memchr(line.p, '\0', line.n))
		return line;
	p->line.n = 0;
	for (size_t i = 0; i < line.n; i++) {
		if (line.p[i] == '\033')
			i += escape_len(str_from(line, i)) - 1;
		else if (line.p[i])
			buf_chr(&p->line, line.p[i] == '\r' ? '\n' : line.p[i]);
	}
	return buf_str(&p->line);
}

/* Does the line go on what the line before began? */
static bool
goes_on(const struct plain *p, struct str line, uint64_t n, const struct stamps *s)
{
	return p->last && n == p->last + 1 && (str_starts(line, S(" ")) || str_starts(line, S("\t"))) &&
	       s->at.kind == STAMP_NONE && !s->host.n;
}

/* Read a clean line whose stamps are s. */
static void
take(struct plain *p, struct events *ev, struct str line, const struct stamps *s, int64_t near)
{
	struct origin o = NO_ORIGIN;
	uint64_t before = ev->seen;

	o.t = stamps_time(s, &p->clock, near);
	o.node = s->host;
	o.program = s->program;
	o.own_time = o.own_node = true;
	p->named = (struct pci){0};
	text_go_on(ev, line, &o, &p->named);
	if (ev->seen > before) {
		if (o.t == NO_TIME)
			p->undated[s->at.kind]++;
		else if (!p->clock.zoned && (s->at.kind == STAMP_YEARLESS || s->at.kind == STAMP_ZONELESS))
			p->zoneless++;
		ev->since_boot += o.t == NO_TIME && s->at.kind == STAMP_BOOT;
	}
	p->o = o;
	p->told.n = 0;
	buf_add(&p->told, s->host);
	p->o.node = buf_str(&p->told);
}

void
plain_read(struct plain *p, struct events *ev, struct str line, uint64_t n)
{
	struct stamps s;
	struct str rest;

	line = rest = clean(p, line);
	if (sift_find(p->screen, line) == line.n)
		return;
	stamps_eat(&rest, &s);
	if (goes_on(p, line, n, &s)) {
		text_go_on(ev, line, &p->o, &p->named);
	} else if (p->wait && s.at.kind == STAMP_YEARLESS && stamps_time(&s, &p->clock, NO_TIME) == NO_TIME) {
		if (text_has(ev, line)) {
			buf_add(&p->waiting, (struct str){(const char *)&line.n, sizeof(line.n)});
			buf_add(&p->waiting, line);
		}
		n = 0;
	} else {
		take(p, ev, line, &s, p->now);
	}
	p->last = n;
}

/* The newest record's time. */
static int64_t
newest(const struct events *ev)
{
	int64_t t = NO_TIME;

	for (unsigned k = 0; k < EVENT_KINDS; k++)
		if (ev->list[k].seen && ev->list[k].last > t)
			t = ev->list[k].last;
	return t;
}

void
plain_end(struct plain *p, struct events *ev)
{
	struct str rest = buf_str(&p->waiting);
	int64_t near = newest(ev);

	while (rest.n) {
		struct str line, own;
		struct stamps s;
		size_t n;

		memcpy(&n, rest.p, sizeof(n));
		line = own = str_head(str_from(rest, sizeof(n)), n);
		rest = str_from(rest, sizeof(n) + n);
		stamps_eat(&own, &s);
		take(p, ev, line, &s, near);
	}
	p->waiting.n = 0;
}

static void
clause(struct buf *b, uint64_t n, struct str what)
{
	if (n == 0)
		return;
	if (b->n)
		buf_add(b, S("; "));
	buf_u64(b, n);
	buf_add(b, n == 1 ? S(" line") : S(" lines"));
	buf_add(b, what);
}

void
plain_notice(const struct plain *p, struct buf *b)
{
	static const struct {
		enum stamp_kind kind;
		struct str what;
	} reasons[] = {
		{STAMP_YEARLESS, STR_INIT(" without a year, which nothing tells: --year=YYYY")},
		{STAMP_ABBREV, STR_INIT(" in a time zone by a name that is not unique: --timezone=+HH:MM")},
		{STAMP_MONTH, STR_INIT(" with a month in a language that is not known: LC_ALL=C prints English")},
		{STAMP_FULL, STR_INIT(" from before 2000, when no clock was right: no time")},
	};

	for (size_t i = 0; i < NELEM(reasons); i++)
		clause(b, p->undated[reasons[i].kind], reasons[i].what);
	clause(b, p->zoneless, S(" without a time zone, read in UTC: --timezone=+HH:MM"));
}

void
plain_free(struct plain *p)
{
	buf_free(&p->line);
	buf_free(&p->waiting);
	buf_free(&p->told);
}
