#include "join/dump_files.h"

#include "base/test.h"

enum { PROGRESS = 1, CALL, COMPLETED };

/* A record of a rank in a file. */
struct record {
	int what;
	const char *file, *group;
	uint32_t rank;
	int t;             /* of a call; -1: unset */
	int seq;           /* of a call */
	const char *ranks; /* of progress: the group's members */
	const char *node;
};

#define P(file, rank, ranks) {PROGRESS, file, "0", rank, 0, 0, ranks, ""}
#define C(file, rank, t, seq) {CALL, file, "g", rank, t, seq, "", ""}
#define D(file, rank, t, seq) {COMPLETED, file, "g", rank, t, seq, "", ""}
#define TWO P("a/r0", 0, ""), P("b/r0", 0, "")

/* clang-format off */
static const struct {
	const char *name;
	struct record in[6];
	const char *jobs; /* "file=job|" of each record of progress */
} rows[] = {
	{"nothing", {{0}}, ""},
	{"one file is one job", {P("a/r0", 0, "0,1"), C("a/r0", 0, 1, 100), C("a/r0", 0, 2, 1)}, "a/r0=|"},
	{"two ranks of one job", {P("a/r0", 0, "0,1"), P("b/r1", 1, "0,1")}, "a/r0=|b/r1=|"},
	{"one rank with other members is of two jobs", {P("a/r0", 0, "0,1"), P("b/r0", 0, "0,1,2")}, "a/r0=a|b/r0=b|"},
	{"whatever is between the two", {P("a/r0", 0, "0,1"), P("b/r1", 1, "0,1"), P("c/r0", 0, "0,1,2")}, "a/r0=a|b/r1=b|c/r0=c|"},
	{"with the same members it is not", {P("a/r0", 0, "0,1"), P("b/r0", 0, "0,1")}, "a/r0=|b/r0=|"},
	{"two ranks with other members are not", {P("a/r0", 0, "0,1"), P("b/r1", 1, "0,1,2")}, "a/r0=|b/r1=|"},
	{"members that are not known say nothing", {P("a/r0", 0, ""), P("b/r0", 0, "0,1,2")}, "a/r0=|b/r0=|"},
	{"nor do those of another group", {{PROGRESS, "a/r0", "7", 0, 0, 0, "0,1", ""}, {PROGRESS, "b/r0", "7", 0, 0, 0, "0,1,2", ""}}, "a/r0=|b/r0=|"},
	{"nor do two lists in one file", {P("a/r0", 0, "0,1"), P("a/r0", 0, "0,1,2"), P("b/r1", 1, "0,1")}, "a/r0=|a/r0=|b/r1=|"},
	{"the first part in which the paths differ names the jobs", {P("data/x/r0", 0, "0,1"), P("data/y/r0", 0, "0,1,2")}, "data/x/r0=data/x|data/y/r0=data/y|"},
	{"from the root", {P("/data/x/r0", 0, "0,1"), P("/data/y/r0", 0, "0,1,2")}, "/data/x/r0=/data/x|/data/y/r0=/data/y|"},
	{"the file's own name, if only that differs", {P("x/r0.1", 0, "0,1"), P("x/r0.2", 0, "0,1,2")}, "x/r0.1=x/r0.1|x/r0.2=x/r0.2|"},
	{"one name begins with the other", {P("x/r0", 0, "0,1"), P("x/r", 0, "0,1,2")}, "x/r0=x/r0|x/r=x/r|"},
	{"of every file", {P("data/x/r0", 0, "0,1"), P("data/y/r0", 0, "0,1,2"), P("data/z/r5", 5, "")}, "data/x/r0=data/x|data/y/r0=data/y|data/z/r5=data/z|"},
	{"the part that most have in common", {P("x/a/r0", 0, "0,1"), P("x/b/r0", 0, "0,1,2"), P("x/a/r1", 1, "0,1"), P("y/a/r1", 1, "0,1,2")},
		"x/a/r0=x|x/b/r0=x|x/a/r1=x|y/a/r1=y|"},
	{"a dump that names its host has no need of it", {P("a/r0", 0, "0,1"), {PROGRESS, "b/r0", "0", 0, 0, 0, "0,1,2", "n"}}, "a/r0=|b/r0=n|"},

	{"numbers fall by seventeen while time rises", {TWO, C("a/r0", 0, 1, 100), C("b/r0", 0, 2, 83)}, "a/r0=a|b/r0=b|"},
	{"sixteen are within one process", {TWO, C("a/r0", 0, 1, 100), C("b/r0", 0, 2, 84)}, "a/r0=|b/r0=|"},
	{"they rise", {TWO, C("a/r0", 0, 1, 83), C("b/r0", 0, 2, 100)}, "a/r0=|b/r0=|"},
	{"at one time nothing is known", {TWO, C("a/r0", 0, 1, 100), C("b/r0", 0, 1, 10)}, "a/r0=|b/r0=|"},
	{"in one file they may fall", {TWO, C("a/r0", 0, 1, 100), C("a/r0", 0, 2, 10)}, "a/r0=|b/r0=|"},
	{"below the highest so far", {TWO, C("a/r0", 0, 1, 100), C("a/r0", 0, 2, 50), C("b/r0", 0, 3, 60)}, "a/r0=a|b/r0=b|"},
	{"of one rank", {TWO, C("a/r0", 0, 1, 100), C("b/r0", 1, 2, 10)}, "a/r0=|b/r0=|"},
	{"of one group", {TWO, C("a/r0", 0, 1, 100), {CALL, "b/r0", "h", 0, 2, 10, "", ""}}, "a/r0=|b/r0=|"},
	{"each rank begins again", {TWO, C("a/r0", 0, 1, 100), C("b/r0", 1, 2, 10), C("a/r0", 1, 3, 11)}, "a/r0=|b/r0=|"},
	{"completed calls, too", {TWO, D("a/r0", 0, 1, 100), D("b/r0", 0, 2, 10)}, "a/r0=a|b/r0=b|"},
	{"both kinds together", {TWO, D("a/r0", 0, 1, 100), C("b/r0", 0, 2, 10)}, "a/r0=a|b/r0=b|"},
	{"without a time nothing is known", {TWO, C("a/r0", 0, -1, 100), C("b/r0", 0, 2, 10)}, "a/r0=|b/r0=|"},
	{"of a completed one, too", {TWO, D("a/r0", 0, -1, 100), D("b/r0", 0, 2, 10)}, "a/r0=|b/r0=|"},
	{"calls with a host are its own", {TWO, {CALL, "a/r0", "g", 0, 1, 100, "", "n"}, C("b/r0", 0, 2, 10)}, "a/r0=|b/r0=|"},
	{"completed ones, too", {TWO, {COMPLETED, "a/r0", "g", 0, 1, 100, "", "n"}, C("b/r0", 0, 2, 10)}, "a/r0=|b/r0=|"},
};
/* clang-format on */

static struct event
event_of(struct idx *names, const struct record *r)
{
	return (struct event){.t = r->t < 0 ? NO_TIME : r->t * SECOND, .node = idx_add(names, str_of(r->node)), .uid = idx_add(names, str_of(r->file))};
}

int
main(void)
{
	for (size_t i = 0; i < NELEM(rows); i++)
		for (int back = 0; back < 2; back++) { /* in either order */
			struct progress p[6] = {{.rank = 0}};
			struct collective c[6] = {{.rank = 0}};
			struct completed d[6] = {{.rank = 0}};
			struct idx names = {0};
			struct buf spare = {0}, b = {0};
			struct mem m = {0};
			struct dump_files f;
			size_t n = 0, np = 0, nc = 0, nd = 0;

			if (!back)
				TEST(rows[i].name);
			idx_add(&names, S("0"));
			while (n < 6 && rows[i].in[n].what)
				n++;
			for (size_t k = 0; k < n; k++) {
				const struct record *r = &rows[i].in[back ? n - 1 - k : k];
				const uint32_t group = idx_add(&names, str_of(r->group));

				if (r->what == PROGRESS)
					p[np++] = (struct progress){.e = event_of(&names, r), .group = group, .rank = r->rank, .ranks = idx_add(&names, str_of(r->ranks))};
				else if (r->what == CALL)
					c[nc++] = (struct collective){.e = event_of(&names, r), .group = group, .rank = r->rank, .seq = r->seq};
				else
					d[nd++] = (struct completed){.e = event_of(&names, r), .group = group, .rank = r->rank, .from = 0, .to = r->seq};
			}
			f = dump_files_find(p, np, c, nc, d, nd, &names, &spare, &m);
			for (size_t k = 0; k < np; k++) {
				const struct event *e = &p[back ? np - 1 - k : k].e;
				struct str job = idx_at(&names, dump_files_place(&f, e));

				/* the mark is in the name of a job, not of a host */
				CHECK(!job.n || (*job.p == DUMP_FILES_MARK) == !e->node);
				buf_add(&b, idx_at(&names, e->uid));
				buf_chr(&b, '=');
				buf_add(&b, str_from(job, job.n && *job.p == DUMP_FILES_MARK));
				buf_chr(&b, '|');
			}
			CHECK(str_eq(buf_str(&b), str_of(rows[i].jobs)));
			if (!str_eq(buf_str(&b), str_of(rows[i].jobs)))
				printf("# %.*s\n", (int)b.n, b.p ? b.p : "");
			/* no file, and one that is not among them */
			CHECK(dump_files_place(&f, &(struct event){.t = 0}) == 0);
			CHECK(dump_files_place(&f, &(struct event){.uid = idx_add(&names, S("c"))}) == 0);
			idx_free(&names);
			buf_free(&spare);
			buf_free(&b);
			mem_free(&m);
		}
	return test_done();
}
