/*
 * Incidents by GPU and by node (rollup.c).  Incidents are in test_page.h's notation, and
 * separated by "|"; a row in Markdown: how many, where, what was asked for, the last time
 * and headline.
 */
#include "incident/test_page.h"

#include "base/test.h"

/* Is b this text?  Otherwise prints both. */
static bool
is_text(const char *of, const struct buf *b, const char *want)
{
	if (str_eq(buf_str(b), str_of(want)))
		return true;
	printf("# %s\n# is:  %.*s\n# not: %s\n", of, (int)b->n, b->p ? b->p : "", want);
	return false;
}

static void
put_rollup(struct buf *b, enum rollup_by by, enum page_format format, const char *incidents)
{
	struct mem m = {0};
	struct rollup r = {.mem = &m, .by = by};
	struct str rest = str_of(incidents), one;
	struct buf text = {0};

	while (str_cut(&rest, '|', &one)) {
		struct paged p;

		text.n = 0;
		buf_add(&text, one);
		buf_chr(&text, '\0');
		paged_make(&p, text.p);
		rollup_add(&r, &p.i);
		paged_free(&p);
	}
	rollup_put(&r, format, (struct look){0}, b);
	mem_free(&m);
	buf_free(&text);
}

/* Are these the rows of the table, without its two lines of heads? */
static bool
rows_are(enum rollup_by by, const char *incidents, const char *want)
{
	struct buf all = {0}, b = {0};
	struct str rest, line;
	bool good;

	put_rollup(&all, by, PAGE_MARKDOWN, incidents);
	rest = buf_str(&all);
	str_cut(&rest, '\n', &line);
	good = str_eq(line, S("| Incidents | Where | Asked for | Last (UTC) | The last one |"));
	str_cut(&rest, '\n', &line);
	good &= str_eq(line, S("|--:|---|---|---|---|"));
	while (str_cut(&rest, '\n', &line))
		if (line.n) {
			buf_add(&b, b.n ? S("\n") : S(""));
			buf_add(&b, line);
		}
	good &= is_text(incidents, &b, want);
	buf_free(&all);
	buf_free(&b);
	return good;
}

#define GPU(node, gpu) "root={'pattern':'3','node':'" node "','gpu_id':'" gpu "'} "
#define UUID(node, gpu, uuid) "root={'pattern':'3','node':'" node "','gpu_id':'" gpu "','gpu_uuid':'" uuid "'} "
#define NODE(node) "root={'pattern':'16','node':'" node "'} "
#define AT(first, last, id) "first=" first " last=" last " id=" id " headline=H" id " "

static const struct {
	enum rollup_by by;
	const char *incidents, *rows;
} rows[] = {
	{ROLLUP_GPU, GPU("a", "g") AT("1000", "2000", "1") "action=reset_gpu", "| 1 | a g | reset\\_gpu | 1970-01-01 00:00:02 | H1 |"},
	/* what was asked for: in the order of the vocabulary, how often */
	{ROLLUP_GPU, GPU("a", "g") AT("0", "1000", "1") "action=replace_gpu|" GPU("a", "g") AT("2000", "3000", "2") "action=reset_gpu|"
		GPU("a", "g") AT("4000", "5000", "3") "action=replace_gpu",
		"| 3 | a g | reset\\_gpu, replace\\_gpu \xc3\x97" "2 | 1970-01-01 00:00:05 | H3 |"},
	{ROLLUP_GPU, GPU("a", "g") AT("0", "1000", "1") "action=none|" GPU("a", "g") AT("0", "1000", "2") "action=fix_power",
		"| 2 | a g | none, fix\\_power | 1970-01-01 00:00:01 | H2 |"},
	/* the last one is the one that began last; the last time is any one's */
	{ROLLUP_GPU, GPU("a", "g") AT("0", "9000", "1") "|" GPU("a", "g") AT("1000", "2000", "2"), "| 2 | a g |  | 1970-01-01 00:00:09 | H2 |"},
	{ROLLUP_GPU, GPU("a", "g") AT("1000", "2000", "2") "|" GPU("a", "g") AT("0", "9000", "1"), "| 2 | a g |  | 1970-01-01 00:00:09 | H2 |"},
	/* of two that began together, by id */
	{ROLLUP_GPU, GPU("a", "g") AT("0", "0", "2") "|" GPU("a", "g") AT("0", "0", "1"), "| 2 | a g |  | 1970-01-01 00:00:00 | H2 |"},
	{ROLLUP_GPU, GPU("a", "g") AT("0", "0", "1") "|" GPU("a", "g") AT("0", "0", "2"), "| 2 | a g |  | 1970-01-01 00:00:00 | H2 |"},
	/* apart by GPU and node; most incidents first, then the latest, then by name; without a place last */
	{ROLLUP_GPU, GPU("a", "g") AT("0", "0", "1") "|" GPU("a", "h") AT("0", "0", "2") "|" GPU("b", "g") AT("0", "0", "3") "|" GPU("b", "g") AT("1", "1", "4"),
		"| 2 | b g |  | 1970-01-01 00:00:00.001 | H4 |\n| 1 | a g |  | 1970-01-01 00:00:00 | H1 |\n| 1 | a h |  | 1970-01-01 00:00:00 | H2 |"},
	{ROLLUP_GPU, GPU("a", "g") AT("0", "0", "1") "|" GPU("b", "g") AT("0", "1000", "2") "|" GPU("c", "g") AT("0", "0", "3"),
		"| 1 | b g |  | 1970-01-01 00:00:01 | H2 |\n| 1 | a g |  | 1970-01-01 00:00:00 | H1 |\n| 1 | c g |  | 1970-01-01 00:00:00 | H3 |"},
	{ROLLUP_GPU, NODE("a") AT("0", "9000", "1") "|" NODE("b") AT("0", "9000", "2") "|" GPU("a", "g") AT("0", "0", "3"),
		"| 1 | a g |  | 1970-01-01 00:00:00 | H3 |\n| 2 | elsewhere |  | 1970-01-01 00:00:09 | H2 |"},
	/* an NVSwitch is no GPU, though it may have an address */
	{ROLLUP_GPU, "root={'pattern':'signal:sxid-12028','node':'a','gpu_id':'g'} " AT("0", "0", "1"), "| 1 | elsewhere |  | 1970-01-01 00:00:00 | H1 |"},
	{ROLLUP_GPU, "root={'pattern':'signal:xid-79','node':'a','gpu_id':'g'} " AT("0", "0", "1"), "| 1 | a g |  | 1970-01-01 00:00:00 | H1 |"},
	/* by UUID: two GPUs in one place are two; one without a UUID is the one seen before, or else after */
	{ROLLUP_GPU, UUID("a", "g", "u") AT("0", "0", "1") "|" UUID("a", "g", "v") AT("1", "1", "2"),
		"| 1 | a g v |  | 1970-01-01 00:00:00.001 | H2 |\n| 1 | a g u |  | 1970-01-01 00:00:00 | H1 |"},
	{ROLLUP_GPU, UUID("a", "g", "u") AT("0", "0", "1") "|" GPU("a", "g") AT("1", "1", "2") "|" UUID("a", "g", "v") AT("2", "2", "3"),
		"| 2 | a g u |  | 1970-01-01 00:00:00.001 | H2 |\n| 1 | a g v |  | 1970-01-01 00:00:00.002 | H3 |"},
	{ROLLUP_GPU, GPU("a", "g") AT("0", "0", "1") "|" UUID("a", "g", "u") AT("1", "1", "2"), "| 2 | a g u |  | 1970-01-01 00:00:00.001 | H2 |"},
	{ROLLUP_GPU, GPU("a", "g") AT("0", "0", "1") "|" GPU("a", "g") AT("1", "1", "2") "|" UUID("a", "g", "u") AT("2", "2", "3"),
		"| 3 | a g u |  | 1970-01-01 00:00:00.002 | H3 |"},
	{ROLLUP_GPU, UUID("a", "g", "u") AT("0", "0", "1") "|" UUID("a", "g", "v") AT("1", "1", "2") "|" UUID("a", "g", "u") AT("2", "2", "3"),
		"| 2 | a g u |  | 1970-01-01 00:00:00.002 | H3 |\n| 1 | a g v |  | 1970-01-01 00:00:00.001 | H2 |"},
	{ROLLUP_GPU, UUID("a", "g", "u") AT("0", "0", "1") "|" GPU("a", "h") AT("1", "1", "2"),
		"| 1 | a h |  | 1970-01-01 00:00:00.001 | H2 |\n| 1 | a g u |  | 1970-01-01 00:00:00 | H1 |"},
	{ROLLUP_GPU, GPU("a", "g") AT("0", "0", "1") "|" UUID("b", "g", "u") AT("0", "0", "2"),
		"| 1 | a g |  | 1970-01-01 00:00:00 | H1 |\n| 1 | b g u |  | 1970-01-01 00:00:00 | H2 |"},
	{ROLLUP_GPU, "root={'pattern':'3','gpu_uuid':'u'} " AT("0", "0", "1"), "| 1 | u |  | 1970-01-01 00:00:00 | H1 |"},
	{ROLLUP_GPU, "root={'pattern':'3','node':'a','gpu_uuid':'u'} " AT("0", "0", "1"), "| 1 | a u |  | 1970-01-01 00:00:00 | H1 |"},
	/* by node: its GPUs together; one of several nodes counts for each */
	{ROLLUP_NODE, GPU("a", "g") AT("0", "0", "1") "|" GPU("a", "h") AT("1", "1", "2") "|" NODE("a") AT("2", "2", "3"),
		"| 3 | a |  | 1970-01-01 00:00:00.002 | H3 |"},
	{ROLLUP_NODE, "root={'nodes':['b','a','c']} " AT("0", "0", "1") "|" NODE("b") AT("1", "1", "2"),
		"| 2 | b |  | 1970-01-01 00:00:00.001 | H2 |\n| 1 | a |  | 1970-01-01 00:00:00 | H1 |\n| 1 | c |  | 1970-01-01 00:00:00 | H1 |"},
	{ROLLUP_GPU, "root={'nodes':['b','a']} " AT("0", "0", "1"), "| 1 | elsewhere |  | 1970-01-01 00:00:00 | H1 |"},
	{ROLLUP_NODE, "root={'pattern':'15'} " AT("0", "0", "1"), "| 1 | elsewhere |  | 1970-01-01 00:00:00 | H1 |"},
};

#define TWO UUID("a", "g", "u") AT("0", "2000", "1") "action=reset_gpu|" UUID("a", "g", "u") AT("1000", "1000", "2") "action=reset_gpu"

static bool
page_is(enum rollup_by by, enum page_format format, const char *want)
{
	struct buf b = {0};
	bool good;

	put_rollup(&b, by, format, TWO);
	good = is_text(TWO, &b, want);
	buf_free(&b);
	return good;
}

int
main(void)
{
	struct buf b = {0};
	struct str page;

	TEST("incidents by GPU and by node");
	for (size_t i = 0; i < NELEM(rows); i++)
		CHECK_ROW(i, rows_are(rows[i].by, rows[i].incidents, rows[i].rows));
	TEST("as JSON");
	CHECK(page_is(ROLLUP_GPU, PAGE_JSONL, "{\"summary\":\"gpu\",\"node\":\"a\",\"gpu_id\":\"g\",\"gpu_uuid\":\"u\",\"incidents\":2,\"actions\":{\"reset_gpu\":2},"
		"\"first\":\"1970-01-01T00:00:00Z\",\"last\":\"1970-01-01T00:00:02Z\",\"last_id\":\"2\",\"last_headline\":\"H2\"}\n"));
	CHECK(page_is(ROLLUP_NODE, PAGE_JSONL, "{\"summary\":\"node\",\"node\":\"a\",\"incidents\":2,\"actions\":{\"reset_gpu\":2},"
		"\"first\":\"1970-01-01T00:00:00Z\",\"last\":\"1970-01-01T00:00:02Z\",\"last_id\":\"2\",\"last_headline\":\"H2\"}\n"));
	TEST("as text");
	CHECK(page_is(ROLLUP_GPU, PAGE_TEXT, "a g u: 2 incidents\n  DO     reset_gpu \xc3\x97" "2\n  LAST   1970-01-01 00:00:02\n  WHAT   H2\n\n"));
	TEST("as a page");
	put_rollup(&b, ROLLUP_NODE, PAGE_HTML, TWO);
	page = buf_str(&b);
	CHECK(str_has(page, S("<h1>Incidents by node</h1>\n<table><thead>\n<tr><th scope=\"col\">Incidents</th><th scope=\"col\">Where</th>"
		"<th scope=\"col\">Asked for</th><th scope=\"col\">Last (UTC)</th><th scope=\"col\">The last one</th></tr>\n</thead><tbody>\n"
		"<tr><td>2</td><td>a</td><td>reset_gpu \xc3\x97" "2</td><td>1970-01-01 00:00:02</td><td>H2</td></tr>\n</tbody></table>\n")));
	CHECK(str_ends(page, S("</html>\n")));
	buf_free(&b);
	put_rollup(&b, ROLLUP_GPU, PAGE_HTML, "");
	CHECK(str_has(buf_str(&b), S("<h1>Incidents by GPU</h1>")));
	buf_free(&b);
	return test_done();
}
