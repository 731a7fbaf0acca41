/*
 * idx - interned strings: each distinct string is stored once and has a small
 * number.  Numbers depend on the order of arrival; output order must never use
 * them.
 * Layer base: includes mem, str.
 */
#ifndef IDX_H
#define IDX_H

#include "base/mem.h"

struct idx {
	struct mem mem;   /* the strings, each preceded by its length */
	const char **s;   /* s[id]: address of string id; s[0] is unused */
	size_t n, cap;    /* ids in use; room */
	struct idx_slot { /* open addressing, sorted by hash */
		uint32_t id;   /* 0: free */
		uint32_t hash; /* of its string */
	} *slot;
	size_t slots;
	uint64_t bytes;   /* total length of the strings */
	uint32_t near[64]; /* cache of ids by a quick hash, for frequent strings */
};

/* The number of s, which is stored if new; 0 for the empty string. */
uint32_t idx_add(struct idx *x, struct str s);
/* The number of s if it is stored, else 0. */
uint32_t idx_find(const struct idx *x, struct str s);
/* The string of a number; lives as long as x. */
struct str idx_at(const struct idx *x, uint32_t id);

/* Bytewise comparison of two numbers' strings. */
int idx_cmp(const struct idx *x, uint32_t a, uint32_t b);

void idx_reset(struct idx *x); /* drop the strings, keep the room */
void idx_free(struct idx *x);

#endif
