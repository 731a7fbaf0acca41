#include "input/text/hostname.h"

#include "base/test.h"

int
main(void)
{
	static const struct str hosts[] = {
		STR_INIT("gpu-7"), STR_INIT("gpu07"), STR_INIT("gpu100"), STR_INIT("dgx-a02"), STR_INIT("node3"), STR_INIT("cn12345"),
		STR_INIT("ip-10-0-3-7"), STR_INIT("gpu-7.b.example.net"), STR_INIT("rack3-node4"), STR_INIT("GPU-7"), STR_INIT("gke-pool-1a2b-x7"),
		STR_INIT("run2-gpu7"), STR_INIT("hgx_03"),
	}, others[] = {
		STR_INIT(""), STR_INIT("dmesg"), STR_INIT("gpu"), STR_INIT("gpu0"), STR_INIT("gpu7"), STR_INIT("GPU12"), STR_INIT("7"),
		STR_INIT("n1"), STR_INIT("v2.1"), STR_INIT("h100"), STR_INIT("x86_64"), STR_INIT("run2"), STR_INIT("step-3"), STR_INIT("rank_12"),
		STR_INIT("attempt-1"), STR_INIT("rack-12"), STR_INIT("mlx5_0"), STR_INIT("nvme0n1"), STR_INIT("messages-20260514"),
		STR_INIT("dmesg-2026-05-14"), STR_INIT("case-2026-05"), STR_INIT("gpu-7.log"), STR_INIT("kern.log.1"), STR_INIT("syslog.1"),
		STR_INIT("gpu-7-"), STR_INIT("gpu-7:"), STR_INIT("gpu-[7-8]"), STR_INIT("a b7"), STR_INIT("2026-05-14"), STR_INIT("cuda12.4"),
	};
	char nul[] = "gpu-\0007";

	TEST("names of hosts");
	for (size_t i = 0; i < NELEM(hosts); i++)
		CHECK_ROW(i, hostname_is(hosts[i]));
	TEST("words that may be something else");
	for (size_t i = 0; i < NELEM(others); i++)
		CHECK_ROW(i, !hostname_is(others[i]));
	CHECK(!hostname_is((struct str){nul, sizeof(nul) - 1}));
	return test_done();
}
