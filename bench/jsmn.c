/*
 * jsmn - only jsmn on the lines of standard input: the minimal cost of parsing
 * them.  Prints the number of tokens.
 */
#define JSMN_STATIC
#define JSMN_PARENT_LINKS
#include <jsmn.h>

#include <unistd.h>

#include "base/io.h"

enum { TOKENS = 1 << 20 };

int
main(void)
{
	struct in in = {.fd = STDIN_FILENO, .limit = 1 << 30};
	struct out out = {.fd = STDOUT_FILENO};
	jsmntok_t *tok = mem_grow(NULL, 0, TOKENS * sizeof(*tok));
	struct str line;
	uint64_t n = 0;

	while (in_line(&in, false, &line) == IN_LINE) {
		jsmn_parser p;
		int got;

		jsmn_init(&p);
		got = jsmn_parse(&p, line.p, line.n, tok, TOKENS);
		if (got < 0)
			return 2;
		n += (uint64_t)got;
	}
	buf_u64(&out.b, n);
	buf_chr(&out.b, '\n');
	mem_give(tok, TOKENS * sizeof(*tok));
	in_free(&in);
	return out_flush(&out) ? 0 : 2;
}
