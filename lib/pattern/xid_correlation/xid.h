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
	int64_t window; /* -1: the usual ones */
	int64_t drain_window;
	bool lone;
	unsigned latest; /* attribution: gravest, latest */
	struct str reasons, rules_file;
	struct opt_maybe catalog;
	struct rules rules;
};

/* --lone: an Xid that recurs within this is no new one. */
#define XID_AGAIN (XID_CHAIN / 2)

#define XID_BURST (10 * SECOND)

/* The default toleration of node.kubernetes.io/not-ready is 300 s. */
#define XID_WINDOW_TAINT (360 * SECOND)

#define XID_TWIN SECOND /* in which lines of one fault are printed */

/* With --follow, Xids are kept this much longer than losses need them, so that
 * bursts are the same. */
#define XID_CHAIN (1200 * SECOND)

/* The causes of one node, GPU and code. */
struct xid_series {
	uint32_t from, to; /* its causes, ascending in time */
	uint32_t node;
	const struct xid *x; /* the first */
	uint32_t gpu;    /* from 0; series of one GPU stand together */
	uint8_t rank;    /* enum xid_class; an NVSwitch's are hardware's */
	bool can_cause;
};

/*
 * Xids of one node within 10 s of the first are a burst; the gravest of it is
 * its root.  From its at-th Xid on, until the next of the same burst, a
 * burst's root is x: a loss may cut it.
 */
struct root {
	uint32_t node, from, at, x; /* from: the burst's first Xid */
	uint8_t grade;              /* low is grave */
};

/* All errors, or those that take nodes down. */
enum { XID_ANY, XID_GRAVE, XID_VIEWS };

struct roots {
	struct root *r, *final; /* by node and at; each burst's last, by node, grade and at */
	size_t n, nfinal;
};

struct xid_join {
	const struct detection *d;
	const struct xid_options *c;
	const struct events *ev;
	/* Xids are identified by their index in time order, so that the bounds of a
	 * window in this list apply to every array of indices in that order. */
	const struct xid *x;
	uint32_t *cause; /* those that may be causes, by series and time */
	size_t ncause;
	struct xid_series *series; /* by node, GPU and code */
	size_t nseries;
	struct recoveries rec;
	const struct lost *lost;
	size_t nlost;
	uint32_t *order; /* causes by node and time, if used is set */
	uint32_t *series_of; /* of each Xid; UINT32_MAX: it is no cause */
	size_t ngpu;
	uint8_t *grade;  /* of each Xid in its burst */
	struct roots roots[XID_VIEWS];
	int64_t *used;   /* for --explain and --lone, of each in order: +1 where a verdict's
	                  * window begins, -1 after its end */
	bool *joined;   /* of losses */
	struct loss_groups groups; /* by Xid, then of drains by Xid; n NULL: not wanted */
	int64_t *begin; /* when the driver's lines of each node begin, by its name's
	                 * number; NO_TIME: none was read */
	uint64_t nodeless, timeless; /* Xids */
};

/* Has the input no line of the driver from a node?  Unknown, thus false, if --since
 * or --until left records out. */
static inline bool
xid_is_dark(const struct xid_join *j, uint32_t node)
{
	return j->begin[node] == NO_TIME && !j->ev->outside;
}

/* When the causes of a loss came, closed; and the Xids of that time, [lo, hi). */
struct xid_span {
	int64_t from, to;
	uint32_t lo, hi;
};

/* A series' causes in a loss's window. */
struct candidate {
	const struct xid_series *s;
	size_t from, to;
	size_t at; /* the candidate: the latest, of equal times the first */
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

/* Fill in cause, order, series and used. */
void xid_gather(struct xid_join *j);
/* Addresses ascend; one that is not known comes last. */
int xid_gpu_order(struct pci a, struct pci b);
/* Its catalog entry, and whether a rule of the site gave it. */
struct xid_info xid_known(const struct xid_join *j, const struct xid *x, bool *by_rule);
/* The first Xid at t or later. */
uint32_t xid_since(const struct xid_join *j, int64_t t);
/* The first of the series' causes that is x or later. */
size_t xid_bisect(const struct xid_join *j, const struct xid_series *s, uint32_t x);
/* The series of a cause. */
static inline const struct xid_series *
xid_series_at(const struct xid_join *j, uint32_t x)
{
	return &j->series[j->series_of[x]];
}

/* ---- window.c ---- */

/* Was the pod lost with its node (NodeNotReady, a taint)?  No program's error
 * causes that. */
bool xid_by_node(const struct xid_join *j, const struct lost *l);
/* Was the pod moved off its node on request? */
bool xid_is_drain(const struct xid_join *j, const struct lost *l);
/* How long before a loss its cause may be. */
int64_t xid_window(const struct xid_join *j, const struct lost *l);
/* The span of that width before t, widened by --skew. */
struct xid_span xid_before(const struct xid_join *j, int64_t t, int64_t width);
/* The loss's window. */
struct xid_span xid_span(const struct xid_join *j, const struct lost *l);
/* How long before a loss its causes may be. */
int64_t xid_reach(const struct detection *d);
/* How long after a loss, or after a lone Xid (for which a loss may come), a record
 * can change the verdict. */
int64_t xid_after(const struct detection *d, bool lone);
/* The text of a loss's own record. */
struct eviction_text xid_text(const struct xid_join *j, const struct lost *l);
/* By Xid: was it in a window of a loss that has a verdict? */
bool *xid_used(const struct xid_join *j);
/* Note all causes of a node in a window as used. */
void xid_use(const struct xid_join *j, uint32_t node, struct xid_span w);
/*
 * The series of a node, by address and code: a range of limited length, more than
 * a node's GPUs have kinds of errors.
 */
void xid_series(const struct xid_join *j, uint32_t node, size_t *from, size_t *to);
/* A node's series with causes in a window, at most xid_candidates_max. */
size_t xid_candidates_max(const struct xid_join *j);
size_t xid_candidates(const struct xid_join *j, uint32_t node, struct xid_span w, struct candidate *h);

/* ---- burst.c ---- */

/* Fill in roots. */
void xid_bursts(struct xid_join *j);
/* The root in the loss's window that is to blame, in *x; or false.  The
 * window's causes are noted as used. */
bool xid_blame(const struct xid_join *j, const struct lost *l, struct xid_span w, uint32_t *x);

/* The hardware error, unresolved at the time, because of which a pod was drained,
 * in *x; or false. */
bool xid_drained(const struct xid_join *j, const struct lost *l, const struct candidate *h, size_t n, uint32_t *x);

/* ---- verdict.c ---- */

/* The subject of a verdict: a pod that was lost or drained, or (l NULL) an Xid that
 * took no pod down. */
struct xid_finding {
	const struct lost *l;
	bool drained;
	uint32_t group; /* losses to one Xid */
	uint32_t pods;  /* number of pods of group in this verdict; 0: it is of one pod */
	const struct candidate *h; /* all candidates */
	size_t n;
	struct candidate best;     /* which is to blame */
};
void xid_emit(const struct xid_join *j, const struct xid_finding *f);
/* Did that Xid take the pod down?  Not a DaemonSet's pod, one that was kept out, or one
 * whose loss records another cause. */
bool xid_took_down(const struct xid_join *j, const struct lost *l, uint32_t x);

/* ---- explain.c ---- */

/* Is the Xid nearest to a loss as far from it as if one of them had another time
 * zone? */
bool xid_is_zone_away(const struct xid_join *j, const struct lost *l);
/* Why a loss has no cause. */
void xid_explain_loss(const struct xid_join *j, const struct lost *l);
/* Which causes took no pod down, by used. */
void xid_explain_causes(const struct xid_join *j);

#endif
