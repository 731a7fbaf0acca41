#include "filter/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/num.h"
#include "input/dialect/dialect.h"

enum { RULES_MAX = 16 * 1024 * 1024 }; /* bytes of a file given by an option */

static const struct common start = {
	.since = {.t = NO_TIME}, .until = {.t = NO_TIME}, .boot_time = NO_TIME, .scrape_time = NO_TIME,
};

#define TO(member) offsetof(struct common, member)
static const struct opt options[] = {
	{'h', "help", OPT_HELP, 0, NULL, NULL, "print this and exit"},
	{'V', "version", OPT_VERSION, 0, NULL, NULL, "print the version and exit"},
	{'e', "exit-code", OPT_FLAG, TO(exit_code), NULL, NULL, "exit with status 1 if there is at least one verdict"},
	{'n', "node", OPT_STR, TO(node), "NAME", NULL, "set the node name of records without one"},
	{'x', "explain", OPT_FLAG, TO(explain), NULL, NULL, "explain near misses, as JSON lines on stderr"},
	{'s', "select", OPT_FLAG, TO(select), NULL, NULL, "print the relevant input lines unchanged instead of verdicts"},
	{0, "key", OPT_FLAG, TO(key), NULL, NULL, "with --select, print a key and a tab before each line, once per key"},
	{0, "keyed", OPT_FLAG, TO(keyed), NULL, NULL, "read lines with a key and a tab before them"},
	{0, "since", OPT_WHEN, TO(since), "TIME", NULL, "drop records before TIME; -6h counts from the newest"},
	{0, "until", OPT_WHEN, TO(until), "TIME", NULL, "drop records after TIME"},
	{0, "boot-time", OPT_TIME, TO(boot_time), "TIME", NULL, "set the boot time of the host, for dmesg timestamps"},
	{0, "year", OPT_NUM, TO(year), "YYYY", NULL, "set the year of log timestamps without one"},
	{0, "timezone", OPT_STR, TO(timezone), "ZONE", NULL, "set the zone of log timestamps without one: UTC, +02:00"},
	{0, "skew", OPT_DURATION, TO(skew), "DUR", "0s", "tolerate clocks that differ by DUR"},
	{0, "stats", OPT_FLAG, TO(stats), NULL, NULL, "print run statistics as one JSON line on stderr"},
	{0, "strict", OPT_FLAG, TO(strict), NULL, NULL, "check every line and stop at the first that is not JSON"},
	{0, "max-line", OPT_SIZE, TO(max_line), "SIZE", "64M", "reject longer lines"},
	{0, "progress", OPT_FLAG, TO(progress), NULL, NULL, "show a progress line on stderr (terminals only)"},
	{0, "color", OPT_CHOICE, TO(color), "auto|always|never", "auto", "print headlines in bold; auto: on a terminal"},
	{'q', "quiet", OPT_FLAG, TO(quiet), NULL, NULL, "suppress notices, not errors"},
	{.kind = OPT_END},
};

/* Options of the filters without formats of their own. */
static const struct opt writing[] = {
	{'o', "format", OPT_CHOICE, TO(format), "jsonl|text", "jsonl", "print a JSON line or a paragraph per verdict"},
	{.kind = OPT_END},
};

/* Options of the filters that can follow a stream. */
static const struct opt following[] = {
	{'f', "follow", OPT_FLAG, TO(follow), NULL, NULL, "print each verdict as soon as it is final"},
	{0, "lateness", OPT_DURATION, TO(lateness), "DUR", "1m", "with --follow, accept records up to DUR late"},
	{.kind = OPT_END},
};

/* Options of the filters that use metric samples. */
static const struct opt measuring[] = {
	{0, "exposition", OPT_FLAG, TO(exposition), NULL, NULL,
		"read the text that exporters expose to Prometheus, too"},
	{0, "scrape-time", OPT_TIME, TO(scrape_time), "TIME", NULL, "set the time of measurements without one"},
	{.kind = OPT_END},
};

/* Read a whole file; false after a message. */
static bool
slurp(struct run *r, struct str file, struct str *text)
{
	char *name = mem_bytes(&r->mem, file.n + 1);
	struct buf b = {0};
	ssize_t n;
	int fd;

	memcpy(name, file.p, file.n);
	name[file.n] = '\0';
	fd = run_open(r, name);
	if (fd < 0)
		return false;
	while ((n = fd_read(fd, buf_room(&b, 65536), 65536)) != 0) {
		if (n > 0)
			b.n += (size_t)n;
		if (n < 0 || b.n > RULES_MAX)
			break;
	}
	if (n)
		DIAG(&r->diag, file, S(": "), n < 0 ? diag_errno(errno) : S("larger than 16M"));
	close(fd);
	*text = mem_str(&r->mem, buf_str(&b));
	buf_free(&b);
	return n == 0;
}

static bool
load(struct program *p, struct str file,
	const char *(*parse)(void *to, struct str text, struct mem *m, uint64_t *line), void *to)
{
	const char *why;
	struct str text;
	uint64_t line;

	if (file.n == 0)
		return true;
	if (!slurp(p->ctx, file, &text))
		return false;
	why = parse(to, text, p->mem, &line);
	if (why)
		DIAG(p->diag, file, S(":"), diag_u64(line), S(": "), str_of(why));
	return !why;
}

/* Only letters, digits and "-._", which JSON can only escape as \u? */
static bool
is_plain(struct str word)
{
	for (size_t i = 0; i < word.n; i++) {
		char c = word.p[i];

		if (!char_letter(c) && !char_digit(c) && c != '-' && c != '.' && c != '_')
			return false;
	}
	return true;
}

/* The words of --reason, a list, for the screen; false after a message. */
static bool
list_words(struct run *r, struct str list, struct str word[SIFT_WORDS], size_t *n)
{
	struct str rest = list, one;

	while (str_cut(&rest, ',', &one)) {
		if (one.n < SIFT_LEAST || one.n > SIFT_LONGEST || !is_plain(one) || *n == SIFT_WORDS) {
			DIAG(&r->diag, S("--reason: invalid list '"), list, S("' (expected reasons such as Evicted, separated by commas)"));
			return false;
		}
		word[(*n)++] = one;
	}
	return true;
}

/* The screen: n words from options, then the words of the pattern's kinds. */
static bool
make_sift(struct run *r, struct str word[SIFT_WORDS], size_t n)
{
	/* escapes that can stand for letters of a word, colors inside a word,
	 * headers (plain.h), blocks (blocks.h), and partial lines
	 * (partial.h) */
	static const struct str inside[] = {
		STR_INIT("\\u00"), STR_INIT("\033[0"), STR_INIT("\033[m"), STR_INIT("---------------"),
		STR_INIT(" | rc="), STR_INIT(" [SUCCESS] "), STR_INIT(" [FAILURE] "), STR_INIT("Common labels: {"), STR_INIT("__CURSOR="), STR_INIT("__REALTIME_TIMESTAMP="), STR_INIT(" [s="),
		STR_INIT(" stdout P "), STR_INIT(" stderr P "),
	};

	if (n + NELEM(inside) > SIFT_WORDS)
		return false;
	memcpy(word + n, inside, sizeof(inside));
	n += NELEM(inside);
	n += dialect_words(r->p->wants, word + n, SIFT_WORDS - n);
	r->sift = mem_new(&r->mem, struct sift, 1);
	sift_init(r->sift, word, n);
	return n < SIFT_WORDS;
}

/* The words of dumps, whose parts cannot be read alone. */
static void
make_dumps(struct run *r)
{
	struct str word[SIFT_WORDS];

	if (!events_want(&r->ev, EVENT_COLLECTIVE))
		return;
	r->dumps = mem_new(&r->mem, struct sift, 1);
	sift_init(r->dumps, word, dialect_words(1u << EVENT_COLLECTIVE | 1u << EVENT_RAS, word, SIFT_WORDS));
}

/* Settings for dates in lines of text; false after a message. */
static bool
set_clock(struct run *r)
{
	struct plain *p = &r->plain;

	p->clock = (struct stamps_clock){.year = (int64_t)r->opt.year, .boot = r->opt.boot_time};
	/* live: a stamp without a year is at most a day ahead of the clock */
	p->near = r->opt.follow ? time_diff(run_clock(), 181 * 24 * 3600 * SECOND) : NO_TIME;
	p->wait = !r->opt.follow && !r->opt.select;
	p->screen = r->sift;
	if (r->opt.year > 9999 || (r->opt.year && r->opt.year < 2000)) {
		DIAG(&r->diag, S("--year: invalid year '"), diag_u64(r->opt.year), S("' (expected 2000 to 9999)"));
		return false;
	}
	p->clock.zoned = r->opt.timezone.n;
	if (r->opt.timezone.n && !stamps_zone(r->opt.timezone, &p->clock.zone)) {
		DIAG(&r->diag, S("--timezone: invalid time zone '"), r->opt.timezone, S("' (expected UTC or an offset such as +02:00)"));
		return false;
	}
	return true;
}

/* Apply --since and --until, including durations before the newest record. */
static void
bound(struct run *r, int64_t newest)
{
	const struct opt_when *since = &r->opt.since, *until = &r->opt.until;

	if (newest != NO_TIME && (since->ago || until->ago))
		events_bound(&r->ev, since->ago ? time_diff(newest, since->t) : since->t,
			until->ago ? time_diff(newest, until->t) : until->t);
}

static void
conclude(struct run *r)
{
	struct buf *err = &r->io->err->b, text = {0};
	struct judgement j = {0};

	bound(r, events_newest(&r->ev));
	events_sort(&r->ev);
	buf_free(&r->ev.scratch); /* judging needs less scratch memory than sorting */
	events_trim(&r->ev);
	/* without --follow, each is printed when the next one begins */
	if (!r->opt.follow) {
		r->verdicts.take = run_put;
		r->verdicts.ctx = r;
	}
	r->page = r->p->formats ? r->p->formats->open(r->config, r->look, &r->mem) : NULL;
	run_judge(r, &j, NULL, &r->mem);
	if (r->opt.follow)
		run_put_final(r, INT64_MAX);
	else if (r->verdicts.n)
		run_put(r, r->verdicts.v);
	if (r->page)
		r->p->formats->close(r->page, &r->io->out->b);
	out_flush(r->io->out);
	if (r->found && r->opt.exit_code)
		r->status = ex_worst(r->status, EX_FOUND);
	buf_add(err, buf_str(&j.explain));
	if (r->opt.explain) {
		buf_chr(err, '{');
		buf_key(err, "explain");
		buf_json(err, S("coverage"));
		run_coverage(r, err);
		buf_add(err, S("}\n"));
		run_quoted_explain(r, err);
	}
	out_flush(r->io->err);
	run_left_out_total(r);
	/* --follow drops records; others may be in unreadable files or in text
	 * printed by kubectl: no notice on missing ones */
	if (j.notice.n && r->ev.decided == NO_TIME && r->status != EX_FAIL && !r->unread.any_foreign && !r->opt.quiet)
		DIAG(&r->diag, buf_str(&j.notice));
	if (r->opt.node.n) /* all of them have that one */
		r->ev.of_tasks = 0;
	plain_notice(&r->plain, &r->ev, &text);
	if (text.n && !r->opt.quiet)
		DIAG(&r->diag, buf_str(&text));
	buf_free(&text);
	judgement_free(&j);
}

/* Check for conflicting options; false after a message. */
static bool
agree(struct run *r)
{
	const struct {
		bool is;
		struct str what;
	} wrong[] = {
		{r->opt.key && !r->opt.select, STR_INIT("--key requires --select")},
		{r->opt.select && (r->opt.since.ago || r->opt.until.ago),
			STR_INIT("--select requires absolute times in --since and --until, because the newest record is not known yet")},
		{r->opt.follow && r->opt.explain, STR_INIT("--explain cannot be used with --follow")},
	};

	for (size_t i = 0; i < NELEM(wrong); i++) {
		if (!wrong[i].is)
			continue;
		DIAG(&r->diag, wrong[i].what);
		return false;
	}
	return true;
}

/* Select the records to keep, from the options. */
static void
set_events(struct run *r)
{
	struct events *ev = &r->ev;

	ev->wants = r->p->wants;
	ev->since = r->opt.since.ago ? NO_TIME : r->opt.since.t;
	ev->until = r->opt.until.ago ? NO_TIME : r->opt.until.t;
	if (r->opt.follow)
		bound(r, run_clock());
	ev->keys = r->p->keys;
	ev->following = r->opt.follow;
	ev->nodeless = node_canon(r->opt.node, mem_bytes(&r->mem, r->opt.node.n));
	ev->trail.on = r->opt.key;
	ev->decided = ev->mark.t = r->follow.now = r->follow.due = NO_TIME;
	ev->mark.step = num_max(10 * MINUTE, r->opt.lateness);
	ev->horizon = INT64_MAX;
}

/* Set up the reader and the screen: these n words, and the pattern's.  False
 * after a message. */
static bool
set_reader(struct run *r, struct str word[SIFT_WORDS], size_t n)
{
	if (!make_sift(r, word, n)) {
		DIAG(&r->diag, S("--reason: too many reasons"));
		return false;
	}
	if (!agree(r) || !set_clock(r))
		return false;
	r->reader.ev = &r->ev;
	r->reader.rank = -1;
	r->reader.boot_time = r->opt.boot_time;
	r->reader.scrape_time = r->opt.scrape_time;
	r->reader.screen = r->sift;
	r->reader.plain = &r->plain;
	run_claims(r);
	text_words_init(&r->words, r->ev.wants);
	r->ev.words = &r->words;
	make_dumps(r);
	return true;
}

/* Read everything, judge it, and report what was left out. */
static int
work(struct run *r, char *const argv[])
{
	struct str one, other;
	struct timespec began;

	clock_gettime(CLOCK_MONOTONIC, &began);
	run_read(r, argv);
	plain_end(&r->plain, &r->ev);
	if (plain_hosts(&r->plain, &one, &other)) {
		DIAG(&r->diag, S("--boot-time: timestamps of several hosts count from their own boots: "), one, S(", "), other,
		     S("; process one host at a time"));
		return EX_FAIL;
	}
	if (!r->opt.select)
		conclude(r);
	run_uncounted_total(r);
	run_quoted_total(r);
	run_pages_total(r);
	if (r->opt.stats)
		run_stats(r, began.tv_sec * SECOND + began.tv_nsec);
	return r->status;
}

static int
go(struct run *r, int argc, char *const argv[])
{
	struct opt_run o = {
		.prog = r->p->filter,
		.about = r->p->about,
		.operands = "[FILE]...",
		.set = {
			{options, &r->opt},
			{r->p->formats ? NULL : writing, &r->opt},
			{pattern_follows(r->p) ? following : NULL, &r->opt},
			{r->p->wants >> EVENT_SAMPLE & 1 ? measuring : NULL, &r->opt},
			{r->p->opt, r->config},
		},
		.out = r->io->out,
		.look = r->io->look,
		.diag = &r->diag,
	};
	struct program program = {.diag = &r->diag, .out = r->io->out, .mem = &r->mem, .ctx = r, .load = load, .now = run_clock()};
	struct str word[SIFT_WORDS];
	size_t n = 0;
	int status = opt_parse(&o, argc, argv);

	if (status >= 0)
		return status;
	program.following = r->opt.follow;
	set_events(r);
	status = r->p->setup ? r->p->setup(r->config, &program) : -1;
	if (status >= 0)
		return ex_worst(status, r->status);
	r->ev.reasons = program.reasons;
	r->ev.chosen = program.words.n;
	events_keep_fields(&r->ev, program.fields);
	r->ev.keys.across_fields = program.across_fields;
	r->ev.collective_lateness = program.collective_lateness;
	if (!list_words(r, program.words, word, &n) || !set_reader(r, word, n))
		return opt_usage(&r->diag);
	r->look = r->io->look;
	if (r->opt.color)
		r->look.bold = r->opt.color == 1;
	return work(r, argv + o.first);
}

int
filter_run(const struct pattern *p, int argc, char *const argv[], struct filter_io *io)
{
	struct run r = {.p = p, .io = io, .opt = start, .diag = {.to = io->err, .prog = p->filter}};
	int status;

	r.config = mem_get(&r.mem, p->config_size, 1);
	if (p->config)
		memcpy(r.config, p->config, p->config_size);
	status = go(&r, argc, argv);
	if (!out_flush(io->out)) {
		DIAG(&r.diag, S("(stdout): "), diag_errno(io->out->err));
		status = EX_FAIL;
	}
	if (io->err->err)
		status = EX_FAIL; /* cannot even print a message */
	stream_free(&r.stream);
	plain_free(&r.plain);
	blocks_free(&r.blocks);
	csv_free(&r.csv);
	buf_free(&r.columns);
	buf_free(&r.range);
	partials_free(&r.partials);
	wrapped_free(&r.wrapped);
	mem_free(&r.follow.mem);
	buf_free(&r.way);
	buf_free(&r.pickle.json);
	mem_free(&r.pickle.mem);
	reader_free(&r.reader);
	events_free(&r.ev);
	verdicts_free(&r.verdicts);
	mem_free(&r.mem);
	return status;
}

/* Settings of the terminal and the user (POSIX, Environment Variables;
 * no-color.org). */
struct look
filter_look(int fd)
{
	const char *term = getenv("TERM"), *no = getenv("NO_COLOR"), *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t n = 0;

	if (!isatty(fd))
		return (struct look){0};
	if ((!columns || !num_u64(str_of(columns), &n) || !n) && ioctl(fd, TIOCGWINSZ, &size) == 0)
		n = size.ws_col;
	if (n)
		n = n < PARA_COLUMNS_MIN ? PARA_COLUMNS_MIN : n < PARA_COLUMNS_MAX ? n : PARA_COLUMNS_MAX;
	return (struct look){.columns = n, .bold = term && *term && strcmp(term, "dumb") != 0 && !(no && *no)};
}

int
filter_main(const struct pattern *p, int argc, char *const argv[])
{
	struct out out = {.fd = STDOUT_FILENO}, err = {.fd = STDERR_FILENO};
	struct filter_io io = {
		.in = STDIN_FILENO, .dir = AT_FDCWD, .out = &out, .err = &err,
		.typed = isatty(STDIN_FILENO), .look = filter_look(STDOUT_FILENO),
	};
	struct timespec now;
	int status;

	/* hash key, unknown to the writer of the input */
	clock_gettime(CLOCK_REALTIME, &now);
	str_hash_key[0] = (uint64_t)(uintptr_t)&now ^ (uint64_t)now.tv_nsec << 32;
	str_hash_key[1] = (uint64_t)(uintptr_t)filter_main ^ (uint64_t)getpid() << 40;
	status = filter_run(p, argc, argv, &io);
	/* some file systems report a failed write only now */
	if (!out.err && close(STDOUT_FILENO) != 0 && errno != EBADF) {
		struct diag d = {.to = &err, .prog = p->filter};

		DIAG(&d, S("(stdout): "), diag_errno(errno));
		status = EX_FAIL;
	}
	buf_free(&out.b);
	buf_free(&err.b);
	return status;
}
