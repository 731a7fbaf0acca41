/*
 * opt - command lines from tables.  Tables provide defaults, parsing, the usage
 * line and --help, so that these cannot diverge; `make check` compares the
 * manual pages with them.  POSIX XBD 12.2: options first, "--" ends them, "-"
 * is an operand, short options can be grouped and take their argument, but
 * never spell a long one.  Long options are exact, never abbreviated: --name,
 * --name=arg, --name arg.  The last one wins.  Errors contain the bad value,
 * what is expected, the option or choice nearest to it, if there is exactly
 * one, and a reference to --help.
 * Layer base: includes diag, para.
 */
#ifndef OPT_H
#define OPT_H

#include "base/diag.h"
#include "base/para.h"

enum opt_kind {
	OPT_END,
	OPT_HELP,     /* stores nothing */
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
	OPT_CHOICE,   /* unsigned: index of the word in arg, "a|b|c" */
	OPT_MAYBE,    /* struct opt_maybe: --name or --name=number */
};

enum { OPT_SHARE_ONE = 1000000 };

struct opt_maybe {
	uint64_t n;
	bool given;
};

/* A point in time, or a duration before one that the input or the clock sets. */
struct opt_when {
	int64_t t; /* nanoseconds; NO_TIME: not given */
	bool ago;
};

struct opt {
	char key;         /* short name, or 0 */
	const char *name; /* long name, without dashes */
	enum opt_kind kind;
	size_t to;        /* offset of the value in the set's struct */
	const char *arg;  /* argument as written in usage, or NULL */
	const char *def;  /* default, as typed by a user; NULL: keep the initial value */
	const char *help; /* one line, lower case, no full stop */
};

/* A table, ended by {.kind = OPT_END}, and the struct that it fills. */
struct opt_set {
	const struct opt *opt;
	void *base;
};

struct opt_run {
	struct str prog, about;  /* about: one line, purpose of the filter */
	const char *operands;    /* as written in usage, e.g. "[FILE]..." */
	struct opt_set set[5];   /* any may have a NULL table */
	struct out *out;         /* --help and --version */
	struct look look;        /* of --help */
	struct diag *diag;       /* errors */
	int first;               /* out: index of the first operand */
};

/*
 * Set defaults, then parse the command line. -1: continue; otherwise the exit
 * status to end with (help or version printed, or bad usage).
 */
int opt_parse(struct opt_run *r, int argc, char *const argv[]);

/* The end of a usage error: a reference to --help.  Returns EX_FAIL. */
int opt_usage(struct diag *d);

/* Parse s as OPT_TIME does; a date is its first instant in UTC. */
bool opt_time(struct str s, int64_t *ns);

/* The word in "a|b|c" that was probably meant; empty if none is near, or two are. */
struct str opt_near(const char *words, struct str typed);

#endif
