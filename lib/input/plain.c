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
	       s->at.kind == STAMP_NONE && (!s->host.n || s->host.p == p->header.host.p);
}

/* What its stamps told of when a message was written that gave records, if there
 * are more than before. */
static void
count_dated(struct plain *p, struct events *ev, const struct stamps *s, int64_t t, uint64_t before)
{
	if (ev->seen == before)
		return;
	if (t == NO_TIME)
		p->undated[s->at.kind]++;
	else if (!p->clock.zoned && (s->at.kind == STAMP_YEARLESS || s->at.kind == STAMP_ZONELESS))
		p->zoneless++;
	ev->since_boot += t == NO_TIME && s->at.kind == STAMP_BOOT;
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
	count_dated(p, ev, s, o.t, before);
	p->o = o;
	p->told.n = 0;
	buf_add(&p->told, s->host);
	p->o.node = buf_str(&p->told);
}

/* ---- headers ---- */

void
plain_begin(struct plain *p)
{
	p->last = 0;
	p->header.text.n = p->header.host.n = 0;
	p->header.minute = (struct stamp){0};
	p->header.dashes = 0;
}

static bool
is_dashes(struct str line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == '-')
		n++;
	return n >= 15 && n == line.n;
}

static void
keep_header(struct plain *p, struct str raw)
{
	buf_add(&p->header.text, raw);
	buf_chr(&p->header.text, '\n');
}

/* A line of a name between dashes, or not; of several names nothing is told. */
static bool
is_header(struct plain *p, struct str line, struct str raw)
{
	struct buf *host = &p->header.host;

	line = str_trim(line);
	if (p->header.dashes == 1 && line.n && line.n <= 4096 && !is_dashes(line)) {
		p->header.dashes = 2;
		host->n = 0;
		if (!memchr(line.p, ' ', line.n) && !memchr(line.p, ',', line.n) && !memchr(line.p, '[', line.n))
			buf_add(host, line);
		keep_header(p, raw);
		return true;
	}
	if (!is_dashes(line)) {
		if (p->header.dashes == 2)
			host->n = 0;
		p->header.dashes = 0;
		return false;
	}
	if (p->header.dashes != 2)
		p->header.text.n = host->n = 0;
	p->header.dashes = p->header.dashes == 2 ? 0 : 1;
	keep_header(p, raw);
	return true;
}

/* What headers say of a line. */
static void
add_header(struct plain *p, struct stamps *s, struct str line, struct str raw)
{
	if (s->minute) {
		p->header.minute = s->at;
		p->header.mark.n = p->header.text.n = 0;
		buf_add(&p->header.mark, str_head(line, str_find(line, S("]"))));
		buf_add(&p->header.mark, S("] "));
		keep_header(p, raw);
	}
	p->header.gave_minute = s->relative && s->at.kind == STAMP_NONE && p->header.minute.kind;
	if (p->header.gave_minute)
		s->at = p->header.minute;
	p->header.gave_host = !s->host.n && p->header.host.n;
	if (p->header.gave_host)
		s->host = buf_str(&p->header.host);
}

struct str
plain_alone(struct plain *p, struct str line)
{
	if (!p->header.gave_host && !p->header.gave_minute)
		return line;
	p->alone.n = 0;
	if (p->header.gave_host) {
		buf_add(&p->alone, buf_str(&p->header.host));
		buf_add(&p->alone, S(": "));
	}
	if (p->header.gave_minute)
		buf_add(&p->alone, buf_str(&p->header.mark));
	buf_add(&p->alone, line);
	return buf_str(&p->alone);
}

/* ---- lines ---- */

/* A line that waits for the year, before its key, its host and itself. */
struct waiting {
	size_t key, host, line; /* bytes */
	struct stamps s;
};

static void
wait_for_year(struct plain *p, struct str key, struct str line, const struct stamps *s)
{
	struct waiting w = {.key = key.n, .host = s->host.n, .line = line.n, .s = *s};

	buf_add(&p->waiting, (struct str){(const char *)&w, sizeof(w)});
	buf_add(&p->waiting, key);
	buf_add(&p->waiting, s->host);
	buf_add(&p->waiting, line);
}

bool
plain_read(struct plain *p, struct events *ev, struct str line, uint64_t n)
{
	struct str raw = line, rest;
	struct stamps s;

	line = rest = clean(p, line);
	if (is_header(p, line, raw))
		return true;
	if (p->screen && sift_find(p->screen, line) == line.n && !str_starts(line, S("[")))
		return false;
	stamps_eat(&rest, &s);
	add_header(p, &s, line, raw);
	if (goes_on(p, line, n, &s)) {
		text_go_on(ev, line, &p->o, &p->named);
	} else if (p->wait && s.at.kind == STAMP_YEARLESS && stamps_time(&s, &p->clock, NO_TIME) == NO_TIME) {
		if (text_has(ev, line))
			wait_for_year(p, ev->key, line, &s);
		n = 0;
	} else {
		take(p, ev, line, &s, p->near);
	}
	p->last = n;
	return false;
}

void
plain_message(struct plain *p, struct events *ev, struct str message, const struct origin *o)
{
	struct origin dated = *o;
	struct str rest = message;
	uint64_t before = ev->seen;
	struct stamps s;

	stamps_eat(&rest, &s);
	if (p->wait && s.at.kind == STAMP_YEARLESS && stamps_time(&s, &p->clock, NO_TIME) == NO_TIME) {
		s.host = origin_node(o, s.host);
		s.program |= o->program;
		if (text_has(ev, message))
			wait_for_year(p, ev->key, message, &s);
		return;
	}
	if (s.at.kind < STAMP_FULL) /* such stamps tell nothing to who reads the lines */
		dated.t = stamps_time(&s, &p->clock, p->near);
	text_read(ev, message, &dated);
	if (s.at.kind < STAMP_FULL)
		count_dated(p, ev, &s, dated.t, before);
}

void
plain_end(struct plain *p, struct events *ev)
{
	struct str rest = buf_str(&p->waiting);
	int64_t near = events_newest(ev);

	while (rest.n) {
		struct waiting w;

		memcpy(&w, rest.p, sizeof(w));
		rest = str_from(rest, sizeof(w));
		ev->key = w.key ? str_head(rest, w.key) : (struct str){0};
		rest = str_from(rest, w.key);
		w.s.host = str_head(rest, w.host);
		take(p, ev, str_head(str_from(rest, w.host), w.line), &w.s, near);
		rest = str_from(rest, w.host + w.line);
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
	buf_free(&p->alone);
	buf_free(&p->header.mark);
	buf_free(&p->waiting);
	buf_free(&p->told);
	buf_free(&p->header.text);
	buf_free(&p->header.host);
}
