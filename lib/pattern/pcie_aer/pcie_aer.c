/*
 * pcie_aer - which PCIe link is failing and slowing its GPU.
 *
 * Reports of PCIe errors and samples are grouped by GPU, sorted by time.  A
 * GPU's samples are judged one by one, against its rates before the reports,
 * its link's maximum, and the tolerated replays of its link; bad samples are
 * correlated with the reports before them.  The work per sample is bounded: the
 * cost is linear in the number of records.
 */
#include "base/num.h"
#include "input/text/kernel.h"
#include "event/metric.h"
#include "join/latest.h"
#include "pattern/pcie_aer/pcie.h"
#include "join/layers.h"
#include "join/phrase.h"

#define TO(member) offsetof(struct pcie_options, member)
static const struct opt options[] = {
	{'w', "window", OPT_DURATION, TO(window), "DUR", "5m",
		"correlate an error with measurements up to DUR later; events closer than DUR form one episode"},
	{0, "drop", OPT_SHARE, TO(drop), "SHARE", "50%",
		"ignore a smaller loss of the baseline throughput"},
	{0, "floor", OPT_RATE, TO(floor), "RATE", "1e9",
		"ignore baselines below RATE bytes per second (slow links: below 5%)"},
	{0, "siblings", OPT_FLAG, TO(siblings), NULL, NULL,
		"use the node's other GPUs at that time as the baseline"},
	{0, "fatal-alone", OPT_FLAG, TO(fatal_alone), NULL, NULL,
		"report fatal errors that nothing confirms, as partial verdicts"},
	{0, "topology", OPT_STR, TO(topology_file), "FILE", NULL,
		"attribute ports' errors to the GPUs below them: output of lspci -D -PP -d 10de:"},
	{.kind = OPT_END},
};

static int
setup(void *config, struct program *p)
{
	struct pcie_options *c = config;

	p->fields = pcie_fields;
	return p->load(p, c->topology_file, topology_parse, &c->topology) ? -1 : EX_FAIL;
}

static int
finding_cmp(const void *x, const void *y, const void *ctx)
{
	const struct pcie_finding *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;
	int d = SORT_ORDER(a->report->t, b->report->t);

	d = d ? d : idx_cmp(names, a->u->node, b->u->node);
	d = d ? d : pci_cmp(a->u->gpu, b->u->gpu);
	return d ? d : SORT_ORDER(a->first, b->first);
}

static int
unexplained_cmp(const void *x, const void *y, const void *ctx)
{
	const struct unexplained *a = x, *b = y;
	const struct idx *names = &((const struct events *)ctx)->names;
	int d = idx_cmp(names, a->u->node, b->u->node);

	return d ? d : pci_cmp(a->u->gpu, b->u->gpu);
}

static void
notice(const struct pcie_join *j)
{
	struct layer reports = {.one = S("PCIe error report"), .many = S("PCIe error reports")};
	struct layer points = {.one = S("measurement"), .many = S("measurements")};
	struct buf *b = j->d->notice;
	uint64_t nodeless_reports = 0, nodeless_points = 0;
	bool lost = false;

	for (size_t i = 0; i < j->reports.n; i++) {
		layer_add(&reports, j->reports.r[i].node, j->d->mem);
		nodeless_reports += !j->reports.r[i].node;
	}
	for (size_t i = 0; i < j->npoint; i++) {
		struct point p = point_at(j, i);

		if (p.series >= IDLENESS)
			continue;
		layer_add(&points, p.node, j->d->mem);
		nodeless_points += !p.node;
	}
	for (size_t i = 0; i < j->nfound; i++)
		lost |= j->found[i].bad && j->found[i].bad->what == LOST;
	layer_nodes(&reports, j->d->spare);
	layer_nodes(&points, j->d->spare);
	if (reports.n == 0 || (points.n == 0 && !lost)) {
		phrase_count(b, reports.n, reports.one, reports.many);
		buf_add(b, S(", "));
		phrase_count(b, points.n, points.one, points.many);
		buf_add(b, S(" of PCIe throughput, link or replays: cannot correlate"));
	} else if (points.n) {
		layers_apart(b, &reports, &points, j->d->names);
		layers_clause(b, points.nnode ? nodeless_reports : 0, S("PCIe error report has"),
			      S("PCIe error reports have"), layers_no_node(j->d->ev));
		layers_clause(b, reports.nnode ? nodeless_points : 0, S("measurement has"), S("measurements have"),
			      S(" no node name and cannot be correlated: use --node=NAME"));
	}
	layers_clause(b, j->reports.timeless, S("line about PCIe errors has"), S("lines about PCIe errors have"),
		      layers_no_time(j->d->ev));
	layers_clause(b, j->point_timeless, S("measurement has"), S("measurements have"),
		      S(" no timestamp and cannot be correlated: use --scrape-time=TIME"));
	layers_clause(b, j->point_unnamed + j->reports.unnamed, S("record names"), S("records name"),
		      S(" a GPU whose PCI address is unknown"));
}

/* Pieces of a long episode are longer than the gap that would end it. */
static int64_t
split_every(const struct detection *d)
{
	int64_t gap = time_add(((const struct pcie_options *)d->config)->window, d->skew);

	return d->split_every_ns ? num_max(d->split_every_ns, time_add(gap, gap)) : 0;
}

/* A piece began up to one piece before its end; whether it continues an episode
 * shows in the piece before, a GPU's normal rate in even more. */
static struct reach
reach(const struct detection *d)
{
	enum { PIECES = 5 };
	static const uint16_t most[] = {METRIC_LINK_WIDTH, METRIC_LINK_GEN, 0};
	int64_t piece = split_every(d), back = 0;

	for (unsigned i = 0; i < PIECES; i++)
		back = time_add(back, piece);
	return (struct reach){.after = pcie_after(d), .back = back, .peaks = most};
}

static void
detect(const struct detection *d)
{
	struct pcie_join j = {.d = d, .c = d->config, .split_every_ns = split_every(d), .ev = d->ev};
	struct gpu_work *w;
	struct unexplained *left;
	size_t nunexplained = 0;

	j.recoveries = recovery_gather(d->ev, d->spare, d->mem);
	j.reports = reports_tie(d->ev, d->spare, d->mem);
	j.reported = mem_new(d->mem, bool, j.reports.n);
	pcie_gather_points(&j);
	pcie_gather_units(&j);
	pcie_gather_xids(&j);
	w = mem_new(d->mem, struct gpu_work, 1);
	w->room = mem_get(d->mem, sizeof(*w->room), SERIES);
	left = mem_new(d->mem, struct unexplained, d->explain ? j.nunit : 0);
	/* ports last: reports that a GPU below them accounts for are not
	 * explained again */
	for (unsigned port = 0; port < 2; port++)
		for (size_t i = 0; i < j.nunit; i++)
			if (j.unit[i].port == port)
				pcie_examine(&j, w, &j.unit[i], left, &nunexplained);
	sort(j.found, j.nfound, sizeof(*j.found), finding_cmp, d->ev, d->spare);
	for (size_t i = 0; i < j.nfound; i++)
		pcie_emit(&j, &j.found[i]);
	sort(left, nunexplained, sizeof(*left), unexplained_cmp, d->ev, d->spare);
	for (size_t i = 0; i < nunexplained; i++) {
		if (left[i].reports)
			pcie_explain_reports(&j, &left[i]);
		if (left[i].nbad)
			pcie_explain_bad(&j, &left[i]);
	}
	notice(&j);
}

const struct pattern pcie_aer = {
	.filter = STR_INIT("pcie-aer"),
	.id = STR_INIT("5"),
	.name = STR_INIT("pcie_aer"),
	.about = STR_INIT("Say which PCIe link is failing and slowing its GPU."),
	.wants = 1u << EVENT_AER | 1u << EVENT_RATE | 1u << EVENT_SAMPLE | 1u << EVENT_GPU | 1u << EVENT_RECOVERY |
		 1u << EVENT_XID | 1u << EVENT_TENANT,
	.keys = {.by_node = ~0u, .scraped = 1u << EVENT_SAMPLE | 1u << EVENT_GPU | 1u << EVENT_TENANT},
	.opt = options,
	.config_size = sizeof(struct pcie_options),
	.setup = setup,
	.detect = detect,
	.reach = reach,
};
