#include "pattern/nccl_hang/jobs.h"

#include <string.h>

static const enum event_kind kinds[] = {EVENT_COLLECTIVE, EVENT_COMPLETED, EVENT_PROGRESS, EVENT_PROCESS_GROUP, EVENT_WATCHDOG};

static size_t
size_of(enum event_kind kind)
{
	return kind == EVENT_COLLECTIVE ? sizeof(struct collective) :
	       kind == EVENT_COMPLETED	? sizeof(struct completed) :
	       kind == EVENT_PROGRESS	? sizeof(struct progress) :
	       kind == EVENT_PROCESS_GROUP	? sizeof(struct process_group) :
					  sizeof(struct watchdog);
}

struct job_records
jobs_take(struct mem *m, const struct job_records *of, has_record *has, const void *ctx, size_t part)
{
	struct job_records out = *of;

	for (size_t i = 0; i < NELEM(kinds); i++) {
		const struct record_list *l = &of->list[kinds[i]];
		size_t size = size_of(kinds[i]), n = 0;
		const char *p = l->p;
		char *to;

		for (size_t k = 0; k < l->n; k++)
			n += has(ctx, part, kinds[i], p + k * size);
		to = mem_bytes(m, n * size);
		out.list[kinds[i]] = (struct record_list){to, n};
		for (size_t k = 0; k < l->n; k++)
			if (has(ctx, part, kinds[i], p + k * size)) {
				memcpy(to, p + k * size, size);
				to += size;
			}
	}
	return out;
}

uint32_t
jobs_rank_of(enum event_kind kind, const void *record)
{
	return kind == EVENT_COLLECTIVE ? ((const struct collective *)record)->rank :
	       kind == EVENT_COMPLETED	? ((const struct completed *)record)->rank :
	       kind == EVENT_PROGRESS	? ((const struct progress *)record)->rank :
					  ((const struct watchdog *)record)->rank;
}
