#include "base/num.h"
#include "join/phrase.h"
#include "pattern/thermal_throttle/thermal.h"

static int
end_cmp(const void *x, const void *y, const void *ctx)
{
	const struct gpu_episode *const *a = x, *const *b = y;

	(void)ctx;
	return SORT_ORDER((*a)->last, (*b)->last);
}

/* Count the GPUs of a node episode, and the maximum at one time. */
static void
count_gpus(struct thermal *w, struct node_episode *s)
{
	size_t n = s->to - s->from, id = (size_t)(s - w->node_episode) + 1, active = 0, out = 0;
	struct gpu_episode *e = w->episode + s->from, **end = mem_new(w->d->mem, struct gpu_episode *, n);

	for (size_t i = 0; i < n; i++)
		end[i] = &e[i];
	sort(end, n, sizeof(*end), end_cmp, NULL, w->d->spare);
	for (size_t i = 0; i < n; i++) {
		struct gpu_series *g = &w->gpu[e[i].gpu];

		while (out < i && time_add(end[out]->last, w->d->skew) < e[i].first)
			active -= --w->gpu[end[out++]->gpu].active == 0;
		if (g->node_episode != id) {
			g->node_episode = id;
			s->gpus++;
		}
		active += g->active++ == 0;
		if (active > s->peak)
			s->peak = active;
	}
	while (out < n)
		w->gpu[end[out++]->gpu].active--;
}

/* A clock sample of a GPU that is not idle. */
struct tick {
	int64_t t, clock;
	size_t gpu;
};

static int
tick_cmp(const void *x, const void *y, const void *ctx)
{
	const struct tick *a = x, *b = y;

	(void)ctx;
	return SORT_ORDER(a->t, b->t);
}

static int64_t
median(const struct thermal *w, int64_t *v, size_t n)
{
	if (n == 0)
		return 0;
	sort(v, n, sizeof(*v), sort_i64, NULL, w->d->spare);
	return sort_median(v, n);
}

/* The clocks of a node's GPUs without idle ones, ascending in time. */
static struct tick *
ticks_of(const struct thermal *w, const struct host *h, size_t *n)
{
	struct tick *tick;
	size_t room = 0;

	for (size_t i = h->from; i < h->to; i++)
		room += w->gpu[i].of[CLOCK].n;
	tick = mem_new(w->d->mem, struct tick, room);
	*n = 0;
	for (size_t i = h->from; i < h->to; i++) {
		struct slice c = w->gpu[i].of[CLOCK];
		struct cursor mask = {.of = w->gpu[i].of[MASK]};

		for (size_t k = 0; k < c.n; k++) {
			int64_t m = thermal_nearest(&mask, c.s[k].e.t, w->c->gap);

			if (thermal_is_clock(c.s[k].value) && !(m >= 0 && (m & IDLE)))
				tick[(*n)++] = (struct tick){c.s[k].e.t, c.s[k].value, i};
		}
	}
	sort(tick, *n, sizeof(*tick), tick_cmp, NULL, w->d->spare);
	return tick;
}

/* Median clocks of a node's other GPUs during its node episodes. */
static void
compare_clocks(struct thermal *w, struct node_episode *s, size_t n)
{
	struct tick *tick = NULL;
	int64_t *v = NULL;
	size_t ntick = 0, at = 0;

	for (size_t i = 0; i < n; i++) {
		bool needed = false;
		size_t nv = 0;

		for (size_t k = s[i].from; k < s[i].to; k++)
			needed |= w->episode[k].nclock && !w->gpu[w->episode[k].gpu].clock_max;
		if (!needed)
			continue;
		if (!tick) {
			tick = ticks_of(w, s->host, &ntick);
			v = mem_new(w->d->mem, int64_t, ntick);
		}
		/* earlier marks may have been overwritten: mark again */
		for (size_t k = s[i].from; k < s[i].to; k++)
			w->gpu[w->episode[k].gpu].node_episode = (size_t)(&s[i] - w->node_episode) + 1;
		while (at < ntick && tick[at].t < s[i].first)
			at++;
		for (; at < ntick && tick[at].t <= s[i].last; at++)
			if (w->gpu[tick[at].gpu].node_episode != (size_t)(&s[i] - w->node_episode) + 1)
				v[nv++] = tick[at].clock;
		s[i].clock = median(w, v, nv);
	}
}

static int
gpu_episode_cmp(const void *x, const void *y, const void *ctx)
{
	const struct gpu_episode *a = x, *b = y;
	int d = SORT_ORDER(piece_order(a->piece, a->first), piece_order(b->piece, b->first));

	(void)ctx;
	d = d ? d : SORT_ORDER(a->first, b->first);
	return d ? d : SORT_ORDER(a->gpu, b->gpu);
}

static void
explain_share(const struct thermal *w, const struct node_episode *s, size_t reporting, size_t need)
{
	struct buf *b = w->d->explain;

	if (!b || s->is_node || s->gpus < 2)
		return;
	phrase_open(b, S("too few GPUs of the node throttled together"));
	phrase_str(b, "node", name(w, s->host->node));
	phrase_time(b, "first", s->first);
	phrase_time(b, "last", s->last);
	phrase_int(b, "gpus", (int64_t)s->gpus);
	phrase_int(b, "at_once", (int64_t)s->peak);
	phrase_int(b, "reporting", (int64_t)reporting);
	phrase_int(b, "needed", (int64_t)need);
	phrase_close(b, S("fewer than --node-share of the node's GPUs throttled at once"));
}

/* Episodes of a host, ascending, become node episodes. */
static void
gather_node_episodes(struct thermal *w, const struct host *h, enum throttle_cause cause, size_t from, size_t to)
{
	size_t reporting = h->reporting[cause], need, first = w->nnode_episode;

	need = (size_t)thermal_share((int64_t)reporting, w->c->node_share);
	if (need < 2)
		need = 2; /* one hot GPU is not a node episode */
	for (size_t i = from, end; i < to; i = end) {
		struct node_episode *s;

		w->node_episode = mem_extend(w->d->mem, w->node_episode, w->nnode_episode, &w->node_episode_cap, sizeof(*w->node_episode));
		s = &w->node_episode[w->nnode_episode++];
		*s = (struct node_episode){.host = h, .cause = cause, .from = i, .piece = w->episode[i].piece,
			.first = w->episode[i].first, .last = w->episode[i].last};
		for (end = i + 1; end < to && w->episode[end].piece == s->piece && w->episode[end].first <= time_add(s->last, w->d->skew); end++)
			s->last = num_max(s->last, w->episode[end].last);
		s->to = end;
		count_gpus(w, s);
		s->is_node = s->peak >= need;
		explain_share(w, s, reporting, need);
	}
	compare_clocks(w, w->node_episode + first, w->nnode_episode - first);
}

static void
gather(struct thermal *w, enum throttle_cause cause)
{
	for (size_t i = 0; i < w->nhost; i++) {
		const struct host *h = &w->host[i];
		size_t from = w->nepisode;

		for (size_t g = h->from; g < h->to; g++) {
			w->nseries_episode = w->nmoment = 0;
			for (size_t k = 0; k < SIGNALS; k++)
				if (k == MASK || thermal_series[k].cause == cause)
					thermal_walk(w, i, &w->gpu[g], cause, k);
			thermal_merge(w, g, cause);
		}
		if (w->nepisode == from)
			continue;
		sort(w->episode + from, w->nepisode - from, sizeof(*w->episode), gpu_episode_cmp, NULL, w->d->spare);
		gather_node_episodes(w, h, cause, from, w->nepisode);
	}
}

int64_t
thermal_reach(const struct detection *d)
{
	const struct thermal_options *c = d->config;
	/* what begins this soon belongs to the episode, and begins by the next sample; */
	int64_t reach = time_add(num_max(c->gap, d->skew), c->gap);

	/* it lasts, or is over after the gap of its last sample; one gap more
	 * for samples nearby */
	return time_add(time_add(reach, c->sustained), time_add(c->gap, c->gap));
}

/* Find the node episodes that are long enough to be split. */
static bool
find_long_episodes(struct thermal *w)
{
	if (!w->split_every_ns)
		return false;
	w->long_episode = mem_new(w->d->mem, struct long_episode, w->nnode_episode);
	for (size_t i = 0; i < w->nnode_episode; i++) {
		const struct node_episode *s = &w->node_episode[i];

		if (is_split(w->split_every_ns, s->first, s->first, s->last))
			w->long_episode[w->nlong++] = (struct long_episode){s->cause, (size_t)(s->host - w->host), s->first, s->last};
	}
	return w->nlong;
}

void
thermal_gather_episodes(struct thermal *w)
{
	unsigned causes = w->c->power ? CAUSES : POWER;

	for (unsigned cause = 0; cause < causes; cause++)
		gather(w, cause);
	if (!find_long_episodes(w))
		return;
	w->nepisode = w->nnode_episode = 0;
	w->cold = w->braked = 0;
	for (size_t i = 0; i < w->ngpu; i++)
		w->gpu[i].node_episode = 0;
	for (unsigned cause = 0; cause < causes; cause++)
		gather(w, cause);
}
