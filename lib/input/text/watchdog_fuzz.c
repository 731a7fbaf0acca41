/*
 * Arbitrary bytes as a message with lines of PyTorch's watchdog: the reader moves forward
 * and stays within the text.
 */
#include "base/fuzz.h"
#include "input/text/watchdog.h"

/* Names made up by the reader, for groups and waits. */
static const struct str own[] = {STR_INIT("0"), STR_INIT("gloo"), STR_INIT("gloo:recv"), STR_INIT("gloo:send"),
	STR_INIT("ncclUniqueId"), STR_INIT("HCCL"), STR_INIT("UCC"),
	STR_INIT("signal 9 (SIGKILL)"), STR_INIT("signal 11 (SIGSEGV)"), STR_INIT("signal 7 (SIGBUS)"),
	STR_INIT("signal 4 (SIGILL)"), STR_INIT("signal 8 (SIGFPE)"),
};

static bool
is_part(struct str part, struct str whole)
{
	if (part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n))
		return true;
	for (size_t i = 0; i < NELEM(own); i++)
		if (str_eq(part, own[i]))
			return true;
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str all = {(const char *)data, n}, rest = all;
	struct watchdog_line l;

	for (size_t left = n + 1; watchdog_next(&rest, &l); left = rest.n) {
		const struct str parts[] = {l.group, l.desc, l.op, l.shape, l.other_op, l.other_shape, l.ranks, l.host};
		struct watchdog_ranks w = {.rest = l.ranks};
		uint32_t rank;

		check(rest.n < left);
		for (size_t i = 0; i < NELEM(parts); i++)
			check(is_part(parts[i], all));
		check(l.completed <= l.enqueued || l.enqueued < 0);
		for (int i = 0; i < 1000 && watchdog_rank(&w, &rank);)
			i++;
	}
	return 0;
}
