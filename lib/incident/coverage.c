#include "incident/incident.h"

#include "base/hostlist.h"
#include "base/num.h"
#include "event/kind.h"
#include "join/phrase.h"

/* The layers that coverage reports, for records of each kind. */
enum coverage_layer { KERNEL, METRICS, NCCL, NODES, PODS, LAYERS };

static const struct str layer_names[LAYERS] = {
	[KERNEL] = STR_INIT("kernel_event"), [METRICS] = STR_INIT("hw_metrics"), [NCCL] = STR_INIT("nccl_record"),
	[NODES] = STR_INIT("node_condition"), [PODS] = STR_INIT("pod_event"),
};

static const struct {
	enum event_kind kind;
	enum coverage_layer layer;
} layers[] = {
	{EVENT_AER, KERNEL}, {EVENT_RECOVERY, KERNEL}, {EVENT_SIGN, KERNEL},
	{EVENT_SAMPLE, METRICS}, {EVENT_RATE, METRICS}, {EVENT_GPU, METRICS},
	{EVENT_COLLECTIVE, NCCL}, {EVENT_COMPLETED, NCCL}, {EVENT_PROGRESS, NCCL}, {EVENT_WATCHDOG, NCCL}, {EVENT_RAS, NCCL},
	{EVENT_RANK, NCCL}, {EVENT_TIMEOUT, NCCL},
	{EVENT_NODE, NODES}, {EVENT_CONDITION, NODES},
	{EVENT_LOSS, PODS}, {EVENT_PLACEMENT, PODS}, {EVENT_POD, PODS},
};

/* Records of a layer and node (0: without a node) before and after a time. */
struct layer_view {
	size_t n, before; /* all; those before the time */
	int64_t last;     /* the newest one before it, if any */
	int64_t next;     /* the oldest of the others, if any */
};

static void
look(struct layer_view *v, size_t n, size_t before, int64_t last, int64_t next)
{
	if (before)
		v->last = v->before ? num_max(v->last, last) : last;
	if (before < n)
		v->next = v->before < v->n ? num_min(v->next, next) : next;
	v->n += n;
	v->before += before;
}

/* The number of records of a layer and node. */
static size_t
count_of(const struct heard *h, enum coverage_layer layer, uint32_t node)
{
	size_t at = layer * h->nodes + node;

	if (node >= h->nodes)
		return 0;
	return h->at[at + 1] - h->at[at] + (layer == KERNEL ? h->xid_at[node + 1] - h->xid_at[node] : 0);
}

/* Sort the times of a place on first use; most are never used. */
static void
sort_times(const struct facts *fs, size_t at)
{
	const struct heard *h = &fs->heard;

	if (!h->sorted[at])
		sort(h->t + h->at[at], h->at[at + 1] - h->at[at], sizeof(*h->t), sort_i64, NULL, fs->d->spare);
	h->sorted[at] = true;
}

static struct layer_view
view_at(const struct facts *fs, enum coverage_layer layer, uint32_t node, int64_t t)
{
	const struct heard *h = &fs->heard;
	const struct xid *x = fs->ev->list[EVENT_XID].p;
	struct layer_view v = {0};
	size_t from, to, at;

	if (node >= h->nodes)
		return v; /* no record names the node */
	sort_times(fs, layer * h->nodes + node);
	at = from = h->at[layer * h->nodes + node];
	to = h->at[layer * h->nodes + node + 1];
	SORT_BISECT(at, to, i, h->t[i] < t);
	look(&v, to - from, at - from, at > from ? h->t[at - 1] : 0, at < to ? h->t[at] : 0);
	if (layer != KERNEL)
		return v;
	at = from = h->xid_at[node];
	to = h->xid_at[node + 1];
	SORT_BISECT(at, to, i, x[h->xid[i]].e.t < t);
	look(&v, to - from, at - from, at > from ? x[h->xid[at - 1]].e.t : 0, at < to ? x[h->xid[at]].e.t : 0);
	return v;
}

static void
span(struct held *sum, int64_t t)
{
	if (t == NO_TIME)
		return;
	sum->first = sum->first == NO_TIME ? t : num_min(sum->first, t);
	sum->last = num_max(sum->last, t);
}

/* Summary of a layer's records. */
static struct held
sum_up(const struct facts *fs, enum coverage_layer layer)
{
	const struct event_list *xids = &fs->ev->list[EVENT_XID];
	const struct heard *h = &fs->heard;
	struct held sum = {.first = NO_TIME, .last = NO_TIME};

	for (uint32_t node = 0; node < h->nodes; node++) {
		size_t n = count_of(h, layer, node);

		sum.n += n;
		sum.nodes += node && n;
	}
	for (size_t i = h->at[layer * h->nodes]; i < h->at[(layer + 1) * h->nodes]; i++)
		span(&sum, h->t[i]);
	for (size_t i = 0; layer == KERNEL && i < xids->n; i++)
		span(&sum, events_at(fs->ev, EVENT_XID, i)->t);
	return sum;
}

int64_t
coverage_last(const struct facts *fs)
{
	int64_t last = NO_TIME;

	/* a shard has only some of the measurements */
	for (enum coverage_layer l = 0; l < LAYERS; l++)
		if (l != METRICS && fs->held[l].last != NO_TIME)
			last = last == NO_TIME ? fs->held[l].last : num_max(last, fs->held[l].last);
	return last;
}

/* Index of a record's layer and node in heard.at. */
static size_t
place_of(const struct heard *h, size_t k, const struct event *e)
{
	bool kernel = layers[k].kind == EVENT_GPU && ((const struct gpu *)(const void *)e)->kernel;

	return (kernel ? KERNEL : layers[k].layer) * h->nodes + e->node;
}

/* events_at, but inline: there are many records. */
static const struct event *
record_at(const struct event_list *l, size_t k, size_t i)
{
	return (const void *)((const char *)l->p + i * kinds[layers[k].kind].size);
}

/* Index Xids by node.  There may be as many as all other records, so keep indices in
 * their list, which is in order of time. */
static void
gather_xids(struct facts *fs)
{
	const struct event_list *l = &fs->ev->list[EVENT_XID];
	const struct xid *x = l->p;
	struct heard *h = &fs->heard;

	h->xid_at = mem_new(fs->d->mem, uint32_t, h->nodes + 2);
	h->xid = mem_new(fs->d->mem, uint32_t, l->n);
	for (size_t i = 0; i < l->n; i++)
		h->xid_at[x[i].e.node + 2]++;
	for (size_t i = 2; i < h->nodes + 2; i++)
		h->xid_at[i] += h->xid_at[i - 1];
	for (size_t i = 0; i < l->n; i++)
		h->xid[h->xid_at[x[i].e.node + 1]++] = (uint32_t)i;
}

/* Does any layer have records of a node? */
static bool
is_known(const struct facts *fs, uint32_t node)
{
	size_t n = 0;

	for (enum coverage_layer l = 0; l < LAYERS && !n; l++)
		n = count_of(&fs->heard, l, node);
	return n > 0;
}

static int
labelled_cmp(const void *x, const void *y, const void *ctx)
{
	const struct labelled *a = x, *b = y;

	(void)ctx;
	return a->label != b->label ? SORT_ORDER(a->label, b->label) : SORT_ORDER(a->node, b->node);
}

/* Index FQDNs of nodes by short host name. */
static void
gather_full(struct facts *fs)
{
	struct heard *h = &fs->heard;
	size_t n = 0;

	for (uint32_t id = 1; id < h->nodes; id++)
		n += is_known(fs, id);
	h->full = mem_new(fs->d->mem, struct labelled, n);
	for (uint32_t id = 1; id < h->nodes; id++) {
		struct str name = idx_at(fs->names, id), label = node_label(name);

		if (label.n < name.n && is_known(fs, id))
			h->full[h->nfull++] = (struct labelled){idx_add(fs->names, label), id};
	}
	sort(h->full, h->nfull, sizeof(*h->full), labelled_cmp, NULL, fs->d->spare);
}

uint32_t
coverage_node(const struct facts *fs, uint32_t name)
{
	const struct heard *h = &fs->heard;
	uint32_t label = idx_find(fs->names, node_label(idx_at(fs->names, name)));
	size_t lo = 0;

	if (is_known(fs, name))
		return name;
	if (label != name)
		return label && is_known(fs, label) ? label : name;
	SORT_BISECT(lo, h->nfull, i, h->full[i].label < name);
	if (lo == h->nfull || h->full[lo].label != name)
		return name;
	return lo + 1 < h->nfull && h->full[lo + 1].label == name ? COVERAGE_SEVERAL : h->full[lo].node;
}

void
coverage_gather(struct facts *fs)
{
	struct heard *h = &fs->heard;
	size_t places, n = 0;

	h->nodes = (size_t)events_last_node(fs->ev) + 1;
	places = LAYERS * h->nodes;
	h->at = mem_new(fs->d->mem, uint32_t, places + 2);
	for (size_t k = 0; k < NELEM(layers); k++) {
		const struct event_list *l = &fs->ev->list[layers[k].kind];

		for (size_t i = 0; i < l->n; i++, n++)
			h->at[place_of(h, k, record_at(l, k, i)) + 2]++;
	}
	for (size_t i = 2; i < places + 2; i++)
		h->at[i] += h->at[i - 1];
	h->t = mem_new(fs->d->mem, int64_t, n);
	for (size_t k = 0; k < NELEM(layers); k++) {
		const struct event_list *l = &fs->ev->list[layers[k].kind];

		for (size_t i = 0; i < l->n; i++) {
			const struct event *e = record_at(l, k, i);

			h->t[h->at[place_of(h, k, e) + 1]++] = e->t;
		}
	}
	h->sorted = mem_new(fs->d->mem, bool, places);
	gather_xids(fs);
	gather_full(fs);
	fs->held = mem_new(fs->d->mem, struct held, LAYERS);
	for (enum coverage_layer l = 0; l < LAYERS; l++)
		fs->held[l] = sum_up(fs, l);
}

static bool
is_heard(const struct facts *fs, enum coverage_layer layer, uint32_t node, int64_t from, int64_t to)
{
	struct layer_view v = view_at(fs, layer, node, from);

	return v.before < v.n && v.next <= to;
}

int64_t
facts_alive(const struct facts *fs, uint32_t node, int64_t before)
{
	int64_t last = time_diff(before, MINUTE);

	for (enum coverage_layer l = KERNEL; l <= METRICS; l++) {
		struct layer_view v = view_at(fs, l, node, before);

		if (v.before && v.last != NO_TIME)
			last = num_max(last, v.last);
	}
	return last;
}

/* ---- as a member of each incident ---- */

static void
put_layer(const struct facts *fs, enum coverage_layer layer)
{
	struct verdicts *vs = fs->d->out;
	const struct held *sum = &fs->held[layer];

	if (!sum->n)
		return;
	verdict_open(vs, NULL, ITEM_OBJECT);
	verdict_str(vs, "layer", layer_names[layer]);
	verdict_int(vs, "records", (int64_t)sum->n);
	verdict_int(vs, "nodes", (int64_t)sum->nodes);
	if (sum->first != NO_TIME) {
		verdict_time(vs, "first", sum->first);
		verdict_time(vs, "last", sum->last);
	}
	verdict_close(vs);
}

void
coverage_report(const struct facts *fs, const uint32_t *node, size_t n, int64_t first, int64_t last)
{
	struct verdicts *vs = fs->d->out;
	int64_t from = time_diff(first, fs->c->before);

	verdict_open(vs, "coverage", ITEM_OBJECT);
	verdict_open(vs, "layers", ITEM_LIST);
	for (enum coverage_layer l = 0; l < LAYERS; l++)
		put_layer(fs, l);
	verdict_close(vs);
	verdict_open(vs, "silent", ITEM_LIST);
	for (enum coverage_layer l = KERNEL; l <= NCCL; l++) {
		bool open = false;

		/* a layer without any node names shows no missing node */
		for (size_t i = 0; i < n && fs->held[l].nodes; i++) {
			if (is_heard(fs, l, node[i], from, last))
				continue;
			if (!open) {
				verdict_open(vs, NULL, ITEM_OBJECT);
				verdict_str(vs, "layer", layer_names[l]);
				verdict_open(vs, "nodes", ITEM_LIST);
			}
			open = true;
			verdict_str(vs, NULL, idx_at(fs->names, node[i]));
		}
		if (open) {
			verdict_close(vs);
			verdict_close(vs);
		}
	}
	verdict_close(vs);
	verdict_close(vs);
}

/* ---- expected nodes ---- */

/* Prefix in the output of kubectl get nodes -o name. */
#define KUBECTL_NODE S("node/")

const char *
expect_parse(void *to, struct str text, struct mem *m, uint64_t *line)
{
	struct str rest = text, one;

	for (*line = 1; str_cut(&rest, '\n', &one); ++*line) {
		one = str_trim(one);
		for (size_t i = 0; i < one.n && *one.p != '#'; i++)
			if (one.p[i] <= ' ')
				return "not the name of a node";
	}
	return hostlist_lines(text, m, to, line);
}

/* Nodes of --expect and nodes known to Kubernetes, by name. */
static void
gather_expected(struct facts *fs, struct ids *one, struct ids *several)
{
	const struct event_list *l = &fs->ev->list[EVENT_NODE];
	struct str rest = fs->c->expected, word;

	while (str_cut(&rest, '\n', &word)) {
		uint32_t name, node;

		word = str_trim(word);
		if (!word.n || *word.p == '#')
			continue;
		if (str_starts(word, KUBECTL_NODE))
			word = str_from(word, KUBECTL_NODE.n);
		name = idx_add(fs->names, node_canon(word, mem_bytes(fs->d->mem, word.n)));
		node = coverage_node(fs, name);
		ids_add(fs, node == COVERAGE_SEVERAL ? several : one, node == COVERAGE_SEVERAL ? name : node);
	}
	for (size_t i = 0; i < l->n; i++)
		if (events_at(fs->ev, EVENT_NODE, i)->node)
			ids_add(fs, one, events_at(fs->ev, EVENT_NODE, i)->node);
	ids_sort(fs, one);
	ids_sort(fs, several);
}

/* Notice: kernel lines without a host name may be from several hosts.  Lines whose
 * host is known from other records do not count. */
static void
nameless_notice(const struct facts *fs)
{
	static const enum event_kind errors[] = {EVENT_XID, EVENT_AER};
	uint64_t n = 0;

	for (size_t i = 0; i < NELEM(errors); i++)
		for (size_t k = 0; k < fs->ev->list[errors[i]].n; k++)
			n += events_at(fs->ev, errors[i], k)->node == 0;
	if (n == 0)
		return;
	phrase_count(fs->d->notice, n, S("kernel event has no node name and is"), S("kernel events have no node name and are"));
	buf_add(fs->d->notice, S(" taken to be of one node"));
	if (!fs->ev->of_tasks)
		buf_add(fs->d->notice, S(": use --node=NAME"));
}

/* The time from --before ahead of the first loss to the last, or all time. */
static void
span_of_losses(const struct facts *fs, int64_t *from, int64_t *to)
{
	const struct event_list *lost = &fs->ev->list[EVENT_LOSS];

	*from = INT64_MAX;
	*to = INT64_MIN;
	for (size_t i = 0; i < lost->n; i++) {
		int64_t t = events_at(fs->ev, EVENT_LOSS, i)->t;

		if (t == NO_TIME)
			continue;
		*from = num_min(*from, time_diff(t, fs->c->before));
		*to = num_max(*to, t);
	}
	if (*from > *to) {
		*from = INT64_MIN;
		*to = INT64_MAX;
	}
}

static void
put_some(const struct facts *fs, const struct ids *node)
{
	enum { NAMED = 8 };
	struct buf *b = fs->d->notice;

	for (size_t i = 0; i < node->n && i < NAMED; i++) {
		if (i)
			buf_add(b, S(", "));
		phrase_short(b, idx_at(fs->names, node->id[i]), PHRASE_NAME);
	}
	if (node->n > NAMED) {
		buf_add(b, S(" and "));
		buf_u64(b, node->n - NAMED);
		buf_add(b, S(" more"));
	}
}

/* Notice: nodes without records of a layer in that time.  Skipped if no record of
 * the layer names its node. */
static void
silent_notice(struct facts *fs, enum coverage_layer layer, const struct ids *node, int64_t from, int64_t to, bool *any)
{
	static const struct str no[] = {
		[KERNEL] = STR_INIT("no kernel record of "), [METRICS] = STR_INIT("no metrics of "), [NCCL] = STR_INIT("no dump of "),
	};
	struct buf *b = fs->d->notice;
	struct ids silent = {0};

	if (fs->held[layer].n && !fs->held[layer].nodes)
		return;
	for (size_t i = 0; i < node->n; i++)
		if (!is_heard(fs, layer, node->id[i], from, to))
			ids_add(fs, &silent, node->id[i]);
	if (!silent.n)
		return;
	buf_add(b, *any ? S("; ") : S(": "));
	*any = true;
	buf_add(b, no[layer]);
	if (silent.n == node->n)
		buf_add(b, S("any"));
	else
		put_some(fs, &silent);
}

void
coverage_notice(struct facts *fs)
{
	struct buf *b = fs->d->notice;
	struct ids node = {0}, several = {0};
	int64_t from, to;
	size_t began;
	bool any = false;

	nameless_notice(fs);
	if (!fs->c->expect_file.n)
		return;
	gather_expected(fs, &node, &several);
	span_of_losses(fs, &from, &to);
	began = b->n;
	if (b->n)
		buf_add(b, S("; "));
	phrase_count(b, node.n + several.n, S("expected node"), S("expected nodes"));
	if (from != INT64_MIN) {
		buf_add(b, S(", from "));
		time_put(b, from);
		buf_add(b, S(" to "));
		time_put(b, to);
	}
	for (enum coverage_layer l = KERNEL; l <= NCCL; l++)
		silent_notice(fs, l, &node, from, to, &any);
	if (several.n) {
		buf_add(b, any ? S("; ") : S(": "));
		buf_add(b, S("ambiguous, as several nodes begin so: "));
		put_some(fs, &several);
	} else if (!any) {
		b->n = began;
	}
}
