#include "pattern/nccl_hang/nccl.h"

#include <string.h>

#include "base/hostlist.h"
#include "base/num.h"
#include "input/text/watchdog.h"

/*
 * placement - nodes of ranks set by the user (--ranks): lines "rank[-rank] node", as
 * for inquest(1), or "rank: node", as printed by srun --label; or only host names,
 * one by one or as Slurm's lists, with the same number of ranks on each.  A
 * launcher's list of nodes is such a list.
 */

enum { LISTED_MAX = 1 << 20 }; /* ranks */

/* Is it neither empty nor a comment? */
static bool
is_line(struct str s)
{
	return str_trim(s).n && *s.p != '#';
}

/* Node and ranks of a line; alone: only a node. */
static bool
placed_line(struct str line, uint64_t *from, uint64_t *to, struct str *node, bool *alone)
{
	struct str s = str_trim(line);
	size_t n = 0;

	*alone = !memchr(s.p, ' ', s.n) && !memchr(s.p, '\t', s.n);
	if (!*alone) {
		if (!num_eat(&s, from))
			return false;
		*to = *from;
		if (str_eat(&s, S("-")) && !num_eat(&s, to))
			return false;
		str_eat(&s, S(":"));
		if (s.n == 0 || !strchr(" \t", *s.p) || *to < *from || *to >= LISTED_MAX)
			return false;
		s = str_trim(s);
	}
	while (n < s.n && s.p[n] != ' ' && s.p[n] != '\t')
		n++;
	*node = str_head(s, n);
	return *alone || (n < 256 && !hostlist_is(*node));
}

/* Lines with and without ranks cannot be mixed. */
const char *
nccl_placement_parse(void *to, struct str text, struct mem *m, uint64_t *line)
{
	struct str rest = text, one, node;
	uint64_t a, b;
	bool alone, any = false, first = false;

	for (*line = 1; str_cut(&rest, '\n', &one); ++*line) {
		if (!is_line(one))
			continue;
		if (!placed_line(one, &a, &b, &node, &alone) || (any && alone != first))
			return "not rank[-rank] and a node, nor a list of host names";
		any = true;
		first = alone;
	}
	return hostlist_lines(text, m, to, line);
}

static int
placed_cmp(const void *x, const void *y, const void *ctx)
{
	const struct rank_host *p = x, *q = y;

	return p->rank != q->rank ? SORT_ORDER(p->rank, q->rank) : idx_cmp(ctx, p->node, q->node);
}

/* Number of ranks in the job, as far as known. */
static uint64_t
world_of(const struct job *a)
{
	uint64_t world = a->world;

	for (size_t i = 0; i < a->ngrp; i++)
		world = a->grp[i].size > world ? a->grp[i].size : world;
	for (size_t i = 0; i < a->nmember; i++)
		if (a->member[i].rank < SCOPED && a->member[i].rank >= world)
			world = a->member[i].rank + UINT64_C(1);
	return world;
}

/* Hosts of ranks from such a text. */
static struct rank_host *
places_of(const struct job *a, struct str text, size_t *n)
{
	struct str rest = text, one, node;
	uint64_t from, to, world = world_of(a), hosts = 0, next = 0;
	struct buf *b = a->d->scratch;
	struct rank_host *of;
	bool alone;

	while (str_cut(&rest, '\n', &one))
		hosts += is_line(one) && placed_line(one, &from, &to, &node, &alone) && alone;
	b->n = 0;
	while (str_cut(&text, '\n', &one)) {
		struct rank_host p;

		if (!is_line(one) || !placed_line(one, &from, &to, &node, &alone))
			continue;
		if (alone) {
			if (world % hosts || world > LISTED_MAX)
				continue; /* not the same number on each */
			from = next;
			next += world / hosts;
			to = next - 1;
		}
		p.node = idx_add(a->d->names, node_canon(node, mem_bytes(a->d->mem, node.n)));
		for (; from <= to && from < world; from++) {
			p.rank = (uint32_t)from;
			buf_add(b, (struct str){(const char *)&p, sizeof(p)});
		}
	}
	*n = b->n / sizeof(*of);
	of = mem_new(a->d->mem, struct rank_host, *n);
	if (*n)
		memcpy(of, b->p, b->n);
	sort(of, *n, sizeof(*of), placed_cmp, &a->ev->names, a->d->spare);
	return of;
}

/* The nodes in a job's NVRx cycles, one per line, if the same in all. */
static struct str
nodes_of_cycle(const struct job *a)
{
	struct buf *b = a->d->scratch;
	size_t left = LISTED_MAX;
	uint32_t nodes = 0;

	EACH(watchdog, w, EVENT_WATCHDOG) {
		if (w->part != WATCHDOG_CYCLE)
			continue;
		if (!w->ranks || (nodes && nodes != w->ranks))
			return (struct str){0};
		nodes = w->ranks;
	}
	b->n = 0;
	if (!nodes || !hostlist_put(b, name(a, nodes), &left))
		return (struct str){0};
	return mem_str(a->d->mem, buf_str(b));
}

void
nccl_place(struct job *a)
{
	a->placed = places_of(a, a->c->placement, &a->nplaced);
	a->seat = places_of(a, nodes_of_cycle(a), &a->nseat);
}

uint32_t
nccl_placed(const struct rank_host *of, size_t n, uint32_t rank)
{
	size_t lo = 0;

	SORT_BISECT(lo, n, i, of[i].rank < rank);
	return lo < n && of[lo].rank == rank ? of[lo].node : 0;
}
