/*
 * fd - read(2) and write(2) that wait: a signal that comes between is none of
 * the caller's business, nor is a descriptor that does not block, as parents
 * of many kinds leave them behind (POSIX.1-2008, read: EAGAIN).
 * Layer base: includes nothing.
 */
#ifndef FD_H
#define FD_H

#include <sys/types.h>

ssize_t fd_read(int fd, void *to, size_t n);
ssize_t fd_write(int fd, const void *from, size_t n);

#endif
