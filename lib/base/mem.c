#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Under AddressSanitizer every object has its own block, so that overruns
 * inside an arena are caught as they are on the heap.
 */
#if defined(__SANITIZE_ADDRESS__)
#define LONE_BLOCKS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LONE_BLOCKS 1
#endif
#endif
#ifndef LONE_BLOCKS
#define LONE_BLOCKS 0
#endif

/* Block sizes double between these limits: few calls, little waste. */
enum { BLOCK_FIRST = 16 * 1024, BLOCK_LAST = 16 * 1024 * 1024 };

/* From this size in bytes on, arrays grow by a quarter. */
enum { LARGE = 512 * 1024 };

struct blk {
	struct blk *next;
	size_t used, cap;
	size_t top; /* maximum of used: bytes after it are untouched */
	max_align_t data[];
};

static void
oom(void)
{
	static const char msg[] = "out of memory\n";

	(void)!write(STDERR_FILENO, msg, sizeof(msg) - 1);
	_exit(2);
}

void (*mem_oom)(void) = oom;
struct mem_count mem_count;

void
mem_fail(void)
{
	mem_oom();
	abort();
}

/* Count n more bytes in use. */
static void
hold(size_t n)
{
	mem_count.bytes += n;
	if (mem_count.bytes > mem_count.peak)
		mem_count.peak = mem_count.bytes;
}

static void *
ask(void *p, size_t n)
{
	p = realloc(p, n);
	if (!p)
		mem_fail();
	mem_count.calls++;
	return p;
}

void *
mem_grow(void *p, size_t old, size_t n)
{
	p = ask(p, n);
	hold(n - old);
	return p;
}

void
mem_give(void *p, size_t n)
{
	free(p);
	mem_count.bytes -= n;
}

void *
mem_trim(void *p, size_t old, size_t n)
{
	void *to = realloc(p, n);

	if (!to) /* realloc failed: nothing was freed */
		return p;
	mem_count.bytes -= old - n;
	return to;
}

void *
mem_more(void *p, size_t n, size_t *cap, size_t size)
{
	size_t old = *cap;

	if (n < old)
		return p;
	if (old > SIZE_MAX / 4 / size)
		mem_fail();
	*cap = !old ? 64 : old * size < LARGE ? 2 * old : old + old / 4;
	return mem_grow(p, old * size, *cap * size);
}

static struct blk *
block(struct mem *m, size_t n)
{
	struct blk *b = m->blk;
	size_t cap = BLOCK_FIRST;

	if (LONE_BLOCKS)
		cap = n;
	else if (b)
		cap = b->cap < BLOCK_LAST / 2 ? 2 * b->cap : BLOCK_LAST;
	if (cap < n)
		cap = n;
	b = ask(NULL, sizeof(*b) + cap);
	hold(sizeof(*b));
	*b = (struct blk){.next = m->blk, .cap = cap};
	m->blk = b;
	return b;
}

/* n bytes at the given alignment, a power of two. */
static char *
take(struct mem *m, size_t n, size_t align)
{
	struct blk *b = m->blk;
	size_t at = b ? (b->used + align - 1) & ~(align - 1) : 0;

	if (!b || at > b->cap || n > b->cap - at || LONE_BLOCKS) {
		b = block(m, n);
		at = 0;
	}
	b->used = at + n;
	if (b->used > b->top) {
		hold(b->used - b->top);
		b->top = b->used;
	}
	return (char *)b->data + at;
}

void *
mem_get(struct mem *m, size_t size, size_t count)
{
	size_t n;

	if (size && count > SIZE_MAX / 4 / size)
		mem_fail();
	n = size * count;
	return memset(take(m, n, _Alignof(max_align_t)), 0, n);
}

char *
mem_bytes(struct mem *m, size_t n)
{
	if (n > SIZE_MAX / 4)
		mem_fail();
	return take(m, n, 1);
}

struct str
mem_str(struct mem *m, struct str s)
{
	char *p = mem_bytes(m, s.n);

	if (s.n)
		memcpy(p, s.p, s.n);
	return (struct str){p, s.n};
}

void *
mem_extend(struct mem *m, void *p, size_t n, size_t *cap, size_t size)
{
	const struct blk *b = m->blk;
	size_t old = *cap * size;
	void *to;

	if (n < *cap)
		return p;
	*cap = *cap ? 2 * *cap : 4;
	/* the newest object of a block grows in place */
	if (!LONE_BLOCKS && old && (char *)p + old == (char *)b->data + b->used && old <= b->cap - b->used) {
		memset(take(m, old, 1), 0, old);
		return p;
	}
	to = mem_get(m, size, *cap);
	if (n)
		memcpy(to, p, n * size);
	return to;
}

static void
free_from(struct blk *b)
{
	while (b) {
		struct blk *next = b->next;

		mem_give(b, sizeof(*b) + b->top);
		b = next;
	}
}

void
mem_free(struct mem *m)
{
	free_from(m->blk);
	m->blk = NULL;
}

void
mem_reset(struct mem *m)
{
	struct blk *b = m->blk;

	if (LONE_BLOCKS) {
		mem_free(m);
	} else if (b) {
		free_from(b->next);
		b->next = NULL;
		b->used = 0;
	}
}
