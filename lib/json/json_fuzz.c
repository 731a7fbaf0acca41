/*
 * Arbitrary bytes as JSON.  The check by lines equals the check in one piece;
 * accepted texts can be looked up; every text, escaped as a string, parses to
 * itself.  A line parses to the same result after others, whose shape it may
 * have, as on its own.
 */
#include "base/fuzz.h"
#include "json/value.h"

/* The check, fed a line at a time. */
static enum json_is
by_lines(struct str s)
{
	struct json_scan scan = {0};
	enum json_is is = JSON_MORE;

	while (s.n && is != JSON_BAD) {
		size_t n = str_find(s, S("\n")) + 1;

		is = json_scan(&scan, str_head(s, n));
		s = str_from(s, n);
	}
	check(scan.depth <= JSON_DEPTH && (is == JSON_BAD) == (scan.why != NULL));
	return is;
}

/* Each value three times in a row. */
static void
in_a_row(struct str s)
{
	struct json j = {0};
	struct str line;

	while (str_cut(&s, '\n', &line))
		for (int i = 0; i < 3; i++) {
			struct json alone = {0};
			struct json_scan a = {.to = &j}, b = {.to = &alone};
			enum json_is is = json_scan(&a, line);

			check(is == json_scan(&b, line) && a.fed == b.fed && a.at == b.at);
			if (is != JSON_DONE) {
				json_free(&alone);
				continue; /* no tokens yet */
			}
			check(j.n == alone.n && j.escapes == alone.escapes);
			check(!j.n || memcmp(j.name, alone.name, (size_t)j.n * sizeof(*j.name)) == 0);
			check(!j.n || memcmp(j.tok, alone.tok, (size_t)j.n * sizeof(*j.tok)) == 0);
			json_free(&alone);
		}
	json_free(&j);
}

/* A text as a JSON string is JSON, and unescapes to that text, with replacements. */
static void
comes_back(struct str text, struct mem *m)
{
	struct buf once = {0}, twice = {0};
	struct json j = {0};
	uint64_t at;

	buf_json(&once, text);
	check(!json_check(buf_str(&once), &at));
	json_parse(&j, buf_str(&once));
	buf_json(&twice, json_text(&j, 0, m));
	check(str_eq(buf_str(&once), buf_str(&twice)));
	json_free(&j);
	buf_free(&once);
	buf_free(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str all = {(const char *)data, n};
	struct json j = {0};
	struct mem m = {0};
	uint64_t at = 0;
	const char *why = json_check(all, &at);
	enum json_is is = by_lines(all);
	int64_t v;

	check((is == JSON_DONE) == !why && (!why || at <= n));
	comes_back(all, &m);
	in_a_row(all);
	if (!why) {
		struct value root;

		json_parse(&j, all);
		check(j.n > 0 && json_after(&j, 0) == j.n);
		root = value_of(&j);
		value_text(value_otlp(root), &m);
		for (int i = 0; i < j.n; i++) {
			struct value x = {&j, i, i % 2}, in;
			struct str text = json_text(&j, i, &m);

			check(json_after(&j, i) > i && json_after(&j, i) <= j.n);
			if (i < 64 && j.tok[i].type == JSMN_STRING) {
				check(json_is(&j, i, text));
				comes_back(text, &m);
				value_get(root, text);
				value_at(root, text);
			}
			value_text(x, &m);
			value_i64(x, &v);
			in = value_first(x);
			for (int k = 0; k < 4 && value_ok(in); k++) {
				check(in.at > i && in.at < json_after(&j, i));
				in = value_next(x, in);
			}
		}
	}
	json_free(&j);
	mem_free(&m);
	return 0;
}
