/*
 * adversarial - inputs that are designed to be slow, large or misleading, for the
 * filters themselves: each run must stay within limits of time and memory and
 * end with the right status and message.  The limits are those under LIMITS in
 * the manual pages.  Inputs of variable size are tried at a quarter of the size,
 * too: time, memory and output may be five times as much at the full size;
 * quadratic code would need sixteen times as much.
 *	O=build adversarial
 */
#define _DEFAULT_SOURCE /* wait4 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"

#if defined(__SANITIZE_ADDRESS__)
#define SLOW 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SLOW 1
#endif
#endif
#ifndef SLOW
#define SLOW 0
#endif

enum { SECONDS = SLOW ? 100 : 20, FULL = SLOW ? 20 * 1000 : 200 * 1000 };
enum { MB = 1024 * 1024 };
#define T0 1790000000000000000LL

static FILE *f;
static long N; /* size of inputs that can have any size */

static void
times(long n, const char *what)
{
	while (n--)
		fputs(what, f);
}

static void
xid(const char *node, int code, long long t)
{
	fprintf(f, "{\"kernelevents.xid\":%d,\"gpu.id\":\"0000:3b:00.0\",\"k8s.node.name\":\"%s\",\"time\":%lld}\n", code, node, t);
}

static void
loss(const char *node, long pod, long long t)
{
	fprintf(f, "{\"k8s.event.reason\":\"Evicted\",\"k8s.pod.name\":\"p%ld\",\"k8s.node.name\":\"%s\",\"time\":%lld}\n", pod, node, t);
}

/* ---- the inputs ---- */

static void
deep_arrays(void)
{
	times(20L * MB, "[");
}

static void
deep_objects(void)
{
	times(4L * MB, "{\"kernelevents.xid\":");
}

static void
deep_lines(void)
{
	times(N, "[\n");
}

static void
deep_but_good(void)
{
	for (long i = 0; i < N / 100; i++) {
		fputs("{\"kernelevents.xid\":", f);
		times(510, "[");
		times(510, "]");
		fputs("}\n", f);
	}
}

static void
many_keys(void)
{
	fputs("{\"kernelevents.xid\":79", f);
	for (long i = 0; i < 5L * N; i++)
		fprintf(f, ",\"k%ld\":%ld", i, i);
	fputs("}\n", f);
}

static void
same_key(void)
{
	fputs("{\"kernelevents.xid\":79", f);
	times(5L * N, ",\"kernelevents.xid\":79");
	fputs("}\n", f);
}

static void
many_names(void)
{
	char node[32];

	for (long i = 0; i < N; i++) {
		snprintf(node, sizeof(node), "node-%ld", i * 7919 % N);
		xid(node, 79, T0 + i);
		loss(node, i, T0 + 1000 + i);
	}
}

static void
long_number(void)
{
	fputs("{\"kernelevents.xid\":", f);
	times(50L * MB, "9");
	fputs("}\n{\"kernelevents.xid\":1e", f);
	times(5L * MB, "9");
	fputs("}\n", f);
}

static void
longer_number(void)
{
	fputs("{\"kernelevents.xid\":", f);
	times(70L * MB, "9");
	fputs("}\n", f);
}

static void
long_name(void)
{
	fputs("{\"kernelevents.xid\":79,\"k8s.node.name\":\"", f);
	times(30L * MB, "N.");
	fputs("\"}\n", f);
}

static void
equal_times(void)
{
	for (long i = 0; i < N; i++) {
		xid("n", (int)(i % 4) + 1, T0);
		loss("n", i, T0);
	}
}

/* Verdicts with as much content as possible, repeated. */
static void
all_codes(void)
{
	for (long i = 0; i < N / 20; i++) {
		xid("n", (int)(i % 170) + 1, T0);
		loss("n", i, T0);
	}
}

/* Ascending and descending runs, and runs of two: worst cases for other sorts. */
static void
sort_killers(void)
{
	for (long i = 0; i < N; i++)
		xid("n", 79, T0 + (i < N / 2 ? i : N - i) * 1000);
	for (long i = 0; i < N; i++)
		xid("n", 31, T0 + (i ^ 1) * 1000);
	for (long i = 0; i < N; i++)
		xid("n", 48, T0 - i * 1000);
}

static void
escaping(void)
{
	static const char *const names[] = {
		"\\u001b[2J\\u001b]0;owned\\u0007", "\x9b" "31m", "a\\u202eb", "\xff\xfe\xc0\x80", "\\ud800", "\\u0000",
		"\xed\xa0\x80", "\xc2\x9b" "2J", "\\r\\nfake: line", "\\u007f\\b", "\xe2\x80\xae",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		fprintf(f, "{\"kernelevents.xid\":79,\"gpu.id\":\"0000:3b:00.0\",\"k8s.node.name\":\"n%zu%s\","
			"\"kernelevents.message\":\"NVRM: %s\",\"time\":%lld}\n", i, names[i], names[i], T0);
		fprintf(f, "{\"k8s.event.reason\":\"Evicted\",\"k8s.pod.name\":\"p%s\",\"k8s.event.uid\":\"%s\",\"k8s.event.note\":\"%s\","
			"\"k8s.node.name\":\"n%zu%s\",\"time\":%lld}\n", names[i], names[i], names[i], i, names[i], T0);
	}
}

static void
borders(void)
{
	static const char *const numbers[] = {
		"0", "-1", "127", "128", "255", "256", "32767", "32768", "65535", "65536", "2147483647", "2147483648", "-2147483648",
		"-2147483649", "4294967295", "4294967296", "9007199254740993", "9223372036854775807", "9223372036854775808",
		"-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616", "1e999999999",
		"-1e-999999999", "1e18", "1e19", "0.9999999999999999999999",
	};
	static const char *const members[] = {
		"kernelevents.xid", "time", "nccl.rank", "nccl.fr.collective_seq_id", "nccl.fr.time_created_ns", "nccl.fr.input_sizes",
		"hw.errors", "hw.errors.delta", "hw.gpu.clocks_event_reasons", "hw.gpu.thermal_violation_ns", "hw.temperature",
		"hw.gpu.sm_clock", "start_time", "tracecore.alert.pcie_rate_collapse.bytes_per_second",
		"tracecore.alert.pcie_rate_collapse.baseline_bytes_per_second",
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		for (size_t k = 0; k < sizeof(members) / sizeof(*members); k++)
			for (int s = 0; s < 2; s++)
				fprintf(f, "{\"kernelevents.xid\":79,\"hw.errors\":5,\"nccl.rank\":1,\"nccl.fr.collective_seq_id\":5,"
					"\"nccl.fr.pg_id\":\"g\",\"hw.gpu.clocks_event_reasons\":32,\"gpu.id\":\"0000:3b:00.0\","
					"\"error.type\":\"uncorrected\",\"time\":%lld,\"%s\":%s%s%s}\n",
					T0, members[k], s ? "\"" : "", numbers[i], s ? "\"" : "");
}

static void
ends_of_time(void)
{
	static const char *const at[] = {
		"1677-09-21T00:12:43.145224193Z", "1677-09-21T00:12:43.145224192Z", "0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999999999Z",
		"2262-04-11T23:47:16.854775807Z", "2262-04-11T23:47:16.854775808Z", "9999-12-31T23:59:59Z", "99999-01-01T00:00:00Z",
		"2026-02-30T00:00:00Z", "2026-06-30T23:59:60Z",
	};

	for (size_t i = 0; i < sizeof(at) / sizeof(*at); i++)
		for (size_t k = 0; k < sizeof(at) / sizeof(*at); k++)
			fprintf(f, "{\"kernelevents.xid\":79,\"gpu.id\":\"0000:3b:00.0\",\"k8s.node.name\":\"n%zu\",\"time\":\"%s\"}\n"
				"{\"k8s.event.reason\":\"Evicted\",\"k8s.pod.name\":\"p%zu\",\"k8s.node.name\":\"n%zu\",\"time\":\"%s\"}\n"
				"{\"hw.gpu.clocks_event_reasons\":32,\"gpu.id\":\"0000:3b:00.0\",\"k8s.node.name\":\"n%zu\",\"time\":\"%s\"}\n",
				i, at[i], k, i, at[k], i, at[k]);
}

/* One resource with many attributes, and as many records that look them up. */
static void
otlp_resource_of(const char *gate)
{
	fputs("{\"resourceLogs\":[{\"resource\":{\"attributes\":[", f);
	for (long i = 0; i < N / 4; i++)
		fprintf(f, "{\"key\":\"k%ld\",\"value\":{\"intValue\":1}},", i);
	fputs("{\"key\":\"z\",\"value\":{}}]},\"scopeLogs\":[{\"logRecords\":[", f);
	for (long i = 0; i < N / 4; i++)
		fprintf(f, "%s{\"timeUnixNano\":\"%lld\",\"attributes\":[{\"key\":\"%s\",\"value\":{\"intValue\":79}}]}",
			i ? "," : "", T0 + i, gate);
	fputs("]}]}]}\n", f);
}

static void
otlp_resource(void)
{
	otlp_resource_of("kernelevents.xid");
}

static void
otlp_resource_labels(void)
{
	otlp_resource_of("hw.errors");
}

/* One object with a long node name, and many lines in it. */
static void
envelope_of_lines(void)
{
	fputs("{\"host\":\"", f);
	times(100 * N, "n");
	fputs("\",\"records\":[", f);
	for (long i = 0; i < N; i++)
		fprintf(f, "%s{\"log\":\"NVRM: Xid (PCI:0000:3b:00): %ld, x\"}", i ? "," : "", i % 170);
	fputs("]}\n", f);
}

static void
many_items(void)
{
	fputs("{\"kind\":\"List\",\"items\":[", f);
	for (long i = 0; i < N / 2; i++)
		fprintf(f, "%s{\"kind\":\"Event\",\"reason\":\"Evicted\",\"involvedObject\":{\"kind\":\"Pod\",\"name\":\"p%ld\"},"
			"\"source\":{\"host\":\"n\"},\"lastTimestamp\":\"2026-05-14T03:00:00Z\"}", i ? "," : "", i);
	fputs("]}\n", f);
}

/* Many kernel messages in one text, and lines that resemble them. */
static void
one_message(void)
{
	fputs("{\"MESSAGE\":\"", f);
	times(N, "NVRM: Xid (PCI:0000:3b:00): \\nNVRM: Xid (PCI:0000:3b:00): 79, x\\nPCIe Bus Error: severity=");
	fputs("\",\"_TRANSPORT\":\"kernel\"}\n", f);
}

static void
pickle_of_itself(void) /* l = []; l.append(l), over and over */
{
	fputs("\x80\x02]q", f);
	fputc(0, f);
	for (long i = 0; i < N; i++) {
		fputc('h', f);
		fputc(0, f);
		fputc('a', f);
	}
	fputc('.', f);
}

static void
pickle_doubles(void) /* t = (t, t), 64 times: 2^64 leaves */
{
	fputs("\x80\x04)\x94", f);
	for (int i = 0; i < 64; i++) {
		fputs("h", f);
		fputc(i, f);
		fputs("\x86\x94", f);
	}
	fputc('.', f);
}

static void
pickle_counts(void) /* missing strings, frames and memo numbers */
{
	fputs("\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7f]r\xff\xff\xff\xff", f);
	fputs("\x8d\xff\xff\xff\xff\xff\xff\xff\xff", f);
}

static void
pickle_deep(void)
{
	fputs("\x80\x02", f);
	times(2L * MB, "]");
	times(2L * MB - 1, "a");
	fputc('.', f);
}

/* ---- a known hard case: many series that share a name ---- */

static void
series_and_losses(void)
{
	for (long i = 0; i < N / 10; i++)
		fprintf(f, "{\"kernelevents.xid\":%d,\"gpu.id\":\"%04lx:3b:00.0\",\"k8s.node.name\":\"n\",\"time\":%lld}\n", 79, i, T0);
	for (long i = 0; i < N / 10; i++)
		loss("n", i, T0 + 1000000000);
}

static void
nodes_of_a_label(void)
{
	for (long i = 0; i < N; i++)
		fprintf(f, "{\"hw.errors\":%ld,\"error.type\":\"uncorrected\",\"gpu.id\":\"0000:3b:00.0\",\"k8s.node.name\":\"gpu-7.r%ld\","
			"\"time\":%lld}\n", i % 3, i / 2, T0 + i);
	for (long i = 0; i < N; i++)
		fprintf(f, "{\"hw.gpu.clocks_event_reasons\":32,\"gpu.id\":\"0000:3b:00.0\",\"k8s.node.name\":\"gpu-7.r%ld\",\"time\":%lld}\n",
			i, T0);
}

/* ---- inputs that once took quadratic time, and similar ones ---- */

static void
stamps_of(const char *stamp)
{
	fputs("{\"_TRANSPORT\":\"kernel\",\"_HOSTNAME\":\"a\",\"MESSAGE\":\"", f);
	times(N, stamp);
	fputs("NVRM: Xid (PCI:0000:3b:00): 79, x\"}\n", f);
}

static void
stamps_bracket(void)
{
	stamps_of("[1]");
}

static void
stamps_level(void)
{
	stamps_of("<1>");
}

static void
stamps_seconds(void)
{
	stamps_of("1.1 ");
}

static void
stamps_facility(void)
{
	stamps_of("k:w:");
}

static void
health_event(void)
{
	fputs("{\"nodeName\":\"a\",\"checkName\":\"SysLogsXIDError\",\"generatedTimestamp\":\"2026-01-01T00:00:00Z\",\"message\":\"", f);
	times(N, " ");
	fputs("\",\"errorCode\":[\"79\"", f);
	times(N, ",\"79\"");
	fputs("],\"entitiesImpacted\":[{}", f);
	times(N, ",{\"entityType\":\"X\",\"entityValue\":\"y\"}");
	fputs("]}\n", f);
}

/* One resource with an attribute that contains long text, and many records. */
static void
resource(const char *attribute, const char *value, const char *what, const char *how, const char *record)
{
	fprintf(f, "{\"resource%s\":[{\"resource\":{\"attributes\":[", what);
	for (long i = 0; i < N; i++)
		fprintf(f, "{\"key\":\"k%ld\",\"value\":{\"intValue\":1}},", i);
	fprintf(f, "{\"key\":\"%s\",\"value\":{\"stringValue\":\"%s", attribute, value);
	times(100 * N, "a");
	fprintf(f, "\"}}]},\"scope%s\":[{\"%s\":[{}", what, how);
	for (long i = 0; i < N; i++)
		fprintf(f, record, T0 + i * 1000000000);
	fputs(what[0] == 'L' ? "]}]}]}\n" : "]}}]}]}]}\n", f);
}

static void
resource_inner(void)
{
	resource("host.name", "", "Logs", "logRecords",
		 ",{\"timeUnixNano\":\"%lld\",\"body\":{\"stringValue\":\"{\\\"MESSAGE\\\":\\\"NVRM: x\\\"}\"}}");
}

static void
resource_namespace(void)
{
	resource("k8s.namespace.name", "", "Logs", "logRecords",
		 ",{\"timeUnixNano\":\"%lld\",\"attributes\":[{\"key\":\"k8s.event.reason\",\"value\":{\"stringValue\":\"Evicted\"}},"
		 "{\"key\":\"k8s.pod.name\",\"value\":{\"stringValue\":\"p\"}}]}");
}

static void
resource_gpu(void)
{
	resource("gpu.id", "GPU-", "Logs", "logRecords",
		 ",{\"timeUnixNano\":\"%lld\",\"attributes\":[{\"key\":\"kernelevents.xid\",\"value\":{\"intValue\":\"79\"}}]}");
}

static void
resource_uuid(void)
{
	resource("gpu.uuid", "GPU-", "Metrics", "metrics\":[{\"name\":\"DCGM_FI_DEV_GPU_TEMP\",\"gauge\":{\"dataPoints",
		 ",{\"timeUnixNano\":\"%lld\",\"asInt\":\"50\"}");
}

static void
cursor(void)
{
	fputs("{\"_TRANSPORT\":\"kernel\",\"_HOSTNAME\":\"a\",\"__CURSOR\":\"", f);
	times(40 * N, "c");
	fputs("\",\"_BOOT_ID\":\"", f);
	times(40 * N, "b");
	fputs("\",\"MESSAGE\":\"", f);
	for (long i = 0; i < N; i++)
		fprintf(f, "NVRM: Xid (PCI:0000:3b:00): %ld, x\\n", i % 900 + 1);
	fputs("\"}\n", f);
}

static void
collective(const char *group, long i, long seq)
{
	fprintf(f, ",{\"process_group\":[\"%s%ld\",\"d\"],\"pg_id\":0,\"collective_seq_id\":%ld,\"profiling_name\":\"nccl:all_reduce\","
		"\"state\":\"scheduled\",\"time_created_ns\":%lld}", group, i, seq, T0);
}

/* Two of N ranks hang in N collectives. */
static void
silent_ranks(void)
{
	for (int rank = 0; rank < 2; rank++) {
		fprintf(f, "{\"version\":\"2.5\",\"rank\":%d,\"pg_config\":{\"0\":{\"name\":\"g0\",\"desc\":\"d\",\"ranks\":\"[0", rank);
		for (long i = 1; i < N; i++)
			fprintf(f, ",%ld", i);
		fputs("]\"}},\"entries\":[{}", f);
		for (long i = 0; i < N; i++)
			collective("g", 0, i);
		fputs("]}\n", f);
	}
}

/* Two ranks that are behind each other in some of N groups. */
static void
many_groups(void)
{
	for (int rank = 0; rank < 2; rank++) {
		fprintf(f, "{\"version\":\"2.5\",\"rank\":%d,\"pg_config\":{},\"entries\":[{}", rank);
		for (long i = 0; i < N; i++)
			collective("g", i, rank);
		collective("h", 1, 1 - rank);
		fputs("]}\n", f);
	}
}

static void
placements(void)
{
	for (long i = 0; i < N; i++)
		fprintf(f, "{\"k8s.event.reason\":\"Scheduled\",\"k8s.pod.name\":\"p0\",\"k8s.node.name\":\"n%ld\",\"time\":%lld}\n", i,
			T0 + i * 1000000000);
	for (long i = 0; i < N; i++)
		fprintf(f, "{\"k8s.event.reason\":\"Evicted\",\"k8s.pod.name\":\"p0\",\"time\":%lld}\n", T0 + i * 1000000000000);
}

/* An answer about eight GPUs of each of N nodes. */
static void
answer(void)
{
	fputs("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{}", f);
	for (long i = 0; i < 8 * N; i++)
		fprintf(f, ",{\"metric\":{\"__name__\":\"DCGM_FI_DEV_ECC_DBE_VOL_TOTAL\",\"gpu\":\"%ld\",\"Hostname\":\"n%ld\"},"
			"\"value\":[1790000000,\"0\"]}", i % 8, i / 8);
	fputs("]}}\n", f);
}

/* Nodes in an object, by name: the context of each must be kept. */
static void
map_of_nodes(void)
{
	fputs("{\"n\":0", f);
	for (long i = 0; i < N; i++)
		fprintf(f, ",\"n%ld\":{\"host\":\"n%ld\",\"log\":\"NVRM: Xid (PCI:0000:3b:00): 79, x\"}", i, i);
	fputs("}\n", f);
}

static void
hot(long node, long gpu, int reasons, long long seconds)
{
	fprintf(f, "{\"hw.gpu.clocks_event_reasons\":%d,\"gpu.id\":\"%04lx:%02lx:00.0\",\"k8s.node.name\":\"n%ld\",\"time\":%lld}\n", reasons,
		gpu % 65536, gpu / 65536, node, T0 + seconds * 1000000000);
}

static void
hot_and_cool(void)
{
	for (long i = 0; i < 3 * N; i++)
		hot(0, 0, i / 3 % 2 ? 64 : 0, i * 60);
}

static void
hot_gpus(void)
{
	for (long i = 0; i < 3 * N; i++)
		hot(0, i / 3, 64, i % 3 * 60);
}

static void
hot_nodes(void)
{
	for (long i = 0; i < 3 * N; i++)
		hot(i / 3, 0, 64, i % 3 * 60 + i / 3);
}

/* Two at a time, each overlapping the next. */
static void
hot_chain(void)
{
	for (long i = 0; i < 3 * N; i++)
		hot(i / 3, 0, 64, i % 3 * 60 + i / 3 * 100);
}

static void
hot_uuids(void)
{
	for (long i = 0; i < 2 * N; i++)
		fprintf(f, "{\"hw.gpu.clocks_event_reasons\":64,\"gpu.uuid\":\"GPU-%08lx\"%s,\"k8s.node.name\":\"n\",\"time\":%lld}\n", i / 2,
			i % 2 ? ",\"gpu.id\":\"0000:3b:00.0\"" : "", T0 + i % 2 * 60000000000);
}

static void
pickle_tuples(void)
{
	fputs("\x80\x02", f);
	times(8L * MB, ")");
}

static void
pickle_lists(void)
{
	fputs("\x80\x02]", f);
	for (int i = 0; i < 8000; i++) {
		fputc('(', f);
		times(1000, "]");
		fputc('e', f);
	}
	fputc('.', f);
}

/* Xids of one node, some in bursts, some far apart. */
static void
incident_xids(void)
{
	static const int codes[] = {79, 48, 43, 31};

	for (long i = 0; i < N; i++)
		fprintf(f, "{\"kernelevents.xid\":%d,\"gpu.id\":\"0000:%02lx:00.0\",\"k8s.node.name\":\"n\",\"time\":%lld}\n", codes[i % 4],
			i % 64, T0 + (i / 16 * 200 + i % 16) * 1000000000);
}

/* Workers that fail, and their watchdogs, which timed out before. */
static void
incident_pods(void)
{
	for (long i = 0; i < N; i++) {
		fprintf(f, "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"w-%ld\",\"namespace\":\"t\",\"uid\":\"u%ld\",\"labels\":{"
			"\"training.kubeflow.org/job-name\":\"j%ld\",\"training.kubeflow.org/replica-type\":\"worker\","
			"\"training.kubeflow.org/replica-index\":\"%ld\"}},\"spec\":{\"nodeName\":\"n%ld\",\"containers\":[{\"name\":\"t\","
			"\"resources\":{\"limits\":{\"nvidia.com/gpu\":\"1\"}}}]},\"status\":{\"containerStatuses\":[{\"name\":\"t\","
			"\"state\":{\"terminated\":{\"exitCode\":1,\"finishedAt\":\"%04ld-05-14T02:10:07Z\"}}}]}}\n",
			i, i, i / 4, i % 4, i / 8, 2026 + i % 50);
		fprintf(f, "{\"time\":\"%04ld-05-14T02:10:00Z\",\"kubernetes\":{\"pod_name\":\"w-%ld\",\"namespace_name\":\"t\"},"
			"\"log\":\"[rank%ld]:[E1] [PG 0 Rank %ld] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=9, "
			"OpType=ALLREDUCE, NumelIn=1, NumelOut=1, Timeout(ms)=600000) ran for 600000 milliseconds before timing out.\"}\n",
			2026 + i % 50, i, i % 4, i % 4);
	}
}

/* Events without text, in a record of as many members. */
static void
wide_record(void)
{
	fputc('{', f);
	for (long i = 0; i < N; i++)
		fprintf(f, "\"k%ld\":1,", i);
	fputs("\"items\":[{}", f);
	for (long i = 0; i < N; i++)
		fprintf(f, ",{\"involvedObject\":{\"kind\":\"Pod\",\"name\":\"p%ld\",\"namespace\":\"n\"},\"reason\":\"Evicted\","
			"\"source\":{\"component\":\"kubelet\",\"host\":\"g\"},\"firstTimestamp\":\"2026-05-14T03:00:00Z\"}", i);
	fputs("]}\n", f);
}

/* Values without newlines between them, as written by Firehose. */
static void
one_line(void)
{
	for (long i = 0; i < N; i++)
		fprintf(f, "{\"kernelevents.xid\":79,\"gpu.id\":\"3b:00.0\",\"time\":%lld,\"x\":[{}]}", T0 + i);
}

/* Timeouts of one collective, each of a different shape; every other line names
 * a group. */
static void
one_number(void)
{
	for (long i = 0; i < N; i++)
		fprintf(f, "[rank%ld]:[E0514 02:10:00.%06ld ProcessGroupNCCL.cpp:629] %s Watchdog caught collective operation timeout: "
			"WorkNCCL(SeqNum=9, OpType=ALLREDUCE, NumelIn=%ld, NumelOut=1, Timeout(ms)=600000) ran for %ld milliseconds "
			"before timing out.\n", i, i, i % 2 ? "[PG ID 2 PG GUID 3 Rank 1]" : "[Rank 1]", i, 600000 + i);
}

/* Failures, each in its own group. */
static void
own_groups(void)
{
	for (long i = 0; i < N; i++)
		fprintf(f, "[rank1]:[E0514 02:10:00.%06ld ProcessGroupNCCL.cpp:2395] [PG ID %ld PG GUID %ld Rank 1]  failure detected by watchdog "
			"at work sequence id: 9 PG status: last enqueued work: 9, last completed work: 8\n", i, i, i);
}

/* Failing PCIe links, each on its own node. */
static void
incident_links(void)
{
	for (long i = 0; i < N; i++) {
		const char *head = "{\"__REALTIME_TIMESTAMP\":\"%lld\",\"_HOSTNAME\":\"n%ld\",\"_TRANSPORT\":\"kernel\",\"MESSAGE\":\"%s\"}\n";

		fprintf(f, head, T0 / 1000 + i, i, "pcieport 0000:00:1c.0: AER: Uncorrected (Fatal) error received: 0000:04:00.0");
		fprintf(f, head, T0 / 1000 + i, i, "NVRM: Xid (PCI:0000:04:00): 79, GPU has fallen off the bus.");
	}
}

/* Verdicts on hangs without a place, and as many broken GPUs. */
static void
incident_hangs(void)
{
	for (long i = 0; i < N; i++) {
		fprintf(f, "{\"pattern.id\":\"15\",\"id\":\"v%ld\",\"diagnosis\":\"silent\",\"culprit_ranks\":[%ld],\"waiting_ranks\":[8,9],"
			"\"evidence_trail\":[{\"kind\":\"nccl_record\",\"uid\":\"u%ld\",\"timestamp\":\"%04ld-%02ld-%02ldT02:00:00Z\","
			"\"description\":\"x\"}]}\n", i, i % 8, i, 2000 + i / 336 % 400, i / 28 % 12 + 1, i % 28 + 1);
		xid("n", 79, T0 + i * 120000000000);
	}
}

/* A job of many ranks hangs again and again. */
static void
incident_ranks(void)
{
	for (long i = 0; i < N; i++) {
		fprintf(f, "{\"gen_ai.training.rank\":%ld,\"nccl.fr.process_group\":\"0\",\"nccl.fr.collective_seq_id\":1,\"nccl.fr.state\":\"completed\","
			"\"nccl.fr.time_created_ns\":%lld,\"nccl.fr.time_discovered_completed_ns\":%lld}\n", i, T0, T0 + 1);
		fprintf(f, "{\"pattern.id\":\"15\",\"id\":\"v%ld\",\"diagnosis\":\"silent\",\"culprit_ranks\":[%ld],\"waiting_ranks\":[8,9],"
			"\"evidence_trail\":[{\"kind\":\"nccl_record\",\"uid\":\"u%ld\",\"timestamp\":\"%04ld-%02ld-%02ldT02:00:00Z\","
			"\"description\":\"x\"}]}\n", i, i % 8, i, 2000 + i / 336 % 400, i / 28 % 12 + 1, i % 28 + 1);
	}
}

/* Failed tasks on a node each, as many as a few bytes can report. */
static void
many_tasks(void)
{
	for (long i = 0; i < N; i++)
		fprintf(f, "{\"time\":\"2026-06-03T02:36:06Z\",\"log\":\"srun: error: n%ld: tasks 0-4095: Aborted\"}\n", i);
}

/* ---- the cases ---- */

static const struct row {
	const char *name, *filter, *option;
	void (*make)(void);
	int status;
	int mb;     /* limit of memory */
	const char *says; /* text that the messages must contain; NULL: any */
	long n;           /* the full size, after a quarter of it; 0: fixed size */
} rows[] = {
	{"20 million open arrays", "xid-correlate", NULL, deep_arrays, 3, 120, "nested deeper than 512 at byte 513", 0},
	{"4 million open objects", "xid-correlate", "--strict", deep_objects, 3, 400, "nested deeper than 512", 0},
	{"open arrays, one per line", "xid-correlate", NULL, deep_lines, 3, 32, "more rejected", FULL},
	{"arrays at the depth limit", "xid-correlate", NULL, deep_but_good, 3, 32, NULL, FULL},
	{"a million values in a line", "xid-correlate", NULL, one_line, 0, 250, NULL, 5 * FULL},
	{"a million members", "xid-correlate", NULL, many_keys, 0, 250, NULL, FULL},
	{"one member a million times", "xid-correlate", NULL, same_key, 0, 250, NULL, FULL},
	{"many nodes and pods", "xid-correlate", NULL, many_names, 0, 400, NULL, FULL},
	{"50 million digits", "xid-correlate", NULL, long_number, 3, 300, NULL, 0},
	{"70 million digits", "xid-correlate", NULL, longer_number, 3, 300, "longer than --max-line=67108864", 0},
	{"a name of 60 MB", "xid-correlate", NULL, long_name, 0, 500, NULL, 0},
	{"equal times", "xid-correlate", NULL, equal_times, 0, 600, NULL, FULL},
	{"an Xid of each code before each loss", "xid-correlate", NULL, all_codes, 0, 64, NULL, FULL},
	{"sort killers", "xid-correlate", NULL, sort_killers, 0, 300, NULL, FULL},
	{"terminal escapes and invalid UTF-8, as text", "xid-correlate", "-otext", escaping, 0, 32, NULL, 0},
	{"terminal escapes and invalid UTF-8, explained", "pod-evicted", "--explain", escaping, 0, 32, NULL, 0},
	{"numbers at every limit", "xid-correlate", "--explain", borders, 3, 32, NULL, 0},
	{"numbers at every limit", "nccl-hang", "--explain", borders, 3, 32, NULL, 0},
	{"numbers at every limit", "hbm-ecc", "--explain", borders, 3, 32, NULL, 0},
	{"numbers at every limit", "thermal", "--explain", borders, 3, 32, NULL, 0},
	{"numbers at every limit", "pcie-aer", "--explain", borders, 3, 32, NULL, 0},
	{"extreme times", "xid-correlate", "--window=99999d", ends_of_time, 0, 32, NULL, 0},
	{"extreme times", "thermal", "--skew=99999d", ends_of_time, 0, 32, NULL, 0},
	{"many records that use a large resource", "xid-correlate", NULL, otlp_resource, 0, 100, NULL, FULL},
	{"many records that use a large resource", "hbm-ecc", NULL, otlp_resource_labels, 0, 100, NULL, FULL},
	{"many lines in an object with a long name", "xid-correlate", NULL, envelope_of_lines, 0, 200, NULL, FULL},
	{"a list of many events", "pod-evicted", NULL, many_items, 0, 300, NULL, FULL},
	{"many kernel lines in one message", "xid-correlate", NULL, one_message, 0, 200, NULL, FULL},
	{"many kernel lines in one message", "pcie-aer", NULL, one_message, 0, 200, NULL, FULL},
	{"a pickle that contains itself", "nccl-hang", NULL, pickle_of_itself, 3, 64, "not a plain pickle", FULL},
	{"a pickle of 2^64 leaves", "nccl-hang", NULL, pickle_doubles, 3, 400, "not a plain pickle", 0},
	{"a pickle of huge counts", "nccl-hang", NULL, pickle_counts, 3, 32, "not a plain pickle", 0},
	{"a pickle 2 million deep", "nccl-hang", NULL, pickle_deep, 3, 700, "not a plain pickle", 0},
	{"GPUs and losses of one node", "xid-correlate", NULL, series_and_losses, 0, 500, NULL, FULL},
	{"nodes that share a label", "thermal", NULL, nodes_of_a_label, 0, 400, NULL, FULL},
	{"nodes that share a label", "hbm-ecc", NULL, nodes_of_a_label, 0, 400, NULL, FULL},
	{"nodes that share a label", "pcie-aer", NULL, nodes_of_a_label, 0, 400, NULL, FULL},
	{"nodes that share a label", "hbm-ecc", "-x", nodes_of_a_label, 0, 400, NULL, FULL / 4},
	{"many nodes and pods", "xid-correlate", "-f", many_names, 0, 400, NULL, FULL / 4},
	{"many nodes and pods", "pod-evicted", "-x", many_names, 0, 400, NULL, FULL / 4},
	{"stamps [1]", "xid-correlate", NULL, stamps_bracket, 0, 32, NULL, 2 * FULL},
	{"stamps <1>", "pcie-aer", NULL, stamps_level, 0, 32, NULL, 2 * FULL},
	{"stamps 1.1", "xid-correlate", NULL, stamps_seconds, 0, 32, NULL, 2 * FULL},
	{"stamps k:w:", "xid-correlate", NULL, stamps_facility, 0, 32, NULL, 2 * FULL},
	{"codes and entities of a health event", "xid-correlate", NULL, health_event, 0, 32, NULL, FULL / 10},
	{"a resource and JSON in its records", "xid-correlate", NULL, resource_inner, 0, 64, NULL, FULL / 20},
	{"a long namespace and its records", "xid-correlate", NULL, resource_namespace, 0, 64, NULL, FULL / 5},
	{"a long GPU name and its records", "xid-correlate", NULL, resource_gpu, 0, 64, NULL, FULL / 20},
	/* not read if over 1M */
	{"a long UUID and its points", "thermal", NULL, resource_uuid, SLOW ? 0 : 3, 64, NULL, FULL / 20},
	{"a long cursor and its lines", "xid-correlate", NULL, cursor, 0, 64, NULL, FULL / 4},
	{"silent ranks and collectives", "nccl-hang", "-a", silent_ranks, 0, 64, NULL, FULL / 40},
	{"silent ranks and collectives", "nccl-hang", "-x", silent_ranks, 0, 64, NULL, FULL / 40},
	{"groups shared by two ranks", "nccl-hang", NULL, many_groups, 0, 200, NULL, FULL / 5},
	{"groups shared by two ranks", "nccl-hang", "-a --min-ranks=1", many_groups, 0, 200, NULL, FULL / 5},
	{"groups shared by two ranks", "nccl-hang", "-f", many_groups, 0, 200, NULL, FULL / 5},
	{"timeouts of one collective", "nccl-hang", "--year=2026", one_number, 0, 400, NULL, FULL},
	{"failures, each in its own group", "nccl-hang", "--year=2026", own_groups, 0, 400, NULL, FULL / 10},
	{"Events in a wide record", "pod-evicted", NULL, wide_record, 0, 200, NULL, FULL / 4},
	{"placements and losses", "pod-evicted", NULL, placements, 0, 100, NULL, FULL / 4},
	{"placements and losses", "xid-correlate", "-f", placements, 0, 100, NULL, FULL / 4},
	{"an answer about many nodes", "hbm-ecc", "--select --key", answer, 0, 64, NULL, FULL / 100},
	{"a list of many events", "pod-evicted", "--select --key", many_items, 0, 200, NULL, FULL / 4},
	{"many records that use a large resource", "xid-correlate", "--select --key", otlp_resource, 0, 100, NULL, FULL},
	{"a map of many nodes", "xid-correlate", "--select --key", map_of_nodes, 3, 64, "too many keys share too much", FULL / 10},
	{"a pickle of empty tuples", "nccl-hang", NULL, pickle_tuples, 3, 64, "more than 1M objects at once", 0},
	{"a pickle of empty lists", "nccl-hang", NULL, pickle_lists, 3, 200, "more objects than bytes", 0},
	{"hot and cool", "thermal", "-x", hot_and_cool, 0, 64, NULL, FULL / 10},
	{"hot and cool", "thermal", "-f", hot_and_cool, 0, 64, NULL, FULL / 10},
	{"hot GPUs of a node", "thermal", "-x", hot_gpus, 0, 64, NULL, FULL / 10},
	{"hot GPUs of a node", "thermal", "-f", hot_gpus, 0, 64, NULL, FULL / 10},
	{"hot nodes", "thermal", "-x", hot_nodes, 0, 100, NULL, FULL / 10},
	{"hot nodes", "thermal", "-f", hot_nodes, 0, 200, NULL, FULL / 10},
	{"hot nodes in a chain", "thermal", "-otext", hot_chain, 0, 100, NULL, FULL / 10},
	{"hot nodes in a chain", "thermal", "-f", hot_chain, 0, 100, NULL, FULL / 10},
	{"hot GPUs by UUID", "thermal", "-x", hot_uuids, 0, 64, NULL, FULL / 10},
	{"Xids of a node", "inquest", NULL, incident_xids, 0, 400, NULL, FULL / 4},
	{"PCIe links that fail", "inquest", NULL, incident_links, 0, 400, NULL, FULL / 16},
	{"workers and their watchdogs", "inquest", NULL, incident_pods, 0, 400, NULL, FULL / 8},
	{"hangs without a place", "inquest", NULL, incident_hangs, 0, 400, NULL, FULL / 8},
	{"hangs of many ranks", "inquest", NULL, incident_ranks, 0, 400, NULL, FULL / 50},
	{"tasks of many nodes", "inquest", NULL, many_tasks, 0, 200, NULL, FULL / 100},
};

/* Only text: well-formed UTF-8 without control characters except newline. */
static bool
inert(struct str s)
{
	while (s.n) {
		size_t n = utf8_len(s);

		if (n == 0 || ((unsigned char)*s.p < 0x20 && *s.p != '\n') || *s.p == 0x7f ||
		    (n == 2 && (unsigned char)s.p[0] == 0xc2 && (unsigned char)s.p[1] < 0xa0))
			return false;
		s = str_from(s, n);
	}
	return true;
}

static struct str
slurp(int fd, struct buf *b)
{
	ssize_t n;

	b->n = 0;
	lseek(fd, 0, SEEK_SET);
	while ((n = read(fd, buf_room(b, 65536), 65536)) > 0)
		b->n += (size_t)n;
	return buf_str(b);
}

static int
scratch(void)
{
	char name[] = "/tmp/inquest-adversarial-XXXXXX";
	int fd = mkstemp(name);

	if (fd < 0)
		exit(2);
	unlink(name);
	return fd;
}

/* Cost of a run. */
struct took {
	double seconds;
	long kb;    /* of memory */
	size_t out; /* bytes */
};

static bool
try(const struct row *r, int in, int out, int err, struct took *took, FILE *note)
{
	struct rusage ru;
	const char *o = getenv("O");
	struct buf path = {0}, b = {0};
	const struct rlimit cpu = {SECONDS + 1, SECONDS + 1};
	struct str text;
	bool ok = true;
	size_t said;
	int st = 0;
	pid_t pid;

	buf_add(&path, str_of(o ? o : "build"));
	buf_chr(&path, '/');
	buf_add(&path, str_of(r->filter));
	buf_chr(&path, '\0');
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		char name[32], words[64] = "", *argv[8] = {(char[]){"filter"}, (char[]){"-q"}};
		int argc = 2;

		strncat(words, r->option ? r->option : "", sizeof(words) - 1);
		for (char *w = strtok(words, " "); w; w = strtok(NULL, " "))
			argv[argc++] = w;
		/* pickles are recognized in operands only */
		snprintf(name, sizeof(name), "/dev/fd/%d", in);
		setrlimit(RLIMIT_CPU, &cpu);
		alarm(SECONDS * 10);
		if (dup2(out, 1) < 0 || dup2(err, 2) < 0)
			_exit(99);
		argv[argc] = name;
		execv(path.p, argv);
		_exit(99);
	}
	if (pid < 0 || wait4(pid, &st, 0, &ru) != pid)
		exit(2);
	if (WIFSIGNALED(st)) {
		fprintf(note, "# killed by signal %d\n", WTERMSIG(st));
		ok = false;
	} else if (WEXITSTATUS(st) != r->status) {
		fprintf(note, "# status %d\n", WEXITSTATUS(st));
		ok = false;
	}
	text = slurp(err, &b);
	said = text.n;
	if (!inert(text) || (r->says && !str_has(text, str_of(r->says)))) {
		fprintf(note, "# stderr: %.*s\n", (int)str_head(text, 300).n, text.p);
		ok = false;
	}
	text = slurp(out, &b);
	/* --select prints bytes of the input unchanged */
	if (!inert(text) && !(r->option && strstr(r->option, "--select"))) {
		fprintf(note, "# stdout is not inert\n");
		ok = false;
	}
	took->seconds = (double)(ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) + (double)(ru.ru_utime.tv_usec + ru.ru_stime.tv_usec) / 1e6;
	took->kb = ru.ru_maxrss;
	took->out = text.n + said;
	if (!SLOW && took->kb > r->mb * 1024L) {
		fprintf(note, "# more than %d MB\n", r->mb);
		ok = false;
	}
	buf_free(&path);
	buf_free(&b);
	return ok;
}

/* Generate the input of size n and run the filter on it. */
static bool
run(const struct row *r, long n, struct took *took, FILE *note)
{
	int in = scratch(), out = scratch(), err = scratch();
	bool ok;

	N = n;
	f = fdopen(dup(in), "w");
	r->make();
	if (fclose(f) != 0)
		exit(2);
	ok = try(r, in, out, err, took, note);
	close(in);
	close(out);
	close(err);
	return ok;
}

/* At four times the size, is output at most five times as large, and time and
 * memory at most seven times (quadratic: sixteen)?  Small costs are ignored. */
static bool
is_linear(const struct took *some, const struct took *all, FILE *note)
{
	/* a sanitizer's allocator needs extra time and memory */
	bool ok = all->out <= 5 * some->out + 1024 &&
		  (SLOW || (all->seconds <= 7 * some->seconds + 0.15 && all->kb <= 5 * some->kb + 8 * 1024));

	if (!ok)
		fprintf(note, "# a quarter of it: %.2f s, %ld KB, %zu bytes out; all: %.2f s, %ld KB, %zu bytes\n", some->seconds, some->kb,
			some->out, all->seconds, all->kb, all->out);
	return ok;
}

/* Times vary on a busy machine: take the best of three. */
static bool
grows(const struct row *r, const struct took *all, FILE *note)
{
	enum { TRIES = 3 };
	struct took some, least = *all, again;

	run(r, r->n / 4, &some, note);
	for (int i = 1; i < TRIES && least.seconds > 7 * some.seconds + 0.15; i++) {
		run(r, r->n, &again, note);
		if (again.seconds < least.seconds)
			least.seconds = again.seconds;
	}
	return is_linear(&some, &least, note);
}

int
main(void)
{
	int bad = 0;

	for (size_t i = 0; i < NELEM(rows); i++) {
		const struct row *r = &rows[i];
		char notes[4096] = "";
		FILE *note = fmemopen(notes, sizeof(notes), "w");
		struct took took;
		bool ok;

		if (!note)
			return 2;
		ok = run(r, r->n, &took, note);
		if (r->n)
			ok &= grows(r, &took, note);
		fclose(note);
		bad += !ok;
		printf("%s %zu - %s%s%s: %s, %.1f s, %ld MB\n%s", ok ? "ok" : "not ok", i + 1, r->filter, r->option ? " " : "",
		       r->option ? r->option : "", r->name, took.seconds, took.kb / 1024, notes);
	}
	printf("1..%zu\n", NELEM(rows));
	return bad != 0;
}
