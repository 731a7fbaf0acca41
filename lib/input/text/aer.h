/*
 * aer - the kernel's lines about PCIe errors (Advanced Error Reporting): the
 * port that reported an error, its device, severity, layer and bits; of all kernel
 * generations, of downstream port containment, of errors that firmware
 * reported first (GHES/CPER), and of the tracepoint.  One line each: tying
 * the lines of one report together is the pattern's affair.
 *
 * Lines that name single bits ("[ 0] RxErr (First)") are not read: the status
 * word says the same.  Nor are those about recovery, TLP headers and the
 * agent that was first.
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

/* In the order in which the lines of one report are printed. */
enum aer_part {
	AER_SUPPRESSED,    /* status: how many reports the kernel did not print
	                    * before the next one; no device */
	AER_CPER_SEVERITY, /* {n}: severity; no device */
	AER_CPER_STATUS,   /* {n}: status, not 0, and mask; severity: their class,
	                    * corrected or uncorrected; no device */
	AER_CPER_VENDOR,   /* {n}: vendor; no device */
	AER_CPER_DISPLAY,  /* {n}: the device is a display controller; no device */
	AER_CPER_DEVICE,   /* {n}: dev */
	AER_ANNOUNCED,     /* dev, port if it is another, severity */
	AER_CONTAINED,     /* the same by downstream port containment */
	AER_HEAD,          /* severity, layer */
	AER_STATUS,        /* status, mask, vendor */
	AER_UNCOR,         /* status: which uncorrectable bits are fatal */
	AER_LAYER,         /* layer */
	AER_TRACED,        /* severity, status: the tracepoint's copy */
	AER_FLAT,          /* a whole report in one record */
};

/* Gravest last.  Between nonfatal and fatal a word may be undecided. */
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
	AER_INACCESSIBLE, /* the device did not answer any more */
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
	int64_t t;       /* from an ISO stamp with a zone, else NO_TIME */
	struct str host; /* from a syslog stamp, else "no string" */
};

/*
 * The next of these lines in a message, which may have several; *message
 * keeps what follows it.  False when there is none left.  A continuation line
 * without a device of its own is about the one before: dev is then unknown.
 */
bool aer_next(struct str *message, struct aer_line *l);

struct aer_bit {
	uint8_t bit;
	bool correctable;
	uint8_t layer;          /* enum aer_layer, after the specification */
	struct str name;        /* as the kernel prints it since 4.18 */
	struct str old, daemon; /* the kernel's before that, rasdaemon's */
};

/* NULL for a bit that has no name. */
const struct aer_bit *aer_bit(bool correctable, unsigned bit);
/* By any of its names, whatever the case; NULL if there is none. */
const struct aer_bit *aer_bit_named(struct str name);
/* All bits of a class that have a name. */
uint32_t aer_known(bool correctable);

/* A severity's word, of any kernel or as verdicts have it: whole. */
bool aer_severity_of(struct str word, enum aer_severity *severity);
/* "corrected", "nonfatal", "fatal". */
struct str aer_severity_name(enum aer_severity severity);
/* "Data Link Layer" and the like, or its first word, any case: whole. */
bool aer_layer_of(struct str word, enum aer_layer *layer);
/* As the kernel prints it; empty for none. */
struct str aer_layer_name(enum aer_layer layer);

#endif
