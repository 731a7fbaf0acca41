/* xid-correlate - which GPU error took down which pod. */
#include "filter/filter.h"

int
main(int argc, char *argv[])
{
	return filter_main(&xid_correlation, argc, argv);
}
