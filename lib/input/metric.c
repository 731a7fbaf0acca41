#include "input/metric.h"

#include "base/num.h"

#define ROW(field, name, old, unit, digits, cumulative) \
	{field, STR_INIT(name), STR_INIT(old), unit, digits, cumulative}

static const struct metric table[] = {
	ROW(METRIC_SM_CLOCK, "DEV_SM_CLOCK", "", "MHz", 3, false),
	ROW(METRIC_CLOCKS_EVENT, "DEV_CLOCKS_EVENT_REASONS", "DEV_CLOCK_THROTTLE_REASONS", "mask", 0, false),
	ROW(METRIC_SM_CLOCK_MAX, "DEV_MAX_SM_CLOCK", "", "MHz", 3, false),
	ROW(METRIC_MEMORY_TEMP, "DEV_MEMORY_TEMP_CELSIUS", "DEV_MEMORY_TEMP", "C", 3, false),
	ROW(METRIC_GPU_TEMP, "DEV_GPU_TEMP_CELSIUS", "DEV_GPU_TEMP", "C", 3, false),
	ROW(METRIC_PCIE_REPLAY, "DEV_PCIE_REPLAY_TOTAL", "DEV_PCIE_REPLAY_COUNTER", "count", 0, true),
	ROW(METRIC_LINK_GEN_MAX, "DEV_PCIE_MAX_LINK_GEN", "", "count", 0, false),
	ROW(METRIC_LINK_WIDTH_MAX, "DEV_PCIE_MAX_LINK_WIDTH", "", "count", 0, false),
	ROW(METRIC_LINK_GEN, "DEV_PCIE_LINK_GEN", "", "count", 0, false),
	ROW(METRIC_LINK_WIDTH, "DEV_PCIE_LINK_WIDTH", "", "count", 0, false),
	ROW(METRIC_POWER_VIOLATION, "DEV_POWER_VIOLATION", "", "ns", 0, true),
	ROW(METRIC_THERMAL_VIOLATION, "DEV_THERMAL_VIOLATION", "", "ns", 0, true),
	ROW(METRIC_ECC_SBE_VOL, "DEV_ECC_SBE_VOL_TOTAL", "", "count", 0, true),
	ROW(METRIC_ECC_DBE_VOL, "DEV_ECC_DBE_VOL_TOTAL", "", "count", 0, true),
	ROW(METRIC_ECC_SBE_AGG, "DEV_ECC_SBE_AGG_TOTAL", "", "count", 0, true),
	ROW(METRIC_ECC_DBE_AGG, "DEV_ECC_DBE_AGG_TOTAL", "", "count", 0, true),
	ROW(METRIC_ECC_DBE_VOL_DEV, "DEV_ECC_DBE_VOL_DEV", "", "count", 0, true),
	ROW(METRIC_RETIRED_SBE, "DEV_PAGE_RETIRED_SBE_TOTAL", "DEV_RETIRED_SBE", "count", 0, true),
	ROW(METRIC_RETIRED_DBE, "DEV_PAGE_RETIRED_DBE_TOTAL", "DEV_RETIRED_DBE", "count", 0, true),
	ROW(METRIC_RETIRED_PENDING, "DEV_PAGE_RETIRED_PENDING", "DEV_RETIRED_PENDING", "bool", 0, false),
	ROW(METRIC_REMAP_UNCORRECTABLE, "DEV_ROW_REMAP_UNCORRECTABLE_TOTAL", "DEV_UNCORRECTABLE_REMAPPED_ROWS", "count", 0, true),
	ROW(METRIC_REMAP_CORRECTABLE, "DEV_ROW_REMAP_CORRECTABLE_TOTAL", "DEV_CORRECTABLE_REMAPPED_ROWS", "count", 0, true),
	ROW(METRIC_REMAP_FAILED, "DEV_ROW_REMAP_FAILED", "DEV_ROW_REMAP_FAILURE", "bool", 0, false),
	ROW(METRIC_REMAP_PENDING, "DEV_ROW_REMAP_PENDING", "", "bool", 0, false),
	ROW(METRIC_PCIE_TX_BYTES, "PROF_PCIE_TX_BYTES", "", "B/s", 3, false),
	ROW(METRIC_PCIE_RX_BYTES, "PROF_PCIE_RX_BYTES", "", "B/s", 3, false),
	ROW(METRIC_SW_THERMAL, "DEV_CLOCKS_EVENT_REASON_SW_THERM_SLOWDOWN_NS", "", "ns", 0, true),
	ROW(METRIC_HW_THERMAL, "DEV_CLOCKS_EVENT_REASON_HW_THERM_SLOWDOWN_NS", "", "ns", 0, true),
	ROW(METRIC_POWER_BRAKE, "DEV_CLOCKS_EVENT_REASON_HW_POWER_BRAKE_SLOWDOWN_NS", "", "ns", 0, true),
	ROW(METRIC_PCIE_CORRECTABLE, "DEV_PCIE_CORRECTABLE_ERROR_TOTAL", "DEV_PCIE_COUNT_CORRECTABLE_ERRORS", "count", 0, true),
	ROW(METRIC_UNREPAIRABLE, "DEV_MEMORY_UNREPAIRABLE", "DEV_MEMORY_UNREPAIRABLE_FLAG", "bool", 0, false),
};

const struct metric *
metric_named(struct str name)
{
	str_eat(&name, S("DCGM_FI_"));
	for (size_t i = 0; i < NELEM(table); i++)
		if (str_eq(name, table[i].name) || (table[i].old.n && str_eq(name, table[i].old)))
			return &table[i];
	return NULL;
}

const struct metric *
metric_of(uint16_t field)
{
	for (size_t i = 0; i < NELEM(table); i++)
		if (table[i].field == field)
			return &table[i];
	return NULL;
}

/* DCGM_INT64_BLANK and up, DCGM_INT32_BLANK and up, DCGM_FP64_BLANK and up. */
static bool
is_blank(int64_t whole)
{
	return whole >= INT64_C(0x7ffffffffffffff0) || (whole >= 0x7ffffff0 && whole <= 0x7ffffff3) ||
	       (whole >= INT64_C(140737488355328) && whole <= INT64_C(140737488355331));
}

bool
metric_value(const struct metric *m, struct str text, int64_t *v)
{
	int64_t whole;
	uint64_t hex;

	text = str_trim(text);
	if (str_eat(&text, S("0x"))) {
		if (!num_hex(text, &hex) || hex > INT64_MAX)
			return false;
		*v = (int64_t)hex;
		return m->digits == 0;
	}
	/* what is beyond int64 is the mark as a float, or no measurement at all */
	if (!num_fixed(text, 0, &whole) || is_blank(whole))
		return false;
	return num_fixed(text, m->digits, v);
}
