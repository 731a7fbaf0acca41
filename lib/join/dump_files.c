#include "join/dump_files.h"

enum { FALL = 16 }; /* numbers of one process may be this much out of order */

/* A number that a rank's dump has for a group. */
struct dump_call {
	uint32_t group, rank, file;
	int64_t t, seq;
};

static int
call_cmp(const void *x, const void *y, const void *ctx)
{
	const struct dump_call *a = x, *b = y;
	int d = SORT_ORDER(a->group, b->group);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->rank, b->rank);
	d = d ? d : SORT_ORDER(a->t, b->t);
	d = d ? d : SORT_ORDER(a->seq, b->seq);
	return d ? d : SORT_ORDER(a->file, b->file);
}

/* The members of the default group in a rank's dump. */
struct dump_list {
	uint32_t rank, ranks, file;
};

static int
list_cmp(const void *x, const void *y, const void *ctx)
{
	const struct dump_list *a = x, *b = y;
	int d = SORT_ORDER(a->rank, b->rank);

	(void)ctx;
	d = d ? d : SORT_ORDER(a->ranks, b->ranks);
	return d ? d : SORT_ORDER(a->file, b->file);
}

/* Length of the path's first n parts. */
static size_t
parts_end(struct str path, size_t n)
{
	size_t i = 0;

	while (i < path.n && (path.p[i] != '/' || --n))
		i++;
	return i;
}

/* Number of parts up to the first in which two paths differ. */
static size_t
parts_apart(struct str a, struct str b)
{
	size_t n = 1;

	for (size_t i = 0; i < a.n && i < b.n && a.p[i] == b.p[i]; i++)
		n += a.p[i] == '/';
	return n;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Number of parts of paths that distinguish jobs; SIZE_MAX: none do. */
static size_t
calls_apart(struct dump_call *c, size_t n, const struct idx *names, struct buf *spare)
{
	const struct dump_call *top = NULL; /* the rank's highest number so far */
	size_t parts = SIZE_MAX;

	sort(c, n, sizeof(*c), call_cmp, NULL, spare);
	for (size_t i = 0; i < n; i++) {
		if (!i || c[i].group != c[i - 1].group || c[i].rank != c[i - 1].rank)
			top = NULL;
		if (top && top->seq > c[i].seq + FALL && top->t < c[i].t && top->file != c[i].file)
			parts = least(parts, parts_apart(idx_at(names, top->file), idx_at(names, c[i].file)));
		if (!top || c[i].seq > top->seq)
			top = &c[i];
	}
	return parts;
}

static size_t
lists_apart(struct dump_list *l, size_t n, const struct idx *names, struct buf *spare)
{
	size_t parts = SIZE_MAX;

	sort(l, n, sizeof(*l), list_cmp, NULL, spare);
	for (size_t i = 1; i < n; i++)
		if (l[i].rank == l[i - 1].rank && l[i].ranks != l[i - 1].ranks && l[i].file != l[i - 1].file)
			parts = least(parts, parts_apart(idx_at(names, l[i].file), idx_at(names, l[i - 1].file)));
	return parts;
}

/* Does a record have a file, which is used only if it has no host? */
static bool
has_file(const struct event *e)
{
	return e->uid && !e->node;
}

static int
file_cmp(const void *x, const void *y, const void *ctx)
{
	(void)ctx;
	return SORT_ORDER(((const struct dump_file *)x)->file, ((const struct dump_file *)y)->file);
}

/* Are the records of several files? */
static bool
several(const struct progress *p, size_t n)
{
	uint32_t file = 0;

	for (size_t i = 0; i < n; i++) {
		if (has_file(&p[i].e) && file && p[i].e.uid != file)
			return true;
		if (has_file(&p[i].e))
			file = p[i].e.uid;
	}
	return false;
}

struct dump_files
dump_files_find(const struct progress *p, size_t np, const struct collective *c, size_t nc, const struct completed *d, size_t nd,
		struct idx *names, struct buf *spare, struct mem *in)
{
	struct dump_files f = {0};
	struct dump_call *call;
	struct dump_list *list;
	uint32_t zero = idx_find(names, S("0"));
	size_t ncall = 0, nlist = 0, parts;

	if (!several(p, np))
		return f;
	call = mem_new(in, struct dump_call, nc + nd);
	list = mem_new(in, struct dump_list, np);
	f.of = mem_new(in, struct dump_file, np);
	for (size_t i = 0; i < np; i++) {
		if (has_file(&p[i].e))
			f.of[f.n++].file = p[i].e.uid;
		if (has_file(&p[i].e) && p[i].ranks && p[i].group == zero)
			list[nlist++] = (struct dump_list){p[i].rank, p[i].ranks, p[i].e.uid};
	}
	for (size_t i = 0; i < nc; i++)
		if (has_file(&c[i].e) && c[i].e.t != NO_TIME)
			call[ncall++] = (struct dump_call){c[i].group, c[i].rank, c[i].e.uid, c[i].e.t, c[i].seq};
	for (size_t i = 0; i < nd; i++)
		if (has_file(&d[i].e) && d[i].e.t != NO_TIME)
			call[ncall++] = (struct dump_call){d[i].group, d[i].rank, d[i].e.uid, d[i].e.t, d[i].to};
	parts = least(calls_apart(call, ncall, names, spare), lists_apart(list, nlist, names, spare));
	if (parts == SIZE_MAX) {
		f.n = 0;
		return f;
	}
	sort(f.of, f.n, sizeof(*f.of), file_cmp, NULL, spare);
	f.n = sort_unique(f.of, f.n, sizeof(*f.of), file_cmp, NULL);
	for (size_t i = 0; i < f.n; i++) {
		struct str path = idx_at(names, f.of[i].file);

		spare->n = 0;
		buf_chr(spare, DUMP_FILES_MARK);
		buf_add(spare, str_head(path, parts_end(path, parts)));
		f.of[i].job = idx_add(names, buf_str(spare));
	}
	return f;
}

uint32_t
dump_files_place(const struct dump_files *f, const struct event *e)
{
	size_t lo = 0;

	if (e->node || !e->uid || !f->n)
		return e->node;
	SORT_BISECT(lo, f->n, i, f->of[i].file < e->uid);
	return lo < f->n && f->of[lo].file == e->uid ? f->of[lo].job : 0;
}
