/*
 * latest - the measurements that stay when a stream discards records: the last
 * one of each series, with which later ones are compared.
 * Layer join: includes input.
 */
#ifndef LATEST_H
#define LATEST_H

#include "event/event.h"

/*
 * Drop the samples and rates before a time, by their node's number, but for
 * each series' last one and, of the fields that peaks lists, ended by 0, its
 * highest one.  Those are no growth themselves: they lose their start.
 */
void latest_keep(struct events *ev, const int64_t *before, const uint16_t *peaks);
/* The same, before one time for all nodes. */
void latest_keep_all(struct events *ev, int64_t before, const uint16_t *peaks, struct mem *m);

#endif
