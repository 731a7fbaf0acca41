/*
 * dump_files - dumps that do not name their host, of several jobs.  Their file is
 * all that distinguishes them: dumps of one rank in two files that contradict
 * each other (other members of the default group, or numbers that fall while
 * time rises) are of two jobs.  The first part of the path in which such files
 * differ then names the job of every file.
 * Layer join: includes event.
 */
#ifndef DUMP_FILES_H
#define DUMP_FILES_H

#include "event/event.h"

/* Begins the name of such a job, which no host has. */
#define DUMP_FILES_MARK '\001'

struct dump_files {
	struct dump_file {
		uint32_t file, job; /* names: e.uid of its records; the mark and the beginning of its path */
	} *of; /* by number */
	size_t n; /* 0: no file contradicts another */
};

/* Lists of records as in struct events; in: memory of the result; names: may grow. */
struct dump_files dump_files_find(const struct progress *p, size_t np, const struct collective *c, size_t nc, const struct completed *d, size_t nd,
				  struct idx *names, struct buf *spare, struct mem *in);
/* The host of a record of a rank, or else the job of its file, or 0. */
uint32_t dump_files_place(const struct dump_files *f, const struct event *e);

#endif
