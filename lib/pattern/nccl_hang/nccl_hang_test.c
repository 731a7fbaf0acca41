/*
 * Records in, by word; groups are capital letters, ranks are numbers, times are seconds:
 *   A=0,1,2   members of group A        A~4      its size       A=0,1:D  described as D
 *   A0#5      rank 0 has called collective 5 of group A and not finished it; then
 *             @T created at T (0), r running, ? not from a dump, made at U with uU,
 *             w from a watchdog's line, W the same, timed out, x differs says PyTorch,
 *             :OPERATION, /SHAPE (sizes|types|sizes|types), nNODE, sT started at T, fFILE,
 *             kSTACK (_ is a space, ; ends a line)
 *   A0<5@T    collectives 1 to 5 completed; A0<3-5@T: 3 to 5
 *   A0+9/7    by its own counts 9 enqueued, 7 completed (- unknown); then R retires,
 *             N numberless, p point-to-point, >P an open one with the Pth member (@T)
 *   0!        rank 0 wrote a dump
 *   A0=0,1/a  rank 0's dump on host a lists members of A (0=... of the default group);
 *             A0=0,1:x/0 the same in file x/0
 *   %T:PART:KEY=VALUE...  a row of NCCL RAS in the poll at T: launched, missing, dead, about,
 *             total, error, state, named; rank, n (1), count, pid, node, size (4), ranks,
 *             word (_ is a space), op (AllReduce, of launched), comm (1)
 *   &T:PART:KEY=VALUE...  a line of a watchdog's log at T (none): timeout, failure, dump, progress,
 *             lagging, joined, started, finished, mismatch, barrier, group, alarm, heard, stuck,
 *             store, lost, foreign, network, host, ended, cycle; rank, local, other, group, op, shape,
 *             seq, enq, done, ran, limit (seconds), ranks, size, node, writer, desc, private, repeat
 * Out: each verdict's group and collective, diagnosis and culprits, the ranks that hang,
 * silent and suspected ones, blocked ranks/collectives/groups, "?" if a log leaves it
 * open; or "!" and the notice.
 */
#include "pattern/nccl_hang/jobs.h"

#include <stdlib.h>
#include <string.h>

#include "input/text/ras.h"
#include "input/text/watchdog.h"
#include "join/settle.h"

#include "base/num.h"
#include "base/test.h"

#define T0 (INT64_C(1778724000) * SECOND)

static struct {
	struct events ev;
	struct mem mem, config_mem;
	struct verdicts vs;
	struct buf notice, scratch, explain;
	void *config;
} run;

static uint32_t
text_id(struct str s)
{
	return idx_add(&run.ev.names, s);
}

/* A number at the start of *s, or -1 for "-". */
static int64_t
number(struct str *s)
{
	uint64_t n = 0;

	if (str_eat(s, S("-")))
		return -1;
	return num_eat(s, &n) ? (int64_t)n : -2;
}

static uint32_t
spaced(struct str s)
{
	char text[256];
	size_t n = s.n < sizeof(text) ? s.n : sizeof(text);

	for (size_t i = 0; i < n; i++)
		text[i] = (char)(s.p[i] == '_' ? ' ' : s.p[i] == ';' ? '\n' : s.p[i]);
	return text_id((struct str){text, n});
}

static void
add_call(uint32_t group, uint32_t rank, struct str s)
{
	struct collective c = {.e.t = T0, .started = NO_TIME, .seen = NO_TIME, .group = group, .rank = rank, .dump = 1};
	char how;

	c.seq = number(&s);
	c.op = text_id(S("nccl:all_reduce"));
	while (s.n) {
		how = *s.p;
		s = str_from(s, 1);
		if (how == '@') {
			c.e.t = str_eat(&s, S("none")) ? NO_TIME : T0 + number(&s) * SECOND;
		} else if (how == 'r') {
			c.running = 1;
		} else if (how == '?') {
			c.dump = 0;
		} else if (how == 'u') {
			c.seen = T0 + number(&s) * SECOND;
		} else if (how == 'w' || how == 'W') {
			c.source = FROM_WATCHDOG;
			c.timed_out = how == 'W';
			c.dump = 0;
		} else if (how == 'x') {
			c.differs = 1;
		} else if (how == 'n') {
			c.e.node = events_node(&run.ev, str_head(s, 1));
			s = str_from(s, 1);
		} else if (how == 's') {
			c.started = T0 + number(&s) * SECOND;
		} else if (how == 'f') {
			c.e.uid = text_id(s);
			s.n = 0;
		} else if (how == 'k') {
			c.stack = spaced(s);
			s.n = 0;
		} else if (how == ':') {
			c.op = text_id(str_head(s, str_find(s, S("/"))));
			s = str_from(s, str_find(s, S("/")));
		} else { /* a slash */
			c.shape = text_id(s);
			s.n = 0;
		}
	}
	events_add(&run.ev, EVENT_COLLECTIVE, &c);
}

static void
add_counts(uint32_t group, uint32_t rank, struct str s)
{
	struct progress p = {.e.t = NO_TIME, .group = group, .rank = rank, .peer = UINT32_MAX, .dump = 1};

	p.enqueued = number(&s);
	if (str_eat(&s, S("/")))
		p.completed = number(&s);
	p.retires = str_eat(&s, S("R"));
	p.numberless = str_eat(&s, S("N"));
	p.p2p = str_eat(&s, S("p"));
	if (str_eat(&s, S(">"))) {
		p.p2p = p.open = 1;
		p.peer = (uint32_t)number(&s);
		p.began = str_eat(&s, S("@")) ? T0 + number(&s) * SECOND : NO_TIME;
	}
	events_add(&run.ev, EVENT_PROGRESS, &p);
}

/* "0,1/host" or "0,1:file" */
static void
add_list(uint32_t group, uint32_t rank, struct str s)
{
	struct progress p = {.e.t = NO_TIME, .enqueued = -1, .completed = -1, .group = group, .rank = rank, .peer = UINT32_MAX, .dump = 1};
	size_t end = str_find(s, S(":"));

	if (end == s.n)
		end = str_find(s, S("/"));
	p.ranks = text_id(str_head(s, end));
	if (str_eq(str_head(str_from(s, end), 1), S("/")))
		p.e.node = events_node(&run.ev, str_from(s, end + 1));
	else
		p.e.uid = text_id(str_from(s, end + 1));
	events_add(&run.ev, EVENT_PROGRESS, &p);
}

static bool
add_row(struct str s)
{
	static const char *const parts[] = {"launched", "missing", "dead", "about", "total", "error", "state", "named"};
	struct ras r = {.hash = 1, .pid = -1, .rank = UINT32_MAX, .n = 1, .size = 4};
	struct str word, key;

	r.e.t = str_eat(&s, S("none")) ? NO_TIME : T0 + number(&s) * SECOND;
	str_eat(&s, S(":"));
	str_cut(&s, ':', &word);
	while (r.part < NELEM(parts) && !str_eq(word, str_of(parts[r.part])))
		r.part++;
	r.op = r.part == RAS_LAUNCHED ? text_id(S("AllReduce")) : 0;
	while (str_cut(&s, ':', &word)) {
		str_cut(&word, '=', &key);
		if (str_eq(key, S("rank")))
			r.rank = (uint32_t)number(&word);
		else if (str_eq(key, S("n")))
			r.n = (uint32_t)number(&word);
		else if (str_eq(key, S("count")))
			r.count = number(&word);
		else if (str_eq(key, S("pid")))
			r.pid = number(&word);
		else if (str_eq(key, S("size")))
			r.size = (uint32_t)number(&word);
		else if (str_eq(key, S("comm")))
			r.hash = (uint64_t)number(&word);
		else if (str_eq(key, S("node")))
			r.e.node = events_node(&run.ev, word);
		else if (str_eq(key, S("ranks")))
			r.ranks = text_id(word);
		else if (str_eq(key, S("word")))
			r.word = spaced(word);
		else if (str_eq(key, S("op")))
			r.op = text_id(word);
		else
			return false;
	}
	events_add(&run.ev, EVENT_RAS, &r);
	return r.part < NELEM(parts);
}

static bool
add_line(struct str s)
{
	static const char *const parts[] = {
		"timeout", "failure", "dump", "progress", "lagging", "joined", "started", "finished", "mismatch", "barrier", "group",
		"alarm", "heard", "stuck", "store", "lost", "foreign", "network", "host", "ended", "cycle",
	};
	struct watchdog w = {.seq = -1, .enqueued = -1, .completed = -1, .ran = -1, .rank = UINT32_MAX, .local = UINT32_MAX, .other = UINT32_MAX};
	const struct {
		const char *key;
		uint32_t *to;
		bool name;
	} words[] = {
		{"rank", &w.rank, false}, {"local", &w.local, false}, {"other", &w.other, false}, {"size", &w.size, false},
		{"group", &w.group, true}, {"op", &w.op, true}, {"shape", &w.shape, true}, {"ranks", &w.ranks, true},
		{"node", &w.e.node, true}, {"writer", &w.writer, true}, {"desc", &w.desc, true},
	};
	struct str word, key;

	w.e.t = str_eat(&s, S("none")) ? NO_TIME : T0 + number(&s) * SECOND;
	str_eat(&s, S(":"));
	str_cut(&s, ':', &word);
	while (w.part < NELEM(parts) && !str_eq(word, str_of(parts[w.part])))
		w.part++;
	while (str_cut(&s, ':', &word)) {
		bool known = true;

		str_cut(&word, '=', &key);
		if (str_eq(key, S("seq")))
			w.seq = number(&word);
		else if (str_eq(key, S("enq")))
			w.enqueued = number(&word);
		else if (str_eq(key, S("done")))
			w.completed = number(&word);
		else if (str_eq(key, S("ran")))
			w.ran = number(&word) * SECOND;
		else if (str_eq(key, S("limit")))
			w.timeout_ms = (uint32_t)number(&word) * 1000;
		else if (str_eq(key, S("private")))
			w.process_local = 1;
		else if (str_eq(key, S("repeat")))
			w.repeat = 1;
		else
			known = false;
		for (size_t i = 0; i < NELEM(words) && !known; i++)
			if ((known = str_eq(key, str_of(words[i].key))))
				*words[i].to = words[i].name ? spaced(word) : (uint32_t)number(&word);
		if (!known)
			return false;
	}
	if (w.e.node)
		w.e.node = events_node(&run.ev, idx_at(&run.ev.names, w.e.node));
	events_add(&run.ev, EVENT_WATCHDOG, &w);
	return w.part < NELEM(parts);
}

static bool
add(struct str s)
{
	struct process_group team = {.e.t = NO_TIME};
	struct completed done = {.from = 1};
	struct str all = s;
	uint32_t group = 0, rank;

	if (str_eat(&s, S("%")))
		return add_row(s);
	if (str_eat(&s, S("&")))
		return add_line(s);
	if (*s.p >= 'A' && *s.p <= 'Z') {
		team.group = group = text_id(str_head(s, 1));
		s = str_from(s, 1);
	}
	if (str_eat(&s, S("="))) {
		team.ranks = text_id(str_head(s, str_find(s, S(":"))));
		s = str_from(s, str_find(s, S(":")));
		if (str_eat(&s, S(":")))
			team.desc = text_id(s);
		events_add(&run.ev, EVENT_PROCESS_GROUP, &team);
		return true;
	}
	if (str_eat(&s, S("~"))) {
		team.size = (uint32_t)number(&s);
		events_add(&run.ev, EVENT_PROCESS_GROUP, &team);
		return true;
	}
	rank = (uint32_t)number(&s);
	if (str_eat(&s, S("#"))) {
		add_call(group, rank, s);
	} else if (str_eat(&s, S("+"))) {
		add_counts(group, rank, s);
	} else if (str_eat(&s, S("="))) {
		add_list(group ? group : text_id(S("0")), rank, s);
	} else if (str_eat(&s, S("!"))) {
		add_counts(0, rank, S("-/-"));
	} else if (str_eat(&s, S("<"))) {
		done.group = group;
		done.rank = rank;
		done.to = number(&s);
		if (str_eat(&s, S("-"))) {
			done.from = done.to;
			done.to = number(&s);
		}
		done.e.t = str_eat(&s, S("@")) ? T0 + number(&s) * SECOND : T0;
		events_add(&run.ev, EVENT_COMPLETED, &done);
	} else {
		printf("# what is %.*s?\n", (int)all.n, all.p);
		return false;
	}
	return true;
}

static bool
configure(const char *args)
{
	static char prog[] = "nccl-hang", text[200];
	struct out out = {.fd = -1};
	struct diag d = {.to = &out, .prog = nccl_hang.filter};
	char *argv[8] = {prog}, *word;
	int argc = 1;
	struct opt_run o = {.prog = nccl_hang.filter, .about = nccl_hang.about, .operands = "", .out = &out, .diag = &d};
	bool good;

	(void)snprintf(text, sizeof(text), "%s", args);
	for (word = strtok(text, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	run.config = mem_get(&run.config_mem, nccl_hang.config_size, 1);
	memcpy(run.config, nccl_hang.config, nccl_hang.config_size);
	o.set[0] = (struct opt_set){nccl_hang.opt, run.config};
	good = opt_parse(&o, argc, argv) == -1;
	buf_free(&out.b);
	return good;
}

static void
detect(void)
{
	struct settled settled;

	mem_reset(&run.mem);
	verdicts_reset(&run.vs);
	run.notice.n = run.explain.n = 0;
	events_sort(&run.ev);
	settled = settle(&run.ev, (struct str){0}, &run.mem);
	nccl_hang.detect(&(struct detection){
		.ev = &run.ev, .settled = &settled, .names = &run.ev.names, .spare = &run.ev.scratch, .config = run.config, .out = &run.vs,
		.notice = &run.notice, .explain = &run.explain, .scratch = &run.scratch, .mem = &run.mem});
}

/* The member's first item, or NULL. */
static const struct item *
member(const struct verdict *v, const char *key)
{
	const struct item *it = run.vs.item + v->item;

	for (size_t i = 0; i < v->nitem; i++)
		if (it[i].name && strcmp(it[i].name, key) == 0)
			return &it[i];
	return NULL;
}

static void
put_list(struct buf *b, const struct verdict *v, const char *before, const char *key)
{
	const struct item *it = member(v, key);

	if (!it)
		return;
	buf_add(b, str_of(before));
	for (size_t i = 1; it[i].kind != ITEM_END; i++) {
		buf_add(b, i > 1 ? S(",") : S(""));
		buf_i64(b, it[i].n);
	}
}

static void
put_number(struct buf *b, const struct verdict *v, const char *before, const char *key)
{
	const struct item *it = member(v, key);

	buf_add(b, str_of(before));
	if (it && it->kind == ITEM_INT)
		buf_i64(b, it->n);
	else if (it)
		buf_add(b, it->s);
}

static void
put_verdict(struct buf *b, const struct verdict *v)
{
	const struct item *sure = member(v, "certainty");

	buf_add(b, b->n ? S("; ") : S(""));
	if (member(v, "pg_name")) {
		struct str group = member(v, "pg_name")->s;

		buf_add(b, str_from(group, str_starts(group, S("000000")) ? 15 : 0)); /* a communicator's last digit */
	}
	put_number(b, v, "#", "collective_seq_id");
	put_number(b, v, " ", "diagnosis");
	if (sure && str_eq(sure->s, S("suspected")))
		buf_chr(b, '?');
	put_list(b, v, " ", "culprit_ranks");
	put_number(b, v, member(v, "nccl_error") ? ": " : "", "nccl_error");
	put_list(b, v, ", hanging ", "hanging_ranks");
	put_list(b, v, ", silent ", "silent_ranks");
	put_list(b, v, ", suspected ", "suspected_ranks");
	if (member(v, "blocked_ranks")) {
		put_number(b, v, ", blocked ", "blocked_ranks");
		put_number(b, v, "/", "blocked_collectives");
		put_number(b, v, "/", "blocked_groups");
	}
}

static void
forget(int64_t decided)
{
	nccl_hang.forget(&(struct detection){.ev = &run.ev, .names = &run.ev.names, .spare = &run.ev.scratch, .config = run.config,
		.scratch = &run.scratch, .mem = &run.mem}, &run.ev, decided);
}

/* Are the verdicts the same without what --follow drops at once?  The first n bytes of b are
 * those with it. */
static bool
forgets_nothing(struct buf *b, size_t n)
{
	bool same;

	forget(T0 - 100 * SECOND);
	detect();
	for (size_t i = 0; i < run.vs.n; i++)
		put_verdict(b, &run.vs.v[i]);
	same = b->n == 2 * n + (n ? 2 : 0) && (!n || memcmp(b->p, b->p + b->n - n, n) == 0);
	if (!same)
		printf("# with what is kept: %.*s\n", (int)(b->n - n), b->n ? b->p + n : "");
	b->n = n;
	return same;
}

static bool
row_is(const char *args, const char *in, const char *want, bool kept)
{
	struct buf b = {0};
	struct str rest = str_of(in), word;
	bool good = configure(args);

	events_reset(&run.ev);
	while (str_cut(&rest, ' ', &word))
		good &= !word.n || add(word);
	detect();
	for (size_t i = 0; i < run.vs.n; i++)
		put_verdict(&b, &run.vs.v[i]);
	good &= !kept || forgets_nothing(&b, b.n);
	if (strchr(want, '!')) {
		detect();
		buf_chr(&b, '!');
		buf_add(&b, buf_str(&run.notice));
	}
	if (!str_eq(buf_str(&b), str_of(want)) || !good) {
		good = false;
		printf("# %s %s\n#   is:  %.*s\n#   not: %s\n", args, in, (int)b.n, b.p ? b.p : "", want);
		printf("# %.*s# %.*s\n", (int)run.explain.n, run.explain.p ? run.explain.p : "", (int)run.notice.n, run.notice.p ? run.notice.p : "");
	}
	buf_free(&b);
	return good;
}

static const struct {
	const char *args, *in, *out;
} rows[] = {
	/* one group: who waits at the front, who is behind it, who never came, who is silent */
	{"", "A=0,1,2,3 A0#5 A1#5 A2#5 A3<4", "A#5 never_joined 3, hanging 0,1,2, blocked 3/1/1"},
	{"", "A=0,1,2,3 A0#5 A1#5 A2#5 A3#4 A0<4 A1<4 A2<4", "A#4 stuck_on_device 3, hanging 0,1,2,3, blocked 3/2/1"},
	{"", "A=0,1,2,3 A0#5 A1#5 A2#5", "A#5 silent 3, hanging 0,1,2, silent 3, blocked 3/1/1"},
	{"", "A=0,1,2,3 A0#5 A1#5 A2#5 A3#5", "A#5 stalled, hanging 0,1,2,3, blocked 4/1/1"},
	{"", "A=0,1,2,3 A0#5 A1#5 A2#5 3!", "A#5 never_joined 3, hanging 0,1,2, blocked 3/1/1"},
	{"", "A=0,1,2,3 A0#5 A1#5 A2<4 A3<3", "A#5 never_joined 2,3, hanging 0,1, blocked 2/1/1"},
	{"", "A=0,1,2,3 A0#5 A1#5 A2<4", "A#5 never_joined 2, hanging 0,1, silent 3, blocked 2/1/1"},
	{"", "A=0,1,2,3 A0#5 A1#5 A2<4 A3#4 A0<4 A1<4", "A#4 never_joined 2,3, hanging 0,1,3, blocked 2/2/1"},
	{"", "A=0,1,2 A0#1 A1#1 A2#0", "A#0 stuck_on_device 2, hanging 0,1,2, blocked 2/2/1"},
	{"", "A=0,1,2 A0<5 A1<5 A2<5", "!"},
	/* members that are not known: no one may be named */
	{"", "A0#5 A1#5 A3#5", "A#5 unknown, hanging 0,1,3, suspected 2, blocked 3/1/1"},
	{"", "A0#5 A1#5 A2<4", "A#5 never_joined 2, hanging 0,1, blocked 2/1/1"},
	{"", "A~4 A0#5 A1#5 A2#5", "A#5 unknown, hanging 0,1,2, blocked 3/1/1"},

	/* counts instead of records */
	{"", "A=0,1,2 A0#5 A1#5 A2+4/4", "A#5 never_joined 2, hanging 0,1, blocked 2/1/1"},
	{"", "A=0,1,2 A0#5 A1#5 A2+5/4", "A#5 stalled, hanging 0,1, blocked 3/1/1"},
	{"", "A=0,1,2,3 A0#5W A1#5W A2+5/4", "A#5 silent? 3, hanging 0,1, silent 3, blocked 3/1/1"},
	{"", "A=0,1,2 A0#5 A1#5 A2+5/5", "A#5 stalled, hanging 0,1, blocked 2/1/1"},
	{"", "A=0,1,2 A0#5 A1#5 A2+9/2", "A#3 stuck_on_device 2, hanging 0,1, blocked 2/1/1"},
	{"", "A=0,1,2 A0#5 A1#5 A2#5 A2+5/2", "A#3 stuck_on_device 2, hanging 0,1,2, blocked 2/1/1"},
	/* which may count point-to-point, too: then records say more */
	{"", "A=0,1,2 A0#5 A1#5 A2<4 A2+9/9", "A#5 never_joined 2, hanging 0,1, blocked 2/1/1"},
	{"", "A=0,1,2 A0#5 A1#5 A2<4 A2+4/5p", "A#5 never_joined 2, hanging 0,1, blocked 2/1/1"},
	{"", "A=0,1,2 A0#5 A1#5 A2+5/5p", "A#5 stalled, hanging 0,1, blocked 2/1/1"},
	{"", "A=0,1,2 A0#5 A1#5 A2+5/4p", "A#5 never_joined 2, hanging 0,1, blocked 2/1/1"},
	{"", "A=0,1,2 A0#5 A1#5 A2#5 A2+5/2p", "A#5 stalled, hanging 0,1,2, blocked 3/1/1"},
	/* which grow when the call returns: who has not returned is still in it */
	{"", "A=0,1,2 A0#5 A0+5/4 A1#5 A1+5/4 A2#5 A2+4/4", "A#5 never_joined 2, hanging 0,1,2, blocked 2/1/1"},
	{"", "A=0,1,2 A0#5 A0+4/4 A1#5 A1+4/4 A2#5 A2+4/4", "A#5 stalled, hanging 0,1,2, blocked 3/1/1"},
	{"", "A=0,1,2 A0#5r A1#5 A1+4/4 A2#5 A2+4/4", "A#5 never_joined 1,2, hanging 0,1,2, blocked 1/1/1"},
	{"", "A=0,1,2 A0#5 A0+5/4 A1#5 A1+5/4 A2#5r A2+4/4", "A#5 stalled, hanging 0,1,2, blocked 3/1/1"},
	{"", "A=0,1,2 A0#5 A0+5/4p A1#5 A1+5/4 A2#5 A2+4/4", "A#5 stalled, hanging 0,1,2, blocked 3/1/1"},
	{"", "A=0,1,2 A0#5 A0+5/4 A1#5 A1+5/4 A2#5 A2+-/4", "A#5 stalled, hanging 0,1,2, blocked 3/1/1"},
	/* or that only say that calls returned */
	{"", "A=0,1,2 A0#5 A1#5 A1+-/-R 2!", "A#5 unknown, hanging 0,1, suspected 2, blocked 2/1/1"},
	{"", "A=0,1,2 A0#1 A1#1 A1+-/-R 2!", "A#1 never_joined 2, hanging 0,1, blocked 2/1/1"},
	{"", "A=0,1,2 A0#5 A1#5 A1+-/-R A2<3", "A#5 never_joined 2, hanging 0,1, blocked 2/1/1"},
	{"", "A=0,1,2 A0#5 A1#5 A1+-/-R A2+3/3", "A#5 never_joined 2, hanging 0,1, blocked 2/1/1"},
	{"", "A=0,1,2 A0#5 A1#5 A2#4 A2+-/-R", "A#4 unknown, hanging 0,1,2, blocked 3/2/1"},
	{"", "A=0,1,2 A0#5 A1#5 A2#5 A2+-/-R", "A#5 unknown, hanging 0,1,2, blocked 3/1/1"},
	/* or that are of no use between ranks */
	{"", "A=0,1,2 A0#5 A1#9 A2#4 A2+-/-N", "A#9 unknown, hanging 0,1,2, blocked 3/3/1"},
	{"", "A=0,1,2 A0#5 A1#9 A2<4 A2+-/-N", "A#9 unknown, hanging 0,1, suspected 2, blocked 2/2/1"},

	/* behind a collective with a root some go on before others come */
	{"", "A=0,1,2 A0#5 A1#5 A2#4:nccl:broadcast A0<4 A1<4", "A#4 stalled, hanging 0,1,2, blocked 3/2/1"},
	{"", "A=0,1,2 A0#5 A1#5 A2#4:nccl:gather A0<4 A1<4", "A#4 stalled, hanging 0,1,2, blocked 3/2/1"},
	{"", "A=0,1,2 A0#5 A1#5 A2#3:nccl:broadcast A2#4 A0<4 A1<4", "A#3 stuck_on_device 2, hanging 0,1,2, blocked 2/3/1"},
	{"", "A=0,1,2 A0#5 A1#5 A2#3:nccl:reduce A2#4:nccl:scatter A0<4 A1<4", "A#3 stalled, hanging 0,1,2, blocked 3/3/1"},
	{"", "A=0,1,2 A0#5:nccl:all_gather A1#5:nccl:all_gather A2#4:nccl:all_gather A0<4 A1<4", "A#4 stuck_on_device 2, hanging 0,1,2, blocked 2/2/1"},

	/* half of the members have completed it: the rest is stuck */
	{"", "A=0,1,2,3 A0<5 A1<5 A2#5 A3#5", "A#5 stuck_on_device 2,3, hanging 2,3, blocked 0/1/1"},
	{"", "A=0,1,2,3,4 A0<5 A1<5 A2#5 A3#5 A4#5", "A#5 stalled, hanging 2,3,4, blocked 3/1/1"},
	{"", "A=0,1,2,3 A0+5/5 A1<5 A2#5 A3#5", "A#5 stuck_on_device 2,3, hanging 2,3, blocked 0/1/1"},
	{"", "A=0,1,2,3 A0<5 A1<5 A2#5:nccl:broadcast A3#5:nccl:broadcast", "A#5 stalled, hanging 2,3, blocked 2/1/1"},
	{"", "A=0,1,2,3 A0<5 A1<5 A2<4 A3#5", "A#5 never_joined 2, hanging 3, blocked 1/1/1"},

	/* several groups: a rank that waits in another is a victim */
	{"", "A=0,1 B=1,2 A0#5 A1<4 B1#7 B2<6", "B#7 never_joined 2, hanging 1, blocked 2/2/2"},
	{"", "A=0,1 B=1,2 A0#5 A1<4 B1#7 B2#7", "B#7 stalled, hanging 1,2, blocked 3/2/2"},
	{"", "A=0,1 B=1,2 A0#5 A1<4 B1#7", "B#7 silent 2, hanging 1, silent 2, blocked 2/2/2"},
	{"", "A=0,1 B=1,2 A0#5 A1#4 A0<4 B1#7 B2<6", "B#7 never_joined 2, hanging 1, blocked 2/3/2"},
	{"", "A=0,1 B=2,3 A0#5 A1<4 B2#5 B3<4", "A#5 never_joined 1, hanging 0, blocked 1/1/1; B#5 never_joined 3, hanging 2, blocked 1/1/1"},
	/* the group in which a culprit was blamed first, or which hung first */
	{"", "A=0,1 B=0,1 A0#5@1 A1<4 B0#7@0 B1<6", "B#7 never_joined 1, hanging 0, blocked 1/2/2"},
	{"", "A=0,1 B=0,1 A0#5@0 A1<4 B0#7@0 B1<6", "A#5 never_joined 1, hanging 0, blocked 1/2/2"},
	{"", "A=0,1,2 B=0,1 A0#5@0 A1<4 A2#5@0 B0#7@0 B1<6", "B#7 never_joined 1, hanging 0, blocked 2/2/2"},
	/* the graver of two diagnoses */
	{"", "A=0,1 B=0,1 A0#5@0 A1<4 B0#7@1 B0<6 B1#6@1", "B#6 stuck_on_device 1, hanging 0,1, blocked 1/3/2"},
	/* each waits for the other */
	{"", "A=0,1 B=0,1 A0#5 A1<4 B1#5 B0<4", "A#5 deadlock 0,1, hanging 0, blocked 0/2/2"},
	{"", "A=0,1 B=1,2 C=2,0 A0#5 A1<4 B1#5 B2<4 C2#5 C0<4", "A#5 deadlock 0,1,2, hanging 0, blocked 0/3/3"},
	{"", "A=0,1,3 B=1,2 C=2,0 D=3,4 A0#5 A1<4 A3<4 B1#5 B2<4 C2#5 C0<4 D3#1 D4<1", "D#1 stuck_on_device 3, hanging 3, blocked 3/4/4"},
	/* all came to both, in different orders */
	{"", "A=0,1 B=0,1 A0#5@0 B0#5@1 B1#5@0 A1#5@1", "A#5 deadlock 0,1, hanging 0,1, blocked 0/2/2"},
	{"", "A=0,1 B=0,1 A0#5@0 B0#5@1 B1#5@1 A1#5@0", "A#5 stalled, hanging 0,1, blocked 2/2/2"},
	{"", "A=0,1 B=0,1 A0#5@0 B0#5@0 B1#5@0 A1#5@1", "A#5 stalled, hanging 0,1, blocked 2/2/2"},
	{"", "A=0,1 B=1,2 C=2,0 A0#1@0 C0#1@1 B1#1@0 A1#1@1 C2#1@0 B2#1@1", "A#1 deadlock 0,1,2, hanging 0,1, blocked 0/3/3"},
	{"", "A=0,1 B=0,1 C=0,2 A0#5@0 B0#5@1 B1#5@0 A1#5@1 C0#2@2 C2#2@2", "A#5 deadlock 0,1, hanging 0,1, blocked 1/3/3"},
	/* stuck in each other's: who came there before it waited */
	{"", "A=0,1 B=0,1 A0#4@0 A1#5@9 A1<4 B1#4@10 B0#5@9 B0<4", "A#4 stuck_on_device 0, hanging 0,1, blocked 1/4/2"},

	/* sends and receives: a rank that waits for a peer is a victim */
	{"", "A=0,1 B=0,2,3 B2#5 B3#5 B0<4 A0+3/2>1@0 1!", "B#5 unknown, hanging 2,3, suspected 1, blocked 2/1/1"},
	{"", "A=0,1 B=0,2,3 B2#5 B3#5 B0<4 A0+3/3 1!", "B#5 never_joined 0, hanging 2,3, blocked 2/1/1"},
	{"", "A=0,1 B=0,2 C=1,3 B2#5 B0<4 C3#5 C1<4 A0+3/2>1@0", "C#5 never_joined 1, hanging 3, blocked 2/2/2"},
	{"", "A=0,1 B=0,2,1 B2#5 B0<4 A0+3/2>1@0", "B#5 silent 1, hanging 2, silent 1, blocked 1/1/1"},
	{"", "A=0,1 B=0,2 C=1,3 B2#5 B0<4 C3#5 C1<4 A0+3/2>1@0 A1+3/2>0@0", "B#5 never_joined 0,1, hanging 2,3, blocked 2/2/2"},
	/* two that wait for each other's answer do not hold up what all came to; one that wrote a dump and is not there does */
	{"", "A=0,1 B=0,1,2 B0#5@10 B1#5@10 B2#5@10 A0+3/2>1@0 A1+3/2>0@0", "B#5 stalled, hanging 0,1,2, blocked 3/1/1"},
	{"", "A=0,1 B=0,1,2 B0#5@10 B1#5@10 B2#5@10 A0+3/2>1@0 1!", "B#5 unknown, hanging 0,1,2, blocked 3/1/1"},
	{"", "A=0,3 B=0,1,2 B0#5@10 B1#5@10 B2#5@10 A0+3/2>1@0", "B#5 unknown, hanging 0,1,2, suspected 3, blocked 3/1/1"},
	{"", "A=0,3 B=0,1,2 B0#5@10 B1#5@10 B2#5@10 A0+3/2>1@0 A3+3/2>0@0", "B#5 stalled, hanging 0,1,2, blocked 3/1/1"},

	/* calls that differ */
	{"", "A=0,1,2 A0#5 A1#5 A2#5:nccl:barrier", "A#5 mismatch 2, hanging 0,1,2, blocked 2/1/1"},
	{"", "A=0,1,2,3 A0#5 A1#5 A2#5:nccl:barrier A3#5:nccl:barrier", "A#5 mismatch 0,1,2,3, hanging 0,1,2,3, blocked 0/1/1"},
	{"", "A=0,1,2 A0#5 A1#5:gloo:ALLREDUCE A2#5:nccl:_all_reduce", "A#5 stalled, hanging 0,1,2, blocked 3/1/1"},
	{"", "A=0,1,2 A0#5/8|f A1#5/8|f A2#5/9|f", "A#5 mismatch 2, hanging 0,1,2, blocked 2/1/1"},
	{"", "A=0,1,2 A0#5/8|f A1#5/8|f A2#5/8|h", "A#5 mismatch 2, hanging 0,1,2, blocked 2/1/1"},
	{"", "A=0,1,2 A0#5/8|f|8|f A1#5/8|f|8|f A2#5/8|f|8|h", "A#5 mismatch 2, hanging 0,1,2, blocked 2/1/1"},
	/* only what all calls tell */
	{"", "A=0,1,2 A0#5/8|f|| A1#5/8|f|| A2#5/8|||", "A#5 stalled, hanging 0,1,2, blocked 3/1/1"},
	{"", "A=0,1,2 A0#5/8|f A1#5/8|f A2#5", "A#5 stalled, hanging 0,1,2, blocked 3/1/1"},
	/* sizes may differ in some operations */
	{"", "A=0,1,2 A0#5:nccl:all_to_all/8 A1#5:nccl:all_to_all/8 A2#5:nccl:all_to_all/9", "A#5 stalled, hanging 0,1,2, blocked 3/1/1"},
	{"", "A=0,1,2 A0#5:nccl:gather/8 A1#5:nccl:gather/8 A2#5:nccl:gather/9", "A#5 stalled, hanging 0,1,2, blocked 3/1/1"},
	{"", "A=0,1,2 A0#5:nccl:broadcast/8 A1#5:nccl:broadcast/8 A2#5:nccl:broadcast/9", "A#5 mismatch 2, hanging 0,1,2, blocked 2/1/1"},
	/* an all_reduce whose output is not its input's size; a call that PyTorch calls odd */
	{"", "A=0,1,2 A0#5/8|f|8|f A1#5/8|f|8|f A2#5/8|f|9|f", "A#5 mismatch 2, hanging 0,1,2, blocked 2/1/1"},
	{"", "A=0,1 A0#5/8|f|9|f A1#5/8|f|9|f", "A#5 mismatch 0,1, hanging 0,1, blocked 0/1/1"},
	{"", "A=0,1 A0#5:nccl:all_gather/8|f|9|f A1#5:nccl:all_gather/8|f|9|f", "A#5 stalled, hanging 0,1, blocked 2/1/1"},
	{"", "A=0,1,2 A0#5x A1#5x A2#5x", "A#5 mismatch 0,1,2, hanging 0,1,2, blocked 0/1/1"},
	/* coalesced calls: all of them, in any order, each once */
	{"", "A=0,1,2 A0#5/8 A0#5/9 A1#5/9 A1#5/8 A2#5/8 A2#5/9", "A#5 stalled, hanging 0,1,2, blocked 3/1/1"},
	{"", "A=0,1,2 A0#5/8 A0#5/9 A1#5/8 A1#5/9 A2#5/8", "A#5 mismatch 2, hanging 0,1,2, blocked 2/1/1"},
	/* of members that are not known, others may be the minority */
	{"", "A~4 A0#5 A1#5 A2#5:nccl:barrier", "A#5 mismatch 2, hanging 0,1,2, blocked 2/1/1"},
	{"", "A~4 A0#5 A1#5:nccl:barrier", "A#5 mismatch 0,1, hanging 0,1, blocked 0/1/1"},

	/* --min-ranks, with who never joined */
	{"", "A=0,1,2,3 A0#5 A1<5 A2<5 A3<5", "!1 rank hangs, below --min-ranks=2: not reported"},
	{"--min-ranks=1", "A=0,1,2,3 A0#5 A1<5 A2<5 A3<5", "A#5 stuck_on_device 0, hanging 0, blocked 0/1/1"},
	{"", "A=0,1 A0#5 A1<4", "A#5 never_joined 1, hanging 0, blocked 1/1/1"},
	{"--min-ranks=3", "A=0,1,2 A0#5 A1#5 A2<4", "A#5 never_joined 2, hanging 0,1, blocked 2/1/1"},
	{"--min-ranks=4", "A=0,1,2 A0#5 A1#5 A2<4", "!2 ranks hang, below --min-ranks=4: not reported"},
	{"--min-ranks=3", "A=0,1 B=1,2 A0#5 A1<4 B1#7 B2<6", "B#7 never_joined 2, hanging 1, blocked 2/2/2"},

	/* ages: of a dump, old enough; else by the newest record, or the record's own time */
	{"", "A=0,1,2 A0#5?@0 A1#5?@0 A2<4@300", "A#5 never_joined 2, hanging 0,1, blocked 2/1/1"},
	{"", "A=0,1,2 A0#5?@0 A1#5?@0 A2<4@299", "!2 unfinished collective calls, none older than --threshold=300s (oldest: 299s before the newest record; use --now=TIME for another reference time)"},
	{"-t 299s", "A=0,1,2 A0#5?@0 A1#5?@0 A2#4?@299", "A#4 stuck_on_device 2, hanging 0,1, blocked 2/1/1"},
	{"", "A=0,1,2 A0#5?@0u300 A1#5?@0u300 A2<4@0", "A#5 never_joined 2, hanging 0,1, blocked 2/1/1"},
	{"", "A=0,1,2 A0#5?@0u299 A1#5?@0u299 A2<4@0", "!2 unfinished collective calls, none older than --threshold=300s (oldest: 299s)"},
	{"", "A=0,1,2 A0#5?@none A1#5?@none A2<4@0", "!2 unfinished collective calls, none older than --threshold=300s (age unknown)"},

	/* groups in one common group that began within a minute are one */
	{"", "D=0,1,2,3 A=0,1 B=2,3 A0#5 A1<4 B2#5@60 B3<4", "A#5 never_joined 1,3, hanging 0,2, blocked 2/2/2"},
	{"", "D=0,1,2,3 A=0,1 B=2,3 A0#5@30 A1<4 B2#5@0 B3<4", "B#5 never_joined 1,3, hanging 0,2, blocked 2/2/2"},
	{"", "D=0,1,2,3 A=0,1 B=2,3 A0#5 A1<4 B2#5@61 B3<4",
		"A#5 never_joined 1, hanging 0, blocked 1/1/1; B#5 never_joined 3, hanging 2, blocked 1/1/1"},
	{"", "D=0,1,2 A=0,1 B=2,3 A0#5 A1<4 B2#5 B3<4",
		"A#5 never_joined 1, hanging 0, blocked 1/1/1; B#5 never_joined 3, hanging 2, blocked 1/1/1"},

	/* --groups, by name */
	{"--groups=^B", "A=0,1 B=1,2 A0#5 A1<4 B1#7 B2<6", "B#7 never_joined 2, hanging 1, blocked 1/1/1"},
	{"--groups=^C", "A=0,1 B=1,2 A0#5 A1<4 B1#7 B2<6", ""},

	/* --all: each collective */
	{"--all", "A=0,1,2,3 A0#5 A1#5 A2#5 A3#4 A0<4 A1<4 A2<4", "A#5 stuck_on_device 3, hanging 0,1,2"},
	{"--all", "A=0,1,2,3 A0#5 A1#5 A2#4 A3#4 A0<4 A1<4", "A#4 stuck_on_device 2,3, hanging 2,3; A#5 stuck_on_device 2,3, hanging 0,1"},
	{"--all", "A=0,1,2,3 A0#5 A1#5 A2#5", "A#5 silent 3, hanging 0,1,2, silent 3"},
	{"--all", "A=0,1,2,3 A0#5 A1#5 A2<4", "A#5 never_joined 2, hanging 0,1, silent 3"},
	{"--all", "A=0,1 A0#5 A1#5", "A#5 stalled, hanging 0,1"},
	{"--all", "A~3 A0#5 A1#5", "A#5 unknown, hanging 0,1"},
	{"--all", "A=0,1,2 A0#5 A1#5 A2#5:nccl:barrier", "A#5 mismatch 2, hanging 0,1,2"},
	{"--all", "A=0,1,2,3 A0<5 A1<5 A2#5 A3#5", "A#5 stuck_on_device 2,3, hanging 2,3"},
	{"--all", "A=0,1 A0#5 A1<4", "A#5 never_joined 1, hanging 0"},
	{"--all", "A=0,1 B=1,2 A0#5 A1<4 B1#7 B2<6", "A#5 never_joined 1, hanging 0; B#7 never_joined 2, hanging 1"},
	{"--all --min-ranks=3", "A=0,1,2,3 A0#5 A1#5 A2<5 A3<5", "!2 ranks hang, below --min-ranks=3: not reported"},
	{"--all --min-ranks=3", "A=0,1,2,3 A0#5 A1#5 A2<4 A3<5", "A#5 never_joined 2, hanging 0,1"},

	/* attempts: numbers that fall by more than 16 in 10 seconds */
	{"", "A=0,1 A0<21@0 A1<21@0 A0#5@10 A1#5@10", ""},
	{"", "A=0,1 A0<22@0 A1<22@0 A0#5@10 A1#5@10", "A#5 stalled, hanging 0,1, blocked 2/1/1"},
	{"", "A=0,1 A0<22@0 A1<22@0 A0#5@9 A1#5@9", ""},
	/* its counts have no time: of one attempt, but not of two */
	{"", "A=0,1 A0#5@10 A1#5@10 A1+5/3", "A#4 stuck_on_device 1, hanging 0,1, blocked 1/1/1"},
	{"", "A=0,1 A0<22@0 A1<22@0 A0#5@10 A1#5@10 A1+5/3", "A#5 stalled, hanging 0,1, blocked 2/1/1"},
	{"", "A=0,1 A0<22@0 A0#5@10 A1#5@10 A1+5/3", "A#4 stuck_on_device 1, hanging 0,1, blocked 1/1/1"},
	/* a rank that moves to another host for good, a minute later at least */
	{"", "A=0,1 A0#5@0na A1#5@0 A0#6@60nb A1#6@60", "A#5 stalled, hanging 0,1, blocked 2/1/1; A#6 stalled, hanging 0,1, blocked 2/1/1"},
	{"", "A=0,1 A0#5@0na A1#5@0 A0#6@59nb A1#6@59", "A#5 unknown, hanging 0,1, blocked 2/2/1"},
	{"", "A=0,1 A0#5@0na A1#5@0 A0#6@60nb A1#6@60 A0#7@120na A1#7@120",
		"A#5 unknown, hanging 0,1, blocked 2/2/1; A#7 stalled, hanging 0,1, blocked 2/1/1"},
};

/* ---- logs ---- */

static const struct {
	const char *in, *out;
} logs[] = {
	/* who timed out waits; who reported and has no such timeout, or is behind, is to blame */
	{"A=0,1,2 &0:timeout:rank=0:group=A:seq=5:op=ALLREDUCE:ran=600 &0:timeout:rank=1:group=A:seq=5:op=ALLREDUCE:ran=600", "A#5 silent? 2, hanging 0,1, silent 2, blocked 2/1/1"},
	{"A=0,1,2 &0:timeout:rank=0:group=A:seq=5:op=ALLREDUCE:ran=600 &0:timeout:rank=1:group=A:seq=5:op=ALLREDUCE:ran=600 &0:heard:rank=2", "A#5 unknown, hanging 0,1, suspected 2, blocked 2/1/1"},
	{"A=0,1,2 &0:failure:rank=0:group=A:seq=5:op=ALLREDUCE:enq=5:done=4 &0:failure:rank=1:group=A:seq=5:op=ALLREDUCE:enq=5:done=4 "
	 "&0:progress:rank=2:group=A:enq=4:done=4", "A#5 never_joined 2, hanging 0,1, blocked 2/1/1"},
	{"A=0,1,2 &0:failure:rank=0:group=A:seq=5:op=ALLREDUCE:enq=5:done=4 &0:failure:rank=1:group=A:seq=5:op=ALLREDUCE:enq=5:done=4 "
	 "&0:failure:rank=2:group=A:seq=4:op=ALLREDUCE:enq=5:done=3", "A#4 stuck_on_device 2, hanging 0,1,2, blocked 2/2/1"},
	{"A=0,1,2 &0:failure:rank=0:group=A:seq=5:op=ALLREDUCE:enq=5:done=4 &0:failure:rank=1:group=A:seq=5:op=ALLREDUCE:enq=5:done=4 "
	 "&0:failure:rank=2:group=A:seq=5:op=ALLREDUCE:enq=5:done=4", "A#5 stalled, hanging 0,1,2, blocked 3/1/1"},
	/* the rank that no line names, whatever ranks without a number there are */
	{"&0:timeout:rank=0:group=A:seq=5:op=X &0:timeout:rank=1:group=A:seq=5:op=X &0:timeout:rank=3:group=A:seq=5:op=X", "A#5 unknown, hanging 0,1,3, suspected 2, blocked 3/1/1"},
	{"&0:timeout:rank=0:group=A:seq=5:op=X &0:timeout:rank=1:group=A:seq=5:op=X &0:timeout:rank=3:group=A:seq=5:op=X &0:timeout:local=0:group=B:seq=5:op=X &0:timeout:local=1:group=B:seq=5:op=X", "B#5 unknown, hanging 0,1,3, suspected 2, blocked 5/2/2"},
	{"&0:timeout:rank=0:group=A:seq=5:op=X &0:timeout:rank=1:group=A:seq=5:op=X &0:timeout:rank=3:group=A:seq=5:op=X &0:timeout:local=0:group=B:seq=5:op=X", "B#5 unknown, hanging 0,1,3, suspected 2, blocked 4/2/2"},
	/* of what several lag behind in, the first */
	{"&0:timeout:rank=0:group=0:seq=5:op=X:ran=600 &0:lagging:ranks=2:group=0:seq=0 &0:lagging:ranks=3:group=0:seq=3 &0:timeout:rank=1:group=0:seq=5:op=X:ran=600", "0#0 never_joined 2,3, hanging 0,1, blocked 2/1/1"},
	{"&0:timeout:rank=0:group=0:seq=5:op=X:ran=600 &0:lagging:ranks=2:group=0:seq=3 &0:lagging:ranks=3:group=0:seq=4 &0:timeout:rank=1:group=0:seq=5:op=X:ran=600", "0#3 never_joined 2,3, hanging 0,1, blocked 2/1/1"},
	/* without a team: by its size, or by its ranks' numbers */
	{"&0:timeout:rank=0:group=0:seq=5:op=ALLREDUCE &0:timeout:rank=1:group=0:seq=5:op=ALLREDUCE &0:group:rank=0:local=0:group=0:size=3", "0#5 silent? 2, hanging 0,1, silent 2, blocked 2/1/1"},
	{"&0:timeout:rank=0:group=0:seq=5:op=ALLREDUCE &0:timeout:rank=1:group=0:seq=5:op=ALLREDUCE &0:host:ranks=0-2:size=3:node=a", "0#5 silent? 2, hanging 0,1, silent 2, blocked 2/1/1"},
	{"&0:timeout:rank=4:local=0:group=A:seq=5:op=ALLREDUCE &0:timeout:rank=6:local=2:group=A:seq=5:op=ALLREDUCE", "A#5 unknown, hanging 4,6, suspected 5, blocked 2/1/1"},
	{"&0:timeout:rank=4:local=0:group=A:seq=5:op=ALLREDUCE &0:timeout:rank=6:local=1:group=A:seq=5:op=ALLREDUCE", "A#5 unknown, hanging 4,6, blocked 2/1/1"},
	{"&0:timeout:local=0:group=A:seq=5:op=ALLREDUCE &0:timeout:local=1:group=A:seq=5:op=ALLREDUCE", "A#5 unknown, hanging 0,1, blocked 2/1/1"},
	{"&0:timeout:local=0:group=A:seq=5:op=ALLREDUCE &0:timeout:local=1:group=A:seq=5:op=ALLREDUCE &0:heard:rank=7:local=1:group=A", "A#5 unknown, hanging 0,7, blocked 2/1/1"},
	/* sizes of gathered and scattered tensors tell the group's */
	{"&0:timeout:rank=0:group=A:seq=5:op=_ALLGATHER_BASE:shape=8||24| &0:timeout:rank=1:group=A:seq=5:op=_ALLGATHER_BASE:shape=8||24|", "A#5 silent? 2, hanging 0,1, silent 2, blocked 2/1/1"},
	{"&0:timeout:rank=0:group=A:seq=5:op=_REDUCE_SCATTER_BASE:shape=24||8| &0:timeout:rank=1:group=A:seq=5:op=_REDUCE_SCATTER_BASE:shape=24||8|", "A#5 silent? 2, hanging 0,1, silent 2, blocked 2/1/1"},
	{"&0:timeout:rank=0:group=A:seq=5:op=BROADCAST:shape=8||24| &0:timeout:rank=1:group=A:seq=5:op=BROADCAST:shape=8||24|", "A#5 unknown, hanging 0,1, blocked 2/1/1"},
	{"&0:timeout:rank=0:group=A:seq=5:op=_ALLGATHER_BASE:shape=8||25| &0:timeout:rank=1:group=A:seq=5:op=_ALLGATHER_BASE:shape=8||25|", "A#5 unknown, hanging 0,1, blocked 2/1/1"},
	{"&0:timeout:rank=0:group=A:seq=5:op=_ALLGATHER_BASE:shape=8||8| &0:timeout:rank=1:group=A:seq=5:op=_ALLGATHER_BASE:shape=8||8|", "A#5 unknown, hanging 0,1, blocked 2/1/1"},
	{"&0:timeout:rank=0:group=A:seq=5:op=ALLREDUCE:shape=8||24| &0:timeout:rank=1:group=A:seq=5:op=ALLREDUCE:shape=8||24|", "A#5 mismatch 0,1, hanging 0,1, blocked 2/1/1"},
	/* a dump's counters, of the default group */
	{"&0:dump:rank=0:enq=5:done=4:other=2 &0:dump:rank=1:enq=5:done=4:other=2 &0:dump:rank=2:enq=5:done=4:other=2", "0#5 unknown, hanging 0,1,2, blocked 3/1/1"},
	{"&0:dump:rank=0:enq=5:done=4:other=2 &0:dump:rank=1:enq=4:done=4:other=2 &0:dump:rank=2:enq=5:done=4:other=2", "0#5 never_joined 1, hanging 0,2, blocked 2/1/1"},
	/* barriers that no rank passed; calls that differ */
	{"&0:barrier:rank=0:ranks=2,3", "monitoredBarrier# never_joined 2,3, hanging 0, blocked 1/1/1"},
	{"&0:mismatch:local=1:seq=5:op=ALLREDUCE &0:mismatch:local=2:seq=5:op=BARRIER", "0#5 mismatch 1,2, hanging 1,2, suspected 0, blocked 2/1/1"},
	{"&0:store:rank=0:op=3/4:size=4 &0:store:rank=1:op=3/4:size=4", "TCPStore# unknown, hanging 0,1, blocked 2/1/1"},
	/* desync reports */
	{"&0:lagging:ranks=2:seq=5 &0:joined:ranks=0,1:seq=5", "0#5 never_joined 2, hanging 0,1, blocked 2/1/1"},
	{"&0:timeout:rank=0:group=0:seq=5:op=ALLREDUCE &0:lagging:ranks=2:seq=5 &0:joined:ranks=0,1:seq=5", "0#5 never_joined 2, hanging 0,1, blocked 2/1/1"},
	/* two hosts of a rank, or numbers of a rank far apart, are two jobs or attempts */
	{"&0:timeout:rank=0:group=A:seq=5:op=X:node=a &0:timeout:rank=0:group=A:seq=5:op=X:node=b", "A#5 unknown, hanging 0, blocked 1/1/1!some records are of two jobs or attempts that cannot be distinguished: run the filter on each separately"},
	{"&none:timeout:rank=0:group=A:seq=5:op=X &none:timeout:rank=0:group=A:seq=22:op=X", "A#5 unknown, hanging 0, blocked 1/1/1!some records are of two jobs or attempts that cannot be distinguished: run the filter on each separately"},
	{"&none:timeout:rank=0:group=A:seq=5:op=X &none:timeout:rank=0:group=A:seq=21:op=X", "A#5 unknown, hanging 0, blocked 1/1/1!"},
	/* sends and receives have numbers of their own */
	{"&0:timeout:rank=0:group=A:seq=5:op=SEND &0:timeout:rank=1:group=A:seq=5:op=RECV", "#5 unknown, hanging 0,1, blocked 2/1/1"},
	/* attempts: a rank's hang that began after its last timeout */
	{"&600:timeout:rank=0:group=A:seq=5:op=X:ran=600 &600:timeout:rank=1:group=A:seq=5:op=X:ran=600 "
	 "&1201:timeout:rank=0:group=A:seq=7:op=X:ran=600 &1201:timeout:rank=1:group=A:seq=7:op=X:ran=600", "A#5 unknown, hanging 0,1, blocked 2/1/1; A#7 unknown, hanging 0,1, blocked 2/1/1"},
	{"&600:timeout:rank=0:group=A:seq=5:op=X:ran=600 &600:timeout:rank=1:group=A:seq=5:op=X:ran=600 "
	 "&1200:timeout:rank=0:group=A:seq=7:op=X:ran=600 &1200:timeout:rank=1:group=A:seq=7:op=X:ran=600", "A#5 unknown, hanging 0,1, blocked 2/1/1"},
	{"&600:timeout:local=0:group=A:seq=5:op=X:ran=600 &600:timeout:local=1:group=A:seq=5:op=X:ran=600 "
	 "&1201:timeout:local=0:group=A:seq=7:op=X:ran=600 &1201:timeout:local=1:group=A:seq=7:op=X:ran=600", "A#5 unknown, hanging 0,1, blocked 2/1/1; A#7 unknown, hanging 0,1, blocked 2/1/1"},
	{"&600:timeout:rank=0:group=A:seq=5:op=X:ran=600 &1201:timeout:rank=1:group=A:seq=5:op=X:ran=600", "A#5 unknown, hanging 0,1, blocked 2/1/1"},
	/* a signal to dump more than ten minutes after the last timeout, and none within a minute */
	{"&0:timeout:rank=0:group=0:seq=5:op=X &0:timeout:rank=1:group=0:seq=5:op=X &601:dump:rank=0:enq=7:done=6 &601:dump:rank=1:enq=7:done=6", "0#5 unknown, hanging 0,1, blocked 2/1/1; 0#7 unknown, hanging 0,1, blocked 2/1/1"},
	{"&0:timeout:rank=0:group=0:seq=5:op=X &0:timeout:rank=1:group=0:seq=5:op=X &600:dump:rank=0:enq=7:done=6 &600:dump:rank=1:enq=7:done=6", "0#5 unknown, hanging 0,1, blocked 2/1/1"},
	{"&0:timeout:rank=0:group=0:seq=5:op=X &0:timeout:rank=1:group=0:seq=5:op=X &601:dump:rank=0:enq=7:done=6 &601:dump:rank=1:enq=7:done=6 "
	 "&661:timeout:rank=2:group=0:seq=7:op=X", "0#5 stuck_on_device 0,1, hanging 0,1,2, blocked 1/2/1"},
	/* numbers of a group that fall by more than 16 after ten minutes */
	{"&0:failure:rank=0:group=A:seq=22:op=X &0:failure:rank=1:group=A:seq=22:op=X &601:failure:rank=2:group=A:seq=5:op=X &601:failure:rank=3:group=A:seq=5:op=X", "A#5 unknown, hanging 2,3, suspected 0,1, blocked 2/1/1; A#22 unknown, hanging 0,1, blocked 2/1/1"},
	{"&0:failure:rank=0:group=A:seq=22:op=X &0:failure:rank=1:group=A:seq=22:op=X &600:failure:rank=2:group=A:seq=5:op=X &600:failure:rank=3:group=A:seq=5:op=X", "A#5 unknown, hanging 0,1,2,3, blocked 4/2/1"},
	{"&0:failure:rank=0:group=A:seq=21:op=X &0:failure:rank=1:group=A:seq=21:op=X &601:failure:rank=2:group=A:seq=5:op=X &601:failure:rank=3:group=A:seq=5:op=X", "A#5 unknown, hanging 0,1,2,3, blocked 4/2/1"},
	{"&0:failure:rank=0:group=A:seq=22:op=X &0:failure:rank=1:group=A:seq=22:op=X &601:failure:rank=2:group=B:seq=5:op=X &601:failure:rank=3:group=B:seq=5:op=X", "B#5 unknown, hanging 2,3, blocked 2/1/1; A#22 unknown, hanging 0,1, blocked 2/1/1"},
	/* jobs by the labels or pods of their lines */
	{"&0:timeout:rank=0:group=0:seq=5:op=X:writer=a|n/a-0 &0:timeout:rank=1:group=0:seq=5:op=X:writer=a|n/a-1 "
	 "&0:timeout:rank=0:group=0:seq=7:op=X:writer=b|n/b-0 &0:timeout:rank=1:group=0:seq=7:op=X:writer=b|n/b-1", "0#5 unknown, hanging 0,1, blocked 2/1/1; 0#7 unknown, hanging 0,1, blocked 2/1/1"},
	{"&0:timeout:rank=0:group=0:seq=5:op=X:writer=|n/a-worker-0 &0:timeout:rank=1:group=0:seq=5:op=X:writer=|n/a-worker-1 "
	 "&0:timeout:rank=0:group=0:seq=7:op=X:writer=|n/b-worker-0 &0:timeout:rank=1:group=0:seq=7:op=X:writer=|n/b-worker-1", "0#5 unknown, hanging 0,1, blocked 2/1/1; 0#7 unknown, hanging 0,1, blocked 2/1/1"},
	{"&0:timeout:rank=0:group=0:seq=5:op=X:writer=|n/a-worker-0 &0:timeout:rank=1:group=0:seq=5:op=X:writer=|n/b-worker-1", "0#5 unknown, hanging 0,1, blocked 2/1/1"},
};

/* ---- --follow ---- */

/* What is left after an hour and a half of which all is decided. */
static const struct {
	const char *in, *left;
} kept[] = {
	/* of completed ranges, the highest, with the newest time; of each attempt */
	{"A0<5@1 A0<7@2", "A0<7@2"},
	{"A0<7@1 A0<5@2", "A0<7@2"},
	{"A0<5@1 A1<5@1 B0<5@1", "A0<5@1 A1<5@1 B0<5@1"},
	{"A0<21@0 A0<5@10", "A0<21@10"},
	{"A0<22@0 A0<5@9", "A0<22@9"},
	{"A0<22@0 A0<5@10", "A0<22@0 A0<5@10"},
	{"A0<22@0 A0<5@10 A0<6@11", "A0<22@0 A0<6@11"},
	/* no call that has completed since, but its time; of one in several states, the last */
	{"A0#5@1 A0<5@9", "A0<5@9"},
	{"A0#5@9 A0<5@1", "A0<5@9"},
	{"A0#5@9 A0<4@1", "A0#5@9 A0<4@1"},
	{"A0#5@10 A0<22@0", "A0#5@10 A0<22@0"},
	{"A0#5@9 A0<22@0", "A0<22@9"},
	{"A0#5@10 A0<22@0 A0<5@11", "A0<22@0 A0<5@11"},
	{"A0#5@1 A1<5@9", "A0#5@1 A1<5@9"},
	{"A0#5@1 B0<5@9", "A0#5@1 B0<5@9"},
	{"A0#5?u20 A0<5@1", "A0<5@20"},
	{"A0#5u20 A0<5@1", "A0<5@1"},
	{"A0#5@1 A0#6@2 A1#5@1 B0#5@1", "A0#5@1 A0#6@2 A1#5@1 B0#5@1"},
	{"A0#5@1 A0#5r@1", "A0#5@1"},
	{"A0#5:a A0#5:b", "A0#5@0 A0#5@0"},
	{"A0#5/8 A0#5/9", "A0#5@0 A0#5@0"},
	{"A0#5na A0#5nb", "A0#5@0 A0#5@0"},
	/* of counts, the highest, and what limits their use */
	{"A0+5/4 A0+4/3 A0+3/5", "A0+5/5"},
	{"A0+5/4R A0+5/4N", "A0+5/4RN"},
	{"A0+5/4 A1+5/4 B0+5/4", "A0+5/4 A1+5/4 B0+5/4"},
	{"A0+5/4 A0+5/4p", "A0+5/4 A0+5/4"},
	{"A0+5/4>1@3 A0+5/4>1@2", "A0+5/4@2"},
	{"A0+5/4>1@3 A0+5/4>2@2", "A0+5/4@3 A0+5/4@2"},
	/* of lines and polls, those of the last hour and without a time; what ranks there are */
	{"&1800:timeout:rank=1 &1799:timeout:rank=2 &none:timeout:rank=3", "&1800:0 &none:0"},
	{"&0:host:ranks=1 &9:host:ranks=1 &0:group:rank=1 &9:group:rank=2 &0:ended:rank=1", "&0:10 &9:10 &9:18"},
	{"&0:progress:rank=1:enq=5 &9:progress:rank=1:enq=4 &0:progress:rank=2", "&9:3 &0:3"},
	{"%1800:total %1799:total %none:total", "%none %1800"},
};

static void
put_at(struct buf *b, char before, int64_t t)
{
	buf_chr(b, before);
	if (t == NO_TIME)
		buf_add(b, S("none"));
	else
		buf_i64(b, (t - T0) / SECOND);
}

static void
put_rank(struct buf *b, uint32_t group, uint32_t rank, char then)
{
	buf_add(b, b->n ? S(" ") : S(""));
	buf_add(b, idx_at(&run.ev.names, group));
	buf_u64(b, rank);
	buf_chr(b, then);
}

static void
put_kept(struct buf *b)
{
	const struct event_list *l = run.ev.list;
	const struct collective *c = l[EVENT_COLLECTIVE].p;
	const struct completed *d = l[EVENT_COMPLETED].p;
	const struct progress *p = l[EVENT_PROGRESS].p;
	const struct watchdog *w = l[EVENT_WATCHDOG].p;
	const struct ras *r = l[EVENT_RAS].p;

	for (size_t i = 0; i < l[EVENT_COLLECTIVE].n; i++) {
		put_rank(b, c[i].group, c[i].rank, '#');
		buf_i64(b, c[i].seq);
		put_at(b, '@', c[i].e.t);
	}
	for (size_t i = 0; i < l[EVENT_COMPLETED].n; i++) {
		put_rank(b, d[i].group, d[i].rank, '<');
		buf_i64(b, d[i].to);
		put_at(b, '@', d[i].e.t);
	}
	for (size_t i = 0; i < l[EVENT_PROGRESS].n; i++) {
		put_rank(b, p[i].group, p[i].rank, '+');
		buf_i64(b, p[i].enqueued);
		buf_chr(b, '/');
		buf_i64(b, p[i].completed);
		buf_add(b, p[i].retires ? S("R") : S(""));
		buf_add(b, p[i].numberless ? S("N") : S(""));
		if (p[i].open)
			put_at(b, '@', p[i].began);
	}
	for (size_t i = 0; i < l[EVENT_WATCHDOG].n; i++) {
		buf_add(b, b->n ? S(" ") : S(""));
		put_at(b, '&', w[i].e.t);
		buf_chr(b, ':');
		buf_u64(b, w[i].part);
	}
	for (size_t i = 0; i < l[EVENT_RAS].n; i++) {
		buf_add(b, b->n ? S(" ") : S(""));
		put_at(b, '%', r[i].e.t);
	}
}

static bool
kept_is(const char *in, const char *want)
{
	struct buf b = {0};
	struct str rest = str_of(in), word;
	bool good = configure("");

	events_reset(&run.ev);
	while (str_cut(&rest, ' ', &word))
		good &= add(word);
	events_sort(&run.ev);
	forget(T0 + 5400 * SECOND);
	put_kept(&b);
	if (!str_eq(buf_str(&b), str_of(want)) || !good) {
		good = false;
		printf("# %s\n#   is:  %.*s\n#   not: %s\n", in, (int)b.n, b.p ? b.p : "", want);
	}
	buf_free(&b);
	return good;
}

/* ---- NCCL RAS ---- */

static const struct {
	const char *in, *out;
} ras[] = {
	/* ranks that launched fewer operations; it is certain if nothing is launched for 5 min */
	{"%0:launched:n=3:count=41 %0:launched:rank=3:count=40", "1#41 never_joined? 3, hanging 0,1,2"},
	{"%0:launched:n=3:count=42 %0:launched:rank=3:count=40", "1#41 never_joined? 3, hanging 0,1,2"},
	{"%0:launched:n=3:count=40 %0:launched:rank=3:count=40", "!RAS reports, in which no rank is behind, silent, in error or in another state for --threshold"},
	{"%0:total:count=9 %300:total:count=9 %300:launched:n=3:count=41 %300:launched:rank=3:count=40", "1#41 never_joined 3, hanging 0,1,2"},
	{"%0:total:count=9 %299:total:count=9 %299:launched:n=3:count=41 %299:launched:rank=3:count=40", "1#41 never_joined? 3, hanging 0,1,2"},
	{"%0:total:count=9 %60:total:count=9 %360:total:count=9 %360:launched:n=3:count=41 %360:launched:rank=3:count=40", "1#41 never_joined 3, hanging 0,1,2"},
	{"%0:total:count=8 %60:total:count=9 %360:total:count=9 %360:launched:n=3:count=41 %360:launched:rank=3:count=40", "1#41 never_joined 3, hanging 0,1,2"},
	{"%0:total:count=8 %61:total:count=9 %360:total:count=9 %360:launched:n=3:count=41 %360:launched:rank=3:count=40", "1#41 never_joined? 3, hanging 0,1,2"},
	{"%0:total:count=0 %300:total:count=9 %300:launched:n=3:count=41 %300:launched:rank=3:count=40", ""},
	{"%0:total:count=0 %300:total:count=0 %300:launched:n=3:count=1 %300:launched:rank=3:count=0", "1#1 never_joined 3, hanging 0,1,2"},
	/* only the last poll counts */
	{"%0:launched:n=3:count=41 %0:launched:rank=3:count=40 %60:launched:n=4:count=41", ""},
	/* one ahead by one may be faster; by two, or for long, the others never joined */
	{"%0:launched:n=3:count=40 %0:launched:rank=3:count=41", ""},
	{"%0:launched:n=3:count=40 %0:launched:rank=3:count=42", "1#41 never_joined? 0,1,2, hanging 3"},
	{"%0:total:count=9 %300:total:count=9 %300:launched:n=3:count=40 %300:launched:rank=3:count=41", "1#41 never_joined 0,1,2, hanging 3"},
	{"%0:launched:n=2:count=40 %0:launched:rank=3:count=41 %0:launched:rank=1:count=41", "1#41 never_joined? 0,2, hanging 1,3"},
	/* of more than are counted or exist, it is not known which; nor if one of them is named */
	{"%0:launched:n=3:count=40:size=5 %0:launched:rank=3:count=42:size=5", ""},
	{"%0:launched:n=3:count=42:size=5 %0:launched:rank=3:count=40:size=5", "1#41 never_joined? 3"},
	{"%0:launched:n=3:count=42:size=3 %0:launched:rank=2:count=40:size=3", ""},
	{"%0:launched:n=3:count=42:size=0 %0:launched:rank=3:count=40:size=0", "1#41 never_joined? 3, hanging 0,1,2"},
	{"%0:launched:n=2:count=40 %0:launched:rank=3:count=40 %0:launched:rank=1:count=42", ""},
	{"%0:launched:n=3:count=42 %0:launched:rank=4:count=40", ""},
	/* each operation by itself */
	{"%0:launched:n=3:count=42 %0:launched:rank=3:count=40 %0:launched:n=3:count=9:op=Reduce %0:launched:rank=3:count=9:op=Reduce",
		"1#41 never_joined? 3, hanging 0,1,2"},
	{"%0:launched:n=3:count=42 %0:launched:rank=3:count=40 %0:launched:n=3:count=9:op=Reduce %0:launched:rank=0:count=7:op=Reduce",
		"1#41 never_joined? 3, hanging 0,1,2; 1#8 never_joined? 0, hanging 1,2,3"},

	/* ranks that do not answer; certain if their process is dead */
	{"%0:missing:ranks=2,3", "1# silent? 2,3"},
	{"%0:missing:rank=3", "1# silent? 3"},
	{"%0:dead:rank=3", "1# silent 3"},
	{"%0:dead:rank=3 %0:missing:rank=1", "1# silent? 1,3"},
	{"%0:missing:rank=3 %0:missing:ranks=3,2", "1# silent? 2,3"},
	{"%0:missing:rank=3:pid=7:node=a %0:dead:pid=7:node=a", "1# silent 3"},
	{"%0:missing:rank=3:pid=7:node=a %0:dead:pid=8:node=a", "1# silent? 3"},
	{"%0:missing:rank=3:pid=7:node=a %0:dead:pid=7:node=b", "1# silent? 3"},
	{"%0:missing:rank=3:pid=0:node=a %0:dead:pid=0:node=a", "1# silent 3"},
	{"%0:missing:rank=3:node=a %0:dead:node=a", "1# silent? 3"},
	{"%0:missing:rank=3 %60:total:count=1", ""},
	/* one that was counted, and has died since */
	{"%60:launched:rank=3:count=4:pid=7:node=a %60:dead:pid=7:node=a", "1# silent 3"},
	{"%60:launched:rank=3:count=4:pid=7:node=a %59:dead:pid=7:node=a", ""},
	{"%60:launched:rank=3:count=4:pid=7:node=a %59:dead:pid=7:node=a %61:dead:pid=7:node=a", "1# silent 3"},
	/* named ones, if no more are named than did not answer */
	{"%0:about:n=2 %0:named:rank=3 %0:named:rank=2", "1# silent? 2,3"},
	{"%0:about:n=1 %0:named:rank=3 %0:named:rank=2", ""},

	/* errors; those of another process only wait */
	{"%0:error:rank=3:word=System_error", "1# error? 3: System error"},
	{"%0:error:rank=3:word=System_error %0:error:rank=1:word=Remote_process_error", "1# error? 3: System error, hanging 1"},
	{"%0:error:rank=1:word=Remote_process_error %0:error:rank=0:word=Remote_process_error", "1# unknown: Remote process error, hanging 0,1"},
	{"%0:error:rank=1:word=Remote_process_error %0:missing:rank=3", "1# silent? 3"},
	{"%0:error:rank=3:word=A %0:error:rank=2:word=B %0:error:rank=1:word=A", "1# error? 1,3: A; 1# error? 2: B"},
	{"%0:error:word=A", ""},
	{"%0:error:word=Remote_process_error", ""},
	{"%0:error:rank=3:word=A %60:total:count=1", ""},
	{"%0:error:rank=0:word=A %0:error:rank=0:word=B %0:error:rank=0:word=C %0:error:rank=0:word=D %0:error:rank=0:word=E "
	 "%0:error:rank=0:word=F %0:error:rank=0:word=G %0:error:rank=0:word=H %0:error:rank=0:word=I",
		"1# error? 0: A; 1# error? 0: B; 1# error? 0: C; 1# error? 0: D; 1# error? 0: E; 1# error? 0: F; 1# error? 0: G; 1# error? 0: H"},

	/* states, while others run; then counts prove nothing */
	{"%0:state:n=3:word=RUNNING %0:state:rank=3:word=INIT", "1# in_init? 3"},
	{"%0:state:rank=0:word=RUNNING %0:state:rank=3:word=INIT", "1# in_init? 3, hanging 0"},
	{"%0:state:n=3:word=RUNNING %0:state:rank=3:word=ABORT", "1# left? 3"},
	{"%0:state:n=2:word=RUNNING %0:state:rank=3:word=ABORT %0:state:rank=2:word=INIT", "1# in_init? 2; 1# left? 3"},
	{"%0:state:n=3:word=INIT %0:state:rank=3:word=INIT", ""},
	{"%0:state:n=0:word=RUNNING %0:state:rank=3:word=INIT", ""},
	{"%0:state:n=3:word=RUNNING %0:state:n=1:word=INIT", ""},
	{"%0:state:n=3:word=RUNNING %0:state:rank=3:word=INIT %60:total:count=1", ""},
	{"%0:state:n=3:word=RUNNING %0:state:rank=3:word=INIT %0:launched:n=3:count=42 %0:launched:rank=3:count=40", "1# in_init? 3"},
	{"%0:total:count=8 %60:total:count=9 %60:state:n=3:word=RUNNING %60:state:rank=3:word=INIT", ""},
	{"%0:total:count=9 %300:total:count=9 %300:state:n=3:word=RUNNING %300:state:rank=3:word=INIT", "1# in_init 3"},

	/* communicators apart; a line without one belongs to the only one */
	{"%0:launched:n=3:count=41 %0:launched:rank=3:count=40 %0:launched:n=4:count=41:comm=2", "1#41 never_joined? 3, hanging 0,1,2"},
	{"%0:missing:rank=3 %0:missing:rank=2:comm=2", "1# silent? 3; 2# silent? 2"},
	{"%0:missing:rank=3:comm=0 %0:missing:rank=2", "1# silent? 2,3"},
	{"%0:missing:rank=3:comm=0 %0:missing:rank=2 %0:missing:rank=1:comm=2", "1# silent? 2; 2# silent? 1"},
};

/* When the first verdict is final, for --follow: at the second of two equal polls as far
 * apart as --threshold, or for a dead rank at the first. */
static const struct {
	const char *in;
	int final; /* seconds; -1: with no poll so far */
} settled[] = {
	{"%0:missing:rank=3 %60:missing:rank=3 %300:missing:rank=3 %360:missing:rank=3", 300},
	{"%0:missing:rank=2 %60:missing:rank=3 %359:missing:rank=3 %360:missing:rank=3", 360},
	{"%0:missing:rank=3 %299:missing:rank=3", -1},
	{"%none:missing:rank=3", -1},
	{"%0:dead:rank=3 %60:dead:rank=3", 0},
	{"%0:missing:rank=3 %0:total:count=1 %300:missing:rank=3 %300:total:count=1", 300},
	{"%0:missing:rank=3 %0:total:count=1 %300:missing:rank=3 %300:total:count=2", -1},
	{"%0:missing:rank=3 %300:missing:rank=3 %300:total:count=2", -1},
	{"%0:missing:rank=3 %0:missing:rank=2 %300:missing:rank=3", -1},
	{"%0:missing:rank=3:n=2 %300:missing:rank=3", -1},
	{"%0:missing:rank=3:op=A %300:missing:rank=3:op=B", -1},
	{"%0:missing:rank=3:word=A %300:missing:rank=3:word=B", -1},
	{"%0:missing:ranks=2 %300:missing:ranks=3", -1},
	{"%0:dead:rank=3 %0:missing:rank=2 %300:missing:rank=3 %300:missing:rank=2", -1},
	{"%0:launched:n=3:count=42 %0:launched:rank=3:count=40 %300:launched:n=3:count=42 %300:launched:rank=3:count=40", 300},
	/* of dumps, at once; else as soon as --min-ranks are old enough */
	{"A=0,1,2 A0#5?@0 A1#5?@60 A2<4@900", 360},
	{"A=0,1,2 A0#5?@60 A1#5?@0 A2<4@900", 360},
	{"A=0,1,2,3 A0#5?@60 A1#5?@0 A2#5?@20 A3<4@900", 320},
	{"A=0,1 A0#5?@0 A1<4@900", 300},
	{"A=0,1,2 A0#5 A1#5 A2<4@900", -1},
	{"A=0,1,2 A0#5W@0u50 A1#5W@0u40 A2<4@900", 40},
};

static bool
final_is(const char *in, int want)
{
	struct str rest = str_of(in), word;
	bool good = configure("");
	int64_t at;

	events_reset(&run.ev);
	while (str_cut(&rest, ' ', &word))
		good &= add(word);
	detect();
	if (!run.vs.n) {
		printf("# no verdict: %s\n", in);
		return false;
	}
	at = run.vs.v[0].final_at;
	if (at != (want < 0 ? INT64_MAX : T0 + want * SECOND)) {
		printf("# %s: %lld\n", in, at == INT64_MAX ? -1 : (long long)((at - T0) / SECOND));
		return false;
	}
	return good;
}

/* A rank that goes on beyond an unfinished call after ten minutes' silence, or --threshold;
 * --follow has reported the call by then. */
static const struct {
	const char *args, *in, *out;
} left_behind[] = {
	{"", "A=0,1 A0#5@0 A1#5@0 A0<6-9@601 A1<6-9@601 A0#10@602 A1#10@602",
		"A#5 stalled, hanging 0,1, blocked 2/1/1; A#10 stalled, hanging 0,1, blocked 2/1/1"},
	{"", "A=0,1 A0#5@0 A1#5@0 A0<6-9@600 A1<6-9@600 A0#10@602 A1#10@602", "A#10 stalled, hanging 0,1, blocked 2/1/1"},
	{"", "A=0,1 A0#5@0 A1#5@0 A0<5-9@601 A1<5-9@601 A0#10@602 A1#10@602", "A#10 stalled, hanging 0,1, blocked 2/1/1"},
	{"", "A=0,1 A0#5@0 A1#5@0 A0<3-4@700 A1<3-4@700 A0#10@702 A1#10@702", "A#5 stalled, hanging 0,1, blocked 2/2/1"},
	{"-t 700s", "A=0,1 A0#5@0 A1#5@0 A0<6-9@700 A1<6-9@700 A0#10@702 A1#10@702", "A#10 stalled, hanging 0,1, blocked 2/1/1"},
	{"-t 700s", "A=0,1 A0#5@0 A1#5@0 A0<6-9@701 A1<6-9@701 A0#10@702 A1#10@702",
		"A#5 stalled, hanging 0,1, blocked 2/1/1; A#10 stalled, hanging 0,1, blocked 2/1/1"},
};

/* ---- jobs and attempts ---- */

/*
 * The records of each part, by kind: calls, completed ones, counts, teams, lines with
 * their rank; and ^T, the newest time of a part.  Empty parts have a "-", jobs their name
 * in front.
 */
static const struct {
	const char *in, *out;
} parts[] = {
	/* numbers of a rank that fall, of calls or of completions, by more than 16 in 10 s */
	{"A0#22@0 A0#5@10", "A0#22@0 ^10 | A0#5@10 ^10"},
	{"A0#21@0 A0#5@10", "A0#5@10 A0#21@0 ^10"},
	{"A0#22@0 A0#5@9", "A0#5@9 A0#22@0 ^9"},
	{"A0<22@0 A0<5@10", "A0<22@0 ^10 | A0<5@10 ^10"},
	{"A0<22@0 A0#5@10", "A0<22@0 ^10 | A0#5@10 ^10"},
	{"A0#22@nones0 A0#5@nones10", "A0#22@none ^10 | A0#5@none ^10"},
	/* a later call may be known before an earlier one has completed */
	{"A0#22@0 A0<5@10", "A0#22@0 A0<5@10 ^10"},
	{"A0<22@0 A1<5@10", "A0<22@0 A1<5@10 ^10"},
	{"A0<22@0 B0<5@10", "A0<22@0 B0<5@10 ^10"},
	/* the highest number counts, at its last time */
	{"A0<22@0 A0<21@5 A0<5@11", "A0<21@5 A0<22@0 ^11 | A0<5@11 ^11"},
	{"A0<22@0 A0<22@5 A0<5@12", "A0<5@12 A0<22@0 A0<22@5 ^12"},
	{"A0#22@0 A0#22@5 A0#5@12", "A0#5@12 A0#22@5 A0#22@0 ^12"},
	{"A0<30@0 A0<5@10 A0<20@20 A0<3@30", "A0<30@0 ^10 | A0<5@10 A0<20@20 ^30 | A0<3@30 ^30"},
	/* one time for several ranks if it can be; of those, a start that a line tells */
	{"A0<22@0 A0<5@10 A1<22@5 A1<5@15", "A0<22@0 A1<22@5 ^10 | A0<5@10 A1<5@15 ^15"},
	{"A0<22@0 A0<5@10 A1<22@10 A1<5@20", "A0<22@0 ^10 | A0<5@10 A1<22@10 ^20 | A1<5@20 ^20"},
	{"A0<22@0 A0<5@10 &1:group:rank=0", "A0<22@0 ^1 | A0<5@10 &1:0 ^10"},
	{"A0<22@0 A0<5@10 &1:host:rank=0", "A0<22@0 ^1 | A0<5@10 &1:0 ^10"},
	{"A0<22@0 A0<5@10 &1:heard:rank=0", "A0<22@0 &1:0 ^10 | A0<5@10 ^10"},
	{"A0<22@0 A0<5@10 &0:group:rank=0", "A0<22@0 &0:0 ^10 | A0<5@10 ^10"},
	{"A0<22@0 A0<5@10 &10:group:rank=0", "A0<22@0 ^10 | A0<5@10 &10:0 ^10"},
	{"A0<22@0 A0<5@10 A1<22@5 A1<5@15 &4:group:rank=0 &6:group:rank=0 &7:group:rank=1",
		"A0<22@0 A1<22@5 &4:0 ^6 | A0<5@10 A1<5@15 &6:0 &7:1 ^15"},
	/* records without a time: teams and starts are everyone's, ends nobody's, others the last's */
	{"A0<22@0 A0<5@10 A=0,1 &none:group:rank=0 &none:ended:rank=1 &none:heard:rank=2",
		"A0<22@0 A= &none:0 ^10 | A0<5@10 A= &none:0 &none:2 ^10"},
	{"A0<22@0 &none:ended:rank=1", "A0<22@0 &none:1 ^0"},
	{"A0<22@0 A0<5@10 &9:ended:rank=1 &10:ended:rank=1", "A0<22@0 &9:1 ^10 | A0<5@10 &10:1 ^10"},
	/* counts are of the attempt in which the rank is seen on that host; of several or none, they
	 * prove nothing */
	{"A0<22@0 A0<5@10 A0+5/4 A1+7/6", "A0<22@0 A0+-1/-1 A1+-1/-1 ^10 | A0<5@10 A0+-1/-1 A1+-1/-1 ^10"},
	{"A0<22@0 A0<5@10 A1<5@9 A1+7/6", "A0<22@0 A1<5@9 A1+7/6 ^10 | A0<5@10 ^10"},
	{"A0<22@0 A0<5@10 A1<5@11 A1<6@12 A1+7/6", "A0<22@0 ^10 | A0<5@10 A1<5@11 A1<6@12 A1+7/6 ^12"},
	{"A0<22@0 A0<5@10 A1#5@11na A1+7/6", "A0<22@0 A1+-1/-1 ^10 | A1#5@11 A0<5@10 A1+-1/-1 ^11"},

	{"A1#22@0na A1#5@10na A0<5@11 A0+7/6", "A1#22@0 ^10 | A1#5@10 A0<5@11 A0+7/6 ^11"},
	/* the newest time of calls, when they were started or seen, not of a dump's file */
	{"A0#5@3?u9", "A0#5@3 ^9"},
	{"A0#5@3u9", "A0#5@3 ^3"},
	{"A0#5@3s7", "A0#5@3 ^7"},
	{"A0#5@3 A0<4@8", "A0#5@3 A0<4@8 ^8"},
	{"A0#5@9 A0<4@8", "A0#5@9 A0<4@8 ^9"},

	/* a rank that goes on to another host for good, a minute later at least */
	{"A0#5@0na A0#6@60nb", "A0#5@0 ^60 | A0#6@60 ^60"},
	{"A0#5@0na A0#6@59nb", "A0#5@0 A0#6@59 ^59"},
	{"A0#5@0na B0#6@60nb", "A0#5@0 ^60 | B0#6@60 ^60"},
	{"A0#6@60nb B0#5@0na", "B0#5@0 ^60 | A0#6@60 ^60"},
	{"A0#5@0na A1#6@60nb", "A0#5@0 A1#6@60 ^60"},
	{"A0#5@0na A0#6@60", "A0#5@0 A0#6@60 ^60"},
	{"A0#5@0na A0#6@60nb A0#7@61na", "A0#5@0 A0#6@60 A0#7@61 ^61"},
	{"A0#5@0na A0#6@60nb A0#7@70na A0#8@130nc", "A0#5@0 A0#6@60 A0#7@70 ^130 | A0#8@130 ^130"},
	{"A0#5@0na A0#6@10na A0#7@69nb A0#8@99", "A0#5@0 A0#6@10 A0#7@69 A0#8@99 ^99"},

	/* a timeout of a rank whose hang began after its last one */
	{"&600:timeout:rank=0:ran=600 &1201:timeout:rank=0:ran=600", "&600:0 ^601 | &1201:0"},
	{"&600:timeout:rank=0:ran=600 &1201:timeout:rank=0:ran=601", "&600:0 &1201:0"},
	{"&600:timeout:rank=0:ran=600 &1201:timeout:rank=0:ran=10:limit=601", "&1201:0 &600:0"},
	{"&600:timeout:rank=0:ran=600 &1201:timeout:rank=0:ran=10:limit=600", "&600:0 ^601 | &1201:0"},
	{"&600:timeout:rank=0:ran=600 &1201:timeout:rank=1:ran=600", "&600:0 &1201:1"},
	{"&600:timeout:rank=0:ran=600 &1201:timeout:rank=0:ran=600:repeat=", "&600:0 &1201:0"},
	{"&600:timeout:rank=0:ran=600:repeat= &1201:timeout:rank=0:ran=600", "&600:0 &1201:0"},
	{"&600:timeout:rank=0:ran=600 &1201:failure:rank=0:ran=600", "&600:0 &1201:0"},
	{"&600:timeout:rank=0:ran=600:local=1 &1201:timeout:rank=0:ran=600:local=2", "&600:0 ^601 | &1201:0"},
	{"&600:timeout:ran=600:local=1 &1201:timeout:ran=600:local=2", "&600:-1 &1201:-1"},
	{"&600:timeout:ran=600:local=1 &700:timeout:ran=600:local=2 &1201:timeout:ran=600:local=1", "&600:-1 ^601 | &1201:-1 &700:-1"},

	/* a request to dump more than ten minutes after the last timeout, and none near it */
	{"&0:timeout:rank=0 &601:dump:rank=0", "&0:0 ^601 | &601:0"},
	{"&0:timeout:rank=0 &601:alarm:rank=0", "&0:0 ^601 | &601:0"},
	{"&0:timeout:rank=0 &601:heard:rank=0", "&0:0 &601:0"},
	{"&0:timeout:rank=0 &600:dump:rank=0", "&0:0 &600:0"},
	{"&0:timeout:rank=0 &601:dump:rank=0 &661:timeout:rank=1", "&0:0 &661:1 &601:0"},
	{"&0:timeout:rank=0 &601:dump:rank=0 &662:timeout:rank=1", "&0:0 ^601 | &662:1 &601:0"},
	{"&0:timeout:rank=0 &1:timeout:rank=1 &601:dump:rank=0", "&0:0 &1:1 &601:0"},
	{"&0:timeout:rank=0 &none:dump:rank=0", "&0:0 &none:0"},
	{"&601:dump:rank=0 &800:timeout:rank=1", "&800:1 &601:0"},

	/* numbers of a group that fall by more than 16, more than ten minutes after its last line */
	{"&0:failure:rank=0:group=A:seq=22 &601:failure:rank=1:group=A:seq=5", "&0:0 ^601 | &601:1"},
	{"&0:failure:rank=0:group=A:seq=21 &601:failure:rank=1:group=A:seq=5", "&0:0 &601:1"},
	{"&0:failure:rank=0:group=A:seq=22 &600:failure:rank=1:group=A:seq=5", "&0:0 &600:1"},
	{"&0:failure:rank=0:group=A:seq=22 &601:failure:rank=1:group=B:seq=5", "&0:0 &601:1"},
	{"&0:failure:rank=0:group=A:seq=22 &601:progress:rank=1:group=A:seq=5", "&0:0 &601:1"},
	{"&0:failure:rank=0:group=A:seq=22:private= &601:failure:rank=1:group=A:seq=5", "&0:0 &601:1"},
	{"&0:failure:rank=0:group=A:seq=3:done=22 &601:failure:rank=1:group=A:seq=5", "&0:0 ^601 | &601:1"},
	{"&0:failure:rank=0:group=A:seq=22 &300:failure:rank=0:group=A:seq=6 &901:failure:rank=1:group=A:seq=5",
		"&300:0 &0:0 ^901 | &901:1"},
	{"&0:failure:rank=0:group=A:seq=22 &601:failure:rank=1:group=A:seq=5 &1202:failure:rank=1:group=A:seq=5",
		"&0:0 ^601 | &601:1 &1202:1"},
	{"&0:failure:rank=0:group=0:seq=22 &601:dump:rank=1:done=5", "&0:0 ^601 | &601:1"},

	/* starts that a launcher reports, if it runs one job */
	{"&1:heard:rank=2 &5:cycle:desc=x &9:heard:rank=1", "&1:2 ^5 | &9:1 &5:-1"},
	{"&1:heard:rank=2 &5:cycle:desc=x &9:heard:rank=1 &20:cycle:desc=x", "&1:2 ^5 | &9:1 &5:-1 ^20 | &20:-1"},
	{"&1:heard:rank=2 &5:cycle:desc=x &9:heard:rank=1 &20:cycle:desc=y", "&9:1 &1:2 &5:-1 &20:-1"},
	{"&1:heard:rank=2 &none:cycle:desc=x &9:heard:rank=1", "&9:1 &1:2 &none:-1"},

	/* ten minutes without any record, and a call from before that its rank left behind */
	{"A0#5@0 A0<6-9@601", "A0#5@0 ^601 | A0<9@601 ^601"},
	{"A0#5@0 A0<6-9@600", "A0#5@0 A0<9@600 ^600"},
	{"A0#5@0 A0<5-9@601", "A0#5@0 A0<9@601 ^601"},
	{"A0#5@0 A0#6@1 A0<6-9@700", "A0#5@0 A0#6@1 A0<9@700 ^700"},
	{"A0#5@0 A0<3-4@700 A0<6-9@701", "A0#5@0 ^700 | A0<4@700 A0<9@701 ^701"},
	{"A1<2@0 A0#5@700 A0<6-9@800", "A0#5@700 A0<9@800 A1<2@0 ^800"},
	{"A0#5@0 A0<6-9@100 A1<3@800", "A0#5@0 A0<9@100 A1<3@800 ^800"},
	{"A0#5@0 A1<3@300 A0<6-9@800", "A0#5@0 A0<9@800 A1<3@300 ^800"},
	{"A0#5@0 A0<5@1 A0<6-9@700", "A0#5@0 A0<5@1 A0<9@700 ^700"},
	{"A0#5@0 A1<3@700 A0<6-9@800", "A0#5@0 ^700 | A0<9@800 A1<3@700 ^800"},

	/* jobs by the labels of lines, in the order of their names */
	{"&0:heard:rank=0:writer=b|n/b-0 &1:heard:rank=1:writer=a|n/a-0", "- | n/a: &1:1 | n/b: &0:0"},
	{"&0:heard:rank=0:writer=a|n/b-0 &1:heard:rank=1:writer=a|n/a-0", "&0:0 &1:1"},
	{"&0:heard:rank=0:writer=a|n/b-0 &1:heard:rank=1:writer=a|m/a-0", "- | m/a: &1:1 | n/a: &0:0"},
	{"&0:heard:rank=0:writer=a| &1:heard:rank=1:writer=b|", "- | a: &0:0 | b: &1:1"},
	/* or of pods, if a rank is in two at once; a line about a host tells no rank's place */
	{"&0:heard:rank=0:writer=|n/a-0 &1:heard:rank=1:writer=|n/b-0", "&0:0 &1:1"},
	{"&0:heard:rank=0:writer=|n/a-0 &1:heard:rank=0:writer=|n/b-0", "- | n/a: &0:0 | n/b: &1:0"},
	{"&0:heard:rank=0:writer=|n/a-0 &1:heard:rank=0:writer=|n/a-1", "&0:0 &1:0"},
	{"&0:host:rank=0:writer=|n/a-0 &1:host:rank=0:writer=|n/b-0", "&0:0 &1:0"},
	{"&0:heard:rank=0:writer=|n/a-0 &1:host:rank=0:writer=|n/b-0", "&0:0 &1:0"},
	{"&0:heard:writer=|n/a-0 &1:heard:writer=|n/b-0", "&0:-1 &1:-1"},
	{"&0:heard:rank=0:writer=|n/a-0 &1:heard:rank=0:writer=x|n/b-0", "- | n/: &0:0 | n/x: &1:0"},
	/* or if the default group's numbers, the lowest of each, are more than 16 apart */
	{"&0:failure:rank=0:seq=5:writer=|n/a-0 &1:failure:rank=1:seq=22:writer=|n/b-0", "- | n/a: &0:0 | n/b: &1:1"},
	{"&0:failure:rank=0:seq=22:writer=|n/a-0 &1:failure:rank=1:seq=5:writer=|n/b-0", "- | n/a: &0:0 | n/b: &1:1"},
	{"&0:failure:rank=0:seq=5:writer=|n/a-0 &1:failure:rank=1:seq=21:writer=|n/b-0", "&0:0 &1:1"},
	{"&0:failure:rank=0:seq=0:writer=|n/a-0 &1:failure:rank=1:seq=17:writer=|n/b-0", "- | n/a: &0:0 | n/b: &1:1"},
	{"&0:failure:rank=0:seq=5:group=0:writer=|n/a-0 &1:failure:rank=1:seq=22:writer=|n/b-0", "- | n/a: &0:0 | n/b: &1:1"},
	{"&0:failure:rank=0:seq=5:group=B:writer=|n/a-0 &1:failure:rank=1:seq=22:writer=|n/b-0", "&1:1 &0:0"},
	{"&0:timeout:rank=0:seq=5:writer=|n/a-0 &1:timeout:rank=1:seq=22:writer=|n/b-0", "&0:0 &1:1"},
	{"&0:dump:rank=0:enq=5:done=5:writer=|n/a-0 &1:dump:rank=1:enq=22:done=22:writer=|n/b-0", "- | n/a: &0:0 | n/b: &1:1"},
	{"&0:dump:rank=0:enq=5:done=5:writer=|n/a-0 &1:dump:rank=1:enq=22:done=21:writer=|n/b-0", "&0:0 &1:1"},
	{"&0:failure:rank=0:seq=5:writer=|n/a-0 &1:failure:rank=1:seq=6:writer=|n/b-0 &2:failure:rank=1:seq=40:writer=|n/b-0", "&0:0 &1:1 &2:1"},
	{"&0:failure:rank=0:seq=14:writer=|n/a-0 &1:failure:rank=1:seq=5:writer=|n/b-0 &2:failure:rank=2:seq=22:writer=|n/c-0",
		"- | n/a: &0:0 | n/b: &1:1 | n/c: &2:2"},
	{"&0:failure:rank=0:seq=5:writer=|n/a-0 &1:failure:rank=1:seq=22:writer=x|n/b-0", "- | n/: &0:0 | n/x: &1:1"},
	/* other records: of the only job on their host; teams of unknown jobs */
	{"&0:heard:rank=0:writer=a|:node=a &0:heard:rank=1:writer=b|:node=b A0#5na A1#5nb A2#5 A3#5nc A=0,1 &1:heard:rank=4:node=b &2:heard:rank=5",
		"A2#5@0 A3#5@0 A= &2:5 ^0 | a: A0#5@0 &0:0 ^0 | b: A1#5@0 &0:1 &1:4 ^0"},
	{"&0:heard:rank=0:writer=a|n/a-0:node=a &0:heard:rank=1:writer=a|n/a-1:node=a &0:heard:rank=2:writer=b| A0#5na",
		"- ^0 | b: &0:2 ^0 | n/a: A0#5@0 &0:0 &0:1 ^0"},
	{"&0:heard:rank=0:writer=a|:node=a &0:heard:rank=1:writer=b|:node=a &1:heard:rank=2:node=a", "&1:2 | a: &0:0 | b: &0:1"},
	{"&0:heard:rank=0:writer=|/a-0:node=a &0:heard:rank=1:writer=x|:node=b A0#5na", "- ^0 | A0#5@0 &0:0 ^0 | x: &0:1 ^0"},

	/* jobs by the default groups that dumps list */
	{"0=0,1/a 1=0,1/b", "0=0,1 1=0,1"},
	{"0=0,1/a 0=0,1,2/b", "- | 0=0,1 | 0=0,1,2"},
	{"0=0,1,2/a 0=0,1/b A0#5na A0#6nb A7#8na A0#9", "A0#9@0 ^0 | A0#6@0 0=0,1 ^0 | A0#5@0 A7#8@0 0=0,1,2 ^0"},
	/* a rank that contradicts itself */
	{"0=0,1/a 0=0,1,2/a", "0=0,1 0=0,1,2"},
	{"0=0,1/a 0=0,1,2/a 0=0,3/b", "0=0,1 0=0,1,2 0=0,3"},
	/* whole groups on a host each; a host with ranks of two jobs tells no other rank's */
	{"0=0,1/a 1=0,1/a 0=0,1/b 1=0,1/b A0#5na A1#6nb", "- ^0 | A0#5@0 0=0,1 1=0,1 ^0 | A1#6@0 0=0,1 1=0,1 ^0"},
	{"0=0,1/a 1=0,1/a 0=0,1/b A0#5na A1#6nb", "- ^0 | A1#6@0 0=0,1 ^0 | A0#5@0 0=0,1 1=0,1 ^0"},
	{"0=0,1/a 1=0,1/a 0=0,1/b 1=0,1/c A0#5na A0#6nb A1#7nc", "- ^0 | A0#6@0 A1#7@0 0=0,1 1=0,1 ^0 | A0#5@0 0=0,1 1=0,1 ^0"},
	{"0=0,1,2/a 1=0,1,2/a 2=0,1,2/b", "0=0,1,2 1=0,1,2 2=0,1,2"},
	{"0=0,1/a 1=0,2/a 1=0,1/b A0#5na A1#6na A3#7na A3#8nb", "A3#7@0 ^0 | A0#5@0 A3#8@0 0=0,1 1=0,1 ^0 | A1#6@0 1=0,2 ^0"},
	/* teams: of the jobs that list them so, or else of all */
	{"0=0,1/a 0=0,2/b A0=0,1/a A=0,1 B=0,1", "B= | 0=0,1 A0=0,1 A= B= | 0=0,2 B="},
	{"0=0,1/a 0=0,2/b A0=0,1/a A0=0,2/b A=0,1 A=0,2", "- | 0=0,1 A0=0,1 A= | 0=0,2 A0=0,2 A="},
	{"0=0,1/a 0=0,2/b A7=0,1/c A=0,1", "A7=0,1 A= | 0=0,1 | 0=0,2"},
	/* dumps without hosts: by the folders of files that contradict each other */
	{"0=0,1:x/0 0=0,2:y/0 A0#5fx/0 A0#6fy/0 A1#7", "A1#7@0 ^0 | A0#5@0 0=0,1 ^0 | A0#6@0 0=0,2 ^0"},
	{"0=0,1:x/0 0=0,1:y/0 A0#30@0fx/0 A0#5@1fy/0", "- ^1 | A0#30@0 0=0,1 ^1 | A0#5@1 0=0,1 ^1"},
	{"0=0,1:x/0 0=0,1:y/0 A0#21@0fx/0 A0#5@1fy/0", "A0#5@1 A0#21@0 0=0,1 0=0,1 ^1"},
};

static void
put_member(struct buf *b, uint32_t group, uint32_t rank, char then)
{
	struct str name = idx_at(&run.ev.names, group);

	buf_chr(b, ' ');
	buf_add(b, str_eq(name, S("0")) ? S("") : name);
	buf_u64(b, rank);
	buf_chr(b, then);
}

static void
put_part(struct buf *b, const struct job_records *r)
{
	const struct collective *c = r->list[EVENT_COLLECTIVE].p;
	const struct completed *d = r->list[EVENT_COMPLETED].p;
	const struct progress *p = r->list[EVENT_PROGRESS].p;
	const struct process_group *t = r->list[EVENT_PROCESS_GROUP].p;
	const struct watchdog *w = r->list[EVENT_WATCHDOG].p;
	size_t from;

	buf_add(b, b->n ? S(" |") : S(""));
	if (r->job) {
		buf_chr(b, ' ');
		buf_add(b, idx_at(&run.ev.names, r->job));
		buf_chr(b, ':');
	}
	from = b->n;
	for (size_t i = 0; i < r->list[EVENT_COLLECTIVE].n; i++) {
		put_member(b, c[i].group, c[i].rank, '#');
		buf_i64(b, c[i].seq);
		put_at(b, '@', c[i].e.t);
	}
	for (size_t i = 0; i < r->list[EVENT_COMPLETED].n; i++) {
		put_member(b, d[i].group, d[i].rank, '<');
		buf_i64(b, d[i].to);
		put_at(b, '@', d[i].e.t);
	}
	for (size_t i = 0; i < r->list[EVENT_PROGRESS].n; i++) {
		put_member(b, p[i].group, p[i].rank, p[i].ranks ? '=' : '+');
		if (p[i].ranks) {
			buf_add(b, idx_at(&run.ev.names, p[i].ranks));
			continue;
		}
		buf_i64(b, p[i].enqueued);
		buf_chr(b, '/');
		buf_i64(b, p[i].completed);
	}
	for (size_t i = 0; i < r->list[EVENT_PROCESS_GROUP].n; i++) {
		buf_chr(b, ' ');
		buf_add(b, idx_at(&run.ev.names, t[i].group));
		buf_chr(b, '=');
	}
	for (size_t i = 0; i < r->list[EVENT_WATCHDOG].n; i++) {
		buf_chr(b, ' ');
		put_at(b, '&', w[i].e.t);
		buf_chr(b, ':');
		buf_i64(b, w[i].rank == UINT32_MAX ? -1 : (int64_t)w[i].rank);
	}
	if (b->n == from)
		buf_add(b, S(" -"));
	if (r->newest != NO_TIME) {
		buf_chr(b, ' ');
		put_at(b, '^', r->newest);
	}
}

/* Split the records of a row; jobs.n is 0 if it is wrong. */
static struct jobs
split(struct str in)
{
	struct str word;
	bool good = configure("");

	events_reset(&run.ev);
	while (str_cut(&in, ' ', &word))
		good &= add(word);
	mem_reset(&run.mem);
	events_sort(&run.ev);
	return !good ? (struct jobs){0} : nccl_jobs(&(struct detection){
		.ev = &run.ev, .names = &run.ev.names, .spare = &run.ev.scratch, .config = run.config, .scratch = &run.scratch, .mem = &run.mem});
}

static bool
parts_are(const char *in, const char *want)
{
	struct jobs jobs = split(str_of(in));
	struct buf b = {0};
	bool good;

	for (size_t i = 0; i < jobs.n; i++)
		put_part(&b, &jobs.of[i]);
	good = str_eq(str_from(buf_str(&b), 1), str_of(want));
	if (!good)
		printf("# %s\n#   is:  %.*s\n#   not:  %s\n", in, (int)b.n, b.p ? b.p : "", want);
	buf_free(&b);
	return good;
}

/* Of a pod whose rank another job's pod has, too: its name up to the role, without what
 * Kubernetes generates. */
static const struct {
	const char *pod, *job;
} pods[] = {
	{"a-worker-0", "a"}, {"a-b-master-0", "a-b"}, {"a-workers-0", "a"}, {"a-worker12-x", "a"}, {"a-rank", "a"},
	{"a-workersx-0", "a-workersx"}, {"a-workerss-0", "a-workerss"}, {"a-12x-worker-0", "a-12x"},
	/* a role at the beginning is a name */
	{"worker-0", "worker"}, {"worker-x-worker-0", "worker-x"}, {"-worker-0", "-worker"},
	/* generated: numbers; 5 or 8 to 10 of their letters */
	{"a-0", "a"}, {"a-123456-b-0", "a-123456-b"}, {"a-x7k2p-worker-0", "a"}, {"a-x7k2p", "a"}, {"a-x7k2p-77bdfghjk4", "a"},
	{"a-bcdf", "a-bcdf"}, {"a-bcdfg", "a"}, {"a-bcdfgh", "a-bcdfgh"}, {"a-bcdfghj", "a-bcdfghj"}, {"a-bcdfghjk", "a"},
	{"a-bcdfghjklm", "a"}, {"a-bcdfghjklmn", "a-bcdfghjklmn"}, {"a-bcdfe", "a-bcdfe"}, {"a-x7k13", "a-x7k"},
	{"x7k2p-0", "x7k2p"},
	/* digits at the end, but not all */
	{"a12", "a"}, {"a12-3", "a"}, {"12-3", "1"}, {"12-worker-0", "12"},
};

static bool
pod_is_of(const char *pod, const char *job)
{
	struct buf b = {0};
	struct jobs jobs;
	bool good;

	buf_add(&b, S("&0:heard:rank=0:writer=|n/zz-0 &0:heard:rank=0:writer=|n/"));
	buf_add(&b, str_of(pod));
	jobs = split(buf_str(&b));
	b.n = 0;
	buf_add(&b, S("n/"));
	buf_add(&b, str_of(job));
	good = jobs.n == 3 && str_eq(idx_at(&run.ev.names, jobs.of[1].job), buf_str(&b));
	if (!good)
		printf("# %s of %s: %zu parts\n", pod, jobs.n == 3 ? idx_at(&run.ev.names, jobs.of[1].job).p : "", jobs.n);
	buf_free(&b);
	return good;
}

/* Put a number in front of each of n copies of a text with one %. */
static size_t
parts_of_many(const char *text, unsigned n)
{
	struct str s = str_of(text);
	size_t mark = str_find(s, S("%"));
	struct buf b = {0};
	struct jobs jobs;

	for (unsigned i = 0; i < n; i++) {
		buf_add(&b, i ? S(" ") : S(""));
		buf_add(&b, str_head(s, mark));
		buf_u64(&b, i);
		buf_add(&b, str_from(s, mark + 1));
	}
	jobs = split(buf_str(&b));
	buf_free(&b);
	return jobs.n;
}

/* Of more jobs or attempts than 64, none is separated. */
static void
test_most(void)
{
	struct buf b = {0};
	struct jobs jobs;

	CHECK(parts_of_many("&0:heard:rank=0:writer=j%|", 64) == 65);
	CHECK(parts_of_many("&0:heard:rank=0:writer=j%|", 65) == 1);
	for (unsigned n = 64; n < 66; n++) { /* lists of the default group, on a host each */
		b.n = 0;
		for (unsigned i = 0; i < n; i++) {
			buf_add(&b, i ? S(" 0=0,") : S("0=0,"));
			buf_u64(&b, 100 + i);
			buf_add(&b, S("/h"));
			buf_u64(&b, i);
		}
		CHECK(split(buf_str(&b)).n == (n == 64 ? 65 : 1));
	}
	for (unsigned n = 63; n < 65; n++) { /* numbers that fall n times; rank 1 is in the last attempt but one */
		b.n = 0;
		for (unsigned i = 0; i <= n; i++) {
			buf_add(&b, i ? S(" A0<") : S("A0<"));
			buf_u64(&b, 2000 - 20 * i);
			buf_chr(&b, '@');
			buf_u64(&b, 10 * i);
		}
		buf_add(&b, S(" A1<5@"));
		buf_u64(&b, 10 * (n - 1));
		buf_add(&b, S(" A1+7/6"));
		jobs = split(buf_str(&b));
		CHECK(jobs.n == (n == 63 ? 64 : 1));
		for (size_t i = 0; i < jobs.n; i++)
			CHECK_ROW(i, jobs.of[i].list[EVENT_PROGRESS].n == (i == 62 || jobs.n == 1));
	}
	for (unsigned n = 64; n < 66; n++) { /* a rank that changes its host n times, the last two for good */
		b.n = 0;
		for (unsigned i = 0; i < n; i++) {
			buf_add(&b, i ? S(" A0#") : S("A0#"));
			buf_u64(&b, i);
			buf_chr(&b, '@');
			buf_u64(&b, 60 * i);
			buf_add(&b, i % 2 ? S("na") : S("nb"));
		}
		buf_add(&b, S(" A0#99@6000nc"));
		CHECK(split(buf_str(&b)).n == (n == 64 ? 3 : 1));
	}
	buf_free(&b);
}

/* ---- texts ---- */

/* Part of a verdict's headline, remediation, evidence and members; x*9 is nine times x. */
static const struct {
	const char *in, *text;
} texts[] = {
	/* who waits, and since when */
	{"A=0,1 A0#5 A1#5", "all_reduce #5 of pg A stalled: both ranks joined and neither completed it; since 2026-"},
	{"A=0,1,2 A0#5 A1#5 A2#5", "stalled: all 3 ranks joined and none completed it; since"},
	{"A=0,1,2 A0#5 A1#5 A2#5", "Every rank joined the collective and none completed it: check the fabric"},
	{"A=0,1,2,3,4 A0<5 A1<5 A2#5 A3#5 A4#5", "stalled: 3 of the 5 ranks that joined never completed it; since"},
	{"A=0,1,2,3,4 A0<5 A1<5 A2#5 A3#5 A4#5", "Every rank joined the collective, but it was never completed by ranks 2-4: check"},
	{"A=0,1 A0#5 A1<4", "Rank 1 never joined all_reduce #5 of pg A; 1 rank waiting since 2026-"},
	{"A=0,1,2 A0#5 A1#5 A2<4", "never joined all_reduce #5 of pg A; 2 ranks waiting since"},
	{"A=0,1,2,3 A0<5 A1<5 A2#5 A3#5", "Ranks 2, 3 stuck on device in all_reduce #5 of pg A; since"},
	{"A=0,1,2 A0#5 A1#5", "Rank 2 silent in all_reduce #5 of pg A; 2 ranks"},
	{"A~3 A0#5 A1#5", "hangs, the missing rank is unknown: ranks 0, 1 waiting since"},
	{"A~3 B~3 A0#5 A1#5 B1#7 B3#7", "; 1 more rank in 1 other group"},
	{"A~3 B~4 A0#5 A1#5 B1#7 B3#7 B4#7", "; 2 more ranks in 1 other group"},
	{"A~3 B~3 C~3 A0#5 A1#5 B1#7 B3#7 C1#7 C4#7", "; 2 more ranks in 2 other groups"},
	{"A=0,1 B=0,1 A0#5 A1<4 B1#5 B0<4", "Deadlock of ranks 0, 1 in all_reduce #5 of pg A; since"},
	{"A=0,1,2 A0#5 A1#5 A2#5:nccl:barrier", "Mismatched calls of rank 2 in "},
	{"A~7 A0#5 A1#5 A2#5 A3#5 A4#5 A5#5:a", "with that of the other ranks at this collective; most likely a rank-dependent branch or tensor shape. Then restart"},
	{"A~6 A0#5 A1#5 A2#5 A3#5:a", "shape. The calls of other members are not known and may show that the minority is another. Then restart"},
	/* names, cut if they are longer than their limits */
	{"&0:timeout:rank=0:group=A:seq=5:op=X:writer=j*48| &0:heard:rank=0:writer=k|", "X #5 of pg A in j*48 hangs"},
	{"&0:timeout:rank=0:group=A:seq=5:op=X:writer=j*49| &0:heard:rank=0:writer=k|", "X #5 of pg A in j*45... hangs"},
	{"&0:timeout:rank=0:group=A:seq=5:op=o*40", "o*40 #5 of pg A hangs"},
	{"&0:timeout:rank=0:group=A:seq=5:op=o*41", "o*37... #5 of pg A hangs"},
	{"&0:timeout:rank=0:group=g*32:seq=5:op=X", "X #5 of pg g*32 hangs"},
	{"&0:timeout:rank=0:group=g*33:seq=5:op=X", "X #5 of pg g*29... hangs"},
	{"&0:timeout:rank=0:group=A:desc=d*48:seq=5:op=X", "X #5 of d*48 (pg A) hangs"},
	{"&0:timeout:rank=0:group=A:desc=d*49:seq=5:op=X", "X #5 of d*45... (pg A) hangs"},
	/* ranks that ended */
	{"&0:timeout:rank=0:group=A:seq=5:op=X &0:timeout:rank=1:group=A:seq=5:op=X &0:ended:rank=2:op=e*48",
		"hangs, rank 2 ended (e*48): ranks 0, 1 waiting since"},
	{"&0:timeout:rank=0:group=A:seq=5:op=X &0:timeout:rank=1:group=A:seq=5:op=X &0:ended:rank=2:op=e*49",
		"They most likely wait for a process that is gone: rank 2 ended (e*45...); see its log before that. Then restart"},
	{"&0:timeout:rank=0:group=A:seq=5:op=X &0:timeout:rank=1:group=A:seq=5:op=X &0:ended:rank=2:op=a &0:ended:rank=3:op=a",
		"hangs, ranks 2, 3 ended: ranks 0, 1 waiting"},
	{"A=0,1,2 &0:timeout:rank=0:group=A:seq=5:op=X:ran=600 &0:timeout:rank=1:group=A:seq=5:op=X:ran=600 &0:ended:rank=2:op=e*64",
		"rank 2, pg A: no records of this rank, which #5 is waiting for; it ended with e*64|"},
	{"A=0,1,2 &0:timeout:rank=0:group=A:seq=5:op=X:ran=600 &0:timeout:rank=1:group=A:seq=5:op=X:ran=600 &0:ended:rank=2:op=e*65",
		"which #5 is waiting for; it ended with e*61...|"},
	{"A=0,1,2 A0#5 A1#5 &0:ended:rank=1:op=X", "rank 2, pg A: no records of this rank, which #5 is waiting for|"},
	{"A=0,1,2 &0:timeout:rank=0:group=A:seq=5:op=X:ran=600 &0:timeout:rank=1:group=A:seq=5:op=X:ran=600 &0:heard:rank=2 &0:ended:rank=2:op=e",
		"X #5 of pg A hangs, rank 2 ended (e): ranks 0, 1 waiting"},
	{"A=0,1,2 &0:timeout:rank=0:group=A:seq=5:op=X:ran=600 &0:timeout:rank=1:group=A:seq=5:op=X:ran=600 &0:heard:rank=2 &0:ended:rank=3:op=e",
		"X #5 of pg A hangs, the missing rank is unknown: ranks 0, 1 waiting"},
	/* logs to fetch, first of the rank that raised the alarm */
	{"&0:timeout:rank=0:group=A:seq=5:op=X &0:timeout:rank=1:group=A:seq=5:op=X",
		"get the logs or flight-recorder dumps of the group's other ranks. Then restart"},
	{"&0:timeout:rank=0:group=A:seq=5:op=X &0:timeout:rank=2:group=A:seq=5:op=X &0:alarm:rank=2",
		"dumps of rank 1, first those of rank 2, which raised the alarm (that does not make it the culprit). Then"},
	/* hosts, or else pods, six or as many as fit */
	{"A=0,1,2 A0#5 A1#5 A2<4 &0:heard:rank=2:writer=|n/p-2", "The collective waits for rank 2 (pod n/p-2), which did not"},
	{"A=0,1,2,3 A0#5 A1#5 A2<4 A3<4 &0:heard:rank=2:writer=|n/p-2 &0:heard:rank=3:writer=|n/p-3", "ranks 2, 3 (pods n/p-2, n/p-3), which"},
	{"A=0,1,2 A0#5 A1#5 A2<4 &0:heard:rank=2:node=h:writer=|n/p-2", "rank 2 (on h), which"},
	{"A=0,1,2 A0#5 A1#5 A2<4 &0:heard:rank=2:node=h*64", "(on h*64), which"},
	{"A=0,1,2 A0#5 A1#5 A2<4 &0:heard:rank=2:node=h*65", "(on h*61...), which"},
	{"A=0,1,2,3,4,5 A0#5 A1#5 A2<4 A3<4 A4<4 A5<4 &0:heard:rank=2:node=a*50 &0:heard:rank=3:node=b*50 &0:heard:rank=4:node=c*50 &0:heard:rank=5:node=d",
		"(on a*50, b*50, c*50, d), which"},
	{"A=0,1,2,3,4,5 A0#5 A1#5 A2<4 A3<4 A4<4 A5<4 &0:heard:rank=2:node=a*50 &0:heard:rank=3:node=b*50 &0:heard:rank=4:node=c*51 &0:heard:rank=5:node=d",
		"(on a*50, b*50, c*51 and others), which"},
	/* the description of these members, not of others with the group's name */
	{"A=0,1:Q A=2,3 A=2,3:P A2#5 A3#5", "#5 of P (pg A) stalled"},
	{"A=0,1:Q A=2,3 A2#5 A3#5", "#5 of Q (pg A) stalled"},
	/* members */
	{"%0:missing:rank=2:node=b:pid=1 %0:missing:rank=3:node=a:pid=2", "culprit_hosts=|a|b||"},
	{"%0:missing:rank=2:node=b:pid=1 %0:missing:rank=3:node=b:pid=2", "culprit_hosts=|b||"},
	{"A=0,1 A0#5 A1<4", "culprits=||rank=1|diagnosis=never_joined|"},
	{"A=0,1,2 A0#5 A1#5 A2#4 A0<4 A1<4", "culprits=||rank=2|diagnosis=stuck_on_device|pending=4|||culprit_ranks=|2||"},
	{"A=0,1,2 A0#5 A1#5 A2#0", "|pending=0|||culprit_ranks=|2||"},
	{"A=0,1,2 A0#5 A1#5 A2#4 A0<4 A1<4", "hanging_ranks=|0|1|2||waiting_ranks=|0|1||group_size=3|"},
	{"A~4 A0#5 A1#5", "waiting_ranks=|0|1||heard=2|group_size=4|"},
	{"A0#5 A1#5", "waiting_ranks=|0|1||heard=2|age_basis=dump|"},
	{"&0:timeout:rank=0:group=A:seq=5:op=X:ran=600 &0:timeout:rank=2:group=A:seq=5:op=X:ran=600 &0:alarm:rank=2",
		"suspected_ranks=|1||alarm_ranks=|2||heard=2|"},
	{"&0:timeout:local=0:group=A:seq=5:op=X &0:timeout:local=1:group=A:seq=5:op=X", "rank_scope=group|heard=2|"},
	{"&0:timeout:rank=0:group=0:seq=5:op=X &0:timeout:rank=1:group=0:seq=5:op=X &0:host:ranks=0-2:size=3:node=a", "world_size=3|"},
	{"A=0,1,2 &0:timeout:rank=0:group=A:seq=5:op=X:ran=600 &0:timeout:rank=1:group=A:seq=5:op=X:ran=600",
		"diagnosis=silent|certainty=suspected|sources=|watchdog||culprits="},
	{"A=0,1,2 A0#5W A1#5W A2+4/4", "diagnosis=never_joined|certainty=sure|sources=|flight_recorder|watchdog||culprits="},
	{"A=0,1 A0#5 A1#5", "diagnosis=stalled|hanging_ranks="},
	{"A=0,1 A0#5kf;g A1#5", "stack=|f|g||"},
	{"A=0,1,2 A0#5kf A1#5 A2<4", "stack=|f||"},
	{"A=0,1,2 A0#5ke A1#5kf A2#4kg A0<4 A1<4", "stack=|g||"},
	{"A=0,1 B=1,2 A0#5 A1<4 B1#7 B2<6", "blocked_ranks=2|blocked_collectives=2|blocked_groups=2|"},
	{"A=0,1,2 A0#5 A1#5 A2<4 &0:heard:rank=2:writer=|n/p-2", "culprit_pods=|n/p-2||"},
	/* a barrier has no number */
	{"&0:barrier:rank=0:ranks=2,3", "Ranks 2, 3 never joined monitoredBarrier of pg monitoredBarrier; 1 rank"},
	/* evidence: a call, with its sizes if they differ, and where it was made */
	{"A=0,1 A0#5na A1#5r", "rank 0 on a, pg A: all_reduce #5 scheduled, not completed|"},
	{"A=0,1 A0#5 A1#5r", "rank 1, pg A: all_reduce #5 started, not completed|"},
	{"A=0,1 A0#5W A1#5w", "rank 0, pg A: all_reduce #5 timed out|"},
	{"A=0,1,2,3 A0#5 A1#5 A2#5 A3#4 A0<4 A1<4 A2<4", "all_reduce #4 scheduled, not completed; others are at #5|"},
	{"A=0,1 A0#5 A1<4", "rank 1, pg A: has not joined #5; last completed #4|"},
	{"A=0,1 A0#5 A1+3/3", "has not joined #5; last completed #3|"},
	{"A=0,1 A0#5 A1<2 A1+9/9p", "has not joined #5; last completed #2|"},
	{"A=0,1 A0#1 A1<0", "has not joined #1; last completed #0|"},
	{"A=0,1 A0#1 A1+0/0", "has not joined #1; last completed #0|"},
	{"A=0,1 A0#5 1!", "rank 1, pg A: has not joined #5|"},
	{"A=0,1,2 A0#5/8|f A1#5/8|f A2#5/9*64|f|7|h", "rank 2, pg A: all_reduce #5 9*64 f to 7 h scheduled, not completed|"},
	{"A=0,1,2 A0#5/8|f A1#5/8|f A2#5/9*65|f||h", "all_reduce #5 9*61... f h scheduled, not completed|"},
	{"A=0,1 A0#5kstep_(train.py:42) A1#5", "scheduled, not completed; at step, train.py:42|"},
	{"A=0,1 A0#5kf_(/x/torch/a.py:1);step_(train.py:42);g_(b.py:1) A1#5", "not completed; at step, train.py:42|"},
	{"A=0,1 A0#5kf_(/x/torch/a.py:1);g_(/x/torch/b.py:2) A1#5", "not completed; at f, /x/torch/a.py:1|"},
	{"A=0,1 A0#5kstep A1#5", "not completed; at step|"},
	{"A=0,1 A0#5kstep_(x A1#5", "not completed; at step|"},
	{"A=0,1 A0#5ks*64_(f*128) A1#5", "; at s*64, f*128|"},
	{"A=0,1 A0#5ks*65_(f*129) A1#5", "; at s*61..., f*125...|"},
};

/* Text with x*9 as nine times x. */
static void
put_repeated(struct buf *b, struct str s)
{
	uint64_t n;

	while (s.n) {
		struct str count = str_from(s, 2);

		n = 1;
		if (s.n > 2 && s.p[1] == '*' && num_eat(&count, &n)) {
			for (uint64_t i = 0; i < n; i++)
				buf_chr(b, *s.p);
			s = count;
		} else {
			buf_chr(b, *s.p);
			s = str_from(s, 1);
		}
	}
}

static void
put_item(struct buf *b, const struct item *it)
{
	buf_add(b, str_of(it->name ? it->name : ""));
	buf_add(b, it->name ? S("=") : S(""));
	if (it->kind == ITEM_STR)
		buf_add(b, it->s);
	else if (it->kind == ITEM_INT || it->kind == ITEM_SECONDS)
		buf_i64(b, it->n);
	buf_chr(b, '|');
}

static bool
text_is(const char *in, const char *text)
{
	struct buf row = {0}, want = {0}, all = {0};
	struct str rest, word;
	bool good = configure("");

	put_repeated(&row, str_of(in));
	put_repeated(&want, str_of(text));
	events_reset(&run.ev);
	for (rest = buf_str(&row); str_cut(&rest, ' ', &word);)
		good &= add(word);
	detect();
	for (size_t i = 0; i < run.vs.n; i++) {
		const struct verdict *v = &run.vs.v[i];

		good &= v->headline.n <= HEADLINE_MAX;
		buf_add(&all, v->headline);
		buf_chr(&all, '|');
		buf_add(&all, v->remediation);
		buf_chr(&all, '|');
		for (size_t k = 0; k < v->nev; k++) {
			buf_add(&all, run.vs.ev[v->ev + k].text);
			buf_chr(&all, '|');
		}
		for (size_t k = 0; k < v->nitem; k++)
			put_item(&all, &run.vs.item[v->item + k]);
	}
	if (!str_has(buf_str(&all), buf_str(&want)) || !good) {
		good = false;
		printf("# %s\n#   not in: %.*s\n#   not: %s\n", in, (int)all.n, all.p ? all.p : "", text);
	}
	buf_free(&row);
	buf_free(&want);
	buf_free(&all);
	return good;
}

int
main(void)
{
	run.ev = (struct events){.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
	run.vs.id = nccl_hang.id;
	run.vs.name = nccl_hang.name;
	TEST("an option's letter is a letter");
	for (const struct opt *o = nccl_hang.opt; o->kind != OPT_END; o++) {
		char key = o->key;

		CHECK(key == 0 || (key >= 'a' && key <= 'z'));
	}
	TEST("logs of watchdogs");
	for (size_t i = 0; i < NELEM(logs); i++)
		CHECK_ROW(i, row_is("", logs[i].in, logs[i].out, true));
	TEST("jobs and attempts apart");
	for (size_t i = 0; i < NELEM(parts); i++)
		CHECK_ROW(i, parts_are(parts[i].in, parts[i].out));
	TEST("the job of a pod");
	for (size_t i = 0; i < NELEM(pods); i++)
		CHECK_ROW(i, pod_is_of(pods[i].pod, pods[i].job));
	TEST("at most 64 jobs or attempts");
	test_most();
	TEST("texts: who, where, what to do, and what is cut");
	for (size_t i = 0; i < NELEM(texts); i++)
		CHECK_ROW(i, text_is(texts[i].in, texts[i].text));
	TEST("what --follow keeps");
	for (size_t i = 0; i < NELEM(kept); i++)
		CHECK_ROW(i, kept_is(kept[i].in, kept[i].left));
	TEST("when a verdict is final");
	for (size_t i = 0; i < NELEM(settled); i++)
		CHECK_ROW(i, final_is(settled[i].in, settled[i].final));
	TEST("a call that its rank left behind");
	for (size_t i = 0; i < NELEM(left_behind); i++)
		CHECK_ROW(i, row_is(left_behind[i].args, left_behind[i].in, left_behind[i].out, false));
	TEST("NCCL RAS");
	for (size_t i = 0; i < NELEM(ras); i++)
		CHECK_ROW(i, row_is("", ras[i].in, ras[i].out, true));
	TEST("who is to blame");
	for (size_t i = 0; i < NELEM(rows); i++)
		CHECK_ROW(i, row_is(rows[i].args, rows[i].in, rows[i].out, true));
	events_free(&run.ev);
	return test_done();
}
