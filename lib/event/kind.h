/*
 * kind - properties of each kind of record: name, size, sort order, and where
 * its string numbers are.
 * Layer event: includes event.
 */
#ifndef KIND_H
#define KIND_H

#include "event/event.h"

enum { TEXTS_MAX = 8 };

struct record_kind {
	struct str name;
	size_t size;    /* of a record, which begins with a struct event */
	sort_cmp *cmp;  /* sort order; ctx is the struct events */
	sort_cmp *same; /* equality of records, for dropping duplicates; a prefix of cmp */
	size_t text[TEXTS_MAX]; /* offsets of string numbers after struct event;
	                         * ended by 0 */
};
extern const struct record_kind kinds[EVENT_KINDS];

#endif
