/*
 * aer - the kernel's lines about PCIe errors (Advanced Error Reporting): the
 * reporting port, the device, severity, layer and bits; of all kernel
 * generations, of downstream port containment, of errors that firmware reported
 * first (GHES/CPER), and of the tracepoint.  One line each: join/report.h
 * combines the lines of a report.
 *
 * Not read: lines for single bits ("[ 0] RxErr (First)"), because the status
 * word contains them, and lines about recovery, TLP headers and the first
 * agent.
 *
 * Sources: PCI Express Base Specification 6.0, 7.8.4 (bits) and 6.2.7 (their
 * layers), linux include/uapi/linux/pci_regs.h (PCI_ERR_COR_*, PCI_ERR_UNC_*),
 * drivers/pci/pcie/aer.c and dpc.c from 4.4 to 6.16, lib/ratelimit.c, drivers/firmware/efi/
 * cper.c (aer_cor_status since 6.13; class_code, which began with its last byte until 5.7), include/ras/ras_event.h, rasdaemon's ras-aer-handler.c (names).
 * Layer text: includes identity, time.
 */
#ifndef AER_H
#define AER_H

#include "base/time.h"
#include "event/identity.h"

/* In the order of the lines of one report. */
enum aer_part {
	AER_SUPPRESSED,    /* status: number of reports the kernel did not print
	                    * before the next one; no device */
	AER_CPER_SEVERITY, /* {n}: severity; no device */
	AER_CPER_STATUS,   /* {n}: nonzero status and mask; severity: their
	                    * class, corrected or uncorrected; no device */
	AER_CPER_VENDOR,   /* {n}: vendor; no device */
	AER_CPER_DISPLAY,  /* {n}: the device is a display controller; no device */
	AER_CPER_DEVICE,   /* {n}: dev */
	AER_ANNOUNCED,     /* dev, port if it is another device, severity */
	AER_CONTAINED,     /* the same from downstream port containment */
	AER_HEAD,          /* severity, layer */
	AER_STATUS,        /* status, mask, vendor */
	AER_UNCOR,         /* status: mask of the fatal uncorrectable bits */
	AER_LAYER,         /* layer */
	AER_TRACED,        /* severity, status: the tracepoint's copy */
	AER_FLAT,          /* a whole report in one record */
};

/* Most severe last.  AER_UNCORRECTED: nonfatal or fatal. */
enum aer_severity {
	AER_UNKNOWN,
	AER_CORRECTED,
	AER_UNCORRECTED,
	AER_NONFATAL,
	AER_FATAL,
};

enum aer_layer {
	AER_NO_LAYER,
	AER_PHYSICAL,
	AER_LINK,
	AER_TRANSACTION,
	AER_INACCESSIBLE, /* the device no longer responded */
};

enum aer_driver { AER_DRIVER_OTHER, AER_DRIVER_PORT, AER_DRIVER_NVIDIA, AER_DRIVER_NVSWITCH };

struct aer_line {
	enum aer_part part;
	struct pci dev, port;
	enum aer_severity severity;
	enum aer_layer layer;
	enum aer_driver driver;
	uint32_t status, mask, cper;
	uint16_t vendor;
	struct str text; /* the line without stamps */
	int64_t t;       /* from an ISO stamp with a zone, or NO_TIME */
	struct str host; /* from a syslog stamp, or "no string" */
};

/*
 * The next of these lines in a message; *message keeps the text after it.
 * False if there is none.  A continuation line without a device belongs to the
 * previous one: dev is then unknown.
 */
bool aer_next(struct str *message, struct aer_line *l);

struct aer_bit {
	uint8_t bit;
	bool correctable;
	uint8_t layer;          /* enum aer_layer, after the specification */
	struct str name;        /* as printed by the kernel since 4.18 */
	struct str old, daemon; /* the kernel's older names, rasdaemon's */
};

/* NULL for a bit without a name. */
const struct aer_bit *aer_bit(bool correctable, unsigned bit);
/* By any of its names, ignoring case; NULL if there is none. */
const struct aer_bit *aer_bit_named(struct str name);
/* Mask of all bits of a class that have a name. */
uint32_t aer_known(bool correctable);

/* A severity's name, from any kernel or from verdicts: the whole word. */
bool aer_severity_of(struct str word, enum aer_severity *severity);
/* "corrected", "nonfatal", "fatal". */
struct str aer_severity_name(enum aer_severity severity);
/* "Data Link Layer" etc., or its first word, ignoring case: the whole string. */
bool aer_layer_of(struct str word, enum aer_layer *layer);
/* As printed by the kernel; empty for AER_NO_LAYER. */
struct str aer_layer_name(enum aer_layer layer);

#endif
