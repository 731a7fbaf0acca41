/* nccl-hang - say which collective hung, and which ranks are to blame. */
#include "filter/filter.h"

int
main(int argc, char *argv[])
{
	return filter_main(&nccl_hang, argc, argv);
}
