/* pcie-aer - which PCIe link is failing and slowing its GPU. */
#include "filter/filter.h"

int
main(int argc, char *argv[])
{
	return filter_main(&pcie_aer, argc, argv);
}
