/*
 * phrase - pieces of what patterns say in common: names that must fit, counts,
 * members of --explain's lines.
 * Layer pattern: includes input.
 */
#ifndef PHRASE_H
#define PHRASE_H

#include "input/event.h"

/* A name for a sentence: at most max bytes, from the end, which tells ranks. */
void phrase_short(struct buf *b, struct str s, size_t max);
/* "no Xids", "1 Xid", "2 Xids". */
void phrase_count(struct buf *b, uint64_t n, struct str one, struct str many);

/* Members of a JSON object; what is not known is left out. */
void phrase_str(struct buf *b, const char *key, struct str s);
void phrase_time(struct buf *b, const char *key, int64_t t);
void phrase_int(struct buf *b, const char *key, int64_t n);
void phrase_gpu(struct buf *b, struct pci gpu); /* "gpu_id" */

#endif
