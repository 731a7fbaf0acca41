/* Incidents by the GPU or node at their root, to find those to replace. */
#include "base/sort.h"
#include "incident/page.h"
#include "join/phrase.h"

/* The entries of one row, in order of time. */
struct rollup_row {
	const struct rollup_entry *e;
	size_t n;
};

static struct str
kept(struct rollup *r, struct value v, struct str name, struct mem *m)
{
	return mem_str(r->mem, value_text(value_get(v, name), m));
}

void
rollup_add(struct rollup *r, const struct incident *i)
{
	struct value root = value_get(i->v, S("root")), nodes = value_get(root, S("nodes")), node;
	struct rollup_entry e = {
		.node = kept(r, root, S("node"), i->mem), .action = mem_str(r->mem, i->action), .headline = mem_str(r->mem, i->headline),
		.id = mem_str(r->mem, i->id), .first = i->first, .last = i->last,
	};

	if (r->by == ROLLUP_GPU && !str_starts(value_text(value_get(root, S("pattern")), i->mem), S("signal:sxid"))) {
		e.gpu = kept(r, root, S("gpu_id"), i->mem);
		e.uuid = kept(r, root, S("gpu_uuid"), i->mem);
	}
	if (r->by == ROLLUP_GPU && !e.gpu.n && !e.uuid.n)
		e.node.n = 0; /* the incident is not about a GPU */
	node = r->by == ROLLUP_NODE ? value_first(nodes) : (struct value){.at = -1};
	do {
		if (value_ok(node)) {
			e.node = mem_str(r->mem, value_text(node, i->mem));
			node = value_next(nodes, node);
		}
		r->e = mem_extend(r->mem, r->e, r->n, &r->cap, sizeof(*r->e));
		r->e[r->n++] = e;
	} while (value_ok(node));
}

static int
entry_cmp(const void *x, const void *y, const void *ctx)
{
	const struct rollup_entry *a = x, *b = y;
	int d = str_cmp(a->node, b->node);

	(void)ctx;
	d = d ? d : str_cmp(a->gpu, b->gpu);
	d = d ? d : SORT_ORDER(a->first, b->first);
	d = d ? d : str_cmp(a->id, b->id);
	return d ? d : str_cmp(a->uuid, b->uuid);
}

static bool
is_same_place(const struct rollup_entry *a, const struct rollup_entry *b)
{
	return str_eq(a->node, b->node) && str_eq(a->gpu, b->gpu);
}

/* The same, but entries of one UUID together, even if GPUs were swapped in between. */
static int
uuid_cmp(const void *x, const void *y, const void *ctx)
{
	const struct rollup_entry *a = x, *b = y;
	int d = str_cmp(a->node, b->node);

	d = d ? d : str_cmp(a->gpu, b->gpu);
	d = d ? d : str_cmp(a->uuid, b->uuid);
	return d ? d : entry_cmp(x, y, ctx);
}

/* Incidents without a UUID get that of the last GPU seen there before, or else after. */
static void
fill_uuids(struct rollup *r)
{
	for (size_t k = 1; k < r->n; k++)
		if (!r->e[k].uuid.n && is_same_place(&r->e[k], &r->e[k - 1]))
			r->e[k].uuid = r->e[k - 1].uuid;
	for (size_t k = r->n; k-- > 1;)
		if (!r->e[k - 1].uuid.n && is_same_place(&r->e[k], &r->e[k - 1]))
			r->e[k - 1].uuid = r->e[k].uuid;
}

static int64_t
last_of(const struct rollup_row *row)
{
	int64_t last = NO_TIME;

	for (size_t k = 0; k < row->n; k++)
		last = row->e[k].last > last ? row->e[k].last : last;
	return last;
}

/* Most incidents first, then the latest; rows without a place come last. */
static int
row_cmp(const void *x, const void *y, const void *ctx)
{
	const struct rollup_row *a = x, *b = y;
	int64_t to = last_of(a), from = last_of(b);
	int d = SORT_ORDER(!a->e->node.n, !b->e->node.n);

	(void)ctx;
	d = d ? d : SORT_ORDER(b->n, a->n);
	d = d ? d : SORT_ORDER(from, to);
	return d ? d : SORT_ORDER(a->e, b->e);
}

static struct rollup_row *
make_rows(struct rollup *r, size_t *n)
{
	struct rollup_row *row = mem_new(r->mem, struct rollup_row, r->n);
	struct buf spare = {0};

	*n = 0;
	sort(r->e, r->n, sizeof(*r->e), entry_cmp, NULL, &spare);
	fill_uuids(r);
	sort(r->e, r->n, sizeof(*r->e), uuid_cmp, NULL, &spare);
	for (size_t k = 0; k < r->n; k++) {
		if (!k || !is_same_place(&r->e[k], &r->e[k - 1]) || !str_eq(r->e[k].uuid, r->e[k - 1].uuid))
			row[(*n)++].e = &r->e[k];
		row[*n - 1].n++;
	}
	sort(row, *n, sizeof(*row), row_cmp, NULL, &spare);
	buf_free(&spare);
	return row;
}

/* The next recommended action, in order of names, and its number. */
static bool
next_action(const struct rollup_row *row, enum action *at, size_t *n)
{
	while (++*at < ACTIONS) {
		*n = 0;
		for (size_t k = 0; k < row->n; k++)
			*n += str_eq(row->e[k].action, action_name(*at));
		if (*n)
			return true;
	}
	return false;
}

static void
say_actions(struct buf *b, const struct rollup_row *row)
{
	enum action a = ACTION_UNSET;
	size_t from = b->n, n;

	while (next_action(row, &a, &n)) {
		if (b->n > from)
			buf_add(b, S(", "));
		buf_add(b, action_name(a));
		if (n > 1) {
			buf_add(b, S(" \xc3\x97"));
			buf_u64(b, n);
		}
	}
}

static void
put_json(struct buf *b, const struct rollup *r, const struct rollup_row *row)
{
	const struct rollup_entry *last = &row->e[row->n - 1];
	enum action a = ACTION_UNSET;
	size_t n;

	buf_chr(b, '{');
	phrase_str(b, "summary", r->by == ROLLUP_GPU ? S("gpu") : S("node"));
	phrase_str(b, "node", last->node);
	phrase_str(b, "gpu_id", last->gpu);
	phrase_str(b, "gpu_uuid", last->uuid);
	phrase_int(b, "incidents", (int64_t)row->n);
	buf_key(b, "actions");
	buf_chr(b, '{');
	while (next_action(row, &a, &n))
		phrase_int(b, action_name(a).p, (int64_t)n);
	buf_chr(b, '}');
	phrase_time(b, "first", row->e->first);
	phrase_time(b, "last", last_of(row));
	phrase_str(b, "last_id", last->id);
	phrase_str(b, "last_headline", last->headline);
	buf_add(b, S("}\n"));
}

/* ---- text, Markdown, HTML ---- */

enum { COLUMNS = 5 };
static const struct str heads[COLUMNS] = {
	STR_INIT("Incidents"), STR_INIT("Where"), STR_INIT("Asked for"), STR_INIT("Last (UTC)"), STR_INIT("The last one"),
};

static void
say_cell(struct buf *b, const struct rollup_row *row, size_t column)
{
	const struct rollup_entry *last = &row->e[row->n - 1];
	const struct str where[] = {last->node, last->gpu, last->uuid};
	size_t from = b->n;

	switch (column) {
	case 0:
		buf_u64(b, row->n);
		break;
	case 1:
		for (size_t k = 0; k < NELEM(where); k++) {
			if (where[k].n && b->n > from)
				buf_chr(b, ' ');
			buf_add(b, where[k]);
		}
		if (b->n == from)
			buf_add(b, S("elsewhere"));
		break;
	case 2:
		say_actions(b, row);
		break;
	case 3:
		time_say(b, last_of(row));
		break;
	default:
		buf_add(b, last->headline);
	}
}

static void
put_text(struct buf *b, struct look look, const struct rollup_row *row, struct buf *t)
{
	static const struct str words[COLUMNS] = {{0}, {0}, STR_INIT("DO"), STR_INIT("LAST"), STR_INIT("WHAT")};

	t->n = 0;
	say_cell(t, row, 1);
	buf_add(t, S(": "));
	phrase_count(t, row->n, S("incident"), S("incidents"));
	text_paragraph(b, look, buf_str(t));
	for (size_t k = 2; k < COLUMNS; k++) {
		t->n = 0;
		say_cell(t, row, k);
		text_labelled(b, look, words[k], buf_str(t));
	}
	buf_chr(b, '\n');
}

/* Cells of a table row, each between two tags. */
static void
put_cells(struct buf *b, const struct rollup_row *row, enum page_format format, struct buf *t)
{
	buf_add(b, format == PAGE_HTML ? S("<tr>") : S("|"));
	for (size_t k = 0; k < COLUMNS; k++) {
		t->n = 0;
		if (row)
			say_cell(t, row, k);
		else
			buf_add(t, heads[k]);
		if (format == PAGE_HTML) {
			buf_add(b, row ? S("<td>") : S("<th scope=\"col\">"));
			html_text(b, buf_str(t), SIZE_MAX);
			buf_add(b, row ? S("</td>") : S("</th>"));
		} else {
			buf_chr(b, ' ');
			markdown_text(b, buf_str(t));
			buf_add(b, S(" |"));
		}
	}
	buf_add(b, format == PAGE_HTML ? S("</tr>\n") : S("\n"));
}

void
rollup_put(struct rollup *r, enum page_format format, struct look look, struct buf *b)
{
	struct buf t = {0};
	size_t n;
	const struct rollup_row *row = make_rows(r, &n);
	struct str title = r->by == ROLLUP_GPU ? S("Incidents by GPU") : S("Incidents by node");

	if (format == PAGE_HTML) {
		page_begin(b, title);
		buf_add(b, S("<table><thead>\n"));
	}
	if (format == PAGE_MARKDOWN || format == PAGE_HTML)
		put_cells(b, NULL, format, &t);
	if (format == PAGE_MARKDOWN)
		buf_add(b, S("|--:|---|---|---|---|\n"));
	if (format == PAGE_HTML)
		buf_add(b, S("</thead><tbody>\n"));
	for (size_t k = 0; k < n; k++)
		switch (format) {
		case PAGE_JSONL:
			put_json(b, r, &row[k]);
			break;
		case PAGE_TEXT:
			put_text(b, look, &row[k], &t);
			break;
		default:
			put_cells(b, &row[k], format, &t);
		}
	if (format == PAGE_HTML) {
		buf_add(b, S("</tbody></table>\n"));
		page_end(b);
	}
	buf_free(&t);
}
