#include "input/partial.h"

/* "stdout P " after the first blank: the stream's number and the tag. */
static bool
read_head(struct str line, size_t *head, unsigned *stream, char *tag)
{
	size_t at = str_find(str_head(line, 40), S(" std"));
	struct str s = str_from(line, at + 1);

	/* before it is a time, which begins with the year */
	if (at < sizeof("2026-05-14T03:12:00Z") - 1 || at >= line.n || line.p[4] != '-')
		return false;
	*stream = str_eat(&s, S("stderr "));
	if (!*stream && !str_eat(&s, S("stdout ")))
		return false;
	if (!str_starts(s, S("P ")) && !str_starts(s, S("F ")))
		return false;
	*tag = *s.p;
	*head = (size_t)(s.p - line.p);
	return true;
}

static void
add(struct partial *p, struct str line, size_t head, uint64_t max)
{
	p->over |= p->line.n + line.n - head > max;
	if (p->over)
		return;
	buf_add(&p->line, str_from(line, head + sizeof("P ") - 1));
	buf_add(&p->raw, line);
	buf_chr(&p->raw, '\n');
}

enum partial_what
partials_take(struct partials *p, struct str line, uint64_t n, struct partial **which)
{
	struct partial *of;
	unsigned stream;
	size_t head;
	char tag;

	if (!read_head(line, &head, &stream, &tag))
		return PARTIAL_NONE;
	of = *which = &p->of[stream];
	if (!of->on) {
		if (tag == 'F')
			return PARTIAL_NONE;
		of->on = true;
		of->first = n;
		buf_add(&of->line, str_head(line, head));
		buf_add(&of->line, S("F "));
	}
	add(of, line, head, p->max);
	return tag == 'F' ? PARTIAL_LAST : PARTIAL_MORE;
}

bool
partials_open(const struct partials *p)
{
	return p->of[0].on || p->of[1].on;
}

void
partial_begin(struct partial *p)
{
	p->line.n = p->raw.n = 0;
	p->on = p->over = false;
}

void
partials_free(struct partials *p)
{
	for (size_t i = 0; i < NELEM(p->of); i++) {
		buf_free(&p->of[i].line);
		buf_free(&p->of[i].raw);
	}
}
