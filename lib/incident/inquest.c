#include "event/metric.h"
#include "incident/incident.h"
#include "incident/page.h"

#define TO(member) offsetof(struct inquest_config, member)
static const struct opt options[] = {
	{'o', "format", OPT_CHOICE, TO(format), PAGE_FORMATS, "jsonl", "print a JSON line, text or Markdown per incident, or one HTML page"},
	{0, "summary", OPT_CHOICE, TO(summary), "gpu|node", NULL, "print a row per GPU or node instead: number of incidents, actions, the last one"},
	{0, "ranks", OPT_STR, TO(ranks_file), "FILE", NULL, "read where ranks ran: rank[-rank], node, pod, GPU, separated by tabs"},
	{0, "expect", OPT_STR, TO(expect_file), "FILE", NULL, "report which of these nodes, one per line, have no kernel records, metrics or dumps"},
	{0, "topology", OPT_STR, TO(topology), "FILE", NULL, "read the ports above GPUs: output of lspci -D -PP"},
	{0, "rules", OPT_STR, TO(rules), "FILE", NULL, "re-grade Xid codes: code, class, action and text, separated by tabs"},
	{0, "run-ahead", OPT_DURATION, TO(ahead), "DUR", "2m", "accept causes up to DUR after the beginning of the hang"},
	{0, "before", OPT_DURATION, TO(before), "DUR", "10m", "accept causes up to DUR before the hang"},
	{0, "min-ranks", OPT_NUM, TO(min_ranks), "N", "2", "report only hangs in which at least N ranks wait"},
	{0, "all", OPT_FLAG, TO(all), NULL, NULL, "report also signals that are no incident by themselves"},
	{.kind = OPT_END},
};

enum { FLAG = INT16_MAX };

/* Options passed on to patterns. */
static const struct {
	const struct pattern *of;
	struct str option;
	size_t at; /* offset of its value; FLAG: no value, always set */
} handed[] = {
	{&pcie_aer, STR_INIT("--fatal-alone"), FLAG},
	{&hbm_ecc, STR_INIT("--counters-alone"), FLAG},
	{&pcie_aer, STR_INIT("--topology="), TO(topology)},
	{&xid_correlation, STR_INIT("--rules="), TO(rules)},
};

/* A pattern's configuration: its defaults and the options passed on. */
static void *
config_of(const struct inquest_config *c, const struct pattern *p, struct program *program)
{
	static char name[] = "inquest";
	char *argv[1 + NELEM(handed)] = {name};
	int argc = 1;
	void *config = mem_get(program->mem, p->config_size, 1);
	struct opt_run o = {.prog = p->filter, .set = {{p->opt, config}}, .out = program->out, .diag = program->diag};

	if (p->config)
		memcpy(config, p->config, p->config_size);
	for (size_t i = 0; i < NELEM(handed); i++) {
		bool flag = handed[i].at == FLAG;
		struct str value = flag ? (struct str){0} : *(const struct str *)(const void *)((const char *)c + handed[i].at);
		char *arg;

		if (handed[i].of != p || !(flag || value.n))
			continue;
		arg = argv[argc++] = mem_get(program->mem, 1, handed[i].option.n + value.n + 1);
		memcpy(arg, handed[i].option.p, handed[i].option.n);
		if (value.n)
			memcpy(arg + handed[i].option.n, value.p, value.n);
	}
	opt_parse(&o, argc, argv);
	return config;
}

/* Concatenation of two lists of measurements, each ended by 0. */
static const uint16_t *
fields_of(struct mem *m, const uint16_t *a, const uint16_t *b)
{
	size_t na = 0, nb = 0;
	uint16_t *all;

	while (a && a[na])
		na++;
	while (b && b[nb])
		nb++;
	all = mem_new(m, uint16_t, na + nb + 1);
	if (na)
		memcpy(all, a, na * sizeof(*a));
	if (nb)
		memcpy(all + na, b, nb * sizeof(*b));
	return all;
}

static int
setup(void *config, struct program *p)
{
	struct inquest_config *c = config;
	static const uint16_t lone[] = {METRIC_REMAP_FAILED, 0}; /* in no verdict */
	const uint16_t *fields = NULL, *across = fields_of(p->mem, NULL, lone);
	int64_t collective_lateness = 0;

	for (size_t i = 0; inquest_patterns[i]; i++) {
		int status;

		c->own[i] = config_of(c, inquest_patterns[i], p);
		p->fields = NULL;
		status = inquest_patterns[i]->setup(c->own[i], p);
		if (status >= 0)
			return status;
		fields = fields_of(p->mem, fields, p->fields);
		if (p->fields && !pattern_by_node(inquest_patterns[i]))
			across = fields_of(p->mem, across, p->fields);
		collective_lateness = collective_lateness > p->collective_lateness ? collective_lateness : p->collective_lateness;
	}
	p->fields = fields;
	p->across_fields = across;
	p->collective_lateness = collective_lateness;
	p->reasons = p->words = (struct str){0};
	return p->load(p, c->ranks_file, seats_parse, &c->seats) && p->load(p, c->expect_file, expect_parse, &c->expected) ? -1 : EX_FAIL;
}

static void
detect(const struct detection *d)
{
	struct facts fs = {.d = d, .c = d->config, .ev = d->ev, .names = d->names};
	bool any = false;

	for (size_t k = 0; k < EVENT_KINDS; k++)
		any |= fs.has[k] = d->ev->list[k].seen > 0;
	if (facts_is_part(&fs)) {
		facts_report_part(&fs);
		return;
	}
	coverage_gather(&fs);
	if (!any)
		buf_add(d->notice, S("no record of any layer: nothing to judge"));
	else
		coverage_notice(&fs);
	fs.back = recovery_gather(d->ev, d->spare, d->mem);
	jobs_index(&fs);
	facts_gather(&fs);
	facts_judge(&fs);
	facts_fold(&fs);
	seats_gather(&fs);
	seats_place(&fs);
	facts_link(&fs);
	seats_doubt(&fs);
	incidents_report(&fs);
	mem_give(fs.f, fs.cap * sizeof(*fs.f));
}

static const struct inquest_config start = {.summary = ROLLUP_OFF};

/* Records of ranks and jobs and verdict lines concern several nodes.  All others
 * concern one; most of them, measurements, are needed only in its shard. */
#define RANKS (1u << EVENT_COLLECTIVE | 1u << EVENT_COMPLETED | 1u << EVENT_PROGRESS | 1u << EVENT_PROCESS_GROUP | \
	1u << EVENT_WATCHDOG | 1u << EVENT_RAS | 1u << EVENT_RANK | 1u << EVENT_TIMEOUT | 1u << EVENT_VERDICT)
#define MEASURED (1u << EVENT_SAMPLE | 1u << EVENT_RATE)

const struct pattern inquest = {
	.filter = STR_INIT("inquest"),
	.id = STR_INIT("0"),
	.name = STR_INIT("incident"),
	.about = STR_INIT("Say what broke, what came of it, and what to do first."),
	.wants = (1u << EVENT_KINDS) - 1,
	.keys = {
		.by_node = ~RANKS,
		.across = ~(RANKS | MEASURED),
		.scraped = 1u << EVENT_SAMPLE | 1u << EVENT_GPU | 1u << EVENT_TENANT,
	},
	.opt = options,
	.formats = &inquest_formats,
	.config = &start,
	.config_size = sizeof(struct inquest_config),
	.setup = setup,
	.detect = detect,
};
