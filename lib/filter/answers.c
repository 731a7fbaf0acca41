/*
 * Answers of APIs that show that they are incomplete (input/answer.h): a notice
 * per operand, and one on pages at the end.
 */
#include "filter/run.h"

#include <string.h>

/* A path in jq's syntax: "metadata/continue" is metadata.continue. */
static struct str
dotted(struct str path, struct mem *m)
{
	char *p = mem_bytes(m, path.n + 1);

	for (size_t i = 0; i < path.n; i++)
		p[i] = path.p[i] == '/' ? '.' : path.p[i];
	return (struct str){p, path.n};
}

/* A page, or a later answer, which may be the last page of the same list. */
static void
see_page(struct page *p, const struct answer *a, uint64_t line)
{
	struct str kind = str_head(a->kind, sizeof(p->kind));

	if (p->on && !str_eq((struct str){p->kind, p->nkind}, kind))
		return;
	p->on = a->is == ANSWER_PAGE;
	memcpy(p->kind, kind.p ? kind.p : "", kind.n);
	p->nkind = kind.n;
	p->member = a->member;
	p->remedy = a->remedy;
	p->more = a->more;
	p->line = line;
}

/* An answer contains some of the hits of a search: count them. */
static void
see_hits(struct run *r, const struct answer *a, struct str name, uint64_t line)
{
	struct hits *h = r->answers.hits;
	size_t i = 0;

	while (i < NELEM(r->answers.hits) && h[i].given && h[i].total != a->total)
		i++;
	if (i == NELEM(r->answers.hits))
		return;
	if (!h[i].given)
		h[i] = (struct hits){a->total, 0, line, mem_str(&r->mem, name)};
	h[i].given += a->hits;
}

void
run_answer(struct run *r, struct str name, uint64_t line, bool whole)
{
	struct answer a = answer_look(&r->reader, r->answers.page.on);

	if (whole && a.hits)
		see_hits(r, &a, name, line);
	if (a.is == ANSWER_PAGE || (a.list && r->answers.page.on))
		see_page(&r->answers.page, &a, line);
	if (a.is != ANSWER_PART || r->answers.said || r->reader.remark.n)
		return;
	r->answers.said = true;
	if (!r->opt.quiet)
		DIAG(&r->diag, name, S(":"), diag_u64(line), S(": the answer says \""), dotted(a.member, &r->reader.mem), S("\": "),
		     id_cut(a.value), S("; records may be missing: "), a.remedy);
}

void
run_answers_end(struct run *r, struct str name)
{
	struct answers *a = &r->answers;

	if (a->page.on && a->pages++ == 0) {
		a->first = a->page;
		a->name = mem_str(&r->mem, name);
	}
	a->said = a->page.on = false;
}

/* Are all hits of each search in the input? */
static void
hits_total(struct run *r)
{
	for (size_t i = 0; i < NELEM(r->answers.hits); i++) {
		const struct hits *h = &r->answers.hits[i];

		if (h->total > (int64_t)h->given && !r->opt.quiet)
			DIAG(&r->diag, h->name, S(":"), diag_u64(h->line), S(": the answer has "), diag_u64(h->given), S(" of "),
			     diag_u64((uint64_t)h->total), S(" hits: fetch the rest (size, search_after), unless it is here"));
	}
}

/* Are all pages in the input? */
static void
pages_total(struct run *r)
{
	const struct answers *a = &r->answers;
	const struct page *p = &a->first;
	uint64_t other = a->pages - 1;
	bool more = p->more > 0;

	if (!a->pages || r->opt.quiet)
		return;
	DIAG(&r->diag, a->name, S(":"), diag_u64(p->line), S(": the answer is one page, and \""), dotted(p->member, &r->reader.mem),
	     S("\" names the next"), more ? S(" (") : S(""), more ? diag_u64((uint64_t)p->more) : S(""),
	     more ? S(" more items)") : S(""), S(": "), p->remedy, other ? S("; other files that end so: ") : S(""),
	     other ? diag_u64(other) : S(""));
}

void
run_pages_total(struct run *r)
{
	hits_total(r);
	pages_total(r);
}
