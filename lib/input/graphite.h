/*
 * graphite - a tagged line of Graphite's plaintext protocol, "name;tag=text value time",
 * as a series of Prometheus.
 * Source: Graphite's documentation, tagged series; telegraf's serializer.
 * Layer input: includes base.
 */
#ifndef GRAPHITE_H
#define GRAPHITE_H

#include "base/buf.h"

/* Append the object that a line stands for:
 * {"metric":{"__name__":"name","tag":"text"},"value":[time,"value"]}.  False, and json
 * unchanged, if the line is not one, or has no tags. */
bool graphite_object(struct str line, struct buf *json);

#endif
