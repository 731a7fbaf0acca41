/*
 * gen - made-up input of any size for benches, the same bytes for the same
 * arguments:  gen WHAT BYTES [SEED]
 *	journal   kernel journals of 512 nodes and the cluster's Events, one
 *	          line in a hundred relevant
 *	relevant  the same with every line relevant
 *	flood     one Xid's line over and over, and one evicted pod
 */
#include <unistd.h>

#include "base/diag.h"
#include "base/num.h"
#include "base/time.h"

static uint64_t state;

/* xorshift64* (Vigna 2016): a number below n. */
static uint64_t
roll(uint64_t n)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * UINT64_C(2685821657736338717) >> 16) % n;
}

static const int64_t START = INT64_C(1790200000) * SECOND;
static int64_t now; /* of the line at hand */

static const struct str noise[] = {
	STR_INIT("mlx5_core 0000:5e:00.0: Port module event: module 0, Cable plugged"),
	STR_INIT("perf: interrupt took too long (3921 > 3910), lowering kernel.perf_event_max_sample_rate to 51000"),
	STR_INIT("EXT4-fs (nvme3n1p1): mounted filesystem with ordered data mode. Quota mode: none."),
	STR_INIT("nvme nvme2: I/O 448 QID 12 timeout, completion polled"),
	STR_INIT("audit: type=1400 audit(1790200015.123:456): apparmor=\\\"DENIED\\\" operation=\\\"open\\\" "
		 "profile=\\\"cri-containerd.apparmor.d\\\" name=\\\"/proc/1/maps\\\""),
	STR_INIT("cgroup: fork rejected by pids controller in /kubepods.slice/kubepods-burstable.slice"),
};

static const struct str errors[] = {
	STR_INIT("45, pid=4411, name=python, Ch 00000008"),
	STR_INIT("45, pid=4411, name=python, Ch 00000009"),
	STR_INIT("31, pid=4411, name=python, Ch 00000018, intr 00000000. MMU Fault: ENGINE CE2 HUBCLIENT_CE1 faulted"),
	STR_INIT("13, pid='<unknown>', name=<unknown>, Graphics SM Warp Exception on (GPC 3, TPC 1, SM 0): Out Of Range Address"),
	STR_INIT("79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus."),
	STR_INIT("94, pid=4411, name=python, Contained: CE User Channel (0x9). RST: No, D-RST: No"),
};

static void
journal(struct buf *b, uint64_t n, uint64_t node, struct str text, struct str more)
{
	uint64_t us = (uint64_t)now / 1000;

	buf_add(b, S("{\"__CURSOR\":\"s=2c2f7f3d64d844aa9bc1844a48026313;i="));
	buf_hex(b, n, 1);
	buf_add(b, S(";b=c4b33c96f240457abc130dcb73da2b24;m="));
	buf_hex(b, us, 1);
	buf_add(b, S(";t="));
	buf_hex(b, us, 1);
	buf_add(b, S(";x=eb931437dac873e3\",\"__REALTIME_TIMESTAMP\":\""));
	buf_u64(b, us);
	buf_add(b, S("\",\"__MONOTONIC_TIMESTAMP\":\""));
	buf_u64(b, us - 1790000000000000);
	buf_add(b, S("\",\"_BOOT_ID\":\"c4b33c96f240457abc130dcb73da2b24\",\"_MACHINE_ID\":\"6641fb6ac4e235aef340bea75f556792\","
		     "\"_HOSTNAME\":\"gpu-"));
	buf_u64(b, node);
	buf_add(b, S("\",\"_TRANSPORT\":\"kernel\",\"SYSLOG_FACILITY\":\"0\",\"SYSLOG_IDENTIFIER\":\"kernel\","
		     "\"_SOURCE_MONOTONIC_TIMESTAMP\":\""));
	buf_u64(b, us - 1790000000000037);
	buf_add(b, S("\",\"PRIORITY\":\"4\",\"MESSAGE\":\""));
	buf_add(b, text);
	buf_add(b, more);
	buf_add(b, S("\"}\n"));
}

static void
eviction(struct buf *b, uint64_t n, uint64_t node)
{
	buf_add(b, S("{\"kind\":\"Event\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"job.17a\",\"namespace\":\"train\",\"uid\":\"ev-"));
	buf_u64(b, n);
	buf_add(b, S("\"},\"involvedObject\":{\"kind\":\"Pod\",\"namespace\":\"train\",\"name\":\"job-"));
	buf_u64(b, n);
	buf_add(b, S("\",\"uid\":\"pod-"));
	buf_u64(b, n);
	buf_add(b, S("\"},\"reason\":\"Evicted\",\"message\":\"The node was low on resource: memory. \",\"source\":{\"component\":"
		     "\"kubelet\",\"host\":\"gpu-"));
	buf_u64(b, node);
	buf_add(b, S("\"},\"firstTimestamp\":\""));
	time_put(b, now / SECOND * SECOND);
	buf_add(b, S("\",\"lastTimestamp\":\""));
	time_put(b, now / SECOND * SECOND);
	buf_add(b, S("\",\"count\":1,\"type\":\"Warning\",\"eventTime\":null}\n"));
}

static void
xid(struct buf *b, uint64_t n, uint64_t node)
{
	static const struct str gpu[] = {
		STR_INIT("NVRM: Xid (PCI:0000:1b:00): "),
		STR_INIT("NVRM: Xid (PCI:0000:3b:00): "),
		STR_INIT("NVRM: Xid (PCI:0000:5d:00): "),
		STR_INIT("NVRM: Xid (PCI:0000:9b:00): "),
	};

	journal(b, n, node, gpu[roll(NELEM(gpu))], errors[roll(NELEM(errors))]);
}

static void
mixed(struct buf *b, uint64_t n, uint64_t one_in)
{
	uint64_t node = roll(512);

	now += (int64_t)roll(2000000);
	if (n % one_in)
		journal(b, n, node, noise[roll(NELEM(noise))], S(""));
	else if (n / one_in % 64 == 63)
		eviction(b, n, node);
	else
		xid(b, n, node);
}

static void
line(struct buf *b, struct str what, uint64_t n)
{
	if (str_eq(what, S("journal")))
		mixed(b, n, 100);
	else if (str_eq(what, S("relevant")))
		mixed(b, n, 1);
	else if (n)
		journal(b, 7, 7, S("NVRM: Xid (PCI:0000:3b:00): "), S("95, Uncontained: LTC TAG (0x2, 0x1). RST: Yes, D-RST: No"));
	else
		eviction(b, n, 7);
}

int
main(int argc, char *argv[])
{
	struct out out = {.fd = STDOUT_FILENO}, err = {.fd = STDERR_FILENO};
	struct diag d = {.to = &err, .prog = S("gen")};
	struct str what = str_of(argc > 1 ? argv[1] : "");
	uint64_t bytes, seed = 1, done = 0;

	if (argc < 3 || !num_size(str_of(argv[2]), &bytes) || (argc > 3 && !num_u64(str_of(argv[3]), &seed)) ||
	    !str_listed(S("journal,relevant,flood"), what)) {
		DIAG(&d, S("usage: gen journal|relevant|flood BYTES [SEED]"));
		return EX_FAIL;
	}
	state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	now = START;
	for (uint64_t n = 0; done + out.b.n < bytes && !out.err; n++) {
		line(&out.b, what, n);
		if (out.b.n >= 65536) {
			done += out.b.n;
			out_spill(&out);
		}
	}
	out_flush(&out);
	return out.err ? EX_FAIL : EX_FINE;
}
