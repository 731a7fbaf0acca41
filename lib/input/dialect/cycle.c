/*
 * cycle - files cycle_info.JOB.ATTEMPT.CYCLE of NVIDIA Resiliency Extension's launcher,
 * written each time it starts the ranks of a job: the time and the nodes.  If the
 * launcher numbers nodes in their order, ranks follow that order.
 * Source: fault_tolerance/cycle_info_writer.py of nvidia-resiliency-ext.
 */
#include "input/dialect/dialect.h"
#include "input/text/watchdog.h"

static bool
by_shape(struct value v)
{
	return value_is_string(value_get(v, S("cycle_start_time"))) && value_ok(value_get(v, S("cycle_number"))) &&
	       value_is_string(value_get(v, S("active_nodes")));
}

/* Are nodes numbered in their order: "0-3", "0"? */
static bool
is_in_order(struct str ranks)
{
	return str_eq(ranks, S("0")) || (str_starts(ranks, S("0-")) && str_find(ranks, S(",")) == ranks.n);
}

static bool
read(struct reader *r, struct value v)
{
	struct watchdog w = {
		.e = {.t = reader_time(r, v, S("cycle_start_time"))},
		.seq = -1,
		.enqueued = -1,
		.completed = -1,
		.ran = -1,
		.rank = UINT32_MAX,
		.local = UINT32_MAX,
		.other = UINT32_MAX,
		.desc = reader_name(r, reader_text(r, v, S("job_id"))),
		.part = WATCHDOG_CYCLE,
	};

	if (is_in_order(reader_text(r, v, S("active_ranks"))))
		w.ranks = reader_name(r, reader_text(r, v, S("active_nodes")));
	events_add(r->ev, EVENT_WATCHDOG, &w);
	return true;
}

static const struct word words[] = {
	{STR_INIT("\"cycle_start_time\""), 1u << EVENT_WATCHDOG},
	{.gives = 0},
};

const struct dialect cycle_dialect = {.by_shape = by_shape, .read = read, .words = words};
