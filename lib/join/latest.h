/*
 * latest - the metric samples that survive when a stream discards records: the
 * last one of each series, with which later ones are compared.
 * Layer join: includes input.
 */
#ifndef LATEST_H
#define LATEST_H

#include "event/event.h"

/*
 * Drop samples and rates older than before[node number], except each series'
 * last one and, for the fields in peaks (ended by 0), its highest one.  Those
 * lose their start, so that they show no increase themselves.
 */
void latest_keep(struct events *ev, const int64_t *before, const uint16_t *peaks);
/* The same with one time for all nodes. */
void latest_keep_all(struct events *ev, int64_t before, const uint16_t *peaks, struct mem *m);

#endif
