#include "base/num.h"
#include "incident/page.h"

/* The next range of "0-3,7"; false at the end or at anything else. */
static bool
next_range(struct str *rest, uint64_t *from, uint64_t *to)
{
	struct str one;

	if (!str_cut(rest, ',', &one) || !num_eat(&one, from))
		return false;
	*to = *from;
	return (!str_eat(&one, S("-")) || (num_eat(&one, to) && *to >= *from)) && !one.n && *to < UINT32_MAX;
}

uint64_t
ranks_count(struct str ranges)
{
	uint64_t n = 0, from, to;

	while (next_range(&ranges, &from, &to))
		n += to - from + 1;
	return n;
}

void
ranks_say(struct buf *b, struct str ranges, size_t max)
{
	uint64_t from, to, left = 0;

	for (size_t i = 0; next_range(&ranges, &from, &to); i++) {
		if (i >= max) {
			left += to - from + 1;
			continue;
		}
		if (i)
			buf_add(b, S(", "));
		buf_u64(b, from);
		if (to > from) {
			buf_chr(b, '-');
			buf_u64(b, to);
		}
	}
	if (left) {
		buf_add(b, S(" and "));
		buf_u64(b, left);
		buf_add(b, S(" more"));
	}
}

void
span_say(struct buf *b, int64_t d)
{
	static const struct {
		uint64_t ns, below; /* length of the unit; used for fewer than this */
		struct str name, minor;
		uint64_t of;        /* smaller units in one, or 0 */
	} units[] = {
		{1000000, 1000, STR_INIT(" ms"), {0}, 0},
		{SECOND, 120, STR_INIT(" s"), {0}, 0},
		{60 * (uint64_t)SECOND, 120, STR_INIT(" min"), STR_INIT(" s"), 60},
		{3600 * (uint64_t)SECOND, 48, STR_INIT(" h"), STR_INIT(" min"), 60},
		{86400 * (uint64_t)SECOND, UINT64_MAX, STR_INIT(" d"), STR_INIT(" h"), 24},
	};
	uint64_t u = time_apart(d, 0), n, minor;
	size_t i = 0;

	if (u < units[0].ns) {
		buf_add(b, u ? S("<1 ms") : S("0 s"));
		return;
	}
	while (u / units[i].ns >= units[i].below)
		i++;
	if (i == 1 && u < 10 * (uint64_t)SECOND) { /* "1.2 s" */
		buf_fixed(b, (int64_t)(u / 100000000), 1);
		buf_add(b, S(" s"));
		return;
	}
	n = u / units[i].ns;
	minor = units[i].of ? u % units[i].ns / (units[i].ns / units[i].of) : 0;
	buf_u64(b, n);
	buf_add(b, units[i].name);
	if (minor && n < 60) {
		buf_chr(b, ' ');
		buf_u64(b, minor);
		buf_add(b, units[i].minor);
	}
}

void
clock_say(struct buf *b, int64_t t)
{
	size_t at = b->n;

	if (t == NO_TIME) {
		buf_chr(b, '-');
		return;
	}
	time_put(b, time_diff(t, (t % 1000000 + 1000000) % 1000000));
	b->n--; /* Z */
	memmove(b->p + at, b->p + at + 11, b->n - at - 11);
	b->n -= 11;
}

void
time_say(struct buf *b, int64_t t)
{
	size_t at = b->n;

	if (t == NO_TIME) {
		buf_chr(b, '-');
		return;
	}
	time_put(b, t);
	b->n--; /* Z */
	b->p[at + 10] = ' ';
}

static void
part(struct buf *b, size_t from, struct str s)
{
	if (s.n && b->n > from)
		buf_chr(b, ' ');
	buf_add(b, s);
}

void
where_say(struct buf *b, const struct incident_step *s)
{
	size_t from = b->n;

	part(b, from, s->node);
	part(b, from, s->gpu);
	part(b, from, s->pod);
}

void
after_say(struct buf *b, const struct incident_step *s, const struct incident_step *before)
{
	if (!before || before->at == NO_TIME || s->at == NO_TIME)
		return;
	buf_chr(b, s->at < before->at ? '-' : '+');
	span_say(b, time_diff(s->at, before->at));
}

bool
step_lasts(const struct incident_step *s)
{
	return str_listed(S("pcie,heat,link,storage,pressure"), s->fact);
}

void
what_say(struct buf *b, const struct incident_step *s)
{
	buf_add(b, s->what);
	if (s->since < s->at) {
		buf_add(b, step_lasts(s) ? S(" (since ") : S(" (not before "));
		if (time_apart(s->since, s->at) < 86400 * (uint64_t)SECOND)
			clock_say(b, s->since);
		else
			time_say(b, s->since);
		buf_chr(b, ')');
	}
	/* the number folded into a watchdog fact is already in its ranks */
	if (s->folded && !str_eq(s->fact, S("watchdog"))) {
		buf_add(b, S(" (and "));
		buf_i64(b, s->folded);
		buf_add(b, S(" more)"));
	}
}

void
why_say(struct buf *b, const struct incident_step *s)
{
	if (!s->from) {
		buf_add(b, S("root"));
		return;
	}
	buf_add(b, S("from "));
	buf_i64(b, s->from);
	if (s->strength.n) {
		buf_add(b, S(", "));
		buf_add(b, s->strength);
	}
	if (s->rule.n) {
		buf_add(b, S(" ("));
		buf_add(b, s->rule);
		buf_chr(b, ')');
	}
}

void
root_say(struct buf *b, struct value root, struct mem *m)
{
	static const struct str names[] = {STR_INIT("node"), STR_INIT("gpu_id"), STR_INIT("pod")};
	size_t from = b->n;

	for (size_t i = 0; i < NELEM(names); i++)
		part(b, from, value_text(value_get(root, names[i]), m));
	if (b->n == from)
		list_say(b, value_get(root, S("nodes")), 4, m);
	if (b->n == from)
		part(b, from, value_text(value_get(root, S("pattern")), m));
}

/* Put the nth element of a list, from 0, if among the first max. */
static void
listed(struct buf *b, struct str s, size_t n, size_t max)
{
	if (n < max) {
		if (n)
			buf_add(b, S(", "));
		buf_add(b, s);
	}
}

static void
and_more(struct buf *b, size_t n, size_t max)
{
	if (n > max) {
		buf_add(b, S(" and "));
		buf_u64(b, n - max);
		buf_add(b, S(" more"));
	}
}

void
list_say(struct buf *b, struct value list, size_t max, struct mem *m)
{
	struct value e;
	size_t n = 0;

	for (e = value_first(list); value_ok(e); e = value_next(list, e))
		listed(b, value_text(e, m), n++, max);
	and_more(b, n, max);
}

/* ---- remarks ---- */

enum { NAMED = 12 }; /* elements listed, at most */

static void
put_todo(struct buf *b, const struct incident *i)
{
	buf_add(b, i->remediation);
}

static void
put_cordon(struct buf *b, const struct incident *i)
{
	list_say(b, value_get(i->v, S("cordon")), NAMED, i->mem);
}

static void
put_root(struct buf *b, const struct incident *i)
{
	root_say(b, value_get(i->v, S("root")), i->mem);
}

/* Nodes of a root on several. */
static void
put_nodes(struct buf *b, const struct incident *i)
{
	list_say(b, value_get(value_get(i->v, S("root")), S("nodes")), NAMED, i->mem);
}

static void
put_kind(struct buf *b, const struct incident *i)
{
	buf_add(b, i->kind);
	if (i->action.n) {
		buf_add(b, S("; action "));
		buf_add(b, i->action);
	}
}

static void
put_when(struct buf *b, const struct incident *i)
{
	time_say(b, i->first);
	buf_add(b, S(" to "));
	time_say(b, i->last);
	buf_add(b, S(" UTC"));
	if (i->resolved != NO_TIME) {
		buf_add(b, S("; resolved "));
		time_say(b, i->resolved);
	}
}

static void
put_lost(struct buf *b, const struct incident *i)
{
	list_say(b, value_get(i->v, S("pods")), NAMED, i->mem);
}

static void
put_jobs(struct buf *b, const struct incident *i)
{
	list_say(b, value_get(i->v, S("jobs")), NAMED, i->mem);
}

static void
put_blamed(struct buf *b, const struct incident *i)
{
	if (!ranks_count(i->blamed))
		return;
	buf_add(b, ranks_count(i->blamed) == 1 ? S("rank ") : S("ranks "));
	ranks_say(b, i->blamed, NAMED);
}

static void
put_waiting(struct buf *b, const struct incident *i)
{
	if (!i->waiting.n)
		return;
	buf_u64(b, ranks_count(i->waiting));
	buf_add(b, ranks_count(i->waiting) == 1 ? S(" rank: ") : S(" ranks: "));
	ranks_say(b, i->waiting, NAMED);
}

static void
put_why(struct buf *b, size_t n, struct str why)
{
	and_more(b, n, NAMED);
	if (why.n) {
		buf_add(b, S(" ("));
		if (n > 1 && str_eat(&why, S("its ")))
			buf_add(b, S("their "));
		buf_add(b, why);
		buf_chr(b, ')');
	}
}

/* Consecutive ones with the same reason together: "dgx-a01, dgx-a02 (their ranks waited)". */
static void
put_innocent(struct buf *b, const struct incident *i)
{
	struct value list = value_get(i->v, S("not_to_blame")), e;
	struct str why = {0};
	size_t n = 0;

	for (e = value_first(list); value_ok(e); e = value_next(list, e)) {
		struct str one = value_text(value_get(e, S("why")), i->mem);
		if (n && !str_eq(one, why)) {
			put_why(b, n, why);
			buf_add(b, S("; "));
			n = 0;
		}
		why = one;
		listed(b, value_text(value_get(e, S("what")), i->mem), n++, NAMED);
	}
	put_why(b, n, why);
}

/* "node-not-ready on gpu-7" */
static void
put_cause(struct buf *b, struct value root, struct mem *m)
{
	static const struct {
		struct str pattern, name;
	} names[] = {
		{STR_INIT("3"), STR_INIT("failing GPU memory")}, {STR_INIT("4"), STR_INIT("thermal throttling")},
		{STR_INIT("5"), STR_INIT("failing PCIe link")}, {STR_INIT("14"), STR_INIT("pod eviction")},
		{STR_INIT("15"), STR_INIT("hang")}, {STR_INIT("16"), STR_INIT("Xid")},
		{STR_INIT("node-not-ready"), STR_INIT("NodeNotReady")}, {STR_INIT("pod-failed"), STR_INIT("failed pod")},
		{STR_INIT("oom-killed"), STR_INIT("OOM kill")}, {STR_INIT("link"), STR_INIT("network port or link down")},
		{STR_INIT("storage"), STR_INIT("file system not responding")}, {STR_INIT("panic"), STR_INIT("kernel panic")},
		{STR_INIT("machine-check"), STR_INIT("machine check")}, {STR_INIT("row-remap-failure"), STR_INIT("failed row remap")},
		{STR_INIT("job-preempted"), STR_INIT("preempted job")}, {STR_INIT("time-limit"), STR_INIT("time limit")},
	};
	struct str what = value_text(value_get(root, S("pattern")), m);

	str_eat(&what, S("signal:"));
	for (size_t i = 0; i < NELEM(names); i++)
		if (str_eq(what, names[i].pattern))
			what = names[i].name;
	if (str_eat(&what, S("xid-")))
		buf_add(b, S("Xid "));
	else if (str_eat(&what, S("sxid-")))
		buf_add(b, S("SXid "));
	buf_add(b, what);
	if (value_ok(value_get(root, S("node"))) || value_ok(value_get(root, S("nodes")))) {
		buf_add(b, what.n ? S(" on ") : S(""));
		root_say(b, root, m);
	}
}

static void
put_rivals(struct buf *b, const struct incident *i)
{
	struct value list = value_get(i->v, S("competing")), e;
	size_t n = 0;

	for (e = value_first(list); value_ok(e); e = value_next(list, e), n++) {
		if (n >= NAMED)
			continue;
		if (n)
			buf_add(b, S(", "));
		put_cause(b, value_get(e, S("root")), i->mem);
		put_why(b, 0, value_text(value_get(e, S("why")), i->mem));
	}
	and_more(b, n, NAMED);
}

static void
put_again(struct buf *b, const struct incident *i)
{
	struct str n = value_text(value_get(i->v, S("recurrence")), i->mem);

	if (!n.n)
		return;
	buf_add(b, S("occurrence "));
	buf_add(b, n);
	buf_add(b, S(", the one before: "));
	buf_add(b, value_text(value_get(i->v, S("previous")), i->mem));
}

static void
put_others(struct buf *b, const struct incident *i)
{
	list_say(b, value_get(i->v, S("see_also")), 3, i->mem);
}

/* "kernel_event" as "kernel event". */
static void
put_layer(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_chr(b, s.p[i] == '_' ? ' ' : s.p[i]);
}

static void
put_confidence(struct buf *b, const struct incident *i)
{
	struct value list = value_get(i->v, S("missing_layers")), e;
	struct str before = S("; missing: ");

	bool precedes = false;

	buf_add(b, i->confidence);
	for (e = value_first(list); value_ok(e); e = value_next(list, e)) {
		buf_add(b, before);
		put_layer(b, value_text(e, i->mem));
		before = S(", ");
	}
	for (size_t k = 0; k < i->nstep; k++)
		precedes |= str_eq(i->step[k].strength, S("precedes"));
	if (precedes && str_eq(i->confidence, S("partial")))
		buf_add(b, S("; a cause only precedes its effect"));
	if (value_ok(value_get(i->v, S("competing"))))
		buf_add(b, S("; other causes are possible"));
}

static void
put_lacks(struct buf *b, const struct incident *i)
{
	struct value silent = value_at(i->v, S("coverage/silent")), e;
	size_t from = b->n;

	for (e = value_first(silent); value_ok(e); e = value_next(silent, e)) {
		buf_add(b, b->n > from ? S("; no ") : S("no "));
		put_layer(b, value_text(value_get(e, S("layer")), i->mem));
		buf_add(b, S(" of "));
		list_say(b, value_get(e, S("nodes")), NAMED, i->mem);
	}
}

static void
put_id(struct buf *b, const struct incident *i)
{
	buf_add(b, i->id);
}

const struct remark remarks[] = {
	{STR_INIT("Do first"), STR_INIT("DO"), put_todo},
	{STR_INIT("Cordon"), STR_INIT("CORDON"), put_cordon},
	{STR_INIT("Root cause"), {0}, put_root},
	{STR_INIT("Nodes"), STR_INIT("NODES"), put_nodes},
	{STR_INIT("Kind"), STR_INIT("KIND"), put_kind},
	{STR_INIT("From, to"), {0}, put_when},
	{STR_INIT("Pods hit"), {0}, put_lost},
	{STR_INIT("Jobs"), STR_INIT("JOB"), put_jobs},
	{STR_INIT("Ranks blamed"), STR_INIT("BLAMED"), put_blamed},
	{STR_INIT("Ranks waiting"), STR_INIT("WAIT"), put_waiting},
	{STR_INIT("Not to blame"), STR_INIT("NOT"), put_innocent},
	{STR_INIT("Other causes possible"), STR_INIT("OR"), put_rivals},
	{STR_INIT("Again"), STR_INIT("AGAIN"), put_again},
	{STR_INIT("See also"), STR_INIT("ALSO"), put_others},
	{STR_INIT("Confidence"), STR_INIT("SURE"), put_confidence},
	{STR_INIT("Not in the input"), STR_INIT("LACKS"), put_lacks},
	{STR_INIT("Id"), STR_INIT("ID"), put_id},
	{.say = NULL},
};

void
evidence_say(struct buf *b, const struct incident *i, struct value e)
{
	int64_t t;

	if (time_parse(value_text(value_get(e, S("timestamp")), i->mem), &t)) {
		clock_say(b, t);
		buf_chr(b, ' ');
	}
	put_layer(b, value_text(value_get(e, S("kind")), i->mem));
	buf_add(b, S(": "));
	buf_add(b, value_text(value_get(e, S("description")), i->mem));
}

/* Do two texts differ only in digits, such as ranks and counts? */
static bool
is_alike(struct str a, struct str b)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < a.n && char_digit(a.p[i]))
			i++;
		while (k < b.n && char_digit(b.p[k]))
			k++;
		if (i == a.n || k == b.n)
			return i == a.n && k == b.n;
		if (a.p[i++] != b.p[k++])
			return false;
	}
}

size_t
evidence_pick(const struct incident *i, struct value pick[EVIDENCE_SHOWN], struct buf *more)
{
	struct value trail = value_get(i->v, S("evidence_trail")), e;
	struct str text[EVIDENCE_SHOWN];
	size_t n = 0, all = 0, k;

	for (e = value_first(trail); value_ok(e); e = value_next(trail, e), all++) {
		if (n == EVIDENCE_SHOWN)
			continue;
		text[n] = value_text(value_get(e, S("description")), i->mem);
		for (k = 0; k < n && !is_alike(text[k], text[n]); k++)
			;
		if (k == n)
			pick[n++] = e;
	}
	if (all > n) {
		buf_add(more, S("and "));
		buf_u64(more, all - n);
		buf_add(more, S(" more"));
	}
	return n;
}

void
coverage_say(struct buf *b, const struct incident *i)
{
	struct value layers = value_at(i->v, S("coverage/layers")), e;
	size_t from = b->n;
	int64_t nodes;

	for (e = value_first(layers); value_ok(e); e = value_next(layers, e)) {
		if (b->n > from)
			buf_add(b, S(", "));
		put_layer(b, value_text(value_get(e, S("layer")), i->mem));
		buf_chr(b, ' ');
		buf_add(b, value_text(value_get(e, S("records")), i->mem));
		if (value_i64(value_get(e, S("nodes")), &nodes) && nodes > 0) {
			buf_add(b, S(" ("));
			buf_i64(b, nodes);
			buf_add(b, nodes == 1 ? S(" node)") : S(" nodes)"));
		}
	}
}
