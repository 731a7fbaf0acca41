#include "base/idx.h"

#include <string.h>

/* The slot where s, of this hash, is or would be. */
static size_t
probe(const struct idx *x, struct str s, uint32_t hash)
{
	size_t i = hash & (x->slots - 1);

	while (x->slot[i].id && !(x->slot[i].hash == hash && str_eq(x->s[x->slot[i].id], s)))
		i = (i + 1) & (x->slots - 1);
	return i;
}

static void
widen(struct idx *x)
{
	struct idx_slot *from = x->slot;
	size_t old = x->slots;

	x->slots = old ? 2 * old : 256;
	x->slot = mem_grow(NULL, 0, x->slots * sizeof(*x->slot));
	memset(x->slot, 0, x->slots * sizeof(*x->slot));
	for (size_t k = 0; k < old; k++) {
		size_t i = from[k].hash & (x->slots - 1);

		if (!from[k].id)
			continue;
		while (x->slot[i].id)
			i = (i + 1) & (x->slots - 1);
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
	if (*near && x->s[*near].n == s.n && str_same(x->s[*near].p, s.p, s.n))
		return *near;
	if (x->n + 1 > x->slots / 4 * 3)
		widen(x);
	hash = (uint32_t)str_hash(s);
	i = probe(x, s, hash);
	if (x->slot[i].id)
		return *near = x->slot[i].id;
	if (x->n >= UINT32_MAX)
		mem_fail();
	x->s = mem_more(x->s, x->n + 1, &x->cap, sizeof(*x->s));
	if (x->n == 0)
		x->s[x->n++] = (struct str){0};
	x->s[x->n] = mem_str(&x->mem, s);
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
	return id ? x->s[id] : (struct str){0};
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
