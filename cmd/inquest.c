/* inquest - what failed, the consequences, and what to do first. */
#include "filter/filter.h"
#include "incident/incident.h"

int
main(int argc, char *argv[])
{
	return filter_main(&inquest, argc, argv);
}
