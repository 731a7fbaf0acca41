/*
 * para - paragraphs: words, wrapped at blanks before the last column.
 * Layer base: includes buf.
 */
#ifndef PARA_H
#define PARA_H

#include "base/buf.h"

enum { PARA_COLUMNS = 80, PARA_COLUMNS_MIN = 40, PARA_COLUMNS_MAX = 132 };

/* Appearance of text output. */
struct look {
	size_t columns; /* width of a line, PARA_COLUMNS_MIN to _MAX; 0: PARA_COLUMNS */
	bool bold;      /* bold headlines, with terminal escapes */
};

struct para {
	struct buf *b;
	size_t columns;        /* width of a line */
	size_t column, indent; /* current column; indent of further lines */
	size_t room;           /* columns kept free for para_stick */
	bool open;             /* the next word follows without a blank */
};

/* The first line starts after `first` blanks, further ones after `indent`. */
struct para para_begin(struct buf *b, struct look look, size_t first, size_t indent);
/* Blanks up to a column; no other blank precedes the next word. */
void para_pad(struct para *p, size_t column);
/* One word, hidden characters escaped; blanks in it do not break the line. */
void para_word(struct para *p, struct str s);
/* Words separated by blanks. */
void para_words(struct para *p, struct str s);
/* Append s, plain ASCII, to the previous word. */
void para_stick(struct para *p, struct str s);
void para_end(struct para *p);

#endif
