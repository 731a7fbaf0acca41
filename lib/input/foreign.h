/*
 * foreign - the table of unsupported output of other programs, with a supported
 * alternative for each.
 * Sources: nvidia-smi(1), dcgmi dmon, lspci(8), ipmitool(1), ras-mc-ctl(8),
 * kubectl (get, describe, drain), NVIDIA's k8s-device-plugin (health.go), the AWS CLI, gcloud, the OpenTelemetry
 * Collector's debug exporter, Karpenter's log: what they print; DMTF's LogEntry; kube-state-metrics' names of
 * metrics; tar(5), PKWARE's APPNOTE: how archives begin.
 * Layer input: includes event, json.
 */
#ifndef FOREIGN_H
#define FOREIGN_H

#include "event/event.h"
#include "json/value.h"

/* Would an object in such output yield wanted records, if it were read? */
enum concern {
	CONCERN_UNKNOWN, /* it is an object of another kind */
	CONCERN_NONE,    /* nothing that a pattern judges: an entry that reports no fault */
	CONCERN_SOME,
};
typedef enum concern foreign_object(struct value object, const struct events *ev, struct mem *m);

struct foreign {
	struct str mark;
	enum foreign_place {
		FOREIGN_IN_LINE,  /* a line contains the mark */
		FOREIGN_AT_START, /* a line begins with it */
		FOREIGN_INDENTED, /* a line begins with it, after optional blanks */
		FOREIGN_OF_POD,   /* a line begins with "pod" and ends with it */
		FOREIGN_IN_FIRST, /* the file's first line contains it */
		FOREIGN_IN_VALUE, /* a JSON value's text contains it */
	} where;
	unsigned gives;  /* kinds of records it contains (bits, 1 << enum event_kind) */
	bool alone;      /* may occur in supported files, so it matters only if the
	                  * file yields no record; always true for values */
	struct str is;   /* its name, and a supported alternative */
	foreign_object *object; /* FOREIGN_IN_VALUE: decides on each object of the value,
	                         * on the whole value if it knows none; NULL: the mark
	                         * suffices */
	bool (*line)(struct str line, const struct events *ev); /* the same for a line; or NULL */
};

/* Those with alone last, ended by one without a mark.  The screen has all marks except
 * those of first lines. */
extern const struct foreign foreigns[];

/* The output that a line belongs to, if it would contain records that ev wants; or NULL.
 * first: the line is the file's first; sure: ignore rows with alone. */
const struct foreign *foreign_find(struct str line, bool first, bool sure, const struct events *ev);
/* The same for a parsed JSON value; m has its lifetime. */
const struct foreign *foreign_value(const struct json *j, const struct events *ev, struct mem *m);

#endif
