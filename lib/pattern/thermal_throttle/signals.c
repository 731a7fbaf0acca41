#include "pattern/thermal_throttle/thermal.h"

/* Limits of plausible values: 10 GHz in kHz, 1000 C, 0 K. */
static const int64_t CLOCK_TOP = 10000000, HEAT_TOP = 1000000, HEAT_LOW = -273150;

const struct thermal_reason thermal_reasons[REASONS] = {
	{0x2, STR_INIT("clocks_setting"), false},
	{0x4, STR_INIT("sw_power_cap"), false},
	{HW_SLOWDOWN, STR_INIT("hw_slowdown"), true},
	{0x10, STR_INIT("sync_boost"), false},
	{SW_THERMAL, STR_INIT("sw_thermal"), true},
	{HW_THERMAL, STR_INIT("hw_thermal"), true},
	{POWER_BRAKE, STR_INIT("hw_power_brake"), true},
	{0x100, STR_INIT("display_clock"), false},
	{VIOLATION, STR_INIT("thermal_violation"), true},
};

const struct thermal_signal thermal_series[SERIES] = {
	[MASK] = {METRIC_CLOCKS_EVENT, CAUSES, 0},
	{METRIC_THERMAL_VIOLATION, HEAT, VIOLATION},
	{METRIC_SW_THERMAL, HEAT, SW_THERMAL},
	{METRIC_HW_THERMAL, HEAT, HW_THERMAL},
	{METRIC_HW_POWER_BRAKE, POWER, POWER_BRAKE},
	[TEMPERATURE] = {METRIC_GPU_TEMP, CAUSES, 0},
	[MEMORY] = {METRIC_MEMORY_TEMP, CAUSES, 0},
	[CLOCK] = {METRIC_SM_CLOCK, CAUSES, 0},
	[CLOCK_MAX] = {METRIC_SM_CLOCK_MAX, CAUSES, 0},
	[SLOWDOWN_AT] = {METRIC_TEMP_SLOWDOWN, CAUSES, 0},
	[MARGIN] = {METRIC_GPU_TEMP_MARGIN, CAUSES, 0},
};

uint16_t *
thermal_fields(struct mem *m)
{
	uint16_t *fields = mem_new(m, uint16_t, SERIES + 1);

	for (size_t i = 0; i < SERIES; i++)
		fields[i] = thermal_series[i].field;
	return fields;
}

unsigned
thermal_reasons_of(int64_t mask, enum throttle_cause cause)
{
	unsigned m = (unsigned)(mask & 0xffff), hot = m & (SW_THERMAL | HW_THERMAL);

	if (cause == POWER)
		return m & POWER_BRAKE;
	if ((m & (HW_SLOWDOWN | POWER_BRAKE)) == HW_SLOWDOWN)
		hot |= HW_SLOWDOWN;
	return hot;
}

bool
thermal_is_clock(int64_t v)
{
	return v > 0 && v <= CLOCK_TOP;
}

bool
thermal_is_temperature(int64_t v)
{
	return v >= HEAT_LOW && v <= HEAT_TOP;
}

int64_t
thermal_share(int64_t t, int64_t share)
{
	return t / MILLION * share + (t % MILLION * share + MILLION - 1) / MILLION;
}

void
thermal_put_field(struct buf *b, uint16_t field)
{
	buf_add(b, S("DCGM_FI_"));
	buf_add(b, metric_of(field)->name);
}
