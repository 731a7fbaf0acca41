#include "input/filename.h"

#include "base/test.h"
#include "base/test_edge.h"

static const struct {
	const char *path;
	int64_t rank;
	bool local;
	const char *host;
} rows[] = {
	{"rank_17.log", 17, false, ""},
	{"logs/rank17.txt.gz", 17, false, ""},
	{"logs/rank-3.20260908.log.zst", 3, false, ""},
	{"train_global_rank_12.err", 12, false, ""},
	{"job7/rank_11/stderr.log", 11, false, ""},
	{"job7/rank_11/rank_12.out", 12, false, ""},
	{"rank_gpu-07_12.log", 12, false, "gpu-07"},
	{"rank_gpu-07.log", -1, false, ""},
	{"local_rank_3.log", 3, true, ""},
	{"localrank3.log", -1, false, ""},
	{"node_rank_2.log", -1, false, ""},
	{"frank_3.log", -1, false, ""},
	{"rank_3x.log", -1, false, ""},
	{"rank_99999999999.log", -1, false, ""},
	{"rank_.log", -1, false, ""},
	{"rank", -1, false, ""},
	/* torchrun's */
	{"logs/none_x1/attempt_0/3/stderr.log", 3, true, ""},
	{"attempt_1/0/stdout.log.gz", 0, true, ""},
	{"attempt_0/3/error.json", -1, false, ""},
	{"attempt_0/x/stderr.log", -1, false, ""},
	/* a host's */
	{"gpu-07_12.log", 12, true, "gpu-07"},
	{"h100-3.cluster_0.out", 0, true, "h100-3.cluster"},
	{"train_2.log", -1, false, ""},
	{"job.123.node7.out", -1, false, "node7"},
	{"train.4711.gpu-07.err.gz", -1, false, "gpu-07"},
	{"train.4711.out", -1, false, ""},
	{"kern.log.2.gz", -1, false, ""},
	{"rank_999999999.log", 999999999, false, ""}, {"rank_1234567890.log", -1, false, ""}, {"/rank_3", 3, false, ""}, {"a/rank_3/", -1, false, ""},
	{"x_local_rank_3.log", 3, true, ""}, {"xlocal_rank_3.log", 3, true, ""}, {"locale_rank_3.log", 3, false, ""}, {"anode_rank_2.log", -1, false, ""},
	{"nodes_rank_2.log", 2, false, ""}, {"rank_3-a.log", 3, false, ""}, {"rank_gpu.7-a_12.log", 12, false, "gpu.7-a"}, {"rank_gpu+07_12.log", -1, false, ""},
	{"rank_07gpu_12.log", -1, false, ""}, {"gpu-07_0.log", 0, true, "gpu-07"}, {"gpu-07_1234567890.log", -1, false, ""},
	{"_12.log", -1, false, ""}, {"gpu_12.log", -1, false, ""}, {"7gpu_12.log", -1, false, ""}, {"4711.gpu-07.log", -1, false, ""}, {"a.4711.gpu-07.log", -1, false, "gpu-07"},
	{"a.4711x.gpu-07.log", -1, false, ""}, {"a.4711.gpu.log", -1, false, ""}, {"a.b.gpu-07.log", -1, false, ""}, {"attempt/3/stderr", -1, false, ""},
	{"attempt_0/3/4/stderr", -1, false, ""}, {"/attempt_0/3/stderr", 3, true, ""},
	{"", -1, false, ""},
	{"/", -1, false, ""},
};

int
main(void)
{
	TEST("rank and host in the name of a log");
	for (size_t i = 0; i < NELEM(rows); i++) {
		struct filename f = filename_of_log(test_edge(str_of(rows[i].path)));

		CHECK_ROW(i, f.rank == rows[i].rank);
		CHECK_ROW(i, f.local == rows[i].local);
		CHECK_ROW(i, str_eq(f.host, str_of(rows[i].host)));
	}
	return test_done();
}
