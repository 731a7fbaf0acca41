/* Arbitrary JSON as an incident: every writer's output is well-formed UTF-8 without
 * control characters except line ends; HTML contains only its own tags; a rewritten
 * line rewrites to itself. */
#include "base/fuzz.h"
#include "base/unicode.h"
#include "incident/page.h"

static void
check_shown(const struct buf *b)
{
	struct str s = buf_str(b);
	size_t n;

	for (; s.n; s = str_from(s, n)) {
		n = utf8_len(s);
		check(n && (*s.p == '\n' || !unicode_hidden(utf8_point(s.p, n))));
	}
}

/* Every tag is one of ours, and tags are balanced. */
static void
check_tags(struct str s)
{
	static const struct str tags[] = {
		STR_INIT("article"), STR_INIT("p"), STR_INIT("span"), STR_INIT("h2"), STR_INIT("dl"), STR_INIT("dt"), STR_INIT("dd"), STR_INIT("figure"),
		STR_INIT("svg"), STR_INIT("title"), STR_INIT("desc"), STR_INIT("defs"), STR_INIT("marker"), STR_INIT("path"), STR_INIT("rect"),
		STR_INIT("text"), STR_INIT("line"), STR_INIT("g"), STR_INIT("table"), STR_INIT("caption"), STR_INIT("thead"), STR_INIT("tbody"),
		STR_INIT("tr"), STR_INIT("th"), STR_INIT("td"), STR_INIT("a"),
	};
	size_t open[32], depth = 0, at;

	while ((at = str_find(s, S("<"))) < s.n) {
		bool close;
		size_t i, n = 0;

		check(!str_has(str_head(s, at), S(">")));
		s = str_from(s, at + 1);
		close = str_eat(&s, S("/"));
		while (n < s.n && !strchr(" >/", s.p[n]))
			n++;
		for (i = 0; i < NELEM(tags) && !str_eq(tags[i], str_head(s, n)); i++)
			;
		at = str_find(s, S(">"));
		check(i < NELEM(tags) && at < s.n && depth < NELEM(open));
		if (close)
			check(depth && open[--depth] == i);
		else if (s.p[at - 1] != '/')
			open[depth++] = i;
		s = str_from(s, at + 1);
	}
	check(!depth && !str_has(s, S(">")));
}

static void
check_line(const struct json *j)
{
	struct buf line = {0}, again = {0};
	struct json k = {0};
	uint64_t at;

	incident_line(&line, value_of(j));
	check(!json_check(buf_str(&line), &at));
	json_parse(&k, buf_str(&line));
	incident_line(&again, value_of(&k));
	check(str_eq(buf_str(&line), buf_str(&again)));
	json_free(&k);
	buf_free(&line);
	buf_free(&again);
}

static void
check_rollup(const struct incident *i, enum rollup_by by, struct buf *b)
{
	for (enum page_format f = PAGE_JSONL; f <= PAGE_HTML; f++) {
		struct mem m = {0};
		struct rollup r = {.mem = &m, .by = by};

		rollup_add(&r, i);
		rollup_add(&r, i);
		b->n = 0;
		rollup_put(&r, f, (struct look){0}, b);
		check_shown(b);
		mem_free(&m);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str all = {(const char *)data, n};
	struct incident i;
	struct json j = {0};
	struct buf b = {0};
	struct mem m = {0};
	uint64_t at;

	if (json_check(all, &at))
		return 0;
	json_parse(&j, all);
	if (j.tok[0].type == JSMN_OBJECT)
		check_line(&j);
	incident_read(&i, value_of(&j), &m);
	incident_text(&b, &i, (struct look){.columns = PARA_COLUMNS_MIN});
	check_shown(&b);
	b.n = 0;
	incident_markdown(&b, &i);
	check_shown(&b);
	b.n = 0;
	incident_html(&b, &i, 1);
	check_shown(&b);
	check_tags(buf_str(&b));
	b.n = 0;
	incident_html_row(&b, &i, 1);
	check_tags(buf_str(&b));
	check_rollup(&i, ROLLUP_GPU, &b);
	check_rollup(&i, ROLLUP_NODE, &b);
	buf_free(&b);
	json_free(&j);
	mem_free(&m);
	return 0;
}
