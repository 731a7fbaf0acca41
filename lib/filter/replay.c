#define _XOPEN_SOURCE 700 /* realpath */
#include "filter/replay.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h> /* renameat */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/opt.h"
#include "filter/differ.h"

enum { DEPTH_MAX = 4 };

/* ---- files ---- */

static const char *
words_of(int err)
{
	return err == ELOOP ? "is a symbolic link" : strerror(err);
}

/* Read a regular file; empty if it does not exist.  Returns NULL or an error;
 * with O_NOFOLLOW in flags, a symbolic link is an error. */
static const char *
slurp(int dir, const char *name, int flags, struct buf *b)
{
	/* do not wait for the other end of a pipe */
	int fd = openat(dir, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC | flags);
	const char *why = NULL;
	struct stat st;
	ssize_t n = 0;

	b->n = 0;
	if (fd < 0)
		return errno == ENOENT ? NULL : words_of(errno);
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
		why = S_ISDIR(st.st_mode) ? strerror(EISDIR) : "is not a regular file";
	while (!why && (n = fd_read(fd, buf_room(b, 65536), 65536)) > 0)
		b->n += (size_t)n;
	if (n < 0)
		why = strerror(errno);
	close(fd);
	return why;
}

/* Write s to a new file.  Returns 0 or errno. */
static int
write_new(int dir, const char *name, mode_t mode, struct str s)
{
	struct out o = {.fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)};
	int err = 0;

	if (o.fd < 0)
		return errno;
	buf_add(&o.b, s);
	if (!out_flush(&o))
		err = o.err;
	else if (fsync(o.fd) != 0)
		err = errno;
	if (close(o.fd) != 0 && !err)
		err = errno;
	buf_free(&o.b);
	return err;
}

/*
 * Make the file contain s, or remove it if s is empty.  The file is always
 * complete, old or new, even after a crash: a temporary file in the same folder
 * is renamed to it.  The temporary name begins with a dot, so that leftovers
 * are not part of the case.  Returns NULL or an error.
 */
static const char *
spit(int dir, const char *name, struct str s)
{
	int old = openat(dir, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC), err;
	struct stat st = {.st_mode = 0666};
	struct buf temp = {0};

	if (old < 0 && errno != ENOENT)
		return words_of(errno);
	if (old >= 0) {
		fstat(old, &st);
		close(old);
	}
	if (s.n == 0)
		return unlinkat(dir, name, 0) == 0 || errno == ENOENT ? NULL : strerror(errno);
	buf_chr(&temp, '.');
	buf_add(&temp, str_of(name));
	buf_chr(&temp, '.');
	buf_u64(&temp, (uint64_t)getpid());
	buf_chr(&temp, '\0');
	unlinkat(dir, temp.p, 0); /* left by a killed process with the same PID */
	err = write_new(dir, temp.p, st.st_mode & 0777, s);
	if (!err && renameat(dir, temp.p, dir, name) != 0)
		err = errno;
	if (err)
		unlinkat(dir, temp.p, 0);
	buf_free(&temp);
	return err ? strerror(err) : NULL;
}

static int
name_cmp(const void *a, const void *b, const void *ctx)
{
	(void)ctx;
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

struct names {
	struct str *p; /* NUL-terminated */
	size_t n;
};

/* Names in a folder, sorted, except those that begin with a dot.  False if it
 * cannot be read. */
static bool
list(int dir, struct mem *m, struct names *names)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct buf scratch = {0};
	struct dirent *e;
	size_t cap = 0;
	DIR *d;

	*names = (struct names){0};
	if (fd < 0)
		return false;
	if (!(d = fdopendir(fd))) {
		close(fd);
		return false;
	}
	while ((e = readdir(d))) {
		struct str s = str_of(e->d_name);

		if (str_starts(s, S(".")))
			continue;
		if (names->n == cap) {
			struct str *more = mem_new(m, struct str, cap ? 2 * cap : 64);

			for (size_t i = 0; i < names->n; i++)
				more[i] = names->p[i];
			names->p = more;
			cap = cap ? 2 * cap : 64;
		}
		names->p[names->n++] = (struct str){mem_str(m, (struct str){s.p, s.n + 1}).p, s.n};
	}
	closedir(d);
	sort(names->p, names->n, sizeof(*names->p), name_cmp, NULL, &scratch);
	buf_free(&scratch);
	return true;
}

/* ---- one case ---- */

/* Split a command line at blanks; single quotes group. words has room for half
 * as many words as s has bytes.  Returns their number. */
static size_t
split(struct str s, char **words, struct mem *m)
{
	char *p = mem_bytes(m, s.n + 1);
	bool quoted = false, in = false;
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		bool blank = !quoted && (s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\n');

		if (blank && in)
			*p++ = '\0';
		if (!blank && !in)
			words[n++] = p;
		in = !blank;
		if (s.p[i] == '\'')
			quoted = !quoted;
		else if (!blank)
			*p++ = s.p[i];
	}
	*p = '\0';
	return n;
}

/* Report that a file of the case cannot be read or written. */
static bool
trouble(struct replay *r, const char *name, const char *error, struct buf *why)
{
	differ_field(why, "file", str_of(name));
	differ_field(why, "error", str_of(error));
	r->status = EX_FAIL;
	return false;
}

/* Compare one of the case's files, or rewrite it if it differs. */
static bool
same(struct replay *r, int dir, const char *name, struct str got, struct buf *why)
{
	struct buf want = {0}, how = {0};
	const char *error = slurp(dir, name, r->update ? O_NOFOLLOW : 0, &want);
	bool ok = !error && !differ(buf_str(&want), got, r->ignored, &how);

	if (!error && !ok && r->update) {
		error = spit(dir, name, got);
		ok = !error;
	}
	if (error) {
		trouble(r, name, error, why);
	} else if (!ok) {
		differ_field(why, "file", str_of(name));
		buf_add(why, buf_str(&how));
	}
	buf_free(&want);
	buf_free(&how);
	return ok;
}

/* Run the filter with cmd on in, and compare the results. */
static bool
run_case(struct replay *r, const struct pattern *p, int dir, const struct names *names, struct str cmd, int in, struct buf *why)
{
	static char prog[] = "";
	struct out out = {.fd = -1}, err = {.fd = -1};
	struct filter_io io = {.in = in, .dir = dir, .out = &out, .err = &err};
	struct buf rc = {0};
	struct mem m = {0};
	char **words = mem_new(&m, char *, 1 + cmd.n / 2 + 1 + names->n + 1);
	size_t n = 1 + split(cmd, words + 1, &m);
	bool ok;

	words[0] = prog;
	for (size_t i = 0; i < names->n; i++)
		if (str_starts(names->p[i], S("in")) && names->p[i].n > 2)
			words[n++] = (char *)names->p[i].p;
	words[n] = NULL;
	buf_u64(&rc, (uint64_t)filter_run(p, (int)n, words, &io));
	buf_chr(&rc, '\n');
	if (str_eq(buf_str(&rc), S("0\n")))
		rc.n = 0;
	ok = same(r, dir, "out", buf_str(&out.b), why);
	ok &= same(r, dir, "err", buf_str(&err.b), why);
	ok &= same(r, dir, "rc", buf_str(&rc), why);
	buf_free(&out.b);
	buf_free(&err.b);
	buf_free(&rc);
	mem_free(&m);
	return ok;
}

static void
try_case(struct replay *r, const struct pattern *p, int dir, const struct names *names, struct str title)
{
	struct buf cmd = {0}, why = {0};
	const char *error = slurp(dir, "cmd", 0, &cmd);
	int in = openat(dir, "in", O_RDONLY | O_CLOEXEC);
	bool ok;

	if (in < 0 && errno == ENOENT)
		in = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (error)
		ok = trouble(r, "cmd", error, &why);
	else if (in < 0)
		ok = trouble(r, "in", strerror(errno), &why);
	else
		ok = run_case(r, p, dir, names, buf_str(&cmd), in, &why);
	if (in >= 0)
		close(in);
	buf_add(&r->out->b, ok ? S("ok ") : S("not ok "));
	buf_u64(&r->out->b, ++r->n);
	buf_add(&r->out->b, S(" - "));
	buf_plain(&r->out->b, title);
	buf_chr(&r->out->b, '\n');
	if (!ok) {
		buf_add(&r->out->b, S("  ---\n"));
		buf_add(&r->out->b, buf_str(&why));
		buf_add(&r->out->b, S("  ...\n"));
		r->status = ex_worst(r->status, EX_FOUND);
	}
	buf_free(&cmd);
	buf_free(&why);
}

/* ---- folders ---- */

/* The last component of path, which is removed with its slash. */
static struct str
last(struct str *path)
{
	size_t i = path->n;
	struct str s;

	while (i && path->p[i - 1] != '/')
		i--;
	s = str_from(*path, i);
	path->n = i ? i - 1 : 0;
	return s;
}

/* Report a name that is no filter or, if from an option, no pattern either. */
static void
unknown(struct replay *r, struct str where, struct str name, bool is_option)
{
	struct buf known = {0};
	struct str meant;

	for (size_t i = 0; filters[i]; i++) {
		buf_add(&known, filters[i]->filter);
		buf_chr(&known, '|');
		if (is_option) {
			buf_add(&known, filters[i]->name);
			buf_chr(&known, '|');
		}
	}
	buf_chr(&known, '\0');
	meant = opt_near(known.p, name);
	DIAG(r->diag, where, S(": unknown filter"), is_option ? S(" or pattern '") : S(" '"), name, S("'"),
		is_option ? S(" (expected a name or a number, such as xid-correlate or 16)") : S(" (expected FILTER/CASE)"),
		meant.n ? S("; did you mean ") : meant, meant, meant.n ? S("?") : meant);
	if (is_option)
		opt_usage(r->diag);
	buf_free(&known);
	r->status = EX_FAIL;
}

static bool
is_asked_for(const struct replay *r, const struct pattern *p)
{
	return !r->only.p || str_eq(r->only, p->filter) || str_eq(r->only, p->name) || str_eq(r->only, p->id);
}

/* The filter of the case in this folder, and the case's title; NULL if there is
 * none or it was not selected. */
static const struct pattern *
filter_of(struct replay *r, const char *path, struct str *title)
{
	struct str rest = str_of(path), name, filter;

	name = last(&rest);
	filter = last(&rest);
	*title = (struct str){filter.p, (size_t)(name.p + name.n - filter.p)};
	for (size_t i = 0; filters[i]; i++)
		if (str_eq(filters[i]->filter, filter))
			return is_asked_for(r, filters[i]) ? filters[i] : NULL;
	unknown(r, str_of(path), filter, false);
	return NULL;
}

/* Do the names in dir make it a case? */
static bool
is_case(int dir, const struct names *names)
{
	struct stat st;

	for (size_t i = 0; i < names->n; i++) {
		struct str rest = names->p[i];

		/* matches in, in1, in.json, but not install */
		if (!str_eq(rest, S("cmd")) && !(str_eat(&rest, S("in")) && (rest.n == 0 || strchr(".-_0123456789", *rest.p))))
			continue;
		if (fstatat(dir, names->p[i].p, &st, 0) == 0 && S_ISREG(st.st_mode))
			return true;
	}
	return false;
}

static void walk(struct replay *r, int at, const char *name, const char *path, int depth);

static void
walk_below(struct replay *r, int dir, const char *name, const char *path, int depth) /* NOLINT(misc-no-recursion): DEPTH_MAX deep */
{
	struct buf below = {0};
	struct stat st = {0}, to;

	buf_add(&below, str_of(path));
	buf_chr(&below, '/');
	buf_add(&below, str_of(name));
	buf_chr(&below, '\0');
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode))
		walk(r, dir, name, below.p, depth);
	else if (S_ISLNK(st.st_mode) && fstatat(dir, name, &to, 0) == 0 && S_ISDIR(to.st_mode))
		DIAG(r->diag, str_of(below.p), S(": a symbolic link to a folder, which is left out"));
	buf_free(&below);
}

/* Replay the folder `name` in folder `at`; path is its name in messages. */
static void
walk(struct replay *r, int at, const char *name, const char *path, int depth) /* NOLINT(misc-no-recursion): DEPTH_MAX deep */
{
	int dir = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (depth ? O_NOFOLLOW : 0));
	struct names names = {0};
	struct mem m = {0};

	if (dir < 0 || !list(dir, &m, &names)) {
		DIAG(r->diag, str_of(path), S(": "), diag_errno(errno));
		r->status = EX_FAIL;
	} else if (is_case(dir, &names)) {
		struct str title;
		const struct pattern *p = filter_of(r, path, &title);

		r->found++;
		if (p)
			try_case(r, p, dir, &names, title);
	} else if (depth < DEPTH_MAX) {
		for (size_t i = 0; i < names.n; i++)
			walk_below(r, dir, names.p[i].p, path, depth + 1);
	}
	if (dir >= 0)
		close(dir);
	mem_free(&m);
}

static void
replay_dir(struct replay *r, const char *dir)
{
	char real[PATH_MAX];
	uint64_t before = r->found;

	/* a case needs its parent's name, even if dir is "." */
	if (realpath(dir, real))
		dir = real;
	walk(r, AT_FDCWD, dir, dir, 0);
	if (r->found == before && r->status != EX_FAIL) {
		DIAG(r->diag, str_of(dir), S(": no cases: folders <filter>/<case> with a file cmd or in"));
		r->status = EX_FAIL;
	}
}

void
replay(struct replay *r, char *const dirs[], size_t n)
{
	bool known = false;

	for (size_t i = 0; filters[i]; i++)
		known |= is_asked_for(r, filters[i]);
	if (!known) {
		unknown(r, S("--pattern"), r->only, true);
		return;
	}
	buf_add(&r->out->b, S("TAP version 14\n"));
	if (n == 0)
		replay_dir(r, "golden");
	for (size_t i = 0; i < n; i++)
		replay_dir(r, dirs[i]);
	buf_add(&r->out->b, S("1.."));
	buf_u64(&r->out->b, r->n);
	buf_chr(&r->out->b, '\n');
	if (r->n == 0 && r->status != EX_FAIL) {
		DIAG(r->diag, S("no cases of "), r->only);
		r->status = EX_FAIL;
	}
}
