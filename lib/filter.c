#include "filter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "input/kernel.h"
#include "base/meter.h"
#include "input/pickle.h"
#include "input/stream.h"
#include "pattern/phrase.h"

enum { REPORTS_MAX = 10 };
#define MINUTE (60 * SECOND)
enum { RULES_MAX = 16 * 1024 * 1024 }; /* bytes of a file given by an option */

struct common {
	bool exit_code, explain, stats, strict, quiet, exposition;
	bool select, key, keyed, follow, progress;
	unsigned format; /* of formats below */
	struct str node;
	int64_t since, until, skew, boot_time, scrape_time, lateness;
	uint64_t max_line;
};

static const struct common start = {
	.since = NO_TIME, .until = NO_TIME, .boot_time = NO_TIME, .scrape_time = NO_TIME,
};

static void (*const formats[])(struct buf *, const struct verdicts *, const struct verdict *) = {
	jsonl_put,
	text_put,
};

#define TO(member) offsetof(struct common, member)
static const struct opt options[] = {
	{'h', "help", OPT_HELP, 0, NULL, NULL, "print this and exit"},
	{'V', "version", OPT_VERSION, 0, NULL, NULL, "print the version and exit"},
	{'e', "exit-code", OPT_FLAG, TO(exit_code), NULL, NULL, "status 1 when there is at least one verdict"},
	{'o', "format", OPT_CHOICE, TO(format), "jsonl|text", "jsonl", "a JSON line or a paragraph per verdict"},
	{'n', "node", OPT_STR, TO(node), "NAME", NULL, "node of records that carry none"},
	{'x', "explain", OPT_FLAG, TO(explain), NULL, NULL, "why near misses gave no verdict, as JSON lines on stderr"},
	{'s', "select", OPT_FLAG, TO(select), NULL, NULL, "print the input lines that count, as they are, and no verdict"},
	{0, "key", OPT_FLAG, TO(key), NULL, NULL, "with --select, a key and a tab before each line, once per key"},
	{0, "keyed", OPT_FLAG, TO(keyed), NULL, NULL, "read lines with a key and a tab before them"},
	{'f', "follow", OPT_FLAG, TO(follow), NULL, NULL, "print a verdict as soon as no later record can change it"},
	{0, "lateness", OPT_DURATION, TO(lateness), "DUR", "1m", "with --follow, records come at most DUR behind the newest one"},
	{0, "since", OPT_TIME, TO(since), "TIME", NULL, "drop records before TIME"},
	{0, "until", OPT_TIME, TO(until), "TIME", NULL, "drop records after TIME"},
	{0, "boot-time", OPT_TIME, TO(boot_time), "TIME", NULL, "what the times of dmesg --json count from"},
	{0, "skew", OPT_DURATION, TO(skew), "DUR", "0s", "tolerate clocks that differ by DUR"},
	{0, "stats", OPT_FLAG, TO(stats), NULL, NULL, "what was read and what it cost, as a JSON line on stderr"},
	{0, "strict", OPT_FLAG, TO(strict), NULL, NULL, "check every line and stop at the first that is not JSON"},
	{0, "max-line", OPT_SIZE, TO(max_line), "SIZE", "64M", "reject longer lines"},
	{0, "progress", OPT_FLAG, TO(progress), NULL, NULL, "bytes, rate and share done, on stderr, if that is a terminal"},
	{'q', "quiet", OPT_FLAG, TO(quiet), NULL, NULL, "no notices; errors stay"},
	{.kind = OPT_END},
};

/* Of the filters that want measurements. */
static const struct opt measuring[] = {
	{0, "exposition", OPT_FLAG, TO(exposition), NULL, NULL,
		"read the text that exporters expose to Prometheus, between other lines"},
	{0, "scrape-time", OPT_TIME, TO(scrape_time), "TIME", NULL, "when measurements that carry no time were taken"},
	{.kind = OPT_END},
};

struct run {
	const struct pattern *p;
	struct filter_io *io;
	struct common opt;
	void *config;
	struct diag diag;
	struct mem mem; /* lives as long as the run */
	struct events ev;
	struct reader reader;
	struct sift *sift;
	struct stream stream;
	struct {                 /* the one at hand, as JSON */
		struct buf json;
		struct mem mem;
	} pickle;
	struct idx keys; /* of the value at hand */
	struct {              /* --follow: */
		int64_t now;  /* the newest time seen, or the clock's, if live */
		int64_t due;  /* what was read may be settled then; NO_TIME: nothing is pending */
		bool live;    /* records come as they are made */
		uint64_t work; /* records judged, over and over */
		struct mem mem;
		struct buf aside;
	} follow;
	uint64_t printed; /* verdicts */
	struct meter meter;
	struct verdicts verdicts;
	int status;
	bool stop;
	uint64_t lines, bytes, rejected;
};

/* ---- files ---- */

static int
open_input(struct run *r, const char *name)
{
	int fd = openat(r->io->dir, name, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		DIAG(&r->diag, str_of(name), S(": "), diag_errno(errno));
		r->status = EX_FAIL;
	}
	return fd;
}

static bool
load(struct program *p, struct str file, struct str *text)
{
	struct run *r = p->ctx;
	char *name = mem_bytes(&r->mem, file.n + 1);
	struct buf b = {0};
	ssize_t n;
	int fd;

	memcpy(name, file.p, file.n);
	name[file.n] = '\0';
	fd = open_input(r, name);
	if (fd < 0)
		return false;
	while ((n = read(fd, buf_room(&b, 65536), 65536)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
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

/* ---- verdicts ---- */

static int64_t
clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

/* Verdicts with what came with them. */
struct judgement {
	struct buf explain, notice, scratch;
	struct detection d;
};

static void
judge(struct run *r, struct judgement *j, struct mem *m)
{
	verdicts_reset(&r->verdicts);
	r->verdicts.id = r->p->id;
	r->verdicts.name = r->p->name;
	r->verdicts.bold = r->io->bold;
	j->d = (struct detection){
		.ev = &r->ev,
		.config = r->config,
		.skew = r->opt.skew,
		.node = r->opt.node,
		.out = &r->verdicts,
		.explain = r->opt.explain ? &j->explain : NULL,
		.notice = &j->notice,
		.scratch = &j->scratch,
		.mem = m,
	};
	r->p->detect(&j->d);
}

static void
judgement_free(struct judgement *j)
{
	buf_free(&j->explain);
	buf_free(&j->notice);
	buf_free(&j->scratch);
}

static void
put_verdict(void *ctx, const struct verdict *v)
{
	struct run *r = ctx;

	if (r->io->out->err)
		return;
	formats[r->opt.format](&r->io->out->b, &r->verdicts, v);
	out_spill(r->io->out);
	r->printed++;
}

/* ---- verdicts as they are settled ---- */

static int
settled_cmp(const void *x, const void *y, const void *ctx)
{
	const struct verdict *v = ((const struct verdicts *)ctx)->v;
	size_t a = *(const size_t *)x, b = *(const size_t *)y;
	int d = SORT_ORDER(v[a].settled, v[b].settled);

	return d ? d : SORT_ORDER(a, b);
}

/* Print the verdicts that are settled before a time and were not before, in
 * the order in which they are; note when the next one is.  INT64_MAX is the
 * end, which settles all that is left at once. */
static void
put_settled(struct run *r, int64_t to)
{
	struct verdicts *vs = &r->verdicts;
	size_t *at = mem_new(&r->follow.mem, size_t, vs->n), n = 0;

	for (size_t i = 0; i < vs->n; i++) {
		const struct verdict *v = &vs->v[i];

		if (v->settled >= to && to != INT64_MAX) {
			if (r->follow.due == NO_TIME || v->settled < r->follow.due)
				r->follow.due = v->settled;
		} else if (v->settled >= r->ev.decided) {
			at[n++] = i;
		}
	}
	if (to != INT64_MAX)
		sort(at, n, sizeof(*at), settled_cmp, vs, &r->ev.scratch);
	for (size_t i = 0; i < n; i++)
		put_verdict(r, &vs->v[at[i]]);
}

/* Settle what is before a time and forget what is no longer needed. */
static void
settle(struct run *r, int64_t to)
{
	struct judgement j = {0};

	events_sort(&r->ev);
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		r->follow.work += r->ev.list[k].n;
	events_save(&r->ev, &r->follow.aside);
	judge(r, &j, &r->follow.mem);
	r->follow.due = NO_TIME;
	put_settled(r, to);
	events_restore(&r->ev, buf_str(&r->follow.aside));
	r->p->forget(&j.d, to);
	events_pack(&r->ev);
	r->ev.decided = to;
	judgement_free(&j);
	mem_reset(&r->follow.mem);
}

/* Settle what is due.  A flood waits until much has come, so that the work
 * stays in proportion to the records. */
static void
settle_due(struct run *r)
{
	enum { FREE = 1 << 16, EACH = 8 };
	int64_t to = time_diff(r->follow.now, r->opt.lateness);

	if (r->follow.due != NO_TIME && to > r->follow.due && r->follow.work < FREE + EACH * r->ev.seen)
		settle(r, to);
}

/* Records were added: how far is time, and is it the clock's? */
static void
follow(struct run *r)
{
	int64_t newest = NO_TIME, clock = clock_now();

	for (unsigned k = 0; k < EVENT_KINDS; k++)
		if (r->ev.list[k].seen && r->ev.list[k].last > newest)
			newest = r->ev.list[k].last;
	if (newest > r->follow.now)
		r->follow.now = newest;
	if (newest != NO_TIME && (r->follow.due == NO_TIME || newest < r->follow.due))
		r->follow.due = newest;
	r->follow.live |= newest != NO_TIME && newest > time_diff(time_diff(clock, r->opt.lateness), MINUTE) &&
			  newest < time_diff(clock, -MINUTE);
	settle_due(r);
}

/* Before a read: if records come as they are made, time passes without any. */
static void
wait_live(struct run *r)
{
	enum { QUIET_MS = 1000 };
	struct pollfd p = {.fd = r->stream.in.fd, .events = POLLIN};

	while (r->follow.live) {
		int64_t clock = clock_now();

		if (clock > r->follow.now)
			r->follow.now = clock;
		settle_due(r);
		out_flush(r->io->out);
		if (r->follow.due == NO_TIME || poll(&p, 1, QUIET_MS) != 0)
			return;
	}
}

/* ---- lines that count ---- */

static void
put_line(struct run *r, struct str key, struct str line)
{
	struct buf *b = &r->io->out->b;
	size_t from;

	if (key.n) {
		buf_add(b, key);
		buf_chr(b, '\t');
	}
	from = b->n;
	if (r->reader.rank >= 0 && str_starts(line, S("{"))) {
		/* only the file's name told whose dump it is */
		buf_add(b, S("{\"rank\":"));
		buf_i64(b, r->reader.rank);
		buf_chr(b, ',');
		line = str_from(line, 1);
	}
	buf_add(b, line);
	/* a line break in JSON is never inside a string */
	for (size_t i = from; key.n && i < b->n; i++)
		if (b->p[i] == '\n')
			b->p[i] = ' ';
	buf_chr(b, '\n');
	out_spill(r->io->out);
}

/* Print what was just read, if it gave records since there were so many. */
static void
select_line(struct run *r, struct str line, uint64_t before)
{
	const struct str *key;
	size_t n;

	if (!r->opt.select || r->ev.seen == before)
		return;
	if (str_ends(line, S("\n")))
		line.n--;
	if (r->opt.key) {
		key = events_keys(&r->ev, &r->keys, &n);
		for (size_t i = 0; i < n; i++)
			put_line(r, key[i], line);
	} else {
		put_line(r, (struct str){0}, line);
	}
	events_forget(&r->ev);
}

/* ---- reading ---- */

/* A line of exposition text: is it read? */
static bool
exposition(struct run *r, const struct stream_item *it)
{
	uint64_t before = r->ev.seen;

	if (!r->opt.exposition || !it->text.n || exposition_read(&r->reader, it->text, true) == EXPOSITION_NOT)
		return false;
	select_line(r, it->text, before);
	if (r->opt.follow && r->ev.seen > before)
		follow(r);
	return true;
}

/* Would it be, if --exposition were given? */
static bool
looks_exposed(struct run *r, struct str line)
{
	return events_want(&r->ev, EVENT_SAMPLE) && !r->opt.exposition &&
	       (str_starts(line, S("# HELP ")) || str_starts(line, S("# TYPE ")) ||
		exposition_read(&r->reader, line, false) == EXPOSITION_SAMPLE);
}

/* What a line that is not JSON is instead, and what would help; or none. */
static struct str
looks_like(struct run *r, const struct stream_item *it)
{
	struct str line = str_trim(it->text), rest = line, host;
	int64_t t;

	if (looks_exposed(r, it->text))
		return S("an exporter's text: --exposition reads it");
	if (it->line == 1 && events_want(&r->ev, EVENT_COLLECTIVE) && pickle_is(it->text))
		return S("a pickle: give it as a FILE");
	kernel_stamps(&rest, &t, &host);
	if (rest.n < line.n || str_starts(line, S("NVRM: ")))
		return S("log text: jq -R '{message: .}' makes it JSON");
	return (struct str){0};
}

static void
report(struct run *r, struct str name, const struct stream_item *it)
{
	struct str is;

	r->rejected++;
	r->status = ex_worst(r->status, EX_PARTIAL);
	if (r->rejected > REPORTS_MAX)
		return;
	if (r->reader.why)
		DIAG(&r->diag, name, S(":"), diag_u64(it->line), S(": "), str_of(it->why));
	else if (it->at && (is = looks_like(r, it)).n)
		DIAG(&r->diag, name, S(":"), diag_u64(it->line), S(": not JSON but "), is);
	else if (it->at)
		DIAG(&r->diag, name, S(":"), diag_u64(it->line), S(": not JSON: "), str_of(it->why), S(" at byte "), diag_u64(it->at));
	else
		DIAG(&r->diag, name, S(":"), diag_u64(it->line), S(": "), str_of(it->why), S("="), diag_u64(r->opt.max_line));
}

static void
decode(struct run *r, struct str name, struct str text, struct stream_item *it, void (*take)(struct reader *, struct str))
{
	uint64_t seen = r->ev.seen, outside = r->ev.outside, elsewhere = r->ev.elsewhere;

	take(&r->reader, text);
	if (r->ev.elsewhere > elsewhere && r->ev.outside == outside && r->ev.seen == seen)
		r->reader.why = "the key is of no record in the line";
	it->why = r->reader.why;
	if (it->why)
		report(r, name, it);
	r->reader.why = NULL;
	select_line(r, text, seen);
	if (r->opt.follow && r->ev.seen > seen)
		follow(r);
}

static void
read_stream(struct run *r, struct str name)
{
	struct stream_item it;

	r->stream.keyed = r->opt.keyed;
	while (!r->stop && !r->io->out->err) {
		enum stream_what what = stream_next(&r->stream, &it);

		r->ev.key = it.key;
		switch (what) {
		case STREAM_VALUE:
			decode(r, name, it.text, &it, reader_take);
			continue;
		case STREAM_REJECT:
			if (exposition(r, &it))
				continue;
			report(r, name, &it);
			r->stop = r->opt.strict;
			continue;
		case STREAM_ERROR:
			DIAG(&r->diag, name, S(": "), diag_errno(errno));
			r->status = EX_FAIL;
			break;
		case STREAM_END:
			break;
		}
		break;
	}
}

/* ---- pickles ---- */

/* Is the operand a pickle, and does anybody want what such may hold? */
static bool
is_pickle(struct run *r)
{
	struct str head;

	return events_want(&r->ev, EVENT_COLLECTIVE) && r->reader.file.n && in_head(&r->stream.in, 2, &head) == IN_LINE &&
	       pickle_is(head);
}

static void
reject_pickle(struct run *r, struct str name, const struct pickle_error *e)
{
	r->rejected++;
	r->status = ex_worst(r->status, EX_PARTIAL);
	r->stop = r->opt.strict;
	if (r->rejected > REPORTS_MAX)
		return;
	if (e->opcode.n)
		DIAG(&r->diag, name, S(": not a plain pickle: opcode "), e->opcode, S(" at byte "), diag_u64(e->at), S(": "), str_of(e->why));
	else
		DIAG(&r->diag, name, S(": not a plain pickle: "), str_of(e->why), S(" at byte "), diag_u64(e->at));
}

static void
read_pickle(struct run *r, struct str name)
{
	struct stream_item it = {.line = 1};
	struct buf *json = &r->pickle.json;
	struct pickle_error e = {0};
	struct str text;

	json->n = 0;
	mem_reset(&r->pickle.mem);
	switch (in_rest(&r->stream.in, &text)) {
	case IN_ERROR:
		DIAG(&r->diag, name, S(": "), diag_errno(errno));
		r->status = EX_FAIL;
		break;
	case IN_LONG:
		it.why = "longer than --max-line";
		report(r, name, &it);
		break;
	default:
		if (r->stream.in.packed.why)
			break;
		if (pickle_json(text, r->opt.max_line, &r->pickle.mem, json, &e))
			decode(r, name, buf_str(json), &it, reader_read);
		else
			reject_pickle(r, name, &e);
	}
}

/* ---- files ---- */

/* What is packed, but not to its end. */
static void
report_packed(struct run *r, struct str name)
{
	const struct unpack *u = &r->stream.in.packed;

	if (!u->why)
		return;
	if (r->stream.in.line)
		DIAG(&r->diag, name, S(":"), diag_u64(r->stream.in.line), S(": "), str_of(u->format), S(" data "), str_of(u->why));
	else
		DIAG(&r->diag, name, S(": "), str_of(u->format), S(" data "), str_of(u->why));
	r->status = ex_worst(r->status, u->unreadable ? EX_FAIL : EX_PARTIAL);
	r->stop = r->opt.strict;
}

static void
tick(void *ctx)
{
	struct run *r = ctx;

	meter_draw(&r->meter, r->bytes + stream_bytes(&r->stream), r->stream.in.fd);
	wait_live(r);
}

static void
read_input(struct run *r, int fd, struct str name)
{
	struct stream *s = &r->stream;

	s->json = &r->reader.json;
	stream_open(s, fd, r->opt.max_line, r->opt.strict ? NULL : r->sift, r->io->out);
	s->in.tick = r->opt.follow || r->meter.diag ? tick : NULL;
	s->in.ctx = r;
	if (is_pickle(r))
		read_pickle(r, name);
	else
		read_stream(r, name);
	if (!r->stop && !r->io->out->err)
		report_packed(r, name);
	r->lines += s->in.line;
	r->bytes += stream_bytes(s);
	meter_next(&r->meter, fd);
	stream_close(s);
}

/* What dialects may know of an operand: its name and when it was written. */
static void
describe(struct run *r, const char *name, int fd)
{
	struct stat st;

	r->reader.file = str_of(name);
	r->reader.written = 0;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_mtim.tv_sec < INT64_MAX / SECOND)
		r->reader.written = st.st_mtim.tv_sec * SECOND + st.st_mtim.tv_nsec;
}

/* The bytes of all files, or 0 when one of them has no size. */
static uint64_t
total(const struct run *r, char *const files[])
{
	struct stat st;
	uint64_t n = 0;

	for (; *files; files++) {
		bool in = strcmp(*files, "-") == 0;

		if ((in ? fstat(r->io->in, &st) : fstatat(r->io->dir, *files, &st, 0)) != 0 || !S_ISREG(st.st_mode))
			return 0;
		n += (uint64_t)st.st_size;
	}
	return n;
}

static void
read_all(struct run *r, char *const files[])
{
	static char dash[] = "-", *just_stdin[] = {dash, NULL};

	if (!*files)
		files = just_stdin;
	if (r->opt.progress)
		meter_begin(&r->meter, &r->diag, total(r, files));
	for (; *files && !r->stop; files++) {
		if (strcmp(*files, "-") == 0) {
			r->reader.file = (struct str){0};
			r->reader.written = 0;
			read_input(r, r->io->in, S("(stdin)"));
		} else {
			int fd = open_input(r, *files);

			if (fd < 0)
				continue;
			describe(r, *files, fd);
			read_input(r, fd, str_of(*files));
			close(fd);
		}
	}
	if (r->rejected > REPORTS_MAX)
		DIAG(&r->diag, diag_u64(r->rejected - REPORTS_MAX), S(" more rejected"));
	meter_end(&r->meter);
}

/* ---- what was read ---- */

static void
number(struct buf *b, const char *name, uint64_t n)
{
	buf_key(b, name);
	buf_u64(b, n);
}

/* "records":{"xid":{"count":…,"first":…,"last":…},…} */
static void
coverage(struct run *r, struct buf *b)
{
	buf_key(b, "records");
	buf_chr(b, '{');
	for (unsigned k = 0; k < EVENT_KINDS; k++) {
		const struct event_list *l = &r->ev.list[k];

		if (!events_want(&r->ev, k))
			continue;
		buf_key(b, event_name(k).p);
		buf_chr(b, '{');
		number(b, "count", l->seen);
		if (l->seen) {
			phrase_time(b, "first", l->first);
			phrase_time(b, "last", l->last);
			number(b, "no_time", l->no_time);
			number(b, "no_node", l->no_node);
		}
		buf_chr(b, '}');
	}
	buf_chr(b, '}');
	if (!r->opt.select && !r->opt.follow)
		number(b, "nodes", events_nodes(&r->ev));
	number(b, "outside", r->ev.outside);
}

static void
stats(struct run *r, int64_t began)
{
	struct buf *b = &r->io->err->b;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	buf_chr(b, '{');
	number(b, "lines", r->lines);
	number(b, "bytes", r->bytes);
	coverage(r, b);
	if (r->opt.follow)
		number(b, "late", r->ev.late);
	number(b, "rejected", r->rejected);
	number(b, "verdicts", r->printed);
	number(b, "allocations", mem_count.calls);
	number(b, "peak_bytes", mem_count.peak);
	buf_key(b, "seconds");
	buf_fixed(b, (now.tv_sec * SECOND + now.tv_nsec - began) / 1000, 6);
	buf_add(b, S("}\n"));
	out_flush(r->io->err);
}

/* ---- the run ---- */

/* The screen: the pattern's words, and what could spell them otherwise. */
static bool
make_sift(struct run *r, struct str word[SIFT_WORDS], size_t n)
{
	/* escapes that can stand for letters; journald's arrays of bytes */
	static const struct str always[] = {
		STR_INIT("\\u00"),
		STR_INIT("\"MESSAGE\":["),
		STR_INIT("\"MESSAGE\": ["),
		STR_INIT("\"MESSAGE\" : ["),
	};

	for (size_t i = 0; i < NELEM(r->p->words); i++)
		for (const struct str *w = r->p->words[i]; w && w->n && n < SIFT_WORDS; w++)
			word[n++] = *w;
	for (size_t i = 0; i < NELEM(always) && n < SIFT_WORDS; i++)
		word[n++] = always[i];
	r->sift = mem_new(&r->mem, struct sift, 1);
	sift_init(r->sift, word, n);
	return n < SIFT_WORDS;
}

static void
conclude(struct run *r)
{
	struct buf *err = &r->io->err->b;
	struct judgement j = {0};

	events_sort(&r->ev);
	/* without --follow, each is put when the next one begins */
	if (!r->opt.follow) {
		r->verdicts.take = put_verdict;
		r->verdicts.ctx = r;
	}
	judge(r, &j, &r->mem);
	if (r->opt.follow)
		put_settled(r, INT64_MAX);
	else if (r->verdicts.n)
		put_verdict(r, r->verdicts.v);
	out_flush(r->io->out);
	if (r->printed && r->opt.exit_code)
		r->status = ex_worst(r->status, EX_FOUND);
	buf_add(err, buf_str(&j.explain));
	if (r->opt.explain) {
		buf_chr(err, '{');
		buf_key(err, "explain");
		buf_json(err, S("coverage"));
		coverage(r, err);
		buf_add(err, S("}\n"));
	}
	out_flush(r->io->err);
	if (r->ev.late && !r->opt.quiet)
		DIAG(&r->diag, diag_u64(r->ev.late), S(" records came too late and were left out: --lateness=DUR waits longer"));
	/* what was forgotten is not missing */
	if (j.notice.n && r->ev.decided == NO_TIME && !r->opt.quiet)
		DIAG(&r->diag, buf_str(&j.notice));
	judgement_free(&j);
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
			{r->p->wants >> EVENT_SAMPLE & 1 ? measuring : NULL, &r->opt},
			{r->p->opt, r->config},
		},
		.out = r->io->out,
		.diag = &r->diag,
	};
	struct program program = {.diag = &r->diag, .out = r->io->out, .mem = &r->mem, .ctx = r, .load = load, .now = clock_now()};
	struct str word[SIFT_WORDS];
	struct timespec now;
	size_t n = 0;
	int status = opt_parse(&o, argc, argv);

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (status >= 0)
		return status;
	r->reader.ev = &r->ev;
	r->reader.rank = -1;
	r->reader.boot_time = r->opt.boot_time;
	r->reader.scrape_time = r->opt.scrape_time;
	r->ev.wants = r->p->wants;
	r->ev.since = r->opt.since;
	r->ev.until = r->opt.until;
	r->ev.keys = r->p->keys;
	r->ev.nodeless = node_canon(r->opt.node, mem_bytes(&r->mem, r->opt.node.n));
	status = r->p->setup ? r->p->setup(r->config, &program, &r->reader, word, &n) : -1;
	if (status >= 0)
		return ex_worst(status, r->status);
	if (!make_sift(r, word, n)) {
		DIAG(&r->diag, S("--reason: too many reasons"));
		return EX_FAIL;
	}
	if (r->opt.key && !r->opt.select) {
		DIAG(&r->diag, S("--key: only with --select"));
		return EX_FAIL;
	}
	if (r->opt.follow && (r->opt.explain || !r->p->forget)) {
		DIAG(&r->diag, r->opt.explain ? S("--explain: not with --follow") :
						S("--follow: not by this filter, whose verdicts need all of the input"));
		return EX_FAIL;
	}
	r->ev.following = r->opt.follow;
	r->ev.decided = r->follow.now = r->follow.due = NO_TIME;
	read_all(r, argv + o.first);
	if (!r->opt.select)
		conclude(r);
	if (r->opt.stats)
		stats(r, now.tv_sec * SECOND + now.tv_nsec);
	return r->status;
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
	stream_free(&r.stream);
	idx_free(&r.keys);
	mem_free(&r.follow.mem);
	buf_free(&r.follow.aside);
	buf_free(&r.pickle.json);
	mem_free(&r.pickle.mem);
	reader_free(&r.reader);
	events_free(&r.ev);
	verdicts_free(&r.verdicts);
	mem_free(&r.mem);
	return status;
}

/* What terminals and people say of themselves (no-color.org). */
static bool
shows_bold(int fd)
{
	const char *term = getenv("TERM"), *no = getenv("NO_COLOR");

	return isatty(fd) && term && *term && strcmp(term, "dumb") != 0 && !(no && *no);
}

int
filter_main(const struct pattern *p, int argc, char *const argv[])
{
	struct out out = {.fd = STDOUT_FILENO}, err = {.fd = STDERR_FILENO};
	struct filter_io io = {STDIN_FILENO, AT_FDCWD, &out, &err, shows_bold(STDOUT_FILENO)};
	struct timespec now;
	int status;

	/* a table key that the writer of the input cannot know */
	clock_gettime(CLOCK_REALTIME, &now);
	str_hash_key[0] = (uint64_t)(uintptr_t)&now ^ (uint64_t)now.tv_nsec << 32;
	str_hash_key[1] = (uint64_t)(uintptr_t)filter_main ^ (uint64_t)getpid() << 40;
	status = filter_run(p, argc, argv, &io);
	/* the last chance for a file system to say that it did not keep it */
	if (!out.err && close(STDOUT_FILENO) != 0 && errno != EBADF) {
		struct diag d = {.to = &err, .prog = p->filter};

		DIAG(&d, S("(stdout): "), diag_errno(errno));
		status = EX_FAIL;
	}
	buf_free(&out.b);
	buf_free(&err.b);
	return status;
}
