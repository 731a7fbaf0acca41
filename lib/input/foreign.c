#include "input/foreign.h"

#include "event/metric.h"

#define SAMPLE (1u << EVENT_SAMPLE)
#define BOTH (SAMPLE | 1u << EVENT_AER)
const struct word foreign_words[] = {
	{STR_INIT("=NVSMI LOG="), SAMPLE},
	{STR_INIT("| NVIDIA-SMI "), SAMPLE},
	{STR_INIT("<nvidia_smi_log>"), SAMPLE},
	{STR_INIT("#Entity "), SAMPLE},
	{STR_INIT("DevSta:\tCorrErr"), 1u << EVENT_AER},
	{STR_INIT(" | Asserted"), BOTH},
	{.gives = 0},
};

#define QUERY "use nvidia-smi --query-gpu=... --format=csv with share/recipes/smi-csv.jq"
static const struct str is[NELEM(foreign_words) - 1] = {
	STR_INIT("nvidia-smi -q text: " QUERY),
	STR_INIT("an nvidia-smi table: " QUERY),
	STR_INIT("nvidia-smi XML: " QUERY),
	STR_INIT("a dcgmi table: use the text of dcgm-exporter with --exposition"),
	STR_INIT("lspci output: use journalctl -k -o json, whose AER errors have their times"),
	STR_INIT("an ipmitool event log: use journalctl -k -o json, where the kernel reports its errors"),
};

/* "timestamp, pci.bus_id, temperature.gpu, clocks.sm [MHz]" */
static bool
is_csv(struct str line)
{
	struct str cell;

	while (str_cut(&line, ',', &cell)) {
		cell = str_trim(cell);
		cell = str_trim(str_head(cell, str_find(cell, S(" ["))));
		if (str_has(cell, S(".")) && metric_named(cell))
			return true;
	}
	return false;
}

struct str
foreign_text(struct str line, bool first, unsigned wants)
{
	for (size_t i = 0; i < NELEM(is); i++)
		if (foreign_words[i].gives & wants && str_has(line, foreign_words[i].text))
			return is[i];
	if (first && wants & SAMPLE && is_csv(line))
		return S("nvidia-smi CSV: use jq -nRcf share/recipes/smi-csv.jq");
	return (struct str){0};
}
