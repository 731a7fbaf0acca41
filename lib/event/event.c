#include "event/event.h"

#include <string.h>

#include "event/kind.h"

struct str
event_name(enum event_kind k)
{
	return kinds[k].name;
}

void
events_keep_fields(struct events *ev, const uint16_t *fields)
{
	memset(ev->field, 0, sizeof(ev->field));
	ev->some_fields = fields != NULL;
	for (; fields && *fields; fields++)
		ev->field[*fields] = true;
}

/* Of consecutive records with the same names of a GPU, keep the first and the last. */
static size_t
thin_gpus(struct gpu *g, size_t n)
{
	size_t to = 0, run = 0;

	for (size_t i = 0; i < n; i++) {
		bool same = i && (g[i].uuid || g[i].index >= 0) && g[i].e.node == g[to - 1].e.node &&
			    pci_cmp(g[i].gpu, g[to - 1].gpu) == 0 && g[i].uuid == g[to - 1].uuid &&
			    g[i].index == g[to - 1].index && g[i].kernel == g[to - 1].kernel &&
			    g[i].serial == g[to - 1].serial;

		run = same ? run + 1 : 0;
		to -= run > 1;
		g[to++] = g[i];
	}
	return to;
}

/* Merge consecutive samples with the same pod of a GPU into one span of time. */
static size_t
join_tenants(struct tenant *t, size_t n, const struct events *ev)
{
	size_t to = 0;

	for (size_t i = 0; i < n; i++) {
		struct tenant *p = to ? &t[to - 1] : NULL;

		if (p && p->name == t[i].name && p->ns == t[i].ns && p->uuid == t[i].uuid && p->index == t[i].index &&
		    p->scraped == t[i].scraped && tenant_gpu_cmp(p, &t[i], ev) == 0 && time_add(p->last, TENANT_KNOWN) >= t[i].e.t)
			p->last = p->last > t[i].last ? p->last : t[i].last;
		else
			t[to++] = t[i];
	}
	return to;
}

bool
events_same_measure(const struct sample *a, const struct sample *b)
{
	return a->e.node == b->e.node && pci_cmp(a->gpu, b->gpu) == 0 && a->uuid == b->uuid &&
	       a->index == b->index && a->field == b->field;
}

/* Drop the samples of MIG instances where the GPU has a sample of its own: they
 * repeat it. */
static size_t
drop_instances(struct sample *s, size_t n)
{
	size_t to = 0, end;

	for (size_t i = 0; i < n; i = end) {
		bool own = false;

		for (end = i; end < n && events_same_measure(&s[i], &s[end]); end++)
			own |= !s[end].e.uid;
		for (size_t k = i; k < end; k++)
			if (!own || !s[k].e.uid)
				s[to++] = s[k];
	}
	return to;
}

void
events_sort_kind(struct events *ev, enum event_kind k)
{
	struct event_list *l = &ev->list[k];

	sort(l->p, l->n, kinds[k].size, kinds[k].cmp, ev, &ev->scratch);
	l->n = sort_unique(l->p, l->n, kinds[k].size, kinds[k].same, ev);
	if (k == EVENT_GPU)
		l->n = thin_gpus(l->p, l->n);
	else if (k == EVENT_SAMPLE)
		l->n = drop_instances(l->p, l->n);
	else if (k == EVENT_TENANT)
		l->n = join_tenants(l->p, l->n, ev);
}

/* Do bounds apply?  They are for evidence; placements and GPU names may be much
 * older. */
static bool
is_bounded(enum event_kind k, int64_t t)
{
	return k != EVENT_PLACEMENT && k != EVENT_GPU && k != EVENT_POD && k != EVENT_RANK && k != EVENT_TENANT && t != NO_TIME;
}

/* Is a record late?  Completed collectives and dumps never are. */
static bool
is_late(const struct events *ev, enum event_kind k, const struct event *e)
{
	const struct collective *c = (const void *)e;

	if (!is_bounded(k, e->t) || k == EVENT_COMPLETED)
		return false;
	if (k == EVENT_COLLECTIVE)
		return !c->dump && time_add(e->t, ev->collective_lateness) < ev->decided;
	return e->t < ev->decided;
}

/* Is it a collective without a timestamp?  It could not be judged before the end. */
static bool
is_undated(enum event_kind k, const struct event *e)
{
	const struct collective *c = (const void *)e;

	return k == EVENT_COLLECTIVE && e->t == NO_TIME && c->started == NO_TIME && c->seen == NO_TIME;
}

/* With --follow: is it dropped, and counted, because of its time? */
static bool
is_left_out(struct events *ev, enum event_kind k, const struct event *e)
{
	bool ahead = e->t > ev->horizon, late = is_late(ev, k, e), undated = is_undated(k, e);

	ev->ahead += ahead;
	ev->late += late;
	ev->undated += undated;
	return ahead || late || undated;
}

static bool
dropped(struct events *ev, enum event_kind k, int64_t t)
{
	if (!is_bounded(k, t))
		return false;
	return (ev->since != NO_TIME && t < ev->since) || (ev->until != NO_TIME && t > ev->until);
}

int64_t
events_newest(const struct events *ev)
{
	int64_t t = NO_TIME;

	for (unsigned k = 0; k < EVENT_KINDS; k++)
		if (ev->list[k].seen && ev->list[k].last > t)
			t = ev->list[k].last;
	return t;
}

void
events_bound(struct events *ev, int64_t since, int64_t until)
{
	ev->since = since;
	ev->until = until;
	for (unsigned k = 0; k < EVENT_KINDS; k++) {
		struct event_list *l = &ev->list[k];
		size_t to = 0;

		for (size_t i = 0; i < l->n; i++) {
			const struct event *e = events_at(ev, k, i);

			if (!dropped(ev, k, e->t))
				memmove(events_at(ev, k, to++), e, kinds[k].size);
		}
		ev->outside += l->n - to;
		l->n = l->tidied = to;
	}
}

/* Is it for all shards because the node in a series may be wrong: the series
 * itself, and records that show the node of its GPU (join/settle.h)? */
static bool
is_scraped(enum event_kind k, const struct event *e)
{
	const struct sample *s = (const void *)e;
	const struct gpu *g = (const void *)e;
	const struct tenant *t = (const void *)e;

	return (k == EVENT_SAMPLE && s->scraped && s->uuid) || (k == EVENT_TENANT && t->scraped && t->uuid) || (k == EVENT_GPU && (g->scraped || g->kernel) && g->uuid);
}

static void
put_key(struct buf *b, const struct events *ev, enum event_kind k, const struct event *e)
{
	key_put(b, ev->keys, k, e->node ? idx_at(&ev->names, e->node) : ev->nodeless, is_scraped(k, e));
}

/* Does a record with a node's key also have the key "-"? */
static bool
is_across(const struct events *ev, enum event_kind k, const struct event *e)
{
	return ev->keys.across >> k & 1 || (k == EVENT_SAMPLE && ev->keys.across_fields &&
		field_listed(ev->keys.across_fields, ((const struct sample *)(const void *)e)->field));
}

/* Is the record's key not the one that is kept? */
static bool
is_elsewhere(struct events *ev, enum event_kind k, const struct event *e)
{
	struct buf *b = &ev->scratch;

	if (!ev->key.p)
		return false;
	b->n = 0;
	put_key(b, ev, k, e);
	return !str_eq(buf_str(b), ev->key) &&
	       (!str_eq(ev->key, KEY_ACROSS) || str_eq(buf_str(b), KEY_EVERY) || !is_across(ev, k, e));
}

static void
add_trace(struct events *ev, struct str key)
{
	struct trace t = {.key = idx_add(&ev->trail.keys, key), .at = ev->trail.at};

	buf_add(&ev->trail.list, (struct str){(const char *)&t, sizeof(t)});
}

static void
add_traces(struct events *ev, enum event_kind k, const struct event *e)
{
	struct buf *b = &ev->scratch;

	b->n = 0;
	put_key(b, ev, k, e);
	add_trace(ev, buf_str(b));
	if (!str_eq(buf_str(b), KEY_EVERY) && is_across(ev, k, e))
		add_trace(ev, KEY_ACROSS);
}

void
events_add(struct events *ev, enum event_kind k, const void *record)
{
	struct event_list *l = &ev->list[k];
	const struct event *e = record;

	if (!events_want(ev, k))
		return;
	if (dropped(ev, k, e->t)) {
		ev->outside++;
		return;
	}
	if (ev->following && is_left_out(ev, k, e))
		return;
	if (is_elsewhere(ev, k, e)) {
		ev->other_shard++;
		return;
	}
	if (ev->trail.on)
		add_traces(ev, k, e);
	if (ev->following && e->t != NO_TIME)
		watermark_see(&ev->mark, e->t, e->node ? str_hash(idx_at(&ev->names, e->node)) : ev->origin);
	ev->seen++;
	ev->last_node = e->node > ev->last_node ? e->node : ev->last_node;
	if (l->seen++ == 0)
		l->first = l->last = NO_TIME;
	l->no_time += e->t == NO_TIME;
	l->no_node += e->node == 0;
	if (e->t != NO_TIME && (l->first == NO_TIME || e->t < l->first))
		l->first = e->t;
	if (e->t != NO_TIME && (l->last == NO_TIME || e->t > l->last))
		l->last = e->t;
	/* copies often arrive consecutively */
	if (l->n && memcmp((char *)l->p + (l->n - 1) * kinds[k].size, record, kinds[k].size) == 0)
		return;
	if (l->n == l->cap) {
		/* Before growing, drop duplicates; not again until the list has
		 * doubled. */
		if (l->n / 2 >= l->tidied) {
			events_sort_kind(ev, k);
			l->tidied = l->n;
		}
		if (l->n >= l->cap / 2)
			l->p = mem_more(l->p, l->cap, &l->cap, kinds[k].size);
	}
	memcpy((char *)l->p + l->n++ * kinds[k].size, record, kinds[k].size);
}

struct event *
events_at(const struct events *ev, enum event_kind k, size_t i)
{
	return (void *)((char *)ev->list[k].p + i * kinds[k].size);
}

static int
trace_cmp(const void *x, const void *y, const void *ctx)
{
	const struct trace *a = x, *b = y;
	int d = idx_cmp(&((const struct events *)ctx)->trail.keys, a->key, b->key);

	return d ? d : SORT_ORDER(a->at, b->at);
}

const struct trace *
events_trail(struct events *ev, size_t *n)
{
	struct trace *t = (void *)ev->trail.list.p;

	*n = ev->trail.list.n / sizeof(*t);
	sort(t, *n, sizeof(*t), trace_cmp, ev, &ev->scratch);
	*n = sort_unique(t, *n, sizeof(*t), trace_cmp, ev);
	return t;
}

uint64_t
events_nodes(struct events *ev)
{
	struct buf ids = {0};
	uint64_t n = 0;

	for (unsigned k = 0; k < EVENT_KINDS; k++)
		for (size_t i = 0; i < ev->list[k].n; i++) {
			const struct event *e = events_at(ev, k, i);

			if (e->node)
				buf_add(&ids, (struct str){(const char *)&e->node, sizeof(e->node)});
		}
	n = ids.n / sizeof(uint32_t);
	sort(ids.p, n, sizeof(uint32_t), sort_u32, NULL, &ev->scratch);
	n = sort_unique(ids.p, n, sizeof(uint32_t), sort_u32, NULL);
	buf_free(&ids);
	return n;
}

uint32_t
events_node(struct events *ev, struct str name)
{
	if (name.n == 0)
		return 0;
	name = id_cut(name);
	ev->scratch.n = 0;
	return idx_add(&ev->names, node_canon(name, buf_room(&ev->scratch, name.n)));
}

uint32_t
events_id(struct events *ev, struct str s)
{
	return idx_add(&ev->names, id_cut(s));
}

uint32_t
events_note(struct events *ev, struct str s)
{
	return events_id(ev, str_trim(s));
}

void
events_sort(struct events *ev)
{
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		events_sort_kind(ev, k);
}

void
events_trim(struct events *ev)
{
	for (unsigned k = 0; k < EVENT_KINDS; k++) {
		struct event_list *l = &ev->list[k];

		if (!l->n)
			continue;
		l->p = mem_trim(l->p, l->cap * kinds[k].size, l->n * kinds[k].size);
		l->cap = l->n;
	}
}

void
events_forget(struct events *ev)
{
	enum { MANY = 4096 }; /* emptying the index takes time */

	for (unsigned k = 0; k < EVENT_KINDS; k++)
		ev->list[k].n = ev->list[k].tidied = 0;
	ev->last_node = 0;
	ev->trail.at = 0;
	ev->trail.list.n = 0;
	if (ev->trail.keys.n > MANY)
		idx_reset(&ev->trail.keys);
	if (ev->names.n > MANY)
		idx_reset(&ev->names);
}

/* Does the next record of a placement or GPU replace this one? */
static bool
is_outdone(enum event_kind k, const struct event *e, const struct event *next, int64_t before)
{
	const struct placement *p = (const void *)e, *np = (const void *)next;
	const struct gpu *g = (const void *)e, *ng = (const void *)next;

	if (k == EVENT_CONDITION) /* an old transition may be the current state */
		return false;
	if (k == EVENT_GPU && !g->uuid && g->index < 0 && !g->serial)
		return true;
	if (k == EVENT_GPU && g->kernel) /* a serial number may be near it: the first and the last are kept */
		return false;
	if (!next || next->t >= before || next->t == e->t)
		return false;
	if (k == EVENT_PLACEMENT)
		return p->ns == np->ns && p->name == np->name && e->uid == next->uid;
	return e->node == next->node && pci_cmp(g->gpu, ng->gpu) == 0 && g->uuid == ng->uuid && g->index == ng->index &&
	       g->kernel == ng->kernel && g->serial == ng->serial;
}

void
events_cut(struct events *ev, unsigned which, int64_t before)
{
	int64_t old = time_diff(before, EVENT_STATE_AGE);

	for (unsigned k = 0; k < EVENT_KINDS; k++) {
		struct event_list *l = &ev->list[k];
		size_t to = 0;

		for (size_t i = 0; i < l->n && which >> k & 1; i++) {
			const struct event *e = events_at(ev, k, i), *next = i + 1 < l->n ? events_at(ev, k, i + 1) : NULL;
			bool state = k == EVENT_PLACEMENT || k == EVENT_GPU || k == EVENT_CONDITION;
			int64_t last = k == EVENT_TENANT ? time_add(((const struct tenant *)(const void *)e)->last, TENANT_KNOWN) : e->t;

			if (e->t != NO_TIME && last < (state ? old : before))
				continue;
			if (state && e->t != NO_TIME && e->t < before && is_outdone(k, e, next, before))
				continue;
			memmove(events_at(ev, k, to++), e, kinds[k].size);
		}
		if (which >> k & 1)
			l->n = to;
	}
}

void
events_pack(struct events *ev)
{
	static const size_t all[] = {offsetof(struct event, node), offsetof(struct event, uid)};
	struct idx names = {0};
	uint32_t *number = mem_grow(NULL, 0, (ev->names.n + 1) * sizeof(*number));

	memset(number, 0, (ev->names.n + 1) * sizeof(*number));
	ev->last_node = 0;
	for (unsigned k = 0; k < EVENT_KINDS; k++) {
		ev->list[k].tidied = ev->list[k].n;
		for (size_t i = 0; i < ev->list[k].n; i++) {
			struct event *e = events_at(ev, k, i);

			for (size_t t = 0; t < NELEM(all) + TEXTS_MAX; t++) {
				size_t at = t < NELEM(all) ? all[t] : kinds[k].text[t - NELEM(all)];
				uint32_t *id = (void *)((char *)e + at);

				if (!at)
					break;
				if (*id && !number[*id])
					number[*id] = idx_add(&names, idx_at(&ev->names, *id));
				*id = number[*id];
			}
			events_set_node(ev, e, e->node);
		}
	}
	mem_give(number, (ev->names.n + 1) * sizeof(*number));
	idx_free(&ev->names);
	ev->names = names;
}

void
events_copy(struct events *ev, struct event_list own[EVENT_KINDS], struct mem *m)
{
	memcpy(own, ev->list, sizeof(ev->list));
	for (unsigned k = 0; k < EVENT_KINDS; k++) {
		struct event_list *l = &ev->list[k];

		l->p = mem_get(m, kinds[k].size, l->n);
		if (l->n)
			memcpy(l->p, own[k].p, l->n * kinds[k].size);
	}
}

void
events_give_back(struct events *ev, const struct event_list own[EVENT_KINDS])
{
	memcpy(ev->list, own, sizeof(ev->list));
}

void
events_in_shard(const struct events *ev, struct events *view, struct buf *b, struct mem *m)
{
	enum { UNKNOWN, OUT, IN };
	uint8_t *is = mem_new(m, uint8_t, (size_t)events_last_node(ev) + 1);

	*view = *ev;
	for (unsigned k = 0; k < EVENT_KINDS; k++) {
		const struct event_list *from = &ev->list[k];
		struct event_list *l = &view->list[k];

		l->p = mem_get(m, kinds[k].size, from->n);
		l->n = 0;
		for (size_t i = 0; i < from->n; i++) {
			const struct event *e = events_at(ev, k, i);

			if (is[e->node] == UNKNOWN) {
				b->n = 0;
				key_put_node(b, idx_at(&ev->names, e->node));
				is[e->node] = idx_find(&ev->shard, buf_str(b)) ? IN : OUT;
			}
			if (is[e->node] == IN)
				memcpy((char *)l->p + l->n++ * kinds[k].size, e, kinds[k].size);
		}
	}
}

void
events_reset(struct events *ev)
{
	idx_reset(&ev->names);
	for (unsigned k = 0; k < EVENT_KINDS; k++) {
		struct event_list *l = &ev->list[k];

		*l = (struct event_list){.p = l->p, .cap = l->cap};
	}
	ev->seen = ev->outside = ev->other_shard = ev->late = 0;
	ev->last_node = 0;
}

void
events_free(struct events *ev)
{
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		mem_give(ev->list[k].p, ev->list[k].cap * kinds[k].size);
	idx_free(&ev->names);
	buf_free(&ev->trail.list);
	idx_free(&ev->trail.keys);
	idx_free(&ev->shard);
	idx_free(&ev->uncounted.names);
	buf_free(&ev->scratch);
	*ev = (struct events){0};
}
