/*
 * topology - which PCIe ports are above which GPUs, from the output of `lspci
 * -D -PP -d 10de:`: each device after the path to it, as in
 * "0000:3a:01.0/3b:00.0 3D controller: …".  Only the first part of a path has
 * the domain.  One file describes every node.
 * Source: lspci(8) of pciutils 3.6 and later; class names: pci.ids.
 * Layer join: includes input.
 */
#ifndef TOPOLOGY_H
#define TOPOLOGY_H

#include "base/mem.h"
#include "event/identity.h"

enum {
	TOPOLOGY_DEPTH = 32, /* ports above a GPU */
	TOPOLOGY_WIDTH = 64, /* GPUs below a port */
};

struct below {
	struct pci port, gpu;
};

struct topology {
	struct below *by_port; /* ascending by port, then GPU; no duplicates */
	struct below *by_gpu;  /* the same, ascending by GPU, then port */
	size_t n;
};

/*
 * Read a struct topology from text; its arrays live in m.  Returns NULL, or an
 * error message (a constant), with its line number in *line.  Devices that are
 * not GPUs (a GPU's audio function, NVSwitches, NVIDIA's bridges) are left out.
 */
const char *topology_parse(void *topology, struct str text, struct mem *m, uint64_t *line);

/* The entries of a port, of a GPU: the number, and the first one in *first. */
size_t topology_of_port(const struct topology *t, struct pci port, const struct below **first);
size_t topology_of_gpu(const struct topology *t, struct pci gpu, const struct below **first);

#endif
