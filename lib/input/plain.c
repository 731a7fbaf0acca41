#include "input/plain.h"

#include "base/num.h"
#include "input/banner.h"
#include "input/blocks.h"
#include "input/text/hostname.h"

/* Length of an escape sequence for terminals (ECMA-48) at the start of s, or 0. */
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

/* Does the line contain "gpu-7 | CHANGED | rc=0 | (stdout) ", as printed by
 * `ansible --one-line`, and a line end in it as "\\n"? */
static bool
is_one_line(struct str line)
{
	enum { HEAD_MAX = 120 };
	struct str head = str_head(line, num_min(line.n, HEAD_MAX));

	return memchr(head.p, '|', head.n) && str_has(head, S(" | (stdout) ")) && str_has(line, S("\\n"));
}

/* Bytes at the start of a line in which tabs separate a stamp, a host and the like; 0 if
 * there are none, or as many as in rows of archives. */
static size_t
tabbed_len(struct str line)
{
	enum { TABBED_MAX = 100, TABS_MAX = 4 };
	struct str head = str_head(line, num_min(line.n, TABBED_MAX)), rest;
	size_t tabs = 0;

	str_eat_blanks(&head);
	for (rest = head; memchr(rest.p, '\t', rest.n) && tabs <= TABS_MAX; tabs++)
		rest = str_from(rest, str_find(rest, S("\t")) + 1);
	return tabs && tabs <= TABS_MAX ? (size_t)(head.p + head.n - line.p) : 0;
}

/* Append the blank for a tab at offset i of a line, with what a host's column stands for:
 * "gpu-7: " in front, as from parallel --tag, or, behind others, "gpu-7 kernel: ". */
static void
put_tab(struct buf *b, struct str line, size_t i)
{
	size_t from = i;

	while (from && line.p[from - 1] != '\t')
		from--;
	if (hostname_is(str_head(str_from(line, from), i - from)) && !str_starts(str_from(line, i + 1), S("kernel")))
		buf_add(b, from ? S(" kernel:") : S(":"));
	buf_chr(b, ' ');
}

/*
 * The line without colors and NULs; text that a carriage return overwrites on a terminal
 * becomes a separate line.  Tabs near its start become blanks.
 */
static struct str
clean(struct plain *p, struct str line)
{
	bool joined = is_one_line(line);
	size_t tabbed = tabbed_len(line);

	line = str_head(line, (size_t)(str_trim(line).p + str_trim(line).n - line.p));
	if (!memchr(line.p, '\033', line.n) && !memchr(line.p, '\r', line.n) && !memchr(line.p, '\0', line.n) && !joined && !tabbed)
		return line;
	p->line.n = 0;
	for (size_t i = 0; i < line.n; i++) {
		if (line.p[i] == '\033') {
			i += escape_len(str_from(line, i)) - 1;
		} else if (joined && str_starts(str_from(line, i), S("\\n"))) {
			buf_chr(&p->line, '\n');
			i++;
		} else if (i && i < tabbed && line.p[i] == '\t') {
			put_tab(&p->line, line, i);
		} else if (line.p[i]) {
			buf_chr(&p->line, line.p[i] == '\r' ? '\n' : line.p[i]);
		}
	}
	return buf_str(&p->line);
}

/* Does the line continue the previous one? */
static bool
goes_on(const struct plain *p, struct str line, uint64_t n, const struct stamps *s)
{
	return p->last && n == p->last + 1 && (str_starts(line, S(" ")) || str_starts(line, S("\t"))) &&
	       s->at.kind == STAMP_NONE && (!s->host.n || s->host.p == p->header.host.p);
}

/* If a message added records (more than `before`), count how it was dated by its
 * stamps. */
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

/* Note a host whose stamps count from the given boot.  A short host name is the same
 * host as its FQDN. */
static void
count_host(struct plain *p, struct str host)
{
	struct str known = buf_str(&p->boot.host);
	size_t n = str_find(host, S("."));

	if (!known.n)
		buf_add(&p->boot.host, host);
	else if (host.n && !p->boot.other.n && !str_ieq(str_head(host, n), str_head(known, str_find(known, S(".")))))
		buf_add(&p->boot.other, host);
}

bool
plain_hosts(const struct plain *p, struct str *one, struct str *other)
{
	*one = buf_str(&p->boot.host);
	*other = buf_str(&p->boot.other);
	return other->n;
}

/* Slurm's lines have no stamps, but contain the time a job was cancelled: "slurmstepd:
 * error: *** JOB 77 ON gpu-7 CANCELLED AT 2026-05-14T02:30:00 DUE TO TIME LIMIT ***". */
static void
see_cancelled(struct str line, struct stamps *s)
{
	struct stamps own;

	if (s->at.kind != STAMP_NONE)
		return;
	line = str_from(line, str_find(line, S(" CANCELLED AT ")));
	if (!str_eat(&line, S(" CANCELLED AT ")))
		return;
	stamps_eat(&line, &own);
	if (own.at.kind == STAMP_ZONELESS)
		s->at = own.at;
}

/* Read a cleaned line, after its stamps. */
static void
take(struct plain *p, struct events *ev, struct str line, const struct stamps *stamps, int64_t near, struct stamped *known)
{
	struct origin o = p->file;
	uint64_t before = ev->seen;
	struct stamps dated = *stamps, *s = &dated;

	see_cancelled(line, s);
	o.t = stamps_time(s, &p->clock, near);
	o.node = s->host;
	o.program = s->program;
	o.own_time = o.own_node = true;
	p->named = (struct pci){0};
	text_go_on(ev, line, &o, &p->named, known);
	count_dated(p, ev, s, o.t, before);
	ev->of_tasks += ev->seen > before && s->task && !s->host.n;
	if ((s->at.kind == STAMP_BOOT || s->at.kind == STAMP_EARLIER) && p->clock.boot != NO_TIME && ev->seen > before)
		count_host(p, o.node);
	p->o = o;
	p->spoke.n = 0;
	buf_add(&p->spoke, s->host);
	p->o.node = buf_str(&p->spoke);
}

/* ---- lines that wait ---- */

/* Header of a waiting line; its key, host and text follow. */
struct waiting {
	size_t key, host, line; /* bytes */
	uint64_t boot; /* number of the boot that its seconds count from */
	struct origin file; /* origin according to the name of its file */
	struct stamps s;
};

static void
wait_for(struct plain *p, struct str key, struct str line, const struct stamps *s)
{
	struct waiting w = {.key = key.n, .host = s->host.n, .line = line.n, .boot = p->boot.boots, .file = p->file, .s = *s};

	buf_add(&p->waiting, (struct str){(const char *)&w, sizeof(w)});
	buf_add(&p->waiting, key);
	buf_add(&p->waiting, s->host);
	buf_add(&p->waiting, line);
}

/* End a file: of its waiting lines, those of earlier boots have no time. */
static void
close_boots(struct plain *p)
{
	struct waiting w;

	for (size_t at = p->boot.from; at < p->waiting.n; at += sizeof(w) + w.key + w.host + w.line) {
		memcpy(&w, p->waiting.p + at, sizeof(w));
		if (w.s.at.kind != STAMP_BOOT || w.boot == p->boot.boots)
			continue;
		w.s.at.kind = STAMP_EARLIER;
		memcpy(p->waiting.p + at, &w, sizeof(w));
	}
	p->boot.from = p->waiting.n;
	p->boot.last = 0;
}

/* Seconds that go back count from a new boot; lines of several processors may be out of
 * order by a little. */
static void
see_boot(struct plain *p, const struct stamps *s)
{
	if (s->at.kind != STAMP_BOOT)
		return;
	p->boot.boots += s->at.ns < time_diff(p->boot.last, SECOND);
	p->boot.last = s->at.ns;
}

/* Note if a host's stamps without a zone go back by 50 to 70 minutes, as at the end of
 * summer time. */
static void
see_fall(struct plain *p, const struct stamps *s, uint64_t n)
{
	static const struct stamps_clock leap = {.year = 2000, .boot = NO_TIME};
	int64_t t, back;

	if (s->at.kind != STAMP_YEARLESS && s->at.kind != STAMP_ABBREV && s->at.kind != STAMP_ZONELESS)
		return;
	t = s->at.kind == STAMP_YEARLESS ? stamps_time(s, &leap, NO_TIME) : s->at.ns;
	if (!str_eq(s->host, buf_str(&p->fell.host))) {
		p->fell.host.n = 0;
		buf_add(&p->fell.host, s->host);
	} else if (t != NO_TIME && p->fell.last != NO_TIME && !p->fell.line) {
		back = time_diff(p->fell.last, t);
		if (back >= 50 * 60 * SECOND && back <= 70 * 60 * SECOND)
			p->fell.line = n;
	}
	p->fell.last = t;
}

/* ---- headers ---- */

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
	p->header.own = raw.n + 1;
}

struct str
plain_above(struct plain *p)
{
	struct str text = buf_str(&p->header.text);

	text.n -= p->header.own;
	p->header.text.n = 0;
	return text;
}

/* Begin a new header, which replaces earlier ones.  A host that --key could not put in
 * front of a line is left out. */
static void
new_header(struct plain *p, struct str host, bool program, struct str raw)
{
	p->header.text.n = p->header.host.n = p->header.dashes = 0;
	if (stamps_is_host(host))
		buf_add(&p->header.host, host);
	p->header.program = program;
	p->header.of_file = p->header.task = false;
	p->header.level = 0;
	keep_header(p, raw);
}

void
plain_begin(struct plain *p, const struct origin *file)
{
	close_boots(p);
	p->last = 0;
	p->fell.line = 0;
	p->fell.host.n = 0;
	p->fell.last = NO_TIME;
	p->header.text.n = p->header.host.n = 0;
	p->header.level = 0;
	p->header.task = p->header.banners = false;
	p->header.minute = (struct stamp){0};
	p->header.dashes = 0;
	p->header.program = p->header.indented = false;
	p->file = *file;
	p->file.node = (struct str){0};
	p->header.of_file = file->node.n;
	buf_add(&p->header.host, file->node);
}

/* "gpu-7 | CHANGED | rc=0 >>" */
static bool
is_ansible(struct plain *p, struct str line, struct str raw)
{
	struct str rest = line, host;

	if (!str_ends(line, S(">>")) || !str_has(line, S(" | rc=")) || !str_cut(&rest, ' ', &host) || !str_starts(rest, S("| ")))
		return false;
	new_header(p, host, false, raw);
	return true;
}

/* End what the header's host wrote; its text is forgotten with it unless it was returned. */
static void
end_header(struct plain *p, struct str raw)
{
	bool returned = !p->header.text.n;

	new_header(p, (struct str){0}, false, raw);
	if (!returned)
		p->header.text.n = p->header.own = 0;
}

/* "changed: [gpu-7] => ", above the result in YAML; ended by the next task. */
static bool
is_ansible_task(struct plain *p, struct str line, struct str raw)
{
	struct str host;

	if (p->header.task && (str_starts(line, S("TASK [")) || str_starts(line, S("PLAY ")))) {
		end_header(p, raw);
		return true;
	}
	if (!str_ends(line, S("=>")) || !blocks_is_result(line, &host))
		return false;
	new_header(p, host, false, raw);
	return p->header.task = true;
}

/* "=== gpu-7 ===".  Another text between such marks, or between higher ones, ends what
 * the host printed; lower ones are within it. */
static bool
is_banner(struct plain *p, struct str line, struct str raw)
{
	struct banner b;

	if (!banner_read(line, &b) || (!b.host.n && (!p->header.level || b.level < p->header.level)))
		return false;
	if (b.host.n)
		new_header(p, b.host, false, raw);
	else
		end_header(p, raw);
	p->header.level = b.host.n ? b.level : 0;
	return p->header.banners = true;
}

/* "[1] 03:20:00 [SUCCESS] gpu-7", followed by the error if it failed */
static bool
is_pssh(struct plain *p, struct str line, struct str raw)
{
	struct str clock, result, host;
	uint64_t n;

	if (!str_eat(&line, S("[")) || !num_eat(&line, &n) || !str_eat(&line, S("] ")) || !str_cut(&line, ' ', &clock) || clock.n != 8 ||
	    !str_cut(&line, ' ', &result) || (!str_eq(result, S("[SUCCESS]")) && !str_eq(result, S("[FAILURE]"))) ||
	    !str_cut(&line, ' ', &host) || !host.n)
		return false;
	new_header(p, host, false, raw);
	return true;
}

/* "gpu-7:" in the first line of a file, then in each line that is not indented */
static bool
is_salt(struct plain *p, struct str line, struct str raw, uint64_t n)
{
	bool digit = p->header.indented;

	if (n > 1 && !p->header.indented)
		return false;
	if (str_starts(raw, S("    ")))
		return false;
	if (p->header.indented && p->header.host.n) {
		p->header.host.n = 0;
		keep_header(p, raw);
	}
	if (!str_ends(line, S(":")))
		return false;
	line.n--;
	for (size_t i = 0; i < line.n; i++)
		digit |= char_digit(line.p[i]);
	if (!digit || !stamps_is_host(line))
		return false;
	new_header(p, line, false, raw);
	return p->header.indented = true;
}

/* `Common labels: {"hostname":"gpu-7","transport":"kernel"}`: labels of all lines of a
 * download */
static bool
is_labels(struct plain *p, struct str line, struct str raw)
{
	static const struct {
		struct str name;
		bool speaker;
	} labels[] = {
		{STR_INIT("\"node\":\""), false}, {STR_INIT("\"nodename\":\""), false}, {STR_INIT("\"node_name\":\""), false},
		{STR_INIT("\"hostname\":\""), false}, {STR_INIT("\"host\":\""), false}, {STR_INIT("\"transport\":\""), true},
		{STR_INIT("\"syslog_identifier\":\""), true}, {STR_INIT("\"unit\":\""), true},
	};
	struct str host = {0}, value;
	bool program = false;

	if (!str_eat(&line, S("Common labels: {")))
		return false;
	for (size_t i = 0; i < NELEM(labels); i++) {
		struct str at = str_from(line, str_find(line, labels[i].name));

		if (!str_eat(&at, labels[i].name) || !str_cut(&at, '"', &value) || !value.n)
			continue;
		if (labels[i].speaker)
			program |= !str_eq(value, S("kernel"));
		else if (!host.n)
			host = value;
	}
	new_header(p, host, program, raw);
	return true;
}

/* Is it part of a header?  Between lines of dashes, only a single name is used. */
static bool
is_header(struct plain *p, struct str line, struct str raw, uint64_t n)
{
	struct buf *host = &p->header.host;

	line = str_trim(line);
	if (is_ansible(p, line, raw) || is_ansible_task(p, line, raw) || is_banner(p, line, raw) || is_pssh(p, line, raw) || is_labels(p, line, raw) || is_salt(p, line, raw, n))
		return true;
	if (p->header.dashes == 1 && line.n && line.n <= 4096 && !is_dashes(line)) {
		p->header.dashes = 2;
		p->header.of_file = false;
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

/* Add node and minute from headers to a line's stamps. */
static void
add_header(struct plain *p, struct stamps *s, struct str line, struct str raw)
{
	if (s->minute) {
		p->header.minute = s->at;
		p->header.mark.n = p->header.text.n = p->header.of.n = 0;
		buf_add(&p->header.of, s->host);
		line = str_from(line, str_find(line, S("[")));
		buf_add(&p->header.mark, str_head(line, str_find(line, S("]"))));
		buf_add(&p->header.mark, S("] "));
		keep_header(p, raw);
	}
	p->header.gave_minute = s->relative && s->at.kind == STAMP_NONE && p->header.minute.kind &&
				str_eq(s->host, buf_str(&p->header.of));
	if (p->header.gave_minute)
		s->at = p->header.minute;
	s->program |= p->header.program;
	p->header.gave_host = !s->host.n && p->header.host.n;
	if (p->header.gave_host)
		s->host = buf_str(&p->header.host);
}

struct str
plain_alone(struct plain *p, const struct events *ev, struct str line, int64_t rank)
{
	size_t label = p->header.of.n ? num_min(str_find(line, S(": ")) + 2, line.n) : 0;
	struct str all = line;

	if (!p->header.gave_host && !p->header.gave_minute && rank < 0)
		return line;
	p->alone.n = 0;
	if (p->header.gave_host) {
		buf_add(&p->alone, buf_str(&p->header.host));
		buf_add(&p->alone, S(": "));
	}
	if (rank >= 0) {
		buf_add(&p->alone, S("[rank"));
		buf_i64(&p->alone, rank);
		buf_add(&p->alone, S("]:"));
	}
	if (p->header.gave_minute) { /* after pdsh's label */
		buf_add(&p->alone, str_head(line, label));
		buf_add(&p->alone, buf_str(&p->header.mark));
		line = str_from(line, label);
	}
	buf_add(&p->alone, line);
	if (p->header.gave_host && text_has(ev, all) && !text_has(ev, buf_str(&p->alone))) {
		/* behind a label it would be a quote */
		p->alone.n = 0;
		buf_add(&p->alone, S("{\"host\":"));
		buf_json(&p->alone, buf_str(&p->header.host));
		buf_add(&p->alone, S(",\"message\":"));
		buf_json(&p->alone, all);
		buf_chr(&p->alone, '}');
	}
	return buf_str(&p->alone);
}

/* ---- lines ---- */

/* Is the time of a line known only later? */
static bool
waits(const struct plain *p, const struct stamps *s)
{
	if (!p->wait)
		return false;
	return s->at.kind == STAMP_BOOT ? p->clock.boot != NO_TIME :
	       s->at.kind == STAMP_YEARLESS && stamps_time(s, &p->clock, NO_TIME) == NO_TIME;
}

/*
 * Length of the lines at the start of a text that the stamps of its first line date: up to
 * the next line with stamps of its own.  full: text readers read complete ones themselves.
 */
static size_t
dated_len(struct str text, bool full)
{
	struct stamps s;
	struct str line;
	size_t at = 0;

	for (;;) {
		at += str_find(str_from(text, at), S("\n")) + 1;
		if (at >= text.n)
			return text.n;
		line = str_from(text, at);
		line.n = str_find(line, S("\n"));
		stamps_eat(&line, &s);
		if (s.at.kind != STAMP_NONE && !(full && s.at.kind == STAMP_FULL))
			return at;
	}
}

/* Read lines of one number that are dated by the first one's stamps.  host: of the lines
 * before, if any. */
static void
read_dated(struct plain *p, struct events *ev, struct str line, struct str raw, struct str host, uint64_t n)
{
	struct str rest = line;
	struct stamped known = {0};
	struct stamps s;

	stamps_eat_known(&rest, &s, &known);
	if (!s.host.n)
		s.host = host;
	add_header(p, &s, line, raw);
	see_boot(p, &s);
	see_fall(p, &s, n);
	if (goes_on(p, line, n, &s)) {
		text_go_on(ev, line, &p->o, &p->named, &known);
	} else if (waits(p, &s)) {
		if (text_has(ev, line))
			wait_for(p, ev->key, line, &s);
		n = 0;
	} else {
		take(p, ev, line, &s, p->near, &known);
	}
	p->last = n;
}

/* The host in front of a line. */
static struct str
host_of(struct str line)
{
	struct stamps s;

	stamps_eat(&line, &s);
	return s.host;
}

/* Must the next line be read, whatever it contains? */
static bool
needs_next(const struct plain *p)
{
	/* the next line may be of another host or minute */
	return p->header.indented || p->header.banners || p->header.minute.kind;
}

bool
plain_read(struct plain *p, struct events *ev, struct str line, uint64_t n)
{
	struct str raw = line, host;
	size_t len;

	p->header.own = 0;
	line = clean(p, line);
	if (is_header(p, line, raw, n))
		return true;
	if (p->screen && sift_find(p->screen, line) == line.n && !str_starts(line, S("[")) && n > 1 && !p->header.minute.kind)
		return needs_next(p);
	if (!memchr(line.p, '\n', line.n)) {
		read_dated(p, ev, line, raw, (struct str){0}, n);
	} else {
		host = host_of(line);
		for (; line.n; line = str_from(line, len)) {
			len = dated_len(line, false);
			read_dated(p, ev, str_head(line, len), raw, host, n);
		}
	}
	return needs_next(p);
}

/* The stamps in a text's first line. */
static struct stamps
first_stamps(struct str text)
{
	struct stamps s;

	text.n = str_find(text, S("\n"));
	stamps_eat(&text, &s);
	return s;
}

bool
plain_dates(const struct plain *p, struct str message, const struct origin *o)
{
	const int64_t least = 2 * SECOND, most = 15 * 60 * SECOND;
	struct stamps s;
	int64_t t, late;

	if (o->own_time)
		return false;
	s = first_stamps(message);
	if (s.at.kind != STAMP_YEARLESS && s.at.kind != STAMP_ZONELESS)
		return false;
	if (s.at.kind == STAMP_ZONELESS && stamps_is_old(s.at.ns, o->t))
		return true;
	t = stamps_time(&s, &p->clock, o->t);
	late = t == NO_TIME || s.program ? 0 : time_diff(o->t, t);
	return (late >= least && late < most) || (memchr(message.p, '\n', message.n) && dated_len(message, false) < message.n);
}

/* Read lines of a message that are dated by the first one's stamps. */
static void
message_dated(struct plain *p, struct events *ev, struct str message, const struct origin *o, struct pci *named)
{
	struct origin dated = *o;
	struct str rest = message;
	uint64_t before = ev->seen;
	struct stamped known = {0};
	struct stamps s;

	stamps_eat_known(&rest, &s, &known);
	if (s.around == NO_TIME)
		s.around = o->t;
	if (s.at.kind == STAMP_YEARLESS && waits(p, &s)) {
		s.host = origin_node(o, s.host);
		s.program |= o->program;
		if (text_has(ev, message))
			wait_for(p, ev->key, message, &s);
		return;
	}
	if (s.at.kind < STAMP_FULL) /* text readers cannot interpret such stamps */
		dated.t = stamps_time(&s, &p->clock, p->near);
	if (dated.t == NO_TIME)
		dated.t = o->t;
	text_go_on(ev, message, &dated, named, &known);
	if (s.at.kind < STAMP_FULL)
		count_dated(p, ev, &s, dated.t, before);
}

void
plain_message(struct plain *p, struct events *ev, struct str message, const struct origin *o)
{
	struct pci named = {0};
	enum stamp_kind kind;
	size_t len;

	for (; message.n; message = str_from(message, len)) {
		len = message.n;
		if (memchr(message.p, '\n', message.n)) {
			kind = first_stamps(message).at.kind;
			len = dated_len(message, kind == STAMP_NONE || kind == STAMP_FULL);
		}
		message_dated(p, ev, str_head(message, len), o, &named);
	}
}

void
plain_end(struct plain *p, struct events *ev)
{
	struct str rest = buf_str(&p->waiting);
	int64_t near = events_newest(ev);

	close_boots(p);
	while (rest.n) {
		struct waiting w;

		memcpy(&w, rest.p, sizeof(w));
		rest = str_from(rest, sizeof(w));
		ev->key = w.key ? str_head(rest, w.key) : (struct str){0};
		rest = str_from(rest, w.key);
		w.s.host = str_head(rest, w.host);
		p->file = w.file;
		take(p, ev, str_head(str_from(rest, w.host), w.line), &w.s, near, &(struct stamped){0});
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
plain_notice(const struct plain *p, const struct events *ev, struct buf *b)
{
	static const struct {
		enum stamp_kind kind;
		struct str what;
	} reasons[] = {
		{STAMP_YEARLESS, STR_INIT(" without a year: use --year=YYYY")},
		{STAMP_EARLIER, STR_INIT(" of an earlier boot than the last in its file, to which --boot-time applies: timestamp ignored")},
		{STAMP_ABBREV, STR_INIT(" with an ambiguous time-zone name: use --timezone=+HH:MM")},
		{STAMP_MONTH, STR_INIT(" with a month name in an unknown language: use LC_ALL=C")},
		{STAMP_FULL, STR_INIT(" dated before 2000: timestamp ignored")},
	};

	for (size_t i = 0; i < NELEM(reasons); i++)
		clause(b, p->undated[reasons[i].kind], reasons[i].what);
	clause(b, ev->of_tasks, S(" labelled with a task's number (srun --label), not a node: use pdsh, or print $SLURMD_NODENAME in front"));
	clause(b, p->zoneless, S(" without a time zone, read as UTC: use --timezone=+HH:MM"));
}

void
plain_free(struct plain *p)
{
	buf_free(&p->line);
	buf_free(&p->alone);
	buf_free(&p->header.mark);
	buf_free(&p->header.of);
	buf_free(&p->waiting);
	buf_free(&p->spoke);
	buf_free(&p->header.text);
	buf_free(&p->header.host);
	buf_free(&p->boot.host);
	buf_free(&p->boot.other);
	buf_free(&p->fell.host);
}
