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
	fs->f[fs->n] = (struct fact){.kind = kind, .lo = lo, .hi = hi, .at = hi, .resolved = NO_TIME};
	return &fs->f[fs->n++];
}

void
fact_said(struct facts *fs, struct fact *f, uint32_t id)
{
	enum { SAID_MAX = 16 };

	for (size_t i = 0; i < f->nsaid; i++)
		if (f->said[i] == id)
			return;
	if (!id || f->nsaid == SAID_MAX)
		return;
	f->said = mem_extend(fs->d->mem, f->said, f->nsaid, &f->saidcap, sizeof(*f->said));
	f->said[f->nsaid++] = id;
}

void
fact_evidence(struct facts *fs, struct fact *f, struct str kind, struct str uid, int64_t t, struct str text)
{
	if (f->nev == FACT_EVIDENCE_MAX || !text.n)
		return;
	if (!(f->nev & (f->nev - 1))) { /* most have one or two */
		struct evidence *had = f->ev;

		f->ev = mem_new(fs->d->mem, struct evidence, f->nev ? 2 * f->nev : 1);
		if (had)
			memcpy(f->ev, had, f->nev * sizeof(*had));
	}
	if (!uid.n) {
		struct str where = idx_at(fs->names, f->node);
		struct buf *b = fs->d->scratch;

		b->n = 0;
		buf_add(b, where.n ? where : S("-"));
		buf_chr(b, '/');
		buf_add(b, kind);
		buf_chr(b, '/');
		time_put(b, t);
		uid = mem_str(fs->d->mem, buf_str(b));
	}
	f->ev[f->nev++] = (struct evidence){kind, uid, text, t};
}

void
fact_show(struct facts *fs, struct fact *f, struct evidence e)
{
	for (size_t i = 0; i < f->nev; i++)
		if (f->ev[i].t == e.t && str_eq(f->ev[i].text, e.text))
			return;
	fact_evidence(fs, f, e.kind, e.uid, e.t, e.text);
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
