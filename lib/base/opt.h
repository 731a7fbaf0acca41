/*
 * opt - command lines by table.  Tables yield defaults, parsing, the usage
 * line and --help, so that these cannot drift apart; `make check` holds the
 * manual page to the same tables.
 * POSIX XBD 12.2: options first, "--" ends them, "-" is an operand, short
 * options group and may carry their argument, but never spell a long one.  Long
 * options are exact, never abbreviated: --name, --name=arg, --name arg.  The
 * last one wins.  Errors name
 * the bad value, what is expected, the one option or choice that is nearest to
 * what was typed, if one is, and --help.
 * Layer base: includes diag, para.
 */
#ifndef OPT_H
#define OPT_H

#include "base/diag.h"
#include "base/para.h"

enum opt_kind {
	OPT_END,
	OPT_HELP,     /* nothing is stored */
	OPT_VERSION,
	OPT_FLAG,     /* bool: set true */
	OPT_STR,      /* struct str, not empty */
	OPT_NUM,      /* uint64_t */
	OPT_DURATION, /* int64_t, nanoseconds */
	OPT_SIZE,     /* uint64_t, bytes, 1 to 1G */
	OPT_TIME,     /* int64_t: RFC 3339, a date, a date and a minute, or epoch seconds */
	OPT_WHEN,     /* struct opt_when: the same, or -DUR */
	OPT_SHARE,    /* int64_t, of OPT_SHARE_ONE: 50% or 0.5, above 0, at most 1 */
	OPT_RATE,     /* int64_t, 10^-3 bytes per second: 1e9, 0 or more */
	OPT_CHOICE,   /* unsigned: which of the words in arg, "a|b|c", from 0 */
	OPT_MAYBE,    /* struct opt_maybe: --name or --name=number */
};

enum { OPT_SHARE_ONE = 1000000 };

struct opt_maybe {
	uint64_t n;
	bool given;
};

/* A point in time, or how long before one that the input or the clock sets. */
struct opt_when {
	int64_t t; /* NO_TIME: not given; or nanoseconds */
	bool ago;
};

struct opt {
	char key;         /* short name, or 0 */
	const char *name; /* long name, without dashes */
	enum opt_kind kind;
	size_t to;        /* where in the set's struct the value goes */
	const char *arg;  /* argument as written in usage, or NULL */
	const char *def;  /* default, as one would write it; NULL: what is there */
	const char *help; /* one line, lower case, no full stop */
};

/* A table, ended by {.kind = OPT_END}, and the struct that it fills. */
struct opt_set {
	const struct opt *opt;
	void *base;
};

struct opt_run {
	struct str prog, about;  /* about: one line, what the filter does */
	const char *operands;    /* as written in usage, e.g. "[FILE]..." */
	struct opt_set set[5];   /* any may have a NULL table */
	struct out *out;         /* --help and --version */
	struct look look;        /* of --help */
	struct diag *diag;       /* errors */
	int first;               /* out: index of the first operand */
};

/*
 * Set defaults, then read the command line.  -1: go on; otherwise the program
 * is over and this is its status (help or version printed, or bad usage).
 */
int opt_parse(struct opt_run *r, int argc, char *const argv[]);

/* The end of a usage error: where help is.  Returns EX_FAIL. */
int opt_usage(struct diag *d);

/* Value of TIME as OPT_TIME reads it; a date is its first instant in UTC. */
bool opt_time(struct str s, int64_t *ns);

/* The one of the words in "a|b|c" that was probably meant; empty if none is
 * near, or two are. */
struct str opt_near(const char *words, struct str typed);

#endif
