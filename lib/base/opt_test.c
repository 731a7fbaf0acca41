#include "base/opt.h"

#include <string.h>

#include "base/test.h"
#include "base/time.h"

struct values {
	bool flag, other, more;
	struct str str, format;
	uint64_t num, size, only;
	int64_t duration, time, share, rate;
	unsigned choice;
	struct opt_maybe maybe;
	struct opt_when when;
};

struct extra {
	uint64_t before, num;
};

#define TO(field) offsetof(struct values, field)

/* clang-format off */
static const struct opt opts[] = {
	{'h', "help", OPT_HELP, 0, NULL, NULL, "print this help"},
	{'V', "version", OPT_VERSION, 0, NULL, NULL, "print the version"},
	{'f', "flag", OPT_FLAG, TO(flag), NULL, NULL, "raise the flag"},
	{'o', "other", OPT_FLAG, TO(other), NULL, NULL, "raise the other one"},
	{'s', "str", OPT_STR, TO(str), "TEXT", "word", "say TEXT instead"},
	{'n', "num", OPT_NUM, TO(num), "N", "7", "so many of them"},
	{'d', "duration", OPT_DURATION, TO(duration), "DUR", "1.5m", "wait that long"},
	{'z', "size", OPT_SIZE, TO(size), "SIZE", "64M", "use at most SIZE of memory, which is a promise that takes a long line to make"},
	{'t', "time", OPT_TIME, TO(time), "TIME", NULL, "begin at TIME"},
	{'c', "choice", OPT_CHOICE, TO(choice), "red|green|blue", "green", "one of three"},
	{'w', "when", OPT_WHEN, TO(when), "TIME", NULL, "end at TIME"},
	{'m', "maybe", OPT_MAYBE, TO(maybe), "N", NULL, "perhaps N"},
	{0, "share", OPT_SHARE, TO(share), "SHARE", "10%", "of the whole"},
	{0, "rate", OPT_RATE, TO(rate), "RATE", "1e9", "bytes a second"},
	{0, "only-long", OPT_NUM, TO(only), "COUNT", NULL, "has no short name"},
	{0, "format", OPT_STR, TO(format), "FORM", NULL, "to be of that form"},
	{0, "str-more", OPT_FLAG, TO(more), NULL, NULL, "not to be mistaken"},
	{.kind = OPT_END},
};

static const struct opt extras[] = {
	{'x', "extra", OPT_NUM, offsetof(struct extra, num), "N", "5", "from the second table"},
	{.kind = OPT_END},
};

/*
 * Arguments, separated by a blank; the first operand; differences from the
 * defaults, as printed by show.
 */
static const struct {
	const char *args;
	int first;
	const char *set;
} good[] = {
	{"p", 1, ""},
	/* operands */
	{"p a b", 1, ""},
	{"p -", 1, ""},
	{"p - -f", 1, ""},
	{"p ", 1, ""},
	{"p  -f", 1, ""},
	{"p a -f", 1, ""},
	{"p --", 2, ""},
	{"p -- -f", 2, ""},
	{"p -- --nope", 2, ""},
	{"p -- --", 2, ""},
	{"p -f -- -o", 3, "f=1"},
	{"p -f - -o", 2, "f=1"},
	{"p -f a -o", 2, "f=1"},
	{"p -f  -o", 2, "f=1"},
	/* flags, alone and grouped */
	{"p -f", 2, "f=1"},
	{"p --flag", 2, "f=1"},
	{"p -f -f --flag", 4, "f=1"},
	{"p -fo", 2, "f=1 o=1"},
	{"p -of a", 2, "f=1 o=1"},
	{"p -f -o", 3, "f=1 o=1"},
	/* arguments, short */
	{"p -n5", 2, "n=5"},
	{"p -n 5", 3, "n=5"},
	{"p -n 5 6", 3, "n=5"},
	{"p -fn5", 2, "f=1 n=5"},
	{"p -fon 5 -", 3, "f=1 o=1 n=5"},
	{"p -sf", 2, "s=f"},
	{"p -s-f", 2, "s=-f"},
	{"p -s -f", 3, "s=-f"},
	{"p -s --", 3, "s=--"},
	{"p -s -", 3, "s=-"},
	{"p -s=a", 2, "s==a"},
	/* arguments, long */
	{"p --num=5", 2, "n=5"},
	{"p --num 5", 3, "n=5"},
	{"p --num 5 6", 3, "n=5"},
	{"p --str=a=b", 2, "s=a=b"},
	{"p --str==", 2, "s=="},
	{"p --str=--flag", 2, "s=--flag"},
	{"p --str --flag", 3, "s=--flag"},
	{"p --str -- -f", 4, "s=-- f=1"},
	{"p --only-long=9", 2, "l=9"},
	{"p --only-long 9 a", 3, "l=9"},
	{"p --str-more --str=more", 3, "e=1 s=more"},
	/* the second table */
	{"p -x9", 2, "x=9"},
	{"p --extra=9 -f", 3, "x=9 f=1"},
	{"p -fx 9", 3, "x=9 f=1"},
	/* the last one wins */
	{"p -n1 -n2", 3, "n=2"},
	{"p --num=2 -n 1", 4, "n=1"},
	{"p -sa --str=b --str c", 5, "s=c"},
	{"p -c red --choice=blue", 4, "c=2"},
	{"p -n9 -n7", 3, ""},
	{"p --maybe=3 --maybe", 3, "m=0"},
	{"p --maybe --maybe=3", 3, "m=3"},
	/* the kinds */
	{"p -n0", 2, "n=0"},
	{"p -n18446744073709551615", 2, "n=18446744073709551615"},
	{"p -d0", 2, "d=0"},
	{"p -d 90", 3, ""},
	{"p -d250ms", 2, "d=250000000"},
	{"p --duration=1d", 2, "d=86400000000000"},
	{"p -z1", 2, "z=1"},
	{"p -z1K", 2, "z=1024"},
	{"p -z1G", 2, "z=1073741824"},
	{"p -z1073741824", 2, "z=1073741824"},
	{"p -z1024M", 2, "z=1073741824"},
	{"p -z1048576K", 2, "z=1073741824"},
	{"p --share=50%", 2, "k=500000"},
	{"p --share=0.5", 2, "k=500000"},
	{"p --share=37.5%", 2, "k=375000"},
	{"p --share=1", 2, "k=1000000"},
	{"p --share=100%", 2, "k=1000000"},
	{"p --rate=0", 2, "r=0"},
	{"p --rate=2.5e3", 2, "r=2500000"},
	{"p -t0", 2, ""},
	{"p -t1.5", 2, "t=1500000000"},
	{"p -t-1", 2, "t=-1000000000"},
	{"p --time -1", 3, "t=-1000000000"},
	{"p --time=1970-01-01T00:00:02Z", 2, "t=2000000000"},
	{"p --time=1970-01-01T02:00:02.5+02:00", 2, "t=2500000000"},
	{"p -cred", 2, "c=0"},
	{"p -cgreen", 2, ""},
	{"p --choice=blue", 2, "c=2"},
	{"p --choice blue", 3, "c=2"},
	{"p --maybe", 2, "m=0"},
	{"p --maybe=0", 2, "m=0"},
	{"p --maybe=12", 2, "m=12"},
	{"p --maybe 12", 3, "m=12"},
	{"p --maybe 12x", 2, "m=0"},
	{"p --maybe -f", 3, "m=0 f=1"},
	{"p -m", 2, "m=0"},
	{"p -m 12", 3, "m=12"},
	{"p -w -6h", 3, "w=-21600000000000"},
	{"p --when=-1.5s", 2, "w=-1500000000"},
	{"p --when=-0s", 2, "w=-0"},
	{"p --when=1970-01-02", 2, "w=86400000000000"},
	{"p -w1.5", 2, "w=1500000000"},
	{"p -fm", 2, "m=0 f=1"},
	{"p --maybe=18446744073709551615", 2, "m=18446744073709551615"},
	/* help as an argument and as an operand */
	{"p -s -h", 3, "s=-h"},
	{"p --str --help", 3, "s=--help"},
	{"p -- --help", 2, ""},
	{"p a --version", 1, ""},
};

/* Invalid usage, and a word that the message must contain. */
static const struct {
	const char *args, *says;
} bad[] = {
	/* unknown */
	{"p -q", "-q"},
	{"p -fq", "-q"},
	{"p --nope", "--nope"},
	{"p --nope=1", "--nope"},
	{"p -f --nope a", "--nope"},
	{"p --f", "--f"},
	{"p --fla", "--fla"},
	{"p --flags", "--flags"},
	{"p --FLAG", "--FLAG"},
	{"p -F", "-F"},
	{"p --s=a", "--s"},
	{"p --str-mor", "--str-mor"},
	{"p ---", "---"},
	{"p --=1", "--"},
	{"p -f-", "--"},
	{"p --n", "--n"},
	{"p -\xff", "\xef\xbf\xbd"},
	{"p --\x1b[2J", "--\\u001b[2J"},
	/* missing argument */
	{"p -n", "--num"},
	{"p -fn", "--num"},
	{"p --num", "--num"},
	{"p --str", "--str"},
	{"p -x", "--extra"},
	{"p -n 5 --choice", "--choice"},
	/* unexpected argument */
	{"p --flag=1", "--flag"},
	{"p --flag=", "--flag"},
	{"p --str-more=x", "--str-more"},
	{"p --help=me", "--help"},
	{"p --version=2", "--version"},
	/* invalid values */
	{"p -nx", "--num"},
	{"p -n -h", "--num"},
	{"p --str=", "--str: invalid value '' (expected TEXT)"},
	{"p --str ", "--str: invalid value ''"},
	{"p -s ", "--str: invalid value ''"},
	{"p -str", "-str; did you mean --str?"},
	{"p -str=a", "-str; did you mean --str?"},
	{"p -num", "-num; did you mean --num?"},
	{"p -n=5", "--num"},
	{"p -n ", "--num"},
	{"p --num=", "--num"},
	{"p --num=-1", "--num"},
	{"p --num=+1", "--num"},
	{"p --num=1.5", "--num"},
	{"p --num=5x", "--num"},
	{"p --num=18446744073709551616", "18446744073709551616"},
	{"p --num=\x1b[2J", "\\u001b[2J"},
	{"p -n1 -nx -n2", "--num"},
	{"p --extra=x", "--extra"},
	{"p --only-long=x", "--only-long"},
	{"p --duration=", "--duration"},
	{"p --duration=-1s", "--duration"},
	{"p --duration=5x", "5x"},
	{"p --duration=999999999d", "999999999d"},
	{"p --size=0", "--size"},
	{"p --size=0.5", "--size"},
	{"p --size=", "--size"},
	{"p --size=-1", "--size"},
	{"p --size=1073741825", "1073741825"},
	{"p --size=1025M", "1025M"},
	{"p --size=1048577K", "--size"},
	{"p --size=2G", "2G"},
	{"p --size=4294967297", "--size"},
	{"p --size=99999999999999999999", "--size"},
	{"p --size=1k", "--size"},
	{"p --share=0", "--share"},
	{"p --share=0%", "--share"},
	{"p --share=%", "--share"},
	{"p --share=101%", "101%"},
	{"p --share=1.000001", "1.000001"},
	{"p --share=50", "50% or 0.5"},
	{"p --share=-1", "--share"},
	{"p --rate=-1", "--rate"},
	{"p --rate=1G", "'1G' (expected bytes per second"},
	{"p --time=yesterday", "yesterday"},
	{"p --time=", "--time"},
	{"p --time=1711111111123", "--time"},
	{"p --time=2023-02-29T00:00:00Z", "2023-02-29T00:00:00Z"},
	{"p --when=-6hours", "-6hours"},
	{"p --when=--6h", "--when"},
	{"p --when=", "--when"},
	{"p --choice=yellow", "yellow"},
	{"p --choice=", "--choice"},
	{"p --choice=Red", "--choice"},
	{"p --choice=re", "--choice"},
	{"p --choice=reds", "--choice"},
	{"p --choice=red|green", "--choice"},
	{"p --choice=0", "--choice"},
	{"p --maybe=", "--maybe"},
	{"p --maybe=x", "--maybe"},
	{"p --maybe=-1", "--maybe"},
	/* the first error is reported, even before help */
	{"p --nope -h", "--nope"},
	{"p -nx --help", "--num"},
	{"p -nx --nope", "--num"},
};

/* The suggestion in the message; NULL: none. */
static const struct {
	const char *args, *meant;
} near[] = {
	/* one byte added, missing, changed, two swapped */
	{"p --flags", "--flag"},
	{"p --flg", "--flag"},
	{"p --flat", "--flag"},
	{"p --falg", "--flag"},
	{"p --lfag", "--flag"}, /* also at the start */
	{"p --glaf", NULL}, /* two changes */
	{"p --verbose", NULL}, /* another program's name for an option we do not have, */
	{"p --output=x", "--format"}, /* or for one that we have */
	{"p --durration=1", "--duration"},
	{"p --drtion", "--duration"}, /* two of eight missing */
	{"p --dratoin", "--duration"},
	{"p --drtn", NULL},
	{"p --DURATION", "--duration"},
	{"p --Flag=x", "--flag"},
	{"p --only_long", "--only-long"},
	{"p --onlylong", "--only-long"},
	{"p --oter", "--other"},
	{"p --extar", "--extra"}, /* of the second table */
	/* truncated */
	{"p --cho", "--choice"},
	{"p --c", "--choice"},
	{"p --o", NULL}, /* --other, --only-long */
	{"p --str-", "--str-more"},
	{"p --sizes", "--size"},
	{"p --st", "--str"}, /* or --str-more, which begins with it */
	/* too different */
	{"p --nope", NULL},
	{"p --xyz", NULL},
	{"p --", NULL},
	{"p ---", NULL},
	{"p --=1", NULL},
	{"p --a", NULL},
	{"p --flagflagflagflagflagflagflagflag", NULL}, /* 32 bytes */
	{"p --flagflagflagflagflagflagflagflagx", NULL},
	/* missing dash */
	{"p -flag", "--flag"},
	{"p -extra=9", "--extra"},
	{"p -version", "--version"},
	{"p -folag", NULL},
	{"p -q", NULL},
	{"p -fq", NULL},
	/* choices */
	{"p --choice=Red", "red"},
	{"p --choice=greeen", "green"},
	{"p -cbleu", "blue"},
	{"p -cgrn", "green"},
	{"p --choice=g", "green"},
	{"p --choice=", NULL},
	{"p --choice=yellow", NULL},
	{"p --choice=red|green", NULL},
	/* no other suggestions */
	{"p --num=sevn", NULL},
};

static const struct {
	struct str s;
	bool ok;
	int64_t ns;
} times[] = {
	{STR_INIT("0"), true, 0},
	{STR_INIT("1.000000001"), true, 1000000001},
	{STR_INIT("-1.5"), true, -1500000000},
	{STR_INIT("1711111111"), true, 1711111111000000000},
	{STR_INIT("9223372036.854775807"), true, INT64_MAX},
	{STR_INIT("1711111111123"), false, 0}, /* seconds, the unit is not guessed */
	{STR_INIT("1970-01-01T00:00:01Z"), true, 1000000000},
	{STR_INIT("1970-01-01T01:00:01+01:00"), true, 1000000000},
	{STR_INIT("1969-12-31T23:59:59.5Z"), true, -500000000},
	{STR_INIT("2016-12-31T23:59:60Z"), true, 1483228800000000000},
	{STR_INIT("2023-02-29T00:00:00Z"), false, 0},
	{STR_INIT("2263-01-01T00:00:00Z"), false, 0},
	{STR_INIT("1970-01-01"), true, 0},
	{STR_INIT("1970-01-02"), true, 86400000000000},
	{STR_INIT("1970-01-01 00:01"), true, 60000000000},
	{STR_INIT("1970-01-01T01:01"), true, 3660000000000},
	{STR_INIT("1970-01-01 24:01"), false, 0},
	{STR_INIT("1970-01-01 0:01"), false, 0},
	{STR_INIT("1970-02-30"), false, 0},
	{STR_INIT("1970-1-01"), false, 0},
	{STR_INIT("1970-01-0x"), false, 0},
	{STR_INIT("1970-01-01T00:00:01Z "), false, 0},
	{STR_INIT("now"), false, 0},
	{STR_INIT("1s"), false, 0},
	{STR_INIT(""), false, 0},
	{{NULL, 0}, false, 0},
};
/* clang-format on */

static const char defaults[] =
	"f=0 o=0 e=0 s=word n=7 d=90000000000 z=67108864 t=0 c=1 m=no l=0 k=100000 r=1000000000000 x=5 w=0";

/* One command line, parsed. */
struct parsed {
	struct values v;
	struct extra x;
	struct out out, err;
	struct diag diag;
	struct opt_run run;
	char line[256]; /* the arguments */
	int status;
};

static void
parse(struct parsed *p, const char *args)
{
	char *argv[16], *blank;
	int argc = 0;

	*p = (struct parsed){0};
	p->out.fd = p->err.fd = -1;
	p->diag = (struct diag){.to = &p->err, .prog = S("prog")};
	p->run = (struct opt_run){
		.prog = S("prog"),
		.about = S("does what it says"),
		.operands = "[FILE]...",
		.set = {{opts, &p->v}, {extras, &p->x}},
		.out = &p->out,
		.diag = &p->diag,
		.first = -7,
	};
	memcpy(p->line, args, strlen(args));
	argv[argc++] = p->line;
	while ((blank = strchr(argv[argc - 1], ' '))) {
		*blank = '\0';
		argv[argc++] = blank + 1;
	}
	argv[argc] = NULL;
	p->status = opt_parse(&p->run, argc, argv);
}

static void
forget(struct parsed *p)
{
	buf_free(&p->out.b);
	buf_free(&p->err.b);
}

static void
show(struct buf *b, const struct values *v, const struct extra *x)
{
	const struct {
		const char *key;
		uint64_t v;
	} n[] = {
		{" z=", v->size},
		{" t=", (uint64_t)(v->time < 0 ? -v->time : v->time)},
		{" c=", v->choice},
		{" m=", v->maybe.n},
		{" l=", v->only},
		{" k=", (uint64_t)v->share},
		{" r=", (uint64_t)v->rate},
		{" x=", x->num},
	};

	buf_add(b, v->flag ? S("f=1") : S("f=0"));
	buf_add(b, v->other ? S(" o=1") : S(" o=0"));
	buf_add(b, v->more ? S(" e=1") : S(" e=0"));
	buf_add(b, S(" s="));
	buf_add(b, v->str);
	buf_add(b, S(" n="));
	buf_u64(b, v->num);
	buf_add(b, S(" d="));
	buf_i64(b, v->duration);
	for (size_t i = 0; i < NELEM(n); i++) {
		buf_add(b, str_of(n[i].key));
		if (i == 1 && v->time < 0)
			buf_chr(b, '-');
		if (i == 3 && !v->maybe.given)
			buf_add(b, S("no"));
		else
			buf_u64(b, n[i].v);
	}
	buf_add(b, v->when.ago ? S(" w=-") : S(" w="));
	buf_i64(b, v->when.t);
}

/* The defaults, except for the words in set. */
static void
expect(struct buf *b, struct str set)
{
	struct str all = str_of(defaults), rest, word, other;

	while (str_cut(&all, ' ', &word)) {
		if (b->n)
			buf_chr(b, ' ');
		rest = set;
		while (str_cut(&rest, ' ', &other))
			if (str_starts(other, str_head(word, 2)))
				word = other;
		buf_add(b, word);
	}
}

static void
test_good(void)
{
	struct buf want = {0}, got = {0};
	struct parsed p;

	TEST("valid command lines");
	for (size_t i = 0; i < NELEM(good); i++) {
		parse(&p, good[i].args);
		want.n = got.n = 0;
		expect(&want, str_of(good[i].set));
		show(&got, &p.v, &p.x);
		CHECK_ROW(i, p.status == -1);
		CHECK_ROW(i, p.run.first == good[i].first);
		CHECK_ROW(i, str_eq(buf_str(&got), buf_str(&want)));
		CHECK_ROW(i, p.x.before == 0);
		CHECK_ROW(i, p.out.b.n == 0 && p.err.b.n == 0);
		forget(&p);
	}
	buf_free(&want);
	buf_free(&got);
}

static void
test_complaints(void)
{
	struct parsed p;

	TEST("invalid usage: status 2, an error, and a reference to --help");
	for (size_t i = 0; i < NELEM(bad); i++) {
		struct str said, complaint = {0}, usage = {0}, end = S("none");

		parse(&p, bad[i].args);
		said = buf_str(&p.err.b);
		CHECK_ROW(i, p.status == EX_FAIL);
		CHECK_ROW(i, p.out.b.n == 0);
		CHECK_ROW(i, str_cut(&said, '\n', &complaint) && str_cut(&said, '\n', &usage));
		CHECK_ROW(i, str_cut(&said, '\n', &end) && end.n == 0 && !said.p);
		CHECK_ROW(i, str_starts(complaint, S("prog: ")));
		CHECK_ROW(i, str_has(complaint, str_of(bad[i].says)));
		CHECK_ROW(i, str_eq(usage, S("try 'prog --help'")));
		forget(&p);
	}
}

static void
test_near(void)
{
	struct buf want = {0};
	struct parsed p;

	TEST("suggestions");
	for (size_t i = 0; i < NELEM(near); i++) {
		struct str said, complaint = {0};
		bool asks;

		parse(&p, near[i].args);
		said = buf_str(&p.err.b);
		str_cut(&said, '\n', &complaint);
		asks = str_has(complaint, S("did you mean"));
		want.n = 0;
		buf_add(&want, S("; did you mean "));
		buf_add(&want, str_of(near[i].meant));
		buf_chr(&want, '?');
		CHECK_ROW(i, near[i].meant ? str_ends(complaint, buf_str(&want)) : !asks);
		forget(&p);
	}
	buf_free(&want);
}

/* s with each run of white space replaced by one blank. */
static void
squeeze(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i] == '\n' ? ' ' : s.p[i];

		if (c != ' ' || (b->n && b->p[b->n - 1] != ' '))
			buf_chr(b, c);
	}
}

/* The option as printed by help: "-n, --num=N", and the text. */
static void
entry(struct buf *b, const struct opt *o)
{
	if (o->key) {
		buf_chr(b, '-');
		buf_chr(b, o->key);
		buf_add(b, S(", "));
	}
	buf_add(b, S("--"));
	buf_add(b, str_of(o->name));
	if (o->arg) {
		buf_add(b, o->kind == OPT_MAYBE ? S("[=") : S("="));
		buf_add(b, str_of(o->arg));
		buf_add(b, o->kind == OPT_MAYBE ? S("] ") : S(" "));
	} else {
		buf_chr(b, ' ');
	}
	buf_add(b, str_of(o->help));
	if (o->def) {
		buf_add(b, S(" ["));
		buf_add(b, str_of(o->def));
		buf_chr(b, ']');
	}
	buf_chr(b, ' ');
}

static void
check_help(const char *args)
{
	const struct opt *table[] = {opts, extras};
	struct buf text = {0}, want = {0};
	struct parsed p;
	size_t at = 0, hit;

	parse(&p, args);
	CHECK(p.status == EX_FINE);
	CHECK(p.err.b.n == 0);
	CHECK(str_starts(buf_str(&p.out.b), S("usage: prog ")));
	CHECK(str_has(buf_str(&p.out.b), S(" See prog(1).\n")));
	CHECK(str_ends(buf_str(&p.out.b), S("\n")));
	squeeze(&text, buf_str(&p.out.b));
	for (struct str rest = buf_str(&p.out.b), line; str_cut(&rest, '\n', &line);)
		CHECK_ROW(line.p - p.out.b.p, line.n <= PARA_COLUMNS);
	CHECK(str_has(buf_str(&text), S(" [FILE]... ")));
	CHECK(str_has(buf_str(&text), S(" does what it says ")));
	for (size_t k = 0; k < NELEM(table); k++)
		for (const struct opt *o = table[k]; o->kind != OPT_END; o++) {
			want.n = 0;
			entry(&want, o);
			hit = str_find(buf_str(&text), buf_str(&want));
			CHECK_ROW(k * 100 + (size_t)(o - table[k]), hit < text.n && hit >= at);
			at = hit;
		}
	forget(&p);
	buf_free(&text);
	buf_free(&want);
}

static void
test_help(void)
{
	struct parsed p;

	TEST("help lists every option of both tables, in order");
	check_help("p -h");
	check_help("p --help");

	TEST("after help nothing is parsed");
	check_help("p -fh");
	check_help("p -hq");
	check_help("p -h --nope");
	check_help("p -f -n 5 --help --num=x a b");
	check_help("p --help --version");

	TEST("version");
	parse(&p, "p --version");
	CHECK(p.status == EX_FINE && p.err.b.n == 0);
	CHECK(str_starts(buf_str(&p.out.b), S("prog ")));
	CHECK(str_ends(buf_str(&p.out.b), S(" " VERSION "\n")));
	forget(&p);
	parse(&p, "p -fV --nope");
	CHECK(p.status == EX_FINE && p.err.b.n == 0);
	CHECK(str_ends(buf_str(&p.out.b), S(" " VERSION "\n")));
	CHECK(!str_has(buf_str(&p.out.b), S("usage")));
	forget(&p);
}

static void
test_one_table(void)
{
	struct out err = {.fd = -1}, out = {.fd = -1};
	struct diag diag = {.to = &err, .prog = S("prog")};
	struct extra x = {1, 2};
	struct opt_run r = {
		.prog = S("prog"),
		.operands = "",
		.set = {{extras, &x}, {0}},
		.out = &out,
		.diag = &diag,
	};
	char name[] = "p", nine[] = "-x9", flag[] = "-f", help[] = "-h";
	char *set[] = {name, nine, NULL}, *wrong[] = {name, flag, NULL}, *no_help[] = {name, help, NULL};

	TEST("one table only");
	CHECK(opt_parse(&r, 1, set) == -1 && r.first == 1);
	CHECK(x.num == 5 && x.before == 1);
	CHECK(opt_parse(&r, 2, set) == -1 && r.first == 2);
	CHECK(x.num == 9 && x.before == 1);
	CHECK(err.b.n == 0);
	CHECK(opt_parse(&r, 2, wrong) == EX_FAIL);

	TEST("no help without a table");
	CHECK(opt_parse(&r, 2, no_help) == EX_FAIL);
	CHECK(out.b.n == 0);

	TEST("a second table only");
	r.set[1] = r.set[0];
	r.set[0] = (struct opt_set){0};
	CHECK(opt_parse(&r, 2, set) == -1 && x.num == 9);
	buf_free(&err.b);
	buf_free(&out.b);
}

static void
test_defaults(void)
{
	struct out err = {.fd = -1};
	struct diag diag = {.to = &err, .prog = S("prog")};
	struct values v;
	struct opt_run r = {
		.prog = S("prog"),
		.operands = "",
		.set = {{opts, &v}, {0}},
		.out = &err,
		.diag = &diag,
	};
	char name[] = "p", *argv[] = {name, NULL};

	TEST("defaults are set, whatever the old value");
	memset(&v, 0xa5, sizeof(v));
	CHECK(opt_parse(&r, 1, argv) == -1);
	CHECK(str_eq(v.str, S("word")) && v.num == 7 && v.size == 67108864);
	CHECK(v.duration == 90 * SECOND && v.choice == 1);

	TEST("no default: the old value remains");
	CHECK(v.time == (int64_t)UINT64_C(0xa5a5a5a5a5a5a5a5));
	CHECK(v.maybe.n == UINT64_C(0xa5a5a5a5a5a5a5a5));
	buf_free(&err.b);
}

int
main(void)
{
	test_good();
	test_complaints();
	test_near();
	test_help();
	test_one_table();
	test_defaults();

	TEST("opt_time");
	for (size_t i = 0; i < NELEM(times); i++) {
		int64_t ns = 424242;

		CHECK_ROW(i, opt_time(times[i].s, &ns) == times[i].ok);
		CHECK_ROW(i, ns == (times[i].ok ? times[i].ns : 424242));
	}
	return test_done();
}
