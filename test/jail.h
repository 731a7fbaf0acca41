/*
 * jail - the system calls that a filter may use, enforced by the kernel: a
 * seccomp filter (Linux, kernel/seccomp.c) that kills the process at any other
 * call.  For tests of the promises in SECURITY.md; the filters do not contain
 * it.
 */
#ifndef JAIL_H
#define JAIL_H

#include <stdbool.h>

/* Go to jail permanently; false if unsupported. */
bool jail(void);

/* Test the jail.  Aborts if it does not hold; NULL, or why there is none. */
const char *jail_try(void);

#endif
