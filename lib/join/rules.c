#include "join/rules.h"

#include "base/num.h"
#include "base/sort.h"

static const char *
rule(struct str line, struct xid_info *x)
{
	struct str code = {0}, cls = {0}, action = {0}, todo = {0};
	uint64_t n;

	str_cut(&line, '\t', &code);
	if (!num_u64(str_trim(code), &n) || n == 0 || n > 999999)
		return "the first field is not an Xid code";
	if (!str_cut(&line, '\t', &cls) || !xid_class_of(str_trim(cls), &x->cls) || x->cls == XID_NVSWITCH)
		return "the second field is not a class: hardware, unknown, application, consequence, informational";
	str_cut(&line, '\t', &action);
	str_cut(&line, '\t', &todo);
	if (line.p)
		return "more than four fields";
	x->code = (uint32_t)n;
	x->action = str_trim(action);
	x->todo = str_trim(todo);
	return NULL;
}

static int
code_cmp(const void *x, const void *y, const void *ctx)
{
	const struct xid_info *a = x, *b = y;

	(void)ctx;
	return SORT_ORDER(a->code, b->code);
}

const char *
rules_parse(void *rules, struct str text, struct mem *m, uint64_t *line)
{
	struct rules *r = rules;
	struct buf scratch = {0};
	struct str rest = text, s;
	const char *why;
	size_t lines = 1, n;

	for (size_t i = 0; i < text.n; i++)
		lines += text.p[i] == '\n';
	*r = (struct rules){.x = mem_new(m, struct xid_info, lines)};
	for (*line = 1; str_cut(&rest, '\n', &s); ++*line) {
		struct xid_info x = {0};

		if (str_trim(s).n == 0 || str_starts(s, S("#")))
			continue;
		why = rule(s, &x);
		if (why)
			return why;
		r->x[r->n++] = x;
	}
	sort(r->x, r->n, sizeof(*r->x), code_cmp, NULL, &scratch);
	buf_free(&scratch);
	n = r->n;
	r->n = 0;
	for (size_t i = 0; i < n; i++)
		if (i + 1 == n || r->x[i + 1].code != r->x[i].code)
			r->x[r->n++] = r->x[i];
	return NULL;
}

struct xid_info
rules_find(const struct rules *r, uint32_t code, bool *by_rule)
{
	const struct xid_info *known = catalog_find(code);
	struct xid_info x = {
		.code = code,
		.cls = XID_UNKNOWN,
		.what = S("not in the catalog"),
		.todo = S("Collect nvidia-bug-report.sh and ask NVIDIA support."),
	};
	size_t lo = 0;

	if (known)
		x = *known;
	SORT_BISECT(lo, r->n, i, r->x[i].code < code);
	*by_rule = lo < r->n && r->x[lo].code == code;
	if (*by_rule) {
		x.cls = r->x[lo].cls;
		if (r->x[lo].action.n)
			x.action = r->x[lo].action;
		if (r->x[lo].todo.n)
			x.todo = r->x[lo].todo;
	}
	return x;
}
