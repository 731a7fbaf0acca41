#include "base/num.h"
#include "incident/incident.h"
#include "json/value.h"

const struct pattern *const inquest_patterns[] = {
	&pcie_aer, &hbm_ecc, &thermal_throttle, &xid_correlation, &pod_evicted, &nccl_hang, NULL,
};

/* A verdict line at hand. */
struct line {
	struct facts *fs;
	struct value v;
	struct mem *mem;
	int64_t first, last; /* of its evidence */
};

static struct str
text(const struct line *l, struct str name)
{
	return mem_str(l->mem, value_text(value_get(l->v, name), l->mem));
}

static int64_t
time_of(const struct line *l, struct str name, int64_t or)
{
	int64_t t;

	return time_parse(text(l, name), &t) ? t : or;
}

/* The time of the first evidence of a kind, or NO_TIME. */
static int64_t
evidence_time(const struct line *l, struct str kind)
{
	struct value trail = value_get(l->v, S("evidence_trail")), e;
	int64_t t;

	for (e = value_first(trail); value_ok(e); e = value_next(trail, e))
		if (str_eq(value_text(value_get(e, S("kind")), l->mem), kind) &&
		    time_parse(value_text(value_get(e, S("timestamp")), l->mem), &t))
			return t;
	return NO_TIME;
}

static bool
listed(const struct line *l, struct str name, struct str word)
{
	struct value list = value_get(l->v, name), e;

	for (e = value_first(list); value_ok(e); e = value_next(list, e))
		if (str_eq(value_text(e, l->mem), word))
			return true;
	return false;
}

static struct ranks
ranks_of(const struct line *l, struct str name)
{
	struct value list = value_get(l->v, name), e;
	struct ranks r = {0};
	size_t cap = 0;
	int64_t n;

	for (e = value_first(list); value_ok(e); e = value_next(list, e))
		if (value_i64(e, &n) && n >= 0 && n < UINT32_MAX) {
			r.r = mem_extend(l->mem, r.r, r.n, &cap, sizeof(*r.r));
			r.r[r.n++] = (uint32_t)n;
		}
	return r;
}

/* Names in a list, as numbers. */
static uint32_t *
names_of(const struct line *l, struct str name, size_t *n)
{
	struct value list = value_get(l->v, name), e;
	uint32_t *id = NULL;
	size_t cap = 0;

	for (*n = 0, e = value_first(list); value_ok(e); e = value_next(list, e)) {
		id = mem_extend(l->mem, id, *n, &cap, sizeof(*id));
		id[(*n)++] = idx_add(l->fs->names, value_text(e, l->mem));
	}
	return id;
}

/* ---- what each pattern's verdict says ---- */

static void
read_pcie(const struct line *l, struct fact *f)
{
	struct str severity = text(l, S("severity"));
	const struct event_list *list = &l->fs->ev->list[EVENT_AER];
	const struct aer *a = list->p;

	f->grave = str_eq(severity, S("fatal"));
	f->corrected = str_eq(severity, S("corrected"));
	/* the reports before, as long as none is more than ten minutes from the next */
	for (size_t i = list->n; i--;)
		if (a[i].e.node == f->node && a[i].e.t != NO_TIME && a[i].e.t < f->lo && f->lo - a[i].e.t <= 10 * MINUTE &&
		    pci_cmp(a[i].dev, f->gpu) == 0)
			f->lo = a[i].e.t;
}

static void
read_hbm(const struct line *l, struct fact *f)
{
	int64_t t = evidence_time(l, S("kernel_event")), n;

	if (t != NO_TIME)
		f->lo = f->hi = f->at = t;
	f->code = value_i64(value_get(l->v, S("xid_code")), &n) && n > 0 ? (uint32_t)n : 0;
	f->cls = XID_HARDWARE;
}

static void
read_heat(const struct line *l, struct fact *f)
{
	int64_t loss = 0;

	f->lo = time_of(l, S("first"), f->lo);
	f->hi = time_of(l, S("last"), f->hi);
	f->detail = text(l, S("scope"));
	f->nodes = names_of(l, S("nodes"), &f->nnode);
	f->gpus = names_of(l, S("gpu_ids"), &f->ngpu);
	if (!f->node && f->nnode)
		f->node = f->nodes[0];
	num_fixed(text(l, S("clock_loss_percent")), 0, &loss);
	f->grave = loss >= 30 || listed(l, S("reasons"), S("hw_thermal"));
}

static void
read_xid(const struct line *l, struct fact *f)
{
	int64_t t = evidence_time(l, S("kernel_event")), n;

	if (t != NO_TIME)
		f->lo = f->hi = f->at = t;
	f->code = value_i64(value_get(l->v, S("xid_code")), &n) && n > 0 ? (uint32_t)n : 0;
	f->cls = XID_UNKNOWN;
	xid_class_of(text(l, S("xid_class")), &f->cls);
	f->pod = 0; /* the pod that it took down; whose GPU it was is another matter */
}

static const struct {
	struct str kind;
	enum lost_how how;
} losses[] = {
	{STR_INIT("taint"), LOST_TAINT},
	{STR_INIT("node_lost"), LOST_NODE},
	{STR_INIT("node_pressure"), LOST_PRESSURE},
	{STR_INIT("admission"), LOST_PRESSURE},
	{STR_INIT("local_limit"), LOST_LIMIT},
	{STR_INIT("api"), LOST_API},
	{STR_INIT("shutdown"), LOST_API},
	{STR_INIT("preemption"), LOST_PREEMPTION},
};

static void
read_lost(const struct line *l, struct fact *f)
{
	int64_t t = evidence_time(l, S("pod_event")), on = evidence_time(l, S("node_condition"));
	struct str reason = text(l, S("reason"));

	if (t != NO_TIME)
		f->lo = f->hi = f->at = t;
	f->detail = text(l, S("eviction_kind"));
	for (size_t i = 0; i < NELEM(losses); i++)
		if (str_eq(f->detail, losses[i].kind))
			f->how = losses[i].how;
	if (str_eq(reason, S("NodeNotReady")) || str_eq(reason, S("NodeLost")))
		f->how = LOST_NODE;
	f->job = jobs_of_pod(l->fs, f->pod);
	if (f->how == LOST_NODE && f->node)
		f->lo = facts_alive(l->fs, f->node, f->at);
	if (f->how == LOST_PRESSURE && on != NO_TIME) {
		struct fact lost = *f, *p;

		/* f moves as facts are added */
		p = facts_add(l->fs, FACT_PRESSURE, on, lost.hi);
		p->at = on;
		p->node = lost.node;
		p->detail = text(l, S("pressure"));
	}
}

static void
read_hang(const struct line *l, struct fact *f)
{
	struct ranks silent = ranks_of(l, S("silent_ranks"));
	int64_t n;

	f->lo = f->at = time_of(l, S("since"), l->first);
	f->hi = f->lo;
	f->detail = text(l, S("diagnosis"));
	f->blamed = ranks_of(l, S("culprit_ranks"));
	if (!f->blamed.n)
		f->blamed = silent;
	f->waiting = ranks_of(l, S("waiting_ranks"));
	if (!f->waiting.n)
		f->waiting = ranks_of(l, S("hanging_ranks"));
	if (value_i64(value_get(l->v, S("world_size")), &n) && n > 0 && n < UINT32_MAX)
		f->world = (uint32_t)n;
	f->node = 0;
}

static const struct {
	struct str id;
	enum fact_kind kind;
	void (*read)(const struct line *l, struct fact *f);
} readers[] = {
	{STR_INIT("5"), FACT_PCIE, read_pcie},
	{STR_INIT("3"), FACT_HBM, read_hbm},
	{STR_INIT("4"), FACT_HEAT, read_heat},
	{STR_INIT("16"), FACT_XID, read_xid},
	{STR_INIT("14"), FACT_LOST, read_lost},
	{STR_INIT("15"), FACT_HANG, read_hang},
};

static void
read_trail(struct line *l)
{
	struct value trail = value_get(l->v, S("evidence_trail")), e;
	int64_t t;

	l->first = l->last = NO_TIME;
	for (e = value_first(trail); value_ok(e); e = value_next(trail, e))
		if (time_parse(value_text(value_get(e, S("timestamp")), l->mem), &t)) {
			l->first = l->first == NO_TIME ? t : num_min(l->first, t);
			l->last = num_max(l->last, t);
		}
}

static void
copy_trail(const struct line *l, struct fact *f)
{
	struct value trail = value_get(l->v, S("evidence_trail")), e;
	int64_t t;

	for (e = value_first(trail); value_ok(e); e = value_next(trail, e))
		if (time_parse(value_text(value_get(e, S("timestamp")), l->mem), &t))
			fact_evidence(l->fs, f, mem_str(l->mem, value_text(value_get(e, S("kind")), l->mem)),
				      mem_str(l->mem, value_text(value_get(e, S("uid")), l->mem)), t,
				      mem_str(l->mem, value_text(value_get(e, S("description")), l->mem)));
}

/* A verdict line becomes a fact.  node: its name as it was settled, or 0; job: of
 * whose records it was told, or 0. */
static void
read_line(struct facts *fs, struct json *j, struct str json, uint32_t node, uint32_t job)
{
	struct line l = {.fs = fs, .mem = fs->d->mem};
	struct str id, name;
	struct fact *f;
	size_t i = 0, at;

	json_parse(j, json);
	l.v = value_of(j);
	id = text(&l, S("pattern.id"));
	while (i < NELEM(readers) && !str_eq(readers[i].id, id))
		i++;
	read_trail(&l);
	if (l.first != NO_TIME && !str_eq(id, S("0"))) {
		f = facts_add(fs, i < NELEM(readers) ? readers[i].kind : FACT_OTHER, l.first, l.last);
		at = fs->n - 1;
		f->at = l.first;
		name = text(&l, S("node"));
		f->node = node ? node : idx_add(fs->names, name);
		pci_parse(text(&l, S("gpu_id")), &f->gpu);
		f->uuid = idx_add(fs->names, text(&l, S("gpu_uuid")));
		f->serial = idx_add(fs->names, serial_of(text(&l, S("gpu_serial"))));
		f->pod = facts_pod(fs, text(&l, S("pod_namespace")), text(&l, S("pod_name")));
		f->pattern = id;
		f->job = job;
		f->headline = text(&l, S("headline"));
		f->remedy = text(&l, S("remediation"));
		f->action = action_of(text(&l, S("action")));
		fact_said(fs, f, idx_add(fs->names, text(&l, S("id"))));
		f->resolved = time_of(&l, S("resolved_at"), NO_TIME);
		if (i < NELEM(readers))
			readers[i].read(&l, f);
		copy_trail(&l, &fs->f[at]);
	}
}

/* A pattern's verdicts on records, as lines. */
static void
run(struct facts *fs, size_t i, const struct events *ev, struct idx *names, struct buf *b)
{
	const struct pattern *p = inquest_patterns[i];
	struct verdicts out = {.id = p->id, .name = p->name};
	struct buf notice = {0};
	struct detection d = *fs->d;

	d.ev = ev;
	d.names = names;
	d.config = fs->c->own[i];
	d.out = &out;
	d.explain = NULL;
	d.notice = &notice;
	p->detect(&d);
	*fs->names = *names;
	b->n = 0;
	for (size_t k = 0; k < out.n; k++)
		jsonl_put(b, &out, &out.v[k]);
	verdicts_free(&out);
	buf_free(&notice);
}

/* A pattern's verdicts as lines, and who reads them. */
struct judging {
	struct buf lines;
	struct json json;
};

/* Judge records of a job, or of all (0). */
static void
judge(struct facts *fs, size_t i, const struct events *ev, struct idx *names, uint32_t job, struct judging *k)
{
	struct str rest, one;

	run(fs, i, ev, names, &k->lines);
	rest = buf_str(&k->lines);
	while (str_cut(&rest, '\n', &one))
		if (one.n)
			read_line(fs, &k->json, one, 0, job);
}

/* ---- shards ---- */

bool
facts_is_part(const struct facts *fs)
{
	const struct idx *shard = &fs->ev->shard;

	return shard->n && !idx_find(shard, KEY_ACROSS);
}

void
facts_tell_part(struct facts *fs)
{
	struct events view;
	struct buf b = {0};

	events_in_shard(fs->ev, &view, fs->d->spare, fs->d->mem);
	for (size_t i = 0; inquest_patterns[i]; i++) {
		struct str rest, one;

		if (!pattern_by_node(inquest_patterns[i]))
			continue;
		run(fs, i, &view, &view.names, &b);
		rest = buf_str(&b);
		while (str_cut(&rest, '\n', &one))
			if (one.n)
				verdict_add(fs->d->out)->line = mem_str(fs->d->mem, one);
	}
	buf_free(&b);
}

void
facts_judge(struct facts *fs)
{
	const struct event_list *list = &fs->ev->list[EVENT_VERDICT];
	const struct verdict_line *line = list->p;
	const bool keyed = fs->ev->shard.n > 0;
	struct events own = {0};
	struct judging k = {0};
	uint32_t *job;
	size_t jobs = jobs_told(fs, &job);

	if (keyed)
		events_in_shard(fs->ev, &own, fs->d->spare, fs->d->mem);
	for (size_t i = 0; inquest_patterns[i]; i++) {
		if (keyed && pattern_by_node(inquest_patterns[i])) {
			own.names = fs->ev->names;
			judge(fs, i, &own, &own.names, 0, &k);
		} else if (inquest_patterns[i] != &nccl_hang || !jobs) {
			judge(fs, i, fs->ev, fs->names, 0, &k);
		}
		for (size_t n = 0; inquest_patterns[i] == &nccl_hang && n < jobs; n++) {
			struct events view;

			jobs_view(fs, job[n], &view);
			judge(fs, i, &view, &view.names, job[n], &k);
		}
	}
	for (size_t i = 0; i < list->n; i++)
		read_line(fs, &k.json, idx_at(fs->names, line[i].line), line[i].e.node, 0);
	json_free(&k.json);
	buf_free(&k.lines);
}
