#include "incident/incident.h"

#include <string.h>

void
facts_room(struct facts *fs, size_t n)
{
	size_t cap = fs->n + n;

	if (cap <= fs->cap)
		return;
	fs->f = mem_grow(fs->f, fs->cap * sizeof(*fs->f), cap * sizeof(*fs->f));
	fs->cap = cap;
}

struct fact *
facts_add(struct facts *fs, enum fact_kind kind, int64_t lo, int64_t hi)
{
	fs->f = mem_more(fs->f, fs->n, &fs->cap, sizeof(*fs->f));
	fs->f[fs->n] = (struct fact){.kind = (uint8_t)kind, .lo = lo, .hi = hi, .at = hi, .resolved = NO_TIME};
	if (kind == FACT_HANG)
		fs->f[fs->n].ranks = mem_new(fs->d->mem, struct hang_ranks, 1);
	return &fs->f[fs->n++];
}

void
fact_said(struct facts *fs, struct fact *f, uint32_t id)
{
	enum { SAID_FIRST = 4, SAID_MAX = 16 };

	for (size_t i = 0; i < f->nsaid; i++)
		if (f->said[i] == id)
			return;
	if (!id || f->nsaid == SAID_MAX)
		return;
	if (f->nsaid == 0 || (f->nsaid >= SAID_FIRST && !(f->nsaid & (f->nsaid - 1)))) { /* most have one or two */
		uint32_t *had = f->said;

		f->said = mem_new(fs->d->mem, uint32_t, had ? 2 * f->nsaid : SAID_FIRST);
		if (had)
			memcpy(f->said, had, f->nsaid * sizeof(*had));
	}
	f->said[f->nsaid++] = id;
}

static void
add(struct facts *fs, struct fact *f, struct fact_evidence e)
{
	struct fact_evidence **to = &f->ev;

	if (f->nev == FACT_EVIDENCE_MAX || !e.text)
		return;
	while (*to)
		to = &(*to)->next;
	e.next = NULL;
	*to = mem_new(fs->d->mem, struct fact_evidence, 1);
	**to = e;
	f->nev++;
}

void
fact_add_evidence(struct facts *fs, struct fact *f, struct str kind, uint32_t uid, int64_t t, uint32_t text)
{
	add(fs, f, (struct fact_evidence){.t = t, .kind = idx_add(fs->names, kind), .uid = uid, .text = text, .node = f->node});
}

void
fact_show(struct facts *fs, struct fact *f, struct fact_evidence e)
{
	for (const struct fact_evidence *had = f->ev; had; had = had->next)
		if (had->t == e.t && had->text == e.text)
			return;
	add(fs, f, e);
}

void
fact_share(struct facts *fs, struct fact *f, const struct fact *of)
{
	for (const struct fact_evidence *e = of->ev; e; e = e->next)
		add(fs, f, *e);
}

uint32_t
facts_pod(struct facts *fs, struct str ns, struct str name)
{
	struct buf *b = fs->d->scratch;

	b->n = 0;
	if (ns.n) {
		buf_add(b, ns);
		buf_chr(b, '/');
	}
	buf_add(b, name);
	return name.n ? idx_add(fs->names, buf_str(b)) : 0;
}

int
ids_cmp(const void *x, const void *y, const void *ctx)
{
	return idx_cmp(ctx, *(const uint32_t *)x, *(const uint32_t *)y);
}

void
ids_add(const struct facts *fs, struct ids *to, uint32_t id)
{
	if (!id)
		return;
	to->id = mem_extend(fs->d->mem, to->id, to->n, &to->cap, sizeof(*to->id));
	to->id[to->n++] = id;
}

void
ids_sort(const struct facts *fs, struct ids *to)
{
	sort(to->id, to->n, sizeof(*to->id), ids_cmp, fs->names, fs->d->spare);
	to->n = sort_unique(to->id, to->n, sizeof(*to->id), ids_cmp, fs->names);
}

bool
ids_has(const struct facts *fs, const struct ids *x, uint32_t id)
{
	size_t lo = 0;

	SORT_BISECT(lo, x->n, i, idx_cmp(fs->names, x->id[i], id) < 0);
	return lo < x->n && x->id[lo] == id;
}
