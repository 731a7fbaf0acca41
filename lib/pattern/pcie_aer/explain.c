#include "pattern/pcie_aer/pcie.h"
#include "join/phrase.h"

static void
explain_who(const struct pcie_join *j, struct str what, const char *key, const struct pcie_unit *u)
{
	struct buf *b = j->d->explain;

	phrase_open(b, what);
	phrase_gpu(b, key, u->gpu);
	phrase_str(b, "node", name(j, u->node));
}

/* "throughput: normal; link: not measured; replays: not measured" */
static struct str
layer_by_layer(const struct unexplained *l, const struct pcie_join *j)
{
	struct buf *b = j->d->scratch;

	b->n = 0;
	buf_add(b, S("throughput: "));
	if (!l->judged[RATE])
		buf_add(b, S("not measured"));
	else if (l->nobase)
		buf_add(b, S("no baseline: fewer than 20 samples of the busy GPU before the errors, or a baseline below --floor"));
	else if (l->npause)
		buf_add(b, S("low in a single sample, or normal again within --window"));
	else
		buf_add(b, l->nidle ? S("normal (not evaluated while the GPU was idle)") : S("normal"));
	buf_add(b, S("; link: "));
	buf_add(b, l->judged[WIDTH] || l->judged[GEN] ? S("normal") : S("not measured"));
	buf_add(b, S("; replays: "));
	buf_add(b, l->judged[REPLAY] ? S("normal") : S("not measured"));
	return buf_str(b);
}

static struct str
why_no_verdict(const struct unexplained *l, const struct pcie_join *j)
{
	const struct below *b;

	if (!l->u->node && l->points == 0)
		return j->d->ev->of_tasks ? S("the errors have no node name") : S("the errors have no node name: use --node=NAME");
	if (l->points == 0 && l->u->port)
		return j->c->topology.n == 0 ? S("errors of a port: use --topology=FILE to attribute them to the GPUs below it") :
		       topology_of_port(&j->c->topology, l->u->gpu, &b) ?
					       S("errors of a port, attributed to the GPUs below it") :
					       S("errors of a port without a GPU below it");
	if (l->points == 0)
		return l->gpu ? S("no throughput, link or replay data of this GPU") :
				S("not known to be a GPU");
	if (l->nbad && l->last_bad < l->first_report)
		return S("the degradation was measured before the first error");
	if (l->nbad)
		return S("the degradation was measured too long after the errors");
	if (!l->in_window)
		return S("nothing was measured within the window");
	return layer_by_layer(l, j);
}

void
pcie_explain_reports(const struct pcie_join *j, const struct unexplained *l)
{
	struct buf *b = j->d->explain;

	explain_who(j, S("PCIe error reports without a verdict"), l->u->port ? "port" : l->gpu || l->points ? "gpu_id" : "device", l->u);
	phrase_str(b, "severity", aer_severity_name(l->severity));
	phrase_int(b, "count", (int64_t)l->reports);
	phrase_time(b, "first", l->first_report);
	phrase_time(b, "last", l->last_report);
	phrase_close(b, why_no_verdict(l, j));
}

void
pcie_explain_bad(const struct pcie_join *j, const struct unexplained *l)
{
	struct buf *b = j->d->explain, *what = j->d->scratch;

	explain_who(j, l->bad.what == COLLAPSE ? S("throughput collapse without a verdict") :
		       l->bad.what == LOST   ? S("lost GPU without a verdict") :
					       S("degraded link without a verdict"),
		    "gpu_id", l->u);
	phrase_int(b, "count", (int64_t)l->nbad);
	phrase_time(b, "first", l->first_bad);
	phrase_time(b, "last", l->last_bad);
	what->n = 0;
	pcie_put_trouble(j, what, &l->bad);
	phrase_str(b, "what", buf_str(what));
	phrase_close(b, !l->u->node ? S("the measurements have no node name: use --node=NAME") :
			      !l->reports ? S("no AER errors of this GPU") :
			      l->last_bad < l->first_report ? S("it precedes the first error") :
							     S("no error within the window before it"));
}
