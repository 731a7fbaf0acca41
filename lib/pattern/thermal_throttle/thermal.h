/*
 * thermal - state of thermal_throttle: fields and bits that show throttling
 * (signals.c), the GPUs and their series (gpus.c), the episodes of a series and
 * of a GPU (series_episode.c), GPUs that throttle together on a node
 * (node_episode.c), findings about a GPU, a node or a room (finding.c),
 * verdicts (verdict.c) and near misses (explain.c).
 * Layer pattern: includes pattern, recovery.
 */
#ifndef THERMAL_H
#define THERMAL_H

#include "event/metric.h"
#include "pattern/pattern.h"
#include "join/recovery.h"

enum { MILLION = OPT_SHARE_ONE }; /* denominator of shares */
/* A counter that returns to its old value within this was not reset.  Pieces of
 * --follow are at least as long, so that the samples before the reset are
 * kept. */
static const int64_t RESET_MAX_NS = 1800 * SECOND;

struct thermal_options {
	int64_t gap, sustained;
	uint64_t room_nodes;
	int64_t share, node_share; /* of MILLION */
	bool power;
};

/* Thermal and power-brake throttling are judged separately. */
enum throttle_cause { HEAT, POWER, CAUSES };

/* Bits of the mask: dcgm_structs.h, DCGM_CLOCKS_EVENT_REASON_*. 0x8 is set
 * together with 0x40 for thermal slowdown and with 0x80 for power brake; alone
 * if the board does not distinguish them: then it is thermal unless the
 * temperature contradicts. */
enum {
	IDLE = 0x1,
	HW_SLOWDOWN = 0x8,
	SW_THERMAL = 0x20,
	HW_THERMAL = 0x40,
	POWER_BRAKE = 0x80,
	VIOLATION = 0x10000, /* not in the mask: growth of a counter, which has no reason */
};
enum { REASONS = 9 };

/* The series that show throttling, and those used with them. */
enum { MASK, SIGNALS = 5, TEMPERATURE = SIGNALS, MEMORY, CLOCK, CLOCK_MAX, SLOWDOWN_AT, MARGIN, SERIES };

/* A GPU's samples in a series. */
struct slice {
	const struct sample *s; /* of one field, ascending in time, all with a timestamp */
	size_t n;
};

/* A time at which a GPU was sampled. */
struct thermal_moment {
	int64_t t;
	bool hot;
};
struct moments {
	const struct thermal_moment *m; /* ascending, distinct */
	size_t n;
};

/* A GPU. */
struct gpu_series {
	uint32_t node, uuid;
	struct pci gpu;
	int16_t index;
	struct slice of[SERIES];
	int64_t clock_max; /* 0: unknown */
	struct moments moments[CAUSES]; /* only if it has episodes */
	size_t node_episode; /* number of its last node episode, from 1 */
	unsigned active;
};

/* A node's GPUs. */
struct host {
	uint32_t node;
	size_t from, to;
	size_t reporting[CAUSES];
};

/* One throttled sample. */
struct hot_sample {
	int64_t t, from; /* from: for a counter, time of the previous sample */
	uint16_t field;
	unsigned reasons;
	int64_t value;   /* the mask, or the increase of the counter */
	int64_t temperature, memory, clock; /* nearest in time, or NONE */
};
#define NONE INT64_MIN

/* Pieces are ordered by their beginning, even if the counter increase in one
 * began in the piece before. */
static inline int64_t
piece_order(int64_t piece, int64_t first)
{
	return piece == NO_TIME ? first : piece;
}

/* Hot samples of one series with gaps of at most --gap, long enough. */
struct series_episode {
	size_t signal;
	int64_t piece;  /* --follow: start of its piece of the node's episode;
	                 * NO_TIME: the episode is not split */
	bool goes_on;   /* continues the previous piece */
	int64_t first, last;
	int64_t throttled;
	int64_t clean; /* time of the first clean sample after it, or NO_TIME */
	unsigned reasons;
	struct hot_sample start, worst;
};

/* Series episodes of a GPU separated by less than the gap. */
struct gpu_episode {
	size_t gpu;
	int64_t piece;
	int64_t first, last;
	int64_t throttled;
	int64_t clean;
	unsigned reasons;
	struct hot_sample start, worst;
	int64_t temperature;    /* highest, or NONE */
	int64_t clocks, nclock; /* sum of the samples in it */
};

/* Overlapping episodes on a node. */
struct node_episode {
	const struct host *host;
	enum throttle_cause cause;
	int64_t piece;
	int64_t final_at;
	size_t from, to;   /* its GPU episodes */
	int64_t first, last;
	size_t gpus, peak; /* GPUs that throttled; maximum at one time */
	int64_t clock;     /* median of the other GPUs meanwhile; 0: unknown */
	bool is_node, in_room;
};

/* A node episode before it is split into pieces. */
struct long_episode {
	enum throttle_cause cause;
	size_t host;
	int64_t first, last;
};

enum scope { GPU, NODE, ROOM };

/* The subject of a verdict. */
struct thermal_finding {
	enum throttle_cause cause;
	enum scope scope;
	int64_t first, last;
	const struct node_episode *const *node_episode; /* several for a room, otherwise one */
	size_t nnode_episode;
	const struct gpu_episode *episode; /* for a GPU */
	size_t gpu;                    /* the first GPU */
	int64_t final_at;
};

struct thermal {
	const struct detection *d;
	const struct thermal_options *c;
	int64_t split_every_ns; /* 0: never */
	const struct events *ev;
	struct gpu_series *gpu;
	size_t ngpu;
	struct host *host;
	size_t nhost;
	struct recoveries recoveries;
	struct series_episode *series_episode; /* of the current GPU */
	size_t nseries_episode, series_episode_cap;
	struct thermal_moment *moment; /* of the current GPU */
	size_t nmoment, moment_cap;
	struct gpu_episode *episode;
	size_t nepisode, episode_cap;
	struct node_episode *node_episode;
	size_t nnode_episode, node_episode_cap;
	struct long_episode *long_episode; /* those that are split; by cause, host, time */
	size_t nlong;
	struct thermal_finding *finding;
	size_t nfinding, finding_cap;
	uint64_t nodeless, timeless; /* samples */
	uint64_t cold, braked;       /* GPUs with a hardware slowdown that were
	                              * not hot; GPUs slowed down by the power
	                              * brake */
	bool pairs, near;            /* a GPU has two samples; two within --gap */
};

/* One GPU's part in a finding. */
struct gpu_share {
	size_t gpu, turn; /* turn: for evidence, its index among its node's GPUs */
	int64_t first, throttled;
	struct hot_sample start, worst;
};

/* The figures of a finding. */
struct summary {
	struct gpu_share *part; /* by node and address */
	size_t n;
	size_t reporting;
	unsigned reasons;
	int64_t throttled;   /* by the GPU that throttled longest */
	int64_t moments, hot; /* sample times of all GPUs from the first hot one to the last */
	int64_t temperature; /* or NONE */
	int64_t due, had;    /* clocks without and with throttling, summed over samples; due 0: unknown */
	int64_t resolved;    /* or NO_TIME */
};

static inline struct str
name(const struct thermal *w, uint32_t id)
{
	return idx_at(&w->ev->names, id);
}

/* ---- signals.c ---- */

/* Reasons that slow a GPU down. */
extern const struct thermal_reason {
	unsigned bit;
	struct str name;
	bool counts; /* can cause a verdict */
} thermal_reasons[REASONS];

/* Properties of the series, by index. */
extern const struct thermal_signal {
	uint16_t field;
	enum throttle_cause cause; /* for counters */
	unsigned reason;  /* for counters */
} thermal_series[SERIES];

/* Fields of the series, ended by 0.  Lives in m. */
uint16_t *thermal_fields(struct mem *m);
/* The bits of the mask for a cause. */
unsigned thermal_reasons_of(int64_t mask, enum throttle_cause cause);
/* Is the value plausible? */
bool thermal_is_clock(int64_t v);
bool thermal_is_temperature(int64_t v);
/* share of t, rounded up. */
int64_t thermal_share(int64_t t, int64_t share);
/* Append the field's DCGM name. */
void thermal_put_field(struct buf *b, uint16_t field);

/* ---- gpus.c ---- */

/* Fill in gpu and host. */
void thermal_gather_gpus(struct thermal *w);
/* Append address, or else UUID, or else index. */
void thermal_put_gpu(struct buf *b, const struct thermal *w, const struct gpu_series *g);

/* ---- series_episode.c ---- */

/* Position in a series, for finding samples nearest in time. */
struct cursor {
	struct slice of;
	size_t at;
};

/* The value nearest to t, at most `within` away, or NONE; t must not decrease. */
int64_t thermal_nearest(struct cursor *c, int64_t t, int64_t within);
/* Is a worse than b?  Compares: hotter, slower clock, hardware slowdown, mask
 * before counters, greater value, earlier. */
bool thermal_is_worse(const struct hot_sample *a, const struct hot_sample *b);
/* Add the series episodes of one signal of a GPU; host is its node. */
void thermal_walk(struct thermal *w, size_t host, const struct gpu_series *g, enum throttle_cause cause, size_t signal);
/* Merge a GPU's series episodes that are less than the gap apart. */
void thermal_merge(struct thermal *w, size_t gpu, enum throttle_cause cause);

/* ---- node_episode.c ---- */

/* How long after its last hot sample a node episode can change. */
int64_t thermal_reach(const struct detection *d);
/* Fill in gpu_episode and node_episode, for all reported causes. */
void thermal_gather_episodes(struct thermal *w);

/* ---- finding.c ---- */

/* Fill in finding, sorted. */
void thermal_gather_findings(struct thermal *w);
/* The figures of a finding; its parts live as long as the run. */
struct summary thermal_sum_up(const struct thermal *w, const struct thermal_finding *f);

/* ---- verdict.c ---- */

/* Add the verdict. */
void thermal_emit(const struct thermal *w, const struct thermal_finding *f);

/* ---- explain.c ---- */

/* Start of a line about a GPU, to be closed by phrase_close. */
struct buf *thermal_explain_open(const struct thermal *w, struct str what, const struct gpu_series *g);
void thermal_explain_field(struct buf *b, uint16_t field);
void thermal_explain_reasons(struct buf *b, unsigned r);
/* Explain slowdowns of a GPU that are neither thermal nor due to idleness. */
void thermal_explain_others(const struct thermal *w, const struct gpu_series *g);

#endif
