/* xid-correlate - say which GPU error took which pod down. */
#include "filter/filter.h"

int
main(int argc, char *argv[])
{
	return filter_main(&xid_correlation, argc, argv);
}
