/*
 * catalog - what the NVIDIA driver's Xid codes mean and ask for.
 * Codes, mnemonics and action buckets are facts: NVIDIA's Xid-Catalog.xlsx
 * as modified 2025-09-30 and, for codes it does not list, nverror.h of the
 * open kernel modules 595.45.04, and lines
 * that newer drivers print.  Descriptions and advice are our own words.
 * Layer join: includes verdict/verdict.h.
 */
#ifndef CATALOG_H
#define CATALOG_H

#include "base/buf.h"
#include "verdict/verdict.h"

/* How grave a code is, gravest first; the order decides attribution. */
enum xid_class {
	XID_HARDWARE,      /* the GPU, its memory or its links need repair */
	XID_UNKNOWN,       /* no published action, or not in the catalogue */
	XID_APPLICATION,   /* the program on the GPU did it */
	XID_CONSEQUENCE,   /* clean-up after an earlier error */
	XID_INFORMATIONAL, /* nothing to do */
	XID_NVSWITCH,      /* an SXid, printed by an NVSwitch */
};

struct xid_info {
	uint32_t code;
	struct str name;   /* mnemonic in the driver's source */
	enum xid_class cls;
	struct str action; /* bucket, e.g. RESET_GPU; empty when none published */
	struct str origin; /* where code, name and action come from */
	struct str what;   /* what happened, a phrase that can follow "Xid 79: " */
	struct str todo;   /* what to do: one or two sentences, capital and stop */
	enum action asked; /* action that its line requires, or ACTION_UNSET */
};

/* "hardware", "unknown", ... */
struct str xid_class_name(enum xid_class c);
/* The reverse; false when s names no class. */
bool xid_class_of(struct str s, enum xid_class *c);

/* Within hardware, low is grave: off the bus, memory that cannot be corrected, the
 * rest, memory that was contained. */
unsigned catalog_grade(uint32_t code);

/* An Xid's action and class in the vocabulary of all verdicts; asked: the action
 * that the driver's Xid 154 requests, which takes precedence, or empty. */
enum action catalog_action(const struct xid_info *x, struct str asked);

/* The same of an Xid 154's number; ACTION_UNSET if it is unknown. */
enum action catalog_asked(uint32_t number);

/* Change class and action of a code by the details in its line, if it has some. */
void catalog_line(struct xid_info *x, bool nonfatal, struct str line);

/* The compiled-in entry of a code, or NULL. */
const struct xid_info *catalog_find(uint32_t code);

/*
 * Append the catalogue as TSV with a header line: code, name, class, action,
 * origin, what, todo.  only: that code's row alone; 0: all of them, ascending.
 */
void catalog_put(struct buf *b, uint32_t only);

#endif
