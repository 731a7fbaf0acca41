/*
 * What is read of an incident's line, and the line as it is written again (line.c).  Incidents are in
 * test_page.h's notation.
 */
#include "incident/test_page.h"

#include "base/test.h"

static const struct {
	const char *incident, *blamed;
} blames[] = {
	/* ranks of the hang, or else of the list, up to one that does not ascend */
	{"blamed=[3]", "3"}, {"blamed=[3,4,5,7]", "3-5,7"}, {"blamed=[0,1]", "0-1"}, {"blamed=[0]", "0"}, {"blamed=[3,5,4,7]", "3,5"}, {"blamed=[3,3]", "3"},
	{"blamed=[1,2,4,5,8]", "1-2,4-5,8"}, {"blamed=[]", ""}, {"", ""}, {"blamed=[1,'x',3]", "1"},
	{"blamed=[1]; xid ranks=5; hang ranks=8-9; hang ranks=7", "8-9"}, {"blamed=[1]; hang; hang ranks=7", "7"}, {"blamed=[1]; hang", "1"},
};

static bool
blamed_is(size_t row)
{
	struct paged p;
	bool good;

	paged_make(&p, blames[row].incident);
	good = str_eq(p.i.blamed, str_of(blames[row].blamed));
	if (!good)
		printf("# %s: %.*s\n", blames[row].incident, (int)p.i.blamed.n, p.i.blamed.p);
	paged_free(&p);
	return good;
}

/* ---- steps of a line ---- */

static void
check_steps(void)
{
	struct paged p;

	TEST("steps: times, and the cause among earlier ones");
	paged_make(&p, "root={'nodes':['a']}; xid at=5 since=3 until=9; lost at=5 since=6 until=5 from=1; lost at=5 from=4; lost n=9 at=5 from=4; lost from=5; lost from=7; lost from=-1; lost from=4");
	CHECK(p.i.nstep == 8);
	CHECK(p.i.step[0].since == 3000000 && p.i.step[0].until == 9000000 && !p.i.step[0].cause && p.i.step[0].shared);
	CHECK(p.i.step[1].since == 5000000 && p.i.step[1].until == NO_TIME && p.i.step[1].cause == &p.i.step[0] && !p.i.step[1].shared);
	CHECK(!p.i.step[2].cause); /* a later one */
	CHECK(!p.i.step[3].cause && p.i.step[3].n == 9); /* itself */
	CHECK(!p.i.step[4].cause); /* itself */
	CHECK(!p.i.step[5].cause && p.i.step[5].since == NO_TIME);
	CHECK(!p.i.step[6].cause && p.i.step[6].from == 0);
	CHECK(!p.i.step[7].cause); /* the fourth is not number 4 */
	paged_free(&p);
	paged_make(&p, "root={'nodes':[]}; xid at=5 folded=3 code=79; lost from=1");
	CHECK(!p.i.step[0].shared && p.i.step[0].since == p.i.step[0].at && p.i.step[0].folded == 3 && p.i.step[0].code == 79);
	CHECK(p.i.step[1].cause == &p.i.step[0]);
	CHECK(p.i.first == NO_TIME && p.i.last == NO_TIME && p.i.resolved == NO_TIME);
	paged_free(&p);
	TEST("planned kinds");
	CHECK(kind_planned(S("preemption")) && kind_planned(S("maintenance")) && !kind_planned(S("fault")) && !kind_planned(S("")));
}

/* ---- lines written again ---- */

static bool
line_is(const char *json, const char *want)
{
	struct json j = {0};
	struct buf b = {0};
	bool good;

	json_parse(&j, str_of(json));
	incident_line(&b, value_of(&j));
	good = str_eq(buf_str(&b), str_of(want));
	if (!good)
		printf("# %.*s\n", (int)b.n, b.p);
	json_free(&j);
	buf_free(&b);
	return good;
}

int
main(void)
{
	TEST("blamed ranks");
	for (size_t i = 0; i < NELEM(blames); i++)
		CHECK_ROW(i, blamed_is(i));
	check_steps();
	TEST("a line without blanks, its strings escaped in one way");
	CHECK(line_is("{}", "{}"));
	CHECK(line_is(" { \"a b\" : [ 1 ,\t2.50 , true , null ] , \"c\" : \"x y\" } ", "{\"a b\":[1,2.50,true,null],\"c\":\"x y\"}"));
	CHECK(line_is("{\"a\":\"\\u0041\\/\\n\\u001b\",\"b\":{\"c\":\"\"}}", "{\"a\":\"A/\\n\\u001b\",\"b\":{\"c\":\"\"}}"));
	return test_done();
}
