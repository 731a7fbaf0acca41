/*
 * xid - state of xid_correlation: the Xids as series by node, GPU and code
 * (series.c), those in a loss's window (window.c), the blamed one (burst.c),
 * verdicts (verdict.c) and near misses (explain.c).
 * Layer pattern: includes pattern, loss, recovery, rules.
 */
#ifndef XID_H
#define XID_H

#include "input/text/eviction.h"
#include "join/loss.h"
#include "pattern/pattern.h"
#include "join/recovery.h"
#include "join/rules.h"

struct xid_options {
	int64_t window; /* -1: the default windows */
	int64_t drain_window;
	bool lone;
	unsigned latest; /* attribution: gravest, latest */
	struct str reasons, rules_file;
	struct opt_maybe catalog;
	struct rules rules;
};

/* --lone: an Xid that recurs within this is not reported again. */
#define XID_AGAIN (XID_CHAIN / 2)

#define XID_BURST (10 * SECOND)

/* The default toleration of node.kubernetes.io/not-ready is 300 s. */
#define XID_WINDOW_TAINT (360 * SECOND)

#define XID_TWIN SECOND /* lines of one fault are printed within this */

/* With --follow, Xids are kept this much longer than losses need them, so that
 * bursts are the same. */
#define XID_CHAIN (1200 * SECOND)

/* A node's candidate causes. */
struct xid_site {
	uint32_t node;
	size_t n, from; /* number, index of the first */
};

/* Those of one GPU and code. */
struct xid_series {
	uint32_t from, to; /* range of its causes, ascending in time */
	uint32_t node;
	const struct xid *x; /* the first */
	uint32_t gpu;    /* from 0; series of one GPU are adjacent */
	uint8_t rank;    /* enum xid_class; XID_HARDWARE for an NVSwitch */
	bool can_cause;
};

/*
 * Xids of one node within 10 s of the first are a burst; the most severe one is
 * its root.  A loss may cut a burst, so there is one struct for each change: x
 * is the root from Xid number `at` on, until the next struct of the same burst.
 */
struct root {
	uint32_t node, from, at, x; /* from: first Xid of the burst */
	uint8_t grade;              /* 0 is the most severe */
};

/* Views: all errors; errors that take nodes down. */
enum { XID_ANY, XID_GRAVE, XID_VIEWS };

struct roots {
	struct root *r, *final; /* by node and at; the last one of each burst, by node, grade and at */
	size_t n, nfinal;
};

struct xid_join {
	const struct detection *d;
	const struct xid_options *c;
	const struct events *ev;
	/* Xids are identified by their index in time order, so that the bounds of a
	 * window in this list apply to every array of indices in that order. */
	const struct xid *x;
	uint32_t *cause; /* candidate causes, by site, series and time */
	size_t ncause;
	struct xid_site *site; /* by node number */
	size_t nsite;
	struct xid_series *series; /* by node, GPU and code */
	size_t nseries;
	struct recoveries rec;
	const struct lost *lost;
	size_t nlost;
	uint32_t *order; /* causes by node and time, if used is set */
	uint32_t *series_of; /* per Xid; UINT32_MAX: not a cause */
	size_t ngpu;
	uint8_t *grade;  /* per Xid: its grade in its burst */
	struct roots roots[XID_VIEWS];
	int64_t *used;   /* for --explain and --lone, per entry of order: +1
	                  * where a verdict's window begins, -1 after its end */
	bool *joined;   /* per loss */
	struct loss_groups groups; /* by Xid, then drained pods by Xid; n NULL: not needed */
	int64_t *begin; /* per node name: time of the first line of its driver;
	                 * NO_TIME: none was read */
	uint64_t nodeless, timeless; /* number of Xids */
};

/* Does the input lack all driver lines of a node?  Unknown, thus false, if
 * --since or --until dropped records. */
static inline bool
xid_is_dark(const struct xid_join *j, uint32_t node)
{
	return j->begin[node] == NO_TIME && !j->ev->outside;
}

/* Closed range of times of a loss's causes, and the Xids in it, [lo, hi). */
struct xid_span {
	int64_t from, to;
	uint32_t lo, hi;
};

/* A series' causes in a loss's window. */
struct candidate {
	const struct xid_series *s;
	size_t from, to;
	size_t at; /* the candidate: the latest one, of equal times the first */
};

static inline struct str
name(const struct xid_join *j, uint32_t id)
{
	return idx_at(&j->ev->names, id);
}

static inline const struct xid *
xid_at(const struct xid_join *j, size_t cause)
{
	return &j->x[j->cause[cause]];
}

/* ---- series.c ---- */

/* Fill in cause, not yet by series, and site; then order, series and used. */
void xid_gather(struct xid_join *j);
void xid_divide(struct xid_join *j);
/* Comparison of addresses; unknown ones are last. */
int xid_gpu_order(struct pci a, struct pci b);
/* The catalog entry of an Xid, and whether it is from --rules. */
struct xid_info xid_known(const struct xid_join *j, const struct xid *x, bool *by_rule);
/* Index of the first Xid at t or later. */
uint32_t xid_since(const struct xid_join *j, int64_t t);
/* Index of the first of the series' causes that is x or later. */
size_t xid_bisect(const struct xid_join *j, const struct xid_series *s, uint32_t x);
/* The series of a cause. */
static inline const struct xid_series *
xid_series_at(const struct xid_join *j, uint32_t x)
{
	return &j->series[j->series_of[x]];
}

/* ---- window.c ---- */

/* Was the pod lost with its node (NodeNotReady, a taint)?  Errors of programs
 * do not cause that. */
bool xid_by_node(const struct xid_join *j, const struct lost *l);
/* Was the pod moved off its node on request? */
bool xid_is_drain(const struct xid_join *j, const struct lost *l);
/* Maximal time from cause to loss. */
int64_t xid_window(const struct xid_join *j, const struct lost *l);
/* The span of that width before t, widened by --skew. */
struct xid_span xid_before(const struct xid_join *j, int64_t t, int64_t width);
/* The span before a loss. */
struct xid_span xid_span(const struct xid_join *j, const struct lost *l);
/* Maximum of xid_window over all kinds of losses. */
int64_t xid_reach(const struct detection *d);
/* How long after a loss, or after a lone Xid (a loss may follow), a record can
 * change the verdict. */
int64_t xid_after(const struct detection *d, bool lone);
/* Parsed text of a loss's own record. */
struct eviction_text xid_text(const struct xid_join *j, const struct lost *l);
/* By Xid: was it in the window of a loss that has a verdict? */
bool *xid_used(const struct xid_join *j);
/* Mark all causes of a node in a window as used. */
void xid_use(const struct xid_join *j, uint32_t node, struct xid_span w);
/*
 * The series of a node, by address and code.  The range is limited to a number
 * larger than the kinds of errors on a node's GPUs.
 */
void xid_series(const struct xid_join *j, uint32_t node, size_t *from, size_t *to);
/* A node's series with causes in a window, at most xid_candidates_max. */
size_t xid_candidates_max(const struct xid_join *j);
size_t xid_candidates(const struct xid_join *j, uint32_t node, struct xid_span w, struct candidate *h);

/* ---- burst.c ---- */

/* Fill in roots. */
void xid_bursts(struct xid_join *j);
/* The root in the loss's window that is the cause, in *x; or false.  Marks the
 * window's causes as used. */
bool xid_blame(const struct xid_join *j, const struct lost *l, struct xid_span w, uint32_t *x);

/* The unresolved hardware error because of which a pod was drained, in *x; or false. */
bool xid_drained(const struct xid_join *j, const struct lost *l, const struct candidate *h, size_t n, uint32_t *x);

/* ---- verdict.c ---- */

/* The subject of a verdict: a lost or drained pod, or (l NULL) an Xid that took
 * down no pod. */
struct xid_finding {
	const struct lost *l;
	bool drained;
	uint32_t group; /* losses caused by one Xid */
	uint32_t pods;  /* number of pods of group in this verdict; 0: only one pod */
	const struct candidate *h; /* all candidates */
	size_t n;
	struct candidate best;     /* the cause */
};
void xid_emit(const struct xid_join *j, const struct xid_finding *f);
/* Did that Xid take down the pod?  Not if a DaemonSet owns it, it was not
 * admitted, or its loss records another cause. */
bool xid_took_down(const struct xid_join *j, const struct lost *l, uint32_t x);

/* ---- explain.c ---- */

/* Is the nearest Xid as far from the loss as if one of them were in another
 * time zone? */
bool xid_is_zone_away(const struct xid_join *j, const struct lost *l);
/* Explain why a loss has no cause. */
void xid_explain_loss(const struct xid_join *j, const struct lost *l);
/* Explain which causes took down no pod, by used. */
void xid_explain_causes(const struct xid_join *j);

#endif
