/*
 * jail - what a filter may ask of the system, held by the kernel: a seccomp
 * filter (Linux, kernel/seccomp.c) that kills the process at any other call.
 * For tests of what SECURITY.md promises; the filters have none inside.
 */
#ifndef JAIL_H
#define JAIL_H

#include <stdbool.h>

/* Go to jail, for good; false where there is none. */
bool jail(void);

/* Does it hold?  Aborts if it does not; NULL, or why there is none. */
const char *jail_try(void);

#endif
