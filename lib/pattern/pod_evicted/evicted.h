/*
 * evicted - what pod_evicted knows while it judges: the transitions of nodes'
 * conditions and which of them is a loss's cause (join.c), how it is
 * told (verdict.c), and what was nearly told (explain.c).
 * Layer pattern: includes pattern, loss.
 */
#ifndef EVICTED_H
#define EVICTED_H

#include "input/text/eviction.h"
#include "join/loss.h"
#include "pattern/pattern.h"

struct config {
	int64_t window;
	bool full_only;
	struct str reasons;
};

/* A transition of a node's condition, or a reboot. */
struct mark {
	const struct condition *c; /* NULL: a reboot */
	int64_t t;
	uint32_t node, label;
	uint8_t on, pressure; /* not on and unknown: a reboot, which ends all */
	bool used; /* for --explain */
};

/* How marks are looked up: by label and node, or label, or nothing. */
enum order { BY_NODE, BY_LABEL, BY_TIME, ORDERS };

struct joining {
	const struct detection *d;
	const struct config *c;
	struct events *ev;
	struct mark *mark; /* by label, then on, pressure, time, uid: what is near
	                    * in time is near in memory */
	size_t n;
	uint32_t *order[ORDERS]; /* by node, and for --explain by time, then as
	                          * these; NULL: as they are */
	int64_t *used[BY_TIME]; /* for --explain: +1 where a verdict's window
	                         * begins, -1 behind it */
	const struct lost *lost;
	bool *joined;
	size_t nlost;
	/* losses without a time; without a cause, and a node, or not */
	uint64_t lost_timeless, lost_apart, lost_nodeless;
	uint64_t reboots, on, nodeless, timeless; /* the others: of pressures */
};

/* One eviction and all that is known of it. */
struct found {
	const struct lost *l;
	struct eviction e;
	const struct mark *cause; /* or NULL */
	unsigned pressure;        /* named or joined, enum pressure */
	bool has_top;
	struct eviction_use top;
};

static inline struct str
name(const struct joining *j, uint32_t id)
{
	return idx_at(&j->ev->names, id);
}

/* What is said of a loss. */
static inline struct eviction_text
evicted_text(const struct joining *j, const struct lost *l)
{
	const struct loss *r = loss_at(j->ev, l);

	return (struct eviction_text){name(j, r->reason), name(j, r->note), name(j, r->offenders), r->foreign};
}

/* ---- join.c ---- */

/* Fill in mark and order; those without a node are given to fallback. */
void evicted_gather(struct joining *j, uint32_t fallback);
/* The best of these pressures on the loss's node in its window, or NULL; bit
 * by enum pressure.  use: note that its window's marks were of use. */
const struct mark *evicted_cause(const struct joining *j, const struct lost *l, unsigned may, bool use);
/* When what began at t was over, by a condition of that pressure (unknown:
 * none) or by a reboot; NO_TIME: not seen. */
int64_t evicted_over(const struct joining *j, uint32_t node, uint32_t label, unsigned pressure, int64_t t);
/* The pressure nearest in time to a loss among these, on its node; before it
 * if two are. */
const struct mark *evicted_nearest(const struct joining *j, const struct lost *l, unsigned may);
/* The latest of these pressures on any node in the loss's window. */
const struct mark *evicted_elsewhere(const struct joining *j, const struct lost *l, unsigned may);

/* ---- verdict.c ---- */

/* Which pressures a loss may come from: bit by enum pressure. */
unsigned evicted_may_join(const struct eviction *e);
/* Add the verdict. */
void evicted_emit(const struct joining *j, const struct found *f);

/* ---- explain.c ---- */

/* Why a loss met no mark. */
void evicted_explain_loss(const struct joining *j, const struct lost *l);
/* Which marks met no loss, by what evicted_cause has noted. */
void evicted_explain_pressures(const struct joining *j);

#endif
