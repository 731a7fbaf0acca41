#include "input/text/kernel.h"
#include "input/text/text.h"

#include <stdlib.h>
#include <string.h>

#include "base/test.h"
#include "base/test_edge.h"
#include "input/text/test_records.h"

#define UUID "GPU-0a1b2c3d-0000-1111-2222-333344445555"
#define X79 "NVRM: Xid (PCI:0000:3b:00): 79, off"
/* 2026-03-04T05:06:07Z */
#define T0 INT64_C(1772600767000000000)

/* clang-format off */

/* One line, one record. */
static const struct {
	struct str line;
	enum kernel_kind kind;
	uint32_t code;
	struct str gpu;
} one[] = {
	/* Xid: address in every spelling, MIG, function */
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus."), KERNEL_XID, 79, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 1"), KERNEL_XID, 1, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 999999, x"), KERNEL_XID, 999999, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0009:01:00): 119, x"), KERNEL_XID, 119, STR_INIT("0009:01:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:00:1e): 13, x"), KERNEL_XID, 13, STR_INIT("0000:00:1e.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00.0): 79, x"), KERNEL_XID, 79, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00 GPU-I:06): 31, x"), KERNEL_XID, 31, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00 GPU-I:06 GPU-CI:00): 13, pid=7, name=a, x"), KERNEL_XID, 13, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (0000:03:00): 13, 0001 00000000"), KERNEL_XID, 13, STR_INIT("0000:03:00.0")},
	{STR_INIT("NVRM: Xid (0000:03:00): 14, Channel 00000001"), KERNEL_XID, 14, STR_INIT("0000:03:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0001:ab:cd): 69, x"), KERNEL_XID, 69, STR_INIT("0001:ab:cd.0")},
	{STR_INIT("NVRM: Xid: 13, 0001 00000000"), KERNEL_XID, 13, {NULL, 0}},
	/* pid and name in all forms, or absent */
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 31, pid=4711, name=python3.12, Ch 00000010"), KERNEL_XID, 31, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 31, pid=<unknown>, name=<unknown>, x"), KERNEL_XID, 31, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 31, pid='', name=, x"), KERNEL_XID, 31, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 119, pid=7, name=nvc:[driver], Timeout after 6s of waiting for RPC response from GPU4 GSP!"), KERNEL_XID, 119, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 13, pid=7, name=a (b), c: [d], x"), KERNEL_XID, 13, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 45, pid=7, name=x, channel 0x00000008 caused by previous Xid 48"), KERNEL_XID, 45, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 13, pid=7, name=Xid: 79, x"), KERNEL_XID, 13, STR_INIT("0000:3b:00.0")},
	/* no text */
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 79, "), KERNEL_XID, 79, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 79,"), KERNEL_XID, 79, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 79"), KERNEL_XID, 79, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 154 ("), KERNEL_XID, 154, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 79\r"), KERNEL_XID, 79, STR_INIT("0000:3b:00.0")},
	/* only a letter or a digit makes it another word */
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 79@1, x"), KERNEL_XID, 79, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 79: x"), KERNEL_XID, 79, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 79[1], x"), KERNEL_XID, 79, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 79{1}, x"), KERNEL_XID, 79, STR_INIT("0000:3b:00.0")},
	/* codes: any number */
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 1, x"), KERNEL_XID, 1, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 999, x"), KERNEL_XID, 999, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 99999, x"), KERNEL_XID, 99999, STR_INIT("0000:3b:00.0")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 149, NETIR_LINK_EVT  Fatal   XC0 i0 Link 09 (0x004505c6 0x0)"), KERNEL_XID, 149, STR_INIT("0000:3b:00.0")},
	/* the GPU's identity, before its first Xid */
	{STR_INIT("NVRM: GPU Board Serial Number: 1653723052734"), KERNEL_GPU, 0, {NULL, 0}},
	{STR_INIT("NVRM: GPU is on Board 0324113028123."), KERNEL_GPU, 0, {NULL, 0}},
	{STR_INIT("NVRM: GPU 0000:91:00.0: GPU serial number is 1653723052734."), KERNEL_GPU, 0, STR_INIT("0000:91:00.0")},
	/* SXid */
	{STR_INIT("nvidia-nvswitch3: SXid (PCI:0000:c1:00.0): 28006, Non-fatal, Link 46 MC TS crumbstore MCTO (First)"), KERNEL_SXID, 28006, STR_INIT("0000:c1:00.0")},
	{STR_INIT("nvidia-nvswitch0: SXid (PCI:0004:00:00.0): 26006, SOE HALTED"), KERNEL_SXID, 26006, STR_INIT("0004:00:00.0")},
	{STR_INIT("nvidia-nvswitch12: SXid (PCI:0000:c1:00.0): 10001"), KERNEL_SXID, 10001, STR_INIT("0000:c1:00.0")},
	{STR_INIT("nvidia-nvswitch0: SXid (PCI:0000:c1:00.0): 09005, Fatal, Link 01 x"), KERNEL_SXID, 9005, STR_INIT("0000:c1:00.0")},
	/* fallen off the bus, without the word Xid */
	{STR_INIT("NVRM: GPU 0000:18:00.0: GPU has fallen off the bus."), KERNEL_XID, 79, STR_INIT("0000:18:00.0")},
	{STR_INIT("NVRM: GPU at PCI:0000:18:00: GPU has fallen off the bus."), KERNEL_XID, 79, STR_INIT("0000:18:00.0")},
	{STR_INIT("NVRM: The NVIDIA GPU 0000:18:00.0 (PCI ID: 10de:2330) installed in this system has fallen off the bus and is not responding to commands."), KERNEL_XID, 79, STR_INIT("0000:18:00.0")},
	{STR_INIT("NVRM: fallen off the bus and is not responding to commands."), KERNEL_XID, 79, {NULL, 0}},
	{STR_INIT("NVRM: The NVIDIA GPU 0000:18:00.0"), KERNEL_NAMED, 0, STR_INIT("0000:18:00.0")},
	/* identity of GPUs, loads, resets */
	{STR_INIT("NVRM: GPU at PCI:0000:9b:00: " UUID), KERNEL_GPU, 0, STR_INIT("0000:9b:00.0")},
	{STR_INIT("NVRM: loading NVIDIA UNIX x86_64 Kernel Module  570.1.2  Mon Jan  1 00:00:00 UTC 2026"), KERNEL_LOAD, 0, {NULL, 0}},
	{STR_INIT("NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  580.1"), KERNEL_LOAD, 0, {NULL, 0}},
	{STR_INIT("Linux version 6.8.0-40-generic (builder@host) (gcc 13)"), KERNEL_LOAD, 0, {NULL, 0}},
	{STR_INIT("GPU reset executed: " UUID ", success: true"), KERNEL_RESET, 0, {NULL, 0}},
	{STR_INIT("GPU reset executed: " UUID), KERNEL_RESET, 0, {NULL, 0}},
};

/* Not the driver's lines. */
static const struct str none[] = {
	STR_INIT(""), STR_INIT("\n\n"), STR_INIT("nothing"), STR_INIT("NVRM:"), STR_INIT("NVRM: "),
	/* the driver's other lines */
	STR_INIT("NVRM: Some other message"),
	STR_INIT("NVRM: Xid (PCI:0000:3b:00): 0, x"), STR_INIT("NVRM: Xid (PCI:0000:3b:00): 1000000, x"), STR_INIT("NVRM: Xid (PCI:0000:3b:00): 79x"),
	STR_INIT("NVRM: Xid (PCI:0000:3b:00): x"), STR_INIT("NVRM: Xid (PCI:0000:3b:00 79, x"), STR_INIT("NVRM: Xid (PCI:0000:3b:00 MIG:1): 79, x"),
	STR_INIT("NVRM: Xid (PCI:0000:3b:00) 79, x"), STR_INIT("NVRM: Xid (here): 79, x"), STR_INIT("NVRM: Xid: 0"),
	STR_INIT("nvidia-nvswitchx: SXid (PCI:0000:c1:00.0): 20034, x"), STR_INIT("nvidia-nvswitch3: SXid (here): 20034, x"), STR_INIT("nvidia-nvswitch3: SXid (PCI:0000:c1:00.0): x"),
	STR_INIT("NVRM: GPU Board Serial Number: "),
	STR_INIT("NVRM: GPU Board Serial Number: [N/A]"),
	STR_INIT("NVRM: GPU Board Serial Number: 0000000000000"),
	STR_INIT("NVRM: GPU is on Board Unknown."),
	STR_INIT("NVRM: A GPU crash dump has been created. If possible, please run nvidia-bug-report.sh"),
	STR_INIT("NVRM: Rate limiting GSP RPC error prints for GPU at PCI:0000:3b:00 (printing 1 of every 30).  The GPU likely needs to be reset."),
	STR_INIT("NVRM: GPU 0000:3b:00.0: RmInitAdapter failed! (0x62:0x0:1860)"),
	STR_INIT("NVRM: (PCI ID: 10de:2330) installed in this system has"),
	STR_INIT("NVRM: GPU at PCI:0000:9b:00: no UUID here"),
	STR_INIT("NVRM: GPU at PCI:invalid: " UUID),
	STR_INIT("NVRM: API mismatch: the client has the version 550.1"),
	STR_INIT("NVRM: The NVIDIA probe routine was not called for 1 device(s)."),
	/* not an Xid: negative cases of NVSentinel and gpud */
	STR_INIT("NVRM: Xid : 32, pid=2000000"),
	STR_INIT("NVRM: Xid: abc, off"),
	STR_INIT("NVRM: Xid:79, off"),
	STR_INIT("NVRM: Xid: "),
	STR_INIT("NVRM: Xid (PCI:0000:66:00): abc, pid=2000000"),
	STR_INIT("NVRM: Xid (invalid): some error"),
	STR_INIT("NVRM: Xid (PCI:invalid): 79, x"),
	STR_INIT("NVRM: Xid (): 79, x"),
	STR_INIT("NVRM: Xid (PCI:0000:66:00: 79, x"),
	STR_INIT("NVRM: Xid (PCI:0000:66:00) 79, x"),
	STR_INIT("NVRM: Xid (PCI:0000:66:00):"),
	STR_INIT("NVRM: Xid (PCI:0000:66:00): "),
	STR_INIT("NVRM: Xid (PCI:0000:66:00): , x"),
	STR_INIT("NVRM: Xid (PCI:0000:66:00): -1, x"),
	STR_INIT("NVRM: Xid (PCI:0000:66:00): 790000000000, x"),
	STR_INIT("NVRM: Xid (PCI:0000:66:00): 79a, x"),
	STR_INIT("NVRM: Xid (PCI:0000:66:00): 79Z, x"),
	STR_INIT("NVRM: Xid (PCI:0000:66:00): 0x4f, x"),
	STR_INIT("NVRM: Xid (PCI:0000:66:00): 99999999999999999999, x"),
	STR_INIT("NVRM: Xid (PCI:0000:66:00"),
	STR_INIT("NVRM: Xid ("),
	STR_INIT("NVRM: Xid"),
	STR_INIT("NVRM: Xidle (PCI:0000:66:00): 79, x"),
	STR_INIT("NVRM: xid (PCI:0000:66:00): 79, x"),
	STR_INIT("NVRM Xid (PCI:0000:66:00): 79, x"),
	/* not an SXid */
	STR_INIT("nvidia-nvswitch0: SXid (PCI:0000:05:00.0): xyz, Fatal error"),
	STR_INIT("nvidia-nvswitch0: SXid (invalid): some error"),
	STR_INIT("nvidia-nvswitch: SXid (PCI:0000:05:00.0): 12028, Fatal"),
	STR_INIT("nvidia-nvswitch0: Xid (PCI:0000:05:00.0): 12028, Fatal"),
	STR_INIT("nvidia-nvswitch0: loaded"),
	STR_INIT("[Jan 02 2026 07:53:55] [ERROR] [tid 841] detected NVSwitch fatal error 20034 on fid 0"),
	/* a quoted line */
	STR_INIT("see \"NVRM: Xid (PCI:0000:3b:00): 79, off\" in the manual"),
	STR_INIT("Xid 79: NVRM: Xid (PCI:0000:3b:00): 79, off"),
	STR_INIT("error was " X79),
	STR_INIT("nvidia: " X79),
	STR_INIT("- " X79),
	STR_INIT("# " X79),
	STR_INIT("echo '" X79 "'"),
	STR_INIT("[WARN] " X79),
	STR_INIT("[health monitor] " X79),
	STR_INIT("[1234567890123456789012345678901234567890.] " X79),
	STR_INIT("GPU has fallen off the bus."),
	STR_INIT("fallen off the bus and is not responding to commands."),
	STR_INIT("The NVIDIA GPU 0000:18:00.0"),
	STR_INIT("running Linux version 6.8.0"),
	STR_INIT("kernel Linux-version 6.8.0"),
	/* failed resets */
	STR_INIT("GPU reset executed: " UUID ", success: false"),
	STR_INIT("GPU reset executed: "),
	STR_INIT("GPU reset executed: 0000:3b:00.0, success: true"),
	STR_INIT("A GPU reset executed: " UUID ", success: true"),
	STR_INIT("GPU reset requested: " UUID),
};

/* Stamps of log carriers, and their time and host. */
static const struct {
	struct str stamp;
	int64_t t;
	struct str host;
} stamps[] = {
	{STR_INIT(""), NO_TIME, {NULL, 0}},
	{STR_INIT("  "), NO_TIME, {NULL, 0}},
	{STR_INIT("[131453.740743] "), NO_TIME, {NULL, 0}},
	{STR_INIT("[    0.000000] "), NO_TIME, {NULL, 0}},
	{STR_INIT("[123] "), NO_TIME, {NULL, 0}},
	{STR_INIT("[111111111.111] "), NO_TIME, {NULL, 0}},
	{STR_INIT("[1234567890123456789012345678901234567890] "), NO_TIME, {NULL, 0}},
	{STR_INIT("[...] "), NO_TIME, {NULL, 0}},
	{STR_INIT("[Wed Mar  4 05:06:07 2026] "), NO_TIME, {NULL, 0}},
	{STR_INIT("[Mi M\xc3\xa4r  4 05:06:07 2026] "), NO_TIME, {NULL, 0}},
	{STR_INIT("[\xe4\xb8\x89 3\xe6\x9c\x88  4 05:06:07 2026] "), NO_TIME, {NULL, 0}},
	{STR_INIT("[    0.000003] [    T4] "), NO_TIME, {NULL, 0}},
	{STR_INIT("[  T291] "), NO_TIME, {NULL, 0}},
	{STR_INIT("[    C1] "), NO_TIME, {NULL, 0}},
	{STR_INIT("<3>"), NO_TIME, {NULL, 0}},
	{STR_INIT("<4>[131453.740743] "), NO_TIME, {NULL, 0}},
	{STR_INIT("4,1834,11706732233,-;"), NO_TIME, {NULL, 0}},
	{STR_INIT("4,1834,11706732233,-,caller=T291;"), NO_TIME, {NULL, 0}},
	{STR_INIT("Mar  4 05:06:07 gpu-7 kernel: "), NO_TIME, STR_INIT("gpu-7")},
	{STR_INIT("Mar 14 05:06:07 gpu-7 kernel: [131453.740743] "), NO_TIME, STR_INIT("gpu-7")},
	{STR_INIT("Mar  4 05:06:07 gpu-7.cluster.local kernel: "), NO_TIME, STR_INIT("gpu-7.cluster.local")},
	{STR_INIT("99999999.999999 gpu-7 kernel: "), NO_TIME, STR_INIT("gpu-7")},
	{STR_INIT("[131453.740743] gpu-7 kernel: "), NO_TIME, STR_INIT("gpu-7")},
	{STR_INIT("2026-03-04 05:06:07 gpu-7 kernel: "), NO_TIME, STR_INIT("gpu-7")},
	{STR_INIT("Wed 2026-03-04 05:06:07 CET gpu-7 kernel: "), NO_TIME, STR_INIT("gpu-7")},
	{STR_INIT("2026-03-04T05:06:07.283302 "), NO_TIME, {NULL, 0}},
	{STR_INIT("kernel: "), NO_TIME, {NULL, 0}},
	{STR_INIT("gpu-7 kernel: "), NO_TIME, STR_INIT("gpu-7")},
	{STR_INIT("kernel: [16450076.435595] "), NO_TIME, {NULL, 0}},
	{STR_INIT("kern  :warn  : "), NO_TIME, {NULL, 0}},
	{STR_INIT("kern  :warn  : [131453.740743] "), NO_TIME, {NULL, 0}},
	{STR_INIT("kern  :err   : [  123.400000] [T1] "), NO_TIME, {NULL, 0}},
	/* stamps with a zone are times */
	{STR_INIT("2026-03-04T05:06:07Z "), T0, {NULL, 0}},
	{STR_INIT("2026-03-04T05:06:07,283302+00:00 "), T0 + 283302000, {NULL, 0}},
	{STR_INIT("2026-03-04T07:06:07.283302+02:00 gpu-7 kernel: "), T0 + 283302000, STR_INIT("gpu-7")},
	{STR_INIT("kern  :warn  : 2026-03-04T05:06:07,283302+00:00 "), T0 + 283302000, {NULL, 0}},
	{STR_INIT("[    0.000000] [Wed Mar  4 05:06:07 2026] 2026-03-04T05:06:07,123456+00:00 "), T0 + 123456000, {NULL, 0}},
	{STR_INIT("2026-03-04T05:06:07+0000 gpu-7 kernel: [  1.5] "), T0, STR_INIT("gpu-7")},
	/* journalctl -o short-unix, short-full; RFC 5424; container runtimes */
	{STR_INIT("100000000.000000 gpu-7 kernel: "), INT64_C(100000000000000000), STR_INIT("gpu-7")},
	{STR_INIT("1772600767.283302 gpu-7 kernel: "), T0 + 283302000, STR_INIT("gpu-7")},
	{STR_INIT("Wed 2026-03-04 05:06:07 UTC gpu-7 kernel: "), T0, STR_INIT("gpu-7")},
	{STR_INIT("<4>1 2026-03-04T05:06:07.283302Z gpu-7 kernel - - - "), T0 + 283302000, STR_INIT("gpu-7")},
	{STR_INIT("<4>1 2026-03-04T05:06:07Z gpu-7 kernel - - - \xef\xbb\xbf[  1.5] "), T0, STR_INIT("gpu-7")},
	{STR_INIT("2026-03-04T05:06:07.000000000Z stdout F "), T0, {NULL, 0}},
	{STR_INIT("2026-03-04T05:06:09Z stderr P 2026-03-04T05:06:07Z gpu-7 kernel: "), T0, STR_INIT("gpu-7")},
};

/* Not stamps: the text after them is not the driver's line. */
static const struct str no_stamps[] = {
	STR_INIT("["), STR_INIT("[] "), STR_INIT("[abc] "), STR_INIT("[abc] gpu-7 kernel: "), STR_INIT("[one of the 1000 sentences that people write] "), STR_INIT("12:30 "), STR_INIT("<"), STR_INIT("<> "), STR_INIT("<x>"),
	STR_INIT("4,1834;"), STR_INIT("our kernel: "), STR_INIT("gpu-7: "), STR_INIT("python3[12]: "),
	STR_INIT("Mar  4 05:06:07 gpu-7 python3[12]: "), STR_INIT("2026-03-04T05:06:07Z gpu-7 app: "),
	STR_INIT("Wed 2026-03-04 gpu-7 kernel: "), STR_INIT("Day 2026-03-04 05:06:07 "), STR_INIT("1 2026-03-04T05:06:07Z gpu-7 app - - - "),
	STR_INIT("1 2026-03-04T05:06:07Z gpu-7 kernel - - "), STR_INIT("1 2026-03-04T05:06:07Z gpu-7 kernel 7 - - "),
	STR_INIT("1 2026-03-04T05:06:07Z gpu-7 kernel - - -"), STR_INIT("2 2026-03-04T05:06:07Z gpu-7 kernel - - - "),
	STR_INIT("stdout F "), STR_INIT("2026-03-04T05:06:07Z stdout X "), STR_INIT("2026-03-04T05:06:07Z stdin F "),
	STR_INIT("> "), STR_INIT("\"") , STR_INIT("MESSAGE="), STR_INIT("kernel "), STR_INIT("the "),
};

/* Messages of several lines: "kind code gpu|" each, and a row for no match. */
static const struct {
	struct str message, says;
} several[] = {
	{STR_INIT(X79 "\n" X79), STR_INIT("xid 79 0000:3b:00.0|xid 79 0000:3b:00.0|")},
	{STR_INIT("\n\n" X79 "\n\n"), STR_INIT("xid 79 0000:3b:00.0|")},
	{STR_INIT("other\n" X79 "\nother"), STR_INIT("xid 79 0000:3b:00.0|")},
	{STR_INIT(X79 "\r\n[1.0] NVRM: Xid (PCI:0000:3b:00): 154, x\r\n"), STR_INIT("xid 79 0000:3b:00.0|xid 154 0000:3b:00.0|")},
	/* the probe-time triple */
	{STR_INIT("[ 18.3] NVRM: The NVIDIA GPU 0000:b3:00.0\n"
		"               NVRM: (PCI ID: 10de:26b5) installed in this system has\n"
		"               NVRM: fallen off the bus and is not responding to commands."),
		STR_INIT("named 0 0000:b3:00.0|xid 79 -|")},
	{STR_INIT("NVRM: The NVIDIA GPU 0000:b3:00.0\nNVRM: (PCI ID: 10de:26b5) installed in this system has\n"
		"NVRM: fallen off the bus and is not responding to commands.\nNVRM: Xid (PCI:0000:b3:00.0): 79"),
		STR_INIT("named 0 0000:b3:00.0|xid 79 -|xid 79 0000:b3:00.0|")},
	{STR_INIT("NVRM: GPU at PCI:0000:9b:00: " UUID "\nNVRM: GPU Board Serial Number: 165\n"
		"NVRM: Xid (PCI:0000:9b:00): 48, x"),
		STR_INIT("gpu 0 0000:9b:00.0|gpu 0 -|xid 48 0000:9b:00.0|")},
	{STR_INIT("nvidia-nvswitch3: SXid (PCI:0000:c1:00.0): 28006, Non-fatal, Link 46 x (First)\n"
		"nvidia-nvswitch3: SXid (PCI:0000:c1:00.0): 28006, Severity 0 Engine instance 46 Sub-engine instance 00\n"
		"nvidia-nvswitch3: SXid (PCI:0000:c1:00.0): 28006, Data {0x00140004, 0x00100000}"),
		STR_INIT("sxid 28006 0000:c1:00.0|sxid 28006 0000:c1:00.0|sxid 28006 0000:c1:00.0|")},
	{STR_INIT("Linux version 6.8.0 (a@b)\nNVRM: loading NVIDIA UNIX x86_64\nGPU reset executed: " UUID ", success: true"),
		STR_INIT("load 0 -|load 0 -|reset 0 -|")},
	/* a message that quotes one in its middle */
	{STR_INIT("the log said\nand then " X79 "\nwhich is bad"), STR_INIT("")},
};

#define REGISTERS " XC0 i0 Link 13 (0x0409a0c2 0x00000002 0x00000001)"

static const struct {
	uint32_t code;
	struct str text;
	bool nonfatal;
} nvlink5[] = {
	{145, STR_INIT("145, RLW_SRC_TRACK Nonfatal" REGISTERS), true},
	{149, STR_INIT("149, pid=9, name=python3, NETIR_LINK_EVT  Nonfatal   XC0 i0 Link -1 (0x1)"), true},
	{145, STR_INIT("145, RLW_SRC_TRACK Fatal" REGISTERS), false},
	{144, STR_INIT("144, SAW_MVB Nonfatal XC1"), true},
	{144, STR_INIT("144, SAW_MVB"), false},
	{150, STR_INIT("150, MSE Non-fatal XC0 i0 Link 1 (0x1 0x1)"), true},
	{145, STR_INIT("145, RLW_RXPIPE Nonfatal XC0 i0 Link 13 (0x0409a4c2 0x00000002)"), false},
	{145, STR_INIT("145, RLW_RXPIPE Nonfatal XC0 i0 Link 13 (0x0409a4c2 x)"), true},
	{145, STR_INIT("145, RLW_RXPIPE Nonfatal XC0 i0 Link 13 (0x0409a4c1 0x00000001)"), true},
	{143, STR_INIT("143, SAW_MVB Nonfatal" REGISTERS), false},
	{151, STR_INIT("151, SAW_MVB Nonfatal" REGISTERS), false},
	/* the name of a program */
	{145, STR_INIT("145, pid=9, name=Nonfatal XC, RLW_CTRL Fatal" REGISTERS), false},
	{145, STR_INIT("145, pid=9, name=Nonfatal, RLW_CTRL Fatal" REGISTERS), false},
	/* RLW_RXPIPE's reset bit: drivers before R575, and after; of its first
	 * three errors alone */
	{145, STR_INIT("145, RLW_RXPIPE Nonfatal XC0 i0 Link 13 (0x0409a4c2 0x00000001)"), false},
	{145, STR_INIT("145, RLW_RXPIPE Nonfatal XC0 i0 Link 13 (0x00000086 0x00000004 0x0)"), false},
	{145, STR_INIT("145, RLW_RXPIPE Nonfatal XC0 i0 Link 13 (0x0409a4c2 0x00000008)"), true},
	{146, STR_INIT("146, TLW_RX Nonfatal XC0 i0 Link 13 (0x0409a4c2 0x00000001)"), true},
	{145, STR_INIT("145, RLW_RXPIPE Nonfatal XC0 i0 Link 13 (0x0409a4c2"), true},
};

/* SXid's and 154's flags. */
static const struct {
	struct str line;
	bool fatal, detail, code_implied, recovered;
} flags[] = {
	{STR_INIT("nvidia-nvswitch0: SXid (PCI:0000:c1:00.0): 20034, Fatal, Link 30 LTSSM Fault Up"), true, false, false, false},
	{STR_INIT("nvidia-nvswitch0: SXid (PCI:0000:c1:00.0): 12028, Non-fatal, Link 32 x (First)"), false, false, false, false},
	{STR_INIT("nvidia-nvswitch0: SXid (PCI:0000:c1:00.0): 26006, SOE HALTED"), false, false, false, false},
	{STR_INIT("nvidia-nvswitch0: SXid (PCI:0000:c1:00.0): 12033, Severity 1 Engine instance 00 Sub-engine instance 00"), false, true, false, false},
	{STR_INIT("nvidia-nvswitch0: SXid (PCI:0000:c1:00.0): 12033, Data {0x00000001, 0x00000000}"), false, true, false, false},
	{STR_INIT(X79), false, false, false, false},
	{STR_INIT("NVRM: GPU 0000:18:00.0: GPU has fallen off the bus."), false, false, true, false},
	{STR_INIT("NVRM: fallen off the bus and is not responding to commands."), false, false, true, false},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 154, GPU recovery action changed from 0x1 (GPU Reset Required) to 0x0 (None)"), false, false, false, true},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 154, pid='<unknown>', name=<unknown>, GPU recovery action changed from 0x1 (GPU Reset Required) to 0x0 (None)"), false, false, false, true},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 154, GPU recovery action changed from 0x0 (None) to 0x1 (GPU Reset Required)"), false, false, false, false},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 79, GPU recovery action changed from 0x1 (GPU Reset Required) to 0x0 (None)"), false, false, false, false},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 154, x (None)"), false, false, false, false},
};

static const struct {
	struct str text, action;
} actions[] = {
	{STR_INIT("GPU recovery action changed from 0x0 (None) to 0x1 (GPU Reset Required)"), STR_INIT("GPU Reset Required")},
	{STR_INIT("GPU recovery action changed from 0x0 (None) to 0x2 (Node Reboot Required)"), STR_INIT("Node Reboot Required")},
	{STR_INIT("GPU recovery action changed from 0x0 (None) to 0x3 (Drain P2P)"), STR_INIT("Drain P2P")},
	{STR_INIT("GPU recovery action changed from 0x0 (None) to 0x4 (Drain and Reset)"), STR_INIT("Drain and Reset")},
	{STR_INIT("GPU recovery action changed from 0x0 (None) to 0x5 (Recover IMEX Domain)"), STR_INIT("Recover IMEX Domain")},
	{STR_INIT("GPU recovery action changed from 0x1 (GPU Reset Required) to 0x0 (None)"), STR_INIT("None")},
	{STR_INIT("NVRM: Xid (PCI:0000:3b:00): 154, GPU recovery action changed from 0x0 (None) to 0x1 (GPU Reset Required)\r\n"), STR_INIT("GPU Reset Required")},
	{STR_INIT("GPU recovery action changed from 0x0 (None) to 0x1"), STR_INIT("")},
	{STR_INIT("GPU recovery action changed"), STR_INIT("")},
	{STR_INIT("154 ("), STR_INIT("")},
	{STR_INIT("Row Remapper: New row (0x1)"), STR_INIT("")},
	{STR_INIT(""), STR_INIT("")},
};
/* clang-format on */

/* Does it contain a word of the screen literally?  Every line that is read must. */
static bool
has_word(struct str s)
{
	for (const struct word *w = kernel_text.words; w->gives; w++)
		if (str_has(s, w->text))
			return true;
	return false;
}

static void
put(struct buf *b, const struct kernel *k)
{
	static const char *const kinds[] = {
		[KERNEL_XID] = "xid", [KERNEL_SXID] = "sxid", [KERNEL_NAMED] = "named",
		[KERNEL_GPU] = "gpu", [KERNEL_LOAD] = "load", [KERNEL_RESET] = "reset",
	};

	buf_add(b, str_of(kinds[k->kind]));
	buf_chr(b, ' ');
	buf_u64(b, k->code);
	buf_chr(b, ' ');
	if (k->gpu.known)
		pci_put(b, k->gpu);
	else
		buf_chr(b, '-');
	buf_chr(b, '|');
}

static bool
is_gpu(struct buf *b, struct pci p, struct str canon)
{
	b->n = 0;
	pci_put(b, p);
	return str_eq(buf_str(b), canon);
}

static bool
says_nothing(struct str message)
{
	struct kernel k;

	return !kernel_next(&message, &k);
}

/* Records of messages with a context. */
/* Messages logged on gpu-7, and their records. */
static const struct {
	const char *message, *says;
} records[] = {
	{"NVRM: Xid (PCI:0000:3b:00): 79, a\n  b\nNVRM: Xid (PCI:0000:3b:00): 45, c",
		"xid @7 node=gpu-7 uid=u boot=b gpu=0000:3b:00.0 code=79 {NVRM: Xid (PCI:0000:3b:00): 79, a\n  b}; "
		"xid @7 node=gpu-7 uid=u boot=b gpu=0000:3b:00.0 code=45 {NVRM: Xid (PCI:0000:3b:00): 45, c}"},
	{"NVRM: Xid (PCI:0000:3b:00): 154, GPU recovery action changed from 0x1 (GPU Reset Required) to 0x0 (None)",
		"xid @7 node=gpu-7 uid=u boot=b gpu=0000:3b:00.0 code=154 recovered "
		"{NVRM: Xid (PCI:0000:3b:00): 154, GPU recovery action changed from 0x1 (GPU Reset Required) to 0x0 (None)}"},
	{"NVRM: Xid (PCI:0000:3b:00): 149, NETIR_LINK_EVT Nonfatal XC0 i0 Link 09 (0x0 0x0)",
		"xid @7 node=gpu-7 uid=u boot=b gpu=0000:3b:00.0 code=149 nonfatal {NVRM: Xid (PCI:0000:3b:00): 149, NETIR_LINK_EVT Nonfatal XC0 i0 Link 09 (0x0 0x0)}"},
	{"nvidia-nvswitch3: SXid (PCI:0000:c1:00.0): 28006, Fatal, x", "xid @7 node=gpu-7 uid=u boot=b gpu=0000:c1:00.0 code=28006 nvswitch fatal "
		"{nvidia-nvswitch3: SXid (PCI:0000:c1:00.0): 28006, Fatal, x}"},
	{"nvidia-nvswitch3: SXid (PCI:0000:c1:00.0): 28006, Data {0x1}", "xid @7 node=gpu-7 uid=u boot=b gpu=0000:c1:00.0 code=28006 nvswitch detail "
		"{nvidia-nvswitch3: SXid (PCI:0000:c1:00.0): 28006, Data {0x1}}"},
	/* a line that names no GPU is about the one named before it, in the same message */
	{"NVRM: The NVIDIA GPU 0000:9b:00.0\nNVRM: Xid (PCI:0000:3b:00): 45, c\nNVRM: fallen off the bus",
		"xid @7 node=gpu-7 uid=u boot=b gpu=0000:3b:00.0 code=45 {NVRM: Xid (PCI:0000:3b:00): 45, c}; "
		"xid @7 node=gpu-7 uid=u boot=b gpu=0000:9b:00.0 code=79 implied {NVRM: fallen off the bus}; "
		"gpu @7 node=gpu-7 uid=u gpu=0000:9b:00.0 kernel"},
	{"NVRM: Xid: 13, 0001", "xid @7 node=gpu-7 uid=u boot=b code=13 {NVRM: Xid: 13, 0001}"},
	{"NVRM: GPU at PCI:0000:3b:00: " UUID, "gpu @7 node=gpu-7 uid=u gpu=0000:3b:00.0 uuid=" UUID " kernel"},
	{"NVRM: GPU Board Serial Number: 1653723052734", "gpu @7 node=gpu-7 uid=u kernel serial=1653723052734"},
	{"NVRM: loading NVIDIA UNIX", "recovery @7 node=gpu-7 uid=u boot=b driver"},
	{"Linux version 6.8.0", "recovery @7 node=gpu-7 uid=u boot=b kernel"},
	{"GPU reset executed: " UUID ", success: true", "recovery @7 node=gpu-7 uid=u boot=b uuid=" UUID},
	/* the record's own time and node win */
	{"2026-03-04T05:06:07Z gpu-8 kernel: NVRM: loading NVIDIA UNIX", "recovery @7 node=gpu-7 uid=u boot=b driver"},
};

static void
test_all_records(void)
{
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
	struct origin o = {.t = 7, .node = S("gpu-7"), .uid = S("u"), .boot = S("b"), .own_time = true, .own_node = true};
	struct buf b = {0};
	struct str got;

	TEST("all that records hold");
	for (size_t i = 0; i < NELEM(records); i++) {
		events_reset(&ev);
		text_read(&ev, str_of(records[i].message), &o);
		got = test_records(&ev, ~0u, &b);
		CHECK_ROW(i, str_eq(got, str_of(records[i].says)));
		if (!str_eq(got, str_of(records[i].says)))
			printf("# got:  %.*s\n# want: %s\n", (int)got.n, got.p, records[i].says);
	}
	TEST("a collector's time and node yield to the line's; without any there is none");
	events_reset(&ev);
	o.own_time = o.own_node = false;
	text_read(&ev, S("2026-03-04T05:06:07Z gpu-8 kernel: NVRM: loading NVIDIA UNIX"), &o);
	text_read(&ev, S("Mar  4 05:06:07 kernel: NVRM: loading NVIDIA UNIX"), &o);
	text_read(&ev, S("Mar  4 05:06:07 gpu-8 kernel: NVRM: loading NVIDIA UNIX"), &NO_ORIGIN);
	CHECK(str_eq(test_records(&ev, ~0u, &b), S("recovery @1772600767000000000 node=gpu-8 uid=u boot=b driver; recovery @7 node=gpu-7 uid=u boot=b driver; "
		"recovery node=gpu-8 driver")));
	buf_free(&b);
	events_free(&ev);
}

static void
read_records(void)
{
	struct events ev = {.wants = ~0u, .since = NO_TIME, .until = NO_TIME};
	struct origin o = {.t = 7, .node = S("gpu-7"), .uid = S("u"), .boot = S("b"), .concluded = true};
	const struct recovery *v;
	const struct gpu *g;
	const struct xid *x;

	TEST("records: of Xids");
	text_read(&ev, S(X79), &o);
	x = ev.list[EVENT_XID].p;
	CHECK(ev.list[EVENT_XID].n == 1 && x->e.t == 7 && x->code == 79 && x->gpu.bus == 0x3b && x->concluded && !x->nvswitch && !x->code_implied);
	CHECK(str_eq(idx_at(&ev.names, x->e.node), S("gpu-7")) && str_eq(idx_at(&ev.names, x->e.uid), S("u")) && str_eq(idx_at(&ev.names, x->boot), S("b")));
	events_reset(&ev);
	text_read(&ev, S("NVRM: The NVIDIA GPU 0000:9b:00.0\nNVRM: fallen off the bus"), &o);
	x = ev.list[EVENT_XID].p;
	CHECK(ev.list[EVENT_XID].n == 1 && x->gpu.bus == 0x9b && x->code == 79 && x->code_implied);

	TEST("records: of a GPU's names");
	g = ev.list[EVENT_GPU].p;
	CHECK(ev.list[EVENT_GPU].n == 1 && g->gpu.bus == 0x9b && g->index == -1 && g->kernel == 1 && !g->scraped && !g->uuid && !g->serial);
	text_read(&ev, S("NVRM: GPU at PCI:0000:3b:00: " UUID), &o);
	g = ev.list[EVENT_GPU].p;
	CHECK(ev.list[EVENT_GPU].n == 2 && g[1].index == -1 && g[1].kernel == 1 && str_eq(idx_at(&ev.names, g[1].uuid), S(UUID)));

	TEST("records: of recoveries");
	text_read(&ev, S("NVRM: loading NVIDIA UNIX x86_64 Kernel Module  570.1\nLinux version 6.8.0 (a@b)\nGPU reset executed: " UUID ", success: true"), &o);
	v = ev.list[EVENT_RECOVERY].p;
	CHECK(ev.list[EVENT_RECOVERY].n == 3 && v[0].reboot == 1 && v[1].reboot == 2 && v[2].reboot == 0);
	CHECK(!v[0].uuid && str_eq(idx_at(&ev.names, v[2].uuid), S(UUID)) && str_eq(idx_at(&ev.names, v[0].boot), S("b")) && v[0].e.t == 7);

	TEST("records: programs quote the kernel's lines, except reset tools");
	events_reset(&ev);
	o.program = true;
	text_read(&ev, S(X79), &o);
	CHECK(ev.list[EVENT_XID].n == 0);
	text_read(&ev, S("GPU reset executed: " UUID ", success: true"), &o);
	CHECK(ev.list[EVENT_RECOVERY].n == 1);
	events_free(&ev);
}

int
main(void)
{
	struct buf b = {0}, scratch = {0};
	struct str s, t;
	struct kernel k;

	TEST("one line, one record");
	for (size_t i = 0; i < NELEM(one); i++) {
		s = one[i].line;
		CHECK_ROW(i, kernel_next(&s, &k));
		if (says_nothing(one[i].line))
			continue;
		CHECK_ROW(i, k.kind == one[i].kind);
		if (k.kind == KERNEL_XID || k.kind == KERNEL_SXID)
			CHECK_ROW(i, k.code == one[i].code);
		CHECK_ROW(i, is_gpu(&b, k.gpu, one[i].gpu));
		CHECK_ROW(i, str_eq(k.text, str_trim(one[i].line)));
		CHECK_ROW(i, str_eq(k.uuid, str_has(s = one[i].line, S(UUID)) ? S(UUID) : S("")));
		CHECK_ROW(i, k.t == NO_TIME && !k.host.p);
		CHECK_ROW(i, has_word(one[i].line));
	}

	TEST("a message is read to its end");
	for (size_t i = 0; i < NELEM(one); i++) {
		s = test_edge(one[i].line);
		kernel_next(&s, &k);
		CHECK_ROW(i, !kernel_next(&s, &k));
	}

	TEST("other lines");
	for (size_t i = 0; i < NELEM(none); i++)
		CHECK_ROW(i, says_nothing(none[i]));
	CHECK(says_nothing((struct str){0}));

	TEST("every prefix of a line is read without access beyond its end");
	for (size_t i = 0; i < NELEM(one); i++)
		for (size_t n = 1; n < one[i].line.n; n++) {
			s = test_edge(str_head(one[i].line, n));
			if (kernel_next(&s, &k) && one[i].kind != KERNEL_XID)
				CHECK_ROW(i, k.kind == one[i].kind);
		}
	for (size_t i = 0; i < NELEM(none); i++)
		CHECK_ROW(i, says_nothing(test_edge(none[i])));

	TEST("stamps");
	for (size_t i = 0; i < NELEM(stamps); i++) {
		b.n = 0;
		buf_add(&b, stamps[i].stamp);
		buf_add(&b, S(X79));
		s = buf_str(&b);
		CHECK_ROW(i, !says_nothing(s));
		if (!kernel_next(&s, &k))
			continue;
		CHECK_ROW(i, k.kind == KERNEL_XID && k.code == 79);
		CHECK_ROW(i, str_eq(k.text, S(X79)));
		CHECK_ROW(i, k.t == stamps[i].t);
		CHECK_ROW(i, str_eq(k.host, stamps[i].host));
		CHECK_ROW(i, is_gpu(&scratch, k.gpu, S("0000:3b:00.0")));
	}

	TEST("stamps before the other lines");
	s = S("Mar  4 05:06:07 gpu-7 kernel: [ 1.0] nvidia-nvswitch0: SXid (PCI:0000:c1:00.0): 20034, Fatal, x");
	CHECK(kernel_next(&s, &k) && k.kind == KERNEL_SXID && str_eq(k.host, S("gpu-7")));
	s = S("[    0.000000] Linux version 6.8.0 (a@b)");
	CHECK(kernel_next(&s, &k) && k.kind == KERNEL_LOAD && str_eq(k.text, S("Linux version 6.8.0 (a@b)")));
	s = S("2026-03-04T05:06:07Z GPU reset executed: " UUID ", success: true");
	CHECK(kernel_next(&s, &k) && k.kind == KERNEL_RESET && k.t == T0);

	TEST("no stamps");
	for (size_t i = 0; i < NELEM(no_stamps); i++) {
		b.n = 0;
		buf_add(&b, no_stamps[i]);
		buf_add(&b, S(X79));
		CHECK_ROW(i, says_nothing(buf_str(&b)));
	}

	TEST("a stamp without a line");
	for (size_t i = 0; i < NELEM(stamps); i++)
		CHECK_ROW(i, says_nothing(stamps[i].stamp));

	TEST("messages of several lines");
	for (size_t i = 0; i < NELEM(several); i++) {
		b.n = 0;
		for (s = several[i].message; kernel_next(&s, &k);) {
			if (k.kind != KERNEL_XID && k.kind != KERNEL_SXID)
				k.code = 0;
			put(&b, &k);
		}
		CHECK_ROW(i, str_eq(buf_str(&b), several[i].says));
	}

	TEST("flags");
	for (size_t i = 0; i < NELEM(flags); i++) {
		s = flags[i].line;
		CHECK_ROW(i, kernel_next(&s, &k));
		CHECK_ROW(i, k.fatal == flags[i].fatal);
		CHECK_ROW(i, k.detail == flags[i].detail);
		CHECK_ROW(i, k.code_implied == flags[i].code_implied);
		CHECK_ROW(i, k.recovered == flags[i].recovered);
	}

	TEST("NVLink 5: fatal or not, according to the line");
	for (size_t i = 0; i < NELEM(nvlink5); i++)
		CHECK_ROW(i, kernel_nonfatal(nvlink5[i].code, nvlink5[i].text) == nvlink5[i].nonfatal);

	TEST("the Xid that a clean-up line follows");
	CHECK(kernel_previous(S("45, pid=7, name=x, channel 0x00000008 caused by previous Xid 149")) == 149);
	CHECK(kernel_previous(S("45, caused by previous Xid 999999")) == 999999 && kernel_previous(S("45, caused by previous Xid 1000000")) == 0);
	CHECK(kernel_previous(S("45, caused by previous Xid x")) == 0);
	CHECK(kernel_previous(S("45, caused by previous Xid 18446744073709551616")) == 0);
	CHECK(kernel_previous(S("79, GPU has fallen off the bus.")) == 0);

	TEST("154 by number");
	CHECK(kernel_action_number(S("154, GPU recovery action changed from 0x1 (GPU Reset Required) to 0x2 (Node Reboot Required)")) == 2);
	CHECK(kernel_action_number(S("154, GPU recovery action changed from 0x0 (None) to 0x1f (new)")) == 31);
	CHECK(kernel_action_number(S("154, GPU recovery action changed from 0x0 (None) to 0xffffffff (new)")) == UINT32_MAX);
	CHECK(kernel_action_number(S("154, GPU recovery action changed from 0x0 (None) to 0x100000000 (new)")) == 0);
	CHECK(kernel_action_number(S("154, GPU recovery action changed from 0x0 (None)")) == 0);
	CHECK(kernel_action_number(S("154, changed to 0x2 (x)")) == 0);
	CHECK(kernel_action_number(S("")) == 0);

	TEST("the text continues in indented lines that do not begin another");
	s = t = S("[1.0] NVRM: Xid (PCI:0000:3b:00): 13, Graphics Exception:\n    ESR 0x1=0x2\n    0x3=0x4\nNVRM: other");
	CHECK(kernel_next(&s, &k));
	CHECK(str_eq(k.text, S("NVRM: Xid (PCI:0000:3b:00): 13, Graphics Exception:\n    ESR 0x1=0x2\n    0x3=0x4")));
	CHECK(!kernel_next(&s, &k));
	s = S(X79 "\n  " X79);
	CHECK(kernel_next(&s, &k) && str_eq(k.text, S(X79)));
	CHECK(kernel_next(&s, &k) && str_eq(k.text, S(X79)));
	s = S(X79 "\n  NVRM: other\n  more");
	CHECK(kernel_next(&s, &k) && str_eq(k.text, S(X79)));
	CHECK(!kernel_next(&s, &k));
	s = S("a: " X79 "\n  b\n" X79 "\n  c\n");
	CHECK(kernel_next(&s, &k) && str_eq(k.text, S(X79 "\n  c")));

	TEST("a message may hold any bytes");
	s = S("\0\n\xff\n" X79 "\0\xff");
	CHECK(kernel_next(&s, &k) && k.code == 79 && str_eq(k.text, S(X79 "\0\xff")));

	TEST("every line read has a word of the screen");
	{
		static const struct str odd[] = {
			STR_INIT("NVRM:Xid (PCI:0000:3b:00): 79, x"),
			STR_INIT("NVRM:  Xid (PCI:0000:3b:00): 79, x"),
			STR_INIT("NVRM:\tXid (PCI:0000:3b:00): 79, x"),
			STR_INIT("NVRM: Xid(PCI:0000:3b:00): 79, x"),
			STR_INIT("nvidia-nvswitch0: SXid (0000:c1:00.0): 20034, Fatal, x"),
			STR_INIT("nvidia-nvswitch0: SXid PCI:0000:c1:00.0: 20034, Fatal, x"),
			STR_INIT("NVRM: GPU 0000:9b:00.0: " UUID),
			STR_INIT("NVRM: GPU at 0000:9b:00: " UUID),
			STR_INIT("NVRM:  GPU at PCI:0000:9b:00: " UUID),
			STR_INIT("NVRM:  loading NVIDIA UNIX"),
			STR_INIT("NVRM:  The NVIDIA GPU 0000:18:00.0"),
		};

		for (size_t i = 0; i < NELEM(odd); i++)
			CHECK_ROW(i, says_nothing(odd[i]) || has_word(odd[i]));
	}

	TEST("new actions of Xid 154");
	for (size_t i = 0; i < NELEM(actions); i++)
		CHECK_ROW(i, str_eq(kernel_action(actions[i].text), actions[i].action));

	buf_free(&b);
	buf_free(&scratch);
	read_records();
	test_all_records();
	return test_done();
}
