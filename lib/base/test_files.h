/*
 * test_files - for tests that take many files: golden cases, seeds, testdata.
 * Layer base: for *_test.c alone.
 */
#ifndef TEST_FILES_H
#define TEST_FILES_H

#include <fcntl.h>
#include <glob.h>
#include <unistd.h>

#include "base/buf.h"

/* Give take the content of each file that a glob(3) pattern matches, in order of their
 * names, with the file's index.  The number of files.  text is valid during the call. */
static inline size_t
test_files(const char *pattern, void (*take)(int row, struct str text))
{
	struct buf b = {0};
	glob_t g = {0};
	size_t files = 0;
	ssize_t n;

	if (glob(pattern, 0, NULL, &g) == 0)
		for (; files < g.gl_pathc; files++) {
			int in = open(g.gl_pathv[files], O_RDONLY);

			b.n = 0;
			while ((n = read(in, buf_room(&b, 65536), 65536)) > 0)
				b.n += (size_t)n;
			close(in);
			take((int)files, buf_str(&b));
		}
	globfree(&g);
	buf_free(&b);
	return files;
}

#endif
