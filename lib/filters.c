#include "filter.h"

const struct pattern *const filters[] = {
	&xid_correlation,
	&hbm_ecc,
	NULL,
};
