/*
 * xid - what xid_correlation knows while it judges: the Xids as series by
 * node, GPU and code (xid_series.c), which of them are in a loss's window and
 * who is to blame (xid_window.c), how a loss is told (xid_verdict.c), and what
 * was nearly told (xid_explain.c).
 * Layer pattern: includes pattern, gpus, loss, nodes, recovery, rules.
 */
#ifndef XID_H
#define XID_H

#include "pattern/gpus.h"
#include "pattern/loss.h"
#include "pattern/nodes.h"
#include "pattern/pattern.h"
#include "pattern/recovery.h"
#include "pattern/rules.h"

struct config {
	int64_t window; /* -1: the usual ones */
	unsigned latest; /* attribution: gravest, latest */
	struct str reasons, rules_file;
	struct opt_maybe catalog;
	struct rules rules;
};

/* The default toleration of node.kubernetes.io/not-ready is 300 s. */
#define XID_WINDOW_TAINT (360 * SECOND)

#define XID_TWIN SECOND /* in which lines of one fault are printed */

/* An Xid that may be a cause.  What tells its series is copied: following x in
 * a sort is a miss of the cache. */
struct cause {
	const struct xid *x;
	struct pci gpu;
	uint32_t label, node, code;
	uint8_t nvswitch, fatal, to_none;
	uint8_t rank; /* of its series, 0 is gravest; XID_NO_CAUSE: takes no pod down */
	uint32_t series;
};
enum { XID_NO_CAUSE = XID_INFORMATIONAL + 1 };

/* The causes of one node, GPU and code. */
struct series {
	size_t from, to; /* its causes, ascending in time */
	uint32_t label, node;
	const struct xid *x; /* the first */
	unsigned rank;   /* enum xid_class; an NVSwitch's are hardware's */
	bool can_cause;
};

struct joining {
	const struct detection *d;
	const struct config *c;
	struct events *ev;
	struct cause *cause;
	size_t ncause;
	struct series *series;
	size_t nseries;
	struct gpus gpus;
	struct gpu *named; /* lines that name the GPU of the next ones */
	size_t nnamed;
	struct recoveries rec;
	const struct lost *lost;
	size_t nlost;
	/* causes by node, or by label; then rank, time, the better one last.  By
	 * label NULL when it is not needed */
	uint32_t *order[2];
	int64_t *used[2]; /* for --explain, of each in order: +1 where a verdict's
	                   * window begins, -1 behind it */
	bool *joined;   /* of losses */
	uint64_t nodeless, timeless; /* Xids */
};

/* When the causes of a loss came; closed. */
struct span {
	int64_t from, to;
};

/* A series' causes in a loss's window. */
struct hit {
	const struct series *s;
	size_t from, to;
	size_t at; /* the candidate: the latest, of equal times the first */
};

static inline struct str
name(const struct joining *j, uint32_t id)
{
	return idx_at(&j->ev->names, id);
}

/* ---- xid_series.c ---- */

/* Fill in cause and series; Xids without a node are given to fallback. */
void xid_gather(struct joining *j, uint32_t fallback);
/* Addresses ascend; one that is not known comes last. */
int xid_gpu_order(struct pci a, struct pci b);
/* The UUID of a GPU, from the record or from what else the input says. */
uint32_t xid_uuid(const struct joining *j, const struct cause *c);
/* What is known of its code, and whether a rule of the site's says so. */
struct xid_info xid_known(const struct joining *j, const struct series *s, bool *by_rule);
/* The first of the series' causes at t or later; or behind t, with after. */
size_t xid_bisect(const struct joining *j, const struct series *s, int64_t t, bool after);

/* ---- xid_window.c ---- */

/* Fill in order and used. */
void xid_order(struct joining *j);
/* How long before a loss its cause may be. */
int64_t xid_window(const struct joining *j, const struct lost *l);
/* The loss's window, with tolerance. */
struct span xid_span(const struct joining *j, const struct lost *l);
/* The cause in the loss's window that is to blame, or NULL.  With --explain
 * the window's causes are noted as used. */
const struct cause *xid_blame(const struct joining *j, const struct lost *l, struct span w);
/*
 * The series of a loss's node: a range of one of its runs.  So many are looked
 * at, by address and code: more than a node's GPUs have kinds of errors.
 */
void xid_series(const struct joining *j, uint32_t label, const struct nodes_run *run, size_t *from, size_t *to);
/* The series with causes in the loss's window, at most xid_hits_max. */
size_t xid_hits_max(const struct joining *j);
size_t xid_hits(const struct joining *j, const struct lost *l, struct span w, struct hit *h);

/* ---- xid_verdict.c ---- */

/* Add the verdict of a loss: its hits, and which of them is to blame. */
void xid_emit(const struct joining *j, const struct lost *l, const struct hit *h, size_t n, const struct hit *best);

/* ---- xid_explain.c ---- */

/* Why a loss met no cause. */
void xid_explain_loss(const struct joining *j, const struct lost *l);
/* Which causes met no loss, by used. */
void xid_explain_causes(const struct joining *j);

#endif
