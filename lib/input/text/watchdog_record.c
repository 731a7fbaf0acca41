/* Records from the watchdog's lines, which watchdog.c reads. */
#include "input/text/text.h"
#include "input/text/watchdog.h"

static uint32_t
number(int64_t n)
{
	return n < 0 || n > INT32_MAX ? UINT32_MAX : (uint32_t)n;
}

/* "64||128|", like a collective's shape */
static uint32_t
shape_of(struct text *t, const struct watchdog_line *l, struct str dims)
{
	char text[256];
	struct buf b = {.p = text, .n = 0, .cap = sizeof(text)};

	if (l->part == WATCHDOG_MISMATCH) {
		for (size_t i = 0; i < dims.n && b.n + 5 < sizeof(text); i++)
			if (dims.p[i] != ' ' && dims.p[i] != '|')
				buf_chr(&b, dims.p[i]);
		buf_add(&b, S("|||"));
	} else {
		if (l->in >= 0)
			buf_i64(&b, l->in);
		buf_add(&b, S("||"));
		if (l->out >= 0)
			buf_i64(&b, l->out);
		buf_chr(&b, '|');
	}
	return events_id(t->ev, buf_str(&b));
}

/* "job|namespace/pod", from the record around a line */
static uint32_t
writer_of(struct text *t, const struct watchdog_line *l)
{
	struct str pod = t->o->pod.n ? t->o->pod : l->pod;
	char text[256];
	struct buf b = {.p = text, .n = 0, .cap = sizeof(text)};

	if (t->o->job.n + t->o->ns.n + pod.n + 2 > sizeof(text) || t->o->job.n + pod.n == 0)
		return 0;
	buf_add(&b, t->o->job);
	buf_chr(&b, '|');
	buf_add(&b, t->o->ns);
	buf_chr(&b, '/');
	buf_add(&b, pod);
	return events_id(t->ev, buf_str(&b));
}

int64_t
watchdog_writer(const struct text *t, const struct watchdog_line *l)
{
	const struct origin *o = t->o;
	int64_t rank = (int64_t)o->rank - 1;

	if (l->rank >= 0 || rank < 0 || l->part == WATCHDOG_HOST)
		return l->rank;
	/* a local rank is never above the global one; if the file's name may have a rank of
	 * its host, both must be equal and the line must not name a group */
	if (l->local > rank || (o->rank_local && (l->local != rank || l->group.n)))
		return -1;
	t->ev->by_file += o->rank_of_file;
	return rank;
}

static void
add(struct text *t, const struct watchdog_line *l)
{
	struct watchdog w = {
		.e = {
			.t = t->o->t != NO_TIME ? t->o->t : l->t,
			.node = events_node(t->ev, t->o->node.n && l->part != WATCHDOG_HOST ? t->o->node : l->host),
		},
		.seq = l->seq,
		.enqueued = l->enqueued,
		.completed = l->completed,
		.ran = l->ran_ns,
		.clock = l->clock,
		.rank = number(watchdog_writer(t, l)),
		.local = number(l->local),
		.other = l->part == WATCHDOG_MISMATCH ? UINT32_MAX : number(l->other),
		.group = events_id(t->ev, l->group),
		.desc = events_id(t->ev, l->desc),
		.op = events_id(t->ev, l->op),
		.shape = shape_of(t, l, l->shape),
		.ranks = events_id(t->ev, l->ranks),
		.size = l->size > 0 ? number(l->size) : 0,
		.timeout_ms = l->timeout_ns > 0 ? number(l->timeout_ns / 1000000) : 0,
		.part = (uint8_t)l->part,
		.process_local = l->process_local,
		.repeat = l->repeat,
		.thinned = l->thinned,
		.writer = writer_of(t, l),
	};

	events_add(t->ev, EVENT_WATCHDOG, &w);
	if (l->part == WATCHDOG_MISMATCH && l->other >= 0 && l->other_op.n) {
		w.local = number(l->other);
		w.op = events_id(t->ev, l->other_op);
		w.shape = shape_of(t, l, l->other_shape);
		events_add(t->ev, EVENT_WATCHDOG, &w);
	}
}

static bool
next(struct text *t)
{
	struct watchdog_line l;

	if (!watchdog_next(&t->rest, &l))
		return false;
	if (t->ev)
		add(t, &l);
	return true;
}

static const struct word words[] = {
	{STR_INIT("WorkNCCL("), 1u << EVENT_WATCHDOG},
	{STR_INIT("operation timeout: Work"), 1u << EVENT_WATCHDOG},
	{STR_INIT("CCL work"), 1u << EVENT_WATCHDOG},
	{STR_INIT("detected by watchdog"), 1u << EVENT_WATCHDOG},
	{STR_INIT("Received a dump signal"), 1u << EVENT_WATCHDOG},
	{STR_INIT("Received a global timeout"), 1u << EVENT_WATCHDOG},
	{STR_INIT("Received a timeout signal"), 1u << EVENT_WATCHDOG},
	{STR_INIT("Work update periodically"), 1u << EVENT_WATCHDOG},
	{STR_INIT("monitoredBarrier"), 1u << EVENT_WATCHDOG},
	{STR_INIT("CollectiveFingerPrint"), 1u << EVENT_WATCHDOG},
	{STR_INIT("join collective #"), 1u << EVENT_WATCHDOG},
	{STR_INIT("finish collective #"), 1u << EVENT_WATCHDOG},
	{STR_INIT("the lagging ranks"), 1u << EVENT_WATCHDOG},
	{STR_INIT("] started "), 1u << EVENT_WATCHDOG},
	{STR_INIT("] finished "), 1u << EVENT_WATCHDOG},
	{STR_INIT("initialization options: size: "), 1u << EVENT_WATCHDOG},
	{STR_INIT("to signal dumping"), 1u << EVENT_WATCHDOG},
	{STR_INIT("flight recorder dump signal"), 1u << EVENT_WATCHDOG},
	{STR_INIT("watchdog got stuck for"), 1u << EVENT_WATCHDOG},
	{STR_INIT("acquire GIL within"), 1u << EVENT_WATCHDOG},
	{STR_INIT("attempting to dump"), 1u << EVENT_WATCHDOG},
	{STR_INIT("Init COMPLETE"), 1u << EVENT_WATCHDOG},
	{STR_INIT("srun: error: "), 1u << EVENT_WATCHDOG},
	{STR_INIT("Heartbeat monitor timed out!"), 1u << EVENT_WATCHDOG},
	{STR_INIT("no heartbeat of its watchdog"), 1u << EVENT_WATCHDOG},
	{STR_INIT("Timed out waiting "), 1u << EVENT_WATCHDOG},
	{STR_INIT("wait timeout after "), 1u << EVENT_WATCHDOG},
	{STR_INIT(" clients joined"), 1u << EVENT_WATCHDOG},
	{STR_INIT("retrieving ncclUniqueId from"), 1u << EVENT_WATCHDOG},
	{STR_INIT(" flag on TCPStore"), 1u << EVENT_WATCHDOG},
	{STR_INIT("failed on SocketImpl("), 1u << EVENT_WATCHDOG},
	{STR_INIT("Operation timed out after "), 1u << EVENT_WATCHDOG},
	{STR_INIT("TIMED OUT for graph"), 1u << EVENT_WATCHDOG},
	{STR_INIT("[TaskExecStage][Timeout]"), 1u << EVENT_WATCHDOG},
	{STR_INIT(" sec. has expired on "), 1u << EVENT_WATCHDOG},
	{STR_INIT("NCCL WARN "), 1u << EVENT_WATCHDOG},
	{STR_INIT("Connection closed by "), 1u << EVENT_WATCHDOG},
	{STR_INIT("Error: "), 1u << EVENT_WATCHDOG},
	{STR_INIT("terminated with exception: CUDA"), 1u << EVENT_WATCHDOG},
	{STR_INIT("Child process with PID "), 1u << EVENT_WATCHDOG},
	{STR_INIT("noticed that process rank "), 1u << EVENT_WATCHDOG},
	{STR_INIT(" (local_rank: "), 1u << EVENT_WATCHDOG},
	{STR_INIT("ProcessGroupNCCL.cpp:"), 1u << EVENT_WATCHDOG},
	/* the remainder of a line wrapped by a terminal or a collector */
	{STR_INIT("Watchdog caught"), 1u << EVENT_WATCHDOG},
	{STR_INIT("either an error or timeout"), 1u << EVENT_WATCHDOG},
	{STR_INIT("before timing out"), 1u << EVENT_WATCHDOG},
	{STR_INIT("without making progress"), 1u << EVENT_WATCHDOG},
	{STR_INIT("PG status: last"), 1u << EVENT_WATCHDOG},
	{STR_INIT(", last completed work: "), 1u << EVENT_WATCHDOG},
	{STR_INIT("Timeout(ms)="), 1u << EVENT_WATCHDOG},
	{STR_INIT("in blocking wait"), 1u << EVENT_WATCHDOG},
	{STR_INIT("our best to dump"), 1u << EVENT_WATCHDOG},
	{STR_INIT("finished collective #"), 1u << EVENT_WATCHDOG},
	{STR_INIT("but didn't finish"), 1u << EVENT_WATCHDOG},
	{STR_INIT("Detected mismatch between"), 1u << EVENT_WATCHDOG},
	{STR_INIT("failed to pass monitored"), 1u << EVENT_WATCHDOG},
	{STR_INIT("redBarrier in "), 1u << EVENT_WATCHDOG},
	{STR_INIT(", but didn't join"), 1u << EVENT_WATCHDOG},
	{.gives = 0},
}, claims[] = {
	{STR_INIT("Watchdog caught collective operation timeout: WorkNCCL("), 1u << EVENT_WATCHDOG},
	{STR_INIT("detected by watchdog at work sequence id: "), 1u << EVENT_WATCHDOG},
	{STR_INIT("Timeout at NCCL work: "), 1u << EVENT_WATCHDOG},
	{STR_INIT("Watchdog caught collective"), 1u << EVENT_WATCHDOG},
	{STR_INIT("Exception (either an error or timeout)"), 1u << EVENT_WATCHDOG},
	{STR_INIT(" failure detected by watchdog"), 1u << EVENT_WATCHDOG},
	{STR_INIT("Received a dump signal due to a collective timeout"), 1u << EVENT_WATCHDOG},
	{STR_INIT("operation timeout: WorkNCCL("), 1u << EVENT_WATCHDOG},
	{STR_INIT("milliseconds before timing out"), 1u << EVENT_WATCHDOG},
	{STR_INIT("seconds without making progress in monitoring"), 1u << EVENT_WATCHDOG},
	{STR_INIT("PG status: last enqueued work: "), 1u << EVENT_WATCHDOG},
	{STR_INIT(", last completed NCCL work: "), 1u << EVENT_WATCHDOG},
	{STR_INIT("ast enqueued NCCL work: "), 1u << EVENT_WATCHDOG},
	{STR_INIT(", last completed work: "), 1u << EVENT_WATCHDOG},
	{STR_INIT("detected by watchdog at work"), 1u << EVENT_WATCHDOG},
	{STR_INIT("WorkNCCL(SeqNum="), 1u << EVENT_WATCHDOG},
	{STR_INIT(", Timeout(ms)="), 1u << EVENT_WATCHDOG},
	{STR_INIT(") timed out in blocking wait"), 1u << EVENT_WATCHDOG},
	{STR_INIT("try our best to dump the debug"), 1u << EVENT_WATCHDOG},
	{STR_INIT(" finished collective #"), 1u << EVENT_WATCHDOG},
	{STR_INIT(", but didn't join"), 1u << EVENT_WATCHDOG},
	{STR_INIT("joined but didn't finish"), 1u << EVENT_WATCHDOG},
	{STR_INIT("didn't join collective #"), 1u << EVENT_WATCHDOG},
	{STR_INIT("didn't finish collective #"), 1u << EVENT_WATCHDOG},
	{STR_INIT("the lagging ranks that"), 1u << EVENT_WATCHDOG},
	{STR_INIT("Detected mismatch between"), 1u << EVENT_WATCHDOG},
	{STR_INIT("CollectiveFingerPrint("), 1u << EVENT_WATCHDOG},
	{STR_INIT(" failed to pass monitored"), 1u << EVENT_WATCHDOG},
	{STR_INIT("redBarrier in "), 1u << EVENT_WATCHDOG},
	{.gives = 0},
};

const struct text_reader watchdog_text = {
	.next = next,
	.gives = 1u << EVENT_WATCHDOG,
	.words = words,
	.claims = claims,
};
