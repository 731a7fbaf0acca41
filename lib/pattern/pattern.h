/*
 * pattern - the description of a filter: its options, the kinds of records that
 * it needs (which also determine the words of its screen), and the pure
 * function from records to verdicts.  A new pattern is one such struct.
 * Layer pattern: includes input, verdict/verdict.h and base.
 */
#ifndef PATTERN_H
#define PATTERN_H

#include "base/opt.h"
#include "base/sift.h"
#include "input/reader.h"
#include "join/reach.h"
#include "join/settle.h"
#include "verdict/verdict.h"

/* What a pattern may use of the program around it. */
struct program {
	struct diag *diag;
	struct out *out;
	struct mem *mem; /* lives as long as the run */
	void *ctx;
	int64_t now;     /* current time, for patterns that need it */
	bool following;  /* --follow */

	/* Settings for the reader, from the pattern's options: */
	struct str reasons;     /* reasons of kept pod losses, a comma list;
	                         * empty: the default */
	struct str words;       /* words of --reason, a comma list, for the screen; or empty */
	const uint16_t *fields; /* fields of the samples that are kept, ended by 0; NULL: all */
	const uint16_t *across_fields; /* fields correlated across nodes, for
	                                * keys.across; or NULL */
	int64_t collective_lateness; /* ns that collectives may arrive later than other records */

	/*
	 * Read an option's file with parse, which returns NULL, or an error
	 * message and its line number.  The text lives as long as the run.
	 * Prints a message and returns false on failure; an empty file name is
	 * no failure.
	 */
	bool (*load)(struct program *p, struct str file,
		const char *(*parse)(void *to, struct str text, struct mem *m, uint64_t *line), void *to);
};

/* State of a continuous stream, for --follow. */
struct follow {
	int64_t now;     /* the stream's time */
	int64_t wake_at; /* detect lowers it to the time at which there may be a
	                  * further verdict even if no input arrives; INT64_MAX:
	                  * never */
};

struct detection {
	const struct events *ev; /* settled, sorted by content, no duplicates */
	const struct settled *settled;
	struct idx *names;     /* strings of ev; more may be added */
	const void *config;
	int64_t skew;          /* tolerated clock difference, ns */
	struct follow *follow; /* NULL: the input is complete */
	int64_t split_every_ns; /* --follow: longer episodes are split into
	                        * pieces of this length; 0: never */
	bool grouped;          /* text output: pods lost for one cause share a paragraph */
	struct verdicts *out;
	struct buf *explain;   /* JSON lines on near misses; NULL: not needed */
	struct buf *notice;    /* one line, or empty */
	struct buf *scratch;   /* for sentences */
	struct buf *spare;     /* for sorting, and for names in sentences */
	struct mem *mem;       /* lives until the verdicts are written */
};

/* Start of the piece of time that contains t; pieces are `every` long. */
static inline int64_t
piece_begin(int64_t every, int64_t t)
{
	int64_t into = t % every;

	return time_diff(t, into < 0 ? into + every : into);
}

/*
 * Long episodes are split into pieces that are `every` long (0: never).  Is an
 * episode from `began` to `end` split before a record at t?
 */
static inline bool
is_split(int64_t every, int64_t began, int64_t end, int64_t t)
{
	int64_t line = every ? piece_begin(every, t) : INT64_MIN;

	return end < line && began <= time_diff(line, every);
}

/* Output of a pattern that has more formats than the common ones. */
struct formats {
	/* After the options: returns the state for put and close, in m; NULL:
	 * JSON lines. */
	void *(*open)(const void *config, struct look look, struct mem *m);
	void (*put)(void *to, struct buf *b, const struct verdicts *vs, const struct verdict *v);
	/* After the last verdict: write the remainder, and free the state. */
	void (*close)(void *to, struct buf *b);
};

struct pattern {
	struct str filter;           /* the program's name */
	struct str id, name;         /* as in verdicts */
	struct str about;            /* one line for --help */
	unsigned wants;              /* kinds of records, bit by enum event_kind */
	struct keys keys;            /* how its records may be sharded */
	const struct opt *opt;       /* the pattern's own options, which fill its config */
	const struct formats *formats; /* NULL: the common formats; otherwise -o is its own option */
	size_t config_size;
	const void *config;          /* initial config; NULL: zeros */
	/*
	 * After the options: read files, configure the reader.  Returns -1 to
	 * continue, or the exit status.
	 */
	int (*setup)(void *config, struct program *p);
	void (*detect)(const struct detection *d);
	/* For --follow: how long records are kept.  Both reach and forget NULL:
	 * no --follow. */
	struct reach (*reach)(const struct detection *d);
	/* Instead of reach, if two durations are not enough: like reach_forget,
	 * on unsettled records. */
	void (*forget)(const struct detection *d, struct events *ev, int64_t decided);
};

static inline bool
pattern_follows(const struct pattern *p)
{
	return p->reach || p->forget;
}

/* Are all of its records correlated by node only? */
static inline bool
pattern_by_node(const struct pattern *p)
{
	return p->keys.by_node == ~0u;
}

extern const struct pattern xid_correlation;
extern const struct pattern pod_evicted;
extern const struct pattern thermal_throttle;
extern const struct pattern hbm_ecc;
extern const struct pattern pcie_aer;
extern const struct pattern nccl_hang;

#endif
