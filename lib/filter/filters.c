#include "filter/filter.h"
#include "incident/incident.h"

const struct pattern *const filters[] = {
	&xid_correlation,
	&pod_evicted,
	&thermal_throttle,
	&hbm_ecc,
	&pcie_aer,
	&nccl_hang,
	&inquest,
	NULL,
};
