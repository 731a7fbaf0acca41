#include "join/settle.h"

#include "join/phrase.h"
#include "join/serials.h"

/* Properties of node names, from the records that use them. */
enum {
	USED = 1,       /* in records that the filter uses: the name may be displayed */
	SURE = 2,       /* the node's own name: the kernel's or Kubernetes' */
	KUBERNETES = 4, /* name in Kubernetes */
	SERIES = 8,     /* label of a series, which may name something else */
	FALLBACK = 16,  /* records without a node get --node's, */
	PLACED = 32,    /* unless another record provides it (loss.h) */
};
static const uint8_t kinds[EVENT_KINDS] = {
	[EVENT_XID] = SURE | FALLBACK,
	[EVENT_RECOVERY] = SURE | FALLBACK,
	[EVENT_AER] = SURE | FALLBACK,
	[EVENT_CONDITION] = SURE | KUBERNETES | FALLBACK,
	[EVENT_LOSS] = SURE | KUBERNETES | PLACED,
	[EVENT_PLACEMENT] = SURE | KUBERNETES,
	[EVENT_NODE] = SURE | KUBERNETES,
	[EVENT_SAMPLE] = SERIES | FALLBACK,
	[EVENT_RATE] = SERIES | FALLBACK,
	[EVENT_TENANT] = SERIES | FALLBACK,
};

#define SEVERAL UINT32_MAX

struct settling {
	struct events *ev;
	struct settled *out;
	struct mem mem;   /* holds the arrays below */
	size_t n;         /* size of the arrays, indexed by node name: those are interned early */
	uint8_t *says;    /* per name: USED, SURE, … */
	uint8_t *relates; /* per short name: flags of its full names, and the reverse */
	uint32_t *full;   /* per short name: its full name, or SEVERAL */
	uint32_t *own;    /* per name: the name of its node */
	bool strays;      /* a series has a node that no kernel or Kubernetes record names */
	uint32_t *holder; /* if strays, per UUID: its node in kernel records, or SEVERAL */
};

static unsigned
record_says(enum event_kind k, const struct event *e)
{
	if (k == EVENT_GPU)
		return ((const struct gpu *)(const void *)e)->kernel ? SURE | FALLBACK : SERIES | FALLBACK;
	return USED | kinds[k];
}

/* ---- names ---- */

static void
gather_names(struct settling *s)
{
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		for (size_t i = 0; i < s->ev->list[k].n; i++) {
			const struct event *e = events_at(s->ev, k, i);
			unsigned says = record_says(k, e);

			s->says[e->node || !(says & (FALLBACK | PLACED)) ? e->node : s->out->nodeless] |= (uint8_t)says;
		}
	s->says[0] = 0;
}

/* The short name of a full one, if used by records, or 0. */
static uint32_t
short_of(const struct settling *s, uint32_t name)
{
	uint32_t label = idx_find(&s->ev->names, node_label(idx_at(&s->ev->names, name)));

	return label != name && label < s->n && s->says[label] ? label : 0;
}

static void
relate(struct settling *s)
{
	for (uint32_t i = 1; i < s->n; i++) {
		uint32_t brief = s->says[i] ? short_of(s, i) : 0;

		if (!brief)
			continue;
		s->full[brief] = s->full[brief] ? SEVERAL : i;
		s->relates[brief] |= s->says[i];
		s->relates[i] |= s->says[brief];
	}
}

/* Keep the two lowest of the texts found so far and a new one. */
static void
keep_lowest(const struct idx *names, uint32_t low[2], uint32_t name)
{
	for (size_t i = 0; i < 2; i++)
		if (!low[i] || idx_cmp(names, name, low[i]) < 0) {
			uint32_t up = low[i];

			low[i] = name;
			name = up;
			if (!up)
				break;
		}
}

static void
choose_names(struct settling *s)
{
	const struct idx *names = &s->ev->names;
	struct settled *out = s->out;

	for (uint32_t i = 1; i < s->n; i++) {
		uint32_t full = s->full[i];

		s->own[i] = s->own[i] ? s->own[i] : i;
		s->strays |= s->says[i] & SERIES && !((s->says[i] | s->relates[i]) & SURE);
		if (full == SEVERAL) {
			out->ambiguous++;
			if (!out->brief || idx_cmp(names, i, out->brief) < 0)
				out->brief = i;
		} else if (full) {
			unsigned best = s->says[i] & KUBERNETES ? KUBERNETES : USED;
			bool brief = s->says[i] & best && !(s->says[full] & best);

			s->own[i] = s->own[full] = brief ? i : full;
		}
	}
	for (uint32_t i = 1; i < s->n && out->brief; i++)
		if (s->says[i] && short_of(s, i) == out->brief)
			keep_lowest(names, out->full, i);
}

/* ---- nodes of records ---- */

static uint32_t
uuid_of(enum event_kind k, const struct event *e)
{
	const void *r = e;

	switch (k) {
	case EVENT_XID:
		return ((const struct xid *)r)->uuid;
	case EVENT_GPU:
		return ((const struct gpu *)r)->uuid;
	case EVENT_RECOVERY:
		return ((const struct recovery *)r)->uuid;
	case EVENT_AER:
		return ((const struct aer *)r)->uuid;
	case EVENT_SAMPLE:
		return ((const struct sample *)r)->uuid;
	case EVENT_TENANT:
		return ((const struct tenant *)r)->uuid;
	case EVENT_RATE:
		return ((const struct rate *)r)->uuid;
	default:
		return 0;
	}
}

static uint32_t
node_of(const struct settling *s, enum event_kind k, const struct event *e)
{
	uint32_t node = e->node, uuid;
	unsigned says = record_says(k, e);

	if (!node)
		return says & FALLBACK ? s->own[s->out->nodeless] : 0;
	if (!(says & SERIES) || (s->says[node] | s->relates[node]) & SURE)
		return s->own[node];
	uuid = s->holder ? uuid_of(k, e) : 0;
	return uuid && s->holder[uuid] && s->holder[uuid] != SEVERAL ? s->holder[uuid] : s->own[node];
}

/* The node of each UUID, according to kernel records. */
static void
gather_holders(struct settling *s)
{
	s->holder = mem_new(&s->mem, uint32_t, s->ev->names.n);
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		for (size_t i = 0; i < s->ev->list[k].n; i++) {
			const struct event *e = events_at(s->ev, k, i);
			uint32_t uuid = uuid_of(k, e), node = uuid && record_says(k, e) & SURE ? node_of(s, k, e) : 0;

			if (node)
				s->holder[uuid] = !s->holder[uuid] || s->holder[uuid] == node ? node : SEVERAL;
		}
}

static void
settle_nodes(struct settling *s)
{
	for (unsigned k = 0; k < EVENT_KINDS; k++) {
		bool changed = false;

		for (size_t i = 0; i < s->ev->list[k].n; i++) {
			struct event *e = events_at(s->ev, k, i);
			uint32_t node = node_of(s, k, e);

			changed |= node != e->node;
			events_set_node(s->ev, e, node);
		}
		if (changed)
			events_sort_kind(s->ev, k);
	}
}

/* ---- GPUs of records ---- */

/* Xid lines that do not name their GPU follow a line that does. */
static void
follow_named(struct events *ev, struct mem *m)
{
	const struct event_list *words = &ev->list[EVENT_GPU];
	const struct gpu *g = words->p;
	struct xid *x = ev->list[EVENT_XID].p;
	struct gpu *named = NULL;
	size_t n = 0, cap = 0;

	for (size_t i = 0; i < words->n; i++)
		if (!g[i].uuid && g[i].index < 0 && !g[i].serial) {
			named = mem_extend(m, named, n, &cap, sizeof(*named));
			named[n++] = g[i];
		}
	sort(named, n, sizeof(*named), gpu_time_cmp, NULL, &ev->scratch);
	for (size_t i = 0; i < ev->list[EVENT_XID].n && n; i++) {
		size_t lo = 0; /* the first one that is not before */

		if (x[i].gpu.known || !x[i].code_implied || x[i].e.t == NO_TIME)
			continue;
		SORT_BISECT(lo, n, k, named[k].e.node < x[i].e.node || (named[k].e.node == x[i].e.node && named[k].e.t <= x[i].e.t));
		if (lo && named[lo - 1].e.node == x[i].e.node && time_diff(x[i].e.t, named[lo - 1].e.t) <= SETTLE_NAMED)
			x[i].gpu = named[lo - 1].gpu;
	}
}

static void
settle_gpus(struct events *ev, const struct gpus *gpus)
{
	struct gpus_answer last = {0};
	struct sample *s = ev->list[EVENT_SAMPLE].p;
	struct tenant *t = ev->list[EVENT_TENANT].p;
	struct rate *r = ev->list[EVENT_RATE].p;
	struct xid *x = ev->list[EVENT_XID].p;
	struct aer *a = ev->list[EVENT_AER].p;
	bool changed = false;

	for (size_t i = 0; i < ev->list[EVENT_SAMPLE].n; i++)
		changed |= gpus_fill_again(gpus, &last, &s[i].e, &s[i].gpu, &s[i].uuid, &s[i].index);
	/* samples and tenants are sorted by GPU, all others by time */
	if (changed)
		events_sort_kind(ev, EVENT_SAMPLE);
	changed = false;
	for (size_t i = 0; i < ev->list[EVENT_TENANT].n; i++)
		changed |= gpus_fill_again(gpus, &last, &t[i].e, &t[i].gpu, &t[i].uuid, &t[i].index);
	if (changed)
		events_sort_kind(ev, EVENT_TENANT);
	for (size_t i = 0; i < ev->list[EVENT_RATE].n; i++)
		gpus_fill_again(gpus, &last, &r[i].e, &r[i].gpu, &r[i].uuid, &(int16_t){-1});
	for (size_t i = 0; i < ev->list[EVENT_XID].n; i++)
		if (!x[i].nvswitch && (x[i].gpu.known || x[i].uuid))
			gpus_fill_again(gpus, &last, &x[i].e, &x[i].gpu, &x[i].uuid, &(int16_t){-1});
	for (size_t i = 0; i < ev->list[EVENT_AER].n; i++)
		if (a[i].dev.known || a[i].uuid) {
			struct pci card = a[i].dev; /* all functions of the device */

			card.fn = 0;
			gpus_fill_again(gpus, &last, &a[i].e, &card, &a[i].uuid, &(int16_t){-1});
			if (!a[i].dev.known)
				a[i].dev = card;
		}
}

/* Does x repeat the kernel line? */
static bool
is_repeat(const struct xid *x, const struct xid *line)
{
	return !line->concluded && line->code == x->code && !line->nvswitch && line->e.node == x->e.node &&
	       (!x->gpu.known || pci_cmp(x->gpu, line->gpu) == 0);
}

/* Drop Xids from conditions and Events if the kernel's own line precedes them
 * shortly; the number of Xids searched for it is limited. */
static void
drop_repeats(struct events *ev)
{
	enum { LINES_MAX = 1024 };
	struct event_list *l = &ev->list[EVENT_XID];
	struct xid *x = l->p;
	size_t to = 0;

	for (size_t i = 0; i < l->n; i++) {
		bool repeats = false;

		for (size_t k = to; x[i].concluded && !repeats && k-- > 0 && to - k <= LINES_MAX;) {
			if (time_diff(x[i].e.t, x[k].e.t) > SETTLE_CONCLUDED)
				break;
			repeats = is_repeat(&x[i], &x[k]);
		}
		if (!repeats)
			x[to++] = x[i];
	}
	l->n = to;
}

struct settled
settle(struct events *ev, struct str node, struct mem *m)
{
	struct settled out = {.nodeless = events_node(ev, node)};
	struct settling s = {.ev = ev, .out = &out};
	uint32_t last = events_last_node(ev);

	s.n = (size_t)(last > out.nodeless ? last : out.nodeless) + 1;
	s.says = mem_new(&s.mem, uint8_t, s.n);
	s.relates = mem_new(&s.mem, uint8_t, s.n);
	s.full = mem_new(&s.mem, uint32_t, s.n);
	s.own = mem_new(&s.mem, uint32_t, s.n);
	gather_names(&s);
	relate(&s);
	choose_names(&s);
	if (s.strays)
		gather_holders(&s);
	settle_nodes(&s);
	out.nodeless = s.own[out.nodeless];
	follow_named(ev, &s.mem);
	serials_name(ev, &s.mem);
	mem_free(&s.mem);
	out.gpus = gpus_gather(ev, &ev->scratch, m);
	settle_gpus(ev, &out.gpus);
	drop_repeats(ev);
	return out;
}

void
settle_notice(const struct settled *s, const struct events *ev, struct buf *notice)
{
	const struct idx *names = &ev->names;

	if (!s->ambiguous)
		return;
	if (notice->n)
		buf_add(notice, S("; "));
	buf_add(notice, S("node name "));
	phrase_short(notice, idx_at(names, s->brief), PHRASE_NAME);
	buf_add(notice, S(" is ambiguous ("));
	phrase_short(notice, idx_at(names, s->full[0]), PHRASE_NAME);
	buf_add(notice, S(", "));
	phrase_short(notice, idx_at(names, s->full[1]), PHRASE_NAME);
	buf_add(notice, S("): its records are correlated with neither"));
	if (s->ambiguous > 1) {
		buf_add(notice, S("; "));
		phrase_count(notice, s->ambiguous - 1, S("more such name"), S("more such names"));
	}
}
