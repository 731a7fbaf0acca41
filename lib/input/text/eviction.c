#include "input/text/eviction.h"

/* A text of this length may have been truncated (Events' are, at 1024 bytes): an
 * unfinished sentence in it is ignored. */
enum { CUT = 1020 };

/* ---- names ---- */

static const struct str pressures[PRESSURES] = {
	STR_INIT("unknown"),
	STR_INIT("memory"),
	STR_INIT("disk"),
	STR_INIT("pid"),
};

static const struct str types[PRESSURES] = {
	{NULL, 0},
	STR_INIT("MemoryPressure"),
	STR_INIT("DiskPressure"),
	STR_INIT("PIDPressure"),
};

static const struct str kind_names[EVICTION_KINDS] = {
	[EVICTION_NODE_PRESSURE] = STR_INIT("node_pressure"),
	[EVICTION_LOCAL_LIMIT] = STR_INIT("local_limit"),
	[EVICTION_TAINT] = STR_INIT("taint"),
	[EVICTION_PREEMPTION] = STR_INIT("preemption"),
	[EVICTION_NODE_SHUTDOWN] = STR_INIT("node_shutdown"),
	[EVICTION_NODE_LOST] = STR_INIT("node_lost"),
	[EVICTION_API] = STR_INIT("api"),
	[EVICTION_ADMISSION] = STR_INIT("admission"),
	[EVICTION_UNKNOWN] = {NULL, 0},
};

struct str
pressure_name(enum pressure p)
{
	return pressures[p];
}

struct str
pressure_type(enum pressure p)
{
	return types[p];
}

bool
pressure_of_type(struct str s, enum pressure *p)
{
	for (unsigned i = PRESSURE_MEMORY; i < PRESSURES; i++)
		if (str_ieq(s, types[i])) {
			*p = i;
			return true;
		}
	return false;
}

struct str
eviction_kind_name(enum eviction_kind k)
{
	return kind_names[k];
}

/* Words for pressures; inodes before the file systems they may belong to. */
static const struct {
	struct str word;
	enum pressure pressure;
} resources[] = {
	{STR_INIT("memory"), PRESSURE_MEMORY},
	{STR_INIT("ephemeral-storage"), PRESSURE_DISK},
	{STR_INIT("nodefs"), PRESSURE_DISK},
	{STR_INIT("imagefs"), PRESSURE_DISK},
	{STR_INIT("containerfs"), PRESSURE_DISK},
	{STR_INIT("disk"), PRESSURE_DISK},
	{STR_INIT("inode"), PRESSURE_DISK},
	{STR_INIT("pids"), PRESSURE_PID},
	{STR_INIT("pid.available"), PRESSURE_PID},
	{STR_INIT("PIDPressure"), PRESSURE_PID},
	{STR_INIT("InsufficientPID"), PRESSURE_PID},
};

static enum pressure
pressure_of_word(struct str s)
{
	for (size_t i = 0; i < NELEM(resources); i++)
		if (str_ifind(s, resources[i].word) < s.n)
			return resources[i].pressure;
	return PRESSURE_UNKNOWN;
}

/* Is a word followed by a name, which is not a pressure? */
static bool
names_somebody(struct str s)
{
	static const struct str before[] = {STR_INIT("container"), STR_INIT("pod"), STR_INIT("volume"), STR_INIT("node")};

	for (size_t i = 0; i < NELEM(before); i++)
		if (str_ieq(s, before[i]))
			return true;
	return false;
}

enum pressure
pressure_in(struct str s)
{
	enum pressure p;
	struct str word;
	bool name = false;

	while (str_cut(&s, ' ', &word)) {
		p = name ? PRESSURE_UNKNOWN : pressure_of_word(word);
		if (p)
			return p;
		name = names_somebody(word);
	}
	return PRESSURE_UNKNOWN;
}

/* ---- quantities ---- */

static const struct {
	struct str name;
	int ten;      /* times 10^ten */
	unsigned two; /* times 2^two */
} units[] = {
	{STR_INIT(""), 0, 0},    {STR_INIT("n"), -9, 0},  {STR_INIT("u"), -6, 0},  {STR_INIT("m"), -3, 0},
	{STR_INIT("k"), 3, 0},   {STR_INIT("K"), 3, 0},   {STR_INIT("M"), 6, 0},   {STR_INIT("G"), 9, 0},
	{STR_INIT("T"), 12, 0},  {STR_INIT("P"), 15, 0},  {STR_INIT("E"), 18, 0},  {STR_INIT("Ki"), 0, 10},
	{STR_INIT("Mi"), 0, 20}, {STR_INIT("Gi"), 0, 30}, {STR_INIT("Ti"), 0, 40}, {STR_INIT("Pi"), 0, 50},
	{STR_INIT("Ei"), 0, 60},
};

static bool
is_digit(struct str s)
{
	return s.n && (unsigned char)(*s.p - '0') < 10;
}

/* Digits with an optional point: their value, and the number of digits after it. */
static bool
mantissa(struct str *s, uint64_t *v, int *behind)
{
	bool any = false, point = false;

	*v = 0;
	*behind = 0;
	for (;; *s = str_from(*s, 1)) {
		uint64_t digit;

		if (!point && s->n && *s->p == '.') {
			point = true;
			continue;
		}
		if (!is_digit(*s))
			return any;
		any = true;
		digit = (uint64_t)(*s->p - '0');
		if (*v > (UINT64_MAX - digit) / 10)
			return false;
		*v = *v * 10 + digit;
		*behind += point;
	}
}

/* All of "e3", "E-2"; not the unit E, which nothing follows. */
static bool
exponent(struct str s, int *e)
{
	bool minus;

	if (!str_eat(&s, S("e")) && !str_eat(&s, S("E")))
		return false;
	minus = str_eat(&s, S("-"));
	if (!minus)
		str_eat(&s, S("+"));
	if (s.n == 0)
		return false;
	for (*e = 0; is_digit(s); s = str_from(s, 1))
		if (*e < 1000)
			*e = *e * 10 + (*s.p - '0');
	if (minus)
		*e = -*e;
	return s.n == 0;
}

static bool
unit(struct str s, int *ten, unsigned *two)
{
	/* bytes: docker's "kB"; not with units below 1 */
	if (s.n && s.p[s.n - 1] == 'B' && !(s.n == 2 && (*s.p == 'n' || *s.p == 'u' || *s.p == 'm')))
		s.n--;
	if (exponent(s, ten)) {
		*two = 0;
		return true;
	}
	for (size_t i = 0; i < NELEM(units); i++)
		if (str_eq(s, units[i].name)) {
			*ten = units[i].ten;
			*two = units[i].two;
			return true;
		}
	return false;
}

bool
quantity_parse(struct str s, int64_t *v)
{
	enum { TEN_MAX = 18 }; /* 10^18 and twice that fit */
	uint64_t n, rest, d = 1;
	int behind, ten;
	unsigned two;

	str_eat(&s, S("+"));
	if (!mantissa(&s, &n, &behind) || !unit(s, &ten, &two))
		return false;
	ten -= behind;
	if (n == 0)
		ten = 0;
	if (ten > TEN_MAX || ten < -TEN_MAX)
		return false;
	for (; ten > 0; ten--) {
		if (n > INT64_MAX / 10)
			return false;
		n *= 10;
	}
	for (; ten < 0; ten++)
		d *= 10;
	rest = n % d;
	n /= d;
	for (; two; two--) {
		if (n > INT64_MAX / 2)
			return false;
		rest *= 2;
		n = 2 * n + (rest >= d);
		rest -= rest >= d ? d : 0;
	}
	n += rest != 0;
	if (n > INT64_MAX)
		return false;
	*v = (int64_t)n;
	return true;
}

/*
 * The quantity at the start of a text, up to a comma, a blank or the full stop at the
 * end of a sentence; or `none`.  Quotes around it are removed.
 */
static int64_t
quantity_at(struct str s, int64_t none)
{
	int64_t v;
	size_t n = 0;

	str_eat(&s, S("\""));
	while (n < s.n && s.p[n] != ',' && s.p[n] != ' ' && s.p[n] != '"' && s.p[n] != ';' && s.p[n] != ')')
		n++;
	s.n = n;
	if (str_ends(s, S(".")))
		s.n--;
	return quantity_parse(s, &v) ? v : none;
}

/* The quantity after a text, or `none`. */
static int64_t
quantity_after(struct str s, struct str before, int64_t none)
{
	size_t at = str_ifind(s, before);

	return at < s.n ? quantity_at(str_from(s, at + before.n), none) : none;
}

/* ---- kinds ---- */

const struct str eviction_reasons = STR_INIT(
	"Evicted,EvictionByEvictionAPI,TaintManagerEviction,DeviceTaintManagerEviction,Preempted,Preempting,Evict,Disrupted,ScaleDown,EvictedByVPA,"
	"UnexpectedAdmissionError,TopologyAffinityError,NodeAffinity,OutOf,NodeLost,NodeShutdown,Shutdown,Terminated,DisruptionTarget,"
	"LowNodeUtilization,HighNodeUtilization,PodLifeTime,RemoveDuplicates,RemoveFailedPods,RemovePodsHavingTooManyRestarts,"
	"RemovePodsViolatingInterPodAntiAffinity,RemovePodsViolatingNodeAffinity,RemovePodsViolatingNodeTaints,"
	"RemovePodsViolatingTopologySpreadConstraint");

static const struct str out_of = STR_INIT("OutOf");

bool
eviction_reason_listed(struct str list, struct str reason)
{
	return str_listed(list, reason) || (str_starts(reason, out_of) && str_listed(list, out_of));
}

bool
eviction_is_device_taint(struct str reason)
{
	return str_ieq(reason, S("DeviceTaintManagerEviction")) || str_ieq(reason, S("DeletionByDeviceTaintManager"));
}

bool
eviction_is_marking(struct str reason)
{
	return str_eq(reason, S("TaintManagerEviction")) || str_eq(reason, S("DeviceTaintManagerEviction"));
}

bool
eviction_is_suspicion(struct str reason)
{
	return str_eq(reason, S("NodeNotReady"));
}

/* Reasons that determine the kind; the last ones are prefixes. */
static const struct {
	struct str reason;
	enum eviction_kind kind;
} reasons[] = {
	{STR_INIT("TaintManagerEviction"), EVICTION_TAINT},
	{STR_INIT("DeviceTaintManagerEviction"), EVICTION_TAINT},
	{STR_INIT("DeletionByTaintManager"), EVICTION_TAINT},
	{STR_INIT("DeletionByDeviceTaintManager"), EVICTION_TAINT},
	{STR_INIT("Preempted"), EVICTION_PREEMPTION},
	{STR_INIT("Preempting"), EVICTION_PREEMPTION},
	{STR_INIT("PreemptionByScheduler"), EVICTION_PREEMPTION},
	{STR_INIT("PreemptionByKubeScheduler"), EVICTION_PREEMPTION},
	{STR_INIT("Evict"), EVICTION_PREEMPTION}, /* Volcano: reclaim, preempt */
	{STR_INIT("NodeShutdown"), EVICTION_ADMISSION},
	{STR_INIT("UnexpectedAdmissionError"), EVICTION_ADMISSION},
	{STR_INIT("TopologyAffinityError"), EVICTION_ADMISSION},
	{STR_INIT("NodeAffinity"), EVICTION_ADMISSION},
	{STR_INIT("Shutdown"), EVICTION_NODE_SHUTDOWN},
	{STR_INIT("Terminated"), EVICTION_NODE_SHUTDOWN},
	{STR_INIT("NodeLost"), EVICTION_NODE_LOST},
	{STR_INIT("NodeNotReady"), EVICTION_NODE_LOST},
	{STR_INIT("DeletionByPodGC"), EVICTION_NODE_LOST},
	{STR_INIT("EvictionByEvictionAPI"), EVICTION_API},
	{STR_INIT("Disrupted"), EVICTION_API},
	{STR_INIT("ScaleDown"), EVICTION_API},
	{STR_INIT("EvictedByVPA"), EVICTION_API},
	{STR_INIT("LowNodeUtilization"), EVICTION_API},
	{STR_INIT("HighNodeUtilization"), EVICTION_API},
	{STR_INIT("PodLifeTime"), EVICTION_API},
}, prefixes[] = {
	{STR_INIT("OutOf"), EVICTION_ADMISSION},
	{STR_INIT("RemoveDuplicates"), EVICTION_API},
	{STR_INIT("RemoveFailedPods"), EVICTION_API},
	{STR_INIT("RemovePods"), EVICTION_API}, /* the descheduler's strategies */
};

/* Texts, for reasons that do not determine the kind; the first one found is used. */
static const struct {
	struct str text;
	enum eviction_kind kind;
} texts[] = {
	{STR_INIT("Usage of EmptyDir volume "), EVICTION_LOCAL_LIMIT},
	{STR_INIT("exceeded its local ephemeral storage limit"), EVICTION_LOCAL_LIMIT},
	{STR_INIT("local storage usage exceeds the total limit"), EVICTION_LOCAL_LIMIT},
	{STR_INIT("The node had condition"), EVICTION_ADMISSION},
	{STR_INIT("Pod was rejected"), EVICTION_ADMISSION},
	{STR_INIT("not admitting any new pods"), EVICTION_ADMISSION},
	{STR_INIT("The node was low on "), EVICTION_NODE_PRESSURE},
	{STR_INIT("node shutdown"), EVICTION_NODE_SHUTDOWN},
	{STR_INIT("Node is shutting"), EVICTION_NODE_SHUTDOWN},
	{STR_INIT("preempted"), EVICTION_PREEMPTION},
	{STR_INIT("Eviction API"), EVICTION_API},
	{STR_INIT("node no longer exists"), EVICTION_NODE_LOST},
	{STR_INIT("Evicted pod"), EVICTION_API}, /* Karpenter's */
	{STR_INIT("Deleting the pod to accommodate the terminationTime"), EVICTION_API},
	{STR_INIT("sigs.k8s.io/descheduler"), EVICTION_API},
	{STR_INIT("deleting pod for node scale down"), EVICTION_API},
	{STR_INIT("evicted by VPA Updater"), EVICTION_API},
	{STR_INIT("taint"), EVICTION_TAINT},
};

/* The kind from the reason alone; false if that does not determine it. */
static bool
kind_of_reason(struct str reason, enum eviction_kind *kind)
{
	for (size_t i = 0; i < NELEM(reasons); i++)
		if (str_ieq(reason, reasons[i].reason)) {
			*kind = reasons[i].kind;
			return true;
		}
	for (size_t i = 0; i < NELEM(prefixes); i++)
		if (str_starts(reason, prefixes[i].reason)) {
			*kind = prefixes[i].kind;
			return true;
		}
	return false;
}

enum eviction_kind
eviction_kind_of(const struct eviction_text *t)
{
	static const enum eviction_kind by_source[] = {
		[EVICTION_BY_KUBELET] = EVICTION_NODE_PRESSURE,
		[EVICTION_BY_OTHER] = EVICTION_API,
		[EVICTION_BY_UNKNOWN] = EVICTION_UNKNOWN,
	};
	enum eviction_kind kind;

	if (kind_of_reason(t->reason, &kind))
		return kind;
	for (size_t i = 0; i < NELEM(texts); i++)
		if (str_ifind(t->note, texts[i].text) < t->note.n)
			return texts[i].kind;
	if (t->source == EVICTION_BY_UNKNOWN && t->offenders.n)
		return EVICTION_NODE_PRESSURE; /* written only by the kubelet */
	return by_source[t->source];
}

static bool
has_one(struct str s, const struct str *word, size_t n)
{
	while (n && str_ifind(s, word[n - 1]) == s.n)
		n--;
	return n;
}

/* Controllers that use the same API for reasons other than the node. */
static const struct str balancers[] = {STR_INIT("deschedul"), STR_INIT("scale down"), STR_INIT("VPA")};

/* Does a reason name the one who evicted the pod through that API, but not why? */
static bool
is_requested(struct str reason)
{
	return str_eq(reason, S("EvictionByEvictionAPI")) || str_eq(reason, S("Disrupted"));
}

bool
eviction_is_drain(const struct eviction_text *t)
{
	static const struct str drains[] = {STR_INIT("Eviction API"), STR_INIT("Evicted pod"), STR_INIT("terminationTime")};

	if (!is_requested(t->reason) && !(eviction_kind_of(t) == EVICTION_API && has_one(t->note, drains, NELEM(drains))))
		return false;
	return !has_one(t->note, balancers, NELEM(balancers));
}

bool
eviction_is_balancing(const struct eviction_text *t)
{
	/* Karpenter's disruption reasons */
	static const struct str disruptions[] = {
		STR_INIT("Evicted pod: Underutilized"), STR_INIT("Evicted pod: Empty"), STR_INIT("Evicted pod: Drifted"),
		STR_INIT("Evicted pod: Expired"),
	};
	enum eviction_kind kind;

	return has_one(t->note, balancers, NELEM(balancers)) || has_one(t->note, disruptions, NELEM(disruptions)) ||
	       (kind_of_reason(t->reason, &kind) && kind == EVICTION_API && !is_requested(t->reason));
}

/* ---- the text ---- */

/* The text from `before` to the end of the sentence, or empty. */
static struct str
clause(struct str s, struct str before)
{
	size_t at = str_ifind(s, before), end;

	if (at == s.n)
		return (struct str){0};
	s = str_from(s, at + before.n);
	end = str_find(s, S(". "));
	if (end == s.n && str_ends(s, S(".")))
		end--;
	return str_head(s, end);
}

/* Mask of all pressures in "[MemoryPressure DiskPressure]". */
static unsigned
all_in(struct str s)
{
	struct str word;
	unsigned all = 0;

	while (str_cut(&s, ' ', &word))
		all |= 1u << pressure_of_word(word);
	return all & ~1u;
}

static void
parse_pressure(struct str note, struct eviction *e)
{
	struct str says = clause(note, S("low on resource: "));

	if (says.n == 0)
		says = clause(note, S("node had condition: "));
	if (says.n == 0)
		says = clause(note, S("has larger consumption of "));
	if (says.n) {
		e->pressure = pressure_in(says);
		e->named = all_in(says);
		if (e->kind == EVICTION_NODE_PRESSURE)
			e->resource = says;
	} else {
		e->pressure = pressure_in(note);
		e->named = 1u << e->pressure & ~1u;
	}
}

/* The first pressure of the annotations. */
static enum pressure
starved(struct str offenders)
{
	struct str line, one;
	enum pressure p = PRESSURE_UNKNOWN;

	if (str_cut(&offenders, '\n', &line))
		while (!p && str_cut(&line, ',', &one))
			p = pressure_of_word(one);
	return p;
}

/* The name of an emptyDir volume in: Usage of EmptyDir volume "NAME" … */
static struct str
volume(struct str note)
{
	struct str rest = clause(note, S("Usage of EmptyDir volume \"")), name;

	return str_has(rest, S("\"")) && str_cut(&rest, '"', &name) ? name : (struct str){0};
}

void
eviction_parse(const struct eviction_text *t, struct eviction *e)
{
	enum { ALL = 1u << PRESSURE_MEMORY | 1u << PRESSURE_DISK | 1u << PRESSURE_PID };
	struct str note = t->note;
	bool condition;

	*e = (struct eviction){.kind = eviction_kind_of(t), .threshold = -1, .available = EVICTION_UNSAID};
	if (e->kind == EVICTION_LOCAL_LIMIT) {
		e->volume = volume(note);
		e->threshold = quantity_after(note, S("local ephemeral storage limit "), -1);
		if (e->threshold < 0)
			e->threshold = quantity_after(note, S("the total limit of containers "), -1);
		if (e->threshold < 0)
			e->threshold = quantity_after(note, S(" exceeds the limit "), -1);
		return;
	}
	condition = str_ifind(note, S("node had condition")) < note.n;
	if (e->kind != EVICTION_NODE_PRESSURE && !(e->kind == EVICTION_ADMISSION && condition))
		return;
	parse_pressure(note, e);
	if (!e->named) {
		e->pressure = starved(t->offenders);
		e->named = 1u << e->pressure & ~1u;
	}
	e->may = e->named ? e->named : ALL;
	e->threshold = quantity_after(note, S("threshold quantity: "), -1);
	if (str_has(note, S("vailable: -"))) {
		e->available = quantity_after(note, S(", available: -"), EVICTION_UNSAID);
		e->available = e->available == EVICTION_UNSAID ? EVICTION_UNSAID : -e->available;
	} else {
		e->available = quantity_after(note, S(", available: "), EVICTION_UNSAID);
	}
}

/* Remove the last word of *s and return it. */
static struct str
last_word(struct str *s)
{
	size_t end = s->n;
	struct str word;

	while (s->n && s->p[s->n - 1] != ' ')
		s->n--;
	word = (struct str){s->p + s->n, end - s->n};
	while (s->n && s->p[s->n - 1] == ' ')
		s->n--;
	return word;
}

/* The container in "… Container NAME", or empty after "… Container"; false if neither. */
static bool
subject(struct str s, struct str *name)
{
	struct str word = last_word(&s);

	if (str_eq(word, S("Container")))
		*name = (struct str){0};
	else if (str_eq(last_word(&s), S("Container")))
		*name = word;
	else
		return false;
	return true;
}

static bool
whole_pod(struct str s)
{
	last_word(&s);
	return str_eq(last_word(&s), S("Pod"));
}

bool
note_cut(struct str note)
{
	return note.n >= CUT;
}

static bool
has_end(struct str s)
{
	return str_ends(s, S(".")) || str_has(s, S(". "));
}

/* ", request is 1Gi, …": false if it is not a number. */
static bool
request(struct str s, int64_t *v)
{
	static const struct str asked[] = {
		STR_INIT(", request is "), STR_INIT(", which exceeds its request of "), STR_INIT(", which exceeds the request of "),
	};

	for (size_t i = 0; i < NELEM(asked); i++)
		if (str_eat(&s, asked[i])) {
			*v = quantity_at(s, -1);
			return *v >= 0;
		}
	return true;
}

bool
eviction_next(struct str *note, bool cut, struct eviction_use *u)
{
	static const struct str was_using = STR_INIT(" was using "), over = STR_INIT(" exceeded its local ephemeral ");

	while (note->n) {
		size_t at = str_find(*note, was_using), other = str_find(*note, over);
		bool is_use = at < other;
		struct str before = str_head(*note, is_use ? at : other);

		if (before.n == note->n)
			break;
		*note = str_from(*note, before.n + (is_use ? was_using.n : over.n));
		if (cut && !has_end(*note))
			break;
		*u = (struct eviction_use){.used = -1, .request = -1};
		if (!subject(before, &u->name) && !(is_use && whole_pod(before)))
			continue;
		if (is_use)
			u->used = quantity_at(*note, -1);
		if (is_use ? u->used >= 0 && request(str_from(*note, str_find(*note, S(","))), &u->request) : u->name.n != 0)
			return true;
	}
	note->n = 0;
	return false;
}

/* ---- top consumers ---- */

/* The next element of the annotations' lists. */
static bool
offenders_next(struct str *names, struct str *usage, struct eviction_use *u)
{
	struct str used;

	while (str_cut(usage, ',', &used)) {
		*u = (struct eviction_use){.used = -1, .request = -1};
		str_cut(names, ',', &u->name);
		u->name = str_trim(u->name);
		if (quantity_parse(str_trim(used), &u->used))
			return true;
	}
	return false;
}

/* Is a further above its request than b?  Unset values are 0. */
static bool
further(const struct eviction_use *a, const struct eviction_use *b)
{
	int64_t x = (a->used > 0 ? a->used : 0) - (a->request > 0 ? a->request : 0);
	int64_t y = (b->used > 0 ? b->used : 0) - (b->request > 0 ? b->request : 0);
	int d;

	if (x != y)
		return x > y;
	d = str_cmp(a->name, b->name);
	return d ? d < 0 : a->used > b->used;
}

bool
eviction_top(const struct eviction_text *t, struct eviction_use *top)
{
	struct eviction_use u;
	struct str note = t->note, offenders = t->offenders, names = {0};
	bool any = false;

	while (eviction_next(&note, note_cut(t->note), &u)) {
		if (!any || further(&u, top))
			*top = u;
		any = true;
	}
	if (any)
		return true;
	str_cut(&offenders, '\n', &names); /* skip the resource */
	str_cut(&offenders, '\n', &names);
	while (offenders_next(&names, &offenders, &u)) {
		if (!any || further(&u, top))
			*top = u;
		any = true;
	}
	return any;
}
