/*
 * Counts text that looks like a record but yielded none: lines with a claim
 * (dialect.h, text.h) in a form that is not read, and pod events with reasons
 * of losses that are not counted.
 */
#include "filter/run.h"

#include <string.h>

#include "event/metric.h"
#include "input/dialect/dialect.h"

/* ---- claims ---- */

void
run_claims(struct run *r)
{
	struct str word[SIFT_WORDS];
	unsigned wants = r->ev.wants;

	/* with --reason, claims of other losses are irrelevant */
	if (r->ev.chosen)
		wants &= ~(1u << EVENT_LOSS);
	r->unread.claims = mem_new(&r->mem, struct sift, 1);
	sift_init(r->unread.claims, word, dialect_claims(wants, word, NELEM(word)));
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static size_t
trim_blanks(struct str s, size_t n)
{
	while (n && is_blank(s.p[n - 1]))
		n--;
	return n;
}

/* "nvidia 0000:3b:00.0:" or "nvidia-nvswitch0" at the end of s: its offset; s.n
 * if there is none.  blank: it is followed by blanks. */
static size_t
device(struct str s, bool blank)
{
	size_t n = s.n - str_ends(s, S(":")), from;

	if (n == 0 || s.p[n - 1] < '0' || s.p[n - 1] > '9' || (n == s.n && blank))
		return s.n;
	if (n < s.n) {
		while (n && !is_blank(s.p[n - 1]))
			n--;
		n = trim_blanks(s, n);
	}
	for (from = n; from && ((s.p[from - 1] >= 'a' && s.p[from - 1] <= 'z') || char_digit(s.p[from - 1]) ||
				s.p[from - 1] == '-' || s.p[from - 1] == '_');)
		from--;
	return from < n ? from : s.n;
}

/* What the kernel puts in front of its text. */
static const struct str kernel_tags[] = {STR_INIT("kernel:"), STR_INIT("AER:"), STR_INIT("DPC:")};

/*
 * Is the text after s, on the same line or in the same string, a quote?  The
 * emitter's own text follows stamps, columns, the device or the kernel's tags;
 * quotes follow words, quotation marks and tags of programs.
 */
static bool
quotes(struct str s)
{
	size_t n = trim_blanks(s, s.n), end;
	char c;

	end = device(str_head(s, n), n < s.n);
	if (end < n) {
		s.n = end;
		n = trim_blanks(s, end);
	}
	if (n == 0)
		return false;
	for (size_t i = 0; i < NELEM(kernel_tags); i++)
		if (str_ends(str_head(s, n), kernel_tags[i]))
			return false;
	c = s.p[n - 1];
	if (c == '"') {
		if (n < 2 || s.p[n - 2] != '\\')
			return false; /* a string begins */
		/* inside a string, this is a member of JSON */
		for (n -= 2; n && (is_blank(s.p[n - 1]) || s.p[n - 1] == '\\'); n--)
			;
		return n == 0 || !strchr(":,[", s.p[n - 1]);
	}
	if (n > 1 && s.p[n - 2] == '\\' && (c == 'n' || c == 't'))
		return false;
	return !strchr("]>|;\n", c) && !(c == ',' && n == s.n) && !char_digit(c);
}

/* A metric's name is claimed only if the filter keeps the metric. */
static bool
is_kept(struct run *r, struct str from)
{
	const struct metric *m;
	struct str name;

	if (!str_eat(&from, S("\"")))
		str_eat(&from, S("."));
	if (!str_starts(from, S("DCGM_FI_")))
		return true;
	str_cut(&from, '"', &name);
	m = metric_named(name);
	return m && events_want_field(&r->ev, m->field);
}

/* The claim at the start of s. */
static struct str
claim_at(const struct sift *f, struct str s)
{
	for (size_t i = 0; i < f->n; i++)
		if (str_starts(s, f->word[i]))
			return f->word[i];
	return (struct str){0};
}

/* The first claim in a text that is not quoted; empty if there is none, with a
 * quoted one, if any, in *quoted. */
static struct str
claim_of(struct run *r, struct str text, struct str *quoted)
{
	const struct sift *f = r->unread.claims;
	size_t at = 0, n;
	struct str claim;

	*quoted = (struct str){0};
	while ((n = sift_find(f, str_from(text, at))) < text.n - at) {
		at += n;
		claim = claim_at(f, str_from(text, at));
		if (is_kept(r, str_from(text, at)) &&
		    (str_starts(claim, S("\"")) || str_starts(claim, S(".")) || !quotes(str_head(text, at))))
			return claim;
		*quoted = claim;
		at += claim.n;
	}
	return (struct str){0};
}

/* Number of records read so far, kept or not. */
uint64_t
run_records(const struct run *r)
{
	const struct events *ev = &r->ev;

	return ev->seen + ev->outside + ev->other_shard + ev->late + ev->ahead + ev->undated;
}

/* A claim for display: without JSON's punctuation. */
static struct str
shown(struct str claim)
{
	struct str name;

	str_eat(&claim, S("\""));
	str_cut(&claim, '"', &name);
	return str_trim(name);
}

/* Why is a claim in a text not read?  Empty if unknown. */
static struct str
why(const struct run *r, struct str text, struct str claim)
{
	struct str before = str_head(text, str_find(text, claim));
	size_t n = before.n;
	bool quote = n && before.p[n - 1] == '"';

	n -= quote;
	if (str_starts(claim, S("\"DCGM ")) || str_starts(claim, S("\"Health Monitor")))
		return S(": a report without times: use the kernel log and the fields of dcgm-exporter");
	if (r->csv.names.n || r->columns.n)
		return (struct str){0};
	if (str_starts(text, S("[\"")) || (n && (before.p[n - 1] == ',' || before.p[n - 1] == ';' || before.p[n - 1] == '\t')))
		return S(": a row without names of columns: put a line of them first");
	return (struct str){0};
}

/* Count a claim. */
static bool
see(struct run *r, struct str name, struct str claim, struct str text, uint64_t line)
{
	struct unread *u = &r->unread;

	if (u->n++ == 0) {
		u->line = line;
		u->how = why(r, text, claim);
		u->claim = shown(claim);
		if (r->opt.follow && !r->opt.quiet)
			DIAG(&r->diag, name, S(":"), diag_u64(line), S(": \""), u->claim, S("\" is in a form that is not read"));
	}
	r->status = ex_worst(r->status, EX_PARTIAL);
	return true;
}

/* Count a quoted claim.  Names of metrics are no quotes, but metrics of no interest. */
static void
see_quoted(struct run *r, struct str name, struct str claim, uint64_t line)
{
	struct quoted *q = &r->unread.quoted;

	if (!str_starts(claim, S("\"")) && !str_starts(claim, S(".")) && q->n++ == 0) {
		q->claim = claim;
		q->name = mem_str(&r->mem, name);
		q->line = line;
	}
}

bool
run_unread(struct run *r, struct str name, struct str text, uint64_t line)
{
	struct str quoted, claim = claim_of(r, text, &quoted);

	if (!claim.n && quoted.n)
		see_quoted(r, name, quoted, line);
	return claim.n && see(r, name, claim, text, line);
}

/* Is there a program's tag, "sudo[4102]:" or "audit:", before a claim? */
static bool
is_tagged(struct str text, struct str claim)
{
	struct str before = str_head(text, str_find(text, claim)), word;

	while (str_eat_to(&before, ' ', &word)) {
		bool kernel = str_eq(word, S("nvidia:"));

		for (size_t i = 0; i < NELEM(kernel_tags); i++)
			kernel |= str_eq(word, kernel_tags[i]);
		if (word.n > 1 && str_ends(word, S(":")) && !char_digit(word.p[0]) && word.p[0] != '"' && !kernel)
			return true;
	}
	return false;
}

/* Is there a quotation mark directly before a claim? */
static bool
is_in_quotes(struct str text, struct str claim)
{
	size_t at = str_find(text, claim);

	return at && strchr("\"'`", text.p[at - 1]);
}

bool
run_unread_line(struct run *r, struct str name, struct str text, uint64_t line)
{
	struct str quoted, claim = claim_of(r, text, &quoted), rest;
	const unsigned nccl = 1u << EVENT_WATCHDOG | 1u << EVENT_RAS;
	struct stamps s;

	if (!claim.n && !quoted.n)
		return false;
	/* programs, not the kernel, print watchdog lines and RAS reports, and any words may
	 * precede wrapped text and what RAS claims */
	if (dialect_claimed(claim) & nccl)
		return see(r, name, claim, text, line);
	if (dialect_claimed(quoted) & nccl && !is_in_quotes(text, quoted))
		return see(r, name, quoted, text, line);
	rest = text;
	stamps_eat(&rest, &s);
	if (claim.n && !s.program && !is_tagged(rest, claim))
		return see(r, name, claim, text, line);
	see_quoted(r, name, claim.n ? claim : quoted, line);
	return false;
}

/* Quotes do not matter if the kernel's own lines were read. */
void
run_quoted_total(struct run *r)
{
	const struct unread *u = &r->unread;
	unsigned gives = dialect_claimed(u->quoted.claim);

	for (unsigned k = 0; k < EVENT_KINDS; k++)
		if (gives >> k & 1 && r->ev.list[k].seen)
			return;
	if (u->quoted.n && !r->opt.quiet)
		DIAG(&r->diag, diag_u64(u->quoted.n), u->quoted.n == 1 ? S(" line only quotes \"") : S(" lines only quote \""), shown(u->quoted.claim),
		     S("\", and the original is not in the input: first at "), u->quoted.name, S(":"), diag_u64(u->quoted.line));
}

void
run_quoted_explain(struct run *r, struct buf *b)
{
	const struct quoted *q = &r->unread.quoted;

	if (!q->n)
		return;
	buf_chr(b, '{');
	buf_key(b, "explain");
	buf_json(b, S("quotes"));
	buf_key(b, "lines");
	buf_u64(b, q->n);
	buf_key(b, "quoted");
	buf_json(b, shown(q->claim));
	buf_key(b, "first_file");
	buf_json(b, q->name);
	buf_key(b, "first_line");
	buf_u64(b, q->line);
	buf_add(b, S("}\n"));
}

void
run_unread_total(struct run *r, struct str name)
{
	struct unread *u = &r->unread;
	struct str is = u->how.n ? (struct str){0} : u->other; /* what the file is may be why */

	u->total += u->n;
	if (u->n && !r->opt.quiet && !(r->opt.follow && u->n == 1))
		DIAG(&r->diag, diag_u64(u->n), u->n == 1 ? S(" line holds \"") : S(" lines hold \""), u->claim,
		     u->n == 1 ? S("\" in a form that is not read, at ") : S("\" or the like in a form that is not read, first at "),
		     name, S(":"), diag_u64(u->line), is.n ? S(": ") : S(""), is.n ? is : u->how);
	u->n = 0;
}

/* ---- pod events ---- */

struct reason {
	struct str name;
	uint64_t n;
};

/* By descending frequency, then by name. */
static int
reason_cmp(const void *x, const void *y, const void *ctx)
{
	const struct reason *a = x, *b = y;
	int d = SORT_ORDER(b->n, a->n);

	(void)ctx;
	return d ? d : str_cmp(a->name, b->name);
}

void
run_uncounted_total(struct run *r)
{
	enum { SHOWN = 8 };
	const struct uncounted *u = &r->ev.uncounted;
	struct reason list[UNCOUNTED_NAMES];
	struct buf b = {0};
	size_t n = 0;

	if (!u->total || r->opt.quiet)
		return;
	for (uint32_t i = 1; i < UNCOUNTED_NAMES; i++)
		if (u->n[i])
			list[n++] = (struct reason){idx_at(&u->names, i), u->n[i]};
	sort(list, n, sizeof(*list), reason_cmp, NULL, &r->ev.scratch);
	buf_u64(&b, u->total);
	buf_add(&b, u->total == 1 ? S(" pod event with a reason that is not counted: ") : S(" pod events with reasons that are not counted: "));
	for (size_t i = 0; i < n && i < SHOWN; i++) {
		buf_add(&b, i ? S(", ") : S(""));
		buf_add(&b, list[i].name);
		buf_chr(&b, ' ');
		buf_u64(&b, list[i].n);
	}
	buf_add(&b, n > SHOWN || u->n[0] ? S(", others") : S(""));
	DIAG(&r->diag, buf_str(&b));
	buf_free(&b);
}
