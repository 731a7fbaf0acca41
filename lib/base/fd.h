/*
 * fd - blocking read(2) and write(2): both retry after signals and wait on
 * non-blocking descriptors, which parent processes of many kinds leave behind
 * (POSIX.1-2008, read: EAGAIN).
 * Layer base: includes nothing.
 */
#ifndef FD_H
#define FD_H

#include <sys/types.h>

ssize_t fd_read(int fd, void *to, size_t n);
ssize_t fd_write(int fd, const void *from, size_t n);

#endif
