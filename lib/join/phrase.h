/*
 * phrase - pieces of text that patterns share: shortened names, counts and
 * delays, clauses of the notice, ids, members of --explain's lines.
 * Layer join: includes input, verdict/verdict.h.
 */
#ifndef PHRASE_H
#define PHRASE_H

#include "event/event.h"
#include "verdict/verdict.h"

/* Longest name of a node or pod in Kubernetes, a DNS subdomain: remediations
 * print names in full. */
enum { PHRASE_NAME = 253 };

/* A name for a sentence: at most max bytes, cut at the start, because pods and
 * hosts have their numbers at the end. */
void phrase_short(struct buf *b, struct str s, size_t max);
/* The same cut at the end: at most max bytes of whole characters, then dots. */
void phrase_head(struct buf *b, struct str s, size_t max);
/* Attempts at a headline, each with less room for names, until it fits: b is
 * empty at the start of the i-th. */
#define PHRASE_TRIES(b, room, i) for (size_t i = 0; phrase_again(b, i, NELEM(room)); i++)
bool phrase_again(struct buf *b, size_t tried, size_t rooms);

/* Pieces of sentences; nothing if the string is empty or the address
 * unknown. */
void phrase_on(struct buf *b, struct str node, size_t max);                          /* " on gpu-7" */
void phrase_in_brackets(struct buf *b, struct str s);                                /* " (why)" */
void phrase_fact(struct buf *b, struct str before, struct str s, size_t max);        /* " The volume is X." */
void phrase_where(struct buf *b, struct str node, struct str device, struct pci at); /* "Node gpu-7, GPU 0000:3b:00.0" */
/* "ns/pod", or, if several is not 0, "3 pods (first ns/pod)". */
void phrase_pods(struct buf *b, uint32_t several, struct str pod, size_t max);
/* The end of a headline: "; 2026-05-14T03:00:00Z", in whole seconds, or "; time
 * unknown". */
void phrase_ending(struct buf *b, int64_t t);
/* A time in whole seconds, as in headlines. */
void phrase_second(struct buf *b, int64_t t);

/* "no Xids", "1 Xid", "2 Xids". */
void phrase_count(struct buf *b, uint64_t n, struct str one, struct str many);
/* "at the same time", "41 s later", "0.25 s before": whole seconds from 10 s,
 * milliseconds below, never rounded to 0. */
void phrase_delay(struct buf *b, int64_t ns);
/* Begin the next clause of a notice with a count, after "; " unless it is the
 * first clause. */
void phrase_clause(struct buf *b, uint64_t n, struct str one, struct str many);

/*
 * The id of a verdict, for cron jobs and tickets: "pattern/where/what/time" of
 * the effect, with "-" for an empty where or an unset time; an empty what is
 * left out.  Overwrites b; where and what may not be views of it.
 */
struct str phrase_id(struct verdicts *vs, struct buf *b, struct str where, struct str what, int64_t t);
/* An address as a string of vs, empty if unknown.  Overwrites b. */
struct str phrase_pci(struct verdicts *vs, struct buf *b, struct pci p);

/* A line of --explain: opened with its subject, closed with its reason. */
void phrase_open(struct buf *b, struct str what);
void phrase_close(struct buf *b, struct str why);

/* Members of a JSON object; unknown ones are left out. */
void phrase_str(struct buf *b, const char *key, struct str s);
void phrase_time(struct buf *b, const char *key, int64_t t);
void phrase_int(struct buf *b, const char *key, int64_t n);
void phrase_seconds(struct buf *b, const char *key, int64_t ns);
void phrase_gpu(struct buf *b, const char *key, struct pci p);

#endif
