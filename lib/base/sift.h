/*
 * sift - the keyword screen: finds the few lines of a dump that can matter
 * before anything is parsed, by looking for many words at once.
 *
 * Of each word, the four neighbouring bytes that are rarest in logs are its
 * mark.  A position is looked at closely only if its four bytes are the mark
 * of some word; on x86-64 with AVX2, 32 positions are dismissed at a time by
 * looking up their half-bytes (the idea of Hyperscan's Teddy, by G. Langdale).
 * Layer base: includes str.
 */
#ifndef SIFT_H
#define SIFT_H

#include "base/str.h"

enum { SIFT_WORDS = 320, SIFT_LEAST = 3, SIFT_LONGEST = 200, SIFT_MARK = 4, SIFT_BINS = 8, SIFT_HASHES = 32768 };

struct sift {
	struct str word[SIFT_WORDS];
	unsigned char at[SIFT_WORDS]; /* where in the word its mark is */
	size_t n, longest;
	uint64_t short_words; /* bit w % 64: word w is shorter than a mark, which has
	                       * any byte there */
	/* bit w % 64: word w's mark has this byte here */
	uint64_t mark[SIFT_MARK][256];
	unsigned char hashed[SIFT_HASHES / 8]; /* bit by bit: may it be a mark's hash? */
	/* the same by half-bytes, words thrown into bins */
	unsigned char low[SIFT_MARK][16], high[SIFT_MARK][16];
};

/*
 * The screen for n words (at most SIFT_WORDS) of SIFT_LEAST to SIFT_LONGEST bytes, none with a
 * newline; the words must outlive it.
 */
void sift_init(struct sift *s, const struct str *word, size_t n);

/* Take marks that are rare in this, of what will be searched, and bins that let
 * little else pass: it finds the same, and faster.  64 kB and more are best.  How
 * much is tried hangs on how many bytes were read before: it takes a small part of the
 * time that searching them took. */
void sift_learn(struct sift *s, struct str text, uint64_t read);

/*
 * Where one of the words begins in s; s.n if none is in it.  Words may begin
 * before it, but none ends before it: of a text of many lines, this is in the
 * first line that has a word.
 */
size_t sift_find(const struct sift *f, struct str s);

/* The bits of all words that are in s, those of word w being of[w]. */
unsigned sift_all(const struct sift *f, const unsigned short of[SIFT_WORDS], struct str s);

/* The same, without the machine's special instructions: for tests. */
size_t sift_find_plain(const struct sift *f, struct str s);
unsigned sift_all_plain(const struct sift *f, const unsigned short of[SIFT_WORDS], struct str s);

#endif
