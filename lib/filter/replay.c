#define _XOPEN_SOURCE 700 /* realpath */
#include "filter/replay.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

enum { WORDS_MAX = 64, DEPTH_MAX = 4 };

/* ---- files ---- */

/* All of a file; empty if there is none. False when it cannot be read. */
static bool
slurp(int dir, const char *name, struct buf *b)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	b->n = 0;
	if (fd < 0)
		return errno == ENOENT;
	while ((n = fd_read(fd, buf_room(b, 65536), 65536)) > 0)
		b->n += (size_t)n;
	close(fd);
	return n == 0;
}

/* Make the file hold s, or go if s is empty. */
static bool
spit(int dir, const char *name, struct str s)
{
	struct out o = {.fd = -1};
	bool ok;

	if (s.n == 0)
		return unlinkat(dir, name, 0) == 0 || errno == ENOENT;
	o.fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (o.fd < 0)
		return false;
	buf_add(&o.b, s);
	ok = out_flush(&o);
	buf_free(&o.b);
	return (close(o.fd) == 0) & ok;
}

static int
name_cmp(const void *a, const void *b, const void *ctx)
{
	(void)ctx;
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Names in a folder, sorted, but for those that begin with a dot; NUL-ended. */
static struct str *
list(const char *path, struct mem *m, size_t *n)
{
	struct str *names = NULL;
	struct buf scratch = {0};
	struct dirent *e;
	size_t cap = 0;
	DIR *d = opendir(path);

	*n = 0;
	while (d && (e = readdir(d))) {
		struct str s = str_of(e->d_name);

		if (str_starts(s, S(".")))
			continue;
		if (*n == cap) {
			struct str *more = mem_new(m, struct str, cap ? 2 * cap : 64);

			for (size_t i = 0; i < *n; i++)
				more[i] = names[i];
			names = more;
			cap = cap ? 2 * cap : 64;
		}
		names[(*n)++] = mem_str(m, (struct str){s.p, s.n + 1});
		names[*n - 1].n--;
	}
	if (d)
		closedir(d);
	sort(names, *n, sizeof(*names), name_cmp, NULL, &scratch);
	buf_free(&scratch);
	return names;
}

/* ---- one case ---- */

/* Split a command line at blanks; single quotes group. Ends words with NULL. */
static size_t
split(struct str s, char **words, size_t n, struct mem *m)
{
	char *p = mem_bytes(m, s.n + 1);
	bool quoted = false, in = false;

	for (size_t i = 0; i < s.n; i++) {
		bool blank = !quoted && (s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\n');

		if (blank && in)
			*p++ = '\0';
		if (!blank && !in && n + 1 < WORDS_MAX)
			words[n++] = p;
		in = !blank;
		if (s.p[i] == '\'')
			quoted = !quoted;
		else if (!blank)
			*p++ = s.p[i];
	}
	*p = '\0';
	words[n] = NULL;
	return n;
}

/* The first top-level member in which two JSON objects differ. */
static struct str
member(struct str want, struct str got)
{
	struct json a = {0}, b = {0};
	struct str name = {0};
	uint64_t at;
	int i = 1, k = 1;

	if (json_check(want, &at) || json_check(got, &at))
		return name;
	json_parse(&a, want);
	json_parse(&b, got);
	if (a.tok[0].type == JSMN_OBJECT && b.tok[0].type == JSMN_OBJECT) {
		while (i < a.n && k < b.n && str_eq(json_raw(&a, i), json_raw(&b, k)) &&
		       str_eq(json_raw(&a, i + 1), json_raw(&b, k + 1))) {
			i = json_after(&a, i);
			k = json_after(&b, k);
		}
		name = i < a.n ? json_raw(&a, i) : k < b.n ? json_raw(&b, k) : name;
	}
	json_free(&a);
	json_free(&b);
	return name;
}

static void
field(struct buf *b, const char *name, struct str s)
{
	buf_add(b, S("  "));
	buf_add(b, str_of(name));
	buf_add(b, S(": "));
	buf_json(b, s);
	buf_chr(b, '\n');
}

void
replay_diff(struct buf *b, struct str want, struct str got)
{
	struct str w = {0}, g = {0}, name;
	bool more_w = true, more_g = true;
	uint64_t line = 0;

	while (more_w || more_g) {
		w = g = (struct str){0};
		more_w = str_cut(&want, '\n', &w);
		more_g = str_cut(&got, '\n', &g);
		line++;
		if (!str_eq(w, g) || more_w != more_g)
			break;
	}
	buf_add(b, S("  line: "));
	buf_u64(b, line);
	buf_chr(b, '\n');
	name = member(w, g);
	if (name.n)
		field(b, "member", name);
	field(b, "expected", w);
	field(b, "actual", g);
}

/* Compare one of the case's files, or rewrite it. */
static bool
same(struct replay *r, int dir, const char *name, struct str got, struct buf *why)
{
	struct buf want = {0};
	bool known = (!r->update || spit(dir, name, got)) && slurp(dir, name, &want);
	int err = errno;
	bool ok = known && str_eq(buf_str(&want), got);

	if (!ok)
		field(why, "file", str_of(name));
	if (!known) {
		field(why, "error", str_of(strerror(err)));
		r->status = 2;
	} else if (!ok) {
		replay_diff(why, buf_str(&want), got);
	}
	buf_free(&want);
	return ok;
}

static void
run_case(struct replay *r, const struct pattern *p, int dir, const char *path, struct str title)
{
	static char prog[] = "";
	struct out out = {.fd = -1}, err = {.fd = -1};
	struct filter_io io = {.in = -1, .dir = dir, .out = &out, .err = &err};
	struct buf cmd = {0}, rc = {0}, why = {0};
	char *words[WORDS_MAX + 1] = {prog, NULL};
	struct mem m = {0};
	size_t nwords, n;
	struct str *names;
	bool ok;

	ok = slurp(dir, "cmd", &cmd);
	nwords = split(buf_str(&cmd), words, 1, &m);
	names = list(path, &m, &n);
	for (size_t i = 0; i < n && nwords < WORDS_MAX; i++)
		if (str_starts(names[i], S("in")) && names[i].n > 2) {
			words[nwords++] = (char *)names[i].p;
			words[nwords] = NULL;
		}
	io.in = openat(dir, "in", O_RDONLY | O_CLOEXEC);
	if (io.in < 0)
		io.in = open("/dev/null", O_RDONLY | O_CLOEXEC);
	buf_u64(&rc, (uint64_t)filter_run(p, (int)nwords, words, &io));
	buf_chr(&rc, '\n');
	close(io.in);
	if (str_eq(buf_str(&rc), S("0\n")))
		rc.n = 0;
	ok &= same(r, dir, "out", buf_str(&out.b), &why);
	ok &= same(r, dir, "err", buf_str(&err.b), &why);
	ok &= same(r, dir, "rc", buf_str(&rc), &why);
	buf_add(&r->out->b, ok ? S("ok ") : S("not ok "));
	buf_u64(&r->out->b, ++r->n);
	buf_add(&r->out->b, S(" - "));
	buf_plain(&r->out->b, title);
	buf_chr(&r->out->b, '\n');
	if (!ok) {
		buf_add(&r->out->b, S("  ---\n"));
		buf_add(&r->out->b, buf_str(&why));
		buf_add(&r->out->b, S("  ...\n"));
		if (r->status == 0)
			r->status = 1;
	}
	buf_free(&out.b);
	buf_free(&err.b);
	buf_free(&cmd);
	buf_free(&rc);
	buf_free(&why);
	mem_free(&m);
}

/* ---- folders ---- */

/* The last component of path, removed from it with its slash. */
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

/* The filter that the case in this folder is for, its title beside; NULL if
 * it is none's or not asked for. */
static const struct pattern *
filter_of(struct replay *r, const char *path, struct str *title)
{
	struct str rest = str_of(path), name, filter;

	name = last(&rest);
	filter = last(&rest);
	*title = (struct str){filter.p, (size_t)(name.p + name.n - filter.p)};
	for (size_t i = 0; filters[i]; i++) {
		const struct pattern *p = filters[i];

		if (!str_eq(p->filter, filter))
			continue;
		if (r->only.n && !str_eq(r->only, p->filter) && !str_eq(r->only, p->name) && !str_eq(r->only, p->id))
			return NULL;
		return p;
	}
	DIAG(r->diag, str_of(path), S(": no filter of that name: "), filter);
	r->status = 2;
	return NULL;
}

/* Does one of the names in dir make it a case? */
static bool
is_case(int dir, const struct str *names, size_t n)
{
	struct stat st;

	for (size_t i = 0; i < n; i++) {
		struct str rest = names[i];

		/* in, in1, in.json; but not install */
		if (!str_eq(rest, S("cmd")) && !(str_eat(&rest, S("in")) && (rest.n == 0 || strchr(".-_0123456789", *rest.p))))
			continue;
		if (fstatat(dir, names[i].p, &st, 0) == 0 && S_ISREG(st.st_mode))
			return true;
	}
	return false;
}

static void
walk(struct replay *r, const char *path, int depth) /* NOLINT(misc-no-recursion): DEPTH_MAX deep */
{
	struct mem m = {0};
	struct str *names, title;
	struct stat st;
	size_t n;
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0) {
		DIAG(r->diag, str_of(path), S(": "), diag_errno(errno));
		r->status = 2;
		return;
	}
	names = list(path, &m, &n);
	if (is_case(dir, names, n)) {
		const struct pattern *p = filter_of(r, path, &title);

		if (p)
			run_case(r, p, dir, path, title);
	} else if (depth < DEPTH_MAX) {
		for (size_t i = 0; i < n; i++) {
			struct buf b = {0};

			if (fstatat(dir, names[i].p, &st, 0) == 0 && S_ISDIR(st.st_mode)) {
				buf_add(&b, str_of(path));
				buf_chr(&b, '/');
				buf_add(&b, (struct str){names[i].p, names[i].n + 1});
				walk(r, b.p, depth + 1);
			}
			buf_free(&b);
		}
	}
	close(dir);
	mem_free(&m);
}

void
replay_dir(struct replay *r, const char *dir)
{
	char real[PATH_MAX];
	uint64_t before = r->n;

	/* a case must know its parent's name, even if dir is "." */
	walk(r, realpath(dir, real) ? real : dir, 0);
	if (r->n == before && r->only.n == 0 && r->status != 2) {
		DIAG(r->diag, str_of(dir), S(": no cases: folders <filter>/<case> with a file cmd or in"));
		r->status = 2;
	}
}
