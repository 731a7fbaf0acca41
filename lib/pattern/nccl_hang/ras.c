#include "pattern/nccl_hang/nccl.h"

#include <string.h>

#include "base/num.h"
#include "input/text/ras.h"
#include "input/text/watchdog.h"
#include "join/phrase.h"

/*
 * ras - findings from NCCL RAS about a communicator: ranks that launched fewer
 * operations than others, do not answer, report an error, are still in
 * initialization or have left.  Its numbers are not those of PyTorch's process
 * groups, so it is analyzed separately.
 */

/* A process considered dead; t: newest time of such a report. */
struct dead {
	uint32_t node;
	int64_t pid, t;
};

/* A communicator's records. */
struct comm {
	const struct detection *d;
	const struct ras **r; /* by time, without those of processes */
	size_t n;
	const struct dead *dead; /* of all communicators */
	size_t ndead;
	size_t absent;   /* number of ranks that did not answer */
	size_t named;    /* number of ranks with a count */
	int64_t last;    /* time of the last poll; NO_TIME: lines have no time */
	int64_t since;   /* nothing launched since then; NO_TIME: only one poll */
	bool moves;      /* operations were launched between the last two polls */
	int64_t same;    /* first of the polls equal to the last one, or INT64_MAX */
	int64_t settled; /* first of those at least --threshold later, or INT64_MAX */
};

/* A rank and where it runs. */
struct comm_rank {
	uint32_t rank, node;
};

static int
seat_cmp(const void *x, const void *y, const void *ctx)
{
	const struct comm_rank *p = x, *q = y;

	(void)ctx;
	return p->rank != q->rank ? SORT_ORDER(p->rank, q->rank) : SORT_ORDER(q->node, p->node);
}

static int
seat_same(const void *x, const void *y, const void *ctx)
{
	const struct comm_rank *p = x, *q = y;

	(void)ctx;
	return p->rank != q->rank;
}

static size_t
in_order(const struct comm *c, struct comm_rank *s, size_t n)
{
	sort(s, n, sizeof(*s), seat_cmp, NULL, c->d->spare);
	return sort_unique(s, n, sizeof(*s), seat_same, NULL);
}

enum kind { KIND_NEVER_JOINED, KIND_SILENT, KIND_IN_INIT, KIND_LEFT, KIND_ERROR, KIND_UNKNOWN };

/* Wording of each kind of finding. */
static const struct {
	struct str diagnosis, does, one_does, before, todo;
} kinds[] = {
	[KIND_NEVER_JOINED] = {STR_INIT("never_joined"), STR_INIT(" never joined "), STR_INIT(" never joined "),
		STR_INIT("Fewer operations were launched by "),
		STR_INIT(": check the stack (py-spy dump --native), data loader, storage and exceptions on that host. ")},
	[KIND_SILENT] = {STR_INIT("silent"), STR_INIT(" silent in "), STR_INIT(" silent in "), STR_INIT("NCCL RAS got no answer from "),
		STR_INIT(": check that the process and its node are still up (kernel log, pod events). ")},
	[KIND_IN_INIT] = {STR_INIT("in_init"), STR_INIT(" still initializing"), STR_INIT(" still initializing"),
		STR_INIT("The communicator's initialization was not finished by "),
		STR_INIT(", while other ranks run: check the stack (py-spy dump --native) and the network interface that NCCL chose on that host. ")},
	[KIND_LEFT] = {STR_INIT("left"), STR_INIT(" left"), STR_INIT(" left"), STR_INIT("The communicator was destroyed or aborted by "),
		STR_INIT(", while other ranks run: check the end of the log on that host for an exception or an early exit. ")},
	[KIND_ERROR] = {STR_INIT("error"), STR_INIT(" report "), STR_INIT(" reports "), STR_INIT("NCCL returned an error to "),
		STR_INIT(": check the log (NCCL WARN) and Xids, NVLink and network errors on that host (xid-correlate); a peer's failure can cause it. ")},
	[KIND_UNKNOWN] = {STR_INIT("unknown"), STR_INIT(" report "), STR_INIT(" reports "), STR_INIT("A peer of "),
		STR_INIT(" failed: these reports do not show which; get the logs of the communicator's other ranks. ")},
};

/* The finding about a communicator. */
struct saying {
	enum kind kind;
	struct str op;
	struct str word; /* ERROR, UNKNOWN: what NCCL returned */
	int64_t seq; /* -1 */
	bool sure;
	struct comm_rank *culprit;
	size_t n;
	uint32_t *waiting;
	size_t nwaiting, size; /* size 0: unknown */
};

static bool
is_unknown(const struct saying *s)
{
	return s->kind == KIND_UNKNOWN;
}

/* The ranks of a finding: its culprits, or if there are none, the waiting ones. */
static void
put_seats(struct buf *b, const struct saying *s)
{
	struct some some = {0};

	for (size_t i = 0; i < s->n; i++)
		nccl_some_add(&some, s->culprit[i].rank);
	for (size_t i = 0; is_unknown(s) && i < s->nwaiting; i++)
		nccl_some_add(&some, s->waiting[i]);
	nccl_put_some(b, &some);
}

static int
host_cmp(const void *x, const void *y, const void *ctx)
{
	return idx_cmp(ctx, *(const uint32_t *)x, *(const uint32_t *)y);
}

static void
ras_hosts(const struct comm *c, const struct saying *s)
{
	struct verdicts *vs = c->d->out;
	uint32_t *host = mem_new(c->d->mem, uint32_t, s->n);
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		if (s->culprit[i].node)
			host[n++] = s->culprit[i].node;
	sort(host, n, sizeof(*host), host_cmp, &c->d->ev->names, c->d->spare);
	n = sort_unique(host, n, sizeof(*host), sort_u32, NULL);
	if (n == 0)
		return;
	verdict_open(vs, "culprit_hosts", ITEM_LIST);
	for (size_t i = 0; i < n; i++)
		verdict_str(vs, NULL, idx_at(&c->d->ev->names, host[i]));
	verdict_close(vs);
}

static void
put_list(struct verdicts *vs, const char *what, const uint32_t *rank, size_t n)
{
	if (n == 0)
		return;
	verdict_open(vs, what, ITEM_LIST);
	for (size_t i = 0; i < n; i++)
		verdict_int(vs, NULL, rank[i]);
	verdict_close(vs);
}

static struct str
ras_headline(const struct comm *c, const struct saying *s, struct str comm)
{
	struct buf *b = c->d->scratch;
	bool waits = s->nwaiting && !is_unknown(s);

	b->n = 0;
	put_seats(b, s);
	*b->p = 'R';
	buf_add(b, s->n + (is_unknown(s) ? s->nwaiting : 0) == 1 ? kinds[s->kind].one_does : kinds[s->kind].does);
	if (s->word.n) {
		buf_plain(b, s->word);
		buf_add(b, S(" in"));
	} else if (s->kind == KIND_NEVER_JOINED || s->kind == KIND_SILENT) {
		buf_plain(b, s->op.n ? s->op : S("collective"));
		if (s->seq >= 0) {
			buf_add(b, S(" #"));
			buf_i64(b, s->seq);
		}
		buf_add(b, S(" of"));
	}
	buf_add(b, S(" communicator "));
	buf_add(b, comm);
	if (is_unknown(s))
		buf_add(b, S(", the peer that failed is unknown"));
	if (waits) {
		buf_add(b, S("; "));
		buf_u64(b, s->nwaiting);
		buf_add(b, s->nwaiting == 1 ? S(" rank waiting") : S(" ranks waiting"));
	}
	if (c->since != NO_TIME) {
		buf_add(b, waits ? S(" since ") : S("; since "));
		phrase_second(b, c->since);
	}
	return verdict_keep(c->d->out, b);
}

static struct str
ras_remediation(const struct comm *c, const struct saying *s)
{
	struct buf *b = c->d->scratch;

	b->n = 0;
	buf_add(b, kinds[s->kind].before);
	put_seats(b, s);
	buf_add(b, kinds[s->kind].todo);
	if (!s->sure && s->kind < KIND_ERROR)
		buf_add(b, S("One snapshot does not prove a hang: run ncclras again after --threshold to see whether the rank makes progress. "));
	buf_add(b, S("Then restart the job."));
	return verdict_keep(c->d->out, b);
}

/* Evidence about a rank from RAS. */
static struct str
seat_evidence(const struct comm *c, const struct saying *s, const struct comm_rank *seat)
{
	struct buf *b = c->d->scratch;

	buf_add(b, S("rank "));
	buf_u64(b, seat->rank);
	if (seat->node) {
		buf_add(b, S(" on "));
		buf_add(b, idx_at(&c->d->ev->names, seat->node));
	}
	switch (s->kind) {
	case KIND_SILENT: buf_add(b, S(" gave RAS no answer")); break;
	case KIND_IN_INIT: buf_add(b, S(" has status INIT")); break;
	case KIND_LEFT: buf_add(b, S(" is not in the communicator any more")); break;
	case KIND_ERROR:
	case KIND_UNKNOWN:
		buf_add(b, S(" reported "));
		buf_plain(b, s->word);
		break;
	case KIND_NEVER_JOINED:
		buf_add(b, S(" launched "));
		buf_i64(b, s->seq - 1);
		break;
	}
	return verdict_keep(c->d->out, b);
}

static void
ras_evidence(const struct comm *c, const struct saying *s, struct str comm)
{
	struct verdicts *vs = c->d->out;
	struct buf *b = c->d->scratch;
	size_t n = is_unknown(s) ? s->nwaiting : s->n;

	for (size_t i = 0; i < n && i < 64; i++) {
		struct comm_rank seat = is_unknown(s) ? (struct comm_rank){.rank = s->waiting[i]} : s->culprit[i];
		struct str uid;

		buf_u64(b, seat.rank);
		buf_chr(b, '/');
		buf_add(b, comm);
		buf_chr(b, '/');
		buf_i64(b, s->seq < 0 ? 0 : s->seq);
		uid = verdict_keep(vs, b);
		verdict_evidence(vs, S("nccl_record"), uid, c->last, seat_evidence(c, s, &seat));
	}
	if (n > 64)
		verdict_int(vs, "evidence_omitted", (int64_t)n - 64);
}

static void
put_culprits(const struct comm *c, const struct saying *s)
{
	struct verdicts *vs = c->d->out;

	if (s->n == 0)
		return;
	verdict_open(vs, "culprits", ITEM_LIST);
	for (size_t i = 0; i < s->n; i++) {
		verdict_open(vs, NULL, ITEM_OBJECT);
		verdict_int(vs, "rank", s->culprit[i].rank);
		verdict_str(vs, "diagnosis", kinds[s->kind].diagnosis);
		verdict_str(vs, "host", idx_at(&c->d->ev->names, s->culprit[i].node));
		verdict_close(vs);
	}
	verdict_close(vs);
	verdict_open(vs, "culprit_ranks", ITEM_LIST);
	for (size_t i = 0; i < s->n; i++)
		verdict_int(vs, NULL, s->culprit[i].rank);
	verdict_close(vs);
}

static void
emit(const struct comm *c, const struct saying *s)
{
	struct verdicts *vs = c->d->out;
	struct buf *b = c->d->scratch;
	struct verdict *v = verdict_add(vs);
	struct str comm;

	b->n = 0;
	buf_hex(b, c->r[c->n - 1]->hash, 16);
	comm = verdict_keep(vs, b);
	v->headline = ras_headline(c, s, comm);
	v->remediation = ras_remediation(c, s);
	v->final_at = s->sure && s->kind == KIND_SILENT ? c->same : c->settled;
	v->id = phrase_id(vs, b, comm, kinds[s->kind].diagnosis, c->since);
	v->action = ACTION_COLLECT_LOGS;
	verdict_str(vs, "pg_name", comm);
	if (s->seq >= 0)
		verdict_int(vs, "collective_seq_id", s->seq);
	verdict_str(vs, "op", s->op);
	verdict_str(vs, "diagnosis", kinds[s->kind].diagnosis);
	if (!is_unknown(s))
		verdict_str(vs, "certainty", s->sure ? S("sure") : S("suspected"));
	verdict_str(vs, "nccl_error", s->word);
	verdict_open(vs, "sources", ITEM_LIST);
	verdict_str(vs, NULL, S("ras"));
	verdict_close(vs);
	put_culprits(c, s);
	put_list(vs, "hanging_ranks", s->waiting, s->nwaiting);
	put_list(vs, "waiting_ranks", s->waiting, s->nwaiting);
	verdict_str(vs, "rank_scope", S("group"));
	if (s->size)
		verdict_int(vs, "group_size", (int64_t)s->size);
	if (c->since != NO_TIME)
		verdict_seconds(vs, "hung_seconds", time_diff(c->last, c->since));
	verdict_str(vs, "age_basis", S("ras"));
	verdict_time(vs, "since", c->since);
	ras_hosts(c, s);
	ras_evidence(c, s, comm);
}

/* Is a poll late enough after another to prove that nothing moves? */
static bool
is_late(const struct comm *c, int64_t t, int64_t since)
{
	const struct nccl_options *o = c->d->config;

	return since != NO_TIME && time_diff(t, since) >= time_diff(o->threshold, c->d->skew);
}

/* Compare the counts in records from..to, of one operation; report ranks with less. */
static void
judge_op(const struct comm *c, size_t from, size_t to)
{
	struct mem *m = c->d->mem;
	struct saying s = {.op = idx_at(&c->d->ev->names, c->r[from]->op), .kind = KIND_NEVER_JOINED, .sure = is_late(c, c->last, c->since)};
	int64_t least = INT64_MAX, most = -1;
	size_t total = 0, few = 0, named = 0;
	bool *is_named, *is_less;

	for (size_t i = from; i < to; i++) {
		least = num_min(least, c->r[i]->count);
		most = num_max(most, c->r[i]->count);
		total += c->r[i]->n;
		s.size = c->r[i]->size ? c->r[i]->size : s.size;
	}
	if (least == most || total > 1 << 20 || (s.size && s.size < total))
		return;
	if (!s.size)
		s.size = total;
	is_named = mem_new(m, bool, s.size);
	is_less = mem_new(m, bool, s.size);
	s.culprit = mem_new(m, struct comm_rank, s.size);
	s.waiting = mem_new(m, uint32_t, s.size);
	for (size_t i = from; i < to; i++) {
		const struct ras *r = c->r[i];

		few += r->count == least ? r->n : 0;
		if (r->rank >= s.size)
			continue;
		named++;
		is_named[r->rank] = true;
		is_less[r->rank] = r->count == least;
		if (r->count == least)
			s.culprit[s.n++] = (struct comm_rank){r->rank, r->e.node};
	}
	/* RAS does not name the larger set: it is known only if all others are named */
	if (s.n < few && (s.n || few != s.size - named))
		return;
	for (uint32_t k = 0; k < s.size; k++) {
		if (!is_named[k] && s.n < few)
			s.culprit[s.n++] = (struct comm_rank){k, 0};
		else if (!is_less[k] && (is_named[k] || s.size == total))
			s.waiting[s.nwaiting++] = k;
	}
	/* a rank ahead by one may just be faster */
	if (!s.sure && most - least == 1 && s.nwaiting < s.n)
		return;
	s.seq = least + 1;
	s.n = in_order(c, s.culprit, s.n);
	emit(c, &s);
}

/* Is it about a process, not a rank? */
static bool
is_process(const struct ras *r)
{
	return r->part == RAS_DEAD && r->rank == UINT32_MAX;
}

static int
dead_cmp(const void *x, const void *y, const void *ctx)
{
	const struct dead *p = x, *q = y;
	int d = SORT_ORDER(p->node, q->node);

	(void)ctx;
	return d ? d : SORT_ORDER(p->pid, q->pid);
}

/* The process of a rank, if it is considered dead. */
static const struct dead *
dead_of(const struct comm *c, const struct ras *r)
{
	struct dead key = {.node = r->e.node, .pid = r->pid};
	size_t lo = 0;

	SORT_BISECT(lo, c->ndead, i, dead_cmp(&c->dead[i], &key, NULL) < 0);
	return r->pid >= 0 && lo < c->ndead && dead_cmp(&c->dead[lo], &key, NULL) == 0 ? &c->dead[lo] : NULL;
}

/* Does a record of the last poll say that its rank is missing, or has it died since? */
static bool
is_missing(const struct comm *c, const struct ras *r)
{
	const struct dead *dead;

	if (r->e.t != c->last)
		return false;
	if (r->part == RAS_LAUNCHED)
		return r->rank != UINT32_MAX && (dead = dead_of(c, r)) && dead->t >= r->e.t;
	return r->part == RAS_MISSING || (r->part == RAS_DEAD && r->rank != UINT32_MAX) ||
	       (r->part == RAS_NAMED && c->named <= c->absent);
}

static bool
judge_missing(const struct comm *c)
{
	struct saying s = {.kind = KIND_SILENT, .seq = -1, .sure = true};
	struct buf *b = c->d->scratch;
	uint32_t rank;

	b->n = 0;
	for (size_t i = 0; i < c->n; i++) {
		const struct ras *r = c->r[i];
		struct watchdog_ranks list = {.rest = idx_at(&c->d->ev->names, r->ranks)};
		struct comm_rank seat = {r->rank, r->e.node};

		s.size = r->size ? r->size : s.size;
		if (!is_missing(c, r))
			continue;
		s.sure &= r->part == RAS_DEAD || dead_of(c, r);
		if (r->rank != UINT32_MAX)
			buf_add(b, (struct str){(const char *)&seat, sizeof(seat)});
		while (r->rank == UINT32_MAX && watchdog_rank(&list, &rank)) {
			seat.rank = rank;
			buf_add(b, (struct str){(const char *)&seat, sizeof(seat)});
		}
	}
	s.n = b->n / sizeof(*s.culprit);
	if (s.n == 0)
		return false;
	s.culprit = mem_new(c->d->mem, struct comm_rank, s.n);
	memcpy(s.culprit, b->p, b->n);
	s.n = in_order(c, s.culprit, s.n);
	emit(c, &s);
	return true;
}

/* ---- errors and states ---- */

enum { WORDS = 8 }; /* max. distinct errors of one communicator */

static bool
is_said(const struct comm *c, const struct ras *r, enum ras_part part)
{
	return r->part == part && r->e.t == c->last;
}

static struct str
word_of(const struct comm *c, const struct ras *r)
{
	return idx_at(&c->d->ev->names, r->word);
}

/* Is it an error from another rank's process? */
static bool
is_remote(const struct comm *c, const struct ras *r)
{
	return str_eq(word_of(c, r), S("Remote process error"));
}

/* A new finding, with space for all ranks. */
static struct saying
new_saying(const struct comm *c, enum kind kind)
{
	return (struct saying){
		.kind = kind, .seq = -1, .sure = kind < KIND_ERROR && is_late(c, c->last, c->since),
		.culprit = mem_new(c->d->mem, struct comm_rank, c->n), .waiting = mem_new(c->d->mem, uint32_t, c->n),
	};
}

static void
say(const struct comm *c, struct saying *s)
{
	for (size_t i = 0; i < c->n; i++)
		s->size = c->r[i]->size ? c->r[i]->size : s->size;
	s->n = in_order(c, s->culprit, s->n);
	sort(s->waiting, s->nwaiting, sizeof(*s->waiting), sort_u32, NULL, c->d->spare);
	s->nwaiting = sort_unique(s->waiting, s->nwaiting, sizeof(*s->waiting), sort_u32, NULL);
	if (s->n || (is_unknown(s) && s->nwaiting))
		emit(c, s);
}

/* Report ranks with an error; those with another process's error wait for that. */
static void
judge_errors(const struct comm *c, bool missing)
{
	uint32_t word[WORDS] = {0};
	struct saying s = new_saying(c, KIND_UNKNOWN);
	size_t nword = 0, k;

	for (size_t i = 0; i < c->n; i++) {
		const struct ras *r = c->r[i];

		if (!is_said(c, r, RAS_ERROR))
			continue;
		if (is_remote(c, r)) {
			s.word = word_of(c, r);
			if (r->rank != UINT32_MAX)
				s.waiting[s.nwaiting++] = r->rank;
			continue;
		}
		for (k = 0; k < nword && word[k] != r->word; k++)
			;
		if (k == nword && nword < WORDS)
			word[nword++] = r->word;
	}
	if (nword == 0 && !missing)
		say(c, &s);
	for (k = 0; k < nword; k++) {
		struct saying own = new_saying(c, KIND_ERROR);

		own.word = idx_at(&c->d->ev->names, word[k]);
		own.waiting = s.waiting;
		own.nwaiting = s.nwaiting;
		for (size_t i = 0; i < c->n; i++)
			if (is_said(c, c->r[i], RAS_ERROR) && c->r[i]->word == word[k] && c->r[i]->rank != UINT32_MAX)
				own.culprit[own.n++] = (struct comm_rank){c->r[i]->rank, c->r[i]->e.node};
		say(c, &own);
	}
}

/* Report ranks in initialization, or that have left, while others run. */
static bool
judge_state(const struct comm *c, enum kind kind)
{
	struct saying s = new_saying(c, kind);
	size_t running = 0;

	for (size_t i = 0; i < c->n; i++) {
		const struct ras *r = c->r[i];
		bool runs = str_eq(word_of(c, r), S("RUNNING"));

		if (!is_said(c, r, RAS_STATE))
			continue;
		running += runs ? r->n : 0;
		if (r->rank == UINT32_MAX)
			continue;
		if (runs)
			s.waiting[s.nwaiting++] = r->rank;
		else if (str_eq(word_of(c, r), S("INIT")) == (kind == KIND_IN_INIT))
			s.culprit[s.n++] = (struct comm_rank){r->rank, r->e.node};
	}
	if (running == 0 || s.n == 0)
		return false;
	say(c, &s);
	return true;
}

/* Find the time of the last poll, and since when nothing moved. */
static void
find_polls(struct comm *c)
{
	int64_t total = -1;

	c->last = c->since = NO_TIME;
	for (size_t i = 0; i < c->n; i++)
		c->last = num_max(c->last, c->r[i]->e.t);
	for (size_t i = c->n; i-- > 0;) {
		const struct ras *r = c->r[i];

		if (r->part != RAS_TOTAL)
			continue;
		if (total >= 0 && r->count != total) {
			c->moves = c->since == NO_TIME;
			return;
		}
		if (total >= 0 && r->e.t < c->last)
			c->since = r->e.t;
		total = r->count;
	}
}

/* Index of the first record of the poll that ends before record to. */
static size_t
poll_of(const struct comm *c, size_t to)
{
	size_t from = to - 1;

	while (from && c->r[from - 1]->e.t == c->r[from]->e.t)
		from--;
	return from;
}

/* Are n records from p on equal in content to those from q on? */
static bool
is_same_poll(const struct ras *const *p, const struct ras *const *q, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i]->part != q[i]->part || p[i]->op != q[i]->op || p[i]->count != q[i]->count || p[i]->rank != q[i]->rank ||
		    p[i]->n != q[i]->n || p[i]->ranks != q[i]->ranks || p[i]->word != q[i]->word)
			return false;
	return true;
}

static void
find_settled(struct comm *c)
{
	size_t last = c->n ? poll_of(c, c->n) : 0, first = last, from;

	c->same = c->settled = INT64_MAX;
	if (c->last == NO_TIME)
		return;
	while (first && c->r[from = poll_of(c, first)]->e.t != NO_TIME && first - from == c->n - last &&
	       is_same_poll(c->r + from, c->r + last, first - from))
		first = from;
	c->same = c->r[first]->e.t;
	for (; first < c->n && c->settled == INT64_MAX; first++)
		if (is_late(c, c->r[first]->e.t, c->same))
			c->settled = c->r[first]->e.t;
}

static void
count_named(struct comm *c)
{
	c->absent = c->named = 0;
	for (size_t i = 0; i < c->n; i++) {
		c->absent += c->r[i]->part == RAS_ABOUT ? c->r[i]->n : 0;
		c->named += c->r[i]->part == RAS_NAMED;
	}
}

static void
judge_comm(struct comm *c)
{
	size_t to;

	bool apart;

	find_polls(c);
	find_settled(c);
	count_named(c);
	judge_errors(c, judge_missing(c));
	apart = !c->moves && judge_state(c, KIND_IN_INIT);
	apart = (!c->moves && judge_state(c, KIND_LEFT)) || apart;
	for (size_t i = 0; i < c->n && !c->moves && !apart; i = to) {
		for (to = i + 1; to < c->n && c->r[to]->e.t == c->r[i]->e.t && c->r[to]->part == c->r[i]->part &&
			 c->r[to]->op == c->r[i]->op;
		     to++)
			;
		if (c->r[i]->part == RAS_LAUNCHED && c->r[i]->e.t == c->last)
			judge_op(c, i, to);
	}
}

/* Gather the processes considered dead, without duplicates, with the newest time. */
static void
gather_dead(struct comm *c)
{
	const struct event_list *l = &c->d->ev->list[EVENT_RAS];
	const struct ras *r = l->p;
	struct dead *p = mem_new(c->d->mem, struct dead, l->n);
	size_t n = 0, to = 0;

	for (size_t i = 0; i < l->n; i++)
		if (is_process(&r[i]) && r[i].pid >= 0)
			p[n++] = (struct dead){r[i].e.node, r[i].pid, r[i].e.t};
	sort(p, n, sizeof(*p), dead_cmp, NULL, c->d->spare);
	for (size_t i = 0; i < n; i++) {
		if (to && dead_cmp(&p[to - 1], &p[i], NULL) == 0)
			p[to - 1].t = num_max(p[to - 1].t, p[i].t);
		else
			p[to++] = p[i];
	}
	c->dead = p;
	c->ndead = to;
}

void
nccl_ras(const struct detection *d)
{
	const struct event_list *l = &d->ev->list[EVENT_RAS];
	const struct ras *r = l->p;
	struct comm c = {.d = d, .r = mem_new(d->mem, const struct ras *, l->n)};
	size_t first = 0, to;
	bool one;

	gather_dead(&c);

	/* single lines do not name their communicator: it is the only one */
	while (first < l->n && r[first].hash == 0)
		first++;
	one = first == l->n || r[l->n - 1].hash == r[first].hash;
	for (size_t i = one ? 0 : first; i < l->n; i = to) {
		c.n = 0;
		c.moves = false;
		for (to = i; to < l->n && (one || r[to].hash == r[i].hash); to++)
			if (!is_process(&r[to]))
				c.r[c.n++] = &r[to];
		judge_comm(&c);
	}
}
