#include "base/para.h"

#include <string.h>

/* Width of a text in columns: one per code point, also for wide characters. */
static size_t
columns(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

static void
spaces(struct buf *b, size_t n)
{
	while (n--)
		buf_chr(b, ' ');
}

struct para
para_begin(struct buf *b, struct look look, size_t first, size_t indent)
{
	spaces(b, first);
	return (struct para){
		.b = b, .columns = look.columns ? look.columns : PARA_COLUMNS, .column = first, .indent = indent, .open = true,
	};
}

void
para_pad(struct para *p, size_t column)
{
	if (p->column < column) {
		spaces(p->b, column - p->column);
		p->column = column;
	}
	p->open = true;
}

void
para_word(struct para *p, struct str s)
{
	struct buf *b = p->b;
	size_t at = b->n, width, gap = !p->open;
	bool fold = false;

	buf_plain(b, s);
	width = columns((struct str){b->p + at, b->n - at});
	if (gap && p->column + 1 + width + p->room > p->columns) {
		fold = true;
		gap = p->indent + 1;
		p->column = p->indent;
	} else {
		p->column += gap;
	}
	buf_room(b, gap);
	memmove(b->p + at + gap, b->p + at, b->n - at);
	memset(b->p + at, ' ', gap);
	if (fold)
		b->p[at] = '\n';
	b->n += gap;
	p->column += width;
	p->open = false;
}

void
para_words(struct para *p, struct str s)
{
	struct str w;

	while (str_cut(&s, ' ', &w))
		if (w.n)
			para_word(p, w);
}

void
para_end(struct para *p)
{
	buf_chr(p->b, '\n');
}

void
para_stick(struct para *p, struct str s)
{
	buf_add(p->b, s);
	p->column += s.n;
}
