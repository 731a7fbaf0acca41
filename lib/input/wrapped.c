#include "input/wrapped.h"

#include "input/text/stamps.h"
#include "input/text/text.h"

enum { NARROW = 40, LONG = 8192 };

/* Does a line of a rank's log begin here? */
static bool
is_start(struct str line)
{
	struct str at = str_from(line, str_find(line, S("ProcessGroup")));

	return str_starts(line, S("[rank")) || str_has(at, S(".cpp:"));
}

static void
add(struct wrapped *w, struct str line, uint64_t n)
{
	buf_add(&w->line, line);
	buf_add(&w->raw, line);
	buf_chr(&w->raw, '\n');
	w->last = n;
	w->full += line.n == w->width;
	/* lines copied from a terminal may be padded to its width */
	w->ended = line.n < w->width || str_ends(line, S("  "));
}

bool
wrapped_begin(struct wrapped *w, const struct events *ev, struct str line, uint64_t n)
{
	if (line.n < NARROW || line.n > LONG || memchr(line.p, '\033', line.n) || str_ends(line, S("\r")) || !is_start(line) ||
	    text_has(ev, line))
		return false;
	w->torn = w->width == line.n && w->last + 1 == n && w->last == w->first;
	w->on = true;
	w->first = n;
	w->width = line.n;
	w->full = 0;
	add(w, line, n);
	w->ended = false;
	return true;
}

bool
wrapped_go_on(struct wrapped *w, struct str line, uint64_t n)
{
	struct str rest = line;
	struct stamps s;

	if (w->ended || n != w->last + 1 || !line.n || line.n > w->width || w->line.n > LONG || is_start(line))
		return false;
	stamps_eat(&rest, &s);
	if (s.at.kind != STAMP_NONE)
		return false;
	add(w, line, n);
	return true;
}

/* Is there a break within a number? */
static bool
breaks_number(const struct wrapped *w)
{
	struct str s = buf_str(&w->line);

	for (size_t at = w->width; at < s.n; at += w->width)
		if (char_digit(s.p[at - 1]) && char_digit(s.p[at]))
			return true;
	return false;
}

bool
wrapped_is_line(struct wrapped *w, const struct events *ev)
{
	if (w->torn || w->line.n <= w->width || !text_has(ev, buf_str(&w->line)))
		return false;
	if (w->full < 2 && w->width != w->known && breaks_number(w))
		return false;
	w->known = w->width;
	return true;
}

void
wrapped_drop(struct wrapped *w)
{
	w->torn = false;
	w->line.n = w->raw.n = 0;
	w->on = w->ended = false;
}

void
wrapped_free(struct wrapped *w)
{
	buf_free(&w->line);
	buf_free(&w->raw);
}
