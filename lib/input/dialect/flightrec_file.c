#include "input/dialect/flightrec.h"

#include "base/num.h"

/* Without what says only how a file is written or packed. */
static struct str
without_endings(struct str file)
{
	static const struct str endings[] = {
		STR_INIT(".gz"), STR_INIT(".zst"), STR_INIT(".xz"), STR_INIT(".json"), STR_INIT(".jsonl"), STR_INIT(".ndjson"),
		STR_INIT(".pickle"), STR_INIT(".pkl"), STR_INIT(".txt"), STR_INIT(".log"), STR_INIT(".bin"),
	};

	for (size_t i = 0; i < NELEM(endings); i++)
		if (str_ends(file, endings[i])) {
			file.n -= endings[i].n;
			i = (size_t)-1; /* from the first again */
		}
	return file;
}

static bool
is_letter(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}

static bool
is_separator(char c)
{
	return c == '_' || c == '-' || c == '.' || c == '=';
}

/* The digits at the end of *s, and a separator before them, removed there;
 * empty if there are none. */
static struct str
eat_last_digits(struct str *s)
{
	size_t i = s->n;
	struct str digits;

	while (i && s->p[i - 1] >= '0' && s->p[i - 1] <= '9')
		i--;
	digits = str_from(*s, i);
	if (digits.n == 0)
		return digits;
	s->n = i - (i && is_separator(s->p[i - 1]));
	return digits;
}

/* Where what follows a name's last word "rank", and a separator, begins; 0
 * without that word. */
static size_t
behind_rank(struct str name)
{
	size_t found = 0;

	for (size_t at = 0, next; (next = str_ifind(str_from(name, at), S("rank"))) < name.n - at; at += next + 4)
		if (at + next == 0 || !is_letter(name.p[at + next - 1]))
			found = at + next + 4;
	return found && found < name.n && is_separator(name.p[found]) ? found + 1 : found;
}

/*
 * The rank in a part of a file's path: the number behind "rank", "dump" or
 * "trace", which ends the name; or behind "rank" and a host's name, or before
 * a stamp (20260908, with _hhmmss or not).
 */
static bool
rank_in(struct str name, uint32_t *rank)
{
	static const struct str words[] = {STR_INIT("rank"), STR_INIT("dump"), STR_INIT("trace")};
	size_t behind = behind_rank(name), i;
	struct str before = name, digits = eat_last_digits(&before), stamp, rest;
	uint64_t n;

	for (i = 0; i < NELEM(words); i++)
		if (before.n >= words[i].n && str_ieq(str_from(before, before.n - words[i].n), words[i]))
			break;
	if (i == NELEM(words)) {
		if (!behind || before.n < behind)
			return false;
		stamp = digits;
		rest = before;
		if (digits.n == 6)
			stamp = eat_last_digits(&rest);
		if ((stamp.n == 8 || stamp.n == 14) && str_starts(stamp, S("20")) && rest.n >= behind) {
			digits = eat_last_digits(&rest);
			if (digits.n == 0 || digits.p < name.p + behind)
				return false;
		}
	}
	if (!num_u64(digits, &n) || n > RANK_MAX)
		return false;
	*rank = (uint32_t)n;
	return true;
}

bool
flightrec_rank_named(struct str file, uint32_t *rank)
{
	struct str name = without_endings(file), folder;

	for (;;) {
		size_t at = name.n;

		while (at && name.p[at - 1] != '/')
			at--;
		folder = str_head(name, at ? at - 1 : 0);
		if (rank_in(str_from(name, at), rank))
			return true;
		if (folder.n == 0 || behind_rank(folder) == 0)
			return false;
		name = folder;
	}
}
