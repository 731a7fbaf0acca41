#include "filter/run.h"

#include <time.h>

#include "join/phrase.h"

static void
number(struct buf *b, const char *name, uint64_t n)
{
	buf_key(b, name);
	buf_u64(b, n);
}

void
run_coverage(struct run *r, struct buf *b)
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

void
run_stats(struct run *r, int64_t began)
{
	struct buf *b = &r->io->err->b;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	buf_chr(b, '{');
	number(b, "lines", r->lines);
	number(b, "bytes", r->bytes);
	run_coverage(r, b);
	if (r->opt.follow) {
		number(b, "late", r->ev.late);
		number(b, "ahead", r->ev.ahead);
		number(b, "undated", r->ev.undated);
	}
	number(b, "rejected", r->rejected);
	if (r->text_lines)
		number(b, "text_lines", r->text_lines);
	number(b, "unread", r->unread.total);
	number(b, "quoted", r->unread.quoted.n);
	number(b, "uncounted", r->ev.uncounted.total);
	number(b, "verdicts", r->printed);
	number(b, "allocations", mem_count.calls);
	number(b, "peak_bytes", mem_count.peak);
	number(b, "string_bytes", r->ev.names.bytes);
	buf_key(b, "seconds");
	buf_fixed(b, (now.tv_sec * SECOND + now.tv_nsec - began) / 1000, 6);
	buf_add(b, S("}\n"));
	out_flush(r->io->err);
}
