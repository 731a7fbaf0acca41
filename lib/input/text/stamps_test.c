#include "input/text/stamps.h"

#include "base/test.h"
#include "base/test_edge.h"

#define MESSAGE "NVRM: Xid (PCI:0000:3b:00): 79, x"
#define T0 (INT64_C(1772600767) * SECOND) /* 2026-03-04T05:06:07Z */
#define T2000 (INT64_C(946684800) * SECOND)
#define MINUTE (60 * SECOND)
#define HOUR (3600 * SECOND)
#define DAY (24 * HOUR)
/* 60 letters; three of two bytes each */
#define W60 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefgh"
#define E3 "\xc3\xa9\xc3\xa9\xc3\xa9"

/* A prefix of a message: the kind of stamp, the time by a clock in 2026 at +02:00 with a
 * boot at T0, the host, and whether a program wrote it. */
static const struct {
	struct str in_front;
	enum stamp_kind kind;
	int64_t t;
	struct str host;
	bool program;
} rows[] = {
	/* journalctl, syslog */
	{STR_INIT(""), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	{STR_INIT("Mar  4 05:06:07 gpu-7 kernel: "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT("gpu-7"), false},
	{STR_INIT("Mar 04 05:06:07.250000 gpu-7 kernel: "), STAMP_YEARLESS, T0 - 2 * HOUR + SECOND / 4, STR_INIT("gpu-7"), false},
	{STR_INIT("Mar  4 05:06:07 gpu-7 kernel "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT("gpu-7"), false},
	{STR_INIT("<4>Mar  4 05:06:07 gpu-7 kernel: [  1.5] "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT("gpu-7"), false},
	{STR_INIT("Wed 2026-03-04 05:06:07 UTC gpu-7 kernel: "), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	{STR_INIT("Wed 2026-03-04 05:06:07 GMT gpu-7 kernel: "), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	{STR_INIT("Wed 2026-03-04 05:06:07 CEST gpu-7 kernel: "), STAMP_ABBREV, T0 - 2 * HOUR, STR_INIT("gpu-7"), false},
	{STR_INIT("\xe4\xb8\x89 2026-03-04 05:06:07 CST gpu-7 kernel: "), STAMP_ABBREV, T0 - 2 * HOUR, STR_INIT("gpu-7"), false},
	{STR_INIT("2026-03-04T03:06:07-0200 gpu-7 kernel: "), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	{STR_INIT("2026-03-04T05:06:07 gpu-7 kernel: "), STAMP_ZONELESS, T0 - 2 * HOUR, STR_INIT("gpu-7"), false},
	{STR_INIT("1772600767.000000 gpu-7 kernel: "), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	{STR_INIT("[    1.000000] gpu-7 kernel: "), STAMP_BOOT, T0 + SECOND, STR_INIT("gpu-7"), false},
	{STR_INIT("2026-03-04T05:06:07Z gpu-7/10.20.0.9 kernel: [1.5][T42] "), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	{STR_INIT("<4>1 2026-03-04T05:06:07Z gpu-7 kernel - - [a@1 b=\"]\\\" " MESSAGE "\"][c] \xef\xbb\xbf"), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	{STR_INIT("119 <4>1 2026-03-04T05:06:07Z gpu-7 kernel - - - "), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	{STR_INIT("Mar  4 05:06:07 10.0.0.7 [    1.000000] "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT("10.0.0.7"), false},
	{STR_INIT("ops/dmesg-x7k2p[dmesg]: 2026-03-04T05:06:07Z "), STAMP_FULL, T0, STR_INIT(""), false},
	{STR_INIT("<30>1 2026-03-04T05:06:07Z gpu-7 nv-hostengine 12 - - "), STAMP_FULL, T0, STR_INIT("gpu-7"), true},
	{STR_INIT("<4>1 2026-03-04T05:06:07Z gpu-7 kernel 12 - - "), STAMP_FULL, T0, STR_INIT("gpu-7"), true},
	{STR_INIT("Mar  4 05:06:07 gpu-7 kernel: message repeated 7 times: [ [  1.5] "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT("gpu-7"), false},
	/* with a year, and the kernel as a process without a number */
	{STR_INIT("Mar  4 2026 05:06:07 gpu-7 kernel: "), STAMP_ZONELESS, T0 - 2 * HOUR, STR_INIT("gpu-7"), false},
	{STR_INIT("<4>Mar  4 2026 05:06:07.000 UTC: gpu-7 kernel: "), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	{STR_INIT("Mar  4 05:06:07 2026 gpu-7 kernel[0]: "), STAMP_ZONELESS, T0 - 2 * HOUR, STR_INIT("gpu-7"), false},
	{STR_INIT("Wed Mar  4 05:06:07 2026 gpu-7 kernel: "), STAMP_ZONELESS, T0 - 2 * HOUR, STR_INIT("gpu-7"), false},
	{STR_INIT("2026-03-04T06:00:00Z relay Mar  4 2026 05:06:07 gpu-7 kernel: "), STAMP_ZONELESS, T0 - 2 * HOUR, STR_INIT("gpu-7"), false},
	{STR_INIT("<4>1 2026-03-04T05:06:07Z gpu-7 kernel 0 - - "), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	/* dmesg, in several languages */
	{STR_INIT("[    1.000000] "), STAMP_BOOT, T0 + SECOND, STR_INIT(""), false},
	{STR_INIT("[Wed Mar  4 05:06:07 2026] "), STAMP_ZONELESS, T0 - 2 * HOUR, STR_INIT(""), false},
	{STR_INIT("[Mi M\xc3\xa4r  4 05:06:07 2026] "), STAMP_ZONELESS, T0 - 2 * HOUR, STR_INIT(""), false},
	{STR_INIT("[Mi M\xe4r  4 05:06:07 2026] "), STAMP_ZONELESS, T0 - 2 * HOUR, STR_INIT(""), false},
	{STR_INIT("[mer. mars   4 05:06:07 2026] "), STAMP_ZONELESS, T0 - 2 * HOUR, STR_INIT(""), false},
	{STR_INIT("[\xe4\xb8\x89 3\xe6\x9c\x88  4 05:06:07 2026] "), STAMP_ZONELESS, T0 - 2 * HOUR, STR_INIT(""), false},
	{STR_INIT("[\xd0\xa1\xd1\x80 \xd0\xbc\xd0\xb0\xd1\x80  4 05:06:07 2026] "), STAMP_MONTH, NO_TIME, STR_INIT(""), false},
	{STR_INIT("kern  :warn  : [    1.000000] "), STAMP_BOOT, T0 + SECOND, STR_INIT(""), false},
	{STR_INIT("2026-03-04T05:06:07,000000+00:00 "), STAMP_FULL, T0, STR_INIT(""), false},
	{STR_INIT("[    1.000000 <    0.000010>] "), STAMP_BOOT, T0 + SECOND, STR_INIT(""), false},
	{STR_INIT("[    1.000000 <    0.000010 >] gpu-7 kernel: "), STAMP_BOOT, T0 + SECOND, STR_INIT("gpu-7"), false},
	{STR_INIT("[Mar 4 05:06] "), STAMP_YEARLESS, T0 - 2 * HOUR - 7 * SECOND, STR_INIT(""), false},
	{STR_INIT("[Mar14 05:06] "), STAMP_YEARLESS, T0 + 238 * HOUR - 7 * SECOND, STR_INIT(""), false},
	{STR_INIT("[3\xe6\x9c\x88 4 05:06] "), STAMP_YEARLESS, T0 - 2 * HOUR - 7 * SECOND, STR_INIT(""), false},
	{STR_INIT("gpu-7: [  +0.000010] "), STAMP_NONE, NO_TIME, STR_INIT("gpu-7"), false},
	{STR_INIT("4,1834,1000000,-;"), STAMP_BOOT, T0 + SECOND, STR_INIT(""), false},
	{STR_INIT("6.8.0-31-generic,4,1834,1000000,-,caller=T42;"), STAMP_BOOT, T0 + SECOND, STR_INIT(""), false},
	/* other carriers */
	{STR_INIT("gpu-9.b.net Mar  4 05:06:07 gpu-7 kernel: "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT("gpu-7"), false},
	{STR_INIT("0123456789ab 2026-03-04T05:06:07Z "), STAMP_FULL, T0, STR_INIT(""), false},
	{STR_INIT("kmsg-x7b2k reader 03-04 05:06:07 "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT(""), false},
	{STR_INIT("2026/03/04 05:06:07 gpu-7 kernel: "), STAMP_ZONELESS, T0 - 2 * HOUR, STR_INIT("gpu-7"), false},
	{STR_INIT("gpu-7: [    1.000000] "), STAMP_BOOT, T0 + SECOND, STR_INIT("gpu-7"), false},
	{STR_INIT("03: [    1.000000] "), STAMP_BOOT, T0 + SECOND, STR_INIT(""), false},
	{STR_INIT("gpu-7: kern: warning: [2026-03-04T05:06:07.0Z]: "), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	{STR_INIT("Wed Mar  4 05:06:07 2026 kern.warn kernel: [    1.000000] "), STAMP_ZONELESS, T0 - 2 * HOUR, STR_INIT(""), false},
	{STR_INIT("gpu-7 kernel: [    1.000000] "), STAMP_BOOT, T0 + SECOND, STR_INIT("gpu-7"), false},
	{STR_INIT("gpu-7 login: [    1.000000] "), STAMP_BOOT, T0 + SECOND, STR_INIT("gpu-7"), false},
	{STR_INIT("/logs/gpu-9/kern.log:88:Mar  4 05:06:07 gpu-7 kernel: "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT("gpu-7"), false},
	{STR_INIT("/logs/gpu-9/kern.log-88-Mar  4 05:06:07 gpu-7 kernel: "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT("gpu-7"), false},
	{STR_INIT("kern.log:Mar  4 05:06:07 gpu-7 kernel: "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT("gpu-7"), false},
	{STR_INIT("88:Mar  4 05:06:07 gpu-7 kernel: "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT("gpu-7"), false},
	{STR_INIT("[pod/a/b] 2026-03-04T05:06:07Z "), STAMP_FULL, T0, STR_INIT(""), false},
	{STR_INIT("2026-03-04T05:06:07Z stdout F "), STAMP_FULL, T0, STR_INIT(""), false},
	{STR_INIT("2026-03-04T05:06:07Z {hostname=\"gpu-7\", transport=\"kernel\"}  "), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	{STR_INIT("2026-03-04T05:06:07Z {hostname=\"gpu-7\", transport=\"stdout\"} "), STAMP_FULL, T0, STR_INIT("gpu-7"), true},
	{STR_INIT("kmsg-1  | [    1.000000] "), STAMP_BOOT, T0 + SECOND, STR_INIT(""), false},
	{STR_INIT("kmsg-x7b2k reader [    1.000000] "), STAMP_BOOT, T0 + SECOND, STR_INIT(""), false},
	{STR_INIT("ops kmsg-x7b2k reader 2026-03-04T05:06:07Z gpu-7 kernel: "), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	{STR_INIT("7\t2026-03-04T05:06:07Z\t2026-03-04T05:06:09Z\t77\tgpu-7\t192.0.2.7\tKern\tWarning\tkernel\t"), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	{STR_INIT("7\t2026-03-04T05:06:07Z\t2026-03-04T05:06:09Z\t77\tgpu-7\t192.0.2.7\tUser\tInfo\twatcher\t"), STAMP_FULL, T0, STR_INIT("gpu-7"), true},
	{STR_INIT("1772600767250 2026-03-04T05:06:07.250Z "), STAMP_FULL, T0 + SECOND / 4, STR_INIT(""), false},
	{STR_INIT("1772600767250\t2026-03-04T05:06:07.250Z\t"), STAMP_FULL, T0 + SECOND / 4, STR_INIT(""), false},
	{STR_INIT("gpu-7: 1772600767250\t2026-03-04T05:06:07.250Z\t"), STAMP_FULL, T0 + SECOND / 4, STR_INIT("gpu-7"), false},
	{STR_INIT("gpu-7 | CHANGED | rc=0 | (stdout) [    1.000000] "), STAMP_BOOT, T0 + SECOND, STR_INIT("gpu-7"), false},
	/* prefixes of klog and glog are from a program */
	{STR_INIT("I0304 05:06:07.000000    2023 main.go:12] "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT(""), true},
	{STR_INIT("W20260304 05:06:07.000000 2023 main.cc:12] "), STAMP_ZONELESS, T0 - 2 * HOUR, STR_INIT(""), true},
	{STR_INIT("2026-03-04T05:06:07Z gpu-7 kubelet[2023]: I0304 07:06:07.000000    2023 main.go:12] "), STAMP_FULL, T0, STR_INIT("gpu-7"), true},
	/* PyTorch and its launchers */
	{STR_INIT("[E304 05:06:07.000000000 ProcessGroupNCCL.cpp:616] "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT(""), true},
	{STR_INIT("3: [rank3]:[W0304 05:06:07.000000 ProcessGroupNCCL.cpp:9] "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT(""), true},
	{STR_INIT("[default3]:[rank11]:[E304 05:06:07.0 a.cpp:9] "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT(""), true},
	{STR_INIT("(RayTrainWorker pid=7, ip=10.0.0.1) [E304 05:06:07.0 a.cpp:9] "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT(""), true},
	/* of two headers the inner one; a carrier's time shows the year */
	{STR_INIT("2026-03-04T06:00:00Z relay 2026-03-04T05:06:07Z gpu-7 kernel: "), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	{STR_INIT("2026-03-04T05:06:07Z gpu-7 kern.warning kernel: "), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	{STR_INIT("2026-03-04T06:00:00Z relay kernel: 2026-03-04T05:06:07Z gpu-7 kernel: "), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	{STR_INIT("2026-03-04T06:00:00Z stderr F Mar  4 05:06:07 gpu-7 kernel: "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT("gpu-7"), false},
	/* so much earlier than the carrier's stamp, by 28 h and by 14 h, that no zone can explain it, and not */
	{STR_INIT("2026-03-04T05:06:07Z [Tue Mar  3 01:00:00 2026] "), STAMP_ZONELESS, T0 - 30 * HOUR - 367 * SECOND, STR_INIT(""), false},
	{STR_INIT("2026-03-04T05:06:07Z [Tue Mar  3 15:06:07 2026] "), STAMP_FULL, T0, STR_INIT(""), false},
	/* the limits of numbers */
	{STR_INIT("Mar  1 00:00:00 gpu-7 kernel: "), STAMP_YEARLESS, T0 - 2 * HOUR - 3 * DAY - (5 * HOUR + 6 * MINUTE + 7 * SECOND), STR_INIT("gpu-7"), false},
	{STR_INIT("Mar 31 23:59:59 gpu-7 kernel: "), STAMP_YEARLESS, T0 - 2 * HOUR + 27 * DAY + (18 * HOUR + 53 * MINUTE + 52 * SECOND), STR_INIT("gpu-7"), false},
	{STR_INIT("Mar  3 23:59:60 gpu-7 kernel: "), STAMP_YEARLESS, T0 - 2 * HOUR - (5 * HOUR + 6 * MINUTE + 7 * SECOND), STR_INIT("gpu-7"), false},
	{STR_INIT("Mar  1 2026 05:06:07 gpu-7 kernel: "), STAMP_ZONELESS, T0 - 2 * HOUR - 3 * DAY, STR_INIT("gpu-7"), false},
	{STR_INIT("Mar 31 2026 05:06:07 gpu-7 kernel: "), STAMP_ZONELESS, T0 - 2 * HOUR + 27 * DAY, STR_INIT("gpu-7"), false},
	{STR_INIT("Mar  4 2026 05:06:07.250 GMT: gpu-7 kernel: "), STAMP_FULL, T0 + SECOND / 4, STR_INIT("gpu-7"), false},
	{STR_INIT("Mar  4 2026 05:06:07.250: gpu-7 kernel: "), STAMP_ZONELESS, T0 - 2 * HOUR + SECOND / 4, STR_INIT("gpu-7"), false},
	{STR_INIT("kmsg-x7b2k reader 01-01 05:06:07 "), STAMP_YEARLESS, T0 - 2 * HOUR - 62 * DAY, STR_INIT(""), false},
	{STR_INIT("kmsg-x7b2k reader 12-31 05:06:07 "), STAMP_YEARLESS, T0 - 2 * HOUR + 302 * DAY, STR_INIT(""), false},
	{STR_INIT("[1\xe6\x9c\x88 4 05:06] "), STAMP_YEARLESS, T0 - 2 * HOUR - 59 * DAY - 7 * SECOND, STR_INIT(""), false},
	{STR_INIT("[12\xe6\x9c\x88 4 05:06] "), STAMP_YEARLESS, T0 - 2 * HOUR + 275 * DAY - 7 * SECOND, STR_INIT(""), false},
	{STR_INIT("[13\xe6\x9c\x88 4 05:06] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	{STR_INIT("[0\xe6\x9c\x88 4 05:06] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	{STR_INIT("[Mar4 05:06] "), STAMP_YEARLESS, T0 - 2 * HOUR - 7 * SECOND, STR_INIT(""), false},
	{STR_INIT("[Ma4 05:06] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	{STR_INIT("[Mar                          4 05:06] "), STAMP_YEARLESS, T0 - 2 * HOUR - 7 * SECOND, STR_INIT(""), false}, /* 36 bytes */
	{STR_INIT("[Mar                           4 05:06] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	{STR_INIT("[Mar  4 05:06:07 2026] "), STAMP_ZONELESS, T0 - 2 * HOUR, STR_INIT(""), false},
	{STR_INIT("[Wed Mar  4 05:06:07 9999] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	{STR_INIT("[Wed Mar  4 05:06:07 10000] "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT(""), false}, /* no year */
	{STR_INIT("[Wed Mar  4 05:06:07 2026x] "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT(""), false},
	{STR_INIT("[Wed Mar  4 05:06:07 x] "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT(""), false},
	{STR_INIT("[Mon Feb 30 05:06:07 2026] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	{STR_INIT("[2026-03-04T05:06:07] "), STAMP_ZONELESS, T0 - 2 * HOUR, STR_INIT(""), false},
	{STR_INIT("[2026-03-04T05:06:07Z x] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	{STR_INIT("[2026-03-04T05:06:07 x] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	{STR_INIT("[...] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	{STR_INIT("[1234] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	{STR_INIT("[1.5x] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	{STR_INIT("[.5] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	{STR_INIT("[                                1.000000] "), STAMP_BOOT, T0 + SECOND, STR_INIT(""), false}, /* 40 bytes */
	{STR_INIT("99999999.5 gpu-7 kernel: "), STAMP_BOOT, T0 + 99999999 * SECOND + SECOND / 2, STR_INIT("gpu-7"), false},
	{STR_INIT("100000000.5 gpu-7 kernel: "), STAMP_FULL, NO_TIME, STR_INIT("gpu-7"), false},
	{STR_INIT("1,1,9223372036854775,-,caller=T4200000000;"), STAMP_BOOT, INT64_MAX, STR_INIT(""), false}, /* flags of 20 bytes */
	{STR_INIT("6.8-" W60 ",4,1834,1000000,-;"), STAMP_BOOT, T0 + SECOND, STR_INIT(""), false}, /* a release of 64 bytes */
	{STR_INIT("2000-01-01T00:00:00Z gpu-7 kernel: "), STAMP_FULL, T2000, STR_INIT("gpu-7"), false},
	{STR_INIT("1999-12-31T23:59:59.999Z gpu-7 kernel: "), STAMP_FULL, NO_TIME, STR_INIT("gpu-7"), false},
	/* months of unknown names, of 2 to 16 bytes */
	{STR_INIT("xy  4 05:06:07 gpu-7 kernel: "), STAMP_MONTH, NO_TIME, STR_INIT("gpu-7"), false},
	{STR_INIT("abcdefghijklmnop.  4 05:06:07 gpu-7 kernel: "), STAMP_MONTH, NO_TIME, STR_INIT("gpu-7"), false},
	{STR_INIT("2026-03-04T06:00:00Z relay xy  4 05:06:07 gpu-7 kernel: "), STAMP_MONTH, NO_TIME, STR_INIT("gpu-7"), false},
	/* days of the week of up to 16 bytes; of two zones only these two are no guess */
	{STR_INIT(E3 E3 "\xc3\xa9\xc3\xa9 2026-03-04 05:06:07 CST gpu-7 kernel: "), STAMP_ABBREV, T0 - 2 * HOUR, STR_INIT("gpu-7"), false},
	{STR_INIT("x 2026-03-04 05:06:07 C gpu-7 kernel: "), STAMP_ABBREV, T0 - 2 * HOUR, STR_INIT("gpu-7"), false},
	/* of complete stamps the writer's, which is the last */
	{STR_INIT("2026-03-04T06:00:00Z [2026-03-04T05:06:07Z] "), STAMP_FULL, T0, STR_INIT(""), false},
	{STR_INIT("2026-03-04T06:00:00Z stdout F 2026-03-04T05:06:07,000000+00:00 "), STAMP_FULL, T0, STR_INIT(""), false},
	/* programs: klog, PyTorch and their like */
	{STR_INIT("E0101 05:06:07.250000    2023 main.go:12] "), STAMP_YEARLESS, T0 - 2 * HOUR - 62 * DAY + SECOND / 4, STR_INIT(""), true},
	{STR_INIT("F1231 05:06:07.000000    2023 main.go:12] "), STAMP_YEARLESS, T0 - 2 * HOUR + 302 * DAY, STR_INIT(""), true},
	{STR_INIT("W20260304 05:06:07.250000 2023 main.cc:12] "), STAMP_ZONELESS, T0 - 2 * HOUR + SECOND / 4, STR_INIT(""), true},
	{STR_INIT("W20260230 05:06:07.000000 2023 main.cc:12] "), STAMP_YEARLESS, NO_TIME, STR_INIT(""), true},
	{STR_INIT("[I101 05:06:07.250000000 ProcessGroupNCCL.cpp:616] "), STAMP_YEARLESS, T0 - 2 * HOUR - 62 * DAY + SECOND / 4, STR_INIT(""), true},
	{STR_INIT("[F1231 05:06:07.0 ProcessGroupNCCL.cpp:616] "), STAMP_YEARLESS, T0 - 2 * HOUR + 302 * DAY, STR_INIT(""), true},
	{STR_INIT("[rank3]:"), STAMP_NONE, NO_TIME, STR_INIT(""), true},
	{STR_INIT("[default3]:"), STAMP_NONE, NO_TIME, STR_INIT(""), true},
	{STR_INIT("(RayTrainWorker pid=7, ip=10.0.0.1) "), STAMP_NONE, NO_TIME, STR_INIT(""), true},
	/* not a program's, but a bracket with a digit */
	{STR_INIT("[E100 05:06:07.0 a.cpp:9] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	{STR_INIT("[E132 05:06:07.0 a.cpp:9] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	{STR_INIT("[E1232 05:06:07.0 a.cpp:9] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	{STR_INIT("[E1301 05:06:07.0 a.cpp:9] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	{STR_INIT("[E31 05:06:07.0 a.cpp:9] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	{STR_INIT("[D304 05:06:07.0 a.cpp:9] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	{STR_INIT("[E304 05:06:07.0 a.cpp 9] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	{STR_INIT("[rank3] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	/* RFC 5424 without a host; the kernel as process 0 or none */
	{STR_INIT("<4>1 2026-03-04T05:06:07Z - kernel 0 - - "), STAMP_FULL, T0, STR_INIT(""), false},
	{STR_INIT("<4>1 2026-03-04T05:06:07Z gpu-7 kernel - - [a@1 b=\"c\" d=\"e\"] "), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	/* labels: names of up to 64 bytes, the first host */
	{STR_INIT("2026-03-04T05:06:07Z {" W60 "wxyz=\"a\",node=\"gpu-7\"} "), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	{STR_INIT("2026-03-04T05:06:07Z {nodename=\"gpu-7\"} {host=\"gpu-8\"} "), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	{STR_INIT("2026-03-04T05:06:07Z {syslog_identifier=\"kernel\", a=\"\\\"\"} "), STAMP_FULL, T0, STR_INIT(""), false},
	{STR_INIT("2026-03-04T05:06:07Z {SYSLOG_IDENTIFIER=\"a\", _TRANSPORT=\"kernel\"} "), STAMP_FULL, T0, STR_INIT(""), true},
	{STR_INIT("2026-03-04T05:06:07Z stderr P "), STAMP_FULL, T0, STR_INIT(""), false},
	/* other launchers and consoles */
	{STR_INIT("gpu-7 | CHANGED | rc=0 | a text of 40 bytes .. (stdout) "), STAMP_NONE, NO_TIME, STR_INIT("gpu-7"), false},
	{STR_INIT("[gpu-7] out: "), STAMP_NONE, NO_TIME, STR_INIT("gpu-7"), false},
	{STR_INIT("[gpu-7] 2026-03-04T05:06:07Z "), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	{STR_INIT("[rank7] 2026-03-04T05:06:07Z "), STAMP_FULL, T0, STR_INIT(""), false},
	{STR_INIT("[gpu-7] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	{STR_INIT("gpu-7 kernel[0]: "), STAMP_NONE, NO_TIME, STR_INIT("gpu-7"), false},
	{STR_INIT("a b c 2026-03-04T05:06:07Z "), STAMP_FULL, T0, STR_INIT(""), false},
	{STR_INIT("12 <4>kernel: "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	/* a host's name may begin with digits, which are no year */
	{STR_INIT("Mar  4 05:06:07 2026x kernel: "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT("2026x"), false},
	{STR_INIT("Mar  4 05:06:07 202 kernel: "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT("202"), false},
	/* after all stamps of syslog and journalctl "kernel" needs no colon */
	{STR_INIT("Mar  4 2026 05:06:07 gpu-7 kernel "), STAMP_ZONELESS, T0 - 2 * HOUR, STR_INIT("gpu-7"), false},
	{STR_INIT("Wed 2026-03-04 05:06:07 UTC gpu-7 kernel "), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	{STR_INIT("1772600767.000000 gpu-7 kernel "), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	{STR_INIT("2026-03-04T05:06:07Z gpu-7 kernel "), STAMP_FULL, T0, STR_INIT("gpu-7"), false},
	/* a label before prefixes of all sorts */
	{STR_INIT("gpu-7: <4>kernel: "), STAMP_NONE, NO_TIME, STR_INIT("gpu-7"), false},
	{STR_INIT("gpu-7: I0304 05:06:07.000000    2023 main.go:12] "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT("gpu-7"), true},
	{STR_INIT("gpu-7: [E304 05:06:07.0 a.cpp:9] "), STAMP_YEARLESS, T0 - 2 * HOUR, STR_INIT("gpu-7"), true},
	{STR_INIT("gpu-7: [rank3]:"), STAMP_NONE, NO_TIME, STR_INIT("gpu-7"), true},
	{STR_INIT("gpu-7: kern  :warn  : [    1.000000] "), STAMP_BOOT, T0 + SECOND, STR_INIT("gpu-7"), false},
	{STR_INIT("kmsg-az09 reader [    1.000000] "), STAMP_BOOT, T0 + SECOND, STR_INIT(""), false},
	{STR_INIT("[ <1>] "), STAMP_NONE, NO_TIME, STR_INIT(""), false},
	/* clocks that were not set */
	{STR_INIT("1970-01-01T00:00:21Z gpu-7 kernel: "), STAMP_FULL, NO_TIME, STR_INIT("gpu-7"), false},
};

/* Not stamps: part of the prefix is left before the message. */
static const struct str none[] = {
	STR_INIT("12:"), STR_INIT("gpu-7: "), STR_INIT("root: "), STR_INIT("Mar  4 05:06:07 gpu-7 root: "), STR_INIT("Mar  4 05:06:07 gpu-7 kernel[12]: "),
	STR_INIT("our kernel: "), STR_INIT("7 kernel: "), STR_INIT("6.8 a,4,1834,1000000,-;"), STR_INIT("gpu-7(a) kernel: "),
	STR_INIT("Mar 32 05:06:07 gpu-7 kernel: "), STR_INIT("Mar  4 25:06:07 gpu-7 kernel: "), STR_INIT("a:b:"), STR_INIT("a/b[12]: "), STR_INIT("ab[c]: "), STR_INIT("Mar  4 05:06:07 gpu-7 [x] "), STR_INIT("kmsg reader "), STR_INIT("kmsg-1 | "), STR_INIT("He said [    1.000000] "), STR_INIT("I0304 05:06:07.0 2023 main] "),
	STR_INIT("I1304 05:06:07.0 2023 a:1] "), STR_INIT("Mar  4 05:06:07 gpu-7 kubelet: "), STR_INIT("{host=\"a\"} "),
	STR_INIT("2026-03-04T05:06:07Z {host=\"a} "), STR_INIT("03-34 05:06:07 gpu-7 kernel: "), STR_INIT("he: 2026/03-04 05:06:07 gpu-7 kernel: "), STR_INIT("<4>1 2026-03-04T05:06:07Z gpu-7 kernel - - [a b=c] "),
	/* only after syslog's and journalctl's stamps is "kernel" without a colon the kernel */
	STR_INIT("[1.5] gpu-7 kernel "), STR_INIT("[E304 05:06:07.0 a.cpp:9] gpu-7 kernel "), STR_INIT("I0304 05:06:07.0 2023 a:1] gpu-7 kernel "),
	STR_INIT("<4>1 2026-03-04T05:06:07Z gpu-7 kernel - - - gpu-7 kernel "), STR_INIT("1772600767250\t2026-03-04T05:06:07.250Z\tgpu-7 kernel "),
	STR_INIT("7\t2026-03-04T05:06:07Z\t2026-03-04T05:06:09Z\t77\tgpu-7\t192.0.2.7\tKern\tWarning\tkernel\tgpu-7 kernel "),
	STR_INIT("4,1834,1000000,-;gpu-7 kernel "),
	/* numbers beyond their limits */
	STR_INIT("Mar  0 05:06:07 gpu-7 kernel: "), STR_INIT("Mar  4 24:00:00 gpu-7 kernel: "), STR_INIT("Mar  4 05:60:00 gpu-7 kernel: "),
	STR_INIT("Mar  4 05:06:61 gpu-7 kernel: "), STR_INIT("Mar  4 5:06:07 gpu-7 kernel: "), STR_INIT("Mar  4 05:06-07 gpu-7 kernel: "),
	STR_INIT("Mar  4 05:06:7 gpu-7 kernel: "), STR_INIT("x  4 05:06:07 gpu-7 kernel: "), STR_INIT("abcdefghijklmnopq  4 05:06:07 gpu-7 kernel: "),
	STR_INIT("a-b  4 05:06:07 gpu-7 kernel: "), STR_INIT(".  4 05:06:07 gpu-7 kernel: "), STR_INIT("3x  4 05:06:07 gpu-7 kernel: "),
	STR_INIT("Mar  0 2026 05:06:07 gpu-7 kernel: "), STR_INIT("Mar 32 2026 05:06:07 gpu-7 kernel: "), STR_INIT("Feb 30 2026 05:06:07 gpu-7 kernel: "),
	STR_INIT("Mar  4 2026 25:06:07 gpu-7 kernel: "), STR_INIT("Mar  4 202 05:06:07 gpu-7 kernel: "), STR_INIT("Mar  4 20266 05:06:07 gpu-7 kernel: "), STR_INIT("Mar  4 2026- 05:06:07 gpu-7 kernel: "),
	STR_INIT("Weds Mar  4 05:06:07 2026 gpu-7 kernel: "), STR_INIT("We Mar  4 05:06:07 2026 gpu-7 kernel: "),
	STR_INIT("00-04 05:06:07 gpu-7 kernel: "), STR_INIT("13-04 05:06:07 gpu-7 kernel: "), STR_INIT("03-00 05:06:07 gpu-7 kernel: "),
	STR_INIT("03-32 05:06:07 gpu-7 kernel: "), STR_INIT("3-04 05:06:07 gpu-7 kernel: "), STR_INIT("003-04 05:06:07 gpu-7 kernel: "),
	STR_INIT("03-4 05:06:07 gpu-7 kernel: "), STR_INIT("03-004 05:06:07 gpu-7 kernel: "), STR_INIT("03-04T05:06:07 gpu-7 kernel: "),
	STR_INIT("[                                 1.000000] "), STR_INIT("[abc] "), STR_INIT("[1.000000 "),
	STR_INIT("2026-03-04T05:06:07,000000+00:00 gpu-7 kernel "), STR_INIT(E3 E3 "\xc3\xa9\xc3\xa9x 2026-03-04 05:06:07 CST gpu-7 kernel: "),
	STR_INIT("x 2026-03-04 05:06:07 - gpu-7 kernel: "), STR_INIT("9999999999999.5 gpu-7 kernel: "), STR_INIT("1772600767 gpu-7 kernel: "),
	STR_INIT("1,1,9223372036854776,-;"), STR_INIT("1,1,1,-,caller=T42000000000;"), STR_INIT("1,1,-;"), STR_INIT("1,1,1,-"),
	STR_INIT("6.8.-" W60 ",4,1834,1000000,-;"), STR_INIT("6-8,4,1834,1000000,-;"),
	STR_INIT("12<4>kernel: "), STR_INIT("12 4>kernel: "), STR_INIT("<x>kernel: "), STR_INIT("<4 kernel: "),
	STR_INIT("user: warning: "), STR_INIT("kern: : "), STR_INIT("kern: warning "), STR_INIT("kern warning: "),
	/* programs' prefixes that are not whole */
	STR_INIT("I0001 05:06:07.0 2023 a:1] "), STR_INIT("I0100 05:06:07.0 2023 a:1] "), STR_INIT("I0132 05:06:07.0 2023 a:1] "),
	STR_INIT("D0304 05:06:07.0 2023 a:1] "), STR_INIT("I304 05:06:07.0 2023 a:1] "), STR_INIT("I0304 05:06:07.0 2023 a:1 b] "),
	STR_INIT("I0304 05:06:07.0 2023 a:1 "), STR_INIT("I0304 05:06:07.0 a:1] "), STR_INIT("I0304 05:06:07.0 2023a:1] "), STR_INIT("I0304 5:06:07.0 2023 a:1] "),
	STR_INIT("E304 05:06:07.0 a.cpp:9] "), STR_INIT("[E304 05:06:07.0"), STR_INIT("[rankx]:"), STR_INIT("[ran3]:"), STR_INIT("(a b) "), STR_INIT("(a pid=7"),
	STR_INIT("[E304 "), STR_INIT("message repeated x times: [ "), STR_INIT("message repeated 2 times: "),
	/* carriers' that are not whole */
	STR_INIT("<4>1 2026-03-04T05:06:07Z gpu-7 kernel - - "), STR_INIT("<4>1 2026-03-04T05:06:07Z gpu-7 kernel - - [a b=\"c] "),
	STR_INIT("<4>1 2026-03-04T05:06:07Z gpu-7 kernel - - [a b=\"c\" "), STR_INIT("<4>1 2026-03-04T05:06:07 gpu-7 kernel - - - "),
	STR_INIT("2026-03-04T05:06:07Z {" W60 "wxyza=\"a\"} "), STR_INIT("2026-03-04T05:06:07Z {=\"a\"} "), STR_INIT("2026-03-04T05:06:07Z {host=a} "),
	STR_INIT("stdout F "), STR_INIT("2026-03-04T05:06:07Z stdout X "), STR_INIT("2026-03-04T05:06:07Z stdin F "), STR_INIT("[pod/a/b "),
	STR_INIT("177260076725\t2026-03-04T05:06:07.250Z\t"), STR_INIT("17726007672500\t2026-03-04T05:06:07.250Z\t"), STR_INIT("1772600767250,2026-03-04T05:06:07.250Z\t"),
	STR_INIT("7\t2026-03-04T05:06:07Z\t2026-03-04T05:06:09Z\t77\tgpu-7\t192.0.2.7\tKern\tWarning "), STR_INIT("7\t2026-03-04T05:06:07Z\t2026-03-04T05:06:09Z\tx\tgpu-7\t192.0.2.7\tKern\tWarning\tkernel\t"),
	STR_INIT("gpu-7 | CHANGED | rc=0 | a text of 41 bytes ... (stdout) "), STR_INIT("gpu-7 | CHANGED | (stdout) "), STR_INIT("gpu-7 CHANGED | rc=0 | (stdout) "),
	STR_INIT("[gpu 7] out: "), STR_INIT("[] out: "), STR_INIT("[gpu-7] in: "), STR_INIT("gpu-7 login: "), STR_INIT("gpu-7 logout: [    1.000000] "),
	STR_INIT("/ops/a[b]: "), STR_INIT("ops/a[b[c]: "), STR_INIT("ops/a[]: "), STR_INIT("a b c d 2026-03-04T05:06:07 "), STR_INIT("a_b/1 2026-03-04T05:06:07Z "), STR_INIT("gpu_7 kernel: "), STR_INIT("host kernel: "),
	STR_INIT("a:2026-03-04T05:06"), STR_INIT("1:x:2026-03-04T05:06:07Z "), STR_INIT("a b:2026-03-04T05:06:07Z "),
	STR_INIT(":2026-03-04T05:06:07Z "), STR_INIT("a:x:2026-03-04T05:06:07Z "),
	STR_INIT("/var/kern.log-88 Mar  4 05:06:07 gpu-7 kernel: "), STR_INIT("kern_log-x-Mar  4 05:06:07 gpu-7 kernel: "),
	STR_INIT("kern_log-88-Mar  4 05:06:07 gpu-7 kernel: "), STR_INIT("kmsg-A1 reader_b [    1.000000] "),
	STR_INIT("2026-03-04T05:06:07Z gpu-7 user.warning kernel: "), STR_INIT("2026-03-04T05:06:07Z gpu-7 kernels: "),
};

/* Whole lines that are not prefixes. */
static const struct str lines[] = {
	STR_INIT("1,1,1,-"), STR_INIT("[1.5"), STR_INIT("Mar 4 05:06:07"), STR_INIT("a:"), STR_INIT("1:"), STR_INIT("[pod/a"), STR_INIT("(a pid=7"),
	STR_INIT("[rank"), STR_INIT("[rank3"), STR_INIT("I"), STR_INIT("[E"), STR_INIT("["), STR_INIT("<4"), STR_INIT("7"), STR_INIT("gpu-7"), STR_INIT(".:"),
};

/* A stamp without a year, a time near it, and the expected time. */
static const struct {
	struct str stamp, near, is;
} years[] = {
	{STR_INIT("Dec 31 23:59:30 a kernel: "), STR_INIT("2027-01-01T00:00:10Z"), STR_INIT("2026-12-31T23:59:30Z")},
	{STR_INIT("Jan  1 00:00:05 a kernel: "), STR_INIT("2026-12-31T23:59:30Z"), STR_INIT("2027-01-01T00:00:05Z")},
	{STR_INIT("May 14 03:12:00 a kernel: "), STR_INIT("2026-05-14T03:00:00Z"), STR_INIT("2026-05-14T03:12:00Z")},
	{STR_INIT("Feb 29 03:12:00 a kernel: "), STR_INIT("2028-03-01T00:00:00Z"), STR_INIT("2028-02-29T03:12:00Z")},
	{STR_INIT("Feb 29 03:12:00 a kernel: "), STR_INIT("2026-03-01T00:00:00Z"), STR_INIT("")},
	{STR_INIT("May 14 03:12:00 a kernel: "), STR_INIT(""), STR_INIT("")},
	/* halfway between two years: the earlier; 29 February is at most 200 days away */
	{STR_INIT("Jan  1 00:00:00 a kernel: "), STR_INIT("2026-07-02T12:00:00Z"), STR_INIT("2026-01-01T00:00:00Z")},
	{STR_INIT("Jan  1 00:00:00 a kernel: "), STR_INIT("2026-07-02T12:00:01Z"), STR_INIT("2027-01-01T00:00:00Z")},
	{STR_INIT("Jan  1 00:00:00.25 a kernel: "), STR_INIT("2026-01-02T00:00:00Z"), STR_INIT("2026-01-01T00:00:00.25Z")},
	{STR_INIT("Feb 29 00:00:00 a kernel: "), STR_INIT("2028-09-16T00:00:00Z"), STR_INIT("2028-02-29T00:00:00Z")},
	{STR_INIT("Feb 29 00:00:00 a kernel: "), STR_INIT("2028-09-16T00:00:00.000000001Z"), STR_INIT("")},
	/* the first carrier's time is nearer than any other */
	{STR_INIT("2027-01-01T00:00:10Z stdout F 2020-06-01T00:00:00Z relay Dec 31 23:59:30 a kernel: "), STR_INIT("2022-01-01T00:00:00Z"),
		STR_INIT("2026-12-31T23:59:30Z")},
	/* settings that are not there */
	{STR_INIT("[    1.000000] "), STR_INIT("2026-03-01T00:00:00Z"), STR_INIT("")},
	{STR_INIT("Wed 2026-03-04 05:06:07 CEST a kernel: "), STR_INIT("2026-03-01T00:00:00Z"), STR_INIT("")},
	{STR_INIT("2026-03-04T05:06:07 a kernel: "), STR_INIT(""), STR_INIT("2026-03-04T05:06:07Z")},
};

/* Abbreviated names of months in en, de, fr, es, it and pt. */
static const struct {
	const char *name;
	int month;
} months[] = {
	{"Jan", 1}, {"Feb", 2}, {"Mar", 3}, {"Apr", 4}, {"May", 5}, {"Jun", 6}, {"Jul", 7}, {"Aug", 8}, {"Sep", 9}, {"Oct", 10}, {"Nov", 11}, {"Dec", 12},
	{"M\xc3\xa4r", 3}, {"M\xe4rz", 3}, {"Mai", 5}, {"Juni", 6}, {"Juli", 7}, {"Sept", 9}, {"Okt", 10}, {"Dez", 12},
	{"m\xe4r", 3}, {"m\xc3\xa4rz", 3}, {"janv", 1}, {"f\xe9vr", 2}, {"ao\xfbt", 8}, {"d\xe9""c", 12},
	{"janv.", 1}, {"f\xc3\xa9vr.", 2}, {"mars", 3}, {"avril", 4}, {"avr.", 4}, {"juin", 6}, {"juil.", 7}, {"ao\xc3\xbbt", 8}, {"d\xc3\xa9""c.", 12},
	{"ene", 1}, {"abr", 4}, {"ago", 8}, {"dic", 12}, {"gen", 1}, {"mag", 5}, {"giu", 6}, {"lug", 7}, {"set", 9}, {"ott", 10}, {"fev", 2}, {"out", 10},
};

static const struct str hosts[] = {STR_INIT("gpu-7"), STR_INIT("a"), STR_INIT("7a"), STR_INIT("10.0.0.7"), STR_INIT("a_b"), STR_INIT("kernels")},
			not_hosts[] = {STR_INIT(""), STR_INIT("7"), STR_INIT("0123456789"), STR_INIT("kernel"), STR_INIT("a/b"), STR_INIT("a b"), STR_INIT("a:")};

int
main(void)
{
	const struct stamps_clock clock = {.year = 2026, .zone = 2 * HOUR, .zoned = true, .boot = T0}, unset = {.boot = NO_TIME};
	struct buf b = {0};
	struct stamped known = {0};
	struct stamps s;
	struct str rest;
	int64_t t, near;

	TEST("prefixes of lines");
	for (size_t i = 0; i < NELEM(rows); i++) {
		b.n = 0;
		buf_add(&b, rows[i].in_front);
		buf_add(&b, S(MESSAGE));
		rest = buf_str(&b);
		stamps_eat(&rest, &s);
		CHECK_ROW(i, str_eq(rest, S(MESSAGE)));
		CHECK_ROW(i, s.at.kind == rows[i].kind);
		CHECK_ROW(i, str_eq(s.host, rows[i].host));
		CHECK_ROW(i, s.program == rows[i].program);
		CHECK_ROW(i, stamps_time(&s, &clock, NO_TIME) == rows[i].t);
	}

	TEST("text that is not a stamp");
	for (size_t i = 0; i < NELEM(none); i++) {
		b.n = 0;
		buf_add(&b, none[i]);
		buf_add(&b, S(MESSAGE));
		rest = buf_str(&b);
		stamps_eat(&rest, &s);
		CHECK_ROW(i, !str_eq(rest, S(MESSAGE)));
	}

	TEST("whole lines that are not stamps");
	for (size_t i = 0; i < NELEM(lines); i++) {
		rest = lines[i];
		stamps_eat(&rest, &s);
		CHECK_ROW(i, str_eq(str_trim(rest), str_trim(lines[i])) && s.at.kind == STAMP_NONE);
	}

	TEST("no byte behind a line is read");
	for (size_t i = 0; i < NELEM(rows) + NELEM(none); i++) {
		struct str line = i < NELEM(rows) ? rows[i].in_front : none[i - NELEM(rows)];

		for (size_t n = 0; n <= line.n; n++) {
			rest = test_edge(str_head(line, n));
			stamps_eat(&rest, &s);
		}
	}

	TEST("prefixes of up to 2 KiB");
	for (size_t n = 2047; n <= 2049; n++) {
		b.n = 0;
		buf_add(&b, S("1.5 {a=\""));
		while (b.n < 4 + n - 2) /* after "1.5 " */
			buf_chr(&b, 'x');
		buf_add(&b, S("\"}" MESSAGE));
		rest = buf_str(&b);
		stamps_eat(&rest, &s);
		CHECK_ROW(n, str_eq(rest, S(MESSAGE)) == (n <= 2048));
	}

	TEST("minutes of up to 36 bytes");
	for (size_t n = 20; n <= 40; n++) {
		b.n = 0;
		buf_add(&b, S("[Mar"));
		while (b.n < 1 + n - 7)
			buf_chr(&b, ' ');
		buf_add(&b, S("4 05:06] " MESSAGE));
		rest = buf_str(&b);
		stamps_eat(&rest, &s);
		CHECK_ROW(n, str_eq(rest, S(MESSAGE)) && s.at.kind == (n <= 36 ? STAMP_YEARLESS : STAMP_NONE) && s.minute == (n <= 36));
	}

	TEST("no zone explains more than 15 hours");
	CHECK(!stamps_is_old(T0, T0 + 15 * HOUR) && stamps_is_old(T0, T0 + 15 * HOUR + 1) && !stamps_is_old(T0 + 24 * HOUR, T0));

	TEST("what dmesg -H prints");
	rest = S("[Mar 4 05:06] " MESSAGE);
	stamps_eat(&rest, &s);
	CHECK(s.minute && !s.relative);
	rest = S("[  +0.000010] " MESSAGE);
	stamps_eat(&rest, &s);
	CHECK(!s.minute && s.relative);
	rest = S("[    1.000000] " MESSAGE);
	stamps_eat(&rest, &s);
	CHECK(!s.minute && !s.relative);

	TEST("the year nearest to another time");
	for (size_t i = 0; i < NELEM(years); i++) {
		rest = years[i].stamp;
		stamps_eat(&rest, &s);
		near = NO_TIME;
		t = NO_TIME;
		time_parse(years[i].near, &near);
		time_parse(years[i].is, &t);
		CHECK_ROW(i, stamps_time(&s, &unset, near) == t);
	}

	TEST("months by their names");
	for (size_t i = 0; i < NELEM(months); i++) {
		char stamp[48], is[32];

		snprintf(stamp, sizeof(stamp), "%s  4 05:06:07 gpu-7 kernel: ", months[i].name);
		snprintf(is, sizeof(is), "2026-%02d-04T05:06:07Z", months[i].month);
		rest = str_of(stamp);
		stamps_eat(&rest, &s);
		t = NO_TIME;
		CHECK_ROW(i, time_parse(str_of(is), &t) && stamps_time(&s, &(struct stamps_clock){.year = 2026, .zoned = true, .boot = NO_TIME}, NO_TIME) == t);
	}

	TEST("the end of a repeated message");
	rest = S("Mar  4 05:06:07 a kernel: message repeated 2 times: [ " MESSAGE "]");
	stamps_eat(&rest, &s);
	CHECK(str_eq(rest, S(MESSAGE)));

	TEST("a task's number is not a host");
	rest = S("12: 2026-03-04T05:06:07Z " MESSAGE);
	stamps_eat(&rest, &s);
	CHECK(s.task && !s.host.n);
	rest = S("gpu-7: 2026-03-04T05:06:07Z " MESSAGE);
	stamps_eat(&rest, &s);
	CHECK(!s.task && s.host.n);

	TEST("names of hosts");
	for (size_t i = 0; i < NELEM(hosts); i++)
		CHECK_ROW(i, stamps_is_host(hosts[i]));
	for (size_t i = 0; i < NELEM(not_hosts); i++)
		CHECK_ROW(i, !stamps_is_host(not_hosts[i]));

	TEST("the stamps of a line are kept");
	for (size_t i = 0; i < 3; i++) { /* the same line, one of its length, a part of it */
		rest = i == 0 ? S("2026-03-04T05:06:07Z gpu-7 kernel: a") : i == 1 ? S("2026-03-04T05:06:07Z gpu-8 kernel: a") : str_head(known.line, 34);
		stamps_eat_known(&rest, &s, &known);
		CHECK_ROW(i, str_eq(s.host, i == 0 ? S("gpu-7") : S("gpu-8")) && str_eq(rest, i < 2 ? S("a") : S("")));
		known.s.task = true; /* so that a kept one is seen */
		rest = known.line;
		stamps_eat_known(&rest, &s, &known);
		CHECK_ROW(i, s.task);
	}

	TEST("zones");
	CHECK(stamps_zone(S("UTC"), &t) && t == 0);
	CHECK(stamps_zone(S("Z"), &t) && t == 0);
	CHECK(stamps_zone(S("+05:30"), &t) && t == 5 * HOUR + HOUR / 2);
	CHECK(stamps_zone(S("-0700"), &t) && t == -7 * HOUR);
	CHECK(!stamps_zone(S(""), &t) && !stamps_zone(S("CEST"), &t) && !stamps_zone(S("+25:00"), &t) && !stamps_zone(S("+02:00x"), &t));

	buf_free(&b);
	return test_done();
}
