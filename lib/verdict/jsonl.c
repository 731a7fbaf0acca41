#include "verdict/verdict.h"

static void
member(struct buf *b, const char *n, struct str s)
{
	buf_key(b, n);
	buf_json(b, s);
}

static void
time(struct buf *b, int64_t t)
{
	buf_chr(b, '"');
	time_put(b, t);
	buf_chr(b, '"');
}

static void
items(struct buf *b, const struct item *it, size_t n)
{
	char close[8] = {0}; /* closing brackets of open lists and objects */
	size_t depth = 0;

	for (; n; n--, it++) {
		if (it->kind == ITEM_END) {
			buf_chr(b, close[--depth]);
			continue;
		}
		if (it->name)
			buf_key(b, it->name);
		else if (b->p[b->n - 1] != '[')
			buf_chr(b, ',');
		switch (it->kind) {
		case ITEM_STR:
			buf_json(b, it->s);
			break;
		case ITEM_INT:
			buf_i64(b, it->n);
			break;
		case ITEM_SECONDS:
			buf_fixed(b, it->n, 9);
			break;
		case ITEM_TIME:
			time(b, it->n);
			break;
		case ITEM_BOOL:
			buf_add(b, it->n ? S("true") : S("false"));
			break;
		case ITEM_LIST:
			buf_chr(b, '[');
			close[depth++] = ']';
			break;
		case ITEM_OBJECT:
			buf_chr(b, '{');
			close[depth++] = '}';
			break;
		case ITEM_END:
			break;
		}
	}
}

static void
missing(struct buf *b, struct str list)
{
	struct str layer;
	char before = '[';

	buf_key(b, "missing_layers");
	while (str_cut(&list, ',', &layer)) {
		buf_chr(b, before);
		buf_json(b, layer);
		before = ',';
	}
	buf_chr(b, ']');
}

void
jsonl_put(struct buf *b, const struct verdicts *vs, const struct verdict *v)
{
	if (v->line.n) {
		buf_add(b, v->line);
		buf_chr(b, '\n');
		return;
	}
	buf_chr(b, '{');
	member(b, "pattern.id", vs->id);
	member(b, "pattern.name", vs->name);
	if (v->id.n)
		member(b, "id", v->id);
	member(b, "headline", v->headline);
	member(b, "remediation", v->remediation);
	if (v->action)
		member(b, "action", action_name(v->action));
	if (v->confidence.n)
		member(b, "confidence", v->confidence);
	if (v->missing.n)
		missing(b, v->missing);
	items(b, vs->item + v->item, v->nitem);
	buf_key(b, "evidence_trail");
	buf_chr(b, '[');
	for (size_t i = 0; i < v->nev; i++) {
		const struct evidence *e = &vs->ev[v->ev + i];

		buf_add(b, i ? S(",{") : S("{"));
		member(b, "kind", e->kind);
		member(b, "uid", e->uid);
		if (e->t != NO_TIME) {
			buf_key(b, "timestamp");
			time(b, e->t);
		}
		member(b, "description", e->text);
		buf_chr(b, '}');
	}
	buf_add(b, S("]}\n"));
}
