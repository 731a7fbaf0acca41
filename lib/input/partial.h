/*
 * partial - joins lines split by a container runtime.  It logs a long line of a
 * container's output in pieces, each after a time and the stream's name, with the tag P
 * if more of the line follows and F on the last piece.
 * Source: Kubernetes' CRI log format (pkg/kubelet/kuberuntime/logs).
 * Layer input: includes base.
 */
#ifndef PARTIAL_H
#define PARTIAL_H

#include "base/buf.h"

struct partial {
	struct buf line; /* the joined line, tag F */
	struct buf raw;  /* its pieces as read, each with its line end */
	uint64_t first;  /* line number of the first piece */
	bool on;         /* a piece is kept */
	bool over;       /* longer than max: nothing is kept */
};

/* The kept pieces of each stream. Start from {.max = …}. */
struct partials {
	struct partial of[2]; /* stdout, stderr */
	uint64_t max;       /* max. bytes of a line */
};

enum partial_what {
	PARTIAL_NONE, /* the line is not a piece: use it as it is */
	PARTIAL_MORE, /* the line was kept */
	PARTIAL_LAST, /* the line was kept and completes *which */
};

/* Take line number n. */
enum partial_what partials_take(struct partials *p, struct str line, uint64_t n, struct partial **which);
/* Is a piece kept? */
bool partials_open(const struct partials *p);
/* Discard the kept pieces. */
void partial_begin(struct partial *p);
void partials_free(struct partials *p);

#endif
