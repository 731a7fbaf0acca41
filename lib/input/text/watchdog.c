#include "input/text/watchdog.h"

#include "base/num.h"
#include "input/text/stamps.h"
#include "input/text/text.h"

enum { RANK_MAX = 0x7fffffff, RANKS_MAX = 4096 };
#define COUNT_MAX (INT64_C(1) << 53) /* higher numbers are not counters */
#define MS INT64_C(1000000)

/* ---- pieces ---- */

/* The text in s after mark, or "no string". */
static struct str
behind(struct str s, struct str mark)
{
	size_t at = str_find(s, mark);

	return at < s.n ? str_from(s, at + mark.n) : (struct str){0};
}

/* The text after the last mark. */
static struct str
behind_last(struct str s, struct str mark)
{
	struct str found = {0}, next = behind(s, mark);

	for (; next.p; next = behind(next, mark))
		found = next;
	return found;
}

/* Remove a count from the start of *s; -1 if there is none or it is too large to be a
 * count. */
static int64_t
eat_count(struct str *s)
{
	uint64_t n;

	return num_eat(s, &n) && n <= COUNT_MAX ? (int64_t)n : -1;
}

/* The count after mark in s; "mark-1" is -1. */
static int64_t
count_behind(struct str s, struct str mark)
{
	struct str t = behind(s, mark);

	return eat_count(&t);
}

static int64_t
rank_of(struct str s)
{
	int64_t n = eat_count(&s);

	return n <= RANK_MAX ? n : -1;
}

static int64_t
milliseconds(int64_t ms)
{
	return ms >= 0 && ms < INT64_MAX / MS / 2 ? ms * MS : -1;
}

/* Is it an operation's name in a desync report? */
static bool
is_op(struct str s)
{
	static const struct str parts[] = {
		STR_INIT("REDUCE"), STR_INIT("GATHER"), STR_INIT("SCATTER"), STR_INIT("BROADCAST"), STR_INIT("BARRIER"),
		STR_INIT("ALLTOALL"), STR_INIT("SEND"), STR_INIT("RECV"), STR_INIT("COALESCED"),
	};

	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'A' && s.p[i] <= 'Z') || s.p[i] == '_'))
			return false;
	for (size_t i = 0; i < NELEM(parts); i++)
		if (str_has(s, parts[i]))
			return true;
	return false;
}

/* Letters, digits and underscores at the start of s. */
static struct str
word_of(struct str s)
{
	size_t n = 0;

	while (n < s.n && (char_letter(s.p[n]) || s.p[n] == '_' ||
			   char_digit(s.p[n])))
		n++;
	return str_head(s, n);
}

/* The list of ranks at the end of s, "[0, 1, 2]", without brackets. */
static struct str
bracket_before(struct str s)
{
	size_t to = s.n, from;

	if (!str_ends(s, S("]")))
		return (struct str){0};
	for (from = --to; from && s.p[from - 1] != '['; from--)
		if (!strchr("0123456789, -", s.p[from - 1]) || !s.p[from - 1])
			return (struct str){0};
	return from ? str_from(str_head(s, to), from) : (struct str){0};
}

bool
watchdog_rank(struct watchdog_ranks *w, uint32_t *rank)
{
	uint64_t a, b;

	if (w->next >= w->last) {
		while (w->rest.n && (*w->rest.p == ' ' || *w->rest.p == ','))
			w->rest = str_from(w->rest, 1);
		if (!num_eat(&w->rest, &a) || a > RANK_MAX)
			return false;
		b = a;
		if (str_eat(&w->rest, S("-")) && (!num_eat(&w->rest, &b) || b < a || b > RANK_MAX || b - a > RANKS_MAX))
			return false;
		w->next = a;
		w->last = b + 1;
	}
	*rank = (uint32_t)w->next++;
	return true;
}

/* ---- prefixes ---- */

/* "[PG ID 5 PG GUID 37(TENSOR) Rank 1]", "[PG 0 (default_pg) Rank 12]" */
static void
read_tag(struct str tag, struct watchdog_line *l)
{
	struct str in, id, desc = {0};
	size_t at;

	if (!str_eat_to(&tag, ']', &in))
		return;
	at = str_find(in, S(" Rank "));
	l->local = rank_of(str_from(in, at + sizeof(" Rank ") - 1));
	in = str_head(in, at);
	l->process_local = !str_eat(&in, S("ID "));
	at = str_find(in, S("("));
	if (at < in.n && str_ends(in, S(")")))
		desc = str_from(str_head(in, in.n - 1), at + 1);
	id = str_trim(str_head(in, at));
	if (!l->process_local) {
		at = str_find(id, S(" PG GUID "));
		l->process_local = at == id.n;
		if (at < id.n)
			id = str_from(id, at + sizeof(" PG GUID ") - 1);
	}
	l->group = id;
	l->desc = desc;
	/* the default group is number 0 in every process */
	if (str_eq(id, S("0")) || str_eq(desc, S("default_pg"))) {
		l->group = S("0");
		l->process_local = false;
	}
}

/* The task's number in front of a line, from srun --label. */
static int64_t
label_of(struct str line)
{
	int64_t n;

	str_eat_blanks(&line);
	n = line.n && char_digit(*line.p) ? eat_count(&line) : -1;
	return n <= RANK_MAX && str_starts(line, S(": ")) ? n : -1;
}

/* The rank of mpirun's tag: "[1,19]<stderr>:". */
static int64_t
tagged_rank(struct str prefix)
{
	size_t at = str_find(prefix, S("]<stderr>:"));
	struct str rank;

	if (at == prefix.n)
		at = str_find(prefix, S("]<stdout>:"));
	rank = behind_last(str_head(prefix, at), S(","));
	return at < prefix.n && rank.n < 8 ? rank_of(rank) : -1;
}

/* The host in "gpu-7 python3[4711]: ", the rest of a syslog header after its time. */
static struct str
logged_on(struct str s)
{
	struct str host, program;
	int64_t pid;

	if (!str_cut(&s, ' ', &host) || !s.p || !stamps_is_host(host) || !str_cut(&s, '[', &program) || !s.p || !program.n ||
	    memchr(program.p, ' ', program.n))
		return (struct str){0};
	pid = eat_count(&s);
	return pid > 0 && str_starts(s, S("]: ")) ? host : (struct str){0};
}

/* Read rank and group from the prefix of a line. */
static void
read_prefix(struct str prefix, struct watchdog_line *l)
{
	struct str tag = behind_last(prefix, S("[PG ")), at, line = prefix;
	struct str ip = behind_last(prefix, S(", ip="));
	struct stamps stamps;

	if (tag.p)
		read_tag(tag, l);
	at = behind_last(prefix, S("[rank"));
	if (str_starts(at, S("=")))
		at = str_from(at, 1);
	l->rank = rank_of(at);
	if (l->rank < 0 && str_eq(l->group, S("0")) && !l->process_local)
		l->rank = l->local;
	if (l->rank < 0)
		l->rank = label_of(line);
	if (l->rank < 0)
		l->rank = tagged_rank(prefix);
	if (l->local < 0)
		l->local = rank_of(behind_last(prefix, S("[Rank ")));
	stamps_eat(&line, &stamps);
	if (stamps.at.kind == STAMP_FULL)
		l->t = stamps.at.ns;
	if (stamps.at.kind == STAMP_YEARLESS)
		l->clock = num_max(stamps_time(&stamps, &(struct stamps_clock){.year = 2000, .boot = NO_TIME}, NO_TIME), 0);
	l->host = stamps.host.n ? stamps.host : logged_on(line);
	if (ip.n)
		l->host = str_head(ip, str_find(ip, S(")")));
	at = behind(prefix, S("[pod/"));
	l->pod = str_head(at, str_find(at, S("/")));
}

/* ---- texts of lines ---- */

/* Reads one kind of line; before and after: the text before and after its
 * mark. */
typedef bool read_line(struct str before, struct str after, struct watchdog_line *l);

/* Offset of "Work" in front of "NCCL(" at the end of before; SIZE_MAX: not such a word. */
static size_t
work_at(struct str before)
{
	size_t n = before.n;

	while (n && before.p[n - 1] >= 'A' && before.p[n - 1] <= 'Z')
		n--;
	return str_ends(str_head(before, n), S("Work")) ? n - 4 : SIZE_MAX;
}

/* "SeqNum=1, OpType=ALLREDUCE, NumelIn=6, NumelOut=6, Timeout(ms)=600000) ran
 * for 600086 milliseconds …" */
static bool
read_work(struct str before, struct str after, struct watchdog_line *l)
{
	struct str work, op = behind(after, S("OpType="));
	size_t end = str_find(after, S("Timeout(ms)=")), at = work_at(before);

	if (at == SIZE_MAX)
		return false;
	before = str_head(before, at);
	work = str_head(after, end);
	after = str_from(after, end + sizeof("Timeout(ms)=") - 1);
	l->op = word_of(op);
	l->seq = count_behind(work, S("SeqNum="));
	l->in = count_behind(work, S("NumelIn="));
	l->out = count_behind(work, S("NumelOut="));
	l->timeout_ns = milliseconds(eat_count(&after));
	if (!str_eat(&after, S(")")) || !l->op.n)
		return false;
	l->part = WATCHDOG_TIMEOUT;
	/* "Watchdog caught …", and "Caught …" in torch 1.13's exception */
	if (!str_ends(before, S("aught collective operation timeout: ")))
		return str_ends(before, S("Work ")) && str_starts(after, S(" timed out in blocking wait"));
	if (str_eat(&after, S(" ran for "))) {
		l->ran_ns = milliseconds(eat_count(&after));
		if (after.n == 0) /* the number may continue in the next line */
			l->ran_ns = -1;
	}
	l->repeat = str_has(before, S("terminated with exception: ")) || str_has(before, S("what():")) ||
		    str_ends(before, S("Caught collective operation timeout: "));
	return true;
}

/* "[Ll]ast enqueued [NCCL ]work: 59998, … last completed [NCCL ]work: 59957" */
static bool
read_counters(struct str s, struct watchdog_line *l)
{
	struct str e = behind(s, S("ast enqueued ")), c = behind(s, S("last completed "));

	l->enqueued = count_behind(str_head(e, str_find(e, S(","))), S("ork: "));
	l->completed = count_behind(c, S("ork: "));
	/* torch 2.3 left it uninitialized */
	if (l->completed > l->enqueued || (l->seq >= 0 && l->completed >= l->seq))
		l->completed = -1;
	return e.p && c.p;
}

/* The same for lines without a failed collective: if one counter has no value ("-1"), the
 * other is not used either.  A number at the end of the line may continue in the
 * next. */
static bool
read_both_counters(struct str s, struct watchdog_line *l)
{
	struct str c = behind(behind(s, S("last completed ")), S("ork: "));
	bool none = str_eat(&c, S("-1"));

	if (!none)
		eat_count(&c);
	if (!read_counters(s, l) || c.n == 0)
		return false;
	if (l->completed < 0 && !none)
		l->enqueued = -1;
	return true;
}

/* Is a prefix that of a complete line?  The remainder of a wrapped line has no "[", or
 * an unmatched "]": its group is unknown. */
static bool
is_whole(struct str before)
{
	size_t n = before.n;

	while (n && before.p[n - 1] != ']')
		n--;
	for (n = n ? n - 1 : 0; n && before.p[n - 1] != ']'; n--)
		if (before.p[n - 1] == '[')
			return true;
	return false;
}

static bool
read_failure(struct str before, struct str after, struct watchdog_line *l)
{
	l->part = WATCHDOG_FAILURE;
	l->seq = eat_count(&after);
	return l->seq >= 0 && read_counters(after, l) && is_whole(before);
}

static bool
read_dump(struct str before, struct str after, struct watchdog_line *l)
{
	(void)before;
	l->part = WATCHDOG_DUMP;
	after = str_trim(after);
	if (str_eat(&after, S("rank ")))
		l->other = rank_of(after);
	else if (str_starts(after, S("this local rank")))
		l->other = l->rank;
	return read_both_counters(after, l);
}

/* "Received a global timeout from another rank and will start to dump the debug info.
 * Last enqueued NCCL work: 59998, last completed NCCL work: 59957.": torch 2.3 and 2.4 */
static bool
read_signal(struct str before, struct str after, struct watchdog_line *l)
{
	if (read_dump(before, after, l))
		return true;
	l->part = WATCHDOG_HEARD; /* before, there were no counters */
	l->enqueued = l->completed = -1;
	return true;
}

static bool
read_progress(struct str before, struct str after, struct watchdog_line *l)
{
	l->part = WATCHDOG_PROGRESS;
	return read_both_counters(after, l) && is_whole(before);
}

static bool
read_lagging(struct str before, struct str after, struct watchdog_line *l)
{
	size_t at = str_find(before, S(" finished collective #"));

	l->part = WATCHDOG_LAGGING;
	l->ranks = bracket_before(str_head(before, at));
	l->seq = eat_count(&after);
	return at < before.n && l->ranks.n && l->seq >= 0 && after.n;
}

static bool
read_never(struct str before, struct str after, struct watchdog_line *l)
{
	(void)after;
	l->part = WATCHDOG_LAGGING;
	l->ranks = bracket_before(before);
	return l->ranks.n;
}

static bool
read_joined(struct str before, struct str after, struct watchdog_line *l)
{
	l->part = WATCHDOG_JOINED;
	l->ranks = bracket_before(before);
	l->seq = eat_count(&after);
	return l->ranks.n && l->seq >= 0 && after.n;
}

static bool
read_state(struct str before, struct str after, struct watchdog_line *l, enum watchdog_part part)
{
	l->part = part;
	l->op = str_trim(after);
	l->ranks = bracket_before(before);
	return l->ranks.n && is_op(l->op);
}

static bool
read_started(struct str before, struct str after, struct watchdog_line *l)
{
	return read_state(before, after, l, WATCHDOG_STARTED);
}

static bool
read_finished(struct str before, struct str after, struct watchdog_line *l)
{
	return read_state(before, after, l, WATCHDOG_FINISHED);
}

/* "SequenceNumber=0, OpType=_ALLGATHER_BASE, TensorShape=[359, 1], …" */
static void
read_call(struct str s, int64_t *seq, struct str *op, struct str *shape)
{
	struct str dims = behind(s, S("TensorShape=["));

	*seq = count_behind(s, S("SequenceNumber="));
	*op = word_of(behind(s, S("OpType=")));
	if (op->n && op->p + op->n == s.p + s.n) /* it may continue in the next line */
		*op = (struct str){0};
	*shape = str_head(dims, str_find(dims, S("]")));
}

static bool
read_mismatch(struct str before, struct str after, struct watchdog_line *l)
{
	struct str other = behind(after, S("but Rank ")), text = after;
	int64_t seq;

	(void)before;
	l->part = WATCHDOG_MISMATCH;
	l->local = rank_of(after);
	/* the other call may be in the next line */
	if (!str_has(after, S("CollectiveFingerPrint(")) || (!other.p && !str_has(after, S(" inconsistent "))))
		return false;
	if (other.p)
		text = str_head(after, (size_t)(other.p - after.p));
	read_call(text, &l->seq, &l->op, &l->shape);
	if (other.p) {
		l->other = rank_of(other);
		read_call(other, &seq, &l->other_op, &l->other_shape);
		if (!l->other_op.n) /* before torch 2.0 there was no more */
			l->other_op = word_of(behind(other, S("running collective: ")));
	}
	return l->local >= 0 && l->op.n;
}

static bool
read_barrier(struct str before, struct str after, struct watchdog_line *l)
{
	struct str list = behind_last(before, S("Rank"));

	(void)after;
	l->part = WATCHDOG_BARRIER;
	if (str_eat(&list, S("s ")) || str_eat(&list, S(" ")))
		l->ranks = str_trim(list);
	return l->ranks.n && char_digit(*l->ranks.p);
}

/* "Rank 1 successfully reached monitoredBarrier, but received errors while waiting for
 * send/recv from rank 0." */
static bool
read_reached(struct str before, struct str after, struct watchdog_line *l)
{
	struct str rank = behind_last(before, S("Rank "));

	(void)after;
	l->part = WATCHDOG_BARRIER;
	l->local = eat_count(&rank);
	return l->local >= 0 && l->local <= RANK_MAX && !rank.n;
}

static bool
read_group(struct str before, struct str after, struct watchdog_line *l)
{
	struct str name = behind(after, S("PG Name: ")), rank = behind(after, S("global rank: "));
	int64_t global = rank_of(str_head(rank, str_find(rank, S(","))));

	l->part = WATCHDOG_GROUP;
	l->size = eat_count(&after);
	if (!is_whole(before) || !after.n || (rank.p && !str_has(rank, S(","))))
		return false;
	if (global >= 0)
		l->rank = global;
	if (name.n && !l->group.n) {
		l->group = str_trim(str_head(name, str_find(name, S(","))));
		l->process_local = false;
	}
	return l->size > 0 && l->size <= RANK_MAX && l->group.n && !l->process_local;
}

static bool
read_alarm(struct str before, struct str after, struct watchdog_line *l)
{
	(void)before;
	(void)after;
	l->part = WATCHDOG_ALARM;
	return true;
}

static bool
read_heard(struct str before, struct str after, struct watchdog_line *l)
{
	(void)before;
	(void)after;
	l->part = WATCHDOG_HEARD;
	return true;
}

static bool
read_stuck(struct str before, struct str after, struct watchdog_line *l)
{
	(void)before;
	(void)after;
	l->part = WATCHDOG_STUCK;
	return true;
}

/* "Timed out waiting 1800000ms for recv operation to complete": gloo's */
static bool
read_gloo(struct str before, struct str after, struct watchdog_line *l)
{
	(void)before;
	l->part = WATCHDOG_TIMEOUT;
	l->timeout_ns = l->ran_ns = milliseconds(eat_count(&after));
	if (l->ran_ns < 0 || !str_eat(&after, S("ms for ")))
		return false;
	l->op = str_starts(after, S("recv operation")) ? S("gloo:recv") : str_starts(after, S("send operation")) ? S("gloo:send") : l->op;
	l->group = S("gloo");
	l->process_local = false;
	return l->op.n;
}

/* "[TC][rank=3][name=main] Operation timed out after 600040 ms": torchcomms' */
static bool
read_torchcomms(struct str before, struct str after, struct watchdog_line *l)
{
	size_t at = str_find(before, S("[TC][rank="));
	struct str tag = str_from(before, at), name;

	if (at == before.n)
		return false;
	l->rank = l->local = -1; /* the global rank, if any, is in the prefix */
	read_prefix(str_head(before, at), l);
	l->local = rank_of(behind(tag, S("[rank=")));
	name = behind(tag, S("[name="));
	l->group = str_head(name, str_find(name, S("] ")));
	l->process_local = false;
	l->part = WATCHDOG_TIMEOUT;
	if (str_has(after, S(" - elapsed ")))
		after = behind(after, S(" - elapsed "));
	l->ran_ns = milliseconds(eat_count(&after));
	return l->group.n && l->local >= 0 && l->ran_ns >= 0 && after.n;
}

/* "wait timeout after 600000ms, keys: /default_pg/0//cuda//ncclUniqueId" */
static bool
read_store(struct str before, struct str after, struct watchdog_line *l)
{
	struct str keys = behind(after, S("ms, keys: "));

	(void)before;
	l->part = WATCHDOG_STORE;
	l->op = str_head(keys, str_find(keys, S(",")));
	l->timeout_ns = milliseconds(eat_count(&after));
	return l->timeout_ns >= 0 && l->op.n;
}

/* "[3] is setting up NCCL communicator and retrieving ncclUniqueId from [0] via c10d
 * key-value store by key '0', but store->get('0') got error: wait timeout after 600000ms." */
static bool
read_unique_id(struct str before, struct str after, struct watchdog_line *l)
{
	struct str error = behind(after, S("got error: "));

	(void)before;
	l->part = WATCHDOG_STORE;
	l->op = S("ncclUniqueId");
	if (str_eat(&error, S("wait timeout after ")))
		l->timeout_ns = milliseconds(eat_count(&error));
	return true;
}

/* "Timed out after 901 seconds waiting for clients. 1/3 clients joined." */
static bool
read_joined_store(struct str before, struct str after, struct watchdog_line *l)
{
	struct str waited = behind(before, S("Timed out after ")), total;
	int64_t seconds = eat_count(&waited);
	size_t at = before.n;

	(void)after;
	l->part = WATCHDOG_STORE;
	while (at && before.p[at - 1] != ' ')
		at--;
	l->op = total = str_from(before, at);
	str_cut(&total, '/', &(struct str){0});
	if (seconds > 0 && seconds < COUNT_MAX / 1000)
		l->timeout_ns = l->ran_ns = milliseconds(seconds * 1000);
	l->size = eat_count(&total);
	return waited.p && l->size > 0 && l->size <= RANK_MAX && !total.n && l->op.n < 32;
}

/* "Failed to check the "should dump" flag on TCPStore, (maybe TCPStore server has shut
 * down too early), with error: Broken pipe", "recvValue failed on SocketImpl(fd=86, …" */
static bool
read_lost(struct str before, struct str after, struct watchdog_line *l)
{
	(void)before;
	(void)after;
	l->part = WATCHDOG_LOST;
	return true;
}

static bool
read_hccl(struct str before, struct str after, struct watchdog_line *l)
{
	(void)after;
	l->part = WATCHDOG_FOREIGN;
	l->op = S("HCCL");
	return str_has(before, S("HCCL("));
}

/* "[1701] n7:77:0 ucc_schedule.h:168 UCC WARN timeout 60 sec. has expired on req …" */
static bool
read_ucc(struct str before, struct str after, struct watchdog_line *l)
{
	(void)after;
	l->part = WATCHDOG_FOREIGN;
	l->op = S("UCC");
	return str_has(before, S("UCC")) && str_has(before, S("timeout "));
}

/* The host of "node1:4711:4800 [3] NCCL …", from the text before "NCCL". */
static struct str
nccl_host(struct str before)
{
	struct str host = before;
	size_t at = host.n;

	while (at && host.p[at - 1] != '[')
		at--;
	host = str_trim(str_head(host, at ? at - 1 : 0));
	for (at = host.n; at && host.p[at - 1] != ' '; at--)
		;
	host = str_from(host, at);
	at = str_find(host, S(":"));
	return at < host.n ? str_head(host, at) : (struct str){0};
}

/* "node1:4711:4800 [3] net_ib.cc:1295 NCCL WARN NET/IB : Got completion from peer
 * 10.0.0.7<5492> with status=12 …", "… NCCL WARN Call to recv from 10.0.0.7<5492> failed" */
static bool
read_network(struct str before, struct str after, struct watchdog_line *l)
{
	static const struct str calls[] = {
		STR_INIT("Got completion from peer "), STR_INIT("Call to recv from "), STR_INIT("Call to send to "),
		STR_INIT("Call to connect to "), STR_INIT("onnect to "), STR_INIT("Call to ibv_"),
	};
	struct str peer = {0};
	size_t i;

	l->part = WATCHDOG_NETWORK;
	for (i = 0; i < NELEM(calls) && !peer.p; i++)
		peer = behind(after, calls[i]);
	l->host = nccl_host(before);
	if (!peer.p || (!str_has(after, S("ailed")) && !str_has(after, S("status="))))
		return false;
	l->ranks = i < NELEM(calls) ? str_head(peer, str_find(peer, S("<"))) : l->ranks;
	l->ranks = l->ranks.n < 64 && l->ranks.n < peer.n ? l->ranks : (struct str){0};
	return l->host.n && l->host.n < 256;
}

/* "Connection closed by remote peer 10.0.0.7<49211>", in an exception from NCCL; gloo's
 * "Connection closed by peer [10.0.0.7]:51022" */
static bool
read_closed(struct str before, struct str after, struct watchdog_line *l)
{
	(void)before;
	l->part = WATCHDOG_NETWORK;
	l->ranks = str_head(after, num_min(str_find(after, S("<")), str_find(after, S("]"))));
	return l->ranks.n && l->ranks.n < 64 && l->ranks.n < after.n;
}

/* "node1:4711:4800 [3] NCCL INFO comm 0x55… rank 3 nranks 8 … - Init COMPLETE" */
static bool
read_init(struct str before, struct str after, struct watchdog_line *l)
{
	struct str rank = behind(before, S(" rank "));

	(void)after;
	l->part = WATCHDOG_HOST;
	l->size = count_behind(before, S(" nranks "));
	l->host = nccl_host(str_head(before, str_find(before, S(" NCCL INFO "))));
	l->rank = rank_of(rank);
	l->ranks = str_head(rank, str_find(rank, S(" ")));
	return l->host.n && l->rank >= 0 && l->rank < l->size;
}

/* Is it an exception that a rank raises because others failed? */
static bool
is_of_others(struct str name, struct str text)
{
	static const struct str names[] = {
		STR_INIT("Dist"), STR_INIT("ChildFailed"), STR_INIT("Signal"), STR_INIT("Timeout"), STR_INIT("Connection"),
		STR_INIT("BrokenPipe"), STR_INIT("EOFError"), STR_INIT("RayTask"), STR_INIT("ActorDied"),
	}, texts[] = {
		STR_INIT("CCL"), STR_INIT("gloo"), STR_INIT("ollective"), STR_INIT("onnection"), STR_INIT("imed out"),
		STR_INIT("imeout"), STR_INIT("roken pipe"), STR_INIT("monitoredBarrier"), STR_INIT("Store"), STR_INIT("aborted"),
	};

	for (size_t i = 0; i < NELEM(names); i++)
		if (str_has(name, names[i]))
			return true;
	for (size_t i = 0; i < NELEM(texts); i++)
		if (str_has(text, texts[i]))
			return true;
	return false;
}

/* Does the text before an exception's name contain only its rank?  "[rank3]: ", and "3: "
 * and "[1,3]<stderr>:" from launchers. */
static bool
is_rank_alone(struct str front)
{
	size_t at = front.n;
	struct str label = str_trim(front);

	if (!str_ends(front, S("]: ")))
		return str_ends(front, S("]<stderr>:")) || (eat_count(&label) >= 0 && str_eq(label, S(":")));
	while (at && front.p[at - 1] != '[')
		at--;
	return str_starts(str_from(front, at), S("rank"));
}

/* "[rank3]: torch.OutOfMemoryError: CUDA out of memory. Tried …": the end of a traceback */
static bool
read_raised(struct str before, struct str after, struct watchdog_line *l)
{
	size_t at = before.n;

	while (at && (char_letter(before.p[at - 1]) || char_digit(before.p[at - 1]) || before.p[at - 1] == '_' || before.p[at - 1] == '.'))
		at--;
	l->part = WATCHDOG_ENDED;
	l->op = (struct str){before.p + at, before.n - at + sizeof("Error") - 1};
	return l->rank >= 0 && l->op.n < 128 && is_rank_alone(str_head(before, at)) && !is_of_others(l->op, after);
}

/* "[PG ID 0 PG GUID 0(default_pg) Rank 2] Process group watchdog thread terminated with
 * exception: CUDA error: an illegal memory access was encountered" */
static bool
read_cuda(struct str before, struct str after, struct watchdog_line *l)
{
	(void)before;
	l->part = WATCHDOG_ENDED;
	l->op = str_head(after, str_find(after, S("\n")));
	return l->rank >= 0 && l->op.n && l->op.n < 128;
}

/* "[rank: 3] Child process with PID 887 terminated with code 1." */
static bool
read_child(struct str before, struct str after, struct watchdog_line *l)
{
	l->part = WATCHDOG_ENDED;
	l->rank = rank_of(behind_last(before, S("[rank: ")));
	after = behind(after, S(" terminated with "));
	l->op = str_head(after, str_find(after, S(".")));
	return l->rank >= 0 && l->op.n && l->op.n < 32 && !str_eq(l->op, S("code -6"));
}

/* "  rank      : 11 (local_rank: 3)" and in the next line "  exitcode  : -9 (pid: 4711)": in
 * torchrun's report.  Not SIGABRT, which the watchdog sends, nor SIGTERM, from torchrun. */
static bool
read_torchrun(struct str before, struct str after, struct watchdog_line *l)
{
	static const struct {
		struct str code, how;
	} signals[] = {
		{STR_INIT("-9 "), STR_INIT("signal 9 (SIGKILL)")}, {STR_INIT("-11 "), STR_INIT("signal 11 (SIGSEGV)")},
		{STR_INIT("-7 "), STR_INIT("signal 7 (SIGBUS)")}, {STR_INIT("-4 "), STR_INIT("signal 4 (SIGILL)")},
		{STR_INIT("-8 "), STR_INIT("signal 8 (SIGFPE)")},
	};
	struct str rank = behind_last(before, S("rank      : ")), code = behind(behind(after, S("\n")), S("exitcode  : "));

	l->part = WATCHDOG_ENDED;
	l->rank = rank_of(rank);
	for (size_t i = 0; i < NELEM(signals); i++)
		if (str_starts(code, signals[i].code))
			l->op = signals[i].how;
	return l->rank >= 0 && l->op.n;
}

/* Is it a signal caused by the process itself?  Not SIGABRT, which the watchdog sends. */
static bool
is_deadly(struct str s)
{
	static const struct str signals[] = {
		STR_INIT("Segmentation fault"), STR_INIT("Bus error"), STR_INIT("Illegal instruction"),
		STR_INIT("Floating point exception"), STR_INIT("Out Of Memory"),
	};

	for (size_t i = 0; i < NELEM(signals); i++)
		if (str_has(s, signals[i]))
			return true;
	return false;
}

/* "mpirun noticed that process rank 2 with PID 0 on node n2 exited on signal 9 (Killed)." */
static bool
read_mpi(struct str before, struct str after, struct watchdog_line *l)
{
	struct str how = behind(after, S(" exited on "));

	(void)before;
	l->part = WATCHDOG_ENDED;
	l->rank = rank_of(after);
	l->op = str_head(how, str_find(how, S(".")));
	return l->rank >= 0 && l->op.n < 64 && (is_deadly(l->op) || str_starts(l->op, S("signal 9 ")));
}

/* "srun: error: node07210: tasks 8-12,14-15: Aborted (core dumped)" */
static bool
read_srun(struct str before, struct str after, struct watchdog_line *l)
{
	(void)before;
	l->part = WATCHDOG_HOST;
	if (!str_cut(&after, ':', &l->host) || !(str_eat(&after, S(" tasks ")) || str_eat(&after, S(" task "))))
		return false;
	l->rank = -1;
	if (!str_eat_to(&after, ':', &l->ranks) || !l->host.n || l->host.n >= 256)
		return false;
	after = str_trim(after);
	if (is_deadly(after) && after.n < 64)
		l->op = after;
	return l->ranks.n;
}

static const struct {
	struct str mark;
	read_line *read;
} marks[] = {
	{STR_INIT("CCL("), read_work},
	{STR_INIT("Timeout at NCCL work: "), read_failure},
	{STR_INIT("detected by watchdog at work: "), read_failure},
	{STR_INIT("detected by watchdog at work sequence id: "), read_failure},
	{STR_INIT("Received a dump signal due to a collective timeout from"), read_dump},
	{STR_INIT("Received a dump signal from"), read_signal},
	{STR_INIT("Received a timeout signal from"), read_signal},
	{STR_INIT("Received a global timeout from another rank"), read_signal},
	{STR_INIT("Work update periodically: "), read_progress},
	{STR_INIT(", but didn't join collective #"), read_lagging},
	{STR_INIT(" joined but didn't finish collective #"), read_joined},
	{STR_INIT(" are the lagging ranks that caused this timeout"), read_never},
	{STR_INIT(" started "), read_started},
	{STR_INIT(" finished "), read_finished},
	{STR_INIT("Detected mismatch between collectives on ranks. Rank "), read_mismatch},
	{STR_INIT(" failed to pass monitoredBarrier in "), read_barrier},
	{STR_INIT(" successfully reached monitoredBarrier, but received errors"), read_reached},
	{STR_INIT("ProcessGroupNCCL initialization options: size: "), read_group},
	{STR_INIT("First PG on this rank to signal dumping"), read_alarm},
	{STR_INIT("Observed flight recorder dump signal from another rank"), read_heard},
	{STR_INIT("watchdog got stuck for "), read_stuck},
	{STR_INIT("Heartbeat monitor timed out!"), read_stuck},
	{STR_INIT("detected no heartbeat of its watchdog"), read_stuck},
	{STR_INIT("Could not acquire GIL within"), read_heard},
	{STR_INIT("Terminating the process after attempting to dump"), read_heard},
	{STR_INIT("Init COMPLETE"), read_init},
	{STR_INIT("srun: error: "), read_srun},
	{STR_INIT("Timed out waiting "), read_gloo},
	{STR_INIT("Operation timed out after "), read_torchcomms},
	{STR_INIT("collective TIMED OUT for graph "), read_torchcomms},
	{STR_INIT("retrieving ncclUniqueId from ["), read_unique_id},
	{STR_INIT("wait timeout after "), read_store},
	{STR_INIT("\"should dump\" flag on TCPStore"), read_lost},
	{STR_INIT("recvValue failed on SocketImpl("), read_lost},
	{STR_INIT("sendBytes failed on SocketImpl("), read_lost},
	{STR_INIT("[TaskExecStage][Timeout]"), read_hccl},
	{STR_INIT(" sec. has expired on "), read_ucc},
	{STR_INIT(" clients joined"), read_joined_store},
	{STR_INIT("NCCL WARN "), read_network},
	{STR_INIT("Connection closed by remote peer "), read_closed},
	{STR_INIT("Connection closed by peer ["), read_closed},
	{STR_INIT("Error: "), read_raised},
	{STR_INIT("watchdog thread terminated with exception: CUDA error: "), read_cuda},
	{STR_INIT("] Child process with PID "), read_child},
	{STR_INIT(" noticed that process rank "), read_mpi},
	{STR_INIT(" (local_rank: "), read_torchrun},
};

/* Read a piece of a line by mark i at an offset. */
static bool
read_at(struct str piece, size_t at, size_t i, struct watchdog_line *l)
{
	struct str before = str_head(piece, at), after = str_from(piece, at + marks[i].mark.n);

	/* common words: most lines are recognized by what follows them */
	if ((marks[i].read == read_started || marks[i].read == read_finished) && !is_op(str_trim(after)))
		return false;
	*l = (struct watchdog_line){
		.rank = -1, .local = -1, .other = -1, .seq = -1, .enqueued = -1, .completed = -1, .in = -1, .out = -1,
		.ran_ns = -1, .timeout_ns = -1, .size = -1, .t = NO_TIME,
	};
	read_prefix(before, l);
	l->thinned = str_has(piece, S("x across cluster]"));
	return marks[i].read(before, after, l);
}

/* The pairs of neighboring bytes in a text, by hash. */
struct pairs {
	uint64_t bits[16];
};

static unsigned
pair_hash(const char *p)
{
	return ((unsigned char)p[0] * 8u ^ (unsigned char)p[1]) % 1024;
}

static struct pairs
pairs_of(struct str s)
{
	struct pairs in = {0};

	for (size_t i = 0; i + 1 < s.n; i++)
		in.bits[pair_hash(s.p + i) / 64] |= UINT64_C(1) << pair_hash(s.p + i) % 64;
	return in;
}

/* May the text contain a mark?  It does not if it lacks one of the mark's pairs. */
static bool
may_have(const struct pairs *in, struct str mark)
{
	for (size_t i = 0; i + 1 < mark.n; i++)
		if (!(in->bits[pair_hash(mark.p + i) / 64] >> pair_hash(mark.p + i) % 64 & 1))
			return false;
	return true;
}

/* Read a piece by the first mark in it that can be read. */
static bool
read_piece(struct str piece, struct watchdog_line *l)
{
	const struct pairs in = pairs_of(piece);
	struct watchdog_line found;
	size_t best = piece.n;

	for (size_t i = 0; i < NELEM(marks); i++) {
		size_t at = may_have(&in, marks[i].mark) ? str_find(piece, marks[i].mark) : piece.n;

		if (at < best && read_at(piece, at, i, &found)) {
			best = at;
			*l = found;
		}
	}
	return best < piece.n;
}

/* Offset of the next "[rank" with a number in s, not at its start. */
static size_t
find_rank(struct str s)
{
	size_t at = 0;

	for (;;) {
		at += 1 + str_find(str_from(s, at + 1), S("[rank"));
		if (at >= s.n)
			return s.n;
		if (at + 5 < s.n && char_digit(s.p[at + 5]))
			return at;
	}
}

/* The first piece of a line: as progress bars end without a newline, each "[rank3]:"
 * begins a new piece. */
static struct str
piece_of(struct str line)
{
	size_t at = find_rank(line);

	if (!str_starts(line, S("[rank")) && at < line.n)
		at += find_rank(str_from(line, at));
	return str_head(line, at);
}

/* The first line of a message; two lines if the first is about a process of torchrun. */
static struct str
line_of(struct str message)
{
	size_t n = str_find(message, S("\n"));

	if (n < message.n && str_has(str_head(message, n), S(" (local_rank: ")))
		n += 1 + str_find(str_from(message, n + 1), S("\n"));
	return str_head(message, n);
}

bool
watchdog_next(struct str *message, struct watchdog_line *l)
{
	while (message->n) {
		struct str piece = piece_of(line_of(*message));

		*message = str_from(*message, piece.n + (piece.n == 0));
		if (str_starts(*message, S("\n")))
			*message = str_from(*message, 1);
		if (read_piece(piece, l))
			return true;
	}
	return false;
}
