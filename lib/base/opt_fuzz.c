/*
 * Arbitrary bytes as a command line, one word per line: it is accepted,
 * answered on stdout, or rejected with a message and a reference to --help.
 */
#include <stdlib.h>
#include <string.h>

#include "base/fuzz.h"
#include "base/opt.h"

static struct values {
	bool flag;
	struct str str;
	uint64_t num, size;
	int64_t duration, time;
	unsigned choice;
	struct opt_maybe maybe;
} values;

#define TO(member) offsetof(struct values, member)
static const struct opt table[] = {
	{'h', "help", OPT_HELP, 0, NULL, NULL, "help"},
	{'V', "version", OPT_VERSION, 0, NULL, NULL, "version"},
	{'f', "flag", OPT_FLAG, TO(flag), NULL, NULL, "flag"},
	{'s', "str", OPT_STR, TO(str), "TEXT", "word", "text"},
	{'n', "num", OPT_NUM, TO(num), "N", "7", "number"},
	{'z', "size", OPT_SIZE, TO(size), "SIZE", "64M", "size"},
	{'d', "duration", OPT_DURATION, TO(duration), "DUR", "1.5m", "duration"},
	{'t', "time", OPT_TIME, TO(time), "TIME", NULL, "time"},
	{'c', "choice", OPT_CHOICE, TO(choice), "red|green|blue", "green", "choice"},
	{'m', "maybe", OPT_MAYBE, TO(maybe), "N", NULL, "perhaps"},
	{.kind = OPT_END},
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	enum { WORDS = 64 };
	static char prog[] = "p";
	struct out out = {.fd = -1}, err = {.fd = -1};
	struct diag diag = {.to = &err, .prog = S("p")};
	struct opt_run r = {
		.prog = S("p"), .about = S("Fuzz."), .operands = "[FILE]...",
		.set = {{table, &values}}, .out = &out, .diag = &diag,
	};
	char *text = malloc(n + 1), *argv[WORDS + 1] = {prog, text};
	int argc = n ? 2 : 1, status;

	memcpy(text, data, n);
	text[n] = '\0';
	for (size_t i = 0; i < n && argc < WORDS; i++)
		if (text[i] == '\n') {
			text[i] = '\0';
			argv[argc++] = text + i + 1;
		}
	argv[argc] = NULL;
	status = opt_parse(&r, argc, argv);
	check(status == -1 || status == EX_FINE || status == EX_FAIL);
	check((status == EX_FINE) == (out.b.n != 0));
	check((status == EX_FAIL) == (str_ends(buf_str(&err.b), S("\ntry 'p --help'\n"))));
	if (status < 0) {
		check(r.first >= 1 && r.first <= argc && err.b.n == 0);
		check(values.choice < 3 && values.size >= 1 && values.size <= 1 << 30 && values.duration >= 0);
	}
	buf_free(&out.b);
	buf_free(&err.b);
	free(text);
	return 0;
}
