/*
 * foreign - the table of other programs' output that no reader takes, and of what
 * to use instead.
 * Sources: nvidia-smi(1), dcgmi dmon, lspci(8), ipmitool(1), ras-mc-ctl(8),
 * kubectl (get, describe, drain), NVIDIA's k8s-device-plugin (health.go), the AWS CLI, gcloud, the OpenTelemetry
 * Collector's debug exporter, Karpenter's log: what they print; DMTF's LogEntry; kube-state-metrics' names of
 * metrics; tar(5), PKWARE's APPNOTE: how archives begin.
 * Layer input: includes event.
 */
#ifndef FOREIGN_H
#define FOREIGN_H

#include "event/event.h"

struct foreign {
	struct str mark;
	enum foreign_place {
		FOREIGN_IN_LINE,  /* a line has the mark, */
		FOREIGN_AT_START, /* begins with it, */
		FOREIGN_INDENTED, /* begins with it behind blanks, or without, */
		FOREIGN_OF_POD,   /* begins with "pod" and ends with it, */
		FOREIGN_IN_FIRST, /* the first line of the file has it, */
		FOREIGN_IN_VALUE, /* or a JSON value, as it stands there */
	} where;
	unsigned gives;  /* kinds of records that are in it (bit by enum event_kind) */
	bool alone;      /* it may well stand in a file that is read: it matters if
	                  * nothing else of the file gives a record; values are so */
	struct str is;   /* what it is, and what to use instead */
};

/* Ended by one without a mark.  The screen has all marks but those of first lines. */
extern const struct foreign foreigns[];

/* What a line shows its file to be, where records of a kind that it would have are
 * wanted; or NULL.  first: it is the file's first line; sure: nothing that is alone. */
const struct foreign *foreign_find(struct str line, bool first, bool sure, unsigned wants);
/* The same of a JSON value's text. */
const struct foreign *foreign_value(struct str text, unsigned wants);

#endif
