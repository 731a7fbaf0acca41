/*
 * flightrec - an entry of a flight recorder, its rank and group, and its
 * records; for dumps, single entries and flat records alike (flightrec.c).
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

/* Prefix of field names in flat records. */
#define PREFIX "nccl.fr."
enum { PREFIX_LEN = sizeof(PREFIX) - 1 };

struct entry {
	struct value v;
	int at[FIELDS]; /* tokens; -1: no such field */
	int64_t number; /* number in its group, if its own number counts something else; or -1 */
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

/* The rank that wrote the current records. */
struct speaker {
	uint32_t rank, node;
	uint32_t file; /* without node: the name of its file, without the rank's number */
	int64_t t;    /* of the record, if it has no better one */
	int64_t seen; /* when it was observed, or NO_TIME */
	bool dump;
	bool retires;      /* retired collectives count as completed */
	bool process_wide; /* one counter numbers all calls of the process */
};

/* The process group of an entry. */
struct entry_group {
	struct str name, desc;
};

enum entry_is { NOTHING, PENDING, COMPLETE, POINT_TO_POINT };

/* The fields of v, whose names begin after skip bytes: 0, or PREFIX_LEN. */
struct entry flightrec_entry(struct reader *r, struct value v, size_t skip);
/* Groups of dumps are known by name, others by number if they have only that. */
struct entry_group flightrec_group(struct reader *r, const struct entry *e);
/* Is it a send or receive?  op: its profiling_name. */
bool flightrec_is_p2p(struct reader *r, const struct entry *e, struct str op);
/* Is it a call that torchcomms numbers like a collective? */
bool flightrec_is_no_collective(struct str op);
/* Add the records of an entry of a group; a completed collective is stored in d. */
enum entry_is flightrec_add(struct reader *r, const struct speaker *who, const struct entry *e, uint32_t group, struct completed *d);

/* ---- flightrec_hook.c ---- */

struct dump {
	struct value v, entries;
	struct group_config *config;
	size_t nconfig;
	struct speaker who;
	bool asked; /* other recorders' conventions were checked; */
	bool doubt; /* they apply, and the dump does not show completion */
};

/* May another recorder have written it?  Others leave pg_status empty, or do
 * not name NCCL. */
bool flightrec_may_be_other(struct reader *r, const struct dump *d);
/*
 * Determine the completed collectives of a dump that FlightRecorderHook of
 * PyTorch 2.14 may have written (the recorder of gloo, nccl2 and torchcomms).
 * It may have no device events: finished entries stay scheduled and are marked
 * as retired, and its pg_status counts calls of all kinds.  ProcessGroupNCCL,
 * in contrast, retires an incomplete entry only when it timed out.
 */
void flightrec_look_for_hook(struct reader *r, struct dump *d);
/*
 * torchcomms numbers all calls of a process in collective_seq_id, including
 * sends and receives, over all groups (FlightRecorder.cpp).  Returns the
 * numbers of the n entries within their groups, by index of the entry; NULL if
 * the dump is not of this kind.  If the first entries have been overwritten,
 * the numbers mean nothing: *lost.
 */
int64_t *flightrec_numbers(struct reader *r, const struct dump *d, size_t n, bool *lost);

#endif
