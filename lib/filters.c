#include "filter.h"

const struct pattern *const filters[] = {
	&xid_correlation,
	&thermal_throttle,
	NULL,
};
