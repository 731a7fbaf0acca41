/*
 * Where a hang's ranks ran (seats.c), by the sources' strength and time, by elimination and
 * by gaps in a node's row of ranks; and which ranks without records are blamed.  Facts and
 * places are in test_facts.h's notation.
 */
#include "incident/story.h"
#include "incident/test_facts.h"

#include "base/test.h"

static const struct {
	const char *facts, *hangs; /* of each hang, by ";" */
} rows[] = {
	{"seat 0-3 job=j node=a from=pod; seat 4-7 job=j node=b pod=x/b from=pod; hang blamed=4,5 waiting=0,1,2,3",
		"job=j blamed=4-5 waiting=0-3 nodes=b pods=x/b waits=a"},
	{"hang blamed=1 waiting=0", "job= blamed=1 waiting=0 unplaced"},
	{"seat 0-3 job=j node=a from=pod; hang blamed=3 waiting=0,1,2", "job=j blamed=3 waiting=0-2 nodes=a waits=a"},
	{"seat 0-3 job=j node=a from=pod; seat 2 job=j node=a gpu=7 from=init; hang blamed=2 waiting=0,1",
		"job=j blamed=2 waiting=0-1 nodes=a gpus=a/0000:07:00.0 waits=a"},

	/* the strongest source, completed by others of that node; two equal ones are none */
	{"seat 0 node=h from=hand; seat 0 node=r from=record; hang blamed=0", "job= blamed=0 nodes=h"},
	{"seat 0 node=r from=record; seat 0 node=i from=init; hang blamed=0", "job= blamed=0 nodes=r"},
	{"seat 0 node=i from=init; seat 0 node=l from=line; hang blamed=0", "job= blamed=0 nodes=i"},
	{"seat 0 node=l from=line; seat 0 node=p from=pod; hang blamed=0", "job= blamed=0 nodes=l"},
	{"seat 0 node=p from=pod; seat 0 node=v from=verdict assumed; hang blamed=0", "job= blamed=0 nodes=p"},
	{"seat 0 node=v from=verdict assumed; hang blamed=0", "job= blamed=0 nodes=v assumed"},
	{"seat 0 node=a from=record; seat 0 node=a pod=x/p gpu=3 from=pod; hang blamed=0", "job= blamed=0 nodes=a pods=x/p gpus=a/0000:03:00.0"},
	{"seat 0 node=a pod=x/q gpu=2 from=record; seat 0 node=a pod=x/p gpu=3 from=pod; hang blamed=0",
		"job= blamed=0 nodes=a pods=x/q gpus=a/0000:02:00.0"},
	{"seat 0 node=a from=record; seat 0 node=b from=record; hang blamed=0", "job= blamed=0 unplaced"},
	{"seat 0 node=a from=record @1; seat 0 node=b from=record @2; hang blamed=0 @9", "job= blamed=0 unplaced"},
	{"seat 0 node=a from=pod @1; seat 0 node=b from=pod @1; hang blamed=0 @9", "job= blamed=0 unplaced"},
	{"seat 0 node=a from=pod @1; seat 0 node=b from=pod @2; hang blamed=0 @9", "job= blamed=0 nodes=b"},
	{"seat 0 node=a from=init @2; seat 0 node=b from=pod @2; hang blamed=0 @9", "job= blamed=0 nodes=a"},
	/* of the last time up to --run-ahead after its beginning */
	{"seat 0 node=a from=pod @1; seat 0 node=b from=pod @5m; hang blamed=0 @3m", "job= blamed=0 nodes=b"},
	{"seat 0 node=a from=pod @1; seat 0 node=b from=pod @5m+; hang blamed=0 @3m", "job= blamed=0 nodes=a"},
	{"seat 0 node=b from=pod @5m+; hang blamed=0 @3m", "job= blamed=0 unplaced"},
	/* of its job, or of none if that is stronger */
	{"seat 0 job=j node=a from=pod; seat 0 node=b from=record; hang blamed=0 job=j", "job=j blamed=0 nodes=b"},
	{"seat 0 job=j node=a from=init; seat 0 node=b from=pod; hang blamed=0 job=j", "job=j blamed=0 nodes=a"},
	{"seat 0 job=j node=a from=pod; seat 0 node=b from=pod; hang blamed=0 job=j", "job=j blamed=0 nodes=a"},
	{"seat 0 job=k node=a from=pod; hang blamed=0 job=j", "job=j blamed=0 unplaced"},

	/* which job: that of its records, else the only one with all its ranks, or with just these */
	{"seat 0-3 job=j node=a from=pod; seat 0-3 job=k node=b from=pod; hang blamed=3 waiting=0", "job= blamed=3 waiting=0 unplaced"},
	{"seat 0-3 job=j node=a from=pod; seat 0-2 job=k node=b from=pod; hang blamed=3 waiting=0", "job=j blamed=3 waiting=0 nodes=a waits=a"},
	{"seat 0-3 job=j node=a from=pod; seat 0-4 job=k node=b from=pod; hang blamed=3 waiting=0", "job=j blamed=3 waiting=0 nodes=a waits=a"},
	{"seat 0-4 job=j node=a from=pod; seat 0-5 job=k node=b from=pod; hang blamed=3 waiting=0", "job= blamed=3 waiting=0 unplaced"},
	{"seat 0-3 job=j node=a from=pod; seat 0-3 job=k node=b from=pod; seat 1 job=k node=b from=record; hang blamed=3 waiting=0",
		"job=k blamed=3 waiting=0 nodes=b waits=b"},
	{"seat 1 job=j node=a from=record; seat 2 job=k node=b from=record; hang blamed=3 waiting=0", "job= blamed=3 waiting=0 unplaced"},
	{"seat 1 job=j node=a from=record; seat 2 job=k node=b from=record; seat 3 node=c from=pod; hang blamed=3 waiting=0",
		"job= blamed=3 waiting=0 unplaced"}, /* not the place of no job */
	{"seat 0 job=j node=a from=pod; hang blamed=0", "job=j blamed=0 nodes=a"}, /* a job of one rank */
	{"seat 0-2 job=j node=a from=pod; seat 0-3 job=k node=b from=pod; call 0; call 1; call 2; call 3; hang blamed=1 waiting=0",
		"job=k blamed=1 waiting=0,2-3 nodes=b waits=b"}, /* a record's rank counts, too */
	/* none whose places records contradict */
	{"seat 0-3 job=j node=a from=pod; seat 0-3 job=k node=b from=pod; seat 0 node=b from=record; hang blamed=3 waiting=0",
		"job=k blamed=3 waiting=0 nodes=b waits=b"},
	{"seat 0-3 job=j node=a from=pod; seat 0-3 job=k node=b from=pod; seat 0 node=b from=init; hang blamed=3 waiting=0",
		"job= blamed=3 waiting=0 unplaced"},
	{"seat 0-3 job=j node=a from=pod assumed; seat 0-3 job=k node=b from=pod; seat 0 node=b from=record; hang blamed=3 waiting=0",
		"job= blamed=3 waiting=0 unplaced"},

	/* by elimination: the only broken node without a rank, if it holds as many as others */
	{"seat 0-3 node=a from=pod; xid node=b; hang blamed=4,5,6,7 waiting=0,1,2,3", "job= blamed=4-7 waiting=0-3 nodes=b waits=a assumed"},
	{"seat 0-3 node=a from=pod; hang blamed=4,5,6,7 waiting=0,1,2,3", "job= blamed=4-7 waiting=0-3 waits=a unplaced"},
	{"seat 0-3 node=a from=pod; xid node=b; hang blamed=4,5,6 waiting=0,1,2,3", "job= blamed=4-6 waiting=0-3 waits=a unplaced"},
	{"seat 0-1 node=a from=pod; seat 2 node=c from=pod; xid node=b; hang blamed=4 waiting=0,1,2", "job= blamed=4 waiting=0-2 waits=a,c unplaced"},
	{"seat 0-3 node=a from=pod; xid node=b; xid node=c; hang blamed=4,5,6,7 waiting=0,1,2,3", "job= blamed=4-7 waiting=0-3 waits=a unplaced"},
	{"seat 0-3 node=a from=pod; xid node=b; xid node=a; hbm node=b; hang blamed=4,5,6,7 waiting=0,1,2,3",
		"job= blamed=4-7 waiting=0-3 nodes=b waits=a assumed"},
	{"seat 0-3 node=a from=pod; xid node=b @2m; hang blamed=4,5,6,7 waiting=0,1,2,3", "job= blamed=4-7 waiting=0-3 nodes=b waits=a assumed"},
	{"seat 0-3 node=a from=pod; xid node=b @2m+; hang blamed=4,5,6,7 waiting=0,1,2,3", "job= blamed=4-7 waiting=0-3 waits=a unplaced"},
	{"seat 0-3 node=a from=pod; xid node=b @-10m; hang blamed=4,5,6,7 waiting=0,1,2,3", "job= blamed=4-7 waiting=0-3 nodes=b waits=a assumed"},
	{"seat 0-3 node=a from=pod; xid node=b @-10m-; hang blamed=4,5,6,7 waiting=0,1,2,3", "job= blamed=4-7 waiting=0-3 waits=a unplaced"},
	{"seat 0 node=a from=pod; pcie node=b; hang blamed=1 waiting=0", "job= blamed=1 waiting=0 nodes=b waits=a assumed"},
	{"seat 0 node=a from=pod; sxid node=b; hang blamed=1 waiting=0", "job= blamed=1 waiting=0 nodes=b waits=a assumed"},
	{"seat 0 node=a from=pod; hbm node=b; hang blamed=1 waiting=0", "job= blamed=1 waiting=0 nodes=b waits=a assumed"},
	{"seat 0 node=a from=pod; notready node=b; hang blamed=1 waiting=0", "job= blamed=1 waiting=0 nodes=b waits=a assumed"},
	{"seat 0 node=a from=pod; machine_check node=b; hang blamed=1 waiting=0", "job= blamed=1 waiting=0 nodes=b waits=a assumed"},
	{"seat 0 node=a from=pod; panic node=b; hang blamed=1 waiting=0", "job= blamed=1 waiting=0 nodes=b waits=a assumed"},
	{"seat 0 node=a from=pod; reboot node=b; hang blamed=1 waiting=0", "job= blamed=1 waiting=0 nodes=b waits=a assumed"},
	{"seat 0 node=a from=pod; lost node=b; hang blamed=1 waiting=0", "job= blamed=1 waiting=0 nodes=b waits=a assumed"},
	{"seat 0 node=a from=pod; lost node=b undated; hang blamed=1 waiting=0", "job= blamed=1 waiting=0 waits=a unplaced"},
	{"seat 0 node=a from=pod; ended node=b gpu_pod; hang blamed=1 waiting=0", "job= blamed=1 waiting=0 nodes=b waits=a assumed"},
	{"seat 0 node=a from=pod; ended node=b; hang blamed=1 waiting=0", "job= blamed=1 waiting=0 waits=a unplaced"},
	{"seat 0 node=a from=pod; xid node=b class=unknown; hang blamed=1 waiting=0", "job= blamed=1 waiting=0 nodes=b waits=a assumed"},
	{"seat 0 node=a from=pod; xid node=b class=application; hang blamed=1 waiting=0", "job= blamed=1 waiting=0 waits=a unplaced"},
	{"seat 0 node=a from=pod; heat node=b; link node=b; hang blamed=1 waiting=0", "job= blamed=1 waiting=0 waits=a unplaced"},

	/* in a gap of the only node's row that can hold it */
	{"seat 0-1 node=a from=record; seat 3 node=a from=record; seat 4-7 node=b from=record; hang blamed=2 waiting=0,1,3,4,5,6,7",
		"job= blamed=2 waiting=0-1,3-7 nodes=a waits=a,b assumed"},
	{"seat 0-2 node=a from=record; seat 4-7 node=b from=record; hang blamed=3 waiting=0,1,2,4,5,6,7",
		"job= blamed=3 waiting=0-2,4-7 nodes=a waits=a,b assumed"},
	{"seat 0-3 node=a from=record; seat 5-7 node=b from=record; hang blamed=4 waiting=0,1,2,3,5,6,7",
		"job= blamed=4 waiting=0-3,5-7 nodes=b waits=a,b assumed"},
	{"seat 1-3 node=a from=record; seat 4-7 node=b from=record; hang blamed=0 waiting=1,2,3,4,5,6,7",
		"job= blamed=0 waiting=1-7 nodes=a waits=a,b assumed"},
	{"seat 0-3 node=a from=record; seat 4-6 node=b from=record; hang blamed=7 waiting=0,1,2,3,4,5,6",
		"job= blamed=7 waiting=0-6 nodes=b waits=a,b assumed"},
	{"seat 0-2 node=a from=record; seat 4-6 node=b from=record; seat 7-10 node=c from=record; hang blamed=3 waiting=0,1,2,4,5,6,7,8,9,10",
		"job= blamed=3 waiting=0-2,4-10 waits=a,b,c unplaced"},
	{"seat 0-2 node=a from=record; seat 5-8 node=b from=record; hang blamed=3 waiting=0,1,2,5,6,7,8",
		"job= blamed=3 waiting=0-2,5-8 waits=a,b unplaced"},
	{"seat 0-2 node=a from=record; seat 4-7 node=b from=record; seat 8 node=a from=record; hang blamed=3 waiting=0,1,2,4,5,6,7,8",
		"job= blamed=3 waiting=0-2,4-8 waits=a,b unplaced"},

	/* nobody is blamed: where those ran that wait; all on one node, it is theirs */
	{"seat 0-1 node=a from=pod; seat 2-3 node=b from=pod; hang waiting=0,1,2,3 detail=stalled", "job= waiting=0-3 nodes=a,b waits=a,b"},
	{"seat 0-1 node=a from=pod; hang waiting=0,1 detail=stalled", "job= blamed=0-1 waiting=0-1 nodes=a waits=a"},
	{"seat 0-1 node=a from=pod; hang waiting=0,1 detail=mismatch", "job= waiting=0-1 nodes=a waits=a"},

	/* ranks without any record, if it is not known who is missing */
	{"call 0; call 1; call 3; hang waiting=0,1,3 detail=unknown", "job= blamed=2 waiting=0-1,3 unplaced guessed"},
	{"call 0; call 1; hang waiting=0,1 detail=unknown", "job= waiting=0-1 unplaced"},
	{"call 0; call 1; hang waiting=0,1 world=4 detail=unknown", "job= blamed=2-3 waiting=0-1 unplaced guessed"},
	{"call 0; call 1; hang waiting=0,1 world=8 detail=unknown", "job= blamed=2-7 waiting=0-1 unplaced guessed"},
	{"call 0; call 1; hang waiting=0,1 world=9 detail=unknown", "job= waiting=0-1 unplaced"},
	{"call 0; call 1; call 3; hang waiting=0,1,3 detail=stalled", "job= waiting=0-1,3 unplaced"},
	{"call 0; call 1; call 3; hang waiting=0,1 detail=stalled; hang waiting=3 detail=stalled", "job= blamed=2 waiting=0-1,3 unplaced folded"},
	{"call 0; call 3; hang waiting=0 blamed=3 detail=unknown", "job= blamed=3 waiting=0 unplaced"},
	{"call 0; call 1; call 3; hang waiting=1,3 detail=unknown", "job= blamed=2 waiting=0-1,3 unplaced guessed"}, /* one that has records is not missing */
	{"call 0; call 1; call 3; hang waiting=3 detail=unknown", "job= blamed=2 waiting=0-1,3 unplaced guessed"},
	/* up to the last one of the job's Pods */
	{"seat 0-3 job=j node=a from=pod; call 0; call 1; call 2; hang job=j waiting=0,1,2 detail=unknown", "job=j blamed=3 waiting=0-2 nodes=a waits=a guessed"},
	{"seat 0-3 job=j node=a from=pod; seat 4 job=j node=b from=init; call 0; call 1; call 2; hang job=j waiting=0,1,2 detail=unknown",
		"job=j blamed=3 waiting=0-2 nodes=a waits=a guessed"},
	{"seat 3 job=j node=a from=pod; seat 4-5 job=j node=b from=init; call 0; call 1; call 2; hang job=j waiting=0,1,2 detail=unknown",
		"job=j blamed=3 waiting=0-2 nodes=a guessed"},
	{"seat 0-3 job=i node=a from=pod; call 0; call 1; call 2; hang job=j waiting=0,1,2 detail=unknown", "job=j waiting=0-2 unplaced"},
	{"seat 0-3 job=i node=a from=pod; seat 0 job=j node=b from=init; call 0; call 1; call 2; hang job=j waiting=0,1,2 detail=unknown",
		"job=j waiting=0-2 nodes=b waits=b unplaced"},
	/* who waits is all with an unfinished call, of the only hang */
	{"call 0; call 1; call 2; call 3; hang waiting=0 blamed=3 detail=silent", "job= blamed=3 waiting=0-2 unplaced"},
	{"call 0; call 1; call 2; call 3; hang waiting=0 blamed=3 detail=silent; hang waiting=1 blamed=2 detail=silent @2m",
		"job= blamed=3 waiting=0 unplaced; job= blamed=2 waiting=1 unplaced"},
	{"call 0; call 1; call 2; call 3; hang job=j waiting=0 blamed=3 detail=silent", "job=j blamed=3 waiting=0-2 unplaced"},
	{"call 0; call 1; call 2; call 3; hang job=j waiting=0 blamed=3 detail=silent; hang waiting=1 blamed=2 detail=silent @2m",
		"job=j blamed=3 waiting=0 unplaced; job= blamed=2 waiting=0-1,3 unplaced"}, /* the one without a job may be of this one */

	/* hangs of a job that began within a minute are one: of the first that blames */
	{"hang waiting=0,1 detail=stalled; hang waiting=2 blamed=1 detail=silent @1m", "job= blamed=1 waiting=0,2 unplaced folded"},
	{"hang waiting=0,1 detail=stalled; hang waiting=2 blamed=1 detail=silent @1m+",
		"job= waiting=0-1 unplaced; job= blamed=1 waiting=2 unplaced"},
	{"hang waiting=0 blamed=1 detail=odd; hang waiting=2 blamed=3 detail=silent", "job= blamed=1,3 waiting=0,2 unplaced folded"},
	{"hang waiting=0 blamed=1 job=j; hang waiting=2 blamed=3 job=k", "job=j blamed=1 waiting=0 unplaced; job=k blamed=3 waiting=2 unplaced"},
	/* none of pods that all succeeded */
	{"pod x/p succeeded; seat 1 node=a pod=x/p from=pod; hang waiting=0 blamed=1", ""},
	{"pod x/p; seat 1 node=a pod=x/p from=pod; hang waiting=0 blamed=1", "job= blamed=1 waiting=0 nodes=a pods=x/p"},
	{"pod x/p succeeded; pod x/q; seat 1 node=a pod=x/p from=pod; seat 2 node=a pod=x/q from=pod; hang waiting=0 blamed=1,2",
		"job= blamed=1-2 waiting=0 nodes=a pods=x/p,x/q"},
};

static void
put_names(struct buf *b, const struct made *m, const char *what, const uint32_t *id, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_add(b, i ? S(",") : str_of(what));
		buf_add(b, idx_at(&m->ev.names, id[i]));
	}
}

static void
put_ranks(struct buf *b, const char *what, struct ranks r)
{
	buf_add(b, r.n ? str_of(what) : S(""));
	ranks_put(b, r);
}

static void
put_hang(struct buf *b, const struct made *m, const struct fact *f)
{
	const struct hang_ranks *r = f->ranks;

	buf_add(b, b->n ? S("; job=") : S("job="));
	buf_add(b, idx_at(&m->ev.names, f->job));
	put_ranks(b, " blamed=", r->blamed);
	put_ranks(b, " waiting=", r->waiting);
	put_names(b, m, " nodes=", f->nodes, f->nnode);
	put_names(b, m, " pods=", r->pods, r->npod);
	put_names(b, m, " gpus=", r->gpus, r->ngpu);
	put_names(b, m, " waits=", r->waiting_nodes, r->nwaiting);
	buf_add(b, r->unplaced ? S(" unplaced") : S(""));
	buf_add(b, r->assumed ? S(" assumed") : S(""));
	buf_add(b, r->guessed ? S(" guessed") : S(""));
	buf_add(b, f->folded ? S(" folded") : S(""));
}

static bool
row_is(const char *facts, const char *want)
{
	struct made m;
	struct buf b = {0};
	bool good = made_facts(&m, facts);

	events_sort(&m.ev);
	seats_gather(&m.fs);
	seats_place(&m.fs);
	for (size_t i = 0; i < m.fs.n; i++)
		if (m.fs.f[i].kind == FACT_HANG)
			put_hang(&b, &m, &m.fs.f[i]);
	if (!good || !str_eq(buf_str(&b), str_of(want))) {
		printf("# %s\n#%s is:  %.*s\n#   not: %s\n", facts, good ? "  " : " (unknown word)", (int)b.n, b.p ? b.p : "", want);
		good = false;
	}
	made_free(&m);
	buf_free(&b);
	return good;
}

int
main(void)
{
	TEST("where the ranks of a hang ran");
	for (size_t i = 0; i < NELEM(rows); i++)
		CHECK_ROW(i, row_is(rows[i].facts, rows[i].hangs));
	return test_done();
}
