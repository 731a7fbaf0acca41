#include "event/metric.h"

#include "base/num.h"
#include "base/sort.h"

#define ROW(field, name, old, unit, digits, cumulative) \
	{field, STR_INIT(name), STR_INIT(old), unit, digits, cumulative}

/* Ascending: metric_of uses binary search. */
static const struct metric table[] = {
	ROW(METRIC_UUID, "DEV_GPU_UUID", "DEV_UUID", "", 0, false),
	ROW(METRIC_SM_CLOCK, "DEV_SM_CLOCK", "", "MHz", 3, false),
	ROW(METRIC_CLOCKS_EVENT, "DEV_CLOCKS_EVENT_REASONS", "DEV_CLOCK_THROTTLE_REASONS", "mask", 0, false),
	ROW(METRIC_SM_CLOCK_MAX, "DEV_MAX_SM_CLOCK", "", "MHz", 3, false),
	ROW(METRIC_MEMORY_TEMP, "DEV_MEMORY_TEMP_CELSIUS", "DEV_MEMORY_TEMP", "C", 3, false),
	ROW(METRIC_GPU_TEMP, "DEV_GPU_TEMP_CELSIUS", "DEV_GPU_TEMP", "C", 3, false),
	ROW(METRIC_MEMORY_TEMP_MAX, "DEV_MEMORY_MAX_OP_TEMP_CELSIUS", "DEV_MEM_MAX_OP_TEMP", "C", 3, false),
	ROW(METRIC_GPU_TEMP_MAX, "DEV_GPU_MAX_OP_TEMP_CELSIUS", "DEV_GPU_MAX_OP_TEMP", "C", 3, false),
	ROW(METRIC_GPU_TEMP_MARGIN, "DEV_GPU_TEMP_MARGIN_CELSIUS", "DEV_GPU_TEMP_LIMIT", "C", 3, false),
	ROW(METRIC_POWER, "DEV_BOARD_POWER_WATTS", "DEV_POWER_USAGE", "W", 3, false),
	ROW(METRIC_TEMP_SLOWDOWN, "DEV_GPU_TEMP_SLOWDOWN_CELSIUS", "DEV_SLOWDOWN_TEMP", "C", 3, false),
	ROW(METRIC_TEMP_SHUTDOWN, "DEV_GPU_TEMP_SHUTDOWN_CELSIUS", "DEV_SHUTDOWN_TEMP", "C", 3, false),
	ROW(METRIC_PSTATE, "DEV_GPU_PSTATE", "DEV_PSTATE", "P", 0, false),
	ROW(METRIC_PCIE_REPLAY, "DEV_PCIE_REPLAY_TOTAL", "DEV_PCIE_REPLAY_COUNTER", "count", 0, true),
	ROW(METRIC_GPU_UTIL, "DEV_GPU_UTIL_RATIO", "DEV_GPU_UTIL", "%", 3, false),
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
	ROW(METRIC_ECC_DBE_AGG_DEV, "DEV_ECC_DBE_AGG_DEV", "", "count", 0, true),
	ROW(METRIC_ECC_DBE_VOL_SRM, "DEV_ECC_DBE_VOL_SRM", "", "count", 0, true),
	ROW(METRIC_ECC_DBE_AGG_SRM, "DEV_ECC_DBE_AGG_SRM", "", "count", 0, true),
	ROW(METRIC_SRAM_EXCEEDED, "DEV_SRAM_EXCEEDED", "DEV_THRESHOLD_SRM", "bool", 0, false),
	ROW(METRIC_RETIRED_SBE, "DEV_PAGE_RETIRED_SBE_TOTAL", "DEV_RETIRED_SBE", "count", 0, true),
	ROW(METRIC_RETIRED_DBE, "DEV_PAGE_RETIRED_DBE_TOTAL", "DEV_RETIRED_DBE", "count", 0, true),
	ROW(METRIC_RETIRED_PENDING, "DEV_PAGE_RETIRED_PENDING", "DEV_RETIRED_PENDING", "bool", 0, false),
	ROW(METRIC_REMAP_UNCORRECTABLE, "DEV_ROW_REMAP_UNCORRECTABLE_TOTAL", "DEV_UNCORRECTABLE_REMAPPED_ROWS", "count", 0, true),
	ROW(METRIC_REMAP_CORRECTABLE, "DEV_ROW_REMAP_CORRECTABLE_TOTAL", "DEV_CORRECTABLE_REMAPPED_ROWS", "count", 0, true),
	ROW(METRIC_REMAP_FAILED, "DEV_ROW_REMAP_FAILED", "DEV_ROW_REMAP_FAILURE", "bool", 0, false),
	ROW(METRIC_REMAP_PENDING, "DEV_ROW_REMAP_PENDING", "", "bool", 0, false),
	ROW(METRIC_PCIE_TX_BYTES, "PROF_PCIE_TX_BYTES", "", "B/s", 3, false),
	ROW(METRIC_PCIE_RX_BYTES, "PROF_PCIE_RX_BYTES", "", "B/s", 3, false),
	ROW(METRIC_SW_POWER_CAP, "DEV_CLOCKS_EVENT_REASON_SW_POWER_CAP_NS", "", "ns", 0, true),
	ROW(METRIC_SW_THERMAL, "DEV_CLOCKS_EVENT_REASON_SW_THERM_SLOWDOWN_NS", "", "ns", 0, true),
	ROW(METRIC_HW_THERMAL, "DEV_CLOCKS_EVENT_REASON_HW_THERM_SLOWDOWN_NS", "", "ns", 0, true),
	ROW(METRIC_HW_POWER_BRAKE, "DEV_CLOCKS_EVENT_REASON_HW_POWER_BRAKE_SLOWDOWN_NS", "", "ns", 0, true),
	ROW(METRIC_PCIE_CORRECTABLE, "DEV_PCIE_CORRECTABLE_ERROR_TOTAL", "DEV_PCIE_COUNT_CORRECTABLE_ERRORS", "count", 0, true),
	ROW(METRIC_UNREPAIRABLE, "DEV_MEMORY_UNREPAIRABLE", "DEV_MEMORY_UNREPAIRABLE_FLAG", "bool", 0, false),
	ROW(METRIC_RECOVERY_ACTION, "DEV_GPU_RECOVERY_ACTION", "DEV_GET_GPU_RECOVERY_ACTION", "count", 0, false),
};

/* Other programs' names. */
static const struct {
	struct str name;
	uint16_t field;
} aliases[] = {
	/* flat records and OTLP */
	{STR_INIT("hw.gpu.clocks_event_reasons"), METRIC_CLOCKS_EVENT},
	{STR_INIT("hw.gpu.sm_clock"), METRIC_SM_CLOCK},
	{STR_INIT("hw.gpu.sm_clock_max"), METRIC_SM_CLOCK_MAX},
	{STR_INIT("hw.gpu.temperature"), METRIC_GPU_TEMP},
	{STR_INIT("hw.temperature"), METRIC_GPU_TEMP},
	{STR_INIT("hw.gpu.memory.temperature"), METRIC_MEMORY_TEMP},
	{STR_INIT("hw.gpu.thermal_violation_ns"), METRIC_THERMAL_VIOLATION},
	{STR_INIT("hw.gpu.power_violation_ns"), METRIC_POWER_VIOLATION},
	{STR_INIT("gpu.dcgm.temperature"), METRIC_GPU_TEMP},
	{STR_INIT("gpu.dcgm.clock.frequency"), METRIC_SM_CLOCK},
	/* nvidia-smi --query-gpu */
	{STR_INIT("clocks.sm"), METRIC_SM_CLOCK},
	{STR_INIT("clocks.current.sm"), METRIC_SM_CLOCK},
	{STR_INIT("clocks.max.sm"), METRIC_SM_CLOCK_MAX},
	{STR_INIT("clocks_event_reasons.active"), METRIC_CLOCKS_EVENT},
	{STR_INIT("clocks_throttle_reasons.active"), METRIC_CLOCKS_EVENT},
	{STR_INIT("clocks_event_reasons_counters.sw_power_cap"), METRIC_SW_POWER_CAP},
	{STR_INIT("clocks_event_reasons_counters.sw_thermal_slowdown"), METRIC_SW_THERMAL},
	{STR_INIT("clocks_event_reasons_counters.hw_thermal_slowdown"), METRIC_HW_THERMAL},
	{STR_INIT("clocks_event_reasons_counters.hw_power_brake_slowdown"), METRIC_HW_POWER_BRAKE},
	{STR_INIT("temperature.gpu"), METRIC_GPU_TEMP},
	{STR_INIT("temperature.gpu.tlimit"), METRIC_GPU_TEMP_MARGIN},
	{STR_INIT("temperature.memory"), METRIC_MEMORY_TEMP},
	{STR_INIT("power.draw"), METRIC_POWER},
	{STR_INIT("pstate"), METRIC_PSTATE},
	{STR_INIT("utilization.gpu"), METRIC_GPU_UTIL},
	{STR_INIT("pcie.link.gen.current"), METRIC_LINK_GEN},
	{STR_INIT("pcie.link.gen.gpucurrent"), METRIC_LINK_GEN},
	{STR_INIT("pcie.link.gen.max"), METRIC_LINK_GEN_MAX},
	{STR_INIT("pcie.link.width.current"), METRIC_LINK_WIDTH},
	{STR_INIT("pcie.link.width.max"), METRIC_LINK_WIDTH_MAX},
	{STR_INIT("ecc.errors.corrected.volatile.total"), METRIC_ECC_SBE_VOL},
	{STR_INIT("ecc.errors.uncorrected.volatile.total"), METRIC_ECC_DBE_VOL},
	{STR_INIT("ecc.errors.uncorrected.volatile.device_memory"), METRIC_ECC_DBE_VOL_DEV},
	{STR_INIT("ecc.errors.uncorrected.volatile.dram"), METRIC_ECC_DBE_VOL_DEV},
	{STR_INIT("ecc.errors.uncorrected.volatile.sram"), METRIC_ECC_DBE_VOL_SRM},
	{STR_INIT("ecc.errors.corrected.aggregate.total"), METRIC_ECC_SBE_AGG},
	{STR_INIT("ecc.errors.uncorrected.aggregate.total"), METRIC_ECC_DBE_AGG},
	{STR_INIT("ecc.errors.uncorrected.aggregate.dram"), METRIC_ECC_DBE_AGG_DEV},
	{STR_INIT("ecc.errors.uncorrected.aggregate.sram"), METRIC_ECC_DBE_AGG_SRM},
	{STR_INIT("ecc.errors.uncorrected.aggregate.sram.threshold_exceeded"), METRIC_SRAM_EXCEEDED},
	{STR_INIT("retired_pages.single_bit_ecc.count"), METRIC_RETIRED_SBE},
	{STR_INIT("retired_pages.double_bit.count"), METRIC_RETIRED_DBE},
	{STR_INIT("retired_pages.pending"), METRIC_RETIRED_PENDING},
	{STR_INIT("remapped_rows.uncorrectable"), METRIC_REMAP_UNCORRECTABLE},
	{STR_INIT("remapped_rows.correctable"), METRIC_REMAP_CORRECTABLE},
	{STR_INIT("remapped_rows.failure"), METRIC_REMAP_FAILED},
	{STR_INIT("remapped_rows.pending"), METRIC_REMAP_PENDING},
	/* always 1; its labels have all names of a GPU, which its other series
	 * identify by UUID only */
	{STR_INIT("nvidia_smi_gpu_info"), METRIC_UUID},
};

#define SAMPLE 1u << EVENT_SAMPLE
const struct word metric_words[] = {
	{STR_INIT("DCGM_FI_"), SAMPLE}, {STR_INIT("\"DEV_"), SAMPLE}, {STR_INIT("\"PROF_"), SAMPLE},
	{STR_INIT("\"hw."), SAMPLE}, {STR_INIT("\"hw_"), SAMPLE}, {STR_INIT("\"gpu.dcgm."), SAMPLE},
	{STR_INIT("\"gpu_dcgm_"), SAMPLE}, {STR_INIT("\"nvidia_smi"), SAMPLE},
	{STR_INIT("\"clocks"), SAMPLE}, {STR_INIT("\"temperature."), SAMPLE}, {STR_INIT("\"power.draw"), SAMPLE}, {STR_INIT("\"utilization.gpu"), SAMPLE},
	{STR_INIT("\"pcie.link."), SAMPLE}, {STR_INIT("\"ecc.errors."), SAMPLE},
	{STR_INIT("\"retired_pages."), SAMPLE}, {STR_INIT("\"remapped_rows."), SAMPLE},
	{.gives = 0},
};

const struct metric *
metric_named(struct str name)
{
	bool dcgm = str_eat(&name, S("DCGM_FI_"));

	/* most series of a scrape are irrelevant: a comparison of lengths
	 * excludes them */
	for (size_t i = 0; i < NELEM(table); i++)
		if (str_eq(name, table[i].name) || (table[i].old.n && str_eq(name, table[i].old)))
			return &table[i];
	for (size_t i = 0; !dcgm && i < NELEM(aliases); i++)
		if (str_eq(name, aliases[i].name))
			return metric_of(aliases[i].field);
	return NULL;
}

/* Is one equal to the other with '_' for each '.'? */
static bool
is_dotless(struct str name, struct str dotted)
{
	if (name.n != dotted.n)
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] != (dotted.p[i] == '.' ? '_' : dotted.p[i]))
			return false;
	return true;
}

/* The alias with dots for a name without, or NELEM(aliases). */
static size_t
dotless(struct str name)
{
	size_t i = 0;

	while (i < NELEM(aliases) && !is_dotless(name, aliases[i].name))
		i++;
	return i;
}

struct str
metric_dotted(struct str name)
{
	size_t i = dotless(name);

	return i < NELEM(aliases) ? aliases[i].name : name;
}

const struct metric *
metric_scaled(struct str name, int *shift)
{
	static const struct {
		struct str word;
		int shift;
	} units[] = {
		{STR_INIT(""), 0}, {STR_INIT("_clock_hz"), -6}, {STR_INIT("_watts"), 0}, {STR_INIT("_celsius"), 0},
		{STR_INIT("_seconds"), 9}, {STR_INIT("_ratio"), 2},
	};
	/* nvidia-smi prints these in us */
	static const struct str micros = STR_INIT("clocks_event_reasons_counters.");
	const struct metric *m = metric_named(name);
	size_t at;

	*shift = 0;
	if (m && str_starts(name, micros))
		*shift = 3;
	if (m || !(str_eat(&name, S("nvidia_smi_")) || str_starts(name, S("hw_")) || str_starts(name, S("gpu_dcgm_"))))
		return m;
	for (size_t u = 0; u < NELEM(units); u++) {
		if (!str_ends(name, units[u].word))
			continue;
		at = dotless(str_head(name, name.n - units[u].word.n));
		if (at == NELEM(aliases))
			continue;
		*shift = u ? units[u].shift : str_starts(aliases[at].name, micros) ? 3 : 0;
		return metric_of(aliases[at].field);
	}
	return NULL;
}

const struct metric *
metric_of(uint16_t field)
{
	size_t lo = 0;

	SORT_BISECT(lo, NELEM(table), i, table[i].field < field);
	return lo < NELEM(table) && table[lo].field == field ? &table[lo] : NULL;
}

/* DCGM_INT64_BLANK and up, DCGM_INT32_BLANK and up, DCGM_FP64_BLANK and up. */
static bool
is_blank(int64_t whole)
{
	return whole >= INT64_C(0x7ffffffffffffff0) || (whole >= 0x7ffffff0 && whole <= 0x7ffffff3) ||
	       (whole >= INT64_C(140737488355328) && whole <= INT64_C(140737488355331));
}

static bool
word_value(struct str text, int64_t *v)
{
	static const struct {
		struct str word;
		int64_t v;
	} words[] = {{STR_INIT("yes"), 1}, {STR_INIT("true"), 1}, {STR_INIT("no"), 0}, {STR_INIT("false"), 0}};

	for (size_t i = 0; i < NELEM(words); i++)
		if (str_ieq(text, words[i].word)) {
			*v = words[i].v;
			return true;
		}
	return false;
}

bool
metric_value(const struct metric *m, struct str text, int64_t *v)
{
	int64_t whole;
	uint64_t hex;

	text = str_trim(text);
	if (str_eat(&text, S("0x"))) {
		if (m->digits || !num_hex(text, &hex) || hex > INT64_MAX || is_blank((int64_t)hex))
			return false;
		*v = (int64_t)hex;
		return true;
	}
	if (m->unit[0] == 'b' && word_value(text, v))
		return true;
	if (m->unit[0] == 'P')
		str_eat(&text, S("P"));
	/* a value beyond int64 is a blank value as a float, or no sample at all */
	if (!num_fixed(text, 0, &whole) || is_blank(whole))
		return false;
	return num_fixed(text, m->digits, v);
}

bool
metric_shifted(const struct metric *m, struct str text, int shift, int64_t *v)
{
	int digits = m->digits + shift;
	int64_t whole;

	if (shift == 0)
		return metric_value(m, text, v);
	text = str_trim(text);
	if (!num_fixed(text, 0, &whole) || is_blank(whole))
		return false;
	if (digits >= 0)
		return num_fixed(text, (unsigned)digits, v);
	for (; digits < 0; digits++)
		whole /= 10;
	*v = whole;
	return true;
}

int64_t
metric_reason(struct str name)
{
	static const struct str lists[] = {STR_INIT("clocks_event_reasons"), STR_INIT("clocks_throttle_reasons")};
	static const struct {
		struct str name;
		int64_t bit; /* nvml.h: nvmlClocksEventReason… */
	} reasons[] = {
		{STR_INIT("hw_slowdown"), 0x8}, {STR_INIT("sw_thermal_slowdown"), 0x20},
		{STR_INIT("hw_thermal_slowdown"), 0x40}, {STR_INIT("hw_power_brake_slowdown"), 0x80},
	};

	str_eat(&name, S("nvidia_smi_"));
	if (!str_eat(&name, lists[0]) && !str_eat(&name, lists[1]))
		return 0;
	if (!str_eat(&name, S(".")) && !str_eat(&name, S("_")))
		return 0;
	for (size_t i = 0; i < NELEM(reasons); i++)
		if (str_eq(name, reasons[i].name))
			return reasons[i].bit;
	return 0;
}

bool
metric_active(int64_t reason, struct str text, int64_t *v)
{
	text = str_trim(text);
	if (str_ieq(text, S("Active")) || str_eq(text, S("1")))
		*v = reason;
	else if (str_ieq(text, S("Not Active")) || str_eq(text, S("0")))
		*v = 0;
	else
		return false;
	return true;
}

const struct metric *
metric_errors(struct str type, struct str subtype, struct str persistence)
{
	enum { NONE, CORRECTED, UNCORRECTED };
	enum { ANY, DRAM, SRAM, SINGLE, DOUBLE };
	static const struct {
		struct str word;
		int is;
	} types[] = {
		{STR_INIT("corrected"), CORRECTED}, {STR_INIT("correctable"), CORRECTED},
		{STR_INIT("sbe"), CORRECTED}, {STR_INIT("uncorrected"), UNCORRECTED},
		{STR_INIT("uncorrectable"), UNCORRECTED}, {STR_INIT("dbe"), UNCORRECTED},
	}, subtypes[] = {
		{STR_INIT(""), ANY}, {STR_INIT("all"), ANY}, {STR_INIT("total"), ANY}, {STR_INIT("ecc"), ANY},
		{STR_INIT("single_bit"), SINGLE}, {STR_INIT("sbe"), SINGLE}, {STR_INIT("double_bit"), DOUBLE},
		{STR_INIT("dbe"), DOUBLE}, {STR_INIT("multi_bit"), DOUBLE}, {STR_INIT("dram"), DRAM},
		{STR_INIT("hbm"), DRAM}, {STR_INIT("device_memory"), DRAM}, {STR_INIT("framebuffer"), DRAM},
		{STR_INIT("sram"), SRAM}, {STR_INIT("parity"), SRAM},
	};
	/* by memory; volatile, aggregate */
	static const uint16_t uncorrected[][2] = {
		[ANY] = {METRIC_ECC_DBE_VOL, METRIC_ECC_DBE_AGG},
		[DRAM] = {METRIC_ECC_DBE_VOL_DEV, METRIC_ECC_DBE_AGG_DEV},
		[SRAM] = {METRIC_ECC_DBE_VOL_SRM, METRIC_ECC_DBE_AGG_SRM},
	};
	bool life = str_ieq(persistence, S("aggregate"));
	int is = NONE;

	if (persistence.n && !life && !str_ieq(persistence, S("volatile")))
		return NULL;
	for (size_t i = 0; i < NELEM(types); i++)
		if (str_ieq(type, types[i].word))
			is = types[i].is;
	for (size_t i = 0; i < NELEM(subtypes); i++) {
		if (!str_ieq(subtype, subtypes[i].word))
			continue;
		/* single-bit errors are always corrected, double-bit errors never */
		if (is == NONE || (subtypes[i].is == DOUBLE && is == CORRECTED))
			return NULL;
		if (is == CORRECTED || subtypes[i].is == SINGLE)
			return metric_of(life ? METRIC_ECC_SBE_AGG : METRIC_ECC_SBE_VOL);
		return metric_of(uncorrected[subtypes[i].is == DOUBLE ? ANY : subtypes[i].is][life]);
	}
	return NULL;
}
