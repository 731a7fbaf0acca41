/*
 * The screen changes no byte of the output: every filter with it and without
 * (--strict), on the inputs of the golden cases and testdata, on these with
 * letters in strings escaped, and on random lines.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/test.h"
#include "base/test_files.h"
#include "filter/filter.h"
#include "input/dialect/dialect.h"

static uint64_t seed = 1;

static unsigned
below(unsigned n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

static int fd;
static struct out with = {.fd = -1}, without = {.fd = -1};
static size_t verdicts, texts;

static void
run(const struct pattern *p, struct str text, bool strict, struct out *out)
{
	static char quiet[] = "-qx", every[] = "--strict";
	char *argv[] = {quiet, quiet, strict ? every : NULL, NULL};
	struct out err = {.fd = -1};
	struct filter_io io = {.in = fd, .dir = AT_FDCWD, .out = out, .err = &err};
	struct str rest, line;

	out->b.n = 0;
	if (ftruncate(fd, 0) != 0 || pwrite(fd, text.p, text.n, 0) != (ssize_t)text.n || lseek(fd, 0, SEEK_SET) != 0)
		exit(2);
	CHECK(filter_run(p, strict ? 3 : 2, argv, &io) != EX_FAIL);
	/* the explanations, too, but not the coverage, which counts all records
	 * read, relevant or not */
	rest = buf_str(&err.b);
	while (str_cut(&rest, '\n', &line))
		if (str_starts(line, S("{\"explain\"")) && !str_starts(line, S("{\"explain\":\"coverage\"")))
			buf_add(&out->b, line);
	buf_free(&err.b);
}

static void
compare(int row, struct str text)
{
	for (size_t i = 0; filters[i]; i++) {
		run(filters[i], text, false, &with);
		run(filters[i], text, true, &without);
		CHECK_ROW(row, str_eq(buf_str(&with.b), buf_str(&without.b)));
		verdicts += str_has(buf_str(&with.b), S("\"pattern.id\""));
	}
	texts++;
}

/* Escape some letters in the line's strings. */
static void
put_escaped(struct buf *b, struct str line, unsigned one_in)
{
	bool in = false;

	for (size_t i = 0; i < line.n; i++) {
		char c = line.p[i];

		if (in && c == '\\') {
			size_t n = line.p[i + 1] == 'u' ? 6 : 2;

			buf_add(b, str_head(str_from(line, i), n));
			i += n - 1;
			continue;
		} else if (c == '"') {
			in = !in;
		} else if (in && c > ' ' && c < 127 && below(one_in) == 0) {
			buf_add(b, S("\\u"));
			buf_hex(b, (uint64_t)c, 4);
			continue;
		}
		buf_chr(b, c);
	}
}

/* The values of a file on one line each, and the whole file if it is one value. */
static void
compare_file(int row, struct str text)
{
	struct buf lines = {0}, escaped = {0};
	struct str rest = text, line;
	uint64_t at;

	if (!json_check(text, &at))
		compare(row, text);
	while (rest.n && str_cut(&rest, '\n', &line))
		if (!json_check(line, &at)) {
			buf_add(&lines, line);
			buf_chr(&lines, '\n');
			put_escaped(&escaped, line, row % 2 ? 3 : 40);
			buf_chr(&escaped, '\n');
		}
	compare(row, buf_str(&lines));
	compare(row, buf_str(&escaped));
	buf_free(&lines);
	buf_free(&escaped);
}

/* An object of the screens' words, whole, cut or escaped. */
static void
put_random(struct buf *b)
{
	static const struct str bits[] = {
		STR_INIT("\":\""), STR_INIT("\",\""), STR_INIT("\\\\"), STR_INIT("\\\""), STR_INIT("\\u00e9"), STR_INIT(" "),
		STR_INIT("NVRM: Xid (PCI:0000:3b:00): 79"), STR_INIT("message"), STR_INIT("MESSAGE"), STR_INIT("_HOSTNAME"),
		STR_INIT("x"),
	};
	struct str word[SIFT_WORDS];
	size_t words = dialect_words(~0u, word, SIFT_WORDS);
	struct buf s = {0};
	uint64_t at;

	buf_add(&s, S("{\""));
	for (unsigned n = below(12); n--;) {
		const struct str *w = &word[below((unsigned)words)];

		if (below(2))
			buf_add(&s, bits[below(NELEM(bits))]);
		else
			for (size_t i = below(8) == 0; i < w->n; i++)
				if (w->p[i] != '"')
					buf_chr(&s, w->p[i]);
	}
	buf_add(&s, S("\":\"\"}"));
	if (!json_check(buf_str(&s), &at)) {
		put_escaped(b, buf_str(&s), 20);
		buf_chr(b, '\n');
	}
	buf_free(&s);
}

int
main(void)
{
	char name[] = "/tmp/inquest-screen-XXXXXX";
	struct buf b = {0};

	fd = mkstemp(name);
	unlink(name);
	TEST("golden cases");
	test_files("golden/*/*/in*", compare_file);
	CHECK(texts > 500 && verdicts > 500);
	TEST("testdata");
	texts = verdicts = 0;
	test_files("testdata/incidents/*/*", compare_file);
	test_files("testdata/fuzz/*/*", compare_file);
	CHECK(texts > 50 && verdicts > 5);
	TEST("random lines");
	for (int i = 0; i < 200; i++) {
		b.n = 0;
		for (int k = 0; k < 20; k++)
			put_random(&b);
		compare(i, buf_str(&b));
	}
	buf_free(&b);
	buf_free(&with.b);
	buf_free(&without.b);
	close(fd);
	return test_done();
}
