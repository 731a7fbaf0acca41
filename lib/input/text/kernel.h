/*
 * kernel - the NVIDIA driver's lines in the kernel log: Xid, SXid, "fallen off
 * the bus", a GPU's UUID and serial number, driver loads, boots, and the marker
 * of GPU reset tools.  Only lines that begin with these texts are read, after
 * the stamps of log carriers: quotes in other lines are ignored.
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
	KERNEL_XID,    /* code, gpu if the line names it */
	KERNEL_SXID,   /* code, gpu: the switch */
	KERNEL_NAMED,  /* gpu: the subject of the following lines */
	KERNEL_GPU,    /* gpu and uuid, or the serial number; without a GPU it
	                * belongs to the GPU named by a line near it */
	KERNEL_LOAD,   /* driver load or boot */
	KERNEL_RESET,  /* uuid was reset */
};

struct kernel {
	enum kernel_kind kind;
	uint32_t code;
	struct pci gpu;
	struct str uuid, serial;
	struct str text; /* the line without stamps, with continuation lines */
	bool fatal;      /* SXid: logged as fatal */
	bool detail;     /* SXid: a further line about the same error */
	bool code_implied; /* Xid: the line does not print the code */
	bool recovered;    /* Xid 154: the new action is None */
	bool nonfatal;   /* Xid 144 to 150: according to the line (kernel_nonfatal) */
	bool start;      /* LOAD: the kernel booted, not only the driver */
	int64_t t;       /* from an ISO stamp with a zone, or NO_TIME */
	struct str host; /* from a syslog stamp, or "no string" */
};

/*
 * The next of the driver's lines in a message; *message keeps the text after
 * it.  False if there is none.
 */
bool kernel_next(struct str *message, struct kernel *k);

/*
 * Is an NVLink 5 Xid (144 to 150) nonfatal according to its text, so that no
 * action is needed?  RLW_RXPIPE's with bit 10 (drivers before R575) or 7 of the
 * first word (intrinfo) needs a reset anyway: sheet "Xid 144-150 Decode" of
 * NVIDIA's Xid-Catalog.xlsx.
 */
bool kernel_nonfatal(uint32_t code, struct str text);

/* The code after "caused by" in a clean-up line; 0 if there is none. */
uint32_t kernel_previous(struct str text);

/* The new action of an Xid 154 line, "GPU Reset Required"; or empty. */
struct str kernel_action(struct str text);
/* Its number, nverror.h's; 0 (None) if there is none. */
uint32_t kernel_action_number(struct str text);

#endif
