#include "input/foreign.h"

#define SAMPLE (1u << EVENT_SAMPLE)
#define AER (1u << EVENT_AER)
#define LOSS (1u << EVENT_LOSS)
#define XID (1u << EVENT_XID)
#define CONDITION (1u << EVENT_CONDITION)
#define LOGS (XID | AER | LOSS)
#define ANY (~0u)
#define YAML "YAML: use kubectl get -o json"
#define DESCRIBED "kubectl describe's text: use kubectl get -o json"
#define JOURNAL ": use journalctl -k -o json, where the kernel reports its errors"
#define KARPENTER "Karpenter's log, which names no pods: use kubectl get events -A -o json"
#define STATE "a series of kube-state-metrics: use kubectl get events,pods,nodes -A -o json"
#define QUERY "use nvidia-smi --query-gpu=timestamp,pci.bus_id,... --format=csv"
#define DRAIN "kubectl drain's output: use the API server's audit log, whose pods/eviction records have times"
#define ROW(mark, where, gives, alone, is) {STR_INIT(mark), FOREIGN_##where, gives, alone, STR_INIT(is)},
const struct foreign foreigns[] = {
	ROW("\0ustar", IN_FIRST, ANY, false, "a tar archive: use tar -xOf")
	ROW("PK\003\004", IN_FIRST, ANY, false, "a zip archive: use unzip -p")
	ROW("apiVersion:", AT_START, LOSS, false, YAML)
	ROW("- apiVersion:", AT_START, LOSS, false, YAML)
	ROW("kind: List", AT_START, LOSS, true, YAML)
	ROW("kind: Event", INDENTED, LOSS, true, YAML)
	ROW("kind: Pod", INDENTED, LOSS, true, YAML)
	ROW("- kind: ", INDENTED, LOSS, true, YAML)
	ROW("involvedObject:", INDENTED, LOSS, true, YAML)
	ROW("reason: Evicted", INDENTED, LOSS, true, YAML)
	ROW("LAST SEEN ", AT_START, LOSS, false, "a table: use kubectl get -o json")
	ROW("NAMESPACE ", AT_START, LOSS, false, "a table: use kubectl get -o json")
	ROW("NAME  ", AT_START, LOSS, true, "a table: use kubectl get -o json")
	ROW("   Evicted   ", IN_LINE, LOSS, true, "a table: use kubectl get -o json")
	ROW("insertId: ", AT_START, LOSS | XID | AER, false, "YAML: use gcloud logging read --format=json")
	ROW("QoS Class: ", AT_START, LOSS, false, DESCRIBED)
	ROW("Non-terminated Pods: ", AT_START, LOSS, false, DESCRIBED)
	ROW("  Type    Reason ", AT_START, LOSS, false, DESCRIBED)
	ROW("  Type     Reason ", AT_START, LOSS, false, DESCRIBED)
	ROW("Service Account:  ", AT_START, LOSS, true, DESCRIBED)
	ROW("Controlled By:  ", AT_START, LOSS, true, DESCRIBED)
	ROW("Roles:  ", AT_START, CONDITION, true, DESCRIBED)
	ROW("  LastHeartbeatTime  ", IN_LINE, CONDITION, true, DESCRIBED)
	ROW("  Warning  Evict", AT_START, LOSS, true, DESCRIBED)
	ROW("evicting pod ", IN_LINE, LOSS, true, DRAIN)
	ROW(" evicted", OF_POD, LOSS, true, DRAIN)
	ROW("disrupting node(s)", IN_VALUE, LOSS, true, KARPENTER)
	ROW("disrupting via ", IN_VALUE, LOSS, true, KARPENTER)
	ROW("from interruption message", IN_VALUE, LOSS, true, KARPENTER)
	ROW("\"kube_pod_status_reason\"", IN_VALUE, LOSS, true, STATE)
	ROW("kube_pod_status_reason{", AT_START, LOSS, true, STATE)
	ROW("\"kube_node_status_condition\"", IN_VALUE, CONDITION, true, STATE)
	ROW("kube_node_status_condition{", AT_START, CONDITION, true, STATE)
	ROW("EVENTS\t", AT_START, LOGS, true, "the AWS CLI's text: use --output json")
	ROW("TEXT_PAYLOAD: ", AT_START, LOGS, true, "gcloud's table: use gcloud logging read --format=json")
	ROW("Body: Str(", AT_START, LOGS, true, "the debug output of OpenTelemetry's Collector: use its file exporter")
	ROW("Body: Map(", AT_START, LOGS, true, "the debug output of OpenTelemetry's Collector: use its file exporter")
	ROW("=NVSMI LOG=", IN_LINE, SAMPLE, true, "nvidia-smi -q text: " QUERY)
	ROW("HW Thermal Slowdown  ", IN_LINE, SAMPLE, true, "nvidia-smi -q text: " QUERY)
	ROW("DRAM Uncorrectable  ", IN_LINE, SAMPLE, true, "nvidia-smi -q text: " QUERY)
	ROW("| NVIDIA-SMI ", IN_LINE, SAMPLE, true, "an nvidia-smi table: " QUERY)
	ROW("<nvidia_smi_log>", IN_LINE, SAMPLE, true, "nvidia-smi XML: " QUERY)
	ROW("# gpu ", AT_START, SAMPLE, true, "an nvidia-smi dmon table: " QUERY)
	ROW("#Time  ", IN_FIRST, SAMPLE, true, "an nvidia-smi dmon table: " QUERY)
	ROW("#Date  ", IN_FIRST, SAMPLE, true, "an nvidia-smi dmon table: " QUERY)
	ROW("#group,false,", IN_FIRST, SAMPLE | XID | AER | LOSS, true, "InfluxDB's annotated CSV: use InfluxQL (/query), which answers in JSON")
	ROW("#datatype,", IN_FIRST, SAMPLE | XID | AER | LOSS, true, "InfluxDB's annotated CSV: use InfluxQL (/query), which answers in JSON")
	ROW(",result,table,", IN_FIRST, SAMPLE | XID | AER | LOSS, true, "InfluxDB's CSV: use InfluxQL (/query), which answers in JSON")
	ROW("\"Time\",\"DCGM_FI_", IN_FIRST, SAMPLE, true, "Grafana's CSV of series: use the JSON of Prometheus' API (query_range)")
	ROW("aer_event: ", IN_LINE, AER, true, "rasdaemon's output: use journalctl -k -o json, which has what the kernel reports")
	ROW("#Entity ", IN_LINE, SAMPLE, true, "a dcgmi table: use the text of dcgm-exporter with --exposition")
	ROW("| Health Monitor Report", IN_LINE, SAMPLE, true, "a dcgmi table: use the text of dcgm-exporter with --exposition")
	ROW("DevSta:\tCorrErr", IN_LINE, AER, true, "lspci output: use journalctl -k -o json, whose AER errors have their times")
	ROW("PCIe AER events:", AT_START, AER, true, "ras-mc-ctl output: use journalctl -k -o json, whose AER errors name their devices")
	ROW("XidCriticalError: Xid=", IN_LINE, XID, true, "the NVIDIA device plugin's log: use journalctl -k -o json of its node")
	ROW(" | Asserted", IN_LINE, AER, true, "an ipmitool event log" JOURNAL)
	ROW(",Asserted", IN_LINE, AER, true, "an ipmitool event log" JOURNAL)
	ROW("ID  | Date ", AT_START, AER, true, "an ipmi-sel event log" JOURNAL)
	ROW("#LogEntry.", IN_VALUE, AER, true, "an event log of Redfish" JOURNAL)
	ROW(" | Asserted", IN_LINE, SAMPLE, true, "an ipmitool event log: " QUERY)
	ROW("#LogEntry.", IN_VALUE, SAMPLE, true, "an event log of Redfish: " QUERY)
	{.gives = 0},
};

static bool
has_mark(const struct foreign *f, struct str line, bool first)
{
	if (f->where == FOREIGN_AT_START)
		return line.n && *line.p == *f->mark.p && str_starts(line, f->mark);
	if (f->where == FOREIGN_INDENTED) {
		str_eat_blanks(&line);
		return str_starts(line, f->mark);
	}
	if (f->where == FOREIGN_OF_POD)
		return str_starts(line, S("pod")) && str_ends(str_trim(line), f->mark);
	return (f->where == FOREIGN_IN_LINE || (first && f->where == FOREIGN_IN_FIRST)) && str_has(line, f->mark);
}

const struct foreign *
foreign_find(struct str line, bool first, bool sure, unsigned wants)
{
	for (const struct foreign *f = foreigns; f->mark.n; f++)
		if (f->gives & wants && !(sure && f->alone) && has_mark(f, line, first))
			return f;
	return NULL;
}

const struct foreign *
foreign_value(struct str text, unsigned wants)
{
	for (const struct foreign *f = foreigns; f->mark.n; f++)
		if (f->gives & wants && f->where == FOREIGN_IN_VALUE && str_has(text, f->mark))
			return f;
	return NULL;
}
