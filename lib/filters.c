#include "filter.h"

const struct pattern *const filters[] = {
	&xid_correlation,
	&pcie_aer,
	NULL,
};
