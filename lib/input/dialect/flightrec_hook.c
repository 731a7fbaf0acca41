#include "input/dialect/flightrec.h"

void
flightrec_look_for_hook(struct reader *r, struct dump *d)
{
	bool other = false, completes = false;

	for (struct value v = value_first(d->entries); value_ok(v); v = value_next(d->entries, v)) {
		struct entry e = flightrec_entry(r, v, PREFIX_LEN);
		struct str op = text(r, entry_get(&e, OP));

		other |= !str_starts(op, S("nccl:")) && !str_starts(op, S("xccl:"));
		completes |= str_ieq(text(r, entry_get(&e, STATE)), S("completed"));
	}
	d->who.retires = other || !completes;
	d->doubt = !completes;
	d->asked = true;
}

/* An entry's number in the process, and its index among the entries. */
struct numbered {
	struct str group;
	int64_t seq;
	size_t at;
	bool is_collective;
};

static int
numbered_cmp(const void *x, const void *y, const void *ctx)
{
	const struct numbered *a = x, *b = y;

	(void)ctx;
	return SORT_ORDER(a->seq, b->seq);
}

static int
numbered_group_cmp(const void *x, const void *y, const void *ctx)
{
	const struct numbered *a = x, *b = y;
	int d = str_cmp(a->group, b->group);

	d = d ? d : SORT_ORDER(b->is_collective, a->is_collective);
	return d ? d : numbered_cmp(x, y, ctx);
}

int64_t *
flightrec_numbers(struct reader *r, const struct dump *d, size_t n, bool *lost)
{
	struct numbered *num = mem_new(&r->mem, struct numbered, n);
	int64_t *out, next = 0;
	size_t i = 0;
	bool mixed = false;

	for (struct value v = value_first(d->entries); value_ok(v); v = value_next(d->entries, v), i++) {
		struct entry e = flightrec_entry(r, v, PREFIX_LEN);
		struct str op = text(r, entry_get(&e, OP));

		if (!value_i64(entry_get(&e, SEQ), &num[i].seq) || flightrec_is_p2p(r, &e, op))
			return NULL;
		num[i].group = flightrec_group(r, &e).name;
		num[i].at = i;
		num[i].is_collective = !flightrec_is_no_collective(op);
		mixed |= !num[i].is_collective || !str_eq(num[i].group, num[0].group);
	}
	sort(num, n, sizeof(*num), numbered_cmp, NULL, &r->ev->scratch);
	for (i = 1; i < n; i++)
		if (num[i].seq != num[i - 1].seq + 1)
			return NULL;
	if (!mixed)
		return NULL;
	*lost = num[0].seq > 1;
	out = mem_new(&r->mem, int64_t, n);
	sort(num, n, sizeof(*num), numbered_group_cmp, NULL, &r->ev->scratch);
	for (i = 0; i < n; i++) {
		if (i == 0 || !str_eq(num[i].group, num[i - 1].group))
			next = 0;
		out[num[i].at] = *lost ? num[i].seq : next++;
	}
	return out;
}

bool
flightrec_may_be_other(struct reader *r, const struct dump *d)
{
	struct value status = value_get(d->v, S("pg_status")), first = value_first(d->entries);
	struct entry e;
	struct str op;

	if (!value_ok(first))
		return false;
	if (value_is_object(status) && !value_ok(value_first(status)))
		return true;
	e = flightrec_entry(r, first, PREFIX_LEN);
	op = text(r, entry_get(&e, OP));
	return !str_starts(op, S("nccl:")) && !str_starts(op, S("xccl:"));
}
