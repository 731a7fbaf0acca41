#include "input/banner.h"

#include "input/text/hostname.h"

/* The marks, the lower ones first, and their order among themselves: by their number. */
static const struct str marks = STR_INIT("-*=#");
enum { MARKS_LEAST = 3, MARKS_MOST = 100 };

/* Remove the marks around a text; their rank, or 0. */
static unsigned
eat_marks(struct str *s)
{
	size_t mark = 0, n = 0;

	if (str_eat(s, S("==> ")) && str_ends(*s, S(" <=="))) {
		s->n -= 4;
		return (unsigned)(str_find(marks, S("=")) + 1) * MARKS_MOST + MARKS_LEAST;
	}
	while (mark < marks.n && s->n && marks.p[mark] != *s->p)
		mark++;
	if (mark == marks.n)
		return 0;
	while (n < s->n && s->p[n] == marks.p[mark])
		n++;
	if (n < MARKS_LEAST || n >= MARKS_MOST || s->n < 2 * n + 3 || s->p[n] != ' ' || s->p[s->n - n - 1] != ' ')
		return 0;
	for (size_t i = s->n - n; i < s->n; i++)
		if (s->p[i] != marks.p[mark])
			return 0;
	*s = (struct str){s->p + n + 1, s->n - 2 * n - 2};
	return (unsigned)((mark + 1) * MARKS_MOST + n);
}

bool
banner_read(struct str line, struct banner *b)
{
	bool file = str_starts(line, S("==>"));

	*b = (struct banner){.level = eat_marks(&line)};
	if (!b->level)
		return false;
	line = str_trim(line);
	str_eat(&line, S("node/")); /* from kubectl get nodes -o name */
	if (str_ends(line, S(":")))
		line.n--;
	if (hostname_is(line) && !(file && str_has(line, S("."))))
		b->host = line;
	return true;
}
