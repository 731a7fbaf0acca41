/*
 * ras - lines that ncclras prints about a job's communicators: ranks that have
 * launched fewer operations than others, that do not respond, that report an
 * error, or that are in another state than the others.  A report has many
 * lines; the subject of a line is in earlier lines, so the caller keeps a
 * struct ras_report between them.
 * Source: src/ras/client_support.cc of NCCL 2.24 to 2.30.
 * Layer text: includes str.
 */
#ifndef RAS_H
#define RAS_H

#include "base/str.h"

enum ras_part {
	RAS_LAUNCHED, /* n ranks, or rank, launched count operations; n 0: rank
	               * is one of n ranks counted on another line */
	RAS_MISSING,  /* rank, or ranks, did not respond */
	RAS_DEAD,     /* process pid on host is considered dead */
	RAS_ABOUT,    /* start of a part about a communicator; or about n that did not respond */
	RAS_TOTAL,    /* count operations of all kinds were launched by all ranks */
	RAS_ERROR,    /* rank reported the error in word */
	RAS_STATE,    /* n ranks, or rank, are in the state in word */
	RAS_NAMED,    /* rank is one of those counted on another line, unknown which */
};

/* NCCL's name of a state or error; "no string" for 0 and for an operation in
 * progress. */
struct str ras_error(int64_t result);

/* State from the lines so far.  Start from {0}. */
struct ras_report {
	uint64_t hash;    /* of the current communicator; 0: unknown */
	bool dead;        /* inside the list of dead processes */
	bool sets;        /* ranks listed next belong to the current set: */
	enum ras_part set;
	int64_t count;    /* LAUNCHED: its operations */
	char word[32];    /* ERROR, STATE: "System error", "INIT" */
	char func[24];    /* operation whose counts differ: "AllReduce", or "" */
	uint32_t size[16]; /* ranks of a communicator, by group in the table; 0: unknown */
	uint32_t comm_size; /* of the current communicator; 0: unknown */
};

/* Numbers are -1 and strings "no string" if not in the line. */
struct ras_line {
	enum ras_part part;
	int64_t rank;      /* of the communicator; -1: unknown */
	int64_t n;         /* number of ranks */
	int64_t count;     /* operations launched */
	int64_t pid;
	struct str ranks;  /* MISSING: "3,4" */
	struct str word;   /* ERROR, STATE */
	struct str host;
};

/*
 * The next such line in a message; *message keeps the text after it.  False if
 * there is none.
 */
bool ras_next(struct str *message, struct ras_report *report, struct ras_line *l);

#endif
