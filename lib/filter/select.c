#include "filter/run.h"

static void
put_line(struct run *r, struct str key, struct str line)
{
	struct buf *b = &r->io->out->b;
	size_t from;

	if (key.n) {
		buf_add(b, key);
		buf_chr(b, '\t');
	}
	from = b->n;
	if (r->reader.rank >= 0 && str_starts(str_trim(line), S("{"))) {
		/* only the file's name told whose dump it is */
		buf_add(b, S("{\"rank\":"));
		buf_i64(b, r->reader.rank);
		buf_chr(b, ',');
		line = str_from(line, str_find(line, S("{")) + 1);
	}
	buf_add(b, line);
	/* a line break in JSON is never inside a string */
	for (size_t i = from; key.n && i < b->n; i++)
		if (b->p[i] == '\n')
			b->p[i] = ' ';
	buf_chr(b, '\n');
	out_spill(r->io->out);
}

void
run_select(struct run *r, struct str line, uint64_t before)
{
	const struct str *key;
	size_t n;

	if (!r->opt.select || r->ev.seen == before)
		return;
	if (str_ends(line, S("\n")))
		line.n--;
	if (r->opt.key) {
		key = events_keys(&r->ev, &r->keys, &n);
		for (size_t i = 0; i < n; i++)
			put_line(r, key[i], line);
	} else {
		put_line(r, (struct str){0}, line);
	}
	events_forget(&r->ev);
}
