#include "input/filename.h"

#include "base/num.h"

enum { RANK_MAX = 0x7fffffff };

/* The name without endings for format and compression. */
static struct str
without_endings(struct str file)
{
	static const struct str endings[] = {
		STR_INIT(".gz"), STR_INIT(".zst"), STR_INIT(".xz"), STR_INIT(".json"), STR_INIT(".jsonl"), STR_INIT(".ndjson"),
		STR_INIT(".pickle"), STR_INIT(".pkl"), STR_INIT(".txt"), STR_INIT(".log"), STR_INIT(".bin"),
		STR_INIT(".bz2"), STR_INIT(".out"), STR_INIT(".err"), STR_INIT(".stdout"), STR_INIT(".stderr"),
	};

	for (size_t i = 0; i < NELEM(endings); i++)
		if (str_ends(file, endings[i])) {
			file.n -= endings[i].n;
			i = (size_t)-1; /* start over */
		}
	return file;
}

static bool
is_separator(char c)
{
	return c == '_' || c == '-' || c == '.' || c == '=';
}

/* Remove the digits at the end of *s, and a separator before them; returns the digits,
 * or empty. */
static struct str
eat_last_digits(struct str *s)
{
	size_t i = s->n;
	struct str digits;

	while (i && char_digit(s->p[i - 1]))
		i--;
	digits = str_from(*s, i);
	if (digits.n == 0)
		return digits;
	s->n = i - (i && is_separator(s->p[i - 1]));
	return digits;
}

/* Offset after a name's last word "rank" and a separator; 0 without that
 * word. */
static size_t
behind_rank(struct str name)
{
	size_t found = 0;

	for (size_t at = 0, next; (next = str_ifind(str_from(name, at), S("rank"))) < name.n - at; at += next + 4)
		if (at + next == 0 || !char_letter(name.p[at + next - 1]))
			found = at + next + 4;
	return found && found < name.n && is_separator(name.p[found]) ? found + 1 : found;
}

/*
 * The rank in a part of a file's path: the number at the end, after "rank", "dump" or
 * "trace", or after "rank" and a host name; or before a stamp (20260908, with or
 * without _hhmmss).
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
filename_dump_rank(struct str file, uint32_t *rank)
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

/* ---- logs ---- */

/* Remove and return the last part of a path. */
static struct str
eat_part(struct str *path)
{
	size_t at = path->n;
	struct str part;

	while (at && path->p[at - 1] != '/')
		at--;
	part = str_from(*path, at);
	path->n = at - (at > 0);
	return part;
}

static bool
is_number(struct str s)
{
	size_t i = 0;

	while (i < s.n && char_digit(s.p[i]))
		i++;
	return s.n && s.n < 10 && i == s.n;
}

/* May it be a host name?  It must begin with a letter and have a digit. */
static bool
is_host(struct str s)
{
	bool digit = false;

	for (size_t i = 0; i < s.n; i++) {
		bool is = char_digit(s.p[i]);

		digit |= is;
		if (!is && !char_letter(s.p[i]) && s.p[i] != '-' && s.p[i] != '.')
			return false;
	}
	return s.n && char_letter(*s.p) && digit;
}

static void
set_rank(struct filename *f, struct str digits, bool local)
{
	uint64_t n;

	if (is_number(digits) && num_u64(digits, &n)) {
		f->rank = (int64_t)n;
		f->local = local;
	}
}

/* "rank_17", "worker-rank3.2", "rank_gpu-07_12", "local_rank_3"; not "node_rank_2". */
static bool
read_ranked(struct filename *f, struct str part)
{
	size_t behind = behind_rank(part), at, n = 0;
	struct str before, host;

	if (behind == 0 || behind >= part.n)
		return false;
	before = str_head(part, str_ifind(str_from(part, behind > 5 ? behind - 5 : 0), S("rank")) + (behind > 5 ? behind - 5 : 0));
	if (before.n && is_separator(before.p[before.n - 1]))
		before.n--;
	if (before.n >= 4 && str_ieq(str_from(before, before.n - 4), S("node")))
		return false;
	part = str_from(part, behind);
	while (n < part.n && char_digit(part.p[n]))
		n++;
	if (n == 0) { /* a host name, then the number */
		for (at = part.n; at && part.p[at - 1] != '_'; at--)
			;
		host = str_head(part, at ? at - 1 : 0);
		if (!is_host(host))
			return false;
		part = str_from(part, at);
		n = part.n;
		f->host = host;
	}
	if (n < part.n && !is_separator(part.p[n]))
		return false;
	set_rank(f, str_head(part, n), before.n >= 5 && str_ieq(str_from(before, before.n - 5), S("local")));
	return f->rank >= 0;
}

/* torchrun's attempt_0/3/stderr */
static void
read_torchrun(struct filename *f, struct str name, struct str folder)
{
	struct str number = eat_part(&folder);

	if ((str_eq(name, S("stderr")) || str_eq(name, S("stdout"))) && str_starts(eat_part(&folder), S("attempt_")))
		set_rank(f, number, true);
}

/* "gpu-07_12"; Slurm's "train.4711.gpu-07" */
static void
read_host(struct filename *f, struct str name)
{
	size_t at = name.n, dot = at;
	struct str digits;

	while (at && name.p[at - 1] != '_')
		at--;
	if (at && is_number(str_from(name, at)) && is_host(str_head(name, at - 1))) {
		f->host = str_head(name, at - 1);
		set_rank(f, str_from(name, at), true);
		return;
	}
	while (dot && name.p[dot - 1] != '.')
		dot--;
	digits = str_head(name, dot ? dot - 1 : 0);
	for (at = digits.n; at && digits.p[at - 1] != '.'; at--)
		;
	if (at && is_number(str_from(digits, at)) && is_host(str_from(name, dot)))
		f->host = str_from(name, dot);
}

struct filename
filename_of_log(struct str path)
{
	struct filename f = {.rank = -1};
	struct str folder = without_endings(path), name = eat_part(&folder), up = folder;

	for (struct str part = name; part.n; part = eat_part(&up))
		if (read_ranked(&f, part))
			return f;
	read_torchrun(&f, name, folder);
	if (f.rank < 0)
		read_host(&f, name);
	return f;
}
