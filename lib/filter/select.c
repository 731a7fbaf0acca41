#include "filter/run.h"

/* ---- the part of a value for a key ---- */

/* The output for all keys together is at most this many times the value, or
 * SMALL if that is more: the context of the records is repeated for each
 * key. */
enum { SPREAD = 16, SMALL = 64 * 1024 };

/* Text that is copied in pieces, or only counted if to is NULL. */
struct excerpt {
	struct str from;
	size_t at;      /* everything before it was copied or left out */
	struct buf *to;
	uint64_t n;
};

static void
copy_to(struct excerpt *c, size_t end)
{
	if (c->to)
		buf_add(c->to, (struct str){c->from.p + c->at, end - c->at});
	c->n += end - c->at;
	c->at = end;
}

/* An array of which elements are left out, or an element of one. */
struct cut {
	size_t end;
	bool array, any; /* any: an element was copied */
};

/* Start and end of token i, with the quotes of strings. */
static size_t
start_of(const struct json *j, uint32_t i)
{
	return (size_t)j->tok[i].start - (j->tok[i].type == JSMN_STRING);
}

static size_t
end_of(const struct json *j, uint32_t i)
{
	return (size_t)j->tok[i].end + (j->tok[i].type == JSMN_STRING);
}

/* The tokens at some places and all tokens around them, ascending. seen has an
 * entry per token: the number of the round in which it was last seen. */
static const uint32_t *
way_to(struct run *r, const struct trace *t, size_t n, uint32_t *seen, uint32_t round, size_t *nway)
{
	const struct json *j = &r->reader.json;
	struct buf *way = &r->way;

	way->n = 0;
	for (size_t i = 0; i < n; i++)
		for (int at = (int)t[i].at; at >= 0 && seen[at] != round; at = j->tok[at].parent) {
			seen[at] = round;
			buf_add(way, (struct str){(const char *)&at, sizeof(at)});
		}
	*nway = way->n / sizeof(uint32_t);
	sort(way->p, *nway, sizeof(uint32_t), sort_u32, NULL, &r->ev.scratch);
	return (const void *)way->p;
}

static void
copy_comma(struct excerpt *c)
{
	if (c->to)
		buf_chr(c->to, ',');
	c->n++;
}

static void
close_cut(struct excerpt *c, const struct cut *o)
{
	if (o->array)
		c->at = o->end - 1; /* leave out the other elements */
	else
		copy_to(c, o->end);
}

/*
 * The value without those elements of arrays on the way to its n places that
 * contain none of these places.
 */
static void
copy_part(struct excerpt *c, const struct json *j, const struct trace *t, size_t n, const uint32_t *way, size_t nway)
{
	struct cut cut[2 * JSON_DEPTH + 2];
	size_t depth = 0, at = 0;

	for (size_t i = 0; i < nway; i++) {
		const jsmntok_t *tok = &j->tok[way[i]];

		while (depth && start_of(j, way[i]) >= cut[depth - 1].end)
			close_cut(c, &cut[--depth]);
		if (depth && j->tok[tok->parent].type == JSMN_ARRAY) {
			/* an element of the innermost cut array */
			if (cut[depth - 1].any)
				copy_comma(c);
			cut[depth - 1].any = true;
			c->at = start_of(j, way[i]);
			cut[depth++] = (struct cut){.end = end_of(j, way[i])};
		}
		while (at < n && t[at].at < way[i])
			at++;
		if (at < n && t[at].at == way[i]) {
			copy_to(c, end_of(j, way[i]));
			while (i + 1 < nway && (int)way[i + 1] < tok->size)
				i++;
		} else if (tok->type == JSMN_ARRAY) {
			copy_to(c, (size_t)tok->start + 1);
			cut[depth++] = (struct cut){.end = (size_t)tok->end, .array = true};
		}
	}
	while (depth)
		close_cut(c, &cut[--depth]);
	copy_to(c, c->from.n);
}

/* ---- lines ---- */

/* Begin a line; returns where its value begins. */
static size_t
begin_line(struct run *r, struct str key)
{
	struct buf *b = &r->io->out->b;

	if (key.n) {
		buf_add(b, key);
		buf_chr(b, '\t');
	}
	return b->n;
}

static void
end_line(struct run *r, struct str key, size_t from)
{
	struct buf *b = &r->io->out->b;

	/* newlines in JSON are never inside a string */
	for (size_t i = from; key.n && i < b->n; i++)
		if (b->p[i] == '\n')
			b->p[i] = ' ';
	buf_chr(b, '\n');
	out_spill(r->io->out);
}

static void
put_line(struct run *r, struct str key, struct str line)
{
	struct buf *b = &r->io->out->b;
	size_t from = begin_line(r, key);

	if ((r->reader.rank >= 0 || r->reader.needs_file || r->reader.part) && str_starts(str_trim(line), S("{"))) {
		buf_chr(b, '{');
		if (r->reader.rank >= 0) { /* only the dump's file name says this and its name */
			buf_add(b, S("\"rank\":"));
			buf_i64(b, r->reader.rank);
			buf_chr(b, ',');
		}
		if (r->reader.needs_file) {
			buf_add(b, S("\"file\":"));
			buf_json(b, r->reader.file);
			buf_chr(b, ',');
		}
		if (r->reader.part) /* nor does the line show that more follows */
			buf_add(b, S("\"part\":true,"));
		line = str_from(line, str_find(line, S("{")) + 1);
	}
	buf_add(b, line);
	end_line(r, key, from);
}

/* The parts for each key; their size is counted first. */
static const char *
put_parts(struct run *r, struct str line, const struct trace *t, size_t n)
{
	const struct json *j = &r->reader.json;
	uint32_t *seen = mem_new(&r->reader.mem, uint32_t, (size_t)j->n), round = 0;
	uint64_t most = line.n < SMALL / SPREAD ? SMALL : SPREAD * (uint64_t)line.n;
	struct excerpt c = {.n = 0};
	const uint32_t *way;
	size_t to, nway, from;

	for (int print = 0; print < 2; print++)
		for (size_t i = 0; i < n && !r->io->out->err; i = to) {
			struct str key = idx_at(&r->ev.trail.keys, t[i].key);

			for (to = i; to < n && t[to].key == t[i].key; to++)
				;
			way = way_to(r, t + i, to - i, seen, ++round, &nway);
			c = (struct excerpt){.from = line, .n = c.n, .to = print ? &r->io->out->b : NULL};
			if (print)
				from = begin_line(r, key);
			copy_part(&c, j, t + i, to - i, way, nway);
			if (print)
				end_line(r, key, from);
			else if (c.n > most)
				return "--key: too many keys share too much of it";
		}
	return NULL;
}

static const char *
put_keys(struct run *r, struct str line)
{
	size_t n, to;
	const struct trace *t = events_trail(&r->ev, &n);

	if (n && t[0].key != t[n - 1].key && line.p == r->reader.json.text.p)
		return put_parts(r, line, t, n);
	for (size_t i = 0; i < n; i = to) {
		for (to = i; to < n && t[to].key == t[i].key; to++)
			;
		put_line(r, idx_at(&r->ev.trail.keys, t[i].key), line);
	}
	return NULL;
}

const char *
run_select(struct run *r, struct str line, uint64_t before, bool keep)
{
	const char *why = NULL;

	if (!r->opt.select || (r->ev.seen == before && (!keep || r->opt.key)))
		return NULL;
	if (str_ends(line, S("\n")))
		line.n--;
	if (r->opt.key)
		why = put_keys(r, line);
	else
		put_line(r, (struct str){0}, line);
	events_forget(&r->ev);
	return why;
}
