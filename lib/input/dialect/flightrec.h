/*
 * flightrec - an entry of a flight recorder, whose it is, and what it says; for
 * dumps, entries that stand alone and flat records alike (flightrec.c).
 * Sources: there.
 * Layer dialect: includes dialect.
 */
#ifndef FLIGHTREC_H
#define FLIGHTREC_H

#include "input/dialect/flat.h"

enum { RANK_MAX = 0x7fffffff };

/* ---- flightrec_entry.c ---- */

enum field {
	RANK, PG_ID, STATE, P2P, FRAMES, RETIRED, IN_SIZES, OUT_SIZES, IN_DTYPES, OUT_DTYPES, GROUP, OP, CREATED, SEQ,
	STARTED, COMPLETED, FIELDS
};

/* Before the names of fields in flat records. */
#define PREFIX "nccl.fr."
enum { PREFIX_LEN = sizeof(PREFIX) - 1 };

struct entry {
	struct value v;
	int at[FIELDS]; /* tokens; -1: it has no such field */
	int64_t number; /* in its group, where its own counts other things; -1 */
};

static inline struct value
entry_get(const struct entry *e, enum field f)
{
	struct value v = e->v;

	v.at = e->at[f];
	return v;
}

static inline struct str
text(struct reader *r, struct value v)
{
	return value_text(v, &r->mem);
}

static inline bool
entry_is_true(struct reader *r, const struct entry *e, enum field f)
{
	return str_eq(text(r, entry_get(e, f)), S("true"));
}

/* Who made the records at hand. */
struct speaker {
	uint32_t rank, node;
	int64_t t;    /* of the record, when it carries no better one; */
	int64_t seen; /* and when it was observed; or NO_TIME */
	bool dump;
	bool retires;      /* what is retired counts as completed */
	bool process_wide; /* one count numbers all that the process calls */
};

/* A process group, as an entry has it. */
struct entry_group {
	struct str name, desc;
};

enum entry_is { NOTHING, PENDING, COMPLETE, POINT_TO_POINT };

/* The fields of v, whose names stand there without the first skip bytes: 0, or
 * PREFIX_LEN. */
struct entry flightrec_entry(struct reader *r, struct value v, size_t skip);
/* A dump's groups are known by name, what carries only a number by that. */
struct entry_group flightrec_group(struct reader *r, const struct entry *e);
/* Is it a send or receive?  Its profiling_name is op. */
bool flightrec_is_p2p(struct reader *r, const struct entry *e, struct str op);
/* What torchcomms numbers as if it were a collective. */
bool flightrec_is_no_collective(struct str op);
/* What an entry of a group says is added, but for a completed collective, which is d. */
enum entry_is flightrec_add(struct reader *r, const struct speaker *who, const struct entry *e, uint32_t group, struct completed *d);

/* ---- flightrec_hook.c ---- */

struct dump {
	struct value v, entries;
	struct group_config *config;
	size_t nconfig;
	struct speaker who;
	bool asked; /* whether it is of a recorder that writes otherwise; */
	bool doubt; /* it is, and shows of nothing that it completed */
};

/* May it be of a recorder that writes otherwise?  They leave pg_status empty, or name no NCCL. */
bool flightrec_may_be_other(struct reader *r, const struct dump *d);
/*
 * Note of a dump that FlightRecorderHook of PyTorch 2.14 may have written (the
 * recorder of gloo, nccl2 and torchcomms) what it shows to be completed: it may
 * know no device; what is finished stays scheduled and is said to be retired, and
 * its pg_status counts calls of all kinds.  In what ProcessGroupNCCL writes,
 * retired and not completed is what timed out.
 */
void flightrec_look_for_hook(struct reader *r, struct dump *d);
/*
 * torchcomms counts all calls of a process, sends and receives too, as
 * collective_seq_id, of all groups together (FlightRecorder.cpp).  The
 * numbers of the n entries in their groups, by place among the entries; NULL of
 * a dump that is not so.  Where the first ones are no longer there the
 * numbers say nothing: *lost.
 */
int64_t *flightrec_numbers(struct reader *r, const struct dump *d, size_t n, bool *lost);

#endif
