#include "base/idx.h"

#include <string.h>

/* The length of a string is stored in a byte before it, or, from LONG on, as
 * LONG and a size_t. */
enum { LONG = UINT8_MAX };

static const char *
keep(struct idx *x, struct str s)
{
	size_t head = s.n < LONG ? 1 : 1 + sizeof(s.n);
	char *p = mem_bytes(&x->mem, head + s.n);

	*p = (char)(s.n < LONG ? s.n : LONG);
	if (s.n >= LONG)
		memcpy(p + 1, &s.n, sizeof(s.n));
	memcpy(p + head, s.p, s.n);
	x->bytes += s.n;
	return p;
}

static struct str
kept(const char *p)
{
	struct str s = {p + 1, (unsigned char)*p};

	if (s.n == LONG) {
		memcpy(&s.n, s.p, sizeof(s.n));
		s.p += sizeof(s.n);
	}
	return s;
}

/* Ideal slot for a hash. */
static size_t
home(const struct idx *x, uint32_t hash)
{
	return (size_t)((uint64_t)hash * x->slots >> 32);
}

static size_t
behind(const struct idx *x, size_t i)
{
	return i + 1 < x->slots ? i + 1 : 0;
}

/* Slot of s with this hash, or the slot for it if it is new. */
static size_t
probe(const struct idx *x, struct str s, uint32_t hash)
{
	size_t i = home(x, hash);

	while (x->slot[i].id && !(x->slot[i].hash == hash && str_eq(kept(x->s[x->slot[i].id]), s)))
		i = behind(x, i);
	return i;
}

enum { LARGE = 1 << 17 }; /* slots: from this size on the table grows by a quarter */

/* Both tables are in order of the hashes and are traversed once: no cache misses. */
static void
widen(struct idx *x)
{
	struct idx_slot *from = x->slot;
	size_t old = x->slots;

	x->slots = !old ? 256 : old < LARGE ? 2 * old : old + old / 4;
	x->slot = mem_grow(NULL, 0, x->slots * sizeof(*x->slot));
	memset(x->slot, 0, x->slots * sizeof(*x->slot));
	for (size_t k = 0; k < old; k++) {
		size_t i = home(x, from[k].hash);

		if (!from[k].id)
			continue;
		while (x->slot[i].id)
			i = behind(x, i);
		x->slot[i] = from[k];
	}
	mem_give(from, old * sizeof(*from));
}

uint32_t
idx_add(struct idx *x, struct str s)
{
	uint32_t hash, *near;
	size_t i;

	if (s.n == 0)
		return 0;
	near = &x->near[str_ends_hash(s) >> 58];
	if (*near && str_eq(kept(x->s[*near]), s))
		return *near;
	if (x->n + 1 > x->slots / 5 * 4)
		widen(x);
	hash = (uint32_t)str_hash(s);
	i = probe(x, s, hash);
	if (x->slot[i].id)
		return *near = x->slot[i].id;
	if (x->n >= UINT32_MAX)
		mem_fail();
	x->s = mem_more(x->s, x->n + 1, &x->cap, sizeof(*x->s));
	if (x->n == 0)
		x->s[x->n++] = NULL;
	x->s[x->n] = keep(x, s);
	x->slot[i] = (struct idx_slot){(uint32_t)x->n, hash};
	return *near = (uint32_t)x->n++;
}

uint32_t
idx_find(const struct idx *x, struct str s)
{
	return s.n && x->slots ? x->slot[probe(x, s, (uint32_t)str_hash(s))].id : 0;
}

struct str
idx_at(const struct idx *x, uint32_t id)
{
	return id ? kept(x->s[id]) : (struct str){0};
}

int
idx_cmp(const struct idx *x, uint32_t a, uint32_t b)
{
	return a == b ? 0 : str_cmp(idx_at(x, a), idx_at(x, b));
}

void
idx_reset(struct idx *x)
{
	mem_reset(&x->mem);
	x->n = 0;
	x->bytes = 0;
	memset(x->near, 0, sizeof(x->near));
	if (x->slots)
		memset(x->slot, 0, x->slots * sizeof(*x->slot));
}

void
idx_free(struct idx *x)
{
	mem_free(&x->mem);
	mem_give(x->s, x->cap * sizeof(*x->s));
	mem_give(x->slot, x->slots * sizeof(*x->slot));
	*x = (struct idx){0};
}
