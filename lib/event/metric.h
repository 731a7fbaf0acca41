/*
 * metric - the GPU measurements that patterns use: names, numbers, units.
 * A metric is identified by its DCGM field number, whatever name an exporter
 * gives it.
 * Source: dcgm_fields.h of DCGM 4.6 and the older names that dcgm-exporter
 * printed; blank values: dcgm_structs.h; nvidia-smi --help-query-gpu and the
 * names derived from it by nvidia_gpu_exporter and telegraf; OpenTelemetry's
 * semantic conventions for hardware, and the dcgm receiver of its Collector.
 * Layer event: includes event.
 */
#ifndef METRIC_H
#define METRIC_H

#include "event/event.h"

enum metric_field {
	METRIC_UUID = 54,              /* not a number: its labels name the GPU */
	METRIC_SM_CLOCK = 100,         /* MHz */
	METRIC_CLOCKS_EVENT = 112,     /* bit mask, see thermal */
	METRIC_SM_CLOCK_MAX = 113,     /* MHz */
	METRIC_MEMORY_TEMP = 140,      /* C */
	METRIC_GPU_TEMP = 150,         /* C */
	METRIC_MEMORY_TEMP_MAX = 151,  /* C: memory is throttled above it */
	METRIC_GPU_TEMP_MAX = 152,     /* C: highest operating temperature */
	METRIC_GPU_TEMP_MARGIN = 153,  /* C left until throttling */
	METRIC_POWER = 155,            /* W */
	METRIC_TEMP_SLOWDOWN = 158,    /* C */
	METRIC_TEMP_SHUTDOWN = 159,    /* C */
	METRIC_PSTATE = 190,           /* 0 to 15, fastest first */
	METRIC_PCIE_REPLAY = 202,      /* count */
	METRIC_GPU_UTIL = 203,         /* % */
	METRIC_LINK_GEN_MAX = 235,
	METRIC_LINK_WIDTH_MAX = 236,
	METRIC_LINK_GEN = 237,
	METRIC_LINK_WIDTH = 238,
	METRIC_POWER_VIOLATION = 240,   /* ns */
	METRIC_THERMAL_VIOLATION = 241, /* ns, even if a help text says otherwise */
	METRIC_ECC_SBE_VOL = 310,       /* corrected, since the driver was loaded (volatile) */
	METRIC_ECC_DBE_VOL = 311,       /* uncorrected, in any memory */
	METRIC_ECC_SBE_AGG = 312,       /* the same over the board's life (aggregate) */
	METRIC_ECC_DBE_AGG = 313,
	METRIC_ECC_DBE_VOL_DEV = 319,   /* subset in device memory (DRAM) */
	METRIC_ECC_DBE_AGG_DEV = 329,
	METRIC_ECC_DBE_VOL_SRM = 343,   /* subset in SRAM */
	METRIC_ECC_DBE_AGG_SRM = 345,
	METRIC_SRAM_EXCEEDED = 346,     /* bool: SRAM errors beyond the threshold */
	METRIC_RETIRED_SBE = 390,
	METRIC_RETIRED_DBE = 391,
	METRIC_RETIRED_PENDING = 392,
	METRIC_REMAP_UNCORRECTABLE = 393,
	METRIC_REMAP_CORRECTABLE = 394,
	METRIC_REMAP_FAILED = 395,
	METRIC_REMAP_PENDING = 396,
	METRIC_PCIE_TX_BYTES = 1009, /* bytes per second */
	METRIC_PCIE_RX_BYTES = 1010,
	METRIC_SW_POWER_CAP = 1420,  /* ns */
	METRIC_SW_THERMAL = 1422,    /* ns */
	METRIC_HW_THERMAL = 1423,    /* ns */
	METRIC_HW_POWER_BRAKE = 1424, /* ns */
	METRIC_PCIE_CORRECTABLE = 1501,
	METRIC_UNREPAIRABLE = 1507,
	METRIC_RECOVERY_ACTION = 1523, /* as Xid 154's: 0 None, 1 GPU reset, … */
};

struct metric {
	uint16_t field;
	struct str name, old;   /* without DCGM_FI_; old: an earlier name, or empty */
	const char *unit;       /* "count", "ns", "C", "MHz", "B/s", "mask", "bool", "W" */
	uint8_t digits;         /* sample values count 10^-digits of the unit */
	bool cumulative;        /* counter: a decrease means a reset */
};

/*
 * Metric by name: DCGM's with or without DCGM_FI_, old or new, nvidia-smi's, or
 * OpenTelemetry's; NULL if no pattern uses it.
 */
const struct metric *metric_named(struct str name);
/*
 * The same, including names that exporters derive from these, with '_' for '.'
 * and a unit at the end: nvidia_smi_power_draw_watts, hw_gpu_sm_clock,
 * gpu_dcgm_temperature.  shift: their values count 10^shift of the metric's
 * unit.
 */
const struct metric *metric_scaled(struct str name, int *shift);
/* nvidia-smi's name of telegraf's temperature_gpu and the like; otherwise name. */
struct str metric_dotted(struct str name);
const struct metric *metric_of(uint16_t field);

/*
 * A value's text (decimal, with an exponent, or hexadecimal after 0x; for a
 * bool also Yes, No, true, false) in the metric's digits.  False if it is not a
 * number, not finite, or one of DCGM's blank values as int64, int32 or double.
 */
bool metric_value(const struct metric *m, struct str text, int64_t *v);
/* The same for a text that counts 10^shift of the metric's unit. */
bool metric_shifted(const struct metric *m, struct str text, int shift, int64_t *v);

/*
 * The bit of METRIC_CLOCKS_EVENT that a column of nvidia-smi is about, such as
 * clocks_event_reasons.hw_slowdown, also as exporters spell it; 0: none, or one that
 * does not matter.  Of samples with one time each has its bit.
 */
int64_t metric_reason(struct str name);
/* The mask that such a column's cell stands for: "Active", "Not Active", 1 or 0. */
bool metric_active(int64_t reason, struct str text, int64_t *v);

/*
 * The error counter described by these attributes (error.type, error.subtype,
 * error.persistence of OpenTelemetry's hw.errors); NULL if it counts no memory
 * errors, or whether they were corrected is not given.
 */
const struct metric *metric_errors(struct str type, struct str subtype, struct str persistence);

/* Beginnings of the names above, for names that are a whole JSON string; the
 * list ends where gives is 0. */
extern const struct word metric_words[];

#endif
