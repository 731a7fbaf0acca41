/*
 * Members of incidents (report.c), made from facts in test_facts.h's notation; JSON is
 * written with ' for ".
 */
#include "incident/story.h"
#include "incident/test_facts.h"
#include "json/value.h"

#include "base/test.h"

static const struct {
	const char *facts, *member, *is; /* of each incident, by "; " */
} rows[] = {
	/* the headline: what, where, what was lost, who waits, when */
	{"xid node=a gpu=1 code=79", "headline", "'Xid 79 (GPU has fallen off the bus) on a GPU 0000:01:00.0; 1970-01-01T00:00:00Z'"},
	{"panic node=a; lost node=a pod=x/p @1 by=1", "headline", "'Kernel panic or lockup on a: x/p lost; 1970-01-01T00:00:00Z'"},
	{"panic node=a; lost node=a pod=x/p @1 by=1; ended node=a pod=x/q @1 by=1", "headline", "'Kernel panic or lockup on a: 2 pods lost; 1970-01-01T00:00:00Z'"},
	{"panic node=a @5; hang @6 by=1 blamed=0 waiting=1", "headline", "'Kernel panic or lockup on a: 1 rank waiting; 1970-01-01T00:00:05Z'"},
	{"panic node=a; hang @1 by=1 blamed=0 waiting=1,2 pods=x/p", "headline", "'Kernel panic or lockup on a: x/p hit, 2 ranks waiting; 1970-01-01T00:00:00Z'"},
	{"panic node=a; hang @1 by=1 blamed=0 waiting=1 pods=x/p; watchdog @2 by=2; ended pod=x/p @3 by=3", "headline",
		"'Kernel panic or lockup on a: x/p hit, 1 rank waiting; 1970-01-01T00:00:00Z'"},
	{"panic node=a; hang @1 by=1 blamed=0 waiting=1 pods=x/p; ended pod=x/p @1 by=1", "headline",
		"'Kernel panic or lockup on a: x/p lost, 1 rank waiting; 1970-01-01T00:00:00Z'"},
	{"lost node=a pod=x/p pattern=14; lost node=a pod=x/q @1 by=1", "headline", "'x/p was evicted from a: 1 more pod lost; 1970-01-01T00:00:00Z'"},
	{"ended node=a pod=x/p gpu_pod; lost node=a pod=x/q @1 by=1; lost node=a pod=x/r @1 by=1", "headline", "'x/p failed on a: 2 more pods lost; 1970-01-01T00:00:00Z'"},
	{"lost node=a pod=x/p pattern=14", "headline", "'x/p was evicted from a; 1970-01-01T00:00:00Z'"},
	{"lost node=a pattern=14; lost node=a pod=x/q @1 by=1", "headline", "'A job was evicted from a: x/q lost; 1970-01-01T00:00:00Z'"},
	{"hang blamed=0 waiting=1 pods=x/p detail=silent", "headline", "'Rank 0 is silent: 1 rank waiting; 1970-01-01T00:00:00Z'"},
	{"hang waiting=1,2 detail=unknown", "headline", "'2 ranks waiting in a collective; 1970-01-01T00:00:00Z'"},
	{"panic node=a; hang waiting=1,2 detail=unknown by=1", "headline", "'Kernel panic or lockup on a: 2 ranks waiting; 1970-01-01T00:00:00Z'"},
	{"lost node=a pod=x/p undated pattern=14 @5..9", "headline", "'x/p was evicted from a; time unknown'"},
	{"lost node=a pod=x/p undated pattern=14 @5..9; lost pod=x/q by=1 @6", "headline", "'x/p was evicted from a: 1 more pod lost; 1970-01-01T00:00:06Z'"},

	/* the id: first time, node, GPU or pod, kind */
	{"xid node=a gpu=1 code=79 @5", "id", "'1970-01-01T00:00:05Z/a/0000:01:00.0/xid'"},
	{"lost node=a pod=x/p", "id", "'1970-01-01T00:00:00Z/a/x/p/lost'"},
	{"lost", "id", "'1970-01-01T00:00:00Z/-/-/lost'"},
	{"lost node=a gpu=1 pod=x/p", "id", "'1970-01-01T00:00:00Z/a/0000:01:00.0/lost'"},
	/* in order of time, then id */
	{"xid node=b code=79 @5; xid node=a code=79 @5; xid node=c code=79 @4", "id",
		"'1970-01-01T00:00:04Z/c/-/xid'; '1970-01-01T00:00:05Z/a/-/xid'; '1970-01-01T00:00:05Z/b/-/xid'"},

	/* the root */
	{"xid node=a gpu=1 uuid=u code=79 @5", "root", "{'pattern':'signal:xid-79','node':'a','gpu_id':'0000:01:00.0','gpu_uuid':'u','time':'1970-01-01T00:00:05Z'}"},
	{"xid node=a pod=x/p code=79 pattern=16", "root", "{'pattern':'16','node':'a','time':'1970-01-01T00:00:00Z'}"},
	{"lost node=a pod=x/p detail=taint pattern=14", "root", "{'pattern':'14','node':'a','pod':'x/p','eviction_kind':'taint','time':'1970-01-01T00:00:00Z'}"},
	{"ended node=a pod=x/p gpu_pod detail=python", "root", "{'pattern':'signal:pod-failed','node':'a','pod':'x/p','time':'1970-01-01T00:00:00Z'}"},
	{"hang node=a nodes=a pods=x/p blamed=3 waiting=1 detail=silent", "root",
		"{'pattern':'signal:other','node':'a','pod':'x/p','rank':3,'diagnosis':'silent','time':'1970-01-01T00:00:00Z'}"},
	{"hang node=a nodes=a pods=x/p,x/q blamed=3,4 waiting=1 detail=silent", "root", "{'pattern':'signal:other','node':'a','diagnosis':'silent','time':'1970-01-01T00:00:00Z'}"},
	{"hang node=a nodes=a,b pods=x/p blamed=3 waiting=1 detail=silent", "root",
		"{'pattern':'signal:other','pod':'x/p','rank':3,'diagnosis':'silent','time':'1970-01-01T00:00:00Z'}"},
	{"hang node=a nodes=a pods=x/p waiting=1,2 detail=silent", "root", "{'pattern':'signal:other','diagnosis':'silent','time':'1970-01-01T00:00:00Z'}"},
	{"heat node=a nodes=a detail=gpu", "root", "{'pattern':'signal:other','node':'a','scope':'gpu','nodes':['a'],'time':'1970-01-01T00:00:00Z'}"},
	{"notready node=a nodes=a,b named", "root", "{'pattern':'signal:node-not-ready','scope':'room','nodes':['a','b'],'time':'1970-01-01T00:00:00Z'}"},
	{"notready node=a nodes=a named", "root", "{'pattern':'signal:node-not-ready','node':'a','time':'1970-01-01T00:00:00Z'}"},

	/* the chain names a pattern once in a row; each link its place, times and cause */
	{"xid node=a gpu=1 code=79; xid node=a code=79 @1 by=1; lost node=a pod=x/p pattern=16 @2 by=1; xid node=a code=79 @3 by=1", "chain", "['signal:xid-79','16','signal:xid-79']"},
	{"xid node=a gpu=1 code=79 @5", "links",
		"[{'n':1,'fact':'xid','what':'Xid 79 (GPU has fallen off the bus) on a GPU 0000:01:00.0','xid_code':79,'node':'a','gpu_id':'0000:01:00.0','at':'1970-01-01T00:00:05Z'}]"},
	{"sxid node=a code=12028", "links", "[{'n':1,'fact':'sxid','what':'SXid 12028 (NVSwitch error) on a','xid_code':12028,'node':'a','at':'1970-01-01T00:00:00Z'}]"},
	{"panic node=a @5; lost node=a pod=x/p pattern=14 @7..9 by=1 folded=2; ended node=b pod=x/q code=1 @10 perhaps=1", "links",
		"[{'n':1,'fact':'panic','what':'Kernel panic or lockup on a','node':'a','at':'1970-01-01T00:00:05Z'},"
		"{'n':2,'pattern':'14','fact':'lost','what':'x/p was evicted from a','node':'a','pod':'x/p','at':'1970-01-01T00:00:09Z','not_before':'1970-01-01T00:00:07Z',"
		"'from':1,'rule':'C16','strength':'causes','delay_seconds':4,'folded':2},"
		"{'n':3,'fact':'ended','what':'x/q failed on b','node':'b','pod':'x/q','at':'1970-01-01T00:00:10Z','from':1,'rule':'C16','strength':'precedes','delay_seconds':5}]"},
	{"heat node=a @5..9 seen=6", "links", "[{'n':1,'fact':'heat','what':'Thermal throttling on a','node':'a','at':'1970-01-01T00:00:06Z','not_before':'1970-01-01T00:00:05Z','until':'1970-01-01T00:00:09Z'}]"},
	{"pcie node=a @5..9 seen=5", "links", "[{'n':1,'fact':'pcie','what':'PCIe link failing on a','node':'a','at':'1970-01-01T00:00:05Z','until':'1970-01-01T00:00:09Z'}]"},
	{"pcie node=a @5", "links", "[{'n':1,'fact':'pcie','what':'PCIe link failing on a','node':'a','at':'1970-01-01T00:00:05Z'}]"},
	{"hbm node=a @5..9 seen=5", "links", "[{'n':1,'fact':'hbm','what':'Memory failing on a','node':'a','at':'1970-01-01T00:00:05Z'}]"},
	{"hang node=a nodes=a blamed=3,4 waiting=1 detail=silent", "links",
		"[{'n':1,'fact':'hang','what':'Ranks 3-4 on a are silent','node':'a','ranks':'3-4','at':'1970-01-01T00:00:00Z'}]"},
	{"hang node=a nodes=a waiting=1,2 detail=silent", "links", "[{'n':1,'fact':'hang','what':'2 ranks waiting in a collective','at':'1970-01-01T00:00:00Z'}]"},

	/* other causes: each once, with the reason why it came second */
	{"panic node=a; hang nodes=a blamed=0 waiting=1 by=1 rivals=3,4 @9; machine_check node=b; machine_check node=c @1", "competing",
		"[{'root':{'pattern':'signal:machine-check','node':'b','time':'1970-01-01T00:00:00Z'},'why':'less direct'},"
		"{'root':{'pattern':'signal:machine-check','node':'c','time':'1970-01-01T00:00:01Z'},'why':'later'}]; none; none"},
	{"panic node=a; hang nodes=a blamed=0 waiting=1 by=1 rivals=3,4 @9; machine_check node=b; panic node=b @1 by=3", "competing",
		"[{'root':{'pattern':'signal:machine-check','node':'b','time':'1970-01-01T00:00:00Z'},'why':'less direct'}]; none"},
	{"panic node=a; hang nodes=a blamed=0 waiting=1 by=1 rivals=3 @9; notready node=a @1 by=1", "competing", "none"},
	{"panic node=a; hang nodes=a blamed=0 waiting=1 by=1 rivals=3 @9 assumed; machine_check node=b", "competing",
		"[{'root':{'pattern':'signal:machine-check','node':'b','time':'1970-01-01T00:00:00Z'},'why':'placement unknown'}]; none"},
	{"hang blamed=0 waiting=1 rivals=2 @9 unplaced; machine_check node=b", "competing",
		"none; [{'root':{'pattern':'signal:machine-check','node':'b','time':'1970-01-01T00:00:00Z'},'why':'placement unknown'}]"},

	/* ranks, innocent nodes, verdicts, what is folded */
	{"hang blamed=3,4 waiting=1,2,5", "ranks_blamed", "[3,4]"},
	{"hang blamed=3,4 waiting=1,2,5", "ranks_waiting", "'1-2,5'"},
	{"hang blamed=3,4 waiting=1,2,5", "ranks_blamed_omitted", "none"},
	{"panic node=a; lost by=1", "ranks_blamed", "[]"},
	{"panic node=a; lost by=1", "ranks_waiting", "none"},
	{"panic node=a; hang nodes=a blamed=0 waiting=1 waits=c,a,b by=1", "not_to_blame", "[{'what':'b','why':'its ranks waited'},{'what':'c','why':'its ranks waited'}]"},
	{"lost said=v said=u; lost said=w pattern=14 by=1 @1", "verdicts", "['u','v','w']"},
	{"lost", "verdicts", "none"},
	{"lost folded=2; lost folded=3 by=1 @1", "folded", "5"},
	{"lost", "folded", "none"},
	{"lost node=a pod=x/p; pod x/p node=a job=x/j", "jobs", "['x/j']"},
	{"lost", "jobs", "none"},
	{"lost", "nodes", "[]"},
	{"lost node=b; lost node=a by=1 @1", "nodes", "['a','b']"},
	{"lost", "pods", "[]"},
	{"lost", "cordon", "[]"},
	{"lost @5..9 resolved=20", "first", "'1970-01-01T00:00:05Z'"},
	{"lost @5..9 resolved=20", "last", "'1970-01-01T00:00:09Z'"},
	{"lost @5..9 resolved=20", "resolved_at", "'1970-01-01T00:00:20Z'"},
	{"lost", "resolved_at", "none"},
	{"lost", "confidence", "'partial'"},
	{"lost how=api", "confidence", "'full'"},
	/* evidence: the cause's first, each fact's by time, each piece once; an id is made of its node, kind and time */
	{"lost node=a @5 ev=x ev=w; lost node=b @6 ev=v by=1", "evidence_trail",
		"[{'kind':'test','uid':'a/test/1970-01-01T00:00:05Z','timestamp':'1970-01-01T00:00:05Z','description':'w'},"
		"{'kind':'test','uid':'a/test/1970-01-01T00:00:05Z','timestamp':'1970-01-01T00:00:05Z','description':'x'},"
		"{'kind':'test','uid':'b/test/1970-01-01T00:00:06Z','timestamp':'1970-01-01T00:00:06Z','description':'v'}]"},
	{"lost ev=x; lost ev=x ev=y by=1", "evidence_trail",
		"[{'kind':'test','uid':'-/test/1970-01-01T00:00:00Z','timestamp':'1970-01-01T00:00:00Z','description':'x'},"
		"{'kind':'test','uid':'-/test/1970-01-01T00:00:00Z','timestamp':'1970-01-01T00:00:00Z','description':'y'}]"},
};

static void
put_member(struct buf *b, const struct verdicts *out, size_t i, const char *member)
{
	struct buf line = {0};
	struct json j = {0};
	struct value v;

	jsonl_put(&line, out, &out->v[i]);
	json_parse(&j, buf_str(&line));
	v = value_get(value_of(&j), str_of(member));
	buf_add(b, i ? S("; ") : S(""));
	if (value_ok(v) && value_is_string(v))
		buf_chr(b, '\'');
	if (value_ok(v)) {
		struct str raw = json_raw(&j, v.at);

		for (size_t k = 0; k < raw.n; k++)
			buf_chr(b, raw.p[k] == '"' ? '\'' : raw.p[k]);
	} else {
		buf_add(b, S("none"));
	}
	if (value_ok(v) && value_is_string(v))
		buf_chr(b, '\'');
	json_free(&j);
	buf_free(&line);
}

static bool
report(struct made *m, struct verdicts *out, const char *facts)
{
	bool good = made_facts(m, facts);

	*out = (struct verdicts){.id = S("0"), .name = S("incident")};
	m->d.out = out;
	events_sort(&m->ev);
	coverage_gather(&m->fs);
	incidents_report(&m->fs);
	return good;
}

static bool
row_is(size_t row)
{
	struct made m;
	struct verdicts out;
	struct buf b = {0};
	bool good = report(&m, &out, rows[row].facts);

	for (size_t i = 0; i < out.n; i++)
		put_member(&b, &out, i, rows[row].member);
	if (!good || !str_eq(buf_str(&b), str_of(rows[row].is))) {
		printf("# %s: %s%s\n# is:  %.*s\n# not: %s\n", rows[row].facts, rows[row].member, good ? "" : " (unknown word)", (int)b.n, b.p ? b.p : "", rows[row].is);
		good = false;
	}
	verdicts_free(&out);
	made_free(&m);
	buf_free(&b);
	return good;
}

/* n facts, or pieces of evidence, or ranks. */
static struct buf
many(const char *before, size_t n, const char *each, const char *after)
{
	struct buf b = {0};

	buf_add(&b, str_of(before));
	for (size_t i = 0; i < n; i++) {
		buf_add(&b, str_of(each));
		buf_u64(&b, 100 + i);
	}
	buf_add(&b, str_of(after));
	buf_chr(&b, '\0');
	return b;
}

static bool
ends(struct buf facts, const char *member, const char *end)
{
	struct made m;
	struct verdicts out;
	struct buf b = {0};
	bool good = report(&m, &out, facts.p);

	put_member(&b, &out, 0, member);
	good &= str_ends(buf_str(&b), str_of(end));
	if (!good)
		printf("# %s: not %s\n", member, end);
	verdicts_free(&out);
	made_free(&m);
	buf_free(&b);
	buf_free(&facts);
	return good;
}

static void
check_limits(void)
{
	TEST("64 blamed ranks are listed, others counted");
	CHECK(ends(many("hang waiting=99 blamed=9", 63, ",", ""), "ranks_blamed", ",161,162]"));
	CHECK(ends(many("hang waiting=99 blamed=9", 63, ",", ""), "ranks_blamed_omitted", "none"));
	CHECK(ends(many("hang waiting=99 blamed=9", 64, ",", ""), "ranks_blamed", ",161,162]"));
	CHECK(ends(many("hang waiting=99 blamed=9", 64, ",", ""), "ranks_blamed_omitted", "1"));
	TEST("64 pieces of evidence are shown, eight of a fact");
	CHECK(ends(many("lost", 8, " ev=x", ""), "evidence_trail", "'description':'x107'}]"));
	CHECK(ends(many("lost", 9, " ev=x", ""), "evidence_trail", "'description':'x107'}]"));
	CHECK(ends(many("lost ev=a ev=b ev=c ev=d ev=e ev=f ev=g ev=h", 56, "; lost by=1 @1 ev=x", ""), "evidence_trail", "'description':'x155'}]"));
	CHECK(ends(many("lost ev=a ev=b ev=c ev=d ev=e ev=f ev=g ev=h", 57, "; lost by=1 @1 ev=x", ""), "evidence_trail", "'description':'x155'}]"));
}

int
main(void)
{
	TEST("members of incidents");
	for (size_t i = 0; i < NELEM(rows); i++)
		CHECK_ROW(i, row_is(i));
	check_limits();
	return test_done();
}
