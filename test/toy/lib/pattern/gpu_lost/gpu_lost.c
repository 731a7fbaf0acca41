/*
 * gpu_lost - which GPU has fallen off the bus: one verdict for each Xid 79.
 */
#include "input/text/kernel.h"
#include "join/evidence.h"
#include "join/phrase.h"
#include "pattern/pattern.h"

static struct str
sentence(const struct detection *d, struct str before, const struct xid *x, struct str after)
{
	struct buf *b = d->scratch;

	b->n = 0;
	buf_add(b, before);
	phrase_short(b, idx_at(&d->ev->names, x->e.node), after.n ? PHRASE_NAME : 63);
	buf_add(b, after);
	return verdict_keep(d->out, b);
}

static void
emit(const struct detection *d, const struct xid *x)
{
	const struct idx *names = &d->ev->names;
	struct verdicts *vs = d->out;
	struct verdict *v = verdict_add(vs);
	struct str gpu = phrase_pci(vs, d->scratch, x->gpu);

	v->headline = sentence(d, S("GPU fallen off the bus on "), x, (struct str){0});
	v->remediation = sentence(d, S("Drain "), x, S(" and reset the GPU."));
	v->final_at = x->e.t;
	verdict_str(vs, "gpu_id", gpu);
	verdict_str(vs, "node", idx_at(names, x->e.node));
	verdict_time(vs, "first", x->e.t);
	evidence_xid(vs, d->ev, x, gpu, (struct str){0}, d->scratch, d->spare);
}

static void
detect(const struct detection *d)
{
	const struct event_list *list = &d->ev->list[EVENT_XID];
	const struct xid *x = list->p;

	for (size_t i = 0; i < list->n; i++)
		if (x[i].code == 79 && x[i].e.node && x[i].e.t != NO_TIME)
			emit(d, &x[i]);
	if (list->n == 0)
		buf_add(d->notice, S("no Xids in the input"));
}

static struct reach
reach(const struct detection *d)
{
	return (struct reach){.back = d->skew};
}

const struct pattern gpu_lost = {
	.filter = STR_INIT("gpu-lost"),
	.id = STR_INIT("90"),
	.name = STR_INIT("gpu_lost"),
	.about = STR_INIT("Say which GPU has fallen off the bus."),
	.wants = 1u << EVENT_XID,
	.keys = {.by_node = 1u << EVENT_XID},
	.detect = detect,
	.reach = reach,
};
