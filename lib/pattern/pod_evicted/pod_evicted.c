/*
 * pod_evicted - which pressure on which node evicted which pod.
 *
 * Transitions of nodes' conditions are put in order by node, pressure and
 * time, and once more by the nodes' labels, where short and full names of one
 * node stand together.  For each lost pod the latest transition is found by
 * bisection, whatever names and ties a hostile input makes up.
 */
#include "input/text/kernel.h"
#include "pattern/pod_evicted/evicted.h"
#include "join/phrase.h"

/* The kernel's first line after a start. */

static const struct str reasons = STR_INIT(
	"Evicted,TaintManagerEviction,NodeLost,NodeShutdown,Terminated,DisruptionTarget");

#define TO(member) offsetof(struct config, member)
static const struct opt options[] = {
	{'w', "window", OPT_DURATION, TO(window), "DUR", "5m",
		"join an eviction with a pressure that began up to DUR before it"},
	{0, "full-only", OPT_FLAG, TO(full_only), NULL, NULL,
		"only evictions that a node's condition explains"},
	{0, "reason", OPT_STR, TO(reasons), "LIST", NULL,
		"reasons that count as losing a pod, separated by commas [Events: Evicted, TaintManagerEviction; Pods: Evicted, NodeLost, NodeShutdown, Terminated, DisruptionTarget]"},
	{.kind = OPT_END},
};

static int
setup(void *config, struct program *p, struct reader *r, struct str words[SIFT_WORDS], size_t *nwords)
{
	struct config *c = config;

	r->reasons = c->reasons.n ? c->reasons : reasons;
	return loss_words(c->reasons, p->diag, words, nwords) ? -1 : EX_FAIL;
}

static uint64_t
nodes_of(const struct joining *j)
{
	uint32_t last = 0;
	uint64_t n = 0;

	for (size_t i = 0; i < j->n; i++) {
		const struct mark *m = &j->mark[j->order[BY_NODE][i]];

		n += m->c && m->node && m->node != last;
		if (m->c)
			last = m->node;
	}
	return n;
}

static void
notice(const struct joining *j)
{
	uint64_t conditions = j->ev->list[EVENT_CONDITION].n, nodes = nodes_of(j);
	uint64_t nodeless = j->lost_nodeless, apart = j->lost_apart;
	struct buf *b = j->d->notice;

	if (j->nlost == 0 || (conditions == 0 && apart + nodeless)) {
		phrase_count(b, conditions, S("node condition"), S("node conditions"));
		if (nodes) {
			buf_add(b, S(" from "));
			phrase_count(b, nodes, S("node"), S("nodes"));
		}
		buf_add(b, S(", "));
		phrase_count(b, j->nlost, S("pod loss"), j->nlost ? S("pod losses") : S("pod events"));
		buf_add(b, j->nlost ? S(": no verdict is full") : S(": nothing to join"));
	}
	if (j->nodeless && apart)
		phrase_clause(b, j->nodeless, S("node condition carries no node and cannot be joined: --node=NAME names it"),
		      S("node conditions carry no node and cannot be joined: --node=NAME names it"));
	if (nodeless && nodes)
		phrase_clause(b, nodeless, S("lost pod cannot be placed on a node"), S("lost pods cannot be placed on a node"));
	if (j->timeless)
		phrase_clause(b, j->timeless, S("node condition carries no time and cannot be joined"),
		      S("node conditions carry no time and cannot be joined"));
	if (j->lost_timeless)
		phrase_clause(b, j->lost_timeless, S("pod loss carries no time and gives no verdict"),
		      S("pod losses carry no time and give no verdict"));
}

static void
judge(struct joining *j, size_t i)
{
	const struct lost *l = &j->lost[i];
	const struct eviction_text t = evicted_text(j, l);
	struct found f = {.l = l};
	unsigned may;

	if (l->t == NO_TIME) {
		j->lost_timeless++;
		return;
	}
	eviction_parse(&t, &f.e);
	may = evicted_may_join(&f.e);
	f.cause = evicted_cause(j, l, may, true);
	j->joined[i] = f.cause != NULL;
	if (!f.cause && may)
		*(l->node ? &j->lost_apart : &j->lost_nodeless) += 1;
	f.pressure = f.cause ? f.cause->pressure : f.e.pressure;
	f.has_top = eviction_top(&t, &f.top);
	if (f.cause || !j->c->full_only)
		evicted_emit(j, &f);
}

static void
forget(const struct detection *d, int64_t decided)
{
	const struct config *c = d->config;
	int64_t loss = time_diff(decided, d->skew);

	loss_forget(d->ev, loss, d->mem);
	events_cut(d->ev, pod_evicted.wants & ~(1u << EVENT_LOSS),
		   time_diff(time_diff(time_diff(loss, c->window), d->skew), LOSS_SPAN));
}

static void
detect(const struct detection *d)
{
	struct joining j = {.d = d, .c = d->config, .ev = d->ev};
	uint32_t fallback = events_node(d->ev, d->node);

	j.lost = loss_fold(d->ev, fallback, d->mem, &j.nlost);
	evicted_gather(&j, fallback);
	j.joined = mem_new(d->mem, bool, j.nlost);
	for (size_t i = 0; i < j.nlost; i++)
		judge(&j, i);
	if (d->explain) {
		for (size_t i = 0; i < j.nlost; i++)
			if (!j.joined[i])
				evicted_explain_loss(&j, &j.lost[i]);
		evicted_explain_pressures(&j);
	}
	notice(&j);
}

const struct pattern pod_evicted = {
	.filter = STR_INIT("pod-evicted"),
	.id = STR_INIT("14"),
	.name = STR_INIT("pod_evicted"),
	.about = STR_INIT("Say which pressure on which node evicted which pod."),
	.wants = 1u << EVENT_LOSS | 1u << EVENT_PLACE | 1u << EVENT_CONDITION | 1u << EVENT_RECOVERY,
	.words = {pressure_words, kubernetes_words},
	.opt = options,
	.config_size = sizeof(struct config),
	.setup = setup,
	.detect = detect,
	.forget = forget,
};
