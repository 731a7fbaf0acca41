/*
 * catalog - the NVIDIA driver's Xid codes: meaning and recommended action.
 * Codes, mnemonics and action buckets are facts: NVIDIA's Xid-Catalog.xlsx as
 * modified 2025-09-30; for codes it does not list, nverror.h of the open kernel
 * modules 595.45.04, and lines printed by newer drivers.  Descriptions and
 * advice are our own words.
 * Layer join: includes verdict/verdict.h.
 */
#ifndef CATALOG_H
#define CATALOG_H

#include "base/buf.h"
#include "verdict/verdict.h"

/* Severity of a code, most severe first; the order decides attribution. */
enum xid_class {
	XID_HARDWARE,      /* the GPU, its memory or its links need repair */
	XID_UNKNOWN,       /* no published action, or not in the catalog */
	XID_APPLICATION,   /* caused by the program on the GPU */
	XID_CONSEQUENCE,   /* clean-up after an earlier error */
	XID_INFORMATIONAL, /* nothing to do */
	XID_NVSWITCH,      /* an SXid, printed by an NVSwitch */
};

struct xid_info {
	uint32_t code;
	struct str name;   /* mnemonic in the driver's source */
	enum xid_class cls;
	struct str action; /* bucket, e.g. RESET_GPU; empty: none is published */
	struct str origin; /* source of code, name and action */
	struct str what;   /* description, a phrase that can follow "Xid 79: " */
	struct str todo;   /* remediation: one or two sentences */
	enum action asked; /* action that its line requires, or ACTION_UNSET */
};

/* "hardware", "unknown", ... */
struct str xid_class_name(enum xid_class c);
/* The reverse; false when s names no class. */
bool xid_class_of(struct str s, enum xid_class *c);

/* Severity within XID_HARDWARE, 0 is the most severe: off the bus,
 * uncorrectable memory errors, the rest, contained memory errors. */
unsigned catalog_grade(uint32_t code);

/* Action for an Xid in the vocabulary of all verdicts.  asked: the action that
 * the driver's Xid 154 requests, which takes precedence; or empty. */
enum action catalog_action(const struct xid_info *x, struct str asked);

/* Action for the number in an Xid 154; ACTION_UNSET if it is unknown. */
enum action catalog_asked(uint32_t number);

/* Adjust class and action of a code to the details in its line, if it has
 * any. */
void catalog_line(struct xid_info *x, bool nonfatal, struct str line);

/* Built-in entry of a code, or NULL. */
const struct xid_info *catalog_find(uint32_t code);

/*
 * Append the catalog as TSV with a header line: code, name, class, action,
 * origin, what, todo.  only: the only code to print; 0: all, ascending.
 */
void catalog_put(struct buf *b, uint32_t only);

#endif
