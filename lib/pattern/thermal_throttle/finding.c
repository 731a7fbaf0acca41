#include "base/num.h"
#include "join/phrase.h"
#include "pattern/thermal_throttle/thermal.h"

static struct thermal_finding *
add_finding(struct thermal *w, enum scope scope, const struct node_episode *const *s, size_t n)
{
	struct thermal_finding *f;

	w->finding = mem_extend(w->d->mem, w->finding, w->nfinding, &w->finding_cap, sizeof(*w->finding));
	f = &w->finding[w->nfinding++];
	*f = (struct thermal_finding){.cause = s[0]->cause, .scope = scope, .final_at = s[0]->final_at, .first = s[0]->first, .last = s[0]->last, .node_episode = s, .nnode_episode = n};
	for (size_t i = 0; i < n; i++) {
		f->first = num_min(f->first, s[i]->first);
		f->last = num_max(f->last, s[i]->last);
		f->gpu = i && f->gpu < s[i]->host->from ? f->gpu : s[i]->host->from;
	}
	return f;
}

/* Beginning or end of a node episode; both are part of it. */
struct edge {
	int64_t t;
	int step;
};

static int
edge_cmp(const void *x, const void *y, const void *ctx)
{
	const struct edge *a = x, *b = y;
	int d = SORT_ORDER(a->t, b->t);

	(void)ctx;
	return d ? d : SORT_ORDER(b->step, a->step);
}

/* Maximal number of simultaneous node episodes on different nodes. */
static size_t
nodes_at_once(const struct thermal *w, const struct node_episode *const *s, size_t n)
{
	struct edge *e = mem_new(w->d->mem, struct edge, 2 * n);
	int64_t now = 0, peak = 0;

	for (size_t i = 0; i < n; i++) {
		e[2 * i] = (struct edge){s[i]->first, 1};
		e[2 * i + 1] = (struct edge){time_add(s[i]->last, w->d->skew), -1};
	}
	sort(e, 2 * n, sizeof(*e), edge_cmp, NULL, w->d->spare);
	for (size_t i = 0; i < 2 * n; i++) {
		now += e[i].step;
		peak = num_max(peak, now);
	}
	return (size_t)peak;
}

static void
explain_nodes(const struct thermal *w, const struct node_episode *const *s, size_t n, size_t peak)
{
	struct buf *b = w->d->explain;
	int64_t last = s[0]->last;
	char before = '[';

	if (!b || peak < 2)
		return;
	phrase_open(b, S("too few nodes throttled together"));
	buf_key(b, "nodes");
	for (size_t i = 0; i < n; i++) {
		last = num_max(last, s[i]->last);
		buf_chr(b, before);
		buf_json(b, name(w, s[i]->host->node));
		before = ',';
	}
	buf_chr(b, ']');
	phrase_time(b, "first", s[0]->first);
	phrase_time(b, "last", last);
	phrase_int(b, "at_once", (int64_t)peak);
	phrase_int(b, "needed", (int64_t)w->c->room_nodes);
	phrase_close(b, S("fewer than --room-nodes throttled at once"));
}

static int
node_episode_cmp(const void *x, const void *y, const void *ctx)
{
	const struct node_episode *a = *(const struct node_episode *const *)x, *b = *(const struct node_episode *const *)y;
	int d = SORT_ORDER(a->first, b->first);

	(void)ctx;
	return d ? d : SORT_ORDER(a->host, b->host);
}

/* Node episodes of a cause, sorted by beginning, with a running maximum of ends. */
struct node_episodes {
	const struct node_episode **s;
	int64_t *last;
	size_t n;
};

static struct node_episodes
gather_all(struct thermal *w, enum throttle_cause cause)
{
	struct node_episodes all = {.s = mem_new(w->d->mem, const struct node_episode *, w->nnode_episode)};

	for (size_t i = 0; i < w->nnode_episode; i++)
		if (w->node_episode[i].cause == cause)
			all.s[all.n++] = &w->node_episode[i];
	sort(all.s, all.n, sizeof(*all.s), node_episode_cmp, NULL, w->d->spare);
	all.last = mem_new(w->d->mem, int64_t, all.n);
	for (size_t i = 0; i < all.n; i++)
		all.last[i] = i ? num_max(all.last[i - 1], all.s[i]->last) : all.s[i]->last;
	return all;
}

/* Time until which node episodes that overlap one ending at `last` can change:
 * they determine whether it is part of a room's episode. */
static int64_t
final_at(const struct thermal *w, const struct node_episodes *all, int64_t last)
{
	int64_t until = time_add(last, w->d->skew);
	size_t lo = 0;

	SORT_BISECT(lo, all->n, i, all->s[i]->first <= until);
	return time_add(all->last[lo - 1], thermal_reach(w->d));
}

/* If enough node episodes overlap, they are one episode of the room. */
static void
gather_rooms(struct thermal *w, enum throttle_cause cause)
{
	const struct node_episode **s = mem_new(w->d->mem, const struct node_episode *, w->nnode_episode);
	struct node_episodes all = gather_all(w, cause);
	size_t n = 0, to;
	int64_t began = 0, chain = 0; /* first and last of all overlapping ones, split or not */
	bool goes_on = false;

	for (size_t i = 0; i < all.n; i++)
		if (all.s[i]->is_node && all.s[i]->host->node)
			s[n++] = all.s[i];
	for (size_t i = 0; i < n; i = to) {
		int64_t last = s[i]->last, end;
		size_t peak;

		if (!goes_on)
			began = s[i]->first;
		chain = goes_on ? num_max(chain, last) : last;
		for (to = i + 1; to < n && s[to]->first <= time_add(last, w->d->skew) &&
			!is_split(w->split_every_ns, began, s[to - 1]->first, s[to]->first); to++) {
			last = num_max(last, s[to]->last);
			chain = num_max(chain, last);
		}
		goes_on = to < n && s[to]->first <= time_add(chain, w->d->skew);
		end = final_at(w, &all, last);
		for (size_t k = i; k < to; k++)
			w->node_episode[s[k] - w->node_episode].final_at = end;
		peak = nodes_at_once(w, s + i, to - i);
		if (peak < w->c->room_nodes) {
			explain_nodes(w, s + i, to - i, peak);
			continue;
		}
		add_finding(w, ROOM, s + i, to - i);
		for (size_t k = i; k < to; k++)
			w->node_episode[s[k] - w->node_episode].in_room = true;
	}
}

static int
finding_cmp(const void *x, const void *y, const void *ctx)
{
	const struct thermal_finding *a = x, *b = y;
	int d = SORT_ORDER(a->first, b->first);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->gpu, b->gpu); /* GPUs ascend by node and address */
	d = d ? d : SORT_ORDER(b->scope, a->scope);
	return d ? d : SORT_ORDER(a->cause, b->cause);
}

void
thermal_gather_findings(struct thermal *w)
{
	const struct node_episode **s = mem_new(w->d->mem, const struct node_episode *, w->nnode_episode);

	for (size_t i = 0; i < w->nnode_episode; i++)
		w->node_episode[i].final_at = time_add(w->node_episode[i].last, thermal_reach(w->d));
	for (unsigned cause = 0; cause < CAUSES; cause++)
		gather_rooms(w, cause);
	for (size_t i = 0; i < w->nnode_episode; i++) {
		const struct node_episode *one = s[i] = &w->node_episode[i];

		if (one->in_room)
			continue;
		if (one->is_node) {
			add_finding(w, NODE, &s[i], 1);
			continue;
		}
		for (size_t k = one->from; k < one->to; k++) {
			struct thermal_finding *f = add_finding(w, GPU, &s[i], 1);

			f->episode = &w->episode[k];
			f->first = f->episode->first;
			f->last = f->episode->last;
			f->gpu = f->episode->gpu;
		}
	}
	sort(w->finding, w->nfinding, sizeof(*w->finding), finding_cmp, NULL, w->d->spare);
}

/* ---- figures of a finding ---- */

static int64_t
earlier(int64_t a, int64_t b)
{
	return a == NO_TIME || (b != NO_TIME && b < a) ? b : a;
}

/* When an episode's GPU was clean again, reset, or its node rebooted: the first. */
static int64_t
resolved_at(const struct thermal *w, const struct gpu_episode *e)
{
	const struct gpu_series *g = &w->gpu[e->gpu];

	return earlier(e->clean, recovery_after(&w->recoveries, &(struct trouble){
					 .t = e->last, .node = g->node, .gpu = g->gpu, .uuid = g->uuid}));
}

static int
by_gpu(const void *x, const void *y, const void *ctx)
{
	const struct gpu_episode *const *a = x, *const *b = y;
	int d = SORT_ORDER((*a)->gpu, (*b)->gpu);

	(void)ctx;
	return d ? d : SORT_ORDER((*a)->first, (*b)->first);
}

/* Count a GPU's sample times in a span. */
static void
count_moments(struct summary *a, const struct moments *all, int64_t from, int64_t to)
{
	size_t at = 0;

	SORT_BISECT(at, all->n, i, all->m[i].t < from);
	for (; at < all->n && all->m[at].t <= to; at++) {
		a->moments++;
		a->hot += all->m[at].hot;
	}
}

struct summary
thermal_sum_up(const struct thermal *w, const struct thermal_finding *f)
{
	struct summary a = {.temperature = NONE};
	const struct gpu_episode **e;
	size_t n = 0;
	int64_t from = INT64_MAX;
	bool ends = true;

	for (size_t i = 0; i < f->nnode_episode; i++) {
		n += f->node_episode[i]->to - f->node_episode[i]->from;
		a.reporting += f->node_episode[i]->host->reporting[f->cause];
	}
	n = f->scope == GPU ? 1 : n;
	e = mem_new(w->d->mem, const struct gpu_episode *, n);
	a.part = mem_new(w->d->mem, struct gpu_share, n);
	n = 0;
	for (size_t i = 0; i < f->nnode_episode; i++)
		for (size_t k = f->node_episode[i]->from; k < f->node_episode[i]->to; k++) {
			const struct gpu_episode *one = f->scope == GPU ? f->episode : &w->episode[k];
			int64_t max = w->gpu[one->gpu].clock_max, full = max ? max : f->node_episode[i]->clock;

			e[n++] = one;
			/* clocks are below 2^24, samples fit into memory: no overflow */
			a.due += full * one->nclock;
			a.had += full ? one->clocks : 0;
			if (f->scope == GPU)
				break;
		}
	sort(e, n, sizeof(*e), by_gpu, NULL, w->d->spare);
	a.resolved = NO_TIME;
	for (size_t i = 0; i < n; i++) {
		struct gpu_share *p = a.n ? &a.part[a.n - 1] : NULL;
		int64_t back;

		a.reasons |= e[i]->reasons;
		a.temperature = num_max(a.temperature, e[i]->temperature);
		from = num_min(from, e[i]->start.t);
		if (!p || p->gpu != e[i]->gpu) {
			p = &a.part[a.n++];
			*p = (struct gpu_share){.gpu = e[i]->gpu, .first = e[i]->first, .start = e[i]->start, .worst = e[i]->worst};
		}
		p->throttled = time_add(p->throttled, e[i]->throttled);
		if (thermal_is_worse(&e[i]->worst, &p->worst))
			p->worst = e[i]->worst;
		a.throttled = num_max(a.throttled, p->throttled);
		if (i + 1 < n && e[i + 1]->gpu == e[i]->gpu)
			continue; /* its last episode decides */
		back = resolved_at(w, e[i]);
		ends &= back != NO_TIME;
		a.resolved = num_max(a.resolved, back);
	}
	for (size_t i = 0; i < a.n; i++)
		count_moments(&a, &w->gpu[a.part[i].gpu].moments[f->cause], from, f->last);
	if (!ends)
		a.resolved = NO_TIME;
	if (a.reasons & ~(unsigned)VIOLATION)
		a.reasons &= ~(unsigned)VIOLATION; /* the reason is known */
	return a;
}
