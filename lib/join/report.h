/*
 * report - one report of a device's PCIe errors, assembled from its lines: the
 * port's announcement, the head, the status word, lines of firmware and of the
 * tracepoint.  Lines of one device on one node within a second that do not
 * contradict each other are one report; it has at most one line of each kind.
 * Layer join: includes event, input/text.
 */
#ifndef REPORT_H
#define REPORT_H

#include "input/text/aer.h"
#include "event/event.h"

struct report {
	int64_t t;     /* time of the most detailed line */
	struct pci dev, port; /* port: the reporting port, if it is another device */
	uint32_t node; /* as in the records, or 0 */
	uint32_t uuid; /* the device's, if it is known to be a GPU; or 0 */
	uint32_t uid, text, boot;
	uint32_t bits; /* bits in the severity's class; if any are unmasked,
	                * only those */
	uint16_t vendor;
	bool other; /* according to firmware, the device is no display controller */
	uint8_t severity; /* corrected, nonfatal or fatal */
	uint8_t layer, driver;
	bool limited; /* earlier reports were rate-limited, of this device or others */
	uint8_t pad;
	uint32_t suppressed; /* number of unprinted reports, if they can only be this device's */
};

struct reports {
	struct report *r; /* sorted by node number, then device, then time */
	size_t n;
	uint64_t timeless; /* lines without a timestamp, ignored */
	uint64_t unnamed;  /* ignored lines whose address is unknown, even from
	                    * their UUID */
};

/* The reports in ev, which is sorted and settled.  Lives in m. */
struct reports reports_tie(const struct events *ev, struct buf *scratch, struct mem *m);

/* The reports of a device on a node, all of its functions: the number, and the
 * first one in *first. */
size_t reports_of(const struct reports *rs, uint32_t node, struct pci dev, const struct report **first);

#endif
