/*
 * pattern - the description of a filter: its options, the kinds of
 * records that it needs (which also decide what its screen looks for), and the
 * pure function from records to verdicts.  A new pattern is one such struct.
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

/* What a pattern may ask of the program around it. */
struct program {
	struct diag *diag;
	struct out *out;
	struct mem *mem; /* lives as long as the run */
	void *ctx;
	int64_t now;     /* current time, for patterns that need it */
	bool following;  /* --follow */

	/* What the pattern asks of the reader, from its options: */
	struct str reasons;     /* reasons of pod losses that are kept, a comma list; empty: the usual ones */
	struct str words;       /* --reason's, a comma list, for the screen; empty: none */
	const uint16_t *fields; /* measurements that are kept, ended by 0; NULL: all */
	const uint16_t *across_fields; /* measurements that join nodes, for keys with across; NULL: none */
	int64_t collective_lateness; /* ns that collectives may be later still */

	/*
	 * Read an option's file with parse, which gives NULL, or what is wrong
	 * in which line; the text lives as long as the run.  A message and false
	 * on failure; an empty file name is no failure.
	 */
	bool (*load)(struct program *p, struct str file,
		const char *(*parse)(void *to, struct str text, struct mem *m, uint64_t *line), void *to);
};

/* A continuous stream, for --follow. */
struct follow {
	int64_t now;     /* the stream's time */
	int64_t wake_at; /* lowered by detect to the time at which it may have another
	                  * verdict even if nothing else is read; INT64_MAX: never */
};

struct detection {
	const struct events *ev; /* settled, sorted by content, no duplicates */
	const struct settled *settled;
	struct idx *names;     /* ev's strings: some may be added */
	const void *config;
	int64_t skew;          /* tolerated clock difference, ns */
	struct follow *follow; /* NULL: all of the input is there */
	int64_t split_every_ns; /* --follow: longer episodes are printed in pieces
	                        * of this length; 0: whole */
	bool grouped;          /* text output: pods that were lost for one cause are one paragraph */
	struct verdicts *out;
	struct buf *explain;   /* JSON lines on near misses; NULL: not wanted */
	struct buf *notice;    /* one line, or left empty */
	struct buf *scratch;   /* for sentences */
	struct buf *spare;     /* for sorting, and for a name in a sentence */
	struct mem *mem;       /* lives until the verdicts are written */
};

/* When the piece of time that t is in began; pieces are `every` long. */
static inline int64_t
piece_begin(int64_t every, int64_t t)
{
	int64_t into = t % every;

	return time_diff(t, into < 0 ? into + every : into);
}

/*
 * Long episodes are printed in pieces that are `every` long (0: whole).  Is an
 * episode that began then, and has lasted to `end`, split before a record at t?
 */
static inline bool
is_split(int64_t every, int64_t began, int64_t end, int64_t t)
{
	int64_t line = every ? piece_begin(every, t) : INT64_MIN;

	return end < line && began <= time_diff(line, every);
}

/* How verdicts are written by a pattern that has more forms than all filters. */
struct formats {
	/* After the options: what put and close get, in m; NULL: a JSON line each. */
	void *(*open)(const void *config, struct look look, struct mem *m);
	void (*put)(void *to, struct buf *b, const struct verdicts *vs, const struct verdict *v);
	/* After the last verdict: write the rest, and free what it holds. */
	void (*close)(void *to, struct buf *b);
};

struct pattern {
	struct str filter;           /* the program's name */
	struct str id, name;         /* as in verdicts */
	struct str about;            /* one line for --help */
	unsigned wants;              /* kinds of records, bit by enum event_kind */
	struct keys keys;            /* how its records may be sharded */
	const struct opt *opt;       /* own options, which fill a config */
	const struct formats *formats; /* NULL: those of all; else -o is its own option */
	size_t config_size;
	const void *config;          /* initial config; NULL: zeros */
	/*
	 * After the options: read files, set what the reader must know.  -1 to
	 * continue, else the status to end with.
	 */
	int (*setup)(void *config, struct program *p);
	void (*detect)(const struct detection *d);
	/* For --follow: how long it remembers.  NULL, and no forget: it has no --follow. */
	struct reach (*reach)(const struct detection *d);
	/* Instead of reach, if two lengths of time are not enough: the same
	 * as reach_forget, on records as they were read. */
	void (*forget)(const struct detection *d, struct events *ev, int64_t decided);
};

static inline bool
pattern_follows(const struct pattern *p)
{
	return p->reach || p->forget;
}

/* Do all of its records join by node alone? */
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
