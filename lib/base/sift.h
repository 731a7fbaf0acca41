/*
 * sift - the keyword screen: finds the few relevant lines of a dump before
 * anything is parsed, by searching for many words at once.
 *
 * The mark of a word is its four neighboring bytes that are rarest in logs.  A
 * position is examined only if its four bytes are the mark of some word; on
 * x86-64 with AVX2, 32 positions are dismissed at a time by looking up their
 * half-bytes (the idea of Hyperscan's Teddy, by G. Langdale).
 * Layer base: includes str.
 */
#ifndef SIFT_H
#define SIFT_H

#include "base/str.h"

enum { SIFT_WORDS = 320, SIFT_LEAST = 3, SIFT_LONGEST = 200, SIFT_MARK = 4, SIFT_SETS = 2, SIFT_BINS = 8, SIFT_HASHES = 32768 };

struct sift {
	struct str word[SIFT_WORDS];
	unsigned char at[SIFT_WORDS]; /* offset of the mark in the word */
	size_t n, longest;
	uint64_t short_words; /* bit w % 64: word w is shorter than a mark; the
	                       * mark's missing bytes match any byte */
	/* bit w % 64: word w has this byte at this offset of its mark */
	uint64_t mark[SIFT_MARK][256];
	unsigned char hashed[SIFT_HASHES / 8]; /* bitmap: may this hash be a mark's? */
	/* the same by half-bytes, words are distributed over bins; many words,
	 * if there is much to search, over two sets of bins */
	bool both;
	unsigned char low[SIFT_SETS][SIFT_MARK][16], high[SIFT_SETS][SIFT_MARK][16];
};

/*
 * The screen for n words (at most SIFT_WORDS) of SIFT_LEAST to SIFT_LONGEST
 * ASCII bytes without newlines; the words must outlive it.
 */
void sift_init(struct sift *s, const struct str *word, size_t n);

/* Choose marks that are rare in text, a sample of the input, and bins that let
 * little else pass: same results, but faster.  Samples of 64 kB and more are
 * best.  read: bytes searched before; the effort is limited to a small part of
 * the time that searching them took. */
void sift_learn(struct sift *s, struct str text, uint64_t read);

/*
 * Offset of a word in s; s.n if there is none.  Other words may begin before
 * it, but none ends before it: in a text of many lines, it is in the first line
 * that contains a word.
 */
size_t sift_find(const struct sift *f, struct str s);

/* The bits of all words in s; word w has the bits of[w]. */
unsigned sift_all(const struct sift *f, const unsigned short of[SIFT_WORDS], struct str s);

/* The same without special instructions, for tests. */
size_t sift_find_plain(const struct sift *f, struct str s);
unsigned sift_all_plain(const struct sift *f, const unsigned short of[SIFT_WORDS], struct str s);

#endif
