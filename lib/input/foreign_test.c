#include "input/foreign.h"

#include "base/test.h"

#define SAMPLE (1u << EVENT_SAMPLE)
#define AER (1u << EVENT_AER)
#define LOSS (1u << EVENT_LOSS)
#define XID (1u << EVENT_XID)
#define CONDITION (1u << EVENT_CONDITION)
#define NODE (1u << EVENT_NODE)

/* A printed line for each row of the table; is it its file's first; the wanted kinds; and
 * the beginning of the row's text. */
static const struct {
	struct str line;
	bool first;
	unsigned wants;
	struct str is;
} rows[] = {
	{STR_INIT("logs/a.json\0\0\0" "0000644\0ustar  \0root\0"), true, AER, STR_INIT("a tar archive")},
	{STR_INIT("PK\003\004\024\0\010\0logs/a.json"), true, LOSS, STR_INIT("a zip archive")},
	{STR_INIT("apiVersion: v1"), false, LOSS, STR_INIT("YAML")},
	{STR_INIT("- apiVersion: v1"), false, LOSS, STR_INIT("YAML")},
	{STR_INIT("LAST SEEN   TYPE      REASON    OBJECT         MESSAGE"), false, LOSS, STR_INIT("a table")},
	{STR_INIT("NAMESPACE   NAME      READY   STATUS    RESTARTS   AGE"), false, LOSS, STR_INIT("a table")},
	{STR_INIT("insertId: 1x2y"), false, XID, STR_INIT("YAML")},
	{STR_INIT("QoS Class:                   Guaranteed"), false, LOSS, STR_INIT("kubectl describe's text")},
	{STR_INIT("Non-terminated Pods:          (12 in total)"), false, LOSS, STR_INIT("kubectl describe's text")},
	{STR_INIT("  Type    Reason     Age   From     Message"), false, LOSS, STR_INIT("kubectl describe's text")},
	{STR_INIT("  Type     Reason   Age   From     Message"), false, LOSS, STR_INIT("kubectl describe's text")},
	{STR_INIT("kind: List"), false, LOSS, STR_INIT("YAML")},
	{STR_INIT("  kind: Event"), false, LOSS, STR_INIT("YAML")},
	{STR_INIT("kind: Pod"), false, LOSS, STR_INIT("YAML")},
	{STR_INIT("- kind: Node"), false, LOSS, STR_INIT("YAML")},
	{STR_INIT("  involvedObject:"), false, LOSS, STR_INIT("YAML")},
	{STR_INIT("    reason: Evicted"), false, LOSS, STR_INIT("YAML")},
	{STR_INIT("NAME    STATUS     ROLES    AGE   VERSION"), false, LOSS, STR_INIT("a table")},
	{STR_INIT("shop   web-1   0/1   Evicted   0   3m"), false, LOSS, STR_INIT("a table")},
	{STR_INIT("Service Account:  default"), false, LOSS, STR_INIT("kubectl describe's text")},
	{STR_INIT("Controlled By:  ReplicaSet/web"), false, LOSS, STR_INIT("kubectl describe's text")},
	{STR_INIT("Roles:              worker"), false, CONDITION, STR_INIT("kubectl describe's text")},
	{STR_INIT("  Type             Status  LastHeartbeatTime                 LastTransitionTime"), false, CONDITION, STR_INIT("kubectl describe's text")},
	{STR_INIT("  Warning  EvictionThresholdMet  8m  kubelet  Attempting to reclaim memory"), false, LOSS, STR_INIT("kubectl describe's text")},
	{STR_INIT("evicting pod shop/web-1"), false, LOSS, STR_INIT("kubectl drain's output")},
	{STR_INIT("pod/web-1 evicted"), false, LOSS, STR_INIT("kubectl drain's output")},
	{STR_INIT("{\"message\":\"disrupting node(s)\",\"reason\":\"underutilized\"}"), false, LOSS, STR_INIT("Karpenter's log")},
	{STR_INIT("{\"message\":\"disrupting via emptiness delete\"}"), false, LOSS, STR_INIT("Karpenter's log")},
	{STR_INIT("{\"message\":\"initiating delete from interruption message\"}"), false, LOSS, STR_INIT("Karpenter's log")},
	{STR_INIT("{\"__name__\":\"kube_pod_status_reason\"}"), false, LOSS, STR_INIT("a series of kube-state-metrics")},
	{STR_INIT("kube_pod_status_reason{pod=\"web-1\",reason=\"Evicted\"} 1"), false, LOSS, STR_INIT("a series of kube-state-metrics")},
	{STR_INIT("{\"__name__\":\"kube_node_status_condition\"}"), false, CONDITION, STR_INIT("a series of kube-state-metrics")},
	{STR_INIT("kube_node_status_condition{node=\"gpu-7\",condition=\"PIDPressure\",status=\"true\"} 1"), false, CONDITION, STR_INIT("a series of kube-state-metrics")},
	{STR_INIT("{'host': 'gpu-7', 'msg': 'NVRM: Xid (PCI:0000:3b:00): 79, x'}"), false, XID, STR_INIT("Python's output")},
	{STR_INIT("[{'reason': 'Evicted', 'pod': 'web-1'}]"), false, LOSS, STR_INIT("Python's output")},
	{STR_INIT("EVENTS\t3811\t1778728325000"), false, XID, STR_INIT("the AWS CLI's text")},
	{STR_INIT("TEXT_PAYLOAD: [81231.4] x"), false, XID, STR_INIT("gcloud's table")},
	{STR_INIT("Body: Str(x)"), false, AER, STR_INIT("the debug output")},
	{STR_INIT("Body: Map({\"MESSAGE\":\"x\"})"), false, LOSS, STR_INIT("the debug output")},
	{STR_INIT("==============NVSMI LOG=============="), false, SAMPLE, STR_INIT("nvidia-smi -q text")},
	{STR_INIT("        HW Thermal Slowdown               : Active"), false, SAMPLE, STR_INIT("nvidia-smi -q text")},
	{STR_INIT("            DRAM Uncorrectable            : 2"), false, SAMPLE, STR_INIT("nvidia-smi -q text")},
	{STR_INIT("| NVIDIA-SMI 550.54.15    Driver Version: 550.54.15    CUDA Version: 12.4 |"), false, SAMPLE, STR_INIT("an nvidia-smi table")},
	{STR_INIT("<nvidia_smi_log>"), false, SAMPLE, STR_INIT("nvidia-smi XML")},
	{STR_INIT("# gpu    pwr  gtemp  mtemp     sm    mem"), false, SAMPLE, STR_INIT("an nvidia-smi dmon table")},
	{STR_INIT("#Time        gpu    pwr  gtemp"), true, SAMPLE, STR_INIT("an nvidia-smi dmon table")},
	{STR_INIT("#Date       Time        gpu    pwr"), true, SAMPLE, STR_INIT("an nvidia-smi dmon table")},
	{STR_INIT("#group,false,false,true"), true, LOSS, STR_INIT("InfluxDB's annotated CSV")},
	{STR_INIT("#datatype,string,long,double"), true, SAMPLE, STR_INIT("InfluxDB's annotated CSV")},
	{STR_INIT(",result,table,_start,_stop"), true, XID, STR_INIT("InfluxDB's CSV")},
	{STR_INIT("\"Time\",\"DCGM_FI_DEV_GPU_TEMP{gpu=\"\"0\"\"}\""), true, SAMPLE, STR_INIT("Grafana's CSV")},
	{STR_INIT("DCGM_FI_DEV_GPU_TEMP,gpu-7,4,91,1778730000000"), false, SAMPLE, STR_INIT("a CSV of series")},
	{STR_INIT("dc1.gpu-7.gpu4.DCGM_FI_DEV_GPU_TEMP 91 1778730000"), false, SAMPLE, STR_INIT("Graphite's paths")},
	{STR_INIT("{\"MetricDataResults\":[{\"Label\":\"DCGM_FI_DEV_GPU_TEMP gpu-7\",\"Values\":[91]}]}"), false, SAMPLE, STR_INIT("CloudWatch's metrics")},
	{STR_INIT("  <...>-1234  [001]  81231.401223: aer_event:  2026-05-14"), false, AER, STR_INIT("rasdaemon's output")},
	{STR_INIT("#Entity   TMPTR   POWER"), false, SAMPLE, STR_INIT("a dcgmi table")},
	{STR_INIT("| Health Monitor Report                  |"), false, SAMPLE, STR_INIT("a dcgmi table")},
	{STR_INIT("\t\tDevSta:\tCorrErr+ NonFatalErr- FatalErr- UnsupReq+"), false, AER, STR_INIT("lspci output")},
	{STR_INIT("PCIe AER events:"), false, AER, STR_INIT("ras-mc-ctl output")},
	{STR_INIT("I0514 03:12:00.123456       1 health.go:185] XidCriticalError: Xid=79 on Device=GPU-1c49b7c7; marking device as unhealthy."), false, XID,
		STR_INIT("the NVIDIA device plugin's log")},
	{STR_INIT("   1 | 05/14/2026 | 03:12:00 | Critical Interrupt #0x1a | Bus Fatal Error | Asserted"), false, AER, STR_INIT("an ipmitool event log")},
	{STR_INIT("1,05/14/2026,03:12:00,Critical Interrupt #0x1a,Bus Fatal Error,Asserted"), false, AER, STR_INIT("an ipmitool event log")},
	{STR_INIT("ID  | Date        | Time     | Name             | Type"), false, AER, STR_INIT("an ipmi-sel event log")},
	{STR_INIT("{\"@odata.type\":\"#LogEntry.v1_9_0.LogEntry\",\"Message\":\"PCI\"}"), false, AER, STR_INIT("an event log of Redfish")},
	{STR_INIT("   1 | 05/14/2026 | 03:12:00 | Temperature #0x05 | Upper Critical going high | Asserted"), false, SAMPLE, STR_INIT("an ipmitool event log")},
	{STR_INIT("{\"@odata.type\":\"#LogEntry.v1_9_0.LogEntry\",\"Message\":\"Inlet Temp: thermal trip\"}"), false, SAMPLE, STR_INIT("an event log of Redfish")},
};

/* Lines of no such output; all kinds are wanted. */
static const struct str none[] = {
	STR_INIT(""), STR_INIT("May 14 03:12:00 gpu-7 kernel: apiVersion: v1"), STR_INIT("ustar"), STR_INIT("see PK\003\004"),
	STR_INIT("NAME=gpu-7"), STR_INIT("# gpus: 8"), STR_INIT("a | Deasserted"), STR_INIT("DevSta:\tnone"), STR_INIT("5 keys evicted"), STR_INIT("pod web-1 evicted twice"), STR_INIT("kind of a Pod"), STR_INIT("a reason: Evicted"),
	STR_INIT("said Body: Str(x)"), STR_INIT("a disrupting node(s)"), STR_INIT("Roles: worker"),
};

/* Values and lines with a mark: nothing for the filter, unless a text of the row's begins
 * with `is`. */
static const struct {
	struct str line;
	unsigned wants;
	struct str is;
} judged[] = {
	{STR_INIT("{\"@odata.type\":\"#LogEntry.v1_9_0.LogEntry\",\"Severity\":\"OK\",\"Message\":\"GPU 3 present\"}"), AER, STR_INIT("")},
	{STR_INIT("{\"@odata.type\":\"#LogEntry.v1_9_0.LogEntry\",\"MessageSeverity\":\"OK\",\"Message\":\"GPU 3 present\"}"), AER, STR_INIT("")},
	{STR_INIT("{\"@odata.type\":\"#LogEntry.v1_9_0.LogEntry\",\"Severity\":\"Critical\",\"Message\":\"PSU 2 lost AC input\"}"), AER | SAMPLE, STR_INIT("")},
	{STR_INIT("{\"@odata.type\":\"#LogEntry.v1_9_0.LogEntry\",\"Severity\":\"Critical\",\"Message\":\"A PCIe error on slot 4\"}"), AER, STR_INIT("an event log of Redfish: use journalctl")},
	{STR_INIT("{\"@odata.type\":\"#LogEntry.v1_9_0.LogEntry\",\"Severity\":\"Critical\",\"Message\":\"A PCIe error on slot 4\"}"), SAMPLE, STR_INIT("")},
	{STR_INIT("{\"@odata.type\":\"#LogEntry.v1_9_0.LogEntry\",\"Severity\":\"Warning\",\"Message\":\"State\",\"MessageArgs\":[\"GPU_SXM_3 Throttled\"]}"), SAMPLE, STR_INIT("an event log of Redfish: use nvidia-smi")},
	{STR_INIT("{\"@odata.type\":\"#LogEntry.v1_9_0.LogEntry\",\"Severity\":\"Warning\",\"Message\":\"Inlet Temperature is high\"}"), SAMPLE, STR_INIT("an event log of Redfish: use nvidia-smi")},
	{STR_INIT("{\"Members\":[{\"@odata.type\":\"#LogEntry.v1_9_0.LogEntry\",\"Severity\":\"OK\",\"Message\":\"on\"},{\"@odata.type\":\"#LogEntry.v1_9_0.LogEntry\",\"Severity\":\"Critical\",\"Message\":\"Bus Fatal Error\"}]}"), AER, STR_INIT("an event log of Redfish")},
	{STR_INIT("{\"type\":\"#LogEntry.v1_9_0.LogEntry\"}"), AER, STR_INIT("an event log of Redfish")},
	{STR_INIT("{\"@odata.type\":\"#LogEntry.v1_9_0.LogEntry\",\"Severity\":\"Informational\",\"Message\":\"GPU 3 present\"}"), AER, STR_INIT("")},
	{STR_INIT("{\"@odata.type\":\"#LogEntry.v1_9_0.LogEntry\",\"Severity\":\"repaired\",\"Message\":\"GPU 3 present\"}"), AER, STR_INIT("")},
	{STR_INIT("{\"@odata.type\":\"#LogEntry.v1_9_0.LogEntry\",\"Severity\":\"OK\",\"MessageSeverity\":\"Critical\",\"Message\":\"GPU 3 present\"}"), AER, STR_INIT("")},
	{STR_INIT("{\"@odata.type\":\"#LogEntry.v1_9_0.LogEntry\",\"Severity\":\"Critical\",\"Message\":\"x\",\"SensorType\":\"Critical Interrupt\"}"), AER, STR_INIT("an event log of Redfish: use journalctl")},
	{STR_INIT("{\"@odata.type\":\"#LogEntry.v1_9_0.LogEntry\",\"Severity\":\"Critical\",\"Message\":\"x\",\"MessageId\":\"Platform.1.0.PCIeFatal\"}"), AER, STR_INIT("an event log of Redfish: use journalctl")},
	{STR_INIT("{\"@odata.type\":\"#LogEntry.v1_9_0.LogEntry\",\"Severity\":\"Critical\",\"Message\":\"x\",\"Links\":{\"OriginOfCondition\":{\"@odata.id\":\"/redfish/v1/Chassis/HGX_GPU_SXM_3\"}}}"), SAMPLE, STR_INIT("an event log of Redfish: use nvidia-smi")},
	{STR_INIT("{\"@odata.type\":\"#LogEntry.v1_9_0.LogEntry\",\"Severity\":\"Critical\",\"Message\":\"x\",\"MessageArgs\":[\"a\",\"GPU_SXM_3\"]}"), SAMPLE, STR_INIT("an event log of Redfish: use nvidia-smi")},
	{STR_INIT("{\"@odata.type\":\"#LogEntry.v1_9_0.LogEntry\",\"Severity\":\"Critical\",\"Message\":\"x\",\"MessageArgs\":[\"a\",\"b\"]}"), AER | SAMPLE, STR_INIT("")},
	{STR_INIT("{\"metric\":{\"__name__\":\"kube_node_status_condition\",\"condition\":\"Ready\",\"status\":\"false\"},\"value\":[1,\"1\"]}"), CONDITION | NODE, STR_INIT("a series of kube-state-metrics")},
	{STR_INIT("{\"metric\":{\"__name__\":\"kube_node_status_condition\",\"condition\":\"Ready\",\"status\":\"false\"},\"value\":[1,\"1\"]}"), CONDITION, STR_INIT("")},
	{STR_INIT("{\"metric\":{\"__name__\":\"kube_node_status_condition\",\"condition\":\"Odd\",\"status\":\"true\"},\"value\":[1,\"1\"]}"), CONDITION | NODE, STR_INIT("")},
	{STR_INIT("{\"metric\":{\"__name__\":\"kube_pod_status_reason\",\"reason\":\"NodeLost\"},\"values\":[[1778728320,\"0\"],[1778728350,\"0\"]]}"), LOSS, STR_INIT("")},
	{STR_INIT("{\"name\":\"kube_pod_status_reason\",\"metrics\":[{\"labels\":{\"reason\":\"Evicted\"},\"value\":\"0\"},{\"labels\":{\"reason\":\"Evicted\"},\"value\":\"1\"}]}"), LOSS, STR_INIT("a series of kube-state-metrics")},
	{STR_INIT("{\"metric\":{\"__name__\":\"kube_pod_status_reason\",\"reason\":\"Evicted\"},\"value\":[1778728320,\"0\"]}"), LOSS, STR_INIT("")},
	{STR_INIT("{\"metric\":{\"__name__\":\"kube_pod_status_reason\",\"reason\":\"Evicted\"},\"value\":[1778728320,\"1\"]}"), LOSS, STR_INIT("a series of kube-state-metrics")},
	{STR_INIT("{\"metric\":{\"__name__\":\"kube_pod_status_reason\",\"reason\":\"NodeLost\"},\"values\":[[1778728320,\"0\"],[1778728350,\"1\"]]}"), LOSS, STR_INIT("a series of kube-state-metrics")},
	{STR_INIT("{\"name\":\"kube_pod_status_reason\",\"metrics\":[{\"labels\":{\"reason\":\"Evicted\"},\"value\":\"0\"}]}"), LOSS, STR_INIT("")},
	{STR_INIT("{\"name\":\"kube_pod_status_reason\",\"metrics\":[{\"labels\":{\"reason\":\"Evicted\"},\"value\":\"1\"}]}"), LOSS, STR_INIT("a series of kube-state-metrics")},
	{STR_INIT("{\"metric\":{\"__name__\":\"kube_node_status_condition\",\"condition\":\"MemoryPressure\",\"status\":\"false\"},\"value\":[1,\"1\"]}"), CONDITION, STR_INIT("")},
	{STR_INIT("{\"metric\":{\"__name__\":\"kube_node_status_condition\",\"condition\":\"MemoryPressure\",\"status\":\"true\"},\"value\":[1,\"1\"]}"), CONDITION, STR_INIT("a series of kube-state-metrics")},
	{STR_INIT("{\"metric\":{\"__name__\":\"kube_node_status_condition\",\"condition\":\"Ready\",\"status\":\"true\"},\"value\":[1,\"1\"]}"), CONDITION | NODE, STR_INIT("")},
	{STR_INIT("{\"metric\":{\"__name__\":\"kube_node_status_condition\",\"condition\":\"Ready\",\"status\":\"unknown\"},\"value\":[1,\"1\"]}"), CONDITION | NODE, STR_INIT("a series of kube-state-metrics")},
	{STR_INIT("kube_pod_status_reason{pod=\"web-1\",reason=\"Evicted\"} 0"), LOSS, STR_INIT("")},
	{STR_INIT("1778730000,DCGM_FI_DEV_GPU_TEMP,91"), SAMPLE, STR_INIT("a CSV of series")},
	{STR_INIT("1778730000,91,DCGM_FI_DEV_GPU_TEMP"), SAMPLE, STR_INIT("a CSV of series")},
	{STR_INIT("see DCGM_FI_DEV_GPU_TEMP, 91"), SAMPLE, STR_INIT("")},
	{STR_INIT("DCGM_FI_DEV_GPU_TEMP: 91"), SAMPLE, STR_INIT("")},
	{STR_INIT("see dc1.DCGM_FI_DEV_GPU_TEMP 91 1778730000"), SAMPLE, STR_INIT("")},
	{STR_INIT("dc1.DCGM_FI_DEV_GPU_TEMP 91 now"), SAMPLE, STR_INIT("")},
	{STR_INIT("kube_pod_status_reason{pod=\"web-1\",reason=\"Evicted\"} 1 1778728320000"), LOSS, STR_INIT("a series of kube-state-metrics")},
	{STR_INIT("kube_node_status_condition{node=\"gpu-7\",condition=\"DiskPressure\",status=\"true\"} 0"), CONDITION, STR_INIT("")},
	{STR_INIT("kube_node_status_condition{node=\"gpu-7\",condition=\"DiskPressure\",status=\"true\"} 1"), CONDITION, STR_INIT("a series of kube-state-metrics")},
	{STR_INIT("{\"MetricDataResults\":[{\"Label\":\"CPUUtilization\",\"Values\":[91]}]}"), SAMPLE, STR_INIT("")},
	{STR_INIT("{\"message\":\"disrupting node(s)\",\"pod-count\":0}"), LOSS, STR_INIT("")},
	{STR_INIT("{\"message\":\"disrupting node(s)\",\"pod-count\":2}"), LOSS, STR_INIT("Karpenter's log")},
};

static const struct foreign *
find(struct str line, bool json, bool first, bool sure, unsigned wants)
{
	static struct json j;
	static struct mem m;
	struct events ev = {.wants = wants};

	if (!json)
		return foreign_find(line, first, sure, &ev);
	mem_reset(&m);
	CHECK(!json_parse(&j, line));
	return foreign_value(&j, &ev, &m);
}

int
main(void)
{
	size_t n = 0;

	TEST("each row of the table, if its records are wanted");
	while (foreigns[n].mark.n)
		n++;
	CHECK(n == NELEM(rows));
	for (size_t i = 0; i < n; i++) {
		bool json = foreigns[i].where == FOREIGN_IN_VALUE;
		const struct foreign *f = find(rows[i].line, json, rows[i].first, false, rows[i].wants);

		CHECK_ROW(i, f == &foreigns[i] && str_starts(f->is, rows[i].is) && str_has(f->is, S(": use ")));
		CHECK_ROW(i, !find(rows[i].line, false, rows[i].first, false, 1u << EVENT_COLLECTIVE) || rows[i].first);
		CHECK_ROW(i, find(rows[i].line, false, rows[i].first, true, rows[i].wants) == (f->alone ? NULL : f));
		CHECK_ROW(i, !json || (f->alone && !find(rows[i].line, false, true, false, rows[i].wants)));
		CHECK_ROW(i, !rows[i].first || !find(rows[i].line, false, false, false, rows[i].wants));
	}

	TEST("values and lines whose contents decide");
	for (size_t i = 0; i < NELEM(judged); i++) {
		const struct foreign *f = find(judged[i].line, *judged[i].line.p == '{', false, false, judged[i].wants);

		CHECK_ROW(i, judged[i].is.n ? f && str_starts(f->is, judged[i].is) : !f);
	}

	TEST("other lines");
	for (size_t i = 0; i < NELEM(none); i++)
		CHECK_ROW(i, !find(none[i], false, false, false, ~0u));
	return test_done();
}
