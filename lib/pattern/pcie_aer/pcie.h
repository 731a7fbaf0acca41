/*
 * pcie - state of pcie_aer: samples by GPU (points.c), baselines of rates
 * (baseline.c), bad samples (judge.c), episodes of reports and bad samples
 * (episode.c), verdicts (verdict.c) and near misses (explain.c).
 * Layer pattern: includes pattern, recovery, report, topology.
 */
#ifndef PCIE_H
#define PCIE_H

#include "event/metric.h"
#include "pattern/pattern.h"
#include "join/recovery.h"
#include "join/report.h"
#include "join/topology.h"

enum {
	PCIE_NEIGHBORS = 32, /* GPUs used for a baseline on each side, by address */
	PCIE_OTHERS_MAX = 2 * PCIE_NEIGHBORS,
	PCIE_DROP_ONE = OPT_SHARE_ONE,
};

struct pcie_options {
	int64_t window;
	struct str topology_file;
	bool fatal_alone, siblings;
	int64_t drop;  /* of PCIE_DROP_ONE */
	int64_t floor; /* 10^-3 bytes per second */
	struct topology topology;
};

/* From IDLENESS on: used only to detect idle GPUs. */
enum pcie_measure { RATE, WIDTH, GEN, WIDTH_MAX, GEN_MAX, REPLAY, CLOCKS, IDLENESS = CLOCKS, UTIL, PSTATE, SERIES };

/* A sample, and its GPU. */
struct point {
	int64_t t, value; /* rates: 10^-3 bytes per second */
	int64_t start;    /* rates: the baseline; deltas: start of the interval; or NO_TIME */
	struct pci gpu;
	uint32_t node, uuid, direction, uid;
	enum pcie_measure series;
	bool delta;
};

/* Siblings' samples within this count as simultaneous: exporters poll every 15
 * to 60 s. */
#define PCIE_NEAR (60 * SECOND)

/* A GPU or another device, and the range of its points. */
struct pcie_unit {
	uint32_t node, uuid;
	struct pci gpu; /* of a port: with its function; otherwise function 0 */
	bool port;
	size_t from, to;
};

/* A range of points. */
struct point_range {
	size_t from, to;
};

struct link_state {
	int64_t width, max_width, gen, max_gen; /* 0: unknown */
	bool gone; /* the width is 0, and was known before */
};

/* The baseline of a rate. */
enum basis { NO_BASIS, GIVEN, SIBLINGS, OWN };

/* Kinds of degradation; LOST: the GPU fell off the bus, according to an Xid. */
enum defect { COLLAPSE, DEGRADED, REPLAYS, LOST };

/* A bad sample, or the Xid of a lost GPU. */
struct bad_sample {
	int64_t t;
	size_t at;             /* the point; unused for LOST */
	const struct xid *xid; /* for LOST */
	enum defect what;
	enum basis basis;
	int64_t baseline, ratio; /* rates: ratio is the loss, of PCIE_DROP_ONE */
	int64_t growth, limit, span; /* replays in span; limit: maximal replays per minute */
	struct link_state link;
};

/* Points are record numbers, sorted by unit, series, direction, time, content. */
struct pcie_join {
	const struct detection *d;
	const struct pcie_options *c;
	int64_t split_every_ns; /* 0: never */
	const struct events *ev;
	struct reports reports;
	const struct sample *sample;
	const struct rate *rate;     /* numbered after the samples */
	size_t nsample;
	uint32_t tx, rx;   /* directions of samples */
	uint32_t *point;
	size_t npoint;
	const struct xid **xid; /* Xids and SXids, by node, address, time */
	size_t nxid;
	bool *reported; /* per report: it is part of a verdict */
	struct pcie_unit *unit;
	size_t nunit;
	struct recoveries recoveries;
	uint64_t point_timeless, point_unnamed;
	struct pcie_finding *found;
	size_t nfound, foundcap;
};

/* A GPU's own rates before a time. */
struct history {
	int64_t before;
	size_t from;           /* the first rate of its direction */
	size_t n;              /* number of rates that are not idle */
	int64_t median, low;   /* low: lowest level that two rates in a row stayed at or below */
};

struct report_run {
	int64_t since;       /* start of the run of reports that the report belongs to */
	int64_t uncorrected; /* the last uncorrected one up to it; or NO_TIME */
};

/* The samples of a GPU's neighbors in a series. */
struct pcie_others {
	bool known;
	uint32_t direction;
	size_t n;
	struct point_range *r; /* room for PCIE_OTHERS_MAX */
};

/* Work on one unit. */
struct gpu_work {
	const struct pcie_join *j;
	const struct pcie_unit *u;
	const struct report **report; /* of the GPU and of the ports above it, by time */
	struct report_run *run; /* per report */
	size_t nreport, reportcap, runcap;
	struct bad_sample *bad;       /* by time */
	size_t nbad, badcap;
	struct point_range series[SERIES]; /* RATE: all directions */
	struct pcie_others others[SERIES];
	struct point_range (*room)[PCIE_OTHERS_MAX]; /* for others, by series */
	struct history history; /* the last one computed */
	size_t nobase, npause;  /* rates without a baseline; low rates that are only short */
	size_t nidle;           /* rates of the idle GPU, which are not judged */
	int64_t *times;         /* of all points before IDLENESS, ascending; for --explain */
};

/* Number of reports of an error. */
struct named_count {
	struct str name;
	uint64_t n;
};

/* An episode with a verdict. */
struct pcie_finding {
	const struct pcie_unit *u;
	const struct report *report;
	const struct bad_sample *bad, *rate; /* rate: a collapse in addition, or NULL */
	struct link_state link;
	uint32_t uuid;
	struct pci port;
	uint8_t severity, layer;
	bool mixed; /* several severities */
	uint64_t count;
	bool at_least; /* count is a minimum: some reports were not printed */
	int64_t first, last; /* of the reports */
	int64_t back;        /* when it ended, or NO_TIME */
	int64_t final_at;
	struct named_count *error;
	size_t nerror;
};

/* Reports and samples of a unit without a verdict. */
struct unexplained {
	const struct pcie_unit *u;
	uint64_t reports, nbad;
	int64_t first_report, last_report;
	uint8_t severity;
	bool gpu;              /* known to be a GPU */
	int64_t first_bad, last_bad;
	struct bad_sample bad;        /* the first */
	size_t nobase, npause, nidle; /* as in gpu_work */
	bool judged[REPLAY + 1]; /* series that are present */
	size_t points;         /* number of all points */
	bool in_window;        /* there is a sample within a window */
};

static inline struct str
name(const struct pcie_join *j, uint32_t id)
{
	return idx_at(&j->ev->names, id);
}

/* SERIES if the field is not used. */
static inline enum pcie_measure
series_of(uint16_t field)
{
	switch (field) {
	case METRIC_PCIE_TX_BYTES:
	case METRIC_PCIE_RX_BYTES:
		return RATE;
	case METRIC_LINK_WIDTH:
		return WIDTH;
	case METRIC_LINK_GEN:
		return GEN;
	case METRIC_LINK_WIDTH_MAX:
		return WIDTH_MAX;
	case METRIC_LINK_GEN_MAX:
		return GEN_MAX;
	case METRIC_PCIE_REPLAY:
		return REPLAY;
	case METRIC_CLOCKS_EVENT:
		return CLOCKS;
	case METRIC_GPU_UTIL:
		return UTIL;
	case METRIC_PSTATE:
		return PSTATE;
	}
	return SERIES;
}

/* The GPU's address, from any of its functions. */
static inline struct pci
card(struct pci p)
{
	p.fn = 0;
	return p;
}

/* The n-th record as a point. */
static inline struct point
measured(const struct pcie_join *j, uint32_t n)
{
	const struct sample *s;
	const struct rate *r;

	if (n >= j->nsample) {
		r = &j->rate[n - j->nsample];
		return (struct point){
			.t = r->e.t,
			.value = r->value,
			.start = r->baseline,
			.gpu = card(r->gpu),
			.node = r->e.node,
			.uuid = r->uuid,
			.direction = r->direction,
			.uid = r->e.uid,
			.series = RATE,
		};
	}
	s = &j->sample[n];
	return (struct point){
		.t = s->e.t,
		.value = s->value,
		.start = s->field == METRIC_PCIE_REPLAY ? s->start : NO_TIME,
		.gpu = card(s->gpu),
		.node = s->e.node,
		.uuid = s->uuid,
		.direction = s->field == METRIC_PCIE_TX_BYTES ? j->tx : s->field == METRIC_PCIE_RX_BYTES ? j->rx : 0,
		.series = series_of(s->field),
		.delta = s->delta,
	};
}

static inline struct point
point_at(const struct pcie_join *j, size_t i)
{
	return measured(j, j->point[i]);
}

/* Did the GPU fall off the bus? */
static inline bool
is_gone(const struct bad_sample *b)
{
	return b->what == LOST || b->link.gone;
}

/* ---- points.c ---- */

/* Fields of the samples used, ended by 0. */
extern const uint16_t pcie_fields[];
/* Fill in point, then, with the reports, unit: all devices with points or reports, and
 * the GPUs below ports with reports; then xid: those of their nodes. */
void pcie_gather_points(struct pcie_join *j);
void pcie_gather_units(struct pcie_join *j);
void pcie_gather_xids(struct pcie_join *j);
/* Index of the range's first point at t or later; with after, later than t. */
size_t pcie_bisect(const struct pcie_join *j, struct point_range r, int64_t t, bool after);
/* The points of a unit in a series; for RATE, of one direction. */
struct point_range pcie_series(const struct pcie_join *j, const struct pcie_unit *u, enum pcie_measure series, uint32_t direction);

/* The unit's Xids, as a range of xid. */
struct point_range pcie_xids(const struct pcie_join *j, const struct pcie_unit *u);

/* ---- baseline.c ---- */

/* Median over the other GPUs of the node within PCIE_NEAR of t. */
bool pcie_others_median(struct gpu_work *w, enum pcie_measure series, uint32_t direction, int64_t t, int64_t *median);
/* The history of r before a time, without idle samples; lives until the next call. */
const struct history *pcie_history(struct gpu_work *w, struct point_range r, int64_t before);
/* Was the GPU idle at t, according to the latest clocks-event reasons,
 * utilization or P-state within PCIE_NEAR? */
bool pcie_is_idle(const struct gpu_work *w, int64_t t);

/* ---- judge.c ---- */

/* Find all bad samples from since on, sorted by time. */
void pcie_judge(struct gpu_work *w, int64_t since);
/* Judge a rate: -1 no baseline, 0 normal, 1 low. */
int pcie_judge_rate(struct gpu_work *w, size_t at, struct point_range r, struct bad_sample *h);
/* The reported maximum, or the highest value in any sample. */
int64_t pcie_max(const struct gpu_work *w, enum pcie_measure max, enum pcie_measure series, int64_t t);
/* The link at t; most_width and most_gen replace an unknown maximum. */
struct link_state pcie_link_at(const struct gpu_work *w, int64_t t, int64_t most_width, int64_t most_gen);

/* ---- episode.c ---- */

/* Find the unit's episodes; the remainder is appended to left, for --explain. */
void pcie_examine(struct pcie_join *j, struct gpu_work *w, const struct pcie_unit *u, struct unexplained *left, size_t *nunexplained);

/* How long after its last report or bad sample an episode can change. */
int64_t pcie_after(const struct detection *d);

/* ---- verdict.c ---- */

/* Add the verdict. */
void pcie_emit(const struct pcie_join *j, const struct pcie_finding *f);
/* "4.8 GB/s, 62 % below 12.6 GB/s", "link at x8 gen 5 of x16 gen 5" */
void pcie_put_trouble(const struct pcie_join *j, struct buf *b, const struct bad_sample *h);

/* ---- explain.c ---- */

/* Explain a unit's reports and bad samples without a verdict. */
void pcie_explain_reports(const struct pcie_join *j, const struct unexplained *l);
void pcie_explain_bad(const struct pcie_join *j, const struct unexplained *l);

#endif
