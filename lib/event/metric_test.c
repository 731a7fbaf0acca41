#include "event/metric.h"

#include <string.h>

#include "base/test.h"

/* clang-format off */
static const struct {
	struct str name;
	int field; /* 0: no pattern uses it */
} names[] = {
	{STR_INIT("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL"), 311}, {STR_INIT("DEV_ECC_DBE_VOL_TOTAL"), 311},
	{STR_INIT("DCGM_FI_DEV_GPU_TEMP"), 150}, {STR_INIT("DCGM_FI_DEV_GPU_TEMP_CELSIUS"), 150},
	{STR_INIT("DCGM_FI_DEV_CLOCK_THROTTLE_REASONS"), 112}, {STR_INIT("DCGM_FI_DEV_CLOCKS_EVENT_REASONS"), 112},
	{STR_INIT("DCGM_FI_DEV_ROW_REMAP_FAILURE"), 395}, {STR_INIT("DCGM_FI_DEV_ROW_REMAP_FAILED"), 395},
	{STR_INIT("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS"), 393}, {STR_INIT("DCGM_FI_DEV_PCIE_REPLAY_COUNTER"), 202},
	{STR_INIT("DCGM_FI_PROF_PCIE_TX_BYTES"), 1009}, {STR_INIT("DCGM_FI_DEV_THRESHOLD_SRM"), 346},
	{STR_INIT("DCGM_FI_DEV_MEMORY_UNREPAIRABLE_FLAG"), 1507}, {STR_INIT("DCGM_FI_DEV_GET_GPU_RECOVERY_ACTION"), 1523},
	{STR_INIT("remapped_rows.pending"), 396}, {STR_INIT("hw.temperature"), 150},
	{STR_INIT("clocks_throttle_reasons.active"), 112}, {STR_INIT("pcie.link.width.current"), 238},
	{STR_INIT("clocks.max.sm"), 113}, {STR_INIT("temperature.memory"), 140}, {STR_INIT("power.draw"), 155},
	{STR_INIT("ecc.errors.uncorrected.volatile.sram"), 343}, {STR_INIT("retired_pages.pending"), 392},
	{STR_INIT("gpu.dcgm.clock.frequency"), 100}, {STR_INIT("hw.gpu.power_violation_ns"), 240},
	{STR_INIT("PROF_PCIE_RX_BYTES"), 1010},
	/* the last Xid is a state, not a sample */
	{STR_INIT("DCGM_FI_DEV_XID_ERRORS"), 0}, {STR_INIT("DCGM_FI_DEV_XID_ERROR"), 0},
	{STR_INIT("DCGM_FI_DEV_ENC_UTIL"), 0}, {STR_INIT("DCGM_FI_"), 0}, {STR_INIT(""), 0},
	{STR_INIT("DCGM_FI_hw.temperature"), 0}, {STR_INIT("dcgm_fi_dev_gpu_temp"), 0},
	{STR_INIT("DCGM_FI_DEV_GPU_TEMPX"), 0}, {STR_INIT("DCGM_EXP_XID_ERRORS_COUNT"), 0},
};

/* names derived by exporters: a value of 10 in them, in the unit's digits */
static const struct {
	struct str name;
	int field;
	int64_t ten;
} scaled[] = {
	{STR_INIT("nvidia_smi_gpu_info"), 54, 10}, {STR_INIT("gpu_info"), 0, 0},
	{STR_INIT("nvidia_smi_temperature_gpu"), 150, 10000}, {STR_INIT("nvidia_smi_power_draw_watts"), 155, 10000},
	{STR_INIT("nvidia_smi_clocks_current_sm_clock_hz"), 100, 0}, {STR_INIT("clocks.sm"), 100, 10000},
	{STR_INIT("nvidia_smi_clocks_event_reasons_counters_sw_thermal_slowdown_seconds"), 1422, INT64_C(10000000000)},
	{STR_INIT("clocks_event_reasons_counters.sw_thermal_slowdown"), 1422, 10000},
	{STR_INIT("nvidia_smi_ecc_errors_uncorrected_volatile_total"), 311, 10},
	{STR_INIT("nvidia_smi_remapped_rows_failure"), 395, 10}, {STR_INIT("hw_gpu_temperature_celsius"), 150, 10000},
	{STR_INIT("gpu_dcgm_temperature"), 150, 10000}, {STR_INIT("DCGM_FI_DEV_GPU_TEMP"), 150, 10000},
	{STR_INIT("nvidia_smi_fan_speed_ratio"), 0, 0}, {STR_INIT("nvidia_smi_"), 0, 0}, {STR_INIT("temperature_gpu"), 0, 0},
};

static const struct {
	int field;
	const char *text;
	int64_t v; /* -1: no value */
} values[] = {
	{311, "0", 0}, {311, "5", 5}, {311, "5.000000", 5}, {311, " 5\n", 5}, {311, "1.2e1", 12}, {311, "+7", 7},
	{311, "4294967296", INT64_C(4294967296)},
	{311, "", -1}, {311, "NaN", -1}, {311, "+Inf", -1}, {311, "-Inf", -1}, {311, "N/A", -1}, {311, "[N/A]", -1},
	{311, "<<<NULL>>>", -1}, {311, "5 errors", -1}, {311, "0x", -1}, {311, "0xg", -1},
	/* blank values, and the values next to them */
	{311, "9223372036854775791", INT64_MAX - 16}, {311, "9223372036854775792", -1}, {311, "9223372036854775793", -1},
	{311, "9223372036854775794", -1}, {311, "9223372036854775795", -1}, {311, "9.223372036854776e+18", -1},
	{311, "9223372036854775794.000000", -1}, {311, "1e400", -1}, {311, "0x7ffffffffffffff2", -1},
	{311, "2147483631", 2147483631}, {311, "2147483632", -1}, {311, "2147483633", -1}, {311, "2147483634", -1},
	{311, "2147483635", -1}, {311, "2147483636", 2147483636},
	{150, "140737488355327", INT64_C(140737488355327000)}, {150, "140737488355328", -1}, {150, "140737488355331", -1},
	{150, "140737488355330.000000", -1}, {150, "140737488355332", INT64_C(140737488355332000)},
	/* digits of the unit */
	{150, "71.5", 71500}, {150, "71", 71000}, {153, "-3", -3000}, {155, "409.692", 409692}, {100, "1980", 1980000},
	/* states */
	{190, "P8", 8}, {190, "0", 0}, {190, "p8", -1}, {190, "PP8", -1}, {311, "P8", -1},
	/* masks in hexadecimal */
	{112, "0x7fffffffffffffef", INT64_C(0x7fffffffffffffef)}, {112, "0x8000000000000000", -1}, {112, "0x", -1},
	{112, "0x0000000000000048", 0x48}, {112, "72", 72}, {112, "0x40", 0x40}, {150, "0x40", -1},
	/* yes and no */
	{396, "1", 1}, {396, "Yes", 1}, {396, "No", 0}, {396, "true", 1}, {396, "maybe", -1}, {311, "Yes", -1},
};

static const struct {
	const char *type, *subtype, *persistence;
	int field;
} errors[] = {
	{"uncorrected", "double_bit", "volatile", 311}, {"uncorrected", "", "", 311}, {"UNCORRECTED", "", "Volatile", 311},
	{"uncorrectable", "dram", "", 319}, {"uncorrected", "hbm", "volatile", 319}, {"uncorrected", "sram", "volatile", 343},
	{"uncorrected", "double_bit", "aggregate", 313}, {"uncorrected", "dram", "aggregate", 329},
	{"uncorrected", "sram", "aggregate", 345}, {"dbe", "", "", 311}, {"sbe", "", "", 310},
	{"corrected", "single_bit", "volatile", 310}, {"corrected", "", "aggregate", 312}, {"corrected", "dram", "", 310},
	{"uncorrected", "single_bit", "volatile", 310}, {"corrected", "double_bit", "volatile", 0},
	{"", "double_bit", "volatile", 0}, {"", "", "", 0}, {"all", "", "", 0}, {"uncorrected", "crc", "", 0},
	{"uncorrected", "double_bit", "since_boot", 0}, {"zero_buffer_credit", "", "", 0},
};
/* errors, replays, retired pages and remapped rows, throttling times; ascending */
static const unsigned growing[] = {202, 240, 241, 310, 311, 312, 313, 319, 329, 343, 345, 390, 391, 393, 394, 1420, 1422, 1423, 1424, 1501};
/* clang-format on */

/* Does the name, as a JSON string, contain a word of the screen? */
static bool
is_seen(struct str name)
{
	struct buf b = {0};
	bool seen = false;

	buf_chr(&b, '"');
	buf_add(&b, name);
	buf_chr(&b, '"');
	for (const struct word *w = metric_words; w->gives; w++)
		seen |= str_has(buf_str(&b), w->text);
	buf_free(&b);
	return seen;
}

static const struct {
	struct str name;
	int64_t bit;
} reasons[] = {
	{STR_INIT("clocks_event_reasons.hw_slowdown"), 0x8}, {STR_INIT("clocks_throttle_reasons.sw_thermal_slowdown"), 0x20},
	{STR_INIT("nvidia_smi_clocks_event_reasons_hw_thermal_slowdown"), 0x40},
	{STR_INIT("nvidia_smi_clocks_throttle_reasons_hw_power_brake_slowdown"), 0x80},
	{STR_INIT("clocks_event_reasons.gpu_idle"), 0}, {STR_INIT("clocks_event_reasons.active"), 0},
	{STR_INIT("clocks_event_reasons_counters.hw_thermal_slowdown"), 0}, {STR_INIT("hw_slowdown"), 0},
	{STR_INIT("clocks_event_reasonshw_slowdown"), 0},
};

int
main(void)
{
	TEST("names with '_' for '.', with units");
	for (size_t i = 0; i < NELEM(scaled); i++) {
		int shift = 0;
		const struct metric *m = metric_scaled(scaled[i].name, &shift);
		int64_t v = -1;

		CHECK_ROW(i, m ? m->field == scaled[i].field : scaled[i].field == 0);
		CHECK_ROW(i, !m || (metric_shifted(m, S("10"), shift, &v) && v == scaled[i].ten));
	}
	CHECK(str_eq(metric_dotted(S("temperature_gpu")), S("temperature.gpu")));
	CHECK(str_eq(metric_dotted(S("fan_speed")), S("fan_speed")));

	TEST("columns of one reason each");
	for (size_t i = 0; i < NELEM(reasons); i++) {
		int64_t v = -1;

		CHECK_ROW(i, metric_reason(reasons[i].name) == reasons[i].bit);
		CHECK_ROW(i, !reasons[i].bit || is_seen(reasons[i].name));
		CHECK_ROW(i, metric_active(reasons[i].bit, S(" Active"), &v) && v == reasons[i].bit && metric_active(8, S("1"), &v) && v == 8);
		CHECK_ROW(i, metric_active(reasons[i].bit, S("Not Active"), &v) && v == 0 && metric_active(8, S("0"), &v) && v == 0);
		CHECK_ROW(i, !metric_active(reasons[i].bit, S("[N/A]"), &v) && !metric_active(reasons[i].bit, S(""), &v));
	}

	TEST("names are found by the screen if they are a whole string");
	for (size_t i = 0; i < NELEM(names); i++) {
		const struct metric *m = metric_named(names[i].name);

		CHECK_ROW(i, !m || is_seen(names[i].name));

		CHECK_ROW(i, (m ? m->field : 0) == names[i].field);
		CHECK_ROW(i, !m || metric_of(m->field) == m);
	}

	CHECK(is_seen(S("hw_errors_total")) && is_seen(S("gpu.dcgm.ecc_errors")) && !is_seen(S("node_load1")));

	TEST("every field is found by number and by name");
	for (unsigned f = 0; f <= UINT16_MAX; f++) {
		const struct metric *m = metric_of((uint16_t)f);

		if (!m)
			continue;
		CHECK_ROW(f, m->field == f && f < EVENT_FIELDS && metric_named(m->name) == m);
		CHECK_ROW(f, m->old.n == 0 || metric_named(m->old) == m);
		/* samples have fractions, counters do not */
		CHECK_ROW(f, m->digits == (strcmp(m->unit, "C") == 0 || strcmp(m->unit, "MHz") == 0 || strcmp(m->unit, "W") == 0 ||
						   strcmp(m->unit, "B/s") == 0 || strcmp(m->unit, "%") == 0 ? 3 : 0));
	}
	CHECK(!metric_of(230) && !metric_of(0) && !metric_of(UINT16_MAX));

	TEST("counters");
	for (unsigned f = 0, i = 0; f <= UINT16_MAX; f++) {
		const struct metric *m = metric_of((uint16_t)f);
		bool grows = i < NELEM(growing) && growing[i] == f;

		i += grows;
		CHECK_ROW(f, m ? m->cumulative == grows : !grows);
	}

	TEST("values");
	for (size_t i = 0; i < NELEM(values); i++) {
		const struct metric *m = metric_of((uint16_t)values[i].field);
		int64_t v = -1;

		CHECK_ROW(i, metric_value(m, str_of(values[i].text), &v) == (values[i].v != -1));
		CHECK_ROW(i, v == values[i].v);
	}

	TEST("seconds for nanoseconds");
	{
		const struct metric *m = metric_of(METRIC_THERMAL_VIOLATION);
		int64_t v = -1;

		CHECK(metric_shifted(m, S("1.5"), 9, &v) && v == 1500000000);
		CHECK(!metric_shifted(m, S("NaN"), 9, &v) && !metric_shifted(m, S("1e300"), 9, &v) &&
		      !metric_shifted(m, S("2147483634"), 9, &v) && !metric_shifted(m, S("9223372037"), 9, &v));
	}

	TEST("error counts");
	for (size_t i = 0; i < NELEM(errors); i++) {
		const struct metric *m =
			metric_errors(str_of(errors[i].type), str_of(errors[i].subtype), str_of(errors[i].persistence));

		CHECK_ROW(i, (m ? m->field : 0) == errors[i].field);
	}
	return test_done();
}
