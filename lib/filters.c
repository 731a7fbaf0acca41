#include "filter.h"

const struct pattern *const filters[] = {
	&xid_correlation,
	&nccl_hang,
	NULL,
};
