#include "incident/incident.h"

/*
 * Jobs of dumps from hosts without a Pod, or from files without a host.  Dumps list the
 * members of the default group: hosts whose lists differ are of two jobs, and so are
 * hosts that each have all members (nccl-hang(1)), and files that contradict each other
 * (join/dump_files.h).
 */

/* A rank on a host or of a file, and the list in its dump. */
struct listed {
	uint32_t node, rank, ranks;
};

static int
listed_cmp(const void *x, const void *y, const void *ctx)
{
	const struct listed *a = x, *b = y;
	int d = SORT_ORDER(a->node, b->node);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->rank, b->rank);
	return d ? d : SORT_ORDER(a->ranks, b->ranks);
}

/* A name that no real job has: a control character, the list, and the host if all
 * ranks are there. */
static uint32_t
name_of(struct facts *fs, uint32_t ranks, uint32_t node)
{
	struct buf *b = fs->d->spare;

	b->n = 0;
	buf_chr(b, JOB_UNNAMED);
	buf_add(b, idx_at(fs->names, ranks));
	if (node) {
		buf_chr(b, JOB_UNNAMED);
		buf_add(b, idx_at(fs->names, node));
	}
	return idx_add(fs->names, buf_str(b));
}

static struct listed *
lists(const struct facts *fs, size_t *n)
{
	const struct event_list *from = &fs->ev->list[EVENT_PROGRESS];
	const struct progress *p = from->p;
	struct listed *l = mem_new(fs->d->mem, struct listed, from->n);
	uint32_t zero = idx_find(fs->names, S("0"));

	*n = 0;
	for (size_t i = 0; i < from->n; i++) {
		uint32_t place = dump_files_place(&fs->files, &p[i].e);

		if (place && p[i].ranks && p[i].group == zero)
			l[(*n)++] = (struct listed){place, p[i].rank, p[i].ranks};
	}
	sort(l, *n, sizeof(*l), listed_cmp, NULL, fs->d->spare);
	*n = sort_unique(l, *n, sizeof(*l), listed_cmp, NULL);
	return l;
}

void
declared_index(struct facts *fs)
{
	struct dumper *own;
	struct listed *l;
	bool several = false;
	size_t n, to = 0;

	fs->files = dump_files_find(fs->ev->list[EVENT_PROGRESS].p, fs->ev->list[EVENT_PROGRESS].n, fs->ev->list[EVENT_COLLECTIVE].p,
				    fs->ev->list[EVENT_COLLECTIVE].n, fs->ev->list[EVENT_COMPLETED].p, fs->ev->list[EVENT_COMPLETED].n,
				    fs->names, fs->d->spare, fs->d->mem);
	l = lists(fs, &n);
	own = mem_new(fs->d->mem, struct dumper, n);
	for (size_t i = 0, end; i < n; i = end) {
		uint32_t size = (uint32_t)str_items(idx_at(fs->names, l[i].ranks));
		bool one = true;

		for (end = i + 1; end < n && l[end].node == l[i].node; end++)
			one &= l[end].ranks == l[i].ranks;
		if (!one)
			continue; /* ranks of two jobs */
		bool alone = end - i == size || *idx_at(fs->names, l[i].node).p == DUMP_FILES_MARK;

		own[to] = (struct dumper){l[i].node, name_of(fs, l[i].ranks, alone ? l[i].node : 0), size};
		several |= own[to].job != own[0].job;
		to++;
	}
	fs->declared = own;
	fs->ndeclared = several ? to : 0;
}

uint32_t
declared_job(const struct facts *fs, uint32_t node)
{
	size_t lo = 0;

	SORT_BISECT(lo, fs->ndeclared, i, fs->declared[i].node < node);
	return lo < fs->ndeclared && fs->declared[lo].node == node ? fs->declared[lo].job : 0;
}

uint32_t
declared_size(const struct facts *fs, uint32_t job)
{
	for (size_t i = 0; i < fs->ndeclared; i++)
		if (fs->declared[i].job == job)
			return fs->declared[i].size;
	return 0;
}
