/*
 * mem - memory: arenas, whose objects are freed together, and the only code
 * that calls malloc.  A function that returns new memory takes a struct mem.
 * Two lifetimes are enough here: the line and the run.
 * Layer base: includes str.
 */
#ifndef MEM_H
#define MEM_H

#include "base/str.h"

struct mem {
	struct blk *blk; /* newest block first; {0} is an empty arena */
};

/*
 * count objects of size bytes, zeroed, aligned for any type.  Never NULL:
 * overflow and exhaustion call mem_fail.
 */
void *mem_get(struct mem *m, size_t size, size_t count);
#define mem_new(m, T, count) ((T *)mem_get((m), sizeof(T), (count)))

/* n bytes, not zeroed, unaligned. */
char *mem_bytes(struct mem *m, size_t n);
/* A copy of s that lives as long as m. */
struct str mem_str(struct mem *m, struct str s);

/*
 * Room for one more element in an array in an arena: like mem_more, but if the
 * array moves, the old copy remains until the arena is freed.
 */
void *mem_extend(struct mem *m, void *p, size_t n, size_t *cap, size_t size);

/* Free every object but keep the newest block for reuse. */
void mem_reset(struct mem *m);
/* Free everything; m is an empty arena again. */
void mem_free(struct mem *m);

/*
 * realloc that calls mem_fail instead of returning NULL; old is the current
 * size of p (0 and NULL at first).  Free the result with mem_give.
 */
void *mem_grow(void *p, size_t old, size_t n);
void mem_give(void *p, size_t n);
/* Free all but the first n (not 0) of old bytes; returns their new address. */
void *mem_trim(void *p, size_t old, size_t n);

/*
 * Room for one more element in an array of *cap elements of the given size, n
 * of them used: returns p; if it was full, moved and doubled, or, if large,
 * grown by a quarter.
 */
void *mem_more(void *p, size_t n, size_t *cap, size_t size);

/* What is there will be read soon: for what lies scattered in much memory. */
static inline void
mem_soon(const void *p)
{
#ifdef __GNUC__
	__builtin_prefetch(p);
#else
	(void)p;
#endif
}

/* Memory ran out: calls the hook. */
_Noreturn void mem_fail(void);
/* The hook; must not return.  By default: a message, exit 2. */
extern void (*mem_oom)(void);

/* Totals since the program started, for --stats. */
struct mem_count {
	uint64_t calls; /* allocations from the heap */
	uint64_t bytes; /* in use; of arenas, the used part of their blocks */
	uint64_t peak;  /* maximum of bytes */
};
extern struct mem_count mem_count;

#endif
