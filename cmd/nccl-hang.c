/* nccl-hang - which collective hung, and which ranks caused it. */
#include "filter/filter.h"

int
main(int argc, char *argv[])
{
	return filter_main(&nccl_hang, argc, argv);
}
