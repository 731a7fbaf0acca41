#include "join/loss.h"

#include "input/text/eviction.h"
#include "join/causes.h"
#include "join/evidence.h"
#include "join/phrase.h"

/* The kubelet kills deleted pods within this time. */
#define KILLED (60 * SECOND)

/* Limit of examined lives (uids) of one pod name, against hostile input; a pod
 * is not recreated 64 times in ten minutes. */
enum { POD_LIVES = 64 };

/* Records of one loss: linked through next, sorted by content. */
struct group {
	int64_t first;    /* time of the earliest; NO_TIME for a timeless object */
	int64_t cancelled; /* when its deletion was last canceled; or NO_TIME */
	uint32_t pod_uid, node; /* of the first record that has one, or 0 */
	uint32_t head, tail;
};

struct folding {
	const struct events *ev;
	const struct loss *l; /* all records, sorted by content */
	size_t n;
	uint32_t *order;      /* by pod, then as in l */
	size_t from, to;      /* the current pod's range of order; its records are */
	uint32_t *next;       /* numbered from 0 here; UINT32_MAX ends a group */
	struct group *g;
	size_t ng;
	struct causes ready;  /* nodes that became ready */
};

static int
order_cmp(const void *x, const void *y, const void *ctx)
{
	const struct folding *f = ctx;
	const struct loss *a = &f->l[*(const uint32_t *)x], *b = &f->l[*(const uint32_t *)y];

	return a->ns != b->ns ? SORT_ORDER(a->ns, b->ns) : SORT_ORDER(a->name, b->name);
}

/* The index in l of a record of the current pod. */
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
join_group(struct group *g, const struct loss *l)
{
	if (!g->pod_uid)
		g->pod_uid = l->pod_uid;
	if (!g->node)
		g->node = l->e.node;
	if (l->from == LOSS_CANCEL && l->e.t > g->cancelled)
		g->cancelled = l->e.t;
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
		if (l->e.t != NO_TIME && time_diff(l->e.t, g->first) > LOSS_SPAN)
			break;
		f->next[g->tail] = at;
		g->tail = at;
		join_group(g, l);
		return;
	}
	g = &f->g[f->ng++];
	*g = (struct group){.first = l->e.t, .cancelled = NO_TIME, .head = at, .tail = at};
	join_group(g, l);
}

/* ---- other records of a pod ---- */

/* Other records with the pod's name: where it ran, and its fate. */
struct life {
	const struct placement *at; /* or NULL */
	int64_t ready;    /* when the pod with that uid was ready again; or NO_TIME */
	int64_t replaced; /* when another pod of that name is first known; or NO_TIME */
	bool daemonset;
};

/* Records after a loss that may still show its node. */
struct sequel {
	const struct placement *killing;
	int64_t killed, scheduled; /* or NO_TIME */
};

static int64_t
earlier(int64_t a, int64_t b)
{
	return a == NO_TIME || (b != NO_TIME && b < a) ? b : a;
}

/* When a record, or an object's pod, was made. */
static int64_t
known_since(const struct placement *p)
{
	return p->e.t == NO_TIME ? p->created : p->e.t;
}

/* The kubelet's Killing, and the next Scheduled, in the records [at, end),
 * ascending by time, within KILLED of t. */
static void
see_sequel(struct sequel *q, const struct placement *p, size_t at, size_t end, int64_t t)
{
	enum { RECORDS_MAX = 64 };
	size_t last = end - at > RECORDS_MAX ? at + RECORDS_MAX : end;

	for (; at < last && time_diff(p[at].e.t, t) <= KILLED; at++) {
		if (p[at].from == PLACE_SCHEDULED) {
			q->scheduled = earlier(q->scheduled, p[at].e.t);
		} else if (p[at].from == PLACE_KILLING && (q->killed == NO_TIME || p[at].e.t < q->killed)) {
			q->killed = p[at].e.t;
			q->killing = &p[at];
		}
	}
}

/* The last of [lo, at), of equal times the first; or p[lo] if there is none. */
static const struct placement *
last_before(const struct placement *p, size_t lo, size_t at)
{
	size_t first = lo;

	SORT_BISECT(first, at, i, p[i].e.t < p[at - 1].e.t);
	return &p[first];
}

/*
 * Records of a pod that was lost at t.  A later record is about its successor,
 * which may be elsewhere, except one with the same uid and the kubelet's
 * Killing soon after.  The number of other uids examined is limited.
 */
static struct life
life_of(const struct folding *f, const struct loss *l, uint32_t pod_uid, int64_t t)
{
	enum { UIDS_MAX = 256 };
	const struct event_list *list = &f->ev->list[EVENT_PLACEMENT];
	const struct idx *names = &f->ev->names;
	struct life life = {.ready = NO_TIME, .replaced = NO_TIME};
	struct sequel q = {.killed = NO_TIME, .scheduled = NO_TIME};
	const struct placement *p = list->p;
	size_t lo = 0, end, to;

	SORT_BISECT(lo, list->n, i, p[i].ns < l->ns || (p[i].ns == l->ns && p[i].name < l->name));
	end = lo;
	SORT_BISECT(end, list->n, i, p[i].ns == l->ns && p[i].name == l->name);
	for (unsigned n = 0; lo < end && n < UIDS_MAX; lo = to, n++) {
		uint32_t uid = p[lo].e.uid;
		bool own = uid && uid == pod_uid;
		const struct placement *at;
		size_t after = lo;

		to = lo;
		SORT_BISECT(to, end, i, idx_cmp(names, p[i].e.uid, uid) <= 0);
		if (uid && pod_uid && !own) {
			if (known_since(&p[lo]) > t)
				life.replaced = earlier(life.replaced, known_since(&p[lo]));
			continue;
		}
		SORT_BISECT(after, to, i, p[i].e.t <= t);
		if (!own)
			see_sequel(&q, p, after, to, t);
		if (after == lo && !own)
			continue;
		at = last_before(p, lo, after);
		if (!own && known_since(at) > t)
			continue;
		/* the last one before the loss, or else the first one after it; that is of
		 * the pod's own uid, whose records come last */
		if (!life.at || (at->e.t <= t && at->e.t > life.at->e.t))
			life.at = at;
		for (size_t i = lo; i < to && p[i].from == PLACE_OBJECT; i++) {
			life.daemonset |= p[i].daemonset;
			if (own && p[i].ready > t)
				life.ready = earlier(life.ready, p[i].ready);
		}
	}
	if (!life.at && q.killing && (q.scheduled == NO_TIME || q.killed < q.scheduled))
		life.at = q.killing;
	return life;
}

/* Its node according to its own record, or else to others. */
static uint32_t
node_of(const struct group *g, const struct loss *l, const struct life *life)
{
	uint32_t node = l->e.node ? l->e.node : g->node;

	return node ? node : life->at ? life->at->e.node : 0;
}

/* ---- the record that represents a loss ---- */

/* A pod may survive on a node that does not respond. */
static bool
is_suspicion(const struct folding *f, const struct loss *l)
{
	return l->from == LOSS_EVENT && eviction_is_suspicion(idx_at(&f->ev->names, l->reason));
}

/* When the pod was first known to be alive, and how; NO_TIME: never. */
static int64_t
known_alive(const struct folding *f, const struct group *g, const struct loss *l, uint8_t *how)
{
	struct life life = life_of(f, l, g->pod_uid, l->e.t);
	const struct cause *ready = causes_after(&f->ready, node_of(g, l, &life), 0, l->e.t);
	int64_t t = NO_TIME;

	if (g->cancelled >= l->e.t) {
		t = g->cancelled;
		*how = LOSS_CANCELLED;
	}
	if (life.ready != NO_TIME && earlier(t, life.ready) != t) {
		t = life.ready;
		*how = LOSS_POD_READY;
	}
	if (ready && time_diff(ready->t, l->e.t) <= LOSS_TOLERATION && earlier(t, ready->t) != t) {
		t = ready->t;
		*how = LOSS_NODE_READY;
	}
	return t != NO_TIME && life.replaced != NO_TIME && life.replaced <= t ? NO_TIME : t;
}

/* Is the loss withdrawn? */
static bool
is_void(const struct folding *f, const struct group *g, const struct loss *l)
{
	return l->from == LOSS_CANCEL ||
	       (l->e.t <= g->cancelled && eviction_is_marking(idx_at(&f->ev->names, l->reason)));
}

/* The first record from the i-th on that is neither a suspicion nor withdrawn.
 * (A Pod object without a timestamp may be anywhere in time.) */
static uint32_t
next_sure(const struct folding *f, const struct group *g, uint32_t i)
{
	while (i != UINT32_MAX && (is_suspicion(f, record(f, i)) || is_void(f, g, record(f, i))))
		i = f->next[i];
	return i;
}

/* The record that represents the group; if no record stands, the first one, and
 * the reason in *how.  A suspicion stands if the pod was lost before it was
 * known to be alive. */
static const struct loss *
chosen(const struct folding *f, const struct group *g, uint8_t *how)
{
	const struct loss *object = NULL, *timeless = NULL, *none = NULL, *l;
	uint8_t alive = LOSS_CANCELLED;
	uint32_t sure = next_sure(f, g, g->head);

	for (uint32_t i = g->head; i != UINT32_MAX; i = f->next[i]) {
		l = record(f, i);
		if (is_suspicion(f, l)) {
			int64_t t = known_alive(f, g, l, &alive);

			while (sure != UINT32_MAX && record(f, sure)->e.t != NO_TIME && record(f, sure)->e.t < l->e.t)
				sure = next_sure(f, g, f->next[sure]);
			if (t == NO_TIME || (sure != UINT32_MAX && record(f, sure)->e.t <= t))
				return *how = LOSS_STANDS, l;
		} else if (l->from == LOSS_CANCEL) {
			continue;
		} else if (!is_void(f, g, l)) {
			if (l->e.t == NO_TIME)
				timeless = timeless ? timeless : l;
			else if (l->from == LOSS_EVENT)
				return *how = LOSS_STANDS, l;
			else
				object = object ? object : l;
			continue;
		}
		if (!none) {
			none = l;
			*how = alive;
		}
	}
	if (object || timeless)
		*how = LOSS_STANDS;
	return object ? object : timeless ? timeless : none;
}

/* Time until which records of the same loss may change its verdict: if an Event
 * has everything that is needed, only a canceled deletion may. */
static int64_t
final_at(const struct folding *f, const struct group *g, const struct loss *l)
{
	bool all = l->from == LOSS_EVENT && l->e.node && l->pod_uid && !eviction_is_marking(idx_at(&f->ev->names, l->reason));

	return !all ? time_diff(g->first, -LOSS_SPAN) : is_suspicion(f, l) ? time_add(l->e.t, LOSS_TOLERATION) : l->e.t;
}

/* The loss that a group represents; false if it has only a canceled deletion. */
static bool
close_group(struct folding *f, const struct group *g, uint32_t fallback, struct lost *o)
{
	uint8_t alive = LOSS_STANDS;
	const struct loss *l = chosen(f, g, &alive);
	struct life life;

	if (!l)
		return false;
	life = life_of(f, l, g->pod_uid, l->e.t);
	*o = (struct lost){
		.t = l->e.t,
		.final_at = final_at(f, g, l),
		.at = (uint32_t)(l - f->l),
		.node = node_of(g, l, &life),
		.pod_uid = g->pod_uid,
		.daemonset = life.daemonset,
		.alive = alive,
	};
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

/* End of the records of the pod that begins at from. */
static size_t
pod_end(const struct folding *f, size_t from)
{
	size_t to = from + 1;

	while (to < f->n && order_cmp(&f->order[from], &f->order[to], f) == 0)
		to++;
	return to;
}

/* Sort the records by pod; next_pod iterates over the pods. */
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

/* Group the next pod's records; false if there is none. */
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
	/* records without a timestamp join the loss that the pod already has: all
	 * groups that those with one see have one, too */
	for (uint32_t i = 0; i < n; i++)
		if (record(f, i)->e.t == NO_TIME)
			put(f, i);
	return true;
}

static int
no_ties(const void *x, const void *y, const void *ctx)
{
	(void)x, (void)y, (void)ctx;
	return 0;
}

static struct causes
ready_nodes(const struct events *ev, struct buf *scratch, struct mem *m)
{
	const struct event_list *list = &ev->list[EVENT_NODE];
	const struct node_word *w = list->p;
	struct causes ready = {.c = mem_new(m, struct cause, list->n)};

	for (size_t i = 0; i < list->n; i++)
		if (w[i].state == NODE_READY && w[i].e.t != NO_TIME)
			ready.c[ready.n++] = (struct cause){.t = w[i].e.t, .node = w[i].e.node};
	causes_sort(&ready, no_ties, NULL, scratch, m);
	return ready;
}

struct losses
loss_fold(const struct events *ev, uint32_t fallback, struct buf *scratch, struct mem *m)
{
	struct folding f = fold(ev, scratch, m);
	struct losses ls = {.l = mem_new(m, struct lost, f.n), .withdrawn = mem_new(m, struct lost, f.n)};
	struct lost one;

	f.ready = ready_nodes(ev, scratch, m);
	while (next_pod(&f))
		for (size_t i = 0; i < f.ng; i++) {
			if (!close_group(&f, &f.g[i], fallback, &one))
				continue;
			if (one.alive)
				ls.withdrawn[ls.nwithdrawn++] = one;
			else
				ls.l[ls.n++] = one;
		}
	sort(ls.l, ls.n, sizeof(*ls.l), lost_cmp, ev, scratch);
	sort(ls.withdrawn, ls.nwithdrawn, sizeof(*ls.withdrawn), lost_cmp, ev, scratch);
	return ls;
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

struct loss_groups
loss_group(const uint32_t *cause, size_t nlost, size_t ncause, struct mem *m)
{
	struct loss_groups g = {mem_new(m, uint32_t, ncause), mem_new(m, uint32_t, nlost), mem_new(m, uint32_t, ncause)};

	for (size_t i = 0; i < ncause; i++)
		g.head[i] = NO_LOSS;
	for (size_t i = nlost; i-- > 0;) {
		if (cause[i] == NO_LOSS)
			continue;
		g.next[i] = g.head[cause[i]];
		g.head[cause[i]] = (uint32_t)i;
		g.n[cause[i]]++;
	}
	return g;
}

void
loss_group_pods(const struct events *ev, const struct lost *l, const struct loss_groups *g, uint32_t cause, struct verdicts *vs, struct buf *b)
{
	verdict_open(vs, "pods", ITEM_LIST);
	for (uint32_t i = g->head[cause]; i != NO_LOSS; i = g->next[i]) {
		loss_pod(ev, &l[i], b);
		verdict_str(vs, NULL, verdict_keep(vs, b));
	}
	verdict_close(vs);
}

void
loss_explain(const struct events *ev, const struct losses *ls, struct buf *pod, struct buf *b)
{
	static const struct str why[] = {
		[LOSS_STANDS] = {NULL, 0},
		[LOSS_CANCELLED] = STR_INIT("its deletion was cancelled"),
		[LOSS_NODE_READY] = STR_INIT("the node was ready again within the toleration, 300 s"),
		[LOSS_POD_READY] = STR_INIT("the pod was ready again"),
	};

	for (size_t i = 0; i < ls->nwithdrawn; i++) {
		const struct lost *l = &ls->withdrawn[i];

		phrase_open(b, S("pod that was not lost"));
		phrase_str(b, "pod", loss_pod(ev, l, pod));
		phrase_str(b, "node", idx_at(&ev->names, l->node));
		phrase_str(b, "reason", idx_at(&ev->names, loss_at(ev, l)->reason));
		phrase_time(b, "time", l->t);
		phrase_close(b, why[l->alive]);
	}
}

void
loss_evidence(const struct events *ev, const struct lost *lost, struct verdicts *vs, struct buf *pod, struct buf *b)
{
	const struct loss *l = loss_at(ev, lost);
	struct str note = idx_at(&ev->names, l->note), reason = idx_at(&ev->names, l->reason);

	b->n = 0;
	if (lost->t == NO_TIME)
		buf_add(b, l->started == NO_TIME ? S("time unknown: ") : S("time unknown, the pod began then: "));
	buf_add(b, reason);
	if (note.n) {
		buf_add(b, S(": "));
		buf_add(b, note);
	}
	evidence_add(vs, S("pod_event"),
		     &(struct source){idx_at(&ev->names, l->e.uid), loss_pod(ev, lost, pod), reason, S(""), lost->t == NO_TIME && l->started != NO_TIME ? l->started : lost->t}, b);
}
