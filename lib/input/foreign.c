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

#define QUERY "nvidia-smi --query-gpu=... --format=csv through share/recipes/smi-csv.jq is read"
static const struct str is[NELEM(foreign_words) - 1] = {
	STR_INIT("what nvidia-smi -q prints: " QUERY),
	STR_INIT("nvidia-smi's table: " QUERY),
	STR_INIT("XML of nvidia-smi: " QUERY),
	STR_INIT("dcgmi's table: dcgm-exporter has the same fields, and --exposition reads its text"),
	STR_INIT("what lspci prints: the kernel has the errors with their times, journalctl -k -o json prints them"),
	STR_INIT("an event log of ipmitool: the kernel has its own word of errors, journalctl -k -o json prints it"),
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
		return S("nvidia-smi's CSV: jq -nRcf share/recipes/smi-csv.jq makes it JSON");
	return (struct str){0};
}
