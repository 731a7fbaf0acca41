/*
 * flat - flat records: one object with dotted attribute names, or the
 * attributes of an OTLP record and of its resource.  flat_fields.c has what
 * attributes mean, flat.c which records there are.
 * Layer dialect: includes dialect.
 */
#ifndef FLAT_H
#define FLAT_H

#include "input/dialect/dialect.h"

/*
 * A flat record at hand.  One with several gate attributes is of the kind
 * that comes first in flat.c's table.
 */
struct flat {
	struct reader *r;
	struct value attrs, resource; /* resource: of its OTLP resource, or not ok */
	struct str body;              /* text and time that stand beside them */
	int64_t t;
};
/* An attribute's text; the record's own, and else its resource's. */
struct str flat_get(const struct flat *f, struct str name);
struct str flat_scoped(const struct flat *f, struct str name);
/* `time` is RFC 3339 or epoch ns; then what stands beside; else NO_TIME. */
int64_t flat_time(const struct flat *f);
/* k8s.node.name, else host.name; may be empty. */
struct str flat_node(const struct flat *f);
/* gpu.id, an address or a UUID, and gpu.uuid; *gpu is left alone if neither. */
void flat_gpu(const struct flat *f, struct pci *gpu, struct str *uuid);
/* Time, node and uid of the record. */
struct event flat_header(const struct flat *f, struct str node, struct str uid);

/* A flat record: attributes, those of its OTLP resource (or not ok), and the
 * text and time that stand beside them. False if it has no gate attribute. */
bool flat_record(struct reader *r, struct value attrs, struct value resource, struct str body, int64_t t);
/* The flat form of a flight recorder's entry (flightrec.c). */
void flightrec_flat(const struct flat *f);

#endif
