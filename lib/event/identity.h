/*
 * identity - subject of a record: PCI addresses, UUIDs, serial numbers, node
 * names.
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
 * An address in any spelling, the whole string: "PCI:0000:3b:00",
 * "0000:3b:00.0", "00000000:3B:00.0", "3b:00.0", "PCI:3b:00",
 * "+pci:0000:3b:00.0".  A missing domain or function is 0.  Device numbers
 * above 1f are impossible, but occur in test lines: they are accepted.
 */
bool pci_parse(struct str s, struct pci *p);
/* The same at the start of *s, which is removed from *s. */
bool pci_eat(struct str *s, struct pci *p);
/* "0000:3b:00.0"; a domain above ffff has 8 digits; nothing if unknown. */
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

/* Length of "GPU-" or "MIG-" plus hexadecimal digits and dashes at the start of
 * s, or 0. */
size_t uuid_len(struct str s);

/* A board's serial number as drivers and exporters print it: letters, digits
 * and dashes, with a nonzero digit.  Empty for placeholders: N/A, zeros. */
struct str serial_of(struct str s);

/*
 * At most 1024 bytes of a name, cut at a character boundary; no real name is
 * longer (RFC 1035: 255).  The limit keeps the cost per record low if many
 * records are in one object, whose name each of them gets.
 */
struct str id_cut(struct str s);

/*
 * A node name in lower case without surrounding blanks, as names are compared.
 * q has room for s.n bytes.
 */
struct str node_canon(struct str s, char *q);
/*
 * Does the name look generated, for a pod ("-" and five of the letters in
 * Kubernetes' apimachinery, util/rand) or a container (Docker's host name, 12
 * hexadecimal digits)?  A node's name may do so by chance.
 */
bool node_is_made(struct str name);
/* The part that names of one node have in common: the first label of a name, or
 * a whole IPv4 address. */
struct str node_label(struct str name);
/*
 * May two canonical names be one node?  A short name equals a full name with
 * that first label; two full names must be equal.  No name equals no name.
 */
bool node_same(struct str a, struct str b);

#endif
