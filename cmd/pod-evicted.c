/* pod-evicted - which pressure on which node evicted which pod. */
#include "filter/filter.h"

int
main(int argc, char *argv[])
{
	return filter_main(&pod_evicted, argc, argv);
}
