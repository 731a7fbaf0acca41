/*
 * hbm - state of hbm_ecc: counters of memory errors and Xids, each with its GPU
 * (join.c), incidents of confirmed growth (incident.c), growth without an Xid
 * (alone.c), verdicts (verdict.c) and near misses (explain.c).
 * Layer pattern: includes pattern, catalog, gpus, recovery.
 */
#ifndef HBM_H
#define HBM_H

#include "event/metric.h"
#include "join/catalog.h"
#include "pattern/pattern.h"
#include "join/recovery.h"

enum { HBM_CODES_MAX = 64 }; /* of --xids */

/* --follow: how long after an Xid a counter may first be seen to have grown. */
#define HBM_LAG (600 * SECOND)

struct hbm_options {
	uint64_t delta;
	int64_t window;
	struct str xids;
	uint32_t code[HBM_CODES_MAX];
	size_t ncode;
	bool alone; /* --counters-alone */
};

enum counter_use {
	UNUSED,
	LAYER,     /* counts uncorrected errors, since the driver was loaded */
	STATE,     /* shows how far the memory has been repaired */
	NEAR_MISS, /* counts something else */
};

/* A GPU: its address and UUID, else its number on the node. */
struct gpu_name {
	uint32_t node;
	struct pci gpu;
	uint32_t uuid;
	int16_t index; /* -1 if there is an address or a UUID */
};

/* The samples of one counter. */
struct hbm_series {
	size_t from, to;
	uint64_t small;  /* steps below --delta */
	uint64_t idle;   /* steps without an Xid */
	int64_t first, last, sum; /* of the idle steps */
};

/* n errors were counted in [start, t]. */
struct growth {
	size_t series;
	int64_t start, t, n;
	int64_t total; /* value of the counter at t; -1: a delta */
	size_t xid;    /* the one that confirms it, or a stand-in */
};

struct hbm_join {
	const struct detection *d;
	const struct hbm_options *c;
	const struct events *ev;
	struct recoveries rec;
	uint32_t *sample; /* relevant ones, by GPU, counter and time */
	struct hbm_series *series;
	size_t nseries;
	struct growth *step;
	size_t nstep, stepcap;
	struct growth *lone; /* unconfirmed growth, of GPUs without an Xid */
	size_t nlone, lonecap;
	uint32_t *xid; /* relevant ones; those of --xids first, by GPU and time */
	size_t nxid, nwant;
	struct xid *stand_in; /* for missing Xids: code 0; numbered after those in xid */
	uint32_t *decisive; /* Xids that show how bad it is, by GPU, code, time: their
	                     * places in xid */
	size_t ndecisive;
	uint64_t timeless_points, timeless_xids, nodeless_xids, nameless_xids;
};

/* What errors are counted as. */
enum { ANY, DRAM, SRAM, ROWS, PAGES, COUNTS };

/* A kind of counter, over its series; several count the same errors. */
struct error_count {
	int64_t n, total;    /* total -1: not known */
	int64_t start, t;    /* of the first step */
	int64_t last;
	uint64_t steps;
};

/* An Xid and the growth that it confirms. */
struct hbm_incident {
	const struct xid *x; /* of code 0: a stand-in */
	const struct xid_info *info;
	struct gpu_name who;
	struct error_count count[COUNTS];
	int64_t n, total;
	unsigned by;         /* the count that the verdict has */
	int64_t start, t, last; /* when that grew */
	uint64_t steps;
	int64_t low, high;   /* the interval of its Xids */
	/* state of the repair; -1: unknown */
	int64_t pending, failure, rows, unrepairable, exceeded;
	bool no_spare;       /* according to an Xid, and no counter contradicts */
	bool reboot;         /* a reset is not enough */
	struct str asked;    /* recovery action that the driver requests */
	int64_t resolved;
};

static inline struct str
name(const struct hbm_join *j, uint32_t id)
{
	return idx_at(&j->ev->names, id);
}

static inline const struct sample *
sample_at(const struct hbm_join *j, size_t i)
{
	return (const struct sample *)j->ev->list[EVENT_SAMPLE].p + j->sample[i];
}

static inline const struct xid *
xid_at(const struct hbm_join *j, size_t i)
{
	return i < j->nxid ? (const struct xid *)j->ev->list[EVENT_XID].p + j->xid[i] : j->stand_in + (i - j->nxid);
}

static inline const struct sample *
first_of(const struct hbm_join *j, const struct hbm_series *s)
{
	return sample_at(j, s->from);
}

/* ---- join.c: counters and Xids, by GPU ---- */

/* Fields by ANY, DRAM, ... */
extern const uint16_t hbm_count_field[COUNTS];
/* How measurements of the field are used. */
enum counter_use hbm_use(unsigned field);
/* The relevant fields, ended by 0.  Lives in m. */
uint16_t *hbm_fields(struct mem *m);
/* The GPU of a counter; the GPU of an Xid. */
struct gpu_name hbm_counted(const struct sample *s);
struct gpu_name hbm_erred(const struct xid *x);
/* 0: the same GPU.  Else an order by numbers of strings, for grouping only: the
 * output is ordered by hbm_name_cmp. */
int hbm_gpu_cmp(struct gpu_name a, struct gpu_name b);
/* The order of the output: by names. */
int hbm_name_cmp(const struct hbm_join *j, struct gpu_name a, struct gpu_name b);
/* The catalog entry of a code, or a general one. */
const struct xid_info *hbm_info(uint32_t code);
/* By GPU, time, gravity and content. */
int hbm_xid_cmp(const struct hbm_join *j, const struct xid *a, const struct xid *b);
/* For --follow: a step is within the window of its Xid, and took HBM_LAG at most. */
struct reach hbm_reach(const struct detection *d);
/* Fill in the Xids, then samples and series. */
void hbm_gather_xids(struct hbm_join *j);
void hbm_gather_series(struct hbm_join *j);
/* Where the GPU's Xids at t or later begin. */
size_t hbm_xids_from(const struct hbm_join *j, const struct gpu_name *w, int64_t t);
/* The first of the GPU's Xids in [low, high], SIZE_MAX if there is none. */
size_t hbm_first_xid(const struct hbm_join *j, const struct gpu_name *w, int64_t low, int64_t high);
/* The last Xid of a code that the incident's GPU had around it, or NULL. */
const struct xid *hbm_last_of_code(const struct hbm_join *j, const struct hbm_incident *v, uint32_t code);
/* The last of these whose line has one of the words, or NULL. */
const struct xid *hbm_last_with(const struct hbm_join *j, const struct hbm_incident *v, uint32_t code, const struct str *word, size_t nword);
/* The last of these whose line asks for that action (catalog_line), or NULL. */
const struct xid *hbm_last_asking(const struct hbm_join *j, const struct hbm_incident *v, uint32_t code, enum action asked);
/* Did the incident's GPU have that Xid around it? */
bool hbm_says(const struct hbm_join *j, const struct hbm_incident *v, uint32_t code);
/* Where the GPU's series of a field, or of one after it, begin. */
size_t hbm_series_from(const struct hbm_join *j, const struct gpu_name *w, uint16_t field);
/* The steps of a series; those that no Xid confirms are kept for alone.c, or only
 * counted. */
void hbm_walk(struct hbm_join *j, size_t series, bool alone);

/* ---- incident.c: incidents of the steps ---- */

/* One verdict for the steps that share an Xid, in order of time. */
void hbm_conclude(struct hbm_join *j);

/* ---- alone.c: --counters-alone ---- */

/* Is growth of the counter a verdict by itself?  With --counters-alone, if
 * the input has no memory Xid that may be the GPU's. */
bool hbm_stands_alone(const struct hbm_join *j, const struct hbm_series *s);
/* For a GPU without an Xid: a stand-in at the first growth after each load of its
 * driver, and the growth with it. */
void hbm_stand_in(struct hbm_join *j);

/* ---- verdict.c, explain.c ---- */

/* Add the incident's verdict. */
void hbm_emit(const struct hbm_join *j, const struct hbm_incident *v);
/* Explain growth and Xids without a verdict. */
void hbm_explain(const struct hbm_join *j);

#endif
