/*
 * Remarks on an incident (say.c).  Incidents are in test_page.h's notation.
 */
#include "incident/test_page.h"

#include "base/test.h"

#define LIST12 "'a','b','c','d','e','f','g','h','i','j','k','l'"
#define SAID12 "a, b, c, d, e, f, g, h, i, j, k, l"

static const struct {
	const char *incident, *label, *text;
} rows[] = {
	{"remediation=Do_it.", "Do first", "Do it."},
	{"", "Do first", ""},
	{"cordon=['a','b']", "Cordon", "a, b"},
	{"cordon=[]", "Cordon", ""},
	{"cordon=[" LIST12 "]", "Cordon", SAID12},
	{"cordon=[" LIST12 ",'m']", "Cordon", SAID12 " and 1 more"},
	{"pods=['x/p','x/q']", "Pods hit", "x/p, x/q"},
	{"jobs=['x/j']", "Jobs", "x/j"},
	{"see_also=['a','b','c','d','e']", "See also", "a, b, c and 2 more"},
	{"id=i", "Id", "i"},
	{"kind=fault", "Kind", "fault"},
	{"kind=fault action=reset_gpu", "Kind", "fault; action reset_gpu"},
	{"first=1000 last=2000", "From, to", "1970-01-01 00:00:01 to 1970-01-01 00:00:02 UTC"},
	{"first=1000 last=2000 resolved=3000", "From, to", "1970-01-01 00:00:01 to 1970-01-01 00:00:02 UTC; resolved 1970-01-01 00:00:03"},
	{"", "From, to", "- to - UTC"},
	/* the root's place, or else its nodes, or else its pattern */
	{"root={'pattern':'3','node':'a','gpu_id':'g','pod':'p'}", "Root cause", "a g p"},
	{"root={'pattern':'3','gpu_id':'g'}", "Root cause", "g"},
	{"root={'pattern':'3','nodes':['a','b','c','d','e']}", "Root cause", "a, b, c, d and 1 more"},
	{"root={'pattern':'3','nodes':[]}", "Root cause", "3"},
	{"root={'pattern':'3','nodes':['a','b']}", "Nodes", "a, b"},
	{"root={'pattern':'3','node':'a'}", "Nodes", ""},
	{"blamed=[3]", "Ranks blamed", "rank 3"},
	{"blamed=[3,4,5,7]", "Ranks blamed", "ranks 3-5, 7"},
	{"blamed=[]", "Ranks blamed", ""},
	{"blamed=[1,3,5,7,9,11,13,15,17,19,21,23,25,26]", "Ranks blamed", "ranks 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23 and 2 more"},
	{"waiting=4", "Ranks waiting", "1 rank: 4"},
	{"waiting=4-6,8", "Ranks waiting", "4 ranks: 4-6, 8"},
	{"", "Ranks waiting", ""},
	/* those with one reason together */
	{"not_to_blame=[{'what':'a','why':'its_ranks_waited'}]", "Not to blame", "a (its_ranks_waited)"},
	{"not_to_blame=[{'what':'a','why':'its\\u0020ranks'},{'what':'b','why':'its\\u0020ranks'},{'what':'c','why':'x'},{'what':'d'}]", "Not to blame",
		"a, b (their ranks); c (x); d"},
	{"not_to_blame=[{'what':'a','why':'its\\u0020ranks'}]", "Not to blame", "a (its ranks)"},
	{"not_to_blame=[]", "Not to blame", ""},
	/* other causes, in words */
	{"competing=[{'root':{'pattern':'3','node':'a'},'why':'later'},{'root':{'pattern':'signal:xid-79','node':'b','gpu_id':'g'}}]", "Other causes possible",
		"failing GPU memory on a (later), Xid 79 on b g"},
	{"competing=[{'root':{'pattern':'signal:sxid-7','nodes':['a','b']}},{'root':{'pattern':'signal:node-not-ready'}}]", "Other causes possible",
		"SXid 7 on a, b, NodeNotReady"},
	{"competing=[{'root':{'node':'a'}},{'root':{'pattern':'odd','gpu_id':'g'}}]", "Other causes possible", "a, odd"},
	{"competing=[{},{},{},{},{},{},{},{},{},{},{},{},{},{}]", "Other causes possible", ", , , , , , , , , , ,  and 2 more"},
	{"recurrence=2 previous=i", "Again", "occurrence 2, the one before: i"},
	{"previous=i", "Again", ""},
	/* confidence: what is missing, and what else makes it partial */
	{"confidence=full", "Confidence", "full"},
	{"confidence=partial missing_layers=['kernel_event','pod_event']", "Confidence", "partial; missing: kernel event, pod event"},
	{"confidence=partial; xid; lost strength=precedes; lost strength=causes", "Confidence", "partial; a cause only precedes its effect"},
	{"confidence=partial; xid; lost strength=causes", "Confidence", "partial"},
	{"confidence=full; xid; lost strength=precedes", "Confidence", "full"},
	{"confidence=full competing=[]", "Confidence", "full; other causes are possible"},
	{"coverage={'silent':[{'layer':'hw_metrics','nodes':['a','b']},{'layer':'nccl_record','nodes':['c']}]}", "Not in the input", "no hw metrics of a, b; no nccl record of c"},
	{"coverage={'silent':[]}", "Not in the input", ""},
};

static bool
remark_is(size_t row)
{
	struct paged p;
	struct buf b = {0};
	bool good = false;

	paged_make(&p, rows[row].incident);
	for (size_t i = 0; remarks[i].say; i++)
		if (str_eq(remarks[i].label, str_of(rows[row].label))) {
			remarks[i].say(&b, &p.i);
			good = true;
		}
	good &= str_eq(buf_str(&b), str_of(rows[row].text));
	if (!good)
		printf("# %s\n# is:  %.*s\n# not: %s\n", rows[row].incident, (int)b.n, b.p ? b.p : "", rows[row].text);
	buf_free(&b);
	paged_free(&p);
	return good;
}

/* ---- evidence and coverage ---- */

#define E(text) "{'kind':'pod_event','description':'" text "'}"

static const struct {
	const char *incident, *shown; /* evidence by " | ", and how much more */
} picks[] = {
	{"", ""},
	{"evidence_trail=[{'kind':'pod_event','timestamp':'1970-01-01T00:00:01Z','description':'x'}]", "00:00:01 pod event: x"},
	{"evidence_trail=[" E("a") "," E("b") "]", "pod event: a | pod event: b"},
	/* five that differ in more than digits */
	{"evidence_trail=[" E("a") "," E("b") "," E("c") "," E("d") "," E("e") "]", "pod event: a | pod event: b | pod event: c | pod event: d | pod event: e"},
	{"evidence_trail=[" E("a") "," E("b") "," E("c") "," E("d") "," E("e") "," E("f") "," E("a") "]",
		"pod event: a | pod event: b | pod event: c | pod event: d | pod event: e | and 2 more"},
	{"evidence_trail=[" E("rank1x") "," E("rank23x") "," E("rankx") "," E("rank1") "," E("rank4y") "," E("9rank5x6") "]",
		"pod event: rank1x | pod event: rank1 | pod event: rank4y | and 3 more"},
	{"evidence_trail=[" E("a") "," E("b") "," E("b2") "," E("a7") "," E("c") "]", "pod event: a | pod event: b | pod event: c | and 2 more"},
	{"evidence_trail=[" E("a") "," E("ab") "," E("b") "]", "pod event: a | pod event: ab | pod event: b"},
};

static bool
pick_is(size_t row)
{
	struct paged p;
	struct buf b = {0}, more = {0};
	struct value pick[EVIDENCE_SHOWN];
	size_t n;
	bool good;

	paged_make(&p, picks[row].incident);
	n = evidence_pick(&p.i, pick, &more);
	for (size_t i = 0; i < n; i++) {
		buf_add(&b, i ? S(" | ") : S(""));
		evidence_say(&b, &p.i, pick[i]);
	}
	buf_add(&b, more.n ? S(" | ") : S(""));
	buf_add(&b, buf_str(&more));
	good = str_eq(buf_str(&b), str_of(picks[row].shown));
	if (!good)
		printf("# %s\n# is:  %.*s\n# not: %s\n", picks[row].incident, (int)b.n, b.p ? b.p : "", picks[row].shown);
	buf_free(&b);
	buf_free(&more);
	paged_free(&p);
	return good;
}

static const struct {
	const char *incident, *text;
} covers[] = {
	{"", ""},
	{"coverage={'layers':[{'layer':'kernel_event','records':12,'nodes':3},{'layer':'hw_metrics','records':5,'nodes':1},{'layer':'pod_event','records':1,'nodes':0}]}",
		"kernel event 12 (3 nodes), hw metrics 5 (1 node), pod event 1"},
	{"coverage={'layers':[{'layer':'x','records':12}]}", "x 12"},
};

static bool
cover_is(size_t row)
{
	struct paged p;
	struct buf b = {0};
	bool good;

	paged_make(&p, covers[row].incident);
	coverage_say(&b, &p.i);
	good = str_eq(buf_str(&b), str_of(covers[row].text));
	buf_free(&b);
	paged_free(&p);
	return good;
}

int
main(void)
{
	TEST("remarks");
	for (size_t i = 0; i < NELEM(rows); i++)
		CHECK_ROW(i, remark_is(i));
	TEST("evidence shown: the first pieces that differ in more than digits");
	for (size_t i = 0; i < NELEM(picks); i++)
		CHECK_ROW(i, pick_is(i));
	TEST("records in the input");
	for (size_t i = 0; i < NELEM(covers); i++)
		CHECK_ROW(i, cover_is(i));
	return test_done();
}
