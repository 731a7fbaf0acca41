/*
 * sift - the keyword screen: finds the few lines of a dump that can matter
 * before anything is parsed.  It searches whole blocks for many words at
 * once (Wu and Manber, "A fast algorithm for multi-pattern searching", 1994,
 * on pairs of bytes).
 * Layer input: includes base.
 */
#ifndef SIFT_H
#define SIFT_H

#include "base/str.h"

enum { SIFT_WORDS = 64 };

struct sift {
	struct str word[SIFT_WORDS];
	size_t n, shortest, longest;
	unsigned char shift[65536]; /* by byte pair: how far to go on */
};

/* The screen for n words (at most SIFT_WORDS) of at least 2 bytes; the words
 * must outlive it. */
void sift_init(struct sift *s, const struct str *word, size_t n);

/* Where the first of the words begins in s; s.n if none is there. */
size_t sift_find(const struct sift *f, struct str s);

#endif
