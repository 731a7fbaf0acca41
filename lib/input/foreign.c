#include "input/foreign.h"

#include "base/num.h"
#include "event/metric.h"
#include "input/text/eviction.h"
#include "input/text/pod_event.h"

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
#define PYTHON "Python's output: use json.dumps to print it"
#define QUERY "use nvidia-smi --query-gpu=timestamp,pci.bus_id,... --format=csv"
#define DRAIN "kubectl drain's output: use the API server's audit log, whose pods/eviction records have times"

/* ---- Redfish ---- */

/* Texts of faults that a pattern judges if it wants records of that kind; a field of
 * samples, or 0.  The kernel reports a host's memory errors, too. */
static const struct {
	struct str word;
	enum event_kind kind;
	uint16_t field;
} faults[] = {
	{STR_INIT("gpu"), EVENT_AER, 0}, {STR_INIT("gpu"), EVENT_SAMPLE, 0},
	{STR_INIT("hbm"), EVENT_SAMPLE, 0}, {STR_INIT("nvlink"), EVENT_XID, 0}, {STR_INIT("nvswitch"), EVENT_XID, 0},
	{STR_INIT("pci"), EVENT_AER, 0}, {STR_INIT("bus "), EVENT_AER, 0}, {STR_INIT("critical interrupt"), EVENT_AER, 0},
	{STR_INIT("memory"), EVENT_SIGN, 0}, {STR_INIT("dimm"), EVENT_SIGN, 0}, {STR_INIT("ecc"), EVENT_SIGN, 0},
	{STR_INIT("temperature"), EVENT_SAMPLE, METRIC_GPU_TEMP}, {STR_INIT("thermal"), EVENT_SAMPLE, METRIC_GPU_TEMP},
	{STR_INIT("overheat"), EVENT_SAMPLE, METRIC_GPU_TEMP}, {STR_INIT("fan"), EVENT_SAMPLE, METRIC_GPU_TEMP},
	{STR_INIT("cooling"), EVENT_SAMPLE, METRIC_GPU_TEMP}, {STR_INIT("leak"), EVENT_SAMPLE, METRIC_GPU_TEMP},
};

static bool
is_fault(struct str text, const struct events *ev)
{
	for (size_t i = 0; i < NELEM(faults); i++)
		if (events_want(ev, faults[i].kind) && (!faults[i].field || events_want_field(ev, faults[i].field)) &&
		    str_ifind(text, faults[i].word) < text.n)
			return true;
	return false;
}

/* {"@odata.type":"#LogEntry.v1_9_0.LogEntry","Severity":"OK","Message":…} */
static enum concern
log_entry(struct value v, const struct events *ev, struct mem *m)
{
	static const struct str paths[] = {
		STR_INIT("Message"), STR_INIT("SensorType"), STR_INIT("MessageId"), STR_INIT("Links/OriginOfCondition/@odata.id"),
	};
	struct str severity = value_text(value_get(v, S("Severity")), m);
	struct value list = value_get(v, S("MessageArgs"));
	bool any = false;

	if (!str_starts(value_text(value_get(v, S("@odata.type")), m), S("#LogEntry.")))
		return CONCERN_UNKNOWN;
	if (!severity.n)
		severity = value_text(value_get(v, S("MessageSeverity")), m);
	if (str_ieq(severity, S("OK")) || str_ieq(severity, S("Informational")) || str_ieq(severity, S("Repaired")))
		return CONCERN_NONE;
	for (size_t i = 0; i < NELEM(paths); i++)
		any |= is_fault(value_text(value_at(v, paths[i]), m), ev);
	for (struct value e = value_first(list); value_is_array(list) && value_ok(e); e = value_next(list, e))
		any |= is_fault(value_text(e, m), ev);
	return any ? CONCERN_SOME : CONCERN_NONE;
}

/* ---- kube-state-metrics ---- */

/* Do labels name a lost pod's reason, or a node's state that is not the usual one? */
static bool
is_state(struct str reason, struct str condition, struct str status, const struct events *ev)
{
	bool ready = str_eq(condition, S("Ready"));
	enum pressure p;

	if (reason.n)
		return events_want(ev, EVENT_LOSS) && pod_event_is_loss(ev, reason);
	return ready ? events_want(ev, EVENT_NODE) && str_listed(S("false,unknown"), status) :
		       events_want(ev, EVENT_CONDITION) && pressure_of_type(condition, &p) && str_eq(status, S("true"));
}

/* Is a sample, "1" or [1778728320,"1"], not 0? */
static bool
is_set(struct value v, struct mem *m)
{
	int64_t n;

	if (value_is_array(v))
		v = value_next(v, value_first(v));
	return num_fixed(value_text(v, m), 0, &n) && n;
}

static enum concern
state_labels(struct value labels, const struct events *ev, struct mem *m)
{
	return is_state(value_text(value_get(labels, S("reason")), m), value_text(value_get(labels, S("condition")), m),
			value_text(value_get(labels, S("status")), m), ev) ? CONCERN_SOME : CONCERN_NONE;
}

/* {"metric":{"__name__":"kube_pod_status_reason","reason":"Evicted",…},"value":[…]}, or
 * an element of prom2json's "metrics" */
static enum concern
state(struct value v, const struct events *ev, struct mem *m)
{
	struct value labels = value_get(v, S("metric")), list = value_get(v, S("values"));
	bool set = is_set(value_get(v, S("value")), m);

	if (!value_is_object(labels)) {
		labels = value_get(v, S("labels"));
		if (!value_is_object(labels) || !value_is_string(value_get(v, S("value"))))
			return CONCERN_UNKNOWN;
	}
	for (struct value e = value_first(list); !set && value_is_array(list) && value_ok(e); e = value_next(list, e))
		set |= is_set(e, m);
	return set ? state_labels(labels, ev, m) : CONCERN_NONE;
}

/* The text of a label, reason="Evicted", in a line. */
static struct str
label_in(struct str line, struct str name)
{
	struct str text = str_from(line, str_find(line, name)), label = {0};

	if (str_eat(&text, name))
		str_cut(&text, '"', &label);
	return label;
}

/* kube_pod_status_reason{reason="Evicted",…} 1 */
static bool
state_line(struct str line, const struct events *ev)
{
	struct str value = str_from(line, str_find(line, S("} "))), number;
	int64_t n;

	if (str_eat(&value, S("} ")) && str_cut(&value, ' ', &number) && num_fixed(str_trim(number), 0, &n) && n == 0)
		return false;
	return is_state(label_in(line, S("reason=\"")), label_in(line, S("condition=\"")), label_in(line, S("status=\"")), ev);
}

/* ---- measurements without names of columns or GPUs ---- */

#define EXPORTED "the lines of VictoriaMetrics' /api/v1/export, which are JSON, or the JSON of Prometheus' API (query_range)"

/* Is a name of DCGM's in a line a cell of a table with commas? */
static bool
is_cell(struct str line, const struct events *ev)
{
	size_t at = str_find(line, S("DCGM_FI_")), end = at;

	(void)ev;
	while (end < line.n && (char_letter(line.p[end]) || char_digit(line.p[end]) || line.p[end] == '_'))
		end++;
	return (at == 0 || line.p[at - 1] == ',') && (end == line.n || line.p[end] == ',') && at != end;
}

/* "dc1.gpu-7.gpu4.DCGM_FI_DEV_GPU_TEMP 91 1778730000" */
static bool
is_path(struct str line, const struct events *ev)
{
	struct str path, value;
	int64_t any;
	uint64_t t;

	(void)ev;
	return str_cut(&line, ' ', &path) && str_has(path, S(".DCGM_FI_")) && str_cut(&line, ' ', &value) && num_fixed(value, 0, &any) &&
	       num_u64(str_trim(line), &t);
}

/* {"Id":"m1","Label":"DCGM_FI_DEV_GPU_TEMP gpu-7","Timestamps":[…],"Values":[…]} */
static enum concern
metric_data(struct value v, const struct events *ev, struct mem *m)
{
	struct str label = value_text(value_get(v, S("Label")), m);

	(void)ev;
	if (!label.n || !value_is_array(value_get(v, S("Values"))))
		return CONCERN_UNKNOWN;
	return str_has(label, S("DCGM_FI_")) || str_has(label, S("nvidia_smi")) ? CONCERN_SOME : CONCERN_NONE;
}

/* ---- Karpenter ---- */

/* {"message":"disrupting node(s)","pod-count":0,…}; other messages do not say how many */
static enum concern
disruption(struct value v, const struct events *ev, struct mem *m)
{
	struct value n = value_get(v, S("pod-count"));

	(void)ev;
	return !value_ok(n) ? CONCERN_UNKNOWN : str_eq(value_text(n, m), S("0")) ? CONCERN_NONE : CONCERN_SOME;
}

/* ---- the table ---- */

#define ROW(mark, where, gives, alone, is) {STR_INIT(mark), FOREIGN_##where, gives, alone, STR_INIT(is), NULL, NULL},
#define OBJECTS(mark, gives, is, object) {STR_INIT(mark), FOREIGN_IN_VALUE, gives, true, STR_INIT(is), object, NULL},
#define LINES(mark, where, gives, is, line) {STR_INIT(mark), FOREIGN_##where, gives, true, STR_INIT(is), NULL, line},
const struct foreign foreigns[] = {
	ROW("\0ustar", IN_FIRST, ANY, false, "a tar archive: use tar -xOf")
	ROW("PK\003\004", IN_FIRST, ANY, false, "a zip archive: use unzip -p")
	ROW("apiVersion:", AT_START, LOSS, false, YAML)
	ROW("- apiVersion:", AT_START, LOSS, false, YAML)
	ROW("LAST SEEN ", AT_START, LOSS, false, "a table: use kubectl get -o json")
	ROW("NAMESPACE ", AT_START, LOSS, false, "a table: use kubectl get -o json")
	ROW("insertId: ", AT_START, LOSS | XID | AER, false, "YAML: use gcloud logging read --format=json")
	ROW("QoS Class: ", AT_START, LOSS, false, DESCRIBED)
	ROW("Non-terminated Pods: ", AT_START, LOSS, false, DESCRIBED)
	ROW("  Type    Reason ", AT_START, LOSS, false, DESCRIBED)
	ROW("  Type     Reason ", AT_START, LOSS, false, DESCRIBED)
	ROW("kind: List", AT_START, LOSS, true, YAML)
	ROW("kind: Event", INDENTED, LOSS, true, YAML)
	ROW("kind: Pod", INDENTED, LOSS, true, YAML)
	ROW("- kind: ", INDENTED, LOSS, true, YAML)
	ROW("involvedObject:", INDENTED, LOSS, true, YAML)
	ROW("reason: Evicted", INDENTED, LOSS, true, YAML)
	ROW("NAME  ", AT_START, LOSS, true, "a table: use kubectl get -o json")
	ROW("   Evicted   ", IN_LINE, LOSS, true, "a table: use kubectl get -o json")
	ROW("Service Account:  ", AT_START, LOSS, true, DESCRIBED)
	ROW("Controlled By:  ", AT_START, LOSS, true, DESCRIBED)
	ROW("Roles:  ", AT_START, CONDITION, true, DESCRIBED)
	ROW("  LastHeartbeatTime  ", IN_LINE, CONDITION, true, DESCRIBED)
	ROW("  Warning  Evict", AT_START, LOSS, true, DESCRIBED)
	ROW("evicting pod ", IN_LINE, LOSS, true, DRAIN)
	ROW(" evicted", OF_POD, LOSS, true, DRAIN)
	OBJECTS("disrupting node(s)", LOSS, KARPENTER, disruption)
	ROW("disrupting via ", IN_VALUE, LOSS, true, KARPENTER)
	ROW("from interruption message", IN_VALUE, LOSS, true, KARPENTER)
	OBJECTS("\"kube_pod_status_reason\"", LOSS, STATE, state)
	LINES("kube_pod_status_reason{", AT_START, LOSS, STATE, state_line)
	OBJECTS("\"kube_node_status_condition\"", CONDITION, STATE, state)
	LINES("kube_node_status_condition{", AT_START, CONDITION, STATE, state_line)
	ROW("': 'NVRM: ", IN_LINE, XID, true, PYTHON)
	ROW("'reason': 'Evicted'", IN_LINE, LOSS, true, PYTHON)
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
	LINES("DCGM_FI_", IN_LINE, SAMPLE, "a CSV of series without names of columns: use " EXPORTED, is_cell)
	LINES("DCGM_FI_", IN_LINE, SAMPLE, "Graphite's paths, which do not say what names the GPU: use tags (DCGM_FI_...;Hostname=...;gpu=...), or " EXPORTED, is_path)
	OBJECTS("\"MetricDataResults\"", SAMPLE, "CloudWatch's metrics, which are averages: " QUERY, metric_data)
	ROW("aer_event: ", IN_LINE, AER, true, "rasdaemon's output: use journalctl -k -o json, which has what the kernel reports")
	ROW("#Entity ", IN_LINE, SAMPLE, true, "a dcgmi table: use the text of dcgm-exporter with --exposition")
	ROW("| Health Monitor Report", IN_LINE, SAMPLE, true, "a dcgmi table: use the text of dcgm-exporter with --exposition")
	ROW("DevSta:\tCorrErr", IN_LINE, AER, true, "lspci output: use journalctl -k -o json, whose AER errors have their times")
	ROW("PCIe AER events:", AT_START, AER, true, "ras-mc-ctl output: use journalctl -k -o json, whose AER errors name their devices")
	ROW("XidCriticalError: Xid=", IN_LINE, XID, true, "the NVIDIA device plugin's log: use journalctl -k -o json of its node")
	ROW(" | Asserted", IN_LINE, AER, true, "an ipmitool event log" JOURNAL)
	ROW(",Asserted", IN_LINE, AER, true, "an ipmitool event log" JOURNAL)
	ROW("ID  | Date ", AT_START, AER, true, "an ipmi-sel event log" JOURNAL)
	OBJECTS("#LogEntry.", AER, "an event log of Redfish" JOURNAL, log_entry)
	ROW(" | Asserted", IN_LINE, SAMPLE, true, "an ipmitool event log: " QUERY)
	OBJECTS("#LogEntry.", SAMPLE, "an event log of Redfish: " QUERY, log_entry)
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
foreign_find(struct str line, bool first, bool sure, const struct events *ev)
{
	for (const struct foreign *f = foreigns; f->mark.n && !(sure && f->alone); f++)
		if (f->gives & ev->wants && has_mark(f, line, first) && (!f->line || f->line(line, ev)))
			return f;
	return NULL;
}

/* Does an object in the value yield wanted records, or is none of a known kind? */
static bool
concerns(foreign_object *object, const struct json *j, const struct events *ev, struct mem *m)
{
	bool known = false;

	for (struct value v = value_of(j); v.at < j->n; v.at++) {
		enum concern c = value_is_object(v) ? object(v, ev, m) : CONCERN_UNKNOWN;

		if (c == CONCERN_SOME)
			return true;
		known |= c == CONCERN_NONE;
	}
	return !known;
}

const struct foreign *
foreign_value(const struct json *j, const struct events *ev, struct mem *m)
{
	for (const struct foreign *f = foreigns; f->mark.n; f++)
		if (f->gives & ev->wants && f->where == FOREIGN_IN_VALUE && str_has(j->text, f->mark) && (!f->object || concerns(f->object, j, ev, m)))
			return f;
	return NULL;
}
