#include "pattern/nccl_hang/nccl.h"

static const struct {
	struct str op;
	unsigned demand;
} ops[] = {
	{STR_INIT("all_reduce"), SAME | IN_PLACE},
	{STR_INIT("allreduce"), SAME | IN_PLACE},
	{STR_INIT("allreduce_coalesced"), SAME | IN_PLACE},
	{STR_INIT("all_reduce_barrier"), SAME},
	{STR_INIT("barrier"), SAME},
	{STR_INIT("broadcast"), SAME | ROOTED},
	{STR_INIT("_broadcast_oop"), SAME | ROOTED},
	{STR_INIT("reduce"), SAME | ROOTED},
	{STR_INIT("_reduce_oop"), SAME | ROOTED},
	{STR_INIT("all_gather"), SAME},
	{STR_INIT("allgather"), SAME},
	{STR_INIT("_all_gather_base"), SAME},
	{STR_INIT("_allgather_base"), SAME},
	{STR_INIT("all_gather_into_tensor"), SAME},
	{STR_INIT("all_gather_into_tensor_coalesced"), SAME},
	{STR_INIT("allgather_into_tensor_coalesced"), SAME},
	{STR_INIT("reduce_scatter"), SAME},
	{STR_INIT("_reduce_scatter_base"), SAME},
	{STR_INIT("reduce_scatter_tensor"), SAME},
	{STR_INIT("reduce_scatter_tensor_coalesced"), SAME},
	{STR_INIT("gather"), ROOTED},
	{STR_INIT("scatter"), ROOTED},
};

unsigned
nccl_demand(const struct job *a, const struct collective *c)
{
	struct str op = nccl_op(name(a, c->op));

	for (size_t i = 0; i < NELEM(ops); i++)
		if (str_ieq(ops[i].op, op))
			return ops[i].demand;
	return 0;
}

/* A member's call; equal calls have the same text. */
struct call {
	uint32_t member, text;
};

static int
call_cmp(const void *x, const void *y, const void *ctx)
{
	const struct call *p = x, *q = y;

	(void)ctx;
	return p->text != q->text ? SORT_ORDER(p->text, q->text) : SORT_ORDER(p->member, q->member);
}

static int
text_cmp(const void *x, const void *y, const void *ctx)
{
	return idx_cmp(ctx, *(const uint32_t *)x, *(const uint32_t *)y);
}

/* The parts of a shape that are set, as bits. */
static unsigned
parts_of(struct str shape)
{
	unsigned parts = 0;
	struct str s;

	for (unsigned i = 0; i < PARTS && str_cut(&shape, '|', &s); i++)
		parts |= (unsigned)(s.n != 0) << i;
	return parts;
}

/* Number of records of a collective: a coalesced call has several. */
static size_t
records_of(const struct job *a, const struct pending *it)
{
	const struct member *c = &a->member[it->member];
	size_t n = 1;

	while (it->c + n < c->pend + c->npend && it->c[n].seq == it->c->seq)
		n++;
	return n;
}

/* The part of a record that must be equal on all ranks. */
static uint32_t
record_text(const struct job *a, const struct collective *c, unsigned parts)
{
	struct str shape = name(a, c->shape), op = nccl_op(name(a, c->op)), s;
	struct buf *b = a->d->scratch;

	b->n = 0;
	for (size_t i = 0; i < op.n; i++)
		if (op.p[i] != '_') /* ALLREDUCE is all_reduce */
			buf_chr(b, (char)(op.p[i] >= 'A' && op.p[i] <= 'Z' ? op.p[i] | 0x20 : op.p[i]));
	if (nccl_demand(a, c) & SAME)
		for (unsigned i = 0; parts && i < PARTS && str_cut(&shape, '|', &s); i++) {
			buf_chr(b, '|');
			if (parts >> i & 1)
				buf_add(b, s);
		}
	return idx_add(a->d->names, buf_str(b));
}

static uint32_t
call_text(const struct job *a, const struct pending *it, unsigned parts)
{
	size_t n = records_of(a, it);
	uint32_t *text;
	struct buf *b = a->d->scratch;

	if (n == 1)
		return record_text(a, it->c, parts);
	text = mem_new(a->d->mem, uint32_t, n);
	for (size_t i = 0; i < n; i++)
		text[i] = record_text(a, it->c + i, parts);
	sort(text, n, sizeof(*text), text_cmp, &a->ev->names, a->d->spare);
	n = sort_unique(text, n, sizeof(*text), sort_u32, NULL);
	if (n == 1) /* the same record again */
		return text[0];
	b->n = 0;
	for (size_t i = 0; i < n; i++) {
		buf_add(b, name(a, text[i]));
		buf_chr(b, '\n');
	}
	return idx_add(a->d->names, buf_str(b));
}

/* Does a call contradict itself or, according to PyTorch, other ranks' calls? */
static bool
is_odd(const struct job *a, const struct collective *c)
{
	struct str shape = name(a, c->shape), part[PARTS] = {{0}};

	if (c->differs)
		return true;

	for (unsigned i = 0; i < PARTS && str_cut(&shape, '|', &part[i]); i++)
		;
	return nccl_demand(a, c) & IN_PLACE && part[0].n && part[2].n && !str_eq(part[0], part[2]);
}
uint32_t *
nccl_mismatch(const struct job *a, const struct grp *g, int64_t seq, size_t *n, bool *open)
{
	size_t from, to, ncall = 0, most = 0, second = 0, ties = 0, odd = 0, size = g->ranks ? g->to - g->from : g->size, k;
	uint32_t *out, common = 0;
	unsigned parts = ~0u, sources = 0;
	struct call *call;

	*n = 0;
	*open = false;
	nccl_items(a, g, seq, &from, &to);
	call = mem_new(a->d->mem, struct call, to - from);
	for (size_t i = from; i < to; i++)
		for (size_t r = records_of(a, &a->item[i]); r--;) {
			parts &= parts_of(name(a, a->item[i].c[r].shape));
			sources |= 1u << a->item[i].c[r].source;
			odd += is_odd(a, a->item[i].c + r);
		}
	if (sources & (sources - 1)) /* a log counts elements, a recorder dimensions */
		parts = 0;
	for (size_t i = from; i < to; i++)
		if (a->item[i].c->op || a->item[i].c->source == FROM_RECORDER)
			call[ncall++] = (struct call){a->item[i].member, call_text(a, &a->item[i], parts)};
	sort(call, ncall, sizeof(*call), call_cmp, NULL, a->d->spare);
	for (size_t i = 0; i < ncall; i = k) {
		for (k = i; k < ncall && call[k].text == call[i].text; k++)
			;
		second = k - i > most ? most : k - i > second ? k - i : second;
		ties = k - i > most ? 1 : ties + (k - i == most);
		if (k - i > most) {
			most = k - i;
			common = call[i].text;
		}
	}
	if (ncall == 0 || (most == ncall && !odd))
		return NULL;
	if (ties > 1 || most == ncall)
		common = UINT32_MAX;
	*open = !odd && (size == 0 || (size > ncall && most <= second + (size - ncall)));
	out = mem_new(a->d->mem, uint32_t, ncall);
	for (size_t i = 0; i < ncall; i++)
		if (call[i].text != common)
			out[(*n)++] = call[i].member;
	sort(out, *n, sizeof(*out), sort_u32, NULL, a->d->spare);
	return out;
}
