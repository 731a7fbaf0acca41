/*
 * where - node, pod and GPU of a rank, and its watchdog's timeout, from lines of NCCL,
 * PyTorch and Slurm in the job's log.
 * Sources: NCCL's init.cc (busId is domain << 20 | bus << 12 | device << 4), and
 * those of watchdog.h.
 */
#include "base/num.h"
#include "input/text/text.h"
#include "input/text/watchdog.h"

static const struct word where_words[] = {
	{STR_INIT("Init COMPLETE"), 1u << EVENT_RANK},
	{STR_INIT("srun: error: "), 1u << EVENT_RANK},
	{STR_INIT("WorkNCCL("), 1u << EVENT_RANK | 1u << EVENT_TIMEOUT},
	{STR_INIT("operation timeout: Work"), 1u << EVENT_RANK | 1u << EVENT_TIMEOUT},
	{.gives = 0},
}, claims[] = {
	{STR_INIT("WorkNCCL(SeqNum="), 1u << EVENT_TIMEOUT},
	{.gives = 0},
};

/* The PCI address after "busId " in a line, in hexadecimal digits. */
static struct pci
bus_id(struct str line)
{
	struct str s = str_from(line, str_find(line, S(" busId ")) + sizeof(" busId ") - 1), word = {0};
	struct pci p = {0};
	uint64_t n;

	if (str_cut(&s, ' ', &word) && num_hex(word, &n) && n >> 20 <= UINT32_MAX)
		p = (struct pci){
			.domain = (uint32_t)(n >> 20), .bus = (uint8_t)(n >> 12), .dev = (uint8_t)(n >> 4 & 0x1f), .known = 1};
	return p;
}

static void
add_ranks(struct text *t, const struct watchdog_line *l, struct rank_at *at)
{
	struct watchdog_ranks w = {.rest = l->ranks};

	for (size_t i = 0; i < WATCHDOG_TASKS_MAX && watchdog_rank(&w, &at->rank); i++)
		events_add(t->ev, EVENT_RANK, at);
}

static void
add(struct text *t, const struct watchdog_line *l, struct str line)
{
	const struct origin *o = t->o;
	struct rank_at at = {
		.e = {.t = l->t != NO_TIME && o->t == NO_TIME ? l->t : o->t, .node = events_node(t->ev, o->node)},
		.pod = events_id(t->ev, o->pod), .ns = events_id(t->ev, o->ns), .from = RANK_LINE};
	int64_t rank = watchdog_writer(t, l);

	if (l->part == WATCHDOG_HOST) {
		at.from = l->size > 0 ? RANK_INIT : RANK_TASK;
		at.world = l->size > 0 ? (uint32_t)l->size : 0;
		at.host = events_node(t->ev, l->host);
		at.gpu = at.from == RANK_INIT ? bus_id(line) : at.gpu;
		add_ranks(t, l, &at);
		return;
	}
	if (rank < 0)
		return;
	at.rank = (uint32_t)rank;
	if (at.pod || at.e.node)
		events_add(t->ev, EVENT_RANK, &at);
	if (l->part == WATCHDOG_TIMEOUT && !l->repeat)
		events_add(t->ev, EVENT_TIMEOUT,
			   &(struct timeout){.e = at.e, .seq = l->seq, .after = l->timeout_ns, .rank = at.rank, .pod = at.pod, .ns = at.ns});
}

static bool
where_next(struct text *t)
{
	struct watchdog_line l;
	struct str all = t->rest;

	if (!watchdog_next(&t->rest, &l))
		return false;
	if (t->ev)
		add(t, &l, str_head(all, all.n - t->rest.n));
	return true;
}

const struct text_reader where_text = {
	.next = where_next,
	.gives = 1u << EVENT_RANK | 1u << EVENT_TIMEOUT,
	.words = where_words,
	.claims = claims,
};
