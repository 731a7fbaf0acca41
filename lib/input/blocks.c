#include "input/blocks.h"

#include "base/num.h"
#include "json/json.h"

enum { ANSIBLE_MAX = 16 * 1024 * 1024 }; /* bytes of an object that may not end */

static const struct str indent = STR_INIT("    "), results = STR_INIT("ok:,changed:,failed:,fatal:,skipping:,unreachable:");

/* ---- Ansible ---- */

/* Length of a color code at the start of s, "\033[0;32m", or 0. */
static size_t
color_len(struct str s)
{
	size_t n = 2;

	if (!str_starts(s, S("\033[")))
		return 0;
	while (n < s.n && (char_digit(s.p[n]) || s.p[n] == ';'))
		n++;
	return n < s.n && s.p[n] == 'm' ? n + 1 : 0;
}

/* A line without the colors around it. */
static struct str
uncolored(struct str line)
{
	size_t n;

	while ((n = color_len(line)))
		line = str_from(line, n);
	return str_trim(str_head(line, str_find(line, S("\033["))));
}

/* "gpu-7 | SUCCESS => " of a command for many hosts */
static bool
eat_minimal(struct str *s, struct str *host)
{
	struct str word;
	size_t n = 0;

	if (!str_cut(s, ' ', host) || !str_eat(s, S("| ")) || !str_cut(s, ' ', &word))
		return false;
	while (n < word.n && word.p[n] >= 'A' && word.p[n] <= 'Z')
		n++;
	return n && n + str_ends(word, S("!")) == word.n && str_eat(s, S("=> "));
}

/* "changed: [gpu-7 -> other] => (item=x) => " of a playbook */
static bool
eat_task(struct str *s, struct str *host)
{
	struct str word, rest;

	if (!str_cut(s, ' ', &word) || !str_listed(results, word) || !str_eat(s, S("[")) ||
	    !str_cut(s, ']', &rest))
		return false;
	*host = str_head(rest, str_find(rest, S(" ")));
	*s = str_from(*s, str_find(*s, S("=> ")));
	if (!str_eat(s, S("=> ")))
		return false;
	if (str_starts(*s, S("(item="))) {
		*s = str_from(*s, str_find(*s, S(") => ")));
		return str_eat(s, S(") => "));
	}
	return true;
}

bool
blocks_is_ansible(struct str line, struct str *host, struct str *object)
{
	struct str rest;

	if (!str_has(line, S("=> ")) || !str_has(line, S(" => "))) /* few lines have the former, all have spaces */
		return false;
	line = rest = uncolored(line);
	if (!eat_minimal(&rest, host)) {
		rest = line;
		if (!eat_task(&rest, host))
			return false;
	}
	*object = rest;
	return host->n && str_starts(rest, S("{"));
}

bool
blocks_is_result(struct str line, struct str *host)
{
	struct str rest = line, word, in;

	if (!str_cut(&rest, ' ', &word) || !str_listed(results, word) || !str_eat(&rest, S("[")) || !str_cut(&rest, ']', &in) ||
	    !str_ends(rest, S("=>")))
		return false;
	*host = str_has(in, S(" -> ")) ? (struct str){0} : in; /* it was run elsewhere */
	return true;
}

/* Does a line in the middle of a file end like one above a result, or its beginning? */
static bool
ends_like_ansible(struct str line)
{
	const struct str reset = S("\033[0m");
	struct str host, object;

	line.n -= str_ends(line, reset) ? reset.n : 0;
	if (str_ends(line, S("=> {")))
		return blocks_is_ansible(line, &host, &object);
	if (str_ends(line, S("=> ")) || str_ends(line, S("=>")))
		return blocks_is_result(uncolored(line), &host);
	return str_ends(line, S(">>")) && str_has(line, S(" | rc="));
}

bool
blocks_may_be_ansible(struct str line, bool first)
{
	static const struct str begins[] = {STR_INIT("PLAY ["), STR_INIT("TASK ["), STR_INIT("[WARNING]:"), STR_INIT("[DEPRECATION WARNING]:")};
	struct str host, object;

	if (!first)
		return ends_like_ansible(line);
	line = uncolored(line);
	for (size_t i = 0; i < NELEM(begins); i++)
		if (str_starts(line, begins[i]))
			return true;
	return str_has(line, S("ansible")) || str_has(line, S(" | rc=")) || blocks_is_ansible(line, &host, &object);
}

/* Does a line begin such an object on several lines? */
static bool
begins_ansible(struct str line)
{
	struct str host, object;

	return blocks_is_ansible(line, &host, &object) && object.n == 1;
}

/* ---- lines ---- */

/* Length of a field's name at the start of a line, or 0. */
static size_t
name_len(struct str s)
{
	size_t n = 0;

	while (n < s.n && n < 64 && ((s.p[n] >= 'A' && s.p[n] <= 'Z') || char_digit(s.p[n]) || s.p[n] == '_'))
		n++;
	return n;
}

static bool
is_field(struct str s)
{
	size_t n = name_len(s);

	return n && n < s.n && s.p[n] == '=';
}

/* "Thu 2026-05-14 03:10:00.000000 UTC [s=cb89…;i=1;…]": the cursor, or empty */
static struct str
cursor_of(struct str line)
{
	size_t at;

	if (!str_ends(line, S("]")) || str_starts(line, S(" ")) || (at = str_find(line, S(" [s="))) >= line.n || at > 80)
		return (struct str){0};
	line = str_from(line, at + 2);
	line.n--;
	return line;
}

/* "Group     Comms     Nodes     Ranks …", above the communicators of a report */
static bool
is_ras_table(struct str line)
{
	return str_starts(line, S("Group  ")) && str_has(line, S("  Comms  "));
}

/* "#0-1 (78db921d1c117b4a) MISMATCH" */
static bool
is_ras_head(struct str line)
{
	return str_starts(line, S("#")) && line.n > 24 && char_digit(line.p[1]) && str_has(line, S(" ("));
}

static bool
is_of_ras(struct str line)
{
	static const struct str starts[] = {
		STR_INIT("=="), STR_INIT("Errors"), STR_INIT("Warnings"), STR_INIT("DEAD"), STR_INIT("INCOMPLETE"), STR_INIT("TIMEOUT"),
		STR_INIT("  Rank "), STR_INIT("  Process "), STR_INIT("  The missing "), STR_INIT("  Communicator ranks "),
		STR_INIT("  Missing communicator data "), STR_INIT("  Initialization error"), STR_INIT("  Asynchronous error"),
		STR_INIT("  Encountered "), STR_INIT("  [could not find "), STR_INIT("    #  in group"),
	};
	struct str text = str_trim(line);

	for (size_t i = 0; i < NELEM(starts); i++)
		if (str_starts(line, starts[i]))
			return true;
	return is_ras_head(line) || (str_starts(line, S("  ")) && text.n && char_digit(*text.p));
}

/* Length of the text before "  rank      : 11 (local_rank: 3)" in torchrun's report; line.n: it
 * is another line. */
static size_t
torchrun_at(struct str line)
{
	size_t at = str_ends(line, S(")")) ? str_find(line, S("  rank      : ")) : line.n;

	return at < line.n && str_has(line, S(" (local_rank: ")) ? at : line.n;
}

/* Is a line the next one in the report, behind the same text? */
static bool
is_of_torchrun(const struct blocks *b, struct str line)
{
	struct str first = str_head(buf_str(&b->raw), str_find(buf_str(&b->raw), S("\n")));

	return str_eat(&line, str_head(first, torchrun_at(first))) && str_starts(line, S("  exitcode  : "));
}

/* Does line n begin a block of the export form?  If the block has a cursor, that is its
 * first field. */
static bool
begins_export(const struct blocks *b, struct str line, uint64_t n)
{
	if (!is_field(line) || str_starts(line, S("__CURSOR=")))
		return is_field(line);
	if (b->form == BLOCKS_EXPORT)
		return n > b->last + 1; /* after an empty line */
	return str_starts(line, S("__REALTIME_TIMESTAMP=")) || (n == 1 && *line.p == '_');
}

bool
blocks_begins(const struct blocks *b, struct str line, uint64_t n)
{
	if (b->binary || b->named)
		return false;
	return (b->ansible && begins_ansible(line)) || begins_export(b, line, n) || cursor_of(line).n || is_ras_table(line) ||
	       (b->form != BLOCKS_RAS && is_ras_head(line)) || torchrun_at(line) < line.n;
}

/* The form of a block that begins with a line. */
static unsigned
form_of(struct str line)
{
	if (is_ras_table(line) || is_ras_head(line))
		return BLOCKS_RAS;
	if (begins_ansible(line))
		return BLOCKS_ANSIBLE;
	if (torchrun_at(line) < line.n)
		return BLOCKS_TORCHRUN;
	return is_field(line) ? BLOCKS_EXPORT : BLOCKS_VERBOSE;
}

static uint64_t
size_of(struct str eight)
{
	uint64_t n = 0;

	for (size_t i = 8; i-- > 0;)
		n = n << 8 | (unsigned char)eight.p[i];
	return n;
}

/* Continue the export form: "NAME=value", or a name, then its value after the size. */
static bool
export_goes_on(struct blocks *b, struct str line, uint64_t n)
{
	uint64_t skipped = n - b->last - 1; /* empty lines */

	if (b->named) {
		b->named = false;
		if (line.n < 8 || skipped)
			return false;
		b->binary = size_of(line);
		b->binary -= b->binary > line.n - 8 ? line.n - 8 : b->binary;
		return true;
	}
	if (b->binary) {
		b->binary -= b->binary > line.n + 1 + skipped ? line.n + 1 + skipped : b->binary;
		return true;
	}
	if (skipped)
		return false;
	b->named = line.n && name_len(line) == line.n;
	return b->named || is_field(line);
}

/* The members are indented: another line does not belong to an object that was cut off. */
static bool
ansible_goes_on(const struct blocks *b, struct str line)
{
	size_t n;

	while ((n = color_len(line)))
		line = str_from(line, n);
	return !b->closed && b->raw.n < ANSIBLE_MAX && (str_starts(line, S(" ")) || str_starts(line, S("}")));
}

static bool
goes_on(struct blocks *b, struct str line, uint64_t n)
{
	switch (b->form) {
	case BLOCKS_VERBOSE: return str_starts(line, indent);
	case BLOCKS_EXPORT: return export_goes_on(b, line, n);
	case BLOCKS_RAS: return is_of_ras(line);
	case BLOCKS_ANSIBLE: return ansible_goes_on(b, line);
	case BLOCKS_TORCHRUN: return n == b->last + 1 && is_of_torchrun(b, line);
	case BLOCKS_NONE: break;
	}
	return false;
}

bool
blocks_take(struct blocks *b, struct str line, uint64_t n, bool begins)
{
	if (begins) {
		b->form = form_of(line);
		b->raw.n = 0;
		b->first = n;
	} else if (!goes_on(b, line, n)) {
		return false;
	}
	b->last = n;
	b->closed = b->form == BLOCKS_ANSIBLE && str_eq(uncolored(line), S("}")) && line.n && *line.p != ' ';
	buf_add(&b->raw, line);
	buf_chr(&b->raw, '\n');
	return true;
}

void
blocks_cut(struct blocks *b)
{
	struct str mark = STR_INIT(" on node "), rest = buf_str(&b->raw);

	if (b->form != BLOCKS_RAS)
		return;
	for (size_t at; (at = str_find(rest, mark)) < rest.n;)
		rest = str_from(rest, at + mark.n);
	if (rest.n < b->raw.n && str_find(rest, S(" ")) == rest.n && str_find(rest, S("\n")) + 1 >= rest.n)
		b->raw.n -= rest.n + mark.n;
}

/* ---- objects ---- */

static void
put(struct buf *json, struct str name, struct str value)
{
	if (json->p[json->n - 1] != '{')
		buf_chr(json, ',');
	buf_json(json, name);
	buf_chr(json, ':');
	buf_json(json, value);
}

/* Put the time from a cursor: t, in hexadecimal digits. */
static void
put_cursor(struct buf *json, struct str cursor)
{
	struct str rest = cursor, part;
	struct buf digits = {0};
	uint64_t t;

	put(json, S("__CURSOR"), cursor);
	while (str_cut(&rest, ';', &part))
		if (str_eat(&part, S("t=")) && num_hex(part, &t)) {
			buf_u64(&digits, t);
			put(json, S("__REALTIME_TIMESTAMP"), buf_str(&digits));
			break; /* a cursor has only one */
		}
	buf_free(&digits);
}

/* "    NAME=value"; lines indented further continue the value. */
static void
put_verbose(struct buf *json, struct str rest)
{
	struct str line, more, name;
	struct buf value = {0};

	str_cut(&rest, '\n', &line);
	put_cursor(json, cursor_of(line));
	while (str_cut(&rest, '\n', &line)) {
		str_eat(&line, indent);
		if (!is_field(line))
			continue;
		str_cut(&line, '=', &name);
		value.n = 0;
		buf_add(&value, line);
		for (more = rest; str_cut(&more, '\n', &line) && str_eat(&line, indent) && !is_field(line); rest = more) {
			buf_chr(&value, '\n');
			buf_add(&value, str_trim(line));
		}
		put(json, name, buf_str(&value));
	}
	buf_free(&value);
}

static void
put_export(struct buf *json, struct str rest)
{
	struct str line, name;

	while (rest.n) {
		size_t n = name_len(rest);

		name = str_head(rest, n);
		if (n < rest.n && rest.p[n] == '\n' && rest.n - n > 9) {
			uint64_t size = size_of(str_from(rest, n + 1));

			rest = str_from(rest, n + 9);
			put(json, name, str_head(rest, size < rest.n ? (size_t)size : rest.n));
			rest = str_from(rest, size < rest.n ? (size_t)size + 1 : rest.n);
			continue;
		}
		if (str_cut(&rest, '\n', &line) && is_field(line))
			put(json, name, str_from(line, n + 1));
	}
}

/* The object, which json begins with '{', without colors, and the host; or, if it is none,
 * its lines in a string. */
static void
put_ansible(struct buf *json, struct str raw)
{
	size_t from = json->n - 1;
	struct str rest = raw, head, host, object;
	uint64_t at;

	str_cut(&rest, '\n', &head);
	blocks_is_ansible(head, &host, &object);
	for (size_t i = 0; i < rest.n; i++) {
		size_t n = color_len(str_from(rest, i));

		if (n)
			i += n - 1;
		else if (rest.p[i] != '\n' && rest.p[i] != '\r')
			buf_chr(json, rest.p[i]);
	}
	object = str_trim(str_from(buf_str(json), from));
	json->n = from + object.n;
	if (json_check(object, &at)) {
		json->n = from;
		buf_chr(json, '{');
		put(json, S("ansible"), raw);
	} else {
		json->n--; /* the brace that ends it */
		json->n = from + str_trim(str_from(buf_str(json), from)).n;
	}
	put(json, S("host"), host);
}

void
blocks_object(const struct blocks *b, struct buf *json)
{
	buf_chr(json, '{');
	if (b->form == BLOCKS_VERBOSE)
		put_verbose(json, buf_str(&b->raw));
	else if (b->form == BLOCKS_EXPORT)
		put_export(json, buf_str(&b->raw));
	else if (b->form == BLOCKS_ANSIBLE)
		put_ansible(json, buf_str(&b->raw));
	else
		put(json, b->form == BLOCKS_RAS ? S("ncclras") : S("torchrun"), buf_str(&b->raw));
	buf_chr(json, '}');
}

void
blocks_begin(struct blocks *b)
{
	b->form = BLOCKS_NONE;
	b->named = b->closed = false;
	b->binary = 0;
}

void
blocks_free(struct blocks *b)
{
	buf_free(&b->raw);
}
