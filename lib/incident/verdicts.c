#include "base/num.h"
#include "incident/incident.h"
#include "json/value.h"

const struct pattern *const inquest_patterns[] = {
	&pcie_aer, &hbm_ecc, &thermal_throttle, &xid_correlation, &pod_evicted, &nccl_hang, NULL,
};

/* PCIe reports with a time, by node, device and time. */
struct pcie_reports {
	const struct aer **p;
	size_t n;
};

/* State while reading verdict lines, one by one. */
struct verdict_reading {
	struct facts *fs;
	struct pcie_reports reports;
	struct json json;
	struct mem mem; /* reset for each line */
	struct value v;
	bool passed; /* the line is from the input */
	int64_t first, last; /* time of its evidence */
};

/* The text of a member; valid until the next line is read. */
static struct str
text(struct verdict_reading *l, struct str name)
{
	return value_text(value_get(l->v, name), &l->mem);
}

/* A lasting copy of s for a fact; shared, because most are also in other lines or records. */
static struct str
keep(const struct verdict_reading *l, struct str s)
{
	return idx_at(l->fs->names, idx_add(l->fs->names, s));
}

static int64_t
time_of(struct verdict_reading *l, struct str name, int64_t or)
{
	int64_t t;

	return time_parse(text(l, name), &t) ? t : or;
}

/* The time of the first evidence of a kind, or NO_TIME. */
static int64_t
evidence_time(struct verdict_reading *l, struct str kind)
{
	struct value trail = value_get(l->v, S("evidence_trail")), e;
	int64_t t;

	for (e = value_first(trail); value_ok(e); e = value_next(trail, e))
		if (str_eq(value_text(value_get(e, S("kind")), &l->mem), kind) &&
		    time_parse(value_text(value_get(e, S("timestamp")), &l->mem), &t))
			return t;
	return NO_TIME;
}

static bool
listed(struct verdict_reading *l, struct str name, struct str word)
{
	struct value list = value_get(l->v, name), e;

	for (e = value_first(list); value_ok(e); e = value_next(list, e))
		if (str_eq(value_text(e, &l->mem), word))
			return true;
	return false;
}

static struct ranks
ranks_of(struct verdict_reading *l, struct str name)
{
	struct value list = value_get(l->v, name), e;
	struct ranks r = {0};
	size_t cap = 0;
	int64_t n;

	for (e = value_first(list); value_ok(e); e = value_next(list, e))
		if (value_i64(e, &n) && n >= 0 && n < UINT32_MAX) {
			r.r = mem_extend(l->fs->d->mem, r.r, r.n, &cap, sizeof(*r.r));
			r.r[r.n++] = (uint32_t)n;
		}
	return r;
}

/* A list of names, as numbers. */
static uint32_t *
names_of(struct verdict_reading *l, struct str name, uint32_t *n)
{
	struct value list = value_get(l->v, name), e;
	uint32_t *id = NULL;
	size_t cap = 0;

	for (*n = 0, e = value_first(list); value_ok(e); e = value_next(list, e)) {
		id = mem_extend(l->fs->d->mem, id, *n, &cap, sizeof(*id));
		id[(*n)++] = idx_add(l->fs->names, value_text(e, &l->mem));
	}
	return id;
}

/* ---- facts from each pattern's verdicts ---- */

static int
report_cmp(const void *x, const void *y, const void *ctx)
{
	const struct aer *a = *(const struct aer *const *)x, *b = *(const struct aer *const *)y;
	int d = SORT_ORDER(a->e.node, b->e.node);

	(void)ctx;
	d = d ? d : pci_cmp(a->dev, b->dev);
	return d ? d : SORT_ORDER(a->e.t, b->e.t);
}

static struct pcie_reports
gather_reports(const struct facts *fs)
{
	const struct event_list *list = &fs->ev->list[EVENT_AER];
	const struct aer *a = list->p;
	struct pcie_reports r = {.p = mem_new(fs->d->mem, const struct aer *, list->n)};

	for (size_t i = 0; i < list->n; i++)
		if (a[i].e.t != NO_TIME)
			r.p[r.n++] = &a[i];
	sort(r.p, r.n, sizeof(*r.p), report_cmp, NULL, fs->d->spare);
	return r;
}

/* Time of the first of a device's reports that lead up to t without a gap of more
 * than ten minutes. */
static int64_t
reports_began(const struct pcie_reports *r, uint32_t node, struct pci dev, int64_t t)
{
	const struct aer key = {.e = {.t = t, .node = node}, .dev = dev}, *at = &key;
	size_t lo = 0;

	SORT_BISECT(lo, r->n, i, report_cmp(&r->p[i], &at, NULL) < 0);
	for (; lo && r->p[lo - 1]->e.node == node && pci_cmp(r->p[lo - 1]->dev, dev) == 0 && time_diff(t, r->p[lo - 1]->e.t) <= 10 * MINUTE; lo--)
		t = r->p[lo - 1]->e.t;
	return t;
}

static void
read_pcie(struct verdict_reading *l, struct fact *f)
{
	struct str severity = text(l, S("severity"));

	f->grave = str_eq(severity, S("fatal"));
	f->corrected = str_eq(severity, S("corrected"));
	f->lo = reports_began(&l->reports, f->node, f->gpu, f->lo);
}

static void
read_hbm(struct verdict_reading *l, struct fact *f)
{
	int64_t t = evidence_time(l, S("kernel_event")), n;

	if (t != NO_TIME)
		f->lo = f->hi = f->at = t;
	else
		f->lo = time_of(l, S("since"), f->lo);
	f->code = value_i64(value_get(l->v, S("xid_code")), &n) && n > 0 ? (uint32_t)n : 0;
	f->cls = XID_HARDWARE;
}

static void
read_heat(struct verdict_reading *l, struct fact *f)
{
	int64_t loss = 0;

	f->lo = time_of(l, S("first"), f->lo);
	f->hi = time_of(l, S("last"), f->hi);
	f->detail = keep(l, text(l, S("scope")));
	f->nodes = names_of(l, S("nodes"), &f->nnode);
	f->gpus = names_of(l, S("gpu_ids"), &f->ngpu);
	if (!f->node && f->nnode)
		f->node = f->nodes[0];
	num_fixed(text(l, S("clock_loss_percent")), 0, &loss);
	f->grave = loss >= 30 || listed(l, S("reasons"), S("hw_thermal"));
}

static void
read_xid(struct verdict_reading *l, struct fact *f)
{
	int64_t t = evidence_time(l, S("kernel_event")), n;
	enum xid_class cls = XID_UNKNOWN;

	if (t != NO_TIME)
		f->lo = f->hi = f->at = t;
	f->code = value_i64(value_get(l->v, S("xid_code")), &n) && n > 0 ? (uint32_t)n : 0;
	xid_class_of(text(l, S("xid_class")), &cls);
	f->cls = (uint8_t)cls;
	f->pod = 0; /* the verdict's is the pod it took down, not the one that used the GPU */
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
	{STR_INIT("node_shutdown"), LOST_SHUTDOWN},
	{STR_INIT("preemption"), LOST_PREEMPTION},
};

static void
read_lost(struct verdict_reading *l, struct fact *f)
{
	int64_t t = evidence_time(l, S("pod_event")), on = evidence_time(l, S("node_condition"));
	struct str reason = text(l, S("reason"));

	if (t != NO_TIME)
		f->lo = f->hi = f->at = t;
	f->detail = keep(l, text(l, S("eviction_kind")));
	for (size_t i = 0; i < NELEM(losses); i++)
		if (str_eq(f->detail, losses[i].kind))
			f->how = (uint8_t)losses[i].how;
	if (str_eq(reason, S("NodeNotReady")) || str_eq(reason, S("NodeLost")))
		f->how = LOST_NODE;
	f->job = jobs_of_pod(l->fs, f->pod);
	if (!l->passed && !value_ok(value_get(l->v, S("first")))) {
		f->undated = true;
		f->hi = f->at = num_max(f->lo, coverage_last(l->fs));
		return;
	}
	if (f->how == LOST_NODE && f->node)
		f->lo = facts_alive(l->fs, f->node, f->at);
	if (f->how == LOST_PRESSURE && on != NO_TIME) {
		struct fact lost = *f, *p;

		/* adding a fact moves f */
		p = facts_add(l->fs, FACT_PRESSURE, on, lost.hi);
		p->at = on;
		p->node = lost.node;
		p->detail = keep(l, text(l, S("pressure")));
	}
}

/* Read the hosts of the blamed ranks, if the verdict has them. */
static void
read_hosts(struct verdict_reading *l, int64_t since)
{
	struct value list = value_get(l->v, S("culprits")), e;
	int64_t rank;

	for (e = value_first(list); value_ok(e); e = value_next(list, e)) {
		struct str host = value_text(value_get(e, S("host")), &l->mem);

		if (host.n && value_i64(value_get(e, S("rank")), &rank) && rank >= 0 && rank < UINT32_MAX)
			seats_of_verdict(l->fs, (uint32_t)rank, idx_add(l->fs->names, node_canon(host, mem_bytes(&l->mem, host.n))), since);
	}
}

static void
read_hang(struct verdict_reading *l, struct fact *f)
{
	struct ranks silent = ranks_of(l, S("silent_ranks"));
	int64_t n;

	f->lo = f->at = time_of(l, S("since"), l->first);
	f->hi = f->lo;
	f->detail = keep(l, text(l, S("diagnosis")));
	f->ranks->blamed = ranks_of(l, S("culprit_ranks"));
	if (!f->ranks->blamed.n)
		f->ranks->blamed = silent;
	f->ranks->waiting = ranks_of(l, S("waiting_ranks"));
	if (!f->ranks->waiting.n)
		f->ranks->waiting = ranks_of(l, S("hanging_ranks"));
	if (value_i64(value_get(l->v, S("world_size")), &n) && n > 0 && n < UINT32_MAX)
		f->ranks->world = (uint32_t)n;
	f->node = 0;
	read_hosts(l, f->lo);
}

static const struct {
	struct str id;
	enum fact_kind kind;
	void (*read)(struct verdict_reading *l, struct fact *f);
} readers[] = {
	{STR_INIT("5"), FACT_PCIE, read_pcie},
	{STR_INIT("3"), FACT_HBM, read_hbm},
	{STR_INIT("4"), FACT_HEAT, read_heat},
	{STR_INIT("16"), FACT_XID, read_xid},
	{STR_INIT("14"), FACT_LOST, read_lost},
	{STR_INIT("15"), FACT_HANG, read_hang},
};

static void
read_trail(struct verdict_reading *l)
{
	struct value trail = value_get(l->v, S("evidence_trail")), e;
	int64_t t;

	l->first = l->last = NO_TIME;
	for (e = value_first(trail); value_ok(e); e = value_next(trail, e))
		if (time_parse(value_text(value_get(e, S("timestamp")), &l->mem), &t)) {
			l->first = l->first == NO_TIME ? t : num_min(l->first, t);
			l->last = num_max(l->last, t);
		}
}

static void
copy_trail(struct verdict_reading *l, struct fact *f)
{
	struct value trail = value_get(l->v, S("evidence_trail")), e;
	int64_t t;

	for (e = value_first(trail); value_ok(e); e = value_next(trail, e))
		if (time_parse(value_text(value_get(e, S("timestamp")), &l->mem), &t))
			fact_add_evidence(l->fs, f, value_text(value_get(e, S("kind")), &l->mem),
				      idx_add(l->fs->names, value_text(value_get(e, S("uid")), &l->mem)), t,
				      idx_add(l->fs->names, value_text(value_get(e, S("description")), &l->mem)));
}

/* Make a fact of a verdict line.  node: its canonical name, or 0; job: the job whose
 * records it is from, or 0. */
static void
read_line(struct verdict_reading *l, struct str json, uint32_t node, uint32_t job)
{
	struct facts *fs = l->fs;
	struct str id;
	struct fact *f;
	size_t i = 0, at;

	mem_reset(&l->mem);
	json_parse(&l->json, json);
	l->v = value_of(&l->json);
	id = text(l, S("pattern.id"));
	while (i < NELEM(readers) && !str_eq(readers[i].id, id))
		i++;
	read_trail(l);
	if (l->first == NO_TIME || str_eq(id, S("0")))
		return;
	f = facts_add(fs, i < NELEM(readers) ? readers[i].kind : FACT_OTHER, l->first, l->last);
	at = fs->n - 1;
	f->at = l->first;
	f->node = node ? node : idx_add(fs->names, text(l, S("node")));
	pci_parse(text(l, S("gpu_id")), &f->gpu);
	f->uuid = idx_add(fs->names, text(l, S("gpu_uuid")));
	f->serial = idx_add(fs->names, serial_of(text(l, S("gpu_serial"))));
	f->pod = facts_pod(fs, text(l, S("pod_namespace")), text(l, S("pod_name")));
	f->pattern = keep(l, id);
	f->passed = l->passed;
	f->job = job;
	f->remedy = keep(l, text(l, S("remediation")));
	f->action = (uint8_t)action_of(text(l, S("action")));
	fact_said(fs, f, idx_add(fs->names, text(l, S("id"))));
	f->resolved = time_of(l, S("resolved_at"), NO_TIME);
	if (i < NELEM(readers))
		readers[i].read(l, f);
	copy_trail(l, &fs->f[at]);
}

/* A running pattern, whose verdicts are read as it adds them. */
struct running {
	struct facts *fs;
	struct idx *names; /* the strings of its records */
	struct verdicts out;
	struct buf json, scratch, notice;
	struct mem mem; /* reset for each pattern */
	struct verdict_reading line;
	uint32_t job; /* job whose records it gets; 0: all */
	bool part;    /* print its verdicts unchanged */
};

static void
take(void *ctx, const struct verdict *v)
{
	struct running *r = ctx;
	struct str one;

	r->json.n = 0;
	jsonl_put(&r->json, &r->out, v);
	one = str_trim(buf_str(&r->json));
	*r->fs->names = *r->names;
	if (r->part)
		verdict_add(r->fs->d->out)->line = mem_str(r->fs->d->mem, one);
	else
		read_line(&r->line, one, 0, r->job);
	*r->names = *r->fs->names;
}

/* Run a pattern on records. */
static void
run(struct running *r, size_t i, const struct events *ev, struct idx *names)
{
	const struct pattern *p = inquest_patterns[i];
	struct detection d = *r->fs->d;

	r->names = names;
	r->out = (struct verdicts){.id = p->id, .name = p->name, .take = take, .ctx = r};
	d.ev = ev;
	d.names = names;
	d.config = r->fs->c->own[i];
	d.out = &r->out;
	d.explain = NULL;
	d.notice = &r->notice;
	d.scratch = &r->scratch;
	d.mem = &r->mem;
	p->detect(&d);
	if (r->out.n)
		take(r, &r->out.v[0]);
	*r->fs->names = *names;
	verdicts_free(&r->out);
	r->notice.n = 0;
	mem_reset(&r->mem);
}

static void
running_free(struct running *r)
{
	buf_free(&r->json);
	buf_free(&r->scratch);
	buf_free(&r->notice);
	mem_free(&r->mem);
	json_free(&r->line.json);
	mem_free(&r->line.mem);
}

/* ---- shards ---- */

bool
facts_is_part(const struct facts *fs)
{
	const struct idx *shard = &fs->ev->shard;

	return shard->n && !idx_find(shard, KEY_ACROSS);
}

void
facts_report_part(struct facts *fs)
{
	struct running r = {.fs = fs, .part = true};
	struct events view;

	events_in_shard(fs->ev, &view, fs->d->spare, fs->d->mem);
	for (size_t i = 0; inquest_patterns[i]; i++)
		if (pattern_by_node(inquest_patterns[i]))
			run(&r, i, &view, &view.names);
	running_free(&r);
}

void
facts_judge(struct facts *fs)
{
	const struct event_list *list = &fs->ev->list[EVENT_VERDICT];
	const struct verdict_line *line = list->p;
	const bool keyed = fs->ev->shard.n > 0;
	struct running r = {.fs = fs, .line = {.fs = fs, .reports = gather_reports(fs)}};
	struct events own = {0};
	uint32_t *job;
	size_t jobs = jobs_named(fs, &job);

	if (keyed)
		events_in_shard(fs->ev, &own, fs->d->spare, fs->d->mem);
	for (size_t i = 0; inquest_patterns[i]; i++) {
		r.job = 0;
		if (keyed && pattern_by_node(inquest_patterns[i])) {
			own.names = fs->ev->names;
			run(&r, i, &own, &own.names);
		} else if (inquest_patterns[i] != &nccl_hang || !jobs) {
			run(&r, i, fs->ev, fs->names);
		}
		for (size_t k = 0; inquest_patterns[i] == &nccl_hang && k < jobs; k++) {
			struct events view;

			jobs_view(fs, job[k], &view);
			r.job = job[k];
			run(&r, i, &view, &view.names);
		}
	}
	facts_room(fs, list->n);
	r.line.passed = true;
	for (size_t i = 0; i < list->n; i++)
		read_line(&r.line, idx_at(fs->names, line[i].line), line[i].e.node, 0);
	running_free(&r);
}
