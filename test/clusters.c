/*
 * clusters - simulated training clusters with injected faults, and the verdicts of
 * nccl-hang on them.
 *
 *	clusters [N [SEED]]           judge N clusters, print TAP and totals
 *	clusters -p SEED              print that cluster's dumps, and on stderr
 *	                              the injected faults; -r in the format of
 *	                              the other recorder; -l logs
 *	clusters -b RANKS ENTRIES     print large dumps of one hung cluster
 *
 * A cluster has tensor, data, pipeline and expert groups and one of all ranks.
 * Every rank runs the same kind of program: its host enqueues operations, a
 * few ahead; its device runs them one after the other; a collective finishes
 * when it is next on the devices of all members.  This continues until nothing
 * moves any more, or, without a fault, to an arbitrary time; then every rank
 * writes a dump in the format of one of two recorders, or its watchdog writes
 * to the rank's log; some logs are lost.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input/dialect/dialect.h"
#include "pattern/pattern.h"

/* ---- random numbers, the same on all platforms ---- */

static uint64_t state;

static uint64_t
draw(void) /* splitmix64, S. Vigna */
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static unsigned
below(unsigned n)
{
	return (unsigned)(draw() % n);
}

/* ---- the cluster ---- */

enum { RANKS = 4096, KINDS = 5, AHEAD_MAX = 24, PROGRAM_MAX = 400 };
enum kind { WORLD, TENSOR, DATA, PIPELINE, EXPERT };
static const char *const descs[KINDS] = {"default_pg", "TENSOR_PARALLEL", "DATA_PARALLEL", "PIPELINE", "EXPERT_PARALLEL"};
static const char *const kind_ops[KINDS] = {"all_reduce", "all_reduce", "_reduce_scatter_base", "", "all_to_all"};

enum fault { NONE, STUCK, NEVER, SILENT, MISMATCH, DEADLOCK, STALLED, FAULTS };
static const char *const fault_names[FAULTS] = {
	"slow", "stuck_on_device", "never_joined", "silent", "mismatch", "deadlock", "stalled"};

struct op {
	int group, seq;
	int64_t created;
};

static struct {
	int world, tp, dp, pp, ep;
	int ngroup;
	struct {
		enum kind kind;
		int n, *rank;
		int next; /* next sequence number, while programs are made */
	} group[RANKS * KINDS];
	int of[RANKS][KINDS]; /* groups of a rank; -1: none; PIPELINE: to the next stage */
	int from[RANKS];      /* its pipeline group to the previous stage, or -1 */
	struct op *op[RANKS];
	int nop[RANKS], enq[RANKS], dev[RANKS];
	int ahead;
	int arrived[RANKS * KINDS]; /* ranks at the group's current collective */
	int done[RANKS * KINDS];    /* finished collectives of the group */
	bool only_active;
	int ring;
	int64_t now;
} c;

static struct {
	enum fault is;
	int rank, group, seq;
	int other;      /* deadlock: the second rank and the group */
	int at;         /* index in the rank's program */
} fault[2];
static int nfault;

static int
add_group(enum kind kind, const int *rank, int n)
{
	int g = c.ngroup++;

	c.group[g].kind = kind;
	c.group[g].n = n;
	c.group[g].next = 0;
	c.group[g].rank = malloc((size_t)n * sizeof(int));
	memcpy(c.group[g].rank, rank, (size_t)n * sizeof(int));
	for (int i = 0; i < n; i++) {
		if (kind == PIPELINE && i == 1)
			c.from[rank[1]] = g;
		else
			c.of[rank[i]][kind] = g;
	}
	return g;
}

static void
make_groups(void)
{
	int list[RANKS];

	c.world = c.tp * c.dp * c.pp;
	c.ngroup = 0;
	for (int r = 0; r < c.world; r++) {
		list[r] = r;
		c.from[r] = -1;
		for (int k = 0; k < KINDS; k++)
			c.of[r][k] = -1;
	}
	add_group(WORLD, list, c.world);
	/* rank = (stage * dp + replica) * tp + shard */
	for (int p = 0; p < c.pp; p++)
		for (int d = 0; d < c.dp; d++) {
			for (int t = 0; t < c.tp; t++)
				list[t] = (p * c.dp + d) * c.tp + t;
			if (c.tp > 1)
				add_group(TENSOR, list, c.tp);
		}
	for (int p = 0; p < c.pp; p++)
		for (int t = 0; t < c.tp; t++) {
			for (int d = 0; d < c.dp; d++)
				list[d] = (p * c.dp + d) * c.tp + t;
			if (c.dp > 1)
				add_group(DATA, list, c.dp);
		}
	for (int p = 0; p + 1 < c.pp; p++)
		for (int i = 0; i < c.dp * c.tp; i++) {
			list[0] = p * c.dp * c.tp + i;
			list[1] = list[0] + c.dp * c.tp;
			add_group(PIPELINE, list, 2);
		}
	for (int p = 0; p < c.pp && c.ep > 1; p++)
		for (int i = 0; i < c.dp * c.tp; i += c.ep) {
			for (int e = 0; e < c.ep; e++)
				list[e] = p * c.dp * c.tp + i + e;
			add_group(EXPERT, list, c.ep);
		}
}

static void
put_op(int rank, int group)
{
	if (group >= 0 && c.nop[rank] < PROGRAM_MAX)
		c.op[rank][c.nop[rank]++].group = group;
}

/* Steps: micro-batches through the stage, gradients, a norm over all ranks. */
static void
make_programs(int steps, int layers)
{
	int seq[KINDS + 1], batches = 2;

	for (int r = 0; r < c.world; r++) {
		c.op[r] = malloc(PROGRAM_MAX * sizeof(struct op));
		c.nop[r] = c.enq[r] = c.dev[r] = 0;
		for (int s = 0; s < steps; s++) {
			for (int b = 0; b < batches; b++) {
				put_op(r, c.from[r]);
				for (int l = 0; l < layers; l++) {
					put_op(r, c.of[r][TENSOR]);
					put_op(r, c.of[r][EXPERT]);
				}
				put_op(r, c.of[r][PIPELINE]);
			}
			put_op(r, c.of[r][DATA]);
			put_op(r, c.of[r][WORLD]);
		}
		memset(seq, 0, sizeof(seq));
		for (int i = 0; i < c.nop[r]; i++) {
			int g = c.op[r][i].group;

			c.op[r][i].seq = ++seq[g == c.from[r] ? KINDS : (int)c.group[g].kind];
		}
	}
	for (int g = 0; g < c.ngroup; g++)
		c.arrived[g] = c.done[g] = 0;
}

static const int64_t epoch = 1794873600000000000;

/* A deadlock's second rank runs two adjacent operations in reverse order. */
static void
swap(int r, int i)
{
	struct op o = c.op[r][i];

	c.op[r][i] = c.op[r][i + 1];
	c.op[r][i + 1] = o;
}

static bool
holds(int rank, int at, enum fault is)
{
	for (int f = 0; f < nfault; f++)
		if (fault[f].rank == rank && fault[f].at == at && fault[f].is == is)
			return true;
	return false;
}

/* Does this collective never finish on any rank? */
static bool
broken(int group, int seq)
{
	for (int f = 0; f < nfault; f++)
		if ((fault[f].is == MISMATCH || fault[f].is == STALLED) && fault[f].group == group && fault[f].seq == seq)
			return true;
	return false;
}

/* One tick; false when nothing moves any more. */
static bool
tick(int64_t t)
{
	bool moved = false;

	for (int r = 0; r < c.world; r++) {
		/* the host, at varying speed */
		for (int k = 0; k < 4; k++) {
			int i = c.enq[r];

			if (i == c.nop[r] || i - c.dev[r] >= c.ahead || holds(r, i, NEVER) || holds(r, i, SILENT))
				break;
			c.op[r][i].created = t + below(1000000) * 4 + (int64_t)(draw() % 3) + k * 5000000;
			c.enq[r]++;
			moved = true;
			if (i == c.dev[r])
				c.arrived[c.op[r][i].group]++;
			if (below(3) == 0)
				break;
		}
	}
	for (int g = 0; g < c.ngroup; g++) {
		if (c.arrived[g] < c.group[g].n || broken(g, c.done[g] + 1))
			continue;
		c.arrived[g] = 0;
		c.done[g]++;
		moved = true;
		for (int i = 0; i < c.group[g].n; i++) {
			int r = c.group[g].rank[i];

			if (holds(r, c.dev[r], STUCK)) {
				c.arrived[g] = -RANKS; /* never again */
				continue;
			}
			c.dev[r]++;
			if (c.dev[r] < c.enq[r])
				c.arrived[c.op[r][c.dev[r]].group]++;
		}
	}
	return moved;
}

/* ---- injected faults ---- */

/* Did the fault take effect?  An earlier one may have prevented it. */
static bool
fired(int f)
{
	int r = fault[f].rank, at = fault[f].at;

	switch (fault[f].is) {
	case STUCK:
		return c.dev[r] == at && c.arrived[fault[f].group] < 0;
	case NEVER:
	case SILENT:
		return c.enq[r] == at;
	default:
		return true;
	}
}

static bool
is_dead(int r)
{
	for (int f = 0; f < nfault; f++)
		if (fault[f].is == SILENT && fault[f].rank == r)
			return true;
	return false;
}

static void
inject(enum fault is)
{
	int f = nfault, r, at, g;

	for (;;) {
		r = (int)below((unsigned)c.world);
		at = c.nop[r] / 4 + (int)below((unsigned)c.nop[r] / 2);
		g = c.op[r][at].group;
		if (c.group[g].kind == PIPELINE || c.group[g].n < 2)
			continue;
		/* equal halves have no minority; a call may differ only where
		 * equality is required */
		if (is == MISMATCH && (c.group[g].n < 3 || c.group[g].kind == EXPERT))
			continue;
		if (is == DEADLOCK) {
			int h = at + 1 < c.nop[r] ? c.op[r][at + 1].group : g, both = 0;

			if (h == g || c.group[h].kind == PIPELINE)
				continue;
			for (int i = 0; i < c.group[g].n; i++) /* of ascending ranks */
				for (int k = 0; k < c.group[h].n && both < 2; k++)
					both += c.group[g].rank[i] == c.group[h].rank[k];
			if (both < 2)
				continue;
			swap(r, at);
			fault[f].other = h;
		}
		break;
	}
	fault[f].is = is;
	fault[f].rank = r;
	fault[f].at = at;
	fault[f].group = g;
	fault[f].seq = 0;
	for (int i = 0; i <= at; i++)
		fault[f].seq += c.op[r][i].group == g;
	if (is == DEADLOCK)
		fault[f].seq = c.op[r][at + 1].seq;
	nfault++;
}

static int
pick(const int *list, int n)
{
	return list[below((unsigned)n)];
}

/* Make the cluster of a seed; large: thousands of ranks. */
static void
make(uint64_t seed, enum fault first, enum fault second, bool large)
{
	static const int sizes[] = {1, 2, 4, 8}, few[] = {2, 4, 8};
	int t, quiet = 0, stop;

	state = seed;
	nfault = 0;
	do {
		c.tp = pick(sizes, 4);
		c.dp = large ? 64 << below(3) : pick(sizes, 4);
		c.pp = pick(sizes, large ? 3 : 4);
		c.ep = pick(few, 3);
	} while (c.tp * c.dp * c.pp < (large ? 1024 : 8) || c.tp * c.dp * c.pp > (large ? RANKS : 128) ||
		 c.tp * c.dp < 4);
	if (c.tp * c.dp % c.ep)
		c.ep = 1;
	make_groups();
	make_programs(3, 1 + (int)below(4));
	c.ahead = 1 + (int)below(AHEAD_MAX);
	c.only_active = below(2);
	c.ring = c.ahead + (int)below(100);
	if (first != NONE)
		inject(first);
	if (second != NONE)
		inject(second);
	stop = first == NONE ? 4 + (int)below(60) : INT32_MAX;
	for (t = 0; t < stop && quiet < 3; t++)
		quiet = tick(epoch + t * INT64_C(50000000)) ? 0 : quiet + 1;
	c.now = epoch + t * INT64_C(50000000) + (first == NONE ? 2 : 660) * SECOND;
}

static void
forget(void)
{
	for (int r = 0; r < c.world; r++)
		free(c.op[r]);
	for (int g = 0; g < c.ngroup; g++)
		free(c.group[g].rank);
}

/* ---- dumps ---- */

static struct buf out;
static int local_of[RANKS * KINDS];

static void
text(const char *s)
{
	buf_add(&out, str_of(s));
}

static void
number(int64_t n)
{
	buf_i64(&out, n);
}

/* A rank's groups, in the order of its numbers for them. */
static int
groups_of(int r, int *g)
{
	int n = 0;

	for (int k = 0; k < KINDS; k++)
		if (c.of[r][k] >= 0)
			g[n++] = c.of[r][k];
	if (c.from[r] >= 0)
		g[n++] = c.from[r];
	for (int i = 1; i < n; i++)
		for (int k = i; k && g[k - 1] > g[k]; k--) {
			int swapped = g[k];

			g[k] = g[k - 1];
			g[k - 1] = swapped;
		}
	return n;
}

/* Input for nccl-hang: dumps of ProcessGroupNCCL, their entries as flat
 * records, dumps of FlightRecorderHook, or logs of some ranks. */
enum form { DUMPS, FLAT, HOOK, LOGS, FORMS };

/* "[[128,4096]]": rows of a call's input or output. */
static void
put_sizes(int64_t rows)
{
	text("[[");
	number(rows);
	text(",4096]]");
}

/* Rows of a rank's part of a call. */
static int64_t
rows_of(int r, int i)
{
	return holds(r, i, MISMATCH) ? 64 : 128;
}

/* Ratio of input to output size of a group's operation. */
static int
spread(int group)
{
	return c.group[group].kind == DATA ? c.group[group].n : 1;
}

static void
put_entry(int r, int i, enum form form)
{
	const struct op *o = &c.op[r][i];
	enum kind kind = c.group[o->group].kind;
	bool done = i < c.dev[r], odd = holds(r, i, MISMATCH), flat = form == FLAT, hook = form == HOOK;
	int place = kind == PIPELINE && c.group[o->group].rank[1] == r;
	const char *pre = flat ? "\"nccl.fr." : "\"";

	if (flat) {
		text("{\"gen_ai.training.rank\":");
		number(r);
		text(",");
	} else {
		text("{\"record_id\":");
		number(i);
		text(",");
	}
#define KEY(k) (text(pre), text(k "\":"))
	KEY("pg_id");
	number(local_of[o->group]);
	text(",");
	KEY("process_group");
	text("[\"");
	number(o->group);
	text("\",\"");
	text(descs[kind]);
	text("\"],");
	KEY("collective_seq_id");
	number(kind == PIPELINE ? 0 : o->seq);
	text(",");
	KEY("p2p_seq_id");
	number(kind == PIPELINE ? o->seq : 0);
	text(",");
	KEY("profiling_name");
	text(hook ? "\"nccl2:" : "\"nccl:");
	text(kind != PIPELINE ? (odd && o->seq % 2 ? "broadcast" : kind_ops[kind]) :
	     place	      ? "recv 1<-0" :
				"send 0->1");
	text("\",");
	KEY("time_created_ns");
	number(o->created);
	text(",");
	KEY("time_discovered_completed_ns");
	if (done && !hook)
		number(o->created + 40000000);
	else
		text("null");
	text(",");
	KEY("input_sizes");
	put_sizes(kind == EXPERT && r % 2 ? 17 : rows_of(r, i) * spread(o->group));
	text(",");
	KEY("input_dtypes");
	text("[\"BFloat16\"],");
	KEY("output_sizes");
	put_sizes(rows_of(r, i));
	text(",");
	KEY("output_dtypes");
	text("[\"BFloat16\"],");
	KEY("state");
	text(done && !hook ? "\"completed\"," : "\"scheduled\",");
	KEY("is_p2p");
	text(kind == PIPELINE ? "true" : "false");
	if (!flat)
		text(done && hook ? ",\"retired\":true" : ",\"retired\":false");
	if (!flat)
		text(",\"timeout_ms\":600000,\"thread_name\":\"python3\"");
	text("}");
}

/* The dump without its entries. */
static void
put_head(int r, const int *g, int n)
{
	text("{\"rank\":");
	number(r);
	text(",\"version\":\"2.9\",\"pg_config\":{");
	for (int i = 0; i < n; i++) {
		text(i ? ",\"" : "\"");
		number(g[i]);
		text("\":{\"name\":\"");
		number(g[i]);
		text("\",\"desc\":\"");
		text(descs[c.group[g[i]].kind]);
		text("\",\"ranks\":\"[");
		for (int k = 0; k < c.group[g[i]].n; k++) {
			if (k)
				text(", ");
			number(c.group[g[i]].rank[k]);
		}
		text("]\"}");
	}
	text("},\"pg_status\":{");
	for (int i = 0; i < n; i++) {
		int enq = 0, done = 0;

		for (int k = 0; k < c.enq[r]; k++)
			if (c.op[r][k].group == g[i]) {
				enq++;
				done += k < c.dev[r];
			}
		text(i ? ",\"" : "\"");
		number(local_of[g[i]]);
		text("\":{\"last_enqueued_collective\":");
		number(enq);
		text(",\"last_started_collective\":-1,\"last_completed_collective\":");
		number(done);
		text("}");
	}
	text("}");
}

static void
put_dump(int r, enum form form)
{
	bool flat = form == FLAT;
	int g[KINDS + 1], n = groups_of(r, g), from = c.enq[r] - c.ring, some = 0;

	for (int i = 0; i < n; i++)
		local_of[g[i]] = i + (i > 1); /* numbers with gaps */
	if (c.only_active)
		from = c.dev[r];
	put_head(r, g, n);
	text(flat ? "}\n" : ",\"entries\":[");
	for (int i = from < 0 ? 0 : from; i < c.enq[r]; i++) {
		if (!flat && some++)
			text(",");
		put_entry(r, i, form);
		if (flat)
			text("\n");
	}
	if (!flat)
		text("]}\n");
}

/* ---- logs ---- */

static const char *const log_ops[KINDS] = {"ALLREDUCE", "ALLREDUCE", "_REDUCE_SCATTER_BASE", "", "ALLTOALL_BASE"};

static void
put_line(int r)
{
	text("{\"time\":");
	number(c.now / SECOND + r % 5);
	text(",\"message\":\"[rank");
	number(r);
	text("]:[E1116 00:00:00.0 ProcessGroupNCCL.cpp:1] ");
}

static void
put_tag(int r, int g)
{
	int place = 0;

	while (c.group[g].rank[place] != r)
		place++;
	text("[PG ID ");
	number(local_of[g]);
	text(" PG GUID ");
	number(g);
	text("(");
	text(descs[c.group[g].kind]);
	text(") Rank ");
	number(place);
	text("] ");
}

/* A watchdog's lines on a group: the first unfinished collective, the counters. */
static void
put_log_group(int r, int g)
{
	int enq = 0, done = 0, first = -1;

	for (int k = 0; k < c.enq[r]; k++)
		if (c.op[r][k].group == g) {
			enq++;
			done += k < c.dev[r];
			if (k >= c.dev[r] && first < 0)
				first = k;
		}
	if (first >= 0) {
		int64_t rows = rows_of(r, first);

		put_line(r);
		text("[Rank 0] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=");
		number(c.op[r][first].seq);
		text(", OpType=");
		text(c.group[g].kind != PIPELINE ? log_ops[c.group[g].kind] : c.group[g].rank[1] == r ? "RECV" : "SEND");
		text(", NumelIn=");
		number((c.group[g].kind == EXPERT && r % 2 ? 17 : rows * spread(g)) * 4096);
		text(", NumelOut=");
		number(rows * 4096);
		text(", Timeout(ms)=600000) ran for ");
		number((c.now + r % 5 * SECOND - c.op[r][first].created) / 1000000);
		text(" milliseconds before timing out.\"}\n");
		put_line(r);
		put_tag(r, g);
		text("failure detected by watchdog at work sequence id: ");
		number(c.op[r][first].seq);
		text(" PG status: last enqueued work: ");
		number(enq);
		text(", last completed work: ");
		number(done);
		text("\"}\n");
	}
	if (c.group[g].kind != WORLD)
		return;
	put_line(r);
	put_tag(r, g);
	text("Received a dump signal due to a collective timeout from  rank ");
	number(c.world / 2);
	text(" and we will try our best to dump the debug info. Last enqueued NCCL work: ");
	number(enq);
	text(", last completed NCCL work: ");
	number(done);
	text(".\"}\n");
}

static void
put_log(int r)
{
	int g[KINDS + 1], n = groups_of(r, g);

	for (int i = 0; i < n; i++)
		local_of[g[i]] = i;
	for (int i = 0; i < n; i++)
		put_log_group(r, g[i]);
}

/* The output of all live ranks. */
static void
put_all(enum form form)
{
	out.n = 0;
	for (int k = 0; k < c.world; k++) {
		if (is_dead(k) || (form == LOGS && below(4) == 0))
			continue;
		if (form == LOGS)
			put_log(k);
		else
			put_dump(k, form);
	}
}

/* ---- judging ---- */

/* Differences between a verdict's ranks and the injected ones; NULL: none. */
struct said {
	int64_t silent[RANKS];
	size_t nsilent;
	struct str word;
	int64_t rank[RANKS];
	struct str why[RANKS]; /* for each rank */
	bool sure[RANKS];
	size_t n;
};

static void
hear(const struct verdicts *vs, const struct verdict *v, struct said *s)
{
	bool in = false, quiet = false, sure = true;

	for (size_t i = v->item; i < v->item + v->nitem; i++) {
		const struct item *it = &vs->item[i];

		if (!it->name && quiet && it->kind == ITEM_INT && s->nsilent < RANKS)
			s->silent[s->nsilent++] = it->n;
		if (!it->name)
			continue;
		quiet = strcmp(it->name, "silent_ranks") == 0;
		if (strcmp(it->name, "culprits") == 0)
			in = true;
		if (strcmp(it->name, "culprit_ranks") == 0)
			in = false;
		if (strcmp(it->name, "diagnosis") == 0 && !in)
			s->word = it->s;
		if (strcmp(it->name, "certainty") == 0)
			sure = str_eq(it->s, S("sure"));
		if (in && strcmp(it->name, "rank") == 0 && s->n < RANKS) {
			s->sure[s->n] = sure;
			s->rank[s->n++] = it->n;
		}
		if (in && strcmp(it->name, "diagnosis") == 0 && s->n)
			s->why[s->n - 1] = it->s;
	}
}

static bool
blames(const struct said *s, int rank, enum fault is)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->rank[i] == rank && str_eq(s->why[i], str_of(fault_names[is])))
			return true;
	return false;
}

struct score {
	int cases, right;
	int named, true_named, injected, found; /* number of ranks */
};

struct setting {
	uint64_t min_ranks;
	int64_t now;
};

/* Read the dumps and judge them. */
static void
judge(struct verdicts *vs, struct events *ev, struct reader *r, enum form form, const struct opt_set *set)
{
	struct str rest, line;
	struct buf notice = {0}, scratch = {0};
	struct mem m = {0};
	struct settled settled;

	put_all(form);
	events_reset(ev);
	verdicts_reset(vs);
	rest = buf_str(&out);
	while (rest.n && str_cut(&rest, '\n', &line))
		if (line.n) {
			reader_value_text(r, line);
			if (r->why)
				abort();
		}
	events_sort(ev);
	settled = settle(ev, (struct str){0}, &m);
	nccl_hang.detect(&(struct detection){
		.ev = ev, .settled = &settled, .names = &ev->names, .spare = &ev->scratch, .config = set->base, .out = vs, .notice = &notice, .scratch = &scratch, .mem = &m});
	mem_free(&m);
	buf_free(&notice);
	buf_free(&scratch);
}

/* Compare the verdicts with the injected faults; true if nothing else was found. */
static bool
score(const struct verdicts *vs, struct score *sc)
{
	struct said s = {0};
	size_t want = 0;
	bool right = true, dead = false, groups = false;

	for (size_t i = 0; i < vs->n; i++)
		hear(vs, &vs->v[i], &s);
	for (int f = 0; f < nfault; f++)
		if (fault[f].is == DEADLOCK) {
			int n = 0;

			dead = true;
			for (size_t i = 0; i < s.n; i++)
				n += str_eq(s.why[i], S("deadlock"));
			right &= n >= 2 && blames(&s, fault[f].rank, DEADLOCK);
			want += (size_t)n;
			sc->injected++;
			sc->found += blames(&s, fault[f].rank, DEADLOCK);
		} else if (fault[f].is == STALLED) {
			groups = true;
			right &= str_eq(s.word, S("stalled"));
		} else if (fault[f].is != NONE && fired(f)) {
			bool hit = blames(&s, fault[f].rank, fault[f].is);

			/* a silent rank is listed next to a reporting one */
			for (size_t i = 0; i < s.nsilent && nfault > 1 && fault[f].is == SILENT; i++)
				if (s.silent[i] == fault[f].rank && !hit) {
					hit = true;
					want--;
				}

			right &= hit;
			want++;
			sc->injected++;
			sc->found += hit;
		}
	sc->cases++;
	sc->named += (int)s.n;
	for (size_t i = 0; i < s.n; i++)
		for (int f = 0; f < nfault; f++)
			if (fault[f].rank == s.rank[i] || (dead && str_eq(s.why[i], S("deadlock")))) {
				sc->true_named++;
				break;
			}
	right &= s.n == want && vs->n == (nfault || groups ? 1u : 0u);
	sc->right += right;
	return right;
}

/* With incomplete dumps, ranks without a fault must not be named as certain;
 * faulty ranks may. */
struct doubtful {
	int cases, sure, wrong, suspected, wrongly;
};

static bool
doubt(const struct verdicts *vs, struct doubtful *d)
{
	struct said s = {0};
	int before = d->wrong;

	for (size_t i = 0; i < vs->n; i++)
		hear(vs, &vs->v[i], &s);
	d->cases++;
	for (size_t i = 0; i < s.n; i++) {
		bool at_fault = str_eq(s.why[i], S("deadlock"));

		for (int f = 0; f < nfault; f++)
			at_fault |= fault[f].rank == s.rank[i];
		d->sure += s.sure[i];
		d->wrong += s.sure[i] && !at_fault;
		d->suspected += !s.sure[i];
		d->wrongly += !s.sure[i] && !at_fault;
	}
	return d->wrong == before;
}

static void
describe(FILE *f)
{
	fprintf(f, "# %d ranks: tensor %d, data %d, pipeline %d, expert %d, %d ahead%s\n", c.world, c.tp, c.dp, c.pp,
		c.ep, c.ahead, c.only_active ? ", only active" : "");
	for (int i = 0; i < nfault; i++)
		fprintf(f, "# %s: rank %d in %s %d, collective %d\n", fault_names[fault[i].is], fault[i].rank,
			descs[c.group[fault[i].group].kind], fault[i].group, fault[i].seq);
}

static void
choose(uint64_t seed, enum fault *first, enum fault *second, bool *large)
{
	/* six in seven have at most one fault */
	*first = (enum fault)(seed % FAULTS);
	*second = seed / FAULTS % 7 == 6 && *first != NONE ? (enum fault)(1 + seed / 49 % 4) : NONE;
	*large = seed % 97 == 3;
}

static const char *const form_names[FORMS] = {
	[HOOK] = "dumps of FlightRecorderHook", [LOGS] = "logs of three in four ranks"};

/* No option names a file. */
static bool
load(struct program *p, struct str file, const char *(*parse)(void *, struct str, struct mem *, uint64_t *), void *to)
{
	(void)p, (void)parse, (void)to;
	return file.n == 0;
}

static int
judge_all(int n, uint64_t seed)
{
	struct events ev = {.wants = nccl_hang.wants, .since = NO_TIME, .until = NO_TIME};
	struct reader r = {.ev = &ev, .boot_time = NO_TIME};
	struct verdicts vs = {.id = nccl_hang.id, .name = nccl_hang.name};
	struct score one[FAULTS] = {{0}}, two = {0};
	struct doubtful doubtful[FORMS] = {{0}};
	char *argv[] = {NULL, NULL};
	struct out null = {.fd = -1};
	struct diag d = {.to = &null};
	struct opt_set set = {nccl_hang.opt, calloc(1, nccl_hang.config_size)};
	struct opt_run o = {.prog = S("clusters"), .set = {set, {0}}, .out = &null, .diag = &d};
	struct program p = {.diag = &d, .out = &null, .mem = &(struct mem){0}, .load = load};
	struct str *now = NULL;
	int bad = 0, t = 0;

	(void)now;
	argv[0] = (char *)"clusters";
	for (int i = 0; i < n; i++) {
		enum fault first, second;
		bool large, right;
		char when[64], now_arg[80];
		char *args[] = {argv[0], now_arg, NULL};

		choose(seed + (uint64_t)i, &first, &second, &large);
		make(seed + (uint64_t)i, first, second, large);
		snprintf(when, sizeof(when), "%lld.%09lld", (long long)(c.now / SECOND), (long long)(c.now % SECOND));
		snprintf(now_arg, sizeof(now_arg), "--now=%s", when);
		memcpy(set.base, nccl_hang.config, nccl_hang.config_size);
		if (opt_parse(&o, 2, args) >= 0 || nccl_hang.setup(set.base, &p) >= 0)
			return 2;
		judge(&vs, &ev, &r, i % 3 == 1 ? FLAT : DUMPS, &set);
		right = score(&vs, second == NONE ? &one[first] : &two);
		if (!right && second == NONE) {
			bad++;
			printf("# seed %llu\n", (unsigned long long)(seed + (uint64_t)i));
			describe(stdout);
			for (size_t k = 0; k < vs.n; k++)
				printf("# said: %.*s\n", (int)vs.v[k].headline.n, vs.v[k].headline.p);
		}
		for (enum form form = HOOK; form <= LOGS && first != NONE; form++) {
			judge(&vs, &ev, &r, form, &set);
			if (doubt(&vs, &doubtful[form]))
				continue;
			bad++;
			printf("# seed %llu, %s\n", (unsigned long long)(seed + (uint64_t)i), form_names[form]);
			describe(stdout);
			for (size_t k = 0; k < vs.n; k++)
				printf("# said: %.*s\n", (int)vs.v[k].headline.n, vs.v[k].headline.p);
		}
		forget();
	}
	for (int f = 0; f < FAULTS; f++)
		printf("%s %d - %s: %d of %d clusters right; ranks named %d, rightly %d; injected %d, found %d\n",
		       one[f].right == one[f].cases ? "ok" : "not ok", ++t, fault_names[f], one[f].right, one[f].cases,
		       one[f].named, one[f].true_named, one[f].injected, one[f].found);
	printf("%s %d - two faults: %d of %d clusters right; ranks named %d, rightly %d; injected %d, found %d\n",
	       two.true_named == two.named ? "ok" : "not ok", ++t, two.right, two.cases, two.named, two.true_named,
	       two.injected, two.found);
	for (enum form form = HOOK; form <= LOGS; form++) {
		const struct doubtful *b = &doubtful[form];

		printf("%s %d - %s: of %d clusters %d ranks sure, %d wrongly; %d suspected, %d wrongly\n",
		       b->wrong ? "not ok" : "ok", ++t, form_names[form], b->cases, b->sure, b->wrong, b->suspected, b->wrongly);
	}
	printf("1..%d\n", t);
	events_free(&ev);
	reader_free(&r);
	verdicts_free(&vs);
	mem_free(p.mem);
	buf_free(&null.b);
	buf_free(&out);
	free(set.base);
	return bad != 0;
}

/* Large dumps: every rank completed all its collectives but the last one. */
static void
big(int ranks, int entries)
{
	c.tp = 8;
	c.pp = 1;
	c.ep = 1;
	c.dp = ranks / 8;
	make_groups();
	for (int r = 0; r < c.world; r++) {
		int seq[KINDS] = {0};

		c.op[0] = realloc(r ? c.op[0] : NULL, (size_t)entries * sizeof(struct op));
		c.op[r] = c.op[0];
		for (int i = 0; i < entries; i++) {
			enum kind k = i % 16 == 15 ? WORLD : i % 16 == 14 ? DATA : TENSOR;

			c.op[r][i] = (struct op){c.of[r][k], ++seq[k], epoch + i * INT64_C(20000000) + r};
		}
		c.enq[r] = r == 7 ? entries - 3 : entries;
		c.dev[r] = entries - 3;
		c.ring = entries;
		out.n = 0;
		put_dump(r, DUMPS);
		fwrite(out.p, 1, out.n, stdout);
	}
}

int
main(int argc, char *argv[])
{
	if (argc == 4 && strcmp(argv[1], "-b") == 0) {
		big(atoi(argv[2]), atoi(argv[3]));
		return 0;
	}
	if (argc == 3 && (strcmp(argv[1], "-p") == 0 || strcmp(argv[1], "-l") == 0 || strcmp(argv[1], "-r") == 0)) {
		enum fault first, second;
		enum form form = argv[1][1] == 'p' ? DUMPS : argv[1][1] == 'l' ? LOGS : HOOK;
		bool large;
		uint64_t seed = strtoull(argv[2], NULL, 10);

		choose(seed, &first, &second, &large);
		make(seed, first, second, large);
		put_all(form);
		fwrite(out.p, 1, out.n, stdout);
		describe(stderr);
		fprintf(stderr, "# now %lld\n", (long long)(c.now / SECOND));
		return 0;
	}
	return judge_all(argc > 1 ? atoi(argv[1]) : 700, argc > 2 ? strtoull(argv[2], NULL, 10) : 1);
}
