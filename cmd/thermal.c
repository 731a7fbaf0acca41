/* thermal - which GPU, node or room throttles thermally, and the cost. */
#include "filter/filter.h"

int
main(int argc, char *argv[])
{
	return filter_main(&thermal_throttle, argc, argv);
}
