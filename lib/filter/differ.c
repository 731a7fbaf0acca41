#include "filter/differ.h"

struct pair {
	struct json want, got;
	struct str ignored;
	struct buf path; /* path of the compared values */
	int w, g;        /* tokens of the first values that differ; -1: missing */
};

/* Index of the first member of an object, from i on, that is not ignored. */
static int
counting(const struct pair *p, const struct json *j, int i, int end)
{
	while (i < end && str_listed(p->ignored, json_raw(j, i)))
		i = json_after(j, i);
	return i;
}

static void
path_index(struct buf *path, uint64_t n)
{
	buf_chr(path, '[');
	buf_u64(path, n);
	buf_chr(path, ']');
}

static void
path_member(struct buf *path, struct str name)
{
	if (path->n)
		buf_chr(path, '.');
	buf_add(path, name);
}

/* The members at w and g (-1 at the object's end) have different names: one of
 * them is missing on the other side, or both are, or the order differs. */
static bool
other_member(struct pair *p, int want, int got, int w, int g)
{
	struct str name = w < 0 ? json_raw(&p->got, g) : json_raw(&p->want, w);

	if (w >= 0 && g >= 0 && json_get(&p->want, want, json_raw(&p->got, g)) < 0)
		name = json_raw(&p->got, g);
	path_member(&p->path, name);
	p->w = json_get(&p->want, want, name);
	p->g = json_get(&p->got, got, name);
	return false;
}

/* Are the values at w and g equal?  If not, sets path, w and g of p. */
static bool
same_value(struct pair *p, int w, int g) /* NOLINT(misc-no-recursion): JSON_DEPTH deep */
{
	jsmntype_t type = p->want.tok[w].type;
	int want = w, got = g, w_end = json_after(&p->want, w), g_end = json_after(&p->got, g);
	size_t base = p->path.n;

	p->w = w;
	p->g = g;
	if (type != p->got.tok[g].type)
		return false;
	if (type != JSMN_OBJECT && type != JSMN_ARRAY)
		return str_eq(json_raw(&p->want, w), json_raw(&p->got, g));
	w++;
	g++;
	for (uint64_t n = 0;; n++) {
		if (type == JSMN_OBJECT) {
			w = counting(p, &p->want, w, w_end);
			g = counting(p, &p->got, g, g_end);
		}
		if (w == w_end && g == g_end)
			return true;
		if (type == JSMN_ARRAY) {
			path_index(&p->path, n);
			if (w == w_end || g == g_end) {
				p->w = w == w_end ? -1 : w;
				p->g = g == g_end ? -1 : g;
				return false;
			}
		} else {
			if (w == w_end || g == g_end || !str_eq(json_raw(&p->want, w), json_raw(&p->got, g)))
				return other_member(p, want, got, w == w_end ? -1 : w, g == g_end ? -1 : g);
			path_member(&p->path, json_raw(&p->want, w));
			w++;
			g++;
		}
		if (!same_value(p, w, g))
			return false;
		p->path.n = base;
		w = json_after(&p->want, w);
		g = json_after(&p->got, g);
	}
}

void
differ_field(struct buf *why, const char *name, struct str s)
{
	buf_add(why, S("  "));
	buf_add(why, str_of(name));
	buf_add(why, S(": "));
	buf_json(why, s);
	buf_chr(why, '\n');
}

static void
value(struct buf *why, const char *name, const struct json *j, int i)
{
	struct mem m = {0};

	if (i >= 0 && j->tok[i].type != JSMN_PRIMITIVE) {
		differ_field(why, name, j->tok[i].type == JSMN_STRING ? json_text(j, i, &m) : json_raw(j, i));
	} else {
		buf_add(why, S("  "));
		buf_add(why, str_of(name));
		buf_add(why, S(": "));
		buf_add(why, i < 0 ? S("(none)") : json_raw(j, i));
		buf_chr(why, '\n');
	}
	mem_free(&m);
}

/* Do two lines with different bytes differ?  Append the member. */
static bool
lines_differ(struct pair *p, struct str want, struct str got, struct buf *why)
{
	uint64_t at;
	bool same;

	if (json_check(want, &at) || json_check(got, &at))
		return true;
	json_parse(&p->want, want);
	json_parse(&p->got, got);
	p->path.n = 0;
	same = same_value(p, 0, 0);
	if (!same && p->path.n) {
		differ_field(why, "member", buf_str(&p->path));
		value(why, "old", &p->want, p->w);
		value(why, "new", &p->got, p->g);
	}
	return !same || !p->ignored.p;
}

bool
differ(struct str want, struct str got, struct str ignored, struct buf *why)
{
	struct pair p = {.ignored = ignored};
	struct buf member = {0};
	bool more_w = true, more_g = true, differs = false;

	if (str_eq(want, got))
		return false;
	for (uint64_t line = 1; !differs && (more_w || more_g); line++) {
		struct str w = {0}, g = {0};

		more_w = str_cut(&want, '\n', &w);
		more_g = str_cut(&got, '\n', &g);
		differs = more_w != more_g || (!str_eq(w, g) && lines_differ(&p, w, g, &member));
		if (differs) {
			buf_add(why, S("  line: "));
			buf_u64(why, line);
			buf_chr(why, '\n');
			buf_add(why, buf_str(&member));
			differ_field(why, "expected", w);
			differ_field(why, "actual", g);
		}
	}
	buf_free(&member);
	buf_free(&p.path);
	json_free(&p.want);
	json_free(&p.got);
	return differs;
}
