/*
 * blocks - texts of many lines each that say one thing.  Entries of systemd's
 * journal: as `journalctl -o verbose` prints them, a line with the time and the
 * cursor and fields below it, and as -o export does, a field a line; each is
 * turned into the object that -o json prints.  Reports of ncclras, from the table
 * of communicators on: an object with the lines in one string.
 * Sources: systemd's JOURNAL_EXPORT_FORMATS and src/shared/logs-show.c; NCCL's
 * src/ras/client_support.cc.
 * Layer input: includes base.
 */
#ifndef BLOCKS_H
#define BLOCKS_H

#include "base/buf.h"

/* The block at hand. Start from {0}. */
struct blocks {
	enum { BLOCKS_NONE, BLOCKS_VERBOSE, BLOCKS_EXPORT, BLOCKS_RAS } form;
	struct buf raw;  /* its lines */
	uint64_t first;  /* number of its first line, and of */
	uint64_t last;   /* the last one */
	bool named;      /* export: the name of a field stood alone on it, */
	uint64_t binary; /* or so many bytes of its value are to come */
};

/* Does line number n begin a block?  Then that at hand is complete. */
bool blocks_begins(const struct blocks *b, struct str line, uint64_t n);
/* Take line number n, which begins a block or may go on the one at hand; false
 * if it does neither. */
bool blocks_take(struct blocks *b, struct str line, uint64_t n, bool begins);
/* The block at hand as an object, behind what is in json. */
void blocks_object(const struct blocks *b, struct buf *json);
/* There is none at hand. */
void blocks_begin(struct blocks *b);
void blocks_free(struct blocks *b);

#endif
