#include "incident/story.h"

/* Order of stories by the failed part: node, then GPU, or else the kind of fact. */
static int
part_cmp(const void *x, const void *y, const void *ctx)
{
	const struct fact *a = (*(struct story *const *)x)->root, *b = (*(struct story *const *)y)->root;
	int d = idx_cmp(ctx, a->node, b->node);

	d = d ? d : pci_cmp(a->gpu, b->gpu);
	return d ? d : a->gpu.known ? 0 : SORT_ORDER(a->kind, b->kind);
}

static bool
has_part(const struct fact *f)
{
	return f->node && (f->gpu.known || (f->kind != FACT_HANG && f->kind != FACT_LOST && f->kind != FACT_ENDED));
}

static int
part_first_cmp(const void *x, const void *y, const void *ctx)
{
	int d = part_cmp(x, y, ctx);

	return d ? d : SORT_ORDER(*(struct story *const *)x, *(struct story *const *)y);
}

void
stories_number(struct facts *fs, struct story *all, size_t n)
{
	struct story **s = mem_new(fs->d->mem, struct story *, n);
	size_t to = 0;

	for (size_t i = 0; i < n; i++)
		if (has_part(all[i].root))
			s[to++] = &all[i];
	sort(s, to, sizeof(struct story *), part_first_cmp, fs->names, fs->d->spare);
	for (size_t i = 0; i < to; i++) {
		bool again = i && part_cmp(&s[i - 1], &s[i], fs->names) == 0;

		s[i]->nth = again ? s[i - 1]->nth + 1 : 1;
		s[i]->previous = again ? s[i - 1] : NULL;
	}
}

/* A node or job of a story. */
struct story_of {
	uint32_t id, story;
};

static int
story_of_cmp(const void *x, const void *y, const void *ctx)
{
	const struct story_of *a = x, *b = y;
	int d = SORT_ORDER(a->id, b->id);

	(void)ctx;
	return d ? d : SORT_ORDER(a->story, b->story);
}

static bool
is_near(const struct story *a, const struct story *b)
{
	return a->first <= time_add(b->last, 60 * MINUTE) && b->first <= time_add(a->last, 60 * MINUTE);
}

void
stories_relate(struct facts *fs, struct story *all, size_t n)
{
	enum { NEAREST = 8 }; /* in each direction */
	struct story_of *b;
	size_t nb = 0;

	for (size_t i = 0; i < n; i++)
		nb += all[i].nodes.n + all[i].jobs.n;
	b = mem_new(fs->d->mem, struct story_of, nb);
	nb = 0;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < all[i].nodes.n; k++)
			b[nb++] = (struct story_of){all[i].nodes.id[k], (uint32_t)i};
		for (size_t k = 0; k < all[i].jobs.n; k++)
			b[nb++] = (struct story_of){all[i].jobs.id[k], (uint32_t)i};
	}
	sort(b, nb, sizeof(*b), story_of_cmp, NULL, fs->d->spare);
	for (size_t i = 0; i < nb; i++) {
		struct story *s = &all[b[i].story];

		for (size_t k = i; k-- && i - k <= NEAREST && b[k].id == b[i].id;)
			if (is_near(&all[b[k].story], s))
				ids_add(s->fs, &s->related, b[k].story + 1);
		for (size_t k = i + 1; k < nb && k - i <= NEAREST && b[k].id == b[i].id; k++)
			if (is_near(&all[b[k].story], s))
				ids_add(s->fs, &s->related, b[k].story + 1);
	}
}

void
story_put_related(const struct story *all, size_t i)
{
	const struct story *s = &all[i];
	struct verdicts *vs = s->fs->d->out;
	struct ids see = s->related;

	if (s->previous) {
		verdict_int(vs, "recurrence", s->nth);
		verdict_str(vs, "previous", s->previous->id);
	}
	sort(see.id, see.n, sizeof(*see.id), sort_u32, NULL, s->fs->d->spare);
	see.n = sort_unique(see.id, see.n, sizeof(*see.id), sort_u32, NULL);
	if (!see.n)
		return;
	verdict_open(vs, "see_also", ITEM_LIST);
	for (size_t k = 0; k < see.n; k++)
		verdict_str(vs, NULL, all[see.id[k] - 1].id);
	verdict_close(vs);
}
