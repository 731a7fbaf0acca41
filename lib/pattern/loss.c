#include "pattern/loss.h"

#include "pattern/nodes.h"
#include "pattern/phrase.h"

static const struct str marking = STR_INIT("TaintManagerEviction");

/* One name's lives (uids) that are looked back on: a bound against input made
 * to be slow; a pod does not come and go 64 times in ten minutes. */
enum { POD_LIVES = 64 };

/* Nodes that share a label but not a name are rare: so many losses on either
 * side of a time are asked whether they are the node's. */
enum { NEXT_TO = 64 };

/* Records of one loss: linked through next, in order of content. */
struct group {
	int64_t first;    /* time of the earliest; NO_TIME for a timeless object */
	uint32_t pod_uid; /* 0 while none of them tells */
	uint32_t head, tail;
};

struct folding {
	struct events *ev;
	const struct loss *l; /* all records, sorted by content */
	uint32_t *order;      /* by pod, then as in l */
	uint32_t *next;       /* of a record in its group; UINT32_MAX ends */
	struct group *g;
	size_t ng;
	struct lost *out;
	size_t n;
};

static int
order_cmp(const void *x, const void *y, const void *ctx)
{
	const struct folding *f = ctx;
	const struct loss *a = &f->l[*(const uint32_t *)x], *b = &f->l[*(const uint32_t *)y];

	return a->ns != b->ns ? SORT_ORDER(a->ns, b->ns) : SORT_ORDER(a->name, b->name);
}

static void
put(struct folding *f, size_t from, uint32_t at)
{
	const struct loss *l = &f->l[at];
	struct group *g;

	f->next[at] = UINT32_MAX;
	if (f->ng - from > POD_LIVES)
		from = f->ng - POD_LIVES;
	for (size_t i = f->ng; i-- > from;) {
		g = &f->g[i];
		if (g->pod_uid && l->pod_uid && g->pod_uid != l->pod_uid)
			continue;
		if (l->e.t != NO_TIME && g->first != NO_TIME && time_diff(l->e.t, g->first) > LOSS_SPAN)
			break;
		f->next[g->tail] = at;
		g->tail = at;
		if (!g->pod_uid)
			g->pod_uid = l->pod_uid;
		return;
	}
	f->g[f->ng++] = (struct group){l->e.t, l->pod_uid, at, at};
}

/* The record that stands for the group, or NULL when all is withdrawn. */
static const struct loss *
chosen(const struct folding *f, const struct group *g)
{
	const struct loss *object = NULL, *timeless = NULL, *l;
	int64_t cancelled = NO_TIME;
	uint32_t i;

	for (i = g->head; i != UINT32_MAX; i = f->next[i])
		if (f->l[i].from == LOSS_CANCEL && f->l[i].e.t > cancelled)
			cancelled = f->l[i].e.t;
	for (i = g->head; i != UINT32_MAX; i = f->next[i]) {
		l = &f->l[i];
		if (l->from == LOSS_CANCEL ||
		    (l->e.t <= cancelled && str_eq(idx_at(&f->ev->names, l->reason), marking)))
			continue;
		if (l->e.t == NO_TIME) {
			if (!timeless)
				timeless = l;
		} else if (l->from == LOSS_EVENT) {
			return l;
		} else if (!object) {
			object = l;
		}
	}
	return object ? object : timeless;
}

/* Where the pod ran: what was said last before t, else first after it. */
static uint32_t
placed(const struct folding *f, const struct lost *l)
{
	const struct event_list *list = &f->ev->list[EVENT_PLACE];
	const struct idx *names = &f->ev->names;
	const struct place *p = list->p;
	size_t lo = 0;
	uint32_t node = 0;
	int64_t best = NO_TIME;
	int d;

	SORT_BISECT(lo, list->n, i, (d = idx_cmp(names, p[i].ns, l->ns)) < 0 || (d == 0 && idx_cmp(names, p[i].name, l->name) < 0));
	for (; lo < list->n && p[lo].ns == l->ns && p[lo].name == l->name; lo++) {
		bool before = p[lo].e.t <= l->t, best_before = best <= l->t;

		if (p[lo].pod_uid && l->pod_uid && p[lo].pod_uid != l->pod_uid)
			continue;
		if (!node || (before && (!best_before || p[lo].e.t > best)) ||
		    (!before && !best_before && p[lo].e.t < best)) {
			node = p[lo].e.node;
			best = p[lo].e.t;
		}
	}
	return node;
}

/* Until when records of the same loss may change what is said of it: an Event
 * that tells all by itself has only its deletion's cancelling to fear. */
static int64_t
settled(const struct folding *f, const struct group *g, const struct loss *l)
{
	bool all = l->from == LOSS_EVENT && l->e.node && l->pod_uid && !str_eq(idx_at(&f->ev->names, l->reason), marking);

	return all ? l->e.t : time_diff(g->first, -LOSS_SPAN);
}

static void
close_group(struct folding *f, const struct group *g, uint32_t fallback)
{
	const struct loss *l = chosen(f, g);
	struct lost *o = &f->out[f->n];

	if (!l)
		return;
	*o = (struct lost){
		.t = l->e.t,
		.node = l->e.node,
		.name = l->name,
		.ns = l->ns,
		.pod_uid = g->pod_uid,
		.reason = l->reason,
		.note = l->note,
		.uid = l->e.uid,
		.offenders = l->offenders,
		.foreign = l->foreign,
		.settled = settled(f, g, l),
	};
	for (uint32_t i = g->head; i != UINT32_MAX && !o->node; i = f->next[i])
		o->node = f->l[i].e.node;
	if (!o->node)
		o->node = placed(f, o);
	if (!o->node)
		o->node = fallback;
	o->label = nodes_label(f->ev, o->node);
	f->n++;
}

static int
lost_cmp(const void *x, const void *y, const void *ctx)
{
	const struct lost *a = x, *b = y;
	const struct idx *names = ctx;
	int d = SORT_ORDER(a->t, b->t);

	d = d ? d : idx_cmp(names, a->uid, b->uid);
	d = d ? d : idx_cmp(names, a->ns, b->ns);
	d = d ? d : idx_cmp(names, a->name, b->name);
	d = d ? d : idx_cmp(names, a->pod_uid, b->pod_uid);
	return d ? d : idx_cmp(names, a->node, b->node);
}

/* Put the records into groups. */
static struct folding
fold(struct events *ev, struct mem *m)
{
	const struct event_list *list = &ev->list[EVENT_LOSS];
	struct folding f = {.ev = ev, .l = list->p};
	size_t i, k, from;

	f.order = mem_new(m, uint32_t, list->n);
	f.next = mem_new(m, uint32_t, list->n);
	f.g = mem_new(m, struct group, list->n);
	for (i = 0; i < list->n; i++)
		f.order[i] = (uint32_t)i;
	sort(f.order, list->n, sizeof(*f.order), order_cmp, &f, &ev->scratch);
	for (i = 0; i < list->n; i = k) {
		from = f.ng;
		for (k = i; k < list->n && order_cmp(&f.order[i], &f.order[k], &f) == 0; k++)
			if (f.l[f.order[k]].e.t != NO_TIME)
				put(&f, from, f.order[k]);
		/* what carries no time goes where the pod's loss already is */
		for (k = i; k < list->n && order_cmp(&f.order[i], &f.order[k], &f) == 0; k++)
			if (f.l[f.order[k]].e.t == NO_TIME)
				put(&f, from, f.order[k]);
	}
	return f;
}

struct lost *
loss_fold(struct events *ev, uint32_t fallback, struct mem *m, size_t *n)
{
	struct folding f = fold(ev, m);

	f.out = mem_new(m, struct lost, f.ng);
	for (size_t i = 0; i < f.ng; i++)
		close_group(&f, &f.g[i], fallback);
	sort(f.out, f.n, sizeof(*f.out), lost_cmp, &ev->names, &ev->scratch);
	*n = f.n;
	return f.out;
}

void
loss_forget(struct events *ev, int64_t before, struct mem *m)
{
	struct event_list *list = &ev->list[EVENT_LOSS];
	struct loss *l = list->p;
	struct folding f = fold(ev, m);
	bool *over = mem_new(m, bool, list->n);
	size_t to = 0;

	for (size_t i = 0; i < f.ng; i++)
		for (uint32_t k = f.g[i].head; k != UINT32_MAX; k = f.next[k])
			over[k] = f.g[i].first != NO_TIME && time_diff(before, f.g[i].first) > LOSS_SPAN;
	for (size_t i = 0; i < list->n; i++)
		if (!over[i])
			l[to++] = l[i];
	list->n = to;
}

struct str
loss_pod(const struct events *ev, const struct lost *l, struct buf *b)
{
	b->n = 0;
	if (l->ns) {
		buf_add(b, idx_at(&ev->names, l->ns));
		buf_chr(b, '/');
	}
	buf_add(b, idx_at(&ev->names, l->name));
	return buf_str(b);
}

static int
label_cmp(const void *x, const void *y, const void *ctx)
{
	const struct lost *l = ctx;

	return SORT_ORDER(l[*(const uint32_t *)x].label, l[*(const uint32_t *)y].label);
}

uint32_t *
loss_by_label(struct events *ev, const struct lost *l, size_t n, struct mem *m)
{
	uint32_t *by_label = mem_new(m, uint32_t, n);

	for (size_t i = 0; i < n; i++)
		by_label[i] = (uint32_t)i;
	sort(by_label, n, sizeof(*by_label), label_cmp, l, &ev->scratch);
	return by_label;
}

const struct lost *
loss_nearest(const struct events *ev, const struct lost *l, size_t n, const uint32_t *by_label,
	     uint32_t node, uint32_t label, int64_t t)
{
	const struct lost *best = NULL;
	size_t at = 0;

	SORT_BISECT(at, n, i, l[by_label[i]].label < label || (l[by_label[i]].label == label && l[by_label[i]].t < t));
	for (size_t i = at > NEXT_TO ? at - NEXT_TO : 0; i < n && i < at + NEXT_TO; i++) {
		const struct lost *x = &l[by_label[i]];

		if (x->label != label || x->t == NO_TIME || !nodes_agree(ev, x->node, node))
			continue;
		if (!best || time_apart(x->t, t) < time_apart(best->t, t))
			best = x;
	}
	return best;
}

void
loss_evidence(const struct events *ev, const struct lost *l, struct verdicts *vs, struct buf *pod, struct buf *b)
{
	struct str uid = idx_at(&ev->names, l->uid), note = idx_at(&ev->names, l->note);
	struct str reason = idx_at(&ev->names, l->reason);

	if (uid.n == 0)
		uid = phrase_uid(vs, b, loss_pod(ev, l, pod), reason, l->t);
	b->n = 0;
	buf_add(b, reason);
	if (note.n) {
		buf_add(b, S(": "));
		buf_add(b, note);
	}
	verdict_evidence(vs, S("pod_event"), uid, l->t, verdict_keep(vs, b));
}

bool
loss_words(struct str reasons, struct diag *d, struct str words[SIFT_WORDS], size_t *nwords)
{
	struct str rest = reasons, word;

	while (str_cut(&rest, ',', &word)) {
		if (word.n < SIFT_MARK || word.n > 200 || *nwords == SIFT_WORDS) {
			DIAG(d, S("--reason: not a list of reasons: "), reasons);
			return false;
		}
		words[(*nwords)++] = word;
	}
	return true;
}
