/*
 * identity - who a record is about: PCI addresses and node names.
 * Sources of the spellings: NVRM's Xid lines (domain:bus:device, no function),
 * lspci and sysfs (with function), nvidia-smi and DCGM (8-digit domain, upper
 * case), journald's _KERNEL_DEVICE (+pci:).
 * Layer event: includes base.
 */
#ifndef IDENTITY_H
#define IDENTITY_H

#include "base/buf.h"

struct pci {
	uint32_t domain;
	uint8_t bus, dev, fn;
	uint8_t known; /* 0: no address, and the rest is 0 */
};

/*
 * An address in any spelling, whole: "PCI:0000:3b:00", "0000:3b:00.0",
 * "00000000:3B:00.0", "3b:00.0", "PCI:3b:00", "+pci:0000:3b:00.0".  A missing
 * domain or function is 0.  Devices above 1f cannot be, but test lines have
 * them: they are taken as they stand.
 */
bool pci_parse(struct str s, struct pci *p);
/* The same at the start of *s, removed there. */
bool pci_eat(struct str *s, struct pci *p);
/* "0000:3b:00.0"; a domain above ffff has 8 digits; nothing if not known. */
void pci_put(struct buf *b, struct pci p);
/* Order: unknown first, then domain, bus, device, function. */
static inline int
pci_cmp(struct pci a, struct pci b)
{
	uint64_t m, n;

	if (memcmp(&a, &b, sizeof(a)) == 0) /* it has no padding */
		return 0;
	m = (uint64_t)a.known << 63 | (uint64_t)a.domain << 24 | (uint64_t)a.bus << 16 | (uint64_t)a.dev << 8 | a.fn;
	n = (uint64_t)b.known << 63 | (uint64_t)b.domain << 24 | (uint64_t)b.bus << 16 | (uint64_t)b.dev << 8 | b.fn;
	return m < n ? -1 : m > n;
}

/* "GPU-" or "MIG-" and hexadecimal digits and dashes at the start of s: its
 * length, else 0. */
size_t uuid_len(struct str s);

/* A board's serial number, as drivers and exporters print it: letters, digits and
 * dashes, with a digit that is not 0.  Empty for what stands for none: N/A, zeros. */
struct str serial_of(struct str s);

/*
 * At most 1024 bytes of what names a thing, cut at the end of a character:
 * longer than any is (RFC 1035 has 255).  Many records may lie in one object
 * that names something, and each would cost what the name does.
 */
struct str id_cut(struct str s);

/*
 * Node names in lower case, as they are compared.  q has room for s.n bytes.
 * Blanks around it are dropped.
 */
struct str node_canon(struct str s, char *q);
/*
 * Is it made up as the name of a pod ("-" and five of the letters that are in
 * Kubernetes' apimachinery, util/rand) or of a container (Docker's host name,
 * 12 hexadecimal digits)?  A node's may be by chance.
 */
bool node_is_made(struct str name);
/* What two nodes must have in common: the first label of a name, an IPv4
 * address whole. */
struct str node_label(struct str name);
/*
 * May two canonical names be one node?  A short name equals a full one whose
 * first label it is; two full names must be equal.  No name equals no name.
 */
bool node_same(struct str a, struct str b);

#endif
