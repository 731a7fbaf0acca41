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

/* --follow: maximal delay from an Xid to the sample that shows the growth. */
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
	LAYER,     /* counts uncorrected errors since the driver was loaded */
	STATE,     /* state of memory repair */
	NEAR_MISS, /* other counters, for near misses */
};

/* Names of a GPU: address and UUID, or else its index on the node. */
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
	size_t xid;    /* Xid that confirms it, or a stand-in */
};

struct hbm_join {
	const struct detection *d;
	const struct hbm_options *c;
	const struct events *ev;
	struct recoveries rec;
	uint32_t *sample; /* indices of relevant samples, by GPU, counter and time */
	struct hbm_series *series;
	size_t nseries;
	struct growth *step;
	size_t nstep, stepcap;
	struct growth *lone; /* unconfirmed growth, of GPUs without an Xid */
	size_t nlone, lonecap;
	uint32_t *xid; /* relevant Xids; those of --xids first, by GPU and time */
	size_t nxid, nwant;
	struct xid *stand_in; /* for missing Xids: code 0; numbered after those in xid */
	uint32_t *decisive; /* Xids that show the severity, by GPU, code, time:
	                     * indices of xid */
	size_t ndecisive;
	uint64_t timeless_points, timeless_xids, nodeless_xids, nameless_xids;
};

/* Kinds of errors counted. */
enum { ANY, DRAM, SRAM, ROWS, PAGES, COUNTS };

/* Growth of one kind of counter over its series; several count the same errors. */
struct error_count {
	int64_t n, total;    /* total -1: unknown */
	int64_t start, t;    /* of the first step */
	int64_t last;
	uint64_t steps;
};

/* An Xid and the growth that it confirms. */
struct hbm_incident {
	const struct xid *x; /* code 0: a stand-in */
	const struct xid_info *info;
	struct gpu_name who;
	struct error_count count[COUNTS];
	int64_t n, total;
	unsigned by;         /* the kind of counter in the verdict */
	int64_t start, t, last; /* times of that counter's growth */
	uint64_t steps;
	int64_t low, high;   /* the time span of its Xids */
	/* state of the repair; -1: unknown */
	int64_t pending, failure, rows, unrepairable, exceeded;
	bool no_spare;       /* according to an Xid, and no counter contradicts */
	bool reboot;         /* a reset is not sufficient */
	struct str asked;    /* action requested by the driver */
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

/* Field for each of ANY, DRAM, ... */
extern const uint16_t hbm_count_field[COUNTS];
/* How samples of the field are used. */
enum counter_use hbm_use(unsigned field);
/* The relevant fields, ended by 0.  Lives in m. */
uint16_t *hbm_fields(struct mem *m);
/* The GPU of a counter; the GPU of an Xid. */
struct gpu_name hbm_counted(const struct sample *s);
struct gpu_name hbm_erred(const struct xid *x);
/* 0: the same GPU.  Otherwise a comparison by string numbers, for grouping
 * only: the output is sorted by hbm_name_cmp. */
int hbm_gpu_cmp(struct gpu_name a, struct gpu_name b);
/* Order of the output: by names. */
int hbm_name_cmp(const struct hbm_join *j, struct gpu_name a, struct gpu_name b);
/* The catalog entry of a code, or a generic one. */
const struct xid_info *hbm_info(uint32_t code);
/* By GPU, time, severity and content. */
int hbm_xid_cmp(const struct hbm_join *j, const struct xid *a, const struct xid *b);
/* For --follow: a step is within the window of its Xid, and HBM_LAG long at most. */
struct reach hbm_reach(const struct detection *d);
/* Fill in the Xids, then samples and series. */
void hbm_gather_xids(struct hbm_join *j);
void hbm_gather_series(struct hbm_join *j);
/* Index of the GPU's first Xid at t or later. */
size_t hbm_xids_from(const struct hbm_join *j, const struct gpu_name *w, int64_t t);
/* The first of the GPU's Xids in [low, high]; SIZE_MAX if there is none. */
size_t hbm_first_xid(const struct hbm_join *j, const struct gpu_name *w, int64_t low, int64_t high);
/* The last Xid of a code on the incident's GPU around the incident, or NULL. */
const struct xid *hbm_last_of_code(const struct hbm_join *j, const struct hbm_incident *v, uint32_t code);
/* The same, restricted to lines that contain one of the words. */
const struct xid *hbm_last_with(const struct hbm_join *j, const struct hbm_incident *v, uint32_t code, const struct str *word, size_t nword);
/* The same, restricted to lines that request an action (catalog_line). */
const struct xid *hbm_last_asking(const struct hbm_join *j, const struct hbm_incident *v, uint32_t code, enum action asked);
/* Is there such an Xid? */
bool hbm_says(const struct hbm_join *j, const struct hbm_incident *v, uint32_t code);
/* Index of the GPU's first series of a field or of a later field. */
size_t hbm_series_from(const struct hbm_join *j, const struct gpu_name *w, uint16_t field);
/* Find the steps of a series; steps without an Xid are kept for alone.c, or
 * only counted. */
void hbm_walk(struct hbm_join *j, size_t series, bool alone);

/* ---- incident.c: incidents from steps ---- */

/* One verdict for all steps that share an Xid, sorted by time. */
void hbm_conclude(struct hbm_join *j);

/* ---- alone.c: --counters-alone ---- */

/* May growth of the counter be a verdict by itself?  Yes, with
 * --counters-alone, if the input has no memory Xid that may be this GPU's. */
bool hbm_stands_alone(const struct hbm_join *j, const struct hbm_series *s);
/* For a GPU without an Xid: add a stand-in at the first growth after each
 * driver load, and the growth it stands for. */
void hbm_stand_in(struct hbm_join *j);

/* ---- verdict.c, explain.c ---- */

/* Add the incident's verdict. */
void hbm_emit(const struct hbm_join *j, const struct hbm_incident *v);
/* Explain growth and Xids without a verdict. */
void hbm_explain(const struct hbm_join *j);

#endif
