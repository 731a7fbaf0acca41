#include "base/sort.h"
#include "incident/incident.h"
#include "incident/page.h"

/* An incident line of the input. */
struct passed {
	struct str id, line;
	int64_t first;
	bool planned;
};

static int
passed_cmp(const void *x, const void *y, const void *ctx)
{
	const struct passed *a = x, *b = y;
	int d = SORT_ORDER(a->first, b->first);

	(void)ctx;
	d = d ? d : str_cmp(a->id, b->id);
	return d ? d : str_cmp(a->line, b->line);
}

void
passed_gather(struct facts *fs)
{
	const struct event_list *list = &fs->ev->list[EVENT_VERDICT];
	const struct verdict_line *line = list->p;
	struct mem *m = fs->d->mem, own = {0};
	struct json j = {0};
	struct buf b = {0};
	size_t n = 0;

	fs->passed = mem_new(m, struct passed, list->n);
	for (size_t i = 0; i < list->n; i++) {
		struct passed *p = &fs->passed[n];
		struct incident one;
		struct value v;

		json_parse(&j, idx_at(fs->names, line[i].line));
		v = value_of(&j);
		mem_reset(&own);
		if (!str_eq(value_text(value_get(v, S("pattern.id")), &own), S("0")))
			continue;
		b.n = 0;
		incident_line(&b, v);
		incident_read(&one, v, &own);
		*p = (struct passed){mem_str(m, one.id), mem_str(m, buf_str(&b)), one.first, kind_planned(one.kind)};
		n++;
	}
	sort(fs->passed, n, sizeof(*fs->passed), passed_cmp, NULL, fs->d->spare);
	fs->npassed = sort_unique(fs->passed, n, sizeof(*fs->passed), passed_cmp, NULL);
	json_free(&j);
	buf_free(&b);
	mem_free(&own);
}

void
passed_report(struct facts *fs, int64_t first, struct str id)
{
	struct passed own = {.id = id, .first = first};

	for (; fs->npassed; fs->passed++, fs->npassed--) {
		const struct passed *p = fs->passed;
		bool same = p->first == first && str_eq(p->id, id);

		if (!same && passed_cmp(p, &own, NULL) > 0)
			return;
		if (!same) {
			struct verdict *v = verdict_add(fs->d->out);

			v->line = p->line;
			v->planned = p->planned;
		}
	}
}
