/*
 * HTML that is also valid XML.  Input never goes into an attribute, style or id;
 * the page's own policy forbids loading or running anything.
 */
#include "incident/page.h"

enum { TITLE_MAX = 400 };

/* Text between two tags. */
static void
between(struct buf *b, struct str before, struct str s, struct str after)
{
	buf_add(b, before);
	html_text(b, s, SIZE_MAX);
	buf_add(b, after);
}

/* A chip; if its word is in `known`, that is also its class. */
static void
chip(struct buf *b, struct str what, struct str word, const struct str *known, size_t n)
{
	if (!word.n)
		return;
	buf_add(b, S("<span class=\"chip"));
	for (size_t i = 0; i < n; i++)
		if (str_eq(word, known[i])) {
			buf_chr(b, ' ');
			buf_add(b, known[i]);
		}
	buf_add(b, S("\">"));
	between(b, what, word, S("</span> "));
}

static void
chips(struct buf *b, const struct incident *i)
{
	static const struct str kinds[] = {
		STR_INIT("fault"), STR_INIT("environment"), STR_INIT("application"), STR_INIT("preemption"), STR_INIT("maintenance"),
	}, sure[] = {STR_INIT("full"), STR_INIT("partial")};

	chip(b, S(""), i->kind, kinds, NELEM(kinds));
	chip(b, S("confidence "), i->confidence, sure, NELEM(sure));
}

/* Remarks number from..to as a list. */
static void
put_remarks(struct buf *b, const struct incident *i, size_t from, size_t to, struct buf *t)
{
	for (size_t k = from; k < to && remarks[k].say; k++) {
		t->n = 0;
		remarks[k].say(t, i);
		if (!t->n)
			continue;
		between(b, S("<dt>"), remarks[k].label, S("</dt>"));
		between(b, S("<dd>"), buf_str(t), S("</dd>\n"));
	}
}

static void
put_step(struct buf *b, const struct incident_step *s, const struct incident_step *before, struct buf *t)
{
	buf_add(b, s->from ? S("<tr>") : S("<tr class=\"root\">"));
	t->n = 0;
	buf_i64(t, s->n);
	between(b, S("<th scope=\"row\">"), buf_str(t), S("</th>"));
	t->n = 0;
	time_say(t, s->at);
	between(b, S("<td class=\"n\">"), buf_str(t), S("</td>"));
	t->n = 0;
	after_say(t, s, before);
	between(b, S("<td class=\"n d\">"), buf_str(t), S("</td>"));
	t->n = 0;
	where_say(t, s);
	between(b, S("<td>"), buf_str(t), S("</td>"));
	t->n = 0;
	what_say(t, s);
	between(b, S("<td>"), buf_str(t), S("</td>"));
	t->n = 0;
	why_say(t, s);
	between(b, S("<td class=\"y\">"), buf_str(t), S("</td></tr>\n"));
}

static void
put_chain(struct buf *b, const struct incident *i, struct buf *t)
{
	buf_add(b, S("<table><caption>The chain, cause before effect</caption>\n<thead><tr><th scope=\"col\">#</th><th scope=\"col\">When (UTC)</th>"
		"<th scope=\"col\">After the row above</th><th scope=\"col\">Where</th><th scope=\"col\">What</th><th scope=\"col\">Why</th></tr></thead>\n<tbody>\n"));
	for (size_t k = 0; k < i->nstep; k++)
		put_step(b, &i->step[k], k ? &i->step[k - 1] : NULL, t);
	buf_add(b, S("</tbody></table>\n"));
}

static void
put_evidence(struct buf *b, const struct incident *i)
{
	static const struct str names[] = {STR_INIT("timestamp"), STR_INIT("kind"), STR_INIT("description"), STR_INIT("uid")};
	struct value trail = value_get(i->v, S("evidence_trail")), e;

	buf_add(b, S("<table class=\"ev\"><caption>The evidence</caption>\n<thead><tr><th scope=\"col\">When (UTC)</th><th scope=\"col\">Kind</th>"
		"<th scope=\"col\">What the record says</th><th scope=\"col\">Record</th></tr></thead>\n<tbody>\n"));
	for (e = value_first(trail); value_ok(e); e = value_next(trail, e)) {
		buf_add(b, S("<tr>"));
		for (size_t k = 0; k < NELEM(names); k++)
			between(b, k < 2 ? S("<td class=\"n\">") : S("<td>"), value_text(value_get(e, names[k]), i->mem), S("</td>"));
		buf_add(b, S("</tr>\n"));
	}
	buf_add(b, S("</tbody></table>\n"));
}

/* A headline; no line break in the time at its end. */
static void
put_headline(struct buf *b, struct str s)
{
	enum { TIME_MAX = sizeof("2026-05-14T02:31:10Z") };
	size_t at = s.n;

	while (at && s.p[at - 1] != ' ')
		at--;
	if (!str_ends(s, S("Z")) || s.n - at > TIME_MAX)
		at = s.n;
	between(b, S("<h2>"), str_head(s, at), S(""));
	between(b, S("<span class=\"t\">"), str_from(s, at), S("</span></h2>\n"));
}

void
incident_html(struct buf *b, const struct incident *i, uint64_t n)
{
	struct buf t = {0};

	buf_add(b, S("<article id=\"i"));
	buf_u64(b, n);
	buf_add(b, S("\">\n<p>"));
	chips(b, i);
	buf_add(b, S("</p>\n"));
	put_headline(b, i->headline);
	buf_add(b, S("<dl class=\"do\">\n"));
	put_remarks(b, i, 0, REMARKS_FIRST, &t);
	buf_add(b, S("</dl>\n"));
	if (i->nstep) {
		buf_add(b, S("<figure>"));
		incident_picture(b, i, n);
		buf_add(b, S("</figure>\n"));
	}
	put_chain(b, i, &t);
	buf_add(b, S("<dl>\n"));
	put_remarks(b, i, REMARKS_FIRST, SIZE_MAX, &t);
	t.n = 0;
	coverage_say(&t, i);
	if (t.n)
		between(b, S("<dt>Input</dt><dd>"), buf_str(&t), S("</dd>\n"));
	buf_add(b, S("</dl>\n"));
	put_evidence(b, i);
	buf_add(b, S("</article>\n"));
	buf_free(&t);
}

void
incident_html_row(struct buf *b, const struct incident *i, uint64_t n)
{
	struct buf t = {0};

	buf_add(b, S("<tr><th scope=\"row\">"));
	buf_u64(b, n);
	time_say(&t, i->first);
	between(b, S("</th><td class=\"n\">"), buf_str(&t), S("</td><td>"));
	chips(b, i);
	buf_add(b, S("</td><td><a href=\"#i"));
	buf_u64(b, n);
	buf_add(b, S("\">"));
	html_text(b, i->headline, TITLE_MAX);
	buf_add(b, S("</a></td></tr>\n"));
	buf_free(&t);
}

static const struct str style = STR_INIT(
	":root{color-scheme:light dark;--f:#1b1f24;--p:#fff;--m:#57606a;--b:#f3f5f8;--g:#d0d7de;--r:#a40e26;--k:#0550ae;--w:#8a5a00;--d:#eef4ff}\n"
	"@media(prefers-color-scheme:dark){:root{--f:#e6edf3;--p:#0d1117;--m:#9aa4af;--b:#161b22;--g:#30363d;--r:#ff7b72;--k:#79c0ff;--w:#e3b341;--d:#12233d}}\n"
	"*{box-sizing:border-box}body{font:15px/1.5 system-ui,sans-serif;color:var(--f);background:var(--p);max-width:1120px;margin:1.5em auto;padding:0 1.2em}\n"
	"h1{font-size:1.25em;margin:0 0 .8em}h2{font-size:1.3em;line-height:1.35;margin:.2em 0 .7em}p{margin:.4em 0}\n"
	"article{border-top:3px solid var(--g);margin:2em 0 3em;padding-top:.8em}\n"
	"dl{display:grid;grid-template-columns:11em 1fr;gap:.3em 1em;margin:1em 0}dt{color:var(--m)}dd{margin:0}\n"
	"dl.do{background:var(--d);border-left:4px solid var(--k);padding:.7em 1em}dl.do dt,dl.do dd{color:var(--f)}dl.do dt{font-weight:600}\n"
	".chip{display:inline-block;max-width:100%;overflow:hidden;text-overflow:ellipsis;border:1px solid var(--m);border-radius:1em;padding:0 .7em;font-size:.82em;color:var(--m);white-space:nowrap}\n"
	".fault{color:var(--r);border-color:var(--r)}.environment,.partial{color:var(--w);border-color:var(--w)}.application,.full{color:var(--k);border-color:var(--k)}\n"
	"table{border-collapse:collapse;width:100%;font-size:.9em;margin:1em 0}caption{text-align:left;font-weight:600;padding:.3em 0}\n"
	"th,td{text-align:left;padding:.3em .7em .3em 0;border-bottom:1px solid var(--g);vertical-align:top}th{font-weight:600}thead th{color:var(--m);font-weight:400}\n"
	"td.n{font-variant-numeric:tabular-nums;white-space:nowrap;max-width:20em;overflow:hidden;text-overflow:ellipsis}td.d{text-align:right}td.y{min-width:8em}tr.root td{font-weight:600}tr.root th,tr.root td.y{color:var(--r)}\n"
	"table.ev{font-size:.8em}td,dd,h2,a{overflow-wrap:anywhere;unicode-bidi:isolate}a{color:var(--k)}\n"
	"figure{margin:1em 0}svg{width:100%;height:auto;font:12px system-ui,sans-serif}svg text{fill:var(--f);unicode-bidi:isolate}\n"
	"svg .m{fill:var(--m)}svg .c{text-anchor:middle}svg .e{text-anchor:end}svg .s{font-size:11px;fill:var(--m)}\n"
	"svg .lane{fill:var(--b)}svg .tick{stroke:var(--g);stroke-dasharray:2 3}svg .bar{fill:var(--r);opacity:.35}svg .wait{fill:var(--w)}\n"
	"svg .open{fill:none;stroke:var(--k);stroke-dasharray:2 2}svg .link{fill:none;stroke:var(--k);stroke-width:1.6}svg .precedes{stroke-dasharray:5 4}\n"
	"svg .head,svg .mark{fill:var(--k)}svg .root .mark{fill:var(--r)}svg .root text{font-weight:700}svg .end{stroke:var(--m);stroke-width:2}\n"
	"svg .label{paint-order:stroke;stroke:var(--b);stroke-width:3px;stroke-linejoin:round}\n"
	".t{white-space:nowrap}\n"
	"@media screen and (max-width:700px){dl{display:block}dt{margin-top:.5em;font-size:.85em}figure{overflow-x:auto}svg{min-width:720px}\n"
	"table,caption,tbody,tr,th,td{display:block}thead{display:none}tr{border-bottom:1px solid var(--g);padding:.5em 0}th,td,td.n{border:0;padding:0;white-space:normal;max-width:none}td.d{text-align:left}td:empty{display:none}}\n"
	"@media print{:root{color-scheme:light;--f:#000;--p:#fff;--m:#444;--b:#f3f3f3;--g:#bbb;--r:#900;--k:#024;--w:#640;--d:#fff}\n"
	"body{max-width:none;margin:0;padding:0;font-size:10pt}nav,article{break-after:page}article:last-child{break-after:auto}\n"
	"article{border:0;margin:0;padding:0}thead{display:table-header-group}tr,figure,dl.do{break-inside:avoid}*{print-color-adjust:exact}a{color:inherit}}\n");

void
page_begin(struct buf *b, struct str title)
{
	buf_add(b, S("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\"><head><meta charset=\"utf-8\"/>\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
		"<meta name=\"viewport\" content=\"width=device-width\"/>\n<title>"));
	buf_add(b, title);
	buf_add(b, S("</title>\n<style>\n"));
	buf_add(b, style);
	buf_add(b, S("</style></head>\n<body><main>\n<h1>"));
	buf_add(b, title);
	buf_add(b, S("</h1>\n"));
}

void
page_end(struct buf *b)
{
	buf_add(b, S("</main></body></html>\n"));
}

void
page_html(struct buf *b, struct str rows, struct str articles, uint64_t n)
{
	struct buf title = {0};

	if (n)
		buf_u64(&title, n);
	else
		buf_add(&title, S("No"));
	buf_add(&title, n == 1 ? S(" incident") : S(" incidents"));
	page_begin(b, buf_str(&title));
	if (n > 1) {
		buf_add(b, S("<nav><table><thead><tr><th scope=\"col\">#</th><th scope=\"col\">Began (UTC)</th>"
			"<th scope=\"col\">Kind, confidence</th><th scope=\"col\">What happened</th></tr></thead>\n<tbody>\n"));
		buf_add(b, rows);
		buf_add(b, S("</tbody></table></nav>\n"));
	}
	buf_add(b, articles);
	page_end(b);
	buf_free(&title);
}
