/*
 * partial - lines that a container runtime cut.  It logs a long line of a
 * container's output as several, each behind a time and the stream's name: the
 * tag is P while more of the line follows, F on its last piece.
 * Source: Kubernetes' CRI log format (pkg/kubelet/kuberuntime/logs).
 * Layer input: includes base.
 */
#ifndef PARTIAL_H
#define PARTIAL_H

#include "base/buf.h"

struct partial {
	struct buf line; /* the line as if it had not been cut, tag F */
	struct buf raw;  /* the lines in which it stands, each with its end */
	uint64_t first;  /* number of the first of them */
	bool on;         /* a piece is kept, and */
	bool over;       /* more were than max, and none of them is kept */
};

/* What is kept of each stream. Start from {.max = …}. */
struct partials {
	struct partial of[2]; /* stdout, stderr */
	uint64_t max;       /* bytes of a line */
};

enum partial_what {
	PARTIAL_NONE, /* the line is none: it stands as it is */
	PARTIAL_MORE, /* it was kept */
	PARTIAL_LAST, /* it was kept, and completes *which */
};

/* Take line number n. */
enum partial_what partials_take(struct partials *p, struct str line, uint64_t n, struct partial **which);
/* Is a piece kept? */
bool partials_open(const struct partials *p);
/* What a piece kept was used, or is not wanted. */
void partial_begin(struct partial *p);
void partials_free(struct partials *p);

#endif
