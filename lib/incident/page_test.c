/*
 * Pages of several incidents (page.c): what is printed once, what is passed on, and the
 * options that select a form.
 */
#include "incident/incident.h"
#include "incident/page.h"

#include "base/test.h"

/* Put lines as a page; the coverage of their input is the second word. */
static void
put_page(struct buf *b, const struct inquest_config *c, struct look look, const char *const *lines)
{
	struct mem m = {0};
	struct verdicts vs = {.id = S("0"), .name = S("incident")};
	void *page = inquest_formats.open(c, look, &m);

	b->n = 0;
	for (; *lines; lines++) {
		struct verdict *v;

		verdicts_reset(&vs);
		v = verdict_add(&vs);
		v->line = str_of(*lines);
		inquest_formats.put(page, b, &vs, v);
	}
	inquest_formats.close(page, b);
	verdicts_free(&vs);
	mem_free(&m);
}

#define INCIDENT(headline, records) \
	"{\"pattern.id\":\"0\",\"headline\":\"" headline "\",\"root\":{\"node\":\"a\"},\"coverage\":{\"layers\":[{\"layer\":\"x\",\"records\":" records "}]}}"

static const char *const two[] = {INCIDENT("one", "1"), INCIDENT("two", "1"), NULL}, *const apart[] = {INCIDENT("one", "1"), INCIDENT("two", "2"), NULL},
	*const single[] = {INCIDENT("one", "1"), NULL}, *const none[] = {NULL}, *const other[] = {"{\"pattern.id\":\"3\"}", NULL},
	*const wordy[] = {INCIDENT("aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj", "1"), NULL};

/* Bytes in use by a page of n equal incidents without its text, before it is closed. */
static uint64_t
memory_of(const struct inquest_config *c, size_t n)
{
	struct mem m = {0};
	struct verdicts vs = {.id = S("0"), .name = S("incident")};
	struct buf b = {0};
	uint64_t before = mem_count.bytes, used;
	void *page = inquest_formats.open(c, (struct look){0}, &m);

	while (n--) {
		struct verdict *v;

		verdicts_reset(&vs);
		v = verdict_add(&vs);
		v->line = S(INCIDENT("one \\u0022node\\u0022", "1"));
		inquest_formats.put(page, &b, &vs, v);
		b.n = 0;
	}
	used = mem_count.bytes - before;
	inquest_formats.close(page, &b);
	verdicts_free(&vs);
	mem_free(&m);
	buf_free(&b);
	return used;
}

static size_t
count(const struct buf *b, const char *what)
{
	struct str s = buf_str(b);
	size_t n = 0, at;

	while ((at = str_find(s, str_of(what))) < s.n) {
		n++;
		s = str_from(s, at + 1);
	}
	return n;
}

int
main(void)
{
	struct inquest_config c = {.format = PAGE_JSONL, .summary = ROLLUP_OFF};
	struct buf b = {0};
	struct mem m = {0};

	TEST("lines of JSON need no page; a summary does");
	CHECK(!inquest_formats.open(&c, (struct look){0}, &m));
	c.summary = ROLLUP_NODE;
	put_page(&b, &c, (struct look){0}, two);
	CHECK(str_starts(buf_str(&b), S("{\"summary\":\"node\",\"node\":\"a\",\"incidents\":2,")) && count(&b, "\n") == 1);
	c.summary = ROLLUP_OFF;

	TEST("text: what the input covered is said once, at its end");
	c.format = PAGE_TEXT;
	put_page(&b, &c, (struct look){0}, two);
	CHECK(count(&b, "READ") == 1 && str_ends(buf_str(&b), S("  READ   x 1\n\n")) && count(&b, "one\n") == 1 && count(&b, "two\n") == 1);
	put_page(&b, &c, (struct look){0}, apart);
	CHECK(count(&b, "READ") == 2 && str_ends(buf_str(&b), S("  READ   x 2\n\n")) && count(&b, "READ   x 1\n\ntwo\n") == 1);
	put_page(&b, &c, (struct look){0}, none);
	CHECK(!b.n);
	TEST("text: thousands of incidents need the memory of two");
	CHECK(memory_of(&c, 2000) == memory_of(&c, 2));
	TEST("text: in the columns of the terminal, bold if wanted");
	put_page(&b, &c, (struct look){.columns = 40}, wordy);
	CHECK(str_starts(buf_str(&b), S("aaaa bbbb cccc dddd eeee ffff gggg hhhh\n")));
	put_page(&b, &c, (struct look){.bold = true}, single);
	CHECK(count(&b, "\x1b[1mone\n\x1b[m") == 1);

	TEST("verdicts of other patterns are passed on");
	put_page(&b, &c, (struct look){0}, other);
	CHECK(str_eq(buf_str(&b), S("{\"pattern.id\":\"3\"}\n")));

	TEST("Markdown");
	c.format = PAGE_MARKDOWN;
	put_page(&b, &c, (struct look){0}, two);
	CHECK(count(&b, "# one\n") == 1 && count(&b, "# two\n") == 1 && count(&b, "<") == 0);

	TEST("HTML: incidents are numbered and counted; a list, if there are several");
	c.format = PAGE_HTML;
	put_page(&b, &c, (struct look){0}, two);
	CHECK(count(&b, "<title>2 incidents</title>") == 1 && count(&b, "<nav>") == 1);
	CHECK(count(&b, "<tr><th scope=\"row\">1</th>") == 1 && count(&b, "<a href=\"#i2\">two</a>") == 1);
	CHECK(count(&b, "<article id=\"i1\">") == 1 && count(&b, "<article id=\"i2\">") == 1 && count(&b, "<article") == 2);
	put_page(&b, &c, (struct look){0}, single);
	CHECK(count(&b, "<title>1 incident</title>") == 1 && count(&b, "<nav>") == 0 && count(&b, "<article") == 1);
	put_page(&b, &c, (struct look){0}, none);
	CHECK(count(&b, "<title>No incidents</title>") == 1 && count(&b, "<article") == 0);
	buf_free(&b);
	mem_free(&m);
	return test_done();
}
