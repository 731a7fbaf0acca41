#include "join/loss.h"

#include "input/text/eviction.h"
#include "join/phrase.h"

/* One name's lives (uids) that are looked back on: a bound against input made
 * to be slow; a pod does not come and go 64 times in ten minutes. */
enum { POD_LIVES = 64 };

/* Records of one loss: linked through next, in order of content. */
struct group {
	int64_t first;    /* time of the earliest; NO_TIME for a timeless object */
	uint32_t pod_uid; /* 0 while none of them tells */
	uint32_t head, tail;
};

struct folding {
	const struct events *ev;
	const struct loss *l; /* all records, sorted by content */
	size_t n;
	uint32_t *order;      /* by pod, then as in l */
	size_t from, to;      /* the pod at hand, in order; its records are */
	uint32_t *next;       /* numbered from 0 here; UINT32_MAX ends a group */
	struct group *g;
	size_t ng;
};

static int
order_cmp(const void *x, const void *y, const void *ctx)
{
	const struct folding *f = ctx;
	const struct loss *a = &f->l[*(const uint32_t *)x], *b = &f->l[*(const uint32_t *)y];

	return a->ns != b->ns ? SORT_ORDER(a->ns, b->ns) : SORT_ORDER(a->name, b->name);
}

/* The place in l of a record of the pod at hand. */
static uint32_t
place_of(const struct folding *f, uint32_t at)
{
	return f->order[f->from + at];
}

static const struct loss *
record(const struct folding *f, uint32_t at)
{
	return &f->l[place_of(f, at)];
}

static void
put(struct folding *f, uint32_t at)
{
	const struct loss *l = record(f, at);
	size_t from = f->ng > POD_LIVES ? f->ng - POD_LIVES : 0;
	struct group *g;

	f->next[at] = UINT32_MAX;
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

	for (i = g->head; i != UINT32_MAX; i = f->next[i]) {
		l = record(f, i);
		if (l->from == LOSS_CANCEL && l->e.t > cancelled)
			cancelled = l->e.t;
	}
	for (i = g->head; i != UINT32_MAX; i = f->next[i]) {
		l = record(f, i);
		if (l->from == LOSS_CANCEL ||
		    (l->e.t <= cancelled && eviction_is_marking(idx_at(&f->ev->names, l->reason))))
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

/* Of the placements [lo, hi) of one uid, ascending by time, the last one up to
 * t, of equal times the first; else the first after t. */
static const struct placement *
nearest_place(const struct placement *p, size_t lo, size_t hi, int64_t t)
{
	size_t at = lo, first = lo;

	SORT_BISECT(at, hi, i, p[i].e.t <= t);
	if (at == lo)
		return &p[lo];
	SORT_BISECT(first, at, i, p[i].e.t < p[at - 1].e.t);
	return &p[first];
}

/* Where the pod ran: what was recorded last before t, else first after it; of
 * pods of that name with other uids only so many are looked at. */
static uint32_t
placed(const struct folding *f, const struct lost *lost)
{
	enum { UIDS_MAX = 256 };
	const struct loss *l = loss_at(f->ev, lost);
	const struct event_list *list = &f->ev->list[EVENT_PLACEMENT];
	const struct idx *names = &f->ev->names;
	const struct placement *p = list->p, *best = NULL;
	size_t lo = 0, end, to;

	SORT_BISECT(lo, list->n, i, p[i].ns < l->ns || (p[i].ns == l->ns && p[i].name < l->name));
	end = lo;
	SORT_BISECT(end, list->n, i, p[i].ns == l->ns && p[i].name == l->name);
	for (unsigned n = 0; lo < end && n < UIDS_MAX; lo = to, n++) {
		uint32_t uid = p[lo].e.uid;
		const struct placement *at;
		bool before, best_before;

		to = lo;
		SORT_BISECT(to, end, i, idx_cmp(names, p[i].e.uid, uid) <= 0);
		if (uid && lost->pod_uid && uid != lost->pod_uid)
			continue;
		at = nearest_place(p, lo, to, lost->t);
		before = at->e.t <= lost->t;
		best_before = best && best->e.t <= lost->t;
		if (!best || (before && (!best_before || at->e.t > best->e.t)) || (!before && !best_before && at->e.t < best->e.t))
			best = at;
	}
	return best ? best->e.node : 0;
}

/* Until when records of the same loss may change what is said of it: an Event
 * that tells all by itself has only its deletion's cancelling to fear. */
static int64_t
settled(const struct folding *f, const struct group *g, const struct loss *l)
{
	bool all = l->from == LOSS_EVENT && l->e.node && l->pod_uid && !eviction_is_marking(idx_at(&f->ev->names, l->reason));

	return all ? l->e.t : time_diff(g->first, -LOSS_SPAN);
}

/* What a group says, if it is not withdrawn. */
static bool
close_group(struct folding *f, const struct group *g, uint32_t fallback, struct lost *o)
{
	const struct loss *l = chosen(f, g);

	if (!l)
		return false;
	*o = (struct lost){
		.t = l->e.t,
		.settled = settled(f, g, l),
		.at = (uint32_t)(l - f->l),
		.node = l->e.node,
		.pod_uid = g->pod_uid,
	};
	for (uint32_t i = g->head; i != UINT32_MAX && !o->node; i = f->next[i])
		o->node = record(f, i)->e.node;
	if (!o->node)
		o->node = placed(f, o);
	if (!o->node)
		o->node = fallback;
	return true;
}

static int
lost_cmp(const void *x, const void *y, const void *ctx)
{
	const struct lost *a = x, *b = y;
	const struct events *ev = ctx;
	const struct idx *names = &ev->names;
	const struct loss *l, *m;
	int d;

	if (a->t != b->t)
		return SORT_ORDER(a->t, b->t);
	l = loss_at(ev, a);
	m = loss_at(ev, b);
	d = idx_cmp(names, l->e.uid, m->e.uid);
	d = d ? d : idx_cmp(names, l->ns, m->ns);
	d = d ? d : idx_cmp(names, l->name, m->name);
	d = d ? d : idx_cmp(names, a->pod_uid, b->pod_uid);
	return d ? d : idx_cmp(names, a->node, b->node);
}

/* Where the records of the pod that begins there end. */
static size_t
pod_end(const struct folding *f, size_t from)
{
	size_t to = from + 1;

	while (to < f->n && order_cmp(&f->order[from], &f->order[to], f) == 0)
		to++;
	return to;
}

/* Put the records in order by pod; next_pod goes from one to the next. */
static struct folding
fold(const struct events *ev, struct buf *scratch, struct mem *m)
{
	const struct event_list *list = &ev->list[EVENT_LOSS];
	struct folding f = {.ev = ev, .l = list->p, .n = list->n};
	size_t most = 0, from, to;

	f.order = mem_new(m, uint32_t, f.n);
	for (size_t i = 0; i < f.n; i++)
		f.order[i] = (uint32_t)i;
	sort(f.order, f.n, sizeof(*f.order), order_cmp, &f, scratch);
	for (from = 0; from < f.n; from = to) {
		to = pod_end(&f, from);
		if (to - from > most)
			most = to - from;
	}
	f.next = mem_new(m, uint32_t, most);
	f.g = mem_new(m, struct group, most);
	return f;
}

/* Put the next pod's records into groups; false if there is none. */
static bool
next_pod(struct folding *f)
{
	uint32_t n;

	if (f->to == f->n)
		return false;
	f->from = f->to;
	f->to = pod_end(f, f->from);
	f->ng = 0;
	n = (uint32_t)(f->to - f->from);
	for (uint32_t i = 0; i < n; i++)
		if (record(f, i)->e.t != NO_TIME)
			put(f, i);
	/* what carries no time goes where the pod's loss already is */
	for (uint32_t i = 0; i < n; i++)
		if (record(f, i)->e.t == NO_TIME)
			put(f, i);
	return true;
}

struct lost *
loss_fold(const struct events *ev, uint32_t fallback, struct buf *scratch, struct mem *m, size_t *n)
{
	struct folding f = fold(ev, scratch, m);
	struct lost *out = mem_new(m, struct lost, f.n);

	*n = 0;
	while (next_pod(&f))
		for (size_t i = 0; i < f.ng; i++)
			*n += close_group(&f, &f.g[i], fallback, &out[*n]);
	sort(out, *n, sizeof(*out), lost_cmp, ev, scratch);
	return out;
}

void
loss_forget(struct events *ev, int64_t before, struct mem *m)
{
	struct event_list *list = &ev->list[EVENT_LOSS];
	struct loss *l = list->p;
	struct folding f = fold(ev, &ev->scratch, m);
	bool *over = mem_new(m, bool, list->n);
	size_t to = 0;

	while (next_pod(&f))
		for (size_t i = 0; i < f.ng; i++)
			for (uint32_t k = f.g[i].head; k != UINT32_MAX; k = f.next[k])
				over[place_of(&f, k)] = f.g[i].first != NO_TIME && time_diff(before, f.g[i].first) > LOSS_SPAN;
	for (size_t i = 0; i < list->n; i++)
		if (!over[i])
			l[to++] = l[i];
	list->n = to;
}

struct str
loss_pod(const struct events *ev, const struct lost *lost, struct buf *b)
{
	const struct loss *l = loss_at(ev, lost);

	b->n = 0;
	if (l->ns) {
		buf_add(b, idx_at(&ev->names, l->ns));
		buf_chr(b, '/');
	}
	buf_add(b, idx_at(&ev->names, l->name));
	return buf_str(b);
}

void
loss_id(const struct events *ev, const struct lost *l, struct verdicts *vs, struct verdict *v, struct buf *b)
{
	struct str pod = idx_at(&ev->names, l->pod_uid);

	if (!pod.n) {
		loss_pod(ev, l, b);
		pod = verdict_keep(vs, b);
	}
	v->id = phrase_id(vs, b, pod, (struct str){0}, l->t);
}

static int
node_cmp(const void *x, const void *y, const void *ctx)
{
	const struct lost *l = ctx;

	return SORT_ORDER(l[*(const uint32_t *)x].node, l[*(const uint32_t *)y].node);
}

uint32_t *
loss_by_node(const struct lost *l, size_t n, struct buf *scratch, struct mem *m)
{
	uint32_t *by_node = mem_new(m, uint32_t, n);

	for (size_t i = 0; i < n; i++)
		by_node[i] = (uint32_t)i;
	sort(by_node, n, sizeof(*by_node), node_cmp, l, scratch);
	return by_node;
}

const struct lost *
loss_nearest(const struct lost *l, size_t n, const uint32_t *by_node, uint32_t node, int64_t t)
{
	const struct lost *before, *after;
	size_t at = 0, first = 0;

	SORT_BISECT(at, n, i, l[by_node[i]].node < node || (l[by_node[i]].node == node && l[by_node[i]].t < t));
	before = at ? &l[by_node[at - 1]] : NULL;
	after = at < n && l[by_node[at]].node == node ? &l[by_node[at]] : NULL;
	if (!before || before->node != node || before->t == NO_TIME ||
	    (after && time_apart(after->t, t) < time_apart(before->t, t)))
		return after;
	/* of equal times the first */
	SORT_BISECT(first, at, i, l[by_node[i]].node < node || (l[by_node[i]].node == node && l[by_node[i]].t < before->t));
	return &l[by_node[first]];
}

void
loss_evidence(const struct events *ev, const struct lost *lost, struct verdicts *vs, struct buf *pod, struct buf *b)
{
	const struct loss *l = loss_at(ev, lost);
	struct str uid = idx_at(&ev->names, l->e.uid), note = idx_at(&ev->names, l->note);
	struct str reason = idx_at(&ev->names, l->reason);

	if (uid.n == 0)
		uid = phrase_uid(vs, b, loss_pod(ev, lost, pod), reason, lost->t);
	b->n = 0;
	if (lost->t == NO_TIME)
		buf_add(b, l->started == NO_TIME ? S("time unknown: ") : S("time unknown, the pod began then: "));
	buf_add(b, reason);
	if (note.n) {
		buf_add(b, S(": "));
		buf_add(b, note);
	}
	verdict_evidence(vs, S("pod_event"), uid, lost->t == NO_TIME && l->started != NO_TIME ? l->started : lost->t, verdict_keep(vs, b));
}
