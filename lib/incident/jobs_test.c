/*
 * Jobs of pods, nodes and ranks (jobs.c, declared.c).  Pods and records are in
 * test_facts.h's notation; a question and its answer are texts.
 */
#include "incident/test_facts.h"

#include "base/test.h"

static const char pods[] = "pod x/p node=a job=x/j gpus=8 procs=8 address=10.0.0.1 @5; pod y/p node=b job=y/k gpus=4 procs=4 @7; "
	"pod x/c node=a job=x/ci @9 succeeded; pod x/q node=c job=x/j gpus=8 procs=8; pod x/r node=d gpus=2 job=x/j; pod y/r node=d gpus=2 job=y/k; "
	"pod x/s gpus=1 job=x/s; pod x/t node=e gpus=1; pod x/j-1 node=f job=x/n gpus=1 @1; pod x/j-1 node=f job=x/n gpus=2 @2";

/* Dumps of two jobs of two hosts each; the lists of their members differ. */
static const char dumps[] = "dump 0 node=a ranks=0,1; dump 1 node=b ranks=0,1; dump 0 node=c ranks=0,1,2; dump 2 node=d ranks=0,1,2";

static const struct {
	const char *records, *question, *answer;
} rows[] = {
	/* a pod, in its namespace only */
	{pods, "job_of_pod x/p", "x/j"},
	{pods, "job_of_pod y/p", "y/k"},
	{pods, "job_of_pod x/c", "x/ci"},
	{pods, "job_of_pod z/p", "-"},
	{pods, "job_of_pod x/z", "-"},
	{pods, "job_of_pod y/q", "-"},
	{pods, "job_of_pod p", "-"},
	{pods, "job_of_pod -", "-"},
	{pods, "gpus x/p", "8"},
	{pods, "gpus y/p", "4"},
	{pods, "gpus x/z", "0"},
	{pods, "began x/p", "5"},
	{pods, "began y/p", "7"},
	{pods, "began x/z", "none"},
	{pods, "succeeded x/c", "1"},
	{pods, "succeeded x/p", "0"},
	{pods, "succeeded x/z", "0"},
	/* of two of a name, the later */
	{pods, "gpus x/j-1", "2"},

	/* a node: of the pods with GPUs, if they are of one job */
	{pods, "job_on a", "x/j of p"},
	{pods, "job_on b", "y/k of p"},
	{pods, "job_on d", "- of -"},
	{pods, "job_on z", "- of -"},
	{pods, "job_on e", "- of t"},
	{pods, "job_on f", "x/n of j-1"},
	{"pod x/p node=a job=j gpus=1; pod x/q node=a job=j gpus=1", "job_on a", "j of q"},
	{"pod x/p node=a job=j gpus=1; pod x/q node=a job=k gpus=1; pod x/r node=a job=k gpus=1", "job_on a", "- of -"},
	{"pod x/p node=a job=j", "job_on a", "- of -"},
	{pods, "runs x/j a", "1"},
	{pods, "runs x/j b", "0"},
	{pods, "runs x/j d", "1"},
	{pods, "runs y/k d", "1"},
	{pods, "runs x/ci a", "0"},
	{pods, "runs x/s a", "0"},
	{pods, "runs - z", "0"},
	{pods, "placed x/j", "1"},
	{pods, "placed y/k", "1"},
	{pods, "placed x/n", "1"},
	{pods, "placed x/ci", "0"},
	{pods, "placed x/s", "0"},
	{"pod x/p node=a job=j gpus=1", "placed j", "1"},

	/* a host: a pod's name or address, in any namespace, or a node */
	{pods, "job_of p", "y/k"},
	{pods, "job_of q", "x/j"},
	{pods, "job_of 10.0.0.1", "x/j"},
	{"pod x/p job=j address=p", "job_of p", "j"},
	{pods, "job_of c", "x/ci"}, /* a pod's name comes first */
	{pods, "job_of a", "x/j"},
	{pods, "job_of b", "y/k"},
	{pods, "job_of d", "-"},
	{pods, "job_of z", "-"},
	{pods, "job_of -", "-"},

	/* or the job of its dumps */
	{dumps, "same a b", "1"},
	{dumps, "same c d", "1"},
	{dumps, "same a c", "0"},
	{dumps, "size a", "2"},
	{dumps, "size d", "3"},
	{dumps, "size z", "0"},
	{dumps, "runs_declared a b", "1"},
	{dumps, "runs_declared a c", "0"},
	/* if they are of several; of the default group; each host of one */
	{"dump 0 node=a ranks=0,1; dump 1 node=b ranks=0,1", "size a", "0"},
	{"dump 0 node=a ranks=0,1 group=3; dump 0 node=c ranks=0,1,2 group=3", "size a", "0"},
	{"dump 0 node=a ranks=0,1; dump 0 node=c ranks=0,1,2 group=3; dump 0 node=d ranks=0,1,2", "size a", "2"},
	{"dump 0 node=a ranks=0,1; dump 0 node=c ranks=0,1,2 group=3; dump 0 node=d ranks=0,1,2", "size c", "0"},
	{"dump 0 node=a ranks=0,1; dump 1 node=a ranks=0,2; dump 0 node=b ranks=0,1; dump 2 node=c ranks=0,2", "size a", "0"},
	{"dump 0 node=a ranks=0,1; dump 1 node=a ranks=0,2; dump 0 node=b ranks=0,1; dump 2 node=c ranks=0,2", "size b", "2"},
	{"dump 0 node=a; dump 0 node=b ranks=0,1; dump 2 node=c ranks=0,2", "size a", "0"},
	/* with all ranks on each of two hosts, these are two jobs */
	{"dump 0 node=a ranks=0,1; dump 1 node=a ranks=0,1; dump 0 node=b ranks=0,1; dump 1 node=b ranks=0,1", "same a b", "0"},
	{"dump 0 node=a ranks=0,1; dump 1 node=a ranks=0,1; dump 0 node=b ranks=0,1; dump 1 node=b ranks=0,1", "size b", "2"},
	{"dump 0 node=a ranks=0,1,2; dump 1 node=a ranks=0,1,2; dump 0 node=b ranks=0,1; dump 2 node=c ranks=0,1,2", "same a c", "1"},
	/* if a host has a pod, its job is that of the others; not with pods of several jobs */
	{"dump 0 node=a ranks=0,1; dump 1 node=b ranks=0,1; dump 0 node=c ranks=0,2; dump 2 node=d ranks=0,2; pod x/p node=a job=x/j gpus=1", "job_of b", "x/j"},
	{"dump 0 node=a ranks=0,1; dump 1 node=b ranks=0,1; dump 0 node=c ranks=0,2; dump 2 node=d ranks=0,2; pod x/p node=a job=x/j gpus=1", "same c d", "1"},
	{"dump 0 node=a ranks=0,1; dump 1 node=b ranks=0,1; dump 0 node=c ranks=0,2; dump 2 node=d ranks=0,2; pod x/p node=c job=x/j gpus=1", "job_of d", "x/j"},
	{"dump 0 node=a ranks=0,1; dump 1 node=b ranks=0,1; dump 0 node=c ranks=0,2; dump 2 node=d ranks=0,2; pod x/p node=c job=x/j gpus=1", "same a b", "1"},
	{"dump 0 node=a ranks=0,1,2; dump 1 node=b ranks=0,1,2; dump 2 node=e ranks=0,1,2; dump 0 node=c ranks=0,2; "
		"pod x/p node=a job=x/j gpus=1; pod x/q node=b job=x/k gpus=1", "job_of e", "-"},
	{"dump 0 node=a ranks=0,1,2; dump 1 node=b ranks=0,1,2; dump 2 node=e ranks=0,1,2; dump 0 node=c ranks=0,2; "
		"pod x/p node=a job=x/j gpus=1; pod x/q node=b job=x/j gpus=1", "job_of e", "x/j"},
	{"dump 0 node=a ranks=0,1; dump 1 node=b ranks=0,1; dump 0 node=c ranks=0,2; dump 2 node=d ranks=0,2; "
		"pod x/p node=a job=x/j gpus=1; pod x/q node=c job=x/k gpus=1", "job_of d", "x/k"},

	{"dump 0 node=a ranks=0,1; dump 0 node=c ranks=0,2; pod x/p node=a job=x/j gpus=1; pod x/q node=c job=x/k gpus=1", "job_of c", "x/k"},

	/* the jobs of all records of ranks, by name; none, if there is but one */
	{"call 0 node=a; call 0 node=b; pod x/p node=a job=x/j gpus=1; pod x/q node=b job=x/i gpus=1", "jobs", "x/i x/j"},
	{"call 0 node=b; call 0 node=a; call 1 node=b; pod x/p node=a job=x/j gpus=1; pod x/q node=b job=x/i gpus=1", "jobs", "x/i x/j"},
	{"call 0 node=a; call 0 node=b; call 0 node=c; pod x/p node=a job=x/j gpus=1; pod x/q node=b job=x/i gpus=1", "jobs", "- x/i x/j"},
	{"call 0; call 0 node=a; call 0 node=b; pod x/p node=a job=x/j gpus=1; pod x/q node=b job=x/i gpus=1", "jobs", "- x/i x/j"},
	{"call 0 node=a; call 0 node=b; pod x/p node=a job=x/j gpus=1; pod x/q node=b job=x/j gpus=1", "jobs", ""},
	{"call 0 node=a; call 0 node=c; pod x/p node=a job=x/j gpus=1", "jobs", ""},
	{"call 0 node=a", "jobs", ""},
	{"", "jobs", ""},
	{"dump 0 node=a; dump 0 node=b; pod x/p node=a job=x/j gpus=1; pod x/q node=b job=x/i gpus=1", "jobs", "x/i x/j"},
	{"ras 0 node=a; call 0 node=b; pod x/p node=a job=x/j gpus=1; pod x/q node=b job=x/i gpus=1", "jobs", "x/i x/j"},

	/* the records as one job sees them: its own; its groups, not those of larger jobs */
	{"call 0 node=a; call 1 node=b; call 2 node=c; dump 3 node=a; ras 4 node=b; ras 5 node=a; "
		"pod x/p node=a job=x/j gpus=1; pod x/q node=b job=x/i gpus=1", "view x/j", "calls 0 dumps 3 ras 5 groups"},
	{"call 0 node=a; call 1 node=b; call 2 node=c; dump 3 node=a; ras 4 node=b; ras 5 node=a; "
		"pod x/p node=a job=x/j gpus=1; pod x/q node=b job=x/i gpus=1", "view x/i", "calls 1 dumps ras 4 groups"},
	{"call 0 node=a; call 1 node=b; call 2 node=c; dump 3 node=a; ras 4 node=b; ras 5 node=a; "
		"pod x/p node=a job=x/j gpus=1; pod x/q node=b job=x/i gpus=1", "view -", "calls 2 dumps ras groups"},
	{"pod x/p node=a job=x/j gpus=1 procs=2; pod x/q node=a job=x/i gpus=1 procs=3; group g ranks=0,1; group h ranks=1,2; group i ranks=0,2; group i",
		"view x/j", "calls dumps ras groups g:0,1 i:"},
	{"pod x/p node=a job=x/j gpus=1 procs=2; pod x/q node=a job=x/i gpus=1 procs=3; group g ranks=0,1; group h ranks=1,2; group i ranks=0,2; group i",
		"view x/i", "calls dumps ras groups g:0,1 h:1,2 i:0,2 i:"},
	{"pod x/p node=a job=x/j gpus=1 procs=2; pod x/q node=b job=x/j gpus=1 procs=2; group g ranks=0,3; group h ranks=0,4", "view x/j",
		"calls dumps ras groups g:0,3"},
	{"pod x/p node=a job=x/j gpus=1; group g ranks=0,3; group h ranks=0,4", "view x/j", "calls dumps ras groups g:0,3 h:0,4"},
	/* of a group with several lists, that of all the job's ranks */
	{"pod x/p node=a job=x/j gpus=1 procs=2; group g ranks=0; group g ranks=0,1; group g ranks=1; group g; group h ranks=0", "view x/j",
		"calls dumps ras groups g:0,1 g: h:0"},
	{"pod x/p node=a job=x/j gpus=1 procs=2; group g ranks=0; group g ranks=1; group h ranks=0,2; group h ranks=0", "view x/j", "calls dumps ras groups g:0 g:1 h:0"},
	{"pod x/p node=a job=x/j gpus=1 procs=2; group g ranks=0,1; group g ranks=0,2; group h ranks=0,1,2; group h ranks=0", "view x/j", "calls dumps ras groups g:0,1 h:0"},
	/* its number of ranks is that of its dumps, or else of its pods */
	{"dump 0 node=a ranks=0,1; dump 1 node=b ranks=0,1; dump 0 node=c ranks=0,1,2; pod x/p node=a job=x/j gpus=1 procs=9; group g ranks=0,2; group h ranks=0,1",
		"view x/j", "calls dumps 0 1 ras groups h:0,1"},
};

static uint32_t
named(const struct made *m, struct str s)
{
	return str_eq(s, S("-")) ? 0 : idx_find(&m->ev.names, s);
}

static void
put_named(struct buf *b, const struct made *m, uint32_t id)
{
	buf_add(b, id ? idx_at(&m->ev.names, id) : S("-"));
}

static void
put_view(struct buf *b, const struct made *m, uint32_t job)
{
	struct events view;
	const struct process_group *g;

	jobs_view(&m->fs, job, &view);
	buf_add(b, S("calls"));
	for (size_t i = 0; i < view.list[EVENT_COLLECTIVE].n; i++) {
		buf_chr(b, ' ');
		buf_u64(b, ((const struct collective *)view.list[EVENT_COLLECTIVE].p)[i].rank);
	}
	buf_add(b, S(" dumps"));
	for (size_t i = 0; i < view.list[EVENT_PROGRESS].n; i++) {
		buf_chr(b, ' ');
		buf_u64(b, ((const struct progress *)view.list[EVENT_PROGRESS].p)[i].rank);
	}
	buf_add(b, S(" ras"));
	for (size_t i = 0; i < view.list[EVENT_RAS].n; i++) {
		buf_chr(b, ' ');
		buf_u64(b, ((const struct ras *)view.list[EVENT_RAS].p)[i].rank);
	}
	buf_add(b, S(" groups"));
	g = view.list[EVENT_PROCESS_GROUP].p;
	for (size_t i = 0; i < view.list[EVENT_PROCESS_GROUP].n; i++) {
		buf_chr(b, ' ');
		buf_add(b, idx_at(&m->ev.names, g[i].group));
		buf_chr(b, ':');
		buf_add(b, idx_at(&m->ev.names, g[i].ranks));
	}
}

static void
put_jobs(struct buf *b, struct made *m)
{
	uint32_t *jobs;
	size_t n = jobs_named(&m->fs, &jobs);

	for (size_t i = 0; i < n; i++) {
		buf_add(b, i ? S(" ") : S(""));
		put_named(b, m, jobs[i]);
	}
}

static void
put_on(struct buf *b, const struct made *m, uint32_t node)
{
	const struct pod *pod;

	put_named(b, m, jobs_on(&m->fs, node, &pod));
	buf_add(b, S(" of "));
	put_named(b, m, pod ? pod->name : 0);
}

/* Answer a question about the job of a host, a pod or a node. */
static void
answer(struct buf *b, struct made *m, struct str question)
{
	struct str what, one, other;
	const struct facts *fs = &m->fs;

	str_cut(&question, ' ', &what);
	str_cut(&question, ' ', &one);
	other = question;
	if (str_eq(what, S("job_of_pod")))
		put_named(b, m, jobs_of_pod(fs, idx_add(&m->ev.names, one)));
	else if (str_eq(what, S("gpus")))
		buf_u64(b, jobs_gpus(fs, idx_add(&m->ev.names, one)));
	else if (str_eq(what, S("began")))
		made_put_time(b, "", jobs_began(fs, idx_add(&m->ev.names, one)) / (jobs_began(fs, idx_add(&m->ev.names, one)) == NO_TIME ? 1 : SECOND));
	else if (str_eq(what, S("succeeded")))
		buf_u64(b, jobs_succeeded(fs, idx_add(&m->ev.names, one)));
	else if (str_eq(what, S("job_on")))
		put_on(b, m, named(m, one));
	else if (str_eq(what, S("runs")))
		buf_u64(b, jobs_runs_on(fs, named(m, one), named(m, other)));
	else if (str_eq(what, S("runs_declared")))
		buf_u64(b, jobs_runs_on(fs, jobs_of(fs, named(m, one)), named(m, other)));
	else if (str_eq(what, S("placed")))
		buf_u64(b, jobs_is_placed(fs, named(m, one)));
	else if (str_eq(what, S("job_of")))
		put_named(b, m, jobs_of(fs, named(m, one)));
	else if (str_eq(what, S("same")))
		buf_u64(b, jobs_of(fs, named(m, one)) && jobs_of(fs, named(m, one)) == jobs_of(fs, named(m, other)));
	else if (str_eq(what, S("size")))
		buf_u64(b, declared_size(fs, jobs_of(fs, named(m, one))));
	else if (str_eq(what, S("jobs")))
		put_jobs(b, m);
	else if (str_eq(what, S("view")))
		put_view(b, m, named(m, one));
}

static bool
row_is(size_t row)
{
	struct made m;
	struct buf b = {0};
	bool good = made_facts(&m, rows[row].records);

	answer(&b, &m, str_of(rows[row].question));
	if (!good || !str_eq(buf_str(&b), str_of(rows[row].answer))) {
		printf("# %s\n# %s%s: %.*s, not %s\n", rows[row].records, rows[row].question, good ? "" : " (unknown word)", (int)b.n, b.p ? b.p : "", rows[row].answer);
		good = false;
	}
	made_free(&m);
	buf_free(&b);
	return good;
}

int
main(void)
{
	TEST("jobs of pods, hosts and records");
	for (size_t i = 0; i < NELEM(rows); i++)
		CHECK_ROW(i, row_is(i));
	return test_done();
}
