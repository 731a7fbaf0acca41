#include "incident/incident.h"
#include "incident/page.h"

struct page {
	enum page_format format;
	struct look look;
	struct rollup rollup;
	struct json json;
	struct buf line;
	struct mem mem; /* for the current incident */
	uint64_t n;
	struct buf rows, articles; /* of the HTML page */
	struct buf covered; /* coverage of the last incident's input */
};

static void *
page_open(const void *config, struct look look, struct mem *m)
{
	const struct inquest_config *c = config;
	struct page *p;

	if (c->format == PAGE_JSONL && c->summary == ROLLUP_OFF)
		return NULL;
	p = mem_new(m, struct page, 1);
	p->format = c->format;
	p->look = look;
	p->rollup = (struct rollup){.mem = m, .by = c->summary};
	return p;
}

static void
put_covered(struct page *p, struct buf *b)
{
	if (!p->covered.n)
		return;
	text_labelled(b, p->look, S("READ"), buf_str(&p->covered));
	buf_chr(b, '\n');
}

/* Coverage is printed once, after all incidents of an input. */
static void
put_text(struct page *p, const struct incident *i, struct buf *b)
{
	struct buf now = {0};

	coverage_say(&now, i);
	if (!str_eq(buf_str(&now), buf_str(&p->covered)))
		put_covered(p, b);
	buf_free(&p->covered);
	p->covered = now;
	incident_text(b, i, p->look);
}

static void
page_put(void *page, struct buf *b, const struct verdicts *vs, const struct verdict *v)
{
	struct page *p = page;
	struct incident i;

	p->line.n = 0;
	jsonl_put(&p->line, vs, v);
	json_parse(&p->json, buf_str(&p->line));
	if (!str_eq(value_text(value_get(value_of(&p->json), S("pattern.id")), &p->mem), S("0"))) {
		buf_add(b, buf_str(&p->line)); /* from a shard of nodes: input of another run */
		return;
	}
	incident_read(&i, value_of(&p->json), &p->mem);
	p->n++;
	if (p->rollup.by != ROLLUP_OFF) {
		rollup_add(&p->rollup, &i);
	} else if (p->format == PAGE_TEXT) {
		put_text(p, &i, b);
	} else if (p->format == PAGE_MARKDOWN) {
		incident_markdown(b, &i);
	} else {
		incident_html_row(&p->rows, &i, p->n);
		incident_html(&p->articles, &i, p->n);
	}
	mem_reset(&p->mem);
}

static void
page_close(void *page, struct buf *b)
{
	struct page *p = page;

	if (p->rollup.by != ROLLUP_OFF)
		rollup_put(&p->rollup, p->format, p->look, b);
	else if (p->format == PAGE_TEXT)
		put_covered(p, b);
	else if (p->format == PAGE_HTML)
		page_html(b, buf_str(&p->rows), buf_str(&p->articles), p->n);
	json_free(&p->json);
	buf_free(&p->line);
	buf_free(&p->rows);
	buf_free(&p->articles);
	buf_free(&p->covered);
	mem_free(&p->mem);
}

const struct formats inquest_formats = {page_open, page_put, page_close};
