/*
 * kind - what the lists of records know of each kind: its name, its size, the
 * order of its records, and where the numbers of its strings are.
 * Layer event: includes event.
 */
#ifndef KIND_H
#define KIND_H

#include "event/event.h"

enum { TEXTS_MAX = 8 };

struct record_kind {
	struct str name;
	size_t size;    /* of a record, which begins with a struct event */
	sort_cmp *cmp;  /* the order; ctx is the struct events */
	sort_cmp *same; /* what makes two records one; a prefix of cmp */
	size_t text[TEXTS_MAX]; /* where numbers of strings are, in addition to those of every record; ends with 0 */
};
extern const struct record_kind kinds[EVENT_KINDS];

#endif
