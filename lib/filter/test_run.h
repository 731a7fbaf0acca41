/*
 * test_run - one run of a filter on a text, for tests that are written as rows: name, options, input,
 * what must be said.  In the input, ' stands for ".  What must be said is pieces between bars: each is
 * in the output (verdicts, then messages), one after the other; a piece after ! is nowhere in it.
 * Layer top: includes filter.
 */
#ifndef TEST_RUN_H
#define TEST_RUN_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/test.h"
#include "filter/filter.h"

struct test_run {
	const char *name, *args, *in, *said;
};

/* The output of a run, then its messages, in *said. */
static inline int
test_run(const struct pattern *p, const char *args, const char *in, struct buf *said)
{
	struct out out = {.fd = -1}, err = {.fd = -1};
	struct filter_io io = {.dir = AT_FDCWD, .out = &out, .err = &err};
	char words[400], path[] = "/tmp/inquest-test-XXXXXX", *argv[16] = {path};
	struct buf text = {0};
	int argc = 1, status;

	(void)snprintf(words, sizeof(words), "%s", args);
	for (char *w = strtok(words, " "); w && argc < 15; w = strtok(NULL, " "))
		argv[argc++] = w;
	for (; *in; in++)
		buf_chr(&text, *in == '\'' ? '"' : *in);
	io.in = mkstemp(path);
	unlink(path);
	if (io.in < 0 || write(io.in, text.p ? text.p : "", text.n) != (ssize_t)text.n)
		abort();
	lseek(io.in, 0, SEEK_SET);
	status = filter_run(p, argc, argv, &io);
	close(io.in);
	said->n = 0;
	buf_add(said, buf_str(&out.b));
	buf_add(said, buf_str(&err.b));
	buf_free(&out.b);
	buf_free(&err.b);
	buf_free(&text);
	return status;
}

/* Is everything in s that must be? */
static inline bool
test_says(struct str s, struct str pieces)
{
	struct str all = s, piece;

	while (pieces.n) {
		bool last = str_find(pieces, S("|")) == pieces.n;

		piece = str_head(pieces, str_find(pieces, S("|")));
		pieces = str_from(pieces, last ? pieces.n : piece.n + 1);
		if (piece.n && piece.p[0] == '!') {
			if (str_has(all, str_from(piece, 1)))
				return false;
			continue;
		}
		if (!str_has(s, piece))
			return false;
		s = str_from(s, str_find(s, piece) + piece.n);
	}
	return true;
}

/* Every filter's own options have a letter that can be typed, or none, and a name. */
static inline void
test_options(const struct pattern *p)
{
	TEST("an option's letter is a letter");
	for (const struct opt *o = p->opt; o->kind != OPT_END; o++) {
		char key = o->key;

		CHECK(key == 0 || (key >= 'a' && key <= 'z') || (key >= 'A' && key <= 'Z'));
		CHECK(o->name && *o->name);
	}
}

/* What a pattern with these options keeps, with --follow. */
static inline struct reach
test_reach(const struct pattern *p, const char *args, int64_t skew, int64_t piece)
{
	struct mem mem = {0};
	char words[400], prog[] = "x", *argv[16] = {prog};
	struct out out = {.fd = -1};
	struct diag diag = {.to = &out};
	struct opt_run o = {.out = &out, .diag = &diag};
	unsigned char *config = mem_get(&mem, p->config_size, 1);
	struct reach r;
	int argc = 1;

	if (p->config)
		memcpy(config, p->config, p->config_size);
	o.set[0] = (struct opt_set){p->opt, config};
	(void)snprintf(words, sizeof(words), "%s", args);
	for (char *w = strtok(words, " "); w && argc < 15; w = strtok(NULL, " "))
		argv[argc++] = w;
	CHECK(opt_parse(&o, argc, argv) == -1);
	r = p->reach(&(struct detection){.config = config, .skew = skew, .split_every_ns = piece});
	buf_free(&out.b);
	mem_free(&mem);
	return r;
}

static inline void
test_rows(const struct pattern *p, const struct test_run *row, size_t n)
{
	struct buf said = {0}, want = {0};

	test_options(p);
	for (size_t i = 0; i < n; i++) {
		TEST(row[i].name);
		test_run(p, row[i].args, row[i].in, &said);
		want.n = 0;
		for (const char *s = row[i].said; *s; s++)
			buf_chr(&want, *s == '\'' ? '"' : *s);
		CHECK(test_says(buf_str(&said), buf_str(&want)));
		if (!test_says(buf_str(&said), buf_str(&want)))
			printf("# said %.*s\n", (int)said.n, said.p ? said.p : "");
	}
	buf_free(&said);
	buf_free(&want);
}

#endif
