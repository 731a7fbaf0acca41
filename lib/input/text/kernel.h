/*
 * kernel - the NVIDIA driver's lines in the kernel log: Xid, SXid, "fallen
 * off the bus", a GPU's UUID and serial number, driver loads, kernel starts, and the marker that
 * GPU reset tools leave.  Only a line that begins with them counts, after the
 * stamps that log carriers put in front: who quotes one gives nothing.
 * Sources: kernel_rc.c and nvlog of the open GPU kernel modules 515 to 595,
 * nv-pci.c (the probe-time triple), NVSwitch's error printer, NVSentinel's
 * gpu-reset (the marker).
 * Layer text: includes identity, time.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include "base/time.h"
#include "event/identity.h"

enum kernel_kind {
	KERNEL_XID,    /* code, gpu if it is named */
	KERNEL_SXID,   /* code, gpu: the switch */
	KERNEL_NAMED,  /* gpu: what the following lines are about */
	KERNEL_GPU,    /* gpu and uuid, or its serial number; that alone is about the GPU
	                * which a line near it names */
	KERNEL_LOAD,   /* the driver was loaded or the kernel started */
	KERNEL_RESET,  /* uuid was reset */
};

struct kernel {
	enum kernel_kind kind;
	uint32_t code;
	struct pci gpu;
	struct str uuid, serial;
	struct str text; /* the line without stamps, continuation lines too */
	bool fatal;      /* SXid: it says Fatal */
	bool detail;     /* SXid: a further line about the same error */
	bool code_implied; /* Xid: the line does not print the code */
	bool recovered;    /* Xid 154: the action is None now */
	bool nonfatal;   /* Xid 144 to 150: the line says so (kernel_nonfatal) */
	bool start;      /* LOAD: the kernel started, not the driver alone */
	int64_t t;       /* from an ISO stamp with a zone, else NO_TIME */
	struct str host; /* from a syslog stamp, else "no string" */
};

/*
 * The next of the driver's lines in a message, which may have several;
 * *message keeps what follows it.  False when there is none left.
 */
bool kernel_next(struct str *message, struct kernel *k);

/*
 * Does the text of an NVLink 5 Xid (144 to 150) say that it is not fatal, and
 * so asks for nothing?  RLW_RXPIPE's with bit 10 (drivers before R575) or 7 of
 * the first word (intrinfo) needs a reset all the same: sheet "Xid 144-150
 * Decode" of NVIDIA's Xid-Catalog.xlsx.
 */
bool kernel_nonfatal(uint32_t code, struct str text);

/* The code that a clean-up line says it was "caused by"; 0 if it names none. */
uint32_t kernel_previous(struct str text);

/* The new action of an Xid 154 line, "GPU Reset Required"; empty if none. */
struct str kernel_action(struct str text);
/* And its number, nverror.h's; 0 (None) if there is none. */
uint32_t kernel_action_number(struct str text);

#endif
