/*
 * Facts from verdict lines of the input (verdicts.c), in the notation of test_facts.h.  JSON
 * is written with ' for ".
 */
#include "incident/test_facts.h"

#include "base/test.h"

#define E(kind, t, text) "{'kind':'" kind "','uid':'u','timestamp':'1970-01-01T00:" t "Z','description':'" text "'}"
#define V(id, members, trail) "{'pattern.id':'" id "'," members "'evidence_trail':[" trail "]}"

static const struct {
	const char *lines; /* separated by line ends; a first one that begins with "+" has records */
	const char *facts;
} rows[] = {
	{"", ""},
	/* what all have */
	{V("99", "'id':'i','node':'a','gpu_id':'0000:01:00.0','gpu_uuid':'GPU-1','pod_namespace':'x','pod_name':'p','remediation':'R','action':'reset_gpu',"
		"'resolved_at':'1970-01-01T00:00:30Z',", E("kernel_event", "00:05", "one") "," E("hw_error", "00:03", "two")),
		"other node=a gpu=1 uuid=GPU-1 pod=x/p pattern=99 remedy=R action=reset_gpu passed said=i resolved=30 @3..5 seen=3 ev=one ev=two"},
	{V("99", "", E("k", "00:05", "one")), "other pattern=99 passed @5 ev=one"},
	{V("99", "", "{'kind':'k','description':'x'}"), ""},
	{V("99", "", ""), ""},
	{V("0", "", E("k", "00:05", "one")), ""},
	{V("99", "'action':'x','pod_name':'p',", E("k", "00:05", "one") ",{'kind':'k','description':'x'}"), "other pod=p pattern=99 passed @5 ev=one"},
	/* PCIe: from the first report that leads up to it without a gap */
	{V("5", "'node':'a','gpu_id':'0000:01:00.0','severity':'fatal',", E("k", "00:05", "one")), "pcie node=a gpu=1 pattern=5 grave passed @5 ev=one"},
	{V("5", "'node':'a','gpu_id':'0000:01:00.0','severity':'corrected',", E("k", "00:05", "one")), "pcie node=a gpu=1 pattern=5 corrected passed @5 ev=one"},
	{V("5", "'node':'a','gpu_id':'0000:01:00.0','severity':'non_fatal',", E("k", "00:05", "one")), "pcie node=a gpu=1 pattern=5 passed @5 ev=one"},
	{"+aer a 1 0; aer a 1 -600; aer a 2 -700; aer b 1 -700; aer a 1 -1201\n" V("5", "'node':'a','gpu_id':'0000:01:00.0',", E("k", "10:00", "one")),
		"pcie node=a gpu=1 pattern=5 passed @-10m..10m seen=10m ev=one"},
	{"+aer a 1 -1\n" V("5", "'node':'a','gpu_id':'0000:01:00.0',", E("k", "10:00", "one")), "pcie node=a gpu=1 pattern=5 passed @10m ev=one"},
	/* memory: the time of its Xid, or else since when the counter */
	{V("3", "'node':'a','xid_code':48,'since':'1970-01-01T00:00:01Z',", E("hw_error", "00:03", "one") "," E("kernel_event", "00:05", "two") "," E("kernel_event", "00:07", "three")),
		"hbm node=a code=48 pattern=3 passed @5 ev=one ev=two ev=three"},
	{V("3", "'node':'a','since':'1970-01-01T00:00:01Z',", E("hw_error", "00:03", "one")), "hbm node=a pattern=3 passed @1..3 ev=one"},
	{V("3", "'node':'a','xid_code':-1,", E("hw_error", "00:03", "one")), "hbm node=a pattern=3 passed @3 ev=one"},
	/* heat: 30 % of the clock, or by hardware, is much */
	{V("4", "'nodes':['b','a'],'scope':'room','first':'1970-01-01T00:00:01Z','last':'1970-01-01T00:00:09Z','clock_loss_percent':30,", E("k", "00:03", "one")),
		"heat node=b nodes=b,a detail=room pattern=4 grave passed @1..9 seen=3 ev=one"},
	{V("4", "'node':'a','scope':'gpu','clock_loss_percent':29.9,'reasons':['sw_thermal'],", E("k", "00:03", "one")), "heat node=a detail=gpu pattern=4 passed @3 ev=one"},
	{V("4", "'node':'a','scope':'gpu','reasons':['sw_thermal','hw_thermal'],", E("k", "00:03", "one")), "heat node=a detail=gpu pattern=4 grave passed @3 ev=one"},
	/* Xids: the time of the line; the pod is the one that it took down */
	{V("16", "'node':'a','gpu_id':'0000:01:00.0','xid_code':79,'xid_class':'hardware','pod_namespace':'x','pod_name':'p',", E("pod_event", "00:09", "one") "," E("kernel_event", "00:05", "two")),
		"xid node=a gpu=1 code=79 class=hardware pattern=16 passed @5 ev=one ev=two"},
	{V("16", "'node':'a','xid_code':79,'xid_class':'odd',", E("pod_event", "00:09", "one")), "xid node=a code=79 class=unknown pattern=16 passed @9 ev=one"},
	/* losses: the time of the pod's event, how, and the pressure that did it */
	{V("14", "'node':'a','eviction_kind':'api',", E("node_condition", "00:03", "one") "," E("pod_event", "00:05", "two")),
		"lost node=a how=api detail=api pattern=14 passed @5 ev=one ev=two"},
	{V("14", "'eviction_kind':'taint',", E("pod_event", "00:05", "one")), "lost how=taint detail=taint pattern=14 passed @5 ev=one"},
	{V("14", "'eviction_kind':'node_lost',", E("pod_event", "00:05", "one")), "lost how=node detail=node_lost pattern=14 passed @5 ev=one"},
	{V("14", "'eviction_kind':'local_limit',", E("pod_event", "00:05", "one")), "lost how=limit detail=local_limit pattern=14 passed @5 ev=one"},
	{V("14", "'eviction_kind':'node_shutdown',", E("pod_event", "00:05", "one")), "lost how=shutdown detail=node_shutdown pattern=14 passed @5 ev=one"},
	{V("14", "'eviction_kind':'preemption',", E("pod_event", "00:05", "one")), "lost how=preemption detail=preemption pattern=14 passed @5 ev=one"},
	{V("14", "'eviction_kind':'odd',", E("pod_event", "00:05", "one")), "lost detail=odd pattern=14 passed @5 ev=one"},
	{V("14", "'reason':'NodeNotReady',", E("pod_event", "00:05", "one")), "lost how=node pattern=14 passed @5 ev=one"},
	{V("14", "'reason':'NodeLost',", E("pod_event", "00:05", "one")), "lost how=node pattern=14 passed @5 ev=one"},
	{V("14", "'reason':'NodeLost','node':'a',", E("pod_event", "02:05", "one")), "lost node=a how=node pattern=14 passed @65..125 ev=one"},
	{V("14", "'node':'a','eviction_kind':'node_pressure','pressure':'memory','pod_name':'p',", E("node_condition", "00:03", "one") "," E("pod_event", "00:05", "two")),
		"pressure node=a detail=memory @3..5 seen=3; lost node=a pod=p how=pressure detail=node_pressure pattern=14 passed @5 ev=one ev=two"},
	{V("14", "'node':'a','eviction_kind':'admission',", E("pod_event", "00:05", "two")), "lost node=a how=pressure detail=admission pattern=14 passed @5 ev=two"},
	/* a hang begins when its verdict says so */
	{V("15", "'node':'a','since':'1970-01-01T00:00:02Z','diagnosis':'silent',", E("k", "00:03", "one")), "hang detail=silent pattern=15 passed @2 ev=one"},
	{V("15", "'diagnosis':'silent',", E("k", "00:03", "one") "," E("k", "00:01", "two")), "hang detail=silent pattern=15 passed @1 ev=one ev=two"},
	/* all lines */
	{V("16", "'node':'a','xid_code':79,'xid_class':'hardware',", E("kernel_event", "00:05", "one")) "\n" V("16", "'node':'a','xid_code':48,'xid_class':'hardware',", E("kernel_event", "00:04", "two")),
		"xid node=a code=48 class=hardware pattern=16 passed @4 ev=two; xid node=a code=79 class=hardware pattern=16 passed @5 ev=one"},
};

/* "aer NODE BUS SECONDS; ..." */
static void
add_reports(struct made *m, struct str rest)
{
	struct str one, word;

	while (str_cut(&rest, ';', &one)) {
		enum { ANNOUNCED = 6 }; /* enum aer_part: a line that names its device */
		struct aer a = {.e.t = 0, .part = ANNOUNCED};
		int64_t t;

		while (one.n && *one.p == ' ')
			one = str_from(one, 1);
		str_cut(&one, ' ', &word); /* aer */
		str_cut(&one, ' ', &word);
		a.e.node = idx_add(&m->ev.names, word);
		str_cut(&one, ' ', &word);
		a.dev = made_gpu(word);
		if (num_i64(one, &t))
			a.e.t = t * SECOND;
		events_add(&m->ev, EVENT_AER, &a);
	}
}

static void
add_lines(struct made *m, const char *lines)
{
	struct str rest = str_of(lines), one;

	while (str_cut(&rest, '\n', &one)) {
		struct verdict_line v = {.e.t = 0};

		if (one.n && *one.p == '+') {
			add_reports(m, str_from(one, 1));
			continue;
		}
		m->scratch.n = 0;
		for (size_t i = 0; i < one.n; i++)
			buf_chr(&m->scratch, one.p[i] == '\'' ? '"' : one.p[i]);
		v.line = idx_add(&m->ev.names, buf_str(&m->scratch));
		if (one.n)
			events_add(&m->ev, EVENT_VERDICT, &v);
	}
}

/* The facts of verdict lines; the patterns find nothing. */
static bool
judge(struct made *m, const char *lines)
{
	bool good = made_facts(m, "");

	for (size_t i = 0; inquest_patterns[i]; i++) {
		m->c.own[i] = mem_get(&m->mem, 1, inquest_patterns[i]->config_size);
		if (inquest_patterns[i]->config)
			memcpy(m->c.own[i], inquest_patterns[i]->config, inquest_patterns[i]->config_size);
	}
	add_lines(m, lines);
	events_sort(&m->ev);
	coverage_gather(&m->fs);
	facts_judge(&m->fs);
	sort(m->fs.f, m->fs.n, sizeof(struct fact), fact_cmp, &m->fs, &m->spare);
	return good;
}

static bool
row_is(size_t row)
{
	struct made m, want;
	struct buf b = {0}, w = {0};
	bool good = judge(&m, rows[row].lines);

	made_put_all(&b, &m);
	good &= made_facts(&want, rows[row].facts);
	made_put_all(&w, &want);
	if (!good || !str_eq(buf_str(&b), buf_str(&w))) {
		printf("# %s\n#%s is:\n%.*s# not:\n%.*s", rows[row].lines, good ? "" : " (unknown word)", (int)b.n, b.p ? b.p : "", (int)w.n, w.p ? w.p : "");
		good = false;
	}
	made_free(&m);
	made_free(&want);
	buf_free(&b);
	buf_free(&w);
	return good;
}

static const struct {
	const char *members, *ranks; /* blamed, waiting, world */
} hangs[] = {
	{"'culprit_ranks':[3,4],'silent_ranks':[9],'waiting_ranks':[1,2],'hanging_ranks':[8],'world_size':8,", "3,4 1,2 8"},
	{"'silent_ranks':[9],'hanging_ranks':[8,'7',-1,4294967295,4294967294],", "9 8,7,4294967294 0"},
	{"'culprit_ranks':[],'world_size':0,", "  0"},
	{"'world_size':-1,", "  0"},
	{"'world_size':4294967295,", "  0"},
	{"'world_size':1,", "  1"},
};

static void
put_ranks(struct buf *b, struct ranks r)
{
	for (size_t i = 0; i < r.n; i++) {
		buf_add(b, i ? S(",") : S(""));
		buf_u64(b, r.r[i]);
	}
}

static bool
hang_is(size_t row)
{
	struct made m;
	struct buf line = {0}, b = {0};
	bool good;

	buf_add(&line, S("{'pattern.id':'15',"));
	buf_add(&line, str_of(hangs[row].members));
	buf_add(&line, S("'evidence_trail':[" E("k", "00:03", "one") "]}"));
	buf_chr(&line, '\0');
	good = judge(&m, line.p) && m.fs.n == 1;
	put_ranks(&b, m.fs.f[0].ranks->blamed);
	buf_chr(&b, ' ');
	put_ranks(&b, m.fs.f[0].ranks->waiting);
	buf_chr(&b, ' ');
	buf_u64(&b, m.fs.f[0].ranks->world);
	good &= str_eq(buf_str(&b), str_of(hangs[row].ranks));
	if (!good)
		printf("# %s: %.*s\n", hangs[row].members, (int)b.n, b.p);
	made_free(&m);
	buf_free(&b);
	buf_free(&line);
	return good;
}

int
main(void)
{
	TEST("facts from verdict lines");
	for (size_t i = 0; i < NELEM(rows); i++)
		CHECK_ROW(i, row_is(i));
	TEST("ranks of a hang");
	for (size_t i = 0; i < NELEM(hangs); i++)
		CHECK_ROW(i, hang_is(i));
	return test_done();
}
