/*
 * verdict - the findings of a pattern: the common envelope (published verdict
 * envelope 1.0-rc1: pattern.id, headline, remediation, evidence_trail) and the
 * pattern's own members, in order, as a flat array that writers walk without
 * recursion.  Everything lives in one arena that is reused: a pass in steady
 * state allocates nothing.
 * Layer verdict: includes base only.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include "base/para.h"
#include "base/time.h"

enum { HEADLINE_MAX = 200 }; /* bytes */

enum item_kind {
	ITEM_STR,
	ITEM_INT,
	ITEM_SECONDS, /* n is nanoseconds, written as a decimal number */
	ITEM_TIME,    /* n is nanoseconds since 1970, written as RFC 3339 */
	ITEM_BOOL,    /* n is 0 or 1 */
	ITEM_LIST,    /* until its ITEM_END */
	ITEM_OBJECT,
	ITEM_END,
};

struct item {
	const char *name; /* NULL in lists and for ITEM_END */
	enum item_kind kind;
	int64_t n;
	struct str s;
};

struct evidence {
	struct str kind, uid, text;
	int64_t t;
};

/* Action that a remediation recommends: one vocabulary for all patterns, for
 * tickets and dashboards.  ACTION_UNSET is not written. */
enum action {
	ACTION_UNSET,
	ACTION_NONE,
	ACTION_OBSERVE,
	ACTION_COLLECT_LOGS,
	ACTION_RESTART_JOB,
	ACTION_FIX_PROGRAM,
	ACTION_RESET_GPU,
	ACTION_REBOOT_NODE,
	ACTION_POWER_CYCLE,
	ACTION_DRAIN_NODE,
	ACTION_INSPECT_HARDWARE,
	ACTION_REPLACE_GPU,
	ACTION_CHECK_FABRIC,
	ACTION_FIX_CAPACITY,
	ACTION_FIX_COOLING,
	ACTION_FIX_POWER,
	ACTIONS,
};
/* "reset_gpu", ...; empty for ACTION_UNSET. */
struct str action_name(enum action a);
/* The reverse; ACTION_UNSET for other names. */
enum action action_of(struct str name);

struct verdict {
	struct str line; /* its complete JSON, printed instead of the members; or empty */
	struct str id; /* of the effect, so that another cause does not change it; or empty */
	struct str headline, remediation;
	enum action action;
	bool planned; /* a preemption or a drain: -e does not count it */
	struct str confidence;        /* "full", "partial", or empty */
	struct str missing;           /* comma-separated data sources, or empty */
	int64_t final_at; /* no later record changes it (exceptions: in the
	                   * manual page, --follow); INT64_MAX: only the end of the
	                   * input makes it final */
	size_t item, nitem, ev, nev;  /* ranges in verdicts.item and .ev */
};

struct verdicts {
	struct str id, name; /* the pattern's */
	struct look look;    /* of text output */
	struct verdict *v;
	size_t n, vcap;
	struct item *item;
	size_t nitem, itemcap;
	struct evidence *ev;
	size_t nev, evcap;
	struct mem mem; /* strings made for verdicts */
	/* If set: called for the previous verdict when one is added; it is then
	 * discarded. */
	void (*take)(void *ctx, const struct verdict *v);
	void *ctx;
};

/* Add an empty verdict.  It and strings from verdict_keep are valid until the
 * next call. */
struct verdict *verdict_add(struct verdicts *vs);

/* Append a member to the newest verdict. Empty strings are omitted. */
void verdict_str(struct verdicts *vs, const char *name, struct str s);
void verdict_int(struct verdicts *vs, const char *name, int64_t n);
void verdict_seconds(struct verdicts *vs, const char *name, int64_t ns);
/* n / 10^digits as a plain decimal number; digits up to 9. */
void verdict_fixed(struct verdicts *vs, const char *name, int64_t n, unsigned digits);
/* Omitted if t is NO_TIME. */
void verdict_time(struct verdicts *vs, const char *name, int64_t t);
void verdict_bool(struct verdicts *vs, const char *name, bool yes);
void verdict_open(struct verdicts *vs, const char *name, enum item_kind kind);
void verdict_close(struct verdicts *vs);

/* Append evidence to the newest verdict; no string may be empty.  t: NO_TIME if
 * unknown. */
void verdict_evidence(struct verdicts *vs, struct str kind, struct str uid, int64_t t, struct str text);

/* Copy the bytes in b and empty it; the copy lives as long as the newest verdict. */
struct str verdict_keep(struct verdicts *vs, struct buf *b);

void verdicts_reset(struct verdicts *vs);
void verdicts_free(struct verdicts *vs);

/* ---- writers ---- */

/* One JSON object and a newline. */
void jsonl_put(struct buf *b, const struct verdicts *vs, const struct verdict *v);
/* A human-readable paragraph, at most 80 columns where words allow it, and an
* empty line.  Evidence shows its delay after the cause. */
void text_put(struct buf *b, const struct verdicts *vs, const struct verdict *v);

#endif
