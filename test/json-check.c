/*
 * json-check - read one JSON text from standard input; status 0 if it is valid,
 * 1 if not, 2 if it cannot be read.  For test suites of JSON parsers.
 */
#include <unistd.h>

#include "base/diag.h"
#include "json/json.h"

int
main(void)
{
	struct out err = {.fd = STDERR_FILENO};
	struct diag d = {.to = &err, .prog = S("json-check")};
	struct buf b = {0};
	const char *why;
	uint64_t at;
	ssize_t n;

	while ((n = read(STDIN_FILENO, buf_room(&b, 65536), 65536)) > 0)
		b.n += (size_t)n;
	if (n < 0)
		return EX_FAIL;
	why = json_check(buf_str(&b), &at);
	if (why)
		DIAG(&d, str_of(why), S(" at byte "), diag_u64(at + 1));
	buf_free(&b);
	buf_free(&err.b);
	return why ? 1 : 0;
}
