/*
 * test_facts - facts for tests, written as text: "xid node=a gpu=1 code=79; lost node=a
 * pod=p @1m+".  Words of a fact, after its kind:
 *   @T, @T..U      lo and hi, 0 if not given: in seconds, or with m or n in minutes or
 *                  nanoseconds; then + or -, a nanosecond more or less
 *   seen=T         at, if not hi
 *   resolved=T
 *   node= nodes=a,b gpu=BUS uuid= pod= job= code=N detail= pattern= remedy= action= folded=N
 *   by=N, perhaps=N  its cause is fact N, certainly or not
 *   rivals=N,N        other possible causes
 *   said=ID ev=TEXT (evidence at lo; several of each)
 *   class=hardware unknown application consequence ...
 *   how=taint node shutdown pressure limit api preemption
 *   blamed=RANKS waiting=RANKS world=N pods= gpus= (node/BUS) waits=NODES, of a hang; gpus= of heat
 *   any of the flags in made_flags[]
 * "pod NAMESPACE/NAME node= job= gpus=N procs=N address= ended=T code= oom @T succeeded" is a record, not a fact; "has KIND..." says that
 * the input has records of xid, aer, loss, placement, pod, recovery.
 * "sign KIND node= pod= text= @T over named" is a line about a node (_ is a space in texts),
 * "tenant NAMESPACE/NAME node= gpu= @T..U" is the use of a GPU,
 * "seat RANK[-RANK] job= node= pod= gpu= from=hand|record|init|line|pod|verdict @T assumed" is a
 * place, "call RANK node=" a record of an unfinished collective, "dump RANK node= ranks=N,N group=" one
 * with a rank's members of a group, "ras RANK node=" one of RAS, "group NAME ranks=N,N" a group,
 * "state not_ready node= text= @T" what is said about a node, "timeout NAMESPACE/NAME @T" one of a watchdog,
 * "gauge N node= gpu= uuid= field= @T" the number of failed row remaps.
 * Numbers of facts are those in the text, from 1; facts are sorted, as links.c demands.
 * Layer incident: includes base/num.h, event/metric.h, incident/incident.h.
 */
#ifndef TEST_FACTS_H
#define TEST_FACTS_H

#include <stddef.h>

#include "base/num.h"
#include "event/metric.h"
#include "incident/incident.h"

struct made {
	struct events ev;
	struct mem mem;
	struct buf scratch, spare;
	struct inquest_config c;
	struct detection d;
	struct settled settled;
	struct facts fs;
	uint32_t by[64]; /* number of the cause of each fact */
	uint32_t *rivals[64]; /* numbers of its other possible causes */
};

static inline int64_t
made_time(struct str s)
{
	int64_t ns = 0, n = 0;

	while (s.n && (s.p[s.n - 1] == '+' || s.p[s.n - 1] == '-'))
		ns += s.p[--s.n] == '+' ? 1 : -1;
	if (s.n && s.p[s.n - 1] == 'm' && num_i64(str_head(s, s.n - 1), &n))
		return n * MINUTE + ns;
	if (s.n && s.p[s.n - 1] == 'n' && num_i64(str_head(s, s.n - 1), &n))
		return n + ns;
	return num_i64(s, &n) ? n * SECOND + ns : NO_TIME;
}

static const char *const made_kinds[FACT_KINDS] = {
	"pcie", "hbm", "heat", "xid", "sxid", "notready", "cordon", "pressure", "link", "storage", "machine_check",
	"panic", "reboot", "lost", "ended", "hang", "watchdog", "other",
};
static const char *const made_hows[] = {"unknown", "taint", "node", "shutdown", "pressure", "limit", "api", "preemption"};

/* Index of a word in a list, n if it is not there. */
static inline uint8_t
made_index(struct str s, const char *const *list, size_t n)
{
	uint8_t i = 0;

	while (i < n && !str_eq(s, str_of(list[i])))
		i++;
	return i;
}

static inline uint32_t
made_number(struct str s)
{
	uint64_t n = 0;

	return num_u64(s, &n) ? (uint32_t)n : 0;
}

static inline struct pci
made_gpu(struct str bus)
{
	return (struct pci){.bus = (uint8_t)made_number(bus), .known = 1};
}

static inline uint32_t
made_gpu_name(struct made *m, struct str place)
{
	struct str node;

	m->scratch.n = 0;
	str_cut(&place, '/', &node);
	buf_add(&m->scratch, node);
	buf_chr(&m->scratch, '/');
	pci_put(&m->scratch, made_gpu(place));
	return idx_add(&m->ev.names, buf_str(&m->scratch));
}

/* The number of a text in which _ is a space. */
static inline uint32_t
made_text(struct made *m, struct str s)
{
	m->scratch.n = 0;
	for (size_t i = 0; i < s.n; i++)
		buf_chr(&m->scratch, s.p[i] == '_' ? ' ' : s.p[i]);
	return idx_add(&m->ev.names, buf_str(&m->scratch));
}

static inline size_t
made_list(struct made *m, struct str s, char how, uint32_t **list)
{
	struct str one;
	size_t n = 0;

	*list = mem_new(&m->mem, uint32_t, s.n + 1);
	while (str_cut(&s, ',', &one))
		(*list)[n++] = how == '0' ? made_number(one) : how == '/' ? made_gpu_name(m, one) : idx_add(&m->ev.names, one);
	return n;
}

static const struct {
	const char *name;
	size_t at;
} made_flags[] = {
	{"grave", offsetof(struct fact, grave)}, {"corrected", offsetof(struct fact, corrected)},
	{"named", offsetof(struct fact, named)}, {"oom", offsetof(struct fact, oom)},
	{"gpu_pod", offsetof(struct fact, gpu_pod)}, {"gpu_memory", offsetof(struct fact, gpu_memory)},
	{"undated", offsetof(struct fact, undated)}, {"planned", offsetof(struct fact, planned)},
	{"passed", offsetof(struct fact, passed)}, {"late", offsetof(struct fact, late)},
	{"followed", offsetof(struct fact, followed)},
};

static inline bool
made_flag(struct fact *f, struct str s)
{
	for (size_t i = 0; i < NELEM(made_flags); i++)
		if (str_eq(s, str_of(made_flags[i].name)))
			return *((bool *)f + made_flags[i].at) = true;
	if (f->ranks && str_eq(s, S("assumed")))
		return f->ranks->assumed = true;
	if (f->ranks && str_eq(s, S("unplaced")))
		return f->ranks->unplaced = true;
	if (f->ranks && str_eq(s, S("guessed")))
		return f->ranks->guessed = true;
	return false;
}

/* A word of a fact; false if it is none. */
static inline bool
made_word(struct made *m, struct fact *f, struct str word)
{
	struct idx *names = &m->ev.names;
	struct str value = word, name, from;
	enum xid_class cls;

	if (word.p[0] == '@') {
		value = str_from(word, 1);
		from = value;
		if (memchr(value.p, '.', value.n)) {
			str_cut(&value, '.', &from);
			value = str_from(value, 1);
		}
		f->lo = made_time(from);
		f->hi = f->at = made_time(value);
		return true;
	}
	if (!memchr(word.p, '=', word.n))
		return made_flag(f, word);
	str_cut(&value, '=', &name);
	if (str_eq(name, S("node")))
		f->node = idx_add(names, value);
	else if (str_eq(name, S("pod")))
		f->pod = idx_add(names, value);
	else if (str_eq(name, S("job")))
		f->job = idx_add(names, value);
	else if (str_eq(name, S("gpu")))
		f->gpu = made_gpu(value);
	else if (str_eq(name, S("code")))
		f->code = made_number(value);
	else if (str_eq(name, S("detail")))
		f->detail = value;
	else if (str_eq(name, S("pattern")))
		f->pattern = value;
	else if ((str_eq(name, S("by")) || str_eq(name, S("perhaps"))) && f->number < NELEM(m->by)) {
		m->by[f->number] = made_number(value);
		f->causes = str_eq(name, S("by"));
	} else if (str_eq(name, S("rivals")) && f->number < NELEM(m->rivals)) {
		f->nrival = (uint32_t)made_list(m, value, '0', &m->rivals[f->number]);
	} else if (str_eq(name, S("uuid")))
		f->uuid = idx_add(names, value);
	else if (str_eq(name, S("remedy")))
		f->remedy = value;
	else if (str_eq(name, S("action")))
		f->action = (uint8_t)action_of(value);
	else if (str_eq(name, S("folded")))
		f->folded = made_number(value);
	else if (str_eq(name, S("said")))
		fact_said(&m->fs, f, idx_add(names, value));
	else if (str_eq(name, S("ev")))
		fact_add_evidence(&m->fs, f, S("test"), 0, f->lo, made_text(m, value));
	else if (str_eq(name, S("how")))
		f->how = made_index(value, made_hows, NELEM(made_hows));
	else if (str_eq(name, S("class")) && xid_class_of(value, &cls))
		f->cls = (uint8_t)cls;
	else if (str_eq(name, S("seen")))
		f->at = made_time(value);
	else if (str_eq(name, S("resolved")))
		f->resolved = made_time(value);
	else if (str_eq(name, S("nodes")))
		f->nnode = (uint32_t)made_list(m, value, 'n', &f->nodes);
	else if (str_eq(name, S("gpus")) && f->ranks)
		f->ranks->ngpu = made_list(m, value, '/', &f->ranks->gpus);
	else if (str_eq(name, S("gpus")))
		f->ngpu = (uint32_t)made_list(m, value, '/', &f->gpus);
	else if (str_eq(name, S("pods")) && f->ranks)
		f->ranks->npod = made_list(m, value, 'n', &f->ranks->pods);
	else if (str_eq(name, S("waits")) && f->ranks)
		f->ranks->nwaiting = made_list(m, value, 'n', &f->ranks->waiting_nodes);
	else if (str_eq(name, S("world")) && f->ranks)
		f->ranks->world = made_number(value);
	else if (str_eq(name, S("blamed")) && f->ranks)
		f->ranks->blamed.n = made_list(m, value, '0', &f->ranks->blamed.r);
	else if (str_eq(name, S("waiting")) && f->ranks)
		f->ranks->waiting.n = made_list(m, value, '0', &f->ranks->waiting.r);
	else
		return false;
	return true;
}

/* Next word of a fact; false at its end. */
static inline bool
made_next(struct str *rest, struct str *word)
{
	do
		if (!str_cut(rest, ' ', word))
			return false;
	while (!word->n);
	return true;
}

static inline bool
made_pod(struct made *m, struct str rest)
{
	struct pod p = {.e.t = 0, .index = -1, .ended = NO_TIME};
	struct str word, name;
	bool good = true;

	while (made_next(&rest, &word)) {
		struct str value = word;

		if (word.p[0] == '@')
			p.e.t = made_time(str_from(word, 1));
		else if (str_eq(word, S("succeeded")))
			p.succeeded = 1;
		else if (str_eq(word, S("oom")))
			p.oom = 1;
		else if (!memchr(word.p, '=', word.n) && str_cut(&word, '/', &name)) {
			p.ns = idx_add(&m->ev.names, name);
			p.name = idx_add(&m->ev.names, word);
		} else if (str_cut(&value, '=', &name) && str_eq(name, S("node")))
			p.e.node = idx_add(&m->ev.names, value);
		else if (str_eq(name, S("job")))
			p.job = idx_add(&m->ev.names, value);
		else if (str_eq(name, S("gpus")))
			p.gpus = made_number(value);
		else if (str_eq(name, S("procs")))
			p.procs = made_number(value);
		else if (str_eq(name, S("code")))
			p.code = (int32_t)made_number(value);
		else if (str_eq(name, S("ended")))
			p.ended = made_time(value);
		else if (str_eq(name, S("address")))
			p.address = idx_add(&m->ev.names, value);
		else
			good = false;
	}
	events_add(&m->ev, EVENT_POD, &p);
	return good;
}

static inline bool
made_seat(struct made *m, struct str rest)
{
	static const char *const from[] = {"", "hand", "record", "init", "line", "pod", "verdict"};
	struct seat s = {.from = NO_TIME};
	struct idx *names = &m->ev.names;
	struct str word, name, first;
	uint32_t last = 0;
	bool good = true;

	while (made_next(&rest, &word)) {
		struct str value = word;

		if (word.p[0] == '@') {
			s.from = made_time(str_from(word, 1));
		} else if (str_eq(word, S("assumed"))) {
			s.assumed = true;
		} else if (!memchr(word.p, '=', word.n)) {
			str_cut(&value, '-', &first);
			s.rank = made_number(first);
			last = made_number(value.p ? value : first);
		} else if (str_cut(&value, '=', &name) && str_eq(name, S("job"))) {
			s.job = idx_add(names, value);
		} else if (str_eq(name, S("node"))) {
			s.node = idx_add(names, value);
		} else if (str_eq(name, S("pod"))) {
			s.pod = idx_add(names, value);
		} else if (str_eq(name, S("gpu"))) {
			s.gpu = made_gpu(value);
		} else if (str_eq(name, S("from"))) {
			s.weak = made_index(value, from, NELEM(from));
		} else {
			good = false;
		}
	}
	for (; s.rank <= last; s.rank++) {
		m->fs.seat = mem_extend(&m->mem, m->fs.seat, m->fs.nseat, &m->fs.seat_cap, sizeof(s));
		m->fs.seat[m->fs.nseat++] = s;
	}
	return good && s.weak && s.weak < NELEM(from);
}

static inline bool
made_sign(struct made *m, struct str rest)
{
	static const char *const signs[] = {"link", "storage", "panic", "machine_check", "oom", "reboot", "ended", "node_lost", "preempted", "time_limit", "gpu_memory"};
	struct sign s = {.e.t = 0};
	struct str word, name;
	bool good = made_next(&rest, &word);

	s.of = good ? made_index(word, signs, NELEM(signs)) : NELEM(signs);
	while (made_next(&rest, &word)) {
		struct str value = word;

		if (word.p[0] == '@')
			s.e.t = made_time(str_from(word, 1));
		else if (str_eq(word, S("over")))
			s.over = 1;
		else if (str_eq(word, S("named")))
			s.named = 1;
		else if (str_cut(&value, '=', &name) && str_eq(name, S("node")))
			s.e.node = events_node(&m->ev, value);
		else if (str_eq(name, S("text")))
			s.text = made_text(m, value);
		else if (str_eq(name, S("pod")) && str_cut(&value, '/', &name)) {
			s.ns = idx_add(&m->ev.names, name);
			s.pod = idx_add(&m->ev.names, value);
		} else
			good = false;
	}
	events_add(&m->ev, EVENT_SIGN, &s);
	return good && s.of < NELEM(signs);
}

static inline bool
made_tenant(struct made *m, struct str rest)
{
	struct tenant t = {.index = -1};
	struct str word, name;

	while (made_next(&rest, &word)) {
		struct str value = word;

		if (word.p[0] == '@') {
			t.e.t = made_time(str_from(str_head(word, str_find(word, S("."))), 1));
			t.last = made_time(str_from(word, str_find(word, S("..")) + 2));
		} else if (str_cut(&value, '=', &name) && str_eq(name, S("node"))) {
			t.e.node = idx_add(&m->ev.names, value);
		} else if (str_eq(name, S("gpu"))) {
			t.gpu = made_gpu(value);
		} else if (str_cut(&word, '/', &name)) {
			t.ns = idx_add(&m->ev.names, name);
			t.name = idx_add(&m->ev.names, word);
		}
	}
	events_add(&m->ev, EVENT_TENANT, &t);
	return t.name && t.e.node;
}

static inline bool
made_call(struct made *m, struct str rest)
{
	struct collective c = {.e.t = 0, .started = NO_TIME, .seen = NO_TIME, .seq = 1};
	struct str word, name;

	while (made_next(&rest, &word))
		if (str_cut(&word, '=', &name) && str_eq(name, S("node")))
			c.e.node = idx_add(&m->ev.names, word);
		else
			c.rank = made_number(name);
	events_add(&m->ev, EVENT_COLLECTIVE, &c);
	return true;
}

/* A dump of a rank, of the default group, if no group= is given. */
static inline bool
made_dump(struct made *m, struct str rest)
{
	struct progress p = {.e.t = 0, .enqueued = 1, .completed = 1, .group = idx_add(&m->ev.names, S("0"))};
	struct str word, name;
	bool good = true;

	while (made_next(&rest, &word)) {
		struct str value = word;

		if (!memchr(word.p, '=', word.n))
			p.rank = made_number(word);
		else if (str_cut(&value, '=', &name) && str_eq(name, S("node")))
			p.e.node = idx_add(&m->ev.names, value);
		else if (str_eq(name, S("ranks")))
			p.ranks = idx_add(&m->ev.names, value);
		else if (str_eq(name, S("group")))
			p.group = idx_add(&m->ev.names, value);
		else
			good = false;
	}
	events_add(&m->ev, EVENT_PROGRESS, &p);
	return good;
}

static inline bool
made_ras(struct made *m, struct str rest)
{
	struct ras r = {.e.t = 0, .pid = -1, .n = 1};
	struct str word, name;

	while (made_next(&rest, &word))
		if (str_cut(&word, '=', &name) && str_eq(name, S("node")))
			r.e.node = idx_add(&m->ev.names, word);
		else
			r.rank = made_number(name);
	events_add(&m->ev, EVENT_RAS, &r);
	return true;
}

static inline bool
made_group(struct made *m, struct str rest)
{
	struct process_group g = {.e.t = 0};
	struct str word, name;

	while (made_next(&rest, &word))
		if (str_starts(word, S("ranks=")) && str_cut(&word, '=', &name))
			g.ranks = idx_add(&m->ev.names, word);
		else
			g.group = idx_add(&m->ev.names, word);
	events_add(&m->ev, EVENT_PROCESS_GROUP, &g);
	return g.group != 0;
}

/* What is said about a node. */
static inline bool
made_state(struct made *m, struct str rest)
{
	static const char *const states[] = {"ready", "not_ready", "cordoned", "uncordoned", "removed", "known"};
	struct node_word w = {.e.t = 0};
	struct str word, name;
	bool good = made_next(&rest, &word);

	w.state = good ? made_index(word, states, NELEM(states)) : NELEM(states);
	while (made_next(&rest, &word))
		if (word.p[0] == '@')
			w.e.t = made_time(str_from(word, 1));
		else if (str_cut(&word, '=', &name) && str_eq(name, S("node")))
			w.e.node = events_node(&m->ev, word);
		else
			w.note = made_text(m, word);
	events_add(&m->ev, EVENT_NODE, &w);
	return w.state < NELEM(states);
}

static inline bool
made_timeout(struct made *m, struct str rest)
{
	struct timeout t = {.e.t = 0, .seq = (int64_t)m->ev.list[EVENT_TIMEOUT].n, .after = -1};
	struct str word, name;

	while (made_next(&rest, &word))
		if (word.p[0] == '@') {
			t.e.t = made_time(str_from(word, 1));
		} else if (str_cut(&word, '/', &name)) {
			t.ns = idx_add(&m->ev.names, name);
			t.pod = idx_add(&m->ev.names, word);
		}
	events_add(&m->ev, EVENT_TIMEOUT, &t);
	return true;
}

/* A value of the gauge of failed row remaps, or of the metric with this number. */
static inline bool
made_gauge(struct made *m, struct str rest)
{
	struct sample s = {.e.t = 0, .start = NO_TIME, .index = -1, .field = METRIC_REMAP_FAILED};
	struct str word, name;
	bool good = true;

	while (made_next(&rest, &word)) {
		struct str value = word;

		if (word.p[0] == '@')
			s.e.t = made_time(str_from(word, 1));
		else if (!memchr(word.p, '=', word.n))
			s.value = made_number(word);
		else if (str_cut(&value, '=', &name) && str_eq(name, S("node")))
			s.e.node = events_node(&m->ev, value);
		else if (str_eq(name, S("gpu")))
			s.gpu = made_gpu(value);
		else if (str_eq(name, S("uuid")))
			s.uuid = idx_add(&m->ev.names, value);
		else if (str_eq(name, S("field")))
			s.field = made_number(value) & 0x3fff;
		else
			good = false;
	}
	events_add(&m->ev, EVENT_SAMPLE, &s);
	return good;
}

static inline bool
made_has(struct made *m, struct str rest)
{
	static const struct {
		const char *word;
		enum event_kind kind;
	} records[] = {
		{"xid", EVENT_XID}, {"aer", EVENT_AER}, {"loss", EVENT_LOSS}, {"placement", EVENT_PLACEMENT}, {"pod", EVENT_POD},
		{"recovery", EVENT_RECOVERY},
	};
	struct str word;
	bool good = true;

	while (made_next(&rest, &word)) {
		bool known = false;

		for (size_t i = 0; i < NELEM(records); i++)
			if (str_eq(word, str_of(records[i].word)))
				known = m->fs.has[records[i].kind] = true;
		good &= known;
	}
	return good;
}

/* Makes something else than a fact; false if the word does not say so. */
static inline bool
made_record(struct made *m, struct str word, struct str rest, bool *good)
{
	static const struct {
		const char *word;
		bool (*make)(struct made *m, struct str rest);
	} records[] = {
		{"pod", made_pod}, {"seat", made_seat}, {"sign", made_sign}, {"tenant", made_tenant}, {"call", made_call},
		{"dump", made_dump}, {"ras", made_ras}, {"group", made_group}, {"has", made_has},
		{"state", made_state}, {"timeout", made_timeout}, {"gauge", made_gauge},
	};

	for (size_t i = 0; i < NELEM(records); i++)
		if (str_eq(word, str_of(records[i].word))) {
			*good &= records[i].make(m, rest);
			return true;
		}
	return false;
}

/* The fact with this number in the text. */
static inline struct fact *
made_fact(const struct made *m, uint32_t number)
{
	for (size_t i = 0; i < m->fs.n; i++)
		if (m->fs.f[i].number == number)
			return &m->fs.f[i];
	return NULL;
}

static inline void
made_link(struct made *m, struct fact *f)
{
	f->cause = made_fact(m, m->by[f->number]);
	f->rival = mem_new(&m->mem, struct fact *, f->nrival);
	for (size_t i = 0; i < f->nrival; i++)
		f->rival[i] = made_fact(m, m->rivals[f->number][i]);
}

/* Makes the facts of a text; false if it has an unknown word. */
static inline bool
made_facts(struct made *m, const char *text)
{
	struct str rest = str_of(text), one, word;
	uint32_t number = 0;
	bool good = true;

	*m = (struct made){.ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME}, .c = {.ahead = 2 * MINUTE, .before = 10 * MINUTE, .min_ranks = 2}};
	m->d = (struct detection){.ev = &m->ev, .names = &m->ev.names, .config = &m->c, .scratch = &m->scratch, .spare = &m->spare, .mem = &m->mem, .settled = &m->settled};
	m->settled.gpus.ev = &m->ev;
	m->fs = (struct facts){.d = &m->d, .back = {.ev = &m->ev}, .c = &m->c, .ev = &m->ev, .names = &m->ev.names};
	while (str_cut(&rest, ';', &one)) {
		struct fact *f;

		if (!made_next(&one, &word))
			continue;
		if (made_record(m, word, one, &good))
			continue;
		good &= made_index(word, made_kinds, FACT_KINDS) < FACT_KINDS;
		f = facts_add(&m->fs, (enum fact_kind)made_index(word, made_kinds, FACT_KINDS), 0, 0);
		f->number = ++number;
		while (made_next(&one, &word))
			good &= made_word(m, f, word);
	}
	sort(m->fs.f, m->fs.n, sizeof(struct fact), fact_cmp, &m->fs, &m->spare);
	for (size_t i = 0; i < m->fs.n; i++)
		if (m->fs.f[i].number < NELEM(m->by))
			made_link(m, &m->fs.f[i]);
	jobs_index(&m->fs);
	return good;
}

static inline void
made_put_time(struct buf *b, const char *what, int64_t t)
{
	buf_add(b, str_of(what));
	if (t == NO_TIME)
		buf_add(b, S("none"));
	else
		buf_i64(b, t);
}

static inline void
made_put_name(struct buf *b, const struct made *m, const char *what, uint32_t id)
{
	if (!id)
		return;
	buf_add(b, str_of(what));
	buf_add(b, idx_at(&m->ev.names, id));
}

static inline void
made_put_number(struct buf *b, const char *what, uint64_t n)
{
	if (!n)
		return;
	buf_add(b, str_of(what));
	buf_u64(b, n);
}

/* Append what a fact is, to compare it with another. */
static inline void
made_put(struct buf *b, const struct made *m, const struct fact *f)
{
	buf_add(b, str_of(made_kinds[f->kind]));
	made_put_time(b, " @", f->lo);
	made_put_time(b, "..", f->hi);
	if (f->at != f->hi)
		made_put_time(b, " seen=", f->at);
	if (f->resolved != NO_TIME)
		made_put_time(b, " resolved=", f->resolved);
	made_put_name(b, m, " node=", f->node);
	for (size_t i = 0; i < f->nnode; i++)
		made_put_name(b, m, i ? "," : " nodes=", f->nodes[i]);
	made_put_number(b, " gpu=", f->gpu.known ? UINT64_C(1000) + f->gpu.bus : 0);
	made_put_name(b, m, " uuid=", f->uuid);
	made_put_name(b, m, " pod=", f->pod);
	made_put_name(b, m, " job=", f->job);
	made_put_number(b, " code=", f->code);
	made_put_number(b, " class=", f->cls);
	made_put_number(b, " how=", f->how);
	buf_add(b, f->action ? S(" action=") : S(""));
	buf_add(b, action_name((enum action)f->action));
	made_put_number(b, " folded=", f->folded);
	buf_add(b, f->pattern.n ? S(" pattern=") : S(""));
	buf_add(b, f->pattern);
	buf_add(b, f->remedy.n ? S(" remedy=") : S(""));
	buf_add(b, f->remedy);
	buf_add(b, f->detail.n ? S(" detail=") : S(""));
	buf_add(b, f->detail);
	for (size_t i = 0; i < NELEM(made_flags); i++)
		made_put_number(b, made_flags[i].name, *((const bool *)f + made_flags[i].at));
	for (size_t i = 0; i < f->nsaid; i++)
		made_put_name(b, m, " said=", f->said[i]);
	for (const struct fact_evidence *e = f->ev; e; e = e->next)
		made_put_name(b, m, " ev=", e->text);
	buf_chr(b, '\n');
}

static inline void
made_put_all(struct buf *b, const struct made *m)
{
	b->n = 0;
	for (size_t i = 0; i < m->fs.n; i++)
		made_put(b, m, &m->fs.f[i]);
}

static inline void
made_free(struct made *m)
{
	mem_give(m->fs.f, m->fs.cap * sizeof(*m->fs.f));
	events_free(&m->ev);
	mem_free(&m->mem);
	buf_free(&m->scratch);
	buf_free(&m->spare);
}

#endif
