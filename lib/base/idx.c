#include "base/idx.h"

#include <string.h>

/* The slot where s is or would be. */
static size_t
probe(const struct idx *x, struct str s)
{
	size_t i = str_hash(s) & (x->slots - 1);

	while (x->slot[i] && !str_eq(x->s[x->slot[i]], s))
		i = (i + 1) & (x->slots - 1);
	return i;
}

static void
widen(struct idx *x)
{
	size_t old = x->slots;

	x->slots = old ? 2 * old : 256;
	mem_give(x->slot, old * sizeof(*x->slot));
	x->slot = mem_grow(NULL, 0, x->slots * sizeof(*x->slot));
	memset(x->slot, 0, x->slots * sizeof(*x->slot));
	for (size_t id = 1; id < x->n; id++)
		x->slot[probe(x, x->s[id])] = (uint32_t)id;
}

uint32_t
idx_add(struct idx *x, struct str s)
{
	size_t i;

	if (s.n == 0)
		return 0;
	if (x->n + 1 > x->slots / 2)
		widen(x);
	i = probe(x, s);
	if (x->slot[i])
		return x->slot[i];
	if (x->n >= UINT32_MAX)
		mem_fail();
	x->s = mem_more(x->s, x->n + 1, &x->cap, sizeof(*x->s));
	if (x->n == 0)
		x->s[x->n++] = (struct str){0};
	x->s[x->n] = mem_str(&x->mem, s);
	x->slot[i] = (uint32_t)x->n++;
	return x->slot[i];
}

uint32_t
idx_find(const struct idx *x, struct str s)
{
	return s.n && x->slots ? x->slot[probe(x, s)] : 0;
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
