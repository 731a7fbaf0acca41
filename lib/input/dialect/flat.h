/*
 * flat - flat records: one object with dotted attribute names, or the
 * attributes of an OTLP record and its resource. flat_fields.c has the meaning
 * of attributes, flat.c the kinds of records.
 * Layer dialect: includes dialect.
 */
#ifndef FLAT_H
#define FLAT_H

#include "input/dialect/dialect.h"

/*
 * The current flat record.  If it has several gate attributes, its kind is the
 * one that is first in flat.c's table.
 */
struct flat {
	struct reader *r;
	struct value attrs, resource; /* resource: of its OTLP resource, or not ok */
	struct str body;              /* text and time next to the attributes */
	int64_t t;
};
/* Text of an attribute: the record's own; with scoped, or else its resource's. */
struct str flat_get(const struct flat *f, struct str name);
struct str flat_scoped(const struct flat *f, struct str name);
/* The attribute `time` (RFC 3339 or epoch ns), or the time next to the
 * attributes, or NO_TIME. */
int64_t flat_time(const struct flat *f);
/* k8s.node.name, or else host.name; may be empty. */
struct str flat_node(const struct flat *f);
/* From gpu.id, an address or UUID, and gpu.uuid; *gpu is unchanged if neither
 * is set. */
void flat_gpu(const struct flat *f, struct pci *gpu, struct str *uuid);
/* Time, node and uid of the record. */
struct event flat_header(const struct flat *f, struct str node, struct str uid);

/* Read a flat record: attributes, those of its OTLP resource (or not ok), and
 * the text and time next to them.  False if it has no gate attribute. */
bool flat_record(struct reader *r, struct value attrs, struct value resource, struct str body, int64_t t);
/* The flat form of a flight recorder's entry (flightrec.c). */
void flightrec_flat(const struct flat *f);

#endif
