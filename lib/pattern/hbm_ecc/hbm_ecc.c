/*
 * hbm_ecc - which GPU memory is failing, confirmed by counter and kernel.
 *
 * Each increase of a counter of uncorrected errors is correlated with the first
 * memory Xid of its GPU; all increases with the same Xid are one verdict.
 */
#include "base/num.h"
#include "input/text/kernel.h"
#include "pattern/hbm_ecc/hbm.h"
#include "join/latest.h"
#include "join/layers.h"

static const struct hbm_options start = {.xids = STR_INIT("48,63,64,94,95,140,160,161,171,172,177")};

#define TO(member) offsetof(struct hbm_options, member)
static const struct opt options[] = {
	{0, "delta", OPT_NUM, TO(delta), "N", "1", "ignore a counter that grew by less between two samples"},
	{0, "xids", OPT_STR, TO(xids), "LIST", NULL,
		"accept these comma-separated Xid codes as confirmation [48, 63, 64, 94, 95, 140, 160, 161, 171, 172, 177]"},
	{'w', "window", OPT_DURATION, TO(window), "DUR", "5m",
		"accept Xids up to DUR after the counter grew"},
	{0, "counters-alone", OPT_FLAG, TO(alone), NULL, NULL,
		"report counters that grew without an Xid, as partial verdicts"},
	{.kind = OPT_END},
};

static int
setup(void *config, struct program *p)
{
	struct hbm_options *c = config;
	struct str rest = c->xids, word;
	uint64_t code;

	p->fields = hbm_fields(p->mem);
	while (str_cut(&rest, ',', &word)) {
		if (!num_u64(word, &code) || code < 1 || code > 999999 || c->ncode == HBM_CODES_MAX) {
			DIAG(p->diag, S("--xids: invalid list '"), c->xids, S("' (expected Xid codes separated by commas)"));
			return opt_usage(p->diag);
		}
		c->code[c->ncode++] = (uint32_t)code;
	}
	if (c->delta < 1 || c->delta > INT64_MAX) {
		DIAG(p->diag, S("--delta: invalid number '"), diag_u64(c->delta), S("' (expected 1 or more)"));
		return opt_usage(p->diag);
	}
	if (c->alone && p->following) {
		DIAG(p->diag, S("--counters-alone cannot be used with --follow: an Xid may still come"));
		return opt_usage(p->diag);
	}
	return -1;
}

static void
notice(const struct hbm_join *j)
{
	struct layer xids = {.one = S("memory Xid"), .many = S("memory Xids")};
	struct layer counters = {.one = S("counter of uncorrectable errors"), .many = S("counters of uncorrectable errors")};
	struct buf *b = j->d->notice;
	uint64_t nodeless = 0, nameless = 0;

	for (size_t i = 0; i < j->nwant; i++)
		layer_add(&xids, xid_at(j, i)->e.node, j->d->mem);
	xids.n += j->timeless_xids + j->nameless_xids;
	for (size_t i = 0; i < j->nseries; i++) {
		const struct sample *s = first_of(j, &j->series[i]);

		if (hbm_use(s->field) != LAYER)
			continue;
		layer_add(&counters, s->e.node, j->d->mem);
		nodeless += s->e.node == 0;
		nameless += hbm_counted(s).index >= 0;
	}
	layer_nodes(&xids, j->d->spare);
	layer_nodes(&counters, j->d->spare);
	if (xids.n == 0 || counters.n + j->timeless_points == 0) {
		if (!j->c->alone || counters.n == 0)
			layers_absent(b, &xids, &counters, S("cannot correlate"));
		return;
	}
	layers_apart(b, &xids, &counters, j->d->names);
	layers_clause(b, counters.nnode ? j->nodeless_xids : 0, S("Xid has"), S("Xids have"),
		      layers_no_node(j->d->ev));
	layers_clause(b, xids.nnode ? nodeless : 0, S("counter has"), S("counters have"),
		      S(" no node name and cannot be correlated: use --node=NAME"));
	layers_clause(b, nameless, S("counter names"), S("counters name"), S(" a GPU only by an index whose PCI address is unknown"));
	layers_clause(b, j->nameless_xids, S("Xid names"), S("Xids name"), S(" no GPU and cannot be correlated"));
	layers_clause(b, j->timeless_xids, S("Xid has"), S("Xids have"),
		      layers_no_time(j->d->ev));
	layers_clause(b, j->timeless_points, S("measurement has"), S("measurements have"),
		      S(" no timestamp and cannot be correlated: use --scrape-time=TIME"));
}

static void
detect(const struct detection *d)
{
	struct hbm_join j = {.d = d, .c = d->config, .ev = d->ev};

	j.rec = recovery_gather(d->ev, d->spare, d->mem);
	hbm_gather_xids(&j);
	hbm_gather_series(&j);
	for (size_t i = 0; i < j.nseries; i++)
		if (hbm_use(first_of(&j, &j.series[i])->field) != STATE)
			hbm_walk(&j, i, hbm_stands_alone(&j, &j.series[i]));
	hbm_stand_in(&j);
	hbm_conclude(&j);
	if (d->explain)
		hbm_explain(&j);
	notice(&j);
}

const struct pattern hbm_ecc = {
	.filter = STR_INIT("hbm-ecc"),
	.id = STR_INIT("3"),
	.name = STR_INIT("hbm_ecc"),
	.about = STR_INIT("Say which GPU memory is failing, confirmed by counter and kernel."),
	.wants = 1u << EVENT_XID | 1u << EVENT_GPU | 1u << EVENT_RECOVERY | 1u << EVENT_SAMPLE | 1u << EVENT_TENANT,
	.keys = {.by_node = ~0u, .scraped = 1u << EVENT_SAMPLE | 1u << EVENT_GPU | 1u << EVENT_TENANT},
	.opt = options,
	.config_size = sizeof(struct hbm_options),
	.config = &start,
	.setup = setup,
	.detect = detect,
	.reach = hbm_reach,
};
