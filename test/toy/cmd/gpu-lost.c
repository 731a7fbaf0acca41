/* gpu-lost - which GPU has fallen off the bus. */
#include "filter/filter.h"

int
main(int argc, char *argv[])
{
	return filter_main(&gpu_lost, argc, argv);
}
