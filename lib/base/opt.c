#include "base/opt.h"

#include <string.h>

#include "base/num.h"
#include "base/time.h"

#ifndef VERSION
#define VERSION "0"
#endif

enum { HELP_COLUMN = 28 };
enum { NEAR_MAX = 32 }; /* longer words are not compared with others */

static const struct opt *
each(const struct opt_run *r, size_t *set, const struct opt *o)
{
	o = o ? o + 1 : r->set[*set].opt;
	while (!o || o->kind == OPT_END) {
		if (++*set == NELEM(r->set))
			return NULL;
		o = r->set[*set].opt;
	}
	return o;
}

static const struct opt *
find(const struct opt_run *r, char key, struct str name, size_t *set)
{
	const struct opt *o = NULL;

	*set = 0;
	while ((o = each(r, set, o)))
		if (key ? o->key == key : str_eq(str_of(o->name), name))
			return o;
	return NULL;
}

/* ---- mistyped words ---- */

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/*
 * Number of bytes to insert, delete, change or swap with their neighbor to turn
 * a into b (optimal string alignment), ignoring case; neither is longer than
 * NEAR_MAX.
 */
static unsigned
distance(struct str a, struct str b)
{
	unsigned row[3][NEAR_MAX + 1], *before = row[0], *last = row[1], *now = row[2];

	for (unsigned j = 0; j <= b.n; j++)
		last[j] = j;
	for (unsigned i = 1; i <= a.n; i++) {
		unsigned *spare = before;

		now[0] = i;
		for (unsigned j = 1; j <= b.n; j++) {
			char x = lower(a.p[i - 1]), y = lower(b.p[j - 1]);
			unsigned d = last[j - 1] + (x != y);

			if (d > last[j] + 1)
				d = last[j] + 1;
			if (d > now[j - 1] + 1)
				d = now[j - 1] + 1;
			if (i > 1 && j > 1 && x == lower(b.p[j - 2]) && y == lower(a.p[i - 2]) && d > before[j - 2] + 1)
				d = before[j - 2] + 1;
			now[j] = d;
		}
		before = last;
		last = now;
		now = spare;
	}
	return last[b.n];
}

/* Best match so far for a mistyped word. */
struct guess {
	struct str typed, word; /* word: empty if none is near, or two are; of key and keyed, key */
	unsigned d;
};

static void
near_word(struct guess *m, struct str word)
{
	unsigned d;

	if (!m->typed.n || m->typed.n > NEAR_MAX || word.n > NEAR_MAX)
		return;
	d = str_starts(word, m->typed) ? 0 : distance(m->typed, word);
	/* a third of the bytes may be wrong */
	if (d > ((m->typed.n > word.n ? m->typed.n : word.n) + 1) / 3 || d > m->d)
		return;
	if (d < m->d || str_starts(m->word, word))
		m->word = word;
	else if (!str_starts(word, m->word))
		m->word = (struct str){0};
	m->d = d;
}

/* Other programs' names for our options. */
static const struct {
	struct str theirs, ours;
} synonyms[] = {
	{STR_INIT("output"), STR_INIT("format")},
	{STR_INIT("json"), STR_INIT("format")},
	{STR_INIT("host"), STR_INIT("node")},
	{STR_INIT("hostname"), STR_INIT("node")},
	{STR_INIT("from"), STR_INIT("since")},
	{STR_INIT("to"), STR_INIT("until")},
	{STR_INIT("tail"), STR_INIT("follow")},
	{STR_INIT("silent"), STR_INIT("quiet")},
	{STR_INIT("verbose"), STR_INIT("explain")},
	{STR_INIT("tz"), STR_INIT("timezone")},
	{STR_INIT("utc"), STR_INIT("timezone")},
};

static struct str
near_option(const struct opt_run *r, struct str typed)
{
	struct guess m = {.typed = typed, .d = NEAR_MAX};
	const struct opt *o = NULL;
	size_t set = 0;

	for (size_t i = 0; i < NELEM(synonyms); i++)
		if (str_eq(typed, synonyms[i].theirs) && find(r, 0, synonyms[i].ours, &set))
			return synonyms[i].ours;
	set = 0;
	while ((o = each(r, &set, o)))
		near_word(&m, str_of(o->name));
	return m.word;
}

struct str
opt_near(const char *words, struct str typed)
{
	struct guess m = {.typed = typed, .d = NEAR_MAX};
	struct str rest = str_of(words), word;

	while (str_cut(&rest, '|', &word))
		near_word(&m, word);
	return m.word;
}

/* The long option with a dash missing, as in -explain and -node=a; or empty. */
static struct str
undashed(const struct opt_run *r, const char *arg)
{
	struct str name = str_of(arg + 1);
	size_t set;

	name = str_head(name, str_find(name, S("=")));
	return name.n > 1 && find(r, 0, name, &set) ? name : (struct str){0};
}

static void
unknown(const struct opt_run *r, const char *arg, struct str name)
{
	bool is_long = arg[1] == '-';
	struct str dash = is_long ? S("--") : S("-"), meant = is_long ? near_option(r, name) : undashed(r, arg);

	if (meant.n && !is_long)
		name = meant;
	if (meant.n)
		DIAG(r->diag, S("unknown option: "), dash, name, S("; did you mean --"), meant, S("?"));
	else
		DIAG(r->diag, S("unknown option: "), dash, name);
}

/* ---- help ---- */

/* Kinds of values: name, expected form, text in --help. */
static const struct {
	struct str is, expected, help;
} kinds[] = {
	[OPT_STR] = {STR_INIT("value"), STR_INIT(""), STR_INIT("")},
	[OPT_NUM] = {STR_INIT("number"), STR_INIT("a whole number"), STR_INIT("")},
	[OPT_MAYBE] = {STR_INIT("number"), STR_INIT("a whole number"), STR_INIT("")},
	[OPT_DURATION] = {STR_INIT("duration"), STR_INIT("a number with ns, us, ms, s, m, h or d"), STR_INIT("DUR takes ns us ms s m h d.")},
	[OPT_SIZE] = {STR_INIT("size"), STR_INIT("1 to 1G, such as 64M"), STR_INIT("SIZE takes K M G.")},
	[OPT_TIME] = {STR_INIT("time"), STR_INIT("RFC 3339, YYYY-MM-DD, \"YYYY-MM-DD hh:mm\" or epoch seconds"),
		STR_INIT("TIME is RFC 3339, 2026-05-14 or epoch seconds.")},
	[OPT_WHEN] = {STR_INIT("time"), STR_INIT("RFC 3339, YYYY-MM-DD, \"YYYY-MM-DD hh:mm\", epoch seconds or -6h"), STR_INIT("")},
	[OPT_SHARE] = {STR_INIT("share"), STR_INIT("above 0 and at most 100%, such as 50% or 0.5"), STR_INIT("")},
	[OPT_RATE] = {STR_INIT("rate"), STR_INIT("bytes per second, such as 1e9"), STR_INIT("")},
	[OPT_CHOICE] = {STR_INIT("choice"), STR_INIT(""), STR_INIT("")},
}; /* expected "": the name of the argument */

static void
usage(const struct opt_run *r, struct buf *b)
{
	buf_add(b, S("usage: "));
	buf_add(b, r->prog);
	buf_add(b, S(" [OPTION]... "));
	buf_add(b, str_of(r->operands));
	buf_chr(b, '\n');
}

static void
help(const struct opt_run *r)
{
	struct buf *b = &r->out->b;
	const struct opt *o = NULL;
	size_t set = 0, line;
	unsigned used = 0; /* bits of the kinds that occur */
	bool defaults = false;
	struct para p = para_begin(b, r->look, 0, 0);

	usage(r, b);
	para_words(&p, r->about);
	para_end(&p);
	buf_chr(b, '\n');
	while ((o = each(r, &set, o))) {
		used |= 1u << o->kind;
		defaults |= o->def != NULL;
		line = b->n;
		buf_add(b, S("  "));
		if (o->key) {
			buf_chr(b, '-');
			buf_chr(b, o->key);
			buf_add(b, S(", --"));
		} else {
			buf_add(b, S("    --"));
		}
		buf_add(b, str_of(o->name));
		if (o->arg) {
			buf_add(b, o->kind == OPT_MAYBE ? S("[=") : S("="));
			buf_add(b, str_of(o->arg));
			if (o->kind == OPT_MAYBE)
				buf_chr(b, ']');
		}
		p = para_begin(b, r->look, 0, HELP_COLUMN);
		p.column = b->n - line;
		if (p.column >= HELP_COLUMN) {
			para_end(&p);
			p.column = 0;
		}
		para_pad(&p, HELP_COLUMN);
		para_words(&p, str_of(o->help));
		if (o->def) {
			p.room = str_of(o->def).n + 1;
			para_word(&p, S("["));
			p.open = true;
			para_word(&p, str_of(o->def));
			para_stick(&p, S("]"));
		}
		para_end(&p);
	}
	buf_chr(b, '\n');
	p = para_begin(b, r->look, 0, 0);
	if (defaults)
		para_words(&p, S("Defaults are in brackets."));
	for (size_t i = 0; i < NELEM(kinds); i++)
		if (used >> i & 1)
			para_words(&p, kinds[i].help);
	para_words(&p, S("See"));
	p.room = 4;
	para_word(&p, r->prog);
	para_stick(&p, S("(1)."));
	para_end(&p);
}

bool
opt_time(struct str s, int64_t *ns)
{
	static const char midnight[] = "T00:00:00Z";
	char full[20];

	/* "2026-05-14", "2026-05-14 03:00" */
	if ((s.n == 10 || s.n == 16) && s.p[4] == '-') {
		memcpy(full, s.p, s.n);
		memcpy(full + s.n, midnight + (s.n - 10), 20 - s.n);
		s = (struct str){full, 20};
	}
	return time_parse(s, ns) || time_epoch(s, 0, ns);
}

static bool
when(struct str s, struct opt_when *to)
{
	to->ago = str_eat(&s, S("-"));
	return to->ago ? num_duration(s, &to->t) : opt_time(s, &to->t);
}

static bool
choice(const char *words, struct str s, unsigned *which)
{
	struct str rest = str_of(words), word;

	for (unsigned i = 0; str_cut(&rest, '|', &word); i++)
		if (str_eq(word, s)) {
			*which = i;
			return true;
		}
	return false;
}

static bool
share(struct str s, int64_t *v)
{
	bool percent = str_ends(s, S("%"));

	return num_fixed(str_head(s, s.n - percent), percent ? 4 : 6, v) && *v > 0 && *v <= OPT_SHARE_ONE;
}

static bool
store(const struct opt *o, void *base, struct str s)
{
	void *to = (char *)base + o->to;
	struct opt_maybe *maybe = to;
	uint64_t size;

	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)to = true;
		return true;
	case OPT_STR:
		*(struct str *)to = s;
		return s.n;
	case OPT_NUM:
		return num_u64(s, to);
	case OPT_DURATION:
		return num_duration(s, to);
	case OPT_SIZE:
		if (!num_size(s, &size) || size < 1 || size > 1 << 30)
			return false;
		*(uint64_t *)to = size;
		return true;
	case OPT_TIME:
		return opt_time(s, to);
	case OPT_WHEN:
		return when(s, to);
	case OPT_SHARE:
		return share(s, to);
	case OPT_RATE:
		return num_fixed(s, 3, to) && *(int64_t *)to >= 0;
	case OPT_CHOICE:
		return choice(o->arg, s, to);
	case OPT_MAYBE:
		maybe->given = true;
		maybe->n = 0;
		return !s.p || num_u64(s, &maybe->n);
	case OPT_END:
	case OPT_HELP:
	case OPT_VERSION:
		break;
	}
	return false;
}

static void
invalid(struct opt_run *r, const struct opt *o, struct str arg)
{
	struct str expected = kinds[o->kind].expected, meant = {0};

	if (!expected.n)
		expected = str_of(o->arg);
	if (o->kind == OPT_CHOICE)
		meant = opt_near(o->arg, arg);
	DIAG(r->diag, S("--"), str_of(o->name), S(": invalid "), kinds[o->kind].is, S(" '"), arg, S("' (expected "), expected, S(")"),
		meant.n ? S("; did you mean ") : meant, meant, meant.n ? S("?") : meant);
}

/* Apply one option, short or long, with its argument; -1: continue. */
static int
apply(struct opt_run *r, const struct opt *o, size_t set, struct str arg)
{
	struct buf *b = &r->out->b;

	if (o->kind == OPT_HELP) {
		help(r);
		return EX_FINE;
	}
	if (o->kind == OPT_VERSION) {
		buf_add(b, r->prog);
		buf_add(b, S(" (inquest) " VERSION "\n"));
		return EX_FINE;
	}
	if (store(o, r->set[set].base, arg))
		return -1;
	invalid(r, o, arg);
	return EX_FAIL;
}

int
opt_usage(struct diag *d)
{
	struct buf *b = &d->to->b;

	buf_add(b, S("try '"));
	buf_add(b, d->prog);
	buf_add(b, S(" --help'\n"));
	out_flush(d->to);
	return EX_FAIL;
}

int
opt_parse(struct opt_run *r, int argc, char *const argv[])
{
	const struct opt *o = NULL;
	size_t set = 0;
	int i, status;

	while ((o = each(r, &set, o)))
		if (o->def)
			store(o, r->set[set].base, str_of(o->def));
	for (i = 1; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		char *at = argv[i] + 1;
		bool is_long = *at == '-';

		if (is_long && !*++at) {
			i++;
			break;
		}
		for (bool more = true; more;) {
			struct str name = {at, 1}, arg = {0};
			bool attached = false;

			if (is_long) {
				char *eq = strchr(at, '=');

				name = str_of(at);
				if ((attached = eq != NULL)) {
					name.n = (size_t)(eq - at);
					arg = str_of(eq + 1);
				}
			} else if (at[1]) {
				arg = str_of(at + 1);
			}
			o = find(r, is_long ? 0 : *at, name, &set);
			if (!o || (!is_long && undashed(r, argv[i]).n)) {
				unknown(r, argv[i], name);
				return opt_usage(r->diag);
			}
			more = false;
			if (!o->arg && attached) {
				DIAG(r->diag, S("option takes no argument: --"), str_of(o->name));
				return opt_usage(r->diag);
			}
			if (!o->arg) {
				more = !is_long && *++at;
			} else if (o->kind == OPT_MAYBE) {
				uint64_t n;

				/* a number is taken as the argument: files are
				 * not called that */
				if (!arg.p && i + 1 < argc && num_u64(str_of(argv[i + 1]), &n))
					arg = str_of(argv[++i]);
			} else if (!arg.p) {
				if (i + 1 == argc) {
					DIAG(r->diag, S("option needs an argument: --"), str_of(o->name), S("="), str_of(o->arg));
					return opt_usage(r->diag);
				}
				arg = str_of(argv[++i]);
			}
			status = apply(r, o, set, arg);
			if (status != EX_FINE && status != -1)
				return opt_usage(r->diag);
			if (status == EX_FINE)
				return status;
		}
	}
	r->first = i;
	return -1;
}
