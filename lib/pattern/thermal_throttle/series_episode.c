#include "base/num.h"
#include "join/phrase.h"
#include "pattern/thermal_throttle/thermal.h"

/* Counters that are polled more often than they are updated stand still and
 * then jump: dcgm-exporter updates every 30 s by default. */
static const int64_t REFRESH = 30 * SECOND;

int64_t
thermal_nearest(struct cursor *c, int64_t t, int64_t within)
{
	const struct sample *s = c->of.s;
	int64_t before, after;

	if (c->of.n == 0)
		return NONE;
	while (c->at + 1 < c->of.n && s[c->at + 1].e.t <= t)
		c->at++;
	before = time_diff(t, s[c->at].e.t);
	if (before < 0)
		return -within <= before ? s[c->at].value : NONE;
	after = c->at + 1 < c->of.n ? time_diff(s[c->at + 1].e.t, t) : INT64_MAX;
	if (after < before && after <= within)
		return s[c->at + 1].value;
	return before <= within ? s[c->at].value : NONE;
}

/* Iteration over one series. */
struct walk {
	struct thermal *w;
	const struct gpu_series *g;
	enum throttle_cause cause;
	struct cursor temperature, memory, clock, slowdown_at, margin;
	const struct long_episode *long_episode; /* node episodes of the node that are split */
	size_t nlong;
	struct series_episode at;
	int64_t shown;   /* time of the episode's first hot sample */
	int64_t before;  /* the last sample judged */
	bool open;
	size_t chain;    /* the first of the pieces that at continues */
	size_t unclean;  /* series episodes from here on have no clean sample yet */
	uint64_t lost;   /* counters: increases below the share */
	int64_t lost_first, lost_last;
	uint64_t cold;   /* samples of a hardware slowdown that is not thermal */
	int64_t cold_first, cold_last;
	bool braked;
};

bool
thermal_is_worse(const struct hot_sample *a, const struct hot_sample *b)
{
	if (a->temperature != b->temperature)
		return a->temperature > b->temperature;
	if (a->clock != b->clock)
		return b->clock == NONE || (a->clock != NONE && a->clock < b->clock);
	if ((a->reasons ^ b->reasons) & HW_THERMAL)
		return a->reasons & HW_THERMAL;
	if (a->field != b->field)
		return a->field < b->field;
	if (a->field != METRIC_CLOCKS_EVENT && a->value != b->value)
		return a->value > b->value;
	return a->t < b->t;
}

/* Start of the piece that includes t, or NO_TIME. */
static int64_t
piece_at(const struct walk *k, int64_t t)
{
	size_t lo = 0;

	SORT_BISECT(lo, k->nlong, i, k->long_episode[i].last < t);
	if (lo == k->nlong || t < k->long_episode[lo].first ||
	    !is_split(k->w->split_every_ns, k->long_episode[lo].first, k->long_episode[lo].first, t))
		return NO_TIME;
	return piece_begin(k->w->split_every_ns, t);
}

/* Close the open episode; is it long enough? */
static bool
close_episode(struct walk *k)
{
	struct thermal *w = k->w;
	struct series_episode *at = &k->at;
	int64_t lasted;
	bool counts;

	if (!k->open)
		return false;
	k->open = false;
	lasted = num_max(time_diff(at->last, k->shown), at->throttled);
	counts = lasted >= w->c->sustained || (at->goes_on && lasted > 0);
	if (counts) {
		w->series_episode = mem_extend(w->d->mem, w->series_episode, w->nseries_episode, &w->series_episode_cap, sizeof(*w->series_episode));
		w->series_episode[w->nseries_episode++] = *at;
	} else if (w->d->explain) {
		struct buf *b = thermal_explain_open(w, S("throttling too short for a verdict"), k->g);

		thermal_explain_reasons(b, at->reasons);
		thermal_explain_field(b, thermal_series[at->signal].field);
		phrase_time(b, "first", at->first);
		phrase_time(b, "last", at->last);
		phrase_seconds(b, "lasted_seconds", lasted);
		phrase_seconds(b, "sustained_seconds", w->c->sustained);
		phrase_close(b, S("it lasted less than --sustained"));
	}
	return counts;
}

/* Record the time of a sample that was judged. */
static void
note_moment(struct walk *k, int64_t t, bool hot)
{
	struct thermal *w = k->w;

	w->moment = mem_extend(w->d->mem, w->moment, w->nmoment, &w->moment_cap, sizeof(*w->moment));
	w->moment[w->nmoment++] = (struct thermal_moment){t, hot};
	k->before = t;
}

/* A clean sample does not end an episode: temperatures at the limit oscillate. */
static void
clean(struct walk *k, int64_t t)
{
	if (k->open && k->at.clean == NO_TIME)
		k->at.clean = t;
	for (; k->unclean < k->w->nseries_episode; k->unclean++)
		if (k->w->series_episode[k->unclean].clean == NO_TIME)
			k->w->series_episode[k->unclean].clean = t;
	note_moment(k, t, false);
}

/* Hot again: discard the clean sample before. */
static void
take_back_clean(struct walk *k)
{
	k->at.clean = NO_TIME;
	for (; k->unclean > k->chain; k->unclean--)
		k->w->series_episode[k->unclean - 1].clean = NO_TIME;
}

static void
hot(struct walk *k, size_t signal, struct hot_sample l)
{
	const struct thermal_options *c = k->w->c;
	int64_t apart = k->open ? time_diff(l.t, k->at.last) : 0, piece = piece_at(k, l.t);
	int64_t throttled;
	bool goes_on = false;

	if (apart > c->gap) {
		if (k->w->d->explain) {
			struct buf *b = thermal_explain_open(k->w, S("samples too far apart"), k->g);

			thermal_explain_field(b, l.field);
			phrase_time(b, "before", k->at.last);
			phrase_time(b, "after", l.t);
			phrase_seconds(b, "apart_seconds", apart);
			phrase_seconds(b, "gap_seconds", c->gap);
			phrase_close(b, S("throttled before and after, but the samples are more than --gap apart"));
		}
		close_episode(k);
	}
	if (k->open)
		take_back_clean(k);
	if (k->open && k->at.piece != piece)
		goes_on = close_episode(k);
	l.temperature = thermal_nearest(&k->temperature, l.t, c->gap);
	if (!thermal_is_temperature(l.temperature))
		l.temperature = NONE;
	l.memory = thermal_nearest(&k->memory, l.t, c->gap);
	/* some GPUs report 0 for a memory without a sensor */
	if (!thermal_is_temperature(l.memory) || l.memory <= 0)
		l.memory = NONE;
	l.clock = thermal_nearest(&k->clock, l.t, c->gap);
	if (!thermal_is_clock(l.clock))
		l.clock = NONE;
	/* a hot sample represents the time since the previous one */
	throttled = signal == MASK ? time_diff(l.t, k->open ? k->before : l.t) : num_min(l.value, time_diff(l.t, l.from));
	note_moment(k, l.t, true);
	if (!k->open) {
		k->open = true;
		k->chain = goes_on ? k->chain : k->w->nseries_episode;
		k->shown = l.t;
		k->at = (struct series_episode){
			.signal = signal,
			.piece = piece,
			.goes_on = goes_on,
			.first = l.from,
			.last = l.t,
			.throttled = throttled,
			.clean = NO_TIME,
			.reasons = l.reasons,
			.start = l,
			.worst = l,
		};
		return;
	}
	k->at.last = l.t;
	k->at.throttled = time_add(k->at.throttled, throttled);
	k->at.reasons |= l.reasons;
	if (thermal_is_worse(&l, &k->at.worst))
		k->at.worst = l;
}

/* Record consecutive samples. */
static void
note_pair(struct walk *k, int64_t from, int64_t t)
{
	k->w->pairs = true;
	k->w->near |= time_diff(t, from) <= k->w->c->gap;
}

/* Is the temperature, in 10^-3 C, too low for a thermal hardware slowdown? */
static bool
is_cold(struct walk *k, int64_t t)
{
	static const int64_t far = 10000, cold = 60000;
	int64_t gap = k->w->c->gap;
	int64_t now = thermal_nearest(&k->temperature, t, gap), margin = thermal_nearest(&k->margin, t, gap);
	int64_t at = thermal_nearest(&k->slowdown_at, t, gap);

	if (thermal_is_temperature(margin) && margin >= far)
		return true;
	if (!thermal_is_temperature(now))
		return false;
	return now < cold || (thermal_is_temperature(at) && at - now >= far);
}

/* The reasons in the mask at t that count. */
static unsigned
reasons_at(struct walk *k, int64_t t, int64_t mask)
{
	unsigned r = thermal_reasons_of(mask, HEAT);

	k->braked |= mask & POWER_BRAKE;
	if (r != HW_SLOWDOWN || !is_cold(k, t))
		return thermal_reasons_of(mask, k->cause);
	k->cold_first = k->cold++ ? k->cold_first : t;
	k->cold_last = t;
	return k->cause == POWER ? HW_SLOWDOWN : 0;
}

static void
walk_mask(struct walk *k)
{
	struct slice of = k->g->of[MASK];

	for (size_t i = 0; i < of.n;) {
		int64_t t = of.s[i].e.t, mask = 0, before = i ? of.s[i - 1].e.t : t;
		unsigned r;
		bool any = false;

		for (; i < of.n && of.s[i].e.t == t; i++)
			if (of.s[i].value >= 0) {
				mask |= of.s[i].value;
				any = true;
			}
		if (!any)
			continue;
		if (before != t)
			note_pair(k, before, t);
		r = reasons_at(k, t, mask);
		if (r)
			hot(k, MASK, (struct hot_sample){.t = t, .from = t, .field = METRIC_CLOCKS_EVENT, .reasons = r, .value = mask});
		else
			clean(k, t);
	}
}

static void
explain_reset(const struct walk *k, const struct sample *a, const struct sample *b, struct str why)
{
	struct buf *x;

	if (!k->w->d->explain)
		return;
	x = thermal_explain_open(k->w, S("counter decreased"), k->g);
	thermal_explain_field(x, b->field);
	phrase_time(x, "before", a->e.t);
	phrase_time(x, "after", b->e.t);
	phrase_close(x, why);
}

/* A counter increased between two times. */
static void
grew(struct walk *k, size_t signal, int64_t from, int64_t t, int64_t growth)
{
	int64_t apart = time_diff(t, from);
	bool enough = growth >= thermal_share(apart, k->w->c->share);

	if (!enough) {
		if (growth > 0) {
			k->lost_first = k->lost++ ? k->lost_first : t;
			k->lost_last = t;
		}
		if (apart <= k->w->c->gap)
			clean(k, t);
	} else if (apart <= k->w->c->gap) {
		hot(k, signal, (struct hot_sample){.t = t, .from = from, .field = thermal_series[signal].field, .reasons = thermal_series[signal].reason, .value = growth});
	} else if (k->w->d->explain) {
		struct buf *b = thermal_explain_open(k->w, S("samples too far apart"), k->g);

		thermal_explain_field(b, thermal_series[signal].field);
		phrase_time(b, "before", from);
		phrase_time(b, "after", t);
		phrase_seconds(b, "apart_seconds", apart);
		phrase_seconds(b, "gap_seconds", k->w->c->gap);
		phrase_close(b, S("the counter grew, but the samples are more than --gap apart"));
	}
}

/* Is the counter back at its value from before the reset, sooner than throttling could
 * explain?  Then there was no reset. */
static bool
is_back(const struct sample *full, const struct sample *last, const struct sample *s)
{
	return time_diff(s->e.t, full->e.t) <= RESET_MAX_NS && s->value >= full->value &&
	       s->value - last->value > time_add(time_diff(s->e.t, last->e.t), REFRESH);
}

static void
walk_counter(struct walk *k, size_t signal)
{
	struct slice of = k->g->of[signal];
	const struct sample *last = NULL, *full = NULL; /* latest count; count before a reset */

	for (size_t i = 0; i < of.n; i++) {
		const struct sample *s = &of.s[i];

		/* of simultaneous ones of one kind, the highest */
		if (s->value < 0 || (i + 1 < of.n && s[1].e.t == s->e.t && s[1].delta == s->delta))
			continue;
		if (s->delta) {
			int64_t from = s->start != NO_TIME ? s->start : i ? s[-1].e.t : s->e.t;

			if (from < s->e.t) {
				note_pair(k, from, s->e.t);
				grew(k, signal, from, s->e.t, s->value);
			}
			continue;
		}
		if (last)
			note_pair(k, last->e.t, s->e.t);
		if (last && (s->value < last->value || s->start > last->e.t)) {
			explain_reset(k, last, s, S("the value is below the previous one: its growth is unknown"));
			full = last;
		} else if (full && is_back(full, last, s)) {
			explain_reset(k, last, s, S("the counter recovered faster than real time, so it was not reset; the dip is ignored"));
			full = NULL;
		} else if (last) {
			grew(k, signal, last->e.t, s->e.t, s->value - last->value);
		}
		last = s;
	}
}

void
thermal_walk(struct thermal *w, size_t host, const struct gpu_series *g, enum throttle_cause cause, size_t signal)
{
	struct walk k = {
		.w = w,
		.g = g,
		.cause = cause,
		.temperature = {.of = g->of[TEMPERATURE]},
		.memory = {.of = g->of[MEMORY]},
		.clock = {.of = g->of[CLOCK]},
		.slowdown_at = {.of = g->of[SLOWDOWN_AT]},
		.margin = {.of = g->of[MARGIN]},
		.unclean = w->nseries_episode,
	};
	size_t from = 0;

	SORT_BISECT(from, w->nlong, i, w->long_episode[i].cause < cause || (w->long_episode[i].cause == cause && w->long_episode[i].host < host));
	while (from + k.nlong < w->nlong && w->long_episode[from + k.nlong].cause == cause && w->long_episode[from + k.nlong].host == host)
		k.nlong++;
	if (k.nlong)
		k.long_episode = &w->long_episode[from];
	if (signal == MASK)
		walk_mask(&k);
	else
		walk_counter(&k, signal);
	close_episode(&k);
	if (cause == HEAT) {
		w->cold += k.cold != 0;
		w->braked += k.braked;
	}
	if (k.cold && cause == HEAT && w->d->explain) {
		struct buf *b = thermal_explain_open(w, S("hardware slowdown that is not thermal"), g);

		phrase_int(b, "samples", (int64_t)k.cold);
		phrase_time(b, "first", k.cold_first);
		phrase_time(b, "last", k.cold_last);
		phrase_close(b, w->c->power ? S("the temperature contradicts it: the power supply or a cable") :
					      S("the temperature contradicts it; use --power to report it"));
	}
	if (k.lost && w->d->explain) {
		struct buf *b = thermal_explain_open(w, S("violation time grew too little"), g);

		thermal_explain_field(b, thermal_series[signal].field);
		phrase_int(b, "samples", (int64_t)k.lost);
		phrase_time(b, "first", k.lost_first);
		phrase_time(b, "last", k.lost_last);
		phrase_close(b, S("by less than --share of the time between samples"));
	}
}

/* ---- episodes ---- */

static int
moment_cmp(const void *x, const void *y, const void *ctx)
{
	const struct thermal_moment *a = x, *b = y;
	int d = SORT_ORDER(a->t, b->t);

	(void)ctx;
	return d ? d : SORT_ORDER(b->hot, a->hot);
}

static int
moment_same(const void *x, const void *y, const void *ctx)
{
	(void)ctx;
	return SORT_ORDER(((const struct thermal_moment *)x)->t, ((const struct thermal_moment *)y)->t);
}

/* The GPU's sample times, distinct; hot if any signal's sample is hot. */
static void
keep_moments(struct thermal *w, struct gpu_series *g, enum throttle_cause cause)
{
	struct thermal_moment *m;

	sort(w->moment, w->nmoment, sizeof(*w->moment), moment_cmp, NULL, w->d->spare);
	w->nmoment = sort_unique(w->moment, w->nmoment, sizeof(*w->moment), moment_same, NULL);
	m = mem_new(w->d->mem, struct thermal_moment, w->nmoment);
	for (size_t i = 0; i < w->nmoment; i++)
		m[i] = w->moment[i];
	g->moments[cause] = (struct moments){m, w->nmoment};
}

static int
series_episode_cmp(const void *x, const void *y, const void *ctx)
{
	const struct series_episode *a = x, *b = y;
	int d = SORT_ORDER(piece_order(a->piece, a->first), piece_order(b->piece, b->first));

	(void)ctx;
	d = d ? d : SORT_ORDER(a->first, b->first);
	return d ? d : SORT_ORDER(a->signal, b->signal);
}

/* Samples of a series episode that were in no episode before it. */
static void
measure(const struct gpu_series *g, const struct series_episode *s, struct gpu_episode *e, size_t at[2])
{
	struct slice t = g->of[TEMPERATURE], c = g->of[CLOCK];

	for (; at[0] < t.n && t.s[at[0]].e.t <= s->last; at[0]++)
		if (t.s[at[0]].e.t >= s->first && thermal_is_temperature(t.s[at[0]].value))
			e->temperature = num_max(e->temperature, t.s[at[0]].value);
	for (; at[1] < c.n && c.s[at[1]].e.t <= s->last; at[1]++)
		if (c.s[at[1]].e.t >= s->first && thermal_is_clock(c.s[at[1]].value)) {
			e->clocks += c.s[at[1]].value;
			e->nclock++;
		}
}

void
thermal_merge(struct thermal *w, size_t gpu, enum throttle_cause cause)
{
	struct gpu_series *g = &w->gpu[gpu];
	size_t at[2] = {0}, to;

	if (w->nseries_episode == 0)
		return;
	sort(w->series_episode, w->nseries_episode, sizeof(*w->series_episode), series_episode_cmp, NULL, w->d->spare);
	keep_moments(w, g, cause);
	for (size_t i = 0; i < w->nseries_episode; i = to) {
		const struct series_episode *s = &w->series_episode[i];
		struct gpu_episode e = {.gpu = gpu, .piece = s->piece, .first = s->first, .last = s->last, .start = s->start, .worst = s->worst,
			.temperature = NONE, .clean = NO_TIME};
		int64_t throttled[SIGNALS] = {0}, back[SIGNALS];
		bool seen[SIGNALS] = {0}, ends = true;

		for (to = i; to < w->nseries_episode; to++) {
			s = &w->series_episode[to];
			if (s->piece != e.piece || (s->first > e.last && time_diff(s->first, e.last) >= w->c->gap))
				break;
			e.last = num_max(e.last, s->last);
			e.reasons |= s->reasons;
			if (s->start.t < e.start.t)
				e.start = s->start;
			if (thermal_is_worse(&s->worst, &e.worst))
				e.worst = s->worst;
			throttled[s->signal] = time_add(throttled[s->signal], s->throttled);
			back[s->signal] = s->clean;
			seen[s->signal] = true;
			measure(g, s, &e, at);
		}
		for (size_t k = 0; k < SIGNALS; k++) {
			if (!seen[k])
				continue;
			e.throttled = num_max(e.throttled, throttled[k]);
			ends &= back[k] != NO_TIME;
			e.clean = num_max(e.clean, back[k]); /* NO_TIME is the lowest value */
		}
		if (!ends)
			e.clean = NO_TIME;
		e.throttled = num_min(e.throttled, time_diff(e.last, e.first));
		w->episode = mem_extend(w->d->mem, w->episode, w->nepisode, &w->episode_cap, sizeof(*w->episode));
		w->episode[w->nepisode++] = e;
	}
}
