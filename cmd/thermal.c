/* thermal - say which GPU, node or room is too hot, and what it costs. */
#include "filter/filter.h"

int
main(int argc, char *argv[])
{
	return filter_main(&thermal_throttle, argc, argv);
}
