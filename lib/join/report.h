/*
 * report - one report of a device's PCIe errors, made from the lines that belong to
 * it: the port's announcement, the head, the status word, lines of firmware and of
 * the tracepoint.  Lines of one device on one node within a
 * second that do not contradict each other are one report; no two of its lines
 * are of the same kind.
 * Layer join: includes event, input/text.
 */
#ifndef REPORT_H
#define REPORT_H

#include "input/text/aer.h"
#include "event/event.h"

struct report {
	int64_t t;     /* of the most detailed line */
	struct pci dev, port; /* port: that reported it, if another */
	uint32_t node; /* as in the records, or 0 */
	uint32_t uuid; /* of the device, if it is known as a GPU's, or 0 */
	uint32_t uid, text, boot;
	uint32_t bits; /* of the severity's class, unmasked ones if there are any */
	uint16_t vendor;
	bool other; /* according to firmware it is no display controller */
	uint8_t severity; /* corrected, nonfatal or fatal */
	uint8_t layer, driver;
	bool limited; /* reports before it were not printed, by this device or others */
	uint8_t pad;
	uint32_t suppressed; /* number of reports not printed, if they can only be this device's */
};

struct reports {
	struct report *r; /* by node's number, then device, then time */
	size_t n;
	uint64_t timeless; /* lines without a time, left out */
	uint64_t unnamed;  /* lines without an address, left out: no record has that of the UUID */
};

/* The reports in ev, which is sorted and settled.  Lives in m. */
struct reports reports_tie(const struct events *ev, struct buf *scratch, struct mem *m);

/* The reports of a node's device, all of its functions; from the first. */
size_t reports_of(const struct reports *rs, uint32_t node, struct pci dev, const struct report **first);

#endif
