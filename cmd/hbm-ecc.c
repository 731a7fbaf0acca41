/* hbm-ecc - which GPU memory is failing, confirmed by counter and kernel. */
#include "filter/filter.h"

int
main(int argc, char *argv[])
{
	return filter_main(&hbm_ecc, argc, argv);
}
