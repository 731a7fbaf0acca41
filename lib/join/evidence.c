#include "join/evidence.h"

static struct str
made_uid(struct verdicts *vs, const struct source *s, struct buf *b)
{
	const struct str parts[] = {s->where.n ? s->where : S("-"), s->what, s->which};

	for (size_t i = 0; i < NELEM(parts); i++)
		if (parts[i].n) {
			buf_add(b, parts[i]);
			buf_chr(b, '/');
		}
	time_put(b, s->t);
	return verdict_keep(vs, b);
}

void
evidence_add(struct verdicts *vs, struct str kind, const struct source *s, struct buf *text)
{
	struct str said = verdict_keep(vs, text);

	verdict_evidence(vs, kind, s->uid.n ? s->uid : made_uid(vs, s, text), s->t, said);
}

void
evidence_xid(struct verdicts *vs, const struct events *ev, const struct xid *x, struct str which, struct str graded,
	     struct buf *text, struct buf *what)
{
	text->n = what->n = 0;
	buf_add(what, x->nvswitch ? S("sxid-") : S("xid-"));
	buf_u64(what, x->code);
	if (x->text) {
		buf_add(text, idx_at(&ev->names, x->text));
	} else {
		buf_add(text, S("Xid "));
		buf_u64(text, x->code);
	}
	if (graded.n) {
		buf_add(text, S(" (graded "));
		buf_add(text, graded);
		buf_add(text, S(" by --rules)"));
	}
	evidence_add(vs, S("kernel_event"),
		     &(struct source){idx_at(&ev->names, x->e.uid), idx_at(&ev->names, x->e.node), buf_str(what), which, x->e.t}, text);
}
