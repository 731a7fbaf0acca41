/*
 * ras - what ncclras prints about a job's communicators: which ranks have
 * launched fewer operations than others, which do not answer, which report an
 * error, and which are in another state than the others.  A report has many
 * lines; what a line is about stands in lines before it, so that the caller
 * keeps a struct ras_report between them.
 * Source: src/ras/client_support.cc of NCCL 2.24 to 2.30.
 * Layer text: includes str.
 */
#ifndef RAS_H
#define RAS_H

#include "base/str.h"

enum ras_part {
	RAS_LAUNCHED, /* n ranks, or rank, launched count operations; n 0: rank is one
	               * of n ranks that another line counts */
	RAS_MISSING,  /* rank, or ranks, did not answer */
	RAS_DEAD,     /* process pid on host is considered dead */
	RAS_ABOUT,    /* what follows is about a communicator; or about n that did not answer */
	RAS_TOTAL,    /* count operations of all kinds were launched by all ranks */
	RAS_ERROR,    /* rank reported the error that word names */
	RAS_STATE,    /* n ranks, or rank, are in the state that word names */
	RAS_NAMED,    /* rank is one of those that another line counts, not known which */
};

/* NCCL's name of a state or error; "no string" for what is none: 0, and an
 * operation in progress. */
struct str ras_error(int64_t result);

/* What the lines so far contained. Zero: nothing. */
struct ras_report {
	uint64_t hash;    /* of the current communicator; 0: unknown */
	bool dead;        /* in the list of dead processes */
	bool sets;        /* ranks that are named are of the set at hand: */
	enum ras_part set;
	int64_t count;    /* LAUNCHED: its operations */
	char word[32];    /* ERROR, STATE: "System error", "INIT" */
	char func[24];    /* whose counts differ: "AllReduce", or "" */
	uint32_t size[16]; /* ranks of a communicator, by group in the table; 0: unknown */
	uint32_t comm_size; /* of the current communicator; 0: unknown */
};

/* Numbers are -1 and strings "no string" where the line has none. */
struct ras_line {
	enum ras_part part;
	int64_t rank;      /* of the communicator; -1: it is not said which */
	int64_t n;         /* how many ranks */
	int64_t count;     /* operations launched */
	int64_t pid;
	struct str ranks;  /* MISSING: "3,4" */
	struct str word;   /* ERROR, STATE */
	struct str host;
};

/*
 * The next such line in a message, which may have several; *message keeps what
 * follows it.  False when there is none left.
 */
bool ras_next(struct str *message, struct ras_report *report, struct ras_line *l);

#endif
