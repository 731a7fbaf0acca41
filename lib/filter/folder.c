/*
 * Folders as operands: the files below them, at any depth, by name.  Links and
 * other special files are skipped, and so are binaries; a notice reports it.
 */
#include "filter/run.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Paths to visit, the next one last. */
struct paths {
	const char **p;
	size_t n, cap;
};

static void
push(struct run *r, struct paths *to, const char *folder, const char *name)
{
	struct str f = str_of(folder), s = str_of(name);
	char *path = mem_bytes(&r->mem, f.n + s.n + 2);
	size_t cap = to->cap ? 2 * to->cap : 64;
	const char **more;

	f.n -= f.n > 1 && str_ends(f, S("/"));
	memcpy(path, f.p, f.n);
	path[f.n] = '/';
	memcpy(path + f.n + 1, s.p, s.n + 1);
	if (to->n == to->cap) {
		more = mem_new(&r->mem, const char *, cap);
		for (size_t i = 0; i < to->n; i++)
			more[i] = to->p[i];
		to->p = more;
		to->cap = cap;
	}
	to->p[to->n++] = path;
}

/* Descending by name. */
static int
path_cmp(const void *x, const void *y, const void *ctx)
{
	(void)ctx;
	return str_cmp(str_of(*(const char *const *)y), str_of(*(const char *const *)x));
}

static void
trouble(struct run *r, const char *path)
{
	DIAG(&r->diag, str_of(path), S(": "), diag_errno(errno));
	r->status = EX_FAIL;
}

/* Append the contents of a folder to the paths. */
static void
list(struct run *r, const char *folder, struct paths *to)
{
	int fd = openat(r->io->dir, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	size_t from = to->n;
	struct dirent *e;

	if (!d) {
		trouble(r, folder);
		if (fd >= 0)
			close(fd);
		return;
	}
	for (errno = 0; (e = readdir(d)); errno = 0)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			push(r, to, folder, e->d_name);
	if (errno)
		trouble(r, folder);
	closedir(d);
	if (to->n > from)
		sort(to->p + from, to->n - from, sizeof(*to->p), path_cmp, NULL, &r->ev.scratch);
}

bool
run_is_folder(struct run *r, const char *name)
{
	struct stat st;

	return fstatat(r->io->dir, name, &st, 0) == 0 && S_ISDIR(st.st_mode);
}

bool
run_is_binary(struct run *r)
{
	struct str head;

	if (!r->folder.on || in_head(&r->stream.in, 512, &head) != IN_LINE)
		return false;
	for (size_t i = 0; i < head.n; i++) {
		unsigned char c = (unsigned char)head.p[i];

		/* except NULs, which logs contain after a crash, blanks and escapes */
		if (c && c < 0x20 && !strchr("\b\t\n\v\f\r\033", c))
			return true;
	}
	return false;
}

void
run_skip(struct run *r, const char *path, enum skipped why)
{
	if (r->folder.n[why]++ == 0)
		r->folder.first[why] = path;
}

static void
report(struct run *r, const char *folder, size_t files)
{
	static const struct str what[SKIPPED][2] = {
		[SKIPPED_SPECIAL] = {STR_INIT(" link or special file was left out: "), STR_INIT(" links or special files were left out, first ")},
		[SKIPPED_BINARY] = {STR_INIT(" binary file was left out: "), STR_INIT(" binary files were left out, first ")},
	};

	if (r->opt.quiet)
		return;
	if (files == 0)
		DIAG(&r->diag, str_of(folder), S(": no file in this folder"));
	for (size_t i = 0; i < SKIPPED; i++)
		if (r->folder.n[i])
			DIAG(&r->diag, str_of(folder), S(": "), diag_u64(r->folder.n[i]), what[i][r->folder.n[i] > 1], str_of(r->folder.first[i]));
}

void
run_folder(struct run *r, const char *folder, void (*read)(struct run *r, const char *path))
{
	struct paths paths = {0};
	size_t files = 0;

	memset(&r->folder, 0, sizeof(r->folder));
	r->folder.on = true;
	list(r, folder, &paths);
	while (paths.n && !r->stop) {
		const char *path = paths.p[--paths.n];
		struct stat st;

		if (fstatat(r->io->dir, path, &st, AT_SYMLINK_NOFOLLOW) != 0) {
			trouble(r, path);
		} else if (S_ISDIR(st.st_mode)) {
			list(r, path, &paths);
		} else if (S_ISREG(st.st_mode)) {
			read(r, path);
			files++;
		} else {
			run_skip(r, path, SKIPPED_SPECIAL);
		}
	}
	r->folder.on = false;
	report(r, folder, files);
}
