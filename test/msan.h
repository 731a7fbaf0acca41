/*
 * msan - glibc functions since 2.33 that clang's MemorySanitizer before 15 does
 * not know: they initialize their arguments. test/same-bytes.sh includes it in
 * each file of that build.
 */
#ifndef MSAN_H
#define MSAN_H

#include <sanitizer/msan_interface.h>
#include <sys/stat.h>

static inline int
msan_fstat(int fd, struct stat *st)
{
	__msan_unpoison(st, sizeof *st);
	return fstat(fd, st);
}

static inline int
msan_fstatat(int dir, const char *name, struct stat *st, int flags)
{
	__msan_unpoison(st, sizeof *st);
	return fstatat(dir, name, st, flags);
}

#define fstat(fd, st) msan_fstat(fd, st)
#define fstatat(dir, name, st, flags) msan_fstatat(dir, name, st, flags)

#endif
